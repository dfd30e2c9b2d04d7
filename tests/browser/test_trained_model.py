"""The model trained at build: it loads in place of the reader's own run, and gives it back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from assemble.paths import DIST
from microgpt import checkpoint
from microgpt.experiment import Experiment
from tests.browser.lab_state import (
    button,
    draw_all,
    load_trained,
    loss,
    press_load,
    press_step,
    root,
    start_anew,
    step,
    wait_for_step,
)

CHECKPOINT = "**/checkpoints/lab-*.npz"
SHIPPED = DIST / "checkpoints" / "lab-05000.npz"


@pytest.fixture
def own_run(lab_page: Page) -> tuple[int, float]:
    """The page stands at step 30 of the reader's own run."""
    start_anew(lab_page)
    press_step(lab_page, 30)
    return step(lab_page), loss(lab_page)


@pytest.mark.feature("S1-13", "R1")
def test_it_stands_at_the_end_of_its_schedule_and_says_where_it_comes_from(
    lab_page: Page, own_run, experiment: Experiment
) -> None:
    load_trained(lab_page, experiment)
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    draw_all(lab_page)
    for section in ("training", "predictions"):
        tags = lab_page.locator(f"#{section} .tag").filter(visible=True)
        assert set(tags.all_inner_texts()) == {"precomputed"}
    curve = lab_page.get_by_role("figure", name=re.compile("^Loss by training step"))
    expect(curve).to_have_attribute("aria-label", re.compile(r"step 5,000"))


@pytest.mark.feature("S1-13")
def test_its_loss_is_that_of_the_file(lab_page: Page, own_run, experiment: Experiment) -> None:
    saved = checkpoint.load(SHIPPED)
    load_trained(lab_page, experiment)
    assert loss(lab_page) == pytest.approx(saved.losses[-100:].mean(), abs=2e-6)


@pytest.mark.feature("U3")
def test_undo_brings_the_own_run_back_and_it_goes_on(lab_page: Page, own_run, experiment: Experiment) -> None:
    further = press_step(lab_page, 10)
    load_trained(lab_page, experiment)
    button(lab_page, "Undo").click()
    expect(root(lab_page)).to_have_attribute("data-step", "40")
    assert loss(lab_page) == further[-1]
    after = press_step(lab_page, 10)
    start_anew(lab_page)
    assert press_step(lab_page, 50)[40:] == after


@pytest.mark.feature("S1-12")
def test_at_its_end_it_can_go_on_or_be_reset(lab_page: Page, own_run, experiment: Experiment) -> None:
    load_trained(lab_page, experiment)
    for name in ("Pause", "Step"):
        expect(button(lab_page, name)).to_be_disabled()
    button(lab_page, "Go on with 5,000 more steps").click()
    wait_for_step(lab_page, 5010)
    button(lab_page, "Pause").click()
    expect(lab_page.locator("#transport")).to_contain_text("of 10,000")
    button(lab_page, "Reset").click()
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    expect(button(lab_page, "Train")).to_be_enabled()


def missing(route: Route) -> None:
    route.fulfill(status=404, body="not here")


def unreachable(route: Route) -> None:
    route.abort()


def corrupt(route: Route) -> None:
    route.fulfill(body=b"PK\x03\x04 this is no checkpoint", content_type="application/octet-stream")


def cut_short(route: Route) -> None:
    whole = SHIPPED.read_bytes()
    route.fulfill(body=whole[: len(whole) // 2], content_type="application/octet-stream")


@pytest.mark.feature("Q4", "X8")
@pytest.mark.parametrize("answer", [missing, unreachable, corrupt, cut_short])
@pytest.mark.expects_errors("Failed to load resource")
def test_a_file_that_can_not_be_used_is_explained_and_the_own_run_kept(
    lab: Page, experiment: Experiment, answer: Callable[[Route], None]
) -> None:
    before = press_step(lab, 30)
    lab.route(CHECKPOINT, answer)
    press_load(lab)
    alert = lab.get_by_role("alert").filter(has_text="could not be loaded")
    expect(alert).to_contain_text("Your own run is untouched")
    assert (step(lab), loss(lab)) == (30, before[-1])
    after = press_step(lab, 5)
    start_anew(lab)
    assert press_step(lab, 35) == before + after
    lab.unroute_all()
    load_trained(lab, experiment)  # once it can be had, it loads, and the message goes
    expect(alert).to_be_hidden()
