"""How large: the parameters of this model by part, and beside those of its well-known relatives."""

from microgpt.config import GPTConfig

from ...charts.bar_chart import BarChart
from ...charts.format import count, percent
from ...ui.section import Section
from . import model as sizes
from .model import GPT2_SMALL
from .view import ladder, part_bars, squares


class Size(Section):
    slug = "size"

    def mount(self) -> None:
        self.parts = self.add_chart(BarChart, "parts", "Parameters by part", describe=self.describe)
        self._shown: GPTConfig | None = None
        self.watch(self.lab.experiment)

    def render(self) -> None:
        config = self.lab.experiment.get().config
        if config == self._shown:
            return  # nothing here depends on what the parameters are, only on how many there are
        self._shown = config
        self.parts.update(part_bars(config))
        self.ui.n_params.text = count(config.n_params)
        self.ui.ladder.html = ladder(config.n_params)
        self.ui.times.text = sizes.about(GPT2_SMALL.parameters / config.n_params)
        self.ui.squares.html = squares(config.n_params)

    def describe(self, i: int) -> str:
        config = self.lab.experiment.get().config
        name, n = list(sizes.parts(config).items())[i]
        return f"{name}: {count(n)} of {count(config.n_params)} ({percent(n / config.n_params)})"
