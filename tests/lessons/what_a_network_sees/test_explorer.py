"""The network explorer in Python: what it takes apart, what it stores, what it refuses."""

import json
import zlib

import numpy as np
import pytest
from IPython.core.formatters import format_display_data
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets.embed import embed_data

from lessons.what_a_network_sees.explorer import NetworkExplorer, packed
from utils import data, models
from utils.quiet import keras

layers = keras.layers
DIGITS = data.enlarged(data.digits().images[:10])
RNG = np.random.default_rng(0)


def small(*stack, shape=(8, 8, 1), end=True):
    """A network for two classes with `stack` in its middle."""
    closing = [layers.Flatten(), layers.Dense(2, activation="softmax")] if end else []
    return keras.Sequential([keras.Input(shape), *stack, *closing])


def explorer(*stack, **options):
    model = small(*stack, **options)
    return NetworkExplorer(model, RNG.random((1, *model.input_shape[1:])), "ab")


def unpacked(stored):
    planes = np.frombuffer(zlib.decompress(stored), np.uint8).reshape(4, -1)
    return planes.T.copy().view("<f4").ravel()


# ---- What it stores --------------------------------------------------------------------------


def test_packing_keeps_every_number():
    numbers = (RNG.normal(size=1000) * 10.0 ** RNG.integers(-6, 6, 1000)).astype(np.float32)
    np.testing.assert_array_equal(unpacked(packed(numbers)), numbers)
    assert len(packed(np.zeros(1000))) < 100


def test_a_network_becomes_a_plan_and_its_weights():
    model = models.lenet5()
    one = NetworkExplorer(model, DIGITS, range(10))
    assert [step["name"] for step in one.plan] == ["input", *(layer.name for layer in model.layers)]
    assert [step["kind"] for step in one.plan] == [
        "input", "conv", "pool", "conv", "pool", "flatten", "dense", "dense", "dense",
    ]  # fmt: skip
    assert one.plan[3]["shape"] == [10, 10, 16]
    flat = np.concatenate([weights.ravel() for weights in model.get_weights()])
    np.testing.assert_array_equal(unpacked(one.weights), flat)
    np.testing.assert_array_equal(unpacked(one.pictures), DIGITS.ravel())


def test_dropout_does_nothing_in_a_trained_network():
    assert [step["kind"] for step in explorer(layers.Dropout(0.5)).plan] == [
        "input", "flatten", "dense",
    ]  # fmt: skip


def test_colors_have_one_scale_a_layer():
    model = small(layers.Conv2D(2, 3, name="conv"), layers.Activation("tanh"))
    pictures = 255 * RNG.random((5, 8, 8, 1))
    plan = NetworkExplorer(model, pictures, "ab").plan
    largest = np.abs(model.get_layer("conv")(pictures)).max()
    assert largest <= plan[1]["limit"] <= 1.1 * largest
    assert [plan[n]["limit"] for n in (0, 2, -1)] == [255, 1, 1]


def test_a_network_of_zeros_has_a_scale():
    model = small(layers.Conv2D(1, 3, kernel_initializer="zeros"))
    assert NetworkExplorer(model, np.zeros((1, 8, 8, 1)), "ab").plan[1]["limit"] == 1


def test_training_further_does_not_change_it():
    model = small()
    one = NetworkExplorer(model, np.zeros((1, 8, 8, 1)), "ab")
    before = one.weights
    model.set_weights([weights + 1 for weights in model.get_weights()])
    assert one.weights == before


def test_lenet_leaves_room_in_its_notebook():
    one = NetworkExplorer(models.lenet5(), DIGITS, range(10))
    stored = embed_data(views=[one], drop_defaults=False)["manager_state"]["state"]
    assert len(json.dumps(stored[one.model_id])) < 400_000


def test_text_is_the_same_in_every_run():
    InteractiveShell.instance()
    one = NetworkExplorer(models.lenet5(), DIGITS[:3], range(10))
    bundle, _ = format_display_data(one)
    assert bundle["text/plain"] == (
        "NetworkExplorer(lenet5 on 3 pictures of 32x32x1; 10 classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)"
    )
    assert "application/vnd.jupyter.widget-view+json" in bundle


# ---- What it refuses -------------------------------------------------------------------------

REFUSED = {
    "SeparableConv2D: the explorer knows Conv2D": layers.SeparableConv2D(2, 3),
    "LayerNormalization: the explorer knows": layers.LayerNormalization(),
    "Sequential: the explorer knows": keras.Sequential([layers.Conv2D(2, 3)]),
    "dilation_rate=.* knows dilation_rate=\\(1, 1\\)": layers.Conv2D(2, 3, dilation_rate=2),
    "activation 'sigmoid': .* linear, relu, tanh, softmax": layers.Conv2D(
        2, 3, activation="sigmoid"
    ),
    "activation 'elu'": layers.Activation("elu"),
    "max_value=6": layers.ReLU(max_value=6),
    "negative_slope=0.1": layers.ReLU(negative_slope=0.1),
    "axis=1": layers.BatchNormalization(axis=1),
    "keepdims=True": layers.GlobalMaxPooling2D(keepdims=True),
    "Dense on maps: put a Flatten": layers.Dense(3),
    "data_format='channels_first'": layers.MaxPooling2D(
        2, padding="same", data_format="channels_first"
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refuses_a_layer_that_it_does_not_know(message):
    layer = REFUSED[message]
    with pytest.raises(ValueError, match=f"layer '{layer.name}' .*{message}"):
        explorer(layer)


def test_refuses_grouped_kernels():
    with pytest.raises(ValueError, match="groups=3"):
        explorer(layers.Conv2D(3, 3, groups=3), shape=(8, 8, 3))


def test_refuses_a_network_with_branches():
    picture = keras.Input((8, 8, 1))
    with pytest.raises(TypeError, match=r"a Functional: expected a keras\.Sequential"):
        NetworkExplorer(keras.Model(picture, layers.Flatten()(picture)), DIGITS, "ab")


def test_refuses_a_network_that_is_not_built():
    with pytest.raises(ValueError, match=r"not built: begin it with keras\.Input"):
        NetworkExplorer(keras.Sequential([layers.Flatten()]), DIGITS, "ab")


@pytest.mark.parametrize("shape", [(12,), (None, None, 1), (8, 8, 2)])
def test_refuses_a_network_for_something_else_than_pictures(shape):
    model = keras.Sequential([keras.Input(shape), layers.Activation("relu")])
    with pytest.raises(ValueError, match="expected pictures"):
        NetworkExplorer(model, DIGITS, "ab")


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        (DIGITS, r"\(10, 32, 32, 1\): expected \(N, 8, 8, 1\)"),
        (np.zeros((8, 8, 1)), "expected"),
        (np.zeros((0, 8, 8, 1)), "N from 1 to 20"),
        (np.zeros((21, 8, 8, 1)), "N from 1 to 20"),
        (np.full((1, 8, 8, 1), -0.5), "hold -0.5 to -0.5"),
        (np.full((1, 8, 8, 1), np.nan), "hold nan"),
    ],
)
def test_refuses_pictures_that_do_not_fit(pictures, message):
    with pytest.raises(ValueError, match=message):
        NetworkExplorer(small(), pictures, "ab")


def test_refuses_names_that_do_not_fit():
    with pytest.raises(ValueError, match=r"3 class names for an output of shape \(2,\)"):
        NetworkExplorer(small(), np.zeros((1, 8, 8, 1)), "abc")


def test_refuses_a_network_whose_training_has_failed():
    model = small()
    model.set_weights([weights * np.nan for weights in model.get_weights()])
    with pytest.raises(ValueError, match="not finite"):
        NetworkExplorer(model, np.zeros((1, 8, 8, 1)), "ab")
