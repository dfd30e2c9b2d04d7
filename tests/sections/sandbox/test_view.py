"""What “Sandbox” and “Letter by letter” say of guesses and draws."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from lab.charts.format import percent
from lab.sections.generate import draw as draw_views
from lab.sections.generate import view as generate_views
from lab.sections.generate.model import Recipe, record
from lab.sections.sandbox import view as sandbox_views
from microgpt.evaluate.guesses import Scored, average, score, top
from microgpt.evaluate.novelty import Verdict
from microgpt.sampling import SampleStep, at_temperature, pick
from microgpt.tokenizer import CharTokenizer

ABC = CharTokenizer("abc")
BOS = ABC.bos
LOGITS = np.log([0.1, 0.55, 0.05, 0.3])


def step(draw: float | None = 0.3, context: tuple[int, ...] = (BOS, 0)) -> SampleStep:
    chances = at_temperature(LOGITS, 0 if draw is None else 1)
    return SampleStep(context, LOGITS, chances, draw, pick(chances, draw))


@pytest.mark.feature("S3-6")
def test_the_strip_is_made_of_the_engines_running_sums():
    data = draw_views.strip_of(step(), ABC)
    assert data.labels == ("a", "b", "c", "END")
    assert data.ends == pytest.approx((0.1, 0.65, 0.7, 1))
    assert (data.draw, data.chosen, data.others) == (0.3, 1, frozenset())


@pytest.mark.feature("S2-3")
def test_answers_outside_the_top_are_others():
    assert draw_views.strip_of(step(), ABC, k=2).others == {0, 2}
    undrawn = draw_views.strip_of(step(), ABC, k=2, drawn=False)
    assert undrawn.draw is None and undrawn.chosen is None


@pytest.mark.feature("S2-3", "S3-6")
def test_a_draw_is_told_with_the_letter_it_hit():
    assert draw_views.draw(step(), ABC) == f"After a, the draw 0.300 hits b, with {percent(0.55)}."
    assert draw_views.draw(step(0.99, (BOS,)), ABC) == f"After START, the draw 0.990 hits END, with {percent(0.3)}."
    assert draw_views.draw(step(0.68), ABC, k=2) == (
        "After a, the draw 0.680 falls in “other”, the 2 answers outside the top 2. "
        f"The one it hits is c, with {percent(0.05)}."
    )


@pytest.mark.feature("S3-7")
def test_at_temperature_zero_the_most_likely_is_taken_and_nothing_is_drawn():
    text = draw_views.draw(step(None), ABC)
    assert text == "After a, nothing is drawn: at temperature 0 the most likely answer is taken, and that is b."
    assert "average" not in text


@pytest.mark.parametrize(
    ("name", "finished", "verdict", "says"),
    [
        ("abc", True, Verdict("copy", "abc", 0), "“abc”, a copy of a name on the list"),
        ("abc", True, Verdict("near", "abd", 1), "“abc”, 1 letter away from abd"),
        ("abc", True, Verdict("near", "abde", 2), "2 letters away from abde"),
        ("abc", True, Verdict("new", "xyz", 3), "“abc”, new."),
        ("abc", False, Verdict("new", "xyz", 3), "all 3 letters that fit"),
        ("", True, Verdict("new", "xyz", 3), "END came first"),
    ],
)
def test_how_a_name_came_out(name, finished, verdict, says):
    assert says in draw_views.fate(name, finished, 3, verdict)


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


@pytest.fixture
def made(desk):
    desk.train_to(200)
    *_, made = record(desk.lab.snapshot.get(), desk.lab.experiment.get(), Recipe(0.8, 42, "tri"))
    return made


@pytest.mark.feature("S3-6")
def test_it_is_said_which_model_made_the_name_and_whether_it_has_moved_on(desk, made):
    assert generate_views.made(made, desk.lab.snapshot.get()) == (
        "Made by the model of step 200: temperature 0.8, seed 42."
    )
    desk.train_to(210)
    assert generate_views.made(made, desk.lab.snapshot.get()).endswith("The model is at step 210 now.")
    cut = replace(made, recipe=Recipe(1.0, 1, "", 3, 0.9))
    assert "top-k 3, top-p 0.9" in generate_views.made(cut, desk.lab.snapshot.get())


@pytest.mark.feature("S3-6")
def test_every_moment_has_its_letters_its_bars_and_its_words(made):
    tokenizer = made.experiment.tokenizer
    answers = draw_views.answers(tokenizer)
    for at, one in enumerate(made.steps):
        html = generate_views.reading(made, at)
        before, taken, later = (re.search(rf'class="{css}"[^>]*>(.*?)<', html)[1] for css in ("read", "taken", "later"))
        assert before == tokenizer.decode(one.context)
        assert taken == answers[one.token]
        assert before + ("" if one.token == tokenizer.bos else taken) + later == made.name
        bars = generate_views.bars(one, tokenizer)
        assert bars.values == tuple(one.probabilities)
        assert bars.highlight == one.token
        said = generate_views.said(made, at)
        place = 1 + sum(one.probabilities > one.probabilities[one.token])
        assert f"the {generate_views.ordinal(place)} of all answers" in said
    assert generate_views.describe_bar(bars, bars.highlight).endswith("it was drawn")


@pytest.mark.feature("U11")
def test_a_cut_is_told(desk, made):
    *_, cut = record(desk.lab.snapshot.get(), made.experiment, Recipe(1.0, 1, "tri", 3))
    assert f"Only 3 of {made.experiment.tokenizer.vocab_size} answers" in generate_views.said(cut, 0)


ORDINALS = "likeliest, 2nd likeliest, 3rd likeliest, 4th likeliest, 11th likeliest, 21st likeliest, 22nd likeliest"


@pytest.mark.parametrize("text", ORDINALS.split(", "))
def test_ordinals(text):
    assert generate_views.ordinal(int("".join(filter(str.isdigit, text)) or 1)) == text
