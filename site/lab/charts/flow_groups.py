"""The groups of parts that the drawing of the forward pass is put together from: each knows its own
size, where it is entered and where it is left, and nothing of where it will stand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor
from typing import NamedTuple

BAR = 30  # height of a strip
NAME = 26  # above a matrix: its name and shape
PILL = 24  # a target must be no smaller


class Plan(NamedTuple):
    """The five sizes that the drawing follows from."""

    vocab: int
    positions: int
    layers: int
    width: int
    heads: int


class Box(NamedTuple):
    key: str
    x: float
    y: float
    w: float
    h: float
    kind: str  # matrix, heads, op or add
    name: str
    shape: str = ""


class Strip(NamedTuple):
    key: str
    x: float
    y: float
    h: float
    n: int
    pitch: float
    label: str = ""
    kind: str = "signed"  # or shares, scaled to their greatest, or head, scaled to 1
    lettered: bool = False
    counted: bool = False  # say how many of its numbers are not 0


@dataclass(eq=False)
class Group:
    """Parts that stay together, placed relative to their own corner."""

    w: float = 0
    h: float = 0
    boxes: list[Box] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)
    wires: list[list[tuple[float, float]]] = field(default_factory=list)
    enter: tuple[float, float] = (0, 0)
    leave: tuple[float, float] = (0, 0)


class Maker:
    """Makes the groups of one plan, at so many drawing units a row or column."""

    def __init__(self, plan: Plan, unit: float) -> None:
        self.plan, self.unit = plan, unit

    def matrix(self, key: str, name: str, rows: int, columns: int) -> Callable:
        def place(group: Group, y: float) -> float:
            w, h = columns * self.unit, rows * self.unit
            group.boxes.append(Box(key, 0, y + NAME, w, h, "matrix", name, f"{rows}×{columns}"))
            group.w = max(group.w, w, 46)
            group.enter = group.enter if y else (0, NAME + h / 2)
            group.leave = (w, y + NAME + h / 2)
            return y + NAME + h

        return place

    def pill(self, key: str, name: str) -> Callable:
        def place(group: Group, y: float) -> float:
            group.boxes.append(Box(key, 0, y + NAME, 64, PILL, "op", name))
            group.w = max(group.w, 64)
            group.enter = (0, y + NAME + PILL / 2)
            group.leave = (64, y + NAME + PILL / 2)
            return y + NAME + PILL

        return place

    def strip(self, key: str, label: str, n: int | None = None, counted: bool = False) -> Callable:
        def place(group: Group, y: float) -> float:
            n_ = self.plan.width if n is None else n
            w = n_ * self.unit
            group.wires.append([(min(w, 24) / 2, y), (min(w, 24) / 2, y + 6)])
            group.strips.append(Strip(key, 0, y + 16, BAR, n_, self.unit, label, counted=counted))
            group.w = max(group.w, w)
            group.leave = (w, y + 16 + BAR / 2)
            return y + 16 + BAR

        return place

    def column(self, *parts: Callable) -> Group:
        group, y = Group(), 0.0
        for part in parts:
            y = part(group, y)
        group.h = y
        return group

    def side_by_side(self, columns: list[Group], shared: bool) -> Group:
        """Columns whose results are collected below; with `shared`, what comes in is shared out to
        all of them from above."""
        whole, x, taps = Group(), 0.0, []
        bottom = max(column.h for column in columns) + 7
        for column in columns:
            whole.boxes += [box._replace(x=x + box.x) for box in column.boxes]
            whole.strips += [strip._replace(x=x + strip.x) for strip in column.strips]
            whole.wires += [[(x + a, b) for a, b in wire] for wire in column.wires]
            taps.append(x + column.boxes[0].w - 5)
            whole.wires.append([(taps[-1], column.h), (taps[-1], bottom)])
            if shared:
                whole.wires.append([(taps[-1], -2), (taps[-1], NAME)])
            x += column.w + 12
        whole.w, whole.h = x - 12, bottom
        whole.wires.append([(taps[0], bottom), (whole.w, bottom)])
        if shared:
            whole.wires.append([(-13, -2), (taps[-1], -2)])
        whole.enter, whole.leave = (-13, -2), (whole.w, bottom)
        return whole

    def rows(self) -> Group:
        """The two tables, each with the row that is looked up in it."""
        tables = (("wte", self.plan.vocab, "token"), ("wpe", self.plan.positions, "position"))
        columns = [
            self.column(self.matrix(name, name, rows, self.plan.width), self.strip(strip, "its row"))
            for name, rows, strip in tables
        ]
        return self.side_by_side(columns, shared=False)

    def looks(self, at: str) -> Group:
        """wq, wk and wv: one vector in, three out."""
        c = self.plan.width
        columns = [
            self.column(self.matrix(f"{at}attn_w{name}", f"w{name}", c, c), self.strip(at + name, name))
            for name in "qkv"
        ]
        return self.side_by_side(columns, shared=True)

    def heads(self, at: str) -> Group:
        """The heads: one row of bars each, over the positions; under them what they bring together."""
        plan, group = self.plan, Group()
        pitch = max(2.0, min(7.0, floor(2 * 144 / plan.positions) / 2))
        row = max(8.0, min(20.0, floor(112 / plan.heads)))
        inner = plan.positions * pitch
        box = Box(
            at + "heads",
            0,
            NAME,
            inner + 12,
            plan.heads * row + 24,
            "heads",
            "heads" if plan.heads > 1 else "head",
        )
        group.boxes.append(box)
        for h in range(plan.heads):
            last = h == plan.heads - 1
            y = NAME + 6 + h * row
            group.strips.append(Strip(f"{at}head{h}", 6, y, row - 3, plan.positions, pitch, "", "head", last))
        group.enter = (0, NAME + box.h / 2)
        group.w = box.w
        group.h = self.strip(at + "mixed", "mixed")(group, NAME + box.h)
        return group

    def chances(self, room: float) -> Group:
        """The scores, and under them the chances that softmax makes of them."""
        n = self.plan.vocab
        pitch = max(1.0, min(10.0, floor(2 * room / n) / 2))
        return Group(
            w=n * pitch,
            h=178,
            boxes=[Box("softmax", 0, 60, 64, PILL, "op", "softmax")],
            strips=[
                Strip("logits", 0, 14, BAR + 8, n, pitch, "logits"),
                Strip("chances", 0, 100, BAR + 14, n, pitch, "chances", "shares", lettered=True),
            ],
            wires=[[(32, 53), (32, 60)], [(32, 84), (32, 92)]],
            enter=(0, 14 + BAR / 2),
            leave=(n * pitch, 120),
        )
