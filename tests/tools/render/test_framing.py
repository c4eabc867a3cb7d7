"""The camera: the object fills its share of the picture, and an occluder hides no more than allowed."""

from dataclasses import replace

import numpy as np
import pytest

from tools.render import shapes
from tools.render.classes import CLASSES
from tools.render.framing import NEAREST, aim, hidden_share, occluder_place
from tools.render.plan import THINGS, Camera, Occluder, draw
from tools.render.things import thing

pytestmark = pytest.mark.slow

BALL = shapes.vertices([shapes.ellipsoid((0, 0, 0.5), 0.5, "m")])


def shifted_ball(x, y):
    """The ball, moved along x and y."""
    return BALL + np.array([x, y, 0])


def turned_points(plan):
    """The object of a plan as its camera sees it."""
    return shapes.vertices(
        shapes.moved(plan.model().parts, shapes.turned(-plan.scene.camera.azimuth))
    )


@pytest.mark.parametrize("roll", [0, -30])
@pytest.mark.parametrize("class_name", CLASSES)
def test_the_object_is_centered_and_fills_its_share(class_name, roll):
    plan = draw("train", class_name, 3)
    points, camera = turned_points(plan), replace(plan.scene.camera, roll=roll)
    flat = aim(points, camera).project(points)
    np.testing.assert_allclose(flat.min(axis=0), -flat.max(axis=0), atol=2e-3)
    assert np.ptp(flat, axis=0).max() == pytest.approx(camera.fill, abs=4e-3)


@pytest.mark.parametrize("focal", [35, 80])
@pytest.mark.parametrize("fill", [0.8, 0.96])
@pytest.mark.parametrize("slender", [0.02, 0.1, 0.4])
def test_a_long_object_that_points_at_the_camera_is_framed_from_a_distance(focal, fill, slender):
    """Here full steps of the distance swing to and fro, until the object lies outside."""
    points = shapes.vertices([shapes.ellipsoid((0, 0, 0.3), (1, slender, slender), "m")])
    view = aim(points, Camera(0, 10, focal, fill, 0, 0, 0))
    flat = view.project(points)
    nearest = view.distance - ((points - view.target) @ view.away).max()
    np.testing.assert_allclose(flat.min(axis=0), -flat.max(axis=0), atol=5e-3)
    assert nearest >= NEAREST - 1e-3
    if nearest > NEAREST + 0.01:
        assert np.ptp(flat, axis=0).max() == pytest.approx(fill, abs=5e-3)
    else:
        assert np.ptp(flat, axis=0).max() <= fill + 5e-3


def test_up_is_up_and_right_is_right():
    view = aim(BALL, Camera(0, 20, 50, 0.6, 0, 0, 0))
    top, left_of_object = view.project(np.array([(0, 0, 1.0), (0, 0.5, 0.5)]))
    assert top[1] > 0.2
    assert left_of_object[0] > 0.2
    assert view.place[0] > 0
    assert view.place[2] > 0.5


@pytest.mark.parametrize("number", range(6))
def test_an_occluder_hides_a_little_and_never_more_than_its_share(number):
    plan = draw("train", CLASSES[number], number)
    points = turned_points(plan)
    view = aim(points, plan.scene.camera)
    for kind in THINGS:
        occluder = Occluder(kind, "#ffffff", 0.15, side=1 - 2 * (number % 2), share=0.2)
        x, y = occluder_place(view, points, occluder)
        cover = shapes.vertices(shapes.moved(thing(kind, 0.15), shapes.shifted(x, y)))
        assert hidden_share(view, points, cover) <= 0.2
        assert x > points[:, 0].max()
        assert y * occluder.side >= 0


def test_a_hidden_share_is_a_share_of_the_outline():
    view = aim(BALL, Camera(0, 0, 80, 0.9, 0, 0, 0))
    assert hidden_share(view, BALL, shifted_ball(1.0, 0)) == 1
    assert hidden_share(view, BALL, shifted_ball(0, 9)) == 0
    assert hidden_share(view, BALL, shifted_ball(0, 0.5)) == pytest.approx(0.5, abs=0.08)


def test_an_unknown_thing_is_refused():
    with pytest.raises(ValueError, match="no thing 'tree'"):
        thing("tree", 0.2)
