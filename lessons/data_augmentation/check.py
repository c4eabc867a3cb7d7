"""Checks of the lesson Data augmentation."""

from collections.abc import Callable
from itertools import combinations, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise, about, call, draw, numbers, require
from utils.checks.calling import time_limit
from utils.quiet import keras, tf

layers = keras.layers

# ---- Which strength? -----------------------------------------------------------------------------


def _worth(
    inside: Callable = np.less_equal,
    pays: Callable = np.greater,
    since: Callable[[int], int] = lambda k: 0,
) -> Callable[..., float]:
    """Somebody's choice, right as it stands; `since` is the place from which a loss is measured."""

    def choose(strengths, accuracies, mine, points):
        strengths, right = strengths.tolist(), accuracies.tolist()
        k = max((k for k, one in enumerate(strengths) if inside(one, mine)), default=0)
        return strengths[k] if pays(right[since(k)] - right[k], points) else 0

    return choose


def _curve(rng: np.random.Generator) -> tuple[NDArray, NDArray, float, float]:
    """A table of a change, a limit in it or between its strengths or above them all."""
    count = int(rng.integers(2, 8))
    steps = rng.choice(np.arange(1, 40), count - 1, replace=False)
    strengths = np.append(0, np.sort(steps)) / float(rng.choice([1, 20, 360]))
    accuracies = 90.0 - np.append(0, np.sort(rng.integers(0, 60, count - 1)))
    if rng.random() < 0.3:
        accuracies[1:] = rng.integers(20, 95, count - 1)
    at = strengths[rng.integers(count)]
    mine = float(rng.choice([at, at * 1.01, strengths[-1] * 2, 0]))
    return strengths, accuracies, mine, float(rng.choice([2.5, 10.5, 20]))


TURNS = np.array([0, 10, 20, 45])
FALLS, RISES = np.array([80.0, 77, 65, 30]), np.array([70.0, 84, 66, 30])

worth_training = Exercise(
    title="Which strength?",
    outcome="choose",
    praise="Strong enough to teach something, mild enough for the label to stay true.",
    nudge="For turn 0, 10, 20, 45 and a limit of 30: which strength is asked about? What has the "
    "network lost there?",
    hint="`k = np.flatnonzero(strengths <= mine)[-1]` is the place of the largest strength that is "
    "not above your limit. Compare `accuracies[0] - accuracies[k]` with `points`.",
    oracle=_worth(),
    cases=[
        *((TURNS, FALLS, mine, 10) for mine in (30, 15, 20, 60)),
        (TURNS, np.array([80.0, 77, 70, 30]), 20, 10),
        *((TURNS, right, mine, 10) for right, mine in ((FALLS, 40), (RISES, 30), (RISES, 15))),
        (np.array([0, 0.05, 0.1]), np.array([82.0, 60, 41]), 0, 10),
        (np.array([0, 0.2, 0.4]), np.array([80.0, 60, 78]), 0.4, 10),
        (np.array([0, 0.1, 0.2, 0.3]), np.array([90.0, 70, 60, 20]), 0.25, 10),
    ],
    legal=_curve,
    misconceptions={
        "At that strength you would no longer name it yourself: stay at or below `mine`.": (
            _worth(inside=lambda strength, mine: True),
            lambda strengths, accuracies, mine, points: strengths[
                min(np.searchsorted(strengths, mine), len(strengths) - 1)
            ],
        ),
        "The network has lost too little there to learn from it: return 0.": _worth(
            pays=lambda loss, points: True
        ),
        "Your own limit counts, too: a strength that is equal to `mine` may be taken.": _worth(
            inside=np.less
        ),
        "You stopped at the first strength that costs enough. Take the largest one that is not "
        "above `mine`.": lambda strengths, accuracies, mine, points: min(
            strengths[(strengths <= mine) & (accuracies[0] - accuracies > points)], default=0
        ),
        "Return a strength of the table, not your own limit.": (
            lambda s, a, mine, points: mine if _worth()(s, a, mine, points) else 0
        ),
        "You compared with `points` the wrong way round: train where the loss is *more*.": _worth(
            pays=np.less
        ),
        "The loss is measured from strength 0, the picture as it is, not from the step before.": (
            _worth(since=lambda k: max(k - 1, 0))
        ),
    },
)

# ---- Copies, in every epoch anew -----------------------------------------------------------------

SIDE, BATCH, EPOCHS = 64, 32, 4
SHIFT = 0.1
SPOTS = np.array([[26.0, 24.0], [28.0, 40.0], [40.0, 28.0]])
"""Rows and columns of a red, a green and a blue spot; a mirror swaps the way round them."""
PLACES = np.indices((SIDE, SIDE))
GROUND, STEP, BRIGHT, WIDTH = 40, 2, 60, 2.0
ALIKE = 1.3
"""How many times more light one spot of a copy may give than another."""
EVEN = 1.1
"""How much longer in one direction, or how much lighter, a copy may be."""
FAR = 0.7
"""Of many random draws the largest is to be beyond this share of what was asked for."""


class Shelf:
    """Numbered pictures of three spots; it notes how often each is read.

    The gray of the ground is the label, so that a change that mixes them up is seen.
    """

    def __init__(self, count: int):
        far = np.linalg.norm(PLACES[..., np.newaxis] - SPOTS.T[:, np.newaxis, np.newaxis], axis=0)
        grounds = GROUND + STEP * np.arange(count).reshape(-1, 1, 1, 1)
        spots = BRIGHT * np.exp(-(far**2) / (2 * WIDTH**2))
        self.originals = (grounds + spots).astype(np.float32)
        self.read = 0

    def pictures(self) -> tf.data.Dataset:
        """The pairs one by one, as a folder gives them."""
        return tf.data.Dataset.range(len(self.originals)).map(self._pair)

    def _pair(self, number: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        picture = tf.numpy_function(self._read, [number], tf.float32)
        return tf.ensure_shape(picture, (SIDE, SIDE, 3)), number

    def _read(self, number: int) -> NDArray[np.float32]:
        self.read += 1
        return self.originals[number]


def _line(answer: Any, rng: np.random.Generator) -> None:
    for count, degrees in ((96, 18), (70, 40)):
        shelf, most = Shelf(count), count // BATCH + 9
        pictures = shelf.pictures()
        with about(pictures=count, degrees=degrees):
            dataset = call(lambda d, p=pictures: answer(p, d), degrees)
            _is_batched(dataset)
            with time_limit():
                epochs = [[*islice(dataset.as_numpy_iterator(), most)] for _ in range(EPOCHS)]
            labels = _labels(epochs, count)
            words = "Every epoch reads the files again: `cache` keeps what has been read."
            require(shelf.read == count, words, expected_to_be_read=count, read=shelf.read)
            _stirred(labels)
            images = np.array([np.concatenate([image for image, _ in one]) for one in epochs])
            _moved(images, labels, shelf.originals)
            _as_asked(np.concatenate(images), labels.ravel(), degrees)
            last = "Prefetch" in type(dataset).__name__
            require(last, "All is in order but for the end: the last step is `prefetch`.")


def _is_batched(dataset: Any) -> None:
    words = f"Return a `tf.data.Dataset`; yours is a {type(dataset).__name__}."
    require(isinstance(dataset, tf.data.Dataset), words)
    spec = dataset.element_spec
    words = "Keep the pairs: `map` wants a function of pictures *and* labels that returns both."
    require(isinstance(spec, tuple) and len(spec) == 2, words)
    shape = spec[1].shape
    require(shape.rank != 0, "The pictures come one by one: `batch` is missing.")
    words = "Labels go through untouched: one number for each picture."
    require(shape.rank in (1, None), words, shape_of_yours=str(shape))


def _labels(epochs: list, count: int) -> NDArray:
    """The labels of whole epochs, shape (EPOCHS, count)."""
    whole = [BATCH] * (count // BATCH) + [count % BATCH] * (count % BATCH > 0)
    for epoch in epochs:
        sizes = [len(label) for _, label in epoch]
        words = "An epoch has batches of 32, and at its end one of what is left."
        require(sizes == whole, words, expected_sizes=whole, sizes=sizes[:9])
    labels = np.array([np.concatenate([label for _, label in epoch]) for epoch in epochs])
    words = "Every picture comes once in every epoch, with its own label; some of yours do not."
    each = all(np.array_equal(np.sort(one), range(count)) for one in labels)
    require(each, words)
    return labels


def _stirred(labels: NDArray) -> None:
    late = labels - np.arange(labels.shape[1])
    require(late.any(), "The pictures come class after class: `shuffle` is missing.")
    words = "Every epoch has the same order: does `shuffle` stand behind the cache, and stir anew?"
    require((labels != labels[0]).any(), words)
    words = "The buffer of `shuffle` is small: the last pictures never come first. Give it "
    require(late.max() >= labels.shape[1] * 2 / 3, words + "`len(pictures)`.")


def _moved(images: NDArray, labels: NDArray, originals: NDArray) -> None:
    """Pictures are changed, and in every epoch anew."""
    expected, mine = originals.shape[1:], images.shape[2:]
    require(mine == expected, "The pictures have another shape.", expected_shape=expected, got=mine)
    first, second = (images[n][np.argsort(labels[n])] for n in (0, 1))
    words = "No picture is changed: do the layers hear `training=True`, and is their `map` in the "
    require(not np.allclose(first, originals, atol=1e-3), words + "line?")
    words = "Every picture is changed once, and the cache keeps that for all epochs: what is "
    require((first != second).any(), words + "random stands behind the cache.")


def _as_asked(images: NDArray, labels: NDArray, degrees: float) -> None:
    """Mirror, turn and shift, read off the spots, are as far as asked for; nothing else is done."""
    grounds = np.median(images, axis=(1, 2, 3))
    corners = images[:, [0, 0, -1, -1], [0, -1, 0, -1]].min(axis=(1, 2))
    words = 'Black corners give a copy away: the layers want `fill_mode="reflect"`.'
    require((corners < grounds - GROUND / 2).mean() <= 1 / 2, words)
    words = "The light of the pictures has changed, or labels and pictures are mixed up."
    require(np.allclose(grounds, GROUND + STEP * labels, atol=1), words)
    spots, light = _spots(images, grounds)
    apart = np.linalg.norm(spots - np.roll(spots, 1, axis=1), axis=-1)
    equal = light.max(axis=1) < ALIKE * light.min(axis=1)
    words = "Some pictures are beyond recognition: a change goes too far, or there is one more "
    require(equal.all() and apart.min() > 3 * WIDTH / 2, words + "than mirror, shift and turn.")
    linear, shifts = _moves(spots)
    mirrored = np.linalg.det(linear) < 0
    linear[mirrored, :, 1] *= -1
    (a, b), (c, d) = linear.transpose(1, 2, 0)
    turns = np.degrees(np.arctan2(c - b, a + d))
    require(
        not np.abs(turns).max() > 150 > 2 * degrees,
        "Some pictures stand on their heads.",
        "`RandomRotation` takes shares of a full turn, `degrees / 360`; and "
        '`RandomFlip("horizontal")` swaps left and right alone.',
        largest_turn=f"{np.abs(turns).max():.0f} degrees",
    )
    share = mirrored.mean()
    words = "Half of the pictures are to be mirrored, left and right."
    require(0.3 < share < 0.7, words, expected_mirrored="about half", mirrored=f"{share:.0%}")
    even = np.linalg.cond(linear).max() <= EVEN
    require(even, "Some pictures are stretched or slanted: that was not asked for.")
    _reaches("turn", np.abs(turns).max(), degrees, "degrees")
    both_ways = min(-turns.min(), turns.max()) >= degrees / 3
    require(both_ways, "Turn either way, to the left and to the right.")
    words = "Some pictures have become larger or smaller: no zoom was asked for."
    require(np.allclose(np.sqrt(np.linalg.det(linear)), 1, atol=0.06), words)
    for name, most in zip(("height", "width"), shifts, strict=True):
        _reaches(f"shift along the {name}", most, SHIFT, f"of the {name}")
    _, plain = _spots(Shelf(1).originals, np.array(GROUND))
    share = light.mean(axis=1) / plain.mean()
    words = "The contrast of some pictures has changed: that was not asked for."
    require(max(share.max(), 1 / share.min()) <= EVEN, words)


def _spots(images: NDArray, grounds: NDArray) -> tuple[NDArray, NDArray]:
    """Where the three spots are now, shape (N, 3, 2), and how much light each gives, (N, 3)."""
    bright = np.clip(images - grounds.reshape(-1, 1, 1, 1) - BRIGHT / 10, 0, None)
    light = bright.sum(axis=(1, 2))
    at = np.einsum("nyxs,ayx->nsa", bright, PLACES)
    return at / np.maximum(light, 1)[..., np.newaxis], light


def _moves(spots: NDArray) -> tuple[NDArray, NDArray]:
    """What was done to the pictures: matrices (N, 2, 2), and the longest shifts (2,)."""
    before, after = SPOTS - (SIDE - 1) / 2, spots - (SIDE - 1) / 2
    rows = np.linalg.solve(np.hstack([before, np.ones((3, 1))]), after)
    linear, shifts = rows[:, :2].transpose(0, 2, 1), rows[:, 2] / SIDE
    first = np.linalg.solve(linear, shifts[..., np.newaxis])[..., 0]  # where the shift comes first
    return linear, min(np.abs(shifts).max(axis=0), np.abs(first).max(axis=0), key=np.max)


def _reaches(name: str, most: float, asked: float, unit: str) -> None:
    """`NotYet` unless the largest of many draws comes close to what was asked for."""
    turns = unit == "degrees" and most > 0.01
    hint = "`RandomRotation` takes shares of a full turn: `degrees / 360`." if turns else None
    near = FAR * asked < most < 1.05 * asked + 0.01
    with about(**{f"asked for, {name}": f"up to {asked:g} {unit}", "yours": f"up to {most:.2g}"}):
        require(near, f"The {name} is another one than asked for.", hint)


training_line = Exercise(
    title="Copies, in every epoch anew",
    outcome="build",
    praise="Read once, stirred anew, changed anew: no epoch sees the same pictures as another.",
    nudge="Draw the line: pictures, cache, shuffle, batch, network. Where may something random "
    "stand? And what share of a full turn are 18 degrees?",
    hint='`change = keras.Sequential([...])` of `RandomFlip("horizontal")`, '
    "`RandomTranslation(0.1, 0.1)` and `RandomRotation(degrees / 360)`. Then "
    "`pictures.cache().shuffle(len(pictures)).batch(32)`, and behind it `.map(lambda x, y: "
    "(change(x, training=True), y))` and `.prefetch(1)`.",
    test=_line,
)

# ---- The proof -----------------------------------------------------------------------------------


SHAPE = (3, 3, 1)


@keras.saving.register_keras_serializable("data_augmentation")
class Lamp(layers.Layer):
    """Adds light in training; `untold` is whether also where nobody speaks of training."""

    def __init__(self, amount: float, untold: bool = True, always: bool = False, **settings: Any):
        super().__init__(**settings)
        self.amount, self.untold, self.always = amount, untold, always

    def call(self, x: Any, training: bool | None = None) -> Any:
        lit = self.always or (self.untold if training is None else training)
        return x + self.amount if lit else x


def _network(*parts: keras.Layer) -> keras.Sequential:
    model = keras.Sequential([keras.Input(SHAPE), *parts])
    model.compile(run_eagerly=True)  # no complaints of TensorFlow about many small networks
    return model


def _proves(answer: Any, rng: np.random.Generator) -> None:
    for lamp, what, other in (
        (Lamp(0.6), "adds light in training", True),
        (Lamp(0.7), "adds light in training", False),
        (Lamp(-0.4), "takes light in training", False),
        (Lamp(0.0), "changes nothing", False),
        (Lamp(0.5, always=True), "adds light, also at inference", False),
        (Lamp(0.5, untold=False), "rests unless it hears `training=True`", False),
    ):
        bare, inner = (_network(layers.Flatten(), layers.Dense(3, "softmax")) for _ in range(2))
        kernel, bias = rng.normal(0, 1, (9, 3)), rng.normal(0, 1, 3)
        bare.set_weights([kernel, bias])
        inner.set_weights([1.5 * kernel, bias])
        fronted = _network(lamp, inner if other else bare)
        pictures = rng.random((5, *SHAPE)).astype(np.float32)
        got = call(lambda x, f=fronted, b=bare: answer(f, b, x), pictures)
        behind = "another network than the bare one" if other else "the bare one"
        with about(the_layer_in_front=what, behind_it=behind):
            _judge(got, fronted, bare, pictures)


def _judge(got: Any, fronted: keras.Model, bare: keras.Model, pictures: NDArray) -> None:
    predicted = fronted.predict(pictures, verbose=0) - bare.predict(pictures, verbose=0)
    gaps = [predicted, np.asarray(fronted(pictures) - bare(pictures))]
    right = [float(np.abs(gap).max()) for gap in gaps]
    values = numbers(list(got) if isinstance(got, tuple | list) else got)
    others = {
        "Swap them: first what `predict` says, then the call.": right[::-1],
        "A difference may be negative: take `np.abs` before the largest.": [
            gap.max() for gap in gaps
        ],
        "You took the mean; one picture that differs is enough, so take the largest.": [
            np.abs(gap).mean() for gap in gaps
        ],
        "Both of yours ask networks at rest. The second asks by a plain call, `fronted(pictures)`, "
        "and does not speak of training.": right[:1] * 2,
        "Both of yours come from a call. The first asks `fronted.predict`.": right[1:] * 2,
    }
    with about(expected=np.array(right), got=values):
        require(values.shape == (2,), "Return two numbers, separated by a comma.")
        fit = [hint for hint, pair in others.items() if np.allclose(values, pair, atol=1e-5)]
        certain = fit[0] if len(fit) == 1 else None
        alike = np.allclose(values, right, atol=1e-5)
        require(alike, "These are not the largest differences.", certain)


proof = Exercise(
    title="The proof",
    outcome="prove",
    praise="Two numbers that tell a network that rests at inference from one that does not.",
    nudge="What does `fronted.predict(pictures, verbose=0)` give, and what the bare one? How do "
    "you make one number of the difference of two arrays?",
    hint="`np.abs(fronted.predict(pictures, verbose=0) - bare.predict(pictures, verbose=0)).max()` "
    "is the first; for the second, call both: `fronted(pictures)`. Make floats of both.",
    test=_proves,
)

# ---- Which one do you ship? ----------------------------------------------------------------------

LIMIT = 0.05


def _p(ours: list[int], others: list[int]) -> float:
    """The share of all deals into two hands of equal size whose sums lie as far apart."""
    half, apart = sum(ours + others) / 2, abs(sum(ours) - sum(others)) / 2
    hands = combinations(ours + others, len(ours))
    return np.mean([abs(sum(hand) - half) >= apart for hand in hands])


def _is_higher(ours: list[int], others: list[int]) -> bool:
    return sum(ours) > sum(others)


def _shipping(
    passes: Callable = lambda ours, others: _is_higher(ours, others) and _p(ours, others) < LIMIT,
    best: Callable[[list[int]], int] = sum,
) -> Callable[[dict[str, list[int]]], str]:
    """Somebody's choice, the best of those that pass beside "none"; as it stands it is right."""

    def ship(right):
        good = [name for name in right if name != "none" and passes(right[name], right["none"])]
        return max(good, key=lambda name: best(right[name]), default="none")

    return ship


def _best_alone(right):
    best = max(right, key=lambda name: (name != "none", sum(right[name])))
    return _shipping()({name: right[name] for name in (best, "none")})


def _ledger(rng: np.random.Generator) -> tuple[dict[str, list[int]]]:
    """Counts of right answers of some settings, far from each other or near; no two means equal."""
    names = ["none", "flip", "zoom", "turn", "light"][: int(rng.integers(2, 6))]
    starts, rows = int(rng.choice([4, 5, 5])), np.zeros((len(names), 1), int)
    while len(set(rows.sum(axis=1))) < len(names):
        shifts = np.append(0, rng.choice([-30, -8, 0, 6, 10, 14, 30], len(names) - 1))
        rows = 250 + shifts[:, np.newaxis] + rng.integers(-9, 10, (len(names), starts))
    return ({names[k]: rows[k].tolist() for k in rng.permutation(len(names))},)


NONE = [263, 247, 252, 259, 265]
MILD = [269, 265, 264, 266, 277]
HIGH = [300, 301, 303, 299, 302]
to_ship = Exercise(
    title="Which one do you ship?",
    outcome="decide",
    praise="The best of those that are better, and nothing where nothing is.",
    nudge="Two questions to each setting: is its mean above that of `none`, and is p below 0.05? "
    "Who is left?",
    hint='Collect the settings with `np.mean(row) > np.mean(right["none"])` and '
    '`p_of_difference(row, right["none"]) < 0.05` in a dictionary of their means. Return its '
    'largest, `max(means, key=means.get)`, or "none" where it is empty.',
    oracle=_shipping(),
    cases=[
        ({"none": NONE, "flip": MILD},),
        ({"none": NONE, "turn": [264, 250, 259, 255, 266]},),
        ({"none": NONE, "upside down": [220, 231, 225, 228, 219]},),
        ({"none": NONE, "flip": MILD, "zoom": HIGH},),
        ({"flip": MILD, "lucky": [210, 330, 330, 330, 213], "none": NONE},),
        ({"none": NONE, "noise": [231, 222, 229, 226, 230], "blur": [240, 238, 239, 241, 237]},),
        ({"none": [250, 252], "flip": [290, 291]},),
        ({"none": NONE, "flip": HIGH, "zoom": [296, 340, 341, 338, 339]},),
        ({"flip": HIGH, "none": NONE, "zoom": MILD},),
        ({"blur": HIGH, "none": NONE, "turn": [285, 284, 310, 286, 287]},),
        ({"turn": [285, 311, 284, 286, 287], "zoom": HIGH, "none": NONE},),
        ({"none": NONE, "flip": MILD, "lucky": [220, 330, 325, 330, 213]},),
        ({"none": NONE, "shear": [266, 263, 264, 262, 270]},),
        ({"none": [240, 241, 239, 242, 264], "flip": [260, 262, 261, 263, 260]},),
        ({"zoom": [260, 262, 261, 263], "none": [250, 252, 251, 253]},),
        ({"none": NONE},),
    ],
    legal=_ledger,
    misconceptions={
        "The highest mean is not enough: five starts may be lucky. Ask for p below 0.05.": (
            _shipping(_is_higher)
        ),
        "A small p says *different*; it may be worse. Ask for the higher mean, too.": _shipping(
            lambda ours, others: _p(ours, others) < LIMIT
        ),
        "You asked that the worst start be above the best one without copies. Compare means, by "
        "`p_of_difference`.": _shipping(lambda ours, others: min(ours) > max(others)),
        "The setting with the highest mean did not pass, and you gave up. Another one does.": (
            _best_alone
        ),
        "Several are better: take the one with the highest mean, not the best single start.": (
            _shipping(best=max)
        ),
        "You kept those that chance explains well: p is to be *below* 0.05.": _shipping(
            lambda ours, others: _is_higher(ours, others) and _p(ours, others) >= LIMIT
        ),
    },
)

# ---- Brighter without wrapping -------------------------------------------------------------------


def _brighter(image: NDArray, amount: int, low: int = 0, high: int = 255) -> NDArray:
    """In Python's own numbers, one pixel at a time."""
    pixels = [min(high, max(low, int(pixel) + amount)) for pixel in image.flat]
    return np.array(pixels).reshape(image.shape)


def _added(image: NDArray, amount: int) -> NDArray:
    return image.astype(int) + amount


def _light(rng: np.random.Generator) -> tuple[NDArray, int]:
    shape = rng.integers(1, 5, rng.integers(1, 4))
    return draw(rng, shape, "uint8"), int(rng.integers(-255, 256))


def _bytes(got: Any, image: NDArray, amount: int) -> NDArray:
    """The result, if it is no array of larger whole numbers."""
    larger = isinstance(got, np.ndarray) and got.dtype.kind in "iu" and got.dtype != np.uint8
    words = "A picture of this kind holds `uint8`: change the type back."
    require(not larger, words, expected_type="uint8", got=str(getattr(got, "dtype", "")))
    return numbers(got)


brighter = Exercise(
    title="Brighter without wrapping",
    outcome="build",
    praise="White stays white, and black stays black. (To draw the result, let it be `uint8` "
    "again: `plt.imshow` takes decimals for numbers from 0 to 1.)",
    nudge="200 + 100 needs a ninth bit. What has to happen to the pixels *before* you add?",
    hint="Three steps: change to a type with room for -255 to 510, such as `np.int16`, and add; "
    "then `np.clip` brings the sums back to 0 to 255; then change the type back to `np.uint8`.",
    oracle=_brighter,
    read=_bytes,
    whole=True,
    cases=[
        (np.array([[10, 100, 200]], np.uint8), 100),
        (np.array([[10, 100, 200]], np.uint8), -100),
        (np.array([[0, 1, 254, 255]], np.uint8), 0),
        (np.array([[0, 1, 254, 255]], np.uint8), 1),
        (np.array([[0, 1, 254, 255]], np.uint8), -1),
        (np.array([[[0, 128, 255]]], np.uint8), 255),
        (np.array([[[0, 128, 255]]], np.uint8), -255),
    ],
    legal=_light,
    misconceptions={
        "The sum has wrapped around: a `uint8` holds 0 to 255, so 200 + 100 becomes 44. To clip "
        "it afterwards is too late. Change to a larger type first, such as `np.int16`.": (
            lambda image, amount: _added(image, amount) % 256
        ),
        "Some numbers lie outside 0 to 255: clip at both ends.": (
            _added,
            lambda image, amount: _brighter(image, amount, low=-255),
            lambda image, amount: _brighter(image, amount, high=510),
        ),
        "You clipped to 0..1; these pixels lie in 0..255.": (
            lambda image, amount: _brighter(image, amount, high=1)
        ),
        "With a negative amount the picture stays as it was: it should get darker, down to 0.": (
            lambda image, amount: _brighter(image, max(amount, 0))
        ),
        "You made it darker: add the amount.": lambda image, amount: _brighter(image, -amount),
        "The direction is lost: a negative amount makes the picture darker.": (
            lambda image, amount: _brighter(image, abs(amount))
        ),
        "You multiplied; add the same amount to every pixel.": (
            lambda image, amount: np.clip((1 + amount / 255) * image, 0, 255),
            lambda image, amount: np.clip((1 + amount / 255) * image, 0, 255).astype(np.uint8),
            lambda image, amount: np.clip((1 + amount / 100) * image, 0, 255),
        ),
        "Pixels that would become too bright or too dark are left as they were; they should "
        "become 255 or 0.": lambda image, amount: np.where(
            _added(image, amount) == _brighter(image, amount), _added(image, amount), image
        ),
    },
)
