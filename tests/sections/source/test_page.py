"""The real source, watched as it runs: what the page shows is what the engine does."""

import hashlib
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import ENGINE
from lab.charts.format import number
from microgpt import scalar_gpt
from microgpt.experiment import Experiment
from microgpt.value import Value
from tests.browser.lab_state import button, drawn, in_sight, press_step, root, start_anew, step

FEATURE = pytest.mark.feature("X1", "S3-4")
RECORD = "The record"


@pytest.fixture
def source(lab_page: Page) -> Locator:
    lab_page.emulate_media(reduced_motion="reduce")
    lab_page.get_by_role("radio", name="Advanced").check()
    start_anew(lab_page)
    section = lab_page.locator("#source")
    section.scroll_into_view_if_needed()
    expect(section.locator(".stepper-count")).to_contain_text(" of ")
    return section


def watch(section: Locator, slug: str) -> None:
    """Record this program, and wait until its record is there."""
    section.get_by_label("Watch").select_option("rmsnorm" if slug != "rmsnorm" else "softmax")
    expect(section.locator("[data-part=says]")).to_contain_text("Here:")
    section.get_by_label("Watch").select_option(slug)
    title = section.get_by_label("Watch").locator("option:checked").inner_text()
    expect(section.locator("[data-part=says]")).to_contain_text(f"{title}. Here:", timeout=30_000)


def moment(section: Locator) -> tuple[int, int]:
    at, of = re.match(r"([\d,]+) of ([\d,]+)", section.locator(".stepper-count").inner_text()).groups()
    return int(at.replace(",", "")), int(of.replace(",", ""))


def press(section: Locator, word: str) -> None:
    # forced: at either end a button says that it is idle, and can be pressed all the same
    in_sight(section.get_by_role("button", name=f"{word}: {RECORD}")).click(force=True)
    drawn(section.page)


def line(section: Locator) -> str:
    return section.locator("[data-part=code] .now code").inner_text()


def shown(section: Locator, name: str) -> str:
    row = section.locator(".names tr").filter(has=section.page.locator(f'th code:text-is("{name}")'))
    return row.locator("td").inner_text()


@FEATURE
def test_the_bytes_that_run_are_those_of_the_package(source: Locator) -> None:
    watch(source, "softmax")
    sha = hashlib.sha256((ENGINE / "scalar_gpt.py").read_bytes()).hexdigest()
    expect(source.locator("[data-part=bounds]")).to_contain_text(f"microgpt/scalar_gpt.py (SHA-256 {sha[:12]}…)")
    lines = source.locator("[data-part=code] li code").all_inner_texts()
    assert [text.rstrip() for text in lines] == (ENGINE / "scalar_gpt.py").read_text("utf-8").splitlines()


@FEATURE
def test_softmax_line_by_line_shows_the_numbers_of_an_unwatched_run(source: Locator, experiment: Experiment) -> None:
    name = source.page.locator("#namebar .chip").all_inner_texts()[1:]
    watch(source, "softmax")
    at = source.locator("[data-part=says]").inner_text()
    read = re.search(r"comes after (\w+)", at)[1]
    tokens = [experiment.tokenizer.bos] + ([] if read == "START" else experiment.tokenizer.encode(read))
    assert read == "START" or "".join(name).startswith(read)
    logits = [Value(float(x)) for x in experiment.trainer().model.forward(tokens).logits[-1]]
    chances = scalar_gpt.softmax(logits)
    press(source, "Last")
    assert line(source).strip() == "return [e / total for e in exps]"
    largest = max(value.data for value in logits)
    assert number(largest, 4) in shown(source, "largest")
    assert number(sum((value - largest).exp().data for value in logits), 4) in shown(source, "total")
    source.get_by_text("Look closer at the numbers").click()
    source.get_by_label("numbers of").select_option("exps")
    drawn(source.page)
    source.get_by_role("grid").focus()
    drawn(source.page)
    first = (logits[0] - largest).exp().data
    expect(source.locator(".chart-readout")).to_contain_text(f"exps[0] = {number(first, 6)}")
    assert abs(sum(p.data for p in chances) - 1) < 1e-12
    source.get_by_text("Look closer at the numbers").click()


@FEATURE
def test_forward_back_first_last_scrub_and_play(source: Locator) -> None:
    watch(source, "value")
    assert moment(source)[0] == 1
    first = line(source)
    press(source, "Next")
    assert moment(source)[0] == 2
    press(source, "Back")
    assert (moment(source)[0], line(source)) == (1, first)
    press(source, "Back")  # nothing before the first
    assert moment(source)[0] == 1
    press(source, "Last")
    at, of = moment(source)
    assert at == of > 20
    source.get_by_role("slider", name=f"Moment: {RECORD}").fill("4")
    drawn(source.page)
    assert moment(source)[0] == 5
    press(source, "Play")
    expect(source.locator(".stepper-count")).to_contain_text("7 of")
    press(source, "Stop")
    at = moment(source)[0]
    expect(source.get_by_role("button", name=f"Play: {RECORD}")).to_be_visible()
    assert moment(source)[0] == at


@FEATURE
def test_backward_passes_the_gradients_on(source: Locator) -> None:
    """L = a × b + a at 2 and 3: L = 8, and its gradients are 4 and 2."""
    watch(source, "value")
    source.get_by_label("only in this function").select_option("Value.backward_steps")
    drawn(source.page)
    press(source, "Last")
    assert shown(source, "self").startswith("8.000 gradient 1.000")
    values = set()
    for _ in range(moment(source)[1]):
        if line(source).strip() == "yield node":
            values.add(re.sub(r"\s+", " ", shown(source, "node")))
        press(source, "Back")
    assert any(text.startswith("2.000 gradient 4.000") for text in values), values
    assert any(text.startswith("3.000 gradient 2.000") for text in values), values


@FEATURE
def test_a_function_a_turn_of_a_loop_and_a_line_can_be_singled_out(source: Locator) -> None:
    watch(source, "scalar-step")
    whole = moment(source)[1]
    source.get_by_label("only in this function").select_option("ScalarAdam.step")
    drawn(source.page)
    assert 0 < moment(source)[1] < whole
    expect(source.locator("[data-part=where]")).to_contain_text("train_step › ScalarAdam.step")
    loops = source.get_by_label("only in the loop")
    loops.select_option(label=re.search(r"(ScalarAdam\.step.*)", loops.inner_text())[1])
    source.get_by_label("turn", exact=True).fill("2")
    source.get_by_label("turn", exact=True).blur()
    drawn(source.page)
    expect(source.locator("[data-part=where]")).to_contain_text("Turn 2 of")
    assert moment(source)[1] == 7  # the head of the loop, and six lines of its body
    target = next(
        i
        for i, text in enumerate((ENGINE / "scalar_gpt.py").read_text("utf-8").splitlines(), 1)
        if "p.grad = 0.0" in text
    )
    source.get_by_label("line", exact=True).fill(str(target))
    button(source.page, "Go to this line").click()
    drawn(source.page)
    assert line(source).strip() == "p.grad = 0.0" and moment(source)[0] == 7
    source.locator(f'[data-part=code] [data-line="{target - 1}"]').click()
    drawn(source.page)
    assert "p.data -= " in line(source) and moment(source)[0] == 6
    source.get_by_label("line", exact=True).fill("1")
    button(source.page, "Go to this line").click()
    expect(source.get_by_role("alert")).to_contain_text("Line 1 does not run")


@FEATURE
def test_watching_a_step_of_the_lab_leaves_the_lab_where_it_is(source: Locator) -> None:
    page = source.page
    plain = press_step(page, 6)
    start_anew(page)
    before = press_step(page, 3)
    for slug in ("step", "letter", "gpt", "rung0"):
        watch(source, slug)
    assert step(page) == 3
    assert before + press_step(page, 3) == plain
    watch(source, "step")
    expect(source.locator("[data-part=says]")).to_contain_text("step 7 of the lab")
    expect(root(page)).to_have_attribute("data-step", "6")


@FEATURE
def test_the_line_under_way_is_in_sight(source: Locator) -> None:
    watch(source, "step")
    for at in (1, 60, 120, 200):
        source.get_by_role("slider", name=f"Moment: {RECORD}").fill(str(at))
        drawn(source.page)
        inside = source.locator("[data-part=code] .now").evaluate(
            """(row) => {
                const [line, pane] = [row, row.closest(".code")].map((one) => one.getBoundingClientRect());
                return line.top >= pane.top - 1 && line.bottom <= pane.bottom + 1;
            }"""
        )
        assert inside, f"moment {at}"


@FEATURE
@pytest.mark.parametrize("slug", ["rmsnorm", "gpt", "letter", "step", "rung0", "rung2", "rung5", "rung6"])
def test_each_program_plays_to_its_end(source: Locator, slug: str) -> None:
    watch(source, slug)
    press(source, "Last")
    assert moment(source)[0] == moment(source)[1]
    expect(source.locator(".names tr").last).to_contain_text("returns")


@pytest.mark.feature("S2-5")
def test_the_quoted_code_is_the_code(source: Locator) -> None:
    source.get_by_text("The training step, whole").click()
    quoted = source.get_by_role("region", name=re.compile("^train_step, lines"))
    text = "\n".join(row.rstrip() for row in quoted.locator("li code").all_inner_texts())
    assert text.replace("\n\n", "\n") in (ENGINE / "scalar_gpt.py").read_text("utf-8").replace("\n\n", "\n")
    assert text.startswith("def train_step(")
    expect(quoted.locator("li", has_text="loss.backward()").locator(".code-note")).to_contain_text("gradient")
