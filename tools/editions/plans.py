"""Two ways through the course, and what each lesson needs."""

import re
from collections.abc import Iterable
from graphlib import TopologicalSorter

WEEKS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("welcome", "learning_from_data"), "the course runs on every laptop; an honest split"),
    (("linear_regression",), "descent by hand"),
    (("logistic_regression", "perceptron"), "one neuron; graded sheet 1: first three lessons"),
    (("multilayer_perceptron",), "gradients by hand"),
    (("training_a_network",), "optimizers; graded sheet 2: neurons and their training"),
    (("convolution", "padding_and_stride"), "the stepper; a quiz on sizes, on paper"),
    (("pooling", "convolutional_networks"), "LeNet-5; graded sheet 3: convolution"),
    (
        ("what_a_network_sees", "image_classification"),
        "the explorer; the project begins, with pictures of their own",
    ),
    (("regularization", "data_augmentation"), "what a remedy is worth, over five starts"),
    (("transfer_learning", "network_families"), "a borrowed network in the project"),
    (("choosing_hyperparameters", "volumes_and_video"), "choose one of the two"),
    (("looking_inside", "your_own_classifier"), "their own classifier names a new photograph"),
)
"""Twelve weeks of 2 x 90 minutes: lessons, and what stands at the end of the week."""

DAYS: tuple[tuple[str, ...], ...] = (
    (
        "welcome",
        "learning_from_data",
        "linear_regression",
        "*neurons",
        "training_a_network",
        "convolution",
        "padding_and_stride",
    ),
    (
        "*pooling",
        "convolutional_networks",
        "what_a_network_sees",
        "image_classification",
        "*remedies",
        "transfer_learning",
        "looking_inside",
    ),
)
"""Two days; a name with a star is a bridge."""

LEFT_OUT = {
    "learning_from_data": ("Three ways to learn",),
    "linear_regression": ("A narrow valley, and how to leave it", "A neuron, almost"),
    "training_a_network": ("RMSProp and Adam",),
    "convolution": ("Cross-correlation or convolution?", "Wherever it is"),
    "padding_and_stride": ("What stands at the border?", "Dilation"),
    "convolutional_networks": ("From a volume to a vector",),
    "what_a_network_sees": ("One number, and its kernel", "What a deeper unit sees"),
    "image_classification": ("Fewer pictures",),
    "transfer_learning": ("From renderings to photographs",),
    "looking_inside": ("Repair, and measure again", "May you trust a map?"),
}
"""The sections, without their numbers, for which two days have no time."""

BRIDGES = {
    "neurons": (
        20,
        ("logistic_regression", "perceptron", "multilayer_perceptron"),
        "**From a line to a network.** Draw a line, and bend it by the sigmoid: a probability. "
        "Its loss is the cross-entropy, −ln of the probability that the truth got; ask for −ln of "
        "0.9, 0.5 and 0.01 (0.11, 0.69, 4.61). Confident and wrong costs most. Then draw the four "
        "points of XOR and let somebody cut them: one line fails, two succeed. A neuron is a line "
        "with a bend; a layer is many of them on the same input, `relu(x @ W + b)`; softmax makes "
        "probabilities of the last layer. Compute one forward pass of 2 inputs, 2 hidden units and "
        "1 output together. The gradient is the chain rule, backward: slopes multiply along a path "
        "and add up where paths join; the library does it. Last, words that come again: accuracy "
        "misleads where classes are rare; recall is what was found, precision what an alarm is "
        "worth.",
    ),
    "pooling": (
        10,
        ("pooling",),
        "**Pooling.** On the board, a map of 4 × 4: the maximum of each window of 2 × 2, stride 2. "
        "Height and width are halved, a rest is dropped, depth stays, there are no parameters. "
        "The map is smaller for the layers behind it, and a shift of one pixel changes it less; it "
        "is not invariant. The mean of a whole map is global average pooling: one number a map.",
    ),
    "remedies": (
        20,
        ("regularization", "data_augmentation"),
        "**Against over-fitting.** The gap of the lesson before is on the screen: what would close "
        "it? Dropout: units are silenced at random in training, and what is left is divided by 1 − "
        "rate; at inference it is off. Batch normalization: in training it normalizes by the "
        "batch, at inference by moving averages, which is why it must stay frozen in what follows. "
        "Augmentation: changed copies, drawn anew in each epoch, behind the cache, for training "
        "only; a mirror lies about digits. Five starts before anybody says “better”, and the "
        "share of all deals of the ten results that differ by as much.",
    ),
}
"""What stands for lessons that are left out: minutes, which, and what to say."""


def needs(opening: str) -> list[str]:
    """The lessons that the opening of a lesson asks for, by name."""
    line = opening.partition("**You need:**")[2].partition("\n\n")[0]
    return re.findall(r"\]\(\d\d_(\w+)\.ipynb", line)


def direct(graph: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same prerequisites without those that follow from others."""
    above: dict[str, set[str]] = {}
    for name in TopologicalSorter(graph).static_order():
        above[name] = set(graph[name]).union(*(above[other] for other in graph[name]))
    return {
        name: [one for one in wanted if not any(one in above[other] for other in wanted)]
        for name, wanted in graph.items()
    }


def depth(graph: dict[str, list[str]]) -> dict[str, int]:
    """How many lessons come before each, on the longest way."""
    levels: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():
        levels[name] = 1 + max((levels[other] for other in graph[name]), default=-1)
    return levels


def taught(day: Iterable[str]) -> list[str]:
    """The lessons that a day teaches, those of its bridges among them."""
    found = []
    for name in day:
        found += BRIDGES[name[1:]][1] if name.startswith("*") else (name,)
    return found
