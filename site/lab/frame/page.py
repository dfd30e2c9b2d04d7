"""The page around the sections: mounts them, and states on the root element what the lab does."""

import asyncio
import time
import traceback
from importlib import import_module

from ..chapters import ORDER
from ..charts.format import figure_text
from ..core.figures import figure
from ..core.lab import Lab
from ..kernels import kernels
from ..ui import dom
from ..ui.frame import Frame
from ..ui.section import Section
from .arrival import Arrival
from .hidden import HiddenTab
from .namebar import NameBar
from .transport import Transport
from .view import spoken

SPOKEN_EVERY = 10.0  # seconds between two announcements to a screen reader


class Page:
    """`<html data-lab="ready|training|paused" data-step="…" data-loss="…"
    data-engine="kernels|numpy">`, for tests and tools."""

    def __init__(self, lab: Lab, frame: Frame) -> None:
        self.lab = lab
        self.transport = Transport(lab, frame)
        self.namebar = NameBar(lab, frame)
        self.hidden = HiddenTab(lab)
        self._frame = frame
        self.sections: list[Section] = []
        self._arrival = Arrival()
        self._spoken = -SPOKEN_EVERY
        self._spoken_state = "ready"
        dom.listen(dom.window, "beforeprint", lambda _event: self._draw_for_paper())
        lab.experiment.watch(lambda _experiment: self._say_list())
        lab.snapshot.watch(lambda _snapshot: self.state())
        lab.status.watch(lambda _status: self.state())
        kernels.chosen.watch(lambda _chosen: self._say_engine())
        self._say_engine()
        self._say_list()

    async def mount(self) -> None:
        """Mount the sections one by one, those in view first, then those of the open chapter. The browser gets time
        between them, so the lab can be used meanwhile."""
        for name in sorted(ORDER, key=_urgency):
            try:
                self.sections.append(section_class(name)(self.lab, self._frame))
            except Exception:  # a section that cannot be loaded keeps its prose, and the others go on
                dom.log_error(traceback.format_exc())
            await asyncio.sleep(0)
        await self._frame.introduced()
        self._arrival.settle()
        self._keep()
        dom.set_attr(dom.root, "data-sections", "ready")

    def _keep(self) -> None:
        """From now on the run is kept, and at once when the page is about to go: hidden is the last it may hear."""
        keeper = self.lab.keeper
        if keeper is not None:
            keeper.watch()
            dom.listen(dom.document, "visibilitychange", lambda _event: keeper.hurry() if dom.hidden() else None)
            dom.listen(dom.window, "pagehide", lambda _event: keeper.hurry())

    def _draw_for_paper(self) -> None:
        """Whatever will be printed, and not only what is in sight: the open chapter, or all of them."""
        for section in self.sections:
            if dom.laid_out(section.root.element):
                self._frame.draw_now(section)

    def _say_list(self) -> None:
        """The style sheets show what is true only of the list that the lab opens with, or only of others. The words
        explained are no part of any section, so their figures are set here."""
        experiment = self.lab.experiment.get()
        dom.set_attr(dom.root, "data-list", None if self.lab.title is None else "own")
        for place in dom.document.querySelectorAll(".term-note [data-live]"):
            name = place.dataset.live
            dom.set_text(place, figure_text(name, figure(name, experiment)))

    def _say_engine(self) -> None:
        dom.set_attr(dom.root, "data-engine", "kernels" if kernels.chosen.get() else "numpy")

    def state(self) -> None:
        snapshot, status = self.lab.snapshot.get(), self.lab.status.get()
        loss = snapshot.loss
        dom.set_attr(dom.root, "data-step", str(snapshot.step))
        dom.set_attr(dom.root, "data-loss", None if loss is None else f"{loss:.6f}")
        dom.set_attr(dom.root, "data-lab", status.state)
        self._announce(status.state, snapshot.step, loss)

    def _announce(self, state: str, step: int, loss: float | None) -> None:
        """Announce at once that training begins or stops, and its progress only now and then."""
        now = time.monotonic()
        due = loss is not None and now - self._spoken >= SPOKEN_EVERY
        if not due and state == self._spoken_state:
            return
        self._spoken = now if due else self._spoken
        self._spoken_state = state
        dom.set_text(dom.by_id("announcer"), spoken(self.lab.status.get(), step, loss))


def section_class(name: str) -> type[Section]:
    """The Section class of a room of ORDER: the one that its `section.py` defines itself."""
    module = import_module(f"lab.sections.{name}.section")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Section) and value.__module__ == module.__name__:
            return value
    raise LookupError(f"{module.__name__} defines no Section")


def _slug(name: str) -> str:
    """The id of a room's <section>: its own name, without the family's."""
    return name.rpartition(".")[2]


def _urgency(name: str) -> int:
    element = dom.by_id(_slug(name))
    return 0 if dom.in_sight(element) else 1 if dom.laid_out(element) else 2
