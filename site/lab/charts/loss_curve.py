"""What a guess costs, drawn over the chance it gave: a curve with a point to move along it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import numpy as np

from . import svg as draw
from .format import MINUS, number, tick
from .labels import spread
from .line_data import Baseline
from .scale import Linear, nice_ticks
from .table import table as table_markup

TOP = 5.0  # where the cost axis ends; what costs more is shown at the upper edge, with an arrow
NO_LIMIT = "without limit"
_NARROW = 480
_STEEP = 0.3  # left of this the curve falls fast and labels go beside it; right of it, above
_LABEL = 13  # height of a label


def chance_text(p: float) -> str:
    """A chance with three digits at most, and no zeros that say nothing: 0.5, 0.142, 1."""
    return f"{p:.3g}".replace("-", MINUS)


@dataclass(frozen=True)
class Mark:
    """A chance somebody really gave."""

    label: str
    p: float


@dataclass(frozen=True)
class Curve:
    """`cost` takes a chance above 0, or an array of them, and falls to its least at 1. `at` is where the
    movable point stands; `marks` stand on the curve too; `levels` are costs to compare with.

    Raises ValueError for a point outside 0 … 1. A mark that is no number is left out.
    """

    cost: Callable
    at: float
    marks: Sequence[Mark] = ()
    levels: Sequence[Baseline] = ()
    name: str = "loss"

    def __post_init__(self) -> None:
        if not 0 <= self.at <= 1:
            raise ValueError(f"a chance goes from 0 to 1, got {self.at!r}")
        object.__setattr__(self, "marks", tuple(mark for mark in self.marks if isfinite(mark.p)))

    def of(self, p: float) -> float | None:
        """The cost of a chance; None where it has no limit."""
        return float(self.cost(p)) if p > 0 else None

    def text(self, p: float) -> str:
        """The cost of a chance, in words."""
        cost = self.of(p)
        return NO_LIMIT if cost is None else number(cost)


@dataclass(frozen=True)
class Geometry:
    width: float
    height: float
    x: Linear
    y: Linear
    x_ticks: tuple[float, ...]
    y_ticks: tuple[float, ...]

    def point(self, curve: Curve, p: float) -> tuple[float, float, bool]:
        """Where a chance stands, and whether the curve really goes higher there than the drawing."""
        cost = curve.of(p)
        beyond = cost is None or cost > TOP
        return self.x(min(p, 1.0)), self.y(TOP if beyond else cost), beyond


def geometry(width: float) -> Geometry:
    """Where everything goes. `width` in drawing units, at least 120."""
    if not width >= 120:
        raise ValueError(f"a loss curve needs a width of at least 120, got {width!r}")
    narrow = width < _NARROW
    top = 30
    bottom = top + (210 if narrow else 270)
    ticks = nice_ticks(0, 1, 5)
    return Geometry(
        width=width,
        height=bottom + 40,
        x=Linear(0, 1, draw.text_width("5") + 12, width - 14),
        y=Linear(0, TOP, bottom, top),
        x_ticks=ticks.values,
        y_ticks=nice_ticks(0, TOP, 5).values,
    )


@lru_cache(maxsize=8)
def _path(cost: Callable, width: float) -> str:
    """The curve itself, from where it enters the drawing. The same for every point on it, so kept."""
    geo = geometry(width)
    low, high = 1e-9, 1.0
    for _ in range(60):  # halve until the chance is found that costs TOP
        middle = (low * high) ** 0.5
        low, high = (middle, high) if float(cost(middle)) > TOP else (low, middle)
    chances = np.geomspace(high, 1.0, 120)
    xs, ys = geo.x(chances), geo.y(np.asarray(cost(chances)))
    return "M" + " ".join(f"{draw.num(x)} {draw.num(y)}" for x, y in zip(xs, ys, strict=True))


def _axes(data: Curve, geo: Geometry) -> list[str]:
    left, right, bottom, top = geo.x.start, geo.x.end, geo.y.start, geo.y.end
    parts = [draw.text(0, 13, data.name, "axis")]
    for value in geo.y_ticks:
        parts.append(draw.line(left, geo.y(value), right, geo.y(value), "grid"))
        parts.append(draw.text(left - 8, geo.y(value) + 4, tick(value, 1), "tick end"))
    for value in geo.x_ticks:
        css = "tick end" if value == 1 else "tick mid"
        parts.append(draw.line(geo.x(value), bottom, geo.x(value), bottom + 4, "rule"))
        parts.append(draw.text(right + 4 if value == 1 else geo.x(value), bottom + 18, tick(value, 0.1), css))
    parts.append(draw.text((left + right) / 2, bottom + 36, "chance given to what then came", "label mid"))
    parts.append(draw.line(left, bottom, right, bottom, "rule"))
    parts.append(draw.line(left, top, left, bottom, "rule"))
    return parts


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


def svg(data: Curve, width: float, label: str | None = None) -> str:
    """The whole chart as markup."""
    geo = geometry(width)
    parts = [*_axes(data, geo), *_levels(data, geo), draw.path(_path(data.cost, width), "bend")]
    return draw.document(geo.width, geo.height, [*parts, *_marks(data, geo), *_handle(data, geo)], label)


def summary(data: Curve) -> str:
    return f"a chance of {chance_text(data.at)} costs {data.text(data.at)}"


def table(data: Curve) -> str:
    """The point, the marks and the levels."""
    rows = [["the point", chance_text(data.at), data.text(data.at)]]
    rows += [[mark.label, chance_text(mark.p), data.text(mark.p)] for mark in data.marks]
    rows += [[level.name, "", number(level.value)] for level in data.levels]
    return table_markup(f"{data.name} by chance", ["point", "chance", data.name], rows)
