"""Does long work in slices, so that whoever shares the thread (here: the page) stays responsive."""

from collections.abc import Awaitable, Callable, Iterator

SLICE = 0.008  # seconds of work between two breaths: an input event waits no longer than this


class Runner:
    """Drains a generator of small pieces of work.

    A piece yields the seconds for which there is nothing more to do: 0 to be called again at once.
    Clock (in seconds), breath and sleep are passed in, so that it can be tested without a browser.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        breathe: Callable[[], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.clock, self.breathe, self.sleep = clock, breathe, sleep

    async def drain(self, work: Iterator[float], after_slice: Callable[[], None]) -> None:
        """Run `work` to its end; `after_slice()` is called after every slice and once at the end."""
        started = self.clock()
        for wait in work:
            if wait > 0:
                after_slice()
                await self.sleep(wait)
                started = self.clock()
            elif self.clock() - started >= SLICE:
                after_slice()
                await self.breathe()
                started = self.clock()
        after_slice()
