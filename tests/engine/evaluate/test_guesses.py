"""Single guesses: top answers and the rest, hits, and what each truth cost."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.evaluate.guesses import average, costliest_hit, score, top
from microgpt.experiment import Experiment
from microgpt.model import GPT
from microgpt.scalar_gpt import softmax
from tests.engine.models import Case, cases


@pytest.fixture(scope="module")
def model(tiny: Experiment) -> GPT:
    """Trained a little, so that some of its top guesses are right."""
    trainer = tiny.trainer()
    while not trainer.finished:
        trainer.step()
    return trainer.model


@pytest.mark.feature("S2-1")
@settings(max_examples=100)
@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=27), st.integers(1, 30))
def test_the_top_and_the_rest_make_one(numbers: list[float], k: int) -> None:
    chances = np.array(numbers) / np.sum(numbers)
    best = top(chances, k)
    assert best.probabilities.sum() + best.rest == pytest.approx(1)
    assert len(best.tokens) == min(k, len(chances))
    assert best.probabilities.tolist() == sorted(numbers / np.sum(numbers), reverse=True)[:k]
    np.testing.assert_array_equal(chances[best.tokens], best.probabilities)
    others = np.delete(chances, best.tokens)
    assert best.rest == pytest.approx(others.sum())
    assert others.max(initial=0) <= best.probabilities.min()


def test_of_equals_the_first_comes_first_and_there_is_no_top_nothing() -> None:
    assert top(np.full(4, 0.25), 2).tokens.tolist() == [0, 1]
    with pytest.raises(ValueError, match="there is no top 0"):
        top(np.full(4, 0.25), 0)


@pytest.mark.feature("S2-2")
@settings(max_examples=40)
@given(cases())
def test_the_scores_are_those_of_the_scalar_model_and_their_mean_is_the_loss(case: Case) -> None:
    if len(case.document) < 2:
        return
    found = score(case.model, case.document)
    assert average(found) == pytest.approx(case.model.loss(case.document))
    scalar = case.scalar
    scalar.forget()
    for position, one in enumerate(found):
        assert (one.read, one.truth) == tuple(case.document[position : position + 2])
        chances = [p.data for p in softmax(scalar.forward(one.read, position))]
        assert one.probability == pytest.approx(chances[one.truth], rel=1e-6)
        assert one.loss == pytest.approx(-math.log(chances[one.truth]), rel=1e-6, abs=1e-9)
        assert chances[one.guess] == pytest.approx(max(chances))
        assert one.hit == (one.guess == one.truth)


@pytest.mark.feature("S2-2")
def test_the_end_is_scored_too(model: GPT, tiny: Experiment) -> None:
    tokenizer = tiny.tokenizer
    found = score(model, tokenizer.document("rapto"))
    assert len(found) == 6
    assert found[-1].truth == tokenizer.bos


@pytest.mark.feature("S2-2")
def test_the_costliest_hit_is_found_name_by_name(model: GPT, tiny: Experiment) -> None:
    documents = tiny.train_documents
    hits = [
        (one.loss, number, position)
        for number, document in enumerate(documents)
        for position, one in enumerate(score(model, document))
        if one.hit
    ]
    growing = list(costliest_hit(model, documents))
    assert len(growing) == len(documents)
    assert growing[-1].loss == max(hits)[0]
    assert score(model, documents[growing[-1].document])[growing[-1].position].hit
    assert growing[-1].loss > math.log(2)  # right, and yet it had thought it likelier to be wrong
    assert all(b.loss >= a.loss for a, b in pairwise(growing) if a is not None)


@pytest.mark.feature("S2-2")
def test_the_search_may_leave_first_letters_out(model: GPT, tiny: Experiment) -> None:
    documents = tiny.train_documents
    *_, anywhere = costliest_hit(model, documents)
    *_, later = costliest_hit(model, documents, first=anywhere.position + 1)
    assert later.position > anywhere.position
    assert later.loss <= anywhere.loss


def test_where_nothing_is_right_there_is_no_hit(model: GPT, tiny: Experiment) -> None:
    stubborn = model.copy()
    stubborn.params["lm_head"][:] = 0  # always guesses the first letter, "a"
    bos, b = tiny.tokenizer.bos, tiny.tokenizer.encode("b")[0]
    assert list(costliest_hit(stubborn, [[bos, b, b, bos]])) == [None]
