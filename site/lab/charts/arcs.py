"""Attention as arcs: from the letter that is being read back to those it mixes in, the wider the more."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from . import svg as draw
from .format import percent

_WIDEST = 10.0  # an arc that holds all of the attention
_FAINT = 0.02  # less than this is not drawn
_LOOP = 16  # room at the right for an arc from a letter to itself


@dataclass(frozen=True)
class Arcs:
    """`weights` (T,) sum to 1: the attention of the last of the T `letters` to each of them."""

    letters: Sequence[str]
    weights: Sequence[float]


def svg(data: Arcs, width: float, height: float, label: str | None = None) -> str:
    """The whole drawing as markup."""
    n = len(data.letters)
    first = draw.text_width(data.letters[0], size=11) / 2 + 4  # START is wider than a letter
    cell = min(30.0, (width - first - _LOOP) / max(1, n - 1))
    places = [first + i * cell + (0.25 * first if i else 0) for i in range(n)]
    floor = height - 26
    here = places[-1]
    parts = []
    for i, weight in enumerate(data.weights):
        if not isfinite(weight) or weight < _FAINT:
            continue
        there = places[i]
        wide = draw.num(weight * _WIDEST)
        if i == n - 1:
            d = f"M{draw.num(here - 5)} {draw.num(floor)}c-10 -26 20 -26 10 0"
        else:
            rise = min(floor - 8, 16 + 0.5 * (here - there))
            top = floor - rise * 4 / 3 + 8
            from_x, to_x, foot, over = map(draw.num, (here, there, floor, top))
            d = f"M{from_x} {foot}C{from_x} {over} {to_x} {over} {to_x} {foot}"
        parts.append(f'<path class="arc" d="{d}" stroke-width="{wide}" stroke-opacity="{0.25 + 0.75 * weight:.2f}"/>')
    for letter, place in zip(data.letters, places, strict=True):
        css = "code mid l" if len(letter) == 1 else "small mid"
        parts.append(draw.text(place, height - 8, letter, css + (" lit" if place == here else "")))
    return draw.document(width, height, parts, label)


def summary(data: Arcs) -> str:
    """The letters it mixes in most."""
    order = sorted(range(len(data.weights)), key=lambda i: -data.weights[i])[:3]
    return ", ".join(f"{percent(data.weights[i])} from {data.letters[i]}" for i in order)
