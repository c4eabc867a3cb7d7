"""Importing Keras through utils is silent, and hides nothing afterwards."""

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
