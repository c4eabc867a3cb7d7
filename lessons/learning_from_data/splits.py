"""The same examples split badly and well: a flipbook with a page for each split."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier

from lessons.learning_from_data.figures import split_page
from utils.widgets import Described, flipbook


def verdict(
    X: NDArray, labels: NDArray, parts: Sequence[NDArray], rare: int, name: str
) -> tuple[float, str]:
    """How a nearest neighbor from the training part does on the test part.

    Args:
        X: features, shape (N, F).
        labels: the class of each example, shape (N,).
        parts: indices of the training, the validation and the test part.
        rare: the class to look at by itself.
        name: what it is called.

    Returns:
        The accuracy on the test part, 0..1; how many of the rare class were right, in words.
    """
    train, _, test = parts
    model = KNeighborsClassifier(1).fit(X[train], labels[train])
    right = model.predict(X[test]) == labels[test]
    of_rare = labels[test] == rare
    if not of_rare.any():
        return float(right.mean()), f"{name}: none to test"
    return float(right.mean()), f"{name}: {right[of_rare].sum()} of {of_rare.sum()} right"


def splits(
    X: NDArray,
    labels: NDArray,
    names: Sequence[str],
    features: Sequence[str],
    pages: Mapping[str, Sequence[NDArray]],
) -> Described:
    """A page for each split: who went where, how many of each class, and the test score.

    Args:
        X: shape (N, 2).
        labels: the class of each example, 0..C - 1, shape (N,).
        names: of the classes.
        features: what the two columns of X are.
        pages: for each title the indices of a training, a validation and a test part.
    """
    rare = int(np.bincount(labels).argmin())
    titles = list(pages)

    def draw(page: int):
        parts = pages[titles[page]]
        accuracy, of_rare = verdict(X, labels, parts, rare, names[rare])
        words = f"test score {accuracy:.0%}\n{of_rare}"
        return split_page(X, labels, parts, names, features, titles[page], words)

    text = (
        f"Flipbook of {len(pages)} pages: the same {len(X)} examples split in several ways "
        f"({'; '.join(titles)}). On the left the examples, marked by their part; on the right the "
        "classes of each part, and the test score of a nearest neighbor."
    )
    return flipbook(draw, range(len(pages)), text, label="page", interval=1200)
