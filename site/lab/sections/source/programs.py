"""What can be watched line by line: pieces of the engine, run on the model of this moment.

Each program prepares its input unwatched, and gives the call to be recorded and the modules to watch.
"""

import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NamedTuple

from microgpt import ladder, model, ops, optim, sampling, scalar_gpt, trainer, value
from microgpt.config import GPTConfig
from microgpt.experiment import Experiment, Settings
from microgpt.inspect.tracing import Recording, record
from microgpt.rng import stream
from microgpt.value import Value

from ...core.focus import Focus
from ...core.run import Run

SMALL = {"n_layer": 1, "n_embd": 8, "n_head": 2}
"""The scalar model makes a Value of every number, a few hundred thousand a step at the lab's size: it
is watched at a size at which each of its lines does the same with less."""


class Call(NamedTuple):
    run: Callable[[], Any]
    modules: Sequence[ModuleType]
    says: str  # what it is about, with the real names and sizes
    calls: int = 3  # of each function that are kept


class Program(NamedTuple):
    slug: str
    title: str
    prepare: Callable[[Run, Focus], Call]


def watch(
    program: Program, run: Run, focus: Focus, first_calls: dict[str, int] | None = None
) -> tuple[Call, Recording]:
    call = program.prepare(run, focus)
    return call, record(call.run, call.modules, first_calls=first_calls, calls=call.calls)


def _read(run: Run, focus: Focus) -> list[int]:
    """The tokens before the position looked at, and the one there."""
    tokenizer = run.experiment.tokenizer
    return [tokenizer.bos, *tokenizer.encode(focus.name)][: focus.at + 1]


def _scalar(run: Run) -> scalar_gpt.ScalarGPT:
    """The run's model in scalars: the same weights, each a Value."""
    return scalar_gpt.ScalarGPT(run.experiment.config, run.trainer.model.params)


def _softmax(run: Run, focus: Focus) -> Call:
    logits = [Value(float(x)) for x in run.trainer.model.forward(_read(run, focus)).logits[-1]]
    says = f"the model’s {len(logits)} scores for what comes after {focus.read or 'START'}"
    return Call(lambda: scalar_gpt.softmax(logits), [scalar_gpt], says)


def _rmsnorm(run: Run, focus: Focus) -> Call:
    token, position = _read(run, focus)[-1], focus.at
    params = run.trainer.model.params
    x = [Value(float(a + b)) for a, b in zip(params["wte"][token], params["wpe"][position], strict=True)]
    says = f"the {len(x)} numbers of {run.experiment.tokenizer.label(token)} at position {position}"
    return Call(lambda: scalar_gpt.rmsnorm(x), [scalar_gpt], says)


def _value(_run: Run, _focus: Focus) -> Call:
    a, b = Value(2.0), Value(3.0)

    def calculate() -> Value:
        result = a * b + a
        result.backward()
        return result

    return Call(calculate, [value], "L = a × b + a, at a = 2 and b = 3, forwards and then backwards", calls=9)


def _gpt(run: Run, focus: Focus) -> Call:
    gpt = _scalar(run)
    tokens = _read(run, focus)
    *before, last = tokens
    # what the letters before have left behind comes from the fast model: the same, in a moment
    for layer, seen in enumerate(run.trainer.model.forward(tokens).layers):
        for kept, heads in ((gpt.keys, seen.k), (gpt.values, seen.v)):  # (H, T, D) → a vector a position
            rows = heads.transpose(1, 0, 2).reshape(len(tokens), -1)[: len(before)]
            kept[layer] = [[Value(float(x)) for x in row] for row in rows]
    label = run.experiment.tokenizer.label(last)
    says = f"the lab’s model of step {run.step_count:,} reads {label} at position {len(before)}"
    return Call(lambda: gpt.forward(last, len(before)), [scalar_gpt], says)


def _scalar_step(run: Run, _focus: Focus) -> Call:
    now = run.experiment.settings
    kept = {name: getattr(now, name) for name in ("seed", "steps", "learning_rate", "beta1", "beta2")}
    small = Experiment(run.experiment.names, Settings(**SMALL, **kept))
    gpt = scalar_gpt.ScalarGPT(small.config, small.trainer().model.params)
    adam = scalar_gpt.ScalarAdam(list(gpt.parameters()), now.steps, now.learning_rate, now.beta1, now.beta2)
    document = min(small.train_documents, key=len)
    name = small.tokenizer.decode(document[1:-1])
    says = f"a new model of {_size(small.config)} learns from “{name}”"
    return Call(lambda: scalar_gpt.train_step(gpt, adam, document), [scalar_gpt], says)


def _step(run: Run, _focus: Focus) -> Call:
    if run.trainer.finished:
        raise ValueError("The schedule of this run is over, so there is no next step to watch: reset it first.")
    copy = run.experiment.trainer()
    now = run.trainer
    copy.restore(now.model.flat, now.optimizer.state, now.step_count)
    name = run.experiment.split.train[copy.next_index]
    says = f"step {now.step_count + 1:,} of the lab, from “{name}”, on a copy: the lab’s own model stays where it is"
    return Call(copy.step, [trainer, model, ops, optim], says)


def _letter(run: Run, focus: Focus) -> Call:
    gpt, tokens = run.trainer.model.copy(), _read(run, focus)
    rng = stream(run.experiment.settings.seed, "sampling", run.step_count)
    says = f"a letter drawn to follow {focus.read or 'START'}, by the model of step {run.step_count:,}"
    return Call(lambda: next(sampling.sample_steps(gpt, rng, tokens)), [sampling, model, ops], says)


def _rung(number: int) -> Callable[[Run, Focus], Call]:
    def prepare(run: Run, _focus: Focus) -> Call:
        rung = ladder.climb(number, run.experiment)
        name = run.experiment.split.train[run.experiment.trainer().next_index]
        return Call(rung.step, [sys.modules[type(rung).__module__]], f"the first step of a new one, from “{name}”")

    return prepare


def _size(config: GPTConfig) -> str:
    return f"{config.n_layer} layer, {config.n_embd} numbers a token, {config.n_params:,} parameters"


PROGRAMS = (
    Program("softmax", "softmax: scores become chances", _softmax),
    Program("rmsnorm", "rmsnorm: a vector brought to size", _rmsnorm),
    Program("value", "Value: a × b + a, and backward", _value),
    Program("gpt", "gpt: one letter through the whole model", _gpt),
    Program("scalar-step", "A training step, number by number", _scalar_step),
    Program("step", "A training step, as the lab takes it", _step),
    Program("letter", "One generated letter", _letter),
    *(Program(f"rung{i}", f"The ladder, rung {i}: {kind.title}", _rung(i)) for i, kind in enumerate(ladder.RUNGS)),
)
