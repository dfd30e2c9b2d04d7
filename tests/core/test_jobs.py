"""The queue of work: turns, order, progress, and what happens to jobs whose run is set aside."""

import pytest

from lab.core.jobs import Jobs, Pieces, Priority
from lab.frame import view


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def queue() -> Jobs:
    return Jobs(Clock(), lambda: None)


def pieces(seen: list[str], name: str, times: int) -> Pieces:
    for done in range(1, times + 1):
        seen.append(name)
        yield done / times


def do_all(queue: Jobs) -> None:
    while queue.any():
        queue.turn()


def test_the_runs_jobs_go_one_after_another_and_the_others_take_turns(queue: Jobs) -> None:
    seen: list[str] = []
    for name in "ab":
        queue.add(name, pieces(seen, name, 2), priority=Priority.RUN)
    for name in "xyz":
        queue.add(name, pieces(seen, name, 2))
    do_all(queue)
    assert "".join(seen) == "axayzbxbyz"  # a turn of its own goes by where a job finds that it is done


def test_a_job_says_how_far_it_is_and_keeps_that_when_a_piece_does_not_know(queue: Jobs) -> None:
    def work() -> Pieces:
        yield 0.25
        yield None

    job = queue.add("Work", work())
    assert job.progress is None
    for _ in range(2):
        queue.turn()
        assert job.progress == 0.25
    assert queue.turn() == [job] and job.over


def test_jobs_of_an_owner_who_is_set_aside_wait_as_they_are(queue: Jobs) -> None:
    seen: list[str] = []
    owner = object()
    queue.add("held", pieces(seen, "held", 3), priority=Priority.RUN, owner=owner)
    queue.add("other", pieces(seen, "other", 3), priority=Priority.RUN)
    queue.turn()
    queue.hold(owner)
    do_all(queue)
    assert seen == ["held", *["other"] * 3]
    queue.release(owner)
    do_all(queue)
    assert seen[4:] == ["held"] * 2


def test_jobs_of_an_owner_who_is_gone_are_closed_held_or_not(queue: Jobs) -> None:
    closed = []

    def work(name: str) -> Pieces:
        try:
            while True:
                yield None
        finally:
            closed.append(name)

    owner = object()
    queue.add("held", work("held"), priority=Priority.RUN, owner=owner)
    queue.turn()
    queue.hold(owner)
    queue.add("queued", work("queued"), owner=owner)
    queue.turn()
    queue.drop(owner)
    assert sorted(closed) == ["held", "queued"] and not queue.any()


def test_undo_brings_back_what_the_run_was_at(desk) -> None:
    desk.train_to(30)
    desk.lab.sample(40, 1.0)
    desk.slice()
    run, made = desk.lab.run, len(desk.lab.run.samples)
    desk.lab.reset()
    desk.finish()
    assert len(run.samples) == made
    desk.lab.undo()
    desk.finish()
    assert desk.lab.run is run and len(run.samples) >= made + 30


def test_what_takes_longer_than_a_second_is_shown_and_then_gone(desk) -> None:
    desk.finish()
    begun = desk.time.now

    def work() -> Pieces:
        while desk.time.now < begun + 3:
            yield (desk.time.now - begun) / 3

    job = desk.lab.add_job("Something long", work(), pytest.fail)
    desk.until(lambda: bool(desk.lab.long_jobs.get()))
    assert 1 <= desk.time.now - begun < 1.2
    assert desk.lab.long_jobs.get()[0].job is job
    assert view.work(desk.lab.long_jobs.get()).startswith("Something long 3")
    desk.finish()
    assert desk.lab.long_jobs.get() == ()


def test_a_reader_who_stops_a_job_stops_it_the_way_its_owner_does(desk) -> None:
    stopped = []
    job = desk.lab.add_job("Work", pieces([], "a", 9), pytest.fail, lambda: stopped.append("by its owner"))
    job.stop()
    assert stopped == ["by its owner"] and not job.over
    other = desk.lab.add_job("Work", pieces([], "b", 9), pytest.fail)
    other.stop()
    assert other.over
