"""Long runs kept going in the page, as the lab holds them: with their history of losses. Sent there by tab.py."""

import gc
import time

import pyodide_js

from lab.core.run import Run
from microgpt.experiment import Experiment, Settings

ENDLESS = 10**6  # a schedule that no measurement reaches the end of
PUBLISHED = 100  # steps between two snapshots, as if a page were drawn
_UORDBLKS = 7  # which of the numbers of mallinfo is the bytes in use
runs: dict[str, Run] = {}


def run_on(names: list[str], name: str, step: int) -> float:
    """Train the run called `name`, started here if there is none, up to `step`: milliseconds a step took."""
    if name not in runs:
        runs[name] = Run(Experiment(names, Settings(steps=ENDLESS)))
    run = runs[name]
    began, first = time.perf_counter(), run.step_count
    while run.step_count < step:
        if run.step().step % PUBLISHED == 0:
            run.snapshot()
    return (time.perf_counter() - began) / max(1, run.step_count - first) * 1000


def bytes_in_use() -> int:
    """What the page's Python has allocated and not given back."""
    gc.collect()
    module = pyodide_js._module
    info = module._emscripten_builtin_malloc(40)  # a C struct mallinfo: ten numbers of 4 bytes
    module._mallinfo(info)
    found = module.HEAPU32[info // 4 + _UORDBLKS]
    module._emscripten_builtin_free(info)
    return found
