"""The digits that the lesson puts anywhere."""

import numpy as np
import pytest

from lessons.convolutional_networks.measure import placed


def test_placed_moves_and_keeps_every_picture():
    pictures = np.arange(1, 1 + 5 * 9).reshape(5, 3, 3, 1)
    frames = placed(pictures, np.random.default_rng(0), side=6)
    assert (frames.shape, frames.dtype) == ((5, 6, 6, 1), np.float32)
    for frame, picture in zip(frames, pictures, strict=True):
        top, left = (int(np.flatnonzero(frame.any(axis=axis))[0]) for axis in ((1, 2), (0, 2)))
        np.testing.assert_array_equal(frame[top : top + 3, left : left + 3], picture)
        assert frame.sum() == picture.sum()


def test_placed_reaches_every_corner():
    frames = placed(np.ones((400, 2, 2, 1)), np.random.default_rng(0), side=4)
    assert all(frames[:, i, j].any() for i in (0, 3) for j in (0, 3))


@pytest.mark.parametrize("shape", [(3, 4, 4), (3, 4, 5, 1), (3, 9, 9, 1)])
def test_placed_refuses(shape):
    with pytest.raises(ValueError, match=r"pictures have shape .* expected \(N, H, H, C\)"):
        placed(np.ones(shape), np.random.default_rng(0), side=8)
