"""A curve over training steps: every loss as a faint mark, a smoothed line, sparse points, baselines.

The drawing has at most one mark and one vertex for each pixel column, so a run of 50,000 steps draws as fast as one
of 600.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from . import legend
from . import svg as draw
from .axes import ROW, Axes, Tick, axis, axis_between, room_beside, root_axis
from .format import count, number
from .labels import spread
from .line_data import Baseline, Columns, Points, Series, columns
from .scale import nice_end, nice_ticks
from .table import table as table_markup

_NARROW = 480
_TABLE_ROWS = 20


@dataclass(frozen=True)
class Geometry(Axes):
    legend: tuple[legend.Entry, ...]
    baseline_text: tuple[tuple[float, str], ...]  # y, text


@dataclass(frozen=True, eq=False)
class Lines:
    """What one chart shows. The x axis runs from `x_start` to `x_limit`, or to a round number for steps beyond that."""

    series: tuple[Series, ...]
    points: tuple[Points, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    x_limit: int = 200
    x_label: str = "step"
    y_label: str = "loss"
    y_zero: bool = False
    x_start: int = 0
    root: bool = False  # whether the square roots of the steps stand evenly; then the axis begins at 0

    def __post_init__(self) -> None:
        if not self.x_limit > 0:
            raise ValueError(f"x_limit must be positive, got {self.x_limit!r}")
        if not 0 <= self.x_start < self.x_limit:
            raise ValueError(f"x_start must be from 0 to below x_limit, got {self.x_start!r}")

    @property
    def first(self) -> int:
        """The first step that any series or points have; 0 if there is none."""
        starts = [s.start for s in self.series if len(s.smooth)]
        starts += [int(p.steps[0]) for p in self.points if len(p.steps)]
        return min(starts, default=0)

    @property
    def last(self) -> int:
        """The last step that any series or points reach; 0 if there is none."""
        ends = [s.end for s in self.series if len(s.smooth)]
        ends += [int(p.steps[-1]) for p in self.points if len(p.steps)]
        return max(ends, default=0)

    @property
    def stops(self) -> range:
        """The steps that a cursor can stand on."""
        return range(self.first, self.last + 1)

    @property
    def start(self) -> int:
        return self.last

    def geometry(self, width: float) -> Geometry:
        """Where everything goes. `width` in drawing units, at least 120."""
        draw.check_width(width)
        narrow = width < _NARROW
        entries = legend.rows(_latest(self), draw.text_width(self.y_label) + 16, width)
        top = (entries[-1].y if entries else ROW - 5) + 17
        height = top + (190 if narrow else 250)
        y_ticks = nice_ticks(*_extent(self), count=4 if narrow else 5)
        # In a narrow chart a baseline keeps its name only; its value is in the table.
        names = [b.name if narrow else f"{b.name} {number(b.value)}" for b in self.baselines]
        label_room = max((draw.text_width(n) for n in names), default=0)
        beside = label_room + 14 if names and not narrow else 0  # in a narrow chart they stand on their lines
        right = width - max(beside, draw.text_width(count(self.last)) / 2, 16)
        x_end = self.x_limit if self.last <= self.x_limit else nice_end(self.last)
        y = axis(y_ticks, height - 24, top)
        left = room_beside(y_ticks)
        x = root_axis(x_end, left, right) if self.root else axis_between(self.x_start, x_end, left, right)
        return Geometry(
            width=width,
            height=height,
            x=x,
            y=y,
            legend=entries,
            baseline_text=tuple(
                zip(spread([y(b.value) for b in self.baselines], 14, y.end, y.start), names, strict=True)
            ),
        )

    def svg(self, width: float, label: str | None = None) -> str:
        """The whole chart as markup."""
        geo = self.geometry(width)
        # The axis names its unit once, on the first tick, where nothing can collide with it.
        first, *rest = geo.x_ticks
        ticks = [Tick(first.x, f"{self.x_label} {first.text}", "start"), *rest]
        parts = [*geo.svg(self.y_label, x_ticks=ticks), *_baselines(self, geo), *_curves(self, geo)]
        for entry in geo.legend:
            parts += entry.svg()
        return draw.document(geo.width, geo.height, parts, label)

    def hit(self, geo: Geometry, x: float, y: float) -> int:
        """The step at a point: the nearest that there is."""
        return min(max(round(geo.x.invert(x)), self.first), self.last)

    def cursor(self, geo: Geometry, step: int) -> str:
        """What the cursor draws over the chart: a hairline, and a dot on each smoothed line."""
        x = geo.x(step)
        parts = [draw.line(x, geo.top, x, geo.bottom, "cross")]
        for series in self.series:
            value = series.value(step)
            if value is not None:
                parts.append(draw.circle(x, geo.y(value), 4.5, f"pin s{series.colour}"))
        return "".join(parts)

    def describe(self, step: int) -> str:
        """The values at a step in words."""
        values = [(s.name, s.value(step)) for s in self.series]
        told = [f"{name} {number(value)}" for name, value in values if value is not None]
        return f"{self.x_label} {count(step)}: {', '.join(told) or 'no value'}"

    def summary(self) -> str:
        """The latest values in words."""
        latest = [f"{s.name} {number(s.smooth[-1])}" for s in self.series if len(s.smooth)]
        for points in self.points:
            if len(points.values):
                at = int(points.steps[-1])  # points are sparse, and the latest may be old
                when = "" if at == self.last else f" at {self.x_label} {count(at)}"
                latest.append(f"{points.name} {number(points.values[-1])}{when}")
        if not latest:
            return "no values yet"
        return f"{self.x_label} {count(self.last)}: {', '.join(latest)}"

    def table(self) -> str:
        """About twenty steps, evenly spread, with the smoothed values; then points and baselines."""
        names = [s.name for s in self.series] + [p.name for p in self.points]
        steps: set[int] = set()
        if any(len(s.smooth) for s in self.series):
            steps.update(np.linspace(self.first, self.last, _TABLE_ROWS).round().astype(int).tolist())
        measured = [dict(zip(p.steps.astype(int).tolist(), p.values.tolist(), strict=True)) for p in self.points]
        for known in measured:
            stride = ceil(len(known) / _TABLE_ROWS) or 1
            steps.update(list(known)[::-stride])

        def row(step: int) -> list[str]:
            cells = [s.value(step) for s in self.series] + [known.get(step) for known in measured]
            return [count(step), *("" if c is None else number(c) for c in cells)]

        rows = [row(step) for step in sorted(steps)]
        rows += [[b.name, *[number(b.value)] * len(names)] for b in self.baselines]
        return table_markup(f"{self.y_label} by {self.x_label}", [self.x_label, *names], rows)


def _extent(data: Lines) -> tuple[float, float]:
    """The least and the greatest value anywhere in the chart."""
    arrays = [s.smooth if s.raw is None else s.raw for s in data.series]
    arrays += [s.smooth for s in data.series] + [p.values for p in data.points]
    lows, highs = [b.value for b in data.baselines], [b.value for b in data.baselines]
    for array in arrays:
        array = array[np.isfinite(array)]
        if len(array):
            lows.append(float(array.min()))
            highs.append(float(array.max()))
    lo, hi = min(lows, default=0.0), max(highs, default=1.0)
    return (min(lo, 0.0), max(hi, 0.0)) if data.y_zero else (lo, hi)


def _latest(data: Lines) -> list[tuple[str, str]]:
    """The entries of the legend: each name with its latest value, and the class of its stroke."""
    entries = [(s.name, s.smooth, f"swatch {s.css}") for s in data.series]
    entries += [(p.name, p.values, f"dot s{p.colour}") for p in data.points]
    return [(f"{name} {number(values[-1])}" if len(values) else name, css) for name, values, css in entries]


def _baselines(data: Lines, geo: Geometry) -> list[str]:
    parts = []
    for baseline, (place, name) in zip(data.baselines, geo.baseline_text, strict=True):
        y = geo.y(baseline.value)
        parts.append(draw.line(geo.left, y, geo.right, y, "dash"))
        if geo.width < _NARROW:
            parts.append(draw.text(geo.right - 2, place - 3, name, "label end"))
            continue
        # The leader joins a label to its line, from which it may have been moved away.
        parts.append(draw.line(geo.right, y, geo.right + 9, place, "lead"))
        parts.append(draw.text(geo.right + 12, place + 4, name, "label"))
    return parts


def _tenths(places: np.ndarray) -> np.ndarray:
    """Places in whole tenths of a unit. Integers make shorter paths than decimals and are written faster."""
    return np.rint(places * 10).astype(np.int64)


def _places(geo: Geometry, shown: Columns) -> list[list[int]]:
    """x and y, in tenths, of the last value of each column."""
    return np.column_stack((_tenths(geo.x(shown.step)), _tenths(geo.y(shown.last)))).tolist()


def _polyline(geo: Geometry, shown: Columns) -> str:
    places = _places(geo, shown)
    # After an M, further pairs are line-to.
    return "M" + " ".join([f"{x} {y}" for x, y in places]) if places else ""


def _curves(data: Lines, geo: Geometry) -> list[str]:
    """All paths, in tenths of a unit, inside one scaled group. The faint marks come first, under the lines."""
    count_of = ceil(geo.right - geo.left) + 1
    edges = np.linspace(geo.x.lo, geo.x.hi, count_of)
    if data.root:
        edges = geo.x.invert(np.linspace(geo.left, geo.right, count_of))
    edges[-1] = np.inf  # the last column takes in the end of the axis itself
    marks, lines = [], []
    for series in data.series:
        steps = np.arange(series.start, series.end + 1)
        if series.raw is not None:
            raw = columns(steps, series.raw, edges)
            strokes = zip(
                _tenths(geo.x(raw.step)).tolist(),
                _tenths(geo.y(raw.low)).tolist(),
                _tenths(geo.y(raw.high)).tolist(),
                strict=True,
            )
            # A column with one value is a stroke of no length, which its round cap makes a dot. A curve of dots
            # alone needs larger ones.
            dots = " sparse" if np.array_equal(raw.low, raw.high) else ""
            strokes_path = "".join([f"M{x} {low}V{high}" for x, low, high in strokes])
            marks.append(draw.path(strokes_path, f"raw{dots} s{series.colour}"))
        smooth = columns(steps, series.smooth, edges)
        lines.append(draw.path(_polyline(geo, smooth), f"curve {series.css}"))
    for points in data.points:
        shown = columns(points.steps, points.values, edges)
        dots = "".join([f"M{x} {y}h0" for x, y in _places(geo, shown)])
        lines.append(draw.path(_polyline(geo, shown), f"join s{points.colour}"))
        lines.append(draw.path(dots, f"dots s{points.colour}"))
    return ['<g transform="scale(.1)">', *marks, *lines, "</g>"]
