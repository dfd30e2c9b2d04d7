"""What adding one to every count costs, and what it is good for."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .rung0_count import Rung0


def counted_loss(rung: Rung0, added: float = 1.0) -> float:
    """Mean of −log p over all pairs counted so far, in nats, when `added` is put onto every count.

    With 0 added it is as small as any table of pairs can make it: setting the slope to zero for the
    probabilities of a row, which sum to 1, gives count / sum of the row. A count of 0 has no part in it.
    """
    seen = rung.counts > 0
    smoothed = rung.counts + added
    with np.errstate(invalid="ignore"):  # a letter that was never read: its row is 0 / 0, and not asked for
        probabilities = smoothed / smoothed.sum(axis=1, keepdims=True)
    return float(-(rung.counts[seen] * np.log(probabilities[seen])).sum() / rung.counts.sum())


def unseen_pairs(rung: Rung0, documents: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """The pairs in these documents that were never counted: with plain counts, each would have the
    probability 0 and cost an infinite loss."""
    pairs = {(int(a), int(b)) for document in documents for a, b in pairwise(document)}
    return {pair for pair in pairs if not rung.counts[pair]}
