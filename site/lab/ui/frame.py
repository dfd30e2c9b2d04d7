"""Draws what has changed, once before each paint; and lets training breathe between its slices."""

import asyncio
import time
from typing import Protocol

from . import dom

LATE = 0.020  # seconds, a little more than a sixtieth: training waits for a frame that is later than this


class Drawable(Protocol):
    visible: bool

    def draw(self) -> None: ...


class Frame:
    def __init__(self) -> None:
        self._dirty: dict[Drawable, None] = {}  # a dict keeps the order in which they asked
        self._asked: float | None = None  # since when a frame is awaited
        self._painted: asyncio.Future | None = None
        self._frames = dom.Frames(self._paint)

    def request(self, drawable: Drawable) -> None:
        """Draw this before the next paint; what is out of sight waits until it is seen."""
        self._dirty[drawable] = None
        if drawable.visible and self._asked is None:
            self._asked = time.perf_counter()
            self._frames.request()

    @property
    def late(self) -> bool:
        """The browser has had time enough for the frame it was asked for, and has not drawn it."""
        return self._asked is not None and time.perf_counter() - self._asked >= LATE

    async def painted(self, timeout: float) -> None:
        """Wait for the next frame that was asked for, but no longer than so many seconds."""
        self._painted = asyncio.get_running_loop().create_future()
        await asyncio.wait([self._painted], timeout=timeout)

    def _paint(self) -> None:
        self._asked = None
        if self._painted is not None and not self._painted.done():
            self._painted.set_result(None)
        due = [drawable for drawable in self._dirty if drawable.visible]
        for drawable in due:
            del self._dirty[drawable]
            drawable.draw()


class Breath:
    """Gives the browser its turn between two slices of work.

    Chromium then draws a frame whenever one is due. Firefox lets the next slice go first, so this waits
    for a frame that is late. It requests no frame if nothing has changed, for each costs as much as two
    training steps. A hidden tab has no frames, so this does not wait for one; it uses no timer either,
    which would fire only once a second there.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def __call__(self) -> None:
        if self._frame.late and not dom.hidden():
            await self._frame.painted(timeout=0.25)  # a tab that gets hidden meanwhile must not wait for ever
        else:
            await asyncio.sleep(0)
