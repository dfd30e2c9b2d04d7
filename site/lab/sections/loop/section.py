"""The training loop: in slow motion, stage by stage, and one whole step as a walkthrough."""

from ...ui.schedule_over import ScheduleOver
from ...ui.section import Section
from ...ui.stepper import Stepper
from . import view as cycle_views
from .model import PLACES, Walkthrough
from .view import VERBS, describe, which

AT_EASE = 2.5  # seconds a stage of the walkthrough stands while it plays: there is something to read


class Loop(Section):
    slug = "loop"

    def mount(self) -> None:
        self._walk: Walkthrough | None = None
        self._stages = {name: self.root.find(f"[data-stage={verb}]") for name, verb in VERBS.items()}
        self._ring, self._notes = self.ui.ring.children, self.ui.notes.children
        self._shown: tuple = ()  # the walkthrough and place whose numbers stand there
        self.steps = Stepper(self, "steps", "one whole step", lambda _at: self.go(), every=AT_EASE)
        self.over = ScheduleOver(self, self.lab, "over", lambda: self._focus_on(self.ui.one))
        self.cycle_over = ScheduleOver(self, self.lab, "cycle-over", self._on_again)
        self.watch(self.lab.stage, self.lab.status, self.lab.snapshot, self.lab.experiment)
        self.ui.onward.enabled = False  # until the step is done
        self.on("slow", "click", lambda _event: self.slowly(None))
        self.on("one", "click", lambda _event: self.slowly(1))
        self.on("ring", "click", self._click_ring)
        self.on("onward", "click", lambda _event: self.begin())

    def slowly(self, steps: int | None) -> None:
        self.lab.set_speed("slow")
        self.lab.train(None if steps is None else self.lab.snapshot.get().step + steps)

    def render(self) -> None:
        stage, status = self.lab.stage.get(), self.lab.status.get()
        for button in ("slow", "one"):
            self.ui[button].enabled = not status.finished
        self.over.show(status.finished)
        said = describe(stage, self.lab.experiment.get()) if stage else {}
        for name, verb in VERBS.items():
            now = stage is not None and name == stage.name
            self._stages[name].attr("aria-current", "step" if now else None)
            self.ui[verb].text = said.get(name, " ")
        self.ui.which.text = which(stage, self.lab.experiment.get())
        self._draw_cycle()

    # One whole step

    def begin(self) -> None:
        """From the start, with the name that comes next."""
        self.steps.stop()
        self._walk = None
        self._follow()
        self.invalidate()

    def go(self) -> None:
        """Take the step as far as the stage that is to be shown."""
        if self._walk is not None and self._walk.result is None and self._training():
            self.lab.pause()  # and what is shown from now on is the name at which it stands
        self._follow()
        if self._walk is not None:
            self._walk.reach(PLACES[self.steps.at])
            if self._walk.failed:
                self.steps.stop()
        self.invalidate()

    def _follow(self) -> None:
        """Make sure there is a walkthrough of the lab's run, unless its schedule is over. A step that was
        begun here and finished by training, or a run that is gone, is no longer the one to look at."""
        if self._walk is not None and self._walk.current:
            return
        at = self.steps.at if self._walk is not None and not self._walk.done else 0
        finished = self.lab.status.get().finished
        self._walk = None if finished else Walkthrough(self.lab)
        self.steps.show(0 if finished else len(PLACES), at)

    def _on_again(self) -> None:
        """The reader has gone back to a moment that has a next step."""
        self.steps.focus()

    def _focus_on(self, button) -> None:
        button.enabled = True  # as it will be when all is drawn again
        button.focus()

    def _draw_cycle(self) -> None:
        self._follow()
        walk = self._walk
        for part in ("cycle", "cycle-end"):
            self.ui[part].hidden = walk is None
        self.cycle_over.show(walk is None)
        if walk is None:
            self._shown = ()
            return
        self.ui.onward.enabled = walk.result is not None
        place = PLACES[self.steps.at]
        self._say_kept(cycle_views.kept(walk, self._training()))
        if self._shown == (walk, place):
            return
        self._shown = (walk, place)
        self._draw_ring(place)
        parts = ("cycle-name", "cycle-step", "cycle-loss")
        for part, text in zip(parts, cycle_views.middle(place, walk), strict=True):
            self.ui[part].text = text
        self.ui.numbers.html = cycle_views.numbers(place, walk)
        self.ui.numbers.scroll_to_top()

    def _say_kept(self, text: str) -> None:
        self.ui.kept.text = text

    def _draw_ring(self, place: str) -> None:
        at = PLACES.index(place)
        self.ui.arc.attr("stroke-dasharray", f"{at} {len(PLACES)}")
        for i, (stop, note) in enumerate(zip(self._ring, self._notes, strict=True)):
            stop.attr("aria-current", "step" if i == at else None)
            stop.attr("data-past", "" if i < at else None)
            note.hidden = i != at

    def _click_ring(self, event) -> None:
        item = event.target.closest("[data-at]")
        if item:
            self.steps.stop()
            self.steps.go(int(item.get("data-at")))

    def _training(self) -> bool:
        return self.lab.status.get().state == "training"
