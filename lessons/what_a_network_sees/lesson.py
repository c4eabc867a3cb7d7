# %% [markdown]
# # What a network sees
#
# **You draw a digit, and a network says: this is a 3. Why a 3?** Its answer is made of 61,706 numbers, and every
# one of them can be looked at. In this lesson you open LeNet-5 and follow an answer all the way down: from the
# vote to the hidden units, to the maps, to a kernel, to the pixels under your pen.
#
# {time} · **You need:** [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb).
#
# **When you are done, you can**
#
# - **run** a trained network with nothing but NumPy
# - **trace** a number of any map back to the pixels that it sees
# - **explain** an answer by the units that voted for it
# - **judge** a classifier by its confusion matrix, precision, recall and worst mistakes
#
# **Sources:** I. Heredia, *Image classification* (Santander, 2022; what a layer sees); P. Padman, *Training a
# CNN to Classify Images* (metrics); Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning
# applied to document recognition* (Proceedings of the IEEE, 1998).

# %% [markdown]
# ## Setup

# %%
from lessons.what_a_network_sees import check, eight_classes, figures
from lessons.what_a_network_sees.digit_pad import prepare, redraw
from lessons.what_a_network_sees.explorer import NetworkExplorer
from lessons.what_a_network_sees.snapshots import Snapshots
from utils import board, data, models, plots, training
from utils.convolution import correlate_volume, pool2d
from utils.widgets import flipbook

import keras
import numpy as np
from sklearn.metrics import confusion_matrix

plots.style()

# %% [markdown] tags=["notes"]
# **1 minute.** Ask: "The network says 3. Could you prove it wrong, or right, by looking inside?" You will hear
# "it is a black box". Say: "It has no lid. In half an hour you will tell me which units made it a 3."
#
# Short of time? Leave out section 3, and go from the NumPy network to the vote and the explorer.

# %% [markdown]
# ## 1. Your network, again
#
# The LeNet-5 of lesson {convolutional_networks}, trained again: five times through the digits of seven
# blocks of writers, this time by gradient descent with momentum. On the way we put copies of its weights aside; at the end they make a film.

# %% tags=["measured", "trains"]
digits = data.digits()
images, labels = data.enlarged(digits.images), digits.labels
train, validation, test = data.writers_apart(0).values()

training.reproducible(0)
lenet = models.lenet5()
batches = int(np.ceil(len(train) / 32))
snapshots = Snapshots(batches * epoch for epoch in range(6))
lenet.compile(
    keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"]
)
history = lenet.fit(images[train], labels[train], epochs=5, verbose=0, callbacks=[snapshots])
assert history.history["accuracy"][-1] > 0.98
f"{history.history['accuracy'][-1]:.1%} of its training digits"

# %% [markdown]
# And of the digits of three writers that it has never met? All that follows looks at these.

# %% tags=["measured"]
probabilities = lenet.predict(images[test], verbose=0)
said = probabilities.argmax(axis=1)
right = (said == labels[test]).mean()
assert 0.86 < right < 0.95
f"{right:.1%} of {len(test)} digits of new writers"

# %% [markdown] tags=["notes"]
# **2 minutes.** Ask: "Where is the network, on this machine?" Somebody says "in the graphics card", somebody
# "in Keras". It is a list of ten arrays; the next section needs nothing else.

# %% [markdown]
# ## 2. No magic: LeNet-5 in NumPy
#
# In lesson {convolution} you built convolution by hand. Is that what Keras computes? Take the first layer's
# weights, and one test digit.

# %% tags=["measured"]
weights = lenet.get_weights()
kernels, biases = weights[:2]
digit = images[test[0]]
by_hand = np.tanh(correlate_volume(digit, kernels) + biases)
by_keras = lenet.get_layer("conv1")(digit[np.newaxis])[0]
np.testing.assert_allclose(by_hand, by_keras, atol=1e-5)
assert by_hand.shape == (28, 28, 6)
f"{by_hand.shape}, largest difference {np.abs(by_hand - by_keras).max():.0e}"

# %% [markdown]
# Slide the kernels, add a bias to each map, bend by tanh: the same 28×28×6 numbers. Then nothing stops you from
# running the *whole* trained network by hand.
#
# ### Your turn 1: LeNet-5 without Keras
#
# Write two rounds of convolution, bias, tanh, pooling; Flatten, which is `maps.reshape(-1)`; two dense layers with
# tanh; the last with softmax. `correlate_volume(maps, kernels)` and `pool2d(maps, how="average")` are those of the
# course. `weights` holds k1, b1, k2, b2, w3, b3, w4, b4, w5, b5.


# %% tags=["exercise", "points-3"]
def forward(picture, weights):
    """A picture in, probabilities out."""
    ### BEGIN SOLUTION
    k1, b1, k2, b2, w3, b3, w4, b4, w5, b5 = weights
    maps = pool2d(np.tanh(correlate_volume(picture, k1) + b1), how="average")
    maps = pool2d(np.tanh(correlate_volume(maps, k2) + b2), how="average")
    hidden = np.tanh(maps.reshape(-1) @ w3 + b3)
    hidden = np.tanh(hidden @ w4 + b4)
    scores = np.exp(hidden @ w5 + b5)
    return scores / scores.sum()
    ### END SOLUTION


# %%
check.forward(forward)

# %% [markdown]
# No framework is left in it. What Keras adds is speed, and the gradients that found the weights.
#
# ### Question 1 <!-- run -->
#
# You want to run LeNet-5 on a small machine without Keras. What do you have to take with you?
#
# - **a** the weights
# - **b** the weights, and which layers they belong to
# - **c** the weights, the layers, and the training digits
#
# <details><summary>Answer</summary>
#
# **b.** A trained network is ten arrays and the order of the operations: seven lines.
#
# - "The weights" alone do not say whether tanh or ReLU comes next, nor whether a window is averaged.
# - "The training digits" have done their work: what they taught stands in the weights.
# </details>

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask before the exercise: "What is missing, if we want to run a trained network in a program
# without Keras?" They expect something complicated. A careful student asks about `np.exp` of large scores:
# right, subtract the largest first, as in lesson {multilayer_perceptron}; here no score comes near 88, beyond
# which float32 overflows.

# %% [markdown]
# ## 3. One number, and its kernel
#
# Now go in. The first layer has six kernels of 5×5 weights. They began as random numbers, and nobody told them
# what to look for.
#
# ### Predict: six kernels
#
# Below stand all six, each with what it makes of a 0, a 4 and a 7. Purple is positive, orange negative, white
# zero. What will you see?
#
# - **a** six small digits
# - **b** edges in several directions
# - **c** still noise

# %% tags=["measured"]
empty = np.tanh(biases)
some = images[[test[np.flatnonzero(labels[test] == digit)[0]] for digit in (0, 4, 7)]]
maps_of_some = np.array([np.tanh(correlate_volume(one, kernels) + biases) for one in some])
figures.kernels_and_maps(kernels[:, :, 0], some, maps_of_some, empty)

# %% [markdown]
# **b**, mostly. Where one side of a kernel is purple and the other orange, it is an **edge filter**, as in lesson
# {convolution}; the arrow shows its direction. A kernel whose purple outweighs its orange answers to ink as such.
# Follow a column down: the same kernel finds the same thing in a 0, a 4 and a 7. White means that nothing is
# there.

# %% [markdown]
# Every spot of such a map is one number. Here is how one comes about: the test 3 that the network is surest of,
# and in the first map the number with the strongest answer. A window of 5×5 pixels, times the kernel, summed,
# plus a bias, bent by tanh.

# %% tags=["measured"]
threes = np.flatnonzero(labels[test] == 3)
shown = test[threes[probabilities[threes, 3].argmax()]]
conv1 = np.tanh(correlate_volume(images[shown], kernels) + biases)
place = np.unravel_index(np.abs(conv1[..., 0] - empty[0]).argmax(), (28, 28))
figures.one_number(images[shown], kernels[..., 0, 0], biases[0], conv1[..., 0], place)

# %% [markdown]
# 28·28 such numbers make one map, six kernels make six maps.

# %% [markdown] tags=["notes"]
# **3 minutes.** **a** is the favorite of those who know the dense network of lesson {training_a_network}, whose
# weights do look like blurred digits. Ask: "Can a kernel of 5×5 be a digit?" It sees 5 of 32 pixels. Whoever
# asks whether the kernels come out like this every time: other edges, other order, the same kind.

# %% [markdown]
# ## 4. What a deeper unit sees
#
# A number of conv1 sees 5×5 pixels. A number of conv2 sees 5×5 numbers of pool1, each of which sees two rows
# and columns of conv1, each of which sees 5×5 pixels. How large a piece of the picture is that, and where does
# it lie?
#
# ### Your turn 2: the window below a number
#
# A layer is a pair `(size, stride)` of its window. For LeNet-5 up to conv2 the stack is
# `[(5, 1), (2, 2), (5, 1)]`. Given the row and the column of a number in the last map, return the first row and
# the first column of the pixels that it sees, and how many rows they are. By hand, for row 3 and column 4:
# conv2 sees rows 3 to 7 of pool1, that is rows 6 to 15 of conv1, that is rows 6 to 19 of the picture: 14
# rows. Columns go the same way, from 8. The answer is `(6, 8, 14)`.


# %% tags=["exercise"]
def window_below(row, column, stack):
    """First row, first column and side of the pixels that a number sees."""
    ### BEGIN SOLUTION
    top, left, side = row, column, 1
    for size, stride in reversed(stack):
        top, left = top * stride, left * stride
        side = (side - 1) * stride + size
    return top, left, side
    ### END SOLUTION


# %%
check.window_below(window_below)

# %% [markdown]
# So one number of conv2 sees 14×14 pixels, from row 2·row and column 2·column on. Is it true that nothing else
# counts? Give the network *only* this patch, by hand: conv1, pool1 and conv2 make one pixel of it.


# %%
def patch(picture, row, column):
    """The 14x14 pixels that the number at (row, column) of conv2 sees."""
    return picture[2 * row : 2 * row + 14, 2 * column : 2 * column + 14]


def conv2(picture):
    """The maps of conv2, before tanh."""
    pooled = pool2d(np.tanh(correlate_volume(picture, kernels) + biases), how="average")
    return correlate_volume(pooled, weights[2]) + weights[3]


# %% tags=["measured"]
alone, within = conv2(patch(digit, 3, 4))[0, 0], conv2(digit)[3, 4]
np.testing.assert_allclose(alone, within, atol=1e-4)
f"{alone.shape[0]} maps, largest difference {np.abs(alone - within).max():.0e}"

# %% [markdown]
# A map of conv2 is harder to read than a kernel: it has weights for six maps at once. So ask the data: *which
# pieces of all test digits excite this map most?* The eight strongest for six of the sixteen maps, each from
# another digit:

# %% tags=["measured"]
responses = np.array([conv2(images[n]) for n in test])


def strongest(channel, count=8):
    """The patches that excite a map of conv2 most, one from each digit."""
    flat = responses[..., channel].reshape(len(test), 100)
    found = np.argsort(-flat.max(axis=1), kind="stable")[:count]
    return [patch(images[test[n]], *divmod(flat[n].argmax(), 10))[..., 0] for n in found]


units = [0, 3, 5, 8, 11, 14]
pieces = np.array([strongest(unit) for unit in units])
assert pieces.var(axis=1).mean() < 0.8 * pieces.var(axis=(0, 1)).mean()
figures.strongest_patches(pieces, units)

# %% [markdown]
# Within most maps the pieces look alike, though each comes from another picture: a slanted stroke here, an arc
# there. Edges in the first layer, pieces of strokes in the second; more layers would put the pieces together
# to larger shapes. Nobody told the network to work its way up like that.

# %% [markdown] tags=["notes"]
# **4 minutes.** Let somebody describe one group of patches in words before you do. You will hear names of
# digits ("that one finds 7s"). Ask: "Does it fire on other digits, too?" A unit of conv2 votes for a piece;
# only the dense layers put votes together. Some groups look like nothing nameable. Say so: nothing forces a
# unit to mean something to us.

# %% [markdown]
# ## 5. Who voted for it?
#
# The last layer has 84 hidden units below it. The score of a class is a sum: what each unit says, times its
# weight for this class, plus a bias. 84 votes, some for, some against.
#
# ### Your turn 3: the reasons of a vote
#
# Return the numbers of the `count` units that add most to the score of class `said`, the strongest first. `hidden`
# holds what the units say, shape (84,), `weights` has the shape (84, 10). For `hidden = [0.5, -1, 0.9]`
# and weights `[2, -1.5, 0.2]` for the class the products are 1.0, 1.5 and 0.18: the two strongest are `[1, 0]`.


# %% tags=["exercise"]
def reasons(hidden, weights, said, count):
    """The units that add most to the score of a class, the strongest first."""
    ### BEGIN SOLUTION
    products = hidden * weights[:, said]
    return np.argsort(-products)[:count]
    ### END SOLUTION


# %%
check.reasons(reasons)

# %% [markdown]
# Here are all 84 votes for the 3 of above, and for the class that came second, each from the strongest on.

# %% tags=["measured"]
up_to_hidden = keras.Model(lenet.inputs[0], lenet.get_layer("dense2").output)
hidden = np.asarray(up_to_hidden(images[[shown]])[0])
scores = hidden @ weights[8] + weights[9]
first, second = np.argsort(-scores)[:2]
assert first == 3
np.testing.assert_allclose(np.argmax(lenet(images[[shown]])), first)
products = hidden[:, np.newaxis] * weights[8][:, [first, second]]
np.testing.assert_allclose(
    products.sum(axis=0) + weights[9][[first, second]], scores[[first, second]], atol=1e-4
)
figures.votes(products, weights[9][[first, second]], (str(first), str(second)))

# %% [markdown]
# No single unit decides: nearly all votes for the winner point the same way, and those for the runner-up cancel.
# What does a unit vote about? About 120 units, which vote about 400 numbers, and so on down. By hand that takes an evening.

# %% [markdown] tags=["notes"]
# **2 minutes.** Ask: "Which unit would you remove to turn this 3 into something else?" One is not enough, try
# it. A negative weight times a negative unit is a vote *for*: the room forgets that.

# %% [markdown]
# ## 6. The whole way down
#
# A network knows digits from paper, cut out and counted. A drawing must go the same way: crop it to its outline,
# scale it to 32 dots of height, center it, count the ink in blocks of 4×4, enlarge. Here is the 3 from above,
# redrawn as with a thick pen.

# %% tags=["measured"]
drawing = redraw(digits.images[shown])
ink = prepare(drawing)
picture = data.enlarged(ink[np.newaxis])
answer = lenet(picture)
assert answer[0, 3] > 0.6
figures.reading(
    drawing, ink, picture[0], np.asarray(lenet.layers[0](picture)[0]), np.asarray(answer[0])
)

# %% [markdown]
# And this is what every layer with maps makes of it.

# %% tags=["measured"]
with_maps = lenet.layers[:4]
every_map = keras.Model(lenet.inputs[0], [layer.output for layer in with_maps])
outputs = [np.asarray(output[0]) for output in every_map(picture)]
by_layer = {layer.name: output for layer, output in zip(with_maps, outputs, strict=True)}
figures.maps_by_depth(picture[0], by_layer, np.asarray(answer[0]))

# %% [markdown]
# Now it is your turn. Press **Draw** and write into the black square, with mouse or finger, or with the arrow
# keys and the space bar. Every layer follows your pen. Then take the answer apart: click a class, and you see
# the ten products that count most for it. Press **Down**, again and again: from the vote to a unit, to a map,
# to a window with its kernel, to a pixel. Every number is computed here, on this page, from the weights that you
# have trained.

# %% tags=["measured"]
first_of = [test[np.flatnonzero(labels[test] == digit)[0]] for digit in range(10)]
samples = [first_of[digit] for digit in (3, 0, 1, 2, 4, 5, 6, 7, 8, 9)]
NetworkExplorer(lenet, images[samples], range(10))

# %% [markdown]
# - Press **Draw** and draw nothing. What does the network say? It has to say something.
# - Click a place in conv1 where the map is dark. Does its window lie on an edge of the digit?
# - In conv2, choose one input map after the other. Which one decides, and do all six agree?
# - A 7 with a bar and one without; a 3 that you slowly close to an 8. Where does it change its mind?
# - Any drawing that is no digit: go down from the vote. Which strokes did it take for what?
#
# Your hand is one more hand, and to a house or a smile the network has to answer with a digit: softmax knows no
# "none of these".
#
# ### Question 2 <!-- explain -->
#
# You click the answer 3 and see ten products. What do they tell you?
#
# - **a** which pixels are the 3
# - **b** which hidden units spoke for it most, for this drawing
# - **c** which units always mean a 3
#
# <details><summary>Answer</summary>
#
# **b.** A product is a weight times what the unit says *now*.
#
# - "Which pixels are the 3": a hidden unit sees the whole picture; go further down for the pixels.
# - "Which units always mean a 3": draw another 3, and other units come first. The weights stay, what the units
#   say does not.
# </details>

# %% [markdown] tags=["notes"]
# **5 minutes.** The moment of the lesson. Let a volunteer draw on the projected pad, and let the room say what to
# click. Ask for a 7 "as you write it", then for one with a bar. Then a smile, and **Down** from its vote: "Which
# strokes did it take for a 0?" Whoever cannot draw loads one of the ten written digits, or uses the keyboard.

# %% [markdown]
# ## 7. Pictures of things, in color
#
# You can open any network of such layers. Here is a small one for the eight classes of the next lessons: four
# convolutions with ReLU, GlobalMaxPooling, one dense layer. It has learned from the 1,600 training pictures of the
# course, at 48×48 pixels (`measure.py` in the lesson's folder).

# %% tags=["measured"]
things = data.load_images("test", eight_classes.SIDE, source="rendered8")
in_color = eight_classes.prepared(things.images)
small = eight_classes.load_network()
answers = small.predict(in_color, verbose=0)
named = (answers.argmax(axis=1) == things.labels).mean()
assert 0.74 < named < 0.78
f"{named:.0%} of {len(answers)} test pictures, with {small.count_params():,} parameters"

# %% [markdown]
# Guessing names 12.5 %. Here are two pictures of each class.

# %% tags=["measured"]
two_each = np.concatenate([np.flatnonzero(things.labels == name)[:2] for name in range(8)])
figures.answers(in_color[two_each], things.labels[two_each], answers[two_each], things.classes)

# %% [markdown]
# Choose one, and take its answer apart, down to a pixel.

# %% tags=["measured"]
NetworkExplorer(small, in_color[two_each], things.classes)

# %% [markdown]
# - A kernel of conv1 has a table for each color: red, green, blue. Choose one after the other. Which colors does
#   it set against each other?
# - From a vote go **Down**: the largest number of a map stands at one place. Which part of the picture does it
#   see? The dashed frame shows it.
# - Take a mistake. Which unit spoke for the wrong class, and what was there in the picture?

# %% [markdown] tags=["notes"]
# **3 minutes.** Let the room choose a picture that the network gets wrong, and let it guess why before anybody
# presses **Down**. Often it is the ground, or a color. Say: "It has seen no thing, only pieces of up to 38 × 38
# pixels, and whether they occur." Lesson {looking_inside} makes such a suspicion a measurement.

# %% [markdown]
# ## 8. Where does it fail?
#
# Back to the digits. Accuracy is one number; the **confusion matrix** has a hundred: row *i*, column *j* counts
# the test digits that were *i* and were called *j*.

# %% tags=["measured"]
matrix = confusion_matrix(labels[test], said)
assert matrix.sum() == len(test)
assert np.isclose(np.trace(matrix) / len(test), right)
plots.confusion(matrix, range(10))

# %% [markdown]
# The diagonal over the total is the accuracy. Read a mistake: find a colored cell, go left for what it *was*,
# down for what the network *said*.
#
# ### Your turn 4: precision and recall of every class
#
# **Precision** of class 3: of all digits called 3, how many were 3? **Recall**: of all digits that were 3, how
# many were called 3? Write both for all classes at once. Where a class was never called, let its precision be 0.
# For `[[8, 2, 0], [1, 9, 0], [3, 0, 7]]` the precisions are 8/12, 9/11, 7/7, the recalls 8/10, 9/10, 7/10.


# %% tags=["exercise"]
def precision_recall(matrix):
    """Two arrays: precision of every class, recall of every class."""
    ### BEGIN SOLUTION
    right = np.diag(matrix)
    said, was = matrix.sum(axis=0), matrix.sum(axis=1)
    return right / np.maximum(said, 1), right / np.maximum(was, 1)
    ### END SOLUTION


# %%
check.precision_recall(precision_recall)

# %% [markdown]
# ### Predict: ten classes, one accuracy
#
# The accuracy is about 92 %. How far apart are the best and the worst recall of the ten digits?
#
# - **a** about 2 points
# - **b** about 5 points
# - **c** 15 points or more

# %% tags=["measured"]
precision = np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1)
recall = np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)
assert recall.max() - recall.min() > 0.15
figures.precision_and_recall(precision, recall, range(10))

# %% [markdown]
# **c**. One accuracy, ten different stories. Where the square lies below the circle, the network says that digit
# too rarely, and misses some. Where the circle is lower, it says that digit too often. With about 50 digits per
# class, one mistake moves a mark by two points: do not rank classes by a small difference.
#
# Now look at the mistakes themselves, those first that the network was surest of.

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
wrong = said != labels[test]
assert probabilities.max(axis=1)[wrong].max() > 0.9
assert probabilities.max(axis=1).mean() > right + 0.02
### END HIDDEN TESTS
figures.worst_mistakes(images[test], labels[test], probabilities)

# %% [markdown]
# Would you have read them all? Some are ambiguous. Others are plain to you, and the network was wrong *and sure*:
# a high probability is no proof. Look at your mistakes in every project; they show you what to mend, which the
# accuracy does not.

# %% [markdown] tags=["notes"]
# **4 minutes.** Cover the labels of the worst mistakes and let the room read them first. Ask: "Do these six show
# that a probability of 99 % means nothing?" No: we picked them because they are wrong. To judge its
# probabilities, take all test digits, and hold `probabilities.max(axis=1).mean()` against the accuracy: the
# network is surer than it is right, as trained networks often are.

# %% [markdown]
# ### Challenge
#
# **If you are early:** take the worst mistake into the explorer (put its number first into `samples`). Which
# map made it wrong?
#
# **If you want a week:** find the smallest change of a 3, in pixels, that makes the network say 8: change the
# pixel that helps most, and again. Does a person still read a 3?

# %% [markdown]
# ## Going further
#
# How did the kernels come about? They began as random numbers. Here are four moments of the training: before it,
# after the first epoch, after the second, and at the end.

# %% tags=["measured"]
copy = models.lenet5()
looking = keras.Model(copy.inputs[0], [copy.get_layer("conv1").output, *copy.outputs])


def moment(epoch):
    """Kernels, maps and probabilities for the 3, as they were after an epoch."""
    copy.set_weights(snapshots.weights[batches * epoch])
    maps, says = looking(images[[shown]])
    return copy.get_weights()[0][:, :, 0], np.asarray(maps[0]), np.asarray(says[0])


moments = {
    name: moment(epoch)
    for name, epoch in (("before", 0), ("1 epoch", 1), ("2 epochs", 2), ("5 epochs", 5))
}
figures.learning_moments(
    [kernels for kernels, _, _ in moments.values()],
    [says for _, _, says in moments.values()],
    list(moments),
)

# %% [markdown]
# Before training, ten low bars: it knows nothing. In the end nearly everything is on 3, and noise has given way
# to slopes from purple to orange. Is that more than an impression? In noise, neighbors differ as much as any two
# weights do.


# %% tags=["measured"]
def roughness(kernels):
    """Squared difference of neighboring weights over their variance: about 2 for pure noise."""
    down, across = (np.square(np.diff(kernels, axis=axis)).mean() for axis in (0, 1))
    return float((down + across) / 2 / kernels.var())


rough = {name: round(roughness(kernels), 2) for name, (kernels, _, _) in moments.items()}
assert rough["5 epochs"] < 0.6 * rough["before"]
rough

# %% [markdown]
# Turn the pages yourself; the slider needs no running notebook.

# %% tags=["measured"]
flipbook(
    lambda epoch: figures.learning_frame(*moment(epoch), f"epoch {epoch}"),
    range(6),
    "A flipbook of six pages, from 0 to 5 epochs: six kernels, six maps of a 3, ten probabilities.",
    label="epoch",
    interval=900,
)

# %% [markdown]
# ## What you can do now
#
# - **Run** a trained network in seven lines of NumPy: its weights and the order of its layers are all there is.
# - **Trace** a number back: every stride below multiplies its place, every kernel widens its window.
# - **Explain** an answer by the units that voted for it: a weight times what the unit says. Edges first, pieces
#   of strokes next, votes last.
# - **Judge** a classifier by class, and by its worst mistakes.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("what_a_network_sees")

# %% [markdown]
# ## Common mistakes
#
# - **Reading a weight as a vote.** A large weight on a silent unit adds nothing.
# - **Looking at the kernels of a deep layer.** They weigh maps, not pixels; look at the pieces that excite them.
# - **Taking a probability for a proof.** The network is surer than it is right.
# - **Feeding a drawing as it is.** It has to come as the training digits came: cropped, centered, counted.
# - **Accuracy alone.** One number hides the class that suffers.

# %% [markdown]
# ## Where next
#
# Digits are small, gray and alone. Lesson {image_classification} takes networks to photographs of eight classes. You
# will watch one learn its examples by heart, and lessons {regularization} to {transfer_learning} teach you three
# ways out of that. Lesson {looking_inside} looks into networks for photographs.
