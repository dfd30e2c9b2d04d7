"""How fast the lab trains, all in one run so that the figures can be compared; medians over the repeats.

    python3 build.py bench [--quick] [--soak] [--json PATH]

A step is one name: forward, backward, Adam. The JavaScript model is the same mathematics on the same
weights and documents: its losses are checked against this Python's.
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import growth
import numpy as np
import size
import startup
import training
import using
from tab import Tab, open_tab

from assemble.paths import CACHE, DATA
from microgpt import dataset


def main() -> int:
    options = _options()
    repeats, steps, js_steps = (1, 20, 1) if options.quick else (5, 2000, 60)
    names, _report = dataset.load(DATA / "dinosaurs.txt")
    with open_tab() as tab:
        found = {"machine": _machine(tab), "repeats": repeats, "steps": steps}
        found |= training.measure(tab, names, repeats, steps, js_steps)
        training.print_found(found)
        _write(options.json, found)
        found["growth"] = growth.sizes(tab, names, repeats, max(2, steps // 10))
        growth.print_sizes(found["growth"])
        _write(options.json, found)
        if options.soak:
            found["soak"] = growth.soak(tab, names)
            growth.print_soak(found["soak"])
            _write(options.json, found)
    found["using"] = using.measure(1, 0.2, steps=200, first=1) if options.quick else using.measure(3, 1.0)
    using.print_found(found["using"])
    _write(options.json, found)
    visits = startup.measure(1, settling=0) if options.quick else startup.measure(repeats)
    startup.print_found(visits)
    found["startup"] = {name: asdict(it) for name, it in visits.items()}
    found["bytes"] = size.measure()
    size.print_found(found["bytes"])
    _write(options.json, found)
    print(f"written to {options.json}")
    return 0 if found["js_same_losses"] else 1


def _write(file: Path, found: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found, indent=1), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="build.py bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few steps: shows only that it runs")
    parser.add_argument("--soak", action="store_true", help="also 50,000 steps in one go: some minutes")
    parser.add_argument("--json", type=Path, default=CACHE / "bench.json", metavar="PATH")
    return parser.parse_args()


def _machine(tab: Tab) -> dict[str, Any]:
    return {
        "browser": tab.version(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "system": platform.platform(),
        "processors": os.cpu_count(),
    }


if __name__ == "__main__":
    sys.exit(main())
