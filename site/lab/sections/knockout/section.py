"""Knock-outs: heads, MLPs and letters of the past are silenced, and the guess and the held-out loss looked at."""

from collections.abc import Callable

from ...core.jobs import Pieces
from ...ui.section import Section
from . import view as views
from .model import Losses, Moment

DRAWN_EVERY = 20  # pieces of measuring: some ten pictures a second


class Knockouts(Section):
    slug = "knockout"

    def mount(self) -> None:
        self._losses: Losses | None = None
        self._of: tuple = ()  # what that is of
        self._silenced: set[str] = set()
        self._shown: tuple[str, ...] = ()
        self._sorted = False
        self._end: Callable[[], None] | None = None  # of the measuring under way
        self._progress = 0.0
        self.watch(self.lab.snapshot, self.lab.focus, self.lab.status)
        self.on("rows", "click", self._pressed)
        self.on("each", "click", lambda _event: self.silence_each())
        self.on("stop", "click", lambda _event: self.stop())
        self.on("none", "click", lambda _event: self.give_back())
        self.on("sorted", "change", self.sort)

    def render(self) -> None:
        self._follow()
        losses = self._losses
        self.ui.works.hidden = losses is None
        self.say("gone", "" if losses else "This model has run away: there is nothing left to silence. Reset it first.")
        if losses is not None:
            self._draw(losses)
        self._enable_buttons()

    def _follow(self) -> None:
        """Look at the model of now; while it trains, stay with the one that is shown."""
        snapshot, focus, experiment = self.lab.snapshot.get(), self.lab.focus.get(), self.lab.experiment.get()
        place = (experiment, focus.name, focus.at)
        if self.lab.status.get().state == "training" and self._of[:3] == place:
            return
        of = (*place, snapshot.step, snapshot.source)
        if of == self._of:
            return
        self.stop()
        self._of = of
        self._losses = Losses(Moment(snapshot, focus, experiment)) if snapshot.finite else None
        self._silenced &= set(self._losses.moment.parts) if self._losses else set()
        if self._silenced:
            self._measure([self._silenced])

    def _draw(self, losses: Losses) -> None:
        answers = [*self.lab.experiment.get().tokenizer.alphabet, "END"]
        shown = losses.ranked() if self._sorted else list(losses.moment.parts.values())
        keys = tuple(part.key for part in shown), tuple(part.title for part in shown)
        if keys != self._shown:
            self._shown = keys
            held = next((key for key in keys[0] if self._focused(key)), None)
            self.ui.rows.renew(views.rows(shown))
            if held is not None:
                self.ui[f"silence:{held}"].focus()
        for part in shown:
            self.ui[f"silence:{part.key}"].pressed = part.key in self._silenced
            for name, text in views.cells(part, losses, answers)._asdict().items():
                self.ui[f"{name}:{part.key}"].text = text
        self.ui.guess.html = views.guesses(losses.moment, self._silenced, answers)
        self.ui.said.text = views.said(losses, self._silenced, answers)
        self.ui.ranking.text = views.ranking(losses)
        self.ui.bar.progress(self._progress)

    def _focused(self, key: str) -> bool:
        part = self.ui.get(f"silence:{key}")
        return part is not None and part.focused

    def _pressed(self, event) -> None:
        if event.button is None:
            return
        self._follow()
        if self._losses is None or event.button.value not in self._losses.moment.parts:
            return  # it has just gone, with the name it belonged to
        self._silenced ^= {event.button.value}
        if self._silenced:
            self._measure([self._silenced], first=True)
        self.invalidate()

    def give_back(self) -> None:
        """Nothing is silenced any more."""
        self._silenced.clear()
        self.invalidate()

    def sort(self, event) -> None:
        self._sorted = event.target.checked
        self.invalidate()

    # Measuring

    def silence_each(self) -> None:
        self._follow()
        if self._losses is None:
            return
        self._measure([[key] for key in self._losses.moment.parts])
        self.ui.stop.focus()

    def _measure(self, sets, first: bool = False) -> None:
        self._losses.ask(sets, first)
        if self._end is None and self._losses.asked:
            self._end = self.add_job("Silencing parts of the model", self._measuring(self._losses), self.stop).cancel
            self._enable_buttons()

    def _measuring(self, losses: Losses) -> Pieces:
        for count, done in enumerate(losses.work()):
            self._progress = done
            if count % DRAWN_EVERY == 0:
                self.invalidate()
            yield done
        self._over()

    def stop(self) -> None:
        """Leave it at what is measured."""
        if self._end is not None:
            self._end()
            self._losses.stop()
            self._over()

    def _over(self) -> None:
        had = self.ui.stop.focused
        self._end = None
        self._losses.stop()
        self._enable_buttons()
        if had:
            (self.ui.each if self.ui.each.enabled else self.ui.sorted).focus()
        self.invalidate()

    def _enable_buttons(self) -> None:
        losses = self._losses
        missing = losses is not None and any(losses.change([key]) is None for key in losses.moment.parts)
        self.ui.each.enabled = missing and self._end is None
        self.ui.stop.enabled = self._end is not None
        self.ui.none.enabled = bool(self._silenced)
