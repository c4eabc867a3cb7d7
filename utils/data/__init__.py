"""Every loader of the course.

What is read is checked first; what fails says which file, what was expected and what to do.
"""

from utils.data.files import DATA
from utils.data.images import Images, load_images, measured_set, verify_images
from utils.data.people import People, heights_and_weights
from utils.data.samples import (
    DIGITS_SHA256,
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
from utils.data.tables import Accuracies, project_accuracies

__all__ = [
    "DATA",
    "DIGITS_SHA256",
    "PHOTOGRAPHS",
    "WORKED_IMAGE",
    "WORKED_KERNEL",
    "Accuracies",
    "Digits",
    "Images",
    "People",
    "digit_writers",
    "digits",
    "enlarged",
    "heights_and_weights",
    "load_images",
    "measured_set",
    "photograph",
    "photograph_file",
    "project_accuracies",
    "verify_images",
    "writers_apart",
]
