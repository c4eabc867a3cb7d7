"""The Python side of the confusion-matrix browser: what it computes, every cell chosen once."""

import json
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
import traitlets
from PIL import Image
from sklearn.metrics import confusion_matrix

from lessons.image_classification.confusion import MOST, ConfusionBrowser, in_cell

RNG = np.random.default_rng(0)
NAMES = ["cat", "dog", "bird"]
LABELS = np.repeat([0, 1, 2], [30, 20, 10])
PROBABILITIES = RNG.dirichlet([1, 1, 1], 60)
PROBABILITIES[:25] = (0.9, 0.06, 0.04)  # most cats are found
PROBABILITIES[50:, 0] = 0  # no bird is called cat
PROBABILITIES /= PROBABILITIES.sum(axis=1, keepdims=True)
IMAGES = np.arange(60, dtype=np.uint8)[:, None, None, None] * np.full((1, 16, 16, 3), 4, np.uint8)
SAID = PROBABILITIES.argmax(axis=1)
MATRIX = confusion_matrix(LABELS, SAID)
CELLS = [(was, called) for was in range(3) for called in range(3)]


@pytest.fixture
def browser():
    return ConfusionBrowser(IMAGES, LABELS, PROBABILITIES, NAMES)


def shown(browser):
    """The numbers of the pictures that were sent, read off their gray."""
    coded = [b64decode(one["image"]) for one in browser.answer["pictures"]]
    return [round(np.asarray(Image.open(BytesIO(one))).mean() / 4) for one in coded]


@pytest.mark.parametrize(("was", "called"), CELLS)
def test_in_cell_finds_what_the_matrix_counts_surest_first(was, called):
    members = in_cell(LABELS, PROBABILITIES, was, called)
    assert len(members) == MATRIX[was, called]
    assert (LABELS[members] == was).all()
    assert (SAID[members] == called).all()
    assert (np.diff(PROBABILITIES[members, called]) <= 0).all()


def test_the_matrix_is_that_of_scikit_learn(browser):
    assert browser.matrix == MATRIX.tolist()
    assert browser.names == NAMES


def test_starts_with_the_largest_mistake(browser):
    was, called = browser.cell
    assert was != called
    assert MATRIX[was, called] == (MATRIX - np.diag(np.diag(MATRIX))).max()
    assert browser.answer["cell"] == [was, called]


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_is_answered(browser, cell):
    browser.cell = list(cell)
    members = in_cell(LABELS, PROBABILITIES, *cell)[:MOST]
    assert browser.answer["cell"] == list(cell)
    assert shown(browser) == members.tolist()
    sure = [f"{PROBABILITIES[n].max():.0%}" for n in members]
    assert [one["sure"] for one in browser.answer["pictures"]] == sure


def test_a_full_cell_sends_no_more_than_fit(browser):
    assert MATRIX[0, 0] > MOST
    browser.cell = [0, 0]
    assert len(shown(browser)) == MOST


def test_an_empty_cell_sends_nothing(browser):
    assert MATRIX[2, 0] == 0
    browser.cell = [2, 0]
    assert browser.answer == {"cell": [2, 0], "pictures": []}


@pytest.mark.parametrize("cell", [[0], [0, 3], [-1, 0], [0.5, 1], [0, 1, 2], ["0", 1]])
def test_a_cell_outside_is_refused(browser, cell):
    before = browser.cell
    with pytest.raises(traitlets.TraitError, match="expected a row and a column, 0 to 2 each"):
        browser.cell = cell
    assert browser.cell == before


def test_a_network_without_a_mistake_can_be_browsed():
    perfect = ConfusionBrowser(IMAGES, LABELS, np.eye(3)[LABELS], NAMES)
    assert perfect.answer["pictures"] == []
    perfect.cell = [2, 2]
    assert len(shown(perfect)) == MOST


def test_a_class_that_never_occurs_keeps_its_place():
    two = LABELS < 2
    browser = ConfusionBrowser(IMAGES[two], LABELS[two], PROBABILITIES[two], NAMES)
    assert np.shape(browser.matrix) == (3, 3)
    assert sum(browser.matrix[2]) == 0


@pytest.mark.parametrize(
    ("images", "labels", "probabilities"),
    [(IMAGES[1:], LABELS, PROBABILITIES), (IMAGES, LABELS[1:], PROBABILITIES),
     (IMAGES, LABELS, PROBABILITIES[:, :2]), (IMAGES, LABELS, SAID)],
)  # fmt: skip
def test_what_does_not_belong_together_is_refused(images, labels, probabilities):
    with pytest.raises(ValueError, match="as many images as labels"):
        ConfusionBrowser(images, labels, probabilities, NAMES)


def test_text_never_changes_and_state_is_plain(browser):
    before = repr(browser)
    browser.cell = [0, 0]
    assert repr(browser) == before
    json.dumps(browser.get_state(["names", "matrix", "cell", "answer"]))
