"""A scatter on the page: the pointer finds the nearest dot, the arrow keys go through them in their order."""

from .scatter import Scatter
from .slider_chart import SliderChart


class ScatterChart(SliderChart[Scatter]):
    css = "chart-scatter"
