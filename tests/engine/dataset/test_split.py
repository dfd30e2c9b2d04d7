"""Setting names aside for an honest exam."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.dataset import split

lists = st.lists(st.text("abcdef", min_size=1), min_size=2, max_size=60, unique=True)


@pytest.mark.feature("X3")
@settings(max_examples=100)
@given(lists, st.integers(0, 2**32 - 1))
def test_no_name_is_in_both_parts_and_none_is_lost(names: list[str], seed: int) -> None:
    train, held_out = split(names, seed)
    assert not set(train) & set(held_out)
    assert sorted(train + held_out) == sorted(names)
    assert train and held_out


@pytest.mark.feature("X3")
def test_the_same_seed_sets_the_same_names_aside(names: list[str]) -> None:
    assert split(names, seed=3) == split(names, seed=3)
    assert split(names, seed=3).held_out != split(names, seed=4).held_out


@pytest.mark.parametrize(
    ("count", "fraction", "expected"),
    [(1829, 0.1, 183), (30, 0.1, 3), (4, 0.1, 1), (2, 0.1, 1), (10, 0.5, 5)],
)
def test_how_many_are_set_aside(count: int, fraction: float, expected: int) -> None:
    assert len(split([str(i) for i in range(count)], fraction=fraction).held_out) == expected


def test_the_exam_is_drawn_from_the_whole_list_and_not_from_one_end(names: list[str]) -> None:
    places = [names.index(name) for name in split(names).held_out]
    assert abs(sum(places) / len(places) / len(names) - 0.5) < 0.1


def test_the_order_of_the_list_given_is_left_alone() -> None:
    names = ["b", "a", "c"]
    split(names)
    assert names == ["b", "a", "c"]
