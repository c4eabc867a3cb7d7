# %% [markdown]
# # Convolutional networks
#
# **Two networks read handwritten digits. They have the same number of parameters, and they are equally
# good: 96 of 100 right. Now the digits leave the middle of the picture. One network still gets five of
# six right; the other, not quite two of three.** By the end of this lesson you know which one, and why.
# You will have built both, counted every parameter, looked inside, and drawn digits for them to read.
#
# **45 minutes** · **You need:** [{padding_and_stride} Padding and stride](padding_and_stride.ipynb),
# [{pooling} Pooling](pooling.ipynb) and [{training_a_network} Training a network](training_a_network.ipynb).
#
# **When you are done, you can**
#
# - **compute** the shape after every layer of a convolutional network, and its parameters
# - **build** LeNet-5 in Keras, train it, and run a trained network with nothing but NumPy
# - **compare** it fairly with a dense network, and say when convolution pays
# - **explain** what a network sees: its kernels, its feature maps, what excites a unit most
# - **judge** a classifier by its confusion matrix, precision, recall and worst mistakes
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023);
# Y. Chammami, *Exploring the Power of Conv'Nets* (flatten, dense, softmax); I. Heredia, *Image
# classification* (Santander, 2022; LeNet-5, what a layer sees); P. Padman, *Training a CNN to Classify
# Images* (the two halves, the metrics); E. Rantsiou, *Convolutional Neural Networks basics* (LENS ML
# School, 2021; the network of section 2); Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based
# learning applied to document recognition* (Proceedings of the IEEE, 1998).

# %% [markdown] tags=["notes"]
# **1 minute.** Read the question in bold aloud and take a vote: "The network that copes with moved
# digits: is it the one with more layers, more parameters, or something else?" They have equally many
# parameters, so "more" is out. Somebody will say "the convolutional one, it is made for images". Ask
# back: "Then why are they equal on centered digits?" Leave that open; section 5 answers it.
#
# Short of time? Run the cells of "The same, for the lecture's network" in section 5 without talking
# about them (section 6 needs the trained network), and leave out the patches in section 7. Nothing in
# this lesson needs the internet.

# %% [markdown]
# ## Setup

# %%
from lessons.convolutional_networks import check, figures
from utils import board, data, models, plots, training
from utils.convolution import correlate_volume, pool2d
from utils.widgets import flipbook
from lessons.convolutional_networks.dense_twin import dense_twin
from lessons.convolutional_networks.digit_pad import prepare, redraw
from lessons.convolutional_networks.explorer import NetworkExplorer
from lessons.convolutional_networks.snapshots import Snapshots

import keras
import numpy as np
from keras import layers
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split

### BEGIN HIDDEN TESTS
from lessons.convolutional_networks import measure
### END HIDDEN TESTS

plots.style()

# %% [markdown]
# ## 1. From a volume to a vector
#
# Convolution and pooling take a volume and give a volume. A dense layer wants a vector. Between the two
# stands **Flatten**: it has no weights and computes nothing; it puts the numbers into one line. Here is
# a pooled feature map from a lecture. Write down its nine numbers as Flatten will, then run the cell.

# %%
pooled = np.array([[1, 1, 0], [4, 2, 1], [0, 2, 1]])
flat = layers.Flatten()(pooled[np.newaxis])  # Keras wants a batch: one map here
assert flat[0].numpy().tolist() == [1, 1, 0, 4, 2, 1, 0, 2, 1]
flat.numpy()

# %% [markdown]
# Row after row, as you read a page.
#
# ### Predict: two maps
#
# A real layer has several maps. Take a volume of 2×2 with two maps: the first holds 1, 2, 3, 4, the
# second 10, 20, 30, 40. In which order do the eight numbers come out? Decide, then run.

# %%
two_maps = np.dstack([[[1, 2], [3, 4]], [[10, 20], [30, 40]]])
flat_maps = layers.Flatten()(two_maps[np.newaxis])
assert flat_maps[0].numpy().tolist() == [1, 10, 2, 20, 3, 30, 4, 40]
flat_maps.numpy()

# %% [markdown]
# Not map after map. Keras keeps the channels on the last axis, and the last axis runs fastest: first
# all maps of the top left pixel, then all maps of its neighbor.

# %% [markdown] tags=["notes"]
# **4 minutes, with the exercise.** Most of the room predicts 1 2 3 4 10 20 30 40. Do not correct it
# before the cell has run. Then ask: "Does the order matter to the network?" No: the dense layer learns
# its weights for whatever order it gets. It matters to you as soon as you move weights between
# programs, for many of them put the channel first.

# %% [markdown]
# ### Your turn 1: where a value goes
#
# In LeNet-5 the last pooling leaves 5×5 pixels in 16 maps, and Flatten makes 400 numbers of them. At
# which place does the value in row 1, column 2, map 3 land? Count from 0. By hand: before row 1 come
# 5 · 16 = 80 numbers, before column 2 of that row 2 · 16 = 32, and before map 3 of that pixel 3: place
# 115. Write it for any shape `(height, width, maps)`.


# %% tags=["exercise"]
def flat_position(row, column, channel, shape):
    """Where Flatten puts the value at (row, column, channel) of a volume of this shape."""
    ### BEGIN SOLUTION
    _, width, maps = shape
    return (row * width + column) * maps + channel
    ### END SOLUTION


# %%
check.flat_position(flat_position)

# %% [markdown]
# ## 2. One network, two halves
#
# You now have all the parts. Put in order they make a convolutional network. Its first half finds
# **features**: convolution, activation, pooling, and again. Its second half **classifies**: flatten,
# dense, softmax. This is the network of the LENS lecture, for color pictures of 80×80 and four classes.

# %%
lens = keras.Sequential(
    [
        keras.Input((80, 80, 3)),
        layers.Conv2D(8, 3, activation="relu", name="conv1"),
        layers.MaxPooling2D(2, name="pool1"),
        layers.Conv2D(16, 3, activation="relu", name="conv2"),
        layers.MaxPooling2D(2, name="pool2"),
        layers.Flatten(name="flatten"),
        layers.Dense(64, activation="relu", name="dense1"),
        layers.Dense(4, activation="softmax", name="classes"),
    ]
)
### BEGIN HIDDEN TESTS
configs = [[layer.get_config() for layer in one.layers] for one in (lens, models.lens_cnn())]
assert configs[0] == configs[1]
### END HIDDEN TESTS

# %% [markdown]
# ### By hand: shapes and parameters
#
# Take paper. For each layer, write down the shape of what comes out and the number of parameters. The
# first row is done. You need two things that you know: a 3×3 kernel without padding takes two rows and
# two columns away; a pooling of 2 halves height and width and leaves out an odd last row or column.
#
# | layer | comes out | parameters |
# |:--|:--|--:|
# | conv1 | 78 × 78 × 8 | 3·3·3·8 weights + 8 biases = 224 |
# | pool1 | ? | ? |
# | conv2 | ? | ? |
# | pool2 | ? | ? |
# | flatten | ? | ? |
# | dense1 | ? | ? |
# | classes | ? | ? |
#
# Do it by hand first. The two exercises turn what you did into functions; then Keras tells you.

# %% [markdown] tags=["notes"]
# **9 minutes, with both exercises.** Let them fill the table in pairs, four minutes, on paper; it is
# the most useful exercise of the lesson. Walk round. You will see: conv2 with 3·3·16 weights (the
# depth of 8 forgotten: "what is below the kernel?"), pool2 with 18.5 or 19 (rounded up), parameters
# for pooling, and dense1 without the multiplication by 5184. Ask at the end: "Where do nearly all the
# parameters sit?" Few guess that it is one layer, and that it is no convolution.

# %% [markdown]
# ### Your turn 2: parameters of a convolutional layer
#
# `maps` kernels of `kernel` × `kernel` slide over a volume with `depth` channels. How many parameters
# does the layer learn? For conv1 above, `conv_parameters(3, 3, 8)` is 224.


# %% tags=["exercise"]
def conv_parameters(kernel, depth, maps):
    """Parameters of a convolutional layer: its weights and its biases."""
    ### BEGIN SOLUTION
    return (kernel * kernel * depth + 1) * maps
    ### END SOLUTION


# %%
check.conv_parameters(conv_parameters)

# %% [markdown]
# ### Your turn 3: shapes through a stack of layers
#
# Write a function that goes through a list of layers and returns the shape after each one. A layer is
# `("conv", maps, kernel)`, without padding and with stride 1, or `("pool", size)`. For a shape of
# `(80, 80, 3)` and the layers `[("conv", 8, 3), ("pool", 2)]` it returns `[(78, 78, 8), (39, 39, 8)]`.


# %% tags=["exercise"]
def feature_shapes(shape, layers):
    """The shape (height, width, maps) after every one of the layers."""
    ### BEGIN SOLUTION
    height, width, depth = shape
    shapes = []
    for kind, *sizes in layers:
        if kind == "conv":
            depth, kernel = sizes
            height, width = height - kernel + 1, width - kernel + 1
        else:
            height, width = height // sizes[0], width // sizes[0]
        shapes.append((height, width, depth))
    return shapes
    ### END SOLUTION


# %%
check.feature_shapes(feature_shapes)

# %% [markdown]
# ### Predict: what will Keras say?
#
# Your table is your prediction, both columns. Read it off Keras, and see in which layer the parameters are.
# `None` is the number of pictures in a batch, which may be any.

# %%
lens.summary()

# %%
in_dense1 = lens.get_layer("dense1").count_params()
assert lens.count_params() == 333_492
assert in_dense1 == (18 * 18 * 16 + 1) * 64 == 331_840
assert sum(lens.get_layer(name).count_params() for name in ("conv1", "conv2")) == 1_392
f"{in_dense1 / lens.count_params():.1%} of the parameters are in dense1"

# %% [markdown]
# Compare line by line with your paper. 331,840 of 333,492: more than 99 in 100 sit where the volume has
# become a vector. The two convolutions, which do the seeing, need 1,392.

# %% [markdown]
# Now look at the volumes: as a picture goes through the network, its **maps become small and many**.

# %%
names = ["input", *(layer.name for layer in lens.layers)]
shapes = [(80, 80, 3), *(layer.output.shape[1:] for layer in lens.layers)]
### BEGIN HIDDEN TESTS
pooled_again = layers.MaxPooling2D(2).compute_output_shape((None, 18, 18, 16))
assert pooled_again == (None, 9, 9, 16) and (9 * 9 * 16 + 1) * 64 == 83_008
### END HIDDEN TESTS
figures.volumes(names, shapes, split=5)

# %% [markdown]
# The height of a block and its slanted edge are the sides of a map; the thicker the block, the more maps.
# Step by step the network gives up position and gains meaning: 80 · 80 · 3 = 19,200 numbers that say *how
# bright is it here?* become 4 that say *which class?*
#
# ### Question 1
#
# You want to halve the number of parameters of this network. Which one change does it?
#
# - **a** Halve the number of kernels in conv1.
# - **b** Put a third pooling of 2 before Flatten.
# - **c** Take the biases away.
#
# <details><summary>Answer</summary>
#
# **b**, and it does much more than halve: 18×18×16 becomes 9×9×16 = 1,296 numbers, and dense1 needs
# (1,296 + 1) · 64 = 83,008 parameters, a quarter.
#
# - "Halve the kernels in conv1" touches conv1 and conv2, which together hold 1,392 parameters of
#   333,492; how many maps reach Flatten is set by conv2 alone.
# - "Take the biases away" removes 8 + 16 + 64 + 4 = 92 parameters.
#
# Count where the parameters are before you save any.
# </details>

# %% [markdown]
# ## 3. The digits
#
# Look at the data first. scikit-learn brings 1,797 digits that 13 people wrote by hand. Each was
# scanned, cut to its outline, and counted: 8×8 pixels, and in each the ink of a block of 4×4 dots, from
# 0 to 16.

# %%
digits = data.digits()
labels = digits.labels
assert digits.images.shape == (1797, 8, 8) and digits.images.max() == 16
figures.digit_rows(digits.images, labels)

# %% [markdown]
# Look at the 1s and the 7s: a flag here, a bar through the stem there. Further on in the file other
# writers make a 1 of one plain stroke. Still, 13 people write in 13 ways. Remember that when you draw
# your own.
#
# LeNet-5 wants 32×32. We enlarge every digit by four, **interpolating** between the pixels (bilinear),
# so that strokes stay smooth and the network does not learn the edges of big squares; and we divide by
# 16, so that ink lies between 0 and 1, where networks learn best.

# %%
images = data.enlarged(digits.images)
assert images.shape == (1797, 32, 32, 1) and images.min() == 0 and images.max() == 1
figures.enlargement(digits.images[8], images[8])

# %% [markdown]
# The right picture knows nothing that the left one does not; it only has the size that the network
# expects.
#
# Three sets, as in lesson {learning_from_data}: one to train on, one to watch and to choose with, one to judge at the very
# end. `stratify` gives each of them the same mix of digits.

# %%
rest, test = train_test_split(np.arange(1797), test_size=0.2, stratify=labels, random_state=0)
train, validation = train_test_split(rest, test_size=0.25, stratify=labels[rest], random_state=0)
### BEGIN HIDDEN TESTS
for part, numbers in {"train": train, "validation": validation, "test": test}.items():
    np.testing.assert_array_equal(data.digit_parts()[part], numbers)
### END HIDDEN TESTS
assert [len(train), len(validation), len(test)] == [1077, 360, 360]
[len(train), len(validation), len(test)]

# %%
per_class = np.bincount(labels[test])
assert per_class.min() >= 35 and per_class.max() <= 37
per_class

# %% [markdown]
# About 36 of each digit to judge by. Keep that number in mind: **one digit more or less is 0.3 points
# of accuracy**, so we will not make a story out of half a point.

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask: "Whose digits are in the test set?" Answer: the same 13 people's as in the training
# set, since the split is random and the file does not say who wrote what. So the test answers "how well
# on other digits of these people", not "how well on yours". It is the leak of lesson {learning_from_data}, a mild
# form. Section 9 lets them feel the difference.

# %% [markdown]
# ## 4. LeNet-5
#
# In 1998 Yann LeCun and colleagues described LeNet-5, and a system built on networks of this kind that
# read several million bank checks a day. LeNet-5 has the two halves you know: two rounds of convolution
# and pooling, then dense layers. Three things belong to its time: **tanh** where we would take ReLU,
# **average** pooling where we would take the maximum, and 5×5 kernels where we would take 3×3.
#
# ### Predict: LeNet-5
#
# Input 32×32×1; conv1 with 6 kernels of 5×5; pool1; conv2 with 16 kernels of 5×5; pool2; Flatten; dense
# 120, 84, 10. What size are the maps before Flatten? How many parameters has the whole network?

# %%
untrained = models.lenet5()
assert untrained.get_layer("pool2").output.shape == (None, 5, 5, 16)
assert untrained.count_params() == 156 + 2_416 + 48_120 + 10_164 + 850 == 61_706
untrained.summary()

# %% [markdown]
# 5×5×16, and 61,706 parameters; the paper counts 60,000. A few things differ from 1998. There, 15 of the
# 16 kernels of conv2 read three or four of the six maps, which is cheaper and makes the kernels differ;
# pooling had a weight, a bias and an activation of its own; and the last layer measured distances to
# templates drawn by hand, where we have softmax.

# %% [markdown]
# Compile it, and let it learn for 15 epochs: gradient descent with momentum in batches of 32, as in
# lesson {training_a_network}. The learning rate of 0.03 was chosen on the **validation** set.

# %% tags=["measured", "trains"]
training.reproducible(0)
lenet = models.lenet5()
descent = keras.optimizers.SGD(0.03, momentum=0.9)
lenet.compile(descent, "sparse_categorical_crossentropy", metrics=["accuracy"])
curves = training.LiveCurves()
seen = (images[train], labels[train])
unseen = (images[validation], labels[validation])
record = training.fit(lenet, seen, unseen, epochs=15, callbacks=[curves])

# %% [markdown]
# A few seconds. How fast was it, and does it over-fit?

# %% tags=["measured"]
assert record.val_accuracy[4] > 0.9
assert record.accuracy[-1] > 0.98 and 0.94 < record.val_accuracy[-1] < 1
gap = record.accuracy - record.val_accuracy
assert gap[-1] < 0.06 and gap[-1] - gap[4] < 0.03
{
    f"epoch {epoch}": f"unseen digits {record.val_accuracy[epoch - 1]:.1%}, gap {gap[epoch - 1]:.1%}"
    for epoch in (5, 15)
}

# %% [markdown]
# After five passes over a thousand digits, more than nine of ten unseen digits are right. At the end it
# knows nearly all its training digits, or all of them, and more than 94 of 100 that it has not seen. The
# gap between the accuracies is less than 6 points, and after epoch 5 it hardly grows: a little
# over-fitting, no more.
#
# Nothing was chosen by looking at the test set, so now it may speak, once for each network.


# %% tags=["measured"]
def accuracy(model, pictures):
    """Share of the test digits that a model reads right."""
    said = model.predict(pictures[test], verbose=0).argmax(axis=1)
    return float((said == labels[test]).mean())


lenet_centered = accuracy(lenet, images)
assert 0.93 < lenet_centered < 0.985
f"accuracy {lenet_centered:.1%}"

# %% [markdown]
# Between 93 and 98.5 % of digits it has never seen. Why a range and not a number? Because another random
# start gives another number, and so does another processor. A table that ships with the course holds the
# results of eight starts for every network of this lesson (`measure.py` in the lesson's folder makes it).

# %%
starts = data.digit_accuracies()


def band(digits, network):
    """The lowest and the highest accuracy of a network over eight starts."""
    return starts[digits, network].min(), starts[digits, network].max()


np.testing.assert_allclose(band("centered", "LeNet-5"), (0.961, 0.972), atol=5e-4)
[f"{accuracy:.1%}" for accuracy in band("centered", "LeNet-5")]

# %% [markdown]
# LeNet-5 reads 96.1 to 97.2 %, depending on where it starts.

# %% [markdown] tags=["notes"]
# **5 minutes.** While it trains, ask: "Where will the curves be after one epoch?" People expect slow
# progress; most of it happens in the first three epochs. Then: "May I train longer, because the test
# result was good?" No: whoever decides by the test set has made it a validation set.

# %% [markdown]
# ## 5. Against a dense network of the same size
#
# Is 96 % good? A number means little alone. A fair opponent has the **same number of parameters**, the
# same data, the same training, and no convolution. One hidden layer of 60 units comes closest.

# %%
training.reproducible(0)
twin = dense_twin(lenet)
assert twin.get_layer("dense1").units == 60
assert twin.count_params() == (1024 + 1) * 60 + (60 + 1) * 10 == 62_110
f"{twin.count_params() / lenet.count_params() - 1:+.1%} parameters"

# %% [markdown]
# 62,110 against 61,706. Every hidden unit looks at all 1,024 pixels, each through a weight of its own.
#
# ### Predict: who wins?
#
# Write down two numbers: what the dense network will reach on the test digits, and how far LeNet-5 will
# be ahead.


# %% tags=["measured", "trains"]
def learn(model, pictures, epochs, *callbacks):
    """Compile and train a model, the same way for every one."""
    descent = keras.optimizers.SGD(0.03, momentum=0.9)
    model.compile(descent, "sparse_categorical_crossentropy", metrics=["accuracy"])
    seen = (pictures[train], labels[train])
    unseen = (pictures[validation], labels[validation])
    return training.fit(model, seen, unseen, epochs, callbacks=[training.LiveCurves(), *callbacks])


twin_record = learn(twin, images, epochs=15)

# %% tags=["measured"]
twin_centered = accuracy(twin, images)
assert 0.93 < twin_centered < 0.985
assert abs(lenet_centered - twin_centered) < 0.04
np.testing.assert_allclose(band("centered", "dense twin of LeNet-5"), (0.947, 0.969), atol=5e-4)
f"LeNet-5 {lenet_centered:.1%}, dense {twin_centered:.1%}"

# %% [markdown]
# **A draw.** Over eight starts the dense network reached 94.7 to 96.9 %, LeNet-5 96.1 to 97.2 %. Honest
# numbers are sometimes dull, and this one teaches something: these digits were cut out, scaled and
# centered by somebody. The stem of a 4 is always in the same place, so a weight for each place is all
# that it takes. Convolution brings the gift of finding a thing *anywhere*, and here nobody needs it.

# %% [markdown]
# ### The same, for the lecture's network
#
# Is that the fault of LeNet-5, old as it is? Take the LENS network with ReLU and max pooling, cut for our
# digits, and its twin.

# %% tags=["measured", "trains"]
training.reproducible(0)
digit_lens = models.lens_cnn((32, 32, 1), classes=10)
lens_twin = dense_twin(digit_lens)
assert digit_lens.count_params() == 38_826 and lens_twin.count_params() == 39_340
for network in (digit_lens, lens_twin):
    learn(network, images, epochs=15)

# %% tags=["measured"]
ours, twins = (accuracy(model, images) for model in (digit_lens, lens_twin))
### BEGIN HIDDEN TESTS
assert all(0.89 < one < 0.99 for one in (ours, twins))
lens_bands = [band("centered", network) for network in ("LENS", "dense twin of LENS")]
np.testing.assert_allclose(lens_bands, [(0.928, 0.975), (0.919, 0.964)], atol=5e-4)
assert (
    round(100 * (starts["centered", "LENS"] - starts["centered", "dense twin of LENS"]).mean(), 1)
    == 1.5
)
### END HIDDEN TESTS
lead = starts["centered", "LENS"].mean() - starts["centered", "dense twin of LENS"].mean()
f"LENS {ours:.1%}, its twin {twins:.1%}; mean lead over eight starts: {100 * lead:.1f} points"

# %% [markdown]
# 38,826 parameters against 39,340: 92.8 to 97.5 % and 91.9 to 96.4 % over eight starts. The mean lead is
# 1.5 points, and the ranges overlap widely: a small lead at best.
#
# ### An experiment where it matters
#
# Nobody centers your digits when you write on a page. So take the same digits, a little smaller (20×20),
# and put each one **somewhere** in the 32×32 frame: 13·13 = 169 possible places. Training, validation
# and test pictures are all made this way.


# %%
def place(pictures, rng, side=32):
    """Every picture at a random place of a dark frame."""
    count, height, width, channels = pictures.shape
    frames = np.zeros((count, side, side, channels), "float32")
    corners = rng.integers(0, side - height + 1, (count, 2))
    for frame, picture, (top, left) in zip(frames, pictures, corners, strict=True):
        frame[top : top + height, left : left + width] = picture
    return frames


small = data.enlarged(digits.images, side=20)
placed = place(small, np.random.default_rng(0))
np.testing.assert_allclose(placed.sum(axis=(1, 2, 3)), small.sum(axis=(1, 2, 3)), rtol=1e-5)
### BEGIN HIDDEN TESTS
for pictures, side in ((small[:9], 32), (np.ones((5, 2, 2, 2)), 4), (small[:3], 20)):
    by_table, by_lesson = (
        function(pictures, np.random.default_rng(2), side) for function in (measure.placed, place)
    )
    np.testing.assert_array_equal(by_table, by_lesson)
### END HIDDEN TESTS
figures.placements(images[:9], placed[:9])

# %% [markdown]
# No ink is lost, the total is the same. A person reads the lower row without thinking.
#
# ### Predict: which network suffers more?
#
# Both start again from nothing and train on moved digits, with the same settings, for 25 epochs: long
# enough for both to know their training digits. Will either stay at 96 %? How large will the gap be?
# (On the way we put copies of the weights of LeNet-5 aside; section 7 turns them into a film.)

# %% tags=["measured", "trains"]
training.reproducible(0)
lenet_moved = models.lenet5()
twin_moved = dense_twin(lenet_moved)
snapshots = Snapshots(34 * epoch for epoch in (0, 1, 2, 3, 4, 5, 7, 10, 15, 25))
moved_records = [learn(lenet_moved, placed, 25, snapshots), learn(twin_moved, placed, 25)]

# %% tags=["measured"]
moved = [accuracy(model, placed) for model in (lenet_moved, twin_moved)]
assert all(record.accuracy[-1] > 0.97 for record in moved_records)
assert 0.77 < moved[0] < 0.9 and 0.55 < moved[1] < 0.72
assert moved[0] - moved[1] > 0.1
{
    name: f"training digits {record.accuracy[-1]:.1%}, test digits {share:.1%}"
    for name, record, share in zip(["LeNet-5", "dense"], moved_records, moved, strict=True)
}

# %% tags=["measured"]
networks = {"LeNet-5": "LeNet-5", "dense": "dense twin of LeNet-5"}
bands = {
    f"{digits}/{name}": band(digits, network)
    for digits in ("centered", "anywhere")
    for name, network in networks.items()
}
assert bands["anywhere/LeNet-5"][0] > bands["anywhere/dense"][1] + 0.1
np.testing.assert_allclose(bands["anywhere/LeNet-5"], (0.811, 0.844), atol=5e-4)
np.testing.assert_allclose(bands["anywhere/dense"], (0.603, 0.667), atol=5e-4)
results = {
    "centered": {"LeNet-5": lenet_centered, "dense": twin_centered},
    "anywhere": {"LeNet-5": moved[0], "dense": moved[1]},
}
figures.duel(results, bands)

# %% [markdown]
# Both know their training digits (solid curves: more than 97 %). On digits that they have not seen they
# part. The figure puts this run beside the eight starts that we measured. Marks are this run, bars the eight
# starts. **Centered: a draw. Anywhere: 81 to 84 % against 60 to 67 %.** As many parameters, the same digits,
# the same training. The difference is where the weights look: LeNet-5 uses its 5×5 kernels at every place, so
# a stroke seen in one corner teaches it about all corners. The dense network must meet every stroke at every
# place, and a thousand examples are too few for that. It learned its examples by heart.
#
# Notice as well what convolution did *not* do: LeNet-5, too, fell, from 96 to about 83 %. Its kernels
# slide, but after Flatten its dense layers again have a weight for each place. Two things help: showing
# every training picture at many places (lesson {data_augmentation}), and pooling over whole maps (the challenge).

# %% [markdown]
# ### Question 2
#
# Why does the dense network lose more when digits move?
#
# - **a** It has too few parameters.
# - **b** What it learns about one place, it cannot use at another.
# - **c** It cannot combine neighboring pixels.
#
# <details><summary>Answer</summary>
#
# **b.** Each of its weights belongs to one pixel. A stroke two pixels further right meets other weights,
# which must learn it from other examples.
#
# - "Too few parameters": it has 404 more than LeNet-5.
# - "It cannot combine neighboring pixels": each hidden unit combines all 1,024 pixels, neighbors among
#   them. What the network lacks is the knowledge that the same pattern elsewhere is the same pattern.
# </details>

# %% [markdown] tags=["notes"]
# **8 minutes.** Collect the predictions for "who wins" before the cell; most of the room gives the
# convolutional network five points or more. Let the draw disappoint them. Ask: "What is it about these
# pictures?" until somebody says "they are all in the middle". Then the second experiment.
#
# Two good objections. "LeNet-5 has more layers, so it is not only the convolution." True: this compares
# two designs of one size, not one single factor. Let them try a dense network with three hidden layers
# (56, 40, 30): it, too, stays far behind, for depth brings no weight sharing. And: "The moved digits are
# smaller, too." Small digits in the middle of the frame are read as well as large ones, by both networks.

# %% [markdown]
# ## 6. No magic: the network in six lines of NumPy
#
# In lesson {convolution} you built convolution by hand. Is that what Keras computes? Take the trained LENS network,
# its first layer's weights, and one test digit.

# %% tags=["measured"]
digit = images[test[0]]
lens_kernels, biases = digit_lens.get_layer("conv1").get_weights()
by_hand = np.maximum(correlate_volume(digit, lens_kernels) + biases, 0)
by_keras = digit_lens.get_layer("conv1")(digit[np.newaxis])[0]
np.testing.assert_allclose(by_hand, by_keras, atol=1e-5)
assert by_hand.shape == (30, 30, 8)
f"{by_hand.shape}, largest difference {np.abs(by_hand - by_keras).max():.0e}"

# %% [markdown]
# Slide the kernels, add a bias to each map, cut off what is below zero: the same 30×30×8 numbers. And
# pooling, of both kinds:

# %% tags=["measured"]
pooled_by_keras = {
    "max": layers.MaxPooling2D(2)(by_keras[np.newaxis])[0],
    "average": layers.AveragePooling2D(2)(by_keras[np.newaxis])[0],
}
apart = {
    how: float(np.abs(pool2d(by_hand, how=how) - maps).max())
    for how, maps in pooled_by_keras.items()
}
assert max(apart.values()) < 1e-5
apart

# %% [markdown]
# The largest differences are rounding errors: every number agrees. Then nothing stops you from running the
# *whole* trained network by hand. Two rounds of features, Flatten, two dense layers, softmax.


# %%
def forward(picture, weights):
    """The LENS network without Keras: a picture in, probabilities out."""
    k1, b1, k2, b2, w3, b3, w4, b4 = weights
    maps = pool2d(np.maximum(correlate_volume(picture, k1) + b1, 0))
    maps = pool2d(np.maximum(correlate_volume(maps, k2) + b2, 0))
    hidden = np.maximum(maps.reshape(-1) @ w3 + b3, 0)  # reshape(-1) is Flatten
    scores = np.exp(hidden @ w4 + b4)
    return scores / scores.sum()


# %% tags=["measured"]
fifty = [forward(images[n], digit_lens.get_weights()) for n in test[:50]]
fifty_by_keras = digit_lens(images[test[:50]])
np.testing.assert_allclose(fifty, fifty_by_keras, atol=1e-5)
f"largest difference {np.abs(fifty - fifty_by_keras).max():.0e}"

# %% [markdown]
# Fifty digits, five hundred probabilities, all the same. A convolutional network is these six lines and
# its weights. What Keras adds is speed, and the gradients that found the weights.

# %% [markdown] tags=["notes"]
# **4 minutes.** Ask before the last cell: "What is missing, if we want to run a trained network in a
# program without Keras?" They expect something complicated. Nothing is missing. A careful student asks
# about `np.exp` of large scores: right, subtract the largest first, as in lesson {multilayer_perceptron}; here no score comes
# near 88, beyond which float32 overflows.

# %% [markdown]
# ## 7. What does it see?
#
# Open the LeNet-5 that reads moved digits, and follow one of them through it: the test 3 that it is
# surest of. For that we need the output of every layer, and Keras gives it: a second model with the same
# layers, and more ends.

# %%
threes = test[labels[test] == 3]
shown = threes[lenet_moved.predict(placed[threes], verbose=0)[:, 3].argmax()]
every_layer = keras.Model(lenet_moved.inputs[0], [layer.output for layer in lenet_moved.layers])
outputs = [np.asarray(output[0]) for output in every_layer(placed[[shown]])]
by_layer = dict(zip([layer.name for layer in lenet_moved.layers], outputs, strict=True))
says = by_layer.pop("classes")
assert says[3] > 0.9

# %% tags=["measured"]
figures.layer_by_layer(placed[shown], by_layer, says)

# %% [markdown]
# Purple is positive, orange negative, white zero. In conv1 you still read a 3: each map marks something
# else: one side of its strokes or their ink. In pool2, sixteen maps of 5×5 say *that something is there*,
# no longer what it looks like. The lower half turns 400 such facts into one answer.
#
# What are the six kernels of conv1? Put them beside what they make of three digits.

# %% tags=["measured"]
kernels = lenet_moved.get_layer("conv1").get_weights()[0][:, :, 0]
first_layer = keras.Model(lenet_moved.inputs[0], lenet_moved.get_layer("conv1").output)
three = placed[[test[np.flatnonzero(labels[test] == digit)[0]] for digit in (0, 4, 7)]]
### BEGIN HIDDEN TESTS
purple = (kernels > 0).mean(axis=(0, 1))
assert ((purple > 0.2) & (purple < 0.8)).sum() >= 4
### END HIDDEN TESTS
figures.kernels_and_maps(kernels, three, np.asarray(first_layer(three)))

# %% [markdown]
# Nobody wrote these kernels, and yet you know their kind from lesson {convolution}. Where one side is purple and the
# other orange, the kernel is an **edge filter** for that direction; where nearly all is one color, it
# answers to ink as such. Follow a column down: the same kernel finds the same kind of edge in a 0, a 4
# and a 7.
#
# ### How the kernels came about
#
# They began as random numbers. Here are four moments from the training above: before it, after the first
# epoch (34 batches of 32 digits), after the fifth, and at the end.

# %% tags=["measured"]
copy = models.lenet5()
looking = keras.Model(copy.inputs[0], [copy.get_layer("conv1").output, *copy.outputs])


def moment(batches):
    """Kernels, maps and probabilities for the 3, as they were after so many batches."""
    copy.set_weights(snapshots.weights[batches])
    maps, says = looking(placed[[shown]])
    return copy.get_weights()[0][:, :, 0], np.asarray(maps[0]), np.asarray(says[0])


seen_kernels, _, seen_says = zip(*map(moment, [0, 34, 170, 850]), strict=True)
assert seen_says[0].max() < 0.4 and seen_says[2][3] > 0.2 and seen_says[-1][3] > 0.9
assert seen_kernels[-1].std() > seen_kernels[0].std()
figures.learning_moments(seen_kernels, seen_says, ["before", "1 epoch", "5 epochs", "25 epochs"])

# %% [markdown]
# Before training, ten low bars: it knows nothing. In the end nearly everything is on 3, and the noise in
# the kernels has given way to smooth slopes from purple to orange. (Colors are scaled row by row; the
# weights have grown as well.) Is that more than an impression? In noise, neighbors differ as much as any
# two weights do. Measure it.


# %% tags=["measured"]
def roughness(kernels):
    """Squared difference of neighboring weights over their variance: about 2 for pure noise."""
    down, across = (np.square(np.diff(kernels, axis=axis)).mean() for axis in (0, 1))
    return float((down + across) / 2 / kernels.var())


assert roughness(seen_kernels[0]) > 1.4 and roughness(seen_kernels[-1]) < 0.7
assert roughness(seen_kernels[-1]) < roughness(seen_kernels[0]) / 2
{"before": round(roughness(seen_kernels[0]), 2), "25 epochs": round(roughness(seen_kernels[-1]), 2)}

# %% [markdown]
# Less than half as rough as at the start. Now turn the pages yourself; the slider needs no running
# notebook.

# %% tags=["measured"]
flipbook(
    lambda n: figures.learning_frame(
        *moment(n), f"epoch {n // 34}: after {n} batches of 32 digits"
    ),
    sorted(snapshots.weights),
    "A flipbook of ten pages, from 0 to 25 epochs: six kernels, six maps of a 3, ten probabilities.",
    label="page",
    interval=900,
)

# %% [markdown]
# ### What excites a unit most
#
# A map of conv2 is harder to read than a kernel: it has weights for six maps at once. So ask the data:
# *which pieces of all test digits excite this map most?* One unit of conv2 sees 14×14 pixels of the
# input: 5 for conv1, one more for pool1, and 4 steps of 2 pixels for conv2. Compare what goes into tanh:
# what comes out is close to 1 for every strong piece, and no longer tells them apart.

# %%
k2, b2 = lenet_moved.get_layer("conv2").get_weights()
up_to_pool1 = keras.Model(lenet_moved.inputs[0], lenet_moved.get_layer("pool1").output)
responses = np.asarray(keras.ops.conv(up_to_pool1(placed[test]), k2) + b2)


def patch(n, row, column):
    """The 14x14 pixels of test digit n that the unit at (row, column) of conv2 sees."""
    return placed[test[n], 2 * row : 2 * row + 14, 2 * column : 2 * column + 14]


# %% [markdown]
# Is it true that nothing else counts? Give the network *only* the patch, by hand: conv1, pool1 and conv2
# make one pixel of it, with the same sixteen values.

# %% tags=["measured"]
k1, b1 = lenet_moved.get_layer("conv1").get_weights()
patch_maps = pool2d(np.tanh(correlate_volume(patch(0, 3, 4), k1) + b1), how="average")
alone = correlate_volume(patch_maps, k2) + b2
np.testing.assert_allclose(alone, responses[:1, 3:4, 4:5][0], atol=1e-3)
f"{alone.shape}, largest difference {np.abs(alone - responses[0, 3:4, 4:5]).max():.0e}"

# %% [markdown]
# So a unit is a detector for a piece of a digit. Here are the eight strongest pieces for six of the
# sixteen maps, each from another digit.


# %% tags=["measured"]
def strongest(channel, count=8):
    """The patches that excite a map of conv2 most, one from each digit."""
    flat = responses[..., channel].reshape(len(test), -1)
    places = np.stack(np.unravel_index(flat.argmax(axis=1), (10, 10)), axis=1)
    digits = np.argsort(-flat.max(axis=1), kind="stable")[:count]
    return [patch(n, *places[n])[..., 0] for n in digits]


units = [0, 3, 5, 8, 11, 14]
pieces = np.array([strongest(unit) for unit in units])
assert pieces.var(axis=1).mean() < 0.7 * pieces.var(axis=(0, 1)).mean()
figures.strongest_patches(pieces, units)

# %% [markdown]
# Within most maps the pieces look alike, though each comes from another picture: a slanted stroke here,
# an arc there. Pixel by pixel, the pieces of one map differ much less from each other than the pieces of
# all maps do. Edges in the first layer, pieces of strokes in the second; more layers would put the pieces
# together to larger shapes. Nobody told the network to work its way up like that.

# %% [markdown] tags=["notes"]
# **6 minutes.** Let somebody describe one group of patches in words before you do. You will hear names
# of digits ("that one finds 7s"). Ask: "Does it fire on other digits, too?" A unit of conv2 votes for a
# piece; only the dense layers put votes together. Some groups look like nothing nameable. Say so:
# nothing forces a unit to mean something to us.

# %% [markdown]
# ## 8. Where does it fail?
#
# About one moved digit in six is misread. Which ones? Accuracy is one number; the **confusion matrix**
# has a hundred: row *i*, column *j* counts the test digits that were *i* and were called *j*.

# %% tags=["measured"]
probabilities = lenet_moved.predict(placed[test], verbose=0)
matrix = confusion_matrix(labels[test], probabilities.argmax(axis=1))
assert matrix.sum() == 360
assert np.isclose(np.trace(matrix) / 360, moved[0])
assert matrix[1, 8] + matrix[8, 1] >= 5 and matrix[8, 1] >= 3
plots.confusion(matrix, range(10))

# %% [markdown]
# The diagonal over the total is the accuracy. Read a mistake: find a colored cell, go left for what it
# *was*, down for what the network *said*. Which two digits does it mix up most? In most runs they are 1
# and 8: twenty pixels high, many a 1 and many an 8 are an upright bar of ink.
#
# ### Your turn 4: precision and recall of every class
#
# **Precision** of class 3: of all digits called 3, how many were 3? **Recall**: of all digits that were
# 3, how many were called 3? Write both for all classes at once. Where a class was never called, let its
# precision be 0. For `[[8, 2, 0], [1, 9, 0], [3, 0, 7]]` the precisions are 8/12, 9/11, 7/7, the recalls
# 8/10, 9/10, 7/10.


# %% tags=["exercise"]
def precision_recall(matrix):
    """Two arrays: precision of every class, recall of every class."""
    ### BEGIN SOLUTION
    right = np.diag(matrix)
    said, was = matrix.sum(axis=0), matrix.sum(axis=1)
    return right / np.maximum(said, 1), right / np.maximum(was, 1)
    ### END SOLUTION


# %%
check.precision_recall(precision_recall)

# %% [markdown]
# And for LeNet-5 on moved digits:

# %% tags=["measured"]
precision = np.diag(matrix) / matrix.sum(axis=0)
recall = np.diag(matrix) / matrix.sum(axis=1)
assert 0.5 < min(precision.min(), recall.min()) < 0.8
assert max(precision.max(), recall.max()) > 0.9
figures.precision_and_recall(precision, recall, range(10))

# %% [markdown]
# One accuracy, ten different stories: some marks lie above 90 %, others below 80 %. Where the square lies
# below the circle, the network is shy of that digit: it says it too rarely, and misses some. Where the
# circle is lower, it says that digit too often. With 36 digits a class, one mistake moves a mark by almost
# three points: do not rank classes by a small difference.
#
# Now look at the mistakes themselves, those first that the network was surest of.

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
wrong = probabilities.argmax(axis=1) != labels[test]
assert wrong.sum() == round(360 * (1 - moved[0]))
sureness = probabilities.max(axis=1)
assert sureness[wrong].max() > 0.9
assert sureness.mean() > moved[0] + 0.02
### END HIDDEN TESTS
figures.worst_mistakes(placed[test], labels[test], probabilities)

# %% [markdown]
# Would you have read them all? Some are ambiguous at this size. Others are plain to you, and the network
# was wrong *and sure*: a high probability is no proof. Look at your mistakes in every project; they show
# you what to mend, which the accuracy does not.

# %% [markdown] tags=["notes"]
# **5 minutes.** Cover the labels of the worst mistakes and let the room read them first. Count how many
# the room gets right. Ask: "Do these six show that a probability of 99 % means nothing?" No: we picked them
# because they are wrong. To judge its probabilities, take all test digits: on average LeNet-5 says about
# 90 % (`probabilities.max(axis=1).mean()`), and it is right in about 83 of 100. Trained networks are often
# too sure.

# %% [markdown]
# ## 9. Draw one yourself
#
# Back to the first LeNet-5, which reads centered digits and is right in 96 of 100. It knows digits from
# paper, cut out and counted. A drawing must go the same way: crop it to its outline, scale it to 32 dots
# of height, center it, count the ink in blocks of 4×4, enlarge. Here is the 3 from before, redrawn as
# somebody could have drawn it with a thick pen.

# %% tags=["measured"]
drawing = redraw(digits.images[shown])
ink = prepare(drawing)
picture = data.enlarged(ink[np.newaxis])
first_maps, answer = lenet.layers[0](picture), lenet(picture)
assert answer[0, 3] > 0.6
figures.reading(drawing, ink, picture[0], np.asarray(first_maps[0]), np.asarray(answer[0]))

# %% [markdown]
# Does this detour spoil the digits? Redraw all 360 test digits and let the network read them again.

# %% tags=["measured"]
redrawn = np.array([prepare(redraw(one)) for one in digits.images[test]])
said = lenet.predict(data.enlarged(redrawn), verbose=0).argmax(axis=1)
off = np.abs(redrawn.astype(int) - digits.images[test]).mean()
still_read = (said == labels[test]).mean()
assert off < 2
assert still_read > 0.85
f"off by {off:.1f} of 16 levels, {still_read:.1%} read"

# %% [markdown]
# On average a pixel is off by less than 2 of 16 levels, and more than 85 of 100 are still read. Now it
# is your turn. Press **Draw** and write into the black square, with mouse or finger, or with the arrow
# keys and the space bar. Every layer follows your pen.
#
# Then take the answer apart. Click a class: you see the ten products that count most for it. Press
# **Down**, again and again: from the vote to a unit, to a map, to a window with its kernel, to a pixel.
# Every number on the way is computed here, on this page, from the weights that you have trained.

# %% tags=["measured"]
first_of = [test[np.flatnonzero(labels[test] == digit)[0]] for digit in range(10)]
samples = [first_of[digit] for digit in (3, 0, 1, 2, 4, 5, 6, 7, 8, 9)]
NetworkExplorer(lenet, images[samples], range(10))

# %% [markdown]
# - Press **Draw** and draw nothing. What does the network say, and how sure is it? It has to say something.
# - Click a place in conv1 where the map is dark. Does its window lie on an edge of the digit?
# - In conv2, choose one input map after the other. Which one decides, and do all six agree?
# - A 7 with a bar and one without; a 3 that you slowly close to an 8. Where does the network change its mind?
# - Any drawing that is no digit: go down from the vote. Which strokes did it take for what?
#
# A digit in the corner is no problem here, since the pad centers it first: good preparation of the data
# did what the network could not. But your hand is a fourteenth hand, and the test set held only the
# thirteen. And to a house or a smile it has to answer with a digit: softmax knows no "none of these".

# %% [markdown] tags=["notes"]
# **4 minutes.** Let a volunteer draw on the projected pad. Ask for a 7 "as you write it", then for one
# with a bar, if the first fails. This is the moment to say *distribution shift*: the test set told the
# truth about these thirteen writers. Whoever cannot draw loads one of the ten written digits, or uses
# the keyboard.

# %% [markdown]
# ### Challenge
#
# Beat LeNet-5. Build a network with fewer than 61,706 parameters that reads more than 83 % of the *moved*
# digits. Ideas: ReLU and max pooling; more kernels, smaller ones; a third convolution; in place of Flatten,
# `GlobalMaxPooling2D`, which keeps one number a map, so that no weight belongs to a place any more.
# Choose by the **validation** set, and train with three seeds before you believe your result. Look at the
# test set once, at the end. How few parameters can you get away with?

# %%
training.reproducible(0)
mine = keras.Sequential(
    [
        keras.Input((32, 32, 1)),
        layers.Conv2D(8, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(10, activation="softmax"),
    ]
)
assert mine.count_params() == (9 + 1) * 8 + (8 + 1) * 10 == 170
mine.count_params()

# %% [markdown]
# This start has 170 parameters and is too small; `learn(mine, placed, 25)` shows how far it gets.

# %% [markdown]
# ## What you can do now
#
# - **Compute** shapes: a convolution without padding takes `kernel − 1` from height and width and sets the
#   depth, pooling divides height and width and keeps the depth, Flatten multiplies all three.
# - **Compute** parameters: (kernel · kernel · depth + 1) · maps for a convolution, (inputs + 1) · units
#   for a dense layer, none for pooling and Flatten. The dense layer after Flatten can hold nearly all.
# - **Build** LeNet-5, train it on three separate sets, and run a trained network in six lines of NumPy.
# - **Compare** fairly: as many parameters, the same data, several seeds, the test set kept for the end.
#   Convolution pays when things may be anywhere.
# - **Explain** what layers see: edges first, pieces of strokes next.
# - **Judge** a classifier by class, and by its worst mistakes.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("convolutional_networks")

# %% [markdown]
# ## Common mistakes
#
# - **Forgetting the depth.** A 3×3 kernel over 8 maps has 72 weights, not 9.
# - **Rounding up after pooling.** 37 becomes 18; the last row is left out.
# - **Softmax twice.** If the last layer has softmax, the loss must not apply it again
#   (`from_logits=False`, the default).
# - **Feeding other pixels than in training.** A network that learned from centered digits also answers
#   to moved ones, or to ink from 0 to 16. The answers are worse, and no error tells you.
# - **One run as proof.** Half a point on 360 digits is two digits. Use several seeds, and say the range.
# - **Choosing by the test set.** The best of twenty networks on the test set looks better than it is.

# %% [markdown]
# ## Where next
#
# Digits are small, gray and alone. Lesson {image_classification} takes the LENS network to photographs of eight classes:
# airplanes, cats, flowers. You will watch it learn its examples by heart, and lessons {regularization} to {transfer_learning} teach you
# three ways out of that.
