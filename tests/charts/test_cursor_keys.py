import pytest

from lab.charts.keys import along, grid
from lab.charts.table import table


@pytest.mark.parametrize(
    "key, place, expected",
    [
        ("ArrowRight", 500, 510), ("ArrowLeft", 500, 490), ("ArrowUp", 500, 510), ("ArrowDown", 500, 490),
        ("PageUp", 500, 600), ("PageDown", 500, 400), ("Home", 500, 1), ("End", 500, 1000),
        ("ArrowRight", 995, 1000), ("PageDown", 50, 1), ("Tab", 500, None), ("x", 500, None),
    ],
)  # fmt: skip
@pytest.mark.feature("S1-14")
def test_along_a_line(key: str, place: int, expected: int | None) -> None:
    assert along(key, place, first=1, last=1000, step=10) == expected


@pytest.mark.parametrize(
    "key, ctrl, expected",
    [
        ("ArrowRight", False, (2, 4)), ("ArrowLeft", False, (2, 2)), ("ArrowDown", False, (3, 3)),
        ("ArrowUp", False, (1, 3)), ("Home", False, (2, 0)), ("End", False, (2, 9)), ("Home", True, (0, 0)),
        ("End", True, (5, 9)), ("PageDown", False, (5, 3)), ("PageUp", False, (0, 3)), ("Tab", False, None),
    ],
)  # fmt: skip
@pytest.mark.feature("Q1")
def test_over_a_grid(key: str, ctrl: bool, expected: tuple[int, int] | None) -> None:
    assert grid(key, (2, 3), rows=6, cols=10, ctrl=ctrl) == expected


def test_a_grid_has_edges() -> None:
    assert grid("ArrowUp", (0, 0), 2, 2) == (0, 0)
    assert grid("ArrowRight", (1, 1), 2, 2) == (1, 1)


def test_a_table_escapes_and_checks_its_rows() -> None:
    assert "<td>&lt;b&gt;</td>" in table("t", ["a", "b"], [["x", "<b>"]])
    with pytest.raises(ValueError, match="a row of 1 cells under 2 headings"):
        table("t", ["a", "b"], [["x"]])
