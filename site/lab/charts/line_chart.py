"""Curves over training steps on the page, with a crosshair that goes from step to step."""

from collections.abc import Callable

from .line import Lines
from .slider_chart import SliderChart


class LineChart(SliderChart[Lines]):
    """`on_probe(step)` gives the text for a step; without it the smoothed values are named."""

    css = "chart-line"
    count_from = 0  # a stop is a step, and has its own number

    def __init__(self, container, label: str, *, on_probe: Callable[[int], str] | None = None, **options) -> None:
        super().__init__(container, label, describe=on_probe, **options)

    def step(self, shift: bool) -> int:
        # A hundredth of the run a press crosses it in reasonable time; with shift, single steps.
        return 1 if shift else max(1, round((self._data.last - self._data.first) / 100))
