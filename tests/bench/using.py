"""How the real page feels in use: a whole run, the frames drawn meanwhile, the answer to a click.

Everything is on the page (Advanced, all sections) and the browser is an ordinary one, as big as a laptop's.
"""

import contextlib
import statistics
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, sync_playwright

from assemble import browser, server
from assemble.paths import DIST

MODES = ("minimal", "focused", "advanced")
WHOLE_RUN = 5_000  # steps: the schedule of the lab's settings
CLICKS = 20
_READY = "html[data-sections=ready]"

_RUN = """(steps) => new Promise((done) => {
    const root = document.documentElement;
    let began;
    new MutationObserver((_, observer) => {
        if (+root.dataset.step < steps) return;
        observer.disconnect();
        done((performance.now() - began) / 1000);
    }).observe(root, { attributes: true, attributeFilter: ["data-step"] });
    began = performance.now();
    document.querySelector("#transport [data-part=train]").click();
})"""

_FRAMES = """(seconds) => new Promise((done) => {
    const tasks = [0];
    const watching = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration)));
    watching.observe({ type: "longtask" });
    const first = +document.documentElement.dataset.step;
    let began;
    let frames = -1;
    const tick = (now) => {
        began ??= now;
        frames += 1;
        if (now - began < 1000 * seconds) requestAnimationFrame(tick);
        else setTimeout(() => { // what was just observed is delivered in a task of its own
            watching.disconnect();
            const steps = +document.documentElement.dataset.step - first;
            done({ frames: 1000 * frames / (now - began), longest: Math.max(...tasks), steps });
        });
    };
    requestAnimationFrame(tick);
})"""

_WATCH_ANSWERS = """() => {
    window.answers = [];
    new PerformanceObserver((list) => {
        for (const event of list.getEntries()) if (event.interactionId) answers.push(event.duration);
    }).observe({ type: "event", durationThreshold: 16 });
}"""

_PAUSE = """() => new Promise((done) => {
    const root = document.documentElement;
    new MutationObserver((_, observer) => {
        if (root.dataset.lab !== "paused") return;
        observer.disconnect();
        done(performance.now() - began);
    }).observe(root, { attributes: true, attributeFilter: ["data-lab"] });
    const button = document.querySelector("#transport [data-part=pause]");
    const began = performance.now();
    button.click();
})"""


def measure(repeats: int, seconds: float, steps: int = WHOLE_RUN, first: int | None = None) -> dict[str, Any]:
    """Seconds for a whole run in each mode; frames per second and the longest task with each section in sight
    while the lab trains flat out; milliseconds until a click is answered and until training pauses.
    `first`: only so many modes and sections."""
    runs: dict[str, list[float]] = {mode: [] for mode in MODES[:first]}
    for _ in range(repeats):
        for mode in runs:
            with opened(mode) as page:
                runs[mode].append(page.evaluate(_RUN, steps))
    with opened("advanced") as page:
        sections = _sections_in_sight(page, seconds, first)
        clicks = _clicks(page)
        pauses = [_pause(page) for _ in range(max(3, repeats))]
    return {
        "run_steps": steps,
        "run_seconds": {mode: statistics.median(found) for mode, found in runs.items()},
        "all_runs": runs,
        "sections": sections,
        "click_ms": {"median": statistics.median(clicks), "worst": max(clicks)},
        "pause_ms": {"median": statistics.median(pauses), "worst": max(pauses)},
    }


@contextlib.contextmanager
def opened(mode: str) -> Iterator[Page]:
    with server.serve(DIST) as url, sync_playwright() as play:
        chromium = play.chromium.launch(**browser.launch_options())
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{url}?mode={mode}&page=all")
        page.wait_for_selector(_READY, state="attached", timeout=120_000)
        yield page
        chromium.close()


def _sections_in_sight(page: Page, seconds: float, first: int | None) -> dict[str, dict[str, float]]:
    found = {}
    for name in page.eval_on_selector_all("main section", "all => all.map((section) => section.id)")[:first]:
        _train_anew(page)
        page.evaluate("name => document.getElementById(name).scrollIntoView({ behavior: 'instant' })", name)
        page.wait_for_timeout(300)
        found[name] = page.evaluate(_FRAMES, seconds)
    return found


def _clicks(page: Page) -> list[float]:
    """Of real mouse clicks on the button for the next name, which redraws all that follows the name."""
    page.evaluate(_WATCH_ANSWERS)
    _train_anew(page)
    for _ in range(CLICKS):
        page.get_by_role("button", name="Next name", exact=True).click()
        page.wait_for_timeout(100)
    return page.evaluate("answers") or [16]  # nothing is reported that took less


def _pause(page: Page) -> float:
    _train_anew(page)
    page.wait_for_timeout(200)
    return page.evaluate(_PAUSE)


def _train_anew(page: Page) -> None:
    """From step 0. A button can be used only when the bar has been drawn anew, so each state is waited for."""
    if page.evaluate("document.documentElement.dataset.lab") == "training":
        _press(page, "pause", "html:not([data-lab=training])")
    if page.evaluate("document.documentElement.dataset.step") != "0":
        _press(page, "reset", "html[data-step='0']")
    _press(page, "train", "html[data-lab=training]")


def _press(page: Page, part: str, then: str) -> None:
    page.click(f"#transport [data-part={part}]")
    page.wait_for_selector(then, state="attached")


def print_found(found: dict[str, Any]) -> None:
    print(f"{found['run_steps']:,} steps from the click, with everything on the page: seconds, best")
    for mode, seconds in found["run_seconds"].items():
        print(f"  {mode:<44}{seconds:>8.1f}{min(found['all_runs'][mode]):>8.1f}")
    print("While it trains flat out, each section in sight in turn: frames a second, longest task in ms")
    frames = {name: row["frames"] for name, row in found["sections"].items()}
    tasks = {name: row["longest"] for name, row in found["sections"].items()}
    slowest, longest = min(frames, key=frames.__getitem__), max(tasks, key=tasks.__getitem__)
    print(f"  median of {len(frames)} sections{'':<27}{statistics.median(frames.values()):>8.1f}")
    print(f"  fewest frames: {slowest:<29}{frames[slowest]:>8.1f}{tasks[slowest]:>8.0f}")
    print(f"  longest task: {longest:<30}{frames[longest]:>8.1f}{tasks[longest]:>8.0f}  (0: none over 50 ms)")
    for what, key in (("a click answered", "click_ms"), ("paused", "pause_ms")):
        print(f"  {what + ', ms: median, worst':<44}{found[key]['median']:>8.0f}{found[key]['worst']:>8.0f}")
