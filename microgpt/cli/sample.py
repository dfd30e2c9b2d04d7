"""`microgpt sample`: make names up."""

import argparse

from .. import checkpoint
from ..rng import stream
from ..sampling import names


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    parser = commands.add_parser("sample", help="make names up")
    parser.add_argument("model", help="a file saved by train --out, or downloaded from the page")
    parser.add_argument("-n", type=int, default=10, help="how many (default: %(default)s)")
    parser.add_argument("--temperature", type=float, default=0.8, help="0: always the top guess (default: %(default)s)")
    parser.add_argument("--top-k", type=int, metavar="K", help="draw only from the K likeliest letters")
    parser.add_argument(
        "--top-p", type=float, metavar="P", help="… from the fewest that have the probability P together"
    )
    parser.add_argument("--prefix", default="", help="how each name begins")
    parser.add_argument(
        "--seed", type=int, default=42, help="the same seed gives the same names (default: %(default)s)"
    )
    return parser


def run(options: argparse.Namespace) -> int:
    saved = checkpoint.load(options.model)
    prefix = saved.tokenizer.normalise(options.prefix)  # spelled as the list is that the model was trained on
    how = (prefix, options.temperature, options.top_k, options.top_p)
    for made in names(saved.model, saved.tokenizer, stream(options.seed, "sampling"), options.n, *how):
        if made is not None:
            print(made.text)
    return 0
