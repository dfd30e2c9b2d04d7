"""What the sandbox says of guesses."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from lab.charts.format import percent
from lab.sections.generate import draw as draw_views
from lab.sections.sandbox import view as sandbox_views
from microgpt.evaluate.guesses import Scored, average, score, top
from microgpt.sampling import SampleStep, at_temperature, pick
from microgpt.tokenizer import CharTokenizer

ABC = CharTokenizer("abc")


BOS = ABC.bos


LOGITS = np.log([0.1, 0.55, 0.05, 0.3])


def step(draw: float | None = 0.3, context: tuple[int, ...] = (BOS, 0)) -> SampleStep:
    chances = at_temperature(LOGITS, 0 if draw is None else 1)
    return SampleStep(context, LOGITS, chances, draw, pick(chances, draw))


@pytest.mark.feature("S2-1")
@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_last_bar_is_the_sum_of_the_rest_and_all_make_one(k):
    chances = at_temperature(LOGITS, 1)
    bars = sandbox_views.top_bars(top(chances, k), ABC)
    assert bars.labels == (*["b", "END", "a"][:k], "other")
    assert bars.values[-1] == pytest.approx(sum(sorted(chances)[: 4 - k]))
    assert sum(bars.values) == pytest.approx(1)
    assert bars.highlight == 0
    text = sandbox_views.top_sum("ab", top(chances, k), ABC)
    assert text.startswith("After ab, ") and percent(float(bars.values[-1])) in text


@pytest.mark.feature("S2-1")
def test_with_every_answer_told_apart_nothing_is_left_over():
    best = top(at_temperature(LOGITS, 1), 9)
    assert "other" not in sandbox_views.top_bars(best, ABC).labels
    assert "all 4 answers" in sandbox_views.top_sum("", best, ABC)


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r'<div role="row"[^>]*>(.*?)</div>', html)
    plain = re.compile(r"<svg.*?</svg>|<[^>]+>")
    return [
        [plain.sub("", cell) for cell in re.findall(r'<span role="cell">(.*?)</span>(?=<span role|$)', row)]
        for row in rows[1:]
    ]


@pytest.mark.feature("S2-2")
def test_each_guess_has_its_letter_the_truth_a_mark_and_its_cost(desk):
    desk.train_to(200)
    experiment, model = desk.lab.experiment.get(), desk.lab.snapshot.get().model
    tokenizer = experiment.tokenizer
    scores = score(model, tokenizer.document("tri"))
    html = sandbox_views.costs(scores, tokenizer)
    found = cells(html)
    assert [row[:2] for row in found] == [["START", "t"], ["t", "r"], ["r", "i"], ["i", "END"]]
    answers = draw_views.answers(tokenizer)
    for row, one in zip(found, scores, strict=True):
        assert row[2] == f"{answers[one.guess]} " + ("✓right" if one.guess == one.truth else "✗wrong")
        assert row[3] == percent(one.probability)
        assert row[4] == f"{-math.log(one.probability):.2f}"
    text = sandbox_views.average("tri", scores, average(scores), tokenizer, listed=False)
    assert f"Average cost {model.loss(tokenizer.document('tri')):.2f}" in text
    assert "no name on the list" in text
    assert "no name on the list" not in sandbox_views.average("tri", scores, 1.0, tokenizer, listed=True)


HITS = [Scored(BOS, 0, 0, 0.9, 0.105), Scored(0, 1, 1, 0.2, 1.609), Scored(1, 2, 0, 0.1, 2.303)]


@pytest.mark.feature("S2-2")
def test_a_right_guess_that_cost_a_lot_is_pointed_out():
    assert sandbox_views.costliest(HITS) == 1
    text = sandbox_views.right_and_costly("abc", HITS, ABC)
    assert text.startswith(
        f"Right, and still costly: after a the top guess b is ✓, but the model gave it only {percent(0.2)}"
    )
    assert "cost 1.61" in text
    assert "was cheap" in sandbox_views.right_and_costly("a", HITS[:1], ABC)
    assert "No ✓ here" in sandbox_views.right_and_costly("a", HITS[2:], ABC)
    assert sandbox_views.costs(HITS, ABC, spot=1).count("spot") == 1


@pytest.mark.feature("S2-4")
def test_the_limit_is_that_of_the_positions(small_experiment):
    config = replace(small_experiment.config, block_size=9)
    assert sandbox_views.limit(config) == "At most 8 letters: the model has 9 positions, and START takes the first."


def test_letters_are_escaped():
    odd = CharTokenizer("&<>")
    scores = [Scored(odd.bos, 1, 0, 0.5, 0.69)]
    assert "<b>&lt;</b>" in sandbox_views.costs(scores, odd)
    drawn = [step()._replace(token=1)]
    assert "<b>&lt;</b>" in sandbox_views.draws(drawn, odd)


def test_each_draw_is_listed_with_its_number():
    html = sandbox_views.draws([step(), step(None)], ABC)
    assert html.count("<li>") == 2 and "0.300" in html and "top" in html
