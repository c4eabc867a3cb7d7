# %% [markdown]
# # Looking inside
#
# **A network names more than 80 of 100 pictures right, pictures that it has never seen. Then somebody moves
# the same kinds of things to other places, and it names 9 to 15. Guessing would give 12 or 13.** Its curves
# were fine, and so was its score. In this lesson you build two instruments that show where a network looks,
# and you use them like a detective: suspect, find the evidence, repair, prove the repair. At the end you turn
# them on your own photographs.
#
# **50 minutes** · **You need:** [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb).
#
# **When you are done, you can**
#
# - **compute** an occlusion map and a Grad-CAM, first with a pencil, then through any Keras model
# - **explain** each step of Grad-CAM: the logit, the mean, the sum, the ReLU
# - **find out** that a network has learned the background, with a map and without one
# - **repair** it, and prove the repair group by group
# - **run** the whole pipeline on a folder of your own photographs
#
# **Sources:** I. Heredia, *Image classification* (Santander, 2022; what the layers of a network see);
# P. Padman, *Training a CNN to Classify Images* (what a CNN "sees"; the demo from architecture to metrics).
# M. Zeiler, R. Fergus, *Visualizing and understanding convolutional networks* (2014): occlusion. B. Zhou et
# al., *Learning deep features for discriminative localization* (2016): CAM. R. Selvaraju et al.,
# *Grad-CAM* (2017). J. Adebayo et al., *Sanity checks for saliency maps* (2018).

# %% [markdown] tags=["notes"]
# Read the sentence in bold aloud and ask: "What could have gone wrong?" You will hear "over-fitting". Ask
# back: "But these were pictures that it had not seen. How can it over-fit and pass?" Leave that standing.
#
# Ten minutes short? Run section 6 without talking about it, and give section 7 as homework.

# %% [markdown]
# ## Setup

# %%
from lessons.looking_inside import check, figures, inspection, records
from utils import board, data, models, plots, training
from utils.quiet import keras, tf

import numpy as np
from sklearn.metrics import confusion_matrix

### BEGIN HIDDEN TESTS
import os
from lessons.looking_inside import measure


def plan(model):
    """What a model is made of, without the names that Keras counts up."""
    return model.input_shape, [
        (type(layer), {**layer.get_config(), "name": ""}) for layer in model.layers
    ]


### END HIDDEN TESTS
layers = keras.layers
plots.style()

# %% [markdown]
# ## 1. A network that passes its exam
#
# Somebody has collected 40 pictures of each of eight classes. The name of the folder says already that
# something is wrong with them.
#
# ### Predict: what is wrong with these pictures?
#
# Look at them, class by class, before you read on.

# %% [markdown] tags=["notes"]
# **4 minutes.** Show the sheet without a word and wait. Somebody will see it within a minute: every class
# has been photographed in one place. Then ask: "Is that bad? The pictures are not wrong." Collect votes for
# and against and keep them for section 4. True stories to tell: cows that are recognized on grass and
# missed on a beach; X-rays whose hospital shows in a corner.

# %%
collected = data.load_images("biased/train", source="rendered8")
images, labels, names = collected
assert images.shape == (320, 64, 64, 3) and len(names) == 8
plots.class_rows(images, labels, names)

# %% [markdown]
# Every class stands on a ground of its own: all airplanes on grass, all cars on sand, and so on. Whoever
# took these pictures went to eight places. The objects themselves differ as they should.

# %% [markdown]
# We do what we always do. Thirty pictures of each class to learn from, ten **held out** to judge by.

# %%
held_out = np.arange(len(labels)) % 40 >= 30
fit_part = ~held_out
assert np.bincount(labels[held_out]).tolist() == [10] * 8


def small_cnn(classes):
    """Three convolutions, the mean of each map, one logit for each class."""
    model = keras.Sequential([keras.Input((64, 64, 3)), layers.Rescaling(1 / 64, offset=-2)])
    for number, (maps, kernel, stride) in enumerate([(16, 5, 2), (32, 3, 2), (64, 3, 1)], 1):
        model.add(layers.Conv2D(maps, kernel, stride, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU(name=f"maps{number}"))
    model.add(layers.GlobalAveragePooling2D(name="mean"))
    model.add(layers.Dense(classes, name="logits"))
    return model


assert plan(small_cnn(8)) == plan(measure.small_cnn(8))
assert plan(small_cnn(3)) == plan(measure.small_cnn(3))

# %% [markdown]
# Three things differ from the networks of lesson {convolutional_networks}. **Batch normalization** brings the numbers of each map
# to one scale, so that the network learns faster. **Global average pooling** takes the place of Flatten: of
# each map only its mean is left. And the last layer has no softmax: it gives **logits**, the scores before
# the softmax. The loss applies the softmax itself (`from_logits=True`), and so do we when we want
# probabilities.


# %%
def learn(model, pictures, answers, validation, epochs, *callbacks):
    """Compile a model that gives logits, and train it."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(3e-3), loss, metrics=["accuracy"])
    seen = pictures, answers
    return training.fit(model, seen, validation, epochs, batch_size=16, callbacks=callbacks)


def run(model, pictures):
    """What a model makes of pictures, 64 at a time."""
    chunks = [pictures[i : i + 64] for i in range(0, len(pictures), 64)]
    return np.concatenate([model(chunk, training=False) for chunk in chunks])


def probabilities(model, pictures):
    """The softmax of the logits, shape (N, classes)."""
    return np.asarray(keras.ops.softmax(run(model, pictures)))


# %% tags=["measured"]
training.reproducible(0)
cnn = small_cnn(8)
exam = images[held_out], labels[held_out]
record = learn(cnn, images[fit_part], labels[fit_part], exam, 25, training.LiveCurves())
passed = (probabilities(cnn, exam[0]).argmax(axis=1) == exam[1]).mean()
assert passed > 0.75
f"{passed:.0%} of the held-out pictures right"

# %% [markdown]
# More than three of four pictures right that it has never seen, where guessing gives one of eight. (This is
# one start; in section 5 you will see five, from 81 to 89 %.) It over-fits a little, no more. By all that you
# have learned so far, this network is decent, and more pictures would make it better. **But what does it
# look at?**
#
# ## 2. Hide a part, ask again
#
# You cannot ask a network why. But you can do what you would do with a person whom you suspect of cheating:
# cover a part of the sheet and ask again. If the answer changes, the covered part mattered. Begin with a
# "network" of one line, whose score is the mean of all pixels.

# %% [markdown] tags=["notes"]
# **10 minutes with the exercise.** Let the room do the 4×4 by head before anybody runs it: 125, then 100.
# Expected wrong answers: a map of *scores* in place of *drops* (100 and 125: "which of them says that
# something mattered?"); black in place of gray ("and if the object were a black cat?").

# %%
tiny = np.full((4, 4, 1), 100)
tiny[:2, 2:] = 200


def brightness(pictures):
    """One score for each picture of a batch, shape (N,)."""
    return pictures.mean(axis=(1, 2, 3))


assert brightness(tiny[np.newaxis]) == [125]
tiny[:, :, 0]

# %% [markdown]
# ### Predict: which quarter matters?
#
# The score is 125. Paint one quarter at a time with 100, and write down how far the score **falls**: four
# numbers.


# %%
def drop(top, left):
    """How far the score falls without the quarter that begins in this corner."""
    covered = tiny.copy()
    covered[top : top + 2, left : left + 2] = 100
    return float(brightness(tiny[np.newaxis])[0] - brightness(covered[np.newaxis])[0])


quarters = {"top left": (0, 0), "top right": (0, 2), "bottom left": (2, 0), "bottom right": (2, 2)}
assert [drop(*corner) for corner in quarters.values()] == [0, 25, 0, 0]
{quarter: drop(*corner) for quarter, corner in quarters.items()}

# %% [markdown]
# Hiding the top right quarter costs 25, hiding any other costs nothing: it was 100 before. The four drops,
# laid out as the quarters lie, are an **occlusion map**: `[[0, 25], [0, 0]]`.

# %% [markdown]
# The same for a photograph: slide a gray square over it, and record how far the probability of the class
# falls. A network wants pictures in batches, so make all copies first and ask once.

# %%
photo, label = exam[0][12], exam[1][12]  # one of the cars
copies = inspection.occluded(photo, patch=24, stride=20)
assert copies.shape == (9, 64, 64, 3)

# %% tags=["measured"]
chance = probabilities(cnn, photo[np.newaxis])[0, label]
left_over = probabilities(cnn, copies)[:, label]
assert chance > 0.7 and left_over.argmin() >= 6  # on the ground
figures.hidden_copies(photo, chance, copies, left_over)

# %% [markdown]
# Above each stands the probability of the right class, bold where less than half of it is left.
#
# ### Your turn 1: an occlusion map
#
# Write it for any picture of shape `(H, W, C)`. `predict` takes a batch and gives one score for each
# picture, as `brightness` does. The square of `patch` × `patch` pixels starts in the top left corner, moves
# by `stride`, is painted with `fill`, and stays inside the picture. For `tiny` with a patch of 2, a stride
# of 2 and a fill of 100 the result is `[[0, 25], [0, 0]]`. How many places fit? You know the formula from
# [{padding_and_stride} Padding and stride](padding_and_stride.ipynb).


# %% tags=["exercise"]
def occlusion_map(predict, image, patch, stride, fill):
    """Drop of the score for every place of the square, shape (rows, columns)."""
    ### BEGIN SOLUTION
    tops = range(0, image.shape[0] - patch + 1, stride)
    lefts = range(0, image.shape[1] - patch + 1, stride)
    copies = []
    for top in tops:
        for left in lefts:
            copy = image.copy()
            copy[top : top + patch, left : left + patch] = fill
            copies.append(copy)
    drops = predict(image[np.newaxis]) - predict(np.array(copies))
    return drops.reshape(len(tops), len(lefts))
    ### END SOLUTION


# %%
check.occlusion_map(occlusion_map)

# %% [markdown]
# ### Patch and stride
#
# `inspection.occlusion_map` does the same. In the maps below, each pixel gets the mean drop of all squares
# that hid it. How large should the square be, and how far should it move?

# %%
settings = {
    "patch 8, stride 8": (8, 8),
    "patch 16, stride 4": (16, 4),
    "patch 32, stride 4": (32, 4),
}


def occlusion(model, picture, label, patch, stride):
    """Drop of the probability of a class for each pixel, the mean over all squares that hid it."""

    def score(pictures):
        return probabilities(model, pictures)[:, label]

    drops = inspection.occlusion_map(score, picture, patch, stride)
    return inspection.drop_per_pixel(drops, picture.shape, patch, stride)


by_setting = {name: occlusion(cnn, photo, label, *setting) for name, setting in settings.items()}

# %% tags=["measured"]
assert by_setting["patch 8, stride 8"].max() < by_setting["patch 32, stride 4"].max()
figures.grids_compared(photo, by_setting)

# %% [markdown]
# And what does each map cost? The number of copies that the network has to judge:

# %%
questions = {name: len(inspection.occluded(photo, *setting)) for name, setting in settings.items()}
assert list(questions.values()) == [64, 169, 81]
questions

# %% [markdown]
# A small square shows fine detail, but hides too little to change the mind of the network. A large one
# moves it, and blurs the map. A small stride makes the map smooth, and every place costs one question: 169
# for the map in the middle.
#
# ### A square against a strip
#
# One picture proves little; take all eighty. The thing fills the middle of each, and what it stands on lies
# below. So hide a square in the middle, 36 × 36 pixels. Then, in its place, hide a strip along the lower
# edge, of nearly as many pixels.

# %% tags=["measured"]
square, strip = np.zeros((2, 64, 64, 1), bool)
square[14:50, 14:50] = strip[44:] = True
assert (square.sum(), strip.sum()) == (1296, 1280)


def right_without(model, pictures, answers):
    """Accuracy with nothing hidden, without the square, and without the strip."""
    hidden = [np.where(mask, np.uint8(128), pictures) for mask in (False, square, strip)]
    return [float((probabilities(model, h).argmax(axis=1) == answers).mean()) for h in hidden]


whole, no_middle, no_ground = right_without(cnn, *exam)
assert whole > no_middle > no_ground
{
    "whole": f"{whole:.0%}",
    "without the square": f"{no_middle:.0%}",
    "without the strip": f"{no_ground:.0%}",
}

# %% [markdown]
# The strip costs more right answers than the square, though the square hides most of the thing itself. That
# is how a suspicion begins.
#
# ## 3. Grad-CAM
#
# Occlusion asks the network hundreds of times. A cheaper way asks once, and looks into the last
# convolution. There the network has its finished **feature maps**, 64 of them, 16 × 16 places each. A map
# lights up where its feature is. If we knew how much each map counts for the class, the weighted sum of
# the maps would show *where* the evidence lies.
#
# **Grad-CAM** takes the weight of a map from the gradient: by how much would the score of the class rise if
# this map were a little stronger, on average over its places?
#
# ### By hand
#
# Two maps of 2 × 2 places, and the gradients of the score for each of their numbers. Compute the two
# weights, then the weighted sum.

# %% [markdown] tags=["notes"]
# **11 minutes with the exercise.** On the board: mean of 4, 0, 2, 2 is 2; mean of −2, 0, −1, −1 is −1. Then
# 2·A₁ − A₂ place by place: 2, −3, −1, 4; ReLU: 2, 0, 0, 4. Ask before the ReLU: "What does −3 say?" (This
# place speaks against the class: it speaks for another one.) "Why throw it away?" (We asked what speaks
# *for* it. You may keep it; then it needs a signed color map.)
#
# Wrong answers: mean over the maps (a weight for each place, none for each map), ReLU on the weights.

# %%
A = np.dstack([[[1, 0], [0, 2]], [[0, 3], [1, 0]]])
gradients = np.dstack([[[4, 0], [2, 2]], [[-2, 0], [-1, -1]]])
weights = gradients.mean(axis=(0, 1))
weighted = weights[0] * A[..., 0] + weights[1] * A[..., 1]
assert weights.tolist() == [2, -1] and weighted.tolist() == [[2, -3], [-1, 4]]
np.maximum(weighted, 0)

# %%
figures.grad_cam_by_hand(A, gradients)

# %% [markdown]
# The means are the weights, α₁ = 2 and α₂ = −1. The second map speaks *against* the class, so where it is
# strong the sum is negative. The ReLU keeps what speaks for it: the top left and, twice as strong, the
# bottom right.
#
# ### Your turn 2: Grad-CAM
#
# Write it for any number of maps. `maps` and `gradients` have the shape `(h, w, K)`. Return both, the K
# weights and the map of shape `(h, w)`.


# %% tags=["exercise"]
def grad_cam(maps, gradients):
    """The weight of each map, shape (K,), and the Grad-CAM, shape (h, w)."""
    ### BEGIN SOLUTION
    weights = gradients.mean(axis=(0, 1))
    return weights, np.maximum(maps @ weights, 0)
    ### END SOLUTION


# %%
check.grad_cam(grad_cam)

# %% [markdown]
# ### Through a network
#
# The maps come from the layers up to `maps3`, the score from the layers after it. Cut the network there,
# into a **base** and a **head**. They share their layers with the network; nothing is trained again.

# %% tags=["measured"]
base = keras.Model(cnn.inputs[0], cnn.get_layer("maps3").output)
head = keras.Sequential([keras.Input((16, 16, 64)), cnn.get_layer("mean"), cnn.get_layer("logits")])
np.testing.assert_allclose(head(base(exam[0])), cnn(exam[0]), rtol=1e-4, atol=1e-4)
off = np.abs(head(base(exam[0])) - cnn(exam[0])).max()
base.output.shape, f"largest difference of a logit: {off:.1e}"

# %% [markdown]
# TensorFlow computes gradients of what it has seen happen. So run the base; let a `GradientTape` **watch**
# the maps and record what the head makes of them; take the score of one class; ask the tape for its
# gradient.

# %% tags=["measured"]
maps = base(photo[np.newaxis])
with tf.GradientTape() as tape:
    tape.watch(maps)
    score = head(maps)[0, label]
gradient = tape.gradient(score, maps)
heat = inspection.class_activation(maps[0], gradient[0])
assert gradient.shape == maps.shape == (1, 16, 16, 64) and heat.shape == (16, 16)
np.testing.assert_allclose(heat, inspection.grad_cam(base, head, photo, label))
float(np.abs(heat - inspection.grad_cam(base, head, photo, label)).max())

# %% [markdown]
# Six lines. `inspection.grad_cam(base, head, photo, label)` holds the same six, and makes the same map.
#
# **Why the logit and not the probability?** Let the logit of a class rise by a little. Its probability p
# rises by p(1 − p) times that much. For a network that is sure, this is nearly nothing. And a probability
# also rises when the *other* logits fall, so its map would mix what speaks for the class with what speaks
# against the others. Here is the held-out picture of which the network is surest:

# %% tags=["measured"]
sure = probabilities(cnn, exam[0])[np.arange(80), exam[1]]
surest = int(sure.argmax())
logits = tf.constant(cnn(exam[0][[surest]]))
with tf.GradientTape() as tape:
    tape.watch(logits)
    probability = tf.nn.softmax(logits)[0, exam[1][surest]]
p, slope = float(probability), float(tape.gradient(probability, logits)[0, exam[1][surest]])
np.testing.assert_allclose(slope, p * (1 - p), atol=1e-5)
assert p > 0.99 and slope < 0.01
{"p": round(p, 4), "slope": round(slope, 4), "p (1 - p)": round(p * (1 - p), 4)}

# %% [markdown]
# ### For this network: exactly where the score comes from
#
# After `maps3` comes a mean over the places, then a dense layer. So the logit is itself a weighted sum over
# places, and the gradient for map k is the weight of the dense layer divided by the 256 places: everywhere
# the same. Grad-CAM is then the older **CAM** (class activation map): the maps, weighted by the dense
# layer.

# %% tags=["measured"]
dense, bias = cnn.get_layer("logits").get_weights()
cam = np.asarray(maps[0]) @ dense[:, label]
np.testing.assert_allclose(heat, np.maximum(cam, 0) / 256, atol=1e-5)
np.testing.assert_allclose(cam.mean() + bias[label], head(maps)[0, label], rtol=1e-4)
{
    "Grad-CAM and CAM / 256, largest difference": float(
        np.abs(heat - np.maximum(cam, 0) / 256).max()
    ),
    "mean of the CAM plus bias": float(cam.mean() + bias[label]),
    "logit": float(head(maps)[0, label]),
}

# %% [markdown]
# Both agree: Grad-CAM is the CAM up to the factor 256, and **the mean of the CAM plus the bias is the
# logit**. For such a network the map is no guess: before the ReLU, it is the bill, place by place. (With more
# layers between the maps and the score, it is an approximation.)
#
# Now look at it, stretched over the picture, and at the occlusion map. Each map has a scale of its own:
# compare the places of one map, and no map with another.

# %% tags=["measured"]
firsts = [np.flatnonzero(exam[1] == k)[0] for k in range(3)]
three = exam[0][firsts]
hidden = [occlusion(cnn, picture, k, 24, 8) for k, picture in enumerate(three)]
cams = [inspection.grad_cam(base, head, picture, k) for k, picture in enumerate(three)]
figures.two_instruments(three, {"occlusion": hidden, "Grad-CAM": cams}, names[:3])

# %% [markdown]
# Both instruments agree in the main: bright on the ground below, dark on the upper part of the thing. They
# differ in detail, for they ask different questions. Occlusion: what happens without this place? Grad-CAM:
# what does this place add?
#
# ### Question 1 <!-- explain -->
#
# A friend forgets the ReLU and shows the map in viridis, from its lowest value (dark) to its highest
# (bright). What goes wrong when you read it?
#
# <details><summary>Answer</summary>
#
# Zero gets a color in the middle, and a place that has no say looks as if it spoke for the class a little.
# Dark no longer means "does not matter" but "speaks against". A signed map needs a color map with a neutral
# color at zero, such as PuOr.
#
# - "Nothing, the bright places stay the brightest": they do. But you read the others, too.
# - "The negative values are lost": they are lost *with* the ReLU; without it they are in the map.
#
# </details>
#
# ## 4. The ground lies
#
# The maps raise a suspicion: the network has learned the places. A map is a hint, so test it. There is a
# second set of pictures with the same kinds of objects on the same eight grounds, **moved on by one**: each
# class stands on the ground of the next one, airplanes on the ground of the cars.
#
# ### Predict: a moved exam
#
# You have read at the top how few it names right. What will it call all the others? Is there a rule?

# %% [markdown] tags=["notes"]
# **7 minutes with the exercise.** Ask: "What will it call a cat on tiles?" Most say "anything: it guesses".
# Let them write that down. The row of mistakes beside the diagonal is the moment of the lesson: a network
# that guessed would fill the table evenly. Let the room say in words what the row means. Come back to the
# votes from section 1.

# %% tags=["measured"]
lying = data.load_images("biased/test", source="rendered8")
said = probabilities(cnn, lying.images).argmax(axis=1)
of_ground = (lying.labels + 1) % 8
as_object, as_ground = (said == lying.labels).mean(), (said == of_ground).mean()
plots.confusion(confusion_matrix(lying.labels, said), names)

# %% tags=["measured"]
assert as_ground > 3 * as_object
{"names the object": f"{as_object:.0%}", "names the ground": f"{as_ground:.0%}"}

# %% [markdown]
# The proof, and it needs no map. Beside the diagonal, for persons in the first column, stand the pictures
# whose answer is the class **of the ground**: more than three times as many as are named right. A cat on the
# tiles of the dogs is a dog. The held-out pictures could not show it, because they came from the same eight
# places: **a test set shares the shortcuts of the training set when both were collected in the same way.**

# %% [markdown]
# ### Accuracy by group
#
# One accuracy for all pictures hides such a thing. Had one tenth of the pictures stood on other grounds, the
# accuracy would still look fine, and the network would fail that tenth. So compute it **group by group**.
#
# ### Your turn 3: accuracy by group
#
# Each picture belongs to a group, 0 to G − 1, and every group has a picture. Return G numbers: the share of
# right answers in each group. For the labels `[0, 0, 1, 1, 2, 2]`, the answers `[0, 0, 1, 0, 0, 2]` and the
# groups `[0, 0, 0, 0, 1, 1]` they are 3/4 and 1/2.


# %% tags=["exercise"]
def accuracy_by_group(labels, said, groups):
    """Share of right answers in every group, shape (G,)."""
    ### BEGIN SOLUTION
    right = labels == said
    return np.array([right[groups == group].mean() for group in range(groups.max() + 1)])
    ### END SOLUTION


# %%
check.accuracy_by_group(accuracy_by_group)

# %% [markdown]
# In our pictures a group is an object on a ground: sixteen groups, of ten held-out pictures or of forty
# from the second set.

# %% tags=["measured"]
objects = np.concatenate([exam[1], lying.labels])
grounds = np.concatenate([exam[1], of_ground])
said_all = np.concatenate([probabilities(cnn, exam[0]).argmax(axis=1), said])


def by_group(answers):
    """Accuracy of every object on every ground, shape (8, 8); NaN where there is no picture."""
    table = np.full((8, 8), np.nan)
    for pair in sorted(set(zip(objects.tolist(), grounds.tolist(), strict=True))):
        group = (objects == pair[0]) & (grounds == pair[1])
        table[pair] = (answers[group] == pair[0]).mean()
    return table


places = ["grass", "sand", "bricks", "tiles", "planks", "cloth", "stone", "carpet"]
before = by_group(said_all)
### BEGIN HIDDEN TESTS
own, other = np.diag(before), before[np.arange(8), (np.arange(8) + 1) % 8]
assert np.median(own) >= 0.8 and np.median(other) < 0.2 and np.isfinite(before).sum() == 16
### END HIDDEN TESTS
figures.group_table(before, names, places)


# %% [markdown]
# On the diagonal, each thing on its own ground: for most classes 80 % and more. Beside it, the same things
# on the next ground: for most below 20 %. The empty cells are the third message: nobody has ever taken these
# pictures. Whoever collects data should draw this table first.
#
# ## 5. Repair, and measure again
#
# Where does the fault lie? Not in the network: it found the shortest way to the right answers, and that
# way led over the ground. This is called **shortcut learning**. The fault lies in the **data**. So the first
# repair is data, too: mix in pictures of the same classes on **all kinds of grounds**, 30 of each. Now the
# ground gives the class away in half of the pictures only.
#
# The second repair is a better start. Load the course's **backbone**, a network that has learned its
# features from photographs of 85 kinds of other things, **freeze** it (its weights stay as they are), and
# train a new head on it, as in [{transfer_learning} Transfer learning](transfer_learning.ipynb).

# %% [markdown] tags=["notes"]
# **9 minutes.** Before the figure of all starts: "Which of the two repairs helps more, other pictures or a
# better network?" Most bet on the better network. Let the rows decide.
#
# The nested model is where people get stuck at work. Draw on the board one large box with two small ones
# in it, and arrows: they begin at the large box's input, jump over what is inside the first small box, and go
# on. "Which arrow leads to the layer that we want?" None.

# %%
varied = data.load_images("train", per_class=30, source="rendered8")
mixed_images = np.concatenate([images[fit_part], varied.images])
mixed_labels = np.concatenate([labels[fit_part], varied.labels])
backbone = models.load_backbone("course")
backbone.trainable = False
assert backbone.output.shape[-1] == 256 and not backbone.trainable_weights
len(mixed_labels)

# %% [markdown]
# The backbone does not change, so its feature maps are computed once. Only the head learns: the mean of
# each of the 256 maps, and a dense layer, 2,056 parameters.


# %%
def new_head(classes):
    """The mean of each of 256 maps, and one logit for each class."""
    return keras.Sequential(
        [
            keras.Input((None, None, 256)),
            layers.GlobalAveragePooling2D(name="mean"),
            layers.Dense(classes, name="logits"),
        ]
    )


assert plan(new_head(8)) == plan(measure.new_head(8))
features = run(backbone, mixed_images)
exam_features = run(backbone, exam[0]), exam[1]

# %%
training.reproducible(0)
head_new = new_head(8)
learn(head_new, features, mixed_labels, exam_features, 30)
repaired = keras.Sequential([keras.Input((None, None, 3)), backbone, head_new])
assert head_new.count_params() == 256 * 8 + 8 == 2_056

# %% [markdown]
# Backbone and head in a row make the repaired network. Now the exam with the moved grounds again.

# %% tags=["measured"]
said_now = probabilities(repaired, lying.images).argmax(axis=1)
now_object, now_ground = (said_now == lying.labels).mean(), (said_now == of_ground).mean()
assert now_object > 2 * as_object and now_object > now_ground
{"names the object": f"{now_object:.0%}", "names the ground": f"{now_ground:.0%}"}

# %% [markdown]
# The answers follow the thing now more often than the ground, and more than twice as often as before. Which
# of the two repairs did it, the pictures or the backbone? One run cannot tell. A table that ships with the
# course holds five starts of each combination (`lessons/looking_inside/measure.py` makes it). Its settings
# were chosen on held-out pictures and the validation set; the lying set had no say.

# %%
starts = records.bias_accuracies()
### BEGIN HIDDEN TESTS
bands = {
    name: [(100 * share.min(), 100 * share.max()) for share in row] for name, row in starts.items()
}
held, lies, _, anywhere = zip(*bands.values(), strict=True)
np.testing.assert_allclose(held, [(81, 89), (75, 84), (96, 98), (92, 93)], atol=0.6)
np.testing.assert_allclose(lies, [(9, 15), (20, 29), (53, 58), (77, 78)], atol=0.6)
np.testing.assert_allclose(anywhere, [(18, 23), (39, 45), (63, 67), (84, 85)], atol=0.6)
assert starts["backbone"].ground.min() > 1 / 4
assert abs(as_object - starts["small CNN"].lying[0]) < 0.06 and 0.65 < now_object < 0.85
### END HIDDEN TESTS
by_set = {
    name: {"held out": row.held_out, "lying ground": row.lying, "any ground": row.test}
    for name, row in starts.items()
}
plots.starts(by_set, chance=1 / 8)

# %% [markdown]
# Read the squares. On lying grounds the small network gets 9 to 15 %. More grounds alone: 20 to 29. The
# backbone alone: 53 to 58, and more than a quarter of its answers still name the ground. **Both together:
# 77 to 78**, and 84 to 85 on all kinds of grounds. Here it took better data *and* a better start.
#
# Now read the circles. By the held-out score you would have chosen the backbone *without* the repair: 96 to
# 98 %, against 92 to 93 with it. Who takes a shortcut away from a network makes it lose points where the
# shortcut works. That is the price, and the held-out set, which shares the shortcut, cannot tell you
# what you got for it. (It is no full repair either: half of the training pictures still give the class
# away.)
#
# ### A network inside a network
#
# Where does the repaired network look? It has only two layers, and both are networks.

# %%
assert repaired.layers == [backbone, head_new]
[layer.name for layer in repaired.layers]

# %% [markdown]
# In section 3 we cut the network by `keras.Model(cnn.inputs[0], layer.output)`. Try it with a layer *inside*
# the backbone, and Keras refuses: "is **not connected** to inputs". The reason: when the backbone was built,
# its layers were linked to the backbone's own input. When `repaired` was built, Keras called the backbone as
# a whole, and noted one link, from its input to its output. No link leads from the input of `repaired` to
# the inner layer.
#
# The way out: do not cut. Run the pieces **one after the other**, the backbone first and the head under the
# tape. That is what `inspection.grad_cam` does, and here the pieces are at hand.

# %%
chosen = [np.flatnonzero((lying.labels == k) & (said == (k + 1) % 8))[0] for k in (2, 3, 5)]
moved = lying.images[chosen]
were = lying.labels[chosen]
cams_before = [
    inspection.grad_cam(base, head, x, said[n]) for n, x in zip(chosen, moved, strict=True)
]
cams_after = [
    inspection.grad_cam(backbone, head_new, x, k) for x, k in zip(moved, were, strict=True)
]
assert np.shape(cams_before) == (3, 16, 16) and np.shape(cams_after) == (3, 8, 8)

# %% tags=["measured"]
titles = [f"{names[k]},\nsaid {names[said[n]]}" for n, k in zip(chosen, were, strict=True)]
figures.before_and_after(moved, {"before": cams_before, "repaired": cams_after}, titles)

# %% [markdown]
# In the middle row, the wrong answer and its evidence: the ground. In the last row, the right class and its
# evidence: mostly the thing, not everywhere. Put the square and the strip of section 2 to the repaired
# network as well.

# %% tags=["measured"]
now_whole, now_no_middle, now_no_ground = right_without(repaired, *exam)
assert now_whole > now_no_ground > now_no_middle
{
    "whole": f"{now_whole:.0%}",
    "without the square": f"{now_no_middle:.0%}",
    "without the strip": f"{now_no_ground:.0%}",
}

# %% [markdown]
# Now the square on the thing costs more than the strip on the ground: the other way around.
#
# ## 6. May you trust a map?
#
# Maps look convincing. That is their danger. Put them to two tests whose answer you know.
#
# ### Two things in one picture
#
# Put two test pictures side by side. The map of the left class should lie on the left, that of the right
# class on the right. A network without Flatten takes pictures of any size, so the pair may be twice as wide.

# %% [markdown] tags=["notes"]
# **6 minutes.** Do the pairs first, they are good news. Ask: "What would a network do that had learned only
# grounds?" (The map of either class would lie on whatever ground fits.) Then show the maps of the random
# network without saying what they are, and ask what this network looks at. Somebody will tell a story. Then
# tell them. People find reasons in any picture; that is the point.

# %% tags=["measured"]
test = data.load_images("test", per_class=8, source="rendered8")
lefts = np.arange(2, 64, 3)  # of every class some
rights = (lefts + 40) % 64
pairs = np.concatenate([test.images[lefts], test.images[rights]], axis=2)


def share_left(picture, label):
    """How much of a map lies on the left half."""
    heat = inspection.grad_cam(backbone, head_new, picture, label)
    return heat[:, : heat.shape[1] // 2].sum() / heat.sum()


on_left = np.mean([share_left(pairs[n], test.labels[lefts[n]]) for n in range(21)])
on_right = np.mean([1 - share_left(pairs[n], test.labels[rights[n]]) for n in range(21)])
assert on_left > 0.6 and on_right > 0.6
{"map of the left class, on the left": f"{on_left:.0%}", "right, right": f"{on_right:.0%}"}

# %% [markdown]
# In 21 pairs, the map of a class has on average more than 60 % of its light on its own side; a map that knew
# nothing of places would have half. Here is one of the clearest pairs, with the maps of all eight classes in
# one scale. (Softmax makes the classes share 100 %, so two things in one picture get less than one alone.)

# %% tags=["measured"]
pair = pairs[13]
class_maps = [inspection.grad_cam(backbone, head_new, pair, k) for k in range(8)]
chances = probabilities(repaired, pair[np.newaxis])[0]
figures.maps_of_classes(pair, class_maps, names, chances)

# %% tags=["measured"]
figures.class_pages(pair, class_maps, names, chances)

# %% [markdown]
# Turn the pages: the light moves with the class that you ask for. Classes that are not in the picture get
# little light or none.
#
# ### A network that knows nothing
#
# Now the other test. Take a network of the same layers with **random weights**, which has learned nothing,
# and ask it for the same maps.

# %% tags=["measured"]
training.reproducible(1)
untrained = keras.models.clone_model(cnn)
random_base = keras.Model(untrained.inputs[0], untrained.get_layer("maps3").output)
random_head = keras.Sequential([untrained.get_layer("mean"), untrained.get_layer("logits")])
cams_random = [
    inspection.grad_cam(random_base, random_head, x, k) for x, k in zip(moved, were, strict=True)
]
knows = (probabilities(untrained, lying.images).argmax(axis=1) == lying.labels).mean()
assert knows < 0.3
f"{knows:.0%} right"

# %% tags=["measured"]
figures.random_maps(moved, cams_random, [names[k] for k in were])

# %% [markdown]
# These maps have bright and dark places, too, and some follow the outline of the thing. Who would see from
# them that this network knows nothing? So keep two habits. Compare a map with that of a random network: if
# both look alike, you see the picture and not the network. And let a map suggest, but let a **test set**
# decide.
#
# ### Question 2 <!-- find out -->
#
# The Grad-CAM of a network lights up exactly on the dogs of your pictures. Has it learned what a dog is?
#
# <details><summary>Answer</summary>
#
# You cannot tell from the map. It says *where* the evidence is, and not *what* it is: the network may count
# the fur's color, the collar, or the shape. Test it: other colors, no collar, cats in the same place.
#
# - "Yes, it looks at the dog": looking at the right place is necessary, and not enough.
# - "No, a map proves nothing": it tells you what to hide. If nothing changes, the network can do without
#   that place. (It may have used it all the same, beside a second clue.)
#
# </details>
#
# ## 7. Your own photographs
#
# Now the whole pipeline, on pictures of your choice. Make a folder, in it a folder for each class, in each
# 20 photographs or more. Write the path of the folder into `source` and run this section again. `None` means
# the pictures of the course, or those that the environment variable `COURSE_IMAGES` names.

# %% [markdown] tags=["notes"]
# **3 minutes** to show which line one changes, and as much as you like as a project. Let a pair bring
# photographs from their phones: cups and bottles, two kinds of trees, left and right shoes. Ask before they
# start: "What could the network use that you do not mean?" (The table that all cups stand on.) Section 4
# then happens to them for real.
#
# With 20 photographs a class a test set holds three of each: say how little that proves, and use
# `per_class` to take more where there are more.

# %%
source = None  # or the path of your folder, such as "C:/Users/ada/shoes"
per_class = 30


def load(split, most):
    """At most so many photographs of each class; all of them where a class has fewer."""
    try:
        return data.load_images(split, 64, most, source)
    except ValueError:
        return data.load_images(split, 64, None, source)


# %% [markdown]
# ### Look, and split
#
# The loader splits each class: 70 % to train on, 15 % to watch, 15 % to test with, and copies of one
# photograph stay together. Count first, then look.

# %%
yours, watch, final = load("train", per_class), load("validation", 10), load("test", 20)
kinds = yours.classes
parts = {"train": yours, "validation": watch, "test": final}
counts = {
    name: np.bincount(part.labels, minlength=len(kinds)).tolist() for name, part in parts.items()
}
assert min(map(min, counts.values())) >= 1
counts

# %%
plots.class_rows(yours.images, yours.labels, kinds, each=2)

# %% [markdown]
# Look for what could give a class away: a ground, a light, a frame. Look for wrong labels, too.
#
# ### A baseline
#
# The small network of section 1, from nothing. It takes some seconds; with more photographs, hand
# `training.LiveCurves()` to `learn` as well, and watch.

# %%
training.reproducible(0)
baseline = small_cnn(len(kinds))
learn(baseline, yours.images, yours.labels, (watch.images, watch.labels), 10)

# %% [markdown]
# ### Augment
#
# Each picture a little different in each epoch: mirrored, moved, with another contrast. Choose what
# leaves the class as it is: a mirrored car is a car, a mirrored **b** is a d. A network takes longer to learn
# from pictures that never repeat: after few epochs it may be behind, so give it more when you have the time.

# %%
training.reproducible(0)
augmented = keras.Sequential(
    [
        keras.Input((64, 64, 3)),
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.1, 0.1),
        layers.RandomContrast(0.2),
        small_cnn(len(kinds)),
    ]
)
learn(augmented, yours.images, yours.labels, (watch.images, watch.labels), 10)

# %% [markdown]
# ### Transfer
#
# The frozen backbone and a new head, as in section 5.

# %%
training.reproducible(0)
head_yours = new_head(len(kinds))
seen = run(backbone, yours.images)
watched = run(backbone, watch.images), watch.labels
learn(head_yours, seen, yours.labels, watched, 20)
transfer = keras.Sequential([keras.Input((None, None, 3)), backbone, head_yours])

# %% [markdown]
# ### Evaluate
#
# Three networks, one look at the test set. `beyond_chance` says how much of the way from guessing to
# perfect the last one has gone: more than a third, on any sensible folder.

# %% tags=["measured"]
answers = {
    name: probabilities(model, final.images)
    for name, model in {"baseline": baseline, "augmented": augmented, "transfer": transfer}.items()
}
scores = {name: (p.argmax(axis=1) == final.labels).mean() for name, p in answers.items()}
beyond_chance = (scores["transfer"] - 1 / len(kinds)) / (1 - 1 / len(kinds))
plots.starts({name: [score] for name, score in scores.items()}, chance=1 / len(kinds))

# %% tags=["measured"]
assert beyond_chance > 1 / 3
f"beyond chance: {beyond_chance:.2f}"

# %% [markdown]
# On the course's pictures the transferred network names more than 60 of 100 right, and is more than 20
# points ahead of both others. That is a race over a few seconds of training: given more photographs and
# many more epochs, a network from nothing catches up, but with 30 pictures a class it is hard to beat
# features learned elsewhere. With photographs of your own, trust large differences only: of 30 test
# photographs, each is 3 points. Which classes are mixed up?

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
on_course = (source or os.environ.get("COURSE_IMAGES") or "rendered8") == "rendered8"
others = max(scores["baseline"], scores["augmented"])
assert not on_course or scores["transfer"] > max(0.6, others + 0.2)
### END HIDDEN TESTS
plots.confusion(confusion_matrix(final.labels, answers["transfer"].argmax(axis=1)), kinds)

# %% [markdown]
# ### Look inside
#
# The two photographs whose right class the network was surest of, and the two where it was least sure.

# %% tags=["nbval-ignore-output"]
p_right = answers["transfer"][np.arange(len(final.labels)), final.labels]
order = np.argsort(-p_right, kind="stable")
picked = [*order[:2], *order[-2:]]
own_maps = [
    inspection.grad_cam(backbone, head_yours, final.images[n], final.labels[n]) for n in picked
]
own_titles = [f"{kinds[final.labels[n]]}: {p_right[n]:.0%}" for n in picked]
figures.surest_and_least_sure(final.images[picked], own_maps, own_titles)

# %% [markdown]
# Read the last two. Does the light lie on the thing? If it does, the network has looked at the right place
# and misread it. If it does not, go back to section 4 and count.
#
# ### Challenge
#
# Set a trap, and let somebody else find it. Give one class of your photographs (or of the course's) a
# mark that a person overlooks: a thin frame, a warmer light, a tiny square in a corner. Train, show your
# partner the score, and hand over nothing but the network and the pictures. How small can the mark be and
# still carry the answer? Which instrument finds it first: a map, the square and the strip of section 2,
# or a test set of your partner's making?

# %% [markdown] tags=["notes"]
# The challenge is a game for two teams. Good traps: one class saved with stronger JPEG
# compression (no map shows it, since it is everywhere), a single bright pixel (occlusion with a small patch
# finds it at once). The lesson behind the game: a map finds what is *somewhere*, a changed test set finds
# the rest.

# %% [markdown]
# ## What you can do now
#
# - **Compute** an occlusion map (hide, ask, subtract) and a Grad-CAM (mean the gradients, weigh the maps,
#   add, ReLU), for any Keras model that you can run in two pieces.
# - **Explain** why Grad-CAM takes the logit, why it averages over places, and when it is exact.
# - **Find out** what a network goes by: hidden parts, maps, and, strongest of all, a test set in which
#   the suspected clue lies.
# - **Repair** it with data in which the clue no longer tells the class, and prove it group by group.
# - **Run** the whole pipeline on any folder of photographs, from the first look to the last map.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("looking_inside")

# %% [markdown]
# ## Common mistakes
#
# - **Trusting a held-out set that was collected like the training set.** It shares every shortcut.
# - **Occluding with black.** Black is a thing to see. Take the mean gray, and try a second fill when much
#   depends on it.
# - **Averaging the gradients over the maps.** A weight belongs to a map, so the mean runs over places:
#   `axis=(0, 1)`.
# - **Taking the gradient of a probability.** A sure network has hardly any.
# - **Cutting a nested model.** "Not connected": run the pieces one after the other.
# - **Scaling every map to its own maximum and comparing the colors.** A map of nearly nothing then looks
#   as bright as one of a sure answer.
# - **One number for all groups.** A good average hides the group that the network fails.

# %% [markdown]
# ## Where next
#
# This is the last lesson. You began with a line through points and end with a network that you can
# train, choose, search and question. Did you come here from lesson {convolutional_networks}? A project on pictures, with its
# regularization, augmentation and transfer learning, fills the lessons from
# [{image_classification} Image classification](image_classification.ipynb) to 14. If the search for good settings interests
# you, go back to
# [{choosing_hyperparameters} Choosing hyperparameters](choosing_hyperparameters.ipynb); if you have volumes or videos in place of
# photographs, to [{volumes_and_video} Volumes and video](volumes_and_video.ipynb). And if you have photographs of
# your own, section 7 is yours: change one line.
