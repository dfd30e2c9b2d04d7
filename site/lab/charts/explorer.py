"""A chart with a cursor: point, touch or use the keys, and a line of text says what is there.

The drawing is replaced with every update, so focus rests on the plot around it, which stays. The
cursor is drawn into the last group of the SVG, and moving it redraws nothing else.
"""

from typing import Generic, TypeVar

from ..ui import dom
from .chart import Chart, Data

Cursor = TypeVar("Cursor")


class Explorer(Chart[Data], Generic[Data, Cursor]):
    def __init__(self, container, label: str, **options) -> None:
        super().__init__(container, label, **options)
        self.cursor: Cursor | None = None
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

    def cursor_at(self, x: float, y: float) -> Cursor | None:
        """What is at a point, in drawing units."""
        raise NotImplementedError

    def cursor_first(self) -> Cursor:
        """Where the cursor starts when the chart gets the focus."""
        raise NotImplementedError

    def cursor_after(self, key: str, cursor: Cursor, shift: bool, ctrl: bool) -> Cursor | None:
        """Where a key takes the cursor; None if the key means nothing here."""
        raise NotImplementedError

    def cursor_clamp(self, cursor: Cursor) -> Cursor | None:
        """The cursor moved to where the data still has something; None if nowhere."""
        raise NotImplementedError

    def cursor_text(self, cursor: Cursor) -> str:
        raise NotImplementedError

    def cursor_svg(self, cursor: Cursor) -> str:
        raise NotImplementedError

    def cursor_said(self, cursor: Cursor | None, text: str) -> None:
        """Tell assistive technology where the cursor is."""
        raise NotImplementedError

    def selected(self, cursor: Cursor) -> None:
        """A click, Enter or Space on the cursor."""

    def move_to(self, cursor: Cursor | None) -> None:
        """Put the cursor somewhere, or take it away."""
        if cursor == self.cursor:
            return
        self.cursor = cursor
        if self._data is not None and self._over is not None:
            self._point()
            self.cursor_said(cursor, self._readout.textContent)

    def _drawn(self, data: Data) -> None:
        self._over = self._drawing.querySelector(".over")
        if self.cursor is not None:
            self.cursor = self.cursor_clamp(self.cursor)
        self._point()

    def _point(self) -> None:
        """Draw the cursor and its text. Says nothing: live updates must not chatter."""
        if self.cursor is None:
            dom.set_html(self._over, "")
            dom.set_text(self._readout, self.summary(self._data))
        else:
            dom.set_html(self._over, self.cursor_svg(self.cursor))
            dom.set_text(self._readout, self.cursor_text(self.cursor))

    def _under(self, event) -> Cursor | None:
        # offsetX is relative to the plot, since charts.css lets no pointer event reach the SVG.
        if self._data is None or not self.width:
            return None
        return self.cursor_at(event.offsetX / self._unit, event.offsetY / self._unit)

    def _pointed(self, event) -> None:
        cursor = self._under(event)
        if cursor is not None:
            self.move_to(cursor)

    def _left(self, event) -> None:
        # A finger that lifts also "leaves", but what it pointed at is what one wants to read.
        if event.pointerType == "mouse" and not self._plot.matches(":focus-visible"):
            self.move_to(None)

    def _focused(self, _event) -> None:
        if self._data is not None and self.width and self.cursor is None:
            self.move_to(self.cursor_first())

    def _clicked(self, event) -> None:
        cursor = self._under(event)
        if cursor is not None:
            self.selected(cursor)

    def _key(self, event) -> None:
        if self._data is None or not self.width or event.altKey or event.metaKey:
            return
        if event.key == "Escape":
            self.move_to(None)
            return
        if event.key in ("Enter", " "):
            event.preventDefault()
            if self.cursor is not None:
                self.selected(self.cursor)
            return
        here = self.cursor if self.cursor is not None else self.cursor_first()
        there = self.cursor_after(event.key, here, bool(event.shiftKey), bool(event.ctrlKey))
        if there is not None:
            event.preventDefault()
            self.move_to(there)
