"""Knock-outs of the lab's model: the guess and the held-out loss with and without, and what is said of them."""

import numpy as np
import pytest

from lab.core.focus import Focus
from lab.sections.knockout import view as views
from lab.sections.knockout.model import Losses, Moment, parts
from microgpt.config import GPTConfig
from microgpt.evaluate.ablations import Head, Past, held_out
from microgpt.evaluate.held_out import held_out_loss
from microgpt.graph import build

FEATURE = pytest.mark.feature("E8")
NAME = "raptor"


@pytest.fixture
def losses(desk) -> Losses:
    """Of the small lab after thirty steps, at the end of a name."""
    desk.train_to(30)
    return Losses(Moment(desk.lab.snapshot.get(), Focus(NAME), desk.lab.experiment.get()))


def drain(losses: Losses) -> Losses:
    for _ in losses.work():
        pass
    return losses


@FEATURE
def test_every_head_mlp_and_letter_of_the_past_can_be_silenced_if_it_is_there():
    whole = parts(build(GPTConfig(n_layer=2, n_embd=8, n_head=2)), ["START", "a", "b"])
    assert [part.title for part in whole] == [
        "layer 1, head 1", "layer 1, head 2", "layer 1, MLP", "layer 2, head 1", "layer 2, head 2", "layer 2, MLP",
        "START at place 0", "a at place 1",
    ]  # fmt: skip
    bare = parts(build(GPTConfig(n_layer=1, n_embd=8, n_head=2, attention=False)), ["START", "a"])
    assert [part.title for part in bare] == ["layer 1, MLP"]


@FEATURE
def test_nothing_silenced_is_exactly_no_change(losses, desk):
    model, experiment = desk.lab.run.trainer.model, desk.lab.experiment.get()
    guess = losses.moment.guess(())
    assert np.array_equal(guess, model.forward(losses.moment.tokens).probabilities[-1])
    losses.ask([])
    drain(losses)
    assert losses.found == {frozenset(): pytest.approx(held_out_loss(model, experiment.held_out_documents))}
    assert losses.change([]) == 0
    assert "nothing is changed, to the last bit" in views.said(losses, set(), experiment.tokenizer.alphabet)


@FEATURE
def test_each_in_turn_is_what_the_engine_says_and_is_ranked(losses, desk):
    experiment = desk.lab.experiment.get()
    losses.ask([[key] for key in losses.moment.parts])
    drain(losses)
    for key, knockout in (("head:0:1", Head(0, 1)), ("past:2", Past(2))):
        pieces = held_out(build(experiment.config), desk.lab.run.trainer.model.params,
                          experiment.held_out_documents, [knockout])  # fmt: skip
        while True:
            try:
                next(pieces)
            except StopIteration as done:
                assert losses.change([key]) == pytest.approx(done.value.change)
                break
    changes = [losses.change([part.key]) for part in losses.ranked()]
    assert changes == sorted(changes, reverse=True) and len(changes) == 3 + len(NAME)
    assert f"Needed most, by held-out loss: {losses.ranked()[0].title} (" in views.ranking(losses)
    assert desk.lab.run.step_count == 30


@FEATURE
def test_it_can_be_stopped_and_what_is_asked_first_comes_first(losses):
    losses.ask([["head:0:0"], ["mlp:0"]])
    work = losses.work()
    shares = [next(work)]
    losses.ask([["head:0:0", "mlp:0"]], first=True)
    while len(losses.found) < 2:
        shares.append(next(work))
    assert set(losses.found) == {frozenset(), frozenset(["head:0:0", "mlp:0"])} and 0 < shares[0] <= shares[-1] < 1
    losses.stop()
    for _ in work:
        pass
    assert len(losses.found) <= 3 and views.ranking(losses) == ""
    losses.ask([[]])
    assert not losses.asked  # it is known


@FEATURE
def test_the_words_and_numbers_are_those_of_the_two_guesses(losses, desk):
    answers = [*desk.lab.experiment.get().tokenizer.alphabet, "END"]
    moment = losses.moment
    after = moment.guess(["mlp:0"])
    said = views.said(losses, {"mlp:0"}, answers)
    assert "After raptor, step 30, without layer 1, MLP:" in said
    assert ("stays the likeliest" in said) == (moment.guess(()).argmax() == after.argmax())
    letter = views.cells(moment.parts["past:3"], losses, answers)
    head = views.cells(moment.parts["head:0:1"], losses, answers)
    assert letter.looks == views.percent(float(np.mean([moment.attention(0, head)[3] for head in (0, 1)])))
    assert " at " in head.looks and "→" in head.guess and head.change == "–"
    rows = views.guesses(moment, {"mlp:0"}, answers)
    assert views.percent(float(after.max())) in rows and rows.count("<tr>") == 1 + views.LETTERS
