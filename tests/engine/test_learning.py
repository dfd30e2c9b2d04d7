"""It learns: real names, the page's own settings."""

import numpy as np
import pytest

from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment


@pytest.fixture(scope="module")
def trained(lab: Experiment) -> tuple[list[float], float, float]:
    """Losses of 1,500 steps, and the held-out loss before and after."""
    trainer = lab.trainer()
    before = held_out_loss(trainer.model, lab.held_out_documents)
    found = [trainer.step().loss for _ in range(1500)]
    return found, before, held_out_loss(trainer.model, lab.held_out_documents)


def test_untrained_it_guesses_evenly(lab: Experiment, trained) -> None:
    assert trained[1] == pytest.approx(lab.baselines["uniform"], abs=0.15)


def test_after_300_steps_it_beats_counting_letters(lab: Experiment, trained) -> None:
    assert np.mean(trained[0][200:300]) < lab.baselines["unigram"]


def test_after_1500_steps_it_beats_counting_pairs_on_names_it_never_saw(lab: Experiment, trained) -> None:
    assert trained[2] < lab.baselines["bigram"]


@pytest.mark.feature("X2")
def test_a_list_of_thirty_names_in_another_alphabet_trains() -> None:
    letters = "абвгдежз"
    words = [a + b + a + "й" * (1 + i % 3) for i, (a, b) in enumerate(zip(letters * 4, letters[3:] * 8, strict=False))]
    experiment = Experiment(sorted(set(words))[:30])
    assert len(experiment.names) == 30 and experiment.config.vocab_size != 27
    trainer = experiment.trainer()
    found = [trainer.step().loss for _ in range(200)]
    assert np.mean(found[-20:]) < 0.6 * np.mean(found[:5])
