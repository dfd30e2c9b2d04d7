"""What can be counted in a list of names, and where one name stands in it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from microgpt.experiment import Experiment

USUAL_LENGTHS = (8, 14)  # letters; most names of the lab's own list lie between these
ENDING = 6  # letters: as many as "saurus" has
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


def common_ending(names: Sequence[str], letters: int = ENDING) -> tuple[str, int]:
    """The last `letters` letters that most names share, and how many names have them."""
    endings = Counter(name[-letters:] for name in names if len(name) > letters)
    return endings.most_common(1)[0] if endings else ("", 0)


def next_like(names: Sequence[str], current: str, wanted: Callable[[str], bool]) -> str | None:
    """The first name behind `current` on the list, and round again, that is wanted; None if none is."""
    start = names.index(current) + 1 if current in names else 0
    return next((name for name in (*names[start:], *names[:start]) if wanted(name)), None)


def found(names: Sequence[str], typed: str, most: int) -> list[str]:
    """Names that begin with what was typed, then those that have it elsewhere; `most` at most."""
    typed = typed.strip().lower()
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
