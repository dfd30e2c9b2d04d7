import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.charts.format import MINUS, count, fixed, number, percent, signed, tick


@pytest.mark.parametrize(
    "value, text",
    [
        (2.3057, "2.31"), (3.2958, "3.30"), (0, "0"), (-0.0, "0"), (-0.03142, f"{MINUS}0.0314"),
        (0.9996, "1.00"), (9.996, "10.0"), (999.6, "1,000"), (26880, "26,880"), (1e-7, f"1.00e{MINUS}7"),
        (-2.5e12, f"{MINUS}2.50e12"), (math.nan, "–"), (math.inf, "–"),
    ],
)  # fmt: skip
def test_number(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    "share, text",
    [
        (0, "0 %"), (0.0001, "<0.1 %"), (0.0005, "0.1 %"), (0.042, "4.2 %"), (0.0996, "10 %"),
        (0.127, "13 %"), (0.994, "99 %"), (0.9951, "99.5 %"), (0.99996, ">99.9 %"), (1, "100 %"),
        (math.nan, "–"),
    ],
)  # fmt: skip
def test_percent(share: float, text: str) -> None:
    assert percent(share).replace("\N{NARROW NO-BREAK SPACE}", " ") == text


@pytest.mark.feature("S1-19")
@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_is_never_rounded_to_none_or_all(share: float) -> None:
    text = percent(share)
    assert not text.startswith(("0\N{NARROW NO-BREAK SPACE}", "0.0")) and not text.startswith("100")


@given(st.floats())
def test_no_number_is_ever_written_nan_and_minus_is_a_minus(value: float) -> None:
    for text in (number(value), signed(value), fixed(value, 2), count(value), percent(value)):
        assert "nan" not in text and "inf" not in text and "-" not in text


@given(st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-4))
def test_three_digits_are_within_half_a_per_cent(value: float) -> None:
    plain = number(value).replace(MINUS, "-").replace(",", "")
    assert float(plain) == pytest.approx(value, rel=0.0051)


def test_signs() -> None:
    assert (signed(0.5), signed(-0.5), signed(0)) == ("+0.500", f"{MINUS}0.500", "0")


def test_ticks_share_their_decimals() -> None:
    assert [tick(v, 0.5) for v in (0, 0.5, 1)] == ["0.0", "0.5", "1.0"]
    assert [tick(v, 2500) for v in (0, 2500, 5000)] == ["0", "2,500", "5,000"]
    assert tick(0.25, 0.25) == "0.25"
