# %% [markdown]
# # Regularization
#
# **Your network knows its training pictures by heart, and stumbles over new ones. Six remedies are said to
# help. Which of them do?** You meet a fault that costs real people weeks, and learn to tell a remedy from luck,
# for any network of your own.
#
# {time} · **You need:** [{image_classification} Image classification](image_classification.ipynb).
#
# **When you are done, you can**
#
# - **compute** what dropout, batch normalization and penalties do, in training and at inference
# - **train** with a falling rate, early stopping and a checkpoint, in one call of `fit`
# - **decide** from a few starts whether a remedy has helped, with an exact test
#
# **Sources:** Y. Chammami, *Exploring the Power of Conv'Nets* (the list of remedies); E. Rantsiou,
# *Convolutional Neural Networks basics* (LENS ML School, 2021; dropout in the project); I. Heredia, *Image
# classification* (Santander, 2022; the regularizers of Keras). N. Srivastava et al., *Dropout* (2014). S.
# Ioffe, C. Szegedy, *Batch normalization* (2015). I. Loshchilov, F. Hutter, *Decoupled weight decay
# regularization* (2019).

# %% [markdown] tags=["notes"]
# Ask before you begin: "You learn for an exam by heart. What could your teacher do about it?" You will
# hear: other questions (new data, lesson {data_augmentation}), fewer pages of notes (a smaller network,
# penalties), forget some of it at random (dropout), stop in time. Write the answers down and check them off
# during the lesson.
#
# With the environment variable `COURSE_IMAGES` all of this runs on photographs. Ten minutes short? Give
# section 5 as reading, and show section 4 without its figure.

# %% [markdown]
# ## Setup

# %%
from lessons.regularization import check, figures, records
from lessons.regularization.learning import (
    answer_in,
    differences_of_deals,
    fit_and_keep,
    stopping_epoch,
)
from lessons.regularization.thinned import Thinned
from utils import board, data, models, plots, training
from utils.metrics import p_of_difference
from utils.quiet import keras

import math
from itertools import combinations, product
from tempfile import TemporaryDirectory

import numpy as np

layers, regularizers = keras.layers, keras.regularizers
plots.style()

# %% [markdown]
# ## 1. The gap again
#
# Classes, split and network are those of lesson {image_classification}, with 100 training pictures of each class.
# So that you need not wait, what you train here sees 32×32 pixels.

# %% [markdown] tags=["notes"]
# **4 minutes.** Let the curves draw themselves, then ask: "At which epoch would you stop?" and "What would
# you change?" Keep both answers for sections 4 and 6.
#
# If somebody wants to try things on the test set: whoever chooses by the test set has no test set any more.

# %%
train_set, val_set = (
    data.load_images("train", 32, per_class=100),
    data.load_images("validation", 32),
)
classes = train_set.classes
x_train, y_train = train_set.images, train_set.labels
x_val, y_val = val_set.images, val_set.labels
steps = math.ceil(len(y_train) / 32)  # batches of 32 in an epoch
assert np.bincount(y_train).tolist() == [100] * len(classes)
f"{len(y_train)} pictures to learn from, {len(y_val)} to choose by, {steps} steps per epoch"

# %% [markdown]
# First the network as it was, for 25 epochs.

# %% tags=["measured", "trains"]
training.reproducible(0)
plain = models.on_pixels(models.lens_cnn((32, 32, 3), len(classes)))
plain.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = training.fit(
    plain, (x_train, y_train), (x_val, y_val), 25, callbacks=[training.LiveCurves()]
)
assert history.accuracy[-1] - history.val_accuracy[-1] > 0.2

# %% [markdown]
# The gap between the two is over-fitting. **Regularization** is everything that makes a network do better on new
# pictures, even if it then fits the old ones less well.
#
# One start proves little. The course has trained every setting from five random starts, on 64×64 pixels; the
# results are a table. Here is the baseline, lowest and highest of five, in points.


# %%
def in_points(accuracies):
    """Lowest and highest of several accuracies, in whole points."""
    return f"{100 * min(accuracies):.0f} to {100 * max(accuracies):.0f}"


table = data.project_accuracies("regularization")
base = table["baseline"]
### BEGIN HIDDEN TESTS
rendered = data.measured_set() == "rendered8"
### END HIDDEN TESTS
assert (base.train - base.validation).min() > 0.1
{"training": in_points(base.train), "validation": in_points(base.validation)}

# %% [markdown]
# Only the start differs, and validation accuracy moves by points. A remedy has to beat that.
#
# ## 2. Dropout
#
# **Dropout** lets no unit count on its neighbors. In each training step, each unit is dropped with a probability,
# the **rate**; its output counts as 0.
#
# Six outputs, a rate of 0.5, and a mask that a coin has thrown: 1 stays, 0 goes. What is left is divided by
# `1 - rate`, here doubled.

# %% [markdown] tags=["notes"]
# **8 minutes with the exercise.** Let everybody throw a coin six times and compute the sum of their own
# numbers; write ten of the sums on the board. They jump around 42. Take the mean.
#
# Ask: "Why double?" You will hear "because half is gone". Then: "And with a rate of 0.2?" Many say divide
# by 0.2. Let them test it: five times as much, where a fifth is missing?
#
# Wrong answers in the exercise: no rescaling; `/ rate` (which cannot be told apart at 0.5, so the check
# uses other rates); one mask for the whole batch; a fixed number of zeros.

# %%
x = np.array([2.0, 4, 6, 8, 10, 12])
mask = np.array([1, 0, 0, 1, 1, 0])
thinned = x * mask / (1 - 0.5)
assert thinned.tolist() == [4, 0, 0, 16, 20, 0] and thinned.sum() == 40
thinned

# %% [markdown]
# ### Predict: the sum on average
#
# The sum of all six was 42, that of these is 40. There are 2⁶ = 64 masks. What is the mean of the 64 sums?
#
# - **a** 21
# - **b** 40
# - **c** 42

# %%
masks = np.array(list(product([0, 1], repeat=6)))
sums = (x * masks / (1 - 0.5)).sum(axis=1)
assert len(masks) == 64 and sums.mean() == x.sum() == 42 and (x * masks).sum(axis=1).mean() == 21
{"mean of 64 sums": float(sums.mean()), "smallest": float(sums.min()), "largest": float(sums.max())}

# %% [markdown]
# **c**: exactly 42, and that is what the division is for: **on average the next layer gets what it would get
# without dropout.** So at **inference**, when the network is used, nothing is dropped and nothing divided. Without the
# division the mean would be 21.

# %% [markdown]
# ### Your turn 1: inverted dropout
#
# Write it for an array of any shape and any rate from 0 to below 1. Draw from the generator `rng`:
# `rng.random(x.shape)` gives numbers between 0 and 1. Each entry is dropped on its own.


# %% tags=["exercise"]
def dropout(x, rate, rng):
    """A copy of x with entries dropped at a rate, and the others scaled up."""
    ### BEGIN SOLUTION
    stays = rng.random(x.shape) >= rate
    return x * stays / (1 - rate)
    ### END SOLUTION


# %%
check.dropout(dropout)

# %% [markdown]
# `layers.Dropout` does the same. Two copies of `x`, in training and at inference:

# %%
drop = layers.Dropout(0.5, seed=0)
two = np.stack([x, x]).astype("float32")
at_work, at_rest = drop(two, training=True).numpy(), drop(two).numpy()
### BEGIN HIDDEN TESTS
many = np.tile(x, (10_000, 1)).astype("float32")
often = np.asarray(drop(many, training=True))
assert set(np.unique(often / many)) == {0, 2}
np.testing.assert_allclose(often.mean(axis=0), x, rtol=0.05)
np.testing.assert_array_equal(at_rest, two)
### END HIDDEN TESTS
{"training": at_work.tolist(), "inference": at_rest.tolist()}

# %% [markdown]
# `fit` switches dropout on, `predict` and `evaluate` switch it off. The row "dropout" of the table has it before
# both dense layers, with a rate of 0.5.
#
# ## 3. Batch normalization
#
# Each layer learns from the outputs of the layer below, while that changes, too. **Batch normalization** keeps
# them on one scale: it subtracts the mean and divides by the standard deviation, **over the batch**. Then a
# learned scale γ and a learned shift β follow.
#
# A batch of four examples with two numbers each. Compute mean and variance of each *column*, then normalize.

# %% [markdown] tags=["notes"]
# **13 minutes, the heart of the lesson.** Column one on the board: mean 3, variance 4, so −1, 1, 1, −1. Column
# two: mean 100, deviations −70, −10, 10, 70, mean of the squares 2500, standard deviation 50. Wrong answers:
# mean over rows ("over an example": that is *layer* normalization); variance by n − 1.
#
# Ask: "And when a single picture comes?" Let them compute: the mean of one number is the number itself,
# everything becomes 0. So inference needs means from somewhere else. From there it is one step to the
# moving averages, and to the trap.
#
# Take the vote on the trap, and do not comment. After the number, let silence work. Then ask: "Where is the
# fault: in the data, in the weights, in the program?" The third number answers it. This trap costs real people
# real weeks. Tell them the symptom: training fine, inference poor, *also on the training pictures*.

# %%
examples = np.array([[1.0, 30], [5, 90], [5, 110], [1, 170]])
mean, variance = examples.mean(axis=0), examples.var(axis=0)
normalized = (examples - mean) / np.sqrt(variance)
assert mean.tolist() == [3, 100] and variance.tolist() == [4, 2500]
np.testing.assert_allclose(normalized, [[-1, -1.4], [1, -0.2], [1, 0.2], [-1, 1.4]])
normalized

# %% [markdown]
# Now both columns have mean 0 and standard deviation 1. In a convolutional network a *map* takes the place of the
# column: one mean over all pictures of the batch and all places.
#
# A picture is normalized by the batch that it happens to come in: a noise, as with dropout. But at inference it
# may come alone. So during training the layer keeps **moving averages** of mean and variance, for later:
#
# average ← momentum · average + (1 − momentum) · value of this batch
#
# They start at mean 0 and variance 1. With a momentum of 0.9, the batch above makes the first mean
# 0.9 · 0 + 0.1 · 3 = 0.3 and the first variance 0.9 · 1 + 0.1 · 4 = 1.3.
#
# ### Your turn 2: batch normalization
#
# Write both modes, without γ and β. `x` has one row per example; `mean` and `variance` are the moving averages. In
# training, normalize by the batch, and move the averages. At inference, normalize by the averages, and leave
# them. Return the normalized batch and both averages. Add 0.001 to the variance before you take the root.


# %% tags=["exercise"]
def batch_norm(x, mean, variance, momentum, in_training):
    """The normalized batch, and the moving averages afterwards."""
    ### BEGIN SOLUTION
    center, width = mean, variance
    if in_training:
        center, width = x.mean(axis=0), x.var(axis=0)
        mean = momentum * mean + (1 - momentum) * center
        variance = momentum * variance + (1 - momentum) * width
    return (x - center) / np.sqrt(width + 0.001), mean, variance
    ### END SOLUTION


# %%
check.batch_norm(batch_norm)

# %% [markdown]
# The layer of Keras, on the same batch, and its averages after this one step:

# %% tags=["measured"]
norm = layers.BatchNormalization(momentum=0.9)
by_keras = norm(examples.astype("float32"), training=True).numpy()
averages = np.stack([norm.moving_mean, norm.moving_variance])
np.testing.assert_allclose(by_keras, normalized, atol=1e-3)
np.testing.assert_allclose(averages, [[0.3, 10], [1.3, 250.9]], rtol=1e-4)
{"largest difference to ours": float(np.abs(by_keras - normalized).max().round(5)),
 "averages": averages.astype(float).round(1).tolist()}  # fmt: skip

# %% [markdown]
# Still far from 3 and 4: after *n* steps the start still weighs momentumⁿ. Keras takes **0.99** unless you say
# otherwise. After how many steps does the start weigh less than 1 %?

# %%
needed = {momentum: math.ceil(math.log(0.01) / math.log(momentum)) for momentum in (0.9, 0.99)}
assert needed == {0.9: 44, 0.99: 459} and 0.99**459 < 0.01 < 0.99**458
{"steps needed": needed, "steps per epoch": steps}

# %% [markdown]
# On a million photographs 459 steps are nothing. Here they are many epochs.
#
# Now a network: four blocks of convolution (without bias, since β is one), pooling, batch normalization and
# ReLU. **Global average pooling** takes the place of Flatten: of each map, its mean.


# %%
def block_cnn(input_shape, classes, dropout=0.0, momentum=0.9):
    """Four blocks, the mean of each map, dropout where asked for, softmax."""
    model = keras.Sequential([keras.Input(input_shape), layers.Rescaling(1 / 255, name="scale")])
    for number, maps in enumerate((16, 32, 64, 128), 1):
        model.add(layers.Conv2D(maps, 3, padding="same", use_bias=False, name=f"conv{number}"))
        model.add(layers.MaxPooling2D(2, name=f"pool{number}"))
        model.add(layers.BatchNormalization(momentum=momentum, name=f"norm{number}"))
        model.add(layers.ReLU(name=f"relu{number}"))
    model.add(layers.GlobalAveragePooling2D(name="means"))
    if dropout:
        model.add(layers.Dropout(dropout, name="dropout"))
    model.add(layers.Dense(classes, activation="softmax", name="classes"))
    return model


### BEGIN HIDDEN TESTS
def computed(model):
    """What a chain of layers computes: kind and settings of each, without names and seeds."""
    settings = [{**layer.get_config(), "name": "", "seed": None} for layer in model.layers]
    return [(type(layer), kept) for layer, kept in zip(model.layers, settings, strict=True)]


for options in (((64, 64, 3), 8), ((64, 64, 3), 5, 0.3, 0.99)):
    assert computed(block_cnn(*options)) == computed(models.block_cnn(*options))
assert block_cnn((64, 64, 3), 8).count_params() == 99_192
assert 202_000 < models.lens_cnn((64, 64, 3), 8).count_params() < 203_000
### END HIDDEN TESTS


# %% [markdown]
# 99,192 parameters, half as many as the baseline has for 64×64 pixels.
#
# ### Predict: in use
#
# It trains for four epochs. Then it names its own *training* pictures twice, with the very same weights: as at
# inference, and as in training. What will the two accuracies be?
#
# - **a** about the same
# - **b** a few points higher at inference
# - **c** far higher in training mode

# %% tags=["measured", "trains"]
training.reproducible(0)
young = block_cnn((32, 32, 3), len(classes), momentum=0.99)
young.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
young.fit(x_train, y_train, epochs=4, verbose=0)
in_use = answer_in(young, x_train, y_train, training=False)
in_training = answer_in(young, x_train, y_train, training=True)
assert in_training > in_use + (0.5 if rendered else 0.15)
f"right: {in_use:.1%} in use, {in_training:.1%} in training mode"

# %% [markdown]
# **c**, and how. In use the network is hardly better than guessing, 12.5 % for eight classes. The same weights,
# the same pictures: this is no over-fitting. **The moving averages have not arrived**: a hundred steps, where 459
# are needed.

# %% [markdown]
# Now it sees its pictures three times in training mode, at a momentum of 0.9. No weight changes, only the moving
# averages:

# %% tags=["measured", "trains"]
### BEGIN HIDDEN TESTS
weights = [weight.numpy() for weight in young.trainable_weights]
### END HIDDEN TESTS
for layer in young.layers:
    if isinstance(layer, layers.BatchNormalization):
        layer.momentum = 0.9
for _ in range(3):
    answer_in(young, x_train, y_train, training=True)
afterwards = answer_in(young, x_train, y_train, training=False)
assert afterwards > in_use + (0.5 if rendered else 0.15)
### BEGIN HIDDEN TESTS
for before, now in zip(weights, young.trainable_weights, strict=True):
    np.testing.assert_array_equal(before, now)
### END HIDDEN TESTS
figures.same_weights({"in use": in_use, "in training mode": in_training,
                      "in use, three passes later": afterwards}, len(classes))  # fmt: skip

# %% [markdown]
# From a network that guesses to one that knows, without learning. For two cures, take a momentum that fits your
# number of steps, such as 0.9, or a learning rate that falls to 0: the weights come to rest, and the averages arrive.

# %% [markdown]
# ### Question 1 <!-- compute -->
#
# A friend writes: "My progress bar says 99 % training accuracy. `evaluate` on the *same training pictures*
# says 40 %. I use dropout and batch normalization. What is wrong?"
#
# <details><summary>Answer</summary>
#
# The moving averages. Training normalizes by the batch, `evaluate` by the averages, and these lag behind. Lower
# the momentum, train longer, or let the rate fall.
#
# - "Over-fitting": it would show on *new* pictures.
# - "Dropout": it makes the training accuracy lower than that of `evaluate`, not higher.
#
# </details>
#
# ## 4. Stop in time, keep the best, let the rate fall
#
# The validation loss falls, then rises. **Early stopping**: keep the weights of the best epoch so far, and stop
# when `patience` epochs in a row have brought no new best.

# %% [markdown] tags=["notes"]
# **9 minutes with the exercise.** Do the example by hand with the room, one epoch after the other, with two
# columns on the board: best so far, epochs waited. Ask at epoch 4: "0.75 is lower than 0.8. Is it a new
# best?" (No: 0.7 is.) At the end: "Epoch 8 would have been better. Was the rule wrong?" No rule sees the
# future; more patience buys more certainty, for more epochs.
#
# Wrong answers in the exercise: `decay_steps=epochs` (the rate is 0 after one epoch, and all looks calm);
# `restore_best_weights` or `save_best_only` forgotten; a callback that is made and never handed to `fit`.

# %% [markdown]
# ### Predict: when does it stop?
#
# The losses are 0.9, 0.7, 0.8, 0.75, 0.6, 0.65, 0.7, 0.5 and the patience is 2. After which epoch does the
# training stop, and whose weights are kept?
#
# - **a** It stops after epoch 3 and keeps epoch 2.
# - **b** It stops after epoch 4 and keeps epoch 2.
# - **c** It runs to epoch 8 and keeps epoch 8.

# %%
losses = [0.9, 0.7, 0.8, 0.75, 0.6, 0.65, 0.7, 0.5]
assert stopping_epoch(losses, 2) == (4, 2) and stopping_epoch(losses, 3) == (8, 8)
dict(zip(("stops after epoch", "keeps epoch"), stopping_epoch(losses, patience=2), strict=True))

# %% [markdown]
# **b**: epochs 3 and 4 bring no new best; 0.75 is below 0.8, but not below 0.7.

# %% [markdown]
# Now your training of section 1. Try a patience of 2, 4 or 10.

# %% tags=["measured"]
stopped, best = stopping_epoch(history.val_loss, patience=5)
assert stopped == 25 or stopped - best == 5
figures.early_stop(history.val_loss, stopped=stopped, best=best)

# %% [markdown]
# In Keras you hand `fit` **callbacks**, objects that it calls after each epoch: `EarlyStopping` stops and brings
# the best weights back, `ModelCheckpoint` writes the best epoch to disk, for the day the power fails. A third
# helper is a **schedule** in the place of the rate: half a cosine down to 0. `decay_steps` counts *steps*.

# %%
fall = keras.optimizers.schedules.CosineDecay(0.003, decay_steps=8 * steps)
rates = {epoch: round(float(fall(epoch * steps)), 5) for epoch in (0, 2, 4, 6, 8)}
assert list(rates.values()) == [0.003, 0.00256, 0.0015, 0.00044, 0]
rates

# %% [markdown]
# ### Your turn 3: a falling rate and two callbacks
#
# Compile `model` with Adam, a rate that falls from 0.003 to 0 over all steps of all epochs, the loss
# `"sparse_categorical_crossentropy"` and the metric `"accuracy"`. Batches hold 32 examples, the last one of an
# epoch may be smaller. Fit with `EarlyStopping` (patience 5, best weights restored) and a `ModelCheckpoint` that
# keeps the best epoch at `path`, both from `keras.callbacks`. `train` and `validation` are pairs of pictures and
# labels. Return the `.history` of what `fit` returns.


# %% tags=["exercise"]
def careful_fit(model, train, validation, epochs, path):
    """Train with a falling rate, stop in time, keep the best epoch; the curves."""
    ### BEGIN SOLUTION
    steps = math.ceil(len(train[0]) / 32)
    fall = keras.optimizers.schedules.CosineDecay(0.003, epochs * steps)
    descent = keras.optimizers.Adam(fall)
    model.compile(descent, "sparse_categorical_crossentropy", metrics=["accuracy"])
    stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    keep = keras.callbacks.ModelCheckpoint(path, save_best_only=True)
    history = model.fit(
        *train, epochs=epochs, validation_data=validation, callbacks=[stop, keep], verbose=0
    )
    return history.history
    ### END SOLUTION


# %%
check.train(careful_fit)

# %% [markdown]
# From here on it is named `fit_and_keep`. The block network, for up to 8 epochs:

# %% tags=["measured", "trains"]
training.reproducible(0)
blocks, folder = block_cnn((32, 32, 3), len(classes)), TemporaryDirectory()
best_file = f"{folder.name}/best.keras"
record = fit_and_keep(
    blocks, (x_train, y_train), (x_val, y_val), 8, best_file, training.LiveCurves()
)
assert record.accuracy[-1] > 0.9
f"{record.epochs} epochs, the best was number {record.best_epoch}"

# %% [markdown]
# As the rate falls, the curves come to rest. Loaded from its file, the network says what the one in memory says:

# %% tags=["measured", "trains"]
loaded = keras.models.load_model(best_file)
answers = {
    name: model.predict(x_val, verbose=0)
    for name, model in {"in memory": blocks, "from disk": loaded}.items()
}
np.testing.assert_array_equal(*answers.values())
assert np.mean(answers["in memory"].argmax(axis=1) == y_val) > history.val_accuracy[-1]
{
    name: f"{np.mean(one.argmax(axis=1) == y_val):.1%} of the validation pictures"
    for name, one in answers.items()
}

# %% [markdown]
# ## 5. Fewer weights, smaller weights
#
# ### Predict: from tiny to large
#
# A network with fewer weights can store less. The course has trained your network of section 1 in five sizes: with an
# eighth of its maps and hidden units, half, all, two and four times as many. Which size is right most often on
# *validation* pictures, after 25 epochs?
#
# - **a** the smallest: it cannot learn by heart
# - **b** one in the middle
# - **c** the largest

# %%
of_sizes = records.sizes()
### BEGIN HIDDEN TESTS
val_losses = [of.val_loss.mean(axis=0) for of in of_sizes.values()]
*smaller, largest = of_sizes.values()
assert [*of_sizes] == [704, 9_920, 38_840, 153_704, 611_528]
assert plain.count_params() == 38_840 or len(classes) != 8
assert smaller[0].accuracy.max() < 0.56 and largest.accuracy[:, -1].min() > 0.98
assert [int(of.argmin()) + 1 for of in val_losses] == [25, 14, 12, 9, 7]
assert (np.diff([of[-1] - of.min() for of in val_losses]) > 0.1).all()
assert (np.diff([of.last.mean() for of in of_sizes.values()]) > 0.015).all()
assert largest.last.mean() > largest.stopped.mean() + 0.03
### END HIDDEN TESTS
figures.sizes(of_sizes)

# %% [markdown]
# **c**, all at one rate, 0.003. The smallest cannot even learn its training pictures. The larger a network, the
# sooner it knows them by heart, and the sooner and steeper its validation loss turns up. The largest one's mistakes
# become more certain then, not more frequent.

# %% [markdown]
# A curve that bends through every training point needs large weights; a **penalty** with a strength λ, added to the
# loss, makes them expensive. **L1** is λ · Σ|w|, **L2** is λ · Σw². For the weights 3, −1, 0.5 and λ = 0.1, L1 is
# 0.1 · 4.5 = 0.45 and L2 is 0.1 · 10.25 = 1.025. In Keras a layer takes it as `kernel_regularizer`, and lists what it
# adds to the loss:

# %% [markdown] tags=["notes"]
# **6 minutes.** Before the sizes, let everybody draw two curves for the smallest and for the largest, training and
# validation loss. Most draw the largest one's validation *accuracy* falling, too. Ask afterwards: "How can the loss
# rise and the accuracy as well?" (One picture at a probability of 0.001 costs 7, one at 0.3 costs 1.2; both count as
# one mistake.) All sizes learn at one rate, 0.003; each may have a better one of its own (section 7).
#
# Then: "Which of the two cares about the weight 0.5?" (L1 pulls it as hard as it pulls the 3; L2
# pulls the 3 six times as hard.) "Which makes zeros?" Most guess L2, since squares look stronger. It is L1; the
# last section shows it, for those who want to see.

# %%
w, strength = np.array([3, -1, 0.5]), 0.1
layer = layers.Dense(1, kernel_regularizer=regularizers.L2(strength))
layer.build((None, 3))
layer.kernel.assign(w[:, np.newaxis])
np.testing.assert_allclose(strength * np.abs(w).sum(), 0.45)
np.testing.assert_allclose([float(loss) for loss in layer.losses], 1.025, rtol=1e-6)
[round(float(loss), 3) for loss in layer.losses]

# %% [markdown]
# The loss that Keras reports **contains the penalty**. Compare accuracies.
#
# ## 6. Which of them helps?
#
# Dropout raised the mean of five starts. A remedy, or luck? **If dropout did nothing, its five
# numbers and those of the baseline would be ten numbers from one pot.** So mix them, and deal them into two hands
# of five in every possible way: 252 deals. In which share of them do the means of the hands lie as far apart as
# ours, or farther, whichever is ahead? That share is **p**. If it is small, chance alone is a poor explanation.
#
# By hand: 3, 4 against 1, 2. There are 6 deals, and two of them lie as far apart as ours, 3, 4 | 1, 2 and
# 1, 2 | 3, 4: p = 2/6.

# %% [markdown] tags=["notes"]
# **11 minutes with the exercise.** Bring ten cards: five red, five black, with the ten numbers. Deal them three
# times, and let the room compute the difference. "How often would you have to deal until you see ours again?"
#
# Collect the order of the settings from the room *before* you run the figure. Then point at two things:
# the penalties, which change nothing; the width of the rows, which is larger than most differences.
#
# Ask: "Is p the probability that dropout is useless?" No: it is how often a useless remedy would do as much.
# And: "We tested ten remedies. What of that?" At a limit of one in twenty, a useless one is called better
# or worse once in twenty: among ten, in up to 40 of 100 such tables.

# %% [markdown]
# ### Your turn 4: how often does chance do as much?
#
# `a` and `b` are arrays of equally many whole numbers, such as the pictures that each start got right. Return p.
# `combinations(range(4), 2)` gives the places of the first hand: (0, 1), (0, 2), and so on.


# %% tags=["exercise"]
def p_value(a, b):
    """The share of the deals whose means lie as far apart as ours, or farther."""
    ### BEGIN SOLUTION
    numbers, ours, found = [*a, *b], abs(sum(a) - sum(b)), 0
    deals = list(combinations(range(len(numbers)), len(a)))
    for places in deals:
        first = sum(numbers[place] for place in places)
        found += abs(first - (sum(numbers) - first)) >= ours
    return found / len(deals)
    ### END SOLUTION


# %%
check.p_value(p_value)

# %% [markdown]
# All 252 deals of dropout and baseline, a dot per deal; ours is marked.

# %%
drops = table["dropout"]
### BEGIN HIDDEN TESTS
deals = differences_of_deals(drops.validation, base.validation)
assert len(deals) == 252
ours = drops.validation.mean() - base.validation.mean()
far = (np.abs(deals) >= abs(ours) - 1e-9).mean()
np.testing.assert_allclose(far, p_of_difference(drops.validation, base.validation))
assert not rendered or (round(100 * ours, 1) == 4.8 and round(252 * far) == 8)
### END HIDDEN TESTS
figures.deals(100 * differences_of_deals(drops.validation, base.validation), "dropout")

# %% [markdown]
# The rule of the course: where p is below 0.05, we say "better" or "worse", otherwise "cannot tell". The smallest
# p of five against five is 2/252. The largest network of section 5 against each smaller one, after 25
# epochs, and stopped where the validation loss is lowest:

# %%
*smaller, largest = of_sizes.values()
chances = {
    "after 25 epochs": [round(p_of_difference(largest.last, of.last), 3) for of in smaller],
    "stopped": [round(p_of_difference(largest.stopped, of.stopped), 3) for of in smaller],
}
assert [*chances.values()] == [[0.008, 0.008, 0.008, 0.048], [0.008, 0.024, 0.278, 0.31]]
chances

# %% [markdown]
# Trained to the end, the largest is better than every other; stopped in time, than the two smallest. **Taking a
# smaller network has helped nowhere.**
#
# ### Predict: which one wins?
#
# Ten settings against the baseline: which stands at the top?
#
# - **a** dropout
# - **b** early stopping
# - **c** L1 and L2 together
# - **d** the block network with a falling rate, or with everything together


# %%
def verdict(p, gain):
    """What the rule says."""
    return "cannot tell" if p >= 0.05 else "better" if gain > 0 else "worse"


later = ("block network, rate 0.003", "block network, falling from 0.001")  # for section 7
settings = {name: row for name, row in table.items() if name not in later}
judged = {}
for name, row in settings.items():
    p = p_of_difference(row.validation, base.validation)
    judged[name] = (p, verdict(p, row.validation.mean() - base.validation.mean()))
### BEGIN HIDDEN TESTS
said = {word: {n for n, (_, one) in judged.items() if one == word} for word in ("better", "worse")}
blocks_that_help = {"block network", "block network, falling rate", "all together"}
if rendered:
    assert len(settings) == 11
    assert said["better"] == {"dropout", *blocks_that_help}
    assert said["worse"] == {"smaller network", "block network, momentum 0.99"}
    for penalty in ("L1", "L2", "L1 and L2"):
        assert judged[penalty][0] > 0.5 and table[penalty].train.min() > 0.97
    assert 0.05 < judged["early stopping"][0] < 0.06 and 0.03 < judged["dropout"][0] < 0.035
    top = max(table, key=lambda setting: table[setting].validation.mean())
    assert top in {"block network, falling rate", "all together"}
### END HIDDEN TESTS
figures.settings_compared(
    {name: (row.train, row.validation) for name, row in settings.items()}, judged
)

# %% [markdown]
# **d**, by far. On the pictures of the course:
#
# - **Better: dropout**, by 5 points with p = 0.03, **and the block networks**, unless their averages lag.
# - **Worse: the smaller network** and the lagging one.
# - **The penalties, at these strengths, have done nothing that we can see.**
# - **Early stopping: we cannot tell** (p = 0.06). What you save for certain is time.
#
# **These were ten comparisons at once.** If all ten did nothing, up to 40 in 100 such tables would still call one
# better or worse: trust a p of 0.008 more than dropout's 0.032. All starts share the same pictures: 320 others to
# choose by would move an accuracy by 2 or 3 points. And early stopping chose its epoch on the very pictures that
# measure it.

# %% [markdown]
# ## 7. Two things changed at once
#
# From "block network" to "block network, falling rate" the mean climbs by 13 points.
# But the first learns at a constant 0.001, the second **falls from 0.003**: two things have changed. So the course
# measured the other two corners.

# %% [markdown] tags=["notes"]
# **5 minutes.** The most useful five minutes for everybody who will ever read a paper. Draw an empty square:
# rate down, schedule across, 67 and 80 on the diagonal. "What do you need to know?" Let somebody ask for
# the other two cells. Vote, then run. Then: "Where have you seen two changes sold as one?"

# %% [markdown]
# ### Predict: which change did it?
#
# Starting from the constant 0.001, what raises the mean more?
#
# - **a** the larger rate alone
# - **b** the falling alone
# - **c** neither: only both together

# %%
corners = {
    (0.001, "constant"): table["block network"].validation,
    (0.001, "falling to 0"): table["block network, falling from 0.001"].validation,
    (0.003, "constant"): table["block network, rate 0.003"].validation,
    (0.003, "falling to 0"): table["block network, falling rate"].validation,
}
### BEGIN HIDDEN TESTS
low, low_falls, high, high_falls = (100 * one.mean() for one in corners.values())
measured = [high - low, low_falls - low, high_falls - high, high_falls - low]
assert not rendered or np.round(measured, 1).tolist() == [8.2, 6.2, 5.1, 13.2]
assert not rendered or round(100 * corners[0.003, "constant"].min()) == 62
assert not rendered or 0.08 < p_of_difference(*list(corners.values())[2:]) < 0.09
### END HIDDEN TESTS
figures.rate_and_schedule(corners)


# %%
def effect(before, after):
    """By how many points the mean rises from one corner to another, and how often chance does it."""
    rise = 100 * (corners[after].mean() - corners[before].mean())
    return f"{rise:+.1f} points, p = {p_of_difference(corners[after], corners[before]):.3f}"


steady, falls = "constant", "falling to 0"
{
    "larger rate, constant": effect((0.001, steady), (0.003, steady)),
    "larger rate, falling": effect((0.001, falls), (0.003, falls)),
    "falling, from 0.001": effect((0.001, steady), (0.001, falls)),
    "falling, from 0.003": effect((0.003, steady), (0.003, falls)),
    "both": effect((0.001, steady), (0.003, falls)),
}

# %% [markdown]
# **a**, on the pictures of the course: the larger rate brings 8 points alone, the falling 6. Of the 13 points of the
# recipe, falling from the larger rate adds 5, and at p = 0.09 we cannot tell even that. What it mainly does is spare
# us the start that failed, at 62 %.

# %% [markdown]
# Change one thing at a time, or measure all corners. And give each setting **its own best rate**, or you compare
# rates: lesson {choosing_hyperparameters} is about that.
#
# ### Question 2 <!-- decide -->
#
# A colleague trains two settings, one start each: 78 % and 80 % on validation pictures. "The second one is
# better." What do you say?
#
# <details><summary>Answer</summary>
#
# "Train each four times more." Five starts of one and the same setting differ by several points.
#
# - "Yes, 80 is more than 78": one throw of a die is often above another.
# - "Look at the test pictures": one start is one start.
#
# </details>
#
# ## 8. The exam
#
# Every choice was made on validation pictures; "all together" adds a dropout of 0.3 and AdamW with a decay of 0.05.
# Now the test pictures, by which nothing is chosen.

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask for bets in points before you run the cell. Then: "Why show only three settings?"
# Because we had chosen before we looked.

# %%
final = table["all together"]
### BEGIN HIDDEN TESTS
assert final.test.min() > base.test.max()
assert final.train.min() > 0.97
### END HIDDEN TESTS
chosen = ("baseline", "block network, falling rate", "all together")
{"on test pictures": {name: in_points(table[name].test) for name in chosen},
 "gain of the means": round(100 * (final.test.mean() - base.test.mean()))}  # fmt: skip

# %% [markdown]
# A gap is still there: the new network, too, knows its training pictures by heart.
#
# ### Challenge
#
# **If you are early:** give the block network of section 4 a `dropout=0.3`. What does the training curve do?
#
# **If you want a week:** beat "all together" with the same pictures. Choose by the mean of five starts on validation
# pictures, count the settings that you try, and look at the test pictures once, at the end. How much more does the
# best validation mean promise than the test gives?

# %% [markdown] tags=["notes"]
# The last question of the challenge is the point: whoever tries forty settings has picked the luckiest. Let
# groups compare promise and test; the group with most trials usually loses most.

# %% [markdown]
# ## Going further
#
# Nothing that follows needs this section.
#
# ### Thinned networks
#
# Another way to look at dropout. A network of 4 inputs, twice 5 hidden units and 3 classes: each mask of its
# hidden units leaves a smaller network, a **thinned** one, with an answer of its own. Here are two of them, and
# the whole one.

# %%
small = Thinned(79)
unit_masks = np.array(list(product([0, 1], repeat=10)))
drawn = np.random.default_rng(3).permutation(unit_masks)[:5]
assert len(unit_masks) == 2**10 == 1024
figures.thinned_networks([small.without(drawn[0]), small.without(drawn[1]), small.whole()])

# %% [markdown]
# Dashed units are dropped, and their connections with them. Turn the pages:

# %%
figures.thinned_book([*map(small.without, drawn), small.whole()])

# %% [markdown]
# Ten units that stay or go make 2¹⁰ = 1,024 networks, and they all share their weights. Each training step trains
# some of them a little. At inference the whole network answers at once. Is that like asking all of them?

# %%
asked, whole = small.answers(unit_masks, scale=2), small.answers(np.ones((1, 10)), scale=1)[0]
np.testing.assert_allclose(asked.mean(axis=0), whole, atol=0.06)
assert asked.std(axis=0).max() > 0.1
{
    "mean of 1,024 answers": asked.mean(axis=0).round(2).tolist(),
    "the whole network": whole.round(2).tolist(),
    "standard deviation of the 1,024": asked.std(axis=0).round(2).tolist(),
}

# %% [markdown]
# Nearly: the mean of all is much closer to the whole than single networks are to each other. (Without ReLU and
# softmax the two would be equal.) Dropout is a cheap **ensemble**: a thousand networks asked at the price of
# one.
#
# ### Question 3 <!-- compute -->
#
# A network with dropout trains, and in every epoch its *training* accuracy is below its *validation*
# accuracy. Has somebody swapped the curves?
#
# <details><summary>Answer</summary>
#
# No. Keras measures the training accuracy while half of the units are missing, the validation accuracy at the
# end of the epoch, with all units.
#
# - "Yes, training is always better": only where both are measured in the same way.
# - "The validation pictures are easier": could be, but first compare like with like.
#
# </details>
#
# ### What is left of a weight
#
# Suppose the data want a weight to be *a*, and the loss grows with half the square of the distance from
# *a*. Add a penalty, try all weights between −4 and 4, and take the cheapest.

# %%
grid = np.linspace(-4, 4, 1601)


def left(wanted, penalty):
    """The weight of the grid with the lowest sum of loss and penalty."""
    return [float(grid[np.argmin((grid - a) ** 2 / 2 + penalty)].round(3)) for a in wanted]


results = {
    "L2, λ = 0.5": left([3, 0.5, -2], 0.5 * grid**2),
    "L1, λ = 1": left([3, 0.5, -2], np.abs(grid)),
}
assert list(results.values()) == [[1.5, 0.25, -1], [2, 0, -1]]
results

# %% [markdown]
# And for all weights that the data may want, as a picture:

# %%
wanted = np.linspace(-4, 4, 81)
after = {"L2, λ = 0.5": left(wanted, 0.5 * grid**2), "L1, λ = 1": left(wanted, np.abs(grid))}
figures.shrinkage(wanted, {"no penalty": wanted, **after}, marks=[-2, 0.5, 3])

# %% [markdown]
# L2 takes a **share**: here half of every weight is left, and a small weight stays a small weight. L1 takes
# a fixed **amount**: 3 becomes 2, −2 becomes −1, and 0.5 is gone: **exactly zero**.
#
# Now twenty weights. Thirty examples have twenty features, of which only four matter. Gradient descent makes a
# step down the loss; then each weight is shrunk.


# %%
rng = np.random.default_rng(6)
truth = np.where(np.arange(20) % 5 == 2, rng.choice([-1.0, 1], 20), 0)
features = rng.normal(size=(30, 20))
targets = features @ truth + rng.normal(0, 0.8, 30)


def descend(share=0.0, amount=0.0, rate=0.05):
    """2000 steps; each takes rate · share of every weight, and rate · amount from every weight."""
    w = np.zeros(20)
    for _ in range(2000):
        w = w - rate * features.T @ (features @ w - targets) / 30
        w = w * (1 - rate * share)
        w = np.sign(w) * np.maximum(np.abs(w) - rate * amount, 0)
    return w


# %%
fitted = {
    "the truth": truth,
    "no penalty": descend(),
    "L2": descend(share=0.3),
    "L1": descend(amount=0.1),
}
figures.weight_stems(fitted)

# %% [markdown]
# How far is each from the truth?

# %%
miss = {name: float(np.linalg.norm(w - truth).round(2)) for name, w in fitted.items()}
### BEGIN HIDDEN TESTS
zeros = {name: int((w == 0).sum()) for name, w in fitted.items()}
### END HIDDEN TESTS
assert zeros["the truth"] == 16 and zeros["no penalty"] == zeros["L2"] == 0 and zeros["L1"] > 10
assert miss["L1"] < miss["L2"] < miss["no penalty"]
miss

# %% [markdown]
# Without a penalty, noise goes into all twenty weights. L2 makes them smaller, and comes closer to the
# truth. L1 comes closest here: it finds out that most features do not matter. It would lose where *every*
# feature matters a little.
#
# ### Your turn 5: L2 penalty and its gradient
#
# Return both: the penalty λ · Σw², one number, and its gradient, an array in the shape of the weights. For
# the weights 3, −1, 0.5 and λ = 0.1: 1.025, and `[0.6, -0.2, 0.1]`. Weights may have any shape.


# %% tags=["exercise"]
def l2_penalty(weights, strength):
    """The L2 penalty, and its gradient in the shape of the weights."""
    ### BEGIN SOLUTION
    return strength * (weights**2).sum(), 2 * strength * weights
    ### END SOLUTION


# %%
check.l2_penalty(l2_penalty)

# %% [markdown]
# ### Weight decay
#
# With plain gradient descent, an L2 penalty and taking a share of each weight are the same; L2 is therefore called
# **weight decay**. With Adam the two part. Adam divides each step by the size of the gradient, and the gradient of
# the penalty with it. Take one step from a weight of 2 at a rate of 0.1, with a penalty whose gradient is 0.01:
# first where the data have a slope of 0.5, then where they do not care.


# %%
def one_step(optimizer, gradient):
    """Where a weight of 2 is after one step."""
    weight = keras.Variable(2.0)
    optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weight])
    return round(float(weight), 3)


Adam, AdamW = keras.optimizers.Adam, keras.optimizers.AdamW
after_step = {
    "Adam": [one_step(Adam(0.1), slope) for slope in (0.5, 0.0)],
    "Adam, penalty in the gradient": [one_step(Adam(0.1), slope + 0.01) for slope in (0.5, 0.0)],
    "AdamW": [one_step(AdamW(0.1, weight_decay=0.005), slope) for slope in (0.5, 0.0)],
}
assert list(after_step.values()) == [[1.9, 2], [1.9, 1.9], [1.899, 1.999]]
after_step

# %% [markdown]
# Where the data have a slope, the penalty is not felt: 1.9 with it as without. Where they do not care, it
# gets a whole step of 0.1, however weak it is. **AdamW** takes the share outside of the gradient: rate · decay ·
# weight = 0.001 less in both cases. Use it when you use Adam.
#
# ### How far an average lags
#
# A mean climbs from 0 to 10 in 250 steps, then stays. Two moving averages follow it.


# %%
def moving_average(values, momentum):
    """The moving average after each value, from a start of 0."""
    average, averages = 0.0, []
    for value in values:
        average = momentum * average + (1 - momentum) * value
        averages.append(average)
    return np.array(averages)


climb = np.minimum(np.arange(500) / 25, 10)
follow = {f"momentum {m}": moving_average(climb, m) for m in (0.9, 0.99)}
### BEGIN HIDDEN TESTS
lag = {m: 1999 - moving_average(np.arange(2000), m)[-1] for m in (0.9, 0.99)}
np.testing.assert_allclose(list(lag.values()), [9, 99], rtol=1e-3)
### END HIDDEN TESTS
assert follow["momentum 0.99"][249] < 7 < 9 < follow["momentum 0.9"][249]
figures.moving_averages(climb, follow)

# %% [markdown]
# On a steady climb the first stays 9 steps behind, the second 99: momentum / (1 − momentum).
#
# ### Your turn 6: the rule of early stopping
#
# `val_losses` holds the loss after each epoch, `patience` is 1 or more. Return two epochs, counted from 1:
# the one after which the training stops, and the one whose weights are kept. If the rule never fires, the
# training stops after the last epoch. An equal loss is no improvement. For the losses of section 4 and a
# patience of 2, the answer is `(4, 2)`; for a patience of 3 it is `(8, 8)`.


# %% tags=["exercise"]
def epochs_of_the_rule(val_losses, patience):
    """The epoch after which training stops, and the one whose weights are kept."""
    ### BEGIN SOLUTION
    best_epoch = 1
    for epoch, loss in enumerate(val_losses, 1):
        if loss < val_losses[best_epoch - 1]:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            return epoch, best_epoch
    return len(val_losses), best_epoch
    ### END SOLUTION


# %%
check.stopping_epoch(epochs_of_the_rule)

# %% [markdown]
# ## What you can do now
#
# - **Compute** dropout (divide by `1 - rate`) and batch normalization (by the batch in training, by the averages
#   at inference), and penalties.
# - **Train** with a rate that falls, a stop in time and the best epoch on disk.
# - **Decide** by an exact test of the means, and say "cannot tell" when you cannot.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("regularization")

# %% [markdown]
# ## Common mistakes
#
# - **Batch normalization with few steps and a momentum of 0.99.** Take 0.9.
# - **`restore_best_weights` forgotten.** Early stopping then keeps the weights of the last epoch.
# - **Setting a penalty on a finished layer.** It does nothing; `model.losses` lists those that count.
# - **A closed gap taken for a success.** A network that knows nothing has no gap at all.

# %% [markdown]
# ## Where next
#
# In [{data_augmentation} Data augmentation](data_augmentation.ipynb) you change the pictures, so that the network
# never sees the same one twice. How to *search* for strengths and rates:
# [{choosing_hyperparameters} Choosing hyperparameters](choosing_hyperparameters.ipynb).
