"""Tests of the perceptron's widgets: truth table, plane, sliders to both ends, the flipbook."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from lessons.perceptron.gates import (
    CORNERS,
    GATES,
    HIGH,
    LOW,
    SIZE,
    GateByHand,
    page_html,
    plane_svg,
    side_of_one,
    table_html,
    truth_table,
    updates,
)
from lessons.perceptron.learning_rule import perceptron_path
from tests.kit import texts

FOUND = {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5), "NAND": (-1, -1, 1.5)}


def area(points):
    x, y = np.array(points).T if points else (np.zeros(0), np.zeros(0))
    return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2


def sliders(widget):
    return widget.w1, widget.w2, widget.b


@pytest.mark.parametrize("gate", FOUND)
def test_gates_found_by_hand_are_right(gate):
    w1, w2, b = FOUND[gate]
    rows = truth_table((w1, w2), b, GATES[gate])
    assert all(row["right"] for row in rows)
    assert f"4 of 4 right: this is {gate}!" in table_html(rows, gate)


def test_a_net_sum_of_zero_counts_as_one():
    rows = truth_table((0, 0), 0, GATES["AND"])
    assert [row["output"] for row in rows] == [1, 1, 1, 1]
    assert [row["right"] for row in rows] == [False, False, False, True]


def test_no_place_of_the_sliders_gives_xor():
    steps = np.arange(-3, 3.5, 0.5)
    best = max(
        sum(row["right"] for row in truth_table((w1, w2), b, GATES["XOR"]))
        for w1, w2, b in itertools.product(steps, repeat=3)
    )
    assert best == 3


@pytest.mark.parametrize(
    ("weights", "bias", "part"),
    [((0, 0), 0, 1), ((0, 0), -1, 0), ((1, 0), -0.5, 0.5), ((-1, -1), 1, 0.5), ((1, 1), 9, 1)],
)
def test_the_shaded_side_has_its_area(weights, bias, part):
    side = side_of_one(weights, bias)
    assert area(side) == pytest.approx(part * (HIGH - LOW) ** 2)
    assert all(np.dot(weights, point) + bias > -1e-9 for point in side)


def test_the_plane_rings_what_it_should_and_says_how_many_are_right():
    rows = truth_table((1, 1), -0.5, GATES["AND"])
    picture = plane_svg(rows, ((1, 1), -0.5), [(0, 1), (1, 0)], ((1, 1), -1.5))
    tree = ET.fromstring(picture)
    assert tree.get("aria-label") == "2 of 4 corners right"
    rings = [e for e in tree.iter() if e.get("fill") == "none" and e.tag.endswith("circle")]
    lines = [e for e in tree.iter() if e.tag.endswith("line")]
    assert len(rings) == 2
    assert [line.get("stroke-dasharray") is not None for line in lines] == [True, False]
    assert {"output 0", "output 1"} <= {e.text for e in tree.iter()}


@pytest.mark.parametrize("weights", [(1, 1), (2, 1), (-3, 0), (0, 0.5), (1, -1)])
@pytest.mark.parametrize("bias", [-1, -0.5, 0, 2])
def test_the_boundary_lies_where_z_is_0_and_ends_outside_the_plane(weights, bias):
    rows = truth_table(weights, bias, GATES["OR"])
    tree = ET.fromstring(plane_svg(rows, (weights, bias), []))
    (line,) = (e for e in tree.iter() if e.tag.endswith("line"))
    for end in "12":
        x, y = float(line.get(f"x{end}")), float(line.get(f"y{end}"))
        point = x / SIZE * (HIGH - LOW) + LOW, HIGH - y / SIZE * (HIGH - LOW)
        assert np.dot(weights, point) + bias == pytest.approx(0, abs=0.01)
        assert not (LOW < point[0] < HIGH and LOW < point[1] < HIGH)


def test_no_weights_no_boundary():
    tree = ET.fromstring(plane_svg(truth_table((0, 0), 1, GATES["OR"]), ((0, 0), 1), []))
    assert not [e for e in tree.iter() if e.tag.endswith("line")]


def test_a_name_of_a_side_covers_no_corner():
    for w1, w2, b in itertools.product((-3, -1, 0, 1, 2), (-2, 0, 1, 3), (-2.5, -1, 0, 1, 2)):
        rows = truth_table((w1, w2), b, GATES["AND"])
        tree = ET.fromstring(plane_svg(rows, ((w1, w2), b), []))
        labels = [e for e in tree.iter() if (e.text or "").startswith("output")]
        corners = [e for e in tree.iter() if e.get("font-weight") == "bold"]
        assert len(corners) == 4
        for label, corner in itertools.product(labels, corners):
            apart = [abs(float(label.get(a)) - float(corner.get(a))) for a in "xy"]
            assert apart[0] > 45 or apart[1] > 20, (w1, w2, b)


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("ends", list(itertools.product((-3, 3), repeat=3)))
def test_every_control_reaches_both_ends(gate, ends):
    widget = GateByHand()
    widget.gate.value = gate
    for slider, end in zip(sliders(widget), ends, strict=True):
        assert (slider.min, slider.max) == (-3, 3)
        slider.value = end
    rows = truth_table(ends[:2], ends[2], GATES[gate])
    assert widget.table.value == table_html(rows, gate)
    ringed = widget.plane.value.count('r="26"')
    assert ringed == sum(not row["right"] for row in rows)


def test_the_widget_finds_what_a_learner_finds():
    widget = GateByHand()
    for gate, numbers in FOUND.items():
        widget.gate.value = gate
        for slider, number in zip(sliders(widget), numbers, strict=True):
            slider.value = number
        assert "this is" in widget.table.value
    assert "Gates by hand" in widget._repr_mimebundle_()[0]["text/plain"]


@pytest.mark.parametrize("first", [0, 3])
def test_the_flipbook_has_a_page_a_mistake(first):
    path = perceptron_path(CORNERS, GATES["AND"], 20)
    book = updates("AND", path, first)
    pages = [page.value for page in book.children[1].children]
    assert len(set(pages)) == len(pages) == len(path) - first
    (play, slider), stack = book.children[0].children, book.children[1]
    assert (slider.min, slider.max, play.max) == (0, len(pages) - 1, len(pages) - 1)
    for end in (slider.max, 0):
        stack.selected_index = end
    assert max(map(len, pages)) < 4000
    assert f"{len(pages)} pages" in book._repr_mimebundle_()[0]["text/plain"]


def test_a_page_says_what_happened():
    path = perceptron_path(CORNERS, GATES["AND"], 20)
    page = page_html(GATES["AND"], path, 5)
    words = re.sub(r"<[^>]+>", " ", page)
    assert "Epoch 2 : inputs 1, 1, target 1" in words
    assert "z = −1, so output 0: a mistake" in words
    assert "error 1 − 0 = 1: add the inputs, raise b" in words
    assert "right now: 2 of 4" in words
    assert "Start" in page_html(GATES["AND"], path, 0)


def test_two_rounds_on_xor_come_back_to_the_same_weights():
    path = perceptron_path(CORNERS, GATES["XOR"], 4)
    pages = [page_html(GATES["XOR"], path, number) for number in range(6, 15)]
    states = [re.search(r"<b>(w₁.*?)</b>", page)[1] for page in pages]
    assert states[0] == states[4] == states[8]
    assert len(set(states)) == 4


def states():
    for place in itertools.product((-3, -1, 0, 0.5, 3), repeat=3):
        rows = truth_table(place[:2], place[2], GATES["XOR"])
        yield plane_svg(rows, (place[:2], place[2]), CORNERS)
    for gate, numbers in FOUND.items():
        yield table_html(truth_table(numbers[:2], numbers[2], GATES[gate]), gate)
    for page in updates("XOR", perceptron_path(CORNERS, GATES["XOR"], 4)).children[1].children:
        yield page.value
    yield texts.as_html(GateByHand())


test_every_text_fits_with_any_font = texts.fit(states, 16)
