"""Two versions of a source: which lines are new, changed and gone, and how the listing shows it."""

import re
from xml.etree import ElementTree

import pytest

from lab.charts import diff

BEFORE = "import math\n\n\ndef area(r):\n    return 3 * r\n\n\ndef old():\n    pass\n"
AFTER = "import math\n\n\ndef area(r):\n    return math.pi * r\n\n\nclass Ring:\n    inner = 1\n"


def items(before: str | None, after: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(diff.listing(before, after, "x")).iter("li"))


def test_the_newer_version_is_there_whole_and_in_order() -> None:
    lines = diff.compare(BEFORE, AFTER)
    assert [line.text for line in lines if line.kind != "gone"] == AFTER.splitlines()
    assert [line.number for line in lines if line.kind != "gone"] == list(range(1, 10))


def test_the_older_version_can_be_put_together_again() -> None:
    gone = [line for line in diff.compare(BEFORE, AFTER) if line.kind == "gone"]
    for line in gone:
        assert BEFORE.splitlines()[line.index] == line.text
    same = {line.text for line in diff.compare(BEFORE, AFTER) if line.kind == "same"}
    assert {line.text for line in gone} | same == set(BEFORE.splitlines())


def test_a_line_that_is_alike_has_changed_and_any_other_is_new() -> None:
    kinds = {line.text: line.kind for line in diff.compare(BEFORE, AFTER)}
    assert kinds["    return math.pi * r"] == "changed"
    assert kinds["class Ring:"] == "new"
    assert kinds["def old():"] == "gone"
    assert diff.counts(diff.compare(BEFORE, AFTER)) == {"same": 2, "new": 2, "changed": 1, "gone": 3}


def test_with_nothing_to_compare_all_is_the_same() -> None:
    assert {line.kind for line in diff.compare(None, AFTER)} == {"same"}
    assert {line.kind for line in diff.compare(BEFORE, BEFORE)} == {"same"}


@pytest.mark.feature("S4-2")
def test_the_listing_numbers_what_is_there_and_only_that() -> None:
    shown = items(BEFORE, AFTER)
    numbered = [li for li in shown if li.get("value")]
    assert [int(li.get("value")) for li in numbered] == list(range(1, 10))
    texts = ["".join(li.find("code").itertext()).rstrip() for li in numbered]
    assert texts == AFTER.splitlines()
    assert {li.get("class") for li in shown if not li.get("value")} <= {"gone", "gap"}


def test_what_differs_is_said_and_not_only_coloured() -> None:
    for li in items(BEFORE, AFTER):
        said = "".join(li.itertext())
        if li.get("class") in ("new", "changed", "gone"):
            assert said.startswith(f"{li.get('class')}: ")
        else:
            assert not re.match("(new|changed|gone): ", said)


def test_long_runs_of_the_same_fold_into_a_count() -> None:
    same = "".join(f"x{i} = {i}\n" for i in range(20))
    kinds = [li.get("class") for li in items(same, same + "y = 1\n")]
    assert kinds.count("far") == 19 and kinds.count("gap") == 1
    gap = next(li for li in items(same, same + "y = 1\n") if li.get("class") == "gap")
    assert gap.text == "19 lines as before"


def test_what_is_gone_does_not_break_a_run_in_two() -> None:
    before = "".join(f"x{i} = {i}\n" for i in range(20))
    after = before.replace("x9 = 9\n", "") + "y = 1\n"
    shown = items(before, after)
    assert [li.text for li in shown if li.get("class") == "gap"] == ["18 lines as before"]
    kinds = [li.get("class") for li in shown]
    assert kinds.index("gap") > kinds.index("gone")  # it stands where the run ends


def test_a_blank_line_is_no_news() -> None:
    kinds = {line.text: line.kind for line in diff.compare("a = 1\n", "a = 1\n\n\nb = 2\n")}
    assert kinds == {"a = 1": "same", "": "same", "b = 2": "new"}


def test_short_runs_do_not() -> None:
    before = "a = 1\nb = 2\nc = 3\nd = 4\n"
    after = "a = 9000\nb = 2\nc = 3\nd = 'else'\n"
    assert "far" not in [li.get("class") for li in items(before, after)]


def test_markup_in_the_source_stays_text() -> None:
    assert "<b>" not in diff.listing("", 'x = "<b>"\n', "x")
