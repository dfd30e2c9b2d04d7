"""A training run in a terminal, with the file it is kept in."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np

from .. import checkpoint
from ..checkpoint import Checkpoint
from ..evaluate.held_out import held_out_loss_in_pieces
from ..experiment import Experiment
from ..files import WriteError
from ..trainer import Trainer
from .progress import Progress
from .stopping import Signals
from .terminal import complain


class KeptRun:
    """Trains, and saves what it has. Whatever ends the training, the run stands at a whole step."""

    def __init__(
        self,
        experiment: Experiment,
        trainer: Trainer,
        out: str | None,
        losses: Sequence[float] = (),
        held_out: Mapping[int, float] | None = None,
    ) -> None:
        """`losses` and `held_out` are those of the steps taken already; `out` None keeps nothing."""
        self.experiment, self.trainer = experiment, trainer
        self.losses = list(losses)
        self.held_out = dict(held_out or {})
        self.diverged = False  # then there is nothing to save any more
        self.saved_as: str | Path | None = None
        self.misplaced = False  # `out` could not be written, so that `saved_as` is another file
        self._out: str | Path | None = out
        self._saved: tuple[int, int] | None = None  # what the file holds: steps, held-out losses

    def train(self, last: int, signals: Signals, progress: Progress, save_every: int | None = None) -> None:
        """Train up to step `last`, or until a signal comes. Raises ValueError if the run diverges."""
        trainer = self.trainer
        try:
            while trainer.step_count < last and not signals.received:
                with np.errstate(all="ignore"):  # a run that diverges is told in words
                    self.losses.append(trainer.step().loss)
                if not math.isfinite(self.losses[-1]):
                    self._diverge(f"the loss of step {trainer.step_count} is {self.losses[-1]}")
                progress.show(trainer.step_count, self.losses)
                if save_every and trainer.step_count % save_every == 0:
                    self.save()
            if not np.isfinite(trainer.model.flat).all():
                self._diverge(f"not all weights are finite numbers after step {trainer.step_count}")
        finally:
            progress.end()

    def _diverge(self, what: str) -> NoReturn:
        self.diverged = True
        kept = f". {self.saved_as} holds step {self._saved[0]}" if self._saved else ""
        raise ValueError(f"this run has diverged: {what}. A lower learning rate keeps it together{kept}")

    def evaluate_held_out(self, signals: Signals) -> None:
        """Measure the loss on the names held out, unless a signal comes: with a long list it takes a while."""
        pieces = held_out_loss_in_pieces(self.trainer.model, self.experiment.held_out_documents)
        while not signals.received:
            try:
                next(pieces)
            except StopIteration as done:
                self.held_out[self.trainer.step_count] = done.value
                return

    def checkpoint(self) -> Checkpoint:
        return Checkpoint.capture(self.experiment, self.trainer, np.array(self.losses), self.held_out)

    def save(self) -> None:
        """Save what is not saved yet; to another place, which is told, if the file can't be written."""
        now = (self.trainer.step_count, len(self.held_out))
        if self._out is None or self.diverged or self._saved == now:
            return
        moment = self.checkpoint()
        try:
            checkpoint.save(moment, self._out)
        except WriteError as error:
            self.misplaced, self._out = True, checkpoint.save_elsewhere(moment)
            complain(f"{error}; the run is saved as {self._out} instead")
        self.saved_as, self._saved = self._out, now
