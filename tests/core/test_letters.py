"""Which letters of a large alphabet are shown."""

import pytest

from lab.core.letters import left_out, ranked, shown
from microgpt.experiment import Experiment, Settings

TINY = Settings(n_layer=1, n_embd=4, n_head=1)


@pytest.fixture(scope="module")
def large() -> Experiment:
    """Three hundred letters, the first ones rarest."""
    letters = [chr(0x4E00 + i) for i in range(300)]
    return Experiment(["".join(letters[i:]) for i in range(0, 300, 20)], TINY)


@pytest.mark.feature("D6", "D8")
def test_of_very_many_letters_the_most_frequent_are_shown_and_those_at_hand(large: Experiment) -> None:
    tokens = shown(large, always=[0, 3])
    assert len(tokens) == 96 and tokens == sorted(tokens)
    assert {0, 3, large.tokenizer.bos} <= set(tokens)
    assert min(set(tokens) - {0, 3}) > 150
    assert ranked(large)[:3] == [280, 281, 282]
    assert "95 most frequent of 300 letters" in left_out(large)
    assert set(range(200)) <= set(shown(large, always=range(200)))


def test_a_small_alphabet_is_shown_whole() -> None:
    small = Experiment(["ab", "ba", "abc", "cab"], TINY)
    assert shown(small, always=[1]) == [0, 1, 2, 3] and left_out(small) == ""
