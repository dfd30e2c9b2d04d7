"""The loss curve on the page: its point follows a finger or the mouse along the curve."""

from collections.abc import Callable

from ..ui import dom
from . import loss_curve
from .chart import Chart


class LossSlider(Chart[loss_curve.Curve]):
    """`on_move(p)` is called while the reader drags the point, with a chance from 0 to 1; whoever owns
    the number then calls `update`. The keyboard's way is a range input beside it (`ui.dial.Dial`): a
    second slider for the same number would only be in the way, so the drawing itself takes no focus.
    """

    def __init__(self, container, label: str, *, on_move: Callable[[float], None], **options) -> None:
        super().__init__(container, label, **options)
        self._on_move = on_move
        self._held = False
        container.classList.add("chart-loss")
        for event, handler in (
            ("pointerdown", self._grasped),
            ("pointermove", self._dragged),
            ("pointerup", self._released),
            ("pointercancel", self._released),
        ):
            self._scope.add(dom.listen(self._plot, event, handler))

    def draw(self, data: loss_curve.Curve, width: float) -> str:
        self._geometry = loss_curve.geometry(width)
        return loss_curve.svg(data, width)

    def summary(self, data: loss_curve.Curve) -> str:
        return loss_curve.summary(data)

    def table(self, data: loss_curve.Curve) -> str:
        return loss_curve.table(data)

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
        p = self._geometry.x.invert(event.offsetX / self._unit)
        self._on_move(round(min(max(p, 0.0), 1.0), 3))
