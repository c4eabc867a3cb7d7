"""The eight classes: one module each, whose `build(rng)` makes an object of a random sub-type."""

from dataclasses import replace

import numpy as np

from ..model import Model
from ..shapes import normalized
from . import airplane, car, cat, dog, flower, fruit, motorbike, person

BUILDERS = {
    "airplane": airplane.build,
    "car": car.build,
    "cat": cat.build,
    "dog": dog.build,
    "flower": flower.build,
    "fruit": fruit.build,
    "motorbike": motorbike.build,
    "person": person.build,
}
CLASSES = tuple(BUILDERS)


def build(class_name: str, rng: np.random.Generator) -> Model:
    """An object of a class, on z = 0, in a bounding box with diagonal 2.

    Raises:
        ValueError: if there is no such class.
    """
    if class_name not in BUILDERS:
        raise ValueError(f"no class {class_name!r}; choose one of {', '.join(CLASSES)}")
    model = BUILDERS[class_name](rng)
    return replace(model, parts=normalized(model.parts))
