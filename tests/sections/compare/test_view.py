"""What “Before and after” says about its two sides."""

import pytest

from lab.core import compare
from lab.core.compare import Recipe, Shelf, Side
from lab.core.focus import Focus
from lab.core.snapshot import Sample
from lab.sections.compare import view as views
from microgpt.evaluate.novelty import Verdict
from microgpt.experiment import Experiment

BASELINES = {"uniform": 3.3, "unigram": 2.8, "bigram": 2.3, "trigram": 2.2}
RECIPE = Recipe(0.8, 42)


def sample(name: str, kind: str = "new") -> Sample:
    return Sample(100, 0.8, name, Verdict(kind, "rex", 0 if kind == "copy" else 1), True)


@pytest.fixture
def capture(small_experiment):
    return compare.untrained(small_experiment)


def full(capture, *kinds: str) -> Side:
    rest = ["new"] * (compare.COUNT - len(kinds))
    return Side(capture, RECIPE, tuple(sample("abc", kind) for kind in [*kinds, *rest]))


@pytest.mark.feature("S1-16")
def test_the_choices_are_untrained_saved_and_captured_newest_first(desk):
    shelf = Shelf()
    for step in (3, 7):
        desk.train_to(step)
        shelf.capture(desk.lab.snapshot.get(), desk.lab.experiment.get())
    html = views.options([0, 100, 5000], "", shelf.captures)
    order = ["untrained", "step 100, saved", "step 5,000, saved", "capture 2: step 7", "capture 1: step 3"]
    assert sorted(order, key=html.index) == order
    assert html.count("<option") == 5
    assert "disabled" not in html


def test_moments_of_another_run_are_disabled_with_the_reason():
    html = views.options([0, 100], "other settings", ())
    assert '<optgroup label="saved at build (of another run: other settings)" disabled>' in html
    assert "other settings" in views.not_yours("other settings")
    assert views.not_yours("") == ""


def test_before_the_list_of_saved_moments_is_here_there_is_only_untrained():
    assert views.options((), "", ()) == '<option value="step-0">untrained</option>'


@pytest.mark.feature("S1-16")
def test_a_side_says_its_step_its_size_and_how_its_run_differs(desk, capture):
    desk.train_to(30)
    later, _ = Shelf().capture(desk.lab.snapshot.get(), desk.lab.experiment.get())
    assert views.about(later, "") == "step 30 of 400 · 1 layer × 8 numbers · seed 7"
    assert views.about(capture, "").startswith("step 0: weights drawn at random")
    assert views.about(later, "other settings").endswith("not the run on this page: other settings")


@pytest.mark.feature("X3")
@pytest.mark.parametrize(
    ("held_out", "text"),
    [(1.8, "bigram line 2.30: 0.50 better"), (3.5, "2.30: 1.20 worse"), (2.302, "2.30: just on it")],
)
def test_the_loss_stands_beside_the_bigram_line(held_out, text):
    html = views.loss(held_out, BASELINES)
    assert text in html
    assert f"<b>{held_out:.2f}</b>" in html


def test_a_loss_not_known_yet_is_no_number():
    assert "working out" in views.loss(None, BASELINES)


def test_the_list_says_what_to_do_and_escapes_what_the_model_wrote(capture):
    assert "Generate names" in views.names(Side(capture))
    assert "Here they come" in views.names(Side(capture, RECIPE))
    html = views.names(Side(capture, RECIPE, (sample("<i>&"), sample(""))))
    assert "&lt;i&gt;&amp;" in html
    assert "END came first" in html


@pytest.mark.feature("S1-16", "X3")
@pytest.mark.parametrize(
    ("kinds", "text"),
    [
        (("near", "copy"), "8 new, 1 near copy, 1 copy"),
        (("near", "near", "near"), "7 new, 3 near copies, 0 copies"),
        (("copy", "copy"), "8 new, 0 near copies, 2 copies"),
    ],
)
def test_the_tally_counts_the_verdicts(capture, kinds, text):
    assert views.tally(full(capture, *kinds)) == text


def test_a_name_of_no_letter_is_counted_apart_and_not_judged(capture):
    side = Side(capture, RECIPE, (*full(capture).made[1:], sample("")))
    assert views.tally(side) == "9 new, 0 near copies, 0 copies, 1 of no letter at all"
    assert views.names(side).count("mark") == 9 * 2  # two class names each


def test_both_losses_are_drawn_to_one_scale():
    short, long = (views.loss(held_out, BASELINES) for held_out in (1.8, 30.0))
    tick = short[short.index("<path") :]
    assert tick == long[long.index("<path") :]
    assert f'width="{views.SCALE:.1f}"' in long  # and what is off the scale ends with it


def test_there_is_no_tally_before_all_names_are_there(capture):
    assert views.tally(Side(capture, RECIPE, (sample("abc"),))) == ""


def test_the_status_sums_both_sides_up(desk, capture):
    desk.train_to(3)
    other, _ = Shelf().capture(desk.lab.snapshot.get(), desk.lab.experiment.get())
    sides = {"a": full(capture, "copy"), "b": full(other)}
    text = views.status(sides, {"a": 3.3, "b": 2.05})
    assert "10 names each, at temperature 0.8." in text
    assert "Seed 42 makes these again" in text
    assert "A: 9 new, 0 near copies, 1 copy. B: 10 new, 0 near copies, 0 copies." in text
    assert "B’s loss is 1.25 lower than A’s" in text
    assert "A’s loss is 1.25 lower than B’s" in views.status(sides, {"a": 2.05, "b": 3.3})
    assert "equally good" in views.status(sides, {"a": 2.05, "b": 2.051})
    assert "loss" not in views.status(sides, {"a": 2.05, "b": None})


def test_the_status_does_not_compare_what_can_not_be_compared(capture, names):
    other = compare.untrained(Experiment(names[1:], capture.experiment.settings))
    marks = {"a": 3.0, "b": 2.0}
    assert "can’t be compared" in views.status({"a": Side(capture), "b": Side(other)}, marks)
    assert "same moment" in views.status({"a": Side(capture), "b": Side(capture)}, marks)


@pytest.mark.feature("S0-3")
def test_both_guesses_are_told_with_what_the_truth_got():
    a = views.bars(["x", "y", "END"], [0.5, 0.3, 0.2], "y")
    b = views.bars(["x", "y", "END"], [0.1, 0.8, 0.1], "y")
    text = views.contrast("ab", {"a": a, "b": b}, "y")
    assert "After “ab”, A’s top guess is x with 50\u202f%, B’s top guess is y with 80\u202f%." in text
    assert "What really comes next is y: A gave it 30\u202f%, B gave it 80\u202f%." in text


def test_where_nobody_knows_what_comes_next_nothing_is_said_of_it():
    a = views.bars(["x", "END"], [0.5, 0.5], None)
    assert a.mark is None
    text = views.contrast("", {"a": a, "b": a}, None)
    assert text.startswith("After START, ")
    assert "really" not in text


def test_half_of_the_name_is_read_unless_a_position_was_chosen():
    assert views.place(Focus("raptor")) == 3
    assert views.place(Focus("rex")) == 2
    assert views.place(Focus("raptor", position=0)) == 0
