"""The drawing of the forward pass, and of the heads: boxes to scale, wires that arrive, nothing that
overlaps, at any width and for any size of model. Small cases stand as SVG in golden_flow/.

After a change that is meant to show: `UPDATE_GOLDEN=1 python -m pytest tests/charts`, then read the diff.
"""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from lab.charts import flow, strips
from lab.charts.flow import layout
from lab.sections.forward.diagram import plan
from lab.sections.forward.multi_head import MultiHead
from microgpt.config import GPTConfig
from tests.charts import golden_files

GOLDEN = Path(__file__).parent / "golden_flow"
LAB = GPTConfig()
TINY = GPTConfig(vocab_size=3, block_size=4, n_layer=1, n_embd=4, n_head=2)
CONFIGS = [LAB, TINY, GPTConfig(27, 24, 6, 128, 16), GPTConfig(60, 64, 1, 16, 1), GPTConfig(3, 2, 1, 4, 1)]
WIDTHS = [254, 324, 630, 1000]


def drawing(config: GPTConfig, width: float) -> flow.Flow:
    return layout(plan(config), width)


def numbers(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(n).round(1)


def vectors(drawn: flow.Flow, read: int) -> dict[str, np.ndarray]:
    found = {}
    for i, strip in enumerate(drawn.strips):
        if strip.kind == "signed":
            found[strip.key] = numbers(strip.n, i)
        else:
            n = read if strip.kind == "head" else strip.n
            found[strip.key] = np.full(n, 1 / n)
    return found


def flow_case(width: float) -> str:
    drawn = drawing(TINY, width)
    live = flow.values(drawn, vectors(drawn, 2), ["•", "a"], ["a", "b", "END"])
    live += flow.rows(drawn, {"wte": 1, "wpe": 0})
    frame = flow.svg(drawn, {box.key: f"{box.name} <&>" for box in drawn.boxes})
    return frame.replace('aria-hidden="true"></g>', f'aria-hidden="true">{live}</g>')


def heads_case(count: int, width: float) -> str:
    weights = np.tile([0.75, 0.25], (count, 1))
    data = MultiHead(weights, ["START", "r"], numbers(4 * count), numbers(4 * count, 1), numbers(4 * count, 2), "wo")
    return data.svg(width, "looks")


CASES = {
    "flow-narrow": lambda: flow_case(254),
    "flow-wide": lambda: flow_case(630),
    "heads-one": lambda: heads_case(1, 300),
    "heads-two-rows": lambda: heads_case(3, 330),
    "heads-in-a-row": lambda: heads_case(4, 700),
}


@pytest.mark.feature("S1-17", "S1-22")
@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    golden_files.check(GOLDEN, name, CASES[name]())


def test_no_golden_file_is_left_over() -> None:
    golden_files.check_none_left_over(GOLDEN, CASES)


@pytest.mark.parametrize("name", CASES)
def test_nothing_the_policy_forbids_and_no_number_gone_wrong(name: str) -> None:
    for bad in ("style=", "nan", "inf", "None", '"-0"'):
        assert bad not in CASES[name]()


@pytest.mark.feature("S1-17")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_every_matrix_is_there_in_order_and_to_scale(config: GPTConfig, width: float) -> None:
    drawn, shapes = drawing(config, width), config.shapes()
    boxes = [box for box in drawn.boxes if box.kind == "matrix"]
    assert [box.key for box in boxes] == list(shapes)
    for box in boxes:
        rows, columns = shapes[box.key]
        assert (box.h, box.w) == (rows * drawn.unit, columns * drawn.unit)
        assert box.shape == f"{rows}×{columns}"
        assert box.x % drawn.pixel == box.y % drawn.pixel == 0  # a pixel of the canvas for each weight
    assert len(drawn.blocks) == config.n_layer


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_nothing_overlaps_and_nothing_leaves_the_drawing(config: GPTConfig, width: float) -> None:
    drawn = drawing(config, width)
    areas = [(box.key, box.x, box.y, box.w, box.h) for box in drawn.boxes]
    areas += [("~" + s.key, s.x, s.y, s.n * s.pitch, s.h) for s in drawn.strips if s.kind != "head"]
    for name, x, y, w, h in areas:
        assert x >= 0 and y >= 0 and y + h <= drawn.height, name
        if config.vocab_size <= 30 or name not in ("~logits", "~probabilities"):
            assert x + w <= drawn.width, name
    for (a, ax, ay, aw, ah), (b, bx, by, bw, bh) in combinations(areas, 2):
        apart = ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay
        assert apart, (a, b)


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_targets_are_large_enough_for_a_finger(config: GPTConfig) -> None:
    for box in drawing(config, 324).boxes:
        if box.kind != "matrix":
            assert box.w >= 24 and box.h >= 24, box


def ends(d: str) -> list[tuple[float, float]]:
    points = [tuple(map(float, pair.split())) for pair in re.findall(r"[ML]([-\d.]+ [-\d.]+)", d)]
    return [points[0], points[-1]]


@pytest.mark.feature("S1-17")
@pytest.mark.parametrize("width", WIDTHS)
def test_each_sum_stands_on_the_residual_path_and_is_fed_from_its_block(width: float) -> None:
    drawn = drawing(LAB, width)
    x, top, bottom = map(float, re.fullmatch(r"M(\S+) (\S+)V(\S+)", drawn.spine).groups())
    arrivals = [ends(d)[1] for d in drawn.wires]
    sums = [box for box in drawn.boxes if box.kind == "add"]
    assert len(sums) == 2 * LAB.n_layer
    for box in sums:
        assert box.x + box.w / 2 == x and top < box.y < bottom
        assert (x + 12, box.y + 12) in arrivals
    entries = [box for box in drawn.boxes if box.name == "RMSNorm" and box.key != "norm0"]
    for box in entries:
        assert (box.x, box.y + box.h / 2) in arrivals
        assert [x, box.y + box.h / 2] == list(
            next(ends(d)[0] for d in drawn.wires if ends(d)[1] == (box.x, box.y + 12))
        )


def test_a_narrow_drawing_is_taller_and_a_wide_one_has_the_same_boxes() -> None:
    narrow, wide = drawing(LAB, 324), drawing(LAB, 630)
    assert narrow.height > wide.height
    assert [box.key for box in narrow.boxes] == [box.key for box in wide.boxes]


@pytest.mark.feature("S1-17")
def test_every_box_is_a_button_with_a_name() -> None:
    drawn = drawing(TINY, 324)
    root = ElementTree.fromstring(flow.svg(drawn, {box.key: f"the {box.key}" for box in drawn.boxes}))
    buttons = [part for part in root.iter() if part.get("role") == "button"]
    for part, box in zip(buttons, drawn.boxes, strict=True):
        seen = " ".join("".join(part.itertext()).split())
        assert part.get("aria-label").endswith(f"the {box.key}")
        if box.kind == "matrix":
            assert part.get("aria-label").startswith(seen)


def test_a_vector_that_does_not_fit_or_is_missing_raises() -> None:
    drawn = drawing(TINY, 324)
    found = vectors(drawn, 2)
    with pytest.raises(ValueError, match="embedded has room for 4"):
        flow.values(drawn, found | {"embedded": numbers(5)}, [], [])
    del found["x0"]
    with pytest.raises(KeyError, match="x0"):
        flow.values(drawn, found, [], [])


@pytest.mark.parametrize("width", [0, 199, float("nan")])
def test_a_width_that_is_no_width_raises(width: float) -> None:
    with pytest.raises(ValueError, match=str(width)):
        drawing(TINY, width)
    with pytest.raises(ValueError, match=str(width)):
        heads_case(1, width)


@pytest.mark.feature("S1-17")
@pytest.mark.parametrize("config", [TINY, GPTConfig(27, 24, 1, 128, 4)], ids=str)
def test_each_weight_is_a_pixel_under_its_place_in_the_box(config: GPTConfig) -> None:
    drawn = drawing(config, 324)
    step = drawn.stride
    assert step == (1 if config is TINY else 2)
    palette = np.arange(100, 117, dtype="<u4")
    matrices = [box for box in drawn.boxes if box.kind == "matrix"]
    rng = np.random.default_rng(1)
    levels = {box.key: rng.integers(0, 17, (round(box.h / drawn.unit), round(box.w / drawn.unit))) for box in matrices}
    found = list(flow.pixels(drawn, levels, palette))
    for box, (x, y, image) in zip(matrices, found, strict=True):
        assert (x * drawn.pixel, y * drawn.pixel) == (box.x, box.y)
        assert abs(image.shape[1] * drawn.pixel - box.w) < drawn.pixel
        assert image[1, 1] == palette[levels[box.key][step, step]]
    levels["wpe"] = levels["wpe"][1:]
    with pytest.raises(ValueError, match="wpe"):
        list(flow.pixels(drawn, levels, palette))


def test_strips_point_up_for_positive_and_down_for_negative() -> None:
    (reached,) = strips.tops([np.array([2.0, -1.0, 0.0, np.nan])], [30])
    assert reached == [-150, 75, 0, 0]  # screens count downwards; tenths of a unit
    up, down = strips.signed(reached, 0, 0, 2, 30).split("/>")[:2]
    assert 'class="p6"' in up and "V-150h1V0h1V0" in up and "75" not in up
    assert 'class="n6"' in down and "V0h1V75h1V0" in down and "-150" not in down


def test_each_strip_has_a_scale_of_its_own_and_nothing_stays_nothing() -> None:
    assert strips.tops([np.array([0.1]), np.zeros(2), np.array([-50.0])], [20, 20, 40]) == [[-100], [0, 0], [200]]


def test_heads_that_do_not_fit_their_vectors_raise() -> None:
    with pytest.raises(ValueError, match="3 heads"):
        MultiHead(np.ones((3, 1)), ["START"], numbers(4), numbers(4), numbers(4), "wo")
    with pytest.raises(ValueError, match="2 labels"):
        MultiHead(np.ones((1, 1)), ["START", "a"], numbers(4), numbers(4), numbers(4), "wo")


@pytest.mark.feature("S1-22")
@pytest.mark.parametrize(("count", "width"), [(1, 254), (4, 324), (4, 1000), (16, 324), (16, 1000)])
def test_there_is_a_card_for_each_head_and_none_overlap(count: int, width: float) -> None:
    data = MultiHead(np.ones((count, 1)), ["START"], *(numbers(4 * count) for _ in range(3)), "wo")
    geo = data.geometry(width)
    assert len(geo.cards) == count == len(set(geo.cards))
    assert all(x >= 0 and x + geo.card <= width for x, _ in geo.cards)
    drawn = data.svg(width)
    assert re.findall(r"head (\d+)<", drawn) == [str(h + 1) for h in range(count)]


@pytest.mark.feature("S1-22", "Q3")
def test_heads_have_a_summary_and_a_table() -> None:
    data = MultiHead(np.array([[0.9, 0.1], [0.2, 0.8]]), ["START", "r"], numbers(4), numbers(4), numbers(4), "wo")
    assert [part.split(",")[0] for part in data.summary().split("; ")] == [
        "head 1 most at START",
        "head 2 most at r",
    ]
    rows = ElementTree.fromstring(data.table()).findall("./tbody/tr")
    assert len(rows) == 2 and all(len(row) == 3 for row in rows)
