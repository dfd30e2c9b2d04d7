"""What rung 0 shows, as strings and chart data: all of it from the rung itself."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

import numpy as np
from numpy import ndarray

from ....charts import Matrix
from ....charts.format import count, number, percent

Labels = tuple[list[str], list[str]]  # of the rows and of the columns
STRONG = 97  # per cent of the pairs that have been seen lie below the strongest colour: a few tower over all


def chain(document: Sequence[int], asked: Sequence, counts: ndarray, names: Labels, counted: bool) -> str:
    """List items: the letters of a name as chips, an arrow to each from the one before, and on it the
    chance and the loss, as far as the table has been asked; then how its cell stands or has moved."""
    rows, columns = names
    items = [f'<li><span class="pair-chip">{escape(rows[document[0]])}</span></li>']
    for i, (context, target) in enumerate(pairwise(document)):
        said, css = '<span class="pair-quiz">?</span>', "todo"
        if i < len(asked):
            update = asked[i]
            css = "now" if i == len(asked) - 1 and not counted else "done"
            cell = int(counts[context, target])
            before = cell - sum((u.context, u.target) == (context, target) for u in asked) if counted else cell
            tally = f"count {count(before)} → {count(cell)}" if counted else f"count {count(cell)}"
            said = (
                f'<span class="pair-quiz">{percent(update.probability)}</span>'
                f"<span>loss {number(update.loss)}</span><span>{tally}</span>"
            )
        current = ' aria-current="step"' if css == "now" else ""
        items.append(
            f'<li class="{css}"{current}><span class="pair-arrow">{said}<span aria-hidden="true">→</span></span>'
            f'<span class="pair-chip">{escape(columns[target])}</span></li>'
        )
    return "".join(items)


def told(document: Sequence[int], asked: Sequence, names: Labels, counted: bool) -> str:
    """One sentence on where the quiz stands."""
    rows, columns = names
    if not asked:
        return "Press “Next pair”: the table is asked about the first pair."
    if not counted:
        last = asked[-1]
        return (
            f"Pair {len(asked)} of {len(document) - 1}: after {rows[last.context]} the table gave "
            f"{columns[last.target]} a chance of {percent(last.probability)}, so the loss is {number(last.loss)}."
        )
    mean = sum(update.loss for update in asked) / len(asked)
    cells = len({(update.context, update.target) for update in asked})
    return f"Counted: {cells} cells went up. The mean loss of the {len(asked)} pairs was {number(mean)}."


def count_table(
    rung, names: Labels, by_chance: bool, row: int, cells: Sequence[tuple[int, int]], tokens: Sequence[int]
) -> Matrix:
    """The table as a heatmap, the rows and columns of these tokens: by its counts, or by the chances they give."""
    place = {token: i for i, token in enumerate(tokens)}
    seen = tuple(dict.fromkeys((place[a], place[b]) for a, b in cells if a in place and b in place))
    shown = tuple([of[token] for token in tokens] for of in names)
    marks = {"row_marks": (place[row],), "cell_marks": seen, "row_name": "after", "col_name": "comes"}
    if by_chance:
        chances = np.array([rung.row(one)[tokens] for one in tokens])
        return Matrix(chances, *shown, limit=_strongest(chances), format=percent, **marks)
    counts = rung.counts[np.ix_(tokens, tokens)]
    return Matrix(counts, *shown, limit=max(4.0, _strongest(counts)), format=count, **marks)


def _strongest(values: ndarray) -> float:
    seen = values[values > 0]
    return float(np.percentile(seen, STRONG)) if len(seen) else 1.0


def described(rung, row: int, col: int, names: Labels) -> str:
    """A cell in words."""
    times, total = int(rung.counts[row, col]), int(rung.counts[row].sum())
    return (
        f"after {names[0][row]}, {names[1][col]} came {count(times)} of {count(total)} times: "
        f"chance {percent(float(rung.row(row)[col]))}"
    )


def row_told(rung, row: int, names: Labels) -> str:
    """How the chances of a row come about, for its top guess."""
    counts, chances = rung.counts[row], rung.row(row)
    top = int(chances.argmax())
    if not counts.any():
        return (
            f"Nothing has come after {names[0][row]} yet. Each count is 0, plus 1, over a sum of 0 plus {len(counts)}: "
            f"1 / {len(counts)} = {percent(float(chances[top]))} for every answer."
        )
    above, below = int(counts[top]) + 1, int(counts.sum()) + len(counts)
    return (
        f"Top guess {names[1][top]}: its count {count(counts[top])} plus 1, over the row’s sum {count(counts.sum())} "
        f"plus {len(counts)}: {count(above)} / {count(below)} = {percent(float(chances[top]))}."
    )


def option(value: int, text: str) -> str:
    return f'<option value="{value}">{escape(text)}</option>'
