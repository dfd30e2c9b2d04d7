"""What a moment of a record looks like: names with small pictures of what they stand for."""

from collections.abc import Sequence
from html import escape
from itertools import product

import numpy as np
from numpy import ndarray

from microgpt.inspect.tracing import Picture, Recording

from ...charts import Matrix, strips
from ...charts import svg as draw
from ...charts.format import number
from .player import Local, Player, View

SPELT_OUT = 6  # so many numbers of a vector are given as numbers too
SLICES = 8  # of an array of three dimensions that are drawn
_WIDEST, _HEIGHT = 288, 36


def names(view: View) -> str:
    """The table of the local names, what the call returns last."""
    rows = [_row(local) for local in view.locals]
    if view.returned is not None:
        rows.append(_row(Local("returns", view.returned, True)))
    if not rows:
        return '<p class="note">No names yet.</p>'
    return f'<table class="names"><tbody>{"".join(rows)}</tbody></table>'


def _row(local: Local) -> str:
    mark = '<span class="fresh" title="just set">●<span class="visually-hidden"> just set </span></span>'
    return (
        f'<tr><th scope="row">{mark if local.fresh else ""}<code>{escape(local.name)}</code></th>'
        f"<td>{shown(local.name, local.picture)}</td></tr>"
    )


def shown(name: str, seen: Picture) -> str:
    """A picture as markup: a number as a number, a vector as bars, a matrix as squares and discs."""
    kind = f'<span class="kind">{escape(seen.text)}</span>'
    if seen.data is None:
        return kind
    if seen.data.ndim == 0:
        whole = seen.data.dtype.kind in "iu"
        text = f"<b>{int(seen.data):,}</b> " if whole else f"<b>{number(float(seen.data), 4)}</b> "
        if seen.grad is not None:
            text += f"<span>gradient {number(float(seen.grad), 4)}</span> "
        return text + kind
    parts = [_array(name, seen.data)]
    if seen.grad is not None and seen.grad.any():
        parts += ['<span class="kind">gradient</span>', _array(f"gradient of {name}", seen.grad)]
    return f"{kind}{''.join(parts)}"


def _array(name: str, data: ndarray) -> str:
    label = f"{name}: {extent(data)}"
    if data.ndim == 1:
        spelt = ", ".join(number(float(x)) for x in data) if len(data) <= SPELT_OUT else ""
        if data.dtype.kind in "iub":
            spelt = ", ".join(str(x) for x in data.tolist()) if len(data) <= 4 * SPELT_OUT else ""
            return f"<span>{spelt or extent(data)}</span>"
        return _bars(data, label) + (f"<span>{spelt}</span>" if spelt else "")
    slices = data[None] if data.ndim == 2 else data
    drawn = "".join(_cells(part, f"{label}, part {i + 1}") for i, part in enumerate(slices[:SLICES]))
    return f'<span class="slices">{drawn}</span>'


def _bars(data: ndarray, label: str) -> str:
    pitch = max(1.0, min(12.0, _WIDEST / len(data)))
    [reached] = strips.tops([np.asarray(data, np.float64)], [_HEIGHT])
    return draw.document(pitch * len(data), _HEIGHT, [strips.signed(reached, 0, 0, pitch, _HEIGHT)], label)


def _cells(data: ndarray, label: str) -> str:
    rows, columns = data.shape
    matrix = Matrix(
        data,
        [""] * rows,
        [""] * columns,
        kind="signed",
        limit=_limit(data),
        max_cell=max(3, min(10, 200 / rows)),
        legend=False,
    )
    return matrix.svg(max(120, min(_WIDEST, 10 * columns + 4)), label)


def _limit(data: ndarray) -> float | None:
    """None where the chart would find no scale of its own: all zeros."""
    return None if np.nan_to_num(data).any() else 1.0


def extent(data: ndarray) -> str:
    """How large an array is and between what its numbers lie."""
    size = " × ".join(f"{n:,}" for n in data.shape)
    return f"{size} numbers from {number(float(data.min()))} to {number(float(data.max()))}"


def closer(seen: Picture) -> Matrix | None:
    """An array to be looked at number by number; one of three dimensions with its parts below each other."""
    if seen.data is None or seen.data.ndim == 0:
        return None
    data = np.atleast_2d(np.asarray(seen.data, np.float64))
    columns = data.shape[-1]
    labels = [str(row) for row in range(data.shape[0])]
    if data.ndim == 3:
        labels = [f"{part}, {row}" for part, row in product(range(data.shape[0]), range(data.shape[1]))]
    flat = data.reshape(-1, columns)
    return Matrix(flat, labels, [str(i) for i in range(columns)], kind="signed", limit=_limit(flat))


def arrays(view: View) -> list[str]:
    """The names that can be looked at closer."""
    return [local.name for local in view.locals if local.picture.data is not None and local.picture.data.ndim]


def where(view: View) -> str:
    """Which call of what, called by what, in which turns."""
    chain = " › ".join(escape(frame.function) for frame in view.stack)
    turns = "".join(f" Turn {turn:,} of {most:,}: <code>{escape(head)}</code>." for head, turn, most in view.turns)
    calls = f", call {view.frame.call:,}" if view.frame.call > 1 else ""
    return f"{chain}{calls}. <code>{escape(view.frame.file)}</code>, line {view.line}.{turns}"


def bounds(recording: Recording, seconds: float) -> str:
    """How large the record is, what it leaves out, and the proof of which bytes have run."""
    files = ", ".join(f"{file} (SHA-256 {source.sha256[:12]}…)" for file, source in recording.sources.items())
    left = sum(recording.left_out.values())
    text = f"{len(recording.moments):,} moments, recorded in {number(seconds, 2)} s. "
    if left:
        most = ", ".join(
            f"{function} ({recording.calls[function]:,} calls)" for function, _ in recording.left_out.most_common(3)
        )
        text += f"{left:,} more lines ran that are not kept, most of them in {most}. "
    return f"{text}The bytes that ran: {files}."


def function_options(player: Player) -> str:
    rows = [
        f'<option value="{escape(name)}">{escape(name)}, {count:,} moments</option>'
        for name, count in player.functions.items()
    ]
    return '<option value="">every function</option>' + "".join(rows)


def loop_options(player: Player) -> str:
    rows = [
        f'<option value="{i}">{escape(loop.function)}, line {loop.line}: {escape(loop.head)} {loop.turns:,} '
        f"{'turn' if loop.turns == 1 else 'turns'}</option>"
        for i, loop in enumerate(player.loops)
    ]
    return '<option value="">no matter which</option>' + "".join(rows)


def options(names: Sequence[str], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(name)}"{" selected" if name == chosen else ""}>{escape(name)}</option>'
        for name in names
    )
