"""Vectors on the page, walked number by number with the arrow keys."""

from .heatmap_chart import Cell, GridChart
from .vectors import Vectors


class VectorsChart(GridChart[Vectors]):
    """A row a vector, a column a number. Rows may differ in length: from a long one the cursor comes to the
    last number of a shorter one."""

    def cursor_clamp(self, cursor: Cell) -> Cell:
        row = min(cursor[0], self._geometry.rows - 1)
        return (row, min(cursor[1], self._geometry.lengths[row] - 1))
