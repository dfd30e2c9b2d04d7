"""The race of the rungs: what it does, and what it shows of it."""

from collections.abc import Iterator

import numpy as np
import pytest

from lab.core.history import History
from lab.sections.race import view as views
from lab.sections.race.model import SLICE, Race, Racer, read_steps
from microgpt.evaluate.held_out import held_out_loss
from microgpt.experiment import Experiment, Settings
from microgpt.ladder import RUNGS, climb
from tests.core.desk import Desk, FakeTime

STEPS = 120
ALL = range(len(RUNGS))


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def drain(race: Race) -> Race:
    for _ in race.work():
        pass
    return race


@pytest.fixture(scope="module")
def raced(small_experiment: Experiment) -> Race:
    return drain(Race(small_experiment, STEPS, FakeTime().clock))


# What it does


@pytest.mark.feature("S4-5", "R1")
def test_each_rung_is_trained_as_by_itself(raced: Race, small_experiment: Experiment) -> None:
    assert [racer.number for racer in raced.racers] == list(ALL) and raced.finished
    for racer in raced.racers:
        alone = climb(racer.number, small_experiment, STEPS)
        losses = [alone.step() for _ in range(racer.step_count)]
        assert racer.history.losses(racer.step_count).tolist() == losses
        assert racer.held_out == held_out_loss(alone, small_experiment.held_out_documents)
        assert racer.step_count == (len(small_experiment.train_documents) if racer.number == 0 else STEPS)


@pytest.mark.feature("S4-5")
def test_they_are_examined_before_on_their_way_and_after(raced: Race, small_experiment: Experiment) -> None:
    for racer in raced.racers[1:]:
        assert list(racer.marks) == [0, 100, STEPS]
        alone = climb(racer.number, small_experiment, STEPS)
        assert racer.marks[0] == held_out_loss(alone, small_experiment.held_out_documents)
        for _ in range(100):
            alone.step()
        assert racer.marks[100] == held_out_loss(alone, small_experiment.held_out_documents)
    assert list(raced.racers[0].marks) == [0, raced.racers[0].step_count]


@pytest.mark.feature("S4-4", "S4-5")
def test_the_top_rung_is_the_run_of_the_lab(small_experiment: Experiment) -> None:
    steps = small_experiment.settings.steps
    race = Race(small_experiment, steps, FakeTime().clock)
    work = race.work()
    while len(race.racers) < len(RUNGS) or race.racers[-1].step_count < 50:
        next(work)
    work.close()
    trainer = small_experiment.trainer(np.float64)
    expected = [trainer.step().loss for _ in range(50)]
    assert race.racers[-1].history.losses(50) == pytest.approx(expected, abs=1e-12)


def test_all_make_five_names_from_the_same_draws(raced: Race, small_experiment: Experiment) -> None:
    names = [[sample.name for sample in racer.names] for racer in raced.racers]
    assert all(len(five) == 5 for five in names)
    assert names[1] == names[2]  # the same model, twice
    letters = set("".join(small_experiment.names))
    assert all(set(name) <= letters for five in names for name in five)
    for racer in raced.racers:
        for sample in racer.names:
            assert len(sample.name) <= small_experiment.config.max_letters
            assert sample.verdict == small_experiment.novelty.judge(sample.name)


def test_the_seconds_are_those_of_the_steps_alone(small_experiment: Experiment) -> None:
    clock = FakeTime(tick=1.0)
    race = drain(Race(small_experiment, 10, clock.clock))
    # each step reads the clock before and after it
    assert [racer.seconds for racer in race.racers] == [pytest.approx(10)] * len(RUNGS)


def test_they_go_in_step(small_experiment: Experiment) -> None:
    race = Race(small_experiment, STEPS, FakeTime(tick=SLICE).clock)  # so that a slice is a piece
    for _ in race.work():
        counts = [racer.step_count for racer in race.racers[1:]]
        assert not counts or max(counts) - min(counts) <= 1 or any(racer.finished for racer in race.racers)


def test_it_works_in_slices(small_experiment: Experiment) -> None:
    fine, coarse = (Race(small_experiment, 5, FakeTime(tick).clock) for tick in (SLICE, SLICE / 100))
    pieces = [sum(1 for _ in race.work()) for race in (fine, coarse)]
    assert pieces[0] > 5 * pieces[1] > 0


def test_time_left_is_told_once_it_is_known(small_experiment: Experiment, time: FakeTime) -> None:
    race = Race(small_experiment, STEPS, time.clock)
    assert race.seconds_left() is None and race.step == 0
    told = []
    began = time.now
    for _ in race.work():
        left = race.seconds_left()
        if left is not None and race.step < STEPS:
            told.append((race.step, time.now - began, left))
    for step, gone, left in told:
        assert left == pytest.approx(gone * (STEPS - step) / step, rel=0.05, abs=0.01)
    assert told[0][0] == pytest.approx(0.03 * STEPS, abs=2)


def test_one_that_runs_away_is_out_and_the_others_go_on(small_experiment: Experiment, recwarn) -> None:
    race = Race(small_experiment, 150, FakeTime().clock)
    for _ in race.work():
        if len(race.racers) == len(RUNGS):
            race.racers[3].learner.learning_rate = 1e9
    assert [racer.failed for racer in race.racers] == [number == 3 for number in ALL]
    assert race.finished and race.racers[4].step_count == 150
    assert not recwarn
    assert "ran away" in views.rows(race.racers) and "3 Attention ran away" in views.outcome(race)
    assert views.curves(race, "held-out", set(ALL)) and views.curves(race, "training", set(ALL))


@pytest.mark.feature("S4-5")
def test_the_model_of_the_lab_is_left_alone(desk: Desk) -> None:
    desk.train_to(60)
    before = desk.weights
    race = Race(desk.lab.run.experiment, 30, desk.time.clock)
    desk.lab.add_job("Race", race.work(), lambda error: pytest.fail(str(error)))
    desk.finish()
    assert race.finished and desk.weights == before


@pytest.mark.feature("S4-5")
def test_lab_and_race_at_once_get_what_each_gets_alone(desk: Desk, losses: list[float], raced: Race) -> None:
    race = Race(desk.lab.run.experiment, STEPS, desk.time.clock)
    desk.lab.add_job("Race", race.work(), lambda error: pytest.fail(str(error)))
    desk.train_to(200)
    assert desk.losses == losses[:200]
    assert [racer.held_out for racer in race.racers] == [racer.held_out for racer in raced.racers]


@pytest.mark.feature("S4-5")
def test_stopped_it_keeps_what_it_has(desk: Desk) -> None:
    race = Race(desk.lab.run.experiment, 100, desk.time.clock)
    job = desk.lab.add_job("Race", race.work(), lambda error: pytest.fail(str(error)))
    desk.until(lambda: race.step >= 20)
    job.cancel()
    desk.finish()
    assert 20 <= race.step < 100 and not race.finished
    assert "Stopped at step 2" in views.progress(race, running=False)
    assert views.outcome(race) == ""


@pytest.mark.parametrize("text", ["", "no", "0", "-5", "1.5", "20001"])
def test_no_number_of_steps(text: str) -> None:
    with pytest.raises(ValueError, match="whole number from 1 to 20,000"):
        read_steps(text)


def test_numbers_of_steps() -> None:
    assert [read_steps(text) for text in ("1", "20000")] == [1, 20_000]


# What it shows


class Stub:
    n_params, steps = 1234, 400


def made_up(number: int, held_out: float, before: float = 3.0) -> Racer:
    racer = Racer(f"{number} Rung", Stub(), number=number, held_out=held_out, finished=True, seconds=1.25)
    racer.history = History(np.full(400, held_out + 0.1))
    racer.marks = {0: before, 100: held_out + 0.5, 400: held_out}
    return racer


@pytest.fixture
def stubs(small_experiment: Experiment) -> Iterator[Race]:
    race = Race(small_experiment, 400, FakeTime().clock)
    race.racers = [made_up(i, loss) for i, loss in enumerate((2.3, 2.32, 2.32, 2.0, 1.95, 1.85, 1.8))]
    yield race


def test_held_out_curves(stubs: Race) -> None:
    lines = views.curves(stubs, "held-out", {1, 6})
    assert [(points.name, points.colour) for points in lines.points] == [("1 Rung", 2), ("6 Rung", 7)]
    assert lines.points[1].steps.tolist() == [100, 400]  # the one before the first step is left out
    assert lines.points[1].values.tolist() == [2.3, 1.8]
    assert [baseline.name for baseline in lines.baselines] == ["bigram", "trigram"]
    assert [baseline.value for baseline in lines.baselines] == [
        stubs.experiment.baselines[name] for name in ("bigram", "trigram")
    ]


def test_the_exam_before_the_first_step_is_shown_until_there_is_another(stubs: Race) -> None:
    for racer in stubs.racers:
        racer.marks, racer.finished = {0: 3.3}, False
    lines = views.curves(stubs, "held-out", set(ALL))
    assert [points.steps.tolist() for points in lines.points] == [[0]] * len(RUNGS)
    assert "guessing evenly" in [baseline.name for baseline in lines.baselines]


def test_training_curves(stubs: Race) -> None:
    lines = views.curves(stubs, "training", {0, 3})
    assert [(series.name, series.colour, len(series.smooth)) for series in lines.series] == [
        ("0 Rung", 1, 400),
        ("3 Rung", 4, 400),
    ]
    assert not lines.points


def test_reading(stubs: Race) -> None:
    text = views.reading(stubs, "held-out", {0, 6}, 250)
    assert text == "step 250, held-out, at the last exam: 0 Rung 2.800, 6 Rung 2.300"
    text = views.reading(stubs, "training", {6}, 250)
    assert text == "step 250, mean of up to 100 steps before: 6 Rung 1.900"
    assert views.reading(stubs, "training", set(), 250).endswith("no curve")


def test_the_outcome_is_measured(stubs: Race) -> None:
    text = views.outcome(stubs)
    assert "The lowest held-out loss is that of 6 Rung: 1.800." in text
    assert "The largest step down leads from 2 Rung to 3 Rung: 0.32." in text
    assert "From 0 Rung to 1 Rung it went up by 0.020." in text
    assert text.count("went up") == 1


def test_only_the_lowest_is_marked(stubs: Race) -> None:
    markup = views.rows(stubs.racers)
    assert markup.count("lowest") == 1 and "<b>1.800</b> <span>lowest" in markup
    assert markup.count("<tr>") == markup.count("1,234") == markup.count(">1.2<") == len(RUNGS)


def test_names_are_escaped(stubs: Race, small_experiment: Experiment) -> None:
    from lab.core.snapshot import Sample

    stubs.racers[0].names = [Sample(1, 1.0, "<i>", small_experiment.novelty.judge("a"), True)]
    assert "&lt;i&gt;" in views.rows(stubs.racers) and "<i>" not in views.rows(stubs.racers)


def test_the_lab_may_have_moved_on(stubs: Race, small_experiment: Experiment) -> None:
    assert "next race" not in views.raced_with(stubs, small_experiment)
    assert "seed 7" in views.raced_with(stubs, small_experiment)
    other = Experiment(small_experiment.names, Settings(n_layer=1, n_embd=8, n_head=2, steps=400, seed=8))
    assert "next race" in views.raced_with(stubs, other)
