"""One scale of colours a matrix, wherever on the page it is drawn: the same number has the same colour everywhere."""

from collections.abc import Mapping

import numpy as np
from numpy import ndarray

from ..charts.scale import nice_end

ADDED = ("wte", "wpe")  # their rows are added up, and stand side by side: one scale for both


def limit_of(name: str, params: Mapping[str, ndarray]) -> float:
    """The weight that gets the strongest colour in drawings of the matrix `name`. A few weights grow far beyond the
    others, and would leave the rest pale: it is a round number that all but the largest fiftieth stay below."""
    names = [one for one in ADDED if one in params] if name in ADDED else [name]
    sizes = np.concatenate([np.abs(params[one]).ravel() for one in names])
    sizes = sizes[np.isfinite(sizes)]
    usual = float(np.quantile(sizes, 0.98)) if sizes.size else 0.0
    return nice_end(usual) if usual > 0 else 1.0
