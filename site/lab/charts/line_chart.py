"""The loss curve on the page: `line` drawn live, with a crosshair that works like a slider."""

from collections.abc import Callable

from ..ui import dom
from . import line, line_data
from .explorer import Explorer
from .keys import along


class LineChart(Explorer[line_data.Lines, int]):
    """`on_probe(step)` gives the text for a step; without it the smoothed values are named."""

    def __init__(self, container, label: str, *, on_probe: Callable[[int], str] | None = None, **options) -> None:
        super().__init__(container, label, **options)
        self._on_probe = on_probe
        container.classList.add("chart-line")
        dom.set_attr(self._plot, "role", "slider")

    def draw(self, data: line_data.Lines, width: float) -> str:
        self._geometry = line.geometry(data, width)
        return line.svg(data, width)

    def summary(self, data: line_data.Lines) -> str:
        return line_data.summary(data)

    def table(self, data: line_data.Lines) -> str:
        return line_data.table(data)

    def cursor_at(self, x: float, y: float) -> int | None:
        return self.cursor_clamp(round(self._geometry.x.invert(x)))

    def cursor_first(self) -> int:
        return self._data.last

    def cursor_clamp(self, cursor: int) -> int | None:
        return min(max(cursor, self._data.first), self._data.last)

    def cursor_after(self, key: str, cursor: int, shift: bool, ctrl: bool) -> int | None:
        # A hundredth of the run a press crosses it in reasonable time; with shift, single steps.
        step = 1 if shift else max(1, round((self._data.last - self._data.first) / 100))
        return along(key, cursor, self._data.first, self._data.last, step)

    def cursor_text(self, cursor: int) -> str:
        return self._on_probe(cursor) if self._on_probe else line_data.describe(self._data, cursor)

    def cursor_svg(self, cursor: int) -> str:
        return line.crosshair(self._data, self._geometry, cursor)

    def cursor_said(self, cursor: int | None, text: str) -> None:
        for name, value in (
            ("aria-valuemin", self._data.first),
            ("aria-valuemax", self._data.last),
            ("aria-valuenow", self._data.last if cursor is None else cursor),
            ("aria-valuetext", text),
        ):
            dom.set_attr(self._plot, name, str(value))

    def _drawn(self, data: line_data.Lines) -> None:
        super()._drawn(data)
        if self.cursor is None:  # a slider needs a value even before anyone has touched it
            self.cursor_said(None, self.summary(data))
