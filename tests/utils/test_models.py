"""The networks: their layers, their parameter counts, and what they refuse."""

import re
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest

from utils import models
from utils.data import files
from utils.quiet import keras

DIGITS = (32, 32, 1)
KERAS_HOME = Path(__file__).resolve().parents[3] / "shared" / "data" / "keras-home"


def shapes(model):
    return {layer.name: layer.output.shape[1:] for layer in model.layers}


def test_lenet5_is_the_network_of_1998():
    model = models.lenet5()
    assert model.count_params() == 61_706
    assert shapes(model) == {
        "conv1": (28, 28, 6), "pool1": (14, 14, 6), "conv2": (10, 10, 16), "pool2": (5, 5, 16),
        "flatten": (400,), "dense1": (120,), "dense2": (84,), "classes": (10,),
    }  # fmt: skip
    assert {type(model.get_layer(name)) for name in ("pool1", "pool2")} == {
        keras.layers.AveragePooling2D
    }
    tanh = [layer.name for layer in model.layers if "tanh" in str(layer.get_config())]
    assert tanh == ["conv1", "conv2", "dense1", "dense2"]


def test_lens_cnn_is_the_network_of_the_lecture():
    model = models.lens_cnn()
    assert model.input_shape == (None, 80, 80, 3)
    assert model.count_params() == 224 + 1168 + 331_840 + 260 == 333_492
    assert shapes(model)["pool2"] == (18, 18, 16)


@pytest.mark.parametrize("build", [models.lenet5, models.lens_cnn])
def test_probabilities_of_any_number_of_classes(build):
    model = build((40, 36, 3), 7)
    probabilities = model(np.random.default_rng(0).random((5, 40, 36, 3), np.float32))
    assert probabilities.shape == (5, 7)
    np.testing.assert_allclose(np.sum(probabilities, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize(("build", "least"), [(models.lenet5, 16), (models.lens_cnn, 10)])
def test_the_smallest_picture(build, least):
    assert build((least, least, 1), 2).output_shape == (None, 2)
    with pytest.raises(ValueError, match=f"{least} or more"):
        build((least, least - 1, 1), 2)


def test_block_cnn_has_four_blocks():
    model = models.block_cnn((64, 64, 3), 8)
    kernels = 9 * (3 * 16 + 16 * 32 + 32 * 64 + 64 * 128)
    assert model.count_params() == kernels + 4 * (16 + 32 + 64 + 128) + 129 * 8 == 99_192
    sides = {name: shape[0] for name, shape in shapes(model).items() if "relu" in name}
    assert sides == {"relu1": 32, "relu2": 16, "relu3": 8, "relu4": 4}
    assert {model.get_layer(f"norm{n}").momentum for n in (1, 2, 3, 4)} == {0.9}
    assert "dropout" not in shapes(model)


def test_block_cnn_with_dropout_and_another_momentum():
    model = models.block_cnn((16, 20, 1), 3, dropout=0.3, momentum=0.5)
    assert [layer.name for layer in model.layers[-3:]] == ["means", "dropout", "classes"]
    assert model.get_layer("dropout").rate == 0.3
    assert model.get_layer("norm4").momentum == 0.5
    assert model.output_shape == (None, 3)


def test_on_pixels_scales_and_shares_the_weights():
    model = models.lens_cnn((16, 16, 3), 4)
    scaled = models.on_pixels(model)
    pixels = np.random.default_rng(0).integers(0, 256, (5, 16, 16, 3), np.uint8)
    np.testing.assert_allclose(scaled(pixels), model(pixels / np.float32(255)), atol=1e-6)
    assert [layer.name for layer in scaled.layers] == ["scale", *(la.name for la in model.layers)]
    assert scaled.get_layer("conv1") is model.get_layer("conv1")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (((32, 32), 10), ValueError, "three numbers"),
        (((32, 32, 0), 10), ValueError, "three numbers"),
        ((32, 10), TypeError, "three whole numbers"),
        (((32.0, 32, 1), 10), TypeError, "three whole numbers"),
        ((DIGITS, 1), ValueError, "classes=1 must be 2 or more"),
        ((DIGITS, 2.5), TypeError, "classes=2.5 must be a whole number"),
    ],
)
@pytest.mark.parametrize("build", [models.lenet5, models.lens_cnn])
def test_refuses_with_a_reason(build, arguments, error, message):
    with pytest.raises(error, match=message):
        build(*arguments)


def test_numpy_integers_are_whole_numbers():
    assert models.lenet5(np.array([32, 32, 1]), np.int64(10)).count_params() == 61_706


def test_unknown_backbone():
    with pytest.raises(ValueError, match="no backbone 'vgg': choose from 'course', 'mobilenet_v2'"):
        models.load_backbone("vgg")


def takes_photographs(model, divisor, maps):
    """Any size, integers as well as floats, silently; every layer at hand; not compiled."""
    assert model.name == "backbone"
    assert not any(isinstance(layer, keras.Model) for layer in model.layers)
    assert not model.compiled
    photographs = np.random.default_rng(0).integers(0, 256, (2, 64, 96, 3), np.uint8)
    with warnings.catch_warnings(action="error"):
        features = np.asarray(model(photographs))
        assert features.shape == (2, 64 // divisor, 96 // divisor, maps)
        np.testing.assert_array_equal(model(photographs.astype(np.float32)), features)
        assert model(photographs[:, :32, :32]).shape == (2, 32 // divisor, 32 // divisor, maps)


@pytest.fixture
def backbone_file(tmp_path, monkeypatch):
    """A copy of data/backbone.npz, which a test may damage."""
    copy = Path(shutil.copy(files.DATA / "backbone.npz", tmp_path))
    monkeypatch.setattr(files, "DATA", tmp_path)
    return copy


def test_a_damaged_backbone(backbone_file):
    backbone_file.write_bytes(backbone_file.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"backbone\.npz is damaged.*git checkout -- data"):
        models.load_backbone("course")


def test_a_missing_backbone(backbone_file):
    backbone_file.unlink()
    with pytest.raises(FileNotFoundError, match=r"backbone\.npz is missing.*git checkout"):
        models.load_backbone("course")


def test_the_backbone_of_the_course():
    takes_photographs(models.load_backbone("course"), divisor=8, maps=256)


@pytest.mark.skipif(not KERAS_HOME.exists(), reason="the weights of MobileNetV2 are not here")
def test_mobilenet_v2(monkeypatch, capfd):
    monkeypatch.setenv("KERAS_HOME", str(KERAS_HOME))
    model = models.load_backbone("mobilenet_v2")
    takes_photographs(model, divisor=32, maps=1280)
    normalized = keras.Model(model.input, model.get_layer("normalize").output)
    pixels = np.linspace(0, 255, 32 * 32 * 3, dtype=np.float32).reshape(1, 32, 32, 3)
    expected = keras.applications.mobilenet_v2.preprocess_input(pixels.copy())
    np.testing.assert_allclose(normalized(pixels), expected, atol=1e-6)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [None, b"cut off"])
def test_weights_that_are_not_there_whole_are_downloaded(monkeypatch, tmp_path, content):
    calls = []

    def get_file(name, origin, **options):
        calls.append((name, origin, options))
        return str(tmp_path / "elsewhere.h5")

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    monkeypatch.setattr(models, "_mobilenet_v2", lambda weights: weights)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    if content:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / models.MOBILENET_FILE).write_bytes(content)
    assert models.load_backbone("mobilenet_v2") == tmp_path / "elsewhere.h5"
    ((name, origin, options),) = calls
    assert origin.endswith(f"/mobilenet_v2/{name}")
    assert options["cache_dir"] == tmp_path
    assert options["file_hash"] == models.MOBILENET_SHA256


def test_neither_weights_nor_network(monkeypatch, tmp_path):
    def fail(*args, **options):
        raise OSError("Name or service not known")

    monkeypatch.setattr(keras.utils, "get_file", fail)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(
        FileNotFoundError,
        match=rf"not in {re.escape(str(tmp_path / 'models'))} and cannot.*fetch https.*_no_top\.h5 elsewhere and put",
    ):
        models.load_backbone("mobilenet_v2")
