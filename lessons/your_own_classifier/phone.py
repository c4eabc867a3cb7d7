"""A folder of photographs as a phone leaves it, made of the course's pictures, and its split."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from utils import data
from utils.data.images import RENDERED8, folder_of

COUNTS = {"cat": 40, "flower": 80, "motorbike": 160}
"""Photographs per class."""
SIDE = 360
"""Pixels of a photograph, along each side."""
ORIENTATION, TAKEN = 0x0112, 0x0132
"""The numbers of two notes in EXIF."""
TURNED = 6
"""The orientation of a phone held upright: turn it by 90 degrees, clockwise, to look at it."""
SCENES = 3
"""So many bursts of a class put one into each part."""
NOTED = "%Y:%m:%d %H:%M:%S"
"""How EXIF writes a time."""
START = datetime(2026, 7, 14, 10)


def place(mine: str, made: Path) -> Path:
    """The folder that `mine` names; where it is empty or "rendered8", `made`, written anew.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: it is a file.
    """
    plain = Path(mine.strip().strip("'\"")).expanduser()
    return make(made) if str(plain) in (".", RENDERED8) else folder_of(mine)


def make(folder: Path, counts: Mapping[str, int] = COUNTS) -> Path:
    """Write the folder, a sub-folder per class, and one damaged file into the first of them.

    Of every ten photographs three are a burst, one second apart. A third is turned by a note in
    EXIF. Most are JPEG, some PNG and, where pillow-heif is installed, one per class HEIC.
    """
    pictures = data.load_images("train", 96, per_class=max(counts.values()), source="rendered8")
    special = {8: "heic"} if find_spec("pillow_heif") else {}
    start = 0
    for name, count in counts.items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        own = pictures.images[pictures.labels == pictures.classes.index(name)]
        for number in range(count):
            burst = max(number % 10 - 7, 0)  # 1 and 2: again the picture before, a little later
            photo = np.roll(own[number - burst], 3 * burst, axis=1)
            taken = START + timedelta(minutes=start + number - burst, seconds=burst)
            suffix = special.get(number, "png" if number % 20 == 7 else "jpg")
            _save(place / f"IMG_{start + number:04}.{suffix}", photo, taken, number % 3 == 1)
        start += count
    first = folder / next(iter(counts))
    whole = next(iter(sorted(first.glob("*.jpg")))).read_bytes()
    (first / "IMG_9999.jpg").write_bytes(whole[: len(whole) // 2])
    return folder


def photographs(folder: Path, at_most: int) -> list[Path]:
    """The files of every class in turn, by name, so many per class at most; no hidden ones.

    Raises:
        ValueError: fewer than two classes, or one without a file.
    """
    places = sorted(place for place in folder.glob("[!.]*") if place.is_dir())
    files = {place.name: sorted(filter(Path.is_file, place.glob("[!.]*"))) for place in places}
    empty = [name for name, own in files.items() if not own]
    if len(files) < 2 or empty:
        found = f"no file lies in {', '.join(empty)}" if empty else f"found: {[*files] or 'none'}"
        raise ValueError(
            f"{folder} must hold two or more folders, one per class, with its photographs directly "
            f"inside; {found}. Parts such as train and test are drawn later, on the page."
        )
    return [path for own in files.values() for path in own[:at_most]]


def bursts(paths: Sequence[Path], pause: float = 3) -> NDArray[np.int64]:
    """A number per photograph, the same for those that one press of the button made.

    A burst goes on while the next photograph of the class was taken within `pause` seconds. A
    file that does not say when it was taken is alone.
    """
    numbers, before = [0], (None, None)
    for path in paths:
        now = path.parent, _taken(path)
        same = now[0] == before[0] and None not in (now[1], before[1])
        numbers.append(numbers[-1] + (not same or abs(now[1] - before[1]) > pause))
        before = now
    return np.array(numbers[1:])


def require_scenes(labels: NDArray, bursts: NDArray, classes: Sequence[str]) -> None:
    """Complain of a class whose bursts are too few to be split.

    Raises:
        ValueError: names the class, how many bursts it has, and how many it needs.
    """
    for label, name in enumerate(classes):
        count = len(np.unique(bursts[labels == label]))
        if count < SCENES:
            raise ValueError(
                f"the class {name!r} has {count} bursts that can be opened; it needs {SCENES}: one "
                "to learn from, one to choose with, one for the test. Add photographs, taken more "
                "than 3 seconds apart."
            )


def _taken(path: Path) -> float | None:
    """When a photograph was taken, as its camera noted it: seconds from START."""
    with Image.open(path) as photo:
        note = str(photo.getexif().get(TAKEN))
    try:
        return (datetime.strptime(note, NOTED) - START).total_seconds()
    except ValueError:
        return None


def _save(path: Path, photo: NDArray[np.uint8], taken: datetime, turned: bool) -> None:
    image = Image.fromarray(photo).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[TAKEN] = taken.strftime(NOTED)
    if turned and path.suffix == ".jpg":
        exif[ORIENTATION] = TURNED
        image = image.transpose(Image.Transpose.ROTATE_90)
    if path.suffix == ".heic":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    image.save(path, exif=exif, quality=92)


def split(labels: NDArray, bursts: NDArray, seed: int) -> NDArray[np.int64]:
    """Training 0, validation 1, test 2 for every photograph: whole bursts, class by class.

    A fifth of the bursts of each class, rounded, is for the test, another fifth for validation.
    """
    parts, rng = np.zeros(len(labels), int), np.random.default_rng(seed)
    for name in np.unique(labels):
        own = rng.permutation(np.unique(bursts[labels == name]))
        fifth = round(len(own) / 5)
        parts[np.isin(bursts, own[:fifth])] = 2
        parts[np.isin(bursts, own[fifth : 2 * fifth])] = 1
    return parts
