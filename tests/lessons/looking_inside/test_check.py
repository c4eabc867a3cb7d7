"""Looking inside: right answers of unusual form, and wrong ones as students write them."""

import numpy as np
import pytest

from lessons.looking_inside import check
from tests.kit.answers import accepted, refused

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


def alpha(gradients):
    return gradients.mean(axis=(0, 1))


def relu(x):
    return np.maximum(x, 0)


def cam(maps, gradients, weights=None, heat=None):
    weights = alpha(gradients) if weights is None else weights
    return weights, relu(maps @ weights) if heat is None else heat


def cam_in_loops(maps, gradients, first=0, running=False):
    weights = [gradients[:, :, k].sum() / gradients[:, :, k].size for k in range(maps.shape[2])]
    heat = np.zeros(maps.shape[:2])
    for k in range(first, len(weights)):
        heat += weights[k] * maps[:, :, k]
        heat = relu(heat) if running else heat
    heat[heat < 0] = 0
    return weights, heat


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
    "loops": (check.grad_cam, cam_in_loops),
    "list of two": (check.grad_cam, lambda a, g: list(cam(a, g))),
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

GRAD_CAM = {
    "ReLU on the maps": (lambda a, g: cam(relu(a), g), None),
    "size of the maps": (lambda a, g: cam(np.abs(a), g), None),
    "size of the weights": (lambda a, g: cam(a, g, np.abs(alpha(g))), None),
    "ReLU after each map": (lambda a, g: cam_in_loops(a, g, running=True), None),
    "not the first map": (lambda a, g: cam_in_loops(a, g, first=1), None),
    "median": (lambda a, g: cam(a, g, np.median(g, axis=(0, 1))), None),
    "four places": (lambda a, g: cam(a, g, g.sum(axis=(0, 1)) / 4), None),
    "swapped": (lambda a, g: cam(g, a), None),
    "swapped results": (lambda a, g: cam(a, g)[::-1], None),
    "clipped at 1": (lambda a, g: cam(a, g, heat=np.clip(a @ alpha(g), 0, 1)), None),
    "whole numbers": (lambda a, g: cam(a, g, heat=cam(a, g)[1].astype(int)), None),
    "axes kept": (lambda a, g: (g.mean((0, 1), keepdims=True), cam(a, g)[1]), None),
    "only the map": (lambda a, g: cam(a, g)[1], "2 results"),
}

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
        (check.occlusion_map, OCCLUSION), (check.grad_cam, GRAD_CAM),
        (check.accuracy_by_group, BY_GROUP),
    ]
    for label, row in ((f"{exercise.title}: {label}", row) for label, row in rows.items())
})  # fmt: skip
