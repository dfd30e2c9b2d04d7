"""What the bar at the bottom says of a run."""

import numpy as np
import pytest

from lab.frame.view import how, where


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
    assert where(trained, 400) == "step 150 of 400"
    text = how(trained, desk.lab.status.get())
    assert f"loss {np.mean(losses[50:150]):.2f}" in text
    assert f"held-out {dict(trained.held_out)[150]:.2f}" in text


def test_before_training_the_status_line_says_untrained(desk, untrained):
    assert "untrained" in how(untrained, desk.lab.status.get())
