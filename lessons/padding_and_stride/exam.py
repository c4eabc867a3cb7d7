"""Exam items; not among the students' files."""

from tools.editions.exam import Drawn, item, listing


def size(n, k, p=0, s=1, d=1):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


@item("compute", "compute", 2)
def output_size(rng):
    n, k = int(rng.integers(20, 70)), int(rng.choice([3, 5, 7]))
    p, s = int(rng.integers(1, k // 2 + 1)), int(rng.choice([2, 3]))
    return Drawn(
        f"A convolution of {k} × {k} with stride {s} and padding {p} on each side looks at "
        f"{n} × {n}. How many rows has its output?",
        size(n, k, p, s),
        f"⌊({n} + 2 · {p} − {k}) / {s}⌋ + 1.",
        {
            size(n, k, p, s) - 1: "The + 1 is missing: the first window counts as well.",
            (n + p - k) // s + 1: "p is on each side, 2p in all.",
            size(n, k, p): "The stride is missing.",
        },
        {"n": n, "k": k, "p": p, "s": s},
    )


@item("compute", "compute", 3)
def dilated_size(rng):
    n, k, d = int(rng.integers(20, 60)), 3, int(rng.choice([2, 3, 4]))
    s = int(rng.choice([1, 2]))
    return Drawn(
        f"A kernel of {k} has the dilation {d} and moves by {s} over a row of {n} pixels, without "
        "padding. How many pixels does one window span, and how many windows are there?",
        (d * (k - 1) + 1, size(n, k, 0, s, d)),
        f"The span is {d} · ({k} − 1) + 1; it takes the place of k in the formula.",
        {
            (d * k, (n - d * k) // s + 1): "Dilation times kernel: the last gap is outside.",
            (k, size(n, k, 0, s)): "The dilation is forgotten.",
        },
        {"n": n, "k": k, "d": d, "s": s},
    )


@item("compute", "compute", 3)
def windows_over_a_pixel(rng):
    n, k = int(rng.integers(10, 17)), int(rng.choice([3, 5]))
    row, column = int(rng.integers(0, k - 1)), int(rng.integers(k - 1, n - k + 1))
    seen = (row + 1) * k
    return Drawn(
        f"A kernel of {k} × {k} slides over {n} × {n} pixels, stride 1, without padding. How many "
        f"windows does the corner pixel take part in, and how many the pixel in row {row}, column "
        f"{column} (from 0)? What does padding change?",
        (1, seen),
        f"{row + 1} · {k}: near the border fewer windows fit. Padding lets the border count, and "
        "invents what lies outside: zeros make an edge that is not there.",
        {
            (1, k * k): "Only a pixel in the middle is seen so often.",
            (k * k, k * k): "Without padding no window sticks out.",
        },
        {"n": n, "k": k, "row": row, "column": column},
    )


@item("compute", "predict", 4)
def same_in_the_library(rng):
    k, s = int(rng.choice([3, 5])), int(rng.choice([2, 3]))
    n = int(rng.integers(10, 40))
    out = -(-n // s)
    total = max((out - 1) * s + k - n, 0)
    before, after = total // 2, total - total // 2
    return Drawn(
        f'`padding="same"`, a kernel of {k}, stride {s}, a row of {n} pixels: how many numbers '
        "come out in Keras, and how many columns does it pad before and after?",
        (out, before, after),
        f"⌈{n} / {s}⌉ windows need ({out} − 1) · {s} + {k} columns; what is missing is shared, and "
        "an odd column comes at the end.",
        {
            (out, after, before): "The odd column comes at the end.",
            (n, k // 2, k // 2): "“Same” keeps the size only at stride 1.",
        }
        if before != after
        else {(n, k // 2, k // 2): "“Same” keeps the size only at stride 1."},
        {"n": n, "k": k, "s": s},
    )


@item("compute", "find", 4)
def receptive_field(rng):
    layers = [(int(rng.choice([3, 5])), int(rng.choice([1, 2]))) for _ in range(3)]
    field, jump = 1, 1
    for k, s in layers:
        field, jump = field + (k - 1) * jump, jump * s
    words = ", ".join(f"{k} × {k} with stride {s}" for k, s in layers)
    return Drawn(
        f"Three convolutions follow one another: {words}. How many pixels in a row does a unit of "
        "the last map see?",
        field,
        "Each layer adds (k − 1) steps; a step is as long as the product of the strides before it.",
        {
            sum(k for k, _ in layers): "The kernels are added; each adds only k − 1.",
            1 + sum(k - 1 for k, _ in layers): "The strides make later steps longer.",
        },
        {"layers": layers},
    )


@item("choose", "choose", 3)
def from_one_size_to_another(rng):
    n, k = int(rng.choice([32, 48, 64, 96])), int(rng.choice([3, 5, 7]))
    right = (k, k // 2, 2)
    wrong = [(k, 0, 2), (k, k // 2, 1), (k + 2, k // 2, 2)]
    named = "kernel {}, padding {}, stride {}".format
    return Drawn(
        f"Which convolution takes {n} × {n} to {n // 2} × {n // 2}?",
        named(*right),
        f"⌊({n} + 2 · {k // 2} − {k}) / 2⌋ + 1 = {n // 2}.",
        {named(*setting): f"It gives {size(n, *setting)}." for setting in wrong},
        {"n": n},
    )


@item("compute", "compute", 3)
def blind_strip(rng):
    k, s = int(rng.choice([2, 3])), int(rng.choice([4, 5]))
    n = int(rng.integers(20, 40))
    windows = size(n, k, 0, s)
    last = (windows - 1) * s + k
    gaps = (windows - 1) * (s - k)
    return Drawn(
        f"A kernel of {k} moves by {s} over a row of {n} pixels, without padding. How many windows "
        "are there, and how many of the pixels does no window see?",
        (windows, gaps + n - last),
        f"{windows} windows see {windows} · {k} pixels, since s > k leaves gaps between them; "
        f"{n - last} more at the end are blind.",
        {(windows, n - last): "The gaps between the windows are blind as well."},
        {"n": n, "k": k, "s": s},
    )


FAULTS = {
    2: ("padded = n + p", "p stands on each side: n + 2 * p."),
    3: ("span = d * k", "The last gap lies outside: d * (k - 1) + 1."),
    4: (
        "return math.ceil((padded - span) / s) + 1",
        "A window that sticks out does not count: rounded down, (padded - span) // s + 1.",
    ),
}


@item("listing", "compute", 4)
def size_with_a_fault(rng):
    n, k = int(rng.integers(20, 60)), int(rng.choice([3, 5]))
    lines = [
        "def output_size(n, k, p, s, d):",
        "padded = n + 2 * p",
        "span = d * (k - 1) + 1",
        "return (padded - span) // s + 1",
    ]
    place = int(rng.choice(list(FAULTS)))
    fault, why = FAULTS[place]
    lines[place - 1] = fault
    lines[1:] = [f"    {line}" for line in lines[1:]]
    right = size(n, k, 1, 2, 2)
    return Drawn(
        f"One line is wrong. Which one, what should it be, and what is the right size for n = {n}, "
        f"k = {k}, p = 1, s = 2, d = 2?\n{listing(lines)}",
        (place, right),
        f"{why} The right size is {right}.",
        {(1, right): "A function may take its arguments in any order."},
        {"n": n, "k": k, "lines": lines},
    )
