"""A chart on the page: a place, a name, an empty state, a table, and a new drawing whenever the data or the width
changes. The drawing and the words come from the data."""

from collections.abc import Callable
from html import escape
from typing import Generic, Protocol, TypeVar

from ..ui import dom, screen
from ..ui.scope import Scope


class Drawing(Protocol):
    """Data that can be drawn and put into words."""

    def svg(self, width: float, label: str | None = None) -> str:
        """The drawing, `width` drawing units wide."""

    def summary(self) -> str:
        """What matters most, in a few words."""

    def table(self) -> str:
        """The numbers as a table."""


Data = TypeVar("Data", bound=Drawing)
Action = tuple[str, Callable[[], None]]

_NARROWEST = 120  # a place that is narrower gets a drawing of this width, scaled down


class Chart(Generic[Data]):
    """A chart fills `container`, and leaves it empty on `dispose`.

    `label` is its accessible name, to which it adds its summary. `empty` is the text that stands there while it has
    no data. `action`, a caption and a function, adds a button to that text.
    """

    css = ""  # a class of its own for the container

    def __init__(
        self,
        container,
        label: str,
        *,
        empty: str = "Nothing to show yet.",
        action: Action | None = None,
        table: bool = True,
    ) -> None:
        self._scope = Scope()
        self._container = container
        self._label = label
        self._data: Data | None = None
        self._unit = 1.0  # CSS pixels to a drawing unit
        self.width = 0  # in drawing units; 0 until the page has been laid out

        button = f'<button type="button" data-part="action">{escape(action[0])}</button>' if action else ""
        name = escape(label)
        details = (
            '<details class="chart-table" data-part="details">'
            f'<summary>Table<span class="chart-unseen">: {name}</span></summary>'
            f'<div data-part="table" role="region" tabindex="0" aria-label="{name}, table"></div></details>'
        )
        dom.set_html(
            container,
            f'<div class="chart-empty" data-part="empty"><p>{escape(empty)}</p>{button}</div>'
            '<div class="chart-plot" data-part="plot" hidden><div data-part="drawing"></div></div>'
            '<p class="chart-readout" data-part="readout" hidden></p>' + (details if table else ""),
        )
        self._scope.add(lambda: dom.set_html(container, ""))
        self._empty = dom.part(container, "empty")
        self._plot = dom.part(container, "plot")
        self._drawing = dom.part(container, "drawing")
        self._readout = dom.part(container, "readout")
        self._details = dom.part(container, "details") if table else None
        container.classList.add("chart", *self.css.split())
        dom.set_attr(container, "role", "figure")
        dom.set_attr(container, "aria-label", f"{label}. {empty}")
        self._scope.add(lambda: dom.set_attr(container, "aria-label", None))
        self._scope.add(lambda: dom.set_attr(container, "role", None))

        self._action = dom.part(container, "action") if action else None
        if action:
            self._scope.add(dom.listen(self._action, "click", lambda _event: action[1]()))
        if self._details:
            self._table_part = dom.part(container, "table")
            self._scope.add(dom.listen(self._details, "toggle", lambda _event: self._fill_table()))
        self._empty_text = empty
        self._scope.add(dom.on_resize(container, self._resized))

    def update(self, data: Data | None) -> None:
        """Show `data`; None shows the empty state."""
        self._data = data
        self._show()

    def offer(self, action: bool) -> None:
        """Show the button of the empty state only while it can do something."""
        self._action.hidden = not action

    def dispose(self) -> None:
        """Give back every listener and leave the container empty."""
        self._scope.close()

    def _drawn(self, data: Data) -> None:
        """Called after each drawing: the readout is the summary until something is pointed at."""
        dom.set_text(self._readout, data.summary())

    def _resized(self, pixels: float) -> None:
        if pixels > 0:
            self.width = screen.units(pixels, _NARROWEST)
            self._unit = pixels / self.width
        else:
            self.width = 0
        self._show()

    def _show(self) -> None:
        data = self._data
        for element, shown in (
            (self._empty, data is None),
            (self._plot, data is not None),
            (self._readout, data is not None),
        ):
            element.hidden = not shown
        if self._details:
            self._details.hidden = data is None
        if data is None:
            dom.set_attr(self._container, "aria-label", f"{self._label}. {self._empty_text}")
            return
        if not self.width:
            return  # hidden, or not laid out yet: the resize that ends this will draw
        dom.set_html(self._drawing, data.svg(self.width))
        dom.set_attr(self._container, "aria-label", f"{self._label}. {data.summary()}")
        self._drawn(data)
        self._fill_table()

    def _fill_table(self) -> None:
        """Fill the table only while it is open: live charts update many times a second, and tables are long."""
        if self._details and self._details.open and self._data is not None:
            dom.set_html(self._table_part, self._data.table())
