"""Sizes along an axis: what padding="same" adds, and what a stack of layers sees.

Letters and `output_size` as in `utils.convolution`.
"""

from collections.abc import Sequence


def same_padding(n: int, k: int, s: int = 1, d: int = 1) -> tuple[int, int]:
    """What Keras adds before and after an axis for padding="same": the output has ceil(n / s).

    An odd number of rows or columns puts the extra one after. Arguments as in `output_size`.
    """
    last_start = (-(-n // s) - 1) * s
    total = max(last_start + d * (k - 1) + 1 - n, 0)
    return total // 2, total - total // 2


def receptive_field(layers: Sequence[tuple[int, ...]]) -> int:
    """How many pixels along an axis one number behind a stack of layers depends on.

    A layer adds span - 1 steps, and a step is as wide as the product of all strides before it.

    Args:
        layers: (k, s) or (k, s, d) of each layer in turn, pooling included; each 1 or more.

    Source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks,
    Distill (2019), eq. 2.
    """
    field, step = 1, 1
    for k, s, *d in layers:
        field += (d[0] if d else 1) * (k - 1) * step
        step *= s
    return field
