"""The loss of a prediction over the probability it gave to what came: a curve with a point to move along it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import numpy as np

from . import svg as draw
from .axes import ROW, Axes, Tick, axis, room_beside
from .format import MINUS, number
from .labels import spread
from .line_data import Baseline
from .scale import nice_ticks
from .table import table as table_markup

TOP = 5.0  # where the cost axis ends; what costs more is shown at the upper edge, with an arrow
NO_LIMIT = "without limit"
_NARROW = 480
_STEEP = 0.3  # left of this the curve falls fast and labels go beside it; right of it, above
_LABEL = 13  # height of a label


def probability_text(p: float) -> str:
    """A probability with three digits at most and no trailing zeros: 0.5, 0.142, 1."""
    return f"{p:.3g}".replace("-", MINUS)


@dataclass(frozen=True)
class Mark:
    """A probability that somebody really gave."""

    label: str
    p: float


@dataclass(frozen=True)
class Geometry(Axes):
    def point(self, curve: "Curve", p: float) -> tuple[float, float, bool]:
        """Where a probability stands on the curve, and whether the curve goes beyond the drawing there."""
        cost = curve.of(p)
        beyond = cost is None or cost > TOP
        return self.x(min(p, 1.0)), self.y(TOP if beyond else cost), beyond


@dataclass(frozen=True)
class Curve:
    """`cost` takes a probability above 0, or an array of them, and falls to its least at 1. The movable point
    stands at the probability `at`. `marks` stand on the curve too. `levels` are costs to compare with.

    Raises ValueError for a point outside 0 … 1. A mark that is no number is left out.
    """

    cost: Callable
    at: float
    marks: Sequence[Mark] = ()
    levels: Sequence[Baseline] = ()
    name: str = "loss"

    def __post_init__(self) -> None:
        if not 0 <= self.at <= 1:
            raise ValueError(f"a probability lies between 0 and 1, got {self.at!r}")
        object.__setattr__(self, "marks", tuple(mark for mark in self.marks if isfinite(mark.p)))

    def of(self, p: float) -> float | None:
        """The cost of a probability; None where it has no limit."""
        return float(self.cost(p)) if p > 0 else None

    def text(self, p: float) -> str:
        """The cost of a probability, in words."""
        cost = self.of(p)
        return NO_LIMIT if cost is None else number(cost)

    def geometry(self, width: float) -> Geometry:
        """Where everything goes. `width` in drawing units, at least 120."""
        return _geometry(width)

    def svg(self, width: float, label: str | None = None) -> str:
        """The whole chart as markup."""
        geo = _geometry(width)
        parts = [*_axes(self, geo), *_levels(self, geo), draw.path(_path(self.cost, width), "bend")]
        return draw.document(geo.width, geo.height, [*parts, *_marks(self, geo), *_handle(self, geo)], label)

    def summary(self) -> str:
        return f"a chance of {probability_text(self.at)} costs {self.text(self.at)}"

    def table(self) -> str:
        """The point, the marks and the levels."""
        rows = [["the point", probability_text(self.at), self.text(self.at)]]
        rows += [[mark.label, probability_text(mark.p), self.text(mark.p)] for mark in self.marks]
        rows += [[level.name, "", number(level.value)] for level in self.levels]
        return table_markup(f"{self.name} by chance", ["point", "chance", self.name], rows)


def _geometry(width: float) -> Geometry:
    """The same for every curve."""
    draw.check_width(width)
    top = 30
    bottom = top + (210 if width < _NARROW else 270)
    y_ticks = nice_ticks(0, TOP, 5)
    x = axis(nice_ticks(0, 1, 5), room_beside(y_ticks) + 4, width - 14)
    return Geometry(width, bottom + 40, x, axis(y_ticks, bottom, top))


@lru_cache(maxsize=8)
def _path(cost: Callable, width: float) -> str:
    """The curve from where it enters the drawing. It is cached, since it stays while the point moves."""
    geo = _geometry(width)
    low, high = 1e-9, 1.0
    for _ in range(60):  # halve until the probability is found that costs TOP
        middle = (low * high) ** 0.5
        low, high = (middle, high) if float(cost(middle)) > TOP else (low, middle)
    probabilities = np.geomspace(high, 1.0, 120)
    return draw.points(geo.x(probabilities), geo.y(np.asarray(cost(probabilities))))


def _axes(data: Curve, geo: Geometry) -> list[str]:
    *ticks, last = geo.x_ticks
    return [
        *geo.y_axis(data.name),
        *geo.x_axis([*ticks, Tick(last.x, last.text, "end", shift=4)]),  # in the drawing with all of its text
        draw.text((geo.left + geo.right) / 2, geo.bottom + 2 * ROW, "chance given to what then came", "label mid"),
        geo.x_rule(),
        draw.line(geo.left, geo.top, geo.left, geo.bottom, "rule"),
    ]


def _levels(data: Curve, geo: Geometry) -> list[str]:
    parts = []
    for level in data.levels:
        y = geo.y(min(level.value, TOP))
        parts.append(draw.line(geo.x.start, y, geo.x.end, y, "dash"))
        parts.append(draw.text(geo.x.end, y - 5, f"{level.name} {number(level.value)}", "label end"))
    return parts


def _arrow(x: float, y: float, css: str) -> str:
    """Upwards: it goes on beyond the drawing."""
    return draw.path(f"M{draw.num(x)} {draw.num(y - 9)}l6 9h-12z", css)


def _marks(data: Curve, geo: Geometry) -> list[str]:
    """Dots on the curve with their labels: beside it where it is steep, above where it is flat."""
    places = [geo.point(data, mark.p) for mark in data.marks]
    parts = [_arrow(x, y, "dot s2") if beyond else draw.circle(x, y, 4, "dot s2") for x, y, beyond in places]
    steep = [i for i, mark in enumerate(data.marks) if mark.p < _STEEP]
    flat = [i for i, mark in enumerate(data.marks) if mark.p >= _STEEP]
    column = max((places[i][0] for i in steep), default=0) + 22
    for i, y in zip(steep, spread([places[i][1] for i in steep], _LABEL, geo.y.end, geo.y.start - 8), strict=True):
        parts.append(draw.line(places[i][0] + 5, places[i][1], column - 4, y, "lead"))
        parts.append(draw.text(column, y + 4, data.marks[i].label, "code"))
    gap = max((draw.text_width(data.marks[i].label, code=True) for i in flat), default=0) + 6
    first = geo.x(_STEEP)
    for i, x in zip(flat, spread([places[i][0] for i in flat], gap, first, geo.x.end - gap / 2), strict=True):
        parts.append(draw.line(places[i][0], places[i][1] - 5, x, places[i][1] - 24, "lead"))
        parts.append(draw.text(x, places[i][1] - 28, data.marks[i].label, "code mid"))
    return parts


def _handle(data: Curve, geo: Geometry) -> list[str]:
    """The movable point, and how to read it off the axes."""
    x, y, beyond = geo.point(data, data.at)
    return [
        draw.line(geo.x.start, y, x, y, "cross"),
        draw.line(x, y, x, geo.y.start, "cross"),
        _arrow(x, y, "pin s1") if beyond else draw.circle(x, y, 8, "pin s1"),
    ]
