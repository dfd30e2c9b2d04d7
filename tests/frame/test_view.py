"""What the bar at the bottom says of a run."""

import numpy as np
import pytest

from lab.core.status import Status
from lab.frame.view import curve, how, newest, spoken, train, where
from microgpt.experiment import Settings


@pytest.fixture
def untrained(desk):
    desk.finish()
    return desk.lab.snapshot.get()


@pytest.fixture
def trained(desk):
    desk.train_to(150)
    return desk.lab.snapshot.get()


@pytest.mark.feature("S1-12")
def test_the_status_line_says_where_training_is_and_how_it_goes(desk, trained, losses):
    assert where(trained) == "step 150 of 400"
    text = how(trained, desk.lab.status.get())
    assert f"loss {np.mean(losses[50:150]):.2f}" in text
    assert f"held-out {dict(trained.held_out)[150]:.2f}" in text


def test_before_training_the_status_line_says_untrained(desk, untrained):
    assert "untrained" in how(untrained, desk.lab.status.get())


@pytest.mark.feature("S1-12")
def test_a_run_that_is_over_can_go_on_from_the_bar(new_desk):
    desk = new_desk(Settings(n_layer=1, n_embd=8, n_head=2, steps=30, seed=7))
    assert train(desk.lab.snapshot.get(), desk.lab.status.get()) == ("Train", "Train")
    desk.lab.train()
    desk.finish()
    over = desk.lab.snapshot.get(), desk.lab.status.get()
    assert train(*over) == ("Go on", "Go on with 30 more steps")
    assert how(*over).endswith("finished · Go on adds 30 steps")
    desk.lab.extend()
    longer = desk.lab.snapshot.get(), desk.lab.status.get()
    assert where(longer[0]) == "step 30 of 60"
    assert train(*longer) == ("Train", "Train") and "Go on" not in how(*longer)


@pytest.mark.feature("Q1")
def test_the_end_of_a_run_is_announced_with_its_loss() -> None:
    assert spoken(Status("ready"), 0, None) == "ready, step 0"
    assert spoken(Status("training"), 1200, 2.0512) == "training, step 1,200, loss 2.05"
    assert spoken(Status("paused", finished=True), 5000, 1.653) == "finished, step 5,000, loss 1.65"


def test_the_bar_shows_the_newest_name_and_a_small_curve(desk, trained) -> None:
    made = [sample.name for sample in trained.samples if sample.name]
    assert newest(trained) == made[-1]
    assert 'class="spark"' in curve(trained, desk.lab.experiment.get())
