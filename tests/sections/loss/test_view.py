"""What the loss of a guess says."""

import re

import numpy as np
import pytest

from lab.sections.loss import view as loss_views
from microgpt.ops import softmax_and_cross_entropy


@pytest.mark.feature("S0-4")
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("p", "says"),
    [(0.02, "loss 3.91.*out of 50"), (0.9, "loss 0.105"), (1, "loss 0. Sure"), (0, "without limit"), (1e-300, "691")],
)
def test_a_chance_is_read_out_with_its_loss(p, says) -> None:
    text = loss_views.reading(p)
    assert re.search(says, text)
    assert not re.search("nan|inf", text, re.IGNORECASE)


@pytest.mark.feature("S0-4")
def test_the_marks_are_the_right_answers_and_their_mean_is_the_loss_of_the_name(small_experiment) -> None:
    document = np.array(small_experiment.tokenizer.document("rex"))
    model = small_experiment.trainer().model
    probabilities, losses = softmax_and_cross_entropy(model.forward(document[:-1]).logits, document[1:])
    chances = probabilities[np.arange(4), document[1:]]
    curve = loss_views.curve(0.5, ["r", "e", "x", "END"], chances, small_experiment.config.vocab_size)
    assert np.mean([curve.of(mark.p) for mark in curve.marks]) == pytest.approx(model.loss(document), rel=1e-6)
    assert curve.levels[0].value == pytest.approx(np.log(small_experiment.config.vocab_size))
    text = loss_views.sum_up("rex", ["r", "e", "x", "END"], chances, losses, "untrained")
    assert f"/ 4 = {model.loss(document):.2f}, the loss of this name" in text
    assert "run away" in loss_views.sum_up("rex", [], chances, losses * np.nan, "untrained")
