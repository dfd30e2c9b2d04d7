"""What `attention` shows: the weights of a head as data, markup and words; all of it pure."""

import numpy as np
from numpy import ndarray

from microgpt.config import GPTConfig
from microgpt.model import Trace

from ...charts import Matrix
from ...charts.format import percent

MEAN = "mean"
SMALL = 120  # width of a small map, in drawing units


def one_of(value: str) -> int | None:
    return None if value == MEAN else int(value)


def tabs(what: str, n: int) -> str:
    """A legend, and a radio button for the mean and for each of n: one tab stop, the arrows go along."""
    options = [
        (MEAN, "mean", f"mean of all {what}s"),
        *((str(i), str(i + 1), f"{what} {i + 1}") for i in range(n)),
    ]
    return f"<legend>{what}</legend>" + "".join(
        f'<label><input type="radio" name="{what}" value="{value}" aria-label="{name}" autocomplete="off">'
        f"<span>{text}</span></label>"
        for value, text, name in options
    )


def grid(config: GPTConfig) -> str:
    """A place for the small map of each head, row by row one layer: radio buttons, one tab stop."""
    rows = []
    for layer in range(config.n_layer):
        cells = "".join(
            f'<label class="heads-pick"><input type="radio" name="one" value="{layer},{head}" '
            'autocomplete="off"><span class="heads-map"></span>'
            f"<span>layer {layer + 1}, head {head + 1}</span></label>"
            for head in range(config.n_head)
        )
        rows.append(f'<div class="heads-row">{cells}</div>')
    return f"<fieldset><legend>every head</legend>{''.join(rows)}</fieldset>"


def small_maps(trace: Trace) -> list[str]:
    """One picture a head, layer by layer, without labels: the same cells as the large map."""
    t = len(trace.tokens)
    mask = np.triu(np.ones((t, t), bool), k=1)
    nameless = [""] * t
    return [
        Matrix(one, nameless, nameless, mask=mask, max_cell=SMALL, legend=False).svg(SMALL)
        for layer in trace.layers
        for one in layer.attention
    ]


def mix(row: ndarray, labels: list[str], read: str) -> str:
    """The largest shares of one row of attention, (T,), in words."""
    shares = [
        f"{percent(float(row[i]))} from {labels[i]}" + (f" (position {i})" if labels.count(labels[i]) > 1 else "")
        for i in np.argsort(-row, kind="stable")[:3]
        if row[i] >= 0.005
    ]
    return f"After {read or 'START'} it mixes in {', '.join(shares)}."


def weights(trace: Trace, layer: int | None, head: int | None) -> ndarray:
    """(T, T) attention weights of one layer and head; None takes the mean over all of them."""
    layers = trace.layers if layer is None else trace.layers[layer : layer + 1]
    looks = np.stack([one.attention for one in layers])  # (layers, H, T, T)
    if head is not None:
        looks = looks[:, head : head + 1]
    return looks.mean(axis=(0, 1))
