"""A slope on the page: `slope` drawn live, with a point to drag, or to move with the arrow keys."""

from collections.abc import Callable

from ..ui import dom
from . import slope
from .chart import Chart
from .keys import along

_PRESSES = 80  # of an arrow key, from end to end


class SlopeChart(Chart[slope.Slope]):
    """`moved(x)` is called when the reader has put the point elsewhere; whoever owns the chart then
    updates it."""

    def __init__(self, container, label: str, moved: Callable[[float], None], **options) -> None:
        super().__init__(container, label, **options)
        self._moved = moved
        self._held = False
        container.classList.add("chart-slope")
        for name, value in (("role", "slider"), ("tabindex", "0"), ("aria-label", f"{label}: the point")):
            dom.set_attr(self._plot, name, value)
        for event, handler in (
            ("pointerdown", self._take),
            ("pointermove", self._drag),
            ("pointerup", self._release),
            ("pointercancel", self._release),
            ("keydown", self._key),
        ):
            self._scope.add(dom.listen(self._plot, event, handler))

    def draw(self, data: slope.Slope, width: float) -> str:
        self._geometry = slope.geometry(data, width)
        return slope.svg(data, width)

    def summary(self, data: slope.Slope) -> str:
        return slope.summary(data)

    def table(self, data: slope.Slope) -> str:
        return slope.table(data)

    def _drawn(self, data: slope.Slope) -> None:
        super()._drawn(data)
        for name, value in (
            ("aria-valuemin", f"{data.x[0]:g}"),
            ("aria-valuemax", f"{data.x[-1]:g}"),
            ("aria-valuenow", f"{data.at:g}"),
            ("aria-valuetext", self.summary(data)),
        ):
            dom.set_attr(self._plot, name, value)

    def _take(self, event) -> None:
        if self._data is None or not self.width:
            return
        self._held = True
        self._plot.setPointerCapture(event.pointerId)
        self._to(event)

    def _drag(self, event) -> None:
        if self._held:
            self._to(event)

    def _release(self, _event) -> None:
        self._held = False

    def _to(self, event) -> None:
        scale = self._geometry.x
        self._moved(min(max(scale.invert(event.offsetX / self._unit), scale.lo), scale.hi))

    def _key(self, event) -> None:
        if self._data is None or event.altKey or event.metaKey:
            return
        lo, hi = self._data.x[0], self._data.x[-1]
        places = [round((x - lo) / (hi - lo) * _PRESSES) for x in (self._data.at, lo, hi)]
        there = along(event.key, *places)
        if there is not None:
            event.preventDefault()
            self._moved(float(lo + there * (hi - lo) / _PRESSES))
