"""Where the model's attention goes, layer by layer and head by head."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from microgpt.experiment import Experiment
from tests.browser.lab_state import button, press_step, start_anew, table_of, type_name, until

HEAT = "Attention weights"


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained again, with the attention in sight."""
    start_anew(lab_page)
    look(lab_page, "mean of all layers", "mean of all heads")
    return lab_page


def look(page: Page, layer: str, head: str) -> None:
    section = page.locator("#attention")
    for name in (layer, head):
        radio = section.get_by_role("radio", name=name, exact=True)
        section.locator("label").filter(has=page.get_by_role("radio", name=name, exact=True)).click()
        expect(radio).to_be_checked()


def share(cell: str) -> float:
    """A cell of the map as a share of 1."""
    return float(cell.removesuffix("\u202f%").lstrip("<>")) / 100


def attention(page: Page, name: str = "") -> list[list[str]]:
    """The rows of the map, for another name if one is given."""
    if name:
        type_name(page, name)
    page.locator("#attention").scroll_into_view_if_needed()
    return table_of(page, HEAT)


@pytest.mark.feature("S1-21")
@pytest.mark.parametrize(
    ("layer", "head"), [("mean of all layers", "mean of all heads"), ("layer 1", "head 1"), ("layer 2", "head 4")]
)
def test_the_future_is_hidden_and_each_row_makes_one(lab_page: Page, layer: str, head: str) -> None:
    look(lab_page, layer, head)
    rows = attention(lab_page, "raptor")
    assert [row[0] for row in rows] == ["START", *"raptor"]
    for at, (_, *cells) in enumerate(rows):
        assert cells[at + 1 :] == ["hidden"] * (len(rows) - at - 1)
        seen = [share(cell) for cell in cells[: at + 1]]
        assert sum(seen) == pytest.approx(1, abs=0.005 * len(seen))  # two digits each


@pytest.mark.feature("S1-21", "R1")
def test_the_map_is_the_models_own(lab_page: Page, experiment: Experiment) -> None:
    look(lab_page, "layer 2", "head 3")
    rows = attention(lab_page, "rex")
    tokens = experiment.tokenizer.document("rex")[:-1]
    expected = experiment.trainer().model.forward(tokens).layers[1].attention[2]
    for at, (_, *cells) in enumerate(rows):
        assert [share(cell) for cell in cells[: at + 1]] == pytest.approx(expected[at, : at + 1].tolist(), abs=0.006)


@pytest.mark.feature("S1-21")
def test_every_head_of_every_layer_looks_elsewhere(lab_page: Page, experiment: Experiment) -> None:
    press_step(lab_page, 60)  # untrained heads all look about evenly
    seen = set()
    for layer, head in itertools.product(range(experiment.config.n_layer), range(experiment.config.n_head)):
        look(lab_page, f"layer {layer + 1}", f"head {head + 1}")
        seen.add(str(attention(lab_page, "raptor")))
    assert len(seen) == experiment.config.n_layer * experiment.config.n_head


@pytest.mark.feature("S1-18")
def test_the_longest_name_fits(lab_page: Page, experiment: Experiment) -> None:
    longest = max(experiment.names, key=len)
    assert len(attention(lab_page, longest)) == len(longest) + 1 == experiment.config.block_size


@pytest.mark.feature("S1-20")
def test_the_temperature_does_not_touch_it(lab_page: Page) -> None:
    before = attention(lab_page, "raptor")
    lab_page.locator("#predictions").get_by_role("slider", name="temperature").fill("0.3")
    assert attention(lab_page) == before
    button(lab_page, "Back to 1").click()


@pytest.mark.feature("S1-18")
def test_it_follows_the_training(lab_page: Page) -> None:
    before = attention(lab_page, "raptor")
    press_step(lab_page, 40)
    assert attention(lab_page) != before


@pytest.mark.feature("S1-21", "Q1")
def test_the_grid_is_walked_with_the_arrows_and_says_what_is_there(lab_page: Page) -> None:
    attention(lab_page, "rex")
    grid = lab_page.get_by_role("grid", name=HEAT)
    grid.focus()
    until(lab_page, "document.activeElement.getAttribute('role') === 'grid'")
    lab_page.keyboard.press("ArrowDown")
    expect(grid.get_by_role("gridcell")).to_have_text(re.compile("^after r, .*% from START"))
    lab_page.keyboard.press("ArrowRight")
    lab_page.keyboard.press("ArrowRight")
    expect(grid.get_by_role("gridcell")).to_have_text(re.compile("after r, e .*hidden"))
