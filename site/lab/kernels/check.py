"""The kernels' test, before anything relies on them: do they see arrays as NumPy lays them out, refuse those that they
can't work on, and calculate what NumPy does?"""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy import ndarray

from microgpt import ops

from .operations import operations
from .samples import Random, arguments

TOLERANCE = 2e-5  # of the largest number of a result: single precision, in another order
ROUNDS = 2  # of each operation, each on other shapes
UNUSED = {"adam_update": 4, "embedding_backward": 2, "cross_entropy_backward": 2}  # arguments that only NumPy needs


class Wrong(Exception):
    """What is not as it must be."""


def everything(found: Any) -> None:
    """Make `found`, the kernels by their names, ready for use and test it. Raises Wrong, or what a kernel raises."""
    found.recognise(id(ndarray), id(np.dtype(np.float32)), id(np.asarray([0]).dtype))
    layout(found)
    kernels = operations({name: getattr(found, name) for name in ops.NUMPY}, otherwise=dict.fromkeys(ops.NUMPY, _left))
    rng = Random(0)
    for name in ops.NUMPY:
        for _ in range(ROUNDS):
            compare(name, kernels[name], arguments(name, rng))


def _left(*_args: Any, **_named: Any) -> None:
    raise Wrong("a kernel refused an array that it is made for")


def layout(found: Any) -> None:
    """Raises Wrong if a kernel reads something else from an array than NumPy says, or takes one that is not for it."""
    cube = np.zeros((2, 3, 4), np.float32)
    for array in cube, cube[:, ::-1, :2], cube.T, cube[1], np.arange(5.0), cube[:0]:
        here = id(array)
        seen = found.data(here) % 2**32, found.dimensions(here), found.count(here)
        if seen != (array.__array_interface__["data"][0], array.ndim, array.size):
            raise Wrong("arrays are laid out in another way than they expect")
        for axis in range(array.ndim):
            if (found.size(here, axis), _signed(found.stride(here, axis))) != (array.shape[axis], array.strides[axis]):
                raise Wrong("the shapes of arrays are laid out in another way than they expect")
    for name, array, dense, result, rows in strange(cube):
        here = id(array)
        if (bool(found.dense(here)), bool(found.result(here)), bool(found.rows(here))) != (dense, result, rows):
            raise Wrong(f"they do not know {name} for what it is")


def _signed(number: int) -> int:
    return (number + 2**31) % 2**32 - 2**31


def strange(cube: ndarray) -> list[tuple[str, Any, bool, bool, bool]]:
    """Usual and unusual things, each with whether a kernel may read it as a row of numbers, write it, or read it row by
    row."""
    fixed = cube.copy()
    fixed.flags.writeable = False
    crooked = np.zeros(17, np.uint8)[1:].view(np.float32)
    return [
        ("an array", cube, True, True, True),
        ("one to be read only", fixed, True, False, True),
        ("one in double precision", cube.astype(np.float64), False, False, False),
        ("one of whole numbers", cube.astype(np.int32), False, False, False),
        ("one of the other byte order", cube.astype(">f4"), False, False, False),
        ("one turned about", cube.T, False, False, False),
        ("one with gaps between its rows", cube[:, :, :3], False, False, True),
        ("one with gaps in its rows", cube[:, :, ::2], False, False, False),
        ("one read backwards", cube[:, ::-1], False, False, True),
        ("one out of line", crooked, False, False, False),
        ("one of another class", cube.view(np.recarray), False, False, False),
        ("a number of NumPy", np.float32(1), False, False, False),
        ("a list", [1.0, 2.0], False, False, False),
        ("nothing", None, False, False, False),
    ]


def compare(name: str, operation: ops.Operation, args: SimpleNamespace) -> None:
    """Raises Wrong unless the operation gives what NumPy's does, and leaves in its arguments the same."""
    expected_args = SimpleNamespace(positional=[_copied(arg) for arg in args.positional], named=args.named)
    expected = ops.NUMPY[name](*expected_args.positional, **args.named)
    found = operation(*args.positional, **args.named)
    pairs = [(f"{name} gives", found, expected)]
    if isinstance(expected, tuple):
        pairs = [(f"{name} gives", *pair) for pair in zip(found, expected, strict=True)]  # type: ignore[call-overload]
    for i, (mine, its) in enumerate(zip(args.positional, expected_args.positional, strict=True)):
        if isinstance(its, ndarray) and i != UNUSED.get(name):
            pairs.append((f"{name} leaves", mine, its))
    for what, mine, its in pairs:
        if its is not None:
            _close(what, mine, its)


def _copied(arg: Any) -> Any:
    return arg.copy() if isinstance(arg, ndarray) else arg


def _close(what: str, found: Any, expected: Any) -> None:
    if found.shape != expected.shape or found.dtype != expected.dtype:
        raise Wrong(f"{what} {found.shape} of {found.dtype} for {expected.shape} of {expected.dtype}")
    if found.size == 0:
        return
    finite = np.isfinite(expected)
    same = np.array_equal(found[~finite], expected[~finite], equal_nan=True)
    far = np.abs(found[finite] - expected[finite]).max(initial=0)
    most = max(1.0, float(np.abs(expected[finite]).max(initial=0)))
    if not same or not far <= TOLERANCE * most:
        raise Wrong(f"{what} numbers off by {far:.2g}")
