"""The pace of training, over simulated time."""

import itertools

import pytest

from lab.core.rate_limiter import SPEEDS, RateLimiter

LIMITED = sorted(set(SPEEDS) - {"max"})


def steps_taken(pace: RateLimiter, start: float, seconds: float) -> list[float]:
    """When steps are taken by somebody who always waits just as long as told."""
    now, taken = start, []
    while now < start + seconds:
        taken.append(now)
        pace.stepped(now)
        now += pace.wait(now)
    return taken


@pytest.mark.feature("U2")
@pytest.mark.parametrize("speed", LIMITED)
def test_a_minute_holds_as_many_steps_as_the_speed_says(speed):
    rate = SPEEDS[speed]
    taken = steps_taken(RateLimiter(rate), 1000.0, 60.0)
    assert len(taken) == pytest.approx(60 * rate, abs=max(1, 0.1 * rate) + 1)


@pytest.mark.parametrize("speed", LIMITED)
def test_steps_come_evenly(speed):
    times = steps_taken(RateLimiter(SPEEDS[speed]), 0.0, 30.0)[-20:]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps == pytest.approx([1 / SPEEDS[speed]] * len(gaps))


@pytest.mark.parametrize("speed", LIMITED)
def test_after_a_long_pause_it_does_not_make_up_for_lost_time(speed):
    rate = SPEEDS[speed]
    pace = RateLimiter(rate)
    steps_taken(pace, 0.0, 2.0)
    back = steps_taken(pace, 3600.0, 1.0)  # the computer slept for an hour
    assert len(back) <= rate + max(1, 0.1 * rate) + 1


def test_flat_out_never_waits():
    pace = RateLimiter(SPEEDS["max"])
    for now in (0.0, 0.001, 5.0):
        assert pace.wait(now) == 0
        pace.stepped(now)
    assert pace.wait(5.0) == 0


def test_the_first_step_is_due_at_once():
    assert RateLimiter(SPEEDS["slow"]).wait(0.0) == 0
