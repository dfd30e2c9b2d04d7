"""What a reader types is read as a name, or explained."""

import pytest

from lab.core.focus import BadName, read_name
from microgpt.experiment import Experiment, Settings

pytestmark = pytest.mark.feature("S1-18")


@pytest.fixture(scope="module")
def page_experiment(all_names) -> Experiment:
    """What the page opens with."""
    return Experiment(all_names)


@pytest.mark.parametrize(("typed", "read"), [("rex", "rex"), ("REX", "rex"), ("  Rex\t", "rex"), ("", ""), ("   ", "")])
def test_capitals_are_folded_and_outer_blanks_dropped(page_experiment, typed, read):
    assert read_name(typed, page_experiment) == read


@pytest.mark.parametrize(("typed", "culprit"), [("r3x", "3"), ("t rex", " "), ("zoë", "ë"), ("<b>", "<"), ("🦖", "🦖")])
def test_an_unknown_character_is_named_with_those_that_are_known(page_experiment, typed, culprit):
    with pytest.raises(BadName, match=f"“{culprit}”.*abcdefghijklmnopqrstuvwxyz"):
        read_name(typed, page_experiment)


def test_the_longest_name_that_fits_is_read(page_experiment):
    longest = max(page_experiment.names, key=len)
    assert len(longest) == page_experiment.config.max_letters
    assert read_name(longest, page_experiment) == longest


def test_one_letter_more_is_refused_with_both_numbers(page_experiment):
    limit = page_experiment.config.max_letters
    with pytest.raises(BadName, match=f"{limit + 1} letters.*at most {limit}.*away"):
        read_name("a" * (limit + 1), page_experiment)


def test_the_limit_is_that_of_the_model(names):
    small = Experiment(names, Settings(block_size=4))
    assert read_name("rex", small) == "rex"
    with pytest.raises(BadName, match="at most 3"):
        read_name("rexx", small)


@pytest.mark.feature("D3", "D4")
def test_what_is_typed_is_spelled_as_the_list_is():
    formulas = Experiment(["CCO", "OCC", "c1ccccc1", "C=O"])
    assert read_name(" CCO", formulas) == "CCO"
    with pytest.raises(BadName, match="“o”"):
        read_name("cco", formulas)
    french = Experiment(["zoé", "rené", "léa", "a\u200cb"])
    assert read_name("ZOE\u0301\u200e", french) == "zoé"
    assert read_name("A\u200cb", french) == "a\u200cb"
