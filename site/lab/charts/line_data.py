"""What a line chart shows, checked, and said in words and in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite

import numpy as np

from .format import count, number
from .table import table as table_markup

SERIES_COLOURS = 7  # --series-1 … --series-7
_TABLE_ROWS = 20


@dataclass(frozen=True, eq=False)
class Series:
    """One run: `smooth[i]` and `raw[i]` belong to step `start + i`. `raw` may be left out.

    Values that are not finite are not drawn. Raises ValueError for sizes that differ.
    """

    name: str
    smooth: np.ndarray
    raw: np.ndarray | None = None
    start: int = 1
    colour: int = 1

    def __post_init__(self) -> None:
        _check_colour(self.colour)
        object.__setattr__(self, "smooth", _vector("smooth", self.smooth))
        if self.raw is not None:
            object.__setattr__(self, "raw", _vector("raw", self.raw))
            if self.raw.shape != self.smooth.shape:
                raise ValueError(f"raw has {len(self.raw)} values, smooth has {len(self.smooth)}")

    @property
    def end(self) -> int:
        """The last step, or `start - 1` if there is none yet."""
        return self.start + len(self.smooth) - 1


@dataclass(frozen=True, eq=False)
class Points:
    """Something measured now and then, such as the held-out loss. Steps must increase."""

    name: str
    steps: np.ndarray
    values: np.ndarray
    colour: int = 2

    def __post_init__(self) -> None:
        _check_colour(self.colour)
        object.__setattr__(self, "steps", _vector("steps", self.steps))
        object.__setattr__(self, "values", _vector("values", self.values))
        if self.steps.shape != self.values.shape:
            raise ValueError(f"{len(self.steps)} steps, {len(self.values)} values")
        if np.any(np.diff(self.steps) <= 0):
            raise ValueError(f"steps must increase, got {self.steps.tolist()!r}")


@dataclass(frozen=True)
class Baseline:
    """A level to compare with, such as the loss of uniform guessing."""

    name: str
    value: float

    def __post_init__(self) -> None:
        if not isfinite(self.value):
            raise ValueError(f"baseline {self.name!r} must be finite, got {self.value!r}")


@dataclass(frozen=True)
class Lines:
    """All that one chart shows. The x axis runs from `x_start` to `x_limit` or, past it, a round number."""

    series: tuple[Series, ...]
    points: tuple[Points, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    x_limit: int = 200
    x_label: str = "step"
    y_label: str = "loss"
    y_zero: bool = False
    x_start: int = 0

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


def _check_colour(colour: int) -> None:
    if colour not in range(1, SERIES_COLOURS + 1):
        raise ValueError(f"colour must be 1 to {SERIES_COLOURS}, got {colour!r}")


def _vector(name: str, values: Sequence[float]) -> np.ndarray:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {array.shape}")
    return array


def value_at(series: Series, step: int) -> float | None:
    """The smoothed value at a step, or None where the series has none."""
    if not series.start <= step <= series.end:
        return None
    value = float(series.smooth[step - series.start])
    return value if isfinite(value) else None


def describe(data: Lines, step: int) -> str:
    """The values at a step in words."""
    values = [(s.name, value_at(s, step)) for s in data.series]
    told = [f"{name} {number(value)}" for name, value in values if value is not None]
    return f"{data.x_label} {count(step)}: {', '.join(told) or 'no value'}"


def summary(data: Lines) -> str:
    """The latest values in words."""
    latest = [f"{s.name} {number(s.smooth[-1])}" for s in data.series if len(s.smooth)]
    for points in data.points:
        if len(points.values):
            at = int(points.steps[-1])  # points are sparse: the latest may be from long before
            when = "" if at == data.last else f" at {data.x_label} {count(at)}"
            latest.append(f"{points.name} {number(points.values[-1])}{when}")
    if not latest:
        return "no values yet"
    return f"{data.x_label} {count(data.last)}: {', '.join(latest)}"


def table(data: Lines) -> str:
    """About twenty steps, evenly spread, with the smoothed values; then points and baselines."""
    names = [s.name for s in data.series] + [p.name for p in data.points]
    steps: set[int] = set()
    if any(len(s.smooth) for s in data.series):
        steps.update(np.linspace(data.first, data.last, _TABLE_ROWS).round().astype(int).tolist())
    measured = [dict(zip(p.steps.astype(int).tolist(), p.values.tolist(), strict=True)) for p in data.points]
    for known in measured:
        stride = ceil(len(known) / _TABLE_ROWS) or 1
        steps.update(list(known)[::-stride])

    def row(step: int) -> list[str]:
        cells = [value_at(s, step) for s in data.series] + [known.get(step) for known in measured]
        return [count(step), *("" if c is None else number(c) for c in cells)]

    rows = [row(step) for step in sorted(steps)]
    rows += [[b.name, *[number(b.value)] * len(names)] for b in data.baselines]
    return table_markup(f"{data.y_label} by {data.x_label}", [data.x_label, *names], rows)
