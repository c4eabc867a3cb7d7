# %% [markdown]
# # Image classification
#
# **After a few seconds of training, a network names nearly all of its pictures right. Show it pictures of the
# same classes that it has not seen, and it is wrong far more often.** It has not learned what a cat is. It
# has learned *these* cats. This lesson is the first of four on one project: folders of pictures, one for each
# class, and a program that is to name new ones. You look first and train second, you see the network learn by
# heart, and you find out where it fails. Lessons {regularization} to {transfer_learning} then try to beat it.
#
# **50 minutes** · **You need:** [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb); splits and
# leaks from [{learning_from_data} Learning from data](learning_from_data.ipynb).
#
# **When you are done, you can**
#
# - **find out** what a set of pictures hides: uneven classes, copies across splits, colors that tell the
#   class
# - **build** a `tf.data` pipeline, and say why its steps stand in this order
# - **recognize** over-fitting in two curves, and name the epoch that gave it away
# - **judge** a network class by class, and by the pictures that it gets wrong
# - **predict** what more pictures would bring, and say what nobody can predict
#
# **Sources:** P. Padman, *Training a CNN to Classify Images* (architecture, training, metrics); E. Rantsiou,
# *Convolutional Neural Networks basics and an example with classification* (LENS ML School, 2021; the
# network, and pictures of everyday classes). J. Hestness et al., *Deep learning scaling is predictable,
# empirically* (2017; how mistakes fall with the number of examples).

# %% [markdown] tags=["notes"]
# Read the bold sentence aloud and ask: "What is it good for, then?" Somebody will say "for nothing". Say: the
# one that is wrong on new pictures is the *baseline*; without it, nobody can say whether lessons {regularization} to {transfer_learning} are
# worth their effort.
#
# Ten minutes short? Leave out "What a small buffer does" in section 2 and the challenge. Do not leave out the
# planted copy, the early sign and the browser. With the environment variable `COURSE_IMAGES` all of this runs
# on photographs; every sentence holds for both sets.

# %% [markdown]
# ## Setup

# %%
from lessons.image_classification import check, figures
from utils import board, data, metrics, models, plots, training
from utils.quiet import keras, tf
from lessons.image_classification.confusion import ConfusionBrowser

import hashlib

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics import classification_report, confusion_matrix

### BEGIN HIDDEN TESTS
measured = data.measured_set() is not None  # False for a folder of your own
### END HIDDEN TESTS
plots.style()
training.reproducible(0)

# %% [markdown]
# ## 1. Look first
#
# Three sets, as always: one to learn from, one to watch and to choose with, one for the exam at the very end.
# Of each class we take 100 pictures to learn from. That is few, and many projects begin with no more.

# %% [markdown] tags=["notes"]
# **13 minutes with the exercise.** Show the sheet and wait half a minute. Ask: "What would *you* go by? And
# what could a lazy program go by?" You will hear colors, backgrounds, size. Write them down: each can be
# tested, and colors will be.
#
# Planting a copy before searching is the habit to leave in the room: "a finder that finds nothing proves
# nothing". For the turntable take a vote; most say 80 to 90 %. In Your turn 1 they shuffle the pictures and
# not the groups. Ask back: "Which of these eight pictures show the same thing?"

# %%
train = data.load_images("train", 96, per_class=100)
validation, test = data.load_images("validation", 96), data.load_images("test", 96)
classes = train.classes

# %% [markdown]
# Three arrays of pictures, three of labels. Look at three pictures of each class.

# %%
plots.class_rows(train.images, train.labels, classes)

# %% [markdown]
# What would you go by? Inside one class, views, colors and backgrounds differ; some classes resemble each
# other more than others do. Keep your guess which two will be mixed up most.
#
# ### How many of each?

# %%
parts = {"train": train, "validation": validation, "test": test}
counts = {name: np.bincount(part.labels).tolist() for name, part in parts.items()}
assert counts["train"] == [100] * len(classes)
counts

# %% [markdown]
# The training set is balanced, because we took 100 of each. Where the others are not, somebody who always
# says the most frequent class scores more than one in `len(classes)`. That is the first number to beat.

# %%
guessing = max(counts["validation"]) / sum(counts["validation"])
assert not measured or 0.12 < guessing < 0.15
f"always the most frequent class: {guessing:.1%}"

# %% [markdown]
# ### How many pixels?
#
# The loader has stretched each picture to a square of 96 pixels, whatever its height and width were. How few
# would do? Look at one at four sizes, and name it at each.

# %%
sides = [96, 64, 32, 12]
plots.resolutions(train.images[0], sides)

# %%
numbers = {side: side * side * 3 for side in sides}
assert numbers == {96: 27_648, 64: 12_288, 32: 3_072, 12: 432}
numbers

# %% [markdown]
# At 64 less than half of the numbers are left, and hardly anything is lost to your eye. At 12 you guess. All
# four lessons work with **64**.
#
# ### Is a test picture in the training set?
#
# If so, the exam asks what was on the exercise sheet. Equal pictures have equal bytes, so give each a
# **fingerprint** and compare those.


# %%
def fingerprints(images):
    """A short text for each picture, the same for the same pixels and no others."""
    return [hashlib.sha256(image.tobytes()).hexdigest() for image in images]


# %% [markdown]
# A finder that finds nothing proves nothing. So **plant** a training picture among the test pictures, and
# search.

# %%
known = set(fingerprints(train.images))
planted = np.concatenate([test.images, train.images[[7]]])
found = [mark in known for mark in fingerprints(planted)]
assert found[-1] and (not measured or sum(found) == 1)
{"planted at": len(found) - 1, "copies found at": np.flatnonzero(found).tolist()}

# %% [markdown]
# The planted copy is found. But change one pixel, and its fingerprint is another one. A picture that was
# saved again, cut a little or made brighter goes unseen. So compare what is left when you **squint**: 8 × 8
# gray numbers.


# %%
def thumbnails(images):
    """Gray pictures of 8 x 8 blocks, shape (N, 64)."""
    gray = images @ np.array([0.299, 0.587, 0.114])
    n, side = gray.shape[:2]
    return gray.reshape(n, 8, side // 8, 8, side // 8).mean(axis=(2, 4)).reshape(n, 64)


# %% [markdown]
# And how far two of them are apart, in gray levels:


# %%
def distances(images, others):
    """How far thumbnails are apart, in gray levels: root of the mean square, shape (N, M)."""
    return cdist(thumbnails(images), thumbnails(others)) / np.sqrt(64)


# %% [markdown]
# Plant again: the same picture, moved by a pixel and four levels brighter. What counts as a near copy, below
# 7 gray levels, was settled by looking at pairs.

# %%
changed = np.clip(np.roll(train.images[[7]], 1, axis=2).astype(int) + 4, 0, 255)
by_fingerprint = known.intersection(fingerprints(changed.astype(np.uint8)))
by_thumbnail = distances(changed, train.images).min()
assert not by_fingerprint
assert by_thumbnail < 7
f"found by fingerprint: {len(by_fingerprint)}, nearest thumbnail: {by_thumbnail:.1f} apart"

# %% [markdown]
# Found, by its thumbnail and not by its fingerprint. Now the test pictures themselves:

# %%
apart = distances(test.images, train.images)
near_copies = int((apart.min(axis=1) < 7).sum())
assert not measured or near_copies < 0.02 * len(test.labels)
{"near copies": near_copies, "test pictures": len(test.labels)}

# %%
closest = np.argsort(apart.min(axis=1), kind="stable")[:3]
figures.picture_pairs(
    test.images[closest],
    train.images[apart[closest].argmin(axis=1)],
    [f"{apart[n].min():.1f} apart" for n in closest],
    ["test", "training"],
)

# %% [markdown]
# The three closest pairs. Judge for yourself: the same thing twice, or two things of one shape and light?
# Sets that were collected from the web often hold both. Here fewer than 2 in 100 test pictures have a near
# copy, so they can lift the score by less than 2 points. Were there more, you would take them out of the
# training set. What thumbnails do not find is another *view* of the same thing.
#
# ### One thing, many pictures
#
# A worse case needs no copy at all: many pictures of **one thing**. Frames of a video, slices of one patient,
# a car from all sides. The course has a turntable: one thing of each of eight classes, in 36 views. Learn
# from every second view, and hold out the others, with a poor classifier: the nearest thumbnail.

# %%
turned = data.load_images("turntable", 96, source="rendered8")
others = data.load_images("validation", 96, source="rendered8")
views = np.arange(len(turned.labels)) % 36 % 2 == 0

# %% [markdown]
# `views` marks every second view. The classifier:


# %%
def nearest(images):
    """The class of the view with the nearest thumbnail."""
    nearby = distances(images, turned.images[views]).argmin(axis=1)
    return turned.labels[views][nearby]


# %% [markdown]
# ### Predict: how good is it?
#
# On the held-out views? And on other things of the same eight classes?

# %%
on_views = (nearest(turned.images[~views]) == turned.labels[~views]).mean()
on_others = (nearest(others.images) == others.labels).mean()
assert on_views == 1 and on_others < 0.16
f"held-out views {on_views:.0%}, other things {on_others:.0%}"

# %% [markdown]
# All right on the held-out views, and about as good as guessing (12.5 %) on other things. No picture is in
# both parts, and still the first number is a leak: each **thing** is in both. It knows these eight things,
# and nothing about their classes. The unit of a split is the thing, the patient, the video: the **group**.

# %% [markdown]
# ### Your turn 1: a split without leakage
#
# `groups` says for each picture which thing it shows. Return one `True` (held out) or `False` for each
# picture, so that no group is on both sides. Hold out `share` of the **groups**, rounded, drawn at random
# with `np.random.default_rng(seed)`. For the groups `[0, 0, 0, 1, 1, 2, 3, 3]` and a share of 1/4 one group
# is held out; if it is group 3, the last two are `True`.


# %% tags=["exercise"]
def hold_out(groups, share, seed):
    """Which pictures to hold out, bool, shape (N,): whole groups only."""
    ### BEGIN SOLUTION
    names = np.unique(groups)
    shuffled = np.random.default_rng(seed).permutation(names)
    return np.isin(groups, shuffled[: round(share * len(names))])
    ### END SOLUTION


# %%
check.hold_out(hold_out)

# %% [markdown]
# ### How far does color get?
#
# Perhaps nobody needs a network: fruit is colorful, the sky behind an airplane is blue. Sort pixels into 64
# colors, four levels each of red, green and blue, and count. A pure red pixel has the levels 3, 0, 0, and the
# number 16 · 3 + 4 · 0 + 0 = 48.


# %%
def color_shares(images):
    """How much of each picture has each of 64 colors, shape (N, 64)."""
    red, green, blue = np.moveaxis(images // 64, 3, 0).astype(int)
    colors = 16 * red + 4 * green + blue
    return np.array([np.bincount(one.ravel(), minlength=64) for one in colors]) / colors[0].size


# %% [markdown]
# A picture that is all red has all of its pixels in color 48:

# %%
red_picture = np.zeros((1, 2, 2, 3), np.uint8)
red_picture[..., 0] = 255
assert color_shares(red_picture)[0, 48] == 1
float(color_shares(red_picture)[0, 48])

# %% [markdown]
# The palette of a class is the mean of its pictures.

# %%
shares = color_shares(train.images)
typical = np.array([shares[train.labels == k].mean(axis=0) for k in range(len(classes))])
assert typical.shape == (len(classes), 64)

# %%
figures.color_bars(typical, classes)

# %% [markdown]
# Each bar is the palette of a class. They resemble each other, but not everywhere. A classifier made of them:
# say the class whose palette is nearest.

# %% tags=["measured"]
palette_says = cdist(color_shares(validation.images), typical, "cityblock").argmin(axis=1)
floor = (palette_says == validation.labels).mean()
assert not measured or guessing + 0.05 < floor < 0.6
f"by color alone: {floor:.0%} of the validation pictures"

# %% [markdown]
# At least 5 points more than guessing, and no shape was looked at. This is the **floor**: whatever a
# network scores, compare it with the palette, and not with zero.
#
# ## 2. A pipeline that you can read
#
# A thousand pictures fit into memory. A million do not: they are read, shrunk, shuffled and cut into batches
# **while** the network learns. In TensorFlow this is a `tf.data.Dataset`: a chain of steps, each of which
# hands its elements to the next. First with eight numbers in place of pictures.

# %% [markdown] tags=["notes"]
# **7 minutes.** Draw the chain on the board as an assembly line: shelf, shrink, store, stir, box, conveyor
# belt. Before each cell ask: "What comes out?" The common wrong answer to the first Predict is "the same,
# only in another order". Have them write down which numbers can stand together in a batch.
#
# On cache: "Why not last, behind everything?" It would store finished batches, the same boxes in each epoch.
# Let the room find the general rule: what is slow and always the same goes before the cache, what is random
# goes after.

# %%
eight = tf.data.Dataset.range(8)
[batch.tolist() for batch in eight.batch(3).as_numpy_iterator()]

# %% [markdown]
# `batch(3)` packs three in a box; the last box holds what is left.
#
# ### Predict: does the order of the steps matter?
#
# `shuffle(8).batch(4)` against `batch(4).shuffle(2)`. Which numbers can be in one batch with 0? Run forty
# epochs of each.


# %%
def with_zero(dataset, epochs=40):
    """All numbers that were ever in one batch with 0."""
    met = set()
    for _ in range(epochs):
        for batch in dataset.as_numpy_iterator():
            met |= set(batch.tolist()) if 0 in batch else set()
    return sorted(met)


# %%
shuffle_first = with_zero(eight.shuffle(8, seed=1).batch(4))
batch_first = with_zero(eight.batch(4).shuffle(2, seed=1))
assert shuffle_first == list(range(8)) and batch_first == [0, 1, 2, 3]
{"shuffle, batch": shuffle_first, "batch, shuffle": batch_first}

# %% [markdown]
# Shuffle first, and every number meets every other one. Batch first, and the boxes are shuffled, but what
# lies in them never changes. With pictures that come class after class, each box would hold a single class.

# %% [markdown]
# ### What to keep
#
# `map` does something to each element, `cache` keeps what it is given and hands it out again in the next
# epoch. Here is a slow step that counts how often it runs.

# %%
runs = []


def note(number):
    """Write down that the step ran."""
    runs.append(number)
    return number


def slow(number):
    """Stands for reading and shrinking a picture; TensorFlow calls `note` each time."""
    return tf.py_function(note, [number], tf.int64)


# %% [markdown]
# (`py_function` lets TensorFlow call plain Python.) Three epochs without a cache, three with one:


# %%
def work(dataset):
    """How often the slow step runs in three epochs."""
    runs.clear()
    for _ in range(3):
        list(dataset)
    return len(runs)


without, cached = work(eight.map(slow)), work(eight.map(slow).cache())
assert (without, cached) == (24, 8)
{"map": without, "map, cache": cached}

# %% [markdown]
# In each epoch every element, or once in all. And if the cache stands **behind** the shuffle?


# %%
def orders(dataset):
    """How many orders there are in ten epochs."""
    return len({tuple(dataset.as_numpy_iterator()) for _ in range(10)})


late, early = eight.shuffle(8, seed=1).cache(), eight.cache().shuffle(8, seed=1)
assert orders(late) == 1 and orders(early) > 5
{"shuffle, cache": orders(late), "cache, shuffle": orders(early)}

# %% [markdown]
# Then the first shuffle is kept as well, and ten epochs run in one and the same order. The rule: what is slow
# and always the same stands before the cache, what is random behind it.
#
# ### What a small buffer does
#
# `shuffle(100)` does not shuffle everything. It fills a buffer with 100 elements, draws one of them at
# random, and puts the next one in its place. Our labels come class after class. Look at the order in which
# they leave.

# %%
labels = tf.data.Dataset.from_tensor_slices(train.labels)
left = {
    f"shuffle({size})": np.array(list(labels.shuffle(size, seed=1).as_numpy_iterator()))
    for size in (1, 100, len(train.labels))
}
### BEGIN HIDDEN TESTS
kinds = [len(np.unique(order[:32])) for order in left.values()]
assert kinds[0] == 1 and (not measured or kinds[1] <= 2 < kinds[2])
### END HIDDEN TESTS
figures.shuffled_orders(left, batch=32)

# %% [markdown]
# With a buffer of 100, the first batch (shaded) holds two classes at most. The network would meet each class
# for a while, and then no more until the next epoch. Make the buffer as large as the set.
#
# ### The real one
#
# Now for pictures. The step that shrinks one:


# %%
def shrink(image, label):
    """A picture of 64 x 64 pixels, in whole numbers 0..255 again."""
    image = tf.image.resize(image, (64, 64), antialias=True)
    return tf.cast(tf.round(image), tf.uint8), label


# %% [markdown]
# `resize` gives floats; the last line makes whole numbers of them again. Read the chain aloud, line by line:
# take the pictures one by one, shrink, keep, shuffle, put 32 in a box, and have the next box ready while the
# network works on this one (`prefetch`).


# %%
def pipeline(part, shuffle=False):
    """Batches of 32 small pictures with their labels."""
    dataset = tf.data.Dataset.from_tensor_slices((part.images, part.labels))
    dataset = dataset.map(shrink).cache()
    if shuffle:
        dataset = dataset.shuffle(len(part.labels), seed=0)
    return dataset.batch(32).prefetch(1)


# %% [markdown]
# ### Predict: one batch
#
# Write down the shape and the kind of number of one batch of pictures, the shape of its labels, and how many
# batches make an epoch. Then look.

# %%
batches = pipeline(train, shuffle=True)
pictures, answers = next(iter(batches))
assert pictures.shape == (32, 64, 64, 3) and answers.shape == (32,)
assert len(batches) == int(np.ceil(len(train.labels) / 32))
[tuple(pictures.shape), pictures.dtype.name, tuple(answers.shape), len(batches)]

# %% [markdown]
# The pixels are bytes from 0 to 255: a quarter of the memory of floats, which matters for what a cache holds.
# Scaling them is the network's own first layer, so nobody can forget it later.

# %% [markdown]
# ### Question 1 <!-- build -->
#
# To get more variety, a friend mirrors every second picture at random. She puts `map(mirror_at_random)`
# between `shrink` and `cache`. What does the network see?
#
# <details><summary>Answer</summary>
#
# Each picture mirrored or not, as the coin fell in the first epoch, and the same in all epochs after it: the
# cache keeps the coin's answer as well. Random steps belong behind the cache (lesson {data_augmentation} builds on that).
#
# - "A new coin in each epoch": the map runs once for each picture; you counted it above.
# - "An error, for a cache must not hold anything random": it holds whatever it is given.
#
# </details>
#
# ## 3. The baseline
#
# The network of the LENS lecture, which you know from lesson {convolutional_networks}, for pictures of 64 × 64.
#
# ### Predict: parameters
#
# Two convolutions without padding (8 and 16 kernels of 3 × 3), after each a pooling of 2, then Flatten, a
# dense layer of 64 units, and one unit for each class. Which layer has most of the parameters, and how many?

# %% [markdown] tags=["notes"]
# **6 minutes.** They have done this count in lesson {convolutional_networks}; give them ninety seconds. 64 → 62 → 31 → 29 → 14 is
# where it goes wrong (14.5 rounded up). Then put two numbers on the board: about 200,000 parameters, 800
# pictures. Ask: "What could a thing with 250 adjustable numbers for each picture do?" (Store them.) While it
# trains, ask for bets: accuracy on training pictures, on validation pictures. Write the bets beside the
# palette.

# %%
lens = models.lens_cnn((64, 64, 3), len(classes))
parameters = {layer.name: layer.count_params() for layer in lens.layers}
assert parameters["dense1"] == (14 * 14 * 16 + 1) * 64 == 200_768
assert lens.count_params() == 224 + 1_168 + 200_768 + 65 * len(classes)
assert not measured or 245 < lens.count_params() / len(train.labels) < 255
parameters

# %% [markdown]
# 200,768 sit in the first dense layer, where the 14 × 14 × 16 numbers of the last maps meet 64 units. The two
# convolutions, which do the seeing, need 1,392. So for each of the pictures it learns from, this network has
# about 250 numbers to adjust. Keep that in mind.

# %% [markdown]
# `models.on_pixels` puts a layer in front that divides by 255. Adam, a learning rate of 0.001, 40 epochs:
# these settings stay the same in the whole lesson.


# %%
def learn(part, *callbacks):
    """The baseline, trained on a set of pictures, and the record of its training."""
    training.reproducible(0)
    network = models.on_pixels(models.lens_cnn((64, 64, 3), len(classes)))
    adam = keras.optimizers.Adam(1e-3)
    network.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    batches = pipeline(part, shuffle=True)
    return network, training.fit(network, batches, watched, 40, callbacks=callbacks)


# %% [markdown]
# Forty epochs. Watch both curves of each pair. (Training may begin below validation: its accuracy is a mean
# over an epoch in which the network still learned, the other one is taken at the end.)

# %% tags=["measured", "trains"]
watched = pipeline(validation)
baseline, record = learn(train, training.LiveCurves())

# %% tags=["measured"]
assert not measured or (record.accuracy[-1] > 0.95 and record.val_accuracy[-1] > floor + 0.1)
seen, unseen = record.accuracy[-1], record.val_accuracy[-1]
f"training {seen:.0%}, validation {unseen:.0%}, the palette {floor:.0%}"

# %% [markdown]
# It beats the palette by more than 10 points, so it goes by more than how much there is of each color. And of
# its training pictures it names more than 95 of 100 right. Is that the good news or the bad news?
#
# ## 4. Over-fitting, recognized and named
#
# Put the two sets side by side. What the network can do with pictures that it has learned from, and what with
# others, is not the same, and the difference grows.

# %% [markdown] tags=["notes"]
# **8 minutes with the exercise.** Before the annotated figure, ask one person to tell the story of the two
# losses in one sentence each. Then: "The validation *accuracy* hardly falls. Why does the validation *loss*
# rise so much?" Nobody knows. The two lines of logarithms are the answer: it does not get wrong more often,
# it gets surer of what it gets wrong.
#
# Say the word once and precisely: over-fitting is the gap, not the training accuracy. A network with 100 % on
# both sets has not over-fitted. In Your turn 2 expect epochs counted from 0, and people who forget the
# training loss.

# %% tags=["measured"]
gap = record.accuracy - record.val_accuracy
assert not measured or (gap[-1] > 0.08 and gap[-1] > gap[:3].mean() + 0.05)
f"gap in the first three epochs {100 * gap[:3].mean():.0f} points, at the end {100 * gap[-1]:.0f}"

# %% [markdown]
# More than 8 points lie between the two accuracies at the end, far more than in the first epochs. That gap is
# **over-fitting**: what was learned holds for the training pictures only. When did it begin? Ask the
# validation loss.

# %% tags=["measured"]
rise = record.val_loss[-1] / record.val_loss.min()
assert not measured or (record.best_epoch < 25 and rise > 1.15)
f"lowest in epoch {record.best_epoch}, then up by {rise - 1:.0%}"

# %% [markdown]
# It fell, turned well before the end, and rose, while the training loss fell on.
#
# Why does the *loss* rise, when the *accuracy* hardly moves? The loss of a picture is −ln p, where p is the
# probability that its right class got. Two wrong answers, one with a doubt and one without:

# %%
losses = -np.log([0.3, 0.001])
assert 5.5 < losses[1] / losses[0] < 6
losses.round(1)

# %% [markdown]
# Both count as one mistake for the accuracy. For the loss, the second costs nearly six times as much. A
# network that learns by heart does not make many more mistakes; it becomes **sure** of the ones that it
# makes.
#
# ### Your turn 2: an early sign
#
# You do not want to wait for epoch 40. An early sign: the validation loss has risen `times` epochs **in a
# row**, each time against the epoch before, and in each of them the training loss fell. (If both rise, the
# cause is another one: perhaps a learning rate that is too large.) Return the epoch, counted from 1, at whose
# end the sign is complete for the first time, or 0 if that never happens. With `times` of 2, the training
# losses 1.0, 0.7, 0.5, 0.4, 0.3, 0.2 and the validation losses 1.1, 0.8, 0.9, 0.7, 0.75, 0.8 give 6: epoch 3
# rose alone, 5 and 6 rose in a row.


# %% tags=["exercise"]
def early_sign(loss, val_loss, times):
    """The first epoch that completes so many rises of the validation loss alone, or 0."""
    ### BEGIN SOLUTION
    run = 0
    for epoch in range(1, len(loss)):
        alone = val_loss[epoch] > val_loss[epoch - 1] and loss[epoch] < loss[epoch - 1]
        run = run + 1 if alone else 0
        if run == times:
            return epoch + 1
    return 0
    ### END SOLUTION


# %%
check.early_sign(early_sign)

# %% [markdown]
# For your network, with arrays in place of a loop: where do two such rises follow each other?

# %% tags=["measured"]
alone = (np.diff(record.val_loss) > 0) & (np.diff(record.loss) < 0)
pairs = np.flatnonzero(alone[:-1] & alone[1:])
sign = int(pairs[0]) + 3 if len(pairs) else 0
assert not measured or 0 < sign < 40
figures.curves_read(record.loss, record.val_loss, record.accuracy, record.val_accuracy, sign)

# %% [markdown]
# The square: the lowest validation loss. The diamond: where the early sign would have told you. One rise
# alone can be chance, for these curves wobble. The more rises you ask for, the surer the sign, and the later.
# (A diamond left of the square is a false alarm.) What to *do* with the sign (stop, and go back to the
# square) is part of lesson {regularization}.
#
# ### Question 2 <!-- recognize -->
#
# A friend sees that the training accuracy is at 100 % and the validation accuracy is still far below. "It
# needs more time", he says. "I will train for 300 epochs." Will that help?
#
# <details><summary>Answer</summary>
#
# Hardly. The network learns from its mistakes on *training* pictures, and it makes none any more: the loss is
# nearly zero, and so are its gradients. What is missing is not time but a reason to care about other
# pictures.
#
# - "Yes, the validation accuracy will catch up": nothing pulls it. The validation pictures are not learned
#   from.
# - "No, it will fall to guessing": what has been learned stays. It changes little, and the answers only get
#   surer.
#
# </details>
#
# ## 5. Where it fails
#
# One accuracy hides which classes suffer. You know the **confusion matrix** from lesson {what_a_network_sees}. Once more by
# hand, with three classes and six pictures: a row for what it was, a column for what it was called.

# %% [markdown] tags=["notes"]
# **8 minutes with the exercise.** Let them fill the matrix on paper; a third of the room will swap rows and
# columns. A line for the board: "*recall* reads a row, *precision* reads a column."
#
# Give the browser three minutes and a task: find one mistake that you would have made as well, one that is
# the fault of the photographer, and one that no person would make. Collect a guess of the reason for each.
# With so few pictures a class, do not let anybody rank classes that are five points apart.

# %%
was, called = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2, 2])
tiny = np.zeros((3, 3), int)
for row, column in zip(was, called, strict=True):
    tiny[row, column] += 1
np.testing.assert_array_equal(tiny, confusion_matrix(was, called))
tiny, confusion_matrix(was, called)

# %% [markdown]
# Class 0: three pictures (first row), two of them found, so its **recall** is 2/3. Two were called 0 (first
# column), both rightly, so its **precision** is 1. Their harmonic mean **F1** is 0.8. Class by class this is
# lesson {logistic_regression}, "is it this class or not", with the functions that you know:

# %%
zero = metrics.confusion_counts(was == 0, called == 0)
np.testing.assert_allclose(metrics.recall(zero), 2 / 3)
assert metrics.precision(zero) == 1
np.testing.assert_allclose(metrics.f1(zero), 0.8)
metrics.recall(zero), metrics.precision(zero), metrics.f1(zero)

# %% [markdown]
# ### Your turn 3: recall of every class
#
# From a confusion matrix of any size, return the recall of every class. A class of which there was **no
# picture** has none: give it `np.nan`, "not known". A 0 would say that the network had missed some. For the
# matrix above the answer is 2/3, 1/2, 1; for `[[3, 1], [0, 0]]` it is 0.75 and NaN.


# %% tags=["exercise"]
def recall_per_class(matrix):
    """The share of each class that was found, shape (classes,); NaN where there was none."""
    ### BEGIN SOLUTION
    pictures = matrix.sum(axis=1)
    return np.where(pictures > 0, np.diag(matrix) / np.maximum(pictures, 1), np.nan)
    ### END SOLUTION


# %%
check.recall_per_class(recall_per_class)

# %% [markdown]
# Now the validation pictures. Run the network over the batches, unshuffled, so that answers and labels stand
# in the same order.


# %%
def probabilities(network, batches):
    """What a network says to all pictures, shape (N, classes)."""
    return np.concatenate([network(pictures) for pictures, _ in batches])


# %% [markdown]
# The class with the highest probability is the answer.

# %% tags=["measured"]
says = probabilities(baseline, watched)
said = says.argmax(axis=1)
matrix = confusion_matrix(validation.labels, said)
np.testing.assert_allclose(np.trace(matrix) / matrix.sum(), record.val_accuracy[-1], atol=0.01)
plots.confusion(matrix, classes)

# %% [markdown]
# The diagonal over the total is the accuracy. Find the darkest cell: is it the pair of classes that you had
# guessed? And look at its mirror image across the diagonal. Some pairs are mixed up both ways, some only one
# way.

# %% tags=["measured"]
right = np.diag(matrix)
recall, precision = right / matrix.sum(axis=1), right / matrix.sum(axis=0)
f1 = 2 * precision * recall / (precision + recall)
figures.class_scores(precision, recall, f1, classes, counts["validation"])

# %% [markdown]
# Where the square lies left of the circle, the network says that class too seldom; where it lies right of it,
# too often. scikit-learn's `classification_report` holds the same numbers:

# %% tags=["measured"]
report = classification_report(validation.labels, said, output_dict=True, zero_division=np.nan)
rows = [report[str(k)] for k in range(len(classes))]
np.testing.assert_allclose(recall, [row["recall"] for row in rows])
np.testing.assert_allclose(f1, [row["f1-score"] for row in rows])
np.column_stack([f1, [row["f1-score"] for row in rows]]).round(2)

# %% tags=["measured"]
spread = f1.max() - f1.min()
assert not measured or (spread > 0.1 and 1 / min(counts["validation"]) > 0.01)
f"best to worst class: {100 * spread:.0f} points of F1"

# %% [markdown]
# More than 10 points between the best and the worst class, behind one accuracy. But do not rank neighbors:
# one picture of the smallest class moves its recall by a point or more.
#
# ### The worst mistakes
#
# The wrong answers of which the network was surest:

# %% tags=["measured"]
small = np.concatenate([pictures for pictures, _ in watched])
sureness = says.max(axis=1)
wrong = np.flatnonzero(said != validation.labels)
worst = wrong[np.argsort(-sureness[wrong], kind="stable")][:4]
assert not measured or sureness[worst].min() > 0.9
figures.answers(small[worst], validation.labels[worst], says[worst], classes)

# %% [markdown]
# Wrong, and more than 90 % sure. So how much is its word worth?

# %% tags=["measured"]
accuracy = (said == validation.labels).mean()
assert not measured or sureness.mean() > accuracy + 0.05
f"{sureness.mean():.0%} sure, {accuracy:.0%} right"

# %% [markdown]
# On average over *all* validation pictures, it claims at least 5 points more than it delivers: it is
# **over-confident**. That is over-fitting again: on training pictures it had every reason to be sure.
#
# ### Every cell is a folder of pictures
#
# The largest mistake of the matrix, as pictures:

# %% tags=["measured"]
mistakes = np.where(np.eye(len(classes), dtype=bool), 0, matrix)
row, column = np.unravel_index(mistakes.argmax(), mistakes.shape)
members = np.flatnonzero((validation.labels == row) & (said == column))
members = members[np.argsort(-sureness[members], kind="stable")][:4]
assert not measured or 0 < len(members) <= mistakes.max()
figures.answers(small[members], validation.labels[members], says[members], classes)

# %% [markdown]
# Now open any cell yourself: click on a number, or move with the arrow keys. Find a mistake that you would
# have made, too, one that is the photographer's fault, and one that no person would make.

# %%
ConfusionBrowser(small, validation.labels, says, classes)

# %% [markdown]
# Look for what mistakes have in common: things that are cut off, tiny or seen from behind, backgrounds that
# remind of another class, labels that are wrong. Each kind asks for another remedy.
#
# ## 6. Fewer pictures
#
# How much of its skill does the network owe to the number of pictures? More we may not have; fewer we can
# have at once.
#
# ### Predict: a fifth of them
#
# Twenty pictures of each class in place of 100, all else the same. How many points of validation accuracy
# does that cost? Does the network over-fit less, because there is less to learn by heart? Train, and compare
# the last epochs.

# %% [markdown] tags=["notes"]
# **3 minutes.** Collect bets in points. A good student objects: "With a fifth of the pictures, 40 epochs are
# a fifth of the steps. Is it the pictures that are missing, or the steps?" Praise that, and let the doubter
# run 200 epochs. (In one start on each of the two sets it changed the validation accuracy by less than 2
# points.)

# %% tags=["measured", "trains"]
few = data.load_images("train", 96, per_class=20)
from_few, few_record = learn(few)

# %% tags=["measured"]
fell = record.val_accuracy[-1] - few_record.val_accuracy[-1]
few_gap = few_record.accuracy[-1] - few_record.val_accuracy[-1]
assert not measured or (fell > 0.04 and few_gap > 0.08)
f"validation {100 * fell:.0f} points lower, gap {100 * few_gap:.0f} points"

# %% [markdown]
# More than 4 points lower on the validation pictures, and again a gap of more than 8: less to learn by heart
# is not less over-fitting. The fewer pictures there are, the less they say about all the others.

# %% [markdown]
# ## 7. The exam
#
# Until now the test pictures have been compared with others, and nobody has asked a network about them. All
# decisions are made: this is the one look, for both networks.

# %% [markdown] tags=["notes"]
# **5 minutes.** Ask for a bet before the cell: higher or lower than on the validation pictures? Nothing was
# chosen by those, so it can be either, by a few points. Then: "Would 400 a class help?" Everybody says yes.
# "By how much, and how would you find out without them?" The hidden column is the answer. Do the 40, 32, 25.6
# on the board. If somebody asks for a million pictures: no straight line goes on above 100 %, and no rule
# that was fitted to 10 to 100 should be trusted at a million.

# %% tags=["measured"]
exam = pipeline(test)
on_test = {
    count: (probabilities(network, exam).argmax(axis=1) == test.labels).mean()
    for count, network in {20: from_few, 100: baseline}.items()
}
assert not measured or on_test[100] > on_test[20]
{f"{count} a class": f"{share:.0%}" for count, share in on_test.items()}

# %% [markdown]
# One run is one run. How much is luck? A table that comes with the course holds five starts for each of five
# numbers of pictures, same network, same settings (`tools/project_accuracies.py` makes it; it looked at the
# test pictures once and chose nothing by them). Do your two networks fall into its band?

# %%
starts = data.project_accuracies("image_classification")
on_tests = {int(name.split()[0]): row.test for name, row in starts.items()}
### BEGIN HIDDEN TESTS
assert list(on_tests) == [10, 20, 50, 100, 200] and len(on_tests[100]) == 5
whole = measured and len(test.labels) in (480, 906)  # of the sets in the table, not of a part
for count, share in on_test.items():
    low, high = on_tests[count].min(), on_tests[count].max()
    assert not whole or low - 0.04 < share < high + 0.04
### END HIDDEN TESTS
f"100 a class, five starts: {on_tests[100].min():.0%} to {on_tests[100].max():.0%}"

# %% [markdown]
# They do, give or take 4 points. (With a folder of your own, the table is that of the course's pictures.)
# This band is **the number to beat** in lessons {regularization}, {data_augmentation} and {transfer_learning}. And all five columns?

# %%
sizes = np.array(list(on_tests))
means = np.array([shares.mean() for shares in on_tests.values()])
gains = np.diff(means) / np.diff(np.log2(sizes))
### BEGIN HIDDEN TESTS
luck = max(np.ptp(shares) for shares in on_tests.values())
assert 0.09 < gains[0] < 0.12 and 0.03 < gains[-1] < gains[0] / 2 and min(gains) > 0 and luck > 0.03
### END HIDDEN TESTS
f"the first doubling adds {100 * gains[0]:.0f} points, the last {100 * gains[-1]:.0f}"

# %% [markdown]
# From 10 to 20 pictures of each class, the accuracy rises by about 10 points, from 100 to 200 by about 4. So
# each **doubling** helps, and the last one less than half as much as the first, though it costs ten times as
# many pictures. (One start can be several points off: in some columns the five lie more than 3 points apart.)
#
# ### Would 400 a class help?
#
# You need a rule that can be wrong. Here are two. **Same points:** each doubling adds the same number of
# points, a straight line. **Same share:** each doubling takes away the same share of the *mistakes*, a
# **power law**. If it is a fifth, 40 % of mistakes become 32, then 25.6. Hide the column of 200, fit both
# rules to the other four, and see what they promise for it.


# %%
def line(x, y, at):
    """The straight line through points (x, y), at other places."""
    slope, start = np.polyfit(x, y, 1)
    return start + slope * at


# %% [markdown]
# The rules differ only in what they call straight: the accuracy, or the logarithm of the mistakes.


# %%
def same_points(count):
    """Each doubling adds as many points."""
    return line(np.log2(sizes[:4]), means[:4], np.log2(count))


def same_share(count):
    """Each doubling takes away the same share of the mistakes."""
    return 1 - np.exp2(line(np.log2(sizes[:4]), np.log2(1 - means[:4]), np.log2(count)))


# %% [markdown]
# What they promise for 200, beside what was measured:

# %%
rules = {"same points": same_points, "same share": same_share}
assert same_points(200) - means[4] > max(0.02, 2 * abs(same_share(200) - means[4]))
{name: f"{rule(200):.0%}" for name, rule in rules.items()} | {"measured": f"{means[4]:.0%}"}

# %% tags=["measured"]
figures.accuracy_by_count(on_tests, on_test, rules, 400, 1 / len(classes))

# %% [markdown]
# The straight line promised more than 2 points too much, and for 2,000 a class it would promise more than
# 100 %. The rule of mistakes was off by less than half as much. It says for 400:

# %%
assert means[4] < same_share(400) < same_points(400) and same_points(2_000) > 1
f"400 a class, same share: {same_share(400):.0%}"

# %% [markdown]
# So more pictures would help, by a few points, if the rule holds once more. Similar rules have been found for
# many networks and sets; none of them is a law. And they say nothing about another network, about better
# labels, or about **other kinds of pictures**. The table knows how the same networks did on those (in other
# light, tilted, and so on):

# %%
shifted = {name: row.shifted.mean() for name, row in starts.items()}
lost = means[-1] - shifted["200 a class"]
assert lost > 0.1
{"lost on other kinds of pictures, in points": round(100 * lost)}

# %% [markdown]
# More than 10 points are lost even with 200 a class. More of the same does not replace more *kinds*: that is
# lesson {data_augmentation}.
#
# ### Challenge
#
# You may order 50 more pictures for **two** of the classes, no more. Which two? Argue with the confusion
# matrix and with the pictures in the browser. Then find out: `data.load_images("train", 96, per_class=150)`
# has them. Train with 100 pictures of the other classes and 150 of your two, and judge by the **validation**
# pictures. Did the two gain? Did others lose? What would you order next time, more of a class, or another
# *kind* of picture of it?

# %% [markdown] tags=["notes"]
# A good challenge for pairs that compete. Before they train, let them compute what to expect: from 100 to 150
# pictures is a little more than half a doubling, for two of the classes. By the rules of section 7 that is
# about a point of accuracy in all, less than the luck of a start. So ask what they will look at instead (the
# recall of the two classes, and who loses what they gain), and with how many starts. The insight: it matters
# which pictures are added, not only how many.

# %% [markdown]
# ## What you can do now
#
# - **Find out** what a set hides: count, look, compare fingerprints and thumbnails, and let a palette
#   compete.
# - **Build** a pipeline: slow and always the same, then `cache`, then `shuffle` with a large buffer, then
#   `batch`, then `prefetch`.
# - **Recognize** over-fitting: the gap between two accuracies, a validation loss that turns while the
#   training loss falls.
# - **Judge** a network by rows (recall), columns (precision) and by the pictures in the cells.
# - **Predict** what one doubling of the pictures brings, by a rule that you have tested on a column that was
#   hidden from it.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("image_classification")

# %% [markdown]
# ## Common mistakes
#
# - **Splitting pictures in place of things.** Ten pictures of one car on both sides are a leak, though no two
#   are alike.
# - **A search for copies that was never tested.** Plant one.
# - **Comparing with zero.** Compare with guessing, with the most frequent class, with colors.
# - **`batch` before `shuffle`, or a small buffer**, with pictures that come class after class.
# - **Random steps before `cache`.** They are random once.
# - **Judging by the training accuracy.** It rises to the end, whatever the network knows of other pictures.
# - **Waiting for the validation accuracy to fall.** The loss turns first.
# - **Looking at the test set to see how it is going.** For that there is the validation set.

# %% [markdown]
# ## Where next
#
# You have a baseline, you know that it over-fits, and you know the number to beat. The next three lessons try
# three cures on the same pictures: [{regularization} Regularization](regularization.ipynb) makes learning by heart
# harder, [{data_augmentation} Data augmentation](data_augmentation.ipynb) makes new pictures from old ones, and [14
# Transfer learning](transfer_learning.ipynb) starts with a network that has already seen many others. To
# see *where* a network looks when it is wrong, go to [{looking_inside} Looking inside](looking_inside.ipynb).
