"""How fast the lab trains, all in one run so that the figures can be compared; medians over the repeats.

    python3 build.py bench [--quick] [--soak] [--json PATH]

A step is one name: forward, backward, Adam. The JavaScript model is the same mathematics on the same
weights and documents: its losses are checked against this Python's.
"""

import argparse
import json
import os
import platform
import statistics
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import growth
import numpy as np
import size
import startup
import using
from stepping import ENDLESS, ms_per_step
from tab import Tab, open_tab

from assemble.paths import CACHE, DATA
from microgpt import dataset
from microgpt.experiment import Experiment, Settings

LAB: dict[str, int] = {}  # sizes that are not the lab's
LARGE = {"n_layer": 4, "n_embd": 128}
TOLERANCE = 1e-6


def main() -> int:
    options = _options()
    repeats, steps, js_steps = (1, 20, 1) if options.quick else (5, 2000, 5)
    names, _report = dataset.load(DATA / "dinosaurs.txt")
    with open_tab() as tab:
        found = {"machine": _machine(tab), "repeats": repeats, "steps": steps}
        found |= training(tab, names, repeats, steps, js_steps)
        _print_training(found)
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


def training(tab: Tab, names: list[str], repeats: int, steps: int, js_steps: int) -> dict[str, Any]:
    """All training times, in turns: a busy moment of the machine hits every one of them."""
    model, losses = same_model(names, js_steps)
    seen: dict[str, list[float]] = {}
    same = True
    for _ in range(repeats):
        js = tab.value_gpt(model)
        same = same and bool(np.allclose(js["losses"], losses, rtol=TOLERANCE, atol=0))
        for name, ms in {
            "tab_ms": tab.ms_per_step(LAB, steps),
            "native_ms": ms_per_step(names, LAB, steps),
            "tensors_tab_ms": tab.ms_per_step(LAB, steps // 4, ENDLESS, True),
            "tensors_native_ms": ms_per_step(names, LAB, steps, ENDLESS, True),
            "js_ms": js["ms"],
            "tab_same_documents_ms": tab.ms_per_step(LAB, steps // 4, js_steps),
            "large_tab_ms": tab.ms_per_step(LARGE, max(2, steps // 20)),
        }.items():
            seen.setdefault(name, []).append(ms)
    found = {name: statistics.median(values) for name, values in seen.items()}
    return found | {
        "tensors_over_tab": found["tensors_tab_ms"] / found["tab_ms"],
        "tensors_over_native": found["tensors_native_ms"] / found["native_ms"],
        "js_over_tab": found["js_ms"] / found["tab_same_documents_ms"],
        "js_losses": js["losses"],
        "python_losses": losses,
        "js_same_losses": same,
        "all": seen,
    }


def same_model(names: list[str], steps: int) -> tuple[dict[str, Any], list[float]]:
    """What the JavaScript model starts from, and the losses it has to find: a run in 64-bit floats."""
    trainer = Experiment(names, Settings(steps=ENDLESS)).trainer(np.float64)
    model = trainer.model
    about = {
        **asdict(model.config),
        "adam": asdict(trainer.settings) | {"eps": trainer.optimizer.eps},
        "weights": {name: model.params[name].tolist() for name in model.config.shapes()},
        "documents": [trainer.documents[i].tolist() for i in trainer.order[:steps]],
    }
    return about, [trainer.step().loss for _ in range(steps)]


def _machine(tab: Tab) -> dict[str, Any]:
    return {
        "browser": tab.version(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "system": platform.platform(),
        "processors": os.cpu_count(),
    }


def _print_training(found: dict[str, Any]) -> None:
    def row(text: str, name: str, form: str = "{:.2f} ms") -> None:
        best = min(found["all"][name])
        print(f"  {text:<56}{form.format(found[name]):>9}{form.format(best):>12}")

    print(f"A training step, {found['repeats']} × {found['steps']}, {found['machine']['browser']}: median, best")
    row("the lab's model, in the tab", "tab_ms")
    row("the same in CPython, native NumPy", "native_ms")
    row("the GPT on Tensors, in the tab", "tensors_tab_ms")
    row("the same in CPython, native NumPy", "tensors_native_ms")
    row("the lab's model in plain JavaScript, an object for each number", "js_ms", "{:.0f} ms")
    row("  in the tab on those few documents", "tab_same_documents_ms")
    row("4 layers × 128, in the tab", "large_tab_ms", "{:.1f} ms")
    print(f"  The GPT on Tensors takes {found['tensors_over_tab']:.2f} times the time of the lab's model in the tab,")
    print(f"  and {found['tensors_over_native']:.2f} times in CPython")
    print(f"  In the tab, Python is faster than that JavaScript by a factor of {found['js_over_tab']:.0f}")
    print(f"  and finds the same losses to {TOLERANCE}: {'yes' if found['js_same_losses'] else 'NO'}")


if __name__ == "__main__":
    sys.exit(main())
