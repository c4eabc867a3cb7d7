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
    digit_parts,
    digits,
    enlarged,
    photograph,
    placed,
)
from utils.data.tables import (
    Accuracies,
    OnGrounds,
    Runs,
    Search,
    bias_accuracies,
    digit_accuracies,
    eight_classes,
    league_tables,
    project_accuracies,
    search_traces,
    volume_accuracies,
)
from utils.data.volumes import Volumes, load_volumes

__all__ = [
    "DATA",
    "DIGITS_SHA256",
    "PHOTOGRAPHS",
    "WORKED_IMAGE",
    "WORKED_KERNEL",
    "Accuracies",
    "Digits",
    "Images",
    "OnGrounds",
    "People",
    "Runs",
    "Search",
    "Volumes",
    "bias_accuracies",
    "digit_accuracies",
    "digit_parts",
    "digits",
    "eight_classes",
    "enlarged",
    "heights_and_weights",
    "league_tables",
    "load_images",
    "load_volumes",
    "measured_set",
    "photograph",
    "placed",
    "project_accuracies",
    "search_traces",
    "verify_images",
    "volume_accuracies",
]
