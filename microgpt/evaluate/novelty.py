"""Is a made-up name new, or was it only remembered? The nearest real name tells."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray


class Verdict(NamedTuple):
    kind: str  # "copy": it is on the list; "near": almost; "new"
    nearest: str  # the real name it is closest to
    distance: int  # letters to put in, take out or change to get there


def near(length: int) -> int:
    """How many letters may differ in a near copy of a name with `length` letters."""
    return 1 if length < 8 else 2


class Novelty:
    """Compares names with a list, all at once: the edit distance by rows, each row an array."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._lengths = np.array([len(name) for name in names])
        self._letters = np.zeros((self._lengths.max(), len(names)), np.int32)  # (longest, names)
        for column, name in enumerate(names):
            self._letters[: len(name), column] = [ord(letter) for letter in name]

    def judge(self, name: str) -> Verdict:
        """The verdict on one name; of several nearest names the first on the list."""
        distances = self.distances(name)
        nearest = int(distances.argmin())
        distance = int(distances[nearest])
        kind = "copy" if distance == 0 else "near" if distance <= near(len(name)) else "new"
        return Verdict(kind, self.names[nearest], distance)

    def distances(self, name: str) -> ndarray:
        """Edit distance (Levenshtein, 1965) from `name` to each name on the list, (names,)."""
        longest, n = self._letters.shape
        # row[j, i]: from the letters of `name` read so far to the first j letters of name i
        row = np.repeat(np.arange(longest + 1, dtype=np.int16)[:, None], n, axis=1)
        for read, letter in enumerate(name, start=1):
            above = row
            row = np.empty_like(above)
            row[0] = read
            changed = above[:-1] + (self._letters != ord(letter))
            row[1:] = np.minimum(changed, above[1:] + 1)
            for j in range(longest):  # putting letters in: each row needs the one before it
                np.minimum(row[j + 1], row[j] + 1, out=row[j + 1])
        return row[self._lengths, np.arange(n)]
