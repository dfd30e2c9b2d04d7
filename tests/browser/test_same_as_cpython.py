"""The tab and a terminal get the same numbers from the same settings.

To the last digit they can't: the two add up in different orders, and round differently. Training
makes such a difference grow, and it jumps where a ReLU in one of the two is just off and in the
other just on. In single precision that is a matter of a few hundred steps. In double precision a
thousand steps agree to a dozen digits, which proves that both do the same mathematics.
"""

import numpy as np
import pytest
from playwright.sync_api import Page

from lab.core.history import History
from microgpt.experiment import Experiment
from tests.browser import in_the_tab
from tests.browser.lab_state import press_step, start_anew

DOUBLE, SINGLE = 1000, 200  # steps compared in either precision
NAMES = ["", "r", "rex", "tyranno", "micropachycephalosaurus"]


def largest_difference(found, expected) -> float:
    """Relative to what was expected."""
    found, expected = np.array(found), np.array(expected)
    return float((abs(found - expected) / abs(expected)).max())


@pytest.mark.feature("X5", "S1-19", "R1")
def test_the_engine_gets_the_same_losses_and_the_same_chances(
    page: Page, site_url: str, experiment: Experiment
) -> None:
    program = f"""
import numpy
from microgpt.experiment import Experiment
experiment = Experiment(names)
model, tokenizer = experiment.trainer().model, experiment.tokenizer
double, single = experiment.trainer(numpy.float64), experiment.trainer(numpy.float32)
result = {{
    "chances": [
        model.forward([tokenizer.bos, *tokenizer.encode(name)]).probabilities[-1].tolist() for name in {NAMES}
    ],
    "double": [double.step().loss for _ in range({DOUBLE})],
    "single": [single.step().loss for _ in range({SINGLE})],
}}
"""
    found = in_the_tab.run(page, site_url, program)
    model, tokenizer = experiment.trainer().model, experiment.tokenizer
    for name, chances in zip(NAMES, found["chances"], strict=True):
        expected = model.forward([tokenizer.bos, *tokenizer.encode(name)]).probabilities[-1]
        assert largest_difference(chances, expected) < 1e-4
        assert sum(chances) == pytest.approx(1, abs=1e-6)
    double, single = experiment.trainer(np.float64), experiment.trainer(np.float32)
    assert largest_difference(found["double"], [double.step().loss for _ in range(DOUBLE)]) < 1e-9
    assert largest_difference(found["single"], [single.step().loss for _ in range(SINGLE)]) < 1e-4


@pytest.mark.feature("X5", "U1")
def test_the_lab_shows_the_loss_of_the_same_run(lab_page: Page, experiment: Experiment) -> None:
    trainer, history = experiment.trainer(), History()
    for _ in range(SINGLE):
        history.append(trainer.step().loss)
    start_anew(lab_page)
    shown = press_step(lab_page, SINGLE)
    assert largest_difference(shown, history.means(SINGLE)) < 1e-4
