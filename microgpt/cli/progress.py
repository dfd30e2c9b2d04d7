"""How training goes, by time: a bar that is redrawn in a terminal, a line now and then elsewhere."""

import shutil
import time
from collections.abc import Callable, Sequence
from typing import TextIO

import numpy as np

from .terminal import CYAN, paint

FIRST, LONGEST = 1.0, 10.0  # seconds until the first line, and between two lines at most
REDRAW = 0.1  # seconds between two pictures of the bar
WINDOW = 100  # steps whose mean loss is shown
BAR = 20  # characters


class Progress:
    """Lines come after 1, 2, 4, 8 and then every 10 seconds, and one at the end."""

    def __init__(self, first: int, last: int, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """Training goes from step `first` to step `last`; `clock` gives seconds."""
        self.first, self.last, self._out, self._clock = first, last, out, clock
        self._started = clock()
        self._bar = out.isatty()
        self._wait = REDRAW if self._bar else FIRST
        self._due = self._started + self._wait
        self._drawn = False

    def show(self, step: int, losses: Sequence[float]) -> None:
        """Tell where training stands, if it is time to."""
        now = self._clock()
        if now < self._due and step != self.last:
            return
        if not self._bar:
            self._wait = min(LONGEST, 2 * self._wait)
        self._due = now + self._wait
        text = self._text(step, float(np.mean(losses[-WINDOW:])), now - self._started)
        if self._bar:
            self._draw(step, text)
        else:
            print(text, file=self._out, flush=True)

    def end(self) -> None:
        """Leave the bar as it stands, and go to the next line."""
        if self._drawn:
            print(file=self._out, flush=True)
            self._drawn = False

    def _text(self, step: int, loss: float, seconds: float) -> str:
        rate = (step - self.first) / max(seconds, 1e-9)
        shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
        text = f"step {step:>6}   loss {loss:.4f}   {shown} steps/s"
        return text if step == self.last else f"{text}   {duration((self.last - step) / rate)} left"

    def _draw(self, step: int, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        done = BAR * (step - self.first) // (self.last - self.first)
        line = f"{'#' * done}{'.' * (BAR - done)} {text}".ljust(width)[:width]
        self._out.write(f"\r{paint(line[:done], CYAN, self._out)}{line[done:]}")
        self._out.flush()
        self._drawn = True


def duration(seconds: float) -> str:
    """As one says it: 42 s, 3 min 10 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
