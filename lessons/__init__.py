"""The lessons, one folder each, in the order of the course."""

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
    "image_classification",
    "regularization",
    "data_augmentation",
    "transfer_learning",
    "choosing_hyperparameters",
    "volumes_and_video",
    "looking_inside",
)
"""The number of a notebook is the place of its lesson here."""
