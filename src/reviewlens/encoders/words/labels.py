"""Where the labels of points go, so that none lies on another or on a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, hypot, pi, sin
from typing import NamedTuple

_DIRECTIONS = (4, 12, 0, 8, 2, 6, 10, 14, 1, 3, 5, 7, 9, 11, 13, 15)
"""Sixteenths of a turn from the right, anticlockwise: above, below, beside, then aslant."""
_STEP = 6.0
_RINGS = 60
_GAP = 3.0

Box = tuple[float, float, float, float]
"""Left, lower, right and upper end."""


class Offset(NamedTuple):
    """Where a label's middle is, seen from its point.

    Attributes:
        x: Pixels to the right.
        y: Pixels upwards.
        distance: From the point to the nearest place of the label.
    """

    x: float
    y: float
    distance: float


def place_labels(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    area: Box,
    *,
    marker: float,
) -> tuple[list[Offset], bool]:
    """Return where each label goes: as near to its point as the others leave room.

    Labels are placed one after the other, those of points in a crowd first. Each takes the first
    place, ring by ring around its point, where it touches no label, no point and no edge.

    Args:
        points: In pixels, y upwards.
        sizes: Width and height of each label.
        area: Where labels may be.
        marker: Diameter of a point.

    Returns:
        The offsets in the order given, and whether all labels are free.
    """
    dots = [_around(x, y, marker, marker) for x, y in points]
    taken: list[Box] = []
    offsets = [Offset(0.0, 0.0, 0.0)] * len(points)
    free = True
    for place in sorted(range(len(points)), key=lambda place: _loneliness(place, points)):
        x, y = points[place]
        for offset in _candidates(sizes[place], marker):
            box = _around(x + offset.x, y + offset.y, *sizes[place])
            if _inside(box, area) and not any(_overlap(box, other) for other in (*taken, *dots)):
                break
        else:
            free = False
            offset = next(_candidates(sizes[place], marker))
            box = _around(x + offset.x, y + offset.y, *sizes[place])
        taken.append(box)
        offsets[place] = offset
    return offsets, free


def _loneliness(place: int, points: Sequence[tuple[float, float]]) -> float:
    x, y = points[place]
    return min(
        (hypot(x - a, y - b) for other, (a, b) in enumerate(points) if other != place),
        default=0.0,
    )


def _candidates(size: tuple[float, float], marker: float) -> Iterator[Offset]:
    width, height = size
    for ring in range(_RINGS):
        distance = marker / 2 + _GAP + ring * _STEP
        for direction in _DIRECTIONS:
            x, y = cos(direction * pi / 8), sin(direction * pi / 8)
            yield Offset(
                x * distance + _sign(x) * width / 2, y * distance + _sign(y) * height / 2, distance
            )


def _sign(value: float) -> int:
    return 0 if abs(value) < 1e-9 else 1 if value > 0 else -1


def _around(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _inside(box: Box, area: Box) -> bool:
    return box[0] >= area[0] and box[1] >= area[1] and box[2] <= area[2] and box[3] <= area[3]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
