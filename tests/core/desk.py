"""A Lab on a desk: no browser and no clock on the wall, so that a test decides when what happens."""

import types
from collections.abc import Callable, Coroutine, Sequence

from lab.core.lab import Lab
from lab.core.runner import Runner
from microgpt.experiment import Settings


@types.coroutine
def _hand_over():
    yield


class FakeTime:
    """Time passes when somebody sleeps, and by `tick` whenever the clock is read: work takes time."""

    def __init__(self, tick: float = 0.0005) -> None:
        self.now, self.tick = 0.0, tick
        self.breaths = 0
        self.sleeps: list[float] = []

    def clock(self) -> float:
        self.now += self.tick
        return self.now

    async def breathe(self) -> None:
        self.breaths += 1
        await _hand_over()

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds
        await _hand_over()


class Desk:
    """Drives a Lab slice by slice; between two slices a test may give commands, as a reader would."""

    def __init__(self, names: Sequence[str], settings: Settings) -> None:
        self.time = FakeTime()
        self._tasks: list[Coroutine] = []
        runner = Runner(self.time.clock, self.time.breathe, self.time.sleep)
        self.lab = Lab(list(names), settings, runner, self._tasks.append)

    def close(self) -> None:
        """Drop whatever work is left."""
        for task in self._tasks:
            task.close()

    def slice(self) -> bool:
        """Do one slice of the work; False if there is none."""
        if not self._tasks:
            return False
        try:
            self._tasks[0].send(None)
        except StopIteration:
            self._tasks.pop(0)
        except BaseException:
            self._tasks.pop(0)  # a task that fails is over, here as in asyncio
            raise
        return True

    def finish(self) -> None:
        """Do all the work there is."""
        while self.slice():
            pass

    def until(self, condition: Callable[[], bool]) -> None:
        """Work until the condition holds. Fails if the work ends before."""
        while not condition():
            assert self.slice(), "the work ended before the condition was met"

    def train_to(self, step: int) -> None:
        """Train to exactly this step and do all the work that hangs on it."""
        self.lab.train(until=step)
        self.finish()
        assert self.lab.run.step_count == step

    @property
    def losses(self) -> list[float]:
        return self.lab.run.history.losses(self.lab.run.step_count).tolist()

    @property
    def weights(self) -> bytes:
        """To the last bit, with the optimiser's memory."""
        trainer = self.lab.run.trainer
        return trainer.model.flat.tobytes() + trainer.optimizer.m.tobytes() + trainer.optimizer.v.tobytes()
