# %% [markdown]
# # Training a network
#
# **One pile of digits, four trainings. One never gets going. One learns. One learns its examples by heart
# and gets worse at everything else. One explodes. Nobody tells you which is which.** Can you read it off two
# curves? At the end you can, and you know what to turn in each case.
#
# **45 minutes** · **You need:** gradient descent from [{linear_regression} Linear regression](linear_regression.ipynb),
# and the network of [{multilayer_perceptron} Multilayer perceptron](multilayer_perceptron.ipynb).
#
# **When you are done, you can**
#
# - **compute** updates and epochs, and deal data into mini-batches
# - **read** learning curves: under-fitting, over-fitting, a rate too small or too large
# - **build** gradient descent, momentum, RMSProp and Adam in a few lines, and check them against Keras
# - **explain** why a classifier learns from cross-entropy rather than from squared errors
# - **train** a first Keras model, and compare optimizers fairly
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023; over- and
# under-fitting); Y. Chammami, *Exploring the Power of Conv'Nets* (Adam, whose formulas you will check); I.
# Heredia, *Image classification* (Santander, 2022; a league of optimizers); D. Kingma and J. Ba, *Adam: a
# method for stochastic optimization* (2015).

# %% [markdown] tags=["notes"]
# Before anything runs, ask: "A program has been training for an hour. How do you know whether to wait or to
# stop it?" You will hear "look at the accuracy". Ask back: "Which one, on which data?" Leave it open;
# section 2 answers.
#
# Ten minutes short? Leave out section 5 and the cell about epsilon in section 4; nothing after them needs
# them.

# %% [markdown]
# ## Setup

# %%
from lessons.training_a_network import check, figures
from utils import board, data, plots, training
from lessons.training_a_network.check import Verdict
from utils.neurons import MLP, SGD, Adam, RMSprop, minibatches, softmax
from utils.quiet import keras
from lessons.training_a_network.surfaces import Valley, descend
from lessons.training_a_network.optimizers import RateExplorer, race

import numpy as np
from sklearn.model_selection import train_test_split

plots.style()

# %% [markdown]
# ## 1. Loss, mini-batch, epoch
#
# The data are the handwritten digits of scikit-learn, 8 × 8 pixels each, as 64 numbers from 0 to 1. We
# learn from 1000 of them, watch 400 others while we learn (the **validation set** of lesson {learning_from_data}), and lock
# 397 away until a model is finished (the **test set**).

# %% [markdown] tags=["notes"]
# **8 minutes**, with the exercise. Do the counting on the board: 1000 examples in batches of 32 are 31
# full ones and one of 8. Ask: "Why not always the whole set?" and "Why not always a single example?"
# Expect "more data is more exact" and "small is fast". Both are right: an update from 32 costs a thirtieth
# and points roughly the same way.
#
# The slip in the exercise: `n // size` batches, which drops the rest. Ask who would never be seen then
# (without shuffling: always the same eight).

# %%
digits = data.digits()
X, y = digits.images.reshape(-1, 64) / 16, digits.labels


def split(seed):
    """Training, validation and test set, as pairs (X, y) of 1000, 400 and 397 digits."""
    X_rest, X_test, y_rest, y_test = train_test_split(
        X, y, test_size=397, stratify=y, random_state=seed
    )
    X_train, X_watch, y_train, y_watch = train_test_split(
        X_rest, y_rest, test_size=400, stratify=y_rest, random_state=seed
    )
    return (X_train, y_train), (X_watch, y_watch), (X_test, y_test)


# %% [markdown]
# The network is the one of lesson {multilayer_perceptron}: 64 inputs, 32 hidden units, 10 classes. How wrong is it
# before it has learned anything?

# %%
sets = split(0)
seen, unseen, test = sets
network = MLP.random((64, 32, 10), seed=0)
loss = network.loss(*seen)
assert len(seen[0]) == 1000 and len(unseen[0]) == 400 and len(test[0]) == 397
assert abs(loss - np.log(10)) < 0.15
round(loss, 2)

# %% [markdown]
# Close to 2.3, the logarithm of 10: what the cross-entropy of lesson {multilayer_perceptron} charges for guessing among ten
# classes. The **loss** is the number that training makes smaller, one **update** of the weights after the
# other.
#
# An update needs a gradient, and a gradient needs examples. All 1000? A small random part, a
# **mini-batch**, gives roughly the same direction for a fraction of the work, because the gradient is a
# mean over examples. Deal 1000 examples into 20 batches of 50: the mean of their 20 gradients is the whole
# gradient again, and each of them alone points roughly there.

# %% tags=["measured"]
batches = list(minibatches(1000, 50, np.random.default_rng(0)))
parts = [network.gradients(seen[0][batch], seen[1][batch])[0] for batch in batches]
whole = network.gradients(*seen)[0]
np.testing.assert_allclose(np.mean(parts, axis=0), whole, atol=1e-12)
cosines = [np.sum(g * whole) / np.linalg.norm(g) / np.linalg.norm(whole) for g in parts]
assert whole.size == 2048 and 0.5 < min(cosines) < max(cosines) < 1
{
    "their mean differs by": f"{np.abs(np.mean(parts, axis=0) - whole).max():.0e}",
    "largest angle": f"{np.degrees(np.arccos(min(cosines))):.0f}°",
}

# %% [markdown]
# Every one less than 60° from the direction of the whole (the gradient of the first layer's weights, 2048
# numbers, is compared). One round through all the examples is an **epoch**.
#
# ### Predict: how many updates?
#
# Five epochs over 1000 examples. How many updates are that with batches of 1000 (*batch* gradient
# descent), of 32 (*mini-batch*), and of 1 (*stochastic*)? Write down three numbers.

# %%
rng = np.random.default_rng(0)
updates = {size: 5 * len(list(minibatches(1000, size, rng))) for size in (1000, 32, 1)}
assert updates == {1000: 5, 32: 160, 1: 5000}
updates

# %% [markdown]
# 5, 160 and 5000. (1000 / 32 is 31.25: 31 batches of 32, and one of 8.)

# %% [markdown]
# ### Your turn 1: one epoch of mini-batches
#
# Before we run them, deal the batches yourself. Write a function that returns a list of index arrays
# for one epoch: the indices 0 to n − 1 in random order, `size` at a time. The last batch holds what is
# left. Draw the order from `rng`, with `rng.permutation(n)`. For `n = 10` and `size = 4` the batches
# have 4, 4 and 2 indices.


# %% tags=["exercise"]
def epoch_of_batches(n, size, rng):
    """Indices 0 to n - 1 in random order, as a list of arrays of `size`, the last one smaller."""
    ### BEGIN SOLUTION
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n, size)]
    ### END SOLUTION


# %%
check.batches(epoch_of_batches)

# %% [markdown]
# The course's own is `minibatches`. Around it, a training is two loops. The **optimizer** turns weights and
# gradients into new weights; for now it is `SGD`, the step of lesson {linear_regression}.


# %%
def train(network, optimizer, sets, epochs, size=32, seed=0):
    """A trained copy, and its losses (training, validation) before and after every epoch."""
    (X, y), watch = sets[:2]
    rng = np.random.default_rng(seed)
    losses = [(network.loss(X, y), network.loss(*watch))]
    for _ in range(epochs):
        for batch in minibatches(len(X), size, rng):
            gradients = network.gradients(X[batch], y[batch])
            network = network.with_parameters(optimizer.update(network.parameters, gradients))
        losses.append((network.loss(X, y), network.loss(*watch)))
    return network, np.array(losses)


# %% [markdown]
# ### Predict: which loss is lowest?
#
# Five epochs with batches of 1000, of 32 and of 1, from the same weights. With one learning rate for all,
# which loss will be lowest?

# %% tags=["measured"]
by_size = {f"batches of {n}": train(network, SGD(0.03), sets, 5, n)[1][:, 0] for n in updates}
### BEGIN HIDDEN TESTS
ends = [curve[-1] for curve in by_size.values()]
assert ends[0] > 2.2 > 1.6 > ends[1] > 1 > 0.2 > ends[2]
### END HIDDEN TESTS
figures.batch_sizes(by_size)

# %% [markdown]
# Same data, same rate, same five epochs. Five updates have hardly moved the loss, 160 bring it below 1.6,
# 5000 below 0.2. At a rate as small as this, what counts is the number of **updates**. But 5000 small
# updates cannot be computed side by side, and each is noisy; and the large batch would stand a larger rate.
# Batches of some dozens are the usual middle.

# %% [markdown]
# ## 2. Reading learning curves
#
# A **learning curve** is the loss against the epoch. Draw two of them: one on the training set, one on the
# validation set, which the gradients never see. Four trainings now, and this time we say what we do to
# them:

# %% [markdown] tags=["notes"]
# **9 minutes**, the heart of the lesson. Show the figure with the titles covered (a sheet of paper over the
# projector will do) and let the room describe each *pair* of curves before you name it. Insist on two
# questions, in this order: "Is the solid curve low at the end?" and "Does the dashed one follow it?"
#
# Wrong answers that will come: "the third is best, its training loss is lowest"; "a gap is always bad" (a
# small constant gap is normal: the network has seen one set and not the other); "the first one needs a
# larger network" (both curves still fall: it needs a larger rate or more time; Question 1 is the other
# case). In the exercise many take A for about right because it falls so nicely at first.

# %%
rng = np.random.default_rng(1)
noisy = np.where(rng.random(60) < 0.3, rng.integers(0, 10, 60), seen[1][:60])
few = ((seen[0][:60], noisy), unseen)
wide = MLP.random((64, 128, 10), seed=0)
memory, by_heart = train(wide, Adam(0.01), few, 40)
trainings = {
    "rate too small\n0.001": train(network, SGD(0.001), sets, 40)[1],
    "about right\n0.1": train(network, SGD(0.1), sets, 40)[1],
    "learned by heart\n60 images": by_heart,
    "rate too large\n10": train(network, SGD(10), sets, 40)[1],
}

# %% [markdown]
# For the third one we made life hard on purpose: 60 images, about three in ten of their labels drawn at
# random, four times as many hidden units (and Adam, which you build in section 4).

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
slow, right, _, large = trainings.values()
assert slow[-1].min() > 2 and right[-1].max() < 0.2
assert by_heart[-1, 0] < min(0.1, right[-1, 0]) and by_heart[-1, 1] > by_heart[:, 1].min() + 0.1
assert np.median(large[1:]) > large[0].max()
wrong_labels = (noisy != seen[1][:60]).sum()
assert (memory.predict(few[0][0]) == noisy).all() and wrong_labels == 15
### END HIDDEN TESTS
figures.loss_curves(trainings)


# %% [markdown]
# Read them with two questions. **Is the training loss low at the end? Does the validation loss follow it?**
#
# | training loss | validation loss | the name for it | what to turn |
# |:--|:--|:--|:--|
# | high | high, too | **under-fitting** | still falling: a larger rate, more epochs; flat: a larger network |
# | low | low, stays there | about right | nothing |
# | low, goes on falling | turns upward | **over-fitting** | more data, a smaller network, stop earlier |
# | no lower than at the start | the same | **diverging** | a smaller rate |
#
# The third network gives all its 60 images the label that it was shown, 15 wrong ones included: its
# training loss ends below 0.1 while the validation loss climbs. Had we looked at the training loss alone, it
# would have been the winner.
#
# ### Your turn 2: name the trouble
#
# Four other trainings. This time nobody says what was done.

# %% tags=["measured"]
mysteries = check.mystery_trainings()
assert [mysteries[letter][-1, 1] > 1 for letter in "ABCD"] == [True, False, True, True]
assert mysteries["C"][-1].min() > 5
figures.loss_curves(mysteries)


# %% [markdown]
# Mind the axes: they differ. Write your four verdicts in the order A, B, C, D. A verdict is
# `Verdict.UNDERFITS`, `Verdict.ABOUT_RIGHT`, `Verdict.OVERFITS` or `Verdict.DIVERGES`.

# %% tags=["exercise"]
verdicts = (
    ### BEGIN SOLUTION
    [Verdict.OVERFITS, Verdict.ABOUT_RIGHT, Verdict.DIVERGES, Verdict.UNDERFITS]
    ### END SOLUTION
)

# %%
check.verdicts(verdicts)

# %% [markdown]
# ### Question 1
#
# Both curves end at 1.7, flat for the last ten epochs, one on top of the other. What do you change first?
#
# - **A.** Collect more images.
# - **B.** Take a larger network.
# - **C.** Train for ten times as long.
#
# <details><summary>Answer</summary>
#
# **B.** It under-fits: the network cannot even fit what it sees. Curves that are flat do not wait for time
# or for a larger rate, so the network is too small for the task.
#
# - "More images." There is no gap to close. A network that fails on 1000 images fails on 10,000.
# - "Ten times as long." The curves are flat: there is nothing to wait for. With curves that still fall it
#   would be a good answer.
#
# </details>
#
# ## 3. Down a valley
#
# A network has thousands of weights, and nobody can see its loss. So take two weights, $w = (w_1, w_2)$,
# and a loss that one can draw, a long valley with its lowest point at $(0, 0)$:
#
# $$L(w) = \tfrac12\,(5\,w_1^2 - 16\,w_1 w_2 + 17\,w_2^2)
# \qquad
# \text{gradient}\ g = (5\,w_1 - 8\,w_2,\ \ -8\,w_1 + 17\,w_2)$$
#
# At the start $(-4, -1)$ the gradient is $(-20 + 8,\ 32 - 17) = (-12, 15)$, by pencil.

# %% [markdown] tags=["notes"]
# **8 minutes**, three of them at the slider. Let one learner drive and the others call "larger",
# "smaller". Task: find the rate with the lowest final loss (it is close to the border, 2 / (1 + 21) =
# 0.091, in the zone that zigzags). That surprises everybody who wants smooth curves.
#
# For momentum draw a ball in a gutter: across the gutter the pushes cancel, along it they add up. Ask:
# "With 0.9 kept every time, how fast does the ball get under a constant push?" 1 + 0.9 + 0.81 + ... = 10
# times.

# %%
valley = Valley()
start = np.array([-4.0, -1.0])
np.testing.assert_array_equal(valley.gradient(start), [-12, 15])
np.testing.assert_allclose(valley.curvatures, [1, 21])
float(valley.loss(start))

# %% [markdown]
# A loss of 16.5. The curvatures are 1 along the valley and 21 across it: across, the surface bends 21 times
# as sharply. **Gradient descent** takes a step against the gradient, again and again:

# %%
w = start
for _ in range(15):
    w = w - 0.05 * valley.gradient(w)
np.testing.assert_allclose(w, descend(valley, SGD(0.05), start, 15)[-1])
assert valley.loss(w) < 2
round(float(valley.loss(w)), 2)

# %% [markdown]
# `descend` with `SGD(0.05)` does the same and keeps every point. Fifteen steps have brought the loss from
# 16.5 to below 2. In lesson {linear_regression} the rate had a border: 2 divided by the largest curvature, here
# $2/21 \approx 0.095$.
#
# ### Predict: four rates
#
# Fifteen steps with the rates 0.01, 0.05, 0.09 and 0.1. Which walker ends lowest? Which one ends higher
# than it began?

# %%
by_rate = {
    f"rate {rate}": descend(valley, SGD(rate), start, 15) for rate in (0.01, 0.05, 0.09, 0.1)
}
### BEGIN HIDDEN TESTS
ends = [valley.loss(path[-1]) for path in by_rate.values()]
assert ends[2] < ends[1] < ends[0] < 16.5 < ends[3]
assert round(valley.largest_rate, 3) == 0.095
### END HIDDEN TESTS
figures.valley_walks(valley, by_rate)

# %% [markdown]
# (Dark is low; the star is the minimum.) 0.09 ends lowest, in spite of its zigzag. 0.1 is over the border
# and climbs.

# %% [markdown]
# Now pull the rate yourself, from crawling to diverging. Where is the loss after 60 steps lowest?

# %%
RateExplorer(valley, start)

# %% [markdown]
# Let the computer pull the slider, too:

# %%
tried = 10 ** np.arange(-2.2, -0.8, 0.02)
final = [valley.loss(descend(valley, SGD(rate), start, 60)[-1]) for rate in tried]
best_rate = tried[np.argmin(final)]
### BEGIN HIDDEN TESTS
assert 0.9 * valley.largest_rate < best_rate < valley.largest_rate
along, across = (descend(valley, SGD(best_rate), start, 1) @ valley.directions).T
np.testing.assert_allclose(along[1] / along[0], 1 - best_rate)
np.testing.assert_allclose(across[1] / across[0], 1 - 21 * best_rate)
### END HIDDEN TESTS
round(float(best_rate), 3)

# %% [markdown]
# The lowest loss is a little below the border, in the zone that zigzags. Across the valley a step multiplies
# the distance by 1 − 21 · rate, along it by 1 − rate: a rate that the steep direction can stand is slow for
# the flat one.
#
# **Momentum** helps the flat direction. Keep a velocity: 0.9 of the old one, plus the new push downhill.
# Across the valley pushes of changing sign cancel; along it they add up.

# %%
w, velocity = start, np.zeros(2)
for _ in range(40):
    velocity = 0.9 * velocity - 0.02 * valley.gradient(w)
    w = w + velocity
by_momentum = descend(valley, SGD(0.02, momentum=0.9), start, 40)
np.testing.assert_allclose(w, by_momentum[-1])
np.column_stack([w, by_momentum[-1]]).round(6)

# %% [markdown]
# Two lines a step, and the same point (a column each) as `SGD(0.02, momentum=0.9)` of the course. And
# Keras? Hand our gradients to its optimizer, step after step.


# %% tags=["measured"]
def keras_path(optimizer, steps=40):
    """Where an optimizer of Keras walks in the valley."""
    point, path = keras.Variable(start, dtype="float64"), [start]
    for _ in range(steps):
        optimizer.apply([valley.gradient(path[-1])], [point])
        path.append(keras.ops.convert_to_numpy(point).copy())
    return np.array(path)


in_keras = keras_path(keras.optimizers.SGD(0.02, momentum=0.9))
np.testing.assert_allclose(by_momentum, in_keras, atol=1e-6)
np.column_stack([by_momentum, in_keras])[:5].round(4)

# %% [markdown]
# On the left our first points, on the right those of Keras, a row a step. All 40 steps agree to a
# millionth.
#
# ## 4. RMSProp and Adam
#
# The trouble of the valley is one rate for two directions. **RMSProp** gives each weight a rate of its
# own: it divides by the recent size of the slope, the root of a moving average of squares.

# %% [markdown] tags=["notes"]
# **11 minutes**, with the exercise. Let them run the printed formulas before you say a word: NaN at the
# first step. Ask: "Which sign makes the root impossible?" (The one of s.) "And if you repair the signs
# only?" Then the walker goes left whatever happens, because v times g is positive. Two weights from two
# sides show it in a second.
#
# Say that slips like this one are common and no shame: who implements a formula and runs it finds them.
#
# Usual slips in the exercise: t counted from 0 (division by 0), the hats stored in place of v and s, the
# bias correction forgotten. The check names each.

# %%
w, s = start, np.zeros(2)
for _ in range(40):
    g = valley.gradient(w)
    s = 0.9 * s + 0.1 * g**2
    w = w - 0.2 * g / np.sqrt(s + 1e-7)
by_rmsprop = descend(valley, RMSprop(0.2), start, 40)
np.testing.assert_allclose(w, by_rmsprop[-1], atol=1e-6)
(by_rmsprop[1] - start).round(2).tolist()

# %% [markdown]
# The gradient at the start was (−12, 15), and still the first step is equally long in both weights. (The
# 1e-7 keeps the division finite; Keras puts it under the root here.)
#
# ### A slide under test
#
# **Adam** is both ideas in one: $v$ is a moving average of slopes, as momentum has it, and $s$ one of
# their squares, as in RMSProp. Chammami's slide prints
#
# $$v_t = \beta_1 v_{t-1} - (1-\beta_1)\,g_t \qquad s_t = \beta_2 s_{t-1} - (1-\beta_2)\,g_t^2
# \qquad \Delta w_t = -\eta\,\frac{v_t}{\sqrt{s_t + \epsilon}}\; g_t$$
#
# Do as it says: one step from $w = 2$ on the parabola $w^2/2$, whose gradient is $w$.


# %%
def printed_step(w, v, s, sign):
    """One step of the slide's formulas; `sign` stands before the new part of both averages."""
    g = w
    v = 0.9 * v + sign * 0.1 * g
    s = 0.999 * s + sign * 0.001 * g**2
    with np.errstate(invalid="ignore"):
        return w - 0.1 * v / np.sqrt(s + 1e-7) * g, v, s


w, v, s = printed_step(2.0, 0.0, 0.0, sign=-1)
assert s < 0 and np.isnan(w)
{"s": round(s, 6), "w": float(w)}

# %% [markdown]
# Not a number, at the very first step. An average of squares came out **negative**, and it has no root. A
# moving average *adds* its new part: both signs must be a plus. Repair them, and start from both sides of
# the minimum.


# %%
def ten_steps(w):
    """Where the repaired formulas walk from w."""
    walk, v, s = [w], 0.0, 0.0
    for _ in range(10):
        w, v, s = printed_step(w, v, s, sign=+1)
        walk.append(w)
    return walk


two_sides = {f"from {w:g}": ten_steps(w) for w in (2.0, -2.0)}
### BEGIN HIDDEN TESTS
for walk in two_sides.values():
    assert (np.diff(walk) < 0).all()
### END HIDDEN TESTS
{name: np.round(walk[:4], 2).tolist() for name, walk in two_sides.items()}

# %% [markdown]
# Both walk to the **left**, even the one that should go right. The slide's further factor $g$ is the
# culprit: $v$ has the sign of $g$, so $v \cdot g$ is positive, and the direction is lost. Without it, and
# with one addition, you have Adam as its authors wrote it:
#
# $$v \leftarrow \beta_1 v + (1-\beta_1)\,g \qquad s \leftarrow \beta_2 s + (1-\beta_2)\,g^2 \qquad
# \hat v = \frac{v}{1-\beta_1^t} \quad \hat s = \frac{s}{1-\beta_2^t} \qquad
# w \leftarrow w - \eta\,\frac{\hat v}{\sqrt{\hat s} + \epsilon}$$
#
# The addition is the hats, the **bias correction**. Both averages start at 0 and are too small at first;
# $t$ counts the steps from 1. What do the hats buy? Let the gradient stay the same and watch the length of
# the steps.

# %%
t = np.arange(1, 1001)
without = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
assert round(without[0], 2) == 3.16 and round(without.max(), 1) == 6.6 and without.argmax() == 11
figures.step_lengths(t, {"corrected": np.ones(1000), "not corrected": without})

# %% [markdown]
# With the correction every step has the length of the learning rate. Without it the first is 3.16 times as
# long and the longest 6.6 times: the average of squares fills slowly, so we divide by too little.
#
# ### Your turn 3: one step of Adam
#
# Write it, with hats, for weights `w` and gradients `g` of any shape. Return the new `w`, `v` and `s`. From
# `w = [-4, -1]` with `g = [-12, 15]`, `v = s = [0, 0]`, `t = 1` and rate 0.25 you land on `[-3.75, -1.25]`.


# %% tags=["exercise"]
def adam_step(w, g, v, s, t, rate, b1, b2, eps):
    """New weights and new moving averages (w, v, s) after step t, which counts from 1."""
    ### BEGIN SOLUTION
    v = b1 * v + (1 - b1) * g
    s = b2 * s + (1 - b2) * g**2
    v_hat = v / (1 - b1**t)
    s_hat = s / (1 - b2**t)
    return w - rate * v_hat / (np.sqrt(s_hat) + eps), v, s
    ### END SOLUTION


# %%
check.adam_step(adam_step)

# %% [markdown]
# ### Four by hand, four in Keras
#
# Gradient descent, momentum, RMSProp, Adam: 40 steps each with the optimizers of the course, which hold your
# formulas, and with those of Keras. (Keras keeps $\beta_2$ in 32 bits; we take one that 32 bits hold exactly.
# With 0.999 the two Adams part in the fifth decimal.)

# %% tags=["measured"]
exact = 1 - 2**-10
walks = {
    "gradient descent": descend(valley, SGD(0.08), start, 40),
    "momentum": by_momentum,
    "RMSProp": by_rmsprop,
    "Adam": descend(valley, Adam(0.25, beta2=exact), start, 40),
}
rings = {
    "gradient descent": keras_path(keras.optimizers.SGD(0.08)),
    "momentum": in_keras,
    "RMSProp": keras_path(keras.optimizers.RMSprop(0.2)),
    "Adam": keras_path(keras.optimizers.Adam(0.25, beta_2=exact)),
}
### BEGIN HIDDEN TESTS
for name, path in walks.items():
    np.testing.assert_allclose(path, rings[name], atol=1e-6)
### END HIDDEN TESTS
{name: f"{np.abs(path - rings[name]).max():.0e}" for name, path in walks.items()}

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
bouncing, swinging, straight, both = (path @ valley.directions for path in walks.values())
assert (bouncing[:8, 1] * bouncing[1:9, 1] < 0).all()  # another wall at every step
assert (swinging[:, 0] / swinging[0, 0]).min() < -0.25  # along the valley, past the minimum
assert np.abs(straight[1:, 1]).max() < 0.1 < 0.4 < np.abs(both[3:, 1]).max()  # across it
assert max(valley.loss(path[-1]) for path in walks.values()) < 16.5 / 50
### END HIDDEN TESTS
figures.walks_and_rings(valley, walks, rings)


# %% [markdown]
# The lines are ours, the rings Keras (at every second step, to keep them apart). All 4 × 40 steps agree to a
# **millionth**. There is no magic in an optimizer.
#
# Four characters: gradient descent bounces from wall to wall, momentum swings past the minimum and comes
# back, RMSProp turns once and then walks along the floor, Adam has a little of both. All four have less than
# a fiftieth of their loss left. Who is ahead depends on the rates; ours were chosen to show the characters,
# and section 7 comes back to that. Now as a race: turn the pages and watch the losses.

# %%
race(valley, walks, [*range(10), *range(10, 41, 3)])

# %% [markdown]
# One detail for who compares digits: Keras adds $\epsilon$ to the root of $s$ *before* the bias correction,
# and the course's `Adam` does the same. That matters only where slopes are about as small as $\epsilon$:

# %%
slopes = [1, 1e-3, 1e-6]
(moved,) = Adam(1.0, epsilon=1e-7).update([np.zeros(3)], [np.array(slopes)])
by_formula = [g / (g + 1e-7) for g in slopes]
np.testing.assert_allclose(by_formula, [1, 1, 0.909], atol=1e-3)
np.testing.assert_allclose(-moved, [1, 0.997, 0.24], atol=1e-3)
{"formula": np.round(by_formula, 2).tolist(), "Keras": np.round(-moved, 2).tolist()}

# %% [markdown]
# The first step at rate 1, for slopes of 1, a thousandth and a millionth: in two digits only the last
# differs.
#
# ### Question 2
#
# You multiply the loss by 1000, so that every gradient is 1000 times as large. What becomes of Adam's
# steps?
#
# - **A.** They become 1000 times as long.
# - **B.** They stay practically the same.
# - **C.** They become 1000 times as short.
#
# <details><summary>Answer</summary>
#
# **B.** $\hat v$ grows 1000-fold and so does $\sqrt{\hat s}$; their ratio stays (but for $\epsilon$).
#
# - "1000 times as long." That is gradient descent, and momentum.
# - "1000 times as short." That would be a division by $\hat s$ without the root.
#
# </details>
#
# ## 5. Which loss? Squared error against cross-entropy
#
# A classifier could be trained on squared errors of its probabilities. Look at one output neuron whose
# label is 1: the loss against its logit $z$, and the slope, which is all that training gets to see.

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask: "A student is sure of a wrong answer. Should the correction be large or small?"
# Everybody says large. Then show the right panel: the squared error corrects it least of all.
#
# Be fair to the squared error: from a small start, at a rate of its own, it classifies as well, and in one
# split it recovered even from the wrong start. Somebody will have read "never use MSE for classification".
# The figure is the answer: with the squared error it depends on the start, with cross-entropy it does not.

# %%
z = np.linspace(-8, 8, 161)
### BEGIN HIDDEN TESTS
p = 1 / (1 + np.exp(8))  # the probability of the true class at z = -8
assert abs(p - 1) > 0.99 and abs(2 * (p - 1) * p * (1 - p)) < 0.001
### END HIDDEN TESTS
figures.losses_of_a_logit(z)

# %% [markdown]
# Confident and wrong, the cross-entropy pulls with a slope of −1. The squared error pulls with less than a
# thousandth: the sigmoid is flat there. Does it matter in practice? Train a single layer on the
# digits with each loss, from small weights, and from large ones that make it **confident and wrong**.


# %%
def slope_at_logits(loss, p, y):
    """Slope of a loss along the logits, from probabilities p of shape (N, 10)."""
    error = p - np.eye(10)[y]
    if loss == "cross-entropy":
        return error
    return 0.2 * p * (error - (error * p).sum(axis=1, keepdims=True))


def first_weights(spread, seed):
    return np.random.default_rng(seed).normal(0, spread, (64, 10))


def accuracies(loss, rate, spread, seed):
    """Validation and test accuracy of one layer after 15 epochs, from weights of a given spread."""
    (X, y), watch, test = split(seed)
    rng, W = np.random.default_rng(seed), first_weights(spread, seed)
    for batch in [batch for _ in range(15) for batch in minibatches(1000, 50, rng)]:
        slope = slope_at_logits(loss, softmax(X[batch] @ W), y[batch])
        W = W - rate * X[batch].T @ slope / len(batch)
    return [np.mean((X @ W).argmax(axis=1) == y) for X, y in (watch, test)]


# %% [markdown]
# Each loss gets a rate of its own, the one that does best on the **validation** sets; it must not be the
# smallest or largest that we offer, or we would have to offer more. Then the **test** sets speak. Eight
# splits of the data.


# %% tags=["measured"]
def at_best_rate(loss, offered, spread):
    """The rate that does best on eight validation sets, and the accuracies on the test sets."""
    runs = np.array([[accuracies(loss, r, spread, seed) for seed in range(8)] for r in offered])
    best = runs[..., 0].mean(axis=1).argmax()
    return offered[best], runs[best, :, 1]


offered = {"cross-entropy": (0.3, 1, 3, 10), "squared error": (3, 10, 30, 100)}
spreads = {"small start": 0.1, "wrong start": 1.0}
chosen = {
    f"{loss}, {begin}": at_best_rate(loss, offered[loss], spread)
    for begin, spread in spreads.items()
    for loss in offered
}
### BEGIN HIDDEN TESTS
for name, (best, _) in chosen.items():
    assert best in offered[name.partition(",")[0]][1:-1]
sure = [softmax(split(seed)[0][0] @ first_weights(1, seed)).max(axis=1).mean() for seed in range(8)]
assert min(sure) > 0.6
### END HIDDEN TESTS
{name: f"rate {best}" for name, (best, _) in chosen.items()}

# %% tags=["measured"]
on_test = {name: accuracy for name, (_, accuracy) in chosen.items()}
### BEGIN HIDDEN TESTS
small_ce, small_se, wrong_ce, wrong_se = on_test.values()
assert min(small_ce.min(), small_se.min(), wrong_ce.min()) > 0.92
assert abs(small_ce.mean() - small_se.mean()) < 0.01
assert (wrong_ce > wrong_se).sum() >= 7 and wrong_ce.mean() - wrong_se.mean() > 0.08
assert wrong_se.min() < 0.75 and 0.82 < np.median(wrong_se) < 0.88 and wrong_se.max() > 0.94
### END HIDDEN TESTS
plots.starts(on_test, "accuracy on test digits")


# %% [markdown]
# From a small start the two are level. From a wrong start cross-entropy recovers every time. The squared
# error got lucky in one split and stays far behind in the others, more than eight points on average,
# although each loss had the best of four rates. So classifiers learn from cross-entropy: it corrects most
# where the network errs most.
#
# ## 6. A first model trained in Keras
#
# At the end of lesson {multilayer_perceptron} a Keras model held your parameters. Now it learns. `Sequential` is a list of
# layers. First we hand it *our* weights, *our* mini-batches and *our* rate. This time the last layer gives
# logits; `from_logits=True` puts the softmax into the loss, where it cannot overflow.

# %% [markdown] tags=["notes"]
# **4 minutes.** Ask: "Do you trust Keras more, or our thirty lines?" The cell makes the question empty: 64
# losses, none off by a ten-thousandth. From here on a framework is no magic, it is a faster way to write
# what they have written. The live curves: let the room call out "still falling?" while they grow.
#
# Say aloud what `compile` means: choose optimizer, loss and metrics; no data are seen. `fit` trains.
# `evaluate` is for the test set, once.

# %%
twin = keras.Sequential(
    [keras.Input((64,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(10)]
)
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
twin.compile(keras.optimizers.SGD(0.1), cross_entropy)
twin.set_weights(network.parameters)
assert twin.count_params() == (64 + 1) * 32 + (32 + 1) * 10 == 2410
twin.count_params()

# %% [markdown]
# 2410 parameters, set to those of `network`. Now both walk side by side for two epochs. (Keras reports the
# mean loss since the last reset, so we reset before each batch.)

# %% tags=["measured", "trains"]
by_hand, by_keras, walker, optimizer = [], [], network, SGD(0.1)
rng = np.random.default_rng(0)
for batch in [batch for _ in range(2) for batch in minibatches(1000, 32, rng)]:
    pair = seen[0][batch], seen[1][batch]
    by_hand.append(walker.loss(*pair))
    walker = walker.with_parameters(optimizer.update(walker.parameters, walker.gradients(*pair)))
    twin.reset_metrics()
    by_keras.append(twin.train_on_batch(*pair))
np.testing.assert_allclose(by_keras, by_hand, atol=1e-4)
f"{len(by_hand)} losses, largest difference {np.abs(np.subtract(by_keras, by_hand)).max():.0e}"

# %% [markdown]
# 64 updates, and no loss is off by as much as 0.0001: Keras does what you did. From here on the usual way:
# **compile** says what to optimize and how, **fit** trains and watches the validation set, **evaluate**
# measures. `LiveCurves` draws while it runs; watch them grow. Ask your two questions.

# %% tags=["measured", "trains"]
training.reproducible(0)
model = keras.Sequential(
    [keras.Input((64,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(10)]
)
model.compile(keras.optimizers.Adam(0.003), cross_entropy, metrics=["accuracy"])
record = training.fit(model, seen, unseen, epochs=15, callbacks=[training.LiveCurves()])
assert record.loss[-1] < record.val_loss[-1] < 0.25
record

# %% [markdown]
# Low, and together: about right. (Keras notes the training loss *during* each epoch, while the network is
# still improving; that is why the dashed line can start below.) Only now unlock the test set, once.

# %% tags=["measured"]
_, accuracy = model.evaluate(*test, verbose=0)
assert 0.93 < accuracy < 0.99
f"accuracy {accuracy:.3f}"

# %% [markdown]
# One run is one draw. Five splits, five starts, by our own network, which walks the same way:


# %% tags=["measured"]
def one_run(seed):
    """Test accuracy of a network with a start and a split of its own."""
    net, _ = train(MLP.random((64, 32, 10), seed=seed), Adam(0.003), split(seed), 15, seed=seed)
    X_test, y_test = split(seed)[2]
    return np.mean(net.predict(X_test) == y_test)


five_runs = [one_run(seed) for seed in range(5)]
assert 0.94 < min(five_runs) < max(five_runs) < 0.99
f"{len(five_runs)} runs, from {min(five_runs):.1%} to {max(five_runs):.1%}"

# %% [markdown]
# The five runs lie between 94 and 99 %. That band is what you may promise, not the best of the five.
#
# ## 7. A fair comparison
#
# Which optimizer is best? Heredia's slides print a league after a short training, from 0.926 for Adagrad
# down to 0.371 for plain SGD. Before you believe such a table, ask for the learning rates: a rate means
# another thing to each optimizer. Train each of them at seven rates, three epochs, from five starts on
# five splits.

# %% [markdown] tags=["notes"]
# **2 minutes** for the figure, and Question 3 for the way home. Cover all but one vertical strip of the
# figure: at 0.01 Adam wins by far. Move the strip to 0.3: plain gradient descent wins. "Which of these two
# papers would you like to write?"
#
# "So which one is best?" will come. Honest answer: on this task, after three epochs, five starts cannot tell
# Adam from momentum, and a search for the rate pays more than a change of optimizer.

# %%
makers = {
    "gradient descent": SGD,
    "momentum": lambda rate: SGD(rate, momentum=0.9),
    "RMSProp": RMSprop,
    "Adam": Adam,
}
rates = 10 ** np.arange(-2.5, 0.6, 0.5)
five_sets = [split(seed) for seed in range(5)]
five_nets = [MLP.random((64, 32, 10), seed=seed) for seed in range(5)]


def final_losses(make, rate):
    """Validation loss after three epochs, one number a start."""
    pairs = zip(five_nets, five_sets, strict=True)
    return [train(net, make(rate), sets, epochs=3, size=50)[1][-1, 1] for net, sets in pairs]


# %% tags=["measured"]
found = {name: np.array([final_losses(make, r) for r in rates]) for name, make in makers.items()}
### BEGIN HIDDEN TESTS
at_001, at_03 = ({name: losses[place] for name, losses in found.items()} for place in (1, 4))
assert at_001["Adam"].max() < 0.5 and at_001["gradient descent"].min() > 2
assert at_03["gradient descent"].max() < 0.6 and at_03["Adam"].min() > 1
### END HIDDEN TESTS
figures.rates_compared(rates, found, np.log(10))

# %% [markdown]
# A point is the middle one of five runs, the bar reaches from the best to the worst. At 0.01 Adam has less
# than 0.5 in every run, gradient descent more than 2, hardly better than guessing. At 0.3 gradient descent
# stays below 0.6 in every run, and Adam is above 1. And at the best rate of each?

# %% tags=["measured"]
at_best = {name: losses[np.median(losses, axis=1).argmin()] for name, losses in found.items()}
assert max(np.median(losses) for losses in at_best.values()) < 0.4
assert at_best["momentum"].min() < at_best["Adam"].max()
assert at_best["Adam"].min() < at_best["momentum"].max()
{name: f"{losses.min():.2f} to {losses.max():.2f}" for name, losses in at_best.items()}

# %% [markdown]
# The middle run of each ends below 0.4, and the runs of momentum and of Adam overlap: five starts name no
# winner between them. **Compare optimizers only at rates that were searched for each, over several
# starts.** How to search is the subject of a later lesson, *Choosing hyperparameters*.
#
# ### Question 3
#
# A paper says: "At the rate 0.01 for all, Adam reached a loss of 0.3 and gradient descent 2.2. Adam is
# better." What is missing?
#
# - **A.** The same number of epochs for both.
# - **B.** A rate chosen for each, on the validation set, and more than one run.
# - **C.** Nothing: the same rate for all is what makes it fair.
#
# <details><summary>Answer</summary>
#
# **B.** 0.01 happens to suit Adam. Gradient descent needs a rate thirty times as large or more, here.
#
# - "The same number of epochs." That is needed as well, and nothing says it was not so.
# - "The same rate for all is fair." A rate is not a resource, it is a setting: Adam's steps are about as
#   long as the rate, those of gradient descent are the rate times the slope.
#
# </details>
#
# ### Challenge
#
# Make a valley in which the order of the racers changes. `Valley(matrix)` takes any symmetric matrix with
# two positive curvatures. What does RMSProp do if the valley lies along an axis, as in
# `Valley([[1, 0], [0, 21]])`, and what if it is turned by 45°, as in `Valley([[11, -10], [-10, 11]])`? Why
# is gradient descent indifferent to the turn? Search a rate for each optimizer before you declare a winner.

# %% [markdown] tags=["notes"]
# Good answers to the challenge argue with directions: RMSProp and Adam scale each weight on its own, so
# they can straighten a valley along an axis, and not a turned one. Gradient descent and momentum see
# curvatures only, and these do not turn. Ask for the rates that were tried; who shows one rate has not
# finished.

# %% [markdown]
# ## What you can do now
#
# - **Compute** updates: examples divided by batch size, rounded up, times epochs; and deal the batches.
# - **Read** two curves with two questions: is the training loss low, and does the validation loss follow?
# - **Build** four optimizers in a few lines each, equal to those of Keras to a millionth. You found three
#   slips in a printed Adam: two signs and a factor.
# - **Explain** cross-entropy by its slope: it corrects most where the network is confident and wrong.
# - **Train** with `compile`, `fit` and `evaluate`, and compare optimizers at rates of their own.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("training_a_network")

# %% [markdown]
# ## Common mistakes
#
# - Judging a training by its training loss. The third curve of section 2 would win.
# - `n // size` batches: the rest is dropped.
# - Counting Adam's steps from 0: the bias correction then divides by 0.
# - Taking the test set to choose a rate or an epoch. That is what the validation set is for.
# - Declaring an optimizer the winner at one rate and one seed.
#
# ## Where next
#
# Our network reads 64 pixels as 64 unrelated numbers. It does not know which of them are neighbors. The
# next lesson, [{convolution} Convolution](convolution.ipynb), tells it.
