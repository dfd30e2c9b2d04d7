"""The kit of the sections in a real page: what a section acquires is given back with it."""

from playwright.sync_api import Page

from tests.browser import in_the_tab

# What is acquired and not yet given back: `held`
COUNTER = """
window.held = { listeners: 0, observers: 0 };
const { addEventListener, removeEventListener } = EventTarget.prototype;
EventTarget.prototype.addEventListener = function (...args) { held.listeners++; addEventListener.apply(this, args); };
EventTarget.prototype.removeEventListener = function (...args) {
  held.listeners--;
  removeEventListener.apply(this, args);
};
for (const kind of [ResizeObserver, IntersectionObserver]) {
  const { observe, disconnect } = kind.prototype;
  kind.prototype.observe = function (...args) { held.observers++; observe.apply(this, args); };
  kind.prototype.disconnect = function () { held.observers--; disconnect.apply(this); };
}
"""

EACH_SECTION = """
import asyncio, time
from lab.chapters import ORDER
from lab.core.keeping import Keeper
from lab.core.lab import Lab
from lab.core.runner import Runner
from lab.core.signal import Signal
from lab.frame.page import section_class
from lab.ui.frame import Breath, Frame
from lab.ui.storage import tab_storage
from lab.ui.tasks import spawn
from microgpt.experiment import PRESETS

js.boot.ready()
frame = Frame()
lab = Lab(names, PRESETS["lab"], Runner(time.perf_counter, Breath(frame), asyncio.sleep), spawn)
lab.keeper = Keeper(lab, tab_storage(), time.perf_counter, spawn)
signals = [value for value in vars(lab).values() if isinstance(value, Signal)]

def count():
    watchers = sum(len(signal._watchers) for signal in signals)
    return [js.held.listeners, js.held.observers, watchers]

result = {}
for name in ORDER:
    before = count()
    section = section_class(name)(lab, frame)
    during = count()
    section.draw()
    section.dispose()
    result[name] = [before, during, count()]
"""


def test_whatever_a_section_acquires_is_given_back_with_it(page: Page, site_url: str) -> None:
    page.add_init_script(COUNTER)
    counts = in_the_tab.run(page, site_url, EACH_SECTION)
    assert "sandbox" in counts and "ladder.rung5" in counts
    for name, (before, during, after) in counts.items():
        assert all(now > then for now, then in zip(during, before, strict=True)), name
        assert after == before, name
