"""Rung 3 on the page: where its one head looks, and what it expects next."""

from ....charts import Bars
from ....charts.bar_chart import BarChart
from ....charts.format import percent
from ....charts.heatmap_chart import Heatmap
from ....ui import dom
from ..rung import RungSection
from ..rung_looks import attention_map, looked, mix
from ..rungs import RungRun, labels


class Rung3(RungSection):
    slug, number = "rung3", 3

    def wire(self) -> None:
        self.heat = Heatmap(
            self.part("heat"), "Attention of rung 3", on_select=lambda row, _col: self.lab.look(position=row)
        )
        self.bars = BarChart(self.part("bars"), "Chances by rung 3")
        self.add(self.heat.dispose)
        self.add(self.bars.dispose)
        self.watch(self.lab.focus)

    def show(self, run: RungRun) -> None:
        focus, tokenizer = self.lab.focus.get(), run.tokenizer
        tokens = [tokenizer.bos, *tokenizer.encode(focus.name)]
        letters = ["START", *focus.name]
        weights = looked(run.rung, tokens)[0][0]
        self.heat.update(attention_map(weights, letters, focus.at))
        dom.set_text(self.part("mix"), mix(weights, letters, focus.at))
        chances = run.rung.probabilities(tokens[: focus.at + 1])
        top, answers = int(chances.argmax()), labels(tokenizer)[1]
        self.bars.update(Bars(answers, chances, highlight=top, value_name="chance"))
        read = focus.read or "START"
        dom.set_text(self.part("next-title"), f"After {read} it expects {answers[top]}, {percent(float(chances[top]))}")
