"""A graph of `Value`s as a list, and what happens in it moment by moment: forward, then backward.

This is the tape of autograd, laid out to be looked at: values become numbers in a list (their place
in it stands for them), and each moment says which value had its turn, and what it passed to whom.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from ..value import Value


class Share(NamedTuple):
    """What a value passes back to one of those it was made from: `passed` = its gradient × `local`."""

    to: int
    local: float
    passed: float
    before: float  # the gradient of `to` until then
    after: float  # and with it


class Moment(NamedTuple):
    """One value's turn. Forward, it has just been computed. Backward, its own gradient is complete, and
    it has just passed its shares on."""

    at: int
    backward: bool
    shares: tuple[Share, ...]
    grads: tuple[float | None, ...]  # of every value, after this; None: nothing has come there yet


class Tape:
    """The values that `result` was made from, in the order in which they were computed; it is the last."""

    def __init__(self, result: Value) -> None:
        self.nodes = result.topological()
        self._places = {node: i for i, node in enumerate(self.nodes)}
        self.parts = [tuple(self._places[child] for child in node.children) for node in self.nodes]
        self.uses = [0] * len(self.nodes)  # how often each went into another: so many shares will come back
        for parts in self.parts:
            for part in parts:
                self.uses[part] += 1

    def place(self, node: Value) -> int:
        """Where it stands in `nodes`. Raises KeyError for a value that is not on the tape."""
        return self._places[node]

    def moments(self) -> Iterator[Moment]:
        """Each value's turn forward, then each one's turn backward, by `Value.backward_steps` itself.

        Fills in the gradients, so that afterwards they are what `backward()` leaves. Raises OverflowError
        if a gradient gets too large for a number.
        """
        grads: list[float | None] = [None] * len(self.nodes)
        for i in range(len(self.nodes)):
            yield Moment(i, False, (), tuple(grads))
        for node in self.nodes:
            node.grad = 0.0  # backward adds: it must find nothing from a time before
        grads[-1] = 1.0
        for node in self.nodes[-1].backward_steps():
            shares = tuple(self._shares(node, grads))
            if not all(math.isfinite(share.after) for share in shares):
                raise OverflowError("a gradient is too large for a number")
            yield Moment(self.place(node), True, shares, tuple(grads))

    def _shares(self, node: Value, grads: list[float | None]) -> Iterator[Share]:
        """What the node has passed on, in its order; adds it to `grads`."""
        for child, local in zip(node.children, node.local_grads, strict=True):
            to, passed = self.place(child), local * node.grad
            before = grads[to] or 0.0
            grads[to] = before + passed
            yield Share(to, local, passed, before, before + passed)
