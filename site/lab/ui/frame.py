"""Draws what has changed once before each paint, and gives the browser time between slices of training."""

import asyncio
import time
from typing import Protocol

from . import dom

LATE = 0.020  # seconds, a little over 1/60: training waits for a frame that is later than this


class Drawable(Protocol):
    visible: bool

    def draw(self) -> None: ...


class Frame:
    def __init__(self) -> None:
        self._dirty: dict[Drawable, None] = {}  # a dict, to keep the order of requests
        self._asked: float | None = None  # when the pending frame was requested; None without one
        self._painted: asyncio.Future | None = None
        self._frames = dom.Frames(self._paint)

    def request(self, drawable: Drawable) -> None:
        """Draw this before the next paint, or once it comes into view."""
        self._dirty[drawable] = None
        if drawable.visible and self._asked is None:
            self._asked = time.perf_counter()
            self._frames.request()

    @property
    def late(self) -> bool:
        """Whether the pending frame is later than LATE."""
        return self._asked is not None and time.perf_counter() - self._asked >= LATE

    async def painted(self, timeout: float) -> None:
        """Wait for the next frame, at most `timeout` seconds."""
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
    """Gives the browser time between two slices of work.

    Chromium then draws a frame whenever one is due. Firefox lets the next slice go first, so this waits
    for a frame that is late. It requests no frame if nothing has changed, for each costs as much as two
    training steps. A hidden tab has no frames, so this does not wait for one; it uses no timer either,
    which would fire only once a second there.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def __call__(self) -> None:
        if self._frame.late and not dom.hidden():
            await self._frame.painted(timeout=0.25)  # the timeout, since a tab that is hidden meanwhile gets no frames
        else:
            await asyncio.sleep(0)
