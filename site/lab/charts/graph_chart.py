"""A graph of calculations on the page: it keeps its own size, and scrolls inside its own region."""

from ..ui import dom
from .chart import Chart
from .graph import Graph
from .graph_layout import BOX_W

_LEGEND = (
    "A gradient with ▲ means: more of this, more of the result. With ▼: more of this, less of the result. "
    "The number on a line multiplies what goes back along it."
)


class GraphChart(Chart[Graph]):
    """`GraphChart(container, label)`, then `update(Graph)`. A drawing wider than its place scrolls, and
    follows the node whose turn it is."""

    def __init__(self, container, label: str, *, empty: str = "Nothing to show yet.") -> None:
        super().__init__(container, label, empty=empty)
        self._plot.classList.add("graph-plot")
        dom.set_attr(self._plot, "role", "region")
        dom.set_attr(self._plot, "aria-label", f"{label}, drawing")

    def _drawn(self, data: Graph) -> None:
        dom.set_text(self._readout, f"{_LEGEND} {data.left_out()}".strip())
        shown, found = data.arranged(self.width)
        wide = found.width > self.width
        dom.set_attr(self._plot, "tabindex", "0" if wide else None)
        if wide and data.current in shown:
            x, _y = found.boxes[shown.index(data.current)]
            self._plot.scrollLeft = (x + BOX_W / 2 - self.width / 2) * self._unit
