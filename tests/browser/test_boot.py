"""From a click on the link to a running lab: where it may be served, what can go wrong, what it says then."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assemble.paths import DIST, ENGINE, LAB
from microgpt.experiment import Experiment
from tests.browser import in_place, in_the_tab
from tests.browser.driving import BOOT_TIMEOUT, Guard, open_lab
from tests.browser.lab_state import load_trained, press_step, root

FAILED = "html[data-lab=failed]"


def wait_for_failure(page: Page) -> None:
    page.wait_for_selector(FAILED, state="attached", timeout=BOOT_TIMEOUT)


@pytest.mark.feature("Q5")
def test_boots_below_any_path_and_asks_no_other_origin(lab: Page, guard: Guard, site_url: str) -> None:
    assert lab.url.startswith(site_url) and site_url.endswith("/any-repo/")
    assert guard.requests and all(url.startswith((site_url, "data:")) for url in guard.requests)
    assert lab.context.cookies() == []


@pytest.mark.feature("Q5")
@pytest.mark.expects_errors("Content Security Policy")
def test_policy_refuses_inline_scripts(lab_page: Page) -> None:
    policy = lab_page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy and "'unsafe-eval'" not in policy
    lab_page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.inlineRan = true";
        document.head.append(script);
    }""")
    assert lab_page.evaluate("window.inlineRan") is None


@pytest.mark.feature("X1")
def test_what_runs_in_the_page_is_the_repository_byte_for_byte(page: Page, site_url: str) -> None:
    """As Python finds it there, packed by the build and unpacked by the page. And Python does not compare what the
    build compiled with the sources beside it, so this does. PyScript's own library is there for whoever uses it: the
    page does without, and does not load it."""
    found, differing, loaded, *titles = in_the_tab.run(
        page,
        site_url,
        """
import sys
loaded = "pyscript.context" in sys.modules
from pyscript import window
import pyscript.web
from hashlib import sha256
from importlib import util
from pathlib import Path
import microgpt

home = Path(microgpt.__file__).parents[1]
sources = [file for name in ("microgpt", "lab") for file in home.joinpath(name).rglob("*.py")]
bytecode = {file: Path(util.cache_from_source(file)).read_bytes() for file in sources}
unchecked = (0b01).to_bytes(4, "little")
whole = {file: util.MAGIC_NUMBER + unchecked + util.source_hash(file.read_bytes()) for file in sources}
hashes = {str(file.relative_to(home)): sha256(file.read_bytes()).hexdigest() for file in sources}
differing = [str(file) for file in sources if bytecode[file][:16] != whole[file]]
result = [hashes, differing, loaded, window.document.title, str(pyscript.web.page.title)]
""",
    )
    modules = {
        file.relative_to(package.parent).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for package in (ENGINE, LAB)
        for file in package.rglob("*.py")
    }
    assert found == modules
    assert differing == []
    assert not loaded
    assert titles == [page.title()] * 2


@pytest.mark.feature("Q4")
def test_progress_has_stages_and_sizes(page: Page, site_url: str) -> None:
    page.add_init_script("""
        window.seen = [];
        new MutationObserver(() => {
            for (const id of ["boot-stage", "boot-size"]) {
                const text = document.getElementById(id)?.textContent;
                if (text && !seen.includes(text)) seen.push(text);
            }
        }).observe(document, { subtree: true, childList: true, characterData: true });
    """)
    open_lab(page, site_url)
    seen = page.evaluate("seen")
    for stage in ("Fetching Python", "Loading NumPy", "Opening the lab"):
        assert stage in seen, seen
    assert any(re.fullmatch(r"\d+\.\d of \d+\.\d MB", text) for text in seen), seen
    expect(page.locator("#boot")).to_be_hidden()


@pytest.mark.feature("Q4")
@pytest.mark.expects_errors(".*")
def test_an_error_in_main_is_shown(page: Page, site_url: str) -> None:
    in_place.of_main(page, site_url, "raise ValueError('no such preset')")
    page.goto(site_url)
    wait_for_failure(page)
    expect(page.get_by_role("alert")).to_contain_text("ValueError: no such preset")


@pytest.mark.feature("Q4")
def test_it_opens_though_no_frame_is_drawn_meanwhile(page: Page, site_url: str) -> None:
    """As in a tab that is left at once."""
    page.add_init_script("""
        const draw = window.requestAnimationFrame;
        window.requestAnimationFrame = (paint) => document.documentElement.dataset.lab === "booting" ? 0 : draw(paint);
    """)
    open_lab(page, site_url)


@pytest.mark.feature("Q4")
@pytest.mark.expects_errors("favicon.ico")  # which a text file cannot name
def test_it_opens_and_trains_while_the_browser_samples_its_memory(page: Page, site_url: str) -> None:
    """Chromium does so now and then, of its own accord; it crashed at once where Python ran on a stack of its own."""
    page.goto(f"{site_url}LICENSE.txt")  # in the process that will be the lab's
    page.context.new_cdp_session(page).send("Memory.startSampling", {"samplingInterval": 4096})
    open_lab(page, site_url)
    assert len(press_step(page, 50)) == 50


@pytest.mark.feature("R5")
def test_readable_with_scripts_off(browser: Browser, site_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator("#boot-noscript")).to_be_visible()
    expect(page.locator("#boot")).to_be_hidden()
    for section in page.locator("main section").all():
        assert len(section.text_content()) > 80
    context.close()


@pytest.mark.feature("X11", "Q5")
@pytest.mark.parametrize("name", ["index.html", "microgpt-lab.html"])
def test_opened_from_disk_without_network(
    context: BrowserContext, page: Page, tmp_path: Path, name: str, experiment: Experiment
) -> None:
    """It starts, learns as it does anywhere else, and has the trained model with it; the one file alone in
    a folder of its own."""
    file = DIST / name
    if name == "microgpt-lab.html":
        assert file.stat().st_size <= 12_000_000
        file = Path(shutil.copy(file, tmp_path))
    context.set_offline(True)
    open_lab(page, file.as_uri())
    trainer = experiment.trainer()
    expected = [trainer.step().loss for _ in range(3)]
    losses = press_step(page, 3)
    assert losses == pytest.approx([sum(expected[: n + 1]) / (n + 1) for n in range(3)], rel=1e-4)
    load_trained(page, experiment)
    expect(root(page)).to_have_attribute("data-engine", "kernels")
    assert page.locator("link[rel=stylesheet]").count() == (0 if name == "microgpt-lab.html" else 1)
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"


@pytest.mark.feature("X11")
def test_the_one_file_can_be_had_from_the_page_and_works_from_a_server_too(page: Page, site_url: str) -> None:
    open_lab(page, site_url)
    link = page.get_by_role("link", name="Download this page as one file")
    size = (DIST / "microgpt-lab.html").stat().st_size / 1e6
    expect(page.get_by_role("contentinfo")).to_contain_text(f"({size:.0f} MB)")
    with page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes() == (DIST / "microgpt-lab.html").read_bytes()
    open_lab(page, f"{site_url}microgpt-lab.html")
    press_step(page, 1)
    expect(page.get_by_role("link", name="Download this page as one file")).to_have_count(0)
    page.get_by_role("link", name="Licences").click()
    expect(page.locator("#licences")).to_be_in_viewport()
