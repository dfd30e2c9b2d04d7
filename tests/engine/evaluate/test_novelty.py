"""Whether a made-up name is new, judged against the plainest edit distance there is."""

from functools import cache
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.evaluate import novelty
from microgpt.evaluate.novelty import Novelty, near

words = st.text("abcé", min_size=1, max_size=7)


@cache
def plain_distance(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    return min(
        plain_distance(a[1:], b) + 1,
        plain_distance(a, b[1:]) + 1,
        plain_distance(a[1:], b[1:]) + (a[0] != b[0]),
    )


@pytest.mark.feature("X3")
@settings(max_examples=150)
@given(st.lists(words, min_size=1, max_size=5), words | st.just(""), st.integers(1, 6))
def test_distances_equal_the_plain_recursion_in_blocks_of_any_size(names: list[str], name: str, at_once: int) -> None:
    with patch.object(novelty, "AT_ONCE", at_once):
        assert Novelty(names).distances(name).tolist() == [plain_distance(name, other) for other in names]


@settings(max_examples=100)
@given(st.lists(words, min_size=1, max_size=8), words)
def test_the_verdict_names_the_first_of_the_nearest(names: list[str], name: str) -> None:
    verdict = Novelty(names).judge(name)
    distances = [plain_distance(name, other) for other in names]
    assert verdict.distance == min(distances)
    assert verdict.nearest == names[distances.index(min(distances))]
    limit = near(len(name))
    assert verdict.kind == ("copy" if name in names else "near" if min(distances) <= limit else "new")


@pytest.mark.feature("X3")
@pytest.mark.parametrize(
    ("made", "kind", "nearest", "distance"),
    [
        ("tyrannosaurus", "copy", "tyrannosaurus", 0),
        ("tyranosaurus", "near", "tyrannosaurus", 1),
        ("tirannosauros", "near", "tyrannosaurus", 2),
        ("tirannosauro", "new", "tyrannosaurus", 3),
        ("mai", "near", "mei", 1),
        ("mol", "new", "mei", 2),
    ],
)
def test_a_planted_copy_is_caught_and_so_is_a_near_one(made: str, kind: str, nearest: str, distance: int) -> None:
    assert Novelty(["mei", "tyrannosaurus"]).judge(made) == (kind, nearest, distance)


@pytest.mark.feature("X3")
def test_every_real_name_is_a_copy_of_itself(names: list[str]) -> None:
    novelty = Novelty(names)
    for name in names[::60]:
        assert novelty.judge(name) == ("copy", name, 0)
