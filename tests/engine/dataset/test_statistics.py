"""Counting the list: first letters and lengths."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.dataset import statistics

lists = st.lists(st.text("abcdé", min_size=1, max_size=9), min_size=1, max_size=40)


@pytest.mark.feature("S1-5", "S1-6")
@settings(max_examples=100)
@given(lists)
def test_both_counts_sum_to_the_number_of_names(names: list[str]) -> None:
    found = statistics(names)
    assert found.count == len(names)
    assert sum(found.first_letters.values()) == sum(found.lengths.values()) == len(names)
    assert found.first_letters == {c: sum(name[0] == c for name in names) for c in sorted(set("".join(names)))}
    assert found.lengths == {n: sum(len(name) == n for name in names) for n in found.lengths}


@pytest.mark.feature("S1-5")
def test_26_first_letters_sum_to_the_number_of_dinosaurs(names: list[str]) -> None:
    counts = statistics(names).first_letters
    assert "".join(counts) == "abcdefghijklmnopqrstuvwxyz"
    assert sum(counts.values()) == len(names)
    assert counts["t"] == sum(name.startswith("t") for name in names)


@pytest.mark.feature("S1-6")
@settings(max_examples=50)
@given(lists, st.integers(0, 10), st.integers(0, 10))
def test_the_share_of_lengths_counts_both_ends(names: list[str], low: int, high: int) -> None:
    expected = sum(low <= len(name) <= high for name in names) / len(names)
    assert statistics(names).share_of_lengths(low, high) == pytest.approx(expected)


@pytest.mark.feature("S1-6")
def test_lengths_reach_from_one_to_the_longest(names: list[str]) -> None:
    found = statistics(names)
    assert found.longest == max(names, key=len)
    assert list(found.lengths) == list(range(1, len(found.longest) + 1))
    assert found.share_of_lengths(1, len(found.longest)) == 1
