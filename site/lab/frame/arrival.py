"""Jumps within the page end at their target.

Figures are drawn, and grow, only when they come near, so the target of a jump moves while the page scrolls. When
the scrolling ends, this scrolls to the target itself, and holds it for a while. It does so only after a click on a
link, and when the page has been opened at a target: places in the history are restored by themselves.
"""

from time import perf_counter

from ..ui import dom
from ..ui.scope import Scope

PATIENCE = 4  # seconds: a jump takes one or two, so a later scroll has another cause


class Arrival:
    def __init__(self) -> None:
        self._goal = dom.target() if dom.window.scrollY else None
        self._until = float("inf")
        self._glides = False  # is on its way, and must not be stopped there
        self._scope = Scope()
        self._scope.add(dom.listen(dom.document, "click", self._clicked))
        self._scope.add(dom.listen(dom.document, "scrollend", lambda _event: self._arrived()))
        self._scope.add(dom.on_resize(dom.by_id("main"), lambda _height: self._hold(), "height"))
        for own in ("wheel", "pointerdown", "keydown"):
            self._scope.add(dom.listen(dom.document, own, lambda _event: self._give_up()))

    def settle(self) -> None:
        """All sections are drawn for the first time."""
        if self._until == float("inf"):
            self._until = perf_counter() + PATIENCE

    def _hold(self) -> None:
        """What is drawn above the target moves it: go after it before anybody sees that."""
        if self._goal and not self._glides and perf_counter() < self._until:
            dom.set_down(self._goal)

    def _clicked(self, event) -> None:
        link = event.target.closest('a[href^="#"]')
        if link:
            # a link between chapters has been followed by now, and may lead on already: see chapters.js
            followed = event.defaultPrevented
            self._goal = dom.target() if followed else dom.document.getElementById(link.getAttribute("href")[1:])
            self._until = perf_counter() + PATIENCE
            self._glides = not dom.root.hasAttribute("data-turned")

    def _give_up(self) -> None:
        self._goal = None

    def _arrived(self) -> None:
        if self._goal and self._glides and perf_counter() < self._until:
            self._glides = False
            dom.set_down(self._goal)  # this can draw new figures: from now on the target is held
