"""What rung 6 shows of a noisy gradient."""

import numpy as np
from numpy import ndarray

from ....charts import Lines, Series
from ....charts.format import count, percent, signed

LATEST = 200  # steps shown: more would only be a smear


def averaged(gradients: ndarray, beta1: float, beta2: float) -> Lines | None:
    """The latest gradients (steps,) as dots, and their averages over all steps so far as lines."""
    from microgpt.ladder.averages import adam_averages

    if not len(gradients):
        return None
    m, root_v = adam_averages(gradients, beta1, beta2)
    return Lines(
        series=(
            Series("m, its running mean", m[-LATEST:], gradients[-LATEST:]),
            Series("√v, how loud it is", root_v[-LATEST:], colour=4),
        ),
        x_limit=min(LATEST, max(20, len(gradients))),
        x_label="step" if len(gradients) <= LATEST else f"of the latest {LATEST} steps",
        y_label="gradient",
        y_zero=True,
    )


def averages_told(found: Lines | None, gradients: ndarray) -> str:
    """The latest values in words, and what Adam makes of them."""
    if found is None:
        return ""
    last = found.last
    m, root_v = (series.value(last) or 0.0 for series in found.series)
    step = f"m over √v is {signed(m / root_v, 2)}" if root_v else "nothing has moved it yet"
    quiet = float(np.mean(gradients == 0))
    idle = f" In {percent(quiet)} of the steps it was exactly 0." if quiet else ""
    return (
        f"Step {count(len(gradients))}: gradient {signed(float(gradients[-1]))}, m {signed(m)}, √v {signed(root_v)}; "
        f"{step}.{idle}"
    )
