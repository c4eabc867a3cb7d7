# %% [markdown]
# # Convolution
#
# **How can nine numbers find every edge in a photograph?** You are about to slide a tiny table of
# weights over a picture of a brick wall. The mortar lights up, the bricks vanish. The same nine
# numbers work on a face, a street, a scan of a lung, and a network can find them by itself.
#
# **45 minutes** · **You need:** NumPy arrays, and gradient descent from
# [{linear_regression} Linear regression](linear_regression.ipynb).
#
# **When you are done, you can**
#
# - **compute** a convolution with pencil and paper, and check a printed one
# - **explain** why a convolution needs so few weights, and why it finds a thing wherever it is
# - **tell apart** cross-correlation and convolution, and say which one Keras computes
# - **choose** a kernel for an edge, a blur or a color, and predict its response
# - **build** a layer of feature maps from a color photograph: kernels, bias, ReLU
#
# **Sources:** I. E. I. Bekkouch, *Image Classification with CNNs* (Innopolis University, 2023);
# Y. Chammami, *Exploring the Power of Conv'Nets*; I. Heredia, *Image classification* (Santander, 2022);
# P. Padman, *Training a CNN to Classify Images*; E. Rantsiou, *Convolutional Neural Networks basics*
# (LENS ML School, 2021), whose worked example you will check.

# %% [markdown] tags=["notes"]
# Show the brick wall (section 5) before you show this page. Ask: "What would you compute
# from neighboring pixels to find the mortar?" You will hear "the difference". Keep that word: the
# whole lesson is a difference that slides.
#
# Ten minutes short? Skip sections 8 and 9; nothing after them needs them.

# %% [markdown]
# ## Setup

# %%
from lessons.convolution import check, figures
from utils import board, data, plots
from utils.convolution import convolve2d, correlate2d, correlate_volume
from utils.quiet import keras
from lessons.convolution.live_filter import LiveFilter
from lessons.convolution.stepper import ConvolutionStepper

from timeit import repeat

import numpy as np
from scipy import signal

plots.style()

# %% [markdown]
# ## 1. Why not a dense layer?
#
# In a dense layer every unit looks at every pixel, through a weight of its own. Take a gray picture of
# 1300 × 1300 pixels and a layer of 1000 units.

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask for a guess of the number of weights before you run the cell. Most people say
# "a million or so". Then ask: "And in color?" (Times 3.) The point to leave in the room: the
# count is one half of the argument. The other half is that a dense layer has to learn the same edge
# again at each place.

# %%
weights = 1000 * 1300 * 1300
assert weights == 1_690_000_000
assert round(4 * weights / 1e9, 1) == 6.8  # gigabytes
weights

# %% [markdown]
# 1.69 billion weights for one layer, and three times as many in color. As 32-bit numbers they fill
# 6.8 GB. And there is a second trouble: a unit that has learned to see an edge in the top left corner
# knows nothing about the same edge in the bottom right.
#
# A **convolution** changes two things. Each unit looks only at a small window, and all units use **the
# same weights**.

# %%
figures.dense_and_convolution()

# %% [markdown]
# On the left, 63 weights. On the right, three: the solid, the dashed and the dotted line keep their
# weight wherever they go. This is **parameter sharing**, and the small table of shared weights is the
# **kernel**.
#
# ## 2. One window at a time
#
# Here are the picture and the kernel of Rantsiou's lecture. Six by six pixels, three by three weights:
# small enough for a pencil.

# %% [markdown] tags=["notes"]
# **8 minutes**, the heart of the lesson. Do the first sum on the board, term by term: 3 + 0 + 96 + 9 + 75
# + 30 + 0 + 8 + 72 = 293. Then let the room do the second with pencils before anybody runs a cell.
#
# Wrong answers that will come: 216 (copied from the slide), 145 (moved by two columns), "multiply the
# matrices" (draw a row-times-column cross over it: this product is entry by entry).

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
window * kernel

# %%
first = int((window * kernel).sum())
assert first == 293
first

# %% [markdown]
# That is one number of the output: 293. For the next one, move the window a column to the right.
#
# ### Predict: the second number
#
# The slide prints **216** for the second window. Take a pencil: what do *you* get? Then run the cell.

# %%
second = int((image[0:3, 1:4] * kernel).sum())
assert second == 200  # not 216
second

# %%
figures.windows(image, kernel, [(0, 0), (0, 1), (0, 2)])

# %% [markdown]
# The sum is 200. The slide writes the nine products down correctly, then adds them up wrongly:
# 12 + 0 + 88 + 15 + 15 + 0 + 0 + 16 + 54 is 200. Printed numbers deserve a check, always. The figure shows
# the first three windows of the top row.
#
# The window moves, the kernel stays the same, and every stop gives one number.

# %% [markdown]
# ### Your turn 1: sum one window
#
# Write a function that returns the sum for the window whose top left pixel is at `(row, column)`. The
# kernel may have any size. For `(0, 1)` it must give the second number above.


# %% tags=["exercise"]
def window_sum(image, kernel, row, column):
    """Sum of the products of the kernel with the window whose top left pixel is (row, column)."""
    ### BEGIN SOLUTION
    height, width = kernel.shape
    window = image[row : row + height, column : column + width]
    return (window * kernel).sum()
    ### END SOLUTION


# %%
check.window_sum(window_sum)

# %% [markdown]
# ### The stepper
#
# Now let the window walk. Press Play, drag the slider, or click on the grid and use the arrow keys. Change
# a weight and watch the sum. Leave padding and stride alone for now: they are the next lesson.

# %%
ConvolutionStepper(image, kernel)

# %% [markdown]
# Sixteen windows fit into the picture, so the output has 4 × 4 numbers: a kernel of 3 loses two rows and
# two columns. In general **n − k + 1** are left of n.
#
# ## 3. Loops, a library, a faster way
#
# One window is a sum; the whole output is two loops around it.

# %% [markdown] tags=["notes"]
# **7 minutes.** Give them five for the exercise. Who finishes early compares with `scipy.signal.correlate2d`.
# Wrong answers that will come: an output as large as the input (they loop over all pixels and run off the
# edge: NumPy cuts the slice silently, and the shapes stop matching), `range(n - k)` (one short).

# %% [markdown]
# ### Your turn 2: the whole output
#
# Slide the window over every place where the kernel fits. Two loops are fine. The result of a picture of
# shape (n, m) under a kernel of shape (k, l) has shape (n − k + 1, m − l + 1).


# %% tags=["exercise"]
def correlate(image, kernel):
    """All window sums of an image, as an array of shape (n - k + 1, m - l + 1)."""
    ### BEGIN SOLUTION
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            result[i, j] = (window * kernel).sum()
    return result
    ### END SOLUTION


# %%
check.correlate(correlate)

# %% [markdown]
# SciPy has it ready made. `mode="valid"` means: only where the kernel fits.

# %%
result = signal.correlate2d(image, kernel, mode="valid")
result

# %% [markdown]
# Compare with what the slide prints. How many of its sixteen numbers are right?

# %%
slide = np.array(
    [[293, 216, 158, 342], [181, 258, 278, 352], [234, 230, 273, 308], [293, 264, 280, 206]]
)
assert (slide == result).sum() == 4
figures.slide_against_result(slide, result)

# %% [markdown]
# Only four: 293, 278, 352 and 264. The method on the slide is right; the arithmetic is not. You will not
# have to add by hand again.
#
# Loops over pixels are slow in Python. NumPy can lay out all windows at once, without copying a
# pixel, and multiply them by the kernel in one go.

# %%
windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
fast = (windows * kernel).sum(axis=(2, 3))
np.testing.assert_array_equal(fast, result)
{"windows": windows.shape, "largest difference": int(np.abs(fast - result).max())}

# %% [markdown]
# Four by four windows of three by three pixels, and the same sixteen sums. The version in the course's
# `utils`, `correlate2d`, turns this inside out: it loops over the nine *weights* instead of the
# windows. Read it; it is a dozen lines. How much does it save on a photograph?

# %%
photo = data.photograph("brick")[:128, :128]


def loops(image, kernel):
    height, width = kernel.shape
    result = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for i, j in np.ndindex(result.shape):
        result[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
    return result


difference = loops(photo, kernel) - correlate2d(photo, kernel)
np.testing.assert_array_equal(difference, np.zeros((126, 126)))
float(np.abs(difference).max())

# %% tags=["measured"]
by_loops = min(repeat(lambda: loops(photo, kernel), number=1, repeat=3))
by_weights = min(repeat(lambda: correlate2d(photo, kernel), number=1, repeat=30))
assert by_loops > 20 * by_weights
f"{by_loops / by_weights:.0f} times as fast as loops"

# %% [markdown]
# The same numbers, more than 20 times as fast. (Of several runs the fastest counts: it is the one that the
# other programs of your computer disturbed least.)
#
# ### Check another slide
#
# Padman's lecture prints the result `[[4, 3, 4], [2, 4, 3], [2, 3, 4]]`. On some of its slides the middle
# row of the kernel reads 0 1 1, on others 0 1 0. Which kernel made the result?

# %%
letters = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
middle_010 = correlate2d(letters, [[1, 0, 1], [0, 1, 0], [1, 0, 1]])
middle_011 = correlate2d(letters, [[1, 0, 1], [0, 1, 1], [1, 0, 1]])
np.testing.assert_array_equal(middle_010, [[4, 3, 4], [2, 4, 3], [2, 3, 4]])
np.testing.assert_array_equal(middle_011, [[5, 4, 4], [3, 5, 4], [3, 4, 4]])
middle_010, middle_011

# %% [markdown]
# The kernel with 0 1 0. With 0 1 1 the first number would be 5. And Chammami's version, with some minus
# signs in the picture, is right as printed:

# %%
signs = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, -1, 1, 1], [0, 0, -1, 1, 0], [0, 1, -1, 0, 0]]
)
by_chammami = correlate2d(signs, [[1, 0, 1], [0, 1, 0], [1, 0, 1]])
np.testing.assert_array_equal(by_chammami, [[2, 3, 2], [0, 2, 1], [-2, 1, 0]])
assert ((signs < 0).sum(), (by_chammami != middle_010).sum()) == (3, 8)
by_chammami

# %% [markdown]
# Three minus signs changed eight of the nine numbers: each pixel takes part in up to nine windows.
#
# ## 4. Cross-correlation or convolution?
#
# In mathematics, a **convolution** turns the kernel by 180° before it slides: last row first, last
# column first. What you did until now, without the turn, is a **cross-correlation**.

# %% [markdown] tags=["notes"]
# **4 minutes.** Ask: "Does it matter?" For a learned kernel it does not: the network learns the turned
# one. It matters when you compare libraries or copy a kernel from a book. Expected confusion:
# turning by 180° is not transposing. Turn a sheet of paper on the table to show it.

# %%
kernel[::-1, ::-1]

# %% [markdown]
# Both flips together are a half turn. SciPy has a function for each of the two operations, and so do the
# course's `utils`.

# %%
turned = convolve2d(image, kernel)
np.testing.assert_array_equal(turned, signal.convolve2d(image, kernel, mode="valid"))
np.testing.assert_array_equal(turned, correlate2d(image, kernel[::-1, ::-1]))
np.testing.assert_array_equal(turned[0], [217, 275, 246, 214])
turned, correlate2d(image, kernel[::-1, ::-1])

# %% [markdown]
# 217 in the corner instead of 293: another operation. Which of the two is inside a convolutional
# network?
#
# ### Predict: which one does Keras compute?
#
# Keras calls it `conv`. It wants a batch of pictures with channels, so the arrays get extra axes of
# length 1. Will the corner be 293 or 217?

# %%
as_batch = image[np.newaxis, :, :, np.newaxis].astype("float32")
as_weights = kernel[:, :, np.newaxis, np.newaxis].astype("float32")
from_keras = keras.ops.convert_to_numpy(keras.ops.conv(as_batch, as_weights))[0, :, :, 0]
np.testing.assert_allclose(from_keras, correlate2d(image, kernel))
from_keras

# %% [markdown]
# 293: **Keras computes the cross-correlation** and calls it a convolution, as the whole field does. So will
# this course, and the layer is called `Conv2D`. Flip the switch in the stepper above to see both.

# %% [markdown]
# ### Question 1 <!-- tell apart -->
#
# Rantsiou's notebook finds edges with `signal.convolve2d` and then takes the absolute value. The kernel is
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
# ## 5. Edges in a photograph
#
# Enough small numbers. Here are bricks, 512 × 512 gray pixels, 0 for black and 255 for white.

# %% [markdown] tags=["notes"]
# **8 minutes** with the live filter. Before the figure: "Which mortar lines will the vertical filter find,
# the standing or the lying ones?" Many say the lying ones, because the kernel's *rows* are equal. Let the
# picture decide. Keep the filter on the screen and take kernels from the room.

# %%
brick = data.photograph("brick")
assert brick.dtype == np.uint8
brick.shape

# %% [markdown]
# One warning first. Photographs are stored as `uint8`, which knows nothing below 0. Differences wrap
# around:

# %%
dark, bright = np.array([10], dtype=np.uint8), np.array([20], dtype=np.uint8)
assert (dark - bright)[0] == 246
dark - bright

# %% [markdown]
# 10 − 20 = 246! Convert to a wider type before you subtract. `correlate2d` does so by itself.
#
# The vertical edge filter is the difference between left and right: 1 in the left column, −1 in the right.
# The horizontal one is its transpose, top minus bottom.

# %%
vertical = np.array([[1, 0, -1]] * 3)
horizontal = vertical.T
response_v = correlate2d(brick, vertical)
response_h = correlate2d(brick, horizontal)

# %% [markdown]
# ### Predict: which joints?
#
# All three rows of the vertical filter are equal. Which mortar joints will it find, the standing or the
# lying ones? Think of a window in the middle of a brick, then of one that covers the left side of a joint.

# %%
figures.edge_maps(brick, response_v, response_h)

# %%
assert np.abs(response_v).mean() > 2 * np.abs(response_h).mean()
figures.edge_strengths(response_v, response_h)

# %% [markdown]
# In the middle the standing joints show up, on the right the lying ones. Purple is positive: bright on the
# left, dark on the right. Orange is negative, the other way around. Between the edges the response is near
# zero, the pale color in the middle of the map. Often the sign does not matter, so one takes the absolute
# value: the second figure.
#
# In this picture the long joints stand and the short ones lie. The numbers agree: on average the vertical
# response is more than twice as strong as the horizontal one.

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
detail = brick[150:246, 200:296]
sums = {name: round(float(k.sum()), 6) for name, k in kernels.items()}
assert sums == {"blur": 1, "sharpen": 1, "Sobel": 0, "Laplace": 0}
sums

# %%
figures.kernel_bank(detail, kernels, [correlate2d(detail, k) for k in kernels.values()])

# %% [markdown]
# Blur takes the grain away, sharpen brings it out. Sobel is the vertical filter with more trust in its own
# row; Laplace answers to a change in any direction.
#
# ### Try your own
#
# Choose a kernel from the menu, then change its weights. What happens if you double them all? If
# they add up to 1? If only one of them is not zero?

# %%
LiveFilter(brick[100:265, 100:265])

# %% [markdown]
# ### Your turn 3: a kernel that moves the picture
#
# Find the 3 × 3 kernel that moves the whole picture **one pixel to the right**, and changes nothing else. The
# live filter helps.

# %% tags=["exercise"]
move_right = (
    ### BEGIN SOLUTION
    np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])
    ### END SOLUTION
)

# %%
check.move_right(move_right)

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
# ## 6. Wherever it is
#
# The same weights at every place have a consequence. Move the picture, and the response moves
# along, otherwise unchanged. This is called **translation equivariance**.

# %% [markdown] tags=["notes"]
# **2 minutes.** Ask: "Would a dense layer do that?" No: move the picture and every unit sees other pixels
# through other weights. Equivariance (the map moves too) is not invariance (the answer stays the same):
# the latter is what pooling and the classifier add.

# %%
moved = np.roll(brick, shift=(40, 25), axis=(0, 1))
moved_response = correlate2d(moved, vertical)
np.testing.assert_array_equal(moved_response[40:, 25:], response_v[:-40, :-25])
int(np.abs(moved_response[40:, 25:] - response_v[:-40, :-25]).max())

# %% [markdown]
# `np.roll` moved the wall 40 pixels down and 25 to the right. The response, pixel for pixel, did the same.
# One kernel finds its edge everywhere; a dense layer would have to learn it at each place anew.
# (*Equivariance* is not *invariance*: the map moves as well. How still pooling can hold it is measured in
# [{pooling} Pooling](pooling.ipynb).)
#
# ## 7. Color, and many kernels
#
# A color picture is a volume: height × width × 3. So is its kernel: 3 × 3 × **3**, one table for red, one
# for green, one for blue.

# %% [markdown] tags=["notes"]
# **6 minutes.** The commonest wrong idea of the lesson: "a color picture gives three maps". Count the
# products together: 27, and one sum. Then ask: "How do I get sixteen maps?" (Sixteen kernels.) "How many
# weights are these?" (16 · 27, and 16 biases.)

# %%
coffee = data.photograph("coffee") / 255
edges = np.repeat(vertical[:, :, np.newaxis], 3, axis=2)
edges.shape

# %% [markdown]
# SciPy's `correlate` slides in all three directions.
#
# ### Predict: how many maps?
#
# The photograph is 400 × 600 × 3, the kernel 3 × 3 × 3. What is the shape of the result?

# %%
one_map = signal.correlate(coffee, edges, mode="valid")
assert one_map.shape == (398, 598, 1)
one_map.shape

# %% [markdown]
# 398 × 598 × 1: the kernel is as deep as the picture, so along the depth there is only one place for it.
# All 27 products are added up, so **one kernel gives one map**, whatever the depth.

# %% [markdown]
# A second kernel asks about color: the average red of the window minus its average blue. It answers "how
# warm is this place?"

# %%
warm = np.zeros((3, 3, 3))
warm[:, :, 0], warm[:, :, 2] = 1 / 9, -1 / 9
bank = np.stack([edges, warm], axis=-1)
maps = correlate_volume(coffee, bank)
np.testing.assert_allclose(maps[:, :, :1], one_map, atol=1e-9)
assert maps.shape == (398, 598, 2)
maps.shape

# %% [markdown]
# Two kernels, stacked along a fourth axis, give two maps, stacked along the depth. That is the layout of
# Keras: kernels are (height, width, depth, N), and **N kernels give N maps**.

# %% tags=["measured"]
### BEGIN HIDDEN TESTS
saucer, rim = maps[160:180, 120:140, 1], maps[90:110, 380:400, 1]
assert saucer.mean() > 2 * rim.mean()
### END HIDDEN TESTS
figures.edges_and_warmth(coffee, maps)

# %% [markdown]
# The second map is more than twice as bright on the red saucer as on the white rim of the cup. A gray
# photograph has lost that difference, and no kernel can bring it back.
#
# ### Bias and ReLU
#
# Two small steps turn this into the layer of a network. Add a number of its own to each map, the
# **bias**: it says how strong a response must be to count. Then set everything negative to zero, the
# **ReLU**. Rantsiou's slide says: N filters of 3 × 3 × 3 on a picture of 6 × 6 × 3 give 4 × 4 × N.

# %%
rng = np.random.default_rng(7)
picture = rng.random((6, 6, 3))
filters = rng.normal(size=(3, 3, 3, 16))
bias = np.full(16, -0.5)
feature_maps = np.maximum(correlate_volume(picture, filters) + bias, 0)
assert feature_maps.shape == (4, 4, 16)
assert feature_maps.min() == 0
feature_maps.shape

# %% [markdown]
# Sixteen **feature maps** of 4 × 4. This is all that the layer `Conv2D(16, 3, activation="relu")` does.
# Its weights: 16 kernels of 27, and 16 biases.

# %%
parameters = filters.size + bias.size
assert parameters == 16 * (3 * 3 * 3 + 1) == 448
parameters

# %% [markdown]
# 448 parameters, whether the picture has 6 × 6 pixels or 1300 × 1300. Compare with section 1.
#
# ### Your turn 4: a convolutional layer
#
# Write the whole layer: cross-correlate the volume with every kernel, add each map's bias, apply the ReLU.
# You may call `correlate_volume`.


# %% tags=["exercise"]
def convolutional_layer(volume, kernels, bias):
    """Feature maps, shape (H', W', N), of a volume (H, W, C) under kernels (kh, kw, C, N)."""
    ### BEGIN SOLUTION
    return np.maximum(correlate_volume(volume, kernels) + bias, 0)
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
# ## 8. Larger kernels, and one dimension
#
# Kernels come in many sizes: Padman's slides show 3, 4 and 5. A larger one sees more at once, has more
# weights and leaves a smaller map.

# %% [markdown] tags=["notes"]
# **3 minutes.** Let them predict the three shapes with n − k + 1 before running. For the time series,
# ask what kernel would show the *warming* from one day to the next (−1 … +1, 24 hours apart).

# %%
sizes = {k: correlate2d(brick, np.full((k, k), 1 / k**2)).shape for k in (3, 4, 5)}
assert sizes == {3: (510, 510), 4: (509, 509), 5: (508, 508)}
sizes

# %% [markdown]
# 512 − k + 1 each time. And nothing here is special to pictures. A **time series** is a picture with one
# row. Take two weeks of hourly temperatures (simulated: a slow warming, a daily cycle, some noise) and a
# kernel of 24 equal weights.

# %%
hours = np.arange(14 * 24)
noise = np.random.default_rng(7).normal(0, 1, hours.size)
daily_cycle = 5 * np.sin(2 * np.pi * (hours - 9) / 24)
temperature = 8 + 6 * hours / hours.size + daily_cycle + noise
trend = np.correlate(temperature, np.full(24, 1 / 24), mode="valid")

# %%
assert np.ptp(temperature) > 12
assert np.ptp(trend - np.linspace(trend[0], trend[-1], trend.size)) < 1.5
figures.signals(hours / 24, {"hourly": temperature, "24-hour kernel": trend}, "day", "°C")


# %% [markdown]
# The swing from day to night cancels out, and the warming remains. The same sliding sum, in one
# dimension.
#
# ## 9. Kernels are learned
#
# So far a person chose the weights. A network starts with random ones and **learns** them, by the
# gradient descent of lesson {linear_regression}. Let us play it through: hide the vertical filter, show only its response,
# and find the nine weights again. The pictures are a thumbnail of the wall and its response.

# %% [markdown] tags=["notes"]
# **4 minutes.** The step from "somebody designs filters" to "the data designs filters" is the step from the
# 1980s to today: give it a moment of silence. If someone asks why the loss is tiny long before the weights
# are right: neighboring pixels are alike, so many kernels give almost the same response. That is the long
# valley of lesson {linear_regression} again.

# %%
thumbnail = brick[::8, ::8].astype(float)
thumbnail = (thumbnail - thumbnail.mean()) / thumbnail.std()
target = correlate2d(thumbnail, vertical)

# %% [markdown]
# The loss is the mean squared difference between the two responses. Its gradient tells how much each of
# the nine weights is to blame, and it is again a cross-correlation: of the picture with the
# error.


# %%
def loss_and_gradient(kernel):
    error = correlate2d(thumbnail, kernel) - target
    return (error**2).mean(), 2 * correlate2d(thumbnail, error) / error.size


# %% [markdown]
# Start from noise and walk downhill, 150 steps.


# %%
def descend(kernel, steps, rate=0.1):
    kernels, losses = [], []
    for _ in range(steps):
        loss, gradient = loss_and_gradient(kernel)
        kernels.append(kernel)
        losses.append(loss)
        kernel = kernel - rate * gradient
    return np.array(kernels), np.array(losses)


learned, losses = descend(np.random.default_rng(7).normal(0, 0.5, (3, 3)), steps=150)

# %%
assert np.abs(learned[-1] - vertical).max() < 0.1
assert losses[-1] < losses[0] / 1000
figures.kernels_learning(learned, vertical, [0, 2, 10, 40, 149])


# %% [markdown]
# Every weight ends within 0.1 of the hidden one. Nobody told the machine what an edge is; the data did.
# Turn the pages to see it happen.

# %%
responses = np.array([correlate2d(thumbnail, k) for k in learned])
figures.learning_book(learned, losses, responses)

# %% [markdown]
# A network does this for thousands of kernels at once, and its target is not a response but the right
# answer at the far end. You will train one in
# [{convolutional_networks} Convolutional networks](convolutional_networks.ipynb).
#
# ### Challenge
#
# Design a kernel, of any size, that finds the **corners** of the bricks: strong where a standing joint meets
# a lying one, weak elsewhere. Or combine the maps of several kernels. There is no single answer; show your
# map beside the photograph and say where it fails.

# %% [markdown] tags=["notes"]
# The challenge works well as homework in pairs: one designs, the other looks for a place where it fails.
# Good starts: a cross of ones on a ground of negative weights; the product of |vertical| and |horizontal| after
# a blur (the idea behind the Harris detector).

# %% [markdown]
# ## What you can do now
#
# - **Compute** any number of a convolution with a pencil: lay the kernel on, multiply, add. You found twelve
#   wrong ones on a slide.
# - **Explain** the small number of weights: they are shared by all places, so a map moves with the
#   picture.
# - **Tell apart** cross-correlation and convolution (a half turn of the kernel). Keras computes the
#   first.
# - **Choose** a kernel: weights that add up to 0 see changes, weights that add up to 1 keep brightness.
# - **Build** a layer: N kernels as deep as the input, N maps, a bias each, ReLU.
#
# Your row in the passport of the course, which stays on this machine:

# %%
board.passport("convolution")

# %% [markdown]
# ## Common mistakes
#
# - Subtracting `uint8` pixels: 10 − 20 is 246.
# - Matrix multiplication (`@`) where an entry-by-entry product (`*`) is meant.
# - "Three colors, three maps." A kernel adds up over the whole depth.
# - Reading a kernel from a book that means the *other* operation: it finds the edge with the other
#   sign.
#
# ## Where next
#
# Our maps shrink by two pixels with every layer, and the pixels at the border count less than the others.
# [{padding_and_stride} Padding and stride](padding_and_stride.ipynb) takes control of the size.
