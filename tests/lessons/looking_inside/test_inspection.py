"""Occlusion maps against loops, and Grad-CAM against CAM and finite differences."""

import numpy as np
import pytest

from lessons.looking_inside import inspection
from utils.quiet import keras

layers = keras.layers
RNG = np.random.default_rng(0)
IMAGE = RNG.integers(0, 256, (11, 14, 3), np.uint8)


def brightness(images):
    """A score to which every pixel adds its own weight."""
    weights = np.arange(images[0].size).reshape(images[0].shape)
    return (images * weights).sum(axis=(1, 2, 3)) / weights.sum()


def drops_in_loops(image, patch, stride, fill):
    rows = (image.shape[0] - patch) // stride + 1
    columns = (image.shape[1] - patch) // stride + 1
    drops = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            hidden = image.copy()
            for row in range(patch):
                for column in range(patch):
                    hidden[i * stride + row, j * stride + column] = fill
            drops[i, j] = brightness(image[None])[0] - brightness(hidden[None])[0]
    return drops


@pytest.mark.parametrize(("patch", "stride"), [(1, 1), (3, 1), (4, 3), (5, 5), (11, 2), (2, 20)])
@pytest.mark.parametrize("fill", [0, 128])
def test_occlusion_map_is_that_of_the_loops(patch, stride, fill):
    got = inspection.occlusion_map(brightness, IMAGE, patch, stride, fill)
    np.testing.assert_allclose(got, drops_in_loops(IMAGE, patch, stride, fill), rtol=1e-9)


def test_occluded_leaves_the_image_and_its_dtype():
    before = IMAGE.copy()
    copies = inspection.occluded(IMAGE, 4, 3)
    np.testing.assert_array_equal(IMAGE, before)
    assert copies.dtype == np.uint8
    assert copies.shape == (3 * 4, 11, 14, 3)
    assert (copies[5, 3:7, 3:7] == inspection.FILL).all()
    painted = np.ones((11, 14), bool)
    painted[3:7, 3:7] = False
    np.testing.assert_array_equal(copies[5][painted], IMAGE[painted])


def test_predict_is_called_with_all_copies_at_once():
    sizes = []

    def predict(images):
        sizes.append(len(images))
        return np.zeros(len(images))

    inspection.occlusion_map(predict, IMAGE, 3, 2)
    assert sorted(sizes) == [1, 5 * 6]


def test_drop_per_pixel_is_the_mean_of_the_squares_over_it():
    drops = RNG.normal(size=(4, 6))
    got = inspection.drop_per_pixel(drops, IMAGE.shape, patch=4, stride=2)
    for row, column in np.ndindex(11, 14):
        over = [
            drops[i, j]
            for i, j in np.ndindex(drops.shape)
            if 2 * i <= row < 2 * i + 4 and 2 * j <= column < 2 * j + 4
        ]
        assert np.isclose(got[row, column], np.mean(over) if over else 0)


def test_right_without_hides_the_pixels_of_the_mask_alone():
    images = np.full((2, 3, 3, 1), 200, np.uint8)
    images[1] = 20
    before, masks = images.copy(), np.zeros((2, 3, 3), bool)
    masks[1] = True

    def predict(batch):
        return np.stack([batch.mean(axis=(1, 2, 3)), np.full(len(batch), 100.0)], axis=1)

    assert inspection.right_without(predict, images, np.array([0, 1]), masks) == [1, 0.5]
    np.testing.assert_array_equal(images, before)


def test_by_group_leaves_out_what_is_not_there():
    right, objects = np.array([True, False, True]), np.array([0, 0, 1])
    table = inspection.by_group(right, objects, np.array([0, 0, 2]))
    np.testing.assert_array_equal(table, [[0.5, np.nan, np.nan], [np.nan, np.nan, 1]])


def test_strongest_pieces_are_what_a_map_sees():
    """A map of stride 4 that answers to the mean of 17 x 17 pixels from row 4 i - 5 on."""
    images = RNG.integers(0, 100, (3, 32, 32, 3), np.uint8)
    images[2, 11:28, 7:24] = 255
    images[0, :8, :8] = 200
    responses = np.zeros((3, 8, 8))
    padded = np.pad(images.astype(float), ((0, 0), (5, 20), (5, 20), (0, 0)), constant_values=128)
    for i, j in np.ndindex(8, 8):
        window = padded[:, 4 * i : 4 * i + 17, 4 * j : 4 * j + 17]
        responses[:, i, j] = window.mean(axis=(1, 2, 3))
    pieces = inspection.strongest_pieces(images, responses, -5, 4, 17, count=2)
    assert pieces.shape == (2, 17, 17, 3)
    assert (pieces[0] == 255).all()
    assert pieces[1].mean() == responses[:2].max()


def test_class_activation_by_hand():
    maps = np.dstack([[[1, 0], [0, 2]], [[0, 3], [1, 0]]])
    gradients = np.dstack([[[4, 0], [2, 2]], [[-1, -1], [-1, -1]]])
    np.testing.assert_array_equal(inspection.class_activation(maps, gradients), [[2, 0], [0, 4]])


def two_pieces(pooled=True):
    """A small network: feature maps (5, 6, 4) of an image (10, 12, 3), three classes."""
    keras.utils.set_random_seed(1)
    base = keras.Sequential(
        [keras.Input((10, 12, 3)), layers.Conv2D(4, 3, 2, padding="same", activation="relu")]
    )
    shrink = layers.GlobalAveragePooling2D() if pooled else layers.Flatten()
    head = keras.Sequential([keras.Input((5, 6, 4)), shrink, layers.Dense(3)])
    return base, head


PHOTO = RNG.random((10, 12, 3))


@pytest.mark.parametrize("label", [0, 1, 2])
def test_behind_global_average_pooling_grad_cam_is_cam(label):
    base, head = two_pieces()
    maps = np.asarray(base(PHOTO[None]))[0]
    weights, _ = head.layers[-1].get_weights()
    cam = np.maximum(maps @ weights[:, label], 0)
    np.testing.assert_allclose(
        inspection.grad_cam(base, head, PHOTO, label), cam / 30, rtol=1e-4, atol=1e-7
    )


def test_grad_cam_through_any_head_by_finite_differences():
    base, head = two_pieces(pooled=False)
    maps = np.asarray(base(PHOTO[None]))
    gradients = np.zeros(maps.shape[1:])
    for place in np.ndindex(gradients.shape):
        step = np.zeros_like(maps)
        step[(0, *place)] = 1
        up, down = (np.asarray(head(maps + sign * step))[0, 2] for sign in (1, -1))
        gradients[place] = (up - down) / 2
    expected = inspection.class_activation(maps[0], gradients)
    assert expected.max() > 0
    got = inspection.grad_cam(base, head, PHOTO, 2)
    np.testing.assert_allclose(got, expected, rtol=1e-3, atol=1e-6)


def test_grad_cam_of_nested_models():
    base, head = two_pieces()
    nested = keras.Sequential([keras.Input((10, 12, 3)), base, head])
    inner, outer = nested.layers
    np.testing.assert_array_equal(
        inspection.grad_cam(inner, outer, PHOTO, 1), inspection.grad_cam(base, head, PHOTO, 1)
    )


def test_grad_cam_refuses_a_base_without_maps():
    _, head = two_pieces(pooled=False)
    flat, dense = keras.Sequential(head.layers[:1]), keras.Sequential(head.layers[1:])
    with pytest.raises(ValueError, match=r"the base gives the shape \(1, 120\)"):
        inspection.grad_cam(flat, dense, RNG.random((5, 6, 4)), 1)


def test_a_classifier_of_ones_own_in_two_pieces():
    """Built as the lesson on a classifier of one's own builds it."""
    inner, _ = two_pieces()
    photo = keras.Input((10, 12, 3))
    means = layers.GlobalAveragePooling2D()(inner(layers.RandomFlip("horizontal")(photo)))
    model = keras.Model(photo, layers.Dense(3, activation="softmax")(means))
    said = np.asarray(model(PHOTO[None], training=False))
    base, head = inspection.in_two_pieces(model)
    logits = np.asarray(head(base(PHOTO[None])))
    np.testing.assert_allclose(keras.ops.softmax(logits), said, atol=1e-5)
    assert inspection.grad_cam(base, head, PHOTO, 1).shape == (5, 6)


def test_a_network_without_another_one_is_refused():
    base, _ = two_pieces()
    with pytest.raises(ValueError, match="no network inside"):
        inspection.in_two_pieces(base)
