"""The browser tab to measure in: the built site, with a program of ours in place of its main.py.

So the interpreter, NumPy, the engine's wheel and the way they are loaded are those of the lab, and nothing is
drawn meanwhile. The plain JavaScript model runs in the same tab.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from assemble import browser, server
from assemble.paths import DIST
from tests.browser import in_place

HERE = Path(__file__).resolve().parent
PROGRAM = """
import json
import js
from pyodide.ffi import create_proxy
from lab.kernels import kernels
from microgpt import dataset

kernels.connect()
names, _report = dataset.clean(await (await js.fetch("./data/dinosaurs.txt")).text())
js.msPerStep = create_proxy(lambda sizes, *rest: ms_per_step(names, json.loads(sizes), *rest))
js.runOn = create_proxy(lambda name, step: run_on(names, name, step))
js.bytesInUse = create_proxy(bytes_in_use)
js.boot.ready()
"""
SETTLED = "html[data-lab=ready], html[data-lab=failed]"


@contextlib.contextmanager
def open_tab() -> Iterator["Tab"]:
    """A fresh browser with the built site's Python running, for the length of a `with` block."""
    with server.serve(DIST, base="/bench/") as url, sync_playwright() as play:
        chromium = play.chromium.launch(**browser.launch_options())
        page = chromium.new_context(bypass_csp=True).new_page()
        modules = [(HERE / name).read_text("utf-8") for name in ("stepping.py", "running.py")]
        in_place.of_main(page, url, "\n".join([*modules, PROGRAM]))
        value_gpt = (HERE / "value_gpt.js").read_text("utf-8")
        page.route("**/value_gpt.js", lambda route: route.fulfill(body=value_gpt, content_type="text/javascript"))
        page.goto(url)
        page.wait_for_selector(SETTLED, state="attached", timeout=120_000)
        if page.get_attribute("html", "data-lab") == "failed":
            raise RuntimeError(f"the page did not start: {page.locator('#boot-reason').inner_text()}")
        yield Tab(page, url)
        chromium.close()


class Tab:
    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url

    def ms_per_step(self, sizes: dict[str, int], *rest: int) -> float:
        """`stepping.ms_per_step`, without the names, in the page's Python."""
        return self._page.evaluate("settings => msPerStep(...settings)", [json.dumps(sizes), *rest])

    def run_on(self, name: str, step: int) -> float:
        """`running.run_on`, without the names, in the page's Python."""
        return self._page.evaluate("([name, step]) => runOn(name, step)", [name, step])

    def bytes_in_use(self) -> int:
        """`running.bytes_in_use`, in the page's Python."""
        return self._page.evaluate("bytesInUse()")

    def value_gpt(self, model: dict[str, Any]) -> dict[str, Any]:
        """One training step of plain JavaScript on each of the model's documents: {"losses", "ms"}."""
        program = "async ([url, model]) => (await import(url)).train(model)"
        return self._page.evaluate(program, [f"{self._url}value_gpt.js", model])

    def version(self) -> str:
        return "Chromium " + self._page.context.browser.version
