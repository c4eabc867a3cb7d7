# %% [markdown]
# # Logistic regression
#
# **A program reads handwriting and looks for one thing among many: an 8. It is right in 97 of 100 cases, and
# it misses more than half of the eights.** Is it a good program? You build it from nothing but NumPy, find out
# where the 97 comes from, and mend it without training it again: you move one number. Whoever looks for a
# tumor on a scan, or a rare bird in pictures of their own, needs that number.
#
# {time} · **You need:** [{linear_regression} Linear regression](linear_regression.ipynb); training,
# validation and test data from [{learning_from_data} Learning from data](learning_from_data.ipynb).
#
# **When you are done, you can**
#
# - **compute** a probability from a logit, a surprise from a probability, and the gradient $(p - y)\,x$
# - **build** logistic regression from nothing but NumPy, and get what scikit-learn gets
# - **judge** a classifier by its confusion matrix, precision and recall where accuracy misleads
# - **choose** a decision threshold by what mistakes cost, and report it on new writers
# - **prevent** numbers too large for a computer (in Going further)
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023), whose
# question opens section 1; Y. Chammami, *Exploring the Power of Conv'Nets*. Tumors and digits come with
# scikit-learn; the people are simulated.

# %% [markdown] tags=["notes"]
# **1 minute.** Read the bold sentences and take a vote: good program or not? Most of the room trusts the 97.
# Ask those who do: "Right in 97 of 100, of what?" Do not answer. Section 5 does, and the vote is worth
# repeating there.
#
# Forty minutes in all? Do Your turn 1 and 3 in class, show the solution of 2, give 4 as homework.

# %% [markdown]
# ## Setup

# %%
from lessons.logistic_regression import check, figures, rates
from lessons.logistic_regression.loss import binary_cross_entropy
from lessons.logistic_regression.roc import area_under_curve, roc_curve
from lessons.logistic_regression.threshold import ThresholdExplorer
from utils import board, data, neurons, plots, regression

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

plots.style()

# %% [markdown]
# ## 1. A line through zeros and ones
#
# Lesson {linear_regression} predicted a height in centimeters. Bekkouch's next question: **can you predict the
# *type* of height, short or tall, from the weight?** Above 170 cm is tall, label 1, the rest short, label 0.

# %% [markdown] tags=["notes"]
# **3 minutes.** Take hands before the prediction: a, b or c? Most say it stays, "because the line was right".
# Let the picture answer. Then ask: "What exactly is the line punished for?" Wait for "for saying more than 2
# where the truth is 1". Write *too right* on the board: cross-entropy will not know such a thing.
#
# Let them change 180 to 120, or `seed=0` to another group of people: how far the boundary moves depends on
# both, that it can move does not.

# %%
people = data.heights_and_weights(seed=0)
x, tall = people.weight[:300], (people.height[:300] > 170).astype(int)
few, few_tall = x[:30], tall[:30]

assert 0.4 < tall.mean() < 0.5
round(float(tall.mean()), 2)

# %% [markdown]
# The laziest idea: fit a line to the labels, and say "tall" where it is above one half. Take 30 people.

# %%
slope, intercept = regression.least_squares(few, few_tall)
boundary = (0.5 - intercept) / slope

assert round(boundary) == 90
assert regression.predict([60], slope, intercept) < 0
assert regression.predict([120], slope, intercept) > 1
regression.predict([60, boundary, 120], slope, intercept).round(2)

# %% [markdown]
# At 90 kg the line says one half. At 60 kg it says less than 0, at 120 kg more than 1: these are no
# probabilities.
#
# ### Predict: one more person
#
# Somebody of 180 kg joins, and is tall, as the line had said. Where does the boundary go?
#
# **a** it stays at 90 kg, **b** to less than 90 kg, **c** to more than 90 kg

# %%
far = 180
more, more_tall = np.append(few, far), np.append(few_tall, 1)
slope_more, intercept_more = regression.least_squares(more, more_tall)
lines = {
    "line through 30 people": lambda kg: slope * kg + intercept,
    "with one person more": lambda kg: slope_more * kg + intercept_more,
}
mistakes = {name: int(np.sum((line(few) > 0.5) != few_tall)) for name, line in lines.items()}

assert 180 * slope + intercept > 2
assert round((0.5 - intercept_more) / slope_more) == 97
assert list(mistakes.values()) == [5, 7]
mistakes

# %%
figures.labels_and_curves(few, few_tall, lines, far=far)

# %% [markdown]
# **c**: it moves to 97 kg, and of the first 30 people the line now gets seven wrong instead of five. At 180 kg
# the first line says more than 2. The squared error punishes it for being *too* right, and the line bows down
# to the star.

# %% [markdown]
# ## 2. The sigmoid
#
# A probability lives between 0 and 1, a line everywhere. Two steps join them:
#
# - The **odds** $p/(1-p)$ run from 0 to infinity. A probability of 0.8 is odds of 4: four times to one.
# - Their logarithm, the **logit** $z = \log\frac{p}{1-p}$, runs over all numbers. Even odds are $z = 0$.
#
# So let the line predict the *logit*, $z = w\,x + b$, and go back. The odds are $e^z$, and a probability is
# odds over one plus odds. That way back is the **sigmoid**:
#
# $$p = \sigma(z) = \frac{e^z}{1 + e^z} = \frac{1}{1 + e^{-z}}$$
#
# With a pencil: $z = 2$ means odds of $e^2 \approx 7.39$, so $p = 7.39 / 8.39 \approx 0.881$. For $z = -2$ the
# odds turn over, 1 to 7.39, so $p = 0.119$.

# %% [markdown] tags=["notes"]
# **3 minutes.** Do odds by voice: "Four to one: which probability?" (0.8.) "Even odds?" (0.5.) "What is the
# logit of 0.2, if that of 0.8 is 1.39?" (−1.39.) Before the last figure of the section: "The person of 180 kg
# joins again. Hands: does the sigmoid bow, too?"

# %%
np.testing.assert_allclose(neurons.sigmoid([-2, 0, 2]), [0.119, 0.5, 0.881], atol=0.0005)
figures.sigmoid()

# %% [markdown]
# A sigmoid around a linear regression: that is all of **logistic regression**. To *decide*, you need a
# **threshold**. With 0.5 you say "tall" where $p \ge 0.5$, which is where $z \ge 0$. The **decision boundary** is
# where $w\,x + b = 0$, so $x = -b/w$.
#
# Here is a sigmoid for the same 30 people (section 4 finds its w and b), without and with the person of
# 180 kg.


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

# %%
line = lines["line through 30 people"]
figures.labels_and_curves(few, few_tall, {"line": line, "sigmoid of a line": s_curve})

# %% [markdown]
# The boundary stays at 90 kg, to within 10 grams. At 180 kg the sigmoid had said "tall" with more than
# 99.99 % already: there is next to nothing to correct.
#
# ## 3. How surprised are you?
#
# Which w and b are good? A good model is **seldom surprised**. If it said $p = 0.9$ and the person is tall:
# hardly a surprise. If it said 0.01: quite one. Measure surprise by $-\log$ of the probability that the model
# gave to what happened, with the natural logarithm.

# %% [markdown] tags=["notes"]
# **4 minutes.** Play it: "I say it rains tomorrow with 99 %. It does not. How surprised are you? And had I
# said 60 %?" Then the pencil sum. Ask why the logarithm and not, say, $1 - p$: surprises of independent
# events should add up where probabilities multiply, and only the logarithm does that.
#
# Wrong answers that will come: base 2 (that is bits; ask for nats), the sum instead of the mean, the minus
# lost, $\log p$ for the zeros as well. Before the two losses are drawn ask: "The label is 1, the logit −5.
# Which loss pulls harder, and how much?" You will hear "twice".

# %%
said_tall = np.array([0.99, 0.9, 0.5, 0.1, 0.01])
surprise = -np.log(said_tall)

np.testing.assert_allclose(surprise, [0.01, 0.11, 0.69, 2.3, 4.61], atol=0.006)
surprise.round(2)

# %% [markdown]
# Sure and right costs little, a coin toss 0.69, sure and wrong a lot. For label 1 the probability
# of what happened is $p$, for label 0 it is $1-p$. One formula says both, since one of its terms is always
# zero. Its mean over all examples is the **binary cross-entropy**:
#
# $$L = -\frac1n \sum \big[\, y \log p + (1-y)\log(1-p) \,\big]$$
#
# With a pencil: labels 1, 0, 1 and probabilities 0.9, 0.2, 0.5. The surprises are $-\log 0.9 = 0.105$,
# $-\log 0.8 = 0.223$ and 0.693; their mean is 0.34.

# %%
y, p = np.array([1, 0, 1]), np.array([0.9, 0.2, 0.5])
loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

assert round(loss, 2) == 0.34
round(float(loss), 2)

# %% [markdown]
# Why not the mean squared error? Say the label is 1 and the logit is −5, so $p = 0.007$: sure, and wrong. How
# *steep* is each loss there, along $z$? That is how strongly gradient descent will correct. The slope of the
# sigmoid is $p\,(1-p)$, so by the chain rule that of the cross-entropy is
# $-\frac1p \cdot p\,(1-p) = p - 1$, and that of the squared error $2\,(p-1)\cdot p\,(1-p)$.

# %%
p_low = neurons.sigmoid(-5)
slope_entropy = p_low - 1
slope_squared = 2 * (p_low - 1) * p_low * (1 - p_low)

assert round(p_low, 3) == 0.007 and round(slope_entropy, 3) == -0.993
assert round(slope_squared, 3) == -0.013 and slope_entropy / slope_squared > 70
slopes = {"cross-entropy": slope_entropy, "squared error": slope_squared}
{name: round(float(value), 3) for name, value in slopes.items()}

# %%
figures.surprise()

# %% [markdown]
# −0.993 against −0.013: more than 70 times as strong. In the gray the
# cross-entropy climbs on, and the squared error lies on a plateau: it falls asleep. On the right, the slope of
# the cross-entropy only rises: it is **convex**, one valley.

# %% [markdown]
# ## 4. The gradient, and a loop
#
# For a label 1 the slope along $z$ was $p - 1$. For a label 0 it is $p$; so it is $p - y$ for both. A weight
# $w$ reaches $z$ through its input $x$: the chain rule adds the factor $x$. There may be several inputs, each
# with a $w$ of its own, its **weight**, and one $b$, the **bias**. Over all $n$ examples:
#
# $$\frac{\partial L}{\partial w_j} = \frac1n\sum (p - y)\,x_j
# \qquad
# \frac{\partial L}{\partial b} = \frac1n\sum (p - y)$$
#
# Prediction minus truth, times the input: **the same form as linear regression**. With a pencil: an example with
# $x = 2$, label 0, and the model said $p = 0.9$. Along $w$ the slope is $(0.9 - 0) \cdot 2 = 1.8$, along $b$ 0.9.
# A second one, $x = 1$, label 1, $p = 0.7$, adds $-0.3$ to both; the means are 0.75 and 0.3.
#
# ### Your turn 1: the gradient
#
# Write both slopes for any number of inputs, from the probabilities. `X` has a row per example and a column per
# input. The example above is `X = [[2], [1]]`, `y = [0, 1]`, `p = [0.9, 0.7]`.

# %% [markdown] tags=["notes"]
# **6 minutes** without the exercises. Put both gradients on the board, lesson {linear_regression}'s and this
# one, under each other; let the room find the difference (only what "prediction" means; and a factor 2 that
# came from the square). Ask: "Why is there no formula for the best w?" Set the gradient to zero: p depends on
# w through an exponential, and nobody can solve for w.
#
# Wrong answers in Your turn 1: y − p (then the walk climbs); the sum; one number for all inputs
# (`np.mean(X * error[:, None])` without `axis=0`); and p (1 − p) once more, by those who remember the squared
# error: the slope of the logarithm has canceled it. In Your turn 2: w is moved first, and the slope along b is
# taken at the new place. On the board: "first both slopes, then both steps".
#
# Misreading to expect: "w = 1.9 means that a spread more of weight raises the probability by 1.9". Logits
# add, odds multiply, probabilities do neither.


# %% tags=["exercise"]
def gradient(X, y, p):
    """Slopes of the mean cross-entropy along the weights, shape (inputs,), and along the bias."""
    ### BEGIN SOLUTION
    error = p - y
    return X.T @ error / len(y), error.mean()
    ### END SOLUTION


# %%
check.gradient(gradient)

# %% [markdown]
# Never trust a slope on paper: nudge w and b, and look how much the loss changes.
# (`neurons.logistic_gradient` is Your turn 1 with the sigmoid in front. The kilograms are standardized.)

# %%
scaled = (x - x.mean()) / x.std()
column = scaled[:, None]  # as a table: one input


def loss_at(w, b):
    return binary_cross_entropy(tall, w * scaled + b)


h = 1e-5
along_w = (loss_at(0.7 + h, -0.2) - loss_at(0.7 - h, -0.2)) / (2 * h)
along_b = (loss_at(0.7, -0.2 + h) - loss_at(0.7, -0.2 - h)) / (2 * h)
on_paper = np.append(*neurons.logistic_gradient(column, tall, [0.7], -0.2))

np.testing.assert_allclose([along_w, along_b], on_paper, atol=1e-8)
np.column_stack([[along_w, along_b], on_paper]).round(6)

# %% [markdown]
# Left the nudges, right the formulas. There is no formula for the best w and b
# themselves, so we walk.
#
# ### Your turn 2: the descent
#
# Begin with weights and bias at 0. In every step compute the probabilities, then *both* slopes, then move
# weights and bias against them, by `rate` times the slope. With a pencil: at the start every $p$ is 0.5. One
# step of rate 1 on `X = [[2]]`, `y = [1]` leads to $w = 1$, $b = 0.5$. Use `neurons.sigmoid`.


# %% tags=["exercise"]
def descend(X, y, rate, steps):
    """The weights, shape (inputs,), and the bias after that many steps from zero."""
    ### BEGIN SOLUTION
    weights, bias = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        error = neurons.sigmoid(X @ weights + bias) - y
        along_weights, along_bias = X.T @ error / len(y), error.mean()
        weights = weights - rate * along_weights
        bias = bias - rate * along_bias
    return weights, bias
    ### END SOLUTION


# %%
check.descend(descend)

# %% [markdown]
# You have trained a model with a loop of your own. (`neurons.logistic_regression` is this loop.) On the 300
# people it does this:


# %%
def after(steps):
    """(w, b) after that many steps."""
    fit = neurons.logistic_regression(column, tall, rate=1.0, steps=steps)
    return fit.weights[0], fit.bias


stops = (0, 1, 5, 120)
path = {steps: after(steps) for steps in stops}

assert round(loss_at(*path[0]), 3) == 0.693
### BEGIN HIDDEN TESTS
losses_of_walk = [loss_at(*after(steps)) for steps in range(121)]
assert np.all(np.diff(losses_of_walk) <= 0)
for g in np.array_split(np.argsort(scaled), 8):  # from the lightest eighth to the heaviest
    w_last, b_last = path[120]
    assert abs(tall[g].mean() - neurons.sigmoid(w_last * scaled[g].mean() + b_last)) < 0.1
### END HIDDEN TESTS
figures.logistic_descent(scaled, tall, path, {steps: loss_at(*path[steps]) for steps in stops})

# %% [markdown]
# It begins with 0.5 for everybody: a coin, with the loss $\log 2 = 0.693$. In the end it passes within 0.1 of
# every square, the share of tall people in an eighth of all; yet it has never seen a share, only zeros and ones.
#
# What does scikit-learn get? By default it keeps w small with a penalty (lesson {regularization}); `C=np.inf`
# switches that off.

# %% tags=["measured"]
w, b = path[120]
library = LogisticRegression(C=np.inf, tol=1e-8).fit(column, tall)
w_library, b_library = library.coef_[0, 0], library.intercept_[0]
ten_kg = np.exp(10 * w / x.std())

np.testing.assert_allclose([w, b], [w_library, b_library], atol=5e-4)
assert 3.9 < ten_kg < 4.1
{
    "ours": np.round([w, b], 3).tolist(),
    "scikit-learn": np.round([w_library, b_library], 3).tolist(),
    "odds for 10 kg more": round(float(ten_kg), 1),
}

# %% [markdown]
# The same, to within half a thousandth. And w has a meaning: with every 10 kg more, the **odds** of being tall
# are four times as high.
#
# ## 5. Four ways of being right or wrong
#
# The program of the opening sees the 64 pixels of a digit, and answers one question: **is it an
# 8?** We keep about 4 of 10 eights, to make them rare. It will read
# strangers, so no hand may stand on two sides: `data.writers_apart` puts seven blocks of writers into training,
# two into validation, three into the test.

# %% [markdown] tags=["notes"]
# **7 minutes** without the exercise. Repeat the vote from the beginning before the cell `always_no`. Then put
# the table on the board and let the room fill in the counts. A way to keep the names apart: the second word is
# what the *program said*, the first whether it was *right*. Warn of the order: scikit-learn's
# `confusion_matrix` is laid out as our table, rows what it was, with 0 before 1; other books turn it around.
#
# At the picture of the eights: "Which would you have missed?" Nobody misses the first ones; the last one is
# disputed. Ask what the program has learned: one weight per pixel, so a slim 8 lies on other pixels.
#
# Why the harmonic mean? Ask for the mean of 1 and 0.02 that nobody can buy with one good number. In Your turn 3
# many add `1e-9` to a denominator: accepted, it changes nothing that one can see.
#
# The longer training: wait for "better, it has learned more". Both losses are on the board then: what it has
# seen, what it has not.

# %%
digits = data.digits()
ink, eight = digits.images.reshape(-1, 64) / 16, (digits.labels == 8).astype(int)


def split(seed):
    """Training, validation and test digits by different writers, about 4 of 10 eights among them."""
    kept = (eight == 0) | (np.random.default_rng(seed).random(len(eight)) < 0.4)
    return [part[kept[part]] for part in data.writers_apart(seed).values()]


def logits_after(steps, train):
    """The logits of all digits, after that many steps on the training digits."""
    fit = neurons.logistic_regression(ink[train], eight[train], rate=1.0, steps=steps)
    return ink @ fit.weights + fit.bias


# %%
train, validation, test = split(seed=28)
logits = logits_after(1000, train)
y_v, p_v = eight[validation], neurons.sigmoid(logits[validation])
said = p_v >= 0.5
right = np.mean(said == y_v)

assert (len(y_v), y_v.sum()) == (239, 11) and 0.03 < eight[train].mean() < 0.05
assert round(right, 2) == 0.97
round(float(right), 2)

# %% [markdown]
# Right in 97 of 100 digits by new writers. This share is the **accuracy**.
#
# ### Predict: how good is "no"?
#
# Another program looks at nothing and always answers "not an 8". In how many of 100 is *it* right?
#
# **a** about 50, **b** about 75, **c** about 95

# %%
always_no = np.mean(y_v == 0)

assert round(always_no, 2) == 0.95
round(float(always_no), 2)

# %% [markdown]
# **c.** Where the thing you look for is rare, **accuracy rewards not looking**.

# %% [markdown]
# Count in four boxes instead: the **confusion matrix**. *Positive* means that the model said 8; *true* and
# *false*, whether it was right to.
#
# | | the model said: no | the model said: 8 |
# |:--|:--|:--|
# | **it was no 8** | true negative, TN | false positive, FP: a false alarm |
# | **it was an 8** | false negative, FN: a miss | true positive, TP |

# %%
tp, fp = np.sum(said & (y_v == 1)), np.sum(said & (y_v == 0))
fn, tn = np.sum(~said & (y_v == 1)), np.sum(~said & (y_v == 0))

assert rates.confusion_counts(y_v, said) == (tp, fp, fn, tn) == (4, 1, 7, 227)
assert right == (tp + tn) / (tp + tn + fp + fn)
{"TP": int(tp), "FP": int(fp), "FN": int(fn), "TN": int(tn)}

# %%
figures.eights(digits.images[validation], y_v, p_v, 0.5)

# %% [markdown]
# Of 11 eights the program misses 7. (We picked a split with many misses; section 6 draws ten at random.)
# Accuracy is $(TP + TN)$ over all four, and the 227 drown the 7. Two
# questions deserve a number each:
#
# $$\text{precision} = \frac{TP}{TP + FP} \qquad\qquad \text{recall} = \frac{TP}{TP + FN}$$
#
# - **Precision**: of all that were *called* 8, how many are? Can I trust an alarm? Here 4/5.
# - **Recall**: of all that *are* 8, how many were found? What slips through? Here 4/11.
#
# One number for both is **F1**, their harmonic mean, $F_1 = 2PR/(P+R)$. It lies near the smaller one:
# precision 1 and recall 0.02 give 0.04, not 0.51. **Balanced accuracy** is the mean of the recalls of both
# classes: 0.5 for "always no".

# %%
counts = rates.confusion_counts(y_v, said)
scores = {f.__name__: round(f(counts), 2) for f in (rates.precision, rates.recall, rates.f1)}

assert scores == {"precision": 0.8, "recall": 0.36, "f1": 0.5}
### BEGIN HIDDEN TESTS
lonely = rates.Counts(tp=1, fp=0, fn=49, tn=50)
assert rates.precision(lonely) == 1 and round(rates.f1(lonely), 2) == 0.04
assert round((1 + rates.recall(lonely)) / 2, 2) == 0.51
### END HIDDEN TESTS
scores

# %% [markdown]
# ### Your turn 3: precision, recall, F1
#
# Write all three from the four counts. Where there is nothing to divide by (nothing was called positive, or
# nothing is positive), count the result as 0, by convention. With a pencil: 12 TP, 3 FP and 11 FN give
# $12/15 = 0.8$, $12/23 = 0.52$ and F1 $= 0.63$.


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
# ### Predict: train longer
#
# We stopped after 1000 steps. Let it take 4000. What becomes of the loss on the validation digits?
#
# **a** it goes on falling, **b** it stays, **c** it rises


# %%
marks = (30, 60, 125, 250, 500, 1000, 2000, 4000)


def losses_and_found(steps):
    """Training loss, validation loss, and how many validation eights are found, after steps."""
    z = logits_after(steps, train)
    both = [binary_cross_entropy(eight[part], z[part]) for part in (train, validation)]
    return *both, np.sum((z[validation] >= 0) & (y_v == 1))


history = np.array([losses_and_found(steps) for steps in marks])

### BEGIN HIDDEN TESTS
assert np.all(np.diff(history[:, 0]) < 0) and history[-1, 0] < 0.8 * history[-3, 0]
assert 0.09 < history[4:6, 1].min() == history[:, 1].min()
assert np.ptp(history[4:6, 1]) < 0.001 and history[-1, 1] > 0.11
assert history[4:, 2].tolist() == [3, 4, 6, 6]
### END HIDDEN TESTS
figures.longer(marks, history, y_v.sum())

# %% [markdown]
# **c.** The training loss falls and falls. New writers are least surprised between 500 and 1000 steps, and more
# and more from then on.

# %% [markdown]
# Where does it end? scikit-learn, without the penalty, walks on:

# %% tags=["measured"]
endless = LogisticRegression(C=np.inf, max_iter=10_000).fit(ink[train], eight[train])
z_endless = endless.decision_function(ink)
end = {
    "training loss": binary_cross_entropy(eight[train], z_endless[train]),
    "validation loss": binary_cross_entropy(y_v, z_endless[validation]),
    "recall": rates.recall(rates.confusion_counts(y_v, z_endless[validation] >= 0)),
    "largest weight": np.abs(endless.coef_).max(),
}

assert end["training loss"] < 0.001 and end["validation loss"] > 5
assert 0.4 < end["recall"] < 0.6 and end["largest weight"] > 100
{name: round(float(value), 4) for name, value in end.items()}

# %% [markdown]
# Nowhere. A flat boundary separates all eights in training from the rest. Then **there are no best weights**:
# double them, and the model is surer, and less surprised by what it knows. About strangers it is sure, and wrong;
# half of the eights still slip through. So we stop at 1000 steps, and say so.
#
# ## 6. Moving the threshold
#
# Nobody has to decide at 0.5. Nothing is trained again; only the line between "no" and "8" moves. In the figure
# every digit is a dot at its logit.

# %% [markdown] tags=["notes"]
# **10 minutes** without the exercise, three of them at the slider. Take the vote before anybody opens the
# prediction. Then give each row of the room one of the questions above the slider. The answers: between 0.25
# and 0.3. Eleven false alarms at 0.1 for 10 eights; 150 at 0.001 for all 11. F1 is best at 0.25, accuracy at
# 0.25 and at 0.3, by the same 232 right answers: once with 8 eights found, once with 7; accuracy cannot tell
# the two apart. At 1 the program says no to everything (precision is 0 by convention), at 0 it says 8 to
# everything (recall 1, precision 0.05: the share of eights).
#
# At the rarer eights: "Which rates have a count of the *other* digits below the line?" The false positive rate,
# and both parts grow alike. Precision has it in one part only. Airport scanners live on the right-hand curve.
#
# Ask before the last figure: "May we now pick the threshold that is cheapest on the *test* data?" Somebody
# will say yes, "it is the best one". Then the number is a hope, not a report.
#
# Somebody may know the rule "alarm / (alarm + miss)": 1/21, about 0.05, is the cheapest threshold if the
# probabilities are exact. Ours is 0.1; the probabilities are estimates, and so is the choice.

# %%
figures.thresholds(logits[validation], y_v, [0.5], ("not an 8", "8"))

# %% [markdown]
# ### Predict: from 0.5 down to 0.1
#
# What happens to recall, precision and accuracy?
#
# **a** all three rise, **b** recall rises, the others fall, **c** recall and accuracy rise, precision falls

# %%
cuts = (0.5, 0.1, 0.001)

### BEGIN HIDDEN TESTS
at = [rates.confusion_counts(y_v, p_v >= cut) for cut in cuts]
assert [(counts.tp, counts.fp) for counts in at] == [(4, 1), (10, 11), (11, 150)]
assert rates.accuracy(at[1]) < always_no
### END HIDDEN TESTS
figures.thresholds(logits[validation], y_v, cuts, ("not an 8", "8"))

# %% [markdown]
# **b.** Recall jumps from 4 of 11 to 10 of 11: one number was moved. Precision falls, since most of those who
# join are no eights. And accuracy is *below* that of "always no"; yet who would prefer that one?

# %% [markdown]
# Take the threshold into your hand (click the slider, then use the arrow keys):
#
# - Where are precision and recall about equal?
# - How many false alarms does it cost to find 10 of the 11? To find all?
# - At which threshold is F1 best? Accuracy is best at two; what differs between them?

# %%
ThresholdExplorer(logits[validation], y_v, ("not an 8", "8"))

# %% [markdown]
# The diamond walks along the **ROC curve**: recall over the **false positive rate**, the
# share of the others that raise a false alarm. The area below it is 1 at best, and one half for guessing.
#
# ### Predict: ten times as rare
#
# The **precision-recall curve** shows precision over recall. Let eights be ten times as rare: every other digit
# comes ten times. Which curve changes?
#
# **a** the ROC curve, **b** the precision-recall curve, **c** both

# %%
often = np.where(y_v == 1, 1, 10)
rarer = np.repeat(y_v, often), np.repeat(p_v, often)

### BEGIN HIDDEN TESTS
area_once, area_often = (area_under_curve(*roc_curve(*s)[:2]) for s in ((y_v, p_v), rarer))
np.testing.assert_allclose(area_often, area_once)
as_rare = rates.confusion_counts(rarer[0], rarer[1] >= 0.1)
assert round(rates.precision(at[1]), 2) == 0.48 and round(rates.precision(as_rare), 2) == 0.08
### END HIDDEN TESTS
figures.threshold_curves({"eights as here": (y_v, p_v), "ten times as rare": rarer}, (0.5, 0.1))

# %% [markdown]
# **b.** Each rate of the ROC curve looks at one kind of digit alone. At the threshold 0.1 precision falls from
# 0.48 to 0.08: one alarm in twelve is right. **Where positives are rare, look at precision and recall.**

# %% [markdown]
# ### Your turn 4: the cheapest threshold
#
# Which threshold, then? The one whose mistakes cost least. Given labels, probabilities, and what a false alarm
# and a miss cost, return it; `p >= threshold` is called positive. Worth trying are the probabilities
# themselves **and one above them all** (`np.inf`: nobody is positive). For `y = [0, 0, 1, 0, 1]`,
# `p = [0.1, 0.3, 0.35, 0.6, 0.8]`, an alarm at 1 and a miss at 5, it is 0.35: one false alarm, no miss.


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
# Now for the eights, on validation data. A false alarm costs 1 (somebody looks again), a miss, say, 20.
# Change the 20, and see where the diamond goes.


# %%
def cost(labels, probabilities, threshold, miss=20):
    counts = rates.confusion_counts(labels, probabilities >= threshold)
    return counts.fp + miss * counts.fn


tried = np.append(np.unique(p_v), 1)  # at 1 nobody is called 8
total = np.array([cost(y_v, p_v, threshold) for threshold in tried])
chosen = tried[total.argmin()]

assert 0.1 < chosen < 0.11 and total.min() < cost(y_v, p_v, 0.5) / 4
figures.costs(tried, total, chosen)

# %% [markdown]
# The cheapest threshold is about 0.1; the habit 0.5 costs more than four times as much.
# (F1 knows nothing of your costs.)
#
# Then, once, the test. One split could be luck: draw ten others, with other writers, other eights, another fit.
# Validation chooses, the test reports.


# %%
def trial(seed):
    """The cost promised; cost, recall, accuracy on the test, at 0.5 and as chosen; per 100 digits."""
    train, validation, test = split(seed)
    p = neurons.sigmoid(logits_after(1000, train))
    candidates = np.append(np.unique(p[validation]), 1)
    expected = [cost(eight[validation], p[validation], threshold) for threshold in candidates]
    row = [100 * min(expected) / len(validation)]
    for threshold in (0.5, candidates[np.argmin(expected)]):
        counts = rates.confusion_counts(eight[test], p[test] >= threshold)
        bill = 100 * cost(eight[test], p[test], threshold) / len(test)
        row += [bill, rates.recall(counts), rates.accuracy(counts)]
    return row


trials = np.array([trial(seed) for seed in range(10)])

### BEGIN HIDDEN TESTS
promised, bill_half, recall_half, accuracy_half, bill, recall_chosen, accuracy_chosen = trials.T
assert accuracy_half.min() > 0.96 and accuracy_half.max() < 0.99
assert round(recall_half.min(), 2) == 0.35 and round(recall_half.max(), 2) == 0.8
assert round(recall_half.mean(), 2) == 0.57 and round(recall_chosen.mean(), 2) == 0.8
assert (bill < bill_half).all() and round(1 - bill.mean() / bill_half.mean(), 2) == 0.33
assert (
    round(accuracy_chosen.mean(), 2)
    == 0.9
    < np.mean([1 - eight[split(s)[2]].mean() for s in range(10)])
)
assert (promised < bill).sum() == 7 and 1.25 < bill.mean() / promised.mean() < 1.35
### END HIDDEN TESTS
figures.ten_draws(trials[:, 1:4], trials[:, 4:7])

# %% [markdown]
# - At 0.5 every one of the ten is right in more than 96 of 100, and finds 35 % to 80 % of the eights, 57 % on
#   average.
# - With the chosen threshold they find 80 % on average, and each of the ten costs less, a third on average.
# - Their accuracy, 90 % on average, is then *lower than that of always saying no*.
#
# What had the validation data promised, per 100 digits?

# %%
bills = {"promised": trials[:, 0], "charged": trials[:, 4], "at 0.5": trials[:, 1]}
{name: round(float(costs.mean()), 1) for name, costs in bills.items()}

# %% [markdown]
# The promise was too good, in 7 of the 10 and on average: the threshold was chosen to fit those digits and
# those hands. **That is what the test data are for.**
#
# ### Question 1 <!-- choose -->
#
# You lower the threshold. Which of these **cannot** happen?
#
# - **A.** Recall falls.
# - **B.** Precision rises.
# - **C.** Accuracy rises.
#
# <details><summary>Answer</summary>
#
# **A.** A lower threshold only adds to what is called positive: recall stays or rises.
#
# - "Precision rises": if the next one that joins is a true positive, TP and TP + FP both grow by one.
# - "Accuracy rises": each true positive that joins is one mistake less. From 0.5 to 0.3 you can see it.
#
# </details>

# %% [markdown]
# ## Going further
#
# Nothing later needs what follows.
#
# ### A number too large
#
# The formula on paper and the formula in a computer are two things. Ask for $z = 1000$, which can happen as
# soon as somebody forgets to scale an input.

# %% [markdown] tags=["notes"]
# For whoever is early. Wrong answers that will come in the sigmoid: `if z >= 0` (an array has no single truth
# value: the message says so, and `np.where` is the cure); `np.where(z >= 0, 1/(1+np.exp(-z)),
# np.exp(z)/(1+np.exp(z)))`: right values, but `np.where` computes *both* sides, so it overflows all the same.
# The check catches that, and `np.errstate` around it, too: ask what that cures (the warning, not the
# overflow). `np.clip(z, -700, 700)` first is accepted; ask what it costs (at $z = -1000$ about $10^{-304}$ in
# place of 0). In the mean surprise many compute p first, and get NaN or infinity in the last cases. Those who
# clip p get 34.5 where 1000 is right: ask what gradient a clipped loss has (none).
#
# The challenge as homework: two pages, one table. The discussion of who bears which cost is the point.

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
# ### Your turn 5: a sigmoid that does not overflow
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

# %% [markdown]
# ### Your turn 6: the mean surprise
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
# ### Question 2 <!-- compute -->
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
#
# ### What the area means
#
# Draw an 8 and another digit at random: the area below the ROC curve is the probability that the 8 gets the
# higher score. Compare all pairs.

# %%
roc = roc_curve(y_v, p_v)
area = area_under_curve(roc.false_positive_rate, roc.true_positive_rate)
pairs = p_v[y_v == 1][:, None] > p_v[y_v == 0]

np.testing.assert_allclose(area, pairs.mean())
assert round(area, 2) == 0.94
{"area": round(area, 5), "pairs in order": round(float(pairs.mean()), 5)}

# %% [markdown]
# Both are 0.94.
#
# ### Two losses, one bad start
#
# Does the plateau of the squared error matter on data? Start both losses on the 300 people from $w = -8$:
# "heavier means shorter, and I am sure of it". Two hundred steps each, at the same rate.


# %%
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
# Cross-entropy has turned around and arrived. The squared error still believes that heavy people are short.
#
# ### A probability is an estimate, too
#
# How tall is somebody of 70 kg, and is the model right about people it has never seen? Twenty groups, for
# each a fit to 300 people and a test on 100 others.


# %%
def new_people(seed):
    """Share of right answers, that of the more frequent label, and what is said of 70 kg."""
    group = data.heights_and_weights(seed=seed)
    label, kg = (group.height > 170).astype(int), group.weight
    says, _ = curve(kg[:300], label[:300])
    on_new = label[300:].mean()
    return np.mean((says(kg[300:]) >= 0.5) == label[300:]), max(on_new, 1 - on_new), says(70)


hits, lazy, at_70 = np.transpose([new_people(seed) for seed in range(20)])

assert round(min(hits), 2) == 0.65 and round(max(hits), 2) == 0.83
assert np.mean(lazy) < 0.6
assert min(at_70) > 0.13 and max(at_70) < 0.24
{
    "right": round(float(hits.mean()), 2),
    "lazy": round(float(lazy.mean()), 2),
    "70 kg": at_70.round(2).tolist(),
}

# %% [markdown]
# Right in 65 to 83 of 100 new people, 72 on average. Saying the more frequent label to everybody is right in
# fewer than 60 on average. For 70 kg the twenty fits said between 13 % and 24 %: what a model calls a
# probability has a spread of its own.
#
# ### Two inputs: the boundary is a line
#
# Real data: 569 breast tumors, whose cell nuclei were measured under the microscope. Malignant is the
# class one looks for, so it gets label 1. Two inputs, the mean radius of the nuclei and their mean texture (how
# much the gray varies), need two weights, and $z = 0$ is a straight line in the plane.

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
# never turns it**.
#
# ### Question 3 <!-- judge -->
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
# miss?) and precision (how many of those who are sent on are ill?). A fairer single number is the **balanced
# accuracy**, the mean of the recall of the sick and that of the healthy: the sheet of paper gets one half.
#
# - "Yes: one mistake in 1000." That one may be the only sick person among them.
# - "No: too low." A test with many false alarms can be less accurate than the sheet of paper, and save
#   every patient.
#
# </details>
#
# ### Question 4 <!-- judge -->
#
# Chammami's slide has the formulas of precision and recall, and says in words that precision is taken "out of all actual values" and
# recall "from all the predicted values". What is wrong?
#
# - **A.** Nothing.
# - **B.** The two sentences are swapped.
# - **C.** Both should say "out of all values".
#
# <details><summary>Answer</summary>
#
# **B.** $TP + FP$ are all *predicted* eights: precision. $TP + FN$ are all *actual* eights: recall. By the words, our
# 0.8 would be the share of eights that are found.
#
# - "Nothing." Read the denominators aloud.
# - "Out of all values." That is accuracy.
#
# </details>
#
# ### Challenge
#
# **If you are early:** build a program that looks for another digit. Which is the hardest to find, and does its
# cheapest threshold differ?
#
# **If you want a week:** find a real screening test with published counts (mammograms, airport scanners, spam
# filters). Fill in its four boxes, compute precision and recall, and argue where its threshold should be and
# who should choose it. Whose costs count? There is no single answer.

# %% [markdown]
# ## What you can do now
#
# - **Compute** odds, logits and surprises, and the gradient: prediction minus truth, times the input.
# - **Build** logistic regression from NumPy alone, and say where you stopped and why.
# - **Judge** by two questions: can I trust an alarm (precision), and what slips through (recall)?
# - **Choose** the threshold by cost, on validation data, and report on new writers.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("logistic_regression")

# %% [markdown]
# ## Common mistakes
#
# - "97 % accuracy" without asking how good "always no" is.
# - Precision and recall swapped: *predicted* belongs to precision, *really there* to recall.
# - 0.5 out of habit; or a threshold chosen on the test data.
#
# ## Where next
#
# One weighted sum, one sigmoid, one answer: you have built a **neuron**. The next lesson, [{perceptron}
# Perceptron](perceptron.ipynb), has the older one, with a **step** in place of the sigmoid.
