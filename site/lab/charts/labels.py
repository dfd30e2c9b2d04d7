"""Placing labels so that none covers another."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise


def spread(wanted: Sequence[float], gap: float, lo: float, hi: float) -> list[float]:
    """Places near the `wanted` ones, in the same order, at least `gap` apart, within lo…hi.

    If there is no room for all of them, they are spread evenly and closer than `gap`: none is left out.
    """
    if not wanted:
        return []
    if gap * (len(wanted) - 1) > hi - lo:
        gap = (hi - lo) / (len(wanted) - 1)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    # Groups of labels that touch, each as [members, ideal place of its first]. A group that would
    # run into the one before it joins it, and the two settle on the mean of what they want.
    groups: list[tuple[list[int], float]] = []
    for i in order:
        members, first = [i], wanted[i]
        while True:
            first = min(max(first, lo), hi - gap * (len(members) - 1))
            if not groups or groups[-1][1] + gap * len(groups[-1][0]) <= first:
                break
            before, _ = groups.pop()
            members = before + members
            first = sum(wanted[m] - gap * k for k, m in enumerate(members)) / len(members)
        groups.append((members, first))
    places = [0.0] * len(wanted)
    for members, first in groups:
        for k, member in enumerate(members):
            places[member] = first + gap * k
    return places


def _strides() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, …"""
    return (k * 10**power for power in range(6) for k in (1, 2, 5))


def every(labels: Sequence[str], room: float, width: float) -> int:
    """Show each n-th label: the first n of 1, 2, 5, 10, … whose labels, `width` wide at most, fit in
    `room` apiece."""
    return next(n for n in _strides() if n * room >= width or n >= len(labels))


def stride(spans: Sequence[tuple[float, float]], gap: float) -> int:
    """Show each n-th label: the first n of 1, 2, 5, 10, … with which no two are closer than `gap`.

    `spans` holds where each label begins and ends, from left to right.
    """

    def clear(n: int) -> bool:
        shown = spans[::n]
        return all(left[1] + gap <= right[0] for left, right in pairwise(shown))

    return next(n for n in _strides() if clear(n))


def is_shown(i: int, n: int, chosen: Collection[int]) -> bool:
    """Whether label `i` is shown when each n-th is. A chosen label always is, and its neighbours make room for it."""
    return i in chosen or (i % n == 0 and all(abs(i - c) >= n for c in chosen))
