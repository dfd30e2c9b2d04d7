"""Names in, a clean list out, with a report of every line that was changed or dropped."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .rng import stream
from .shipped import default_list as default_list

MAX_LETTERS = 63
MIN_NAMES = 2


class DataError(ValueError):
    """The data can't be used; the message says why and is meant for a person."""


class Change(NamedTuple):
    """What became of one line: `after` is None where it was dropped. Lines count from 1."""

    line: int
    before: str
    after: str | None
    why: str


@dataclass(frozen=True)
class Report:
    read: int  # lines that were not blank
    kept: int
    changes: tuple[Change, ...]

    @property
    def dropped(self) -> int:
        return self.read - self.kept

    def __str__(self) -> str:
        reasons = Counter(change.why for change in self.changes)
        detail = "".join(f"; {count} {why}" for why, count in reasons.most_common())
        return f"{self.kept:,} of {self.read:,} names kept{detail}"


def clean(text: str) -> tuple[list[str], Report]:
    """One name a line → lower-case names without repeats, in their order, and what was done.

    Raises DataError if fewer than MIN_NAMES are left: one to learn from and one to be tested on.
    """
    names: dict[str, None] = {}  # a dict keeps the order and finds repeats at once
    changes = []
    read = 0
    for number, line in enumerate(text.splitlines(), start=1):
        before = line.strip()
        if not before:
            continue
        read += 1
        small = before.lower()
        name = unicodedata.normalize("NFC", small)  # é as one character, however it was typed
        if why := _unusable(name, names):
            changes.append(Change(number, before, None, why))
            continue
        if name != before:
            why = "written in small letters" if small != before else "with accents written the standard way"
            changes.append(Change(number, before, name, why))
        names[name] = None
    if len(names) < MIN_NAMES:
        raise DataError(f"at least {MIN_NAMES} different names are needed, one a line; found {len(names)}")
    return list(names), Report(read, len(names), tuple(changes))


def _unusable(name: str, seen: dict[str, None]) -> str | None:
    if name in seen:
        return "dropped as repeats"
    if not name.isprintable():
        return "dropped for an unprintable character"
    if len(name) > MAX_LETTERS:
        return f"dropped as longer than {MAX_LETTERS} letters"
    return None


def decode(data: bytes, source: str = "the file") -> str:
    """UTF-8 bytes → text, with or without a byte-order mark. Raises DataError where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{source} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from None


def load(path: str | Path) -> tuple[list[str], Report]:
    """Read and clean a file of names. Raises DataError if it can't be read or holds too few."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"can't read {path}: {error.strerror}") from None
    return clean(decode(data, str(path)))


class Split(NamedTuple):
    train: list[str]
    held_out: list[str]  # never trained on: the honest exam


def split(names: Sequence[str], seed: int = 0, fraction: float = 0.1) -> Split:
    """Set a random `fraction` of the names aside (at least one), the same ones for the same seed."""
    order = stream(seed, "split").permutation(len(names))
    n_held_out = max(1, round(len(names) * fraction))
    shuffled = [names[i] for i in order]
    return Split(train=shuffled[n_held_out:], held_out=shuffled[:n_held_out])


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
