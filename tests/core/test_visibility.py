"""While the tab is hidden training goes on or waits, by choice, and the status says which."""

import itertools

import pytest

from lab.core.rate_limiter import SPEEDS, RateLimiter
from lab.core.visibility import WAITS, Visibility, title


def message(desk) -> str:
    return desk.lab.status.get().message


@pytest.mark.feature("Q7")
def test_training_goes_on_and_says_how_far_it_went(desk):
    away = Visibility(desk.lab)
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count >= 20)
    left = desk.lab.run.step_count
    away.left()
    desk.until(lambda: desk.lab.run.step_count >= 60)
    away.back()
    assert desk.lab.status.get().state == "training"
    assert message(desk) == f"went on from step {left} to {desk.lab.run.step_count} while the tab was hidden"


@pytest.mark.feature("Q7")
def test_what_ended_meanwhile_says_why_too(desk):
    away = Visibility(desk.lab)
    desk.lab.train()
    desk.slice()
    away.left()
    desk.finish()
    away.back()
    assert message(desk).startswith("finished; ")
    assert message(desk).endswith("to 400 while the tab was hidden")


@pytest.mark.feature("Q7")
def test_training_waits_if_so_chosen_and_goes_on_to_where_it_was_told_to_stop(desk, losses):
    away = Visibility(desk.lab)
    away.goes_on = False
    desk.lab.train(until=150)
    desk.until(lambda: desk.lab.run.step_count >= 20)
    left = desk.lab.run.step_count
    away.left()
    assert (desk.lab.status.get().state, message(desk)) == ("paused", WAITS)
    desk.finish()
    assert desk.lab.run.step_count == left
    away.back()
    assert message(desk) == f"waited at step {left} while the tab was hidden"
    desk.finish()
    assert desk.losses == losses[:150]


@pytest.mark.feature("Q7")
def test_what_was_not_training_is_left_alone(desk):
    away = Visibility(desk.lab)
    away.goes_on = False
    desk.train_to(10)
    before = desk.lab.status.get()
    away.left()
    away.back()
    desk.finish()
    assert desk.lab.status.get() == before
    assert desk.lab.run.step_count == 10


def test_a_run_begun_anew_meanwhile_does_not_go_on(desk):
    away = Visibility(desk.lab)
    away.goes_on = False
    desk.lab.train()
    desk.slice()
    away.left()
    desk.lab.reset()
    away.back()
    assert (desk.lab.status.get().state, message(desk)) == ("ready", "")


def test_leaving_twice_leaves_one_message(desk):
    away = Visibility(desk.lab)
    desk.lab.train()
    for _ in range(2):
        desk.slice()
        away.left()
        desk.slice()
        away.back()
    assert message(desk).count("hidden") == 1


@pytest.mark.feature("Q7")
@pytest.mark.parametrize("every", [1.0, 60.0])  # a hidden tab's timers: soon once a second, later once a minute
def test_a_pace_keeps_its_rate_where_timers_are_rare(every):
    pace, taken = RateLimiter(SPEEDS["fast"]), 0
    pace.stepped(0.0)
    for now in itertools.islice(itertools.count(every, every), 5):
        while not pace.wait(now):
            pace.stepped(now, catch_up=True)
            taken += 1
    assert taken == pytest.approx(5 * every * SPEEDS["fast"], abs=12)  # at first a tenth of a second at once


def test_the_first_step_in_a_hidden_tab_is_no_burst():
    pace, taken = RateLimiter(SPEEDS["fast"]), 0
    while not pace.wait(50.0):
        pace.stepped(50.0, catch_up=True)
        taken += 1
    assert taken <= 12


@pytest.mark.feature("Q7")
def test_the_title_says_which():
    assert title("training", 1200, False) == "training, step 1,200 · microgpt lab"
    assert title("paused", 1200, True) == "waiting, step 1,200 · microgpt lab"
    assert title("paused", 5000, False) == "step 5,000 · microgpt lab"
