"""Whether a model fits into memory, known before any of it is made."""

import os
import sys
from dataclasses import replace

from .config import ConfigError, GPTConfig

COPIES = 5  # of every weight: itself, its gradient, Adam's two averages, and room to work in
IN_A_TAB = 2 * 2**30  # of the 4 GB that Python in a browser tab can address, half is left for all else
UNKNOWN = 8 * 2**30  # where the system does not tell


def limit() -> int:
    """Bytes that a run may take: the memory of the machine, or IN_A_TAB in a browser."""
    if sys.platform == "emscripten":
        return IN_A_TAB
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return UNKNOWN


def n_params(config: GPTConfig) -> int:
    """`config.n_params` in no time, also for a billion layers: every layer has as many as the first."""
    one, two = (replace(config, n_layer=n).n_params for n in (1, 2))
    return one + (config.n_layer - 1) * (two - one)


def training_bytes(config: GPTConfig, longest: int, itemsize: int = 4) -> int:
    """About what training takes: COPIES of the weights, what one name of `longest` letters leaves on its way
    through the model, and the table of one-hot rows. `itemsize`: bytes of one number."""
    t, c = min(config.block_size, longest + 1), config.n_embd
    in_a_layer = 16 * t * c + 3 * config.n_head * t * t  # x, q, k, v, the MLP's 4 C and their gradients; attention
    on_the_way = config.n_layer * in_a_layer + 4 * t * config.vocab_size
    return itemsize * (COPIES * n_params(config) + on_the_way + _one_hot(config))


def _one_hot(config: GPTConfig) -> int:
    """Numbers in the table of one-hot rows, which `GPT` keeps."""
    return config.vocab_size**2


def require_room(config: GPTConfig, longest: int, itemsize: int = 4) -> None:
    """Raises ConfigError for a model that does not fit into `limit()`."""
    needed, room = training_bytes(config, longest, itemsize), limit()
    if needed <= room:
        return
    in_layers = n_params(config) - n_params(replace(config, n_layer=1))
    field = "n_layer" if config.n_layer > config.n_embd and in_layers * 2 > n_params(config) else "n_embd"
    if config.block_size > max(config.vocab_size, 12 * config.n_layer * config.n_embd):
        field = "block_size"  # its table of positions is the largest part
    advice = f"Make {field} = {getattr(config, field)} smaller"
    if itemsize * _one_hot(config) > needed / 2:
        advice = f"Most of that is for its {config.vocab_size:,} different letters: train on a list with fewer"
    where = "a browser tab" if sys.platform == "emscripten" else "this machine"
    raise ConfigError(
        field,
        f"this model is too large: to train its {n_params(config):,} parameters takes {_size(needed)}, and {where} has "
        f"{_size(room)}. {advice}",
    )


def _size(n: int) -> str:
    return f"{n / 2**30:,.1f} GB" if n < 2**50 else f"{n / 2**30:.2g} GB"
