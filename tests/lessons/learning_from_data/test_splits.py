"""Tests of the flipbook of splits: its verdict, its pages, its controls."""

import io

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_iris

from lessons.learning_from_data.preparing import random_split
from lessons.learning_from_data.splits import splits, verdict
from utils import plots
from utils.splitting import stratified_split

IRIS = load_iris()
X, LABELS = IRIS.data[:110][:, [2, 0]], IRIS.target[:110]
NAMES = ["setosa", "versicolor", "virginica"]
SORTED = np.split(np.arange(110), [66, 88])
PAGES = {
    "sorted": SORTED,
    "random": random_split(110, (0.6, 0.2, 0.2), 1),
    "stratified": stratified_split(LABELS, (0.6, 0.2, 0.2), 1),
}


@pytest.fixture(autouse=True)
def _style():
    plots.style()


@pytest.fixture(scope="module")
def book():
    plots.style()
    return splits(X, LABELS, NAMES, ["petal length (cm)", "sepal length (cm)"], PAGES)


def test_a_class_that_was_never_seen_is_never_right():
    accuracy, of_rare = verdict(X, LABELS, SORTED, 2, "virginica")
    assert accuracy == pytest.approx(12 / 22)  # all versicolor right, all virginica wrong
    assert of_rare == "virginica: 0 of 10 right"


def test_the_verdict_is_by_the_training_part_alone():
    points = np.array([[0.0], [1.0], [10.0], [11.0], [0.1], [10.1]])
    labels = np.array([0, 0, 1, 1, 0, 1])
    parts = [np.array([0, 2]), np.array([1, 3]), np.array([4, 5])]
    assert verdict(points, labels, parts, 1, "b") == (1.0, "b: 1 of 1 right")
    swapped = np.array([1, 0, 0, 1, 0, 1])
    assert verdict(points, swapped, parts, 1, "b") == (0.0, "b: 0 of 1 right")
    assert verdict(points, labels, [*parts[:2], np.array([4])], 1, "b")[1] == "b: none to test"


@pytest.mark.slow
def test_one_page_a_split_all_of_one_size(book):
    pages = [page.value for page in book.children[1].children]
    assert len(set(pages)) == len(pages) == len(PAGES)
    assert len({Image.open(io.BytesIO(page)).size for page in pages}) == 1
    assert sum(map(len, pages)) < 40_000 * len(pages)


@pytest.mark.slow
def test_the_controls_reach_every_page(book):
    play, slider = book.children[0].children
    stack = book.children[1]
    assert (slider.min, slider.max) == (play.min, play.max) == (0, len(PAGES) - 1)
    for page in (slider.max, slider.min):
        slider.value = stack.selected_index = page
        assert stack.children[stack.selected_index].value


@pytest.mark.slow
def test_the_text_says_what_the_pages_show(book):
    for word in ("3 pages", "110 examples", "sorted; random; stratified", "test score"):
        assert word in book.text
