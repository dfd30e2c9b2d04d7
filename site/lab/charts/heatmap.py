"""A matrix as a grid of cells: signed weights, or shares from 0 to 1.

Positive cells are squares and negative cells discs, so the sign shows without colour. All cells of one level are
one SVG path, so any number of cells takes at most 17 elements.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import floor

import numpy as np

from . import svg as draw
from .color import LEVELS, SIDES, diverging, sequential
from .format import number, signed
from .labels import every, is_shown
from .table import table as table_markup

KINDS = ("sequential", "signed")
_LABEL = 11  # size of row and column labels
_LEGEND = 30
_SIGNED_STEPS = [*(f"n{k}" for k in range(SIDES, 0, -1)), "zero", *(f"p{k}" for k in range(1, SIDES + 1))]


@dataclass(frozen=True)
class Geometry:
    width: float
    height: float
    left: float
    top: float
    cell: float
    gap: float
    rows: int
    cols: int
    row_step: int  # every n-th row and column is labelled
    col_step: int
    upright: tuple[bool, ...]  # column labels that read upwards

    def area(self, row: int, col: int, rows: int = 1, cols: int = 1) -> tuple[float, float, float, float]:
        """x, y, width and height of a frame around some cells, the first of which is (row, col)."""
        edge = self.gap / 2 + 0.5
        return (
            self.left + col * self.cell - edge,
            self.top + row * self.cell - edge,
            cols * self.cell - self.gap + 2 * edge,
            rows * self.cell - self.gap + 2 * edge,
        )


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix with its labels. "sequential" values lie in 0…1, or are coloured from 0 to `limit`. "signed" values
    are coloured from −limit to limit; without a limit, to the greatest absolute value. Values beyond a limit get the
    strongest colour. `format` turns a value into text.

    `mask` is True where a cell cannot have a value (the future, in causal attention). Such cells, and values that
    are not finite, are hatched. `row_marks`, `col_marks` and `cell_marks` are framed. Raises ValueError for a wrong
    size, value or index.
    """

    values: np.ndarray
    row_labels: Sequence[str]
    col_labels: Sequence[str]
    kind: str = "sequential"
    limit: float | None = None
    mask: np.ndarray | None = None
    row_marks: Sequence[int] = ()
    col_marks: Sequence[int] = ()
    cell_marks: Sequence[tuple[int, int]] = ()
    max_cell: float = 24
    row_name: str = "row"
    col_name: str = "column"
    legend: bool = True
    format: Callable[[float], str] | None = None

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "row_labels", tuple(self.row_labels))
        object.__setattr__(self, "col_labels", tuple(self.col_labels))
        if values.ndim != 2 or 0 in values.shape:
            raise ValueError(f"values must be a matrix with at least one cell, got shape {values.shape}")
        if values.shape != (len(self.row_labels), len(self.col_labels)):
            raise ValueError(
                f"values of shape {values.shape} with {len(self.row_labels)} row labels"
                f" and {len(self.col_labels)} column labels"
            )
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {KINDS}, got {self.kind!r}")
        if self.limit is not None and not self.limit > 0:
            raise ValueError(f"limit must be positive, got {self.limit!r}")
        mask = np.zeros(values.shape, bool) if self.mask is None else np.asarray(self.mask, bool)
        if mask.shape != values.shape:
            raise ValueError(f"mask of shape {mask.shape} over values of shape {values.shape}")
        object.__setattr__(self, "mask", mask | ~np.isfinite(values))
        if self.kind == "sequential":
            seen = values[~self.mask]
            high = np.inf if self.limit else 1 + 1e-6
            if seen.size and not (seen.min() >= -1e-6 and seen.max() <= high):
                raise ValueError(f"sequential values must lie in 0…1, got {seen.min()!r} … {seen.max()!r}")
        for name, marks, size in (
            ("row_marks", self.row_marks, values.shape[0]),
            ("col_marks", self.col_marks, values.shape[1]),
        ):
            if any(not 0 <= m < size for m in marks):
                raise ValueError(f"{name} must be indices below {size}, got {tuple(marks)!r}")
        rows, cols = values.shape
        if any(not (0 <= row < rows and 0 <= col < cols) for row, col in self.cell_marks):
            raise ValueError(f"cell_marks must be cells of {values.shape}, got {tuple(self.cell_marks)!r}")

    @property
    def reach(self) -> float:
        """The value that gets the strongest colour."""
        if self.kind == "sequential":
            return self.limit or 1.0
        seen = np.abs(self.values[~self.mask])
        return self.limit or (float(seen.max()) if seen.size else 0.0) or 1.0

    def text(self, row: int, col: int) -> str:
        """The value of a cell as text."""
        if self.mask[row, col]:
            return "hidden"
        value = float(self.values[row, col])
        if self.format:
            return self.format(value)
        return signed(value) if self.kind == "signed" else number(value, 2)

    def geometry(self, width: float) -> Geometry:
        """Where everything goes. `width` in drawing units, at least 120."""
        draw.check_width(width)
        rows, cols = self.values.shape
        left = max(draw.text_width(label, _LABEL, code=True) for label in self.row_labels)
        left = left + 7 if left else 2
        room = min((width - left - 2) / cols, self.max_cell)
        cell = floor(room) if room >= 6 else floor(room * 10) / 10  # whole units keep edges crisp
        numeric = all(label.isdigit() for label in self.col_labels)
        widths = [draw.text_width(label, _LABEL, code=True) for label in self.col_labels]
        col_step = every(self.col_labels, cell, max(widths) + 3) if numeric else every(self.col_labels, cell, 8)
        upright = tuple(not numeric and w > max(cell, 8) for w in widths)
        tallest = max((w for w, up in zip(widths, upright, strict=True) if up), default=0)
        top = max(_LABEL + 5, tallest + 7) if any(self.col_labels) else 2
        return Geometry(
            width=width,
            height=top + rows * cell + 2 + (_LEGEND if self.legend else 0),
            left=left,
            top=top,
            cell=cell,
            gap=1 if cell >= 6 else 0,
            rows=rows,
            cols=cols,
            row_step=every(self.row_labels, cell, 9),
            col_step=col_step,
            upright=upright,
        )

    def svg(self, width: float, label: str | None = None) -> str:
        """The whole heatmap as markup."""
        geo = self.geometry(width)
        parts = [*_cells(self, geo), *_labels(self, geo)]
        framed = [geo.area(row, 0, 1, geo.cols) for row in self.row_marks]
        framed += [geo.area(0, col, geo.rows, 1) for col in self.col_marks]
        framed += [geo.area(row, col) for row, col in self.cell_marks]
        parts += [draw.rect(*area, "frame") for area in framed]
        if self.legend:
            parts += _legend(self, geo)
        return draw.document(geo.width, geo.height, parts, label)

    def hit(self, geo: Geometry, x: float, y: float) -> tuple[int, int] | None:
        """The cell at (x, y)."""
        row, col = floor((y - geo.top) / geo.cell), floor((x - geo.left) / geo.cell)
        return (row, col) if 0 <= row < geo.rows and 0 <= col < geo.cols else None

    def cursor(self, geo: Geometry, row: int, col: int) -> str:
        """What the cursor draws over the heatmap: a frame around one cell, dark on a light halo."""
        return draw.halo(*geo.area(row, col))

    def describe(self, row: int, col: int) -> str:
        where = f"{self.row_name} {self.row_labels[row]}, {self.col_name} {self.col_labels[col]}"
        return f"{where}: {self.text(row, col)}"

    def summary(self) -> str:
        """Size and strongest cell in words."""
        rows, cols = self.values.shape
        size = f"{rows} by {cols}"
        if self.mask.all():
            return f"{size}, all hidden"
        strength = np.where(self.mask, -1.0, np.abs(np.where(self.mask, 0.0, self.values)))
        row, col = divmod(int(strength.argmax()), cols)
        return f"{size}, strongest {self.describe(row, col)}"

    def table(self) -> str:
        rows, cols = self.values.shape
        body = [[self.row_labels[row], *(self.text(row, col) for col in range(cols))] for row in range(rows)]
        head = [f"{self.row_name} \\ {self.col_name}", *self.col_labels]
        return table_markup(f"{self.row_name} by {self.col_name}", head, body)


@lru_cache(maxsize=32)
def _shapes(geo: Geometry, shape: str) -> tuple[str, ...]:
    """The outline of each cell, row by row: a square, a disc or a hatch. It is cached: a live chart keeps its geometry
    from one update to the next, and only has to sort the cells by level."""
    size = geo.cell - geo.gap
    radius = size / 2
    r, d, s = draw.num(radius), draw.num(2 * radius), draw.num(size)
    outlines = []
    for row in range(geo.rows):
        for col in range(geo.cols):
            x, y = geo.left + col * geo.cell, geo.top + row * geo.cell
            if shape == "square":
                outlines.append(f"M{draw.num(x)} {draw.num(y)}h{s}v{s}h-{s}z")
            elif shape == "disc":
                outlines.append(f"M{draw.num(x)} {draw.num(y + radius)}a{r} {r} 0 0 1 {d} 0a{r} {r} 0 0 1-{d} 0")
            else:
                outlines.append(f"M{draw.num(x)} {draw.num(y + size)}l{s}-{s}")
    return tuple(outlines)


def _paths(levels: np.ndarray, classes: Sequence[str], shapes: Sequence[Sequence[str]]) -> list[str]:
    """One path for each level k, of its cells in the shape for k. Cells of a level below 0 are left out."""
    order = np.argsort(levels, kind="stable")
    bounds = np.searchsorted(levels[order], np.arange(len(classes) + 1)).tolist()
    order = order.tolist()
    return [
        draw.path("".join([shape[i] for i in order[a:b]]), css)
        for css, shape, a, b in zip(classes, shapes, bounds[:-1], bounds[1:], strict=True)
    ]


def _cells(data: Matrix, geo: Geometry) -> list[str]:
    squares = _shapes(geo, "square")
    hidden = data.mask.ravel()
    # Masked cells need a number in range. Their level is overwritten below.
    values = np.where(hidden, 0.0, data.values.ravel())
    if data.kind == "sequential":
        levels = sequential((values / data.reach).clip(0, 1))
        classes = [f"q{k}" for k in range(LEVELS)]
        shapes = [squares] * LEVELS
    else:
        levels = diverging(values, data.reach) + SIDES
        classes = _SIGNED_STEPS
        shapes = [_shapes(geo, "disc")] * SIDES + [squares] * (SIDES + 1)
    levels[hidden] = -1
    parts = _paths(levels, classes, shapes)
    if hidden.any():
        hatches = _shapes(geo, "hatch")
        parts.append(draw.path("".join([hatches[i] for i in np.flatnonzero(hidden).tolist()]), "hatch"))
    return parts


def _labels(data: Matrix, geo: Geometry) -> list[str]:
    parts = []
    marked_rows, marked_cols = set(data.row_marks), set(data.col_marks)
    middle = (geo.cell - geo.gap) / 2
    small = " small" if geo.cell < 12 else ""
    for row, label in enumerate(data.row_labels):
        if label and is_shown(row, geo.row_step, marked_rows):
            css = f"cell end{small}{' lit' if row in marked_rows else ''}"
            parts.append(draw.text(geo.left - 5, geo.top + row * geo.cell + middle + 4, label, css))
    for col, label in enumerate(data.col_labels):
        if label and is_shown(col, geo.col_step, marked_cols):
            x = geo.left + col * geo.cell + middle
            lit = f"{small}{' lit' if col in marked_cols else ''}"
            if geo.upright[col]:
                parts.append(draw.text_upright(x + 4, geo.top - 5, label, f"cell{lit}"))
            else:
                parts.append(draw.text(x, geo.top - 5, label, f"cell mid{lit}"))
    return parts


def _legend(data: Matrix, geo: Geometry) -> list[str]:
    """The colour ramp, with numbers at its ends."""
    if data.kind == "sequential":
        high = data.format(data.reach) if data.format else f"{data.reach:g}"
        ends, gap, steps = ("0", high), 0, [f"q{k}" for k in range(LEVELS)]
    else:
        ends, gap, steps = (signed(-data.reach, 2), signed(data.reach, 2)), 1, _SIGNED_STEPS
    room = [draw.text_width(end, _LABEL, code=True) + 5 for end in ends]
    pitch = min(10 + gap, floor((geo.width - sum(room)) / len(steps)))
    left = min(geo.left, geo.width - sum(room) - pitch * len(steps))
    x, y, size = round(left + room[0]), geo.height - 13, pitch - gap  # whole: no seams in the ramp
    parts = [draw.text(left, y + 9, ends[0], "cell")]
    for css in steps:
        if css.startswith("n"):
            parts.append(draw.circle(x + size / 2, y + 5, size / 2, css))
        else:
            parts.append(draw.rect(x, y + 5 - size / 2, size, size, css))
        x += pitch
    parts.append(draw.text(x + 5, y + 9, ends[1], "cell"))
    return parts
