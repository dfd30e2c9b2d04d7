"""A name in the making: every draw kept, and the same as the terminal makes."""

import numpy as np
import pytest

from lab.sections.generate.model import Drawing, Generation, Recipe, record
from microgpt import checkpoint
from microgpt.cli import main
from microgpt.rng import stream
from microgpt.sampling import complete

RECIPE = Recipe(0.8, 42)


@pytest.fixture
def trained(desk):
    desk.train_to(300)
    return desk


def make(desk, recipe: Recipe = RECIPE) -> Generation:
    *letters, made = record(desk.lab.snapshot.get(), desk.lab.experiment.get(), recipe)
    assert letters == [None] * len(made.steps)
    return made


def draw_all(desk, start: str = "", seed: int = 42, temperature: float = 0.8) -> Drawing:
    drawing = Drawing(desk.lab.experiment.get(), start, seed)
    while drawing.draw(desk.lab.snapshot.get().model, temperature) is not None:
        pass
    return drawing


@pytest.mark.feature("S3-6", "X5")
@pytest.mark.parametrize("recipe", [RECIPE, Recipe(1.5, 3, "tri"), Recipe(0.0, 1), Recipe(2.0, 9, "", 3, 0.9)])
def test_a_recording_is_the_name_that_the_terminal_makes(trained, recipe, tmp_path, capsys):
    made = make(trained, recipe)
    file = tmp_path / "run.npz"
    checkpoint.save(trained.lab.run.checkpoint(), file)
    options = ["--temperature", str(recipe.temperature), "--seed", str(recipe.seed), "--prefix", recipe.prefix]
    options += ["--top-k", str(recipe.top_k), "--top-p", str(recipe.top_p)] if recipe.top_k else []
    assert main(["sample", str(file), "-n", "1", *options]) == 0
    assert capsys.readouterr().out.splitlines() == [made.name]
    assert made.step == 300


@pytest.mark.feature("S3-6")
def test_a_recording_stays_as_it_was_whatever_training_does_next(trained):
    made = make(trained)
    name, logits = made.name, [step.logits.copy() for step in made.steps]
    trained.train_to(400)
    assert made.name == name and made.step == 300
    for step, before in zip(made.steps, logits, strict=True):
        np.testing.assert_array_equal(step.logits, before)
    assert [step.logits.tolist() for step in make(trained).steps] != [one.tolist() for one in logits]


@pytest.mark.feature("S3-6")
def test_recording_never_changes_training(trained, new_desk):
    make(trained)
    draw_all(trained)
    other = new_desk()
    for desk in (trained, other):
        desk.train_to(350)
    assert trained.weights == other.weights


@pytest.mark.feature("S2-3")
@pytest.mark.parametrize(("start", "temperature"), [("", 0.8), ("tri", 1.5), ("tri", 0.0)])
def test_drawing_letter_by_letter_makes_the_recorded_name(trained, start, temperature):
    drawing = draw_all(trained, start, 7, temperature)
    made = make(trained, Recipe(temperature, 7, start))
    assert drawing.text == made.name
    assert [step.draw for step in drawing.steps] == [step.draw for step in made.steps]
    assert drawing.ended == made.finished and drawing.over


@pytest.mark.feature("S2-3")
def test_the_same_seed_draws_the_same_name_and_another_another(trained):
    names = [draw_all(trained, seed=seed, temperature=1.5).text for seed in (1, 1, 2)]
    assert names[0] == names[1] != names[2]


@pytest.mark.feature("S2-3")
def test_each_letter_is_drawn_by_the_model_of_its_moment_at_the_temperature_of_its_moment(desk):
    drawing = Drawing(desk.lab.experiment.get(), "tri", 42)
    first = drawing.draw(desk.lab.snapshot.get().model, 1.0)
    desk.train_to(200)
    model = desk.lab.snapshot.get().model
    second = drawing.draw(model, 0.5)
    rng = stream(42, "sampling")
    assert [first.draw, second.draw] == [rng.random_sample(), rng.random_sample()]
    np.testing.assert_array_equal(second.logits, model.forward(second.context).logits[-1])
    assert second.context == (*first.context, first.token)


@pytest.mark.feature("S2-3", "R3")
def test_end_stops_and_so_does_the_last_position(desk):
    experiment, model = desk.lab.experiment.get(), desk.lab.snapshot.get().model.copy()
    model.params["lm_head"][:] = 0  # every logit is 0: at temperature 0 it always says the first letter
    endless = Drawing(experiment, "", 1)
    letters = 0
    while endless.draw(model, 0.0) is not None:
        letters += 1
    assert letters == experiment.config.max_letters == len(endless.text)
    assert endless.full and endless.over and not endless.ended
    assert endless.draw(model, 0.0) is None
    never = Recipe(0.0, 1)
    *_, made = record(desk.lab.snapshot.get(), experiment, never)
    assert made.finished == (made.steps[-1].token == experiment.tokenizer.bos)


@pytest.mark.feature("R3")
def test_behind_the_longest_beginning_only_end_fits(trained):
    most = trained.lab.experiment.get().config.max_letters
    made = make(trained, Recipe(1.0, 1, "a" * most))
    assert made.name == "a" * most
    assert len(made.steps) == made.finished  # END, or nothing


def test_a_model_that_has_run_away_draws_nothing(desk):
    model = desk.lab.snapshot.get().model
    model.flat[5] = np.nan
    with pytest.raises(ValueError, match="has run away"):
        next(record(desk.lab.snapshot.get(), desk.lab.experiment.get(), RECIPE))
    with pytest.raises(ValueError, match="has run away"):
        Drawing(desk.lab.experiment.get(), "", 1).draw(model, 1.0)


@pytest.mark.feature("S3-7")
def test_greedy_takes_the_most_likely_letter_each_time_and_no_seed_matters(trained):
    made, other = (make(trained, Recipe(0.0, seed)) for seed in (1, 2))
    assert made.name == other.name
    assert all(step.draw is None and step.token == step.logits.argmax() for step in made.steps)
    tokenizer = trained.lab.experiment.get().tokenizer
    assert made.name == complete(trained.lab.snapshot.get().model, tokenizer, stream(5, "sampling"), temperature=0)
