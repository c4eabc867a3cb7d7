# %% [markdown]
# # Multilayer perceptron
#
# **Four points defeat a neuron. How many more neurons does it take to beat them, and who tells these
# neurons what to do?** The answer to the first question is two. The answer to the second is one rule of
# calculus, applied backward. With both you will bend a straight boundary around two moons, read handwritten
# digits, and catch a lecture slide that forgot a number twice.
#
# **45 minutes** · **You need:** [{perceptron} Perceptron](perceptron.ipynb) and the cross-entropy of [{logistic_regression} Logistic
# regression](logistic_regression.ipynb); matrix products in NumPy.
#
# **When you are done, you can**
#
# - **compute** a forward pass by hand, with every bias in its place
# - **explain** why a network needs activations, and choose one for a layer and a task
# - **derive** the gradient of a network with the chain rule, and check it in two ways
# - **build** a multilayer perceptron in NumPy, and the same one in Keras
# - **judge** from held-out accuracy whether more units or layers help
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023); Y.
# Chammami, *Exploring the Power of Conv'Nets*, whose worked example you will check; P. Padman, *Training a
# CNN to Classify Images*.

# %% [markdown] tags=["notes"]
# The lesson has one plot: a neuron fails, two succeed by hand (1), the ingredient without which nothing is
# gained (2, 3), the machine run forward (4, 5), backward (6), and let loose (7 to 9).
#
# Ten minutes short? Leave out section 8, exercise 4 and "ten layers deep" in section 6; nothing after them
# needs them. Never leave out the shapes in section 6.

# %% [markdown]
# ## Setup

# %%
from lessons.multilayer_perceptron import check, figures
from lessons.multilayer_perceptron.activations import ActivationExplorer
from lessons.multilayer_perceptron.hidden_units import hidden_units_book
from lessons.multilayer_perceptron.playground import Playground
from utils import board, data, neurons, plots
from utils.neurons import ACTIVATIONS, MLP, SGD, Adam, minibatches, sigmoid, softmax, step
from utils.quiet import keras

from itertools import pairwise

import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

plots.style()

# %% [markdown]
# ## 1. Four points that one neuron cannot do
#
# XOR, "one or the other but not both", is 1 where the two inputs differ. Lesson {perceptron} proved that no single
# neuron computes it. Give one 50 epochs of that lesson's rule all the same, and count the epochs with a mistake.

# %% [markdown] tags=["notes"]
# **4 minutes.** Draw the four points on the board. Ask: "Where would *you* cut?" Somebody draws two cuts.
# That is the answer; ask what each cut says about a point, and write OR and AND on them. Wrong answer that
# will come: "train longer" (the cell shows 50 epochs, each with a mistake; no line exists at all).
#
# Dwell on the middle picture: the hidden layer did not draw a curve. It *moved the points* so that one line
# is enough.

# %%
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
xor = np.array([0, 1, 1, 0])


def epochs_with_a_mistake(epochs):
    weights, bias, count = np.zeros(2), 0, 0
    for _ in range(epochs):
        mistakes = 0
        for x, target in zip(corners, xor, strict=True):
            error = target - step(x @ weights + bias)
            weights, bias = weights + error * x, bias + error
            mistakes += error != 0
        count += mistakes > 0
    return int(count)


assert epochs_with_a_mistake(50) == 50
epochs_with_a_mistake(50)

# %% [markdown]
# All 50. No line has both 1s on one side and both 0s on the other. But two lines do it, one below the 1s
# and one above them: in lesson {perceptron} you stacked three perceptrons to that end. Now look at what such a stack
# *does* to the points.
#
# ### Predict: two neurons in between
#
# Two perceptrons look at the same inputs. The first, h1, fires if x1 + x2 − 0.5 ≥ 0. The second, h2, fires
# if x1 + x2 − 1.5 ≥ 0. (Perhaps you used another pair in lesson {perceptron}; more than one works.) Which logical
# functions are they? Fill in the table with a pencil.
#
# | x1 | x2 | h1 | h2 | h1 − h2 − 0.5 ≥ 0 ? |
# |:-:|:-:|:-:|:-:|:-:|
# | 0 | 0 | ? | ? | ? |
# | 0 | 1 | ? | ? | ? |
# | 1 | 0 | ? | ? | ? |
# | 1 | 1 | ? | ? | ? |

# %%
hidden = step(corners @ [[1, 1], [1, 1]] + [-0.5, -1.5])
output = step(hidden @ [1, -1] - 0.5)
np.testing.assert_array_equal(hidden, [[0, 0], [1, 0], [1, 0], [1, 1]])
np.testing.assert_array_equal(output, xor)
np.column_stack([corners, hidden, output])

# %%
figures.xor_by_hand(corners, xor, np.ones((2, 2)), np.array([-0.5, -1.5]))

# %% [markdown]
# h1 is OR, h2 is AND, and "OR but not AND" is XOR. The last column is right four times.
#
# Look at the middle of the figure. The hidden layer has *moved* the points: both 1s now lie on one place,
# and a single line cuts them off. That is what hidden layers are for.

# %% [markdown]
# A layer of two perceptrons feeds a third. The layer in between is **hidden**, its neurons are **hidden
# units**, and the whole is a **multilayer perceptron**, or MLP.
#
# ## 2. Without activations, nothing is gained
#
# Each hidden unit above ended in a step. Is it needed? Take two layers without any activation. A pencil is
# enough for these:

# %% [markdown] tags=["notes"]
# **5 minutes**, three of them for the exercise. Write the left side on the board and let the room multiply
# out, after they have tried it alone: (x W1 + b1) W2 + b2 = x (W1 W2) + (b1 W2 + b2). Wrong answers that
# will come: b = b1 + b2 ("the biases are added": the first one passes through W2), W2 W1 (in the row layout
# the input meets W1 first).

# %%
W1_small, b1_small = np.array([[1, 2], [3, 0]]), np.array([2, -1])
W2_small, b2_small = np.array([[2, 0], [1, 1]]), np.array([5, 0])


def two_layers(x):
    return (x @ W1_small + b1_small) @ W2_small + b2_small


np.testing.assert_array_equal(two_layers(np.array([1, 1])), [18, 1])
two_layers(np.array([1, 1]))

# %% [markdown]
# The first layer makes (6, 1) of the input (1, 1). Of that the second makes 2·6 + 1·1 + 5 = 18 and 0·6 +
# 1·1 + 0 = 1. Here is a *single* layer. Hold it against the two, for that input and for two others:

# %%
inputs = np.array([[1, 1], [0, 0], [-2, 5]])
W, b = np.array([[4, 2], [6, 0]]), np.array([8, -1])
np.testing.assert_array_equal(inputs @ W + b, two_layers(inputs))
np.hstack([inputs @ W + b, two_layers(inputs)])

# %% [markdown]
# 4 + 6 + 8 = 18 and 2 + 0 − 1 = 1, as before, and the other two rows agree as well: on the left the single
# layer, on the right the two. Where do this W and this b come from? Take a pencil and multiply out
# $(x W_1 + b_1)\,W_2 + b_2$. What stands beside x is W; the rest is b.
#
# ### Your turn 1: collapse two layers
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
# **Two linear layers are one linear layer**, whatever their sizes and whatever the input. Its boundary is a
# straight line, and XOR stays out of reach however many such layers you stack.
#
# ### Question 1
#
# A friend builds ten layers of 100 units each, without activations: more than 90,000 weights. What can this
# network learn that a single layer cannot?
#
# <details><summary>Answer</summary>
#
# Nothing. $(x W_1 + b_1)\,W_2 + b_2 = x\,(W_1 W_2) + (b_1 W_2 + b_2)$: the first two layers are one.
# Collapse that one with the third, and so on: a single layer remains.
#
# - "XOR: it has enough weights": not their number counts. All of them together still make one line.
# - "Curves, if it is deep enough": a straight line of a straight line is a straight line, ten times over.
# - "The biases bend it": they move the line. They do not bend it.
#
# </details>
#
# ## 3. Activations and their slopes
#
# An **activation** is the bend between two layers: a function of the net sum z, applied to each unit. The
# step bends, but its slope is 0 on both sides of its jump, and learning follows slopes. These four are used
# instead.

# %% [markdown] tags=["notes"]
# **6 minutes** with the explorer and the exercise. Before the figure, ask: "What is the largest slope that
# the sigmoid can have?" You will hear 1 and one half; it is a quarter. Then: "Ten layers, each multiplies
# by at most a quarter. What arrives at the first?" Let them estimate: a millionth. That is why deep
# networks waited for the ReLU.
#
# With the explorer: "Find the place where tanh keeps half of its steepest slope" (z about 0.9). "Find a
# place where the ReLU is saturated" (there is none to the right; to the left it is off altogether).
#
# In the exercise: whoever gets the hint about the corner asks which value is *right*. None: there is no
# slope at a corner. One has to be agreed on.

# %%
figures.activation_curves(slope=0.1)

# %% [markdown]
# Above the activation, below its derivative: how much a small change of z gets through. The formulas:
#
# | activation | a | derivative | largest derivative |
# |:--|:--|:--|:-:|
# | sigmoid | $1/(1+e^{-z})$ | $a\,(1-a)$ | 0.25 |
# | tanh | $(e^z-e^{-z})/(e^z+e^{-z})$ | $1-a^2$ | 1 |
# | ReLU | $\max(z, 0)$ | 1 where z > 0, else 0 | 1 |
# | leaky ReLU | z where z > 0, else 0.01 z | 1 where z > 0, else 0.01 | 1 |
#
# (The 0.01 is a choice; the picture shows 0.1, so that you can see it.)
#
# Far from zero the sigmoid is flat: it **saturates**. How flat is it at z = 10?

# %%
slope = ACTIVATIONS["sigmoid"].derivative
assert slope(0) == 0.25
np.testing.assert_allclose(slope(10), 4.54e-5, rtol=1e-3)
f"slope at 0: {slope(0)}, at 10: {slope(10):.1e}"

# %% [markdown]
# A quarter at best, and 0.000045 at z = 10. Now stack ten such layers. On its way back a slope is
# multiplied by the derivative of each of them. (And by weights; section 6 counts these as well.) What is
# left if z is 0, 1 or 3 in all ten?

# %%
through_ten = {
    name: ACTIVATIONS[name].derivative([0, 1, 3]) ** 10 for name in ("sigmoid", "tanh", "relu")
}
assert 9e-7 < through_ten["sigmoid"][0] < 1e-6
assert through_ten["sigmoid"].max() < 1e-6
np.testing.assert_array_equal(through_ten["relu"], [0, 1, 1])
{name: [f"{value:.2g}" for value in values] for name, values in through_ten.items()}

# %% [markdown]
# Ten sigmoids leave less than a millionth, even at their best place. This is the **vanishing gradient**.
# Tanh keeps all of it at z = 0 and loses it away from there; "descent is faster", notes the lecture. The
# ReLU keeps 1 wherever it is open, and nothing where it is off. A unit that is off for every example gets
# no slope at all, so its weights stay as they are: it has **died**. The leaky ReLU lets a little through
# for that reason.
#
# Choose an activation and slide z. Where does it stop learning?

# %%
ActivationExplorer()

# %% [markdown]
# ### Which one, where?
#
# Three things decide: what you want to predict, which layer it is, and what kind of network.
#
# | layer | situation | activation | because |
# |:--|:--|:--|:--|
# | output | a number, such as a height | none | any number may come out |
# | output | two classes | sigmoid, or softmax on two units | a probability; section 5: they are the same |
# | output | one of N classes | softmax | N probabilities that add up to 1 |
# | output | several labels at once | N sigmoids | each label has its own yes or no |
# | hidden | most networks, convolutional ones among them | ReLU | slope 1 where open, and quick |
# | hidden | ReLU units die | leaky ReLU | a slope on both sides |
# | hidden | a few units, smooth boundaries; recurrent networks | tanh | bounded, centered on 0 |
# | hidden | deep networks | not the sigmoid | at most a quarter of the slope gets back |
#
# ### Your turn 2: ReLU and its slope
#
# Return a pair: the ReLU of every number in the array `z`, and its slope there. In the corner, at z = 0,
# count a slope of 0, as Keras does. For `z = [-2, 0, 3]` the answer is `[0, 0, 3]` and `[0, 0, 1]`. The
# array may have any shape, and must stay as it is.


# %% tags=["exercise"]
def relu_and_slope(z):
    """The pair (ReLU, its derivative) for every number in an array of any shape."""
    ### BEGIN SOLUTION
    return np.maximum(z, 0), np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


# %%
check.relu_and_slope(relu_and_slope)

# %% [markdown]
# ## 4. Forward: the lecture's network
#
# Chammami's lecture computes a small network by hand: four inputs, four hidden units with ReLU, two
# outputs. Each **row** of its matrices belongs to a unit, so a layer is $W x + b$. Every bias is 0.1.

# %% [markdown] tags=["notes"]
# **7 minutes.** Do the first hidden unit on the board: 3 + 3 + 0.4 + 1.6 = 8, and 0.1 is 8.1. Let the room
# find that the slide prints 8. Then split the room: one half computes O from the slide's hidden numbers,
# the other from the right ones. Both find something wrong with the slide: the first half sees that the bias
# is in 9.61 and missing from 6.49.
#
# The transposition deserves its two minutes: W1 is square, so the wrong layout raises *no error*. Ask: "How
# would you ever notice?" (Compare with one unit computed by hand; choose test sizes that all differ.)

# %%
W1_slide = np.array([[1, 1, 0.2, 0.8], [1, 0.5, 0.5, 0.8], [0.8, 1, 0.2, 0.8], [0.5, 0.5, 1, 1]])
W2_slide = np.array([[0.2, 0.1, 0.5, 0.5], [0.1, 0.5, 0.1, 0.2]])
x = np.array([3, 3, 2, 2])

# %% [markdown]
# ### Predict: what the hidden units pass on
#
# The slide prints A1 = (8, 7.1, 7.4, 7). Compute the first unit with a pencil, bias included. Do you agree?
# Then carry your numbers on to the outputs. These have no activation: they are the **logits** of the two
# classes. The slide has O = (9.61, 6.49).

# %%
A1 = np.maximum(W1_slide @ x + 0.1, 0)
np.testing.assert_allclose(A1, [8.1, 7.2, 7.5, 7.1])
np.testing.assert_allclose(W1_slide @ x, [8, 7.1, 7.4, 7])
A1

# %%
logits = W2_slide @ A1 + 0.1
np.testing.assert_allclose(logits, [9.74, 6.68])
np.testing.assert_allclose(W2_slide @ [8, 7.1, 7.4, 7] + [0.1, 0], [9.61, 6.49])
logits

# %%
assert not np.isclose([*A1, *logits], [8, 7.1, 7.4, 7, 9.61, 6.49]).any()
figures.worked_network([x, A1, logits], [x, [8, 7.1, 7.4, 7], [9.61, 6.49]])

# %% [markdown]
# The slide has **left the bias out** of all four. (The ReLU changes nothing: all are positive.) The logits
# are (9.74, 6.68). And from its own hidden numbers the slide gets 9.61 only with the bias, 6.49 only
# without it: it forgot the bias a **second** time, in one output of two.
#
# Not one of the six numbers on the slide is the right one.

# %% [markdown]
# A missing bias raises no error, and the result looks plausible; only a check finds it.
#
# ### Rows or columns?
#
# Keras, like this course, puts a batch of examples into **rows**: X has shape (N, inputs), a weight matrix
# (inputs, units), and a layer is $X W + b$. A unit is now a **column**. From one layout to the other,
# transpose.

# %%
X_row, W1_row, W2_row = x[np.newaxis], W1_slide.T, W2_slide.T
one_batch = np.maximum(X_row @ W1_row + 0.1, 0) @ W2_row + 0.1
np.testing.assert_allclose(one_batch, [logits])
print("shapes:", X_row.shape, W1_row.shape, W2_row.shape, "->", one_batch.shape)
one_batch

# %% [markdown]
# A batch of one, and the same two logits. What if you forget to transpose? W1 is square, so NumPy does not
# complain.

# %%
silently_wrong = np.maximum(X_row @ W1_slide + 0.1, 0)
np.testing.assert_allclose(silently_wrong, [[8.7, 7.6, 4.6, 8.5]])
silently_wrong

# %% [markdown]
# Four numbers, all of them wrong, and no error. Test a layer with sizes that all differ.
#
# ### Your turn 3: the forward pass
#
# Write it for any sizes, in the layout of Keras: X is (N, inputs), W1 is (inputs, hidden), W2 is (hidden,
# outputs). The hidden layer has a ReLU; the output has no activation. Return the logits, shape (N,
# outputs). For the lecture's network they are `[[9.74, 6.68]]`.


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
# ## 5. Softmax: from logits to probabilities
#
# Two logits, (9.74, 6.68), may be any numbers. **Softmax** makes probabilities of them: raise e to each,
# divide by the sum.

# %% [markdown] tags=["notes"]
# **3 minutes.** The slide's own powers, 14913.17 and 658.52, give 0.9577 and 0.0423: it cut the digits off
# instead of rounding, and 0.95 + 0.04 is 0.99. Ask: "How do you see at a glance that it is wrong?" (It does
# not add up to 1.) Exercise 4 is the one to give as homework.

# %%
powers = np.exp(logits)
probabilities = powers / powers.sum()
np.testing.assert_allclose(probabilities, [0.9552, 0.0448], atol=5e-5)
np.testing.assert_allclose(14913.17 / (14913.17 + 658.52), 0.9577, atol=5e-5)  # the slide's powers
probabilities.round(4)

# %% [markdown]
# 95.52 % and 4.48 %. The slide says 0.95 and 0.04, which add up to 0.99: its own powers, 14913.17 and
# 658.52, make 0.9577 and 0.0423, and it cut the digits off. With **two** outputs there is nothing new in
# this. Only the difference of the logits counts:

# %%
difference = logits[0] - logits[1]
np.testing.assert_allclose(difference, 3.06)
np.testing.assert_allclose(sigmoid(difference), probabilities[0])
round(float(sigmoid(difference)), 4), round(float(probabilities[0]), 4)

# %% [markdown]
# **Softmax with two outputs is the sigmoid of their difference**: logistic regression, lesson {logistic_regression}. Softmax
# carries the idea on to three classes, to ten, to a thousand.
#
# One thing can go wrong. What is e to the 1000?

# %%
with np.errstate(over="ignore", invalid="ignore"):
    naive = np.exp([1000.0, 1001.0]) / np.exp([1000.0, 1001.0]).sum()
assert np.isnan(naive).all()
naive

# %% [markdown]
# Too large for a computer, and infinity divided by infinity is not a number. But only differences count, so
# you may subtract the same number from all logits of a row. Subtract the largest.
#
# ### Your turn 4: a softmax that holds
#
# Write softmax for a table of logits, one example a row, so that no logit overflows it. For `[[1000,
# 1001]]` the answer is `[[0.2689, 0.7311]]`, as for `[[0, 1]]`.


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
# ### Question 2
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
# - "So output biases are useless": no. Here they are equal. Biases that differ shift the boundary.
#
# </details>
#
# ## 6. Backward: who is to blame?
#
# A network learns by walking downhill, as the line of lesson {linear_regression} did. For that it needs the slope of the
# loss along *every* weight. The tool is the **chain rule**: if a grows 3 times as fast as z, and L grows 2
# times as fast as a, then L grows 6 times as fast as z. Along a chain, slopes multiply.
#
# We go in three steps: one neuron, one unit that feeds two others, a whole layer.
#
# ### One neuron
#
# Numbers for a pencil: x = 2, w = 0.5, b = −1, true class 1. Forward: z = 2 · 0.5 − 1 = 0, a = sigmoid(0) =
# 0.5, and the loss is L = −ln 0.5 = 0.693. Backward, from the loss to the weight, one factor at a time:

# %% [markdown] tags=["notes"]
# **11 minutes**, the heart of the lesson; take them from elsewhere if need be. The chain on the board, one
# arrow at a time, the slopes written *under* the arrows from right to left. Ask at each: "If this grows by
# a little, what does the next one do?" Wrong answers that will come: the slopes are added (they multiply
# along a chain), dL/dw = dL/dz (w is multiplied by x, so x is the factor).
#
# At the two paths let them feel the signs first: "The unit grows. Is that good for the second class?" Its
# weight to the wrong class is the larger one, 0.2 against 0.1, so no: the loss must rise. Then the numbers.
# Wrong answer that will come: 0.1910 · (−0.0955), because slopes "multiply". Along a path; not across
# paths.
#
# In the matrix form, cover the right-hand side of dw2 and let them find it from the shapes: (3, 2) out of
# (4, 3) and (4, 2). Only one product fits. Do that for each line.

# %%
neuron = {"x": 2.0, "w": 0.5, "b": -1.0, "z": 0.0, "a": 0.5, "L": -np.log(0.5)}
dl_da = -1 / neuron["a"]  # slope of −ln a: −2
da_dz = neuron["a"] * (1 - neuron["a"])  # slope of the sigmoid: 0.25
dl_dz = dl_da * da_dz  # −0.5
slopes = {"w": dl_dz * neuron["x"], "b": dl_dz, "z": dl_dz, "a": dl_da}
assert slopes == {"w": -1, "b": -0.5, "z": -0.5, "a": -2}
assert dl_dz == neuron["a"] - 1
figures.chain_rule(neuron, slopes)

# %% [markdown]
# Read the slopes from right to left. dL/da is −2. Times the slope of the sigmoid, 0.25, that is dL/dz =
# −0.5. z grows x = 2 times as fast as w, so dL/dw = −1; it grows as fast as b, so dL/db = −0.5. With
# letters, $-\frac1a \cdot a\,(1-a) = a - 1$, which is **a − y**: prediction minus truth, as in lesson {logistic_regression}.
#
# ### Predict: does the loss rise or fall?
#
# dL/dw is −1. If you raise w from 0.5 to 0.501, what happens to the loss, and by how much?

# %%
raised = -np.log(sigmoid(2 * 0.501 - 1))
np.testing.assert_allclose(raised - neuron["L"], -0.001, rtol=1e-3)
f"the loss changes by {raised - neuron['L']:.4f}"

# %% [markdown]
# It falls by 0.001: the slope −1 times the step 0.001.

# %% [markdown]
# So you can check any gradient without calculus: move one number a little and see what the loss does. That
# is a **finite difference**.
#
# ### Two paths
#
# A hidden unit feeds *every* output. Take the lecture's network, and suppose that the second class is the
# true one: the truth is (0, 1), softmax says (0.9552, 0.0448). The loss is $-\ln$ of the second
# probability, which is $\ln(e^{z_1} + e^{z_2}) - z_2$. The slope of the logarithm along $z_1$ is $e^{z_1} /
# (e^{z_1} + e^{z_2})$: the probability of the first class; along $z_2$ that of the second. The last term
# takes 1 off for the true class. So the slopes are **prediction minus truth** again. (Call them `dz`:
# slopes of the loss along the net sums of layer 2.)

# %%
dz = probabilities - [0, 1]
paths = W2_row[0] * dz
np.testing.assert_allclose(W2_row[0], [0.2, 0.1])
np.testing.assert_allclose(dz, [0.9552, -0.9552], atol=5e-5)
np.testing.assert_allclose([*paths, paths.sum()], [0.1910, -0.0955, 0.0955], atol=5e-5)
figures.two_paths(A1[0], W2_row[0], logits, dz)

# %% [markdown]
# If the unit grows, the first logit grows 0.2 times as fast and the second 0.1 times. Along the upper path
# the slope is 0.2 · 0.9552 = 0.1910, along the lower one 0.1 · (−0.9552) = −0.0955. Both happen at once:
# together 0.0955. **Along a path slopes multiply; where paths join they are added.** A finite difference
# must say the same:

# %%
nudged = A1 + np.array([0.001, 0, 0, 0])
raised_loss = neurons.cross_entropy([1], [nudged @ W2_row + 0.1])
change = raised_loss - neurons.cross_entropy([1], [logits])
np.testing.assert_allclose(change / 0.001, paths.sum(), rtol=1e-3)
np.testing.assert_allclose((dz @ W2_row.T)[0], paths.sum())
print(f"nudged: {change / 0.001:.4f}, both paths: {paths.sum():.4f}")
(dz @ W2_row.T).round(4)

# %% [markdown]
# It does. The last line adds the two paths of all four hidden units at once: `dz @ W2_row.T`. On the way
# out a layer multiplies by its weights, on the way back by their transpose. And a weight? It is multiplied
# by the activation that comes in, as w was by x. So the weight from hidden unit i to output k has the slope
# `A1[i] * dz[k]`: all of them are a table of the shape of `W2_row`.
#
# ### A hidden layer, all at once
#
# Now XOR: four examples, two inputs, three hidden units with tanh, two outputs. Matrices carry the whole
# batch.

# %%
rng = np.random.default_rng(5)
X, N = corners.astype(float), 4
W1, b1 = rng.normal(size=(2, 3)), rng.normal(size=3)
W2, b2 = rng.normal(size=(3, 2)), rng.normal(size=2)
truth = np.eye(2)[xor]

# %% [markdown]
# Each row of `truth` has a 1 in the column of the true class and 0 elsewhere: it is **one-hot**. The
# forward pass is that of section 4, with tanh:

# %%
Z1 = X @ W1 + b1  # (4, 3)
H = np.tanh(Z1)  # (4, 3)
Z2 = H @ W2 + b2  # (4, 2)
P = softmax(Z2)  # (4, 2)

# %% [markdown]
# The backward pass takes the same stations in reverse. `dz2` holds the slopes of the loss along `Z2` and
# has **the shape of `Z2`**, one row an example; so for all of them. If you forget a formula, look for the
# product whose shape fits.

# %%
dz2 = (P - truth) / N  # (4, 2)  prediction minus truth; the loss is a mean over N
dw2 = H.T @ dz2  # (3, 2)  what came in, times the slope; the product adds up the examples
db2 = dz2.sum(axis=0)  # (2,)    as if 1 had come in
dh = dz2 @ W2.T  # (4, 3)  back through the weights, paths added
dz1 = dh * (1 - H**2)  # (4, 3)  times the slope of tanh
dw1 = X.T @ dz1  # (2, 3)  the same two lines again
db1 = dz1.sum(axis=0)  # (3,)

# %% [markdown]
# Seven lines: this is **backpropagation**. One more layer would repeat the last four. Is it right? Ask
# finite differences: move each of the 17 parameters by a hundred-thousandth, up and down, and see what the
# loss does.


# %%
def loss():
    return neurons.cross_entropy(xor, np.tanh(X @ W1 + b1) @ W2 + b2)


def finite_differences(parameters, h=1e-5):
    slopes = np.empty_like(parameters)
    for place, value in np.ndenumerate(parameters.copy()):
        parameters[place] = value + h
        above = loss()
        parameters[place] = value - h
        slopes[place] = (above - loss()) / (2 * h)
        parameters[place] = value
    return slopes


# %% [markdown]
# The function moves one number at a time and puts it back. Now hold all four arrays against ours:


# %% tags=["measured"]
parameters, by_hand = [W1, b1, W2, b2], [dw1, db1, dw2, db2]


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


by_nudging = flat([finite_differences(array) for array in parameters])
assert by_nudging.shape == (17,)
np.testing.assert_allclose(flat(by_hand), by_nudging, atol=1e-8)
np.column_stack([flat(by_hand), by_nudging])

# %% [markdown]
# All 17 agree to eight decimals. A second judge: the same network in Keras, with the same parameters.
# TensorFlow's `GradientTape` records a forward pass and runs it backward by itself.

# %% tags=["measured"]
twin = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "tanh"), keras.layers.Dense(2)])
twin.set_weights(parameters)
with tf.GradientTape() as tape:
    lost = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(xor, twin(X))
by_keras = tape.gradient(lost, twin.trainable_variables)
np.testing.assert_allclose(flat(by_hand), flat(by_keras), atol=1e-6)
print("largest difference:", np.abs(flat(by_hand) - flat(by_keras)).max())
[tuple(gradient.shape) for gradient in by_keras]

# %% [markdown]
# They agree to six decimals, which is what Keras' 32-bit numbers hold. You have written what a framework
# does for you. The course's own `utils.neurons.MLP` is these lines in a loop over the layers:

# %% tags=["measured"]
network = MLP([W1, W2], [b1, b2], activation="tanh")
by_utils = network.gradients(X, xor)
np.testing.assert_allclose(flat(by_hand), flat(by_utils), atol=1e-12)
print("largest difference:", np.abs(flat(by_hand) - flat(by_utils)).max())

# %% [markdown]
# The same to twelve decimals. From here on we use `MLP`.
#
# ### Predict: ten layers deep
#
# Section 3 multiplied ten slopes and left the weights aside. Now build the ten layers, 16 units each, with
# random weights, and send XOR through them. How large are the slopes of the *first* weights, compared with
# those of the *last*? Sigmoid, tanh, ReLU: put them in order.


# %%
def first_to_last(activation, seed):
    gradients = MLP.random([2, *[16] * 10, 2], activation, seed).gradients(corners, xor)
    return np.abs(gradients[0]).mean() / np.abs(gradients[-2]).mean()


ratio = {a: [first_to_last(a, seed) for seed in range(10)] for a in ("sigmoid", "tanh", "relu")}
assert max(ratio["sigmoid"]) < 1e-6
assert 0.1 < min(ratio["tanh"] + ratio["relu"]) < max(ratio["tanh"] + ratio["relu"]) < 10
{name: f"{np.median(values):.1g}" for name, values in ratio.items()}

# %% [markdown]
# In each of ten random starts, the first of ten sigmoid layers gets less than a millionth of the slope of
# the last one: it hardly learns. With tanh and ReLU it gets its share, between a tenth of the last one's
# and ten times as much. (That is at the start of a training; with large weights tanh saturates, too.) Hence
# "not the sigmoid" in the table of section 3.

# %% [markdown]
# ### Question 3
#
# A ReLU unit is off for every example of the training set. Which of its weights does gradient descent
# change: those that come in, those that go out, both, or none?
#
# <details><summary>Answer</summary>
#
# None. Coming in: its slope is 0, so `dz1` has a column of zeros, and so have `dw1` and `db1`. Going out:
# its activation is 0 for every example, so `dw2 = H.T @ dz2` has a row of zeros.
#
# - "Those that go out still learn": they are multiplied by an activation of 0; the loss does not feel them.
# - "Both, if the loss is large": a large loss times 0 is 0.
# - "It recovers by itself": with fixed inputs it cannot. Behind another layer it may, because its inputs
#   change.
#
# </details>
#
# ## 7. Let it learn: XOR and two moons
#
# A step of gradient descent moves every parameter against its slope, as in lesson {linear_regression}. `SGD` does that;
# lesson {training_a_network} looks into it and its faster relatives. Training is this loop:

# %% [markdown] tags=["notes"]
# **4 minutes.** Take bets on the 20 starts before the cell runs: nearly everybody says 20, some say 0. The
# point: what a network *can* represent and what a descent *finds* are two questions. A few units more than
# needed are a cheap insurance. "Train longer" does not help: after 4000 steps it is still the same 9 of 20.
#
# In the flipbook let them follow one unit only. Ask: "Which unit is the palest at step 100, and what does
# it do at the end?" (Unit 2; its line stands nearly upright, and it votes for one class on the left and for
# the other on the right.) Stop where the boundary stops being straight.
#
# All weights 0 is the question that somebody asks anyway: tanh(0) = 0 makes dw2 zero, W2 = 0 makes dw1
# zero, and on XOR the classes are balanced, so even the biases stay. Equal weights other than 0 make twins:
# units that never differ.


# %%
def train(network, X, labels, optimizer, steps):
    for _ in range(steps):
        moved = optimizer.update(network.parameters, network.gradients(X, labels))
        network = network.with_parameters(moved)
    return network


# %% [markdown]
# ### Predict: are two hidden units enough?
#
# In section 1 two hidden units solved XOR, with weights by hand. Now start from random weights, 20
# different starts, and 500 steps each. How many of the 20 find a solution? And how many with four units?


# %% tags=["measured"]
def solved(units, seed):
    start = MLP.random([2, units, 2], "tanh", seed)
    return (train(start, corners, xor, SGD(0.5), steps=500).predict(corners) == xor).all()


found = {units: int(sum(solved(units, seed) for seed in range(20))) for units in (2, 4)}
assert 5 <= found[2] <= 13
assert found[4] >= 19
found

# %% [markdown]
# Two units are enough to *represent* XOR, but in about half of the starts gradient descent gets stuck
# beside it. With four it finds a way, nearly always. Units to spare smooth the way down.

# %% [markdown]
# ### Predict: start from zero?
#
# Why random weights at all? Set every parameter to 0 and look at the gradient.

# %%
zeros = network.with_parameters([np.zeros_like(p) for p in network.parameters])
assert all((gradient == 0).all() for gradient in zeros.gradients(corners, xor))
[float(np.abs(gradient).max()) for gradient in zeros.gradients(corners, xor)]

# %% [markdown]
# Every slope is exactly 0: the network would stand there forever. (Those of the biases as well, because XOR
# has as many 0s as 1s.) Equal weights other than 0 are not much better: units that start as twins stay
# twins. **Random starts make units differ.**

# %% [markdown]
# ### Two moons
#
# Now something round. `make_moons` **simulates** two interleaved half circles with noise; no measurement is
# behind them. We train on 200 points and hold 1000 out.


# %%
def moons(noise, points, seed):
    X, labels = make_moons(points + 1000, noise=noise, random_state=seed)
    return X[:points], labels[:points], X[points:], labels[points:]


def accuracy(network, X, labels):
    return (network.predict(X) == labels).mean()


def on_new_moons(hidden, seed):
    X, labels, X_new, labels_new = moons(0.15, 200, seed)
    trained = train(MLP.random([2, *hidden, 2], "tanh", seed), X, labels, SGD(1.0), steps=1000)
    return accuracy(trained, X_new, labels_new)


# %% [markdown]
# Eight data sets, eight random starts: first without a hidden layer, which is logistic regression, then
# with four hidden units. We report the lowest and the highest accuracy, widened to even percents, as a
# **band**.


# %% tags=["measured"]
def band(accuracies):
    low, high = np.floor(50 * np.min(accuracies)), np.ceil(50 * np.max(accuracies))
    return f"{2 * low:.0f} to {2 * high:.0f} %"


straight = band([on_new_moons([], seed) for seed in range(8)])
bent = band([on_new_moons([4], seed) for seed in range(8)])
assert (straight, bent) == ("86 to 90 %", "96 to 100 %")
f"no hidden layer: {straight}; four hidden units: {bent}"

# %% [markdown]
# A straight boundary is right for 86 to 90 % of new points, four hidden units for 96 to 100 %: the bands do
# not touch. What do the four do? Keep the network after some steps of one training:


# %% tags=["measured"]
points, sides, *_ = moons(0.15, 200, seed=0)
pages = [0, 10, 30, 100, 200, 300, 340, 400, 600, 1000]


def keep(pages):
    """The network after each of these numbers of steps."""
    kept = {0: MLP.random([2, 4, 2], "tanh", seed=1)}
    for before, now in pairwise(pages):
        kept[now] = train(kept[before], points, sides, SGD(1.0), steps=now - before)
    return kept


snapshots = keep(pages)
three = [0, 100, 1000]
### BEGIN HIDDEN TESTS
right = {steps: accuracy(net, points, sides) for steps, net in snapshots.items()}
assert right[0] < 0.5 < 0.85 < right[100] < 0.95 < right[1000]
across, up = snapshots[100].weights[0][:, [0, 2, 3]]  # units 1, 3 and 4
assert 0.1 < (-across / up).min() < (-across / up).max() < 0.3  # the slopes of their lines
### END HIDDEN TESTS
figures.hidden_units([snapshots[s] for s in three], [f"step {s}" for s in three], points, sides)

# %% [markdown]
# Each unit is a soft step along a dashed line: it votes for class 0 on its purple side (circles), for class
# 1 on its orange side (triangles). The **sum** of the votes (and of the output bias) is the answer, and
# where it is zero runs the boundary. At step 100 the lines of units 1, 3 and 4 are nearly parallel, and so
# the boundary is nearly straight. Then they turn apart, and it bends. Turn the pages and follow one unit.

# %% tags=["measured"]
hidden_units_book(snapshots, points, sides)

# %% [markdown]
# ### A playground
#
# Now the whole machine at once: it trains in your browser. Every small picture is what one unit makes of
# the plane, purple where it is positive, orange where it is negative. Solid purple lines are positive
# weights, dashed orange ones negative. Press Play. Then ask:
#
# - Choose a unit. What does it compute, and where is it on?
# - Choose a line, then "one point": the chain rule of section 6 at this weight, in numbers. The terms
#   lead on along the path.
# - Take XOR with 0 layers. How far does it get? And with 2 layers and the activation "none"?
# - Take spirals with noise 0.1, 250 points and rate 1, and be patient for about 1000 steps. Then try
#   rate 10.

# %% [markdown] tags=["notes"]
# **3 minutes.** Let the room call out settings. Ask at a chosen weight: which of the three factors is
# small, and why?

# %%
Playground()

# %% [markdown]
# Without a bend XOR stays near guessing, whatever the number of layers: section 2 again. Two layers of
# eight follow the spirals. With a large rate the loss jumps instead of falling; lesson
# {training_a_network} says why.

# %% [markdown]
# ## 8. How wide, how deep?
#
# Bekkouch's lecture warns that a bigger network may do better, and may over-fit. Measure it. Take few
# points and much noise: 60 of them, moons that overlap. Ten data sets, seven sizes. (`Adam` is a quicker
# walker than `SGD`; lesson {training_a_network} opens it.)

# %% [markdown] tags=["notes"]
# **2 minutes.** Ask before the figure: "Which accuracy must rise, which one may fall?" Then ask what may be
# *claimed*: that large networks fit the training points better (every seed), that the gap grows (every
# seed), that 4 units do better than 32 on new points (most seeds). Not: that three layers are better or
# worse than one wide one; the spreads overlap. Somebody will say "then small networks are best". On 60
# noisy points, yes; lesson {regularization} shows how a large network is kept from over-fitting.

# %% tags=["measured"]
sizes = {"1": [1], "2": [2], "4": [4], "8": [8], "32": [32], "8-8": [8, 8], "8-8-8": [8, 8, 8]}


def both_accuracies(hidden):
    """The accuracies of ten runs, on 60 training points and on 1000 new ones."""
    scores = []
    for seed in range(10):
        X, labels, X_new, labels_new = moons(0.3, 60, seed)
        net = train(MLP.random([2, *hidden, 2], "tanh", seed), X, labels, Adam(0.03), steps=600)
        scores.append([accuracy(net, X, labels), accuracy(net, X_new, labels_new)])
    return dict(zip(("training points", "held out"), np.transpose(scores), strict=True))


by_size = {name: both_accuracies(hidden) for name, hidden in sizes.items()}
### BEGIN HIDDEN TESTS
seen = {name: pair["training points"] for name, pair in by_size.items()}
new = {name: pair["held out"] for name, pair in by_size.items()}
gap = {name: seen[name] - new[name] for name in sizes}
assert 0.83 < seen["1"].mean() < 0.87 and min(seen[n].mean() for n in ("32", "8-8", "8-8-8")) > 0.98
assert (gap["32"] > gap["2"]).all() and gap["2"].mean() < 0.06 < 0.10 < gap["32"].mean()
assert (new["4"] > new["1"]).all() and (new["4"] > new["32"]).sum() >= 7
assert 0.87 < new["4"].mean() < 0.90 and 0.83 < new["8-8-8"].mean() < 0.87
spread = new["32"].std(ddof=1) + new["8-8-8"].std(ddof=1)
assert abs(new["32"].mean() - new["8-8-8"].mean()) < spread
### END HIDDEN TESTS
plots.starts({f"{name} hidden": accuracies for name, accuracies in by_size.items()})

# %% [markdown]
# On the points they learned from, larger networks are better, up to nearly 100 %. On new points that holds
# only up to four units: four beat one in all ten runs, and they beat 32 in most. The mean **gap** between
# the two accuracies grows from less than 6 percentage points with 2 units to more than 10 with 32, and it
# grows in each of the ten runs: that is **over-fitting**. Between 32 units in one layer and three layers of
# eight the spreads overlap: from these runs nobody can name a winner. Here is one of the ten:

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
# ## 9. Ten digits, and the same network in Keras
#
# For N classes nothing changes but the last size. Here are 1797 **real handwritten digits** of 8×8 pixels
# (scikit-learn). An MLP takes a flat vector: 64 numbers, scaled from 0..16 to 0..1. Ten outputs, one a
# digit.

# %% [markdown] tags=["notes"]
# **4 minutes.** Ask: "How many parameters?" before the cell: 64·32 + 32 + 32·10 + 10. Then: "Would the
# network notice if we shuffled the 64 pixels of all pictures in the same way?" No: a dense layer knows no
# neighbors. Keep this; it is the reason for lesson {convolution}.
#
# Before the held-out cell take bets: "How much does the hidden layer bring?" Everybody expects a lot.
# Honest answer: on these small, clean pictures a little, perhaps; five splits cannot tell. Then the trap:
# with one rate for both, 0.1, its lead on the validation digits looks twice as large. Ask who has read
# comparisons in which one side was tuned and the other was not.
#
# "The winner is the largest rate offered; why not offer 2?" Good question, to be asked of the validation
# digits. Let them try: without a hidden layer it works, with one the network falls back to guessing,
# because nearly all of its ReLUs have died.
#
# An honest remark: the same people wrote training and held-out digits; new writers would be read a little
# worse.

# %%
digits = data.digits()
pixels = digits.images.reshape(-1, 64) / 16


def split(X, labels, held_out, seed):
    return train_test_split(X, labels, test_size=held_out, stratify=labels, random_state=seed)


def train_reader(shape, X, labels, rate, seed):
    network, rng = MLP.random(shape, "relu", seed), np.random.default_rng(seed)
    for _ in range(30):
        for batch in minibatches(len(X), 64, rng):
            network = train(network, X[batch], labels[batch], SGD(rate), steps=1)
    return network


# %% [markdown]
# A step uses 64 digits at a time, which is quicker (lesson {training_a_network} says why it works); 30 rounds through 1280
# digits are 600 steps, as many as in section 8. The network 64-32-10 runs against 64-10, which has no
# hidden layer.
#
# Which learning rate? Do not ask the held-out digits (lesson {learning_from_data}). Five times, 517 of the digits are held
# out; of the other 1280 a quarter becomes a **validation set** that compares three rates.


# %% tags=["measured"]
def validated(shape, seed):
    X, _, labels, _ = split(pixels, digits.labels, 517, seed)
    X, X_watch, labels, labels_watch = split(X, labels, 320, seed)
    readers = {rate: train_reader(shape, X, labels, rate, seed) for rate in (0.01, 0.1, 1)}
    return {rate: accuracy(net, X_watch, labels_watch) for rate, net in readers.items()}


shapes = {"no hidden": [64, 10], "32 hidden": [64, 32, 10]}
watched = {name: [validated(shape, seed) for seed in range(5)] for name, shape in shapes.items()}
best = {name: [max(scores, key=scores.get) for scores in runs] for name, runs in watched.items()}
assert best == {name: [1] * 5 for name in shapes}
best

# %% [markdown]
# The rate 1, ten times out of ten. Train with it on all 1280 digits. Now, and only now, open the 517:


# %% tags=["measured"]
def read_digits(shape, rate, seed):
    X, X_new, labels, labels_new = split(pixels, digits.labels, 517, seed)
    return train_reader(shape, X, labels, rate, seed), X_new, labels_new


runs = {n: [read_digits(shapes[n], rate, s) for s, rate in enumerate(best[n])] for n in shapes}
read = {name: np.array([accuracy(*run) for run in five]) for name, five in runs.items()}
bands = {name: band(shares) for name, shares in read.items()}
assert (read["32 hidden"] > read["no hidden"]).sum() == 4
assert bands == {"no hidden": "94 to 98 %", "32 hidden": "96 to 98 %"}
bands

# %% [markdown]
# Backpropagation in a page of NumPy reads 96 to 98 % of digits that it has never seen. Without a hidden
# layer it is 94 to 98 %. The hidden layer is ahead in four of the five splits, but the bands overlap: too
# few splits to name a winner. On these small, clean pictures straight boundaries are almost enough.
#
# What if you had not asked for the best rate of each, and had given both networks 0.1? Go back to the
# validation digits, and see how far the hidden layer is ahead there with either rate:

# %% tags=["measured"]
no_hidden, with_hidden = watched.values()
lead = {
    rate: np.array([h[rate] - n[rate] for n, h in zip(no_hidden, with_hidden, strict=True)])
    for rate in (0.1, 1)
}
assert (lead[0.1] > 0).all() and 1.5 < lead[0.1].mean() / lead[1].mean() < 3
{rate: f"{100 * values.mean():.1f} points on average" for rate, values in lead.items()}

# %% [markdown]
# With the rate 0.1 for both the hidden layer would have "won" in all five splits, with about twice the
# lead. Half of that is the doing of the rate, not of the layer. **Compare two models only when each has its
# own best settings.**
#
# Look at softmax with N = 10: two digits of which the network is sure, and its two least sure.

# %% tags=["measured"]
reader, unseen, written = runs["32 hidden"][0]
stated = reader.probabilities(unseen)
order = stated.max(axis=1).argsort()
shown = order[[-1, -2, 1, 0]]
np.testing.assert_allclose(stated.sum(axis=1), 1)
assert stated[shown[:2]].max(axis=1).min() > 0.99
assert stated[shown[2:]].max() < 0.6
figures.digits_and_probabilities(unseen[shown].reshape(-1, 8, 8), written[shown], stated[shown])

# %% [markdown]
# Ten probabilities that add up to 1. A sure answer is one tall bar; doubt is shared among digits that look
# alike.
#
# Last, the same network in Keras: three lines. Give it our parameters. Will its outputs be the same?

# %% tags=["measured"]
model = keras.Sequential(
    [keras.Input((64,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(10, "softmax")]
)
model.set_weights(reader.parameters)
np.testing.assert_allclose(model(unseen), stated, atol=1e-5)
assert model.count_params() == 64 * 32 + 32 + 32 * 10 + 10 == 2410
print(model.count_params(), "parameters")
print("largest difference:", np.abs(model(unseen) - stated).max())

# %% [markdown]
# The same 2410 numbers, the same probabilities, to five decimals. A Keras model holds nothing that you have
# not built yourself.
#
# ### Challenge
#
# Make a harder shape: two spirals that wind around each other, `r = t`, `angle = t` and `angle = t + π`,
# for t from 1 to 10, plus some noise. Find a network that separates them, with as few parameters as you
# can. (Find one in the playground first.) Report held-out accuracy as a band over five seeds, show what the hidden units do, and say what
# failed. There is no single answer.

# %% [markdown] tags=["notes"]
# Good homework in pairs. Hints for those who are stuck: scale the inputs to about ±1; two hidden layers of
# 16 tanh units and `Adam(0.01)` for a few thousand steps get there; feeding the radius as a third input is
# a fair trick and leads to a discussion of features against depth.

# %% [markdown]
# ## What you can do now
#
# - **Compute** a forward pass with every bias in its place. You found two missing ones on a slide.
# - **Explain** why layers need activations: without them they collapse into one. Choose ReLU for hidden
#   layers, softmax, sigmoid or nothing for the output.
# - **Derive** the gradient: prediction minus truth, handed back through the weights, times the slope of the
#   activation. Along a path slopes multiply, where paths join they are added. Check with finite
#   differences.
# - **Build** an MLP in NumPy and in Keras: same parameters, same outputs.
# - **Judge** size by held-out accuracy over several seeds, never by accuracy on the training points, and
#   let validation data choose the settings of each network.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("multilayer_perceptron")

# %% [markdown]
# ## Common mistakes
#
# - A bias left out of one layer: no error, plausible numbers.
# - Rows and columns of weights exchanged. With square matrices nothing complains; test with sizes that all
#   differ.
# - Softmax without subtracting the largest logit, or over the wrong axis.
# - ReLU on the output: logits may be negative.
# - All weights started at the same value: units that start as twins stay twins.
# - Trusting a gradient that no finite difference has checked.
#
# ## Where next
#
# You have a gradient. How large a step, on how many examples, for how long, and how do you tell that it
# works? [{training_a_network} Training a network](training_a_network.ipynb) takes over from here.
