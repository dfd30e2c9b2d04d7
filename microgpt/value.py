"""A number that remembers how it was made: autograd in a page of code.

Arithmetic with `Value`s builds a graph. `backward()` walks it from the result to the inputs and
applies the chain rule at every node.

After micrograd and microgpt by Andrej Karpathy.
"""

import math
from collections.abc import Iterator


class Value:
    """One scalar: its `data`, and after `backward()` its `grad`, d(result) / d(this)."""

    __slots__ = ("children", "data", "grad", "local_grads", "op")

    def __init__(
        self,
        data: float,
        children: tuple["Value", ...] = (),
        local_grads: tuple[float, ...] = (),
        op: str = "",
    ) -> None:
        self.data = data
        self.grad = 0.0
        self.children = children  # what it was made from
        self.local_grads = local_grads  # d(this) / d(child), one for each child
        self.op = op  # how it was made; "" for a number put in by hand

    def __repr__(self) -> str:
        return f"Value(data={self.data:.4g}, grad={self.grad:.4g})"

    # Operations that know their own derivative …

    def __add__(self, other: "Value | float") -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other: "Value | float") -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "×")

    def __pow__(self, exponent: float) -> "Value":
        # x⁰ is 1 everywhere, so its slope is 0, at x = 0 as well. math.pow, unlike **, is never complex.
        slope = exponent * math.pow(self.data, exponent - 1) if exponent else 0.0
        return Value(math.pow(self.data, exponent), (self,), (slope,), f"^{exponent:g}")

    def exp(self) -> "Value":
        result = math.exp(self.data)
        return Value(result, (self,), (result,), "exp")

    def log(self) -> "Value":
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def relu(self) -> "Value":
        result = 0.0 if self.data <= 0 else self.data  # NaN stays NaN, as it does in NumPy's maximum
        return Value(result, (self,), (float(self.data > 0),), "relu")

    # … and those that are made of them.

    def __neg__(self) -> "Value":
        return self * -1.0

    def __sub__(self, other: "Value | float") -> "Value":
        return self + -other

    def __truediv__(self, other: "Value | float") -> "Value":
        return self * other**-1

    def __radd__(self, other: float) -> "Value":
        return self + other

    def __rmul__(self, other: float) -> "Value":
        return self * other

    def __rsub__(self, other: float) -> "Value":
        return -self + other

    def __rtruediv__(self, other: float) -> "Value":
        return self**-1 * other

    def topological(self) -> list["Value"]:
        """This value and all it was made from, in the order of computation: inputs before results, left
        before right."""
        order: list[Value] = []
        seen: set[Value] = set()
        stack = [(self, False)]  # not recursion: these graphs are deeper than Python's stack
        while stack:
            node, parts_are_in = stack.pop()
            if parts_are_in:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.children))  # the left one on top
        return order

    def backward_steps(self) -> Iterator["Value"]:
        """Run the chain rule backwards, one node at a time. Yields each node after it has passed its
        gradient on to its children.

        A value that is used twice gets a gradient from each use, and they add up: `+=`.
        """
        self.grad = 1.0
        for node in reversed(self.topological()):
            for child, local_grad in zip(node.children, node.local_grads, strict=True):
                child.grad += local_grad * node.grad
            yield node

    def backward(self) -> None:
        """Fill in `grad` for everything this value was made from."""
        for _ in self.backward_steps():
            pass
