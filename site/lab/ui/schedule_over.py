"""What a figure shows when the schedule is over and no step is left: a button that makes the schedule longer, and one
that returns to an earlier moment of the run."""

from collections.abc import Callable
from html import escape

from microgpt.checkpoint import CheckpointError

from ..core.lab import Lab
from ..core.way_back import earlier
from . import checkpoints
from .owner import Owner


class ScheduleOver:
    """Fills `<div class="schedule-over" data-part="…" hidden></div>`."""

    def __init__(self, owner: Owner, lab: Lab, part: str, then: Callable[[], None]) -> None:
        """`then` runs when there is a next step again: a good place for the keyboard's focus, since the
        button that was pressed is gone."""
        self._owner, self._lab, self._then = owner, lab, then
        self._root = owner.ui[part]
        self._to: int | None = None  # a saved step; None until it is needed
        self._of = None  # the experiment that it was asked for
        self._root.html = (
            '<p></p><button type="button" value="extend"></button> <button type="button" value="back"></button>'
        )
        self._why = self._root.find("p")
        self._extend, self._back = self._root.all("button")
        owner.on(part, "click", self._click)

    def show(self, needed: bool) -> None:
        """Show or hide the buttons; called with every rendering."""
        experiment = self._lab.experiment.get()
        if needed and experiment is not self._of:
            self._of = experiment
            self._owner.spawn(self._find(experiment))
        self._root.hidden = not needed
        if needed and self._to is not None:
            self._tell()

    async def _find(self, experiment) -> None:
        try:
            index = await checkpoints.index()
            step = earlier(index.steps, index.settings, index.digest, experiment)
        except (OSError, CheckpointError):
            step = 0  # without a saved moment, the beginning
        self._to = step
        self._tell()

    def _tell(self) -> None:
        snapshot = self._lab.snapshot.get()
        more = snapshot.first_settings.steps
        self._why.html = (
            f"All {snapshot.settings.steps:,} steps of this run are taken, so there is no next one. Make the run "
            f"{more:,} steps longer, and go on from here: the learning rate is stretched over the whole of it. "
            "Or go back to an earlier moment; <b>Undo</b>, in the bar, brings this one back."
        )
        self._extend.text = f"Add {more:,} steps"
        self._back.text = f"Go back to step {self._to:,}"

    def _click(self, event) -> None:
        if event.button is None:
            return
        if event.button.value == "extend":
            self._lab.extend()
            self._then()
        else:
            self._owner.spawn(self._go_back())

    async def _go_back(self) -> None:
        try:
            if self._to:
                self._lab.load(await checkpoints.at(self._to))
            else:
                self._lab.reset()
        except (OSError, CheckpointError) as error:
            self._to = 0
            self._tell()
            self._why.html = f"That moment could not be loaded: {escape(str(error))}. The beginning can."
            return
        self._then()
