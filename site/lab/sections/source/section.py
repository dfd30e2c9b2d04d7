"""The engine's own source as it runs, line by line: a record, played."""

import time

from microgpt.inspect.tracing import Recording

from ...charts import code
from ...charts.format import number
from ...charts.heatmap_chart import Heatmap
from ...ui import screen
from ...ui.limits import whole
from ...ui.section import Section
from ...ui.stepper import Stepper
from . import view as views
from .player import Filter, Player, View

LAST_LINE = 9999  # no file of the engine is as long


class Source(Section):
    slug = "source"
    drawn_ahead = False  # it makes a record

    def mount(self) -> None:
        self._player: Player | None = None
        self._names: tuple[str, ...] = ()  # the list that the record is of
        self._places: list[int] = []
        self._shown: str | None = None  # the file whose lines are on the page
        self._recording = False
        self.steps = Stepper(self, "steps", "The record", lambda _at: self.invalidate(), every=0.7)
        self.numbers = self.add_chart(
            Heatmap, "numbers", "The numbers", describe=self.describe, empty="Nothing here is made of many numbers."
        )
        for part in ("program", "again", "function", "loop", "turn", "line", "jump", "which"):
            self.ui[part].enabled = False  # until there is a record
        self.on("program", "change", lambda _event: self.record())
        self.on("again", "click", lambda _event: self.record())
        self.on("filter", "change", self.choose)
        self.on("filter", "submit", self.submit)
        self.on("code", "click", self.click)
        self.on("which", "change", lambda _event: self.invalidate())
        self.on("closer", "toggle", lambda _event: self.invalidate())

    def render(self) -> None:
        if self._player is None or self._names != self.lab.experiment.get().names:
            if not self._recording:
                self._offer()
                self.record()
            return
        if not self._places:
            return
        view = self._player.view(self._places[self.steps.at])
        self._show_code(view)
        self.ui.names.html = views.names(view)
        fresh = self.ui.names.find("tr:has(.fresh)")
        if fresh:
            self.ui.names.scroll_to(fresh)
        self.ui.where.html = views.where(view)
        if self.ui.closer.open:
            self._show_closer(view)

    def record(self) -> None:
        """Make a record of the chosen program, once the page has said so."""
        if not self._recording:
            self._recording = True
            self.steps.stop()
            self.ui.says.text = "Recording …"
            self.spawn(self._record())

    async def _record(self) -> None:
        await screen.painted()
        try:
            self._record_now()
        finally:
            self._recording = False

    def _record_now(self) -> None:
        # only now: the start of the page need not wait for what few readers come to
        from . import programs

        self._names = self.lab.experiment.get().names
        slug = self.ui.program.value
        program = next(one for one in programs.PROGRAMS if one.slug == slug)
        started = time.perf_counter()
        try:
            call, recording = programs.watch(program, self.lab.run, self.lab.focus.get())
        except ValueError as error:
            self.say("problem", str(error))
            self.ui.says.text = "Nothing new was recorded."
            return
        seconds = time.perf_counter() - started
        self.say("problem", "" if recording.error is None else f"It ended in an error: {recording.error}")
        self._play(recording)
        self.ui.says.text = f"{program.title}. Here: {call.says}."
        self.ui.bounds.text = views.bounds(recording, seconds)

    def _play(self, recording: Recording) -> None:
        self._player = Player(recording)
        self.ui.function.renew(views.function_options(self._player))
        self.ui.loop.renew(views.loop_options(self._player))
        for part in ("function", "line", "jump"):
            self.ui[part].enabled = True
        self.ui.loop.enabled = self._player.loops
        self.ui.turn.enabled = False
        self._shown = None
        self._show(EVERYTHING, at=0)

    def _show(self, only: Filter, at: int = 0) -> None:
        self._places = self._player.places(only)
        self.steps.show(len(self._places), at)
        self.invalidate()

    def choose(self, event) -> None:
        """Another function, loop or turn."""
        if event.part == "line":
            return
        loop, turn = None, 1
        if self.ui.loop.value:
            chosen = self._player.loops[int(self.ui.loop.value)]
            loop = (chosen.file, chosen.line)
            self.ui.turn.attr("max", str(chosen.turns))
            try:
                turn = whole("turn", self.ui.turn.value, 1, chosen.turns)
            except ValueError:
                turn = 1
            self.ui.turn.value = str(turn)
        self.ui.turn.enabled = loop is not None
        self._show(Filter(self.ui.function.value or None, loop, turn))
        self.say("problem", "" if self._places else "Nothing passes this choice: that function runs elsewhere.")

    def submit(self, event) -> None:
        if not self.ui.line.value:
            return
        try:
            self.jump(whole("line", self.ui.line.value, 1, LAST_LINE))
        except ValueError as error:
            self.say("problem", str(error))

    def click(self, event) -> None:
        row = event.target.closest("[data-line]")
        if row:
            self.jump(int(row.get("data-line")))

    def jump(self, line: int) -> None:
        """Go to the next moment at this line of the file."""
        if not self._places:
            return
        at = self._player.at_line(self._places, self.steps.at, line)
        self.say("problem", "" if at is not None else f"Line {line} does not run in what is shown here.")
        if at is not None:
            self.steps.stop()
            self.steps.go(at)

    def describe(self, row: int, col: int) -> str:
        seen = self._closer
        place = f"{col}" if len(seen.row_labels) == 1 else f"{seen.row_labels[row]}, {col}"
        return f"{self.ui['which'].value}[{place}] = {number(float(seen.values[row, col]), 6)}"

    def _offer(self) -> None:
        from . import programs

        choice = self.ui.program
        choice.html = "".join(f'<option value="{one.slug}">{one.title}</option>' for one in programs.PROGRAMS)
        choice.enabled = self.ui.again.enabled = True

    def _show_code(self, view: View) -> None:
        file = view.frame.file
        if file != self._shown:
            self._shown = file
            self.ui.code.html = code.listing(self._player.recording.sources[file].text, name=file)
        for row in self.ui.code.all(".now"):
            row.css("now", False)
            row.attr("aria-current", None)
        row = self.ui.code.find(f'[data-line="{view.line}"]')
        row.css("now", True)
        row.attr("aria-current", "step")
        self.ui.code.children[0].scroll_to(row)
        if not self.ui.line.focused:
            self.ui.line.value = str(view.line)

    def _show_closer(self, view: View) -> None:
        names = views.arrays(view)
        chosen = self.ui.which.value
        chosen = chosen if chosen in names else next(iter(names), "")
        self.ui.which.html = views.options(names, chosen)
        self.ui.which.enabled = names
        local = next((one for one in view.locals if one.name == chosen), None)
        self._closer = views.closer(local.picture) if local else None
        self.numbers.update(self._closer)


EVERYTHING = Filter()
