"""The held-out loss takes many names at once and must find what the model finds for each of them."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings

from microgpt.evaluate.held_out import (
    WORK,
    Document,
    Predictor,
    batch_logits,
    batch_losses,
    held_out_loss,
    held_out_loss_in_pieces,
)
from microgpt.evaluate.ngrams import NGram
from microgpt.experiment import Experiment
from microgpt.ladder import RUNGS, climb
from tests.engine.models import Case, cases


@settings(max_examples=40)
@given(cases())
def test_each_row_of_a_batch_is_the_forward_pass_of_that_name(case: Case) -> None:
    tokens = np.array(case.document[:-1])
    others = np.roll(tokens, 1)  # another name of the same length: none may see the other's letters
    logits = batch_logits(case.model, np.array([tokens, others, tokens]))
    for row, name in zip(logits, (tokens, others, tokens), strict=True):
        np.testing.assert_allclose(row, case.model.forward(name).logits, rtol=1e-9, atol=1e-12)


@settings(max_examples=40)
@given(cases())
def test_each_loss_of_a_batch_is_that_of_the_model(case: Case) -> None:
    losses = batch_losses(case.model, np.array([case.document] * 3))
    np.testing.assert_allclose(losses, [case.model.loss(case.document)] * 3, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("steps", [0, 40])
@pytest.mark.feature("X3")
def test_it_is_the_mean_over_names_each_counting_alike(lab: Experiment, steps: int) -> None:
    trainer = lab.trainer()
    for _ in range(steps):
        trainer.step()
    model, documents = trainer.model, lab.held_out_documents
    one_by_one = [model.loss(document) for document in documents]
    assert held_out_loss(model, documents) == pytest.approx(np.mean(one_by_one), abs=1e-6)  # single precision


def drained(model: Predictor | NGram, documents: Sequence[Document]) -> tuple[list[float], float]:
    """What the pieces say is done, and what they return."""
    shares, pieces = [], held_out_loss_in_pieces(model, documents)
    while True:
        try:
            shares.append(next(pieces))
        except StopIteration as done:
            return shares, done.value


def test_it_goes_by_pieces_that_stay_small(lab: Experiment) -> None:
    model, documents = lab.trainer().model, lab.held_out_documents
    shares, loss = drained(model, documents)
    sizes = np.diff([0, *shares]) * len(documents)
    assert shares[-1] == 1 and sizes.min() > 0.99
    assert 2 < sizes.max() <= WORK / (model.config.n_params * 4)  # the shortest names have three letters
    assert loss == held_out_loss(model, documents)
    wide = Experiment(lab.names, lab.settings.__class__(n_layer=4, n_embd=128)).trainer().model
    assert drained(wide, documents[:20])[0] == pytest.approx(np.arange(1, 21) / 20)


@pytest.mark.parametrize("number", range(len(RUNGS)))
def test_of_a_rung_it_takes_one_name_at_a_time(tiny: Experiment, number: int) -> None:
    rung, documents = climb(number, tiny), tiny.held_out_documents
    shares, loss = drained(rung, documents)
    assert shares == pytest.approx(np.arange(1, len(documents) + 1) / len(documents))
    assert loss == pytest.approx(np.mean([rung.loss(document) for document in documents]), rel=1e-12)


def test_the_baselines_are_held_out_losses_too(tiny: Experiment) -> None:
    counted = NGram(2, tiny.config.vocab_size, tiny.train_documents)
    documents = tiny.held_out_documents
    by_name = [np.mean(counted.losses([document])) for document in documents]
    assert held_out_loss(counted, documents) == tiny.baselines["bigram"] == pytest.approx(np.mean(by_name), rel=1e-12)


def test_without_a_name_there_is_no_loss(tiny: Experiment) -> None:
    with pytest.raises(ValueError, match="no documents to take a held-out loss of"):
        held_out_loss(tiny.trainer().model, [])
