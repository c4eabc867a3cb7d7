# %% [markdown]
# # Transfer learning
#
# **Somebody has trained a network on 40,000 photographs. Almost none of its classes is one of yours. Tonight
# you have twenty pictures of each class and ten seconds. Whose network will be better: one of your own, or theirs
# with its last layer replaced?** In lessons {image_classification} to {data_augmentation} you fought for every
# point with a hundred pictures of each class. Now you borrow, in the two ways in which it is done at work.
#
# {time} · **You need:** [{data_augmentation} Data augmentation](data_augmentation.ipynb), and the batch
# normalization of [{regularization} Regularization](regularization.ipynb).
#
# **When you are done, you can**
#
# - **build** a new head on somebody else's network, for any number of classes
# - **prove** which weights a training moved, and which it left alone to the last bit
# - **tune** a borrowed network without destroying what it knows
# - **judge** from how many pictures on it pays to train a network of your own
#
# **Sources:** Y. Chammami, *Exploring the Power of Conv'Nets* (transfer learning, fine-tuning); E. Rantsiou,
# *Convolutional Neural Networks basics* (LENS ML School, 2021; borrow a pretrained network). J. Yosinski et al.,
# *How transferable are features in deep neural networks?* (2014).

# %% [markdown] tags=["notes"]
# **1 minute.** Read the question in bold and take a vote. Those who vote for "one of your own" say: "It has
# never seen a cat." Those who vote for "theirs" say: "An eye is an eye." Write both on the board; section 2 lets
# the pictures decide.
#
# Ten minutes short? Leave out the counting of parameters in section 1, and section 6.

# %% [markdown]
# ## Setup

# %%
from lessons.transfer_learning import check, figures, photographs
from lessons.transfer_learning.borrowing import fine_tune, moved, on_frozen, step_lengths
from utils import board, data, models, plots, training
from utils.metrics import p_of_difference
from utils.quiet import keras

import numpy as np

layers = keras.layers
### BEGIN HIDDEN TESTS
measured = data.measured_set() == "rendered8"  # with other pictures the numbers are yours
### END HIDDEN TESTS
plots.style()

# %% [markdown]
# ## 1. What was learned elsewhere
#
# Twenty pictures of each class: that is all you have. And a **backbone**, a network without its last layer. The
# course has trained it on CIFAR-100, small photographs of 100 kinds of things. The 15 kinds that belong to your
# eight classes were taken out: people, flowers, fruit, motorbikes. Relatives stayed: foxes and lions, buses and
# pickup trucks (and some of the course's own cars are pickups). It was never asked for a cat, but it had to tell
# a fox from a wolf. Its recipe was chosen on validation pictures like those below; the
# [data card](../data/README.md) has all of it.

# %% [markdown] tags=["notes"]
# **6 minutes.** Ask where the parameters sit before you show it. Most say "in the first layers, they see the
# whole picture", because that was so for dense networks. Let somebody compute one layer: block4_conv2 has
# 3·3·256·256.
#
# The neighbors are the heart of the section. Let the room look at one row of "by pixels" for half a minute: "Why
# did it choose these?" (Same ground, same light.) Then the row of features.

# %%
train = data.load_images("train", per_class=20)
validation = data.load_images("validation")
classes, y_train, y_val = train.classes, train.labels, validation.labels
backbone = models.load_backbone("course")
assert len(y_train) == 20 * len(classes) and backbone.count_params() == 1_506_528
{"layers": len(backbone.layers), "parameters": backbone.count_params()}

# %% [markdown]
# ### Predict: where do the parameters sit?
#
# After a first convolution, the stem, come four blocks of two 3×3 convolutions each. They make 64, 128, 128 and
# 256 maps. How large a share of the 1.5 million parameters does the **last** block hold?
#
# **a** a tenth **b** a quarter **c** more than half

# %%
sizes = {}
for layer in backbone.layers:
    part = layer.name.split("_")[0]
    sizes[part] = sizes.get(part, 0) + layer.count_params()
assert round(sizes["block4"] / backbone.count_params(), 2) == 0.61
{part: f"{size / backbone.count_params():.0%}" for part, size in sizes.items()}

# %% [markdown]
# **c**: 61 %. The weights of a convolution grow with the maps that come in *times* the maps that go out. Whoever
# trains the last block alone trains most of the network.

# %% [markdown]
# A picture of 64×64 becomes 256 maps of 8×8. The mean of each map says how much of its feature there is in the
# picture. So a picture becomes **256 numbers**.


# %%
def run(model, pictures):
    """What a model makes of pictures, 16 at a time: more would only take memory."""
    parts = [pictures[i : i + 16] for i in range(0, len(pictures), 16)]
    return np.concatenate([model(part) for part in parts])


describe = keras.Sequential([backbone, layers.GlobalAveragePooling2D()])
features, val_features = run(describe, train.images), run(describe, validation.images)
assert features.shape == (len(y_train), 256)
{"one picture": train.images[0].shape, "described by": features[0].shape}

# %% [markdown]
# Do these numbers know your classes? Test it without training: for each
# validation picture, which training pictures are **nearest**, once with all pixels as coordinates, once with
# the 256 means?


# %%
def nearest(queries, known, count=4):
    """For each query the places of the nearest rows of `known`, nearest first."""
    distances = [np.linalg.norm(known - query, axis=1) for query in queries]
    return np.argsort(distances, axis=1)[:, :count]


rows, val_rows = (x.images.reshape(len(x.images), -1) / 255.0 for x in (train, validation))
found = {"pixels": nearest(val_rows, rows), "features": nearest(val_features, features)}
right = {name: y_train[places] == y_val[:, np.newaxis] for name, places in found.items()}
del rows, val_rows

# %%
first = [np.flatnonzero(y_val == k)[0] for k in range(len(classes))]
sharp, sharp_val = (
    data.load_images(split, size=96, per_class=count).images
    for split, count in (("train", len(y_train) // len(classes)), ("validation", None))
)
figures.neighbors(
    sharp_val[first],
    {name: sharp[places[first]] for name, places in found.items()},
    {name: hits[first] for name, hits in right.items()},
)

# %% [markdown]
# A cross marks another class. By pixels, near means the same light and the same ground. By features, near means
# more often the same kind of thing. Over **all** validation pictures, how often is the nearest one of the right
# class?

# %% tags=["measured"]
share = {name: hits[:, 0].mean() for name, hits in right.items()}
assert 0.4 < share["features"] - share["pixels"] < 0.55 or not measured
{name: f"{hits:.1%}" for name, hits in share.items()}

# %% [markdown]
# Nearly 50 points apart, and nothing has been trained yet.
#
# ## 2. The first way: features, computed once
#
# **Freeze** the backbone, and it gives the same numbers for a picture in every epoch. So compute them **once**,
# keep them, and train on them whatever you like. The mirror image of each picture comes along: it doubles
# what you have, for one more pass.

# %% [markdown] tags=["notes"]
# **6 minutes.** Ask: "We train for 60 epochs. How often does each picture have to go through the backbone?" Many
# say 60 times. Once. Then: "And if each epoch augments the pictures anew?" Sixty times: that is the price of
# augmentation here.
#
# This is the moment of the lesson. Remind the room of the baseline: forty epochs, a hundred pictures of each
# class, and how long they watched it. Take the vote on the prediction with hands; **a** wins in most rooms. Then
# run the cell, and let them count the seconds aloud.

# %%
backbone.trainable = False
mirrored = run(describe, train.images[:, :, ::-1])
known, labels = np.concatenate([features, mirrored]), np.tile(y_train, 2)
{"kB of pictures": 2 * train.images.nbytes // 1000, "kB of features": known.nbytes // 1000}

# %% [markdown]
# What has to be learned is small: one dense layer from 256 numbers to the classes, the **head**. It has
# 257 · 8 = 2,056 parameters; the backbone has more than 700 times as many.


# %%
def learned_head(known, labels, count):
    """A dense layer with softmax, trained on cached features."""
    training.reproducible(0)
    head = keras.Sequential(
        [keras.Input(known.shape[1:]), layers.Dense(count, activation="softmax")]
    )
    head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    head.fit(known, labels, batch_size=32, epochs=60, verbose=0)
    return head


def accuracy(model, inputs, labels):
    """The share of right answers."""
    return float((run(model, inputs).argmax(axis=1) == labels).mean())


# %% [markdown]
# ### Predict: twenty against a hundred
#
# The baseline of lesson {image_classification} learned from **100** pictures of each class, all its weights, for
# 40 epochs. The head learns from **20**, one layer, in a few seconds. On the same validation pictures, the head is
#
# **a** worse **b** about as good **c** better than the best of five baselines

# %% tags=["measured", "trains"]
head = learned_head(known, labels, len(classes))
frozen = accuracy(head, val_features, y_val)
baseline = data.project_accuracies("image_classification")["100 a class"].validation
table = data.project_accuracies("transfer_learning")
assert not measured or (frozen > baseline.max() + 0.05 and 0.7 < frozen < 0.82)
assert table["frozen 20"].validation.min() > baseline.max()
{
    "the head, 20 of each class": f"{frozen:.1%}",
    "five baselines, 100 of each class": f"{baseline.min():.1%} to {baseline.max():.1%}",
    "five heads, each from another 20": "{:.1%} to {:.1%}".format(
        *np.sort(table["frozen 20"].validation)[[0, -1]]
    ),
}

# %% [markdown]
# **c**, and so is the worst of five heads. A fifth of the pictures, a few seconds. Two notes on the table, which
# `tools/project_accuracies.py` makes: its heads learn from five *draws* out of 200 pictures of each class, the
# baselines all from the same first hundred. And the baselines were trained with no trick; the best recipe of
# lesson {data_augmentation} comes in section 5.

# %% [markdown]
# ### Question 1 <!-- build -->
#
# A friend caches the features of her pictures, then adds random shifts and zooms to her input pipeline to get a
# better head. The accuracy does not change in a single digit. Why?
#
# <details><summary>Answer</summary>
#
# The head learns from the cache, and the cache was filled before. No augmented picture ever reaches the backbone.
# She has to compute features of some fixed changed copies, as we did with the mirror image; or go the second way,
# where every epoch runs the backbone anew.
#
# - "Augmentation does not help a frozen network": it may, but hers was never used.
# - "The head is too small to profit": then the accuracy would change a little, not stay the same.
#
# </details>
#
# ## 3. The second way: from end to end
#
# One model from pixels to answer: augmentation in front, the frozen backbone, the head. It is slower, for every
# epoch runs the backbone. But it augments anew each time, and is one thing to save and hand on.

# %% [markdown] tags=["notes"]
# **10 minutes with both exercises.** Let them say the parts in order before they type. The wrong answers that
# come: Flatten in place of the mean, sigmoid, and `keras.Input((64, 64, 3))`.
#
# Before the proof: "You said frozen. How would you convince somebody who does not believe you?"

# %% [markdown]
# ### Your turn 1: a new head on a frozen base
#
# The `base` is any network from pixels to maps. Freeze it. Then build and return a model: `keras.Input((None, None,
# 3))`, `layers.RandomFlip("horizontal")`, the base, called with `training=False` as most guides do (section 4 comes back
# to it), the mean of each map, and one dense layer with softmax for `classes` classes. You call a layer or a network
# on what comes before, `y = layer(x)`; in the end `keras.Model(pictures, y)`.


# %% tags=["exercise"]
def new_head(base, classes):
    """Freeze the base; a model from pictures to probabilities, not compiled."""
    ### BEGIN SOLUTION
    base.trainable = False
    pictures = keras.Input((None, None, 3))
    y = layers.RandomFlip("horizontal")(pictures)
    y = base(y, training=False)
    y = layers.GlobalAveragePooling2D()(y)
    y = layers.Dense(classes, activation="softmax")(y)
    return keras.Model(pictures, y)
    ### END SOLUTION


# %%
check.on_frozen(new_head)

# %% [markdown]
# From here on, the course's `on_frozen` stands in for yours. We start from the head that you have, and go once
# through the pictures.

# %% tags=["measured", "trains"]
training.reproducible(0)
model = on_frozen(backbone, len(classes))
model.layers[-1].set_weights(head.get_weights())
before = {part: part.get_weights() for part in (backbone, model.layers[-1])}
model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(train.images, y_train, epochs=1, verbose=0).history
f"{history['accuracy'][0]:.0%} of the training pictures, while it learned"

# %% [markdown]
# "Frozen" is a promise. Check it where it counts, in the weights.
#
# ### Your turn 2: what moved
#
# `before` and `after` are lists of arrays. Return a list: `True` for each array in which **any** number is not
# what it was, to the last bit. For `[[1, 2], [3]]` before and `[[1, 2], [4]]` after it is `[False, True]`.


# %% tags=["exercise"]
def which_moved(before, after):
    """For each array, whether it has moved."""
    ### BEGIN SOLUTION
    return [not np.array_equal(one, other) for one, other in zip(before, after, strict=True)]
    ### END SOLUTION


# %%
check.moved(which_moved)

# %% [markdown]
# The same function, `moved`, for the epoch that you have run:

# %%
steps = {part.name: moved(old, part.get_weights()) for part, old in before.items()}
assert [sum(step) for step in steps.values()] == [0, 2]
{name: f"{sum(step)} of {len(step)} arrays moved" for name, step in steps.items()}

# %% [markdown]
# Not one bit of the backbone, not even the moving averages of its batch normalizations. Section 4 shows why that is no
# matter of course.
#
# ## 4. Fine-tuning
#
# The backbone's last block was made to tell wolves from foxes. Let it learn your classes: **fine-tuning** opens
# the last block and trains it a little. Three things go wrong when one does it carelessly.

# %% [markdown] tags=["notes"]
# **10 minutes with the exercise.** The batch normalization is the part that people get wrong at work. Do the
# example on the board: the mean of 8 and 12 is 10, the spread 2, so out come −1 and 1; the moving mean goes a tenth
# of the way from 0 to 10. Ask: "What happens to a network whose averages were measured on 40,000 photographs, when
# it sees five batches of ours?"
#
# Before the large rate: "What will be left after one epoch?" You will hear "it learns faster". A step of Adam is
# about the rate for *each* weight, whatever the gradient; ask how large the weights are.

# %% [markdown]
# **First, open normalizations forget.** One layer, a batch of two numbers, 8 and 12. Its moving mean starts at 0, its
# moving variance at 1, its momentum is 0.9. Called in training, once open, once frozen:

# %%
batch = np.array([[8.0], [12.0]])
norm = layers.BatchNormalization(momentum=0.9)
as_open = norm(batch, training=True).numpy()
averages = float(norm.moving_mean[0]), float(norm.moving_variance[0])
norm.trainable = False
as_frozen = norm(batch, training=True).numpy()
np.testing.assert_allclose(as_open, [[-1], [1]], atol=1e-3)
np.testing.assert_allclose(averages, (1, 1.3), rtol=1e-6)
np.testing.assert_allclose(as_frozen, (batch - 1) / np.sqrt(1.3 + 0.001), rtol=1e-5)
np.testing.assert_allclose(norm.moving_mean, [1], rtol=1e-6)
{
    "open": as_open.ravel().round(2).tolist(),
    "averages after that": np.round(averages, 2).tolist(),
    "frozen": as_frozen.ravel().astype(float).round(2).tolist(),
}

# %% [markdown]
# Open, it uses the batch, and its averages move: the mean from 0 to 0.1 · 10 = 1, the variance from 1 to
# 0.9 + 0.1 · 4 = 1.3. No gradient is needed: being called in training is enough. Frozen, it uses what is stored.
# The backbone's averages come from 40,000 photographs; a few batches of yours must not overwrite them. Guides say that
# `base(x, training=False)` prevents it. Look at what a model built so does, called as `fit` calls it:

# %%
inner = keras.Sequential([keras.Input((1,)), layers.BatchNormalization(momentum=0.9)])
x = keras.Input((1,))
built_as_guides_say = keras.Model(x, inner(x, training=False))
built_as_guides_say(batch, training=True)
np.testing.assert_allclose(inner.layers[0].moving_mean, [1], rtol=1e-6)
f"Keras {keras.__version__}: the moving mean went from 0 to {float(inner.layers[0].moving_mean[0]):.0f}"

# %% [markdown]
# It moves: in this Keras the outer call wins. Write `training=False`, it does no harm, but rely on
# `layer.trainable = False` for **every** batch normalization.
#
# **Second, the first `fit` after `compile` settles what trains.** So: open, compile *again*, fit.
#
# ### Your turn 3: fine-tune the last block
#
# The `model` is yours from exercise 1, with a trained head; `base` is inside. Open the base: all layers from the first
# one whose name begins with `block` **to the end** train, except batch normalizations. (`base.trainable = ...` sets
# all layers inside at once; after it, set each `layer.trainable`.) Compile with Adam at a
# rate of 0.0003, a tenth of the head's, and `"sparse_categorical_crossentropy"`. Fit on `train`, a pair of
# pictures and labels, silently, and return the `.history`.


# %% tags=["exercise"]
def tune(model, base, block, train, epochs):
    """Train the base from a block on, and the head; the curves."""
    ### BEGIN SOLUTION
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name.startswith(block)
        layer.trainable = reached and not isinstance(layer, layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(3e-4), "sparse_categorical_crossentropy")
    return model.fit(*train, epochs=epochs, verbose=0).history
    ### END SOLUTION


# %%
check.fine_tune(tune)

# %% [markdown]
# **Third, the rate.** Block 4 has 917,504 weights in its kernels; you have 160 pictures.
#
# ### Predict: a rate of 0.1
#
# The head learned at a rate of 0.003. Take 0.1 for block 4, whose weights are around 0.02. After one epoch, five
# steps, the validation accuracy is
#
# **a** higher, or about as it was **b** about ten points lower **c** less than half of what it was

# %% tags=["measured", "trains"]
pictures = train.images, y_train
fine_tune(model, backbone, "block4", pictures, epochs=1, rate=0.1)
hasty = accuracy(model, validation.images, y_val)
hasty_steps = step_lengths(backbone, before[backbone])
### BEGIN HIDDEN TESTS
typical = np.abs(before[backbone][[w.path for w in backbone.weights].index("block4_conv2/kernel")])
### END HIDDEN TESTS
assert 0.005 < typical.mean() < 0.05 and hasty_steps["block4_conv2"] > 1
assert hasty < frozen / 2 or not measured
f"{hasty:.1%}; frozen it was {frozen:.1%}"

# %% [markdown]
# **c**: five steps, and most is lost. A first step of Adam moves every weight by about the rate. The
# weights are around 0.02; a step of 0.1 is five times as large. What 40,000 photographs had taught is overwritten.

# %% [markdown]
# Put everything back, and do it right: rate 0.0003, four epochs, 20 steps.

# %% tags=["measured", "trains"]
for part, old in before.items():
    part.set_weights(old)
training.reproducible(0)
fine_tune(model, backbone, "block4", pictures, epochs=4)
tuned = accuracy(model, validation.images, y_val)
gentle_steps = step_lengths(backbone, before[backbone])
assert sum(moved(before[backbone], backbone.get_weights())) == 3
assert 0.02 < max(gentle_steps.values()) < 0.1 or not measured
assert hasty_steps["block4_conv2"] > 5 or not measured
assert tuned > frozen - 0.05 or not measured
{"frozen": f"{frozen:.1%}", "tuned": f"{tuned:.1%}"}

# %% [markdown]
# How far did each layer move, in both trainings?

# %% tags=["measured"]
shown = [name for name in gentle_steps if "shortcut" not in name]
figures.weights_moved(
    shown,
    {
        "rate 0.0003": np.array([gentle_steps[name] for name in shown]),
        "rate 0.1": np.array([hasty_steps[name] for name in shown]),
    },
)

# %% [markdown]
# Below block 4 everything is where it was, to the bit. In block 4 the small rate moved the weights by about a
# twentieth of their length, the large one by about ten times their length: another network.
#
# Is the tuned network better than the frozen one? One start cannot say. So five starts with 5 to 100 pictures of
# each class, always tuned for **the same 250 steps** (on `rendered8`). The points that tuning gains on validation
# pictures:

# %%
few = [5, 10, 20, 50, 100]
tuned_rows, frozen_rows = (
    [table[f"{name} {n}"].validation for n in few] for name in ("fine-tuned", "frozen")
)
gains = {
    n: {"points": round(100 * float(a.mean() - b.mean()), 1), "p": round(p_of_difference(a, b), 3)}
    for n, a, b in zip(few, tuned_rows, frozen_rows, strict=True)
}
### BEGIN HIDDEN TESTS
lucky = {n: gain["p"] for n, gain in gains.items()}
assert gains[100]["points"] > 0.5
told = [n for n, p in lucky.items() if p < 0.05]
assert (told == [10, 50, 100] and max(lucky[50], lucky[100]) < 0.01) or not measured
assert all(2.5 < gains[n]["points"] < 3.5 for n in few[:3]) or not measured
assert all(3.5 < gains[n]["points"] < 4.5 for n in few[3:]) or not measured
assert all((a > b).all() for a, b in zip(tuned_rows, frozen_rows, strict=True)) or not measured
spread = [np.std(a) + np.std(b) for a, b in zip(tuned_rows, frozen_rows, strict=True)]
assert min(spread[0], spread[2]) > max(spread[1], *spread[3:]) or not measured
photo_table = data.project_accuracies("transfer_learning", "natural-images")
for n in few:
    a, b = (photo_table[f"{name} {n}"].validation for name in ("fine-tuned", "frozen"))
    assert -0.001 < a.mean() - b.mean() < 0.02 and p_of_difference(a, b) > 0.05
### END HIDDEN TESTS
gains

# %% [markdown]
# *p* is the share of deals, as in lesson {regularization}. Each tuned start is ahead of its own frozen one: about three
# points with few pictures, four with 50 and 100. At 5 and 20, where draws differ more, *p* cannot tell that from luck; at
# 10, 50 and 100 it can. On the photographs of *natural-images* tuning gains 0 to 2 points, and in no row can *p* tell.

# %% [markdown]
# ### Question 2 <!-- tune -->
#
# You have 25 photographs each of two kinds of bolts under a microscope, in one light. Would you fine-tune?
#
# <details><summary>Answer</summary>
#
# Start with the frozen backbone and a new head: with 20 pictures of each class, five starts could not tell what
# tuning gains from luck. If the validation accuracy is poor, the last block may be too special: take the features
# of an *earlier* block, which knows edges and textures, before you open anything.
#
# - "Fine-tune everything, bolts are no foxes": that speaks for earlier features, not for many weights.
# - "Train from scratch, nothing in the backbone has to do with bolts": edges, corners and shine have.
#
# </details>
#
# ## 5. How many pictures is a backbone worth?
#
# To learn from so few pictures is called **few-shot learning**. Now 5, 10, 20, 50 and 100 pictures of each class:
# lesson {data_augmentation}'s best recipe from scratch, with flips (60 epochs below 50 pictures, 30 from there on), against
# the backbone, frozen and tuned. Five starts each, every start with other pictures; only "from scratch" with 100 is a row of
# lesson {data_augmentation}, whose starts share theirs. Accuracy on validation pictures, for we are still choosing.

# %% [markdown] tags=["notes"]
# **6 minutes with the exercise.** Let everybody draw two curves first. Then ask for two readings. Vertical: "At 5
# pictures, how much does the backbone give you?" Horizontal: "You have 20 and a backbone. How many would your
# neighbor need without one?" The horizontal reading is the one to take home, for pictures cost money.
#
# Somebody will ask when fine-tuning pays: the table of section 4 says where five starts can tell (on photographs:
# nowhere). Ask back why the steps are equal there. (Five epochs of 5 pictures a class are 15 steps: they change little, and one would blame
# the pictures.)

# %% tags=["measured"]
scratch = [table[f"from scratch {n}"].validation for n in few[:-1]]
scratch += [data.project_accuracies("data_augmentation")["flip"].validation]
methods = {"from scratch": scratch, "frozen": frozen_rows, "fine-tuned": tuned_rows}
by_method = {name: dict(zip(few, row, strict=True)) for name, row in methods.items()}
figures.few_shot(by_method, live=(20, frozen), chance=1 / len(classes))

# %% [markdown]
# The star is the head that you trained above. In percent, from scratch and frozen:

# %%
means = {
    n: [round(100 * own.mean()), round(100 * other.mean())]
    for n, own, other in zip(few, scratch, frozen_rows, strict=True)
}
### BEGIN HIDDEN TESTS
gap = [b.mean() - s.mean() for s, b in zip(scratch, frozen_rows, strict=True)]
assert all(b.min() > s.max() for s, b in zip(scratch[:4], frozen_rows[:4], strict=True))
assert gap[0] > 3 * gap[-1] or not measured
by_luck = p_of_difference(scratch[-1], frozen_rows[-1])
assert (0.01 < gap[-1] < 0.03 and round(by_luck, 2) == 0.13) or not measured
at_100 = [round(100 * table[name].test.mean()) for name in ("frozen 100", "fine-tuned 100")]
assert at_100 == [89, 92] or not measured
### END HIDDEN TESTS
means

# %% [markdown]
# Up to 50 pictures, the worst frozen start is better than the best from scratch. The gap shrinks as pictures
# come. Will it close?
#
# ### Your turn 4: from how many pictures on
#
# The `counts` are numbers of pictures, from few to many; `own` and `borrowed` have one row for each number and one column
# for each start. Return the smallest number from which on your own network is ahead **and stays ahead**: the
# mean of its row is above that of `borrowed`, there and in all rows below. Return 0 where there is none.


# %% tags=["exercise"]
def own_wins_from(counts, own, borrowed):
    """The number of pictures from which on one's own network is ahead, or 0."""
    ### BEGIN SOLUTION
    ahead = own.mean(axis=1) > borrowed.mean(axis=1)
    for place, count in enumerate(counts):
        if ahead[place:].all():
            return count
    return 0
    ### END SOLUTION


# %%
check.own_wins_from(own_wins_from)

# %% [markdown]
# In the figure it is 0: the borrowed mean is ahead everywhere. At 100 it is by two points, where five
# starts cannot tell (p = 0.13). Along one cycle (*A minute of training*, lesson {data_augmentation}) yours is
# level there: 89 % of the test pictures, the frozen one too, the tuned one 92.
#
# ### A smaller network
#
# Another backbone: MobileNetV2 of **width 0.35**, with a third of the usual maps. Built only to count:

# %%
small = keras.applications.MobileNetV2(alpha=0.35, include_top=False, weights=None)
assert small.count_params() == 410_208
{"MobileNetV2, 0.35": small.count_params(), "course backbone": backbone.count_params()}

# %% [markdown]
# A quarter. But it has learned from 1.3 million photographs of ImageNet, in 1000 classes.
#
# ### Predict: a quarter of the parameters
#
# A head on each, from 100 pictures of each class, trained as above. On *shifted* pictures, unlike those of training,
# the small network is
#
# **a** behind ours **b** about level **c** more than five points ahead

# %%
lenders = {"course backbone": table["frozen 100"], "MobileNetV2, 0.35": table["mobilenet 100"]}
assert lenders["MobileNetV2, 0.35"].shifted.min() > lenders["course backbone"].shifted.max() + 0.05
### BEGIN HIDDEN TESTS
assert lenders["MobileNetV2, 0.35"].test.mean() > lenders["course backbone"].test.mean() + 0.02
ahead = lenders["MobileNetV2, 0.35"].shifted.mean() - lenders["course backbone"].shifted.mean()
assert round(100 * ahead) == 11 or not measured
### END HIDDEN TESTS
plots.starts({name: {"test": row.test, "shifted": row.shifted} for name, row in lenders.items()})

# %% [markdown]
# **c**: 11 points. A quarter of the parameters, the better network: size alone does not decide. **Among its 1000
# classes are airliners, sports cars, tabby cats, more than a hundred breeds of dogs, oranges, daisies and mopeds.** It knows seven of your classes. Larger pictures (128×128)
# and more photographs come on top; this experiment cannot tell the reasons apart.

# %% [markdown]
# ## 6. From renderings to photographs
#
# The head of section 2 learned from twenty *rendered* pictures of each class. Take a hundred, and show
# it four **photographs**, which come with packages that you have installed: a cat, a rocket, a
# dahlia and an astronaut. (Whose they are says the [data card](../data/README.md).)

# %% [markdown] tags=["notes"]
# **4 minutes.** Let everybody write four answers with a probability before the cell. The room laughs at the rocket;
# then ask: "What does the network say when it does not know?" And: "Which accuracy did the validation pictures promise?" They were rendered, too. The
# promise held for pictures of that kind.

# %% [markdown]
# ### Predict: four photographs
#
# Write down what the head will say of each of the four, and how sure it will be.

# %% tags=["measured", "trains"]
backbone.set_weights(before[backbone])  # as it was borrowed
renderings = data.load_images("train", per_class=100, source="rendered8")
head_of_renderings = learned_head(run(describe, renderings.images), renderings.labels, 8)
photos = photographs.installed(64)
probabilities = run(head_of_renderings, run(describe, photos))
### BEGIN HIDDEN TESTS
names = [renderings.classes[place] for place in probabilities.argmax(axis=1)]
assert names == ["cat", "person", "fruit", "motorbike"] and probabilities.max(axis=1).min() > 0.5
assert probabilities[1].max() > 0.97
### END HIDDEN TESTS
figures.answers(photographs.installed(240), probabilities, renderings.classes)

# %% [markdown]
# The cat is a cat. The rocket, upright and thin, is a person, with 99 %; the dahlia, round and orange, is fruit. And the
# astronaut, who *is* a person, is a motorbike. There is no answer "I do not know": softmax spreads 100 % over eight
# classes, whatever comes. **A percentage speaks of pictures like those of training.** Lesson {looking_inside} asks what
# a network looks at.

# %% [markdown]
# ### Challenge
#
# **If you are early:** put your own photograph beside the four: `utils.data.pictures.read_picture(path, 64)`.
#
# **If you want a week:** which layer is the best to borrow? Take the means of the maps after `stem_relu`,
# `block1_relu2`, `block2_relu2`, `block3_relu2` and `block4_relu2`, train a head on each, and draw the validation
# accuracy against depth. Then do the same for a task of another kind, say the eight *grounds* of lesson
# {looking_inside}'s pictures. Is the best layer the same?

# %% [markdown] tags=["notes"]
# Let them guess the two curves before they compute: many expect the last block to win both times. Grounds are
# textures, and textures are known early. There is no single answer; ask for the curve, the spread over starts, and
# the reason.

# %% [markdown]
# ## Going further
#
# Nothing that follows needs this section.
#
# ### The object turns
#
# A thing in the world has all sides. Eight objects of the course stand on a turntable, one of each class, seen
# every 10 degrees. How sure is the head of each as it turns? Take the object for which that moves most.

# %% [markdown] tags=["notes"]
# Ask before the first page: "From which side is it hardest?" Most say "from behind". Turn the pages slowly and let
# them say the answer before the bars do. The probability is about this picture, not about this thing.

# %% tags=["measured", "trains"]
views = data.load_images("turntable", source="rendered8")
chances = run(head_of_renderings, run(describe, views.images)).reshape(8, 36, 8)
own = chances[range(8), :, range(8)]  # the probability of the object's own class, at each angle
turning = int(np.abs(np.diff(own, axis=1)).sum(axis=1).argmax())
sides, angles = views.images[views.labels == turning], np.arange(0, 360, 10)
assert own[turning].max() > 0.6 and (chances[turning].argmax(axis=1) != turning).any()
f"{own[turning].max():.0%} at its best angle, {own[turning].min():.0%} at its worst"

# %% [markdown]
# Here it is, all the way around. At a cross the network names another class.

# %% tags=["measured"]
figures.turntable(sides, angles, chances[turning], views.classes, turning)

# %% [markdown]
# Turn it yourself: press Play, or drag the slider, and watch all eight probabilities.

# %% tags=["measured"]
figures.turntable_book(sides, angles, chances[turning], views.classes, turning)

# %% [markdown]
# Nothing about the thing has changed; what the camera sees of it has: another side, another light, another shadow.
# The cure is the one of lesson {image_classification}: more pictures, of the views that are missing.
#
# ### The whole project
#
# Four lessons, **100 pictures of each class**, five starts each: on the test pictures, and on shifted ones. (The rows of
# this lesson draw their hundred anew for each start; the others share theirs.) The test pictures have been shown in
# each of the four lessons. Nothing was chosen by them, so the order holds; as a promise for new pictures they are
# worn.

# %%
story = {
    "baseline": data.project_accuracies("image_classification")["100 a class"],
    "regularized": data.project_accuracies("regularization")["all together"],
    "augmented": data.project_accuracies("data_augmentation")["flip"],
    "frozen": table["frozen 100"],
    "fine-tuned": table["fine-tuned 100"],
    "MobileNetV2, 0.35": table["mobilenet 100"],
}
assert story["fine-tuned"].test.min() > story["baseline"].test.max() + 0.05
assert all(row.shifted.mean() < row.test.mean() for row in story.values())
plots.starts(
    {name: {"test": row.test, "shifted": row.shifted} for name, row in story.items()},
    chance=1 / len(classes),
)

# %% [markdown]
# Shifted pictures stay harder for every network. A backbone helps you with few pictures; it does not take away the
# need for pictures like those that your network will meet.
#
# ## What you can do now
#
# - **Build** a new head: freeze the base, the mean of each map, one dense layer.
# - **Prove** what moved: copy the weights, train, compare bit by bit.
# - **Tune** the last block: a trained head first, all normalizations closed, compile again, a tenth of the rate.
# - **Judge** whether to borrow: with few pictures, borrow; and ask what the lender had seen.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("transfer_learning")

# %% [markdown]
# ## Common mistakes
#
# - **Forgetting the normalization.** A backbone wants its pixels as in its training. Ours normalizes inside; those of
#   `keras.applications` mostly want their own `preprocess_input`.
# - **Setting `backbone.trainable` after its layers.** It sets all of them at once: first the whole, then the parts.
# - **Changing `trainable` without compiling again.** The first `fit` settled what trains.
# - **Fine-tuning from a random head.** Its first gradients are large and senseless. Train the head first.
# - **The rate of the head for the backbone.** Ten times less, or you overwrite what you borrowed.
# - **Open batch normalizations.** Their averages drift with every batch, whatever `training=False` promised.
# - **A backbone that knows the test classes.** Ask what it was trained on before you call it few-shot learning.

# %% [markdown]
# ## Where next
#
# What the networks that are lent look like inside, and what they cost: [{network_families} Families of
# networks](network_families.ipynb). With photographs of your own, from a folder to a saved file:
# [{your_own_classifier} Your own classifier](your_own_classifier.ipynb).
