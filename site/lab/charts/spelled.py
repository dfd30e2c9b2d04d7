"""A name in large letters, and over each a bar: the probability that it was given before it was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from . import svg as draw
from .format import percent

_BAR = 52  # the height of certainty
_TOP = 16  # room for the figure over a full bar
_CELL = 46  # the widest a letter gets
_SURE = 0.3  # from here on a bar is drawn in full colour


@dataclass(frozen=True)
class Spelled:
    """`letters` as they are shown, the end of the name among them; `probabilities` are theirs, 0 … 1."""

    letters: Sequence[str]
    probabilities: Sequence[float]


def height(width: float) -> float:
    """The same for every name, so that nothing moves when another comes."""
    return _TOP + _BAR + (46 if width >= 480 else 36)


def svg(data: Spelled, width: float, label: str | None = None) -> str:
    """The whole drawing as markup."""
    cell = min(_CELL, width / len(data.letters))
    foot = _TOP + _BAR
    size = "xl" if cell >= 36 else "l"
    parts = []
    for i, (letter, p) in enumerate(zip(data.letters, data.probabilities, strict=True)):
        p = p if isfinite(p) else 0.0
        x, tall = i * cell, max(2.0, p * _BAR)
        css = "bar lit" if p >= _SURE else "bar"
        parts.append(draw.rect(x + 0.2 * cell, foot - tall, 0.6 * cell, tall, css))
        text = percent(p) if cell >= 40 else f"{100 * p:.0f}"
        parts.append(draw.text(x + cell / 2, foot - tall - 4, text, "small mid"))
        whole = f"code mid {size}" if len(letter) == 1 else "label mid"
        parts.append(draw.text(x + cell / 2, foot + (34 if size == "xl" else 26), letter, whole))
    return draw.document(width, height(width), parts, label)


def summary(data: Spelled) -> str:
    pairs = zip(data.letters, data.probabilities, strict=True)
    return ", ".join(f"{letter} {percent(p)}" for letter, p in pairs)
