"""Bars on the page: the arrow keys go from bar to bar."""

from .bars import Bars
from .slider_chart import SliderChart


class BarChart(SliderChart[Bars]):
    css = "chart-bars"

    def cursor_after(self, key: str, cursor: int, shift: bool, ctrl: bool) -> int | None:
        # In rows the next bar is the one below, and down must go there.
        if self._data.rows:
            key = {"ArrowDown": "ArrowUp", "ArrowUp": "ArrowDown"}.get(key, key)
        return super().cursor_after(key, cursor, shift, ctrl)
