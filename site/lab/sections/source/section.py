"""The engine's own source as it runs, line by line: a record, played."""

import time

from microgpt.inspect.tracing import Recording

from ...charts import code
from ...charts.format import number
from ...charts.heatmap_chart import Heatmap
from ...ui import dom
from ...ui.section import Section
from ...ui.stepper import Stepper
from ...ui.tasks import spawn
from . import view as views
from .player import Filter, Player, View


class Source(Section):
    slug = "source"

    def mount(self) -> None:
        self._player: Player | None = None
        self._places: list[int] = []
        self._shown: str | None = None  # the file whose lines are on the page
        self._recording = False
        self.steps = Stepper(self, "steps", "The record", lambda _at: self.invalidate(), every=0.7)
        self.numbers = Heatmap(
            self.part("numbers"), "The numbers", describe=self.describe, empty="Nothing here is made of many numbers."
        )
        self.add(self.numbers.dispose)
        self.on("program", "change", lambda _event: self.record())
        self.on("again", "click", lambda _event: self.record())
        self.on("what", "submit", lambda event: event.preventDefault())
        self.on("filter", "change", self.choose)
        self.on("filter", "submit", self.submit)
        self.on("code", "click", self.click)
        self.on("which", "change", lambda _event: self.invalidate())
        self.on("closer", "toggle", lambda _event: self.invalidate())

    def render(self) -> None:
        if self._player is None:
            if not self._recording:
                self._offer()
                self.record()
            return
        if not self._places:
            return
        view = self._player.view(self._places[self.steps.at])
        self._show_code(view)
        dom.set_html(self.part("names"), views.names(view))
        fresh = self.part("names").querySelector(".fresh")
        if fresh:
            dom.keep_in_sight(fresh.closest("tr"), self.part("names"))
        dom.set_html(self.part("where"), views.where(view))
        if self.part("closer").open:
            self._show_closer(view)

    def record(self) -> None:
        """Make a record of the chosen program, once the page has said so."""
        if not self._recording:
            self._recording = True
            self.steps.stop()
            dom.set_text(self.part("says"), "Recording …")
            spawn(self._record())

    async def _record(self) -> None:
        await dom.painted()
        self._guarded(self._record_now)
        self._recording = False

    def _record_now(self) -> None:
        # only now: the start of the page need not wait for what few readers come to
        from . import programs

        slug = self.part("program").value
        program = next(one for one in programs.PROGRAMS if one.slug == slug)
        started = time.perf_counter()
        try:
            call, recording = programs.watch(program, self.lab.run, self.lab.focus.get())
        except ValueError as error:
            self.say("problem", str(error))
            dom.set_text(self.part("says"), "Nothing new was recorded.")
            return
        seconds = time.perf_counter() - started
        self.say("problem", "" if recording.error is None else f"It ended in an error: {recording.error}")
        self._play(recording)
        dom.set_text(self.part("says"), f"{program.title}. Here: {call.says}.")
        dom.set_text(self.part("bounds"), views.bounds(recording, seconds))

    def _play(self, recording: Recording) -> None:
        self._player = Player(recording)
        dom.set_html(self.part("function"), views.function_options(self._player))
        dom.set_html(self.part("loop"), views.loop_options(self._player))
        for part in ("function", "line", "jump"):
            self.part(part).disabled = False
        self.part("loop").disabled = not self._player.loops
        self.part("turn").disabled = True
        self._shown = None
        self._show(EVERYTHING, at=0)

    def _show(self, only: Filter, at: int = 0) -> None:
        self._places = self._player.places(only)
        self.steps.show(len(self._places), at)
        self.invalidate()

    def choose(self, event) -> None:
        """Another function, loop or turn."""
        if event.target.getAttribute("data-part") == "line":
            return
        loop, turn = None, 1
        if self.part("loop").value:
            chosen = self._player.loops[int(self.part("loop").value)]
            loop = (chosen.file, chosen.line)
            self.part("turn").max = str(chosen.turns)
            turn = min(max(int(self.part("turn").value or 1), 1), chosen.turns)
            self.part("turn").value = str(turn)
        self.part("turn").disabled = loop is None
        self._show(Filter(self.part("function").value or None, loop, turn))
        self.say("problem", "" if self._places else "Nothing passes this choice: that function runs elsewhere.")

    def submit(self, event) -> None:
        event.preventDefault()
        if self.part("line").value:
            self.jump(int(self.part("line").value))

    def click(self, event) -> None:
        row = event.target.closest("[data-line]")
        if row:
            self.jump(int(row.getAttribute("data-line")))

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
        return f"{self.part('which').value}[{place}] = {number(float(seen.values[row, col]), 6)}"

    def _offer(self) -> None:
        from . import programs

        choice = self.part("program")
        dom.set_html(choice, "".join(f'<option value="{one.slug}">{one.title}</option>' for one in programs.PROGRAMS))
        choice.disabled = self.part("again").disabled = False

    def _show_code(self, view: View) -> None:
        file = view.frame.file
        if file != self._shown:
            self._shown = file
            dom.set_html(self.part("code"), code.listing(self._player.recording.sources[file].text, name=file))
        for row in self.part("code").querySelectorAll(".now"):
            row.classList.remove("now")
            row.removeAttribute("aria-current")
        row = self.part("code").querySelector(f'[data-line="{view.line}"]')
        row.classList.add("now")
        dom.set_attr(row, "aria-current", "step")
        dom.keep_in_sight(row, self.part("code").firstElementChild)
        if dom.document.activeElement != self.part("line"):
            self.part("line").value = str(view.line)

    def _show_closer(self, view: View) -> None:
        names = views.arrays(view)
        chosen = self.part("which").value
        chosen = chosen if chosen in names else next(iter(names), "")
        dom.set_html(self.part("which"), views.options(names, chosen))
        self.part("which").disabled = not names
        local = next((one for one in view.locals if one.name == chosen), None)
        self._closer = views.closer(local.picture) if local else None
        self.numbers.update(self._closer)


EVERYTHING = Filter()
