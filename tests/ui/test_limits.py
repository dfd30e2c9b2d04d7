"""Numbers as readers type them."""

import pytest

from lab.ui.limits import within


@pytest.mark.feature("S1-20")
@pytest.mark.parametrize("text", ["", "cold", "0", "0.05", "3.1", "-1", "nan", "inf"])
def test_a_number_that_will_not_do_is_explained(text):
    with pytest.raises(ValueError, match=r"^Temperature is a number from 0\.1 to 3\.$"):
        within("temperature", text, 0.1, 3)


@pytest.mark.parametrize(("text", "value"), [("0.1", 0.1), ("3", 3.0), (" 1.5 ", 1.5)])
def test_a_number_is_read(text, value):
    assert within("temperature", text, 0.1, 3) == value
