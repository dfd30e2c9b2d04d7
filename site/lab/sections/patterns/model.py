"""What can be counted in a list of names, and where one name stands in it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from microgpt.experiment import Experiment

USUAL = 0.8  # of the names have a usual length
LENGTHS = (8, 14)  # letters: a range to be told, wherever so many names lie in it
ENDINGS = range(2, 7)  # letters
MOST_BARS = 40  # what one chart of bars can hold


class Tally(NamedTuple):
    """Counts in the order of their bars, and which bar each key belongs to."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    keys: tuple[tuple, ...]  # the letters, or lengths, that each bar counts

    def bar_of(self, key: str | int) -> int | None:
        """The bar that counts this letter or length; None if none does."""
        return next((i for i, keys in enumerate(self.keys) if key in keys), None)


def tally(counted: dict) -> Tally:
    """One bar a key, in their order. If there are too many keys, the last bar takes all the rest."""
    keys = list(counted)
    whole = keys if len(keys) <= MOST_BARS else keys[: MOST_BARS - 1]
    rest = tuple(keys[len(whole) :])
    labels, groups = [str(key) for key in whole], [(key,) for key in whole]
    if rest:
        labels.append(f"{rest[0]}–{rest[-1]}")
        groups.append(rest)
    return Tally(tuple(labels), tuple(sum(counted[key] for key in group) for group in groups), tuple(groups))


def usual_lengths(lengths: dict[int, int]) -> tuple[int, int]:
    """The shortest and the longest of the usual lengths: LENGTHS, or else the narrowest range that holds as many names
    as USUAL asks for."""
    enough = USUAL * sum(lengths.values())

    def inside(low: int, high: int) -> int:
        return sum(lengths.get(length, 0) for length in range(low, high + 1))

    if inside(*LENGTHS) >= enough:
        return LENGTHS
    known = sorted(lengths)
    ranges = [(low, high) for low in known for high in known if low <= high and inside(low, high) >= enough]
    return min(ranges, key=lambda found: (found[1] - found[0], -inside(*found)))


def common_ending(names: Sequence[str]) -> tuple[str, int]:
    """What most names end in, a longer ending counting for more, and how many names do; ("", 0) if no two names end
    alike. A letter's accents count as letters."""
    best = ("", 0)
    for letters in ENDINGS:
        endings = Counter(name[-letters:] for name in names if len(name) > letters)
        found = endings.most_common(1)[0] if endings else ("", 0)
        if found[1] > 1 and len(found[0]) * found[1] > len(best[0]) * best[1]:
            best = found
    return best


def next_like(names: Sequence[str], current: str, wanted: Callable[[str], bool]) -> str | None:
    """The first name behind `current` on the list, and round again, that is wanted; None if none is."""
    start = names.index(current) + 1 if current in names else 0
    return next((name for name in (*names[start:], *names[:start]) if wanted(name)), None)


def found(names: Sequence[str], typed: str, most: int) -> list[str]:
    """Names that begin with what was typed, spelled as the list is, then those that have it elsewhere; `most` of them
    at most."""
    typed = typed.strip()
    if not typed:
        return []
    first = [name for name in names if name.startswith(typed)]
    inside = [name for name in names if typed in name and not name.startswith(typed)]
    return (first + inside)[:most]


def standing(name: str, experiment: Experiment) -> str:
    """Whether a name is one to learn from, one kept for the exam, or on no list."""
    if name in experiment.split.train:
        return "one of the names the model learns from"
    if name in experiment.split.held_out:
        return "held out: the model never trains on it"
    return "on neither list"
