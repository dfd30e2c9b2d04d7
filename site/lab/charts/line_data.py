"""What a line chart is made of, checked: curves over steps, points measured now and then, levels to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

SERIES_COLOURS = 7  # --series-1 … --series-7


@dataclass(frozen=True, eq=False)
class Series:
    """One run: `smooth[i]` and `raw[i]` belong to step `start + i`. `raw` may be left out. `thin` makes another line
    of the same colour, so that twice as many can be told apart.

    Values that are not finite are not drawn. Raises ValueError for sizes that differ.
    """

    name: str
    smooth: np.ndarray
    raw: np.ndarray | None = None
    start: int = 1
    colour: int = 1
    thin: bool = False

    def __post_init__(self) -> None:
        _check_colour(self.colour)
        object.__setattr__(self, "smooth", _vector("smooth", self.smooth))
        if self.raw is not None:
            object.__setattr__(self, "raw", _vector("raw", self.raw))
            if self.raw.shape != self.smooth.shape:
                raise ValueError(f"raw has {len(self.raw)} values, smooth has {len(self.smooth)}")

    @property
    def css(self) -> str:
        """The classes of its colour and its stroke."""
        return f"s{self.colour} fine" if self.thin else f"s{self.colour}"

    @property
    def end(self) -> int:
        """The last step, or `start - 1` if there is none yet."""
        return self.start + len(self.smooth) - 1

    def value(self, step: int) -> float | None:
        """The smoothed value at a step, or None where the series has none."""
        if not self.start <= step <= self.end:
            return None
        value = float(self.smooth[step - self.start])
        return value if isfinite(value) else None


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
class Columns:
    """The values of many steps by pixel column: the extremes, and the last value with its step."""

    step: np.ndarray
    low: np.ndarray
    high: np.ndarray
    last: np.ndarray


def columns(steps: np.ndarray, values: np.ndarray, edges: np.ndarray) -> Columns:
    """Gather `values` into the columns between `edges`. Columns without a finite value are left out.

    Steps must increase. Takes O(n) in NumPy; the result has fewer than len(edges) columns.
    """
    finite = np.isfinite(values)
    if not finite.all():
        steps, values = steps[finite], values[finite]
    bounds = np.searchsorted(steps, edges)
    filled = bounds[:-1] < bounds[1:]
    first, last = bounds[:-1][filled], bounds[1:][filled] - 1
    if not len(first):
        return Columns(*(np.empty(0),) * 4)
    values = values[: last[-1] + 1]  # reduceat would extend the last column to the end
    return Columns(
        step=steps[last],
        low=np.minimum.reduceat(values, first),
        high=np.maximum.reduceat(values, first),
        last=values[last],
    )


def _check_colour(colour: int) -> None:
    if colour not in range(1, SERIES_COLOURS + 1):
        raise ValueError(f"colour must be 1 to {SERIES_COLOURS}, got {colour!r}")


def _vector(name: str, values: Sequence[float]) -> np.ndarray:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {array.shape}")
    return array
