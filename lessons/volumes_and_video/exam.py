"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, grid, item, number


@item("compute", "compute", 4)
def one_number_of_a_volume(rng):
    volume, kernel = rng.integers(0, 8, (3, 2, 2)), rng.integers(-2, 4, (2, 2, 2))
    out = tuple(int((volume[d : d + 2] * kernel).sum()) for d in range(2))
    slices = "".join(grid(piece) for piece in volume)
    layers = "".join(grid(piece) for piece in kernel)
    return Drawn(
        f"A volume of three slices:\n{slices}\nA kernel of two:\n{layers}\nWhat is their "
        "cross-correlation, without padding?",
        out,
        "The kernel has two places, along the depth: eight products each.",
        {
            (sum(out),): "A kernel that adds up over the depth: that is a convolution over colors.",
            tuple(int((volume[d : d + 2] * kernel[::-1]).sum()) for d in range(2)): "The kernel's "
            "slices are in the wrong order.",
        },
        {"volume": volume, "kernel": kernel},
    )


@item("compute", "predict", 3)
def shape_of_a_layer(rng):
    depth, height, width = (2 * rng.integers(4, 13, 3)).tolist()
    channels, maps = int(rng.choice([1, 2, 3])), int(rng.choice([8, 16]))
    k = int(rng.choice([3, 5]))
    shape = (depth - k + 1, height - k + 1, width - k + 1, maps)
    return Drawn(
        f"`Conv3D({maps}, {k})` looks at ({depth}, {height}, {width}, {channels}), without "
        "padding. "
        "What is the shape of its output, and how many parameters has it?",
        (*shape, (k**3 * channels + 1) * maps),
        f"{k - 1} less on each of three axes; ({k} · {k} · {k} · {channels} + 1) · {maps}.",
        {
            (*shape, (k**2 * channels + 1) * maps): "The kernel has three sides.",
            (depth, *shape[1:], (k**3 * channels + 1) * maps): "It slides along the depth as well.",
            (*shape[:3], maps * channels, (k**3 * channels + 1) * maps): "Channels are added up.",
        },
        {
            "depth": depth,
            "height": height,
            "width": width,
            "channels": channels,
            "maps": maps,
            "k": k,
        },
    )


@item("compute", "predict", 3)
def cost_of_a_third_axis(rng):
    n, k = int(rng.choice([10, 20])), int(rng.choice([3, 5]))
    flat, deep = (n * k) ** 2, (n * k) ** 3
    return Drawn(
        f"One kernel of {k} × {k}, padded to keep the size, on {n} × {n} pixels: how many "
        f"multiplications? And one of {k} × {k} × {k} on {n} × {n} × {n} voxels? By which factor "
        "does the second cost grow when all sides of the volume are doubled?",
        (flat, deep, 8),
        f"{n}² · {k}² and {n}³ · {k}³; twice the side is 2³ as many places.",
        {
            (flat, flat * n, 8): "The kernel has a third side, too.",
            (flat, deep, 2): "Three sides are doubled.",
        },
        {"n": n, "k": k},
    )


@item("choose", "predict", 2)
def kernel_for_a_clip(rng):
    frames, side = int(rng.choice([8, 12, 16])), int(rng.choice([64, 96, 112]))
    k, maps = int(rng.choice([3, 5])), int(rng.choice([16, 32, 64]))
    named = " × ".join
    return Drawn(
        f"A color clip has the shape ({frames}, {side}, {side}, 3). What is the shape of **one** "
        f"kernel of `Conv3D({maps}, {k})`?",
        named(map(str, (k, k, k, 3))),
        "Frames, rows, columns, and the three colors, over which it adds up.",
        {
            named(map(str, (k, k, k))): "At each of these places there are three colors.",
            named(map(str, (frames, k, k, 3))): "So deep it could not slide in time.",
            named(map(str, (k, k, k, maps))): "That is the number of kernels.",
        },
        {"frames": frames, "side": side, "k": k},
    )


@item("figure", "compute", 4)
def shadows_and_depth(rng):
    solid = rng.integers(0, 2, (3, 5))
    shadow = tuple(solid.any(1).astype(int).tolist())
    depth = tuple(int(row.argmax()) if row.any() else 5 for row in solid)
    if min(depth) == max(depth):
        return shadows_and_depth.draw(rng)
    return Drawn(
        "Each row is a line of sight through a volume, from the left; 1 is filled.\n"
        f"{grid(solid)}\nGive the silhouette (1 where anything is filled) and the depth map (empty "
        "cells before the first filled one; the whole length where there is none). What do both of "
        "them lose?",
        (shadow, depth),
        "Look along each row. Lost is all that lies behind the first filled cell: a volume cannot "
        "be put together from either of them.",
        {
            (shadow, tuple(int(row.argmax()) for row in solid)): "An empty line gives its whole "
            "length, not 0.",
        }
        if not all(shadow)
        else {(shadow, tuple(int(row.sum()) for row in solid)): "Filled cells counted, not depth."},
        {"solid": solid},
    )


@item("compute", "design", 4)
def kernel_for_a_change(rng):
    frames = rng.integers(0, 10, (4, 3))
    change = frames[1:] - frames[:-1]
    place = int(rng.integers(3))
    return Drawn(
        f"Four frames of three pixels, a frame a row:\n{grid(frames)}\nThe kernel [[−1], [1]] "
        f"(time, place) slides over them as a cross-correlation. What does it say at the place "
        f"{place}, counted from 0, over time? Which clips leave it at 0 everywhere?",
        tuple(change[:, place].tolist()),
        "The next frame minus this frame. It is blind to whatever stands still.",
        {
            tuple((-change[:, place]).tolist()): "The first weight meets the earlier frame.",
            tuple(np.diff(frames[place]).tolist()): "That is a change along the place.",
        },
        {"frames": frames, "place": place},
    )


@item("explain", "design", 5)
def channels_or_time(rng):
    frames, jump = int(rng.choice([6, 8, 10])), int(rng.integers(1, 3))
    return Drawn(
        f"Somebody gives the {frames} frames of a gray clip to a `Conv2D` as {frames} channels, "
        "and "
        f"wants to tell motion by {jump} pixels to the right from motion to the left. Can it learn "
        "this? What does it give up against `Conv3D`? Name the step before it in the line from a "
        "fitted line to a 3-D network, and what that step added.",
        None,
        f"It can: its kernels see all {frames} frames, so they can hold a slant. It gives up "
        "sliding along time: weights are not shared along it, another length does not fit. Before "
        "the third axis came the 2-D convolution: weights shared over all places of a picture.",
    )


@item("compute", "train", 3)
def slices_or_volumes(rng):
    slices, patients = int(10 * rng.integers(3, 9)), int(rng.choice([20, 40, 50]))
    percent = int(rng.choice([10, 20]))
    held = patients * percent // 100
    return Drawn(
        f"{patients} patients with {slices} slices each. {percent} % are held out, honestly. How "
        "many patients and how many slices is that? Why must no patient stand on both sides?",
        (held, held * slices),
        f"{number(patients)} patients, split by patient. Slices of one patient are nearly equal: "
        "the network would recognize the patient.",
        {(patients, patients * slices * percent // 100): "Split by slices: every patient leaks."},
        {"slices": slices, "patients": patients, "percent": percent},
    )
