"""What does each attention head attend to? Six measures of its weights, over many names.

Position 0 is [BOS]; positions 1 … T − 1 hold letters. Row t of the attention weights belongs to
position t, covers positions 0 … t, and sums to 1. Only rows of letters count: [BOS] has nothing to
choose from. Chance is what uniform attention would give on the same names.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar
from unicodedata import normalize

import numpy as np
from numpy import ndarray

from ..config import ConfigError
from ..engine import Model

VOWELS = frozenset("aeiouαεηιουωаеиоуыэюяієø")  # Latin, Greek, Cyrillic; with any accents
CLEAR = 0.5  # share of the way from chance to 1 that a head must have gone to have a role
EVEN = 0.95  # share of uniform attention's entropy from which a head counts as attending to all alike
RELIABLE = 3.0  # standard errors from chance below which a leaning may be luck
ROUNDING = 1e-6  # a difference from chance that float32 can make out of nothing
PLACES = ("bos", "previous", "current", "repeat")  # measures of attention on one kind of place
TOWARDS = (*PLACES, "vowels", "consonants")

T = TypeVar("T", bound=ndarray | float)


def vowels(alphabet: str) -> str:
    """The vowels among these letters, as far as accents are all that tells them from VOWELS, in order."""
    found = [letter for letter in alphabet if normalize("NFD", letter)[0].lower() in VOWELS]
    return "".join(sorted(found, key=lambda letter: normalize("NFD", letter)))


class HeadMeasures(NamedTuple, Generic[T]):
    """One value a measure, arrays all of one shape or floats; NaN where no row qualified."""

    bos: T  # attention on [BOS], 0 … 1
    previous: T  # attention on the letter just before, from the second letter on, 0 … 1
    current: T  # attention on the position itself, 0 … 1
    vowels: T  # share of all attention on letters that goes to vowels, 0 … 1
    entropy: T  # how spread out a row is, in bits: n equal shares have log2 n
    repeat: T  # attention on earlier copies of the letter that comes next, where there are any, 0 … 1

    def at(self, *index: int) -> "HeadMeasures[float]":
        """Those of one head."""
        return HeadMeasures(*(float(np.asarray(measure)[index]) for measure in self))


class Leaning(NamedTuple):
    """What a head attends to more than chance would, by the measure that shows it best."""

    towards: str  # one of TOWARDS
    z: float  # (value − chance) / standard error over names

    @property
    def reliable(self) -> bool:
        return self.z >= RELIABLE


@dataclass(frozen=True, eq=False)
class HeadStatistics:
    """Sums over names from which all measures follow. They take the same memory for any number of names.

    In one name each measure has a numerator s and a denominator w; over many names it is Σs / Σw.
    Uniform attention has s₀ and w₀ in the same name, and y = s − w · s₀ / w₀ is the excess over chance.
    """

    sums: ndarray  # (6, 2, n_layer, n_head): Σs, Σw
    uniform: ndarray  # (6, 2): Σs₀, Σw₀
    moments: ndarray  # (6, 4, n_layer, n_head): Σy, Σy², Σyw, Σw²
    counted: ndarray  # (6,): names in which the measure has a value

    @classmethod
    def empty(cls, n_layer: int, n_head: int) -> "HeadStatistics":
        n, heads = len(HeadMeasures._fields), (n_layer, n_head)
        return cls(np.zeros((n, 2, *heads)), np.zeros((n, 2)), np.zeros((n, 4, *heads)), np.zeros(n))

    def plus(self, sums: ndarray, uniform: ndarray) -> "HeadStatistics":
        """With one name more: its `head_sums` and `uniform_sums`. All arrays are new."""
        s, w = sums[:, 0], sums[:, 1]  # (6, n_layer, n_head)
        s0, w0 = uniform.T  # (6,)
        has_value = w0 > 0
        y = s - w * np.divide(s0, w0, out=np.zeros_like(s0), where=has_value)[:, None, None]
        moments = np.stack([y, y * y, y * w, w * w], axis=1)
        return HeadStatistics(
            self.sums + sums, self.uniform + uniform, self.moments + moments, self.counted + has_value
        )

    @property
    def each(self) -> HeadMeasures[ndarray]:
        """(n_layer, n_head): of every head by itself."""
        return measures(self.sums)

    @property
    def pooled(self) -> HeadMeasures[ndarray]:
        """(n_head,): of the heads with the same number, over the rows of all layers."""
        return measures(self.sums.sum(axis=2))

    @property
    def z_scores(self) -> HeadMeasures[ndarray]:
        """(n_layer, n_head): how far each measure is from chance, in standard errors over names.

        The excess D = Σy / Σw is a ratio of sums over n names; its standard error is
        √(n / (n − 1) · Σ(y − D w)²) / Σw (Cochran, Sampling Techniques, 1977, chapter 6). NaN for a
        measure that fewer than two names have; infinite if all names show the same excess.
        """
        y, yy, yw, ww = np.moveaxis(self.moments, 1, 0)  # (6, n_layer, n_head)
        n, w = self.counted[:, None, None], self.sums[:, 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            excess = y / w
            excess[np.abs(excess) < ROUNDING] = 0
            squares = np.maximum(yy - 2 * excess * yw + excess**2 * ww, 0)
            error = np.sqrt(n / (n - 1) * squares) / w
            z = np.where(excess == 0, 0, excess / error)
        return HeadMeasures(*np.where(n > 1, z, np.nan))


def measure_heads(
    model: Model, documents: Sequence[Sequence[int]], vowels: Collection[int]
) -> Iterator[HeadStatistics]:
    """Statistics of every head over the first 1, 2, 3 … documents: a generator, so that it can be
    watched and stopped. `vowels` are token ids."""
    statistics = HeadStatistics.empty(model.config.n_layer, model.config.n_head)
    for document in documents:
        statistics = statistics.plus(head_sums(model, document, vowels), uniform_sums(document, vowels))
        yield statistics


def attention_sums(attention: ndarray, tokens: Sequence[int], target: int, vowels: Collection[int]) -> ndarray:
    """Numerators and denominators of one name. attention (..., T, T), tokens (T,), `target` the token
    after the last of them → (6, 2, ...)."""
    ids = np.asarray(tokens)
    t = len(ids)
    following = np.append(ids[1:], target)
    positions = np.arange(t)
    letters = positions >= 1
    is_vowel = letters & np.isin(ids, list(vowels))
    copies = np.tril(letters & (ids == following[:, None]))  # (T, T): where a column holds the row's next letter
    logs = np.log2(attention, out=np.zeros_like(attention), where=attention > 0)
    rows = attention[..., 1:, :]  # (..., T - 1, T): those of letters
    one = np.ones(attention.shape[:-2])
    return np.array(
        [
            [rows[..., 0].sum(-1), one * (t - 1)],
            # the first letter has only [BOS] before it, so it does not count
            [attention[..., positions[2:], positions[1:-1]].sum(-1), one * max(t - 2, 0)],
            [attention[..., positions[1:], positions[1:]].sum(-1), one * (t - 1)],
            # a row that hardly attends to letters says little about which ones it likes: weigh by attention
            [(rows @ is_vowel).sum(-1), (rows @ letters).sum(-1)],
            [-(attention * logs)[..., 1:, :].sum((-1, -2)), one * (t - 1)],
            [(attention * copies).sum((-1, -2)), one * copies.any(-1).sum()],
        ],
        np.float64,
    )


def head_sums(model: Model, document: Sequence[int], vowels: Collection[int]) -> ndarray:
    """(6, 2, n_layer, n_head): `attention_sums` of every head on one document. Raises ConfigError for a
    model without attention."""
    if not model.config.attention:
        raise ConfigError("attention", "a model without attention has no heads to measure")
    trace = model.forward(document[:-1])
    attention = np.stack([layer.attention for layer in trace.layers])  # (n_layer, H, T, T)
    return attention_sums(attention, document[:-1], document[-1], vowels)


def uniform_sums(document: Sequence[int], vowels: Collection[int]) -> ndarray:
    """(6, 2): `attention_sums` of a head that attends alike to everything it may. It stands for chance."""
    t = len(document) - 1
    return attention_sums(np.tri(t) / np.arange(1, t + 1)[:, None], document[:-1], document[-1], vowels)


def measures(sums: ndarray) -> HeadMeasures[ndarray]:
    """(6, 2, ...) sums → values (...); to pool over layers, add the sums up first."""
    with np.errstate(invalid="ignore"):
        return HeadMeasures(*(sums[:, 0] / sums[:, 1]))


def vowel_rate(documents: Sequence[Sequence[int]], vowels: Collection[int], bos: int) -> float:
    """The share of vowels among all letters of the documents: what chance alone would give."""
    letters = [token for document in documents for token in document if token != bos]
    return sum(token in vowels for token in letters) / len(letters)


def role(head: HeadMeasures[float], chance: HeadMeasures[float]) -> str | None:
    """What one head clearly attends to: one of TOWARDS, or "uniform" for everything alike; None if
    nothing is clear.

    Clear means: at least CLEAR of the way from chance to 1, on the measure where the head goes
    furthest. A taste for vowels or consonants counts only in a head that gives letters at least half
    of its attention. Otherwise a head with EVEN of uniform attention's entropy is uniform.
    """
    found = {name: _beyond(getattr(head, name), getattr(chance, name)) for name in PLACES}
    if head.bos <= 0.5:
        found["vowels"] = _beyond(head.vowels, chance.vowels)
        found["consonants"] = _beyond(1 - head.vowels, 1 - chance.vowels)
    clear = {name: share for name, share in found.items() if share >= CLEAR}  # NaN is never clear
    if clear:
        return max(clear, key=clear.__getitem__)
    return "uniform" if head.entropy >= EVEN * chance.entropy > 0 else None


def leaning(z_scores: HeadMeasures[float]) -> Leaning | None:
    """What one head attends to more than chance, by most standard errors; None if by none.

    Only what lies above chance counts: attention sums to 1, so that a head which attends to one thing
    is below chance on all others, and more standard errors below, as small shares vary less.
    """
    above = z_scores._asdict() | {"consonants": -z_scores.vowels}
    found = [Leaning(name, float(above[name])) for name in TOWARDS]
    return max((one for one in found if one.z > 0), key=lambda one: one.z, default=None)


def _beyond(value: float, chance: float) -> float:
    """How much of the way from chance to 1 has been gone; below 0 for less than chance."""
    return (value - chance) / (1 - chance) if chance < 1 else float("nan")
