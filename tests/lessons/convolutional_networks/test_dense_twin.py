"""The dense twin: as many parameters as one hidden layer allows."""

import numpy as np
import pytest

from lessons.convolutional_networks.dense_twin import dense_twin
from utils import models
from utils.quiet import keras

pytestmark = pytest.mark.slow

DIGITS = (32, 32, 1)


@pytest.mark.parametrize(
    "model",
    [
        models.lenet5(),
        models.lens_cnn(DIGITS, 10),
        models.lens_cnn(),
        models.lenet5((20, 25, 3), 4),
    ],
)
def test_no_other_hidden_layer_comes_closer_than_the_twin(model):
    twin = dense_twin(model)
    shape, classes = model.input_shape[1:], model.output_shape[1]
    units = twin.get_layer("dense1").units

    def distance(hidden):
        return abs(hidden * (np.prod(shape) + 1 + classes) + classes - model.count_params())

    assert twin.count_params() == units * (np.prod(shape) + 1 + classes) + classes
    assert distance(units) <= min(distance(units - 1), distance(units + 1))
    assert (twin.input_shape, twin.output_shape) == (model.input_shape, model.output_shape)


def test_twin_has_the_activation_of_its_model():
    for model, name in ((models.lenet5(), "tanh"), (models.lens_cnn(DIGITS, 10), "relu")):
        assert dense_twin(model).get_layer("dense1").activation.__name__ == name


def test_a_model_too_small_for_a_twin():
    tiny = keras.Sequential([keras.Input((32, 32, 1)), keras.layers.GlobalAveragePooling2D(),
                             keras.layers.Dense(10)])  # fmt: skip
    with pytest.raises(ValueError, match="too few for a dense network"):
        dense_twin(tiny)
