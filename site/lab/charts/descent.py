"""The loss on its way down past the lines to beat. Steps stand on a square-root axis: most happens in the first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor, isfinite

import numpy as np
from numpy import ndarray

from . import svg as draw
from .format import count, fixed
from .labels import spread
from .line_data import Baseline
from .scale import Linear, nice_ticks

_POINTS = 240  # of the line: one for every two pixels or so
_MARKS = (0, 100, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_ROW = 15  # the least distance of two labels


@dataclass(frozen=True)
class Descent:
    """`means` (step,) is the smoothed loss of steps 1 …; `lines` are levels to beat; `steps` is where the axis ends."""

    means: ndarray
    steps: int
    lines: Sequence[Baseline] = ()
    beaten: frozenset[str] = field(default=frozenset())  # names of the lines that the model has passed

    @property
    def step(self) -> int:
        return len(self.means)


def _axis(data: Descent) -> tuple[float, float]:
    """Where the loss axis ends: it holds the lines and a good model, and grows if the loss is higher."""
    levels = [line.value for line in data.lines if isfinite(line.value)]
    seen = data.means[np.isfinite(data.means)]
    high = max([*levels, float(seen[:1].max(initial=0.0))], default=1.0)
    low = min([*levels, float(seen.min(initial=high))], default=0.0)
    return low - 0.15 * (high - low), high + 0.06 * (high - low)


def svg(data: Descent, width: float, height: float, label: str | None = None) -> str:
    """The whole drawing as markup."""
    low, high = _axis(data)
    ticks = nice_ticks(low, high, 4).values
    names = [("✓ " if line.name in data.beaten else "") + line.name for line in data.lines]
    room = max((draw.text_width(f"✓ {line.name}", size=14) for line in data.lines), default=0)  # bold once beaten
    left, right, top, bottom = 30.0, width - room - 10, 10.0, height - 22
    end = max(data.steps, data.step, 1)
    x, y = Linear(0, end**0.5, left, right), Linear(low, high, bottom, top)
    parts = [draw.text(left - 8, y(v) + 4, fixed(v, 1), "tick end") for v in ticks if low <= v <= high]
    last = -100.0
    for mark in (m for m in _MARKS if m <= end):
        place = x(mark**0.5)
        if place - last >= draw.text_width(count(mark)) + 10:
            last = place
            parts.append(draw.line(place, bottom, place, bottom + 4, "rule"))
            parts.append(draw.text(place, bottom + 17, f"step {mark}" if not mark else count(mark), "tick mid"))
    places = spread([y(line.value) for line in data.lines], _ROW, top, bottom)
    for line, name, place in zip(data.lines, names, places, strict=True):
        css = "label beaten" if line.name in data.beaten else "label"
        parts.append(draw.line(left, y(line.value), right, y(line.value), "dash"))
        parts.append(draw.text(right + 8, place + 4, name, css))
    if data.step:
        steps = np.unique(np.linspace(1, data.step**0.5, _POINTS).round(4) ** 2 // 1).astype(int)
        values = np.clip(data.means[steps - 1], low, high)
        points = " ".join(f"{draw.num(a)} {draw.num(b)}" for a, b in zip(x(steps**0.5), y(values), strict=True))
        parts.append(draw.path(f"M{points}", "descent s1"))
        now = float(data.means[-1])
        if isfinite(now):
            at_x, at_y = x(data.step**0.5), y(min(max(now, low), high))
            parts.append(draw.circle(at_x, at_y, 6, "dot s1"))
            side = "lit end" if at_x > right - 60 else "lit"
            parts.append(draw.text(at_x + (-4 if side.endswith("end") else 10), at_y - 9, fixed(now, 2), side))
    return draw.document(width, height, parts, label)


def summary(data: Descent) -> str:
    if not data.step:
        return "no step taken yet"
    beaten = [line.name for line in data.lines if line.name in data.beaten]
    passed = f"; it has passed {', '.join(beaten)}" if beaten else ""
    return f"loss {fixed(float(data.means[-1]), 2)} at step {floor(data.step):,}{passed}"
