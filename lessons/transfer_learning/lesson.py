# %% [markdown]
# # Transfer learning
#
# **Somebody has trained a network on 40,000 photographs. None of its classes is one of yours. Tonight you
# have twenty pictures of each class and a few seconds. Whose network will be better: one of your own, or
# theirs with its last layer replaced?** In lessons {image_classification} to {data_augmentation} you fought for every point with a hundred
# pictures of each class. Now you borrow.
#
# **50 minutes** · **You need:** [{data_augmentation} Data augmentation](data_augmentation.ipynb), and the batch
# normalization of [{regularization} Regularization](regularization.ipynb).
#
# **When you are done, you can**
#
# - **build** a new head on somebody else's network, for any number of classes
# - **prove** which weights a training moved, and which it left alone to the last bit
# - **tune** a borrowed network without destroying what it knows
# - **judge** from how many pictures on it pays to train a network of your own
# - **compare** the families of networks by shapes, parameters and multiplications
#
# **Sources:** Y. Chammami, *Exploring the Power of Conv'Nets* (transfer learning, fine-tuning, the
# families); E. Rantsiou, *Convolutional Neural Networks basics* (LENS ML School, 2021; borrow a pretrained
# network). J. Yosinski et al., *How transferable are features in deep neural networks?* (2014). The papers
# of the families stand in section 6.

# %% [markdown] tags=["notes"]
# **1 minute.** Read the question in bold and take a vote. Those who vote for "one of your own" say: "It has
# never seen a cat." Those who vote for "theirs" say: "An eye is an eye." Write both on the board. Section 1
# lets the pictures decide.
#
# Ten minutes short? Leave out sections 5 and 7 and the last table of section 6; nothing needs them.

# %% [markdown]
# ## Setup

# %%
from lessons.transfer_learning import check, costs, figures
from utils import board, data, models, plots, training
from utils.quiet import keras

from contextlib import redirect_stdout
from io import StringIO

import numpy as np

layers = keras.layers
### BEGIN HIDDEN TESTS
measured = data.measured_set() is not None  # not with a folder of your own: its numbers are yours
### END HIDDEN TESTS
plots.style()

# %% [markdown]
# ## 1. What was learned elsewhere
#
# Twenty pictures of each class: that is all you have. And the **backbone**, a network without its last
# layer. The course has trained it on CIFAR-100, small photographs of 100 kinds of things. The 15 kinds that
# belong to your eight classes were taken out: people, flowers, fruit, motorbikes. Relatives stayed: foxes,
# wolves and lions, buses and pickup trucks (near relatives: some of the course's own cars are pickups). It
# was never asked for a cat, but it had to tell a fox from a wolf. (The [data card](../data/README.md) has
# all of it.)

# %% [markdown] tags=["notes"]
# **7 minutes.** Ask where the parameters sit before you show it. Most say "in the first layers, they see
# the whole picture", because that was so for dense networks. Let somebody compute one layer: block4_conv2
# has 3·3·256·256. Then ask: "Why is the output 8×8 for our pictures?" (Three strides of 2.)
#
# The neighbors are the heart of the section. Let the room look at one row of "by pixels" for half a minute:
# "Why did it choose these?" (Same background, same light.) Then the row of features.

# %%
train = data.load_images("train", per_class=20)
validation = data.load_images("validation")
classes = train.classes
backbone = models.load_backbone("course")
assert len(train.labels) == 20 * len(classes) and backbone.count_params() == 1_506_528
{"layers": len(backbone.layers), "parameters": backbone.count_params()}

# %% [markdown]
# ### Predict: where do the parameters sit?
#
# After a first convolution, the stem, come four blocks of two 3×3 convolutions each. They make 64, 128, 128
# and 256 maps. How large a share of the 1.5 million parameters does the **last** block hold?

# %%
sizes = {}
for layer in backbone.layers:
    part = layer.name.split("_")[0]
    sizes[part] = sizes.get(part, 0) + layer.count_params()
assert round(sizes["block4"] / backbone.count_params(), 2) == 0.61
sizes

# %% [markdown]
# 61 %. The weights of a convolution grow with the maps that come in *times* the maps that go out, and the
# last block has the most of both. Remember this: whoever trains the last block alone trains most of the
# network.

# %% [markdown]
# There is no dense layer left, so the input may have any size from 32 × 32 on.

# %%
maps_of = {side: tuple(backbone(np.zeros((1, side, side, 3))).shape[1:]) for side in (32, 64, 96)}
assert maps_of[64] == (8, 8, 256)
maps_of

# %% [markdown]
# 256 maps, an eighth as high and as wide as the picture. The mean of each map says how much of its feature
# there is in the picture. So a picture becomes **256 numbers**.


# %%
def run(model, pictures):
    """What a model makes of pictures, 100 at a time."""
    chunks = [pictures[i : i + 100] for i in range(0, len(pictures), 100)]
    return np.concatenate([model(chunk) for chunk in chunks])


describe = keras.Sequential([backbone, layers.GlobalAveragePooling2D()])
features = run(describe, train.images)
watched = run(describe, validation.images)
assert features.shape == (len(train.labels), 256)

# %% [markdown]
# ### Do these numbers know your classes?
#
# Nobody has trained them for that. Test it without training: for a picture that you hold out, which of your
# training pictures is **nearest**? Three points first, which you can check by hand: from (0, 0) it is 5 to
# (3, 4), 1.4 to (1, 1) and 10 to (6, 8).


# %%
def nearest(queries, known, count):
    """For each query the numbers of the nearest rows of `known`, nearest first."""
    squares = (queries**2).sum(axis=1)[:, np.newaxis] - 2 * queries @ known.T
    return (squares + (known**2).sum(axis=1)).argsort(axis=1)[:, :count]


points = np.array([[3, 4], [1, 1], [6, 8]])
assert nearest(np.array([[0, 0]]), points, 3).tolist() == [[1, 0, 2]]
nearest(np.array([[0, 0]]), points, 3)

# %% [markdown]
# Now the validation pictures: once with all their pixels as the coordinates, once with the 256 means.

# %% tags=["measured"]
as_rows = [x.images.reshape(len(x.images), -1).astype(float) for x in (validation, train)]
found = {"pixels": nearest(*as_rows, 3), "features": nearest(watched, features, 3)}
right = {name: train.labels[n] == validation.labels[:, np.newaxis] for name, n in found.items()}
share = {name: hits[:, 0].mean() for name, hits in right.items()}
assert share["features"] > share["pixels"] + 0.2 or not measured
{name: f"{hits:.1%} of the nearest are of the right class" for name, hits in share.items()}

# %% [markdown]
# That is for all of them. Look at four.

# %% tags=["measured"]
each = [np.flatnonzero(validation.labels == k)[0] for k in range(len(classes))][:4]
figures.neighbors(
    validation.images[each],
    {name: train.images[n[each]] for name, n in found.items()},
    {name: hits[each] for name, hits in right.items()},
)

# %% [markdown]
# A cross marks what belongs to another class. By pixels, near means the same light and the same background.
# By features, near means more often the same kind of thing. Over all validation pictures, the nearest one
# is of the right class at least **20 points** more often by features than by pixels. And nothing has been
# trained yet.
#
# ## 2. Frozen features, computed once
#
# Keep the backbone as it is: **freeze** it. Keras has one switch for that.

# %% [markdown] tags=["notes"]
# **9 minutes with the exercise.** Ask: "We train for 60 epochs. How often does each picture have to go
# through the backbone?" Many say 60 times. Once. Then: "And if each epoch augments the pictures anew?"
# Sixty times: that is the price of augmentation here; the mirror image is the one that we afford.
#
# In the exercise, the wrong answers that come: Flatten, which needs a fixed size and 64 times as many
# weights; sigmoid; eight units because there are eight classes today.

# %%
backbone.trainable = False
assert not backbone.trainable_weights and backbone.count_params() > 700 * 257 * 8
len(backbone.trainable_weights)

# %% [markdown]
# No weight is left to train. A frozen network gives the same numbers for a picture in every epoch. So
# compute them **once**, keep them in memory, and train on them whatever you like. The mirror image of a
# picture comes along: it doubles what you have, and costs one more pass.


# %%
def both_ways(model, pictures):
    """What a model makes of pictures, and then of their mirror images."""
    return np.concatenate([run(model, pictures), run(model, pictures[:, :, ::-1])])


known = both_ways(describe, train.images)
labels = np.tile(train.labels, 2)
np.testing.assert_array_equal(known[: len(features)], features)
{"kilobytes of pictures": 2 * train.images.nbytes // 1000, "of features": known.nbytes // 1000}

# %% [markdown]
# What has to be learned is small: one dense layer from 256 numbers to the classes, the **head**. Before you
# build it, count: how many parameters for 8 classes? 256 weights and a bias for each, 257 · 8 = 2,056. The
# backbone has more than 700 times as many.
#
# ### Your turn 1: a new head for N classes
#
# Write the head as a Keras model that takes the *maps* of a backbone, of shape `(N, h, w, maps)`, and gives
# probabilities, `(N, classes)`. It takes the mean of each map, then one dense layer with softmax. Height
# and width may be anything: `keras.Input((None, None, maps))`.


# %% tags=["exercise"]
def new_head(maps, classes):
    """A model from feature maps (N, h, w, maps) to probabilities (N, classes)."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((None, None, maps)),
            layers.GlobalAveragePooling2D(),
            layers.Dense(classes, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %%
check.new_head(new_head)

# %% [markdown]
# The means are in memory already, so the head that we train needs its dense layer alone.


# %%
def learned_head(known, labels, classes):
    """A dense layer with softmax, trained on cached features."""
    training.reproducible(0)
    head = keras.Sequential(
        [keras.Input(known.shape[1:]), layers.Dense(classes, activation="softmax")]
    )
    head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    head.fit(known, labels, batch_size=32, epochs=60, verbose=0)
    return head


def accuracy(model, inputs, labels):
    """The share of right answers."""
    return float((run(model, inputs).argmax(axis=1) == labels).mean())


# %% [markdown]
# Sixty epochs, at a rate of 0.003.

# %% tags=["measured", "trains"]
head = learned_head(known, labels, len(classes))
frozen = accuracy(head, watched, validation.labels)
assert frozen > max(share["features"], 0.7) or not measured
f"{frozen:.1%} of the validation pictures"

# %% [markdown]
# More than 70 of 100 validation pictures right, from twenty pictures of each class, in a few seconds.
# Lesson {image_classification}'s network got less from *five times* as many: this is its row in the table of the project,
# beside ours.

# %%
lesson_11 = data.project_accuracies("image_classification")["100 a class"].validation
lesson_14 = data.project_accuracies("transfer_learning")
worst, best = lesson_14["frozen 20"].validation.min(), lesson_11.max()
assert frozen > best or not measured
assert worst > best
f"the worst of five frozen starts: {worst:.1%}, the best of five baselines: {best:.1%}"

# %% [markdown]
# (The table holds five random starts of each setting; those of this lesson also draw other pictures each
# time. `tools/project_accuracies.py` makes it.)
#
# ### Proof: the backbone did not move
#
# "Frozen" is a promise. Check it where it counts: put backbone and head together into one model, train that
# on pictures, and compare all weights, **bit by bit**, before and after.

# %%
answer = layers.Dense(len(classes), activation="softmax", name="classes")
means = layers.GlobalAveragePooling2D()
whole = keras.Sequential([keras.Input((None, None, 3)), backbone, means, answer])
answer.set_weights(head.get_weights())

# %% [markdown]
# A few steps of training, at the rate of the head. By how much does a weight of the head move, at most?

# %% tags=["measured", "trains"]
start, head_start = backbone.get_weights(), answer.get_weights()
whole.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
whole.fit(train.images[::4], train.labels[::4], batch_size=20, epochs=1, verbose=0)
float(np.abs(answer.get_weights()[0] - head_start[0]).max())


# %% [markdown]
# And the backbone?


# %%
def unmoved(before, after):
    """How many of the arrays of a list are what they were, in every bit."""
    as_before = sum(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    return f"{as_before} of {len(before)} arrays as before"


assert unmoved(start, backbone.get_weights()) == f"{len(start)} of {len(start)} arrays as before"
assert unmoved(head_start, answer.get_weights()) == "0 of 2 arrays as before"
{
    "backbone": unmoved(start, backbone.get_weights()),
    "head": unmoved(head_start, answer.get_weights()),
}

# %% [markdown]
# All arrays of the backbone are what they were, and the head has moved. The promise holds, also for the
# moving means of its batch normalizations, which no gradient ever touches. The next section shows why that
# is not a matter of course.
#
# ### Question 1 <!-- build -->
#
# A friend caches the features of her pictures, then adds random shifts and zooms to her input pipeline to
# get a better head. The accuracy does not change in a single digit. Why?
#
# <details><summary>Answer</summary>
#
# The head learns from the cache, and the cache was filled before. No augmented picture ever reaches the
# backbone. She has to compute features of the augmented pictures: anew in each epoch, or of some fixed
# copies, as we did with the mirror image.
#
# - "Augmentation does not help a frozen network": it may, but hers was never used.
# - "The head is too small to profit": then the accuracy would change a little, not stay the same to the
#   last digit. A number that does not move at all says that nothing reached it.
#
# </details>
#
# ## 3. Fine-tuning
#
# The backbone's last block was made to tell wolves from foxes. Let it learn your classes: **fine-tuning**
# opens the last block, and trains it a little, at a small rate. Two things go wrong when one does it
# carelessly, and the first has to do with batch normalization.

# %% [markdown] tags=["notes"]
# **11 minutes with the exercises.** The batch normalization is the part that people get wrong at work. Do
# the example on the board: the mean of 8 and 12 is 10, the spread 2, so out come −1 and 1; the moving mean
# goes a tenth of the way from 0 to 10. Ask: "What happens to a network whose moving means were measured on
# 40,000 photographs, when it sees five batches of ours?" (They go a part of the way, and all later layers
# get other inputs than in training.)
#
# Before the large rate: "What will be left after two epochs?" You will hear "it learns faster". The step of
# Adam is about the rate for *each* weight, whatever the gradient; ask how large the weights are.

# %% [markdown]
# ### Batch normalization, frozen and not
#
# One layer, one map, a batch of two numbers, 8 and 12. Its moving mean starts at 0, its moving variance at
# 1, its momentum is 0.9. What comes out in training, and where do the two move? Compute it before you run.

# %%
norm_layer = layers.BatchNormalization(momentum=0.9)
batch = np.array([[8.0], [12.0]])
out = norm_layer(batch, training=True)
np.testing.assert_allclose(out, [[-1], [1]], atol=1e-3)
np.testing.assert_allclose(norm_layer.moving_mean, [1], rtol=1e-6)
np.testing.assert_allclose(norm_layer.moving_variance, [1.3], rtol=1e-6)
out.numpy().round(2)

# %% [markdown]
# It uses the mean and spread *of the batch*: −1 and 1. On the way, it moves: the mean from 0 to 0.1 · 10 =
# 1, the variance from 1 to 0.9 + 0.1 · 4 = 1.3. No gradient, no optimizer: being called in training is
# enough. Now freeze it, and call it in training again.

# %%
norm_layer.trainable = False
out = norm_layer(batch, training=True)
np.testing.assert_allclose(out, (batch - 1) / np.sqrt(1.3 + 0.001), rtol=1e-5)
np.testing.assert_allclose(norm_layer.moving_mean, [1], rtol=1e-6)
out.numpy().round(2)

# %% [markdown]
# Frozen, it uses what it has stored, mean 1 and variance 1.3, and stays there, even when called with
# `training=True`. Keras has two switches, and they do different things:
#
# | switch | normalizes by | moving mean and variance | scale and shift |
# |---|---|---|---|
# | `layer.trainable = False` | what is stored | stay | stay |
# | calling with `training=False` | what is stored | stay | **train** |
# | neither, in `fit` | the batch | **move** | **train** |
#
# So we open the convolutions of the last block, and keep **all** batch normalizations frozen.
#
# ### Your turn 2: which layers to freeze
#
# Given are the names and the kinds of a network's layers, from input to output, and the beginning of a
# block's name. Return a flag for each layer: `True` if it trains. All layers from the first one of that
# block **to the end** train, except batch normalizations. An example:
#
# | names | stem | block1_conv | block1_norm | block2_conv | block2_norm | block2_relu |
# |---|---|---|---|---|---|---|
# | kinds | Conv2D | Conv2D | BatchNormalization | Conv2D | BatchNormalization | ReLU |
# | from `"block2"` | False | False | False | True | False | True |


# %% tags=["exercise"]
def layers_to_train(names, kinds, start):
    """Which layers train when a network is opened from a block on: a list of True and False."""
    ### BEGIN SOLUTION
    first = [name.startswith(start) for name in names].index(True)
    return [number >= first and kind != "BatchNormalization" for number, kind in enumerate(kinds)]
    ### END SOLUTION


# %%
check.layers_to_train(layers_to_train)

# %% [markdown]
# In Keras, the flag is an attribute of each layer. First open the whole model: while `backbone.trainable`
# is False, no layer inside counts, whatever its own flag says.


# %%
def open_from(block, norms=False):
    """Let the backbone train from a block on; its batch normalizations only if asked to."""
    backbone.trainable = True
    reached = False
    for layer in backbone.layers:
        reached = reached or layer.name.startswith(block)
        keep = isinstance(layer, layers.BatchNormalization) and not norms
        layer.trainable = reached and not keep


open_from("block4")
[weight.path for weight in backbone.trainable_weights]

# %% [markdown]
# ### Your turn 3: parameters that train
#
# How many parameters do these three kernels have? Count them without asking Keras. A network is given as a
# list of layers `(kind, side, maps in, maps out, trainable)`. The kinds: `"conv"`, a convolution *without*
# bias; `"norm"`, a batch normalization; `"dense"`, with bias. Return two numbers: how many parameters
# train, and how many do not. For
#
# `[("conv", 3, 2, 4, False), ("norm", 1, 4, 4, False), ("dense", 1, 4, 3, True)]`
#
# they are 15 and 88. Mind the normalization: of its four numbers a map, two never train.


# %% tags=["exercise"]
def parameters(network):
    """How many parameters train, and how many do not."""
    ### BEGIN SOLUTION
    trains = rest = 0
    for kind, side, maps_in, maps_out, trainable in network:
        if kind == "conv":
            size = side * side * maps_in * maps_out
        elif kind == "norm":
            size = 2 * maps_out  # scale and shift
            rest += 2 * maps_out  # moving mean and variance
        else:
            size = (maps_in + 1) * maps_out
        trains += size if trainable else 0
        rest += 0 if trainable else size
    return trains, rest
    ### END SOLUTION


# %%
check.parameters(parameters)

# %% [markdown]
# For our block it is 9 · 128 · 256 + 9 · 256 · 256, and 128 · 256 for the 1×1 convolution on its shortcut.

# %%
open_from("block4")
by_hand = 9 * 128 * 256 + 9 * 256 * 256 + 128 * 256
in_keras = sum(int(np.prod(w.shape)) for w in backbone.trainable_weights)
assert by_hand == in_keras == 917_504
{"by hand": by_hand, "in Keras": in_keras}

# %% [markdown]
# 917,504 weights, and 160 pictures: this can only end well if they move very little.
#
# Everything *below* the block stays frozen, so cache again, one step lower: the maps that go into block 4.
# Cut the backbone there. Both parts share their layers with it.

# %%
middle = backbone.get_layer("block3_relu2").output
lower, upper = keras.Model(backbone.input, middle), keras.Model(middle, backbone.output)
known_middle = both_ways(lower, train.images)
watched_middle = run(lower, validation.images)
### BEGIN HIDDEN TESTS
by_parts = run(upper, watched_middle[:8]).mean(axis=(1, 2))
### END HIDDEN TESTS
np.testing.assert_allclose(by_parts, watched[:8], rtol=1e-3, atol=1e-3)
known_middle.shape[1:]


# %% [markdown]
# The head comes trained, from section 2. A head of random weights would send large, senseless gradients
# into the block in its first steps.


# %%
def upper_with_head(norms):
    """Block 4, open, and the head, both as section 2 left them."""
    backbone.set_weights(start)
    open_from("block4", norms)
    answer = layers.Dense(len(classes), activation="softmax", name="classes")
    means = layers.GlobalAveragePooling2D()
    model = keras.Sequential([keras.Input((None, None, 128)), upper, means, answer])
    answer.set_weights(head.get_weights())
    return model


# %% [markdown]
# Train that, in batches of 32, at a rate that falls to zero:


# %%
def tune(rate, epochs, norms=False, callbacks=()):
    """Train block 4 and the head on: the model, and its curves."""
    training.reproducible(0)
    model = upper_with_head(norms)
    falling = keras.optimizers.schedules.CosineDecay(rate, epochs * len(labels) // 32)
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(falling), loss, metrics=["accuracy"])
    seen, held_out = (known_middle, labels), (watched_middle, validation.labels)
    return model, training.fit(model, seen, held_out, epochs, callbacks=callbacks)


# %% [markdown]
# And to see what a training did: how far has it moved each kernel?


# %%
def moved():
    """By layer, the length of the step away from the start, as a share of the start's length."""
    steps = {}
    for variable, old in zip(backbone.weights, start, strict=True):
        if variable.name == "kernel":
            step = np.linalg.norm(variable.numpy() - old)
            steps[variable.path.split("/")[0]] = step / np.linalg.norm(old)
    return steps


# %% [markdown]
# ### Predict: a rate of 0.1
#
# The head learned at a rate of 0.003. Take 0.1 for block 4, whose weights are around 0.02. What will be
# left of the accuracy after two epochs?

# %% tags=["measured", "trains"]
### BEGIN HIDDEN TESTS
typical = np.abs(backbone.get_layer("block4_conv2").kernel.numpy()).mean()
### END HIDDEN TESTS
_, two_epochs = tune(rate=0.1, epochs=2)
far = moved()
assert 0.005 < typical < 0.05 and far["block4_conv2"] > 1 and far["block3_conv2"] == 0
assert two_epochs.val_accuracy[-1] < frozen - 0.1 or not measured
f"validation accuracy {two_epochs.val_accuracy[-1]:.1%}, frozen it was {frozen:.1%}"

# %% [markdown]
# More than 10 points *lost*. In its first steps, Adam changes every weight by about the rate, and 0.1 is
# more than the weights are worth. What 40,000 photographs had taught is overwritten within seconds, and has
# to be learned again from the few that you have.

# %% [markdown]
# ### Normalizations left open
#
# Now the second mistake: a small rate, but the batch normalizations of block 4 train, too.

# %% tags=["trains"]
tune(rate=3e-4, epochs=2, norms=True)
arrays = zip(backbone.weights, start, strict=True)
changed = [v.path for v, old in arrays if not np.array_equal(v.numpy(), old)]
drifted = [path for path in changed if "moving" in path]
assert len(drifted) == 6
drifted

# %% [markdown]
# The moving means and variances of block 4 have drifted, though no optimizer knows them. They were measured
# on 40,000 photographs; now they are on their way to those of a few batches, and they have not arrived. In
# training, the layers behind them saw numbers normalized by their batch; in use, they see numbers
# normalized by averages that are neither the old nor the new ones. How much harm this does depends on how
# many batches there are, how small, and how unlike the old photographs; from one start you may not even see
# it. Keep them frozen, and you need not wonder.
#
# ### The right way
#
# Rate 0.0003, ten times less than for the head; five epochs; normalizations frozen.

# %% tags=["measured", "trains"]
tuned_model, record = tune(rate=3e-4, epochs=5, callbacks=[training.LiveCurves()])
near = moved()
tuned, tuned_head = backbone.get_weights(), tuned_model.layers[-1].get_weights()
assert record.accuracy[-1] > 0.95 or not measured
assert record.val_accuracy[-1] > frozen - 0.03 or not measured
assert max(near.values()) < 0.2 and min(far["block4_conv1"], far["block4_conv2"]) > 1
f"validation accuracy {record.val_accuracy[-1]:.1%}, frozen it was {frozen:.1%}"

# %% [markdown]
# The training pictures are soon known by heart; the validation accuracy has not suffered. The weights are
# kept for the exam. How far did each layer move?

# %% tags=["measured"]
shown = [name for name in near if "shortcut" not in name]
figures.weights_moved(
    shown,
    {
        "rate 0.0003": np.array([near[name] for name in shown]),
        "rate 0.1": np.array([far[name] for name in shown]),
    },
)

# %% [markdown]
# The proof in one picture. Everything below block 4 is where it was, to the bit. In block 4, the small rate
# moved the weights by less than a fifth of their length: the old knowledge is still there, bent a little.
# The large rate moved them farther than they are long: another network.
#
# Is the tuned network better than the frozen one? One start cannot say. The table of the next section can.
# Put the backbone back before you go on.

# %%
backbone.set_weights(start)
backbone.trainable = False
assert unmoved(start, backbone.get_weights()) == f"{len(start)} of {len(start)} arrays as before"
assert unmoved(start, tuned) != unmoved(start, start)
unmoved(start, backbone.get_weights())

# %% [markdown]
# ### Question 2 <!-- judge -->
#
# You have 50 photographs of two kinds of bolts under a microscope, all in one light. Would you fine-tune,
# and how deep?
#
# <details><summary>Answer</summary>
#
# Start with the frozen backbone and a new head: with 50 photographs, there is nothing to train a million
# weights with. Look at the validation accuracy. If it is poor, the last block may be too special: take the
# features of an *earlier* block, which knows edges and textures, before you open anything.
#
# - "Fine-tune everything, bolts are no foxes": that bolts are different speaks for earlier features, and
#   the small number of photographs speaks against training many weights.
# - "Train from scratch, nothing in the backbone has to do with bolts": edges, corners, shine and texture
#   have. The next section shows how much 50 photographs are worth from scratch.
#
# </details>
#
# ## 4. How many pictures is a backbone worth?
#
# To learn from so few pictures is called **few-shot learning**. Now the table: 5, 10, 20, 50 and 100
# pictures of each class; from scratch (lesson {data_augmentation}'s network, with flips), frozen, fine-tuned. Each from five
# starts, each start with other pictures. (From scratch with 100, it is a row of lesson {data_augmentation}, whose five starts
# share their pictures.) Accuracy on the validation pictures, for we are still choosing.

# %% [markdown] tags=["notes"]
# **4 minutes.** Let everybody draw three curves first. Then ask for two readings. Vertical: "At 5 pictures,
# how much does the backbone give you?" Horizontal: "You have 20 and a backbone. How many would your
# neighbor need without one?" The horizontal reading is the one to take home, for pictures cost money.
#
# Somebody will ask when fine-tuning pays. Let them compare the dots, not the lines: where do the five of
# one and the five of the other not overlap?

# %%
few = [5, 10, 20, 50, 100]
methods = ["from scratch", "frozen", "fine-tuned"]
table = lesson_14 | {"from scratch 100": data.project_accuracies("data_augmentation")["flip"]}
rows = {m: {n: table[f"{m} {n}"].validation for n in few} for m in methods}

# %% tags=["measured"]
figures.few_shot(rows, live=(20, frozen), chance=1 / len(classes))

# %% [markdown]
# The star is the head that you trained above. Put into numbers what you see:

# %%
mean = {m: np.array([rows[m][n].mean() for n in few]) for m in methods}
gap = mean["frozen"] - mean["from scratch"]
assert all(rows["frozen"][n].min() > rows["from scratch"][n].max() for n in (5, 10, 20))
assert gap[0] > gap[-1]
{f"gap at {n} a class, in points": round(100 * float(gap[few.index(n)])) for n in (5, 100)}

# %% [markdown]
# With 5, 10 or 20 pictures of each class, the worst of the frozen starts is better than the best from
# scratch. The gap is wider at 5 than at 100. And fine-tuning: what does it add to frozen, on average?

# %%
added = mean["fine-tuned"] - mean["frozen"]
assert added[-1] > max(added[0], 0) and gap[2] > abs(added[2])
assert rows["frozen"][20].min() - 0.04 < frozen < rows["frozen"][20].max() + 0.04 or not measured
dict(zip(few, (100 * added).round(1).tolist(), strict=True))

# %% [markdown]
# Those are points. The more pictures, the more there is to learn: fine-tuning adds more at 100 than at 5. At
# 20, opening the last block changes less than borrowing it did. And your own head lies where the table says.
#
# Now read it the other way, from left to right: how many pictures from scratch are worth 20 with a
# backbone? Go along the means until the line reaches the height of "frozen 20".

# %%
reached = mean["from scratch"].max() >= mean["frozen"][2]
worth = 10 ** np.interp(
    mean["frozen"][2], np.maximum.accumulate(mean["from scratch"]), np.log10(few)
)
assert worth > 40
f"{'about' if reached else 'more than'} {10 * round(worth / 10)} of each class"

# %% [markdown]
# At least twice as many, and more on some sets. That is what a backbone is worth, in pictures that nobody
# has to take.
#
# ## 5. The object turns
#
# You judge a network by single pictures. A thing in the world has all sides. Eight objects of the course
# stand on a turntable, one of each class, seen every 10 degrees. A head on the frozen backbone learns from
# 20 pictures of each class of the course's set. How sure is it of each object as that turns?

# %% [markdown] tags=["notes"]
# **4 minutes.** Ask before the first page: "From which side is it hardest?" Most say "from behind". Turn
# the pages slowly and let them say the answer before the bars do. Then: "Is a network that answers 95 % at
# one angle and something else 20 degrees on sure of itself?" The probability is about this picture, not
# about this thing.

# %% tags=["trains"]
course = data.load_images("train", per_class=20, source="rendered8")
views = data.load_images("turntable", source="rendered8")
course_head = learned_head(both_ways(describe, course.images), np.tile(course.labels, 2), 8)
chances = run(course_head, run(describe, views.images)).reshape(8, 36, 8)
own = chances[range(8), :, range(8)]  # the probability of the object's own class, at each angle

# %% [markdown]
# Take the object for which that probability moves most, from view to view.

# %% tags=["measured"]
turning = int(np.abs(np.diff(own, axis=1)).sum(axis=1).argmax())
assert own[turning].max() > 0.6 and (chances[turning].argmax(axis=1) != turning).any()
f"{own[turning].max():.0%} at its best angle, {own[turning].min():.0%} at its worst"

# %% [markdown]
# Here it is, all the way around.

# %% tags=["measured"]
angles = np.arange(0, 360, 10)
sides = views.images[views.labels == turning]
figures.turntable(sides, angles, chances[turning], views.classes, turning)

# %% [markdown]
# The lower the line, the less the network would bet on it; at a cross it names another class. Turn it
# yourself: press Play, or drag the slider, and watch all eight probabilities.

# %% tags=["measured"]
figures.turntable_book(sides, angles, chances[turning], views.classes, turning)

# %% [markdown]
# The probabilities move as the object turns, and at some angles another class wins. Nothing about the thing
# has changed; what the camera sees of it has: another side, another light on it, another shadow. Twenty
# pictures show few of these. The cure is the one of lesson {image_classification}: more pictures, of the views that are missing.
#
# ## 6. The families
#
# Our backbone is small. Many others are free to use, and their names come from a handful of families. Each
# has one idea, and you can build each of them from the layers that you know. Three helpers first: the
# convolutions of these families come with batch normalization and an activation (VGG's own had none yet),
# and a **depthwise** convolution gives each map a kernel of its own.

# %% [markdown] tags=["notes"]
# **8 minutes.** Draw the VGG block, then ask for each family: "What did they change, and what does it
# cost?" ResNet: a wire, for nothing. Bottleneck: narrow the street before the expensive part. MobileNet:
# one convolution in two steps. DenseNet: keep everything. EfficientNet: MobileNetV2 with a volume knob on
# each map.
#
# The multiplication by hand is worth the time: 9·64·64·1024 against (9·64 + 64·64)·1024. Expected wrong
# answer: "nine times fewer" (it is 7.9: the 9·64 is small, not nothing).


# %%
def norm(x, activation="relu"):
    x = layers.BatchNormalization()(x)
    return layers.Activation(activation)(x)


def conv(x, maps, side, activation="relu"):
    x = layers.Conv2D(maps, side, padding="same", use_bias=False)(x)
    return norm(x, activation)


def depthwise(x, activation="relu"):
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    return norm(x, activation)


# %% [markdown]
# **VGG** (Simonyan and Zisserman, 2014): nothing but 3×3 convolutions, and pooling.


# %%
def vgg_block(x, maps):
    x = conv(x, maps, 3)
    x = conv(x, maps, 3)
    return layers.MaxPooling2D()(x)


# %% [markdown]
# **ResNet** (He et al., 2015): the input is *added* to the output, a **shortcut**, through which gradients
# reach the early layers of a deep network. Its deep versions have a **bottleneck**: 1×1 to fewer maps, 3×3
# there, 1×1 back.


# %%
def residual_block(x):
    y = conv(x, x.shape[-1], 3)
    y = conv(y, x.shape[-1], 3, "linear")
    return layers.ReLU()(layers.Add()([x, y]))


# %%
def bottleneck_block(x):
    y = conv(x, x.shape[-1] // 4, 1)
    y = conv(y, x.shape[-1] // 4, 3)
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.ReLU()(layers.Add()([x, y]))


# %% [markdown]
# **MobileNet** (Howard et al., 2017) does a convolution in two steps, each map by itself, then across the
# maps: a **depthwise separable** convolution. **MobileNetV2** (Sandler et al., 2018) widens first, and adds
# a shortcut between the narrow ends: an **inverted residual**.


# %%
def separable_block(x, maps):
    x = depthwise(x)
    return conv(x, maps, 1)


# %%
def inverted_residual_block(x, expansion=6):
    y = conv(x, expansion * x.shape[-1], 1, "relu6")
    y = depthwise(y, "relu6")
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.Add()([x, y])


# %% [markdown]
# **DenseNet** (Huang et al., 2016) adds nothing up: it keeps all earlier maps *beside* the new ones.


# %%
def dense_block(x, growth=32, count=1):
    for _ in range(count):
        y = layers.Conv2D(4 * growth, 1, use_bias=False)(norm(x))
        y = layers.Conv2D(growth, 3, padding="same", use_bias=False)(norm(y))
        x = layers.Concatenate()([x, y])
    return x


# %% [markdown]
# **EfficientNet** (Tan and Le, 2019) takes MobileNetV2's block and puts **squeeze-and-excite** inside (Hu
# et al., 2017): from the means of all maps, a small network makes a number from 0 to 1 for each map, and
# scales it. Its larger versions grow by a rule: deeper, wider and with larger pictures, all three at once.


# %%
def squeeze_excite(x, squeezed):
    scale = layers.GlobalAveragePooling2D(keepdims=True)(x)
    scale = layers.Conv2D(squeezed, 1, activation="swish")(scale)
    scale = layers.Conv2D(x.shape[-1], 1, activation="sigmoid")(scale)
    return layers.Multiply()([x, scale])


# %%
def mbconv_block(x, expansion=6):
    y = conv(x, expansion * x.shape[-1], 1, "swish")
    y = depthwise(y, "swish")
    y = squeeze_excite(y, x.shape[-1] // 4)
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.Add()([x, y])


# %% [markdown]
# ### What do they cost?
#
# Time goes into multiplications, each with an addition. **Each weight of a kernel is used once at every
# place of the output.** A 3×3 convolution from 2 maps to 1, with an output of 4 × 4: 16 places times 18
# weights, 288.

# %%
x = keras.Input((4, 4, 2))
tiny = keras.Model(x, layers.Conv2D(1, 3, padding="same")(x))
assert costs.multiply_adds(tiny) == 16 * 18 == 288
{"by hand": 16 * 18, "counted": costs.multiply_adds(tiny)}

# %% [markdown]
# ### Predict: how much does MobileNet save?
#
# An input of 32 × 32 with 64 maps, an output of the same shape. Write both products down: the ordinary 3×3
# convolution, and the depthwise one followed by 1×1. Divide.

# %%
ordinary = 9 * 64 * 64 * 32 * 32
separable = (9 * 64 + 64 * 64) * 32 * 32
assert (ordinary, separable) == (37_748_736, 4_784_128)
round(ordinary / separable, 1)

# %% [markdown]
# 7.9 times fewer, 4.8 million in place of 37.7.

# %% [markdown]
# Now all blocks on the same input: the shape that comes out, and what it costs.

# %%
blocks = {
    "VGG": lambda x: vgg_block(x, 64),
    "ResNet": residual_block,
    "ResNet, bottleneck": bottleneck_block,
    "MobileNet": lambda x: separable_block(x, 64),
    "MobileNetV2": inverted_residual_block,
    "DenseNet": dense_block,
    "EfficientNet": mbconv_block,
}

# %%
x = keras.Input((32, 32, 64))
built = {name: keras.Model(x, block(x)) for name, block in blocks.items()}
cost = {n: (m.count_params(), costs.multiply_adds(m)) for n, m in built.items()}
assert cost["MobileNet"][1] == separable and cost["VGG"][1] == 2 * ordinary


### BEGIN HIDDEN TESTS
by_formula = {  # kernels, four numbers for each map that is normalized, and biases in the squeeze
    "VGG": 2 * (9 * 64 * 64 + 4 * 64),
    "ResNet": 2 * (9 * 64 * 64 + 4 * 64),
    "ResNet, bottleneck": 2 * 64 * 16 + 9 * 16 * 16 + 4 * (16 + 16 + 64),
    "MobileNet": 9 * 64 + 64 * 64 + 2 * 4 * 64,
    "MobileNetV2": 2 * 64 * 384 + 9 * 384 + 4 * (384 + 384 + 64),
    "DenseNet": 64 * 128 + 9 * 128 * 32 + 4 * (64 + 128),
    "EfficientNet": 2 * 64 * 384 + 9 * 384 + 4 * (384 + 384 + 64) + 2 * 384 * 16 + 16 + 384,
}
assert {name: parameters for name, (parameters, _) in cost.items()} == by_formula
assert cost["ResNet, bottleneck"][1] == (2 * 64 * 16 + 9 * 16 * 16) * 1024
assert cost["DenseNet"][1] == (64 * 128 + 9 * 128 * 32) * 1024
assert cost["EfficientNet"][1] == cost["MobileNetV2"][1] + 2 * 384 * 16
deeper = keras.Input((8, 8, 128))
ours = keras.Model(deeper, residual_block(deeper)).count_params()
block3 = [layer for layer in backbone.layers if layer.name.startswith("block3")]
assert ours == sum(layer.count_params() for layer in block3)
pictures = np.random.default_rng(0).normal(size=(1, 32, 32, 64)).astype("float32")
np.testing.assert_array_equal(built["DenseNet"](pictures)[..., :64], pictures)
for name in ("ResNet", "ResNet, bottleneck", "MobileNetV2", "EfficientNet"):
    without = keras.models.clone_model(built[name])
    for weight in without.trainable_weights:
        if weight.name == "kernel":
            weight.assign(np.zeros(weight.shape))
    through = np.maximum(pictures, 0) if name.startswith("ResNet") else pictures
    np.testing.assert_allclose(without(pictures), through, atol=1e-5)
### END HIDDEN TESTS
{name: model.output_shape[1:] for name, model in built.items()}

# %% [markdown]
# VGG's pooling halves the sides, DenseNet adds 32 maps, the others keep their shape. Here they are, drawn.
# In each box stand the side of the kernel and the maps that it gives; "each" means a kernel for each map.
# A + adds what came in, a ‖ keeps it beside the new maps, "squeeze" scales each map by its number.

# %%
assert cost["VGG"] == cost["ResNet"] and cost["EfficientNet"][1] < 1.001 * cost["MobileNetV2"][1]
assert cost["MobileNetV2"][1] > 11 * cost["MobileNet"][1]
assert cost["ResNet"][1] > 15 * max(cost[n][1] for n in ("ResNet, bottleneck", "MobileNet"))
figures.family_blocks(built, cost)


# %% [markdown]
# The wider a box, the more maps. Read the pairs. The shortcut of ResNet costs nothing: the same numbers as
# VGG. The bottleneck is more than fifteen times cheaper, by making its 3×3 narrow. So is the block of
# MobileNet, by giving each map a kernel of its own (and it stands for *one* convolution, not two).
# Squeeze-and-excite costs parameters, and almost no time: its small network runs once a picture, not once a
# place. And the block of MobileNetV2 is *not* cheap: it costs eleven times that of MobileNet, since it
# widens 64 maps to 384. The network is cheap because it hands such blocks 16 or 24 maps, where pictures are
# large and others use 64. A block has a cost; a network has a design.
#
# Does our way of counting agree with that of the papers? MobileNetV2's says 300 million for a picture of
# 224 × 224.

# %%
network = keras.applications.MobileNetV2(weights=None)
assert abs(costs.multiply_adds(network) - 300e6) < 0.01 * 300e6
round(costs.multiply_adds(network) / 1e6)

# %% [markdown]
# It does. Whole networks, then, **from the literature**: accuracy and parameters as the documentation of
# Keras prints them, on the 1000 classes of ImageNet; multiply-adds counted as above. We measured none of
# these accuracies.
#
# | network | year | accuracy | parameters | multiply-adds |
# |---|---|---|---|---|
# | VGG16 | 2014 | 71.3 % | 138.4 million | 15.5 billion |
# | ResNet50 | 2015 | 74.9 % | 25.6 million | 3.9 billion |
# | DenseNet121 | 2016 | 75.0 % | 8.1 million | 2.8 billion |
# | MobileNetV2 | 2018 | 71.3 % | 3.5 million | 0.3 billion |
# | EfficientNetB0 | 2019 | 77.1 % | 5.3 million | 0.4 billion |
#
# Which to choose? On a phone or without a graphics card, MobileNetV2 or EfficientNetB0. With one, and when
# accuracy is all that counts, a larger EfficientNet or ResNet. VGG hardly ever: as accurate as MobileNetV2,
# for 50 times the work. It lives on in textbooks because it is plain. And fewer multiplications need not
# mean less time: a depthwise convolution keeps a graphics card waiting for memory. Measure on the machine
# that you will use.
#
# ## 7. A backbone from ImageNet
#
# The course's backbone has seen 40,000 small photographs, MobileNetV2 more than a million large ones. Its
# weights are a download of 2 MB. Where they are not at hand, this section goes on without them, and the
# figure has one row less.
#
# One thing has to be said plainly. **Among its 1000 classes are airliners, sports cars, tabby cats, more
# than a hundred breeds of dogs, oranges, daisies and mopeds.** Nothing of ours was left out. So what it
# scores here is not what a backbone does for classes that it has never seen; it is what it does for classes
# that it knows.

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask: "Is it cheating?" Not if you want to name cats. It is, if you want to show that a
# method learns new classes from few pictures. The question to ask of every impressive few-shot result: what
# had the network seen before?

# %%
try:
    with redirect_stdout(StringIO()):  # the bar of the download
        mobile = models.load_backbone("mobilenet_v2")
except FileNotFoundError:
    mobile = None


def with_mobilenet(mobile):
    """Validation accuracy of a head on MobileNetV2's features, 100 pictures of each class."""
    describe = keras.Sequential([mobile, layers.GlobalAveragePooling2D()])
    large = data.load_images("train", size=128, per_class=100)
    held_out = data.load_images("validation", size=128)
    head = learned_head(both_ways(describe, large.images), np.tile(large.labels, 2), len(classes))
    return accuracy(head, run(describe, held_out.images), held_out.labels)


# %% [markdown]
# Its maps are 32 times smaller than the picture, so 64 × 64 would leave 2 × 2. Load the pictures at 128 ×
# 128. The head is the one of section 2, with 1280 means in place of 256. (With the weights at hand, the
# next cell takes some ten seconds.)

# %% tags=["nbval-ignore-output", "trains"]
live = {"MobileNetV2, this notebook": [with_mobilenet(mobile)]} if mobile else {}
names = {"course backbone": "frozen 100", "MobileNetV2": "mobilenet 100"}
starts = {name: lesson_14[setting].validation for name, setting in names.items()}
plots.starts(starts | live)

# %% [markdown]
# The last row, where there are three, is the run of this notebook. It has to lie in the band of its five
# starts. The means of five, in points:

# %%
### BEGIN HIDDEN TESTS
low, high = starts["MobileNetV2"].min() - 0.04, starts["MobileNetV2"].max() + 0.04
### END HIDDEN TESTS
assert all(low < this_run < high for (this_run,) in live.values()) or not measured
assert starts["MobileNetV2"].mean() > starts["course backbone"].mean()
{name: round(100 * row.mean()) for name, row in starts.items()}

# %% [markdown]
# Better on average, with a head trained the same way. Another network, larger pictures, more photographs,
# and your classes among them: four reasons, and this experiment cannot tell them apart.
#
# ## 8. The exam
#
# Everything so far was chosen on the validation pictures. Now, **once**, the test pictures: the frozen head
# of section 2, then the fine-tuned network of section 3, both from 20 pictures of each class.

# %% [markdown] tags=["notes"]
# **3 minutes.** Before the last figure, let them say what each lesson brought, from memory: 11 the
# baseline, 12 regularization, 13 augmentation, 14 a backbone. Then: "What would you do first in your next
# project?" (Look at the pictures; frozen features; then the rest.) Point at the second row of marks: the
# shifted pictures.

# %% tags=["measured"]
test = data.load_images("test")
tuned_whole = keras.models.clone_model(whole)
tuned_whole.set_weights([*tuned, *tuned_head])
passed = {
    "frozen 20": accuracy(head, run(describe, test.images), test.labels),
    "fine-tuned 20": accuracy(tuned_whole, test.images, test.labels),
}
bands = {name: lesson_14[name].test for name in passed}
### BEGIN HIDDEN TESTS
inside = {n: bands[n].min() - 0.04 < p < bands[n].max() + 0.04 for n, p in passed.items()}
### END HIDDEN TESTS
assert all(inside.values()) or not measured
{n: f"{p:.2f}, table {bands[n].min():.2f} to {bands[n].max():.2f}" for n, p in passed.items()}

# %% [markdown]
# Both lie where the table says. And the whole project, four lessons, **100 pictures of each class**: five
# starts of a network from each, on the test pictures, and on **shifted** ones, which are unlike those of
# training.

# %%
story = {
    "11 baseline": data.project_accuracies("image_classification")["100 a class"],
    "12 regularized": data.project_accuracies("regularization")["all together"],
    "13 augmented": data.project_accuracies("data_augmentation")["flip"],
    "14 frozen": lesson_14["frozen 100"],
    "14 fine-tuned": lesson_14["fine-tuned 100"],
    "14 MobileNetV2": lesson_14["mobilenet 100"],
}
plots.starts(
    {name: {"test": row.test, "shifted": row.shifted} for name, row in story.items()},
    chance=1 / len(classes),
)

# %% [markdown]
# In points, on the test pictures, the mean of five starts:

# %%
points = {name: round(100 * row.test.mean()) for name, row in story.items()}
### BEGIN HIDDEN TESTS
tests = {name: row.test for name, row in story.items()}
### END HIDDEN TESTS
assert tests["14 fine-tuned"].mean() > tests["11 baseline"].mean() + 0.1
assert tests["14 fine-tuned"].min() > tests["11 baseline"].max()
assert all(row.shifted.mean() < row.test.mean() for row in story.values())
points

# %% [markdown]
# The same eight classes, the same hundred pictures: from the baseline to the fine-tuned backbone it is more
# than 10 points (much more on some sets: see above), and the worst of the five tuned starts beats the best
# baseline. Shifted pictures stay harder for every network. A backbone helps you with few pictures; it does
# not take away the need for pictures like those that your network will meet.
#
# ### Challenge
#
# Which layer is the best to borrow? Take the means of the maps after `stem_relu`, `block1_relu2`,
# `block2_relu2`, `block3_relu2` and `block4_relu2`, train a head on each, and draw the validation accuracy
# against depth. Then do the same for a task of another kind, say, the
# eight *grounds* of lesson {looking_inside}'s pictures, or your own photographs. Is the best layer the same? What about
# two layers together?

# %% [markdown] tags=["notes"]
# Let them guess the two curves before they compute: many expect the last block to win both times. Grounds
# are textures, and textures are known early. There is no single answer; ask for the curve, the spread over
# starts, and the reason.

# %% [markdown]
# ## What you can do now
#
# - **Build** a new head: the mean of each map, one dense layer, softmax, for any number of classes.
# - **Prove** what moved: copy the weights, train, compare bit by bit; and know that batch normalizations
#   move without a gradient.
# - **Tune** the last block at a small rate, from a trained head, with all batch normalizations frozen.
# - **Judge** whether to borrow: few pictures, borrow; the fewer, the more it gives.
# - **Compare** families by their key block, and count parameters and multiply-adds before you train
#   anything.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("transfer_learning")

# %% [markdown]
# ## Common mistakes
#
# - **Forgetting the normalization.** A backbone wants its pixels as in its training. Ours and our
#   MobileNetV2 normalize inside; those of `keras.applications` mostly want their own `preprocess_input`.
# - **`backbone.trainable = False`, and then opening layers inside.** The outer switch wins. Open the model
#   first, then close its layers.
# - **Changing `trainable` after `compile` without compiling again.** What trains was settled when you
#   compiled.
# - **Fine-tuning from a random head.** Train the head first.
# - **The rate of the head for the backbone.** Ten times less, or you overwrite what you borrowed.
# - **Open batch normalizations.** They drift, on every batch.
# - **Augmenting behind the cache.** Cached features know nothing of it.
# - **A backbone that knows the test classes.** Ask what it was trained on before you call it few-shot
#   learning.

# %% [markdown]
# ## Where next
#
# The project is done. How to choose rates, depths and strengths without guessing is the subject of [15
# Choosing hyperparameters](choosing_hyperparameters.ipynb). What the networks look at, and whether it is
# the thing or the ground under it, is that of [{looking_inside} Looking inside](looking_inside.ipynb), which uses the
# backbone of this lesson. Volumes and videos wait in [{volumes_and_video} Volumes and video](volumes_and_video.ipynb).
