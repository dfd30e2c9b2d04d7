"""A model that is sure and wrong has a high loss, not an infinite one, wherever a loss is taken.

In single precision a probability is 0 where its score lies some 104 below the top, in double
precision where it lies some 745 below. Here every truth does.
"""

import numpy as np
import pytest

from microgpt.evaluate.guesses import average, score
from microgpt.evaluate.held_out import batch_losses
from microgpt.experiment import Experiment, Settings
from microgpt.ladder import RUNGS, climb
from microgpt.model import GPT
from microgpt.scalar_gpt import ScalarGPT
from microgpt.tensor import Tensor
from microgpt.trainer import Trainer

pytestmark = pytest.mark.filterwarnings("error")
ODDS = 5_000.0  # how far the score of token 0 lies above all others


@pytest.fixture(scope="module", params=[np.float32, np.float64])
def sure(request: pytest.FixtureRequest, tiny: Experiment) -> GPT:
    """A model that expects token 0 whatever it has read: what it reads makes all scores but one 0."""
    model = GPT(tiny.config, np.zeros(tiny.config.n_params, request.param))
    model.params["wte"][:, 0] = 1
    model.params["lm_head"][0, 0] = ODDS / model.forward([0]).layers[-1].x_out[0, 0]
    return model


DOCUMENT = [1, 2, 3, 1]  # token 0 never comes


def test_of_the_model(sure: GPT) -> None:
    assert sure.forward(DOCUMENT).probabilities[:, 1:].max() == 0
    assert sure.loss(DOCUMENT) == pytest.approx(ODDS)
    assert sure.loss_and_gradient(DOCUMENT) == pytest.approx(ODDS)
    assert np.isfinite(sure.flat_grad).all()


def test_of_training(sure: GPT, tiny: Experiment) -> None:
    trainer = Trainer(sure.copy(), [DOCUMENT], tiny.settings)
    assert trainer.step().loss == pytest.approx(ODDS)
    assert np.isfinite(trainer.model.flat).all()


def test_of_the_held_out_names(sure: GPT) -> None:
    np.testing.assert_allclose(batch_losses(sure, np.array([DOCUMENT] * 2)), ODDS, rtol=1e-6)


def test_of_single_guesses(sure: GPT) -> None:
    scores = score(sure, DOCUMENT)
    assert [one.probability for one in scores] == [0, 0, 0]
    assert average(scores) == pytest.approx(ODDS)


def test_of_the_scalar_gpt(sure: GPT) -> None:
    scalar = ScalarGPT(sure.config, sure.params)
    loss = scalar.loss(DOCUMENT)
    assert loss.data == pytest.approx(ODDS)
    loss.backward()
    sure.loss_and_gradient(DOCUMENT)
    grads = np.array([value.grad for value in scalar.parameters()])
    np.testing.assert_allclose(sure.flat_grad, grads, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("number", range(1, len(RUNGS)))
def test_of_the_rungs(tiny: Experiment, number: int) -> None:
    rung = climb(number, tiny)
    if number == 1:
        rung.logits[:, 0] = ODDS
    elif number == 2:
        for row in rung.logits:
            for i in range(1, len(row)):
                row[i].data = -ODDS
    else:
        for w in rung.weights.values():
            w.data[:] = 0
        rung.weights["wte"].data[:, 0] = 1
        rung.weights["lm_head"].data[0, 0] = ODDS / _first_number(rung)
    assert rung.loss(np.array(DOCUMENT)) == pytest.approx(ODDS)


def _first_number(rung) -> float:
    """What reaches lm_head in its first place: the score of token 0 with a weight of 1 there."""
    rung.weights["lm_head"].data[0, 0] = 1
    return float(rung.forward([0]).data[0, 0])


def test_of_a_tensor() -> None:
    logits, targets = Tensor(np.array([[ODDS, 0.0, 0.0], [0.0, 1.0, 2.0]])), np.array([1, 2])
    losses = logits.cross_entropy(targets)
    by_hand = [ODDS, -2 + np.log(np.exp([0, 1, 2]).sum())]
    np.testing.assert_allclose(losses.data, by_hand)
    losses.mean().backward()
    assert logits.grad is not None
    np.testing.assert_allclose(logits.grad[0], [0.5, -0.5, 0])


@pytest.mark.feature("X8")
def test_a_learning_rate_that_is_high_still_gives_a_run_with_finite_losses(names: list[str]) -> None:
    trainer = Experiment(names, Settings(steps=200, learning_rate=0.1)).trainer()
    losses, hopeless = [], 0
    while not trainer.finished:
        *_, stage = trainer.stages()
        losses.append(stage.result.loss)
        truths = trainer.documents[stage.index][1:]
        hopeless += int((stage.probabilities[np.arange(len(truths)), truths] == 0).any())
    assert hopeless > 0  # the steps whose loss would be infinite if it were −log of these
    assert np.isfinite(losses).all() and np.isfinite(trainer.model.flat).all()
