"""Many pairs of numbers as dots, with the diagonal on which the two of a pair are equal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import svg as draw
from .format import count, number, tick
from .scale import Linear, nice_ticks
from .table import table as table_markup

_ROW = 18  # height of a row of text
_TALLEST = 400
_REACH = 24  # a pointer further than this from every dot means none of them
_TABLE_ROWS = 20


@dataclass(frozen=True, eq=False)
class Scatter:
    """Pair i is (x[i], y[i]). Both axes have the same scale, so equal numbers lie on the diagonal.

    Pairs that are not finite are not drawn. Raises ValueError for sizes that differ, or no pair at all.
    """

    x: np.ndarray
    y: np.ndarray
    names: Sequence[str] = ()  # what each pair belongs to; may be left out
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
    def apart(self) -> float:
        """The greatest difference within a pair; 0 if no pair is finite."""
        differences = np.abs(self.x - self.y)
        return float(differences[np.isfinite(differences)].max(initial=0.0))

    def name(self, i: int) -> str:
        return self.names[i] if self.names else f"pair {i + 1}"


@dataclass(frozen=True)
class Geometry:
    width: float
    height: float
    x: Linear
    y: Linear
    ticks: tuple[float, ...]
    step: float


def geometry(data: Scatter, width: float) -> Geometry:
    """Where everything goes. `width` in drawing units, at least 120."""
    if not width >= 120:
        raise ValueError(f"a scatter needs a width of at least 120, got {width!r}")
    both = np.concatenate([data.x, data.y])
    both = both[np.isfinite(both)]
    lo, hi = (float(both.min()), float(both.max())) if len(both) else (0.0, 1.0)
    ticks = nice_ticks(min(lo, 0.0), max(hi, 0.0), count=4)
    left = max(draw.text_width(tick(v, ticks.step)) for v in ticks.values) + 8
    side = min(width - left - 24, _TALLEST)
    top = _ROW + 8
    return Geometry(
        width=width,
        height=top + side + 2 * _ROW + 8,
        x=Linear(ticks.lo, ticks.hi, left, left + side),
        y=Linear(ticks.lo, ticks.hi, top + side, top),
        ticks=ticks.values,
        step=ticks.step,
    )


def svg(data: Scatter, width: float, label: str | None = None) -> str:
    """The whole chart as markup: all dots are one path of strokes without length."""
    geo = geometry(data, width)
    (left, right), (bottom, top) = (geo.x.start, geo.x.end), (geo.y.start, geo.y.end)
    parts = [draw.text(0, _ROW - 5, data.y_label, "axis")]
    for value in geo.ticks:
        x, y, text = geo.x(value), geo.y(value), tick(value, geo.step)
        parts.append(draw.line(left, y, right, y, "grid"))
        parts.append(draw.line(x, bottom, x, bottom + 4, "rule"))
        parts.append(draw.text(left - 8, y + 4, text, "tick end"))
        parts.append(draw.text(x, bottom + _ROW, text, "tick mid"))
    parts.append(draw.line(left, bottom, right, bottom, "rule"))
    parts.append(draw.text(right, bottom + 2 * _ROW, data.x_label, "axis end"))
    parts.append(draw.line(left, bottom, right, top, "dash"))
    seen = np.isfinite(data.x) & np.isfinite(data.y)
    places = zip(geo.x(data.x[seen]).tolist(), geo.y(data.y[seen]).tolist(), strict=True)
    # dots that fall on one another are drawn once
    dots = dict.fromkeys(f"M{draw.num(x)} {draw.num(y)}h0" for x, y in places)
    parts.append(draw.path("".join(dots), "scatter"))
    return draw.document(geo.width, geo.height, parts, label)


def hit(data: Scatter, geo: Geometry, x: float, y: float) -> int | None:
    """The pair nearest to a point, if it is near."""
    away = np.hypot(geo.x(data.x) - x, geo.y(data.y) - y)
    away[~np.isfinite(away)] = np.inf
    nearest = int(away.argmin())
    return nearest if away[nearest] <= _REACH else None


def cursor(data: Scatter, geo: Geometry, i: int) -> str:
    """What the cursor draws over the chart: a ring around one dot."""
    if not np.isfinite(data.x[i] + data.y[i]):
        return ""
    x, y = geo.x(data.x[i]), geo.y(data.y[i])
    return draw.circle(x, y, 7, "halo") + draw.circle(x, y, 7, "cursor")


def describe(data: Scatter, i: int) -> str:
    x, y = float(data.x[i]), float(data.y[i])
    return (
        f"{data.name(i)}: {data.x_label} {number(x, 6)}, {data.y_label} {number(y, 6)}, apart {number(abs(x - y), 2)}"
    )


def summary(data: Scatter) -> str:
    return f"{count(len(data.x))} pairs, at most {number(data.apart, 2)} apart"


def table(data: Scatter) -> str:
    """The pairs that lie furthest from zero."""
    size = np.abs(data.x) + np.abs(data.y)
    order = np.argsort(-np.where(np.isfinite(size), size, -1), kind="stable")[:_TABLE_ROWS]
    rows = [
        [
            data.name(i),
            number(float(data.x[i]), 6),
            number(float(data.y[i]), 6),
            number(float(abs(data.x[i] - data.y[i])), 2),
        ]
        for i in order.tolist()
    ]
    caption = f"{len(rows)} of {count(len(data.x))} pairs, those furthest from zero"
    return table_markup(caption, ["of", data.x_label, data.y_label, "apart"], rows)
