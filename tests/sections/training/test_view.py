"""What sections make of a snapshot, before any of it is drawn."""

import numpy as np
import pytest

from lab.core.snapshot import Sample
from lab.frame.view import how, where
from lab.sections.attention import view as attention
from lab.sections.opening import view as opening
from lab.sections.training import view as training
from microgpt.evaluate.novelty import Verdict
from microgpt.experiment import Experiment

NEW, COPY = Verdict("new", "mei", 4), Verdict("copy", "rex", 0)


@pytest.fixture
def untrained(desk):
    desk.finish()
    return desk.lab.snapshot.get()


@pytest.fixture
def trained(desk):
    desk.train_to(150)
    return desk.lab.snapshot.get()


@pytest.mark.feature("S1-2")
def test_spelling_gives_the_models_own_chance_for_each_right_answer(trained, small_experiment: Experiment):
    tokenizer = small_experiment.tokenizer
    rows = opening.spelling(trained, tokenizer.document("rex"), tokenizer.label)
    assert [(row.read, row.answer) for row in rows] == [("START", "r"), ("r", "e"), ("re", "x"), ("rex", "END")]
    loss = -np.mean(np.log([row.chance for row in rows]))
    assert loss == pytest.approx(trained.model.loss(tokenizer.document("rex")), rel=1e-5)


@pytest.mark.feature("S1-2")
def test_a_model_without_the_letters_of_rex_spells_the_name_looked_at(new_desk):
    desk = new_desk(names=["ana", "anna", "nana", "naan", "annan", "nanna"])
    experiment, snapshot = desk.lab.experiment.get(), desk.lab.snapshot.get()
    name = opening.example(experiment, desk.lab.focus.get().name)
    assert name == desk.lab.focus.get().name
    rows = opening.spelling(snapshot, experiment.tokenizer.document(name), experiment.tokenizer.label)
    assert [row.answer for row in rows] == [*name, "END"]


@pytest.mark.feature("S1-2")
def test_rex_is_spelled_wherever_its_letters_are_known(small_experiment: Experiment):
    assert opening.example(small_experiment, "mei") == "rex"
    assert [opening.in_words(count) for count in (4, 12, 13)] == ["four", "twelve", "13"]


@pytest.mark.parametrize(
    ("step", "text"),
    [(0, "before any training"), (1, "after 1 step of training"), (5000, "after 5,000 steps of training")],
)
def test_how_long_it_was_trained_is_said_in_words(step, text):
    assert opening.when(step) == text


def test_before_the_first_step_there_is_no_curve(untrained, small_experiment):
    assert training.curves(untrained, small_experiment.baselines, 400) is None


@pytest.mark.feature("S1-14", "S1-15", "X3")
def test_the_chart_gets_every_loss_its_mean_the_exams_and_the_baselines(trained, small_experiment, losses):
    lines = training.curves(trained, small_experiment.baselines, 400)
    (series,), (points,) = lines.series, lines.points
    assert list(series.raw) == losses[:150]
    assert series.smooth[-1] == pytest.approx(np.mean(losses[50:150]))
    assert dict(zip(points.steps, points.values, strict=True)) == dict(trained.held_out)
    assert {line.value for line in lines.baselines} <= set(small_experiment.baselines.values())
    assert small_experiment.baselines["bigram"] in {line.value for line in lines.baselines}


@pytest.mark.feature("S1-14")
def test_the_curve_reads_out_the_mean_of_the_hundred_steps_before(trained, losses):
    text = training.reading(trained, 130)
    assert text.startswith(f"step 130: mean of the 100 steps before {np.mean(losses[30:130]):.3f}")
    assert f"held-out {dict(trained.held_out)[100]:.3f} at step 100" in text


def test_the_reading_never_leaves_the_curve(trained, losses):
    assert training.reading(trained, -5) == training.reading(trained, 1)
    assert training.reading(trained, 9999) == training.reading(trained, 150)
    assert f"loss of the one step before {losses[0]:.3f}" in training.reading(trained, 1)


@pytest.mark.feature("U8")
def test_the_stream_has_the_newest_name_first_each_with_its_stamp():
    old, new = Sample(100, 1.0, "older", NEW, True), Sample(1200, 0.8, "newer", NEW, True)
    html = training.stream((old, new))
    assert html.index("newer") < html.index("older")
    assert "step 1,200 · T 0.8" in html


def test_the_stream_escapes_what_the_model_wrote():
    html = training.stream((Sample(1, 1.0, "<i>&", NEW, True),))
    assert "&lt;i&gt;&amp;" in html
    assert "<i>" not in html


@pytest.mark.parametrize(
    ("sample", "shown"),
    [
        (Sample(1, 1.0, "rex", COPY, True), "a copy"),
        (Sample(1, 1.0, "rexxx", NEW, False), "rexxx…"),
        (Sample(1, 1.0, "", NEW, True), "END came first"),
    ],
)
def test_the_stream_says_what_is_special_about_a_name(sample, shown):
    assert shown in training.stream((sample,))
    assert shown not in training.stream((Sample(1, 1.0, "rexxx", NEW, True),))


def test_the_stream_stays_short():
    html = training.stream(tuple(Sample(step, 1.0, "rex", NEW, True) for step in range(500)))
    assert html.count("<li>") == training.SHOWN_SAMPLES
    assert "step 499" in html


def test_an_empty_stream_says_so():
    assert "Nothing yet" in training.stream(())


@pytest.mark.feature("S1-21")
@pytest.mark.parametrize("layer", [None, 0])
@pytest.mark.parametrize("head", [None, 0, 1])
def test_attention_is_causal_and_every_row_sums_to_one(desk, layer, head):
    desk.train_to(20)
    desk.lab.focus_on("raptor")
    weights = attention.weights(desk.lab.trace(), layer, head)
    assert weights.shape == (7, 7)
    assert weights.sum(axis=1) == pytest.approx(np.ones(7), abs=1e-6)
    assert (np.triu(weights, k=1) == 0).all()


@pytest.mark.feature("S1-21")
def test_the_mean_is_over_what_was_left_open(all_names):
    experiment = Experiment(all_names)
    trace = experiment.trainer().model.forward(experiment.tokenizer.document("rex")[:-1])
    each = np.stack([layer.attention for layer in trace.layers])
    assert np.array_equal(attention.weights(trace, 1, 2), each[1, 2])
    assert attention.weights(trace, 1, None) == pytest.approx(each[1].mean(axis=0))
    assert attention.weights(trace, None, 2) == pytest.approx(each[:, 2].mean(axis=0))
    assert attention.weights(trace, None, None) == pytest.approx(each.mean(axis=(0, 1)))


@pytest.mark.feature("S1-12")
def test_the_status_line_says_where_training_is_and_how_it_goes(desk, trained, losses):
    assert where(trained, 400) == "step 150 of 400"
    text = how(trained, desk.lab.status.get())
    assert f"loss {np.mean(losses[50:150]):.2f}" in text
    assert f"held-out {dict(trained.held_out)[150]:.2f}" in text


def test_before_training_the_status_line_says_untrained(desk, untrained):
    assert "untrained" in how(untrained, desk.lab.status.get())
