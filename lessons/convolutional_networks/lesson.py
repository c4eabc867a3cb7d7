# %% [markdown]
# # Convolutional networks
#
# **Two networks read handwritten digits. They have the same number of parameters; one is built of
# convolutions, the other is not. Which one reads better? And what happens to each of them when the digits
# leave the middle of the picture?** Guess now, and write it down. In this lesson you build both, train both,
# and at the end you exchange a single layer. Watch what that layer does.
#
# {time} · **You need:** [{padding_and_stride} Padding and stride](padding_and_stride.ipynb),
# [{pooling} Pooling](pooling.ipynb) and [{training_a_network} Training a network](training_a_network.ipynb).
#
# **When you are done, you can**
#
# - **compute** the shape after every layer of a convolutional network, and its parameters
# - **build** LeNet-5 in Keras
# - **train** it, and judge it on the handwriting of people it has never met
# - **exchange** one layer, so that a network reads digits wherever they are, and compare fairly
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023);
# Y. Chammami, *Exploring the Power of Conv'Nets* (flatten, dense, softmax); I. Heredia, *Image
# classification* (Santander, 2022; LeNet-5); P. Padman, *Training a CNN to Classify Images* (the two
# halves); E. Rantsiou, *Convolutional Neural Networks basics* (LENS ML School, 2021; the network of
# section 2); Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document
# recognition* (Proceedings of the IEEE, 1998).

# %% [markdown]
# ## Setup

# %%
from lessons.convolutional_networks import check, figures
from lessons.convolutional_networks.dense_twin import dense_twin
from lessons.convolutional_networks.heads import three_convolutions
from lessons.convolutional_networks.learning import learn
from lessons.convolutional_networks.records import accuracies, curves
from utils import board, data, models, plots, training

import keras
import numpy as np
from keras import layers

### BEGIN HIDDEN TESTS
from lessons.convolutional_networks import measure
from utils.metrics import p_of_difference
### END HIDDEN TESTS

plots.style()

# %% [markdown] tags=["notes"]
# **1 minute.** Read the two questions in bold aloud and take a vote on each. "More layers win" and "more
# parameters win" come at once: the parameters are equal. Write the votes on the board and leave them there;
# sections 5 and 6 answer them. Nothing in this lesson needs the internet.
#
# Short of time? Leave out section 1 but for its prediction, and the figure of blocks in section 2.

# %% [markdown]
# ## 1. From a volume to a vector
#
# Convolution and pooling take a volume and give a volume. A dense layer wants a vector. Between the two
# stands **Flatten**: it has no weights and computes nothing; it puts the numbers into one line. Here is a
# pooled map from a lecture.

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
# A real layer has several maps. Take two maps of 2×2: the first holds 1, 2, 3, 4, the second 10, 20, 30, 40.
# In which order do the eight numbers come out?
#
# - **a** 1, 2, 3, 4, 10, 20, 30, 40
# - **b** 1, 10, 2, 20, 3, 30, 4, 40
# - **c** 1, 3, 2, 4, 10, 30, 20, 40

# %%
two_maps = np.dstack([[[1, 2], [3, 4]], [[10, 20], [30, 40]]])
flat_maps = layers.Flatten()(two_maps[np.newaxis])
assert flat_maps[0].numpy().tolist() == [1, 10, 2, 20, 3, 30, 4, 40]
flat_maps.numpy()

# %% [markdown]
# **b**: Keras keeps the maps on the last axis, and the last axis runs fastest. First all maps of the top left
# pixel, then all maps of its neighbor. The network does not mind, since it learns its weights for this order.
#

# %% [markdown] tags=["notes"]
# **3 minutes.** Most of the room votes for **a**. Let the cell answer. Then ask: "Does the order matter to
# the network?" No: the dense layer learns its weights for whatever order it gets. Ask also: "How many numbers
# does Flatten make of 5×5 pixels in 16 maps?" You will hear 25. It is 400.

# %% [markdown]
# ## 2. One network, two halves
#
# You now have all the parts. Put in order they make a convolutional network. Its first half finds
# **features**: convolution, activation, pooling, and again. Its second half **classifies**: flatten, dense,
# softmax. This is the network of the LENS lecture, for color pictures of 80×80 and four classes.

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
# Take paper. For each layer, write down the shape of what comes out and the number of parameters. The first
# row is done. Two things that you know suffice: a 3×3 kernel without padding takes two rows and two columns
# away; a pooling of 2 halves height and width and leaves out an odd last row or column.
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

# %% [markdown] tags=["notes"]
# **6 minutes.** Let them fill the table in pairs, four minutes, on paper; it is the most useful exercise of
# the lesson. Walk round. You will see: conv2 with 3·3·16 weights (the depth of 8 forgotten: "what is below
# the kernel?"), pool2 with 18.5 or 19 (rounded up), parameters for pooling, and dense1 without the
# multiplication by 5184. Ask at the end: "Where do nearly all the parameters sit?" Few guess that it is one
# layer, and that it is no convolution.

# %% [markdown]
# ### Your turn 1: shapes through a stack of layers
#
# Write what you did on paper for any network. A layer is `("conv", maps, kernel)`, without padding and with
# stride 1, or `("pool", size)`. For a shape of `(80, 80, 3)` and the layers `[("conv", 8, 3), ("pool", 2)]`
# the function returns `[(78, 78, 8), (39, 39, 8)]`.


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
# Your table is your prediction, both columns. `None` is the number of pictures in a batch, which may be any.

# %%
### BEGIN HIDDEN TESTS
assert lens.count_params() == 333_492
assert lens.get_layer("dense1").count_params() == (18 * 18 * 16 + 1) * 64 == 331_840
assert sum(lens.get_layer(name).count_params() for name in ("conv1", "conv2")) == 1_392
### END HIDDEN TESTS
lens.summary()

# %%
names = ["input", *(layer.name for layer in lens.layers)]
shapes = [(80, 80, 3), *(layer.output.shape[1:] for layer in lens.layers)]
### BEGIN HIDDEN TESTS
pooled_again = layers.MaxPooling2D(2).compute_output_shape((None, 18, 18, 16))
assert pooled_again == (None, 9, 9, 16) and (9 * 9 * 16 + 1) * 64 == 83_008
### END HIDDEN TESTS
figures.volumes(names, shapes, split=5)

# %% [markdown]
# 331,840 of 333,492 parameters, more than 99 in 100, sit in dense1, where the volume has become a vector. The
# two convolutions, which do the seeing, need 1,392. In the picture the height of a block is the side of a map,
# its thickness their number: **maps become small and many**. Step by step the network gives up position and
# gains meaning: 19,200 numbers that say *how bright is it here?* become 4 that say *which class?*

# %% [markdown]
# ### Question 1 <!-- compute -->
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
# - "Halve the kernels in conv1" touches conv1 and conv2, which together hold 1,392 parameters of 333,492; how
#   many maps reach Flatten is set by conv2 alone.
# - "Take the biases away" removes 8 + 16 + 64 + 4 = 92 parameters.
#
# Count where the parameters are before you save any.
# </details>

# %% [markdown]
# ## 3. The digits
#
# Look at the data first. scikit-learn brings 1,797 digits that 13 people wrote by hand. Each was scanned, cut
# to its outline, and counted: 8×8 pixels, and in each the ink of a block of 4×4 dots, from 0 to 16.

# %%
digits = data.digits()
labels = digits.labels
assert digits.images.shape == (1797, 8, 8) and digits.images.max() == 16
figures.digit_rows(digits.images, labels)

# %% [markdown]
# LeNet-5 wants 32×32. We enlarge every digit by four, **interpolating** between the pixels, so that strokes
# stay smooth; and we divide by 16, so that ink lies between 0 and 1, where networks learn best.

# %%
images = data.enlarged(digits.images)
assert images.shape == (1797, 32, 32, 1) and images.min() == 0 and images.max() == 1
figures.enlargement(digits.images[8], images[8])

# %% [markdown]
# One day the network is to read *your* hand. So nobody who wrote a digit for the training may stand in the
# test: as in lesson {learning_from_data}, the **writers** are split, not the digits. Seven blocks of writers
# to learn from, two to watch, three to judge by at the very end.

# %%
parts = data.writers_apart(0)
train, validation, test = parts["train"], parts["validation"], parts["test"]
writers = data.digit_writers()
assert not set(writers[train]) & set(writers[test])
{
    part: f"{len(which)} digits of writers {np.unique(writers[which])}"
    for part, which in parts.items()
}

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask: "What would we measure if digits were dealt at random?" How well the network reads more
# digits of people it knows, which is several points better and is no promise for anybody else. Let somebody
# point at two hands in the figure: 1 with and without a flag, 7 with and without a bar.

# %% [markdown]
# ## 4. LeNet-5
#
# In 1998 Yann LeCun and colleagues described LeNet-5, and a system built on networks of this kind that read
# several million bank checks a day. It has the two halves you know. Three things belong to its time: **tanh**
# where we would take ReLU, **average** pooling where we would take the maximum, and 5×5 kernels where we
# would take 3×3. You write it.
#
# ### Your turn 2: LeNet-5
#
# Input 32×32×1. Convolution with 6 kernels of 5×5; average pooling of 2; convolution with 16 kernels of 5×5;
# average pooling of 2; Flatten; dense 120, 84, and one unit per class. Convolutions and dense layers have
# tanh, the last one has softmax. The LENS network above shows how a `Sequential` is written.


# %% tags=["exercise"]
def lenet5(classes):
    """LeNet-5 for pictures of shape (32, 32, 1), not compiled."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="tanh"),
            layers.Dense(84, activation="tanh"),
            layers.Dense(classes, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %%
check.lenet5(lenet5)

# %% [markdown]
# From here on it is `models.lenet5()`, the same network. Where are its parameters?

# %%
lenet = models.lenet5()
assert lenet.get_layer("pool2").output.shape == (None, 5, 5, 16)
assert lenet.count_params() == 156 + 2_416 + 48_120 + 10_164 + 850 == 61_706
{layer.name: layer.count_params() for layer in lenet.layers}

# %% [markdown]
# Behind Flatten, again. 5×5×16 = 400 numbers reach dense1, which has 48,120 of the 61,706 parameters.
#
# ### Your turn 3: compile and fit
#
# A network learns in two calls. **Compile** says how: Adam with a rate of 0.003, the loss
# `"sparse_categorical_crossentropy"` (labels are numbers, the network ends with softmax), the metric
# `"accuracy"`. **Fit** says from what: `seen` and `unseen` are pairs of pictures and labels, the first to
# learn from, the second as `validation_data`. Let it be silent (`verbose=0`), and return the `.history` of
# what fit returns: the curves.


# %% tags=["exercise"]
def compile_and_fit(model, seen, unseen, epochs):
    """Train a model; its curves, a dictionary of lists."""
    ### BEGIN SOLUTION
    descent = keras.optimizers.Adam(0.003)
    model.compile(descent, "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(*seen, epochs=epochs, validation_data=unseen, verbose=0)
    return history.history
    ### END SOLUTION


# %%
check.learn(compile_and_fit)

# %% [markdown]
# From here on the two calls are named `learn`. Six times through some nine hundred digits:

# %% tags=["measured", "trains"]
training.reproducible(0)
seen, unseen = ((images[part], labels[part]) for part in (train, validation))
lenet_curves = learn(lenet, seen, unseen, 6, training.LiveCurves())

# %% [markdown]
# It was quick: most of the way lies in the first two epochs. The gap between the curves is the price of new
# handwriting. Nothing was chosen by looking at the test digits, so now they may speak, once for this network.

# %% tags=["measured"]
_, lenet_centered = lenet.evaluate(images[test], labels[test], verbose=0)
assert 0.86 < lenet_centered < 0.96
f"LeNet-5 reads {lenet_centered:.1%} of the digits of three new writers"

# %% [markdown] tags=["notes"]
# **5 minutes.** While it trains, ask: "Where will the curves be after one epoch?" People expect slow
# progress. Then: "May I train longer, because the test result was good?" No: whoever decides by the test set
# has made it a validation set. Wrong answers in exercise 3 that come often: the loss
# `categorical_crossentropy` (labels are not one-hot), `from_logits=True` after a softmax, and validation on
# the training digits. The check names all three.

# %% [markdown]
# ## 5. Against a dense network of the same size
#
# Is that good? A number means little alone. A fair opponent has the **same number of parameters**, the same
# data, the same training, its own best rate, and no convolution: Flatten, one hidden layer, softmax. 60
# hidden units come closest.

# %%
training.reproducible(0)
dense = dense_twin(lenet)
assert dense.get_layer("dense1").units == 60
assert dense.count_params() == (1024 + 1) * 60 + (60 + 1) * 10 == 62_110
f"dense {dense.count_params():,} parameters, LeNet-5 {lenet.count_params():,}"

# %% [markdown]
# ### Predict: who wins?
#
# Every hidden unit looks at all 1,024 pixels, each through a weight of its own. How far will LeNet-5 be ahead
# on the test digits?
#
# - **a** about 20 points
# - **b** about 10 points
# - **c** about 3 points or less

# %% tags=["measured", "trains"]
dense_curves = learn(dense, seen, unseen, 6)
both = ("accuracy", "val_accuracy")
live = {"dense": dense_curves, "LeNet-5": lenet_curves}
figures.race({name: np.transpose([one[key] for key in both]) for name, one in live.items()})

# %% tags=["measured"]
_, dense_centered = dense.evaluate(images[test], labels[test], verbose=0)
assert abs(lenet_centered - dense_centered) < 0.055
starts = accuracies()
lead = starts["centered", "LeNet-5"] - starts["centered", "dense"]
np.testing.assert_allclose(100 * lead.mean(), 2.8, atol=0.05)
assert (lead > 0).sum() == 7 and lead.min() < 0 and lead.max() > 0.08
### BEGIN HIDDEN TESTS
means = [starts["centered", name].mean() for name in ("LeNet-5", "dense")]
np.testing.assert_allclose(means, (0.915, 0.888), atol=5e-4)
chance = p_of_difference(*(starts["centered", name] for name in ("LeNet-5", "dense")))
assert 0.06 < chance < 0.08
### END HIDDEN TESTS
{
    "three new writers": f"LeNet-5 {lenet_centered:.1%}, dense {dense_centered:.1%}",
    "eight starts": f"LeNet-5 ahead in {(lead > 0).sum()}, by {100 * lead.mean():.1f} points",
}

# %% [markdown]
# **c**: on these three writers LeNet-5 is hardly ahead, or behind. Is one run proof? The course trained every
# network of this lesson from eight starts, each with other writers in the test, and with the rate that was best
# on validation digits (`measure.py` in the lesson's folder). On average 91.5 % against 88.8 %: a small lead, and
# one that differs from start to start. (The test of lesson {regularization} will say: chance alone puts two
# networks so far apart in 7 of 100 deals.) Honest numbers are sometimes dull, and this one teaches something:
# these digits were cut out, scaled and centered by somebody. The stem of a 4 is always in the same place, so a
# weight for each place is nearly all that it takes. Convolution brings the gift of finding a thing *anywhere*.
# Nobody needs it here.

# %% [markdown] tags=["notes"]
# **3 minutes.** Take the vote before the cell; most of the room gives the convolutional network five points
# or more. Let the draw disappoint them. Ask: "What is it about these pictures?" until somebody says "they
# are all in the middle". Then the next section.

# %% [markdown]
# ## 6. Digits anywhere
#
# Nobody centers your digits when you write on a page. So take the same digits, a little smaller (20×20), and
# put each one **somewhere** in the 32×32 frame: 13·13 = 169 possible places.


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
# You read the lower row without thinking.
#
# ### Predict: which network suffers more?
#
# Both start again from nothing and learn from moved digits until they know them by heart. On moved digits of
# new writers, how many of 100 does each of them read? Write down two numbers, then look at the eight starts
# of the table, epoch by epoch.

# %%
moved = {name: curves()["anywhere", name] for name in ("dense", "LeNet-5")}
figures.race(moved, whole=True)

# %%
told = {name: starts["anywhere", name] for name in ("dense", "LeNet-5")}
### BEGIN HIDDEN TESTS
ahead = told["LeNet-5"] - told["dense"]
assert ahead.min() > 0.1
np.testing.assert_allclose(
    [told[name].mean() for name in ("dense", "LeNet-5")], (0.613, 0.734), atol=5e-4
)
fall = starts["centered", "LeNet-5"] - starts["anywhere", "LeNet-5"]
assert 0.175 < fall.mean() < 0.185 and fall.min() > 0.1
assert all(one[-1, 0] > 0.95 for one in moved.values())
### END HIDDEN TESTS
{
    name: f"{one.mean():.0%} of the test digits, from {one.min():.0%} to {one.max():.0%}"
    for name, one in told.items()
}

# %% [markdown]
# Both know their training digits: the faint lines end above 95 %. On new writers they part: **about 73 % for
# LeNet-5, about 61 % for the dense network**, and LeNet-5 is ahead by more than 10 points in each of the eight
# starts. As many parameters, the same digits. The difference is where the weights look. LeNet-5
# uses its 5×5 kernels at every place, so a stroke seen in one corner teaches it about all corners. The dense
# network must meet every stroke at every place.
#
# But notice as well what convolution did *not* do. LeNet-5 fell, too, by about 18 points. Its kernels slide,
# and then comes Flatten, and behind it every weight belongs to one place again.

# %% [markdown]
# ### Question 2 <!-- exchange -->
#
# What makes moved digits hard for the dense network?
#
# - **a** It has too few parameters.
# - **b** What it learns about one place, it cannot use at another.
# - **c** It cannot combine neighboring pixels.
#
# <details><summary>Answer</summary>
#
# **b.** Each of its weights belongs to one pixel. A stroke two pixels further right meets other weights, which
# must learn it from other examples.
#
# - "Too few parameters": it has 404 more than LeNet-5.
# - "It cannot combine neighboring pixels": each hidden unit combines all 1,024 pixels, neighbors among them.
#   What the network lacks is the knowledge that the same pattern elsewhere is the same pattern.
# </details>

# %% [markdown] tags=["notes"]
# **3 minutes.** Two good objections. "LeNet-5 has more layers, so it is not only the convolution." True: this
# compares two designs of one size, not one single factor. Say: "Then let us change one single factor", and
# go on to section 7. "The moved digits are smaller, too." Right, and both networks get the small ones; in the
# middle of the frame they are read as well as large ones.

# %% [markdown]
# ## 7. One layer, exchanged
#
# Where does a network learn about places? Behind Flatten. So take Flatten out. **GlobalMaxPooling** keeps one
# number per map: *does this pattern occur, and how strongly?* It does not say where. No weight behind it can
# belong to a place.
#
# ### Your turn 4: without places
#
# Write a network of our days for pictures of 32×32×1: three convolutions of 3×3 with 16, 32 and 64 kernels and
# ReLU, a max pooling of 2 after the first and after the second; `GlobalMaxPooling2D` where LeNet-5 has
# Flatten; and one dense layer with softmax, a unit per class.


# %% tags=["exercise"]
def without_places(classes):
    """A network whose dense layer gets one number per map, not compiled."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(classes, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %%
check.without_places(without_places)

# %% [markdown]
# Its twin differs in that one layer: Flatten hands on all 4×4×64 = 1,024 numbers, GlobalMaxPooling 64.

# %%
training.reproducible(0)
pooled_head = three_convolutions(layers.GlobalMaxPooling2D())
flat_head = three_convolutions(layers.Flatten())
assert (flat_head.count_params(), pooled_head.count_params()) == (33_546, 23_946)
f"with Flatten {flat_head.count_params():,} parameters, without {pooled_head.count_params():,}"

# %% [markdown]
# ### Predict: one layer less, 9,600 parameters less
#
# LeNet-5 reads about 73 of 100 moved digits. The new network has less than half its parameters. With
# GlobalMaxPooling, what will it read?
#
# - **a** fewer than LeNet-5: it has thrown the places away
# - **b** about as many
# - **c** about as many as LeNet-5 reads when all digits are centered

# %% tags=["measured", "trains"]
moved_seen, moved_unseen = ((placed[part], labels[part]) for part in (train, validation))
learn(pooled_head, moved_seen, moved_unseen, 8)
_, reached = pooled_head.evaluate(placed[test], labels[test], verbose=0)
assert 0.83 < reached < 0.96
f"{reached:.1%} of the moved digits of three new writers"

# %%
order = ("dense", "LeNet-5", "Flatten", "GlobalMaxPooling")
figures.race({name: curves()["anywhere", name] for name in order}, whole=True)

# %% [markdown]
# **c**. The two upper lines are the same network but for one layer, and the better one has fewer parameters.

# %% [markdown]
# ### Predict: the price
#
# GlobalMaxPooling throws all places away. Where every digit *is* centered, how does it read, beside its twin
# with Flatten?
#
# - **a** better there, too
# - **b** a little worse
# - **c** much worse

# %%
gains = {
    task: 100 * (starts[task, "GlobalMaxPooling"] - starts[task, "Flatten"])
    for task in ("centered", "anywhere")
}
assert (gains["anywhere"] > 0).all()
np.testing.assert_allclose([one.mean() for one in gains.values()], (-2.2, 7.4), atol=0.05)
### BEGIN HIDDEN TESTS
pooled_starts = [starts[task, "GlobalMaxPooling"] for task in ("centered", "anywhere")]
np.testing.assert_allclose([one.mean() for one in pooled_starts], (0.89, 0.914), atol=5e-4)
assert abs((pooled_starts[1] - starts["centered", "LeNet-5"]).mean()) < 0.005
assert (pooled_starts[1] > starts["anywhere", "LeNet-5"] + 0.14).all()
### END HIDDEN TESTS
{
    task: f"{one.mean():+.1f} points, better in {(one > 0).sum()} of {len(one)} starts"
    for task, one in gains.items()
}

# %%
plots.starts(
    {name: {task: starts[task, name] for task in ("centered", "anywhere")} for name in order}
)

# %% [markdown]
# **b**: centered, it loses about two points to its twin. Anywhere, it is better in eight of eight starts, by 7.4
# points on average; better than LeNet-5 by 14 points or more; and with 91.4 % as good as LeNet-5 on centered
# digits.

# %% [markdown]
# What happened? Ask the layer itself. Push all test digits to the right, pixel by pixel, and compare what it
# hands on before and after, by **correlation**: 1 for the same numbers, 0 for numbers that have nothing in
# common. Beside it, what Flatten would make of the same maps.

# %% tags=["measured"]
up_to_conv3 = keras.Model(pooled_head.inputs[0], pooled_head.get_layer("conv3").output)
pushed = [np.pad(small[test], ((0, 0), (6, 6), (n, 12 - n), (0, 0))) for n in range(13)]
maps = [up_to_conv3.predict(one, verbose=0) for one in pushed]
vectors = {
    "Flatten": [one.reshape(len(test), -1) for one in maps],
    "GlobalMaxPooling": [one.max(axis=(1, 2)) for one in maps],
}
### BEGIN HIDDEN TESTS
for name, low, high in (("Flatten", -0.2, 0.1), ("GlobalMaxPooling", 0.7, 0.95)):
    pairs = zip(vectors[name][0], vectors[name][-1], strict=True)
    assert low < np.mean([np.corrcoef(*pair)[0, 1] for pair in pairs]) < high
### END HIDDEN TESTS
figures.handed_on([one[0] for one in pushed], vectors)

# %% [markdown]
# For Flatten a digit that moves by half its width is another digit. What GlobalMaxPooling hands on hardly
# changes. (It changes a little: the poolings before it make steps of four pixels, and near the border a kernel
# sees less.) This is what weight sharing is worth when nothing behind it undoes it.

# %% [markdown] tags=["notes"]
# **5 minutes.** The moment of the lesson. Take the vote, and wait until every hand is up; **a** is the
# favorite. Then the curves, then the price: two points, where somebody has centered the digits for you. Who would
# pay it? Ask: "What can this network *not* know?" Where a stroke lies: a 6 and a 9 hold
# similar pieces. It lives on kernels that see enough at once: a number of conv3 sees 18×18 pixels, most of a
# digit. Whoever asks why the test differs so much from start to start: three other writers each time.

# %% [markdown]
# ### Challenge
#
# **If you are early:** put `GlobalAveragePooling2D` in the place of the maximum, train with `learn`, and
# compare on the **validation** digits. Why does the mean of a map suffer from the empty part of the frame?
#
# **If you want a week:** how few parameters suffice to read 85 % of the moved validation digits? Change one
# thing at a time, train from three starts before you believe a result, and look at the test digits once, at
# the end. Here is a start that is too small.

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
f"{mine.count_params()} parameters; learn(mine, moved_seen, moved_unseen, 8) trains them"

# %% [markdown]
# ## What you can do now
#
# - **Compute** shapes: a convolution without padding takes `kernel − 1` from height and width and sets the
#   depth, pooling divides height and width and keeps the depth, Flatten multiplies all three. And parameters:
#   (kernel · kernel · depth + 1) · maps for a convolution, (inputs + 1) · units for a dense layer.
# - **Build** LeNet-5, eight layers and an input, in one `Sequential`.
# - **Train** it in two calls, and judge it by writers that it has not met.
# - **Exchange** one layer and measure it fairly: the same data, the same training, several starts. Where things
#   may be anywhere, let no weight belong to a place.

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
# - **Feeding other pixels than in training.** A network that learned from centered digits also answers to moved
#   ones, or to ink from 0 to 16. The answers are worse, and no error tells you.
# - **One run as proof.** Another start, and above all other writers, give another number. Say the range.
# - **The same people in training and test.** The number is better, and it is no promise.

# %% [markdown]
# ## Where next
#
# You have a network that reads handwriting. But what do its six kernels look for, and why did it call that 3 an
# 8? Lesson {what_a_network_sees} opens LeNet-5 and follows every number, from a pixel to the answer, with a digit
# that you draw yourself.
