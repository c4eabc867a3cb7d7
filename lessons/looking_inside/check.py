"""Checks of the lesson Looking inside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Misconception, compare, exercise


@dataclass(frozen=True)
class Score:
    """A stand-in for a network: images (N, H, W, C) in, one number for each out."""

    seed: int | None = None

    def __repr__(self) -> str:
        return "the mean of all pixels" if self.seed is None else "a weighted mean of the pixels"

    def __call__(self, images: Any) -> NDArray[np.float64]:
        images = np.asarray(images, float)
        if images.ndim != 4:
            raise ValueError(
                f"predict takes a batch of shape (N, H, W, C), and got shape {images.shape}"
            )
        if self.seed is None:
            return images.mean(axis=(1, 2, 3))
        weights = np.random.default_rng(self.seed).normal(size=images.shape[1:])
        return (images * weights).mean(axis=(1, 2, 3))


def _occluded_scores(predict, image, patch, stride, fill, places=None) -> NDArray[np.float64]:
    """The score of each copy, one copy at a time; by default for all places that fit."""
    scores = np.zeros(places or [(side - patch) // stride + 1 for side in image.shape[:2]])
    for i, j in np.ndindex(scores.shape):
        hidden = image.copy()
        hidden[i * stride : i * stride + patch, j * stride : j * stride + patch] = fill
        scores[i, j] = predict(hidden[np.newaxis])[0]
    return scores


def _drops(predict, image, patch, stride, fill) -> NDArray[np.float64]:
    whole = predict(image[np.newaxis])[0]
    return whole - _occluded_scores(predict, image, patch, stride, fill)


def _over_the_edge(predict, image, patch, stride, fill) -> NDArray[np.float64]:
    """What comes out where the last squares hang over the right and the lower edge."""
    places = [-(-side // stride) for side in image.shape[:2]]
    whole = predict(image[np.newaxis])[0]
    return whole - _occluded_scores(predict, image, patch, stride, fill, places)


def _never_uncovered(predict, image, patch, stride, fill) -> NDArray[np.float64]:
    """What comes out where every square stays hidden while the next one is painted."""
    drops = _drops(predict, image, patch, stride, fill)
    hidden, whole = image.copy(), predict(image[np.newaxis])[0]
    for i, j in np.ndindex(drops.shape):
        hidden[i * stride : i * stride + patch, j * stride : j * stride + patch] = fill
        drops[i, j] = whole - predict(hidden[np.newaxis])[0]
    return drops


def _all_but_the_square(predict, image, patch, stride, fill) -> NDArray[np.float64]:
    drops, whole = _drops(predict, image, patch, stride, fill), predict(image[np.newaxis])[0]
    for i, j in np.ndindex(drops.shape):
        hidden = np.zeros_like(image) + np.asarray(fill).astype(image.dtype)
        place = slice(i * stride, i * stride + patch), slice(j * stride, j * stride + patch)
        hidden[place] = image[place]
        drops[i, j] = whole - predict(hidden[np.newaxis])[0]
    return drops


def _pictures() -> Iterator[tuple[Score, NDArray, int, int, int]]:
    """The example of the lesson, then other sizes, patches, strides and fills."""
    image = np.full((4, 4, 1), 100)
    image[:2, 2:] = 200
    yield Score(), image, 2, 2, 100
    rng = np.random.default_rng(0)
    yield Score(1), rng.integers(0, 256, (7, 9, 3), np.uint8), 3, 2, 128
    yield Score(2), rng.integers(0, 256, (6, 5, 3), np.uint8), 2, 1, 90
    yield Score(3), rng.integers(0, 256, (10, 9, 1), np.uint8), 2, 3, 128
    yield Score(4), rng.random((5, 6, 2)), 5, 1, 1


@exercise("An occlusion map", "You asked the network once for every place, in your own words.")
def occlusion_map(answer: Callable[..., Any]) -> None:
    """The drop of a score for every place of a square, against copies made one at a time."""
    compare(
        answer,
        _drops,
        _pictures(),
        [
            Misconception(
                "You subtracted the other way around: a drop is the score of the whole picture "
                "minus that of the copy.",
                lambda *case: -_drops(*case),
            ),
            Misconception(
                "These are the scores of the copies. Subtract them from the score of the whole "
                "picture.",
                _occluded_scores,
            ),
            Misconception(
                "You painted with 0. Paint with `fill`: black is a thing to see, too.",
                lambda p, i, patch, stride, fill: _drops(p, i, patch, stride, 0),
            ),
            Misconception(
                "You moved the square by one pixel each time; move it by `stride`.",
                lambda p, i, patch, stride, fill: _drops(p, i, patch, 1, fill),
            ),
            Misconception(
                "You moved the square by its own side; move it by `stride`.",
                lambda p, i, patch, stride, fill: _drops(p, i, patch, patch, fill),
            ),
            Misconception(
                "The last row and column of places are missing: (H - patch) // stride + 1 fit.",
                lambda *case: _drops(*case)[:-1, :-1],
            ),
            Misconception(
                "Your last squares hang over the edge; every square stays inside the picture: "
                "(H - patch) // stride + 1 places fit.",
                _over_the_edge,
            ),
            Misconception("Rows and columns are swapped.", lambda *case: _drops(*case).T),
            Misconception(
                "Earlier squares are still hidden: begin every time with a fresh copy of the "
                "picture.",
                _never_uncovered,
            ),
            Misconception(
                "You hid everything except the square; hide the square.", _all_but_the_square
            ),
            Misconception(
                "You took the absolute value. Keep the sign: where a drop is below 0, the hidden "
                "part spoke against the class.",
                lambda *case: np.abs(_drops(*case)),
            ),
            Misconception(
                "You set negative drops to 0. Keep them: there the hidden part spoke against the "
                "class.",
                lambda *case: np.maximum(_drops(*case), 0),
            ),
        ],
    )


def _weights(maps: NDArray, gradients: NDArray) -> NDArray[np.float64]:
    """The mean gradient of each map, one map at a time."""
    return np.array([gradients[..., k].mean() for k in range(maps.shape[2])])


def _weighted(maps: NDArray, weights: NDArray) -> NDArray[np.float64]:
    return sum(weight * maps[..., k] for k, weight in enumerate(weights))


def _cam(maps: NDArray, gradients: NDArray) -> tuple[NDArray, NDArray]:
    weights = _weights(maps, gradients)
    return weights, np.maximum(_weighted(maps, weights), 0)


def _volumes() -> Iterator[tuple[NDArray, NDArray]]:
    """The example of the lesson, then random maps of other shapes, at last some below 0."""
    maps = np.dstack([[[1, 0], [0, 2]], [[0, 3], [1, 0]]])
    yield maps, np.dstack([[[4, 0], [2, 2]], [[-2, 0], [-1, -1]]])
    rng = np.random.default_rng(1)
    for shape in [(3, 4, 5), (4, 2, 3), (2, 2, 2), (1, 5, 1)]:
        yield np.maximum(rng.normal(size=shape), 0), rng.normal(size=shape)
    yield rng.normal(size=(3, 2, 4)), rng.normal(size=(3, 2, 4))


@exercise("Grad-CAM", "Two lines: where the maps are, and how much each of them counts.")
def grad_cam(answer: Callable[..., Any]) -> None:
    """Weights and map of Grad-CAM, against sums made map by map."""

    def with_weights(change):
        def function(maps, gradients):
            weights = change(maps, gradients)
            return weights, np.maximum(_weighted(maps, weights), 0)

        return function

    def no_relu(maps, gradients):
        weights = _weights(maps, gradients)
        return weights, _weighted(maps, weights)

    def relu_too_early(maps, gradients):
        weights = _weights(maps, gradients)
        return weights, _weighted(maps, np.maximum(weights, 0))

    def absolute(maps, gradients):
        weights = _weights(maps, gradients)
        return weights, np.abs(_weighted(maps, weights))

    def scaled(maps, gradients):
        weights, heat = _cam(maps, gradients)
        return weights, heat / max(heat.max(), 1e-12)

    def averaged(maps, gradients):
        weights = _weights(maps, gradients)
        return weights, np.maximum(_weighted(maps, weights) / len(weights), 0)

    def place_by_place(maps, gradients):
        return _weights(maps, gradients), np.maximum((maps * gradients).sum(axis=2), 0)

    def over_channels(maps, gradients):
        weights = gradients.mean(axis=2)
        return weights, np.maximum((maps * weights[..., np.newaxis]).sum(axis=2), 0)

    def from_maps(maps, gradients):
        weights = _weights(maps, maps)
        return weights, np.maximum(_weighted(gradients, weights), 0)

    compare(
        answer,
        _cam,
        _volumes(),
        [
            Misconception("The ReLU is missing: set what is below 0 to 0.", no_relu),
            Misconception(
                "You set negative weights to 0. The ReLU comes after the sum: a map with a "
                "negative weight takes something away.",
                relu_too_early,
            ),
            Misconception(
                "You set negative weights to 0. Keep them: a map with a negative weight takes "
                "something away. The ReLU comes after the sum.",
                with_weights(lambda maps, gradients: np.maximum(_weights(maps, gradients), 0)),
            ),
            Misconception(
                "You set negative gradients to 0. Average all of them; the ReLU comes after the "
                "sum.",
                with_weights(lambda maps, gradients: np.maximum(gradients, 0).mean(axis=(0, 1))),
            ),
            Misconception(
                "You took the absolute value; the ReLU sets what is below 0 to 0.", absolute
            ),
            Misconception(
                "You took the mean over the maps. Take it over the places, `axis=(0, 1)`: one "
                "weight for each map.",
                over_channels,
            ),
            Misconception(
                "You added up the gradients; take their mean over the places.",
                with_weights(lambda maps, gradients: gradients.sum(axis=(0, 1))),
            ),
            Misconception(
                "You took the largest gradient; take the mean over the places.",
                with_weights(lambda maps, gradients: gradients.max(axis=(0, 1))),
            ),
            Misconception(
                "You multiplied place by place. Grad-CAM gives each map one weight, the mean of "
                "its gradient.",
                place_by_place,
            ),
            Misconception("You averaged the weighted maps; add them up.", averaged),
            Misconception(
                "You swapped them: average the gradients, and add up the maps.", from_maps
            ),
            Misconception(
                "You divided by the maximum. That is for the picture; return the map itself.",
                scaled,
            ),
        ],
    )


def _shares(labels: NDArray, said: NDArray, groups: NDArray) -> NDArray[np.float64]:
    """The accuracy of every group, example by example."""
    right, count = np.zeros(groups.max() + 1), np.zeros(groups.max() + 1)
    for label, answer, group in zip(labels, said, groups, strict=True):
        right[group] += label == answer
        count[group] += 1
    return right / count


def _answers() -> Iterator[tuple[NDArray, NDArray, NDArray]]:
    """The example of the lesson, then random answers in groups of unequal size.

    In the last case, the first and the last group hold no right answer.
    """
    labels, said = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 0, 1, 0, 0, 2])
    yield labels, said, np.array([0, 0, 0, 0, 1, 1])
    rng = np.random.default_rng(2)
    for n, count in [(20, 3), (50, 5), (12, 1), (40, 2)]:
        groups = rng.permutation(np.append(np.arange(count), rng.integers(0, count, n - count)))
        labels = rng.permutation(np.append(np.arange(4), rng.integers(0, 4, n - 4)))
        said = np.where(rng.random(n) < 0.6, labels, rng.integers(0, 4, n))
        yield labels, said, groups
    labels, said = np.array([1, 0, 2, 2, 0, 1, 0]), np.array([0, 0, 2, 1, 0, 1, 2])
    yield labels, said, np.array([0, 1, 1, 3, 2, 2, 2])


@exercise("Accuracy by group", "One number for all hides what these numbers show.")
def accuracy_by_group(answer: Callable[..., Any]) -> None:
    """The share of right answers in every group, against counts made one by one."""

    def in_columns(of):
        """Accuracy grouped by something else, in as many numbers as it has values."""
        return lambda labels, said, groups: _shares(labels, said, of(labels, said))

    compare(
        answer,
        _shares,
        _answers(),
        [
            Misconception(
                "That is the accuracy of all pictures, once for every group.",
                lambda y, s, g: np.full(g.max() + 1, (y == s).mean()),
            ),
            Misconception(
                "That is the accuracy of all pictures. Compute one for every group.",
                lambda y, s, g: (y == s).mean(),
            ),
            Misconception(
                "You divided by the number of all pictures; divide by those of the group.",
                lambda y, s, g: np.bincount(g, y == s) / len(y),
            ),
            Misconception(
                "These are counts; divide each by the size of its group.",
                lambda y, s, g: np.bincount(g, y == s),
            ),
            Misconception("That is the share of mistakes.", lambda y, s, g: 1 - _shares(y, s, g)),
            Misconception(
                "You grouped by the label: that is the recall of every class.",
                in_columns(lambda labels, said: labels),
            ),
            Misconception(
                "You grouped by the answer: that is the precision of every class.",
                in_columns(lambda labels, said: said),
            ),
            Misconception(
                "You divided by the right answers of all groups; divide by the size of the group.",
                lambda y, s, g: np.bincount(g, y == s) / (y == s).sum(),
            ),
        ],
    )
