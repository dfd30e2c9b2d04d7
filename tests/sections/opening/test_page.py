"""The first thing a stranger reads: true without Python, and in every figure the data's own."""

import pytest
from playwright.sync_api import Browser, expect

from assemble.paths import LAB
from microgpt import dataset
from microgpt.experiment import Experiment
from tests.browser.lab_state import step


@pytest.mark.feature("S1-1", "R2", "R5")
def test_the_opening_reads_without_scripts_and_its_count_is_the_datas(
    browser: Browser, site_url: str, experiment: Experiment
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url)
    opening = page.locator("#opening")
    for word in ("Generative", "Pre-trained", "Transformer", "Guess", "Measure", "Adjust"):
        expect(opening).to_contain_text(word)
    expect(opening).to_contain_text(f"{dataset.statistics(experiment.names).count:,} dinosaur names")
    expect(opening).to_contain_text(f"{experiment.config.n_params:,} numbers")
    assert "{{names}}" in (LAB / "sections" / "opening" / "prose.html").read_text("utf-8")
    context.close()


@pytest.mark.feature("S1-3")
def test_a_mode_is_kept_in_the_address_and_across_reloads_and_training_goes_on(lab_page) -> None:
    lab_page.get_by_role("button", name="Train", exact=True).click()
    lab_page.get_by_role("radio", name="Minimal").check()
    before = step(lab_page)
    expect(lab_page.get_by_role("heading", name="Take control")).to_be_hidden()
    expect(lab_page.get_by_text("Training, predictions and attention, and nothing else.")).to_be_visible()
    assert "mode=minimal" in lab_page.url
    lab_page.wait_for_function("before => Number(document.documentElement.dataset.step) > before", arg=before)
    lab_page.get_by_role("button", name="Pause", exact=True).click()
    lab_page.reload()
    lab_page.wait_for_selector("html[data-sections=ready]", state="attached")
    expect(lab_page.get_by_role("radio", name="Minimal")).to_be_checked()
    expect(lab_page.get_by_role("heading", name="Take control")).to_be_hidden()
    lab_page.get_by_role("radio", name="Focused").check()
    expect(lab_page.get_by_role("heading", name="Take control")).to_be_visible()
    assert "mode" not in lab_page.url
