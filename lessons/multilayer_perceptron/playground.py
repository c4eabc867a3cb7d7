"""The playground: a small multilayer perceptron learns while you watch, and its parts explain
themselves.

All of it runs in the browser (static/playground.js), so it also works in a deck, in an exported
page and in a notebook without a kernel. Python says what there is to choose from.
"""

from pathlib import Path

import anywidget
import traitlets

STATIC = Path(__file__).parent / "static"
OPTIONS = {
    "data": ("two moons", "circles", "XOR", "spirals"),
    "noise": tuple(n / 20 for n in range(13)),
    "points": (30, 60, 120, 250),
    "layers": (0, 1, 2, 3),
    "units": tuple(range(1, 9)),
    "activation": ("tanh", "relu", "leaky_relu", "sigmoid", "linear"),
    "rate": (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
    "seed": tuple(range(20)),
}
"""What every setting may be."""


class Playground(anywidget.AnyWidget):
    """Train a small network on points of the plane, and ask its parts what they compute.

    Args:
        data: the shape of the two classes.
        noise: standard deviation of the noise, 0 to 0.6; the plane goes from -3 to 3.
        points: to train on; as many more are held out for the test.
        layers: hidden layers, 0 to 3.
        units: in each of them, 1 to 8.
        activation: of the hidden layers, a name in `utils.neurons.ACTIVATIONS`.
        rate: the learning rate.
        seed: of the points and of the first weights, 0 to 19.

    The arguments are attributes, too, and follow what the learner chooses.

    Raises:
        ValueError: an argument that is not in `OPTIONS`.
    """

    _esm = STATIC / "playground.js"
    _css = STATIC / "playground.css"

    data = traitlets.TraitType().tag(sync=True)
    noise = traitlets.TraitType().tag(sync=True)
    points = traitlets.TraitType().tag(sync=True)
    layers = traitlets.TraitType().tag(sync=True)
    units = traitlets.TraitType().tag(sync=True)
    activation = traitlets.TraitType().tag(sync=True)
    rate = traitlets.TraitType().tag(sync=True)
    seed = traitlets.TraitType().tag(sync=True)
    _options = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        data="two moons",
        noise=0.2,
        points=120,
        layers=2,
        units=8,
        activation="tanh",
        rate=0.3,
        seed=0,
    ):
        super().__init__(
            data=data,
            noise=noise,
            points=points,
            layers=layers,
            units=units,
            activation=activation,
            rate=rate,
            seed=seed,
            _options={name: list(values) for name, values in OPTIONS.items()},
        )

    def __repr__(self) -> str:
        """The same text in every run: nbval compares it."""
        return (
            f"Playground({self.data}, noise {self.noise:g}, {self.points} points; hidden layers: "
            f"{self.layers}, units: {self.units}, {self.activation}; rate {self.rate:g}, seed "
            f"{self.seed})"
        )

    @traitlets.validate(*OPTIONS)
    def _check(self, proposal):
        name, allowed = proposal.trait.name, OPTIONS[proposal.trait.name]
        if isinstance(proposal.value, bool) or proposal.value not in allowed:
            choices = ", ".join(map(str, allowed))
            raise ValueError(f"{name}={proposal.value!r}: use one of {choices}.")
        return allowed[allowed.index(proposal.value)]
