"""Figures in the prose that follow the names and settings."""

import re
from dataclasses import replace

import pytest

from assemble.paths import LAB
from lab.charts.format import figure_text
from lab.core.figures import CONFIG, OTHERS, figure
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

    def told(name: str) -> str:
        return figure_text(name, figure(name, experiment))

    assert told("n_layer") == "3"
    assert told("steps") == "1,234"
    assert told("n_params") == f"{experiment.config.n_params:,}"
    assert told("pairs") == f"{experiment.config.vocab_size**2:,}"
    assert told("held_out_names") == str(len(experiment.split.held_out))
    assert told("bigram_loss") == f"{experiment.baselines['bigram']:.2f}"
    assert told("even_chance").endswith("%")
    with pytest.raises(KeyError):
        figure("nothing", experiment)
