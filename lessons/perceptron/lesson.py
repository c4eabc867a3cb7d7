# %% [markdown]
# # Perceptron
#
# **Three numbers can learn the word *and*. It costs them eleven mistakes. Why can they never learn
# *either ... or*?** In this lesson you build the smallest thing that learns: one neuron. You find its
# numbers by hand, then watch it find them by itself, one mistake at a time. It learns to tell
# handwritten digits apart. And it meets four points that it cannot learn, which is why networks have layers.
#
# {time} · **You need:** [{linear_regression} Linear regression](linear_regression.ipynb) and [{logistic_regression} Logistic
# regression](logistic_regression.ipynb).
#
# **When you are done, you can**
#
# - **name** the five parts of a perceptron, and compute its output with a pencil
# - **find** weights for AND, OR, NOT and NAND, and draw the boundary that they make
# - **carry out** the learning rule, and explain why every update moves the net sum the right way
# - **prove** that no perceptron computes XOR, and build it from three
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023), for the
# five parts and the flat vector; P. Padman, *Training a CNN to Classify Images*, for linear
# separability; F. Rosenblatt, *The perceptron* (Psychological Review 65, 1958); A. Novikoff, *On
# convergence proofs for perceptrons* (1962).

# %% [markdown] tags=["notes"]
# Before anything else, ask: "You may go to the concert if you have a ticket *and* you are awake. How
# would a machine that can only add decide this?" Collect ideas for half a minute. Somebody will say
# "give a point for each and ask for two". That is the perceptron; write "points, and a bar to reach" on
# the board.
#
# Five minutes short? Leave out section 6. Keep section 5: it is the reason for lesson {multilayer_perceptron}.

# %% [markdown]
# ## Setup

# %%
from lessons.perceptron import check, figures
from lessons.perceptron.gates import GateByHand, updates
from lessons.perceptron.learning_rule import perceptron_path, perceptron_update
from lessons.perceptron.separating import separable
from utils import board, data, plots
from utils.neurons import logistic_gradient, logistic_regression, sigmoid, step

from itertools import permutations, product

import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import Perceptron

plots.style()

# %% [markdown]
# ## 1. Five parts
#
# Is this picture an 8? Let every pixel give points, for or against. Add them up. Say yes if the sum
# reaches a bar. That is a **perceptron**, and it has five parts. Follow the drawing from left to right.

# %% [markdown] tags=["notes"]
# **5 minutes**, with the exercise. Draw the five parts while you name them; then erase the words and let
# the room name them. Ask: "Which of the five does the machine learn?" Wanted: weights and bias. You will
# also hear "the activation". Say: that one you choose beforehand; it is a hyperparameter.
#
# Common trouble: the bias looks like one more input. It is the weight of an input that is always 1, the
# column of ones of lesson {linear_regression}.

# %%
figures.five_parts()

# %% [markdown]
# 1. **Inputs** $x_1, x_2, \dots$: numbers, in a flat vector.
# 2. **Weights** $w_1, w_2, \dots$: one per input. Does it speak for 1 or against it, and how loudly?
# 3. **Bias** $b$: the weight of an input that is always 1. It says how far the answer leans without any
#    input.
# 4. **Net sum** $z = w_1 x_1 + w_2 x_2 + \dots + b$.
# 5. **Activation**: here the **step**, 1 where $z \ge 0$, otherwise 0.
#
# Parts 2 and 3 are learned, part 5 is chosen. Take a pencil: inputs 2, 1, 3, weights 1, −2, ½, bias 1.

# %%
x = np.array([2, 1, 3])
weights, bias = np.array([1, -2, 0.5]), 1
z = x @ weights + bias
assert (z, step(z)) == (2.5, 1)
float(z), int(step(z))

# %% [markdown]
# 2 − 2 + 1.5 + 1 = 2.5, which is not negative: output 1.
#
# ### Predict: one input changes
#
# The second input rises from 1 to 3. What is z now, **a** 4.5, **b** 0.5, **c** −1.5? And the output?

# %%
z_now = np.array([2, 3, 3]) @ weights + bias
assert (z_now, step(z_now)) == (-1.5, 0)
float(z_now), int(step(z_now))

# %% [markdown]
# **c**: the weight −2 counts twice more, so z falls by 4, and the decision tips over to 0.

# %% [markdown]
# ### A picture is a flat vector, too
#
# The input must be a flat vector. A picture becomes one when you write its rows one behind the other.

# %%
digits = data.digits()
picture = digits.images[8]
vector = picture.reshape(-1)
assert vector.shape == (64,)
vector.shape

# %%
figures.flattened(picture)

# %% [markdown]
# 64 pixels are 64 inputs, so a perceptron that looks at this picture has 64 weights and a bias.
#
# ### Your turn 1: outputs of a batch
#
# Write a function that gives the outputs for many inputs at once. Each row of `X` is one input vector. With
# weights (1, 2), bias −1 and the rows (0, 0), (1, 0), (2, 1), the net sums are −1, 0, 3 and the outputs
# 0, 1, 1.


# %% tags=["exercise"]
def outputs(X, weights, bias):
    """Outputs 0 or 1 of a perceptron, shape (N,), for the rows of X, shape (N, inputs)."""
    ### BEGIN SOLUTION
    return step(X @ weights + bias)
    ### END SOLUTION


# %%
check.outputs(outputs)

# %% [markdown]
# ## 2. Gates by hand
#
# Now make a perceptron that decides something. Two inputs, each 0 or 1, have four combinations. The gate
# **AND** answers 1 when both are 1; **OR** when at least one is.

# %% [markdown] tags=["notes"]
# **7 minutes**, three of them for the sliders. Do AND as votes: every input that is 1 gives one vote,
# and the bias is the bar: −1.5 means "more than one vote". Ask: "What is OR, then?" (−0.5.) "NOT?" You
# will hear "weight 0". Let them test it: an input that has no weight cannot change anything.
#
# NAND: many take AND = (1, 1, −2) and flip the signs. (−1, −1, 2) has z = 0 at (1, 1), which counts as
# output 1. Wonderful: it shows that a flipped sign moves the equals sign to the other side.
#
# At the sliders, let them fail at XOR for a full minute, and ask who got 4 of 4. Nobody will. Do not
# explain; write "XOR: 3 of 4" on the board. Section 6 takes it up.

# %%
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
AND, OR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1])

np.testing.assert_array_equal(step(corners @ [1, 1] - 1.5), AND)
np.testing.assert_array_equal(step(corners @ [1, 1] - 0.5), OR)
step(corners @ [1, 1] - 1.5), step(corners @ [1, 1] - 0.5)

# %% [markdown]
# Each input has one vote. AND asks for more than one and a half votes, OR for more than a half. And
# **NOT**, with its single input: a vote *against*, and a bias that leans towards 1.

# %%
np.testing.assert_array_equal(step(np.array([0, 1]) * -1 + 0.5), [1, 0])
step(np.array([0, 1]) * -1 + 0.5)

# %% [markdown]
# 0 became 1, and 1 became 0. Now look at AND and OR as a map. Where $z = 0$ lies the **boundary**: a
# straight line, with output 1 on one side (shaded) and output 0 on the other.

# %%
figures.gates({"AND": AND, "OR": OR}, {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5)})

# %% [markdown]
# The **weight vector** w stands on the boundary at a right angle and points to the side of output 1. So the
# weights decide how the line is *turned*, the bias how far it is *shifted*: AND and OR have the same weights,
# and parallel boundaries.
#
# ### Your turn 2: a perceptron for NAND
#
# **NAND** (not AND) answers 0 when both inputs are 1, otherwise 1. Find three **whole numbers**
# $(w_1, w_2, b)$. There are many right answers. Mind the border: z = 0 counts as 1.

# %% tags=["exercise"]
nand = (
    ### BEGIN SOLUTION
    (-2, -2, 3)
    ### END SOLUTION
)

# %%
check.nand(nand)

# %% [markdown]
# ### Try it: gates on sliders
#
# Choose a gate and move the three sliders until all four rows are right. Rings mark the mistakes. Find
# AND, OR and NAND. Then **XOR** (either ... or, but not both): how many rows can you get right?

# %%
GateByHand()

# %% [markdown]
# ### Question 1 <!-- find -->
#
# You multiply w₁, w₂ and b of your AND perceptron by 10. What changes?
#
# <details><summary>Answer</summary>
#
# Nothing that you could see from outside. Every z is ten times as large, and its sign is what it was:
# the same boundary, the same outputs.
#
# - "The boundary moves ten times as far out": it would if the bias grew alone. The line where
#   $10 w_1 x_1 + 10 w_2 x_2 + 10 b = 0$ is the line where $w_1 x_1 + w_2 x_2 + b = 0$.
# - "It becomes more certain": true for the sigmoid of lesson {logistic_regression}, which would come closer to 0 and 1. The
#   step knows no "more certain".
# - "The outputs are ten times as large": the step gives 0 or 1, whatever z is.
#
# </details>
#
# ## 3. The learning rule
#
# Three sliders can be moved by hand; 64 weights cannot. The perceptron finds them by itself, from
# examples. Show it one example at a time, and compare its output with the **target**, the answer that you
# want. The *rate* is the learning rate of lesson {linear_regression}.
#
# $$\text{error} = \text{target} - \text{output} \qquad
# \mathbf w \leftarrow \mathbf w + \text{rate} \cdot \text{error} \cdot \mathbf x \qquad
# b \leftarrow b + \text{rate} \cdot \text{error}$$
#
# | target | output | error | what happens |
# |:-:|:-:|:-:|:--|
# | 1 | 1 | 0 | nothing |
# | 0 | 0 | 0 | nothing |
# | 1 | 0 | +1 | add the inputs to the weights, raise the bias |
# | 0 | 1 | −1 | subtract the inputs from the weights, lower the bias |
#
# It learns from mistakes, and from nothing else.

# %% [markdown] tags=["notes"]
# **8 minutes.** Do the first epoch on the board with the room calling out the numbers; four rows, two
# mistakes. Expect a protest at the first row: "z is 0, why is that a mistake?" Because our step says 1
# at 0, and the target is 0. Wrong numbers that will come: an update in the second row ("it was wrong
# before"), and a bias that stays.
#
# Ask: "After the update, is the example right?" Often, not always: each update moves z by 1 + |x|², and
# z may have been further away than that.
#
# In the flipbook stop at page 2: one corner is repaired and three are broken, "right now" falls from 3 to
# 1. Ask "Does it make progress at all?" The count of right corners goes up and down. What grows is the
# agreement with a good weight vector, and that is what the proof behind the theorem in Going further follows.

# %% [markdown]
# ### Predict: the first epoch on AND
#
# Start with zeros and take the four corners in order, with rate 1. One pass through all examples is an
# **epoch**. Fill the table with a pencil, then run the cell.
#
# | x₁ x₂ | target | z | output | error | w₁ | w₂ | b |
# |:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|
# | start | | | | | 0 | 0 | 0 |
# | 0 0 | 0 | | | | | | |
# | 0 1 | 0 | | | | | | |
# | 1 0 | 0 | | | | | | |
# | 1 1 | 1 | | | | | | |


# %%
def first_epoch(targets):
    weights, bias = np.zeros(2), 0.0
    after_each = []
    for x, target in zip(corners, targets, strict=True):
        weights, bias = perceptron_update(weights, bias, x, target)
        after_each.append([*weights, bias])
    return np.array(after_each, int)


np.testing.assert_array_equal(first_epoch(AND), [[0, 0, -1], [0, 0, -1], [0, 0, -1], [1, 1, 0]])
first_epoch(AND)

# %% [markdown]
# Each row is w₁, w₂ and b after one example. Two of the four were mistakes, the first and the last:
#
# | x₁ x₂ | target | z | output | error | w₁ | w₂ | b |
# |:-:|:-:|:-:|:-:|:-:|:-:|:-:|:-:|
# | start | | | | | 0 | 0 | 0 |
# | 0 0 | 0 | 0 | 1 | −1 | 0 | 0 | −1 |
# | 0 1 | 0 | −1 | 0 | 0 | 0 | 0 | −1 |
# | 1 0 | 0 | −1 | 0 | 0 | 0 | 0 | −1 |
# | 1 1 | 1 | −1 | 0 | +1 | 1 | 1 | 0 |

# %% [markdown]
# ### Why this is the right direction
#
# Look at z for the last example, (1, 1), before its update and after.

# %%
corner = np.array([1, 1])
before = corner @ [0, 0] - 1
after = corner @ [1, 1] + 0
assert after - before == corner @ corner + 1 == 3
int(before), int(after)

# %% [markdown]
# z was too small, and it grew by 3 = x·x + 1: the weights gave $x_1^2 + x_2^2$ and the bias 1. That is
# always so. After a mistake, z of *that* example moves by rate · (x·x + 1) towards the side where it
# belongs. It may not get there in one go, and it may spoil other examples on the way.
#
# ### Your turn 3: one update
#
# Write the rule. Return one list: the new weights, then the new bias, `[*new_weights, new_bias]`. By
# pencil: weights (1, 0), bias −2, x = (1, 1), target 1, rate 1: z = −1, output 0, error 1, so `[2, 1,
# -1]`. Leave the input arrays as they are.


# %% tags=["exercise"]
def update(weights, bias, x, target, rate):
    """The new weights and, last, the new bias, after one example with its target 0 or 1."""
    ### BEGIN SOLUTION
    change = rate * (target - step(x @ weights + bias))
    return [*(weights + change * x), bias + change]
    ### END SOLUTION


# %%
check.perceptron_update(update)

# %% [markdown]
# Now let it run: epoch after epoch, until it gets through one without a mistake. `perceptron_path` keeps
# every update.

# %%
path = perceptron_path(corners, AND, epochs=20)
last = path[-1]
assert len(path) - 1 == 11 and last.epoch == 5
np.testing.assert_array_equal(step(corners @ last.weights + last.bias), AND)
last

# %% [markdown]
# Eleven mistakes in five epochs; the sixth has none, and the perceptron has learned AND: 2x₁ + x₂ − 3.
# (`mistake=1` is the corner that caused the last update, counted from 0.) Four of the eleven updates:

# %%
figures.update_moments(corners, AND, path, [2, 3, 6, 11])

# %% [markdown]
# The ringed corner was wrong. The dashed boundary is from before the update, the solid one from after
# it. (A boundary that runs *through* a corner gives it output 1, because z is 0 there.) Turn the pages
# to see all eleven.

# %%
updates("AND", path)

# %% [markdown]
# Follow "right now" on the pages: it goes up and down. One mistake is repaired, another appears. Still it
# ends. OR goes faster:

# %%
path_or = perceptron_path(corners, OR, epochs=20)
assert len(path_or) - 1 == 5 and path_or[-1].epoch == 3
np.testing.assert_array_equal(step(corners @ path_or[-1].weights + path_or[-1].bias), OR)
{"mistakes": len(path_or) - 1, "the last in epoch": path_or[-1].epoch}

# %% [markdown]
# ## 4. Real digits
#
# From four corners to real data: 3 or 8? Each picture is a vector of 64 inputs; target 1 stands for an 8. The
# digits of about three writers stay hidden, so we ask about handwriting that it has never met (lesson
# {learning_from_data}). Twenty times, with other writers hidden each time.

# %% [markdown] tags=["notes"]
# **3 minutes.** Before the weights appear, ask: "Where would you look to tell a 3 from an 8?" They point
# at the left, where the 8 closes its loops. Then show the weights. That is a detector, and nobody
# designed it.
#
# The shuffled pixels are the bridge to lesson {convolution}. You will hear "it gets worse, the picture is
# destroyed". For you. The perceptron has never known that pixel 9 is a neighbor of pixel 1.

# %%
X, y = digits.images.reshape(-1, 64) / 16, (digits.labels == 8).astype(int)
two = np.isin(digits.labels, (3, 8))


def split(seed):
    """Indices of the 3s and 8s to learn from, and of those by other writers."""
    parts = data.writers_apart(seed)
    known = np.r_[parts["train"], parts["validation"]]
    return known[two[known]], parts["test"][two[parts["test"]]]


def held_out(seed, order=range(64)):
    train, test = split(seed)
    learned = perceptron_path(X[train][:, order], y[train], epochs=100)[-1]
    return np.mean(step(X[test][:, order] @ learned.weights + learned.bias) == y[test])


# %%
accuracies = [held_out(seed) for seed in range(20)]
assert 0.8 < min(accuracies) < 0.85 and 0.955 < np.mean(accuracies) < 0.965
f"mean {np.mean(accuracies):.1%}, from {min(accuracies):.1%} to {max(accuracies):.1%}"

# %% [markdown]
# 96 of 100 hidden pictures right on average, by one neuron. (Another twenty splits may average 98.) It depends
# on the hand: in the worst case 81, in the best all of them. What has it learned? Lay the 64 weights out as a picture.

# %%
known, _ = split(0)
eight = perceptron_path(X[known], y[known], epochs=100)[-1]
mean_3, mean_8 = (X[known][y[known] == target].mean(axis=0) for target in (0, 1))
pictures = {"mean 3": mean_3.reshape(8, 8), "mean 8": mean_8.reshape(8, 8)}

assert eight.epoch < 100  # it settled: a flat sheet separates the two digits
assert eight.weights[mean_8 - mean_3 > 0.25].mean() > 2
assert eight.weights[mean_8 - mean_3 < -0.25].mean() < -2
### BEGIN HIDDEN TESTS
_, columns = np.nonzero(eight.weights.reshape(8, 8) > 0.35 * np.abs(eight.weights).max())
assert ((columns < 4).sum(), len(columns)) == (8, 9)  # the pixels with a +
### END HIDDEN TESTS
figures.seen_by_perceptron(pictures, eight.weights.reshape(8, 8))

# %% [markdown]
# Purple: ink here speaks for an 8. Eight of the nine strongest (+) lie in the left half, where the 8
# closes its loops and the 3 is open. Orange (−): ink here speaks for a 3.
#
# ### Predict: shuffled pixels
#
# Shuffle the 64 pixels, in the same way for every picture. You could not read a single digit any more.
# What happens to the accuracy on unseen writers? **a** It drops to guessing, **b** it drops by a few points, **c**
# nothing.

# %%
shuffle = np.random.default_rng(4).permutation(64)
shuffled = [held_out(seed, shuffle) for seed in range(5)]
assert shuffled == accuracies[:5]
np.column_stack([accuracies[:5], shuffled]).round(4)

# %% [markdown]
# **c**, nothing at all. A sum does not care about the order of its terms: to a perceptron a picture is a list,
# and it never knew which pixels are neighbors. [Convolution](convolution.ipynb) will change that.

# %% [markdown]
# ## 5. What it cannot learn
#
# Back to the gate that resisted your sliders: XOR answers 1 when exactly one input is 1. Give the learning
# rule a thousand epochs.

# %% [markdown] tags=["notes"]
# **5 minutes.** Point to "XOR: 3 of 4" on the board. Ask before the run: "It has 1000 epochs. What will
# it do?" You will hear "get to 3 of 4 and stay". It never stays: it stops only after an epoch without a
# mistake.
#
# The four inequalities fit on the board in a minute; let the room add them. If somebody says "then take
# another learning rule", that is Question 2: the inequalities know nothing of any rule.
#
# History, if they ask: a book of 1969, *Perceptrons* by M. Minsky and S. Papert, proved this and more
# limits of a single layer, and for over a decade few people worked on neural networks.

# %%
XOR = np.array([0, 1, 1, 0])
path_xor = perceptron_path(corners, XOR, epochs=1000)
in_epoch = np.bincount([s.epoch for s in path_xor])[1:]
assert in_epoch.tolist() == [3] * 2 + [4] * 998
{"mistakes in 1000 epochs": len(path_xor) - 1, "in the first ten": in_epoch[:10].tolist()}

# %% [markdown]
# Three mistakes in each of the first two epochs, four in every later one. Will it settle if you wait
# longer? Look at the weights after each epoch.

# %%
after_epoch = {s.epoch: (*s.weights.tolist(), s.bias) for s in path_xor}
assert {after_epoch[epoch] for epoch in range(2, 1001)} == {(-1, 0, 0)}
after_epoch[2], after_epoch[3], after_epoch[1000]

# %% [markdown]
# After epoch 2 the weights are (−1, 0) and the bias 0; after epoch 3 they are the same again. The rule
# has no other memory: from the same numbers, the same examples make the same four mistakes. **This is a
# proof**: it goes in circles forever. Here is one round.

# %%
assert sorted(s.mistake for s in path_xor[7:11]) == [0, 1, 2, 3]
figures.update_moments(corners, XOR, path_xor, [7, 8, 9, 10])

# %% [markdown]
# Every corner is a mistake once. The fourth update ends where the first began.

# %%
updates("XOR", path_xor[:15], first=6)

# %% [markdown]
# Nine pages, two rounds: pages 0, 4 and 8 show the same weights, those after epochs 2, 3 and 4.
#
# But perhaps there are other weights, which the rule does not find? Write down what XOR asks for:
#
# | x₁ x₂ | target | so |
# |:-:|:-:|:--|
# | 0 0 | 0 | $b < 0$ |
# | 0 1 | 1 | $w_2 + b \ge 0$ |
# | 1 0 | 1 | $w_1 + b \ge 0$ |
# | 1 1 | 0 | $w_1 + w_2 + b < 0$ |
#
# Add the two in the middle: $w_1 + w_2 + 2b \ge 0$. Add the first and the last: $w_1 + w_2 + 2b < 0$.
# Both cannot be. **No perceptron computes XOR**, whoever chooses the weights.
#
# ### Linear separability
#
# Two classes are **linearly separable** when one straight line has all of one class on one side, all of
# the other on the other side. (With three inputs it is a plane, with 64 a flat sheet of 63 dimensions.)
# A perceptron can learn these, and no others. `separable` writes one inequality per example, as you did for XOR, and
# asks a solver whether some weights fulfill them all. Of the sixteen gates with two inputs:

# %%
gates = [np.array(targets) for targets in product((0, 1), repeat=4)]
possible = sum(separable(corners, gate) for gate in gates)
assert possible == 14 and not separable(corners, XOR) and not separable(corners, 1 - XOR)
{"gates": len(gates), "a line separates": possible}

# %% [markdown]
# All but XOR and its opposite. And three sets of points:

# %%
rng = np.random.default_rng(4)
side = np.repeat([0, 1], 25)
blobs = rng.normal(0, 0.45, (50, 2)) + np.outer(side, [2, 1.5])
crossed = rng.uniform(0.1, 1, (50, 2)) * rng.choice([-1, 1], (50, 2))
angle, away = rng.uniform(0, 2 * np.pi, 50), np.where(side, 2, 0.7) * rng.uniform(0.8, 1, 50)
ring = np.c_[away * np.cos(angle), away * np.sin(angle)]

# %%
sets = {
    "a line separates them": (blobs, side),
    "crossed: no line does": (crossed, (crossed.prod(axis=1) < 0).astype(int)),
    "a ring: no line does": (ring, side),
}
assert [separable(*points) for points in sets.values()] == [True, False, False]
found = perceptron_path(blobs, side, epochs=100)[-1]
assert found.epoch < 100  # it came to rest

figures.separability(sets, {"a line separates them": (found.weights, found.bias)})

# %% [markdown]
# On the left a perceptron found a line: not the best, but the first that makes no mistake. In the middle is
# XOR with more points. On the right a circle would do, but a perceptron draws straight lines only.
#
# ### Question 2 <!-- prove -->
#
# A friend says: "Your learning rule is from 1958. With a better rule, or more epochs, a perceptron would
# learn XOR." What do you answer?
#
# <details><summary>Answer</summary>
#
# That the four inequalities contradict each other: there is nothing to be found. A rule can only choose
# among the weights that exist.
#
# - "You are right, it needs a smaller rate": from zero, the rate changes the size of the weights and no
#   decision.
# - "You are right, it needs more epochs": the weights come back to where they were, so the thousandth
#   epoch is the third again.
# - "It needs a sigmoid in place of the step": its boundary, where the sigmoid is ½, is the straight line
#   z = 0 as well.
#
# </details>
#
# ### Your turn 4: XOR from three perceptrons
#
# One line is not enough; take two. Feed the inputs to **two** perceptrons, and their two outputs to a
# **third**. Hint: either ... or means *at least one, and not both*. Write three rows $(w_1, w_2, b)$ of
# whole numbers: first, second, third.

# %% tags=["exercise"]
xor_network = (
    ### BEGIN SOLUTION
    [
        (2, 2, -1),  # OR
        (-2, -2, 3),  # NAND
        (2, 2, -3),  # AND of the two
    ]
    ### END SOLUTION
)

# %%
check.xor_network(xor_network)

# %% [markdown]
# You have built a network by hand. Its first two perceptrons form a **hidden layer**: only the third sees
# their outputs. How a machine finds such weights is the subject of lesson {multilayer_perceptron}.
#
# ## 6. One neuron, two activations
#
# Where have you seen $(\text{target} - \text{output})$ times $\mathbf x$ before? In the gradient of logistic
# regression, lesson {logistic_regression}. There z is called the **logit**, and goes through the sigmoid.

# %% [markdown] tags=["notes"]
# **4 minutes.** Write the rule once on the board, with an empty box for the activation, and put first
# the step and then the sigmoid into the box. Ask: "When does each of them stop?" The step: as soon as
# all is right. The sigmoid: never quite, its error is never 0; it pushes the boundary away from the
# points.

# %%
figures.two_activations()

# %% [markdown]
# Both change sides at z = 0. Here is the rule, with the activation as an argument:


# %%
def one_update(weights, bias, x, target, activation, rate=1.0):
    change = rate * (target - activation(x @ weights + bias))
    return weights + change * x, bias + change


# %% [markdown]
# With the step it is the perceptron's rule. With the sigmoid it is one step of gradient descent on the
# cross-entropy of one example. The cell compares both, for either target: columns one and two are equal,
# and so are three and four.

# %%
w, b, example = np.array([0.5, -1.0]), 0.25, np.array([2.0, 1.5])


def compared(target):
    slope_w, slope_b = logistic_gradient([example], [target], w, b)
    pairs = (
        one_update(w, b, example, target, step),
        perceptron_update(w, b, example, target),
        one_update(w, b, example, target, sigmoid),
        (w - slope_w, b - slope_b),
    )
    return np.column_stack([[*weights, bias] for weights, bias in pairs])


### BEGIN HIDDEN TESTS
for wanted in (0, 1):
    by_step, by_rule, by_sigmoid, by_slope = compared(wanted).T
    np.testing.assert_array_equal(by_step, by_rule)
    np.testing.assert_allclose(by_sigmoid, by_slope)
### END HIDDEN TESTS
np.stack([compared(0), compared(1)]).round(3)

# %% [markdown]
# The error is what an update with rate 1 adds to the bias. Here it is, for the step and for the sigmoid:

# %%
errors = {target: (compared(target)[2, [0, 2]] - b).round(2).tolist() for target in (0, 1)}
assert errors == {0: [0, -0.44], 1: [1, 0.56]}
errors

# %% [markdown]
# So **a perceptron is a single neuron, and logistic regression is the same neuron with another
# activation**. For target 0 the step is right and learns nothing; the sigmoid says 0.44 in place of 0, and
# still learns. The step says right or wrong; the sigmoid says by how much.
#
# The step is flat on both sides of its jump: its slope is 0, and gradient descent would not know where to go. The
# sigmoid has a slope everywhere. That is why the networks of the next lessons have no steps inside.
#
# ## Going further
#
# Nothing after this lesson needs what follows here.

# %% [markdown] tags=["notes"]
# **Homework.** On the iris, somebody will notice that the perceptron has 4 mistakes at its best, fewer than the 6 of
# logistic regression. True, and worth saying: it minimizes no loss, it wanders, and one of the places it
# passes may be good. The trouble is that it does not stay. "Why not stop it there?" Good idea, and the
# challenge. "Is it always that wild?" No: with `default_rng(3)` it stays between 4 and 7 mistakes in
# these two epochs.

# %% [markdown]
# ### How many mistakes?
#
# Were eleven and five a matter of luck with the order of the corners? There are 24 orders. Try them all.

# %% [markdown] tags=["notes"]
# The theorem is worth a minute of wonder: a bound on the number of mistakes that knows
# neither the order nor the number of examples. Ask: "What makes a problem hard for a perceptron?"
# Wanted: a narrow margin, not many examples.
#
# The rate: let the room vote before the cell. Nearly all say "smaller rate, more mistakes", from lesson {linear_regression}.
# Then 0.1 gives 8: give them time to be puzzled. It is no effect of learning, it is arithmetic.

# %%
orders = [list(order) for order in permutations(range(4))]


def fewest_and_most(y):
    counts = [len(perceptron_path(corners[o], y[o], epochs=50)) - 1 for o in orders]
    return min(counts), max(counts)


assert (fewest_and_most(AND), fewest_and_most(OR)) == ((11, 15), (3, 5))
fewest_and_most(AND), fewest_and_most(OR)

# %% [markdown]
# No luck: AND takes 11 to 15 mistakes, OR 3 to 5. There is a limit that no order can exceed, the
# **perceptron convergence theorem**: *if some perceptron separates the examples, the number of mistakes
# from a start at zero is at most (R / margin)²*. Here R is the length of the longest input vector (with
# its constant 1), and the margin is the distance from that perceptron's boundary to the nearest input,
# measured in the same space.

# %%
with_one = np.c_[corners, np.ones(4)]
longest = np.linalg.norm(with_one, axis=1).max()


def limit(separator):
    margin = np.abs(with_one @ separator).min() / np.linalg.norm(separator)
    return round((longest / margin) ** 2)


assert (limit([2, 2, -3]), limit([2, 2, -1])) == (51, 27)
limit([2, 2, -3]), limit([2, 2, -1])

# %% [markdown]
# At most 51 mistakes on AND, at most 27 on OR. A limit does not say how many mistakes there *will* be, but it
# promises fewer where the margin is wide. And look at what is *not* in it: the number of examples.
#
# ### The learning rate
#
# With rate 1 it took 11 mistakes. And with rate ½, ¼ and 0.1?

# %%
rates = [1, 0.5, 0.25, 0.1]
paths = [perceptron_path(corners, AND, 50, rate) for rate in rates]
mistakes = {rate: len(p) - 1 for rate, p in zip(rates, paths, strict=True)}
np.testing.assert_array_equal(paths[1][-1].weights, 0.5 * last.weights)
assert mistakes == {1: 11, 0.5: 11, 0.25: 11, 0.1: 8}
assert all((step(corners @ p[-1].weights + p[-1].bias) == AND).all() for p in paths)
mistakes

# %%
assert paths[3][7].bias == -0.1 - 0.1 - 0.1 < -0.3
paths[3][7].bias

# %% [markdown]
# Half the rate makes every weight half as large, and the outputs are the same (Question 1). So from a
# start at zero **the learning rate of a perceptron does not matter**: 11, 11, 11.
#
# And the 8? On paper it is 11 as well. The second cell shows the bias of that run after seven mistakes,
# three tenths below 0. A computer cannot write 0.1 exactly in binary. Where z should be 0, output 1, it is
# a hair below 0, output 0: other mistakes. All four runs end with a right AND. Remember this when you
# compare computed numbers with `== 0` or `>= 0`.
#
# ### The same in scikit-learn
#
# Give scikit-learn's `Perceptron` the 3s and 8s in the same order, without shuffling and early stopping.

# %%
library = Perceptron(shuffle=False, tol=None, max_iter=100).fit(X[known], y[known])
np.testing.assert_array_equal(library.coef_[0], eight.weights)
assert library.intercept_[0] == eight.bias and y[known][0] == 0
float(np.abs(library.coef_[0] - eight.weights).max()), float(library.intercept_[0] - eight.bias)

# %% [markdown]
# Not similar: equal. (One convention differs: while it learns, scikit-learn counts z = 0 as a mistake,
# whatever the target. Here the first picture, where z is 0, is a 3: a mistake for both.)
#
# ### When no line separates
#
# A hundred iris flowers of two species, *versicolor* (class 0) and *virginica* (class 1). The inputs are
# length and width of a petal in millimeters, counted from the means, 49 and 17. No line separates the
# species, so every epoch has a mistake, and the rule never stops.

# %%
iris = load_iris()
species = iris.target[iris.target > 0] - 1
petals = np.rint(10 * iris.data[iris.target > 0, 2:])
assert petals.mean(axis=0).round().tolist() == [49, 17]
petals -= [49, 17]
assert not separable(petals, species)
petals.shape

# %% [markdown]
# Train a perceptron for 60 epochs and keep its boundary after every update of the last two. Beside it,
# logistic regression after 1000, 2000 and 3000 steps. How many flowers does each boundary get wrong?

# %%
order = np.random.default_rng(0).permutation(100)
path_iris = perceptron_path(petals[order], species[order], epochs=60)
wandering = [(s.weights, s.bias) for s in path_iris if s.epoch > 58]
fits = [logistic_regression(petals, species, rate=0.1, steps=n) for n in (1000, 2000, 3000)]
settled = [(fit.weights, fit.bias) for fit in fits]


def wrong(boundaries):
    return [int((step(petals @ w + b) != species).sum()) for w, b in boundaries]


assert (len(wandering), min(wrong(wandering)), max(wrong(wandering))) == (11, 4, 73)
assert wrong(settled) == [6, 6, 6]
wrong(wandering), wrong(settled)

# %% [markdown]
# The perceptron has 4 mistakes at its best and 73 at its worst, within two epochs. Logistic regression
# has 6, and stays there. (Counted on the flowers they learned from: this is about settling, not about new
# flowers.) Here are the boundaries:

# %%
found_by = {"perceptron": wandering, "logistic regression": settled}
figures.boundaries(petals, species, found_by, ("length (mm, from the mean)", "width"))

# %% [markdown]
# The perceptron's boundary swings; the three boundaries of logistic regression lie on top of each other.
# How far the first swings depends on the order of the flowers. That it never rests does not.
#
# ### Challenge
#
# Make the perceptron usable on the iris flowers. Ideas: keep the best weights seen so far; average the
# weights over all updates; let the rate fall. Compare with logistic regression on flowers that neither
# has seen.
#
# If you are early: try one of the ideas on one split. If you want a week: over 20 random splits, which differences
# are larger than chance (`utils.metrics.p_of_difference`)?

# %% [markdown] tags=["notes"]
# For the challenge: keeping the best weights is known as the pocket algorithm, averaging as the averaged
# perceptron. With 30 hidden flowers one flower is more than three points, so most differences drown in
# the spread. A group that says so has understood more than one that crowns a winner.

# %% [markdown]
# ## What you can do now
#
# - **Name** the five parts: inputs, weights, bias, net sum, activation; and compute an output with a
#   pencil.
# - **Find** weights for AND, OR, NOT and NAND. The weights turn the boundary, the bias shifts it.
# - **Carry out** the rule: after a mistake add rate · (target − output) · x. That moves z of the
#   mistaken example by rate · (x·x + 1) to its side.
# - **Prove** that XOR has no perceptron, by four inequalities; and build it from OR, NAND and AND.
#
# Logistic regression is the same neuron with another activation: the step says right or wrong, the sigmoid by how much.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("perceptron")

# %% [markdown]
# ## Common mistakes
#
# - Forgetting the bias: then every boundary runs through the origin.
# - Updating when the output is right. The error is 0: nothing changes.
# - Mixing targets 0 and 1 with targets −1 and 1. Books use both; stay with one.
# - Waiting for a perceptron to settle on data that no line separates.
# - Comparing a computed z with exactly 0.
#
# ## Where next
#
# Three perceptrons did what one cannot. But you chose their weights by hand: the rule needs a target for
# every output, and nobody tells a hidden perceptron what it should have said. [{multilayer_perceptron} Multilayer
# perceptron](multilayer_perceptron.ipynb) stacks neurons with a smooth activation and lets the error
# flow back through them.
