"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, grid, item, listing


@item("compute", "read", 2)
def numbers_of_a_photograph(rng):
    rows, columns = (100 * rng.integers(2, 10, 2)).tolist()
    return Drawn(
        f"A color photograph has {rows} rows and {columns} columns. How many numbers does the "
        "computer store for it?",
        3 * rows * columns,
        f"Three numbers (red, green, blue) for every pixel: {rows} · {columns} · 3.",
        {
            rows * columns: "These are the pixels; each has three numbers.",
            rows + columns: "Rows and columns are multiplied, not added.",
        },
        {"rows": rows, "columns": columns},
    )


@item("figure", "read", 2)
def one_pixel(rng):
    picture = rng.permutation(np.arange(1, 17)).reshape(4, 4)
    row, column = rng.choice([1, 2, 3], 2, replace=False).tolist()
    return Drawn(
        f"This table is `picture`. What is `picture[{row}, {column}]`?\n{grid(picture)}",
        int(picture[row, column]),
        f"The row comes first, and both counts begin with 0: the row number {row} is the "
        f"{['second', 'third', 'fourth'][row - 1]} from above.",
        {
            int(picture[column, row]): "Row and column are swapped.",
            int(picture[row - 1, column - 1]): "Counted from 1.",
        },
        {"picture": picture, "row": row, "column": column},
    )


@item("compute", "read", 2)
def negative_of_a_row(rng):
    top = int(rng.choice([10, 16, 20]))
    row = rng.choice(np.arange(1, top), 4, replace=False)
    return Drawn(
        f"In a picture 0 is no ink and {top} is full ink. A row of it is {grid([row])}\n"
        "What is this row in the negative?",
        tuple((top - row).tolist()),
        f"Each number becomes {top} minus itself.",
        {
            tuple((-row).tolist()): "Only the sign has changed: ink is never below 0.",
            tuple(row[::-1].tolist()): "That is the mirror image.",
        },
        {"row": row, "top": top},
    )


@item("choose", "read", 2)
def which_is_the_mirror(rng):
    picture = rng.choice(np.arange(1, 10), (2, 3), replace=False)
    return Drawn(
        f"This table is `picture`. What is `picture[:, ::-1]`?\n{grid(picture)}",
        str(picture[:, ::-1].tolist()),
        "The colon keeps all rows; `::-1` reads the columns from the end: left and right change.",
        {
            str(picture[::-1].tolist()): "Upside down: the rows are reversed, not the columns.",
            str(picture.T.tolist()): "Rows and columns have changed places.",
            str(picture[::-1, ::-1].tolist()): "Both are reversed: a half turn.",
        },
        {"picture": picture},
    )


@item("listing", "run", 3)
def cells_out_of_order(rng):
    start, step, factor = rng.integers(2, 7, 3).tolist()
    order = [[1, 2, 2, 3], [1, 2, 3, 2, 3], [1, 2, 2, 2, 3], [2, 1, 2, 2, 3]][rng.integers(1, 3)]
    cells = [f"a = {start}", f"a = a + {step}", f"a * {factor}"]
    times = order.count(2)
    return Drawn(
        f"A notebook has three cells:\n{listing(cells)}\nAfter a restart somebody runs them in "
        f"this order: {', '.join(map(str, order))}. What does the last run show?",
        (start + times * step) * factor,
        f"Cell 2 has run {times} times, so `a` is {start} + {times} · {step} when cell 3 runs. "
        "What counts is the order of running, not the place on the page.",
        {(start + step) * factor: "Read from top to bottom, as if cell 2 had run once."},
        {"start": start, "step": step, "factor": factor, "order": order},
    )


@item("choose", "check", 3)
def what_a_not_yet_says(rng):
    picture = rng.integers(1, 9, (2, 2))
    slips = {
        "It returns the largest number.": picture.max(),
        "It returns the mean.": picture.mean(),
        "It adds up the first row only.": picture[0].sum(),
        "It adds up the first column only.": picture[:, 0].sum(),
    }
    if len(set(slips.values())) < len(slips):
        return what_a_not_yet_says.draw(rng)
    right = str(rng.choice(list(slips)))
    facts = f"input:\n{picture}\nexpected: {picture.sum()}\ngot: {slips[right]:g}"
    return Drawn(
        "An exercise asks for the sum of all numbers of a picture. The check says **not yet**:"
        f"\n\n```text\n{facts}\n```\n\nWhich mistake fits?",
        right,
        f"Only this one gives {slips[right]:g} for the input that the check shows.",
        {text: f"It would have given {value:g}." for text, value in slips.items() if text != right},
        {"picture": picture, "got": slips[right]},
    )


@item("compute", "predict", 2)
def sum_of_bytes(rng):
    first, second = rng.integers(130, 250, 2).tolist()
    total = first + second
    return Drawn(
        f"Two pixels are stored as bytes (`uint8`): {first} and {second}. NumPy adds the arrays "
        "that hold them. What does it show?",
        total - 256,
        f"A byte goes from 0 to 255 and begins again at 0: {total} − 256.",
        {
            total: "That does not fit into a byte: it ends at 255.",
            255: "A byte does not stop at 255, it begins again.",
            total - 255: "255 is the last number, so it begins again after 256 of them.",
        },
        {"first": first, "second": second},
    )
