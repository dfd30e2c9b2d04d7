"""Charts drawn by our own Python as SVG. They take plain numbers and know nothing of the lab."""

from .bar_chart import BarChart
from .bars import Bars
from .heatmap import Matrix
from .heatmap_chart import Heatmap
from .line_chart import LineChart
from .line_data import Baseline, Lines, Points, Series

__all__ = ["BarChart", "Bars", "Baseline", "Heatmap", "LineChart", "Lines", "Matrix", "Points", "Series"]
