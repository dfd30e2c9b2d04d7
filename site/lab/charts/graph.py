"""A graph of calculations: a box for each value, with its gradient, joined to the values it was made from.

It shows one moment: which values have been computed, which gradients have arrived, and which node is next. A plus or
minus and an arrow show the sign of a gradient; its colour only repeats it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from . import svg as draw
from .format import MINUS, MISSING, short
from .graph_layout import BOX_H, BOX_W, Layout, Wire, layout
from .table import table as table_markup

LIMIT = 48  # the most boxes that a reader can take in at once
_FITS = 13  # the most characters of a label that a box holds
_SIDE = 6  # room at the sides of a box


@dataclass(frozen=True)
class Node:
    """`label` is the node's name, and `op` its operation, "" for an input. `made_from` are the indices of its parts,
    all below its own, and `local` its derivative with respect to each of them."""

    label: str
    value: float
    op: str = ""
    made_from: tuple[int, ...] = ()
    local: tuple[float, ...] = ()
    fixed: bool = False  # a constant


@dataclass(frozen=True)
class Graph:
    """The nodes at one moment. A node comes after its parts; the last node is the result.

    The first `computed` nodes have a value (None: all have). `grads` holds the gradients so far, None where nothing
    has arrived. The gradients of the `complete` nodes will not change any more. `current` is the node whose turn it
    is, forward or `backward`. At most `limit` nodes are drawn, those nearest to the result; the others are counted.
    Raises ValueError for values that do not fit each other.
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
        """The indices of the nodes that are drawn, and their layout. Raises ValueError for a width below 120."""
        draw.check_width(width)
        shown = kept(self)
        place = {node: i for i, node in enumerate(shown)}
        parts = tuple(tuple(place[part] for part in self.nodes[i].made_from if part in place) for i in shown)
        return shown, layout(parts, width)

    def svg(self, width: float, label: str | None = None) -> str:
        """The drawing as markup. It may be wider than `width`; then the element around it scrolls."""
        shown, found = self.arranged(width)
        wires = _wires(self, shown, found)
        boxes = [_box(self, i, x, y) for i, (x, y) in zip(shown, found.boxes, strict=True)]
        role = 'aria-hidden="true"' if label is None else f'role="img" aria-label="{escape(label)}"'
        w, h = draw.num(found.width), draw.num(found.height)
        size = f'viewBox="0 0 {w} {h}" width="{found.width / 16:.2f}rem" height="{found.height / 16:.2f}rem"'
        return "\n".join([f'<svg class="graph-svg" {size} {role}>', *wires, *boxes, "</svg>"])

    def summary(self) -> str:
        """The number of values, and the node whose turn it is, in words."""
        values = f"{len(self.nodes):,} values" if len(self.nodes) > 1 else "One value"
        i = len(self.nodes) - 1 if self.current is None else self.current
        return f"{values}. {_words(self, i)}."

    def left_out(self) -> str:
        """A sentence that says how many nodes are not drawn; "" if all are."""
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
    """The indices of the nodes that are drawn: all, or those nearest to the result."""
    found = [len(graph.nodes) - 1]
    seen = set(found)
    for i in found:  # the list grows during the loop
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
    """Three significant digits in at most eight characters, for which a box has room."""
    text = short(value, 3)
    if len(text) <= 8:
        return text
    mantissa, power = f"{value:.2e}".replace("-", MINUS).split("e")
    return f"{mantissa}e{int(power.replace(MINUS, '-'))}"


def grad_text(grad: float) -> str:
    """A gradient with its sign and an arrow: 4 → "▲+4"."""
    return f"▲+{brief(grad)}" if grad > 0 else f"▼{brief(grad)}" if grad < 0 else brief(grad)


def heading(node: Node) -> str:
    """The label if it fits, else the operation: "… × …"."""
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
    """Each wire with its derivative, and a tip if a value or gradient passes along it now."""
    drawn = []
    for wire in found.wires:
        whole = shown[wire.whole]
        turn, there = whole == graph.current, graph.has_value(whole)
        parts = [draw.path(_curve(wire, found.down), f"wire{' now' if turn else '' if there else ' faint'}")]
        if turn:
            parts.append(draw.path(_tip(wire, found.down, graph.backward), "tip"))
        if there and len(graph.nodes[whole].local) <= 2:  # more parts make a sum: every derivative is 1
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
        if k % 2:  # straight through a layer
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
    """A triangle at the end of the wire: at the whole when going forward, at the part when going backward."""
    x, y = wire.points[0] if backward else wire.points[-1]
    back = 8 if backward else -8
    return f"M{draw.num(x)} {draw.num(y)}" + (f"l-5 {back}h10z" if down else f"l{back} -5v10z")


def _slope_place(found: Layout, wire: Wire, longest: int) -> tuple[float, float, str]:
    """x, y and anchor of a derivative beside the end of its wire, on the side away from the wire. `longest` is the
    number of characters of the longest derivative at this box. If two of them could meet, one stands higher."""
    x, y = wire.points[-1]
    if not found.down:
        return x - 9, y + 14 if wire.points[-2][1] < y - 2 else y - 6, "end"
    left = x < found.boxes[wire.whole][0] + BOX_W / 2 - 1
    if wire.points[-2][0] > x + 2:
        return x - 6, y - 7, "end"
    return x + 6, y - (21 if left and longest > 4 else 7), ""


# Words


def _words(graph: Graph, i: int) -> str:
    """What is known of one node so far, in words."""
    node, grad = graph.nodes[i], graph.grad(i)
    text = node.label or node.op or "a number"
    if not graph.has_value(i):
        return f"{text}: not computed yet"
    gradient = "" if grad is None else f", gradient {short(grad)}{'' if i in graph.complete else ' so far'}"
    return f"{text}: value {short(node.value)}{gradient}"
