"""Playing a record of the real source: filters, jumps, and what stands beside the line."""

import inspect
from dataclasses import replace

import numpy as np
import pytest

from lab.core.focus import Focus
from lab.core.run import Run
from lab.sections.source import programs
from lab.sections.source.player import Filter, Player
from microgpt import sampling, scalar_gpt
from microgpt.experiment import Experiment
from microgpt.rng import stream
from microgpt.value import Value

FEATURE = pytest.mark.feature("X1", "S3-4")
BY_NAME = {program.slug: program for program in programs.PROGRAMS}


@pytest.fixture(scope="module")
def run(small_experiment) -> Run:
    run = Run(small_experiment)
    for _ in range(20):
        run.step()
    return run


@pytest.fixture(scope="module")
def focus(small_experiment) -> Focus:
    return Focus(small_experiment.split.train[0])


@pytest.fixture(scope="module")
def players(run, focus) -> dict[str, Player]:
    return {slug: Player(programs.watch(program, run, focus)[1]) for slug, program in BY_NAME.items()}


@FEATURE
@pytest.mark.parametrize("slug", BY_NAME)
def test_every_program_runs_and_every_moment_of_it_can_be_looked_at(players, slug):
    player = players[slug]
    assert player.recording.error is None
    assert player.places() == list(range(len(player.recording.moments)))
    assert sum(player.functions.values()) == len(player.recording.moments) > 10
    for i in player.places()[:: max(1, len(player.places()) // 50)]:
        view = player.view(i)
        assert view.line in view.lines
        assert view.stack[-1] == view.frame and len(view.stack) == view.frame.depth + 1


@FEATURE
def test_watching_leaves_the_run_as_it_was(run, focus):
    before = run.trainer.model.flat.tobytes(), run.step_count, run.trainer.optimizer.m.tobytes()
    for program in programs.PROGRAMS:
        programs.watch(program, run, focus)
    assert (run.trainer.model.flat.tobytes(), run.step_count, run.trainer.optimizer.m.tobytes()) == before


@FEATURE
def test_the_watched_step_is_the_one_the_lab_takes_next(small_experiment, focus):
    run = Run(small_experiment)
    for _ in range(5):
        run.step()
    watched = programs.watch(BY_NAME["step"], run, focus)[1].result
    assert watched == run.step()


@FEATURE
def test_the_watched_letter_is_the_one_that_would_be_drawn(run, focus, players):
    tokens = [run.experiment.tokenizer.bos, *run.experiment.tokenizer.encode(focus.name)][: focus.at + 1]
    rng = stream(run.experiment.settings.seed, "sampling", run.step_count)
    plain = next(sampling.sample_steps(run.trainer.model, rng, tokens))
    assert players["letter"].recording.result.token == plain.token


@FEATURE
def test_the_scalar_model_sees_what_the_fast_one_sees(run, focus, players):
    """Its logits are the fast model's, though the keys and values of the letters before were handed over."""
    tokens = [run.experiment.tokenizer.bos, *run.experiment.tokenizer.encode(focus.name)][: focus.at + 1]
    logits = [one.data for one in players["gpt"].recording.result]
    np.testing.assert_allclose(logits, run.trainer.model.forward(tokens).logits[-1], atol=1e-5)


@FEATURE
def test_a_function_can_be_singled_out(players):
    player = players["scalar-step"]
    for function, count in player.functions.items():
        places = player.places(Filter(function))
        assert len(places) == count
        assert {player.view(i).frame.function for i in places} == {function}


@FEATURE
def test_a_turn_of_a_loop_with_all_that_is_called_from_it(players):
    player = players["scalar-step"]
    [loop] = [loop for loop in player.loops if loop.function == "ScalarGPT.loss"]
    assert loop.head == "for position, (token, target) in enumerate(pairwise(tokens)):"
    second = [player.view(i) for i in player.places(Filter(loop=(loop.file, loop.line), turn=2))]
    own = [view for view in second if view.frame.function == "ScalarGPT.loss"]
    assert own[0].line == loop.line and own[-1].line != loop.line
    assert all((loop.head, 2, loop.turns) in view.turns for view in own)
    inner = {view.frame.function for view in second}
    assert "ScalarGPT.forward" in inner and "ScalarAdam.step" not in inner
    whole = sum(len(player.places(Filter(loop=(loop.file, loop.line), turn=k))) for k in range(1, loop.turns + 1))
    assert whole < len(player.places())


@FEATURE
def test_a_turn_that_never_was_has_no_moments(players):
    player = players["scalar-step"]
    loop = player.loops[0]
    assert player.places(Filter(loop=(loop.file, loop.line), turn=10**6)) == []


@FEATURE
def test_the_names_that_the_line_before_has_set_are_fresh():
    recording = programs.record(lambda: scalar_gpt.rmsnorm([Value(1.0), Value(2.0)]), [scalar_gpt])
    player = Player(recording)
    fresh = {}
    for i in player.places(Filter("rmsnorm")):
        view = player.view(i)
        for local in view.locals:
            if local.fresh:
                fresh.setdefault(local.name, _text(player, i).strip())
    assert fresh["mean_square"] == "scale = (mean_square + 1e-5) ** -0.5"
    assert fresh["scale"].startswith("return")
    assert "x" not in fresh


@FEATURE
def test_from_a_line_to_the_next_moment_at_another_and_round_again(players):
    player = players["scalar-step"]
    places = player.places(Filter("ScalarAdam.step"))
    line = next(player.view(i).line for i in places if "p.grad = 0.0" in _text(player, i))
    first = player.at_line(places, 0, line)
    second = player.at_line(places, first, line)
    assert 0 < first < second and player.view(places[second]).line == line
    assert player.at_line(places, len(places) - 1, line) == first
    assert player.at_line(places, 0, 1) is None


def _text(player: Player, i: int) -> str:
    view = player.view(i)
    return player.recording.sources[view.frame.file].text.splitlines()[view.line - 1]


@FEATURE
def test_at_the_end_of_the_schedule_there_is_no_next_step_to_watch(small_experiment, focus):
    run = Run(small_experiment)
    run.trainer.step_count = run.trainer.settings.steps
    with pytest.raises(ValueError, match="reset"):
        programs.watch(BY_NAME["step"], run, focus)


@FEATURE
def test_the_step_of_the_scalar_model_is_as_long_as_the_runs_own(small_experiment):
    """Adam's first step moves a weight that has a gradient by the learning rate."""
    settings = replace(small_experiment.settings, learning_rate=0.02)
    call = BY_NAME["scalar-step"].prepare(Run(Experiment(small_experiment.names, settings)), Focus("rex"))
    gpt = inspect.getclosurevars(call.run).nonlocals["gpt"]
    before = [value.data for value in gpt.parameters()]
    call.run()
    moved = max(abs(value.data - was) for value, was in zip(gpt.parameters(), before, strict=True))
    assert moved == pytest.approx(0.02, rel=1e-3)
