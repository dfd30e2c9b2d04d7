"""What `softmax` shows, from scores to words; all of it pure."""

from html import escape
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.inspect.attention_head import softmax_steps

from ...charts import Bars
from ...charts.format import number, percent, signed

SHOWN = 5  # answers with a slider of their own


class Scores(NamedTuple):
    """All that compete: some answers by name, the others in a crowd."""

    answers: tuple[str, ...]
    scores: ndarray  # (n,), theirs
    others: ndarray  # (m,), of the crowd


class Shared(NamedTuple):
    """Every number on the way, for the answers by name (n,), and for the crowd together."""

    scores: ndarray  # with what was added
    shifted: ndarray
    exps: ndarray
    shares: ndarray
    others_exps: float
    others_share: float
    largest: float
    total: float


def ranked(logits: ndarray, labels: list[str]) -> Scores:
    """The SHOWN highest of logits (V,) by name, highest first. In double precision, like a slider."""
    order = np.argsort(-logits, kind="stable")
    scores = logits[order].astype(np.float64)
    return Scores(tuple(labels[token] for token in order[:SHOWN]), scores[:SHOWN], scores[SHOWN:])


def share_out(given: Scores, added: float, subtract: bool) -> Shared:
    """The engine's softmax over all of them, stage by stage."""
    n = len(given.scores)
    scores = np.concatenate([given.scores, given.others]) + added
    stages = {stage.name: stage.values for stage in softmax_steps(scores, subtract)}
    exps, shares = stages["exps"], stages["shares"]
    return Shared(
        scores[:n],
        stages["shifted"][:n],
        exps[:n],
        shares[:n],
        float(exps[n:].sum()),
        float(shares[n:].sum()),
        float(stages["largest"][0]),
        float(stages["total"][0]),
    )


def others_name(count: int) -> str:
    return "1 other" if count == 1 else f"{count} others"


def power(value: float) -> str:
    """A power of e, or a sum of such; a sum that no longer fits is not a number one could write down."""
    return number(value) if isfinite(value) else "too large"


def apart(part: float, whole: float) -> tuple[str, str]:
    """A part and the sum it belongs to, with as many digits as it takes to see that they are not the same."""
    digits = 3
    while part < whole and number(part, digits) == number(whole, digits) and digits < 12:
        digits += 1
    return (number(part, digits), number(whole, digits)) if isfinite(whole) else (power(part), power(whole))


def numbers(given: Scores, found: Shared, subtract: bool) -> str:
    """The table: one row an answer, one for the crowd, and the sum."""
    head = ["answer", "score", "minus the largest", "e to that", "share"]
    rows = [
        [answer, signed(score), signed(shifted), power(exp), percent(share)]
        for answer, score, shifted, exp, share in zip(
            given.answers, *(values.tolist() for values in found[:4]), strict=True
        )
    ]
    if len(given.others):
        rows.append([others_name(len(given.others)), "", "", power(found.others_exps), percent(found.others_share)])
    rows.append(["sum", "", "", power(found.total), percent(1.0) if isfinite(found.total) else percent(np.nan)])
    if not subtract:  # nothing is taken off, so there is nothing to show for it
        head.pop(2)
        for row in rows:
            row.pop(2)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        for name, *cells in rows
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    return (
        '<table><caption class="visually-hidden">From scores to shares</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def bars(given: Scores, found: Shared) -> Bars:
    labels, shares = [*given.answers], found.shares.tolist()
    if len(given.others):
        labels.append(others_name(len(given.others)))
        shares.append(found.others_share)
    return Bars(labels, shares, top=1.0, highlight=int(np.argmax(found.scores)), rows=True, label_name="answer")


def words(given: Scores, found: Shared, before: Shared, added: float, subtract: bool) -> str:
    """The way of the highest of the named answers in one sentence, and what adding to all has done.
    `before`: the same with nothing added."""
    top = int(np.argmax(found.scores))
    score, shifted, exp, share = (float(values[top]) for values in found[:4])
    if not np.isfinite(found.scores).all():
        return "These scores are no numbers any more: the model has run away."
    if not isfinite(found.total):
        return (
            f"e to the power of {signed(score)} is larger than any number the computer can hold. “Too large” divided "
            "by “too large” is nothing at all: no chances come out."
        )
    above, below = apart(exp, found.total)
    text = (
        f"For {given.answers[top]}: e to the power of {signed(shifted)} is {above}; divided by the sum, "
        f"{below}, that is {percent(share)}."
    )
    if not added:
        return text
    if subtract:
        return f"{text} The largest score has gone along by {signed(added)}, so all that follows is as before."
    factor = found.total / before.total
    return f"{text} Each power of e is {number(factor)} times what it was, and so is the sum: the shares are as before."
