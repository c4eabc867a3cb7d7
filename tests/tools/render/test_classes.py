"""Every class builds sound objects of several sub-types, the same ones from the same seed."""

import subprocess
import sys

import numpy as np
import pytest

from tools.render import classes, colors, shapes

pytestmark = pytest.mark.slow

SEEDS = range(20)


@pytest.fixture(scope="module", params=classes.CLASSES)
def models(request):
    """Twenty objects of a class."""
    return [classes.build(request.param, np.random.default_rng(seed)) for seed in SEEDS]


def test_every_surface_is_finite_and_of_moderate_size(models):
    for model in models:
        points = shapes.vertices(model.parts)
        assert np.isfinite(points).all()
        assert 200 <= len(points) <= 60000


def test_every_material_has_a_paint_inside_the_range_of_colors(models):
    for model in models:
        for name in {part.material for part in model.parts}:
            paint = model.paints[name]
            both = [paint.color] if paint.second is None else [paint.color, paint.second]
            assert all(0 <= channel <= 1 for color in both for channel in color), (name, paint)
            assert paint.second is not None or paint.pattern == "plain"


def test_there_are_several_sub_types(models):
    assert len({model.sub_type for model in models}) >= 3


def test_objects_stand_on_the_floor_and_have_one_size(models):
    for model in models:
        points = shapes.vertices(model.parts)
        assert points[:, 2].min() == pytest.approx(0, abs=1e-9)
        assert np.linalg.norm(np.ptp(points, axis=0)) == pytest.approx(2)


@pytest.mark.parametrize("name", classes.CLASSES)
def test_the_same_seed_builds_the_same_object_and_another_seed_another(name):
    first, again, other = (classes.build(name, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert first.sub_type == again.sub_type
    assert first.paints == again.paints
    np.testing.assert_array_equal(shapes.vertices(first.parts), shapes.vertices(again.parts))
    assert not np.array_equal(shapes.vertices(first.parts)[:99], shapes.vertices(other.parts)[:99])


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="no class 'boat'; choose one of airplane"):
        classes.build("boat", np.random.default_rng(0))


def test_classes_share_colors():
    """Color alone tells little: the common paints appear on five classes."""
    found = {
        name
        for name in classes.CLASSES
        for seed in range(5)
        for paint in classes.build(name, np.random.default_rng(seed)).paints.values()
        if paint.color in colors.PAINTS
    }
    assert {"airplane", "car", "motorbike", "person", "flower", "fruit", "dog"} <= found


def test_models_and_plans_do_not_import_blender():
    code = "import sys, tools.render.plan, tools.render.volumes, tools.render.images, tools.render.framing; sys.exit('bpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_hex_names_colors():
    assert colors.to_hex((1, 0.5, 0)) == "#ff8000"
    assert colors.to_hex(colors.from_hex("#0c1533")) == "#0c1533"
