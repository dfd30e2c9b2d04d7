"""One letter's way through the block on the real page: stations, shapes, numbers, and the Python that does it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import DIST
from lab.core.vectors import vectors
from lab.sections.block import model as block
from microgpt import checkpoint
from microgpt.experiment import Experiment
from microgpt.inspect.attention_head import rms
from tests.browser.lab_state import button, drawn, in_sight, load_trained, press_step, start_anew, table_of, type_name

NAME = "raptor"
SHAPES = {
    "embed": ("token 17 (r), position 6", "(32,)"),
    "attend": ("(32,), and keys and values of 7 positions", "(32,)"),
    "add1": ("(32,) and (32,)", "(32,)"),
    "mlp": ("(32,)", "(128,) → (32,)"),
    "add2": ("(32,) and (32,)", "(32,)"),
    "logits": ("(32,)", "(27,)"),
}


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained, in Advanced mode, at the last letter of NAME, the pulse at its first station."""
    lab_page.set_viewport_size({"width": 1280, "height": 900})
    start_anew(lab_page)
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    type_name(lab_page, NAME)
    section(lab_page).scroll_into_view_if_needed()
    expect(section(lab_page).locator("[data-part=read]")).to_have_text(NAME)
    press(lab_page, "First")
    return lab_page


def section(page: Page) -> Locator:
    return page.locator("#block")


def part(page: Page, name: str) -> Locator:
    return section(page).locator(f"[data-part={name}]")


def press(page: Page, name: str) -> None:
    in_sight(section(page).get_by_role("button", name=f"{name}: station")).click(force=True)  # idle at either end
    drawn(page)


def stop(page: Page, title: str) -> Locator:
    return section(page).get_by_role("radio", name=title, exact=True)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def compare(page: Page, experiment: Experiment, model) -> None:
    """Step through all stations; what each shows is the engine's."""
    tokenizer = experiment.tokenizer
    found = vectors(model.forward([tokenizer.bos, *tokenizer.encode(NAME)]), model, len(NAME))
    stations = block.stations(experiment.config)
    press(page, "First")
    for at, station in enumerate(stations):
        expect(section(page).locator(".stepper-count")).to_have_text(f"{at + 1} of {len(stations)}")
        expect(stop(page, station.title)).to_be_checked()
        expect(part(page, "name")).to_have_text(station.title)
        came, went = SHAPES.get(station.note, ("(32,)", "(32,)"))
        expect(part(page, "shape-in")).to_have_text(came)
        expect(part(page, "shape-out")).to_have_text(went)
        names = [*station.takes, *station.gives]
        rows = table_of(page, "The numbers at this station")
        sizes = section(page).locator(".block-vectors svg text").filter(has_text="size").all_text_contents()
        for column, name in enumerate(names, 1):
            values = found[name]
            shown = [number(row[column]) for row in rows if row[column]]
            assert shown == pytest.approx(values.tolist(), rel=0.006, abs=2e-5), (station.title, name)
            size = float(sizes[column - 1].rpartition(" ")[2])
            assert size == pytest.approx(rms(values), rel=0.06)
        press(page, "Next")


@pytest.mark.feature("S3-5", "S2-8", "R1")
def test_before_training_every_station_shows_the_engines_numbers(lab_page: Page, experiment: Experiment) -> None:
    compare(lab_page, experiment, experiment.trainer().model)


@pytest.mark.feature("S3-5", "S2-8", "R1")
def test_after_training_too(lab_page: Page, experiment: Experiment) -> None:
    load_trained(lab_page, experiment)
    section(lab_page).scroll_into_view_if_needed()
    model = experiment.trainer().model
    model.flat[:] = checkpoint.load(max((DIST / "checkpoints").glob("*.npz"))).flat
    expect(part(lab_page, "tag")).to_have_text("precomputed")
    compare(lab_page, experiment, model)


@pytest.mark.feature("S2-8", "S2-5")
def test_each_station_shows_its_line_and_what_is_inside(lab_page: Page, experiment: Experiment) -> None:
    lines = dict(block.way().code)
    for station in block.stations(experiment.config)[:8] + block.stations(experiment.config)[-1:]:
        in_sight(stop(lab_page, station.title)).check(force=True)
        expect(part(lab_page, "name")).to_have_text(station.title)
        current = part(lab_page, "way").locator("[aria-current=step]")
        expect(current).to_have_attribute("data-line", str(block.line(station.kind)))
        assert current.inner_text().strip() == lines[block.line(station.kind)].strip()
        expect(part(lab_page, "piece")).to_have_text(station.kind.piece)
        inside = block.inside(station.kind)
        shown = (
            part(lab_page, "inside").locator("li").evaluate_all("(all) => all.map((li) => li.textContent.trimEnd())")
        )
        assert [line.strip() for line in shown] == [line.strip() for _, line in inside.code]
        arrays = part(lab_page, "arrays").locator(".line").evaluate_all("(all) => all.map((l) => +l.dataset.line)")
        assert arrays == [number for number, _ in block.on_arrays(station)]
        expect(part(lab_page, "note")).not_to_be_empty()


@pytest.mark.feature("S2-8", "Q1")
def test_a_click_a_key_and_the_scrubber_all_move_the_pulse(lab_page: Page) -> None:
    section(lab_page).locator(".track-stop").filter(has_text="MLP").first.click()
    expect(part(lab_page, "name")).to_have_text("Layer 1: MLP")
    expect(section(lab_page).locator(".stepper-count")).to_have_text("7 of 15")
    assert section(lab_page).locator(".track-stop.past").count() == 6
    lab_page.keyboard.press("ArrowRight")
    expect(part(lab_page, "name")).to_have_text("Layer 1: add after the MLP")
    expect(section(lab_page).get_by_role("radio", checked=True)).to_be_focused()
    for at, title in ((11, "Layer 2: norm before the MLP"), (2, "Layer 1: norm before attention"), (14, "logits")):
        section(lab_page).get_by_role("slider", name="Moment: station").fill(str(at))
        expect(part(lab_page, "name")).to_have_text(title)
        expect(section(lab_page).get_by_role("radio", checked=True)).to_have_value(str(at))
        assert section(lab_page).locator(".track-stop.past").count() == at


@pytest.mark.feature("S3-5")
def test_it_follows_the_training_and_any_position(lab_page: Page, experiment: Experiment) -> None:
    in_sight(stop(lab_page, "Layer 2: attend")).check(force=True)
    before = table_of(lab_page, "The numbers at this station")
    press_step(lab_page, 2)
    after = table_of(lab_page, "The numbers at this station")
    assert after != before
    in_sight(lab_page.get_by_role("radio", name="a, position 2")).check(force=True)
    expect(part(lab_page, "read")).to_have_text("ra")
    expect(part(lab_page, "shape-in")).to_have_text("(32,), and keys and values of 3 positions")
    assert table_of(lab_page, "The numbers at this station") != after
    expect(stop(lab_page, "Layer 2: attend")).to_be_checked()


@pytest.mark.feature("S2-8", "Q1")
def test_a_number_is_read_with_the_arrows(lab_page: Page) -> None:
    in_sight(stop(lab_page, "logits")).check(force=True)
    drawn(lab_page)
    grid = section(lab_page).get_by_role("grid", name="The numbers at this station")
    grid.focus()
    lab_page.keyboard.press("ArrowDown")
    expect(grid.get_by_role("gridcell")).to_have_text(re.compile("^out: one score for each answer, a: "))
    lab_page.keyboard.press("End")
    expect(grid.get_by_role("gridcell")).to_have_text(re.compile("^out: one score for each answer, END: "))


@pytest.mark.feature("S2-8")
def test_the_track_has_a_block_for_each_layer_of_the_model(lab_page: Page) -> None:
    lab_page.locator("#control summary", has_text="Settings").click()
    for layers, count in (("3", 21), ("2", 15)):
        lab_page.get_by_label("layers (n_layer)").fill(layers)
        button(lab_page, "Start over with these").click()
        section(lab_page).scroll_into_view_if_needed()
        expect(section(lab_page).locator(".track-layer")).to_have_count(int(layers))
        expect(section(lab_page).get_by_role("radio")).to_have_count(count)


@pytest.mark.feature("S2-8", "Q1")
@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_runs_off_and_every_station_can_be_hit(lab_page: Page, width: int) -> None:
    lab_page.set_viewport_size({"width": width, "height": 844})
    section(lab_page).scroll_into_view_if_needed()
    drawn(lab_page)
    assert lab_page.evaluate("document.documentElement.scrollWidth") <= width
    for label in section(lab_page).locator(".track-stop").all():
        box = label.bounding_box()
        assert box["width"] >= 24 and box["height"] >= 24 and box["x"] >= 0 and box["x"] + box["width"] <= width
