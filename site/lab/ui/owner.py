"""What a part of the page gives to the widgets inside it. A Section does; so can anything else."""

from collections.abc import Callable, Coroutine
from typing import Protocol

from ..core.ticker import Ticker
from .part import Event, Parts


class Owner(Protocol):
    ui: Parts

    def on(self, part: str, event: str, handler: Callable[[Event], None]) -> None: ...
    def add(self, undo: Callable[[], object]) -> None: ...
    def add_ticker(self, tick: Callable[[], None], every: Callable[[], float], stop: Callable[[], None]) -> Ticker: ...
    def spawn(self, coroutine: Coroutine) -> None: ...
