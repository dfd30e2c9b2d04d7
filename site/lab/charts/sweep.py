"""What comes of one number tried at several values: dots joined by a line, over a logarithmic axis.

Equal distances on a logarithmic axis are equal ratios: from 1 to 10 it is as far as from 10 to 100.
"""

from dataclasses import dataclass
from math import isfinite, log10

import numpy as np

from . import svg as draw
from .axes import ROW, Axes, Axis
from .format import count, fixed, short
from .scale import nice_ticks
from .table import table as table_markup

_NARROW = 480
_REACH = 40  # the greatest distance across from the pointer to the dot it means
_AIR = 0.04  # of the plot's width, left and right of the outermost dots


class LogAxis(Axis):
    """An axis of powers of ten: places are those of the logarithm, the numbers beside it are the values."""

    def text(self, value: float) -> str:
        return number_text(10**value)


def number_text(value: float) -> str:
    return count(value) if value >= 1000 else short(value, 3)


@dataclass(frozen=True, eq=False)
class Sweep:
    """`y[i]` is what came of `x[i]` > 0, NaN where it is not known yet. `fit` are y values of a straight line over all
    x, to be drawn dashed over `fitted`. With `y_log` the y axis is logarithmic, too. Raises ValueError for sizes that
    differ, no value, or an x that is not above zero or does not grow."""

    x: np.ndarray
    y: np.ndarray
    x_label: str
    y_label: str = "held-out loss"
    y_log: bool = False
    fit: np.ndarray | None = None
    fitted: range = range(0)  # the dots that the line was fitted to

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if self.x.ndim != 1 or self.x.shape != self.y.shape or not len(self.x):
            raise ValueError(f"a sweep needs as many x as y, got shapes {self.x.shape} and {self.y.shape}")
        if self.x[0] <= 0 or np.any(np.diff(self.x) <= 0):
            raise ValueError(f"x must be above zero and grow, got {self.x.tolist()!r}")

    @property
    def known(self) -> np.ndarray:
        """Which dots there are, (n,)."""
        return np.isfinite(self.y)

    @property
    def stops(self) -> range:
        """The values, by index, that a cursor can stand on."""
        return range(len(self.x))

    @property
    def start(self) -> int:
        """The lowest of the dots."""
        return int(np.nanargmin(self.y)) if self.known.any() else 0

    def geometry(self, width: float) -> Axes:
        """Where everything goes. `width` in drawing units, at least 120."""
        draw.check_width(width)
        values = [*self.y[self.known].tolist(), *(self.fit[list(self.fitted)].tolist() if self.fit is not None else [])]
        ticks = nice_ticks(min(values, default=1.0), max(values, default=2.0), count=5)
        texts = [short(value, 3) for value in ticks.values]
        left = max(map(draw.text_width, texts)) + 8
        top, height = ROW + 8, 190 if width < _NARROW else 250
        if self.y_log:
            placed = tuple(log10(value) for value in ticks.values if value > 0)
            y: Axis = LogAxis(
                placed[0] if ticks.lo > 0 else log10(min(values)), placed[-1], top + height, top, placed, 1.0
            )
        else:
            y = Axis(ticks.lo, ticks.hi, top + height, top, ticks.values, ticks.step)
        logs = np.log10(self.x)
        air = _AIR * (logs[-1] - logs[0]) or 0.5
        x = LogAxis(logs[0] - air, logs[-1] + air, left, width - 8, tuple(logs.tolist()), 1.0)
        return Axes(width, top + height + 2 * ROW + 8, x, y)

    def _place(self, geo: Axes, i: int, value: float) -> tuple[float, float]:
        return geo.x(log10(self.x[i])), geo.y(log10(value) if self.y_log else value)

    def svg(self, width: float, label: str | None = None) -> str:
        """The whole chart as markup."""
        geo = self.geometry(width)
        parts = geo.svg(self.y_label, self.x_label)
        if self.fit is not None and len(self.fitted) > 1:
            ends = [self._place(geo, i, float(self.fit[i])) for i in (self.fitted[0], self.fitted[-1])]
            parts.append(draw.line(*ends[0], *ends[1], "dash"))
        dots = [self._place(geo, i, float(self.y[i])) for i in self.stops if self.known[i]]
        xs, ys = [10 * x for x, _ in dots], [10 * y for _, y in dots]
        if dots:
            joined = "" if self.fit is not None else draw.path(draw.points(xs, ys), "join s1")  # it would hide the line
            parts.append(f'<g transform="scale(.1)">{joined}{draw.path(draw.dots(xs, ys), "dots s1")}</g>')
        return draw.document(geo.width, geo.height, parts, label)

    def hit(self, geo: Axes, x: float, y: float) -> int | None:
        """The value nearest to a point, if it is near."""
        away = np.abs(geo.x(np.log10(self.x)) - x)
        nearest = int(away.argmin())
        return nearest if away[nearest] <= _REACH else None

    def cursor(self, geo: Axes, i: int) -> str:
        """What the cursor draws over the chart: a hairline, and a ring around the dot."""
        across = geo.x(log10(self.x[i]))
        hairline = draw.line(across, geo.top, across, geo.bottom, "cross")
        if not self.known[i]:
            return hairline
        place = self._place(geo, i, float(self.y[i]))
        return hairline + draw.circle(*place, 7, "halo") + draw.circle(*place, 7, "cursor")

    def describe(self, i: int) -> str:
        value = fixed(float(self.y[i]), 3) if self.known[i] else "not known yet"
        return f"{self.x_label} {number_text(float(self.x[i]))}: {self.y_label} {value}"

    def summary(self) -> str:
        if not self.known.any():
            return "no value yet"
        return f"lowest of {int(self.known.sum())} at {self.describe(self.start)}"

    def table(self) -> str:
        rows = [
            [number_text(float(x)), fixed(float(y), 3) if isfinite(y) else ""]
            for x, y in zip(self.x, self.y, strict=True)
        ]
        return table_markup(f"{self.y_label} by {self.x_label}", [self.x_label, self.y_label], rows)
