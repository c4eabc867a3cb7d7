"""The board as a program: what it takes, what it refuses, and how it says so."""

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[3]
LINE = {
    "id": "1",
    "student": "s",
    "name": "Ada",
    "lesson": "welcome",
    "exercise": "total_ink",
    "state": "right",
    "hint": None,
    "tries": 1,
}

pytestmark = pytest.mark.slow


def post(board, path, data, **headers):
    request = Request(f"{board.address}/{path}", data, headers, method="POST")
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def status(board, path, data, **headers):
    with pytest.raises(HTTPError) as refusal:
        post(board, path, data, **headers)
    return refusal.value.code


def refused(*options):
    command = [sys.executable, "-m", "tools.board", *map(str, options)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    return ended.stderr


def test_lines_come_in_and_a_session_begins(run_board):
    board = run_board()
    assert post(board, "lines", json.dumps([LINE, 7]).encode()) == {"taken": ["1"]}
    assert board.state()["people"] == 1
    assert status(board, "session", b"") == 403, "another page must not begin a session"
    post(board, "session", b"", **{"X-Board": "new"})
    time.sleep(1)
    assert board.state()["people"] == 0
    assert board.interrupt() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"7", b"\xff", b"{}"])
def test_what_is_no_list_is_refused(run_board, body):
    assert status(run_board(), "lines", body) == 400


def test_a_folder_is_followed_while_lines_are_being_written(run_board, tmp_path):
    folder = tmp_path / "class"
    board = run_board("--folder", str(folder))
    text = json.dumps(LINE)
    with open(folder / "s-1.jsonl", "w", encoding="utf-8") as file:
        file.write(f"broken\n{text}\n{text.replace('1', '2', 1)[:30]}")
        file.flush()
        time.sleep(2.5)
        assert board.state()["people"] == 1
        file.write(f"\n{json.dumps(LINE | {'id': '3', 'student': 't'})}\n")
    time.sleep(2.5)
    assert board.state()["people"] == 2


def test_the_page_and_nothing_else_is_served(run_board):
    board = run_board()
    with urlopen(f"{board.address}/") as answer:
        assert b"board.js" in answer.read()
    for path in ("../server.py", "%2e%2e/server.py", "server.py"):
        with pytest.raises(HTTPError):
            urlopen(f"{board.address}/{path}")


def test_a_port_that_cannot_be_used_is_one_sentence(run_board, tmp_path):
    port = run_board().port
    for unusable in (port, 99999):
        assert "BOARD_PORT" in refused("--port", unusable, "--data", tmp_path / "other.sqlite")


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "inside"
    assert "--data" in refused("--port", 0, "--data", inside)
    data = tmp_path / "board.sqlite"
    assert "the class may write" in refused("--port", 0, "--data", data, "--folder", inside)
    (tmp_path / "no.sqlite").write_text("This is no database, but a text. " * 99, encoding="utf-8")
    assert "--data" in refused("--port", 0, "--data", tmp_path / "no.sqlite")
