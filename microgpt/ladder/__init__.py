"""From counting letters to a GPT in seven rungs, each a small, whole trainer in a file of its own.

Each rung does what the one below does and adds one idea, so the difference of two neighbouring files
is that idea:

0  counting          a table of which letter follows which
1  gradient by hand  the same table, found by going downhill; the slope worked out on paper
2  autograd          the same steps; the slope finds itself
3  attention         look back on all letters and where they stand, not only on the last
4  heads, layers     look in several ways at once, think about it, and do that again
5  decay             large steps at first, and ever smaller ones
6  Adam              a step of its own size for each weight: this is the lab's model and its training

All have one interface: `title`, `idea`, `n_params`, `steps` (the length of the schedule), `step_count`,
`step()` (learn from one name, `documents[step_count % len(documents)]`; gives its loss before the
weights moved), `probabilities(tokens)` (V,), and `loss(document)`, the mean of −log p in nats.

A rung shows what its idea is worth, and not what its learning rate happens to be: `rates.py` says how
each rate was chosen.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from numpy import ndarray

from ..experiment import Experiment
from .rung0_count import Rung0
from .rung1_gradient import Rung1
from .rung2_autograd import Rung2
from .rung3_attention import Rung3
from .rung4_layers import Rung4
from .rung5_decay import Rung5
from .rung6_adam import Rung6


class Rung(Protocol):
    """What every rung can do."""

    title: str
    idea: str
    n_params: int
    steps: int
    step_count: int

    def step(self) -> float: ...
    def probabilities(self, tokens: Sequence[int]) -> ndarray: ...
    def loss(self, document: Sequence[int]) -> float: ...


RUNGS = (Rung0, Rung1, Rung2, Rung3, Rung4, Rung5, Rung6)


def climb(number: int, experiment: Experiment, steps: int | None = None) -> Rung:
    """Rung `number`, untrained, on the names of an experiment that it may learn from, in the order in
    which the lab's trainer takes them. From rung 4 on they have the lab's own size, the top one its
    learning rate too; with the lab's `steps`, the default, its losses are those of the lab. Counting
    is done after one pass over the names, so rung 0 gets no more steps than that."""
    config, settings = experiment.config, experiment.settings
    order = experiment.trainer().order
    documents = [experiment.train_documents[i] for i in order]
    if number == 0:
        options: dict[str, Any] = {"steps": len(documents) if steps is None else min(steps, len(documents))}
    else:
        options = {"steps": settings.steps if steps is None else steps}
    if number >= 3:
        options |= {"n_embd": config.n_embd, "block_size": config.block_size}
    if number >= 4:
        options |= {"n_head": config.n_head, "n_layer": config.n_layer}
    if number == len(RUNGS) - 1:
        options |= {"learning_rate": settings.learning_rate}
    return RUNGS[number](documents, config.vocab_size, settings.seed, **options)
