"""Where a run that is over can go on from."""

from dataclasses import replace

import pytest

from lab.core.way_back import earlier
from microgpt.experiment import Experiment
from tests.core.fixtures import SMALL


@pytest.mark.parametrize(("saved", "to"), [([0, 100, 300, 400], 300), ([0, 400], 0), ([], 0)])
def test_it_is_the_latest_saved_step_before_the_end(small_experiment: Experiment, saved: list[int], to: int) -> None:
    assert earlier(saved, SMALL, small_experiment.digest, small_experiment) == to


def test_moments_of_another_run_are_no_way_back(small_experiment: Experiment) -> None:
    assert earlier([0, 300], replace(SMALL, seed=8), small_experiment.digest, small_experiment) == 0
    assert earlier([0, 300], SMALL, "of another list", small_experiment) == 0
