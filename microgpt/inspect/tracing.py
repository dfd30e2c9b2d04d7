"""Record a run of the real source, line by line, with the value of every local name at each line.

`record` calls a function under `sys.settrace` and keeps a `Moment` for each line of the chosen modules
as it is about to run. The lines are those of the files, the values those of the run, and the function
returns what it returns untraced.

A recording is bounded: it keeps some calls of each function, some lines of each call, and arrays up to
a size that a page can show. It counts what it leaves out.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from numbers import Number
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray

from .. import ops
from ..value import Value
from .source_map import Loop, loops_of

CALLS = 3  # of each function that are kept
LINES = 400  # of each call
MOMENTS = 6000  # in all
ELEMENTS = 8192  # of an array: of a larger one only the shape is kept


Watcher = Callable[[FrameType, str, Any], Any]  # what settrace takes: it returns the next one, or None


class Picture(NamedTuple):
    """A copy of a value at one moment, which later changes do not reach.

    For numbers, `data` is an array of 0 to 3 dimensions; for Values, `grad` is an array of the same
    shape. `text` describes the value; other kinds of value have nothing else.
    """

    kind: str  # "number", "value", "array" or "other"
    text: str
    data: ndarray | None = None
    grad: ndarray | None = None

    def same(self, other: "Picture") -> bool:
        """Whether both show the same value. NaN equals NaN."""
        return self[:2] == other[:2] and _equal(self.data, other.data) and _equal(self.grad, other.grad)


class Frame(NamedTuple):
    """One call of a function."""

    function: str  # its qualified name
    file: str
    first_line: int
    call: int  # counts the calls of this function in this recording, from 1
    parent: int | None  # the index of the nearest kept frame that it was called from
    depth: int  # how many kept frames it was called through


class Moment(NamedTuple):
    """A line that is about to run or, if it has `returned`, a call that is about to return."""

    frame: int  # an index into `Recording.frames`
    line: int  # in the file, from 1
    names: Mapping[str, Picture]  # the local names and their values
    turns: tuple[tuple[int, int], ...]  # (first line of a loop, number of its iteration), outermost first
    returned: Picture | None = None


class Source(NamedTuple):
    """A source file at the time of the run."""

    text: str
    sha256: str  # of its bytes


@dataclass
class Recording:
    """What `record` found: calls in the order in which they began, moments in the order of time."""

    frames: list[Frame] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)  # by file name, such as microgpt/value.py
    calls: Counter[str] = field(default_factory=Counter)  # of each function, kept or not
    left_out: Counter[str] = field(default_factory=Counter)  # lines that ran but were not kept, by function
    result: Any = None  # what the call returned
    error: Exception | None = None  # what the call raised


def record(
    call: Callable[[], Any],
    modules: Collection[ModuleType],
    *,
    first_calls: Mapping[str, int] | None = None,
    calls: int = CALLS,
    lines: int = LINES,
    moments: int = MOMENTS,
) -> Recording:
    """Run `call()` and record what happens in these modules.

    It keeps `calls` calls of each function, beginning with the first or with the one that `first_calls`
    names (counted from 1), at most `lines` lines of each call and `moments` moments in all. An exception
    ends the recording and is kept as its `error`. Operations run in NumPy, line by line, whatever version
    of them is in use (`ops.use`). A trace function that was set before is set again
    afterwards. Raises OSError if a module has no source file.
    """
    recorder = _Recorder(modules, first_calls or {}, calls, lines, moments)
    before = sys.gettrace()
    sys.settrace(recorder.called)
    try:
        with ops.in_numpy():
            recorder.recording.result = call()
    except Exception as error:
        recorder.recording.error = error
    finally:
        sys.settrace(before)
    return recorder.recording


class _Recorder:
    def __init__(
        self, modules: Collection[ModuleType], first_calls: Mapping[str, int], calls: int, lines: int, moments: int
    ) -> None:
        self.recording = Recording()
        self._first, self._calls, self._lines, self._moments = first_calls, calls, lines, moments
        self._files = {id(vars(module)): _file_name(module) for module in modules}
        self._loops: dict[str, Sequence[Loop]] = {}
        for module in modules:
            source = read_source(module)
            self.recording.sources[_file_name(module)] = source
            self._loops[_file_name(module)] = loops_of(source.text)
        self._index: dict[FrameType, int] = {}  # of each kept frame
        self._kept: Counter[int] = Counter()  # lines, by the index of their frame
        self._names: dict[int, dict[str, Picture]] = {}  # the last pictures of each frame
        self._turns: dict[int, tuple[int, dict[int, int]]] = {}  # its last line; the iteration of each loop

    def called(self, frame: FrameType, event: str, arg: Any) -> Watcher | None:
        """For settrace: a call begins, or a generator continues. Returns the watcher of its lines."""
        file = self._files.get(id(frame.f_globals))
        code = frame.f_code
        if file is None or code.co_filename == "<string>":  # what a dataclass writes for itself has no source
            return None
        if _is_part(code):  # a comprehension is part of the function around it
            back = self._index.get(frame.f_back) if frame.f_back else None
            return None if back is None else lambda frame, event, _arg: self._part(frame, event, back)
        if frame in self._index:
            return self._line
        function = code.co_qualname
        self.recording.calls[function] += 1
        count = self.recording.calls[function]
        first = self._first.get(function, 1)
        if not first <= count < first + self._calls:
            return self._unkept
        parent = self._parent(frame)
        depth = 0 if parent is None else self.recording.frames[parent].depth + 1
        self._index[frame] = index = len(self.recording.frames)
        self.recording.frames.append(Frame(function, file, code.co_firstlineno, count, parent, depth))
        self._names[index] = {}
        self._turns[index] = (0, {})
        return self._line

    def _line(self, frame: FrameType, event: str, arg: Any) -> Watcher:
        index = self._index[frame]
        if event == "line":
            self._keep(index, frame.f_lineno, frame.f_locals)
        elif event == "return":
            self._keep(index, frame.f_lineno, frame.f_locals, picture(arg))
        return self._line

    def _part(self, frame: FrameType, event: str, index: int) -> Watcher:
        """A line of a comprehension, with its own names and those of the function around it."""
        if event == "line" and frame.f_back:
            self._keep(index, frame.f_lineno, {**frame.f_back.f_locals, **frame.f_locals})
        return lambda frame, event, _arg: self._part(frame, event, index)

    def _unkept(self, frame: FrameType, event: str, _arg: Any) -> Watcher:
        if event == "line":
            self.recording.left_out[frame.f_code.co_qualname] += 1
        return self._unkept

    def _keep(self, index: int, line: int, names: Mapping[str, Any], returned: Picture | None = None) -> None:
        frame = self.recording.frames[index]
        turns = self._turn(index, line)
        full = len(self.recording.moments) >= self._moments
        if full or (returned is None and self._kept[index] >= self._lines):
            self.recording.left_out[frame.function] += returned is None
            return
        self._kept[index] += 1
        before, now = self._names[index], dict[str, Picture]()
        for name, value in names.items():
            if not name.startswith("."):
                seen, old = picture(value), before.get(name)
                now[name] = old if old is not None and seen.same(old) else seen
        if len(now) == len(before) and all(now[name] is before.get(name) for name in now):
            now = before
        self._names[index] = now
        self.recording.moments.append(Moment(index, line, now, turns, returned))

    def _turn(self, index: int, line: int) -> tuple[tuple[int, int], ...]:
        """The loops around this line of this call, each with the number of its iteration."""
        frame = self.recording.frames[index]
        last, turns = self._turns[index]
        around = [
            loop for loop in self._loops[frame.file] if line in loop.lines and loop.lines.start >= frame.first_line
        ]
        for loop in around:
            if line == loop.lines.start:  # the head: the next iteration, or the first if the call was outside
                turns[loop.lines.start] = turns.get(loop.lines.start, 0) + 1 if last in loop.lines else 1
        self._turns[index] = (line, turns)
        return tuple((loop.lines.start, turns.get(loop.lines.start, 1)) for loop in around)

    def _parent(self, frame: FrameType) -> int | None:
        back = frame.f_back
        while back is not None:
            if back in self._index:
                return self._index[back]
            back = back.f_back
        return None


def picture(value: Any) -> Picture:
    """A copy of as much of a value as a page can show."""
    if isinstance(value, Value):
        if not hasattr(value, "op"):
            return Picture("other", "Value, being made")
        text = f"Value from {value.op}" if value.op else "Value"
        return Picture("value", text, np.asarray(value.data, np.float64), np.asarray(value.grad, np.float64))
    if value is None or isinstance(value, (bool, np.bool_, str)):
        return Picture("other", repr(value))
    if isinstance(value, Number) and not isinstance(value, complex):
        return Picture("number", type(value).__name__, np.asarray(value))
    if isinstance(value, ndarray) and value.dtype.kind in "fiub" and 0 < value.ndim <= 3:
        data = value.copy() if 0 < value.size <= ELEMENTS else None
        return Picture("array" if data is not None else "other", f"array {_shape(value.shape)}", data)
    if type(value) in (list, tuple) and value:
        return _picture_of_list(value)
    if isinstance(value, Mapping):
        return Picture("other", f"{type(value).__name__} of {len(value)}: {_some(map(str, value))}")
    if type(value) in (list, tuple):
        return Picture("other", f"empty {type(value).__name__}")
    return Picture("other", type(value).__name__)


def _picture_of_list(value: Sequence[Any]) -> Picture:
    kind = type(value).__name__
    leaves, shape = _flatten(value)
    if leaves is None:
        return Picture("other", f"{kind} of {len(value):,}")
    if isinstance(leaves[0], Value):
        data = np.array([leaf.data for leaf in leaves], np.float64).reshape(shape)
        grad = np.array([leaf.grad for leaf in leaves], np.float64).reshape(shape)
        return Picture("array", f"{kind} {_shape(shape)} of Value", data, grad)
    return Picture("array", f"{kind} {_shape(shape)}", np.array(leaves).reshape(shape))


def _flatten(value: Sequence[Any]) -> tuple[list[Any] | None, tuple[int, ...]]:
    """The numbers or Values in a list, or in a list of equally long lists, with its shape. None for others."""
    leaves: list[Any] = list(value)
    shape: tuple[int, ...] = (len(value),)
    while type(leaves[0]) in (list, tuple) and len(shape) < 3:
        size = len(leaves[0])
        if not size or any(type(leaf) not in (list, tuple) or len(leaf) != size for leaf in leaves):
            return None, ()
        if len(leaves) * size > ELEMENTS:
            return None, ()
        shape = (*shape, size)
        leaves = [one for leaf in leaves for one in leaf]
    kinds = (Value,) if isinstance(leaves[0], Value) else (int, float, np.integer, np.floating)
    if len(leaves) > ELEMENTS or not all(isinstance(leaf, kinds) for leaf in leaves):
        return None, ()
    return leaves, shape


def read_source(module: ModuleType) -> Source:
    """The source file of a module. Raises OSError if there is none."""
    data = Path(module.__file__ or "").read_bytes()
    return Source(data.decode("utf-8"), hashlib.sha256(data).hexdigest())


def _file_name(module: ModuleType) -> str:
    """The path from the package on, such as microgpt/value.py."""
    name = module.__name__.replace(".", "/")
    return f"{name}/__init__.py" if hasattr(module, "__path__") else f"{name}.py"


@cache
def _is_part(code: CodeType) -> bool:
    return code.co_name in ("<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>", "<lambda>")


def _equal(a: ndarray | None, b: ndarray | None) -> bool:
    return a is b or (a is not None and b is not None and np.array_equal(a, b, equal_nan=True))


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(f"{n:,}" for n in shape)


def _some(names: Iterable[str], most: int = 6) -> str:
    names = list(names)
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
