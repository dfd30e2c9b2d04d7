"""The browser tab to measure in: the built site, with a program of ours in place of its main.py.

So the interpreter, NumPy, the engine's wheel and the way they are loaded are those of the lab, and nothing is
drawn meanwhile. The models in JavaScript run in the same tab.
"""

import base64
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
js.onKernels = create_proxy(kernels.use)
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
        for name in ("value_gpt.js", "typed_gpt.js", "plain_kernels.js"):
            _answer(page, name, (HERE / name).read_text("utf-8"))
        page.goto(url)
        page.wait_for_selector(SETTLED, state="attached", timeout=120_000)
        if page.get_attribute("html", "data-lab") == "failed":
            raise RuntimeError(f"the page did not start: {page.locator('#boot-reason').inner_text()}")
        yield Tab(page, url)
        chromium.close()


def _answer(page: Page, name: str, text: str) -> None:
    """Have the page get this text when it asks for the file `name`."""
    page.route(f"**/{name}", lambda route: route.fulfill(body=text, content_type="text/javascript; charset=utf-8"))


class Tab:
    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url
        self._sent: set[str] = set()

    def ms_per_step(self, sizes: dict[str, int], *rest: int, on_kernels: bool = True) -> float:
        """`stepping.ms_per_step`, without the names, in the page's Python, on the kernels or on NumPy alone."""
        self._page.evaluate("wanted => onKernels(wanted)", on_kernels)
        return self._page.evaluate("settings => msPerStep(...settings)", [json.dumps(sizes), *rest])

    def run_on(self, name: str, step: int) -> float:
        """`running.run_on`, without the names, in the page's Python."""
        return self._page.evaluate("([name, step]) => runOn(name, step)", [name, step])

    def bytes_in_use(self) -> int:
        """`running.bytes_in_use`, in the page's Python."""
        return self._page.evaluate("bytesInUse()")

    def value_gpt(self, model: dict[str, Any]) -> dict[str, Any]:
        """One training step of plain JavaScript on each of the model's documents: {"losses", "ms"}, lists."""
        program = "async ([url, model]) => (await import(url)).train(model)"
        return self._page.evaluate(program, [f"{self._url}value_gpt.js", model])

    def typed_gpt(self, name: str, model: dict[str, Any], steps: int, wasm: bytes | None = None) -> dict[str, Any]:
        """The model that goes by this name trained in JavaScript on one block of memory, by plain loops or by kernels
        in `wasm`: {"losses", a list, "ms" a step}."""
        self._page.evaluate(
            "([name, model]) => { (window.models ??= {})[name] ??= JSON.parse(model); }",
            [name, self._json(name, model)],
        )
        code = base64.b64encode(wasm).decode() if wasm else None
        program = "async ([url, name, steps, code]) => (await import(url)).train(models[name], steps, code)"
        return self._page.evaluate(program, [f"{self._url}typed_gpt.js", name, steps, code])

    def _json(self, name: str, model: dict[str, Any]) -> str:
        """As text, the first time: a large model is not sent twice."""
        if name in self._sent:
            return "null"
        self._sent.add(name)
        return json.dumps(model)

    def version(self) -> str:
        return "Chromium " + self._page.context.browser.version
