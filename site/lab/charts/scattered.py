"""Letters on a map: each stands at its place, and some of them are marked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy import ndarray

from . import svg as draw

_MARGIN = 14


@dataclass(frozen=True)
class Scattered:
    """`places` (n, 2) of the `letters`; those in `marked` stand out."""

    letters: Sequence[str]
    places: ndarray
    marked: frozenset[str] = field(default=frozenset())


def svg(data: Scattered, width: float, height: float, label: str | None = None) -> str:
    """The whole drawing as markup. One scale for both directions, so that distances are true."""
    reach = np.abs(data.places).max(axis=0, initial=1e-9)
    unit = min((width / 2 - _MARGIN) / max(reach[0], 1e-9), (height / 2 - _MARGIN) / max(reach[1], 1e-9))
    xs, ys = width / 2 + unit * data.places[:, 0], height / 2 - unit * data.places[:, 1]
    parts = [
        draw.text(float(x), float(y) + 6, letter, "code mid l marked" if letter in data.marked else "code mid l")
        for letter, x, y in zip(data.letters, xs, ys, strict=True)
    ]
    return draw.document(width, height, parts, label)
