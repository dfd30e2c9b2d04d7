"""Bars on the page: `bars` drawn live; the arrow keys go from bar to bar."""

from collections.abc import Callable

from ..ui import dom
from . import bars
from .explorer import Explorer
from .keys import along


class BarChart(Explorer[bars.Bars, int]):
    """`describe(i)` gives the text for a bar; `on_select(i)` is called for a click, Enter or Space."""

    def __init__(
        self,
        container,
        label: str,
        *,
        describe: Callable[[int], str] | None = None,
        on_select: Callable[[int], None] | None = None,
        **options,
    ) -> None:
        super().__init__(container, label, **options)
        self._describe = describe
        self._on_select = on_select
        container.classList.add("chart-bars")
        dom.set_attr(self._plot, "role", "slider")
        dom.set_attr(self._plot, "aria-valuemin", "1")

    def draw(self, data: bars.Bars, width: float) -> str:
        self._geometry = bars.geometry(data, width)
        return bars.svg(data, width)

    def summary(self, data: bars.Bars) -> str:
        return bars.summary(data)

    def table(self, data: bars.Bars) -> str:
        return bars.table(data)

    def cursor_at(self, x: float, y: float) -> int | None:
        return bars.hit(self._geometry, x, y)

    def cursor_first(self) -> int:
        for chosen in (self._data.glow, self._data.highlight):
            if chosen is not None:
                return chosen
        return 0

    def cursor_clamp(self, cursor: int) -> int | None:
        return min(cursor, len(self._data.labels) - 1)

    def cursor_after(self, key: str, cursor: int, shift: bool, ctrl: bool) -> int | None:
        # In rows the next bar is the one below, and down must go there.
        if self._data.rows:
            key = {"ArrowDown": "ArrowUp", "ArrowUp": "ArrowDown"}.get(key, key)
        return along(key, cursor, 0, len(self._data.labels) - 1)

    def cursor_text(self, cursor: int) -> str:
        return self._describe(cursor) if self._describe else bars.describe(self._data, cursor)

    def cursor_svg(self, cursor: int) -> str:
        return bars.cursor(self._geometry, cursor)

    def cursor_said(self, cursor: int | None, text: str) -> None:
        now = self.cursor_first() if cursor is None else cursor
        for name, value in (
            ("aria-valuemax", len(self._data.labels)),
            ("aria-valuenow", now + 1),
            ("aria-valuetext", text),
        ):
            dom.set_attr(self._plot, name, str(value))

    def selected(self, cursor: int) -> None:
        if self._on_select:
            self._on_select(cursor)

    def _drawn(self, data: bars.Bars) -> None:
        super()._drawn(data)
        if self.cursor is None:  # a slider needs a value even before anyone has touched it
            self.cursor_said(None, self.summary(data))
