"""One set of settings and a list of names → everything a run needs, the same wherever it runs.

The terminal, the page and the build all start here, so the same settings give the same losses.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .config import GPTConfig
from .dataset import split
from .evaluate.ngrams import NGram, uniform_loss
from .evaluate.novelty import Novelty
from .model import GPT
from .tokenizer import CharTokenizer
from .trainer import TrainConfig, Trainer


@dataclass(frozen=True)
class Settings:
    """What a person may choose. `block_size` None: just long enough for the longest name."""

    n_layer: int = 2
    n_embd: int = 32
    n_head: int = 4
    block_size: int | None = None
    steps: int = 5000
    learning_rate: float = 0.003  # at 0.01 most of the MLP of this model dies, and heads stare at [BOS]
    seed: int = 42


PRESETS = {
    "lab": Settings(),
    # the sizes of Karpathy's microgpt.py
    "microgpt": Settings(n_layer=1, n_embd=16, n_head=4, block_size=16, steps=1000, learning_rate=0.01),
}


class Experiment:
    """Names and settings put together. Raises ConfigError for settings that can't work."""

    def __init__(self, names: Sequence[str], settings: Settings = PRESETS["lab"]) -> None:
        self.names = tuple(names)
        self.settings = settings
        self.tokenizer = CharTokenizer.from_names(names)
        longest = max(map(len, names))
        self.config = GPTConfig(
            vocab_size=self.tokenizer.vocab_size,
            block_size=longest + 1 if settings.block_size is None else settings.block_size,
            n_layer=settings.n_layer,
            n_embd=settings.n_embd,
            n_head=settings.n_head,
        )
        self.train_config = TrainConfig(settings.steps, settings.learning_rate, seed=settings.seed)
        self.split = split(names)
        self.train_documents = self._documents(self.split.train)
        self.held_out_documents = self._documents(self.split.held_out)

    def _documents(self, names: Sequence[str]) -> list[list[int]]:
        return [self.tokenizer.document(name, self.config.block_size) for name in names]

    @property
    def too_long(self) -> list[str]:
        """Names that do not fit the model whole: it reads only their first max_letters letters."""
        return [name for name in self.names if len(name) > self.config.max_letters]

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
        names = {1: "unigram", 2: "bigram", 3: "trigram"}
        losses = {"uniform": uniform_loss(self.config.vocab_size)}
        for order, name in names.items():
            counted = NGram(order, self.config.vocab_size, self.train_documents)
            losses[name] = counted.mean_loss(self.held_out_documents)
        return losses

    def trainer(self, dtype: type = np.float32) -> Trainer:
        """A fresh run at step 0: always the same one."""
        model = GPT.initial(self.config, self.settings.seed, dtype)
        return Trainer(model, self.train_documents, self.train_config)
