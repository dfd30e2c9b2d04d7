"""The legend of a chart: a stroke in the colour of each curve, and its name."""

from collections.abc import Iterable
from dataclasses import dataclass

from . import svg as draw
from .axes import ROW

_NAME = 22  # from the beginning of an entry to its name
_BETWEEN = 14


@dataclass(frozen=True)
class Entry:
    """`css` is "swatch" for a line or "dot" for a line with dots, and the colour: "dot s2"; a line may be "fine"."""

    name: str
    css: str
    x: float = 0
    y: float = 0

    def svg(self) -> list[str]:
        x, y = self.x, self.y - 4
        kind, colour, *_ = self.css.split()
        if kind == "dot":
            parts = [draw.line(x, y, x + 16, y, f"thin {colour}"), draw.circle(x + 8, y, 3, self.css)]
        else:
            parts = [draw.line(x, y, x + 16, y, self.css)]
        return [*parts, draw.text(x + _NAME, self.y, self.name, "label")]


def rows(entries: Iterable[tuple[str, str]], x: float, width: float) -> tuple[Entry, ...]:
    """(name, css) pairs in rows as wide as the drawing. The first row begins at `x`, beside the y axis's title."""
    placed, y = [], ROW - 5
    for name, css in entries:
        room = _NAME + draw.text_width(name)
        if x + room > width and x > 0:
            x, y = 0, y + ROW
        placed.append(Entry(name, css, x, y))
        x += room + _BETWEEN
    return tuple(placed)
