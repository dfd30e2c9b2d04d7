"""What the drawing of the forward pass is made of: a plan of stages and pieces, and the groups of boxes and
strips that stand for the pieces. A group knows its own size, where it is entered and where it is left, and
nothing of where it will stand."""

from dataclasses import dataclass, field
from math import floor
from typing import NamedTuple

BAR = 30  # height of a strip
NAME = 26  # above a matrix: its name and shape
PILL = 24  # a target must be no smaller
NARROWEST = 46  # column with a matrix: room for its name
BETWEEN = 12  # columns of a fork


class Matrix(NamedTuple):
    """A box to scale."""

    key: str
    name: str
    rows: int
    columns: int


class Pill(NamedTuple):
    """A box for what has no matrix."""

    key: str
    name: str


class Vector(NamedTuple):
    """A strip of `n` bars; without a label there is only the strip."""

    key: str
    label: str
    n: int
    counted: bool = False  # say how many of its numbers are not 0


Column = tuple[Matrix | Pill | Vector, ...]  # one below another


class Fork(NamedTuple):
    """Columns side by side, whose results are collected below."""

    columns: tuple[Column, ...]
    shared: bool = False  # what comes in is shared out to all of them from above


class Heads(NamedTuple):
    """A box with a row of bars for each head, and under it what they bring together."""

    key: str
    name: str
    rows: tuple[str, ...]  # the vector of each head
    positions: int  # for each of which a head has a bar
    together: Vector


class Answer(NamedTuple):
    """The scores, and under them the chances that are made of them."""

    pill: Pill
    scores: Vector
    chances: Vector


Piece = Column | Fork | Heads | Answer


class Join(NamedTuple):
    """Where a stage is added to the residual path, and what the sum is now."""

    key: str
    total: Vector


class Stage(NamedTuple):
    """Pieces that follow one another; without a join, the last one's result goes on alone."""

    title: str
    pieces: tuple[Piece, ...]
    join: Join | None = None


class Plan(NamedTuple):
    """What is to be drawn."""

    entrance: Stage
    layers: tuple[tuple[Stage, ...], ...]
    exit: Stage


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
    tips: list[tuple[float, float]] = field(default_factory=list)  # of wires that come down on a box
    enter: tuple[float, float] = (0, 0)
    shared: bool = False  # what comes in is handed on to several boxes: the arrows are theirs
    leave: tuple[float, float] = (0, 0)


class Maker:
    """Makes the group of each piece, at so many drawing units a row or column of a matrix."""

    def __init__(self, unit: float, room: float) -> None:
        self.unit = unit
        self.room = room  # for the answers

    def group(self, piece: Piece) -> Group:
        match piece:
            case Fork():
                return self._fork(piece)
            case Heads():
                return self._heads(piece)
            case Answer():
                return self._answer(piece)
            case _:
                return self._column(piece)

    def _column(self, column: Column) -> Group:
        place = {Matrix: self._matrix, Pill: self._pill, Vector: self._strip}
        group, y = Group(), 0.0
        for element in column:
            y = place[type(element)](element, group, y)
        group.h = y
        return group

    def _matrix(self, matrix: Matrix, group: Group, y: float) -> float:
        w, h = matrix.columns * self.unit, matrix.rows * self.unit
        shape = f"{matrix.rows}×{matrix.columns}"
        group.boxes.append(Box(matrix.key, 0, y + NAME, w, h, "matrix", matrix.name, shape))
        group.w = max(group.w, w, NARROWEST)
        group.enter = group.enter if y else (0, NAME + h / 2)
        group.leave = (w, y + NAME + h / 2)
        return y + NAME + h

    def _pill(self, pill: Pill, group: Group, y: float) -> float:
        group.boxes.append(Box(pill.key, 0, y + NAME, 64, PILL, "op", pill.name))
        group.w = max(group.w, 64)
        group.enter = (0, y + NAME + PILL / 2)
        group.leave = (64, y + NAME + PILL / 2)
        return y + NAME + PILL

    def _strip(self, vector: Vector, group: Group, y: float) -> float:
        w = vector.n * self.unit
        group.wires.append([(min(w, 24) / 2, y), (min(w, 24) / 2, y + 6)])
        strip = Strip(vector.key, 0, y + 16, BAR, vector.n, self.unit, vector.label, counted=vector.counted)
        group.strips.append(strip)
        group.w = max(group.w, w)
        group.leave = (w, y + 16 + BAR / 2)
        return y + 16 + BAR

    def _fork(self, fork: Fork) -> Group:
        columns = [self._column(column) for column in fork.columns]
        whole, x, taps = Group(), 0.0, []
        bottom = max(column.h for column in columns) + 7
        for column in columns:
            whole.boxes += [box._replace(x=x + box.x) for box in column.boxes]
            whole.strips += [strip._replace(x=x + strip.x) for strip in column.strips]
            whole.wires += [[(x + a, b) for a, b in wire] for wire in column.wires]
            taps.append(x + column.boxes[0].w - 5)
            whole.wires.append([(taps[-1], column.h), (taps[-1], bottom)])
            if fork.shared:
                whole.wires.append([(taps[-1], -2), (taps[-1], NAME)])
                whole.tips.append((taps[-1], NAME))
            x += column.w + BETWEEN
        whole.w, whole.h = x - BETWEEN, bottom
        whole.wires.append([(taps[0], bottom), (whole.w, bottom)])
        if fork.shared:
            whole.wires.append([(-13, -2), (taps[-1], -2)])
            whole.shared = True
        whole.enter, whole.leave = (-13, -2), (whole.w, bottom)
        return whole

    def _heads(self, heads: Heads) -> Group:
        group, count = Group(), len(heads.rows)
        pitch = max(2.0, min(7.0, floor(2 * 144 / heads.positions) / 2))
        row = max(8.0, min(20.0, floor(112 / count)))
        inner = heads.positions * pitch
        box = Box(heads.key, 0, NAME, inner + 12, count * row + 24, "heads", heads.name)
        group.boxes.append(box)
        for h, key in enumerate(heads.rows):
            last = h == count - 1
            y = NAME + 6 + h * row
            group.strips.append(Strip(key, 6, y, row - 3, heads.positions, pitch, "", "head", last))
        group.enter = (0, NAME + box.h / 2)
        group.w = box.w
        group.h = self._strip(heads.together, group, NAME + box.h)
        return group

    def _answer(self, answer: Answer) -> Group:
        scores, chances = answer.scores, answer.chances
        n = scores.n
        pitch = max(1.0, min(10.0, floor(2 * self.room / n) / 2))
        return Group(
            w=n * pitch,
            h=178,
            boxes=[Box(answer.pill.key, 0, 60, 64, PILL, "op", answer.pill.name)],
            strips=[
                Strip(scores.key, 0, 14, BAR + 8, n, pitch, scores.label),
                Strip(chances.key, 0, 100, BAR + 14, n, pitch, chances.label, "shares", lettered=True),
            ],
            wires=[[(32, 53), (32, 60)], [(32, 84), (32, 92)]],
            enter=(0, 14 + BAR / 2),
            leave=(n * pitch, 120),
        )
