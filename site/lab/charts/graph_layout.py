"""The layout of a graph in layers, from the inputs to the result.

A node stands in the last layer that it can. A wire that passes through a layer has a place of its own there. Of
several orders within the layers, the one with the fewest crossings is taken. The method is that of Sugiyama, Tagawa
and Toda (1981), for graphs of some dozens of nodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

BOX_W, BOX_H = 102.0, 62.0
_MARGIN = 3.0
_PASSING = 12.0  # room for a wire that passes through a layer
_SWEEPS = 8

Parts = tuple[tuple[int, ...], ...]
Point = tuple[float, float]
Item = tuple[int, int]  # (index, -1) for a node; (number, layer) for a wire that passes through a layer


@dataclass(frozen=True)
class Wire:
    """A line from node `part` to node `whole`, whose part number `slot` it is. `points` are the two ends, and between
    them the points at which the wire enters and leaves each layer."""

    part: int
    whole: int
    slot: int
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Layout:
    width: float
    height: float
    down: bool  # whether layers follow from top to bottom, instead of from left to right
    boxes: tuple[Point, ...]  # left upper corners
    wires: tuple[Wire, ...]


@lru_cache(maxsize=32)
def layout(parts: Parts, width: float) -> Layout:
    """The layout of nodes that were made from `parts`, each after its parts. It goes from left to right if that fits
    into `width`, and else from top to bottom, whatever width that takes."""
    layers = _layers(parts)
    across = _placed(parts, layers, False)
    return across if across.width <= width else _placed(parts, layers, True)


def _layers(parts: Parts) -> list[int]:
    """The layer of each node. The result is in the last, and each part in a layer before its whole."""
    before_end = [0] * len(parts)
    for i in range(len(parts) - 1, -1, -1):
        for part in parts[i]:
            before_end[part] = max(before_end[part], before_end[i] + 1)
    depth = max(before_end, default=0)
    return [depth - n for n in before_end]


def _placed(parts: Parts, layers: list[int], down: bool) -> Layout:
    wires = [(part, whole, slot) for whole, made_from in enumerate(parts) for slot, part in enumerate(made_from)]
    rows, links = _rows(wires, layers)
    rows = _ordered(rows, links)
    size, gap = (BOX_W, 6.0) if down else (BOX_H, 16.0)
    middle = _middles(rows, links, size, gap)
    thick, between = (BOX_H, 46.0) if down else (BOX_W, 72.0)
    pitch = thick + between

    def at(along: float, across: float) -> Point:
        return (across, along) if down else (along, across)

    boxes = []
    for i, layer in enumerate(layers):
        x, y = at(_MARGIN + layer * pitch, middle[i, -1] - size / 2)
        boxes.append((x, y))
    drawn = []
    out, into = _ports(wires, layers, middle, size)
    for number, (part, whole, slot) in enumerate(wires):
        points = [at(_MARGIN + layers[part] * pitch + thick, out[number])]
        for layer in range(layers[part] + 1, layers[whole]):
            along = _MARGIN + layer * pitch
            points += [at(along, middle[number, layer]), at(along + thick, middle[number, layer])]
        points.append(at(_MARGIN + layers[whole] * pitch, into[number]))
        drawn.append(Wire(part, whole, slot, tuple(points)))
    far = max(value + (size if item[1] < 0 else _PASSING) / 2 for item, value in middle.items()) + _MARGIN
    long = 2 * _MARGIN + pitch * (max(layers, default=0) + 1) - between
    width, height = at(long, far)
    return Layout(width, height, down, tuple(boxes), tuple(drawn))


def _rows(wires: Sequence[tuple[int, int, int]], layers: list[int]) -> tuple[list[list[Item]], list[tuple[Item, Item]]]:
    """The items of each layer (nodes and passing wires), and the links between neighbouring layers."""
    rows: list[list[Item]] = [[] for _ in range(max(layers, default=0) + 1)]
    for node, layer in enumerate(layers):
        rows[layer].append((node, -1))
    links = []
    for number, (part, whole, _slot) in enumerate(wires):
        item: Item = (part, -1)
        for layer in range(layers[part] + 1, layers[whole]):
            rows[layer].append((number, layer))
            links.append((item, (number, layer)))
            item = (number, layer)
        links.append((item, (whole, -1)))
    return rows, links


def _neighbours(links: Sequence[tuple[Item, Item]]) -> tuple[dict[Item, list[Item]], dict[Item, list[Item]]]:
    before: dict[Item, list[Item]] = {}
    after: dict[Item, list[Item]] = {}
    for a, b in links:
        before.setdefault(b, []).append(a)
        after.setdefault(a, []).append(b)
    return before, after


def _ordered(rows: list[list[Item]], links: list[tuple[Item, Item]]) -> list[list[Item]]:
    """Sort each layer by the mean place of its neighbours, in several sweeps, and keep the best order."""
    before, after = _neighbours(links)
    best, fewest = rows, _crossings(rows, links)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        rows = [list(row) for row in rows]
        forward = sweep % 2 == 0
        order = range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1)
        for layer in order:
            near = before if forward else after
            places = {item: i for i, item in enumerate(rows[layer - 1 if forward else layer + 1])}
            wanted = {item: _mean([places[n] for n in near.get(item, ())], i) for i, item in enumerate(rows[layer])}
            rows[layer].sort(key=wanted.__getitem__)
        found = _crossings(rows, links)
        if found < fewest:
            best, fewest = rows, found
    return best


def _crossings(rows: list[list[Item]], links: Sequence[tuple[Item, Item]]) -> int:
    layer = {item: i for i, row in enumerate(rows) for item in row}
    place = {item: i for row in rows for i, item in enumerate(row)}
    gaps: list[list[tuple[int, int]]] = [[] for _ in rows]
    for a, b in links:
        gaps[layer[a]].append((place[a], place[b]))
    return sum(
        (a - c) * (b - d) < 0 for gap in gaps for i, (a, b) in enumerate(gap) for c, d in gap[i + 1 :]
    )  # fmt: skip


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _middles(rows: list[list[Item]], links: list[tuple[Item, Item]], size: float, gap: float) -> dict[Item, float]:
    """The middle of every item across its layer, near the mean of its neighbours and clear of other items."""
    before, after = _neighbours(links)
    middle: dict[Item, float] = {}
    for row in rows:
        for i, item in enumerate(row):
            middle[item] = i * (size + gap)
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_mean([middle[n] for n in (*before.get(i, ()), *after.get(i, ()))], middle[i]) for i in row]
            sizes = [size if layer < 0 else _PASSING for _, layer in row]
            middle.update(zip(row, _apart(wanted, sizes, gap), strict=True))
    first = min(value - (size if item[1] < 0 else _PASSING) / 2 for item, value in middle.items())
    return {item: value - first + _MARGIN for item, value in middle.items()}


def _apart(wanted: Sequence[float], sizes: Sequence[float], gap: float) -> list[float]:
    """The places nearest to the wanted ones, in the same order, without overlap. Items that touch are centred together
    on the mean of what they want."""
    offsets = [0.0]
    for a, b in pairwise(sizes):
        offsets.append(offsets[-1] + (a + b) / 2 + gap)
    groups: list[tuple[float, int]] = []  # mean of place − offset, and how many items share it
    for place, offset in zip(wanted, offsets, strict=True):
        mean, count = place - offset, 1
        while groups and groups[-1][0] >= mean:
            other, n = groups.pop()
            mean, count = (mean * count + other * n) / (count + n), count + n
        groups.append((mean, count))
    means = [mean for mean, count in groups for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _ports(
    wires: Sequence[tuple[int, int, int]], layers: list[int], middle: dict[Item, float], size: float
) -> tuple[dict[int, float], dict[int, float]]:
    """Where each wire leaves and enters a box, along its side, in the order in which the wires go on."""
    out: dict[int, list[int]] = {}
    into: dict[int, list[int]] = {}
    for number, (part, whole, _slot) in enumerate(wires):
        out.setdefault(part, []).append(number)
        into.setdefault(whole, []).append(number)

    def neighbour(number: int, layer: int) -> float:
        """Where the wire is in the layer next to one of its ends."""
        part, whole, _slot = wires[number]
        if layers[part] < layer < layers[whole]:
            return middle[number, layer]
        return middle[part if layer <= layers[part] else whole, -1]

    goes_out, comes_in = {}, {}
    for part, numbers in out.items():
        numbers.sort(key=lambda number: neighbour(number, layers[wires[number][0]] + 1))
        goes_out.update(zip(numbers, _spread(middle[part, -1], len(numbers), 0.2 * size, 0.6 * size), strict=True))
    for whole, numbers in into.items():
        numbers.sort(key=lambda number: neighbour(number, layers[wires[number][1]] - 1))
        comes_in.update(zip(numbers, _spread(middle[whole, -1], len(numbers), 0.56 * size, 0.56 * size), strict=True))
    return goes_out, comes_in


def _spread(middle: float, count: int, step: float, room: float) -> list[float]:
    """`count` places around a middle, `step` apart, or closer if `room` is too small."""
    step = min(step, room / max(count - 1, 1))
    return [middle + (i - (count - 1) / 2) * step for i in range(count)]
