"""The bar at the bottom of the page: Train, Pause, Step, Reset, the speed, and how it goes."""

from collections.abc import Sequence

from ..core.lab import Lab
from ..core.status import LongJob
from ..ui import dom
from ..ui.frame import Frame
from ..ui.scope import Scope
from .view import curve, how, newest, train, where, work


class Transport:
    """Always in view, so that a reader can train the model while watching any figure."""

    visible = True

    def __init__(self, lab: Lab, frame: Frame) -> None:
        self.lab = lab
        self.root = dom.by_id("transport")
        self.scope = Scope()
        commands = {
            "train": self._train,
            "pause": lab.pause,
            "step": lab.step,
            "reset": lab.reset,
            "undo": lab.undo,
        }
        others = ("speed", "where", "how", "curve", "newest", "done", "work", "work-name", "work-done", "work-stop")
        self._parts = {name: dom.part(self.root, name) for name in (*commands, *others)}
        for name, command in commands.items():
            self.scope.add(dom.listen(self._parts[name], "click", lambda _event, command=command: command()))
        self._parts["speed"].disabled = False
        self.scope.add(dom.listen(self._parts["speed"], "change", lambda event: lab.set_speed(event.target.value)))
        self.scope.add(dom.listen(self._parts["work-stop"], "click", lambda _event: self._stop_work()))
        for signal in (lab.snapshot, lab.status, lab.long_jobs):
            self.scope.add(signal.watch(lambda _value: frame.request(self)))
        frame.request(self)

    def draw(self) -> None:
        snapshot, status = self.lab.snapshot.get(), self.lab.status.get()
        steps = snapshot.settings.steps
        training = status.state == "training"
        self._enable(
            pause=training,
            train=not training,
            reset=snapshot.step > 0,
            step=not status.finished,
            undo=status.can_undo,
        )
        text, label = train(snapshot, status)
        dom.set_text(self._parts["train"], text)
        dom.set_attr(self._parts["train"], "aria-label", label)
        self._parts["undo"].hidden = not status.can_undo
        dom.set_text(self._parts["where"], where(snapshot))
        dom.set_text(self._parts["how"], how(snapshot, status))
        dom.set_html(self._parts["curve"], curve(snapshot, self.lab.experiment.get()))
        dom.set_text(self._parts["newest"], newest(snapshot))
        self._parts["done"].max = steps
        self._parts["done"].value = snapshot.step
        self._show_work(self.lab.long_jobs.get())

    def _train(self) -> None:
        if self.lab.status.get().finished:
            self.lab.extend()
        self.lab.train()

    def _show_work(self, jobs: Sequence[LongJob]) -> None:
        """Show the jobs that have run for more than a second, the oldest first."""
        if not jobs and self._parts["work-stop"].matches(":focus"):
            self._parts["speed"].focus()  # the button disappears, and the focus must not be lost
        self._parts["work"].hidden = not jobs
        if not jobs:
            return
        dom.set_text(self._parts["work-name"], work(jobs))
        dom.set_attr(self._parts["work-done"], "value", None if jobs[0].progress is None else f"{jobs[0].progress:.3f}")
        dom.set_attr(self._parts["work-stop"], "aria-label", f"Stop: {jobs[0].job.name}")

    def _stop_work(self) -> None:
        for long_job in self.lab.long_jobs.get()[:1]:
            long_job.job.stop()

    def _enable(self, **enabled: bool) -> None:
        """A focused button that is disabled or hidden gives the focus to an enabled one; it would be lost otherwise.
        Never to one that takes the run away, or goes on with one that is over: the reader's next press may be under
        way already."""
        orphan = any(not on and self._parts[name].matches(":focus") for name, on in enabled.items())
        for name, on in enabled.items():
            self._parts[name].disabled = not on
        if orphan:
            over = self.lab.status.get().finished
            safe = "speed" if over else next(name for name in ("train", "pause", "step") if enabled[name])
            self._parts[safe].focus()
