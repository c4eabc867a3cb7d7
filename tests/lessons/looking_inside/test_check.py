"""Other right answers, and the hint for each named misconception."""

import numpy as np
import pytest

from lessons.looking_inside import check, inspection
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def drops(predict, image, patch, stride, fill):
    return inspection.occlusion_map(predict, image, patch, stride, fill)


def one_at_a_time(predict, image, patch, stride, fill):
    """Lists and loops, the network asked for one copy at a time."""
    rows = []
    for top in range(0, image.shape[0] - patch + 1, stride):
        row = []
        for left in range(0, image.shape[1] - patch + 1, stride):
            copy = np.array(image)
            copy[top : top + patch, left : left + patch] = fill
            row.append(float(predict(image[None])[0] - predict(copy[None])[0]))
        rows.append(row)
    return rows


def with_masks(predict, image, patch, stride, fill):
    tops = np.arange(0, image.shape[0] - patch + 1, stride)
    lefts = np.arange(0, image.shape[1] - patch + 1, stride)
    y, x = np.ogrid[: image.shape[0], : image.shape[1]]
    masks = np.array(
        [(y >= t) & (y < t + patch) & (x >= v) & (x < v + patch) for t in tops for v in lefts]
    )
    copies = np.where(masks[..., None], fill, image)
    return (predict(image[None]) - predict(copies)).reshape(len(tops), len(lefts))


def painting(predict, image, patch, stride, fill, reset=True, inside=True):
    """An occlusion map whose copies are made in other ways."""
    result, hidden = drops(predict, image, patch, stride, fill), image.copy()
    for i, j in np.ndindex(result.shape):
        square = slice(i * stride, i * stride + patch), slice(j * stride, j * stride + patch)
        if reset:
            hidden = image.copy() if inside else np.full_like(image, fill)
        hidden[square] = fill if inside else image[square]
        result[i, j] = predict(image[None])[0] - predict(hidden[None])[0]
    return result


def fitting(side, patch, stride):
    return range(0, side - patch + 1, stride)


def hiding(starts=fitting, channels=..., longer=0):
    """An occlusion map whose squares start at `starts(side, patch, stride)`."""

    def function(predict, image, patch, stride, fill):
        tops, lefts = (starts(side, patch, stride) for side in image.shape[:2])
        copies = []
        for top in tops:
            for left in lefts:
                copies.append(image.copy())
                copies[-1][top : top + patch + longer, left : left + patch + longer, channels] = (
                    fill
                )
        result = predict(image[None]) - predict(np.array(copies))
        return result.reshape(len(tops), len(lefts))

    return function


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


def scores(predict, image, patch, stride, fill):
    return predict(image[None])[0] - drops(predict, image, patch, stride, fill)


def without_batch(predict, image, patch, stride, fill):
    return predict(image) - drops(predict, image, patch, stride, fill)


def alpha(gradients):
    return gradients.mean(axis=(0, 1))


def relu(x):
    return np.maximum(x, 0)


def cam(maps, gradients):
    return alpha(gradients), relu(maps @ alpha(gradients))


def cam_in_loops(maps, gradients):
    weights = [gradients[:, :, k].sum() / gradients[:, :, k].size for k in range(maps.shape[2])]
    heat = [
        [max(0, sum(w * a for w, a in zip(weights, place, strict=True))) for place in row]
        for row in maps
    ]
    return weights, heat


def relu_of_each_map(maps, gradients):
    return alpha(gradients), relu(maps * alpha(gradients)).sum(axis=2)


def shares(labels, said, groups):
    return [np.mean(said[groups == g] == labels[groups == g]) for g in np.unique(groups)]


RIGHT = {
    "one at a time": (check.occlusion_map, one_at_a_time),
    "masks": (check.occlusion_map, with_masks),
    "library": (check.occlusion_map, drops),
    "uncovering": (check.occlusion_map, uncovering),
    "lists": (check.occlusion_map, lambda *case: drops(*case).tolist()),
    "pictures as float32": (
        check.occlusion_map, lambda p, i, n, s, f: drops(p, i.astype(np.float32), n, s, f)),
    "a list of copies": (
        check.occlusion_map,
        lambda p, i, n, s, f: drops(lambda copies: p(list(copies)), i, n, s, f)),
    "float32": (check.occlusion_map, lambda *case: drops(*case).astype(np.float32)),
    "loops": (check.grad_cam, cam_in_loops),
    "einsum": (
        check.grad_cam,
        lambda a, g: (alpha(g), np.clip(np.einsum("xyk,k->xy", a, alpha(g)), 0, None))),
    "a list of two": (check.grad_cam, lambda a, g: list(cam(a, g))),
    "tensordot": (
        check.grad_cam,
        lambda a, g: (g.reshape(-1, g.shape[2]).mean(0), relu(np.tensordot(a, alpha(g), 1)))),
    "where and swapped axes": (
        check.grad_cam,
        lambda a, g: (list(g.mean(1).mean(0)), (lambda m: np.where(m > 0, m, 0))(a.dot(alpha(g))))),
    "product with the sign": (
        check.grad_cam, lambda a, g: (alpha(g), (lambda m: m * (m > 0))((a * alpha(g)).sum(-1)))),
    "list": (check.accuracy_by_group, shares),
    "one-hot groups": (
        check.accuracy_by_group,
        lambda y, s, g: (lambda member: member @ (y == s) / member.sum(1))(np.eye(g.max() + 1)[:, g])),
    "pure Python": (
        check.accuracy_by_group,
        lambda y, s, g: tuple(
            sum(a == b for a, b, c in zip(y, s, g, strict=True) if c == k) / list(g).count(k)
            for k in sorted(set(g)))),
    "weighted averages": (
        check.accuracy_by_group,
        lambda y, s, g: [np.average(y == s, weights=g == k) for k in range(max(g) + 1)]),
    "bincount": (
        check.accuracy_by_group, lambda y, s, g: np.bincount(g, y == s) / np.bincount(g)),
    "float32 shares": (
        check.accuracy_by_group, lambda y, s, g: np.array(shares(y, s, g), np.float32)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "other way around": (check.occlusion_map, lambda *case: -drops(*case), "the other way around"),
    "scores": (check.occlusion_map, scores, "scores of the copies"),
    "black": (check.occlusion_map, lambda p, i, n, s, f: drops(p, i, n, s, 0), "painted with 0"),
    "always 128": (check.occlusion_map, lambda p, i, n, s, f: drops(p, i, n, s, 128), "differ"),
    "stride of 1": (check.occlusion_map, lambda p, i, n, s, f: drops(p, i, n, 1, f), "by one pixel"),
    "own side": (check.occlusion_map, lambda p, i, n, s, f: drops(p, i, n, n, f), "its own side"),
    "one short": (check.occlusion_map, lambda *case: drops(*case)[:-1, :-1], "last row and column"),
    "transposed": (check.occlusion_map, lambda *case: drops(*case).T, "swapped"),
    "never uncovered": (
        check.occlusion_map, lambda *case: painting(*case, reset=False), "still hidden"),
    "all but the square": (
        check.occlusion_map, lambda *case: painting(*case, inside=False), "everything except"),
    "absolute": (check.occlusion_map, lambda *case: np.abs(drops(*case)), "absolute value"),
    "ReLU": (check.occlusion_map, lambda *case: relu(drops(*case)), "negative drops to 0"),
    "over the edge": (
        check.occlusion_map, hiding(lambda side, n, s: range(0, side, s)), "hang over the edge"),
    "one place too few": (
        check.occlusion_map, hiding(lambda side, n, s: range(0, side - n, s)), "last row and column"),
    "rounded number of places": (
        check.occlusion_map,
        hiding(lambda side, n, s: range(0, (round((side - n) / s) + 1) * s, s)), "shape"),
    "one more at the edge": (
        check.occlusion_map,
        hiding(lambda side, n, s: sorted({*fitting(side, n, s), side - n})), "shape"),
    "spread over the picture": (
        check.occlusion_map,
        hiding(lambda side, n, s: np.linspace(0, side - n, (side - n) // s + 1).astype(int)), "differ"),
    "first channel": (check.occlusion_map, hiding(channels=0), "differ"),
    "a pixel too long": (check.occlusion_map, hiding(longer=1), "differ"),
    "a pixel too short": (check.occlusion_map, hiding(longer=-1), "differ"),
    "whole numbers": (check.occlusion_map, lambda *case: drops(*case).astype(int), "differ"),
    "copies of 8 bits": (
        check.occlusion_map,
        lambda p, i, n, s, f: drops(p, i.astype(np.uint8), n, s, f), "differ"),
    "share of the score": (
        check.occlusion_map,
        lambda p, i, n, s, f: drops(p, i, n, s, f) / p(i[None])[0], "differ"),
    "the example alone": (check.occlusion_map, lambda *case: [[0, 25], [0, 0]], "shape"),
    "the picture itself": (
        check.occlusion_map,
        lambda p, i, n, s, f: (i.fill(f), drops(p, i, n, s, f))[1], "changed its input"),
    "flat": (check.occlusion_map, lambda *case: drops(*case).ravel(), "shape differs"),
    "no batch": (check.occlusion_map, without_batch, "predict takes a batch"),
    "per pixel": (
        check.occlusion_map,
        lambda p, i, n, s, f: inspection.drop_per_pixel(drops(p, i, n, s, f), i.shape, n, s), "shape"),
    "only the map": (check.grad_cam, lambda a, g: cam(a, g)[1], "2 results"),
    "swapped results": (check.grad_cam, lambda a, g: cam(a, g)[::-1], "result 1 of 2"),
    "no ReLU": (check.grad_cam, lambda a, g: (alpha(g), a @ alpha(g)), "ReLU is missing"),
    "ReLU too early": (check.grad_cam, lambda a, g: (alpha(g), a @ relu(alpha(g))), "after the sum"),
    "ReLU on the weights, too": (
        check.grad_cam, lambda a, g: (relu(alpha(g)), a @ relu(alpha(g))), "negative weights to 0"),
    "ReLU on the gradients": (
        check.grad_cam,
        lambda a, g: (alpha(relu(g)), a @ alpha(relu(g))), "negative gradients to 0"),
    "ReLU of each map": (check.grad_cam, relu_of_each_map, "after the sum"),
    "ReLU on the maps": (
        check.grad_cam, lambda a, g: (alpha(g), relu(relu(a) @ alpha(g))), "result 2 of 2"),
    "size of the maps": (
        check.grad_cam, lambda a, g: (alpha(g), relu(np.abs(a) @ alpha(g))), "result 2 of 2"),
    "size of the weights": (
        check.grad_cam, lambda a, g: (np.abs(alpha(g)), relu(a @ np.abs(alpha(g)))), "differ"),
    "median": (
        check.grad_cam,
        lambda a, g: (np.median(g, (0, 1)), relu(a @ np.median(g, (0, 1)))), "differ"),
    "always four places": (
        check.grad_cam, lambda a, g: (g.sum((0, 1)) / 4, relu(a @ g.sum((0, 1)) / 4)), "differ"),
    "first and last map": (
        check.grad_cam,
        lambda a, g: (alpha(g), relu(a[..., [0, -1]] @ alpha(g)[[0, -1]])), "result 2 of 2"),
    "clipped at 1": (
        check.grad_cam, lambda a, g: (alpha(g), np.clip(a @ alpha(g), 0, 1)), "result 2 of 2"),
    "axes kept": (
        check.grad_cam, lambda a, g: (g.mean((0, 1), keepdims=True), cam(a, g)[1]), "shape differs"),
    "no sum": (check.grad_cam, lambda a, g: (alpha(g), relu(a * alpha(g))), "shape differs"),
    "one mean for all": (check.grad_cam, lambda a, g: (g.mean(), relu(a.sum(2) * g.mean())), "shape"),
    "absolute map": (check.grad_cam, lambda a, g: (alpha(g), np.abs(a @ alpha(g))), "absolute value"),
    "over the maps": (
        check.grad_cam,
        lambda a, g: (g.mean(axis=2), relu((a * g.mean(axis=2)[..., None]).sum(axis=2))),
        "axis=(0, 1)"),
    "sum": (
        check.grad_cam, lambda a, g: (g.sum((0, 1)), relu(a @ g.sum((0, 1)))), "added up the gradients"),
    "max": (check.grad_cam, lambda a, g: (g.max((0, 1)), relu(a @ g.max((0, 1)))), "largest gradient"),
    "place by place": (
        check.grad_cam, lambda a, g: (alpha(g), relu((a * g).sum(axis=2))), "place by place"),
    "averaged": (
        check.grad_cam, lambda a, g: (alpha(g), relu((a * alpha(g)).mean(axis=2))), "averaged"),
    "maps and gradients": (check.grad_cam, lambda a, g: cam(g, a), "swapped them"),
    "scaled": (
        check.grad_cam,
        lambda a, g: (alpha(g), cam(a, g)[1] / max(cam(a, g)[1].max(), 1e-12)), "divided by the maximum"),
    "map transposed": (check.grad_cam, lambda a, g: (alpha(g), cam(a, g)[1].T), "result 2 of 2"),
    "one map only": (
        check.grad_cam, lambda a, g: (alpha(g), relu(a[..., 0] * alpha(g)[0])), "result 2 of 2"),
    "overall": (
        check.accuracy_by_group, lambda y, s, g: [np.mean(y == s)] * (g.max() + 1), "once for every"),
    "overall once": (check.accuracy_by_group, lambda y, s, g: np.mean(y == s), "one for every group"),
    "of all": (
        check.accuracy_by_group,
        lambda y, s, g: [((y == s) & (g == k)).mean() for k in range(g.max() + 1)], "those of the group"),
    "counts": (
        check.accuracy_by_group,
        lambda y, s, g: [((y == s) & (g == k)).sum() for k in range(g.max() + 1)], "counts"),
    "mistakes": (
        check.accuracy_by_group, lambda y, s, g: 1 - np.array(shares(y, s, g)), "mistakes"),
    "recall": (check.accuracy_by_group, lambda y, s, g: shares(y, s, y), "by the label"),
    "precision": (check.accuracy_by_group, lambda y, s, g: shares(y, s, s), "by the answer"),
    "share of the right ones": (
        check.accuracy_by_group,
        lambda y, s, g: np.bincount(g, y == s) / (y == s).sum(), "right answers of all groups"),
    "two groups only": (check.accuracy_by_group, lambda y, s, g: shares(y, s, g)[:2], "shape differs"),
    "groups backwards": (check.accuracy_by_group, lambda y, s, g: shares(y, s, g)[::-1], "differ"),
    "a number for each group with a right answer": (
        check.accuracy_by_group,
        lambda y, s, g: np.bincount(g[y == s]) / np.bincount(g), "stopped"),
    "histogram of the right ones": (
        check.accuracy_by_group,
        lambda y, s, g: np.histogram(g[y == s], g.max() + 1)[0] / np.bincount(g), "differ"),
    "order of appearance": (
        check.accuracy_by_group,
        lambda y, s, g: [np.mean((y == s)[g == k]) for k in dict.fromkeys(g.tolist())], "differ"),
    "sorted shares": (check.accuracy_by_group, lambda *case: sorted(shares(*case)), "differ"),
    "rounded": (check.accuracy_by_group, lambda *case: np.round(shares(*case), 2), "differ"),
    "percent": (check.accuracy_by_group, lambda *case: 100 * np.array(shares(*case)), "differ"),
    "without the last group": (
        check.accuracy_by_group, lambda *case: shares(*case)[:-1], "shape differs"),
    "label is the group": (
        check.accuracy_by_group,
        lambda y, s, g: [np.mean((y == g)[g == k]) for k in range(g.max() + 1)], "differ"),
    "mean recall in the group": (
        check.accuracy_by_group,
        lambda y, s, g: [
            np.mean([np.mean(s[(g == k) & (y == c)] == c) for c in set(y[g == k])])
            for k in range(g.max() + 1)], "differ"),
    "groups in a row": (
        check.accuracy_by_group,
        lambda y, s, g: shares(y, s, np.sort(g)), "differ"),
    "sorts its input": (
        check.accuracy_by_group,
        lambda y, s, g: (g.sort(), shares(y, s, g))[1], "changed its input"),
    "0 and 1 alone": (
        check.accuracy_by_group, lambda *case: np.array(shares(*case)) > 0.5, "type differs"),
    "a dictionary": (
        check.accuracy_by_group, lambda y, s, g: dict(enumerate(shares(y, s, g))), "hold numbers"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
