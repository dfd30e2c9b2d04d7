"""What a model has to beat: guessing evenly, counting letters, counting pairs and triples."""

import math
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy import ndarray

MAX_CELLS = 2**24  # of a whole table, 128 MB in double precision


def uniform_loss(vocab_size: int) -> float:
    """Cross-entropy, in nats, of giving every token the same probability: ln(vocab_size)."""
    return math.log(vocab_size)


class NGram:
    """Predicts a token from the `order` − 1 before it, by counting, each count plus one.

    order 1: how common each letter is. 2: which letter follows which. 3: looks two letters back.
    Adding one (Laplace) leaves some probability to what was never seen.

    Only what was seen is stored. A context and its target are one number, their code: the tokens are
    its digits, to the base vocab_size. N is how many different ones there are.
    """

    def __init__(self, order: int, vocab_size: int, documents: Sequence[Sequence[int]]) -> None:
        """Raises ValueError for an order below 1, or so high that codes do not fit into 63 bits."""
        if order < 1 or vocab_size**order >= 2**63:
            raise ValueError(f"can't count {order} letters of {vocab_size} different ones together")
        self.order = order
        self.vocab_size = vocab_size
        codes = self._codes(documents)
        self._seen, self._times = np.unique(codes, return_counts=True)  # each (N,), codes in order
        contexts, first = np.unique(self._seen // vocab_size, return_index=True)
        self._contexts = contexts
        self._totals = np.add.reduceat(self._times, first) if len(first) else self._times

    def _codes(self, documents: Sequence[Sequence[int]]) -> ndarray:
        """The code of every context and target, in the order of the documents, (tokens − documents,)."""
        # of the size of an index: np.repeat takes no 64-bit counts in a browser, where an index has 32 bits
        lengths = np.fromiter(map(len, documents), np.intp, len(documents))
        tokens = np.fromiter(chain.from_iterable(documents), np.int64, int(lengths.sum()))
        starts = np.repeat(np.cumsum(lengths) - lengths, lengths)  # (tokens,): where its document begins
        targets = np.flatnonzero(np.arange(len(tokens)) > starts)  # all but the first of each
        starts = starts[targets]
        codes = np.zeros(len(targets), np.int64)
        for back in range(self.order - 1, -1, -1):
            codes *= self.vocab_size
            codes += tokens[np.maximum(targets - back, starts)]  # before START there is only START
        return codes

    @property
    def plain_loss(self) -> float:
        """Mean of −ln p over all that was counted, in nats, without the one that is added: as small as any such table
        can make it. Setting the slope to zero for the probabilities of a context, which sum to 1, gives
        count / total."""
        totals = self._totals[np.searchsorted(self._contexts, self._seen // self.vocab_size)]
        return float(-(self._times * np.log(self._times / totals)).sum() / self._times.sum())

    def unseen(self, documents: Sequence[Sequence[int]]) -> int:
        """How many different contexts and targets in these documents were never counted: without the one that is
        added, each would have the probability 0 and cost an infinite loss."""
        return len(np.setdiff1d(self._codes(documents), self._seen))

    def losses(self, documents: Sequence[Sequence[int]]) -> ndarray:
        """−ln p of each token but the first of every document, one after another, in nats."""
        codes = self._codes(documents)
        times = _look_up(codes, self._seen, self._times)
        totals = _look_up(codes // self.vocab_size, self._contexts, self._totals)
        return -np.log((times + 1.0) / (totals + float(self.vocab_size)))

    def document_losses(self, documents: Sequence[Sequence[int]]) -> ndarray:
        """The mean cross-entropy of each document in nats, (documents,)."""
        losses, end = self.losses(documents), 0
        means = []
        for document in documents:
            start, end = end, end + len(document) - 1
            means.append(losses[start:end].mean())
        return np.array(means)

    @property
    def counts(self) -> ndarray:
        """The whole table, (vocab,) * order. Raises ValueError where it would have over MAX_CELLS cells."""
        cells = self.vocab_size**self.order
        if cells > MAX_CELLS:
            raise ValueError(
                f"a table of {self.vocab_size:,} letters has {cells:,} cells for order {self.order}: too many"
            )
        table = np.zeros(cells, np.int64)
        table[self._seen] = self._times
        return table.reshape((self.vocab_size,) * self.order)

    @property
    def probabilities(self) -> ndarray:
        """(vocab,) * order; sums to 1 along the last axis. Raises ValueError as `counts` does."""
        smoothed = self.counts + 1.0
        shares: ndarray = smoothed / smoothed.sum(axis=-1, keepdims=True)
        return shares


def _look_up(wanted: ndarray, known: ndarray, values: ndarray) -> ndarray:
    """The value of each wanted code, 0 where it is not among the `known` ones, which are in order."""
    if not len(known):
        return np.zeros(len(wanted), np.int64)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, values[at], 0)
