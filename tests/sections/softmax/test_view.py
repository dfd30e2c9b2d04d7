"""Softmax: what the section shows of the engine's stages."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lab.charts.format import percent, signed
from lab.sections.softmax import view as softmax
from microgpt.ops import softmax as engine_softmax

NAME = "raptor"


AT = 3


@pytest.fixture(scope="module")
def trace(dinosaurs, model):
    return model.forward(dinosaurs.tokenizer.document(NAME)[:-1])


@pytest.fixture(scope="module")
def given(trace, answers) -> softmax.Scores:
    return softmax.ranked(trace.logits[AT], answers)


def cells(markup: str) -> list[list[str]]:
    table = ElementTree.fromstring(markup)
    return [[cell.text or "" for cell in row] for row in table.findall("./tbody/tr")]


@pytest.mark.feature("S3-2")
def test_with_the_models_scores_the_shares_are_the_models_chances(given, trace, answers):
    found = softmax.share_out(given, 0, True)
    chances = dict(zip(answers, engine_softmax(trace.logits[AT].astype(np.float64)).tolist(), strict=True))
    assert list(given.answers) == sorted(chances, key=lambda answer: -chances[answer])[: softmax.SHOWN]
    assert found.shares == pytest.approx([chances[answer] for answer in given.answers], rel=1e-12)
    assert found.others_share == pytest.approx(1 - found.shares.sum(), rel=1e-12)
    assert found.total == pytest.approx(found.exps.sum() + found.others_exps, rel=1e-12)


@pytest.mark.feature("S3-2")
@pytest.mark.parametrize("subtract", [True, False])
def test_adding_to_all_leaves_every_bar_and_share_on_the_screen_as_it_was(given, subtract):
    before = softmax.share_out(given, 0, subtract)
    for added in (-10, 0.5, 10, *([1010] if subtract else [])):
        after = softmax.share_out(given, added, subtract)
        assert softmax.bars(given, after).values == pytest.approx(softmax.bars(given, before).values, rel=1e-9)
        shares = [[row[-1] for row in cells(softmax.numbers(given, found, subtract))] for found in (before, after)]
        assert shares[0] == shares[1]


@pytest.mark.feature("S3-2")
def test_the_table_has_every_number_on_the_way(given):
    found = softmax.share_out(given, 2.0, True)
    *rows, others, total = cells(softmax.numbers(given, found, True))
    for i, (answer, score, shifted, exp, share) in enumerate(rows):
        assert answer == given.answers[i]
        assert score == signed(given.scores[i] + 2) and shifted == signed(given.scores[i] - given.scores[0])
        assert float(exp) == pytest.approx(math.exp(given.scores[i] - given.scores[0]), rel=0.006)
        assert share == percent(found.shares[i])
    assert others[0] == "22 others" and others[3:] == [softmax.power(found.others_exps), percent(found.others_share)]
    assert total[0] == "sum" and total[4] == percent(1.0)
    assert [len(row) for row in cells(softmax.numbers(given, found, False))] == [4] * 7


@pytest.mark.feature("S3-2")
def test_as_on_paper_large_scores_overflow_and_it_is_said_without_nan(given):
    found = softmax.share_out(given, 1000, False)
    shown = softmax.numbers(given, found, False) + softmax.words(given, found, found, 1000, False)
    assert "too large" in shown and "larger than any number" in shown
    assert not re.search("nan|inf", shown, re.IGNORECASE)
    assert softmax.share_out(given, 1000, True).shares == pytest.approx(softmax.share_out(given, 0, True).shares)


@pytest.mark.feature("S3-2")
def test_the_sentence_does_the_sum_for_the_highest(given):
    before, after = (softmax.share_out(given, added, False) for added in (0.0, 1.0))
    text = softmax.words(given, after, before, 1.0, False)
    top = given.answers[0]
    assert text.startswith(f"For {top}: e to the power of {signed(given.scores[0] + 1)} is ")
    assert percent(after.shares[0]) in text and "is 2.72 times what it was" in text
    assert "so all that follows is as before" in softmax.words(given, after, before, 1.0, True)
    assert "times" not in softmax.words(given, before, before, 0.0, True)


def test_a_small_vocabulary_or_scores_that_are_no_numbers_do_not_break_it():
    few = softmax.ranked(np.array([1.0, 3.0], np.float32), ["a", "END"])
    found = softmax.share_out(few, 0, True)
    assert few.answers == ("END", "a") and len(few.others) == 0
    assert [row[0] for row in cells(softmax.numbers(few, found, True))] == ["END", "a", "sum"]
    assert softmax.bars(few, found).labels == ("END", "a")
    assert softmax.others_name(1) == "1 other"
    gone = softmax.ranked(np.full(27, np.nan), [*"abcdefghijklmnopqrstuvwxyz", "END"])
    found = softmax.share_out(gone, 0, True)
    shown = softmax.numbers(gone, found, True) + softmax.words(gone, found, found, 0, True)
    assert "run away" in shown and "nan" not in shown and softmax.bars(gone, found)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(1.0, 1.0003, ("1.0000", "1.0003")), (1.0, 2.5, ("1.00", "2.50")), (1.0, 1.0, ("1.00", "1.00"))],
)
def test_a_part_never_looks_like_the_whole_it_is_less_than(part: float, whole: float, said: tuple[str, str]) -> None:
    assert softmax.apart(part, whole) == said
