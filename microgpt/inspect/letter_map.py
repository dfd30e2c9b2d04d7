"""Letters on a map: the rows of an embedding matrix, which have dozens of numbers each, in two dimensions."""

from typing import NamedTuple

import numpy as np
from numpy import ndarray


class LetterMap(NamedTuple):
    places: ndarray  # (n, 2), around (0, 0), in the units of the rows
    explained: float  # the share of the rows' variance that two dimensions hold, 0 … 1


def letter_map(rows: ndarray, before: ndarray | None = None) -> LetterMap:
    """Rows (n, C) → their two principal components (Pearson, 1901).

    Components have no direction of their own, so from one moment to the next a map may turn over. `before` (n, 2), the
    places of the same rows a moment ago, holds it still: the map is turned, and mirrored where that is closer, to lie
    as near to them as it can (orthogonal Procrustes; Schönemann, 1966). Raises ValueError for rows that are not finite
    numbers, or fewer than two of them.
    """
    if len(rows) < 2 or not np.isfinite(rows).all():
        raise ValueError(f"a map needs two or more rows of finite numbers, not {len(rows)}")
    centred = np.asarray(rows - rows.mean(axis=0), np.float64)  # (n, C)
    spread, axes = np.linalg.eigh(centred.T @ centred)  # the least first
    places = centred @ axes[:, :-3:-1]  # (n, 2)
    if places.shape[1] < 2:  # rows of one number lie on a line
        places = np.column_stack([places, np.zeros(len(rows))])
    if before is not None:
        u, _, vt = np.linalg.svd(places.T @ before)
        places = places @ (u @ vt)
    total = float(spread.sum())
    return LetterMap(places, float(spread[-2:].sum()) / total if total > 0 else 1.0)
