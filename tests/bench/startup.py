"""How long a first visit takes until the lab is ready, beside bare Pyodide with NumPy from stock files.

    python tests/bench/startup.py [RUNS]

Both are served by the same server to the same browser, each time with a fresh profile, in turns, so that a
busy moment of the machine hits both. Run it after `python3 build.py build`.
"""

import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from assemble import browser, runtime, server
from assemble.paths import DIST
from assemble.pins import NUMPY

_READY = "html[data-lab=ready]"
SETTLING = 2000  # ms a visit goes on after that: the browser keeps what it compiled for the next one
_WATCH = """
    window.longest = 0;
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
        window.readable = list.getEntries().at(-1).startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new MutationObserver(() => {
        if (document.documentElement.dataset.lab === "ready") window.readyAt ??= performance.now();
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-lab"] });
"""
_BARE = """<!doctype html><html data-lab="booting"><title>bare</title><script type="module">
import { loadPyodide } from "./pyodide.mjs";
const python = await loadPyodide({ packages: ["numpy"] });
python.runPython("import numpy");
document.documentElement.dataset.lab = "ready";
</script></html>"""


@dataclass(frozen=True)
class Visit:
    """Milliseconds from the start of navigation until ready, the longest task in them, milliseconds until
    the text was there to read (0: there is none), megabytes received."""

    ready: float
    longest: float
    readable: float
    megabytes: float


@contextmanager
def bare_site() -> Iterator[Path]:
    """A folder with stock Pyodide, stock NumPy and the least page that imports it."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for file in (runtime.node_modules() / "pyodide").iterdir():
            if file.is_file():
                shutil.copy(file, root)
        shutil.copy(runtime.numpy_wheel(), root / NUMPY.file)
        (root / "index.html").write_text(_BARE, "utf-8")
        yield root


def visit(context: BrowserContext, url: str, *, slowdown: float = 1, settling: int = SETTLING) -> Visit:
    """Open `url` in a new tab and wait until its lab is ready."""
    page = context.new_page()
    page.add_init_script(_WATCH)
    tools = context.new_cdp_session(page)
    if slowdown > 1:
        tools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    tools.send("Network.enable")
    received = [0.0]
    tools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(url)
    page.wait_for_selector(_READY, state="attached", timeout=120_000)
    page.wait_for_timeout(settling)
    times = page.evaluate("[readyAt, longest, window.readable ?? 0]")
    result = Visit(*times, sum(received) / 1e6)
    page.close()
    return result


def first_and_second(url: str, **how: float) -> tuple[Visit, Visit]:
    """A first visit with a fresh profile, and a second one in a new tab of the same browser. No network for
    a page from disk."""
    with sync_playwright() as play, tempfile.TemporaryDirectory() as profile:
        context = play.chromium.launch_persistent_context(profile, headless=True, **browser.launch_options())
        context.set_offline(url.startswith("file:"))
        try:
            return visit(context, url, **how), visit(context, url, **how)
        finally:
            context.close()


def measure(runs: int = 3, *, dist: Path = DIST, **how: float) -> dict[str, Visit]:
    """Medians of `runs` visits: "bare", "lab", "one file", and "bare again", …, the second visits."""
    seen: dict[str, list[Visit]] = {}
    one_file = (dist / "microgpt-lab.html").as_uri()
    with bare_site() as bare, server.serve(bare) as bare_url, server.serve(dist) as lab_url:
        for _ in range(runs):
            for name, url in (("bare", bare_url), ("lab", lab_url), ("one file", one_file)):
                first, second = first_and_second(url, **how)
                seen.setdefault(name, []).append(first)
                seen.setdefault(f"{name} again", []).append(second)
    return {name: _median(visits) for name, visits in seen.items()}


def _median(visits: list[Visit]) -> Visit:
    return Visit(*(statistics.median(getattr(v, field) for v in visits) for field in Visit.__annotations__))


def print_found(found: dict[str, Visit]) -> None:
    print("Until Train can be pressed: ms, longest task, text to read, megabytes")
    for name, it in found.items():
        print(f"  {name:<44}{it.ready:>8.0f}{it.longest:>8.0f}{it.readable:>8.0f}{it.megabytes:>8.1f}")
    for name, over in (("lab", "bare"), ("lab again", "bare"), ("one file", "lab")):
        print(f"  {f'{name} over {over}':<44}{found[name].ready / found[over].ready:>8.2f}")


def main(runs: int = 3) -> None:
    for slowdown in (1, 4):
        print(f"CPU slowed {slowdown}×, medians of {runs}")
        print_found(measure(runs, slowdown=slowdown))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
