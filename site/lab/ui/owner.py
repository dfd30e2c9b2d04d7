"""What a part of the page gives to the widgets inside it. A Section does; so can anything else."""

from collections.abc import Callable
from typing import Any, Protocol


class Owner(Protocol):
    root: Any  # the element that the owner's parts are in

    def part(self, name: str) -> Any: ...
    def on(self, part: str, event: str, handler: Callable) -> None: ...
    def add(self, undo: Callable[[], None]) -> None: ...
