"""What the bars of the next letter make of the model."""

import numpy as np
import pytest

from lab.charts.format import percent
from lab.core.focus import Focus
from lab.sections.predictions import view as predictions
from microgpt.sampling import at_temperature

ANSWERS = ["a", "b", "c", "END"]


LOGITS = np.array([0.2, 2.0, -1.0, 1.0])


RAW = at_temperature(LOGITS, 1.0)


@pytest.mark.feature("S1-19")
def test_bars_by_letter_are_the_chances_in_the_order_of_the_alphabet():
    bars = predictions.in_order(ANSWERS, RAW, np.arange(4), truth=2)
    assert bars.labels == ("a", "b", "c", "END")
    assert bars.values == pytest.approx(tuple(RAW))
    assert sum(bars.values) == pytest.approx(1)
    assert (bars.labels[bars.highlight], bars.labels[bars.mark]) == ("b", "c")


@pytest.mark.feature("S1-19")
def test_sorted_bars_fall_and_keep_their_marks():
    bars = predictions.in_order(ANSWERS, RAW, np.argsort(-RAW), truth=2)
    assert bars.labels == ("b", "END", "a", "c")
    assert list(bars.values) == sorted(bars.values, reverse=True)
    assert (bars.highlight, bars.mark) == (0, 3)


@pytest.mark.feature("S1-19")
@pytest.mark.parametrize(
    ("position", "is_whole", "expected"),
    [(0, True, 17), (2, False, 23), (3, True, 26), (3, False, None), (None, True, 26)],
)
def test_the_true_next_letter_is_marked_where_the_name_has_one(position, is_whole, expected):
    focus = Focus("rex", position)
    assert predictions.next_token(focus, [17, 4, 23], 26, is_whole) == expected


@pytest.mark.feature("S1-20")
def test_the_effect_says_both_chances_of_the_top_guess():
    cold = at_temperature(LOGITS, 0.5)
    text = predictions.effect(ANSWERS, RAW, cold, 0.5)
    assert f"safer: b gets {percent(cold[1])} instead of {percent(RAW[1])}" in text
    assert "bolder" in predictions.effect(ANSWERS, RAW, at_temperature(LOGITS, 2), 2)
    assert "own chances" in predictions.effect(ANSWERS, RAW, RAW, 1.0)
    assert "At temperature 0 nothing is left to chance: b" in predictions.effect(
        ANSWERS, RAW, at_temperature(LOGITS, 0), 0
    )


@pytest.mark.parametrize(
    ("position", "whole", "expected"), [(None, True, 5), (None, False, 9), (2, True, 2), (0, True, 0), (9, True, 9)]
)
def test_it_opens_on_a_beginning_and_not_on_the_end(position: int | None, whole: bool, expected: int) -> None:
    assert predictions.place(Focus("velocirap", position), whole) == expected
