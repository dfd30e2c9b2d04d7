"""One head, taken apart on the real page: each stage, each score and each of its terms is the engine's."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import DIST
from lab.charts.format import percent
from microgpt import checkpoint
from microgpt.experiment import Experiment
from microgpt.inspect.attention_head import HeadStage, head_steps
from microgpt.model import GPT
from tests.browser.lab_state import drawn, in_sight, load_trained, press_step, start_anew, type_name, until

NAME = "raptor"


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained, in Advanced mode, at the last letter of NAME, with the head in sight."""
    lab_page.set_viewport_size({"width": 1280, "height": 900})
    start_anew(lab_page)
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    type_name(lab_page, NAME)
    section(lab_page).scroll_into_view_if_needed()
    expect(section(lab_page).locator("[data-part=read]")).to_have_text(NAME)
    return lab_page


def section(page: Page) -> Locator:
    return page.locator("#attention_head")


def look(page: Page, position: int, layer: int, head: int) -> None:
    for part, value in (("the letter that looks", position), ("layer", layer), ("head", head)):
        section(page).get_by_role("combobox", name=part, exact=True).select_option(index=value)
    drawn(page)


def press(page: Page, name: str) -> None:
    in_sight(section(page).get_by_role("button", name=f"{name}: one head")).click(force=True)  # idle at either end
    drawn(page)


def table(page: Page) -> list[list[str]]:
    """Letter, score, scaled score and share of every row."""
    region = section(page).get_by_role("region", name="Scores and shares of one head, table")
    if not region.is_visible():
        section(page).locator("[data-part=details] summary").click()
    expect(region.get_by_role("row").nth(1)).to_be_attached()
    drawn(page)
    return region.evaluate(
        "(r) => [...r.querySelectorAll('tbody tr')].map((t) => [...t.cells].map((c) => c.textContent))"
    )


def terms(page: Page) -> tuple[list[list[str]], list[str]]:
    """The rows of the dot product: number, query, key, product; and what becomes of the sum."""
    region = section(page).get_by_role("region", name="One score, term by term")
    return tuple(
        region.evaluate(
            "(r) => [[...r.querySelectorAll('tbody tr')].map((t) => [...t.cells].map((c) => c.textContent)),"
            " [...r.querySelectorAll('tfoot td')].map((c) => c.textContent)]"
        )
    )


def stages(experiment: Experiment, model: GPT, name: str, position: int, layer: int, head: int) -> list[HeadStage]:
    trace = model.forward(experiment.tokenizer.document(name)[:-1])
    return list(head_steps(model, trace, layer, head, position))


def made(stages: list[HeadStage], at: int) -> dict[str, np.ndarray]:
    """What is there after moment `at`: of the scores, as many as have been made."""
    found = {stage.name: stage.values for stage in stages[: at + 1] if stage.name != "score"}
    scores = [stage.values.sum() for stage in stages[: at + 1] if stage.name == "score"]
    return {**found, "scores": np.array(scores)}


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def close(shown: list[str], expected: np.ndarray) -> None:
    """To the digits shown: the tab and this Python may round the last one differently."""
    assert [number(text) for text in shown] == pytest.approx(expected.tolist(), rel=0.006, abs=0.0011)


def same_table(rows: list[list[str]], found: dict[str, np.ndarray], position: int) -> None:
    n = len(found["scores"])
    close([row[1] for row in rows[:n]], found["scores"])
    assert {row[1] for row in rows[n:]} <= {""}
    if "scaled" in found:
        close([row[2] for row in rows[: position + 1]], found["scaled"])
    later = {tuple(row[2:]) for row in rows[position + 1 :]}
    assert later <= {("−∞" if "masked" in found else "", percent(0.0) if "shares" in found else "")}
    if "shares" in found:
        shares = [row[3].replace("\N{NARROW NO-BREAK SPACE}%", "").replace("<", "") for row in rows[: position + 1]]
        assert [float(share) / 100 for share in shares] == pytest.approx(
            found["shares"][: position + 1].tolist(), abs=0.006
        )
    else:
        assert {row[3] for row in rows} == {""}


@pytest.mark.feature("S2-7", "R1")
def test_each_moment_shows_what_the_engine_has_made_by_then(lab_page: Page, experiment: Experiment) -> None:
    look(lab_page, 4, 1, 2)
    expected = stages(experiment, experiment.trainer().model, NAME, 4, 1, 2)
    press(lab_page, "First")
    names = []
    for at, stage in enumerate(expected):
        expect(section(lab_page).locator(".stepper-count")).to_have_text(f"{at + 1} of {len(expected)}")
        rows = table(lab_page)
        assert [row[0] for row in rows] == [f"{i}: {label}" for i, label in enumerate(["START", *NAME])]
        same_table(rows, made(expected, at), 4)
        if stage.name == "score":  # the score being made is the one taken apart
            parts, foot = terms(lab_page)
            close([row[3] for row in parts], stage.values)
            assert number(foot[0]) == pytest.approx(float(stage.values.sum()), abs=0.0011)
        names.append(section(lab_page).locator("[data-part=stage-name]").inner_text())
        press(lab_page, "Next")
    assert len(set(names)) == len(expected) - 4  # five scores share one explanation
    assert all(names) and names[0] == "What comes in" and names[-1] == "Through wo"


@pytest.mark.feature("S2-7", "R1")
def test_after_training_any_name_position_layer_and_head_is_the_models_own(
    lab_page: Page, experiment: Experiment
) -> None:
    load_trained(lab_page, experiment)
    section(lab_page).scroll_into_view_if_needed()
    model = experiment.trainer().model
    model.flat[:] = checkpoint.load(max((DIST / "checkpoints").glob("*.npz"))).flat
    expect(section(lab_page).locator("[data-part=tag]")).to_have_text("precomputed")
    for name, position, layer, head in (("raptor", 6, 0, 0), ("tyrann", 3, 1, 3), ("x", 0, 1, 1)):
        type_name(lab_page, name)
        section(lab_page).scroll_into_view_if_needed()
        expect(section(lab_page).locator("[data-part=read]")).to_have_text(name)
        look(lab_page, position, layer, head)
        press(lab_page, "Last")
        expected = stages(experiment, model, name, position, layer, head)
        same_table(table(lab_page), made(expected, len(expected) - 1), position)
        expect(section(lab_page).locator("figcaption")).to_contain_text(f"Layer {layer + 1}, head {head + 1}")
        summary = section(lab_page).locator("[data-part=summary]")
        best = int(made(expected, len(expected) - 1)["shares"].argmax())
        expect(summary).to_contain_text(f"to {['START', *name][best]} at position {best}")


@pytest.mark.feature("S2-7")
def test_choosing_a_score_shows_its_dot_product_term_by_term(lab_page: Page, experiment: Experiment) -> None:
    look(lab_page, 6, 1, 0)
    press(lab_page, "Last")
    expected = stages(experiment, experiment.trainer().model, NAME, 6, 1, 0)
    found = made(expected, len(expected) - 1)
    for key, label in enumerate(["START", *NAME]):
        section(lab_page).locator("[data-part=rows] label").nth(key).click()
        drawn(lab_page)
        expect(section(lab_page).locator("[data-part=terms] caption")).to_contain_text(
            f"key of {label} (position {key})"
        )
        parts, foot = terms(lab_page)
        for column, values in ((1, found["query"]), (2, found["keys"][key]), (3, found["query"] * found["keys"][key])):
            close([row[column] for row in parts], values)
        assert len(parts) == experiment.config.head_size and len(foot) == 3
        close(foot[:2], np.array([found["scores"][key], found["scaled"][key]]))


@pytest.mark.feature("S2-7", "Q1")
def test_the_scores_are_one_tab_stop_walked_with_the_arrows(lab_page: Page) -> None:
    look(lab_page, 3, 0, 0)
    press(lab_page, "Last")
    start = section(lab_page).get_by_role("radio", name="score with START, position 0")
    start.focus()
    start.press("Space")
    lab_page.keyboard.press("ArrowDown")
    chosen = section(lab_page).get_by_role("radio", name="score with r, position 1")
    expect(chosen).to_be_focused()
    expect(section(lab_page).locator("[data-part=terms] caption")).to_contain_text("key of r (position 1)")
    press_step(lab_page, 1)  # the picture is drawn anew, and the keyboard keeps its place
    drawn(lab_page)
    expect(chosen).to_be_focused()
    press(lab_page, "First")
    expect(section(lab_page).get_by_role("region", name="One score, term by term")).to_contain_text("step on")
    section(lab_page).locator("[data-part=rows] label").nth(2).click()
    expect(section(lab_page).locator(".stepper-count")).to_have_text("6 of 15")  # there that score is made


@pytest.mark.feature("S2-7")
@pytest.mark.parametrize("width", [1280, 390])
def test_each_row_of_the_picture_is_a_button_of_its_own(lab_page: Page, width: int) -> None:
    lab_page.set_viewport_size({"width": width, "height": 900})
    section(lab_page).scroll_into_view_if_needed()
    look(lab_page, 6, 0, 1)
    press(lab_page, "Last")
    assert lab_page.evaluate("document.documentElement.scrollWidth") <= width
    for key in (0, 3, 6):
        label = section(lab_page).locator("[data-part=rows] label").nth(key)
        label.click()
        drawn(lab_page)
        over, row = label.bounding_box(), section(lab_page).locator(".one-head-row").bounding_box()
        assert over["height"] >= 24
        assert over["y"] == pytest.approx(row["y"], abs=3) and over["height"] == pytest.approx(row["height"], abs=3)


@pytest.mark.feature("S2-7")
def test_it_follows_the_training_and_keeps_its_moment(lab_page: Page, experiment: Experiment) -> None:
    look(lab_page, 6, 0, 0)
    press(lab_page, "First")
    for _ in range(10):
        press(lab_page, "Next")
    before = table(lab_page)
    press_step(lab_page, 3)
    trainer = experiment.trainer()
    for _ in range(3):
        trainer.step()
    rows = table(lab_page)
    assert rows != before
    expected = stages(experiment, trainer.model, NAME, 6, 0, 0)
    same_table(rows, made(expected, 10), 6)
    look(lab_page, 3, 0, 0)  # at another letter, the same stage
    expect(section(lab_page).locator("[data-part=stage-name]")).to_have_text("All scores")


@pytest.mark.feature("S2-7", "Q2")
def test_it_plays_by_itself_and_the_name_stands_still_meanwhile(lab_page: Page) -> None:
    type_name(lab_page, "")
    names = lab_page.locator("#namebar")
    names.get_by_role("button", name="Next name").click()
    names.get_by_role("button", name="Let the names go on").click()
    section(lab_page).scroll_into_view_if_needed()
    drawn(lab_page)
    press(lab_page, "First")
    expect(names.get_by_role("button", name="Let the names go on")).to_be_visible()  # looking into one name stops them
    press(lab_page, "Play")
    until(lab_page, "document.querySelector('#attention_head .stepper-count').textContent.startsWith('3 of')")
    press(lab_page, "Stop")
