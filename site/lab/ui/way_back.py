"""What a figure shows when the schedule is over and no step is left: a button that returns to an earlier moment of
the run, from which training can go on."""

from collections.abc import Callable
from html import escape

from microgpt.checkpoint import CheckpointError

from ..core.lab import Lab
from ..core.way_back import earlier
from . import checkpoints
from .owner import Owner


class WayBack:
    """Fills `<div class="way-back" data-part="…" hidden></div>`."""

    def __init__(self, owner: Owner, lab: Lab, part: str, then: Callable[[], None]) -> None:
        """`then` runs when the reader has gone back: a good place for the keyboard's focus, since the
        button that was pressed is gone."""
        self._owner, self._lab, self._then = owner, lab, then
        self._root = owner.ui[part]
        self._to: int | None = None  # a saved step; None until it is needed
        self._of = None  # the experiment that it was asked for
        self._root.html = '<p></p><button type="button"></button>'
        self._why, self._button = self._root.find("p"), self._root.find("button")
        owner.on(part, "click", lambda event: owner.spawn(self._go()) if event.button else None)

    def show(self, needed: bool) -> None:
        """Show or hide the button; called with every rendering."""
        experiment = self._lab.experiment.get()
        if needed and experiment is not self._of:
            self._of = experiment
            self._owner.spawn(self._find(experiment))
        self._root.hidden = not needed

    async def _find(self, experiment) -> None:
        try:
            index = await checkpoints.index()
            step = earlier(index.steps, index.settings, index.digest, experiment)
        except (OSError, CheckpointError):
            step = 0  # without a saved moment, the beginning
        self._offer(step)

    def _offer(self, step: int) -> None:
        self._to = step
        last = self._lab.experiment.get().settings.steps
        self._why.html = (
            f"All {last:,} steps of this run are taken, and the learning rate is down to zero: there is no next "
            "step. Go back to an earlier moment and on from there. <b>Undo</b>, in the bar, brings this one back."
        )
        self._button.text = f"Go back to step {step:,}"

    async def _go(self) -> None:
        try:
            if self._to:
                self._lab.load(await checkpoints.at(self._to))
            else:
                self._lab.reset()
        except (OSError, CheckpointError) as error:
            self._offer(0)
            self._why.html = f"That moment could not be loaded: {escape(str(error))}. The beginning can."
            return
        self._then()
