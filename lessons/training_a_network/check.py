"""Checks of the lesson Training a network."""

from collections.abc import Callable, Iterator
from enum import IntEnum
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils import data
from utils.checks import Misconception, NotYet, call, compare, exercise, numbers
from utils.neurons import MLP, SGD, Adam, minibatches

# ---- Mini-batches --------------------------------------------------------------------------------

EPOCHS = 30
"""So many shuffled epochs bring every example to 3 batches or more, but for one time in 10**11."""


@exercise(
    "One epoch of mini-batches",
    "Every example has its turn once an epoch, and no epoch has the order of another.",
)
def batches(answer: Callable[..., Any]) -> None:
    """A function of (n, size, rng) that deals the indices 0 to n - 1 into random batches."""
    first = [_epoch(answer, n, size, 0) for n, size in ((10, 4), (12, 3), (1, 5), (7, 7), (50, 8))]
    for n, size, dealt in first:
        _sizes(n, size, dealt)
        _once_each(n, size, dealt)
    n, size, dealt = first[-1]
    _shuffled(n, size, dealt)
    _fresh(answer, n, size)


def _epoch(answer: Callable[..., Any], n: int, size: int, seed: int) -> tuple[int, int, list]:
    facts = [("n", str(n)), ("size", str(size))]
    try:
        dealt = _as_batches(_call_lazily(answer, n, size, np.random.default_rng(seed)))
    except NotYet as fault:
        raise NotYet(fault.message, (*facts, *fault.facts)) from None
    return n, size, dealt


def _call_lazily(answer: Callable[..., Any], *arguments: Any) -> Any:
    """As `call`, but a generator may deal the batches one by one."""

    def dealt(*given: Any) -> Any:
        return _drained(answer(*given), given[0])

    return call(dealt if callable(answer) else answer, *arguments)


def _drained(value: Any, n: int) -> Any:
    """The batches of a generator, which may never end: of n examples, no more than n + 1."""
    return list(islice(value, n + 1)) if isinstance(value, Iterator) else value


def _as_batches(value: Any) -> list[NDArray]:
    if isinstance(value, str | bytes | dict | set):
        raise NotYet(f"Return a list of batches, not a {type(value).__name__}.")
    try:
        parts = list(value)
    except Exception:
        raise NotYet("Return a list of batches: one array of indices for each.") from None
    arrays = [numbers(part, "A batch") for part in parts]
    for array in arrays:
        if array.ndim != 1:
            raise NotYet(
                f"A batch has shape {array.shape}: it should be a flat array of indices. Did you "
                "return one batch instead of a list of them?"
            )
        if not np.isfinite(array).all() or (array != np.round(array)).any():
            raise NotYet("A batch holds something that is no index.", [("batch", str(array))])
    return [array.astype(np.int64) for array in arrays]


def _sizes(n: int, size: int, dealt: list[NDArray]) -> None:
    expected = [min(size, n - start) for start in range(0, n, size)]
    got = [len(batch) for batch in dealt]
    if got == expected:
        return
    message = "The sizes of the batches differ."
    if 0 in got:
        message += " One batch is empty."
    elif got == expected[:-1]:
        message += f" You dropped the rest: the last batch holds what is left, {expected[-1]} here."
    elif len(got) == len(expected) and got[-1] == size:
        message += " The last batch is smaller: it holds what is left, and nothing twice."
    elif got == [len(part) for part in np.array_split(np.arange(n), len(expected))]:
        message += " You cut into equal parts; make every batch but the last exactly `size` long."
    elif got == [n // size + (i < n % size) for i in range(size)]:
        message += " That is the number of batches: `size` says how many examples are in one."
    facts = [("n", n), ("size", size), ("expected sizes", expected), ("your sizes", got)]
    raise NotYet(message, [(label, str(value)) for label, value in facts])


def _once_each(n: int, size: int, dealt: list[NDArray]) -> None:
    used = np.concatenate(dealt)
    seen, counts = np.unique(used, return_counts=True)
    if np.array_equal(seen, np.arange(n)) and (counts == 1).all():
        return
    facts = [("n", str(n)), ("size", str(size)), ("your batches", _listed(dealt))]
    if seen.min() < 0 or seen.max() >= n:
        raise NotYet(
            f"There are indices outside of 0 to {n - 1}: Python counts the examples from 0.", facts
        )
    missing = sorted(set(range(n)) - set(seen.tolist()))
    raise NotYet(
        f"Example {seen[counts.argmax()]} comes {counts.max()} times, and example {missing[0]} not "
        "at all: draw without replacement, each index once an epoch.",
        facts,
    )


def _shuffled(n: int, size: int, dealt: list[NDArray]) -> None:
    order = np.concatenate(dealt)
    facts = [("n", str(n)), ("size", str(size)), ("your batches", _listed(dealt))]
    if np.array_equal(order, np.arange(n)) or np.array_equal(order, np.arange(n)[::-1]):
        raise NotYet("The order is not random: shuffle the indices with `rng` first.", facts)
    starts = np.array([batch.min() for batch in dealt])
    if all(np.ptp(batch) == len(batch) - 1 for batch in dealt):
        if (np.diff(starts) == size).all():
            raise NotYet(
                "You shuffle inside each batch only: the same examples always meet. Shuffle all "
                "the indices, then cut.",
                facts,
            )
        raise NotYet(
            "You shuffle the batches, but a batch always holds neighbors: shuffle all the indices, "
            "then cut.",
            facts,
        )
    if np.abs(np.diff(order)).max() <= 1 or len(set(np.diff(order) % n)) == 1:
        raise NotYet("The order only begins elsewhere: shuffle all the indices.", facts)


def _fresh(answer: Callable[..., Any], n: int, size: int) -> None:
    rng = np.random.default_rng(1)

    def many_epochs() -> list:  # `call` would hand each of them a copy of rng
        return [_drained(answer(n, size, rng), n) for _ in range(EPOCHS)]

    epochs = [_as_batches(epoch) for epoch in call(many_epochs)]
    for epoch in epochs:
        _sizes(n, size, epoch)
        _once_each(n, size, epoch)
    orders = np.array([np.concatenate(epoch) for epoch in epochs])
    if len(np.unique(orders, axis=0)) < EPOCHS:
        raise NotYet(
            "Two epochs come in the same order: draw from the `rng` that you are given, do not "
            "make a new one or fix its seed.",
            [("an epoch begins with", str(orders[0][:size]))],
        )
    _mixed(orders, size)
    again = np.concatenate(_as_batches(_call_lazily(answer, n, size, np.random.default_rng(1))))
    if not np.array_equal(again, orders[0]):
        raise NotYet(
            "The same `rng` gave another order: draw from `rng`, not from `np.random` or `random`, "
            "or nobody can repeat your training."
        )


def _mixed(orders: NDArray, size: int) -> None:
    batch_of = np.argsort(orders, axis=1) // size  # row: epoch, column: example
    visited = [len(set(column)) for column in batch_of.T]
    if min(visited) < 3:
        example = int(np.argmin(visited))
        raise NotYet(
            f"Example {example} hardly moves: in {EPOCHS} epochs it was in {visited[example]} of "
            f"{batch_of.max() + 1} batches. Shuffle all the indices, not a part of them."
        )


def _listed(dealt: list[NDArray]) -> str:
    shown = [str(batch.tolist()) for batch in dealt[:3]]
    return "\n".join(shown + ["..."] * (len(dealt) > 3))


# ---- Four learning curves ------------------------------------------------------------------------


class Verdict(IntEnum):
    """What learning curves say of a training."""

    UNDERFITS = 1
    ABOUT_RIGHT = 2
    OVERFITS = 3
    DIVERGES = 4


MYSTERIES = {
    "A": Verdict.OVERFITS,
    "B": Verdict.ABOUT_RIGHT,
    "C": Verdict.DIVERGES,
    "D": Verdict.UNDERFITS,
}

STEMS = {
    "underfit": Verdict.UNDERFITS,
    "aboutright": Verdict.ABOUT_RIGHT,
    "overfit": Verdict.OVERFITS,
    "diverg": Verdict.DIVERGES,
}

CLAIMS = {  # what someone who gives this verdict says of the curves, as something to look for
    Verdict.UNDERFITS: "under-fitting means that even the training loss stays high",
    Verdict.ABOUT_RIGHT: "about right means that both losses end low, and the validation loss does "
    "not turn upward",
    Verdict.OVERFITS: "over-fitting means that the training loss goes on falling while the "
    "validation loss turns upward",
    Verdict.DIVERGES: "diverging means that the loss ends no lower than it began",
}


def mystery_trainings(epochs: int = 40) -> dict[str, NDArray[np.float64]]:
    """Four real trainings on the digits, without a word on what is wrong with them.

    Returns:
        Letter to cross-entropies of shape (epochs + 1, 2): training and validation set, before
        training and after every epoch.
    """
    digits = data.digits()
    rng = np.random.default_rng(6)
    order = rng.permutation(len(digits.labels))
    X, y = digits.images.reshape(-1, 64)[order] / 16, digits.labels[order].copy()
    validation = X[-400:], y[-400:]
    y[:60] = np.where(rng.random(60) < 0.3, rng.integers(0, 10, 60), y[:60])
    few, many = (X[:60], y[:60]), (X[100:1100], y[100:1100])
    settings = {
        "A": (MLP.random((64, 64, 10), "tanh", seed=1), Adam(0.01), few),
        "B": (MLP.random((64, 32, 10), "relu", seed=2), Adam(0.003), many),
        "C": (MLP.random((64, 32, 10), "tanh", seed=3), SGD(1.0, momentum=0.9), many),
        "D": (MLP.random((64, 1, 10), "tanh", seed=4), SGD(0.3), many),
    }
    return {
        letter: _trained(network, optimizer, train, validation, epochs)
        for letter, (network, optimizer, train) in settings.items()
    }


def _trained(
    network: MLP, optimizer: Any, train: tuple, validation: tuple, epochs: int
) -> NDArray[np.float64]:
    rng = np.random.default_rng(0)
    X, y = train
    losses = [(network.loss(*train), network.loss(*validation))]
    for _ in range(epochs):
        for batch in minibatches(len(y), 32, rng):
            gradients = network.gradients(X[batch], y[batch])
            network = network.with_parameters(optimizer.update(network.parameters, gradients))
        losses.append((network.loss(*train), network.loss(*validation)))
    return np.array(losses)


@exercise(
    "Name the trouble",
    "A had 60 images, some with a wrong label; D had a single hidden unit; C took steps that were "
    "far too large.",
)
def verdicts(answer: Any) -> None:
    """Four verdicts, for the trainings A to D in this order."""
    given = _as_verdicts(answer)
    wrong = [letter for letter, verdict in given.items() if verdict != MYSTERIES[letter]]
    if wrong:
        letter = wrong[0]
        others = len(wrong) - 1
        more = f" ({others} more to look at.)" if others else ""
        raise NotYet(
            f"Look at {letter} again: {CLAIMS[given[letter]]}. Is that what its curves do?{more}"
        )


def _as_verdicts(answer: Any) -> dict[str, Verdict]:
    names = ", ".join(f"Verdict.{verdict.name}" for verdict in Verdict)
    if isinstance(answer, dict) and set(answer) == set(MYSTERIES):
        answer = [answer[letter] for letter in MYSTERIES]
    try:
        values = list(answer)
        if all(isinstance(value, str) for value in values):
            values = [_in_words(value) for value in values]
    except Exception:
        raise NotYet(f"Give a list of four verdicts, each one of {names}.") from None
    array = numbers(values, "Your list")
    if array.shape != (4,):
        raise NotYet(f"Give four verdicts, for A, B, C and D; your list has shape {array.shape}.")
    if not np.isin(array, list(Verdict)).all():
        raise NotYet(f"A verdict is one of {names}.")
    return {letter: Verdict(int(v)) for letter, v in zip(MYSTERIES, array, strict=True)}


def _in_words(said: str) -> Verdict:
    """The verdict in a word such as "OVERFITS", "Verdict.OVERFITS" or "over-fitting"."""
    letters = "".join(filter(str.isalpha, said.lower())).removeprefix("verdict")
    (found,) = [verdict for stem, verdict in STEMS.items() if letters.startswith(stem)]
    return found


# ---- One step of Adam ----------------------------------------------------------------------------


@exercise(
    "One step of Adam",
    "Divided by their size, slopes of any size give steps of about the learning rate.",
)
def adam_step(answer: Callable[..., Any]) -> None:
    """A function of (w, g, v, s, t, rate, b1, b2, eps) that returns the new (w, v, s)."""
    compare(answer, _adam, list(_adam_cases()), _ADAM_MISCONCEPTIONS, rtol=1e-5, atol=1e-9)


def _adam(w, g, v, s, t, rate, b1, b2, eps):
    """Adam as its authors write it (Kingma and Ba 2015, algorithm 1), number by number."""
    w, g, v, s = (np.asarray(each, float) for each in (w, g, v, s))
    moved, slopes, squares = np.empty_like(w), np.empty_like(w), np.empty_like(w)
    for place in np.ndindex(w.shape):
        slopes[place] = v[place] + (1 - b1) * (g[place] - v[place])
        squares[place] = s[place] + (1 - b2) * (g[place] ** 2 - s[place])
        v_hat = slopes[place] / (1 - b1**t)
        s_hat = squares[place] / (1 - b2**t)
        moved[place] = w[place] - rate * v_hat / (s_hat**0.5 + eps)
    return np.stack([moved, slopes, squares])


def _adam_cases() -> Iterator[tuple]:
    """The lesson's example, a weight at rest, random steps; where eps stands never shows."""
    zeros = np.zeros(2)
    yield np.array([-4.0, -1.0]), np.array([-12.0, 15.0]), zeros, zeros, 1, 0.25, 0.9, 0.999, 1e-7
    half = np.array([0.0, 2.0])
    yield np.array([1.0, 1.0]), half, zeros, zeros, 1, 0.1, 0.9, 0.999, 1e-7
    rng = np.random.default_rng(6)
    for t, shape in ((1, (3,)), (2, (3,)), (5, (2, 2)), (40, (4,)), (3, ())):
        w, g, v = rng.normal(0, 2, (3, *shape))
        g = np.where(np.abs(g) < 0.5, 0.5, g)
        s = v**2 + rng.uniform(0.5, 2, shape)
        b1, b2 = rng.uniform(0.6, 0.95), rng.uniform(0.6, 0.95)
        yield w, g, v, s, t, 0.1, float(b1), float(b2), 1e-8


def _variant(
    minus_v=False, minus_s=False, factor=False, plain=False, early=False, swapped=False,
    uphill=False, unrooted=False, unsquared=False, forgets=False, hats=(True, True), product=False,
    whole=False, squared_share=False,
) -> Callable[..., Any]:  # fmt: skip
    """Adam with one wrong idea."""

    def wrong(w, g, v, s, t, rate, b1, b2, eps):
        if swapped:
            b1, b2 = b2, b1
        t = t - 1 if early else t
        first = np.zeros_like(v) if forgets else v
        share_v, share_s = (1, 1) if whole else (1 - b1, 1 - b2)
        share_s = share_s**2 if squared_share else share_s
        v = b1 * first + (-1 if minus_v else 1) * share_v * g
        s = b2 * s + (-1 if minus_s else 1) * share_s * (g if unsquared else g**2)
        kept = (b1 * t, b2 * t) if product else (b1**t, b2**t)
        v_hat = v if plain or not hats[0] else v / (1 - kept[0])
        s_hat = s if plain or not hats[1] else s / (1 - kept[1])
        step = v_hat / ((s_hat if unrooted else np.sqrt(s_hat)) + eps)
        step = step * (g if factor else 1)
        return np.stack([w + rate * step if uphill else w - rate * step, v, s])

    return wrong


def _shares_swapped(w, g, v, s, t, rate, b1, b2, eps):
    v, s = (1 - b1) * v + b1 * g, (1 - b2) * s + b2 * g**2
    return np.stack([w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), v, s])


def _returns_step(w, g, v, s, t, rate, b1, b2, eps):
    moved, v, s = _adam(w, g, v, s, t, rate, b1, b2, eps)
    return np.stack([w - moved, v, s])


def _returns_hats(w, g, v, s, t, rate, b1, b2, eps):
    moved, v, s = _adam(w, g, v, s, t, rate, b1, b2, eps)
    return np.stack([moved, v / (1 - b1**t), s / (1 - b2**t)])


def _old_averages(w, g, v, s, t, rate, b1, b2, eps):
    _, new_v, new_s = _adam(w, g, v, s, t, rate, b1, b2, eps)
    return np.stack([w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), new_v, new_s])


def _slope_on_top(w, g, v, s, t, rate, b1, b2, eps):
    _, v, s = _adam(w, g, v, s, t, rate, b1, b2, eps)
    return np.stack([w - rate * g / (np.sqrt(s / (1 - b2**t)) + eps), v, s])


def _usual_betas(w, g, v, s, t, rate, b1, b2, eps):
    return _adam(w, g, v, s, t, rate, 0.9, 0.999, eps)


def _always_first(w, g, v, s, t, rate, b1, b2, eps):
    return _adam(w, g, v, s, 1, rate, b1, b2, eps)


def _another_order(order: list[int]) -> Callable[..., Any]:
    return lambda *arguments: _adam(*arguments)[order]


_MINUS = "The averages are sums: b * old + (1 - b) * new. The minus sign of the slide is a slip."
_FACTOR = "The slide's further factor g is a slip: the step is rate * v_hat / (sqrt(s_hat) + eps)."
_ADAM_MISCONCEPTIONS = [
    Misconception(_MINUS, _variant(minus_v=True)),
    Misconception(_MINUS, _variant(minus_s=True)),
    Misconception(_MINUS, _variant(minus_v=True, minus_s=True)),
    Misconception(_MINUS, _variant(minus_v=True, minus_s=True, factor=True, plain=True)),
    Misconception(_FACTOR, _variant(factor=True)),
    Misconception(_FACTOR, _variant(factor=True, plain=True)),
    Misconception(
        "The bias correction is missing: divide v by 1 - b1**t and s by 1 - b2**t.",
        _variant(plain=True),
    ),
    Misconception("v has no hat: divide it by 1 - b1**t.", _variant(hats=(False, True))),
    Misconception("s has no hat: divide it by 1 - b2**t.", _variant(hats=(True, False))),
    Misconception("The correction has a power: 1 - b1**t, not 1 - b1*t.", _variant(product=True)),
    Misconception("The correction depends on t: 1 - b1**t, not 1 - b1.", _always_first),
    Misconception("Use the b1 and b2 that you are given.", _usual_betas),
    Misconception("An average weighs its new part: (1 - b1) * g.", _variant(whole=True)),
    Misconception("Square g alone: (1 - b2) * g**2.", _variant(squared_share=True)),
    Misconception("Renew v and s first; the step takes the new ones.", _old_averages),
    Misconception("The step takes v_hat, not g alone: that is RMSProp.", _slope_on_top),
    Misconception("t counts from 1: at the first step it is 1 already.", _variant(early=True)),
    Misconception("You swapped b1 and b2: b1 belongs to v, b2 to s.", _variant(swapped=True)),
    Misconception("You walk uphill: subtract the step.", _variant(uphill=True)),
    Misconception("The root is missing: divide by sqrt(s_hat).", _variant(unrooted=True)),
    Misconception("s is an average of squares: g**2.", _variant(unsquared=True)),
    Misconception("You forgot the old v: b1 * v + (1 - b1) * g.", _variant(forgets=True)),
    Misconception(
        "b1 and b2 are what is kept of the old average: b * old + (1 - b) * new.", _shares_swapped
    ),
    Misconception("Return the new weights, not the step.", _returns_step),
    Misconception(
        "Return v and s as they are, without hats: the next step averages on from them.",
        _returns_hats,
    ),
    Misconception("Return w, v, s in this order.", _another_order([1, 2, 0])),
    Misconception("Return w, v, s in this order.", _another_order([0, 2, 1])),
    Misconception("Return all three: w, v and s.", lambda *arguments: _adam(*arguments)[0]),
]
