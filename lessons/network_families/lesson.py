# %% [markdown]
# # Families of networks
#
# **To name one photograph, VGG16 multiplies 15.5 billion times. MobileNetV2 multiplies 0.3 billion times, and is
# right as often. Where did fifty of fifty-one multiplications go?** The networks that you can borrow come from a
# handful of families. Each has one idea, the idea is a block of a few layers, and you can build it tonight. At the
# end you choose one for your phone, and one for your computer.
#
# {time} · **You need:** [{transfer_learning} Transfer learning](transfer_learning.ipynb), and the batch
# normalization of [{regularization} Regularization](regularization.ipynb).
#
# **When you are done, you can**
#
# - **count** what a convolution costs, before anything runs
# - **build** the blocks of ResNet and MobileNet in Keras
# - **choose** a network by cost and accuracy
#
# **Sources:** Y. Chammami, *Exploring the Power of Conv'Nets* (the families). K. Simonyan and A. Zisserman (VGG,
# 2014); K. He et al. (ResNet, 2015); A. Howard et al. (MobileNet, 2017); M. Sandler et al. (MobileNetV2, 2018);
# G. Huang et al. (DenseNet, 2016); J. Hu et al. (squeeze-and-excite, 2017); M. Tan and Q. Le (EfficientNet, 2019);
# A. Dosovitskiy et al. (ViT, 2020); Z. Liu et al. (ConvNeXt, 2022).

# %% [markdown] tags=["notes"]
# **1 minute.** Ask: "Who would pay fifty times for the same?" Then: "What may have been wasted?" You will hear
# "layers". Keep the guesses for section 3: it has three times as many layers, made of other multiplications.
#
# Ten minutes short? Leave out section 4 and the attention of section 6.

# %% [markdown]
# ## Setup

# %%
from lessons.network_families import blocks, check, costs, figures, stopwatch
from utils import board, data, plots, training
from utils.quiet import keras, tf

import numpy as np

layers = keras.layers
plots.style()

# %% [markdown]
# ## 1. What a convolution costs
#
# Time goes into multiplications, each with an addition. **Each weight of a kernel is used once at every place of the
# output.** A 3×3 convolution from 2 maps to 1, with an output of 4 × 4: 16 places times 18 weights. By hand, and
# counted in a Keras model:

# %% [markdown] tags=["notes"]
# **6 minutes with the exercise.** The multiplication by hand is worth the time: 9·64·64·1024 against (9·64 +
# 64·64)·1024. Expected wrong answer to the prediction: "nine times fewer". It is 7.9: the 9·64 is small, not nothing.
#
# Wrong answers in the exercise that come: the weights without the places, and a depthwise kernel as deep as its
# input. The check names both.

# %%
x = keras.Input((4, 4, 2))
tiny = keras.Model(x, layers.Conv2D(1, 3, padding="same")(x))
assert costs.multiply_adds(tiny) == 16 * 18 == 288
{"by hand": 16 * 18, "counted": costs.multiply_adds(tiny)}

# %% [markdown]
# A kernel of **1×1** looks at one place alone. It still has a weight for every map: at each place it mixes the maps
# that are there. That is a dense layer, the same one at every place. A dense layer with the same weights says:

# %%
training.reproducible(0)
maps = np.random.default_rng(0).normal(size=(1, 5, 5, 3)).astype("float32")
pointwise, dense = layers.Conv2D(4, 1), layers.Dense(4)
by_convolution = pointwise(maps)
dense.build(maps.shape)
dense.set_weights([pointwise.kernel[0, 0], pointwise.bias])
difference = np.abs(by_convolution - dense(maps)).max()
assert difference < 1e-5
{
    "shapes": [tuple(by_convolution.shape), tuple(dense(maps).shape)],
    "differ by": f"{difference:.0e}",
}

# %% [markdown]
# Now a 3×3 convolution does two things at once: it looks at neighbors, and it mixes maps. MobileNet does one after the
# other: a **depthwise** convolution gives each map one kernel of its own, then 1×1 mixes the maps.
#
# ### Your turn 1: both costs
#
# Input and output have `side` × `side` places; a k×k convolution takes `maps_in` maps to `maps_out`. Return two
# numbers of multiplications, without bias: of the ordinary convolution, and of the two steps, depthwise k×k and
# then 1×1. For `(4, 3, 2, 1)` they are 288 and 320.


# %% tags=["exercise"]
def multiplications(side, k, maps_in, maps_out):
    """Multiplications of an ordinary convolution, and of depthwise and 1x1."""
    ### BEGIN SOLUTION
    places = side * side
    return places * k * k * maps_in * maps_out, places * (k * k * maps_in + maps_in * maps_out)
    ### END SOLUTION


# %%
check.multiplications(multiplications)

# %% [markdown]
# ### Predict: how much does it save?
#
# 3×3, from 64 maps to 64, on 32 × 32 places. The two steps need
#
# **a** about 2 times fewer **b** about 8 times fewer **c** about 64 times fewer

# %%
ordinary = 9 * 64 * 64 * 32 * 32
separable = (9 * 64 + 64 * 64) * 32 * 32
assert (ordinary, separable) == (37_748_736, 4_784_128)
f"{ordinary / 1e6:.1f} million against {separable / 1e6:.1f} million: {ordinary / separable:.1f} times"

# %% [markdown]
# **b**, 7.9 times: nearly 9, the places of the kernel. With *one* map going out, as in your example, there is
# nothing to save. Is it 7.9 times as fast as well? Wait for section 3.

# %% [markdown]
# ## 2. A shortcut
#
# Until 2015 networks became worse when they became deeper than some twenty layers, also on their *training* pictures:
# more layers could do more, and learned less. The cure is a wire. Thirty 3×3 convolutions with ReLU, as Keras starts
# them; then thirty more, where each one's result is **added** to what came in, a **shortcut**. No training: only
# the first gradient, layer by layer.

# %% [markdown] tags=["notes"]
# **9 minutes with the exercise.** Draw the chain on the board, and let somebody say what happens to a gradient that
# is halved thirty times: a billionth. Then draw a wire around each layer: "And now?" There is a way on which nothing
# is multiplied.
#
# In the exercise, the wrong answers that come: ReLU before the sum, a bias in the convolutions, and the second
# normalization forgotten.


# %%
def stack(depth, shortcut):
    """So many convolutions, with a shortcut around each where asked for; the maps after each."""
    x = y = keras.Input((16, 16, 8))
    outputs = []
    for _ in range(depth):
        z = layers.Conv2D(8, 3, padding="same", activation="relu")(y)
        y = layers.Add()([y, z]) if shortcut else z
        outputs.append(y)
    return keras.Model(x, outputs)


def gradient_sizes(model, pictures):
    """How much the mean output changes with the maps after each layer: lengths of gradients."""
    with tf.GradientTape() as tape:
        maps = model(pictures)
        answer = tf.reduce_mean(maps[-1])
    return np.array([np.linalg.norm(part) for part in tape.gradient(answer, maps)])


# %% [markdown]
# ### Predict: the first of thirty layers
#
# Without shortcuts, the gradient that arrives at the first layer, compared with that at the last one, is
#
# **a** about as large **b** about a tenth of it **c** a thousandth of it or less

# %% tags=["measured"]
training.reproducible(0)
noise = np.random.default_rng(0).normal(size=(4, 16, 16, 8)).astype("float32")
deep = {
    name: gradient_sizes(stack(30, shortcut), noise)
    for name, shortcut in (("plain", False), ("with shortcuts", True))
}
assert deep["plain"][0] < 1e-3 * deep["plain"][-1]
assert deep["with shortcuts"][0] > deep["with shortcuts"][-1]
figures.gradients(deep)

# %% [markdown]
# **c**. The first layers of the plain network would learn next to nothing. Along the shortcuts the gradient passes as it
# is, and each layer adds its part (here so much that it grows; batch normalization keeps that in bounds). With them
# **ResNet** had 152 layers, where VGG has 19. (Batch normalization keeps the gradients of a plain network alive as well.
# The authors of ResNet had it, and their plain network still became worse with depth; the shortcut helped.)

# %% [markdown]
# ### Your turn 2: a residual block
#
# Build and return a model from maps of `shape`, `(height, width, maps)`, to maps of the same shape: 3×3
# convolution, normalization, ReLU; 3×3 convolution, normalization; **add** the input; ReLU.
#
# The convolutions have as many maps as come in, `padding="same"` and no bias. You call a layer on what comes before:
# `y = layers.ReLU()(y)`, and `layers.Add()([x, y])`; begin with `keras.Input(shape)` and end with
# `keras.Model(x, y)`.


# %% tags=["exercise"]
def residual(shape):
    """A model: two convolutions with a shortcut around them."""
    ### BEGIN SOLUTION
    x = keras.Input(shape)
    y = layers.Conv2D(shape[-1], 3, padding="same", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.Conv2D(shape[-1], 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    return keras.Model(x, layers.ReLU()(layers.Add()([x, y])))
    ### END SOLUTION


# %%
check.residual(residual)

# %% [markdown]
# From here on it is `blocks.residual_block`, a function from maps to maps. Set its kernels to 0, and it hands on what
# came in (after the last ReLU): a deeper network can begin as a shallower one, and learn what to add.


# %%
def model_of(block, shape):
    """A block as a model of its own."""
    x = keras.Input(shape)
    return keras.Model(x, block(x))


silent = model_of(blocks.residual_block, (5, 5, 3))
for weight in silent.trainable_weights:
    if weight.name == "kernel":
        weight.assign(0 * weight)
difference = np.abs(silent(maps) - np.maximum(maps, 0)).max()
assert difference < 1e-6
f"largest difference to ReLU of the input: {difference:.1g}"

# %% [markdown]
# ResNet's deep versions narrow the street before the expensive part, a **bottleneck**: 1×1 to a quarter of the maps,
# 3×3 there, 1×1 back.
#
# ### Question 1 <!-- count -->
#
# A shortcut is put around two convolutions. By how much do parameters and multiplications grow?
#
# <details><summary>Answer</summary>
#
# By nothing: adding maps has no weights, and no multiplication. Where a block changes the number of maps or halves the
# sides, the shortcut needs a 1×1 convolution to fit, as the course's backbone has in three of its blocks.
#
# - "It doubles": the input is not computed a second time, only kept and added.
# - "By one weight per map": the sum is not weighted.
#
# </details>
#
# ## 3. Each map by itself
#
# ### Your turn 3: a depthwise separable block
#
# `shape` is as before, `maps` how many go out. Depthwise 3×3 (`layers.DepthwiseConv2D`), normalization, ReLU; then
# 1×1 to `maps` maps, normalization, ReLU. Padding and bias as before. Return a model.

# %% [markdown] tags=["notes"]
# **7 minutes with the exercise.** Before the stopwatch take bets: "7.9 times fewer multiplications, how many times
# faster?" Most say 7.9. Then ask why not: a depthwise kernel does 9 multiplications for each number that it fetches,
# an ordinary one 9·64. The processor waits for memory.


# %% tags=["exercise"]
def separable_of(shape, maps):
    """A model: each map by itself, then across the maps."""
    ### BEGIN SOLUTION
    x = keras.Input(shape)
    y = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.Conv2D(maps, 1, use_bias=False)(y)
    return keras.Model(x, layers.ReLU()(layers.BatchNormalization()(y)))
    ### END SOLUTION


# %%
check.separable(separable_of)

# %% [markdown]
# ### Predict: the stopwatch
#
# An ordinary and a separable block, from 64 maps to 64 on 32 × 32 places, by turns on this machine, the best of many
# rounds. The separable one has 7.9 times fewer multiplications. It is
#
# **a** more than 7.9 times as fast **b** 7.9 times as fast, give or take a tenth **c** faster, but by less

# %% tags=["measured"]
pair = {
    "ordinary": model_of(lambda x: blocks.conv(x, 64, 3), (32, 32, 64)),
    "separable": model_of(lambda x: blocks.separable_block(x, 64), (32, 32, 64)),
}
seconds = stopwatch.fastest(pair, np.tile(noise[:, :, :, :1], (2, 2, 2, 64)))
assert seconds["ordinary"] < 7.1 * seconds["separable"]
f"{seconds['ordinary'] / seconds['separable']:.1f} times as fast"

# %% [markdown]
# **c**: fewer multiplications need not mean less time: a depthwise kernel fetches a number from memory for only nine
# multiplications, and the processor waits. **Measure on the machine that you
# will use.**

# %% [markdown]
# **MobileNetV2** turns the bottleneck around: 1×1 to six times the maps, depthwise 3×3 there, 1×1 back, and the shortcut
# between the narrow ends: an **inverted residual**.
#
# ## 4. Beside each other, and louder or softer
#
# **DenseNet** adds nothing up: it keeps all earlier maps *beside* the new ones. **Squeeze-and-excite** gives each map a
# volume knob. From the means of all maps, a small network makes one number from 0 to 1 for each map, and multiplies.

# %% [markdown] tags=["notes"]
# **4 minutes.** Ask for each family: "What did they change, and what does it cost?" ResNet: a wire, for nothing.
# Bottleneck: narrow the street before the expensive part. MobileNet: one convolution in two steps. DenseNet: keep
# everything. EfficientNet: MobileNetV2 with a volume knob on each map.

# %%
training.reproducible(0)
knobs = model_of(lambda x: blocks.squeeze_excite(x, 2), (5, 5, 3))
factors = (knobs(maps) / maps).numpy().reshape(25, 3)
assert np.ptp(factors, axis=0).max() < 1e-4 and factors.min() > 0 and factors.max() < 1
{"first place": factors[0].astype(float).round(2).tolist(),
 "last place": factors[-1].astype(float).round(2).tolist()}  # fmt: skip

# %% [markdown]
# The same three numbers at every place. **EfficientNet** puts it into MobileNetV2's block. Here are all of them, on the
# same input: in each box stand the side of the kernel and the maps that it gives; "each" means one kernel per map. The
# sign + adds what came in, the sign ‖ keeps it beside the new maps, and "squeeze" scales each map by its number.

# %%
families = {
    "VGG": blocks.vgg_block,
    "ResNet": blocks.residual_block,
    "ResNet, bottleneck": blocks.bottleneck_block,
    "MobileNet": lambda x: blocks.separable_block(x, 64),
    "MobileNetV2": blocks.inverted_residual_block,
    "DenseNet": blocks.dense_block,
    "EfficientNet": blocks.mbconv_block,
}
built = {name: model_of(block, (32, 32, 64)) for name, block in families.items()}
cost = {n: (m.count_params(), costs.multiply_adds(m)) for n, m in built.items()}
### BEGIN HIDDEN TESTS
by_formula = {  # kernels, four numbers for each map that is normalized, and biases in the squeeze
    "VGG": 2 * (9 * 64 * 64 + 4 * 64),
    "ResNet": 2 * (9 * 64 * 64 + 4 * 64),
    "ResNet, bottleneck": 2 * 64 * 16 + 9 * 16 * 16 + 4 * (16 + 16 + 64),
    "MobileNet": 9 * 64 + 64 * 64 + 2 * 4 * 64,
    "MobileNetV2": 2 * 64 * 384 + 9 * 384 + 4 * (384 + 384 + 64),
    "DenseNet": 64 * 128 + 9 * 128 * 32 + 4 * (64 + 128),
    "EfficientNet": 2 * 64 * 384 + 9 * 384 + 4 * (384 + 384 + 64) + 2 * 384 * 16 + 16 + 384,
}
assert {name: parameters for name, (parameters, _) in cost.items()} == by_formula
assert cost["VGG"] == cost["ResNet"] and cost["EfficientNet"][1] < 1.001 * cost["MobileNetV2"][1]
assert cost["MobileNetV2"][1] > 11 * cost["MobileNet"][1]
assert cost["ResNet"][1] > 15 * max(cost[n][1] for n in ("ResNet, bottleneck", "MobileNet"))
### END HIDDEN TESTS
figures.family_blocks(built, cost)

# %% [markdown]
# The wider a box, the more maps. The shortcut of ResNet costs nothing: the same numbers as VGG. The bottleneck is more
# than fifteen times cheaper. Squeeze-and-excite costs parameters and almost no multiplications: its small network runs once per
# picture, not once per place. And the block of MobileNetV2 is *not* cheap: it costs eleven times that of MobileNet. The
# network is cheap because it hands such blocks 16 or 24 maps, where pictures are large and others use 64. **A block has a
# cost; a network has a design.**
#
# ## 5. Which one to take?
#
# Now whole networks. The accuracies are **from the literature**: the documentation of Keras prints them, on the 1000
# classes of ImageNet; we measured none of them. The multiply-adds are counted as above. The times are ours: one picture of
# 224 × 224 on a processor core, all five by turns in one run, as multiples of the fastest.

# %% [markdown] tags=["notes"]
# **7 minutes with the exercise.** Let everybody choose one network for a phone and one for a server before you show the
# figure, and say why. Then: "Which one would nobody take?" VGG16. It lives on in textbooks because it is plain. Ask
# what is missing in the table: the accuracy on *your* pictures.

# %%
table = costs.networks()
assert table["MobileNetV2"][0] == table["VGG16"][0] == 0.713
assert 51 < table["VGG16"][2] / table["MobileNetV2"][2] < 52
assert round(table["VGG16"][3]) == 33 and round(table["EfficientNetB0"][3], 1) == 1.8
{
    name: f"{parameters / 1e6:.1f} M parameters, {multiplies / 1e9:.1f} billion, time {time:.1f}"
    for name, (_, parameters, multiplies, time) in table.items()
}

# %% [markdown]
# ### Your turn 4: which are worth a look?
#
# Given the costs and the accuracies of some networks, return `True` for each that is worth a look: there is **no other**
# that costs at most as much, is at least as accurate, and is better in one of the two. For costs `[15.5, 3.9, 0.3]` and
# accuracies `[0.71, 0.75, 0.71]` it is `[False, True, True]`.


# %% tags=["exercise"]
def worth_a_look(costs, accuracies):
    """For each network, whether no other beats it."""
    ### BEGIN SOLUTION
    networks = list(zip(costs, accuracies, strict=True))
    return [
        not any(c <= cost and a >= reached and (c, a) != (cost, reached) for c, a in networks)
        for cost, reached in networks
    ]
    ### END SOLUTION


# %%
check.worth_a_look(worth_a_look)

# %% [markdown]
# Counted in multiplications, which are worth a look? They are filled.

# %%
reached, _, multiplies, times = map(list, zip(*table.values(), strict=True))
worth = costs.worth_a_look(multiplies, reached)
assert [n for n, kept in zip(table, worth, strict=True) if kept] == [
    "MobileNetV2",
    "EfficientNetB0",
]
figures.price_of_accuracy(table, worth)

# %% [markdown]
# Two of five are left: MobileNetV2 and EfficientNetB0. VGG16 is as accurate as MobileNetV2, for 51 times the work. Now look
# to the right: VGG16 takes 33 times as long, not 51, and EfficientNetB0 1.8 times, not 1.3. (Here the order stays the
# same. On a graphics card, or with other pictures, it need not.)
#
# ### Question 2 <!-- choose -->
#
# Your application runs on a phone, on twenty photographs per second. EfficientNetB0 has 0.4 billion multiply-adds,
# MobileNetV2 0.3. What do you do?
#
# <details><summary>Answer</summary>
#
# Measure both on that phone, with your pictures: the time per picture, and the accuracy after transfer learning. The
# counts say where to begin; they do not know the phone's memory, nor your classes.
#
# - "MobileNetV2, it has fewer": the counts differ by a third, the times on our processor by more.
# - "EfficientNetB0, it is more accurate": on ImageNet. With your classes the order may be another.
#
# </details>
#
# ## 6. Outlook: since 2020
#
# Two more ideas, each run once. A **vision transformer** (ViT) has no convolution but one: it cuts the picture
# into **patches** and makes a row of words of them. Then every word asks all of them, itself as well: **self-attention**. For each
# patch it computes weights that add up to 1, and takes the weighted mean of what they say.

# %% [markdown] tags=["notes"]
# **5 minutes.** Patches first: a convolution whose stride is its side. Then the jigsaw: "What would a convolutional
# network do?" It would be lost. Take the vote; **c** is rare, and it is the point: attention knows no places, so a ViT
# adds a learned vector for each place, and needs many pictures to learn what a convolution is born with.

# %% tags=["measured"]
training.reproducible(0)
photo = plots.resized(data.photograph("coffee"), 64)
patchify = layers.Conv2D(32, 16, strides=16)  # each patch of 16 x 16 x 3 becomes 32 numbers
words = layers.Reshape((16, 32))(patchify(photo[np.newaxis] / 32.0))
attention = layers.MultiHeadAttention(num_heads=1, key_dim=32)
answer, weights = attention(words, words, return_attention_scores=True)
cut = photo.reshape(4, 16, 4, 16, 3).swapaxes(1, 2).reshape(16, 16, 16, 3)
np.testing.assert_allclose(weights.numpy().sum(axis=-1), 1, rtol=1e-5)
figures.patches(photo, cut, weights[0, 0].numpy())

# %% [markdown]
# 16 words ask 16 words: 256 weights. With patches of 8 it would be 64 words and 4,096 weights: attention grows with the
# square of the number of patches.
#
# ### Predict: a jigsaw
#
# Shuffle the 16 patches and run the same layer again. What becomes of its 16 answers?
#
# **a** all of them change **b** most change a little **c** they are the same, in the shuffled order

# %% tags=["measured"]
shuffled = np.random.default_rng(0).permutation(16)
mixed = tf.gather(words, shuffled, axis=1)
difference = np.abs(attention(mixed, mixed) - tf.gather(answer, shuffled, axis=1)).max()
assert difference < 1e-5
f"largest difference to the old answers, shuffled: {difference:.0e}"

# %% [markdown]
# **c**: to attention a picture is a bag of patches. So a ViT adds to each word a learned vector for its place, and has to
# learn from very many photographs what a convolution is born with: that neighbors belong together.

# %% [markdown]
# **ConvNeXt** answers with convolutions, after the manner of transformers: 7×7 depthwise, a normalization of each place, a
# wide middle of 1×1. Its block on our input, beside ResNet's:

# %%
built["ConvNeXt"] = model_of(blocks.convnext_block, (32, 32, 64))
answers = built["ConvNeXt"](np.tile(noise[:, :, :, :1], (1, 2, 2, 64)))
assert answers.shape == (4, 32, 32, 64)
assert costs.multiply_adds(built["ConvNeXt"]) == (49 * 64 + 2 * 4 * 64 * 64) * 1024
millions = {n: round(costs.multiply_adds(built[n]) / 1e6, 1) for n in ("ResNet", "ConvNeXt")}
{"what comes out": tuple(answers.shape), "million multiply-adds": millions}

# %% [markdown]
# About half the multiplications, and the kernel sees 49 places. All of these families but ViT wait in `keras.applications`,
# with weights, for what lesson {transfer_learning} does with them.

# %% [markdown]
# ### Challenge
#
# **If you are early:** the squeeze of `blocks.squeeze_excite` has 2 numbers here. With 1 and with 8, how many parameters has
# it, and do the factors still differ?
#
# **If you want a week:** build a network of at most 100,000 parameters from these blocks for lesson {image_classification}'s
# pictures, train it from three starts, and compare with the block network of lesson {regularization} in accuracy, parameters,
# multiply-adds and seconds. Which block earns its cost at this size?

# %% [markdown] tags=["notes"]
# There is no single answer to the second tier. Small pictures and few maps take away much of what separable
# convolutions save; ask for the seconds, not for the counts.

# %% [markdown]
# ## What you can do now
#
# - **Count** a convolution: k · k · maps in · maps out weights, each used at every place; in two steps it is k · k · maps in
#   plus maps in · maps out.
# - **Build** a residual block, whose shortcut costs nothing, and a depthwise separable one.
# - **Choose** among those that no other beats, then measure on your machine and your pictures.

# %% [markdown]
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("network_families")

# %% [markdown]
# ## Common mistakes
#
# - **Taking parameters for time.** DenseNet121 has 8 million parameters and 2.8 billion multiply-adds; a dense layer has many
#   parameters and uses each once.
# - **Taking multiply-adds for time.** Depthwise convolutions wait for memory.
# - **A ReLU in the wrong place.** After the sum in ResNet, none at the narrow ends of MobileNetV2.
# - **A bias before a normalization.** It is subtracted again at once.
# - **A number from a paper as a promise.** It was measured on ImageNet, with a recipe of hundreds of epochs.

# %% [markdown]
# ## Where next
#
# Take one of them for pictures of your own: [{your_own_classifier} Your own classifier](your_own_classifier.ipynb). How to
# search for sizes and rates with method: [{choosing_hyperparameters} Choosing
# hyperparameters](choosing_hyperparameters.ipynb).
