"""Making names up, letter by letter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.experiment import Experiment
from microgpt.model import GPT
from microgpt.rng import stream
from microgpt.sampling import at_temperature, complete, names, pick, sample_steps
from microgpt.tokenizer import CharTokenizer, UnknownCharacter


@pytest.fixture(scope="module")
def model(tiny: Experiment) -> GPT:
    """Trained a little, so that its guesses differ from letter to letter."""
    trainer = tiny.trainer()
    while not trainer.finished:
        trainer.step()
    return trainer.model


@pytest.fixture(scope="module")
def tokenizer(tiny: Experiment) -> CharTokenizer:
    return tiny.tokenizer


@pytest.mark.feature("S3-6")
def test_each_step_shows_the_guess_and_the_draw_that_it_went_by(model: GPT, tokenizer: CharTokenizer) -> None:
    steps = list(sample_steps(model, stream(5, "sampling"), [tokenizer.bos], temperature=0.7))
    rng, context = stream(5, "sampling"), (tokenizer.bos,)
    for step in steps:
        logits = model.forward(context).logits[-1]
        assert step.context == context
        np.testing.assert_array_equal(step.logits, logits)
        np.testing.assert_array_equal(step.probabilities, at_temperature(logits, 0.7))
        assert step.draw == rng.random_sample()
        assert step.token == pick(step.probabilities, step.draw)
        context += (step.token,)
    assert context[-1] == tokenizer.bos or len(context) == model.config.block_size


@pytest.mark.feature("S3-7")
def test_at_temperature_zero_every_letter_is_the_most_likely_one(model: GPT, tokenizer: CharTokenizer) -> None:
    rng = stream(1, "sampling")
    steps = list(sample_steps(model, rng, [tokenizer.bos], temperature=0))
    assert steps and all(step.token == step.logits.argmax() for step in steps)
    assert all(step.draw is None for step in steps)
    assert rng.random_sample() == stream(1, "sampling").random_sample()  # nothing was left to chance


@pytest.mark.feature("S1-16")
def test_the_same_seed_and_temperature_make_the_same_names(model: GPT, tokenizer: CharTokenizer) -> None:
    def made(seed: int, temperature: float) -> list[str]:
        rng = stream(seed, "sampling")
        return [complete(model, tokenizer, rng, temperature=temperature) for _ in range(5)]

    assert made(3, 0.8) == made(3, 0.8)
    assert made(3, 0.8) != made(4, 0.8)
    assert made(3, 0.8) != made(3, 1.5)
    assert len(set(made(3, 0.8))) > 1  # the names of one seed differ


@pytest.mark.feature("U7")
def test_names_come_letter_by_letter_from_one_stream_of_draws(model: GPT, tokenizer: CharTokenizer) -> None:
    pieces = list(names(model, tokenizer, stream(3, "sampling"), 4, "a", 0.8))
    rng = stream(3, "sampling")
    expected: list[object] = []
    for _ in range(4):
        steps = list(sample_steps(model, rng, [tokenizer.bos, *tokenizer.encode("a")], 0.8))
        text = "a" + tokenizer.decode([step.token for step in steps])
        expected += [None] * len(steps) + [(text, steps[-1].token == tokenizer.bos)]
    assert [piece and (piece.text, piece.finished) for piece in pieces] == expected


@pytest.mark.feature("U7", "R3")
@settings(max_examples=50)
@given(data=st.data())
def test_a_name_begins_with_its_prefix_and_ends_in_time(model: GPT, tokenizer: CharTokenizer, data) -> None:
    prefix = data.draw(st.text(tokenizer.alphabet, max_size=model.config.max_letters))
    temperature = data.draw(st.sampled_from([0.0, 0.5, 1.0, 3.0]))
    name = complete(model, tokenizer, stream(data.draw(st.integers(0, 99)), "sampling"), prefix, temperature)
    assert name.startswith(prefix)
    assert len(name) <= model.config.max_letters
    assert set(name) <= set(tokenizer.alphabet)


@pytest.mark.feature("S2-3")
def test_the_first_bos_drawn_is_the_end(tiny: Experiment) -> None:
    untrained, bos = tiny.trainer().model, tiny.tokenizer.bos  # so it draws [BOS] anywhere
    lengths = set()
    for seed in range(150):
        tokens = [step.token for step in sample_steps(untrained, stream(seed, "sampling"), [bos])]
        assert bos not in tokens[:-1]
        lengths.add(len(tokens))
    assert 1 in lengths  # an empty name, too, is at its end


@pytest.mark.feature("R3")
def test_a_model_that_never_says_end_is_stopped_by_its_positions(model: GPT, tokenizer: CharTokenizer) -> None:
    endless = model.copy()
    endless.params["lm_head"][:] = 0  # every logit is 0, and of equals the first is taken: always "a"
    steps = list(sample_steps(endless, stream(1, "sampling"), [tokenizer.bos], temperature=0))
    assert [step.token for step in steps] == [0] * endless.config.max_letters


@pytest.mark.feature("U7")
def test_the_longest_prefix_leaves_room_for_end_alone(model: GPT, tokenizer: CharTokenizer) -> None:
    longest = "a" * model.config.max_letters
    assert all(complete(model, tokenizer, stream(seed, "sampling"), longest) == longest for seed in range(20))
    with pytest.raises(ValueError, match=f"is too long: this model reads at most {len(longest)} letters"):
        complete(model, tokenizer, stream(1, "sampling"), longest + "a")


def test_a_prefix_with_an_unknown_letter_is_refused(model: GPT, tokenizer: CharTokenizer) -> None:
    with pytest.raises(UnknownCharacter, match="'É' is not one of the letters"):
        complete(model, tokenizer, stream(1, "sampling"), "tÉ")


def test_first_letters_come_as_often_as_the_model_says(model: GPT, tokenizer: CharTokenizer) -> None:
    rng, n = stream(9, "sampling"), 1500
    first = [next(sample_steps(model, rng, [tokenizer.bos])) for _ in range(n)]
    expected = n * first[0].probabilities
    counts = np.bincount([step.token for step in first], minlength=tokenizer.vocab_size)
    common = expected > 5
    chi_square = ((counts - expected)[common] ** 2 / expected[common]).sum()
    assert chi_square < 2 * common.sum()


@pytest.mark.feature("S3-6")
@pytest.mark.parametrize("how", [{}, {"temperature": 0.5}, {"top_k": 4}, {"temperature": 0}])
def test_each_step_shows_where_every_stretch_ends_and_which_one_the_draw_fell_on(
    model: GPT, tokenizer: CharTokenizer, how: dict
) -> None:
    for step in sample_steps(model, stream(11, "sampling"), [tokenizer.bos], **how):
        ends = step.cumulative
        assert ends.shape == step.probabilities.shape
        assert ends[-1] == 1
        assert np.diff(ends, prepend=0) == pytest.approx(step.probabilities)
        if step.draw is not None:
            start = ends[step.token - 1] if step.token else 0
            assert start <= step.draw < ends[step.token]
