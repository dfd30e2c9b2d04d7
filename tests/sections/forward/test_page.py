"""Inside the model on the real page: every matrix, live, for any position; and the heads side by side."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lab.charts.flow import layout
from lab.charts.format import signed
from lab.core.vectors import vectors
from lab.sections.forward.diagram import plan
from lab.sections.forward.model import levels, parts
from lab.sections.forward.multi_head import MultiHead
from microgpt.experiment import Experiment
from tests.browser.lab_state import (
    button,
    drawn,
    in_sight,
    load_trained,
    press_step,
    start_anew,
    step,
    table_of,
    type_name,
    until,
)

NAME = "raptor"
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained, in Advanced mode, at the last letter of NAME."""
    lab_page.set_viewport_size(WIDE)
    start_anew(lab_page)
    lab_page.get_by_role("radio", name="Advanced", exact=True).check()
    type_name(lab_page, NAME)
    lab_page.locator("#forward [data-part=flow]").scroll_into_view_if_needed()
    expect(boxes(lab_page).first).to_be_visible()
    read(lab_page, NAME)
    return lab_page


def boxes(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="The parts of the model, in order").get_by_role("button")


def read(page: Page, text: str) -> None:
    """Wait until the diagram shows the position after these letters."""
    until(page, "document.querySelector('#forward [data-part=read]').textContent === argument", text)


def open_box(page: Page, title: str) -> Locator:
    page.get_by_role("button", name=re.compile(f"(^|: ){re.escape(title)}: ")).click()
    opened = page.locator("#forward [data-part=detail]")
    expect(opened.get_by_role("heading", level=3)).to_have_text(title)
    drawn(page)
    return opened


def trained(experiment: Experiment, steps: int):
    trainer = experiment.trainer()
    for _ in range(steps):
        trainer.step()
    return trainer.model


def at_last_letter(experiment: Experiment, model) -> dict[str, np.ndarray]:
    tokenizer = experiment.tokenizer
    return vectors(model.forward([tokenizer.bos, *tokenizer.encode(NAME)]), model, len(NAME))


@pytest.mark.feature("S1-17")
def test_every_part_of_the_model_is_a_button_in_its_order(lab_page: Page, experiment: Experiment) -> None:
    found = [box.get_attribute("data-key") for box in boxes(lab_page).all()]
    all_parts = parts(experiment.config)
    assert found == [box.key for box in layout(plan(experiment.config), 630).boxes]
    assert set(found) == set(all_parts)
    name = all_parts["layer1.mlp_fc1"].title
    expect(
        boxes(lab_page).and_(lab_page.get_by_label(re.compile(f"^fc1 128×32: {name}: 128 × 32 = 4,096 weights$")))
    ).to_have_count(1)


@pytest.mark.feature("S1-17")
def test_an_opened_box_shows_the_models_own_weights_and_numbers(lab_page: Page, experiment: Experiment) -> None:
    press_step(lab_page, 3)
    model = trained(experiment, 3)
    found = at_last_letter(experiment, model)
    opened = open_box(lab_page, "Layer 2: wq, queries")
    expect(opened).to_contain_text("32 × 32 = 1,024 weights")
    rows = table_of(lab_page, "Weights")
    matrix = model.params["layer1.attn_wq"]
    assert [row[1:] for row in rows] == [[signed(float(value)) for value in row] for row in matrix]
    for chart, key in (("What comes in", "layer1.norm1"), ("What goes out", "layer1.q")):
        assert table_of(lab_page, chart)[0][1:] == [signed(float(value)) for value in found[key]], chart


@pytest.mark.feature("S1-17", "S2-5")
def test_an_opened_box_shows_its_line_of_the_shipped_source(lab_page: Page, experiment: Experiment) -> None:
    for key, part in parts(experiment.config).items():
        if part.layer == 1:
            continue
        opened = open_box(lab_page, part.title)
        lines = part.code
        shown = opened.locator(".line").evaluate_all(
            "(lines) => lines.map((l) => [+l.dataset.line, l.textContent.trim()])"
        )
        assert [tuple(line) for line in shown] == [(number, text.strip()) for number, text in lines], key
        expect(opened.locator("[data-part=detail-note]")).not_to_be_empty()


@pytest.mark.feature("S1-17")
def test_any_position_can_be_chosen_here_or_at_the_top(lab_page: Page) -> None:
    choice = lab_page.get_by_label("follow the letter at position")
    strip = "document.querySelector('#forward .flow-live').innerHTML"
    before = lab_page.evaluate(strip)
    choice.select_option(label="2: a")
    read(lab_page, "ra")
    assert lab_page.evaluate(strip) != before
    expect(lab_page.get_by_role("radio", name="a, position 2")).to_be_checked()
    in_sight(lab_page.get_by_role("radio", name="START, position 0", exact=True)).check(force=True)
    read(lab_page, "START")
    expect(choice).to_have_value("0")


@pytest.mark.feature("S1-17", "Q1")
def test_the_boxes_are_one_tab_stop_walked_with_the_arrows(lab_page: Page) -> None:
    open_box(lab_page, "wte, the letter table")
    inside = lab_page.locator("#forward [data-part=frame]")
    expect(inside.locator("[tabindex='0']")).to_have_count(1)
    lab_page.get_by_label("follow the letter at position").focus()
    lab_page.keyboard.press("Tab")
    focused = lab_page.locator(":focus")
    expect(focused).to_have_attribute("data-key", "wte")
    for key, now in (
        ("ArrowRight", "wpe"),
        ("ArrowDown", "embed"),
        ("ArrowLeft", "wpe"),
        ("End", "softmax"),
        ("Home", "wte"),
    ):
        lab_page.keyboard.press(key)
        expect(focused).to_have_attribute("data-key", now)
    lab_page.keyboard.press("End")
    lab_page.keyboard.press("Enter")
    expect(lab_page.get_by_role("heading", name="softmax", exact=True)).to_be_visible()
    expect(focused).to_have_attribute("aria-pressed", "true")
    assert inside.locator("[aria-pressed=true]").count() == 1
    press_step(lab_page, 1)  # what is live is drawn anew; the keyboard keeps its place
    drawn(lab_page)
    expect(focused).to_have_attribute("data-key", "softmax")


@pytest.mark.feature("S1-17")
def test_each_pixel_of_a_box_is_a_weight_of_this_moment(lab_page: Page, experiment: Experiment) -> None:
    config = experiment.config
    for steps in (0, 2):
        press_step(lab_page, steps)
        assert step(lab_page) == steps
        drawn(lab_page)
        width = float(lab_page.locator(".flow-svg").get_attribute("viewBox").split()[2])
        flow = layout(plan(config), width)
        expected = levels(trained(experiment, steps), 8, parts(config).values())
        for box in flow.boxes:
            if box.key not in ("wte", "layer1.mlp_fc2", "lm_head"):
                continue
            rows, columns = expected[box.key].shape
            seen = lab_page.locator(".flow-weights").evaluate(
                "(canvas, [x, y, w, h]) => [...new Uint32Array("
                "canvas.getContext('2d').getImageData(x, y, w, h).data.buffer)]",
                [round(box.x / flow.pixel), round(box.y / flow.pixel), columns, rows],
            )
            pairs = set(zip(expected[box.key].ravel().tolist(), seen, strict=True))
            # each level has its own colour; where the tab rounds the other way, a pixel may be one off
            colours = {level: {colour for a, colour in pairs if a == level} for level, _ in pairs}
            exact = sum(len(found) == 1 for found in colours.values())
            assert exact >= len(colours) - 2 and len({c for _, c in pairs}) >= 10, box.key


@pytest.mark.feature("S1-17", "S1-22")
def test_the_figures_are_drawn_from_the_settings_in_force(lab_page: Page) -> None:
    lab_page.locator("#control summary", has_text="Settings").click()
    lab_page.get_by_label("layers (n_layer)").fill("3")
    lab_page.get_by_label("heads (n_head)").fill("2")
    button(lab_page, "Start over with these").click()
    for answer in ("Start over",):
        question = button(lab_page, answer)
        if question.count() and question.is_visible():
            question.click()
    lab_page.locator("#forward [data-part=flow]").scroll_into_view_if_needed()
    expect(lab_page.locator("#forward .flow-block")).to_have_count(3)
    expect(lab_page.locator("#forward .flow-card")).to_have_count(2)
    expect(lab_page.locator("#forward [data-live=n_layer]").first).to_have_text("3")
    expect(
        lab_page.locator("#forward").get_by_role("combobox", name="layer", exact=True).locator("option")
    ).to_have_count(3)
    lab_page.get_by_label("layers (n_layer)").fill("2")
    lab_page.get_by_label("heads (n_head)").fill("4")
    button(lab_page, "Start over with these").click()
    lab_page.locator("#forward [data-part=flow]").scroll_into_view_if_needed()
    expect(lab_page.locator("#forward .flow-block")).to_have_count(2)


@pytest.mark.feature("S1-22")
def test_the_heads_show_where_each_looks_in_the_chosen_layer(lab_page: Page, experiment: Experiment) -> None:
    press_step(lab_page, 3)
    found = at_last_letter(experiment, trained(experiment, 3))
    for layer in range(experiment.config.n_layer):
        lab_page.locator("#forward").get_by_role("combobox", name="layer", exact=True).select_option(index=layer)
        at, count = f"layer{layer}.", experiment.config.n_head
        rows = np.stack([found[f"{at}head{h}"] for h in range(count)])
        data = MultiHead(rows, ["START", *NAME], *(found[at + name] for name in ("norm1", "mixed", "attn_out")), "wo")
        expect(lab_page.locator("#forward [data-part=looks-summary]")).to_have_text(
            f"Layer {layer + 1}, after r: {data.summary()}."
        )
    expect(lab_page.locator("#forward .flow-card")).to_have_count(experiment.config.n_head)
    expect(lab_page.get_by_role("img", name=re.compile(r"^Layer 2, after r: head 1 most at"))).to_be_visible()


@pytest.mark.feature("S1-3", "S1-22")
def test_focused_shows_the_heads_and_advanced_the_whole_diagram(lab_page: Page) -> None:
    diagram, figure = lab_page.locator("#forward [data-part=flow]"), lab_page.locator("#forward [data-part=looks]")
    for mode, seen, whole in (("Focused", True, False), ("Minimal", False, False), ("Advanced", True, True)):
        lab_page.get_by_role("radio", name=mode, exact=True).check()
        expect(figure).to_be_visible(visible=seen)
        expect(diagram).to_be_visible(visible=whole)


@pytest.mark.feature("S1-17", "Q1")
def test_on_a_phone_what_is_opened_is_gone_to_and_back(lab_page: Page) -> None:
    lab_page.set_viewport_size({"width": 390, "height": 844})
    drawn(lab_page)
    expect(lab_page.locator("#forward .flow-part")).not_to_have_count(0)
    assert lab_page.evaluate("document.documentElement.scrollWidth") <= 390
    lab_page.locator('[data-key="layer0.attn_wo"]').click()
    heading = lab_page.get_by_role("heading", name="Layer 1: wo, output of attention")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    button(lab_page, "Back to the diagram").click()
    expect(lab_page.locator('[data-key="layer0.attn_wo"]')).to_be_focused()


@pytest.mark.feature("S1-17")
def test_the_tags_say_where_the_weights_come_from(lab_page: Page, experiment: Experiment) -> None:
    for tag in ("looks-tag", "flow-tag"):
        expect(lab_page.locator(f"#forward [data-part={tag}]")).to_have_text("live")
    load_trained(lab_page, experiment)
    lab_page.locator("#forward [data-part=flow]").scroll_into_view_if_needed()
    for tag in ("looks-tag", "flow-tag"):
        expect(lab_page.locator(f"#forward [data-part={tag}]")).to_have_text("precomputed")
