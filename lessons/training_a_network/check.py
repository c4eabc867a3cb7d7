"""Checks of the lesson Training a network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils import data
from utils.checks import Exercise, NotYet, call, draw, numbers, require, together
from utils.neurons import MLP, SGD, Adam, cross_entropy, minibatches, softmax
from utils.quiet import keras

Pair = tuple[NDArray, NDArray]

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
    listed = not isinstance(dealt, str | bytes | dict | set)
    require(listed, f"Return a list of batches, not a {type(dealt).__name__}.")
    try:
        parts = list(dealt)
    except Exception:
        raise NotYet("Return a list of batches: one array of indices for each.") from None
    arrays = [numbers(part, "A batch") for part in parts]
    for array in arrays:
        words = f"A batch has shape {array.shape}: it should be a flat array of indices. Did you "
        require(array.ndim == 1, words + "return one batch instead of a list of them?")
    expected, got = [min(size, n - i) for i in range(0, n, size)], list(map(len, arrays))
    words = f"The sizes of the batches differ. {SIZES}"
    require(got == expected, words, SIZES, expected_sizes=expected, your_sizes=got)
    flat = np.concatenate(arrays)
    seen, counts = np.unique(flat, return_counts=True)
    missing = sorted(set(range(n)) - set(flat.tolist()))
    if counts.max() > 1 and missing:
        often = f"Example {seen[counts.argmax()]} comes {counts.max()} times"
        raise NotYet(f"{often}, and example {missing[0]} not at all. {TWICE}", hint=TWICE)
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

    def epochs(n: int, size: int) -> list[NDArray]:
        one = np.random.default_rng(seed)  # `call` would hand each epoch a copy
        dealt = [_drained(answer(n, size, one), n) for _ in range(EPOCHS)]
        return [np.concatenate(list(epoch)) for epoch in dealt]

    for n, size in ((40, 8), (8, 2)):
        dealt = [numbers(epoch) for epoch in call(epochs, n, size)]
        orders = np.array([order for order in dealt if np.array_equal(np.sort(order), range(n))])
        words = f"In one of {EPOCHS} epochs an example is missing. {TWICE}"
        require(len(orders) == EPOCHS, words, TWICE)
        begins, differ = orders[0, :size], (orders != orders[0]).any()
        require(differ, FRESH, FRESH, n=n, an_epoch_begins_with=begins)
        _everywhere(orders.argsort(axis=1) // size, n, size)
        require(np.array_equal(call(epochs, n, size)[0], dealt[0]), REPEATED, REPEATED)


def _everywhere(batch_of: NDArray, n: int, size: int) -> None:
    """Refuse where an example is never or mostly in one batch, or with one other example."""
    where = (batch_of[..., np.newaxis] == range(n // size)).mean(axis=0)
    meets = together(batch_of)
    np.fill_diagonal(meets, 1 / 4)
    for shares, words in ((where, "example {} was in batch {}"), (meets, "{} and {} met")):
        for place in (shares.argmin(), shares.argmax()):
            share = shares.flat[place]
            seen = words.format(*map(int, np.unravel_index(place, shares.shape)))
            said = f"With n = {n} and size = {size}, {seen} in {round(share * EPOCHS)} of {EPOCHS} "
            require(0 < share < 2 / 3, f"{said}epochs: chance would not do that. {APART}", APART)


batches = Exercise(
    title="One epoch of mini-batches",
    outcome="train",
    praise="Every example has its turn once an epoch, and no epoch has the order of another.",
    nudge="Which do you do first: shuffle the indices, or cut them? And where does each batch "
    "begin?",
    hint="Draw one random order of all the indices, before any loop. The batches begin at 0, "
    "`size`, 2 `size` and so on, below n. A slice that reaches past the end gives what is left.",
    oracle=lambda n, size: list(range(n)),
    cases=[(10, 4), (12, 3), (1, 5), (7, 7), (5, 1), (3, 10), (50, 8)],
    legal=lambda rng: (int(rng.integers(1, 60)), int(rng.integers(1, 20))),
    misconceptions={
        "Python counts the examples from 0: the indices are 0 to n - 1.": (
            lambda n, size: np.arange(1, n + 1)
        )
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

SAID = {  # how a word for a verdict begins, and what it says of the curves, to be looked for
    Verdict.UNDERFITS: ("underfit", "under-fitting means that even the training loss stays high"),
    Verdict.ABOUT_RIGHT: (
        "aboutright",
        "about right means that both losses end low, and the validation loss does not turn upward",
    ),
    Verdict.OVERFITS: (
        "overfit",
        "over-fitting means that the training loss goes on falling while the validation loss turns "
        "upward",
    ),
    Verdict.DIVERGES: ("diverg", "diverging means that the loss ends no lower than it began"),
}


def mystery_trainings(epochs: int = 40) -> dict[str, NDArray[np.float64]]:
    """Four real trainings on digits, watched on other writers, without a word on what is wrong.

    Returns:
        Letter to cross-entropies of shape (epochs + 1, 2): training and validation set, before
        training and after every epoch.
    """
    digits = data.digits()
    X, y, parts = digits.images.reshape(-1, 64) / 16, digits.labels, data.writers_apart(9)
    rng = np.random.default_rng(6)
    order, watched = rng.permutation(parts["train"]), parts["validation"]
    noisy = np.where(rng.random(60) < 0.3, rng.integers(0, 10, 60), y[order[:60]])
    few, many = (X[order[:60]], noisy), (X[order[60:]], y[order[60:]])
    validation = X[watched], y[watched]
    settings = {
        "A": (MLP.random((64, 64, 10), "tanh", seed=1), Adam(0.01), few),
        "B": (MLP.random((64, 32, 10), "relu", seed=2), Adam(0.003), many),
        "C": (MLP.random((64, 32, 10), "tanh", seed=3), SGD(1.0, momentum=0.9), many),
        "D": (MLP.random((64, 1, 10), "tanh", seed=4), SGD(0.3), many),
    }
    return {letter: _trained(*setting, validation, epochs) for letter, setting in settings.items()}


def _trained(network: MLP, optimizer: Any, train: Pair, validation: Pair, epochs: int) -> NDArray:
    (X, y), rng = train, np.random.default_rng(0)
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
    (found,) = [verdict for verdict, (stem, _) in SAID.items() if letters.startswith(stem)]
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
    words = f"Give four verdicts, for A, B, C and D; your list has {len(given)}."
    require(len(given) == len(MYSTERIES), words)
    pairs = zip(MYSTERIES.items(), given, strict=True)
    wrong = [(letter, said) for (letter, right), said in pairs if said != right]
    for letter, said in wrong[:1]:
        look = f"Look at {letter} again: {SAID[said][1]}. Is that what its curves do?"
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


def _with(
    new_v: Callable[..., Any] = lambda v, g, b: v + (1 - b) * (g - v),
    new_s: Callable[..., Any] = lambda s, g, b: s + (1 - b) * (g**2 - s),
    v_hat: Callable[..., Any] = lambda v, b, t: v / (1 - b**t),
    s_hat: Callable[..., Any] = lambda s, b, t: s / (1 - b**t),
    step: Callable[..., Any] = lambda v_hat, s_hat, g, eps: v_hat / (s_hat**0.5 + eps),
    returned: Callable[..., Any] = lambda w, v, s, *old_and_hats: (w, v, s),
    from_old: bool = False,
) -> Callable[..., NDArray]:
    """Adam by its authors (Kingma and Ba 2015, algorithm 1); each line may be replaced."""

    def adam(w, g, v, s, t, rate, b1, b2, eps):
        w, g, v, s = (np.asarray(each, float) for each in (w, g, v, s))
        new = new_v(v, g, b1), new_s(s, g, b2)
        used_v, used_s = (v, s) if from_old else new
        hats = v_hat(used_v, b1, t), s_hat(used_s, b2, t)
        return np.array(returned(w - rate * step(*hats, g, eps), *new, w, *hats))

    return adam


_adam = _with()
_minus_v = {"new_v": lambda v, g, b: b * v - (1 - b) * g}
_minus_s = {"new_s": lambda s, g, b: b * s - (1 - b) * g**2}
_plain_v, _plain_s = {"v_hat": lambda v, b, t: v}, {"s_hat": lambda s, b, t: s}
_factor = {"step": lambda v_hat, s_hat, g, eps: v_hat / (np.sqrt(s_hat) + eps) * g}


def _training(rng: np.random.Generator) -> tuple:
    """A step amid a training; where eps stands never shows. A slope may be 0, its average not."""
    shape = tuple(map(int, rng.integers(1, 4, rng.integers(1, 3))))
    kind = str(rng.choice(["whole", "equal", "normal", "float32"]))
    w, g, v = (draw(rng, shape, kind) for _ in range(3))
    s = np.asarray(v**2 + rng.uniform(0.5, 2, shape), np.float32 if kind == "float32" else float)
    t, rate = int(rng.choice([1, 2, 3, 5, 40, 1000])), float(rng.choice([0.003, 0.1, 1.0]))
    b1, b2 = (round(float(b), 3) for b in rng.uniform((0, 0.5), (0.95, 0.999)))
    return w, g, v, s, t, rate, b1, b2, 1e-8


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
        "The averages are sums, with a plus: b * old + (1 - b) * new, as in the formulas above.": (
            _with(**_minus_v, **_minus_s, **_plain_v, **_plain_s, **_factor),
            _with(**_minus_v, **_minus_s),
            _with(**_minus_v),
            _with(**_minus_s),
        ),
        "No further factor g: the step is rate * v_hat / (sqrt(s_hat) + eps).": (
            _with(**_factor),
            _with(**_factor, **_plain_v, **_plain_s),
        ),
        "Mind the bias correction: divide the new v by 1 - b1**t, the new s by 1 - b2**t, with the "
        "t that you are given.": (
            _with(**_plain_v, **_plain_s),
            _with(**_plain_v),
            _with(**_plain_s),
            _with(v_hat=lambda v, b, t: v / (1 - b * t), s_hat=lambda s, b, t: s / (1 - b * t)),
            lambda w, g, v, s, t, *rest: _adam(w, g, v, s, 1, *rest),
            lambda w, g, v, s, t, *rest: _adam(w, g, v, s, np.float64(t - 1), *rest),
        ),
        "Each average weighs both its parts: b * old + (1 - b) * new. The new part is g for v and "
        "g**2 for s.": (
            _with(lambda v, g, b: b * v + g, lambda s, g, b: b * s + g**2),
            _with(lambda v, g, b: (1 - b) * v + b * g, lambda s, g, b: (1 - b) * s + b * g**2),
            _with(new_v=lambda v, g, b: (1 - b) * g),
            _with(new_s=lambda s, g, b: b * s + (1 - b) * g),
            _with(new_s=lambda s, g, b: b * s + ((1 - b) * g) ** 2),
        ),
        "The step takes the new averages, with hats: rate * v_hat / (sqrt(s_hat) + eps).": (
            _with(from_old=True),
            _with(step=lambda v_hat, s_hat, g, eps: g / (np.sqrt(s_hat) + eps)),
            _with(step=lambda v_hat, s_hat, g, eps: v_hat / (s_hat + eps)),
        ),
        "b1 belongs to v and b2 to s: use both as they are given.": (
            lambda w, g, v, s, t, rate, b1, b2, eps: _adam(w, g, v, s, t, rate, b2, b1, eps),
            lambda w, g, v, s, t, rate, b1, b2, eps: _adam(w, g, v, s, t, rate, 0.9, 0.999, eps),
        ),
        "You walk uphill: subtract the step.": (
            _with(step=lambda v_hat, s_hat, g, eps: -v_hat / (np.sqrt(s_hat) + eps))
        ),
        "Return the new w, the new v and the new s, in this order and without hats: the next step "
        "goes on from them.": (
            _with(returned=lambda w, v, s, old, *hats: (w, *hats)),
            _with(returned=lambda w, v, s, *_: (v, s, w)),
            _with(returned=lambda w, v, s, *_: (w, s, v)),
            _with(returned=lambda w, v, s, old, *_: (old - w, v, s)),
            _with(returned=lambda w, *_: w),
        ),
    },
    rtol=1e-5,
)

# ---- A first network in Keras --------------------------------------------------------------------

SHAPES = [(64, 32), (32,), (32, 10), (10,)]
"""Of weights and biases, from 64 pixels on."""
ENOUGH = 0.8
"""So many of the digits of two new writers the network has to name after `EPOCHS_OF_FIT` epochs."""
EPOCHS_OF_FIT = 5
RATES = (0.01, 0.003)
LOGITS = np.array([[2.0, 0, -1, 0, 0, 0, 0, 0, 0, 1], [0, 0, 3.0, 0, 0, 0, 1, 0, 0, 0]])


def _layers(model: Any) -> None:
    """The model that the text describes, layer by layer."""
    kind = isinstance(model, keras.Model)
    require(kind, f"Return the model; yours is of type {type(model).__name__}.")
    hint = "Put `keras.Input((64,))` first: without it Keras does not know the weights yet."
    require(model.weights, hint, hint)
    got = [tuple(weight.shape) for weight in model.trainable_weights]
    inputs = model.input_shape if getattr(model, "inputs", None) else (None, 64)
    right = inputs == (None, 64) and got == SHAPES
    words = "The shapes differ: from 64 numbers there are two Dense layers, of 32 and of 10 units."
    require(right, words, expected=SHAPES, got=got, your_input=inputs)
    _computes(model)


def _computes(model: Any) -> None:
    """ReLU in between, nothing at the end: from what it computes, however it is written."""
    rng, before = np.random.default_rng(0), model.get_weights()
    X = rng.normal(size=(6, 64)).astype(np.float32)
    W1, b1, W2, b2 = (weight + rng.normal(0, 0.1, weight.shape) for weight in before)
    model.set_weights([W1, b1, W2, b2])
    got, learning = (np.asarray(model(X, training=training)) for training in (False, True))
    model.set_weights(before)
    words = "While it learns it computes something else, as with dropout: two Dense layers are all."
    require(np.allclose(got, learning, atol=1e-4), words)
    linear = X @ W1 + b1
    right = np.maximum(linear, 0) @ W2 + b2
    others = {
        "The last layer gives logits: no activation; the softmax is in the loss.": softmax(right),
        "A logit may be negative: leave the last activation out.": np.maximum(right, 0),
        'The hidden layer has no activation: give it `"relu"`.': linear @ W2 + b2,
    }
    for hint, logits in others.items():
        require(not np.allclose(got, logits, atol=1e-4), hint, hint)
    words = 'It computes something else than a layer with "relu" and a layer of logits.'
    require(np.allclose(got, right, atol=1e-4), words)


def _compiled(model: Any, rate: float) -> None:
    """Compiled with Adam at the rate that was given, with the loss of logits, with accuracy."""
    words = "The model is not compiled: call `model.compile(...)` before you return it."
    require(model.compiled, words)
    mine, adam = model.optimizer, keras.optimizers.Adam
    words = f"The optimizer is {type(mine).__name__}: take `keras.optimizers.Adam`."
    require(type(mine) is adam, words)
    same = np.isclose(float(mine.learning_rate), rate, rtol=1e-4)
    words = "The learning rate is another one: hand it on, `keras.optimizers.Adam(rate)`."
    require(same, words, rate=rate, yours=float(mine.learning_rate))
    labels = np.array([0, 6])
    try:
        loss = float(model.compute_loss(y=labels, y_pred=keras.ops.convert_to_tensor(LOGITS)))
    except Exception:
        said = "The loss cannot be computed for labels such as 0 and 6."
        hint = "Labels are class numbers: the loss is `SparseCategoricalCrossentropy`."
        if model.get_compile_config()["loss_weights"]:
            hint = 'Write `metrics=["accuracy"]`: what stands third in `compile` weighs the loss.'
        raise NotYet(f"{said} {hint}", hint=hint) from None
    right = cross_entropy(labels, LOGITS)
    hint = "The last layer gives logits: tell the loss, `from_logits=True`."
    words = f"The loss of given logits is another one. {hint}"
    require(np.isclose(loss, right, rtol=1e-3), words, hint, expected=right, got=loss)


def _learns(answer: Callable[[float], Any], rng: np.random.Generator) -> None:
    """Layers, loss, optimizer; then it is trained, and has to read two new writers."""
    digits, parts = data.digits(), data.writers_apart(0)
    X, y = digits.images.reshape(-1, 64) / 16, digits.labels
    for rate in RATES[::-1]:
        model = call(answer, rate)
        _layers(model)
        _compiled(model, rate)
    seen, unseen = ((X[parts[name]], y[parts[name]]) for name in ("train", "validation"))
    words = "It has been trained already: return it with the weights that Keras draws."
    require(_named(model, *unseen) <= ENOUGH / 2, words)
    try:
        model.fit(*seen, epochs=EPOCHS_OF_FIT, verbose=0)
        result = model.evaluate(*unseen, verbose=0, return_dict=True)
    except Exception as error:
        hint = 'For labels that are class numbers the metric is `"accuracy"`.'
        raise NotYet(f"`fit` stops ({type(error).__name__}). {hint}", hint=hint) from None
    named = _named(model, *unseen)
    said = f"After {EPOCHS_OF_FIT} epochs its weights name {named:.0%} of the digits of new writers"
    require(named >= ENOUGH, f"{said}: {ENOUGH:.0%} or more are asked.")
    told = any(np.isclose(result[name], named, atol=1e-3) for name in result if name != "loss")
    hint = 'Report the accuracy as well: `metrics=["accuracy"]`.'
    require(told, f"`evaluate` reports {', '.join(result)}. {hint}", hint)


def _named(model: Any, X: NDArray, y: NDArray) -> float:
    """The share of digits that its weights name, whatever its class says of itself."""
    W1, b1, W2, b2 = model.get_weights()
    return float(np.mean((np.maximum(X @ W1 + b1, 0) @ W2 + b2).argmax(axis=1) == y))


first_network = Exercise(
    title="Write it and compile it",
    outcome="train",
    praise="2410 parameters. After five epochs it reads more than 80 % of the digits of two people "
    "whom it has never met.",
    nudge="Three lines in the list of `Sequential`, one layer more than in the cell above; three "
    "things to tell `compile`.",
    hint="`keras.Sequential([keras.Input((64,)), keras.layers.Dense(32, ...), ...])`, then "
    "`model.compile(keras.optimizers.Adam(...), loss, metrics=[...])`, with the loss that knows "
    "that it gets logits. Then return the model.",
    test=_learns,
)

# ---- Which rate? ---------------------------------------------------------------------------------


def _descended(weights: NDArray, X: NDArray, y: NDArray, rate: float, epochs: int) -> NDArray:
    """A layer of logits after some epochs of gradient descent on all examples at once."""
    for _ in range(epochs):
        slope = softmax(X @ weights) - np.eye(weights.shape[1])[y]
        weights = weights - rate * X.T @ slope / len(y)
    return weights


def _share(weights: NDArray, X: NDArray, y: NDArray) -> float:
    return float(np.mean((X @ weights).argmax(axis=1) == y))


@keras.saving.register_keras_serializable()  # so that it can be copied
class _Layer(keras.Sequential):
    """A layer of logits as Keras has it; `fit` descends in NumPy, which takes a millisecond."""

    def fit(self, x, y, batch_size=None, epochs=1, verbose="auto", callbacks=None,
            validation_split=0.0, validation_data=None, *, initial_epoch=0, **options):  # fmt: skip
        """Train on all examples at once, and return the curves as Keras does."""
        watching = keras.callbacks.CallbackList(callbacks, add_history=True, model=self)
        watching.on_train_begin()
        for epoch in range(initial_epoch, epochs):
            watching.on_epoch_begin(epoch)
            rate = float(self.optimizer.learning_rate)
            self.set_weights([_descended(*self.get_weights(), np.asarray(x), y, rate, 1)])
            logs = self.evaluate(x, y, return_dict=True)
            if validation_data:
                watched = self.evaluate(*validation_data, return_dict=True)
                logs |= {f"val_{name}": value for name, value in watched.items()}
            watching.on_epoch_end(epoch, logs)
        watching.on_train_end()
        return self.history

    def evaluate(self, x, y, batch_size=None, verbose="auto", return_dict=False, **options):
        """Loss and accuracy."""
        (weights,), X = self.get_weights(), np.asarray(x)
        found = {"loss": cross_entropy(y, X @ weights), "accuracy": _share(weights, X, y)}
        return found if return_dict else list(found.values())

    def predict(self, x, batch_size=None, verbose="auto", **options):
        """The logits."""
        return np.asarray(x) @ self.get_weights()[0]


@dataclass(frozen=True)
class _Maker:
    """Makes the models of a case: one layer of logits, always from the same weights."""

    start: NDArray = field(repr=False)

    def __call__(self, rate: float) -> keras.Model:
        inputs, classes = self.start.shape
        layers = [keras.Input((inputs,)), keras.layers.Dense(classes, use_bias=False)]
        model = _Layer(layers, name="one_layer")  # TensorFlow takes no name with a _ first
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(rate), loss, metrics=["accuracy"])
        model.set_weights([self.start])
        return model


def _offer(seed: int, size: int = 3) -> tuple:
    """A case; the seeds below were searched for those that tell one way to choose from another."""
    rng = np.random.default_rng(seed)
    inputs, classes, epochs = map(int, rng.integers(2, 4, 3))
    rates = tuple(rng.choice([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0], size, False).tolist())
    start = rng.normal(0, 1, (inputs, classes)).astype(np.float32).astype(float)
    train, validation = (
        (rng.normal(size=(n, inputs)).round(1), rng.integers(0, classes, n)) for n in (4, 7)
    )
    return rates, _Maker(start), train, validation, epochs


def _found(
    score: Callable[..., float] = lambda weights, train, new: _share(weights, *new),
    said: Callable[[NDArray], Any] = lambda logits: logits.argmax(axis=1),
    asked: Callable[..., Pair] = lambda train, new: new,
) -> Callable[..., tuple[float, Any]]:
    """Somebody's search: what is highest at the rate, what the logits become, and for whom."""

    def search(rates, make, train, validation, epochs):
        trained = [_descended(make.start, *train, rate, epochs) for rate in rates]
        best = int(np.argmax([score(weights, train, validation) for weights in trained]))
        return rates[best], said(asked(train, validation)[0] @ trained[best])

    return search


_best = _found()

best_rate = Exercise(
    title="Find a rate",
    outcome="choose",
    praise="Chosen on digits that no gradient has seen. The test set is still locked.",
    nudge="One loop over the rates. What does it have to remember of the best one so far: its "
    "accuracy, its rate, and what else?",
    hint="In the loop: `model = make(rate)`, `model.fit(*train, ...)`, and `loss, accuracy = "
    "model.evaluate(*validation, ...)`. Where the accuracy is higher than the highest so far, "
    "remember it, the rate and the model. After the loop let that model predict; the class is the "
    "place of the largest logit in a row.",
    oracle=_best,
    cases=[_offer(21539), _offer(1547), _offer(27815), _offer(36009, 4), _offer(3817)],
    misconceptions={
        "You chose the rate by the training digits: choose by `evaluate` on the validation set.": (
            _found(lambda weights, train, new: _share(weights, *train)),
            _found(lambda weights, train, new: -cross_entropy(train[1], train[0] @ weights)),
        ),
        "Choose by the highest accuracy: `evaluate` gives the loss first, then the accuracy.": (
            _found(lambda weights, train, new: cross_entropy(new[1], new[0] @ weights))
        ),
        "That is the last rate: remember the best one, and its model.": (
            lambda rates, *rest: _best(rates[-1:], *rest)
        ),
        "The rate is right; the classes are those of the last model. Keep the best model.": (
            lambda rates, *rest: (_best(rates, *rest)[0], _best(rates[-1:], *rest)[1])
        ),
        "The classes come from a model that was not fitted.": (
            lambda *case: (_best(*case)[0], _best(*case[:-1], 0)[1])
        ),
        "`predict` gives logits, a row per example: `argmax(axis=1)` makes classes of them.": (
            _found(said=lambda logits: logits),
            _found(said=softmax),
            _found(said=lambda logits: logits.argmax(axis=0)),
        ),
        "These are the classes of the training inputs: predict the validation inputs.": (
            _found(asked=lambda train, new: train)
        ),
    },
    whole=True,
)
