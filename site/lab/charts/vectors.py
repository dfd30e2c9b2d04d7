"""Vectors below each other, with a bar for each number: up for positive, down for negative."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from . import strips
from . import svg as draw
from .format import signed
from .table import table as table_markup

_STRIP = 44
_TITLE = 18
_LINE = 15  # a second line, for remarks that do not fit beside their titles
_AIR = 12
_NAMES = 26  # below a strip whose numbers have names
_WIDEST = 16.0  # a number


@dataclass(frozen=True, eq=False)
class Vector:
    """`values` (n,), a label and a remark above them, and the names of the numbers, if they have names."""

    label: str
    values: np.ndarray
    remark: str = ""
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.values.ndim != 1 or not len(self.values):
            raise ValueError(f"{self.label} must be a vector, not of shape {self.values.shape}")
        if self.names and len(self.names) != len(self.values):
            raise ValueError(f"{len(self.names)} names for {len(self.values)} numbers of {self.label}")

    def name(self, i: int) -> str:
        return self.names[i] if self.names else str(i)


@dataclass(frozen=True)
class Geometry:
    width: float
    height: float
    pitches: tuple[float, ...]  # width of a number in each row
    tops: tuple[float, ...]  # upper edge of each strip
    lengths: tuple[int, ...]
    folded: bool  # whether remarks stand below the titles

    @property
    def rows(self) -> int:
        return len(self.tops)

    @property
    def cols(self) -> int:
        return max(self.lengths)


@dataclass(frozen=True, eq=False)
class Vectors:
    """Vectors, on one scale or each scaled to its own largest number."""

    rows: tuple[Vector, ...]
    one_scale: bool = True

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("there is no vector to show")

    def geometry(self, width: float) -> Geometry:
        """Where everything goes. Raises ValueError for a width below 120."""
        draw.check_width(width)
        pitches, tops, y = [], [], 0.0
        folded = any(draw.text_width(row.label + row.remark) + 12 > width for row in self.rows if row.remark)
        title = _TITLE + (_LINE if folded else 0)
        for row in self.rows:
            pitch = min(_WIDEST, width / len(row.values))
            pitches.append(floor(2 * pitch) / 2 or pitch)  # half units keep edges crisp
            tops.append(y + title)
            y += title + _STRIP + (_NAMES if row.names else 0) + _AIR
        return Geometry(width, y, tuple(pitches), tuple(tops), tuple(len(row.values) for row in self.rows), folded)

    def svg(self, width: float, label: str | None = None) -> str:
        geo = self.geometry(width)
        parts = []
        for row, reached, pitch, top in zip(self.rows, _reached(self), geo.pitches, geo.tops, strict=True):
            middle = top + _STRIP / 2
            parts.append(draw.text(0, top - 6 - (_LINE if geo.folded else 0), row.label, "label"))
            if row.remark:
                x, css = (0, "") if geo.folded else (geo.width, "end")
                parts.append(draw.text(x, top - 6, row.remark, css))
            parts.append(draw.line(0, middle, len(row.values) * pitch, middle, "flow-base"))
            parts.append(strips.signed(reached, 0, top, pitch, _STRIP))
            if row.names:
                parts.append(strips.letters(row.names, 0, top + _STRIP + 12, pitch))
        return draw.document(geo.width, geo.height, parts, label)

    def hit(self, geo: Geometry, x: float, y: float) -> tuple[int, int] | None:
        """The row and the number at (x, y)."""
        for row, (top, pitch, n) in enumerate(zip(geo.tops, geo.pitches, geo.lengths, strict=True)):
            if top <= y < top + _STRIP and 0 <= x < n * pitch:
                return row, int(x / pitch)
        return None

    def cursor(self, geo: Geometry, row: int, i: int) -> str:
        """What the cursor draws over the strips: a frame around one number."""
        x, pitch = i * geo.pitches[row], geo.pitches[row]
        return draw.halo(x - 0.5, geo.tops[row] - 1, max(pitch, 3) + 1, _STRIP + 2)

    def describe(self, row: int, i: int) -> str:
        vector = self.rows[row]
        return f"{vector.label}, {vector.name(i)}: {signed(float(vector.values[i]))}"

    def summary(self) -> str:
        """The last vector, with the number that is furthest from 0."""
        last = self.rows[-1]
        strongest = int(np.abs(np.nan_to_num(last.values)).argmax())
        remark = f", {last.remark}" if last.remark else ""
        return f"{last.label}{remark}; furthest from 0: {last.name(strongest)}, {signed(float(last.values[strongest]))}"

    def table(self) -> str:
        longest = max(self.rows, key=lambda row: len(row.values))
        named = next((row for row in self.rows if row.names), None)
        names = named if named and len(named.values) >= len(longest.values) else longest
        body = [
            [names.name(i), *(signed(float(row.values[i])) if i < len(row.values) else "" for row in self.rows)]
            for i in range(len(longest.values))
        ]
        return table_markup("All numbers", ["number", *(row.label for row in self.rows)], body)


def _reached(data: Vectors) -> list[list[int]]:
    values = [row.values for row in data.rows]
    if not data.one_scale:
        return strips.tops(values, [_STRIP] * len(values))
    together = strips.tops([np.concatenate(values)], [_STRIP])[0]
    ends = np.cumsum([len(one) for one in values]).tolist()
    return [together[end - len(one) : end] for one, end in zip(values, ends, strict=True)]
