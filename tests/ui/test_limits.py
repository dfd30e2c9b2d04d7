"""Numbers as readers type them."""

import pytest

from lab.ui.limits import whole, within


@pytest.mark.feature("S1-20")
@pytest.mark.parametrize("text", ["", "cold", "0", "0.05", "3.1", "-1", "nan", "inf"])
def test_a_number_that_will_not_do_is_explained(text):
    with pytest.raises(ValueError, match=r"^Temperature is a number from 0\.1 to 3\.$"):
        within("temperature", text, 0.1, 3)


@pytest.mark.parametrize(("text", "value"), [("0.1", 0.1), ("3", 3.0), (" 1.5 ", 1.5), ("1,5", 1.5), ("15e-1", 1.5)])
def test_a_number_is_read(text, value):
    assert within("temperature", text, 0.1, 3) == value


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("1e3", 1000), ("40.0", 40), (" 1 000 ", 1000)])
def test_a_whole_number_is_read(text, value):
    assert whole("line", text, 1, 1000) == value


@pytest.mark.parametrize("text", ["", "e", "0", "1.5", "1e4", "-3", "Infinity", "1e999", "nan"])
def test_what_is_no_whole_number_within_the_limits_is_explained(text):
    with pytest.raises(ValueError, match=r"^Line is a whole number from 1 to 1,000\.$"):
        whole("line", text, 1, 1000)
