"""A curve the size of a word: how the loss has fallen so far, without axes, and without words of its own."""

import numpy as np
from numpy import ndarray

from . import svg as draw

_POINTS = 80


def svg(means: ndarray, steps: int, line: float, width: float = 200, height: float = 32) -> str:
    """`means` (step,): the smoothed loss of steps 1 …, on a square-root axis that ends at `steps`; `line` is the loss
    to beat, dashed. What is no number is left out."""
    seen = means[np.isfinite(means)]
    high = max(float(seen[:1].max(initial=line)), line)
    low = min(float(seen.min(initial=high)), line)
    air = 0.1 * (high - low) or 0.5
    low, high = low - air, high + air

    def y(value: float) -> float:
        return 2 + (height - 4) * (high - min(value, high)) / (high - low)

    parts = [draw.line(0, y(line), width, y(line), "dash")]
    if len(means):
        end = max(steps, len(means)) ** 0.5
        taken = np.unique(np.linspace(1, len(means) ** 0.5, _POINTS).round(4) ** 2 // 1).astype(int)
        points = [
            f"{draw.num(width * at**0.5 / end)} {draw.num(y(float(means[at - 1])))}"
            for at in taken.tolist()
            if np.isfinite(means[at - 1])
        ]
        if points:
            parts.append(draw.path("M" + " ".join(points), "spark"))
    return draw.document(width, height, parts, None)
