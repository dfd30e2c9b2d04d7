"""One head as it grows, and vectors below each other: what is there is drawn, what is not is not, and
nothing runs out of the picture. Small cases stand as SVG in golden_anatomy/.

After a change that is meant to show: `UPDATE_GOLDEN=1 python -m pytest tests/charts`, then read the diff.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from lab.charts import strips, vectors
from lab.charts.vectors import Vector, Vectors
from lab.sections.attention_head import one_head
from lab.sections.attention_head.one_head import OneHead, plain
from microgpt.config import GPTConfig
from microgpt.inspect.attention_head import head_steps
from microgpt.model import GPT
from tests.charts import golden_files

GOLDEN = Path(__file__).parent / "golden_anatomy"
WIDTHS = [254, 324, 660]
MODEL = GPT.initial(GPTConfig(vocab_size=4, block_size=4, n_layer=1, n_embd=4, n_head=2), 3, np.float64)
STAGES = list(head_steps(MODEL, MODEL.forward([3, 0, 1]), 0, 1, 1))


def head(until: str, chosen: int | None = 1, at: int = 1) -> OneHead:
    """As far as this stage, the scores all at once."""
    found = {}
    for stage in STAGES:
        if stage.name != "score":
            found[stage.name] = stage.values
        if stage.name == until:
            break
    return OneHead(["START", "a", "b"], at, 2, found, "wo", chosen)


ADDED = Vectors(
    (Vector("in: x", np.array([0.5, -1.0, 0.0]), "size 0.65"), Vector("out: x", np.array([1.0, -0.5, 2.0]), "size 1.3"))
)
SCORES = Vectors((Vector("out: scores <&>", np.array([0.5, -1.0, 2.0]), "", ["a", "b", "END"]),), one_scale=False)
CASES = {
    "head-begun": lambda: head("x", None).svg(254, "a head"),
    "head-halfway": lambda: head("masked").svg(324, "a head"),
    "head-done": lambda: head("added").svg(660, "a head"),
    "vectors-one-scale": lambda: ADDED.svg(300, "vectors"),
    "vectors-folded": lambda: ADDED.svg(120, "vectors"),
    "vectors-named": lambda: SCORES.svg(200, "vectors"),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    drawn = CASES[name]()
    for bad in ("style=", "nan", "inf", "None", '"-0"'):
        assert bad not in drawn
    golden_files.check(GOLDEN, name, drawn)


def test_no_golden_file_is_left_over() -> None:
    golden_files.check_none_left_over(GOLDEN, CASES)


@pytest.mark.feature("S2-7")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("size", [1, 2, 8, 32, 128])
def test_the_columns_of_a_head_stand_side_by_side_within_the_picture(width: float, size: int) -> None:
    data = OneHead(["START", *"abcdef"], 6, size, {"x": np.zeros(4 * size)}, "wo")
    geo = data.geometry(width)
    strip = geo.pitch * size
    edges = [0, geo.keys, geo.keys + strip, geo.scores, geo.scores + geo.number, geo.scaled, geo.scaled + geo.number]
    edges += [geo.shares, geo.shares + geo.share, geo.values, geo.values + strip, width]
    assert edges == sorted(edges)
    # the widest texts there are: a score of six characters, a share, START
    assert geo.number >= 0.6 * 10 * 6 and geo.share >= 0.6 * 11 * 6 and geo.keys >= 0.6 * 11 * 5 + 6


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.000"), (0.0034, "+0.003"), (-0.9, "−0.900"), (19.662, "+19.66"), (9.9999, "+10.00"), (-123.44, "−123.4")],
)
def test_scores_keep_to_six_characters(value: float, text: str) -> None:
    assert plain(value) == text


def texts(drawn: str) -> list[str]:
    return re.findall(r">([^<>]+)</text>", drawn)


@pytest.mark.feature("S2-7")
def test_a_head_shows_what_has_been_made_and_nothing_else() -> None:
    found = {stage.name: stage.values for stage in STAGES}
    score, share = plain(float(found["scores"][0])), one_head.percent(float(found["shares"][0]))
    for until, seen in (("keys", 0), ("scores", 1), ("masked", 1), ("added", 1)):
        assert texts(head(until).svg(660)).count(score) == seen, until
    assert share not in texts(head("masked").svg(660))
    assert share in texts(head("shares").svg(660))
    strips_seen = {until: head(until).svg(660).count('class="p6"') for until in ("x", "query", "keys", "values")}
    assert list(strips_seen.values()) == [1, 2, 3, 4]  # stacked strips are one path


@pytest.mark.feature("S2-7")
def test_later_letters_get_minus_infinity_and_no_share() -> None:
    assert head("scaled").cells(2) == ("", "", "")
    assert head("masked").cells(2) == ("", "−∞", "")
    assert head("shares").cells(2) == ("", "−∞", one_head.percent(0.0))


@pytest.mark.feature("S2-7", "Q3")
def test_a_head_in_words_and_as_a_table() -> None:
    done = head("added")
    rows = ElementTree.fromstring(done.table()).findall("./tbody/tr")
    assert [row[0].text for row in rows] == ["0: START", "1: a", "2: b"]
    assert [row[3].text for row in rows] == [one_head.percent(float(share)) for share in done.found["shares"]]
    assert done.summary().startswith("a gives ") and "START at position 0" in done.summary()
    assert head("scores").summary().startswith("highest of 2 scores so far: ")
    assert "not scored" in head("keys").summary()


def test_bars_of_a_value_shrink_with_its_share() -> None:
    before, after = (one_head._values(head(until)) for until in ("values", "weighted"))
    shares = next(stage.values for stage in STAGES if stage.name == "shares")
    for row in range(2):
        assert after[row] == pytest.approx(np.multiply(before[row], shares[row]), abs=1)


@pytest.mark.parametrize(
    "wrong",
    [{"at": 3}, {"at": -1}, {"chosen": 2}, {"found": {"query": np.zeros(3)}}, {"found": {"shares": np.zeros(2)}}],
)
def test_a_head_with_wrong_sizes_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError):
        OneHead(**{"labels": "abc", "at": 1, "size": 2, "found": {}, "matrix": "wo", **wrong})


def test_stacked_strips_are_the_strips_one_by_one() -> None:
    rows = [[-50, 20, 0], [10, -100, 30]]
    for pitch in (8, 2):
        drawn = strips.stacked(rows, 3, 7, pitch, 20, 26)
        outlines = re.findall(r'class="([pn])6"[^>]* d="([^"]*)"', drawn)
        assert [sign for sign, _ in outlines] == ["p", "n"]
        for sign, d in outlines:
            first, second = d.removesuffix("z").split("z")
            alone = re.findall(r' d="([^"]*)"', strips.signed(rows[0], 3, 7, pitch, 20))[sign == "n"]
            assert first + "z" == alone
            heights = [float(v) - 260 for v in re.findall(r"V(-?\d+)", second)][:: 2 if pitch == 8 else 1]
            assert heights[:3] == [top if (top < 0) == (sign == "p") else 0 for top in rows[1]]


# --- vectors


def test_vectors_on_one_scale_can_be_compared() -> None:
    (a, b), (c, d) = (vectors._reached(Vectors(ADDED.rows, one_scale)) for one_scale in (True, False))
    assert min(b) == -5 * 44 and a == [-55, 110, 0]
    assert min(c) == -110 and max(c) == 5 * 44 and d == b


@pytest.mark.feature("S2-8", "Q3")
def test_vectors_are_read_number_by_number() -> None:
    geo = ADDED.geometry(300)
    assert (geo.rows, geo.cols) == (2, 3)
    for row in range(2):
        for i in range(3):
            assert ADDED.hit(geo, (i + 0.5) * geo.pitches[row], geo.tops[row] + 5) == (row, i)
    assert ADDED.hit(geo, 299, geo.tops[0] + 5) is None and ADDED.hit(geo, 5, 2) is None
    assert ADDED.describe(1, 0) == "out: x, 0: +1.00"
    assert SCORES.describe(0, 2) == "out: scores <&>, END: +2.00"
    assert ADDED.summary() == "out: x, size 1.3; furthest from 0: 2, +2.00"
    rows = ElementTree.fromstring(ADDED.table()).findall("./tbody/tr")
    assert [[cell.text for cell in row] for row in rows][1] == ["1", "−1.00", "−0.500"]


def test_a_table_of_vectors_of_different_lengths_has_gaps() -> None:
    data = Vectors((Vector("x", np.ones(2)), Vector("scores", np.ones(3), "", ["a", "b", "END"])))
    rows = ElementTree.fromstring(data.table()).findall("./tbody/tr")
    assert [row[0].text for row in rows] == ["a", "b", "END"] and rows[2][1].text is None


@pytest.mark.parametrize("width", [120, 254, 1000])
@pytest.mark.parametrize("n", [1, 27, 128, 2000])
def test_no_vector_runs_out_of_the_picture(n: int, width: float) -> None:
    geo = Vectors((Vector("x", np.ones(n)),)).geometry(width)
    assert n * geo.pitches[0] <= width + 1e-9


def test_vectors_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="no vector"):
        Vectors(())
    with pytest.raises(ValueError, match="must be a vector"):
        Vector("x", np.zeros((2, 2)))
    with pytest.raises(ValueError, match="2 names for 3 numbers"):
        Vector("x", np.zeros(3), "", ["a", "b"])
