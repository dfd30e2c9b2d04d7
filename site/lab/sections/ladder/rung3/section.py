"""Rung 3 on the page: where its one head looks, and what it expects next."""

from ....charts.bar_chart import BarChart
from ....charts.chances import chance_bars
from ....charts.format import percent
from ....charts.heatmap_chart import Heatmap
from ..rung import RungSection
from ..rung_looks import attention_map, looked, mix
from ..rungs import RungRun, labels


class Rung3(RungSection):
    slug, number = "rung3", 3

    def wire(self) -> None:
        self.heat = self.add_chart(
            Heatmap, "heat", "Attention of rung 3", on_select=lambda row, _col: self.lab.look(position=row)
        )
        self.bars = self.add_chart(BarChart, "bars", "Chances by rung 3")
        self.watch(self.lab.focus)

    def show(self, run: RungRun) -> None:
        focus, tokenizer = self.lab.focus.get(), run.tokenizer
        tokens = [tokenizer.bos, *tokenizer.encode(focus.name)]
        letters = ["START", *focus.name]
        weights = looked(run.rung, tokens)[0][0]
        self.heat.update(attention_map(weights, letters, focus.at))
        self.ui.mix.text = mix(weights, letters, focus.at)
        chances = run.rung.probabilities(tokens[: focus.at + 1])
        top, answers = int(chances.argmax()), labels(tokenizer)[1]
        self.bars.update(chance_bars(answers, chances, top))
        read = focus.read or "START"
        self.ui.next_title.text = f"After {read} it expects {answers[top]}, {percent(float(chances[top]))}"
