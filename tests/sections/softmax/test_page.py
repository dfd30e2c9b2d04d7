"""Scores become chances: every number on the way, with the model's scores and with the reader's own."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import DIST
from lab.charts.format import percent
from microgpt import checkpoint
from microgpt.experiment import Experiment
from microgpt.inspect.attention_head import softmax_steps
from tests.browser.lab_state import button, drawn, in_sight, load_trained, press_step, start_anew, type_name

NAME = "raptor"
SHOWN = 5  # answers with a slider of their own


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained, in Advanced mode, with NAME read to its end and all dials at rest."""
    start_anew(lab_page)
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    type_name(lab_page, NAME)
    section(lab_page).scroll_into_view_if_needed()
    expect(section(lab_page).locator("[data-part=read]")).to_have_text(NAME)
    in_sight(button(lab_page, "Use the model’s own scores")).click(force=True)  # which is idle while they are
    section(lab_page).get_by_label("add to all, as a number").fill("0")
    section(lab_page).get_by_role("radio", name="largest taken off first").check()
    if section(lab_page).get_by_role("button", name="And 1,000 more", pressed=True).count():
        button(lab_page, "And 1,000 more").click()
    section(lab_page).get_by_role("checkbox").check()
    drawn(lab_page)
    return lab_page


def section(page: Page) -> Locator:
    return page.locator("#softmax")


def rows(page: Page) -> list[list[str]]:
    drawn(page)
    return (
        section(page)
        .locator("[data-part=numbers] tbody")
        .evaluate("(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.textContent))")
    )


def bars(page: Page) -> str:
    drawn(page)
    return section(page).locator("[data-part=bars] .chart-svg").evaluate("(svg) => svg.outerHTML")


def models(experiment: Experiment, model) -> tuple[list[str], np.ndarray]:
    """All answers and their scores, highest first."""
    tokenizer = experiment.tokenizer
    logits = model.forward([tokenizer.bos, *tokenizer.encode(NAME)]).logits[-1].astype(np.float64)
    order = np.argsort(-logits, kind="stable")
    answers = [*tokenizer.alphabet, "END"]
    return [answers[token] for token in order], logits[order]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def same(shown: list[list[str]], answers: list[str], scores: np.ndarray) -> None:
    """The table holds the engine's numbers, as far as their digits go."""
    found = {stage.name: stage.values for stage in softmax_steps(scores)}
    crowd = ["22 others"] if len(scores) > SHOWN else []
    assert [row[0] for row in shown] == [*answers[:SHOWN], *crowd, "sum"]
    for i, row in enumerate(shown[:SHOWN]):
        expected = [scores[i], found["shifted"][i], found["exps"][i]]
        assert [number(cell) for cell in row[1:4]] == pytest.approx(expected, rel=0.006, abs=1e-5)
        assert row[4] == percent(float(found["shares"][i]))
    if crowd:
        assert number(shown[SHOWN][3]) == pytest.approx(found["exps"][SHOWN:].sum(), rel=0.006)
        assert shown[SHOWN][4] == percent(float(found["shares"][SHOWN:].sum()))
    assert number(shown[-1][3]) == pytest.approx(float(found["total"][0]), rel=0.006)


@pytest.mark.feature("S3-2", "R1")
@pytest.mark.parametrize("state", ["untrained", "trained"])
def test_every_number_on_the_way_is_the_engines(lab_page: Page, experiment: Experiment, state: str) -> None:
    model = experiment.trainer().model
    if state == "trained":
        load_trained(lab_page, experiment)
        section(lab_page).scroll_into_view_if_needed()
        model.flat[:] = checkpoint.load(max((DIST / "checkpoints").glob("*.npz"))).flat
        expect(section(lab_page).locator("[data-part=tag]")).to_have_text("precomputed")
    answers, scores = models(experiment, model)
    same(rows(lab_page), answers, scores)
    for answer, score in zip(answers[:SHOWN], scores, strict=False):
        dial = section(lab_page).get_by_label(f"score of {answer}, as a number")
        assert float(dial.input_value()) == pytest.approx(score, abs=0.006)


@pytest.mark.feature("S3-2")
@pytest.mark.parametrize("way", ["largest taken off first", "as on paper"])
def test_adding_a_constant_to_all_scores_changes_no_bar(lab_page: Page, way: str) -> None:
    section(lab_page).get_by_role("radio", name=way).check()
    before, scores = bars(lab_page), [row[1] for row in rows(lab_page)[:SHOWN]]
    shares = [row[-1] for row in rows(lab_page)]
    for added in ("7.5", "-10", "0.5"):
        section(lab_page).get_by_role("slider", name="add to all").fill(added)
        moved = [row[1] for row in rows(lab_page)[:SHOWN]]
        for old, new in zip(scores, moved, strict=True):
            assert number(new) - number(old) == pytest.approx(float(added), abs=0.06)
        assert bars(lab_page) == before
        assert [row[-1] for row in rows(lab_page)] == shares
        expect(section(lab_page).locator("[data-part=words]")).to_contain_text("as before")


@pytest.mark.feature("S3-2")
def test_a_thousand_more_breaks_the_paper_and_not_the_code(lab_page: Page) -> None:
    before = bars(lab_page)
    button(lab_page, "And 1,000 more").click()
    assert bars(lab_page) == before
    section(lab_page).get_by_role("radio", name="as on paper").check()
    assert {row[2] for row in rows(lab_page)} == {"too large"}
    expect(section(lab_page).locator("[data-part=words]")).to_contain_text("larger than any number")
    assert "nan" not in section(lab_page).text_content().lower()


@pytest.mark.feature("S3-2")
def test_a_score_can_be_moved_by_hand_and_given_back(lab_page: Page, experiment: Experiment) -> None:
    answers, scores = models(experiment, experiment.trainer().model)
    lowest = answers[SHOWN - 1]
    slider = section(lab_page).get_by_role("slider", name=f"score of {lowest}")
    slider.fill("2.5")
    scores[SHOWN - 1] = 2.5
    same(rows(lab_page), answers, scores)
    expect(section(lab_page).locator("[data-part=tag]")).to_have_text("illustration")
    slider.press("ArrowRight")
    assert float(section(lab_page).get_by_label(f"score of {lowest}, as a number").input_value()) == 2.6
    press_step(lab_page, 2)  # the model learns on, and the reader's scores stay
    assert rows(lab_page)[SHOWN - 1][1] == "+2.60"
    button(lab_page, "Use the model’s own scores").click()
    trainer = experiment.trainer()
    trainer.step(), trainer.step()
    same(rows(lab_page), *models(experiment, trainer.model))


@pytest.mark.feature("S3-2")
def test_the_named_answers_can_be_left_to_themselves(lab_page: Page, experiment: Experiment) -> None:
    section(lab_page).get_by_role("checkbox", name="let the other 22 answers compete, too").uncheck()
    answers, scores = models(experiment, experiment.trainer().model)
    same(rows(lab_page), answers, scores[:SHOWN])


@pytest.mark.feature("S3-2", "Q1")
def test_a_typed_number_out_of_range_is_refused_with_what_to_do(lab_page: Page) -> None:
    before = rows(lab_page)
    box = section(lab_page).get_by_label("add to all, as a number")
    box.fill("99")
    expect(section(lab_page).get_by_role("alert").filter(visible=True)).to_contain_text(
        "Add to all is a number from -10 to 10."
    )
    assert rows(lab_page) == before
    box.press("Tab")
    expect(box).to_have_value("0")
