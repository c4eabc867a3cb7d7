"""Importing Keras through utils is silent, and hides nothing afterwards."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

CODE = """
import os, warnings
from utils import training
from utils.quiet import keras, tf
tf.ones(2) + keras.ops.ones(2)
os.write(2, b"an error\\n")
warnings.warn("a warning")
"""


def test_import_is_silent_and_stderr_works_again_afterwards():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    first, second, *_ = done.stderr.splitlines()
    assert first == "an error"
    assert second.endswith("UserWarning: a warning")
    assert done.stdout == ""


def test_it_does_without_a_stderr():
    code = "import os; os.close(2); from utils.quiet import keras; print(keras.config.backend())"
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == "tensorflow\n"


SETTINGS = {"backend": "torch", "floatx": "float16", "image_data_format": "channels_first"}
SHOWN = """
from utils.quiet import keras
layer = keras.layers.Conv2D(1, 3)
print(keras.config.backend(), layer.data_format, layer.compute_dtype, layer.variable_dtype)
"""


def test_the_settings_of_another_course_do_no_harm(tmp_path):
    (tmp_path / "keras.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    variables = os.environ | {"KERAS_HOME": str(tmp_path), "KERAS_BACKEND": "torch"}
    command = [sys.executable, "-c", SHOWN]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    assert done.stdout == "tensorflow channels_last float32 float32\n"
