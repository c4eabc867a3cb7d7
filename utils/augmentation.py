"""New pictures from old ones, at random, for training only."""

from utils.quiet import keras

layers = keras.layers

WHITE = (0, 255)
FILL = "reflect"
"""What is uncovered by a move shows the picture mirrored: no black corners that give it away."""


def augmenter(
    shift: float = 0.0, zoom: float = 0.0, turn: float = 0.0, light: float = 0.0
) -> keras.Sequential:
    """Layers that mirror half of the pictures, and change each a little more where asked to.

    They act in `fit`, and pass pictures on untouched in `predict` and `evaluate`. Called without
    the argument `training`, alone or inside of a model, they act: say training=False.

    Args:
        shift: pictures move by up to this share of their height and width; 0..1.
        zoom: they grow or shrink by up to this share; 0..1.
        turn: they turn by up to this share of a full circle, either way; 0..1.
        light: brightness changes by up to this share of 255, contrast by up to this share; 0..1.

    Returns:
        A chain of layers for pixels 0..255 of shape (N, H, W, 3), result float32.
    """
    chain = keras.Sequential([layers.RandomFlip("horizontal")], name="augmenter")
    if shift:
        chain.add(layers.RandomTranslation(shift, shift, fill_mode=FILL))
    if zoom:
        chain.add(layers.RandomZoom((-zoom, zoom), fill_mode=FILL))
    if turn:
        chain.add(layers.RandomRotation(turn, fill_mode=FILL))
    if light:
        chain.add(layers.RandomBrightness(light, value_range=WHITE))
        chain.add(layers.RandomContrast(light, value_range=WHITE))
    return chain
