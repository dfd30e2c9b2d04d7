"""The exam takes many names at once and must find what the model finds for each of them."""

import numpy as np
import pytest
from hypothesis import given, settings

from microgpt.evaluate.held_out import WORK, batch_logits, batch_losses, exam
from microgpt.experiment import Experiment
from microgpt.trainer import mean_loss

from .models import Case, cases


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
def test_an_exam_has_one_loss_for_every_name(lab: Experiment, steps: int) -> None:
    trainer = lab.trainer()
    for _ in range(steps):
        trainer.step()
    model, documents = trainer.model, lab.held_out_documents
    found = np.concatenate(list(exam(model, documents)))
    one_by_one = [model.loss(document) for document in sorted(documents, key=len)]
    np.testing.assert_allclose(found, one_by_one, rtol=3e-6)  # single precision
    assert found.mean(dtype=float) == pytest.approx(mean_loss(model, documents), abs=1e-6)


def test_an_exam_goes_by_pieces_that_stay_small(lab: Experiment) -> None:
    model = lab.trainer().model
    pieces = [len(losses) for losses in exam(model, lab.held_out_documents)]
    assert sum(pieces) == len(lab.held_out_documents)
    assert 2 < max(pieces) <= WORK / (model.config.n_params * 4)  # the shortest names have three letters
    wide = Experiment(lab.names, lab.settings.__class__(n_layer=4, n_embd=128)).trainer().model
    assert {len(losses) for losses in exam(wide, lab.held_out_documents[:20])} == {1}
