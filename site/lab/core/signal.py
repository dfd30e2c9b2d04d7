"""A value that tells whoever watches it when it changes."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    def __init__(self, value: T) -> None:
        self._value = value
        self._watchers: list[Callable[[T], None]] = []

    def get(self) -> T:
        return self._value

    def set(self, value: T) -> None:
        """Take the new value and tell the watchers, in the order they came; an equal one is no news."""
        if value is self._value or value == self._value:
            return
        self._value = value
        for watcher in tuple(self._watchers):
            if self._value is not value:
                return  # a watcher has set it again, and all were told of that
            if watcher in self._watchers:  # one may stop watching, or be stopped, on the way
                watcher(value)

    def watch(self, watcher: Callable[[T], None]) -> Callable[[], None]:
        """Call `watcher(value)` at each change from now on; returns its undo."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)
