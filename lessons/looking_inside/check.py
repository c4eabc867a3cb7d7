"""Checks of the lesson Looking inside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise, draw

# ---- An occlusion map ----------------------------------------------------------------------------


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


def _scores(predict, image, patch, stride, fill, places=None, fresh=True) -> NDArray[np.float64]:
    """The score of each copy, one copy at a time; by default for all places that fit."""
    places = places or [(side - patch) // stride + 1 for side in image.shape[:2]]
    scores, hidden = np.zeros(places), image.copy()
    for i, j in np.ndindex(scores.shape):
        hidden = image.copy() if fresh else hidden
        hidden[i * stride : i * stride + patch, j * stride : j * stride + patch] = fill
        scores[i, j] = predict(hidden[np.newaxis])[0]
    return scores


def _drops(predict, image, *others, **changes) -> NDArray[np.float64]:
    return predict(image[np.newaxis])[0] - _scores(predict, image, *others, **changes)


def _with(**fixed: int) -> Callable[..., NDArray]:
    """Drops for a stride or a fill of one's own."""
    return lambda predict, image, patch, stride, fill: _drops(
        predict, image, patch, fixed.get("stride", stride), fixed.get("fill", fill)
    )


def _placed(places: Callable[[int, int, int], int]) -> Callable[..., NDArray]:
    """Drops at another number of places along a side."""
    return lambda predict, image, patch, stride, fill: _drops(
        predict, image, patch, stride, fill,
        places=[places(side, patch, stride) for side in image.shape[:2]],
    )  # fmt: skip


def _picture(rng: np.random.Generator) -> tuple[Score, NDArray, int, int, float]:
    """Bytes, whole numbers or fractions, and a fill that fits them; squares from one pixel on."""
    kind = str(rng.choice(["uint8", "uint8", "whole", "float32", "normal"]))
    shape = rng.integers(1, (8, 8, 4))
    patch = int(rng.integers(1, shape[:2].min() + 1))
    fill = int(rng.integers(256)) if kind in ("uint8", "whole") else round(float(rng.random()), 2)
    image = draw(rng, tuple(shape), kind)
    return Score(int(rng.integers(1, 99))), image, patch, int(rng.integers(1, 5)), fill


TINY = np.full((4, 4, 1), 100)
TINY[:2, 2:] = 200
BYTES = np.random.default_rng(0).integers(0, 256, (9, 10, 3), np.uint8)

occlusion_map = Exercise(
    title="An occlusion map",
    outcome="compute",
    praise="You asked the network once for every place, in your own words.",
    nudge="Begin with one place: how do you get the score of the picture with this square hidden, "
    "and leave the picture itself as it is? Then: where may a square start?",
    hint="Rows start at `range(0, H - patch + 1, stride)`, columns likewise. For each place copy "
    "the picture, paint the square with `fill`, and ask `predict` for a batch, "
    "`copy[np.newaxis]`. A drop is the score of the whole picture minus that of the copy.",
    oracle=lambda predict, image, patch, stride, fill: _drops(predict, image, patch, stride, fill),
    cases=[
        (Score(), TINY, 2, 2, 100),
        (Score(1), BYTES[:7, :9], 3, 2, 128),
        (Score(2), BYTES[:6, :5, :1], 2, 1, 90),
        (Score(3), BYTES, 2, 3, 255),
        (Score(4), BYTES[:5, :6] / np.float32(255), 5, 1, 0.5),
        (Score(5), BYTES[:1, :1], 1, 1, 7),
        (Score(6), BYTES[:4, :8], 4, 4, 0),
    ],
    legal=_picture,
    misconceptions={
        "You subtracted the other way around: a drop is the score of the whole picture minus that "
        "of the copy.": lambda *case: -_drops(*case),
        "These are the scores of the copies. Subtract them from the score of the whole picture.": (
            _scores
        ),
        "Paint with `fill`, whatever it is: black is a thing to see, too.": (
            _with(fill=0), _with(fill=100), _with(fill=128),
        ),
        "Move the square by `stride`.": (
            _with(stride=1),
            lambda predict, image, patch, stride, fill: _drops(predict, image, patch, patch, fill),
        ),
        "Every square stays inside the picture, and the last that fits counts: there are "
        "(H - patch) // stride + 1 rows of places.": (
            _placed(lambda side, patch, stride: (side - patch) // stride),
            _placed(lambda side, patch, stride: -(-(side - patch) // stride)),
            _placed(lambda side, patch, stride: -(-side // stride)),
            _placed(lambda side, patch, stride: side // stride),
        ),
        "Earlier squares are still hidden: begin every time with a fresh copy of the picture.": (
            lambda *case: _drops(*case, fresh=False)
        ),
        "Rows and columns are swapped.": (
            lambda *case: _drops(*case).T,
            lambda *case: _drops(*case).T.reshape(_drops(*case).shape),
        ),
        "Keep the sign of a drop: below 0, the hidden part spoke against the class.": (
            lambda *case: np.abs(_drops(*case)),
            lambda *case: np.maximum(_drops(*case), 0),
        ),
    },
    atol=1e-5,
)  # fmt: skip

# ---- Grad-CAM ------------------------------------------------------------------------------------

Cam = tuple[NDArray, NDArray]


def _means(gradients: NDArray) -> NDArray[np.float64]:
    """The mean gradient of each map, one map at a time."""
    return np.array([gradients[..., k].astype(float).mean() for k in range(gradients.shape[2])])


def _sum(maps: NDArray, weights: NDArray) -> NDArray[np.float64]:
    return sum(weight * maps[..., k].astype(float) for k, weight in enumerate(weights))


def _relu(x: NDArray) -> NDArray:
    return np.maximum(x, 0)


def _map(heat: Callable[[NDArray, NDArray, NDArray], NDArray]) -> Callable[..., Cam]:
    """Right weights, and another map from maps, gradients and weights."""
    return lambda maps, gradients: (_means(gradients), heat(maps, gradients, _means(gradients)))


def _weighted(change: Callable[[NDArray], NDArray]) -> Callable[..., Cam]:
    """Other weights from the gradients, and the map that they make."""
    return lambda maps, gradients: (
        change(gradients), _relu(_sum(maps, change(gradients)))
    )  # fmt: skip


def _over_maps(maps: NDArray, gradients: NDArray) -> Cam:
    weights = gradients.mean(axis=2)
    return weights, _relu((maps * weights[..., np.newaxis]).sum(axis=2))


def _volume(rng: np.random.Generator) -> Cam:
    """Maps as they come out of a ReLU, or of any sign; sides of 1, one map, float32."""
    shape, kind = tuple(rng.integers(1, 6, 3)), str(rng.choice(["whole", "normal", "float32"]))
    maps, gradients = draw(rng, shape, kind), draw(rng, shape, kind, "equal", "float32")
    return (_relu(maps) if rng.random() < 0.5 else maps), gradients


grad_cam = Exercise(
    title="Grad-CAM",
    outcome="compute",
    praise="Two lines: where the maps are, and how much each of them counts.",
    nudge="One weight for each map: over which axes do you take the mean? And how do K weights "
    "meet maps of shape (h, w, K)?",
    hint="The mean over the places is `axis=(0, 1)`. `maps * weights` multiplies each map by its "
    "weight; add up over the last axis (`maps @ weights` does both), and the ReLU comes last. "
    "Return the weights and the map, in this order.",
    oracle=lambda maps, gradients: (_means(gradients), _relu(_sum(maps, _means(gradients)))),
    cases=[
        (
            np.dstack([[[1, 0], [0, 2]], [[0, 3], [1, 0]]]),
            np.dstack([[[4, 0], [2, 2]], [[-2, 0], [-1, -1]]]),
        ),
        (np.array([[[2]]]), np.array([[[-3]]])),
        (np.arange(12).reshape(2, 3, 2) - 6.0, np.arange(12).reshape(2, 3, 2)[::-1] % 5 - 1.5),
    ],
    legal=_volume,
    draws=20,
    misconceptions={
        "The ReLU is missing: set what is below 0 to 0.": _map(lambda a, g, w: _sum(a, w)),
        "Keep negative weights: a map with one takes something away. The ReLU comes after the "
        "sum.": (
            _map(lambda a, g, w: _sum(a, _relu(w))),
            _weighted(lambda g: _relu(_means(g))),
            _map(lambda a, g, w: _relu(a * w).sum(axis=2)),
        ),
        "You set negative gradients to 0. Average all of them; the ReLU comes after the sum.": (
            _weighted(lambda g: _means(_relu(g)))
        ),
        "You took the absolute value; the ReLU sets what is below 0 to 0.": _map(
            lambda a, g, w: np.abs(_sum(a, w))
        ),
        "You took the mean over the maps. Take it over the places, `axis=(0, 1)`: one weight for "
        "each map.": _over_maps,
        "The weight of a map is the mean of its gradient over the places, not the sum or the "
        "largest.": (
            _weighted(lambda g: g.sum(axis=(0, 1))),
            _weighted(lambda g: g.max(axis=(0, 1))),
        ),
        "You multiplied place by place. Grad-CAM gives each map one weight, the mean of its "
        "gradient.": _map(lambda a, g, w: _relu((a * g).sum(axis=2))),
        "Return the sum of the weighted maps as it is, divided by nothing.": (
            _map(lambda a, g, w: _relu(_sum(a, w)) / len(w)),
            _map(lambda a, g, w: _relu(_sum(a, w)) / max(_relu(_sum(a, w)).max(), 1e-12)),
        ),
    },
    atol=1e-5,
)

# ---- Accuracy by group ---------------------------------------------------------------------------


def _shares(labels: NDArray, said: NDArray, groups: NDArray) -> NDArray[np.float64]:
    """The accuracy of every group, example by example."""
    right, count = np.zeros(int(groups.max()) + 1), np.zeros(int(groups.max()) + 1)
    for label, answer, group in zip(labels, said, groups, strict=True):
        right[group] += label == answer
        count[group] += 1
    return right / count


def _counts(labels: NDArray, said: NDArray, groups: NDArray) -> NDArray[np.int64]:
    return np.bincount(groups[labels == said], minlength=int(groups.max()) + 1)


def _answers(rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray]:
    """One group or many, some of one picture, some with no right answer."""
    count, classes = map(int, rng.integers(1, 8, 2))
    n = count + int(rng.integers(0, 40))
    groups = rng.permutation(np.append(np.arange(count), rng.integers(0, count, n - count)))
    labels, other = rng.integers(0, classes, (2, n))
    chance = rng.choice([0, 0.6, 1], count, p=[0.2, 0.6, 0.2])
    said = np.where(rng.random(n) < chance[groups], labels, other)
    kind = rng.choice([np.int64, np.int32, np.uint8])
    return labels.astype(kind), said.astype(kind), groups.astype(kind)


MANY = np.arange(900) % 300

accuracy_by_group = Exercise(
    title="Accuracy by group",
    outcome="repair",
    praise="One number for all hides what these numbers show.",
    nudge="Take one group: which pictures belong to it, and how do you get the share of right "
    "answers among these alone?",
    hint="`right = labels == said` says it of every picture, and the mean of True and False is a "
    "share. `right[groups == g]` are those of group g; do this for every g from 0 to the largest.",
    oracle=lambda labels, said, groups: _shares(labels, said, groups),
    cases=[
        (
            np.array([0, 0, 1, 1, 2, 2]),
            np.array([0, 0, 1, 0, 0, 2]),
            np.array([0, 0, 0, 0, 1, 1]),
        ),
        (
            np.array([1, 0, 2, 2, 0, 1, 0]),
            np.array([0, 0, 2, 1, 0, 1, 2]),
            np.array([0, 1, 1, 3, 2, 2, 2]),
        ),
        (
            np.array([2, 2, 0, 1, 1, 2, 0, 1]),
            np.array([2, 0, 0, 1, 1, 2, 1, 0]),
            np.array([2, 2, 2, 0, 0, 1, 1, 0]),
        ),
        (np.array([3]), np.array([3]), np.array([0])),
        (MANY % 12, MANY[::-1] % 12, MANY),
    ],
    legal=_answers,
    draws=20,
    misconceptions={
        "That is the accuracy of all pictures. Compute one for every group.": (
            lambda labels, said, groups: np.full(groups.max() + 1, (labels == said).mean()),
            lambda labels, said, groups: (labels == said).mean(),
        ),
        "You divided by the number of all pictures; divide by those of the group.": (
            lambda labels, said, groups: _counts(labels, said, groups) / len(labels)
        ),
        "These are counts; divide each by the size of its group.": _counts,
        "That is the share of mistakes.": lambda *case: 1 - _shares(*case),
        "You grouped by the label: that is the recall of every class.": (
            lambda labels, said, groups: _shares(labels, said, labels),
            lambda labels, said, groups: [
                (said == labels)[labels == c].mean() for c in np.unique(labels)
            ],
        ),
        "You grouped by the answer: that is the precision of every class.": (
            lambda labels, said, groups: _shares(labels, said, said),
            lambda labels, said, groups: [
                (said == labels)[said == c].mean() for c in np.unique(said)
            ],
        ),
        "You divided by the right answers of all groups; divide by the size of the group.": (
            lambda labels, said, groups: _counts(labels, said, groups) / (labels == said).sum()
        ),
        "Number g of the result is group g: the groups do not come in order.": (
            lambda labels, said, groups: [
                (labels == said)[groups == g].mean() for g in dict.fromkeys(groups.tolist())
            ]
        ),
    },
    rtol=1e-6,
    atol=1e-7,
)
