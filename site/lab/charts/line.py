"""A curve over training steps: every loss as a faint mark, a smoothed line, sparse points, baselines.

Whatever the number of steps, the drawing has at most a mark and a vertex per pixel column, so a run
of 50,000 steps draws as fast as one of 600.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from . import svg as draw
from .format import count, number, tick
from .labels import spread
from .line_data import Lines, value_at
from .scale import Linear, nice_end, nice_ticks

_NARROW = 480
_ROW = 18  # height of a row of labels


@dataclass(frozen=True)
class Columns:
    """Values of many steps gathered by pixel column: the extremes, and the last value with its step."""

    step: np.ndarray
    low: np.ndarray
    high: np.ndarray
    last: np.ndarray


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
    legend: tuple[tuple[float, float, str], ...]  # x, y, css class of the swatch
    legend_text: tuple[str, ...]
    baseline_text: tuple[tuple[float, str], ...]  # y, text

    @property
    def left(self) -> float:
        return self.x.start

    @property
    def right(self) -> float:
        return self.x.end

    @property
    def top(self) -> float:
        return self.y.end

    @property
    def bottom(self) -> float:
        return self.y.start


def columns(steps: np.ndarray, values: np.ndarray, edges: np.ndarray) -> Columns:
    """Gather `values` into the columns between `edges`; columns without a finite value are left out.

    Steps must increase. O(n) in NumPy with small constants; what comes out is at most len(edges) long.
    """
    finite = np.isfinite(values)
    if not finite.all():
        steps, values = steps[finite], values[finite]
    bounds = np.searchsorted(steps, edges)
    filled = bounds[:-1] < bounds[1:]
    first, last = bounds[:-1][filled], bounds[1:][filled] - 1
    if not len(first):
        return Columns(*(np.empty(0),) * 4)
    values = values[: last[-1] + 1]  # reduceat would run the last column on to the very end
    return Columns(
        step=steps[last],
        low=np.minimum.reduceat(values, first),
        high=np.maximum.reduceat(values, first),
        last=values[last],
    )


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


def _legend(data: Lines, width: float, y: float) -> tuple[list[tuple[float, float, str]], list[str]]:
    """Swatches and names in rows as wide as the chart, each name with its latest value."""
    places, texts = [], []
    entries = [(s.name, s.smooth, f"swatch s{s.colour}") for s in data.series]
    entries += [(p.name, p.values, f"dot s{p.colour}") for p in data.points]
    x = draw.text_width(data.y_label) + 16
    for name, values, css in entries:
        content = f"{name} {number(values[-1])}" if len(values) else name
        room = 22 + draw.text_width(content)
        if x + room > width and x > 0:
            x, y = 0, y + _ROW
        places.append((x, y, css))
        texts.append(content)
        x += room + 14
    return places, texts


def geometry(data: Lines, width: float) -> Geometry:
    """Where everything goes. `width` in drawing units, at least 120."""
    if not width >= 120:
        raise ValueError(f"a line chart needs a width of at least 120, got {width!r}")
    narrow = width < _NARROW
    legend, legend_text = _legend(data, width, y=_ROW - 5)
    top = (legend[-1][1] if legend else _ROW - 5) + 17
    height = top + (190 if narrow else 250)
    bottom = height - 24

    y_ticks = nice_ticks(*_extent(data), count=4 if narrow else 5)
    left = max(draw.text_width(tick(v, y_ticks.step)) for v in y_ticks.values) + 8
    # In a narrow chart a baseline keeps its name only; its value is in the table.
    names = [b.name if narrow else f"{b.name} {number(b.value)}" for b in data.baselines]
    label_room = max((draw.text_width(n) for n in names), default=0)
    right = width - max(label_room + 14 if names else 0, draw.text_width(count(data.last)) / 2, 16)

    x_end = data.x_limit if data.last <= data.x_limit else nice_end(data.last)
    x_ticks = nice_ticks(data.x_start, x_end, count=max(2, int((right - left) / 90)))
    x = Linear(data.x_start, x_end, left, right)
    y = Linear(y_ticks.lo, y_ticks.hi, bottom, top)
    places = spread([y(b.value) for b in data.baselines], 14, top, bottom)
    return Geometry(
        width=width,
        height=height,
        x=x,
        y=y,
        x_ticks=tuple(v for v in x_ticks.values if data.x_start <= v <= x_end),
        x_step=x_ticks.step,
        y_ticks=y_ticks.values,
        y_step=y_ticks.step,
        legend=tuple(legend),
        legend_text=tuple(legend_text),
        baseline_text=tuple(zip(places, names, strict=True)),
    )


def _tenths(places: np.ndarray) -> np.ndarray:
    """Whole tenths of a unit: integers make shorter paths, written faster, than decimals."""
    return np.rint(places * 10).astype(np.int64)


def _places(geo: Geometry, shown: Columns) -> list[list[int]]:
    """x and y, in tenths, of the last value of each column."""
    return np.column_stack((_tenths(geo.x(shown.step)), _tenths(geo.y(shown.last)))).tolist()


def _polyline(geo: Geometry, shown: Columns) -> str:
    places = _places(geo, shown)
    # After an M, further pairs are line-to.
    return "M" + " ".join([f"{x} {y}" for x, y in places]) if places else ""


def _axes(data: Lines, geo: Geometry) -> list[str]:
    parts = [draw.text(0, _ROW - 5, data.y_label, "axis")]
    for value in geo.y_ticks:
        y = geo.y(value)
        parts.append(draw.line(geo.left, y, geo.right, y, "grid"))
        parts.append(draw.text(geo.left - 8, y + 4, tick(value, geo.y_step), "tick end"))
    for i, value in enumerate(geo.x_ticks):
        # The axis names its unit once, on the first tick, where nothing can collide with it.
        label = f"{data.x_label} " * (i == 0) + tick(value, geo.x_step)
        parts.append(draw.line(geo.x(value), geo.bottom, geo.x(value), geo.bottom + 4, "rule"))
        css = "tick" if i == 0 else "tick mid"
        parts.append(draw.text(geo.x(value), geo.bottom + 18, label, css))
    parts.append(draw.line(geo.left, geo.bottom, geo.right, geo.bottom, "rule"))
    return parts


def _legend_marks(geo: Geometry) -> list[str]:
    parts = []
    for (x, y, css), content in zip(geo.legend, geo.legend_text, strict=True):
        kind, colour = css.split()
        if kind == "dot":
            parts.append(draw.line(x, y - 4, x + 16, y - 4, f"thin {colour}"))
            parts.append(draw.circle(x + 8, y - 4, 3, f"dot {colour}"))
        else:
            parts.append(draw.line(x, y - 4, x + 16, y - 4, f"swatch {colour}"))
        parts.append(draw.text(x + 22, y, content, "label"))
    return parts


def _baselines(data: Lines, geo: Geometry) -> list[str]:
    parts = []
    for baseline, (place, name) in zip(data.baselines, geo.baseline_text, strict=True):
        y = geo.y(baseline.value)
        parts.append(draw.line(geo.left, y, geo.right, y, "dash"))
        # A leader shows which line a label that had to step aside belongs to.
        parts.append(draw.line(geo.right, y, geo.right + 9, place, "lead"))
        parts.append(draw.text(geo.right + 12, place + 4, name, "label"))
    return parts


def _curves(data: Lines, geo: Geometry) -> list[str]:
    """All paths, in tenths of a unit inside one scaled group. Faint marks first, lines over them."""
    edges = np.linspace(geo.x.lo, geo.x.hi, ceil(geo.right - geo.left) + 1)
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
            # A column with one value is a stroke of no length, which its round cap makes a dot; a curve of
            # nothing but dots needs larger ones to be seen.
            dots = " sparse" if np.array_equal(raw.low, raw.high) else ""
            strokes_path = "".join([f"M{x} {low}V{high}" for x, low, high in strokes])
            marks.append(draw.path(strokes_path, f"raw{dots} s{series.colour}"))
        smooth = columns(steps, series.smooth, edges)
        lines.append(draw.path(_polyline(geo, smooth), f"curve s{series.colour}"))
    for points in data.points:
        shown = columns(points.steps, points.values, edges)
        dots = "".join([f"M{x} {y}h0" for x, y in _places(geo, shown)])
        lines.append(draw.path(_polyline(geo, shown), f"join s{points.colour}"))
        lines.append(draw.path(dots, f"dots s{points.colour}"))
    return ['<g transform="scale(.1)">', *marks, *lines, "</g>"]


def svg(data: Lines, width: float, label: str | None = None) -> str:
    """The whole chart as markup."""
    geo = geometry(data, width)
    parts = [*_axes(data, geo), *_baselines(data, geo), *_curves(data, geo), *_legend_marks(geo)]
    return draw.document(geo.width, geo.height, parts, label)


def crosshair(data: Lines, geo: Geometry, step: int) -> str:
    """What the cursor draws over the chart: a hairline, and a dot on each smoothed line."""
    x = geo.x(step)
    parts = [draw.line(x, geo.top, x, geo.bottom, "cross")]
    for series in data.series:
        value = value_at(series, step)
        if value is not None:
            parts.append(draw.circle(x, geo.y(value), 4.5, f"pin s{series.colour}"))
    return "".join(parts)
