"""Checks of the lesson Looking inside."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from utils.checks import Exercise, draw
from utils.quiet import keras

# ---- An occlusion map ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Network:
    """A stand-in: images (N, H, W, C) in, out weighted means of their pixels, one for each class.

    With one class they are scores (N,); without a seed, they are the means of all pixels.
    """

    seed: int | None = None
    classes: int = 1

    def __repr__(self) -> str:
        if self.classes > 1:
            return f"a network of {self.classes} classes"
        return "the mean of all pixels" if self.seed is None else "a weighted mean of the pixels"

    def __call__(self, images: Any) -> NDArray[np.float64]:
        images = np.asarray(images, float)
        if images.ndim != 4:
            raise ValueError(
                f"predict takes a batch of shape (N, H, W, C), and got shape {images.shape}"
            )
        if self.seed is None:
            return images.mean(axis=(1, 2, 3))
        weights = np.random.default_rng(self.seed).normal(size=(images[0].size, self.classes))
        means = (images - 100).reshape(len(images), -1) @ weights / len(weights)
        return means if self.classes > 1 else means[:, 0]


def _fitting(side: int, patch: int, stride: int) -> int:
    return (side - patch) // stride + 1


def _drops(predict, image, patch, stride, fill, *, places=_fitting, fresh=True) -> NDArray:
    """The drop of the score for each place, one copy at a time."""
    drops = np.zeros([places(side, patch, stride) for side in image.shape[:2]])
    whole, hidden = predict(image[np.newaxis])[0], image.copy()
    for i, j in np.ndindex(drops.shape):
        hidden = image.copy() if fresh else hidden
        hidden[i * stride :, j * stride :][:patch, :patch] = fill
        drops[i, j] = whole - predict(hidden[np.newaxis])[0]
    return drops


def _picture(rng: np.random.Generator) -> tuple[Network, NDArray, int, int, float]:
    """Bytes, whole numbers or fractions, and a fill that fits them; squares from one pixel on."""
    kind = str(rng.choice(["uint8", "uint8", "whole", "float32", "normal"]))
    shape = rng.integers(1, (8, 8, 4))
    patch = int(rng.integers(1, shape[:2].min() + 1))
    fill = int(rng.integers(256)) if kind in ("uint8", "whole") else round(float(rng.random()), 2)
    image = draw(rng, tuple(shape), kind)
    return Network(int(rng.integers(1, 99))), image, patch, int(rng.integers(1, 5)), fill


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
    oracle=_drops,
    cases=[
        (Network(), TINY, 2, 2, 100),
        (Network(1), BYTES[:7, :9], 3, 2, 128),
        (Network(2), BYTES[:6, :5, :1], 2, 1, 90),
        (Network(3), BYTES, 2, 3, 255),
        (Network(4), BYTES[:5, :6] / np.float32(255), 5, 1, 0.5),
        (Network(5), BYTES[:1, :1], 1, 1, 7),
        (Network(6), BYTES[:4, :8], 4, 4, 0),
    ],
    legal=_picture,
    misconceptions={
        "You subtracted the other way around: a drop is the score of the whole picture minus that "
        "of the copy.": lambda *case: -_drops(*case),
        "These are the scores of the copies. Subtract them from the score of the whole picture.": (
            lambda predict, image, *others: (
                predict(image[np.newaxis])[0] - _drops(predict, image, *others))
        ),
        "You paint with a number of your own: paint with `fill`, whatever it is.": tuple(
            lambda *case, own=own: _drops(*case[:4], own) for own in (0, 100, 128)
        ),
        "Move the square by `stride`.": (
            lambda predict, image, patch, stride, fill: _drops(predict, image, patch, 1, fill),
            lambda predict, image, patch, stride, fill: _drops(predict, image, patch, patch, fill),
        ),
        "Every square stays inside the picture, and the last that fits counts: there are "
        "(H - patch) // stride + 1 rows of places.": (
            partial(_drops, places=lambda side, patch, stride: (side - patch) // stride),
            partial(_drops, places=lambda side, patch, stride: -(-(side - patch) // stride)),
            partial(_drops, places=lambda side, patch, stride: -(-side // stride)),
            partial(_drops, places=lambda side, patch, stride: side // stride),
        ),
        "Earlier squares are still hidden: begin every time with a fresh copy of the picture.": (
            partial(_drops, fresh=False)
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

# ---- What a network lives on ---------------------------------------------------------------------


def _hidden(
    predict, pictures, labels, masks, *, fill=128, fresh=True, channels=slice(None)
) -> NDArray[np.float64]:
    """The shares, one mask and one pixel at a time."""
    shares, copy = [], pictures.copy()
    for mask in masks:
        copy = pictures.copy() if fresh else copy
        for row, column in np.argwhere(mask):
            copy[:, row, column, channels] = fill
        shares.append(_whole(predict, copy, labels))
    return np.array(shares)


def _whole(predict, pictures, labels, *_) -> float:
    return float((np.argmax(predict(pictures), axis=1) == labels).mean())


def _exam(rng: np.random.Generator) -> tuple[Network, NDArray, NDArray, NDArray]:
    """Pictures of which most are named right, and masks of any kind, one that hides nothing."""
    predict = Network(int(rng.integers(1, 99)), int(rng.integers(2, 6)))
    height, width, channels = map(int, rng.integers(2, (7, 7, 4)))
    count, kind = int(rng.integers(8, 40)), rng.choice([np.uint8, np.int64, np.float32])
    pictures = rng.integers(0, 256, (count, height, width, channels)).astype(kind)
    labels = np.argmax(predict(pictures), axis=1)
    wrong = rng.random(count) < 0.2
    labels[wrong] = (labels[wrong] + 1) % predict.classes
    masks = rng.random((int(rng.integers(1, 4)), height, width)) < rng.uniform(0.2, 0.7)
    return predict, pictures, labels, np.concatenate([masks, np.zeros((1, height, width), bool)])


right_without = Exercise(
    title="What does it live on?",
    outcome="find out",
    praise="The part without which it is lost is the part that it lives on.",
    nudge="One mask first: how do you paint the same pixels of all pictures at once, and leave the "
    "pictures themselves as they are?",
    hint="`hidden = pictures.copy()`, then `hidden[:, mask] = 128`: every picture, the pixels of "
    "the mask, all channels. `predict(hidden).argmax(axis=1)` are the answers; the mean of "
    "`answers == labels` is a share. Do it in a loop over `masks`.",
    oracle=_hidden,
    cases=[_exam(np.random.default_rng(seed)) for seed in (1, 2, 5, 8)],
    legal=_exam,
    misconceptions={
        "Paint with 128. Black and white are things to see, too.": (
            partial(_hidden, fill=0), partial(_hidden, fill=255),
        ),
        "You kept what the mask marks and painted all the rest: hide where it is True.": (
            lambda predict, pictures, labels, masks: _hidden(predict, pictures, labels, ~masks)
        ),
        "That is how far the accuracy falls; return what is left of it.": (
            lambda *case: _whole(*case) - _hidden(*case)
        ),
        "Earlier masks are still hidden: begin every time with a fresh copy of the pictures.": (
            partial(_hidden, fresh=False)
        ),
        "That is the share of mistakes.": lambda *case: 1 - _hidden(*case),
        "Nothing is hidden: these are the accuracies of the whole pictures.": (
            lambda *case: np.full(len(case[3]), _whole(*case))
        ),
        "You painted one channel; hide all of them.": (
            partial(_hidden, channels=0), partial(_hidden, channels=-1),
        ),
        "These are counts; divide by the number of pictures.": (
            lambda *case: _hidden(*case) * len(case[2])
        ),
    },
)  # fmt: skip

# ---- Grad-CAM ------------------------------------------------------------------------------------

layers = keras.layers


@cache
def _pieces(height: int, width: int, maps: int, hidden: int, classes: int) -> tuple:
    """A base that makes maps by a 1x1 convolution, and a head of two dense layers."""
    picture = keras.Input((height, width, 3))
    base = keras.Model(picture, layers.Conv2D(maps, 1)(picture))
    head = keras.Sequential([
        keras.Input((height, width, maps)), layers.Flatten(),
        layers.Dense(hidden, activation="tanh"), layers.Dense(classes),
    ])  # fmt: skip
    return base, head


NO_GRADIENT = (
    "The tape gives None as a gradient where the logit was not computed inside the tape, from maps "
    "that it watches"
)


def _through(answer: Callable) -> Callable[..., Any]:
    """The answer as a function of the weights of a network."""

    def of_weights(picture, label, kernel, first, second):
        base, head = _pieces(*picture.shape[:2], kernel.shape[1], *second.shape)
        base.set_weights([kernel[np.newaxis, np.newaxis], np.zeros(kernel.shape[1])])
        head.set_weights([first, np.zeros(first.shape[1]), second, np.zeros(second.shape[1])])
        try:
            return answer(base, head, picture, label)
        except (TypeError, ValueError, AttributeError) as error:
            if "NoneType" in str(error) or "value (None)" in str(error):
                error.args = (f"{error}. {NO_GRADIENT}",)
            raise

    return of_weights


def _relu(x: NDArray) -> NDArray:
    return np.maximum(x, 0)


def _means(gradients: NDArray) -> NDArray:
    return gradients.mean(axis=(0, 1))


def _right(maps: NDArray, gradients: NDArray) -> NDArray:
    return _relu(maps @ _means(gradients))


def _one(logits: NDArray, label: int) -> NDArray:
    """The slope of one logit along each of them."""
    return np.eye(len(logits))[label]


def _cam(heat: Callable = _right, slope: Callable = _one) -> Callable[..., NDArray[np.float64]]:
    """A map from maps and gradients, these by the chain rule from the slope along the logits."""

    def of_weights(picture, label, kernel, first, second):
        maps = picture.astype(float) @ kernel
        inner = np.tanh(maps.ravel() @ first)
        gradients = first @ ((1 - inner**2) * (second @ slope(inner @ second, label)))
        return heat(maps, gradients.reshape(maps.shape))

    return of_weights


def _network(rng: np.random.Generator) -> tuple[NDArray, int, NDArray, NDArray, NDArray]:
    """A picture, a class, and weights that keep tanh in its middle."""
    height, width, maps, hidden, classes = SIZES[int(rng.integers(len(SIZES)))]
    picture = rng.integers(0, 3, (height, width, 3)).astype(np.float32)
    first = rng.normal(0, 0.15, (height * width * maps, hidden))
    label, kernel = int(rng.integers(classes)), rng.normal(0.3, 1, (3, maps))
    second = rng.normal(0, 2, (hidden, classes))
    return picture, label, kernel.round(1), first.round(2), second.round(1)


SIZES = ((2, 2, 2, 3, 3), (3, 4, 3, 4, 2), (1, 3, 4, 2, 4))

grad_cam = Exercise(
    title="Grad-CAM",
    outcome="build",
    praise="These lines look into any network that you can run in two pieces.",
    nudge="Four steps, one after the other: maps, logit, gradient, weighted sum. Which of them has "
    "to happen inside the tape, and what must the tape watch?",
    hint="`maps = base(picture[np.newaxis])`; `with tf.GradientTape() as tape:` `tape.watch(maps)` "
    "and `score = head(maps)[0, label]`. Then `tape.gradient(score, maps)[0]` has the shape "
    "(h, w, K): its mean over `axis=(0, 1)` are the K weights. Weigh `maps[0]`, add up over the "
    "last axis, `tf.nn.relu`.",
    use=_through,
    oracle=_cam(),
    cases=[_network(np.random.default_rng(seed)) for seed in (3, 4, 6, 9)],
    legal=_network,
    misconceptions={
        "The ReLU is missing: set what is below 0 to 0.": _cam(lambda a, g: a @ _means(g)),
        "Keep negative weights: a map with one takes something away. The ReLU comes after the "
        "sum.": (
            _cam(lambda a, g: _relu(a @ _relu(_means(g)))),
            _cam(lambda a, g: _relu(a * _means(g)).sum(axis=2)),
        ),
        "Take the gradient of the logit itself, not of a probability, its logarithm or a loss.": (
            _cam(slope=lambda z, k: softmax(z)[k] * (_one(z, k) - softmax(z))),
            _cam(slope=lambda z, k: _one(z, k) - softmax(z)),
            _cam(slope=lambda z, k: softmax(z) - _one(z, k)),
        ),
        "You took the mean over the maps. Take it over the places, `axis=(0, 1)`: one weight for "
        "each map.": _cam(lambda a, g: _relu(a.sum(axis=2) * g.mean(axis=2))),
        "The weight of a map is the mean of its gradient over the places, not the sum or the "
        "largest.": (
            _cam(lambda a, g: _relu(a @ g.sum(axis=(0, 1)))),
            _cam(lambda a, g: _relu(a @ g.max(axis=(0, 1)))),
        ),
        "You multiplied place by place. Grad-CAM gives each map one weight, the mean of its "
        "gradient.": _cam(lambda a, g: _relu((a * g).sum(axis=2))),
        "Return the sum of the weighted maps as it is, divided by nothing.": (
            _cam(lambda a, g: _right(a, g) / len(_means(g))),
            _cam(lambda a, g: _right(a, g) / max(_right(a, g).max(), 1e-12)),
        ),
        "This is the map of another class: take the logit number `label`.": (
            _cam(slope=lambda z, k: _one(z, z.argmax())), _cam(slope=lambda z, k: _one(z, 0)),
        ),
    },
    atol=1e-4,
    rtol=1e-3,
)  # fmt: skip

# ---- Accuracy by group ---------------------------------------------------------------------------


def _counts(labels: NDArray, said: NDArray, groups: NDArray) -> NDArray[np.float64]:
    return np.bincount(groups, labels == said)


def _shares(labels: NDArray, said: NDArray, groups: NDArray) -> NDArray[np.float64]:
    return _counts(labels, said, groups) / np.bincount(groups)


def _in_turn(right: NDArray, groups: NDArray, order: Iterable[int]) -> list[float]:
    return [right[groups == group].mean() for group in order]


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
    outcome="prove",
    praise="One number for all hides what these numbers show.",
    nudge="Take one group: which pictures belong to it, and how do you get the share of right "
    "answers among these alone?",
    hint="`right = labels == said` says it of every picture, and the mean of True and False is a "
    "share. `right[groups == g]` are those of group g; do this for every g from 0 to the largest.",
    oracle=_shares,
    cases=[
        tuple(np.array([[0, 0, 1, 1, 2, 2], [0, 0, 1, 0, 0, 2], [0, 0, 0, 0, 1, 1]])),
        tuple(np.array([[1, 0, 2, 2, 0, 1, 0], [0, 0, 2, 1, 0, 1, 2], [0, 1, 1, 3, 2, 2, 2]])),
        tuple(np.array([[2, 2, 0, 1, 1, 2, 0], [2, 0, 0, 1, 1, 2, 1], [2, 2, 2, 0, 0, 1, 1]])),
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
            lambda labels, said, groups: _in_turn(labels == said, labels, np.unique(labels)),
        ),
        "You grouped by the answer: that is the precision of every class.": (
            lambda labels, said, groups: _shares(labels, said, said),
            lambda labels, said, groups: _in_turn(labels == said, said, np.unique(said)),
        ),
        "You divided by the right answers of all groups; divide by the size of the group.": (
            lambda labels, said, groups: _counts(labels, said, groups) / (labels == said).sum()
        ),
        "Number g of the result is group g: the groups do not come in order.": (
            lambda labels, said, groups: _in_turn(
                labels == said, groups, dict.fromkeys(groups.tolist())
            )
        ),
    },
    rtol=1e-6,
    atol=1e-7,
)
