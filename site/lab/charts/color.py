"""The step of a colour ramp for each value. The colours are in tokens.css."""

import numpy as np

LEVELS = 16  # --seq-0 … --seq-15
SIDES = 8  # --neg-8 … --neg-1, nothing at 0, --pos-1 … --pos-8


def sequential(values: np.ndarray) -> np.ndarray:
    """0…1 → 0…15, in equal parts. Integer array of the same shape."""
    return np.minimum((values * LEVELS).astype(np.int64), LEVELS - 1)


def diverging(values: np.ndarray, limit: float) -> np.ndarray:
    """−limit…limit → −8…8, rounded to the nearest step and clipped. Integer array of the same shape."""
    if not limit > 0:
        raise ValueError(f"limit must be positive, got {limit!r}")
    return np.rint(np.clip(values / limit, -1, 1) * SIDES).astype(np.int64)
