"""Bars of chances, of a few answers and of very many."""

import pytest

from lab.charts.bars import MOST
from lab.charts.chances import chance_bars


def test_of_a_few_answers_each_has_its_bar() -> None:
    bars = chance_bars(["a", "b", "END"], [0.2, 0.5, 0.3], highlight=1, mark=2)
    assert (bars.labels, bars.values, bars.highlight, bars.mark) == (("a", "b", "END"), (0.2, 0.5, 0.3), 1, 2)


@pytest.mark.feature("D8", "S1-19")
def test_of_very_many_the_likeliest_have_a_bar_and_all_others_one() -> None:
    answers = [str(i) for i in range(5500)]
    chances = [(i % 97 + 1) / 1e6 for i in range(5499)]
    chances.append(1 - sum(chances))
    bars = chance_bars(answers, chances, highlight=5499, mark=0)
    assert len(bars.labels) == MOST
    assert bars.labels[bars.highlight] == "5499" and bars.labels[bars.mark] == "0"
    assert bars.labels[-1] == f"{5500 - MOST + 1:,} others"
    assert sum(bars.values) == pytest.approx(1)
    assert list(bars.labels[:-1]) == sorted(bars.labels[:-1], key=int)
    bars.svg(600)
