"""Gradient descent as flipbooks: one descent step by step, and several learning rates at once."""

from collections.abc import Mapping

from numpy.typing import ArrayLike, NDArray

from lessons.linear_regression.figures import line_descent_frame, line_learning_rates
from utils.widgets import Described, flipbook


def descent(x: ArrayLike, y: ArrayLike, path: NDArray) -> Described:
    """The line and the loss surface, one page a step.

    Args:
        x, y: the points, each of shape (n,).
        path: the line before the first step and after every step, shape (steps + 1, 2).
    """
    text = (
        f"Flipbook of {len(path)} pages: gradient descent step by step. On the left the points "
        "and the line, on the right the loss surface with the path so far and the best line."
    )
    return flipbook(lambda step: line_descent_frame(x, y, path, step), range(len(path)), text)


def learning_rates(x: ArrayLike, y: ArrayLike, paths: Mapping[str, NDArray]) -> Described:
    """The same steps with several learning rates side by side, one page a step.

    Args:
        x, y: the points, each of shape (n,).
        paths: a path of shape (steps + 1, 2) for each title, all of one length.
    """
    pages = range(min(len(path) for path in paths.values()))
    text = (
        f"Flipbook of {len(pages)} pages: gradient descent with several learning rates "
        f"({'; '.join(paths)}). Above the paths on the loss surface, below the losses."
    )
    return flipbook(lambda step: line_learning_rates(x, y, paths, step).figure, pages, text)
