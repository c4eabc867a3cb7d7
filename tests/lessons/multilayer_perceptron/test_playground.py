"""The Python side of the playground."""

import json

import pytest

from lessons.multilayer_perceptron.playground import OPTIONS, Playground
from utils.neurons import ACTIVATIONS


def test_starts_with_two_layers_of_eight_on_two_moons():
    playground = Playground()
    assert (playground.layers, playground.units, playground.activation) == (2, 8, "tanh")
    assert repr(playground) == (
        "Playground(two moons, noise 0.2, 120 points; hidden layers: 2, units: 8, tanh; rate 0.3, "
        "seed 0)"
    )


def test_every_option_can_be_chosen_and_is_sent():
    for name, values in OPTIONS.items():
        for value in values:
            playground = Playground(**{name: value})
            assert json.loads(json.dumps(playground.get_state(name))) == {name: value}


def test_activations_are_those_of_the_course():
    assert set(OPTIONS["activation"]) == set(ACTIVATIONS)


@pytest.mark.parametrize(
    ("name", "value"),
    [("data", "moons"), ("noise", 0.33), ("points", 500), ("layers", 4), ("layers", True),
     ("units", 0), ("units", "8"), ("activation", "ReLU"), ("rate", -1), ("seed", None)],
)  # fmt: skip
def test_other_values_are_refused_with_the_choices(name, value):
    with pytest.raises(ValueError, match=f"{name}={value!r}: use one of {OPTIONS[name][0]}"):
        Playground(**{name: value})
    playground = Playground()
    with pytest.raises(ValueError, match="use one of"):
        setattr(playground, name, value)


def test_numbers_become_those_of_the_options():
    playground = Playground(rate=1.0, layers=1.0)
    assert type(playground.rate) is int
    assert type(playground.layers) is int
