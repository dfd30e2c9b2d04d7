"""A curve with a point on it and two lines: the tangent at the point, whose slope was computed, and the secant
through the points ε to either side, whose slope was measured."""

from dataclasses import dataclass

import numpy as np

from . import legend
from . import svg as draw
from .axes import ROW, Axes, axis, axis_between, room_beside
from .format import number, signed
from .scale import nice_ticks
from .table import table as table_markup

_NARROW = 480
_TABLE_ROWS = 15
_LEGEND = (("tangent: worked out", "swatch s1"), ("secant: measured over ε", "swatch s4"))


@dataclass(frozen=True, eq=False)
class Slope:
    """The curve is y[i] at the increasing x[i]. The point stands at (`at`, `height`).

    `slope` is the slope of the tangent, and `measured` that of the secant. The secant goes through the curve's
    heights `low` at `at` − `eps` and `high` at `at` + `eps`. Raises ValueError for a wrong size or ε.
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

    def geometry(self, width: float) -> Axes:
        """Where everything goes. `width` in drawing units, at least 120."""
        draw.check_width(width)
        narrow = width < _NARROW
        heights = np.append(self.y[np.isfinite(self.y)], self.height)
        y_ticks = nice_ticks(float(heights.min()), float(heights.max()), count=4)
        top = 3 * ROW + 4 if narrow else 2 * ROW
        bottom = top + (180 if narrow else 230)
        x = axis_between(float(self.x[0]), float(self.x[-1]), room_beside(y_ticks), width - 16)
        return Axes(width, bottom + 2 * ROW + 4, x, axis(y_ticks, bottom, top))

    def svg(self, width: float, label: str | None = None) -> str:
        """The whole chart as markup."""
        geo = self.geometry(width)
        seen = np.isfinite(self.y)
        curve = draw.points(geo.x(self.x[seen]).tolist(), geo.y(self.y[seen]).tolist())
        left, right = self.at - self.eps, self.at + self.eps
        parts = geo.svg(self.y_label, self.x_label)
        for entry in legend.rows(_LEGEND, draw.text_width(self.y_label) + 20, width):
            parts += entry.svg()
        parts.append(draw.path(curve, "slope-curve"))
        parts.append(through(geo, left, self.low, self.measured, "swatch s4"))
        parts.append(through(geo, self.at, self.height, self.slope, "swatch s1"))
        for x, y in ((left, self.low), (right, self.high)):
            if geo.x.lo <= x <= geo.x.hi and geo.y.lo <= y <= geo.y.hi:
                parts.append(draw.rect(geo.x(x) - 4, geo.y(y) - 4, 8, 8, "pin s4"))
        parts.append(draw.circle(geo.x(self.at), geo.y(self.height), 8, "pin s1"))
        return draw.document(geo.width, geo.height, parts, label)

    def summary(self) -> str:
        apart = abs(self.measured - self.slope)
        return (
            f"At {signed(self.at)} the {self.y_label} is {number(self.height, 4)}. Slope worked out "
            f"{signed(self.slope, 6)}, measured {signed(self.measured, 6)}, apart {number(apart, 2)}"
        )

    def table(self) -> str:
        stride = max(1, len(self.x) // _TABLE_ROWS)
        pairs = zip(self.x[::stride].tolist(), self.y[::stride].tolist(), strict=True)
        rows = [[signed(x), number(y, 4)] for x, y in pairs]
        return table_markup(f"{self.y_label} by {self.x_label}", [self.x_label, self.y_label], rows)


def through(geo: Axes, x: float, y: float, slope: float, css: str) -> str:
    """The part inside the chart of a straight line through a point."""
    ends = [geo.x.lo, geo.x.hi]
    if slope:
        at = sorted(x + (edge - y) / slope for edge in (geo.y.lo, geo.y.hi))
        ends = [max(ends[0], at[0]), min(ends[1], at[1])]
    if not ends[0] < ends[1]:
        return ""
    (x1, y1), (x2, y2) = ((geo.x(end), geo.y(y + slope * (end - x))) for end in ends)
    return draw.line(x1, y1, x2, y2, css)
