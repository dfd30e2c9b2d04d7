"""A run is put away while it goes on, and comes back exactly as it was."""

from collections.abc import Coroutine
from typing import Any

import numpy as np
import pytest

from lab.core.keeping import EVERY, Keeper, Kept
from microgpt.experiment import Experiment
from tests.core.fixtures import Desk


class Drawer:
    """A storage that holds one value, or refuses."""

    def __init__(self, value: bytes | None = None, refuses: str = "") -> None:
        self.value, self.refuses, self.puts = value, refuses, 0

    async def get(self) -> bytes | None:
        self._refuse()
        return self.value

    async def put(self, value: bytes) -> None:
        self._refuse()
        self.value = value
        self.puts += 1

    async def clear(self) -> None:
        self._refuse()
        self.value = None

    def _refuse(self) -> None:
        if self.refuses:
            raise OSError(self.refuses)


def at_once(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that never really waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits")


def kept_by(desk: Desk, drawer: Drawer) -> Keeper:
    """A keeper at work, as on a page that has just opened."""
    desk.lab.keeper = keeper = Keeper(desk.lab, drawer, desk.time.clock, at_once)
    at_once(keeper.bring_back())
    keeper.watch()
    return keeper


@pytest.mark.feature("U6")
def test_the_run_comes_back_after_a_reload_and_goes_on_as_if_it_had_never_stopped(new_desk, losses) -> None:
    desk, drawer = new_desk(), Drawer()
    kept_by(desk, drawer)
    desk.train_to(120)
    again = new_desk()
    keeper = kept_by(again, drawer)
    assert again.lab.run.step_count == 120
    assert again.lab.snapshot.get().source == "live"
    assert "your run is back, at step 120" in again.lab.status.get().message
    assert keeper.kept.get() == Kept(120)
    again.train_to(160)
    assert np.array_equal(again.lab.run.history.losses(160).astype(np.float32), np.float32(losses[:160]))


@pytest.mark.feature("U6", "X2")
def test_a_list_of_ones_own_comes_back_with_its_run(new_desk, names) -> None:
    desk, drawer = new_desk(), Drawer()
    kept_by(desk, drawer)
    own = [name.upper() for name in names[:40]]
    desk.lab.begin(Experiment(own, desk.lab.run.experiment.settings), "capitals.txt")
    desk.train_to(10)
    again = new_desk()
    kept_by(again, drawer)
    assert list(again.lab.run.experiment.names) == own
    assert again.lab.title == "capitals.txt"
    assert again.lab.run.step_count == 10
    assert np.array_equal(again.lab.run.trainer.model.flat, desk.lab.run.trainer.model.flat)


@pytest.mark.feature("U6")
def test_while_it_trains_it_is_kept_every_few_seconds_and_at_the_end(desk: Desk) -> None:
    drawer = Drawer()
    kept_by(desk, drawer)
    began = desk.time.now
    desk.train_to(400)
    passed = desk.time.now - began
    at_the_end = 4  # paused, and when its held-out loss and its name are there
    assert 1 <= drawer.puts <= passed / EVERY + at_the_end
    assert desk.lab.keeper.kept.get().step == 400


@pytest.mark.feature("U6", "T7")
def test_forget_leaves_nothing_and_keeps_nothing_until_it_is_asked_to(desk: Desk) -> None:
    drawer = Drawer()
    keeper = kept_by(desk, drawer)
    desk.train_to(20)
    assert drawer.value
    keeper.forget()
    desk.train_to(40)
    assert drawer.value is None
    assert keeper.kept.get() == Kept(keeping=False)
    keeper.keep()
    assert drawer.value
    assert keeper.kept.get() == Kept(40)


@pytest.mark.feature("U6")
@pytest.mark.parametrize("value", [b"", b"{}", b"\x02\x00\x00\x00{}rest", b"\x10\x00\x00\x00" + b'{"format": 99}  '])
def test_what_is_damaged_or_of_another_version_is_passed_over(desk: Desk, value: bytes) -> None:
    kept_by(desk, Drawer(value))
    assert desk.lab.run.step_count == 0
    desk.train_to(5)


@pytest.mark.feature("U6", "T7")
def test_a_browser_that_keeps_nothing_is_said_and_does_no_harm(desk: Desk) -> None:
    keeper = kept_by(desk, Drawer(refuses="no room"))
    assert keeper.kept.get() == Kept(keeping=False, trouble="no room")
    desk.train_to(20)
    full = Drawer()
    keeper = kept_by(desk, full)
    full.refuses = "the disk is full"
    desk.train_to(40)
    assert keeper.kept.get() == Kept(keeping=False, trouble="the disk is full")
    desk.train_to(60)


@pytest.mark.feature("U6")
def test_a_run_that_diverges_leaves_what_was_kept_before(desk: Desk) -> None:
    drawer = Drawer()
    keeper = kept_by(desk, drawer)
    desk.train_to(20)
    before = drawer.value
    desk.lab.run.trainer.model.flat[0] = np.inf
    keeper.hurry()
    desk.lab.pause()
    assert drawer.value == before
