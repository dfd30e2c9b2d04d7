"""A slope on the page, with a point to drag, or to move with the arrow keys."""

from collections.abc import Callable

from ..ui import dom
from .handle_chart import HandleChart
from .keys import along
from .slope import Slope

_PRESSES = 80  # of an arrow key, from end to end


class SlopeChart(HandleChart[Slope]):
    css = "chart-slope"

    def __init__(self, container, label: str, moved: Callable[[float], None], **options) -> None:
        super().__init__(container, label, moved, **options)
        for name, value in (("role", "slider"), ("tabindex", "0"), ("aria-label", f"{label}: the point")):
            dom.set_attr(self._plot, name, value)
        self._scope.add(dom.listen(self._plot, "keydown", self._key))

    def _drawn(self, data: Slope) -> None:
        super()._drawn(data)
        for name, value in (
            ("aria-valuemin", f"{data.x[0]:g}"),
            ("aria-valuemax", f"{data.x[-1]:g}"),
            ("aria-valuenow", f"{data.at:g}"),
            ("aria-valuetext", data.summary()),
        ):
            dom.set_attr(self._plot, name, value)

    def _key(self, event) -> None:
        if self._data is None or event.altKey or event.metaKey:
            return
        lo, hi = self._data.x[0], self._data.x[-1]
        places = [round((x - lo) / (hi - lo) * _PRESSES) for x in (self._data.at, lo, hi)]
        there = along(event.key, *places)
        if there is not None:
            event.preventDefault()
            self._moved(float(lo + there * (hi - lo) / _PRESSES))
