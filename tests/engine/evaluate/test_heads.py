"""The six measures of a head, its role and its leaning, on attention made by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.evaluate.heads import (
    HeadMeasures,
    HeadStatistics,
    Leaning,
    attention_sums,
    leaning,
    measure_heads,
    measures,
    role,
    uniform_sums,
    vowel_rate,
)
from microgpt.experiment import Experiment
from tests.engine.models import Case, cases

BOS, A, B, C, E = 5, 0, 1, 2, 4  # a and e are the vowels
VOWELS = frozenset([A, E])


def measured(rows: list[list[float]], tokens: list[int], target: int = BOS) -> dict[str, float]:
    """The measures of one head with these rows of attention."""
    t = len(tokens)
    found = measures(attention_sums(np.array(rows, float)[:t, :t], tokens, target, VOWELS))
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
def test_a_position_attends_to_itself_on_the_diagonal_and_bos_does_not_count() -> None:
    rows = [[1, 0, 0], [0.9, 0.1, 0], [0.1, 0.2, 0.7]]
    assert measured(rows, [BOS, A, B])["current"] == pytest.approx((0.1 + 0.7) / 2)
    assert measured(np.eye(4).tolist(), [BOS, A, B, C])["current"] == 1
    assert measured(uniform(4), [BOS, A, B, C])["current"] == pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 3)
    assert math.isnan(measured([[1]], [BOS])["current"])


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
            looks["current"].append(row[..., at])
            looks["entropy"].append(-(row[..., : at + 1] * np.log2(row[..., : at + 1])).sum(-1))
            on_vowels = on_vowels + row[..., [i for i in letters if tokens[i] in vowels]].sum(-1)
            on_letters = on_letters + row[..., letters].sum(-1)
        if at >= 2:
            looks["previous"].append(row[..., at - 1])
    expected = {name: np.mean(found, axis=0) if found else np.nan for name, found in looks.items()}
    expected["vowels"] = on_vowels / on_letters if np.any(on_letters) else np.nan
    [found] = measure_heads(case.model, [case.document], vowels)
    for name, value in found.each._asdict().items():
        np.testing.assert_allclose(value, np.broadcast_to(expected[name], value.shape), rtol=1e-6, atol=1e-9)


@pytest.mark.feature("S1-23")
def test_measures_grow_document_by_document_and_keep_to_their_bounds(tiny: Experiment) -> None:
    model, vowels = tiny.trainer().model, frozenset(tiny.tokenizer.encode("aeiou"))
    seen = list(measure_heads(model, tiny.train_documents[:6], vowels))
    assert len(seen) == 6
    [alone] = measure_heads(model, tiny.train_documents[:1], vowels)
    for name, kept in vars(seen[0]).items():
        np.testing.assert_array_equal(kept, getattr(alone, name))  # later documents left it as it was
        assert kept.shape == getattr(seen[-1], name).shape  # nor does it take more memory after more of them
    one_by_one = [next(measure_heads(model, [d], vowels)).sums for d in tiny.train_documents[:6]]
    np.testing.assert_allclose(seen[-1].sums, sum(one_by_one))
    for name, value in seen[-1].each._asdict().items():
        assert value.shape == (1, 2)
        highest = math.log2(tiny.config.block_size) if name == "entropy" else 1
        assert ((value >= 0) & (value <= highest)).all()


DOCUMENTS = [[BOS, *letters, BOS] for letters in ([A, B, A], [B, C], [A, C, B, E], [C, A], [B, E, C, A, B])]


def attending(rows) -> HeadStatistics:
    """The statistics of one head, layer 0, head 0, on DOCUMENTS. rows(t) → its attention (t, t)."""
    found = HeadStatistics.empty(1, 1)
    for document in DOCUMENTS:
        attention = np.array(rows(len(document) - 1), float)[None, None]
        sums = attention_sums(attention, document[:-1], document[-1], VOWELS)
        found = found.plus(sums, uniform_sums(document, VOWELS))
    return found


def on_the_letter_before(t: int) -> np.ndarray:
    rows = np.eye(t, k=-1)
    rows[0, 0] = 1
    return rows


def on_bos(t: int) -> np.ndarray:
    return np.eye(1, t).repeat(t, axis=0)


@pytest.mark.feature("S1-23")
def test_the_standard_error_is_that_of_a_ratio_over_names() -> None:
    generator = np.random.default_rng(0)

    def drawn(t: int) -> np.ndarray:
        rows = np.tril(generator.random((t, t)))
        return rows / rows.sum(axis=1, keepdims=True)

    kept: list[np.ndarray] = []
    found = attending(lambda t: kept.append(drawn(t)) or kept[-1])
    # by hand, for attention on [BOS]: names are the units, each weighs as much as it has letters
    letters = np.array([len(document) - 2 for document in DOCUMENTS])
    chance = np.array([sum(1 / (row + 1) for row in range(1, len(d) - 1)) for d in DOCUMENTS])
    excess = np.array([rows[1:, 0].sum() for rows in kept]) - chance
    ratio = excess.sum() / letters.sum()
    n = len(DOCUMENTS)
    error = math.sqrt(n / (n - 1) * ((excess - ratio * letters) ** 2).sum()) / letters.sum()
    assert found.z_scores.bos[0, 0] == pytest.approx(ratio / error)
    value = measures(found.sums).bos[0, 0] - measures(found.uniform).bos
    assert value == pytest.approx(ratio)  # what is tested is the difference that is shown


@pytest.mark.feature("S1-23")
def test_uniform_attention_is_no_standard_error_from_chance_on_any_measure() -> None:
    """Vowels too: their share of all letters is not what an even look at the letters so far gives."""
    z = attending(lambda t: np.float32(uniform(t))).z_scores.at(0, 0)
    assert z == HeadMeasures(0, 0, 0, 0, 0, 0)
    assert leaning(z) is None


@pytest.mark.feature("S1-23")
@pytest.mark.parametrize(
    ("rows", "towards"),
    [(np.eye, "current"), (on_the_letter_before, "previous"), (on_bos, "bos")],
    ids=["itself", "letter before", "[BOS]"],
)
def test_half_of_a_habit_is_a_leaning_and_no_role(rows, towards: str) -> None:
    """Far from chance in standard errors, for all names agree; not far enough for a role."""
    found = attending(lambda t: 0.7 * np.array(uniform(t)) + 0.3 * rows(t))
    lean = leaning(found.z_scores.at(0, 0))
    assert (lean.towards, lean.reliable) == (towards, True)
    chance = HeadMeasures(*map(float, measures(found.uniform)))
    assert role(found.each.at(0, 0), chance) is None
    whole = attending(rows)
    assert role(whole.each.at(0, 0), chance) == towards


@pytest.mark.feature("S1-23")
def test_a_measure_of_fewer_than_two_names_has_no_standard_error() -> None:
    found = HeadStatistics.empty(1, 1)
    assert all(math.isnan(z) for z in found.z_scores.at(0, 0))
    sums = attention_sums(np.eye(4)[None, None], [BOS, A, B, A], BOS, VOWELS)
    found = found.plus(sums, uniform_sums([BOS, A, B, A, BOS], VOWELS))
    assert all(math.isnan(z) for z in found.z_scores.at(0, 0))
    assert leaning(found.z_scores.at(0, 0)) is None


NOWHERE = HeadMeasures(bos=-9.0, previous=-20.0, current=0.0, vowels=math.nan, entropy=-40.0, repeat=math.nan)


@pytest.mark.feature("S1-23")
@pytest.mark.parametrize(
    ("z", "expected"),
    [
        ({"previous": 12.0, "current": 4.0}, Leaning("previous", 12.0)),
        ({"vowels": 5.0, "repeat": 2.0}, Leaning("vowels", 5.0)),
        ({"vowels": -5.0, "repeat": 2.0}, Leaning("consonants", 5.0)),
        ({"repeat": 0.5}, Leaning("repeat", 0.5)),
        ({"entropy": 40.0}, None),  # spread out, but towards nothing
        ({}, None),  # far below chance is no leaning towards anything
    ],
    ids=str,
)
def test_a_head_leans_towards_what_is_most_standard_errors_above_chance(z: dict, expected: Leaning | None) -> None:
    assert leaning(NOWHERE._replace(**z)) == expected


@pytest.mark.parametrize(("z", "reliable"), [(2.9, False), (3.0, True)])
def test_under_three_standard_errors_a_leaning_may_be_luck(z: float, reliable: bool) -> None:
    assert Leaning("bos", z).reliable is reliable


EVEN = HeadMeasures(bos=0.2, previous=0.2, current=0.2, vowels=0.4, entropy=2.0, repeat=0.1)


@pytest.mark.feature("S1-23")
@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ({"bos": 0.9}, "bos"),
        ({"previous": 0.9}, "previous"),
        ({"current": 0.9}, "current"),
        ({"repeat": 0.8}, "repeat"),
        ({"vowels": 0.95}, "vowels"),
        ({"vowels": 0.02}, "consonants"),
        ({"vowels": 0.95, "bos": 0.55}, None),  # it hardly attends to letters at all
        ({"previous": 0.7, "repeat": 0.9}, "repeat"),  # the clearer of two
        ({"repeat": math.nan}, None),
        ({"entropy": 1.99}, "uniform"),
        ({}, None),
    ],
    ids=str,
)
def test_a_head_has_a_role_only_where_its_attention_says_so_clearly(head: dict, expected: str | None) -> None:
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
