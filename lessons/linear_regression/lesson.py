# %% [markdown]
# # Linear regression
#
# **Can you predict a person's height from their weight?** Somebody weighs 70 kg. How tall are they? Write
# down your guess in centimeters, and how far off you expect to be. Soon a line will answer, and tell you how far
# off *it* is. You will train it with a loop of your own, the loop that trains every network for pictures.
#
# {time} · **You need:** [{learning_from_data} Learning from data](learning_from_data.ipynb); the slope of a curve.
#
# **When you are done, you can**
#
# - **compute** the mean squared error of a line, by pencil and in NumPy
# - **find** the way downhill: one step of gradient descent
# - **train** a line with your own loop, at a rate that suits it
# - **judge** a line on people it has never seen, with an input that is standardized
#
# **Sources:** *Image Classification with CNNs*, I. E. I. Bekkouch, Innopolis University, Applied
# Machine Learning S23; *Introduction to Computer Vision*, Y. Chammami, Exploring the Power of
# Conv'Nets. Where the heights and weights come from is said below.

# %% [markdown]
# ## Setup

# %%
from lessons.linear_regression import check, figures, fitting
from lessons.linear_regression.descent import descent
from lessons.linear_regression.fit_by_hand import FitByHand
from utils import board, data, plots, regression

import numpy as np

plots.style()

# %% [markdown] tags=["notes"]
# **3 minutes.** Before anybody runs a cell, collect guesses for 70 kg on the board,
# and after each one ask: "How far off do you expect to be?" You will hear guesses from 155 to 180 and
# almost no error. Say: a prediction without an error is half a prediction; today we earn the other
# half. Leave the guesses on the board: the fitted line gives its own, section "The best line".
#
# Say aloud that the people are simulated. Somebody will ask "then what can we learn?" Answer: we know
# the truth, so we can tell whether the method finds it. Weight is a sensitive subject: speak about the
# points, never about anybody in the room.

# %% [markdown]
# ## 1. Four hundred people
#
# The people of this lesson are **simulated**: random numbers, no person was measured. "Going further" says from
# what.
#
# Change the assumptions as you like: `data.heights_and_weights` takes `n`, `seed`, `correlation` and
# `weight_spread`. Try `seed=1` or `correlation=0.7`, and run all cells again. Your numbers will then
# differ from those in the text.

# %%
people = data.heights_and_weights()
cut = len(people.weight) * 3 // 4
x, y = people.weight[:cut], people.height[:cut]
x_new, y_new = people.weight[cut:], people.height[cut:]

assert (len(x), len(x_new)) == (300, 100)
len(x), len(x_new)

# %% [markdown]
# The first 300 people are for **learning**. The other 100 are held out: no fit may see them, and they
# will tell us how well the line does on somebody new.

# %%
### BEGIN HIDDEN TESTS
about_80 = y[np.abs(x - 80) < 2]
assert about_80.min() < 158
assert about_80.max() > 178
### END HIDDEN TESTS
figures.people(x, y)

# %% [markdown]
# Heavier people tend to be taller, with a lot of scatter: around 80 kg you find people shorter than
# 158 cm and people taller than 178.
#
# The laziest model ignores the weight and says the mean height for everybody. How far off is it? Square each
# error, take the mean, take the root: that is the **typical error**, also called RMSE.

# %%
mean_height = y.mean()
typical = np.sqrt(np.mean((mean_height - y_new) ** 2))

assert round(typical, 1) == 10.1
round(float(typical), 1)

# %% [markdown]
# About 10 cm on the people held out. That is the number to beat.

# %% [markdown] tags=["notes"]
# **2 minutes.** Do the three predictions on the board before the cell runs. Ask: "Why a column of
# ones?" You will hear "to make the shapes fit". Say: it gives b an input of its own, which is always 1;
# so b is one more weight, and everything below needs one product only. Point ahead: in a network the
# same trick is called the bias.

# %% [markdown]
# ## 2. A line is two numbers
#
# Our model is a line: $\hat y = w\,x + b$. The slope $w$ says how many centimeters a kilogram adds; the
# **intercept** $b$ lifts the whole line. Start with three points, small enough for a pencil, and the
# line with $w = 1$ and $b = 1$. Give every point a row $(x, 1)$; then $w\,x + b\cdot 1$ is that row times the
# vector $(w, b)$, for all rows at once.

# %%
three_x = np.array([1.0, 2.0, 3.0])
three_y = np.array([2.0, 2.0, 4.0])
X = np.stack([three_x, np.ones(3)], axis=1)

np.testing.assert_array_equal(X @ [1, 1], 1 * three_x + 1)
X @ [1, 1]

# %% [markdown]
# The line says 2, 3, 4; the points are at 2, 2, 4. A second input is
# a third column and a third weight: section 8.

# %% [markdown] tags=["notes"]
# **10 minutes.** Three of them belong to the sliders. Take a vote before the figure: line A through two of
# three points, or line B through none? Most vote for A. Do not correct them: let them compute, 1/3
# against 2/9. Then ask: "Who still prefers A, and under which loss would you be right?" (Counting misses
# prefers A; so does the mean absolute error, where A has 1/3 and B 4/9.) A loss is a choice.
#
# At the sliders: the first team under the goal wins. Ask the winner *how*. They will say that every turn of
# the slope had to be repaired with the intercept. Write that sentence on the board; it comes back as
# the narrow valley.

# %% [markdown]
# ## 3. How wrong is a line?
#
# A **residual** is what the line says minus what is true. The **mean squared error** (MSE) is the mean of
# the squared residuals.
#
# ### Predict: which line is better?
#
# Line A, $y = x + 1$, passes through two of our three points. Line B, $y = x + \tfrac23$, passes through
# none. Which one has the smaller MSE? Decide, then compute with a pencil.
#
# **a** line A, **b** line B

# %%
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(np.mean((three_x + 1 - three_y) ** 2), 1 / 3)
np.testing.assert_allclose(np.mean((three_x + 2 / 3 - three_y) ** 2), 2 / 9)
### END HIDDEN TESTS
figures.residual_squares(three_x, three_y, {"A: y = x + 1": (1, 1), "B: y = x + 2/3": (1, 2 / 3)})

# %% [markdown]
# **b**: B wins with 2/9 against 1/3, and it touches no point at all. The pencil work:
#
# | | residuals | squares | MSE |
# |:--|:--|:--|:--|
# | A | $0,\ 1,\ 0$ | $0,\ 1,\ 0$ | $\frac13$ |
# | B | $-\frac13,\ \frac23,\ -\frac13$ | $\frac19,\ \frac49,\ \frac19$ | $\frac{6}{9}\cdot\frac13 = \frac29$ |
#
# A leaves one large square, B three smaller ones of less area together.

# %% [markdown]
# Squares forgive small errors and punish large ones: an error twice as large costs four times as much. Errors
# above and below cannot cancel. And squares are smooth, which a slope will need soon.
#
# ### Your turn 1: mean squared error
#
# Write it for any two vectors. By pencil: for `y = [1, 2, 3]` and `prediction = [3, 2, 0]` the squares
# are 4, 0 and 9, so the answer is $\frac{13}{3}$.


# %% tags=["exercise"]
def mean_squared_error(y, prediction):
    """The mean of the squared differences between prediction and y."""
    ### BEGIN SOLUTION
    return np.mean((prediction - y) ** 2)
    ### END SOLUTION


# %%
check.mean_squared_error(mean_squared_error)

# %% [markdown]
# From here on we use the course's own copy, `fitting.mean_squared_error`, and `regression.predict(x, w, b)` for
# a line. Back to people, a dozen of them, and three lines that somebody drew.

# %%
dozen_x, dozen_y = x[:12], y[:12]
drawn = {"flat": (0, 168), "too steep": (1, 85), "better": (0.4, 133)}
### BEGIN HIDDEN TESTS
flat, steep, better = (np.mean((w * dozen_x + b - dozen_y) ** 2) for w, b in drawn.values())
assert 50 < better < min(flat, steep)
### END HIDDEN TESTS
figures.residual_squares(dozen_x, dozen_y, drawn, ("weight x (kg)", "height y (cm)"))

# %% [markdown]
# The line in between leaves the least area. Can you do better? This is your goal for the mean square, in cm²:

# %%
assert fitting.goal(dozen_x, dozen_y) == 50
fitting.goal(dozen_x, dozen_y)

# %% [markdown]
# The blue square is the mean square; the green outline is your best so far.

# %%
FitByHand(dozen_x, dozen_y)

# %% [markdown]
# Each time you tilt the line you must repair its intercept. It turns
# around 0 kg, far to the left, so a little more slope lifts everybody. It will cost a
# computer dearly.

# %% [markdown] tags=["notes"]
# **8 minutes.** Put the two slopes on the board; the factor x comes from the chain rule, and it is what
# gets lost. Then the pencil fit for three points; let the room call out the numbers.
#
# Ask: "The training error is 7.1 cm and the error on new people 8.5. Did we overfit?" With two numbers
# fitted to 300 people, hardly: another 100 people could give 7. Ask for evidence; the answer is to
# repeat with other groups: our 100 people are on the unlucky side.
#
# Compare the line's answer for 70 kg with the guesses on the board. Short of time: skip the bell.

# %% [markdown]
# ## 4. The best line, by a formula
#
# At the best line the MSE is as small as it gets, so it is flat there: its slope along $w$ and its slope
# along $b$ are both 0. By the chain rule,
#
# $$\frac{\partial\,\mathrm{MSE}}{\partial w} = \frac1n\sum 2\,(w x + b - y)\,x
# \qquad
# \frac{\partial\,\mathrm{MSE}}{\partial b} = \frac1n\sum 2\,(w x + b - y)$$
#
# The second is zero when $b = \bar y - w\,\bar x$: **the best line passes through the mean point**. (With
# $w = 0$: of all single numbers, the mean has the smallest MSE.) Put
# that $b$ into the first, and what remains is
#
# $$w = \frac{\operatorname{mean}\big[(x-\bar x)(y-\bar y)\big]}{\operatorname{mean}\big[(x-\bar x)^2\big]}
# = \frac{\text{covariance of } x \text{ and } y}{\text{variance of } x}$$
#
# This is **least squares**. With the pencil: $\bar x = 2$ and $\bar y = \frac83$; the deviations of $x$ are
# $-1, 0, 1$; covariance $\frac23$, variance $\frac23$; so $w = 1$ and $b = \frac83 - 2 = \frac23$. Line B
# was the best of all lines. The course's function finds it, too, and then the line for all 300 people.

# %%
w, b = regression.least_squares(x, y)

np.testing.assert_allclose(regression.least_squares(three_x, three_y), [1, 2 / 3])
assert (round(w, 2), round(b, 1)) == (0.46, 131.5)
np.round([regression.least_squares(three_x, three_y), [w, b]], 3)

# %% [markdown]
# Height is about 0.46 cm for every kilogram, plus 131.5 cm. How far off is that line, on the people that it
# learned from and on the people held out?

# %%
error_seen = fitting.mean_squared_error(y, regression.predict(x, w, b)) ** 0.5
error_held_out = fitting.mean_squared_error(y_new, regression.predict(x_new, w, b)) ** 0.5

assert (round(error_seen, 1), round(error_held_out, 1)) == (7.1, 8.5)
round(error_seen, 1), round(error_held_out, 1)

# %% [markdown]
# Typically off by 8.5 cm on new people, where guessing the mean was off by 10. Is it luck which 100 people we
# held out? Repeat everything with a hundred other groups.


# %%
def one_group(seed):
    """Typical error on 100 held-out people of a line fitted to 300 others."""
    group = data.heights_and_weights(seed=seed)
    line = regression.least_squares(group.weight[:300], group.height[:300])
    prediction = regression.predict(group.weight[300:], *line)
    return fitting.mean_squared_error(group.height[300:], prediction) ** 0.5


errors = [one_group(seed) for seed in range(100)]
assert np.round(np.quantile(errors, [0, 0.5, 1]), 1).tolist() == [6.6, 7.9, 9.2]
np.round(np.quantile(errors, [0, 0.5, 1]), 1)

# %% [markdown]
# Between 6.6 and 9.2 cm, half of the groups below 7.9. That is an honest promise: **a line predicts a height
# to 7 to 9 cm**. And the 70 kg from the beginning?

# %%
at_70 = regression.predict([70], w, b)[0]

assert round(float(at_70), 1) == 163.4
round(float(at_70), 1)

# %%
figures.people(x, y, {"least squares": (w, b), "the mean": (0, mean_height)})

# %% [markdown]
# The line says 163.4 cm, give or take 8 or 9. How wide was your own margin?
#
# What is left after the line are the residuals. Always look at them: a bend or a funnel would say that a
# line is the wrong model.

# %%
residual = regression.predict(x_new, w, b) - y_new

assert 0.6 < np.mean(np.abs(residual) < error_held_out) < 0.75
assert np.abs(residual).max() > 20
figures.residuals(x_new, residual, error_held_out)

# %% [markdown]
# No bend, no funnel: a bell. And that is the deeper reason for squares. Under a bell curve an error $r$ is about as
# likely as $e^{-r^2/(2s^2)}$. The chances of many errors multiply, so their exponents add up: the
# **sum of squares** stands in the exponent. The line with the smallest sum makes these people the most likely.

# %% [markdown] tags=["notes"]
# **13 minutes.** Ask: "If there is a formula, why walk?" Wait. You will hear "it is faster", which is
# false here. Say: for a network nobody has a formula, and the walk is the same, with millions of weights
# in place of two.
#
# The figure with the letters deserves a minute: let a learner point at a spot of the surface and
# somebody else draw that line in the air. Common error: taking the right panel for the data.
#
# In Your turn 2 the usual slips are the lost factor 2, the sum in place of the mean, and moving w
# before computing the slope for b. The check names each. Your turn 3 is the lesson's heart for the hands: nobody
# leaves without it.

# %% [markdown]
# ## 5. Walking downhill
#
# The formula exists because a line is so small a model. For a network there is none, and the way out is to
# **walk**: start with any line, feel which way the MSE falls, take a step, repeat. Every line is a point
# $(w, b)$, and above every such point stands an MSE: a surface.

# %%
lines = {"A": (1, 1), "B": (1, 2 / 3), "C": (0, 2)}

figures.lines_on_surface(three_x, three_y, lines)

# %% [markdown]
# Left, three lines through the three points. Right, **the same three lines**, each a point on the map; dark
# is low. B lies at the bottom of a long valley. We set out at C.
#
# At C the residuals are $0, 0, -2$. The two formulas of section 4 give, by pencil,
# $\frac{2}{3}(0\cdot1 + 0\cdot2 - 2\cdot3) = -4$ along $w$ and $\frac23(0 + 0 - 2) = -\frac43$ along $b$.
# Never trust a derivative before you have nudged it: move $w$ a little, watch the MSE, divide.


# %%
def mse_at(w, b):
    return fitting.mean_squared_error(three_y, regression.predict(three_x, w, b))


nudge = 1e-4
along_w = (mse_at(0 + nudge, 2) - mse_at(0 - nudge, 2)) / (2 * nudge)
along_b = (mse_at(0, 2 + nudge) - mse_at(0, 2 - nudge)) / (2 * nudge)

np.testing.assert_allclose([along_w, along_b], [-4, -4 / 3])
np.round([along_w, along_b], 4)

# %% [markdown]
# The nudge agrees. These two numbers are the **gradient**. It points **uphill**, so a step goes the other way, and
# the **learning rate** $\eta$ says how far:
#
# $$w \leftarrow w - \eta\,\frac{\partial\,\mathrm{MSE}}{\partial w}
# \qquad b \leftarrow b - \eta\,\frac{\partial\,\mathrm{MSE}}{\partial b}$$
#
# ### Your turn 2: one step downhill
#
# Compute both slopes, take one step, return the new pair. By pencil, from C with rate 0.15:
# $w = 0 + 0.15\cdot4 = 0.6$ and $b = 2 + 0.15\cdot\frac43 = 2.2$.


# %% tags=["exercise"]
def gradient_step(x, y, w, b, rate):
    """The line (w, b) after one step of gradient descent on the mean squared error."""
    ### BEGIN SOLUTION
    residual = w * x + b - y
    slope_w = 2 * np.mean(residual * x)
    slope_b = 2 * np.mean(residual)
    return w - rate * slope_w, b - rate * slope_b
    ### END SOLUTION


# %%
check.gradient_step(gradient_step)

# %% [markdown]
# ### Your turn 3: train a line
#
# A descent repeats that step. Write all of it: begin at (w, b), take `steps` steps, return the line where you
# arrive. After no step at all it is still (w, b).


# %% tags=["exercise"]
def descend(x, y, w, b, rate, steps):
    """The line (w, b) after so many steps of gradient descent on the mean squared error."""
    ### BEGIN SOLUTION
    for _ in range(steps):
        residual = w * x + b - y
        slope_w = 2 * np.mean(residual * x)
        slope_b = 2 * np.mean(residual)
        w, b = w - rate * slope_w, b - rate * slope_b
    return w, b
    ### END SOLUTION


# %%
check.descend(descend)

# %% [markdown]
# You have trained a model. `fitting.gradient_descent` does the same and keeps every line on the way. Here are four
# of nine lines.

# %%
path = fitting.gradient_descent(three_x, three_y, rate=0.15, steps=8, start=(0, 2))
np.testing.assert_allclose(path[1], [0.6, 2.2])
assert mse_at(*path[2]) < mse_at(*path[0]) / 2
assert mse_at(*path[8]) < 0.41

figures.line_descent(three_x, three_y, path, (0, 1, 2, 8))

# %% [markdown]
# After two steps the MSE has more than halved. After 8 it is 0.40, where the best possible is
# $\frac29 \approx 0.22$. Turn the pages: left the line, right the walker.

# %%
descent(three_x, three_y, path)

# %% [markdown]
# First the walker bounces from wall to wall: across the valley it is steep. Then it creeps along the
# floor: along the valley it is almost flat. One learning rate has to serve both.

# %% [markdown] tags=["notes"]
# **4 minutes.** Take votes for all three rates before the figure. Most expect the largest rate to
# "arrive sooner". Let them be surprised by the fan. Ask: "Which step of the fan was the first bad one?"
# All of them: each lands on the opposite wall, higher than before.
#
# Say: when a training of yours shows a loss that grows, or NaN, this picture is the first suspect.

# %% [markdown]
# ## 6. How large a step?
#
# ### Predict: three learning rates
#
# Ten steps from C. Which walker ends lowest? Does any end higher than it started?
#
# **a** rate 0.01, **b** rate 0.15, **c** rate 0.19

# %% tags=["measured"]
paths = {
    f"{letter}: rate {rate}": fitting.gradient_descent(three_x, three_y, rate, 10, (0, 2))
    for letter, rate in zip("abc", (0.01, 0.15, 0.19), strict=True)
}
### BEGIN HIDDEN TESTS
ends = [mse_at(*walk[-1]) for walk in paths.values()]
assert np.round(ends, 2).tolist() == [0.6, 0.37, 6.49]
### END HIDDEN TESTS
figures.race(three_x, three_y, paths)

# %% [markdown]
# **b** ends lowest. **a** is still on its way. And **c** has **climbed**: its MSE is more than four times what it
# was at the start.

# %% [markdown]
# Now a hundred rates, ten steps each.

# %%
rates = np.linspace(0.002, 0.2, 100)

### BEGIN HIDDEN TESTS
reached = [
    mse_at(*fitting.gradient_descent(three_x, three_y, rate, 10, (0, 2))[-1]) for rate in rates
]
assert 0.155 < rates[np.argmin(reached)] < 0.165
assert 0.175 < rates[np.array(reached) > mse_at(0, 2)][0] < 0.185
### END HIDDEN TESTS
figures.loss_by_rate(three_x, three_y, (0, 2), rates, 10)

# %% [markdown]
# On the left a slow slope: too small a rate wastes steps. On the right a cliff, at 0.18: beyond it each step jumps
# over the valley and lands higher on the other wall. The best rate, 0.16, stands close to the cliff. So people
# look for it from below: **as large as it may be, and not larger.**
#
# ### Question 1 <!-- train -->
#
# You train a model. The loss reads 1.3, 2.9, 6.6, 15. What do you change first?
#
# - **A.** A smaller learning rate.
# - **B.** More steps.
# - **C.** Another starting point.
#
# <details><summary>Answer</summary>
#
# **A.** A loss that grows by a steady factor is the fan of the figure: each step lands higher on the other wall.
#
# - "More steps." Each further step multiplies the loss again.
# - "Another starting point." Whether a step overshoots depends on how sharply the surface bends, and the
#   surface of a line bends the same everywhere.
#
# </details>

# %% [markdown] tags=["notes"]
# **9 minutes.** This is the heart of the lesson. Before the cell: "Ten thousand steps. How close?" Hands up for
# a, b, c. The answer, 5 % of the way, should hurt. Then: "Take a larger rate!" Let them try 0.00015 in the
# cell: it explodes, and the answer is `nan`. So the rate is as large as it may be, and still nothing happens.
#
# Return to the sentence on the board: every tilt had to be repaired with the intercept. Same valley.
#
# Wrong idea to expect: "standardizing changes the answer." It changes the map, not the line; the cell
# that converts back shows it.

# %% [markdown]
# ## 7. A narrow valley, and how to leave it
#
# ### Predict: ten thousand steps on real units
#
# The 300 people, from the flat line at 150 cm. The cliff stands at 0.000146 here; we take the rate 0.0001.
# Where is $b$ after **10,000** steps?
#
# **a** at 131.5, the best, **b** near 140, **c** near 149

# %%
path_kg = fitting.gradient_descent(x, y, rate=0.0001, steps=10_000, start=(0, 150))
### BEGIN HIDDEN TESTS
columns = regression.design_matrix(x)
border = 2 / np.linalg.eigvalsh(2 / 300 * columns.T @ columns).max()
share = (150 - path_kg[-1, 1]) / (150 - b)
assert 0.0001 < border < 0.000147
assert 0.04 < share < 0.06
assert round(path_kg[-1, 1]) == 149
### END HIDDEN TESTS
round(float(path_kg[-1, 1]), 1)

# %% [markdown]
# **c**: after ten thousand steps the walker has made 5 % of its way. At 82 kg, a change of the slope by 1 moves a prediction by 82 cm; a change of the intercept by 1
# moves it by 1 cm. A rate that is safe for the slope is far too small for the intercept.

# %% [markdown]
# The cure is to give the input a better unit. **Standardize** it: subtract the mean, divide by the standard
# deviation. Now 0 is a person of average weight, and 1 is one spread above. Thirty steps:

# %%
z = (x - x.mean()) / x.std()
path_z = fitting.gradient_descent(z, y, rate=0.1, steps=30, start=(0, 150))

np.testing.assert_allclose(path_z[-1], regression.least_squares(z, y), atol=0.05)
figures.two_valleys(
    x, z, y, (path_kg, path_z), ("kilograms: 10,000 steps", "standardized: 30 steps")
)

# %% [markdown]
# Left, a ravine. Right, a round bowl. It bends alike in every direction, and the rate 0.5 lands on its bottom in
# **one** step.

# %%
w_z, b_z = fitting.gradient_descent(z, y, rate=0.5, steps=1, start=(0, 150))[-1]

np.testing.assert_allclose([w_z / x.std(), b_z - w_z * x.mean() / x.std()], [w, b])
np.array([[w_z / x.std(), b_z - w_z * x.mean() / x.std()], [w, b]])

# %% [markdown]
# Above, that one step, turned back into kilograms; below, the formula.
# Standardizing changes the map, not the line. With a network it decides whether training works at all, and that
# is why almost every one begins by scaling its inputs: your pictures will be divided by 255.
#
# ### Your turn 4: judge a line on new people
#
# Put it all together. Standardize `x`, fit the line (`regression.least_squares` may do that), predict for
# `x_new`, and return the typical error in centimeters. It must work for a single new person, too. By pencil: the
# best line of our three points, $y = x + \frac23$, says $\frac{14}{3}$ for a new $x = 4$; if the truth there is 5,
# the typical error is $\frac13$.


# %% tags=["exercise"]
def error_on_new(x, y, x_new, y_new):
    """Typical error on new people of a line learned from x and y, standardized."""
    ### BEGIN SOLUTION
    mean, spread = np.mean(x), np.std(x)
    slope, intercept = regression.least_squares((x - mean) / spread, y)
    prediction = slope * (x_new - mean) / spread + intercept
    return np.sqrt(np.mean((prediction - y_new) ** 2))
    ### END SOLUTION


# %%
check.error_on_new(error_on_new)

# %% [markdown]
# ### Question 2 <!-- judge -->
#
# You want to predict for the 100 people held out. Which mean and which spread standardize *their* weights?
#
# - **A.** Their own.
# - **B.** Those of all 400 together.
# - **C.** Those of the 300 people of the training set.
#
# <details><summary>Answer</summary>
#
# **C.** The numbers $w$ and $b$ belong to the scale on which they were learned: mean and spread are part
# of the model.
#
# - "Their own." Somebody who comes alone *is* the mean, and the spread is 0. And a group of tall and heavy
#   people would be predicted to be average.
# - "Those of all 400." Then the held-out people have a say in the model: a small **leak**, and the first
#   step to an error that looks better than it is.
#
# </details>

# %% [markdown] tags=["notes"]
# **4 minutes.** Ask for the baby first: "4 kg. What does the line say?" Somebody will say "it cannot
# know". Right; but it does not refuse, it answers 133 cm to the decimal. Models do not say "I don't know"
# unless we build that in.
#
# Then: "You gain 10 kg. How much do you grow?" Laughter is the right answer. Ask *why* the pooled slope is
# steeper than both others: being a man goes with more height and with more weight, so a part of the slope
# is the difference between the groups. The second input takes that part over: the weight's own slope falls
# from 0.46 to 0.34.

# %% [markdown]
# ## 8. What the line does not know
#
# A newborn weighs about 4 kg and is about half a meter long. Ask our line.

# %% tags=["measured"]
assert round(regression.predict([4], w, b)[0]) == 133
assert 48 < x.min() < x.max() < 118
figures.extrapolation(x, y, w, b, baby=(4, 50))

# %% [markdown]
# It says 133 cm, without a blush. Nobody below 48 kg was among the people, and outside of what it has seen a
# model **extrapolates**: it goes on in a straight line where the world does not.
#
# The slope has its limits, too. Split the same 300 people into women and men, and fit each group alone.

# %%
male = people.male[:cut]
### BEGIN HIDDEN TESTS
w_women, _ = regression.least_squares(x[~male], y[~male])
w_men, _ = regression.least_squares(x[male], y[male])

assert (round(w_women, 2), round(w_men, 2), round(w, 2)) == (0.32, 0.35, 0.46)
### END HIDDEN TESTS
figures.slopes_by_group(x, y, male)

# %% [markdown]
# Each group has a slope below 0.4, everybody together one of 0.46. Part of that slope is not about weight at
# all: men are, on average, taller *and* heavier. Whoever
# gains 10 kg does not grow by 4.6 cm. **Correlation predicts; it does not say what causes what.**
#
# So tell the model. A second input is one more column, 1 for a man and 0 for a woman, and one more weight.
# NumPy's own solver takes any number of columns.


# %%
def columns_of(weight, male):
    """A row (weight, male, 1) for every person."""
    return np.stack([weight, male, np.ones(len(weight))], axis=1)


weights = np.linalg.lstsq(columns_of(x, male), y, rcond=None)[0]
said = columns_of(x_new, people.male[cut:]) @ weights
error_two = fitting.mean_squared_error(y_new, said) ** 0.5


### BEGIN HIDDEN TESTS
def two_inputs(seed):
    group = data.heights_and_weights(seed=seed)
    rows = columns_of(group.weight, group.male)
    fitted = np.linalg.lstsq(rows[:300], group.height[:300], rcond=None)[0]
    return fitting.mean_squared_error(group.height[300:], rows[300:] @ fitted) ** 0.5


assert all(two_inputs(seed) < errors[seed] for seed in range(100))
### END HIDDEN TESTS
assert np.round(weights, 1).tolist() == [0.3, 9.1, 136.3]
assert round(error_two, 1) == 6.7
np.round(weights, 2), round(error_two, 1)

# %% [markdown]
# The same model with one more column: 0.34 cm for a kilogram, 9.1 cm for being a man. On new people it is off by
# 6.7 cm in place of 8.5. Is that luck, too? In all hundred groups of section 4 two inputs beat one.


# %% [markdown] tags=["notes"]
# **1 minute.** Draw the neuron on the board before you show the figure, and ask the room to name the
# parts of today's line in it. Then ask: "What would you have to change to answer yes or no in place of a
# number?" Take any answer that squeezes the output; it is the first sentence of lesson {logistic_regression}.

# %% [markdown]
# ## 9. A neuron, almost
#
# Draw the line as a picture: two inputs, $x$ and the constant 1; a weight on each connection; a sum.

# %%
figures.line_as_neuron()

# %% [markdown]
# A line is **a neuron without an activation**: a weighted sum of inputs, plus a bias. And you trained it the
# way every network in this course is trained: predict, measure a loss, step downhill.

# %% [markdown]
# ## Going further
#
# Nothing after this lesson needs what follows here.
#
# ### Where the people come from
#
# The people of this lesson are **simulated**: random numbers, no person was measured. Their means and
# their spread in height are published, the rest is assumed.
#
# | | women | men | where from |
# |:--|--:|--:|:--|
# | mean height | 161.8 cm | 175.8 cm | adults in the United States, 2011-2014 [1] |
# | mean weight | 76.4 kg | 88.8 kg | the same survey [1] |
# | spread of height | 7.0 cm | 7.4 cm | ages 20 to 29, 1988-1994 [2] |
# | spread of weight | 13 kg | 13 kg | **assumed**; real weights spread wider |
# | correlation within a group | 0.5 | 0.5 | **assumed** |
# | shape | normal | normal | **assumed**; real weights have a long right tail |
#
# (*Spread* is the standard deviation. [1] Fryar, Gu, Ogden, Flegal: *Anthropometric reference data for
# children and adults*, U.S. National Center for Health Statistics, Vital and Health Statistics 3(39),
# 2016, converted from pounds and inches. [2] Schilling, Watkins, Watkins: *Is human height bimodal?*,
# The American Statistician 56(3), 2002.)
#
# ### The formula as a function
#
# ### Your turn 5: the best line
#
# Turn the formula of section 4 into a function. For the three points it must give `(1, 2/3)`.


# %% tags=["exercise"]
def best_line(x, y):
    """Slope and intercept (w, b) of the least-squares line."""
    ### BEGIN SOLUTION
    from_mean = x - np.mean(x)
    w = np.mean(from_mean * (y - np.mean(y))) / np.mean(from_mean**2)
    return w, np.mean(y) - w * np.mean(x)
    ### END SOLUTION


# %%
check.best_line(best_line)

# %% [markdown]
# ### Where the cliff stands
#
# Take the simplest valley, $a\,w^2$. Its slope is $2aw$, so one step makes $w - \eta\,2aw = (1 - 2a\eta)\,w$ out
# of $w$: every step multiplies by the same number. Below $-1$ the walk explodes, and that is so when
# $\eta > 1/a$. Since the slope changes by $2a$ per unit of $w$, the border is **2 divided by that curvature**. A
# surface bends differently in different directions, and the sharpest bend decides. For our three points:

# %%
curvatures = np.linalg.eigvalsh(2 / 3 * X.T @ X)

assert 0.175 < 2 / curvatures.max() < 0.185
assert curvatures.max() > 40 * curvatures.min()
np.round(2 / curvatures[::-1], 2)

# %% [markdown]
# The first number is the cliff, 0.18. The other direction would bear a rate more than 40 times as large. That is how
# long and narrow the valley is.
#
# ### Errors that balance, and the line the other way round
#
# ### Question 3 <!-- find -->
#
# The residuals of somebody's line add up to exactly 0. Is it the best line?
#
# - **A.** Yes: the errors balance.
# - **B.** Not necessarily.
# - **C.** No: the best line has residuals that add up to something small, but not 0.
#
# <details><summary>Answer</summary>
#
# **B.** A sum of 0 means that the slope of the MSE along $b$ is 0: the line passes through the mean
# point. Infinitely many lines do; the flat line at the mean height is one of them.
#
# - "Yes: the errors balance." There is a second condition: the residuals times $x$ must add up to 0, too.
# - "No: the best line has a small sum, but not 0." The best line meets both conditions exactly.
#
# </details>
#
# ### Question 4 <!-- find -->
#
# Solved for $x$, our line reads $x = (y - b)/w$. Is that the best line for predicting **weight from
# height**?
#
# - **A.** Yes: it is the same line, read from the other side.
# - **B.** No: weight cannot be predicted from height.
# - **C.** No: its slope is too steep for that.
#
# <details><summary>Answer</summary>
#
# **C.** Least squares for height from weight makes the *vertical* squares small; weight from height needs
# the *horizontal* ones, and that is another line. Its slope is $\text{cov}/\text{var}(y)$, not $1/w$. The
# product of the two slopes is the squared correlation; it would have to be 1 for the two lines to be one.
#
# - "Yes: the same line, read from the other side." True only where all points lie on the line.
# - "Weight cannot be predicted from height." The relation helps in both directions alike.
#
# </details>
#
# Check the answer with both fits: first $1/w$ and the slope of weight from height, then the product of the two
# slopes and the squared correlation.

# %%
w_back, _ = regression.least_squares(y, x)
correlation = np.corrcoef(x, y)[0, 1]

np.testing.assert_allclose(w * w_back, correlation**2)
assert (round(w_back, 2), round(1 / w, 2)) == (0.95, 2.19)
np.round([[1 / w, w_back], [w * w_back, correlation**2]], 4)

# %% [markdown]
# A centimeter more of height goes with 0.95 kg, not with 2.19: each fit leans toward its own mean. (That is
# Galton's *regression to the mean*, from which regression has its name.)
#
# ### Challenge
#
# **One typo.** Somebody forgot a decimal point: 1756 cm in place of 175.6. How far can one person in 300 move the line?

# %%
y_typo = np.where(np.arange(len(y)) == 10, 10 * y, y)
w_typo, b_typo = regression.least_squares(x, y_typo)
error_typo = fitting.mean_squared_error(y_new, regression.predict(x_new, w_typo, b_typo)) ** 0.5

assert y_typo.max() == 1756
assert w_typo > 2 * w
assert error_typo > typical
round(float(w_typo), 2), round(error_typo, 1)

# %% [markdown]
# The slope more than doubles, and on new people the line is now worse than guessing the mean.
#
# If you are early: walk down the mean **absolute** error with the standardized weights. Its slopes have the sign of the
# residual in place of the residual. How far does the typo move that line?
#
# If you want a week: invent a loss of your own, such as squares up to 20 cm and straight lines beyond, or one that
# throws out the worst 1 %. Compare on the people held out. What does your loss cost when there is no typo? There is
# no single answer: every loss says which errors you can live with.

# %% [markdown] tags=["notes"]
# **Homework**, or for those who are early. A good entry for the challenge reports two errors on new people, with the
# typo and without, and a rate that does not jump around the minimum: the slopes of absolute errors do not
# shrink on the way.

# %% [markdown]
# ## What you can do now
#
# - **Compute** the MSE of a line, by pencil and in NumPy.
# - **Find** the way downhill: both slopes at one place, then one step against them.
# - **Train** a line with a loop of your own; the loss tells a rate that is too small from one that is too large.
# - **Judge** a line by its error on people held out: 8.5 cm here, where the mean alone is off by 10; and standardize
#   them with the numbers of the people it learned from.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("linear_regression")

# %% [markdown]
# ## Common mistakes
#
# - **Moving $w$ before computing the slope for $b$.** Both slopes belong to the same place.
# - **Raising the learning rate when the loss grows.** It grows because the rate is too large already.
# - **Standardizing new people with their own mean.** Mean and spread are part of the model.
#
# ## Where next
#
# [{logistic_regression} Logistic regression](logistic_regression.ipynb) wraps today's line in a *sigmoid*, the first
# activation. Then the question is no longer how tall somebody is, but: tall or short?
