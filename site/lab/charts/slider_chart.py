"""A chart whose cursor moves along a line. To assistive technology it is a slider."""

from typing import Protocol, TypeVar

from ..ui import dom
from .explorer import Explored, Explorer
from .keys import along


class Stops(Explored, Protocol):
    """Data with a cursor that stands on one of the `stops`, first of all on `start`."""

    @property
    def stops(self) -> range: ...

    @property
    def start(self) -> int: ...


Data = TypeVar("Data", bound=Stops)


class SliderChart(Explorer[Data, int]):
    count_from = 1  # what the first stop is called, where stops are indices

    def __init__(self, container, label: str, **options) -> None:
        super().__init__(container, label, **options)
        dom.set_attr(self._plot, "role", "slider")

    def cursor_first(self) -> int:
        return self._data.start

    def cursor_clamp(self, cursor: int) -> int:
        return min(max(cursor, self._data.stops[0]), self._data.stops[-1])

    def cursor_after(self, key: str, cursor: int, shift: bool, ctrl: bool) -> int | None:
        return along(key, cursor, self._data.stops[0], self._data.stops[-1], self.step(shift))

    def step(self, shift: bool) -> int:
        """How many stops an arrow key moves the cursor by."""
        return 1

    def at(self, cursor: int) -> tuple[int]:
        return (cursor,)

    def cursor_said(self, cursor: int | None, text: str) -> None:
        stops, now = self._data.stops, self.cursor_first() if cursor is None else cursor
        for name, stop in (("aria-valuemin", stops[0]), ("aria-valuemax", stops[-1]), ("aria-valuenow", now)):
            dom.set_attr(self._plot, name, str(stop + self.count_from))
        dom.set_attr(self._plot, "aria-valuetext", text)

    def _drawn(self, data: Data) -> None:
        super()._drawn(data)
        if self.cursor is None:  # a slider needs a value even before anyone has touched it
            self.cursor_said(None, data.summary())
