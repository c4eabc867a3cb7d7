"""Import Keras as the course uses it: `from utils.quiet import keras, tf`.

On TensorFlow, with channels last and 32 bits, whatever KERAS_BACKEND and the keras.json of another
course say; and in silence: TensorFlow writes notes about the processor to stderr, past Python and
its own log level, which alarm students and differ from machine to machine.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _silent_stderr() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:  # a service may have none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with warnings.catch_warnings(action="ignore"), _silent_stderr():
    import keras
    import tensorflow as tf
keras.config.set_image_data_format("channels_last")
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)

__all__ = ["keras", "tf"]
