"""A matrix on the page: a grid of one tab stop, walked with the arrow keys."""

from html import escape
from itertools import count
from typing import TypeVar

from ..ui import dom
from .explorer import Explored, Explorer
from .heatmap import Matrix
from .keys import grid

Cell = tuple[int, int]
Data = TypeVar("Data", bound=Explored)

_serial = count(1)


class GridChart(Explorer[Data, Cell]):
    """A chart whose cursor moves over rows and columns.

    Assistive technology meets a grid of the full size in which one cell exists: the current one.
    Its id changes with every move, since a screen reader speaks when the active descendant does.
    """

    css = "chart-heat"

    def __init__(self, container, label: str, **options) -> None:
        super().__init__(container, label, **options)
        self._id = f"cell-{next(_serial)}"
        dom.set_attr(self._plot, "role", "grid")
        self._plot.insertAdjacentHTML("beforeend", '<div class="chart-unseen" data-part="cell"></div>')
        self._cell = dom.part(container, "cell")
        self._size: Cell | None = None  # rows and columns of the last drawing

    def cursor_first(self) -> Cell:
        return (0, 0)

    def cursor_clamp(self, cursor: Cell) -> Cell:
        return (min(cursor[0], self._geometry.rows - 1), min(cursor[1], self._geometry.cols - 1))

    def cursor_after(self, key: str, cursor: Cell, shift: bool, ctrl: bool) -> Cell | None:
        there = grid(key, cursor, self._geometry.rows, self._geometry.cols, ctrl)
        return there and self.cursor_clamp(there)

    def at(self, cursor: Cell) -> Cell:
        return cursor

    def cursor_said(self, cursor: Cell | None, text: str) -> None:
        row, col = cursor or (0, 0)
        name = f"{self._id}-{row}-{col}"
        dom.set_html(
            self._cell,
            f'<div role="row" aria-rowindex="{row + 1}">'
            f'<div role="gridcell" id="{name}" aria-colindex="{col + 1}">{escape(text)}</div></div>',
        )
        dom.set_attr(self._plot, "aria-activedescendant", None if cursor is None else name)

    def _drawn(self, data: Data) -> None:
        super()._drawn(data)
        dom.set_attr(self._plot, "aria-rowcount", str(self._geometry.rows))
        dom.set_attr(self._plot, "aria-colcount", str(self._geometry.cols))
        size = (self._geometry.rows, self._geometry.cols)
        if size != self._size and self.cursor is None:  # a grid needs a cell even before anyone has touched it
            self.cursor_said(None, data.summary())
        self._size = size


class Heatmap(GridChart[Matrix]):
    """`describe(row, col)` gives the text for a cell; `on_select(row, col)` is called for a click, Enter or Space."""
