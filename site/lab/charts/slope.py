"""A curve with a point on it, and two lines through the point: the tangent, from a slope worked out,
and the secant, from a slope measured between two points ε to either side."""

from dataclasses import dataclass

import numpy as np

from . import svg as draw
from .format import number, signed, tick
from .scale import Linear, nice_ticks
from .table import table as table_markup

_ROW = 18  # height of a row of text
_NARROW = 480
_TABLE_ROWS = 15


@dataclass(frozen=True, eq=False)
class Slope:
    """The curve is y[i] at x[i], x increasing; the point stands at (`at`, `height`).

    `slope` is that of the tangent, `measured` that of the secant, which goes through the curve's heights
    `low` and `high` at `at` − `eps` and `at` + `eps`. Raises ValueError for sizes or an ε that are off.
    """

    x: np.ndarray
    y: np.ndarray
    at: float
    height: float
    slope: float
    measured: float
    eps: float
    low: float
    high: float
    x_label: str = "x"
    y_label: str = "y"

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if self.x.ndim != 1 or self.x.shape != self.y.shape or len(self.x) < 2:
            raise ValueError(f"a curve needs as many x as y, got shapes {self.x.shape} and {self.y.shape}")
        if np.any(np.diff(self.x) <= 0):
            raise ValueError("the x of a curve must increase")
        if not self.eps > 0:
            raise ValueError(f"ε must be positive, got {self.eps!r}")


@dataclass(frozen=True)
class Geometry:
    width: float
    height: float
    x: Linear
    y: Linear
    x_ticks: tuple[float, ...]
    x_step: float
    y_ticks: tuple[float, ...]
    y_step: float


def geometry(data: Slope, width: float) -> Geometry:
    """Where everything goes. `width` in drawing units, at least 120."""
    if not width >= 120:
        raise ValueError(f"a slope needs a width of at least 120, got {width!r}")
    narrow = width < _NARROW
    heights = np.append(data.y[np.isfinite(data.y)], data.height)
    y_ticks = nice_ticks(float(heights.min()), float(heights.max()), count=4)
    left = max(draw.text_width(tick(v, y_ticks.step)) for v in y_ticks.values) + 8
    top = 3 * _ROW + 4 if narrow else 2 * _ROW
    bottom = top + (180 if narrow else 230)
    x = Linear(float(data.x[0]), float(data.x[-1]), left, width - 16)
    x_ticks = nice_ticks(x.lo, x.hi, count=max(2, int((x.end - x.start) / 90)))
    return Geometry(
        width=width,
        height=bottom + 2 * _ROW + 4,
        x=x,
        y=Linear(y_ticks.lo, y_ticks.hi, bottom, top),
        x_ticks=tuple(v for v in x_ticks.values if x.lo - 1e-9 <= v <= x.hi + 1e-9),
        x_step=x_ticks.step,
        y_ticks=y_ticks.values,
        y_step=y_ticks.step,
    )


def _axes(data: Slope, geo: Geometry) -> list[str]:
    parts = [draw.text(0, _ROW - 5, data.y_label, "axis")]
    for value in geo.y_ticks:
        y = geo.y(value)
        parts.append(draw.line(geo.x.start, y, geo.x.end, y, "grid"))
        parts.append(draw.text(geo.x.start - 8, y + 4, tick(value, geo.y_step), "tick end"))
    for value in geo.x_ticks:
        x = geo.x(value)
        parts.append(draw.line(x, geo.y.start, x, geo.y.start + 4, "rule"))
        parts.append(draw.text(x, geo.y.start + _ROW, tick(value, geo.x_step), "tick mid"))
    parts.append(draw.line(geo.x.start, geo.y.start, geo.x.end, geo.y.start, "rule"))
    parts.append(draw.text(geo.x.end, geo.y.start + 2 * _ROW, data.x_label, "axis end"))
    return parts


def _legend(data: Slope, geo: Geometry) -> list[str]:
    parts, x, y = [], draw.text_width(data.y_label) + 20, _ROW - 5
    for text, css in (("tangent: worked out", "swatch s1"), ("secant: measured over ε", "swatch s4")):
        room = 22 + draw.text_width(text)
        if x + room > geo.width:
            x, y = 0, y + _ROW
        parts.append(draw.line(x, y - 4, x + 16, y - 4, css))
        parts.append(draw.text(x + 22, y, text, "label"))
        x += room + 14
    return parts


def through(geo: Geometry, x: float, y: float, slope: float, css: str) -> str:
    """The straight line through a point, as far as it stays inside the chart."""
    ends = [geo.x.lo, geo.x.hi]
    if slope:
        at = sorted(x + (edge - y) / slope for edge in (geo.y.lo, geo.y.hi))
        ends = [max(ends[0], at[0]), min(ends[1], at[1])]
    if not ends[0] < ends[1]:
        return ""
    (x1, y1), (x2, y2) = ((geo.x(end), geo.y(y + slope * (end - x))) for end in ends)
    return draw.line(x1, y1, x2, y2, css)


def svg(data: Slope, width: float, label: str | None = None) -> str:
    """The whole chart as markup."""
    geo = geometry(data, width)
    seen = np.isfinite(data.y)
    places = zip(geo.x(data.x[seen]).tolist(), geo.y(data.y[seen]).tolist(), strict=True)
    curve = "M" + " ".join(f"{draw.num(x)} {draw.num(y)}" for x, y in places)
    left, right = data.at - data.eps, data.at + data.eps
    parts = [*_axes(data, geo), *_legend(data, geo), draw.path(curve, "slope-curve")]
    parts.append(through(geo, left, data.low, data.measured, "swatch s4"))
    parts.append(through(geo, data.at, data.height, data.slope, "swatch s1"))
    for x, y in ((left, data.low), (right, data.high)):
        if geo.x.lo <= x <= geo.x.hi and geo.y.lo <= y <= geo.y.hi:
            parts.append(draw.rect(geo.x(x) - 4, geo.y(y) - 4, 8, 8, "pin s4"))
    parts.append(draw.circle(geo.x(data.at), geo.y(data.height), 8, "pin s1"))
    return draw.document(geo.width, geo.height, parts, label)


def summary(data: Slope) -> str:
    apart = abs(data.measured - data.slope)
    return (
        f"At {signed(data.at)} the {data.y_label} is {number(data.height, 4)}. Slope worked out "
        f"{signed(data.slope, 6)}, measured {signed(data.measured, 6)}, apart {number(apart, 2)}"
    )


def table(data: Slope) -> str:
    stride = max(1, len(data.x) // _TABLE_ROWS)
    rows = [[signed(float(x)), number(float(y), 4)] for x, y in zip(data.x[::stride], data.y[::stride], strict=True)]
    return table_markup(f"{data.y_label} by {data.x_label}", [data.x_label, data.y_label], rows)
