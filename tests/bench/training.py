"""How long a training step takes: the lab's in the tab and in this Python, and the same mathematics in JavaScript.

All in turns: a busy moment of the machine hits every one of them. The other programs start from the same weights and
learn from the same documents, and their losses are compared with this Python's, in 64-bit floats.
"""

import statistics
from dataclasses import asdict
from typing import Any

import numpy as np
from stepping import ENDLESS, ms_per_step
from tab import HERE, Tab

from assemble import kernels
from microgpt.experiment import Experiment, Settings

SIZES: dict[str, dict[str, int]] = {"lab": {}, "large": {"n_layer": 4, "n_embd": 128}}  # what is not the lab's
TITLES = {"lab": "2 layers × 32", "large": "4 layers × 128"}
SLOWER = {"lab": 1, "large": 20}  # about how many times as long a step takes
DOCUMENTS = 60  # that all of them learn from, again and again
COMPARED = 5  # steps
DOUBLE, SINGLE = 1e-6, 1e-4  # how far losses may be off, in either precision

Found = dict[str, Any]


def measure(tab: Tab, names: list[str], repeats: int, steps: int, js_steps: int) -> Found:
    """Medians over the repeats, in milliseconds; "all" has every one."""
    limit = kernels.compiled(HERE / "limit.ts")
    models = {name: same_model(names, sizes, DOCUMENTS) for name, sizes in SIZES.items()}
    seen: dict[str, list[float]] = {}
    same: list[bool] = []
    for _ in range(repeats):
        for name, sizes in SIZES.items():
            count = max(2, steps // SLOWER[name])
            fewer = max(2, count // 4)
            model, expected = models[name]
            typed = tab.typed_gpt(name, model, fewer)
            bare = tab.typed_gpt(name, model, count, limit)
            same += [agree(found["losses"], expected, SINGLE) for found in (typed, bare)]
            for row, ms in {
                "tab": tab.ms_per_step(sizes, count, DOCUMENTS),
                "numpy_tab": tab.ms_per_step(sizes, fewer, DOCUMENTS, on_kernels=False),
                "native": ms_per_step(names, sizes, count, DOCUMENTS),
                "typed": typed["ms"],
                "limit": bare["ms"],
            }.items():
                seen.setdefault(f"{name}_{row}_ms", []).append(ms)
        for row, ms in {
            "tensors_tab_ms": tab.ms_per_step({}, steps // 4, DOCUMENTS, True),
            "tensors_native_ms": ms_per_step(names, {}, steps, DOCUMENTS, True),
        }.items():
            seen.setdefault(row, []).append(ms)
    objects = value_gpt(tab, names, js_steps)
    found: Found = {name: statistics.median(values) for name, values in seen.items()}
    ratios = {
        **{f"{name}_over_limit": ratio(seen, f"{name}_tab_ms", f"{name}_limit_ms") for name in SIZES},
        **{f"{name}_numpy_over_tab": ratio(seen, f"{name}_numpy_tab_ms", f"{name}_tab_ms") for name in SIZES},
        **{f"{name}_typed_over_tab": ratio(seen, f"{name}_typed_ms", f"{name}_tab_ms") for name in SIZES},
        **{f"{name}_native_over_tab": ratio(seen, f"{name}_native_ms", f"{name}_tab_ms") for name in SIZES},
        "tensors_over_tab": ratio(seen, "tensors_tab_ms", "lab_tab_ms"),
        "tensors_over_native": ratio(seen, "tensors_native_ms", "lab_native_ms"),
    }
    same.append(objects["same"])
    return found | objects | {"ratios": ratios, "js_same_losses": all(same), "all": seen}


def ratio(seen: dict[str, list[float]], above: str, below: str) -> list[float]:
    """Lowest, median and highest of the ratios, each of one repeat."""
    each = [a / b for a, b in zip(seen[above], seen[below], strict=True)]
    return [min(each), statistics.median(each), max(each)]


def value_gpt(tab: Tab, names: list[str], steps: int) -> Found:
    """The model with an object for each number. The browser changes where it puts them, after some thirty steps: so the
    quick and the slow third are told apart. Beside it the lab's, on the same documents."""
    model, expected = same_model(names, {}, steps)
    js = tab.value_gpt(model)
    ordered = sorted(js["ms"])
    third = max(1, len(ordered) // 3)
    here = tab.ms_per_step({}, 500, steps)
    return {
        "js_ms": statistics.median(ordered),
        "js_quick_ms": statistics.median(ordered[:third]),
        "js_slow_ms": statistics.median(ordered[-third:]),
        "js_over_tab": statistics.median(ordered) / here,
        "same": agree(js["losses"], expected, DOUBLE),
    }


def agree(found: list[float], expected: list[float], tolerance: float) -> bool:
    """Over the first steps: later, in single precision, a large model goes ways of its own."""
    return bool(np.allclose(found[: len(expected)], expected, rtol=tolerance, atol=0))


def same_model(names: list[str], sizes: dict[str, int], steps: int) -> tuple[Found, list[float]]:
    """What a model in JavaScript starts from, and the first losses it has to find: a run in 64-bit floats."""
    trainer = Experiment(names, Settings(**sizes, steps=ENDLESS)).trainer(np.float64)
    model = trainer.model
    about = {
        **asdict(model.config),
        "adam": asdict(trainer.settings) | {"eps": trainer.optimizer.eps},
        "weights": {name: model.params[name].tolist() for name in model.config.shapes()},
        "documents": [trainer.documents[i].tolist() for i in trainer.order[:steps]],
    }
    return about, [trainer.step().loss for _ in range(min(steps, COMPARED))]


ROWS = {
    "tab": "the lab's model in the tab, on the kernels",
    "numpy_tab": "  on NumPy alone",
    "native": "  in CPython, native NumPy",
    "typed": "the same in JavaScript on typed arrays",
    "limit": "the kernels alone, called by JavaScript: the limit",
}


def print_found(found: Found) -> None:
    def row(text: str, name: str) -> None:
        print(f"  {text:<56}{found[name]:>9.3f}{min(found['all'][name]):>9.3f}")

    print(f"A training step, {found['repeats']} × {found['steps']}, {found['machine']['browser']}: ms, median and best")
    for name in SIZES:
        print(f"  {TITLES[name]}")
        for key, text in ROWS.items():
            row(text, f"{name}_{key}_ms")
    row("the GPT on Tensors, in the tab", "tensors_tab_ms")
    row("  in CPython, native NumPy", "tensors_native_ms")
    thirds = f"the quick third {found['js_quick_ms']:.0f}, the slow third {found['js_slow_ms']:.0f}"
    print(f"  JavaScript, an object for each number: {found['js_ms']:.0f} ms ({thirds}),")
    print(f"  {found['js_over_tab']:.0f} times the lab's model in the tab")
    print("  Ratios of one turn: lowest, median, highest")
    for name, (low, middle, high) in found["ratios"].items():
        print(f"    {name.replace('_', ' '):<40}{low:>8.2f}{middle:>8.2f}{high:>8.2f}")
    print(f"  All find the same losses: {'yes' if found['js_same_losses'] else 'NO'}")
