# %% [markdown]
# # Logistic regression
#
# **A program looks for one thing among many: a sick person, a forged signature, a handwritten 8. It is
# right in 97 of 100 cases, and it misses more than half of what it was built to find.** Is it a good
# program? In this lesson you build it, find out where the 97 comes from, and mend it without training it
# again: you will move one number.
#
# **45 minutes** · **You need:** [{linear_regression} Linear regression](linear_regression.ipynb); training, validation
# and test data from [{learning_from_data} Learning from data](learning_from_data.ipynb).
#
# **When you are done, you can**
#
# - **explain** why a straight line is a poor model of yes and no, and what the sigmoid changes
# - **compute** a probability from a logit, a surprise from a probability, and the mean of surprises
# - **build** logistic regression from nothing but NumPy, and get what scikit-learn gets
# - **judge** a classifier by its confusion matrix, precision, recall and F1 where accuracy misleads
# - **choose** a decision threshold on validation data, and report it on test data
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023), whose
# question opens section 1; Y. Chammami, *Exploring the Power of Conv'Nets*, whose slide on metrics you
# will check. Breast tumors and digits come with scikit-learn; the people are simulated, as in lesson {linear_regression}.

# %% [markdown] tags=["notes"]
# **2 minutes.** Read the bold sentence and take a vote: good program or not? Most of the room trusts
# the 97. Ask those who do: "Right in 97 of 100, of what?" Do not answer. Section 5 does, and the vote is
# worth repeating there.
#
# The 45 minutes hold three exercises in class: the sigmoid, the mean surprise, and precision and recall.
# Your turn 4 is homework. Short of time? The half on two inputs at the end of section 4 can go as well; say
# only that from section 5 on the w are called weights and b the bias.

# %% [markdown]
# ## Setup

# %%
from lessons.logistic_regression import check, figures
from lessons.logistic_regression.loss import binary_cross_entropy
from lessons.logistic_regression.roc import area_under_curve, roc_curve
from lessons.logistic_regression.threshold import ThresholdExplorer
from utils import board, data, metrics, neurons, plots, regression

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

plots.style()

# %% [markdown]
# ## 1. A line through zeros and ones
#
# Lesson {linear_regression} predicted a height in centimeters. Bekkouch's next question is: **can you predict the *type* of
# height, short or tall, from the weight?** Call everybody above 170 cm tall, label 1, and everybody else
# short, label 0. (The people are simulated; lesson {linear_regression} says how.)

# %%
people = data.heights_and_weights()
x, tall = people.weight[:300], (people.height[:300] > 170).astype(int)
few, few_tall = x[:30], tall[:30]

assert 0.4 < tall.mean() < 0.5

# %% [markdown]
# Between 40 and 50 of 100 are tall. The laziest idea: you can fit a line, so fit one to the labels, and say
# "tall" where it is above one half. Take 30 people, so that you can see each.

# %%
slope, intercept = regression.least_squares(few, few_tall)
boundary = (0.5 - intercept) / slope

assert regression.predict([60], slope, intercept) < 0
assert regression.predict([120], slope, intercept) > 1
assert round(boundary) == 90
round(float(boundary), 1)

# %% [markdown]
# At 90 kg the line says one half. At 60 kg it says less than 0, at 120 kg more than 1: whatever these
# numbers are, they are no probabilities.
#
# ### Predict: one more person
#
# Somebody of 180 kg joins, and is tall. The line had expected that: it said "tall", and was right. Does the
# boundary at 90 kg move?

# %%
more, more_tall = np.append(few, 180), np.append(few_tall, 1)
slope_more, intercept_more = regression.least_squares(more, more_tall)
lines = {
    "line through 30 people": lambda kg: slope * kg + intercept,
    "with the person of 180 kg": lambda kg: slope_more * kg + intercept_more,
}
mistakes = {name: int(((line(few) > 0.5) != few_tall).sum()) for name, line in lines.items()}

assert 180 * slope + intercept > 2
assert round((0.5 - intercept_more) / slope_more) == 97
assert list(mistakes.values()) == [5, 7]
mistakes

# %%
figures.labels_and_curves(few, few_tall, lines, far=180)

# %% [markdown]
# It moves to 97 kg, and of the first 30 people the line now gets seven wrong instead of five. A person who
# was classified rightly has made the classifier worse.
#
# You see why. At 180 kg the old line says more than 2, the squared error punishes it for being *too*
# right, and the line bows down to the star.

# %% [markdown]
# We need a curve that stays between 0 and 1.

# %% [markdown] tags=["notes"]
# **4 minutes.** Take hands before the prediction: "moves" or "stays"? Most say it stays, "because the line
# was right". Let the picture answer. Then ask: "What exactly is the line punished for?" Wait for "for
# saying more than 2 where the truth is 1". Write *too right* on the board: cross-entropy will not know such
# a thing.

# %% [markdown]
# ## 2. The sigmoid
#
# A probability lives between 0 and 1. A line lives everywhere. Two steps lead from one to the other:
#
# - The **odds** $p/(1-p)$ run from 0 to infinity. A probability of 0.8 is odds of 4: four times to one.
# - Their logarithm, the **logit** $z = \log\frac{p}{1-p}$, runs over all numbers. Even odds are $z = 0$.
#
# So let the line predict the *logit*, $z = w\,x + b$, and go back. From $z$ the odds are $e^z$, and a
# probability is odds over one plus odds. That way back is the **sigmoid**:
#
# $$p = \sigma(z) = \frac{e^z}{1 + e^z} = \frac{1}{1 + e^{-z}}$$
#
# With a pencil: $z = 2$ means odds of $e^2 \approx 7.39$, so $p = 7.39 / 8.39 \approx 0.881$. And $z = -2$?
# The odds turn over, 1 to 7.39, so $p = 1 - 0.881 = 0.119$.

# %%
np.testing.assert_allclose(neurons.sigmoid([-2, 0, 2]), [0.119, 0.5, 0.881], atol=0.0005)
figures.sigmoid()

# %% [markdown]
# Near 0 it is almost a line; far out it flattens, and never leaves the range from 0 to 1. A sigmoid wrapped
# around a linear regression: that is all of **logistic regression**.
#
# To *decide*, you need a **threshold**. With 0.5 you say "tall" where $p \ge 0.5$, which is where $z \ge 0$.
# The **decision boundary** is the weight at which $w\,x + b = 0$, so $x = -b/w$.
#
# Here is the sigmoid for the same 30 people. (Section 4 says how its w and b were found.) Now the person of
# 180 kg joins again.


# %%
def curve(weight, label):
    """The fitted probability as a function of weight, and the boundary in kg."""
    mean, spread = weight.mean(), weight.std()
    fit = neurons.logistic_regression((weight - mean)[:, None] / spread, label, rate=2, steps=500)
    w = fit.weights[0] / spread
    b = fit.bias - w * mean
    return (lambda kg: neurons.sigmoid(w * kg + b)), -b / w


s_curve, s_boundary = curve(few, few_tall)
_, s_boundary_more = curve(more, more_tall)

assert round(s_boundary) == 90 and s_curve(180) > 0.9999
assert abs(s_boundary_more - s_boundary) < 0.01
round(float(s_boundary), 2), round(float(s_boundary_more), 2)

# %% [markdown]
# The boundary stays at 90 kg, to within 10 grams. At 180 kg the sigmoid had said "tall" with more than
# 99.99 % already, so there is next to nothing to correct.

# %%
line = lines["line through 30 people"]
figures.labels_and_curves(few, few_tall, {"line": line, "sigmoid of a line": s_curve})

# %% [markdown]
# ### A number too large
#
# The formula on paper and the formula in a computer are two things. Ask for $z = 1000$, which can happen as
# soon as somebody forgets to scale an input.

# %%
z = np.array([-1000.0, 0.0, 1000.0])

with np.errstate(over="ignore", invalid="ignore"):  # NumPy would warn, and rightly
    naive = np.exp(z) / (1 + np.exp(z))

assert np.isnan(naive[2])
### BEGIN HIDDEN TESTS
with np.errstate(over="ignore"):
    assert np.exp(709.0) < np.inf and np.exp(710.0) == np.inf
    assert (1 / (1 + np.exp(-z))).tolist() == [0, 0.5, 1]
### END HIDDEN TESTS
naive

# %% [markdown]
# The last one should be 1, and is **NaN**: not a number. $e^{1000}$ is larger than any 64-bit number can
# be, so it becomes infinite, and infinity over infinity has no value. Beyond $e^{709}$ it
# happens. The other form, $1/(1+e^{-z})$, gets the values right, and overflows all the same at $z = -1000$.
#
# ### Your turn 1: a sigmoid that does not overflow
#
# Write it for any $z$: a number or an array of any shape, ±1000 included, with no overflow on the way. The
# idea: $e^{-|z|}$ lies between 0 and 1 and never overflows. For $z \ge 0$ the sigmoid is
# $1/(1+e^{-|z|})$. For $z < 0$ it is one minus that, or $e^{-|z|}/(1+e^{-|z|})$. `np.where` chooses between
# two arrays.


# %% tags=["exercise"]
def sigmoid(z):
    """1 / (1 + exp(-z)), for any z."""
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)
    ### END SOLUTION


# %%
check.sigmoid(sigmoid)

# %% [markdown] tags=["notes"]
# **8 minutes**, four of them for the exercise. Do odds by voice: "Four to one: which probability?" (0.8.)
# "Even odds?" (0.5.) "What is the logit of 0.2, if that of 0.8 is 1.39?" (−1.39.)
#
# Wrong answers that will come in the exercise: `if z >= 0` (an array has no single truth value: the message
# says so, and `np.where` is the cure); `np.where(z >= 0, 1/(1+np.exp(-z)), np.exp(z)/(1+np.exp(z)))`: right
# values, but `np.where` computes *both* sides, so it overflows all the same. The check catches that, and
# `np.errstate` around it, too: ask what that cures (the warning, not the overflow). `np.clip(z, -700, 700)`
# first is accepted; ask what it costs (at $z = -1000$ about $10^{-304}$ in place of 0).

# %% [markdown]
# ## 3. How surprised are you?
#
# Which w and b are good? A good model is **seldom surprised** by what happens. If it said $p = 0.9$ and the
# person is tall: hardly a surprise. If it said 0.01 and the person is tall: quite one. Measure surprise by
# $-\log$ of the probability that the model gave to what happened, with the natural logarithm.

# %%
said_tall = np.array([0.99, 0.9, 0.5, 0.1, 0.01])
surprise = -np.log(said_tall)

np.testing.assert_allclose(surprise, [0.01, 0.11, 0.69, 2.3, 4.61], atol=0.006)
surprise.round(2)

# %% [markdown]
# Certain and right costs next to nothing, a coin toss 0.69. Each step toward "sure, and wrong" costs more.
# For label 1 the probability of what happened is $p$, for label 0 it is $1-p$. One formula says both, since
# one of its terms is always zero, and its mean over all examples is the **binary cross-entropy**:
#
# $$L = -\frac1n \sum \big[\, y \log p + (1-y)\log(1-p) \,\big]$$
#
# With a pencil: labels 1, 0, 1 and probabilities 0.9, 0.2, 0.5. The surprises are $-\log 0.9 = 0.105$,
# $-\log 0.8 = 0.223$ and $-\log 0.5 = 0.693$; their mean is 0.34.

# %%
y, p = np.array([1, 0, 1]), np.array([0.9, 0.2, 0.5])
loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

assert round(loss, 2) == 0.34
round(float(loss), 2)

# %% [markdown]
# ### Predict: why not the mean squared error?
#
# It served well in lesson {linear_regression}, and $(p - y)^2$ is small for good predictions and large for bad ones, too. Say
# the label is 1 and the logit is −5, so $p = 0.007$: sure, and wrong. How *steep* is each loss there, along
# $z$? That is how strongly gradient descent will correct. The slope of the sigmoid is $p\,(1-p)$, so by the
# chain rule that of the cross-entropy is $-\frac1p \cdot p\,(1-p) = p - 1$, and that of the squared error
# $2\,(p-1)\cdot p\,(1-p)$.

# %%
p_low = neurons.sigmoid(-5)
slope_entropy = p_low - 1
slope_squared = 2 * (p_low - 1) * p_low * (1 - p_low)

assert round(p_low, 3) == 0.007 and round(slope_entropy, 3) == -0.993
assert round(slope_squared, 3) == -0.013 and slope_entropy / slope_squared > 70
{
    "cross-entropy": round(float(slope_entropy), 3),
    "squared error": round(float(slope_squared), 3),
}

# %%
figures.surprise()

# %% [markdown]
# −0.993 against −0.013: more than 70 times as strong. Where the model is most wrong, the squared error
# falls asleep.
#
# In the gray on the left the model is sure, and wrong. There the cross-entropy climbs on, and the squared
# error has a plateau. On the right you see that the slope of the cross-entropy only rises: the curve bends
# upward everywhere, it is **convex**, a single valley. The slope of the squared error falls before it
# rises.

# %% [markdown]
# Does it matter on data? Start both on the 300 people from $w = -8$: "heavier means shorter, and I am sure
# of it". Two hundred steps each, at the same rate. As in lesson {linear_regression} the kilograms are standardized first.
# (There the result was called z; here $z$ is the logit.)

# %%
scaled = (x - x.mean()) / x.std()


def walk(loss):
    """The w that 200 steps reach from -8."""
    w, b = -8.0, 0.0
    for _ in range(200):
        p = neurons.sigmoid(w * scaled + b)
        along_z = (p - tall) * (1 if loss == "cross-entropy" else 2 * p * (1 - p))
        w, b = w - np.mean(along_z * scaled), b - np.mean(along_z)
    return round(float(w), 1)


reached = {loss: walk(loss) for loss in ("cross-entropy", "squared error")}

assert reached["cross-entropy"] > 1.8
assert reached["squared error"] < -4
reached

# %% [markdown]
# These are the two $w$. Cross-entropy has turned around and arrived, as section 4 will confirm. The squared
# error still believes that heavy people are short.
#
# ### Your turn 2: the mean surprise
#
# Write the binary cross-entropy of labels $y$ and **logits** $z$ (not probabilities). Why logits? At
# $z = -1000$ the probability is 0 to the computer, and $\log 0$ is infinite; but the surprise of a label 1
# is about 1000, a harmless number. Put the sigmoid into the surprise, and it becomes $\log(1 + e^{-z})$ for
# label 1 and $\log(1 + e^{z})$ for label 0. NumPy has a function that never overflows: `np.logaddexp(0, t)`
# is $\log(1 + e^t)$. With a pencil: `y = [1, 0]` and `z = [0, 0]` give $\log 2 = 0.693$.


# %% tags=["exercise"]
def cross_entropy(y, z):
    """Mean binary cross-entropy of labels y, 0 and 1, and logits z."""
    ### BEGIN SOLUTION
    return np.mean(np.logaddexp(0, np.where(y == 1, -z, z)))
    ### END SOLUTION


# %%
check.cross_entropy(cross_entropy)

# %% [markdown]
# ### Question 1
#
# For one person in a million, a model says $p = 0$, exactly. That person is tall. What is the model's mean
# cross-entropy over the million?
#
# - **A.** About one millionth.
# - **B.** Infinite.
# - **C.** Small, if the other answers are good.
#
# <details><summary>Answer</summary>
#
# **B.** The surprise is $-\log 0 = \infty$, and no number of good answers makes the mean finite. "Impossible"
# is a promise that one counterexample breaks. A sigmoid never makes it: on paper $p$ is never exactly 0.
#
# - "About one millionth." That would be one *mistake* in a million: the error rate, not the surprise.
# - "Small, if the others are good." True of the squared error, where one example costs 1 at most.
#
# </details>

# %% [markdown] tags=["notes"]
# **8 minutes.** Play it: "I say it rains tomorrow with 99 %. It does not. How surprised are you? And had I
# said 60 %?" Then the pencil sum. Ask why the logarithm and not, say, $1 - p$: surprises of independent
# events should add up where probabilities multiply, and only the logarithm does that.
#
# Wrong answers that will come: base 2 (that is bits; ask for nats), the sum instead of the mean, the minus
# lost, $\log p$ for the zeros as well. In the exercise many compute p first, and get NaN or infinity in the
# last cases. Those who clip p get 34.5 where 1000 is right: ask what gradient a clipped loss has (none).

# %% [markdown]
# ## 4. Learning w and b
#
# For a label 1 the slope along $z$ was $p - 1$. For a label 0 it is $p$; so it is $p - y$ for both. Along
# $w$ the chain rule adds the factor $x$:
#
# $$\frac{\partial L}{\partial w} = \frac1n\sum (p - y)\,x
# \qquad
# \frac{\partial L}{\partial b} = \frac1n\sum (p - y)$$
#
# Compare with lesson {linear_regression}: prediction minus truth, times the input. **The same form as linear regression.** The
# slope of the sigmoid and that of the logarithm cancel; that is why the two belong together.
#
# Never trust a slope on paper. Nudge w and b a little, and look how much the loss really changes.


# %%
def loss_at(w, b):
    return binary_cross_entropy(tall, w * scaled + b)


nudge = 1e-5
along_w = (loss_at(0.7 + nudge, -0.2) - loss_at(0.7 - nudge, -0.2)) / (2 * nudge)
along_b = (loss_at(0.7, -0.2 + nudge) - loss_at(0.7, -0.2 - nudge)) / (2 * nudge)
error = neurons.sigmoid(0.7 * scaled - 0.2) - tall
on_paper = np.mean(error * scaled), np.mean(error)

np.testing.assert_allclose([along_w, along_b], on_paper, atol=1e-8)
np.column_stack([[along_w, along_b], on_paper]).round(6)

# %% [markdown]
# The formulas hold. Unlike in lesson {linear_regression} there is none for the best w and b themselves, so we walk: start at
# zero, and take 120 steps with the learning rate 1.


# %%
def descend(steps, rate=1.0):
    """(w, b) before the first step and after every step, and as many losses."""
    path, losses = [(0.0, 0.0)], [loss_at(0, 0)]
    for _ in range(steps):
        w, b = path[-1]
        error = neurons.sigmoid(w * scaled + b) - tall
        path.append((w - rate * np.mean(error * scaled), b - rate * np.mean(error)))
        losses.append(loss_at(*path[-1]))
    return np.array(path), np.array(losses)


path, losses = descend(120)
w, b = path[-1]

assert np.all(np.diff(losses) <= 0) and round(losses[0], 3) == 0.693
### BEGIN HIDDEN TESTS
in_utils = neurons.logistic_regression(scaled[:, None], tall, rate=1.0, steps=120)
np.testing.assert_allclose([*in_utils.weights, in_utils.bias], path[-1], atol=1e-9)
for g in np.array_split(np.argsort(scaled), 8):  # from the lightest eighth to the heaviest
    assert abs(tall[g].mean() - neurons.sigmoid(w * scaled[g].mean() + b)) < 0.1
### END HIDDEN TESTS
figures.logistic_descent(scaled, tall, path, losses, (0, 1, 5, 120))

# %% [markdown]
# It begins by saying 0.5 to everybody: a coin, with the loss $\log 2 = 0.693$. In the end it passes within
# 0.1 of every square. A square is the share of tall people in an eighth of all, from the lightest to the
# heaviest; yet the curve has never seen a share, only zeros and ones.
#
# What does scikit-learn get? By default it keeps w small with a penalty, which lesson {regularization} is about. `C=np.inf`
# switches that off.

# %% tags=["measured"]
library = LogisticRegression(C=np.inf, tol=1e-8).fit(scaled[:, None], tall)
w_library, b_library = library.coef_[0, 0], library.intercept_[0]

np.testing.assert_allclose([w, b], [w_library, b_library], atol=5e-4)
np.column_stack([[w, b], [w_library, b_library]]).round(4)

# %% [markdown]
# The same, to within half a thousandth. `neurons.logistic_regression` in the course's `utils` is this loop
# for any number of inputs. Back in kilograms:

# %%
per_kg = w / x.std()
boundary_of_all = x.mean() - b / per_kg
ten_kg = np.exp(10 * per_kg)

assert round(boundary_of_all) == 84
assert 3.9 < ten_kg < 4.1
round(float(boundary_of_all), 1), round(float(ten_kg), 1)

# %% [markdown]
# The boundary lies at 84 kg. And w has a meaning: with every 10 kg more, the **odds** of being tall are
# four times as high. Now the 70 kg of lesson {linear_regression}, and people it has never seen: twenty groups, for each a
# fit to 300 people and a test on 100 others.

# %%
hits, lazy, at_70 = [], [], []
for seed in range(20):
    group = data.heights_and_weights(seed=seed)
    label, kg = (group.height > 170).astype(int), group.weight
    says, _ = curve(kg[:300], label[:300])
    hits.append(np.mean((says(kg[300:]) >= 0.5) == label[300:]))
    lazy.append(max(label[300:].mean(), 1 - label[300:].mean()))
    at_70.append(says(70))

assert round(min(hits), 2) == 0.65 and round(max(hits), 2) == 0.83
assert np.mean(lazy) < 0.6
assert min(at_70) > 0.13 and max(at_70) < 0.24
{"right": round(float(np.mean(hits)), 2), "lazy": round(float(np.mean(lazy)), 2)}

# %% [markdown]
# Right in 65 to 83 of 100 new people, 72 on average. Saying the more frequent label to everybody is right in
# fewer than 60 on average. For 70 kg the twenty fits said between 13 % and 24 %: **a probability that a model
# states is an estimate, too**.
#
# ### Two inputs: the boundary is a line
#
# Real data now: 569 breast tumors, whose cell nuclei were measured under the microscope. Malignant is the
# class one looks for, so it gets label 1. We take the mean radius of the nuclei and their mean texture (how
# much the gray varies). Two inputs need two slopes, $z = w_1 x_1 + w_2 x_2 + b$, and $z = 0$ is a straight
# line in the plane. From here on the $w$ are called **weights**, and $b$ the **bias**.

# %% tags=["measured"]
tumors = load_breast_cancer()
X, malignant = tumors.data[:, :2], (tumors.target == 0).astype(int)
mean, spread = X.mean(axis=0), X.std(axis=0)
ours = neurons.logistic_regression((X - mean) / spread, malignant, rate=2, steps=1000)
theirs = LogisticRegression(C=np.inf, tol=1e-8).fit((X - mean) / spread, malignant)

assert (len(malignant), malignant.sum()) == (569, 212)
np.testing.assert_allclose(ours.weights, theirs.coef_[0], atol=1e-3)
np.testing.assert_allclose(ours.bias, theirs.intercept_[0], atol=1e-3)
np.column_stack([[*ours.weights, ours.bias], [*theirs.coef_[0], *theirs.intercept_]]).round(3)

# %%
weights = ours.weights / spread
bias = ours.bias - weights @ mean

assert np.mean((X @ weights + bias >= 0) == malignant) > 0.85
figures.boundary(
    X, malignant, weights, bias, ("mean radius", "mean texture"), ("benign", "malignant")
)

# %% [markdown]
# The same loop, the same agreement, and more than 85 % of these tumors on the right side. Along each line
# the probability is one and the same. The lines are parallel: **another threshold moves the boundary, and
# never turns it**. Keep this picture in mind.
#
# The table has 30 columns. What if you take them all, with the penalty and without?

# %% tags=["measured"]
every = (tumors.data - tumors.data.mean(axis=0)) / tumors.data.std(axis=0)
free = LogisticRegression(C=np.inf, max_iter=10_000).fit(every, malignant)
tame = LogisticRegression().fit(every, malignant)

assert free.score(every, malignant) == 1
assert np.abs(free.coef_).max() > 1000 and np.abs(tame.coef_).max() < 2
{
    "without": round(float(np.abs(free.coef_).max()), 1),
    "with the penalty": round(float(np.abs(tame.coef_).max()), 1),
}

# %% [markdown]
# Without the penalty it makes no mistake on the tumors that it learned from, and its largest weight is
# above 1000; with it, below 2. If a flat boundary separates the classes, **there are no best weights**:
# double them all, and the model is surer, and less surprised. Only the solver's patience ends the climb. So
# leave the penalty on unless you know why not.

# %% [markdown] tags=["notes"]
# **7 minutes**, two of them for the tumors. Put both gradients on the board, lesson {linear_regression}'s and this one,
# under each other; let the room find the difference (only what "prediction" means; and a factor 2 that came
# from the square). Ask: "Why is there no formula?" Set the gradient to zero: p depends on w through an
# exponential, and nobody can solve for w.
#
# Misreading to expect: "w = 1.9 means that a spread more of weight raises the probability by 1.9". Logits
# add, odds multiply, probabilities do neither.
#
# With the 30 columns ask: "No mistake: are we glad?" These are the tumors it learned from, so nothing
# follows for new ones; and it now says 0 % or 100 % to nearly everybody.

# %% [markdown]
# ## 5. Four ways of being right or wrong
#
# Now the program from the beginning. It reads handwritten digits, 64 gray pixels each, and answers one
# question: **is it an 8?** We keep only 70 of the 174 eights, so that they are rare, as illness is among
# people who come to be screened. A third of the digits is for training, a third for validation, a third for
# the test.

# %%
digits = data.digits()
ink, eight = digits.images.reshape(-1, 64) / 16, (digits.labels == 8).astype(int)
assert eight.sum() == 174


def split(seed):
    """Indices of training, validation and test digits, with 70 eights among them all."""
    some = np.random.default_rng(seed).permutation(np.flatnonzero(eight))[:70]
    chosen = np.append(np.flatnonzero(eight == 0), some)
    rest, test = train_test_split(
        chosen, test_size=1 / 3, stratify=eight[chosen], random_state=seed
    )
    train, validation = train_test_split(
        rest, test_size=1 / 2, stratify=eight[rest], random_state=seed
    )
    return train, validation, test


# %%
train, validation, test = split(seed=2)
model = neurons.logistic_regression(ink[train], eight[train], rate=1.0, steps=500)
logits = ink @ model.weights + model.bias
y_v, p_v = eight[validation], neurons.sigmoid(logits[validation])
right = np.mean((p_v >= 0.5) == y_v)

assert len(model.weights) == 64 and y_v.sum() == 23
assert 0.96 < right < 0.98
round(float(right), 2)

# %% [markdown]
# Right in 97 of 100 validation digits, with 64 weights and a bias. This share is the **accuracy**.
#
# ### Predict: how good is "no"?
#
# Here is another program. It looks at nothing and always answers "not an 8". In how many of 100 is *it*
# right?

# %%
always_no = np.mean(y_v == 0)

assert round(always_no, 2) == 0.96
round(float(always_no), 2)

# %% [markdown]
# In 96. Where the thing you look for is rare, **accuracy rewards not looking**.

# %% [markdown]
# Count in four boxes instead: the **confusion matrix**. *Positive* means that the model said 8; *true* and
# *false*, whether it was right to.
#
# | | the model said: no | the model said: 8 |
# |:--|:--|:--|
# | **it was no 8** | true negative, TN | false positive, FP: a false alarm |
# | **it was an 8** | false negative, FN: a miss | true positive, TP |

# %%
said = p_v >= 0.5
tp, fp = np.sum(said & (y_v == 1)), np.sum(said & (y_v == 0))
fn, tn = np.sum(~said & (y_v == 1)), np.sum(~said & (y_v == 0))

assert metrics.confusion_counts(y_v, said) == (tp, fp, fn, tn)
assert (fn, tn) == (14, 539) and fn > tp
assert right == (tp + tn) / (tp + tn + fp + fn)
int(tp), int(fp), int(fn), int(tn)

# %% [markdown]
# There it is: the program misses more 8s than it finds. Accuracy is $(TP + TN)$ over all four, and the 539
# drown the 14. In the figure, every digit is a dot at its logit. What lies in the gray, right of the
# threshold, is called an 8.

# %%
figures.thresholds(logits[validation], y_v, [0.5], ("not an 8", "8"))

# %% [markdown]
# Two questions deserve a number each, and they divide by different things:
#
# $$\text{precision} = \frac{TP}{TP + FP} \qquad\qquad \text{recall} = \frac{TP}{TP + FN}$$
#
# - **Precision**: of all that were *called* 8, how many are? Can I trust an alarm?
# - **Recall**: of all that *are* 8, how many were found? What slips through?
#
# One number for both is **F1**, their harmonic mean. With $P$ for precision and $R$ for recall,
#
# $$F_1 = \frac{2PR}{P + R}$$
#
# It lies near the smaller of the two: a program with precision 1 that finds 1 of 50 has an F1 of 0.04,
# where the ordinary mean would be a flattering 0.51.

# %%
lonely = metrics.Counts(tp=1, fp=0, fn=49, tn=50)
found = metrics.recall(lonely)

assert metrics.precision(lonely) == 1
assert round(metrics.f1(lonely), 2) == 0.04 and round((1 + found) / 2, 2) == 0.51
{"F1": round(metrics.f1(lonely), 2), "ordinary mean": round((1 + found) / 2, 2)}

# %% [markdown]
# ### Check a slide
#
# Chammami's slide has these three formulas, and they are right. Beside them it says in words that precision
# is taken "out of all actual values" and recall "from all the predicted values". Read the two denominators
# above once more. What do you notice? Decide, then run.

# %%
all_actual_eights, all_predicted_eights = y_v.sum(), said.sum()
counts = metrics.confusion_counts(y_v, said)

assert metrics.precision(counts) == tp / all_predicted_eights
assert metrics.recall(counts) == tp / all_actual_eights
assert round(tp / all_actual_eights, 1) == 0.4 and round(tp / all_predicted_eights, 1) == 0.8
{
    "precision": round(metrics.precision(counts), 2),
    "TP / all predicted eights": round(float(tp / all_predicted_eights), 2),
    "recall": round(metrics.recall(counts), 2),
    "TP / all actual eights": round(float(tp / all_actual_eights), 2),
}

# %% [markdown]
# **The two sentences are swapped.** $TP + FP$ are all *predicted* eights, and that is precision; $TP + FN$
# are all *actual* eights, and that is recall. Here it matters: precision is 0.8 and recall 0.4. A reader of
# the words alone would take the 0.8 for the share of eights that are found.
#
# ### Your turn 3: precision, recall, F1
#
# Write all three from the four counts. Where there is nothing to divide by (nothing was called positive, or
# nothing is positive), count the result as 0; this is a convention, and scikit-learn has it, too. With a
# pencil: 12 TP, 3 FP and 11 FN give $12/15 = 0.8$, $12/23 = 0.52$ and F1 $= 0.63$.


# %% tags=["exercise"]
def precision_recall_f1(tp, fp, fn, tn):
    """Precision, recall and F1, in this order, each 0 where there is nothing to divide by."""
    ### BEGIN SOLUTION
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0
    ### END SOLUTION


# %%
check.precision_recall_f1(precision_recall_f1)

# %% [markdown]
# ### Question 2
#
# A test for an illness that 1 in 1000 has is right in 99.9 % of all people. Should a hospital buy it?
#
# - **A.** Yes: one mistake in 1000 is excellent.
# - **B.** No: 99.9 % is too low for a hospital.
# - **C.** You cannot tell from this number.
#
# <details><summary>Answer</summary>
#
# **C.** A sheet of paper with the word "healthy" on it is right in 99.9 %, too. Ask for recall (whom does it
# miss?) and precision (how many of those who are sent on are ill?).
#
# - "Yes: one mistake in 1000." That one may be the only sick person among them.
# - "No: too low." A test with many false alarms can be less accurate than the sheet of paper, and save
#   every patient.
#
# </details>

# %% [markdown] tags=["notes"]
# **8 minutes**, three of them for the exercise. Repeat the vote from the beginning before the cell
# `always_no`. Then put the table on the board and let the room fill in the counts. A way to keep the names
# apart: the second word is what the *program said*, the first whether it was *right*. Warn of the order:
# scikit-learn's `confusion_matrix` is laid out as our table, rows what it was, with 0 before 1; other books
# turn it around.
#
# The slide: give them a minute in pairs; somebody always says "the formulas are wrong". They are right; ask
# for the denominators in words. Then a mnemonic: **p**recision is about what was **p**redicted, **re**call
# about what is **re**ally there.
#
# Why the harmonic mean? Ask for the mean of 1 and 0.02 that nobody can buy with one good number.
#
# In the exercise many add `1e-9` to a denominator: accepted, it changes nothing that one can see.

# %% [markdown]
# ## 6. Moving the threshold
#
# Nobody has to decide at 0.5. The probabilities stay as they are, nothing is trained again; only the line
# between "no" and "8" moves.
#
# ### Predict: from 0.5 down to 0.1
#
# What happens to recall, to precision, to accuracy? Up, down, or can you not tell?

# %%
cuts = (0.5, 0.1, 0.02)
at = [metrics.confusion_counts(y_v, p_v >= cut) for cut in cuts]

assert at[0].tp < at[1].tp < at[2].tp
assert metrics.precision(at[0]) > metrics.precision(at[1]) > metrics.precision(at[2])
assert metrics.accuracy(at[1]) < always_no and at[2].fn == 0 and at[2].fp > 100
figures.thresholds(logits[validation], y_v, cuts, ("not an 8", "8"))

# %% [markdown]
# Recall goes up: whoever was called 8 before still is, and others join. Precision comes down, since most of
# those who join are no eights. And accuracy at 0.1 has fallen *below* that of the program that always says
# no; yet who would prefer that one?

# %% [markdown]
# Take the threshold into your hand (click the slider, then use the arrow keys). Find out:
#
# - Where are precision and recall about equal?
# - How many false alarms does it cost to find 20 of the 23? To find all?
# - At which threshold is F1 best? Accuracy is best at two; what differs between them?
# - What happens at 1, and at 0?

# %%
ThresholdExplorer(logits[validation], y_v, ("not an 8", "8"))

# %% [markdown]
# The diamond walks along the **ROC curve** (*receiver operating characteristic*; the name comes from
# radar). For every threshold it shows recall over the **false positive rate**, the share of the others that
# raise a false alarm. Bottom left is "always no", top right "always 8", and the corner top left would be
# perfect. The **area** below it judges the model without any threshold.

# %%
roc = roc_curve(y_v, p_v)
area = area_under_curve(roc.false_positive_rate, roc.true_positive_rate)
false_alarms = [counts.fp / (counts.fp + counts.tn) for counts in at]
recalls = [metrics.recall(counts) for counts in at]
points = dict(zip(map(str, cuts), zip(false_alarms, recalls, strict=True), strict=True))

figures.roc(roc, area, points)

# %% [markdown]
# The area has a meaning of its own: draw an 8 and another digit at random, and it is the probability that
# the 8 gets the higher score. The next cell compares all pairs, and it is so: 0.98. Guessing has one half.

# %%
pairs = p_v[y_v == 1][:, None] > p_v[y_v == 0]

np.testing.assert_allclose(area, pairs.mean())
assert round(area, 2) == 0.98
{"area": round(area, 5), "pairs in order": round(float(pairs.mean()), 5)}

# %% [markdown]
# ### Which threshold, then?
#
# The one whose mistakes cost least. Suppose a false alarm costs 1 (somebody looks at the digit again), and a
# miss costs 20. The slide calls F1 the best choice when classes are uneven; but F1 does not know your costs.
#
# ### Your turn 4: the cheapest threshold
#
# (Good homework: nothing below needs it.) Given labels, probabilities and both costs, return the threshold
# with the smallest total cost, where `p >= threshold` is called positive. Worth trying are the
# probabilities themselves, since nothing changes between them, **and one above them all** (`np.inf`, which
# calls nobody positive). For `y = [0, 0, 1, 0, 1]`, `p = [0.1, 0.3, 0.35, 0.6, 0.8]`, an alarm at 1 and a
# miss at 5, it is 0.35: one false alarm, no miss.


# %% tags=["exercise"]
def cheapest_threshold(y, p, alarm, miss):
    """The threshold of the smallest total cost: alarm for a false positive, miss for a false negative."""

    ### BEGIN SOLUTION
    def cost(threshold):
        called = p >= threshold
        return alarm * np.sum(called & (y == 0)) + miss * np.sum(~called & (y == 1))

    return min([*p, np.inf], key=cost)
    ### END SOLUTION


# %%
check.cheapest_threshold(cheapest_threshold)


# %% [markdown]
# Now for the eights. The validation data choose; they may, since the test data have not been touched.


# %%
def cost(labels, probabilities, threshold):
    counts = metrics.confusion_counts(labels, probabilities >= threshold)
    return counts.fp + 20 * counts.fn


tried = np.append(np.unique(p_v), 1)  # at 1 nobody is called 8
total = np.array([cost(y_v, p_v, threshold) for threshold in tried])
chosen = tried[total.argmin()]
f1s = [metrics.f1(metrics.confusion_counts(y_v, p_v >= threshold)) for threshold in tried]
best_f1 = tried[np.argmax(f1s)]

assert 0.05 < chosen < 0.1 < 0.2 < best_f1
assert total.min() < cost(y_v, p_v, 0.5) / 3
{"cheapest": round(float(chosen), 3), "best F1": round(float(best_f1), 3)}

# %%
figures.costs(tried, total, chosen)

# %% [markdown]
# The cheapest threshold lies between 0.05 and 0.1. The habit 0.5 costs more than three times as much, and the
# threshold of the best F1, above 0.2, is another one still.
#
# Then, once, the test. One split could be luck, so do everything ten times: other eights, other thirds,
# another fit, the threshold chosen on validation, the report from the test.


# %%
def trial(seed):
    """The cost that validation promised; cost, accuracy, recall on the test: at 0.5, as chosen."""
    train, validation, test = split(seed)
    fit = neurons.logistic_regression(ink[train], eight[train], rate=1.0, steps=500)
    p = neurons.sigmoid(ink @ fit.weights + fit.bias)
    candidates = np.append(np.unique(p[validation]), 1)
    expected = [cost(eight[validation], p[validation], threshold) for threshold in candidates]
    row = [min(expected)]
    for threshold in (0.5, candidates[np.argmin(expected)]):
        counts = metrics.confusion_counts(eight[test], p[test] >= threshold)
        row += [counts.fp + 20 * counts.fn, metrics.accuracy(counts), metrics.recall(counts)]
    return row


report = np.array([trial(seed) for seed in range(10)])
report.round(2)

# %% [markdown]
# Ten rows: the cost that validation promised; then cost, accuracy and recall on the test, at 0.5 and at the
# threshold that was chosen.

# %%
hoped, cost_half, accuracy_half, recall_half, cost_best, accuracy_best, recall_best = report.T

assert accuracy_half.min() > 0.965 and accuracy_half.max() < 0.985
assert round(recall_half.min(), 2) == 0.3 and round(recall_half.max(), 2) == 0.52
assert recall_best.min() > 0.65 and accuracy_best.mean() < always_no
assert (cost_best < cost_half).all() and cost_half.mean() > 2 * cost_best.mean()
assert hoped.mean() < 0.75 * cost_best.mean()
{
    "promised": round(float(hoped.mean())),
    "chosen": round(float(cost_best.mean())),
    "at 0.5": round(float(cost_half.mean())),
}

# %% [markdown]
# - At 0.5 every one of the ten programs has an accuracy of 97 or 98 %, and finds 30 to 52 % of the eights.
# - With the chosen threshold each finds more than 65 %, and each costs less; on average less than half.
# - Their mean accuracy then is *lower than that of always saying no*. So much for accuracy.
# - The cost that the validation data promised was too good to be true: on the test it is higher, on average
#   by a third and more. The threshold was chosen to fit those digits. **That is what the test data are
#   for.**
#
# ### Question 3
#
# You lower the threshold. Which of these **cannot** happen?
#
# - **A.** Recall falls.
# - **B.** Precision rises.
# - **C.** Accuracy rises.
#
# <details><summary>Answer</summary>
#
# **A.** A lower threshold only adds to what is called positive. True positives stay, so recall stays or
# rises.
#
# - "Precision rises" can happen: if the next example that joins is a true positive, TP and TP + FP both grow
#   by one. In the explorer, precision wobbles on its way down.
# - "Accuracy rises" can happen, too: each true positive that joins is one mistake less. From 0.5 down
#   to 0.35 you can see it.
#
# </details>
#
# ### Challenge
#
# Find a real screening test with published counts (mammograms, airport scanners, spam filters). Fill in its
# four boxes, compute precision and recall, and argue where its threshold should be and who should choose it.
# Whose costs count? There is no single answer.

# %% [markdown] tags=["notes"]
# **8 minutes**, three of them at the slider. Give each row of the room one of the four questions above it.
# The answers: about 0.25 (0.68 and 0.65). Thirty false alarms at 0.1 for 20 eights, about a hundred at 0.03
# for all 23. F1 is best at 0.2. Accuracy is best at 0.2 and at 0.35, by the same 551 right answers: once
# with 18 eights found, once with 12; accuracy cannot tell the two apart. At 1 the program says no to
# everything (precision is 0 by convention), at 0 it says 8 to everything (recall 1, precision 0.04: the
# share of eights).
#
# Your turn 4 is homework; read its two sentences aloud, so that the next figure has a meaning.
#
# Ask before the last table: "May we now pick the threshold that is cheapest on the *test* data?" Somebody
# will say yes, "it is the best one". Then the number is a hope, not a report: point at the line where
# validation promised less than the test charged.
#
# ROC curves flatter where positives are rare: 1 % false alarms among 541 digits is 5, among a million
# people it is ten thousand letters. If somebody asks, that is why people draw precision over recall as
# well.
#
# Somebody may know the rule "alarm / (alarm + miss)": 1/21, about 0.05, is the cheapest threshold if the
# probabilities are exact. Ours lies a little higher; the probabilities are estimates, and so is the choice.
#
# The challenge as homework: two pages, one table. The discussion of who bears which cost is the point.

# %% [markdown]
# ## What you can do now
#
# - **Explain** what is wrong with a line through labels: it leaves 0 to 1, and bows to those it gets too
#   right. The sigmoid turns a logit into a probability.
# - **Compute** odds, logits and surprises with a pencil; cross-entropy is the mean surprise.
# - **Build** logistic regression from NumPy alone: the gradient is $(p - y)\,x$, as for a line, and
#   scikit-learn agrees.
# - **Judge** a classifier by two questions: can I trust an alarm (precision), and what slips through
#   (recall)?
# - **Choose** the threshold by what mistakes cost, on validation data, and report on test data.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("logistic_regression")

# %% [markdown]
# ## Common mistakes
#
# - `np.exp` of a large number: infinity, then NaN. Compute losses from logits.
# - The mean squared error on probabilities: it falls asleep where the model is most wrong.
# - "97 % accuracy" without asking how good "always no" is.
# - No penalty on data that a flat boundary separates: the weights grow as long as you let them.
# - Precision and recall swapped: *predicted* belongs to precision, *really there* to recall.
# - 0.5 out of habit; or a threshold chosen on the test data.
# - Believing $p$ to the last digit: another 300 people would have said something else.
#
# ## Where next
#
# One weighted sum, one sigmoid, one answer: you have built a **neuron**. The next lesson, [04
# Perceptron](perceptron.ipynb), has the older one: a perceptron uses the same update, prediction minus
# truth times input, with a **step** in place of the sigmoid (and what we called the logit is its *net
# sum*). It learns AND and OR mistake by mistake, and there are four points that no single neuron can get
# right.
