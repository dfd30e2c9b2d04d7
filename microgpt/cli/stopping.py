"""Signals that ask a program to end, held back until it has reached a point where it can."""

import signal
from types import FrameType
from typing import Any

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # Ctrl-C, kill, a closed terminal, Ctrl-Break on Windows


class Stopped(Exception):
    """A signal ended the command, after everything was put in order."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = 128 + number  # as shells count it


class Signals:
    """Within `with`, a signal only sets `received`; whoever works looks at it between two pieces of work.

    More signals change nothing: a closed terminal sends several. A signal that is ignored on entry, as under
    nohup, stays ignored.
    """

    def __init__(self) -> None:
        self.received: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Signals":
        for number in (getattr(signal, name) for name in NAMES if hasattr(signal, name)):
            if signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.received is None:
            self.received = number
