"""A chart with a point that the reader drags, by finger or mouse, along the x axis."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from ..ui import dom
from .axes import Axes
from .chart import Chart, Drawing


class OnAxes(Drawing, Protocol):
    def geometry(self, width: float) -> Axes: ...


Data = TypeVar("Data", bound=OnAxes)


class HandleChart(Chart[Data]):
    """`moved(x)` is called with a number on the x axis when the reader has put the point there. The owner of the
    number then calls `update`."""

    def __init__(self, container, label: str, moved: Callable[[float], None], **options) -> None:
        super().__init__(container, label, **options)
        self._moved = moved
        self._held = False
        for event, handler in (
            ("pointerdown", self._grasped),
            ("pointermove", self._dragged),
            ("pointerup", self._released),
            ("pointercancel", self._released),
        ):
            self._scope.add(dom.listen(self._plot, event, handler))

    def _drawn(self, data: Data) -> None:
        super()._drawn(data)
        self._geometry = data.geometry(self.width)

    def _grasped(self, event) -> None:
        if event.button == 0 and self._data is not None and self.width:
            self._held = True
            self._plot.setPointerCapture(event.pointerId)  # a drag may leave the drawing, and come back
            self._move(event)

    def _dragged(self, event) -> None:
        if self._held:
            self._move(event)

    def _released(self, _event) -> None:
        self._held = False

    def _move(self, event) -> None:
        x = self._geometry.x
        self._moved(min(max(x.invert(event.offsetX / self._unit), x.lo), x.hi))
