"""Checks of the lesson Regularization."""

import tempfile
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from statistics import fmean, pvariance
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise, NotYet, about, call, draw, numbers, require, together
from utils.quiet import keras

layers, schedules = keras.layers, keras.optimizers.schedules

# ---- Inverted dropout ----------------------------------------------------------------------------

SURE = 6
"""Standard deviations by which a share may miss its expectation: a right answer never does."""
SIX = np.array([2.0, 4, 6, 8, 10, 12])
ONE_BY_ONE = "Draw a number for each entry of each example: `rng.random(x.shape)`."


def _dropped(answer: Any, x: NDArray, rate: float, seed: int) -> NDArray:
    """What an answer makes of x: finite numbers of its shape, or `NotYet`."""
    with about(x=x, rate=rate):
        got = numbers(call(answer, x, rate, np.random.default_rng(seed)))
        words = (
            "The shape differs: return as many numbers as you were given, the dropped ones as 0."
        )
        require(got.shape == x.shape, words, expected_shape=x.shape, your_shape=got.shape)
        require(np.isfinite(got).all(), "There is a NaN or an infinite number.", got=got)
        left = got[got != 0]
        mask = got.dtype == bool or (np.ptp(x) and left.size > 3 and _equal(left))
        words = "That is the mask. Multiply `x` by it, and divide by `1 - rate`."
        require(not mask, words, got=got)
        whole = left.size and got.dtype.kind in "iu" and (x / (1 - rate) % 1).any()
        words = "Your result cannot hold fractions: make it an array of floats."
        require(not whole, words, got=got)
    return got


def _equal(values: NDArray) -> bool:
    return np.allclose(values, values[0], rtol=1e-4)


def _drawn_from_the_generator(answer: Any, rng: np.random.Generator) -> None:
    """Some numbers are dropped, and the mask comes from `rng` and from nothing else."""
    x, (seed, other) = np.tile(SIX, 20), rng.choice(2**32, 2, replace=False)
    first, again, another = (_dropped(answer, x, 0.5, number) for number in (seed, seed, other))
    require((first == 0).any(), f"No number was dropped. {ONE_BY_ONE}")
    require((first != 0).any(), f"All numbers became 0. {ONE_BY_ONE}")
    words = "The same generator gave two masks. Draw from `rng`, which you are given, and from no "
    again = np.array_equal(first, again)
    require(again, words + "other source: then a training can be repeated.")
    words = "Two different generators gave the same mask: draw it from `rng`."
    require(not np.array_equal(first, another), words)


def _is_scaled(answer: Any, rng: np.random.Generator) -> None:
    """All survivors are divided by `1 - rate`, whatever the numbers, their shape and type."""
    decimals = [
        (SIX, 0.5),
        (np.arange(1.0, 25).reshape(4, 6), 0.25),
        (rng.normal(size=(40, 1)), 0.75),
        (rng.normal(size=(3, 2, 5)).astype(np.float32), 0.375),
        (rng.normal(0, 1e-6, (2, 3, 4, 5)), 0.1),
    ]
    whole = [
        (np.arange(1, 25).reshape(4, 6), 0.25),
        (rng.integers(1, 256, (1, 30, 2), np.uint8), 0.8),
        (rng.integers(20_000, 20_020, 50), 0.9),
    ]
    _scaled(answer, decimals, rng)  # who scales nothing hears of that, not of the type
    _scaled(answer, whole, rng)


def _scaled(answer: Any, cases: list[tuple[NDArray, float]], rng: np.random.Generator) -> None:
    tried = []
    for x, rate in cases:
        got = _dropped(answer, x, rate, rng.integers(2**32))
        stays = got != 0
        if stays.any():
            factors = got[stays] / x[stays]
            tried.append((x, rate, got, factors, _hints(rate, stays.mean(), factors)))
    for x, rate, got, factors, _ in tried:
        if np.allclose(factors, 1 / (1 - rate), rtol=1e-4):
            continue
        with about(x=x, rate=rate, got=got):
            require(_equal(factors), "The survivors are not all multiplied by the same factor.")
            raise NotYet(
                f"The survivors are multiplied by {factors[0]:.4g}; with a rate of {rate} it "
                f"should be 1 / (1 - {rate}), which is {1 / (1 - rate):.4g}.",
                hint=min(set.intersection(*(hints for *_, hints in tried)), default=None),
            )


def _hints(rate: float, stayed: float, factors: NDArray) -> set[str]:
    """What may be true of survivors that are multiplied by these factors."""
    known = {
        "You did not rescale. Divide what is left by `1 - rate`, or the sum shrinks.": 1,
        "You divided by `rate`. Divide by the share that stays, `1 - rate`.": 1 / rate,
        "You multiplied by `1 - rate`. In inverted dropout one divides, while training.": 1 - rate,
        "You multiplied by `rate`. Divide by the share that stays, `1 - rate`.": rate,
        "You divided by the share that happened to stay this time. Divide by `1 - rate`: the mean "
        "over many masks is to be right, not every single one.": 1 / stayed,
    }
    return {hint for hint, factor in known.items() if np.allclose(factors, factor, rtol=1e-4)}


def _at_the_rate(answer: Any, rng: np.random.Generator) -> None:
    rates, x = np.array([0.25, 0.8, 0.04]), rng.normal(size=(100, 150))
    shares = [(_dropped(answer, x, float(rate), rng.integers(2**32)) == 0).mean() for rate in rates]
    swapped = np.allclose(shares, 1 - rates, atol=0.03)
    hint = "You dropped what should stay: `rate` is the share of zeros." if swapped else None
    for rate, share in zip(rates, shares, strict=True):
        near = abs(share - rate) <= SURE * np.sqrt(rate * (1 - rate) / x.size)
        words = "The share of zeros is not the rate."
        require(near, words, hint, rate=rate, your_share=f"{share:.3g}")


def _one_by_one(answer: Any, rng: np.random.Generator) -> None:
    """Each entry is dropped as often as every other one, and with every other one."""
    shape, seeds = (4, 3, 2), rng.choice(2**32, 200, replace=False)
    x = np.arange(1.0, 25).reshape(shape)
    dropped = np.array([(_dropped(answer, x, 0.5, seed) == 0).ravel() for seed in seeds])
    places, far = np.argwhere(x > 0).tolist(), SURE * np.sqrt(0.25 / len(seeds))
    with about(shape_of_x=shape, rate=0.5, masks_tried=len(seeds)):
        words = "The same number of entries is dropped every time. Each entry is dropped on its "
        varies = np.ptp(dropped.sum(axis=1)) > 0
        require(varies, words + "own, with probability `rate`, whatever becomes of the others.")
        share = dropped.mean(axis=0)
        worst = np.abs(share - 0.5).argmax()
        words = f"Entry {places[worst]} was dropped in {share[worst]:.0%} of the masks."
        require(abs(share[worst] - 0.5) <= far, words)
        pairs = together(dropped)
        np.fill_diagonal(pairs, 0.5)
        one, other = divmod(int(np.abs(pairs - 0.5).argmax()), len(places))
        require(
            abs(pairs[one, other] - 0.5) <= far,
            f"Entries {places[one]} and {places[other]} met the same fate in "
            f"{pairs[one, other]:.0%} of the masks; by chance it would be half of them. "
            f"{ONE_BY_ONE}",
            ONE_BY_ONE,
        )


def _is_dropout(answer: Any, rng: np.random.Generator) -> None:
    _dropped(answer, SIX, 0.5, rng.integers(2**32))
    _drawn_from_the_generator(answer, rng)
    _one_by_one(answer, rng)
    _at_the_rate(answer, rng)
    _is_scaled(answer, rng)
    x = np.arange(-3.0, 4)
    same = np.array_equal(_dropped(answer, x, 0.0, rng.integers(2**32)), x)
    require(same, "With a rate of 0 nothing is dropped, and nothing changes.")


dropout = Exercise(
    title="Inverted dropout",
    outcome="compute",
    praise="At inference there is nothing left to do: `1 - rate` is in here.",
    nudge="A random number between 0 and 1 is below 0.25 in a quarter of all cases. How do you "
    "turn that into a mask for the whole array?",
    hint="Compare `rng.random(x.shape)` with the rate: this gives True and False for every entry. "
    "Times a number, they count as 1 and 0. Then divide by the share that stays.",
    test=_is_dropout,
)

# ---- Batch normalization -------------------------------------------------------------------------

EPSILON = 0.001
ALWAYS, NEVER = (True, False), ()
"""In training and at inference, in none of them."""


def _of_columns(x: NDArray) -> NDArray[np.float64]:
    """Mean and variance of each column."""
    return np.array([(fmean(column), pvariance(column)) for column in x.T.tolist()]).T


def _norm(
    stats: Callable[[NDArray], Sequence[NDArray]] = _of_columns,
    by_batch: tuple[bool, ...] = (True,),
    moves: tuple[bool, ...] = (True,),
    keeps: Callable[[float], float] = lambda momentum: momentum,
    divisor: Callable[[NDArray], NDArray] = lambda variance: np.sqrt(variance + EPSILON),
) -> Callable[..., tuple[NDArray, NDArray, NDArray]]:
    """Somebody's batch normalization; with the defaults it is right.

    `by_batch` and `moves` hold the values of `in_training` at which x is normalized by its batch,
    and at which the averages move; `keeps` says how much of itself an average keeps.
    """

    def norm(x, mean, variance, momentum, in_training):
        batch, averages = stats(x), (mean, variance)
        center, width = batch if in_training in by_batch else averages
        if in_training in moves:
            old = keeps(momentum)
            averages = (old * a + (1 - old) * b for a, b in zip(averages, batch, strict=True))
        return (x - center) / divisor(width), *averages

    return norm


def _batch(rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray, float, bool]:
    """A batch of any size, columns on any scale, averages from anywhere."""
    rows, columns = map(int, rng.integers(1, 7, 2))
    scales = 10.0 ** rng.integers(-3, 4, columns)
    x = rng.normal(rng.normal(0, 2, columns), 1, (rows + 1, columns)) * scales
    mean, variance = rng.normal(0, 1, columns) * scales, rng.uniform(0, 2, columns) * scales**2
    return x, mean, variance, float(rng.choice([0.5, 0.9, 0.99])), bool(rng.random() < 0.5)


FOUR = np.array([[1.0, 30], [5, 90], [5, 110], [1, 170]])
SMALL = np.array([[0.02], [0.0], [0.05]]), np.array([0.5]), np.array([0.0]), 0.5
AVERAGES = np.array([3.0, 100]), np.array([4.0, 2500])

batch_norm = Exercise(
    title="Batch normalization",
    outcome="compute",
    praise="One function, two behaviors: `fit` passes True, `predict` and `evaluate` pass False.",
    nudge="Which two numbers for each column does x need in training, and which at inference? When "
    "do the averages move?",
    hint="`if in_training:` take `m = x.mean(axis=0)` and `v = x.var(axis=0)`, and new averages "
    "`momentum * mean + (1 - momentum) * m`, the same for the variance. Otherwise m and v *are* "
    "the averages. Then return `(x - m) / np.sqrt(v + 0.001)` and both averages.",
    oracle=_norm(),
    cases=[
        (np.array([[1.0, 30], [5, 50]]), np.zeros(2), np.ones(2), 0.9, True),
        (np.array([[1.0, 2, 6], [3, 3, 9], [2, 7, 0]]), np.zeros(3), np.ones(3), 0.5, True),
        (FOUR, *AVERAGES, 0.9, False),
        (FOUR[:1], *AVERAGES, 0.9, False),
        (FOUR[:1], *AVERAGES, 0.99, True),
        (*SMALL, True),
        (*SMALL, False),
        (np.array([[1, 2, 3], [4, 5, 9]]), np.zeros(3), np.ones(3), 0.75, True),
    ],
    legal=_batch,
    misconceptions={
        "You took the mean over a row, an example. Each *column* has its own mean, over the batch: "
        "`axis=0`.": _norm(lambda x: _of_columns(x.T)),
        "That is the variance with n - 1. Here it is the mean of the squares: `x.var(axis=0)`.": (
            _norm(lambda x: (x.mean(axis=0), x.var(axis=0, ddof=1)))
        ),
        "At inference the averages do the normalizing, not the batch: a picture may come alone.": (
            _norm(by_batch=ALWAYS),
            _norm(by_batch=ALWAYS, moves=ALWAYS),
        ),
        "In training the batch does the normalizing; the averages only follow it.": (
            _norm(by_batch=NEVER)
        ),
        "The averages move in training alone: who uses a network must not change it.": (
            _norm(moves=ALWAYS)
        ),
        "You swapped the weights: momentum times the *old* average, 1 - momentum times the value "
        "of this batch.": _norm(keeps=lambda momentum: 1 - momentum),
        "Divide by the root of the variance, the standard deviation.": (
            _norm(divisor=lambda variance: variance + EPSILON)
        ),
        "0.001 belongs under the root, added to the variance, so that you never divide by 0.": (
            _norm(divisor=np.sqrt),
            _norm(divisor=lambda variance: np.sqrt(variance) + EPSILON),
        ),
    },
)

# ---- A falling rate, early stopping and a checkpoint ---------------------------------------------

RATE, PATIENCE = 0.003, 5
STOPPER = (
    "`callbacks` wants a list, and in it an `EarlyStopping` of the validation loss with a patience "
    f"of {PATIENCE}, its best weights restored, and no other setting."
)
VALLEYS = ((40, 3, 9, 70.0), (70, 2, 3, 9.0), (30, 2, 8, 300.0))
"""Examples, classes, epochs and ink; the second epoch is the best one, the last, and the first."""


class Valley:
    """A network of one layer whose validation loss falls, then rises; it learns in a second.

    Seven in ten of the validation labels are those of training: the loss is lowest where the
    network says 70 %, and training goes on to 100 %. It runs eagerly: to trace so small a network
    takes longer than to train it.
    """

    def __init__(self, count: int, classes: int, epochs: int, scale: float):
        self.count, self.epochs, self.steps = count, epochs, epochs * -(-count // 32)
        labels = np.arange(count) % classes
        watched = np.tile(np.arange(classes), 10)
        shift = np.repeat([0, 1], [7 * classes, 3 * classes])
        ink = scale * np.eye(classes, dtype=np.float32)
        self.train = ink[labels], labels
        self.validation = ink[watched], (watched + shift) % classes
        last = layers.Dense(classes, "softmax", kernel_initializer="zeros")
        self.model = keras.Sequential([keras.Input((classes,)), last])
        compiled = self.model.compile
        self.model.compile = lambda *told, **named: compiled(*told, run_eagerly=True, **named)

    def falls(self) -> None:
        """`NotYet` unless it is compiled as asked, with a rate that falls to 0."""
        require(self.model.compiled, "The model that you were given is not compiled.")
        optimizer, loss = self.model.optimizer, keras.losses.get(self.model.loss)
        is_adam = type(optimizer) is keras.optimizers.Adam
        require(is_adam, "Another optimizer than Adam.", got=optimizer.name)
        metrics = str(self.model.get_compile_config()["metrics"])
        require("accuracy" in metrics, 'Compile with `metrics=["accuracy"]`.')
        surprise = float(np.mean(loss(np.zeros(1, int), np.float32([[0.7, 0.2, 0.1]]))))
        words = 'Another loss than `"sparse_categorical_crossentropy"` of probabilities.'
        require(np.isclose(surprise, -np.log(0.7)), words)
        rate, now = optimizer._learning_rate, float(optimizer.learning_rate)
        falls = isinstance(rate, schedules.LearningRateSchedule)
        words = "The rate does not fall. Hand Adam a `CosineDecay` in place of a number."
        require(falls, words, rate=f"{now:.4g}")
        places = [0, self.steps // 2, self.steps - 1, self.steps]
        cosine = schedules.CosineDecay(RATE, self.steps)
        right, mine = (np.array([float(it(place)) for place in places]) for it in (cosine, rate))
        ends = np.allclose(mine[[0, -1]], [RATE, 0], atol=1e-6) and (np.diff(mine) < 0).all()
        such_as, got = right.round(5).tolist(), mine.round(5).tolist()
        with about(rate_at_the_steps=places, such_as=such_as, got=got):
            require(ends, "The rate falls in another way.", self._why(rate, mine[0]))

    def _why(self, rate: schedules.LearningRateSchedule, first: float) -> str | None:
        if not np.isclose(first, RATE):
            return f"It is to begin at {RATE}."
        steps = rate.get_config().get("decay_steps")
        if steps == self.epochs * self.count:
            return "`decay_steps` counts batches of 32, not examples."
        words = "`decay_steps` counts steps: epochs times the batches of an epoch, the smaller "
        other = steps in (self.epochs, self.epochs * (self.count // 32), self.steps // self.epochs)
        return words + "last one among them." if other else None

    def stops(self, got: Any) -> list[float]:
        """The validation losses, or `NotYet` where the training did not stop as it should."""
        curves = got.history if isinstance(got, keras.callbacks.History) else got
        curves = curves if isinstance(curves, dict) else {}
        require("loss" in curves, "Return `.history` of what `model.fit` returns.")
        words = "There is no validation: give `fit` its `validation_data`."
        require("val_loss" in curves, words)
        losses = curves["val_loss"]
        ran, right = len(losses), min(_stop(losses, self.epochs)[1] + PATIENCE, self.epochs)
        ended = "did not stop" if ran == self.epochs else "ended elsewhere"
        told = {"expected": f"{right} epochs", "got": f"{ran} epochs"}
        with about(validation_loss=np.array(losses)):
            require(ran == right, f"The training {ended}. {STOPPER}", **told)
        steps, taken = ran * self.steps // self.epochs, int(self.model.optimizer.iterations)
        words = "`fit` took another number of steps: call it once, with batches of 32."
        require(taken == steps, words, expected=f"{steps} steps", got=f"{taken} steps")
        return losses

    def keeps(self, losses: list[float], path: Path) -> None:
        """`NotYet` unless both the network and the file hold the best epoch."""
        lowest, last, mine = min(losses), losses[-1], self._loss(self.model)
        words = "The network does not have the weights of its best epoch."
        hint = "Write `restore_best_weights=True`: without it the last weights stay."
        hint = hint if np.isclose(mine, last, atol=1e-4) else None
        with about(lowest_validation_loss=f"{lowest:.4f}", that_of_the_end=f"{last:.4f}"):
            restored = np.isclose(mine, lowest, atol=1e-4)
            require(restored, words, hint, your_network=f"{mine:.4f}")
            words = "There is no file at `path`: a `ModelCheckpoint` is to write it."
            require(path.exists(), words)
            try:
                saved = self._loss(keras.models.load_model(path))
            except Exception:
                words = "The file at `path` is no whole model that `load_model` can read."
                raise NotYet(words) from None
            require(
                np.isclose(saved, lowest, atol=1e-4),
                "The file does not hold the best epoch.",
                "Write `save_best_only=True`, and leave the `monitor` as it is: only an epoch "
                "with a new lowest validation loss is to overwrite the file.",
                your_file=f"{saved:.4f}",
            )

    def _loss(self, model: keras.Model) -> float:
        inputs, labels = self.validation
        return float(-np.log(np.asarray(model(inputs))[np.arange(len(labels)), labels]).mean())


def _trains_with_care(answer: Any, rng: np.random.Generator) -> None:
    for sizes in VALLEYS:
        valley = Valley(*sizes)
        given = valley.train, valley.validation, valley.epochs
        facts = {"epochs": valley.epochs, "training_examples": valley.count}
        with tempfile.TemporaryDirectory() as folder, about(**facts):
            path = Path(folder) / "best.keras"
            got = call(lambda *copies, m=valley.model: answer(m, *copies), *given, str(path))
            valley.falls()
            valley.keeps(valley.stops(got), path)


train = Exercise(
    title="A falling rate and two callbacks",
    outcome="train",
    praise="One call of `fit`, and you may go for lunch: it stops by itself, its best is on disk.",
    nudge="Where does each of the three go: into the optimizer, or into `fit`?",
    hint="The schedule goes into Adam: `CosineDecay(0.003, epochs * steps)` with "
    "`steps = math.ceil(len(train[0]) / 32)`. Both callbacks go into a list: "
    "`model.fit(*train, ..., callbacks=[EarlyStopping(...), ModelCheckpoint(path, ...)])`.",
    test=_trains_with_care,
)

# ---- How often chance does as much ---------------------------------------------------------------


def _p(
    apart: Callable[..., NDArray] = lambda one, other: one.sum(axis=1) - other.sum(axis=1),
    counts: Callable[..., NDArray] = lambda apart, ours: abs(apart) >= abs(ours),
    of: Callable[[NDArray], float] = np.mean,
) -> Callable[[NDArray, NDArray], float]:
    """Somebody's p; with the defaults it is right. One row is one deal, the first one is ours."""

    def p(a, b):
        pot, n = np.concatenate([a, b]), len(a)
        deals = list(combinations(range(2 * n), n))
        differences = apart(pot[deals], np.array([np.delete(pot, places) for places in deals]))
        return float(of(counts(differences, differences[0])))

    return p


def _hands(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """Two to five whole numbers each, often equal, of any size and sign."""
    count, width = int(rng.integers(2, 6)), int(rng.choice([3, 20, 320]))
    a, b = rng.integers(0, width, (2, count)) + int(rng.choice([0, -10, 1000]))
    return a + int(rng.integers(0, 3)), b


p_value = Exercise(
    title="How often does chance do as much?",
    outcome="decide",
    praise="`utils.metrics.p_of_difference` does the same, and `scipy.stats.permutation_test`.",
    nudge="Put all numbers into one list. Whom do you get if you know who is in the first hand?",
    hint="`combinations(range(2 * n), n)` lists the places of the first hand. The sum of the other "
    "hand is the sum of all minus that of the first. Count the deals whose difference is, without "
    "its sign, as large as ours or larger; divide by the number of deals.",
    oracle=_p(),
    cases=[
        (np.array([3, 4]), np.array([1, 2])),
        (np.array([1, 2]), np.array([3, 4])),
        (np.array([5, 6, 7, 8, 9]), np.array([0, 1, 2, 3, 4])),
        (np.array([190, 202, 222, 196, 189]), np.array([184, 192, 181, 184, 181])),
        (np.array([2, 2, 2]), np.array([2, 2, 2])),
        (np.array([7, 1, 4]), np.array([5, 3, 4])),
        (np.array([9, 1]), np.array([6, 5])),
    ],
    legal=_hands,
    misconceptions={
        "You counted the deals that lie *farther* apart than ours. As far counts, too: ours is one "
        "of them.": _p(counts=lambda apart, ours: abs(apart) > abs(ours)),
        "Chance may favor either hand: compare the differences without their signs, with `abs`.": (
            _p(counts=np.greater_equal),
            _p(counts=np.less_equal),
        ),
        "You counted right; return the share, the count divided by the number of deals.": (
            _p(of=np.sum)
        ),
        "That is the share of the deals that lie *less* far apart.": (
            _p(counts=lambda apart, ours: abs(apart) < abs(ours))
        ),
        "Compare the means of the hands, not their best, worst or middle numbers.": (
            _p(lambda one, other: one.max(axis=1) - other.max(axis=1)),
            _p(lambda one, other: np.median(one, axis=1) - np.median(other, axis=1)),
            _p(lambda one, other: one.min(axis=1) - other.max(axis=1)),
        ),
    },
)

# ---- L2 penalty and its gradient -----------------------------------------------------------------


def _l2(weights: NDArray, strength: float) -> tuple[float, NDArray[np.float64]]:
    w = np.asarray(weights, float)
    return float(np.sum(strength * np.square(w))), strength * (w + w)


def _weights(rng: np.random.Generator) -> tuple[NDArray, float]:
    """Weights of any shape with at least two entries, and a strength of any size."""
    shape = rng.integers(1, 4, rng.integers(1, 5))
    shape[-1] += 1
    kinds = "whole", "equal", "normal", "float32", "above", "below", "zeros"
    return draw(rng, shape, *kinds), float(rng.choice([0, 1e-4, 0.01, 0.3, 2]))


def _with(
    penalty: Callable[[NDArray, float], Any] = lambda w, s: _l2(w, s)[0],
    gradient: Callable[[NDArray, float], Any] = lambda w, s: _l2(w, s)[1],
) -> Callable[[NDArray, float], tuple]:
    return lambda w, s: (penalty(w, s), gradient(w, s))


def _with_either(penalty: Callable, gradient: Callable) -> tuple[Callable, ...]:
    return _with(penalty, gradient), _with(penalty), _with(gradient=gradient)


l2_penalty = Exercise(
    title="L2 penalty and its gradient",
    outcome="compute",
    praise="The gradient is a share of the weight itself.",
    nudge="By how much does λw² grow when w grows a little? Which number does the square leave in "
    "the derivative?",
    hint="The penalty is one number: square every weight, add up, multiply by the strength. The "
    "derivative of w² is 2w, so the gradient has twice the strength times the weight in every "
    "place. Return both, separated by a comma.",
    oracle=_l2,
    cases=[
        (np.array([3.0, -1, 0.5]), 0.1),
        (np.array([[2, -1], [0, 1]]), 0.3),
        (np.array([0.02, -0.01]), 1e-4),
        (np.array([0.7]), 0.5),
        (np.array([[1.0, -2.0, 0.25]]), 2.0),
    ],
    legal=_weights,
    misconceptions={
        "That is the version with a half, (strength / 2) · Σw². It is used as well, but here, as "
        "in Keras, there is no half.": lambda w, s: _l2(w, s / 2),
        "That is L1, with absolute values and signs. L2 squares each weight, and the derivative of "
        "w² is 2w.": _with_either(lambda w, s: s * abs(w).sum(), lambda w, s: s * np.sign(w)),
        "You forgot the 2 in the gradient: the derivative of w² is 2w.": (
            _with(gradient=lambda w, s: s * w)
        ),
        "You took a mean. The penalty is a sum over the weights, and nothing is divided by their "
        "number.": _with_either(lambda w, s: s * (w**2).mean(), lambda w, s: 2 * s * w / w.size),
        "The strength is missing: it multiplies the penalty and the gradient.": (
            _with_either(lambda w, s: (w**2).sum(), lambda w, s: 2 * w)
        ),
        "Return both, the penalty first, then the gradient.": (
            lambda w, s: _l2(w, s)[::-1],
            lambda w, s: _l2(w, s)[0],
            lambda w, s: _l2(w, s)[1],
        ),
        "The penalty is one number, the strength times the sum of all squares: square first, then "
        "add up with `np.sum`, without a root. (Python's own `sum` adds the rows of a matrix.)": (
            _with(lambda w, s: s * sum(w**2)),
            _with(lambda w, s: s * w**2),
            _with(lambda w, s: s * np.sqrt((w**2).sum())),
            _with(lambda w, s: s * w.sum() ** 2),
            _with(lambda w, s: ((s * w) ** 2).sum()),
        ),
        "The gradient has a number for each weight, and its sign is that of the weight: it points "
        "uphill.": (
            _with(gradient=lambda w, s: -2 * s * w),
            _with(gradient=lambda w, s: 2 * s * abs(w)),
            _with(gradient=lambda w, s: 2 * s * w.sum()),
        ),
    },
    atol=0,
)

# ---- Early stopping ------------------------------------------------------------------------------

LESSON = [0.9, 0.7, 0.8, 0.75, 0.6, 0.65, 0.7, 0.5]


def _stop(
    val_losses: list[float], patience: int, best_of: Callable[[list[float]], int] = np.argmin
) -> tuple[int, int]:
    """The epoch of the stop and the best one so far, by looking back from every epoch."""
    for epoch in range(1, len(val_losses) + 1):
        best = 1 + int(best_of(val_losses[:epoch]))  # the first of equals
        if epoch - best >= patience:
            break
    return epoch, best


def _last(falls: np.ufunc) -> Callable[[list[float]], int]:
    """The place of the last loss that is below the one before, or not above it."""
    return lambda losses: np.flatnonzero(falls(np.diff(losses, prepend=np.inf), 0))[-1]


def _changed(change: Callable[[int, int], tuple[int, int]]) -> Callable[..., tuple[int, int]]:
    return lambda val_losses, patience: change(*_stop(val_losses, patience))


def _ahead(answer: Callable[[int, int, int], tuple[int, int]]) -> Callable[..., tuple[int, int]]:
    """An answer by the place of the lowest loss of the whole list, patience and epochs."""
    return lambda losses, patience: answer(int(np.argmin(losses)), patience, len(losses))


def _losses(rng: np.random.Generator) -> tuple[list[float], int]:
    """A noisy valley with equal losses; the steps may be tiny, and the losses large."""
    epochs = int(rng.integers(1, 16))
    steps = np.abs(np.arange(epochs) - rng.integers(12)) // 2 + rng.integers(0, 4, epochs)
    start, step = float(rng.choice([0.5, -3, 20_000])), float(rng.choice([0.1, 1e-4]))
    return (start + step * steps).round(6).tolist(), int(rng.integers(1, 7))


stopping_epoch = Exercise(
    title="Early stopping",
    outcome="train",
    praise="This is what Keras' `EarlyStopping` does, to the epoch.",
    nudge="Go through the losses from the first one on. Which two things do you have to remember "
    "on the way?",
    hint="Remember the best loss so far, with its epoch. After each epoch, count how far back the "
    "best one lies; as soon as that is `patience`, return. Behind the loop return the last epoch, "
    "and the best one.",
    oracle=_stop,
    cases=[
        *((LESSON, patience) for patience in (2, 3, 1)),
        ([1.0, 0.8, 0.8, 0.8, 0.8, 0.9], 2),
        ([2.0], 1),
        ([1.0, 2, 3, 4, 5], 4),
        ([1.0, 2, 3, 4], 4),
        ([5.0, 3, 4, 3.5, 3.2, 2, 1], 3),
        ([6.0, 5, 5.5, 4, 4.5, 3, 3.5, 2, 2.5, 2.2], 3),
        ([25_000.0, 26_000, 25_500, 24_000], 2),
        ([0.7, 0.6999, 0.6998, 0.6997, 0.6998, 0.6999], 2),
        ([3.0, 2.5, 2, 1], 2),
    ],
    legal=_losses,
    draws=24,
    misconceptions={
        "You compared with the epoch before. Compare with the best loss so far.": (
            lambda v, patience: _stop(v, patience, _last(np.less)),
            lambda v, patience: (
                stop := _stop(v, patience, _last(np.less))[0],
                1 + int(np.argmin(v[:stop])),
            ),
        ),
        "You looked ahead, for the lowest of *all* losses. While a training runs, later ones are "
        "not there yet: go through the epochs one by one, and stop on the way.": (
            _ahead(lambda best, patience, epochs: (min(best + 1 + patience, epochs), best + 1)),
            _ahead(lambda best, patience, epochs: (best + 1 + patience, best + 1)),
            _ahead(lambda best, patience, epochs: (epochs, best + 1)),
            _ahead(lambda best, patience, epochs: (best + patience, best)),
            _ahead(lambda best, patience, epochs: (min(best + patience, epochs - 1), best)),
            lambda v, patience: (_stop(v, patience)[0], 1 + int(np.argmin(v))),
        ),
        "You stopped at the first rise. Wait until `patience` epochs in a row have brought no new "
        "best.": lambda v, patience: _stop(v, 1, _last(np.less_equal)),
        "Epochs are counted from 1, both of them; places in a list from 0.": (
            _changed(lambda stop, best: (stop - 1, best - 1)),
            _changed(lambda stop, best: (stop, best - 1)),
            _changed(lambda stop, best: (stop - 1, best)),
        ),
        "You stopped one epoch too late: stop as soon as the epochs without a new best are as many "
        "as `patience`.": lambda v, patience: _stop(v, patience + 1),
        "You stopped one epoch too early: `patience` epochs without a new best may pass.": (
            lambda v, patience: _stop(v, max(patience - 1, 1))
        ),
        "An equal loss is no improvement: only a smaller one counts.": (
            lambda v, p: _stop(v, p, lambda seen: len(seen) - 1 - np.argmin(seen[::-1]))
        ),
        "Keep the weights of the best epoch so far, not those of the last one.": (
            _changed(lambda stop, best: (stop, stop))
        ),
    },
    whole=True,
)
