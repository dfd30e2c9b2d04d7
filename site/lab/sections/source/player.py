"""Plays a recording: which moments pass a filter, and what there is to see at one of them."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from microgpt.inspect.source_map import functions_of, loops_of
from microgpt.inspect.tracing import Frame, Picture, Recording


class Filter(NamedTuple):
    """`function`: only its lines. `loop` (file, first line) and `turn`: only what happens in that turn
    of that loop, calls made from it included."""

    function: str | None = None
    loop: tuple[str, int] | None = None
    turn: int = 1


EVERYTHING = Filter()


class Local(NamedTuple):
    """A name and what it stands for; `fresh` if the line before has set it or changed it."""

    name: str
    picture: Picture
    fresh: bool


class View(NamedTuple):
    frame: Frame
    line: int
    lines: range  # of the function the line is in
    stack: tuple[Frame, ...]  # who called whom, outermost first, this frame last
    locals: tuple[Local, ...]
    turns: tuple[tuple[str, int, int], ...]  # (head of a loop, the turn it is in, how many were kept)
    returned: Picture | None


class LoopTurns(NamedTuple):
    file: str
    line: int
    head: str
    function: str
    turns: int  # the most that one call of the function made


class Player:
    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    @cached_property
    def functions(self) -> Mapping[str, int]:
        """Each function in the record, in the order of its first call, with its moments kept."""
        count: dict[str, int] = {}
        for moment in self.recording.moments:
            function = self.recording.frames[moment.frame].function
            count[function] = count.get(function, 0) + 1
        return count

    @cached_property
    def loops(self) -> tuple[LoopTurns, ...]:
        """Each loop that went round in the record, in the order in which it first did."""
        most: dict[tuple[str, str, int], int] = {}
        for moment in self.recording.moments:
            frame = self.recording.frames[moment.frame]
            for line, turn in moment.turns:
                if moment.line != line:  # its body: the head is read once more when it is over
                    key = (frame.file, frame.function, line)
                    most[key] = max(most.get(key, 0), turn)
        return tuple(
            LoopTurns(file, line, self._head(file, line), function, turns)
            for (file, function, line), turns in most.items()
        )

    def places(self, only: Filter = EVERYTHING) -> list[int]:
        """The moments that pass, as indices."""
        found, inside, owner = [], only.loop is None, None
        for i, moment in enumerate(self.recording.moments):
            frame = self.recording.frames[moment.frame]
            if only.loop is not None and self._has_loop(frame, only.loop):
                inside, owner = (only.loop[1], only.turn) in moment.turns, moment.frame
            elif only.loop is not None and owner is not None and not self._within(moment.frame, owner):
                inside = False  # the call that the loop was in is over
            if inside and only.function in (None, frame.function):
                found.append(i)
        return found

    def view(self, index: int) -> View:
        """What there is to see at a moment. Raises IndexError for one that is not there."""
        moment = self.recording.moments[index]
        frame = self.recording.frames[moment.frame]
        text = self.recording.sources[frame.file].text
        lines = functions_of(text)[frame.first_line]
        before = self._before(index)
        names = {} if before is None else self.recording.moments[before].names
        turns = {(loop.file, loop.function, loop.line): loop.turns for loop in self.loops}
        return View(
            frame,
            moment.line,
            lines,
            self._stack(moment.frame),
            tuple(
                Local(name, seen, before is not None and names.get(name) is not seen)
                for name, seen in moment.names.items()
            ),
            tuple(
                (self._head(frame.file, line), turn, turns[frame.file, frame.function, line])
                for line, turn in moment.turns
                if turn <= turns.get((frame.file, frame.function, line), 0)
            ),
            moment.returned,
        )

    def at_line(self, places: list[int], at: int, line: int) -> int | None:
        """The next of `places` after the `at`-th, and round again, that is at this line of the file of
        the moment there. None if none is."""
        here = self.recording.moments[places[at]]
        file = self.recording.frames[here.frame].file
        for i in [*range(at + 1, len(places)), *range(at + 1)]:
            moment = self.recording.moments[places[i]]
            if moment.line == line and self.recording.frames[moment.frame].file == file:
                return i
        return None

    def _before(self, index: int) -> int | None:
        """The moment before this one in the same call."""
        frame = self.recording.moments[index].frame
        return next((i for i in range(index - 1, -1, -1) if self.recording.moments[i].frame == frame), None)

    def _stack(self, frame: int | None) -> tuple[Frame, ...]:
        found = []
        while frame is not None:
            found.append(self.recording.frames[frame])
            frame = self.recording.frames[frame].parent
        return tuple(reversed(found))

    def _within(self, frame: int | None, ancestor: int) -> bool:
        while frame is not None and frame != ancestor:
            frame = self.recording.frames[frame].parent
        return frame == ancestor

    def _has_loop(self, frame: Frame, loop: tuple[str, int]) -> bool:
        text = self.recording.sources[frame.file].text
        return frame.file == loop[0] and loop[1] in functions_of(text)[frame.first_line]

    def _head(self, file: str, line: int) -> str:
        text = self.recording.sources[file].text
        return next(loop.head for loop in loops_of(text) if loop.lines.start == line)
