"""The one name, position, layer and head that the whole page looks at."""

import pytest


@pytest.mark.feature("S1-7")
def test_next_and_previous_walk_the_list_the_model_learns_from(desk):
    learnt = desk.lab.run.experiment.split.train
    here = learnt.index(desk.lab.focus.get().name)
    desk.lab.next_name()
    assert desk.lab.focus.get().name == learnt[(here + 1) % len(learnt)]
    desk.lab.next_name(-2)
    assert desk.lab.focus.get().name == learnt[here - 1]


@pytest.mark.feature("S1-7")
def test_the_list_goes_round(desk):
    first = desk.lab.focus.get()
    seen = []
    for _ in desk.lab.run.experiment.split.train:
        desk.lab.next_name()
        seen.append(desk.lab.focus.get().name)
    assert sorted(seen) == sorted(desk.lab.run.experiment.split.train)
    assert desk.lab.focus.get() == first


@pytest.mark.feature("S1-18")
def test_a_typed_name_takes_over_and_blank_goes_back_to_the_list(desk):
    desk.lab.focus_on(" Rex ")
    assert (desk.lab.focus.get().name, desk.lab.typed.get()) == ("rex", "rex")
    desk.lab.focus_on("  ")
    assert desk.lab.focus.get().name in desk.lab.run.experiment.split.train
    assert desk.lab.typed.get() == ""


def test_without_a_position_the_whole_name_has_been_read(desk):
    desk.lab.focus_on("rex")
    focus = desk.lab.focus.get()
    assert (focus.at, focus.read) == (3, "rex")


@pytest.mark.feature("S1-17")
@pytest.mark.parametrize(("position", "read"), [(0, ""), (1, "r"), (3, "rex")])
def test_a_position_says_what_has_been_read_there(desk, position, read):
    desk.lab.focus_on("rex")
    desk.lab.look(position=position)
    assert (desk.lab.focus.get().at, desk.lab.focus.get().read) == (position, read)


def test_another_name_keeps_layer_and_head_but_not_the_position(desk):
    desk.lab.focus_on("rex")
    desk.lab.look(position=1, layer=0, head=1)
    desk.lab.focus_on("yi")
    focus = desk.lab.focus.get()
    assert (focus.position, focus.layer, focus.head) == (None, 0, 1)


@pytest.mark.parametrize("place", [{"position": 4}, {"position": -1}, {"layer": 1}, {"head": 2}, {"head": -1}])
def test_a_place_that_is_not_there_is_left_alone(desk, place):
    """What was pressed may have been made for the name before."""
    desk.lab.focus_on("rex")
    before = desk.lab.focus.get()
    desk.lab.look(**place)
    assert desk.lab.focus.get() == before
