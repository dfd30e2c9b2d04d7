"""A drawing of one attention head at one letter: its query, and in each row a letter's key, score, share and value.
Places stay empty until their numbers have been computed, so the drawing can grow step by step.

Rows are ROW high, and the first begins at TOP, so that buttons can be laid over them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from ...charts import strips
from ...charts import svg as draw
from ...charts.format import fixed, percent
from ...charts.table import table as table_markup

ROW = 26
TOP = 112
_STRIP = 20  # height of a strip in a row
_BAR = 28  # height of a strip outside the rows
_LABEL = 44
_FOOT = 104
_MOST = 20.0  # width of one number in a strip


@dataclass(frozen=True)
class Geometry:
    width: float
    height: float
    pitch: float  # of one number in a key or a value
    keys: float  # left edges
    scores: float
    scaled: float
    shares: float
    values: float
    number: float  # width of a column of numbers
    share: float
    foot: float  # where the rows end


@dataclass(frozen=True, eq=False)
class OneHead:
    """`labels` are the T positions of the name. The letter at `at` attends to itself and to those before it.

    `found` holds what has been computed so far, under the names of `microgpt.inspect.attention_head.head_steps`:
    x (C,), query (D,), keys (n, D), scores (at most n, as the others are still to come), scaled (n,), masked (T,),
    shares (T,), values and weighted (n, D), mixed (D,), added (C,); n = at + 1. `chosen` is the row that stands out.
    `size` is D. `matrix` is the name of the matrix that turns mixed into added. Raises ValueError for sizes that do
    not fit.
    """

    labels: Sequence[str]
    at: int
    size: int
    found: Mapping[str, np.ndarray]
    matrix: str
    chosen: int | None = None

    def __post_init__(self) -> None:
        t, n, d = len(self.labels), self.at + 1, self.size
        if not 0 < n <= t:
            raise ValueError(f"no position {self.at} among {t} labels")
        if self.chosen is not None and not 0 <= self.chosen < n:
            raise ValueError(f"row {self.chosen} can't be chosen, there are {n}")
        shapes = {
            "query": (d,), "keys": (n, d), "scaled": (n,), "masked": (t,), "shares": (t,),
            "values": (n, d), "weighted": (n, d), "mixed": (d,),
        }  # fmt: skip
        for name, shape in shapes.items():
            if name in self.found and self.found[name].shape != shape:
                raise ValueError(f"{name} must have shape {shape}, not {self.found[name].shape}")

    def cells(self, row: int) -> tuple[str, str, str]:
        """Score, scaled score and share of one row as text, "" for what has not been computed yet."""
        found, read = self.found, row <= self.at
        score = scaled = share = ""
        if read and row < len(found.get("scores", ())):
            score = plain(float(found["scores"][row]))
        if "masked" in found and not read:
            scaled = "−∞"
        elif "scaled" in found and read:
            scaled = plain(float(found["scaled"][row]))
        if "shares" in found:
            share = percent(float(found["shares"][row]))
        return score, scaled, share

    def geometry(self, width: float) -> Geometry:
        """Where everything goes. Raises ValueError for a width below 200."""
        draw.check_width(width, 200)
        gap, number, share = (5, 44, 44) if width < 300 else (7, 50, 54) if width < 480 else (18, 60, 84)
        room = (width - _LABEL - 2 * number - share - 4 * gap) / 2
        pitch = min(_MOST, room / self.size)
        pitch = floor(2 * pitch) / 2 or pitch  # half units keep edges crisp
        strip = pitch * self.size
        keys = _LABEL
        scores = keys + strip + gap
        scaled = scores + number + gap
        shares = scaled + number + gap
        foot = TOP + ROW * len(self.labels)
        values = shares + share + gap
        return Geometry(width, foot + _FOOT, pitch, keys, scores, scaled, shares, values, number, share, foot)

    def svg(self, width: float, label: str | None = None) -> str:
        geo = self.geometry(width)
        parts = [*_above(self, geo), *_rows(self, geo), *_below(self, geo)]
        return draw.document(geo.width, geo.height, parts, label)

    def summary(self) -> str:
        """What has been computed so far, in words."""
        who = self.labels[self.at]
        if "shares" in self.found:
            shares = self.found["shares"]
            best = np.argsort(-shares, kind="stable")[:3]
            given = [(percent(float(shares[i])), self.labels[i], i) for i in best if shares[i] >= 0.005]
            return f"{who} gives {', '.join(f'{share} to {label} at position {i}' for share, label, i in given)}"
        scores = self.found.get("scores", np.zeros(0))
        if not len(scores):
            return f"{who} has not scored any letter yet"
        best = int(np.argmax(scores))
        which = f"{plain(float(scores[best]))} for {self.labels[best]} at position {best}"
        return f"highest of {len(scores)} scores so far: {which}"

    def table(self) -> str:
        head = ["position", "q · k", f"÷ √{self.size}", "share"]
        rows = [[f"{row}: {name}", *self.cells(row)] for row, name in enumerate(self.labels)]
        return table_markup("Scores and shares of one head", head, rows)


def plain(value: float) -> str:
    """A score with its sign, in at most six characters for scores below a thousand."""
    decimals = 3 if abs(value) < 9.9995 else 2 if abs(value) < 99.995 else 1
    text = fixed(value, decimals)
    return f"+{text}" if value > 0 else text


def _long(values: np.ndarray, y: float, width: float) -> str:
    """A vector over the whole width, on its own scale."""
    pitch = min(_MOST, width / len(values))
    return strips.signed(strips.tops([values], [_BAR])[0], 0, y, pitch, _BAR)


def _base(x: float, middle: float, length: float) -> str:
    return draw.line(x, middle, x + length, middle, "flow-base")


def _above(data: OneHead, geo: Geometry) -> list[str]:
    """The input, and the query above the keys that it is multiplied with."""
    who, found, strip = data.labels[data.at], data.found, data.size * geo.pitch
    parts = [draw.text(0, 11, f"x of {who}, evened out by RMSNorm", "label")]
    parts.append(_long(found["x"], 15, geo.width))
    parts.append(draw.text(geo.keys + strip / 2, 60, "query", "label mid" + (" lit" if "query" in found else "")))
    parts.append(_base(geo.keys, 64 + _BAR / 2, strip))
    if "query" in found:
        tops = strips.tops([found["query"]], [_BAR])[0]
        parts.append(strips.signed(tops, geo.keys, 64, geo.pitch, _BAR))
    heads = [
        (geo.keys + strip / 2, "keys", "mid"),
        (geo.scores + geo.number, "q · k", "end"),
        (geo.scaled + geo.number, f"÷ √{data.size}", "end"),
        (geo.shares + geo.share, "share", "end"),
        (
            geo.values + strip / 2,
            "values" if "weighted" not in found else "× share" if strip < 90 else "value × share",
            "mid",
        ),
    ]
    return parts + [draw.text(x, TOP - 6, text, f"label {css}") for x, text, css in heads]


def _rows(data: OneHead, geo: Geometry) -> list[str]:
    found, n, strip = data.found, data.at + 1, data.size * geo.pitch
    parts = []
    if data.chosen is not None:
        parts.append(draw.rect(0.5, TOP + data.chosen * ROW + 0.5, geo.width - 1, ROW - 1, "one-head-row"))
    # All keys have one scale, so that they can be compared. So do the values, their weighted parts and the sum.
    for x, drawn in ((geo.keys, _pieces(found.get("keys"), data.size)), (geo.values, _values(data)[:-1])):
        bases = "".join(f"M{draw.num(x)} {draw.num(TOP + (row + 0.5) * ROW)}h{draw.num(strip)}" for row in range(n))
        parts.append(draw.path(bases, "flow-base"))
        if drawn:
            parts.append(strips.stacked(drawn, x, TOP + (ROW - _STRIP) / 2, geo.pitch, _STRIP, ROW))
    small = " small" if geo.width < 300 else ""
    for row, name in enumerate(data.labels):
        y = TOP + row * ROW
        parts.append(draw.text(_LABEL - 6, y + 17, name, "cell end lit" if row == data.at else "cell end"))
        if row >= n:
            parts.append(draw.text(geo.keys, y + 17, "not read yet", "one-head-later"))
        for column, text in enumerate(data.cells(row)):
            if text:
                x = (geo.scores + geo.number, geo.scaled + geo.number, geo.shares + geo.share)[column]
                parts.append(draw.text(x, y + (14 if column == 2 else 17), text, f"cell end{small}"))
    return parts + _shares(data, geo)


def _shares(data: OneHead, geo: Geometry) -> list[str]:
    """A thin bar below each share. Its full length is 100 %."""
    shares = np.nan_to_num(data.found.get("shares", np.zeros(0))).tolist()
    places = [(TOP + row * ROW + 18, geo.share * share) for row, share in enumerate(shares)]
    return [
        draw.path("".join(draw.box(geo.shares, y, geo.share, 4) for y, _ in places), "one-head-whole"),
        draw.path("".join(draw.box(geo.shares, y, length, 4) for y, length in places), "share"),
    ]


def _below(data: OneHead, geo: Geometry) -> list[str]:
    """The sum below the values, and the product of that sum with the matrix."""
    found, strip, y = data.found, data.size * geo.pitch, geo.foot
    parts = [
        draw.line(geo.values, y + 4, geo.values + strip, y + 4, "rule"),
        draw.text(geo.values - 8, y + 25, "their sum: what the head brings", "label end"),
        _base(geo.values, y + 8 + _STRIP / 2, strip),
        draw.text(
            0,
            y + 62,
            f"through {data.matrix}: this head’s part of what attention adds to {data.labels[data.at]}",
            "label",
        ),
        _base(0, y + 68 + _BAR / 2, min(_MOST * len(found["x"]), geo.width)),
    ]
    if "mixed" in found:
        parts.append(strips.signed(_values(data)[-1], geo.values, y + 8, geo.pitch, _STRIP))
    if "added" in found:
        parts.append(_long(found["added"], y + 68, geo.width))
    return parts


def _pieces(rows: np.ndarray | None, size: int) -> list[list[int]]:
    """How far the bars reach in each row of a matrix, on one scale for all rows."""
    if rows is None:
        return []
    reached = strips.tops([rows.ravel()], [_STRIP])[0]
    return [reached[i : i + size] for i in range(0, len(reached), size)]


def _values(data: OneHead) -> list[list[int]]:
    """The bars of the column of values, and last those of the sum, on the scale of the values. So a value with a small
    share shrinks."""
    found = data.found
    if "values" not in found:
        return []
    shown = found.get("weighted", found["values"])
    total = found.get("mixed", np.zeros(data.size))
    reached = _pieces(np.vstack([found["values"], shown, total]), data.size)
    return reached[len(found["values"]) :]
