"""A classifier of one's own: right answers of unusual form, wrong ones such as students write."""

import numpy as np
import pytest

from lessons.your_own_classifier import check, classify, network, phone
from tests.kit.answers import accepted, refused
from utils.quiet import keras

pytestmark = pytest.mark.slow

layers = keras.layers


def by_lists(labels, bursts, seed):
    """Bursts are shuffled as a list, numbers are floats' whole values in a list."""
    rng, part = np.random.default_rng(seed), {}
    for name in sorted(set(labels)):
        own = sorted({b for label, b in zip(labels, bursts, strict=True) if label == name})
        rng.shuffle(own)
        fifth = round(len(own) / 5)
        part |= dict.fromkeys(own, 0) | dict.fromkeys(own[-fifth:] if fifth else [], 2)
        part |= dict.fromkeys(own[:fifth], 1)
    return [part[burst] for burst in bursts]


def one_at_least(labels, bursts, seed):
    """Like the course's, but no class without a burst in the test."""
    parts = phone.split(labels, bursts, seed)
    for name in np.unique(labels):
        if not np.any(parts[labels == name] == 2):
            parts[bursts == bursts[labels == name][0]] = 2
    return parts


def freeze(base, kind=layers.BatchNormalization):
    for layer in base.layers:
        layer.trainable = not isinstance(layer, kind)


def built(
    flip="horizontal",
    shift=(0.1, 0.1),
    last=False,
    end="softmax",
    kind=layers.BatchNormalization,
    side=classify.SIDE,
    **options,
):
    """A network with one thing changed."""

    def build(base, classes):
        freeze(base, kind)
        photo = keras.Input((side, side, 3))
        x = layers.RandomFlip(flip)(photo) if flip else photo
        x = layers.RandomTranslation(*shift)(x) if shift else x
        x = base(x, **options)
        x = layers.Flatten()(x) if last else layers.GlobalAveragePooling2D()(x)
        return keras.Model(photo, layers.Dense(classes, activation=end)(x))

    return build


def norms_alone(base, classes):
    """The other layers stay as they came."""
    came = [layer.trainable for layer in base.layers]
    model = built()(base, classes)
    for layer, free in zip(base.layers, came, strict=True):
        layer.trainable = free and layer.trainable
    return model


def hidden(base, classes):
    freeze(base)
    photo = keras.Input((classify.SIDE, classify.SIDE, 3))
    x = layers.RandomTranslation(0.1, 0.1)(layers.RandomFlip("horizontal")(photo))
    x = layers.Dense(8, activation="relu")(layers.GlobalAveragePooling2D()(base(x)))
    return keras.Model(photo, layers.Dense(classes, activation="softmax")(x))


def in_a_sequential(base, classes):
    """The changes as a model of their own."""
    freeze(base)
    photo = keras.Input((classify.SIDE, classify.SIDE, 3))
    change = keras.Sequential([layers.RandomTranslation(0.1, 0.1), layers.RandomFlip("horizontal")])
    x = layers.GlobalAveragePooling2D()(base(change(photo)))
    return keras.Model(photo, layers.Softmax()(layers.Dense(classes)(x)))


def behind(base, classes):
    """The changes stand behind the base."""
    freeze(base)
    photo = keras.Input((classify.SIDE, classify.SIDE, 3))
    x = base(photo)
    x = layers.RandomTranslation(0.1, 0.1)(layers.RandomFlip("horizontal")(x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(photo, layers.Dense(classes, activation="softmax")(x))


def first_all_frozen(base, classes):
    """Keras opens single layers of a base again that is frozen as a whole."""
    base.trainable = False
    return built()(base, classes)


def head_frozen(base, classes):
    model = built()(base, classes)
    model.layers[-1].trainable = False
    return model


def with_new_weights(base, classes):
    return built()(keras.models.clone_model(base), classes)


def with_its_copy(base, classes):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    return built()(copy, classes)


def shares_of(model, path):
    return model.predict(classify.read(path)[np.newaxis], verbose=0)[0]


def by_sorting(model, path, classes):
    pairs = zip(classes, shares_of(model, path).tolist(), strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])[:3]


def while_it_learns(model, path, classes):
    (shares,) = np.asarray(model(classify.read(path)[np.newaxis], training=True))
    return [(classes[k], shares[k]) for k in np.argsort(-shares)[:3]]


def turned_around(model, path, classes):
    shares = shares_of(model, path)
    return [(classes[k], shares[k]) for k in np.argsort(shares)[-3:]]


def as_stored(model, path, classes):
    with classify.Image.open(path) as photo:
        pixels = np.asarray(photo.convert("RGB").resize((classify.SIDE, classify.SIDE)))
    shares = model.predict(pixels[np.newaxis], verbose=0)[0]
    return [(classes[k], shares[k]) for k in np.argsort(-shares)[:3]]


def numbers(model, path, classes):
    shares = shares_of(model, path)
    return [(int(k), float(shares[k])) for k in np.argsort(-shares)[:3]]


class Refused(ValueError):
    """An error of one's own."""


def error_of_its_own(facts):
    for key in ("license", "consent"):
        if not str(facts.get(key, "")).strip():
            raise Refused(f"{key.capitalize()} is missing.")
    return careless(facts)


def line_by_line(facts):
    if facts.get("license") is None or not facts["license"].strip():
        raise ValueError("license?")
    if facts.get("consent") is None or facts["consent"].isspace() or not facts["consent"]:
        raise ValueError("consent?")
    lines = []
    for key in facts:
        lines.append(f"- {key}: {facts[key]}")
    return tuple(lines)


def careless(facts):
    return [f"- {key}: {value}" for key, value in facts.items()]


def says_it(facts):
    for key in ("license", "consent"):
        if not str(facts.get(key, "")).strip():
            return f"{key} is missing"
    return careless(facts)


def wants_the_key(facts):
    for key in ("license", "consent"):
        if not facts[key].strip():
            raise ValueError(key)
    return careless(facts)


def one_bin_too_many(sure, right, bins):
    place = (sure * bins).astype(int)
    return sum(
        abs(right[place == k].mean() - sure[place == k].mean()) * np.mean(place == k)
        for k in np.unique(place)
    )


test_right_in_another_way = accepted({
    "split: lists": (check.split, by_lists),
    "split: the course's": (check.split, phone.split),
    "build: the course's": (check.build, network.build),
    "build: in a Sequential": (check.build, in_a_sequential),
    "top three: sorted": (check.top_three, by_sorting),
    "top three: the course's": (check.top_three, network.top_three),
    "build: a copy": (check.build, with_its_copy),
    "build: first all frozen": (check.build, first_all_frozen),
    "build: training=False as well": (check.build, built(training=False)),
    "build: pairs": (check.build, built(shift=((-0.1, 0.1), (-0.1, 0.1)))),
    "card: line by line": (check.card, line_by_line),
    "card: an error of its own": (check.card, error_of_its_own),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "split: photographs": (
        check.split, lambda y, b, seed: phone.split(y, np.arange(len(y)), seed), "You drew photographs"),
    "split: all classes": (
        check.split, lambda y, b, seed: phone.split(np.zeros(len(y)), b, seed), "from all classes together"),
    "split: always the same": (check.split, lambda y, b, seed: phone.split(y, b, 7), "gave the same split"),
    "split: words": (
        check.split, lambda y, b, seed: np.array(["train", "validation", "test"])[phone.split(y, b, seed)],
        "0, 1 or 2"),
    "split: too short": (check.split, lambda y, b, seed: phone.split(y, b, seed)[1:], "one for each photograph"),
    "split: one at least": (check.split, one_at_least, None),
    "split: parts exchanged": (check.split, lambda y, b, seed: 2 - phone.split(y, b, seed), None),
    "build: all open": (check.build, built(kind=()), "trainable = False"),
    "build: as in many examples": (check.build, built(kind=(), training=False), "trainable = False"),
    "build: all frozen": (check.build, built(kind=layers.Layer), "alone"),
    "build: no flip": (check.build, built(flip=None), "RandomFlip"),
    "build: on its head": (check.build, built(flip="vertical"), "Flip horizontally"),
    "build: no shift": (check.build, built(shift=()), "RandomTranslation"),
    "build: shifted by half": (check.build, built(shift=(0.5, 0.5)), "a tenth"),
    "build: shifted up and down": (check.build, built(shift=(0.1, 0)), "a tenth"),
    "build: head frozen": (check.build, head_frozen, "dense layer is frozen"),
    "build: new weights": (check.build, with_new_weights, "lost the weights"),
    "build: Flatten": (check.build, built(last=True), "mean of each map"),
    "build: scores": (check.build, built(end=None), "softmax"),
    "build: sigmoid": (check.build, built(end="sigmoid"), "something other"),
    "build: three classes": (check.build, lambda base, n: built()(base, 4), "another shape"),
    "build: behind the base": (check.build, behind, "before the base"),
    "build: layers": (check.build, lambda base, n: built()(base, n).layers, "yours is a list"),
    "build: layers left as they came": (check.build, norms_alone, "Freeze the batch normalization alone"),
    "build: a hidden layer": (check.build, hidden, "Another number of parameters."),
    "build: 32 pixels": (check.build, built(side=32), "Another input shape"),
    "top three: upwards": (check.top_three, turned_around, "order is turned around"),
    "top three: as stored": (check.top_three, as_stored, "classify.read"),
    "top three: numbers": (check.top_three, numbers, "names of the classes"),
    "top three: by name": (check.top_three, lambda *given: sorted(by_sorting(*given)), None),
    "top three: all": (check.top_three, lambda m, p, c: [*zip(c, shares_of(m, p), strict=True)], "return 3"),
    "top three: names": (check.top_three, lambda m, p, c: [name for name, _ in by_sorting(m, p, c)], "pairs"),
    "top three: while it learns": (check.top_three, while_it_learns, None),
    "card: ends of lines": (check.card, lambda facts: [line + "\n" for line in line_by_line(facts)], "lines differ"),
    "card: zero is nothing": (
        check.card, lambda facts: line_by_line({key: value or "" for key, value in facts.items()}), "lines differ"),
    "card: careless": (check.card, careless, "raise a `ValueError`"),
    "card: says it": (check.card, says_it, "`raise` it"),
    "card: the key": (check.card, wants_the_key, "KeyError"),
    "card: no dash": (check.card, lambda facts: [line[2:] for line in careless(facts)], "lines differ"),
    "card: one text": (check.card, lambda facts: "\n".join(careless(facts)), "list of lines"),
    "error: a bin for 1 alone": (check.calibration_error, one_bin_too_many, None),
})  # fmt: skip
