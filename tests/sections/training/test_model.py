"""The phases of learning follow from the losses alone."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.core.history import WINDOW, History
from lab.core.snapshot import Snapshot
from lab.sections.training import view as phase_views
from lab.sections.training.model import Milestones, held_out_since, lines, phase

BASELINES = {"uniform": 3.3, "unigram": 2.8, "bigram": 2.3, "trigram": 2.0}
a_loss = st.floats(0, 6)
runs = st.lists(a_loss, max_size=3 * WINDOW)


def snapshot(losses=(), held_out=()) -> Snapshot:
    return Snapshot(len(losses), None, History(np.array(losses, float)), tuple(held_out), (), "live")


@pytest.mark.feature("S0-7")
@pytest.mark.parametrize(("loss", "reached"), [(4, 0), (3.3, 0), (3.29, 1), (2.5, 2), (2.2, 3), (1.0, 4)])
def test_a_loss_tells_the_phase(loss, reached) -> None:
    assert phase(loss, BASELINES) == reached
    assert phase(float("nan"), BASELINES) == 0


def test_lines_stand_in_the_order_in_which_they_are_overtaken() -> None:
    assert [name for name, _ in lines({"uniform": 2.0, "trigram": 1.9, "bigram": 1.5})] == [
        "uniform",
        "trigram",
        "bigram",
    ]


@pytest.mark.feature("S0-7")
@given(runs, st.lists(st.integers(0, 3 * WINDOW), max_size=6))
def test_a_line_is_reached_at_the_first_mean_of_a_hundred_below_it(losses, looks) -> None:
    history = History(np.array(losses))
    milestones = Milestones(BASELINES)
    for step in [*(min(look, len(losses)) for look in looks), len(losses)]:  # in any order, also backwards
        found = milestones.reached(history, step)
        expected = {}
        for name, value in BASELINES.items():
            below = [s for s in range(WINDOW, step + 1) if history.mean(s) < value]
            if below:
                expected[name] = below[0]
        assert found == expected


def test_each_step_is_looked_at_once() -> None:
    class Counting(History):
        asked = 0

        def means(self, step, first=1):
            self.asked += step - first + 1
            return super().means(step, first)

    history = Counting(np.full(5000, 9.0))
    milestones = Milestones(BASELINES)
    for step in range(0, 5001, 7):
        assert milestones.reached(history, step) == {}
    assert history.asked <= 5000


def test_another_run_starts_from_nothing() -> None:
    milestones = Milestones(BASELINES)
    assert len(milestones.reached(History(np.ones(WINDOW)), WINDOW)) == 4
    assert milestones.reached(History(np.full(WINDOW, 5.0)), WINDOW) == {}


def test_held_out_names_have_a_first_step_of_their_own() -> None:
    exams = [(0, 3.4), (100, 2.9), (200, 2.2), (300, 2.4)]
    assert [held_out_since(exams, value) for value in (3.3, 2.3, 2.0)] == [100, 200, None]


@pytest.mark.feature("S0-7")
def test_the_list_marks_what_is_reached_and_since_when() -> None:
    losses = [4.0] * WINDOW + [2.5] * WINDOW
    shown = snapshot(losses, [(0, 3.3), (100, 3.0), (200, 2.6)])
    since = Milestones(BASELINES).reached(shown.history, shown.step)
    html = phase_views.phases(shown, BASELINES, since)
    start, uniform, unigram, bigram, trigram = html.split("<li")[1:]
    means = shown.history.means(200)
    assert f"since step {1 + int(np.argmax(means < 3.3)):,} · held-out: step 100" in uniform
    assert f"since step {1 + int(np.argmax(means < 2.8)):,} · held-out: step 200" in unigram
    assert "not yet" in bigram and "not yet" in trigram
    assert [part.count("✓") for part in (start, uniform, unigram, bigram, trigram)] == [1, 1, 1, 0, 0]
    assert [part.count("aria-current") for part in (start, uniform, unigram, bigram, trigram)] == [0, 0, 1, 0, 0]


def test_before_the_first_step_only_the_start_is_marked() -> None:
    html = phase_views.phases(snapshot(held_out=[(0, 3.3)]), BASELINES, {})
    assert html.count("✓") == 1 and html.count("not yet") == 4
    assert phase_views.standing(snapshot(), BASELINES, {}) == "Not a step taken yet."


@pytest.mark.parametrize(
    ("losses", "held_out", "says"),
    [
        ([2.5] * 100, [(0, 3.3)], "now 2.50, 0.20 above the next line."),
        ([1.7] * 100, [(100, 1.9)], "below all the lines. On the names it never sees it was 1.90 .* 0.20 more"),
        ([2.5] * 100, [(100, 2.52)], "no worse to speak of"),
    ],
)
def test_where_it_stands_is_said_in_words(losses, held_out, says) -> None:
    assert re.search(says, phase_views.standing(snapshot(losses, held_out), BASELINES, {}))


def test_a_mean_that_has_crept_back_above_a_line_is_not_said_to_have_it_ahead() -> None:
    said = phase_views.standing(snapshot([2.5] * 100), BASELINES, {"uniform": 100, "unigram": 110, "bigram": 120})
    assert "above a line it has been below" in said
    assert "next line" not in said


def test_the_notes_cover_every_line_there_is(small_experiment) -> None:
    assert set(phase_views.NOTES) == set(small_experiment.baselines)


def test_a_run_that_has_diverged_is_above_no_line() -> None:
    said = phase_views.standing(snapshot([2.5] * 99 + [float("nan")] * 100), BASELINES, {})
    assert "diverged" in said and "–" not in said and "above" not in said
