"""A flipbook of hidden units: their lines while a network learns, then each one alone."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from numpy.typing import NDArray

from lessons.multilayer_perceptron.figures import lines_page
from utils.neurons import MLP
from utils.widgets import Described, flipbook


def hidden_units_book(networks: Mapping[int, MLP], X: NDArray, labels: NDArray) -> Described:
    """A page per network, with all lines and the boundary; then of the last one a page per unit.

    Args:
        networks: the network after each number of steps, in order; two inputs, one hidden layer of
            up to four units, two outputs.
        X, labels: the points, shapes (N, 2) and (N,).
    """
    steps = list(networks)
    last = networks[steps[-1]]
    units = last.weights[0].shape[1]

    def page(number: int) -> Figure:
        if number >= len(steps):
            unit = number - len(steps)
            return lines_page(last, f"unit {unit + 1} alone", X, labels, unit)
        network = networks[steps[number]]
        right = 100 * (network.predict(X) == labels).mean()
        return lines_page(network, f"step {steps[number]}: {right:.0f} % right", X, labels)

    text = (
        f"Flipbook of {len(steps) + units} pages: the lines of {units} hidden units and the "
        f"boundary that they bend together, from step {steps[0]} to step {steps[-1]}; then each "
        "unit alone."
    )
    return flipbook(page, range(len(steps) + units), text, label="page", interval=700)
