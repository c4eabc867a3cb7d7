"""Checks of the lesson Pooling."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from utils.checks import Exercise, draw

SLIDE = np.array([[1, 4, 2, 11], [6, 13, 8, 3], [10, 0, 17, 7], [9, 2, 3, 5]])
"""The feature map on the pooling slide of the LENS lecture."""

# ---- Max pooling ---------------------------------------------------------------------------------


def _pooled(
    feature_map: NDArray, size: int, stride: int, of: Callable[..., Any] = np.max
) -> NDArray:
    """The maximum of every window, or what else is taken of it."""
    windows = sliding_window_view(feature_map, (size, size))
    return of(windows[::stride, ::stride], axis=(2, 3))


def _beginning_at_its_number(feature_map: NDArray, size: int, stride: int) -> NDArray:
    rows, columns = _pooled(feature_map, size, stride).shape
    return _pooled(feature_map, size, 1)[:rows, :columns]


def _map(rng: np.random.Generator) -> tuple[NDArray, int, int]:
    size, stride = map(int, rng.integers(1, 5, 2))
    return draw(rng, rng.integers(size, size + 7, 2)), size, stride


max_pool = Exercise(
    title="Max pooling, any window, any stride",
    outcome="compute",
    praise="Keras does the same to every map of a layer.",
    nudge="At which row does window number i begin, and how many windows are there?",
    hint="Window (i, j) begins at row i * stride and column j * stride, and is `size` wide. Make "
    "an array of (n - size) // stride + 1 rows, in the type of the map, and fill it in two loops.",
    oracle=_pooled,
    cases=[
        (SLIDE, 2, 2),
        (np.array([[-5, -2, 0], [-3, -4, -1]]), 2, 1),
        (np.array([[-1.5, 0.25, -2.5], [0.5, -0.75, 1.5]]), 1, 1),
        (SLIDE, 3, 1),
        (SLIDE - 1_000_000, 2, 2),
        (np.array([[0.5, 3.25, 2, 7, 5]] * 4) * 1.5, 2, 2),
    ],
    legal=_map,
    misconceptions={
        "That is the average of each window, not its maximum.": (
            lambda f, size, stride: _pooled(f, size, stride, np.mean)
        ),
        "You moved by a whole window each time; move by the stride.": (
            lambda f, size, stride: _pooled(f, size, size)
        ),
        "You moved by one each time; move by the stride.": (
            lambda f, size, stride: _pooled(f, size, 1)
        ),
        "The last windows stick out of the map. Pooling drops what does not fill a window.": (
            lambda f, size, stride: _pooled(np.pad(f, (0, size - 1), "edge"), size, stride),
            lambda f, size, stride: _pooled(np.pad(f, (0, stride - 1), "edge"), size, stride),
        ),
        "The last window is missing in each direction: of the starts 0, stride, 2 stride, ... the "
        "first one counts, too, so add 1.": lambda *given: _pooled(*given)[:-1, :-1],
        "Window number i begins at row i * stride, not at row i.": _beginning_at_its_number,
        "Nothing in your result is below 0: did you start the maximum at 0, or pad with zeros? A "
        "window of negative numbers has a negative maximum.": (
            lambda *given: np.maximum(_pooled(*given), 0)
        ),
        "Your result cannot hold fractions: give it the type of the map.": (
            lambda *given: _pooled(*given).astype(int)
        ),
    },
)

# ---- The change behind a pooling -----------------------------------------------------------------


def _change(before: NDArray, after: NDArray, size: int, of: Callable[..., Any] = np.max) -> float:
    """Root of the sum of squares of the difference, over that of the pooled map before."""
    first, second = (_pooled(m.astype(float), size, size, of) for m in (before, after))
    return np.sqrt(((second - first) ** 2).sum() / (first**2).sum())


def _norm(feature_map: NDArray, size: int = 1) -> float:
    """The norm of a pooled map."""
    return np.linalg.norm(_pooled(feature_map, size, size))


def _pair(rng: np.random.Generator) -> tuple[NDArray, NDArray, int]:
    size = int(rng.integers(1, 4))
    shape = size * rng.integers(2, 5, 2) + rng.integers(0, size, 2)
    return rng.uniform(0.5, 9, shape), rng.uniform(0, 9, shape), size


SPOT = np.array([[3.0, 0.0], [0.0, 0.0]])
WIDE = np.array([[0, 0, 9, 9, 0, 0]] * 4)

pooled_change = Exercise(
    title="The change behind a pooling",
    outcome="measure",
    praise="With this line you can test what any book says about pooling and shifts.",
    nudge="Which two maps do you compare: those that came in, or those behind the pooling?",
    hint="Pool both maps with `pool2d(m, size)`. Then `np.linalg.norm` of their difference, "
    "divided by `np.linalg.norm` of the first pooled map.",
    oracle=_change,
    cases=[
        (SPOT, np.roll(SPOT, 1, axis=1), 1),
        (SPOT, np.roll(SPOT, 1, axis=1), 2),
        (WIDE, np.roll(WIDE, 1, axis=1), 2),
        (WIDE * 100, np.roll(WIDE, 2, axis=1) * 100, 2),
        (WIDE, WIDE, 2),
        (np.eye(5) * 1e-3, np.eye(5)[::-1] * 1e-3, 2),
    ],
    legal=_pair,
    misconceptions={
        "That is the change of the maps as they came in; pool both first.": (
            lambda b, a, size: _change(b, a, 1)
        ),
        "You pooled by averages; the maxima are asked for.": (
            lambda b, a, size: _change(b, a, size, np.mean)
        ),
        "You divide by the map after the move; take the one before.": (
            lambda b, a, size: _change(a, b, size)
        ),
        "You divide by the map that is not pooled; both norms are those of pooled maps.": (
            lambda b, a, size: _change(b, a, size) * _norm(b, size) / _norm(b)
        ),
        "That is the norm of the difference; divide it by the norm of the first pooled map.": (
            lambda b, a, size: _change(b, a, size) * _norm(b, size)
        ),
        "You pooled the difference; pool both maps, then subtract.": (
            lambda b, a, size: _norm(a - b, size) / _norm(b, size)
        ),
        "A norm is the root of the sum of the squares: take the root.": (
            lambda b, a, size: _change(b, a, size) ** 2
        ),
        "Your windows are always 2 x 2; use `size`.": lambda b, a, size: _change(b, a, 2),
    },
)

# ---- Average pooling as a convolution ------------------------------------------------------------


def _kernels(size: int, channels: int) -> NDArray:
    """Found from what average pooling does to volumes with a single 1 in them."""
    volumes = np.eye(size * size * channels).reshape(-1, size, size, channels)
    return volumes.mean(axis=(1, 2)).reshape(size, size, channels, channels)


def _weighted(weight: Callable[[int, int], float], across: bool = False) -> Callable:
    """Kernels with one weight, in each channel by itself or across all of them."""

    def kernels(size: int, channels: int) -> NDArray:
        keep = np.ones((channels, channels)) if across else np.eye(channels)
        return np.ones((size, size, 1, 1)) * keep * weight(size, channels)

    return kernels


averaging_kernels = Exercise(
    title="Average pooling as a convolution",
    outcome="choose",
    praise="A strided convolution can learn to pool by averages, or something better.",
    nudge="With which weights is a weighted sum of four numbers their average?",
    hint="Begin with `np.zeros((size, size, channels, channels))`. Kernel number c is "
    "`kernels[:, :, :, c]`; of it only the weights for channel c are not 0.",
    oracle=_kernels,
    cases=[(2, 1), (1, 2), (3, 2), (2, 3), (4, 1), (1, 3), (5, 4)],
    legal=lambda rng: tuple(map(int, rng.integers(1, 5, 2))),
    misconceptions={
        "These weights add the window up; divide, so that they average it.": (
            _weighted(lambda size, channels: 1)
        ),
        "A window holds size * size numbers: divide by the square.": (
            _weighted(lambda size, channels: 1 / size),
            _weighted(lambda size, channels: 1 / (2 * size)),
        ),
        "You divide by 4, the window of 2 x 2; take `size`.": (
            _weighted(lambda size, channels: 1 / 4)
        ),
        "These kernels mix all channels. Pooling keeps them apart: kernel number c has weights for "
        "channel c alone, and zeros for the others.": (
            _weighted(lambda size, channels: 1 / size**2, across=True),
            _weighted(lambda size, channels: 1 / size**2 / channels, across=True),
            _weighted(lambda size, channels: 1 / 4, across=True),
        ),
        "Each output comes from one channel: do not divide by their number.": (
            _weighted(lambda size, channels: 1 / size**2 / channels)
        ),
        "These kernels pick one number of each window. To average, give every place of the window "
        "the same weight.": lambda size, channels: np.pad(
            np.eye(channels)[np.newaxis, np.newaxis], [(0, size - 1)] * 2 + [(0, 0)] * 2
        ),
        "`Conv2D` wants one table for each pair of channels: (size, size, channels, channels), "
        "mostly zeros.": (
            lambda size, channels: np.full((size, size), 1 / size**2),
            lambda size, channels: np.full((size, size, channels), 1 / size**2),
            lambda size, channels: np.full((size, size, channels, 1), 1 / size**2),
            lambda size, channels: np.full((size, size, 1, channels), 1 / size**2),
        ),
        "The channels come last: (size, size, channels, channels).": (
            lambda size, channels: _kernels(size, channels).transpose(2, 3, 0, 1)
        ),
    },
)

# ---- The gradient of max pooling -----------------------------------------------------------------


def _routed(share: Callable[[NDArray], NDArray], step: int = 2) -> Callable:
    """A gradient from the `share` of it that each place of a window of 2x2 gets."""

    def gradient(feature_map: NDArray, pooled_gradient: NDArray) -> NDArray:
        gradient = np.zeros(feature_map.shape)
        for i, j in np.ndindex(pooled_gradient.shape):
            window = np.s_[step * i : step * i + 2, step * j : step * j + 2]
            shares = share(feature_map[window])
            np.copyto(gradient[window], shares * pooled_gradient[i, j], where=shares > 0)
        return gradient

    return gradient


def _first(window: NDArray) -> NDArray[np.float64]:
    """A window of 2x2 zeros with a 1 where the first maximum is, along the rows."""
    return np.eye(4)[np.argmax(window)].reshape(2, 2)


_to_first = _routed(_first)


def _map_and_gradient(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    shape = rng.integers(1, 4, 2)
    kinds = ["equal"] if rng.random() < 0.4 else []
    return draw(rng, 2 * shape, *kinds), draw(rng, shape, "normal", "whole", "float32", "equal")


max_pool_gradient = Exercise(
    title="The gradient of max pooling",
    outcome="trace",
    praise="The other three numbers of a window learn nothing this time.",
    nudge="Raise one number of a window a little. When does its maximum change?",
    hint="Begin with zeros. For each window find the place of its maximum, `divmod(w.argmax(), 2)` "
    "gives row and column, and put the number of the pooled gradient there.",
    oracle=_to_first,
    cases=[
        (np.array([[1, 4], [6, 3]]), np.array([[2.5]])),
        (SLIDE, np.array([[1, 2], [3, 4]])),
        (np.array([[5, 5, 1, 7], [0, 5, 7, 7]]), np.array([[1.0, -2.0]])),
        (np.array([[-5, -2], [-3, -4]]), np.array([[0.5]])),
        (SLIDE - 1_000_000, np.array([[1, 2], [3, 4]])),
        (np.arange(36).reshape(6, 6), np.arange(9.0).reshape(3, 3) - 4),
    ],
    legal=_map_and_gradient,
    misconceptions={
        "You gave all four numbers of a window its whole gradient; only the maximum gets it.": (
            _routed(lambda w: np.ones((2, 2)))
        ),
        "You spread the gradient evenly over the window: that is the gradient of average "
        "pooling.": _routed(lambda w: np.full((2, 2), 0.25)),
        "At a tie the first maximum in row order gets all of the gradient, and the others none.": (
            _routed(lambda w: (w == w.max()) / (w == w.max()).sum()),
            _routed(lambda w: w == w.max()),
            _routed(lambda w: _first(w[::-1, ::-1])[::-1, ::-1]),
            _routed(lambda w: _first(w.T).T),
        ),
        "Row and column inside the window are swapped.": _routed(lambda w: _first(w).T),
        "Window number (i, j) begins at row 2 i and column 2 j.": _routed(_first, step=1),
        "The right places, with other numbers in them: put the pooled map's gradient there.": (
            lambda f, g: _to_first(f, np.ones_like(g)),
            lambda f, g: _to_first(f, np.ones_like(g)) * f,
            lambda f, g: _to_first(f, g) * f,
        ),
        "You sent it to the minimum.": _routed(lambda w: _first(w.max() - w)),
        "Your result cannot hold fractions: give it the type of the gradient.": (
            lambda f, g: _to_first(f, g).astype(int),
            lambda f, g: _to_first(f, g).astype(f.dtype),
        ),
    },
)
