"""What the build makes of an output before it is stored."""

from base64 import b64decode, b64encode
from io import BytesIO

import numpy as np
from nbformat.v4 import new_output
from PIL import Image

from tools.outputs import shrink
from utils.plots import encoded


def test_a_drawing_is_stored_in_fewer_bytes_with_the_same_pixels():
    steps = np.repeat(np.arange(256, dtype=np.uint8), 200).reshape(200, 256)
    quick = encoded(Image.fromarray(steps), "PNG", compress_level=1)
    output = new_output("display_data", {"image/png": b64encode(quick).decode()})
    shrink(output)
    stored = b64decode(output.data["image/png"])
    assert len(stored) < len(quick)
    np.testing.assert_array_equal(Image.open(BytesIO(stored)), steps)


def test_other_outputs_stay_as_they_are():
    for output in (
        new_output("display_data", {"image/jpeg": "photograph"}),
        new_output("stream", text="said"),
    ):
        before = output.copy()
        shrink(output)
        assert output == before
