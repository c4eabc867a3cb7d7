"""A flipbook of hidden units: what each adds over the plane, while a network learns."""

from collections.abc import Mapping

from numpy.typing import NDArray

from lessons.multilayer_perceptron.figures import hidden_units_page
from utils.neurons import MLP
from utils.widgets import Described, flipbook


def hidden_units_book(networks: Mapping[int, MLP], X: NDArray, labels: NDArray) -> Described:
    """One page a network: its hidden units, their sum, the boundary, how many points are right.

    Args:
        networks: the network after each number of steps, in order; two inputs, one hidden layer,
            two outputs, all of one width.
        X, labels: the points, shapes (N, 2) and (N,).
    """
    steps = list(networks)

    def page(number: int):
        network = networks[steps[number]]
        right = 100 * (network.predict(X) == labels).mean()
        title = f"step {steps[number]}: the sum, {right:.0f} % right"
        return hidden_units_page(network, title, X, labels)

    units = networks[steps[0]].weights[0].shape[1]
    text = (
        f"Flipbook of {len(steps)} pages: what each of {units} hidden units adds over the plane, "
        f"and the boundary that their sum draws, from step {steps[0]} to step {steps[-1]}."
    )
    return flipbook(page, range(len(steps)), text, label="page", interval=700)
