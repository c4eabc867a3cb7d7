"""The folders of pictures that the lesson lays out, and what is read from them."""

from itertools import chain

import numpy as np
import pytest
from PIL import Image

from lessons.image_classification import folders
from utils import data
from utils.quiet import tf

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder():
    return folders.laid_out()


@pytest.mark.parametrize(("split", "count"), [("train", 100), ("validation", 40), ("test", 60)])
def test_every_part_holds_the_pictures_of_the_course_in_order(folder, split, count):
    images, labels, classes = data.load_images(split, 96, count)
    dataset = folders.read(folder / split, 96)
    assert dataset.class_names == classes
    pictures, numbers = folders.arrays(dataset)
    np.testing.assert_array_equal(pictures, images)
    np.testing.assert_array_equal(numbers, labels)


def test_a_second_call_lays_out_nothing_new(folder):
    assert folders.laid_out() == folder


def test_a_class_with_fewer_pictures_gives_all_it_has(tmp_path, monkeypatch):
    for name, count in {"cat": 9, "dog": 12}.items():
        (tmp_path / name).mkdir()
        for number in range(count):
            color = (20 * number, len(name), 200 if name == "cat" else 0)
            Image.new("RGB", (40, 30), color).save(tmp_path / name / f"{number}.png")
    monkeypatch.setenv("COURSE_IMAGES", str(tmp_path))
    place = folders.laid_out.__wrapped__()
    parts = {part.name: sorted(one.name for one in part.iterdir()) for part in place.iterdir()}
    assert parts == {part: ["cat", "dog"] for part in ("train", "validation", "test")}
    assert len([*place.rglob("cat/*.png")]) == 9
    assert len([*place.rglob("dog/*.png")]) == 12


def test_pictures_are_read_one_by_one_in_the_size_asked_for(folder):
    picture, label = folders.read(folder / "test", 64).element_spec
    assert picture.shape == (64, 64, 3)
    assert label.shape == ()
    assert label.dtype == tf.int32


def test_batches_hold_every_picture_once_in_an_order_of_their_own():
    pictures = tf.data.Dataset.from_tensor_slices((np.arange(70.0), np.arange(70)))
    line = folders.batches(pictures, seed=0)
    epochs = [[labels.tolist() for _, labels in line.as_numpy_iterator()] for _ in range(2)]
    for epoch in epochs:
        assert [*map(len, epoch)] == [32, 32, 6]
        assert sorted(chain(*epoch)) == [*range(70)]
    assert epochs[0] != epochs[1]


def test_photographs_are_there_and_larger_than_the_network_wants():
    names = [*folders.photographs()]
    assert names == ["chelsea.png", "motorcycle_left.png", "astronaut.png", "flower.jpg"]
    for path in folders.photographs().values():
        with Image.open(path) as photo:
            assert min(photo.size) >= 300
