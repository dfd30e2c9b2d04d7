"""How the opening spells a name with the model's own probabilities."""

import numpy as np
import pytest

from lab.sections.opening import view as opening
from microgpt.experiment import Experiment


@pytest.fixture
def trained(desk):
    desk.train_to(150)
    return desk.lab.snapshot.get()


@pytest.mark.feature("S1-2")
def test_spelling_gives_the_models_own_chance_for_each_right_answer(trained, small_experiment: Experiment):
    tokenizer = small_experiment.tokenizer
    rows = opening.spelling(trained, tokenizer.document("rex"), tokenizer.label)
    assert [(row.read, row.answer) for row in rows] == [("START", "r"), ("r", "e"), ("re", "x"), ("rex", "END")]
    loss = -np.mean(np.log([row.chance for row in rows]))
    assert loss == pytest.approx(trained.model.loss(tokenizer.document("rex")), rel=1e-5)


@pytest.mark.feature("S1-2")
def test_a_model_without_the_letters_of_rex_spells_the_name_looked_at(new_desk):
    desk = new_desk(names=["ana", "anna", "nana", "naan", "annan", "nanna"])
    experiment, snapshot = desk.lab.experiment.get(), desk.lab.snapshot.get()
    name = opening.example(experiment, desk.lab.focus.get().name)
    assert name == desk.lab.focus.get().name
    rows = opening.spelling(snapshot, experiment.tokenizer.document(name), experiment.tokenizer.label)
    assert [row.answer for row in rows] == [*name, "END"]


@pytest.mark.feature("S1-2")
def test_rex_is_spelled_where_names_have_it_in_them(dinosaurs: Experiment):
    assert opening.example(dinosaurs, "mei") == "rex"
    assert opening.example(Experiment(["xer", "mei", "erx", "ex"]), "mei") == "mei"
    assert [opening.in_words(count) for count in (4, 12, 13)] == ["four", "twelve", "13"]


@pytest.mark.parametrize(
    ("step", "text"),
    [(0, "before any training"), (1, "after 1 step of training"), (5000, "after 5,000 steps of training")],
)
def test_how_long_it_was_trained_is_said_in_words(step, text):
    assert opening.when(step) == text
