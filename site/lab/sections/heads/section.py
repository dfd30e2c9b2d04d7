"""Heads: what each of them looks at, measured on many names and held against chance."""

from ...core.heads import Analysis
from ...ui import dom
from ...ui.section import Section
from .view import about, status, table

ALL = 10**9  # more names than there are


class Heads(Section):
    slug = "heads"

    def mount(self) -> None:
        self.watch(self.lab.analysis, self.lab.snapshot)
        self.on("analyse", "click", lambda _event: self.analyse())
        self.on("analyse-all", "click", lambda _event: self.analyse(ALL))
        self.on("cancel", "click", lambda _event: self.lab.stop_analysing())
        for button in ("analyse", "analyse-all"):
            self.part(button).disabled = False
        self._shown: Analysis | None = None
        self._told = ""

    def render(self) -> None:
        analysis = self.lab.analysis.get()
        running = analysis is not None and analysis.running
        if not running and dom.document.activeElement.isSameNode(self.part("cancel")):
            self.part("analyse").focus()  # the button that had the focus goes
        for part in ("progress", "cancel"):
            self.part(part).hidden = not running
        if running:
            self.part("progress").value = analysis.done / analysis.count
        dom.set_text(self.part("heads-tag"), (analysis or self.lab.snapshot.get()).source)
        dom.set_text(self.part("about"), about(analysis, self.lab.snapshot.get().step))
        told = status(analysis)
        if told != self._told:  # a screen reader speaks it at every change
            self._told = told
            dom.set_text(self.part("heads-status"), told)
        if analysis is not self._shown:
            self._shown = analysis
            measured = analysis is not None and analysis.done > 0
            self.part("table").hidden = not measured
            dom.set_html(self.part("table"), table(analysis) if measured else "")

    def analyse(self, *count: int) -> None:
        self.say("heads-error", "")
        try:
            self.lab.analyse(*count)
        except ValueError as error:
            self.say("heads-error", str(error))
