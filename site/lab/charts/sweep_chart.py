"""A sweep on the page: the pointer finds the nearest value, the arrow keys go from one to the next."""

from .slider_chart import SliderChart
from .sweep import Sweep


class SweepChart(SliderChart[Sweep]):
    css = "chart-sweep"
