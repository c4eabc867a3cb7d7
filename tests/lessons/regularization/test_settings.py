"""The networks and settings of the lesson's table are those that the lesson names."""

import pytest

from tools import project_accuracies
from utils.quiet import keras

pytestmark = pytest.mark.slow


def layers_of(model):
    """What a chain of layers computes: kind and settings of each, without names and numbers."""
    described = []
    for layer in model.layers:
        config = layer.get_config()
        for key in ("name", "batch_input_shape", "seed"):
            config.pop(key, None)
        described.append((type(layer).__name__, config))
    return described


def changed(**settings):
    """The layers of the baseline, each with those of the settings that it has."""
    described = layers_of(project_accuracies.baseline(8))
    for _, config in described:
        config |= {key: values.pop(0) for key, values in settings.items() if key in config}
    return described


def test_the_smaller_network_of_the_table_has_half_the_maps_and_8_hidden_units():
    assert layers_of(project_accuracies.smaller(8)) == changed(filters=[4, 8], units=[8, 8])


def test_the_penalized_networks_of_the_table_have_a_penalty_for_each_kernel():
    penalty = keras.regularizers.L1(1e-4)
    found = project_accuracies.penalized(penalty)(8)
    assert layers_of(found) == changed(
        kernel_regularizer=4 * [keras.regularizers.serialize(penalty)]
    )
    assert len(found.losses) == 4


def test_the_settings_are_those_that_the_lesson_names():
    settings = project_accuracies.SETTINGS["regularization"]
    for name, (l1, l2) in {"L1": (1e-4, 0), "L2": (0, 1e-3), "L1 and L2": (5e-5, 5e-4)}.items():
        used = settings[name].build(8).get_layer("dense1").kernel_regularizer
        strengths = float(getattr(used, "l1", 0)), float(getattr(used, "l2", 0))
        assert strengths == pytest.approx((l1, l2))
    for name, setting in settings.items():
        of_blocks = name == "all together" or name.startswith("block")
        assert setting.epochs == (20 if of_blocks else 40)
        assert of_blocks or setting.rate == 1e-3


def test_two_rates_and_two_schedules_are_the_only_differences_of_four_block_networks():
    settings = project_accuracies.SETTINGS["regularization"]
    corners = {
        "block network": (1e-3, False),
        "block network, falling from 0.001": (1e-3, True),
        "block network, rate 0.003": (3e-3, False),
        "block network, falling rate": (3e-3, True),
    }
    first = settings["block network"]
    for name, (rate, falling) in corners.items():
        same = settings[name]._replace(rate=first.rate, falling=first.falling, build=first.build)
        assert same == first
        assert (settings[name].rate, settings[name].falling) == (rate, falling)
        assert layers_of(settings[name].build(8)) == layers_of(first.build(8))


def test_all_together_and_early_stopping_are_what_the_lesson_says():
    settings = project_accuracies.SETTINGS["regularization"]
    together = settings["all together"]
    assert together.falling
    assert together.weight_decay == 0.05
    assert together.build(8).get_layer("dropout").rate == 0.3
    assert settings["early stopping"].patience == 5


def test_a_penalty_set_on_a_finished_layer_does_nothing():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.layers[0].kernel_regularizer = keras.regularizers.L2(0.1)
    assert model.losses == []
