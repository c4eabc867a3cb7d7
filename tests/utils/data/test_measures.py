"""What the card says of the pictures holds for the table that was measured."""

import csv
from collections import defaultdict

import numpy as np
import pytest

from utils import data


def accuracies(name, *keys):
    """The accuracies of a table, by the values in some of its columns."""
    found = defaultdict(list)
    with (data.DATA / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[tuple(row[key] for key in keys)].append(float(row["accuracy"]))
    return {key: np.array(values) for key, values in found.items()}


IMAGES = accuracies("image_measures.csv", "measured")


@pytest.mark.parametrize(
    ("seen", "limit"), [("color histogram", 0.45), ("corners", 0.2), ("file size", 0.25)]
)
def test_what_is_not_a_shape_gives_little_away(seen, limit):
    assert len(IMAGES[seen,]) == 3
    assert IMAGES[seen,].max() < limit


def test_the_lens_network_learns_the_pictures_by_heart_and_is_right_on_most_others():
    assert len(IMAGES["LENS network, test",]) == 5
    assert IMAGES["LENS network, train",].min() >= 0.99
    assert IMAGES["LENS network, test",].min() >= 0.55
    assert IMAGES["LENS network, test",].max() <= 0.8
    assert IMAGES["LENS network, test_shifted",].mean() < IMAGES["LENS network, test",].mean()


def test_the_backbone_is_right_on_the_photographs_that_the_card_speaks_of():
    lines = (data.DATA / "backbone_training.csv").read_text(encoding="utf-8").splitlines()
    name, share = lines[-1].split(",")
    assert name == "test"
    assert float(share) >= 0.66
    card = (data.DATA / "README.md").read_text(encoding="utf-8")
    assert f"{float(share):.1%}".replace("%", " %") in card
