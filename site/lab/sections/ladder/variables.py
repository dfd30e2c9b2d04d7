"""What an object holds right now, variable by variable: its name, what it is, and its value in words."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from ...charts.format import number


class Variable(NamedTuple):
    name: str
    kind: str  # type and shape
    value: str
    is_new: bool  # the rung below has none of that name


def variables(thing: object, known: Collection[str] = ()) -> list[Variable]:
    """Everything `thing` keeps, in the order in which it was made. `known`: names that are not new.
    A dictionary is followed by what is in it."""
    found = []
    for name, value in vars(thing).items():
        if callable(value):
            continue
        parts = {name: value}
        if isinstance(value, dict):
            parts |= {f'{name}["{entry}"]': one for entry, one in value.items()}
        found += [Variable(f"self.{part}", *describe(one), name not in known) for part, one in parts.items()]
    return found


def describe(value: object) -> tuple[str, str]:
    """Type and shape, and the value: of many numbers, the least and the greatest."""
    kind = type(value).__name__
    if isinstance(value, int):
        return kind, f"{value:,}"
    if isinstance(value, float):
        return kind, number(value, 4)
    if isinstance(value, np.ndarray):
        return f"array {shape(value)}", reach(value)
    if isinstance(value, dict):
        return kind, f"{len(value)} entries"
    if isinstance(value, list):
        return _list(value)
    data = getattr(value, "data", None)  # of a Value or a Tensor
    if isinstance(data, np.ndarray):
        return f"{kind} {shape(data)}", reach(data)
    return kind, number(data, 4) if isinstance(data, float) else str(value)


def _list(value: list) -> tuple[str, str]:
    first = value[0] if value else None
    if isinstance(first, list) and hasattr(first[0], "data"):  # a matrix of Values
        numbers = np.array([[one.data for one in row] for row in value])
        return f"{len(value)} lists of {len(first)} {type(first[0]).__name__}s", reach(numbers)
    if isinstance(first, np.ndarray) and first.ndim > 1:
        return f"list of {len(value)} arrays {shape(first)}", reach(np.concatenate([one.ravel() for one in value]))
    if isinstance(first, (list, np.ndarray)):
        return f"list of {len(value):,}", f"the first: {', '.join(str(int(one)) for one in first)}"
    return f"list of {len(value):,}", ", ".join(describe(one)[1] for one in value[:3])


def shape(array: np.ndarray) -> str:
    return " × ".join(map(str, array.shape)) or "of one number"


def reach(array: np.ndarray) -> str:
    """The least and the greatest of many numbers."""
    if not array.size:
        return "empty"
    low, high = float(array.min()), float(array.max())
    return f"all {number(low, 4)}" if low == high else f"{number(low)} to {number(high)}"
