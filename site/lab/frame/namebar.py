"""The strip with the current name. All figures show this name, so the strip stays in view."""

import asyncio

from ..core.lab import Lab
from ..core.ticker import Ticker
from ..ui import dom
from ..ui.frame import Frame
from ..ui.part import Part
from ..ui.scope import Scope
from ..ui.tasks import spawn
from .view import chips

HOLD = 5.0  # seconds a name stays before the next one comes


class NameBar:
    """Previous, pause, next, and the name as a row of letters: choosing one looks at its position.

    On the bench, the first screen, the names go on by themselves until somebody picks one, types, goes further down the
    page to read, or wants less motion. From then on they go on only where a reader asks for it: no name changes under
    the eyes of whoever looks into it.
    """

    visible = True

    def __init__(self, lab: Lab, frame: Frame) -> None:
        self.lab, self._frame = lab, frame
        self.root = dom.by_id("namebar")
        self.scope = Scope()
        self._shown: str | None = None
        self._ticker = Ticker(self._tick, lambda: HOLD, dom.hidden, asyncio.sleep, spawn)
        self._asked = False  # by the reader, to let them go on
        self._bench = dom.by_id("bench")
        self._chips = dom.part(self.root, "chips")
        self._go = dom.part(self.root, "go")
        for part, action in (
            ("previous", lambda _event: self._turn(-1)),
            ("next", lambda _event: self._turn(1)),
            ("go", lambda _event: self._let_go(not self._ticker.playing, asked=True)),
        ):
            button = dom.part(self.root, part)
            button.disabled = False
            self.scope.add(dom.listen(button, "click", action))
        self.scope.add(dom.listen(self._chips, "change", self._choose))
        self.scope.add(lab.focus.watch(lambda _focus: frame.request(self)))
        self.scope.add(lab.typed.watch(lambda typed: self._let_go(False) if typed else None))
        # once a position is chosen anywhere on the page, its name stays
        self.scope.add(lab.focus.watch(lambda focus: self._let_go(False) if focus.position is not None else None))
        self.scope.add(dom.on_media(dom.STILL, lambda still: self._let_go(not still)))
        frame.request(self)

    def draw(self) -> None:
        focus = self.lab.focus.get()
        if focus.name != self._shown:  # only then, since new elements would lose the focus
            self._shown = focus.name
            dom.set_html(self._chips, chips(focus.name))
        chosen = self._chips.querySelectorAll("input").item(focus.at)
        chosen.checked = True
        Part(self._chips).centre(Part(chosen.parentElement))

    def _choose(self, event) -> None:
        self.lab.look(position=int(event.target.value))

    def _turn(self, by: int) -> None:
        self._let_go(False)
        self.lab.next_name(by)

    def _tick(self) -> None:
        if self._asked or dom.in_sight(self._bench):
            self.lab.next_name()
        else:
            self._let_go(False)

    def _let_go(self, going: bool, asked: bool = False) -> None:
        self._asked = asked and going
        if going == self._ticker.playing:
            return
        dom.set_text(self._go, "❚❚" if going else "▶")
        dom.set_attr(self._go, "aria-label", "Pause the names" if going else "Let the names go on")
        if going:
            self._ticker.play()
        else:
            self._ticker.stop()
