# %% [markdown]
# # Padding and stride
#
# **Every layer of 3 × 3 kernels costs the picture a frame of one pixel. How long does a picture of 32 × 32
# last?** Not long, and yet there are networks of a hundred layers. In this lesson you take control of the size:
# one line of arithmetic, read off a drawing. With it you can plan a network for pictures of your own before you
# build it.
#
# {time} · **You need:** [{convolution} Convolution](convolution.ipynb).
#
# **When you are done, you can**
#
# - **compute** the size of any layer's output from input, kernel, padding, stride and dilation
# - **predict** where `same` in Keras and padding on both sides give different numbers
# - **find** how many pixels a unit deep in a network sees
# - **choose** kernels, padding and strides that lead from one size to another
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023), for the
# formula; Y. Chammami, *Exploring the Power of Conv'Nets*; I. Heredia, *Image classification* (Santander,
# 2022); P. Padman, *Training a CNN to Classify Images*; E. Rantsiou, *Convolutional Neural Networks
# basics* (LENS ML School, 2021); V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep
# learning* (2016).

# %% [markdown] tags=["notes"]
# **1 minute.** Draw seven cells on the board before the lesson begins. The whole lesson is one drawing that
# grows: windows over a row of cells, then padding, then a stride, then gaps. Each time, let the room
# count before you write the formula.
#
# "Your turn 4", the stack, is homework. Ten minutes short? Leave out section 3.

# %% [markdown]
# ## Setup

# %%
from lessons.padding_and_stride import check, figures
from utils import board, data, plots
from utils.convolution import correlate2d, correlate_volume, pad
from lessons.padding_and_stride.figures import Walk
from lessons.padding_and_stride.in_keras import numbers_in_keras, size_in_keras, sizes_agree
from lessons.padding_and_stride.sizes import same_padding
from utils.quiet import keras
from lessons.padding_and_stride.size_explorer import SizeExplorer

import numpy as np
from scipy import signal

### BEGIN HIDDEN TESTS
from itertools import product
from math import ceil

from lessons.padding_and_stride.in_keras import settings_that_fit
from lessons.padding_and_stride.sizes import receptive_field
from utils.convolution import output_size
### END HIDDEN TESTS

plots.style()

# %% [markdown]
# ## 1. Maps wear away
#
# A 3 × 3 kernel takes two rows and two columns away, layer after layer. A row of n pixels leaves n − k + 1.
#
# ### Predict: how many layers?
#
# You stack layers of 3 × 3 kernels on a picture of 32 × 32. After how many does the next kernel no longer
# fit? **a** 15, **b** 16, **c** 30

# %% [markdown] tags=["notes"]
# **4 minutes.** Take a vote on the first question before anybody runs the cell. Sixteen is the usual
# answer, 32 / 2. It is one too many: with two pixels left, a kernel of three no longer fits.
#
# For the picture of the windows, ask: "Why n − k + 1 and not n − k?" Let somebody point at the window of
# start 0. The + 1 is the mistake of the day; it comes back in every exercise.

# %%
sides = [32]
while sides[-1] >= 3:
    sides.append(sides[-1] - 3 + 1)
assert (len(sides) - 1, sides[-1]) == (15, 2)
{"layers": len(sides) - 1, "sides": sides}

# %% [markdown]
# **a**: 2 × 2 pixels are left, and the next kernel has no place to stand.

# %% [markdown]
# Why two pixels for each layer? Look along one axis: the pixels below, the output above, and the first window
# joined to the number that it gives. (`Walk(n, k)` describes a kernel of k that walks along n pixels; change the
# numbers.)

# %%
assert list(Walk(7, 3).starts) == [0, 1, 2, 3, 4]
figures.walks({"n = 7, k = 3": Walk(7, 3), "n = 7, k = 5": Walk(7, 5)})

# %% [markdown]
# A window may start at 0. The last one ends with the row, so it starts at n − k. From 0 to n − k there
# are **n − k + 1** starts.
#
# ## 2. Padding
#
# The remedy: put pixels around the picture before the kernel comes. That is **padding**. With p
# columns on *each* side the row is n + 2p wide, and n + 2p − k + 1 windows fit. Padded cells are gray, and hold
# a 0.

# %% [markdown] tags=["notes"]
# **6 minutes.** Let them compute the padded corner with pencils: only four of the nine weights meet a pixel.
# Wrong answers that will come: 293 (the unpadded corner), 90 (that is what the slide prints: 9 · 3 in place of
# 9 · 15).
#
# Ask about the picture of the counts: "A cat's ear is in the corner. How often does the network hear of it?"

# %%
assert [len(Walk(7, 3, p, p).starts) for p in range(3)] == [5, 7, 9]
figures.walks({f"p = {p}": Walk(7, 3, p, p) for p in range(3)})

# %% [markdown]
# Each p adds two windows. These three amounts have names, and SciPy knows them. **valid**: no padding.
# **same**: as much as keeps the size. **full**: k − 1 on each side, so that every window that touches a pixel
# counts.

# %%
image, kernel = data.WORKED_IMAGE, data.WORKED_KERNEL
modes = {name: signal.correlate2d(image, kernel, name) for name in ("valid", "same", "full")}
by_hand = [correlate2d(image, kernel, padding=p) for p in range(3)]
### BEGIN HIDDEN TESTS
for result, own in zip(modes.values(), by_hand, strict=True):
    np.testing.assert_array_equal(result, own)
### END HIDDEN TESTS
{
    name: {"shape": result.shape, "largest difference": int(np.abs(result - own).max())}
    for (name, result), own in zip(modes.items(), by_hand, strict=True)
}

# %% [markdown]
# The numbers agree with p = 0, 1, 2. Padding has a second use. Let every window leave one mark on each pixel that
# it covers:


# %%
def windows_per_pixel(n, k, p=0):
    """In how many windows each pixel of an n x n picture takes part."""
    marks = np.zeros((n + 2 * p, n + 2 * p), dtype=int)
    for i, j in np.ndindex(n + 2 * p - k + 1, n + 2 * p - k + 1):
        marks[i : i + k, j : j + k] += 1
    return marks[p : p + n, p : p + n]


# %%
counts = [windows_per_pixel(6, 3, p) for p in range(3)]
assert [count[0, 0] for count in counts] == [1, 4, 9] and counts[0][2, 2] == 9
figures.window_counts({f"p = {p}": count for p, count in enumerate(counts)})

# %% [markdown]
# Without padding a pixel in the corner takes part in one window, those in the middle in nine. With p = 1 it is
# four. Only full padding treats all pixels alike. In practice **same** is the usual choice: the size stays.
#
# ### Predict: the padded corner
#
# Take the worked example of lesson {convolution} and p = 1. Lay the kernel on the top left corner, so that its
# middle is on the pixel 1. Five of its weights meet zeros; 5, 10, 2 and 9 meet pixels 1, 4, 9 and 15. What is the
# sum of the products?

# %%
padded = correlate2d(image, kernel, padding=1)
assert 5 * 1 + 10 * 4 + 2 * 9 + 9 * 15 == 198
np.testing.assert_array_equal(padded[0], [198, 198, 180, 103, 192, 44])
np.testing.assert_array_equal(padded[1:-1, 1:-1], correlate2d(image, kernel))
padded

# %% [markdown]
# 5 · 1 + 10 · 4 + 2 · 9 + 9 · 15 = **198**. (The slide from which the example comes prints 90.) Inside the frame
# you meet the sixteen numbers of lesson {convolution} again: padding adds outputs, it changes none.

# %% [markdown]
# The formula holds along each axis by itself, and the depth has no part in it. So 16 filters of 3 × 3 × 3 on a
# picture of 6 × 6 × 3, without and with p = 1:

# %%
picture, filters = np.ones((6, 6, 3)), np.ones((3, 3, 3, 16))
unpadded, framed = (correlate_volume(picture, filters, padding=p) for p in (0, 1))
assert unpadded.shape == (4, 4, 16)
assert framed.shape == (6, 6, 16)
unpadded.shape, framed.shape

# %% [markdown]
# ## 3. What stands at the border?
#
# Padded pixels are invented. Zeros are black, and a black frame around a bright wall is something to
# see. Compare with two other inventions: **reflect** mirrors the picture at its border, **edge** repeats the
# last pixel. Below each, the vertical edge filter's answer.

# %% [markdown] tags=["notes"]
# **3 minutes.** Cover the lower row and ask: "What will the edge filter see?" Then uncover it. "Then why does
# everybody pad with zeros?" stands below; let the room guess first.

# %%
brick = data.photograph("brick")
vertical = np.array([[1, 0, -1]] * 3)
patch = brick[200:290, 120:210]
wide = {mode: pad(patch, 8, mode) for mode in ("zero", "reflect", "edge")}
### BEGIN HIDDEN TESTS
responses = {mode: np.abs(correlate2d(pad(patch, 1, mode), vertical)) for mode in wide}
inside = responses["zero"][:, 1:-1].mean()
assert responses["zero"][:, 0].mean() > 5 * inside
assert (responses["reflect"][:, 0] == 0).all()
assert responses["edge"][:, 0].mean() < inside
### END HIDDEN TESTS
figures.borders(wide, [correlate2d(pixels, vertical) for pixels in wide.values()], 8)

# %% [markdown]
# On the left, the filter reports strong edges that no mason built, more than five times as strong as its average
# answer inside. Nearly all networks pad with zeros all the same: it is cheap, a network *learns* to live with it,
# and the false edge even tells it where the border is. For a filter that a person designed, mirror or repeat.
#
# ## 4. Stride
#
# The **stride** is the jump of the kernel from one window to the next. With s = 2 every second window is
# left out, down and across: about a quarter of the work, a map of about half the height and width. Here
# are the sixteen sums of lesson {convolution}, with stride 1.

# %% [markdown] tags=["notes"]
# **6 minutes.** Ask for the 2 × 2 result before the second cell runs: the table above it is all one needs.
#
# Derive the formula at the picture, before it is on the screen: "How far can the start move? How many jumps
# fit into that? Why one more?" Wrong answers that will come: rounding up ("the last window is only a bit
# outside"), n / s ("stride 2 halves it"), (n + 2p − k + 1) / s. Send each to the picture with n = 8.

# %%
every = correlate2d(image, kernel)
every

# %% [markdown]
# ### Predict: every second window
#
# Which numbers stay with a stride of 2? **a** 293, 200, 172, 248, **b** 293, 145, 218, 263, **c** 248, 352, 264, 201

# %%
strided = correlate2d(image, kernel, stride=2)
np.testing.assert_array_equal(strided, every[::2, ::2])
np.testing.assert_array_equal(strided, [[293, 145], [218, 263]])
strided

# %% [markdown]
# **b**: every second row and column of the map above, beginning with the first: `every[::2, ::2]`.

# %% [markdown]
# ### How many windows are left?
#
# Count in a picture. The kernels are 3 wide, nothing is padded, and hatched cells are in no window.

# %%
floors = {
    "n = 7, s = 2": Walk(7, 3, s=2),
    "n = 8, s = 2": Walk(8, 3, s=2),
    "n = 8, s = 3": Walk(8, 3, s=3),
}
assert [walk.missed for walk in floors.values()] == [[], [7], [6, 7]]
assert [divmod(walk.n - walk.k, walk.s) for walk in floors.values()] == [(2, 0), (2, 1), (1, 2)]
figures.walks(floors)


# %% [markdown]
# On the left the window can start at 0, and no later than 7 − 3 = 4. Two jumps of 2 fit into these 4 cells,
# and with the window at 0 that makes three. In the middle the way is 5 cells long: two jumps, and **one cell
# is left over**, the hatched one. On the right one jump of 3 fits into 5, and two cells are left over.
#
# In general the way is n + 2p − k cells long. Count the jumps of s that fit into it, and add 1 for the
# window at the beginning:
#
# $$n_{out} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# The half brackets, the **floor**, mean *round down*. What they throw away are the cells left over at the
# end. The network never sees those columns, and no error tells you.
#
# Now two dimensions: the worked example, p = 1, s = 2. Turn the pages to see the window walk. (The stepper of
# [{convolution} Convolution](convolution.ipynb) can do this, too.)

# %%
np.testing.assert_array_equal(correlate2d(image, kernel, padding=1, stride=2), padded[::2, ::2])
figures.strided_book(image, kernel, padding=1, stride=2)

# %% [markdown]
# Nine windows, and the last row and column of the frame are never reached: padding at the right and
# at the bottom did nothing. Keep that in mind for section 6.
#
# ### Question 1 <!-- choose -->
#
# The first layer of many networks takes 224 × 224 pixels to 112 × 112 with a kernel of 7 and a stride of 2.
# Which p, on each side, does that take?
#
# <details><summary>Answer</summary>
#
# p = 3: (224 + 6 − 7) / 2 is 111.5, rounded down 111, plus 1 is 112.
#
# - "None: stride 2 halves the size": without padding it is (224 − 7) / 2, rounded down 108, plus 1: 109.
# - "2.5, so that nothing is rounded": padding comes in whole columns. (Section 6 has one that pads 2 and 3.)
# - "2": (224 + 4 − 7) / 2, rounded down 110, plus 1: 111.
#
# </details>
#
# ## 5. Dilation
#
# A kernel of 3 × 3 sees little. A kernel of 9 × 9 sees more and has nine times the weights. **Dilation**
# is the third way: pull the nine weights apart, and leave gaps between them. With dilation d two
# neighboring weights are d pixels apart.

# %% [markdown] tags=["notes"]
# **9 minutes, with the exercise and the sliders.** Ask for the span of k = 3 with d = 4. "12" will come, that
# is d · k: let them count the gaps with their fingers (three fingers, two gaps). Then the sliders: one
# person calls out five numbers, the room predicts n_out, and one slider move settles it. Let them break it:
# which settings leave no window at all?

# %%
assert [Walk(9, 3, d=d).span for d in (1, 2, 3)] == [3, 5, 7]
assert [output_size(9, 3, d=d) for d in (1, 2, 3)] == [7, 5, 3]
figures.walks({f"d = {d}": Walk(9, 3, d=d) for d in (1, 2, 3)})


# %% [markdown]
# Between k weights there are k − 1 steps of d, so the kernel spans **d(k − 1) + 1** pixels. Put that in
# place of k, and the formula holds again. On the wall, the same nine weights with d = 1, 2 and 4:

# %%
answers = {d: correlate2d(brick, vertical, dilation=d) for d in (1, 2, 4)}
assert [answer.shape[0] for answer in answers.values()] == [510, 508, 504]
figures.dilations(vertical, {d: answer[100:172, 100:172] for d, answer in answers.items()})

# %% [markdown]
# The bands grow broader: with d = 4 the filter compares pixels that are eight columns apart. It feels an edge
# from further away, and can no longer say so well where it is.
#
# ### All five numbers on sliders
#
# Two settings with everything at once: n = 8, k = 3, p = 1, d = 2, and a stride of 1 and of 2.

# %%
together = {f"s = {s}": Walk(8, 3, 1, 1, s=s, d=2) for s in (1, 2)}
assert [len(walk.starts) for walk in together.values()] == [6, 3]
assert together["s = 2"].missed == [1, 3, 5, 7, 9]
figures.walks(together)


# %% [markdown]
# On the right, stride and gaps keep step with each other: the windows meet the pixels 1, 3, 5 and 7 only,
# and half of the picture is never seen.
#
# Now you. Before each move, predict n_out. Make a column at the end that no window reaches. Make the kernel
# too large. What does a stride do that is larger than the kernel?

# %%
SizeExplorer()

# %% [markdown]
# ### Your turn 1: height and width
#
# Each argument is a pair, one number for the height and one for the width. Return the shape of the
# output. Example: `output_shape((6, 11), (3, 3), (1, 0), (1, 2), (2, 1))` is `(4, 5)`. In
# height the kernel spans 5 of 8 rows; in width 3 of 11 columns, with a stride of 2.


# %% tags=["exercise"]
def output_shape(shape, kernel, padding, stride, dilation):
    """(height, width) of the output; every argument is a pair (for the height, for the width)."""
    ### BEGIN SOLUTION
    sides = []
    for n, k, p, s, d in zip(shape, kernel, padding, stride, dilation, strict=True):
        span = d * (k - 1) + 1
        sides.append((n + 2 * p - span) // s + 1)
    return tuple(sides)
    ### END SOLUTION


# %%
check.output_shape(output_shape)

# %% [markdown]
# Is the formula right beyond these few pictures? Keras can tell the shape of a result without computing a number,
# so ask it about thousands of layers:

# %%
agreement = sizes_agree()
assert agreement == {"layers": 4424, "equal sizes": 4424}
agreement

# %% [markdown]
# ## 6. Two kinds of same
#
# Now the setting that everybody uses, `padding="same"`.
#
# ### Predict: the rule of same
#
# With stride 1, `same` keeps the size. What does it promise with stride 2, for n = 6 and for n = 7? **a** 3 and 3,
# **b** 3 and 4, **c** 2 and 3

# %% [markdown] tags=["notes"]
# **8 minutes, with the exercise.** Ask after the first result: "Two layers give the same shape from the same
# weights. Do they give the same numbers?" Nearly all say yes. Take the vote, then show the two tables: not one of
# the nine numbers agrees. That is the moment of this lesson.
#
# If somebody knows PyTorch: its `padding=1` is the left table, and it refuses `padding="same"` with a
# stride. Weights that are carried from one library to the other give poor results where nobody looked at this.

# %%
same = {(n, s): size_in_keras(n, 3, 0, s, 1, "same") for n in (6, 7) for s in (1, 2, 3)}
### BEGIN HIDDEN TESTS
assert same == {(6, 1): 6, (6, 2): 3, (6, 3): 2, (7, 1): 7, (7, 2): 4, (7, 3): 3}
assert all(
    size_in_keras(n, k, 0, s, d, "same") == ceil(n / s)
    for n, k, s, d in product(range(1, 25), range(1, 7), range(1, 5), range(1, 4))
)
### END HIDDEN TESTS
{f"n = {n}, stride {s}": size for (n, s), size in same.items()}

# %% [markdown]
# **b**: **n / s, rounded up**, whatever the kernel. To keep that promise Keras pads as much as is needed, and when
# the number is odd, the extra column comes at the **end**.

# %% [markdown]
# So for n = 6, k = 3, s = 2 there are two ways to three outputs: one column on both sides, or Keras' none before
# and one after.
#
# ### Predict: the same numbers?
#
# The worked example (6 × 6), the same kernel, stride 2: p = 1 on both sides in the left table, `padding="same"` in
# the right one. How many of the nine numbers agree? **a** all, **b** about half, **c** none

# %%
both_sides = np.rint(numbers_in_keras(image, kernel, p=1, s=2)).astype(int)
by_same = np.rint(numbers_in_keras(image, kernel, p=0, s=2, padding="same")).astype(int)
### BEGIN HIDDEN TESTS
np.testing.assert_array_equal(both_sides, correlate2d(image, kernel, padding=1, stride=2))
np.testing.assert_array_equal(by_same, correlate2d(image, kernel, padding=(0, 1), stride=2))
assert both_sides.shape == by_same.shape == (3, 3) and (both_sides != by_same).all()
computable = [case for case in settings_that_fit() if 1 in case[3:]]
rng = np.random.default_rng(8)
for n, k, p, s, d in rng.permutation(computable)[:200].tolist():
    pixels, weights = rng.random((n, n), np.float32), rng.random((k, k), np.float32)
    np.testing.assert_allclose(
        correlate2d(pixels, weights, p, s, d), numbers_in_keras(pixels, weights, p, s, d), rtol=1e-4
    )
    np.testing.assert_allclose(
        correlate2d(pixels, weights, same_padding(n, k, s, d), s, d),
        numbers_in_keras(pixels, weights, 0, s, d, "same"),
        rtol=1e-4,
    )
### END HIDDEN TESTS
figures.two_tables({"p = 1 on both sides": both_sides, 'padding="same"': by_same})

# %%
assert same_padding(6, 3, 2) == (0, 1)
figures.walks({"p = 1 on both sides": Walk(6, 3, 1, 1, 2), 'padding="same"': Walk(6, 3, 0, 1, 2)})

# %% [markdown]
# **c**, none: the same input, kernel, stride and shape, and not one number in common. The windows of Keras stand
# one pixel further to the right and down.

# %% [markdown]
# PyTorch's `padding=1` is the left kind. To get it in Keras, pad with the layer `ZeroPadding2D(1)` and convolve
# with `padding="valid"`. With k = 3, stride 2 and pictures of even size (224, 32, 28) the two differ.
#
# ### Your turn 2: what same pads
#
# How many columns does Keras put before and after a row of n, for a kernel of k and a stride of s? It needs as
# many as ⌈n / s⌉ windows take (never fewer than 0), and an odd one goes to the end. For n = 6, k = 3, s = 2 it is
# `(0, 1)`, with s = 1 `(1, 1)`. Draw n = 7, k = 4, s = 1 first.


# %% tags=["exercise"]
def same_sides(n, k, s):
    """Columns (before, after) that "same" pads: n pixels, k weights, stride s."""
    ### BEGIN SOLUTION
    windows = -(-n // s)
    missing = max((windows - 1) * s + k - n, 0)
    return missing // 2, missing - missing // 2
    ### END SOLUTION


# %%
check.same_sides(same_sides)

# %% [markdown]
# ## 7. The receptive field
#
# What does padding every layer buy? Depth. And what does depth buy? Look down from one unit: all pixels
# that can change its value are its **receptive field**. Measure it: light a single pixel of a 9 × 9
# picture, pass it through one, two and three layers of ones, and see what arrives in the middle.
# Do so for each of the 81 pixels.

# %% [markdown] tags=["notes"]
# **8 minutes, with "Your turn 3".** Ask: "Two layers of 3 × 3: how far does a unit see?" You will
# hear 6 (3 + 3) and 9 (3 · 3). The neighbors' windows overlap: 5. Then: "Same view as a 5 × 5. Which is
# cheaper?" The numbers in the measured tables are worth a minute: the middle pixel arrives on nine paths,
# the corner on one, so the border of a receptive field whispers.
#
# The stack exercise has many answers. Next time, collect three from the room and compare: which has the most layers,
# which the fewest weights, which drops columns on the way?


# %%
def paths(layers):
    """On how many paths each pixel of a 9 x 9 picture reaches the middle unit."""
    pictures = np.eye(81).reshape(81, 9, 9)
    for _ in range(layers):
        pictures = [correlate2d(picture, np.ones((3, 3))) for picture in pictures]
    middle = len(pictures[0]) // 2
    return np.array([picture[middle, middle] for picture in pictures]).reshape(9, 9).astype(int)


# %%
fields = [paths(layers) for layers in (1, 2, 3)]
assert [np.count_nonzero(field) for field in fields] == [3**2, 5**2, 7**2]
figures.path_counts({f"{i} layer{'s' * (i > 1)}": f for i, f in enumerate(fields, 1)})

# %% [markdown]
# The field grows from 3 to 5 to 7: with stride 1 **each layer adds k − 1**. And it has a soft border: after
# two layers the middle pixel arrives on nine paths, a corner on a single one. Seen from the side:

# %%
stacks = {"3, then 3": [(3, 1), (3, 1)], "5": [(5, 1)], "3 with stride 2, then 3": [(3, 2), (3, 1)]}
assert [receptive_field(layers) for layers in stacks.values()] == [5, 5, 7]
assert receptive_field([(3, 1, 2), (3, 1, 2)]) == 9  # (k, s, d)
figures.receptive_fields(stacks)


# %% [markdown]
# Two layers of 3 see as much as one of 5. On the right, the first layer has stride 2: its units stand two
# pixels apart, so the second layer's two steps are two pixels long each: 3 + 2 · 2 = 7. A dilated kernel adds
# its span less 1, so two layers of 3 with d = 2 see 1 + 4 + 4 = 9.
#
# ### Two of 3 × 3 or one of 5 × 5?
#
# The same view. Which costs less? Take C maps in and C maps out.

# %%
maps = 16
start = keras.Input((9, 9, maps))
two = keras.Sequential([start, keras.layers.Conv2D(maps, 3), keras.layers.Conv2D(maps, 3)])
one = keras.Sequential([start, keras.layers.Conv2D(maps, 5)])
assert two.output_shape == one.output_shape == (None, 5, 5, maps)
assert two.count_params() == 18 * maps**2 + 2 * maps == 4640
assert one.count_params() == 25 * maps**2 + maps == 6416
two.count_params(), one.count_params()

# %% [markdown]
# **18 C² weights against 25 C²**, and a bias for each map of each layer. And between the two layers there is room for
# one more **ReLU**: one more bend in what the pair can compute.
#
# ### Your turn 3: how far a unit sees
#
# `layers` is a list of `(k, s)`, the first layer first, no s larger than its k. Return how many pixels in a row
# one unit behind the last layer sees. By hand: `[(3, 2), (3, 1)]` is the picture on the right, 7. Careful: a
# stride makes the steps longer for the layers *behind* it.


# %% tags=["exercise"]
def pixels_seen(layers):
    """Side of the receptive field of a stack of layers (k, s), in pixels."""
    ### BEGIN SOLUTION
    seen, step = 1, 1
    for k, s in layers:
        seen += (k - 1) * step
        step *= s
    return seen
    ### END SOLUTION


# %%
check.pixels_seen(pixels_seen)

# %% [markdown]
# ### Your turn 4: from 32 × 32 to 1 × 1
#
# Build a stack that makes one single number out of 32 × 32 pixels. Write each layer as `(k, p, s)`:
# kernel, padding, stride. Use **three layers or more**, kernels from 2 to 5, a padding smaller than the
# kernel, and a stride not larger than the kernel. There are many answers.

# %% tags=["exercise"]
stack = (
    ### BEGIN SOLUTION
    [(5, 0, 2), (3, 1, 2), (3, 1, 2), (4, 0, 1)]
    ### END SOLUTION
)

# %%
check.stack(stack)

# %% [markdown]
# ### Question 2 <!-- find -->
#
# Three layers of 3 × 3 or one of 7 × 7, C maps in and out, stride 1: which sees more, and which has more
# weights?
#
# <details><summary>Answer</summary>
#
# Both see 7 × 7. The three layers have 3 · 9 C² = 27 C² weights, the one has 49 C².
#
# - "The three see 9 × 9": that adds the kernels, 3 + 3 + 3. A layer adds k − 1 = 2 to the one pixel at the
#   start: 1 + 2 + 2 + 2 = 7.
# - "The one layer has fewer, it is only one": count the weights of a kernel, not the kernels. 49 is more
#   than 27.
# - "They are the same function, then": no. Without an activation between them, three small kernels make
#   *some* of the 7 × 7 kernels, not all. With ReLUs between them they make functions that no single kernel
#   can.
#
# </details>
#
# ## Going further
#
# Nothing after this lesson needs what follows here.
#
# ### Which frame comes nearest to the truth?
#
# Cut patches out of a photograph, and you know what really stands beyond their borders. So the error of each
# invention can be measured.

# %% [markdown] tags=["notes"]
# **Homework**, and a model for the challenge. Let them say first how *they* would find out which padding is best.


# %%
def border_error(mode, row, column, side=64):
    """Mean error of the answers on the border of a patch, measured on the whole photograph."""
    whole = brick[row - 1 : row + side + 1, column - 1 : column + side + 1]
    guess = correlate2d(pad(whole[1:-1, 1:-1], 1, mode), vertical)
    error = np.abs(guess - correlate2d(whole, vertical))
    return error.sum() / (4 * side - 4)


# %%
places = np.random.default_rng(8).integers(1, 512 - 65, (40, 2))
errors = np.array([[border_error(mode, *place) for mode in wide] for place in places])
assert (errors[:, 0] > 2 * errors[:, 1:].max(axis=1)).all()
assert (errors[:, 2] < errors[:, 1]).mean() > 0.9
dict(zip(wide, errors.mean(axis=0).round().astype(int).tolist(), strict=True))

# %% [markdown]
# Forty patches: in each, zeros are more than twice as wrong as the others. Repeating the edge comes nearest
# in more than nine of ten, for *this* filter: it takes a difference, and the repeated pixel is one step from
# the truth, the mirrored one two.
#
# ### When do the two kinds of same agree?
#
# Where Keras pads as much *before* the row as p on both sides would. Odd kernels of 3 and more, many sizes and
# strides:

# %%
cases = [(n, k, s) for n in range(1, 65) for k in (3, 5, 7) for s in range(1, 5)]
alike = [(n, k, s) for n, k, s in cases if same_padding(n, k, s)[0] == (k - 1) // 2]
divides = [(n, k, s) for n, k, s in cases if (n - 1) % s == 0]
### BEGIN HIDDEN TESTS
wider = [(n, k, s) for n in range(1, 65) for k in range(3, 12, 2) for s in range(1, 5)]
assert alike == divides
assert [c for c in wider if same_padding(*c)[0] == (c[1] - 1) // 2] == [
    c for c in wider if (c[0] - 1) % c[2] == 0
]
assert all(same_padding(n, 1, s) == (0, 0) for n in range(1, 65) for s in range(1, 5))
### END HIDDEN TESTS
{"cases": len(cases), "the two agree": len(alike), "s divides n − 1": len(divides)}

# %% [markdown]
# These are the same cases: **odd kernels of 3 and more take the windows of symmetric padding where s divides
# n − 1, and nowhere else**. A kernel of 1 pads nothing, so there the two always agree: such layers with a stride
# of 2 stand on the shortcuts of residual networks.
#
# And the way back, from a small map to a large one? A **transposed convolution** walks the same drawing upside
# down: each number of the small map spreads its kernel over the large one.
#
# ### Challenge
#
# Invent a padding of your own that is a better guess than zeros, reflection and edge: go on with the slope of
# the last two pixels, wrap around to the other side, take the mean of the row. Judge it with `border_error`.
#
# If you are early: does your winner still win with the horizontal filter, with a blur? If you want a week: on the
# photograph of the coffee, and inside a network that you train with it.

# %% [markdown] tags=["notes"]
# For the challenge: results differ from filter to filter, and that is the lesson. Going on with the slope
# is the boldest guess and often the worst on a rough surface. Ask for the spread over the patches, not for
# the mean alone, and for a filter that was not used while inventing.

# %% [markdown]
# ## What you can do now
#
# - **Compute** the size: span d(k − 1) + 1, then ⌊(n + 2p − span) / s⌋ + 1, for each axis.
# - **Predict** where `same` stands: it pads what ⌈n / s⌉ outputs need (n / s, rounded up), and an odd column
#   comes at the end. With k = 3, stride 2 and an even size its windows are not those of p = 1.
# - **Find** a receptive field: each layer adds k − 1 steps, and strides make the later steps longer.
# - **Choose** a stack: two layers of 3 instead of one of 5, strides where the map should shrink.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("padding_and_stride")

# %% [markdown]
# ## Common mistakes
#
# - Forgetting the + 1, or rounding up: a window that sticks out does not count.
# - Counting p once. It is p on each side, 2p in all.
# - "Stride 2 halves the size." It does with `same`, up to rounding; without padding some more is lost.
# - Columns that no window reaches: no error, only a blind strip.
# - Carrying weights from one library to the other and trusting equal shapes.
#
# ## Where next
#
# A stride makes maps smaller by leaving windows out. One can also keep a single number of what stands in a
# window, without any weights: [{pooling} Pooling](pooling.ipynb).
