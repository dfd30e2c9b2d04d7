"""It starts among what browsers, hosts and other people's scripts come with, or says in a sentence why it can't."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from assemble.paths import DIST
from tests.browser import faulty
from tests.browser.driving import BOOT_TIMEOUT, open_lab
from tests.browser.lab_state import press_step

FAILED = "html[data-lab=failed]"
STRANGERS = """
setTimeout(() => { throw new Error("an extension's own trouble"); });
Promise.reject(new Error("and another one"));
addEventListener("DOMContentLoaded", () => {
    const script = document.createElement("script");
    script.src = "https://antivirus.example/watch.js";
    document.head.append(script);
});
"""
BLOCKED = """
const refuse = () => { throw new DOMException("Access is denied for this document.", "SecurityError"); };
IDBFactory.prototype.open = refuse;
for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get: refuse });
delete window.PerformanceObserver; // an old or careful browser may be without
"""


@pytest.fixture(scope="module")
def host() -> Iterator[faulty.Host]:
    with faulty.serve(DIST) as host:
        yield host


@pytest.mark.feature("H3")
@pytest.mark.expects_errors("antivirus.example", "own trouble", "another one")
def test_errors_of_strangers_do_not_end_the_start(page: Page, site_url: str) -> None:
    page.add_init_script(STRANGERS)
    open_lab(page, site_url)


@pytest.mark.feature("H4")
def test_where_site_data_is_blocked_it_starts_and_says_that_nothing_is_kept(page: Page, site_url: str) -> None:
    page.add_init_script(BLOCKED)
    open_lab(page, f"{site_url}#take_home")
    press_step(page, 3)
    expect(page.get_by_text("This browser keeps nothing for this page").first).to_be_visible()


@pytest.mark.feature("H4")
@pytest.mark.expects_errors("Blocked autofocusing")
@pytest.mark.parametrize("name", ["", "microgpt-lab.html"])
def test_it_runs_in_a_frame_that_is_kept_apart(page: Page, site_url: str, name: str) -> None:
    """As course systems show what is put into them."""
    page.route("**/frame", lambda route: route.fulfill(body=FRAME.format(site_url + name), content_type="text/html"))
    page.goto(f"{site_url}frame")
    frame = page.frame_locator("iframe").locator("html")
    expect(frame).to_have_attribute("data-sections", "ready", timeout=BOOT_TIMEOUT)


FRAME = '<!doctype html><title>A course</title><iframe sandbox="allow-scripts" src="{}" width="1000" height="700">'


@pytest.mark.feature("H4", "Q10")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("delete window.WebAssembly", "has no WebAssembly.*Lockdown Mode.*In a terminal"),
        ("WebAssembly.Module = function () { throw new WebAssembly.CompileError() }", "forbidden by a policy"),
        ("delete window.DecompressionStream", "too old.*Safari 16.4"),
        ("WebAssembly.Memory = function () { throw new RangeError('could not allocate memory') }", "not enough memory"),
    ],
    ids=["no WebAssembly", "a policy", "old", "no memory"],
)
@pytest.mark.expects_errors(".*")
def test_what_the_browser_lacks_is_said_with_a_way_out(page: Page, site_url: str, change: str, said: str) -> None:
    page.add_init_script(change)
    page.goto(site_url)
    page.wait_for_selector(FAILED, state="attached", timeout=BOOT_TIMEOUT)
    expect(page.get_by_role("alert")).to_contain_text(re.compile(said))


@pytest.mark.feature("Q5")
@pytest.mark.expects_errors("404", "MIME", "foreign request")
def test_an_address_without_its_slash_leads_to_the_page(page: Page, site_url: str) -> None:
    """Where a host answers it with the page itself."""
    bare = site_url.rstrip("/")
    page.route(bare, lambda route: route.fulfill(path=DIST / "index.html"))
    page.goto(bare)
    page.wait_for_url(site_url)
    page.wait_for_selector("html[data-lab=ready]", state="attached", timeout=BOOT_TIMEOUT)


# Files that do not come


@pytest.mark.feature("Q4")
@pytest.mark.parametrize("file", ["pyodide/pyodide.asm.wasm", "pyodide/numpy-", "pyodide/pyodide.mjs"])
@pytest.mark.expects_errors(".*")
def test_what_makes_no_progress_says_what_it_waits_for_and_goes_on(page: Page, host: faulty.Host, file: str) -> None:
    page.clock.install()
    host.break_(file, "hanging")
    page.goto(host.url, wait_until="commit")
    waiting = page.get_by_text(re.compile(rf"No news for \d+ seconds. Waiting for .*{file}"))
    while not waiting.is_visible():
        page.clock.run_for(1000)
    expect(page.get_by_role("button", name="Try again")).to_be_enabled()
    host.mend()
    expect(waiting).to_be_hidden()


@pytest.mark.feature("Q4")
@pytest.mark.parametrize("fault", ["missing", "hanging"])
@pytest.mark.expects_errors("404", "foreign request")
def test_without_its_styles_it_starts_and_says_so(page: Page, host: faulty.Host, fault: str) -> None:
    page.clock.install()
    host.break_("styles.css", fault)
    page.goto(host.url, wait_until="commit")
    note = page.get_by_text("The page’s styles could not be fetched")
    while not note.is_visible():
        page.clock.run_for(1000)
    host.mend()


@pytest.mark.feature("Q4")
@pytest.mark.expects_errors(".*")
def test_trying_again_goes_past_what_the_browser_has_kept(page: Page, host: faulty.Host) -> None:
    host.break_("data/dinosaurs.txt", "kept")
    page.goto(host.url, wait_until="commit")
    page.wait_for_selector(FAILED, state="attached", timeout=BOOT_TIMEOUT)
    host.mend()
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector("html[data-lab=ready]", state="attached", timeout=BOOT_TIMEOUT)
