# %% [markdown]
# # Pooling
#
# **Move a photograph by a single pixel, and nobody will notice. How much does its feature map change?**
# A network that is to find your cat should not care at which pixel the cat sits. The smallest layer that helps has
# no weights: one number in place of every four. You will measure how much it helps, and catch it where it does
# not.
#
# {time} · **You need:** [{convolution} Convolution](convolution.ipynb) and
# [{padding_and_stride} Padding and stride](padding_and_stride.ipynb).
#
# **When you are done, you can**
#
# - **compute** max, average and global pooling with a pencil, then in two loops
# - **measure** how far pooling lets a feature map survive a small shift, and say where it fails
# - **choose** between pooling and a strided convolution
# - **trace** the gradient back through max pooling
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023);
# Y. Chammami, *Exploring the Power of Conv'Nets*; I. Heredia, *Image classification* (Santander, 2022;
# strided convolution instead of pooling); P. Padman, *Training a CNN to Classify Images*; E. Rantsiou,
# *Convolutional Neural Networks basics* (LENS ML School, 2021); R. Zhang, *Making convolutional networks
# shift-invariant again* (ICML, 2019; section 3).

# %% [markdown] tags=["notes"]
# **1 minute.** Read the question aloud and take a vote: "The difference, compared with the map itself: a
# hundredth of it, a tenth, more than half?" Most hands go up for a tenth. Write the counts on the board;
# section 3 measures it.
#
# Ten minutes short? Leave out section 5, and give "Your turn 1" as homework.

# %% [markdown]
# ## Setup

# %%
from lessons.pooling import check, figures
from utils import board, data, models, plots
from utils.convolution import correlate2d, pad, pool2d
from utils.quiet import keras
from utils.widgets import flipbook
from lessons.pooling.shift_and_pool import ShiftAndPool, shifted

from functools import partial
from itertools import product

import numpy as np
import tensorflow as tf
from keras import layers

plots.style()

# %% [markdown]
# ## 1. One number for every window
#
# Take the running example of the last two lessons. Its convolution is a feature map of 4 × 4 numbers.

# %% [markdown] tags=["notes"]
# **10 minutes**, five of them for the exercise. Do the first window on the board, both ways: 293 and 913 / 4 =
# 228.25. Then let the room do the other three with pencils. Ask: "Does the window of 2 × 2 overlap the next
# one?" Half of the room thinks of the sliding window of lesson {convolution} and says yes. Here it moves by
# its own width.
#
# Wrong answers that will come: 278 for the second window's maximum (they moved by one column), a map of
# 3 × 3 (the same), 5 in place of 5.25 (a whole-number type). In the exercise, "How many windows of 2 × 2 fit
# on 5 × 5 with stride 2?" You will hear 3 × 3, 2.5, and 2 × 2, which is right.
#
# The third page of the flipbook has its maximum once; if somebody asks what happens with two equal ones:
# section 7 comes back to it.

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
# 293, and (293 + 200 + 172 + 248) / 4 = 228.25. The next window begins two columns to the right. It does
# not overlap this one: the step, the **stride**, is as large as the window unless you say otherwise.
#
# ### Predict: the pooled map
#
# Four windows, four maxima. Beside 293, are they **a** 278, 248, 278, **b** 352, 284, 306, or **c** 341, 284, 306?

# %%
by_max = np.zeros((2, 2), int)
for i in range(2):
    for j in range(2):
        by_max[i, j] = feature_map[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
assert by_max.tolist() == [[293, 352], [284, 306]]
assert pool2d(feature_map, 2, 1)[:2, :2].ravel().tolist() == [293, 278, 248, 278]
by_max

# %%
figures.pooling_windows(feature_map)

# %% [markdown]
# **b**. Half the height, half the width, a quarter of the numbers. (**a** moves by one.)

# %% [markdown]
# Each window has its color, and a ring marks the number that max pooling keeps. Average pooling listens to
# all four numbers of a window; max pooling hears one and ignores three.
#
# Here is another map, from Rantsiou's lecture. Its slide prints 5 for the third average; take a pencil. Then turn
# the pages, window by window.

# %%
rantsiou = np.array([[1, 4, 2, 11], [6, 13, 8, 3], [10, 0, 17, 7], [9, 2, 3, 5]])
assert pool2d(rantsiou).tolist() == [[13, 11], [10, 17]]
assert pool2d(rantsiou, how="average").tolist() == [[6, 6], [5.25, 8]]
flipbook(
    lambda page: figures.pooling_windows(rantsiou, page).figure,
    range(4),
    "Flipbook: a window of 2 by 2 walks over a map of 4 by 4; on each page its maximum and its average "
    "are computed and written into the pooled maps.",
    label="page",
    interval=1500,
)

# %% [markdown]
# 21 / 4 is 5.25. A computer that stores averages in a whole-number type cuts the fraction off as well.
#
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
# The course's `pool2d` does this for any window, stride and kind, and so does Keras. Do they agree on a map
# with odd sides? Each number is the largest difference.

# %% tags=["measured"]
odd_map = np.random.default_rng(9).normal(size=(7, 9)).astype("float32")
batch = odd_map[np.newaxis, :, :, np.newaxis]
layer_of = {
    "max": layers.MaxPooling2D(3, strides=2),
    "average": layers.AveragePooling2D(3, strides=2),
}
apart = {
    how: float(np.abs(pool2d(odd_map, size=3, stride=2, how=how) - layer(batch)[0, :, :, 0]).max())
    for how, layer in layer_of.items()
}
assert max(apart.values()) < 1e-6
apart

# %% [markdown]
# At most rounding errors: they agree.
#
# ## 2. Depth stays, and nothing is learned
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
np.testing.assert_array_equal(smaller[0], pool2d(coffee))
np.testing.assert_array_equal(pool2d(coffee)[:, :, 0], pool2d(coffee[:, :, 0]))
assert smaller.shape == (1, 200, 300, 3)
assert pooling.count_params() == 0
tuple(smaller.shape), pooling.count_params()

# %% [markdown]
# Three channels in, three channels out, and **no parameters**: a maximum has no weights.
#
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
# ## 3. A shift of one pixel
#
# Now the question of the first lines. Move the brick wall one pixel to the right, and find its vertical edges
# before and after.

# %% [markdown] tags=["notes"]
# **12 minutes**, the heart of the lesson, with the exercise. Come back to the vote. Then ask: "By how much will
# max pooling with 4 × 4 reduce it?" You will hear "to zero, that is what pooling is for". Let the number answer:
# it reduces the change to about one half. Stay with that; "pooling makes a network translation invariant"
# stands in many books and is not what this room has measured.
#
# Somebody may ask why the change can be larger than 1. Two maps that are bright at different places differ
# by what stands in the one and by what stands in the other: √2 when both are equally strong.
#
# The doubt after the chart is the part to keep if time runs out: it shows what makes a measurement worth
# believing. Let the room find a doubt of its own before you show this one.

# %%
brick = data.photograph("brick")
vertical = np.array([[1, 0, -1]] * 3)
edges = np.maximum(correlate2d(brick, vertical), 0)
edges_of_moved = np.maximum(correlate2d(np.roll(brick, 1, axis=1), vertical), 0)
before, after = edges[200:280, 200:280], edges_of_moved[200:280, 200:280]
np.testing.assert_array_equal(after, edges[200:280, 199:279])
float(np.abs(after - edges[200:280, 199:279]).max())

# %% [markdown]
# No difference: a convolution moves along with the picture. So you need not move the photograph. Cut the view
# out of the *map*, one column further left, and you have the map of the moved wall.
#
# How much did the map change? The size of a map is the root of the sum of its squares, its norm. The
# **relative change** is the norm of the difference, divided by the norm of the map before. 0 means that nothing
# changed, 1 that the difference is as large as the map. At √2 ≈ 1.41 two equally strong maps have nothing in
# common: no place is bright in both.


# %%
def change(before, after):
    """Relative change: norm of the difference over the norm of the map before."""
    return np.linalg.norm(after - before) / np.linalg.norm(before)


# %% [markdown]
# ### Predict: how much changes?
#
# How large is the relative change after one pixel: **a** 0.01, **b** 0.1, **c** more than 0.5? And after max
# pooling with windows of 4 × 4?

# %%
assert round(change(before, after), 2) == 0.65
assert round(change(pool2d(before, 4), pool2d(after, 4)), 2) == 0.32
figures.shift_comparison(
    {"edges": (before, after), "max pooled 4 × 4": (pool2d(before, 4), pool2d(after, 4))}
)

# %% [markdown]
# **c**: the difference is two thirds as large as the map. An edge is only a few pixels wide, and both of its
# flanks have moved. Pooled, it is one third. A maximum stays as it is while its pixel stays in the window and
# no stronger one comes in.

# %% [markdown]
# ### Your turn 2: the change behind a pooling
#
# Write the function with which you can repeat this anywhere: the relative change between the **max-pooled**
# maps, for windows of `size` × `size`. You may use `pool2d`. For `before = [[3, 0], [0, 0]]`,
# `after = [[0, 3], [0, 0]]` it must give 1.41 with `size` 1, and 0 with `size` 2.


# %% tags=["exercise"]
def pooled_change(before, after, size):
    """Norm of the difference of the max-pooled maps, over the norm of the first one."""
    ### BEGIN SOLUTION
    pooled_before, pooled_after = pool2d(before, size), pool2d(after, size)
    return np.linalg.norm(pooled_after - pooled_before) / np.linalg.norm(pooled_before)
    ### END SOLUTION


# %%
check.pooled_change(pooled_change)

# %% [markdown]
# ### More places, more shifts
#
# One place is an anecdote. So lay a grid of places over the maps of two photographs, and measure at each: 128 × 128
# numbers before, and as many a few columns further left.


# %%
def changes(feature_map, shift, pool):
    """Relative changes of the pooled views by a shift to the right, one for each place."""
    rows = range(0, feature_map.shape[0] - 127, 48)
    columns = range(8, feature_map.shape[1] - 127, 48)  # 8: room for the largest shift
    result = []
    for top, left in product(rows, columns):
        view = feature_map[top : top + 128, left : left + 128]
        moved_view = feature_map[top : top + 128, left - shift : left - shift + 128]
        result.append(change(pool(view), pool(moved_view)))
    return np.array(result)


# %%
gray = coffee.mean(axis=2)
maps = {"brick": edges, "coffee": np.maximum(correlate2d(gray, vertical), 0)}
kinds = {
    (how, size): partial(pool2d, size=size, how=how)
    for how, size in [("max", 1), ("max", 2), ("average", 2), ("max", 4), ("average", 4)]
}
shifts = [1, 2, 4, 8]
by_photograph = {
    name: {kind: np.array([changes(m, s, pool) for s in shifts]) for kind, pool in kinds.items()}
    for name, m in maps.items()
}
### BEGIN HIDDEN TESTS
for curves in by_photograph.values():
    lines = [values.mean(axis=1) for values in curves.values()]
    assert (lines[0] == np.max(lines, axis=0)).all()
    assert min(line[3] for line in lines) > 1
    assert max(lines[3][0], lines[4][0]) < min(lines[1][0], lines[2][0])
### END HIDDEN TESTS
figures.shift_changes(by_photograph, shifts)

# %% [markdown]
# Without pooling the change is largest, behind windows of 4 it is smallest. Averaged over all places of both
# photographs:

# %%
both = {kind: np.hstack([by_photograph[name][kind] for name in maps]) for kind in kinds}
### BEGIN HIDDEN TESTS
after_one = {kind: values[0] for kind, values in both.items()}
assert both["max", 1].shape == (4, 124)
assert 0.7 < after_one["max", 1].mean() < 0.8
for how in ("max", "average"):
    assert 0.55 < after_one[how, 2].mean() < 0.65 and 0.35 < after_one[how, 4].mean() < 0.42
    assert (after_one[how, 4] < after_one[how, 2]).all()
    assert (after_one[how, 2] < after_one["max", 1]).all()
    assert 0.85 < both[how, 2][1].mean() < 1.2 and 0.85 < both[how, 4][2].mean() < 1.2
### END HIDDEN TESTS
{f"{how} {size}": values.mean(axis=1).round(2).tolist() for (how, size), values in both.items()}

# %% [markdown]
# Read the first column, a shift of one pixel. Without pooling ("max 1") the change is about three quarters; windows
# of 2 bring that to about 0.6, windows of 4 to about 0.4. When the shift is as wide as the window, the change is
# about as large as the map again. So pooling gives **tolerance to small shifts**: smaller than the window.
#
# A doubt: is that pooling, or does any smaller map do? Keep every fourth number without looking at the others:

# %%
thinned = np.hstack([changes(m, 1, lambda view: view[::4, ::4]) for m in maps.values()])
assert abs(thinned.mean() - both["max", 1][0].mean()) < 0.03
by_one = {"no pooling": both["max", 1][0], "every fourth": thinned, "max 4 × 4": both["max", 4][0]}
{name: round(float(values.mean()), 2) for name, values in by_one.items()}

# %% [markdown]
# The small map alone gains next to nothing. It is looking at *all* numbers of the window that helps.
#
# ### Equivariant or invariant?
#
# Convolution is **translation equivariant**: move the picture and the map moves along. **Translation
# invariance** would mean that the result stays the same. Which of them does pooling give? Here is a
# row with one bright spot, two pixels wide (and its copy below, to fill the windows).

# %%
spot = np.array([[0, 0, 9, 9, 0, 0]] * 2)
pool2d(spot)

# %% [markdown]
# ### Predict: the spot moves
#
# Move it one pixel to the right. What does max pooling give now: **a** `[0, 9, 0]`, **b** `[0, 0, 9]`,
# **c** `[0, 9, 9]`? And average pooling?

# %%
moved = np.roll(spot, 1, axis=1)
assert pool2d(moved).tolist() == [[0, 9, 9]]
assert pool2d(moved, how="average").tolist() == [[0, 4.5, 4.5]]
pool2d(moved), pool2d(moved, how="average")

# %% [markdown]
# **c**: one spot became two. The average is spread out. Neither: no shift of `[0, 9, 0]` gives either of them: the spot
# fell between two windows. Only a shift by the **stride**, or a multiple of it, comes out as a shift.

# %% [markdown]
# Now pull the sliders. Which direction hardly changes the edges, and why? What can the largest window save
# of a shift of 4?

# %%
ShiftAndPool(brick[190:330, 190:330])

# %% [markdown]
# Down changes little: the edges are vertical, so a move along them hides itself. Here is the change after a
# shift of 4 to the right, behind windows of each size:

# %%
view = brick[190:330, 190:330]
saved = {n: shifted(view, right=4, down=0, size=n, how="max").pooled_change for n in (1, 2, 4, 8)}
assert shifted(view, right=0, down=1, size=2, how="max").edges_change < 0.2
assert saved[8] < 1 < saved[4] < saved[2] < saved[1]
{size: round(value, 2) for size, value in saved.items()}

# %% [markdown]
# Only windows of 8 bring it below 1.
#
# ### Question 2 <!-- measure -->
#
# A colleague says: "My network has five max-pooling layers, so it is invariant to shifts." What do you
# answer?
#
# <details><summary>Answer</summary>
#
# It tolerates small shifts. Its last map moves along exactly only for shifts by multiples of the product of
# all strides: with five strides of 2 that is 2⁵ = 32 pixels. In between, its maps change. How much the *answer* changes has to be measured.
#
# - "True, a maximum does not care about the place": inside its window it does not; a pixel that crosses
#   the border of a window can change two windows.
# - "True once the map is pooled globally": the maximum over the whole last map forgets where in that map
#   something is. But after an odd shift the last map holds other numbers, not only other places.
#
# </details>
#
# ## 4. What, not where: one number for each map
#
# **Global pooling** takes the largest window there is: all of the map. One number for each map remains, whatever
# the size of the picture. What is that good for? Ask a network that has learned. The course has one, the
# *backbone* that you will use for pictures of your own in lesson {transfer_learning}; it makes 256 maps of a picture.

# %% [markdown] tags=["notes"]
# **6 minutes.** Let the room look at the upper row first: "Which of the 256 detectors spoke up, and where?" Then
# cover the lower row. Ask: "The picture moves by 8 pixels, one place of the map. What happens to the maps? And to
# the number below each?" Many say both move. The maps do, the numbers hardly.
#
# "So why not pool globally at once?" Good question: the place inside the picture is gone, and for an early map
# (edges) the mean says next to nothing. It serves at the end, where a map stands for a thing.

# %%
backbone = models.load_backbone("course")
pictures = data.load_images("train", size=96, per_class=2, source="rendered8").images
maps_of = backbone.predict(pictures.astype("float32"), verbose=0)
moved_maps = backbone.predict(np.roll(pictures, 8, axis=2).astype("float32"), verbose=0)
assert maps_of.shape == (16, 12, 12, 256)
maps_of.shape

# %% [markdown]
# 16 pictures, 12 × 12 places, 256 maps. `moved_maps` are those of the same pictures, moved 8 pixels to the
# right: one place of these maps.
#
# ### Predict: maps and their means
#
# The maps change by about 0.8, as you now expect. And the 256 **means** of the maps? **a** as much, **b** about
# half as much, **c** less than a fifth of it

# %% tags=["measured"]
by_maps = np.mean([change(*pair) for pair in zip(maps_of, moved_maps, strict=True)])
means, moved_means = maps_of.mean(axis=(1, 2)), moved_maps.mean(axis=(1, 2))
by_means = np.mean([change(*pair) for pair in zip(means, moved_means, strict=True)])
assert 0.6 < by_maps < 0.95 and by_means < 0.2 * by_maps
{"maps": round(float(by_maps), 2), "means": round(float(by_means), 2)}

# %% tags=["measured"]
figures.what_not_where(pictures[4], maps_of[4], moved_maps[4], shift=8)

# %% [markdown]
# **c**. The maps have moved with the picture, and their means hardly know it: they say **what** is there, not
# where. The picture shows the four maps that speak up most for one cat. Compare the rows: bright places move by
# one, the number below hardly changes.

# %% [markdown]
# **Global average pooling** stands at the end of most networks of today: the dense layer behind it gets 256 numbers
# in place of 12 · 12 · 256 = 36,864, and pictures may have any size. A crop of 64 × 80 pixels:

# %%
crop_maps = backbone.predict(pictures[4:5, :64, :80].astype("float32"), verbose=0)
described = crop_maps[0].mean(axis=(0, 1))
np.testing.assert_allclose(described, layers.GlobalAveragePooling2D()(crop_maps)[0], atol=1e-4)
crop_maps.shape, described.shape

# %% [markdown]
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
# More than half of the pixels differ, and no layer behind the pooling can tell the two apart. In a feature map,
# bright means "found": that something was found stays, its place goes.
#
# ## 6. What it saves, and what could replace it
#
# "Pooling saves parameters", says a lecture. It has none itself, so whose? Count those of the network of the LENS
# lecture, 80 × 80 pixels in color, with and without its two pooling layers.

# %% [markdown] tags=["notes"]
# **6 minutes**, with the exercise begun in class. Chammami's slide says that pooling reduces the number of
# parameters. Ask: "Which layer's?" You will hear "the next convolution's". No: its kernels stay 3 × 3 × 8. It is the dense
# layer behind Flatten. Point at the three numbers one by one.
#
# When you come to the stride, go back to the doubt of section 3: every fourth number, taken blindly,
# tolerated nothing. Draw the two tables of the exercise on the board.


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
# The two convolutions keep their parameters: a kernel does not know how large its picture is. The dense layer has
# 18 times fewer. And the work? The second convolution takes 3 · 3 · 8 products for each number of its 16 maps.
# Without pooling they are 80 − 2 − 2 = 76 wide, behind pooling 78 / 2 − 2 = 37.

# %%
products = {side: side * side * 16 * 3 * 3 * 8 for side in (76, 37)}
assert products == {76: 6_653_952, 37: 1_577_088}
assert round(products[76] / products[37], 1) == 4.2
assert round(without[2] / with_pooling[2]) == 18
products

# %% [markdown]
# 4.2 times fewer products. And its 3 × 3 kernel reaches farther: one step on the pooled map is two pixels wide.
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
# **Average pooling is a strided convolution** whose weights nobody has to learn. So a network may learn better
# ones. Prove it for many maps:
#
# ### Your turn 3: the kernels of average pooling
#
# A convolution adds up over all channels; pooling keeps them apart. Make kernels of shape
# `(size, size, channels, channels)`, as Keras stores them, with which `Conv2D` with stride `size` does
# average pooling: kernel number `c` looks at channel `c` alone. For `size` 2 and 3 channels, the
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
# the stride to a convolution that you have anyway. But then nobody looks at the windows left out. Our hand-made edge filter tolerated no more then than without
# pooling (section 3, "every fourth"); a network that learns its filters can do better.

# ## 7. The way back
#
# A network learns by gradients that flow backwards. Through a maximum, who gets them?

# %% [markdown] tags=["notes"]
# **4 minutes**, with the exercise begun in class. Ask: "I raise the 4 in the first window a little. What
# happens to the maximum, 13?" Nothing: so its gradient is 0. "And if I raise the 13?" The maximum rises by
# as much: its gradient is 1. Everything else follows. The tie divides the room; let both sides argue, then
# run the cell. Neither is wrong: at a tie the maximum has no derivative, and a library has to choose.

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
# All four numbers of a window are 5. Who gets the gradient, **a** each a quarter, **b** each all of it, **c** one of
# them?

# %%
tie = np.full((2, 2), 5)
maxima = {"max 2 × 2": layers.MaxPooling2D(2), "global max": layers.GlobalMaxPooling2D()}
shares = {name: keras_gradient(layer, tie).tolist() for name, layer in maxima.items()}
assert shares == {"max 2 × 2": [[1, 0], [0, 0]], "global max": [[0.25, 0.25], [0.25, 0.25]]}
assert (pool2d(edges) == 0).mean() > 1 / 3
shares

# %% [markdown]
# **c**: the first in row order gets everything. That is TensorFlow's choice, for at a tie a maximum has no
# derivative. Global max pooling chooses differently, here the four share it. Ties are not rare: after the ReLU, more than a third of
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
# ## Going further
#
# Nothing after this lesson needs what follows here.
#
# ### Windows that overlap, and windows that stick out
#
# With a window of 3 and a stride of 2 neighbors share a row or a column, and can keep the same number. The
# map is the one that lesson {padding_and_stride} padded, 6 × 6.

# %% [markdown] tags=["notes"]
# **Homework**, or for those who are early. The cell with −5 is the one to show if there are two minutes: would
# you pad with zeros before a maximum?

# %%
padded_map = correlate2d(data.WORKED_IMAGE, data.WORKED_KERNEL, padding=1)
overlapping = pool2d(padded_map, size=3, stride=2)
assert overlapping.tolist() == [[293, 352], [287, 352]]
overlapping

# %% [markdown]
# 352 appears twice. And with `padding="same"`, where the last window may stick out? Take nine numbers that are all
# −5. Keras' answer stands first, that of padding with zeros second:

# %%
fives = np.full((3, 3), -5.0)
by_same = layers.MaxPooling2D(2, padding="same")(fives[np.newaxis, :, :, np.newaxis])
with_zeros = pool2d(pad(fives, (0, 1)))
assert by_same[0, :, :, 0].numpy().tolist() == [[-5, -5], [-5, -5]]
assert with_zeros.tolist() == [[-5, 0], [0, 0]]
by_same[0, :, :, 0].numpy(), with_zeros

# %% [markdown]
# Zeros would win wherever a window holds nothing above 0. Keras takes the maximum of what is there.
#
# **Sum pooling** is the average times the number of pixels in the window. A constant factor, which the weights of
# the next layer can absorb; so Keras has no layer for it.

# %%
sums = pool2d(feature_map, how="sum")
assert sums[0, 0] == 913
np.testing.assert_array_equal(sums, 4 * pool2d(feature_map, how="average"))
sums / pool2d(feature_map, how="average")

# %% [markdown]
# ### What each window leaves of a picture

# %%
pooled = {
    f"{how} {n} × {n}": pool2d(cup, n, how=how) for how in ("max", "average") for n in (2, 4, 8)
}
assert pool2d(cup, 8).mean() > cup.mean() + 10
np.testing.assert_allclose(pool2d(cup, 8, how="average").mean(), cup.mean())
figures.pooled_pictures(pooled)

# %% [markdown]
# Max pooling lets bright things grow and dark ones vanish. The average keeps the brightness, and blurs. At
# 8 × 8, one number stands for 64.
#
# ### Two more doubts about section 3
#
# Perhaps pooling makes all maps alike, shifted or not? Compare the left half of the wall with its right half.

# %%
left, right = edges[:504, :248], edges[:504, 256:504]
halves = {f"{how} {size}": change(pool(left), pool(right)) for (how, size), pool in kinds.items()}
assert min(halves.values()) > 1.2
assert max(halves.values()) - min(halves.values()) < 0.15
{name: round(float(value), 2) for name, value in halves.items()}

# %% [markdown]
# Different places stay different, nearly as much as without pooling. It is the small shift that pooling forgives.
#
# And does the pooled map perhaps only stand a little to the side? Move it back, and take the best match:


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
# After a shift by one, no move brings the pooled map back. Keeping every second number of something that changes
# faster than that is called **aliasing** in signal processing. The remedy: blur before you thin out (Zhang, 2019).
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
# ### Challenge
#
# Build a pooling that survives a shift of **one** pixel better than max pooling with windows of 2 × 2, and
# whose map is as large. You may blur, take powers before you average, let the windows overlap, or mix two
# kinds. `changes` measures any function that pools a map. What does your pooling lose in exchange?
#
# If you are early: `pool2d` with `stride=1`, a blur, then every second number. If you want a week: put it into a
# network with `keras.layers.Lambda`, and ask whether its *answers* survive shifts better.

# %% [markdown] tags=["notes"]
# Good starts: `pool2d(x, 2, stride=1)`, then a blur, then every second sample (Zhang's order); the mean of
# x⁴ to the power ¼, between average and max. A fair entry shows what it loses, too: a constant map survives
# every shift and says nothing. Compare the change by a shift with the change to another place of the wall.

# %% [markdown]
# ## What you can do now
#
# - **Compute** max, average and global pooling, with a pencil and in two loops.
# - **Measure**: after one pixel, the relative change of an edge map was about 0.7; behind windows of 4 × 4
#   about 0.4. Only shifts by multiples of the stride come out as shifts. The mean of a whole map hardly moves.
# - **Choose**: pooling has no parameters and makes the layers behind it cheaper; average pooling is a strided
#   convolution with fixed weights; a learned one costs parameters and may be worth them.
# - **Trace** a gradient: the maximum gets all, the others nothing, and a tie is settled by the library.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("pooling")

# %% [markdown]
# ## Common mistakes
#
# - Pooling across the channels. Sixteen maps in, sixteen maps out.
# - Moving the window by one as a convolution does. The stride of a pooling is its window unless you say otherwise.
# - "Pooling makes a network invariant to shifts." It tolerates small ones. Unless a shift is a multiple of the
#   stride, not even moving the map back undoes it.
# - Padding with zeros before a maximum: where all numbers of a window are negative, the zero wins.
#
# ## Where next
#
# Convolution, ReLU, pooling: you have all the parts. The next lesson,
# [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb), puts them in order and trains the result on
# handwritten digits.
