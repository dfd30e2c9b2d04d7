"""The runner: long work in slices, with a breath between them."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from lab.core.runner import SLICE, Runner


class Stopwatch:
    """A clock that moves only by work and by sleep, and writes down what happens."""

    def __init__(self) -> None:
        self.now, self.log = 0.0, []
        self.slice_began, self.slices = 0.0, []
        self.runner = Runner(lambda: self.now, self._breathe, self._sleep)

    async def _breathe(self) -> None:
        self.log.append("breath")
        self.now += 1.0  # however long the page takes, it is no part of a slice
        self.slice_began = self.now

    async def _sleep(self, seconds: float) -> None:
        self.log.append(("sleep", seconds))
        self.now += seconds
        self.slice_began = self.now

    def after_slice(self) -> None:
        self.slices.append(self.now - self.slice_began)

    def work(self, *pieces: tuple[float, float]) -> Iterator[float]:
        """Pieces as (what it costs, what it then asks to wait)."""
        for cost, wait in pieces:
            self.now += cost
            yield wait

    def drain(self, *pieces: tuple[float, float]) -> None:
        # in a thread of its own: in this one, a browser driver may have a loop already
        drained = self.runner.drain(self.work(*pieces), self.after_slice)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, drained).result()


def test_no_slice_is_longer_than_the_budget_and_one_piece():
    watch = Stopwatch()
    piece = 0.003
    watch.drain(*[(piece, 0.0)] * 100)
    assert len(watch.slices) > 20
    assert max(watch.slices) < SLICE + piece


def test_it_breathes_between_slices_and_only_there():
    watch = Stopwatch()
    watch.drain(*[(SLICE / 2, 0.0)] * 6)
    assert watch.log == ["breath"] * 3
    assert len(watch.slices) == 4  # after each breath's slice, and once at the end


def test_it_sleeps_for_as_long_as_a_piece_says():
    watch = Stopwatch()
    watch.drain((0.001, 0.0), (0.001, 0.05), (0.001, 0.02))
    assert watch.log == [("sleep", 0.05), ("sleep", 0.02)]


def test_what_was_done_is_shown_before_it_sleeps():
    watch = Stopwatch()
    shown = []
    watch.after_slice = lambda: shown.append(list(watch.log))
    watch.drain((0.001, 0.05))
    assert shown[0] == []


def test_the_end_is_shown_even_of_work_that_is_short():
    watch = Stopwatch()
    watch.drain((0.001, 0.0))
    assert len(watch.slices) == 1


def test_no_work_ends_at_once():
    watch = Stopwatch()
    watch.drain()
    assert watch.log == []
