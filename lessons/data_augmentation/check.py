"""Checks of the lesson Data augmentation."""

from collections.abc import Callable, Sequence
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
    inside: Callable[[float, float], bool] = lambda strength, mine: strength <= mine,
    lost: Callable[[list[float], int], float] = lambda right, k: right[0] - right[k],
    pays: Callable[[float, float], bool] = lambda loss, points: loss > points,
    otherwise: Callable[[list[float], int], float] = lambda strengths, k: 0,
) -> Callable[..., float]:
    """Somebody's choice; with the defaults it is right.

    Args:
        inside: whether a strength is within the limit of a person.
        lost: what is lost at a strength, by the accuracies and its place.
        pays: whether so large a loss is worth training for.
        otherwise: what is returned where it is not, by the strengths and the place.
    """

    def choose(strengths, accuracies, mine, points):
        strengths, right = np.asarray(strengths).tolist(), np.asarray(accuracies).tolist()
        last = max((k for k, one in enumerate(strengths) if inside(one, mine)), default=0)
        return strengths[last] if pays(lost(right, last), points) else otherwise(strengths, last)

    return choose


def _first_loss(strengths, accuracies, mine, points):
    for strength, right in zip(strengths.tolist(), accuracies.tolist(), strict=True):
        if strength <= mine and accuracies[0] - right > points:
            return strength
    return 0


def _mine_itself(strengths, accuracies, mine, points):
    return mine if _worth()(strengths, accuracies, mine, points) else 0


def _curve(rng: np.random.Generator) -> tuple[NDArray, NDArray, float, float]:
    """A table of a change, a limit in it or between its strengths or above them all."""
    count = int(rng.integers(2, 8))
    steps = rng.choice(np.arange(1, 40), count - 1, replace=False)
    strengths = np.concatenate([[0], np.sort(steps)]) / float(rng.choice([1, 20, 360]))
    accuracies = 90 - np.concatenate([[0], np.sort(rng.integers(0, 60, count - 1))])
    if rng.random() < 0.3:
        accuracies[1:] = rng.integers(20, 95, count - 1)
    at = strengths[rng.integers(count)]
    mine = float(rng.choice([at, at * 1.01, strengths[-1] * 2, 0]))
    return strengths, accuracies.astype(float), mine, float(rng.choice([2.5, 10.5, 20]))


worth_training = Exercise(
    title="Which strength?",
    outcome="choose",
    praise="Strong enough to teach something, mild enough for the label to stay true.",
    nudge="For turn 0, 10, 20, 45 and a limit of 30: which strength is asked about? What has the "
    "network lost there?",
    hint="`k = np.flatnonzero(strengths <= mine)[-1]` is the place of the largest strength that is "
    "not above your limit. Compare `accuracies[0] - accuracies[k]` with `points`.",
    oracle=lambda strengths, accuracies, mine, points: _worth()(
        strengths, accuracies, mine, points
    ),
    cases=[
        (np.array([0, 10, 20, 45]), np.array([80.0, 77, 65, 30]), 30, 10),
        (np.array([0, 10, 20, 45]), np.array([80.0, 77, 65, 30]), 15, 10),
        (np.array([0, 10, 20, 45]), np.array([80.0, 77, 65, 30]), 20, 10),
        (np.array([0, 10, 20, 45]), np.array([80.0, 77, 65, 30]), 60, 10),
        (np.array([0, 10, 20, 45]), np.array([80.0, 77, 70, 30]), 20, 10),
        (np.array([0, 10, 20, 45]), np.array([80.0, 77, 65, 30]), 40, 10),
        (np.array([0, 10, 20, 45]), np.array([70.0, 84, 66, 30]), 30, 10),
        (np.array([0, 10, 20, 45]), np.array([70.0, 84, 66, 30]), 15, 10),
        (np.array([0, 0.05, 0.1]), np.array([82.0, 60, 41]), 0, 10),
        (np.array([0, 0.2, 0.4]), np.array([80.0, 60, 78]), 0.4, 10),
        (np.array([0, 0.1, 0.2, 0.3]), np.array([90.0, 70, 60, 20]), 0.25, 10),
    ],
    legal=_curve,
    misconceptions={
        "At that strength you would no longer name it yourself: stay at or below `mine`.": (
            _worth(inside=lambda strength, mine: True),
            lambda strengths, accuracies, mine, points: strengths[
                min(int(np.searchsorted(strengths, mine)), len(strengths) - 1)
            ],
        ),
        "The network has lost too little there to learn from it: return 0.": _worth(
            pays=lambda loss, points: True
        ),
        "Your own limit counts, too: a strength that is equal to `mine` may be taken.": _worth(
            inside=lambda strength, mine: strength < mine
        ),
        "You stopped at the first strength that costs enough. Take the largest one that is not "
        "above `mine`.": _first_loss,
        "Return a strength of the table, not your own limit.": _mine_itself,
        "You compared with `points` the wrong way round: train where the loss is *more*.": _worth(
            pays=lambda loss, points: loss < points
        ),
        "The loss is measured from strength 0, the picture as it is, not from the step before.": (
            _worth(lost=lambda right, k: right[max(k - 1, 0)] - right[k])
        ),
    },
)

# ---- Copies, in every epoch anew -----------------------------------------------------------------

SIDE, BATCH, EPOCHS = 64, 32, 4
SHIFT = 0.1
SPOTS = np.array([[26.0, 24.0], [28.0, 40.0], [40.0, 28.0]])
"""Rows and columns of a red, a green and a blue spot; a mirror swaps the way round them."""
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
        self.count, self.read = count, 0
        rows, columns = np.mgrid[:SIDE, :SIDE]
        self.spots = np.stack(
            [np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * WIDTH**2)) for y, x in SPOTS], -1
        )

    def pictures(self) -> tf.data.Dataset:
        """The pairs one by one, as a folder gives them."""
        return tf.data.Dataset.range(self.count).map(self._pair)

    def _pair(self, number: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        picture = tf.py_function(self._read, [number], tf.float32)
        picture.set_shape((SIDE, SIDE, 3))
        return picture, number

    def _read(self, number: tf.Tensor) -> NDArray:
        self.read += 1
        return self._drawn(number.numpy())

    def _drawn(self, number: int) -> NDArray[np.float32]:
        return (GROUND + STEP * number + BRIGHT * self.spots).astype(np.float32)

    def originals(self) -> NDArray[np.float32]:
        """All pictures as they are, in order."""
        return np.stack([self._drawn(number) for number in range(self.count)])


def _spots(picture: NDArray) -> tuple[NDArray, NDArray]:
    """Where the three spots are now, shape (3, 2), and how much light each gives, shape (3,)."""
    bright = np.clip(picture - np.median(picture) - BRIGHT / 10, 0, None)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    light = bright.sum(axis=(0, 1))
    at = [
        (bright * axis[..., np.newaxis]).sum(axis=(0, 1)) / np.maximum(light, 1)
        for axis in (rows, columns)
    ]
    return np.stack(at, axis=-1), light


def _whole(spots: NDArray, light: NDArray) -> bool:
    """Whether three equal spots stand apart, so that what was done can be read off them."""
    apart = min(np.linalg.norm(spots[k] - spots[k - 1]) for k in range(3))
    return apart > 3 * WIDTH / 2 and light.max() < ALIKE * light.min()


class Move:
    """What was done to a picture, read off its spots: mirror, turn, shift, size, slant."""

    def __init__(self, spots: NDArray):
        middle = (SIDE - 1) / 2
        before, after = SPOTS - middle, spots - middle
        ones = np.ones((3, 1))
        matrix = np.linalg.solve(np.hstack([before, ones]), after)
        linear, self.shift = matrix[:2].T, matrix[2] / SIDE
        self.shift_before = np.linalg.solve(linear, self.shift)
        self.mirrored = np.linalg.det(linear) < 0
        if self.mirrored:
            linear = linear @ np.diag([1, -1])
        self.size = float(np.sqrt(abs(np.linalg.det(linear))))
        self.slant = float(np.linalg.cond(linear))
        self.degrees = float(np.degrees(np.arctan2(linear[1, 0] - linear[0, 1], np.trace(linear))))


def _line(answer: Any, rng: np.random.Generator) -> None:
    for count, degrees in ((96, 18), (70, 40)):
        shelf = Shelf(count)
        pictures = shelf.pictures()
        with about(pictures=count, degrees=degrees):
            dataset = call(lambda d, p=pictures: answer(p, d), degrees)
            _is_batched(dataset)
            with time_limit():
                epochs = [
                    list(islice(dataset.as_numpy_iterator(), count // BATCH + 9))
                    for _ in range(EPOCHS)
                ]
            _in_batches(epochs, count)
            _read_once(shelf)
            _stirred(epochs)
            _moved(epochs, shelf, degrees)
            last = "Prefetch" in type(dataset).__name__
            require(last, "All is in order but for the end: the last step is `prefetch`.")


def _is_batched(dataset: Any) -> None:
    kind = type(dataset).__name__
    is_one = isinstance(dataset, tf.data.Dataset)
    require(is_one, f"Return a `tf.data.Dataset`; yours is a {kind}.")
    spec = dataset.element_spec
    pairs = isinstance(spec, tuple) and len(spec) == 2
    words = "Keep the pairs: `map` wants a function of pictures *and* labels that returns both."
    require(pairs, words)
    require(spec[1].shape.rank != 0, "The pictures come one by one: `batch` is missing.")
    words = "Labels go through untouched: one number for each picture."
    require(spec[1].shape.rank in (1, None), words, shape_of_yours=str(spec[1].shape))


def _in_batches(epochs: list, count: int) -> None:
    whole = [BATCH] * (count // BATCH) + [count % BATCH] * (count % BATCH > 0)
    for epoch in epochs:
        sizes = [len(label) for _, label in epoch]
        words = "An epoch has batches of 32, and at its end one of what is left."
        require(sizes == whole, words, expected_sizes=whole, sizes=sizes[:9])
        labels = np.sort(np.concatenate([label for _, label in epoch]))
        words = "Every picture comes once in every epoch, with its own label; some of yours do not."
        require(np.array_equal(labels, range(count)), words)


def _read_once(shelf: Shelf) -> None:
    words = "Every epoch reads the files again: `cache` keeps what has been read."
    require(shelf.read == shelf.count, words, expected_to_be_read=shelf.count, read=shelf.read)


def _stirred(epochs: list) -> None:
    orders = [np.concatenate([label for _, label in epoch]) for epoch in epochs]
    in_order = all((order == np.arange(len(order))).all() for order in orders)
    require(not in_order, "The pictures come class after class: `shuffle` is missing.")
    require(
        any((order != orders[0]).any() for order in orders),
        "Every epoch has the same order: does `shuffle` stand behind the cache, and stir anew?",
    )
    ahead = max(int((order - np.arange(len(order))).max()) for order in orders)
    require(
        ahead >= len(orders[0]) * 2 / 3,
        "The buffer of `shuffle` is small: the last pictures never come first. Give it "
        "`len(pictures)`.",
    )


def _moved(epochs: list, shelf: Shelf, degrees: float) -> None:
    """Each picture mirrored, shifted and turned as asked for, anew in every epoch."""
    labels = [np.concatenate([label for _, label in epoch]) for epoch in epochs]
    images = [np.concatenate([image for image, _ in epoch]) for epoch in epochs]
    first, second = (images[n][np.argsort(labels[n])] for n in (0, 1))
    shape, mine = (SIDE, SIDE, 3), images[0].shape[1:]
    require(mine == shape, "The pictures have another shape.", expected_shape=shape, got=mine)
    require(
        not np.allclose(first, shelf.originals(), atol=1e-3),
        "No picture is changed: do the layers hear `training=True`, and is their `map` in the "
        "line?",
    )
    require(
        not np.array_equal(first, second),
        "Every picture is changed once, and the cache keeps that for all epochs: what is "
        "random stands behind the cache.",
    )
    _as_asked(np.concatenate(images), np.concatenate(labels), degrees)


def _as_asked(images: NDArray, labels: NDArray, degrees: float) -> None:
    grounds = np.median(images, axis=(1, 2, 3))
    corners = images[:, [0, 0, -1, -1], [0, -1, 0, -1]].min(axis=(1, 2))
    words = 'Black corners give a copy away: the layers want `fill_mode="reflect"`.'
    require((corners < grounds - GROUND / 2).mean() <= 1 / 2, words)
    words = "The light of the pictures has changed, or labels and pictures are mixed up."
    require(np.allclose(grounds, GROUND + STEP * labels, atol=1), words)
    spots, lights = zip(*map(_spots, images), strict=True)
    require(
        all(map(_whole, spots, lights)),
        "Some pictures are beyond recognition: a change goes too far, or there is one more "
        "than mirror, shift and turn.",
    )
    moves = [Move(spot) for spot in spots]
    share = np.mean([move.mirrored for move in moves])
    turns = np.array([move.degrees for move in moves])
    shifts = min(
        np.abs([move.shift for move in moves]),
        np.abs([move.shift_before for move in moves]),  # where the shift comes first
        key=np.max,
    )
    sizes = np.array([move.size for move in moves])
    require(
        not np.abs(turns).max() > 150 > 2 * degrees,
        "Some pictures stand on their heads.",
        "`RandomRotation` takes shares of a full turn, `degrees / 360`; and "
        '`RandomFlip("horizontal")` swaps left and right alone.',
        largest_turn=f"{np.abs(turns).max():.0f} degrees",
    )
    words = "Half of the pictures are to be mirrored, left and right."
    require(0.3 < share < 0.7, words, expected_mirrored="about half", mirrored=f"{share:.0%}")
    even = max(move.slant for move in moves) <= EVEN
    require(even, "Some pictures are stretched or slanted: that was not asked for.")
    _reaches("turn", np.abs(turns).max(), degrees, "degrees")
    both_ways = min(-turns.min(), turns.max()) >= degrees / 3
    require(both_ways, "Turn either way, to the left and to the right.")
    words = "Some pictures have become larger or smaller: no zoom was asked for."
    require(np.allclose(sizes, 1, atol=0.06), words)
    for axis, name in enumerate(("height", "width")):
        _reaches(f"shift along the {name}", shifts[:, axis].max(), SHIFT, f"of the {name}")
    share = np.mean(lights, axis=1) / np.mean(_spots(Shelf(1).originals()[0])[1])
    words = "The contrast of some pictures has changed: that was not asked for."
    require(max(share.max(), 1 / share.min()) <= EVEN, words)


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


@keras.saving.register_keras_serializable("data_augmentation")
class Lamp(layers.Layer):
    """Adds light in training; like the layers of Keras, also where nobody speaks of training."""

    def __init__(self, amount: float, always: bool = False, **settings: Any):
        super().__init__(**settings)
        self.amount, self.always = amount, always

    def call(self, x: Any, training: bool | None = True) -> Any:
        return x + self.amount if training is not False or self.always else x


@keras.saving.register_keras_serializable("data_augmentation")
class ShyLamp(Lamp):
    """Like dropout: it rests unless it hears that this is training."""

    def call(self, x: Any, training: bool | None = False) -> Any:
        return x + self.amount if training else x


SHAPE = (3, 3, 1)


def _network(weights: Sequence[NDArray]) -> keras.Sequential:
    """Probabilities of three classes."""
    last = layers.Dense(3, "softmax")
    model = keras.Sequential([keras.Input(SHAPE), layers.Flatten(), last])
    last.set_weights(weights)
    model.compile(run_eagerly=True)  # no complaints of TensorFlow about many small networks
    return model


def _in_front(lamp: Lamp, bare: keras.Model) -> keras.Sequential:
    model = keras.Sequential([keras.Input(SHAPE), lamp, bare])
    model.compile(run_eagerly=True)
    return model


def _proves(answer: Any, rng: np.random.Generator) -> None:
    for lamp, what, other in (
        (Lamp(0.6), "adds light in training", True),
        (Lamp(0.7), "adds light in training", False),
        (Lamp(-0.4), "takes light in training", False),
        (Lamp(0.0), "changes nothing", False),
        (Lamp(0.5, always=True), "adds light, also at inference", False),
        (ShyLamp(0.5), "rests unless it hears `training=True`", False),
    ):
        weights = [rng.normal(0, 1, (9, 3)), rng.normal(0, 1, 3)]
        bare = _network(weights)
        inner = _network([1.5 * weights[0], weights[1]]) if other else bare
        fronted = _in_front(lamp, inner)
        pictures = rng.random((5, *SHAPE)).astype(np.float32)
        got = call(lambda x, f=fronted, b=bare: answer(f, b, x), pictures)
        behind = "another network than the bare one" if other else "the bare one"
        with about(the_layer_in_front=what, behind_it=behind):
            _judge(got, fronted, bare, pictures)


def _judge(got: Any, fronted: keras.Model, bare: keras.Model, pictures: NDArray) -> None:
    fronted_says, bare_says = (
        (model.predict(pictures, verbose=0), np.asarray(model(pictures)))
        for model in (fronted, bare)
    )
    gaps = [one - other for one, other in zip(fronted_says, bare_says, strict=True)]
    right = [float(np.abs(gap).max()) for gap in gaps]
    values = numbers(list(got) if isinstance(got, tuple | list) else got)
    with about(expected=np.array(right), got=values):
        require(values.shape == (2,), "Return two numbers, separated by a comma.")
        alike = np.allclose(values, right, atol=1e-5)
        why = None if alike else _why(values, gaps, right)
        require(alike, "These are not the largest differences.", why)


def _why(values: NDArray, gaps: list[NDArray], right: list[float]) -> str | None:
    """What the two numbers are instead, where that is certain."""
    others = {
        "Swap them: first what `predict` says, then the call.": right[::-1],
        "A difference may be negative: take `np.abs` before the largest.": [
            gap.max() for gap in gaps
        ],
        "You took the mean; one picture that differs is enough, so take the largest.": [
            np.abs(gap).mean() for gap in gaps
        ],
        "Both of yours ask networks at rest. The second asks by a plain call, `fronted(pictures)`, "
        "and does not speak of training.": [right[0]] * 2,
        "Both of yours come from a call. The first asks `fronted.predict`.": [right[1]] * 2,
    }
    fit = [hint for hint, pair in others.items() if np.allclose(values, pair, atol=1e-5)]
    return fit[0] if len(fit) == 1 else None


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


def _p(a: Sequence[int], b: Sequence[int], two_sided: bool = True) -> float:
    """The share of the deals whose sums lie as far apart, for hands of equal or unequal sizes."""
    everything, ours = [*a, *b], len(b) * sum(a) - len(a) * sum(b)
    found = deals = 0
    for places in combinations(range(len(everything)), len(a)):
        first = sum(everything[k] for k in places)
        apart = len(b) * first - len(a) * (sum(everything) - first)
        found += abs(apart) >= abs(ours) if two_sided else apart >= ours
        deals += 1
    return found / deals


Right = dict[str, list[int]]


def _shipping(
    passes: Callable[[list[int], list[int]], bool] = lambda a, b: (
        _p(a, b) < LIMIT and sum(a) * len(b) > sum(b) * len(a)
    ),
    best: Callable[[list[int]], float] = lambda a: sum(a) / len(a),
) -> Callable[[Right], str]:
    """Somebody's choice; with the defaults it is right.

    Args:
        passes: whether a setting is better than "none".
        best: what the candidates are ordered by.
    """

    def ship(right):
        candidates = {name: a for name, a in right.items() if name != "none"}
        good = {name: a for name, a in candidates.items() if passes(a, right["none"])}
        return max(good, key=lambda name: best(good[name])) if good else "none"

    return ship


def _best_first(right):
    """Tests the best setting alone, and gives up with it."""
    best = max((n for n in right if n != "none"), key=lambda n: sum(right[n]) / len(right[n]))
    return _shipping()({name: right[name] for name in (best, "none")})


def _ledger(rng: np.random.Generator) -> tuple[Right]:
    """Counts of right answers of some settings, far from each other or near; no two means equal."""
    names = ["flip", "zoom", "turn", "light"][: int(rng.integers(1, 5))]
    starts = int(rng.choice([4, 5, 5]))
    while True:
        shifts = rng.choice([-30, -8, 0, 6, 10, 14, 30], len(names))
        table = {"none": (250 + rng.integers(-9, 10, starts)).tolist()}
        table |= {
            name: (250 + shift + rng.integers(-9, 10, starts)).tolist()
            for name, shift in zip(names, shifts, strict=True)
        }
        if len({sum(row) for row in table.values()}) == len(table):
            order = rng.permutation(list(table)).tolist()
            return ({name: table[name] for name in order},)


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
    oracle=lambda right: _shipping()(right),
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
            _shipping(passes=lambda a, b: sum(a) * len(b) > sum(b) * len(a)),
        ),
        "A small p says *different*; it may be worse. Ask for the higher mean, too.": _shipping(
            passes=lambda a, b: _p(a, b) < LIMIT
        ),
        "You asked that the worst start be above the best one without copies. Compare means, by "
        "`p_of_difference`.": _shipping(passes=lambda a, b: min(a) > max(b)),
        "The setting with the highest mean did not pass, and you gave up. Another one does.": (
            _best_first
        ),
        "Several are better: take the one with the highest mean, not the best single start.": (
            _shipping(best=max)
        ),
        "You kept those that chance explains well: p is to be *below* 0.05.": _shipping(
            passes=lambda a, b: _p(a, b) >= LIMIT and sum(a) * len(b) > sum(b) * len(a)
        ),
    },
)

# ---- Brighter without wrapping -------------------------------------------------------------------


def _added(image: NDArray, amount: int) -> NDArray:
    return image.astype(int) + amount


def _brighter(image: NDArray, amount: int) -> NDArray:
    """In Python's own numbers, one pixel at a time."""
    pixels = [min(255, max(0, int(pixel) + amount)) for pixel in image.flat]
    return np.array(pixels, np.uint8).reshape(image.shape)


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
    oracle=lambda image, amount: _brighter(image, amount),
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
            lambda image, amount: np.minimum(_added(image, amount), 255),
            lambda image, amount: np.maximum(_added(image, amount), 0),
        ),
        "You clipped to 0..1; these pixels lie in 0..255.": lambda image, amount: np.clip(
            _added(image, amount), 0, 1
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
