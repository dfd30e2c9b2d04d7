"""Looking at the model never changes it, and training never changes what was looked at."""

import numpy as np
import pytest

from lab.core.focus import BadName


def what_it_shows(snapshot) -> tuple:
    return (
        snapshot.step,
        snapshot.model.flat.tobytes(),
        snapshot.held_out,
        snapshot.samples,
        snapshot.loss,
        snapshot.history.losses(snapshot.step).tolist(),
        snapshot.source,
    )


@pytest.mark.feature("S1-16")
def test_a_snapshot_stays_as_it_is_while_training_goes_on(desk):
    desk.train_to(100)
    snapshot = desk.lab.snapshot.get()
    before = what_it_shows(snapshot)
    desk.train_to(300)
    desk.lab.sample(5, 1.0)
    desk.finish()
    desk.lab.reset()
    desk.finish()
    assert what_it_shows(snapshot) == before


def test_the_first_snapshot_is_untrained(desk):
    snapshot = desk.lab.snapshot.get()
    assert (snapshot.step, snapshot.loss, snapshot.source) == (0, None, "live")


@pytest.mark.feature("U1")
def test_looking_never_changes_training(new_desk):
    watched, alone = new_desk(), new_desk()
    alone.train_to(60)
    for step in range(1, 61):
        watched.lab.train(until=step)
        watched.finish()
        watched.lab.focus_on("rex"[: step % 4])
        watched.lab.trace()
        watched.lab.sample(1, 0.5 + step / 50, "a")
        watched.finish()
    assert watched.weights == alone.weights
    assert watched.losses == alone.losses


def test_the_trace_is_the_forward_pass_of_the_name_in_focus(desk):
    desk.train_to(10)
    desk.lab.focus_on("rex")
    tokenizer = desk.lab.experiment.get().tokenizer
    expected = desk.lab.run.trainer.model.forward([tokenizer.bos, *tokenizer.encode("rex")])
    assert np.array_equal(desk.lab.trace().logits, expected.logits)


def test_one_forward_pass_serves_all_who_look(desk):
    desk.lab.focus_on("rex")
    assert desk.lab.trace() is desk.lab.trace()


def test_a_new_name_and_a_new_moment_are_looked_at_anew(desk):
    desk.finish()
    desk.lab.focus_on("rex")
    first = desk.lab.trace()
    desk.lab.focus_on("re")
    second = desk.lab.trace()
    assert (len(first.tokens), len(second.tokens)) == (4, 3)
    desk.lab.step()
    assert not np.array_equal(desk.lab.trace().logits, second.logits)


@pytest.mark.feature("S1-18")
def test_an_unreadable_name_leaves_the_focus_where_it_was(desk):
    desk.lab.focus_on("rex")
    with pytest.raises(BadName):
        desk.lab.focus_on("r3x")
    assert desk.lab.focus.get().name == "rex"


@pytest.mark.feature("U7", "U8")
def test_samples_asked_for_are_made_by_the_weights_of_that_moment(desk, new_desk):
    desk.train_to(50)
    desk.lab.sample(4, 0.8, "Tri ")
    desk.lab.train(until=90)  # the names come while it trains on
    desk.finish()
    other = new_desk()
    other.train_to(50)
    other.lab.sample(4, 0.8, "tri")
    other.finish()
    made = [sample for sample in desk.lab.snapshot.get().samples if sample.temperature == 0.8]
    assert made == [sample for sample in other.lab.snapshot.get().samples if sample.temperature == 0.8]
    assert [(sample.step, sample.name[:3]) for sample in made] == [(50, "tri")] * 4


def test_a_prefix_the_model_can_not_read_is_refused(desk):
    with pytest.raises(BadName):
        desk.lab.sample(1, 1.0, "né")


@pytest.mark.parametrize("temperature", [-0.1, float("nan")])
def test_an_impossible_temperature_is_refused_and_the_lab_goes_on(desk, temperature, losses):
    with pytest.raises(ValueError, match="temperature"):
        desk.lab.sample(1, temperature)
    desk.train_to(20)
    assert desk.losses == losses[:20]


def test_the_name_in_focus_at_the_beginning_is_one_of_the_list(desk, names):
    assert desk.lab.focus.get().name in names
