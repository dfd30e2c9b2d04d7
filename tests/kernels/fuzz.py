"""Every operation on thousands of random arguments, usual and unusual, by the kernels and by NumPy alone.

It runs in the page's own Python, in Node: see test_in_node.py.
"""

import json
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy import ndarray

from lab.kernels import check, kernels
from lab.kernels.operations import operations
from lab.kernels.samples import Random, arguments
from microgpt import ops

CASES = 10_000
SENTINEL = 7.0  # stands all around an array that may be written


def main(out: Path) -> None:
    import microgpt_kernels as found

    kernels.connect()
    warnings.simplefilter("ignore")  # of infinities
    refused = Counter[str]()

    def counted(name: str) -> ops.Operation:
        def in_numpy(*args: Any, **named: Any) -> object:
            refused[name] += 1
            return ops.NUMPY[name](*args, **named)

        return in_numpy

    fast = operations(
        {name: getattr(found, name) for name in ops.NUMPY}, otherwise={name: counted(name) for name in ops.NUMPY}
    )
    faults = []
    names = list(ops.NUMPY)
    for case in range(CASES):
        rng = Random(case)
        name = names[case % len(names)]
        fault = one(name, fast[name], rng)
        if fault:
            faults.append(f"case {case}: {fault}")
    report = {"problem": kernels.problem, "cases": CASES, "refused": refused.total(), "faults": faults}
    (out / "fuzz.json").write_text(json.dumps(report))


def one(name: str, operation: ops.Operation, rng: Random) -> str | None:
    """What is wrong about one case."""
    args = arguments(name, rng)
    kept: list[Guarded] = []
    changes = []
    for i, arg in enumerate(args.positional):
        kind = KINDS[rng.randint(len(KINDS))] if rng.random_sample() < 0.3 else kept_as_it_is
        if check.UNUSED.get(name) == i or (name == "embedding_backward" and kind is wild_numbers and i == 0):
            kind = kept_as_it_is  # by way of its products with 0, NumPy has what is no number spread to all rows
        guarded = Guarded(kind, arg, rng)
        args.positional[i] = guarded.array
        kept.append(guarded)
        changes.append(f"{kind.__name__} {guarded.array.shape}")
    copies = [array.copy() if array.flags.writeable else array for array in args.positional]
    try:
        ops.NUMPY[name](*copies, **args.named)
    except Exception:
        return f"{name} {changes}: {fault}" if (fault := refusal(name, operation, args, copies)) else None
    try:
        check.compare(name, operation, SimpleNamespace(positional=args.positional, named=args.named))
    except Exception as error:
        return f"{name} {changes}: {type(error).__name__} {error}"
    if not all(guarded.unharmed() for guarded in kept):
        return f"{name} {changes} wrote beside its array"
    return None


def refusal(name: str, operation: ops.Operation, args: SimpleNamespace, copies: list[ndarray]) -> str | None:
    """What is wrong where NumPy raises an error. `copies`: the arguments as that leaves them."""
    try:
        operation(*args.positional, **args.named)
    except Exception:
        pairs = zip(args.positional, copies, strict=True)
        same = all(np.array_equal(mine, its, equal_nan=True) for mine, its in pairs)
        return None if same else "raised, and has written something"
    blind = ("embedding_backward", "cross_entropy_backward")  # kernels do not look at the shape of `onehot`
    return None if name in blind else "did not raise"


class Guarded:
    """An array of some kind, with something all around it that must stay as it is."""

    def __init__(self, kind: Callable[[ndarray, Random], ndarray], array: ndarray, rng: Random) -> None:
        room = np.full(array.size + 32, SENTINEL, array.dtype)
        inside = room[16 : 16 + array.size].reshape(array.shape) if array.flags.c_contiguous else array
        inside[...] = array
        self.room = room
        self.array = kind(inside, rng)

    def unharmed(self) -> bool:
        return bool((self.room[:16] == SENTINEL).all() and (self.room[-16:] == SENTINEL).all())


def kept_as_it_is(array: ndarray, rng: Random) -> ndarray:
    return array


def double(array: ndarray, rng: Random) -> ndarray:
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def swapped_bytes(array: ndarray, rng: Random) -> ndarray:
    return array.astype(array.dtype.newbyteorder(">"))


def read_only(array: ndarray, rng: Random) -> ndarray:
    fixed = array.copy()
    fixed.flags.writeable = False
    return fixed


def other_order(array: ndarray, rng: Random) -> ndarray:
    return np.asfortranarray(array)


def gaps_between_rows(array: ndarray, rng: Random) -> ndarray:
    wide = np.full((*array.shape[:-1], array.shape[-1] + 1 + rng.randint(5)), SENTINEL, array.dtype)
    wide[..., : array.shape[-1]] = array
    return wide[..., : array.shape[-1]]


def gaps_in_rows(array: ndarray, rng: Random) -> ndarray:
    wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), SENTINEL, array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def backwards(array: ndarray, rng: Random) -> ndarray:
    axis = rng.randint(array.ndim)
    return np.flip(np.flip(array, axis).copy(), axis)


def out_of_line(array: ndarray, rng: Random) -> ndarray:
    crooked = np.zeros(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    crooked[...] = array
    return crooked


def one_row_for_all(array: ndarray, rng: Random) -> ndarray:
    return np.broadcast_to(array[:1], array.shape)  # strides of 0, and read only


def one_less(array: ndarray, rng: Random) -> ndarray:
    axis = rng.randint(array.ndim)
    return np.take(array, range(array.shape[axis] - 1), axis).astype(array.dtype)


def none_at_all(array: ndarray, rng: Random) -> ndarray:
    return array[:0]


def another_dimension(array: ndarray, rng: Random) -> ndarray:
    return array[None] if rng.randint(2) else array.reshape(-1)


def wild_numbers(array: ndarray, rng: Random) -> ndarray:
    """For token ids too: negative ones, and ones beyond the last."""
    wild = array.copy()
    choices = [np.nan, np.inf, -np.inf, 1e30, 1e-40, 0] if array.dtype.kind == "f" else [-1, 10**6, -(10**6)]
    wild.reshape(-1)[rng.randint(array.size)] = choices[rng.randint(len(choices))]
    return wild


KINDS = [
    double, swapped_bytes, read_only, other_order, gaps_between_rows, gaps_in_rows, backwards, out_of_line,
    one_row_for_all, one_less, none_at_all, another_dimension, wild_numbers, wild_numbers,
]  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
