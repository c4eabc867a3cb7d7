"""The Python side of the convolution steppers."""

import json

import numpy as np
import pytest

from lessons.convolution.stepper import ConvolutionStepper, VolumeStepper


def test_starts_with_the_worked_example_of_lecture_e():
    stepper = ConvolutionStepper()
    assert np.shape(stepper.image) == (6, 6)
    assert stepper.kernel == [[3, 0, 8], [1, 5, 10], [0, 2, 9]]
    assert (stepper.stride, stepper.padding, stepper.flip, stepper.step) == (1, 0, False, 0)
    assert stepper.shape == (4, 4)


@pytest.mark.parametrize("convert", [np.array, tuple, lambda rows: [np.array(row) for row in rows]])
def test_takes_arrays_lists_and_tuples_and_sends_plain_numbers(convert):
    stepper = ConvolutionStepper(convert([[1, 2], [3, 4]]), convert([[0.5, -1]]))
    assert stepper.image == [[1, 2], [3, 4]]
    assert stepper.kernel == [[0.5, -1]]
    assert type(stepper.image[0][0]) is int
    assert json.loads(json.dumps(stepper.get_state("kernel"))) == {"kernel": [[0.5, -1]]}


def test_numpy_numbers_become_python_numbers():
    stepper = ConvolutionStepper(
        np.ones((4, 4), np.float32), np.ones((2, 2), np.uint8), np.int64(2), np.int8(1), np.True_
    )
    json.dumps(stepper.get_state(["image", "kernel", "stride", "padding", "flip"]))
    assert (stepper.stride, stepper.padding, stepper.flip) == (2, 1, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"image": 3}, "image=3 is not a grid"),
        ({"image": "cat"}, "image='cat' is not a grid"),
        ({"image": []}, "image=.* is not a grid"),
        ({"image": [1, 2, 3]}, "image=.* is not a grid"),
        ({"image": [[]]}, r"image has shape \(1, 0\)"),
        ({"image": np.zeros((2, 2, 2))}, "image holds"),
        ({"image": np.zeros((13, 2))}, r"image has shape \(13, 2\): .* 1 to 12"),
        ({"image": np.zeros((2, 13))}, r"image has shape \(2, 13\): .* 1 to 12"),
        ({"image": [[1, 2], [3]]}, r"image has rows of lengths \[2, 1\]"),
        ({"image": [[1, float("nan")]]}, "image holds nan: .* finite"),
        ({"image": [["1"]]}, "image holds '1'"),
        ({"kernel": [[float("inf")]]}, "kernel holds inf: .* finite"),
        ({"kernel": [[1j]]}, "kernel holds 1j"),
        ({"kernel": np.zeros((6, 1))}, r"kernel has shape \(6, 1\): .* 1 to 5"),
        ({"image": [[1, 2]], "kernel": [[1], [2]]}, r"kernel of shape \(2, 1\) does not fit"),
        ({"stride": 0}, "stride=0: .* 1 or more"),
        ({"stride": 1.5}, "stride=1.5"),
        ({"stride": True}, "stride=True"),
        ({"padding": -1}, "padding=-1: .* 0 to 3"),
        ({"padding": 4}, "padding=4: .* 0 to 3"),
        ({"flip": "yes"}, "flip='yes'"),
        ({"flip": [1]}, "flip="),
    ],
)
def test_refuses_what_it_cannot_show_and_says_why(arguments, message):
    with pytest.raises(ValueError, match=message):
        ConvolutionStepper(**arguments)


@pytest.mark.parametrize(
    ("name", "value"),
    [("image", [[1, 2], [3]]), ("kernel", None), ("stride", 0), ("padding", 9), ("step", 16)],
)
def test_attributes_are_checked_like_arguments(name, value):
    stepper = ConvolutionStepper()
    before = getattr(stepper, name)
    with pytest.raises(ValueError, match=name):
        setattr(stepper, name, value)
    assert getattr(stepper, name) == before


def test_step_follows_when_there_are_fewer_windows():
    stepper = ConvolutionStepper()
    stepper.step = 15
    stepper.stride = 2
    assert stepper.shape == (2, 2)
    assert stepper.step == 3


def test_a_kernel_that_no_longer_fits_leaves_no_window():
    stepper = ConvolutionStepper([[1, 2], [3, 4]], np.ones((3, 3)), padding=1)
    stepper.step = 3
    stepper.padding = 0
    assert stepper.shape == (0, 0)
    assert stepper.step == 0


def test_reset_state_stays_what_the_author_asked_for():
    stepper = ConvolutionStepper(stride=2, padding=1)
    stepper.stride, stepper.kernel = 1, [[1]]
    assert stepper._start["stride"] == 2
    assert stepper._start["kernel"] == [[3, 0, 8], [1, 5, 10], [0, 2, 9]]


def test_text_is_the_same_in_every_run():
    text = "ConvolutionStepper(image 6x6, kernel 3x3, stride 2, padding 1, convolution)"
    stepper = ConvolutionStepper(stride=2, padding=1, flip=True)
    assert repr(stepper) == text
    assert stepper._repr_mimebundle_()[0]["text/plain"] == text


VOLUME, SLICES = np.arange(48).reshape(4, 4, 3), np.arange(12).reshape(2, 2, 3)


def test_a_volume_is_sent_channel_by_channel():
    stepper = VolumeStepper(VOLUME, SLICES.tolist(), np.int64(-3))
    assert stepper.volume == [VOLUME[..., c].tolist() for c in range(3)]
    assert stepper.kernel[2] == [[2, 5], [8, 11]]
    json.dumps(stepper.get_state(["volume", "kernel", "bias", "_start"]))
    assert repr(stepper) == "VolumeStepper(volume 4x4x3, kernel 2x2x3, bias -3)"
    assert stepper._repr_mimebundle_()[0]["text/plain"] == repr(stepper)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((VOLUME[..., 0], SLICES), r"volume has shape \(4, 4\): .* a channel each"),
        ((VOLUME[..., :2], SLICES), r"volume has shape \(4, 4, 2\)"),
        ((VOLUME, SLICES[..., :1]), r"kernel has shape \(2, 2, 1\)"),
        ((np.zeros((6, 2, 3)), SLICES), r"volume has shape \(6, 2\): .* 1 to 5"),
        ((VOLUME, np.zeros((4, 1, 3))), r"kernel has shape \(4, 1\): .* 1 to 3"),
        ((VOLUME[:1], SLICES), "does not fit"),
        ((VOLUME * np.nan, SLICES), "volume holds nan"),
        ((VOLUME, SLICES, "1"), "bias holds '1'"),
    ],
)
def test_a_volume_that_cannot_be_shown_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        VolumeStepper(*arguments)
