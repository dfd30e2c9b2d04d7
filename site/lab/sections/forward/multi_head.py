"""A drawing of multi-head attention: one input, the attention weights of each head, and their merged output.

one vector → for each head its weights and its output → side by side → one matrix → what is added
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from ...charts import strips
from ...charts import svg as draw
from ...charts.format import counted, percent
from ...charts.table import table as table_markup

_CARD = 148  # the narrowest a head may be
_LOOK = 46  # height of its bars
_BAR = 30
_EDGE = 10  # left and right, for the lines that join several rows
_TOP = 66
_ROW = 148


@dataclass(frozen=True)
class Geometry:
    width: float
    height: float
    cards: tuple[tuple[float, float], ...]  # corner of each head
    card: float  # width of one
    pitch: float  # a position
    cell: float  # a number of a vector of C
    rows: int


@dataclass(frozen=True, eq=False)
class MultiHead:
    """`weights` (H, T) are the attention weights of each head; a row sums to 1. `labels` are the T positions. All
    heads get the vector `before` (C,). `mixed` (C,) are their outputs side by side, and `after` (C,) is the product
    with the matrix that is called `matrix`. Raises ValueError for sizes that do not fit each other."""

    weights: np.ndarray
    labels: Sequence[str]
    before: np.ndarray
    mixed: np.ndarray
    after: np.ndarray
    matrix: str

    def __post_init__(self) -> None:
        heads, positions = self.weights.shape
        if positions != len(self.labels):
            raise ValueError(f"{positions} weights for {len(self.labels)} labels")
        if not len(self.before) == len(self.mixed) == len(self.after) or len(self.mixed) % heads:
            raise ValueError(
                f"vectors of {len(self.before)}, {len(self.mixed)} and {len(self.after)} for {heads} heads"
            )

    def geometry(self, width: float) -> Geometry:
        """Where everything goes. Raises ValueError for a width below 200."""
        draw.check_width(width, 200)
        heads, size = len(self.weights), len(self.mixed)
        inner = width - 2 * _EDGE
        a_row = max(1, min(heads, floor(inner / _CARD)))
        rows = ceil(heads / a_row)
        a_row = ceil(heads / rows)
        card = min(260.0, inner / a_row)
        left = (width - a_row * card) / 2
        cards = tuple((left + h % a_row * card, _TOP + h // a_row * _ROW) for h in range(heads))
        cell = min(8.0, floor(2 * inner / size) / 2 or inner / size)
        pitch = min(14.0, (card - 16) / len(self.labels))
        return Geometry(width, _TOP + rows * _ROW + 150, cards, card, pitch, cell, rows)

    def svg(self, width: float, label: str | None = None) -> str:
        geo = self.geometry(width)
        size, heads = len(self.mixed), len(self.weights)
        piece = size // heads
        middle = geo.width / 2
        left = middle - size * geo.cell / 2
        low = geo.height - 150
        pieces = [self.mixed[h * piece : (h + 1) * piece] for h in range(heads)]
        before, mixed, after, *brought = strips.tops(
            [self.before, self.mixed, self.after, *pieces], [_BAR, _BAR, _BAR, *[24] * heads]
        )
        parts = [
            draw.text(middle, 12, f"one input: {counted(size, 'number')}", "label mid"),
            strips.signed(before, left, 18, geo.cell, _BAR),
            draw.path(_wires(geo, middle, low), "flow-wire"),
        ]
        letters = [text if len(text) == 1 else "•" for text in self.labels]
        for h, (x, y) in enumerate(geo.cards):
            bars = x + (geo.card - len(self.labels) * geo.pitch) / 2
            best = int(self.weights[h].argmax())
            most = f"most at {self.labels[best]}: {percent(float(self.weights[h, best]))}"
            middle_of = x + geo.card / 2
            parts += [
                draw.rect(x + 3, y, geo.card - 6, _ROW - 24, "flow-card"),
                draw.text(middle_of, y + 14, f"head {h + 1}", "axis mid"),
                strips.shares(self.weights[h], bars, y + 20, geo.pitch, _LOOK),
                draw.line(bars, y + 20 + _LOOK, bars + len(self.labels) * geo.pitch, y + 20 + _LOOK, "flow-base"),
                strips.letters(letters, bars, y + 31 + _LOOK, geo.pitch),
                draw.text(middle_of, y + 92, most, "label mid"),
                strips.signed(
                    brought[h],
                    middle_of - piece * geo.cell / 2,
                    y + 96,
                    geo.cell,
                    24,
                ),
            ]  # fmt: skip
        cuts = [left + h * piece * geo.cell for h in range(1, heads)]
        merged = f"merged: {heads} × {counted(piece, 'number')} side by side" if heads > 1 else "what it brings"
        parts += [
            draw.text(middle, low + 18, merged, "label mid"),
            strips.signed(mixed, left, low + 24, geo.cell, _BAR),
            *(draw.line(x, low + 22, x, low + 26 + _BAR, "flow-cut") for x in cuts),
            draw.line(middle, low + 56, middle, low + 64, "flow-wire"),
            draw.rect(middle - 66, low + 64, 132, 24, "flow-face"),
            draw.text(middle, low + 80, f"{self.matrix}, {size}×{size}", "flow-op mid"),
            draw.line(middle, low + 88, middle, low + 96, "flow-wire"),
            draw.text(middle, low + 108, "what attention adds", "label mid"),
            strips.signed(after, left, low + 114, geo.cell, _BAR),
        ]  # fmt: skip
        return draw.document(geo.width, geo.height, parts, label)

    def summary(self) -> str:
        """The position with the greatest weight in each head, in words."""
        found = []
        for h, row in enumerate(self.weights):
            best = int(row.argmax())
            found.append(f"head {h + 1} most at {self.labels[best]}, {percent(float(row[best]))}")
        return "; ".join(found)

    def table(self) -> str:
        body = [[str(h + 1), *(percent(float(value)) for value in row)] for h, row in enumerate(self.weights)]
        return table_markup("Where each head looks", ["head", *self.labels], body)


def _wires(geo: Geometry, middle: float, low: float) -> str:
    """Lines from the input to each head, and from each head to the merged output. With several rows of heads, the
    input runs down the left side and the outputs down the right."""
    n = draw.num
    d = [f"M{n(middle)} {18 + _BAR}V{_TOP - 9}"]
    centres = [x + geo.card / 2 for x, _ in geo.cards]
    for top in sorted({y for _, y in geo.cards}):
        row = [x for x, (_, y) in zip(centres, geo.cards, strict=True) if y == top]
        last = top + _ROW > low - 1
        begin, end = (4, geo.width - 4) if geo.rows > 1 else (row[0], row[-1])
        d.append(f"M{n(min(begin, middle) if top == _TOP else begin)} {n(top - 9)}H{n(row[-1])}")
        bottom = top + _ROW - 16
        d.append(f"M{n(row[0])} {n(bottom)}H{n(max(end, middle) if last else end)}")
        d += [f"M{n(x)} {n(top - 9)}V{n(top)}M{n(x)} {n(top + _ROW - 24)}V{n(bottom)}" for x in row]
        if not last:
            d.append(f"M4 {n(top - 9)}v{_ROW}M{n(geo.width - 4)} {n(bottom)}v{_ROW}")
    d.append(f"M{n(middle)} {n(low - 16)}V{n(low + 6)}")
    return "".join(d)
