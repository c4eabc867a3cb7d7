# %% [markdown]
# # Welcome
#
# **Can you write down rules that tell a cat from a dog?** Nobody has managed yet. Pointed ears? Some dogs
# have them. Whiskers? Turn the head. This course takes the other road: you show a machine many pictures
# and let it find the rules. In five minutes a network will have named a photograph of your choice. At the
# end of the course you will have built and trained one yourself, and at every step you see inside.
#
# {time} · **You need:** some Python (functions, loops) and a first acquaintance with NumPy arrays.
#
# **When you are done, you can**
#
# - **run** a lesson, cell by cell, and start it afresh when it is confused
# - **predict** what a cell will show: the habit that this course asks of you
# - **read** a picture as a table of numbers, and change it
# - **check** your own answers, and make use of a "not yet"
#
# **Sources:** the path follows lectures by I. E. I. Bekkouch (Innopolis University, 2023), Y. Chammami,
# I. Heredia (Santander, 2022), P. Padman and E. Rantsiou (LENS ML School, 2021).

# %% [markdown] tags=["notes"]
# Before the class: ask everybody to run this notebook at home and to send you the table of section 2.
#
# Open with the question of the title and collect rules on the board for two minutes. Break each one with
# a counterexample from the room. Keep a photograph of the list: in lesson {looking_inside} you look at what a network
# found instead.

# %% [markdown]
# ## Setup
#
# Every lesson begins with a cell like this one. Click on it and press **Shift + Enter**.

# %%
from lessons.welcome import check, figures, naming
from lessons.welcome.environment import check_environment
from lessons.welcome.namer import Namer
from utils import board, data, plots

import numpy as np

plots.style()

# %% [markdown]
# No news is good news. If a cell ends in red, read its last line first: in this course it says what to do.
# The program that runs your cells is the **kernel**. It remembers every name until it is restarted; then
# run all cells again: **Kernel → Restart Kernel and Run All Cells** does both.
#
# ## 1. A network names your picture
#
# Here are four photographs. The network that you are about to start has seen none of them.

# %% [markdown] tags=["notes"]
# **7 minutes.** Take the vote of the prediction with fingers. Whoever says "all four" is asked: "Where would
# *you* hesitate?" Then run the cell and wait: whoever laughs about the last answer has understood why we
# test.
#
# Then let everybody name a photograph of their own; ask for the funniest mistakes. You will hear "so it is
# stupid". Ask: "What did it have to choose from?" Eight words. "And how often is it right on the kind of
# photograph that it knows?" That is the table at the end. Somebody will ask whether that score is good.
# Answer with a question: "Compared to what?" A die with eight sides gets one in eight.
#
# Keras' first start takes ten seconds or more: talk on.

# %%
names = ["chelsea", "motorcycle", "blossom", "astronaut"]
photos = {name: naming.photograph(name) for name in names}
figures.photographs(photos)

# %% [markdown]
# (Chelsea and the astronaut Eileen Collins come with scikit-image, CC0 and NASA; so does the motorcycle, from
# the Middlebury stereo benchmark of 2014. The blossom by vultilion, CC BY 2.0, comes with scikit-learn.)
#
# The network knows eight words: airplane, car, cat, dog, flower, fruit, motorbike, person. It has learned
# them from 1,600 photographs, 200 for each word, after it had learned to see from 40,000 others.
#
# ### Predict: how many will it name right?
#
# Decide, then run the cell. It takes some seconds, since it starts Keras, the library that you will build
# networks with. Which one is the hardest?
#
# **a** all four, **b** three, **c** two, **d** one

# %% tags=["measured"]
network = naming.load_network()
answers = {name: naming.answer(network, photo) for name, photo in photos.items()}
### BEGIN HIDDEN TESTS
said = {name: naming.best(probabilities) for name, probabilities in answers.items()}
### END HIDDEN TESTS
assert said == {
    "chelsea": "cat",
    "motorcycle": "motorbike",
    "blossom": "flower",
    "astronaut": "car",
}
figures.named(photos, answers)

# %% [markdown]
# Three of four, though it is not sure of the cat. And it calls an astronaut a **car**. You would never make
# that mistake, so what does it look at? Lesson {transfer_learning} says where such a network comes from and
# why it errs on pictures unlike those that it learned from; in lesson {looking_inside} you look inside.

# %% [markdown]
# Now a photograph of yours, or one from the list; the box needs a running notebook. Press **one of yours** and
# take any picture from your computer. It stays on your computer.

# %%
Namer(network)

# %% [markdown]
# Does it know your picture? Then try to fool it: turn the camera, step back, put something in front. If your
# program shows no button, write a name from the list, or the path of a file, between the quotes:

# %% tags=["measured"]
mine = "rocket"
photo = naming.photograph(mine)
### BEGIN HIDDEN TESTS
sure = naming.answer(network, photo)
### END HIDDEN TESTS
assert naming.best(sure) == "airplane" and sure["airplane"] > 0.95
figures.named({mine: photo}, {mine: naming.answer(network, photo)})

# %% [markdown]
# A rocket is none of the eight, and the network has no word for "none of these". It must choose. A percentage
# of 99 is how sure it *sounds*, not how often it is right.
#
# ### Where does it err?
#
# One picture proves little. Here is what the same network said to photographs of the kind that it knows,
# all of them new to it.

# %%
counts, kinds = naming.test_counts(), list(naming.CLASSES)
plots.confusion(counts, kinds)

# %% [markdown]
# A row is what a photograph shows, a column is what the network said. The diagonal counts the right
# answers. How many are they, and which mistake comes most often?

# %%
right, total = int(np.trace(counts)), int(counts.sum())
cat, dog = kinds.index("cat"), kinds.index("dog")
between_them = int(counts[cat, dog] + counts[dog, cat])
assert (right, total, between_them) == (393, 416, 12)
f"{right} of {total} right; {between_them} of {total - right} mistakes are between cats and dogs"

# %% [markdown]
# 94 of 100 are right; guessing would get 12 or 13. Half of the mistakes are between cats and dogs. So the
# promise is: 94 of 100 *for photographs like these*, and less for yours. You will build such a network, watch
# it learn, make it better, and find out what it looks at.
#
# ## 2. Is everything here?
#
# This cell compares what is installed with what the course needs.

# %% [markdown] tags=["notes"]
# **2 minutes.** Whoever sees a cross runs the line below the table and restarts. Do not repair laptops in
# front of the class: pair people up.

# %% tags=["nbval-ignore-output"]
report = check_environment()
assert report.ready, report
report

# %% [markdown]
# A check mark in every row? Then you have all you need, also without a network connection: nothing in this course
# is fetched while you work.
#
# ## 3. A picture is a table of numbers
#
# What did the network get when it got a photograph? Numbers. A small picture shows it best: here is one
# of 1797 handwritten digits that you will teach a network to read. It has 8 × 8 pixels; 0 is no ink, 16 is
# full ink.

# %% [markdown] tags=["notes"]
# **8 minutes**, and the four exercises. Ask before you show the figure: "What does the computer get when
# you open a photograph?" Let somebody find the digit in the numbers alone first: switch the left half
# off with your hand in front of the projector.
#
# Bytes: let the room vote on 200 + 100. 300 wins, 255 comes second ("it is full"). Say: a car's odometer
# with three wheels, which goes from 999 to 000.
#
# Wrong answers that come in the mirror exercise: `image[::-1]` (upside down), `image.T` (over the
# diagonal). Both are instructive: rows come first.

# %%
images, labels = data.digits()
digit = images[13]
assert images.shape == (1797, 8, 8)
assert (images.min(), images.max(), labels[13]) == (0, 16, 3)
figures.picture_and_numbers(digit)

# %% [markdown]
# Left and right are the same thing. What you see as a 3 is, to the computer, 64 numbers. Everything that
# follows in this course is arithmetic on such tables.
#
# NumPy counts rows from the top and columns from the left, both from 0. **The row comes first**: `digit[1, 5]`
# is in the second row from the top, in the sixth column from the left.

# %%
int(digit[1, 5]), digit.shape

# %% [markdown]
# ### Your turn 1: three numbers, by eye
#
# Predict, without running them, what these three are: `digit[0, 3]`, `digit[3, 0]` and `digit.size`, which
# counts all numbers of the table. Find them in the figure, and write them into the brackets.

# %% tags=["exercise"]
guess = (
    ### BEGIN SOLUTION
    (15, 0, 64)
    ### END SOLUTION
)

# %%
check.pixels(guess)

# %% [markdown]
# A check says one of three things: **not attempted**, **right**, or **not yet**, with the first case that
# fails. Try it: give something wrong on purpose and read what it says. Under each check there is a nudge,
# a hint and a solution, folded. Open them when you have an answer of your own.
#
# ### Bytes begin again
#
# Pictures are stored in **bytes**, `uint8`: whole numbers from 0 to 255, which is plenty for a pixel.

# %%
assert digit.dtype == np.uint8
digit.dtype

# %% [markdown]
# ### Predict: what is 200 + 100?
#
# **a** 300, **b** 255, **c** 44

# %%
bytes_sum = np.array([200], np.uint8) + np.array([100], np.uint8)
assert bytes_sum.item() == 44
bytes_sum

# %% [markdown]
# 44. After 255 a byte begins again at 0, as an odometer does after its last 9: 300 − 256 = 44. And below 0
# it begins again at 255. NumPy says nothing. So when you add pixels one by one, make each an `int(...)`
# first; `image.sum()` adds in large numbers by itself.

# %% [markdown]
# ### Your turn 2: all the ink
#
# Write a function that returns the sum of all numbers of a picture. Replace the `...`, run the cell, then
# run the check below it.


# %% tags=["exercise"]
def total_ink(image):
    """Sum of all pixels of a picture."""
    ### BEGIN SOLUTION
    return image.sum()
    ### END SOLUTION


# %%
check.total_ink(total_ink)

# %% [markdown]
# ### Your turn 3: the negative
#
# Dark becomes bright and bright becomes dark: in these pictures, 0 becomes 16 and 16 becomes 0. Return a
# new picture; leave the old one as it is.


# %% tags=["exercise"]
def negative(image):
    """The picture with dark and bright exchanged, for ink between 0 and 16."""
    ### BEGIN SOLUTION
    return 16 - image
    ### END SOLUTION


# %%
check.negative(negative)

# %% [markdown]
# ### Your turn 4: the mirror
#
# Mirror a picture left to right, as in a mirror on the wall. It must work for color pictures, too, whose
# shape is (rows, columns, 3).


# %% tags=["exercise"]
def mirror(image):
    """The picture mirrored left to right; shape (rows, columns) or (rows, columns, 3)."""
    ### BEGIN SOLUTION
    return image[:, ::-1]
    ### END SOLUTION


# %%
check.mirror(mirror)

# %% [markdown]
# ### Question 1 <!-- read -->
#
# A color photograph has 400 rows and 600 columns. How many numbers is it?
#
# <details><summary>Answer</summary>
#
# 720,000. Every pixel has three: red, green and blue. 400 · 600 · 3 = 720,000.
#
# - "240,000": that is the number of pixels. A gray picture would have so many numbers.
# - "1,000": rows and columns are multiplied, not added.
#
# </details>
#
# ## 4. How many numbers does it take?
#
# The network of section 1 never saw your photograph as you did: it was shrunk to 96 × 96 pixels first. Is
# that enough to recognize a thing? Here is a photograph at four resolutions.

# %% [markdown] tags=["notes"]
# **3 minutes.** Cover the title of the last panel and start from the left: who recognizes it first? Squint,
# or step back: it gets better, because your eye blurs the edges of the blocks. The same trick is called
# pooling in lesson {pooling}.

# %%
coffee = data.photograph("coffee")
assert coffee.shape == (400, 600, 3)
figures.resolutions(coffee, [4, 12, 32, 128])

# %% [markdown]
# Four pixels a side are a color scheme; 128 are a cup of coffee on a saucer. Somewhere between, you
# *recognized* it. Turn the pages with the slider, or press Play, and find the place.

# %%
figures.coarse_to_fine(coffee, [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128])

# %% [markdown]
# Was it below 32 pixels a side? So few are often enough. The networks of this course work with 32 to 128.
#
# You will meet three kinds of movable figures. A **flipbook** like this one turns pages that were drawn
# beforehand. A **live** figure, such as the box of section 1, computes while you use it, so it needs its
# notebook to be running. And some, such as the **stepper** of lesson {convolution}, compute in your browser.
#
# ### Question 2 <!-- run -->
#
# You come back after lunch, run the last cell of a notebook, and get
# `NameError: name 'coffee' is not defined`. The cell that defines it is there, with its output. What
# happened?
#
# <details><summary>Answer</summary>
#
# The kernel was restarted and has forgotten every name. What you see
# below the cells is only what was saved. Choose **Kernel → Restart Kernel and Run All Cells**: that starts
# afresh. (**Run → Run All Cells** alone runs in the old kernel: names that you have changed or deleted since
# would still be there.)
#
# - "The cell is broken": it is not; it has not been run *since the restart*. Look at the number in the
#   brackets on its left.
# - "The file was not saved": the text is there, so it was. Names are not saved, texts and outputs are.
#
# </details>
#
# ### Challenge
#
# If you are early: show a photograph of your own, `naming.photograph("my_photo.jpg")`, to three people,
# coarse to fine, with `figures.resolution`. At how many pixels does each of them recognize it?
#
# If you want a week: take thirty photographs of the eight kinds and count how many of them the network
# names right. What do its mistakes have in common? Keep the photographs: you will train on them.

# %% [markdown]
# ## 5. The map
#
# | | lesson | what you will do |
# |---|---|---|
# | | **Learning from data** | |
# | {learning_from_data} | [Learning from data](learning_from_data.ipynb) | split data honestly, and see what happens if you do not |
# | {linear_regression} | [Linear regression](linear_regression.ipynb) | predict a height from a weight, by formula and by descent |
# | {logistic_regression} | [Logistic regression](logistic_regression.ipynb) | draw the line between two classes, and choose where |
# | {perceptron} | [Perceptron](perceptron.ipynb) | train one neuron, and find what it cannot learn |
# | {multilayer_perceptron} | [Multilayer perceptron](multilayer_perceptron.ipynb) | stack neurons, and compute their gradients by hand |
# | {training_a_network} | [Training a network](training_a_network.ipynb) | race four optimizers, read learning curves |
# | | **Convolution** | |
# | {convolution} | [Convolution](convolution.ipynb) | slide a kernel over a photograph |
# | {padding_and_stride} | [Padding and stride](padding_and_stride.ipynb) | know every size before you run |
# | {pooling} | [Pooling](pooling.ipynb) | shrink a map and keep what matters |
# | {convolutional_networks} | [Convolutional networks](convolutional_networks.ipynb) | read handwriting, your own too |
# | | **The image classification project** | |
# | {image_classification} | [Image classification](image_classification.ipynb) | eight classes, a baseline, its worst mistakes |
# | {regularization} | [Regularization](regularization.ipynb) | close the gap between training and test |
# | {data_augmentation} | [Data augmentation](data_augmentation.ipynb) | get more out of the same pictures |
# | {transfer_learning} | [Transfer learning](transfer_learning.ipynb) | stand on a network that others have trained |
# | | **Beyond** | |
# | {choosing_hyperparameters} | [Choosing hyperparameters](choosing_hyperparameters.ipynb) | search with method |
# | {volumes_and_video} | [Volumes and video](volumes_and_video.ipynb) | add a third dimension |
# | {looking_inside} | [Looking inside](looking_inside.ipynb) | find out what a network looks at, and bring your own photographs |

# %% [markdown] tags=["notes"]
# **1 minute.** Point at the four parts. A class of one semester takes one or two lessons a week. A workshop
# of one day: {linear_regression}, {convolution}, {convolutional_networks}, then {transfer_learning}.

# %% [markdown]
# ## What you can do now
#
# - **Run** a lesson: Shift + Enter, cell by cell; **Kernel → Restart Kernel and Run All Cells** to start
#   afresh.
# - **Predict** first: a guess that turns out wrong teaches more than an output you scroll past.
# - **Read** a picture as a table: rows first, 64 numbers for a small digit, 720,000 for a photograph.
# - **Check** your answers: three states, and a "not yet" shows the first case that fails.
#
# Your passport shows what you have solved, in all lessons. It stays on this machine. Come back and
# run this cell again:

# %%
board.passport()

# %% [markdown]
# ## Common mistakes
#
# - Running cells out of order. When in doubt, restart the kernel and run all cells.
# - Swapping rows and columns. `image[row, column]`, and x goes with the *second* index.
# - Adding bytes one by one: after 255 they begin again at 0.
# - Opening the solution first. It will look as if you had known it.
#
# ## Where next
#
# The course begins with the data, and with scores that deserve no trust:
# [{learning_from_data} Learning from data](learning_from_data.ipynb).
