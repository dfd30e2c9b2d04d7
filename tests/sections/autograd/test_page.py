"""Autograd on the real page: type, turn, step; every number is that of `Value` in this Python."""

import inspect
import re
import textwrap

import pytest
from playwright.sync_api import Locator, Page, expect

from lab.charts.format import MISSING, short
from microgpt.inspect.expression import ExpressionError, parse
from microgpt.inspect.tape import Tape, Turn
from microgpt.value import Value
from tests.browser.driving import SharedLab
from tests.browser.lab_state import button, drawn, start_anew, table_of, until, wait_for_step

GRAPH = "The graph of the expression"
STEPS = "moment of the calculation"
EXAMPLES = {
    "Two paths": ("L = a*b + a", {"a": 2, "b": 3}),
    "A neuron": ("relu(w*x + b)", {"w": 1.5, "x": 2, "b": -1}),
    "Surprise": ("loss = -log(p)", {"p": 0.25}),
    "Softmax of two": ("p = exp(a) / (exp(a) + exp(b))", {"a": 1, "b": 2}),
    "Squared error": ("loss = (w*x + b - y)^2", {"w": 1.5, "x": 2, "b": 0.5, "y": 3}),
}


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page in Advanced mode, at the first example."""
    lab_page.set_viewport_size({"width": 1280, "height": 900})
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    section(lab_page).locator("[data-part=graph]").scroll_into_view_if_needed()
    example(lab_page, "Two paths")
    return lab_page


def section(page: Page) -> Locator:
    return page.locator("#autograd")


def line(page: Page) -> Locator:
    return section(page).get_by_role("textbox", name="expression")


def problem(page: Page) -> Locator:
    return section(page).locator("[data-part=problem]")


def now(page: Page) -> str:
    drawn(page)
    return section(page).locator("[data-part=now]").inner_text()


def step_button(page: Page, word: str) -> Locator:
    return section(page).get_by_role("button", name=f"{word}: {STEPS}")


def example(page: Page, name: str) -> None:
    """Choose it, at its own values, and wait until its first moment is shown."""
    section(page).get_by_role("button", name=name, exact=True).click()
    text, _ = EXAMPLES[name]
    expect(line(page)).to_have_value(text)
    shows(page, 0, text)


def shows(page: Page, at: int, text: str) -> None:
    """Wait until this moment of this line is drawn."""
    half = len(parse(text).evaluate(dict.fromkeys(parse(text).variables, 1.5)).pieces)
    way = f"Backward, {at - half + 1} of {half}" if at >= half else f"Forward, {at + 1} of {half}"
    expect(section(page).locator("[data-part=now] .where")).to_have_text(f"{way} · {text}")


def tape(text: str, values: dict[str, float]) -> tuple[Tape, list[Turn], list[str]]:
    """The same in this Python, with what each value is called."""
    found = parse(text)
    graph = found.evaluate(values)
    tape = Tape(graph.result)
    labels = [graph.pieces[node].text for node in tape.nodes]
    labels[-1] = found.name or labels[-1]
    return tape, list(tape.turns()), labels


@pytest.mark.feature("S3-3")
def test_the_first_example_is_the_default_and_says_why_two_paths_add(shared_lab: SharedLab) -> None:
    """Runs before all others of this file: what nobody has touched yet."""
    lab_page = shared_lab.page()
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    section(lab_page).locator("[data-part=graph]").scroll_into_view_if_needed()
    expect(line(lab_page)).to_have_value("L = a*b + a")
    expect(section(lab_page).get_by_role("button", name="Two paths", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    shows(lab_page, 0, "L = a*b + a")
    step_button(lab_page, "Last").click()
    shows(lab_page, 7, "L = a*b + a")
    said = now(lab_page)
    assert "a was used 2 times" in said and "a.grad = 1 + 3 = 4" in said and "Why add?" in said
    rows = {row[0]: row[2:] for row in table_of(lab_page, GRAPH)}
    assert rows == {"a": ["2", "4"], "b": ["3", "2"], "a × b": ["6", "1"], "L": ["8", "1"]}


@pytest.mark.feature("S2-6", "S3-3")
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_moment_shows_the_values_and_gradients_of_the_engine(lab_page: Page, name: str) -> None:
    example(lab_page, name)
    text, values = EXAMPLES[name]
    known, moments, labels = tape(text, values)
    half = len(labels)
    for at, moment in enumerate(moments):
        shows(lab_page, at, text)
        rows = table_of(lab_page, GRAPH)
        assert [row[0] for row in rows] == labels
        for i, (_label, _made, value, gradient) in enumerate(rows):
            assert value == (short(known.nodes[i].data) if i <= at else MISSING)
            grad = moment.grads[i]
            done = at >= half and i >= 2 * half - 1 - at  # its own turn has come
            assert gradient == (MISSING if grad is None else short(grad) + ("" if done else " so far"))
        said = now(lab_page)
        for share in moment.shares:
            assert f"grad = {short(share.before)} + " in said and f" = {short(share.after)}" in said
        if not moment.backward:
            assert short(known.nodes[moment.at].data) in said
        if at + 1 < len(moments):
            step_button(lab_page, "Next").click()
    expect(step_button(lab_page, "Next")).to_have_attribute("aria-disabled", "true")


@pytest.mark.feature("S2-6")
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("relu(a − 2)·b ÷ 4 + c^2", {"a": 3.5, "b": -2, "c": 0.25}),
        ("exp(-t) * log(t) - 3**2", {"t": 2.2}),
    ],
)
def test_any_text_with_any_numbers_gives_the_engines_gradients_and_the_slopes_tried(
    lab_page: Page, text: str, values: dict[str, float]
) -> None:
    line(lab_page).fill(text)
    for name, value in values.items():
        section(lab_page).get_by_role("spinbutton", name=f"{name}, as a number").fill(str(value))
    step_button(lab_page, "Last").click()
    known, moments, labels = tape(text, values)
    shows(lab_page, len(moments) - 1, text)
    rows = table_of(lab_page, GRAPH)
    assert [(row[0], row[2], row[3]) for row in rows] == [
        (label, short(node.data), short(grad))
        for label, node, grad in zip(labels, known.nodes, moments[-1].grads, strict=True)
    ]
    checks = section(lab_page).locator("[data-part=checks] li")
    expect(checks).to_have_count(len(values))
    for name, item in zip(parse(text).variables, checks.all(), strict=True):
        grad = moments[-1].grads[labels.index(name)]
        said = item.inner_text()
        shown, tried = re.search(r"says ([^ ]+)\. .* slope of ([^ ]+)\. ✓ The same", said).groups()
        assert said.startswith(f"{name}:")
        assert float(shown.replace("−", "-")) == pytest.approx(grad, rel=1e-5)
        assert float(tried.replace("−", "-")) == pytest.approx(grad, rel=1e-4)


@pytest.mark.feature("S2-6")
def test_a_slider_changes_the_numbers_and_keeps_the_moment(lab_page: Page) -> None:
    step_button(lab_page, "Last").click()
    slider = section(lab_page).get_by_role("slider", name="a", exact=True)
    slider.focus()
    lab_page.keyboard.press("ArrowRight")
    expect(section(lab_page).get_by_role("spinbutton", name="a, as a number")).to_have_value("2.1")
    until(lab_page, "document.querySelector('#autograd [data-part=now]').textContent.includes('1 + 3 = 4')")
    shows(lab_page, 7, "L = a*b + a")
    rows = {row[0]: row[2:] for row in table_of(lab_page, GRAPH)}
    assert rows["L"] == ["8.4", "1"] and rows["b"] == ["3", "2.1"]
    expect(slider).to_be_focused()
    box = section(lab_page).get_by_role("spinbutton", name="a, as a number")
    box.fill("11")
    expect(section(lab_page).get_by_text("A is a number from -10 to 10.")).to_be_visible()
    assert {row[0]: row[2] for row in table_of(lab_page, GRAPH)}["a"] == "2.1"


@pytest.mark.feature("S2-6")
def test_a_text_that_does_not_work_keeps_the_graph_and_says_what_to_do(lab_page: Page) -> None:
    before = table_of(lab_page, GRAPH)
    for text in ("log(a*", "a b", "__import__('os')", "<img src=x>", "a^b", "1/(2-2)", "log(0-1)"):
        with pytest.raises(ExpressionError) as caught:
            parse(text).evaluate({"a": 1})
        line(lab_page).fill(text)
        expect(problem(lab_page)).to_contain_text(str(caught.value).rstrip("."))
        expect(problem(lab_page)).to_contain_text("still shows the last one that worked")
        assert table_of(lab_page, GRAPH) == before
    line(lab_page).fill("a*b")
    expect(problem(lab_page)).to_be_hidden()
    expect(line(lab_page)).not_to_have_attribute("aria-invalid", "true")
    assert table_of(lab_page, GRAPH)[-1][0] == "a × b"


@pytest.mark.feature("S2-6")
def test_a_number_without_a_result_gets_a_reason_and_no_nan(lab_page: Page) -> None:
    example(lab_page, "Surprise")
    box = section(lab_page).get_by_role("spinbutton", name="p, as a number")
    box.fill("0")
    expect(problem(lab_page)).to_contain_text("log needs a number above 0, and gets 0; make that positive")
    assert not re.search("nan|inf", section(lab_page).locator("figure").first.text_content(), re.IGNORECASE)
    box.fill("0.5")
    expect(problem(lab_page)).to_be_hidden()
    assert table_of(lab_page, GRAPH)[0][2] == "0.5"


def test_it_plays_by_itself_to_the_end_and_works_with_keys_alone(lab_page: Page) -> None:
    step_button(lab_page, "Last").focus()
    lab_page.keyboard.press("Enter")
    shows(lab_page, 7, "L = a*b + a")
    step_button(lab_page, "Back").focus()
    lab_page.keyboard.press("Space")
    shows(lab_page, 6, "L = a*b + a")
    step_button(lab_page, "Play").click()
    shows(lab_page, 7, "L = a*b + a")
    expect(step_button(lab_page, "Play")).to_be_visible()  # it has stopped
    scrubber = section(lab_page).get_by_role("slider", name=f"Moment: {STEPS}")
    scrubber.focus()
    lab_page.keyboard.press("Home")
    shows(lab_page, 0, "L = a*b + a")


@pytest.mark.feature("Q1")
def test_on_a_narrow_screen_a_wide_graph_scrolls_in_its_own_place(lab_page: Page) -> None:
    example(lab_page, "Squared error")
    plot = section(lab_page).get_by_role("region", name=f"{GRAPH}, drawing")
    expect(plot).not_to_have_attribute("tabindex", "0")
    lab_page.set_viewport_size({"width": 320, "height": 800})
    expect(plot).to_have_attribute("tabindex", "0")
    drawn(lab_page)
    assert plot.evaluate("(plot) => plot.scrollWidth > plot.clientWidth")
    assert section(lab_page).evaluate("(section) => section.scrollWidth <= section.clientWidth")
    assert section(lab_page).evaluate("(section) => section.getBoundingClientRect().right <= innerWidth")
    visible = """(plot) => { const box = plot.querySelector('.graph-node.now rect').getBoundingClientRect(),
        room = plot.getBoundingClientRect(); return box.left >= room.left - 1 && box.right <= room.right + 1; }"""
    for _ in range(9):  # wherever it is, whoever has the turn is in sight
        assert plot.evaluate(visible)
        step_button(lab_page, "Next").click()
        drawn(lab_page)


def test_it_works_while_the_model_trains(lab_page: Page) -> None:
    button(lab_page, "Train").click()
    step_button(lab_page, "Last").click()
    shows(lab_page, 7, "L = a*b + a")
    wait_for_step(lab_page, 1)
    button(lab_page, "Pause").click()
    expect(problem(lab_page)).to_be_hidden()
    start_anew(lab_page)


@pytest.mark.feature("S2-5", "S2-6")
def test_the_source_that_is_shown_is_the_source_that_runs(lab_page: Page) -> None:
    section(lab_page).locator("summary", has_text="The walk back, all of it").click()
    shown = section(lab_page).locator("details.listing li code").all_inner_texts()
    expected = textwrap.dedent(inspect.getsource(Value.backward_steps)).splitlines()
    assert [text.rstrip() for text in shown] == [text.rstrip() for text in expected]
