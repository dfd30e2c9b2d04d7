"""The one clock of whatever can be played."""

from collections.abc import Awaitable, Callable, Coroutine


class Ticker:
    """While it plays, it calls `tick()` every so many seconds; no tick comes while `held()`.

    `every` gives the seconds to wait, anew before each tick. Sleep and spawn are passed in, so that it can be tested
    without waiting: `spawn` starts a coroutine beside whatever is going on, as asyncio.ensure_future does.
    """

    def __init__(
        self,
        tick: Callable[[], None],
        every: Callable[[], float],
        held: Callable[[], bool],
        sleep: Callable[[float], Awaitable[None]],
        spawn: Callable[[Coroutine[None, None, None]], object],
    ) -> None:
        self._tick, self._every, self._held = tick, every, held
        self._sleep, self._spawn = sleep, spawn
        self._turn: object | None = None  # of playing; a newer one ends the older, None ends all

    @property
    def playing(self) -> bool:
        return self._turn is not None

    def play(self) -> None:
        """The first tick comes after a full wait, also if it is playing already."""
        self._turn = turn = object()
        self._spawn(self._play(turn))

    def stop(self) -> None:
        self._turn = None

    async def _play(self, turn: object) -> None:
        while True:
            await self._sleep(self._every())
            if turn is not self._turn:
                return
            if not self._held():
                self._tick()
