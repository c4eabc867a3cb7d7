"""Gradient descent as a flipbook, step by step."""

from numpy.typing import ArrayLike, NDArray

from lessons.linear_regression.figures import line_descent_frame
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
