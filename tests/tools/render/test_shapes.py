"""Solids: closed, turned outward, filled, mirrored, and brought to one size."""

from collections import Counter

import numpy as np
import pytest
from scipy.spatial import cKDTree

from tools.render import shapes

pytestmark = pytest.mark.slow

PARTS = {
    "loft": shapes.loft(
        [(0, 0, 0), (1, 0.2, 0), (2, 0, 0.5)], [(0.3, 0.1), (0.5, 0.2), (0.1, 0.1)], "m"
    ),
    "folded loft": shapes.loft(
        [(0, 0, 0), (0, 0, 1), (0, 0, 0.2)], [0.5, 0.9, 0.1], "m", normal=(0, 0, 1)
    ),
    "ellipsoid": shapes.ellipsoid((1, 2, 3), (1, 2, 0.5), "m"),
    "box": shapes.box((0, 0, 1), (1, 2, 3), "m"),
    "rod": shapes.rod((0, 0, 0), (0, 0, 2), 0.2, "m", tip=0.1),
    "limb": shapes.limb([(0, 0, 0), (0, 1, 1), (0, 1, 2)], [0.3, 0.2, 0.1], "m"),
    "ring": shapes.ring((0, 0, 1), 0.7, 0.2, (0, 1, 0), "m", width=0.1),
    "disk": shapes.disk((0, 0, 0), 0.5, 0.2, (0, 1, 0), "m"),
}


def volume(part):
    """The signed volume inside the surface, from its faces as fans of triangles."""
    points, faces = part.mesh()
    triangles = [(f[0], f[i], f[i + 1]) for f in faces for i in range(1, len(f) - 1)]
    return np.linalg.det(points[np.array(triangles)]).sum() / 6


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_every_edge_lies_between_two_faces_that_turn_the_same_way(part):
    _, faces = part.mesh()
    edges = Counter(edge for face in faces for edge in zip(face, face[1:] + face[:1], strict=True))
    assert set(edges.values()) == {1}
    assert all((end, start) in edges for start, end in edges)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_faces_are_seen_from_outside(part):
    assert volume(part) > 0


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_mirrored_parts_mirror(part):
    original, twin = shapes.mirrored([part])
    assert original is part
    assert volume(twin) == pytest.approx(volume(part), rel=0.01)  # other diagonals
    np.testing.assert_allclose(
        shapes.vertices([twin]).mean(axis=0), part.grid.mean(axis=(0, 1)) * (1, -1, 1), atol=1e-12
    )


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_inside_points_lie_inside_the_bounding_box_and_are_dense(part):
    inside, grid = part.interior(0.15), part.grid.reshape(-1, 3)
    assert (inside >= grid.min(axis=0) - 1e-9).all()
    assert (inside <= grid.max(axis=0) + 1e-9).all()
    halfway = (grid + np.repeat(part.core, part.grid.shape[1], axis=0)) / 2
    assert cKDTree(inside).query(np.concatenate([grid, part.core, halfway]))[0].max() < 0.13


def test_volumes_of_known_solids():
    assert volume(PARTS["ellipsoid"]) == pytest.approx(4 / 3 * np.pi * 1 * 2 * 0.5, rel=0.03)
    assert volume(PARTS["ring"]) == pytest.approx(2 * np.pi * 0.7 * np.pi * 0.2 * 0.1, rel=0.06)
    assert volume(PARTS["rod"]) == pytest.approx(np.pi * 2 / 3 * (0.04 + 0.02 + 0.01), rel=0.03)


def test_a_loft_passes_through_its_spine_with_its_radii():
    part = shapes.loft([(0, 0, 0), (4, 0, 0)], [(1, 2), (3, 4)], "m", stations=5)
    np.testing.assert_allclose(part.core[:, 0], [0, 1, 2, 3, 4])
    np.testing.assert_allclose(np.abs(part.grid[2]).max(axis=0), [2, 2, 3])


@pytest.mark.parametrize("axis", "xyz")
def test_turns_are_rotations_about_their_center(axis):
    matrix = shapes.turned(70, axis, (1, 2, 3))
    np.testing.assert_allclose(matrix[:, :3] @ matrix[:, :3].T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix[:, :3]) == pytest.approx(1)
    np.testing.assert_allclose(matrix @ (1, 2, 3, 1), (1, 2, 3))


def test_a_turn_about_z_takes_x_to_y():
    np.testing.assert_allclose(shapes.turned(90) @ (1, 0, 0, 1), (0, 1, 0), atol=1e-12)


def test_normalized_stands_on_the_floor_with_diagonal_2():
    parts = shapes.normalized(list(PARTS.values()))
    points = shapes.vertices(parts)
    low, high = points.min(axis=0), points.max(axis=0)
    assert np.linalg.norm(high - low) == pytest.approx(2)
    np.testing.assert_allclose([low[2], *(low + high)[:2]], 0, atol=1e-12)
