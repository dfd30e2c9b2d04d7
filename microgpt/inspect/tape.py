"""The tape of autograd: a graph of `Value`s as a list, and its forward and backward pass, value by value.

A value is named by its place in the list. Each `Turn` says which value it is about, and which
gradients it passed to its inputs.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from ..value import Value


class Share(NamedTuple):
    """The gradient that a value passes to one of its inputs: `passed` = its own gradient × `local`."""

    to: int  # the place of the input
    local: float  # d(value) / d(input)
    passed: float
    before: float  # the input's gradient before this share is added …
    after: float  # … and after


class Turn(NamedTuple):
    """One value's turn. Forward: it has just been computed. Backward: its gradient is complete and it
    has just passed its shares on."""

    at: int
    backward: bool
    shares: tuple[Share, ...]
    grads: tuple[float | None, ...]  # of every value after this turn; None: no gradient has arrived yet


class Tape:
    """The values that `result` was made from, in the order of computation. The last one is `result`."""

    def __init__(self, result: Value) -> None:
        self.nodes = result.topological()
        self._places = {node: i for i, node in enumerate(self.nodes)}
        self.parts = [tuple(self._places[child] for child in node.children) for node in self.nodes]
        self.uses = [0] * len(self.nodes)  # how often each is used: it will receive as many shares
        for parts in self.parts:
            for part in parts:
                self.uses[part] += 1

    def place(self, node: Value) -> int:
        """The index of a value in `nodes`. Raises KeyError if it is not on the tape."""
        return self._places[node]

    def turns(self) -> Iterator[Turn]:
        """Each value's turn forward, then each value's turn backward, driven by `Value.backward_steps`.

        Fills in the gradients, as `backward()` does. Raises OverflowError if a gradient is not finite.
        """
        grads: list[float | None] = [None] * len(self.nodes)
        for i in range(len(self.nodes)):
            yield Turn(i, False, (), tuple(grads))
        for node in self.nodes:
            node.grad = 0.0  # backward adds to what is there
        grads[-1] = 1.0
        for node in self.nodes[-1].backward_steps():
            shares = tuple(self._shares(node, grads))
            if not all(math.isfinite(share.after) for share in shares):
                raise OverflowError("a gradient is too large for a number")
            yield Turn(self.place(node), True, shares, tuple(grads))

    def _shares(self, node: Value, grads: list[float | None]) -> Iterator[Share]:
        """The shares that the node has just passed on, each added to `grads`."""
        for child, local in zip(node.children, node.local_grads, strict=True):
            to, passed = self.place(child), local * node.grad
            before = grads[to] or 0.0
            grads[to] = before + passed
            yield Share(to, local, passed, before, before + passed)
