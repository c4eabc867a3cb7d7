# %% [markdown]
# # Convolution
#
# **How can nine numbers find every edge in a photograph?** You are about to slide a tiny table of
# weights over a brick wall. The mortar lights up, the bricks vanish. The same nine numbers work on a
# face, a scan of a lung. Then you hide nine numbers of your own, and a machine that starts from noise finds
# them.
#
# {time} · **You need:** NumPy arrays, gradient descent from
# [{linear_regression} Linear regression](linear_regression.ipynb), and dense layers and the ReLU from
# [{multilayer_perceptron} Multilayer perceptron](multilayer_perceptron.ipynb).
#
# **When you are done, you can**
#
# - **compute** a convolution: one number with a pencil, all of them in two loops
# - **choose** the weights that answer to an edge, a blur or a color
# - **build** a layer of feature maps from a color photograph: kernels, bias, ReLU
# - **derive** the gradient of a kernel, from which it learns
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023);
# Y. Chammami, *Exploring the Power of Conv'Nets*; I. Heredia, *Image classification* (Santander, 2022);
# P. Padman, *Training a CNN to Classify Images*; E. Rantsiou, *Convolutional Neural Networks basics*
# (LENS ML School, 2021), whose worked example you will compute.

# %% [markdown] tags=["notes"]
# **1 minute.** Show the brick wall (section 4) before you show this page. Ask: "What would you compute
# from neighboring pixels to find the mortar?" You will hear "the difference". Keep that word: the
# whole lesson is a difference that slides.
#
# Ten minutes short? Leave out the kernel bank and "Your turn 2", and give "Your turn 3" as homework. Do not
# leave out section 8: that kernels are *learned* is the point of the lesson.

# %% [markdown]
# ## Setup

# %%
from lessons.convolution import check, figures
from utils import board, data, plots
from utils.convolution import correlate2d, correlate_volume
from utils.quiet import keras
from lessons.convolution.live_filter import LiveFilter
from lessons.convolution.stepper import ConvolutionStepper, VolumeStepper

import numpy as np
from scipy import signal

plots.style()

# %% [markdown]
# ## 1. Near, and everywhere the same
#
# You want to find a thing in a picture: an edge, a leaf, a face. In a dense layer the unit at place p adds up
# *all* pixels x, through weights w of its own. Two facts about pictures leave little of that:
#
# |what you know|out[p] is the sum of|weights|
# |:--|:--|:--|
# |nothing: a dense layer|w[p, q] · x[q] for every pixel q|a table for each place|
# |**near**: an edge here shows in the pixels here|w[p, d] · x[p + d] for a few steps d|a *small* table for each place|
# |**everywhere the same**: an edge looks the same there|w[d] · x[p + d]|**one** small table|
#
# The last line is a **convolution**, and its table of weights is the **kernel**. That all places use the
# same weights is called **parameter sharing**.

# %% [markdown] tags=["notes"]
# **4 minutes.** Write the dense sum on the board and strike out what the two facts strike out: first the far
# pixels, then the p of w[p, d]. Ask for a guess of the number of weights before you run the cell. Most people
# say "a million or so". Then: "And in color?" (Times 3.)

# %%
figures.dense_and_convolution()

# %% [markdown]
# On the left, 63 weights. On the right, three: the solid, the dashed and the dotted line keep their
# weight wherever they go. For a real picture, 1300 × 1300 gray pixels, and a dense layer of 1000 units:

# %%
weights = 1000 * 1300 * 1300
assert weights == 1_690_000_000
assert round(4 * weights / 1e9, 1) == 6.8  # gigabytes
weights

# %% [markdown]
# 1.69 billion: 6.8 GB for one layer, and three times as many in color. A kernel needs nine.
#
# ## 2. One window at a time
#
# Six by six pixels, three by three weights: the example of Rantsiou's lecture is small enough for a pencil.

# %% [markdown] tags=["notes"]
# **12 minutes**, six of them for the exercise. Do the first sum on the board, term by term: 3 + 0 + 96 + 9 +
# 75 + 30 + 0 + 8 + 72 = 293. Then let the room do the second with pencils before anybody runs a cell.
#
# Wrong answers that will come: 145 (moved by two columns), "multiply the matrices" (draw a row-times-column
# cross over it: this product is entry by entry). In the exercise: an output as large as the input (they
# loop over all pixels and run off the edge: NumPy cuts the slice silently, and the shapes stop matching), and
# `range(n - k)` (one short).

# %%
image = np.array(
    [
        [1, 4, 12, 11, 0, 2],
        [9, 15, 3, 0, 4, 17],
        [1, 4, 8, 6, 6, 10],
        [16, 10, 0, 11, 13, 6],
        [0, 2, 9, 3, 0, 8],
        [2, 14, 12, 5, 14, 1],
    ]
)
kernel = np.array([[3, 0, 8], [1, 5, 10], [0, 2, 9]])

# %% [markdown]
# Lay the kernel on the top left corner. Multiply each pixel by the weight on it, then add up the nine
# products.

# %%
window = image[0:3, 0:3]
assert int((window * kernel).sum()) == 293
window * kernel, int((window * kernel).sum())

# %% [markdown]
# That is one number of the output: 293. For the next one, move the window a column to the right.
#
# ### Predict: the second number
#
# Take a pencil. **a** 145, **b** 200, **c** 216, **d** 293

# %%
second = int((image[0:3, 1:4] * kernel).sum())
assert second == 200
second

# %%
figures.windows(image, kernel, [(0, 0), (0, 1), (0, 2)])

# %% [markdown]
# **b**: 12 + 0 + 88 + 15 + 15 + 0 + 0 + 16 + 54 is 200. (The lecture's slide prints 216: the products are
# right, the sum is not. Printed numbers deserve a check.) The window moves, the kernel stays the same, and
# every stop gives one number.

# %% [markdown]
# Now let the window walk. Press Play, drag the slider, or click on the grid and use the arrow keys. Leave
# padding and stride alone: they are the next lesson. Change a weight and watch the sum.

# %%
ConvolutionStepper(image, kernel)

# %% [markdown]
# Sixteen windows fit into the picture, so the output has 4 × 4 numbers. Along a side of n pixels a kernel of
# k weights has **n − k + 1** places.
#
# ### Your turn 1: the whole output
#
# Slide the window over every place where the kernel fits: two loops, one sum. A picture of shape (n, m)
# under a kernel of shape (k, l) gives shape (n − k + 1, m − l + 1). For `[[1, 2], [0, 3]]` and the kernel
# `[[0.5, -1]]` the answer is `[[-1.5], [-3]]`.


# %% tags=["exercise"]
def correlate(image, kernel):
    """All window sums of an image, as an array of shape (n - k + 1, m - l + 1)."""
    ### BEGIN SOLUTION
    height, width = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = image[i : i + height, j : j + width]
            result[i, j] = (window * kernel).sum()
    return result
    ### END SOLUTION


# %%
check.correlate(correlate)

# %% [markdown]
# SciPy has it ready made; `mode="valid"` means: only where the kernel fits. The course's `correlate2d`
# gives the same.

# %%
result = signal.correlate2d(image, kernel, mode="valid")
np.testing.assert_array_equal(correlate2d(image, kernel), result)
assert result[0].tolist() == [293, 200, 145, 341]
result, int(np.abs(correlate2d(image, kernel) - result).max())

# %% [markdown]
# ## 3. Cross-correlation or convolution?
#
# In mathematics, a **convolution** turns the kernel by 180° before it slides: last row first, last
# column first. What you did until now, without the turn, is a **cross-correlation**.

# %% [markdown] tags=["notes"]
# **4 minutes.** Ask: "Does it matter?" For a learned kernel it does not: the network learns the turned
# one. It matters when you compare libraries or copy a kernel from a book. Expected confusion:
# turning by 180° is not transposing. Turn a sheet of paper on the table to show it.

# %%
turned = correlate2d(image, kernel[::-1, ::-1])
np.testing.assert_array_equal(turned, signal.convolve2d(image, kernel, mode="valid"))
np.testing.assert_array_equal(turned[0], [217, 275, 246, 214])
kernel[::-1, ::-1], turned

# %% [markdown]
# 217 in the corner instead of 293: another operation. Which of the two is inside a convolutional
# network?
#
# ### Predict: which one does Keras compute?
#
# Keras calls it `conv`. It wants a batch of pictures with channels, so the arrays get extra axes of
# length 1. Will the corner be **a** 293 or **b** 217?

# %%
as_batch = image[np.newaxis, :, :, np.newaxis].astype("float32")
as_weights = kernel[:, :, np.newaxis, np.newaxis].astype("float32")
from_keras = keras.ops.convert_to_numpy(keras.ops.conv(as_batch, as_weights))[0, :, :, 0]
np.testing.assert_allclose(from_keras, correlate2d(image, kernel))
from_keras

# %% [markdown]
# **a**: Keras computes the cross-correlation and calls it a convolution, as the whole field does. So will
# this course, and the layer is called `Conv2D`. The switch in the stepper shows both.

# %% [markdown]
# ### Question 1 <!-- compute -->
#
# A notebook finds edges with `signal.convolve2d` and then takes the absolute value. The kernel is
# `[[1, 0, -1]] * 3`. Would `signal.correlate2d` have given another picture?
#
# <details><summary>Answer</summary>
#
# No. Turned by 180°, this kernel becomes its own negative, so the two responses differ in sign only, and
# the absolute value removes the sign.
#
# - "Yes, they are different operations": they are, but not for every kernel. For a kernel that a half turn
#   leaves as it is (a blur, for instance) they agree to the last digit.
# - "No, because SciPy turns it back": it does not. `convolve2d` turns, `correlate2d` does not.
#
# </details>
#
# ## 4. Edges in a photograph
#
# Enough small numbers. Here are bricks, 512 × 512 gray pixels, 0 for black and 255 for white. Two filters
# look for edges: one takes left minus right, with 1 in the left column and −1 in the right; its
# transpose takes top minus bottom.

# %% [markdown] tags=["notes"]
# **8 minutes** with the live filter. Before the figure: "Which joints will the filter find?" Many say the
# horizontal ones, because the kernel's *rows* are equal. Let the picture decide. Keep the filter on the
# screen and take kernels from the room: "Double all weights!", "Make them add up to 1!", "Only one 1, at the
# side!" (That moves the picture; Going further has the exercise.)
#
# If somebody subtracts `uint8` pixels without NumPy's help: 10 − 20 is 246. `correlate2d` widens the type.

# %%
brick = data.photograph("brick")
left_right = np.array([[1, 0, -1]] * 3)
top_bottom = left_right.T
response_lr = correlate2d(brick, left_right)
response_tb = correlate2d(brick, top_bottom)
brick.shape, response_lr.shape

# %% [markdown]
# ### Predict: which joints?
#
# All three rows of `left_right` are 1, 0, −1. Which mortar joints will it find, **a** the vertical or **b**
# the horizontal ones? Think of a window in the middle of a brick, then of one on the rim of a joint.

# %%
assert round(float(np.abs(response_lr).mean() / np.abs(response_tb).mean()), 1) == 2.7
figures.edge_strengths(brick, response_lr, response_tb)

# %% [markdown]
# **a**: left minus right is the **vertical** edge filter. Inside a brick it gives almost zero: the bricks
# vanish, the mortar lights up. The figure shows the absolute value, since the difference is positive on one
# flank of a joint, negative on the other. The long joints are vertical here, so this filter answers 2.7 times
# as strongly on average.

# %% [markdown]
# Other weights, other jobs. A kernel whose weights add up to **0** is blind to plain areas and sees
# changes. One whose weights add up to **1** keeps the brightness and changes the texture.

# %%
kernels = {
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "Sobel": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    "Laplace": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
}
assert [round(float(k.sum()), 6) for k in kernels.values()] == [1, 1, 0, 0]
detail = brick[150:246, 200:296]
figures.kernel_bank(detail, kernels, [correlate2d(detail, k) for k in kernels.values()])

# %% [markdown]
# Purple is positive, orange negative: for Sobel, bright on the left or on the right. Sobel is the vertical
# filter with more trust in its own row; Laplace answers to a change in any direction.
#
# Now try your own. Choose a kernel from the menu, then change its weights. Double them all, make them add up
# to 1, leave only one: what happens?

# %%
LiveFilter(brick[100:265, 100:265])

# %% [markdown]
# ### Question 2 <!-- choose -->
#
# You slide the Sobel kernel over a picture of nothing but fog: every pixel is 200. What comes out? And
# with the blur?
#
# <details><summary>Answer</summary>
#
# Sobel gives 0 everywhere, the blur 200 everywhere: on equal pixels a response is the pixel times the
# **sum of the weights**.
#
# - "Sobel gives 200": that would need weights that add up to 1.
# - "Zero inside, but not at the border": true only with padding, which adds black pixels around the fog
#   and so makes an edge. Here the kernel stays inside the picture.
# - "The blur makes it darker": it would if its weights added up to less than 1.
#
# </details>
#
# ## 5. Wherever it is
#
# The same weights at every place have a consequence. Point the camera a little higher and to the left, and
# the wall moves down and to the right. What does its map do?

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask: "Would a dense layer do that?" No: move the picture and every unit sees other pixels
# through other weights. Equivariance (the map moves too) is not invariance (the answer stays the same):
# the latter is what pooling and the classifier add.

# %%
down, right = 40, 25
top, left = 150 - down, 150 - right
here, moved = brick[150:350, 150:350], brick[top : top + 200, left : left + 200]
map_here, map_moved = correlate2d(here, left_right), correlate2d(moved, left_right)
figures.moved_maps((here, moved), (map_here, map_moved), (down, right))

# %% [markdown]
# The map moves along. To the last digit? Cut the same view out of the *map* of the whole wall, and take the
# largest difference:

# %%
moved_along = response_lr[top : top + 198, left : left + 198]
np.testing.assert_array_equal(map_moved, moved_along)
int(np.abs(map_moved - moved_along).max())

# %% [markdown]
# No difference: this is **translation equivariance**. One kernel finds its edge everywhere; a dense layer would
# have to learn it at each place anew.
#
# ## 6. A volume in: what comes out?
#
# A color picture is a volume: height × width × 3. So is its kernel: 3 × 3 × **3**, one table for red, one
# for green, one for blue. SciPy's `correlate` slides in all three directions.

# %% [markdown] tags=["notes"]
# **10 minutes** with the exercise. The commonest wrong idea of the lesson: "a color picture gives three
# maps". Take the vote, then count the products in the figure together: 12 in the figure, 27 for 3 × 3, and
# one sum. Ask for the places of the kernel along the depth. Then: "How do I get sixteen maps?" (Sixteen
# kernels.)
#
# With the second stepper, let the room predict the next number of the last map before you press Next. "Which
# bias leaves one place alive?"
#
# In the exercise the layout comes up: one kernel of 1 × 1 on 3 channels has the shape (1, 1, 3, 1).

# %%
coffee = data.photograph("coffee") / 255
edges = np.repeat(left_right[:, :, np.newaxis], 3, axis=2)
coffee.shape, edges.shape

# %% [markdown]
# ### Predict: how many maps?
#
# The photograph is 400 × 600 × 3, the kernel 3 × 3 × 3. What is the shape of the result?
# **a** 398 × 598 × 1, **b** 398 × 598 × 3, **c** 398 × 598 × 9

# %%
slid = signal.correlate(coffee, edges, mode="valid")
assert slid.shape == (398, 598, 1)
slid.shape

# %%
volume = np.array(
    [
        [[3, 0, 0], [3, 1, 0], [0, 2, 2], [0, 0, 3]],
        [[3, 1, 1], [3, 0, 0], [0, 2, 3], [1, 1, 3]],
        [[0, 0, 2], [2, 0, 0], [1, 1, 1], [0, 3, 0]],
        [[1, 2, 0], [0, 1, 1], [0, 0, 0], [2, 0, 2]],
    ]
)
color_kernel = np.array([[[1, 0, -1], [2, -1, 0]], [[0, 1, -2], [1, 0, 1]]])
figures.volume_under_kernel(volume, color_kernel, bias=-3)

# %% [markdown]
# **a**. Each channel meets its own table of the kernel, and at each place the three sums are added up. The
# kernel is as deep as the picture, so along the depth there is only one place for it: **one kernel gives one
# map**, whatever the depth.

# %% [markdown]
# At the end two small steps: add a number, the **bias**, and set what is negative
# to zero, the **ReLU**. Step through it, and change weights and bias.

# %%
VolumeStepper(volume, color_kernel, bias=-3)

# %% [markdown]
# A second kernel asks about color: the average red of its window minus the average blue. Stack both along a
# fourth axis, the layout of Keras: (height, width, depth, N).

# %%
warm = np.zeros((3, 3, 3))
warm[:, :, 0], warm[:, :, 2] = 1 / 9, -1 / 9
bank = np.stack([edges, warm], axis=-1)
maps = correlate_volume(coffee, bank)
np.testing.assert_allclose(maps[:, :, :1], slid, atol=1e-9)
assert bank.shape == (3, 3, 3, 2) and maps.shape == (398, 598, 2)
bank.shape, maps.shape

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
saucer, rim = maps[160:180, 120:140, 1], maps[90:110, 380:400, 1]
assert round(float(saucer.mean() / rim.mean()), 1) == 3.5
### END HIDDEN TESTS
figures.edges_and_warmth(coffee, maps)

# %% [markdown]
# **N kernels give N maps.** The second one is 3.5 times as bright on the red saucer as on the white rim
# of the cup. A gray photograph has lost that difference, and no kernel can bring it back.
#
# ### One pixel wide
#
# The warm kernel hardly needs its window. Shrink it to 1 × 1 × 3: three weights, which look at one pixel and
# mix its channels. Such a **1 × 1 convolution** changes the depth and leaves height and width as they are. You
# will meet it wherever a network has more maps than it wants.
#
# ### Your turn 2: find a color
#
# Write a function that makes a Keras layer, `keras.layers.Conv2D(1, 1, activation="relu")`, which finds a
# color: its three weights are the color **minus the mean of its three numbers**, its bias is 0. For red, `[1,
# 0, 0]`, they are 2/3, −1/3, −1/3. They add up to 0, so the layer is blind to every gray.
#
# `layer.build((None, None, None, 3))` makes the weights for three channels, `layer.set_weights([kernels, bias])`
# fills them in: kernels of shape (1, 1, 3, 1), a bias of shape (1,).


# %% tags=["exercise"]
def color_finder(color):
    """A 1 x 1 convolution of Keras that answers to one color, an array of 3 numbers."""
    ### BEGIN SOLUTION
    layer = keras.layers.Conv2D(1, 1, activation="relu")
    layer.build((None, None, None, 3))
    chosen = color - np.mean(color)
    layer.set_weights([chosen.reshape(1, 1, 3, 1), np.zeros(1)])
    return layer
    ### END SOLUTION


# %%
check.color_finder(color_finder)

# %% [markdown]
# ## 7. Bias, ReLU: a layer
#
# How strong must a response be to count? The bias says it. Look at what a filter, a bias of −100 and the ReLU
# make of the wall.

# %% [markdown] tags=["notes"]
# **7 minutes** with the exercise. Ask before the figure: "What does a negative bias do to the weak
# responses?" Then ask what the ReLU does to the *other* flank of each joint: it is gone. "How would you get it
# back?" (A second kernel, turned by 180°.)
#
# "How many weights has the layer?" You will hear 27 and 432. 448, with the sixteen biases.

# %%
patch = brick[200:300, 200:300]
filtered = correlate2d(patch, left_right)
bias = -100
### BEGIN HIDDEN TESTS
assert 0.37 < (filtered > 0).mean() < 0.43 and (filtered + bias > 0).mean() < 0.12
### END HIDDEN TESTS
figures.bias_and_relu(patch, filtered, bias)

# %% [markdown]
# Without the bias, two places in five are above zero, most of them grain. With it, one side of each vertical
# joint is left. Try −30, or 50.
#
# Kernels, a bias for each, ReLU: this is all that the layer `Conv2D(16, 3, activation="relu")` does.

# %%
rng = np.random.default_rng(7)
filters, biases = rng.normal(size=(3, 3, 3, 16)), np.full(16, -0.5)
feature_maps = np.maximum(correlate_volume(rng.random((6, 6, 3)), filters) + biases, 0)
parameters = filters.size + biases.size
assert feature_maps.shape == (4, 4, 16) and feature_maps.min() == 0
assert parameters == 16 * (3 * 3 * 3 + 1) == 448
feature_maps.shape, parameters

# %% [markdown]
# Sixteen **feature maps** of 4 × 4, from 448 parameters, and no more on a picture of 1300 × 1300 pixels. Compare
# with section 1.
#
# ### Your turn 3: a convolutional layer
#
# Write the whole layer, as the figure of section 6 has it. For each of the N kernels: cross-correlate every
# channel with its table (you may call `correlate2d`), add up, add the bias, apply the ReLU. The N maps become
# the last axis. For one channel `[[1, 2], [3, 4]]`, kernels of one weight, 1 and −1, and biases −2 and 3, the
# maps are `[[0, 0], [1, 2]]` and `[[2, 1], [0, 0]]`.


# %% tags=["exercise"]
def convolutional_layer(volume, kernels, bias):
    """Feature maps, shape (H', W', N), of a volume (H, W, C) under kernels (kh, kw, C, N)."""
    ### BEGIN SOLUTION
    maps = []
    for n in range(kernels.shape[3]):
        total = bias[n]
        for c in range(volume.shape[2]):
            total = total + correlate2d(volume[:, :, c], kernels[:, :, c, n])
        maps.append(np.maximum(total, 0))
    return np.stack(maps, axis=-1)
    ### END SOLUTION


# %%
check.convolutional_layer(convolutional_layer)

# %% [markdown]
# ### Question 3 <!-- build -->
#
# A layer has 10 kernels of 3 × 3 and looks at the 16 feature maps from before, 4 × 4 × 16. What is the
# shape of its output, and how many parameters has it?
#
# <details><summary>Answer</summary>
#
# The output is 2 × 2 × 10; the layer has 10 · (3 · 3 · 16 + 1) = 1450 parameters.
#
# - "2 × 2 × 160": each kernel adds up over all 16 maps, so it gives one map, not 16.
# - "100 parameters": that is 10 · (3 · 3 + 1). A kernel is as deep as its input, 16 here.
# - "1440": the ten biases are missing.
#
# </details>
#
# ## 8. Kernels are learned
#
# So far a person chose the weights. A network starts from noise and **learns** them, by gradient descent. For
# that it needs the slope of the loss along each weight.
#
# Say we know, for every number of the map, how fast the loss grows with that number: call this its
# **error**. One weight took part in all windows. In each it met a pixel: with 1 more on the weight, the
# number of that window grows by this pixel. So **each weight collects error × pixel over all windows**.

# %% [markdown] tags=["notes"]
# **9 minutes**, five of them for the exercise. Draw the four windows on the board, point at the top right
# weight and ask which pixel it meets in each. Wrong answers that will come in the exercise: the mean in place
# of the sum, the error turned by 180° (that is for the pixels), one window only. Whoever notices that the loops
# of "Your turn 1" do it: yes.
#
# The step from "somebody designs filters" to "the data designs filters" is the step from the 1980s to today:
# give it a moment of silence. Then let the room name nine numbers for `hidden`. If someone asks why the loss
# is tiny long before the weights are right: neighboring pixels are alike, so many kernels give almost the
# same response. That is the long valley of lesson {linear_regression} again.

# %%
pixels, error = image[:3, :3], np.array([[1, -2], [0, 3]])
assert correlate2d(pixels, error).tolist() == [[38, -11], [-9, 33]]
figures.weight_collects(pixels, error, weight=(0, 1))

# %% [markdown]
# ### Your turn 4: the gradient of a kernel
#
# Write this for every weight. A picture of shape (n, m) and an error of shape (r, s) give a gradient of the shape
# of the kernel, (n − r + 1, m − s + 1). For `pixels` and `error` above it is `[[38, -11], [-9, 33]]`. The
# check compares yours with a small move of each weight, and with Keras.


# %% tags=["exercise"]
def kernel_gradient(image, error):
    """Slope of the loss along every weight of the kernel whose map has this error."""
    ### BEGIN SOLUTION
    height, width = error.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    gradient = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            met = image[i : i + height, j : j + width]
            gradient[i, j] = (met * error).sum()
    return gradient
    ### END SOLUTION


# %%
check.kernel_gradient(kernel_gradient)

# %% [markdown]
# Did you notice? These are the loops of your first exercise: the gradient is the cross-correlation of the
# picture **with the error**.
#
# ### Hide nine numbers
#
# Now let a machine find a kernel. We hide the vertical filter and show only a thumbnail of the wall and its
# response. Afterwards hide nine numbers *of your own*, and run the cells from here again.

# %%
hidden = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
thumbnail = brick[::12, ::12].astype(float)
thumbnail = (thumbnail - thumbnail.mean()) / thumbnail.std()
target = correlate2d(thumbnail, hidden)


# %% [markdown]
# The loss is the mean squared difference of the two responses. Its slope along each number of the map is twice
# the difference over how many numbers there are; the gradient is what you have written. Start from noise and
# walk downhill.


# %%
def descend(guess, steps, rate=0.1):
    guesses, losses = [], []
    for _ in range(steps):
        difference = correlate2d(thumbnail, guess) - target
        guesses.append(guess)
        losses.append((difference**2).mean())
        guess = guess - rate * correlate2d(thumbnail, 2 * difference / difference.size)
    return np.array(guesses), np.array(losses)


noise = np.random.default_rng(7).normal(0, 0.5, (3, 3))
guesses, losses = descend(noise, steps=150)
### BEGIN HIDDEN TESTS
assert np.abs(guesses[-1] - hidden).max() < 0.01
assert losses[-1] < losses[0] / 1e6
### END HIDDEN TESTS
figures.kernels_learning(guesses, hidden, [0, 1, 3, 10, 149])

# %% [markdown]
# Every weight ends within 0.01 of the hidden one. Nobody told the machine what an edge is; the data did.
# Turn the pages to see it happen.

# %%
responses = np.array([correlate2d(thumbnail, guess) for guess in guesses])
figures.learning_book(guesses, losses, responses)

# %% [markdown]
# A network does this for thousands of kernels at once, and its target is not a response but the right
# answer at the far end. You will train one in
# [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb).
#
# ## Going further
#
# Nothing after this lesson needs what follows here.
#
# ### Your turn 5: a kernel that moves the picture
#
# Find the 3 × 3 kernel that moves the whole picture **one pixel to the right**, and changes nothing else. The
# small tiles of the live filter show it.

# %% [markdown] tags=["notes"]
# **Homework**, all of this section. "Your turn 5" is a gem for a full room, too: let them vote on the place of the
# 1 first. Most put it on the right.

# %% tags=["exercise"]
move_right = (
    ### BEGIN SOLUTION
    np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])
    ### END SOLUTION
)

# %%
check.move_right(move_right)

# %% [markdown]
# ### Larger kernels, and one dimension
#
# Kernels come in many sizes: Padman's slides show 3, 4 and 5. A larger one sees more at once, has more
# weights and leaves a smaller map.

# %%
sizes = {k: correlate2d(brick, np.full((k, k), 1 / k**2)).shape for k in (3, 4, 5)}
assert sizes == {3: (510, 510), 4: (509, 509), 5: (508, 508)}
sizes

# %% [markdown]
# 512 − k + 1 each time. And nothing here is special to pictures: a **time series** is a picture with one
# row. Take two weeks of hourly temperatures (simulated: a slow warming, a daily cycle, some noise) and a
# kernel of 24 equal weights.

# %%
hours = np.arange(14 * 24)
daily_cycle = 5 * np.sin(2 * np.pi * (hours - 9) / 24)
weather = np.random.default_rng(7).normal(0, 1, hours.size)
temperature = 8 + 6 * hours / hours.size + daily_cycle + weather
trend = np.correlate(temperature, np.full(24, 1 / 24), mode="valid")
assert np.ptp(temperature) > 12
assert np.ptp(trend - np.linspace(trend[0], trend[-1], trend.size)) < 1.5
figures.signals(hours / 24, {"hourly": temperature, "24-hour kernel": trend}, "day", "°C")

# %% [markdown]
# The swing from day to night cancels out, and the warming remains.
#
# ### Without loops over pixels
#
# Loops over pixels are slow in Python. NumPy can lay out all windows at once, without copying a pixel.

# %%
windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
at_once = (windows * kernel).sum(axis=(2, 3))
np.testing.assert_array_equal(at_once, result)
windows.shape, int(np.abs(at_once - result).max())

# %% [markdown]
# Four by four windows of three by three pixels, and no difference. The course's `correlate2d` turns this
# inside out: it loops over the nine *weights*. Read it; it is a dozen lines.
#
# ### The gradient of the pixels
#
# In a deep network the layer below needs to know its error, too: the slope along each *pixel*. A pixel was
# met by several weights, each in another window, so it collects **error × weight**. The window that starts
# furthest left meets it with its rightmost weight: the kernel is turned by 180°, and windows may stick out
# (`"full"`). Compare with a move of each pixel:

# %%
small_kernel = np.array([[2, -1], [0, 3]])
by_rule = signal.convolve2d(error, small_kernel, mode="full")
by_moving = np.zeros((3, 3))
for place in np.ndindex(3, 3):
    nudged = pixels.astype(float)
    nudged[place] += 1
    by_moving[place] = (correlate2d(nudged - pixels, small_kernel) * error).sum()
np.testing.assert_allclose(by_moving, by_rule)
by_rule, by_moving

# %% [markdown]
# The convolution of the mathematicians, with the turn: here it is, inside every network, on the way back.
#
# ### Challenge
#
# Design a kernel, of any size, that finds the **corners** of the bricks: strong where a vertical joint meets
# a horizontal one, weak elsewhere. Or combine the maps of several kernels. Show your map beside the
# photograph and say where it fails.
#
# If you are early: design it in the live filter. If you want a week: mark the corners of one photograph by
# hand, let `descend` learn a kernel of 7 × 7 from your marks, and test it on another photograph.

# %% [markdown] tags=["notes"]
# The challenge works well as homework in pairs: one designs, the other looks for a place where it fails.
# Good starts: a cross of ones on a ground of negative weights; the product of |vertical| and |horizontal| after
# a blur (the idea behind the Harris detector).

# %% [markdown]
# ## What you can do now
#
# - **Compute** a convolution: lay the kernel on, multiply, add, move on; two loops do it. Keras computes the
#   cross-correlation; with a half turn of the kernel it would be a convolution.
# - **Choose** weights: those that add up to 0 see changes, those that add up to 1 keep the brightness, and
#   three of them, 1 × 1 × 3, find a color.
# - **Build** a layer: N kernels as deep as the input, N maps, a bias each, ReLU. All places share the
#   weights, so a map moves with the picture.
# - **Derive** the gradient: each weight collects error × pixel over all windows. That is how kernels are
#   learned.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("convolution")

# %% [markdown]
# ## Common mistakes
#
# - Subtracting `uint8` pixels: 10 − 20 is 246. Convert them to a wider type first.
# - Matrix multiplication (`@`) where an entry-by-entry product (`*`) is meant.
# - "Three colors, three maps." A kernel adds up over the whole depth.
# - Reading a kernel from a book that means the *other* operation: it finds the edge with the other
#   sign.
#
# ## Where next
#
# Our maps shrink by two pixels with every layer, and the pixels at the border count less than the others.
# [{padding_and_stride} Padding and stride](padding_and_stride.ipynb) takes control of the size.
