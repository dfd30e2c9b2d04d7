"""Figures in the prose that follow from the names and the settings.

The build puts in those of the names and settings that the page opens with, each as `<span data-live="n_embd">`. When
the reader goes over to others, each section brings its own up to date.
"""

from collections.abc import Callable
from dataclasses import replace
from math import prod
from weakref import WeakKeyDictionary

from microgpt.evaluate.heads import vowels
from microgpt.experiment import Experiment
from microgpt.graph import build
from microgpt.ladder import climb

CONFIG = ("n_layer", "n_head", "n_embd", "vocab_size", "block_size", "head_size", "max_letters", "n_params")
BASELINES = ("uniform", "unigram", "bigram", "trigram")

OTHERS: dict[str, Callable[[Experiment], int | float | str]] = {
    "steps": lambda experiment: experiment.settings.steps,
    "names": lambda experiment: len(experiment.names),
    "train_names": lambda experiment: len(experiment.split.train),
    "held_out_names": lambda experiment: len(experiment.split.held_out),
    "letters": lambda experiment: len(experiment.tokenizer.alphabet),
    "longest": lambda experiment: max(experiment.names, key=len),
    "longest_letters": lambda experiment: max(map(len, experiment.names)),
    "names_to_the_end": lambda experiment: sum(
        4 * len(name) >= 3 * experiment.config.block_size for name in experiment.names
    ),
    "vowels": lambda experiment: _listed(vowels(experiment.tokenizer.alphabet)),
    "even_chance": lambda experiment: 1 / experiment.config.vocab_size,
    "pairs": lambda experiment: experiment.config.vocab_size**2,
    "rung3_params": lambda experiment: climb(3, experiment).n_params,
    "step_multiplications": lambda experiment: _multiplications(experiment),
    "nudges": lambda experiment: 2 * experiment.config.n_params,
    "n_params_wide": lambda experiment: replace(experiment.config, n_embd=2 * experiment.config.n_embd).n_params,
    "n_params_deep": lambda experiment: replace(experiment.config, n_layer=2 * experiment.config.n_layer).n_params,
    "tying_share": lambda experiment: (
        experiment.config.vocab_size * experiment.config.n_embd / experiment.config.n_params
    ),
    "block_stations": lambda experiment: len(build(experiment.config).stations),
    "plain_counts_mean_loss": lambda experiment: experiment.pairs_counted.plain_loss,
    "add_one_mean_loss": lambda experiment: float(experiment.pairs_counted.losses(experiment.train_documents).mean()),
    "unseen_pairs": lambda experiment: experiment.pairs_counted.unseen(experiment.held_out_documents),
}

_known: WeakKeyDictionary[Experiment, dict[str, int | float | str]] = WeakKeyDictionary()


def _multiplications(experiment: Experiment) -> str:
    """How many a training step takes in its matrix products, for a name of middling length: each weight of a matrix,
    but for the embeddings, once a position on the way forward and twice on the way back."""
    weights = sum(prod(shape) for name, shape in experiment.config.shapes().items() if name not in ("wte", "wpe"))
    positions = sum(len(document) - 1 for document in experiment.train_documents) / len(experiment.train_documents)
    return f"{float(f'{3 * weights * positions / 1e6:.1g}'):g} million"


def _listed(letters: str) -> str:
    """a, e and i."""
    if not letters:
        return "none of the letters of this list"
    return f"{', '.join(letters[:-1])} and {letters[-1]}" if len(letters) > 1 else letters


def figure(name: str, experiment: Experiment) -> int | float | str:
    """The value of a figure. Raises KeyError for one that is not known."""
    if name in CONFIG:
        return getattr(experiment.config, name)  # type: ignore[no-any-return]
    known = _known.setdefault(experiment, {})
    if name not in known:
        baseline = name.removesuffix("_loss")
        known[name] = experiment.baselines[baseline] if baseline in BASELINES else OTHERS[name](experiment)
    return known[name]


NAMES = (*CONFIG, *OTHERS, *(f"{name}_loss" for name in BASELINES))
