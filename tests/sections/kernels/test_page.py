"""The page runs on its kernels, says so, and runs on NumPy alone where it is told to or has to."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import open_lab
from tests.browser.lab_state import press_step, root, start_anew


def section(page: Page) -> Locator:
    return page.locator("#kernels")


def state(page: Page) -> Locator:
    return section(page).get_by_role("status").first


def told_beside_the_loss(page: Page, text: str) -> None:
    told = page.locator("#training").get_by_role("link", name=re.compile("^on "))
    told.scroll_into_view_if_needed()  # what is out of sight is not drawn
    expect(told).to_have_text(text)


@pytest.mark.feature("X15")
def test_it_runs_on_its_kernels_and_on_numpy_alone_when_told_to(lab_page: Page) -> None:
    start_anew(lab_page)
    told_beside_the_loss(lab_page, "on kernels")
    on_kernels = press_step(lab_page, 30)
    start_anew(lab_page)
    section(lab_page).scroll_into_view_if_needed()
    expect(state(lab_page)).to_contain_text("running on its kernels")
    alone = section(lab_page).get_by_label("Run on NumPy alone")
    alone.check()
    expect(state(lab_page)).to_have_text("This page is running on NumPy alone, as you asked.")
    told_beside_the_loss(lab_page, "on NumPy alone")
    assert press_step(lab_page, 30) == pytest.approx(on_kernels, rel=1e-5)
    alone.uncheck()
    expect(state(lab_page)).to_contain_text("running on its kernels")


@pytest.mark.feature("X15")
def test_both_speeds_are_measured(lab_page: Page) -> None:
    section(lab_page).get_by_role("button", name="Measure both").click()
    expect(section(lab_page)).to_contain_text(re.compile(r"takes \d\S* ms on the kernels and \d\S* ms on NumPy alone"))
    expect(section(lab_page).get_by_role("row")).to_have_count(3)
    expect(state(lab_page)).to_contain_text("running on its kernels")


@pytest.mark.feature("X15")
def test_without_simd_numpy_does_it_all_and_the_page_says_why(page: Page, site_url: str) -> None:
    page.add_init_script("""
        const { instantiate } = WebAssembly;
        WebAssembly.instantiate = (code, ...rest) =>
            code.byteLength < 100_000 ? Promise.reject(new Error("no SIMD")) : instantiate(code, ...rest);
    """)
    open_lab(page, site_url)
    section(page).scroll_into_view_if_needed()
    expect(state(page)).to_have_text("This page is running on NumPy alone. This browser does not run them: no SIMD")
    expect(section(page).get_by_label("Run on NumPy alone")).to_be_disabled()
    told_beside_the_loss(page, "on NumPy alone")
    expect(root(page)).to_have_attribute("data-engine", "numpy")
    assert press_step(page, 5)
