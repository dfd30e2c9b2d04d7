import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.charts import Bars
from lab.charts.format import count
from lab.charts.svg import text_width

shares = st.lists(st.floats(0, 1), min_size=1, max_size=40)
LETTERS = [*"abcdefghijklmnopqrstuvwxyz", "END"]


def named(values: list[float], **options) -> Bars:
    return Bars([f"{i}" for i in range(len(values))], values, **options)


@given(shares, st.sampled_from([320, 343, 680]), st.booleans())
def test_bars_are_as_long_as_their_values(values: list[float], width: int, rows: bool) -> None:
    data = named(values, top=1, rows=rows)
    geo = data.geometry(width)
    lengths = [box[2 if rows else 3] for box in geo.boxes]
    longest = max(range(len(values)), key=values.__getitem__)
    for value, length in zip(values, lengths, strict=True):
        assert length * values[longest] == pytest.approx(value * lengths[longest], abs=1e-6)
    for x, y, wide, tall in geo.boxes:
        assert x >= 0 and y >= 0 and x + wide <= width + 1e-6 and y + tall <= geo.height + 1e-6


@given(shares, st.sampled_from([320, 343, 680]))
def test_value_texts_touch_neither_each_other_nor_a_bar(values: list[float], width: int) -> None:
    geo = named(values).geometry(width)
    placed = []
    for (_, y, _, _), shown in zip(geo.boxes, geo.value_text, strict=True):
        if shown:
            half = text_width(shown[1], 11) / 2
            placed.append((shown[0] - half, shown[0] + half, y))
            assert shown[0] - half >= -1e-6 and shown[0] + half <= width + 1e-6
    for i, (left, right, y) in enumerate(placed):
        for other_left, other_right, other_y in placed[:i]:
            assert right <= other_left or other_right <= left or abs(y - other_y) >= 12
        for x, top, wide, _ in geo.boxes:
            assert top >= y - 1 or right <= x or x + wide <= left


@pytest.mark.feature("S1-19")
def test_a_phone_shows_27_letters_and_the_top_guess_in_per_cent() -> None:
    values = np.full(27, 0.02)
    values[4] = 0.48
    data = Bars(LETTERS, values, highlight=4)
    geo = data.geometry(343)
    assert geo.label_text == tuple(LETTERS)
    assert geo.upright == (False,) * 26 + (True,)
    assert geo.value_text[4][1].startswith("48")
    assert data.summary().startswith("largest: e, 48")


@given(shares, st.integers(0, 39))
def test_the_chosen_bar_always_has_its_label_and_its_value(values: list[float], i: int) -> None:
    i %= len(values)
    geo = named(values, glow=i).geometry(320)
    assert geo.label_text[i] is not None and geo.value_text[i] is not None


@pytest.mark.feature("S1-5")
def test_the_current_bar_glows_and_the_table_has_every_count() -> None:
    data = Bars("abc", [12, 7, 1829], format=count, glow=1)
    assert 'class="glow"' in data.svg(320)
    assert data.summary() == "largest: c, 1,829; current b: 7"
    for text in ("12", "7", "1,829"):
        assert f"<td>{text}</td>" in data.table()


@pytest.mark.parametrize("rows", [False, True])
def test_pointing_at_a_bar_finds_it(rows: bool) -> None:
    data = Bars("abc", [1, 2, 3], format=count, rows=rows)
    geo = data.geometry(320)
    for i, (x, y, wide, tall) in enumerate(geo.slots):
        assert data.hit(geo, x + wide / 2, y + tall / 2) == i
    assert data.hit(geo, 10, geo.height + 5) is None
    assert data.hit(geo, 500, 10) is None


def test_no_value_at_all_still_draws() -> None:
    for values in ([0.0, 0.0], [float("nan"), float("inf")]):
        drawn = Bars("ab", values).svg(200)
        assert "nan" not in drawn and "inf" not in drawn


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: Bars("ab", [1.0]), "2 labels, 1 values"),
        (lambda: Bars("", []), "1 to 40 categories, got 0"),
        (lambda: Bars(["x"] * 41, [1.0] * 41), "1 to 40 categories, got 41"),
        (lambda: Bars("a", [-0.5]), "start at 0, got -0.5 for 'a'"),
        (lambda: Bars("a", [1.0], highlight=1), "highlight must be an index below 1, got 1"),
        (lambda: Bars("a", [1.0], glow=-1), "glow must be an index below 1, got -1"),
        (lambda: Bars("a", [1.0], top=0), "top must be positive, got 0"),
    ],
)
def test_what_is_wrong_raises_and_says_so(make, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


def test_in_words_there_is_no_largest_of_equals_and_none_of_nothing() -> None:
    assert Bars("abc", [0.25, 0.25, 0.25], format=str).summary() == "all alike: 0.25"
    assert Bars("ab", [float("nan")] * 2).summary() == "no values"
