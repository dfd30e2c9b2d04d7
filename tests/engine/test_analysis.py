"""The five measures of a head, on attention made by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.evaluate.heads import HeadMeasures, even_sums, look_sums, measure_heads, measures, role, vowel_rate
from microgpt.experiment import Experiment

from .models import Case, cases

BOS, A, B, C, E = 5, 0, 1, 2, 4  # a and e are the vowels
VOWELS = frozenset([A, E])


def measured(rows: list[list[float]], tokens: list[int], target: int = BOS) -> dict[str, float]:
    """The measures of one head with these rows of attention."""
    t = len(tokens)
    found = measures(look_sums(np.array(rows, float)[:t, :t], tokens, target, VOWELS))
    return {name: float(value) for name, value in found._asdict().items()}


def uniform(t: int) -> list[list[float]]:
    return (np.tril(np.ones((t, t))) / np.arange(1, t + 1)[:, None]).tolist()


@pytest.mark.feature("S1-24")
@pytest.mark.parametrize("t", [2, 4, 8])
def test_equal_shares_among_n_have_log2_n_bits(t: int) -> None:
    expected = np.mean([math.log2(n) for n in range(2, t + 1)])  # [BOS] alone has no choice: not counted
    assert measured(uniform(t), [BOS, *[B] * (t - 1)])["entropy"] == pytest.approx(expected)


@pytest.mark.feature("S1-24")
def test_all_on_one_has_no_bits() -> None:
    assert measured([[1, 0, 0], [1, 0, 0], [0, 1, 0]], [BOS, A, B])["entropy"] == 0


@pytest.mark.feature("S1-24")
def test_attention_on_bos_counts_only_where_a_letter_competes() -> None:
    rows = [[1, 0, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.5]]
    assert measured(rows, [BOS, A, B])["bos"] == pytest.approx((0.5 + 0.2) / 2)
    assert math.isnan(measured([[1]], [BOS])["bos"])


@pytest.mark.feature("S1-24")
def test_the_letter_before_is_not_bos_and_not_the_letter_itself() -> None:
    rows = [[1, 0, 0, 0], [0.9, 0.1, 0, 0], [0.1, 0.7, 0.2, 0], [0, 0.1, 0.6, 0.3]]
    assert measured(rows, [BOS, A, B, C])["previous"] == pytest.approx((0.7 + 0.6) / 2)
    assert math.isnan(measured(rows[:2], [BOS, A])["previous"])


@pytest.mark.feature("S1-24")
def test_vowels_are_a_share_of_all_attention_on_letters() -> None:
    rows = [[1, 0, 0], [0.5, 0.5, 0], [0.6, 0.1, 0.3]]
    assert measured(rows, [BOS, A, B])["vowels"] == pytest.approx((0.5 + 0.1) / (0.5 + 0.4))
    assert measured(rows, [BOS, B, C])["vowels"] == 0


@pytest.mark.feature("S1-24")
def test_a_copy_is_an_earlier_letter_equal_to_the_next_one() -> None:
    # a b a b: at the second a the next letter is b, and b stands at position 2
    tokens, rows = [BOS, A, B, A], [[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.2, 0.7, 0.1, 0], [0, 0.1, 0.6, 0.3]]
    # at b (position 2) the next is a, which stands at 1: 0.7; at the second a the next is b, at 2: 0.6
    assert measured(rows, tokens, target=B)["repeat"] == pytest.approx((0.7 + 0.6) / 2)
    assert math.isnan(measured(rows, [BOS, A, B, C], target=BOS)["repeat"])  # END is no letter


@pytest.mark.feature("S1-24")
@settings(max_examples=40)
@given(cases())
def test_measures_of_a_real_model_equal_a_plain_loop(case: Case) -> None:
    tokens, vowels = case.document[:-1], frozenset([0])
    looks: dict[str, list[np.ndarray]] = {name: [] for name in HeadMeasures._fields}
    on_vowels = on_letters = 0.0
    attention = np.stack([layer.attention for layer in case.model.forward(tokens).layers])
    for at, (_, following) in enumerate(pairwise(case.document)):
        row, letters = attention[:, :, at], range(1, at + 1)
        copies = [i for i in letters if tokens[i] == following]
        if copies:
            looks["repeat"].append(row[..., copies].sum(-1))
        if letters:
            looks["bos"].append(row[..., 0])
            looks["entropy"].append(-(row[..., : at + 1] * np.log2(row[..., : at + 1])).sum(-1))
            on_vowels = on_vowels + row[..., [i for i in letters if tokens[i] in vowels]].sum(-1)
            on_letters = on_letters + row[..., letters].sum(-1)
        if at >= 2:
            looks["previous"].append(row[..., at - 1])
    expected = {name: np.mean(found, axis=0) if found else np.nan for name, found in looks.items()}
    expected["vowels"] = on_vowels / on_letters if np.any(on_letters) else np.nan
    [(heads, _)] = measure_heads(case.model, [case.document], vowels)
    for name, value in measures(heads)._asdict().items():
        np.testing.assert_allclose(value, np.broadcast_to(expected[name], value.shape), rtol=1e-6, atol=1e-9)


@pytest.mark.feature("S1-23")
def test_measures_grow_document_by_document_and_keep_to_their_bounds(tiny: Experiment) -> None:
    model, vowels = tiny.trainer().model, frozenset(tiny.tokenizer.encode("aeiou"))
    seen = list(measure_heads(model, tiny.train_documents[:6], vowels))
    assert len(seen) == 6
    [(alone, even_alone)] = measure_heads(model, tiny.train_documents[:1], vowels)
    np.testing.assert_array_equal(seen[0][0], alone)  # later documents left it as it was
    np.testing.assert_array_equal(seen[0][1], even_alone)
    one_by_one = [next(measure_heads(model, [d], vowels))[0] for d in tiny.train_documents[:6]]
    np.testing.assert_allclose(seen[-1][0], sum(one_by_one))
    for name, value in measures(seen[-1][0])._asdict().items():
        assert value.shape == (1, 2)
        highest = math.log2(tiny.config.block_size) if name == "entropy" else 1
        assert ((value >= 0) & (value <= highest)).all()


def test_an_even_look_is_what_a_head_without_preferences_gives() -> None:
    document = [BOS, A, B, A, BOS]
    even = measures(even_sums(document, VOWELS))
    by_hand = measured(uniform(4), document[:-1], target=BOS)
    assert even._asdict() == pytest.approx(by_hand)


EVEN = HeadMeasures(bos=0.2, previous=0.2, vowels=0.4, entropy=2.0, repeat=0.1)


@pytest.mark.feature("S1-23")
@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ({"bos": 0.9}, "rests on [BOS]"),
        ({"previous": 0.9}, "looks at the letter before"),
        ({"repeat": 0.8}, "looks for copies of the next letter"),
        ({"vowels": 0.95}, "looks at vowels"),
        ({"vowels": 0.02}, "looks at consonants"),
        ({"vowels": 0.95, "bos": 0.55}, "no clear role"),  # it hardly looks at letters at all
        ({"previous": 0.7, "repeat": 0.9}, "looks for copies of the next letter"),  # the clearer of two
        ({"repeat": math.nan}, "no clear role"),
        ({"entropy": 1.99}, "looks everywhere alike"),
        ({}, "no clear role"),
    ],
    ids=str,
)
def test_a_head_has_a_role_only_where_its_looks_say_so_clearly(head: dict, expected: str) -> None:
    assert role(EVEN._replace(**{"entropy": 1.0, **head}), EVEN) == expected


@pytest.mark.feature("S1-24")
@settings(max_examples=50)
@given(st.lists(st.text("abe", min_size=1), min_size=1))
def test_the_vowel_rate_is_the_share_of_vowels_among_letters(names: list[str]) -> None:
    ids = {"a": A, "b": B, "e": E}
    letters = "".join(names)
    expected = sum(letter in "ae" for letter in letters) / len(letters)
    found = vowel_rate([[BOS, *map(ids.get, name), BOS] for name in names], VOWELS, BOS)
    assert found == pytest.approx(expected)
