"""What the loss section shows, worked out before any of it touches the page."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy import ndarray

from microgpt.evaluate.ngrams import uniform_loss
from microgpt.ops import nll

from ...charts.format import fixed, number, percent
from ...charts.line_data import Baseline
from ...charts.loss_curve import Curve, Mark, probability_text


def curve(p: float, labels: Sequence[str], chances: ndarray, vocab_size: int) -> Curve:
    """The curve with the point at `p`, the chances (T,) given to the right answers, whose `labels` these
    are, and the line of even guessing."""
    marks = [Mark(label, float(chance)) for label, chance in zip(labels, chances, strict=True)]
    return Curve(nll, p, marks, [Baseline("guessing evenly", uniform_loss(vocab_size))])


def reading(p: float) -> str:
    """A chance and its cost in words. A chance of 0 has a cost beyond any number."""
    if p == 0:
        return (
            "p = 0: “never”. If it then comes all the same, the loss is without limit, beyond any number. "
            "A model must never be that sure."
        )
    cost = f"p = {probability_text(p)} → loss {number(abs(float(nll(p))))}"
    if p == 1:
        return f"{cost}. Sure, and right: no surprise at all."
    if p > 0.5:
        return f"{cost}. That was to be expected."
    return f"{cost}. Like drawing the only winning ticket out of {1 / p:,.0f}."


def letters(labels: Sequence[str]) -> str:
    """Radio buttons, one an answer of the name, for the point to ride on."""
    return "".join(
        f'<label><input type="radio" name="ride" value="{i}" autocomplete="off" '
        f'aria-label="{escape(label)}, letter {i + 1}"><span aria-hidden="true">{escape(label)}</span></label>'
        for i, label in enumerate(labels)
    )


def sum_up(name: str, labels: Sequence[str], chances: ndarray, losses: ndarray, when: str) -> str:
    """The losses of a name, and their mean."""
    if not np.isfinite(losses).all():
        return "This model has run away: its chances are no numbers any more. Reset it, and start again."
    costs = " + ".join(fixed(float(loss), 2) for loss in losses)
    best = int(np.argmin(losses))
    return (
        f"“{name}”, {when}: ({costs}) / {len(losses)} = {fixed(float(losses.mean()), 2)}, the loss of this name. "
        f"Least surprised by {labels[best]}, to which it gave {percent(float(chances[best]))}."
    )
