"""Watch the real source run: a record of every line, with the values its names had at that moment.

`record` calls a function under the interpreter's own tracing (`sys.settrace`) and keeps a `Moment`
for each line of the chosen modules as it is about to run. Nothing is retyped and nothing is prepared:
the lines are those of the files, the values those of the run, and what the function computes is what
it computes untraced.

A record is bounded. Of each function only some calls are kept, of each call only so many lines, and
of an array only what a page can show; what was left out is counted.
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

from ..value import Value
from .source_map import Loop, loops_of

CALLS = 3  # of each function that are kept
LINES = 400  # of each call
MOMENTS = 6000  # in all
ELEMENTS = 8192  # of an array: a larger one is shown by its shape alone


class Picture(NamedTuple):
    """What a name stood for at a moment, copied, so that what happens later can't change it.

    `data` is an array (0 to 3 dimensions) where the thing is made of numbers, and `grad` one of the
    same shape where those are Values. `text` says what it is: for anything else that is all there is.
    """

    kind: str  # "number", "value", "array" or "other"
    text: str
    data: ndarray | None = None
    grad: ndarray | None = None

    def same(self, other: "Picture | None") -> bool:
        return (
            other is not None
            and self[:2] == other[:2]
            and _equal(self.data, other.data)
            and _equal(self.grad, other.grad)
        )


class Frame(NamedTuple):
    """One call of a function."""

    function: str  # its qualified name
    file: str
    first_line: int
    call: int  # the how-manieth of this function in this record, from 1
    parent: int | None  # the nearest frame it was called from that was kept
    depth: int


class Moment(NamedTuple):
    """A line about to run, or, with `returned`, a call about to end."""

    frame: int
    line: int
    names: Mapping[str, Picture]  # the local names and what they stand for now
    turns: tuple[tuple[int, int], ...]  # (first line of a loop, the turn it is in), outermost first
    returned: Picture | None = None


class Source(NamedTuple):
    """A file as it was run from."""

    text: str
    sha256: str  # of its bytes


@dataclass
class Recording:
    frames: list[Frame] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)  # of each function, kept or not
    left_out: Counter[str] = field(default_factory=Counter)  # lines run but not kept, by function
    result: Any = None
    error: Exception | None = None  # what the call raised, if it did


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

    Of each function its first `calls` calls are kept, or as many from the one `first_calls` names
    (counted from 1). An exception ends the record and is part of it. Whatever traced before is
    traced again afterwards.
    """
    recorder = _Recorder(modules, first_calls or {}, calls, lines, moments)
    before = sys.gettrace()
    sys.settrace(recorder.called)
    try:
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
        self._index: dict[FrameType, int] = {}  # frames that are kept, while they may still go on
        self._kept: Counter[int] = Counter()  # lines, by index of their frame
        self._names: dict[int, dict[str, Picture]] = {}  # the last pictures of each frame
        self._turns: dict[int, tuple[int, dict[int, int]]] = {}  # its last line, and turns by loop

    def called(self, frame: FrameType, event: str, arg: Any) -> Callable | None:
        """For settrace: a call begins, or a generator goes on. Gives who watches its lines."""
        file = self._files.get(id(frame.f_globals))
        if file is None:
            return None
        code = frame.f_code
        if _is_part(code):  # a comprehension belongs to the function that it stands in
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

    def _line(self, frame: FrameType, event: str, arg: Any) -> Callable:
        index = self._index[frame]
        if event == "line":
            self._keep(index, frame.f_lineno, frame.f_locals)
        elif event == "return":
            self._keep(index, frame.f_lineno, frame.f_locals, picture(arg))
        return self._line

    def _part(self, frame: FrameType, event: str, index: int) -> Callable:
        """A line of a comprehension: with its own names, and those of the function around it."""
        if event == "line" and frame.f_back:
            self._keep(index, frame.f_lineno, {**frame.f_back.f_locals, **frame.f_locals})
        return lambda frame, event, _arg: self._part(frame, event, index)

    def _unkept(self, frame: FrameType, event: str, _arg: Any) -> Callable:
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
        before, now = self._names[index], {}
        for name, value in names.items():
            if not name.startswith("."):
                seen, old = picture(value), before.get(name)
                now[name] = old if seen.same(old) else seen
        if len(now) == len(before) and all(now[name] is before.get(name) for name in now):
            now = before
        self._names[index] = now
        self.recording.moments.append(Moment(index, line, now, turns, returned))

    def _turn(self, index: int, line: int) -> tuple[tuple[int, int], ...]:
        """In which turn of which loops this line of this call is."""
        frame = self.recording.frames[index]
        last, turns = self._turns[index]
        around = [
            loop for loop in self._loops[frame.file] if line in loop.lines and loop.lines.start >= frame.first_line
        ]
        for loop in around:
            if line == loop.lines.start:  # its head: one more turn, or the first if we come from elsewhere
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
    """A copy of whatever a page can show of it."""
    if isinstance(value, Value):
        if not hasattr(value, "op"):
            return Picture("other", "Value, being made")
        text = f"Value from {value.op}" if value.op else "Value"
        return Picture("value", text, np.float64(value.data), np.float64(value.grad))
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


def _picture_of_list(value: Sequence) -> Picture:
    kind = type(value).__name__
    leaves, shape = _flatten(value)
    if leaves is None:
        return Picture("other", f"{kind} of {len(value):,}")
    if isinstance(leaves[0], Value):
        data = np.array([leaf.data for leaf in leaves], np.float64).reshape(shape)
        grad = np.array([leaf.grad for leaf in leaves], np.float64).reshape(shape)
        return Picture("array", f"{kind} {_shape(shape)} of Value", data, grad)
    return Picture("array", f"{kind} {_shape(shape)}", np.array(leaves).reshape(shape))


def _flatten(value: Sequence) -> tuple[list | None, tuple[int, ...]]:
    """The numbers or Values in a list, or list of equally long lists, with its shape; None if it is none."""
    leaves, shape = list(value), (len(value),)
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
    """The file a module was loaded from. Raises OSError if it is not there."""
    data = Path(module.__file__ or "").read_bytes()
    return Source(data.decode("utf-8"), hashlib.sha256(data).hexdigest())


def _file_name(module: ModuleType) -> str:
    """As the package calls it: microgpt/value.py."""
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
