"""What the game and the pairs say, in words and in markup."""

import re

import numpy as np
import pytest

from lab.charts.format import percent
from lab.sections.game import view as views
from lab.sections.game.model import Game
from microgpt.experiment import Experiment, Settings
from microgpt.ops import softmax_and_cross_entropy


@pytest.fixture
def game(small_experiment: Experiment) -> Game:
    return Game(small_experiment)


@pytest.fixture
def label(small_experiment: Experiment):
    return lambda token: views.answer(token, small_experiment.tokenizer.alphabet)


def given(game: Game, experiment: Experiment, right: bool) -> np.ndarray:
    """Chances of a model whose top guess is right, or is not."""
    truth = game._document[len(game.context)]
    chances = np.full(experiment.config.vocab_size, 0.01)
    chances[truth if right else truth - 1] = 0.5
    return chances


def play(game: Game, experiment: Experiment, mine: list[bool], model: list[bool], step: int = 300) -> None:
    for right, model_right in zip(mine, model, strict=True):
        truth = game._document[len(game.context)]
        game.guess(truth if right else (truth + 1) % 20, given(game, experiment, model_right), step)


def hits(n: int, length: int, first: int, last: int) -> list[bool]:
    """`length` guesses: `first` of the first 3 and `last` of the last 5 are right, and none between."""
    return [i < first for i in range(3)] + [False] * (length - 8) + [i < last for i in range(5)]


@pytest.mark.feature("S0-2")
def test_the_reflection_quotes_the_players_own_score_by_position(game, small_experiment) -> None:
    while game.length < 9:
        game.another()
    n = game.length
    play(game, small_experiment, hits(n, n, 1, 4), hits(n, n, 0, 5))
    text = " ".join(views.reflection(game))
    assert "You had 1 of the first 3 and 4 of the last 5; the model had 0 and 5." in text
    assert "the better you did" in text
    assert f"{percent(0.01)} on average at the start" in text
    assert ("never trained" in text) == game.held_out


@pytest.mark.feature("S0-2")
@pytest.mark.parametrize(
    ("first", "last", "says"), [(3, 0, "also mislead"), (0, 0, "made no difference"), (3, 5, "made no difference")]
)
def test_the_reflection_goes_by_the_score(game, small_experiment, first, last, says) -> None:
    while game.length < 9:
        game.another()
    n = game.length
    play(game, small_experiment, hits(n, n, first, last), [False] * n)
    assert says in " ".join(views.reflection(game))


@pytest.mark.parametrize("name", ["a", "ab", "abc"])
def test_the_shortest_names_have_a_reflection_too(name) -> None:
    experiment = Experiment([name, name[::-1] + "c", "bb"], Settings(n_layer=1, n_embd=4, n_head=1))
    game = Game(experiment)
    while game.name != name:
        game.another()
    play(game, experiment, [True] * game.length, [False] * game.length)
    length = len(name) + 1
    first = min(3, length // 2)
    assert f"You had {first} of the first {first} and {length - first} of the last" in views.reflection(game)[0]


def test_an_untrained_model_is_not_laughed_at(game, small_experiment) -> None:
    play(game, small_experiment, [True] * game.length, [False] * game.length, step=0)
    assert "no idea anywhere" in " ".join(views.reflection(game))


@pytest.mark.feature("S0-2")
def test_the_verdict_gives_the_models_chance_of_the_truth_and_of_the_guess(game, small_experiment, label) -> None:
    chances = small_experiment.trainer().model.forward(game.context).probabilities[-1]
    truth = game._document[1]
    wrong = (truth + 1) % 5
    made = game.guess(wrong, chances, 12)
    text = re.sub("<.*?>", "", views.verdict(made, label))
    assert text.startswith(f"✗ Not {label(wrong)}: it is {label(truth)}. The model, after 12 steps of training, ")
    assert f"gave {label(truth)} {percent(float(chances[truth]))}" in text
    assert f"your {label(wrong)} {percent(float(chances[wrong]))}" in text
    made = game.guess(game._document[2], chances, 0)
    assert "✓ Right:" in views.verdict(made, label) and "untrained" in views.verdict(made, label)


@pytest.mark.feature("S0-2")
def test_the_score_counts_both_over_all_names(game, small_experiment) -> None:
    assert "No guess yet" in views.score(game)
    n = game.length
    play(game, small_experiment, [True] * 2 + [False] * (n - 2), [True] * n)
    assert views.score(game) == f"This name: you 2 of {n}, the model {n} of {n}."
    game.another()
    assert f"1 name finished: you 2 of {n}, the model {n} of {n}." in views.score(game)


def test_the_bars_hold_the_top_answers_the_truth_and_the_guess(game, small_experiment, label) -> None:
    chances = np.linspace(0.001, 0.08, small_experiment.config.vocab_size)
    truth = game._document[1]
    made = game.guess(0 if truth else 1, chances, 0)
    bars = views.thought(made, label)
    assert bars.labels[bars.mark] == f"{label(truth)} (right)"
    assert f"{label(made.said)} (you)" in bars.labels
    assert list(bars.values) == sorted(bars.values, reverse=True)
    assert {float(v) for v in np.sort(chances)[-views.SHOWN :]} <= set(bars.values)


def test_the_board_shows_hits_and_misses_by_more_than_colour(game, small_experiment, label) -> None:
    play(game, small_experiment, [True, False], [True, False])
    html = views.board(game, label)
    assert (html.count("✓"), html.count("✗"), html.count(">?<")) == (1, 1, 1)
    assert views.board_text(game) == f"The name so far: START {' '.join(game.name[:2])}; what comes next?"


def test_any_alphabet_has_its_keys() -> None:
    html = views.keys("<é ", range(4))
    assert re.findall(r'value="(\d)"', html) == ["0", "1", "2", "3"]
    assert html.count('tabindex="0"') == 1
    for face in ("&lt;", "é", "␣", "END"):
        assert f">{face}</button>" in html


@pytest.mark.feature("S3-1")
@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_pair_is_told_with_its_cost_and_the_mean_so_far(small_experiment, label, at) -> None:
    document = small_experiment.tokenizer.document("rex")
    logits = small_experiment.trainer().model.forward(document[:-1]).logits
    probabilities, losses = softmax_and_cross_entropy(logits, np.array(document[1:]))
    asked = [
        views.Asked(i + 1, label(t), float(p[t]), float(loss))
        for i, (t, p, loss) in enumerate(zip(document[1:], probabilities, losses, strict=True))
    ]
    labels = ["START", *"rex", "END"]
    text = views.pair_text(asked, labels, at)
    read = "START alone" if at == 0 else " ".join(labels[: at + 1])
    assert f"Pair {at + 1} of 4: after {read} comes {labels[at + 1]}." in text
    assert f"costs {losses[at]:.2f}" in text
    if at:
        assert f"{np.mean(losses[: at + 1]):.2f}" in text
    assert ("the loss of this name" in text) == (at == 3)
    html = views.tiles(labels, at)
    assert (html.count("ask-read"), html.count("ask-target"), html.count("ask-ahead")) == (at + 1, 1, 3 - at)


def test_a_very_long_name_has_bars_around_the_pair_shown() -> None:
    asked = [views.Asked(i, "a", 0.5, float(i)) for i in range(64)]
    for at in (0, 30, 63):
        bars = views.pair_bars(asked, at)
        assert len(bars.values) == 40
        assert bars.values[bars.glow] == at
