"""What the page says about the list of names, and about one name in it."""

import pytest

from lab.sections.patterns import model as patterns
from lab.sections.patterns.model import MOST_BARS
from lab.sections.patterns.view import bars, between, described, options, standing
from microgpt import dataset
from microgpt.experiment import Experiment, Settings


@pytest.mark.feature("S1-5")
def test_the_first_letters_sum_to_the_number_of_names(all_names):
    counted = patterns.tally(dataset.statistics(all_names).first_letters)
    assert counted.labels == tuple("abcdefghijklmnopqrstuvwxyz")
    assert sum(counted.counts) == len(all_names)
    assert counted.counts[counted.bar_of("t")] == sum(name.startswith("t") for name in all_names)


@pytest.mark.feature("S1-6")
def test_the_lengths_sum_to_the_number_of_names(all_names):
    counted = patterns.tally(dataset.statistics(all_names).lengths)
    assert sum(counted.counts) == len(all_names)
    assert counted.counts[counted.bar_of(9)] == sum(len(name) == 9 for name in all_names)


def test_too_many_kinds_share_the_last_bar():
    counted = patterns.tally({length: length for length in range(1, 64)})
    assert len(counted.labels) == len(counted.counts) == MOST_BARS
    assert sum(counted.counts) == sum(range(1, 64))
    assert counted.labels[-1] == "40–63"
    assert counted.bar_of(40) == counted.bar_of(63) == MOST_BARS - 1
    bars(counted, counted.bar_of(63), "length")  # the chart takes them


def test_what_no_bar_counts_has_no_bar():
    assert patterns.tally({"a": 1}).bar_of("b") is None


@pytest.mark.feature("S1-5")
def test_the_bar_of_the_current_name_glows(all_names):
    counted = patterns.tally(dataset.statistics(all_names).first_letters)
    chart = bars(counted, counted.bar_of("t"), "letter")
    assert chart.labels[chart.glow] == "t"
    assert described(counted, 0, "begin with").startswith(f"{counted.counts[0]} of 1,829 names begin with a (")


def test_the_most_common_ending_is_found(all_names):
    ending, n = patterns.common_ending(all_names)
    assert ending == "saurus"
    assert n == sum(name.endswith("saurus") and name != "saurus" for name in all_names)
    assert patterns.common_ending(["rex", "mei"]) == ("", 0)


@pytest.mark.feature("D8")
@pytest.mark.parametrize(
    ("names", "ending"),
    [
        (["anna", "hanna", "joanna", "rex"], ("nna", 3)),
        (["ab", "cd", "かな"], ("", 0)),
        (["あさな", "みさな"], ("さな", 2)),
    ],
)
def test_an_ending_suits_its_list(names, ending):
    assert patterns.common_ending(names) == ending


@pytest.mark.feature("D8", "S1-6")
def test_the_usual_lengths_suit_the_list(all_names):
    assert patterns.usual_lengths(dataset.statistics(all_names).lengths) == (8, 14)
    assert patterns.usual_lengths({1: 1, 2: 4, 3: 4, 4: 2, 9: 1}) == (2, 4)
    assert patterns.usual_lengths({3: 10}) == (3, 3)
    assert between(3, 3) == "3" and between(2, 4) == "2 to 4"


@pytest.mark.feature("S1-7")
def test_the_next_name_of_a_kind_comes_round_again():
    names = ["abel", "bo", "ada", "cy", "al"]

    def on_a(name: str) -> bool:
        return name[0] == "a"

    assert patterns.next_like(names, "bo", on_a) == "ada"
    assert patterns.next_like(names, "al", on_a) == "abel"
    assert patterns.next_like(names, "not there", on_a) == "abel"
    assert patterns.next_like(names, "bo", lambda name: name == "zoe") is None


@pytest.mark.feature("S1-7")
def test_names_are_found_by_their_beginning_first(all_names):
    found = patterns.found(all_names, " raptor", 12)
    assert len(found) == 12
    assert all("raptor" in name for name in found)
    assert patterns.found(all_names, "qqq", 12) == []
    beginning = [name for name in patterns.found(all_names, "tri", 12) if name.startswith("tri")]
    assert patterns.found(all_names, "tri", 12)[: len(beginning)] == beginning
    assert patterns.found(all_names, "  ", 12) == []


@pytest.mark.feature("S1-7")
def test_where_the_current_name_stands_is_said(dinosaurs):
    statistics = dataset.statistics(dinosaurs.names)
    by_letter, by_length = patterns.tally(statistics.first_letters), patterns.tally(statistics.lengths)
    name = dinosaurs.split.train[0]
    said = standing(name, dinosaurs, by_letter, by_length)
    assert "one of the names the model learns from" in said
    assert f"<b>{statistics.first_letters[name[0]]}</b> of all names begin with <b>{name[0]}</b>" in said
    assert f"<b>{statistics.lengths[len(name)]}</b> have <b>{len(name)}</b> letters" in said
    assert "held out" in standing(dinosaurs.split.held_out[0], dinosaurs, by_letter, by_length)
    assert "on neither list" in standing("qqq", dinosaurs, by_letter, by_length)


def test_names_from_a_list_of_ones_own_are_escaped():
    names = ["<b>x", "a&b", "<i>y"]
    experiment = Experiment(names, Settings(n_layer=1, n_embd=4, n_head=1))
    statistics = dataset.statistics(names)
    by_letter, by_length = patterns.tally(statistics.first_letters), patterns.tally(statistics.lengths)
    assert "<b>x" not in standing("<b>x", experiment, by_letter, by_length).replace("<b>&lt;", "")
    assert options(["<i>y"]) == '<option value="&lt;i&gt;y"></option>'
