"""python classify.py train FOLDER model.keras, then: python classify.py name model.keras PHOTO."""

import sys
from contextlib import suppress
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageOps

SIDE, FALSE_NOTES = 64, {"natural-images", "natural_images"}  # folders whose notes on turning lie
with suppress(ImportError):  # without it, HEIC files are left out
    __import__("pillow_heif").register_heif_opener()


def read(path):
    with Image.open(path) as photo:
        photo.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded no larger than needed
        if FALSE_NOTES.isdisjoint(Path(path).resolve().parts):
            ImageOps.exif_transpose(photo, in_place=True)
        return np.asarray(photo.convert("RGB").resize((SIDE, SIDE)))


def train(folder, target):
    from utils.models import load_backbone  # the only line that needs the course

    for layer in (base := load_backbone("course")).layers:  # normalization keeps what it knows
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    found = {place.name: [] for place in sorted(Path(folder).glob("[!.]*")) if place.is_dir()}
    for path in (path for name in found for path in sorted(Path(folder, name).glob("[!.]*"))):
        with suppress(Exception):  # damaged, or no photograph
            found[path.parent.name].append(read(path))
    print("photographs:", counts := {name: len(photos) for name, photos in found.items()})
    if len(counts) < 2 or min(counts.values()) < 5:
        sys.exit(f"{counts}: each of two or more classes needs 5 photographs that can be opened.")
    x, y = np.concatenate([*found.values()]), np.repeat(np.arange(len(counts)), [*counts.values()])
    late = np.concatenate([np.arange(n) >= 0.8 * n for n in np.bincount(y)])  # to watch, not learn
    photo = keras.Input((SIDE, SIDE, 3))
    changed = keras.layers.RandomTranslation(0.1, 0.1)(keras.layers.RandomFlip("horizontal")(photo))
    mean = keras.layers.GlobalAveragePooling2D()(base(changed))
    model = keras.Model(photo, keras.layers.Dense(len(counts), activation="softmax")(mean))
    seen, head = keras.Model(photo, mean).predict(x, verbose=0), keras.Sequential(model.layers[-1:])
    for it, z, lr, epochs in ((head, seen, 3e-3, 40), (model, x, 1e-4, 6)):
        stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
        it.compile(keras.optimizers.Adam(lr), "sparse_categorical_crossentropy", metrics=["acc"])
        it.fit(z[~late], y[~late], validation_data=(z[late], y[late]), epochs=epochs, verbose=2,
               callbacks=[stop], class_weight=dict(enumerate(y.size / np.bincount(y))))  # fmt: skip
    model.save(target)
    Path(target).with_suffix(".txt").write_text("\n".join(counts), encoding="utf-8")


def name(source, *photos):
    model = keras.saving.load_model(source)
    classes = Path(source).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    for path, p in ((Path(it), model.predict(read(it)[None], verbose=0)[0]) for it in photos):
        print(path.name, *(f"{classes[k]} {p[k]:.0%}" for k in np.argsort(-p)[:3]), sep=", ")


if __name__ == "__main__":
    {"train": train, "name": name}[sys.argv[1]](*sys.argv[2:])
