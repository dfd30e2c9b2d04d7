"""A vector as a strip of bars. Positive bars point up and negative ones down, so the sign shows without colour.

A strip has one path for each sign, however long the vector is. Heights are in tenths of a drawing unit, so each
path is scaled.
"""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

import numpy as np

from . import svg as draw

_AIR = 5  # the least pitch with gaps between the bars


def _outline(tops: list[int], pitch: float, base: int = 0) -> str:
    """Bars from the base line to each of `tops`, in tenths of a unit, as one closed path. A cell is 1 wide."""
    wide, step = (".8", f"h.8V{base}h.2V") if pitch >= _AIR else ("1", "h1V")
    # The text of the whole list: to join the numbers one by one takes several times as long.
    return f"M0 {base}V{str(tops)[1:-1].replace(', ', step)}h{wide}V{base}z"


def _placed(d: str, x: float, base: float, pitch: float, css: str) -> str:
    place = f"translate({draw.num(x)} {draw.num(base)}) scale({draw.num(pitch)} .1)"
    return f'<path class="{css}" transform="{place}" d="{d}"/>'


def tops(vectors: Sequence[np.ndarray], heights: Sequence[float]) -> list[list[int]]:
    """How far each bar of each strip reaches from its middle line, in tenths of a unit; positive is downwards, as on
    the screen. The greatest number of a vector fills half of its height. All vectors are computed at once: strips are
    drawn many times a second, and each NumPy call has a cost."""
    sizes = [len(vector) for vector in vectors]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    values = np.nan_to_num(np.concatenate(vectors), nan=0, posinf=0, neginf=0)
    greatest = np.maximum.reduceat(np.abs(values), starts[:-1])
    scales = -5 * np.asarray(heights) / np.where(greatest > 0, greatest, 1)
    found = np.rint(values * np.repeat(scales, sizes)).astype(np.int64).tolist()
    ends = starts.tolist()
    return [found[a:b] for a, b in pairwise(ends)]


def signed(reached: list[int], x: float, y: float, pitch: float, height: float) -> str:
    """A strip of bars around a middle line. `reached` is one item of the list from `tops`."""
    middle = y + height / 2
    up = [top if top < 0 else 0 for top in reached]
    down = [top if top > 0 else 0 for top in reached]
    return _placed(_outline(up, pitch), x, middle, pitch, "p6") + _placed(_outline(down, pitch), x, middle, pitch, "n6")


def stacked(rows: Sequence[list[int]], x: float, y: float, pitch: float, height: float, step: int) -> str:
    """Strips like `signed`, each `step` units below the one before, in two paths for all of them."""
    bases = [10 * step * i for i in range(len(rows))]
    places = list(zip(bases, rows, strict=True))
    up = [_outline([base + top if top < 0 else base for top in row], pitch, base) for base, row in places]
    down = [_outline([base + top if top > 0 else base for top in row], pitch, base) for base, row in places]
    middle = y + height / 2
    return _placed("".join(up), x, middle, pitch, "p6") + _placed("".join(down), x, middle, pitch, "n6")


def shares(
    values: np.ndarray, x: float, y: float, pitch: float, height: float, top: float = 1.0, css: str = "share"
) -> str:
    """(n,) numbers from 0 to `top`, as bars that stand on the lower edge."""
    reached = np.rint(np.nan_to_num(values * (-10 * height / top))).astype(np.int64)
    return _placed(_outline(reached.tolist(), pitch), x, y + height, pitch, css)


def letters(texts: Sequence[str], x: float, y: float, pitch: float, css: str = "flow-letters") -> str:
    """One label under each cell. All single characters are in one element; longer labels read upwards. Cells that are
    too narrow get no labels."""
    if pitch < _AIR:
        return ""
    short = [(i, text) for i, text in enumerate(texts) if len(text) == 1]
    places = " ".join(draw.num(x + (i + 0.4) * pitch) for i, _ in short)
    parts = [f'<text class="{css}" x="{places}" y="{draw.num(y)}">{escape("".join(t for _, t in short))}</text>']
    parts += [
        f'<text class="{css} long" transform="translate({draw.num(x + (i + 0.4) * pitch + 3)} {draw.num(y - 8)}) '
        f'rotate(-90)">{escape(text)}</text>'
        for i, text in enumerate(texts)
        if len(text) > 1
    ]
    return "".join(parts)
