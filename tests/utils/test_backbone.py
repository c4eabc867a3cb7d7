"""The architecture of the course's network, and its weights in a file of arrays."""

import numpy as np
import pytest

from tools.pretrain_backbone import save_weights
from utils import backbone
from utils.quiet import keras

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def body():
    keras.utils.set_random_seed(0)
    model = backbone.residual_network()
    for weight in model.weights:  # also moving averages, which begin as 0 and 1
        weight.assign(weight + RNG.uniform(0, 0.1, weight.shape))
    return model


def test_weights_survive_in_half_precision(body, tmp_path):
    assert body.count_params() < 2_000_000
    path = tmp_path / "backbone.npz"
    save_weights(body, path)
    assert path.stat().st_size < 3_500_000
    again = backbone.residual_network()
    backbone.load_weights(again, path)
    for before, after in zip(body.weights, again.weights, strict=True):
        np.testing.assert_array_equal(before.numpy().astype(np.float16), after)
    for side in (32, 50):
        maps = np.asarray(again(RNG.uniform(0, 255, (1, side, side, 3))))
        assert maps.shape == (1, -(-side // 8), -(-side // 8), 256)
    first = path.read_bytes()
    save_weights(again, path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("change", ["missing", "other shape"])
def test_a_file_that_does_not_fit_names_both_versions(body, tmp_path, change):
    path = tmp_path / "backbone.npz"
    arrays = {weight.path: weight.numpy().astype(np.float16) for weight in body.weights}
    if change == "missing":
        del arrays["stem/kernel"]
    else:
        arrays["stem/kernel"] = np.zeros(3, np.float16)
    np.savez(path, keras="3.99.0", **arrays)
    with pytest.raises(
        ValueError, match=rf"backbone\.npz, made with Keras 3\.99\.0, .* {keras.__version__} builds"
    ):
        backbone.load_weights(body, path)
