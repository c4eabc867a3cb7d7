"""The pretraining tool: its photographs, its crops, the network and the file that it leaves."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools import pretrain_backbone as tool
from utils.backbone import load_weights
from utils.quiet import keras

pytestmark = pytest.mark.slow

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "cifar100"
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    """A hundred classes, each four tiles of one gray: 2 * label, and one more a tile."""
    folder = tmp_path_factory.mktemp("cifar100")
    for part in ("train", "test"):
        (folder / part).mkdir()
        for label in range(tool.CLASSES):
            tiles = np.kron([[0, 1], [2, 3]], np.ones((32, 32))) + 2 * label
            sheet = np.repeat(tiles[..., None], 3, axis=2).astype(np.uint8)
            name = tool.LEFT_OUT.get(label, "other")
            Image.fromarray(sheet).save(folder / part / f"{label:02d}-{name}.webp", lossless=True)
    return folder


def test_tiles_are_read_row_by_row(sheets):
    images, labels = tool.read_sheets(sheets / "train")
    assert images.shape == (400, 32, 32, 3)
    np.testing.assert_array_equal(labels, np.repeat(np.arange(100), 4))
    np.testing.assert_array_equal(images[40:44, 0, 0, 0], [20, 21, 22, 23])
    assert (images == images[:, :1, :1]).all()


def test_a_folder_without_all_sheets_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds 0 sheets: expected 100"):
        tool.read_sheets(tmp_path)


def test_classes_that_overlap_are_left_out_and_the_others_renumbered(sheets):
    images, labels = tool.photographs(sheets)["train"]
    assert len(tool.LEFT_OUT) == 15
    np.testing.assert_array_equal(np.unique(labels), np.arange(85))
    kept = images[:, 0, 0, 0][::4] // 2
    assert not set(kept.tolist()) & set(tool.LEFT_OUT)
    assert (np.diff(kept) > 0).all()


@pytest.mark.skipif(not SHARED.exists(), reason="the photographs of CIFAR-100 are not here")
def test_the_numbers_of_the_classes_left_out_are_theirs():
    for label, name in tool.LEFT_OUT.items():
        assert (SHARED / "train" / f"{label:02d}-{name}.webp").exists()


def test_held_out_photographs_are_the_same_number_of_each_class():
    labels = RNG.permutation(np.repeat(np.arange(3), 50))
    images = np.arange(150)
    (x, y), (x_out, y_out) = tool.hold_out(images, labels)
    assert sorted([*x, *x_out]) == list(range(150))
    np.testing.assert_array_equal(np.bincount(y_out), [tool.HELD_OUT] * 3)
    np.testing.assert_array_equal(labels[x], y)


@pytest.mark.parametrize("length", [16, 24.5, 32, 47.9])
def test_cuts_keep_plain_areas_and_straight_slopes(length):
    starts, lengths = np.array([0, 48 - length]), np.array([length, length])
    matrices = tool.cuts(starts, lengths, 48, 32)
    assert matrices.shape == (2, 32, 48)
    np.testing.assert_allclose(matrices @ np.ones(48), 1, atol=1e-5)
    steps = np.diff(matrices @ np.arange(48))[:, 1:-1]
    np.testing.assert_allclose(steps, length / 32, atol=1e-4)


def test_a_cut_of_as_many_pixels_copies_them_and_a_negative_length_turns_them_around():
    line = RNG.integers(0, 256, 12)
    there, back = tool.cuts(np.array([3, 11]), np.array([8, -8]), 12, 8) @ line
    np.testing.assert_allclose(there, line[3:11], rtol=1e-6)
    np.testing.assert_allclose(back, line[3:11][::-1], rtol=1e-6)


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_a_zoom_shows_things_larger_and_about_half_of_them_flipped(zoom):
    stripes = 128 + 50 * np.cos(2 * np.pi * np.arange(32) / 8)  # four periods
    images = np.tile(stripes.astype(np.uint8)[None, None, :, None], (300, 32, 1, 3))
    images[:, :, 16:] = images[:, :, 16:] // 2
    cut = tool.augmented(images, 32, (zoom, zoom), np.random.default_rng(0))
    assert cut.shape == (300, 32, 32, 3)
    spectrum = np.abs(np.fft.rfft(cut[:, 16, :, 0] - cut[:, 16, :, :1].mean(axis=1), axis=1))
    assert np.median(spectrum[:, 2:].argmax(axis=1) + 2) == 4 / zoom
    left, right = cut[:, :, :8].mean(axis=(1, 2, 3)), cut[:, :, -8:].mean(axis=(1, 2, 3))
    assert 0.35 < (left < right).mean() < 0.65


def test_crops_depend_on_the_seed_and_the_epoch_alone():
    x = RNG.integers(0, 256, (2 * tool.BATCH + 5, 32, 32, 3), dtype=np.uint8)
    y = np.arange(len(x))
    phase = tool.BRANCHES[1]
    one, other = tool.Augmented(x, y, phase), tool.Augmented(x, y, phase)
    assert len(one) == 2
    images, labels = one[1]
    assert images.shape == (tool.BATCH, phase.side, phase.side, 3)
    assert images.dtype == np.float32
    assert 0 <= images.min() <= images.max() <= 255
    np.testing.assert_array_equal(other[1][0], images)
    other.start_epoch(1)
    assert (other[1][1] != labels).any()
    seen = np.concatenate([one[0][1], one[1][1]])
    assert len(set(seen.tolist())) == 2 * tool.BATCH


def test_what_was_trained_in_mixed_precision_computes_the_same_in_single_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = tool.classifier(tool.residual_network(), 5)
        body, whole = tool.in_single_precision(model)
        assert {layer.compute_dtype for layer in whole.layers} == {"float32"}
        assert keras.config.dtype_policy().name == "float32"
    finally:
        keras.config.set_dtype_policy("float32")
    images = RNG.uniform(0, 255, (4, 32, 32, 3)).astype(np.float32)
    mixed, single = np.asarray(model(images)), np.asarray(whole(images))
    assert np.abs(mixed - single).max() < 0.05 * np.abs(single).max()
    assert whole.layers[-3].output is body.output


@pytest.mark.parametrize("phase", [tool.START, *tool.BRANCHES], ids=["start", "long", "large"])
def test_the_rate_warms_up_and_decays_to_zero(phase):
    schedule = tool.optimizer(phase, steps=10)._learning_rate
    rates = np.array([float(schedule(step)) for step in range(10 * phase.epochs + 1)])
    assert rates[0] == 0
    assert rates.argmax() == round(10 * phase.warm_up)
    np.testing.assert_allclose(rates.max(), phase.peak, rtol=1e-5)
    assert rates[-1] < 1e-6
    assert (np.diff(rates[rates.argmax() :]) <= 0).all()


@pytest.mark.weekly
def test_the_tool_trains_stops_goes_on_and_leaves_its_files(sheets, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "DATA", tmp_path)
    monkeypatch.setattr(tool, "HELD_OUT", 1)
    arguments = ["tool", "--sheets", str(sheets), "--work", str(tmp_path / "work")]
    monkeypatch.setattr("sys.argv", arguments)
    start, *branches = (
        phase._replace(epochs=2, warm_up=0.5) for phase in (tool.START, *tool.BRANCHES)
    )
    monkeypatch.setattr(tool, "START", start)
    monkeypatch.setattr(tool, "BRANCHES", branches)
    train = tool.train

    def cut_off(model, phase, *rest, first):
        train(model, phase._replace(epochs=1), *rest, first=first)
        raise KeyboardInterrupt

    try:
        monkeypatch.setattr(tool, "train", cut_off)
        with pytest.raises(KeyboardInterrupt):
            tool.main()
        monkeypatch.setattr(tool, "train", train)
        for _ in range(2):
            tool.main()
    finally:
        keras.config.set_dtype_policy("float32")
    header, *epochs, last = (
        (tmp_path / "backbone_training.csv").read_text(encoding="utf-8").splitlines()
    )
    assert header == "epoch,accuracy,loss,val_accuracy,val_loss"
    assert [row.split(",")[0] for row in epochs] == ["0", "1", "2", "3", "4", "5"]
    assert last.startswith("test,0.")
    load_weights(tool.residual_network(), tmp_path / "backbone.npz")
