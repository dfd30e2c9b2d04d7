"""Work that goes on beside the run: in turns, without touching it."""

import pytest

FEATURE = pytest.mark.feature("S0-5", "S4-5")


def unwanted(error):
    raise AssertionError(f"nobody expected a fault: {error}")


def count(seen, name, times):
    for _ in range(times):
        seen.append(name)
        yield


@FEATURE
def test_it_is_done_without_any_training_and_then_the_lab_rests(desk):
    seen = []
    desk.lab.add_job("Counting", count(seen, "a", 50), unwanted)
    desk.finish()
    assert seen == ["a"] * 50
    assert desk.lab.run.step_count == 0 and desk.lab.status.get().state == "ready"


@FEATURE
def test_several_jobs_take_turns(desk):
    seen = []
    desk.lab.add_job("Counting", count(seen, "a", 3), unwanted)
    desk.lab.add_job("Counting", count(seen, "b", 3), unwanted)
    desk.finish()
    assert seen == ["a", "b"] * 3


@FEATURE
def test_training_goes_on_meanwhile_and_is_the_same_to_the_last_bit(new_desk, desk):
    desk.train_to(40)
    other = new_desk(desk.lab.run.experiment.settings)
    seen = []
    other.lab.add_job("Counting", count(seen, "a", 10_000), unwanted)
    other.lab.train(until=40)
    other.until(lambda: other.lab.run.step_count == 40)
    assert 0 < len(seen) < 10_000
    assert other.losses == desk.losses and other.weights == desk.weights


@FEATURE
def test_what_is_given_up_ends_at_once_and_cleans_up(desk):
    ended = []

    def job():
        try:
            while True:
                yield
        finally:
            ended.append(True)

    counting = desk.lab.add_job("Counting", job(), unwanted)
    desk.slice()
    counting.cancel()
    assert ended == [True]
    desk.finish()  # and no work is left
    counting.cancel()  # twice does no harm


@FEATURE
def test_a_job_can_give_itself_up(desk):
    seen, jobs = [], []

    def job():
        for i in range(10):
            seen.append(i)
            if i == 3:
                jobs[0].cancel()
            yield

    jobs.append(desk.lab.add_job("Counting", job(), unwanted))
    desk.finish()
    assert seen == [0, 1, 2, 3]


@FEATURE
def test_a_fault_ends_that_job_alone(desk):
    seen, faults = [], []

    def faulty():
        yield
        raise ValueError("no good")

    desk.lab.add_job("Counting", faulty(), faults.append)
    desk.lab.add_job("Counting", count(seen, "a", 5), unwanted)
    desk.finish()
    assert [str(fault) for fault in faults] == ["no good"] and seen == ["a"] * 5
    assert desk.lab.status.get().state == "ready"
