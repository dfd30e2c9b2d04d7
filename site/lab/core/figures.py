"""Figures in the prose that depend on names and settings: `<span data-live="n_embd">32</span>`.

The build puts in those of the names and settings that the page opens with. When the reader goes over to
others, each section brings its own up to date.
"""

from collections.abc import Callable

from microgpt.experiment import Experiment
from microgpt.graph import build

CONFIG = ("n_layer", "n_head", "n_embd", "vocab_size", "block_size", "head_size", "max_letters", "n_params")

OTHERS: dict[str, Callable[[Experiment], int | float]] = {
    "steps": lambda experiment: experiment.settings.steps,
    "held_out_names": lambda experiment: len(experiment.split.held_out),
    "uniform_loss": lambda experiment: experiment.baselines["uniform"],
    "bigram_loss": lambda experiment: experiment.baselines["bigram"],
    "even_chance": lambda experiment: 1 / experiment.config.vocab_size,
    "pairs": lambda experiment: experiment.config.vocab_size**2,
    "block_stations": lambda experiment: len(build(experiment.config).stations),
}


def figure(name: str, experiment: Experiment) -> int | float:
    """The value of a figure. Raises KeyError for one that is not known."""
    return getattr(experiment.config, name) if name in CONFIG else OTHERS[name](experiment)
