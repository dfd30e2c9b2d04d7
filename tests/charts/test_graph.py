"""Graphs of calculations: where everything goes, what is drawn at a moment, and what is said."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.charts import graph
from lab.charts.format import short
from lab.charts.graph import Graph, Node
from lab.charts.graph_layout import BOX_H, BOX_W, layout
from tests.charts import golden_files

GOLDEN = Path(__file__).parent / "golden_graph"

A, B = Node("a", 2), Node("b", 3)
PRODUCT = Node("a × b", 6, "×", (0, 1), (3, 2))
LESSON = (A, B, PRODUCT, Node("L", 8, "+", (2, 0), (1, 1)))
PIECES = (Node("x", -0.5), Node("", 12345678, "exp", (0,), (0.1234567,)), Node("−1", -1, fixed=True))
ODD = (*PIECES, Node("a label that is too long", -2e-5, "^-1", (1,), (-1e9,)), Node("", 0, "×", (3, 2), (-1, 0)))
SEEN = frozenset({3, 2})

CASES = {
    "forward-first": (Graph(LESSON, computed=1, current=0), 600),
    "forward-product": (Graph(LESSON, computed=3, current=2), 600),
    "backward-product": (Graph(LESSON, grads=(4, 2, 1, 1), complete=SEEN, current=2, backward=True), 600),
    "backward-narrow": (Graph(LESSON, grads=(4, 2, 1, 1), complete=SEEN, current=2, backward=True), 324),
    "odd-numbers-and-labels": (Graph(ODD, grads=(0, -1.5e-7, 3e9, 0.25, 1), complete=frozenset({4})), 900),
    "left-out": (Graph(LESSON, limit=2), 600),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    data, width = CASES[name]
    golden_files.check(GOLDEN, name, data.svg(width, label=name))


def test_no_golden_file_is_left_over() -> None:
    golden_files.check_none_left_over(GOLDEN, CASES)


@pytest.mark.parametrize("name", CASES)
def test_nothing_the_policy_forbids_and_no_number_gone_wrong(name: str) -> None:
    data, width = CASES[name]
    drawn = data.svg(width) + data.table() + data.summary()
    for bad in ("style=", "nan", "inf", "None", "-0"):
        assert bad not in drawn
    assert 'aria-hidden="true"' in data.svg(width)


@pytest.mark.feature("Q3", "S3-3")
def test_the_table_has_a_row_for_each_value_as_far_as_it_is_known() -> None:
    def rows(data: Graph) -> list[list[str]]:
        return [[cell.text for cell in row] for row in ElementTree.fromstring(data.table()).findall("./tbody/tr")]

    assert rows(CASES["forward-product"][0]) == [
        ["a", "put in", "2", "–"],
        ["b", "put in", "3", "–"],
        ["a × b", "a, b", "6", "–"],
        ["L", "a × b, a", "–", "–"],
    ]
    assert [row[3] for row in rows(CASES["backward-product"][0])] == ["4 so far", "2 so far", "1", "1"]


@pytest.mark.feature("S2-6", "S3-3")
def test_what_has_not_been_computed_shows_neither_value_nor_slopes() -> None:
    drawn = CASES["forward-first"][0].svg(600)
    assert drawn.count("graph-node") == 4 and drawn.count(" faint") == 3 + 4  # three boxes, four wires
    assert re.findall(r'class="num end"[^>]*>([^<]*)', drawn) == ["2"]
    assert "×" not in "".join(re.findall(r'class="slope[^>]*>([^<]*)', drawn))
    later = CASES["forward-product"][0].svg(600)
    assert re.findall(r'class="slope[^>]*>([^<]*)', later) == ["×3", "×2"]
    assert re.findall(r'class="num end"[^>]*>([^<]*)', later) == ["2", "3", "6"]


@pytest.mark.feature("S2-6")
def test_the_sign_of_a_gradient_is_told_without_colour() -> None:
    assert graph.grad_text(4) == "▲+4"
    assert graph.grad_text(-0.25) == "▼−0.25"
    assert graph.grad_text(0) == "0"
    drawn = Graph((A,), grads=(-1.0,), complete=frozenset({0})).svg(200)
    assert re.findall(r'class="num end down"[^>]*>([^<]*)', drawn) == ["▼−1"] and ">grad<" in drawn


def test_whose_turn_it_is_is_lit_with_its_wires_and_their_direction() -> None:
    for backward in (False, True):
        data = Graph(LESSON, grads=(4, 2, 1, 1), current=2, backward=backward)
        root = ElementTree.fromstring(data.svg(600))
        lit = [g for g in root.findall("./{*}g[@data-to]") if g.find("./{*}path[@class='tip']") is not None]
        assert [(g.get("data-from"), g.get("data-to")) for g in lit] == [("0", "2"), ("1", "2")]
        (now,) = root.findall("./{*}g[@class='graph-node made now']")
        box = now.find("./{*}rect")
        tip = float(re.match(r"M([\d.]+)", lit[0].find("./{*}path[@class='tip']").get("d"))[1])
        assert (tip == float(box.get("x"))) != backward  # at the product going forward, at a going back


@pytest.mark.parametrize(
    ("node", "heading"),
    [
        (A, "a"),
        (Node("w × x + b − y", 0, "+", (0, 1), (1, 1)), "w × x + b − y"),
        (Node("exp(a) + exp(b)", 0, "+", (0, 1), (1, 1)), "… + …"),
        (Node("relu(w × x + b)", 0, "relu", (0,), (1,)), "relu(…)"),
        (Node("1 ÷ (a + b + c)", 0, "^-1", (0,), (1,)), "(…)^−1"),
        (Node("", 0, "×", (0, 1), (1, 1)), "… × …"),
        (Node("", 2.5), "2.5"),
        (Node("a very long name indeed", 0), "a very long …"),
    ],
)
def test_a_box_is_headed_by_its_label_or_by_how_it_was_made(node: Node, heading: str) -> None:
    assert graph.heading(node) == heading


@pytest.mark.parametrize("value", [0, 8, -0.02661, 1234567, -1234567, 123456.7, 1e-9, -3.14159e20, 99999.5])
def test_a_number_in_a_box_is_short_and_nearly_right(value: float) -> None:
    text = graph.brief(value)
    assert len(text) <= 8
    assert float(text.replace("−", "-").replace(",", "")) == pytest.approx(value, rel=0.005)


def test_short_numbers_have_no_idle_zeros() -> None:
    assert [short(x) for x in (8.0, 0.5, 2 / 3, 100.0, 2e-5, -0.0, 1e9)] == [
        "8",
        "0.5",
        "0.6667",
        "100",
        "2e−5",
        "0",
        "1e9",
    ]


@pytest.mark.parametrize(
    ("nodes", "more", "message"),
    [
        ((), {}, "no node"),
        ((Node("a", 1, "+", (0,), (1,)),), {}, "must come before"),
        ((A, Node("b", 1, "+", (0,), ())), {}, "1 parts and 0 slopes"),
        ((A,), {"grads": (1, 2)}, "2 gradients for 1"),
        ((A,), {"current": 1}, "no node 1"),
    ],
)
def test_what_does_not_fit_together_raises(nodes: tuple[Node, ...], more: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Graph(nodes, **more)
    with pytest.raises(ValueError, match="119"):
        Graph((A,)).svg(119)


def chain(length: int) -> tuple[Node, ...]:
    return (A, *(Node(f"n{i}", i, "+", (i,), (1,)) for i in range(length - 1)))


def test_a_large_graph_shows_what_is_near_the_result_and_says_how_much_it_left_out() -> None:
    data = Graph(chain(1000), current=5)
    assert graph.kept(data) == list(range(1000 - graph.LIMIT, 1000))
    assert data.svg(600).count("graph-node") == graph.LIMIT
    said = f"{1000 - graph.LIMIT} more values that these were made from are not drawn."
    assert data.left_out() == said and said in data.table()
    assert Graph(chain(graph.LIMIT)).left_out() == ""


def test_a_slope_belongs_to_its_own_part_even_if_another_is_left_out() -> None:
    nodes = (A, Node("f", 2, "exp", (0,), (7,)), Node("g", 3, "×", (0, 1), (5, 6)))
    drawn = Graph(nodes, limit=2).svg(600)  # the result, and of its parts the first
    assert re.findall(r'class="slope[^>]*>([^<]*)', drawn) == ["×5"]


graphs = st.lists(st.lists(st.integers(0, 30), max_size=2), min_size=1, max_size=25).map(
    lambda rows: tuple(tuple(part % i for part in row) if i else () for i, row in enumerate(rows))
)


@settings(deadline=None)
@given(graphs, st.sampled_from([324, 1000]))
def test_boxes_never_overlap_and_wires_lead_from_box_to_box(parts: tuple[tuple[int, ...], ...], width: float) -> None:
    found = layout(parts, width)
    assert found.down or found.width <= width
    for i, (x, y) in enumerate(found.boxes):
        assert 0 <= x <= found.width - BOX_W + 1e-6 and 0 <= y <= found.height - BOX_H + 1e-6
        for x2, y2 in found.boxes[:i]:
            assert abs(x - x2) >= BOX_W - 1e-6 or abs(y - y2) >= BOX_H - 1e-6
    assert sorted((wire.whole, wire.slot, wire.part) for wire in found.wires) == [
        (whole, slot, part) for whole, row in enumerate(parts) for slot, part in enumerate(row)
    ]
    for wire in found.wires:
        for (x, y), (px, py), out in (
            (found.boxes[wire.part], wire.points[0], True),
            (found.boxes[wire.whole], wire.points[-1], False),
        ):
            along, side, corner, start = (px, py, x, y + BOX_H * out) if found.down else (py, px, y, x + BOX_W * out)
            assert side == pytest.approx(start)
            assert corner <= along <= corner + (BOX_W if found.down else BOX_H)


@settings(deadline=None)
@given(graphs)
def test_a_wire_passes_no_box_on_its_way(parts: tuple[tuple[int, ...], ...]) -> None:
    found = layout(parts, 10_000)
    for wire in found.wires:
        for (x1, y1), (x2, y2) in zip(wire.points[1:-1:2], wire.points[2:-1:2], strict=True):
            assert y1 == y2  # straight through the layer
            for x, y in found.boxes:
                assert not (x < x2 and x + BOX_W > x1 and y < y1 < y + BOX_H)


def test_a_tree_is_drawn_without_crossings_and_each_part_stands_before_its_whole() -> None:
    parts = ((), (), (0, 1), (), (), (3, 4), (2, 5))
    found = layout(parts, 10_000)
    assert [round(x) for x, _ in found.boxes][:2] == [3, 3] and found.boxes[6][0] > found.boxes[5][0] > 3
    heights = [y for _, y in found.boxes]
    assert heights[0] < heights[1] < heights[3] < heights[4]
    assert heights[0] < heights[2] < heights[1] and heights[2] < heights[6] < heights[5]
