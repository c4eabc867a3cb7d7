"""The page of the board in a browser: live, readable from the last row, and text as text."""

import json
from urllib.request import Request, urlopen

import pytest

from tests.kit.pages import no_errors_on

pytestmark = pytest.mark.slow
NASTY = "<img src=x onerror=alert(1)> 李 雷"
TURNED = "You turned the kernel by 180°: that is a convolution. Lay it on as it is."


def send(board, number, state, hint=None, exercise="correlate", name="Ada"):
    line = {"id": f"{number} {exercise} {state}", "student": str(number), "name": name}
    line |= {
        "lesson": "convolution",
        "exercise": exercise,
        "state": state,
        "hint": hint,
        "tries": 1,
    }
    urlopen(Request(f"{board.address}/lines", json.dumps([line]).encode()), timeout=10).close()


@pytest.fixture
def board(run_board):
    return run_board()


@pytest.fixture
def page(board, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    with no_errors_on(page):
        page.goto(board.address)
        yield page
    page.close()


def test_the_board_lives(board, page):
    page.get_by_text("Nobody has checked anything yet.").wait_for()
    for number in range(5):
        send(board, number, "not yet", TURNED)
    page.get_by_text("5 people:").wait_for()
    row = page.locator("section", has_text="The whole output")
    assert TURNED in row.inner_text()
    assert "✔ 0" in row.inner_text()
    send(board, 0, "right")
    page.get_by_text("4 people:").wait_for()
    assert "✔ 1" in row.inner_text()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="New session").click()
    page.get_by_text("Nobody has checked anything yet.").wait_for()


def test_names_and_hints_are_text(board, page):
    send(board, 1, "not yet", NASTY, name=NASTY[:40])
    page.get_by_label("Names").check()
    page.locator("bdi", has_text=NASTY).first.wait_for()
    assert page.locator("img").count() == 0
    assert NASTY in page.locator(".hints").first.inner_text()


def test_a_class_is_readable_on_a_projector(board, each_font):
    for number in range(12):
        for exercise in ("correlate", "color_finder", "move_right", "convolutional_layer"):
            send(board, number, "not yet", f"{number % 4}. {TURNED * 2}", exercise)
    for width, height in ((1280, 720), (1920, 1080)):
        page = each_font.new_page(viewport={"width": width, "height": height})
        page.goto(board.address)
        page.locator("section").nth(3).wait_for()
        size = "element => parseFloat(getComputedStyle(element).fontSize)"
        assert page.locator("h2").first.evaluate(size) >= height / 36
        last = page.locator("section").nth(3).bounding_box()
        assert last["y"] + last["height"] < height, "four exercises fit on a screen"
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0
        page.close()


def test_the_page_says_when_the_board_is_away_and_comes_back(board, browser):
    page = browser.new_page()
    page.goto(board.address)
    page.get_by_text("Nobody has checked anything yet.").wait_for()
    board.kill()
    page.get_by_text("The board does not answer.").wait_for()
    board.start()
    page.get_by_text("The board does not answer.").wait_for(state="detached")
    page.close()
