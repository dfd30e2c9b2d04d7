"""Examples that the page offers: its own where they suit the list, else beginnings of the list's names."""

import pytest

from lab.core.examples import beginnings, whole_names
from microgpt.experiment import Experiment, Settings

NAMES = [f"{first}{rest}" for first in "abcdef" for rest in ("αβγδεζη", "x")]


@pytest.mark.feature("D8")
def test_the_pages_own_examples_stay_where_names_begin_so(all_names: list[str]) -> None:
    experiment = Experiment(all_names)
    assert beginnings(["tyran", "ptero"], experiment) == ["tyran", "ptero"]
    assert whole_names(["triceratops"], experiment) == ["triceratops"]


@pytest.mark.feature("D8")
def test_another_list_gives_beginnings_and_names_of_its_own() -> None:
    experiment = Experiment(NAMES)
    found = beginnings(["tyran", "aαβ", "ptero"], experiment)
    assert found[1] == "aαβ"
    assert all(any(name.startswith(text) and name != text for name in NAMES) for text in found)
    assert set(whole_names(["tyran", "ptero"], experiment)) <= set(NAMES)


def test_what_is_offered_can_be_read_by_a_model_with_little_room() -> None:
    experiment = Experiment(["abcdefgh", "bcdefghi", "cdefghij", "defghijk"], Settings(block_size=4))
    for text in (*beginnings(["x"] * 3, experiment), *whole_names(["x"] * 3, experiment)):
        assert 0 < len(text) <= experiment.config.max_letters
