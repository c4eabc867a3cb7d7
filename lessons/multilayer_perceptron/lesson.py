# %% [markdown]
# # Multilayer perceptron
#
# **Ten neurons side by side read the handwriting of strangers, and fail at four points. Why?** What fails is the
# straight line. Here you learn to bend it, and to find out, weight by weight, who is to blame for a mistake.
# Every network that names pictures, yours among them, learns by the seven lines that you will write.
#
# {time} · **You need:** [{perceptron} Perceptron](perceptron.ipynb) and the cross-entropy of [{logistic_regression} Logistic
# regression](logistic_regression.ipynb); matrix products in NumPy.
#
# **When you are done, you can**
#
# - **compute** a forward pass by hand, with every bias in its place
# - **explain** what activations are for, and choose one for a layer and a task
# - **derive** the gradient of a network with the chain rule, line by line
# - **build** softmax and a network that learns, in NumPy
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023); Y.
# Chammami, *Exploring the Power of Conv'Nets*, whose worked example you will check; P. Padman, *Training a
# CNN to Classify Images*.

# %% [markdown] tags=["notes"]
# The plot: ten neurons side by side (1), four points that no line cuts (2), the ingredient without which
# stacking gains nothing (2, 3), the machine run forward (4), backward (5), and let loose (6, 7).
#
# Ten minutes short? Leave out section 1 but for the exercise, and let the playground of section 7 stand for
# section 6. Never leave out the shapes in section 5. "Going further" is for homework.

# %% [markdown]
# ## Setup

# %%
from lessons.multilayer_perceptron import check, figures
from lessons.multilayer_perceptron.activations import ActivationExplorer
from lessons.multilayer_perceptron.hidden_units import hidden_units_book
from lessons.multilayer_perceptron.playground import Playground
from utils import board, data, metrics, neurons, plots
from utils.neurons import MLP, SGD, Adam, minibatches, sigmoid, softmax, step
from utils.quiet import keras

from itertools import pairwise

import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

plots.style()

# %% [markdown]
# ## 1. Ten neurons side by side
#
# A neuron of lesson {logistic_regression} tells two classes apart. For ten digits take ten neurons, one per class. Each
# gives its class a score, a **logit**: any number. **Softmax** makes probabilities of them: raise e to each,
# then divide by the sum.

# %% [markdown] tags=["notes"]
# **6 minutes**, most of them for the exercise. Write the logits 2 and 0 on the board and let the room do the
# softmax: 7.39 against 1, so 88 % and 12 %. Then 102 and 100: the same. Ask why. Wrong answer that will come:
# "the larger numbers give a larger certainty". Only differences count; in a computer that saves the day.
#
# Before the accuracies let everybody bet. Whoever says "nearly all" knows the 97 % of books: there the same
# people wrote what was learned and what was asked.

# %%
powers = np.exp([2, 0])
np.testing.assert_allclose(powers / powers.sum(), [0.8808, 0.1192], atol=5e-5)
np.testing.assert_allclose(sigmoid(2 - 0), powers[0] / powers.sum())
(powers / powers.sum()).round(4), float(sigmoid(2 - 0).round(4))

# %% [markdown]
# Logits of 2 and 0 make 88 % and 12 %. The last number is the sigmoid of their difference: with two classes
# softmax *is* the logistic regression that you know. With large logits something breaks:

# %%
with np.errstate(over="ignore", invalid="ignore"):
    too_large = np.exp([1002.0, 1000.0]) / np.exp([1002.0, 1000.0]).sum()
assert np.isnan(too_large).all()
too_large

# %% [markdown]
# e to the 1000 is too large for a computer. But only differences count, so you may take the same number off
# all logits of a row. Take off the largest.
#
# ### Your turn 1: a softmax that holds
#
# Write softmax for a table of logits, one row per example, so that no logit overflows it. For `[[1000,
# 1001]]` the answer is `[[0.2689, 0.7311]]`, as for `[[0, 1]]`. (`z.max(axis=1)` of a table has lost an axis;
# with `keepdims=True` it stays a column that fits beside the table.)


# %% tags=["exercise"]
def stable_softmax(z):
    """Probabilities of each row of logits; same shape as z, (N, classes)."""
    ### BEGIN SOLUTION
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %%
check.softmax(stable_softmax)

# %% [markdown]
# Ten neurons learn as one does: the slope is input times (prediction minus truth). All weights stand in one
# matrix, a **column** per class, and `truth` has a 1 in the column of the true class, 0 elsewhere:
# **one-hot**.

# %%
digits = data.digits()
pixels = digits.images.reshape(-1, 64) / 16


def softmax_regression(X, labels, rate=0.5, steps=200):
    W, b, truth = np.zeros((X.shape[1], 10)), np.zeros(10), np.eye(10)[labels]
    for _ in range(steps):
        error = (softmax(X @ W + b) - truth) / len(X)
        W, b = W - rate * X.T @ error, b - rate * error.sum(axis=0)
    return W, b


# %% [markdown]
# ### Predict: the handwriting of strangers
#
# Learn from seven blocks of writers, read two *other* blocks; five times, with others each time. How many of 100
# digits will it read? **a** about 60, **b** about 75, **c** about 90


# %% tags=["measured"]
def read_by_ten_neurons(seed):
    parts = data.writers_apart(seed)
    W, b = softmax_regression(pixels[parts["train"]], digits.labels[parts["train"]])
    guesses = (pixels[parts["validation"]] @ W + b).argmax(axis=1)
    return (guesses == digits.labels[parts["validation"]]).mean()


read = [read_by_ten_neurons(seed) for seed in range(5)]
assert 0.84 < min(read) < 0.87 and 0.93 < max(read) < 0.96 and 0.88 < np.mean(read) < 0.92
plots.starts({"ten neurons": read}, what="accuracy on new writers", chance=0.1)

# %% [markdown]
# About 90, between 85 and 94: it depends on who writes. So much do straight cuts achieve in a space of 64
# pixels.

# %% [markdown]
# ## 2. Four points that no line cuts
#
# XOR is 1 where its two inputs differ. In lesson {perceptron} you proved that no line cuts off its 1s, and stacked
# three perceptrons to get it all the same. What does such a stack *do* to the points?
#
# ### Predict: two neurons in between
#
# The first, h1, fires if x1 + x2 − 0.5 ≥ 0, the second, h2, if x1 + x2 − 1.5 ≥ 0. Fill in the table with a
# pencil. Which logical functions are h1, h2 and the last column, h1 − h2 − 0.5 ≥ 0?
#
# |x1|x2|h1|h2|h1 − h2 − 0.5 ≥ 0 ?|
# |:-:|:-:|:-:|:-:|:-:|
# |0|0|?|?|?|
# |0|1|?|?|?|
# |1|0|?|?|?|
# |1|1|?|?|?|

# %% [markdown] tags=["notes"]
# **6 minutes**, three of them for the exercise. Draw the four points and ask: "Where would *you* cut?"
# Somebody draws two cuts; ask what each says about a point, and write OR and AND on them. Dwell on the middle
# picture: the hidden layer draws no curve, it *moves the points* so that one line is enough.
#
# Then the left side of (x W1 + b1) W2 + b2 = x (W1 W2) + (b1 W2 + b2); let the room multiply out after they
# have tried alone. Wrong answers that will come: b = b1 + b2 ("the biases are added": the first one passes
# through W2), W2 W1 (in the row layout the input meets W1 first).

# %%
corners, xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
fires = step(corners @ [[1, 1], [1, 1]] + [-0.5, -1.5])
last = step(fires @ [1, -1] - 0.5)
np.testing.assert_array_equal(fires, [[0, 0], [1, 0], [1, 0], [1, 1]])
np.testing.assert_array_equal(last, xor)
np.column_stack([corners, fires, last])

# %%
figures.xor_by_hand(corners, xor, np.ones((2, 2)), np.array([-0.5, -1.5]))

# %% [markdown]
# h1 is OR, h2 is AND, and "OR but not AND" is XOR. In the middle you see what the layer in between does: it
# *moves* the points. Both 1s lie on one place, and a single line cuts them off.

# %% [markdown]
# A layer in between is **hidden**, its neurons are **hidden units**, and the whole is a **multilayer
# perceptron**, MLP for short.
#
# ### Without activations, nothing is gained
#
# Each hidden unit above ended in a step. Is it needed? Here are two layers without any, and beside them a
# *single* layer, for three inputs:


# %%
W1_small, b1_small = np.array([[1, 2], [3, 0]]), np.array([2, -1])
W2_small, b2_small = np.array([[2, 0], [1, 1]]), np.array([5, 0])
inputs = np.array([[1, 1], [0, 0], [-2, 5]])
two_layers = (inputs @ W1_small + b1_small) @ W2_small + b2_small
one_layer = inputs @ [[4, 2], [6, 0]] + [8, -1]
np.testing.assert_array_equal(two_layers, one_layer)
np.testing.assert_array_equal(two_layers[0], [18, 1])
np.hstack([two_layers, one_layer])

# %% [markdown]
# The same numbers. Where do the weights and the bias of the single layer come from? Take a pencil and multiply
# out $(x W_1 + b_1)\,W_2 + b_2$.
#
# ### Your turn 2: collapse two layers
#
# Return a pair, the weights and the bias of the one layer that equals two, for layers of any size. For the
# numbers above the answer is `[[4, 2], [6, 0]]` and `[8, -1]`.


# %% tags=["exercise"]
def collapse(W1, b1, W2, b2):
    """The pair (weights, bias) of the one linear layer that equals both, one after the other."""
    ### BEGIN SOLUTION
    return W1 @ W2, b1 @ W2 + b2
    ### END SOLUTION


# %%
check.collapse(collapse)

# %% [markdown]
# **Two linear layers are one linear layer.** Its boundary is a straight line.
#
# ### Question 1 <!-- explain -->
#
# A friend builds ten layers of 100 units each, without activations: more than 90,000 weights. What can this
# network learn that a single layer cannot?
#
# <details><summary>Answer</summary>
#
# Nothing. The first two layers are one. Collapse that one with the third, and so on: a single layer remains.
#
# - "XOR: it has enough weights": all of them together still make one line.
# - "Curves, if it is deep enough": straight of straight is straight, ten times over.
# - "The biases bend it": they move the line.
#
# </details>
#
# ## 3. Activations and their slopes
#
# An **activation** is the bend between two layers: a function of the net sum z of each unit. The slope of the
# step is 0 on both sides of its jump, and learning follows slopes. These four are used instead:

# %% [markdown] tags=["notes"]
# **3 minutes.** Before the figure, ask: "What is the largest slope that the sigmoid can have?" You will hear
# 1 and one half; it is a quarter. Then: "Ten layers, each multiplies by at most a quarter. What arrives at the
# first?" Let them estimate: a millionth. That is why deep networks waited for the ReLU.

# %%
figures.activation_curves(slope=0.1)

# %% [markdown]
# Above the activation, below its derivative: how much of a small change of z gets through.
#
# |activation|a|derivative|largest derivative|
# |:--|:--|:--|:-:|
# |sigmoid|$1/(1+e^{-z})$|$a\,(1-a)$|0.25|
# |tanh|$(e^z-e^{-z})/(e^z+e^{-z})$|$1-a^2$|1|
# |ReLU|$\max(z, 0)$|1 where z > 0, else 0|1|
# |leaky ReLU|z where z > 0, else 0.01 z|1 where z > 0, else 0.01|1|
#
# Far from zero the sigmoid is flat: it **saturates**. Which one belongs where?
#
# |layer|situation|activation|because|
# |:--|:--|:--|:--|
# |output|a number, such as a height|none|any number may come out|
# |output|one of N classes|softmax|N probabilities that add up to 1|
# |output|two classes; several labels at once|a sigmoid for each|each has its own yes or no|
# |hidden|most networks|ReLU|slope 1 where open, and quick|
# |hidden|ReLU units are off for good|leaky ReLU|a slope on both sides|
# |hidden|a few units, smooth boundaries|tanh|bounded, centered on 0|
# |hidden|deep networks|not the sigmoid|at most a quarter of the slope gets back|

# %% [markdown]
# ## 4. Forward: the lecture's network
#
# Chammami's lecture computes a small network by hand: four inputs, four hidden units with ReLU, two outputs.
# Each **row** of its matrices belongs to a unit, so a layer is $W x + b$. Every bias is 0.1.

# %% [markdown] tags=["notes"]
# **4 minutes.** Do the first hidden unit on the board, and let the room find what the slide forgot. Then
# split the room: one half computes O from the slide's hidden numbers, the other from the right ones. The
# first half sees that the bias is in 9.61 and missing from 6.49.
#
# The transposition deserves its two minutes: W1 is square, so the wrong layout raises *no error*. Ask: "How
# would you ever notice?" (Compare with one unit computed by hand; choose test sizes that all differ.)

# %%
W1_slide = np.array([[1, 1, 0.2, 0.8], [1, 0.5, 0.5, 0.8], [0.8, 1, 0.2, 0.8], [0.5, 0.5, 1, 1]])
W2_slide = np.array([[0.2, 0.1, 0.5, 0.5], [0.1, 0.5, 0.1, 0.2]])
x_slide = np.array([3, 3, 2, 2])

# %% [markdown]
# ### Predict: what the first unit passes on
#
# The slide prints (8, 7.1, 7.4, 7) for the hidden units. Compute the first one with a pencil: the row (1, 1,
# 0.2, 0.8) of the weights, the inputs (3, 3, 2, 2), the bias. Do you agree?

# %%
A1 = np.maximum(W1_slide @ x_slide + 0.1, 0)
np.testing.assert_allclose(A1, [8.1, 7.2, 7.5, 7.1])
np.testing.assert_allclose(W1_slide @ x_slide, [8, 7.1, 7.4, 7])
A1

# %%
figures.one_unit(x_slide, W1_slide[0], bias=0.1, printed=8)

# %% [markdown]
# The slide has left the bias out, in all four units. (The ReLU changes nothing: all are positive.)

# %% [markdown]
# Keras, like this course, puts examples into **rows**: X has shape (N, inputs), a weight matrix (inputs,
# units), and a layer is $X W + b$. A unit is now a **column**: transpose. Here are the outputs, which have no
# activation, and beside them hidden units for which the transpose was forgotten:

# %%
logits = A1 @ W2_slide.T + 0.1
np.testing.assert_allclose(logits, [9.74, 6.68])
np.testing.assert_allclose(W2_slide @ [8, 7.1, 7.4, 7] + [0.1, 0], [9.61, 6.49])
not_transposed = np.maximum(x_slide @ W1_slide + 0.1, 0)
np.testing.assert_allclose(not_transposed, [8.7, 7.6, 4.6, 8.5])
logits, not_transposed

# %% [markdown]
# The logits are (9.74, 6.68). The slide has (9.61, 6.49): it forgot the last bias once more. **Not one of its
# six numbers is right, and nothing complained.** Nor did anything on the right, as W1 is square. Test a layer
# with sizes that all differ.
#
# ### Your turn 3: the forward pass
#
# For any sizes, in the layout of Keras: X is (N, inputs), W1 is (inputs, hidden), W2 is (hidden, outputs).
# The hidden layer has a ReLU, the output no activation. Return the logits, shape (N, outputs). For the
# lecture's network they are `[[9.74, 6.68]]`.


# %% tags=["exercise"]
def forward(X, W1, b1, W2, b2):
    """Logits, shape (N, outputs), of a network with one hidden layer of ReLU units."""
    ### BEGIN SOLUTION
    hidden = np.maximum(X @ W1 + b1, 0)
    return hidden @ W2 + b2
    ### END SOLUTION


# %%
check.forward(forward)

# %% [markdown]
# ## 5. Backward: who is to blame?
#
# To walk downhill a network needs the slope of the loss along *every* weight. The tool is the **chain rule**:
# if a grows 3 times as fast as z, and L grows 2 times as fast as a, then L grows 6 times as fast as z. We go
# in three steps: one neuron, one unit that feeds two others, a whole layer.
#
# ### One neuron
#
# x = 2, w = 0.5, b = −1, true class 1. Forward: z = 2 · 0.5 − 1 = 0, a = sigmoid(0) = 0.5, and the loss is L =
# −ln 0.5 = 0.693. Backward, from the loss to the weight, one factor at a time:

# %% [markdown] tags=["notes"]
# **8 minutes**, the heart of the lesson; take more from elsewhere if need be. The chain on the board, one
# arrow at a time, the slopes written *under* the arrows from right to left. Ask at each: "If this grows by a
# little, what does the next one do?" Wrong answers that will come: the slopes are added (they multiply along a
# chain), dL/dw = dL/dz (w is multiplied by x, so x is the factor).
#
# At the two paths let them feel the signs first: "The unit grows. Is that good for the second class?" Its
# weight to the wrong class is the larger one, 0.2 against 0.1, so no: the loss must rise. Wrong answer that
# will come: 0.1910 · (−0.0955), because slopes "multiply". Along a path; not across paths.
#
# In the exercise, cover the table and let them find dw2 from the shapes: (3, 2) out of (4, 3) and (4, 2).
# Only one product fits. Do that for each line. The check says of each line how far it is off.

# %%
neuron = {"x": 2.0, "w": 0.5, "b": -1.0, "z": 0.0, "a": 0.5, "L": -np.log(0.5)}
dl_da = -1 / neuron["a"]  # slope of −ln a
dl_dz = dl_da * neuron["a"] * (1 - neuron["a"])  # times the slope of the sigmoid
slopes = {"w": dl_dz * neuron["x"], "b": dl_dz, "z": dl_dz, "a": dl_da}
assert slopes == {"w": -1, "b": -0.5, "z": -0.5, "a": -2}
assert dl_dz == neuron["a"] - 1
figures.chain_rule(neuron, slopes)

# %% [markdown]
# From right to left: dL/da is −2. Times the slope of the sigmoid, 0.25, that is dL/dz = −0.5. z grows x = 2
# times as fast as w, so dL/dw = −1; it grows as fast as b, so dL/db = −0.5. And dL/dz is **a − y**: prediction
# minus truth, as in lesson {logistic_regression}.
#
# ### Predict: does the loss rise or fall?
#
# dL/dw is −1. You raise w from 0.5 to 0.501. The loss **a** rises by 0.001, **b** falls by 0.001, **c** falls
# by 1

# %%
raised = -np.log(sigmoid(2 * 0.501 - 1))
np.testing.assert_allclose(raised - neuron["L"], -0.001, rtol=1e-3)
float(raised - neuron["L"])

# %% [markdown]
# It falls by 0.001: the slope −1 times the step 0.001.

# %% [markdown]
# So any gradient can be checked without calculus: move one number a little and see what the loss does. That is
# a **finite difference**.
#
# ### Two paths
#
# A hidden unit feeds *every* output. Take the lecture's network, and suppose that the second class is the true
# one. Along the two logits the slopes are **prediction minus truth** again. The first unit has the weights 0.2
# and 0.1 to them:

# %%
truth_slide = np.array([0, 1])
dz = softmax(logits) - truth_slide
paths = W2_slide[:, 0] * dz
np.testing.assert_allclose(dz, [0.9552, -0.9552], atol=5e-5)
np.testing.assert_allclose([*paths, paths.sum()], [0.1910, -0.0955, 0.0955], atol=5e-5)
figures.two_paths(A1[0], W2_slide[:, 0], logits, dz)

# %% [markdown]
# Along the upper path the slope is 0.2 · 0.9552 = 0.1910, along the lower one 0.1 · (−0.9552) = −0.0955. Both
# happen at once: together 0.0955. **Along a path slopes multiply; where paths join they are added.** A finite
# difference must say the same:

# %% tags=["measured"]
nudged = (A1 + 0.001 * np.eye(4)[0]) @ W2_slide.T + 0.1
change = neurons.cross_entropy([1], [nudged]) - neurons.cross_entropy([1], [logits])
np.testing.assert_allclose(change / 0.001, paths.sum(), rtol=1e-3)
np.testing.assert_allclose((dz @ W2_slide)[0], paths.sum())
round(change / 0.001, 4), float(paths.sum().round(4)), (dz @ W2_slide).round(4)

# %% [markdown]
# It does. The last array has the sums for all four units at once. In the layout of rows a layer multiplies by
# its weights on the way out, and by their **transpose** on the way back. And a weight? It is multiplied by
# what comes in, as w was by x.
#
# ### A hidden layer, all at once
#
# XOR again: four examples, two inputs, three hidden units with tanh, two outputs. `truth` is one-hot. Forward:

# %%
rng = np.random.default_rng(5)
W1, b1 = rng.normal(size=(2, 3)), rng.normal(size=3)
W2, b2 = rng.normal(size=(3, 2)), rng.normal(size=2)
truth = np.eye(2)[xor]
H = np.tanh(corners @ W1 + b1)
P = softmax(H @ W2 + b2)
assert (H.shape, P.shape, truth.shape) == ((4, 3), (4, 2), (4, 2))
H.shape, P.shape, truth.shape

# %% [markdown]
# Backward takes the same stations in reverse. Slopes have **the shape of what they belong to**. If you are
# stuck, look for the product whose shape fits.
#
# |line|slope of the loss along|shape here|in words|
# |:--|:--|:-:|:--|
# |`dz2`|the logits|(4, 2)|prediction minus truth; the loss is a mean over the N examples|
# |`dw2`|W2|(3, 2)|what came in, times the slope where it arrived; added over the examples|
# |`db2`|b2|(2,)|as if a 1 had come in|
# |`dh`|H|(4, 3)|back through the weights; paths are added|
# |`dz1`|the net sums before tanh|(4, 3)|times the slope of tanh, see section 3: H is its a|
# |`dw1`|W1|(2, 3)|as `dw2`, one layer earlier|
# |`db1`|b1|(3,)|as `db2`|
#
# ### Your turn 4: seven lines of backpropagation
#
# Write them, one line each, for any sizes, and return all seven in this order. Run the check after each line,
# with `...` in place of those to come: it says of each whether it is exact, close or wrong.


# %% tags=["exercise", "points-3"]
def backward(X, truth, W2, H, P):
    """The slopes (dz2, dw2, db2, dh, dz1, dw1, db1) of the mean cross-entropy of a batch."""
    ### BEGIN SOLUTION
    dz2 = (P - truth) / len(X)
    dw2 = H.T @ dz2
    db2 = dz2.sum(axis=0)
    dh = dz2 @ W2.T
    dz1 = dh * (1 - H**2)
    dw1 = X.T @ dz1
    db1 = dz1.sum(axis=0)
    return dz2, dw2, db2, dh, dz1, dw1, db1
    ### END SOLUTION


# %%
check.backward(backward)

# %% [markdown]
# Seven lines: this is **backpropagation**. One more layer repeats the last four. The course's `MLP` has them in
# a loop over its layers. Is it right? Move each of its 17 parameters up and down by a hundred-thousandth:


# %% tags=["measured"]
def finite_differences(network, X, labels, h=1e-5):
    slopes = []
    for number, parameter in enumerate(network.parameters):
        for place in np.ndindex(parameter.shape):
            up, down = ([p.copy() for p in network.parameters] for _ in range(2))
            up[number][place] += h
            down[number][place] -= h
            losses = [network.with_parameters(p).loss(X, labels) for p in (up, down)]
            slopes.append((losses[0] - losses[1]) / (2 * h))
    return np.array(slopes)


net_xor = MLP([W1, W2], [b1, b2], activation="tanh")
by_chain_rule = np.concatenate([np.ravel(g) for g in net_xor.gradients(corners, xor)])
by_nudging = finite_differences(net_xor, corners, xor)
assert by_nudging.shape == (17,)
np.testing.assert_allclose(by_chain_rule, by_nudging, atol=1e-8)
print("largest difference:", np.abs(by_chain_rule - by_nudging).max())

# %% [markdown]
# All 17 agree to eight decimals or more. The chain rule needs one pass back for all of them, nudging two
# passes forward for each.

# %% [markdown]
# ## 6. Let it learn: XOR and two moons
#
# A step of gradient descent moves every parameter against its slope; `SGD` does that. Training is this loop:

# %% [markdown] tags=["notes"]
# **4 minutes.** Take bets on the 20 starts before the cell runs: nearly everybody says 20, some say 0. What a
# network *can* represent and what a descent *finds* are two questions. A unit more than needed is a cheap
# insurance. "Train longer" does not help: after 4000 steps it is still the same 9 of 20.
#
# In the flipbook let them follow one line only. Ask: "When does the boundary stop being straight, and which
# line has turned away?" Then the last four pages: "Which triangles does this unit get wrong, and who helps?"


# %%
def train(network, X, labels, optimizer, steps):
    for _ in range(steps):
        moved = optimizer.update(network.parameters, network.gradients(X, labels))
        network = network.with_parameters(moved)
    return network


# %% [markdown]
# ### Predict: are two hidden units enough?
#
# In section 2 two hidden units solved XOR, with weights by hand. Now start from random weights, 20 different
# starts, and 500 steps each. How many find a solution? **a** all 20, **b** about half, **c** none. And with
# three units?


# %% tags=["measured"]
def solved(units, seed):
    start = MLP.random([2, units, 2], "tanh", seed)
    return (train(start, corners, xor, SGD(0.5), steps=500).predict(corners) == xor).all()


found = {units: sum(bool(solved(units, seed)) for seed in range(20)) for units in (2, 3)}
assert 6 <= found[2] <= 12
assert found[3] >= 18
found

# %% [markdown]
# Two units are enough to *represent* XOR, but in about half of the starts gradient descent gets stuck. With
# three it finds a way, nearly always.

# %% [markdown]
# ### Question 2 <!-- derive -->
#
# Why random weights at all? Set every parameter of the XOR network to 0. What are the seven slopes of section
# 5 then, and where does gradient descent lead?
#
# <details><summary>Answer</summary>
#
# Nowhere. H = tanh(0) = 0, so `dw2 = H.T @ dz2` is 0. W2 = 0, so `dh`, and with it `dz1`, `dw1`, `db1`, are 0.
# P is one half everywhere, and as XOR has as many 0s as 1s, even `db2` adds up to 0.
#
# - "It learns slowly": a slope of exactly 0 moves nothing, however long you wait.
# - "Then start all at 1": units that start as twins stay twins. Random starts make them differ.
#
# </details>
#
# How large the random weights should be is derived in Going further.
#
# ### Two moons
#
# `make_moons` **simulates** two half circles, one in the other, with noise. Train on 200 points, hold 1000 out;
# five data sets, five starts; without a hidden layer and with four hidden units:


# %% tags=["measured"]
def moons(noise, points, seed):
    X, labels = make_moons(points + 1000, noise=noise, random_state=seed)
    return X[:points], labels[:points], X[points:], labels[points:]


def accuracy(network, X, labels):
    return (network.predict(X) == labels).mean()


def on_new_moons(hidden, seed):
    X, labels, X_new, labels_new = moons(0.15, 200, seed)
    trained = train(MLP.random([2, *hidden, 2], "tanh", seed), X, labels, SGD(1.0), steps=1000)
    return accuracy(trained, X_new, labels_new)


straight, bent = ([on_new_moons(hidden, seed) for seed in range(5)] for hidden in ([], [4]))
assert 0.85 < min(straight) < max(straight) < 0.90 and 0.97 < min(bent) < max(bent) < 1
plots.starts({"no hidden layer": straight, "four hidden units": bent}, "accuracy on new points")

# %% [markdown]
# A straight boundary is right for 86 to 89 % of new points, four hidden units for 98 to 99 %. What do the
# four do? Each has a dashed line, where its net sum is 0; its arrow points to the side where it votes for the
# triangles. Their **sum** decides. Here after 1000 steps:


# %% tags=["measured"]
def keep(pages, X, labels):
    """The network after each of these numbers of steps."""
    kept = {0: MLP.random([2, 4, 2], "tanh", seed=1)}
    for before, now in pairwise(pages):
        kept[now] = train(kept[before], X, labels, SGD(1.0), steps=now - before)
    return kept


points, sides, *_ = moons(0.15, 200, seed=0)
snapshots = keep([0, 10, 30, 100, 200, 300, 340, 400, 600, 1000], points, sides)
### BEGIN HIDDEN TESTS
right = {steps: accuracy(net, points, sides) for steps, net in snapshots.items()}
assert right[0] < 0.5 < 0.85 < right[100] < 0.95 < right[1000]
across, up = snapshots[100].weights[0][:, [0, 2, 3]]  # units 1, 3 and 4
assert 0.1 < (-across / up).min() < (-across / up).max() < 0.3  # the slopes of their lines
hidden, output = snapshots[1000].forward(points)[0].a, snapshots[1000].weights[1]
votes = hidden * (output[:, 1] - output[:, 0])
assert ((sides == (votes > 0).T).mean(axis=1) < 0.95).all()  # no unit is right by itself
### END HIDDEN TESTS
figures.four_lines(snapshots[1000], "step 1000", points, sides)

# %% [markdown]
# Turn the pages. At step 100 the lines 1, 3 and 4 are nearly parallel, and the boundary is nearly straight.
# Then they turn apart, and it bends. The last four pages show one unit alone: a point is hollow where this
# unit votes against its class. None of them is right by itself.

# %% tags=["measured"]
hidden_units_book(snapshots, points, sides)

# %% [markdown]
# ## 7. A playground
#
# Now the whole machine, in your browser. Small pictures show what a unit makes of the plane; purple is positive,
# orange (and dashed) negative. Press Play. Then:
#
# - Choose a unit. What does it compute, and where is it on?
# - Choose a line, then "one point": your seven lines at this weight, in numbers. The terms lead on along the
#   path.
# - Take XOR with 0 layers. How far does it get? And with 2 layers and the activation "none"?
# - Take spirals with noise 0.1, 250 points and rate 1, and be patient for about 1000 steps. Then try rate 10.

# %% [markdown] tags=["notes"]
# **5 minutes**, and the end that they will remember. Let the room call out settings. Ask at a chosen weight:
# which of the three factors is small, and why?

# %%
Playground()

# %% [markdown]
# Without a bend XOR stays near guessing. Two layers of eight follow the spirals. With a large rate the loss
# jumps; lesson {training_a_network} says why.
#
# ## Going further
#
# Nothing later needs what follows. It is here for whoever wants to know.
#
# ### Your turn 5: ReLU and its slope
#
# Return a pair: the ReLU of every number in the array `z`, and its slope there. In the corner, at z = 0, count
# a slope of 0, as Keras does. For `z = [-2, 0, 3]` the answer is `[0, 0, 3]` and `[0, 0, 1]`. The array may
# have any shape, and must stay as it is.

# %% [markdown] tags=["notes"]
# In exercise 5: whoever gets the hint about the corner asks which value is *right*. None: there is no slope at
# a corner. One has to be agreed on.
#
# With the explorer: "Find the place where tanh keeps half of its steepest slope" (z about 0.9). "Find a place
# where the ReLU is saturated" (there is none to the right; to the left it is off altogether).
#
# Before the digits take bets: "How much does the hidden layer bring?" Everybody expects a lot. Then ask what
# may be *claimed* from five splits.


# %% tags=["exercise"]
def relu_and_slope(z):
    """The pair (ReLU, its derivative) for every number in an array of any shape."""
    ### BEGIN SOLUTION
    return np.maximum(z, 0), np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


# %%
check.relu_and_slope(relu_and_slope)

# %% [markdown]
# Choose an activation and slide z. Where does it stop learning, and what is left of a slope behind ten layers?

# %%
ActivationExplorer()

# %% [markdown]
# ### Predict: ten layers deep
#
# Ten layers of 16 units each, random weights, XOR. How large are the slopes of the *first* weights, compared
# with those of the *last*? Sigmoid, tanh, ReLU: put them in order. (A sigmoid passes on a quarter at best.)


# %%
def first_to_last(activation, seed):
    gradients = MLP.random([2, *[16] * 10, 2], activation, seed).gradients(corners, xor)
    return np.abs(gradients[0]).mean() / np.abs(gradients[-2]).mean()


ratio = {a: [first_to_last(a, seed) for seed in range(10)] for a in ("sigmoid", "tanh", "relu")}
assert max(ratio["sigmoid"]) < 1e-6
assert 0.1 < min(ratio["tanh"] + ratio["relu"]) < max(ratio["tanh"] + ratio["relu"]) < 10
{name: f"{np.median(values):.1g}" for name, values in ratio.items()}

# %% [markdown]
# In each of ten random starts, the first of ten sigmoid layers gets less than a millionth of the slope of the
# last one: it hardly learns. This is the **vanishing gradient**. With tanh and ReLU the first layer gets its
# share: in these starts, between a tenth of the last one's and ten times as much.

# %% [markdown]
# ### How large should the first weights be?
#
# A net sum adds up n terms, weight times input, and variances of independent terms add up: the variance of z is n times
# the variance of the weights times the mean of x². So z stays as large as x if the weights have the variance **1/n**.
# A ReLU sets half of the net sums to 0, and with them half of the squares: it wants **2/n** (He). On the way back
# the same sum runs over the m units of the layer, and asks for 1/m; `MLP.random`, like Keras, takes the middle,
# **2/(n + m)** (Glorot). How much does it matter? Thirty layers of 300 ReLU units, with half of the right variance,
# the right one, and twice as much. How large is what comes out, if what goes in has size 1?


# %% tags=["measured"]
def size_after(variance, layers=30, units=300):
    rng = np.random.default_rng(1)
    a = rng.normal(size=(200, units))
    for _ in range(layers):
        a = np.maximum(a @ rng.normal(0, np.sqrt(variance), (units, units)), 0)
    return np.sqrt(np.mean(a**2))


sizes_after = {f"{times}/n": size_after(times / 300) for times in (1, 2, 4)}
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(sizes_after["1/n"], sizes_after["2/n"] / 2**15)
np.testing.assert_allclose(sizes_after["4/n"], sizes_after["2/n"] * 2**15)
### END HIDDEN TESTS
assert 0.3 < sizes_after["2/n"] < 3
{name: f"{size:.1g}" for name, size in sizes_after.items()}

# %% [markdown]
# With 2/n the size stays near 1. Half of it loses a factor √2 in every layer, twice as much gains one: over thirty
# layers that is 2¹⁵ = 32,768, down or up. The slopes on the way back shrink and grow in the same way.

# %% [markdown]
# ### Question 3 <!-- derive -->
#
# A ReLU unit is off for every example of the training set. Which of its weights does gradient descent change:
# those that come in, those that go out, both, or none?
#
# <details><summary>Answer</summary>
#
# None: it has **died**. Coming in: its slope is 0, so `dz1` has a column of zeros, and so have `dw1` and
# `db1`. Going out: its activation is 0 for every example, so `dw2 = H.T @ dz2` has a row of zeros.
#
# - "Those that go out still learn": they are multiplied by an activation of 0; the loss does not feel them.
# - "Both, if the loss is large": a large loss times 0 is 0.
# - "It recovers by itself": with fixed inputs it cannot. Behind another layer it may, as its inputs change.
#
# </details>
#
# ### Question 4 <!-- compute -->
#
# The slide forgot the bias in one of its two outputs. Suppose it had forgotten it in **both**, everything
# else being right. Would the probabilities be wrong?
#
# <details><summary>Answer</summary>
#
# No. Both biases are 0.1, so both logits would be too small by 0.1, their difference would be the same, and
# softmax sees nothing but differences.
#
# - "Yes, both logits are wrong": the logits are, the probabilities are not.
# - "Yes, a little: 0.1 is small": not even a little. The factor $e^{-0.1}$ cancels.
# - "So output biases are useless": here they are equal. Biases that differ shift the boundary.
#
# </details>
#
# ### How wide, how deep?
#
# A bigger network may do better, and may over-fit, warns Bekkouch's lecture. Measure it with few points and
# much noise: 60 of them, moons that overlap, ten data sets. (`Adam` is a quicker walker than `SGD`; lesson
# {training_a_network} opens it.)


# %% tags=["measured"]
def both_accuracies(hidden):
    """The accuracies of ten runs, on 60 training points and on 1000 new ones."""
    scores = []
    for seed in range(10):
        X, labels, X_new, labels_new = moons(0.3, 60, seed)
        net = train(MLP.random([2, *hidden, 2], "tanh", seed), X, labels, Adam(0.03), steps=600)
        scores.append([accuracy(net, X, labels), accuracy(net, X_new, labels_new)])
    return dict(zip(("training points", "held out"), np.transpose(scores), strict=True))


sizes = {"1": [1], "4": [4], "32": [32], "8-8-8": [8, 8, 8]}
by_size = {name: both_accuracies(hidden) for name, hidden in sizes.items()}
### BEGIN HIDDEN TESTS
seen = {name: pair["training points"] for name, pair in by_size.items()}
new = {name: pair["held out"] for name, pair in by_size.items()}
assert 0.83 < seen["1"].mean() < 0.87 and min(seen[n].mean() for n in ("32", "8-8-8")) > 0.98
assert ((seen["32"] - new["32"]) > (seen["4"] - new["4"])).all()
### END HIDDEN TESTS
plots.starts({f"{name} hidden": accuracies for name, accuracies in by_size.items()})

# %% [markdown]
# On the points they learned from, larger networks are better, up to nearly 100 %. On new points four units
# have the best mean. Is that more than luck? One rule for all pairs: how often would chance alone put two means
# so far apart?

# %% tags=["measured"]
pairs = [("4", "1"), ("4", "32"), ("4", "8-8-8"), ("32", "8-8-8")]
held_out = {name: accuracies["held out"] for name, accuracies in by_size.items()}
chance = {pair: metrics.p_of_difference(*(held_out[name] for name in pair)) for pair in pairs}
assert [p < 0.05 for p in chance.values()] == [True, True, True, False]
assert (held_out["4"] > held_out["1"]).all() and chance["32", "8-8-8"] > 0.1
chance

# %% [markdown]
# Four units beat one, 32, and three layers of eight: chance does that in less than one case of a hundred.
# Between 32 and three layers of eight it does so in about one of five: **from these ten runs nobody can tell.**
# The gap between training points and new ones is **over-fitting**. Here is one of the ten data sets:

# %% tags=["measured"]
dots, dot_labels, *_ = moons(0.3, 60, seed=0)
fitted = {
    f"hidden units: {units}": train(
        MLP.random([2, units, 2], "tanh", 0), dots, dot_labels, Adam(0.03), steps=600
    )
    for units in (1, 4, 32)
}
figures.boundaries_learned(fitted, dots, dot_labels)

# %% [markdown]
# ### Does a hidden layer help to read digits?
#
# The network 64-32-10 with ReLU against 64-10, which is section 1. A step uses 64 digits at a time
# (lesson {training_a_network} says why that works). Each network gets its own best rate, chosen on the validation writers:


# %%
def train_reader(shape, X, labels, rate, seed):
    network, order = MLP.random(shape, "relu", seed), np.random.default_rng(seed)
    for _ in range(15):
        for batch in minibatches(len(X), 64, order):
            network = train(network, X[batch], labels[batch], SGD(rate), steps=1)
    return network


def reader_accuracy(shape, rate, seed, part):
    parts = data.writers_apart(seed)
    learned, asked = parts["train"], parts[part]
    with np.errstate(all="ignore"):  # a rate of 3 overflows
        reader = train_reader(shape, pixels[learned], digits.labels[learned], rate, seed)
        return accuracy(reader, pixels[asked], digits.labels[asked])


# %% [markdown]
# Five rates, five splits, two networks:

# %% tags=["measured"]
shapes = {"no hidden layer": [64, 10], "32 hidden units": [64, 32, 10]}
rates = (0.03, 0.1, 0.3, 1, 3)


def validated_at(shape, rate):
    scores = [reader_accuracy(shape, rate, seed, "validation") for seed in range(5)]
    return float(np.mean(scores))


validated = {
    name: {rate: validated_at(shape, rate) for rate in rates} for name, shape in shapes.items()
}
best = {name: max(means, key=means.get) for name, means in validated.items()}
assert all(rates[0] < rate < rates[-1] for rate in best.values())
assert validated["32 hidden units"][3] < 0.2
validated

# %% [markdown]
# With both the best rate lies inside of what was offered. With 3 the hidden layer falls back to guessing:
# nearly all of its ReLUs have died. Now, and only now, open the test writers:

# %% tags=["measured"]
tested = {
    name: np.array([reader_accuracy(shape, best[name], seed, "test") for seed in range(5)])
    for name, shape in shapes.items()
}
p_digits = metrics.p_of_difference(*tested.values())
assert p_digits > 0.3
assert all(0.86 < np.mean(scores) < 0.91 for scores in tested.values())
p_digits, tested

# %% [markdown]
# New handwriting is read at about 88 %, with a hidden layer or without. Chance alone puts the means so far
# apart most of the time: nobody can tell which is better. For these small pictures straight cuts are almost
# enough, and 900 digits of seven blocks of writers are few. What does help is a network that knows that pixels
# have neighbors: lesson {convolution}.
#
# ### The same network in Keras
#
# Three lines. Give it the parameters of our reader, and of the XOR network of section 5. Will outputs and
# gradients be the same? (`GradientTape` records a forward pass and runs it backward by itself.)

# %% tags=["measured"]
model = keras.Sequential(
    [keras.Input((64,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(10, "softmax")]
)
apart = data.writers_apart(0)
ours = train_reader([64, 32, 10], pixels[apart["train"]], digits.labels[apart["train"]], 0.3, 0)
model.set_weights(ours.parameters)
stated, by_model = ours.probabilities(pixels), np.asarray(model(pixels))
np.testing.assert_allclose(by_model, stated, atol=1e-5)
assert model.count_params() == 64 * 32 + 32 + 32 * 10 + 10 == 2410
print(model.count_params(), "parameters, largest difference", np.abs(by_model - stated).max())

# %%
twin = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "tanh"), keras.layers.Dense(2)])
twin.set_weights(net_xor.parameters)
with tf.GradientTape() as tape:
    lost = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(xor, twin(corners))
by_keras = tape.gradient(lost, twin.trainable_variables)
by_hand = net_xor.gradients(corners, xor)
differences = [float(np.abs(a - b).max()) for a, b in zip(by_hand, by_keras, strict=True)]
assert max(differences) < 1e-6
differences

# %% [markdown]
# The same 2410 numbers, the same probabilities; and four gradients that agree to six decimals, which is what
# Keras' 32-bit numbers hold. A Keras model holds nothing that you have not built yourself.
#
# Here are two digits of new writers of which it is sure, and its two least sure:

# %% tags=["measured"]
unseen, written = digits.images[apart["validation"]], digits.labels[apart["validation"]]
by_reader = ours.probabilities(pixels[apart["validation"]])
shown = by_reader.max(axis=1).argsort()[[-1, -2, 1, 0]]
assert by_reader[shown[:2]].max(axis=1).min() > 0.9
assert by_reader[shown[2:]].max() < 0.6
figures.digits_and_probabilities(unseen[shown], written[shown], by_reader[shown])

# %% [markdown]
# Ten probabilities that add up to 1. A sure answer is one tall bar; doubt is shared among digits that look
# alike.
#
# ### Challenge
#
# Make a harder shape: two spirals that wind around each other, `r = t`, `angle = t` and `angle = t + π`, for t
# from 1 to 10, plus some noise. Find a network that separates them, with as few parameters as you can. (Find
# one in the playground first.) Report the held-out accuracies of five seeds, show what the hidden units do, and
# say what failed. There is no single answer.

# %% [markdown] tags=["notes"]
# If you are early: the playground's spirals with as few units as possible; who needs fewer than two layers of
# six? If you want a week: the challenge, in pairs. Hints for those who are stuck: scale the inputs to about
# ±1; two hidden layers of 16 tanh units and `Adam(0.01)` for a few thousand steps get there; feeding the radius
# as a third input is a fair trick and leads to a discussion of features against depth.

# %% [markdown]
# ## What you can do now
#
# - **Compute** a forward pass with every bias in its place, as the slide did not.
# - **Explain** why layers without activations collapse, and choose ReLU, softmax, sigmoid or none.
# - **Derive** the gradient: prediction minus truth, back through the weights, times the slope of the activation.
# - **Build** softmax and a network in NumPy, and train it.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("multilayer_perceptron")

# %% [markdown]
# ## Common mistakes
#
# - A bias left out: no error, plausible numbers.
# - Rows and columns of weights exchanged: with square matrices nothing complains.
# - Softmax without subtracting the largest logit, or over the wrong axis.
# - ReLU on the output: logits may be negative.
# - All weights started at the same value.
# - Trusting a gradient that no finite difference has checked.
#
# ## Where next
#
# You have a gradient. How large a step, on how many examples, for how long, and how do you tell that it works?
# [{training_a_network} Training a network](training_a_network.ipynb) takes over from here.
