"""A run leaves the tab as a file, goes on elsewhere, and comes back."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from microgpt.checkpoint import load
from microgpt.experiment import Experiment
from tests.browser.lab_state import button, loss, press_step, root, start_anew, step


def part(page: Page, name: str) -> Locator:
    return page.locator(f"#take_home [data-part={name}]")


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        button(page, name).click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    expect(part(page, "taken")).to_contain_text(f"{file.name} is among your downloads: {file.stat().st_size:,} bytes")
    return file


@pytest.mark.feature("X8")
def test_a_run_goes_on_from_its_file_in_a_terminal_and_in_the_tab(
    lab_page: Page, experiment: Experiment, tmp_path: Path
) -> None:
    start_anew(lab_page)
    press_step(lab_page, 30)
    file = download(lab_page, "Download the run", tmp_path)
    assert file.name == "microgpt-dinosaurs-step-30.npz"
    texts = [press_step(lab_page, 1)[0] for _ in range(10)]

    saved = load(file)
    trainer = saved.resume(experiment)
    natively = [*saved.losses, *(trainer.step().loss for _ in range(10))]
    means = [sum(natively[:n]) / n for n in range(31, 41)]  # the page says the mean of all losses, up to a hundred
    assert texts == pytest.approx(means, rel=1e-4)

    start_anew(lab_page)
    lab_page.get_by_label("open a run").set_input_files(file)
    expect(part(lab_page, "taken")).to_contain_text("is open, at step 30 of 5,000")
    expect(root(lab_page)).to_have_attribute("data-step", "30")
    assert [press_step(lab_page, 1)[0] for _ in range(10)] == texts


@pytest.mark.feature("X8")
def test_what_is_no_run_is_refused_and_ones_own_is_kept(lab_page: Page, tmp_path: Path) -> None:
    before = (step(lab_page), loss(lab_page))
    file = tmp_path / "page.npz"
    file.write_text("<!doctype html><title>404</title>")
    lab_page.get_by_label("open a run").set_input_files(file)
    expect(part(lab_page, "trouble")).to_contain_text("page.npz can’t be opened: ")
    expect(part(lab_page, "trouble")).to_contain_text("Your own run is untouched.")
    assert (step(lab_page), loss(lab_page)) == before


@pytest.mark.feature("H10", "X5")
def test_names_and_the_command_are_taken(lab_page: Page, tmp_path: Path) -> None:
    names = download(lab_page, "Names it makes up", tmp_path)
    assert len(names.read_text("utf-8").splitlines()) == 100
    lab_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(lab_page, "Copy the command").click()
    expect(part(lab_page, "copied")).to_have_text("Copied.")
    command = lab_page.evaluate("navigator.clipboard.readText()")
    assert command == f"microgpt train --stop {step(lab_page)} --out again.npz"
