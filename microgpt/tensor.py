"""A `Value` that holds a whole array: autograd fast enough to train a small GPT while you watch.

`Value` keeps one node for every number; a name would need a hundred thousand of them. Here a node is
an array, and an operation works on all its numbers at once. The idea is the same: arithmetic builds a
graph, and `backward()` walks it from the result to the inputs.

T is the number of positions, C the width of a vector, H the number of heads, D = C / H.
"""

from collections.abc import Callable
from itertools import count
from operator import attrgetter

import numpy as np
from numpy import ndarray

from . import ops
from .activations import FUNCTIONS

_births = count()
_birth = attrgetter("birth")
Pull = Callable[[ndarray], tuple[ndarray, ...]]


class Tensor:
    """An array: its `data`, and after `backward()` its `grad`, of the same shape."""

    __slots__ = ("birth", "children", "data", "grad", "op", "pull")

    def __init__(
        self, data: ndarray, children: tuple["Tensor", ...] = (), pull: Pull | None = None, op: str = ""
    ) -> None:
        self.data = data
        self.grad: ndarray | None = None  # None: nothing has been passed back to it yet
        self.children = children  # what it was made from
        self.pull = pull  # d(result) / d(this) → d(result) / d(child), one for each child
        self.op = op  # how it was made; "" for an array put in by hand
        self.birth = next(_births)  # a tensor is made after those it is made from

    def __repr__(self) -> str:
        return f"Tensor({self.op or 'input'}, shape={self.data.shape})"

    # Arithmetic, number by number

    def __add__(self, other: "Tensor | ndarray") -> "Tensor":
        """Two tensors of one shape, a tensor and a row (1, C) that is added to all its rows, or a constant."""
        if isinstance(other, Tensor):
            return Tensor(self.data + other.data, (self, other), lambda g: (g, _summed(g, other.data)), "+")
        return Tensor(self.data + other, (self,), lambda g: (g,), "+")

    def __mul__(self, other: "Tensor | float") -> "Tensor":
        """Number by number: two tensors of one shape, a tensor and a row (1, C), or a constant."""
        if isinstance(other, Tensor):

            def pull(g: ndarray) -> tuple[ndarray, ndarray]:
                return g * other.data, _summed(g * self.data, other.data)

            return Tensor(self.data * other.data, (self, other), pull, "×")
        return Tensor(self.data * other, (self,), lambda g: (g * other,), "×")

    def relu(self) -> "Tensor":
        return self._activation("relu")

    def gelu(self) -> "Tensor":
        return self._activation("gelu")

    def silu(self) -> "Tensor":
        return self._activation("silu")

    def tanh(self) -> "Tensor":
        return self._activation("tanh")

    def _activation(self, name: str) -> "Tensor":
        function, slope = FUNCTIONS[name]
        return Tensor(function(self.data), (self,), lambda g: (g * slope(self.data),), name)

    def cross_entropy(self, targets: ndarray) -> "Tensor":
        """Logits (T, V) → −ln p(target) in nats (T,), where p is their softmax. In one operation, since
        p itself may be too small for a float."""
        probabilities, losses = ops.softmax_and_cross_entropy(self.data, targets)

        def pull(g: ndarray) -> tuple[ndarray]:
            back = probabilities.copy()  # the slope is guess − truth
            back[np.arange(len(targets)), targets] -= 1
            return (back * g[:, None],)

        return Tensor(losses, (self,), pull, "cross_entropy")

    def log(self) -> "Tensor":
        return Tensor(np.log(self.data), (self,), lambda g: (g / self.data,), "log")

    def mean(self) -> "Tensor":
        """Of all numbers; a tensor of shape ()."""
        even = 1 / self.data.size
        return Tensor(self.data.mean(), (self,), lambda g: (np.full(self.data.shape, g * even),), "mean")

    # Products of matrices

    def linear(self, w: "Tensor") -> "Tensor":
        """(T, inputs), w (outputs, inputs) → (T, outputs): every row times w."""

        def pull(g: ndarray) -> tuple[ndarray, ndarray]:
            dw = np.empty_like(w.data)
            return ops.linear_backward(g, self.data, w.data, dw), dw

        return Tensor(ops.linear(self.data, w.data), (self, w), pull, "linear")

    def __matmul__(self, other: "Tensor") -> "Tensor":
        """(…, n, k) @ (…, k, m) → (…, n, m)."""

        def pull(g: ndarray) -> tuple[ndarray, ndarray]:
            return g @ other.data.swapaxes(-1, -2), self.data.swapaxes(-1, -2) @ g

        return Tensor(self.data @ other.data, (self, other), pull, "@")

    # Row by row

    def rmsnorm(self) -> "Tensor":
        """Each row divided by the root of its mean square."""
        normed, scale = ops.rmsnorm(self.data)
        return Tensor(normed, (self,), lambda g: (ops.rmsnorm_backward(g, normed, scale),), "rmsnorm")

    def softmax(self) -> "Tensor":
        """Scores → probabilities along the last axis."""
        probabilities = ops.softmax(self.data)
        return Tensor(probabilities, (self,), lambda g: (ops.softmax_backward(g, probabilities),), "softmax")

    # Moving numbers about: on the way back, each gradient returns to where its number came from

    def rows(self, picked: ndarray) -> "Tensor":
        """The rows with these numbers, (len(picked), C). A row picked twice gets a gradient from each use."""

        def pull(g: ndarray) -> tuple[ndarray]:
            back = np.zeros_like(self.data)
            np.add.at(back, picked, g)
            return (back,)

        return Tensor(self.data[picked], (self,), pull, "rows")

    def __getitem__(self, part: slice) -> "Tensor":
        """Part of the first axis: x[2:5] is rows 2, 3 and 4."""

        def pull(g: ndarray) -> tuple[ndarray]:
            back = np.zeros_like(self.data)
            back[part] = g
            return (back,)

        return Tensor(self.data[part], (self,), pull, "[:]")

    def at(self, columns: ndarray) -> "Tensor":
        """One number from each row, (T, C) → (T,)."""
        place = np.arange(len(columns)), columns

        def pull(g: ndarray) -> tuple[ndarray]:
            back = np.zeros_like(self.data)
            back[place] = g
            return (back,)

        return Tensor(self.data[place], (self,), pull, "at")

    @property
    def T(self) -> "Tensor":
        """The last two axes swapped."""
        return Tensor(self.data.swapaxes(-1, -2), (self,), lambda g: (g.swapaxes(-1, -2),), "T")

    def split(self, n_head: int) -> "Tensor":
        """(T, C) → (H, T, D): each head its share of every row."""
        return Tensor(_split(self.data, n_head), (self,), lambda g: (_join(g),), "split")

    def join(self) -> "Tensor":
        """(H, T, D) → (T, C): the heads side by side again."""
        return Tensor(_join(self.data), (self,), lambda g: (_split(g, len(self.data)),), "join")

    # The chain rule

    def topological(self) -> list["Tensor"]:
        """This tensor and all it was made from, in the order of computation: inputs before results."""
        found, stack = {self}, [self]
        while stack:
            for child in stack.pop().children:
                if child not in found:
                    found.add(child)
                    stack.append(child)
        return sorted(found, key=_birth)

    def backward(self, grad: ndarray | None = None) -> None:
        """Fill in `grad` for everything this tensor was made from.

        It has shape (), or `grad`, of its own shape, gives the gradient of the loss with respect to it.
        """
        self.grad = np.ones_like(self.data) if grad is None else grad
        for node in reversed(self.topological()):
            if node.pull is not None and node.grad is not None:
                for child, share in zip(node.children, node.pull(node.grad), strict=True):
                    child.add_grad(share)

    def add_grad(self, share: ndarray) -> None:
        """Add a gradient: a tensor that is used twice gets one from each use."""
        self.grad = share if self.grad is None else self.grad + share


class Parameter(Tensor):
    """A tensor whose gradient adds up in an array that is given, for example a part of a flat vector.

    Nothing clears that array between one `backward()` and the next but its owner.
    """

    __slots__ = ()
    grad: ndarray

    def __init__(self, data: ndarray, grad: ndarray) -> None:
        super().__init__(data)
        self.grad = grad

    def add_grad(self, share: ndarray) -> None:
        self.grad += share


def _summed(g: ndarray, given: ndarray) -> ndarray:
    """The gradient of what was given: where one row was spread over all rows, their shares add up."""
    return g if g.shape == given.shape else g.sum(axis=0, keepdims=True)


def _split(x: ndarray, n_head: int) -> ndarray:
    t, c = x.shape
    return x.reshape(t, n_head, c // n_head).swapaxes(0, 1)


def _join(x: ndarray) -> ndarray:
    h, t, d = x.shape
    return x.swapaxes(0, 1).reshape(t, h * d)
