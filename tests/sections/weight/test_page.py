"""One weight under Adam: the page shows what the step really did to it."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lab.sections.weight.model import Place, index_of, locate
from microgpt.experiment import Experiment
from microgpt.inspect.one_weight import AdamStep, WeightWatch
from tests.browser.driving import SharedLab, WarmPage
from tests.browser.lab_state import button, load_trained, press_step, root, start_anew, table_of, wait_for_step

# of an AdamStep, and what the page calls them
TERMS = {
    "gradient": "gradient",
    "m": "running mean",
    "v": "running mean of squares",
    "m_hat": "m, corrected",
    "v_hat": "v, corrected",
    "learning_rate": "learning rate",
    "change": "change",
    "after": "new value",
}


@pytest.fixture(scope="module")
def shared_lab(warm_page: WarmPage, site_url: str) -> Iterator[SharedLab]:
    lab = SharedLab(warm_page.take, site_url, "?mode=advanced")
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def anew(lab_page: Page) -> None:
    start_anew(lab_page)
    lab_page.locator("#weight").scroll_into_view_if_needed()


def terms(page: Page) -> dict[str, str]:
    table = page.get_by_role("region", name="The update, term by term")
    return {
        term: table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=title, exact=True))
        .locator("td").last.inner_text()
        for term, title in TERMS.items()
    }  # fmt: skip


def place(page: Page) -> Place:
    at = {what: page.locator("#weight").get_by_label(what, exact=True).input_value() for what in ("row", "column")}
    return Place(page.locator("#weight").get_by_role("combobox").input_value(), int(at["row"]), int(at["column"]))


def choose(page: Page, to: Place) -> None:
    section = page.locator("#weight")
    section.get_by_role("combobox").select_option(to.matrix)
    for what, value in (("row", to.row), ("column", to.column)):
        section.get_by_label(what, exact=True).fill(str(value))
        section.get_by_label(what, exact=True).press("Tab")


def watched(experiment: Experiment, index: int, steps: int) -> list[AdamStep]:
    """What the engine, in this Python, says of the weight."""
    trainer = experiment.trainer()
    watch = WeightWatch(trainer, index)
    for _ in range(steps):
        for stage in trainer.stages():
            watch.see(stage)
    return list(watch.steps)


def same(told: str, true: float) -> bool:
    """The number on the page, up to its last digits: the sums of two machines differ there."""
    return float(told.replace("−", "-")) == pytest.approx(true, rel=5e-3, abs=2e-6)


def said(page: Page) -> Locator:
    return page.locator("#weight").get_by_role("status")


@pytest.mark.feature("S2-9")
def test_every_term_is_the_engines_and_the_step_is_kept(lab_page: Page, experiment: Experiment) -> None:
    button(lab_page, "Largest gradient").click()
    index = index_of(place(lab_page), experiment.config)
    for count in (1, 2, 3):
        button(lab_page, "One step").click()
        expect(root(lab_page)).to_have_attribute("data-step", str(count))
        expect(said(lab_page)).to_contain_text(f"Step {count} moved")
        true = watched(experiment, index, count)[-1]
        told = terms(lab_page)
        assert told.keys() == TERMS.keys()
        for term, title in TERMS.items():
            assert same(told[term], getattr(true, term)), title


@pytest.mark.feature("S2-9")
def test_the_weight_with_the_largest_gradient_can_be_asked_for(lab_page: Page, experiment: Experiment) -> None:
    button(lab_page, "Largest gradient").click()
    trainer = experiment.trainer()
    trainer.step()
    assert place(lab_page) == locate(int(np.abs(trainer.model.flat_grad).argmax()), experiment.config)


@pytest.mark.feature("S2-9")
def test_any_weight_can_be_watched_while_it_trains(lab_page: Page, experiment: Experiment) -> None:
    choose(lab_page, Place("layer1.mlp_fc2", 31, 127))
    button(lab_page, "Train").click()
    wait_for_step(lab_page, 25)
    button(lab_page, "Pause").click()
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    at = int(root(lab_page).get_attribute("data-step"))
    true = watched(experiment, index_of(Place("layer1.mlp_fc2", 31, 127), experiment.config), at)
    rows = table_of(lab_page, "Gradient of this weight, with m and √v̂")
    assert int(rows[-1][0].replace(",", "")) == at
    assert same(rows[-1][1], true[-1].m)
    assert same(rows[-1][2], true[-1].v_hat ** 0.5)
    expect(said(lab_page)).to_contain_text("layer1.mlp_fc2, row 31, column 127")


@pytest.mark.feature("S2-9")
def test_a_cell_of_the_matrix_can_be_chosen_by_keyboard(lab_page: Page) -> None:
    choose(lab_page, Place("wte", 0, 0))
    grid = lab_page.locator("#weight").get_by_role("grid")
    grid.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        grid.press(key)
    expect(lab_page.locator("#weight").get_by_label("row", exact=True)).not_to_have_value("0")
    assert place(lab_page).matrix == "wte"


@pytest.mark.feature("S2-9")
def test_a_weight_that_is_not_there_is_explained(lab_page: Page) -> None:
    choose(lab_page, Place("wpe", 1, 2))
    row = lab_page.locator("#weight").get_by_label("row", exact=True)
    row.fill("99")
    row.press("Tab")
    expect(lab_page.locator("#weight").get_by_role("alert")).to_contain_text("wpe has no row 99: they go from 0 to 23")
    row.fill("3")
    row.press("Tab")
    expect(lab_page.locator("#weight").get_by_role("alert")).to_be_hidden()
    assert place(lab_page) == Place("wpe", 3, 2)


@pytest.mark.feature("S2-9", "U1")
def test_watching_changes_no_loss(lab_page: Page, experiment: Experiment) -> None:
    trainer = experiment.trainer()
    means = np.cumsum([trainer.step().loss for _ in range(5)]) / np.arange(1, 6)
    assert press_step(lab_page, 5) == pytest.approx(means.tolist(), rel=1e-4)


@pytest.mark.feature("S2-9", "S1-13")
def test_at_the_end_of_the_schedule_there_is_a_way_back(lab_page: Page, experiment: Experiment) -> None:
    load_trained(lab_page, experiment)
    section = lab_page.locator("#weight")
    section.scroll_into_view_if_needed()
    expect(button(lab_page, "One step")).to_be_disabled()
    expect(button(lab_page, "Take 50 steps")).to_be_hidden()
    section.get_by_role("button", name="Go back to step 2,000").click()
    expect(button(lab_page, "One step")).to_be_focused()
    lab_page.keyboard.press("Enter")
    expect(root(lab_page)).to_have_attribute("data-step", "2001")
    expect(said(lab_page)).to_contain_text("Step 2,001 moved")
