"""What the tests of the sections share: the page's own model, after five steps of training."""

import pytest

from microgpt.experiment import Experiment
from microgpt.model import GPT


@pytest.fixture(scope="session")
def dinosaurs(all_names: list[str]) -> Experiment:
    return Experiment(all_names)


@pytest.fixture(scope="session")
def model(dinosaurs: Experiment) -> GPT:
    trainer = dinosaurs.trainer()
    for _ in range(5):
        trainer.step()
    return trainer.model


@pytest.fixture(scope="session")
def answers(dinosaurs: Experiment) -> list[str]:
    return [*dinosaurs.tokenizer.alphabet, "END"]
