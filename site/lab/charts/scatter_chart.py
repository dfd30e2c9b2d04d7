"""A scatter on the page: `scatter` drawn live; the pointer finds the nearest dot, the arrow keys go
through them in their order."""

from ..ui import dom
from . import scatter
from .explorer import Explorer
from .keys import along


class ScatterChart(Explorer[scatter.Scatter, int]):
    def __init__(self, container, label: str, **options) -> None:
        super().__init__(container, label, **options)
        container.classList.add("chart-scatter")
        dom.set_attr(self._plot, "role", "slider")
        dom.set_attr(self._plot, "aria-valuemin", "1")

    def draw(self, data: scatter.Scatter, width: float) -> str:
        self._geometry = scatter.geometry(data, width)
        return scatter.svg(data, width)

    def summary(self, data: scatter.Scatter) -> str:
        return scatter.summary(data)

    def table(self, data: scatter.Scatter) -> str:
        return scatter.table(data)

    def cursor_at(self, x: float, y: float) -> int | None:
        return scatter.hit(self._data, self._geometry, x, y)

    def cursor_first(self) -> int:
        return 0

    def cursor_clamp(self, cursor: int) -> int | None:
        return min(cursor, len(self._data.x) - 1)

    def cursor_after(self, key: str, cursor: int, shift: bool, ctrl: bool) -> int | None:
        return along(key, cursor, 0, len(self._data.x) - 1)

    def cursor_text(self, cursor: int) -> str:
        return scatter.describe(self._data, cursor)

    def cursor_svg(self, cursor: int) -> str:
        return scatter.cursor(self._data, self._geometry, cursor)

    def cursor_said(self, cursor: int | None, text: str) -> None:
        for name, value in (
            ("aria-valuemax", len(self._data.x)),
            ("aria-valuenow", (cursor or 0) + 1),
            ("aria-valuetext", text),
        ):
            dom.set_attr(self._plot, name, str(value))

    def _drawn(self, data: scatter.Scatter) -> None:
        super()._drawn(data)
        if self.cursor is None:  # a slider needs a value even before anyone has touched it
            self.cursor_said(None, self.summary(data))
