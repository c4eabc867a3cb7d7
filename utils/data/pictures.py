"""Files of photographs, read into arrays of one size.

Pillow decodes them, not `keras.utils.image_dataset_from_directory`: TensorFlow's decoders refuse
CMYK, misread palettes, return every frame of an animation, and do not say which file is damaged.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from threading import Semaphore
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from utils.data.files import PIP

FORMATS = frozenset(("AVIF", "BMP", "GIF", "HEIF", "JPEG", "MPO", "PNG", "PPM", "TIFF", "WEBP"))
"""Of all that Pillow knows, what may be in a folder of photographs; it runs EPS as a program."""

HEIF_REASON = "HEIC, as iPhones write it, which needs one more package"
HEIF_REMEDY = (
    f"For HEIC, run in a terminal: {PIP} pillow-heif\n"
    "and restart the kernel. Or export the photographs as JPEG."
)

NAMED = 50
"""How many damaged files an error names."""
AT_A_TIME = 4
"""So many files are read at a time, however many cores there are: each takes memory."""
LARGE = 4_000_000
"""Pixels of a photograph that only one other of its kind may be decoded beside."""
PATIENCE = 3.0
"""Seconds after which one is told how far the reading is."""

_large = Semaphore(2)


def read_pictures(
    paths: Sequence[Path], size: int, remedy: str, folder: Sequence[Path] = (), turned: bool = True
) -> NDArray[np.uint8]:
    """Photographs of any format and any size, each stretched to a square.

    See `read_picture` for what becomes of each. Several are read at a time.

    Args:
        paths: of N files, N >= 1.
        size: height and width of the result, in pixels.
        remedy: what to do about files that cannot be read; the error ends with it.
        folder: all photographs of a folder of one's own. Progress is told for these, and when one
            file of `paths` cannot be read, all of these are tried, so that one round mends them.
        turned: as the camera noted; False where such notes are false.

    Returns:
        uint8, 0..255, shape (N, size, size, 3), in the order of the paths.

    Raises:
        ValueError: names the files that cannot be read, and why not.
    """
    images, reasons = np.empty((len(paths), size, size, 3), np.uint8), []
    read = partial(_picture_or_reason, size=size, turned=turned)
    for number, result in enumerate(_results(paths, read, told=bool(folder))):
        if isinstance(result, str):
            reasons.append(result)
        else:
            images[number] = result
    if reasons:
        others = sorted({*folder} - {*paths})
        reasons += [r for r in _results(others, read, told=True) if isinstance(r, str)]
        raise ValueError(_complaint(reasons, len(paths) + len(others), remedy))
    return images


def _results(
    paths: Sequence[Path], read: Callable[[Path], NDArray[np.uint8] | str], told: bool
) -> Iterator[NDArray[np.uint8] | str]:
    """For each file, in order, its picture or the reason why there is none."""
    last = start = monotonic()
    pool = ThreadPoolExecutor(AT_A_TIME)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's notes about metadata, say
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            results = pool.map(read, paths)
            for number, result in enumerate(results, 1):
                yield result
                done = number == len(paths) and last > start
                if told and (done or monotonic() - last > PATIENCE):
                    last = monotonic()
                    end = "\n" if done else ""
                    print(f"\r{number} of {len(paths)} photographs read", end=end, flush=True)
        finally:
            pool.shutdown(cancel_futures=True)  # an interrupt does not wait for all the others


def _complaint(reasons: Sequence[str], count: int, remedy: str) -> str:
    heif = sum(reason.endswith(HEIF_REASON) for reason in reasons)
    remedies = [HEIF_REMEDY] * bool(heif) + [remedy] * (heif < len(reasons))
    named = [*reasons[:NAMED], *["..."] * (len(reasons) > NAMED), *remedies]
    return "\n".join([f"{len(reasons)} of {count} photographs cannot be read:", *named])


def read_picture(path: Path, size: int, turned: bool = True) -> NDArray[np.uint8]:
    """One photograph as a network wants it: upright, in color, without transparency, square.

    See `upright` for what becomes of it. The whole picture is stretched to a square, with averaging
    where it shrinks, so that nothing at its borders is lost.

    Returns:
        uint8, 0..255, shape (size, size, 3).

    Raises:
        Whatever `upright` raises.
    """
    with upright(path, 2 * size, turned) as color:
        square = color.resize((size, size), Image.Resampling.BILINEAR, reducing_gap=2)
    return np.asarray(square)


@contextmanager
def upright(path: Path, enough: int, turned: bool = True) -> Iterator[Image.Image]:
    """A photograph in color, of three channels of 8 bits.

    It is `turned` as its camera noted (EXIF); its content tells the format, whatever the name. Of
    an animation, the first frame counts. Gray becomes three equal channels, 16 bits become 8, and
    what is transparent becomes white. A JPEG may be decoded smaller, with sides of `enough` pixels
    or more.

    Raises:
        OSError: the file cannot be opened, is cut off, or is no image.
        ImportError: the file is HEIC, and pillow-heif is not installed.
        ValueError: pixels that are not colors.
        Other errors of Pillow's decoders, among them those for images of over 89 million pixels.
    """
    with _opened(path) as image:
        if image.format not in FORMATS:
            raise UnidentifiedImageError
        image.draft(None, (enough, enough))  # a JPEG is decoded no larger than needed
        with _large if image.width * image.height > LARGE else nullcontext():
            if turned:
                ImageOps.exif_transpose(image, in_place=True)
            yield _in_color(image)


def _opened(path: Path) -> Image.Image:
    """The image in a file; HEIC takes a package of its own, which registers with Pillow."""
    try:
        return Image.open(path)
    except UnidentifiedImageError:
        with path.open("rb") as file:
            head = file.read(11)
        if head[4:] not in (b"ftyphei", b"ftyphev", b"ftypmif", b"ftypmsf"):
            raise
        from pillow_heif import register_heif_opener

        register_heif_opener()
        return Image.open(path)


def _in_color(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise ValueError("its pixels are floats of unknown range")
    if image.mode.startswith("I"):  # Pillow would cut off all above 255
        image = Image.fromarray((np.asarray(image) // 257).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _picture_or_reason(path: Path, size: int, turned: bool) -> NDArray[np.uint8] | str:
    try:
        return read_picture(path, size, turned)
    except Exception as error:  # decoders raise errors of a dozen kinds
        return f"{path}: {reason(error)}"


def reason(error: Exception) -> str:
    """Why a photograph cannot be read, in words, from what `upright` raised."""
    if isinstance(error, UnidentifiedImageError):
        return "not an image, or of a format that is not known here"
    return HEIF_REASON if isinstance(error, ImportError) else str(error)
