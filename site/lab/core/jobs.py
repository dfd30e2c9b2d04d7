"""One queue of work: whatever takes long is a job in it, done a piece at a time between two pictures.

A job is a generator. Each `next` does a small piece and may say how much of the job is done.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from enum import IntEnum

Pieces = Generator[float | None, None, None]
"""The work of a job. A piece yields the part of the job that is done now, 0 … 1, or None if that is not known."""


class Priority(IntEnum):
    """At each turn of the queue every priority gets one piece done."""

    RUN = 0  # what the run itself asks for: one job after another, in their order
    ASIDE = 1  # what goes on beside the run: these jobs take turns


class Job:
    """Work under way. `progress` is the part done, 0 … 1, or None if that is not known."""

    def __init__(
        self,
        name: str,
        pieces: Pieces,
        priority: Priority,
        failed: Callable[[Exception], None] | None,
        stop: Callable[[], None] | None,
        owner: object,
        begun: float,
    ) -> None:
        self.name = name
        self.priority = priority
        self.owner = owner
        self.begun = begun  # seconds, by the queue's clock
        self.progress: float | None = None
        self.over = False
        self._pieces, self._failed, self._stop = pieces, failed, stop

    def step(self) -> None:
        """One piece. An error ends the job and goes to `failed`, or on to the caller if nobody asked for it."""
        try:
            done = next(self._pieces)
            self.progress = self.progress if done is None else done
        except StopIteration:
            self.over = True
        except Exception as error:
            self.over = True
            if self._failed is None:
                raise
            self._failed(error)

    def cancel(self) -> None:
        """End the job where it is. Its generator is closed, so its `finally` runs. A second time does no harm."""
        self.over = True
        if not getattr(self._pieces, "gi_running", False):  # a job may cancel itself
            self._pieces.close()

    def stop(self) -> None:
        """End the job as its owner does when a reader asks for that."""
        (self._stop or self.cancel)()


class Jobs:
    """The queue. `wake` is called when there is work again after there was none."""

    def __init__(self, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._clock, self._wake = clock, wake
        self._queues: dict[Priority, deque[Job]] = {priority: deque() for priority in Priority}
        self._held: list[Job] = []

    def __iter__(self) -> Iterator[Job]:
        """The jobs that are not over, those that wait for their owner left out."""
        return (job for queue in self._queues.values() for job in queue if not job.over)

    def any(self, *priorities: Priority) -> bool:
        """Whether there is work, of these priorities or of any."""
        return any(not job.over for priority in priorities or Priority for job in self._queues[priority])

    def add(
        self,
        name: str,
        pieces: Pieces,
        *,
        priority: Priority = Priority.ASIDE,
        failed: Callable[[Exception], None] | None = None,
        stop: Callable[[], None] | None = None,
        owner: object = None,
    ) -> Job:
        """Queue a job. `name` says what it does, for readers: "Measuring heads". `stop` is how a reader's wish to
        end it is carried out; without one the job is cancelled. For `owner` see `hold`."""
        job = Job(name, pieces, priority, failed, stop, owner, self._clock())
        self._queues[priority].append(job)
        self._wake()
        return job

    def turn(self) -> list[Job]:
        """One piece of one job of each priority; gives the jobs that this has ended."""
        ended = []
        for priority, queue in self._queues.items():
            job = self._first(queue)
            if job is None:
                continue
            try:
                job.step()
            finally:
                if job.over and job in queue:
                    queue.remove(job)
            if job.over:
                ended.append(job)
            elif priority is Priority.ASIDE and job in queue:
                queue.remove(job)
                queue.append(job)
        return ended

    def hold(self, owner: object) -> None:
        """Set the jobs of this owner aside, as they are, until `release`."""
        for queue in self._queues.values():
            self._held += [job for job in queue if job.owner is owner]
            for job in self._held:
                if job in queue:
                    queue.remove(job)

    def release(self, owner: object) -> None:
        """Go on with the jobs that `hold` set aside for this owner."""
        for job in self._held:
            if job.owner is owner:
                self._queues[job.priority].append(job)
        self._held = [job for job in self._held if job.owner is not owner]

    def drop(self, owner: object) -> None:
        """Cancel all jobs of this owner, held or not."""
        for job in [*self, *self._held]:
            if job.owner is owner:
                job.cancel()
        self._held = [job for job in self._held if job.owner is not owner]

    def _first(self, queue: deque[Job]) -> Job | None:
        while queue and queue[0].over:  # cancelled meanwhile
            queue.popleft()
        return queue[0] if queue else None
