"""Draws what has changed once before each paint, and gives the browser time between slices of training."""

import asyncio
import time
from typing import Protocol

from . import dom

LATE = 0.020  # seconds, a little over 1/60: training waits for a frame that is later than this
FIRST = 0.010  # seconds of a frame for first drawings out of sight


class Drawable(Protocol):
    visible: bool

    def draw(self) -> None: ...


class Frame:
    def __init__(self) -> None:
        self._dirty: dict[Drawable, None] = {}  # a dict, to keep the order of requests
        self._new: dict[Drawable, None] = {}
        self._asked: float | None = None  # when the pending frame was requested; None without one
        self._painted: asyncio.Future | None = None
        self._frames = dom.Frames(self._paint)

    def request(self, drawable: Drawable) -> None:
        """Draw this before the next paint, or once it comes into view."""
        self._dirty[drawable] = None
        if drawable.visible:
            self._ask()

    def introduce(self, drawable: Drawable) -> None:
        """Draw this for the first time, soon, in sight or not: before anybody gets there it has taken its room."""
        self._new[drawable] = None
        self._ask()

    def draw_now(self, drawable: Drawable) -> None:
        """Draw this, in sight or not, if it has changed since it was drawn."""
        if drawable in self._dirty or drawable in self._new:
            self._draw(drawable)

    def _ask(self) -> None:
        if self._asked is None:
            self._asked = time.perf_counter()
            self._frames.request()

    @property
    def late(self) -> bool:
        """Whether the pending frame is later than LATE."""
        return self._asked is not None and time.perf_counter() - self._asked >= LATE

    async def painted(self, timeout: float) -> bool:
        """Wait for the next frame, at most `timeout` seconds; whether it came."""
        self._painted = asyncio.get_running_loop().create_future()
        done, _pending = await asyncio.wait([self._painted], timeout=timeout)
        return bool(done)

    async def introduced(self) -> None:
        """Wait until all that has been laid out by now has been drawn; in a hidden tab only a moment."""
        await dom.painted()  # the browser tells what it has laid out once a frame
        while self._new and await self.painted(timeout=0.25):
            pass

    def _paint(self) -> None:
        self._asked = None
        if self._painted is not None and not self._painted.done():
            self._painted.set_result(None)
        due = [drawable for drawable in self._dirty if drawable.visible]
        for drawable in due:
            self._draw(drawable)
        end = time.perf_counter() + FIRST
        while self._new and time.perf_counter() < end:
            self._draw(next(iter(self._new)))
        if self._new:
            self._ask()

    def _draw(self, drawable: Drawable) -> None:
        self._dirty.pop(drawable, None)
        self._new.pop(drawable, None)
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
