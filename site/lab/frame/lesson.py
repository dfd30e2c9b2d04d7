"""What a link asks for, done when the page opens: list, settings, how far to train, what is looked at and hidden."""

from microgpt import dataset
from microgpt.config import ConfigError
from microgpt.experiment import Experiment

from ..core.lab import Lab
from ..core.link import PLACES, read, write
from ..sections.names.shelf import SHELF
from ..ui import dom, files
from ..ui.places import titles
from ..ui.scope import Scope


class Lesson:
    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._link, self._remarks = read(dom.query(), [ready.file for ready in SHELF], list(titles()))
        self._panel = dom.by_id("lesson")
        self._scope = Scope()

    @property
    def address(self) -> str:
        """What of the address set the lab up; "" for the lab as it opens."""
        return write(self._link)

    async def begin(self) -> None:
        """Begin the run that the link is about, in place of the one that the lab opens with."""
        before = self._lab.run.experiment
        ready = next(ready for ready in SHELF if ready.file == self._link.list)
        names = list(before.names)
        if ready is not SHELF[0]:
            try:
                data = await files.of_the_site(f"data/{ready.file}.txt")
                names, _ = dataset.read(data, dataset.ReadOptions(encoding="utf-8", fold_case=ready.fold_case))
            except (OSError, dataset.DataError) as error:
                self._remarks.append(f"{ready.title}: {error}. The names are dinosaurs.")
                ready = SHELF[0]
        for settings in (self._link.settings, before.settings):
            if (ready, settings) == (SHELF[0], before.settings):
                return
            try:
                return self._lab.begin(Experiment(names, settings), ready.title)
            except ConfigError as error:
                self._remarks.append(f"These settings can’t work with {ready.title}: {error}. The lab’s own hold.")

    def show(self, brought_back: bool) -> None:
        """Once all sections are there: what is looked at, hidden and said. A run that a reload has `brought_back`
        goes on when its reader says so."""
        link = self._link
        for slug in link.hide:
            dom.by_id(slug).hidden = True
            for entry in dom.document.querySelectorAll(f'.contents a[href="#{slug}"]'):
                entry.parentElement.hidden = True
        try:
            if link.name:
                self._lab.focus_on(link.name)
        except ValueError as error:
            self._remarks.append(f"The link asks to look at “{link.name}”. {error}")
        for place in PLACES:
            wanted = getattr(link, place)
            if wanted is not None:
                self._lab.look(**{place: wanted})
                if getattr(self._lab.focus.get(), place) != wanted:
                    self._remarks.append(f"The link asks for {place} {wanted}, which is not there.")
        if link.to and not brought_back:
            self._lab.train(until=link.to)
        if link.note or self._remarks:
            self._say(link.note, " ".join(self._remarks))

    def _say(self, note: str, remarks: str) -> None:
        """In a panel of its own, that nothing moves for. As text: a link can't bring markup."""
        for name, text in (("note", note), ("remarks", remarks)):
            part = dom.part(self._panel, name)
            dom.set_text(part, text)
            part.hidden = not text
        self._scope.add(dom.listen(dom.part(self._panel, "close"), "click", lambda _event: self._close()))
        self._panel.hidden = False

    def _close(self) -> None:
        self._panel.hidden = True
        self._scope.close()
        dom.by_id("main").focus()
