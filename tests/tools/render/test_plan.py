"""Plans: repeatable, in range, blind to the class but where the split says otherwise."""

import csv
import inspect
import io
import re
from operator import attrgetter

import numpy as np
import pytest
from scipy.stats import ks_2samp

from tools.render import plan
from tools.render.classes import CLASSES
from tools.render.plan import SHIFTS, SPLITS, draw, draw_scene, seed_of

pytestmark = pytest.mark.slow

DAYS = [draw_scene(np.random.default_rng(seed)) for seed in range(500)]


def rows(split, class_name="car", count=40):
    """The rows of labels.csv of the first pictures of a class in a split."""
    return [draw(split, class_name, number).row() for number in range(count)]


def test_the_same_picture_has_the_same_plan():
    assert draw("train", "cat", 7) == draw("train", "cat", 7)
    assert draw("train", "cat", 7) != draw("train", "cat", 8)
    assert draw("train", "cat", 7) != draw("test", "cat", 7)


def test_this_plan_stays_what_it_is():
    """The set on disk was rendered from these plans; a change here is a new set."""
    row = draw("train", "car", 0).row()
    assert row["file"] == "train/car/000.jpg"
    assert (row["seed"], row["sub_type"]) == (3537332764, "hatchback")
    assert (row["camera_azimuth"], row["development_exposure"]) == (38.0321, 0.1118)


def test_no_two_pictures_share_a_seed():
    keys = [
        (s, c, n) for s in SPLITS for c in CLASSES for n in range(SPLITS[s]) if s != "turntable"
    ]
    assert len({seed_of(*key) for key in keys}) == len(keys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("night", "car", 0), "no split 'night'"),
        (("test", "car", 60), "0 to 59, not 60"),
        (("test", "boat", 0), "no class 'boat'"),
    ],
)
def test_what_is_not_in_the_set_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        draw(*arguments)


@pytest.mark.parametrize(
    ("path", "low", "high"),
    [
        ("camera.azimuth", 0, 360), ("camera.elevation", 7, 21), ("camera.focal", 35, 80), ("camera.fill", 0.8, 0.96),
        ("camera.off_x", -0.115, 0.115), ("camera.off_y", -0.115, 0.115), ("camera.roll", -8, 8), ("sun.azimuth", -110, 110),
        ("sun.height", 20, 70), ("sun.strength", 2.5, 4.5), ("sun.softness", 1, 12), ("sky.strength", 0.85, 1.2),
        ("ground.scale", 0.4, 5), ("ground.offset", 0, 9), ("lamp", 0, 0),
        ("development.exposure", -0.8, 0.7), ("development.warmth", -0.22, 0.22), ("development.tint", -0.1, 0.1),
        ("development.saturation", 0.4, 1.15), ("development.haze", 0, 0.24),
    ],
)  # fmt: skip
def test_factors_lie_in_their_ranges_and_use_them(path, low, high):
    values = [attrgetter(path)(scene) for scene in DAYS]
    assert low <= min(values) <= max(values) <= high
    assert np.ptp(values) >= 0.6 * (high - low)


def test_the_object_is_never_cut_by_more_than_a_little():
    for scene in DAYS:
        reach = max(abs(scene.camera.off_x), abs(scene.camera.off_y)) + scene.camera.fill / 2
        assert reach <= 0.5 + 0.016


def test_what_may_be_missing_sometimes_is():
    for name, share in {"wall": 0.35, "thing_1": 0.35, "thing_2": 0.1, "occluder": 0.1}.items():
        assert np.mean([getattr(scene, name) is not None for scene in DAYS]) == pytest.approx(
            share, abs=0.07
        )
    assert all(
        0.05 <= s.occluder.share <= 0.22 and s.occluder.size <= 0.24 for s in DAYS if s.occluder
    )
    assert all(abs(s.sun.azimuth) <= 60 for s in DAYS if s.wall)


def test_a_scene_is_drawn_without_the_class():
    """What `draw` uses for everything around the object sees a generator and nothing else."""
    assert list(inspect.signature(draw_scene).parameters) == ["rng"]
    drawn = draw("train", "dog", 3)
    assert drawn.scene == draw_scene(np.random.default_rng([drawn.seed, 1]))


def test_scenes_of_two_classes_have_the_same_distribution():
    """Two-sample Kolmogorov distances of 200 pictures: none over the 1 % bound of 0.163."""
    first, second = (
        [draw_scene(np.random.default_rng([seed_of("train", name, n), 1])) for n in range(200)]
        for name in ("person", "fruit")
    )
    for factor in ("camera.elevation", "camera.fill", "sun.height", "sky.strength", "ground.scale"):
        values = [list(map(attrgetter(factor), scenes)) for scenes in (first, second)]
        assert ks_2samp(*values).statistic < 0.163, factor


def test_colors_are_hexadecimal_and_grounds_are_known():
    for split in SPLITS:
        for row in rows(split, "fruit", 8):
            for name, value in row.items():
                if name.endswith(("_color", "_second", "zenith", "horizon")) and value:
                    assert re.fullmatch("#[0-9a-f]{6}", value)
            assert row["ground_kind"] in {*plan.GROUNDS, *plan.NEW_GROUNDS}


def test_shifted_pictures_show_what_training_never_does():
    pictures = [
        draw("test_shifted", "cat", number).scene for number in range(SPLITS["test_shifted"])
    ]
    by_shift = {shift: [scene for scene in pictures if scene.shift == shift] for shift in SHIFTS}
    assert {len(some) for some in by_shift.values()} == {10}
    for scene in by_shift["night"]:
        assert scene.lamp > 0
        assert scene.sun.strength < 0.5
        assert scene.sun.height <= 20
        assert scene.development.exposure >= 0
    assert all(15 <= abs(scene.camera.roll) <= 35 for scene in by_shift["tilt"])
    assert all(
        scene.camera.elevation < 3 or scene.camera.elevation >= 45 for scene in by_shift["view"]
    )
    kinds = {scene.ground.kind for scene in by_shift["ground"]}
    assert kinds <= set(plan.NEW_GROUNDS)
    assert not set(plan.NEW_GROUNDS) & {scene.ground.kind for scene in DAYS}
    assert {draw("train", "cat", number).scene.shift for number in range(20)} == {"none"}


def test_biased_grounds_go_with_the_class_and_change_places_in_the_test():
    def ground(split, name, number=0):
        found = draw(split, name, number).scene.ground
        return found.kind, found.color, found.second, found.scale

    training = [ground("biased/train", name) for name in CLASSES]
    assert len(set(training)) == len(CLASSES)
    assert [ground("biased/test", name) for name in CLASSES] == training[1:] + training[:1]
    for name in CLASSES:
        assert {ground("biased/train", name, number) for number in range(3)} == {
            ground("biased/train", name)
        }


def test_on_the_turntable_nothing_changes_but_the_azimuth():
    views = [draw("turntable", "car", number) for number in range(36)]
    assert [view.scene.camera.azimuth for view in views] == [10 * number for number in range(36)]
    rest = [
        {k: v for k, v in view.row().items() if k not in ("camera_azimuth", "number", "file")}
        for view in views
    ]
    assert all(row == rest[0] for row in rest)
    assert all(view.scene.occluder is None for view in views)


def test_a_row_holds_every_factor_as_a_number_or_a_word_and_survives_csv():
    some = [row for split in SPLITS for row in rows(split, "fruit", 8)]
    assert len({tuple(row) for row in some}) == 1
    assert {
        "ground_kind",
        "wall_ground_color",
        "sun_height",
        "camera_roll",
        "thing_2_size",
        "occluder_share",
        "lamp",
    } <= set(some[0])
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(some[0]))
    writer.writeheader()
    writer.writerows(some)
    for row, read in zip(some, csv.DictReader(io.StringIO(buffer.getvalue())), strict=True):
        assert {name: type(value)(read[name]) for name, value in row.items()} == row
