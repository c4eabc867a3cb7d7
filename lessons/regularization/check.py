"""Checks of the lesson Regularization."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise, NotYet, about, call, draw, numbers, require, together
from utils.quiet import keras

layers = keras.layers

# ---- Inverted dropout ----------------------------------------------------------------------------

SURE = 6
"""Standard deviations by which a share may miss its expectation: a right answer never does."""
SIX = np.array([2.0, 4, 6, 8, 10, 12])
ONE_BY_ONE = "Draw a number for each entry of each example: `rng.random(x.shape)`."
FACTORS: dict[str, Callable[[float, float], float]] = {
    "You did not rescale. Divide what is left by `1 - rate`, or the sum shrinks.": (
        lambda rate, stayed: 1
    ),
    "You divided by `rate`. Divide by the share that stays, `1 - rate`.": (
        lambda rate, stayed: 1 / rate
    ),
    "You multiplied by `1 - rate`. In inverted dropout one divides, while training.": (
        lambda rate, stayed: 1 - rate
    ),
    "You multiplied by `rate`. Divide by the share that stays, `1 - rate`.": (
        lambda rate, stayed: rate
    ),
    "You divided by the share that happened to stay this time. Divide by `1 - rate`: the mean over "
    "many masks is to be right, not every single one.": lambda rate, stayed: 1 / stayed,
}
"""What hint is true of the factor of the survivors, given the rate and the share that stayed."""


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**32))


def _signed(rng: np.random.Generator, *shape: int) -> NDArray[np.float64]:
    """Numbers of both signs, none near zero."""
    return rng.choice([-1, 1], shape) * rng.uniform(0.5, 3, shape)


def _dropped(answer: Any, x: NDArray, rate: float, seed: int) -> NDArray:
    """What an answer makes of x: finite numbers of its shape, or `NotYet`."""
    with about(x=x, rate=f"{rate}"):
        got = numbers(call(answer, x, rate, np.random.default_rng(seed)))
        _readable(got, x, rate)
    return got


def _readable(got: NDArray, x: NDArray, rate: float) -> None:
    require(
        got.shape == x.shape,
        "The shape differs: return as many numbers as you were given, the dropped ones as 0.",
        expected_shape=f"{x.shape}",
        your_shape=f"{got.shape}",
    )
    require(np.isfinite(got).all(), "There is a NaN or an infinite number.", got=got)
    left = got[got != 0]
    mask = got.dtype == bool or (np.ptp(x) and left.size > 3 and _equal(left))
    require(not mask, "That is the mask. Multiply `x` by it, and divide by `1 - rate`.", got=got)
    whole = left.size and got.dtype.kind in "iu" and (x / (1 - rate) % 1).any()
    no_fractions = "Your result cannot hold fractions: make it an array of floats."
    require(not whole, no_fractions, got=got)


def _equal(values: NDArray) -> bool:
    return np.allclose(values, values[0], rtol=1e-4)


def _drawn_from_the_generator(answer: Any, rng: np.random.Generator) -> None:
    """Some numbers are dropped, and the mask comes from `rng` and from nothing else."""
    x, (seed, other) = np.tile(SIX, 20), rng.choice(2**32, 2, replace=False)
    first, again, another = (_dropped(answer, x, 0.5, number) for number in (seed, seed, other))
    require((first == 0).any(), f"No number was dropped. {ONE_BY_ONE}")
    require((first != 0).any(), f"All numbers became 0. {ONE_BY_ONE}")
    require(
        np.array_equal(first, again),
        "The same generator gave two masks. Draw from `rng`, which you are given, and from no "
        "other source: then a training can be repeated.",
    )
    require(
        not np.array_equal(first, another),
        "Two different generators gave the same mask: draw it from `rng`.",
    )


def _is_scaled(answer: Any, rng: np.random.Generator) -> None:
    """All survivors are divided by `1 - rate`, whatever the numbers, their shape and type."""
    decimals = [
        (SIX, 0.5),
        (np.arange(1.0, 25).reshape(4, 6), 0.25),
        (_signed(rng, 40, 1), 0.75),
        (_signed(rng, 3, 2, 5).astype(np.float32), 0.375),
        (_signed(rng, 2, 3, 4, 5) * 1e-6, 0.1),
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
        got = _dropped(answer, x, rate, _seed(rng))
        stays = got != 0
        if stays.any():
            tried.append((x, rate, got, got[stays] / x[stays], stays.mean()))
    for x, rate, got, factors, _ in tried:
        if np.allclose(factors, 1 / (1 - rate), rtol=1e-4):
            continue
        with about(x=x, rate=f"{rate}", got=got):
            require(_equal(factors), "The survivors are not all multiplied by the same factor.")
            named = (hint for hint, factor in FACTORS.items() if _all_by(factor, tried))
            raise NotYet(
                f"The survivors are multiplied by {factors[0]:.4g}; with a rate of {rate} it "
                f"should be 1 / (1 - {rate}), which is {1 / (1 - rate):.4g}.",
                hint=next(named, None),
            )


def _all_by(factor: Callable[[float, float], float], tried: list[tuple]) -> bool:
    return all(
        np.allclose(factors, factor(rate, stayed), rtol=1e-4)
        for _, rate, _, factors, stayed in tried
    )


def _at_the_rate(answer: Any, rng: np.random.Generator) -> None:
    rates, x = (0.25, 0.8, 0.04), _signed(rng, 100, 150)
    shares = [float((_dropped(answer, x, rate, _seed(rng)) == 0).mean()) for rate in rates]
    swapped = np.allclose(shares, 1 - np.array(rates), atol=0.03)
    hint = "You dropped what should stay: `rate` is the share of zeros." if swapped else None
    for rate, share in zip(rates, shares, strict=True):
        near = abs(share - rate) <= SURE * np.sqrt(rate * (1 - rate) / x.size)
        told = {"rate": f"{rate}", "your_share": f"{share:.3g}"}
        require(near, "The share of zeros is not the rate.", hint, **told)


def _one_by_one(answer: Any, rng: np.random.Generator) -> None:
    """Each entry is dropped as often as every other one, and with every other one."""
    shape, seeds = (4, 3, 2), rng.choice(2**32, 200, replace=False)
    x = np.arange(1.0, 25).reshape(shape)
    dropped = np.array([(_dropped(answer, x, 0.5, seed) == 0).ravel() for seed in seeds])
    places = [list(map(int, place)) for place in np.ndindex(shape)]
    far = SURE * np.sqrt(0.25 / len(seeds))
    with about(shape_of_x=f"{shape}", rate="0.5", masks_tried=len(seeds)):
        require(
            len(set(dropped.sum(axis=1))) > 1,
            "The same number of entries is dropped every time. Each entry is dropped on its own, "
            "with probability `rate`, whatever becomes of the others.",
        )
        share = dropped.mean(axis=0)
        worst = np.abs(share - 0.5).argmax()
        said = f"Entry {places[worst]} was dropped in {share[worst]:.0%} of the masks."
        require(abs(share[worst] - 0.5) <= far, said)
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
    _dropped(answer, SIX, 0.5, _seed(rng))
    _drawn_from_the_generator(answer, rng)
    _one_by_one(answer, rng)
    _at_the_rate(answer, rng)
    _is_scaled(answer, rng)
    x = np.arange(-3.0, 4)
    same = np.array_equal(_dropped(answer, x, 0.0, _seed(rng)), x)
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
Normalized = tuple[NDArray, NDArray, NDArray]


def _of_columns(x: NDArray) -> tuple[NDArray, NDArray]:
    return x.mean(axis=0), x.var(axis=0)


def _slip(
    stats: Callable[[NDArray], tuple[NDArray, NDArray]] = _of_columns,
    of_the_batch: Callable[[bool], bool] = lambda in_training: in_training,
    moves: Callable[[bool], bool] = lambda in_training: in_training,
    keeps: Callable[[float], float] = lambda momentum: momentum,
    divisor: Callable[[NDArray], NDArray] = lambda variance: np.sqrt(variance + EPSILON),
) -> Callable[..., Normalized]:
    """Somebody's batch normalization; with the defaults it is right.

    Args:
        stats: mean and variance of a batch.
        of_the_batch: whether x is normalized by its batch, or else by the averages.
        moves: whether the averages move.
        keeps: how much of itself an average keeps, by the momentum.
        divisor: what x is divided by, by the variance.
    """

    def norm(x, mean, variance, momentum, in_training):
        batch, kept = stats(x), (mean, variance)
        center, width = batch if of_the_batch(in_training) else kept
        if moves(in_training):
            old = keeps(momentum)
            kept = tuple(old * a + (1 - old) * b for a, b in zip(kept, batch, strict=True))
        return (x - center) / divisor(width), *kept

    return norm


def _by_definition(
    x: NDArray, mean: NDArray, variance: NDArray, momentum: float, in_training: bool
) -> Normalized:
    """Column by column, number by number, as the definition says."""
    out, means, variances = np.zeros(x.shape), list(mean), list(variance)
    for column, numbers_in_it in enumerate(x.T.tolist()):
        center, width = mean[column], variance[column]
        if in_training:
            center = fmean(numbers_in_it)
            width = fmean((number - center) ** 2 for number in numbers_in_it)
            means[column] += (1 - momentum) * (center - mean[column])
            variances[column] += (1 - momentum) * (width - variance[column])
        out[:, column] = [(number - center) / (width + EPSILON) ** 0.5 for number in numbers_in_it]
    return out, np.array(means), np.array(variances)


def _batch(rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray, float, bool]:
    """A batch of any size, columns on any scale, averages from anywhere."""
    rows, columns = map(int, rng.integers(1, 7, 2))
    scales = 10.0 ** rng.integers(-3, 4, columns)
    x = rng.normal(rng.normal(0, 2, columns), 1, (rows + 1, columns)) * scales
    mean, variance = rng.normal(0, 1, columns) * scales, rng.uniform(0, 2, columns) * scales**2
    return x, mean, variance, float(rng.choice([0.5, 0.9, 0.99])), bool(rng.random() < 0.5)


FOUR = np.array([[1.0, 30], [5, 90], [5, 110], [1, 170]])


batch_norm = Exercise(
    title="Batch normalization",
    outcome="compute",
    praise="One function, two behaviors: `fit` passes True, `predict` and `evaluate` pass False.",
    nudge="Which two numbers for each column does x need in training, and which at inference? When "
    "do the averages move?",
    hint="`if in_training:` take `m = x.mean(axis=0)` and `v = x.var(axis=0)`, and new averages "
    "`momentum * mean + (1 - momentum) * m`, the same for the variance. Otherwise m and v *are* "
    "the averages. Then return `(x - m) / np.sqrt(v + 0.001)` and both averages.",
    oracle=_by_definition,
    cases=[
        (np.array([[1.0, 30], [5, 50]]), np.zeros(2), np.ones(2), 0.9, True),
        (np.array([[1.0, 30], [5, 50]]), np.array([3.0, 40]), np.array([4.0, 100]), 0.9, False),
        (np.array([[1.0, 2, 6], [3, 3, 9], [2, 7, 0]]), np.zeros(3), np.ones(3), 0.5, True),
        (FOUR, np.zeros(2), np.ones(2), 0.9, True),
        (FOUR, np.array([3.0, 100]), np.array([4.0, 2500]), 0.9, False),
        (FOUR[:1], np.array([3.0, 100]), np.array([4.0, 2500]), 0.9, False),
        (FOUR[:1], np.array([3.0, 100]), np.array([4.0, 2500]), 0.99, True),
        (np.array([[0.02], [0.0], [0.05]]), np.array([0.5]), np.array([0.0]), 0.5, True),
        (np.array([[0.02], [0.0], [0.05]]), np.array([0.5]), np.array([0.0]), 0.5, False),
        (np.array([[1, 2, 3], [4, 5, 9]]), np.zeros(3), np.ones(3), 0.75, True),
    ],
    legal=_batch,
    misconceptions={
        "You took the mean over a row, an example. Each *column* has its own mean, over the batch: "
        "`axis=0`.": _slip(stats=lambda x: (x.mean(axis=1), x.var(axis=1))),
        "That is the variance with n - 1. Here it is the mean of the squares: `x.var(axis=0)`.": (
            _slip(stats=lambda x: (x.mean(axis=0), x.var(axis=0, ddof=1)))
        ),
        "At inference the averages do the normalizing, not the batch: a picture may come alone.": (
            _slip(of_the_batch=lambda in_training: True),
            _slip(of_the_batch=lambda in_training: True, moves=lambda in_training: True),
        ),
        "In training the batch does the normalizing; the averages only follow it.": (
            _slip(of_the_batch=lambda in_training: False)
        ),
        "The averages move in training alone: who uses a network must not change it.": (
            _slip(moves=lambda in_training: True)
        ),
        "You swapped the weights: momentum times the *old* average, 1 - momentum times the value "
        "of this batch.": _slip(keeps=lambda momentum: 1 - momentum),
        "Divide by the root of the variance, the standard deviation.": _slip(
            divisor=lambda variance: variance + EPSILON
        ),
        "0.001 belongs under the root, added to the variance, so that you never divide by 0.": (
            _slip(divisor=lambda variance: np.sqrt(variance)),
            _slip(divisor=lambda variance: np.sqrt(variance) + EPSILON),
        ),
    },
)

# ---- A falling rate, early stopping and a checkpoint ---------------------------------------------

RATE, PATIENCE = 0.003, 5
STOPPER = (
    "`callbacks` wants a list, and in it an `EarlyStopping` of the validation loss with a patience "
    f"of {PATIENCE}, its best weights restored, and no other setting."
)


class Valley:
    """A network of one layer whose validation loss falls, then rises; it learns in a second.

    Seven in ten of the validation labels are those of training: the loss is lowest where the
    network says 70 %, and training goes on to 100 %. It runs eagerly: to trace so small a network
    takes longer than to train it.
    """

    def __init__(self, count: int, classes: int, epochs: int, scale: float):
        self.epochs, self.steps = epochs, epochs * -(-count // 32)
        labels = np.arange(count) % classes
        shifts = np.repeat([0, 1], [7, 3])
        watched, shift = (part.ravel() for part in np.meshgrid(np.arange(classes), shifts))
        ink = scale * np.eye(classes, dtype=np.float32)
        self.train = ink[labels], labels
        self.validation = ink[watched], (watched + shift) % classes
        last = layers.Dense(classes, "softmax", kernel_initializer="zeros")
        self.model = keras.Sequential([keras.Input((classes,)), last])
        compiled = self.model.compile
        self.model.compile = lambda *told, **named: compiled(*told, run_eagerly=True, **named)

    def judge(self, answer: Any, path: Path) -> None:
        """`NotYet` unless the answer trains with the three of them."""
        given = self.train, self.validation, self.epochs, str(path)
        with about(epochs=self.epochs, training_examples=len(self.train[1])):
            got = call(lambda *copies: answer(self.model, *copies), *given)
            curves = got.history if isinstance(got, keras.callbacks.History) else got
            self._falls()
            self._stops(curves)
            self._keeps(curves["val_loss"], path)

    def _falls(self) -> None:
        require(self.model.compiled, "The model that you were given is not compiled.")
        optimizer, loss = self.model.optimizer, keras.losses.get(self.model.loss)
        is_adam = type(optimizer) is keras.optimizers.Adam
        require(is_adam, "Another optimizer than Adam.", got=optimizer.name)
        metrics = str(self.model.get_compile_config()["metrics"])
        require("accuracy" in metrics, 'Compile with `metrics=["accuracy"]`.')
        said = float(np.mean(loss(np.zeros(1, int), np.float32([[0.7, 0.2, 0.1]]))))
        other = 'Another loss than `"sparse_categorical_crossentropy"` of probabilities.'
        require(np.isclose(said, -np.log(0.7)), other)
        rate, got = optimizer._learning_rate, f"{float(optimizer.learning_rate):.4g}"
        falls = isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
        constant = "The rate does not fall. Hand Adam a `CosineDecay` in place of a number."
        require(falls, constant, rate=got)
        places = [0, self.steps // 2, self.steps - 1, self.steps]
        mine = np.array([float(rate(place)) for place in places])
        ends = np.allclose(mine[[0, -1]], [RATE, 0], atol=1e-6) and (np.diff(mine) < 0).all()
        cosine = keras.optimizers.schedules.CosineDecay(RATE, self.steps)
        told = {"such_as": _rates([float(cosine(place)) for place in places]), "got": _rates(mine)}
        with about(rate_at_the_steps=", ".join(map(str, places))):
            require(ends, "The rate falls in another way.", self._why(rate, mine[0]), **told)

    def _why(
        self, rate: keras.optimizers.schedules.LearningRateSchedule, first: float
    ) -> str | None:
        config = rate.get_config()
        steps, count = config.get("decay_steps"), len(self.train[1])
        if not np.isclose(first, RATE):
            return f"It is to begin at {RATE}."
        if steps == self.epochs * count:
            return "`decay_steps` counts batches of 32, not examples."
        if steps in (self.epochs, self.epochs * (count // 32), self.steps // self.epochs):
            return (
                "`decay_steps` counts steps: epochs times the batches of an epoch, the smaller "
                "last one among them."
            )
        return None

    def _stops(self, curves: Any) -> None:
        has = curves if isinstance(curves, dict) else {}
        require("loss" in has, "Return `.history` of what `model.fit` returns.")
        validated = "There is no validation: give `fit` its `validation_data`."
        require("val_loss" in has, validated)
        ran, (_, best) = len(has["val_loss"]), _stop(has["val_loss"], self.epochs)
        right = min(best + PATIENCE, self.epochs)
        ended = "did not stop" if ran == self.epochs else "ended elsewhere"
        told = {"expected": f"{right} epochs", "got": f"{ran} epochs"}
        with about(validation_loss=np.array(has["val_loss"])):
            require(ran == right, f"The training {ended}. {STOPPER}", **told)
        steps, taken = ran * self.steps // self.epochs, int(self.model.optimizer.iterations)
        once = "`fit` took another number of steps: call it once, with batches of 32."
        require(taken == steps, once, expected=f"{steps} steps", got=f"{taken} steps")

    def _keeps(self, val_loss: list[float], path: Path) -> None:
        lowest, last, mine = min(val_loss), val_loss[-1], self._loss(self.model)
        stays = "Write `restore_best_weights=True`: without it the last weights stay."
        with about(lowest_validation_loss=f"{lowest:.4f}", that_of_the_end=f"{last:.4f}"):
            require(
                np.isclose(mine, lowest, atol=1e-4),
                "The network does not have the weights of its best epoch.",
                stays if np.isclose(mine, last, atol=1e-4) else None,
                your_network=f"{mine:.4f}",
            )
            missing = "There is no file at `path`: a `ModelCheckpoint` is to write it."
            require(path.exists(), missing)
            try:
                saved = self._loss(keras.models.load_model(path))
            except Exception:
                said = "The file at `path` is no whole model that `load_model` can read."
                raise NotYet(said) from None
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


def _rates(rates: Iterable[float]) -> str:
    return ", ".join(f"{rate:.5f}" for rate in rates)


def _trains_with_care(answer: Any, rng: np.random.Generator) -> None:
    """In three valleys: the second epoch is the best one, the last, and the first."""
    for sizes in ((40, 3, 9, 70.0), (70, 2, 3, 9.0), (30, 2, 8, 300.0)):
        with tempfile.TemporaryDirectory() as folder:
            Valley(*sizes).judge(answer, Path(folder) / "best.keras")


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


def _deals(a: NDArray, b: NDArray) -> Iterator[tuple[list[int], list[int]]]:
    """All ways to deal the numbers of both into two hands of equal sizes."""
    all_, places = [*a.tolist(), *b.tolist()], range(len(a) + len(b))
    for first in combinations(places, len(a)):
        yield [all_[i] for i in first], [all_[i] for i in places if i not in first]


def _counting(
    counts: Callable[[float, float], bool] = lambda apart, ours: abs(apart) >= abs(ours),
    apart: Callable[[list, list], float] = lambda one, other: sum(one) - sum(other),
    share: Callable[[int, int], float] = lambda found, deals: found / deals,
) -> Callable[[NDArray, NDArray], float]:
    """Somebody's p; with the defaults it is right.

    Args:
        counts: whether a deal counts, by its difference and ours.
        apart: the difference of two hands.
        share: what is returned, by the deals that count and all deals.
    """

    def p(a, b):
        ours = apart(a.tolist(), b.tolist())
        differences = [apart(*hands) for hands in _deals(a, b)]
        return share(sum(counts(d, ours) for d in differences), len(differences))

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
    oracle=_counting(),
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
        "of them.": _counting(counts=lambda apart, ours: abs(apart) > abs(ours)),
        "Chance may favor either hand: compare the differences without their signs, with `abs`.": (
            _counting(counts=lambda apart, ours: apart >= ours),
            _counting(counts=lambda apart, ours: apart <= ours),
        ),
        "You counted right; return the share, the count divided by the number of deals.": _counting(
            share=lambda found, deals: found
        ),
        "That is the share of the deals that lie *less* far apart.": _counting(
            share=lambda found, deals: 1 - found / deals
        ),
        "Compare the means of the hands, not their best, worst or middle numbers.": (
            _counting(apart=lambda one, other: max(one) - max(other)),
            _counting(apart=lambda one, other: float(np.median(one) - np.median(other))),
            _counting(apart=lambda one, other: min(one) - max(other)),
        ),
    },
)

# ---- L2 penalty and its gradient -----------------------------------------------------------------


def _l2(weights: NDArray, strength: float) -> tuple[float, NDArray[np.float64]]:
    """The penalty weight by weight, and its slope along each."""
    penalty, gradient = 0.0, np.zeros(np.shape(weights))
    for place, weight in np.ndenumerate(weights):
        penalty += strength * float(weight) ** 2
        gradient[place] = strength * 2 * float(weight)
    return penalty, gradient


def _weights(rng: np.random.Generator) -> tuple[NDArray, float]:
    """Weights of any shape with at least two entries, and a strength of any size."""
    shape = rng.integers(1, 4, rng.integers(1, 5))
    shape[-1] += 1
    kinds = "whole", "equal", "normal", "float32", "above", "below", "zeros"
    return draw(rng, shape, *kinds), float(rng.choice([0, 1e-4, 0.01, 0.3, 2]))


def _either(wrong: Callable[[NDArray, float], tuple]) -> tuple[Callable[..., tuple], ...]:
    """Both results from a wrong pair, the penalty alone, the gradient alone."""
    return (
        wrong,
        _with_penalty(lambda w, s: wrong(w, s)[0]),
        _with_gradient(lambda w, s: wrong(w, s)[1]),
    )


def _with_gradient(gradient: Callable[[NDArray, float], Any]) -> Callable[..., tuple]:
    return lambda w, s: (_l2(w, s)[0], gradient(w, s))


def _with_penalty(penalty: Callable[[NDArray, float], Any]) -> Callable[..., tuple]:
    return lambda w, s: (penalty(w, s), _l2(w, s)[1])


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
        "w² is 2w.": _either(lambda w, s: (s * np.abs(w).sum(), s * np.sign(w))),
        "You forgot the 2 in the gradient: the derivative of w² is 2w.": _with_gradient(
            lambda w, s: s * w
        ),
        "You took a mean. The penalty is a sum over the weights, and nothing is divided by their "
        "number.": _either(lambda w, s: _l2(w, s / w.size)),
        "The strength is missing: it multiplies the penalty and the gradient.": _either(
            lambda w, s: _l2(w, 1)
        ),
        "Return both, the penalty first, then the gradient.": (
            lambda w, s: _l2(w, s)[::-1],
            lambda w, s: _l2(w, s)[0],
            lambda w, s: _l2(w, s)[1],
        ),
        "The penalty is one number, the strength times the sum of all squares: square first, then "
        "add up with `np.sum`, without a root. (Python's own `sum` adds the rows of a matrix.)": (
            _with_penalty(lambda w, s: s * sum(w**2)),
            _with_penalty(lambda w, s: s * w**2),
            _with_penalty(lambda w, s: s * np.sqrt((w**2).sum())),
            _with_penalty(lambda w, s: s * w.sum() ** 2),
            _with_penalty(lambda w, s: ((s * w) ** 2).sum()),
        ),
        "The gradient has a number for each weight, and its sign is that of the weight: it points "
        "uphill.": (
            _with_gradient(lambda w, s: -_l2(w, s)[1]),
            _with_gradient(lambda w, s: np.abs(_l2(w, s)[1])),
            _with_gradient(lambda w, s: _l2(w, s)[1].sum()),
        ),
    },
    atol=0,
)

# ---- Early stopping ------------------------------------------------------------------------------

LESSON = [0.9, 0.7, 0.8, 0.75, 0.6, 0.65, 0.7, 0.5]


def _stop(val_losses: list[float], patience: int) -> tuple[int, int]:
    """The epoch of the stop and the best one so far, by looking back from every epoch."""
    for epoch in range(1, len(val_losses) + 1):
        best = 1 + int(np.argmin(val_losses[:epoch]))  # the first of equals
        if epoch - best >= patience:
            break
    return epoch, best


def _walking(
    keep: Callable[[float, float, float], bool] = lambda loss, best, before: loss < best,
    enough: Callable[[int, int], bool] = lambda waited, patience: waited >= patience,
) -> Callable[..., tuple[int, int]]:
    """An early stopping that judges an epoch, and counts, in its own way.

    Args:
        keep: whether a loss is an improvement, by the best one and the one before.
        enough: whether so much waiting is enough for a patience.
    """

    def stop(val_losses, patience):
        best, best_epoch, waited = np.inf, 0, 0
        for epoch, (before, loss) in enumerate(pairwise([np.inf, *val_losses]), 1):
            if keep(loss, best, before):
                best, best_epoch, waited = loss, epoch, 0
                continue
            waited += 1
            if enough(waited, patience):
                return epoch, best_epoch
        return len(val_losses), best_epoch

    return stop


_below_the_one_before = _walking(keep=lambda loss, best, before: loss < before)


def _looking_ahead(
    stop: Callable[[int, int, int], int], counted_from: int = 1
) -> Callable[..., tuple[int, int]]:
    """The best of the whole list, and a stop by it, by best epoch, patience and epochs."""

    def function(val_losses, patience):
        best = int(np.argmin(val_losses)) + counted_from
        return stop(best, patience, len(val_losses)), best

    return function


def _changed(change: Callable[[int, int], tuple[Any, Any]]) -> Callable[..., tuple[Any, Any]]:
    return lambda val_losses, patience: change(*_stop(val_losses, patience))


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
        (LESSON, 2),
        (LESSON, 3),
        (LESSON, 1),
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
            _below_the_one_before,
            lambda val_losses, patience: (
                _below_the_one_before(val_losses, patience)[0],
                1 + int(np.argmin(val_losses[: _below_the_one_before(val_losses, patience)[0]])),
            ),
        ),
        "You looked ahead, for the lowest of *all* losses. While a training runs, later ones are "
        "not there yet: go through the epochs one by one, and stop on the way.": (
            _looking_ahead(lambda best, patience, epochs: min(best + patience, epochs)),
            _looking_ahead(lambda best, patience, epochs: best + patience),
            _looking_ahead(lambda best, patience, epochs: epochs),
            _looking_ahead(lambda best, patience, epochs: best + patience, counted_from=0),
            _looking_ahead(
                lambda best, patience, epochs: min(best + patience, epochs - 1), counted_from=0
            ),
            lambda val_losses, patience: (
                _stop(val_losses, patience)[0],
                1 + int(np.argmin(val_losses)),
            ),
        ),
        "You stopped at the first rise. Wait until `patience` epochs in a row have brought no new "
        "best.": _walking(
            keep=lambda loss, best, before: loss <= before, enough=lambda waited, patience: True
        ),
        "Epochs are counted from 1, both of them; places in a list from 0.": (
            _changed(lambda stop, best: (stop - 1, best - 1)),
            _changed(lambda stop, best: (stop, best - 1)),
            _changed(lambda stop, best: (stop - 1, best)),
        ),
        "You stopped one epoch too late: stop as soon as the epochs without a new best are as many "
        "as `patience`.": _walking(enough=lambda waited, patience: waited > patience),
        "You stopped one epoch too early: `patience` epochs without a new best may pass.": _walking(
            enough=lambda waited, patience: waited >= patience - 1
        ),
        "An equal loss is no improvement: only a smaller one counts.": _walking(
            keep=lambda loss, best, before: loss <= best
        ),
        "Keep the weights of the best epoch so far, not those of the last one.": _changed(
            lambda stop, best: (stop, stop)
        ),
    },
    whole=True,
)
