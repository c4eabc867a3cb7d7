"""Photographs of every kind that a folder may hold, and files that are none."""

import subprocess
import sys
import time
import warnings
from functools import partial

import numpy as np
import pytest
from PIL import Image, ImageCms, UnidentifiedImageError

from utils.data import pictures
from utils.data.pictures import NAMED, read_picture, read_pictures

RED, WHITE, GRAY = (255, 0, 0), (255, 255, 255), (128, 128, 128)
read = partial(read_pictures, size=8, remedy="Delete them.")


def plain(mode="RGB", color=RED, side=40):
    return Image.new(mode, (side, side), color)


def transparent(color=RED):
    """The left half covers, the right half lets all through."""
    image = plain("RGBA", (*color, 255))
    image.paste((0, 0, 255, 0), (20, 0, 40, 40))
    return image


def palette():
    image = Image.new("P", (40, 40), 1)
    image.putpalette([0, 0, 0, *RED])
    return image


def sixteen_bits(value):
    return Image.fromarray(np.full((40, 40), value, np.uint16))


@pytest.mark.parametrize(
    ("image", "name", "color"),
    [
        (plain(), "a.png", RED),
        (plain(), "a.jpg", RED),
        (plain(), "a.webp", RED),
        (plain(), "a.bmp", RED),
        (plain(), "a.tiff", RED),
        (plain(), "a.ppm", RED),
        (plain("L", 128), "a.jpg", GRAY),
        (plain("L", 128), "a.png", GRAY),
        (plain("LA", (128, 255)), "a.png", GRAY),
        (plain("1", 1), "a.png", WHITE),
        (plain("CMYK", (0, 255, 255, 0)), "a.jpg", RED),
        (plain("CMYK", (0, 255, 255, 0)), "a.tif", RED),
        (plain("YCbCr", (76, 85, 255)), "a.jpg", RED),
        (plain("I", 128 * 257), "a.pgm", GRAY),
        (palette(), "a.png", RED),
        (palette(), "a.gif", RED),
        (sixteen_bits(128 * 257), "a.png", GRAY),
        (sixteen_bits(128 * 257), "a.tif", GRAY),
    ],
)
def test_every_mode_becomes_three_channels(tmp_path, image, name, color):
    image.save(tmp_path / name)
    picture = read_picture(tmp_path / name, 8)
    assert (picture.shape, picture.dtype) == ((8, 8, 3), np.uint8)
    np.testing.assert_allclose(picture, np.broadcast_to(color, (8, 8, 3)), atol=3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(tmp_path, mode):
    transparent(RED).convert(mode).save(tmp_path / "a.png")
    picture = read_picture(tmp_path / "a.png", 8)
    assert (picture[:, 5:] == 255).all()
    assert (picture[:, :3, 1] < 100).all()


def test_a_single_transparent_color(tmp_path):
    plain(color=(0, 0, 255)).save(tmp_path / "a.png", transparency=(0, 0, 255))
    assert (read_picture(tmp_path / "a.png", 8) == 255).all()


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp", "a.tif", "a.mpo"])
def test_the_first_frame_counts(tmp_path, name):
    more = [plain(color=(0, 0, 255)), plain(color=(0, 255, 0))]
    plain().save(tmp_path / name, save_all=True, append_images=more)
    np.testing.assert_allclose(read_picture(tmp_path / name, 4)[..., 0], 255, atol=3)


@pytest.mark.parametrize(("wrong", "right"), [("a.jpg", "PNG"), ("a.png", "JPEG"), ("a", "WEBP")])
def test_the_content_tells_the_format(tmp_path, wrong, right):
    plain().save(tmp_path / wrong, format=right)
    assert read_picture(tmp_path / wrong, 8)[0, 0, 0] > 250


def test_turned_as_the_camera_noted(tmp_path):
    image = Image.new("RGB", (80, 40), "black")
    image.paste("white", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # show it turned clockwise by 90 degrees: the left edge comes to the top
    image.save(tmp_path / "a.jpg", exif=exif)
    picture = read_picture(tmp_path / "a.jpg", 16)
    assert picture[:7].min() > 240
    assert picture[9:].max() < 15


def test_the_whole_picture_is_stretched(tmp_path):
    ramp = np.repeat(np.linspace(0, 255, 300)[None, :, None], 60, axis=0)
    Image.fromarray(np.repeat(ramp, 3, axis=2).astype(np.uint8)).save(tmp_path / "a.png")
    picture = read_picture(tmp_path / "a.png", 30)
    np.testing.assert_allclose(picture[7, :, 1], np.linspace(4, 251, 30), atol=3)


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_shrinking_averages(tmp_path, name):
    stripes = np.zeros((640, 640, 3), np.uint8)
    stripes[:, ::2] = 255
    Image.fromarray(stripes).save(tmp_path / name, quality=100)
    np.testing.assert_allclose(read_picture(tmp_path / name, 16), 127.5, atol=4)


def test_a_small_picture_is_enlarged(tmp_path):
    plain(side=1).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png", 5)[4, 4], RED)


def test_a_color_profile_does_no_harm(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain().save(tmp_path / "a.png", icc_profile=profile)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png", 5)[0, 0], RED)


def damage(folder, kind):
    path = folder / f"{kind}.jpg"
    if kind == "cut off":
        Image.effect_noise((64, 64), 90).save(path)
        path.write_bytes(path.read_bytes()[:-900])
    if kind == "cut off png":
        Image.effect_noise((64, 64), 90).save(path, "PNG")
        path.write_bytes(path.read_bytes()[:-900])
    if kind == "empty":
        path.touch()
    if kind == "text":
        path.write_text("<html>404</html>", encoding="utf-8")
    if kind == "eps":
        plain().save(path, "EPS")
    if kind == "floats":
        Image.fromarray(np.ones((9, 9), np.float32)).save(path, "TIFF")
    if kind == "link":
        path.symlink_to(folder / "nowhere.jpg")
    if kind == "loop":
        path.symlink_to(path)
    if kind == "folder":
        path.mkdir()
    return path


KINDS = {
    "cut off": "truncated",
    "cut off png": "truncated",
    "empty": "not an image",
    "text": "not an image",
    "eps": "not an image",
    "floats": "floats of unknown range",
    "link": "No such file",
    "loop": "[Tt]oo many|Invalid argument",  # the second of each is how Windows says it
    "folder": "directory|Permission denied",
}


@pytest.mark.parametrize(("kind", "reason"), KINDS.items())
def test_a_damaged_file_is_named_with_the_reason_and_the_remedy(tmp_path, kind, reason):
    plain().save(tmp_path / "good.png")
    path = damage(tmp_path, kind)
    with pytest.raises(ValueError, match=rf"(?s)1 of 2 .*\n.*({reason}).*\nDelete them\.") as error:
        read([tmp_path / "good.png", path])
    assert f"{path}: " in str(error.value)
    assert "good.png" not in str(error.value)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    """Root may read everything, so that permissions would not show here."""

    def refuse(path, *args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(ValueError, match=r"a\.jpg: .*Permission denied"):
        read([tmp_path / "a.jpg"])


def test_all_damaged_files_are_named_up_to_a_limit(tmp_path):
    paths = [tmp_path / f"{number}.jpg" for number in range(NAMED + 3)]
    for path in paths:
        path.touch()
    with pytest.raises(
        ValueError, match=f"{len(paths)} of {len(paths)} photographs cannot"
    ) as error:
        read(paths)
    lines = str(error.value).splitlines()
    assert len(lines) == 1 + NAMED + 2
    assert lines[-2] == "..."


def test_too_many_pixels(tmp_path, monkeypatch):
    plain("1", 0).save(tmp_path / "bomb.png")
    for limit in (1599, 799):  # Pillow warns beyond the limit, and refuses beyond twice the limit
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        with pytest.raises(
            ValueError, match=r"bomb\.png: Image size \(1600 pixels\) exceeds limit"
        ):
            read([tmp_path / "bomb.png"])


def test_many_files_keep_their_order(tmp_path):
    colors = [(number, 255 - number, 7) for number in range(60)]
    paths = [tmp_path / f"{number}.png" for number in range(60)]
    for path, color in zip(paths, colors, strict=True):
        plain(color=color).save(path)
    images = read(paths)
    np.testing.assert_array_equal(images[:, 3, 3], colors)


def test_warnings_work_as_before_afterwards(tmp_path):
    plain().save(tmp_path / "a.png")
    read([tmp_path / "a.png"])
    with pytest.warns(UserWarning, match="still here"):
        warnings.warn("still here", stacklevel=1)


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0"


@pytest.mark.parametrize("name", ["IMG_0004.HEIC", "IMG_0004.JPG"])
def test_photographs_of_a_telephone(tmp_path, name):
    heif = pytest.importorskip("pillow_heif")
    heif.from_pillow(plain()).save(tmp_path / name)
    np.testing.assert_allclose(read([tmp_path / name])[0, 4, 4], RED, atol=4)


def test_heic_without_its_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.setattr(Image, "open", refuse_heif)
    (tmp_path / "IMG_0004.JPG").write_bytes(HEIC)
    with pytest.raises(ValueError, match=r"IMG_0004\.JPG: HEIC, as iPhones write it") as error:
        read([tmp_path / "IMG_0004.JPG"])
    assert f"{sys.executable} -m pip install pillow-heif" in str(error.value)
    assert "Delete them." not in str(error.value)
    (tmp_path / "text.jpg").write_text("text", encoding="utf-8")
    with pytest.raises(ValueError, match=r"(?s)2 of 2 .* pillow-heif\n.*Delete them\.$"):
        read([tmp_path / "IMG_0004.JPG", tmp_path / "text.jpg"])


def refuse_heif(path, *args):
    """As Pillow does before pillow-heif registers; another test may have registered it."""
    raise UnidentifiedImageError(path)


def test_an_interrupt_does_not_wait_for_the_others(tmp_path, monkeypatch):
    done = []

    def slow(path, size, turned):
        time.sleep(0.02)
        done.append(path)
        if len(done) == 8:
            raise KeyboardInterrupt
        return np.zeros((size, size, 3), np.uint8)

    monkeypatch.setattr(pictures, "_picture_or_reason", slow)
    with pytest.raises(KeyboardInterrupt):
        read([tmp_path / f"{number}.jpg" for number in range(500)])
    assert len(done) < 50


def test_progress_is_told_of_what_takes_long(tmp_path, monkeypatch, capsys):
    paths = [tmp_path / f"{number}.png" for number in range(9)]
    for path in paths:
        plain().save(path)
    read(paths, folder=paths)
    assert not capsys.readouterr().out
    monkeypatch.setattr(pictures, "PATIENCE", 0)
    read(paths)
    assert not capsys.readouterr().out
    read(paths, folder=paths)
    assert capsys.readouterr().out.endswith("\r9 of 9 photographs read\n")


PEAK = """
import re, sys
from pathlib import Path
from utils.data.pictures import read_pictures
read_pictures([Path(sys.argv[1])] * 8, 96, "")
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""
"""Not ru_maxrss: a child begins with that of the process that started it."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
@pytest.mark.parametrize("mode", ["RGBA", "RGB"])
def test_memory_is_bounded(tmp_path, mode):
    """12 megapixels each, of the format that takes most; 140 MB are left for 5,000 results."""
    Image.new(mode, (4000, 3000), "red").save(tmp_path / "a.png", compress_level=1)
    command = [sys.executable, "-c", PEAK, str(tmp_path / "a.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 860_000
