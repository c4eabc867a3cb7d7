"""The Kaggle set natural-images: 6,899 photographs of the eight classes, fetched on request."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import gettempdir

HANDLE = "prasunroy/natural-images/versions/1"
PAGE = "https://www.kaggle.com/datasets/prasunroy/natural-images"
COUNTS = {
    "airplane": 727, "car": 968, "cat": 885, "dog": 702,
    "flower": 843, "fruit": 1000, "motorbike": 788, "person": 986,
}  # fmt: skip
PLACES = (".", "natural_images", "data/natural_images", "data")
"""Where the class folders may lie in what Kaggle sends."""

BY_HAND = (
    f"Or download {PAGE} in a browser, unpack it, and set COURSE_IMAGES to its folder "
    "natural_images."
)


def natural_images() -> Path:
    """The folder with the eight class folders; downloaded (a few hundred MB) unless it is there.

    A download that was cut off goes on where it stopped. A set that is not whole is downloaded
    again. One process at a time downloads; others wait for it.

    Raises:
        FileNotFoundError: it cannot be downloaded.
        ValueError: what was downloaded is not the set that the course was written for.
    """
    with _one_at_a_time():
        found = _whole_set(_download()) or _whole_set(_download(again=True))
    if found is None:
        counts = ", ".join(f"{count} {name}" for name, count in COUNTS.items())
        raise ValueError(f"Kaggle's {HANDLE} is not the set expected here: {counts}. {BY_HAND}")
    return found


def _download(again: bool = False) -> Path:
    import kagglehub

    try:
        return Path(kagglehub.dataset_download(HANDLE, force_download=again))
    except Exception as error:  # of the network, of Kaggle, of the archive, of the disk
        raise FileNotFoundError(
            f"natural-images cannot be downloaded from Kaggle ({error}). Connect to the network "
            f"and call again. {BY_HAND}"
        ) from error


def _whole_set(folder: Path) -> Path | None:
    """The first place in the folder that holds all photographs of all classes."""
    return next((folder / place for place in PLACES if _is_whole(folder / place)), None)


def _is_whole(folder: Path) -> bool:
    return all(
        sum(1 for _ in (folder / name).glob("*.jpg")) == count for name, count in COUNTS.items()
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Other processes of the same user wait here; kagglehub itself does not keep them apart.

    SQLite's lock works on every system, and a process that is killed lets go of it.
    """
    import sqlite3

    path = Path(gettempdir()) / f"natural-images-{Path.home().name}.lock"
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:
        while True:
            try:
                lock.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(0.2)
        yield
