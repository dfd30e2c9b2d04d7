"""The guessing game, without its picture: any sequence of guesses, on any list of names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.sections.game.model import FIRST, LAST, Game, Guess, Tally, boxed, entered, start_and_end, tally
from microgpt.experiment import Experiment, Settings

lists = st.lists(st.text("abcdé ", min_size=1, max_size=9).map(str.strip).filter(bool), min_size=2, unique=True)


def settings(seed: int = 0, block_size: int | None = None) -> Settings:
    return Settings(n_layer=1, n_embd=4, n_head=1, seed=seed, block_size=block_size)


def chances(experiment: Experiment, top: int) -> np.ndarray:
    """A model that is sure of one answer."""
    given = np.full(experiment.config.vocab_size, 0.01)
    given[top] = 1 - given.sum() + 0.01
    return given


def play(game: Game, experiment: Experiment, draw) -> list[Guess]:
    """To the end of the name: `draw()` is the next token said, and the model's top one the next."""
    while not game.over:
        game.guess(draw(), chances(experiment, draw()), 0)
    return game.guesses


@pytest.mark.feature("S0-2", "X2")
@given(lists, st.integers(0, 99), st.sampled_from([None, 3]), st.data())
def test_every_guess_is_at_the_next_letter_of_a_real_name(names, seed, block_size, data) -> None:
    experiment = Experiment(names, settings(seed, block_size))
    game, tokenizer = Game(experiment), experiment.tokenizer
    tokens = st.integers(0, tokenizer.vocab_size - 1)
    total, finished = Tally(), 0
    for _ in range(3):
        assert game.name in names and game.guesses == [] and game.read == ""
        guesses = play(game, experiment, lambda: data.draw(tokens))
        asked = tokenizer.document(game.name, experiment.config.block_size)[1:]
        assert [guess.truth for guess in guesses] == asked and game.length == len(asked)
        assert [guess.read for guess in guesses] == [game.name[:i] for i in range(len(asked))]
        hits = sum(guess.said == truth for guess, truth in zip(guesses, asked, strict=True))
        tops = sum(int(guess.chances.argmax()) == truth for guess, truth in zip(guesses, asked, strict=True))
        assert game.score == Tally(len(asked), hits, tops) == tally(guesses)
        total, finished = total + game.score, finished + 1
        assert (game.total, game.names) == (total, finished)
        game.another()


@pytest.mark.feature("S0-2")
@given(lists, st.integers(0, 99))
def test_the_same_seed_gives_the_same_names_and_those_kept_for_the_exam_come_first(names, seed) -> None:
    experiment = Experiment(names, settings(seed))
    order = []
    for game in (Game(experiment), Game(experiment)):
        order.append([])
        for _ in names:
            assert game.held_out == (game.name in experiment.split.held_out)
            order[-1].append(game.name)
            game.another()
        assert game.name == order[-1][0]  # and round again
    assert order[0] == order[1]
    assert sorted(order[0]) == sorted(names)
    assert set(order[0][: len(experiment.split.held_out)]) == set(experiment.split.held_out)


def test_another_seed_gives_another_order(names) -> None:
    def first(seed: int) -> list[str]:
        game, drawn = Game(Experiment(names, settings(seed))), []
        for _ in range(5):
            drawn.append(game.name)
            game.another()
        return drawn

    assert first(1) != first(2)


def test_names_that_do_not_fit_the_model_are_left_out_while_there_are_others() -> None:
    game = Game(Experiment(["abcdefgh", "ab", "ba", "abcdefg"], settings(block_size=4)))
    drawn = set()
    for _ in range(6):
        drawn.add(game.name)
        game.another()
    assert drawn == {"ab", "ba"}
    assert Game(Experiment(["abcdefgh", "abcdefg"], settings(block_size=4))).length == 4


def test_guesses_at_a_name_given_up_stay_counted(small_experiment) -> None:
    game = Game(small_experiment)
    game.guess(0, chances(small_experiment, 0), 0)
    game.another()
    assert game.total.guesses == 1 and game.score.guesses == 0 and game.names == 0


def test_what_is_no_guess_raises_and_changes_nothing(small_experiment) -> None:
    game = Game(small_experiment)
    for token in (-1, small_experiment.config.vocab_size):
        with pytest.raises(ValueError, match=str(token)):
            game.guess(token, chances(small_experiment, 0), 0)
    assert game.guesses == []
    play(game, small_experiment, lambda: 0)
    with pytest.raises(ValueError, match="over"):
        game.guess(0, chances(small_experiment, 0), 0)


@pytest.mark.feature("S0-2")
def test_the_model_is_quoted_as_it_was(small_experiment) -> None:
    game = Game(small_experiment)
    model = small_experiment.trainer().model
    given = model.forward(game.context).probabilities[-1]
    made = game.guess(1, given, 12)
    assert made.chance == given[small_experiment.tokenizer.encode(game.name)[0]]
    assert (made.chance_of_said, made.top, made.step) == (given[1], given.argmax(), 12)


def test_the_game_goes_on_with_the_same_names_only(names, small_experiment) -> None:
    game = Game(small_experiment)
    assert game.fits(Experiment(names, small_experiment.settings))
    assert not game.fits(Experiment(names[:-1], small_experiment.settings))
    assert not game.fits(Experiment(names, settings(block_size=5)))


@given(st.integers(0, 40))
def test_start_and_end_of_a_name_never_share_a_guess(count) -> None:
    guesses = [Guess("", 0, 0, np.ones(1), 0) for _ in range(count)]
    first, last = start_and_end(guesses)
    assert len(first) + len(last) <= count
    assert first == guesses[: len(first)] and last == guesses[count - len(last) :]
    if count >= FIRST + LAST:
        assert (len(first), len(last)) == (FIRST, LAST)
    if count >= 2:
        assert first and last


@pytest.mark.parametrize(
    ("value", "before", "box"),
    [("a", "", "a"), ("aB", "a", "B"), ("b", "END", "b"), ("", "a", ""), ("EN", "END", ""), ("ENDa", "END", "a")],
)
def test_the_box_holds_one_answer_and_judges_none(value: str, before: str, box: str) -> None:
    assert boxed(value, before, "ab") == box


def test_what_stands_in_the_box_is_the_guess_and_nothing_is_none() -> None:
    assert [entered(box, "ab") for box in ("a", "b", boxed(" ", "", "ab"))] == [0, 1, 2]
    assert entered(boxed(" ", "", "a b"), "a b") == 1  # in names with blanks, a blank is a letter
    for nothing, says in (("", "Type a letter first"), ("3", "“3” is not one of the answers. They are ab, and END.")):
        with pytest.raises(ValueError, match=says):
            entered(nothing, "ab")
