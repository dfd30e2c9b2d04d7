"""Where everything in the drawing of the forward pass goes.

Stages follow each other from top to bottom along the spine, the residual path. A stage leaves the
spine, runs through its groups from left to right, in as many lines as the width asks for, and comes
back to be added. So one layout serves a telephone and a printed page.
"""

from dataclasses import dataclass, field
from math import ceil, floor

from . import svg as draw
from .flow_groups import (
    BAR,
    BETWEEN,
    NARROWEST,
    Answer,
    Box,
    Column,
    Fork,
    Group,
    Heads,
    Join,
    Maker,
    Matrix,
    Plan,
    Stage,
    Strip,
)

SPINE = 18  # x of the residual path
LEFT = 48  # where groups begin
GAP = 22  # between groups, and between lines
_WIDEST = 288  # room for the widest matrix


@dataclass(eq=False)
class Flow:
    """A finished layout, in drawing units. A matrix takes `unit` for each row and column."""

    width: float
    unit: float
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)
    wires: list[str] = field(default_factory=list)
    tips: list[str] = field(default_factory=list)
    texts: list[tuple[float, float, str, str]] = field(default_factory=list)
    blocks: list[tuple[float, float, float, float]] = field(default_factory=list)
    spine: str = ""

    @property
    def stride(self) -> int:
        """Of how many rows or columns one is shown: below a drawing unit apiece there is no room for all."""
        return ceil(1 / self.unit)

    @property
    def pixel(self) -> float:
        """Drawing units a pixel of the weights."""
        return self.unit * self.stride


def unit_for(plan: Plan, width: float) -> float:
    """Drawing units a row or column: the most that lets the widest matrix and the widest fork fit.
    A quarter at least; beyond that the drawing would say nothing."""
    room = width - LEFT - 8
    stages = [plan.entrance, *(stage for layer in plan.layers for stage in layer), plan.exit]
    pieces = [piece for stage in stages for piece in stage.pieces]
    forks = [[_widest(column) for column in piece.columns] for piece in pieces if isinstance(piece, Fork)]
    widest = max([_widest(piece) for piece in pieces if not isinstance(piece, Fork | Heads | Answer)])
    for halves in range(12, 0, -1):
        unit = halves / 2
        forked = max(sum(max(c * unit, NARROWEST) for c in fork) + BETWEEN * (len(fork) - 1) for fork in forks)
        if widest * unit <= min(_WIDEST, room) and forked <= max(room, 162):
            return unit
    return 0.25


def _widest(column: Column) -> int:
    """Columns of its widest matrix."""
    return max((element.columns for element in column if isinstance(element, Matrix)), default=0)


def layout(plan: Plan, width: float) -> Flow:
    """The drawing for a width of at least 200 drawing units. Raises ValueError for less."""
    if not width >= 200:
        raise ValueError(f"the forward pass needs a width of at least 200, got {width!r}")
    unit = unit_for(plan, width)
    flow = Flow(width, unit)
    flow.width = floor(width / flow.pixel) * flow.pixel
    return _Drawing(plan, flow).drawn()


class _Drawing:
    def __init__(self, plan: Plan, flow: Flow) -> None:
        self.plan, self.flow, self.y = plan, flow, 0.0
        self.make = Maker(flow.unit, flow.width - LEFT - 8)

    def drawn(self) -> Flow:
        plan = self.plan
        self._title(plan.entrance.title, 16)
        self._stage(plan.entrance, from_spine=False)
        top = self.y
        self._elbow_to_spine(top)
        self.y += 14
        for stages in plan.layers:
            self._layer(stages)
        self._title(plan.exit.title, 10)
        self._stage(plan.exit)
        self.flow.spine = f"M{SPINE} {draw.num(top + 10)}V{draw.num(self._spine_end)}"
        self.flow.height = self._snap(self._end + 12)
        return self.flow

    def _layer(self, stages: tuple[Stage, ...]) -> None:
        top = self.y
        for i, stage in enumerate(stages):
            self._title(stage.title, 16 if i else 18)
            self.y += 0 if i else 6
            self._stage(stage)
            if stage.join:
                self._add(stage.join)
            else:
                self._elbow_to_spine(self._end)
        if stages:
            self.flow.blocks.append((4, top, self.flow.width - 8, self.y - top - 2))
            self.y += 14

    # Placing

    def _snap(self, value: float) -> float:
        """Up to a whole number of pixels, so that every weight falls on one."""
        return -(-value // self.flow.pixel) * self.flow.pixel

    def _title(self, text: str, above: float) -> None:
        self.y += above
        self.flow.texts.append((LEFT - 10, self.y, text, "flow-title"))
        self.y += 4

    def _stage(self, stage: Stage, from_spine: bool = True) -> None:
        """Places groups line by line; leaves `_end`, the bottom, and `_out`, where the last one ends."""
        x, y, low = LEFT, self.y, self.y
        before = None
        for group in map(self.make.group, stage.pieces):
            wrapped = before is not None and x + group.w > self.flow.width - 6
            if wrapped:
                x, y = LEFT, low + GAP - 8
            px, py = self._put(group, x, y)
            enter = (px + group.enter[0], py + group.enter[1])
            if before is None:
                if from_spine:
                    self._wire([(SPINE, enter[1]), enter], tip=not group.shared)
                    self._spine_end = enter[1]
            elif wrapped:
                turn = low + 5
                self._wire([before, (before[0] + 6, before[1]), (before[0] + 6, turn), (LEFT - 12, turn),
                            (LEFT - 12, enter[1]), enter], tip=not group.shared)  # fmt: skip
            else:
                self._wire([before, (px - 13, before[1]), (px - 13, enter[1]), enter], tip=not group.shared)
            before = (px + group.leave[0], py + group.leave[1])
            low = max(low, py + group.h)
            x = px + group.w + GAP
        self._end, self._out = low, before
        self.y = low

    def _put(self, group: Group, x: float, y: float) -> tuple[float, float]:
        """Place a group, its first matrix on whole pixels; where its corner is now."""
        x, y, flow = self._snap(x), y, self.flow
        for box in group.boxes:
            place = (self._snap(x + box.x), self._snap(y + box.y)) if box.kind == "matrix" else (x + box.x, y + box.y)
            flow.boxes.append(box._replace(x=place[0], y=place[1]))
        flow.strips += [strip._replace(x=self._snap(x + strip.x), y=y + strip.y) for strip in group.strips]
        for wire in group.wires:
            flow.wires.append(_line([(x + a, y + b) for a, b in wire]))
        flow.tips += [f"M{draw.num(x + a)} {draw.num(y + b)}l-3 -6h6z" for a, b in group.tips]
        return x, y

    def _add(self, join: Join) -> None:
        """Back to the spine, where the stage's result is added, and what the sum is now."""
        y = self._end + 22
        self._back(y, SPINE + 12)
        self.flow.boxes.append(Box(join.key, SPINE - 12, y - 12, 24, 24, "add", "+"))
        key, label, n, _ = join.total
        self.flow.strips.append(Strip(key, self._snap(LEFT), y + 16, BAR, n, self.flow.unit, label))
        self._wire([(SPINE, y + 16 + BAR / 2), (LEFT - 4, y + 16 + BAR / 2)])
        self.y = y + 16 + BAR + 8

    def _elbow_to_spine(self, top: float) -> None:
        self._back(top + 10, SPINE)
        self.y = top + 12

    def _back(self, y: float, x: float) -> None:
        out = self._out
        self._wire([out, (out[0] + 6, out[1]), (out[0] + 6, y), (x, y)])

    def _wire(self, points: list[tuple[float, float]], tip: bool = True) -> None:
        """A line, with a tip at its end if that is a box."""
        self.flow.wires.append(_line(points))
        if not tip:
            return
        (x, y), side = points[-1], -1 if points[-2][0] > points[-1][0] else 1
        n = draw.num
        self.flow.tips.append(f"M{n(x)} {n(y)}l{-6 * side} -3v6z")


def _line(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{draw.num(x)} {draw.num(y)}" for x, y in points)
