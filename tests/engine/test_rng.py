"""Random numbers in streams that do not touch each other."""

import pytest

from microgpt.rng import STREAMS, stream

PINNED = [0.1887389667082, 0.9770063404375, 0.0664205040215, 0.0098749482473]


def drawn(*key) -> tuple[float, ...]:
    return tuple(stream(*key).random_sample(4))


def test_the_same_key_gives_the_same_numbers() -> None:
    assert drawn(42, "weights") == drawn(42, "weights")


def test_every_stream_seed_and_step_gives_numbers_of_its_own() -> None:
    keys = [(seed, name, step) for seed in (0, 1, 2**32 - 1) for name in STREAMS for step in (0, 1, 5000)]
    assert len({drawn(*key) for key in keys}) == len(keys)


def test_the_numbers_are_those_of_numpys_frozen_generator() -> None:
    assert drawn(42, "weights") == pytest.approx(PINNED, abs=1e-12)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match=f"a seed is a whole number from 0 to 4294967295, not {seed}"):
        stream(seed, "weights")


def test_an_unknown_stream_is_refused() -> None:
    with pytest.raises(ValueError):
        stream(1, "nonsense")
