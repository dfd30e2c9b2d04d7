"""The two axes of a chart: scales with round numbers beside them, a grid, and what each axis measures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from . import svg as draw
from .format import tick
from .labels import stride
from .scale import Linear, Ticks, nice_ticks

ROW = 18  # height of a row of text
_BESIDE = 8  # between a plot and the numbers at its left
_APART = 90  # the least distance of two numbers below a plot, where there is room for three
_AIR = 4  # between the numbers below a plot


@dataclass(frozen=True)
class Axis(Linear):
    """A scale with the values that are written beside it, `step` apart."""

    ticks: tuple[float, ...]
    step: float

    def text(self, value: float) -> str:
        return tick(value, self.step)


def axis(ticks: Ticks, start: float, end: float) -> Axis:
    """An axis from the first tick, at `start`, to the last, at `end`."""
    return Axis(ticks.lo, ticks.hi, start, end, ticks.values, ticks.step)


def axis_between(lo: float, hi: float, start: float, end: float) -> Axis:
    """An axis from exactly `lo` to exactly `hi`, with the round values between them as its ticks."""
    ticks = nice_ticks(lo, hi, count=max(2, int((end - start) / _APART)))
    slack = 1e-9 * (hi - lo)
    return Axis(lo, hi, start, end, tuple(v for v in ticks.values if lo - slack <= v <= hi + slack), ticks.step)


@dataclass(frozen=True)
class RootAxis(Axis):
    """The square roots of values stand evenly, counted from `lo`: the first steps, in which most happens, get more
    room than the last ones."""

    def __call__(self, value):
        return self.start + np.maximum(value - self.lo, 0) ** 0.5 * (
            (self.end - self.start) / (self.hi - self.lo) ** 0.5
        )

    def invert(self, place):
        return self.lo + ((place - self.start) / (self.end - self.start)) ** 2 * (self.hi - self.lo)


def root_axis(hi: float, start: float, end: float) -> RootAxis:
    """From 0 to `hi`; 1, 2 and 5 and their powers of ten are its ticks, as far as they stand clear of each other."""
    bare = RootAxis(0, hi, start, end, (), 1)
    ticks = [0.0]
    for value in (digit * 10.0**power for power in range(12) for digit in (1, 2, 5)):
        if value <= hi and bare(value) - bare(ticks[-1]) >= _APART / 2:
            ticks.append(value)
    return replace(bare, ticks=tuple(ticks))


def room_beside(ticks: Ticks) -> float:
    """The room that the numbers at the left of a plot need."""
    return max(draw.text_width(tick(v, ticks.step)) for v in ticks.values) + _BESIDE


@dataclass(frozen=True)
class Tick:
    """A mark at `x` and its text, which starts ("start"), is centred ("mid") or ends ("end") at `x + shift`."""

    x: float
    text: str
    anchor: str = "mid"
    shift: float = 0

    @property
    def span(self) -> tuple[float, float]:
        """Where the text begins and ends."""
        width = draw.text_width(self.text)
        left = self.x + self.shift - {"start": 0, "mid": width / 2, "end": width}[self.anchor]
        return left, left + width

    def css(self, name: str) -> str:
        return name if self.anchor == "start" else f"{name} {self.anchor}"


def above(ticks: Sequence[Tick], edge: float) -> list[str]:
    """Marks that stand on the upper edge of a drawing, with small numbers over them."""
    parts = []
    for mark in ticks:
        parts.append(draw.text(mark.x + mark.shift, edge - 9, mark.text, mark.css("small")))
        parts.append(draw.line(mark.x, edge - 5, mark.x, edge, "rule"))
    return parts


@dataclass(frozen=True)
class Axes:
    """A drawing of `width` by `height` with a plot in it: the x axis below the plot, the y axis at its left."""

    width: float
    height: float
    x: Axis
    y: Axis

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

    @property
    def x_ticks(self) -> list[Tick]:
        """A tick at every round value; a chart may place the text of some differently."""
        return [Tick(self.x(value), self.x.text(value)) for value in self.x.ticks]

    def svg(self, y_title: str, x_title: str = "", x_ticks: Sequence[Tick] | None = None) -> list[str]:
        """Both axes, with their titles above the one and at the end of the other."""
        parts = [*self.y_axis(y_title), *self.x_axis(self.x_ticks if x_ticks is None else x_ticks), self.x_rule()]
        if x_title:
            parts.append(draw.text(self.right, self.bottom + 2 * ROW, x_title, "axis end"))
        return parts

    def y_axis(self, title: str) -> list[str]:
        """The title, and for each tick a line across the plot and its number."""
        parts = [draw.text(0, ROW - 5, title, "axis")]
        for value in self.y.ticks:
            y = self.y(value)
            parts.append(draw.line(self.left, y, self.right, y, "grid"))
            parts.append(draw.text(self.left - _BESIDE, y + 4, self.y.text(value), "tick end"))
        return parts

    def x_axis(self, ticks: Sequence[Tick]) -> list[str]:
        """A mark below the plot for each tick, and as many of their texts as stand clear of each other."""
        shown = stride([mark.span for mark in ticks], _AIR)
        parts = []
        for i, mark in enumerate(ticks):
            parts.append(draw.line(mark.x, self.bottom, mark.x, self.bottom + 4, "rule"))
            if i % shown == 0:
                parts.append(draw.text(mark.x + mark.shift, self.bottom + ROW, mark.text, mark.css("tick")))
        return parts

    def x_rule(self) -> str:
        return draw.line(self.left, self.bottom, self.right, self.bottom, "rule")
