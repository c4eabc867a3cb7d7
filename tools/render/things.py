"""Distractors: plain things that no class has."""

from .shapes import Part, box, ellipsoid, moved, rod, turned


def thing(kind: str, size: float) -> list[Part]:
    """A ball, box, cone, post or cup on z = 0 around the z axis; `size` is half its width.

    Raises:
        ValueError: if the kind is another.
    """
    foot = (0, 0, 0)
    if kind == "ball":
        return [ellipsoid((0, 0, size), size, "thing")]
    if kind == "box":
        return moved(
            [box((0, 0, 0.8 * size), (2 * size, 1.4 * size, 1.6 * size), "thing")], turned(30)
        )
    if kind == "cone":
        return [rod(foot, (0, 0, 2.5 * size), size, "thing", tip=0.02)]
    if kind == "post":
        return [rod(foot, (0, 0, 6 * size), 0.25 * size, "thing")]
    if kind == "cup":
        return [rod(foot, (0, 0, 1.6 * size), size, "thing", tip=0.8 * size)]
    raise ValueError(f"no thing {kind!r}; choose ball, box, cone, post or cup")
