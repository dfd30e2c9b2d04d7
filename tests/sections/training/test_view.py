"""What the training section makes of a snapshot, before any of it is drawn."""

import numpy as np
import pytest

from lab.core.snapshot import Sample
from lab.sections.training import view as training
from microgpt.evaluate.novelty import Verdict

NEW, COPY = Verdict("new", "mei", 4), Verdict("copy", "rex", 0)


@pytest.fixture
def untrained(desk):
    desk.finish()
    return desk.lab.snapshot.get()


@pytest.fixture
def trained(desk):
    desk.train_to(150)
    return desk.lab.snapshot.get()


def test_before_the_first_step_there_is_no_curve(untrained, small_experiment):
    assert training.curves(untrained, small_experiment.baselines, 400) is None


@pytest.mark.feature("S1-14", "S1-15", "X3")
def test_the_chart_gets_every_loss_its_mean_the_exams_and_the_baselines(trained, small_experiment, losses):
    lines = training.curves(trained, small_experiment.baselines, 400, single=True)
    (series,), (points,) = lines.series, lines.points
    assert list(series.raw) == losses[:150]
    assert series.smooth[-1] == pytest.approx(np.mean(losses[50:150]))
    assert dict(zip(points.steps, points.values, strict=True)) == dict(trained.held_out)
    calm = training.curves(trained, small_experiment.baselines, 400, root=True)
    assert calm.series[0].raw is None and calm.root  # the axis of the loss then fits the line
    assert calm.geometry(600).y.hi < lines.geometry(600).y.hi
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
