"""What the rungs of the ladder show, held against the rungs themselves."""

from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from assemble import rungs as blocks
from lab.sections.ladder import rung_looks, view
from lab.sections.ladder.rung0 import view as rung0_views
from lab.sections.ladder.rung1 import view as rung1_views
from lab.sections.ladder.rung2 import view as rung2_views
from lab.sections.ladder.rung5 import view as rung5_views
from lab.sections.ladder.rung5.model import StepLengths
from lab.sections.ladder.rung6 import view as rung6_views
from lab.sections.ladder.rungs import RungRun, labels
from lab.sections.ladder.variables import describe, variables
from microgpt.experiment import Experiment
from microgpt.ladder import RUNGS, climb, rates
from microgpt.tensor import Tensor
from microgpt.value import Value
from tests.core.fixtures import DINOSAURS

ENGINE = DINOSAURS.parents[1] / "microgpt"


@pytest.fixture(scope="module")
def counting(small_experiment: Experiment) -> RungRun:
    run = RungRun(0, small_experiment)
    for _ in range(20):
        run.step()
    return run


def quiz(run: RungRun, pairs: int | None = None):
    """The next name, asked pair by pair; None: to the end, and counted."""
    document = run.document
    updates = run.rung.updates(document)
    if pairs is None:
        return document, list(updates)
    asked = [next(updates) for _ in range(pairs)]
    updates.close()
    return document, asked


# Rung 0


@pytest.mark.feature("S4-1")
def test_the_chain_has_a_chip_a_letter_and_the_quiz_as_far_as_it_is_asked(counting: RungRun) -> None:
    names = labels(counting.tokenizer)
    document, asked = quiz(counting, 2)
    items = ElementTree.fromstring(f"<ol>{rung0_views.chain(document, asked, counting.rung.counts, names, False)}</ol>")
    chips = ["".join(li.find("span[@class='pair-chip']").itertext()) for li in items]
    assert chips == ["START", *counting.place.name, "END"]
    assert [li.get("class") for li in items][1:5] == ["done", "now", "todo", "todo"]
    texts = ["".join(li.itertext()) for li in items]
    assert f"{asked[0].loss:.2f}" in texts[1] and "?" in texts[3]


@pytest.mark.feature("S4-1")
def test_behind_the_name_the_chain_says_which_counts_went_up(small_experiment: Experiment) -> None:
    run = RungRun(0, small_experiment)
    run.rung.documents = [np.array(small_experiment.tokenizer.document("aaa"))]
    before = run.rung.counts.copy()
    document, asked = quiz(run)
    shown = rung0_views.chain(document, asked, run.rung.counts, labels(run.tokenizer), True)
    for context, target in pairwise(document):
        assert f"count {before[context, target]:.0f} → {run.rung.counts[context, target]:.0f}" in shown
    assert "count 0 → 2" in shown  # a → a stands twice
    said = rung0_views.told(document, asked, labels(run.tokenizer), True)
    assert said.startswith("Counted: 3 cells went up.")


@pytest.mark.feature("S4-1")
def test_a_row_that_has_seen_nothing_has_no_favourite(small_experiment: Experiment) -> None:
    run = RungRun(0, small_experiment)
    said = rung0_views.row_told(run.rung, 3, labels(run.tokenizer))
    assert said.startswith("Nothing has come after d yet.") and "Top guess" not in said
    assert f"1 / {len(run.rung.counts)} = " in said


@pytest.mark.feature("S4-1")
def test_the_table_is_the_counts_and_its_cells_say_so(counting: RungRun) -> None:
    rung_, names = counting.rung, labels(counting.tokenizer)
    every = range(len(rung_.counts))
    data = rung0_views.count_table(rung_, names, False, 3, [(0, 1), (0, 1)], every)
    np.testing.assert_array_equal(data.values, rung_.counts)
    assert data.cell_marks == ((0, 1),) and data.row_marks == (3,)
    row, col = divmod(int(rung_.counts.argmax()), len(rung_.counts))
    assert data.text(row, col) == f"{rung_.counts.max():.0f}"
    said = rung0_views.described(rung_, row, col, names)
    assert f"came {rung_.counts.max():.0f} of {rung_.counts[row].sum():.0f} times" in said
    chances = rung0_views.count_table(rung_, names, True, 3, [], every).values
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    part = rung0_views.count_table(rung_, names, False, 3, [(0, 1), (1, 3)], [1, 3, 5])
    np.testing.assert_array_equal(part.values, rung_.counts[np.ix_([1, 3, 5], [1, 3, 5])])
    assert part.cell_marks == ((0, 1),) and part.row_marks == (1,)


@pytest.mark.feature("S4-1", "S4-6")
def test_a_row_says_how_its_chance_comes_about(counting: RungRun) -> None:
    rung_ = counting.rung
    row = counting.tokenizer.bos
    top = int(rung_.row(row).argmax())
    above, below = rung_.counts[row, top] + 1, rung_.counts[row].sum() + len(rung_.counts)
    assert f"{above:.0f} / {below:.0f} =" in rung0_views.row_told(rung_, row, labels(counting.tokenizer))
    assert rung_.row(row)[top] == above / below


# Rung 2


@pytest.mark.feature("S4-4")
def test_the_folded_graph_has_the_gradients_worked_out_by_hand(small_experiment: Experiment) -> None:
    by_hand, auto = RungRun(1, small_experiment), RungRun(2, small_experiment)
    for _ in range(10):
        by_hand.step(), auto.step()
    names = labels(auto.tokenizer)
    for context, target in list(pairwise(map(int, auto.document)))[:4]:
        graph = rung2_views.graph_of_pair(auto.rung, context, target, names)
        slopes = by_hand.rung.gradient(np.array([context, target]))[context]
        grads = {node.label: grad for node, grad in zip(graph.nodes, graph.grads, strict=True)}
        for label, grad in grads.items():
            if label.startswith("score "):
                assert grad == pytest.approx(slopes[names[1].index(label.removeprefix("score "))], abs=1e-12)
        assert graph.nodes[-1].value == pytest.approx(by_hand.rung.loss(np.array([context, target])), abs=1e-12)
        assert len(graph.nodes) <= 14


def test_every_node_of_the_folded_graph_follows_from_its_parts(small_experiment: Experiment) -> None:
    run = RungRun(2, small_experiment)
    graph = rung2_views.graph_of_pair(run.rung, *map(int, run.document[:2]), labels(run.tokenizer))
    total = next(node for node in graph.nodes if node.label == "sum")
    assert sum(graph.nodes[i].value for i in total.made_from) == pytest.approx(total.value)
    for i, node in enumerate(graph.nodes):  # the chain rule, part by part
        passed = sum(
            whole.local[slot] * graph.grads[j]
            for j, whole in enumerate(graph.nodes)
            for slot, part in enumerate(whole.made_from)
            if part == i
        )
        if i < len(graph.nodes) - 1:
            assert passed == pytest.approx(graph.grads[i]), node.label


def test_looking_at_the_graph_leaves_the_rung_as_it_is(small_experiment: Experiment) -> None:
    run, alone = RungRun(2, small_experiment), RungRun(2, small_experiment)
    for _ in range(3):
        rung2_views.graph_of_pair(run.rung, *map(int, run.document[:2]), labels(run.tokenizer))
        assert run.step() == alone.step()


@pytest.mark.feature("S4-4")
def test_both_losses_stand_in_the_table_with_their_difference() -> None:
    both = [rung2_views.Both(1, "rex", 3.25, 3.25), rung2_views.Both(2, "<b>", 3.0, 3.5)]
    table = rung2_views.rows(both)
    assert table.index("&lt;b&gt;") < table.index("rex")  # newest first, and escaped
    assert "3.250000000000" in table and "<td>0.5</td>" in table
    assert "never more than 0.5 apart" in rung2_views.same_told(2, 0.5, [0.002, 0.04])
    assert "1.0 ms by hand" in rung2_views.same_told(2, 0.5, [0.002, 0.04])
    assert "20 times as long" in rung2_views.same_told(2, 0.5, [0.002, 0.04])


# Rungs 3 to 6


@pytest.mark.parametrize("number", [3, 4, 5, 6])
def test_attention_looks_back_only_and_adds_up(small_experiment: Experiment, number: int) -> None:
    run = RungRun(number, small_experiment)
    tokens = [run.tokenizer.bos, *run.tokenizer.encode(small_experiment.split.train[0])]
    for layer in rung_looks.looked(run.rung, tokens):
        for weights in layer:
            np.testing.assert_allclose(weights.sum(axis=1), 1)
            assert not weights[rung_looks.future(len(tokens))].any()


def test_averages_show_the_latest_steps_of_all() -> None:
    gradients = np.arange(1.0, 301.0)
    found = rung6_views.averaged(gradients, 0.0, 0.0)
    assert found.series[0].smooth.tolist() == found.series[0].raw.tolist() == gradients[-200:].tolist()
    assert rung6_views.averaged(np.array([]), 0.5, 0.5) is None
    assert "Step 300: gradient +300, m +300, √v +300" in rung6_views.averages_told(found, gradients)


@pytest.fixture
def decaying(small_experiment: Experiment) -> tuple[RungRun, StepLengths]:
    run = RungRun(5, small_experiment)
    return run, StepLengths(run.rung)


@pytest.mark.feature("S4-4")
def test_the_lengths_of_the_steps_are_those_of_the_rung(decaying, small_experiment: Experiment) -> None:
    (run, kept), alone = decaying, climb(5, small_experiment)
    for step in range(12):
        before = np.concatenate([w.data.ravel() for w in alone.weights.values()])
        assert run.step() == alone.step()
        moved = np.concatenate([w.data.ravel() for w in alone.weights.values()]) - before
        assert kept.taken.losses(step + 1)[-1] == pytest.approx(np.linalg.norm(moved))
        part = 1 - step / run.rung.steps  # of the learning rate at the start
        assert kept.taken.losses(step + 1)[-1] == pytest.approx(part * kept.without_decay.losses(step + 1)[-1])


@pytest.mark.feature("S4-4")
def test_the_steps_are_shown_over_the_whole_schedule_and_told(decaying) -> None:
    run, kept = decaying
    assert rung5_views.lengths(kept, run.rung.steps) is None and rung5_views.lengths_told(kept, 0.4) == ""
    for _ in range(200):
        run.step()
    lines = rung5_views.lengths(kept, run.rung.steps)
    assert lines.x_limit == run.rung.steps == 400
    assert lines.series[0].smooth[-1] == kept.taken.mean(200)
    told = rung5_views.lengths_told(kept, run.rung.learning_rate)
    assert "began at 0.400 and is 0.201. Mean length of the last 100 steps:" in told


# All


@pytest.mark.feature("S4-2")
@pytest.mark.parametrize("number", range(len(RUNGS)))
def test_the_list_of_variables_is_what_the_rung_holds(small_experiment: Experiment, number: int) -> None:
    run = RungRun(number, small_experiment)
    run.step()
    found = {one.name: one for one in variables(run.rung)}
    for name in vars(run.rung):
        assert f"self.{name}" in found
    assert found["self.step_count"].value == "1"
    if number >= 3:
        wte = run.rung.weights["wte"].data
        assert found['self.weights["wte"]'].kind == f"Tensor {wte.shape[0]} × {wte.shape[1]}"
        assert found['self.weights["wte"]'].value.startswith(f"−{-wte.min():.3g}"[:4])
    assert all(one.is_new for one in variables(run.rung))
    assert not any(one.is_new for one in variables(run.rung, vars(run.rung)))


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (1234, "int", "1,234"),
        (0.5, "float", "0.5000"),
        (np.array([[1.0, -2.0]]), "array 1 × 2", "−2.00 to 1.00"),
        (np.zeros((2, 2)), "array 2 × 2", "all 0"),
        (Value(3.0), "Value", "3.000"),
        (Tensor(np.ones(3)), "Tensor 3", "all 1.000"),
        ([[Value(1.0), Value(2.0)]], "1 lists of 2 Values", "1.00 to 2.00"),
        ([[3, 1], [2]], "list of 2", "the first: 3, 1"),
        ({"a": 1}, "dict", "1 entries"),
        ([], "list of 0", ""),
    ],
)
def test_a_value_in_words(value, kind: str, said: str) -> None:
    assert describe(value) == (kind, said)


@pytest.mark.feature("S4-3")
def test_the_wrap_is_said_in_numbers(small_experiment: Experiment) -> None:
    run, names = RungRun(0, small_experiment), len(small_experiment.split.train)
    for _ in range(names + 2):
        run.step()
    said = view.wrap(run.place)
    assert f"<code>{names + 2} % {names} = 2</code>" in said and "turn 2 through the list" in said


@pytest.mark.feature("S4-2")
def test_the_code_on_the_page_is_the_file(small_experiment: Experiment) -> None:
    made = blocks.blocks(ENGINE, small_experiment)
    for number, file in enumerate(sorted((ENGINE / "ladder").glob("rung[0-9]*.py"))):
        markup = made[f"rung.{number}.code"].replace("{&#123;", "{{")
        listing = ElementTree.fromstring(markup[markup.index('<div class="code"') : markup.index("</ol></div>") + 11])
        lines = ["".join(li.find("code").itertext()) for li in listing.iter("li") if li.get("value")]
        assert [line.rstrip() for line in lines] == [line.rstrip() for line in file.read_text("utf-8").splitlines()]


def test_what_a_rung_is_written_with_is_read_from_its_imports() -> None:
    assert blocks.written_with("from ..value import Value").startswith("single numbers")
    assert "Tensor" in blocks.written_with("from ..tensor import Tensor")
    assert blocks.written_with("import numpy as np") == "NumPy arrays"


@pytest.mark.parametrize("number", rates.SEARCHED)
def test_it_is_said_which_learning_rates_were_tried(number: int) -> None:
    said = blocks.tuned(number, next(iter(rates.SEARCHED[number])))
    assert all(f"{rate:g} (" in said for rate in rates.SEARCHED[number])
    assert ("fell apart" in said) == (np.inf in rates.SEARCHED[number].values())
    assert said.count("<b>") == 1


def test_slopes_in_words() -> None:
    assert rung1_views.apart(None) == ""
    assert rung1_views.options(["<", "b"]) == '<option value="0">&lt;</option><option value="1">b</option>'
