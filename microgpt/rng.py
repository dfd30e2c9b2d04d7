"""Random numbers in separate streams, so that looking at a model never changes its training."""

import numpy as np

STREAMS = ("split", "weights", "order", "sampling", "analysis", "game")


def stream(seed: int, name: str, step: int = 0, turn: int = 0) -> np.random.RandomState:
    """An independent generator for one purpose; the same seed, name, step and turn give the same numbers. `turn`
    counts the times, from 0, that there was need of one at the same step.

    `RandomState` is NumPy's legacy generator, chosen on purpose: its streams are frozen for good,
    so the same seed gives the same model on every version of NumPy, also in a browser.

    Raises ValueError for an unknown name, or for a seed outside 0 … 2³² − 1.
    """
    if not 0 <= seed < 2**32:
        raise ValueError(f"a seed is a whole number from 0 to {2**32 - 1}, not {seed}")
    return np.random.RandomState([seed, STREAMS.index(name), step, *([turn] if turn else [])])
