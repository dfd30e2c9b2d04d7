"""Pairs of numbers as dots, with the diagonal on which both numbers of a pair are equal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import svg as draw
from .axes import ROW, Axes, axis, room_beside
from .format import count, number
from .scale import nice_ticks
from .table import table as table_markup

_TALLEST = 400
_REACH = 24  # the greatest distance from the pointer to the dot it means
_TABLE_ROWS = 20


@dataclass(frozen=True, eq=False)
class Scatter:
    """Pair i is (x[i], y[i]). Both axes have the same scale, so equal numbers lie on the diagonal.

    Pairs that are not finite are not drawn. Raises ValueError for sizes that differ, or no pair at all.
    """

    x: np.ndarray
    y: np.ndarray
    names: Sequence[str] = ()  # of the pairs; may be left out
    x_label: str = "x"
    y_label: str = "y"

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if self.x.ndim != 1 or self.x.shape != self.y.shape or not len(self.x):
            raise ValueError(f"a scatter needs as many x as y, got shapes {self.x.shape} and {self.y.shape}")
        if self.names and len(self.names) != len(self.x):
            raise ValueError(f"{len(self.names)} names for {len(self.x)} pairs")

    @property
    def stops(self) -> range:
        """The pairs, by index, that a cursor can stand on."""
        return range(len(self.x))

    @property
    def start(self) -> int:
        return 0

    @property
    def apart(self) -> float:
        """The greatest difference within a pair; 0 if no pair is finite."""
        differences = np.abs(self.x - self.y)
        return float(differences[np.isfinite(differences)].max(initial=0.0))

    def name(self, i: int) -> str:
        return self.names[i] if self.names else f"pair {i + 1}"

    def geometry(self, width: float) -> Axes:
        """Where everything goes. `width` in drawing units, at least 120."""
        draw.check_width(width)
        both = np.concatenate([self.x, self.y])
        both = both[np.isfinite(both)]
        lo, hi = (float(both.min()), float(both.max())) if len(both) else (0.0, 1.0)
        ticks = nice_ticks(min(lo, 0.0), max(hi, 0.0), count=4)
        left = room_beside(ticks)
        side = min(width - left - 24, _TALLEST)
        top = ROW + 8
        height = top + side + 2 * ROW + 8
        return Axes(width, height, axis(ticks, left, left + side), axis(ticks, top + side, top))

    def svg(self, width: float, label: str | None = None) -> str:
        """The whole chart as markup: all dots are one path of strokes without length."""
        geo = self.geometry(width)
        seen = np.isfinite(self.x) & np.isfinite(self.y)
        dots = draw.dots(geo.x(self.x[seen]).tolist(), geo.y(self.y[seen]).tolist())
        parts = geo.svg(self.y_label, self.x_label)
        parts.append(draw.line(geo.left, geo.bottom, geo.right, geo.top, "dash"))
        parts.append(draw.path(dots, "scatter"))
        return draw.document(geo.width, geo.height, parts, label)

    def hit(self, geo: Axes, x: float, y: float) -> int | None:
        """The pair nearest to a point, if it is near."""
        away = np.hypot(geo.x(self.x) - x, geo.y(self.y) - y)
        away[~np.isfinite(away)] = np.inf
        nearest = int(away.argmin())
        return nearest if away[nearest] <= _REACH else None

    def cursor(self, geo: Axes, i: int) -> str:
        """What the cursor draws over the chart: a ring around one dot."""
        if not np.isfinite(self.x[i] + self.y[i]):
            return ""
        x, y = geo.x(self.x[i]), geo.y(self.y[i])
        return draw.circle(x, y, 7, "halo") + draw.circle(x, y, 7, "cursor")

    def describe(self, i: int) -> str:
        x, y = float(self.x[i]), float(self.y[i])
        pair = f"{self.x_label} {number(x, 6)}, {self.y_label} {number(y, 6)}"
        return f"{self.name(i)}: {pair}, apart {number(abs(x - y), 2)}"

    def summary(self) -> str:
        return f"{count(len(self.x))} pairs, at most {number(self.apart, 2)} apart"

    def table(self) -> str:
        """The pairs that lie furthest from zero."""
        size = np.abs(self.x) + np.abs(self.y)
        order = np.argsort(-np.where(np.isfinite(size), size, -1), kind="stable")[:_TABLE_ROWS]
        rows = [
            [
                self.name(i),
                number(float(self.x[i]), 6),
                number(float(self.y[i]), 6),
                number(float(abs(self.x[i] - self.y[i])), 2),
            ]
            for i in order.tolist()
        ]
        caption = f"{len(rows)} of {count(len(self.x))} pairs, those furthest from zero"
        return table_markup(caption, ["of", self.x_label, self.y_label, "apart"], rows)
