"""A graph of calculations: each value in a box, with what it was made from, and its gradient.

Plain numbers in, a drawing, a table and words out. It shows one moment: what has been computed, which
gradients have arrived, and whose turn it is. The sign of a gradient is a plus or a minus and an arrow
up or down; its colour only says it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from . import svg as draw
from .format import MINUS, MISSING, short
from .graph_layout import BOX_H, BOX_W, Layout, Wire, layout
from .table import table as table_markup

LIMIT = 48  # boxes that can still be taken in at once
_FITS = 13  # characters of a label
_SIDE = 6  # room at the sides of a box


@dataclass(frozen=True)
class Node:
    """`label` is what it stands for, and `op` how it was made, "" if it was put in by hand. `made_from`
    are places in the list of nodes, all before its own, and `local` its slope towards each of them."""

    label: str
    value: float
    op: str = ""
    made_from: tuple[int, ...] = ()
    local: tuple[float, ...] = ()
    fixed: bool = False  # a plain number, which nobody will ever change


@dataclass(frozen=True)
class Graph:
    """The nodes, parts before what is made of them, the result last; and a moment of their life.

    `computed`: how many of them have a value by now (None: all). `grads`: of each, by now; None where
    nothing has arrived. `complete`: those whose gradient will not change any more. `current` has its turn,
    forward or `backward`. No more than `limit` are drawn, those nearest to the result; the rest is counted.
    Raises ValueError for what does not fit together.
    """

    nodes: tuple[Node, ...]
    computed: int | None = None
    grads: tuple[float | None, ...] | None = None
    complete: frozenset[int] = frozenset()
    current: int | None = None
    backward: bool = False
    limit: int = LIMIT

    def __post_init__(self) -> None:
        for i, node in enumerate(self.nodes):
            if len(node.made_from) != len(node.local):
                raise ValueError(f"node {i} has {len(node.made_from)} parts and {len(node.local)} slopes")
            if any(not 0 <= part < i for part in node.made_from):
                raise ValueError(f"node {i} is made from {node.made_from}, and parts must come before it")
        if not self.nodes or self.limit < 1:
            raise ValueError("there is no node to draw")
        if self.grads is not None and len(self.grads) != len(self.nodes):
            raise ValueError(f"{len(self.grads)} gradients for {len(self.nodes)} nodes")
        if self.current is not None and not 0 <= self.current < len(self.nodes):
            raise ValueError(f"there is no node {self.current}")

    def has_value(self, i: int) -> bool:
        return self.computed is None or i < self.computed

    def grad(self, i: int) -> float | None:
        return None if self.grads is None else self.grads[i]

    def arranged(self, width: float) -> tuple[list[int], Layout]:
        """The nodes that are drawn, and their layout. Raises ValueError for a width below 120."""
        draw.check_width(width)
        shown = kept(self)
        place = {node: i for i, node in enumerate(shown)}
        parts = tuple(tuple(place[part] for part in self.nodes[i].made_from if part in place) for i in shown)
        return shown, layout(parts, width)

    def svg(self, width: float, label: str | None = None) -> str:
        """The drawing. It keeps its own size, and may be wider than `width`: what holds it scrolls."""
        shown, found = self.arranged(width)
        wires = _wires(self, shown, found)
        boxes = [_box(self, i, x, y) for i, (x, y) in zip(shown, found.boxes, strict=True)]
        role = 'aria-hidden="true"' if label is None else f'role="img" aria-label="{escape(label)}"'
        w, h = draw.num(found.width), draw.num(found.height)
        size = f'viewBox="0 0 {w} {h}" width="{found.width / 16:.2f}rem" height="{found.height / 16:.2f}rem"'
        return "\n".join([f'<svg class="graph-svg" {size} {role}>', *wires, *boxes, "</svg>"])

    def summary(self) -> str:
        """How many values there are, and whose turn it is."""
        values = f"{len(self.nodes):,} values" if len(self.nodes) > 1 else "One value"
        i = len(self.nodes) - 1 if self.current is None else self.current
        return f"{values}. {_words(self, i)}."

    def left_out(self) -> str:
        """How many are not drawn; "" if all are."""
        missing = len(self.nodes) - len(kept(self))
        return f"{missing:,} more values that these were made from are not drawn." if missing else ""

    def table(self) -> str:
        """A row for each node that is drawn."""
        rows = []
        for i in kept(self):
            node, grad = self.nodes[i], self.grad(i)
            made = ", ".join(self.nodes[part].label or f"value {part + 1}" for part in node.made_from)
            gradient = MISSING if grad is None else short(grad) if i in self.complete else f"{short(grad)} so far"
            rows.append(
                [
                    node.label or f"value {i + 1}",
                    made or ("a plain number" if node.fixed else "put in"),
                    short(node.value) if self.has_value(i) else MISSING,
                    gradient,
                ]
            )
        missing = self.left_out()
        caption = "The values, in the order in which they are computed"
        return table_markup(
            f"{caption}. {missing}" if missing else caption, ["value of", "made from", "value", "gradient"], rows
        )


def kept(graph: Graph) -> list[int]:
    """The nodes that are drawn: all, or those that fewest steps part from the result."""
    found = [len(graph.nodes) - 1]
    seen = set(found)
    for i in found:  # grows while it is gone through
        for part in graph.nodes[i].made_from:
            if part not in seen and len(found) < graph.limit:
                seen.add(part)
                found.append(part)
    return sorted(found)


# Boxes


def _box(graph: Graph, i: int, x: float, y: float) -> str:
    node, grad = graph.nodes[i], graph.grad(i)
    there = graph.has_value(i)
    kind = "fixed" if node.fixed else "made" if node.made_from else "input"
    states = [kind, *(name for name, on in (("faint", not there), ("now", i == graph.current)) if on)]
    left, right = x + _SIDE, x + BOX_W - _SIDE
    radius = 12 if kind == "input" else 3
    n = draw.num
    parts = [
        f"<title>{escape(_words(graph, i))}</title>",
        f'<rect class="box" x="{n(x)}" y="{n(y)}" width="{n(BOX_W)}" height="{n(BOX_H)}" rx="{radius}"/>',
        draw.text(x + BOX_W / 2, y + 17, heading(node), "name mid"),
    ]
    if there:
        parts += [draw.text(left, y + 36, "value", "what"), draw.text(right, y + 36, brief(node.value), "num end")]
    if grad is not None:
        sign = "up" if grad > 0 else "down" if grad < 0 else "none"
        what = "grad" if i in graph.complete else "so far"
        parts += [
            draw.text(left, y + 53, what, "what"),
            draw.text(right, y + 53, grad_text(grad), f"num end {sign}"),
        ]
    return f'<g class="graph-node {" ".join(states)}">{"".join(parts)}</g>'


def brief(value: float) -> str:
    """Three significant digits in eight characters at most: there is no room for more."""
    text = short(value, 3)
    if len(text) <= 8:
        return text
    mantissa, power = f"{value:.2e}".replace("-", MINUS).split("e")
    return f"{mantissa}e{int(power.replace(MINUS, '-'))}"


def grad_text(grad: float) -> str:
    """With its sign, and an arrow: 4 → "▲+4"."""
    return f"▲+{brief(grad)}" if grad > 0 else f"▼{brief(grad)}" if grad < 0 else brief(grad)


def heading(node: Node) -> str:
    """The label, if there is room for it; else how the value was made: "… × …"."""
    if node.label and len(node.label) <= _FITS:
        return node.label
    op = node.op.replace("-", "−")
    if not op:
        return node.label[: _FITS - 1] + "…" if node.label else short(node.value)
    if len(node.made_from) > 1:
        return f"… {op} …"
    return f"(…){op}" if op.startswith("^") else f"{op}(…)"


# Wires


def _wires(graph: Graph, shown: Sequence[int], found: Layout) -> list[str]:
    """Each wire, its tip where something goes along it right now, and the slope that belongs to it."""
    drawn = []
    for wire in found.wires:
        whole = shown[wire.whole]
        turn, there = whole == graph.current, graph.has_value(whole)
        parts = [draw.path(_curve(wire, found.down), f"wire{' now' if turn else '' if there else ' faint'}")]
        if turn:
            parts.append(draw.path(_tip(wire, found.down, graph.backward), "tip"))
        if there and len(graph.nodes[whole].local) <= 2:  # more are a sum: each slope is 1, and there is no room
            texts = [f"×{brief(local)}" for local in graph.nodes[whole].local]
            x, y, anchor = _slope_place(found, wire, max(map(len, texts)))
            css = f"slope {anchor}{' now' if turn and graph.backward else ''}"
            parts.append(draw.text(x, y, texts[_slot(graph, shown, wire)], css))
        drawn.append(f'<g data-from="{shown[wire.part]}" data-to="{whole}">{"".join(parts)}</g>')
    return drawn


def _slot(graph: Graph, shown: Sequence[int], wire: Wire) -> int:
    """Which of the parts it is, those counted that are not drawn."""
    slots = [slot for slot, part in enumerate(graph.nodes[shown[wire.whole]].made_from) if part in shown]
    return slots[wire.slot]


def _curve(wire: Wire, down: bool) -> str:
    n = draw.num
    (x, y), *rest = wire.points
    d = [f"M{n(x)} {n(y)}"]
    for k, (x2, y2) in enumerate(rest):
        if k % 2:  # straight through a layer that is only passed
            d.append(f"L{n(x2)} {n(y2)}")
        elif down:
            bend = (y2 - y) * 0.5
            d.append(f"C{n(x)} {n(y + bend)} {n(x2)} {n(y2 - bend)} {n(x2)} {n(y2)}")
        else:
            bend = (x2 - x) * 0.5
            d.append(f"C{n(x + bend)} {n(y)} {n(x2 - bend)} {n(y2)} {n(x2)} {n(y2)}")
        x, y = x2, y2
    return "".join(d)


def _tip(wire: Wire, down: bool, backward: bool) -> str:
    """A triangle at the end that is reached: what is made, going forward, and the part, going back."""
    x, y = wire.points[0] if backward else wire.points[-1]
    back = 8 if backward else -8
    return f"M{draw.num(x)} {draw.num(y)}" + (f"l-5 {back}h10z" if down else f"l{back} -5v10z")


def _slope_place(found: Layout, wire: Wire, longest: int) -> tuple[float, float, str]:
    """Beside the end of the wire, on the side from which it does not come; `longest` is the number of
    characters of the longest slope at this box. Where two might meet, one is higher up."""
    x, y = wire.points[-1]
    if not found.down:
        return x - 9, y + 14 if wire.points[-2][1] < y - 2 else y - 6, "end"
    left = x < found.boxes[wire.whole][0] + BOX_W / 2 - 1
    if wire.points[-2][0] > x + 2:
        return x - 6, y - 7, "end"
    return x + 6, y - (21 if left and longest > 4 else 7), ""


# Words


def _words(graph: Graph, i: int) -> str:
    """One node in words, as far as it is known by now."""
    node, grad = graph.nodes[i], graph.grad(i)
    text = node.label or node.op or "a number"
    if not graph.has_value(i):
        return f"{text}: not computed yet"
    gradient = "" if grad is None else f", gradient {short(grad)}{'' if i in graph.complete else ' so far'}"
    return f"{text}: value {short(node.value)}{gradient}"
