"""Jumps within the page end at their target.

Figures are drawn, and grow, only when they come near, so the target of a jump moves while the page scrolls. When
the scrolling ends, this scrolls to the target itself. It does so only after a click on a link, and when the page has
been opened at a target: the browser restores places in the history by itself.
"""

from time import perf_counter

from ..ui import dom
from ..ui.scope import Scope

PATIENCE = 4  # seconds: a jump takes one or two, so a later scroll has another cause


class Arrival:
    def __init__(self) -> None:
        self._goal = self._opened_at()
        self._until = float("inf")
        self._scope = Scope()
        self._scope.add(dom.listen(dom.document, "click", self._clicked))
        self._scope.add(dom.listen(dom.document, "scrollend", lambda _event: self._arrived()))
        for own in ("wheel", "pointerdown", "keydown"):
            self._scope.add(dom.listen(dom.document, own, lambda _event: self._give_up()))

    def settle(self) -> None:
        """All sections are drawn for the first time: go once more to where the page has been opened, if the reader
        has not moved since."""
        if self._goal and self._until == float("inf"):
            dom.set_down(self._goal)
            self._until = perf_counter() + PATIENCE

    def _opened_at(self):
        return dom.target() if dom.window.scrollY else None

    def _clicked(self, event) -> None:
        link = event.target.closest('a[href^="#"]')
        if link:
            # a link between chapters has been followed by now, and may lead on already: see chapters.js
            followed = event.defaultPrevented
            self._goal = dom.target() if followed else dom.document.getElementById(link.getAttribute("href")[1:])
            self._until = perf_counter() + PATIENCE

    def _give_up(self) -> None:
        self._goal = None

    def _arrived(self) -> None:
        if not self._goal:
            return
        if perf_counter() > self._until:
            return self._give_up()
        before = dom.window.scrollY
        dom.set_down(self._goal)  # this can draw new figures, after which the page settles again
        if dom.window.scrollY == before:
            self._give_up()
