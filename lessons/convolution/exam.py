"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, grid, item, listing, number


def correlate(image, kernel):
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    height, width = kernel.shape
    return np.array(
        [
            [(image[r : r + height, c : c + width] * kernel).sum() for c in range(columns)]
            for r in range(rows)
        ]
    )


def flat(array):
    return tuple(np.ravel(array).tolist())


def listed(values):
    return "(" + ", ".join(map(number, values)) + ")"


@item("compute", "compute", 3)
def one_number(rng):
    image, kernel = rng.integers(0, 10, (4, 5)), rng.integers(-1, 4, (3, 3))
    out = correlate(image, kernel)
    row, column = int(rng.integers(2)), int(rng.integers(1, 3))
    return Drawn(
        f"An image and a kernel:\n{grid(image)}{grid(kernel)}\nThe kernel slides over the image "
        "without padding (cross-correlation). Which number stands in row "
        f"{row}, column {column} of the output, counted from 0?",
        int(out[row, column]),
        f"The window begins in row {row}, column {column}: multiply entry by entry, add up.",
        {
            int(correlate(image, kernel[::-1, ::-1])[row, column]): "The kernel was turned: that "
            "is a convolution.",
            int(correlate(image, kernel.T)[row, column]): "The kernel was transposed.",
        },
        {"image": image, "kernel": kernel, "row": row, "column": column},
    )


@item("compute", "compute", 5)
def correlation_or_convolution(rng):
    image, kernel = rng.integers(0, 6, (3, 3)), rng.permutation([0, 1, 2, 3]).reshape(2, 2)
    plain, turned = correlate(image, kernel), correlate(image, kernel[::-1, ::-1])
    return Drawn(
        f"An image and a kernel:\n{grid(image)}{grid(kernel)}\nCompute the whole cross-correlation "
        "and the whole convolution, without padding, each row by row. Which of them does Keras "
        "compute?",
        (flat(plain), flat(turned)),
        "A convolution turns the kernel by 180° first. Keras computes the cross-correlation.",
        {
            (flat(turned), flat(plain)): "The two are swapped.",
            (flat(plain), flat(correlate(image, kernel.T))): "Transposed in place of turned.",
        },
        {"image": image, "kernel": kernel},
    )


@item("compute", "build", 4)
def dense_against_convolution(rng):
    side, units = int(rng.choice([50, 100, 200])), int(rng.choice([8, 16, 32]))
    k = int(rng.choice([3, 5]))
    dense, shared = (side * side * 3 + 1) * units, (k * k * 3 + 1) * units
    return Drawn(
        f"A color picture has {side} × {side} pixels. How many parameters has a dense layer of "
        f"{units} units on it, and how many a convolution of {units} kernels of {k} × {k}? Why so "
        "few?",
        (dense, shared),
        f"({side} · {side} · 3 + 1) · {units} and ({k} · {k} · 3 + 1) · {units}: all places share "
        "the weights of a kernel.",
        {
            (dense, (k * k + 1) * units): "A kernel is as deep as its input, 3 here.",
            (dense - units, shared - units): "The biases are missing.",
        },
        {"side": side, "units": units, "k": k},
    )


@item("compute", "choose", 2)
def fog(rng):
    kernel, fog = rng.integers(-2, 4, (3, 3)), int(10 * rng.integers(5, 21))
    total = int(kernel.sum())
    return Drawn(
        f"In a picture of fog every pixel is {fog}. What does this kernel answer inside it?\n"
        f"{grid(kernel)}",
        fog * total,
        f"On equal pixels the response is the pixel times the sum of the weights, {number(total)}.",
        {
            fog: "Only where the weights add up to 1.",
            0: "Only where the weights add up to 0.",
        },
        {"kernel": kernel, "fog": fog},
    )


KERNELS = {
    "[[-1, 0, 1]] * 3": np.array([[-1, 0, 1]] * 3),
    "[[1, 0, -1]] * 3": np.array([[1, 0, -1]] * 3),
    "[[-1] * 3, [0] * 3, [1] * 3]": np.array([[-1] * 3, [0] * 3, [1] * 3]),
    "[[1] * 3, [0] * 3, [-1] * 3]": np.array([[1] * 3, [0] * 3, [-1] * 3]),
}


@item("choose", "choose", 3)
def which_kernel_finds_the_edge(rng):
    dark, bright = int(rng.integers(0, 30)), int(rng.integers(100, 250))
    edges = {
        "dark on the left, bright on the right": np.array([[dark, dark, bright]] * 3),
        "bright on the left, dark on the right": np.array([[bright, dark, dark]] * 3),
        "dark above, bright below": np.array([[dark, dark, bright]] * 3).T,
        "bright above, dark below": np.array([[bright, dark, dark]] * 3).T,
    }
    edge = str(rng.choice(list(edges)))
    responses = {name: int((kernel * edges[edge]).sum()) for name, kernel in KERNELS.items()}
    right = max(responses, key=responses.get)
    return Drawn(
        f"An edge is {edge} ({dark} and {bright}). Which kernel answers with a **positive** number "
        "in a cross-correlation?",
        f"`{right}`",
        f"It answers {responses[right]}: its positive weights lie on the bright side.",
        {
            f"`{name}`": f"It answers {number(value)}."
            for name, value in responses.items()
            if name != right
        },
        {"edge": edges[edge]},
    )


@item("compute", "build", 4)
def a_layer_of_maps(rng):
    height, width = rng.integers(10, 40, 2).tolist()
    depth, maps = int(rng.choice([3, 8, 16])), int(rng.choice([10, 20, 32]))
    k = int(rng.choice([3, 5]))
    rows, columns, parameters = height - k + 1, width - k + 1, (k * k * depth + 1) * maps
    return Drawn(
        f"A layer has {maps} kernels of {k} × {k} and looks at {height} × {width} × {depth}, "
        "without padding. What is the shape of its output, and how many parameters has it?",
        (rows, columns, maps, parameters),
        f"Each kernel adds up over all {depth} maps and gives one. ({k} · {k} · {depth} + 1) · "
        f"{maps}.",
        {
            (rows, columns, maps * depth, parameters): "A kernel gives one map, not one for each "
            "map of its input.",
            (rows, columns, maps, (k * k + 1) * maps): "A kernel is as deep as its input.",
            (rows, columns, maps, parameters - maps): "The biases are missing.",
        },
        {"height": height, "width": width, "depth": depth, "maps": maps, "k": k},
    )


@item("compute", "build", 4)
def bias_and_activation(rng):
    image, kernel = rng.integers(0, 6, (3, 3)), rng.integers(-2, 3, (2, 2))
    bias = int(rng.choice([-3, -2, -1, 1, 2]))
    out = correlate(image, kernel) + bias
    if out.min() >= 0 or out.max() <= 0:
        return bias_and_activation.draw(rng)
    return Drawn(
        f"An image and a kernel, whose bias is {number(bias)}:\n{grid(image)}{grid(kernel)}\n"
        "What does the layer give, with ReLU, row by row?",
        flat(np.maximum(out, 0)),
        f"Before the ReLU it is {', '.join(map(number, out.ravel()))}, bias included.",
        {
            flat(out): "The ReLU is missing.",
            flat(np.maximum(out - bias, 0) + bias): "The bias comes before the ReLU.",
        },
        {"image": image, "kernel": kernel, "bias": bias},
    )


@item("compute", "derive", 4)
def gradient_of_a_kernel(rng):
    pixels = rng.integers(0, 7, (3, 3))
    error = np.reshape(rng.permutation([-2, -1, 0, 1, 2, 3])[:4], (2, 2))
    gradient = correlate(pixels, error)
    return Drawn(
        "An image, and for every number of its feature map how fast the loss grows with it (the "
        f"error):\n{grid(pixels)}{grid(error)}\nThe map came from a kernel of 2 × 2 without "
        "padding (cross-correlation). How fast does the loss grow with each of the four weights? "
        "Give the slopes row by row.",
        flat(gradient),
        "Each weight collects error times pixel over all windows: the cross-correlation of the "
        "image with the error.",
        {
            flat(correlate(pixels, error[::-1, ::-1])): "The error was turned: that belongs to the "
            "gradient of the pixels.",
            flat(gradient / 4): "A mean over the windows in place of the sum.",
        },
        {"pixels": pixels, "error": error},
    )


@item("compute", "choose", 3)
def a_kernel_of_one_pixel(rng):
    color = rng.permutation([0, 3, 9]) * int(rng.integers(1, 4))
    chosen = color - color.sum() // 3
    pixel = rng.integers(0, 10, 3)
    return Drawn(
        "A 1 × 1 convolution on the channels red, green and blue is to find the color "
        f"{listed(color)}: its weights are the color minus the mean of its three numbers. What "
        f"does it answer, before bias and ReLU, to the pixel {listed(pixel)}, and what to a gray "
        "pixel?",
        (int(chosen @ pixel), 0),
        f"The weights are {listed(chosen)}; they add up to 0, so gray gets 0.",
        {
            (int(color @ pixel), int(color.sum())): "The mean was not taken off.",
            (int(chosen @ pixel), int(color.sum())): "The weights add up to 0, so gray gets 0.",
        },
        {"color": color, "pixel": pixel},
    )


LINES = {
    2: (
        "rows, columns = (n - k for n, k in zip(image.shape, kernel.shape))",
        "The last window fits as well: n − k + 1 places on each axis.",
    ),
    6: (
        "        window = image[r : r + k, c : c + k]",
        "The window has to have the kernel's height and width: `r + height`, `c + width`.",
    ),
    7: (
        "        out[r, c] = (window @ kernel).sum()",
        "`@` is a matrix product; a convolution multiplies entry by entry: `window * kernel`.",
    ),
}


@item("listing", "compute", 4)
def loops_with_a_fault(rng):
    height, width = rng.choice([2, 3, 4, 5], 2, replace=False).tolist()
    lines = [
        f"height, width = kernel.shape  # {height}, {width}",
        "rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape))",
        "out = np.zeros((rows, columns))",
        "for r in range(rows):",
        "    for c in range(columns):",
        "        window = image[r : r + height, c : c + width]",
        "        out[r, c] = (window * kernel).sum()",
    ]
    place = int(rng.choice(list(LINES)))
    fault, why = LINES[place]
    lines[place - 1] = fault.replace("+ k", f"+ {height}")
    return Drawn(
        f"A cross-correlation without padding, for a kernel of {height} × {width}. One line is "
        f"wrong. Which one, and what should it be?\n{listing(lines)}",
        place,
        why,
        {3: "It is as large as the numbers of places on both axes."},
        {"lines": lines},
    )
