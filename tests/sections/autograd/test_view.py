"""What the autograd section says and draws, held to the engine's own numbers."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.sections.autograd import view as views
from lab.sections.autograd.view import PRESETS, Worked
from microgpt.inspect.expression import MAX_VARIABLES, ExpressionError, Slope, parse


def worked(number: int, **values: float) -> Worked:
    preset = PRESETS[number]
    return views.work_out(parse(preset.text), {**preset.values, **values})


@pytest.mark.feature("S3-3")
def test_the_first_lesson_word_for_word() -> None:
    lesson = worked(0)
    assert [views.told(lesson, at) for at in range(8)] == [
        ["a = 2. You put this in."],
        ["b = 3. You put this in."],
        ["a × b = 2 × 3 = 6."],
        ["L = a × b + a = 6 + 2 = 8."],
        [
            "The way back begins: L moves exactly as fast as itself, so its gradient is 1.",
            "L passes 1 × 1 to a × b: (a × b).grad = 0 + 1 = 1; and 1 × 1 to a: a.grad = 0 + 1 = 1.",
            views.RULES["+"],
        ],
        [
            "a × b has its gradient, 1, and passes 1 × 3 to a: a.grad = 1 + 3 = 4; and 1 × 2 to b: b.grad = 0 + 2 = 2.",
            views.RULES["×"],
        ],
        ["b is where this path ends: b.grad = 2."],
        [
            "a was used 2 times, so 2 shares came back: 1 by way of L, 3 by way of a × b. Together a.grad = 1 + 3 = 4.",
            "Why add? A nudge to a travels along all these paths at once, and L feels every one.",
        ],
    ]


@pytest.mark.feature("S2-6", "S3-3")
@pytest.mark.parametrize("number", range(len(PRESETS)))
def test_the_graph_of_every_moment_shows_the_engines_numbers(number: int) -> None:
    found = worked(number)
    values = [node.data for node in found.tape.nodes]
    final = [node.grad for node in found.tape.nodes]
    half = len(values)
    for at, moment in enumerate(found.moments):
        graph = views.graph_at(found, at)
        assert [node.value for node in graph.nodes] == values
        assert [node.made_from for node in graph.nodes] == found.tape.parts
        assert [node.local for node in graph.nodes] == [node.local_grads for node in found.tape.nodes]
        assert graph.grads == moment.grads and graph.current == moment.at
        assert [graph.has_value(i) for i in range(half)] == [i <= at for i in range(half)]
        assert len(graph.complete) == max(0, at - half + 1)
        assert all(graph.grads[i] == final[i] for i in graph.complete)
        assert graph.nodes[-1].label == (found.line.name or found.texts[-1])


@pytest.mark.parametrize("number", range(len(PRESETS)))
def test_every_moment_of_every_example_has_a_sentence_and_its_piece_of_the_line(number: int) -> None:
    found = worked(number)
    for at in range(len(found.moments)):
        html = views.now(found, at)
        assert html.count("<mark>") >= 1 and html.count("<p") >= 2
        assert not re.search("nan|inf|None", html)
        plain = re.sub("<[^>]+>", "", re.search(r"<code>(.*)</code>", html)[1])
        assert plain == found.line.text


def test_the_marked_piece_is_the_one_that_is_computed() -> None:
    lesson = worked(0)
    assert "<code>L = <mark>a*b</mark> + a</code>" in views.now(lesson, 2)
    assert "<code>L = <mark>a</mark>*b + <mark>a</mark></code>" in views.now(lesson, 0)
    assert views.marked("a<b", 0, 3) == "<mark>a&lt;b</mark>"
    assert views.marked("a = exp(p) + p", 8, 9, "p") == "a = exp(<mark>p</mark>) + <mark>p</mark>"


def test_a_relu_says_whether_it_is_open() -> None:
    for x, said, slope in ((2, views.OPEN, 1), (-2, views.CLOSED, 0)):
        found = worked(1, x=x)
        turn = next(at for at, moment in enumerate(found.moments) if moment.backward)
        assert views.told(found, turn)[-1] == said
        assert found.moments[turn].shares[0].local == slope


def test_hidden_values_are_explained_and_plain_numbers_are_not_variables() -> None:
    found = views.work_out(parse("-2*a/b"), {"a": 1, "b": 4})
    said = {found.texts[moment.at]: views.told(found, moment.at) for moment in found.moments if not moment.backward}
    assert said["−2"] == ["−2 is a plain number."]
    assert said["1 ÷ b"] == ["1 ÷ b = 4^−1 = 0.25.", views.NO_DIVISION]
    assert said["−2 × a ÷ b"] == ["−2 × a ÷ b = −2 × 0.25 = −0.5."]
    minus = views.work_out(parse("2 - a"), {"a": 5})
    assert [views.told(minus, i) for i in range(5)] == [
        ["2 is a plain number."],
        ["a = 5. You put this in."],
        ["−1 is a plain number.", views.NO_MINUS],
        ["−a = 5 × (−1) = −5."],
        ["2 − a = 2 + (−5) = −3."],
    ]
    assert [views.is_fixed(minus, i) for i in range(5)] == [True, False, True, False, False]
    assert "nobody will ever nudge it" in views.told(minus, 7)[0]


@pytest.mark.feature("S2-6")
@pytest.mark.parametrize("number", range(len(PRESETS)))
def test_each_gradient_stands_beside_the_slope_found_by_trying(number: int) -> None:
    found = worked(number)
    items = re.findall(r"<li>(.*?)</li>", views.checks(found))
    assert len(items) == len(found.line.variables)
    for name, item in zip(found.line.variables, items, strict=True):
        shown, grad, slope = re.findall(r"<b>([^<]+)</b>", item)
        assert shown == name and grad == slope
        exact = found.tape.nodes[found.texts.index(name)].grad
        assert float(grad.replace("−", "-")) == pytest.approx(exact, rel=1e-5)
        assert "✓ The same." in item


def test_what_cannot_be_tried_or_does_not_agree_is_said() -> None:
    assert "on one side of p there is no result" in views.check("L", "p", 1.0, None)
    assert "A corner." in views.check("L", "x", 0.0, Slope(0.5, 1e-5, 1e-5, 0.0, True))
    assert "Not the same" in views.check("L", "x", 2.0, Slope(1.0, 1e-5, 1.0, 1.0, False))
    assert "There is no variable" in views.checks(views.work_out(parse("1 + 2"), {}))
    assert "nudged by 0.00002 down" in views.check("L", "x", 1.0, Slope(1.0, 2e-5, 1.0, 1.0, False))


def test_the_examples_fit_the_dials_and_keep_clear_of_their_limits() -> None:
    for preset in PRESETS:
        line = parse(preset.text)
        assert set(line.variables) == set(preset.values) and len(line.variables) <= MAX_VARIABLES
        assert all(abs(value) <= views.LIMIT for value in preset.values.values())
        assert any(grad for grad in views.work_out(line, preset.values).moments[-1].grads)


def test_a_variable_that_is_new_begins_at_1_and_one_that_was_there_keeps_its_value() -> None:
    assert views.settled(parse("a + c"), {"a": 2, "b": 3}) == {"a": 2, "c": 1}
    assert views.dial_labels(("a", "c"), 4) == ["a", "c", "", ""]


@pytest.mark.feature("S2-6")
@settings(deadline=None)
@given(st.sampled_from(PRESETS), st.lists(st.floats(-10, 10), min_size=4, max_size=4))
def test_anywhere_on_the_dials_there_is_a_picture_or_a_reason(preset, at: list[float]) -> None:
    line = parse(preset.text)
    try:
        found = views.work_out(line, dict(zip(line.variables, at, strict=False)))
    except (ExpressionError, OverflowError) as error:
        assert str(error)
        return
    for moment in range(len(found.moments)):
        views.graph_at(found, moment)
        assert all(views.told(found, moment))
    assert not re.search("nan|inf|None", views.checks(found) + views.now(found, len(found.moments) - 1))
    assert all(math.isfinite(grad) for grad in found.moments[-1].grads)
