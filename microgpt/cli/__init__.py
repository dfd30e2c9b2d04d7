"""Train, sample and evaluate from a terminal, on the very code the page runs.

    python -m microgpt train --out dinosaurs.npz
    python -m microgpt sample dinosaurs.npz --prefix tyran
    python -m microgpt eval dinosaurs.npz
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from .. import __version__, checkpoint, dataset, settings
from ..checkpoint import Checkpoint
from ..experiment import Experiment
from ..rng import stream
from ..sampling import complete
from ..settings import PRESETS
from ..trainer import Trainer, mean_loss


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="microgpt", description="A GPT small enough to read.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="train | sample | eval")

    train = commands.add_parser("train", help="train a model on a list of names")
    train.add_argument("--data", default=dataset.default_list(), help="one name a line (default: the dinosaurs)")
    train.add_argument("--preset", choices=PRESETS, help="where settings not given come from (default: lab)")
    settings.add_arguments(train)
    train.add_argument("--stop", type=int, metavar="STEP", help="stop at this step, before the schedule ends")
    train.add_argument("--resume", metavar="FILE", help="go on with a run saved by --out")
    train.add_argument("--out", metavar="FILE", help="save the run here (.npz)")
    train.set_defaults(run=run_train)

    sample = commands.add_parser("sample", help="make names up")
    sample.add_argument("model", help="a file saved by train --out, or downloaded from the page")
    sample.add_argument("-n", type=int, default=10, help="how many (default: %(default)s)")
    sample.add_argument(
        "--temperature", type=float, default=0.8, help="0: always the top guess (default: %(default)s)"
    )
    sample.add_argument("--top-k", type=int, metavar="K", help="draw only from the K likeliest letters")
    sample.add_argument("--top-p", type=float, metavar="P", help="… from the fewest that have the chance P together")
    sample.add_argument("--prefix", default="", help="how each name begins")
    sample.add_argument("--seed", type=int, default=42)
    sample.set_defaults(run=run_sample)

    evaluate = commands.add_parser("eval", help="loss on the names held out of training")
    evaluate.add_argument("model")
    evaluate.add_argument("--data", default=dataset.default_list(), help="the names (default: the dinosaurs)")
    evaluate.set_defaults(run=run_eval)
    return top


def run_train(options: argparse.Namespace) -> None:
    names, report = _load_names(options.data)
    _require_writable(options.out)
    chosen = settings.given(options)
    if options.resume:
        saved = checkpoint.load(options.resume)
        if chosen or options.preset:
            unwanted = ", ".join(chosen) or "preset"
            raise ValueError(f"a resumed run keeps its settings; leave {unwanted} out")
        experiment = Experiment(names, saved.settings)
        trainer, losses = saved.resume(experiment), list(saved.losses)
    else:
        experiment = Experiment(names, settings.choose(PRESETS[options.preset or "lab"], chosen))
        trainer, losses = experiment.trainer(), []
    train_to = _last_step(options.stop, trainer)
    print(f"{report}; {len(experiment.split.held_out)} held out; {experiment.config.n_params:,} parameters")
    _train(trainer, losses, train_to)
    held_out = mean_loss(trainer.model, experiment.held_out_documents)
    print(f"held-out loss {held_out:.4f}   bigram {experiment.baselines['bigram']:.4f}")
    if options.out:
        moment = Checkpoint.capture(experiment, trainer, np.array(losses), {trainer.step_count: held_out})
        checkpoint.save(moment, options.out)
        print(f"saved as {options.out}")


def _load_names(path: str | Path) -> tuple[list[str], dataset.Report]:
    try:
        return dataset.load(path)
    except dataset.DataError as error:
        if Path(path).exists():
            raise
        raise dataset.DataError(f"{error}; name a list of your own, one name a line, with --data") from None


def _require_writable(path: str | None) -> None:
    """Raises ValueError before the training, not after it, if its result can't be saved."""
    if path is not None and (Path(path).is_dir() or not os.access(Path(path).parent, os.W_OK)):
        raise ValueError(f"can't write {path}: its folder must be there, and be yours to write in")


def _last_step(stop: int | None, trainer: Trainer) -> int:
    here, end = trainer.step_count, trainer.config.steps
    if stop is None:
        return end
    if not here < stop <= end:
        raise ValueError(f"can't stop at step {stop}: this run goes from step {here} to step {end}")
    return stop


def _train(trainer: Trainer, losses: list[float], train_to: int) -> None:
    started, first = time.perf_counter(), trainer.step_count
    every = max(1, (train_to - first) // 20)
    while trainer.step_count < train_to:
        losses.append(trainer.step().loss)
        if trainer.step_count % every == 0 or trainer.step_count == train_to:
            rate = (trainer.step_count - first) / (time.perf_counter() - started)
            mean = np.mean(losses[-100:])
            print(f"step {trainer.step_count:>6}   loss {mean:.4f}   {rate:,.0f} steps/s", flush=True)


def run_sample(options: argparse.Namespace) -> None:
    if options.n < 1:
        raise ValueError(f"-n is how many names to make, at least 1, not {options.n}")
    saved = checkpoint.load(options.model)
    rng = stream(options.seed, "sampling")
    how = (options.prefix, options.temperature, options.top_k, options.top_p)
    for _ in range(options.n):
        print(complete(saved.model, saved.tokenizer, rng, *how))


def run_eval(options: argparse.Namespace) -> None:
    saved = checkpoint.load(options.model)
    names, _ = _load_names(options.data)
    experiment = Experiment(names, replace(saved.settings, block_size=saved.config.block_size))
    if experiment.digest != saved.digest:
        print("note: the model was trained on another list; it may have seen some of these names")
    # with the letters the model knows, which may be more than this list has; raises if it lacks one
    block_size = saved.config.block_size
    documents = [saved.tokenizer.document(name, block_size) for name in experiment.split.held_out]
    rows = [("this model", mean_loss(saved.model, documents)), *experiment.baselines.items()]
    print(f"mean loss on {len(experiment.split.held_out)} held-out names, in nats (lower is better)")
    for name, loss in sorted(rows, key=lambda row: row[1]):
        print(f"  {name:<12}{loss:.4f}")


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except (ValueError, OSError) as error:  # every error of ours is a ValueError with a message
        print(f"microgpt: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    return 0

