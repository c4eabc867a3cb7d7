"""Files of photographs, read into arrays of one size.

Pillow decodes them, not `keras.utils.image_dataset_from_directory`: TensorFlow's decoders refuse
CMYK, misread palettes, return every frame of an animation, and do not say which file is damaged.
"""

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = frozenset(("AVIF", "BMP", "GIF", "JPEG", "MPO", "PNG", "PPM", "TIFF", "WEBP"))
"""Of all that Pillow knows, what may be in a folder of photographs; it runs EPS as a program."""

NAMED = 10
"""How many damaged files an error names."""


def read_pictures(paths: Sequence[Path], size: int, remedy: str) -> NDArray[np.uint8]:
    """Photographs of any format and any size, each stretched to a square.

    See `read_picture` for what becomes of each. Several are read at a time.

    Args:
        paths: of N files, N >= 1.
        size: height and width of the result, in pixels.
        remedy: what to do about files that cannot be read; the error ends with it.

    Returns:
        uint8, 0..255, shape (N, size, size, 3), in the order of the paths.

    Raises:
        ValueError: names the files that cannot be read, and why not.
    """
    with warnings.catch_warnings(), ThreadPoolExecutor() as pool:
        warnings.simplefilter("ignore")  # Pillow's notes about metadata, say
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        results = list(pool.map(partial(_picture_or_reason, size=size), paths))
    reasons = [result for result in results if isinstance(result, str)]
    if reasons:
        named = "\n".join(reasons[:NAMED] + ["..."] * (len(reasons) > NAMED))
        raise ValueError(
            f"{len(reasons)} of {len(paths)} photographs cannot be read:\n{named}\n{remedy}"
        )
    return np.stack(results)


def read_picture(path: Path, size: int) -> NDArray[np.uint8]:
    """One photograph as a network wants it: upright, in color, without transparency, square.

    It is turned as its camera noted (EXIF), and its content tells the format, whatever the name. Of
    an animation, the first frame counts. Gray becomes three equal channels, 16 bits become 8, and
    what is transparent becomes white. The whole picture is stretched to a square, with averaging
    where it shrinks, so that nothing at its borders is lost.

    Returns:
        uint8, 0..255, shape (size, size, 3).

    Raises:
        OSError: the file cannot be opened, is cut off, or is no image.
        ValueError: pixels that are not colors.
        Other errors of Pillow's decoders, among them those for images of over 89 million pixels.
    """
    with Image.open(path) as image:
        if image.format not in FORMATS:
            raise UnidentifiedImageError
        image.draft(None, (2 * size, 2 * size))  # a JPEG is decoded no larger than needed
        upright = ImageOps.exif_transpose(image)
    square = _in_color(upright).resize((size, size), Image.Resampling.BILINEAR, reducing_gap=2)
    return np.asarray(square)


def _in_color(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise ValueError("its pixels are floats of unknown range")
    if image.mode.startswith("I"):  # Pillow would cut off all above 255
        image = Image.fromarray((np.asarray(image) // 257).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _picture_or_reason(path: Path, size: int) -> NDArray[np.uint8] | str:
    try:
        return read_picture(path, size)
    except UnidentifiedImageError:
        return f"{path}: not an image, or of a format that is not known here"
    except Exception as error:  # decoders raise errors of a dozen kinds
        return f"{path}: {error}"
