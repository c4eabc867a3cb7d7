"""Photographs in a folder with a sub-folder a class: which there are, and which are for what."""

import os
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from utils.data.files import sha256_of
from utils.splitting import stratified_split

SPLITS = {"train": 0.7, "validation": 0.15, "test": 0.15}
"""The splits of a folder, and the share of each where the folder is not split already."""

NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "val", "valid", "dev"),
    "test": ("test", "testing"),
}
"""What the folder of a split may be called, in small or capital letters."""
LEAST = 6
"""So many different photographs of a class put at least one into every split."""

NAMED = 10
"""How many pairs of copies a warning names."""

SEED = 0
SUFFIXES = (
    ".avif", ".bmp", ".gif", ".heic", ".heif", ".hif", ".jfif", ".jpe", ".jpeg", ".jpg", ".pbm",
    ".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp",
)  # fmt: skip
"""How the name of a photograph ends, in small or capital letters; other files do not count."""


def split_folder(folder: Path, split: str) -> dict[str, list[Path]]:
    """The photographs of one split of a folder: for each class, in sorted order, its files.

    The classes are the names of the sub-folders; photographs may lie deeper inside them. Where the
    folder holds sub-folders train, validation and test (or another of `NAMES`), with the class
    folders in each, these are the splits. Otherwise 70, 15 and 15 % of every class are, and copies
    of a photograph, equal byte by byte, stay together; a warning names those in two classes.

    What goes where depends on the names of the files, and on which are copies: not on the order in
    which the system lists them, nor on files that are no photographs. Those of a class are
    shuffled. Hidden files and folders, and those whose names begin with two underscores, do not
    count.

    Raises:
        ValueError: an unknown split, or a folder that cannot be split; the message says why.
    """
    if split not in SPLITS:
        raise ValueError(f"no split {split!r} of {folder}: choose from {', '.join(SPLITS)}.")
    given = _given_splits(folder)
    classes = _given(given, split) if given else _cut(_class_files(folder), split)
    return {name: _shuffled(paths) for name, paths in classes.items()}


def all_photographs(folder: Path) -> list[Path]:
    """The photographs of all classes of a folder, and of all splits where it is split already."""
    tops = list(_given_splits(folder).values()) or [folder]
    return [path for top in tops for paths in _class_files(top).values() for path in paths]


def _given_splits(folder: Path) -> dict[str, Path]:
    """The sub-folders that are splits: train and at least one other, or none."""
    given: dict[str, Path] = {}
    for path in _subfolders(folder):
        split = next((split for split in NAMES if path.name.lower() in NAMES[split]), path.name)
        if split in given:
            raise ValueError(f"{given[split]} and {path} are both for {split}: put them into one.")
        given[split] = path
    given = {split: given[split] for split in SPLITS if split in given}
    return given if "train" in given and len(given) > 1 else {}


def _given(given: dict[str, Path], split: str) -> dict[str, list[Path]]:
    if split not in given:
        raise ValueError(
            f"{given['train'].parent} has no folder {split!r}, but {', '.join(given)}. Add it, or "
            f"take {given['train']} as the source: it is split into {', '.join(SPLITS)}."
        )
    train, wanted = ({path.name for path in _subfolders(given[name])} for name in ("train", split))
    if train != wanted:
        raise ValueError(
            f"{given[split]} and {given['train']} must hold the same classes: only one of them "
            f"has {', '.join(sorted(train ^ wanted))}."
        )
    return _class_files(given[split])


def _cut(classes: dict[str, list[Path]], split: str) -> dict[str, list[Path]]:
    """Of every class, the files that belong to the split."""
    paths = [path for files in classes.values() for path in files]
    labels = np.repeat(np.arange(len(classes)), [len(files) for files in classes.values()])
    content = _contents(paths)
    _, first = np.unique(content, return_index=True)
    copies = np.flatnonzero(labels != labels[first[content]])
    if len(copies):
        pairs = [f"{paths[i]} is {paths[first[content[i]]]}" for i in copies[:NAMED]]
        warnings.warn(
            f"{len(copies)} photographs lie in two classes; delete the wrong ones:\n"
            + "\n".join(pairs + ["..."] * (len(copies) > NAMED)),
            stacklevel=2,
        )
    _enough(classes, labels[first])
    parts = stratified_split(labels[first], tuple(SPLITS.values()), SEED)
    chosen = np.isin(content, parts[list(SPLITS).index(split)])
    return {
        name: [paths[i] for i in np.flatnonzero(chosen & (labels == label))]
        for label, name in enumerate(classes)
    }


def _enough(classes: dict[str, list[Path]], labels: NDArray[np.int64]) -> None:
    """Complain of a class with too few labels."""
    counts = np.bincount(labels, minlength=len(classes))
    for (name, paths), count in zip(classes.items(), counts, strict=True):
        if count < LEAST:
            raise ValueError(
                f"the class {name!r} has {count} photographs, not counting copies, in "
                f"{paths[0].parent}: to be split it needs {LEAST} or more."
            )


def _contents(paths: Sequence[Path]) -> NDArray[np.int64]:
    """A number for each file, the same for files with the same bytes, counted up from 0."""
    sizes = [_size(path) for path in paths]
    shared = Counter(sizes)
    numbers: dict[object, int] = {}
    keys = (
        (size, sha256_of(path)) if size is not None and shared[size] > 1 else path
        for path, size in zip(paths, sizes, strict=True)
    )
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])


def _size(path: Path) -> int | None:
    """Bytes of a file; None where there are none to read, which is told when it is decoded."""
    return (os.access(path, os.R_OK) and path.stat().st_size) or None


def _class_files(folder: Path) -> dict[str, list[Path]]:
    """All photographs of every class, both in sorted order."""
    folders = _subfolders(folder)
    if len(folders) < 2:
        found = f"only one, {folders[0].name!r}" if folders else "none"
        raise ValueError(
            f"{folder} must hold a sub-folder for each of two or more classes; there is {found}. "
            "Take the folder whose sub-folders are the classes."
        )
    inner = {tuple(path.name for path in _subfolders(folder)) for folder in folders}
    if len(inner) == 1 and len(shared := inner.pop()) > 1:
        raise ValueError(
            f"{', '.join(path.name for path in folders)} in {folder} all hold the folders "
            f"{', '.join(shared)}: these look like splits or groups, not classes. Call splits "
            f"{', '.join(SPLITS)}; or put the photographs of a class into one folder."
        )
    return {path.name: _photographs(path) for path in folders}


def _photographs(folder: Path) -> list[Path]:
    """The photographs of a class, also those in folders inside its folder, in sorted order."""
    inside = folder.parent.resolve()
    if folder.resolve() in (inside, *inside.parents):
        raise ValueError(f"{folder} is a link to a folder that it lies in. Delete it.")
    found = []
    for place, inner, names in os.walk(folder, onerror=_unreadable):
        inner[:] = filter(_visible, inner)
        found += [Path(place, name) for name in names if _visible(name) and _is_photograph(name)]
    if not found:
        raise ValueError(
            f"{folder} holds no photograph. Delete the folder, or put some in; their names end in "
            f"{', '.join(SUFFIXES)}."
        )
    return sorted(found, key=Path.as_posix)


def _subfolders(folder: Path) -> list[Path]:
    try:
        inner = [path for path in folder.iterdir() if _visible(path.name) and path.is_dir()]
    except OSError as error:
        _unreadable(error)
    return sorted(inner, key=lambda path: path.name)


def _unreadable(error: OSError) -> None:
    raise ValueError(
        f"the folder {error.filename} cannot be read: {error.strerror}. Change its permissions."
    ) from error


def _visible(name: str) -> bool:
    return not name.startswith((".", "__"))


def _is_photograph(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _shuffled(paths: Sequence[Path]) -> list[Path]:
    return [paths[i] for i in np.random.default_rng(SEED).permutation(len(paths))]
