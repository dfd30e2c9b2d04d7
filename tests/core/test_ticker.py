"""The one clock of whatever can be played, with a clock that does not wait."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from lab.core.ticker import Ticker


class Clock:
    """A time that stands at `now` and jumps from one wait to the next, up to `end`."""

    def __init__(self, end: float) -> None:
        self.now, self.end = 0.0, end
        self.ticks: list[float] = []
        self.held = False
        self.tasks: list[asyncio.Task] = []
        self.at: dict[float, Callable[[], None]] = {}  # what happens at a time, just before whoever waits goes on

    async def sleep(self, seconds: float) -> None:
        self.now = round(self.now + seconds, 6)
        if self.now > self.end:
            await asyncio.Event().wait()  # for ever
        await asyncio.sleep(0)
        self.at.get(self.now, lambda: None)()

    def ticker(self, every: Callable[[], float] = lambda: 1.0) -> Ticker:
        return Ticker(
            lambda: self.ticks.append(self.now),
            every,
            lambda: self.held,
            self.sleep,
            lambda coroutine: self.tasks.append(asyncio.ensure_future(coroutine)),
        )

    def run(self, begin: Callable[[], None]) -> list[float]:
        async def play() -> None:
            begin()
            for _ in range(100):
                await asyncio.sleep(0)
            for task in self.tasks:
                task.cancel()

        # in a thread of its own, which has no event loop yet, whatever other tests have left in this one
        with ThreadPoolExecutor() as pool:
            pool.submit(asyncio.run, play()).result()
        return self.ticks


def test_the_first_tick_comes_after_a_full_wait_and_then_one_after_each() -> None:
    clock = Clock(end=3)
    ticker = clock.ticker()
    assert not ticker.playing
    assert clock.run(ticker.play) == [1, 2, 3]
    assert ticker.playing


def test_no_tick_comes_after_stop() -> None:
    clock = Clock(end=5)
    ticker = clock.ticker()
    clock.at[3] = ticker.stop
    assert clock.run(ticker.play) == [1, 2]
    assert not ticker.playing
    assert all(task.done() and not task.cancelled() for task in clock.tasks)  # it ended by itself


def test_a_tick_may_stop_it() -> None:
    clock = Clock(end=5)
    ticker = Ticker(
        lambda: (clock.ticks.append(clock.now), ticker.stop()),
        lambda: 1.0,
        lambda: False,
        clock.sleep,
        lambda coroutine: clock.tasks.append(asyncio.ensure_future(coroutine)),
    )
    assert clock.run(ticker.play) == [1]


def test_it_stands_still_while_held_and_goes_on_after() -> None:
    clock = Clock(end=6)

    def hold(held: bool) -> Callable[[], None]:
        return lambda: setattr(clock, "held", held)

    clock.at = {2: hold(True), 5: hold(False)}
    assert clock.run(clock.ticker().play) == [1, 5, 6]


def test_the_wait_is_asked_for_anew_before_each_tick() -> None:
    clock = Clock(end=6)
    waits = iter([1.0, 2.0, 3.0, 9.0])
    assert clock.run(clock.ticker(lambda: next(waits)).play) == [1, 3, 6]


def test_to_play_again_begins_anew_and_never_doubles() -> None:
    clock = Clock(end=4)
    ticker = clock.ticker(lambda: 2.0)
    clock.at[2] = lambda: (clock.at.clear(), ticker.play())
    assert clock.run(ticker.play) == [4]
