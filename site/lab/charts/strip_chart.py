"""A strip of cumulative probabilities on the page: the arrow keys go from stretch to stretch."""

from ..ui import dom
from . import strip
from .explorer import Explorer
from .keys import along


class StripChart(Explorer[strip.Strip, int]):
    """Point at a stretch, or go there with the keys, to read where it begins and ends."""

    def __init__(self, container, label: str, **options) -> None:
        super().__init__(container, label, **options)
        container.classList.add("chart-strip")
        dom.set_attr(self._plot, "role", "slider")
        dom.set_attr(self._plot, "aria-valuemin", "1")

    def draw(self, data: strip.Strip, width: float) -> str:
        self._geometry = strip.geometry(data, width)
        return strip.svg(data, width)

    def summary(self, data: strip.Strip) -> str:
        return strip.summary(data)

    def table(self, data: strip.Strip) -> str:
        return strip.table(data)

    def cursor_at(self, x: float, y: float) -> int | None:
        return strip.hit(self._data, self._geometry, x, y)

    def cursor_first(self) -> int:
        return self._data.chosen or 0

    def cursor_clamp(self, cursor: int) -> int | None:
        return min(cursor, len(self._data.labels) - 1)

    def cursor_after(self, key: str, cursor: int, shift: bool, ctrl: bool) -> int | None:
        return along(key, cursor, 0, len(self._data.labels) - 1)

    def cursor_text(self, cursor: int) -> str:
        return strip.describe(self._data, cursor)

    def cursor_svg(self, cursor: int) -> str:
        return strip.cursor(self._data, self._geometry, cursor)

    def cursor_said(self, cursor: int | None, text: str) -> None:
        now = self.cursor_first() if cursor is None else cursor
        for name, value in (
            ("aria-valuemax", len(self._data.labels)),
            ("aria-valuenow", now + 1),
            ("aria-valuetext", text),
        ):
            dom.set_attr(self._plot, name, str(value))

    def _drawn(self, data: strip.Strip) -> None:
        super()._drawn(data)
        if self.cursor is None:  # a slider needs a value even before anyone has touched it
            self.cursor_said(None, self.summary(data))
