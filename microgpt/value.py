"""A number that remembers how it was made, and so can tell what it depends on.

Do arithmetic with `Value`s and a graph grows behind your back. `backward()` walks it from the
result to the inputs and applies the chain rule at every node: the whole of "autograd".

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

    # The five things a Value can do itself …

    def __add__(self, other: "Value | float") -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other: "Value | float") -> "Value":
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "×")

    def __pow__(self, exponent: float) -> "Value":
        slope = exponent * math.pow(self.data, exponent - 1)  # unlike **, never a complex number
        return Value(math.pow(self.data, exponent), (self,), (slope,), f"^{exponent:g}")

    def exp(self) -> "Value":
        result = math.exp(self.data)
        return Value(result, (self,), (result,), "exp")

    def log(self) -> "Value":
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def relu(self) -> "Value":
        return Value(max(0.0, self.data), (self,), (float(self.data > 0),), "relu")

    # … and what follows from them.

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
        """Every value this one was made from, and itself: parts before what is made of them, and left
        before right, as arithmetic is worked out."""
        order: list[Value] = []
        seen: set[Value] = set()
        stack = [(self, False)]  # a stack of our own: these graphs are deeper than Python may recurse
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
        """Run the chain rule backwards, one node at a time; yields each node once it has passed
        its gradient on to its children.

        A value used twice gets a share of the blame from each use, so the shares add up: `+=`.
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
