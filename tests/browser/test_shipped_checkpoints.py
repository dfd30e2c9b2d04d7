"""The checkpoints in the built site are what a run in the page comes to, to the last bit."""

import hashlib
import json

import pytest
from playwright.sync_api import Page

from assemble.paths import DIST
from microgpt import checkpoint
from microgpt.experiment import Experiment
from tests.browser import in_the_tab


@pytest.fixture(scope="module")
def steps() -> list[int]:
    return json.loads((DIST / "checkpoints" / "index.json").read_text())["steps"]


def test_the_steps_go_from_untrained_to_the_end_of_the_schedule(steps: list[int], experiment: Experiment) -> None:
    assert steps[0] == 0
    assert steps == sorted(steps)
    assert steps[-1] == experiment.settings.steps


@pytest.mark.feature("S1-13")
def test_each_checkpoint_equals_a_live_run_stopped_there(page: Page, site_url: str, steps: list[int]) -> None:
    program = f"""
import hashlib
from microgpt.experiment import Experiment

trainer, losses, result = Experiment(names).trainer(), [], []
for stop in {steps[1:]}:
    while trainer.step_count < stop:
        losses.append(trainer.step().loss)
    arrays = (trainer.model.flat, *trainer.optimizer.state.values())
    result.append([hashlib.sha256(array.tobytes()).hexdigest() for array in arrays] + [losses[-1]])
"""
    live = in_the_tab.run(page, site_url, program)
    for step, (*digests, loss) in zip(steps[1:], live, strict=True):
        saved = checkpoint.load(DIST / "checkpoints" / f"lab-{step:05}.npz")
        assert saved.step == step
        assert [hashlib.sha256(array.tobytes()).hexdigest() for array in (saved.flat, *saved.state.values())] == digests
        assert saved.losses[-1] == pytest.approx(loss, rel=1e-6)  # the file holds 7 digits
