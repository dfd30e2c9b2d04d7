"""Vectors on the page: `vectors` drawn live, walked number by number with the arrow keys."""

from . import vectors
from .heatmap_chart import Cell, Heatmap


class VectorsChart(Heatmap):
    """To assistive technology a grid like a heatmap: a row a vector, a column a number. Rows may
    differ in length; from a long one the cursor comes to the last number of a shorter one."""

    def draw(self, data: vectors.Vectors, width: float) -> str:
        self._geometry = vectors.geometry(data, width)
        return vectors.svg(data, width)

    def summary(self, data: vectors.Vectors) -> str:
        return vectors.summary(data)

    def table(self, data: vectors.Vectors) -> str:
        return vectors.table(data)

    def cursor_at(self, x: float, y: float) -> Cell | None:
        return vectors.hit(self._geometry, x, y)

    def cursor_clamp(self, cursor: Cell) -> Cell | None:
        row = min(cursor[0], self._geometry.rows - 1)
        return (row, min(cursor[1], self._geometry.lengths[row] - 1))

    def cursor_after(self, key: str, cursor: Cell, shift: bool, ctrl: bool) -> Cell | None:
        there = super().cursor_after(key, cursor, shift, ctrl)
        return there and self.cursor_clamp(there)

    def cursor_text(self, cursor: Cell) -> str:
        return self._describe(*cursor) if self._describe else vectors.describe(self._data, *cursor)

    def cursor_svg(self, cursor: Cell) -> str:
        return vectors.cursor(self._geometry, *cursor)
