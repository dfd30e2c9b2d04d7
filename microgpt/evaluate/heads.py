"""What does each head look at? Five measures of attention, averaged over many names.

Position 0 is [BOS]; positions 1 … T − 1 hold letters. A row of attention belongs to the position
that looks, and sums to 1. The look of [BOS] is never counted: it has nothing to choose from.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..model import GPT

VOWELS = "aeiou"
CLEAR = 0.5  # how far from chance to "nothing else" a head must be to have a clear role
EVEN = 0.95  # share of the entropy of an even look from which a head counts as looking everywhere
NO_ROLE = "no clear role"


class HeadMeasures(NamedTuple):
    """Means over looks, all of one shape; NaN where no look qualified."""

    bos: ndarray  # attention on [BOS], where at least one letter competes, 0 … 1
    previous: ndarray  # attention on the letter just before the one that looks, 0 … 1
    vowels: ndarray  # share of all attention on letters that goes to vowels, 0 … 1
    entropy: ndarray  # how spread out, in bits: n equal shares have log2 n
    repeat: ndarray  # attention on earlier copies of the letter that comes next, where there are any, 0 … 1

    def at(self, *index: int) -> "HeadMeasures":
        """Those of one head."""
        return HeadMeasures(*(float(measure[index]) for measure in self))


def look_sums(attention: ndarray, tokens: Sequence[int], target: int, vowels: frozenset[int]) -> ndarray:
    """Sums and weights for one name. attention (..., T, T), tokens (T,), `target` what follows the
    last of them → (5, 2, ...): for each measure what its looks add up to, and what to divide by."""
    tokens = np.asarray(tokens)
    t = len(tokens)
    following = np.append(tokens[1:], target)
    rows = np.arange(t)
    letters = rows >= 1
    is_vowel = letters & np.isin(tokens, list(vowels))
    copies = np.tril(letters & (tokens == following[:, None]))  # (T, T): column holds what comes next
    logs = np.log2(attention, out=np.zeros_like(attention), where=attention > 0)
    looks = attention[..., 1:, :]  # (..., T - 1, T): those of letters
    on_vowels, on_letters = looks @ is_vowel, looks @ letters  # (..., T - 1)
    repeating = copies.any(-1)
    one = np.ones(attention.shape[:-2])
    return np.array(
        [
            [looks[..., 0].sum(-1), one * (t - 1)],
            # the first letter has only [BOS] before it, so it does not count
            [attention[..., rows[2:], rows[1:-1]].sum(-1), one * max(t - 2, 0)],
            # a look that hardly touches letters says little about which ones it likes: weigh by attention
            [on_vowels.sum(-1), on_letters.sum(-1)],
            [-(attention * logs)[..., 1:, :].sum((-1, -2)), one * (t - 1)],
            [(attention * copies).sum((-1, -2)), one * repeating.sum()],
        ],
        np.float64,
    )


def head_sums(model: GPT, document: Sequence[int], vowels: frozenset[int]) -> ndarray:
    """(5, 2, n_layer, n_head): `look_sums` of every head on one document. `vowels` are token ids."""
    trace = model.forward(document[:-1])
    attention = np.stack([layer.attention for layer in trace.layers])  # (n_layer, H, T, T)
    return look_sums(attention, document[:-1], document[-1], vowels)


def even_sums(document: Sequence[int], vowels: frozenset[int]) -> ndarray:
    """(5, 2): `look_sums` of a head that looks at everything it can see alike. It stands for chance."""
    t = len(document) - 1
    return look_sums(np.tri(t) / np.arange(1, t + 1)[:, None], document[:-1], document[-1], vowels)


def measure_heads(
    model: GPT, documents: Sequence[Sequence[int]], vowels: frozenset[int]
) -> Iterator[tuple[ndarray, ndarray]]:
    """Sums of every head, and of an even look, over the first 1, 2, 3 … documents: a generator, so
    that it can be watched and stopped. `measures` makes means of them."""
    heads = np.zeros((5, 2, model.config.n_layer, model.config.n_head))
    even = np.zeros((5, 2))
    for document in documents:
        heads = heads + head_sums(model, document, vowels)  # a new array: those handed out stay as they are
        even = even + even_sums(document, vowels)
        yield heads, even


def measures(sums: ndarray) -> HeadMeasures:
    """(5, 2, ...) sums → means (...); to pool over layers, add the sums up first."""
    with np.errstate(invalid="ignore"):
        return HeadMeasures(*(sums[:, 0] / sums[:, 1]))


def vowel_rate(documents: Sequence[Sequence[int]], vowels: frozenset[int], bos: int) -> float:
    """The share of vowels among all letters of the documents: what chance alone would give."""
    letters = [token for document in documents for token in document if token != bos]
    return sum(token in vowels for token in letters) / len(letters)


def role(head: HeadMeasures, chance: HeadMeasures) -> str:
    """What one head is for, in words, if its looks say so clearly; else NO_ROLE.

    Clear means: at least CLEAR of the way from chance to "nothing else", on the measure where the
    head goes furthest. A taste for vowels or consonants counts only in a head that gives letters at
    least half of its attention. Otherwise a head with EVEN of an even look's entropy looks everywhere.
    """
    found = {
        "rests on [BOS]": _beyond(head.bos, chance.bos),
        "looks at the letter before": _beyond(head.previous, chance.previous),
        "looks for copies of the next letter": _beyond(head.repeat, chance.repeat),
    }
    if head.bos <= 0.5:
        found["looks at vowels"] = _beyond(head.vowels, chance.vowels)
        found["looks at consonants"] = _beyond(1 - head.vowels, 1 - chance.vowels)
    clear = {name: share for name, share in found.items() if share >= CLEAR}  # NaN is never clear
    if clear:
        return max(clear, key=clear.__getitem__)
    return "looks everywhere alike" if head.entropy >= EVEN * chance.entropy > 0 else NO_ROLE


def _beyond(value: float, chance: float) -> float:
    """How much of the way from chance to 1 has been gone; below 0 for less than chance."""
    return (value - chance) / (1 - chance) if chance < 1 else float("nan")
