"""Heads: what each of them looks at, measured on many names and held against chance."""

from ...core.heads import Analysis
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
        self._shown: Analysis | None = None

    def render(self) -> None:
        analysis = self.lab.analysis.get()
        running = analysis is not None and analysis.running
        if not running and self.ui.cancel.focused:
            self.ui.analyse.focus()  # the button that had the focus goes
        for part in ("progress", "cancel"):
            self.ui[part].hidden = not running
        if running:
            self.ui.progress.progress(analysis.done, analysis.count)
        self.ui.heads_tag.text = (analysis or self.lab.snapshot.get()).source
        self.ui.about.text = about(analysis, self.lab.snapshot.get().step)
        self.ui.heads_status.text = status(analysis)
        if analysis is not self._shown:
            self._shown = analysis
            measured = analysis is not None and analysis.done > 0
            self.ui.table.hidden = not measured
            self.ui.table.html = table(analysis) if measured else ""

    def analyse(self, *count: int) -> None:
        self.say("heads-error", "")
        try:
            self.lab.analyse(*count)
        except ValueError as error:
            self.say("heads-error", str(error))
