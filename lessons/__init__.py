"""The lessons, one folder each, in the order of the course."""

from pathlib import Path

import utils

ORDER = (
    "welcome",
    "learning_from_data",
    "linear_regression",
    "logistic_regression",
    "perceptron",
    "multilayer_perceptron",
    "training_a_network",
    "convolution",
    "padding_and_stride",
    "pooling",
    "convolutional_networks",
    "what_a_network_sees",
    "image_classification",
    "regularization",
    "data_augmentation",
    "transfer_learning",
    "network_families",
    "your_own_classifier",
    "choosing_hyperparameters",
    "volumes_and_video",
    "looking_inside",
)
"""The number of a notebook is the place of its lesson here."""

_found = utils.__file__ or next(iter(utils.__path__))
if Path(_found).resolve() != Path(__file__).resolve().parents[1] / "utils" / "__init__.py":
    raise ImportError(
        f"{_found} hides the course's own `utils`: give it another name, and restart the kernel."
    )
