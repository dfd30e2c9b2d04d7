"""One run takes the place of another: configure, load, reset, and undo brings it back."""

import dataclasses
import io

import pytest

from microgpt import checkpoint
from microgpt.checkpoint import CheckpointError
from microgpt.config import ConfigError
from microgpt.experiment import Experiment, Settings

REPLACEMENTS = ["reset", "configure", "load"]


def file_of(desk, step: int) -> checkpoint.Checkpoint:
    """This lab, trained to `step`, written to a file and read again."""
    desk.train_to(step)
    file = io.BytesIO()
    checkpoint.save(desk.lab.run.checkpoint(), file)
    file.seek(0)
    return checkpoint.load(file)


@pytest.fixture
def replace(new_desk):
    """Replaces the run of a lab by another."""

    def do(desk, how: str) -> None:
        match how:
            case "reset":
                desk.lab.reset()
            case "configure":
                desk.lab.configure(["ann", "bob", "cleo"], Settings(n_layer=1, n_embd=4, n_head=1, steps=9))
            case "load":
                desk.lab.load(file_of(new_desk(), 10))

    return do


@pytest.mark.feature("U3")
@pytest.mark.parametrize("how", REPLACEMENTS)
def test_undo_brings_the_old_run_back_as_it_was(desk, replace, how, losses):
    desk.train_to(50)
    weights, samples = desk.weights, desk.lab.snapshot.get().samples
    held_out = desk.lab.snapshot.get().held_out
    replace(desk, how)
    desk.finish()
    assert desk.lab.status.get().can_undo
    desk.lab.undo()
    desk.finish()
    snapshot = desk.lab.snapshot.get()
    assert (desk.weights, desk.losses) == (weights, losses[:50])
    assert (snapshot.step, snapshot.held_out, snapshot.samples) == (50, held_out, samples)
    assert desk.lab.experiment.get() is desk.lab.run.experiment


@pytest.mark.parametrize("how", REPLACEMENTS)
def test_a_run_brought_back_goes_on_as_if_nothing_had_been(desk, replace, how, losses):
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count > 110)  # in the middle of things: an exam is under way
    replace(desk, how)
    desk.finish()
    desk.lab.undo()
    desk.train_to(200)
    assert desk.losses == losses[:200]
    assert {0, 100, 200} <= dict(desk.lab.snapshot.get().held_out).keys()


def test_undo_can_be_undone(desk):
    desk.train_to(20)
    desk.lab.reset()
    desk.train_to(5)
    desk.lab.undo()
    assert desk.lab.snapshot.get().step == 20
    desk.lab.undo()
    assert desk.lab.snapshot.get().step == 5


def test_a_second_reset_at_the_beginning_forgets_nothing(desk):
    desk.train_to(20)
    desk.lab.reset()
    desk.lab.reset()
    desk.lab.undo()
    assert desk.lab.snapshot.get().step == 20


@pytest.mark.feature("X2")
def test_another_list_can_be_undone_even_before_the_first_step(desk):
    before = desk.lab.run.experiment
    desk.lab.begin(Experiment(["ann", "bob", "cleo", "dora"], before.settings), "mine")
    assert desk.lab.title == "mine"
    assert desk.lab.status.get().can_undo
    desk.lab.undo()
    assert desk.lab.run.experiment is before
    desk.lab.undo()
    assert desk.lab.run.experiment.names[0] == "ann"


def test_with_nothing_to_undo_undo_does_nothing(desk):
    assert not desk.lab.status.get().can_undo
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count > 5)
    desk.lab.undo()
    assert desk.lab.status.get().state == "training"


def test_a_run_brought_back_is_not_stopped_by_another_undo(desk):
    desk.train_to(20)
    desk.lab.reset()
    desk.lab.undo()
    desk.lab.train()
    desk.until(lambda: desk.lab.run.step_count > 25)
    desk.lab.undo()
    assert desk.lab.status.get().state == "training"


@pytest.mark.feature("X8")
@pytest.mark.parametrize("step", [1, 60])
def test_a_run_loaded_goes_on_like_one_never_interrupted(desk, new_desk, step):
    desk.lab.load(file_of(new_desk(), step))
    desk.train_to(130)
    straight = new_desk()
    straight.train_to(130)
    assert desk.weights == straight.weights
    assert desk.losses[step:] == straight.losses[step:]
    assert desk.losses[:step] == pytest.approx(straight.losses[:step], rel=1e-6)  # the file holds 7 digits


def test_what_was_loaded_says_so_until_it_is_trained(desk, new_desk):
    desk.lab.load(file_of(new_desk(), 40))
    snapshot = desk.lab.snapshot.get()
    assert (snapshot.source, snapshot.step, desk.lab.status.get().state) == ("precomputed", 40, "paused")
    assert snapshot.held_out[-1][0] == 40
    desk.lab.step()
    assert desk.lab.snapshot.get().source == "live"


@pytest.mark.feature("X8")
@pytest.mark.parametrize("change", [{"seed": 8}, {"learning_rate": 0.02}, {"steps": 300}, {"n_head": 1}])
def test_a_checkpoint_brings_its_own_settings(desk, new_desk, change):
    settings = dataclasses.replace(desk.lab.run.experiment.settings, **change)
    desk.lab.load(file_of(new_desk(settings), 10))
    assert desk.lab.experiment.get().settings == settings
    desk.train_to(30)
    straight = new_desk(settings)
    straight.train_to(30)
    assert desk.weights == straight.weights


@pytest.mark.feature("X8")
def test_a_checkpoint_of_other_names_is_refused_while_training_goes_on(desk, new_desk, names, losses):
    other = file_of(new_desk(names=names[1:]), 10)
    desk.lab.train(until=100)
    desk.until(lambda: desk.lab.run.step_count > 20)
    with pytest.raises(CheckpointError, match="another list of names"):
        desk.lab.load(other)
    assert desk.lab.status.get().state == "training"
    desk.finish()
    assert desk.losses == losses[:100]


@pytest.mark.feature("U3")
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"n_embd": 10, "n_head": 4}, "multiple of 4"),
        ({"n_layer": 0}, "n_layer"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"steps": 0}, "steps"),
    ],
)
def test_settings_that_can_not_work_are_explained_and_the_run_kept(desk, names, settings, says, losses):
    desk.train_to(30)
    with pytest.raises(ConfigError, match=says):
        desk.lab.configure(names, Settings(**settings))
    assert desk.lab.snapshot.get().step == 30
    desk.train_to(40)
    assert desk.losses == losses[:40]


@pytest.mark.feature("X2")
def test_other_names_bring_their_own_alphabet(desk):
    desk.lab.focus_on("rex")
    desk.lab.configure(["émile", "zoë", "åsa", "björn"], Settings(n_layer=1, n_embd=4, n_head=1, steps=9))
    experiment = desk.lab.experiment.get()
    assert set("éëåö") < set(experiment.tokenizer.alphabet)
    assert desk.lab.focus.get().name in experiment.names  # “rex” has a letter that these names lack
    assert desk.lab.trace().logits.shape[1] == experiment.tokenizer.vocab_size
    desk.train_to(9)


def test_the_name_in_focus_is_kept_where_the_new_model_can_read_it(desk, names):
    desk.lab.focus_on("sau")
    desk.lab.configure(names, Settings(n_layer=1, n_embd=4, n_head=1, steps=9))
    assert desk.lab.focus.get().name == "sau"


def test_a_focus_too_long_for_the_new_model_gives_way(desk, names):
    desk.lab.focus_on("a" * 12)
    desk.lab.configure(names, Settings(n_layer=1, n_embd=4, n_head=1, steps=9, block_size=6))
    assert 0 < len(desk.lab.focus.get().name) <= 5
    desk.lab.trace()


@pytest.mark.feature("U3", "U5")
def test_what_led_to_the_open_page_is_nothing_to_undo(desk):
    desk.lab.begin(Experiment(["ann", "bob", "cleo", "dora"], desk.lab.run.experiment.settings), "mine")
    desk.lab.opened()
    assert not desk.lab.status.get().can_undo
    desk.lab.undo()
    assert desk.lab.title == "mine"
