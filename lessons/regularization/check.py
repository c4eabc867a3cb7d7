"""Checks of the lesson Regularization."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise, NotYet, call, draw, numbers, shown, together

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
    try:
        got = numbers(call(answer, x, rate, np.random.default_rng(seed)))
        _readable(got, x, rate)
    except NotYet as fault:
        fault.facts = (("x", shown(x)), ("rate", f"{rate}"), *fault.facts)
        raise
    return got


def _readable(got: NDArray, x: NDArray, rate: float) -> None:
    if got.shape != x.shape:
        raise NotYet(
            "The shape differs: return as many numbers as you were given, the dropped ones as 0.",
            [("expected shape", f"{x.shape}"), ("your shape", f"{got.shape}")],
        )
    left, said = got[got != 0], ""
    if not np.isfinite(got).all():
        said = "There is a NaN or an infinite number."
    elif got.dtype == bool or (np.ptp(x) and left.size > 3 and _equal(left)):
        said = "That is the mask. Multiply `x` by it, and divide by `1 - rate`."
    elif left.size and got.dtype.kind in "iu" and (x / (1 - rate) % 1).any():
        said = "Your result cannot hold fractions: make it an array of floats."
    if said:
        raise NotYet(said, [("got", shown(got))])


def _equal(values: NDArray) -> bool:
    return np.allclose(values, values[0], rtol=1e-4)


def _drawn_from_the_generator(answer: Any, rng: np.random.Generator) -> None:
    """Some numbers are dropped, and the mask comes from `rng` and from nothing else."""
    x, (seed, other) = np.tile(SIX, 20), rng.choice(2**32, 2, replace=False)
    first, again, another = (_dropped(answer, x, 0.5, number) for number in (seed, seed, other))
    if (first != 0).all():
        raise NotYet(f"No number was dropped. {ONE_BY_ONE}")
    if (first == 0).all():
        raise NotYet(f"All numbers became 0. {ONE_BY_ONE}")
    if not np.array_equal(first, again):
        raise NotYet(
            "The same generator gave two masks. Draw from `rng`, which you are given, and from no "
            "other source: then a training can be repeated."
        )
    if np.array_equal(first, another):
        raise NotYet("Two different generators gave the same mask: draw it from `rng`.")


def _scaled(answer: Any, rng: np.random.Generator) -> None:
    """All survivors are divided by `1 - rate`, whatever the numbers, their shape and type."""
    cases = [
        (SIX, 0.5),
        (np.arange(1, 25).reshape(4, 6), 0.25),
        (_signed(rng, 40, 1), 0.75),
        (_signed(rng, 3, 2, 5).astype(np.float32), 0.375),
        (_signed(rng, 2, 3, 4, 5) * 1e-6, 0.1),
        (rng.integers(1, 256, (1, 30, 2), np.uint8), 0.8),
        (rng.integers(20_000, 20_020, 50), 0.9),
    ]
    tried = []
    for x, rate in cases:
        got = _dropped(answer, x, rate, _seed(rng))
        stays = got != 0
        if stays.any():
            tried.append((x, rate, got, got[stays] / x[stays], stays.mean()))
    for x, rate, got, factors, _ in tried:
        if np.allclose(factors, 1 / (1 - rate), rtol=1e-4):
            continue
        facts = [("x", shown(x)), ("rate", f"{rate}"), ("got", shown(got))]
        if not _equal(factors):
            raise NotYet("The survivors are not all multiplied by the same factor.", facts)
        named = (hint for hint, factor in FACTORS.items() if _all_by(factor, tried))
        said = (
            f"The survivors are multiplied by {factors[0]:.4g}; with a rate of {rate} it should be "
            f"1 / (1 - {rate}), which is {1 / (1 - rate):.4g}."
        )
        raise NotYet(said, facts, next(named, None))


def _all_by(factor: Callable[[float, float], float], tried: list[tuple]) -> bool:
    return all(
        np.allclose(factors, factor(rate, stayed), rtol=1e-4)
        for _, rate, _, factors, stayed in tried
    )


def _at_the_rate(answer: Any, rng: np.random.Generator) -> None:
    rates, x = (0.25, 0.8, 0.04), _signed(rng, 100, 150)
    shares = [float((_dropped(answer, x, rate, _seed(rng)) == 0).mean()) for rate in rates]
    for rate, share in zip(rates, shares, strict=True):
        if abs(share - rate) > SURE * np.sqrt(rate * (1 - rate) / x.size):
            swapped = np.allclose(shares, 1 - np.array(rates), atol=0.03)
            hint = (
                "You dropped what should stay: `rate` is the share of zeros." if swapped else None
            )
            facts = [("rate", f"{rate}"), ("your share", f"{share:.3g}")]
            raise NotYet("The share of zeros is not the rate.", facts, hint)


def _one_by_one(answer: Any, rng: np.random.Generator) -> None:
    """Each entry is dropped as often as every other one, and with every other one."""
    shape, seeds = (4, 3, 2), rng.choice(2**32, 200, replace=False)
    x = np.arange(1.0, 25).reshape(shape)
    dropped = np.array([(_dropped(answer, x, 0.5, seed) == 0).ravel() for seed in seeds])
    places = [list(map(int, place)) for place in np.ndindex(shape)]
    far = SURE * np.sqrt(0.25 / len(seeds))
    facts = [("shape of x", f"{shape}"), ("rate", "0.5"), ("masks tried", f"{len(seeds)}")]
    if len(set(dropped.sum(axis=1))) == 1:
        raise NotYet(
            "The same number of entries is dropped every time. Each entry is dropped on its own, "
            "with probability `rate`, whatever becomes of the others.",
            facts,
        )
    share = dropped.mean(axis=0)
    worst = np.abs(share - 0.5).argmax()
    if abs(share[worst] - 0.5) > far:
        raise NotYet(
            f"Entry {places[worst]} was dropped in {share[worst]:.0%} of the masks.", facts
        )
    pairs = together(dropped)
    np.fill_diagonal(pairs, 0.5)
    one, other = divmod(int(np.abs(pairs - 0.5).argmax()), len(places))
    if abs(pairs[one, other] - 0.5) > far:
        shared = f"{pairs[one, other]:.0%} of the masks; by chance it would be half of them."
        said = f"Entries {places[one]} and {places[other]} met the same fate in {shared}"
        raise NotYet(f"{said} {ONE_BY_ONE}", facts, ONE_BY_ONE)


def _is_dropout(answer: Any, rng: np.random.Generator) -> None:
    _dropped(answer, SIX, 0.5, _seed(rng))
    _drawn_from_the_generator(answer, rng)
    _one_by_one(answer, rng)
    _at_the_rate(answer, rng)
    _scaled(answer, rng)
    x = np.arange(-3.0, 4)
    if not np.array_equal(_dropped(answer, x, 0.0, _seed(rng)), x):
        raise NotYet("With a rate of 0 nothing is dropped, and nothing changes.")


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
    oracle=lambda weights, strength: _l2(weights, strength),
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
        "in Keras, there is no half.": lambda w, s: (_l2(w, s)[0] / 2, _l2(w, s)[1] / 2),
        "That is L1, with absolute values and signs. L2 squares each weight, and the derivative of "
        "w² is 2w.": (
            lambda w, s: (s * np.abs(w).sum(), s * np.sign(w)),
            _with_gradient(lambda w, s: s * np.sign(w)),
            _with_penalty(lambda w, s: s * np.abs(w).sum()),
        ),
        "You forgot the 2 in the gradient: the derivative of w² is 2w.": _with_gradient(
            lambda w, s: s * w
        ),
        "You took a mean. The penalty is a sum over the weights, and nothing is divided by their "
        "number.": (
            lambda w, s: (_l2(w, s)[0] / w.size, _l2(w, s)[1] / w.size),
            _with_penalty(lambda w, s: _l2(w, s)[0] / w.size),
            _with_gradient(lambda w, s: _l2(w, s)[1] / w.size),
        ),
        "The strength is missing: it multiplies the penalty and the gradient.": (
            lambda w, s: _l2(w, 1),
            _with_penalty(lambda w, s: _l2(w, 1)[0]),
            _with_gradient(lambda w, s: _l2(w, 1)[1]),
        ),
        "Return both, the penalty first, then the gradient.": (
            lambda w, s: _l2(w, s)[::-1],
            lambda w, s: _l2(w, s)[0],
            lambda w, s: _l2(w, s)[1],
        ),
        "The penalty is one number, the strength times the sum of the squares: square first, then "
        "add up, without a root.": (
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
    keep: Callable[[float, float], bool] = lambda loss, best: loss < best,
    enough: Callable[[int, int], bool] = lambda waited, patience: waited >= patience,
    forget: bool = True,
) -> Callable[..., tuple[int, int]]:
    """An early stopping that judges an epoch, and counts, in its own way.

    Args:
        keep: whether a loss is an improvement on the best one.
        enough: whether so much waiting is enough for a patience.
        forget: whether an improvement sets the waiting back to 0.
    """

    def stop(val_losses, patience):
        best, best_epoch, waited = np.inf, 0, 0
        for epoch, loss in enumerate(val_losses, 1):
            if keep(loss, best):
                best, best_epoch, waited = loss, epoch, 0 if forget else waited
                continue
            waited += 1
            if enough(waited, patience):
                return epoch, best_epoch
        return len(val_losses), best_epoch

    return stop


def _below_the_one_before(val_losses, patience):
    """Takes every epoch for a new best whose loss is below that of the epoch before."""
    best = 1
    for epoch in range(1, len(val_losses) + 1):
        if epoch > 1 and val_losses[epoch - 1] < val_losses[epoch - 2]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


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
    outcome="build",
    praise="This is what Keras' `EarlyStopping` does, to the epoch.",
    nudge="Go through the losses from the first one on. Which two things do you have to remember "
    "on the way?",
    hint="Remember the best loss so far, with its epoch. After each epoch, count how far back the "
    "best one lies; as soon as that is `patience`, return. Behind the loop return the last epoch, "
    "and the best one.",
    oracle=lambda val_losses, patience: _stop(val_losses, patience),
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
            keep=lambda loss, best: loss <= best
        ),
        "You never set the waiting back: a new best starts it again from 0.": _walking(
            forget=False
        ),
        "You swapped them: first where training stops, then whose weights are kept.": _changed(
            lambda stop, best: (best, stop)
        ),
        "Keep the weights of the best epoch among those that ran: not of the last one, and of none "
        "after the stop.": (
            _changed(lambda stop, best: (stop, stop)),
            lambda val_losses, patience: (
                _stop(val_losses, patience)[0],
                1 + int(np.argmin(val_losses)),
            ),
        ),
    },
    whole=True,
)
