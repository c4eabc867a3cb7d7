# %% [markdown]
# # Welcome
#
# **Can you write down rules that tell a cat from a dog?** Nobody has managed yet. Pointed ears? Some dogs
# have them. Whiskers? Turn the head. This course takes the other road: you show a machine many pictures
# and let it find the rules. Eighteen lessons lead from a straight line to a network that recognizes eight
# kinds of things in photographs, and at every step you see inside.
#
# **20 minutes** · **You need:** some Python (functions, loops) and a first acquaintance with NumPy arrays.
#
# **When you are done, you can**
#
# - **run** a lesson, cell by cell, and start it afresh when it is confused
# - **read** a picture as a table of numbers, and change it
# - **check** your own answers, and make use of a "not yet"
# - **predict** before you run: the habit that this course asks of you
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
from importlib.util import find_spec

if find_spec("utils") is None:
    raise ModuleNotFoundError(
        "The course is not installed. In its folder, run `make lab`; see README.md."
    )

from lessons.welcome import check, figures
from utils import board, data, plots
from lessons.welcome.environment import check_environment

import numpy as np

plots.style()

# %% [markdown]
# No news is good news. If a cell ends in red, read its last line first: in this course it says what to do.
#
# ## 1. Where you are going
#
# By lesson {transfer_learning} you will have trained networks to tell eight kinds of things apart. These pictures come with
# the course:

# %% [markdown] tags=["notes"]
# **4 minutes.** Give them thirty seconds of silence with the table. Then: "Which two classes does it mix up
# most? Why these?" (Cats and dogs; same pose, fur, indoor light.) Somebody will ask whether the score is
# good. Answer with a question: "Compared to what?" A coin with eight sides gets one in eight.

# %%
pictures = data.load_images("train", size=96, per_class=2, source="rendered8")
assert pictures.images.shape == (16, 96, 96, 3)
figures.class_columns(pictures.images, pictures.classes)


# %% [markdown]
# You had no trouble naming them. Nobody photographed them, by the way: a ray tracer painted them from 3-D
# models. Real photographs can take their place at any time, and here is the report of a network on such
# photographs, of the same eight kinds. It had never seen one of them before.

# %%
counts, classes = data.eight_classes()
assert np.trace(counts) / counts.sum() > 0.9
plots.confusion(counts, classes)


# %% [markdown]
# A row is what a photograph shows, a column is what the network said. The diagonal counts the right
# answers: more than 90 of 100. Guessing would get 12 or 13. The mistakes are telling, too: half of them
# are between cats and dogs.

# %%
cat, dog = classes.index("cat"), classes.index("dog")
mixed_up = counts[cat, dog] + counts[dog, cat]
mistakes = counts.sum() - np.trace(counts)
assert mixed_up >= mistakes / 2
f"{mixed_up} of {mistakes} mistakes are between cats and dogs"

# %% [markdown]
# You will build such a network, watch it learn, make it better, and find out what it looks at.
#
# ## 2. Is everything here?
#
# This cell compares what is installed with what the course needs.

# %% [markdown] tags=["notes"]
# **3 minutes.** Whoever sees a cross runs the line below the table and restarts. Do not repair laptops in
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
# Here is one of 1797 handwritten digits that you will teach a network to read in lesson {convolutional_networks}. It has 8 × 8
# pixels; 0 is no ink, 16 is full ink.

# %% [markdown] tags=["notes"]
# **8 minutes** with the three exercises. Ask before you show the figure: "What does the computer get when
# you open a photograph?" Let somebody find the digit in the numbers alone first: switch the left half
# off with your hand in front of the projector.
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
# ### Predict: one number
#
# NumPy counts rows from the top and columns from the left, both from 0. What is `digit[0, 3]`? Find it
# in the table, decide, then run.

# %%
pixel = int(digit[0, 3])
assert pixel == 15
assert digit[3, 0] == 0
pixel

# %% [markdown]
# 15: row 0, column 3. Who expected 0 read column 0, row 3. The row comes first, always; most mistakes with
# pictures begin with swapping the two.

# %% [markdown]
# ### Your turn 1: all the ink
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
# A check says one of three things: **not attempted**, **right**, or **not yet**, with the first case that
# fails. Try it: return something wrong on purpose and read what it says. Under each check there is a
# solution, folded. Open it when you have an answer of your own.
#
# ### Your turn 2: the negative
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
# ### Your turn 3: the mirror
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
# ### Question 1
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
# Do you need all of them to recognize a thing? Here is a photograph at four resolutions.

# %% [markdown] tags=["notes"]
# **4 minutes.** Cover the title of the last panel and start from the left: who recognizes it first? Squint,
# or step back: it gets better, because your eye blurs the edges of the blocks. The same trick is called
# pooling in lesson {pooling}.

# %%
coffee = data.photograph("coffee")
assert coffee.shape == (400, 600, 3)
plots.resolutions(coffee, [4, 12, 32, 128])


# %% [markdown]
# Four pixels a side are a color scheme; 128 are a cup of coffee on a saucer. Somewhere between, you
# *recognized* it. Turn the pages with the slider, or press Play, and find the place.

# %%
figures.coarse_to_fine(coffee, [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128])

# %% [markdown]
# Was it below 32 pixels a side? So few are often enough. The networks of this course work with 32 to 128.
#
# You will meet three kinds of movable figures. A **flipbook** like this one turns pages that were drawn
# beforehand. A **live** figure computes while you move a slider, so it needs its notebook to be running. And
# in lesson {convolution} a **stepper** walks a small window over a picture.
#
# ### Question 2
#
# You come back after lunch, run the last cell of a notebook, and get
# `NameError: name 'coffee' is not defined`. The cell that defines it is there, with its output. What
# happened?
#
# <details><summary>Answer</summary>
#
# The kernel, the program that runs your cells, was restarted and has forgotten every name. What you see
# below the cells is only what was saved. Choose **Run → Run All Cells**, or run from the top.
#
# - "The cell is broken": it is not; it has not been run *since the restart*. Look at the number in the
#   brackets on its left.
# - "The file was not saved": the text is there, so it was. Names are not saved, texts and outputs are.
#
# </details>
#
# ### Challenge
#
# Take a photograph of your own: `np.asarray(Image.open("my_photo.jpg"))` with `from PIL import Image`. Show
# it to three people, coarse to fine, with `figures.resolution`. At how many pixels does each of them
# recognize it? What makes one picture need fewer than another?

# %% [markdown]
# ## 5. The map
#
# Lessons with a link are ready; the others follow.
#
# | | lesson | what you will do |
# |---|---|---|
# | | **Learning from data** | |
# | 01 | [Learning from data](learning_from_data.ipynb) | split data honestly, and see what happens if you do not |
# | 02 | [Linear regression](linear_regression.ipynb) | predict a height from a weight, by formula and by descent |
# | 03 | [Logistic regression](logistic_regression.ipynb) | draw the line between two classes, and choose where |
# | 04 | [Perceptron](perceptron.ipynb) | train one neuron, and find what it cannot learn |
# | 05 | [Multilayer perceptron](multilayer_perceptron.ipynb) | stack neurons, and compute their gradients by hand |
# | 06 | [Training a network](training_a_network.ipynb) | race four optimizers, read learning curves |
# | | **Convolution** | |
# | 07 | [Convolution](convolution.ipynb) | slide a kernel over a photograph |
# | 08 | [Padding and stride](padding_and_stride.ipynb) | know every size before you run |
# | 09 | [Pooling](pooling.ipynb) | shrink a map and keep what matters |
# | 10 | [Convolutional networks](convolutional_networks.ipynb) | read handwriting, your own too |
# | | **The image classification project** | |
# | 11 | [Image classification](image_classification.ipynb) | eight classes, a baseline, its worst mistakes |
# | 12 | [Regularization](regularization.ipynb) | close the gap between training and test |
# | 13 | [Data augmentation](data_augmentation.ipynb) | get more out of the same pictures |
# | 14 | [Transfer learning](transfer_learning.ipynb) | stand on a network that others have trained |
# | | **Beyond** | |
# | 15 | [Choosing hyperparameters](choosing_hyperparameters.ipynb) | search with method |
# | 16 | [Volumes and video](volumes_and_video.ipynb) | add a third dimension |
# | 17 | [Looking inside](looking_inside.ipynb) | find out what a network looks at, and bring your own photographs |

# %% [markdown] tags=["notes"]
# **1 minute.** Point at the four parts. A class of one semester takes one or two lessons a week. A workshop
# of one day: 02, 07, 10, then 14.

# %% [markdown]
# ## What you can do now
#
# - **Run** a lesson: Shift + Enter, cell by cell; **Run → Run All Cells** to start afresh.
# - **Read** a picture as a table: rows first, 64 numbers for a small digit, 720,000 for a photograph.
# - **Check** your answers: three states, and a "not yet" shows the first case that fails.
# - **Predict** first: a guess that turns out wrong teaches more than an output you scroll past.
#
# Your passport shows what you have solved, in all lessons. It stays on this machine. Come back and
# run this cell again:

# %%
board.passport()

# %% [markdown]
# ## Common mistakes
#
# - Running cells out of order. When in doubt, run all from the top.
# - Swapping rows and columns. `image[row, column]`, and x goes with the *second* index.
# - Opening the solution first. It will look as if you had known it.
#
# ## Where next
#
# The course begins with the data, and with scores that deserve no trust:
# [{learning_from_data} Learning from data](learning_from_data.ipynb).
