"""`microgpt eval`: how well a model does on the names held out of training."""

import argparse
from dataclasses import replace

from .. import checkpoint
from ..dataset import cut_to_fit
from ..evaluate.held_out import held_out_loss
from ..experiment import Experiment
from . import data


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    parser = commands.add_parser("eval", help="loss on the names held out of training")
    parser.add_argument("model", help="a file saved by train --out, or downloaded from the page")
    data.add_options(parser)
    return parser


def run(options: argparse.Namespace) -> int:
    saved = checkpoint.load(options.model)
    names, _ = data.load(options)
    experiment = Experiment(names, replace(saved.settings, block_size=saved.config.block_size))
    if experiment.digest != saved.digest:
        print("note: the model was trained on another list; it may have seen some of these names")
    # with the letters the model knows, which may be more than this list has; raises if it lacks one
    block_size = saved.config.block_size
    documents = [saved.tokenizer.document(name, block_size) for name in experiment.split.held_out]
    rows = [("this model", held_out_loss(saved.model, documents)), *experiment.baselines.items()]
    if cut := cut_to_fit(experiment.split.held_out, saved.config.max_letters):
        print(cut)
    print(f"mean loss on {len(experiment.split.held_out):,} held-out names, in nats (lower is better)")
    for name, loss in sorted(rows, key=lambda row: row[1]):
        print(f"  {name:<12}{loss:.4f}")
    return 0
