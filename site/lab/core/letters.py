"""Which letters of a large alphabet are shown where there is no room for all."""

from collections import Counter
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from microgpt.experiment import Experiment

MOST = 96  # tiles, buttons, rows of a table

_ranked: WeakKeyDictionary[Experiment, list[int]] = WeakKeyDictionary()


def ranked(experiment: Experiment) -> list[int]:
    """The tokens of all letters, the most frequent in the list first."""
    if experiment not in _ranked:
        counts = Counter("".join(experiment.names))
        tokens = experiment.tokenizer.encode(experiment.tokenizer.alphabet)
        _ranked[experiment] = sorted(tokens, key=lambda token: -counts[experiment.tokenizer.label(token)])
    return _ranked[experiment]


def shown(experiment: Experiment, always: Iterable[int] = (), most: int = MOST) -> list[int]:
    """All tokens, [BOS] last; of more than `most` the most frequent letters and those that are `always` shown."""
    vocab_size = experiment.config.vocab_size
    if vocab_size <= most:
        return list(range(vocab_size))
    wanted = dict.fromkeys([experiment.tokenizer.bos, *map(int, always), *ranked(experiment)[:most]])
    return sorted(list(wanted)[: max(most, len(set(always)) + 1)])


def left_out(experiment: Experiment, most: int = MOST) -> str:
    """What to say of the letters that are not shown; "" where all are."""
    letters = len(experiment.tokenizer.alphabet)
    if letters < most:
        return ""
    return f"The {most - 1} most frequent of {letters:,} letters are shown, and those of the current name."
