"""Every loader of the course.

What is read is checked first; what fails says which file, what was expected and what to do.
"""

# ruff: noqa: F401
from utils.data.files import DATA
from utils.data.images import Images, load_images, measured_set, verify_images
from utils.data.people import heights_and_weights
from utils.data.samples import (
    PHOTOGRAPHS,
    WORKED_IMAGE,
    WORKED_KERNEL,
    Digits,
    digit_writers,
    digits,
    enlarged,
    photograph,
    photograph_file,
    writers_apart,
)
from utils.data.tables import project_accuracies
