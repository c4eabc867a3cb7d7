# %% [markdown]
# # Regularization
#
# **Your network knows its training pictures by heart, and stumbles over new ones. Six remedies are said to
# help. Which of them do?** You build each with a pencil, then find it in Keras. At the end you see eleven
# settings from five random starts each, side by side. One recipe wins by far. Several remedies change
# less than the random start does. And one setting that Keras gives you unasked spoils a good network.
#
# **50 minutes** · **You need:** [{image_classification} Image classification](image_classification.ipynb).
#
# **When you are done, you can**
#
# - **compute** dropout, L1 and L2 penalties and batch normalization by hand
# - **explain** what each of them does in training, and what is different at inference
# - **build** a network with batch normalization, and a rule that stops a training in time
# - **recognize** moving averages that lag behind
# - **decide** from five starts what a remedy has done, and when you cannot tell
#
# **Sources:** Y. Chammami, *Exploring the Power of Conv'Nets* (the list of remedies); E. Rantsiou,
# *Convolutional Neural Networks basics* (LENS ML School, 2021; dropout in the project); I. Heredia, *Image
# classification* (Santander, 2022; the regularizers of Keras). N. Srivastava et al., *Dropout* (2014). S.
# Ioffe, C. Szegedy, *Batch normalization* (2015). I. Loshchilov, F. Hutter, *Decoupled weight decay
# regularization* (2019).

# %% [markdown] tags=["notes"]
# Ask before you begin: "You learn for an exam by heart. What could your teacher do about it?" You will
# hear: other questions (new data, lesson {data_augmentation}), fewer pages of notes (a smaller network, penalties), forget
# some of it at random (dropout), stop in time. Write the answers down and check them off during the lesson.
#
# With the environment variable `COURSE_IMAGES` all of this runs on photographs, and every sentence holds
# for both sets.
#
# Ten minutes short? Skip "Weight decay" in section 3, and give section 6 as reading.

# %% [markdown]
# ## Setup

# %%
from lessons.regularization import check, figures
from utils import board, data, models, plots, training
from utils.quiet import keras

from itertools import product
from math import comb

import numpy as np

layers, regularizers = keras.layers, keras.regularizers
plots.style()

# %% [markdown]
# ## 1. The gap again
#
# The pictures, the split and the network are those of lesson {image_classification}: 100 training pictures of each class, and
# the network of the LENS lecture. The validation pictures are there to choose by. **The test pictures stay
# closed until the last section.**

# %% [markdown] tags=["notes"]
# **4 minutes.** Let the curves draw themselves, then ask: "At which epoch would you stop?" and "What would
# you change?" Keep both answers for sections 5 and 7.
#
# If somebody wants to try things on the test set: whoever chooses by the test set has no test set any more.
# We choose on the validation pictures, eleven settings in all, and look once.

# %%
known, watched = data.load_images("train", per_class=100), data.load_images("validation")
classes = known.classes
seen, unseen = (known.images, known.labels), (watched.images, watched.labels)
steps = -(-len(known.labels) // 32)  # batches of 32 in an epoch
assert np.bincount(known.labels).tolist() == [100] * len(classes)

# %% [markdown]
# Every training of this lesson goes through one function. First the baseline, for 40 epochs.


# %%
def learn(model, epochs, optimizer="adam", *callbacks):
    """Compile a model, and train it on the pictures of all classes."""
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return training.fit(model, seen, unseen, epochs, callbacks=callbacks)


# %% tags=["measured", "trains"]
training.reproducible(0)
plain = models.on_pixels(models.lens_cnn((64, 64, 3), len(classes)))
record = learn(plain, 40, "adam", training.LiveCurves())
assert record.accuracy[-1] - record.val_accuracy[-1] > 0.1

# %% [markdown]
# More than ten points lie between the two accuracies. This gap is over-fitting. **Regularization** is the
# name for everything that makes a network do better on new pictures, even if it then fits the old ones less
# well.
#
# One start proves little. A tool of the course has trained every setting of this lesson from five random
# starts; the results are a table in the repository. Here is the baseline, in points.


# %%
def in_points(accuracies):
    """Lowest and highest of several accuracies, in whole points."""
    return f"{100 * min(accuracies):.0f} to {100 * max(accuracies):.0f}"


table = data.project_accuracies("regularization")
base = table["baseline"]
assert (base.train - base.validation).min() > 0.1
{"training": in_points(base.train), "validation": in_points(base.validation)}

# %% [markdown]
# The same network on the same pictures: only the random numbers of the start differ, and the validation
# accuracy moves by points. Whoever wants to say "my remedy helps" has to beat that spread, not one run.
#
# ## 2. Dropout
#
# A unit that can rely on its neighbors learns to complete them: together they know the training pictures by
# heart. **Dropout** makes them unreliable. In each training step, each unit is dropped with a probability,
# the **rate**; its output counts as 0.
#
# ### By hand
#
# Six outputs, a rate of 0.5, and a mask that a coin has thrown: 1 stays, 0 goes. What is left is divided by
# `1 - rate`, here doubled.

# %% [markdown] tags=["notes"]
# **11 minutes with the exercise.** Let everybody throw a coin six times and compute the sum of their own
# thinned numbers; write ten of the sums on the board. They jump around 42. Take the mean.
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
# The sum of all six was 42, that of the thinned ones is 40. Another mask gives another sum. There are 2⁶ =
# 64 masks. What is the mean of the 64 sums? And without the division?

# %%
masks = np.array(list(product([0, 1], repeat=6)))
sums = (x * masks / (1 - 0.5)).sum(axis=1)
assert len(masks) == 64 and sums.mean() == x.sum() == 42
assert (x * masks).sum(axis=1).mean() == 21
{"mean of 64 sums": float(sums.mean()), "smallest": float(sums.min()), "largest": float(sums.max())}

# %% [markdown]
# Exactly 42, though single sums run from 0 to 84. That is what the division is for: **on average the next
# layer gets what it would get without dropout.** Without it, the mean would be 21, and the layer would be
# in for a surprise at **inference**, when the network is used: then nothing is dropped, and nothing is
# divided. (The paper of 2014 did it the other way round: no division in training, weights multiplied by
# `1 - rate` at inference. Dividing in training is called *inverted* dropout. Every library does it so.)

# %% [markdown]
# ### Your turn 1: inverted dropout
#
# Write it for an array of any shape and any rate from 0 to below 1. Draw from the generator `rng`, which
# gives random numbers between 0 and 1 in the shape you ask for: `rng.random(x.shape)`. Each entry is
# dropped on its own, so each example of a batch has a mask of its own.


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
# ### In Keras
#
# `layers.Dropout` does the same. Called like any layer, it is at inference: nothing happens. By how much do
# ten thousand copies of `x` change at most?

# %%
batch = np.tile(x, (10_000, 1)).astype("float32")
resting = layers.Dropout(0.5, seed=0)(batch)
np.testing.assert_array_equal(resting, batch)
float(np.abs(resting - batch).max())

# %% [markdown]
# With `training=True` it is at work.

# %%
at_work = np.asarray(layers.Dropout(0.5, seed=0)(batch, training=True))
assert set(np.unique(at_work / batch)) == {0, 2}
np.testing.assert_allclose(at_work.mean(axis=0), x, rtol=0.05)
at_work[:3]

# %% [markdown]
# About half of the entries are 0, the others doubled, and the mean over ten thousand masks is `x` again.
# `fit` switches dropout on, `predict` and `evaluate` switch it off; when you call a model yourself,
# `model(x)` means inference.
#
# ### Thinned networks
#
# Here is another way to look at it. Take a network of 4 inputs, twice 5 hidden units, and 3 classes. Each
# mask of its hidden units leaves a smaller network, a **thinned** one, with an answer of its own.

# %%
rng = np.random.default_rng(79)
W1, W2, W3 = (rng.normal(0, 0.8, shape) for shape in [(4, 5), (5, 5), (5, 3)])
inputs = np.array([1.0, 0.5, -0.5, 1.0])

# %% [markdown]
# One function gives the answers of all masks at once. The whole network answers with every unit, unscaled.


# %%
def answer(masks, scale):
    """Probabilities of the thinned networks of masks of 10 units, shape (N, 3)."""
    hidden = np.maximum(inputs @ W1, 0) * masks[:, :5] * scale
    hidden = np.maximum(hidden @ W2, 0) * masks[:, 5:] * scale
    exponentials = np.exp(hidden @ W3)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


# %%
unit_masks = np.array(list(product([0, 1], repeat=10)))
answers, whole = answer(unit_masks, scale=2), answer(np.ones((1, 10)), scale=1)[0]
assert len(unit_masks) == 2**10 == 1024
drawn = np.random.default_rng(557).permutation(len(unit_masks))[:5]
assert set(answers[drawn].argmax(axis=1)) == {0, 1, 2}

# %% [markdown]
# Draw five of the masks, and with each the network that is left.


# %%
def page(number):
    """What to draw for one of five thinned networks, or, as number 5, for the whole one."""
    kept = unit_masks[drawn[number]] if number < 5 else np.ones(10)
    said = answers[drawn[number]] if number < 5 else whole
    title = f"{10 - kept.sum()} of 10 units dropped" if number < 5 else "inference: all units"
    return [np.ones(4), kept[:5], kept[5:], np.ones(3)], said, title


# %%
figures.thinned_networks([page(0), page(1), page(5)])

# %% [markdown]
# Dashed units are dropped, and their connections with them. The inputs are the same, other weights take
# part, and the answer is another one. Turn the pages: among the five thinned networks, each class is the
# favorite of some.

# %%
figures.thinned_book([page(number) for number in range(6)])

# %% [markdown]
# Ten units that stay or go make 2¹⁰ = 1,024 networks, and they all share their weights. Each example of a
# training step trains one of them a little. At inference the whole network answers at once. Is that like
# asking all of them?

# %%
asked = answers.mean(axis=0)
np.testing.assert_allclose(asked, whole, atol=0.06)
assert answers.std(axis=0).max() > 0.1
{"mean of 1,024 answers": asked.round(2).tolist(), "whole network": whole.round(2).tolist()}

# %% [markdown]
# Nearly: single networks differ by far more than the mean of all differs from the whole. (The two would be
# equal without ReLU and softmax. With them it is an approximation, and with other weights it can be
# rougher than here.) So dropout is a cheap **ensemble**: a thousand networks asked at the price of one, and
# none of their units can lean on a certain partner.
#
# In our network, the dense layers hold nearly all the weights. So that is where dropout goes: before each
# of them, with a rate of 0.5.

# %%
*body, dense, last = models.on_pixels(models.lens_cnn((64, 64, 3), len(classes))).layers
chain = [*body, layers.Dropout(0.5), dense, layers.Dropout(0.5), last]
dropping = keras.Sequential([keras.Input((64, 64, 3)), *chain])
assert dropping.count_params() == plain.count_params()
assert dense.count_params() > 0.95 * plain.count_params()
[type(layer).__name__ for layer in dropping.layers]

# %% [markdown]
# What does the table say? Pair each of its five starts with each of the five without dropout.


# %%
def pairs_won(name):
    """In how many of 25 pairs a start of a setting is above one of the baseline."""
    return int((table[name].validation[:, np.newaxis] > base.validation).sum())


thin = table["dropout"]
assert thin.validation.mean() > base.validation.mean() + 0.02 and pairs_won("dropout") >= 20
{"dropout": in_points(thin.validation), "pairs in which it wins": pairs_won("dropout")}

# %% [markdown]
# The mean is more than 2 points higher. In 20 or more of the 25 pairs dropout wins, and chance would give 12
# or 13. But the two ranges overlap, so a single run with dropout can well be worse than one without.
#
# ### Question 1 <!-- explain -->
#
# A network with dropout trains, and in every epoch its *training* accuracy is below its *validation*
# accuracy. Has somebody swapped the curves?
#
# <details><summary>Answer</summary>
#
# No. Keras measures the training accuracy while it trains: dropout is on, half of the units are missing.
# (And it averages over the epoch, while the network still improves.) The validation accuracy is measured
# at the end of the epoch, with all units. Evaluate the finished network on the training pictures, and you
# see the lead that it has.
#
# - "Yes, training is always better": only where both are measured in the same way.
# - "The validation pictures are easier to read": could be, but first compare like with like.
#
# </details>
#
# ## 3. Penalties on weights
#
# A curve that bends through every training point needs large weights. So make large weights expensive: add
# a **penalty** to the loss. Two are in use, both times a **strength** λ:
#
# - **L1**: λ · Σ|w|, the sum of the absolute values
# - **L2**: λ · Σw², the sum of the squares
#
# ### By hand
#
# Three weights, λ = 0.1. Compute both penalties, then how fast each grows along each weight: its gradient.

# %% [markdown] tags=["notes"]
# **11 minutes with the exercise.** On the board: |3| + |−1| + |0.5| = 4.5, times 0.1 is 0.45; 9 + 1 + 0.25
# = 10.25, times 0.1 is 1.025. Gradients: 0.1, −0.1, 0.1 and 0.6, −0.2, 0.1.
#
# Ask: "Which of the two cares about the weight 0.5?" (L1 pulls it as hard as it pulls the 3; L2 pulls the 3
# six times as hard.) "Which makes zeros?" Most guess L2, since squares look stronger. Do not say; the next
# cell does.
#
# Wrong answers in the exercise: no 2 in the gradient (a convention with ½λ is common: say that Keras has no
# half); the mean in place of the sum; |w| for L2.

# %%
w, strength = np.array([3, -1, 0.5]), 0.1
l1, l1_gradient = float(strength * np.abs(w).sum()), strength * np.sign(w)
assert round(l1, 3) == 0.45 and l1_gradient.tolist() == [0.1, -0.1, 0.1]
np.testing.assert_allclose(regularizers.L1(strength)(w), l1)
round(l1, 3), l1_gradient

# %% [markdown]
# L1 pulls every weight towards 0 with the same force, however small it is already. For L2, you write the
# function.
#
# ### Your turn 2: L2 penalty and its gradient
#
# Return both: the penalty λ · Σw², one number, and its gradient, an array in the shape of the weights. For
# the three weights above: 1.025, and `[0.6, -0.2, 0.1]`. Weights may have any shape.


# %% tags=["exercise"]
def l2_penalty(weights, strength):
    """The L2 penalty, and its gradient in the shape of the weights."""
    ### BEGIN SOLUTION
    return strength * (weights**2).sum(), 2 * strength * weights
    ### END SOLUTION


# %%
check.l2_penalty(l2_penalty)

# %% [markdown]
# Keras means the same by `L2(0.1)`: no half, so the gradient is 2λw. (Books often write λ/2. Then the same
# number means half as much.)

# %%
np.testing.assert_allclose(regularizers.L2(strength)(w), 1.025)
np.testing.assert_allclose(regularizers.L1L2(strength, strength)(w), 0.45 + 1.025)
round(float(regularizers.L2(strength)(w)), 3)

# %% [markdown]
# ### What is left of a weight
#
# Suppose the data want a weight to be *a*, and the loss grows with half the square of the distance from
# *a*. Add a penalty, try all weights between −4 and 4, and take the cheapest.

# %%
grid = np.linspace(-4, 4, 1601)
penalties = {"L2, λ = 0.5": lambda w: 0.5 * w**2, "L1, λ = 1": np.abs}


def left(wanted, penalty):
    """The weight with the lowest sum of loss and penalty."""
    return float(grid[np.argmin((grid - wanted) ** 2 / 2 + penalty(grid))].round(3))


# %%
results = {name: [left(a, penalty) for a in (3, 0.5, -2)] for name, penalty in penalties.items()}
assert list(results.values()) == [[1.5, 0.25, -1], [2, 0, -1]]
results

# %% [markdown]
# And for all weights that the data may want, as a picture:

# %%
wanted = np.linspace(-4, 4, 81)
after = {name: [left(a, penalty) for a in wanted] for name, penalty in penalties.items()}
figures.shrinkage(wanted, {"no penalty": wanted, **after}, marks=[-2, 0.5, 3])

# %% [markdown]
# L2 takes a **share**: here half of every weight is left, and a small weight stays a small weight. L1 takes
# a fixed **amount**: 3 becomes 2, −2 becomes −1, and 0.5 is gone: **exactly zero**. This is called soft
# thresholding.
#
# Now twenty weights. Thirty examples have twenty features, of which only four matter.

# %%
rng = np.random.default_rng(6)
truth = np.where(np.arange(20) % 5 == 2, rng.choice([-1.0, 1], 20), 0)
X = rng.normal(size=(30, 20))
y = X @ truth + rng.normal(0, 0.8, 30)

# %% [markdown]
# Gradient descent makes a step down the loss; then the penalty takes its share, or its amount.


# %%
def descend(shrink, rate=0.05, steps=2000):
    """Gradient descent on the squared error, in which every step ends with a shrinking."""
    w = np.zeros(20)
    for _ in range(steps):
        w = shrink(w - rate * X.T @ (X @ w - y) / 30, rate)
    return w


# %%
fitted = {
    "the truth": truth,
    "no penalty": descend(lambda w, rate: w),
    "L2": descend(lambda w, rate: w * (1 - rate * 0.3)),
    "L1": descend(lambda w, rate: np.sign(w) * np.maximum(np.abs(w) - rate * 0.1, 0)),
}

# %% [markdown]
# Three kinds of shrinking: none at all, a share of each weight, the same amount from each weight.

# %%
figures.weight_stems(fitted)

# %% [markdown]
# How far is each from the truth?

# %%
miss = {name: float(np.linalg.norm(w - truth).round(2)) for name, w in fitted.items()}
### BEGIN HIDDEN TESTS
zeros = {name: int((w == 0).sum()) for name, w in fitted.items()}
### END HIDDEN TESTS
assert zeros["the truth"] == 16 and zeros["no penalty"] == zeros["L2"] == 0 and zeros["L1"] > 10
assert np.linalg.norm(fitted["L2"]) < np.linalg.norm(fitted["no penalty"])
assert miss["L1"] < miss["L2"] < miss["no penalty"]
miss

# %% [markdown]
# Without a penalty, noise goes into all twenty weights. L2 makes them smaller, and comes closer to the
# truth. L1 comes closest here: it finds out that most features do not matter. That is what L1 is good at.
# It would lose where *every* feature matters a little.
#
# ### In a network
#
# In Keras, a layer takes its penalty as `kernel_regularizer`. Here is the network of the LENS lecture once
# more, with its sizes as arguments and with room for such an option.


# %%
def network(maps, hidden, **options):
    """Two rounds of convolution and pooling, two dense layers; options for all kernels."""
    model = keras.Sequential([keras.Input((64, 64, 3)), layers.Rescaling(1 / 255)])
    for count in maps:
        model.add(layers.Conv2D(count, 3, activation="relu", **options))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(hidden, activation="relu", name="dense1", **options))
    model.add(layers.Dense(len(classes), activation="softmax", **options))
    return model


### BEGIN HIDDEN TESTS
def computed(model):
    """What a chain of layers computes: kind and settings of each, without names and seeds."""
    settings = [{**layer.get_config(), "name": "", "seed": None} for layer in model.layers]
    return [(type(layer), kept) for layer, kept in zip(model.layers, settings, strict=True)]


### END HIDDEN TESTS
assert computed(network((8, 16), 64)) == computed(plain)


# %% [markdown]
# Five epochs are enough to see what a penalty does to the weights of the first dense layer, by far the
# largest part of our network.


# %%
def penalized_weights(penalty):
    """The weights of the first dense layer after five epochs with a penalty."""
    training.reproducible(0)
    model = network((8, 16), 64, kernel_regularizer=penalty)
    learn(model, 5)
    return model.get_layer("dense1").kernel.numpy()


# %% tags=["trains"]
strengths = {"no penalty": None, "L2": regularizers.L2(1e-3), "L1": regularizers.L1(1e-4)}
### BEGIN HIDDEN TESTS
for penalty in strengths.values():  # one for each kernel
    shown = network((8, 16), 64, kernel_regularizer=penalty)
    assert len(shown.losses) == (4 if penalty else 0)
### END HIDDEN TESTS
kernels = {name: penalized_weights(penalty) for name, penalty in strengths.items()}

# %% [markdown]
# Three trainings of one network; how its first kernels are spread after each:

# %% tags=["measured"]
figures.weight_histograms(kernels, limit=0.15, small=0.001)

# %% [markdown]
# Both penalties gather the weights near 0, L1 more of them. Are they exactly 0?

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
small = {name: (np.abs(kernel) < 0.001).mean() for name, kernel in kernels.items()}
### END HIDDEN TESTS
assert small["no penalty"] < 0.1 < 0.3 < small["L2"] < small["L1"]
assert max((kernel == 0).mean() for kernel in kernels.values()) < 0.01
{name: f"{(kernel == 0).sum():,} of {kernel.size:,}" for name, kernel in kernels.items()}

# %% [markdown]
# Hardly any is. Two things differ from the pencil. Exact zeros are missing even with L1: Keras adds the
# *gradient* of the penalty, which jumps at 0, so a weight dances around 0 in steps of the learning rate. (If
# you want true zeros, shrink after the step, as above.) And L2 takes more than a share of the small weights.
# That is the doing of Adam, as you will see in a moment.
#
# One warning before you compare curves: the loss that Keras reports **contains the penalty**. A loss of 1.5
# with a penalty may be better than one of 1.2 without. Compare accuracies.
#
# ### Weight decay
#
# With plain gradient descent, an L2 penalty of λ = 0.0025 and taking a share of each weight are the same:

# %%
weight, slope, rate, decay = 2.0, 0.5, 0.1, 2 * 0.0025
by_penalty = weight - rate * (slope + 2 * 0.0025 * weight)
by_decay = weight - rate * slope - rate * decay * weight
assert np.isclose(by_penalty, by_decay)
{"by penalty": round(by_penalty, 4), "by decay": round(by_decay, 4)}

# %% [markdown]
# That is why L2 is called **weight decay**, with a decay of 2λ. With other optimizers the two part.
# Momentum collects the gradient of the penalty over about ten steps; a decay outside the gradient it does
# not see. Let the data not care about a weight of 2, and watch it for 300 steps.


# %%
def stepped(optimizer, gradient, steps):
    """A weight of 2 after steps of an optimizer, along a gradient that depends on the weight."""
    weight = keras.Variable(2.0)
    for _ in range(steps):
        optimizer.apply([gradient(weight)], [weight])
    return float(weight)


# %%
SGD, Adam, AdamW = keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.AdamW
inside = stepped(SGD(0.1, momentum=0.9), lambda w: 0.005 * w, 300)
outside = stepped(SGD(0.1, momentum=0.9, weight_decay=0.005), lambda w: 0 * w, 300)
assert 9 < np.log(inside / 2) / np.log(outside / 2) < 11
{"penalty in the gradient": round(inside, 2), "weight_decay": round(outside, 2)}

# %% [markdown]
# The same number, 0.005, and the penalty acts about ten times as strongly: Keras' `weight_decay` takes rate
# × decay in each step, no more. With Adam it is stranger still. Adam divides its steps by the size of the
# gradient, and the penalty with it. Take one step from a weight of 2, first where the data have a slope of
# 0.5, then where they do not care:

# %%
adam = [stepped(Adam(0.1), lambda w, s=s: s + 0 * w, 1) for s in (0.5, 0)]
penalized = [stepped(Adam(0.1), lambda w, s=s: s + 0.005 * w, 1) for s in (0.5, 0)]
adamw = [stepped(AdamW(0.1, weight_decay=0.005), lambda w, s=s: s + 0 * w, 1) for s in (0.5, 0)]
assert np.round([adam, penalized, adamw], 3).tolist() == [[1.9, 2], [1.9, 1.9], [1.899, 1.999]]
{"Adam": np.round(adam, 3), "with penalty": np.round(penalized, 3), "AdamW": np.round(adamw, 3)}

# %% [markdown]
# Where the data have a slope, the penalty is not felt: 1.9 with it as without. Where they do not care, it
# gets a whole step of 0.1, however weak it is. That is how so many weights came so close to 0. **AdamW**
# lets the weight decay outside the gradient: 0.001 less in both cases, the share that was asked for. Use it
# when you use Adam.
#
# ## 4. Batch normalization
#
# Each layer learns from the outputs of the layer below, while that layer changes, too. **Batch
# normalization** keeps them on one scale: of each map it subtracts the mean and divides by the standard
# deviation, over the batch. Then a learned scale γ and a learned shift β follow, one of each for each map.
#
# ### By hand
#
# A batch of four examples with two numbers each. Compute mean and variance of each *column*, then
# normalize.

# %% [markdown] tags=["notes"]
# **10 minutes.** Column one on the board: mean 3, variance 4, so −1, 1, 1, −1. Column two: mean 100,
# deviations −70, −10, 10, 70, squares 4900, 100, 100, 4900, mean 2500, standard deviation 50. Wrong
# answers: mean over rows ("over an example": that is *layer* normalization); variance by n − 1.
#
# Ask: "And when a single picture comes?" Let them compute: the mean of one number is the number itself,
# everything becomes 0. So inference needs means from somewhere else. From there it is one step to the
# moving averages, and to the trap.
#
# This trap costs real people real weeks. Tell them the symptom, not only the cause: training fine,
# inference poor, *also on the training pictures*.

# %%
examples = np.array([[1.0, 30], [5, 90], [5, 110], [1, 170]])
mean, variance = examples.mean(axis=0), examples.var(axis=0)
normalized = (examples - mean) / np.sqrt(variance)
assert mean.tolist() == [3, 100] and variance.tolist() == [4, 2500]
np.testing.assert_allclose(normalized, [[-1, -1.4], [1, -0.2], [1, 0.2], [-1, 1.4]])
normalized

# %% [markdown]
# The columns came on scales of 1 and of 100; now both have mean 0 and standard deviation 1. With γ = (2, 1)
# and β = (10, 0) the first column would become 8, 12, 12, 8: the network may undo what it does not like.

# %%
scaled = normalized * [2, 1] + [10, 0]
np.testing.assert_allclose(scaled, [[8, -1.4], [12, -0.2], [12, 0.2], [8, 1.4]])
scaled

# %% [markdown]
# Does Keras normalize as you do? (It adds 0.001 to the variance, so that it never divides by 0.) The largest
# difference:

# %% tags=["measured"]
norm = layers.BatchNormalization(momentum=0.9)
by_keras = np.asarray(norm(examples.astype("float32"), training=True))
np.testing.assert_allclose(by_keras, normalized, atol=1e-3)
float(np.abs(by_keras - normalized).max())

# %% [markdown]
# In a convolutional network a *map* takes the place of the column: one mean over all pictures of the batch
# and all places.

# %%
maps = np.random.default_rng(0).normal(5, 3, (32, 8, 8, 16)).astype("float32")
out = np.asarray(layers.BatchNormalization()(maps, training=True))
np.testing.assert_allclose(out.mean(axis=(0, 1, 2)), np.zeros(16), atol=1e-3)
out.shape

# %% [markdown]
# Why does that regularize? Your picture is normalized by the batch that it happens to come in, and in each
# epoch that is another one. So the network never sees it twice in the same way: a noise, as with dropout.
# The paper of 2015 names another effect first: such networks bear a larger learning rate.
#
# ### Inference, and moving averages
#
# At inference a picture may come alone, and its answer must not depend on its neighbors. So during training
# the layer keeps **moving averages** of mean and variance, and uses them at inference:
#
# average ← momentum · average + (1 − momentum) · value of this batch
#
# They start at mean 0 and variance 1. What are they after the one batch above, with a momentum of 0.9?

# %%
after_one = np.stack([norm.moving_mean, norm.moving_variance])
np.testing.assert_allclose(after_one, [[0.3, 10], [1.3, 250.9]], rtol=1e-4)
after_one.round(1)

# %% [markdown]
# 0.9 · 0 + 0.1 · 3 = 0.3 for the first mean, 0.9 · 1 + 0.1 · 4 = 1.3 for the first variance. Still far from
# 3 and 4: after *n* steps the start still weighs momentumⁿ. Keras takes **0.99** unless you say otherwise.
# How long does it take until the start weighs less than 1 %?

# %%
needed = {m: int(np.ceil(np.log(0.01) / np.log(m))) for m in (0.9, 0.99)}
assert needed == {0.9: 44, 0.99: 459} and 0.99**459 < 0.01 < 0.99**458
{"steps needed": needed, "steps in an epoch": steps}

# %% [markdown]
# 44 steps or 459. On a million photographs 459 steps are nothing. With 100 pictures of each class they are
# many epochs. And the start is only half of the trouble, since the mean that is followed moves while the
# network learns. Let it climb from 0 to 10 in 250 steps, then stay.


# %%
def moving_average(values, momentum):
    """The moving average after each value, from a start of 0."""
    average, averages = 0.0, []
    for value in values:
        average = momentum * average + (1 - momentum) * value
        averages.append(average)
    return np.array(averages)


# %%
climb = np.minimum(np.arange(500) / 25, 10)
follow = {f"momentum {m}": moving_average(climb, m) for m in (0.9, 0.99)}
assert follow["momentum 0.99"][249] < 7 < 9 < follow["momentum 0.9"][249]
figures.moving_averages(climb, follow)


# %% [markdown]
# How many steps does the average lag behind on a steady climb, one up in each step?

# %%
lag = {m: 1999 - moving_average(np.arange(2000), m)[-1] for m in (0.9, 0.99)}
np.testing.assert_allclose(list(lag.values()), [9, 99], rtol=1e-3)
{momentum: round(steps_behind) for momentum, steps_behind in lag.items()}

# %% [markdown]
# ### Four blocks
#
# Here is a network with batch normalization. Four blocks of convolution, pooling, batch normalization and
# ReLU, with 16, 32, 64 and 128 maps. The convolutions need no bias, since β is one. Pooling comes before
# the normalization, so that a quarter of the numbers is left to normalize. And global average pooling takes
# the place of Flatten: of each map its mean is left. That saves most of the weights.


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
for options in (((64, 64, 3), 8), ((64, 64, 3), 5, 0.3, 0.99)):
    assert computed(block_cnn(*options)) == computed(models.block_cnn(*options))
### END HIDDEN TESTS


# %%
untrained = block_cnn((64, 64, 3), len(classes))
assert untrained.count_params() < 0.6 * plain.count_params()
f"{untrained.count_params():,} parameters, the baseline has {plain.count_params():,}"

# %% [markdown]
# ### The trap, measured
#
# Train it with Keras' momentum of 0.99 for four epochs. Then ask it for its *training* pictures twice: once
# with the moving averages, as at inference, and once with the means of the batch, as in training. (In this
# order: whoever calls a model with `training=True` moves its averages.)


# %%
def accuracy(model, pictures, labels, training=False):
    """Share of right answers, asked in random batches of 32."""
    order = np.random.default_rng(0).permutation(len(labels))
    chunks = np.array_split(order, len(labels) // 32)
    right = [model(pictures[c], training=training).numpy().argmax(1) == labels[c] for c in chunks]
    return float(np.concatenate(right).mean())


# %% tags=["measured", "trains"]
training.reproducible(0)
lagging = block_cnn((64, 64, 3), len(classes), momentum=0.99)
learn(lagging, 4)
as_in_use, as_in_training = accuracy(lagging, *seen), accuracy(lagging, *seen, training=True)
assert as_in_training > as_in_use + 0.15
f"right: {as_in_use:.1%} as in use, {as_in_training:.1%} as in training"

# %% [markdown]
# The same weights, the same pictures, more than 15 points apart. This is no over-fitting: the network does
# not do well on its training pictures either, as soon as it is used. Now twenty epochs, five starts:

# %%
quick, slow = table["block network"], table["block network, momentum 0.99"]
assert slow.validation.mean() < quick.validation.mean() - 0.05
assert slow.train.mean() < quick.train.mean() - 0.05
{
    "validation": {"0.9": in_points(quick.validation), "0.99": in_points(slow.validation)},
    "training": {"0.9": in_points(quick.train), "0.99": in_points(slow.train)},
}

# %% [markdown]
# The momentum alone costs many points, and it costs them on the training pictures, too. Two cures: a
# momentum that fits your number of steps, such as 0.9; and a learning rate that falls to 0 at the end, so
# that the weights come to rest and the averages arrive.
#
# ### A falling rate
#
# A network with batch normalization bears a large learning rate at the beginning, and profits from a small
# one at the end. Half a cosine leads from one to the other. To be honest about what helps: this is no part
# of batch normalization, so the table lists the network with and without it. Train one start of it here and
# now.

# %% tags=["measured", "trains"]
training.reproducible(0)
blocks = block_cnn((64, 64, 3), len(classes))
fall = keras.optimizers.schedules.CosineDecay(3e-3, decay_steps=20 * steps)
record_blocks = learn(blocks, 20, Adam(fall), training.LiveCurves())
assert record_blocks.accuracy[-1] > 0.95 and np.ptp(record_blocks.val_accuracy[-3:]) < 0.05

# %% tags=["measured"]
ours, row = accuracy(blocks, *unseen), table["block network, falling rate"].validation
assert row.min() - 0.04 < ours < row.max() + 0.04 or data.measured_set() is None
{
    "rate at the start, halfway, at the end": [
        round(float(fall(n * steps)), 4) for n in (0, 10, 20)
    ],
    "your run: training": round(100 * record_blocks.accuracy[-1]),
    "validation": round(100 * ours),
    "five runs of the table": in_points(row),
}

# %% [markdown]
# The jumps belong to the large rate; as it falls, the curves come to rest. Your run lies
# where the five of the table lie, give or take 4 points.
#
# ### Question 2 <!-- recognize -->
#
# A friend writes: "My progress bar says 99 % training accuracy. `evaluate` on the *same training pictures*
# says 40 %. I use dropout and batch normalization. What is wrong?"
#
# <details><summary>Answer</summary>
#
# The moving averages. Training mode normalizes by the batch, `evaluate` by the averages, and these lag
# behind: few steps, momentum 0.99. Lower the momentum, train longer, or let the rate fall.
#
# - "Over-fitting": it would show on *new* pictures. These are the training pictures.
# - "Dropout": it makes the training accuracy lower than that of `evaluate`, not higher.
# - "A bug in `evaluate`": it does what it should, with numbers that are not ready yet.
#
# </details>
#
# ## 5. Early stopping
#
# The validation loss falls, then rises. So stop where it is lowest? You know the lowest point only when it
# has passed, and the curve is noisy. The rule: keep the weights of the best epoch so far, and stop when
# `patience` epochs in a row have brought no new best.

# %% [markdown] tags=["notes"]
# **5 minutes with the exercise.** Do the example by hand with the room, one epoch after the other, with two
# columns on the board: best so far, epochs waited. Ask at epoch 4: "0.75 is lower than 0.8. Is it a new
# best?" (No: 0.7 is.) That is the mistake that most make. At the end: "Epoch 8 would have been better. Was
# the rule wrong?" No rule sees the future; more patience buys more certainty, for more epochs.

# %% [markdown]
# ### Your turn 3: early stopping
#
# `val_losses` holds the loss after each epoch, `patience` is 1 or more. Return two epochs, counted from 1:
# the one after which the training stops, and the one whose weights are kept. If the rule never fires, the
# training stops after the last epoch. An equal loss is no improvement. For the losses 0.9, 0.7, 0.8, 0.75,
# 0.6, 0.65, 0.7, 0.5 and a patience of 2, the answer is `(4, 2)`; for a patience of 3 it is `(8, 8)`.


# %% tags=["exercise"]
def stopping_epoch(val_losses, patience):
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
check.stopping_epoch(stopping_epoch)

# %% [markdown]
# In Keras it is a callback, `EarlyStopping(patience=5, restore_best_weights=True)`. Without the second
# argument the network keeps its *last* weights. Hand it the losses that you recorded in section 1, one
# epoch after the other, as `fit` would.

# %%
stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
stop.set_model(plain)
stop.on_train_begin()
plain.stop_training = False
for epoch, loss in enumerate(record.val_loss, 1):
    stop.on_epoch_end(epoch, {"val_loss": loss})
    if plain.stop_training:
        break
assert epoch - stop.best_epoch == 5

# %% tags=["measured"]
figures.early_stop(record.val_loss, stopped=epoch, best=stop.best_epoch)

# %% [markdown]
# The yellow band is the patience. Everything after the cross you need not have computed. (If your function
# is ready, call it with `record.val_loss` and a patience of 5: it should name the same two epochs.) Is the
# network better for it?

# %%
stopped = table["early stopping"]
assert (stopped.train - stopped.validation).mean() < (base.train - base.validation).mean()
assert abs(stopped.validation.mean() - base.validation.mean()) < 0.05
assert epoch < record.epochs and record.val_loss[-1] > 1.2 * record.val_loss.min()
{"stopped": in_points(stopped.validation), "40 epochs": in_points(base.validation)}

# %% [markdown]
# The gap is smaller, because the network knows less of its training pictures. The accuracy on new ones is
# about where it was. After the best epoch the *loss* rises by a fifth and more, because the network becomes
# surer of its mistakes; the *number* of mistakes hardly changes. (The comparison even flatters early
# stopping a little: the validation pictures that chose the epoch also measure it.) What you save for
# certain is time.
#
# ## 6. A smaller network
#
# Fewer weights can learn less by heart. Halve the maps, and leave 8 of the 64 hidden units.

# %% [markdown] tags=["notes"]
# **2 minutes.** Most expect yes twice. The point: whoever knows less of the training pictures does not
# therefore know more of the new ones. And the block network has half the weights of the baseline, and does
# better: what a network can compute from its weights matters, not their number alone.

# %% [markdown]
# ### Predict: does it help?
#
# Will the small network know its training pictures less well? Will it name more of the new ones right? Two
# answers, please.

# %%
little = table["smaller network"]
assert network((4, 8), 8).count_params() < 0.1 * plain.count_params()
assert little.train.mean() < base.train.mean() - 0.03
assert little.validation.max() < base.validation.min()
{"training": in_points(little.train), "validation": in_points(little.validation)}

# %% [markdown]
# Less than a tenth of the weights. It knows its training pictures less well: yes. And it names fewer of the
# new ones right: the best of its five starts is below the worst of the baseline. It lost what it needed
# together with what it did not.

# %% [markdown]
# ## 7. The table
#
# Eleven settings, five starts each. The baseline and its variants learn for 40 epochs with Adam at a rate
# of 0.001: L1 with λ = 0.0001, L2 with 0.001, both together with half of each, early stopping with a
# patience of 5. The block networks learn for 20 epochs, and "all together" is the one with a falling rate,
# a dropout of 0.3 before its last layer, and AdamW with a decay of 0.05.
#
# The rules of the game: "better" means that the **worst** of the five
# starts is above the **best** of the baseline, and "worse" the reverse. Everything else is "cannot tell".
# How often would chance alone do that?

# %% [markdown] tags=["notes"]
# **5 minutes.** Collect the order from the room *before* you run the cell, on the board. Then uncover the
# figure. Point at three things: the penalties, which change nothing; the width of the rows, which is larger
# than most differences; what the falling rate does for one and the same network.
#
# Ask: "Is dropout better?" Let them defend both answers: its mean lies higher, its starts overlap with
# those of the baseline. What would settle it? More starts, and a comparison of the means: our strict rule
# becomes stricter with every start, since it looks at the worst and the best.

# %%
assert comb(10, 5) == 252
f"ways to deal ten runs into two hands of five: {comb(10, 5)}, one with the five best in the first"

# %% [markdown]
# Once in 252 times, if the remedy did nothing. For ten remedies at once, that makes at most 1 in 25 that one
# of them is called better by luck: good enough to choose by, not to swear by.
#
# ### Predict: the order
#
# Write down which three settings you expect at the top, and which one at the bottom. Then run the cell.


# %%
def verdict(validation):
    """What five starts say about a setting, next to the five of the baseline."""
    if validation.min() > base.validation.max():
        return "better"
    return "worse" if validation.max() < base.validation.min() else "cannot tell"


# %%
both = {name: (row.train, row.validation) for name, row in table.items()}
verdicts = {name: verdict(row.validation) for name, row in table.items() if row is not base}
### BEGIN HIDDEN TESTS
better = {name for name, said in verdicts.items() if said == "better"}
assert better == {"block network, falling rate", "all together"}
worse = {name for name, said in verdicts.items() if said == "worse"}
assert worse == {"smaller network", "block network, momentum 0.99"}
assert min(pairs_won("dropout"), pairs_won("block network")) >= 20
punished = ("L1", "L2", "L1 and L2")
assert all(table[name].train.min() > 0.97 for name in punished)
unmoved = [table[name].validation.mean() for name in (*punished, "early stopping")]
assert np.abs(np.array(unmoved) - base.validation.mean()).max() < np.ptp(base.validation)
### END HIDDEN TESTS
figures.settings_compared(both, verdicts)

# %% [markdown]
# What the starts allow us to say:
#
# - **Better: the block network with a falling rate**, with dropout and weight decay or without. Every start
#   beats every start of the baseline.
# - **Worse: the smaller network, and the block network with lagging averages.**
# - **Dropout probably helps.** Its mean is higher, and it wins most pairs; by our strict rule we cannot
#   tell. The same goes for the block network at a constant rate. More starts would tell how far the means
#   are apart.
# - **The penalties, at these strengths, have done nothing that we can see.** In section 3 they moved many
#   weights close to 0. Yet the network still knows nearly all its training pictures, and the mean on new
#   ones moves by less than the starts of the baseline differ.
# - **Early stopping** moves it by less than that, too. It has saved time.

# %% [markdown]
# The winning recipe has several parts. Which of them did it? Add one after the other, and look at the mean.

# %%
best_two = ("block network, falling rate", "all together")
ladder = ("baseline", "block network", *best_two)
climbed = {name: 100 * table[name].validation.mean() for name in ladder}
### BEGIN HIDDEN TESTS
step_by_step = np.diff(list(climbed.values()))
highest_start = min(table[name].validation.max() for name in best_two)
### END HIDDEN TESTS
assert (step_by_step[:2] > 1).all() and abs(step_by_step[2]) < 3
assert highest_start >= max(table[name].validation.min() for name in best_two)
{name: round(mean) for name, mean in climbed.items()}

# %% [markdown]
# Blocks with batch normalization, then the falling rate for the same network: both steps raise the mean.
# (The first one exchanges the whole network: deeper, more maps, their means in place of Flatten, batch
# normalization. What each of these is worth, the table cannot say.) Dropout and weight decay on top move
# the mean by less than 3 points, and the ranges of the last two rows overlap: between them we cannot tell.
# That is a result, too. It saves you from a superstition.
#
# ### Question 3 <!-- decide -->
#
# A colleague trains two settings, one start each: 78 % and 80 % on validation pictures. "The second one is
# better." What do you say?
#
# <details><summary>Answer</summary>
#
# "Train each four times more." In the table, five starts of one and the same setting differ by several
# points.
#
# - "Yes, 80 is more than 78": one throw of a die is often above another, and the die is the same.
# - "No, they are equal": nobody knows that either.
# - "Look at the test pictures": then they are used up, and one start is still one start.
#
# </details>
#
# ## 8. The exam
#
# All choices are made, so the test pictures may come out, once. What is the whole recipe worth?

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask for bets in points before you run the cell. Then: "Why show only three settings?"
# Because we had chosen before we looked. Whoever now goes back and swaps a setting has used the test
# pictures to choose, and needs new ones.

# %%
### BEGIN HIDDEN TESTS
final = table["all together"]
gain = 100 * (final.test.mean() - base.test.mean())
### END HIDDEN TESTS
assert gain > 3 and final.test.min() > base.test.max()
assert final.train.min() > 0.97 and final.test.max() < 0.95
{name: in_points(table[name].test) for name in ("baseline", *best_two)}

# %% [markdown]
# The means of the first and the last line differ by more than 3 points, from the same 100 pictures of each
# class, and no start of the new network falls back to the best of the old one. Note that a gap is still
# there: the new network, too, knows its training pictures by heart. It has learned more that holds
# elsewhere.
#
# ### Challenge
#
# Beat "all together" with the same 100 pictures of each class and without changing them (that is lesson
# {data_augmentation}). What about more blocks, wider ones, other rates, a longer fall, dropout elsewhere? Choose by the mean
# over five starts on the validation pictures, write down *how many* settings you have tried, and look at
# the test pictures once, at the end. By how much does the best validation mean promise more than the test
# then gives?

# %% [markdown] tags=["notes"]
# The last question of the challenge is the point: whoever tries forty settings has picked the luckiest. Let
# groups compare promise and test; the group with most trials usually loses most.

# %% [markdown]
# ## What you can do now
#
# - **Compute** dropout (mask, divide by `1 - rate`), L1 and L2 with their gradients, and batch
#   normalization.
# - **Explain** what differs at inference: dropout is off; batch normalization uses its moving averages.
# - **Build** the block network, and the rule of early stopping.
# - **Recognize** lagging averages: fine in training mode, poor in use, even on the training pictures.
# - **Decide** by five starts whether a remedy has helped, and say "cannot tell" when you cannot.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("regularization")

# %% [markdown]
# ## Common mistakes
#
# - **Setting a penalty on a finished layer.** `layer.kernel_regularizer = L2(0.01)` after the layer is
#   built does nothing, without a word. Look at `model.losses`: it lists the penalties that count.
# - **Comparing losses with and without a penalty.** The reported loss contains it.
# - **Calling `model(x, training=True)` to predict.** Dropout is on, each answer depends on the batch, and
#   the moving averages move.
# - **`restore_best_weights` forgotten.** Early stopping then keeps the weights of the last epoch.
# - **Batch normalization with few steps and a momentum of 0.99.** Take 0.9.
# - **A closed gap taken for a success.** A network that knows nothing has no gap at all.
# - **One run against one run.** The spread over starts is often larger than the effect.

# %% [markdown]
# ## Where next
#
# You have changed the network. In [{data_augmentation} Data augmentation](data_augmentation.ipynb) you change the
# pictures: mirrored, moved, lighter, so that the network never sees the same one twice. How to *search* for
# strengths and rates is the subject of [{choosing_hyperparameters} Choosing hyperparameters](choosing_hyperparameters.ipynb).
