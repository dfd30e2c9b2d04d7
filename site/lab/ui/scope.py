"""Everything acquired is given back: a scope collects undo functions and runs them, last first."""

from collections.abc import Callable
from contextlib import ExitStack


class Scope:
    def __init__(self) -> None:
        self._stack = ExitStack()

    def add(self, undo: Callable[[], object]) -> None:
        """Register the undo of something just acquired."""
        self._stack.callback(undo)

    def close(self) -> None:
        """Undo everything, in reverse order. A closed scope can be used again."""
        self._stack.close()
