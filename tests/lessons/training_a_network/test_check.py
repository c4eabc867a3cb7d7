"""Training a network: other right answers, and the hint for each named misconception."""

from functools import partial

import numpy as np
import pytest

from lessons.training_a_network import check
from lessons.training_a_network.check import MYSTERIES, Verdict
from tests.kit.answers import accepted, refused
from utils.neurons import Adam, minibatches

pytestmark = pytest.mark.slow

A, B, C, D = MYSTERIES.values()


def right_step(w, g, v, s, t, rate, b1, b2, eps):
    v, s = b1 * v + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), v, s


def as_in_keras(w, g, v, s, t, rate, b1, b2, eps):
    v, s = v + (g - v) * (1 - b1), s + (g**2 - s) * (1 - b2)
    alpha = rate * np.sqrt(1 - b2**t) / (1 - b1**t)
    return w - alpha * v / (np.sqrt(s) + eps), v, s


def by_the_course(w, g, v, s, t, rate, b1, b2, eps):
    optimizer = Adam(rate, b1, b2, eps)
    optimizer.steps, optimizer.slopes, optimizer.squares = t - 1, [v], [s]
    (w,) = optimizer.update([w], [g])
    return w, optimizer.slopes[0], optimizer.squares[0]


def as_float32(*arguments):
    *arrays, t, rate, b1, b2, eps = arguments
    return right_step(*(np.asarray(a, np.float32) for a in arrays), t, rate, b1, b2, eps)


def sorted_by_random_keys(n, size, rng):
    order = np.argsort(rng.random(n))
    return np.split(order, range(size, n, size))


def one_by_one(n, size, rng):
    left, dealt = list(range(n)), []
    while left:
        dealt.append([left.pop(rng.integers(len(left))) for _ in range(min(size, len(left)))])
    return dealt


def shuffled_in_place(n, size, rng):
    order = np.arange(n, dtype=np.int32)
    rng.shuffle(order)
    return tuple(order[i : i + size] for i in range(0, n, size))


def yielding(n, size, rng):
    yield from shuffled_in_place(n, size, rng)


RIGHT = {
    "epsilon as in Keras": (check.adam_step, as_in_keras),
    "the course's": (check.adam_step, by_the_course),
    "float32": (check.adam_step, as_float32),
    "a list": (check.adam_step, lambda *a: [part.tolist() for part in right_step(*a)]),
    "one array": (check.adam_step, lambda *a: np.stack(right_step(*a))),
    "minibatches": (check.batches, minibatches),
    "as a list": (check.batches, lambda *a: [b.tolist() for b in minibatches(*a)]),
    "random keys": (check.batches, sorted_by_random_keys),
    "without replacement": (
        check.batches,
        lambda n, size, rng: np.split(rng.choice(n, n, replace=False), range(size, n, size))),
    "one by one": (check.batches, one_by_one),
    "in place, int32, a tuple": (check.batches, shuffled_in_place),
    "a generator": (check.batches, yielding),
    "sorted inside": (check.batches, lambda *a: [np.sort(b) for b in minibatches(*a)]),
    "a map": (check.batches, lambda *a: map(list, minibatches(*a))),
    "floats": (check.batches, lambda *a: [b.astype(float) for b in minibatches(*a)]),
    "words": (check.verdicts, ["overfits", "about right", "Diverges", " underfits"]),
    "the lesson's words": (
        check.verdicts, ["over-fitting", "about right", "diverging", "under-fitting"]),
    "full names": (check.verdicts, [f"Verdict.{verdict.name}" for verdict in MYSTERIES.values()]),
    "an iterator": (check.verdicts, iter([A, B, C, D])),
    "names": (check.verdicts, [verdict.name for verdict in MYSTERIES.values()]),
    "a tuple": (check.verdicts, (A, B, C, D)),
    "numbers": (check.verdicts, [3, 2, 4, 1]),
    "a dict": (check.verdicts, {"B": B, "A": A, "D": D, "C": C}),
    "an array": (check.verdicts, np.array([A, B, C, D])),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


def step(w, g, v, s, t, rate, b1, b2, eps, *, signs=(1, 1), factor=1, hats=(1, 1), power=2):
    """Adam with what somebody may get wrong as settings; `factor` is "g" for the slide's."""
    v = b1 * v + signs[0] * (1 - b1) * g
    s = b2 * s + signs[1] * (1 - b2) * g**power
    v_hat = v / (1 - b1**t) if hats[0] else v
    s_hat = s / (1 - b2**t) if hats[1] else s
    return w - rate * v_hat / (np.sqrt(s_hat) + eps) * (g if factor == "g" else factor), v, s


def counted_from_0(w, g, v, s, t, *rest):
    return step(w, g, v, s, t - 1, *rest)


def swapped(w, g, v, s, t, rate, b1, b2, eps):
    return step(w, g, v, s, t, rate, b2, b1, eps)


def as_printed(w, g, v, s, t, rate, b1, b2, eps):
    v, s = b1 * v - (1 - b1) * g, b2 * s - (1 - b2) * g**2
    return w - rate * v / np.sqrt(s + eps) * g, v, s


def without_root(w, g, v, s, t, rate, b1, b2, eps):
    _, v, s = step(w, g, v, s, t, rate, b1, b2, eps)
    return w - rate * v / (1 - b1**t) / (s / (1 - b2**t) + eps), v, s


def keeps_hats(w, g, v, s, t, rate, b1, b2, eps):
    w, v, s = step(w, g, v, s, t, rate, b1, b2, eps)
    return w, v / (1 - b1**t), s / (1 - b2**t)


def shares_swapped(w, g, v, s, t, rate, b1, b2, eps):
    v, s = (1 - b1) * v + b1 * g, (1 - b2) * s + b2 * g**2
    return w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), v, s


def returns_the_step(w, *rest):
    moved, v, s = step(w, *rest)
    return w - moved, v, s


def forgetful(w, g, v, s, t, rate, b1, b2, eps):
    return step(w, g, 0 * v, s, t, rate, b1, b2, eps)


def updates_in_place(w, g, v, s, t, rate, b1, b2, eps):
    v *= b1
    v += (1 - b1) * g
    return step(w, g, v, s, t, rate, b1, b2, eps)


def deal(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]


def inside_batches(n, size, rng):
    return [rng.permutation(batch) for batch in deal(np.arange(n), size)]


def order_of_batches(n, size, rng):
    batches = deal(np.arange(n), size)
    last = batches.pop() if n % size else None
    batches = [batches[i] for i in rng.permutation(len(batches))]
    return batches if last is None else [*batches, last]


def remembered(n, size, rng):
    return deal(np.random.default_rng(0).permutation(n), size)


def unseeded(n, size, rng):
    return deal(np.random.default_rng().permutation(n), size)


def rolled(n, size, rng):
    return deal(np.roll(np.arange(n), int(rng.integers(1, max(n, 2)))), size)


def filled_up(n, size, rng):
    order = rng.permutation(n)
    count = -(-n // size)
    return deal(np.resize(order, count * size), size)


def half_shuffled(n, size, rng):
    half = n // 2
    return deal(np.concatenate([rng.permutation(half), np.arange(half, n)]), size)


def first_stays(n, size, rng):
    return deal(np.concatenate([[0], 1 + rng.permutation(n - 1)]), size)


def one_swap(n, size, rng):
    order = np.arange(n)
    places = rng.integers(0, n, 2)
    order[places] = order[places[::-1]]
    return deal(order, size)


def three_seeds(n, size, rng):
    return deal(np.random.default_rng(int(rng.integers(3))).permutation(n), size)


def never_ending(n, size, rng):
    while True:
        yield rng.permutation(n)[:size]


def with_empty_batch(n, size, rng):
    order = rng.permutation(n)
    return [order[i * size : (i + 1) * size] for i in range(n // size + 1)]


def old_averages(w, g, v, s, t, rate, b1, b2, eps):
    _, new_v, new_s = step(w, g, v, s, t, rate, b1, b2, eps)
    return w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), new_v, new_s


def usual_betas(w, g, v, s, t, rate, b1, b2, eps):
    return step(w, g, v, s, t, rate, 0.9, 0.999, eps)


def first_step_again(w, g, v, s, t, *rest):
    return step(w, g, v, s, 1, *rest)


def power_as_product(w, g, v, s, t, rate, b1, b2, eps):
    v, s = b1 * v + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return w - rate * v / (1 - b1 * t) / (np.sqrt(s / (1 - b2 * t)) + eps), v, s


def no_share(w, g, v, s, t, rate, b1, b2, eps):
    v, s = b1 * v + g, b2 * s + g**2
    return w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), v, s


def square_of_share(w, g, v, s, t, rate, b1, b2, eps):
    v, s = b1 * v + (1 - b1) * g, b2 * s + ((1 - b2) * g) ** 2
    return w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), v, s


def as_rmsprop(w, g, v, s, t, rate, b1, b2, eps):
    _, v, s = step(w, g, v, s, t, rate, b1, b2, eps)
    return w - rate * g / (np.sqrt(s / (1 - b2**t)) + eps), v, s


def shown_example_only(*arguments):
    return [[-3.75, -1.25], [-1.2, 1.5], [0.144, 0.225]]


WRONG = {
    "minus signs": (check.adam_step, partial(step, signs=(-1, -1)), "averages are sums"),
    "minus in v": (check.adam_step, partial(step, signs=(-1, 1)), "averages are sums"),
    "minus in s": (check.adam_step, partial(step, signs=(1, -1)), "averages are sums"),
    "as printed": (check.adam_step, as_printed, "averages are sums"),
    "factor g": (check.adam_step, partial(step, factor="g"), "factor g"),
    "factor g, no hats": (check.adam_step, partial(step, factor="g", hats=(0, 0)), "factor g"),
    "no correction": (check.adam_step, partial(step, hats=(0, 0)), "bias correction is missing"),
    "v without hat": (check.adam_step, partial(step, hats=(0, 1)), "v has no hat"),
    "s without hat": (check.adam_step, partial(step, hats=(1, 0)), "s has no hat"),
    "always t = 1": (check.adam_step, first_step_again, "depends on t"),
    "usual betas": (check.adam_step, usual_betas, "that you are given"),
    "a product": (check.adam_step, power_as_product, "has a power"),
    "no share": (check.adam_step, no_share, "weighs its new part"),
    "square of the share": (check.adam_step, square_of_share, "Square g alone"),
    "old averages": (check.adam_step, old_averages, "Renew v and s first"),
    "RMSProp": (check.adam_step, as_rmsprop, "that is RMSProp"),
    "the example": (check.adam_step, shown_example_only, "differ"),
    "rounded": (check.adam_step, lambda *a: [np.round(x, 3) for x in step(*a)], "differ"),
    "words": (check.adam_step, lambda *a: [str(x) for x in step(*a)], "should hold numbers"),
    "t from 0": (check.adam_step, counted_from_0, "counts from 1"),
    "swapped betas": (check.adam_step, swapped, "swapped b1 and b2"),
    "uphill": (check.adam_step, partial(step, factor=-1), "uphill"),
    "no root": (check.adam_step, without_root, "root is missing"),
    "no square": (check.adam_step, partial(step, power=1), "average of squares"),
    "forgets": (check.adam_step, forgetful, "forgot the old v"),
    "keeps hats": (check.adam_step, keeps_hats, "without hats"),
    "shares swapped": (check.adam_step, shares_swapped, "kept of the old average"),
    "the step": (check.adam_step, returns_the_step, "not the step"),
    "bias as a product": (
        check.adam_step,
        lambda w, g, v, s, t, r, b1, b2, eps: (w - r * g / (1 - b1 * t), v, s), "differ"),
    "another order": (check.adam_step, lambda *a: np.stack(step(*a))[[1, 2, 0]], "in this order"),
    "s before v": (check.adam_step, lambda *a: np.stack(step(*a))[[0, 2, 1]], "in this order"),
    "w alone": (check.adam_step, lambda *a: step(*a)[0], "all three"),
    "in place": (check.adam_step, updates_in_place, "changed its input"),
    "no epsilon": (check.adam_step, lambda *a: step(*a[:-1], 0), "NaN"),
    "drops the rest": (
        check.batches,
        lambda n, size, rng: deal(rng.permutation(n)[: n // size * size], size), "dropped the rest"),
    "with replacement": (
        check.batches, lambda n, size, rng: deal(rng.integers(0, n, n), size), "without replacement"),
    "fills up": (check.batches, filled_up, "nothing twice"),
    "not shuffled": (check.batches, lambda n, size, rng: deal(np.arange(n), size), "not random"),
    "backward": (check.batches, lambda n, size, rng: deal(np.arange(n)[::-1], size), "not random"),
    "inside batches": (check.batches, inside_batches, "inside each batch only"),
    "order of batches": (check.batches, order_of_batches, "holds neighbors"),
    "own seed": (check.batches, remembered, "same order"),
    "another generator": (check.batches, unseeded, "same `rng` gave another"),
    "rolled": (check.batches, rolled, "begins elsewhere"),
    "half shuffled": (check.batches, half_shuffled, "hardly moves"),
    "first stays": (check.batches, first_stays, "Example 0 hardly moves"),
    "one swap": (check.batches, one_swap, "hardly moves"),
    "three seeds": (check.batches, three_seeds, "same order"),
    "never ends": (check.batches, never_ending, "sizes"),
    "sets": (
        check.batches, lambda *a: [set(b.tolist()) for b in minibatches(*a)], "should hold numbers"),
    "columns": (check.batches, lambda *a: [b[:, None] for b in minibatches(*a)], "flat array"),
    "from 1": (check.batches, lambda n, size, rng: deal(rng.permutation(n) + 1, size), "from 0"),
    "size is the number": (
        check.batches, lambda n, size, rng: np.array_split(rng.permutation(n), size), "in one"),
    "equal parts": (
        check.batches,
        lambda n, size, rng: np.array_split(rng.permutation(n), -(-n // size)), "equal parts"),
    "an empty batch": (check.batches, with_empty_batch, "empty"),
    "one batch": (check.batches, lambda n, size, rng: rng.permutation(n)[:size], "list of them"),
    "one list": (check.batches, lambda n, size, rng: [rng.permutation(n)], "sizes"),
    "nothing": (check.batches, lambda n, size, rng: [], "sizes"),
    "fractions": (check.batches, lambda n, size, rng: deal(rng.random(n), size), "no index"),
    "words, not batches": (check.batches, lambda n, size, rng: "batches", "list of batches"),
    "not a function": (check.batches, [[0, 1]], "Expected a function"),
    "A about right": (check.verdicts, [B, B, C, D], "does not turn upward"),
    "D diverges": (check.verdicts, [A, B, C, C], "Look at D again: diverging means"),
    "C overfits": (check.verdicts, [A, B, A, D], "Look at C again: over-fitting means"),
    "B underfits": (check.verdicts, [A, D, C, D], "Look at B again: under-fitting means"),
    "two slips": (check.verdicts, [A, B, D, C], "1 more"),
    "three": (check.verdicts, [A, B, C], "four verdicts"),
    "unknown word": (check.verdicts, ["overfits", "fine", "diverges", "underfits"], "one of Verdict"),
    "out of range": (check.verdicts, [3, 2, 5, 1], "A verdict is one of"),
    "one": (check.verdicts, Verdict.OVERFITS, "list of four"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


@pytest.mark.parametrize("shift", [1, 2, 3])
@pytest.mark.parametrize("place", range(4))
def test_a_hint_never_gives_the_verdict_away(shift, place):
    answer = [A, B, C, D]
    right = answer[place]
    answer[place] = Verdict((right + shift - 1) % 4 + 1)
    message = check.verdicts(answer).message
    assert f"Look at {'ABCD'[place]} again" in message
    assert right.name.lower().replace("_", " ")[:-1] not in message.lower()


@pytest.fixture(scope="module")
def trainings():
    return check.mystery_trainings()


def test_the_mysteries_show_what_their_verdicts_say(trainings):
    for letter, verdict in MYSTERIES.items():
        train, watched = trainings[letter].T
        shows = {
            Verdict.UNDERFITS: 1.4 < train[-1] < train[0] and abs(train[-1] - watched[-1]) < 0.15,
            Verdict.ABOUT_RIGHT: max(train[-1], watched[-1]) < 0.3
            and watched[-1] < watched.min() + 0.05,
            Verdict.OVERFITS: train[-1] < 0.2 and watched[-1] > watched.min() + 0.3,
            Verdict.DIVERGES: train[-1] > 2 * train[0] and watched[-1] > 2 * watched[0],
        }
        assert [v for v, seen in shows.items() if seen] == [verdict], letter


def test_the_mysteries_are_real_and_repeatable(trainings):
    again = check.mystery_trainings(epochs=2)
    for letter, losses in trainings.items():
        assert losses.shape == (41, 2)
        np.testing.assert_array_equal(again[letter], losses[:3])
