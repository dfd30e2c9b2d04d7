"""The tab when it is hidden: the choice whether training goes on there, and what its title says meanwhile."""

from ..core.lab import Lab
from ..core.visibility import WAITS, Visibility, title
from ..ui import dom
from ..ui.scope import Scope

KEPT = "when-hidden"  # the name of the choice in the browser's storage


class HiddenTab:
    def __init__(self, lab: Lab) -> None:
        self._lab, self._visibility = lab, Visibility(lab)
        self._title: str | None = None  # the page's own, while the tab says something else
        self._box = dom.by_id("hidden-goes-on")
        self._visibility.goes_on = dom.kept(KEPT) != "wait"
        self._box.checked = self._visibility.goes_on
        self._box.disabled = False
        self._scope = Scope()
        self._scope.add(dom.listen(self._box, "change", lambda _event: self._choose()))
        self._scope.add(dom.listen(dom.document, "visibilitychange", lambda _event: self._turned()))
        for signal in (lab.snapshot, lab.status):
            self._scope.add(signal.watch(lambda _value: self._entitle()))

    def _choose(self) -> None:
        self._visibility.goes_on = bool(self._box.checked)
        dom.keep(KEPT, None if self._visibility.goes_on else "wait")

    def _turned(self) -> None:
        if dom.hidden():
            self._visibility.left()
        else:
            self._visibility.back()
        self._entitle()

    def _entitle(self) -> None:
        """The title of the tab says how far training is, since a hidden tab shows nothing else."""
        step, status = self._lab.snapshot.get().step, self._lab.status.get()
        if dom.hidden() and step > 0:
            if self._title is None:
                self._title = dom.document.title
            dom.document.title = title(status.state, step, status.message == WAITS)
        elif self._title is not None:
            dom.document.title, self._title = self._title, None
