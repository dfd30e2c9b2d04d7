"""Top-k and top-p: only the likeliest answers stay in the draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgpt.cli import main
from microgpt.experiment import Experiment
from microgpt.model import GPT
from microgpt.rng import stream
from microgpt.sampling import complete, cut, sample_steps

weights = st.lists(st.floats(0.001, 1), min_size=1, max_size=27)
CHANCES = np.array([0.1, 0.4, 0.2, 0.3])


def shares(numbers: list[float]) -> np.ndarray:
    return np.array(numbers) / np.sum(numbers)


@pytest.fixture(scope="module")
def model(tiny: Experiment) -> GPT:
    trainer = tiny.trainer()
    while not trainer.finished:
        trainer.step()
    return trainer.model


@pytest.mark.feature("U11")
def test_without_a_cut_the_chances_are_those_of_the_temperature_untouched() -> None:
    assert cut(CHANCES) is CHANCES
    assert cut(CHANCES, top_k=4) is CHANCES
    assert cut(CHANCES, top_k=99) is CHANCES


@pytest.mark.feature("U11")
@pytest.mark.parametrize(
    ("how", "left"),
    [
        ({"top_k": 1}, [0, 1, 0, 0]),
        ({"top_k": 2}, [0, 4 / 7, 0, 3 / 7]),
        ({"top_p": 0.3}, [0, 1, 0, 0]),
        ({"top_p": 0.69}, [0, 4 / 7, 0, 3 / 7]),
        ({"top_p": 0.75}, [0, 4 / 9, 2 / 9, 3 / 9]),
        ({"top_p": 1.0}, [0.1, 0.4, 0.2, 0.3]),
        ({"top_k": 2, "top_p": 0.5}, [0, 1, 0, 0]),  # 0.4 is more than half of the 0.7 that two have
    ],
)
def test_the_likeliest_share_the_whole_among_them(how: dict, left: list[float]) -> None:
    np.testing.assert_allclose(cut(CHANCES, **how), left)


@pytest.mark.feature("U11")
@settings(max_examples=200)
@given(weights, st.integers(1, 27), st.floats(0.01, 1))
def test_what_is_left_sums_to_one_is_no_more_than_asked_for_and_has_the_same_proportions(
    numbers: list[float], k: int, p: float
) -> None:
    chances = shares(numbers)
    left = cut(chances, k, p)
    assert left.sum() == pytest.approx(1)
    kept = left > 0
    assert 1 <= kept.sum() <= k
    assert chances[kept].min() >= chances[~kept].max(initial=0)  # none that was left out is likelier
    ratio = left[kept] / chances[kept]
    assert ratio == pytest.approx(ratio[0])


@pytest.mark.feature("U11")
@settings(max_examples=200)
@given(weights, st.floats(0.01, 1))
def test_top_p_keeps_enough_and_not_one_more(numbers: list[float], p: float) -> None:
    chances = shares(numbers)
    kept = np.sort(chances[cut(chances, top_p=p) > 0])
    assert kept.sum() >= p - 1e-9
    assert kept[1:].sum() < p + 1e-9


@pytest.mark.feature("U11", "S3-7")
@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_with_k_1_it_is_greedy(model: GPT, tiny: Experiment, temperature: float) -> None:
    tokenizer = tiny.tokenizer
    for seed in range(5):
        name = complete(model, tokenizer, stream(seed, "sampling"), "t", temperature, top_k=1)
        assert name == complete(model, tokenizer, stream(0, "sampling"), "t", temperature=0)


@pytest.mark.feature("U11")
def test_a_cut_changes_what_is_drawn_from_and_not_the_draws(model: GPT, tiny: Experiment) -> None:
    bos = tiny.tokenizer.bos
    plain = list(sample_steps(model, stream(3, "sampling"), [bos], 2.0))
    narrow = list(sample_steps(model, stream(3, "sampling"), [bos], 2.0, top_k=3))
    assert narrow and all((step.probabilities > 0).sum() == 3 for step in narrow)
    assert [a.draw for a, b in zip(plain, narrow, strict=False)] == [
        b.draw for a, b in zip(plain, narrow, strict=False)
    ]
    assert all(step.probabilities[step.token] > 0 for step in narrow)


@pytest.mark.feature("U11")
@pytest.mark.parametrize("how", [{"top_k": 0}, {"top_k": -1}, {"top_p": 0.0}, {"top_p": 1.01}, {"top_p": float("nan")}])
def test_what_is_no_cut_is_refused(how: dict) -> None:
    with pytest.raises(ValueError, match="top-"):
        cut(CHANCES, **how)


@pytest.mark.feature("U11", "X5")
def test_the_terminal_cuts_too(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", saved, "-n", "3", "--temperature", "0"]) == 0
    greedy = capsys.readouterr().out
    assert main(["sample", saved, "-n", "3", "--temperature", "2", "--top-k", "1"]) == 0
    assert capsys.readouterr().out == greedy
    assert main(["sample", saved, "--top-p", "1.5"]) == 1
    assert "top-p is above 0 and at most 1, not 1.5" in capsys.readouterr().err
