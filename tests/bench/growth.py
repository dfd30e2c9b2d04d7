"""How the cost of a training step grows: with the sizes of the model, and with the steps behind it.

All figures are of the tab. Sizes are measured in turns, and an old run against a young one in turns on the
same names, so that a busy moment of the machine hits both.
"""

import statistics
from typing import Any

from tab import Tab

from microgpt.experiment import Experiment

GROWING = {
    "n_layer": (1, 2, 4, 8),
    "n_embd": (16, 32, 64, 128),
    "n_head": (1, 2, 4, 8),
    "block_size": (8, 16, 24, 32, 48),
}
YOUNG, OLD = 1_000, 50_000  # steps
SETTLED = 5_000  # steps after which memory should stay as it is
STRETCH = 50  # steps of one of the two runs before it is the other's turn


def sizes(tab: Tab, names: list[str], repeats: int, steps: int) -> dict[str, Any]:
    """A row for each value of each setting, the others being the lab's: its step in ms, and in steps of the lab."""
    rows = [(name, value) for name, values in GROWING.items() for value in values]
    lab: list[float] = []
    seen: dict[tuple[str, int], list[float]] = {row: [] for row in rows}
    for _ in range(repeats):
        lab.append(tab.ms_per_step({}, steps))
        for name, value in rows:
            seen[name, value].append(tab.ms_per_step({name: value}, steps))
    base = Experiment(names).settings
    return {
        "lab_ms": statistics.median(lab),
        "rows": [
            {
                "setting": name,
                "value": value,
                "n_params": Experiment(names, type(base)(**{name: value})).config.n_params,
                "ms": statistics.median(found),
                "times_the_lab": statistics.median(ms / one for ms, one in zip(found, lab, strict=True)),
            }
            for (name, value), found in seen.items()
        ],
    }


def soak(tab: Tab, names: list[str], turns: int = 20) -> dict[str, Any]:
    """A run of OLD steps and more against one of YOUNG steps, `turns` stretches of each."""
    epoch = len(Experiment(names).train_documents)
    old = YOUNG + -(-(OLD - YOUNG) // epoch) * epoch  # whole epochs later: there the names are the same
    tab.run_on("old", SETTLED)
    before = tab.bytes_in_use()
    for step in range(SETTLED, old, SETTLED):
        tab.run_on("old", step)
    tab.run_on("old", old)
    after = tab.bytes_in_use()
    tab.run_on("young", YOUNG)
    pairs = []
    for turn in range(1, turns + 1):
        reached = turn * STRETCH
        pairs.append((tab.run_on("young", YOUNG + reached), tab.run_on("old", old + reached)))
    return {
        "young_step": YOUNG,
        "old_step": old,
        "young_ms": statistics.median(young for young, _ in pairs),
        "old_ms": statistics.median(late for _, late in pairs),
        "old_over_young": statistics.median(late / young for young, late in pairs),
        "settled_step": SETTLED,
        "bytes_in_use": [before, after],
        "memory_growth": after / before - 1,
    }


def print_sizes(found: dict[str, Any]) -> None:
    print(f"How a step's cost grows, in the tab; one setting changed, the others the lab's ({found['lab_ms']:.2f} ms)")
    for row in found["rows"]:
        name = f"{row['setting']} {row['value']}"
        print(f"  {name:<16}{row['n_params']:>10,} weights{row['ms']:>9.2f} ms{row['times_the_lab']:>7.2f}×")


def print_soak(found: dict[str, Any]) -> None:
    young, old = (f"{found[key]:,}" for key in ("young_step", "old_step"))
    print(f"A step after {young} steps and after {old}, on the same names")
    print(f"  {found['young_ms']:.2f} ms, {found['old_ms']:.2f} ms: {found['old_over_young']:.3f}×")
    before, after = (size / 2**20 for size in found["bytes_in_use"])
    print(f"  memory Python uses at step {found['settled_step']:,}: {before:.1f} MB, at {old}: {after:.1f} MB")
