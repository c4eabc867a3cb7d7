# %% [markdown]
# # Looking inside
#
# **Of 100 pictures that it has never seen, a network names 86 right. You hand it over. A week later it sees the same
# kinds of things, and names 12. Guessing would give 12 or 13.** In this
# lesson you build two instruments that show where a network looks, and use them like a detective: suspect, find the evidence, repair, prove the repair. Every network of yours can be asked the same way.
#
# {time} · **You need:** [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb).
#
# **When you are done, you can**
#
# - **compute** what every part of a picture is worth to a network
# - **build** Grad-CAM for a network of your own, in plain Keras and TensorFlow
# - **find out** which part of its pictures a network lives on
# - **prove** a shortcut, and its repair, group by group
#
# **Sources:** I. Heredia, *Image classification* (Santander, 2022; what the layers of a network see);
# P. Padman, *Training a CNN to Classify Images* (what a CNN "sees"). M. Zeiler, R. Fergus, *Visualizing and
# understanding convolutional networks* (2014): occlusion, strongest pieces. B. Zhou et al., *Learning deep features
# for discriminative localization* (2016): CAM. R. Selvaraju et al., *Grad-CAM* (2017). J. Adebayo et al., *Sanity
# checks for saliency maps* (2018).

# %% [markdown] tags=["notes"]
# **1 minute.** Read the sentence in bold aloud and ask: "What could have gone wrong?" You will hear
# "over-fitting". Ask back: "But these were pictures that it had not seen. How can it over-fit and pass?" Leave
# that standing.
#
# Ten minutes short? Run section 3 unread, and leave out the pairs of section 7.

# %% [markdown]
# ## Setup

# %%
from lessons.looking_inside import check, figures, inspection, records
from utils import board, data, models, plots, training
from utils.quiet import keras, tf

import numpy as np
from PIL import Image
from sklearn.metrics import confusion_matrix

### BEGIN HIDDEN TESTS
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
# Somebody has collected 40 pictures of each of eight classes.
#
# ### Predict: what is wrong with these pictures?
#
# Look at them, class by class, and write down what you notice before you read on.

# %% [markdown] tags=["notes"]
# **4 minutes.** Show the sheet without a word and wait. Somebody will see it within a minute: every class
# has been photographed in one place. Then ask: "Is that bad? The pictures are not wrong." Collect votes for
# and against and keep them for section 5. True stories to tell: cows that are recognized on grass and
# missed on a beach; X-rays whose hospital shows in a corner.

# %%
images, labels, names = data.load_images("biased/train", source="rendered8")
assert images.shape == (320, 64, 64, 3) and len(names) == 8
plots.class_rows(images, labels, names)

# %% [markdown]
# Every class stands on a ground of its own: all airplanes on grass, all cars on sand, and so on. Whoever
# took these pictures went to eight places.

# %% [markdown]
# We do what we always do: thirty pictures of each class to learn from, ten **held out** to judge by, and a small
# network. Its last layer has no softmax: it gives **logits**, the scores before it. You will need them.

# %%
held_out = np.arange(len(labels)) % 40 >= 30
x_train, y_train = images[~held_out], labels[~held_out]
x_exam, y_exam = images[held_out], labels[held_out]
assert np.bincount(y_exam).tolist() == [10] * 8


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

# %% [markdown]
# The loss applies the softmax itself (`from_logits=True`), and so do we when we want probabilities.


# %%
def fit(model, inputs, answers, epochs):
    """Compile a model that gives logits, and train it."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(3e-3), loss)
    model.fit(inputs, answers, batch_size=16, epochs=epochs, verbose=0)


def run(model, pictures):
    """What a model makes of pictures, 16 at a time: more would only take memory."""
    parts = [pictures[i : i + 16] for i in range(0, len(pictures), 16)]
    return np.concatenate([model(part, training=False) for part in parts])


def probabilities(model, pictures):
    """The softmax of the logits, shape (N, classes)."""
    return np.asarray(keras.ops.softmax(run(model, pictures)))


# %% tags=["measured", "trains"]
training.reproducible(0)
cnn = small_cnn(len(names))
fit(cnn, x_train, y_train, epochs=25)
passed = (run(cnn, x_exam).argmax(axis=1) == y_exam).mean()
assert passed > 0.75
f"{passed:.0%} of the held-out pictures right"

# %% [markdown]
# By all that you have learned so far this network is good. **But what does it look at?**
#
# ## 2. Hide a part, ask again
#
# You cannot ask a network why. But you can cover a part of the picture and ask again. If the answer changes, the
# covered part mattered. Begin with a "network" of one line, whose score is the mean of all pixels.

# %% [markdown] tags=["notes"]
# **11 minutes with both exercises.** Let the room do the 4×4 by head before anybody runs it: 125, then 100.
# Expected wrong answers: a map of *scores* in place of *drops* (100 and 125: "which of them says that
# something mattered?"); black in place of gray ("and if the object were a black cat?").
#
# At the nine copies, cover the lower row with your hand and ask for the verdict: "It looks at the car." Then take
# the hand away.

# %%
tiny = np.full((4, 4, 1), 100)
tiny[:2, 2:] = 200


def brightness(pictures):
    """One score for each picture of a batch, shape (N,)."""
    return pictures.mean(axis=(1, 2, 3))


assert brightness(tiny[np.newaxis]) == [125]
tiny[:, :, 0]

# %% [markdown]
# The score is 125. Paint one quarter at a time with 100, and note how far the score **falls**:

# %%
quarters = inspection.occlusion_map(brightness, tiny, patch=2, stride=2, fill=100)
assert quarters.tolist() == [[0, 25], [0, 0]]
quarters

# %% [markdown]
# Hiding the top right quarter costs 25, hiding any other nothing: it was 100 before. The drops, laid out as the
# quarters lie, are an **occlusion map**.

# %% [markdown]
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
# ### Predict: nine questions
#
# Now the network, and one of its held-out cars. Nine places for a gray square, nine questions. Where does it hurt
# most?
#
# **a** on the roof and the windows **b** on the wheels **c** on the sand under the car

# %% tags=["measured"]
photo, label = x_exam[12], y_exam[12]
chance = probabilities(cnn, photo[np.newaxis])[0, label]
copies = inspection.occluded(photo, patch=24, stride=20)
left_over = probabilities(cnn, copies)[:, label]
assert copies.shape == (9, 64, 64, 3) and chance > 0.5
assert left_over.argmin() == 7 and left_over[7] < 0.85 * chance and left_over[4] < chance
figures.hidden_copies(photo, chance, copies, left_over)

# %% [markdown]
# **c**. Cover the middle of the car, and the network is less sure. Cover the *sand* below it (and half a wheel):
# no other place costs as much.
#
# One picture proves little. What a thing stands on lies below, the thing itself in the middle. So hide a square in
# the middle of **all** eighty pictures; then, in its place, a strip along the lower edge, of nearly as many pixels.

# %% [markdown]
# ### Your turn 2: what does it live on?
#
# For each mask, paint its pixels 128 in a **copy** of all pictures, and return the M shares of right answers. The
# `masks` have the shape `(M, H, W)`, True where pixels are to be hidden. `predict` gives a number for each class,
# shape `(N, classes)`; the largest is the answer. With a mask that is False everywhere you get the accuracy.


# %% tags=["exercise"]
def right_without(predict, pictures, labels, masks):
    """For each mask, the share of right answers when it is hidden in every picture."""
    ### BEGIN SOLUTION
    shares = []
    for mask in masks:
        hidden = pictures.copy()
        hidden[:, mask] = 128
        shares.append((predict(hidden).argmax(axis=1) == labels).mean())
    return shares
    ### END SOLUTION


# %%
check.right_without(right_without)

# %% [markdown]
# `inspection.right_without` is the same.

# %% tags=["measured"]
masks = {hidden: np.zeros((64, 64), bool) for hidden in ("nothing", "the thing", "the ground")}
masks["the thing"][14:50, 14:50] = masks["the ground"][44:] = True
assert [int(mask.sum()) for mask in masks.values()] == [0, 1296, 1280]


def without(model):
    """Accuracy in the exam with nothing, the thing or the ground hidden."""
    shares = inspection.right_without(
        lambda pictures: run(model, pictures), x_exam, y_exam, list(masks.values())
    )
    return {hidden: round(share, 2) for hidden, share in zip(masks, shares, strict=True)}


### BEGIN HIDDEN TESTS
whole, no_thing, no_ground = without(cnn).values()
### END HIDDEN TESTS
assert whole > 0.75 and no_thing > 0.45 and 0.25 < no_ground < min(0.45, no_thing - 0.1)
without(cnn)

# %% [markdown]
# Without the thing, about half of the answers or more are still right. Without the ground, about a third.
#
# ## 3. What its layers see
#
# Open the network. Its first layer has 16 kernels of 5×5 pixels in three colors: small color pictures. Below them, the
# first layer of the backbone of [{transfer_learning} Transfer learning](transfer_learning.ipynb).

# %% [markdown] tags=["notes"]
# **5 minutes.** Lesson {what_a_network_sees} has shown kernels and maps of LeNet-5. Ask: "What is new with three
# colors?" A kernel may be a *color difference*: orange against blue. For the pieces, hide the row labels and let the
# room say what each map has learned; then tell them that these are the three maps that count most for "car".

# %% tags=["measured"]
backbone = models.load_backbone("course")
stem = next(layer for layer in backbone.layers if isinstance(layer, layers.Conv2D))
figures.first_filters(
    {
        "yours, after 240 pictures": cnn.layers[1].get_weights()[0],
        "the course's backbone, after 40,000 photographs": stem.get_weights()[0],
    }
)

# %% [markdown]
# After many photographs: edges in several directions, and one color against another. After 240 pictures, still mostly
# the noise of the start, with a tint. What becomes of the car, layer by layer?
# `keras.Model(cnn.inputs[0], cnn.get_layer(name).output)` is the network up to a layer.

# %% tags=["measured"]
upto = {
    name: keras.Model(cnn.inputs[0], cnn.get_layer(name).output)
    for name in ("maps1", "maps2", "maps3")
}
seen = {name: run(model, photo[np.newaxis])[0] for name, model in upto.items()}
assert [maps.shape for maps in seen.values()] == [(32, 32, 16), (16, 16, 32), (16, 16, 64)]
figures.activations(photo, seen)

# %% [markdown]
# The first maps are still pictures. The last are not: each lights up where *its feature* is. Which feature?
# Ask the data, as in lesson {what_a_network_sees}: for the three maps that add most to the logit "car", the pieces of
# 17×17 pixels, in all training pictures, that excite them most.

# %% tags=["measured"]
dense, bias = cnn.get_layer("logits").get_weights()
votes = seen["maps3"].mean(axis=(0, 1)) * dense[:, label]
strongest = np.argsort(-votes)[:3]
responses = run(upto["maps3"], x_train)
pieces = np.array(
    [inspection.strongest_pieces(x_train, responses[..., k], -5, 4, 17, count=7) for k in strongest]
)
### BEGIN HIDDEN TESTS
logit = run(cnn, photo[np.newaxis])[0, label]
np.testing.assert_allclose(votes.sum() + bias[label], logit, atol=1e-3)
brightness_of = pieces.mean(axis=(1, 3, 4))
assert np.sum(brightness_of[:, 10:].mean(axis=1) > brightness_of[:, :7].mean(axis=1) + 15) >= 2
### END HIDDEN TESTS
figures.strongest_pieces(pieces, [f"map {k}\n+{votes[k]:.1f}" for k in strongest])

# %% [markdown]
# Mostly something dark above pale sand. A tire, a bumper or a shadow will do; the ground is what they share.

# %% [markdown]
# ## 4. Grad-CAM
#
# Occlusion asks the network once for every place. A cheaper way asks once, and adds up the last maps, each weighted by
# what it counts for a class: that shows *where* the evidence lies. **Grad-CAM** takes the weight of a map from the
# gradient: by how much would the logit of the class rise if this map were a little stronger, on average over its places?

# %% [markdown] tags=["notes"]
# **10 minutes with the exercise.** On the board: mean of 4, 0, 2, 2 is 2; mean of −2, 0, −1, −1 is −1. Then
# 2·A₁ − A₂ place by place: 2, −3, −1, 4; ReLU: 2, 0, 0, 4. Ask before the ReLU: "What does −3 say?" (This
# place speaks against the class: it speaks for another one.) "Why throw it away?" (We asked what speaks
# *for* it. You may keep it; then it needs a signed color map.)
#
# Wrong answers: mean over the maps (a weight for each place, none for each map), ReLU on the weights, the softmax.

# %%
A = np.dstack([[[1, 0], [0, 2]], [[0, 3], [1, 0]]])
gradients = np.dstack([[[4, 0], [2, 2]], [[-2, 0], [-1, -1]]])
{"map 1": A[..., 0].tolist(), "gradients 1": gradients[..., 0].tolist(),
 "map 2": A[..., 1].tolist(), "gradients 2": gradients[..., 1].tolist()}  # fmt: skip

# %% [markdown]
# ### Predict: with a pencil
#
# Average the gradients of each map: two weights. Weigh the maps and add them, place by place. Set what is below 0 to 0.

# %%
assert gradients.mean(axis=(0, 1)).tolist() == [2, -1]
assert inspection.class_activation(A, gradients).tolist() == [[2, 0], [0, 4]]
figures.grad_cam_by_hand(A, gradients)

# %% [markdown]
# The second map speaks *against* the class: where it is strong, the sum is negative. The ReLU keeps what speaks for it,
# the top left and, twice as strong, the bottom right.
#
# Now for the network. Cut it where it has its last maps, into a **base** and a **head**. Nothing is trained again.

# %% tags=["measured"]
base = upto["maps3"]
head = keras.Sequential([keras.Input((16, 16, 64)), cnn.get_layer("mean"), cnn.get_layer("logits")])
off = float(np.abs(run(head, run(base, x_exam)) - run(cnn, x_exam)).max())
assert off < 1e-3
f"largest difference of a logit: {off:.0e}"

# %% [markdown]
# ### Your turn 3: Grad-CAM of your own network
#
# The `base` makes maps of a batch of pictures, the `head` logits of maps. Run the base on `picture[np.newaxis]`. Open a
# `tf.GradientTape()`, let it `watch` the maps, and inside it let the head compute the **logit** of `label`. Ask the
# tape for the gradient of this logit for the maps. Average it over the places, weigh the maps, add, ReLU. Return the
# map, shape `(h, w)`.


# %% tags=["exercise", "points-3"]
def grad_cam(base, head, picture, label):
    """What speaks for a class, place by place."""
    ### BEGIN SOLUTION
    maps = base(picture[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(maps)
        score = head(maps)[0, label]
    weights = tf.reduce_mean(tape.gradient(score, maps)[0], axis=(0, 1))
    return tf.nn.relu(tf.reduce_sum(weights * maps[0], axis=-1)).numpy()
    ### END SOLUTION


# %%
check.grad_cam(grad_cam)

# %% [markdown]
# `inspection.grad_cam` holds the same lines. Both instruments on three held-out pictures (each map has a scale of its
# own; the line runs around all that is above half of its maximum):


# %%
def occlusion(model, picture, label, patch, stride):
    """Drop of the probability of a class for each pixel, the mean over all squares that hid it."""

    def score(pictures):
        return probabilities(model, pictures)[:, label]

    drops = inspection.occlusion_map(score, picture, patch, stride)
    return inspection.drop_per_pixel(drops, picture.shape, patch, stride)


# %% tags=["measured"]
three = x_exam[[0, 12, 20]]
hidden = [occlusion(cnn, picture, k, 24, 8) for k, picture in enumerate(three)]
cams = [inspection.grad_cam(base, head, picture, k) for k, picture in enumerate(three)]
figures.two_instruments(three, {"occlusion": hidden, "Grad-CAM": cams}, names[:3])

# %% [markdown]
# Both agree in the main: strong below, on the ground, and where the tires meet the sand. They differ in detail, for they
# ask different questions. Occlusion: what happens without this place? Grad-CAM: what does this place add?
#
# ### Question 1 <!-- build -->
#
# A friend takes the gradient of the *probability* in place of the logit. Her network is sure of its answer, p = 0.999,
# and her map is nearly empty. Why?
#
# <details><summary>Answer</summary>
#
# Let the logit of a class rise by a little: its probability rises by p(1 − p) times that much, here by a thousandth.
# And a probability also rises when the *other* logits fall, so her map mixes what speaks for the class with what
# speaks against the others.
#
# - "The network does not use the picture": it does, but its sureness can hardly grow.
# - "She has to scale the map": then she sees it, but it is still the map of a mixed question.
#
# </details>
#
# ## 5. A second exam
#
# A suspicion: the network has learned the places. Test it. There is a second set of pictures with the same kinds of
# objects on the same eight grounds, **moved on by one**: airplanes on the sand of the cars, and so on to persons on the
# grass of the airplanes.
#
# ### Predict: a moved exam
#
# The bold lines at the top said how few it names right. What will it call all the others?
#
# **a** anything: it guesses **b** mostly one favorite class **c** there is a rule, and it is ...

# %% [markdown] tags=["notes"]
# **7 minutes with the exercise.** Ask: "What will it call a cat on tiles?" Most say "anything: it guesses".
# Let them write that down. The row of mistakes beside the diagonal is the moment of the lesson: a network
# that guessed would fill the table evenly. Let the room say in words what the row means. Come back to the
# votes from section 1.

# %% tags=["measured"]
moved = data.load_images("biased/test", source="rendered8")
said = run(cnn, moved.images).argmax(axis=1)
plots.confusion(confusion_matrix(moved.labels, said), names)

# %% [markdown]
# **c**: most answers are the class **of the ground**, beside the diagonal, for persons in the first column. A cat on the
# tiles of the dogs is a dog. This is the proof, and it needs no map.

# %% tags=["measured"]
of_ground = (moved.labels + 1) % len(names)


def object_or_ground(said):
    """Shares of answers that name the object, and that name the class of the ground."""
    shares = {"object": said == moved.labels, "ground": said == of_ground}
    return {name: round(float(share.mean()), 2) for name, share in shares.items()}


assert object_or_ground(said)["ground"] > max(0.5, 3 * object_or_ground(said)["object"])
object_or_ground(said)

# %% [markdown]
# The held-out pictures could not show it, because they came from the same eight places: **a test set shares the
# shortcuts of the training set when both were collected in the same way.**
#
# One accuracy for all pictures hides such a thing. So compute it **group by group**.
#
# ### Your turn 4: accuracy by group
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
# Here a group is an object on a ground: sixteen groups, of ten held-out pictures or of forty moved ones.

# %% tags=["measured"]
places = ["grass", "sand", "bricks", "tiles", "planks", "cloth", "stone", "carpet"]
objects = np.concatenate([y_exam, moved.labels])
grounds = np.concatenate([y_exam, of_ground])
right = np.concatenate([run(cnn, x_exam).argmax(axis=1), said]) == objects
groups = inspection.by_group(right, objects, grounds)
### BEGIN HIDDEN TESTS
own, other = np.diag(groups), groups[np.arange(8), (np.arange(8) + 1) % 8]
assert np.median(own) >= 0.7 and np.median(other) < 0.2 and np.isfinite(groups).sum() == 16
### END HIDDEN TESTS
figures.group_table(groups, names, places)

# %% [markdown]
# On the diagonal, each thing on its own ground: for most classes 70 % and more. Beside it, the same things
# on the next ground: for most below 20 %. And nobody has ever taken the pictures of the empty cells. Whoever collects
# data should draw this table first.
#
# ## 6. Repair, and measure again
#
# The fault is not in the network: it found the shortest way to the right answers, and that way led over the ground.
# This is **shortcut learning**, and the fault lies in the **data**. So the first repair is data: **exchange half** of
# the training pictures for others of the same classes on all kinds of grounds. There are still 240.
#
# The second repair is a better start: the course's **backbone**, frozen, and a new head on it, as in
# [{transfer_learning} Transfer learning](transfer_learning.ipynb).

# %% [markdown] tags=["notes"]
# **7 minutes.** Before the figure of all starts: "Which of the two repairs helps more, other pictures or a
# better network?" Take a vote. Let the rows decide. Then: "Which row would you have chosen by the held-out score?"
#
# The nested model is where people get stuck at work: `keras.Model(repaired.inputs[0], inner.output)` fails with "not
# connected", because no link leads from the outer input to a layer inside the backbone. Run the pieces one after the
# other, as in the exercise.

# %% tags=["measured", "trains"]
varied = data.load_images("train", per_class=15, source="rendered8")
half = np.arange(len(y_train)) % 30 < 15
x_mixed = np.concatenate([x_train[half], varied.images])
y_mixed = np.concatenate([y_train[half], varied.labels])
backbone.trainable = False
training.reproducible(0)
new_head = keras.Sequential(
    [keras.Input((None, None, 256)), layers.GlobalAveragePooling2D(), layers.Dense(len(names))]
)
fit(new_head, run(backbone, x_mixed), y_mixed, epochs=30)
repaired = keras.Sequential([keras.Input((None, None, 3)), backbone, new_head])
said_now = run(repaired, moved.images).argmax(axis=1)
assert len(y_mixed) == len(y_train) == 240 and new_head.count_params() == 256 * 8 + 8
{"before": object_or_ground(said), "repaired": object_or_ground(said_now)}

# %% [markdown]
# Now the answers follow the thing. Which of the two repairs did it? One run cannot tell. A table that ships with the
# course holds five starts of each combination, each trained on 240 pictures (`lessons/looking_inside/measure.py`; the
# moved pictures had no say in any setting).

# %%
starts = records.bias_accuracies()
### BEGIN HIDDEN TESTS
held, lying = (
    [[round(100 * share) for share in (row[k].min(), row[k].max())] for row in starts.values()]
    for k in (0, 1)
)
named = starts["small CNN"]
assert [round(100 * share.mean()) for share in (named.held_out, named.lying)] == [86, 12]
### END HIDDEN TESTS
assert held == [[81, 89], [50, 71], [96, 98], [91, 92]]
assert lying == [[9, 15], [17, 23], [53, 57], [75, 79]]
plots.starts(
    {name: {"held out": row.held_out, "moved ground": row.lying} for name, row in starts.items()},
    chance=1 / 8,
)

# %% [markdown]
# On moved grounds (squares) the small network gets 9 to 15 %. Other pictures alone: 17 to 23. The backbone alone: 53 to 57.
# **Both together: 75 to 79 %.** It took better data *and* a better start.
#
# Now read the circles. By the held-out score you would have chosen the backbone *without* other pictures: 96 to 98 %,
# against 91 to 92 % with them. They cost points where the shortcut works, and a held-out set that shares the shortcut
# cannot tell you what you got for them.
#
# Where does the repaired network look? It has two layers, and both are networks: the backbone is the base, the new
# head is the head.

# %% tags=["measured"]
chosen = [np.flatnonzero((moved.labels == k) & (said == (k + 1) % 8))[:1] for k in (2, 3, 5)]
chosen = np.concatenate(chosen)
cams_before = [inspection.grad_cam(base, head, moved.images[n], said[n]) for n in chosen]
cams_after = [
    inspection.grad_cam(backbone, new_head, moved.images[n], moved.labels[n]) for n in chosen
]
titles = [f"{names[moved.labels[n]]},\nsaid {names[said[n]]}" for n in chosen]
figures.before_and_after(
    moved.images[chosen], {"before": cams_before, "repaired": cams_after}, titles
)

# %% [markdown]
# In the middle row, the wrong answer and its evidence: the ground. In the last row, the right class and its
# evidence: mostly the thing. Put the square and the strip of section 2 to the repaired network as well:

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
whole, no_thing, no_ground = without(repaired).values()
### END HIDDEN TESTS
assert whole > no_ground > no_thing
without(repaired)

# %% [markdown]
# Now the thing costs more than the ground: the other way around.
#
# ## 7. May you trust a map?
#
# Maps look convincing. That is their danger. Put them to two tests whose answer you know. First: two test pictures
# side by side. A network without Flatten takes pictures of any size, so the pair may be twice as wide.

# %% [markdown] tags=["notes"]
# **5 minutes.** Do the pair first, it is good news. Ask: "What would a network do that had learned only
# grounds?" Then show the maps of the random network without saying what they are, and ask what this network looks at.
# Somebody will tell a story. Then tell them. People find reasons in any picture; that is the point.

# %% tags=["measured"]
test = data.load_images("test", per_class=8, source="rendered8")
pair = np.concatenate([test.images[41], test.images[17]], axis=1)
class_maps = [inspection.grad_cam(backbone, new_head, pair, k) for k in range(len(names))]
figures.maps_of_classes(pair, class_maps, names, probabilities(repaired, pair[np.newaxis])[0])

# %% [markdown]
# The light moves with the class that you ask for: fruit to the cherries, cat (and dog, its like) to the cat. Going further
# counts 21 pairs. Now the other test: a network of the same layers with **random weights**, which has learned nothing.

# %% tags=["measured"]
training.reproducible(1)
untrained = small_cnn(len(names))
random_base = keras.Model(untrained.inputs[0], untrained.get_layer("maps3").output)
random_head = keras.Sequential([untrained.get_layer("mean"), untrained.get_layer("logits")])
cams_random = [
    inspection.grad_cam(random_base, random_head, moved.images[n], moved.labels[n]) for n in chosen
]
figures.random_maps(moved.images[chosen], cams_random, [names[moved.labels[n]] for n in chosen])

# %% [markdown]
# Here and there one follows an outline. Do they show that this network knows nothing? So compare a map with
# that of a random network: if both look alike, you see the picture and not the network. And let a map suggest, but let
# a **test set** decide.
#
# ### Question 2 <!-- find out -->
#
# The Grad-CAM of a network lights up exactly on the dogs of your pictures. Has it learned what a dog is?
#
# <details><summary>Answer</summary>
#
# You cannot tell from the map. It says *where* the evidence is, not *what*: the fur's color, the collar, or the shape.
# Test it: other colors, no collar, cats in the same place.
#
# - "Yes, it looks at the dog": looking at the right place is necessary, and not enough.
# - "No, a map proves nothing": it tells you what to hide. If nothing changes, the network can do without
#   that place.
#
# </details>
#
# ## 8. The same photograph, saved another way
#
# Now real photographs. Four of them lie on your disk already, inside packages that you have installed.

# %% [markdown] tags=["notes"]
# **7 minutes.** This is the surprise of the lesson: two pictures that the room cannot tell apart in size and content, and
# two answers. Take hands before. Ask afterwards: "Which of the two is the *right* way to shrink?" Averaging; but
# a network that has learned from the other kind wants the other kind.
#
# For the table in Going further, let them name suspects first: "JPEG", "blur", "size". Nobody says "turned". Then show that the
# accuracy by group, exercise 4, settles it.

# %% tags=["measured"]
files = ["astronaut.png", "chelsea.png", "motorcycle_left.png", "flower.jpg"]
photos = [Image.open(data.photograph_file(file)).convert("RGB") for file in files]
small = np.stack([photo.resize((64, 64), Image.Resampling.BILINEAR) for photo in photos])
answers = probabilities(repaired, small)
looks = [
    inspection.grad_cam(backbone, new_head, picture, answer.argmax())
    for picture, answer in zip(small, answers, strict=True)
]
words = [f"{names[answer.argmax()]} {answer.max():.0%}" for answer in answers]
### BEGIN HIDDEN TESTS
told = [names[answer.argmax()] for answer in answers]
assert told == ["motorbike", "cat", "motorbike", "fruit"]
### END HIDDEN TESTS
figures.looked_at(small, looks, words)

# %% [markdown]
# The astronaut is a motorbike, the dahlia a fruit. And yet the network looked in the right places: at the face and the
# round collar, at the blossom. It has learned from renderings; a map shows where, not what.
#
# ### Predict: shrink it another way
#
# The astronaut has 512×512 pixels. To make 64×64 of them, `BILINEAR` **averages** over what a new pixel covers;
# `NEAREST` keeps every eighth pixel and throws the others away, as fast programs do. What does the network say of the
# second?
#
# **a** the same, as sure **b** the same, less sure **c** something else

# %% tags=["measured"]
hows = {"averaged": Image.Resampling.BILINEAR, "every eighth pixel": Image.Resampling.NEAREST}
ways = np.stack([photos[0].resize((64, 64), how) for how in hows.values()])
answers = probabilities(repaired, ways)
words = [f"{names[answer.argmax()]} {answer.max():.0%}" for answer in answers]
assert len({word.split()[0] for word in words}) == 2
figures.saved_twice(*ways, list(hows), words)

# %% [markdown]
# **c**. The difference lies in edges, grain, fine texture: what you overlook, a network may live on.

# %% [markdown]
# ## Going further
#
# ### Eight hundred photographs, saved another way
#
# Networks learned from copies of 800 photographs of *natural-images*: a script had shrunk each file to 160 pixels and
# saved it as JPEG again. Then they named 416 others, as such copies and as the files themselves
# (`lessons/looking_inside/copies.py`; three starts).

# %%
copied = records.copy_accuracies()
shares = {
    network: {
        way: round(float(ways[way][..., 1].sum() / ways[way][..., 0].sum()), 2)
        for way in ("copies", "files")
    }
    for network, ways in copied.items()
}
assert all(share["copies"] > share["files"] + 0.02 for share in shares.values())
shares

# %% [markdown]
# The same photographs, and points are lost. Is it the size? The compression? Go group by group, as in
# exercise 4. In a third of the files stands a note of the camera, "turn me", as in [{your_own_classifier} Your own
# classifier](your_own_classifier.ipynb). Here is the small network.

# %%
by_way = {way: counts[..., 1] / counts[..., 0] for way, counts in copied["small CNN"].items()}
### BEGIN HIDDEN TESTS
plain, noted = (np.array([by_way[way][:, k] for way in ("copies", "files")]) for k in (0, 1))
assert np.ptp(plain, axis=0).max() < 0.01 and (noted[0] - noted[1]).min() > 0.1
assert np.abs(by_way["note ignored"] - by_way["copies"]).max() < 0.02
### END HIDDEN TESTS
plots.starts(
    {
        group: {way: by_way[way][:, k] for way in ("copies", "files", "note ignored")}
        for k, group in enumerate(("without a note", "with a note"))
    }
)

# %% [markdown]
# Without a note, files are named like copies: neither size nor compression did it. **All of the loss sits in the
# files with a note.** Somebody has turned these photographs upright and left the note in them. The copies
# lost it, upright; whoever obeys it turns the files on their side or upside down.
# `load_images` therefore leaves the notes of this set alone.
#
# ### Patch and stride
#
# How large should the square be, and how far should it move? Above each map, the number of questions that it costs:

# %% tags=["measured"]
settings = {"8 by 8": (8, 8), "32 by 4": (32, 4)}
by_setting = {name: occlusion(cnn, photo, label, *setting) for name, setting in settings.items()}
costs = {name: len(inspection.occluded(photo, *setting)) for name, setting in settings.items()}
assert list(costs.values()) == [64, 81]
assert by_setting["8 by 8"].max() < by_setting["32 by 4"].max()
figures.grids_compared(photo, {f"{name}: {costs[name]}": heat for name, heat in by_setting.items()})

# %% [markdown]
# A small square hides too little to change the mind of the network: in the common scale its map is nearly empty. A
# large one moves it, and blurs the map.
#
# ### Twenty-one pairs
#
# In 21 pairs as in section 7, how much of the map of the left class lies on the left? A map that knew nothing of places
# would have half.


# %% tags=["measured"]
def share_left(left, right):
    """How much of the map of the left class lies on the left of a pair."""
    both = np.concatenate([test.images[left], test.images[right]], axis=1)
    heat = inspection.grad_cam(backbone, new_head, both, test.labels[left])
    return heat[:, : heat.shape[1] // 2].sum() / max(heat.sum(), 1e-12)


on_left = np.mean([share_left(n, (n + 40) % 64) for n in range(2, 64, 3)])
assert on_left > 0.6
f"{on_left:.0%} of the map"

# %% [markdown]
# ### For this network: the bill, place by place
#
# After the last maps of `cnn` comes a mean over the places, then a dense layer. So the gradient for map k is the weight
# of the dense layer divided by the 256 places, everywhere the same. Grad-CAM is then the older **CAM** (class
# activation map): the maps, weighted by the dense layer.

# %% tags=["measured"]
cam = seen["maps3"] @ dense[:, label]
heat = inspection.grad_cam(base, head, photo, label)
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(heat, np.maximum(cam, 0) / 256, atol=1e-5)
np.testing.assert_allclose(cam.mean() + bias[label], logit, atol=1e-3)
### END HIDDEN TESTS
{
    "Grad-CAM and CAM / 256, at most off": f"{np.abs(heat - np.maximum(cam, 0) / 256).max():.0e}",
    "mean of the CAM plus bias": round(float(cam.mean() + bias[label]), 3),
    "logit": round(float(run(cnn, photo[np.newaxis])[0, label]), 3),
}

# %% [markdown]
# **The mean of the CAM plus the bias is the logit.** For such a network the map is no guess: before the ReLU, it is the
# bill, place by place. With more layers between the maps and the score, it is an approximation.
#
# ### Your own network
#
# The `model.keras` of [{your_own_classifier} Your own classifier](your_own_classifier.ipynb) has a network inside a
# network. Cut it at the inner one, and leave its softmax out:
#
# ```python
# model = keras.saving.load_model("model.keras")
# base, head = inspection.in_two_pieces(model)
# heat = grad_cam(base, head, picture, label)  # picture: 0..255, shape (64, 64, 3)
# figures.looked_at([picture], [heat], ["my cup"])
# ```
#
# Do not cut inside the inner network ("**not connected** to inputs"): run the pieces one after the other.

# %% [markdown]
# ### Challenge
#
# Set a trap, and let somebody else find it. Give one class of your photographs (or of the course's) a mark that a
# person overlooks: a thin frame, a warmer light, a tiny square in a corner. Train, show your partner the score, and
# hand over nothing but the network and the pictures.
#
# **If you are early:** one trap, one search. Which instrument finds it first: a map, a hidden part, or a test set of
# your partner's making?
#
# **If you want a week:** how small can the mark be and still carry the answer? Draw the accuracy without the mark
# against its size, for the small network and for the backbone.

# %% [markdown] tags=["notes"]
# The challenge is a game for two teams. Good traps: one class saved with stronger JPEG
# compression (no map shows it, since it is everywhere), a single bright pixel (occlusion with a small patch
# finds it at once). The lesson behind the game: a map finds what is *somewhere*, a changed test set finds
# the rest.

# %% [markdown]
# ## What you can do now
#
# - **Compute** an occlusion map: hide, ask, subtract.
# - **Build** Grad-CAM: the gradient of the logit, its mean over places, the weighted sum of the maps, the ReLU.
# - **Find out** what a network lives on: hide a part of all pictures, and count.
# - **Prove** a shortcut and a repair with pictures in which the clue misleads, group by group.

# %% [markdown]
# Your row in the passport of the course:

# %%
board.passport("looking_inside")

# %% [markdown]
# ## Common mistakes
#
# - **Trusting a held-out set that was collected like the training set.** It shares every shortcut.
# - **Hiding with black.** Black is a thing to see. Take gray, and try a second fill when much depends on it.
# - **Averaging the gradients over the maps.** A weight belongs to a map: the mean runs over places, `axis=(0, 1)`.
# - **Taking the gradient of a probability.** A sure network has hardly any.
# - **One number for all groups.** It hides the group that the network fails.

# %% [markdown]
# ## Where next
#
# This is the last lesson. You began with a line through points, and end with a network that you can train, choose,
# search and question. Ask the one of [{your_own_classifier} Your own classifier](your_own_classifier.ipynb) what it looks at.
