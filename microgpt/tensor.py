"""A `Value` that holds a whole array: autograd fast enough to train a small GPT while you watch.

`Value` keeps one node for every number; a name would need a hundred thousand of them. Here a node is
an array, and an operation is done on all its numbers at once. The idea is the same to the letter: a
graph grows behind your back, and `backward()` walks it from the result to the inputs.

T is the number of positions, C the width of a vector, H the number of heads, D = C / H.
"""

from collections.abc import Callable

import numpy as np
from numpy import ndarray

from . import ops
from .value import Value

Pull = Callable[[ndarray], tuple[ndarray, ...]]


class Tensor:
    """An array: its `data`, and after `backward()` its `grad`, of the same shape."""

    __slots__ = ("children", "data", "grad", "op", "pull")

    def __init__(
        self, data: ndarray, children: tuple["Tensor", ...] = (), pull: Pull | None = None, op: str = ""
    ) -> None:
        self.data = data
        self.grad: ndarray | None = None  # None: nothing has been passed back to it yet
        self.children = children  # what it was made from
        self.pull = pull  # d(result) / d(this) → d(result) / d(child), one for each child
        self.op = op  # how it was made; "" for an array put in by hand

    def __repr__(self) -> str:
        return f"Tensor({self.op or 'input'}, shape={self.data.shape})"

    # Arithmetic, number by number

    def __add__(self, other: "Tensor | ndarray") -> "Tensor":
        """Two tensors of one shape, or a tensor and a constant."""
        if isinstance(other, Tensor):
            return Tensor(self.data + other.data, (self, other), lambda g: (g, g), "+")
        return Tensor(self.data + other, (self,), lambda g: (g,), "+")

    def __mul__(self, constant: float) -> "Tensor":
        return Tensor(self.data * constant, (self,), lambda g: (g * constant,), "×")

    def relu(self) -> "Tensor":
        return Tensor(np.maximum(self.data, 0), (self,), lambda g: (g * (self.data > 0),), "relu")

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
        chances = ops.softmax(self.data)
        return Tensor(chances, (self,), lambda g: (ops.softmax_backward(g, chances),), "softmax")

    # Moving numbers about: on the way back, each gradient returns to where its number came from

    def rows(self, picked: ndarray) -> "Tensor":
        """The rows with these numbers; one picked twice gets a share of the blame from each."""

        def pull(g: ndarray) -> tuple[ndarray]:
            back = np.zeros_like(self.data)
            np.add.at(back, picked, g)
            return (back,)

        return Tensor(self.data[picked], (self,), pull, "rows")

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

    topological = Value.topological  # the very same walk: parts before what is made of them

    def backward(self) -> None:
        """Fill in `grad` for everything this tensor, of shape (), was made from."""
        self.grad = np.ones_like(self.data)
        for node in reversed(self.topological()):
            if node.children:
                for child, grad in zip(node.children, node.pull(node.grad), strict=True):
                    child.grad = grad if child.grad is None else child.grad + grad  # shares add up


def _split(x: ndarray, n_head: int) -> ndarray:
    t, c = x.shape
    return x.reshape(t, n_head, c // n_head).swapaxes(0, 1)


def _join(x: ndarray) -> ndarray:
    h, t, d = x.shape
    return x.swapaxes(0, 1).reshape(t, h * d)
