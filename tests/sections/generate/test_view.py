"""What “Letter by letter” says of draws."""

import re
from dataclasses import replace

import numpy as np
import pytest

from lab.charts.format import percent
from lab.sections.generate import draw as draw_views
from lab.sections.generate import view as generate_views
from lab.sections.generate.model import Recipe, record
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
        before, taken = (re.search(rf'class="{css}"[^>]*>(.*?)<', html)[1] for css in ("read", "taken"))
        assert before == tokenizer.decode(one.context)
        assert taken == answers[one.token]
        # what comes later is not told yet: the reader may guess
        whole = before + ("" if one.token == tokenizer.bos else taken)
        assert (whole == made.name) == (made.name in re.sub("<.*?>", "", html) + generate_views.result(made, at))
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
