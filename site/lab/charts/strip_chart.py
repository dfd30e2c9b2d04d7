"""A strip of cumulative probabilities on the page: the arrow keys go from stretch to stretch."""

from .slider_chart import SliderChart
from .strip import Strip


class StripChart(SliderChart[Strip]):
    css = "chart-strip"
