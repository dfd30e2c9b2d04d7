"""One weight under Adam, in words, in formulas filled with its numbers, and as a curve.

`averages` is the picture of a noisy gradient between its two running averages; it takes any AdamSteps.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from microgpt.config import GPTConfig
from microgpt.inspect.one_weight import AdamStep

from ...charts import Lines, Matrix, Series
from ...charts.format import fixed, number, signed
from ..scales import limit_of
from .model import Place

HEIGHT = 380  # drawing units a matrix may be high
DIGITS = 4


def terms(step: AdamStep, initial_rate: float, steps: int) -> dict[str, tuple[str, str]]:
    """Each term of the update → the formula with its numbers put in, and its value."""
    b1, b2 = f"{step.beta1:g}", f"{step.beta2:g}"
    g, t = _bracketed(step.gradient), step.count
    return {
        "g": ("from going backwards through the whole computation", signed(step.gradient, DIGITS)),
        "m": (f"{b1} × {_bracketed(step.m_before)} + {_rest(step.beta1)} × {g}", signed(step.m, DIGITS)),
        "v": (f"{b2} × {_n(step.v_before)} + {_rest(step.beta2)} × {g}²", _n(step.v)),
        "m-hat": (_corrected(step.m, b1, t, step.m_share), signed(step.m_hat, DIGITS)),
        "v-hat": (_corrected(step.v, b2, t, step.v_share), _n(step.v_hat)),
        "rate": (f"{initial_rate:g} × (1 − {t - 1:,} ÷ {steps:,})", _n(step.learning_rate)),
        "change": (
            f"−{_n(step.learning_rate)} × {_bracketed(step.m_hat)} ÷ ({_n(step.v_hat**0.5)} + {number(step.eps, 1)})",
            signed(step.change, DIGITS),
        ),
        "new": (f"{fixed(step.before, 6)} {_added(step.change)}", fixed(step.after, 6)),
    }


def power(count: int) -> str:
    """A small raised number."""
    return str(count).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _n(value: float) -> str:
    return number(value, DIGITS)


def _bracketed(value: float) -> str:
    """A negative number in brackets: it stands behind a sign of its own."""
    return f"({_n(value)})" if value < 0 else _n(value)


def _corrected(average: float, beta: str, count: int, share: float) -> str:
    return f"{_n(average)} ÷ (1 − {beta}{power(count)}) = {_n(average)} ÷ {_n(share)}"


def _rest(beta: float) -> str:
    return f"{1 - beta:.6g}"


def _added(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {fixed(abs(value), 6)}"


def sentence(step: AdamStep, place: Place) -> str:
    """What happened, in words."""
    where = f"{place.matrix}, row {place.row}, column {place.column}"
    if not step.gradient and not step.m:
        return f"Step {step.count:,} left {where} alone: it has no gradient, and m is zero."
    direction = "up" if step.change > 0 else "down" if step.change < 0 else "nowhere"
    share = abs(step.m_hat) / step.v_hat**0.5 if step.v_hat else 0.0
    text = f"Step {step.count:,} moved {where} {direction} by {number(abs(step.change))}."
    if not step.gradient:
        return f"{text} This name gave it no gradient at all: it still follows m."
    if step.gradient * step.change > 0:
        text += " That is with this gradient, not against it: m remembers the steps before better."
    return f"{text} m̂ is {fixed(100 * share, 0)} % of √v̂, so it went {fixed(100 * share, 0)} % of the learning rate."


def averages(steps: Sequence[AdamStep]) -> Lines | None:
    """The gradient of each step as a dot, m among them, and √v̂ around them; None for no steps."""
    if not steps:
        return None
    first, last = steps[0].count, steps[-1].count
    gradient, m, size = (
        np.array(values) for values in zip(*((step.gradient, step.m, step.v_hat**0.5) for step in steps), strict=True)
    )
    return Lines(
        series=(
            Series("m", m, gradient, start=first),
            Series("√v̂", size, start=first, colour=2),
            Series("−√v̂", -size, start=first, colour=2),
        ),
        x_start=max(0, first - 1),
        x_limit=max(last, first + 49),
        y_label="gradient",
        y_zero=True,
    )


def reading(steps: Sequence[AdamStep], count: int) -> str:
    """The three at a step, in words."""
    if not steps or not steps[0].count <= count <= steps[-1].count:
        return "nothing recorded there"
    step = steps[count - steps[0].count]
    return (
        f"step {count:,}: gradient {signed(step.gradient)}, m {signed(step.m)}, "
        f"√v̂ {number(step.v_hat**0.5)}, weight {fixed(step.after, 5)}"
    )


def matrix(params: Mapping[str, np.ndarray], place: Place) -> Matrix:
    """The matrix that the weight stands in, small enough to be seen whole."""
    values = params[place.matrix]
    rows, columns = values.shape
    return Matrix(
        values,
        [str(i) for i in range(rows)],
        [str(i) for i in range(columns)],
        kind="signed",
        limit=limit_of(place.matrix, params),
        row_marks=(place.row,),
        col_marks=(place.column,),
        max_cell=max(3.0, min(14.0, HEIGHT / rows)),
    )


def options(config: GPTConfig, chosen: str) -> str:
    return "".join(
        f'<option value="{escape(name)}"{" selected" if name == chosen else ""}>'
        f"{escape(name)}, {rows} × {columns}</option>"
        for name, (rows, columns) in config.shapes().items()
    )
