"""A run whose schedule is over goes on: by a longer schedule, of which every section then speaks."""

import re

import pytest

from lab.charts.descent import Descent
from lab.core import compare
from lab.sections.bench import view as bench
from lab.sections.compare import view as comparison
from lab.sections.control import view as control
from lab.sections.loop import view as loop
from lab.sections.loop.model import Walkthrough
from lab.sections.weight import view as weight
from lab.sections.weight.model import steepest_now
from microgpt.experiment import Experiment, Settings
from tests.core.desk import Desk

SHORT = Settings(n_layer=1, n_embd=8, n_head=2, steps=30, seed=7)


@pytest.fixture
def over(new_desk) -> Desk:
    """A lab whose run has taken all its steps."""
    desk = new_desk(SHORT)
    desk.lab.watch_weight(steepest_now(desk.lab))
    desk.lab.train()
    desk.finish()
    assert desk.lab.status.get().finished
    return desk


def test_it_goes_on_as_the_engine_does_with_a_longer_schedule(over: Desk, names: list[str]) -> None:
    over.lab.extend()
    assert not over.lab.status.get().finished and over.lab.target == 60
    over.lab.train()
    over.finish()
    trainer = Experiment(names, SHORT).trainer()
    losses = [trainer.step().loss for _ in range(30)]
    trainer.change(steps=60)
    losses += [trainer.step().loss for _ in range(30)]
    assert over.losses == losses and over.lab.status.get().finished
    assert over.weights == trainer.model.flat.tobytes() + trainer.optimizer.m.tobytes() + trainer.optimizer.v.tobytes()


def test_a_run_made_longer_twice_is_kept_and_loaded_as_it_is(over: Desk) -> None:
    over.lab.extend()
    over.lab.extend()
    over.train_to(40)
    weights, moment = over.weights, over.lab.run.checkpoint()
    over.lab.reset()
    assert over.lab.snapshot.get().settings.steps == 30  # the first schedule
    over.lab.load(moment)
    assert over.lab.snapshot.get().settings.steps == 90
    assert over.weights == weights


@pytest.mark.feature("S2-9", "S0-6")
def test_every_section_speaks_of_the_schedule_in_force(over: Desk) -> None:
    lab = over.lab
    lab.extend()
    experiment, snapshot = lab.experiment.get(), lab.snapshot.get()
    assert control.gauges(snapshot, lab.status.get(), experiment, lab.target)["learning-rate"] == "0.0015"
    drawn = bench.descent(snapshot, experiment)
    assert isinstance(drawn, Descent) and drawn.steps == 60
    assert "Step 31 of 60." in loop.numbers("name", Walkthrough(lab))
    capture, _ = compare.Shelf().capture(snapshot, experiment)
    assert comparison.about(capture, "").startswith("step 30 of 60")


@pytest.mark.feature("S2-9")
def test_the_formula_of_a_step_is_of_the_schedule_it_was_taken_in(over: Desk) -> None:
    over.lab.extend()
    for count, formula in ((30, "0.003 × (1 − 29 ÷ 30)"), (31, "0.003 × (1 − 30 ÷ 60)")):
        snapshot = over.lab.snapshot.get()
        step = snapshot.watched.steps[-1]
        settings = snapshot.settings_at(step.count - 1)
        how, value = weight.terms(step, settings.learning_rate, settings.steps)["rate"]
        assert (step.count, how) == (count, formula)
        first, taken, steps = map(float, re.findall(r"0\.003|\d+(?= ÷)|\d+(?=\))", how))
        assert float(value.replace("−", "-")) == pytest.approx(first * (1 - taken / steps), rel=1e-3)
        over.lab.step()
