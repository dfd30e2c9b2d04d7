"""What the figures of `forward` show, as data for the charts and as markup; all of it pure."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.config import GPTConfig
from microgpt.graph import LOGITS, PROBABILITIES

from ...charts import Matrix
from ...charts.format import percent, signed
from ..scales import limit_of
from .model import Part
from .multi_head import MultiHead

AROUND = 32  # numbers in a row where a long vector is shown in several


class Shown(NamedTuple):
    """What is open, with the numbers of the moment it was last drawn."""

    part: Part
    params: Mapping[str, ndarray]
    vectors: Mapping[str, ndarray]
    read: Sequence[str]  # the labels of all positions of the name
    answers: Sequence[str]  # the labels of the vocabulary


def label(part: Part) -> str:
    return f"{part.title}: {part.facts}"


def taken_words(part: Part) -> str:
    return {"heads": "the query q, shared out among the heads", "embed": "the row of the letter"}.get(
        part.note, "what the part before gives"
    )


def scale_words(unit: float, stride: int) -> str:
    """How large a row or column of weights is drawn."""
    text = f"{unit:g} unit{'' if unit == 1 else 's'}"
    return text if stride == 1 else f"{text}, so only one in {stride} is shown"


def position_options(name: str) -> str:
    texts = ["START", *(f"{i}: {letter}" for i, letter in enumerate(name, 1))]
    return "".join(f'<option value="{i}">{escape(text)}</option>' for i, text in enumerate(texts))


def read_marks(read: list[str]) -> list[str]:
    """One sign a position: START, which is no letter, as a dot."""
    return ["•", *read[1:]]


def listing(lines: list[tuple[int, str]]) -> str:
    """Source lines with their numbers, moved to the left as one."""
    indent = min(len(text) - len(text.lstrip()) for _, text in lines)
    return "".join(f'<span class="line" data-line="{number}">{escape(text[indent:])}</span>' for number, text in lines)


def palette(colours: list[str]) -> ndarray:
    """ "#rrggbb" colours → uint32 pixels, red first in memory, opaque."""
    values = [bytes.fromhex(colour.strip().removeprefix("#")) + b"\xff" for colour in colours]
    return np.frombuffer(b"".join(values), np.dtype("<u4"))


def folded(vector: ndarray) -> Matrix:
    """A vector as rows of at most AROUND numbers, the way text is set in lines."""
    n = len(vector)
    columns = min(n, AROUND)
    rows = -(-n // columns)
    cells = np.full(rows * columns, np.nan)
    cells[:n] = vector
    return Matrix(
        cells.reshape(rows, columns),
        [str(row * columns) for row in range(rows)],
        [str(col) for col in range(columns)],
        kind="signed",
        max_cell=16,
        row_name="from",
        col_name="number",
    )


def matrix(
    part: Part,
    params: Mapping[str, ndarray],
    found: Mapping[str, ndarray],
    read: Sequence[str],
    answers: Sequence[str],
    config: GPTConfig,
) -> Matrix | None:
    """What the part's heatmap shows: its weights, or for the heads where they look; else None."""
    if part.note == "heads":
        rows = np.stack([found[f"layer{part.layer}.head{h}"] for h in range(config.n_head)])
        labels = read[: rows.shape[1]]
        return Matrix(rows, [str(h + 1) for h in range(len(rows))], labels, row_name="head", col_name="looks at")
    if part.shape is None:
        return None
    rows, columns = part.shape
    labels = {
        "wte": [*answers[:-1], "[BOS]"],
        "wpe": [str(row) for row in range(rows)],
        "lm_head": answers,
    }.get(part.key) or [str(row) for row in range(rows)]
    return Matrix(
        params[part.weight],
        labels,
        [str(col) for col in range(columns)],
        kind="signed",
        limit=limit_of(part.weight, params),
        max_cell=max(5, min(14, 360 / rows)),
        row_name="output" if part.taken else "row",
        col_name="input" if part.taken else "number",
    )


def looks(found: Mapping[str, ndarray], layer: int, config: GPTConfig, read: Sequence[str]) -> MultiHead:
    """What the figure of the heads shows, for one layer."""
    at = f"layer{layer}."
    return MultiHead(
        np.stack([found[f"{at}head{h}"] for h in range(config.n_head)]),
        read,
        found[at + "norm1"],
        found[at + "mixed"],
        found[at + "attn_out"],
        "wo",
    )


def weight_words(shown: Shown, row: int, col: int) -> str:
    """A cell of the open matrix in words: the weight, and the number it meets."""
    part = shown.part
    if not part.shape:
        share = float(shown.vectors[f"layer{part.layer}.head{row}"][col])
        return f"head {row + 1} takes {percent(share)} from {shown.read[col]}"
    text = f"row {row}, column {col}: weight {signed(float(shown.params[part.weight][row, col]))}"
    if part.taken is None:
        return text
    return f"{text} meets {signed(float(shown.vectors[part.taken][col]))}"


def number_words(shown: Shown, name: str, i: int) -> str:
    """A number of a vector in words."""
    vector = shown.vectors[name]
    if i >= len(vector):
        return "nothing here"
    value = percent(float(vector[i])) if name == PROBABILITIES else signed(float(vector[i]))
    return f"{shown.answers[i] if name in (PROBABILITIES, LOGITS) else f'number {i}'}: {value}"
