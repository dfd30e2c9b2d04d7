"""The head that looks most sharply: the one to show while nobody has chosen another."""

import numpy as np

from microgpt.model import Trace

SHARPER = 1.2  # another head is shown only if it looks so much more sharply, or the picture would flicker


def sharpest(trace: Trace, position: int, held: tuple[int, int] | None) -> tuple[int, int]:
    """(layer, head) whose look from `position` (1 or later) has the largest share for one earlier letter.

    `held`, the pair shown so far, stays unless another is SHARPER times as sharp.
    """
    shares = np.array([layer.attention[:, position, 1 : position + 1].max(axis=-1) for layer in trace.layers])
    best = np.unravel_index(int(np.nan_to_num(shares).argmax()), shares.shape)
    known = held is not None and held[0] < shares.shape[0] and held[1] < shares.shape[1]
    if held is not None and known and shares[best] < SHARPER * shares[held]:
        return held
    return int(best[0]), int(best[1])
