# %% [markdown]
# # Volumes and video
#
# **Three riddles. Three lamps throw three shadows of a pile of blocks, from the right, from the front, from
# above: each is a full square of 3 × 3. How many blocks are there at least? Is there a solid that is a cat
# from the front and two cherries from the right? You see one frame of a film: does it run forward or
# backward?** Write down three answers. A scan of a body, a film, what a car's laser sees: all have a third axis.
# Today the kernel learns to walk along it.
#
# {time} · **You need:** [{convolution} Convolution](convolution.ipynb), [{padding_and_stride} Padding and
# stride](padding_and_stride.ipynb) and [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb).
#
# **When you are done, you can**
#
# - **compute** a 3-D convolution, and say how it differs from a convolution over colors
# - **predict** the output shape, the parameters and the cost of a `Conv3D` layer
# - **train** a 3-D network that names solids, and say fairly what it gains over pictures
# - **design** kernels that see motion, and prove what a single frame can tell
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023), whose line of
# thought ends where this lesson ends. Sizes of real data: D. Tran and others, *Learning Spatiotemporal
# Features with 3D Convolutional Networks* (2015) and *A Closer Look at Spatiotemporal Convolutions for Action
# Recognition* (2018); D. Maturana and S. Scherer, *VoxNet* (2015); F. Milletari and others, *V-Net* (2016).

# %% [markdown]
# ## Setup

# %%
from lessons.volumes_and_video import check, figures, networks, records
from utils import board, plots, training
from utils.convolution import correlate2d, correlate_volume
from lessons.volumes_and_video.convolution3d import correlate3d
from lessons.volumes_and_video.slices import SliceScrubber

import keras
import numpy as np
from keras import layers
from scipy import signal

### BEGIN HIDDEN TESTS
from lessons.volumes_and_video import measure
from utils.metrics import p_of_difference
### END HIDDEN TESTS

plots.style()

# %% [markdown]
# ## 1. Three shadows
#
# A solid made of blocks is a table with three axes: x to the right, y to the back, z up. True means a block.
# A **silhouette** is its maximum along one axis: dark wherever *any* block stands in the way of the light.

# %% [markdown] tags=["notes"]
# **4 minutes.** Show the three black squares and collect answers before anybody scrolls. Nearly everybody
# says 27. Ask whoever says less for an argument: nine columns seen from above, one block in each, so nine at
# least. Then ask: "Can nine be enough for the other two shadows as well?" Let them try with pencils for a
# minute.
#
# The point to leave in the room: not "silhouettes are bad", but "two different solids can give the same
# pictures, and then *no* network, however large, can tell them apart". Section 5 will show a case where
# silhouettes do well.

# %%
first = np.ones((3, 3, 3), dtype=bool)
assert all(first.max(axis=axis).all() for axis in range(3))
figures.silhouettes(first)

# %% [markdown]
# ### Predict: how many blocks?
#
# These are the shadows of a full cube: 27 blocks. Somebody takes blocks away, as many as possible, and all
# three shadows stay black. How many blocks are left?
#
# - **a** 9
# - **b** 15
# - **c** 18, for each square needs nine of its own, and some serve two

# %%
second = np.indices((3, 3, 3)).sum(axis=0) % 3 == 0
assert (first.sum(), second.sum()) == (27, 9)
assert all((second.sum(axis=axis) == 1).all() for axis in range(3))
figures.blocks({"first": first, "second": second})

# %% [markdown]
# **a.** In `second` every row along every axis holds one block, and one is enough to stop the light. Fewer than nine
# cannot be: from above there are nine columns, and each needs a block.

# %% [markdown]
# Whoever gets only the silhouettes gets **the same numbers** for the cube and for what is left of it, and has to give
# both the same name: a person, or a network with a billion weights.

# %% [markdown]
# ## 2. A volume is a stack of slices
#
# A picture has pixels, a **volume** has *voxels*: cells with three coordinates. The course has a small set of
# them: solids of eight classes on a grid of 24 × 24 × 24, each turned at random about its vertical axis.

# %% [markdown] tags=["notes"]
# **6 minutes.** Let somebody move the slider of the scrubber who has never seen a CT scan. Ask the room, eyes
# on the slice alone: "Which class is it?" The cherry and the person are hard, the motorbike is not. Ask:
# "What did you use that is in no single slice?" They remember the slices before: that memory is what a kernel
# with depth has.
#
# The cat with cherries is the moment of this lesson. Take the vote, then let the walls appear. Ask: "How many
# solids throw these two shadows?" This one is the largest; take blocks away and the shadows stay, as before.

# %%
train, validation, test = (records.load_volumes(split) for split in records.SPLITS)
samples = train.volumes[5::40]
assert train.volumes.shape == (320, 24, 24, 24) and samples.shape == (8, 24, 24, 24)
assert [len(one.labels) for one in (validation, test)] == [80, 120]
assert train.volumes[0].size == 13_824 == 24 * 24**2
figures.gallery(samples, train.classes)

# %% [markdown]
# 13,824 voxels each. A volume can be cut into slices like a loaf of bread, along each of its three axes. Below, in
# orange, is one slice each way, before the pale silhouette.

# %%
motorbike, places = samples[6], (11, 12, 8)
### BEGIN HIDDEN TESTS
filled = [motorbike.take(at, axis).sum() for axis, at in enumerate(places)]
assert all(0 < n < motorbike.max(axis).sum() * 2 / 3 for axis, n in enumerate(filled))
### END HIDDEN TESTS
figures.cuts(motorbike, places)

# %% [markdown]
# A slice shows what is inside, at one depth; the silhouette shows the outline, and no depth. Now cut yourself:
# choose a solid and an axis, and pull the slider.

# %%
SliceScrubber(samples, train.classes)

# %% [markdown]
# And the other way round: from shadows to a solid? Here is the silhouette of a cat, and that of two cherries.

# %%
cat, cherries = (train.volumes[number].max(axis=1) for number in (91, 218))
assert [train.classes[train.labels[number]] for number in (91, 218)] == ["cat", "fruit"]
figures.shadows({"from the front": cat, "from the right": cherries})

# %% [markdown]
# ### Predict: one solid, two faces
#
# Is there one solid that throws the cat when the light comes from the front and the cherries when it comes
# from the right?
#
# - **a** No, a solid is either a cat or it is not
# - **b** Yes, because both outlines are rounded and a little alike
# - **c** Yes, and so it is for any two shadows of the same height without gaps

# %%
two_faced = cherries[np.newaxis, :, :] & cat[:, np.newaxis, :]  # axes x, y, z
assert (two_faced.max(axis=1) == cat).all() and (two_faced.max(axis=0) == cherries).all()
figures.shadow_play(two_faced)

# %% [markdown]
# **c.** Carve a full cube: a block stays where **both** lamps allow it. At each height a row of the cat crosses a
# row of the cherries, and the blocks there throw both. Try other numbers from 0 to 319 in place of 91 and 218; the
# taller one loses its top.

# %% [markdown]
# ## 3. The kernel slides along a third axis
#
# In lesson {convolution} a kernel stepped right and down. Give it a depth of its own, and a third direction to step in.
# Take a volume small enough for a pencil, 3 × 3 × 3, and a kernel of 2 × 2 × 2. From here on the axes are (depth,
# row, column), as Keras has them.

# %% [markdown] tags=["notes"]
# **10 minutes**, four of them for the exercise. Do the first window on the board, eight products, with the
# class calling them out. Then ask: "How many windows are there?" You will hear 4 (they count one slice) and 9.
# It is 2 · 2 · 2 = 8. Turn the pages of the flipbook and stop at page 4: "What happened here?" The kernel
# stepped one slice deeper.
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
assert (volume[0:2, 0:2, 0:2] * kernel).sum() == 8

# %% [markdown]
# **The first window, by hand.** The front slice of the kernel meets the top left corner of slice 0, its back
# slice the same corner of slice 1:
#
# $$1\cdot 0 + 0\cdot(-1) + 0\cdot(-1) + 1\cdot 0 \;+\; 0\cdot 1 + 2\cdot 0 + 1\cdot 0 + 4\cdot 2 = 8$$
#
# Eight products, one sum. The kernel fits twice along each axis: 2 · 2 · 2 = 8 windows, which three loops visit.

# %%
sides = np.array(volume.shape) - kernel.shape + 1
by_hand = np.zeros(sides, dtype=int)
for d, h, w in np.ndindex(*sides):
    window = volume[d:, h:, w:][: kernel.shape[0], : kernel.shape[1], : kernel.shape[2]]
    by_hand[d, h, w] = (window * kernel).sum()
assert by_hand.shape == (2, 2, 2) and by_hand[0, 0, 0] == 8
by_hand

# %% [markdown]
# Two slices of 2 × 2: **a volume comes out**. Here is the fifth window, the volume slice by slice.

# %%
assert by_hand[1, 0, 0] == 1
figures.depth_step(volume, kernel, by_hand, 4)

# %% [markdown]
# The kernel has done its four windows with slices 0 and 1, and steps one slice deeper. Turn the pages.

# %%
figures.depth_steps(volume, kernel, by_hand)

# %% [markdown]
# ### Your turn 1: 3-D out of 2-D
#
# Each slice of the kernel does what you know: it slides over a slice of the volume. So build the 3-D
# cross-correlation out of the course's `correlate2d(picture, kernel)`: for each depth of the output, which slices
# meet, and what happens to their maps? Above, the result is `by_hand`.


# %% tags=["exercise"]
def by_slices(volume, kernel):
    """Cross-correlation along three axes, mode "valid", without a loop over rows and columns."""
    ### BEGIN SOLUTION
    depths = len(volume) - len(kernel) + 1
    return np.stack(
        [
            sum(correlate2d(volume[d + k], kernel[k]) for k in range(len(kernel)))
            for d in range(depths)
        ]
    )
    ### END SOLUTION


# %%
check.by_slices(by_slices)

# %% [markdown]
# Do libraries agree? `Conv3D` wants a batch and channels: **(batch, depth, height, width, channels)**. Its
# kernels have the shape (kd, kh, kw, channels in, maps out). `correlate3d` is the course's own, without loops.

# %%
layer = layers.Conv3D(1, kernel.shape, use_bias=False)
layer.build((None, *volume.shape, 1))
layer.set_weights([kernel[..., np.newaxis, np.newaxis]])
ways = {
    "three loops": by_hand,
    "scipy.signal": signal.correlate(volume, kernel, mode="valid"),
    "correlate3d": correlate3d(volume, kernel),
    "Conv3D": np.asarray(layer(volume[np.newaxis, ..., np.newaxis].astype("float32"))),
}
### BEGIN HIDDEN TESTS
for numbers in ways.values():
    np.testing.assert_array_equal(numbers.squeeze(), by_hand)
### END HIDDEN TESTS
{way: numbers.astype(int).ravel().tolist() for way, numbers in ways.items()}

# %% [markdown]
# Four ways, the same eight numbers. Keras, too, lays the kernel on as it is.
#
# ### Is a color picture not a volume, too?
#
# It is a table with three axes as well: height × width × 3, and in lesson {convolution} its kernels were
# 3 × 3 × 3. What is the difference?

# %% tags=["measured"]
rng = np.random.default_rng(16)
picture, scan = rng.random((6, 6, 3)), rng.random((6, 6, 6))
cube = rng.normal(size=(3, 3, 3))
over_colors = correlate_volume(picture, cube[..., np.newaxis])
off = np.abs(correlate3d(picture, cube) - over_colors).max()
assert over_colors.shape == (4, 4, 1) and off < 1e-12
assert correlate3d(scan, cube).shape == (4, 4, 4)
over_colors.shape, correlate3d(scan, cube).shape, f"largest difference: {off:.1e}"

# %%
figures.two_kinds_of_depth()

# %% [markdown]
# The arithmetic is the same. But the kernel for colors is **as deep as the picture**: it has one place along the
# channels, slides along two axes, and a *map* comes out. The kernel for a volume is **less deep than the volume**:
# it slides along three axes, and a *volume* comes out. Channels have no neighborhood, slices have.
#
# ## 4. Shapes, parameters, cost
#
# The rules of lessons {padding_and_stride} and {convolutional_networks} hold on each axis by itself.

# %% [markdown] tags=["notes"]
# **8 minutes**, five for the exercise. Let them write down shape and parameters before the cell runs. Wrong
# answers that will come: (22, 22, 22, 1), as if one map came out; 216, without the biases; 80, with 9 weights
# instead of 27. For the cost take the vote: most say **a**. It is 66 times: each of the 22 slices is a picture
# of its own, times 3 for the depth of the kernel.

# %%
inputs = keras.Input((24, 24, 24, 1))
deep = layers.Conv3D(8, 3)
assert deep(inputs).shape == (None, 22, 22, 22, 8)
assert deep.count_params() == (3 * 3 * 3 * 1 + 1) * 8 == 224
deep(inputs).shape, deep.count_params()

# %% [markdown]
# Each axis: 24 − 3 + 1 = 22. Parameters: (27 · 1 + 1) · 8 = 224, where `Conv2D(8, 3)` has 80. In general, with C
# channels in and N maps out, $(k_d\,k_h\,k_w\,C + 1)\,N$. Parameters are cheap. And the work?
#
# ### Predict: the cost of a third axis
#
# How many times the multiplications of `Conv2D(8, 3)` on one slice does `Conv3D(8, 3)` need on the volume?
#
# - **a** 3
# - **b** 22
# - **c** 66
# - **d** 22³

# %%
flat_work = 22**2 * 8 * 3**2
deep_work = 22**3 * 8 * 3**3
assert (flat_work, deep_work) == (34_848, 2_299_968)
assert deep_work / flat_work == 22 * 3 == 66
flat_work, deep_work, deep_work / flat_work

# %% [markdown]
# **c**: 22 times as many places, and 3 times as many weights at each.

# %% [markdown]
# Memory grows as well. A CT scan of 300 slices of 512 × 512, and the first 16 maps that a layer makes of it:

# %%
scan_bytes = 300 * 512 * 512 * 4  # float32
assert round(scan_bytes / 1e6) == 315 and round(16 * scan_bytes / 1e9, 1) == 5.0
f"{scan_bytes / 1e6:.0f} MB, {16 * scan_bytes / 1e9:.1f} GB"

# %% [markdown]
# 5 GB for one layer and one patient. So 3-D networks work on smaller grids or on boxes cut from the scan. Half the
# side is an eighth of the work.
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
#
# </details>
#
# ## 5. A network for volumes
#
# The plan of lesson {convolutional_networks}, with a 3 in place of a 2. One thing is new: the network first
# averages blocks of 2 × 2 × 2 cells, so that training takes seconds.

# %% [markdown] tags=["notes"]
# **12 minutes**, six of them for the exercise. Before the bands appear, take a vote: "Solid against three
# silhouettes: who wins, and by how many points?" Most of the room expects a landslide for 3-D. Then read the
# bands slowly, and let them say what they may claim.
#
# The question that should come: "Is this comparison fair?" As many parameters, the same solids, each with its own
# rate, chosen on the validation set. But the three views are stacked as channels, as if a cell of the
# front view belonged to the same cell of the top view; a separate network for each view may do better. And
# the silhouettes have all 24 × 24 cells, while the solid is first halved to 12 × 12 × 12.

# %% [markdown]
# ### Your turn 3: a network on solids
#
# Write it, compile it, fit it, and return it. `solids` has the shape (N, depth, height, width, channels), its
# sides may differ; `labels` are 0 to 7.
#
# For sides of 24:
#
# | layer | comes out |
# |:--|:--|
# | `AveragePooling3D(2)`: half of each side | 12 × 12 × 12 × 1 |
# | 8 kernels of 3, ReLU | 10 × 10 × 10 × 8 |
# | max pooling of 2 | 5 × 5 × 5 × 8 |
# | 16 kernels of 3, ReLU | 3 × 3 × 3 × 16 |
# | Flatten | 432 |
# | dense, softmax | 8 |
#
# Adam with a rate of 0.01, the loss `"sparse_categorical_crossentropy"`, batches of 16, silent. When the
# check is content, train yours on 40 solids; it takes seconds:
# `trained(train.volumes[::8, ..., np.newaxis], train.labels[::8], 10)`.


# %% tags=["exercise"]
def trained(solids, labels, epochs):
    """A network with two Conv3D layers for eight classes, trained on solids."""
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(solids.shape[1:]),
            layers.AveragePooling3D(2),
            layers.Conv3D(8, 3, activation="relu"),
            layers.MaxPooling3D(2),
            layers.Conv3D(16, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(8, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(solids, labels, batch_size=16, epochs=epochs, verbose=0)
    return model
    ### END SOLUTION


# %%
check.trained(trained)

# %% [markdown]
# From here on it is `networks.deep()`, the same network, and `networks.learn` compiles and fits. It sees all
# 320 solids.


# %% tags=["measured", "trains"]
def as_input(solids):
    """Solids or clips as a batch for Keras: float32, one channel."""
    return solids[..., np.newaxis].astype("float32")


### BEGIN HIDDEN TESTS
np.testing.assert_array_equal(as_input(samples), measure.seen_along(samples, ()))
### END HIDDEN TESTS
training.reproducible(2)
on_solids = networks.deep()
seen, unseen = ((as_input(one.volumes), one.labels) for one in (train, validation))
record = networks.learn(on_solids, seen, unseen, 15, callbacks=[training.LiveCurves()])
assert record.accuracy[-1] > 0.95 and 0.7 < record.val_accuracy[-1] < 0.95
f"{record.accuracy[-1]:.0%} of the training solids, {record.val_accuracy[-1]:.0%} of the others"

# %% [markdown]
# Is that better than pictures? The rivals are 2-D networks of as many parameters that get silhouettes: one
# **from above**, one **from one side**, and one gets **three views** as three channels. `measure.py`
# trained all four from eight starts, each with the rate that was best for it on the validation solids, and let each
# start look at the 120 test solids once.
#
# ### Predict: solid or shadows?
#
# Accuracy on the test solids, mean of eight starts: how far is the solid ahead of the three views?
#
# - **a** they are level
# - **b** about 10 points
# - **c** about 20 points

# %%
starts = records.volume_accuracies()
means = {name: round(100 * float(runs.mean()), 1) for name, runs in starts.items()}
### BEGIN HIDDEN TESTS
assert means == {
    "solid": 83.3, "from above": 57.4, "from one side": 75.1, "three views": 82.4
}  # fmt: skip
right_of_120 = {name: np.round(120 * runs) for name, runs in starts.items()}  # ties stay ties
assert round(100 * p_of_difference(right_of_120["solid"], right_of_120["three views"])) == 44
counts_of = [measure.network(one).count_params() for one in measure.ENTRANTS.values()]
assert max(counts_of) < 1.03 * min(counts_of) and on_solids.count_params() == counts_of[0] == 7_160
### END HIDDEN TESTS
means

# %%
plots.starts(starts, "accuracy on test solids", chance=1 / 8)

# %% [markdown]
# **a.** 83.3 % for the solid and 82.4 % for the three views: chance alone puts two networks so far apart in 44 of
# 100 deals (the test of lesson {regularization}). These classes differ in their outlines, and the three views have
# them in all 24 × 24 cells, while the network on solids first halved every side.

# %% [markdown]
# The two solids of section 1 have the same silhouettes: there pictures know **nothing**. First ask what pictures
# hold, then choose the dimension.
#
# ### A new solid
#
# Give the network a solid that it has never seen, and read its first three answers. Take other numbers, from 0
# to 119.

# %% tags=["measured", "trains"]
number = 98
said = np.asarray(on_solids(as_input(test.volumes[[number]])))[0]
assert test.classes[test.labels[number]] == test.classes[said.argmax()] == "motorbike"
figures.named(test.volumes[number], test.classes, said)

# %% [markdown]
# ### Predict: the solid with two faces
#
# And the solid that is a cat from the front and cherries from the right? The network must say one of its eight
# words.
#
# - **a** cat
# - **b** fruit
# - **c** something else

# %% tags=["measured", "trains"]
of_two_faced = np.asarray(on_solids(as_input(two_faced[np.newaxis])))[0]
assert test.classes[of_two_faced.argmax()] == "fruit" and of_two_faced.max() > 0.8
figures.named(two_faced, test.classes, of_two_faced)

# %% [markdown]
# **b**, and it is very sure. Nobody told it that there are solids of no class: softmax shares out 100 % among
# eight words, whatever comes in. Being sure is not being right.

# %% [markdown]
# ## 6. Time is an axis
#
# A clip is a stack of frames: (time, height, width). Slide a kernel along time, and it sees **change**. Make
# a clip of a random pattern that moves one pixel to the right with every frame, and play it backward as well.

# %% [markdown] tags=["notes"]
# **12 minutes**, three for the exercise. Show one frame and ask: "To the left or to the right?" They laugh;
# that is the point. Then show the strip. Ask how they found out: by following one spot from frame to frame. In
# the next figure that spot draws a slanted line: *motion is a slanted edge in space and time*, and edges are
# what kernels find.
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
### BEGIN HIDDEN TESTS
np.testing.assert_array_equal(right[1:, :, 1:], right[:-1, :, :-1])
np.testing.assert_array_equal(left, right[::-1])
### END HIDDEN TESTS
figures.filmstrips({"forward: to the right": right, "backward: to the left": left})

# %% [markdown]
# Follow one spot from frame to frame. Then cover all frames but one.
#
# ### Predict: what can a frame tell?
#
# A 2-D network learns to say "right" or "left" from a single frame, on a hundred clips and their backward
# twins. How many of the frames does it get right, on new clips and on its own training clips?
#
# - **a** 50 % and 50 %
# - **b** about 50 %, and far more on those that it learned from
# - **c** about 70 % of both, since some patterns lean to one side

# %%
clips, labels = moving(100, np.random.default_rng(0)), np.repeat([0, 1], 100)
new_clips = moving(100, np.random.default_rng(2))
frames, new_frames = (one.reshape(-1, 12, 12, 1) for one in (clips, new_clips))
frame_labels = np.repeat(labels, clips.shape[1])
training.reproducible(0)
on_frames = keras.Sequential([keras.Input((12, 12, 1)), layers.Conv2D(16, 3, activation="relu")])
on_frames.add(layers.Flatten())
on_frames.add(layers.Dense(1, activation="sigmoid"))
on_frames.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
history = on_frames.fit(frames, frame_labels, epochs=2, verbose=0)


# %%
def frames_right(shown):
    """Share of frames right: by the network, and by a rule that we made up."""
    guesses = np.asarray(on_frames(shown))[:, 0] > 0.5
    any_rule = shown.sum(axis=(1, 2, 3)) % 7 > 2
    return [float((answer == frame_labels).mean()) for answer in (guesses, any_rule)]


of_frames = {"new frames": frames_right(new_frames), "training frames": frames_right(frames)}
assert of_frames == {"new frames": [0.5, 0.5], "training frames": [0.5, 0.5]}
of_frames

# %% [markdown]
# **a**, and **exactly** half, by the network and by a rule that we made up. No luck: every frame occurs twice, once
# in a clip to the right and once in its twin to the left. A rule that sees the frame alone answers both alike, so
# it is right once and wrong once.

# %% [markdown]
# ### Motion is a slanted line
#
# Where in the clip is the direction? Take one row of pixels and put its frames below each other: a slice of the
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
# Zero on the clip that moves right: the spot arrives where the −1 waits for it, and both cancel. Two weights do what
# no network on single frames can.
#
# ### Your turn 4: blind to one direction
#
# Write a kernel of the same shape (2, 1, 2) that is blind to motion **to the left** by one pixel per frame,
# and to no other.

# %% tags=["exercise"]
blind_to_left = (
    ### BEGIN SOLUTION
    np.array([[[0, 1]], [[-1, 0]]])
    ### END SOLUTION
)

# %%
check.blind_to_left(blind_to_left)

# %% [markdown]
# ### Question 2 <!-- design -->
#
# Instead of `Conv3D` somebody gives the six frames to a `Conv2D` **as six channels**. Can it learn the
# direction? What does it give up?
#
# <details><summary>Answer</summary>
#
# It can: its kernels see all six frames at once, so they can hold a slant. It gives up sliding along time: it
# must learn the jump between frames 4 and 5 anew, and a clip of seven frames does not fit at all.
#
# - "It cannot, because a 2-D kernel has no depth": it is as deep as there are channels, here all of the time.
# - "It gives up nothing": along the channels the kernel has one place; weights are not shared along time.
#
# </details>
#
# ## 7. One line of thought
#
# Each station keeps the one before and adds one idea.

# %% [markdown] tags=["notes"]
# **2 minutes.** Point at the arrows, not at the boxes: bend, many inputs, stack, slide, slide once more. The
# lecture calls a 2-D CNN a "sliding MLP" and a 3-D CNN a "sliding 2-D CNN". Ask: "Which of these steps added
# parameters, and which took some away?" Sliding takes away: the weights are shared.

# %%
figures.line_of_thought()

# %% [markdown]
# From a line to a network that looks into a skull: one sum of products, which learned to bend, stack and slide.
#
# ## Going further
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
answers = correlate3d(rotten, cavity)
place = np.argwhere(answers == answers.max())[0] + 1  # from the corner of a window to its middle
assert correlate3d(apple, cavity).max() < answers.max() == 26 and place.tolist() == [9, 11, 9]
assert all((apple.max(axis) == rotten.max(axis)).all() for axis in range(3))
{"sound": int(correlate3d(apple, cavity).max()), "rotten": int(answers.max()), "at": place.tolist()}

# %% [markdown]
# A piece of fruit, sound and with one empty cell inside. All three silhouettes are equal, so no network on
# silhouettes can find the cavity. A 3-D kernel of 27 weights finds it, and says where.

# %%
figures.slice_pair({"sound": apple, "rotten": rotten}, axis=1, index=int(place[1]))

# %% [markdown]
# A slice through the right place shows it as well. But somebody has to choose that slice; the kernel went
# everywhere.
#
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
clip = keras.Input((*clips.shape[1:], 1))
five = keras.Model(clip, layers.Concatenate()([motion_network(clip) for _ in range(5)]))
assert five.count_params() == 5 * ((18 + 1) * 4 + 4 + 1) == 5 * 81

# %% tags=["measured", "trains"]
five.compile(keras.optimizers.Adam(0.02), "binary_crossentropy")
fivefold = np.repeat(labels[:, np.newaxis], 5, axis=1)
five.fit(as_input(clips), fivefold, batch_size=16, epochs=10, verbose=0)
said_left = np.asarray(five(as_input(new_clips))) > 0.5
scores = (said_left == labels[:, np.newaxis]).mean(axis=0)
assert scores.min() > 0.9
[f"{score:.1%}" for score in scores]

# %% [markdown]
# 81 parameters each, and from each of the five starts more than 90 % of the new clips are read right. It is
# not the size of a network that decides, but what its kernels can reach.
#
# ### Where volumes come from
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
# Ask what could go wrong with a CT scan that mixes 1 mm between pixels with 5 mm between slices: a kernel of
# 3 × 3 × 3 then is a slab, not a cube. Either interpolate to equal steps, or give the kernel other sides. In
# video the same question reads: how many frames per second?

# %%
rng = np.random.default_rng(16)
turn, around = rng.uniform(0, 2 * np.pi, (2, 6000))
distance = 3 + np.cos(around)
points = np.stack([distance * np.cos(turn), distance * np.sin(turn), np.sin(around)], axis=1)
counts, _ = np.histogramdd(points, bins=16, range=[(-4, 4)] * 3)
torus = counts > 0
assert points.shape == (6000, 3) and torus.shape == (16, 16, 16)
assert counts.sum() == 6000 and 0.05 < torus.mean() < 0.15
assert torus[11:15, 8, 8].any() and not torus[13:15, 7:9, 7:9].any()
figures.whole_and_open(torus, axis=1, index=8)

# %% [markdown]
# 6000 points on a ring fill between 5 and 15 % of the cells. Cut open, the tube is hollow: a scanner sees
# surfaces. The list of points has no order and no grid; the volume has both, and a `Conv3D` can walk on it.
#
# ### Your turn 5: a depth map
#
# A silhouette says whether a line of cells meets the solid. A **depth map** says how far you see: for every
# line of cells along `axis`, count the empty cells before the first filled one, from index 0 on. A line with
# no filled cell gives its whole length. By hand: the line `[0, 0, 1, 1, 0]` gives 2, the line
# `[0, 0, 0, 0, 0]` gives 5.


# %% tags=["exercise"]
def depth_map(solid, axis):
    """How many empty cells one sees through along an axis of a bool array with three axes."""
    ### BEGIN SOLUTION
    return np.where(solid.any(axis), solid.argmax(axis), solid.shape[axis])
    ### END SOLUTION


# %%
check.depth_map(depth_map)

# %% [markdown]
# ### Your turn 6: a kernel for change
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
# ### One layer that contains them all
#
# The line of thought is more than a picture: a `Conv3D` **contains** its stations. Let the kernel have one
# place to stand, and it is a perceptron with a sigmoid, which is logistic regression. Let its input have one
# slice, and it is a `Conv2D`.

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
# Lessons {logistic_regression} and {convolution} are special cases of one layer.
#
# ### Challenge
#
# **If you are early:** the motion network has kernels of 2 × 3 × 3. **(2+1)-D** convolution takes them apart:
# first 1 × 3 × 3 in space, then 2 × 1 × 1 in time, with a ReLU between. Train the network below as you trained
# the five. Does it still tell right from left, over five starts? And with a single map in space?
#
# **If you want a week:** film the same gesture fifty times, half of them backward or mirrored, shrink the
# clips to 8 frames of 32 × 32, and train a network that tells the two apart. Split by film, not by frame.
# Which pictures of single frames should it be compared with, so that the comparison is fair?

# %% [markdown] tags=["notes"]
# In our trials four maps in space were enough, with or without the ReLU between: the temporal kernels mix
# several spatial ones, and a mixture can hold a slant. With **one** map in space most starts stayed at
# chance. Ask why. Then the pair is one *separable* kernel, a pattern in space times a pattern in time. If its
# two weights in time are equal or opposite, it answers with the same size forward and backward, so it cannot
# tell them apart.

# %%
apart = keras.Sequential(
    [
        keras.Input((*clips.shape[1:], 1)),
        layers.Conv3D(4, (1, 3, 3), activation="relu"),
        layers.Conv3D(4, (2, 1, 1), activation="relu"),
        layers.GlobalAveragePooling3D(),
        layers.Dense(1, activation="sigmoid"),
    ]
)
assert apart.count_params() == (9 + 1) * 4 + (2 * 4 + 1) * 4 + 5 == 81
apart.count_params()

# %% [markdown]
# As many parameters as each of the five.

# %% [markdown]
# ## What you can do now
#
# - **Compute** a 3-D convolution: multiply, add up, step along three axes; or add up 2-D ones.
# - **Predict** a `Conv3D`: on each axis ⌊(n + 2p − k) / s⌋ + 1, parameters $(k_d k_h k_w C + 1) N$, and a
#   cost that grows with the third power.
# - **Train** a network on volumes, let it name a new solid, and ask what pictures of it still hold.
# - **Design** kernels for direction, and prove what single frames cannot show.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("volumes_and_video")

# %% [markdown]
# ## Common mistakes
#
# - **No channel axis.** `Conv3D` wants five axes: (batch, depth, height, width, channels), also for gray
#   volumes.
# - **The order of a temporal kernel.** In a cross-correlation its first weight meets the earlier frame.
# - **Clips of one film in training and in test.** Frames of the same clip are nearly equal; split by film.
#
# ## Where next
#
# You can train a network on almost anything with a neighborhood. But *what* does it look at when it says
# "cat"? [{looking_inside} Looking inside](looking_inside.ipynb) finds out, and catches a network that cheats.
