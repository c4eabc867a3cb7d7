"""Checks of the lesson Training a network."""

from collections.abc import Callable, Iterator
from enum import IntEnum
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils import data
from utils.checks import Exercise, NotYet, call, draw, numbers, together
from utils.neurons import MLP, SGD, Adam, minibatches

# ---- Mini-batches --------------------------------------------------------------------------------

EPOCHS = 200
"""In so many epochs all pairs of 40 examples meet in a batch of 8, but for one time in 10**11."""


def _drained(dealt: Any, n: int) -> Any:
    """The batches of a generator, which may never end: of n examples, no more than n + 1."""
    return list(islice(dealt, n + 1)) if isinstance(dealt, Iterator) else dealt


def _dealing(answer: Any) -> Any:
    """The answer as a function of n and size, for one random generator."""
    if not callable(answer):
        return answer
    return lambda n, size: _drained(answer(n, size, np.random.default_rng(0)), n)


def _indices(dealt: Any, n: int, size: int) -> NDArray:
    """The indices of all batches in order, `NotYet` where the batches themselves are not right."""
    if isinstance(dealt, str | bytes | dict | set):
        raise NotYet(f"Return a list of batches, not a {type(dealt).__name__}.")
    try:
        parts = list(dealt)
    except Exception:
        raise NotYet("Return a list of batches: one array of indices for each.") from None
    arrays = [numbers(part, "A batch") for part in parts]
    for array in arrays:
        if array.ndim != 1:
            raise NotYet(
                f"A batch has shape {array.shape}: it should be a flat array of indices. Did you "
                "return one batch instead of a list of them?"
            )
    expected, got = [min(size, n - i) for i in range(0, n, size)], list(map(len, arrays))
    if got != expected:
        facts = ("expected sizes", str(expected)), ("your sizes", str(got))
        raise NotYet(f"The sizes of the batches differ. {SIZES}", facts, SIZES)
    flat = np.concatenate(arrays)
    seen, counts = np.unique(flat, return_counts=True)
    missing = sorted(set(range(n)) - set(flat.tolist()))
    if counts.max() > 1 and missing:
        raise NotYet(
            f"Example {seen[counts.argmax()]} comes {counts.max()} times, and example {missing[0]} "
            f"not at all. {TWICE}",
            [("your batches", "\n".join(str(array.tolist()) for array in arrays[:4]))],
            TWICE,
        )
    return np.sort(flat)


SIZES = "Every batch holds `size` examples; only the last one may hold fewer: what is left."
TWICE = "Draw one order for the whole epoch, without replacement: then each index comes once."
FRESH = (
    "Every epoch has the same order. Shuffle all the indices with the `rng` that you are given; a "
    "new one with a seed of its own begins again each time."
)
APART = "Shuffle all the indices first, then cut them into batches."
REPEATED = (
    "The same `rng` gave another order: draw from `rng`, not from `np.random` or `random`, or "
    "nobody can repeat your training."
)


def _mixes(answer: Callable[..., Any], rng: np.random.Generator) -> None:
    """Many epochs: everybody is in each batch, and meets everybody, now and then."""
    seed = int(rng.integers(2**32))
    for n, size in ((40, 8), (8, 2)):

        def epochs(n: int = n, size: int = size) -> list:
            one = np.random.default_rng(seed)  # `call` would hand each epoch a copy
            return [_drained(answer(n, size, one), n) for _ in range(EPOCHS)]

        dealt = [numbers(np.concatenate(list(epoch))) for epoch in call(epochs)]
        orders = np.array([order for order in dealt if np.array_equal(np.sort(order), range(n))])
        if len(orders) < EPOCHS:
            raise NotYet(f"In one of {EPOCHS} epochs an example is missing. {TWICE}", hint=TWICE)
        if len(np.unique(orders, axis=0)) == 1:
            facts = ("n", str(n)), ("an epoch begins with", str(orders[0][:size]))
            raise NotYet(FRESH, facts, FRESH)
        _everywhere(orders.argsort(axis=1) // size, n, size)
        if not np.array_equal(np.concatenate(list(call(epochs)[0])), dealt[0]):
            raise NotYet(REPEATED, hint=REPEATED)


def _everywhere(batch_of: NDArray, n: int, size: int) -> None:
    """Refuse where an example is never or mostly in one batch, or with one other example."""
    where = (batch_of[..., np.newaxis] == range(n // size)).mean(axis=0)
    meets = together(batch_of)
    np.fill_diagonal(meets, 1 / 4)
    for shares, words in ((where, "example {} was in batch {}"), (meets, "{} and {} met")):
        for place in (shares.argmin(), shares.argmax()):
            share = shares.flat[place]
            if not 0 < share < 2 / 3:
                seen = words.format(*map(int, np.unravel_index(place, shares.shape)))
                raise NotYet(
                    f"With n = {n} and size = {size}, {seen} in {round(share * EPOCHS)} of "
                    f"{EPOCHS} epochs: chance would not do that. {APART}",
                    hint=APART,
                )


def _size_and_number(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(1, 60)), int(rng.integers(1, 20))


batches = Exercise(
    title="One epoch of mini-batches",
    outcome="compute",
    praise="Every example has its turn once an epoch, and no epoch has the order of another.",
    nudge="Which do you do first: shuffle the indices, or cut them? And where does each batch "
    "begin?",
    hint="Draw one random order of all the indices, before any loop. The batches begin at 0, "
    "`size`, 2 `size` and so on, below n. A slice that reaches past the end gives what is left.",
    oracle=lambda n, size: list(range(n)),
    cases=[(10, 4), (12, 3), (1, 5), (7, 7), (5, 1), (3, 10), (50, 8)],
    legal=_size_and_number,
    misconceptions={
        "Python counts the examples from 0: the indices are 0 to n - 1.": (
            lambda n, size: np.arange(1, n + 1)
        ),
    },
    use=_dealing,
    read=_indices,
    test=_mixes,
    whole=True,
)

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


def _as_verdict(said: Any) -> Verdict:
    """A verdict, its number, or a word such as "OVERFITS", "Verdict.OVERFITS", "over-fitting"."""
    if not isinstance(said, str):
        return Verdict(said)
    letters = "".join(filter(str.isalpha, said.lower())).removeprefix("verdict")
    (found,) = [verdict for stem, verdict in STEMS.items() if letters.startswith(stem)]
    return found


def _name_the_trouble(answer: Any, rng: np.random.Generator) -> None:
    """Four verdicts, for the trainings A to D in this order; a hint never gives one away."""
    if isinstance(answer, dict) and {str(key).upper() for key in answer} == set(MYSTERIES):
        answer = [verdict for _, verdict in sorted(answer.items())]
    names = ", ".join(f"`Verdict.{verdict.name}`" for verdict in Verdict)
    try:
        given = [_as_verdict(said) for said in answer]
    except Exception:
        raise NotYet(f"Give a list of four verdicts, each one of {names}.") from None
    if len(given) != len(MYSTERIES):
        raise NotYet(f"Give four verdicts, for A, B, C and D; your list has {len(given)}.")
    wrong = {
        letter: verdict
        for (letter, right), verdict in zip(MYSTERIES.items(), given, strict=True)
        if verdict != right
    }
    if wrong:
        letter, verdict = next(iter(wrong.items()))
        look = f"Look at {letter} again: {CLAIMS[verdict]}. Is that what its curves do?"
        more = f" ({len(wrong) - 1} more to look at.)" if len(wrong) > 1 else ""
        raise NotYet(look + more, hint=look)


verdicts = Exercise(
    title="Name the trouble",
    outcome="read",
    praise="A had 60 images, some with a wrong label; D had a single hidden unit; C took steps "
    "that were far too large.",
    nudge="Two questions for each pair of curves: is the training loss low at the end, and does "
    "the validation loss follow it? Where are the curves on the axis, in numbers?",
    hint="First find the training whose loss does not end below where it began. Of the others, ask "
    "which training loss stays high to the end. The last two both learn: in one of them the "
    "validation loss turns away and climbs. The table above has a name for each.",
    test=_name_the_trouble,
)

# ---- One step of Adam ----------------------------------------------------------------------------


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


def _training(rng: np.random.Generator) -> tuple:
    """A step amid a training; where eps stands never shows. A slope may be 0, its average not."""
    shape = tuple(map(int, rng.integers(1, 4, rng.integers(1, 3))))
    kind = str(rng.choice(["whole", "equal", "normal", "float32"]))
    w, g, v = (draw(rng, shape, kind) for _ in range(3))
    s = np.asarray(v**2 + rng.uniform(0.5, 2, shape), np.float32 if kind == "float32" else float)
    t, rate = int(rng.choice([1, 2, 3, 5, 40, 1000])), float(rng.choice([0.003, 0.1, 1.0]))
    b1, b2 = (round(float(b), 3) for b in rng.uniform((0, 0.5), (0.95, 0.999)))
    return w, g, v, s, t, rate, b1, b2, 1e-8


def _spoiled(
    v=lambda v, g, b1: b1 * v + (1 - b1) * g,
    s=lambda s, g, b2: b2 * s + (1 - b2) * g**2,
    v_hat=lambda v, b1, t: v / (1 - b1**t),
    s_hat=lambda s, b2, t: s / (1 - b2**t),
    step=lambda v_hat, s_hat, g, eps: v_hat / (np.sqrt(s_hat) + eps),
) -> Callable[..., NDArray]:
    """Adam in five lines; each may be replaced by a wrong one."""

    def wrong(w, g, old_v, old_s, t, rate, b1, b2, eps):
        new_v, new_s = v(old_v, g, b1), s(old_s, g, b2)
        hats = v_hat(new_v, b1, t), s_hat(new_s, b2, t)
        return np.stack([w - rate * step(*hats, g, eps), new_v, new_s])

    return wrong


_minus_v = {"v": lambda v, g, b1: b1 * v - (1 - b1) * g}
_minus_s = {"s": lambda s, g, b2: b2 * s - (1 - b2) * g**2}
_plain_v, _plain_s = {"v_hat": lambda v, b1, t: v}, {"s_hat": lambda s, b2, t: s}
_factor = {"step": lambda v_hat, s_hat, g, eps: v_hat / (np.sqrt(s_hat) + eps) * g}


def _old_averages(w, g, v, s, t, rate, b1, b2, eps):
    _, new_v, new_s = _adam(w, g, v, s, t, rate, b1, b2, eps)
    return np.stack([w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), new_v, new_s])


def _returned(change: Callable[..., Any]) -> Callable[..., NDArray]:
    """What somebody returns who changes w, v and s at the end, given w, t, b1 and b2."""

    def wrong(w, g, v, s, t, rate, b1, b2, eps):
        return np.stack(change(*_adam(w, g, v, s, t, rate, b1, b2, eps), w, t, b1, b2))

    return wrong


adam_step = Exercise(
    title="One step of Adam",
    outcome="build",
    praise="Divided by their size, slopes of any size give steps of about the learning rate.",
    nudge="Four formulas, one after the other. Which of the numbers that they make does the next "
    "step need again?",
    hint="Renew both averages first, each with its own b: the part b of the old, the part 1 - b of "
    "the new. Then make the hats from the new averages, then the step from the hats. The averages "
    "go back as they are, without hats.",
    oracle=_adam,
    cases=[
        (*map(np.array, ([-4, -1], [-12, 15], [0, 0], [0, 0])), 1, 0.25, 0.9, 0.999, 1e-7),
        (*map(np.array, ([1.0, 1], [0.0, 2], [0.0, 0], [0.0, 0])), 1, 0.1, 0.9, 0.999, 1e-7),
        (*map(np.array, ([1.0, 2], [0.0, 0], [1.0, -1], [1.0, 4])), 3, 0.5, 0.9, 0.99, 1e-7),
        (*map(np.array, (2.0, -3.0, 0.5, 4.0)), 2, 0.1, 0.8, 0.9, 1e-8),
        (*map(np.array, ([3.0], [1e-3], [1e-3], [1e-6])), 5, 0.1, 0.9, 0.99, 1e-12),
    ],
    legal=_training,
    misconceptions={
        "The averages are sums: b * old + (1 - b) * new. The minus sign of the slide is a slip.": (
            _spoiled(**_minus_v, **_minus_s, **_plain_v, **_plain_s, **_factor),
            _spoiled(**_minus_v, **_minus_s),
            _spoiled(**_minus_v),
            _spoiled(**_minus_s),
        ),
        "The slide's further factor g is a slip: the step is rate * v_hat / (sqrt(s_hat) + eps).": (
            _spoiled(**_factor),
            _spoiled(**_factor, **_plain_v, **_plain_s),
        ),
        "Mind the bias correction: divide the new v by 1 - b1**t, the new s by 1 - b2**t, with the "
        "t that you are given.": (
            _spoiled(**_plain_v, **_plain_s),
            _spoiled(**_plain_v),
            _spoiled(**_plain_s),
            _spoiled(
                v_hat=lambda v, b1, t: v / (1 - b1 * t), s_hat=lambda s, b2, t: s / (1 - b2 * t)
            ),
            lambda w, g, v, s, t, *rest: _adam(w, g, v, s, 1, *rest),
            lambda w, g, v, s, t, *rest: _adam(w, g, v, s, np.float64(t - 1), *rest),
        ),
        "Each average weighs both its parts: b * old + (1 - b) * new. The new part is g for v and "
        "g**2 for s.": (
            _spoiled(lambda v, g, b1: b1 * v + g, lambda s, g, b2: b2 * s + g**2),
            _spoiled(
                lambda v, g, b1: (1 - b1) * v + b1 * g, lambda s, g, b2: (1 - b2) * s + b2 * g**2
            ),
            _spoiled(v=lambda v, g, b1: (1 - b1) * g),
            _spoiled(s=lambda s, g, b2: b2 * s + (1 - b2) * g),
            _spoiled(s=lambda s, g, b2: b2 * s + ((1 - b2) * g) ** 2),
        ),
        "The step takes the new averages, with hats: rate * v_hat / (sqrt(s_hat) + eps).": (
            _old_averages,
            _spoiled(step=lambda v_hat, s_hat, g, eps: g / (np.sqrt(s_hat) + eps)),
            _spoiled(step=lambda v_hat, s_hat, g, eps: v_hat / (s_hat + eps)),
        ),
        "b1 belongs to v and b2 to s: use both as they are given.": (
            lambda w, g, v, s, t, rate, b1, b2, eps: _adam(w, g, v, s, t, rate, b2, b1, eps),
            lambda w, g, v, s, t, rate, b1, b2, eps: _adam(w, g, v, s, t, rate, 0.9, 0.999, eps),
        ),
        "You walk uphill: subtract the step.": _spoiled(
            step=lambda v_hat, s_hat, g, eps: -v_hat / (np.sqrt(s_hat) + eps)
        ),
        "Return the new w, the new v and the new s, in this order and without hats: the next step "
        "goes on from them.": (
            _returned(lambda w, v, s, old, t, b1, b2: (w, v / (1 - b1**t), s / (1 - b2**t))),
            _returned(lambda w, v, s, old, t, b1, b2: (v, s, w)),
            _returned(lambda w, v, s, old, t, b1, b2: (w, s, v)),
            _returned(lambda w, v, s, old, t, b1, b2: (old - w, v, s)),
            lambda *case: _adam(*case)[0],
        ),
    },
    rtol=1e-5,
)
