"""Charts drawn as SVG by Python. They take plain numbers and know nothing of the lab or the model.

What is exported here, and every module that draws, is pure. The classes that put a drawing on the page (`chart.py`,
`explorer.py`, `loss_slider.py` and the files `*_chart.py`) are imported from their own modules: they need a browser.
"""

from .bars import Bars
from .heatmap import Matrix
from .line import Lines
from .line_data import Baseline, Points, Series

__all__ = ["Bars", "Baseline", "Lines", "Matrix", "Points", "Series"]
