"""Whatever is amiss with a file on its way is said by its name, and can be tried again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assemble.paths import DIST
from tests.browser import faulty
from tests.browser.driving import BOOT_TIMEOUT

pytestmark = [pytest.mark.feature("Q4"), pytest.mark.expects_errors(".*")]

WASM, LIBRARY, NUMPY = "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "pyodide/numpy-"
NAMES, LOADER, OURS = "data/dinosaurs.txt", "pyodide/pyodide.mjs", "python.mjs"
SAID = {
    "missing": "answered 404",
    "truncated": "is not whole",
    "corrupt": "is not the file",
    "a page": "a web page came",
    "cut off": "broke off",
    "reset": "no answer",
}
CASES = [
    *((WASM, fault) for fault in SAID),  # every fault once
    *((NAMES, fault) for fault in ("truncated", "a page")),  # and of every other file at least one
    *((file, "missing") for file in (LOADER, "lab-", "pyodide-lock.json", "pyscript/core.js")),
    *((file, "corrupt") for file in (LIBRARY, OURS, "main.py", "pyodide.asm.js", "bytecode-", "pyscript/core-")),
    (NUMPY, "reset"),
    (LOADER, "wrong type"),
]


@pytest.fixture(scope="module")
def host() -> Iterator[faulty.Host]:
    with faulty.serve(DIST) as host:
        yield host


@pytest.fixture(autouse=True)
def mended(host: faulty.Host) -> Iterator[None]:
    yield
    host.mend()


def state(page: Page, name: str) -> None:
    page.wait_for_selector(f"html[data-lab={name}]", state="attached", timeout=BOOT_TIMEOUT)


@pytest.mark.parametrize(("file", "fault"), CASES)
def test_a_file_that_is_amiss_is_named(context: BrowserContext, host: faulty.Host, file: str, fault: str) -> None:
    page = context.new_page()
    host.break_(file, fault)
    page.goto(host.url, wait_until="commit")
    state(page, "failed")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("could not start")
    expect(alert).to_contain_text(re.compile(f"{re.escape(file)}.*{SAID.get(fault, 'calls it text/plain')}"))
    expect(page.get_by_role("button", name="Try again")).to_be_enabled()
