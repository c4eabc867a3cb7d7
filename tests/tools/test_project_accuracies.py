"""The tool behind the bands of four lessons: its networks, its draws, its table."""

from collections import Counter

import keras
import numpy as np
import pytest

from tools import project_accuracies as tool
from tools.project_accuracies import Row
from utils import data, models
from utils.data import Images

pytestmark = pytest.mark.slow

CLASSES = ["cat", "dog", "car"]


@pytest.fixture
def small_set(monkeypatch):
    """Twelve made-up pictures of each of three classes in every split, told apart by color."""
    labels = np.repeat(np.arange(3), 12)
    noise = np.random.default_rng(0).integers(0, 60, (36, 64, 64, 3), np.uint8)
    images = noise + (80 * np.eye(3, dtype=np.uint8))[labels][:, None, None]
    monkeypatch.setattr(tool, "pictures", lambda *_: Images(images, labels, CLASSES))
    for cached in (tool.middle_maps, tool.means, tool.mobilenet_means):
        cached.cache_clear()
    yield images, labels
    for cached in (tool.middle_maps, tool.means, tool.mobilenet_means):
        cached.cache_clear()


def test_the_first_pictures_of_each_class_and_draws(small_set):
    first = tool.chosen("any", 2, None)
    assert first.tolist() == [0, 1, 12, 13, 24, 25]
    draws = [tool.chosen("any", 5, draw) for draw in (0, 1)]
    assert draws[0].tolist() == tool.chosen("any", 5, 0).tolist() != draws[1].tolist()
    assert set(tool.chosen("any", 2, 1)) < set(draws[1])  # the few are among the many
    for kept in draws:
        assert len(set(kept)) == 15
        assert np.bincount(small_set[1][kept]).tolist() == [5, 5, 5]


def test_a_penalty_is_added_for_every_layer_with_a_kernel():
    model = tool.penalized(keras.regularizers.L2(0.5))(8)
    kernels = [layer.kernel for layer in model.layers if hasattr(layer, "kernel")]
    expected = sum(0.5 * float((np.asarray(kernel) ** 2).sum()) for kernel in kernels)
    assert len(kernels) == len(model.losses) == 4
    np.testing.assert_allclose(float(sum(model.losses)), expected, rtol=1e-5)


def test_dropout_stands_before_both_dense_layers():
    kinds = [type(layer).__name__ for layer in tool.with_dropout(8).layers[-5:]]
    assert kinds == ["Flatten", "Dropout", "Dense", "Dropout", "Dense"]


def test_the_smaller_network_has_an_eighth_of_the_weights():
    assert tool.smaller(8).count_params() < tool.baseline(8).count_params() / 8


def test_mirrored_pictures_are_learned_from_as_well(small_set):
    images, _ = small_set

    def seen(split, source, mirrored=False):
        return tool.pixels(split, source)[:, :, ::-1] if mirrored else tool.pixels(split, source)

    inputs, twice = tool.with_mirrored(seen, "any", np.array([3, 30]))
    np.testing.assert_array_equal(inputs, [*images[[3, 30]], *images[[3, 30], :, ::-1]])
    assert twice.tolist() == [0, 2, 0, 2]


def test_fine_tuning_trains_the_last_block_and_nothing_of_batch_normalization(small_set):
    model = tool.tail_with_head(3)
    layers = {layer.name for layer in model.layers if layer.trainable_weights}
    assert layers == {"block4_conv1", "block4_conv2", "block4_shortcut", "classes"}
    maps = tool.middle_maps("test", "any")
    whole = models.load_backbone("course")(small_set[0])
    body = keras.Model(model.input, model.layers[-3].output)
    np.testing.assert_allclose(body(maps), whole, atol=1e-4)


def test_colors_are_learned_from_frozen_and_from_trained_features(small_set, monkeypatch):
    for setting in ("frozen 4", "fine-tuned 4"):
        shares = tool.measured("transfer_learning", setting, "any", seed=1)
        assert len(shares) == 4
        assert min(shares) > 0.8


def test_a_setting_learns_and_is_measured_on_every_split(small_set, monkeypatch):
    quick = tool.Setting(tool.smaller, epochs=15, rate=3e-3, per_class=10, augment={})
    monkeypatch.setitem(tool.SETTINGS, "data_augmentation", {"quick": quick})
    assert min(tool.measured("data_augmentation", "quick", "any", seed=0)) > 0.8


def test_rows_are_written_in_the_order_of_the_lessons_and_read_again(tmp_path):
    path = tmp_path / "table.csv"
    assert tool.read_rows(path) == {}
    rows = {
        Row("regularization", "natural-images", "L1 and L2", 4): ["0.1", "0.2", "0.3", "0.4"],
        Row("image_classification", "rendered8", "100 a class", 0): [
            "1.0000",
            "0.5000",
            "0.2500",
            "0.1250",
        ],
    }
    tool.write_rows(path, rows)
    assert path.read_text(encoding="utf-8").splitlines() == [
        "lesson,images,setting,seed,train,validation,test,shifted",
        "image_classification,rendered8,100 a class,0,1.0000,0.5000,0.2500,0.1250",
        "regularization,natural-images,L1 and L2,4,0.1,0.2,0.3,0.4",
    ]
    assert tool.read_rows(path) == rows


def test_the_table_is_whole():
    every = [*tool.rows_to_measure(tool.SETTINGS, ("rendered8", "natural-images"))]
    there = tool.read_rows(data.DATA / tool.TABLE)
    assert list(there) == [row for row in every if row in there]
    assert there.keys() >= {row for row in every if row.images == "rendered8"}
    starts = Counter(row._replace(seed=0) for row in there)
    assert set(starts.values()) == {len(tool.SEEDS)}
