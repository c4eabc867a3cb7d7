# %% [markdown]
# # Volumes and video
#
# **Three lamps throw three shadows of a pile of blocks: from the right, from the front, from above. Each
# shadow is a full square of 3 × 3. How many blocks are there?** Write down your answer. And a second one: you
# may look at one frame of a film, whichever you like and as long as you like. Does the film run forward or
# backward? In both cases a picture is not enough. What is missing is the third axis, and today the kernel
# learns to walk along it.
#
# **40 minutes** · **You need:** [{convolution} Convolution](convolution.ipynb), [{padding_and_stride} Padding and
# stride](padding_and_stride.ipynb) and [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb).
#
# **When you are done, you can**
#
# - **compute** a depth map and a 3-D convolution by hand, and say how it differs from a convolution over colors
# - **predict** the output shape, the parameters and the cost of a `Conv3D` layer
# - **compare** a network on volumes with networks on pictures of them, over several starts
# - **build** kernels that see motion, and prove that no single frame shows it
# - **explain** the way from a fitted line to a 3-D network as one line of thought
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023), whose line of
# thought ends where this lesson ends. Sizes of real data: D. Tran and others, *Learning Spatiotemporal
# Features with 3D Convolutional Networks* (2015) and *A Closer Look at Spatiotemporal Convolutions for Action
# Recognition* (2018); D. Maturana and S. Scherer, *VoxNet* (2015); F. Milletari and others, *V-Net* (2016).

# %% [markdown]
# ## Setup

# %%
from lessons.volumes_and_video import check, figures, records
from utils import board, plots, training
from utils.convolution import correlate_volume
from lessons.volumes_and_video.convolution3d import correlate3d
from lessons.volumes_and_video.slices import SliceScrubber

import keras
import numpy as np
from keras import layers
from scipy import ndimage, signal

### BEGIN HIDDEN TESTS
from lessons.volumes_and_video import measure

### END HIDDEN TESTS
plots.style()

# %% [markdown]
# ## 1. Three shadows
#
# A solid made of blocks is a table with three axes: x to the right, y to the back, z up. True means a block.
# A **silhouette** is its maximum along one axis: dark wherever *any* block stands in the way of the light.

# %% [markdown] tags=["notes"]
# **4 minutes.** Show the three black squares and collect answers before anybody scrolls. Nearly everybody
# says 27; a few say "at least 9". Ask those for an argument: nine columns seen from above, one block in each.
# Then ask: "Can nine be enough for the other two shadows as well?" Let them try with pencils for a minute.
#
# The point to leave in the room: not "silhouettes are bad", but "two different solids can give the same
# pictures, and then *no* network, however large, can tell them apart". Section 5 will show a case where
# silhouettes do well.

# %%
first = np.ones((3, 3, 3), dtype=bool)
second = np.indices((3, 3, 3)).sum(axis=0) % 3 == 0
different = [int((first.max(axis) != second.max(axis)).sum()) for axis in range(3)]
assert different == [0, 0, 0]
different

# %%
assert all(second.max(axis=axis).all() for axis in range(3))
figures.silhouettes(second)


# %% [markdown]
# Two solids, and no cell in which their silhouettes are different: both throw these three black squares.
#
# ### Predict: how many blocks?
#
# How many blocks has `first`, how many has `second`? Then run the cell.

# %%
assert (first.sum(), second.sum()) == (27, 9)
assert all((second.sum(axis=axis) == 1).all() for axis in range(3))
figures.blocks({"first": first, "second": second})


# %% [markdown]
# 27 and 9. In `second` every row along every axis holds one single block, and one is enough to stop the
# light. Every number between is possible as well: add blocks to `second`, one by one.

# %% [markdown]
# Whoever gets only the three silhouettes gets **the same numbers** for both solids. A function of the same
# numbers gives the same answer, be it a person, a rule or a network with a billion weights.

# %% [markdown]
# ## 2. A volume is a stack of slices
#
# A picture has pixels, a **volume** has *voxels*: cells with three coordinates. The course has a small set of
# them: solids of eight classes on a grid of 24 × 24 × 24, each turned at random about its vertical axis.

# %% [markdown] tags=["notes"]
# **5 minutes.** Let somebody move the slider of the scrubber who has never seen a CT scan. Ask the room, eyes
# on the slice alone: "Which class is it?" The cherry and the person are hard, the motorbike is not. Ask:
# "What did you use that is in no single slice?" They remember the slices before: that memory is what a kernel
# with depth has.
#
# The exercise: nearly everybody writes `argmax` first. Ask what it says for an empty line.

# %%
train, validation, test = (records.load_volumes(split) for split in records.SPLITS)
assert train.volumes.shape == (320, 24, 24, 24)
assert [len(one.labels) for one in (validation, test)] == [80, 120]
assert train.volumes[0].size == 13_824 == 24 * 24**2
train.classes

# %%
samples = train.volumes[5::40]
assert samples.shape == (8, 24, 24, 24)
figures.gallery(samples, train.classes)


# %% [markdown]
# One solid of each class. 13,824 voxels each: as much as 24 pictures of 24 × 24. A volume can be cut into
# slices like a loaf of bread, and along each of its three axes. Below, in orange, is one slice each way,
# before the pale silhouette.

# %%
motorbike, places = samples[6], (11, 12, 8)
### BEGIN HIDDEN TESTS
filled = [motorbike.take(at, axis).sum() for axis, at in enumerate(places)]
assert all(0 < n < motorbike.max(axis).sum() * 2 / 3 for axis, n in enumerate(filled))
### END HIDDEN TESTS
figures.cuts(motorbike, places)


# %% [markdown]
# A slice shows what is inside, at one depth; each of these three fills less than two thirds of its
# silhouette. The silhouette shows the outline, and no depth at all. Now cut yourself: choose a solid and an
# axis, and pull the slider (or use the arrow keys).

# %%
SliceScrubber(samples, train.classes)

# %% [markdown]
# ### Your turn 1: a depth map
#
# A silhouette is a **projection**: a whole line of cells becomes one number, and where along the line they
# lie is lost. A **depth map** is a projection that keeps a part of it: how far you see. For every line of
# cells along `axis`, count the empty cells before the first filled one, from index 0 on. A line with no
# filled cell gives its whole length. By hand: the line `[0, 0, 1, 1, 0]` gives 2, the line `[0, 0, 0, 0, 0]`
# gives 5.


# %% tags=["exercise"]
def depth_map(solid, axis):
    """How many empty cells one sees through along an axis of a bool array with three axes."""
    ### BEGIN SOLUTION
    return np.where(solid.any(axis), solid.argmax(axis), solid.shape[axis])
    ### END SOLUTION


# %%
check.depth_map(depth_map)

# %% [markdown]
# ## 3. The kernel slides along a third axis
#
# In lesson {convolution} a kernel stepped right and down. Give it a depth of its own, and a third direction to step in:
# that is all. Take a volume small enough for a pencil, 3 × 3 × 3, and a kernel of 2 × 2 × 2. From here on the
# axes are (depth, row, column), as Keras has them.

# %% [markdown] tags=["notes"]
# **8 minutes.** Do the first window on the board, eight products, with the class calling them out. Then ask:
# "How many windows are there?" You will hear 4 (they count one slice) and 9. It is 2 · 2 · 2 = 8. Turn the
# pages of the flipbook and stop at page 4: "What happened here?" The kernel stepped one slice deeper.
#
# The idea that sticks worst is the difference between channels and depth: both are "a third number in the
# shape". Ask: "Is the red next to the green, as one slice is next to another?" Swap red and blue: still a
# picture, with other weights. Swap two slices of a car: no longer a car. Where neighborhood means something,
# the kernel should slide.

# %%
volume = np.array(
    [
        [[1, 0, 2], [0, 1, 0], [3, 0, 1]],
        [[0, 2, 0], [1, 4, 1], [0, 0, 2]],
        [[2, 0, 1], [0, 1, 0], [1, 3, 0]],
    ]
)
kernel = np.array([[[0, -1], [-1, 0]], [[1, 0], [0, 2]]])
assert (volume.shape, kernel.shape) == ((3, 3, 3), (2, 2, 2))

# %% [markdown]
# **The first window, by hand.** The front slice of the kernel meets the top left corner of slice 0, its back
# slice the same corner of slice 1:
#
# $$1\cdot 0 + 0\cdot(-1) + 0\cdot(-1) + 1\cdot 0 \;+\; 0\cdot 1 + 2\cdot 0 + 1\cdot 0 + 4\cdot 2 = 8$$

# %%
window = volume[0:2, 0:2, 0:2]
assert (window * kernel).sum() == 8
window

# %% [markdown]
# Eight products, one sum. The kernel fits 2 times along each axis, so there are 2 · 2 · 2 = 8 windows. Three
# loops visit them.

# %%
by_hand = np.zeros((2, 2, 2), dtype=int)
for d, h, w in np.ndindex(2, 2, 2):
    by_hand[d, h, w] = (volume[d : d + 2, h : h + 2, w : w + 2] * kernel).sum()
assert by_hand[0, 0, 0] == 8
by_hand

# %% [markdown]
# Two slices of 2 × 2: **a volume comes out**. Do libraries agree? SciPy has it twice; `ndimage` keeps the
# size, so we take the part where the kernel fits. The course's own `correlate3d` does without loops.

# %%
ways = {
    "by hand": by_hand,
    "scipy.signal": signal.correlate(volume, kernel, mode="valid"),
    "scipy.ndimage": ndimage.correlate(volume, kernel, mode="constant")[1:, 1:, 1:],
    "correlate3d": correlate3d(volume, kernel),
}
### BEGIN HIDDEN TESTS
for numbers in ways.values():
    np.testing.assert_array_equal(numbers, by_hand)
### END HIDDEN TESTS
{way: numbers.astype(int).ravel().tolist() for way, numbers in ways.items()}

# %% [markdown]
# Four ways, the same eight numbers. Here is the fifth window; the volume lies on the table slice by slice.

# %%
assert by_hand[1, 0, 0] == 1
figures.depth_step(volume, kernel, by_hand, 4)


# %% [markdown]
# The kernel has done its four windows with slices 0 and 1, and has stepped one slice deeper. Turn the pages:
# right, down, and then *in*.

# %%
figures.depth_steps(volume, kernel, by_hand)

# %% [markdown]
# ### Is a color picture not a volume, too?
#
# A color picture is a table with three axes as well: lesson {convolution} called it a volume, height × width × 3, and
# its kernels were 3 × 3 × 3. What is the difference?

# %%
figures.two_kinds_of_depth()

# %% tags=["measured"]
rng = np.random.default_rng(16)
picture, scan = rng.random((6, 6, 3)), rng.random((6, 6, 6))
cube = rng.normal(size=(3, 3, 3))
over_colors = correlate_volume(picture, cube[..., np.newaxis])
off = np.abs(correlate3d(picture, cube) - over_colors).max()
assert over_colors.shape == (4, 4, 1) and off < 1e-12
assert correlate3d(scan, cube).shape == (4, 4, 4)
over_colors.shape, correlate3d(scan, cube).shape, f"largest difference: {off:.1e}"

# %% [markdown]
# The arithmetic is the same. The kernel for colors is **as deep as the picture**: along the channels there is
# one place for it, so it slides along two axes and a *map* comes out. The kernel for a volume is **less deep
# than the volume**: it slides along three axes, and a *volume* comes out. Channels have no neighborhood,
# slices have.
#
# ### What no shadow shows
#
# Now a kernel with a purpose. It adds up the 26 neighbors of a cell and subtracts 26 times the cell itself:
# at an empty cell in the middle of matter it answers 26, anywhere else less.

# %%
cavity = np.ones((3, 3, 3), dtype=int)
cavity[1, 1, 1] = -26
apple = train.volumes[235]
rotten = apple.copy()
rotten[9, 11, 9] = False
answers = correlate3d(apple, cavity).max(), correlate3d(rotten, cavity).max()

# %%
assert answers[0] < answers[1] == 26
assert all((apple.max(axis) == rotten.max(axis)).all() for axis in range(3))
place = np.argwhere(correlate3d(rotten, cavity) == 26)[0] + 1
assert place.tolist() == [9, 11, 9]
{"sound": int(answers[0]), "with a cavity": int(answers[1]), "place": place.tolist()}

# %% [markdown]
# A piece of fruit, sound and with one empty cell inside. All three silhouettes are equal, so no network on
# silhouettes can find the cavity. A 3-D kernel of 27 weights finds it, and says where (the `+ 1` goes from
# the corner of the window to its middle). Here is the slice through that place.

# %%
figures.slice_pair({"sound": apple, "with a cavity": rotten}, axis=1, index=11)

# %% [markdown]
# A slice through the right place shows it as well. But somebody has to choose that slice; the kernel went
# everywhere.
#
# ### And Keras?
#
# `Conv3D` wants a batch and channels: **(batch, depth, height, width, channels)**. Its kernels have the shape
# (kd, kh, kw, channels in, maps out).

# %%
layer = layers.Conv3D(1, 2, use_bias=False)
layer.build((None, 3, 3, 3, 1))
layer.set_weights([kernel[..., np.newaxis, np.newaxis]])
by_keras = np.asarray(layer(volume[np.newaxis, ..., np.newaxis].astype("float32")))
assert by_keras.shape == (1, 2, 2, 2, 1)
np.testing.assert_allclose(by_keras[0, ..., 0], by_hand)
by_keras.shape, by_keras.ravel()

# %% [markdown]
# The same eight numbers a fifth time. `Conv3D`, too, is a cross-correlation: the kernel is laid on as it is.
#
# ## 4. Shapes, parameters, cost
#
# The rules of lessons {padding_and_stride} and {convolutional_networks} hold on each axis by itself. What changes is how fast the numbers grow.

# %% [markdown] tags=["notes"]
# **6 minutes.** Let them write both numbers down before the cell runs. Wrong answers that will come: (22, 22,
# 22, 1), as if one map came out; 216, without the biases; 80, with 9 weights instead of 27. For the cost ask
# for a guess first: "Three times as deep a kernel: three times the work?" It is 66 times: each of the 22
# slices is a picture of its own, times 3 for the depth of the kernel.

# %% [markdown]
# ### Predict: shape and parameters
#
# `Conv3D(8, 3)` looks at a volume of 24 × 24 × 24 with one channel. What is the shape of its output? How many
# parameters has it?

# %%
inputs = keras.Input((24, 24, 24, 1))
deep = layers.Conv3D(8, 3)
assert deep(inputs).shape == (None, 22, 22, 22, 8)
assert deep.count_params() == (3 * 3 * 3 * 1 + 1) * 8 == 224
deep(inputs).shape, deep.count_params()

# %% [markdown]
# Each axis: 24 − 3 + 1 = 22. Parameters: (27 · 1 + 1) · 8 = 224, where `Conv2D(8, 3)` has 80.

# %% [markdown]
# In general, with C channels in and N maps out, $(k_d\,k_h\,k_w\,C + 1)\,N$. Parameters are cheap. The
# work is not: count the multiplications.

# %%
flat_work = 22**2 * 8 * 3**2
deep_work = 22**3 * 8 * 3**3
assert (flat_work, deep_work) == (34_848, 2_299_968)
assert deep_work / flat_work == 22 * 3 == 66
f"{flat_work:,} in 2-D, {deep_work:,} in 3-D"

# %% [markdown]
# 66 times the work: 22 times as many places, and 3 times as many weights at each. Memory grows as well. A CT
# scan of 300 slices of 512 × 512, and the first 16 maps that a layer makes of it:

# %%
scan_bytes = 300 * 512 * 512 * 4  # float32
assert round(scan_bytes / 1e6) == 315
assert round(16 * scan_bytes / 1e9, 1) == 5.0
f"{scan_bytes / 1e6:.0f} MB, {16 * scan_bytes / 1e9:.1f} GB"

# %% [markdown]
# 5 GB for one layer and one patient. So 3-D networks work on smaller grids, on boxes cut from the scan, or
# with a stride.
#
# ### Your turn 2: a Conv3D layer on paper
#
# Write it in general: an input of shape (D, H, W, C), a kernel (kd, kh, kw), the number of maps, and one
# padding (on each side) and one stride for all three axes. Return **the output shape** as a tuple, and **the
# number of parameters**. By hand: `conv3d_layer((6, 8, 10, 2), (3, 3, 3), 4, 0, 1)` is `(4, 6, 8, 4), 220`.


# %% tags=["exercise"]
def conv3d_layer(shape, kernel, maps, padding, stride):
    """Output shape (D', H', W', maps) of a Conv3D layer, and its number of parameters."""
    ### BEGIN SOLUTION
    sides = [(n + 2 * padding - k) // stride + 1 for n, k in zip(shape[:3], kernel, strict=True)]
    parameters = (kernel[0] * kernel[1] * kernel[2] * shape[3] + 1) * maps
    return (*sides, maps), parameters
    ### END SOLUTION


# %%
check.conv3d_layer(conv3d_layer)

# %% [markdown]
# ### Question 1 <!-- predict -->
#
# A clip has 16 frames of 112 × 112 pixels in color: (16, 112, 112, 3). `Conv3D(64, 3, padding="same")` looks
# at it. What is the shape of one of its 64 kernels?
#
# <details><summary>Answer</summary>
#
# 3 × 3 × 3 × **3**: three frames, three rows, three columns, three colors. It slides along the first three;
# along the colors it adds up.
#
# - "3 × 3 × 3": that is the window in time, height and width. At each of these 27 places there are three
#   numbers, one for each color.
# - "16 × 3 × 3 × 3": a kernel as deep as the whole clip could not slide in time; it would have one place.
# - "3 × 3 × 3 × 64": 64 is how many kernels there are.
#
# </details>
#
# ## 5. A 3-D network and its rivals
#
# The plan of lesson {convolutional_networks}, with a 3 in place of a 2: convolution, pooling, convolution, pooling, classes. The
# same function makes a 2-D network for pictures and a 3-D network for volumes.

# %% [markdown] tags=["notes"]
# **6 minutes.** Before the bands appear, take a vote: "Solid against three silhouettes: who wins, and by how
# many points?" Most of the room expects a landslide for 3-D. Then read the bands slowly, and let them say
# what they may claim.
#
# The question that should come: "Is this comparison fair?" As many parameters, the same solids, the same
# choice of settings on the validation set. Not the same work: the convolutions of the 3-D network multiply
# seven times as often. And the three views are stacked as channels, as if a cell of the front view belonged
# to the same cell of the top view; a separate network for each view may do better. Somebody may try it.


# %%
def network(shape, maps):
    """Two rounds of convolution and pooling, in 2-D for (H, W, C), in 3-D for (D, H, W, C)."""
    flat = len(shape) == 3
    convolution = layers.Conv2D if flat else layers.Conv3D
    pooling = layers.MaxPooling2D if flat else layers.MaxPooling3D
    model = keras.Sequential([keras.Input(shape)], name="flat" if flat else "deep")
    for number, count in enumerate(maps, 1):
        model.add(convolution(count, 3, activation="relu", name=f"conv{number}"))
        model.add(pooling(2, name=f"pool{number}"))
    model.add(layers.Flatten(name="flatten"))
    model.add(layers.Dense(8, activation="softmax", name="classes"))
    return model


### BEGIN HIDDEN TESTS
for shape in [(24, 24, 24, 1), (24, 24, 1), (24, 24, 3)]:
    taught, measured = network(shape, (8, 16)), measure.network(shape, (8, 16))
    assert taught.name == measured.name and taught.input_shape == measured.input_shape
    assert [one.get_config() for one in taught.layers] == [
        one.get_config() for one in measured.layers
    ]
### END HIDDEN TESTS
training.reproducible(0)
on_solids, on_views = network((24, 24, 24, 1), (8, 16)), network((24, 24, 3), (16, 42))

# %%
{layer.name: layer.output.shape[1:] for layer in on_solids.layers}

# %% [markdown]
# Follow one axis: 24, 22, 11, 9, 4. The second convolution has (27 · 8 + 1) · 16 = 3,472 parameters. The
# rival gets **three silhouettes as three channels**, and more maps, so that both have about the same number
# of parameters.

# %%
assert on_solids.get_layer("conv2").count_params() == (27 * 8 + 1) * 16 == 3_472
assert on_solids.count_params() == 11_896
assert on_views.count_params() == 11_922
on_solids.count_params(), on_views.count_params()

# %% [markdown]
# Learning rate and number of epochs were chosen for each network on the validation solids, from the same four
# pairs. Train the 3-D network, 20 epochs; the curves say how long it takes.


# %% tags=["measured", "trains"]
def as_input(solids):
    """Solids as a batch for Keras: float32, one channel."""
    return solids[..., np.newaxis].astype("float32")


np.testing.assert_array_equal(as_input(samples), measure.seen_along(samples, ()))
on_solids.compile(
    keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"]
)
curves = training.LiveCurves()
seen = (as_input(train.volumes), train.labels)
unseen = (as_input(validation.volumes), validation.labels)
record = training.fit(on_solids, seen, unseen, 20, batch_size=16, callbacks=[curves])

# %% tags=["measured"]
said = np.asarray(on_solids(as_input(test.volumes))).argmax(axis=1)
accuracy = float((said == test.labels).mean())
assert record.accuracy[-1] > 0.95
assert 0.78 < accuracy < 0.95
f"accuracy {record.accuracy[-1]:.0%} in training, {accuracy:.0%} on the test solids"

# %% [markdown]
# One start is one start. `lessons/volumes_and_video/measure.py` trained each network from eight starts, and
# let each look at the 120 test solids once.

# %%
starts = records.volume_accuracies()
bands = {name: (runs.min(), runs.max()) for name, runs in starts.items()}
{name: f"{low:.1%} to {high:.1%}" for name, (low, high) in bands.items()}

# %%
### BEGIN HIDDEN TESTS
expected = [(0.833, 0.908), (0.583, 0.667), (0.750, 0.783), (0.742, 0.858)]
np.testing.assert_allclose(list(bands.values()), expected, atol=6e-4)
lead = starts["solid"].mean() - starts["three views"].mean()
assert 0.06 < lead < 0.08 and starts["solid"].min() < starts["three views"].max()
in_3d, in_2d = 22**3 * 27 * 8 + 9**3 * 27 * 8 * 16, 22**2 * 9 * 3 * 16 + 9**2 * 9 * 16 * 42
assert 6.5 < in_3d / in_2d < 7.5  # multiplications in both convolutions
### END HIDDEN TESTS
plots.starts(starts, "accuracy on test volumes")


# %% [markdown]
# **From above** 58.3 to 66.7 %, **from one side** 75.0 to 78.3 %, **three views** 74.2 to 85.8 %, **solid**
# 83.3 to 90.8 %. The view matters: from above, where legs and wheels are hidden, the networks know least. The
# solid leads the three views by 7 points in the mean, and the two ranges overlap. What may you claim?
#
# - That on *these* 120 test solids the 3-D network was better in the mean. Seven points are eight or nine
#   solids.
# - Not that 3-D always pays. Another 120 solids would shift each number by some points, and three silhouettes
#   already hold most of the answer, because outlines tell these classes apart. Reading them costs a seventh
#   of the multiplications.
#
# Compare with section 3: for the cavity, the silhouettes hold **nothing**. First ask what the pictures still
# know, then choose the dimension.
#
# ## 6. Time is an axis
#
# A clip is a stack of frames: (time, height, width). Slide a kernel along time, and it sees **change**. Make
# a clip of a random pattern that moves one pixel to the right with every frame, and play it backward as well.

# %% [markdown] tags=["notes"]
# **7 minutes.** Show one frame and ask: "To the left or to the right?" They laugh; that is the point. Then
# show the strip. Ask how they found out: by following one spot from frame to frame. In the next figure that
# spot draws a slanted line: *motion is a slanted edge in space and time*, and edges are what kernels find.
#
# Insist on the proof. "A better network might do it?" No: the two clips hold the same frames. Half the
# frames' answers are wrong, exactly half, whatever the rule.


# %%
def moving(count, rng, side=12, frames=6):
    """Random patterns that move right, then the same clips backward: (2 count, T, H, W)."""
    texture = rng.integers(0, 2, (count, side, side + frames - 1))
    starts = range(frames - 1, -1, -1)
    right = np.stack([texture[:, :, at : at + side] for at in starts], axis=1)
    return np.concatenate([right, right[:, ::-1]])


right, left = moving(1, np.random.default_rng(1))
np.testing.assert_array_equal(right[1:, :, 1:], right[:-1, :, :-1])

# %%
np.testing.assert_array_equal(left, right[::-1])
figures.filmstrips({"forward: to the right": right, "backward: to the left": left})


# %% [markdown]
# Cover all frames but one. Nothing tells you which strip it comes from: both strips hold the same six frames.
#
# ### Predict: what can a frame tell?
#
# Somebody trains a 2-D network to say "right" or "left" from a single frame, on a hundred clips and their
# backward twins. How many of the frames will it get right on new clips? And on its own training clips?

# %%
clips, labels = moving(100, np.random.default_rng(0)), np.repeat([0, 1], 100)
frames, frame_labels = clips.reshape(-1, 12, 12, 1), np.repeat(labels, 6)
new_clips = moving(100, np.random.default_rng(2))
training.reproducible(0)
on_frames = keras.Sequential([keras.Input((12, 12, 1)), layers.Conv2D(16, 3, activation="relu")])
on_frames.add(layers.Flatten())
on_frames.add(layers.Dense(1, activation="sigmoid"))
on_frames.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
history = on_frames.fit(frames, frame_labels, epochs=3, verbose=0)


# %%
def frames_right(shown):
    """Share of frames right: by the network, and by a rule that we made up."""
    guesses = np.asarray(on_frames(shown))[:, 0] > 0.5
    any_rule = shown.sum(axis=(1, 2, 3)) % 7 > 2
    return [float((answer == frame_labels).mean()) for answer in (guesses, any_rule)]


of_frames = {
    "new frames": frames_right(new_clips.reshape(-1, 12, 12, 1)),
    "training frames": frames_right(frames),
}
assert of_frames == {"new frames": [0.5, 0.5], "training frames": [0.5, 0.5]}
of_frames

# %% [markdown]
# **Exactly** half, on new frames and on its own training frames, and the same for a rule that we made up. No
# spread, no luck: every frame occurs twice, once in a clip to the right and once in its twin to the left. A
# rule that sees the frame alone answers both alike, so it is right once and wrong once.

# %% [markdown]
# ### Motion is a slanted line
#
# Where is the difference, then? Take one row of pixels and put its frames below each other: a slice of the
# clip along x and *time*.

# %%
np.testing.assert_array_equal(np.diagonal(right[:, 5]), right[0, 5, 0])
figures.space_time({"forward: to the right": right, "backward: to the left": left}, row=5)


# %% [markdown]
# Every spot draws a slanted line. **The direction of motion is the slant of an edge in space and time**, and
# a kernel with a depth in time can hold a slant. This one compares a pixel with its right neighbor one frame
# later:

# %%
slanted = np.array([[[1, 0]], [[0, -1]]])
assert slanted.shape == (2, 1, 2)  # frames, rows, columns
responses = {
    name: float(np.abs(correlate3d(clip, slanted)).mean())
    for name, clip in {"right": right, "left": left}.items()
}
assert responses["right"] == 0 and responses["left"] > 0.3
{name: round(size, 2) for name, size in responses.items()}

# %% [markdown]
# Zero on the clip that moves right: the spot arrives where the −1 waits for it, and both cancel. On the clip
# that moves left the response is large. Two weights do what no network on single frames can.
#
# ### Your turn 3: a kernel for change
#
# The simplest kernel along time sees what changes. Find the kernel whose cross-correlation with a clip (mode
# `valid`) is **the next frame minus this frame**. Three axes: time, row, column.

# %% tags=["exercise"]
difference_kernel = (
    ### BEGIN SOLUTION
    np.array([[[-1]], [[1]]])
    ### END SOLUTION
)

# %%
check.difference_kernel(difference_kernel)

# %% [markdown]
# ### Your turn 4: blind to one direction
#
# The kernel in the text is blind to motion to the right. Write one of the same shape (2, 1, 2) that is blind
# to motion **to the left** by one pixel a frame, and to no other.

# %% tags=["exercise"]
blind_to_left = (
    ### BEGIN SOLUTION
    np.array([[[0, 1]], [[-1, 0]]])
    ### END SOLUTION
)

# %%
check.blind_to_left(blind_to_left)

# %% [markdown]
# ### Learned, not designed
#
# Can a network find such kernels by itself? Four kernels of 2 × 3 × 3 (two frames), the mean of each response
# over the whole clip, one sigmoid. One start proves little, so train **five networks side by side**, each
# from random weights of its own: they see the same clips in the same order, and share no weight.


# %%
def motion_network(clip):
    """Four kernels over two frames, a mean over the clip, right (0) or left (1)."""
    maps = layers.Conv3D(4, (2, 3, 3), activation="relu")(clip)
    return layers.Dense(1, activation="sigmoid")(layers.GlobalAveragePooling3D()(maps))


training.reproducible(0)
clip = keras.Input((6, 12, 12, 1))
five = keras.Model(clip, layers.Concatenate()([motion_network(clip) for _ in range(5)]))
assert five.count_params() == 5 * ((18 + 1) * 4 + 4 + 1) == 5 * 81

# %% tags=["measured", "trains"]
five.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
five.fit(
    as_input(clips), np.repeat(labels[:, np.newaxis], 5, 1), batch_size=16, epochs=10, verbose=0
)
said_left = np.asarray(five(as_input(new_clips))) > 0.5
scores = (said_left == labels[:, np.newaxis]).mean(axis=0)
assert scores.min() > 0.9
[f"{score:.1%}" for score in scores]

# %% [markdown]
# 81 parameters a network, and from each of the five starts more than 90 % of the new clips are read right. It
# is not the size of a network that decides, but what its kernels can reach.
#
# ### Question 2 <!-- compare -->
#
# Instead of `Conv3D` somebody gives the six frames to a `Conv2D` **as six channels**. Can it learn the
# direction? What does it give up?
#
# <details><summary>Answer</summary>
#
# It can: its kernels see all six frames at once, so they can hold a slant. It gives up sliding along time. A
# kernel that has learned to see a jump between frames 1 and 2 must learn the jump between frames 4 and 5
# anew, and a clip of seven frames does not fit at all.
#
# - "It cannot, because a 2-D kernel has no depth": it is as deep as there are channels, here all of the time.
# - "It gives up nothing": compare with section 3. Along the channels there is one place for the kernel;
#   weights are not shared along time.
#
# </details>
#
# ## 7. Where volumes come from
#
# | data | axes | a typical input |
# |:--|:--|:--|
# | CT or MR scan | depth, height, width | (64, 128, 128, 1), V-Net |
# | video | time, height, width | (16, 112, 112, 3), C3D |
# | point cloud of a laser scanner | x, y, z | (32, 32, 32, 1), VoxNet |
#
# Scans and clips *are* volumes. A **point cloud** is a list of places that a laser has hit, and becomes one
# by counting: lay a grid over the points, and a cell is filled if it holds one.

# %% [markdown] tags=["notes"]
# **2 minutes.** Ask what could go wrong with a CT scan that mixes 1 mm between pixels with 5 mm between
# slices: a kernel of 3 × 3 × 3 then is a slab, not a cube. Either interpolate to equal steps, or give the
# kernel other sides. In video the same question reads: how many frames a second?

# %%
rng = np.random.default_rng(16)
turn, around = rng.uniform(0, 2 * np.pi, (2, 6000))
distance = 3 + np.cos(around)
points = np.stack([distance * np.cos(turn), distance * np.sin(turn), np.sin(around)], axis=1)
counts, _ = np.histogramdd(points, bins=16, range=[(-4, 4)] * 3)
torus = counts > 0
assert points.shape == (6000, 3) and torus.shape == (16, 16, 16)
assert counts.sum() == 6000 and 0.05 < torus.mean() < 0.15
f"{torus.mean():.1%} of the cells are filled"

# %%
assert torus[11:15, 8, 8].any() and not torus[13:15, 7:9, 7:9].any()
figures.whole_and_open(torus, axis=1, index=8)


# %% [markdown]
# 6000 points on a ring fill between 5 and 15 % of the cells. Cut open, the tube is hollow: a scanner sees
# surfaces. The list of points has no order and no grid; the volume has both, and a `Conv3D` can walk on it.
#
# ## 8. One line of thought
#
# Look back at the way. Each station keeps the one before and adds one idea.

# %% [markdown] tags=["notes"]
# **2 minutes.** Point at the arrows, not at the boxes: bend, many inputs, stack, slide, slide once more. The
# lecture calls a 2-D CNN a "sliding MLP" and a 3-D CNN a "sliding 2-D CNN". Ask: "Which of these steps added
# parameters, and which took some away?" Sliding takes away: the weights are shared.

# %%
figures.line_of_thought()

# %% [markdown]
# That is more than a picture. A `Conv3D` **contains** all of them. Let its kernel have one place to stand,
# and it is a perceptron with a sigmoid, which is logistic regression. Take the sigmoid away, and it is a line
# in several inputs; stack several, and they are a multilayer perceptron. Let its input have one slice, and it
# is a `Conv2D`.

# %% tags=["measured"]
rng = np.random.default_rng(16)
weights, bias, x = rng.normal(size=5), 0.3, rng.normal(size=5)
unit = layers.Conv3D(1, 1, activation="sigmoid")
unit.build((None, 1, 1, 1, 5))
unit.set_weights([weights.reshape(1, 1, 1, 5, 1), np.array([bias])])
logistic = 1 / (1 + np.exp(-(weights @ x + bias)))
by_unit = np.asarray(unit(x.reshape(1, 1, 1, 1, 5))).item()
np.testing.assert_allclose(by_unit, logistic, rtol=1e-4)
by_unit, float(logistic)

# %% tags=["measured"]
rng = np.random.default_rng(17)
page, bank = rng.random((8, 9, 3)).astype("float32"), rng.normal(size=(3, 3, 3, 4))
one_slice = layers.Conv3D(4, (1, 3, 3), use_bias=False)
one_slice.build((None, 1, 8, 9, 3))
one_slice.set_weights([bank[np.newaxis]])
by_slice = np.asarray(one_slice(page[np.newaxis, np.newaxis]))[0, 0]
by_course = correlate_volume(page, bank)
np.testing.assert_allclose(by_slice, by_course, rtol=1e-3, atol=1e-4)
f"{by_course.size} numbers, the largest difference is {np.abs(by_slice - by_course).max():.1e}"

# %% [markdown]
# The numbers agree: lesson {logistic_regression} and lesson {convolution} are special cases of one layer. From a line with two numbers to a
# network that looks into a skull, one sum of products, which learned to bend, to stack and to slide.
#
# ### Challenge
#
# A kernel of 3 × 3 × 3 has 27 weights a channel. **(2+1)-D** convolution takes it apart: first 1 × 3 × 3 in
# space, then 3 × 1 × 1 in time, with a ReLU between. With C maps in, between and out that is 9 C² + 3 C²
# weights instead of 27 C². Build the motion network this way. Does it still tell right from left, over five
# starts? With how few parameters? What if you leave out the ReLU in between, or keep a single map in space?

# %% [markdown] tags=["notes"]
# In our trials four maps in space were enough, with or without the ReLU between: the temporal kernels mix
# several spatial ones, and a mixture can hold a slant. With **one** map in space most starts stayed at
# chance. Ask why. Then the pair is one *separable* kernel, a pattern in space times a pattern in time. If its
# two weights in time are equal or opposite, it answers with the same size forward and backward, so it cannot
# tell them apart.

# %%
apart = keras.Sequential(
    [
        keras.Input((6, 12, 12, 1)),
        layers.Conv3D(4, (1, 3, 3), activation="relu"),
        layers.Conv3D(4, (2, 1, 1), activation="relu"),
        layers.GlobalAveragePooling3D(),
        layers.Dense(1, activation="sigmoid"),
    ]
)
assert apart.count_params() == (9 + 1) * 4 + (2 * 4 + 1) * 4 + 5 == 81
apart.count_params()

# %% [markdown]
# This start has 81 parameters, as many as each network of section 6. Train it as you trained those.

# %% [markdown]
# ## What you can do now
#
# - **Compute** a 3-D convolution: lay the kernel into the volume, multiply, add up, step along three axes.
#   Over colors a kernel does not slide.
# - **Predict** a `Conv3D`: on each axis ⌊(n + 2p − k) / s⌋ + 1, parameters $(k_d k_h k_w C + 1) N$, and a
#   cost that grows with the third power.
# - **Compare** volumes with pictures of them: look at what the pictures still hold, and at the spread over
#   starts.
# - **Build** kernels for change and for direction, and prove what single frames cannot show.
# - **Explain** the line of thought: bend, many inputs, stack, slide, slide along a third axis.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("volumes_and_video")

# %% [markdown]
# ## Common mistakes
#
# - **No channel axis.** `Conv3D` wants five axes: (batch, depth, height, width, channels), also for gray
#   volumes.
# - **Channels for depth.** (24, 24, 24) given to a `Conv2D` has 24 channels; the kernel does not slide along
#   them.
# - **The order of a temporal kernel.** In a cross-correlation its first weight meets the earlier frame.
# - **Voxels that are no cubes.** Slices 5 mm apart with pixels of 1 mm: 3 × 3 × 3 then is a slab.
# - **Clips of one film in training and in test.** Frames of the same clip are nearly equal; split by film.
#
# ## Where next
#
# You can train a network on almost anything with a neighborhood. But *what* does it look at when it says
# "cat"? [{looking_inside} Looking inside](looking_inside.ipynb) finds out, and catches a network that cheats.
