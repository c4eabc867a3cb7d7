# %% [markdown]
# # Pooling
#
# **Move a photograph by a single pixel, and nobody will notice. How much does its feature map change?**
# More than most people guess, and a network should not care where exactly an edge lies. This lesson is
# about the smallest layer that helps: no weights, nothing to learn, one number in place of every four. You
# will measure how much it helps, and catch it where it does not.
#
# **35 minutes** · **You need:** [{convolution} Convolution](convolution.ipynb) and
# [{padding_and_stride} Padding and stride](padding_and_stride.ipynb).
#
# **When you are done, you can**
#
# - **compute** max, average, sum and global pooling with a pencil, and check a printed one
# - **measure** how far pooling lets a feature map survive a small shift, and say where it fails
# - **explain** what pooling keeps, what it throws away, and what that saves
# - **choose** between pooling and a strided convolution
# - **trace** the gradient back through max pooling
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023);
# Y. Chammami, *Exploring the Power of Conv'Nets*; I. Heredia, *Image classification* (Santander, 2022;
# strided convolution instead of pooling); P. Padman, *Training a CNN to Classify Images*; E. Rantsiou,
# *Convolutional Neural Networks basics* (LENS ML School, 2021); R. Zhang, *Making convolutional networks
# shift-invariant again* (ICML, 2019; section 4).

# %% [markdown] tags=["notes"]
# **1 minute.** Read the question aloud and take a vote: "The difference, compared with the map itself: a
# hundredth of it, a tenth, more than half?" Most hands go up for a tenth. Write the counts on the board;
# section 4 measures it.
#
# Ten minutes short? Leave out sections 5 and 7, and give "Your turn 1" as homework. Nothing in this lesson
# needs the internet.

# %% [markdown]
# ## Setup

# %%
from lessons.pooling import check, figures
from utils import board, data, plots
from utils.convolution import correlate2d, global_pool, pad, pool2d, receptive_field
from utils.quiet import keras
from utils.widgets import flipbook
from lessons.pooling.shift_and_pool import ShiftAndPool, shifted

from functools import partial
from itertools import product

import numpy as np
import tensorflow as tf
from keras import layers
from numpy.lib.stride_tricks import sliding_window_view

plots.style()

# %% [markdown]
# ## 1. One number for every window
#
# Take the running example of the last two lessons. Its convolution is a feature map of 4 × 4 numbers.

# %% [markdown] tags=["notes"]
# **6 minutes.** Do the first window on the board, both ways: 293 and 913 / 4 = 228.25. Then let the room do
# the other three with pencils. Ask: "Does the window of 2 × 2 overlap the next one?" Half of the room
# thinks of the sliding window of lesson {convolution} and says yes. Here it moves by its own width.
#
# Wrong answers that will come: 278 for the second window's maximum (they moved by one column), a map of
# 3 × 3 (the same), and with the slides 5 in place of 5.25 (copied).
#
# The third page of the flipbook is a window of four times 12, and the ring is on the first. If somebody asks
# why: it could be any of them, and section 7 comes back to it.

# %%
feature_map = correlate2d(data.WORKED_IMAGE, data.WORKED_KERNEL)
assert feature_map[0].tolist() == [293, 200, 145, 341]
feature_map

# %% [markdown]
# **Pooling** cuts the map into windows and keeps one number of each. **Max pooling** keeps the largest,
# **average pooling** the mean. Here is the window of 2 × 2 in the top left corner.

# %%
window = feature_map[:2, :2]
largest, mean = int(window.max()), float(window.mean())
assert (largest, mean) == (293, 228.25)
largest, mean

# %% [markdown]
# 293, and (293 + 200 + 172 + 248) / 4 = 228.25. The next window begins two columns to the right: it does
# not overlap this one. Its step, the **stride**, is as large as the window unless you say otherwise.
#
# ### Predict: the other three
#
# What are the other three maxima, and which shape has the result? Decide, then run. `reshape` cuts
# four rows into two pairs and four columns into two pairs, and the maximum runs within the pairs.

# %%
pairs = feature_map.reshape(2, 2, 2, 2)  # pair of rows, row in it, pair of columns, column in it
by_max, by_average = pairs.max(axis=(1, 3)), pairs.mean(axis=(1, 3))
assert by_max.tolist() == [[293, 352], [284, 306]]
assert by_average.tolist() == [[228.25, 279], [247.75, 258.5]]
by_max

# %%
figures.pooling_windows(feature_map)

# %% [markdown]
# 352, 284 and 306: a map of 2 × 2. Half the height, half the width, a quarter of the numbers.
# In the figure each window has its color, and a ring marks the number that max pooling keeps.

# %% [markdown]
# Average pooling listens to all four numbers of a window. Max pooling hears one and ignores three.
#
# ### Check the slides
#
# Three lectures print five pooled maps. Take a pencil for one window of each; then let the course's
# `pool2d` do the rest. It does what the `reshape` did, for any window. Chammami's average slide has 31 in the
# corner where his max slide has 29.

# %%
chammami = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]])
padman = np.array([[1, 0, 2, 3], [4, 6, 6, 8], [3, 1, 1, 0], [1, 2, 2, 4]])
rantsiou = np.array([[1, 4, 2, 11], [6, 13, 8, 3], [10, 0, 17, 7], [9, 2, 3, 5]])
with_31 = chammami.copy()
with_31[0, 0] = 31

# %%
np.testing.assert_array_equal(pool2d(feature_map), by_max)
assert pool2d(chammami).tolist() == [[100, 184], [12, 45]]
assert pool2d(padman).tolist() == [[6, 8], [3, 4]]
assert pool2d(rantsiou).tolist() == [[13, 11], [10, 17]]
pool2d(chammami), pool2d(padman), pool2d(rantsiou)

# %% [markdown]
# All three maxima are right as printed. The averages: one slide prints **36** and 80 in its first row, the
# other **5** and 8 in its second. What do you get?

# %%
averages = pool2d(with_31, how="average"), pool2d(rantsiou, how="average")
assert averages[0].tolist() == [[36.5, 80], [12, 15]]  # not 36
assert averages[1].tolist() == [[6, 6], [5.25, 8]]  # not 5
averages

# %% [markdown]
# 146 / 4 is 36.5, and 21 / 4 is 5.25. Both slides cut the fraction off. So does a computer that stores
# averages in a whole-number type: an average of integers needs a float.
#
# Turn the pages: the two slides, window by window, Chammami's first. Each page shows the sum behind its
# number.

# %%
slides = with_31, rantsiou
flipbook(
    lambda page: figures.pooling_windows(slides[page // 4], page % 4).figure,
    range(8),
    "Flipbook: a window of 2 by 2 walks over two maps of 4 by 4; on each page its maximum and its average "
    "are computed and written into the pooled maps.",
    label="page",
    interval=1500,
)

# %% [markdown]
# ## 2. Any window, any stride
#
# A window need not be 2 × 2, and its stride need not be its width. With a window of 3 and a stride of 2
# the windows overlap by one row or column.

# %% [markdown] tags=["notes"]
# **6 minutes**, five of them for the exercise. Ask first: "How many windows of 2 × 2 fit on 5 × 5 with
# stride 2?" You will hear 3 × 3 ("round up"), 2.5, and 2 × 2. It is lesson {padding_and_stride}'s formula with padding 0: the
# last row and column are left out. Keras' `padding="same"` would keep them: the cell with the −5 shows how.
#
# Who is done early: ask what happens with a stride larger than the window (some numbers are never read).

# %% [markdown]
# ### Your turn 1: max pooling
#
# Write max pooling for one map, any window `size` and any `stride`. Windows that would stick out are left
# out, so the side of the result is ⌊(n − size) / stride⌋ + 1, as in lesson {padding_and_stride}. Two loops are fine. For
# `rantsiou` with window 3 and stride 1 it must give `[[17, 17], [17, 17]]`.


# %% tags=["exercise"]
def max_pool(feature_map, size, stride):
    """Maxima of all windows of size x size, `stride` apart, that fit into a map of shape (H, W)."""
    ### BEGIN SOLUTION
    rows = (feature_map.shape[0] - size) // stride + 1
    columns = (feature_map.shape[1] - size) // stride + 1
    result = np.zeros((rows, columns), feature_map.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            result[i, j] = feature_map[top : top + size, left : left + size].max()
    return result
    ### END SOLUTION


# %%
check.max_pool(max_pool)

# %% [markdown]
# Without loops: lay out all windows as in lesson {convolution}, keep every second one in both directions, and
# take the maximum over the last two axes. The map is the one that lesson {padding_and_stride} padded, 6 × 6.

# %%
padded_map = correlate2d(data.WORKED_IMAGE, data.WORKED_KERNEL, padding=1)
windows = sliding_window_view(padded_map, (3, 3))[::2, ::2]
overlapping = windows.max(axis=(2, 3))
assert overlapping.tolist() == [[293, 352], [287, 352]]
overlapping

# %% [markdown]
# 352 appears twice: overlapping windows can keep the same number. The course's `pool2d` does this for any
# window, stride and kind, and so does Keras. Do the three agree on a map with odd sides?

# %% tags=["measured"]
odd_map = np.random.default_rng(9).normal(size=(7, 9)).astype("float32")
batch = odd_map[np.newaxis, :, :, np.newaxis]
odd_windows = sliding_window_view(odd_map, (3, 3))[::2, ::2]
apart = {}
for how, one, layer in (
    ("max", np.max, layers.MaxPooling2D),
    ("average", np.mean, layers.AveragePooling2D),
):
    ours = pool2d(odd_map, size=3, stride=2, how=how)
    by_windows = one(odd_windows, axis=(2, 3))
    by_keras = layer(pool_size=3, strides=2)(batch)[0, :, :, 0]
    apart[how] = [float(np.abs(ours - theirs).max()) for theirs in (by_windows, by_keras)]
assert max(apart["max"] + apart["average"]) < 1e-6
apart

# %% [markdown]
# The largest differences are rounding errors: they agree, for both kinds. And with `padding="same"`, where the
# last window may stick out? Take nine numbers that are all −5. Would you pad with zeros, as for a
# convolution?

# %%
fives = np.full((3, 3), -5.0)
by_same = layers.MaxPooling2D(2, padding="same")(fives[np.newaxis, :, :, np.newaxis])
with_zeros = pool2d(pad(fives, (0, 1)))
assert by_same[0, :, :, 0].numpy().tolist() == [[-5, -5], [-5, -5]]
assert with_zeros.tolist() == [[-5, 0], [0, 0]]
by_same[0, :, :, 0].numpy(), with_zeros

# %% [markdown]
# Zeros would win wherever a window holds nothing above 0. Keras gives −5 everywhere: it takes the maximum of
# what is there.
#
# The third kind is **sum pooling**: the average times the number of pixels in the window. In the first
# one, 293 + 200 + 172 + 248 = 913.

# %%
sums = pool2d(feature_map, how="sum")
np.testing.assert_array_equal(sums, 4 * by_average)
assert sums[0, 0] == 913
sums, sums / by_average

# %% [markdown]
# The two differ by a constant factor, which the weights of the next layer can absorb. Keras has layers for
# the maximum and the average, and none for the sum.
#
# ## 3. Depth stays, and nothing is learned
#
# A layer has many maps. Pooling treats each by itself: height and width shrink, **depth stays**. The
# coffee cup has three channels.

# %% [markdown] tags=["notes"]
# **4 minutes.** The commonest wrong idea: "max pooling takes the strongest of the channels". Ask: "Three
# channels go in, how many come out?" before the cell runs. Then: "How many weights has the layer?" Somebody
# says four, one for each pixel of the window. Nothing is weighted in a maximum.

# %%
coffee = data.photograph("coffee")
pooling = layers.MaxPooling2D(2)
smaller = pooling(coffee[np.newaxis].astype("float32"))
assert smaller.shape == (1, 200, 300, 3)
assert pooling.count_params() == 0
tuple(smaller.shape), pooling.count_params()

# %% [markdown]
# Three channels in, three channels out, and **no parameters**: a maximum has no weights. Nothing is mixed
# across the channels, as the red one shows.

# %%
np.testing.assert_array_equal(smaller[0], pool2d(coffee))
red_of_three, red_alone = pool2d(coffee)[:, :, 0], pool2d(coffee[:, :, 0])
np.testing.assert_array_equal(red_of_three, red_alone)
f"numbers that differ: {np.count_nonzero(red_of_three != red_alone)} of {red_alone.size}"

# %% [markdown]
# ### One window for the whole map
#
# **Global pooling** takes the largest window there is: all of the map. One number a map remains, whatever
# the size of the picture.

# %%
strongest, of_crop = global_pool(coffee), global_pool(coffee[:200, :150])
### BEGIN HIDDEN TESTS
np.testing.assert_array_equal(strongest, layers.GlobalMaxPooling2D()(coffee[np.newaxis])[0])
mean_color = layers.GlobalAveragePooling2D()(coffee[np.newaxis].astype("float32"))[0]
np.testing.assert_allclose(global_pool(coffee, how="average"), mean_color, rtol=1e-4)
assert of_crop.shape == strongest.shape
### END HIDDEN TESTS
strongest, of_crop

# %% [markdown]
# Three numbers for the photograph, three for a crop of it. Put global pooling between the maps and the dense
# layers, and the network takes pictures of any size.
#
# ### Your turn 2: global average pooling
#
# Write it for a volume of shape (H, W, C). By hand: the maps `[[1, 2], [3, 6]]` and
# `[[10, 10], [10, 50]]` give 3 and 20.


# %% tags=["exercise"]
def global_average(feature_maps):
    """The average of each map of a volume (H, W, C), shape (C,)."""
    ### BEGIN SOLUTION
    return feature_maps.mean(axis=(0, 1))
    ### END SOLUTION


# %%
check.global_average(global_average)

# %% [markdown]
# ### Question 1 <!-- compute -->
#
# A layer gives 16 feature maps of 25 × 25. Behind it stands `MaxPooling2D(2)`. What is the shape of its
# output, and how many parameters does it add?
#
# <details><summary>Answer</summary>
#
# 12 × 12 × 16, and none. ⌊(25 − 2) / 2⌋ + 1 = 12: the last row and column do not fill a window and are
# left out.
#
# - "12 × 12 × 4": depth stays. Height and width shrink, not the number of maps.
# - "13 × 13 × 16": that counts windows that stick out, as Keras does with `padding="same"`.
# - "64 parameters, four for each map": a maximum and a mean have no weights to learn.
#
# </details>
#
# ## 4. A shift of one pixel
#
# Now the question of the first lines. Move the brick wall one pixel to the right, find the standing edges
# before and after, with the ReLU of lesson {convolution}, and look at one place of the map.

# %% [markdown] tags=["notes"]
# **8 minutes**, the heart of the lesson. Come back to the vote. Then ask: "By how much will max pooling
# with 4 × 4 reduce it?" You will hear "to zero, that is what pooling is for". Let the number answer: it
# reduces the change to about one half. Stay with that; "pooling makes a network translation invariant" stands
# in many books and is not what this room has measured.
#
# Somebody may ask why the change can be larger than 1. Two maps that are bright at different places differ
# by what stands in the one and by what stands in the other: √2 when both are equally strong.
#
# The two doubts after the chart are the part to keep if time runs out: they show what makes a measurement
# worth believing. Let the room find a doubt of its own before you show these. "Max or average?" can be left
# to read.

# %%
brick = data.photograph("brick")
vertical = np.array([[1, 0, -1]] * 3)
edges = np.maximum(correlate2d(brick, vertical), 0)
edges_of_moved = np.maximum(correlate2d(np.roll(brick, 1, axis=1), vertical), 0)
before, after = edges[200:280, 200:280], edges_of_moved[200:280, 200:280]
np.testing.assert_array_equal(after, edges[200:280, 199:279])
float(np.abs(after - edges[200:280, 199:279]).max())

# %% [markdown]
# The last line is lesson {convolution}: a convolution moves along with the picture. So you need not move the photograph.
# Cut the view out of the *map*, one column further left, and you have the map of the moved wall.
#
# How large is the difference, compared with the map itself? The size of a map is the root of the sum of its
# squares, its norm. A **relative change** of 0 means that nothing changed, 1 that the difference is as
# large as the map. At √2 ≈ 1.41 two equally strong maps have nothing in common: no place is bright in both.


# %%
def change(before, after):
    """Relative change: norm of the difference over the norm of the map before."""
    return np.linalg.norm(after - before) / np.linalg.norm(before)


# %% [markdown]
# ### Predict: how much changes?
#
# How large is the relative change after one pixel: 0.01, 0.1, more than 0.5? And after max pooling with
# windows of 4 × 4?

# %%
assert round(change(before, after), 2) == 0.65
assert round(change(pool2d(before, 4), pool2d(after, 4)), 2) == 0.32
figures.shift_comparison(
    {"edges": (before, after), "max pooled 4 × 4": (pool2d(before, 4), pool2d(after, 4))}
)


# %% [markdown]
# The difference is two thirds as large as the map: an edge is only a few pixels wide, and both of its flanks
# have moved. Pooled, it is one third. A maximum stays as it is while its pixel stays in the window and no
# stronger one comes in; with windows of 4 columns, a shift by one carries one column in four across a border.

# %% [markdown]
# ### More places, more shifts
#
# One place is an anecdote. Measure it like this, and anybody can repeat it:
#
# 1. Lay a grid of places over the map, 48 pixels apart.
# 2. At each place cut out 128 × 128 numbers: the view *before*.
# 3. Cut out as many a few columns further left: the view *after* a shift of the photograph to the right.
# 4. Pool both, write down the relative change, and average over all places.


# %%
def changes(feature_map, shift, pool):
    """Relative changes of the pooled views by a shift to the right, one for each place."""
    rows = range(0, feature_map.shape[0] - 127, 48)
    columns = range(8, feature_map.shape[1] - 127, 48)  # 8: room for the largest shift
    result = []
    for top, left in product(rows, columns):
        before = feature_map[top : top + 128, left : left + 128]
        after = feature_map[top : top + 128, left - shift : left - shift + 128]
        result.append(change(pool(before), pool(after)))
    return np.array(result)


# %% [markdown]
# Two photographs, five ways to pool or not to pool, shifts of 1, 2, 4 and 8 pixels:

# %%
gray = coffee.mean(axis=2)
maps = {"brick": edges, "coffee": np.maximum(correlate2d(gray, vertical), 0)}
kinds = {
    (how, size): partial(pool2d, size=size, how=how)
    for how, size in [("max", 1), ("max", 2), ("average", 2), ("max", 4), ("average", 4)]
}
shifts = [1, 2, 4, 8]
measured = {
    name: {kind: np.array([changes(m, s, pool) for s in shifts]) for kind, pool in kinds.items()}
    for name, m in maps.items()
}

# %%
### BEGIN HIDDEN TESTS
for curves in measured.values():
    lines = [values.mean(axis=1) for values in curves.values()]
    assert (lines[0] == np.max(lines, axis=0)).all()
    assert min(line[3] for line in lines) > 1
    assert max(lines[3][0], lines[4][0]) < min(lines[1][0], lines[2][0])
### END HIDDEN TESTS
figures.shift_changes(measured, shifts)


# %% [markdown]
# Without pooling the change is largest, behind windows of 4 it is smallest. At 8 pixels no line is left
# below 1. Averaged over the places of both photographs (a window of 1 is no pooling):

# %%
both = {kind: np.hstack([measured[name][kind] for name in maps]) for kind in kinds}
none, max2, average2, max4, average4 = both.values()
assert none.shape == (4, 124)
assert 0.7 < none[0].mean() < 0.8
assert 0.55 < max2[0].mean() < average2[0].mean() < 0.65
assert 0.35 < max4[0].mean() < 0.42 and 0.35 < average4[0].mean() < 0.42
assert (max4[0] < max2[0]).all() and (max2[0] < none[0]).all()
assert (average4[0] < average2[0]).all() and (average2[0] < none[0]).all()
### BEGIN HIDDEN TESTS
at_width = [kind.mean() for kind in (max2[1], average2[1], max4[2], average4[2])]
assert min(at_width) > 0.85 and max(at_width) < 1.2
### END HIDDEN TESTS
{f"{how} {size}": values.mean(axis=1).round(2).tolist() for (how, size), values in both.items()}

# %% [markdown]
# Read the first column. After one pixel the difference is about three quarters as large as the map. Windows
# of 2 bring that to about 0.6, windows of 4 to about 0.4, and the order is the same at each of the 124
# places. (They overlap, so these are fewer than 124 independent trials.) When the shift is as wide as the
# window, the change is about as large as the map again. So pooling gives **tolerance to small shifts**,
# where small means smaller than the window.
#
# Two doubts. First: is that pooling, or does any smaller map do? Keep every fourth number without looking at
# the others, as a convolution with stride 4 would:

# %%
thinned = np.hstack([changes(m, 1, lambda view: view[::4, ::4]) for m in maps.values()])
assert abs(thinned.mean() - none[0].mean()) < 0.03
by_one = {"no pooling": none[0], "every fourth": thinned, "max 4 × 4": max4[0]}
{name: round(float(values.mean()), 2) for name, values in by_one.items()}

# %% [markdown]
# The small map alone gains next to nothing. It is looking at *all* numbers of the window that helps.
#
# Second: perhaps pooling makes all maps alike, shifted or not? Compare the left half of the wall with its
# right half.

# %%
left, right = edges[:504, :248], edges[:504, 256:504]
halves = {f"{how} {size}": change(pool(left), pool(right)) for (how, size), pool in kinds.items()}
assert min(halves.values()) > 1.2
assert max(halves.values()) - min(halves.values()) < 0.15
{name: round(float(value), 2) for name, value in halves.items()}

# %% [markdown]
# Different places stay different, nearly as much as without pooling. It is the small shift that
# pooling forgives.
#
# Max or average? Compare them place by place.

# %%
wins = {"2 × 2, shift 1": max2[0] < average2[0], "4 × 4, shift 1": max4[0] < average4[0],
        "4 × 4, shift 4": max4[2] < average4[2]}  # fmt: skip
assert 0.85 < wins["2 × 2, shift 1"].mean() < 1
assert 0.4 < wins["4 × 4, shift 1"].mean() < 0.6
assert wins["4 × 4, shift 4"].all()
assert (average2[0] - max2[0]).mean() < 0.05
{name: f"max changes less at {won.mean():.0%} of the places" for name, won in wins.items()}

# %% [markdown]
# It depends. With windows of 4 and a shift of one pixel the two are even; with a shift of four, max
# changes less everywhere. With windows of 2 max is ahead at most places, by less than 0.05 on average. These
# are sparse edge maps, moved across their edges; do not expect the same of other maps.
#
# ### Tolerance is not invariance
#
# Convolution is **translation equivariant**: move the picture and the map moves along. **Translation
# invariance** would mean that the result stays the same. Pooling with a stride gives neither. Here is a
# row with one bright spot, two pixels wide (and its copy below, to fill the windows).

# %%
spot = np.array([[0, 0, 9, 9, 0, 0]] * 2)
pool2d(spot)

# %% [markdown]
# ### Predict: the spot moves
#
# Move it one pixel to the right. What does max pooling give now? And average pooling?

# %%
moved = np.roll(spot, 1, axis=1)
assert pool2d(moved).tolist() == [[0, 9, 9]]
assert pool2d(moved, how="average").tolist() == [[0, 4.5, 4.5]]
pool2d(moved), pool2d(moved, how="average")

# %% [markdown]
# One spot became two: the sum of the max-pooled row doubled. The average is spread out, but its sum
# stays. No shift of `[0, 9, 0]` gives either of them.

# %% [markdown]
# Only a shift by the **stride**, or a multiple of it, comes out as a shift. Test that on the wall: allow the
# pooled map to be moved back, and take the best match.


# %%
def best_match(before, after, farthest=2):
    """The smallest change after moving the later map back by 0, 1, ... columns."""
    width = before.shape[1]
    moves = range(farthest + 1)
    return min(change(before[:, : width - back], after[:, back:]) for back in moves)


# %%
by_two = edges[200:280, 198:278]
matches = {
    "no pooling, shift 1": best_match(before, after),
    "max 2 × 2, shift 1": best_match(pool2d(before), pool2d(after)),
    "max 2 × 2, shift 2": best_match(pool2d(before), pool2d(by_two)),
}
assert matches["no pooling, shift 1"] == matches["max 2 × 2, shift 2"] == 0
assert matches["max 2 × 2, shift 1"] > 0.4
{name: round(float(value), 2) for name, value in matches.items()}

# %% [markdown]
# The map without pooling matches perfectly once it is moved back, for any shift. The pooled one does so after
# a shift by the stride. After a shift by one, no move brings it back: it fell between two windows. Keeping
# every second sample of something that changes faster than that has a name in signal processing,
# **aliasing**, and a remedy: blur before you thin out (Zhang, 2019).
#
# Pull the sliders. Which direction hardly changes the edges, and why? What can the largest window save
# of a shift of 4?

# %%
view = brick[190:330, 190:330]
ShiftAndPool(view)

# %% [markdown]
# Down changes little: these edges stand, so a move along them hides itself. After a shift of 4 to the right
# the change is larger than the map itself, behind windows of 2 and 4 as well. Windows of 8 bring it below 1.

# %%
assert shifted(view, right=0, down=1, size=2, how="max").edges_change < 0.2
saved = {n: shifted(view, right=4, down=0, size=n, how="max").pooled_change for n in (1, 2, 4, 8)}
assert saved[8] < 1 < saved[4] < saved[2] < saved[1]
{size: round(value, 2) for size, value in saved.items()}

# %% [markdown]
# ### Question 2 <!-- explain -->
#
# A colleague says: "My network has five max-pooling layers, so it is invariant to shifts." What do you
# answer?
#
# <details><summary>Answer</summary>
#
# It tolerates small shifts. It is exact only for shifts by multiples of the product of all strides: with five
# strides of 2 that is 2⁵ = 32 pixels, which move its last map by one place. In between, its maps change. How
# much the *answer* changes has to be measured.
#
# - "True, a maximum does not care about the place": inside its window it does not; a pixel that crosses
#   the border of a window can change two windows.
# - "True once the map is pooled globally": the maximum over the whole last map forgets where in that map
#   something is. But after an odd shift the last map holds other numbers, not only other places.
# - "Without pooling it would be worse in every respect": without strides the maps would move along exactly.
#
# </details>
#
# ## 5. What is lost
#
# A maximum keeps the strength and forgets the place. Then different pictures must give the same pooled map.
# Take every fourth pixel of the coffee cup, and shuffle them inside each window of 4 × 4:

# %% [markdown] tags=["notes"]
# **2 minutes.** Show the shuffled cup and ask: "What will max pooling make of it?" Let somebody explain why
# the pooled pictures must be equal, not nearly equal. Then: "When is it bad to forget the place?" (Finding
# the corner of an eye, outlining a tumor, reading small print.) "When is it good?" (Is there a cat?)

# %%
cup = gray[50:338:4, 180:468:4].round()
blocks = cup.reshape(18, 4, 18, 4).swapaxes(1, 2).reshape(-1, 16)
blocks = np.random.default_rng(9).permuted(blocks, axis=1)
shuffled = blocks.reshape(18, 18, 4, 4).swapaxes(1, 2).reshape(72, 72)

# %%
### BEGIN HIDDEN TESTS
assert (cup != shuffled).mean() > 0.5
for how in ("max", "average"):
    np.testing.assert_array_equal(pool2d(cup, 4, how=how), pool2d(shuffled, 4, how=how))
### END HIDDEN TESTS
figures.shuffled_windows(cup, shuffled, pool2d(cup, 4))

# %% [markdown]
# More than half of the pixels differ, and no layer behind the pooling can tell the two apart. What each
# window size leaves of the picture:

# %%
pooled = {
    f"{how} {n} × {n}": pool2d(cup, n, how=how) for how in ("max", "average") for n in (2, 4, 8)
}
assert pool2d(cup, 8).mean() > cup.mean() + 10
np.testing.assert_allclose(pool2d(cup, 8, how="average").mean(), cup.mean())
figures.pooled_pictures(pooled)

# %% [markdown]
# Max pooling lets bright things grow and dark ones vanish: in a feature map, bright means "found", and that
# is what you want to keep. The average keeps the brightness, and blurs. At 8 × 8, one number stands for 64.
#
# ## 6. What it saves, and what could replace it
#
# What does that buy? Chammami's slide says: fewer parameters. But pooling has none, so whose? Take the
# network of the LENS lecture, 80 × 80 pixels in color, and count with and without its two pooling layers.

# %% [markdown] tags=["notes"]
# **4 minutes.** Chammami's slide says that pooling reduces the number of parameters. Ask: "Which
# layer's?" You will hear "the next convolution's". No: its kernels stay 3 × 3 × 8. It is the dense
# layer behind Flatten. Point at the three numbers one by one.
#
# When you come to the stride, go back to the first doubt of section 4: every fourth number, taken blindly,
# tolerated nothing. "Your turn 3" is homework; draw its two tables of the example on the board.


# %%
def network(pooling):
    steps = [keras.Input((80, 80, 3)), layers.Conv2D(8, 3), layers.Conv2D(16, 3)]
    if pooling:
        steps = [*steps[:2], layers.MaxPooling2D(2), steps[2], layers.MaxPooling2D(2)]
    return keras.Sequential([*steps, layers.Flatten(), layers.Dense(64), layers.Dense(4)])


with_pooling, without = (
    [layer.count_params() for layer in network(p).layers if layer.count_params()]
    for p in (True, False)
)
assert with_pooling == [224, 1168, 331_840, 260]
assert without == [224, 1168, 5_914_688, 260]
with_pooling, without

# %% [markdown]
# The parameters of the two convolutions stay as they are: a kernel does not know how large its picture is.
# The dense layer has 18 times fewer. And the work? The second convolution makes 16 maps and takes 3 · 3 · 8
# products for each of their numbers. Without pooling its maps are 80 − 2 − 2 = 76 wide, behind pooling
# 78 / 2 − 2 = 37.

# %%
products = {side: side * side * 16 * 3 * 3 * 8 for side in (76, 37)}
assert products == {76: 6_653_952, 37: 1_577_088}
assert round(products[76] / products[37], 1) == 4.2
assert round(without[2] / with_pooling[2]) == 18
products

# %% [markdown]
# 4.2 times fewer products, from a window of 2 × 2. And this convolution sees more: one step on the pooled
# map is two pixels wide, so its 3 × 3 kernel reaches farther (the receptive field of lesson {padding_and_stride}).

# %%
fields = receptive_field([(3, 1), (3, 1)]), receptive_field([(3, 1), (2, 2), (3, 1)])
assert fields == (5, 8)
fields

# %% [markdown]
# 8 × 8 pixels instead of 5 × 5, for no weight at all.
#
# ### A convolution with a stride
#
# Heredia's lecture adds: you can leave the pooling out if a convolution takes larger strides. One kernel
# shows the link. Four weights of ¼, stride 2:

# %%
strided = correlate2d(feature_map, np.full((2, 2), 1 / 4), stride=2)
averaged = pool2d(feature_map, how="average")
np.testing.assert_array_equal(strided, averaged)
strided, averaged

# %% [markdown]
# **Average pooling is a strided convolution** whose weights nobody has to learn. With many maps there is one
# catch.
#
# ### Your turn 3: the kernels of average pooling
#
# A convolution adds up over all channels; pooling keeps them apart. Make kernels of shape
# `(size, size, channels, channels)`, as Keras stores them, with which a convolution of stride `size` does
# average pooling: number `c` looks at channel `c` alone. For `size` 2 and 3 channels, the
# table `[:, :, 0, 0]` holds four times ¼, and `[:, :, 0, 1]` four zeros.


# %% tags=["exercise"]
def averaging_kernels(size, channels):
    """Kernels (size, size, channels, channels) that average each channel by itself."""
    ### BEGIN SOLUTION
    kernels = np.zeros((size, size, channels, channels))
    for c in range(channels):
        kernels[:, :, c, c] = 1 / size**2
    return kernels
    ### END SOLUTION


# %%
check.averaging_kernels(averaging_kernels)

# %% [markdown]
# A strided convolution can learn something better than the average, and it can mix the channels. It has to
# pay for that. Shrink 16 maps to half their side in both ways:

# %%
average, convolution = layers.AveragePooling2D(2), layers.Conv2D(16, 2, strides=2)
volume = np.zeros((1, 24, 24, 16), "float32")
shapes = [tuple(layer(volume).shape) for layer in (average, convolution)]
assert shapes == [(1, 12, 12, 16)] * 2
assert (average.count_params(), convolution.count_params()) == (0, 1040)
to_multiply = 12 * 12 * 16 * 2 * 2 * 16
assert to_multiply == 147_456
shapes, average.count_params(), convolution.count_params(), to_multiply

# %% [markdown]
# The same shape, with 1040 parameters to learn and 147,456 products instead of none. It is cheaper to give
# the stride to a convolution that you have anyway: with stride 2 it computes a quarter of its windows. But
# then nobody looks at the windows left out, and section 4 showed what that does to a shift of one pixel:
# "every fourth" tolerated no more than "no pooling".
#
# ### Question 3 <!-- choose -->
#
# Is there a kernel with which a strided convolution does *max* pooling?
#
# <details><summary>Answer</summary>
#
# No. A convolution is linear: what it makes of a sum of two maps is the sum of what it makes of each. A
# maximum is not. `[1, 0]` and `[0, 1]` both have the maximum 1; their sum `[1, 1]` has 1 as well, and not 2.
#
# - "Yes, a 1 where the maximum is and 0 elsewhere": that place differs from window to window, and a kernel
#   is the same for all.
# - "Yes, the network can learn it": no weights do it for every map. A convolution *with a ReLU behind it*
#   can come closer: max(a, b) = a + ReLU(b − a).
#
# </details>
#
# ## 7. The way back
#
# A network learns by gradients that flow backwards. Through a maximum, who gets them?

# %% [markdown] tags=["notes"]
# **4 minutes**, with the exercise begun in class. Ask: "I raise the 4 in the first window a little. What
# happens to the maximum, 13?" Nothing: so its gradient is 0. "And if I raise the 13?" The maximum rises by
# as much: its gradient is 1. Everything else follows. The tie divides the room; let both sides argue, then
# run the two cells. Neither is wrong: at a tie the maximum has no derivative, and a library has to choose.

# %% [markdown]
# Raise one of the four numbers in the first window of Rantsiou's map by 0.1. What does its maximum do?

# %%
first_maximum = {n: pool2d(rantsiou + 0.1 * (rantsiou == n))[0, 0] for n in (1, 4, 6, 13)}
assert first_maximum == {1: 13, 4: 13, 6: 13, 13: 13.1}
{raised: round(float(maximum), 1) for raised, maximum in first_maximum.items()}

# %% [markdown]
# Raise 1, 4 or 6, and it stays. Raise 13, and it follows by as much. So the gradient is 1 for the maximum and
# 0 for the other three: whatever comes back goes to the maximum alone. Ask Keras, with the gradients 1, 2, 3
# and 4 coming back from the pooled map:


# %%
def keras_gradient(layer, feature_map, coming_back=None):
    """Gradient of a pooling layer with respect to one map (ones come back if not given)."""
    x = tf.constant(feature_map[np.newaxis, :, :, np.newaxis], tf.float32)
    if coming_back is not None:
        coming_back = tf.constant(coming_back[np.newaxis, :, :, np.newaxis], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    return tape.gradient(y, x, coming_back).numpy()[0, :, :, 0]


coming_back = np.array([[1, 2], [3, 4]])
gradient = keras_gradient(layers.MaxPooling2D(2), rantsiou, coming_back)

# %%
assert gradient[rantsiou == 13] == 1
assert gradient[rantsiou == 17] == 4
assert np.count_nonzero(gradient) == 4
figures.gradient_routes(rantsiou, coming_back, gradient)


# %% [markdown]
# Max pooling is a switch: forward it lets the largest number pass, backward it sends the gradient along the
# same way. (Average pooling gives a quarter to each of the four.)
#
# ### Predict: a tie
#
# All four numbers of a window are 5. Who gets the gradient: each a quarter, each all of it, or one of them?

# %%
tie = np.full((2, 2), 5)
gradient_of_tie = keras_gradient(layers.MaxPooling2D(2), tie)
assert gradient_of_tie.tolist() == [[1, 0], [0, 0]]
gradient_of_tie

# %%
gradient_of_global = keras_gradient(layers.GlobalMaxPooling2D(), tie)
assert gradient_of_global.tolist() == [[0.25, 0.25], [0.25, 0.25]]
assert (pool2d(edges) == 0).mean() > 1 / 3
gradient_of_global

# %% [markdown]
# The first one in row order gets everything. That is a choice of the implementation (TensorFlow on a
# processor), not a law: at a tie, a maximum has no derivative. Global max pooling over the same four
# numbers chooses differently: here the four share it. Ties are not rare: after the ReLU, more than a third of
# the wall's windows hold four zeros. There the choice does not matter, for the ReLU stops the gradient anyway.

# %% [markdown]
# ### Your turn 4: the gradient of max pooling
#
# Given a map with even sides and the gradient of its pooled map (windows of 2 × 2), return the gradient of
# the map. At a tie the first maximum in row order gets all of it. For `rantsiou` and
# `[[1, 2], [3, 4]]` it is the picture above.


# %% tags=["exercise"]
def max_pool_gradient(feature_map, pooled_gradient):
    """Gradient with respect to a map (2h, 2w), from the gradient of its 2x2 max-pooled map (h, w)."""
    ### BEGIN SOLUTION
    gradient = np.zeros(feature_map.shape)
    for i in range(pooled_gradient.shape[0]):
        for j in range(pooled_gradient.shape[1]):
            window = feature_map[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            row, column = divmod(window.argmax(), 2)
            gradient[2 * i + row, 2 * j + column] = pooled_gradient[i, j]
    return gradient
    ### END SOLUTION


# %%
check.max_pool_gradient(max_pool_gradient)

# %% [markdown]
# ### Challenge
#
# Build a pooling that survives a shift of **one** pixel better than max pooling with windows of 2 × 2, and
# whose map is as large. You may blur, take powers before you average, let the windows overlap, or mix two
# kinds. `changes` measures any function that pools a map; `best_match` asks whether a shift comes out as a
# shift. What does your pooling lose in exchange? There is no single answer.

# %% [markdown] tags=["notes"]
# Good starts: `pool2d(x, 2, stride=1)`, then a blur, then every second sample (Zhang's order); the mean of
# x⁴ to the power ¼, between average and max. A fair entry shows what it loses, too: a constant map survives
# every shift and says nothing. Compare the change by a shift with the change to another place of the wall.

# %% [markdown]
# ## What you can do now
#
# - **Compute** max, average, sum and global pooling. Two averages on the slides had lost their fraction.
# - **Measure**: after one pixel, the relative change of an edge map was about 0.7; behind windows of 4 × 4
#   about 0.4. Only shifts by multiples of the stride come out as shifts.
# - **Explain**: pooling keeps the strength and the depth, forgets the place, has no parameters, and makes the
#   layers behind it cheaper.
# - **Choose**: average pooling is a strided convolution with fixed weights; a learned one costs
#   parameters and may be worth them.
# - **Trace** a gradient: the maximum gets all, the others nothing, and a tie is settled by the library.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("pooling")

# %% [markdown]
# ## Common mistakes
#
# - Pooling across the channels. Sixteen maps in, sixteen maps out.
# - Moving the window by one as a convolution does. In Keras the stride of a pooling is its window
#   unless you say otherwise.
# - "Pooling makes a network invariant to shifts." It tolerates small ones. Unless a shift is a multiple of the
#   stride, not even moving the map back undoes it.
# - Padding with zeros before a maximum: where all numbers of a window are negative, the zero wins.
#
# ## Where next
#
# Convolution, ReLU, pooling: you have all the parts. The next lesson,
# [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb), puts them in order and trains the result on
# handwritten digits.
