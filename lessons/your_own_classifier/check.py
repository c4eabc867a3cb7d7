"""Checks of the lesson on a classifier of one's own."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import special

from lessons.your_own_classifier.classify import SIDE, read
from lessons.your_own_classifier.phone import split as by_course
from utils.checks import Exercise, NotYet, about, call, require
from utils.checks.networks import is_network
from utils.quiet import keras

layers = keras.layers

# ---- A split by scene ----------------------------------------------------------------------------


def _table(parts: Any, labels: NDArray, bursts: NDArray, seed: int) -> list[list[int]]:
    """For every class: bursts for training, validation, test, and how many are on two sides."""
    found = np.asarray(parts)
    each = found.shape == labels.shape
    require(each, f"Return {len(labels)} numbers, one for each photograph.")
    known = found.dtype.kind in "iufO" and np.isin(found, (0, 1, 2)).all()
    require(known, "A part is 0, 1 or 2: training, validation, test.")
    rows = []
    for name in np.unique(labels):
        sides = [set(found[bursts == burst].tolist()) for burst in set(bursts[labels == name])]
        whole = [side.pop() for side in sides if len(side) == 1]
        rows.append([*map(whole.count, range(3)), len(sides) - len(whole)])
    return rows


def _expected(labels: NDArray, bursts: NDArray, seed: int) -> list[list[int]]:
    sizes = [len(set(bursts[labels == name])) for name in np.unique(labels)]
    return [[n - 2 * round(n / 5), round(n / 5), round(n / 5), 0] for n in sizes]


def _wrong(parts: Any) -> Any:
    """A wrong split as the table that it gives."""
    return lambda labels, bursts, seed: _table(parts(labels, bursts, seed), labels, bursts, seed)


def _scenes(rng: np.random.Generator) -> tuple[NDArray, NDArray, int]:
    """Classes of 1 to 40 bursts of 1 to 5 photographs, in any order, with any numbers."""
    names = rng.permutation(9)[: rng.integers(1, 5)]
    labels = np.repeat(names, rng.integers(1, 41, len(names)))
    bursts, sizes = rng.permutation(1000)[: len(labels)], rng.choice([1, 1, 1, 2, 5], len(labels))
    order = rng.permutation(sizes.sum())
    labels, bursts = (np.repeat(it, sizes)[order] for it in (labels, bursts))
    return labels, bursts, int(rng.integers(100))


def _draws(answer: Any, rng: np.random.Generator) -> None:
    """Another seed draws other bursts; the same seed the same, whatever NumPy's own state is."""
    labels, bursts = np.repeat([0, 1], 60), np.arange(120) // 2
    first, again, other = (np.asarray(call(answer, labels, bursts, seed)) for seed in (0, 0, 1))
    words = "The same seed gave two splits: draw with `np.random.default_rng(seed)`."
    require(np.array_equal(first, again), words)
    words = "Seeds 0 and 1 gave the same split: draw with `default_rng(seed)`."
    require(not np.array_equal(first, other), words)


split = Exercise(
    title="A split by scene",
    outcome="split",
    praise="No scene is on two sides, and every class that has three is on all of them.",
    nudge="What is drawn: photographs or bursts? And out of which?",
    hint="For each name in `np.unique(labels)`: shuffle `np.unique(bursts[labels == name])` with "
    "`rng.permutation`, cut it at one and at two fifths, and write 2 and 1 where "
    "`np.isin(bursts, those)`. Make `rng` once, before the loop.",
    oracle=_expected,
    read=_table,
    cases=[
        (np.zeros(7, int), np.array([0, 0, 0, 1, 2, 3, 4]), 0),
        (np.array([0, 1] * 10), np.arange(20), 3),
        (np.repeat([0, 1], [5, 2]), np.arange(7), 2),
        (np.repeat([0, 1], [25, 13]), np.repeat([5, 9, 2, 7, 1, 30, 31, 32], [5] * 6 + [4] * 2), 1),
    ],
    legal=_scenes,
    test=_draws,
    misconceptions={
        "You drew photographs: a burst is on two sides. Draw bursts.": _wrong(
            lambda labels, bursts, seed: by_course(labels, np.arange(len(labels)), seed)
        ),
        "You drew from all classes together. Draw in each class, or a rare one may be missing in "
        "the test.": _wrong(
            lambda labels, bursts, seed: by_course(np.zeros(len(labels)), bursts, seed)
        ),
    },
)

# ---- The whole network ---------------------------------------------------------------------------


def _body(maps: int) -> keras.Model:
    """A small body with batch normalization, whose weights are no zeros and ones."""
    photo = keras.Input((None, None, 3))
    x = layers.Conv2D(maps, 8, strides=8, use_bias=False)(layers.Rescaling(1 / 255)(photo))
    model = keras.Model(photo, layers.ReLU()(layers.BatchNormalization()(x)), name="body")
    rng = np.random.default_rng(maps)
    kernel, *others = model.get_weights()
    others = [rng.uniform(0.1, 0.9, weight.shape) for weight in others]
    model.set_weights([rng.normal(0, 0.05, kernel.shape), *others])
    return model


def _built(answer: Any, rng: np.random.Generator) -> None:
    photos = rng.integers(0, 256, (6, SIDE, SIDE, 3)).astype(np.float32)
    for maps, classes in ((5, 3), (4, 7)):
        base = _body(maps)
        for layer in base.layers:
            layer.trainable = maps == 5  # the second body comes frozen
        came = base.get_weights()
        with about(classes=classes):
            model = call(lambda n, base=base: answer(base, n), classes)
            is_network(model, (SIDE, SIDE, 3))
            _shapes(model, base, classes)
            base = model.get_layer(base.name)
            words = "The base has lost the weights that it came with."
            require(all(map(np.array_equal, came, base.get_weights())), words)
            _is_right(model, base, photos)
            _learns(model, base)
            _changes(model, base, photos)


def _shapes(model: keras.Model, base: keras.Model, classes: int) -> None:
    shape, got = (None, classes), model.output_shape
    require(got == shape, "The output has another shape.", expected=shape, got=got)
    inside = base.name in {layer.name for layer in model.layers}
    require(inside, "The `base` that is handed in is not a layer of your network.")
    expected = (base.output_shape[-1] + 1) * classes
    head = model.count_params() - base.count_params()
    flat = any(isinstance(layer, layers.Flatten) for layer in model.layers)
    hint = "`Flatten` keeps every number of every map: take the mean of each map." if flat else None
    told = {"expected": f"{expected} parameters besides the base", "got": head}
    require(head == expected, "Another number of parameters.", hint, **told)


def _is_right(model: keras.Model, base: keras.Model, photos: NDArray) -> None:
    """At inference it computes base, means, dense, softmax, and nothing is changed before."""
    weighted = [layer for layer in model.layers if layer is not base and layer.get_weights()]
    kernel, bias = weighted[-1].get_weights()
    scores = base(photos, training=False).numpy().mean(axis=(1, 2)) @ kernel + bias
    shares, got = special.softmax(scores, axis=1), model(photos, training=False).numpy()
    words = "The last layer gives scores: its activation has to be softmax."
    require(not np.allclose(got, scores, atol=1e-4), words)
    words = "At inference it computes something other than base, mean of every map, dense layer, "
    require(np.allclose(got, shares, atol=1e-4), words + "softmax.")


def _learns(model: keras.Model, base: keras.Model) -> None:
    """All but the batch normalization of the base is to learn."""
    body = [one for one in base.layers if not isinstance(one, layers.BatchNormalization)]
    words = "Freeze the batch normalization alone: the other layers are to learn."
    require(all(layer.trainable for layer in body if layer.get_weights()), words)
    learns = {id(weight) for weight in model.trainable_weights}
    dense = [one for one in model._flatten_layers() if isinstance(one, layers.Dense)]
    head = all(id(weight) in learns for one in dense for weight in one.weights)
    require(head, "The dense layer is frozen, and has to learn.")


def _changes(model: keras.Model, base: keras.Model, photos: NDArray) -> None:
    """In training the photographs change, and the averages of the base do not."""
    before = base.get_weights()
    same = np.repeat(photos[:1] + np.arange(SIDE, dtype=np.float32)[:, None], 16, axis=0)
    spread = np.ptp(model(same, training=True).numpy(), axis=0).max()
    words = "In training the batch normalization of the base moves its averages: freeze it."
    hint = "`training=False` does not hold in `fit`; `layer.trainable = False` does."
    require(all(map(np.array_equal, before, base.get_weights())), words, hint)
    flips, shifts = (
        [layer for layer in model._flatten_layers() if type(layer) is kind]
        for kind in (layers.RandomFlip, layers.RandomTranslation)
    )
    require(flips, "There is no `layers.RandomFlip` in it.")
    require(shifts, "There is no `layers.RandomTranslation` in it.")
    words = "Flip horizontally: a cat on its head is no cat of yours."
    require(all(flip.mode == "horizontal" for flip in flips), words)
    for one in shifts:
        far = one.height_lower, one.height_upper, one.width_lower, one.width_upper
        tenth = np.allclose(far, [-0.1, 0.1, -0.1, 0.1])
        require(tenth, "Move by up to a tenth, up and down, left and right.")
    before = all(one.output.shape[-1] == 3 for one in flips + shifts) and spread >= 1e-6
    words = "In training it says the same of every copy: are the changes before the base?"
    require(before, words)


build = Exercise(
    title="The whole network",
    outcome="build",
    praise="Pixels in, shares out, and the averages of the body stay as they came.",
    nudge="Five layers and an input. Which of them behave differently in training?",
    hint="`x = layers.RandomFlip('horizontal')(photo)`, "
    "`x = layers.RandomTranslation(0.1, 0.1)(x)`, "
    "`x = base(x)`, `x = layers.GlobalAveragePooling2D()(x)`, then the dense layer "
    "and `keras.Model(photo, ...)`.",
    test=_built,
)

# ---- What is this photograph? --------------------------------------------------------------------

COLORS = {"red": (220, 30, 30), "green": (30, 220, 30), "blue": (30, 30, 220)}


def _by_color(classes: int) -> keras.Model:
    """A network whose answers are how red, green, blue the upper half is, then nothing."""
    photo = keras.Input((SIDE, SIDE, 3))
    x = layers.GlobalAveragePooling2D()(layers.Cropping2D(((0, SIDE // 2), (0, 0)))(photo))
    x = layers.Dropout(0.5)(x)  # for whoever asks a network that learns
    model = keras.Model(photo, layers.Dense(classes, activation="softmax")(x))
    model.set_weights([np.eye(3, classes) / 100, -np.arange(classes) / 100])
    return model


FILES = ("red", 5, False), ("blue", 4, True), ("green", 2, False), ("green", 3, False)
"""The color of the upper half, the classes, and whether the camera was turned."""


def _names_files(answer: Any, rng: np.random.Generator) -> None:
    words = rng.permutation(["apple", "bus", "cup", "door", "elk"]).tolist()
    with TemporaryDirectory() as place:
        for number, (upper, count, turned) in enumerate(FILES):
            path, exif = Path(place) / f"photo {number}.jpg", Image.Exif()
            image = Image.new("RGB", (120, 80), COLORS["blue" if upper == "red" else "red"])
            image.paste(COLORS[upper], (0, 0, 120, 40))
            if turned:
                image, exif[0x0112] = image.transpose(Image.Transpose.ROTATE_90), 6
            if number == 3:
                path, image = path.with_suffix(".png"), image.convert("RGBA")
            image.save(path, exif=exif)
            _names_one(answer, _by_color(count), path, words[:count], turned)


def _names_one(answer: Any, model: keras.Model, path: Path, words: list[str], turned: bool) -> None:
    expected = _best(model, read(path), words)
    got = call(lambda names: answer(model, path, names), words)
    with about(expected=_told(expected), got=_told(got)):
        try:
            pairs = [(str(name), float(share)) for name, share in got]
        except (TypeError, ValueError):
            raise NotYet("Return a list of pairs, a class and its share.") from None
        numbers = any(isinstance(name, int | np.integer) for name, _ in got)
        require(not numbers, "Give the names of the classes, not their numbers.")
        turned_around = len(pairs) > 1 and _same(pairs, expected[::-1])
        require(not turned_around, "The order is turned around: `np.argsort` goes upwards.")
        require(len(pairs) == len(expected), f"Of {len(words)} classes return {len(expected)}.")
        with Image.open(path) as photo:
            lying = np.asarray(photo.convert("RGB").resize((SIDE, SIDE)))
        as_stored = turned and _same(pairs, _best(model, lying, words), 0.01)
        note = "This one is turned by a note of its camera: open it with `classify.read`."
        require(_same(pairs, expected), "The values differ.", note if as_stored else None)


def _best(model: keras.Model, photo: NDArray, words: list[str]) -> list[tuple[str, float]]:
    (shares,) = model.predict(photo[np.newaxis], verbose=0)
    return [(words[k], float(shares[k])) for k in np.argsort(-shares)[:3]]


def _same(pairs: list[tuple], expected: list[tuple], atol: float = 1e-3) -> bool:
    """Whether these are the same classes in the same order, and nearly the same shares."""
    (names, shares), (others, right) = (zip(*some, strict=True) for some in (pairs, expected))
    return names == others and np.allclose(shares, right, atol=atol)


def _told(pairs: Any) -> str:
    try:
        return ", ".join(f"{name} {float(share):.3f}" for name, share in pairs)
    except Exception:
        return str(type(pairs).__name__)


top_three = Exercise(
    title="What is this photograph?",
    outcome="name",
    praise="A file in, words out: that is all that a user sees.",
    nudge="`predict` wants a batch. What is the shape of a batch with one photograph?",
    hint="`(shares,) = model.predict(classify.read(path)[np.newaxis], verbose=0)`; "
    "`np.argsort(-shares)[:3]` are the numbers of the best three.",
    test=_names_files,
)

# ---- The card ------------------------------------------------------------------------------------

WHOLE = {"trained on": "40 cats", "license": "CC0", "consent": "no people", "recall": 0.85}


def _refuses(answer: Any, facts: dict, key: str) -> None:
    def attempt(facts: dict) -> tuple[str, Any]:
        try:
            return "", answer(facts)
        except (ValueError, KeyError, AttributeError) as error:
            kind = ValueError if isinstance(error, ValueError) else type(error)
            return kind.__name__, str(error)

    with about(facts=facts):
        error, got = call(attempt, facts)
        names_it = error != "ValueError" or key in got.lower()
        require(names_it, f"The message of the error does not name {key!r}.")
        words = (
            f"Without {key!r} it stops with {error}. Ask `facts.get(key)`, raise a `ValueError`."
        )
        require(error in ("", "ValueError"), words)
        said = "It returned the message: `raise` it." if key in str(got)[:60] else None
        require(error, f"This card has no {key}: raise a `ValueError`.", said)


def _cards(answer: Any, rng: np.random.Generator) -> None:
    order = [list(WHOLE)[k] for k in rng.permutation(4)]
    for facts in (
        {"license": "CC0", "consent": "no people"},
        WHOLE,
        {key: WHOLE[key] for key in order},
        {"license": "CC BY 4.0, all by me", "consent": "asked", "fails": "", "in doubt": 0},
    ):
        expected, got = [f"- {key}: {value}" for key, value in facts.items()], call(answer, facts)
        lines = np.asarray(got).tolist()
        with about(expected="\n".join(expected), got=str(got)[:300]):
            listed = isinstance(lines, list)
            require(listed, f"Return a list of lines; yours is a {type(got).__name__}.")
            mine, right = ([str(line).rstrip(" ") for line in some] for some in (lines, expected))
            require(mine == right, "The lines differ.")
    for key in ("license", "consent"):
        rest = {name: value for name, value in WHOLE.items() if name != key}
        for blank in ({}, {key: ""}, {key: "   "}, {key: "\n"}):
            _refuses(answer, rest | blank, key)


card = Exercise(
    title="No license, no card",
    outcome="document",
    praise="Whoever gets your file knows whose photographs made it.",
    nudge="`facts.get(key, '')` has a text for a key that is missing, too. What does `.strip()` "
    "leave of three spaces?",
    hint="First a loop over the two keys with `raise ValueError(...)`, then "
    '`[f"- {key}: {value}" for key, value in facts.items()]`.',
    test=_cards,
)

# ---- Expected calibration error ------------------------------------------------------------------


def _error(sure: NDArray, right: NDArray, bins: int, weigh: bool = True) -> float:
    gaps, counts = (np.histogram(sure, bins, (0, 1), weights=w)[0] for w in (right - sure, None))
    return np.abs(gaps).sum() / len(sure) if weigh else np.nanmean(np.abs(gaps / counts))


def _answers(rng: np.random.Generator) -> tuple[NDArray, NDArray, int]:
    count, bins = int(rng.integers(1, 60)), int(rng.choice([1, 2, 5, 8, 10]))
    sure = rng.random(count) if rng.random() < 0.7 else rng.integers(0, 9, count) / 8
    return sure, rng.random(count) < rng.random(), bins


calibration_error = Exercise(
    title="Expected calibration error",
    outcome="judge",
    praise="The distance from the dashed line, on average over the answers.",
    nudge="Which bin does 0.73 fall into, of ten? And 1.0?",
    hint="`np.minimum((sure * bins).astype(int), bins - 1)` is the bin of every answer. Go through "
    "the bins that occur; weigh each gap with the part of the answers in it.",
    oracle=_error,
    cases=[
        (np.array([0.9, 0.9]), np.array([True, False]), 10),
        (np.array([0.5, 1.0, 1.0, 0.25]), np.array([True, True, False, False]), 4),
        (np.array([1.0]), np.array([True]), 10),
        (np.array([1.0, 0.95]), np.array([False, True]), 10),
        (np.array([0.15, 0.35, 0.75, 0.75]), np.array([True, False, True, True]), 2),
    ],
    legal=_answers,
    misconceptions={
        "Weigh each bin with the part of the answers that fall into it; you took the mean over the "
        "bins.": lambda sure, right, bins: _error(sure, right, bins, weigh=False),
        "That is one bin for all: gaps of different signs cancel in it.": (
            lambda sure, right, bins: _error(sure, right, 1)
        ),
        "You compared answer by answer. Compare means, bin by bin.": (
            lambda sure, right, bins: float(np.mean(np.abs(right - sure)))
        ),
    },
)
