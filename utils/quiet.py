"""Import Keras without TensorFlow's start-up noise: `from utils.quiet import keras, tf`.

While it is imported, TensorFlow writes notes about the processor to stderr, past Python and past
its own log level; other packages warn of each other. That alarms students and differs from machine
to machine.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _silent_stderr() -> Iterator[None]:
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with warnings.catch_warnings(action="ignore"), _silent_stderr():
    import keras
    import tensorflow as tf

__all__ = ["keras", "tf"]
