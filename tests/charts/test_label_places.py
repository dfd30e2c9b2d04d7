import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.charts.labels import every, spread


@given(st.lists(st.floats(0, 300), max_size=15), st.floats(1, 30))
def test_labels_keep_their_distance_their_order_and_the_room(wanted: list[float], gap: float) -> None:
    places = spread(wanted, gap, 0, 300)
    fits = gap * (len(wanted) - 1) <= 300
    for place in places:
        assert -1e-6 <= place <= 300 + 1e-6
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    for i, j in itertools.pairwise(order):
        assert places[j] - places[i] >= (gap if fits else 300 / (len(wanted) - 1)) - 1e-6


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([10, 100, 50], 14, 0, 200) == [10, 100, 50]


def test_two_that_touch_give_way_equally() -> None:
    assert spread([50, 52], 14, 0, 200) == [44, 58]


def test_every() -> None:
    labels = [str(n) for n in range(32)]
    assert every(labels, room=20, width=18) == 1
    assert every(labels, room=10, width=18) == 2
    assert every(labels, room=2, width=18) == 10
    assert every(["a"], room=2, width=18) == 1


@pytest.mark.parametrize("size", [0, 1])
def test_none_or_one(size: int) -> None:
    assert spread([5.0] * size, 14, 0, 10) == [5.0] * size
