"""One set of settings and a list of names → everything a run needs, the same wherever it runs.

The terminal, the page and the build all start here, so the same settings give the same losses.
"""

import hashlib
from collections.abc import Generator, Sequence
from functools import cached_property

import numpy as np

from . import engine
from .changes import Change, checked
from .dataset import split
from .evaluate.held_out import held_out_loss
from .evaluate.ngrams import NGram, uniform_loss
from .evaluate.novelty import Novelty
from .memory import require_room
from .settings import PRESETS as PRESETS
from .settings import Settings as Settings
from .tokenizer import CharTokenizer
from .trainer import Trainer

AT_ONCE = 2_000  # names between two yields: in a browser tab some 10 ms


class Experiment:
    """Names and settings put together. Raises ConfigError for settings that can't work, or for a model too large
    for the memory, before any of it is made."""

    def __init__(
        self, names: Sequence[str], settings: Settings = PRESETS["lab"], changes: Sequence[Change] = ()
    ) -> None:
        """`changes` are those that the settings go through while the run trains."""
        for _ in self._prepare(names, settings, changes):
            pass

    @classmethod
    def preparing(
        cls, names: Sequence[str], settings: Settings = PRESETS["lab"]
    ) -> Generator[float, None, "Experiment"]:
        """What `Experiment(names, settings)` does, a few names at a time, so that a page answers meanwhile: yields
        the share that is done, 0 … 1, and returns the experiment. Raises what that raises."""
        experiment = cls.__new__(cls)
        yield from experiment._prepare(names, settings, ())
        return experiment

    def _prepare(
        self, names: Sequence[str], settings: Settings, changes: Sequence[Change]
    ) -> Generator[float, None, None]:
        self.names = tuple(names)
        self.settings = settings
        self.tokenizer = CharTokenizer.from_names(names)
        longest = max(map(len, names))
        self.config = settings.config(self.tokenizer.vocab_size, longest)
        self.changes = checked(settings, changes)
        require_room(self.config, longest)
        self.split = split(names)
        self.train_documents: list[list[int]] = []
        self.held_out_documents: list[list[int]] = []
        for documents, part in (
            (self.train_documents, self.split.train),
            (self.held_out_documents, self.split.held_out),
        ):
            for start in range(0, len(part), AT_ONCE):
                for name in part[start : start + AT_ONCE]:
                    documents.append(self.tokenizer.document(name, self.config.block_size))
                yield (len(self.train_documents) + len(self.held_out_documents)) / len(self.names)

    @property
    def too_long(self) -> list[str]:
        """Names that do not fit the model whole: it reads only their first max_letters letters."""
        return [name for name in self.names if len(name) > self.config.max_letters]

    @property
    def engine(self) -> str:
        """The module whose model carries out these settings: "model.py", the fast one, or "tensor_gpt.py"."""
        return engine.kind(self.config).__module__.rpartition(".")[2] + ".py"

    @cached_property
    def novelty(self) -> Novelty:
        """Judges made-up names by all names there are, held out or not."""
        return Novelty(self.names)

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that stand for exactly this list of names."""
        return hashlib.sha256("\n".join(self.names).encode()).hexdigest()[:16]

    @cached_property
    def baselines(self) -> dict[str, float]:
        """Mean loss on the held-out names, in nats, of each simple way to guess."""
        losses = {"uniform": uniform_loss(self.config.vocab_size)}
        for order, name in ((1, "unigram"), (2, "bigram"), (3, "trigram")):
            counted = self.pairs_counted if order == 2 else self._counted(order)
            losses[name] = held_out_loss(counted, self.held_out_documents)
        return losses

    @cached_property
    def pairs_counted(self) -> NGram:
        """Which letter follows which in the names to learn from."""
        return self._counted(2)

    def _counted(self, order: int) -> NGram:
        return NGram(order, self.config.vocab_size, self.train_documents)

    def trainer(self, dtype: type = np.float32) -> Trainer:
        """A fresh run at step 0: always the same one. Raises ConfigError if it does not fit in this precision."""
        require_room(self.config, max(map(len, self.names)), np.dtype(dtype).itemsize)
        model = engine.initial(self.config, self.settings.seed, dtype)
        return Trainer(model, self.train_documents, self.settings, self.changes)
