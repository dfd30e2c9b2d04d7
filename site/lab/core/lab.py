"""The laboratory: owns the one run on the page; sections read its signals and give it commands."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microgpt.checkpoint import Checkpoint
from microgpt.experiment import Experiment, Settings
from microgpt.model import Trace
from microgpt.trainer import Stage

from .focus import Focus, further_on, read_name
from .heads import COUNT, Analysis, begin, shown
from .jobs import Job, Jobs, Pieces, Priority
from .rate_limiter import SPEEDS, RateLimiter
from .run import Diverged, Run, Work
from .runner import Runner
from .signal import Signal
from .snapshot import Snapshot, Traces
from .status import LongJob, Status

if TYPE_CHECKING:
    from .keeping import Keeper

PUBLISH_EVERY = 0.08  # seconds; a dozen pictures a second look live and leave the time to training
LONG = 1.0  # seconds after which the page says that a job is under way


class Lab:
    """Commands: configure, begin, train, extend, pause, note, step, reset, load, undo, set_speed, sample, analyse,
    and, for what is looked at, focus_on, next_name, look. `add_job` queues work that is not the run's own."""

    def __init__(
        self,
        names: Sequence[str],
        settings: Settings,
        runner: Runner,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`spawn` starts a coroutine beside whatever is going on, as asyncio.ensure_future does."""
        self._runner, self._spawn = runner, spawn
        self._limiter = RateLimiter(SPEEDS["max"])
        self._training = self._awake = False
        self.unseen = False  # nobody looks: steps that are overdue may come in a burst
        self._stop_at: int | None = None  # a step
        self._stop_below: float | None = None  # a loss
        self._previous: Run | None = None
        self._published = 0.0  # when the last snapshot was
        self._rate_from = (0.0, 0)  # time and step from which steps a second are counted
        self.keeper: Keeper | None = None  # who brings the run over a reload, where the page has one
        self._titles: dict[str, str] = {}  # digest of a list → what its reader calls it
        self.jobs = Jobs(runner.clock, self._wake)
        self.run = Run(Experiment(names, settings))
        self._shipped = self.run.experiment.digest  # of the list that the lab opens with
        self.experiment = Signal(self.run.experiment)
        self.snapshot: Signal[Snapshot] = Signal(self.run.snapshot())
        self.status = Signal(Status())
        self.typed = Signal("")  # what the reader has typed, while the page looks at that
        self.focus = Signal(Focus(min(self.run.experiment.split.train, key=lambda name: abs(len(name) - 8))))
        self.analysis: Signal[Analysis | None] = Signal(None)  # what the heads look at; grows name by name
        self.stage: Signal[Stage | None] = Signal(None)  # of the step under way, in slow motion
        self.long_jobs: Signal[tuple[LongJob, ...]] = Signal(())
        self._traces = Traces()
        self._enqueue(self.run.first_work())
        self._wake()

    # Looking

    @property
    def title(self) -> str | None:
        """What the list in force is called; None for the one that the lab opens with."""
        digest = self.run.experiment.digest
        return None if digest == self._shipped else self._titles.get(digest, "your list")

    def trace(self) -> Trace:
        """The forward pass of the name in focus, at the published snapshot: one for all sections."""
        return self._traces.of(self.snapshot.get(), self.focus.get().name, self.run.experiment)

    @property
    def target(self) -> int:
        """The step at which training will stop, unless a loss stops it before."""
        return min(self.run.trainer.settings.steps, self._stop_at or self.run.trainer.settings.steps)

    @property
    def stops(self) -> tuple[int | None, float | None]:
        """Until when it trains, as given to `train`."""
        return self._stop_at, self._stop_below

    # Commands

    def focus_on(self, text: str) -> None:
        """Look at this name, as typed; blank goes back to the names of the list. Raises BadName,
        and keeps the old one, if the model can't read it."""
        name = read_name(text, self.run.experiment)
        if not name:
            self.next_name()
            return
        self.typed.set(name)
        self.focus.set(replace(self.focus.get(), name=name, position=None))

    def next_name(self, by: int = 1) -> None:
        """Look at the name `by` further on in the list the model learns from, and round again."""
        self.typed.set("")
        name = further_on(self.focus.get().name, by, self.run.experiment)
        self.focus.set(replace(self.focus.get(), name=name, position=None))

    def look(self, **place: int | None) -> None:
        """Look at another position, layer or head of the same name. One that is not there is left alone: a control
        that was made for a longer name may be pressed before it is gone."""
        changes: dict[str, Any] = dict(place)
        focus = replace(self.focus.get(), **changes)
        if focus.exists(self.run.experiment):
            self.focus.set(focus)

    def configure(self, names: Sequence[str], settings: Settings) -> None:
        """Begin a new run with other names or settings. Raises ConfigError and keeps the old one."""
        self.begin(Experiment(names, settings))

    def begin(self, experiment: Experiment, title: str | None = None) -> None:
        """Begin a new run of an experiment. `title` is what to call its list of names."""
        if title is not None:
            self._titles[experiment.digest] = title
        self._replace(Run(experiment))

    def train(self, until: int | None = None, below: float | None = None) -> None:
        """Train on, up to a step, to a loss (the mean of the last hundred), or to the end of the schedule."""
        if self.run.trainer.finished or (until is not None and self.run.step_count >= until):
            return
        self._training, self._stop_at, self._stop_below = True, until, below
        self._rate_from = (self._runner.clock(), self.run.step_count)
        self._limiter = RateLimiter(self._limiter.rate)
        self._tell(state="training", message="", finished=False)
        self._wake()

    def extend(self) -> None:
        """Make the schedule longer, by as many steps as it had at first; see `changes.Change` for what becomes of the
        learning rate. A reset goes back to the first schedule."""
        trainer = self.run.trainer
        trainer.change(steps=trainer.settings.steps + trainer.first_settings.steps)
        self._publish()
        self._tell(finished=False, message="")

    def pause(self, message: str = "") -> None:
        self._stop(message)

    def note(self, message: str) -> None:
        """Have the status say this: while training by itself, else behind why training stopped."""
        why = "" if self._training else self.status.get().message
        self._tell(message=f"{why}; {message}" if why else message)

    def step(self, by_stage: bool = False) -> None:
        """One step, or only one stage of one, at once; the model keeps a step when its last stage is done."""
        if self.run.trainer.finished:
            return
        self._stop_at = self._stop_below = None
        self._stop(self._advance(by_stage) or "")

    def watch_weight(self, index: int) -> None:
        """Record what each step does to this weight. Raises IndexError for one that is not there."""
        self.run.watch(index)
        self._publish()

    def reset(self) -> None:
        """Back to step 0: the same first weights, the same order of names."""
        self._replace(Run(self.run.experiment))

    def load(self, checkpoint: Checkpoint, source: str = "precomputed") -> None:
        """Go on from a saved moment, with its settings; `source` says where its weights come from (see `Snapshot`).
        Raises CheckpointError, and keeps the run, if it was trained on other names."""
        experiment = self.run.experiment
        if (checkpoint.settings, checkpoint.changes) != (experiment.settings, experiment.changes):
            experiment = Experiment(experiment.names, checkpoint.settings, checkpoint.changes)
        self._replace(Run(experiment, checkpoint, source))

    def undo(self) -> None:
        """Bring back the run that was there before the last reset, load or configure."""
        if self._previous is not None:
            self._replace(self._previous)

    def opened(self) -> None:
        """The page is open: what led there is nothing to undo."""
        self._previous = None
        self._tell(can_undo=False)

    def set_speed(self, speed: str) -> None:
        """One of SPEEDS. Raises KeyError for another."""
        self._limiter = RateLimiter(SPEEDS[speed])
        self.stage.set(None)
        self._rate_from = (self._runner.clock(), self.run.step_count)
        self._tell(speed=speed)

    def sample(self, count: int, temperature: float, prefix: str = "") -> None:
        """Make names up with the weights of this moment. Raises BadName for an unreadable prefix,
        and ValueError for a temperature below 0 or weights that are no numbers any more."""
        prefix = read_name(prefix, self.run.experiment)
        if not temperature >= 0:
            raise ValueError(f"The temperature is a number of 0 or more, not {temperature}.")
        if not self.run.finite:
            raise ValueError("This model has run away and can't make up names any more: reset it first.")
        self._enqueue([self.run.sampling(temperature, count, prefix)])

    def analyse(self, count: int = COUNT) -> None:
        """Measure what each head of this moment looks at, on `count` names; the result grows in
        `analysis`. Raises ValueError for weights that are no numbers any more."""
        if not self.run.finite:
            raise ValueError("This model has run away: its heads can't be measured. Reset it first.")
        analysis, growing = begin(self.run, count)
        self.analysis.set(analysis)
        pieces = shown(analysis, growing, self.analysis)
        self.jobs.add("Measuring heads", pieces, priority=Priority.RUN, stop=self.stop_analysing, owner=self.run)

    def stop_analysing(self) -> None:
        """Leave it at the names measured so far."""
        analysis = self.analysis.get()
        if analysis is not None and analysis.running:
            self.analysis.set(replace(analysis, cancelled=True))

    def add_job(
        self,
        name: str,
        pieces: Pieces,
        failed: Callable[[Exception], None],
        stop: Callable[[], None] | None = None,
    ) -> Job:
        """Do this work too, whether or not the run is training; all such jobs take turns. An error ends the job
        and is given to `failed`. For the rest see `Jobs.add`."""
        return self.jobs.add(name, pieces, failed=failed, stop=stop)

    # The loop

    def _enqueue(self, works: list[Work]) -> None:
        for work in works:
            self.jobs.add(work.name, work.pieces, priority=Priority.RUN, owner=self.run)

    def _replace(self, run: Run) -> None:
        self._training = False
        self.analysis.set(None)
        old, before = self.run, self._previous
        other_list = old.experiment.names != run.experiment.names  # it comes back though nothing was trained on it
        previous = old if old.step_count or other_list else before
        self._previous = None if previous is run else previous  # an undo of an undo
        self.jobs.hold(old)
        for forgotten in {old, before} - {run, self._previous, None}:
            self.jobs.drop(forgotten)
        run.watch_as(old)
        self.run = run
        if run is before:  # an undo: it goes on with what it was at
            self.jobs.release(run)
        else:
            self._enqueue(run.first_work())
        self.stage.set(None)
        self.experiment.set(run.experiment)
        if not self.focus.get().exists(run.experiment):
            self.focus.set(Focus(further_on("", 0, run.experiment)))
        self._stop("")

    def _stop(self, message: str) -> None:
        """No more training for now; show exactly the moment reached."""
        self._training = False
        self._publish()
        self._tell(
            state="paused" if self.run.step_count else "ready",
            message=message,
            rate=None,
            finished=self.run.trainer.finished,
            can_undo=self._previous is not None,
        )
        self._wake()

    def _wake(self) -> None:
        if not self._awake:
            self._awake = True
            self._spawn(self._runner.drain(self._work(), self._after_slice))

    def _work(self) -> Iterator[float]:
        """All there is to do, piece by piece, until there is nothing more to do."""
        try:
            while self._training or self.jobs.any(Priority.RUN) or self._examine() or self.jobs.any():
                wait = self._limiter.wait(self._runner.clock()) if self._training else 0.0
                if self._training and not wait:
                    message = self._advance(self.status.get().speed == "slow")
                    self._limiter.stepped(self._runner.clock(), catch_up=self.unseen)
                    if message is not None:
                        self._stop(message)
                if self.jobs.any():  # held-out names come in some twenty pieces, a new name in ten: they keep up
                    ended = self.jobs.turn()
                    if not self._training and any(job.owner is self.run for job in ended):
                        self._publish()
                    wait = 0.0
                yield min(wait, PUBLISH_EVERY)  # short waits, so that a pause or a new speed is felt
        except Exception as error:  # a fault of ours: it must not leave a lab that seems to train
            self.jobs.drop(self.run)
            self._stop(f"stopped by a fault in the lab: {error}")
            raise
        finally:
            self._awake = False

    def _examine(self) -> bool:
        """With nothing else to do, try the moment reached on held-out names. False if that is done."""
        if self.run.step_count in self.run.held_out or not self.run.finite:
            return False
        self._enqueue([self.run.evaluation()])
        return True

    def _advance(self, by_stage: bool = False) -> str | None:
        """One training step, or only a stage of one, and the work that hangs on a step. If training is
        to stop here: what to say."""
        try:
            if by_stage:
                stage = self.run.stage()
                self.stage.set(replace(stage, gradient=None if stage.gradient is None else stage.gradient.copy()))
                if not stage.result:
                    return None
            else:
                self.run.step()
        except Diverged as error:
            return f"stopped: {error}. The steps were too large; reset, and lower the learning rate."
        self._enqueue(self.run.due())
        if self.run.trainer.finished:
            return "finished"
        if self._stop_at is not None and self.run.step_count >= self._stop_at:
            return ""
        if self._stop_below is not None:
            mean = self.run.history.mean(self.run.step_count)
            if mean is not None and mean <= self._stop_below:
                return f"stopped: the mean of the last hundred losses is down to {self._stop_below:g}"
        return None

    def _after_slice(self) -> None:
        now = self._runner.clock()
        if now - self._published < PUBLISH_EVERY and self.jobs.any():
            return
        self.long_jobs.set(tuple(LongJob(job, job.progress) for job in self.jobs if now - job.begun >= LONG))
        if now - self._published < PUBLISH_EVERY:
            return
        self._publish()
        since, first = self._rate_from
        if self._training and now - since >= 0.5:
            self._tell(rate=(self.run.step_count - first) / (now - since))
            if now - since > 3:
                self._rate_from = (now, self.run.step_count)

    def _publish(self) -> None:
        self._published = self._runner.clock()
        self.snapshot.set(self.run.snapshot())

    def _tell(self, **changes: Any) -> None:
        self.status.set(replace(self.status.get(), **changes))
