# %% [markdown]
# # Padding and stride
#
# **Every layer of 3 × 3 kernels costs the picture a frame of one pixel. How long does a picture of 32 × 32
# last?** Not twenty layers, and yet there are networks of a hundred. This lesson takes control of the size:
# one line of arithmetic, which you will derive from a picture, and then hold against Keras in thousands of
# cases.
#
# **40 minutes** · **You need:** [{convolution} Convolution](convolution.ipynb).
#
# **When you are done, you can**
#
# - **compute** the size of any layer's output from input, kernel, padding, stride and dilation
# - **explain** what the border loses, and what each way of padding invents there
# - **predict** where `same` in Keras and padding on both sides give different numbers
# - **compute** how many pixels a unit deep in a network sees
# - **choose** kernels, padding and strides that lead from one size to another
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023), for the
# formula; Y. Chammami, *Exploring the Power of Conv'Nets*; I. Heredia, *Image classification* (Santander,
# 2022); P. Padman, *Training a CNN to Classify Images*; E. Rantsiou, *Convolutional Neural Networks
# basics* (LENS ML School, 2021), whose padded and strided examples you will check; V. Dumoulin and
# F. Visin, *A guide to convolution arithmetic for deep learning* (2016).

# %% [markdown] tags=["notes"]
# Draw seven cells on the board before the lesson begins. The whole lesson is one drawing that
# grows: windows under a row of cells, then padding, then a stride, then gaps. Each time, let the room
# count before you write the formula.
#
# "Your turn 5", the stack, is homework. Ten minutes short? Leave out section 3, and show section 6
# without talk.

# %% [markdown]
# ## Setup

# %%
from lessons.padding_and_stride import check, figures
from utils import board, data, plots
from utils.convolution import correlate2d, correlate_volume, output_size, pad, same_padding
from lessons.padding_and_stride.figures import Walk
from utils.quiet import keras
from lessons.padding_and_stride.size_explorer import SizeExplorer

from itertools import product

import numpy as np
from scipy import signal

### BEGIN HIDDEN TESTS
from math import ceil

from utils.convolution import receptive_field
### END HIDDEN TESTS

plots.style()

# %% [markdown]
# ## 1. Maps wear away
#
# Lesson {convolution} ended with two complaints. Here is the first: a 3 × 3 kernel takes two rows and two columns
# away, layer after layer. A row of n pixels leaves n − k + 1.
#
# ### Predict: how many layers?
#
# You stack layers of 3 × 3 kernels on a picture of 32 × 32. After how many does the next kernel no longer
# fit?

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
sides

# %% [markdown]
# Fifteen layers. Then 2 × 2 pixels are left, and the next kernel has no place to stand.

# %% [markdown]
# Why two pixels a layer? Look along one axis: seven pixels on top, counted from 0, and below them every
# window, one a row. (`Walk(n, k)` describes a kernel of k that walks along n pixels; all such pictures
# of this lesson are drawn from it.)

# %%
assert list(Walk(7, 3).starts) == [0, 1, 2, 3, 4]
figures.walks({"n = 7, k = 3": Walk(7, 3), "n = 7, k = 5": Walk(7, 5)})


# %% [markdown]
# A window may start at 0. The last one ends with the row, so it starts at n − k. From 0 to n − k there
# are **n − k + 1** starts.
#
# The second complaint: pixels at the border count less. Let every window leave one mark on each
# pixel that it covers.


# %%
def windows_per_pixel(n, k, p=0):
    """In how many windows each pixel of an n x n picture takes part."""
    marks = np.zeros((n + 2 * p, n + 2 * p), dtype=int)
    for i, j in np.ndindex(n + 2 * p - k + 1, n + 2 * p - k + 1):
        marks[i : i + k, j : j + k] += 1
    return marks[p : p + n, p : p + n]


# %%
marks = windows_per_pixel(6, 3)
assert (marks[0, 0], marks[2, 2], marks.sum()) == (1, 9, 16 * 9)
marks

# %% [markdown]
# The pixels in the middle take part in nine windows, the ones in the corners in a single one. If the cat's
# ear is in the corner, the network hardly hears of it.
#
# ## 2. Padding
#
# One remedy for both: put pixels around the picture before the kernel comes. That is **padding**. With p
# columns on *each* side the row is n + 2p wide, and n + 2p − k + 1 windows fit. Padded cells are gray in the
# picture, and hold a 0.

# %% [markdown] tags=["notes"]
# **6 minutes, with the exercise.** Let them compute the padded corner with pencils: only four of the nine
# weights meet a pixel. Wrong answers that will come: 90 (from the slide), 293 (the unpadded corner).
#
# "same" is a promise about the size, not a number: ask what p it takes for k = 3, 5, 7, and then for
# k = 4. Silence. That silence is the exercise.

# %%
assert [len(Walk(7, 3, p, p).starts) for p in range(3)] == [5, 7, 9]
figures.walks({f"p = {p}": Walk(7, 3, p, p) for p in range(3)})


# %% [markdown]
# Each p adds two windows. These three amounts have names. **valid**: no padding. **same**: as much as
# keeps the size. **full**: k − 1 on each side, so that every window that touches a pixel counts. SciPy
# knows the three by name.

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
# The numbers agree with p = 0, 1, 2. And the border? Count the windows again, with padding:

# %%
counts = [windows_per_pixel(6, 3, p) for p in range(3)]
assert [count[0, 0] for count in counts] == [1, 4, 9]
figures.window_counts({f"p = {p}": count for p, count in enumerate(counts)})


# %% [markdown]
# With p = 1 the corner takes part in four windows instead of one, and the sides in six. Only full
# padding treats all pixels alike. In practice **same** is the usual choice: the size stays.
#
# ### Predict: the padded corner
#
# Rantsiou's slide pads the worked example with p = 1 and prints **90, 198, 180** as the first three
# numbers of the result. Lay the kernel on the top left corner, so that its middle is on the pixel 1. Five
# of its weights meet zeros. What is the sum of the other four products?

# %%
padded = correlate2d(image, kernel, padding=1)
assert 5 * 1 + 10 * 4 + 2 * 9 + 9 * 15 == 198
np.testing.assert_array_equal(padded[0], [198, 198, 180, 103, 192, 44])
padded

# %% [markdown]
# 5 + 40 + 18 + 135 = **198**, not 90. The slide's second number is 198 as well, and that one is right: by
# chance the first two windows have the same sum. One slip that leads to 90 is 9 · 3 in place of 9 · 15.

# %% [markdown]
# Inside the frame you meet the sixteen numbers of lesson {convolution} again: padding adds outputs, it changes none.

# %%
assert 5 + 40 + 18 + 9 * 3 == 90
np.testing.assert_array_equal(padded[1:-1, 1:-1], correlate2d(image, kernel))
padded[1:-1, 1:-1], correlate2d(image, kernel)

# %% [markdown]
# n + 2p − k + 1 holds along each axis by itself, and the depth has no part in it. So N filters of 3 × 3 × 3
# on a picture of 6 × 6 × 3 give 4 × 4 × N, as Rantsiou's slide says, and with p = 1 they give 6 × 6 × N.

# %%
picture, filters = np.ones((6, 6, 3)), np.ones((3, 3, 3, 16))
unpadded, framed = (correlate_volume(picture, filters, padding=p) for p in (0, 1))
assert unpadded.shape == (4, 4, 16)
assert framed.shape == (6, 6, 16)
unpadded.shape, framed.shape

# %% [markdown]
# ### Your turn 1: the padding that keeps the size
#
# A kernel of k, stride 1. How many columns must be padded before and after the row, so that the output
# is as wide as the input? For k = 3 it is `(1, 1)`. For an even k the two sides cannot be equal: put the
# smaller number **before**, as Keras does. Draw k = 4 first.


# %% tags=["exercise"]
def keep_size(k):
    """Columns (before, after) that keep the size under a kernel of k."""
    ### BEGIN SOLUTION
    return (k - 1) // 2, k - 1 - (k - 1) // 2
    ### END SOLUTION


# %%
check.keep_size(keep_size)

# %% [markdown]
# ## 3. What stands at the border?
#
# Padded pixels are invented. Zeros are black, and a black frame around a bright wall is something to
# see. Compare with two other inventions: **reflect** mirrors the picture at its border, **edge** repeats the
# last pixel. Below each, the vertical edge filter's answer.

# %% [markdown] tags=["notes"]
# **5 minutes.** Cover the lower row and ask: "What will the edge filter see?" Then uncover it. Somebody will
# ask why nearly all networks pad with zeros all the same. Honest answer: it is cheap, the network can learn
# to live with it, and it even tells the network where the border is. For a filter that a person designed,
# or for pictures that are stitched together, it matters.

# %%
brick = data.photograph("brick")
vertical = np.array([[1, 0, -1]] * 3)
patch = brick[200:290, 120:210]
wide = {mode: pad(patch, 8, mode) for mode in ("zero", "reflect", "edge")}
figures.borders(wide, [correlate2d(pixels, vertical) for pixels in wide.values()], 8)

# %% [markdown]
# On the left, the filter reports two strong edges that no mason built: the borders of the photograph. How
# strong are they, and what do the other two answer there?

# %%
responses = {mode: np.abs(correlate2d(pad(patch, 1, mode), vertical)) for mode in wide}
inside = responses["zero"][:, 1:-1].mean()
assert responses["zero"][:, 0].mean() > 5 * inside
assert (responses["reflect"][:, 0] == 0).all()
assert responses["edge"][:, 0].mean() < inside
at_border = {mode: response[:, 0].mean() for mode, response in responses.items()}
{name: round(float(mean), 1) for name, mean in {"inside": inside, **at_border}.items()}

# %% [markdown]
# On the border column the false edge is more than five times as strong as the average answer inside.
# Reflection answers exactly 0: the pixels left and right of a mirror are equal. Which is nearest to the
# truth? We can know, for we cut the patch out of a larger photograph and can look at what really stands
# beyond its border.


# %%
def border_error(mode, row, column, side=64):
    """Mean error of the answers on the border of a patch, measured on the whole photograph."""
    whole = brick[row - 1 : row + side + 1, column - 1 : column + side + 1]
    guess = correlate2d(pad(whole[1:-1, 1:-1], 1, mode), vertical)
    error = np.abs(guess - correlate2d(whole, vertical))
    return error.sum() / (4 * side - 4)


# %%
places = np.random.default_rng(8).integers(1, 512 - 65, (40, 2))
### BEGIN HIDDEN TESTS
for row, column in places:
    beyond = brick[row - 1 : row + 65, column - 1 : column + 65].astype(int)
    for mode in wide:
        off = correlate2d(pad(beyond[1:-1, 1:-1], 1, mode), vertical) - correlate2d(
            beyond, vertical
        )
        assert (off[1:-1, 1:-1] == 0).all()
### END HIDDEN TESTS
errors = np.array([[border_error(mode, *place) for mode in wide] for place in places])
assert (errors[:, 0] > 2 * errors[:, 1:].max(axis=1)).all()
assert (errors[:, 2] < errors[:, 1]).mean() > 0.9
dict(zip(wide, errors.mean(axis=0).round().astype(int).tolist(), strict=True))

# %% [markdown]
# Forty patches: in each, zeros are more than twice as wrong as the others. Repeating the edge comes nearest
# in more than nine of ten: this filter takes a difference, and the repeated pixel is one step from
# the truth, the mirrored one two. Another filter may prefer another frame.
#
# ## 4. Stride
#
# The **stride** is the jump of the kernel from one window to the next. With s = 2 every second window is
# left out, down and across: about a quarter of the work, and a map of about half the height and width. Here
# are the sixteen sums of lesson {convolution} again, with stride 1.

# %% [markdown] tags=["notes"]
# **8 minutes, with the exercise.** Ask for the 2 × 2 result before the second cell runs: the table above it
# is all one needs. Then let the room find where 158 and 234 come from (the slide took every second number
# of its own wrong table).
#
# Derive the formula at the picture, before it is on the screen: "How far can the start move? How many jumps
# fit into that? Why one more?" Wrong answers to the exercise that will come: rounding up ("the last window
# is only a bit outside"), n / s ("stride 2 halves it"), (n + 2p − k + 1) / s. Send each to the picture with
# n = 8.

# %%
every = correlate2d(image, kernel)
every

# %% [markdown]
# ### Predict: every second window
#
# Rantsiou's slide moves the kernel by two and prints **293, 158** and, below them, **234**. Which of the
# sixteen numbers should stand there?

# %%
strided = correlate2d(image, kernel, stride=2)
np.testing.assert_array_equal(strided, every[::2, ::2])
np.testing.assert_array_equal(strided, [[293, 145], [218, 263]])
strided, every[::2, ::2]

# %% [markdown]
# 293, 145, 218 and 263: every second row and column of the map with stride 1.

# %% [markdown]
# And the slide's 158 and 234?
# Look into its own table, which you corrected in lesson {convolution}:

# %%
slide = np.array(
    [[293, 216, 158, 342], [181, 258, 278, 352], [234, 230, 273, 308], [293, 264, 280, 206]]
)
np.testing.assert_array_equal(slide[::2, ::2], [[293, 158], [234, 273]])
slide[::2, ::2]

# %% [markdown]
# Every second number of a wrong table. One slip, two slides.
#
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
# Now two dimensions, with everything so far: the worked example, p = 1, s = 2. This is the last window.

# %%
np.testing.assert_array_equal(correlate2d(image, kernel, padding=1, stride=2), padded[::2, ::2])
figures.strided_step(image, kernel, padding=1, stride=2, step=8)


# %% [markdown]
# Nine windows, and the last row and column of the frame are never reached: padding at the right and
# at the bottom did nothing. Keep that in mind for section 6. Turn the pages to see the window walk. (The
# stepper of [{convolution} Convolution](convolution.ipynb) can do this, too: set its padding to 1, its stride to 2.)

# %%
figures.strided_book(image, kernel, padding=1, stride=2)

# %% [markdown]
# ### Your turn 2: the size of the output
#
# Write the formula. All four numbers are whole, and the kernel fits. By hand: for n = 8, k = 3, p = 0,
# s = 2 the answer is 3: the picture with n = 8 and stride 2.


# %% tags=["exercise"]
def side_after(n, k, p, s):
    """Windows along an axis: n input, k kernel, p padding on each side, s stride."""
    ### BEGIN SOLUTION
    return (n + 2 * p - k) // s + 1
    ### END SOLUTION


# %%
check.side_after(side_after)

# %% [markdown]
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
# - "2.5, so that nothing is rounded": padding comes in whole columns. With p = 3 half a step is rounded
#   away, that is one column. (Section 6 shows a setting that pads 2 before and 3 after.)
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
# **6 minutes, with the exercise and the sliders.** Ask for the span of k = 3 with d = 4. "12" will come, that
# is d · k: let them count the gaps with their fingers (three fingers, two gaps). Then the sliders: one
# person calls out five numbers, the room predicts n_out, and one slider move settles it. Let them break it:
# which settings leave no window at all?

# %%
assert [Walk(9, 3, d=d).span for d in (1, 2, 3)] == [3, 5, 7]
assert [output_size(9, 3, d=d) for d in (1, 2, 3)] == [7, 5, 3]
figures.walks({f"d = {d}": Walk(9, 3, d=d) for d in (1, 2, 3)})


# %% [markdown]
# Between k weights there are k − 1 steps of d, so the kernel spans **d(k − 1) + 1** pixels. Put that in
# place of k, and the formula holds again. In `utils` it is called `output_size(n, k, p, s, d)`. On the wall,
# the same nine weights with d = 1, 2 and 4:

# %%
answers = {d: correlate2d(brick, vertical, dilation=d) for d in (1, 2, 4)}
assert [answer.shape[0] for answer in answers.values()] == [510, 508, 504]
figures.dilations(vertical, {d: answer[100:172, 100:172] for d, answer in answers.items()})

# %% [markdown]
# The bands grow broader: with d = 4 the filter compares pixels that are eight columns apart. It feels an edge
# from further away, and can no longer say so well where it is.

# %%
broad = {d: float((np.abs(answer) > 90).mean()) for d, answer in answers.items()}
assert broad[1] < broad[2] < broad[4]
{d: f"{share:.0%} of the answers are strong" for d, share in broad.items()}

# %% [markdown]
# ### All five numbers on sliders
#
# Two settings with everything at once: n = 8, k = 3, p = 1, d = 2, and a stride of 1 and of 2.

# %%
together = {f"s = {s}": Walk(8, 3, 1, 1, s=s, d=2) for s in (1, 2)}
assert [len(walk.starts) for walk in together.values()] == [6, 3]
assert together["s = 2"].missed == [1, 3, 5, 7, 9]
figures.walks(together)


# %% [markdown]
# On the right, stride and gaps keep step with each other: the windows meet the cells 0, 2, 4, 6 and 8 only,
# and half of the picture is never seen.
#
# Now you. Before each move, predict n_out. Make a column at the end that no window reaches. Make the kernel
# too large. What does a stride do that is larger than the kernel?

# %%
SizeExplorer()

# %% [markdown]
# ### Your turn 3: height and width
#
# Each argument is now a pair, one number for the height and one for the width. Return the shape of the
# output, dilation included. Example: `output_shape((6, 11), (3, 3), (1, 0), (1, 2), (2, 1))` is `(4, 5)`. In
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
# ## 6. Against Keras
#
# A formula that holds in three pictures may fail in the fourth. Keras can tell the shape of a
# result without computing a single number, so thousands of cases take a few seconds.

# %% [markdown] tags=["notes"]
# **6 minutes.** The point is a habit: hold your formula against the library, over everything, before you
# trust either. Then ask: "Two layers give the same shape from the same weights. Do they give the same
# numbers?" Nearly all say yes. The picture with the two walks is for them.
#
# If somebody knows PyTorch: its `padding=1` is the left picture, and it refuses `padding="same"` with a
# stride. Weights that are carried from one library to the other give poor results where nobody looked at
# this.


# %%
def size_in_keras(n, k, p, s, d, padding="valid"):
    """What Keras says about the size, from shapes alone."""
    row = keras.ops.pad(keras.KerasTensor((1, n, 1)), [(0, 0), (p, p), (0, 0)])
    weights = keras.KerasTensor((k, 1, 1))
    return keras.ops.conv(row, weights, strides=s, padding=padding, dilation_rate=d).shape[1]


# %%
grid = product(range(1, 25), range(1, 7), range(3), range(1, 5), range(1, 4))
fitting = [(n, k, p, s, d) for n, k, p, s, d in grid if d * (k - 1) + 1 <= n + 2 * p]
equal = sum(size_in_keras(*case) == output_size(*case) for case in fitting)
assert equal == len(fitting)
f"{len(fitting)} cases, {equal} of them equal"

# %% [markdown]
# All equal. Shapes can agree while numbers do not, so take 200 of these cases at random and convolve for
# real. (Keras refuses a stride and a dilation together, so one of them must be 1.)


# %%
def numbers_in_keras(picture, weights, p, s, d, padding="valid"):
    """The cross-correlation of a picture (H, W), computed by Keras."""
    batch = keras.ops.pad(picture[np.newaxis, :, :, np.newaxis], [(0, 0), (p, p), (p, p), (0, 0)])
    kernels = weights[:, :, np.newaxis, np.newaxis]
    result = keras.ops.conv(batch, kernels, strides=s, padding=padding, dilation_rate=d)
    return keras.ops.convert_to_numpy(result)[0, :, :, 0]


# %% tags=["measured"]
def with_padding(n, k, p, s, d, rng):
    """A random picture under a random kernel: the course's numbers, and those of Keras."""
    pixels, weights = rng.random((n, n), np.float32), rng.random((k, k), np.float32)
    return correlate2d(pixels, weights, p, s, d), numbers_in_keras(pixels, weights, p, s, d)


computable = [case for case in fitting if 1 in case[3:]]
rng = np.random.default_rng(8)
pairs = [with_padding(*case, rng) for case in rng.permutation(computable)[:200].tolist()]
### BEGIN HIDDEN TESTS
for pair in pairs:
    np.testing.assert_allclose(*pair, rtol=1e-4)
### END HIDDEN TESTS
largest = max(float(np.abs(ours - theirs).max()) for ours, theirs in pairs)
f"{len(pairs)} pictures, largest difference {largest:.6f}"

# %% [markdown]
# Two hundred pictures, the same numbers. Now the setting that everybody uses, `padding="same"`.
#
# ### Predict: the rule of same
#
# With stride 1, `same` keeps the size. What does it promise with stride 2, for n = 6 and for n = 7? Guess a
# rule, then run.

# %%
same = {(n, s): size_in_keras(n, 3, 0, s, 1, "same") for n in (6, 7) for s in (1, 2, 3)}
assert same == {(6, 1): 6, (6, 2): 3, (6, 3): 2, (7, 1): 7, (7, 2): 4, (7, 3): 3}
assert all(
    size_in_keras(n, k, 0, s, d, "same") == ceil(n / s)
    for n, k, s, d in product(range(1, 25), range(1, 7), range(1, 5), range(1, 4))
)
same

# %% [markdown]
# The output has **n / s, rounded up**, whatever the kernel.

# %% [markdown]
# To keep its promise Keras pads as much as is needed, and when the number is odd, the extra column
# comes at the **end**. That rule is `same_padding` in `utils`. Hold it against Keras, again in numbers:


# %% tags=["measured"]
def with_same(n, k, s, d, rng):
    """A random picture under a random kernel: the course's numbers, and those of Keras."""
    pixels, weights = rng.random((n, n), np.float32), rng.random((k, k), np.float32)
    ours = correlate2d(pixels, weights, same_padding(n, k, s, d), s, d)
    return ours, numbers_in_keras(pixels, weights, 0, s, d, "same")


rng = np.random.default_rng(9)
drawn = rng.permutation(computable)[:200].tolist()
same_pairs = [with_same(n, k, s, d, rng) for n, k, _, s, d in drawn]
### BEGIN HIDDEN TESTS
for pair in same_pairs:
    np.testing.assert_allclose(*pair, rtol=1e-4)
### END HIDDEN TESTS
largest = max(float(np.abs(ours - theirs).max()) for ours, theirs in same_pairs)
f"{len(same_pairs)} pictures, largest difference {largest:.6f}"

# %% [markdown]
# For n = 6, k = 3, s = 2 it pads 0 before and 1 after; symmetric padding has 1 and 1. Both give three
# outputs:

# %%
assert same_padding(6, 3, 2) == (0, 1)
figures.walks({"p = 1 on both sides": Walk(6, 3, 1, 1, 2), '"same" in Keras': Walk(6, 3, 0, 1, 2)})

# %% [markdown]
# The same size, but **other windows**: the ones of Keras stand one pixel further to the right. So the
# numbers differ, too.

# %%
worked = image.astype("float32"), kernel.astype("float32")
both_sides = np.rint(numbers_in_keras(*worked, p=1, s=2, d=1)).astype(int)
by_same = np.rint(numbers_in_keras(*worked, p=0, s=2, d=1, padding="same")).astype(int)
np.testing.assert_array_equal(both_sides, correlate2d(image, kernel, padding=1, stride=2))
np.testing.assert_array_equal(by_same, correlate2d(image, kernel, padding=(0, 1), stride=2))
assert both_sides.shape == by_same.shape == (3, 3)
assert (both_sides[0, 0], by_same[0, 0]) == (198, 293)
assert (both_sides != by_same).all()
both_sides, by_same

# %% [markdown]
# 198 in one corner, 293 in the other; not one of the nine numbers agrees. PyTorch's `padding=1` is the
# symmetric kind. To get it in Keras, pad with the layer `ZeroPadding2D(1)` and convolve with
# `padding="valid"`. For which n do the two take the same windows? They do where as much is padded *before*
# the row:

# %%
alike = [n for n in range(3, 33) if same_padding(n, 3, s=2)[0] == 1]
assert alike == list(range(3, 33, 2))
alike

# %% [markdown]
# With stride 2, where n is odd. Now other odd kernels from 3 on, strides and dilations:

# %%
cases = list(product(range(1, 65), (3, 5, 7), range(1, 5), range(1, 4)))
agree = [case for case in cases if same_padding(*case)[0] == case[3] * (case[1] - 1) // 2]
divides = [(n, k, s, d) for n, k, s, d in cases if (n - 1) % s == 0]
assert agree == divides
{"cases": len(cases), "the two agree": len(agree), "s divides n − 1": len(divides)}

# %% [markdown]
# These are the same cases: the two agree **where s divides n − 1**, and nowhere else. With stride 1
# that is always so. But 224, 32 and 28 are even: with stride 2 the windows differ.
#
# ## 7. The receptive field
#
# What does padding every layer buy? Depth. And what does depth buy? Look down from one unit: all pixels
# that can change its value are its **receptive field**. Measure it: light a single pixel of a 9 × 9
# picture, pass it through one, two and three layers of ones, and see what arrives in the middle.
# Do so for each of the 81 pixels.

# %% [markdown] tags=["notes"]
# **7 minutes, with "Your turn 4".** Ask: "Two layers of 3 × 3: how far does a unit see?" You will
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
# 18 C² weights against 25 C², and a bias for each map of each layer. For 16 maps that makes 4640
# parameters against 6416, for the same size and the same view. And between the two layers there is room for
# one more **ReLU**: one more bend in what the pair can compute.
#
# ### Your turn 4: how far a unit sees
#
# `layers` is a list of `(k, s)`, the first layer first, no s larger than its k. Return how many pixels in a row
# one unit behind the last layer sees. By hand: `[(3, 2), (3, 1)]` is the picture on the right, 7. Start with
# 1 pixel and a step of 1. Each layer adds k − 1 steps; then its stride makes the step longer for the layers
# after it.


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
# ### Your turn 5: from 32 × 32 to 1 × 1
#
# Build a stack that makes one single number out of 32 × 32 pixels. Write each layer as `(k, p, s)`:
# kernel, padding, stride. Use **three layers or more**, kernels from 2 to 5, a padding smaller than the
# kernel, and a stride not larger than the kernel. There are many answers. Once a side is 16 or less, the
# sliders above can help.

# %% tags=["exercise"]
stack = (
    ### BEGIN SOLUTION
    [(5, 0, 2), (3, 1, 2), (3, 1, 2), (4, 0, 1)]
    ### END SOLUTION
)

# %%
check.stack(stack)

# %% [markdown]
# ### Question 2 <!-- compute -->
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
# ### Challenge
#
# Invent a padding of your own that is a better guess than zeros, reflection and edge: go on with the slope of
# the last two pixels, wrap around to the other side, take the mean of the row. Judge it as section 3
# does: cut patches out of a photograph and compare with what really stands there. Does your winner still win
# with the horizontal filter, with a blur, on the photograph of the coffee?

# %% [markdown] tags=["notes"]
# For the challenge: results differ from filter to filter, and that is the lesson. Going on with the slope
# is the boldest guess and often the worst on a rough surface. Ask for the spread over the patches, not for
# the mean alone, and for a filter that was not used while inventing.

# %% [markdown]
# ## What you can do now
#
# - **Compute** the size: span d(k − 1) + 1, then ⌊(n + 2p − span) / s⌋ + 1, for each axis. Keras
#   agreed every time.
# - **Explain** the border: without padding a corner pixel takes part in one window; zeros make an edge that
#   is not there.
# - **Predict** where `same` stands: it pads what ⌈n / s⌉ outputs need (n / s, rounded up), and an odd column
#   comes at the end. Odd kernels from 3 on take the windows of symmetric padding only where s divides n − 1.
# - **Compute** a receptive field: each layer adds k − 1 steps, and strides make the later steps longer.
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
