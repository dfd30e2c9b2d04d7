"""Figures in the prose that follow the names and settings."""

from dataclasses import replace

import pytest

from lab.charts.format import figure_text
from lab.core.figures import NAMES, figure
from microgpt.experiment import Experiment, Settings


def test_figures_are_those_of_the_experiment(names) -> None:
    experiment = Experiment(names, replace(Settings(), n_layer=3, steps=1234))

    def told(name: str) -> str:
        return figure_text(name, figure(name, experiment))

    assert told("n_layer") == "3"
    assert told("steps") == "1,234"
    assert told("n_params") == f"{experiment.config.n_params:,}"
    assert told("pairs") == f"{experiment.config.vocab_size**2:,}"
    assert told("held_out_names") == str(len(experiment.split.held_out))
    assert told("bigram_loss") == f"{experiment.baselines['bigram']:.2f}"
    assert told("add_one_mean_loss").count(".") == 1 and len(told("add_one_mean_loss")) == 6
    assert told("even_chance").endswith("%") and told("tying_share").endswith("%")
    assert told("longest") == max(names, key=len)
    assert told("names_to_the_end") == str(sum(len(name) >= 0.75 * experiment.config.block_size for name in names))
    with pytest.raises(KeyError):
        figure("nothing", experiment)


@pytest.mark.feature("D8")
@pytest.mark.parametrize(
    ("letters", "said"), [("αάβγς", "α and ά"), ("abeё", "a, e and ё"), ("あか", "none of the letters of this list")]
)
def test_the_vowels_are_those_of_the_list(letters: str, said: str) -> None:
    assert figure("vowels", Experiment(["".join(letters), *letters])) == said


@pytest.mark.feature("D8")
def test_every_figure_can_be_told_of_any_list() -> None:
    experiment = Experiment(["ア", "イウ", "ウ", "エ"])
    for name in NAMES:
        assert figure_text(name, figure(name, experiment)) not in ("", "–"), name
