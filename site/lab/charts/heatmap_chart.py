"""A matrix on the page: `heatmap` drawn live; a grid of one tab stop, walked with the arrow keys."""

from collections.abc import Callable
from html import escape
from itertools import count

from ..ui import dom
from . import heatmap
from .explorer import Explorer
from .keys import grid

Cell = tuple[int, int]

_serial = count(1)


class Heatmap(Explorer[heatmap.Matrix, Cell]):
    """`describe(row, col)` gives the text for a cell; `on_select(row, col)` is called for a click,
    Enter or Space.

    Assistive technology meets a grid of the full size in which one cell exists: the current one.
    Its id changes with every move, since a screen reader speaks when the active descendant does.
    """

    def __init__(
        self,
        container,
        label: str,
        *,
        describe: Callable[[int, int], str] | None = None,
        on_select: Callable[[int, int], None] | None = None,
        **options,
    ) -> None:
        super().__init__(container, label, **options)
        self._describe = describe
        self._on_select = on_select
        self._id = f"cell-{next(_serial)}"
        container.classList.add("chart-heat")
        dom.set_attr(self._plot, "role", "grid")
        self._plot.insertAdjacentHTML("beforeend", '<div class="chart-unseen" data-part="cell"></div>')
        self._cell = dom.part(container, "cell")

    def draw(self, data: heatmap.Matrix, width: float) -> str:
        self._geometry = heatmap.geometry(data, width)
        return heatmap.svg(data, width)

    def summary(self, data: heatmap.Matrix) -> str:
        return heatmap.summary(data)

    def table(self, data: heatmap.Matrix) -> str:
        return heatmap.table(data)

    def cursor_at(self, x: float, y: float) -> Cell | None:
        return heatmap.hit(self._geometry, x, y)

    def cursor_first(self) -> Cell:
        return (0, 0)

    def cursor_clamp(self, cursor: Cell) -> Cell | None:
        return (min(cursor[0], self._geometry.rows - 1), min(cursor[1], self._geometry.cols - 1))

    def cursor_after(self, key: str, cursor: Cell, shift: bool, ctrl: bool) -> Cell | None:
        return grid(key, cursor, self._geometry.rows, self._geometry.cols, ctrl)

    def cursor_text(self, cursor: Cell) -> str:
        return self._describe(*cursor) if self._describe else heatmap.describe(self._data, *cursor)

    def cursor_svg(self, cursor: Cell) -> str:
        return heatmap.cursor(self._geometry, *cursor)

    def cursor_said(self, cursor: Cell | None, text: str) -> None:
        row, col = cursor or (0, 0)
        name = f"{self._id}-{row}-{col}"
        dom.set_html(
            self._cell,
            f'<div role="row" aria-rowindex="{row + 1}">'
            f'<div role="gridcell" id="{name}" aria-colindex="{col + 1}">{escape(text)}</div></div>',
        )
        dom.set_attr(self._plot, "aria-activedescendant", None if cursor is None else name)

    def selected(self, cursor: Cell) -> None:
        if self._on_select:
            self._on_select(*cursor)

    def _drawn(self, data: heatmap.Matrix) -> None:
        super()._drawn(data)
        dom.set_attr(self._plot, "aria-rowcount", str(self._geometry.rows))
        dom.set_attr(self._plot, "aria-colcount", str(self._geometry.cols))
        if not self._cell.hasChildNodes():  # a grid needs a cell even before anyone has touched it
            self.cursor_said(None, self.summary(data))
