"""Figures in the prose that follow the names and settings."""

import re
from dataclasses import replace

import pytest

from assemble.paths import LAB
from lab.core.figures import CONFIG, OTHERS, figure
from lab.sections.section import figure_text
from microgpt.experiment import Experiment, Settings

LIVE = re.compile(r'data-live="(\w+)">\{\{([\w.]+)\}\}</span>')
OTHER_PLACEHOLDERS = {"pairs": "rung.1.params"}


@pytest.mark.parametrize("file", sorted((LAB / "sections").rglob("prose.html")), ids=lambda file: file.parent.name)
def test_each_place_follows_the_figure_that_the_build_puts_there(file) -> None:
    text = file.read_text("utf-8")
    places = LIVE.findall(text)
    assert len(places) == text.count("data-live=")
    for name, placeholder in places:
        assert name in CONFIG or name in OTHERS
        assert placeholder == OTHER_PLACEHOLDERS.get(name, name)


def test_figures_are_those_of_the_experiment(names) -> None:
    experiment = Experiment(names, replace(Settings(), n_layer=3, steps=1234))
    assert figure_text("n_layer", experiment) == "3"
    assert figure_text("steps", experiment) == "1,234"
    assert figure_text("n_params", experiment) == f"{experiment.config.n_params:,}"
    assert figure_text("pairs", experiment) == f"{experiment.config.vocab_size**2:,}"
    assert figure_text("held_out_names", experiment) == str(len(experiment.split.held_out))
    assert figure_text("bigram_loss", experiment) == f"{experiment.baselines['bigram']:.2f}"
    assert figure_text("even_chance", experiment).endswith("%")
    with pytest.raises(KeyError):
        figure("nothing", experiment)
