"""Two models to build: fields, estimates, and what came of them."""

from dataclasses import replace

import numpy as np
import pytest

from lab.core.history import History
from lab.core.settings import BadSetting
from lab.core.side_by_side import Entry
from lab.core.snapshot import Sample
from lab.sections.capacity import entries as entries_view
from lab.sections.capacity import view as views
from microgpt.evaluate.novelty import Verdict

FIELDS = {"n_layer": "1", "n_embd": "8", "n_head": "4", "steps": "50"}
BASELINES = {"uniform": 3.3, "unigram": 2.8, "bigram": 2.3, "trigram": 2.2}


class Learner:
    def __init__(self, n_params: int) -> None:
        self.n_params, self.steps = n_params, 4


def entry(title: str, n_params: int, losses: list[float], held_out: float | None, seconds: float = 2.0) -> Entry:
    done = held_out is not None
    made = Entry(title, Learner(n_params), history=History(losses), seconds=seconds, held_out=held_out, finished=done)
    return made


A = entry("A (1 layer × 8)", 1000, [3.0, 2.0], 2.5)
B = entry("B (2 layers × 32)", 2000, [2.0, 1.0, 3.0], 2.25, seconds=5.0)


@pytest.mark.feature("S0-5")
def test_the_fields_change_the_size_and_nothing_else(small_experiment):
    settings, config = views.read(FIELDS, small_experiment)
    assert settings == replace(small_experiment.settings, n_layer=1, n_embd=8, n_head=4, steps=50)
    assert (config.n_embd, config.vocab_size) == (8, small_experiment.config.vocab_size)


@pytest.mark.feature("S0-5")
@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("n_head", "3", "make n_embd a multiple of 3"),
        ("n_embd", "128", "goes from 4 to 64"),
        ("n_layer", "", "wants a whole number"),
        ("steps", "9999", "goes from 1 to 5,000"),
    ],
)
def test_what_can_not_work_is_explained(small_experiment, field, text, says):
    with pytest.raises(BadSetting, match=says):
        views.read({**FIELDS, field: text}, small_experiment)


@pytest.mark.feature("S0-5")
def test_size_and_time_are_told_before_anything_starts(small_experiment):
    _, config = views.read(FIELDS, small_experiment)
    assert views.cost(config, 50, None) == f"{config.n_params:,} parameters · measuring how long a step takes …"
    assert "about 2.0 s (2.0 ms a step)" in views.cost(config, 1000, 0.002)
    assert "both: 3.0 s" in views.total([0.001, 0.002], 1000, False)
    assert "take longer" in views.total([0.001, 0.002], 1000, True)
    assert views.total([0.001, None], 1000, False) == "Estimating the time …"
    assert [views.duration(seconds) for seconds in (0.01, 3.14, 42.4, 150)] == ["0.1 s", "3.1 s", "42 s", "2.5 minutes"]


@pytest.mark.feature("S0-5")
def test_both_curves_stand_over_one_another_with_the_lines_to_beat():
    lines = entries_view.curves([A, B], BASELINES)
    assert [series.name for series in lines.series] == [A.title, B.title]
    np.testing.assert_allclose(lines.series[1].smooth, [2.0, 1.5, 2.0])
    assert len({series.colour for series in lines.series}) == 2
    assert [line.value for line in lines.baselines] == [3.3, 2.8, 2.3, 2.2]
    assert entries_view.curves([entry("x", 1, [], None)], BASELINES) is None
    assert entries_view.reading([A, B], 3).endswith(": B (2 layers × 32) 2.000")


@pytest.mark.feature("S0-5")
def test_the_measures_stand_side_by_side():
    rows = dict(entries_view.measures([A, B]))
    assert rows["parameters"] == ["1,000", "2,000"]
    assert rows["seconds used"] == ["2.0", "5.0"]
    assert rows["loss on held-out names"] == ["2.500", "2.250"]
    assert rows["milliseconds a step"][0] == "1,000"
    assert "–" in dict(entries_view.measures([entry("x", 1, [], None)]))["milliseconds a step"]
    assert "<td>2.250</td>" in views.results([A, B])


@pytest.mark.feature("S0-5")
def test_the_outcome_is_told_in_a_sentence():
    text = views.outcome([A, B], False)
    assert "B has 2.0 times as many parameters as A and took 2.5 times as long." in text
    assert "B’s loss is 0.25 lower than A’s" in text
    assert "equally many" in entries_view.verdict(A, entry("B", 1000, [1.0], 2.5))
    assert "equally good" in entries_view.verdict(A, entry("B", 1000, [1.0], 2.5))
    assert views.outcome([A, B], True) == ""
    assert views.outcome([entry("A", 1, [2.0], None), B], False).startswith("Stopped: A at step 1,")
    gone = entry("A", 1, [2.0], None)
    gone.failed = True
    assert "A ran away" in views.outcome([gone, B], False)


@pytest.mark.feature("S0-5", "X3")
def test_names_carry_their_verdicts_and_are_escaped():
    made = entry("A", 1, [2.0], 2.0)
    assert "Once it has learnt" in entries_view.names(made)
    made.names = [
        Sample(4, 0.8, "<b>rex", Verdict("near", "rex", 1), True),
        Sample(4, 0.8, "", Verdict("new", "rex", 3), True),
    ]
    html = entries_view.names(made)
    assert "&lt;b&gt;rex" in html
    assert "1 letter from rex" in html
    assert "END came first" in html
