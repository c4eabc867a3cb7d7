"""Looking inside: right answers of unusual form, and wrong ones as students write them."""

import numpy as np
import pytest

from lessons.looking_inside import check
from tests.kit.answers import accepted, refused
from utils.quiet import keras, tf

pytestmark = pytest.mark.slow


def drops(predict, image, patch, stride, fill, starts=None, channels=..., longer=0):
    """An occlusion map whose squares start at `starts(side)`."""
    starts = starts or (lambda side: range(0, side - patch + 1, stride))
    rows = []
    for top in starts(image.shape[0]):
        rows.append([])
        for left in starts(image.shape[1]):
            copy = image.copy()
            copy[top : top + patch + longer, left : left + patch + longer, channels] = fill
            rows[-1].append(float(predict(image[None])[0] - predict(copy[None])[0]))
    return rows


def uncovering(predict, image, patch, stride, fill):
    """Paints the picture itself, and puts back what was there."""
    result = np.zeros([(side - patch) // stride + 1 for side in image.shape[:2]])
    whole = predict(image[None])[0]
    for i, j in np.ndindex(result.shape):
        square = image[i * stride : i * stride + patch, j * stride : j * stride + patch]
        kept = square.copy()
        square[...] = fill
        result[i, j] = whole - predict(image[None])[0]
        square[...] = kept
    return result


def painting(predict, image, patch, stride, fill, outside=False):
    """The picture is never uncovered; or all but the square is hidden."""
    result, hidden = np.array(drops(predict, image, patch, stride, fill)), image.copy()
    for i, j in np.ndindex(result.shape):
        square = slice(i * stride, i * stride + patch), slice(j * stride, j * stride + patch)
        hidden = np.full_like(image, fill) if outside else hidden
        hidden[square] = image[square] if outside else fill
        result[i, j] = predict(image[None])[0] - predict(hidden[None])[0]
    return result


def hiding(predict, pictures, labels, masks, paint=None, axis=1):
    shares = []
    for mask in masks:
        hidden = pictures.copy()
        if paint:
            paint(hidden, mask)
        else:
            hidden[:, mask] = 128
        shares.append((predict(hidden).argmax(axis=axis) == labels).mean())
    return shares


def hiding_at_once(predict, pictures, labels, masks):
    gray = np.where(masks[:, None, :, :, None], 128, pictures[None])
    return [np.mean(np.argmax(predict(copy), axis=1) == labels) for copy in gray]


def painting_over(predict, pictures, labels, masks):
    """Paints the pictures themselves, and puts back what was there."""
    shares = []
    for mask in masks:
        kept = pictures[:, mask].copy()
        pictures[:, mask] = 128
        shares.append((predict(pictures).argmax(axis=1) == labels).mean())
        pictures[:, mask] = kept
    return shares


def cam(base, head, picture, label, *, score=None, heat=None, weights=None):
    """Grad-CAM with one part exchanged."""
    score = score or (lambda logits: logits[0, label])
    weights = weights or (lambda gradients: gradients.mean(axis=(0, 1)))
    heat = heat or (lambda maps, weights: np.maximum(maps @ weights, 0))
    maps = base(picture[None])
    with tf.GradientTape() as tape:
        tape.watch(maps)
        value = score(head(maps))
    gradients = tape.gradient(value, maps)[0].numpy()
    return heat(maps[0].numpy(), weights(gradients))


def cam_by_differences(base, head, picture, label):
    """No tape: the slope of the logit for each number of the maps."""
    maps = np.asarray(base(picture[None]), np.float64)
    gradients = np.zeros(maps.shape[1:])
    for place in np.ndindex(gradients.shape):
        step = np.zeros_like(maps)
        step[(0, *place)] = 0.02
        up, down = (np.asarray(head(maps + sign * step))[0, label] for sign in (1, -1))
        gradients[place] = (up - down) / 0.04
    return np.maximum(maps[0] @ gradients.mean(axis=(0, 1)), 0)


def cam_of_a_variable(base, head, picture, label):
    maps = tf.Variable(base(picture[None]))
    with tf.GradientTape() as tape:
        score = head(maps)[:, label]
    gradients = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    return tf.nn.relu(tf.reduce_sum(maps * weights, axis=3))[0]


def unwatched(base, head, picture, label):
    maps = base(picture[None])
    with tf.GradientTape() as tape:
        score = head(maps)[0, label]
    return np.maximum(maps[0] @ tape.gradient(score, maps)[0].numpy().mean(axis=(0, 1)), 0)


def cam_of_two_outputs(base, head, picture, label, *, persistent=False, score=None):
    """One model with the maps and the logits, as the Keras example has it."""
    both = keras.Model(base.inputs[0], [base.output, head(base.output)])
    with tf.GradientTape(persistent=persistent) as tape:
        maps, logits = both(picture[None])
        value = score(logits) if score else logits[:, label]
    weights = tf.reduce_mean(tape.gradient(value, maps), axis=(0, 1, 2))
    return tf.maximum(tf.squeeze(maps[0] @ weights[:, None], axis=-1), 0)


def cam_too_late(base, head, picture, label):
    """The logit is taken outside the tape."""
    maps = base(picture[None])
    with tf.GradientTape() as tape:
        tape.watch(maps)
        logits = head(maps)
    weights = tf.reduce_mean(tape.gradient(logits[0, label], maps), axis=(0, 1, 2))
    return tf.nn.relu(tf.reduce_sum(maps[0] * weights, axis=-1))


def shares(labels, said, groups):
    return [np.mean(said[groups == g] == labels[groups == g]) for g in np.unique(groups)]


def as_they_come(labels, said, groups):
    found = {}
    for label, answer, group in zip(labels, said, groups, strict=True):
        found.setdefault(int(group), []).append(label == answer)
    return [np.mean(right) for right in found.values()]


test_right_in_another_way = accepted({
    "uncovering": (check.occlusion_map, uncovering),
    "float32 pictures": (check.occlusion_map, lambda p, i, *r: drops(p, i.astype("f4"), *r)),
    "lists as batches": (check.occlusion_map, lambda p, *r: drops(lambda b: p(list(b)), *r)),
    "all masks at once": (check.right_without, hiding_at_once),
    "put back": (check.right_without, painting_over),
    "an array": (check.right_without, lambda *case: np.array(hiding(*case))),
    "a variable": (check.grad_cam, cam_of_a_variable),
    "no tape": (check.grad_cam, cam_by_differences),
    "NumPy": (check.grad_cam, cam),
    "two outputs": (check.grad_cam, cam_of_two_outputs),
    "a persistent tape": (check.grad_cam, lambda *c: cam_of_two_outputs(*c, persistent=True)),
    "dict values": (check.accuracy_by_group, lambda *c: dict(enumerate(shares(*c))).values()),
    "weighted averages": (
        check.accuracy_by_group,
        lambda y, s, g: [np.average(y == s, weights=g == k) for k in range(max(g) + 1)]),
    "float32": (check.accuracy_by_group, lambda *case: np.float32(shares(*case))),
})  # fmt: skip

OCCLUSION = {
    "whole fill": (lambda p, i, n, s, f: drops(p, i, n, s, int(f)), None),
    "mean color": (lambda p, i, n, s, f: drops(p, i, n, s, i.mean()), None),
    "bytes": (lambda p, i, *rest: drops(p, i.astype(np.uint8), *rest), None),
    "whole drops": (lambda *case: np.array(drops(*case)).astype(int), None),
    "one place too few": (
        lambda p, i, n, s, f: drops(p, i, n, s, f, lambda side: range(0, side - n, s)), "that fits"),
    "over the edge": (
        lambda p, i, n, s, f: drops(p, i, n, s, f, lambda side: range(0, side, s)), "stays inside"),
    "one more at the edge": (
        lambda p, i, n, s, f: drops(
            p, i, n, s, f, lambda side: sorted({*range(0, side - n + 1, s), side - n})), None),
    "a square picture": (
        lambda p, i, n, s, f: drops(
            p, i, n, s, f, lambda side: range(0, i.shape[0] - n + 1, s)), None),
    "first channel": (lambda *case: drops(*case, channels=0), None),
    "a pixel too long": (lambda *case: drops(*case, longer=1), None),
    "a pixel too short": (lambda *case: drops(*case, longer=-1), None),
    "columns outside": (lambda *case: [*zip(*drops(*case), strict=True)], "swapped"),
    "never uncovered": (painting, "still hidden"),
    "all but the square": (lambda *case: painting(*case, outside=True), None),
    "share of the score": (lambda p, i, *r: np.array(drops(p, i, *r)) / p(i[None])[0], None),
    "another network": (
        lambda p, *rest: drops(lambda batch: np.mean(batch, axis=(1, 2, 3)), *rest), None),
    "no batch": (lambda p, i, *rest: p(i) - drops(p, i, *rest), "predict takes a batch"),
}  # fmt: skip


def painted(value, channels=...):
    def paint(hidden, mask):
        hidden[:, mask, channels] = value

    return lambda *case: hiding(*case, paint=paint)


LIVES_ON = {
    "black": (painted(0), "Black and white are things"),
    "other gray": (painted(100), None),
    "first channel": (painted(128, 0), "one channel"),
    "all but the mask": (lambda p, x, y, masks: hiding(p, x, y, ~masks), "painted all the rest"),
    "mistakes": (lambda *case: 1 - np.array(hiding(*case)), "share of mistakes"),
    "first mask alone": (lambda p, x, y, masks: hiding(p, x, y, masks[:1]), None),
    "one share": (lambda *case: np.mean(hiding(*case)), None),
    "backwards": (lambda *case: hiding(*case)[::-1], None),
    "one picture": (lambda p, x, y, masks: hiding(p, x[:1], y[:1], masks), None),
    "class 0": (lambda p, x, y, masks: hiding(p, x, 0 * y, masks), None),
    "over pictures": (lambda *case: hiding(*case, axis=0), "broadcast"),
}

GRAD_CAM = {
    "no ReLU": (lambda *c: cam(*c, heat=lambda a, w: a @ w), "ReLU is missing"),
    "softmax": (
        lambda b, h, x, k: cam(b, h, x, k, score=lambda z: tf.nn.softmax(z)[0, k]),
        "gradient of the logit itself"),
    "logarithm": (
        lambda b, h, x, k: cam(b, h, x, k, score=lambda z: tf.nn.log_softmax(z)[0, k]),
        "gradient of the logit itself"),
    "loss": (
        lambda b, h, x, k: cam(b, h, x, k, score=lambda z: -tf.nn.log_softmax(z)[0, k]),
        "gradient of the logit itself"),
    "its own answer": (
        lambda *c: cam_of_two_outputs(*c, score=lambda z: z[0, tf.argmax(z[0])]), "another class"),
    "other way around": (lambda b, h, x, k: cam(b, h, x, k, score=lambda z: -z[0, k]), None),
    "ReLU on the weights": (
        lambda *c: cam(*c, weights=lambda g: np.maximum(g.mean((0, 1)), 0)), "negative weights"),
    "sum": (lambda *c: cam(*c, weights=lambda g: g.sum((0, 1))), "not the sum"),
    "place by place": (
        lambda *c: cam(
            *c, weights=lambda g: g, heat=lambda a, g: np.maximum((a * g).sum(2), 0)),
        "place by place"),
    "over the maps": (
        lambda *c: cam(
            *c, weights=lambda g: g.mean(2), heat=lambda a, w: np.maximum(a.sum(2) * w, 0)),
        "mean over the maps"),
    "all logits": (lambda *c: cam(*c, score=lambda z: tf.reduce_sum(z)), None),
    "largest logit": (lambda *c: cam(*c, score=lambda z: tf.reduce_max(z)), "another class"),
    "median": (lambda *c: cam(*c, weights=lambda g: np.median(g, axis=(0, 1))), None),
    "to one": (
        lambda *c: cam(*c, heat=lambda a, w: np.maximum(a @ w, 0) / max((a @ w).max(), 1e-9)),
        "divided by nothing"),
    "not watched": (unwatched, "The tape gives None"),
    "outside the tape": (cam_too_late, "The tape gives None"),
}  # fmt: skip

BY_GROUP = {
    "as they come": (as_they_come, "not come in order"),
    "4 digits": (lambda *case: np.round(shares(*case), 4), None),
    "half precision": (lambda *case: np.float16(shares(*case)), None),
    "bytes": (lambda y, s, g: shares(y, s, g.astype(np.uint8)), None),
    "none for 0": (lambda *case: [share for share in shares(*case) if share], None),
    "ten groups": (
        lambda y, s, g: (np.bincount(g[y == s], minlength=10) / np.bincount(g, minlength=10)), None),
    "groups in a row": (lambda y, s, g: shares(y, s, np.sort(g)), None),
    "the group said": (lambda y, s, g: shares(g, s, g), None),
    "a dictionary": (lambda *case: dict(enumerate(shares(*case))), "hold numbers"),
}  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    label: (exercise, *row)
    for exercise, rows in [
        (check.occlusion_map, OCCLUSION), (check.right_without, LIVES_ON),
        (check.grad_cam, GRAD_CAM), (check.accuracy_by_group, BY_GROUP),
    ]
    for label, row in ((f"{exercise.title}: {label}", row) for label, row in rows.items())
})  # fmt: skip
