"""Where a rung with attention looks, on the name in focus: as chart data and in words."""

import numpy as np
from numpy import ndarray

from ...charts import Matrix
from ...charts.format import percent

SMALL = 120  # width of a small map, in drawing units


def looked(rung, tokens: list[int]) -> list[ndarray]:
    """(H, T, T) for each layer: what the rung itself keeps of its forward pass."""
    rung.forward(tokens)
    return rung.attention


def future(positions: int) -> ndarray:
    """(T, T): True where a position would look at one that has not been read."""
    return np.triu(np.ones((positions, positions), bool), k=1)


def attention_map(weights: ndarray, letters: list[str], at: int) -> Matrix:
    return Matrix(
        weights,
        letters,
        letters,
        row_marks=(at,),
        mask=future(len(letters)),
        max_cell=30,
        row_name="after",
        col_name="looks at",
        format=percent,
    )


def mix(weights: ndarray, letters: list[str], at: int) -> str:
    """The largest shares of one row, in words."""
    row = weights[at]
    shares = [f"{percent(float(row[i]))} from {letters[i]}" for i in np.argsort(-row, kind="stable")[:3] if row[i] > 0]
    read = "".join(letters[1 : at + 1]) or "START"
    return f"After {read} it mixes in {', '.join(shares)}."


def small_map(weights: ndarray) -> str:
    """One map without labels."""
    nameless = [""] * len(weights)
    data = Matrix(weights, nameless, nameless, mask=future(len(weights)), max_cell=SMALL, legend=False)
    return data.svg(SMALL)


def grid(layers: int, heads: int, rung: int) -> str:
    """A place for the small map of each head, row by row one layer: radio buttons, one tab stop."""
    rows = []
    for layer in range(layers):
        cells = "".join(
            f'<label class="heads-pick"><input type="radio" name="rung{rung}-head" value="{layer},{head}" '
            f'autocomplete="off"{" checked" if layer == head == 0 else ""}><span class="heads-map"></span>'
            f"<span>layer {layer + 1}, head {head + 1}</span></label>"
            for head in range(heads)
        )
        rows.append(f'<div class="heads-row">{cells}</div>')
    return f"<fieldset><legend>every head of rung {rung}</legend>{''.join(rows)}</fieldset>"
