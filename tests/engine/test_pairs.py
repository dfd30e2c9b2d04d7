"""What a model is asked about one document, and what the answers cost."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt.experiment import Experiment
from microgpt.ops import cross_entropy, nll
from microgpt.tokenizer import CharTokenizer, pairs


@pytest.mark.feature("S3-1")
@given(st.text("abcdef", max_size=20))
def test_n_letters_make_n_plus_1_pairs_whose_context_grows(name: str) -> None:
    tokenizer = CharTokenizer("abcdef")
    asked = list(pairs(tokenizer.document(name)))
    assert len(asked) == len(name) + 1
    assert asked[0][0] == (tokenizer.bos,) and asked[-1][1] == tokenizer.bos
    for (context, target), (longer, _) in pairwise(asked):
        assert longer == (*context, target)


def test_one_token_or_none_asks_nothing() -> None:
    assert list(pairs([26])) == list(pairs([])) == []


@pytest.mark.feature("S3-1")
def test_asking_pair_by_pair_costs_what_the_whole_name_costs(tiny: Experiment) -> None:
    document = tiny.train_documents[0]
    model = tiny.trainer(np.float64).model
    each = [nll(model.forward(context).probabilities[-1][target]) for context, target in pairs(document)]
    whole = model.forward(document[:-1]).logits
    np.testing.assert_allclose(each, cross_entropy(whole, np.array(document[1:])), rtol=1e-12)
    assert np.mean(each) == pytest.approx(model.loss(document), rel=1e-12)


@pytest.mark.feature("S0-4")
@given(st.floats(1e-300, 1))
def test_the_nll_at_a_chance_is_minus_its_logarithm(p: float) -> None:
    assert nll(p) == pytest.approx(-math.log(p))
    assert nll(p / 2) - nll(p) == pytest.approx(math.log(2))  # half the chance always costs the same


@pytest.mark.feature("S0-4")
@pytest.mark.parametrize(("p", "shown"), [(0.02, "3.91"), (0.9, "0.105"), (1.0, "0.000")])
def test_what_some_chances_cost(p: float, shown: str) -> None:
    assert f"{abs(nll(p)):.{len(shown) - 2}f}" == shown
