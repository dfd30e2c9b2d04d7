"""Setting names aside to be held out of training, and counting what a list holds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..rng import stream


class Split(NamedTuple):
    train: list[str]
    held_out: list[str]  # never trained on: the honest test


MAX_HELD_OUT = 3_000  # names: more would tell the loss no better, to about 0.01, and each test of them takes seconds


def split(names: Sequence[str], seed: int = 0, fraction: float = 0.1) -> Split:
    """Set a random `fraction` of the names aside (at least one, at most MAX_HELD_OUT), the same ones for the same seed.

    A name that is repeated goes to one side with all its repeats.
    """
    times = Counter(names)
    different = list(times)  # in the order of the list
    order = stream(seed, "split").permutation(len(different))
    n_held_out = min(MAX_HELD_OUT, max(1, round(len(different) * fraction)))
    shuffled = [different[i] for i in order]

    def repeated(part: list[str]) -> list[str]:
        return [name for name in part for _ in range(times[name])]

    return Split(train=repeated(shuffled[n_held_out:]), held_out=repeated(shuffled[:n_held_out]))


@dataclass(frozen=True)
class Statistics:
    count: int
    longest: str
    first_letters: dict[str, int]  # in alphabetical order, summing to count
    lengths: dict[int, int]  # every length from 1 to the longest, summing to count

    def share_of_lengths(self, low: int, high: int) -> float:
        """The share, 0 … 1, of names with `low` to `high` letters, both included."""
        return sum(n for length, n in self.lengths.items() if low <= length <= high) / self.count


def statistics(names: Sequence[str]) -> Statistics:
    firsts = Counter(name[0] for name in names)
    lengths = Counter(map(len, names))
    longest = max(names, key=len)
    return Statistics(
        count=len(names),
        longest=longest,
        first_letters={letter: firsts[letter] for letter in sorted(set("".join(names)))},
        lengths={length: lengths[length] for length in range(1, len(longest) + 1)},
    )
