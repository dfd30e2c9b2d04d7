"""The lab's own run, pinned: whoever changes it by accident is told, and whoever means to, does so here.

In double precision, so that these digits hold on every machine.
"""

import numpy as np
import pytest

from microgpt.experiment import PRESETS, Experiment

LOSSES = {1: 3.39646, 2: 3.21245, 3: 3.2465, 10: 2.75542, 50: 2.85823}  # step → loss of its name
HELD_OUT = ["liassaurus", "parvicursor", "altirhinus"]
TRAINED_ON = ["chihuahuasaurus", "nemegtia", "gilmoreosaurus"]


@pytest.mark.feature("X5")
def test_the_losses_of_the_lab_preset(lab: Experiment) -> None:
    trainer = lab.trainer(np.float64)
    found = [trainer.step().loss for _ in range(max(LOSSES))]
    assert {step: round(found[step - 1], 5) for step in LOSSES} == LOSSES


@pytest.mark.feature("X5")
def test_single_precision_gives_the_same_losses_to_four_digits(lab: Experiment) -> None:
    trainer = lab.trainer(np.float32)
    found = [trainer.step().loss for _ in range(max(LOSSES))]
    assert [found[step - 1] for step in LOSSES] == pytest.approx(list(LOSSES.values()), abs=1e-4)


@pytest.mark.parametrize(("preset", "n_params"), [("lab", 27_072), ("microgpt", 4_192)])
def test_the_number_of_parameters(preset: str, n_params: int, names: list[str]) -> None:
    experiment = Experiment(names, PRESETS[preset])
    assert experiment.config.n_params == n_params
    trainer = experiment.trainer()
    assert trainer.model.flat.size == sum(trainer.model.params[name].size for name in experiment.config.shapes())


def test_the_first_names_held_out_and_the_first_trained_on(lab: Experiment) -> None:
    assert lab.split.held_out[:3] == HELD_OUT
    first = [lab.split.train[i] for i in lab.trainer().order[:3]]
    assert first == TRAINED_ON
