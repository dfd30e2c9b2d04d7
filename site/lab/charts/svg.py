"""The SVG elements that the charts are made of.

A drawing unit is 1/16 rem, so a chart grows with the reader's text size. There are no inline styles: the page's
Content-Security-Policy forbids them, and with classes a change of theme repaints everything.
"""

from collections.abc import Iterable
from html import escape

TEXT = 12  # size of text in drawing units, as in charts.css
_WIDTH_UI = 0.54  # mean width of a character divided by its size, rounded up a little
_WIDTH_CODE = 0.61


def num(value: float) -> str:
    """A coordinate with one decimal: a tenth of a pixel. More decimals would not show."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def text_width(text: str, size: float = TEXT, code: bool = False) -> float:
    """The approximate width of `text`, in drawing units. Nothing here can measure it, so leave some air."""
    return len(text) * size * (_WIDTH_CODE if code else _WIDTH_UI)


def text(x: float, y: float, content: str, css: str) -> str:
    return f'<text class="{css}" x="{num(x)}" y="{num(y)}">{escape(content)}</text>'


def text_upright(x: float, y: float, content: str, css: str) -> str:
    """Text that reads upwards and ends at (x, y): for labels too long for their column."""
    return f'<text class="{css}" transform="translate({num(x)} {num(y)}) rotate(-90)">{escape(content)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<line class="{css}" x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}"/>'


def rect(x: float, y: float, width: float, height: float, css: str) -> str:
    return f'<rect class="{css}" x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"/>'


def circle(x: float, y: float, radius: float, css: str) -> str:
    return f'<circle class="{css}" cx="{num(x)}" cy="{num(y)}" r="{num(radius)}"/>'


def path(d: str, css: str) -> str:
    """A path, or no element at all for an empty outline."""
    return f'<path class="{css}" d="{d}"/>' if d else ""


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as part of an outline. Many rectangles in one path cost the browser only one element."""
    return f"M{num(x)} {num(y)}h{num(width)}v{num(height)}h{num(-width)}z"


def points(xs: Iterable[float], ys: Iterable[float]) -> str:
    """The outline of a curve through points. After an M, further pairs are line-to."""
    return "M" + " ".join(f"{num(x)} {num(y)}" for x, y in zip(xs, ys, strict=True))


def dots(xs: Iterable[float], ys: Iterable[float]) -> str:
    """Strokes of no length, which a round cap makes dots. Dots in the same place are drawn once."""
    return "".join(dict.fromkeys(f"M{num(x)} {num(y)}h0" for x, y in zip(xs, ys, strict=True)))


def halo(x: float, y: float, width: float, height: float) -> str:
    """A frame around what the cursor is on, dark on a light halo."""
    return rect(x, y, width, height, "halo") + rect(x, y, width, height, "cursor")


def check_width(width: float, least: float = 120) -> None:
    """Raises ValueError for a width, in drawing units, that is too narrow for a chart, or no number."""
    if not width >= least:
        raise ValueError(f"this chart needs a width of at least {least} drawing units, got {width!r}")


def document(width: float, height: float, parts: Iterable[str], label: str | None) -> str:
    """The whole drawing. With a label it is an image of that name. Without one it is hidden from assistive
    technology, and the element around it carries the words. A cursor is drawn into the empty last group."""
    role = 'aria-hidden="true"' if label is None else f'role="img" aria-label="{escape(label)}"'
    size = f'viewBox="0 0 {num(width)} {num(height)}" width="{num(width)}" height="{num(height)}"'
    return "\n".join([f'<svg class="chart-svg" {size} {role}>', *filter(None, parts), '<g class="over"></g>', "</svg>"])
