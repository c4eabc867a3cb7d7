# %% [markdown]
# # Data augmentation
#
# **You have 100 pictures of each class, and there are no more. But a cat in a mirror is a cat, and a cat
# one step to the left is still a cat. How many pictures are in one picture?** In this lesson you make new
# pictures out of old ones, while the network learns, and find out by measurement which of them pay. Some do
# harm. And with one argument too few, a network that is in use goes on changing what it is shown.
#
# **50 minutes** · **You need:** [{image_classification} Image classification](image_classification.ipynb) and [12
# Regularization](regularization.ipynb).
#
# **When you are done, you can**
#
# - **compute** mirrored, shifted, cropped and brighter copies of a picture with arrays alone
# - **choose** transformations and strengths that leave the class as it is, for your data
# - **build** them into a pipeline in the right place, for training only
# - **prove** that inference is untouched
# - **decide** by five starts whether augmentation pays, and where
#
# **Sources:** E. Rantsiou, *Convolutional Neural Networks basics* (LENS ML School, 2021; "interfere with
# the data": flip, rotate, shear, shift, zoom, color distortion); Y. Chammami, *Exploring the Power of
# Conv'Nets* (augmentation beside dropout, batch normalization and early stopping). C. Shorten, T.
# Khoshgoftaar, *A survey on image data augmentation for deep learning* (2019).

# %% [markdown] tags=["notes"]
# Hold up a photograph, then its mirror image, then the first one half covered by your hand. Ask each time:
# "Still the same thing? Would a program that has only seen the first one know?" Then ask: "How many
# pictures can you make of this one?" Keep the highest number for section 1.
#
# Ten minutes short? Give section 4 and exercise 3 as homework; nothing after them needs them.

# %% [markdown]
# ## Setup

# %%
from lessons.data_augmentation import check, figures
from utils import augmentation, board, data, models, plots, training
from utils.quiet import keras, tf
from lessons.data_augmentation.explorer import AugmentationExplorer, copies

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

layers = keras.layers
plots.style()

# %% [markdown]
# ## 1. One picture, many pictures
#
# Start with a picture of twelve pixels, so that you can follow each one.

# %% [markdown] tags=["notes"]
# **12 minutes with the three exercises.** Do the mirror on the board with the twelve numbers. Most rooms
# are split between `[::-1]` and `[:, ::-1]`: ask each side to say the first row aloud. Then ask what to put
# into the freed column. Good answers: black, the mean, the edge, the mirrored picture. "What comes out on
# the other side" is `np.roll`: ask for a scene in which the right edge continues the left one (a panorama).
#
# In exercise 2 the wrong answer that comes most is one place short; let them say which window is never
# taken. In exercise 3 ask for 200 + 100 in eight bits before they run anything: 44.

# %%
tiny = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
tiny

# %% [markdown]
# ### Predict: which one is the mirror?
#
# `tiny[::-1]` or `tiny[:, ::-1]`? Say the first row of each aloud, then run the cell.

# %%
assert tiny[:, ::-1][0].tolist() == [4, 3, 2, 1]
assert tiny[::-1][0].tolist() == [9, 10, 11, 12]  # upside down
tiny[::-1], tiny[:, ::-1]

# %% [markdown]
# The second one. A mirror swaps left and right, so the **columns** are reversed: axis 1.

# %% [markdown]
# Now move the picture to the right
# by one column. One column has nowhere to go, and another is free. What comes there? Three answers:

# %%
room = ((0, 0), (1, 0))  # no row more, one column more on the left
shifted = {
    "with 0": np.pad(tiny, room)[:, :-1],
    "with the edge": np.pad(tiny, room, mode="edge")[:, :-1],
    "np.roll": np.roll(tiny, 1, axis=1),
}
assert [table[0, 0] for table in shifted.values()] == [0, 1, 4]

# %% [markdown]
# All of them side by side, the freed column marked:

# %%
figures.moved_tables(shifted, dict.fromkeys(shifted, 0))

# %% [markdown]
# Zeros put a black bar into the picture. The edge repeats what is there; Keras goes on with the picture in
# a mirror (`fill_mode="reflect"`). What leaves on one side and comes in on the other, as `np.roll` does it,
# makes a picture that no camera takes.
#
# ### Your turn 1: mirror and shift
#
# Mirror a picture left to right, **then** move it by `right` columns to the right (to the left if `right`
# is negative; never by more than its width), and fill the freed columns with `fill`. A picture has shape
# `(H, W)` or `(H, W, C)`. For `tiny`, 1 and 0, the first row becomes `[0, 4, 3, 2]`.


# %% tags=["exercise"]
def flip_and_shift(image, right, fill):
    """The mirror image, moved to the right; freed columns hold `fill`."""
    ### BEGIN SOLUTION
    flipped = image[:, ::-1]
    result = np.full_like(image, fill)
    if right >= 0:
        result[:, right:] = flipped[:, : image.shape[1] - right]
    else:
        result[:, :right] = flipped[:, -right:]
    return result
    ### END SOLUTION


# %%
check.flip_and_shift(flip_and_shift)

# %% [markdown]
# Now with photographs: 100 of each class to learn from, others to validate with.

# %%
train = data.load_images("train", per_class=100)
validation = data.load_images("validation")
classes = train.classes
photo = train.images[train.labels == min(2, len(classes) - 1)][11]
photo.shape

# %% [markdown]
# Take one of them, mirror it or not, move it by up to six pixels each way, and count what comes out.

# %%
padded = np.pad(photo, ((6, 6), (6, 6), (0, 0)), mode="symmetric")
windows = [padded[i : i + 64, j : j + 64] for i in range(13) for j in range(13)]
different = {w[:, ::step].tobytes() for w in windows for step in (1, -1)}
assert len(different) == 2 * 13 * 13 == 338
len(different)

# %% [markdown]
# 338 different pictures out of one, with two tools. Do not be fooled, though: they all show the same object
# from the same side in the same light. A hundred cats in 338 versions are not 33,800 cats.
#
# ### Your turn 2: a random crop
#
# A **crop** is a window of the picture. Take one of `height` × `width` at a random place, every place that
# fits with the same probability. The picture has shape `(H, W, C)`. Draw from the generator `rng` alone,
# such as `rng.integers(0, 5)`, which gives 0, 1, 2, 3 or 4. How many places are there for two rows in
# three? Where do they start?


# %% tags=["exercise"]
def random_crop(image, height, width, rng):
    """A window of a picture at a random place, shape (height, width, C)."""
    ### BEGIN SOLUTION
    top = rng.integers(0, image.shape[0] - height + 1)
    left = rng.integers(0, image.shape[1] - width + 1)
    return image[top : top + height, left : left + width]
    ### END SOLUTION


# %%
check.random_crop(random_crop)

# %% [markdown]
# Light changes, too. Pixels are `uint8`: whole numbers from 0 to 255 in eight bits. Make a bright pixel
# brighter:

# %%
pixels = np.array([10, 100, 200], np.uint8)
wrapped = pixels + np.uint8(100)
assert wrapped.tolist() == [110, 200, 44]
wrapped

# %% [markdown]
# 200 + 100 = **44**. The sum needs a ninth bit, which is dropped: 300 − 256. No error, no warning. White
# becomes black.
#
# ### Your turn 3: brighter without wrapping
#
# Add `amount` (a whole number from −255 to 255) to each pixel of a `uint8` picture of any shape. What would
# exceed 255 becomes 255, what would fall below 0 becomes 0. Leave the picture that you were given as it is.
# The three pixels above become `[110, 200, 255]`.


# %% tags=["exercise"]
def brighter(image, amount):
    """Every pixel plus an amount, between 0 and 255."""
    ### BEGIN SOLUTION
    return np.clip(image.astype(np.int16) + amount, 0, 255).astype(np.uint8)
    ### END SOLUTION


# %%
check.brighter(brighter)

# %% [markdown]
# ## 2. How strong?
#
# Keras has a layer for each of these transformations, and more. Each draws its strength at random, between
# two bounds. Give it the same bound twice, and it draws that one: `RandomRotation((0.1, 0.1))`. So you can
# look at one strength after the other.

# %% [markdown] tags=["notes"]
# **6 minutes.** Let the room go through the first figure row by row and raise a hand when it would no
# longer name the thing. Write the strengths on the board: they are the room's guess for the table in
# section 6. Units are the trap of this section: a share of a full turn, a share of the side, a share of
# 255; and a positive zoom makes things *smaller*. Ask: "Who has seen an upside-down car today?"

# %%
picture = photo.astype(np.float32)


def after(layer, image=picture):
    """What a layer makes of a picture in training."""
    return np.asarray(layer(image, training=True))


# %% [markdown]
# ### Predict: what does 0.5 mean?
#
# `RandomRotation((0.5, 0.5))`: half a degree, half a radian, half a right angle, half a turn?

# %% tags=["measured"]
half = after(layers.RandomRotation((0.5, 0.5)))
figures.turned(picture, half)

# %% [markdown]
# Half a full turn, the same as both flips at once. Whoever means "half a degree" and writes 0.5 gets this.

# %% [markdown]
# Compare with a picture that has been flipped both ways. The largest difference, of 255:

# %% tags=["measured"]
np.testing.assert_allclose(half, picture[::-1, ::-1], atol=1)
float(np.abs(half - picture[::-1, ::-1]).max())

# %% [markdown]
# Now all that move pixels, each at several strengths:

# %%
flips = {"none": picture, "↔": picture[:, ::-1], "↕": picture[::-1], "both": half}
moves = {
    "flip": flips,
    "turn": {f: after(layers.RandomRotation((f, f))) for f in (0, 0.05, 0.15, 0.4)},
    "shift": {f: after(layers.RandomTranslation((f, f), (f, f))) for f in (0, 0.1, 0.25, 0.5)},
    "zoom": {f: after(layers.RandomZoom((f, f))) for f in (-0.6, -0.2, 0.3, 1.0)},
    "shear": {f: after(layers.RandomShear((f, f))) for f in (0, 0.15, 0.4, 0.8)},
}

# %% [markdown]
# A crop is smaller than the picture. Enlarge it again, so that the network gets what it expects.

# %% tags=["measured"]
fit = layers.Resizing(64, 64)
moves["crop"] = {n: after(fit, after(layers.RandomCrop(n, n, seed=0))) for n in (64, 48, 32, 16)}
figures.strength_rows(moves)

# %% [markdown]
# The number below a picture is what you give the layer: the share of a full turn, of the side, of the size;
# for a crop, the pixels that are left. A positive zoom shows more of the scene, so things get **smaller**.
# In each row, where would you stop? Now colors.

# %%
strengths = (-0.4, 0, 0.2, 0.5)
colors = {"brightness": {f: after(layers.RandomBrightness((f, f))) for f in strengths}}

# %% [markdown]
# Two need more care. The saturation layer of Keras 3.15 leaves the range 0..255 when it makes colors
# stronger, but does as it should with pixels in 0..1. And the contrast layer takes no fixed factor, so hand
# it to the method that it calls itself.

# %%
small = picture / 255
saturate = {f: layers.RandomSaturation((f, f), value_range=(0, 1)) for f in (0, 0.25, 0.5, 0.8)}
colors["saturation"] = {f: 255 * after(layer, small) for f, layer in saturate.items()}
stretch = layers.RandomContrast(0.5).transform_images
colors["contrast"] = {f: stretch(picture, {"contrast_factor": f}) for f in (0.2, 0.5, 1, 2.5)}

# %% [markdown]
# Three rows of colors. Which number leaves the picture alone?

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
unchanged = {"brightness": 0, "saturation": 0.5, "contrast": 1}
assert all(np.allclose(colors[name][f], picture, atol=1) for name, f in unchanged.items())
orange = np.float32([[[200, 100, 50]]])
assert after(layers.RandomSaturation((0.8, 0.8)), orange).min() < 0  # the range is left
### END HIDDEN TESTS
figures.strength_rows(colors)

# %% [markdown]
# 0 for the brightness, 1 for the contrast, and **0.5** for the saturation: read the manual of each layer,
# and look at a picture before you train. One trap deserves a cell of its own. Brightness is a share of 255
# unless you say otherwise. What if your pixels lie in 0..1?

# %%
up, down = (after(layers.RandomBrightness((f, f)), small) for f in (0.2, -0.2))
assert small.max() <= 1 and up.min() >= 51 and down.max() == 0
seeing = after(layers.RandomBrightness((0.2, 0.2), value_range=(0, 1)), small)
assert seeing.min() >= 0.2 - 1e-6 and seeing.max() <= 1
{"up": int(up.min()), "down": int(down.max()), "value_range": round(float(seeing.min()), 1)}

# %% [markdown]
# Up by 0.2, every pixel is 51 or more, where 1 was white. Down by 0.2, every pixel is 0. The network would
# learn from white and black sheets. Say `value_range=(0, 1)`, or change the pixels **before** you scale
# them, as this course does.
#
# ## 3. Your own hands
#
# In training all of this comes together, each with a strength drawn at random. Here are three draws of
# three mixtures.

# %% [markdown] tags=["notes"]
# **5 minutes.** Pairs: one pulls a slider until the other no longer names the thing, then reads the number
# aloud. Do it for two classes: what is too strong for a face may be fine for a flower. Collect the limits;
# they differ by class, and there is one setting for all classes in training. Ask: "Which slider makes a
# picture that no camera takes?"

# %%
mild = {"shift": 0.1, "zoom": 0.2, "turn": 0.03, "brightness": 0.1, "contrast": 0.2}
times = {"mild": 1, "strong": 2.5, "too strong": 5}
made = {
    name: copies(photo, {slider: factor * most for slider, most in mild.items()}, True, 0, 3)
    for name, factor in times.items()
}
assert all(len({one.tobytes() for one in row}) == 3 for row in made.values())

# %% [markdown]
# One row for each mixture, the picture itself in front:

# %% tags=["measured"]
figures.mixtures(photo, made)

# %% [markdown]
# Now pull the sliders, one at a time, then several. For each class, find the strength at which *you* would
# no longer name the picture. A network should get less than that; how much less, section 6 measures. The
# keys ← and → move a slider, too.

# %%
firsts = [train.images[train.labels == k][0] for k in range(len(classes))]
AugmentationExplorer(np.stack(firsts), classes)

# %% [markdown]
# Some things can take a lot: upside down, a flower is a flower. Others cannot. That is the next question.
#
# ## 4. When a transformation lies
#
# A transformation is allowed when it leaves the **label** true. Take handwritten digits.

# %% [markdown] tags=["notes"]
# **6 minutes.** Cover the heads of the columns and let the room read the second and the third row aloud:
# "five, two ... nine". Wrong answer to expect after the measurement: "then augmentation is bad for digits".
# Point at the row that gains. The rule: think of the world in which the program will work, and make
# pictures that it could meet there.

# %%
ink, digits = data.digits()
nth = {1: 1, 2: 3, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 9: 11}  # which one of each
some = [np.flatnonzero(digits == label)[n] for label, n in nth.items()]
figures.turned_digits(ink[some], digits[some])

# %% [markdown]
# The turned 6 reads as a 9. Do not take that on trust: ask a classifier that has learned from true digits
# (a support vector machine, quick on 64 pixels) what it makes of sixes on their heads.

# %%
reader = SVC(gamma=0.001).fit(ink[:1000].reshape(1000, -1), digits[:1000])
sixes = ink[1000:][digits[1000:] == 6]
says = reader.predict(sixes[:, ::-1, ::-1].reshape(len(sixes), -1))
assert (says == 9).mean() > 0.9
{"of": len(sixes), "read as 9": int((says == 9).sum())}

# %% [markdown]
# More than nine in ten are nines to it. Whoever turns digits at random puts such nines into the training
# set with the label 6. Does that harm, or does the classifier shrug it off? Measure it. Learn from 200
# digits and their changed copies, test on all others, untouched, in five splits.


# %%
def right_by_one(x):
    """Moved right by one column, with a fresh one of 0."""
    return np.pad(x, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]


changes_of = {
    "as they are": lambda x: [x],
    "and upside down": lambda x: [x, x[:, ::-1]],
    "and a half turn": lambda x: [x, x[:, ::-1, ::-1]],
    "and mirrored": lambda x: [x, x[:, :, ::-1]],
    "and shifted": lambda x: [x, right_by_one(x), right_by_one(x[..., ::-1])[..., ::-1]],
}


# %%
def digit_accuracy(change, seed):
    """Test accuracy after learning from 200 digits and changed copies of them."""
    known, new = train_test_split(
        np.arange(len(digits)), train_size=200, stratify=digits, random_state=seed
    )
    shown = change(ink[known].astype(float))
    labels = np.tile(digits[known], len(shown))
    model = SVC(gamma=0.001).fit(np.concatenate(shown).reshape(len(labels), -1), labels)
    return model.score(ink[new].reshape(len(new), -1), digits[new])


# %% [markdown]
# Five ways to teach, five splits each. Which do you expect to be above the first one, "as they are"?

# %%
by_change = {
    name: np.array([digit_accuracy(change, seed) for seed in range(5)])
    for name, change in changes_of.items()
}

# %%
### BEGIN HIDDEN TESTS
plain, *flipped, moved = by_change.values()
### END HIDDEN TESTS
assert all((row < plain).all() for row in flipped) and (moved > plain).all()
figures.accuracy_by_split(by_change)

# %% [markdown]
# In each of the five splits, every kind of flip makes it **worse**, and a shift by one pixel makes it
# **better**. The same data, the same classifier. People write digits a little to the left or the right;
# nobody writes them in a mirror.
#
# ### Question 1 <!-- choose -->
#
# Airplanes from below, mushrooms from above, street signs, chest X-rays, handwriting, galaxies. For which
# would you flip left-right? Up-down?
#
# <details><summary>Answer</summary>
#
# Ask whether the flipped picture could come from the camera, with the same label. Galaxies and mushrooms
# from above have no up and no left: flip both ways, and turn as you like. Airplanes in the sky: left-right,
# and from straight below also up-down. Street signs: neither, "turn left" becomes "turn right".
# Handwriting: neither. Chest X-rays: left-right puts the heart on the wrong side. That is a finding (*situs
# inversus*), not the same label.
#
# - "All of them left-right, it can do no harm": the digits above say otherwise.
# - "None, a network should learn from true pictures": a mirrored airplane *is* a true picture, of another
#   airplane.
#
# </details>
#
# ## 5. In the pipeline, for training only
#
# Three layers, in a chain: mirror half of the pictures, move each by up to a tenth, zoom by up to a fifth.

# %% [markdown] tags=["notes"]
# **9 minutes**, the heart of the lesson for everybody who builds. Draw the pipeline on the board as boxes:
# pictures, cache, shuffle, batch, **change**, network. Ask where the box "change" may stand, and collect
# what goes wrong in each place. Before the cache: one version forever. On the validation side: the exam is
# another one each time.
#
# The proof at the end surprises people who know Keras well. `model(x)` is not `model.predict(x)`.


# %%
def changes():
    """Layers that mirror, move and zoom at random, for pixels 0..255."""
    return keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1, fill_mode="reflect"),
            layers.RandomZoom((-0.2, 0.2), fill_mode="reflect"),
        ]
    )


# %% [markdown]
# The course's `utils.augmentation` holds the same chain, and takes the strengths as arguments. From the
# same start both draw the same. The largest difference over eight pictures:

# %%
training.reproducible(0)
by_hand = changes()(train.images[:8], training=True)
training.reproducible(0)
by_utils = augmentation.augmenter(shift=0.1, zoom=0.2)(train.images[:8], training=True)
np.testing.assert_array_equal(by_hand, by_utils)
float(np.abs(by_hand - by_utils).max())

# %% [markdown]
# Now into a `tf.data` pipeline. You met `cache()` in lesson {image_classification}: it keeps what comes out of the step before
# it.
#
# ### Predict: before or after the cache?
#
# One picture, three epochs. What do you see if you change it *before* `cache()`, and what *after*?

# %%
training.reproducible(0)
change = changes()
one = tf.data.Dataset.from_tensors(photo[np.newaxis])
pipelines = {
    "change, cache": one.map(lambda x: change(x, training=True)).cache(),
    "cache, change": one.cache().map(lambda x: change(x, training=True)),
}
epochs = {
    name: [batch[0] for _ in range(3) for batch in pipeline.as_numpy_iterator()]
    for name, pipeline in pipelines.items()
}

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
versions = {name: len({x.tobytes() for x in shown}) for name, shown in epochs.items()}
### END HIDDEN TESTS
assert versions == {"change, cache": 1, "cache, change": 3}
figures.epoch_by_epoch(epochs)

# %% [markdown]
# Before the cache, the first version is kept forever: you have paid for augmentation and replaced each
# picture by one other. After it, every epoch brings a new one, at no cost in memory. So: **cache, shuffle,
# batch, change**.


# %%
def batches(change):
    """Batches of the training pictures, shuffled, each picture changed anew."""
    known = tf.data.Dataset.from_tensor_slices((train.images, train.labels))
    known = known.cache().shuffle(len(train.labels)).batch(32)
    return known.map(lambda x, y: (change(x, training=True), y)).prefetch(1)


# %% [markdown]
# The labels go through untouched, and validation pictures never come near this function. That is all:
# augmentation in the pipeline cannot reach inference, because inference does not use the pipeline.
#
# The other way is to put the layers **into the network**, in front. The network then travels with them.
# Here you have to prove that they are off when it is used. Compare with the bare network, to the last bit.
# The largest difference between their answers, asked in two ways:

# %%
training.reproducible(0)
bare = models.block_cnn((64, 64, 3), len(classes), dropout=0.3)
fronted = keras.Sequential([keras.Input((64, 64, 3)), changes(), bare])
few = validation.images[:32]
called = fronted(few, training=False) - bare(few, training=False)
predicted = fronted.predict(few, verbose=0) - bare.predict(few, verbose=0)
np.testing.assert_array_equal(called, np.zeros((len(few), len(classes))))
np.testing.assert_array_equal(predicted, np.zeros((len(few), len(classes))))
{"training=False": float(np.abs(called).max()), "predict": float(np.abs(predicted).max())}

# %% [markdown]
# Equal, with `training=False` and with `predict`. And without a word about training?

# %% tags=["measured"]
plainly = np.asarray(fronted(few) - bare(few))
assert (plainly != 0).any()
{"model(x)": float(np.abs(plainly).max())}

# %% [markdown]
# **Not** equal! In Keras 3, dropout and batch normalization rest unless they hear `training=True`. The
# layers for augmentation do the opposite: they act unless they hear `training=False`. `fit`, `evaluate` and
# `predict` tell them; `model(x)` does not. So write `model(x, training=False)`, or keep augmentation in the
# pipeline, as we do from here on.
#
# ### Question 2 <!-- build -->
#
# A colleague augments the validation pictures, too, "so that both are treated alike". What happens?
#
# <details><summary>Answer</summary>
#
# The validation accuracy then says how the network does on changed pictures, drawn anew each time: usually
# lower, and it jumps from epoch to epoch for no reason. The network will be used on pictures as they are,
# so measure on those.
#
# - "It is fairer": the two numbers serve different ends. Training wants variety, validation wants truth.
# - "It makes no difference": try it with a strength that hides half of the thing.
# - "More pictures make the measurement more precise": copies of the same pictures say little that is new.
#
# </details>
#
# ## 6. Does it pay?
#
# The network and its recipe are the best of lesson {regularization}: four blocks, dropout, weight decay, a rate that
# falls. They get thirty epochs instead of twenty, all of them, since changed pictures take longer to learn.
# Only the pictures differ.

# %% [markdown] tags=["notes"]
# **7 minutes with the live run.** While it runs, let them write down the order of the four settings; nearly
# everybody puts the full mixture on top. Do not correct it. After the figure ask: "Is this over-fitting?"
# and wait until somebody points at the training marks. Wrong conclusion to expect: "Augmentation is
# useless." Answer: "Useless for what?" That is section 7.


# %%
def learn(epochs, change, *callbacks):
    """The network and the recipe of the lesson on regularization, on changed pictures."""
    model = models.block_cnn((64, 64, 3), len(classes), dropout=0.3)
    seen = batches(change)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, epochs * len(seen))
    adam = keras.optimizers.AdamW(rate, weight_decay=0.05)
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, training.fit(model, seen, validation[:2], epochs, callbacks=callbacks)


# %% [markdown]
# Begin with the mildest change, the mirror, and watch one start of it: thirty epochs.

# %% tags=["measured", "trains"]
training.reproducible(0)
flip = keras.Sequential([layers.RandomFlip("horizontal")])
model, record = learn(30, flip, training.LiveCurves())

# %% [markdown]
# The course has run the same from five starts. Does yours lie in their band?

# %% tags=["measured"]
table = data.project_accuracies("data_augmentation")
low, high, yours = *np.sort(table["flip"].validation)[[0, -1]], record.val_accuracy[-1]
assert low - 0.04 < yours < high + 0.04 or data.measured_set() is None
f"lowest of five {low:.3f}, highest of five {high:.3f}, yours {yours:.3f}"

# %% [markdown]
# Yours lies between them, give or take 4 points.
#
# ### Five starts, two sets
#
# One run proves nothing. Here are four settings, five starts each, on both image sets of the course: the
# rendered ones (`rendered8`) and photographs (`natural-images`). "Turn" is up to a twentieth of a circle,
# "light" is brightness and contrast by up to a fifth.

# %% [markdown]
# ### Predict: which one wins?
#
# Write down an order of the four for each set: none, the mirror, and the two mixtures.
#
# Which differences do five starts allow to claim? The rule of lesson {regularization} decides. "Better" means that the
# worst of the five starts is above the best of the five without augmentation, "worse" the reverse. Last come
# the training accuracies.

# %%
most = "flip, shift, zoom, turn, light"
sets = {
    name: data.project_accuracies("data_augmentation", name)
    for name in ("rendered8", "natural-images")
}
figures.sets_compared(sets, ("train", "validation"))


# %%
def verdict(values, without):
    """What five starts say beside five others."""
    if values.min() > without.max():
        return "better"
    return "worse" if values.max() < without.min() else "cannot tell"


def verdicts(table):
    """For each setting, how its validation accuracies compare with those of "none"."""
    without = table["none"].validation
    return {name: verdict(row.validation, without) for name, row in table.items() if name != "none"}


### BEGIN HIDDEN TESTS
risen = {name: (t["flip"].validation - t["none"].validation).mean() for name, t in sets.items()}
assert risen["rendered8"] > 0.03 and 0 < risen["natural-images"] < 0.01
assert all(verdicts(t)["flip"] == "cannot tell" for t in sets.values())
mixtures = ("flip, shift, zoom", most)
assert all(verdicts(sets["natural-images"])[name] == "worse" for name in mixtures)
assert "better" not in [verdicts(t)[name] for t in sets.values() for name in mixtures]
### END HIDDEN TESTS
{name: verdicts(table) for name, table in sets.items()}

# %%
### BEGIN HIDDEN TESTS
assert all(t[name].train.min() > 0.99 for t in sets.values() for name in ("none", "flip"))
assert all(t[name].train.max() < 0.97 for t in sets.values() for name in mixtures)
for t in sets.values():
    gap = {name: (row.train - row.validation).mean() for name, row in t.items()}
    assert max(gap[name] for name in mixtures) < gap["none"]
### END HIDDEN TESTS
{
    name: {setting: f"{row.train.mean():.0%}" for setting, row in t.items()}
    for name, t in sets.items()
}

# %% [markdown]
# The mirror first. The mean on validation pictures rises on both sets: by more than three points on one of
# them, by a fraction of a point on the other. "Cannot tell", says the strict rule all the same. And the
# mixtures? Look at the training accuracies. **The mirror costs next to nothing:** more than 99 in 100 training
# pictures are still learned.
#
# **More is not better.** The two mixtures beat "none" on neither set, and on photographs they are *worse*,
# every start of them. More over-fitting cannot be the reason: the gap between training and validation has
# become smaller. But it shrinks from above. The network no longer names all of its training pictures, and
# that is a step from over-fitting towards **under-fitting**: probably there is more variety than thirty
# epochs and a network this small can take in.
#
# Three things to try: milder strengths, more epochs, a larger network. And one to ask: what was the mixture
# *for*? Validation pictures are made like the training pictures, things upright, near the middle, in the
# same kinds of light. Whoever meets only such pictures needs little of what shift, turn and light prepare
# for.

# %% [markdown]
# ## 7. The exam, and the night
#
# All choices are made, on validation pictures. Now the test pictures may come out, once, and with them the
# split `test_shifted`, which holds what training did not show: night, tilt, unusual views and new grounds
# in the rendered set; turned, darkened, moved and faded copies of the test pictures in any other.

# %% [markdown] tags=["notes"]
# **5 minutes.** Take a vote before the figure. Most say "down twice" after section 6: the network has
# learned less. Let them explain the figure with the strengths on the board from section 2. Then ask: "Which
# row would you ship for a camera in a car?" It drives at night. And: "May we now choose a stronger turn,
# because it helps on shifted pictures?" Not with these pictures: whoever chooses by them needs others for
# the exam.

# %% [markdown]
# ### Predict: what does the full mixture do?
#
# On test pictures like those of training, and on shifted ones: up or down?
#
# The cells below draw all starts, take the means in points, against "none", and ask which of these
# differences five starts allow to claim.

# %%
figures.sets_compared(sets, ("test", "shifted"))


# %%
def gained(row, before):
    """By how many points the mean of five starts is above that of five others."""
    exams = {"test": row.test - before.test, "shifted": row.shifted - before.shifted}
    return {part: round(float(100 * values.mean()), 1) for part, values in exams.items()}


points = {
    (where, name): gained(t[name], t["none"])
    for where, t in sets.items()
    for name in ("flip", most)
}
### BEGIN HIDDEN TESTS
full = {name: points[name, most] for name in sets}
assert -2 < full["rendered8"]["test"] < 0 and full["natural-images"]["test"] < -5
assert full["rendered8"]["shifted"] > 3 and full["natural-images"]["shifted"] > 8
assert all(row.shifted.mean() < row.test.mean() - 0.1 for t in sets.values() for row in t.values())
assert all(verdict(t["flip"].shifted, t["none"].shifted) == "cannot tell" for t in sets.values())
assert abs(sets["rendered8"][most].shifted.min() - sets["rendered8"]["none"].shifted.max()) < 0.01
### END HIDDEN TESTS
{f"{name} on {where}": gain for (where, name), gain in points.items()}

# %%
told = {
    name: [verdict(getattr(t[most], part), getattr(t["none"], part)) for part in points[name, most]]
    for name, t in sets.items()
}
assert told == {"rendered8": 2 * ["cannot tell"], "natural-images": ["worse", "better"]}
told

# %% [markdown]
# **Photographs:** the full mixture costs more than five points on pictures like those of training, and gains
# more than eight on shifted ones, every start of them. **Rendered pictures:** it costs less than two, too
# little for five starts to tell, and gains more than three; by the strict rule you cannot tell here either,
# but the worst start with it and the best without are about level. What the mirror does on shifted pictures,
# nobody can tell on either set.
#
# So augmentation prepares for what it contains. A network that has seen things turned, moved, darker and
# lighter stays on its feet when they come that way, and may pay for it where they do not. The photographs are
# the kindest case: their shifts are of the same kinds as the mixture, only stronger. And it is no magic: in
# every setting, the shifted accuracy stays more than ten points below the other.
#
# Which one would you ship? For pictures like those of training, the mirror. For a camera that tilts and
# works at night, probably the full mixture; take *validation* pictures with that camera, and let them decide.

# %% [markdown]
# How far have you come since lesson {image_classification}? The same pictures, the same exams, against its baseline: the setting
# that *validation* would choose, and the full mixture.


# %%
def over_lesson_11(name):
    """Points gained by the setting that validation would choose, and by the full mixture."""
    settings, start = (
        sets[name],
        data.project_accuracies("image_classification", name)["100 a class"],
    )
    chosen = max(settings, key=lambda setting: settings[setting].validation.mean())
    return {setting: gained(settings[setting], start) for setting in (chosen, most)}


ahead = {name: over_lesson_11(name) for name in sets}
assert all(gain["flip"]["test"] > 8 and gain[most]["shifted"] > 15 for gain in ahead.values())
assert all(points[name, "flip"]["test"] < 0.2 * ahead[name]["flip"]["test"] for name in sets)
ahead

# %% [markdown]
# With the mirror, more than 8 points above the baseline on test pictures, on both sets; more than four fifths
# of that is the network and the recipe of lesson {regularization}. With the full mixture, more than 15 points on shifted
# ones.
#
# And your own run of section 6? One look.


# %% tags=["measured"]
def accuracy_on(split):
    """The share of right answers of your network."""
    pictures = data.load_images(split)
    answers = model.predict(pictures.images, verbose=0).argmax(axis=1)
    return (answers == pictures.labels).mean()


exam, night = accuracy_on("test"), accuracy_on("test_shifted")
### BEGIN HIDDEN TESTS
inside = table["flip"].test.min() - 0.04 < exam < table["flip"].test.max() + 0.04
### END HIDDEN TESTS
assert data.measured_set() is None or (inside and night < exam)
five = table["flip"].test
f"test {exam:.2f}, the five {five.min():.2f} to {five.max():.2f}; shifted {night:.2f}"

# %% [markdown]
# One run, on test pictures as good as the five of the table, give or take 4 points, and below that on
# shifted ones. That is the last look at the test pictures in this lesson.
#
# ### Challenge
#
# Find a better mixture for these pictures. Which transformations, how strong? Do sixty or a hundred epochs
# make up for the under-fitting? Read Keras' list of augmentation layers (`RandomErasing`, `RandomHue`,
# `RandAugment`, `CutMix` ...), form a suspicion from the explorer of section 3, and test it: five starts,
# validation pictures, the rule of lesson {regularization}. Or take pictures of your own in another light than those of
# the training, and find the transformation that prepares the network for them.

# %% [markdown] tags=["notes"]
# The challenge runs well over a week with a shared table: setting, epochs, five validation accuracies.
# Forbid looking at the test pictures. Groups that go for night (brightness from −0.7 to 0, a blue tint)
# gain on shifted pictures and may lose a little on the others: let them say which they would ship.

# %% [markdown]
# ## What you can do now
#
# - **Compute** mirror, shift, crop and brightness on arrays, without wrap-round and without touching the
#   original.
# - **Choose** what leaves the label true, and a strength at which you still name the thing yourself.
# - **Build** the pipeline: cache, shuffle, batch, change; or layers in front of the network.
# - **Prove** that inference is untouched: equal to the bare network, to the last bit.
# - **Decide** over five starts, on validation pictures, set by set.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("data_augmentation")

# %% [markdown]
# ## Common mistakes
#
# - **Changing before the cache.** One version of each picture, forever.
# - **`model(x)` with augmentation layers inside.** They act unless they hear `training=False`.
# - **Augmenting validation or test pictures.** You then measure something else.
# - **Arithmetic in `uint8`.** 200 + 100 = 44. Change the type first, clip, change back.
# - **Brightness on pixels 0..1 without `value_range`.** Pictures become white or black sheets.
# - **`RandomRotation(30)` for 30 degrees.** It wants shares of a full turn: 30 / 360.
# - **Transformations from habit.** A mirror lies about digits, signs and hearts.
# - **More and stronger, because more is better.** Look at the training accuracy: does the network still
#   learn what you show it? If not, take less, or train longer.
# - **Splitting after augmenting.** A mirrored copy of a training picture in the test set is a leak. Split
#   first.

# %% [markdown]
# ## Where next
#
# You have made the most of 100 pictures a class. The next step is to borrow what others have learned from
# tens of thousands: [{transfer_learning} Transfer learning](transfer_learning.ipynb). How to search for strengths and
# epochs without fooling yourself is the subject of [{choosing_hyperparameters} Choosing
# hyperparameters](choosing_hyperparameters.ipynb); where a network looks when the light is strange, of
# [{looking_inside} Looking inside](looking_inside.ipynb).
