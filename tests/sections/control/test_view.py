"""What the control section says about a run, and stopping at a loss."""

import pytest

from lab.core.lab import Status
from lab.sections.control import view as control
from microgpt.experiment import PRESETS, Experiment, Settings


@pytest.mark.feature("U4")
def test_training_stops_at_the_first_step_whose_mean_loss_is_low_enough(desk):
    desk.lab.train(below=2.9)
    desk.finish()
    run = desk.lab.run
    assert run.history.mean(run.step_count) <= 2.9
    assert all(run.history.mean(step) > 2.9 for step in range(1, run.step_count))
    assert "2.9" in desk.lab.status.get().message


@pytest.mark.feature("U4")
def test_a_stop_at_a_loss_does_not_outlive_the_command(desk):
    desk.lab.train(until=5, below=0.001)
    desk.finish()
    desk.train_to(20)  # would fail if the old stops were still in force
    desk.lab.train()
    assert desk.lab.target == desk.lab.run.trainer.settings.steps


@pytest.mark.feature("U4")
def test_gauges_follow_from_step_rate_and_schedule(desk, small_experiment: Experiment):
    desk.train_to(100)
    snapshot = desk.lab.snapshot.get()
    shown = control.gauges(snapshot, Status(rate=200.0), small_experiment, target=400)
    assert shown["epoch"] == f"{100 / len(small_experiment.split.train):.2f}"
    assert (shown["rate"], shown["pace"], shown["left"]) == ("200", "5.00", "2 s")
    assert float(shown["learning-rate"]) == pytest.approx(
        small_experiment.settings.learning_rate * (1 - 100 / 400), abs=1e-4
    )


def test_without_a_rate_the_gauges_promise_nothing(desk, small_experiment: Experiment):
    shown = control.gauges(desk.lab.snapshot.get(), Status(), small_experiment, target=400)
    assert shown["rate"] == shown["pace"] == shown["left"] == "–"


def test_the_preset_in_use_is_the_one_chosen(names):
    assert 'value="microgpt" selected' in control.presets(Experiment(names, PRESETS["microgpt"]))
    assert "your own settings" in control.presets(Experiment(names, Settings(n_embd=8)))
    assert "your own settings" not in control.presets(Experiment(names))


def test_every_setting_has_a_field_filled_with_what_is_in_force(names):
    markup = control.fields(Experiment(names, Settings(n_embd=8)))
    assert 'data-part="n_embd" value="8"' in markup
    assert f'placeholder="{max(map(len, names)) + 1}, from the data"' in markup
