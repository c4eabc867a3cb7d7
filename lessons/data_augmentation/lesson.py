# %% [markdown]
# # Data augmentation
#
# **Two networks have learned from the same 800 pictures, from the same start. One saw them as they are. Its twin
# never saw the same picture twice. Now you turn up the lamp. You still name everything. Which of them keeps up
# with you, and why?** In this lesson you build what the twin saw, for pictures of your own, and measure what it
# brings and what it costs.
#
# {time} · **You need:** [{image_classification} Image classification](image_classification.ipynb) and
# [{regularization} Regularization](regularization.ipynb).
#
# **When you are done, you can**
#
# - **choose** changes and strengths that teach something and leave the label true
# - **build** them of Keras layers, in the right place of the line that feeds a network
# - **prove** that a network in use is untouched by them
# - **decide** by an exact test which setting to ship
#
# **Sources:** E. Rantsiou, *Convolutional Neural Networks basics* (LENS ML School, 2021: flip, rotate, shear,
# shift, zoom, color distortion); Y. Chammami, *Exploring the Power of Conv'Nets*. C. Shorten, T. Khoshgoftaar, *A
# survey on image data augmentation for deep learning* (2019). H. Zhang et al., *mixup* (2018).

# %% [markdown] tags=["notes"]
# Hold up a photograph, then turn it by a hand's breadth, then put it under the lamp. Ask each time: "Still the
# same thing? Would a program that has only seen the first one know?" Keep the show of hands for section 3.
#
# Ten minutes short? Leave out section 4 (digits) and tell its result. With the environment variable
# `COURSE_IMAGES` sections 5 to 8 run on photographs; the twins know the pictures of the course.

# %% [markdown]
# ## Setup

# %%
from lessons.data_augmentation import check, figures, pairs, twins
from lessons.data_augmentation.explorer import AugmentationExplorer, copies
from utils import augmentation, board, data, models, plots, training
from utils.metrics import p_of_difference
from utils.quiet import keras, tf

import numpy as np
from sklearn.svm import SVC

layers = keras.layers
plots.style()

# %% [markdown]
# ## 1. One picture, nine times
#
# A car, at the top left. The others are the same picture, moved, turned, mirrored, nearer, darker: **copies**,
# each drawn at random. For you it is nine times the same car.

# %% [markdown] tags=["notes"]
# **3 minutes.** Show the nine and wait. "How many cars? How many arrays?" Then the vote; most say **a**. On the
# board: 13 places down, times 13 across, times 2. Insist on the last sentence: it is what augmentation cannot do.

# %%
pictures = data.load_images("validation", 96, source="rendered8")
classes, car = pictures.classes, pictures.images[57]
mixture = {"shift": 0.1, "zoom": 0.2, "turn": 0.05, "brightness": 0.2, "contrast": 0.2}
figures.nine([car, *copies(car, mixture, mirror=True, seed=0)])

# %% [markdown]
# How many pictures are in one? Mirror it or not, and move it by up to six whole pixels up or down and left or
# right:

# %%
padded = np.pad(car, ((6, 6), (6, 6), (0, 0)), mode="symmetric")
windows = [padded[i : i + 96, j : j + 96] for i in range(13) for j in range(13)]
different = {window[:, ::way].tobytes() for window in windows for way in (1, -1)}
assert len(different) == 2 * 13 * 13 == 338
len(different)

# %% [markdown]
# 13 places down, 13 across, times 2. But all 338 show one car from one side. A hundred cars in 338
# copies are not 33,800 cars.

# %% [markdown]
# ## 2. How far can it go?
#
# **Data augmentation** shows a network such copies while it learns. A copy may be strong, as long as its **label
# stays true**: as long as *you* would still name it. Keras has a layer for each change. It draws a strength
# between two bounds; give it the same bound twice, and you can look at one strength after the other.

# %% [markdown] tags=["notes"]
# **9 minutes with the explorer.** Units are the trap: shares of a full turn, of the side, of 255, and a positive
# zoom makes things *smaller*. Let pairs drive the explorer: one pulls a slider until the other no longer names
# the thing, and reads the number aloud. Write these limits on the board for exercise 1. "Which slider makes a
# picture that no camera takes?"

# %% [markdown]
# ### Predict: what does 0.5 mean?
#
# `RandomRotation((0.5, 0.5))` turns the car by
#
# - **a** half a degree
# - **b** half a radian, 29 degrees
# - **c** half a turn


# %%
def after(layer, image=car):
    """What a layer makes of a picture in training."""
    return np.asarray(layer(image.astype("float32"), training=True))


# %% tags=["measured"]
half = after(layers.RandomRotation((0.5, 0.5)))
np.testing.assert_allclose(half, car[::-1, ::-1].astype(float), atol=1)
figures.turned(car, half)

# %% [markdown]
# **c.** All strengths are shares: of a full turn, of the side, of the size, of 255. Five degrees are 5 / 360.

# %% [markdown]
# Now ask a network. The course has trained twins: `plain` learned from the 800 pictures as they are. How many of
# the 320 validation pictures does it name right, and the car?

# %% tags=["measured"]
plain, with_copies = twins.load_twins().values()
right = np.mean(np.array(plain.name(pictures.images)) == np.array(classes)[pictures.labels])
assert 0.79 < right < 0.84 and plain.name(car[np.newaxis]) == ["car"]
f"right: {right:.0%}; the car: {plain.name(car[np.newaxis])[0]}"

# %% [markdown]
# Four changes that move pixels, each from nothing to far too much. Cover the words below the pictures, and find
# your own limit in each row first.


# %%
def asked(network, rows):
    """What a network says of each picture of each row."""
    return {name: network.name(np.stack([*row.values()])) for name, row in rows.items()}


training.reproducible(0)  # RandomShear draws a direction
moves = {
    "turn": {f"{d}°": after(layers.RandomRotation((d / 360, d / 360))) for d in (0, 10, 20, 30, 45, 90)},
    "shift": {f: after(layers.RandomTranslation((0, 0), (f, f))) for f in (0, 0.1, 0.2, 0.3, 0.4, 0.5)},
    "zoom": {f: after(layers.RandomZoom((f, f))) for f in (0, 0.2, 0.4, 0.6, 0.8, 1.0)},
    "shear": {f: after(layers.RandomShear((f, f))) for f in (0, 0.1, 0.2, 0.3, 0.5, 0.8)},
}  # fmt: skip

# %% tags=["measured"]
said = asked(plain, moves)
### BEGIN HIDDEN TESTS
first_wrong = {
    name: [answer != "car" for answer in row].index(True)
    for name, row in said.items()
    if set(row) != {"car"}
}
assert min(first_wrong[name] for name in ("turn", "shift", "zoom")) >= 2
### END HIDDEN TESTS
figures.named_rows(moves, said, "car")

# %% [markdown]
# The frame marks where the network first names something else. Your own limits lie far to the right of most
# frames. **Between its limit and yours there is room to teach.** (A **crop** is a shift and a zoom in one.) Now
# the light:


# %%
def light(layer, strengths):
    """The car at several strengths of a layer of colors, which wants pixels from 0 to 1."""
    return {f: 255 * after(layer((f, f), value_range=(0, 1)), car / 255) for f in strengths}


contrast = layers.RandomContrast(0.5).transform_images  # it takes no fixed factor by itself
colors = {
    "brightness +": light(layers.RandomBrightness, (0, 0.1, 0.2, 0.3, 0.4, 0.5)),
    "brightness −": light(layers.RandomBrightness, (0, -0.1, -0.2, -0.3, -0.4, -0.5)),
    "contrast": {f: contrast(car.astype("float32"), {"contrast_factor": f}) for f in (1, 0.8, 0.6, 0.4, 0.3, 0.2)},
    "saturation": light(layers.RandomSaturation, (0.5, 0.6, 0.7, 0.8, 0.2, 0)),
}  # fmt: skip

# %% tags=["measured"]
in_light = asked(plain, colors)
assert in_light["brightness +"][2:4] == ["car", in_light["brightness +"][3]] != ["car", "car"]
figures.named_rows(colors, in_light, "car")

# %% [markdown]
# Which number leaves a picture alone differs: 0, 1 and 0.5. Look at a picture before you train with a layer.
#
# Now all together, with both twins: below each picture stands what `plain` says, then what the other one says.
# Find, for each class, the strength at which *you* no longer name it, and write it down. The keys ← and → move a
# slider.

# %%
firsts = np.stack([pictures.images[pictures.labels == k][17] for k in range(len(classes))])
AugmentationExplorer(firsts, classes, {"as they are": plain, "with copies": with_copies})

# %% [markdown]
# ## 3. The lamp
#
# One car proves nothing, and this one was picked because the twins differ on it. The course has trained two pairs
# and asked all four about 320 validation pictures, changed more and more. The second of a pair learned from
# copies drawn like the nine cars above.

# %% [markdown] tags=["notes"]
# **9 minutes with the exercise; the moment of the lesson.** Show the car at +0.3 once more. Let everybody write
# down two numbers before you run the cell. Then silence. Ask: "What did the first one take for a car?" (How
# bright the pixels are, among other things.) Then point at the third panel, before somebody concludes that copies
# make networks strong: "And in gray?"
#
# Wrong answers in the exercise: the first strength that costs enough, in place of the largest within one's limit;
# one's own limit in place of a strength of the table.

# %% [markdown]
# ### Predict: 0.3 brighter
#
# As they are, `plain` names about 80 of 100 pictures right. How many are left when each pixel is brighter by 0.3
# of 255, and how many with the twin that learned from copies?
#
# - **a** about 80 and 80
# - **b** about 65 and 75
# - **c** about 50 and 75

# %%
curves = {change: twins.measured(change) for change in ("brightness", "turn", "saturation")}
drawn_in_training = {"brightness": (-0.2, 0.2), "turn": (0, 0.05)}


### BEGIN HIDDEN TESTS
def about(name, change, strength):
    """The mean of a twin, in percent."""
    found = np.isclose(curves[change].strengths, strength)
    return float(curves[change].mean(name)[found][0])


lamp = [about(name, "brightness", 0.3) for name in twins.SETTINGS]
assert 45 < lamp[0] < 57 and 70 < lamp[1] < 79, lamp
gray = [curves["saturation"].accuracies[name][:, 0] for name in twins.SETTINGS]
assert (gray[1] < gray[0]).all()
assert max(about(name, "turn", 0.25) for name in twins.SETTINGS) < 35
assert 78 < about("as they are", "brightness", 0) < 83
### END HIDDEN TESTS
figures.strength_curves(curves, drawn_in_training)

# %% [markdown]
# **c.** The same 800 pictures, the same start, the same lamp: about 50 against 75, in both pairs. Nothing told
# `plain` that light does not matter. The gray field shows what copies were drawn from in training; the gain
# reaches far beyond it.
#
# But copies prepare for **what they contain**. In gray pictures (saturation −1) the twins are the *worse* ones:
# no copy ever lost its colors. And neither is at home at a quarter of a turn.
#
# Two pairs show what can happen, not what always will. Section 7 has five starts, and a test.

# %% [markdown]
# ### Your turn 1: which strength?
#
# Train with a strength where the network fails and you do not. `strengths` grow from 0, `accuracies` are the
# network's at each of them, in percent. `mine` is your own limit. Take the largest strength of the table that is
# not above `mine`. If the network has lost **more** than `points` there, compared with strength 0, return that
# strength; otherwise there is nothing to learn: return 0.
#
# For strengths 0, 10, 20, 45, accuracies 80, 77, 65, 30 and 10 points: a limit of 30 gives 20, a limit of 15
# gives 0.


# %% tags=["exercise"]
def worth_training(strengths, accuracies, mine, points):
    """The strength to train with, or 0 where the network has nothing to learn."""
    ### BEGIN SOLUTION
    k = np.flatnonzero(strengths <= mine)[-1]
    return strengths[k] if accuracies[0] - accuracies[k] > points else 0
    ### END SOLUTION


# %%
check.worth_training(worth_training)

# %% [markdown]
# The same rule with the measured table. Put your own limits in.

# %%
my_limits = {"turn": 0.15, "shift": 0.3, "shear": 0.4, "brightness": 0.5, "saturation": 1.0}
chosen = {
    change: twins.worth_training(twins.measured(change), limit, points=10)
    for change, limit in my_limits.items()
}
assert [name for name, strength in chosen.items() if not strength] == ["shear", "saturation"]
assert chosen["turn"] == 0.125 and chosen["shift"] == 0.3 and chosen["brightness"] == 0.5
chosen

# %% [markdown]
# With these limits, shear and saturation cost the network too little; the others leave room. The rule gives an
# **upper end**: layers draw between 0 and it. The course's mixture stays well below, at 0.05, 0.1 and 0.2. Whether
# that pays on ordinary pictures, section 7 measures.
#
# ## 4. When a copy lies
#
# A change is allowed where it leaves the label true. Take handwritten digits.

# %% [markdown] tags=["notes"]
# **6 minutes.** Cover the heads of the columns and let the room read the second row aloud: "one, five, two ..."
# Wrong conclusion after the figure: "augmentation is bad for digits". Point at the dots on the right. The rule:
# think of the world in which the program will work, and make pictures that it could meet there.

# %%
ink, digits = data.digits()
nth = {1: 1, 2: 3, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 9: 11}  # which one of each
some = [np.flatnonzero(digits == label)[n] for label, n in nth.items()]
figures.turned_digits(ink[some], digits[some])

# %% [markdown]
# A turned 6 is a 9, to you. And to a classifier that has learned from true digits? (A support vector machine,
# quick on 64 pixels. The sixes come from people whose digits it has not seen.)

# %%
parts = data.writers_apart(0)
flat = ink.reshape(len(ink), -1)
reader = SVC(gamma=0.001).fit(flat[parts["train"]], digits[parts["train"]])
sixes = [k for k in parts["validation"] if digits[k] == 6]
says = reader.predict(ink[sixes][:, ::-1, ::-1].reshape(len(sixes), -1))
assert (says == 9).mean() > 0.85
f"{(says == 9).sum()} of {len(sixes)} turned sixes are nines to it"

# %% [markdown]
# ### Predict: which copies help?
#
# Learn from 200 digits **and** copies of them that keep their labels; read the digits of other people, as they
# are. Ten splits. Which copies make it better than without?
#
# - **a** all of them: more digits to learn from
# - **b** none: 200 true digits are better than any copy
# - **c** only the shift by one pixel


# %%
def shifted(x, way):
    """Moved by one column to the right (1) or to the left (-1); the freed column is empty."""
    return np.pad(x, ((0, 0), (0, 0), (1, 1)))[:, :, 1 - way : 9 - way]


copies_of = {
    "upside down": lambda x: [x, x[:, ::-1]],
    "half a turn": lambda x: [x, x[:, ::-1, ::-1]],
    "mirrored": lambda x: [x, x[:, :, ::-1]],
    "shifted": lambda x: [x, shifted(x, 1), shifted(x, -1)],
}


def percent_right(change, seed):
    """Of the digits of other writers, after learning from 200 digits and copies of them."""
    parts = data.writers_apart(seed)
    known = np.random.default_rng(seed).choice(parts["train"], 200, replace=False)
    shown = np.concatenate(change(ink[known]))
    labels = np.tile(digits[known], len(shown) // 200)
    model = SVC(gamma=0.001).fit(shown.reshape(len(shown), -1), labels)
    return 100 * model.score(flat[parts["validation"]], digits[parts["validation"]])


# %%
without = np.array([percent_right(lambda x: [x], seed) for seed in range(10)])
gains = {
    name: np.array([percent_right(change, seed) for seed in range(10)]) - without
    for name, change in copies_of.items()
}
### BEGIN HIDDEN TESTS
higher = {name: (int((row > 0).sum()), int((row < 0).sum())) for name, row in gains.items()}
assert higher["upside down"] == (0, 10) and higher["half a turn"] == (0, 8)
assert higher["mirrored"] == (1, 8) and higher["shifted"] == (7, 3)
means = [row.mean() for row in gains.values()]
assert -2.2 < min(means[:3]) < max(means[:3]) < -1 and 0.7 < means[3] < 1.3
### END HIDDEN TESTS
figures.differences(gains, "as they are")

# %% [markdown]
# **c.** The flips cost one point or two, and are worse in eight of ten splits or more. The shift brings one, and
# is better in seven. People write a little to the left or right; nobody writes upside down.

# %% [markdown]
# ### Question 1 <!-- choose -->
#
# Airplanes from below, mushrooms from above, street signs, chest X-rays, handwriting. For which would you flip
# left-right? Up-down?
#
# <details><summary>Answer</summary>
#
# Ask whether the flipped picture could come from the camera, with the same label. Mushrooms from above have no up
# and no left: flip both ways. Airplanes: left-right, and from straight below also up-down. Street signs and
# handwriting: neither. Chest X-rays: left-right puts the heart on the wrong side, which is a finding.
#
# - "All of them left-right, it can do no harm": the digits say otherwise.
# - "None, a network should learn from true pictures": a mirrored airplane *is* a true picture, of another
#   airplane.
#
# </details>
#
# ## 5. In the line, for training only
#
# Where do the layers go? `cache()` keeps what comes out of the step before it (lesson {image_classification}).

# %% [markdown] tags=["notes"]
# **9 minutes with the exercise**, the heart for everybody who builds. Draw the line as boxes: pictures, cache,
# shuffle, batch, **change**, network. Ask where "change" may stand, and collect what goes wrong in each place. In
# the exercise expect `RandomRotation(degrees)` (the error message says what it wants) and `degrees / 180`; a
# `map` before the cache.

# %% [markdown]
# ### Predict: before or after the cache?
#
# One picture, three epochs. It is changed *before* `cache()`, or *after*. How many different pictures does the
# network see?
#
# - **a** 3 and 3
# - **b** 1 and 3
# - **c** 3 and 1

# %%
training.reproducible(0)
draw = augmentation.augmenter(shift=0.1, zoom=0.2, turn=0.05, light=0.2)
one = tf.data.Dataset.from_tensors(car[np.newaxis])
lines = {
    "change, cache": one.map(lambda x: draw(x, training=True)).cache(),
    "cache, change": one.cache().map(lambda x: draw(x, training=True)),
}
epochs = {
    name: [batch[0] for _ in range(3) for batch in line.as_numpy_iterator()]
    for name, line in lines.items()
}

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
versions = {name: len({x.tobytes() for x in shown}) for name, shown in epochs.items()}
### END HIDDEN TESTS
assert versions == {"change, cache": 1, "cache, change": 3}
figures.epoch_by_epoch(epochs)

# %% [markdown]
# **b.** Before the cache, the first copy is kept forever: each picture is replaced by one other. After it, every
# epoch brings a new one, at no cost in memory. So: **cache, shuffle, batch, change**.

# %% [markdown]
# ### Your turn 2: copies, in every epoch anew
#
# `pictures` is a data set of pictures 0..255 with labels, one by one, slow to read. Write the line for training:
#
# - every file is read once, every epoch has an order of its own, batches hold 32; `prefetch(1)` at the end
# - every picture is changed anew in every epoch, by a `keras.Sequential` of three layers: half of them mirrored
#   left and right, each shifted by up to a tenth of its height and of its width, each turned by up to `degrees`
#   either way
# - labels go through untouched, and corners do not turn black (`fill_mode="reflect"`)
#
# Say `training=True` when you call the layers, so that nobody has to guess. `len(pictures)` is how many there
# are.


# %% tags=["exercise", "points-3"]
def training_line(pictures, degrees):
    """Batches in a new order, each picture changed anew in every epoch."""
    ### BEGIN SOLUTION
    change = keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1, fill_mode="reflect"),
            layers.RandomRotation(degrees / 360, fill_mode="reflect"),
        ]
    )
    batches = pictures.cache().shuffle(len(pictures)).batch(32)
    return batches.map(lambda x, y: (change(x, training=True), y)).prefetch(1)
    ### END SOLUTION


# %%
check.training_line(training_line)

# %% [markdown]
# Validation pictures never come near this line: you measure on what the network will be used on.
# `augmentation.augmenter` is such a chain, with zoom and light as well. A short training with it, at 32×32
# pixels:

# %% tags=["measured", "trains"]
train = data.load_images("train", 32, per_class=100)
validation = data.load_images("validation", 32)
change = augmentation.augmenter(shift=0.1, zoom=0.2, turn=0.05, light=0.2)
known = tf.data.Dataset.from_tensor_slices((train.images, train.labels))
batches = known.cache().shuffle(len(known)).batch(32)
batches = batches.map(lambda x, y: (change(x, training=True), y)).prefetch(1)
training.reproducible(0)
network = models.block_cnn((32, 32, 3), len(train.classes), dropout=0.3)
network.compile(
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.003, 6 * len(batches))),
    "sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
record = training.fit(network, batches, validation[:2], 6, callbacks=[training.LiveCurves()])
assert abs(record.accuracy[-1] - record.val_accuracy[-1]) < 0.15
f"training {record.accuracy[-1]:.0%}, validation {record.val_accuracy[-1]:.0%}"

# %% [markdown]
# In lesson {regularization} more than 20 points lay between the curves at the end; here they stay together, for
# no picture comes twice. (Training accuracy is measured on *copies*, which are harder than validation pictures.)
# But a closed gap is not yet a better network: look at how low both curves end.
#
# ### Question 2 <!-- build -->
#
# A colleague changes the validation pictures, too, "so that both are treated alike". What happens?
#
# <details><summary>Answer</summary>
#
# The validation accuracy then says how the network does on changed pictures, drawn anew each time: usually lower,
# and it jumps from epoch to epoch for no reason.
#
# - "It is fairer": training wants variety, validation wants truth.
# - "More pictures make it more precise": copies of the same pictures say little that is new.
#
# </details>
#
# ## 6. The proof
#
# The other way is to put the layers **into** the network, in front. Then they travel with it, and you have to
# prove that they rest when it is used.

# %% [markdown] tags=["notes"]
# **9 minutes with the exercise.** It surprises people who know Keras well: `model(x)` is not `model.predict(x)`.
# After the last number let silence work: a *question* has changed the network. Ask: "Who has ever written
# `model(x)` in a loop over test pictures?" The cure is one word, and it must be said at the outermost call.

# %% [markdown]
# ### Your turn 3: the proof
#
# The network `fronted` begins with augmentation, `bare` is the one behind it. Ask both about `pictures`, first
# by `predict(pictures, verbose=0)`, then by a plain call, `fronted(pictures)`. Return the largest absolute
# difference of the first two answers, and that of the second two.


# %% tags=["exercise"]
def proof(fronted, bare, pictures):
    """The largest difference by `predict`, and the largest by a plain call."""
    ### BEGIN SOLUTION
    predicted = fronted.predict(pictures, verbose=0) - bare.predict(pictures, verbose=0)
    called = np.asarray(fronted(pictures)) - np.asarray(bare(pictures))
    return float(np.abs(predicted).max()), float(np.abs(called).max())
    ### END SOLUTION


# %%
check.proof(proof)

# %% [markdown]
# The network that you have trained, with `change` in front:

# %% tags=["measured"]
few = validation.images[:32].astype("float32")
fronted = keras.Sequential([keras.Input((32, 32, 3)), change, network])
by_predict = fronted.predict(few, verbose=0) - network.predict(few, verbose=0)
np.testing.assert_array_equal(by_predict, np.zeros_like(by_predict))
f"largest difference, by predict: {np.abs(by_predict).max()}"

# %% [markdown]
# Equal to the last bit. `fit`, `evaluate` and `predict` tell the layers whether this is training. A call does
# not.
#
# ### Predict: one plain call
#
# `fronted(few)`: the same 32 pictures, without a word about training. What is different afterwards?
#
# - **a** nothing: training is over
# - **b** the answers of this call, and nothing else
# - **c** the answers, and the network itself

# %% tags=["measured"]
averages = network.get_layer("norm4").moving_mean.numpy()
called = np.asarray(fronted(few)) - np.asarray(network(few, training=False))
moved = np.abs(network.get_layer("norm4").moving_mean.numpy() - averages)
assert np.abs(called).max() > 0.01 and moved.max() > 1e-4
f"answers differ by up to {np.abs(called).max():.2f}, averages of batch normalization by {moved.max():.3f}"

# %% [markdown]
# **c.** In Keras 3 dropout and batch normalization rest unless they hear `training=True`. Augmentation layers do
# the opposite: they act unless they hear `training=False`. Worse, the network behind them hears what they assume:
# dropout drops, and the moving averages of lesson {regularization} **move**. A question has changed what was
# asked. Write `fronted(few, training=False)`, or use `predict`:

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
calm = network.get_layer("norm4").moving_mean.numpy()
### END HIDDEN TESTS
quiet = np.asarray(fronted(few, training=False)) - np.asarray(network(few, training=False))
np.testing.assert_array_equal(quiet, np.zeros_like(quiet))
assert np.array_equal(network.get_layer("norm4").moving_mean.numpy(), calm)
float(np.abs(quiet).max())

# %% [markdown]
# Or keep the layers in the line: what is not in the network cannot act in it. From here on we do.
#
# ## 7. Does it pay?
#
# Four settings, five starts each, on the best network and recipe of lesson {regularization}, thirty epochs at
# 64×64: no copies; the mirror alone; mirror, shift and zoom; and all of the mixture. Then the rule of the course:
# "better" or "worse" where p is below 0.05.

# %% [markdown] tags=["notes"]
# **9 minutes with the exercise.** Collect orders; nearly everybody puts the full mixture on top. After the
# figure: "Is this over-fitting?", and wait until somebody points at the training marks. Wrong conclusion: "copies
# are useless." Answer: "Useless for what?" That is section 8. Three comparisons on a set: remind them of lesson
# {regularization}.

# %% [markdown]
# ### Predict: which one wins?
#
# On validation pictures, which are made like those of training:
#
# - **a** no copies
# - **b** the mirror alone
# - **c** mirror, shift, zoom
# - **d** all: mirror, shift, zoom, turn, light

# %%
table = data.project_accuracies("data_augmentation")
most = "flip, shift, zoom, turn, light"
plots.starts(
    {name: {"training": row.train, "validation": row.validation} for name, row in table.items()}
)


# %%
def compared(table, part):
    """Gains over "none" in points, and how often chance does as much."""
    base = getattr(table["none"], part)
    rows = {name: getattr(row, part) for name, row in table.items() if name != "none"}
    return {
        name: f"{100 * (row.mean() - base.mean()):+.1f}, p = {p_of_difference(row, base):.3f}"
        for name, row in rows.items()
    }


### BEGIN HIDDEN TESTS
rendered = data.measured_set() == "rendered8"
said_of = compared(table, "validation")
if rendered:
    assert said_of["flip"] == "+3.4, p = 0.024"
    assert all(float(text[-5:]) > 0.4 for name, text in said_of.items() if name != "flip")
    assert table["flip"].train.min() > 0.99 and round(100 * table[most].train.mean()) == 90
### END HIDDEN TESTS
compared(table, "validation")

# %% [markdown]
# **b**, on the pictures of the course: the mirror alone, by 3.4 points with p = 0.024. The two mixtures: we
# cannot tell. Look at the training marks. With the mirror the network still learns all of its pictures by heart.
# With all of the mixture it names about 90 of 100: there is more variety than thirty epochs and a network this
# small can take in. That is a step from over-fitting towards **under-fitting**. And what was the mixture *for*?
# Validation pictures are made like the training pictures: things upright, near the middle, in the same kinds of
# light.

# %% [markdown]
# ### Your turn 4: which one do you ship?
#
# For each setting, `right` holds how many validation pictures each start named right; one of them is `"none"`.
# Return the setting with the highest mean **among those that are better than none** (a higher mean, and
# `p_of_difference` below 0.05), or `"none"` where nothing is better. For `{"none": [263, 247, 252, 259, 265],
# "turn": [264, 250, 259, 255, 266]}` that is `"none"`.


# %% tags=["exercise"]
def to_ship(right):
    """The best setting of those that are better than none, or none."""
    ### BEGIN SOLUTION
    base = right["none"]
    means = {
        name: np.mean(row)
        for name, row in right.items()
        if np.mean(row) > np.mean(base) and p_of_difference(row, base) < 0.05
    }
    return max(means, key=means.get) if means else "none"
    ### END SOLUTION


# %%
check.to_ship(to_ship)

# %% [markdown]
# The same four settings on real photographs (*natural-images*, 100 of each class). What would you ship?

# %%
photographs = data.project_accuracies("data_augmentation", "natural-images")
### BEGIN HIDDEN TESTS
on_photographs = list(compared(photographs, "validation").values())
assert on_photographs == ["+0.8, p = 0.183", "-3.5, p = 0.008", "-5.7, p = 0.008"]
### END HIDDEN TESTS
compared(photographs, "validation")

# %% [markdown]
# Nothing: of the mirror the test cannot tell, and both mixtures are **worse**, by 4 and 6 points.
# What helps on one set is a loss on another: measure on yours.
#
# ## 8. The exam, for the one that ships
#
# For pictures like those of training, validation has chosen. The test pictures are opened for that setting alone.
# Lesson {image_classification} has opened them for its baseline, lesson {regularization} for three settings, all
# chosen before; nothing is chosen by them here.

# %% [markdown] tags=["notes"]
# **5 minutes.** Ask for bets before each cell. "Why not show all four?" Because whoever sees four results picks
# the best, and the exam has become a validation set. Then: "Which would you ship for a camera in a car?" It
# drives at night.

# %%
exam = table["flip"].test
### BEGIN HIDDEN TESTS
assert not rendered or np.round(100 * exam.mean(), 1) == 85.6
assert np.round(100 * photographs["flip"].test.mean(), 1) == 89.5
assert compared(photographs, "test")["flip"] == "+0.3, p = 0.603"
### END HIDDEN TESTS
f"flip: {exam.mean():.1%} of the test pictures, {exam.min():.1%} to {exam.max():.1%}"

# %% [markdown]
# On photographs the exam cannot tell the mirror from none either: 89.5 against 89.1 %, p = 0.60.
#
# Another camera, another choice. One that tilts and works at night: the lamp of section 3 has chosen the mixture,
# on changed *validation* pictures. Its exam is the split `test_shifted`: night, tilt, unusual views, new grounds,
# none of them in training. (On photographs: turned, darkened, moved and faded copies.)
#
# Against none:


# %%
def on_shifted(table):
    """The full mixture and none on shifted pictures, and what the test says."""
    mixed, base = table[most].shifted, table["none"].shifted
    p = p_of_difference(mixed, base)
    return f"{base.mean():.1%} to {mixed.mean():.1%}, p = {p:.3f}"


### BEGIN HIDDEN TESTS
ours = data.project_accuracies("data_augmentation", "rendered8")
assert on_shifted(ours) == "63.9% to 69.2%, p = 0.016"
assert on_shifted(photographs) == "50.2% to 56.3%, p = 0.016"
assert all(row[most].shifted.mean() < row[most].test.mean() - 0.1 for row in (ours, photographs))
### END HIDDEN TESTS
{"rendered8": on_shifted(data.project_accuracies("data_augmentation", "rendered8")),
 "natural-images": on_shifted(photographs)}  # fmt: skip

# %% [markdown]
# On both sets the full mixture gains, by 5 and by 6 points, and the test can tell. Both stay far below what they
# reach on pictures like those of training.
#
# **Ship the mirror for pictures like ours, and the mixture for a world that tilts, moves and darkens.** Which of
# the two you live in, only pictures from that camera can tell.

# %% [markdown]
# ### Challenge
#
# **If you are early:** look once more at the panel of saturation in section 3. Which layer would you add, how
# strong, and what would you measure before you believe in it?
#
# **If you want a week:** find a better mixture. Read Keras' list of layers (`RandomErasing`, `RandomHue`,
# `RandAugment`, `CutMix` ...), form a suspicion from the explorer, and test it: five starts, validation pictures,
# `p_of_difference`. Or take pictures of your own in another light, and prepare the network for them.

# %% [markdown] tags=["notes"]
# The challenge runs well over a week with a shared table: setting, epochs, five validation accuracies. Forbid
# looking at the test pictures. Groups that go for night gain on shifted pictures and may lose a little on the
# others: let them say which they would ship.

# %% [markdown]
# ## Going further
#
# Nothing that follows needs this section.
#
# ### Ask about the mirror image, too
#
# Copies can help at the exam as well: average the answers on a picture and on its mirror image, and take the
# surest class. **Test-time augmentation**, in three lines:

# %% tags=["measured"]
x, truth = pictures.images.astype("float32"), pictures.labels
both = plain(x) + plain(x[:, :, ::-1])
assert 0 < np.mean(both.argmax(axis=1) == truth) - np.mean(plain(x).argmax(axis=1) == truth) < 0.03
f"as it is {np.mean(plain(x).argmax(axis=1) == truth):.1%}, with its mirror image {np.mean(both.argmax(axis=1) == truth):.1%}"

# %% [markdown]
# One network, a point more: no proof. It takes twice the time in use, and what must not be mirrored in training
# must not be mirrored here.
#
# ### mixup: half a cat, half a car
#
# Copies of one picture keep its label. **mixup** mixes *two* pictures, and their labels with them: a share λ of
# one, the rest of the other.

# %%
share = 0.6
mix = share * car + (1 - share) * firsts[2].astype("float32")
figures.mixed(
    [car, firsts[2], mix], ["car", classes[2], f"{share:.0%} car, {1 - share:.0%} {classes[2]}"]
)

# %% [markdown]
# No camera takes such a picture, and still it can help: the network learns to change its mind gradually. Keras
# has `layers.MixUp`, which draws λ anew for each pair; labels become one-hot, the loss
# `categorical_crossentropy`. Does it pay here? Measured like the settings of section 7, five starts, against the
# mirror alone:

# %%
mixup, mirror = (
    twins.with_mixup(),
    data.project_accuracies("data_augmentation", "rendered8")["flip"].validation,
)
p = p_of_difference(mixup, mirror)
assert np.round(100 * np.array([mixup.min(), mixup.max(), mixup.mean()]), 1).tolist() == [
    84.1,
    86.6,
    84.8,
]
assert 0.31 < p < 0.32
f"mixup {mixup.min():.1%} to {mixup.max():.1%}, {100 * (mixup.mean() - mirror.mean()):+.1f} points, p = {p:.2f}"

# %% [markdown]
# A point more, and we cannot tell.
#
# ### A minute of training
#
# How far do 100 pictures a class get in a minute of one processor? Four steps at once. Batches of 16. Targets that
# leave a little to every class, 0.9125 to the true one and 0.0125 to each other (**label smoothing**). A rate that
# rises for a third of the way, then falls to zero (**one cycle**). And you keep an average of the weights, over the
# last tenth of the way.


# %%
def member(train, seed, epochs=40):
    """A block network, trained with the mirror along one cycle."""
    training.reproducible(seed)
    network = models.block_cnn(train.images.shape[1:], len(train.classes), dropout=0.3)
    targets, flip = tf.one_hot(train.labels, len(train.classes)), augmentation.augmenter()
    known = tf.data.Dataset.from_tensor_slices((train.images, targets))
    batches = known.shuffle(len(targets)).batch(16)
    batches = batches.map(lambda x, y: (flip(x, training=True), y)).prefetch(1)
    steps = epochs * len(batches)
    rise = {"warmup_target": 0.005, "warmup_steps": steps // 3}
    rate = keras.optimizers.schedules.CosineDecay(0.0, steps - steps // 3, **rise)
    average = {"use_ema": True, "ema_momentum": 1 - 1 / (steps // 10)}
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    network.compile(keras.optimizers.AdamW(rate, weight_decay=0.05, **average), loss)
    network.fit(batches, epochs=epochs, shuffle=False, verbose=0)
    return network


def answers(networks, pictures):
    """What networks give for pictures and for their mirror images, on average."""
    both = pictures, pictures[:, :, ::-1]
    return np.mean([n.predict(x, verbose=0) for n in networks for x in both], axis=0)


# %% [markdown]
# A taste, small and short: 32×32 pixels, four epochs, two starts.

# %% tags=["measured", "trains"]
two = [member(train, seed, epochs=4) for seed in (0, 1)]
alone, together = answers(two[:1], validation.images), answers(two, validation.images)
### BEGIN HIDDEN TESTS
np.testing.assert_array_equal(together, pairs.answers(two, validation.images))
np.testing.assert_allclose(np.array([1, 0]) * 0.9 + 0.1 / 8, [0.9125, 0.0125])
### END HIDDEN TESTS
[f"{np.mean(sure.argmax(axis=1) == validation.labels):.0%}" for sure in (alone, together)]

# %% [markdown]
# At 64×64 and forty epochs, five starts each: the mean and the range on test pictures. Behind each name: how long the
# training takes, in trainings of the baseline of lesson {image_classification}. The tutorial is TensorFlow's on image
# classification.

# %%
trained = pairs.measured()
unit = trained["baseline"].seconds.mean()
### BEGIN HIDDEN TESTS
tests = {name: row.test for name, row in trained.items()}
cycle, asked_twice, couples = map(
    tests.get, ["one cycle", "+ mirror image asked", "+ a second network"]
)
mirrored = tests["with the mirror"]
assert f"{cycle.mean():.1%}, {asked_twice.mean():.1%}" == "89.2%, 90.5%"
assert f"{couples.mean():.1%}" == "91.9%" and len(couples) == 10
assert f"{100 * (cycle.mean() - mirrored.mean()):.1f}" == "3.5"
assert f"{p_of_difference(cycle, mirrored):.3f}" == "0.008"
assert f"{p_of_difference(asked_twice, cycle):.2f}" == "0.08"
assert round(trained["one cycle"].seconds[0] / trained["with the mirror"].seconds[0], 1) == 1.5
brief, tutorial = trained["a cycle of 4 epochs"], trained["tutorial"]
assert brief.test.mean() > tutorial.test.mean() and brief.seconds[0] < tutorial.seconds[0] / 3
assert f"{p_of_difference(brief.test, tutorial.test):.2f}" == "0.12"
assert trained["one cycle"].seconds[0] < 60
on_photographs = pairs.measured("natural-images")
assert f"{on_photographs['one cycle'].test.mean():.1%}" == "91.8%"
assert f"{on_photographs['+ mirror image asked'].test.mean():.1%}" == "92.5%"
### END HIDDEN TESTS
{
    f"{name}: {t.seconds.mean() / unit:.1f}": f"{t.test.mean():.1%}, {t.test.min():.1%} to {t.test.max():.1%}"
    for name, t in trained.items()
}

# %% [markdown]
# The same network, the same pictures: 89.2 %, 3.5 points more than with the mirror alone (p = 0.008), for one and a
# half times its training. Which of the four steps did it, this table cannot say. The mirror image asked: 90.5 %, but
# we cannot tell (p = 0.08). A second network, for twice the time: 91.9 %. (Pairs share networks, so we do not test
# them.) Four epochs are no worse than the tutorial's fifteen (p = 0.12), in less than a third of their time. On
# photographs one network reaches 91.8 %, and 92.5 % with the mirror image.
#
# ### Brighter, in eight bits
#
# Pixels are `uint8`: whole numbers from 0 to 255. Make a bright pixel brighter:

# %%
pixels = np.array([10, 100, 200], np.uint8)
wrapped = pixels + np.uint8(100)
assert wrapped.tolist() == [110, 200, 44]
wrapped

# %% [markdown]
# 200 + 100 = **44**. The sum needs a ninth bit, which is dropped: 300 − 256. White becomes black, without a
# warning.
#
# ### Your turn 5: brighter without wrapping
#
# Add `amount` (a whole number from −255 to 255) to each pixel of a `uint8` picture of any shape. What would
# exceed 255 becomes 255, what would fall below 0 becomes 0; the result is `uint8` again. The three pixels above
# become `[110, 200, 255]`.


# %% tags=["exercise"]
def brighter(image, amount):
    """Every pixel plus an amount, between 0 and 255."""
    ### BEGIN SOLUTION
    return np.clip(image.astype(np.int16) + amount, 0, 255).astype(np.uint8)
    ### END SOLUTION


# %%
check.brighter(brighter)

# %% [markdown]
# One more trap of the same kind. `RandomBrightness` takes 0.2 for a share of 255, unless you say otherwise. What
# if your pixels lie in 0..1?

# %%
up, down = (after(layers.RandomBrightness((f, f)), car / 255) for f in (0.2, -0.2))
assert up.min() >= 51 and down.max() == 0
{
    "0.2 up": f"all at {up.min():.0f} or more, where 1 is white",
    "0.2 down": f"all at {down.max():.0f}",
}

# %% [markdown]
# White and black sheets, and no warning. Say `value_range=(0, 1)`, or change pixels **before** you scale them.

# %% [markdown]
# ## What you can do now
#
# - **Choose** strengths between the network's limit and yours, and only changes that leave the label true.
# - **Build** the line: cache, shuffle, batch, change, with `training=True`, for training alone.
# - **Prove** that a network in use rests: equal to the bare one, to the last bit.
# - **Decide** what to ship by an exact test, for the pictures that it will meet.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("data_augmentation")

# %% [markdown]
# ## Common mistakes
#
# - **Changing before the cache.** One copy of each picture, forever.
# - **`model(x)` with augmentation layers inside.** They act, and the averages of the network move.
# - **Augmenting validation or test pictures.** You then measure something else.
# - **`RandomRotation(30)` for 30 degrees.** It wants shares of a full turn: 30 / 360.
# - **Brightness on pixels 0..1 without `value_range`.** Pictures become white or black sheets.
# - **A mirror from habit.** It lies about digits, signs and hearts.
# - **Splitting after augmenting.** A mirrored training picture in the test set is a leak. Split first.

# %% [markdown]
# ## Where next
#
# You have made the most of 100 pictures per class. Next, borrow what others have learned from tens of thousands:
# [{transfer_learning} Transfer learning](transfer_learning.ipynb). How to search for strengths without fooling
# yourself: [{choosing_hyperparameters} Choosing hyperparameters](choosing_hyperparameters.ipynb).
