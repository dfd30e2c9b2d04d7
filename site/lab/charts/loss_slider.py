"""The loss curve on the page: its point follows a finger or the mouse along the curve."""

from collections.abc import Callable

from .handle_chart import HandleChart
from .loss_curve import Curve


class LossSlider(HandleChart[Curve]):
    """`on_move(p)` is called while the reader drags the point, with a probability in thousandths.

    The keyboard's way is a range input beside it (`ui.dial.Dial`). A second slider for the same number would
    only be in the way, so the drawing itself takes no focus.
    """

    css = "chart-loss"

    def __init__(self, container, label: str, *, on_move: Callable[[float], None], **options) -> None:
        super().__init__(container, label, lambda p: on_move(round(p, 3)), **options)
