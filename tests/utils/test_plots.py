"""The look of figures, how a picture shows and stores itself, and the figures that lessons share."""

import warnings
from base64 import b64decode
from io import BytesIO
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from tests.kit.looks import fits_the_page, has_large_text
from utils import data, plots
from utils.plots import Picture

pytestmark = pytest.mark.slow

ALT = "A line that rises from one to four."


@pytest.fixture(autouse=True)
def style():
    plots.style()
    yield
    plt.close("all")


def line(ylabel="", last=4):
    figure, axes = plt.subplots()
    axes.plot([1, 2, last])
    axes.set_ylabel(ylabel)
    return figure


def photograph():
    figure, axes = plt.subplots(figsize=(6, 6))
    axes.imshow(data.photograph("brick"), cmap="gray", interpolation="antialiased")
    return figure


def stored(figure, alt=ALT, caption="A line."):
    """What a notebook stores of a picture: its type, its bytes, its text and what goes with it."""
    bundle, metadata = Picture(figure, alt, caption)._repr_mimebundle_()
    ((mime, about),) = metadata.items()
    assert set(bundle) == {mime, "text/plain"}
    return mime, b64decode(bundle[mime]), bundle["text/plain"], about


def test_text_is_large_enough():
    sizes = ["font.size", "axes.titlesize", "axes.labelsize", "xtick.labelsize", "legend.fontsize"]
    assert min(plt.rcParams[name] for name in sizes) >= 12
    assert plt.rcParams["lines.linewidth"] >= 2


def test_png_is_the_same_every_time_and_closes_the_figure():
    first = plots.png(line())
    assert first == plots.png(line())
    assert plt.get_fignums() == []
    assert Image.open(BytesIO(first)).size == (900, 400)


def test_ground_is_white():
    image = Image.open(BytesIO(plots.png(line()))).convert("RGB")
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_a_picture_carries_its_words_and_is_finer_than_it_is_shown():
    mime, content, text, about = stored(line())
    assert mime == "image/png"
    assert Image.open(BytesIO(content)).size == (1800, 800)
    assert text == about["alt"] == ALT
    assert (about["caption"], about["width"]) == ("A line.", 900)
    assert plt.get_fignums() == []


def test_photographs_are_stored_as_jpeg():
    mime, content, _, about = stored(photograph())
    assert mime == "image/jpeg"
    assert Image.open(BytesIO(content)).size == (1200, 1200)
    assert about["width"] == 600


@pytest.mark.parametrize("make", [line, photograph])
def test_nobody_sees_what_the_file_leaves_out(make):
    _, content, _, _ = stored(make())
    drawn = np.asarray(plots.drawn(make(), plots.RETINA), int)
    kept = np.asarray(Image.open(BytesIO(content)).convert("RGB"), int)
    assert np.abs(kept - drawn).mean() < 4


def test_a_drawing_has_a_palette_and_is_off_by_next_to_nothing():
    drawn = plots.drawn(line("the height of a letter"), plots.RETINA)
    few = plots._few_colors(drawn)
    assert few.mode == "P"
    assert np.abs(np.asarray(few.convert("RGB"), int) - np.asarray(drawn, int)).mean() < 0.1


@pytest.mark.parametrize("side", [30, 64, 300])
def test_a_picture_that_256_colors_do_not_show_keeps_them_all(side):
    noise = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    pixels = Image.fromarray(noise).resize((600, 600), Image.Resampling.NEAREST)
    assert plots._few_colors(pixels) is pixels


def test_shades_are_a_drawing():
    figure, axes = plt.subplots()
    axes.scatter(*np.random.default_rng(0).normal(size=(2, 300)), c=np.arange(300), cmap="viridis")
    assert plots._few_colors(plots.drawn(figure, plots.RETINA)).mode == "P"


@pytest.mark.parametrize("count", [1, 2, 256])
def test_up_to_256_colors_are_stored_exactly(count):
    rng = np.random.default_rng(count)
    colors = rng.integers(0, 256, (count, 3), np.uint8)
    pixels = colors[rng.integers(0, count, (60, 80))]
    few = plots._few_colors(Image.fromarray(pixels))
    np.testing.assert_array_equal(few.convert("RGB"), pixels)


def test_a_drawing_keeps_its_colors():
    figure, axes = plt.subplots()
    axes.imshow(np.arange(300 * 400).reshape(300, 400), "viridis")
    _, content, _, _ = stored(figure)
    assert len(Image.open(BytesIO(content)).convert("RGB").getcolors(1 << 24)) > 200


def test_the_digest_is_that_of_the_pixels_and_of_the_words():
    first, same, moved, renamed = (
        stored(make)[3] for make in (line("y 1"), line("y 1"), line("y 2", 5), line("z"))
    )
    assert first == same
    assert len({about["pixels"] for about in (first, moved, renamed)}) == 3
    assert first["texts"] != renamed["texts"]


def test_digits_and_names_of_classes_do_not_count_among_the_words():
    said = "a cat, 0.93", "a flower, 0.94", "a cow, 0.94"
    cat, flower, cow = (stored(line(words))[3]["texts"] for words in said)
    assert cat == flower != cow


@pytest.mark.parametrize(
    ("alt", "caption", "words"),
    [("A line.", "A line.", "alt="), (ALT, "", "caption="), (ALT, "one " * 16, "caption=")],
)
def test_a_picture_without_words_is_refused(alt, caption, words):
    with pytest.raises(ValueError, match=words):
        Picture(line(), alt, caption)


def test_colors_are_okabe_and_ito():
    assert len(set(plots.CATEGORIES)) == 6
    assert set(plots.CATEGORIES) <= set(plots.OKABE_ITO.values())


HISTORY = {
    "loss": [1, 0.5, 0.2], "accuracy": [0.4, 0.7, 0.9],
    "val_loss": [1.1, 0.8, 1.2], "val_accuracy": [0.3, 0.6, 0.55],
}  # fmt: skip
PICTURES = np.random.default_rng(0).integers(0, 256, (9, 8, 8, 3), np.uint8)
LABELS = np.arange(9) % 6
NAMES = ["car", "cat", "dog", "flower", "fruit", "person"]
SHARED = {
    "learning_curves": lambda: plots.learning_curves(HISTORY, 3),
    "starts": lambda: plots.starts({"small": [0.7, 0.8], "large": [0.9, 0.95]}, chance=0.5),
    "starts on two sets": lambda: plots.starts(
        {"a": {"train": [0.9], "test": [0.5]}, "b": {"train": [0.8], "test": [0.7]}}
    ),
    "class_rows": lambda: plots.class_rows(PICTURES, LABELS, NAMES),
}
test_fit = fits_the_page(SHARED)
test_text = has_large_text(SHARED)


def test_learning_curves_say_where_they_end_and_where_validation_turns():
    alt = SHARED["learning_curves"]().alt
    assert "90% in training and 55% in validation" in alt
    assert "lowest in epoch 2" in alt


def test_an_empty_history_is_drawn():
    empty = {key: [] for key in HISTORY}
    assert len(plots.learning_curves(empty, 3, "starting").figure.axes) == 2


def test_starts_say_their_ranges_and_mark_every_start_and_the_mean():
    picture = SHARED["starts"]()
    assert "small: 70% to 80%" in picture.alt
    marks = [line.get_xdata() for line in picture.figure.axes[0].lines]
    assert [0.7, 0.8] in [list(x) for x in marks]
    assert any(np.allclose(x, 0.75) for x in marks)
    assert "guessing" in " ".join(t.get_text() for t in picture.figure.axes[0].texts)
    assert "b, test: 70% to 70%" in SHARED["starts on two sets"]().alt


def test_a_confusion_matrix_names_its_most_frequent_mistake():
    matrix = np.array([[5, 1, 0], [0, 6, 0], [3, 0, 3]])
    picture = plots.confusion(matrix, ["cat", "dog", "person"])
    assert "14 of 18 pictures are on the diagonal" in picture.alt
    assert "person taken for cat, 3 times" in picture.alt
    written = {text.get_text() for text in picture.figure.axes[0].texts}
    assert written == {"5", "1", "6", "3"}


def test_a_confusion_matrix_without_mistakes_names_none():
    assert "mistake" not in plots.confusion(np.eye(3, dtype=int), range(3)).alt


def test_tiles_stand_beside_each_other():
    sheet = plots.tiles(np.arange(3 * 30 * 30).reshape(30, 30, 3), columns=2)
    assert sheet.shape == (62, 62)
    assert np.isnan(sheet[30:32]).all()


def test_resized_takes_the_middle_square():
    photo = np.zeros((4, 8, 3), np.uint8)
    photo[:, 2:6] = 200
    assert plots.resized(photo, 2).tolist() == [[[200] * 3] * 2] * 2


def test_names_of_classes_in_another_script(monkeypatch):
    font = SimpleNamespace(name="Noto Sans CJK SC")
    monkeypatch.setattr(plots.fontManager, "ttflist", [*plots.fontManager.ttflist, font])
    with plt.rc_context():
        plots.style()
        assert plt.rcParams["font.family"] == ["sans-serif", "Noto Sans CJK SC"]


def test_a_script_without_a_font_is_no_alarm():
    figure, axes = plt.subplots()
    axes.set_title("猫")
    with warnings.catch_warnings(action="error"):
        plots.drawn(figure)
