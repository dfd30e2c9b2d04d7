"""What the knock-outs show: the guess with and without, a row for each part, the ranking in words."""

from collections.abc import Collection, Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from microgpt.evaluate.ablations import Head, Past

from ...charts.format import fixed, percent
from ...charts.table import table
from .model import Losses, Moment, Part

LETTERS = 6  # of the guess, the likeliest with or without
NONE = "–"


class Cells(NamedTuple):
    """One row of the table, as text."""

    looks: str
    guess: str
    change: str


def cells(part: Part, losses: Losses, answers: Sequence[str]) -> Cells:
    moment = losses.moment
    match part.knockout:
        case Head(layer, head):
            row = moment.attention(layer, head)
            at = int(row.argmax())
            looks = f"{percent(float(row[at]))} at {moment.read[at]}"
        case Past(place):
            looks = percent(moment.mean_attention(place))
        case _:
            looks = NONE
    before, after = moment.guess(()), moment.guess([part.key])
    top = int(before.argmax())
    change = losses.change([part.key])
    return Cells(
        looks,
        f"{answers[top]} {percent(float(before[top]))} → {percent(float(after[top]))}",
        NONE if change is None else _change(change),
    )


def _change(change: float) -> str:
    return "±0.000" if abs(change) < 0.0005 else ("+" if change > 0 else "") + fixed(change, 3)


def guesses(moment: Moment, silenced: Collection[str], answers: Sequence[str]) -> str:
    """Markup: the likeliest letters, with everything and without the silenced parts."""
    before, after = moment.guess(()), moment.guess(silenced)
    order = np.argsort(-np.maximum(before, after), kind="stable")[:LETTERS]
    rows = [(answers[i], percent(float(before[i])), percent(float(after[i]))) for i in order.tolist()]
    return table("The next letter", ["letter", "with everything", "without the silenced"], rows)


def said(losses: Losses, silenced: Collection[str], answers: Sequence[str]) -> str:
    """What silencing these parts does, in a sentence or two."""
    moment = losses.moment
    read = "".join(moment.read[1:]) or "START"
    if not silenced:
        return f"After {read}, step {moment.step:,}: nothing is silenced, so nothing is changed, to the last bit."
    before, after = moment.guess(()), moment.guess(silenced)
    top, new = int(before.argmax()), int(after.argmax())
    titles = [part.title for key, part in moment.parts.items() if key in silenced]
    text = f"After {read}, step {moment.step:,}, without {' and '.join(titles)}: "
    if top == new:
        text += (
            f"{answers[top]} stays the likeliest, with {percent(float(after[top]))}, not {percent(float(before[top]))}."
        )
    else:
        text += f"{answers[new]} is the likeliest in place of {answers[top]}."
    change = losses.change(silenced)
    if change is None:
        return f"{text} Held-out loss: being measured …" if frozenset(silenced) in losses.asked else text
    whole = losses.found[frozenset()]
    return f"{text} On the held-out names the loss goes from {fixed(whole, 3)} to {fixed(whole + change, 3)}."


def ranking(losses: Losses) -> str:
    """What is needed most and least, once every part has been silenced in turn; "" before."""
    changes = {part.title: losses.change([part.key]) for part in losses.moment.parts.values()}
    if not changes or None in changes.values():
        return ""
    order = sorted(changes, key=changes.__getitem__, reverse=True)
    text = ", then ".join(f"{title} ({_change(changes[title])})" for title in order[:3])
    last = order[-1]
    idle = sum(change <= 0 for change in changes.values())
    least = f"Least needed is {last} ({_change(changes[last])})."
    if idle:
        spared = f"Without {idle} of the {len(changes)} parts, each by itself, the loss does not rise."
    else:
        spared = f"Whichever of the {len(changes)} parts is silenced, the loss rises."
    return f"Needed most, by held-out loss: {text}. {least} {spared}"


def rows(shown: Sequence[Part]) -> str:
    """Markup of the table's rows; what changes are the parts `name:key`, see `Cells`."""
    return "".join(
        f'<tr><th scope="row"><button type="button" value="{part.key}" data-part="silence:{part.key}" '
        f'aria-pressed="false">{escape(part.title)}</button></th>'
        + "".join(f'<td data-part="{name}:{part.key}">{NONE}</td>' for name in Cells._fields)
        + "</tr>"
        for part in shown
    )
