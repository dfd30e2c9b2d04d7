"""A chart with a cursor that follows the pointer, a finger or the keys. A line of text says what is there.

Every update replaces the drawing, so the plot around it has the focus. The cursor is drawn into the last group of
the SVG, and a move redraws nothing else.
"""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from ..ui import dom
from .chart import Chart, Drawing

Cursor = TypeVar("Cursor")


class Explored(Drawing, Protocol):
    """Data that a cursor can walk through. `at` is one index, or a row and a column."""

    def geometry(self, width: float) -> Any:
        """Where everything goes in the drawing of that width."""

    def hit(self, geometry: Any, x: float, y: float) -> Any:
        """What is at a point, in drawing units; None if nothing is."""

    def cursor(self, geometry: Any, *at: int) -> str:
        """The mark of the cursor, to be drawn over the rest."""

    def describe(self, *at: int) -> str:
        """What the cursor is on, in words."""


Data = TypeVar("Data", bound=Explored)


class Explorer(Chart[Data], Generic[Data, Cursor]):
    """`describe(*at)` gives the text for a place of the cursor, instead of the data's own; `on_select(*at)` is
    called for a click, Enter or Space."""

    def __init__(
        self,
        container,
        label: str,
        *,
        describe: Callable[..., str] | None = None,
        on_select: Callable[..., None] | None = None,
        **options,
    ) -> None:
        super().__init__(container, label, **options)
        self.cursor: Cursor | None = None
        self._describe = describe
        self._on_select = on_select
        self._over = None
        dom.set_attr(self._plot, "tabindex", "0")
        dom.set_attr(self._plot, "aria-label", label)
        for event, handler in (
            ("pointermove", self._pointed),
            ("pointerdown", self._pointed),
            ("pointerleave", self._left),
            ("keydown", self._key),
            ("focus", self._focused),
            ("blur", lambda _event: self.move_to(None)),
            ("click", self._clicked),
        ):
            self._scope.add(dom.listen(self._plot, event, handler))

    # What a subclass says about its cursor. All of it is asked only while there is data.

    def cursor_first(self) -> Cursor:
        """Where the cursor starts when the chart gets the focus."""
        raise NotImplementedError

    def cursor_after(self, key: str, cursor: Cursor, shift: bool, ctrl: bool) -> Cursor | None:
        """Where a key takes the cursor; None if the key means nothing here."""
        raise NotImplementedError

    def cursor_clamp(self, cursor: Cursor) -> Cursor:
        """The cursor, or the nearest place to it that the data still has."""
        raise NotImplementedError

    def cursor_said(self, cursor: Cursor | None, text: str) -> None:
        """Tell assistive technology where the cursor is; None: nobody has touched the chart yet."""
        raise NotImplementedError

    def at(self, cursor: Cursor) -> tuple[int, ...]:
        """The cursor as the arguments of `describe` and `on_select`."""
        raise NotImplementedError

    def move_to(self, cursor: Cursor | None) -> None:
        """Put the cursor somewhere, or take it away."""
        if cursor == self.cursor:
            return
        self.cursor = cursor
        if self._data is not None and self._over is not None:
            self._point()
            self.cursor_said(cursor, self._readout.textContent)

    def _drawn(self, data: Data) -> None:
        self._geometry = data.geometry(self.width)
        self._over = self._drawing.querySelector(".over")
        if self.cursor is not None:
            self.cursor = self.cursor_clamp(self.cursor)
        self._point()

    def _point(self) -> None:
        """Draw the cursor and its text. A screen reader is not told, since live updates would interrupt it."""
        if self.cursor is None:
            dom.set_html(self._over, "")
            dom.set_text(self._readout, self._data.summary())
        else:
            at = self.at(self.cursor)
            dom.set_html(self._over, self._data.cursor(self._geometry, *at))
            dom.set_text(self._readout, (self._describe or self._data.describe)(*at))

    def _under(self, event) -> Cursor | None:
        # offsetX is relative to the plot: charts.css keeps pointer events from the SVG.
        if self._data is None or not self.width:
            return None
        return self._data.hit(self._geometry, event.offsetX / self._unit, event.offsetY / self._unit)

    def _pointed(self, event) -> None:
        cursor = self._under(event)
        if cursor is not None:
            self.move_to(cursor)

    def _left(self, event) -> None:
        # A finger that lifts also "leaves", but its reader still wants to read what it pointed at.
        if event.pointerType == "mouse" and not self._plot.matches(":focus-visible"):
            self.move_to(None)

    def _focused(self, _event) -> None:
        if self._data is not None and self.width and self.cursor is None:
            self.move_to(self.cursor_first())

    def _clicked(self, event) -> None:
        self._select(self._under(event))

    def _select(self, cursor: Cursor | None) -> None:
        if cursor is not None and self._on_select:
            self._on_select(*self.at(cursor))

    def _key(self, event) -> None:
        if self._data is None or not self.width or event.altKey or event.metaKey:
            return
        if event.key == "Escape":
            self.move_to(None)
            return
        if event.key in ("Enter", " "):
            event.preventDefault()
            self._select(self.cursor)
            return
        here = self.cursor if self.cursor is not None else self.cursor_first()
        there = self.cursor_after(event.key, here, bool(event.shiftKey), bool(event.ctrlKey))
        if there is not None:
            event.preventDefault()
            self.move_to(there)
