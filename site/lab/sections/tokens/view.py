"""What the tokens section draws, worked out before any of it touches the page."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from microgpt.model import GPT, Trace
from microgpt.tokenizer import CharTokenizer

from ...charts import Matrix
from ...charts.format import MINUS

MOST_ROWS = 96  # of a table; a larger vocabulary shows the letters of the current name only


class Lookup(NamedTuple):
    """The three rows that meet where a letter enters the model, each (n_embd,)."""

    token: int
    position: int
    letter_row: ndarray
    position_row: ndarray
    input_row: ndarray  # what the model itself made of the two


def lookup(model: GPT, trace: Trace, token: int, position: int) -> Lookup:
    """The rows for `token` at `position` of the traced name. For a letter that does not stand there,
    the model reads the name up to that place and then this letter."""
    if trace.tokens[position] == token:
        embedded = trace.embedded[position]
    else:
        embedded = model.forward([*trace.tokens[:position], token]).embedded[-1]
    return Lookup(token, position, model.params["wte"][token], model.params["wpe"][position], embedded)


def lookup_matrix(rows: Lookup, label: str, limit: float) -> Matrix:
    values = np.stack([rows.letter_row, rows.position_row, rows.input_row])
    labels = (f"wte {label}", f"+ wpe {rows.position}", "= input")
    return Matrix(values, labels, columns(values), "signed", limit, max_cell=26, col_name="number")


def lookup_text(rows: Lookup, label: str, row: int, column: int) -> str:
    """One column of the sum, with every digit the numbers have."""
    values = [exact(one[column]) for one in (rows.letter_row, rows.position_row, rows.input_row)]
    said = f"{values[0]} (letter {label}) plus {values[1]} (position {rows.position}) = {values[2]}"
    return f"number {column}: {said}"


def table_matrix(values: ndarray, labels: Sequence[str], name: str, mark: int, limit: float) -> Matrix:
    numbers, shown_as = columns(values), {"row_name": name, "col_name": "number", "max_cell": 22}
    return Matrix(values, labels, numbers, "signed", limit, row_marks=(mark,), **shown_as)


def columns(values: ndarray) -> list[str]:
    """Columns count from 0, as tokens and positions do."""
    return [str(i) for i in range(values.shape[1])]


def shown_tokens(vocab_size: int, name: Sequence[int]) -> list[int]:
    """The rows of the letter table there is room for."""
    return list(range(vocab_size)) if vocab_size <= MOST_ROWS else sorted(set(map(int, name)))


def exact(value: np.floating) -> str:
    """All digits that tell this number from its neighbours, with its sign."""
    if not np.isfinite(value):
        return "no number"
    text = np.format_float_positional(value, unique=True, trim="0")
    return text.replace("-", MINUS) if value < 0 else f"+{text}"


def shown(label: str) -> str:
    """A letter as it can be seen: a blank gets a sign of its own."""
    return "␣" if label.isspace() else label


def token_map(tokenizer: CharTokenizer, tokens: Sequence[int]) -> str:
    """A tile for each of these tokens: letter above, number below."""
    return "".join(_tile("token", token, tokenizer.label(token), token) for token in tokens)


def token_strip(name: str, tokenizer: CharTokenizer) -> str:
    """The name as the model reads it; last, and never read, the answer wanted at the end."""
    *read, end = tokenizer.document(name)
    chips = [_tile("position", i, tokenizer.label(token), token) for i, token in enumerate(read)]
    return "".join(chips) + f'<span class="tile tile-end">{_faces("END", end)}</span>'


def _tile(what: str, value: int, label: str, token: int) -> str:
    """A radio button: one tab stop a row of tiles, and the arrow keys go along."""
    said = f"{escape(label)}, token {token}" + (f", position {value}" if what == "position" else "")
    return (
        f'<label class="tile" data-{what}="{value}">'
        f'<input type="radio" name="token-{what}" value="{value}" aria-label="{said}">'
        f"{_faces(label, token)}</label>"
    )


def _faces(label: str, token: int) -> str:
    wide = " tile-wide" if len(label) > 1 else ""
    letter = f'<span class="tile-letter{wide}">{escape(shown(label))}</span>'
    return f'{letter}<span class="tile-id">{token}</span>'
