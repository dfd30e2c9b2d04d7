"""Is a made-up name new, or only remembered? Its edit distance to the nearest real name tells."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray


class Verdict(NamedTuple):
    kind: str  # "copy": on the list; "near": within `near` letters of one on it; "new"
    nearest: str  # the closest real name
    distance: int  # how many letters to insert, delete or change to get there


def near(length: int) -> int:
    """The largest edit distance at which a name of `length` letters counts as a near copy."""
    return 1 if length < 8 else 2


AT_ONCE = 8192  # names in one array: few enough to stay in a processor's cache


class _Block(NamedTuple):
    """Some names of about one length, as an array."""

    at: ndarray  # (n,): their places on the list
    lengths: ndarray  # (n,)
    letters: ndarray  # (longest, n): code points; what lies behind the end of a name does not count

    def distances(self, name: str) -> ndarray:
        """Edit distance (Levenshtein, 1965) from `name` to each of them, (n,) int16."""
        longest, n = self.letters.shape
        # row[j, i]: from the letters of `name` read so far to the first j letters of name i
        row = np.repeat(np.arange(longest + 1, dtype=np.int16)[:, None], n, axis=1)
        for read, letter in enumerate(name, start=1):
            above = row
            row = np.empty_like(above)
            row[0] = read
            changed = above[:-1] + (self.letters != ord(letter))
            row[1:] = np.minimum(changed, above[1:] + 1)
            for j in range(longest):  # insertions: each row needs the row before it
                np.minimum(row[j + 1], row[j] + 1, out=row[j + 1])
        distances: ndarray = row[self.lengths, np.arange(n)]
        return distances


class Novelty:
    """Compares a name with all names of a list, many at once: edit distance row by row, each row an array.

    A long list is taken in blocks of about one length, so that one long name does not make all rows long.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        lengths = np.array([len(name) for name in names])
        order = np.argsort(lengths, kind="stable")
        self._blocks = [self._block(order[i : i + AT_ONCE], lengths) for i in range(0, len(order), AT_ONCE)]

    def _block(self, at: ndarray, lengths: ndarray) -> _Block:
        letters = np.zeros((lengths[at].max(), len(at)), np.int32)
        for column, place in enumerate(at):
            name = self.names[place]
            letters[: len(name), column] = [ord(letter) for letter in name]
        return _Block(at, lengths[at], letters)

    def judge(self, name: str) -> Verdict:
        """The verdict on one name. If several names are nearest, the first on the list counts."""
        distances = self.distances(name)
        nearest = int(distances.argmin())
        distance = int(distances[nearest])
        kind = "copy" if distance == 0 else "near" if distance <= near(len(name)) else "new"
        return Verdict(kind, self.names[nearest], distance)

    def distances(self, name: str) -> ndarray:
        """Edit distance from `name` to each name on the list, (names,) int16."""
        distances = np.empty(len(self.names), np.int16)
        for block in self._blocks:
            distances[block.at] = block.distances(name)
        return distances
