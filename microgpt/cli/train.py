"""`microgpt train`: train a model on a list of names, and never lose what was trained."""

import argparse
import sys
from collections.abc import Sequence
from typing import TextIO

import numpy as np

from .. import checkpoint, files, settings
from ..dataset import cut_to_fit
from ..experiment import Experiment
from ..export import losses_csv, losses_json
from ..trainer import Trainer
from . import data
from .kept_run import KeptRun
from .progress import Progress
from .stopping import Signals, Stopped
from .terminal import say


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    parser = commands.add_parser("train", help="train a model on a list of names")
    data.add_options(parser)
    parser.add_argument("--preset", choices=settings.PRESETS, help="where settings not given come from (default: lab)")
    settings.add_arguments(parser)
    parser.add_argument("--dtype", choices=["float32", "float64"], help="precision of the weights (default: float32)")
    parser.add_argument("--stop", type=int, metavar="STEP", help="stop at this step, before the schedule ends")
    parser.add_argument("--resume", metavar="FILE", help="go on with a run saved by --out; --steps extends it")
    parser.add_argument("--out", metavar="FILE", help="save the run here (.npz), also when it is stopped on its way")
    parser.add_argument("--save-every", type=int, metavar="N", help="save every N steps as well; needs --out")
    parser.add_argument("--csv", metavar="FILE", help="write the losses here as a table; - is the standard output")
    parser.add_argument("--json", metavar="FILE", help="write settings and losses here as JSON; - likewise")
    return parser


def run(options: argparse.Namespace) -> int:
    _check(options)
    names, report = data.load(options)
    kept = _resumed(options, names) if options.resume else _fresh(options, names)
    experiment, trainer = kept.experiment, kept.trainer
    last = _last_step(options.stop, trainer)
    # where one of the two is the output of a pipeline, what is meant for a person goes elsewhere
    out = sys.stderr if "-" in (options.csv, options.json) else sys.stdout
    with Signals() as signals:
        held_out, n_params = len(experiment.split.held_out), experiment.config.n_params
        print(f"{report}; {held_out:,} held out; {n_params:,} parameters", file=out, flush=True)
        if cut := cut_to_fit(experiment.names, experiment.config.max_letters):
            print(cut, file=out, flush=True)
        if options.resume:
            print(_standing(kept, options.steps), file=out, flush=True)
        try:
            kept.train(last, signals, Progress(trainer.step_count, last, out), options.save_every)
            kept.save()  # before anything else that may fail
            kept.evaluate_held_out(signals)
        except OSError:
            if not signals.received:  # a terminal that closes sends a signal, and can't be written to
                raise
        finally:
            try:
                kept.save()
            finally:
                _write_losses(kept, options)
        if signals.received:
            saved = f"saved as {kept.saved_as}; --resume goes on from there" if kept.saved_as else "not saved: no --out"
            say(f"stopped at step {trainer.step_count:,} of {trainer.settings.steps:,}, {saved}")
            raise Stopped(signals.received)
    _report(kept, out)
    return 1 if kept.misplaced else 0


def _check(options: argparse.Namespace) -> None:
    """Raises ValueError before the training, not after it, if its results can't be kept."""
    if options.save_every is not None and not (options.out and options.save_every > 0):
        raise ValueError(f"--save-every {options.save_every} needs a number above 0, and --out for the file")
    if options.csv == options.json == "-":
        raise ValueError("--csv - and --json - can't both have the standard output: give one of them a file")
    if options.out == "-":
        raise ValueError("--out needs the name of a file: a saved run is no text")
    losses = {"--csv": options.csv, "--json": options.json}
    files.require_different({"--data": options.data, "--out": options.out, **losses})
    files.require_different({"--resume": options.resume, **losses})  # the run itself may be saved where it was
    for path in (options.out, options.csv, options.json):
        if path is not None and path != "-":
            files.check_writable(path)


def _fresh(options: argparse.Namespace, names: Sequence[str]) -> KeptRun:
    preset = settings.PRESETS[options.preset or "lab"]
    experiment = Experiment(names, settings.choose(preset, settings.given(options)))
    return KeptRun(experiment, experiment.trainer(np.dtype(options.dtype or "float32").type), options.out)


def _resumed(options: argparse.Namespace, names: Sequence[str]) -> KeptRun:
    saved = checkpoint.load(options.resume)
    unwanted = [*settings.given(options), *(name for name in ("preset", "dtype") if getattr(options, name))]
    if unwanted := [name for name in unwanted if name != "steps"]:
        raise ValueError(f"a resumed run keeps its settings; leave {', '.join(unwanted)} out")
    if options.steps is not None:
        saved = saved.extended(options.steps)
    experiment = Experiment(names, saved.settings, saved.changes)
    return KeptRun(experiment, saved.resume(experiment), options.out, saved.losses.tolist(), saved.held_out)


def _standing(kept: KeptRun, steps: int | None) -> str:
    """Where a resumed run stands."""
    trainer = kept.trainer
    if trainer.finished:
        done = trainer.step_count
        return f"this run is finished: it has taken all its {done:,} steps; --steps, with more than that, extends it"
    now = f"at step {trainer.step_count:,} of {trainer.settings.steps:,}"
    return f"goes on {now}" + (f" with the learning rate {trainer.learning_rate:.4g}" if steps else "")


def _last_step(stop: int | None, trainer: Trainer) -> int:
    here, end = trainer.step_count, trainer.settings.steps
    if stop is None:
        return end
    if not here < stop <= end:
        raise ValueError(f"can't stop at step {stop}: this run goes from step {here} to step {end}")
    return stop


def _write_losses(kept: KeptRun, options: argparse.Namespace) -> None:
    for path, written in ((options.csv, losses_csv), (options.json, losses_json)):
        if path == "-":
            sys.stdout.write(written(kept.checkpoint()))
        elif path is not None:
            files.write(path, written(kept.checkpoint()).encode())


def _report(kept: KeptRun, out: TextIO) -> None:
    held_out, bigram = kept.held_out[kept.trainer.step_count], kept.experiment.baselines["bigram"]
    print(f"held-out loss {held_out:.4f}   bigram {bigram:.4f}", file=out)
    if kept.saved_as:
        print(f"saved as {kept.saved_as}", file=out)
