"""Bars of chances, one for each answer. Of very many answers the likeliest have a bar each, and all others one."""

from collections.abc import Sequence
from math import isfinite

from . import Bars
from .bars import MOST
from .scale import nice_end


def chance_bars(
    answers: Sequence[str], chances: Sequence[float], highlight: int | None = None, mark: int | None = None
) -> Bars:
    """`highlight` and `mark` are indices of answers, which have a bar of their own in any case. The order stays. The
    scale is that of the likeliest."""
    if len(answers) <= MOST:
        return Bars(answers, chances, highlight=highlight, mark=mark, value_name="chance")
    standing_out = [index for index in (highlight, mark) if index is not None]
    likeliest = sorted(range(len(answers)), key=lambda index: -chances[index])
    kept = sorted(list(dict.fromkeys([*standing_out, *likeliest]))[: MOST - 1])
    rest = set(range(len(answers))) - set(kept)
    most = max((chances[index] for index in kept if isfinite(chances[index])), default=0)
    return Bars(
        [*(answers[index] for index in kept), f"{len(rest):,} others"],
        [*(chances[index] for index in kept), sum(float(chances[index]) for index in rest)],
        highlight=None if highlight is None else kept.index(highlight),
        mark=None if mark is None else kept.index(mark),
        top=nice_end(1.2 * most) if most > 0 else None,  # all others together may be far more: their bar is cut there
        value_name="chance",
    )
