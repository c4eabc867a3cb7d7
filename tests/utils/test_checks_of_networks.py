"""What is asked of a network: like ones pass in another form, unlike ones are told apart."""

import pytest

from utils.checks import NotYet
from utils.checks import networks as asked
from utils.quiet import keras

pytestmark = pytest.mark.slow

layers = keras.layers


def cnn(act="relu", end="softmax", size=3, factor=255, pool=layers.MaxPooling2D, more=(), **conv):
    """A small network for pictures 0..255, with one thing changed."""
    first = layers.Conv2D(4, size, activation=act, **conv)
    rest = layers.Flatten(), *more, layers.Dense(3, activation=end)
    return keras.Sequential(
        [keras.Input((8, 9, 2)), layers.Rescaling(1 / factor), first, pool(2), *rest]
    )


def apart():
    picture = keras.Input((8, 9, 2))
    x = layers.Conv2D(4, (3, 3))(layers.Rescaling(1 / 255)(picture))
    x = layers.Reshape((36,))(layers.MaxPool2D()(layers.Activation("relu")(x)))
    return keras.Model(picture, layers.Softmax()(layers.Dense(3)(layers.Flatten()(x))))


def nested():
    first, *rest = cnn().layers[1:]
    inner = keras.Sequential([keras.Input((8, 9, 2)), layers.Rescaling(1 / 255), first])
    return keras.Sequential([keras.Input((8, 9, 2)), inner, *rest])


@pytest.mark.parametrize("make", [cnn, apart, nested])
def test_like_networks_are_alike(make):
    wanted, model = cnn(), make()
    asked.is_network(model, (8, 9, 2))
    asked.built_as(model, wanted)


UNLIKE = {
    "three numbers": (lambda: cnn(size=5), "Layer 2 differs"),
    "mean": (lambda: cnn(pool=layers.AveragePooling2D), "mean of each window, not the maximum"),
    "padded": (lambda: cnn(padding="same"), "Layer 2 differs"),
    "one more": (lambda: cnn(more=[layers.Dropout(0.1)]), "Layer 5 differs"),
    "one too many": (
        lambda: keras.Sequential([keras.Input((8, 9, 2)), *cnn().layers, layers.Dropout(0.1)]),
        "Expected 5 layers, got 6"),
    **{act: (lambda act=act: cnn(act), "Compare the activations") for act in
       ("relu6", "leaky_relu", "elu", "gelu", "softplus", "tanh", None)},
    "sigmoid": (lambda: cnn(end="sigmoid"), "Compare the activations"),
    "scores": (lambda: cnn(end=None), "Compare the activations"),
    "divided by 256": (lambda: cnn(factor=256), "and the factor"),
    "dilated": (lambda: cnn(size=2, dilation_rate=2), "Layer 2 differs"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNLIKE)
def test_unlike_networks_are_told_apart(name):
    make, words = UNLIKE[name]
    with pytest.raises(NotYet, match=words):
        asked.built_as(make(), cnn(), " and the factor")


def test_padding_is_named_where_it_is_too_much_and_nowhere_else():
    for make, wanted, named in (
        (lambda: cnn(padding="same"), cnn(), True),
        (cnn, cnn(padding="same"), False),
        (lambda: cnn(size=5, padding="same"), cnn(padding="same"), False),
    ):
        with pytest.raises(NotYet) as caught:
            asked.built_as(make(), wanted)
        assert bool(caught.value.hint) == named


@pytest.mark.parametrize("act", ["relu", "hard_tanh", "hard_sigmoid"])
def test_tanh_is_nothing_that_looks_like_it(act):
    with pytest.raises(NotYet, match="activations"):
        asked.computes_as(cnn(act), cnn("tanh"))
    asked.computes_as(cnn("tanh"), cnn("tanh"))


def test_normalization_counts_with_averages_of_its_own():
    x = keras.Input((4, 4, 3))
    net = {
        order: keras.Model(x, one(other(x)))
        for order, one, other in (
            (1, layers.ReLU(), layers.BatchNormalization()),
            (2, layers.BatchNormalization(), layers.ReLU()),
            (3, layers.Activation("relu"), layers.BatchNormalization()),
        )
    }
    asked.computes_as(net[3], net[1])
    with pytest.raises(NotYet, match="order"):
        asked.computes_as(net[2], net[1], " and the order")


def test_what_is_no_network_is_told_so():
    history, maps = keras.callbacks.History(), keras.Input((8, 9, 2))
    for given, words in (
        (history, "yours is a History"),
        (maps, "yours is a KerasTensor"),
        (keras.Sequential([layers.Dense(3)]), "keras.Input"),
        (cnn(), "Another input shape"),
    ):
        with pytest.raises(NotYet, match=words) as caught:
            asked.is_network(given, (9, 8, 2))
        assert bool(caught.value.hint) == (given is history or given is maps)
