"""Checks of the lesson Regularization."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Misconception, NotYet, call, compare, exercise, numbers, same

SURE = 6
"""Standard deviations by which a share may miss its expectation: a right answer never does."""


@exercise("Inverted dropout", "At inference there is nothing left to do: `1 - rate` is in here.")
def dropout(answer: Callable[..., Any]) -> None:
    """Zeros in the right share, drawn one by one from `rng`, and survivors scaled up."""
    six = np.array([2.0, 4, 6, 8, 10, 12])
    _from_the_generator(answer, np.tile(six, 20))
    _drawn_one_by_one(answer)
    for number, shape in enumerate([(200, 150), (30_000,), (20, 5, 30, 10)]):
        for rate in (0.25, 0.8):
            _share_and_scale(answer, _signed(shape, seed=number), rate)
    _share_and_scale(answer, six, 0.5)
    same(_dropped(answer, six, 0.0), six)


def _signed(shape: tuple[int, ...], seed: int) -> NDArray[np.float64]:
    """Random numbers of both signs, none near zero."""
    rng = np.random.default_rng(seed)
    return rng.choice([-1, 1], shape) * rng.uniform(0.5, 3, shape)


def _dropped(answer: Callable[..., Any], x: NDArray, rate: float, seed: int = 0) -> NDArray:
    """What an answer makes of x: finite numbers of its shape, or `NotYet`."""
    given = [("x", f"{x}" if x.size < 10 else f"an array of shape {x.shape}"), ("rate", f"{rate}")]
    try:
        got = numbers(call(answer, x, rate, np.random.default_rng(seed))).astype(float)
    except NotYet as fault:
        raise NotYet(fault.message, (*given, *fault.facts)) from None
    if got.shape != x.shape:
        raise NotYet(
            "The shape differs: return as many numbers as you were given, the dropped ones as 0.",
            [*given, ("expected shape", f"{x.shape}"), ("your shape", f"{got.shape}")],
        )
    if not np.isfinite(got).all():
        raise NotYet("There is a NaN or an infinite number.", given)
    return got


def _from_the_generator(answer: Callable[..., Any], x: NDArray) -> None:
    """Some numbers are dropped, and the mask comes from `rng` and from nothing else."""
    first, again, other = (_dropped(answer, x, 0.5, seed) for seed in (1, 1, 2))
    for got, wrong in ((first != 0, "No number was dropped."), (first == 0, "All became 0.")):
        if got.all():
            raise NotYet(f"{wrong} Draw a number for each entry: `rng.random(x.shape)`.")
    if not np.array_equal(first, again):
        raise NotYet(
            "The same generator gave two masks. Draw from `rng`, which you are given, and from no "
            "other source: then a training can be repeated."
        )
    if np.array_equal(first, other):
        raise NotYet("Two different generators gave the same mask: draw it from `rng`.")


def _drawn_one_by_one(answer: Callable[..., Any]) -> None:
    """Each entry is dropped on its own: not by rows, not by columns, not a fixed number of them."""
    kept = _dropped(answer, np.ones((40, 30)), 0.5, seed=4) != 0
    if (kept == kept[0]).all():
        raise NotYet(
            "Every row has the same mask. Each example of a batch needs a mask of its own: draw "
            "`rng.random(x.shape)`."
        )
    if (kept == kept[:, :1]).all():
        raise NotYet("Whole rows are dropped. Draw a number for each entry: `rng.random(x.shape)`.")
    maps = _dropped(answer, np.ones((12, 3, 4, 9)), 0.5, seed=4) != 0
    if any((maps == maps.take([0], axis)).all() for axis in range(maps.ndim)):
        raise NotYet("Whole maps or pictures are dropped: draw `rng.random(x.shape)`, no less.")
    kept = np.array([_dropped(answer, np.ones(100), 0.5, seed) != 0 for seed in range(40)])
    if len(set(kept.sum(axis=1))) == 1:
        raise NotYet(
            "Exactly the same number of entries is dropped every time. Each entry is dropped on "
            "its own, with probability `rate`, whatever becomes of the others."
        )
    if abs(kept.mean(axis=0) - kept.mean()).max() > SURE * np.sqrt(0.25 / len(kept)):
        raise NotYet("Some places are dropped more often than others.")


def _share_and_scale(answer: Callable[..., Any], x: NDArray, rate: float) -> None:
    """The share of zeros and the size of the survivors, for one input."""
    got = _dropped(answer, x, rate)
    kept = got != 0
    shown = [("x", f"{x}"), ("got", f"{got}")] if x.size < 10 else []
    _right_share(1 - kept.mean(), x.size, [("rate", f"{rate}"), *shown], rate)
    if kept.any():
        _right_scale(got[kept], x[kept], kept.mean(), [("rate", f"{rate}"), *shown], rate)


def _right_share(share: float, count: int, facts: Sequence[tuple[str, str]], rate: float) -> None:
    allowed = SURE * np.sqrt(rate * (1 - rate) / count)
    if abs(share - rate) > allowed:
        swapped = abs(share - (1 - rate)) <= allowed
        hint = " You dropped what should stay: `rate` is the share of zeros." if swapped else ""
        raise NotYet(
            f"The share of zeros is not the rate.{hint}",
            [*facts, ("expected share", f"about {rate}"), ("your share", f"{share:.3g}")],
        )


def _right_scale(
    got: NDArray, x: NDArray, share: float, facts: Sequence[tuple[str, str]], rate: float
) -> None:
    """`NotYet` unless every survivor was divided by 1 - rate; `share` of all numbers survived."""
    expected = 1 / (1 - rate)
    factors = got / x
    if np.allclose(factors, expected, rtol=1e-4):
        return
    if (got == 1).all():
        raise NotYet("That is the mask. Multiply `x` by it, and divide by `1 - rate`.", facts)
    if not np.allclose(factors, factors[0], rtol=1e-4):
        raise NotYet("The survivors are not all multiplied by the same factor.", facts)
    hints = {
        1.0: "You did not rescale. Divide what is left by `1 - rate`, or the sum shrinks.",
        1 / rate: "You divided by `rate`. Divide by the share that stays, `1 - rate`.",
        1 - rate: "You multiplied by `1 - rate`. In inverted dropout one divides, while training.",
        rate: "You multiplied by `rate`. Divide by the share that stays, `1 - rate`.",
        1 / share: "You divided by the share that happened to stay this time. Divide by "
        "`1 - rate`: the mean over many masks is to be right, not every single one.",
    }
    named = [hint for wrong, hint in hints.items() if np.isclose(factors[0], wrong, rtol=1e-4)]
    raise NotYet(
        " ".join(["The survivors have the wrong size.", *named[:1]]),
        [*facts, ("expected factor", f"{expected:.4g}"), ("your factor", f"{factors[0]:.4g}")],
    )


def _l2(weights: NDArray, strength: float) -> tuple[float, NDArray[np.float64]]:
    """The penalty weight by weight, and its slope along each."""
    penalty, gradient = 0.0, np.zeros(np.shape(weights))
    for place, weight in np.ndenumerate(weights):
        penalty += strength * float(weight) ** 2
        gradient[place] = strength * 2 * float(weight)
    return penalty, gradient


def _kernels() -> Iterator[tuple[NDArray[np.float64], float]]:
    """The example of the lesson, then weights of other shapes and other strengths."""
    yield np.array([3.0, -1, 0.5]), 0.1
    rng = np.random.default_rng(3)
    shapes = [
        ((5,), 0.01),
        ((6,), 0.001),
        ((4, 3), 2.0),
        ((3, 3, 2, 4), 0.3),
        ((1,), 0.7),
        ((2, 6), 0.0),
    ]
    for shape, strength in shapes:
        yield rng.normal(size=shape), strength


@exercise("L2 penalty and its gradient", "The gradient is a share of the weight itself.")
def l2_penalty(answer: Callable[..., Any]) -> None:
    """Penalty and gradient, against sums made weight by weight."""
    gradient_of = {
        "You forgot the 2: the derivative of w² is 2w.": lambda w, s: s * w,
        "The sign of a weight is the gradient of the L1 penalty; that of w² is 2w.":
            lambda w, s: s * np.sign(w),
        "The strength is missing in the gradient.": lambda w, s: 2 * w,
        "The gradient points uphill, along the weight: it has the sign of the weight.":
            lambda w, s: -2 * s * w,
        "You divided the gradient by the number of weights. The penalty is a sum, not a mean.":
            lambda w, s: 2 * s * w / w.size,
        "You took the absolute value in the gradient: it keeps the sign of the weight.":
            lambda w, s: 2 * s * np.abs(w),
        "You added up the gradient. It has a number for each weight.":
            lambda w, s: (2 * s * w).sum(),
    }  # fmt: skip
    penalties = {
        "That is the L1 penalty, with absolute values; L2 squares.":
            lambda w, s: s * np.abs(w).sum(),
        "The penalty is a sum, not a mean.": lambda w, s: s * (w**2).mean(),
        "You took the root: the penalty is the sum of the squares.":
            lambda w, s: s * np.sqrt((w**2).sum()),
        "You squared the sum; add up the squares.": lambda w, s: s * w.sum() ** 2,
        "The strength is missing in the penalty.": lambda w, s: (w**2).sum(),
        "You squared the strength, too.": lambda w, s: ((s * w) ** 2).sum(),
        "The penalty is one number for all weights: add up.": lambda w, s: s * w**2,
    }  # fmt: skip
    both = [
        Misconception(
            "That is the version with a half, (strength / 2) · Σw². It is used as well, but here, "
            "as in Keras, there is no half.",
            lambda w, s: (s * (w**2).sum() / 2, s * w),
        ),
        Misconception(
            "That is the L1 penalty with its gradient. L2 squares the weights.",
            lambda w, s: (s * np.abs(w).sum(), s * np.sign(w)),
        ),
        Misconception(
            "The penalty is a sum, not a mean; and so is the gradient.",
            lambda w, s: (s * (w**2).mean(), 2 * s * w / w.size),
        ),
        Misconception(
            "You swapped them: first the penalty, then the gradient.",
            lambda w, s: _l2(w, s)[::-1],
        ),
        Misconception("That is the penalty alone: return both.", lambda w, s: _l2(w, s)[0]),
        Misconception("That is the gradient alone: return both.", lambda w, s: _l2(w, s)[1]),
    ]

    def with_gradient(wrong):
        return lambda w, s: (_l2(w, s)[0], wrong(w, s))

    def with_penalty(wrong):
        return lambda w, s: (wrong(w, s), _l2(w, s)[1])

    compare(
        answer,
        _l2,
        _kernels(),
        [
            *both,
            *(Misconception(hint, with_gradient(wrong)) for hint, wrong in gradient_of.items()),
            *(Misconception(hint, with_penalty(wrong)) for hint, wrong in penalties.items()),
        ],
    )


def _stop(val_losses: list[float], patience: int) -> tuple[int, int]:
    """The epoch of the stop and the best one so far, by looking back from every epoch."""
    epochs = len(val_losses)
    for epoch in range(1, epochs + 1):
        best = 1 + int(np.argmin(val_losses[:epoch]))  # the first of equals
        if epoch - best >= patience:
            return epoch, best
    return epochs, 1 + int(np.argmin(val_losses))


def _below(loss: float, best: float) -> bool:
    return loss < best


def _reached(waited: int, patience: int) -> bool:
    return waited >= patience


def _walking(
    keep: Callable[[float, float], bool] = _below,
    enough: Callable[[int, int], bool] = _reached,
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


def _since_last_epoch(val_losses, patience):
    """Waits while the loss is not below that of the epoch before."""
    waited = 0
    for epoch in range(2, len(val_losses) + 1):
        waited = 0 if val_losses[epoch - 1] < val_losses[epoch - 2] else waited + 1
        if waited >= patience:
            return epoch, 1 + int(np.argmin(val_losses[:epoch]))
    return len(val_losses), 1 + int(np.argmin(val_losses))


def _histories() -> Iterator[tuple[list[float], int]]:
    """The example of the lesson, then losses that fall, rise, tie, and stop at the last moment."""
    yield [0.9, 0.7, 0.8, 0.75, 0.6, 0.65, 0.7, 0.5], 2
    yield [0.9, 0.7, 0.8, 0.75, 0.6, 0.65, 0.7, 0.5], 3
    yield [0.9, 0.7, 0.8, 0.75, 0.6, 0.65, 0.7, 0.5], 1
    yield [5.0, 3, 4, 3.5, 3.2, 2, 1], 3
    yield [1.0, 0.8, 0.8, 0.8, 0.8, 0.9], 2
    yield [3.0, 2, 1], 1
    yield [1.0, 2, 3, 4, 5], 4
    yield [1.0, 2, 3, 4], 4
    yield [2.0], 1
    yield [6.0, 5, 5.5, 4, 4.5, 3, 3.5, 2, 2.5, 2.2], 3
    yield [5000.0, 6000, 5500, 4000], 2
    yield [0.7, 0.6999, 0.6998, 0.6997, 0.6998, 0.6999], 2
    rng = np.random.default_rng(5)
    for patience in (1, 2, 3, 4, 5, 6):
        falling = np.exp(-np.arange(25) / 6) + 0.02 * np.arange(25) + rng.normal(0, 0.06, 25)
        yield falling.round(3).tolist(), patience


@exercise("Early stopping", "This is what Keras' `EarlyStopping` does, to the epoch.")
def stopping_epoch(answer: Callable[..., Any]) -> None:
    """The last epoch and the one whose weights are kept, against looking back at every epoch."""

    def changed(change):
        return lambda val_losses, patience: change(*_stop(val_losses, patience), patience)

    compare(
        answer,
        _stop,
        _histories(),
        [
            Misconception(
                "You compared with the epoch before. Compare with the best loss so far.",
                _since_last_epoch,
            ),
            Misconception(
                "You stopped one epoch too late: stop as soon as the epochs without a new best "
                "are as many as `patience`.",
                _walking(enough=lambda waited, patience: waited > patience),
            ),
            Misconception(
                "You stopped one epoch too early: `patience` epochs without a new best may pass.",
                _walking(enough=lambda waited, patience: waited >= patience - 1),
            ),
            Misconception(
                "An equal loss is no improvement: only a smaller one counts.",
                _walking(keep=lambda loss, best: loss <= best),
            ),
            Misconception(
                "You never set the waiting back: a new best starts it again from 0.",
                _walking(forget=False),
            ),
            Misconception(
                "You counted from 0. Both epochs count from 1.",
                changed(lambda stop, best, patience: (stop - 1, best - 1)),
            ),
            Misconception(
                "You counted the best epoch from 0. Both count from 1.",
                changed(lambda stop, best, patience: (stop, best - 1)),
            ),
            Misconception(
                "You swapped them: first where training stops, then whose weights are kept.",
                changed(lambda stop, best, patience: (best, stop)),
            ),
            Misconception(
                "You kept the weights of the last epoch. Keep those of the best one.",
                changed(lambda stop, best, patience: (stop, stop)),
            ),
            Misconception(
                "The best epoch is not always `patience` epochs back: training may have reached "
                "its end.",
                changed(lambda stop, best, patience: (stop, stop - patience)),
            ),
            Misconception(
                "You looked at epochs after the stop, which never ran.",
                lambda val_losses, patience: (
                    _stop(val_losses, patience)[0], 1 + int(np.argmin(val_losses))
                ),
            ),
            Misconception(
                "You returned the best loss; return its epoch.",
                lambda val_losses, patience: (
                    _stop(val_losses, patience)[0],
                    min(val_losses[: _stop(val_losses, patience)[0]]),
                ),
            ),
        ],
    )  # fmt: skip
