"""Lines of code are found by what they do, and not found is an error, never a wrong line."""

import pytest

from microgpt.inspect.where import assigns, calls, place, reads, result_of, returns


def double(x: int) -> int:
    return x * 2


class Example:
    def method(self, x: int) -> list[int]:
        weights = {"wte": 3}
        y, z = x, double(double(x))
        if y:
            total = [
                y,
                z,
            ]
        last = double(weights["wte"])
        return [*total, last]


def found(*tests) -> list[str]:
    return [text.strip() for _, text in place(Example.method, *tests).code]


@pytest.mark.feature("X12")
def test_statements_are_found_by_what_they_do() -> None:
    assert found(assigns("z")) == ["y, z = x, double(double(x))"]
    assert found(result_of("double")) == ['last = double(weights["wte"])']
    assert found(returns()) == ["return [*total, last]"]
    assert found(assigns("total")) == ["total = [", "y,", "z,", "]"]
    assert found(assigns("last"), assigns("y")) == ["y, z = x, double(double(x))", 'last = double(weights["wte"])']
    assert [text.strip() for _, text in place(double, returns()).code] == ["return x * 2"]


@pytest.mark.feature("X12")
def test_a_place_names_its_file_and_function_and_numbers_its_lines() -> None:
    whole = place(Example.method)
    assert whole.function == "Example.method" and whole.file.endswith("test_where.py")
    first = Example.method.__code__.co_firstlineno
    assert whole.line == first and [number for number, _ in whole.code] == list(range(first, first + 10))


@pytest.mark.parametrize(
    ("test", "count"), [(assigns("gone"), 0), (calls("double"), 2), (reads("wte"), 2), (reads("wpe"), 0)]
)
def test_none_or_several_are_an_error(test, count: int) -> None:
    with pytest.raises(LookupError, match=f"{count} statements of Example.method"):
        place(Example.method, test)
