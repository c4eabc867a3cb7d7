"""Measure what networks of five families cost, into data/family_costs.csv.

    python -m lessons.network_families.measure        (3 minutes)

Parameters and multiply-adds are counted; times are the shortest of 12 rounds, in which all networks
name one picture of 224 x 224 by turns on one thread, so that a busy machine hits all of them.
Accuracies are those that the documentation of Keras prints (keras.io/api/applications).
"""

import os

ONE_THREAD = dict.fromkeys(
    ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"), "1"
)
PRINTED = {
    "VGG16": 0.713,
    "ResNet50": 0.749,
    "DenseNet121": 0.750,
    "MobileNetV2": 0.713,
    "EfficientNetB0": 0.771,
}
"""Top-1 accuracy on the validation pictures of ImageNet."""
HEADER = ("network", "accuracy", "parameters", "multiply_adds", "milliseconds")


def main() -> None:
    """Build, count, time, write."""
    os.environ |= ONE_THREAD  # read when TensorFlow is imported
    import numpy as np

    from lessons.network_families import costs, stopwatch
    from utils.data.tables import write_table
    from utils.quiet import keras

    models = {name: getattr(keras.applications, name)(weights=None) for name in PRINTED}
    picture = np.random.default_rng(0).random((1, 224, 224, 3), np.float32)
    seconds = stopwatch.fastest(models, picture, rounds=12)
    write_table(
        "family_costs.csv",
        HEADER,
        (
            (
                name,
                PRINTED[name],
                model.count_params(),
                costs.multiply_adds(model),
                round(1000 * seconds[name], 1),
            )
            for name, model in models.items()
        ),
    )


if __name__ == "__main__":
    main()
