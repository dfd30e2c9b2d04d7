"""Every figure that stands in the page's prose, computed from the data, the code and the checkpoint.

python -m assemble.facts CHECKPOINTS    prints them as JSON
"""

import json
import math
import sys
import tomllib
from html import escape
from pathlib import Path

from assemble import rungs, sources
from lab.charts.format import figure_text, number, percent
from lab.core import compare, figures, heads
from lab.sections.bench import model as bench
from lab.sections.block import model as block
from lab.sections.names import view as shelf_view
from lab.sections.names.shelf import SHELF, Ready
from lab.sections.patterns import model as patterns
from lab.sections.patterns import view as patterns_view
from lab.sections.size import model as sizes
from microgpt import checkpoint, dataset
from microgpt.config import GPTConfig
from microgpt.experiment import Experiment
from microgpt.inspect.expression import parse
from microgpt.inspect.one_weight import KEPT
from microgpt.ladder import RUNGS
from microgpt.ops import nll
from microgpt.scalar_gpt import ScalarGPT
from microgpt.settings import Settings

ROOT = Path(__file__).parents[2]


def facts(checkpoints: Path) -> dict[str, str]:
    """Name of a placeholder → its text. `checkpoints` holds what `assemble.checkpoints` saved."""
    names, report = dataset.load(ROOT / "data" / "dinosaurs.txt")
    experiment = Experiment(names)
    config = experiment.config
    statistics = dataset.statistics(names)
    saved = [checkpoint.load(file) for file in sorted(checkpoints.glob("*.npz"))]  # in the order of their steps
    trained = saved[-1]
    models = [experiment.trainer().model, *(moment.model for moment in saved)]
    values = {
        "bench_name": bench.steady_learner(models, experiment),
        "trained_steps": f"{trained.step:,}",
        "trained_held_out": f"{trained.held_out[trained.step]:.2f}",
        "engine_lines": f"{_lines(ROOT / 'microgpt'):,}",
        "model_lines": f"{_lines(ROOT / 'microgpt' / 'model.py'):,}",
        "scalar_lines": f"{_lines(ROOT / 'microgpt' / 'scalar_gpt.py') + _lines(ROOT / 'microgpt' / 'value.py'):,}",
        "analysed_names": heads.COUNT,
    }
    values["compared_names"] = compare.COUNT
    values |= _rungs()
    values |= _patterns(names, report, statistics) | _sizes(config) | _code()
    values |= _losses() | _anatomy()
    values |= _forgetting(experiment.settings)
    values |= _autograd(experiment)
    remarks = tomllib.loads((ROOT / "site" / "annotations.toml").read_text("utf-8"))
    sections = ROOT / "site" / "lab" / "sections"
    quoted = sources.quotations(sections, ROOT / "microgpt", remarks)
    quoted |= sources.kernels(sections, ROOT / "site" / "kernels")
    ladder = rungs.blocks(ROOT / "microgpt", experiment)
    ready = {"shelf": shelf_view.shelf([(one, _ready(one)) for one in SHELF])}
    fixed = {name: escape(str(value)) for name, value in values.items()}
    return fixed | quoted | ladder | ready | {name: _live(name, experiment) for name in figures.NAMES}


def _live(name: str, experiment: Experiment) -> str:
    """A figure that the page keeps up to date when names or settings change."""
    return f'<span data-live="{name}">{escape(figure_text(name, figures.figure(name, experiment)))}</span>'


def _ready(one: Ready) -> list[str]:
    """The names of a list on the shelf."""
    options = dataset.ReadOptions(encoding="utf-8", fold_case=one.fold_case)
    return dataset.load(ROOT / "data" / f"{one.file}.txt", options)[0]


def _forgetting(settings: Settings) -> dict:
    """How many steps the two averages of Adam remember."""
    halves = {name: math.log(0.5) / math.log(beta) for name, beta in (("m", settings.beta1), ("v", settings.beta2))}
    return {f"{name}_half_life": f"{math.ceil(steps)}" for name, steps in halves.items()} | {"weight_kept": KEPT}


def _patterns(names: list[str], report: dataset.Report, statistics: dataset.Statistics) -> dict:
    """What can be counted in the names alone."""
    usual = patterns.usual_lengths(statistics.lengths)
    ending, endings = patterns.common_ending(names)
    split = dataset.split(names)
    return {
        "cleaning": report,
        "usual_lengths": patterns_view.between(*usual),
        "usual_share": percent(statistics.share_of_lengths(*usual)),
        "ending": ending,
        "ending_share": percent(endings / statistics.count),
        "train_percent": f"{100 * len(split.train) / len(names):.1f}",
        "held_out_percent": f"{100 * len(split.held_out) / len(names):.1f}",
    }


def _sizes(config: GPTConfig) -> dict:
    """This model beside larger ones."""
    small, gpt3 = (next(one for one in sizes.KNOWN if one.name == name) for name in ("GPT-2 small", "GPT-3"))
    return {
        "gpt2_params": small.text,
        "gpt2_times": sizes.about(small.parameters / config.n_params),
        "gpt2_vocab": f"{sizes.GPT2_SHAPE.vocab_size:,}",
        "gpt2_tying_saves": percent(sizes.tying_saves(sizes.GPT2_SHAPE)),
        "gpt3_wide": sizes.about(sizes.side(gpt3.parameters, small.parameters, 1)),
        "gpt3_metres": f"{sizes.side(gpt3.parameters, small.parameters, sizes.SQUARE) / sizes.METRE:.1f}",
    }


def _anatomy() -> dict:
    """The forward pass taken apart. Fails if the Python that the page points at has moved."""
    block.check()
    return {"euler": f"{math.e:.2f}"}


def _losses() -> dict:
    """What some chances cost."""
    return {f"loss_at_{hundredths}": number(nll(hundredths / 100)) for hundredths in (90, 50, 2)} | {
        "one_nat": number(math.exp(-1), 2)
    }


def _rungs() -> dict:
    """The rungs by name."""
    return {f"rung_{number}": rung.title for number, rung in enumerate(RUNGS)}


def _autograd(experiment: Experiment) -> dict:
    """The first example of that section, and how long the tape of the whole model is."""
    graph = parse("L = a*b + a").evaluate({"a": 2, "b": 3})
    graph.result.backward()
    product, _ = graph.result.children
    model, tokenizer = experiment.trainer().model, experiment.tokenizer
    loss = ScalarGPT(experiment.config, model.params).loss([tokenizer.bos, 0])
    return {
        "lesson_result": f"{graph.result.data:g}",
        "lesson_a": f"{graph.inputs['a'].grad:g}",
        "lesson_b": f"{graph.inputs['b'].grad:g}",
        "lesson_product": f"{product.grad * product.local_grads[0]:g}",
        "lesson_straight": f"{graph.result.local_grads[1]:g}",
        "tape_values": f"{len(loss.topological()):,}",
    }


CODE = {
    "data": ("dataset",),
    "tokens": ("tokenizer.py",),
    "gpt": ("config.py", "model.py", "ops.py", "rng.py"),
    "training": ("optim.py", "trainer.py"),
    "sampling": ("sampling.py",),
}
"""The parts of the engine that are enough to learn and to make names up."""


def _code() -> dict:
    """Lines of each of these parts, of all of them, and of what is left."""
    lines = {part: sum(_lines(ROOT / "microgpt" / file) for file in files) for part, files in CODE.items()}
    core = sum(lines.values())
    return {f"lines_{part}": n for part, n in lines.items()} | {
        "lines_most": max(lines.values()),
        "lines_core": f"{core:,}",
        "lines_rest": f"{_lines(ROOT / 'microgpt') - core:,}",
        "lines_page": f"{_lines(ROOT / 'site' / 'lab'):,}",
    }


def _lines(path: Path) -> int:
    """Lines that are not blank, in a file or in all Python files of a folder."""
    files = sorted(path.glob("**/*.py")) if path.is_dir() else [path]
    return sum(bool(line.strip()) for file in files for line in file.read_text("utf-8").splitlines())


if __name__ == "__main__":
    print(json.dumps(facts(Path(sys.argv[1]))))
