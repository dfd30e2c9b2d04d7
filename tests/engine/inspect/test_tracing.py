"""A record of the real source as it runs: what it shows is so, and watching changes nothing."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import model, ops, optim, sampling, scalar_gpt, trainer, value
from microgpt.experiment import Experiment, Settings
from microgpt.inspect import source_map
from microgpt.inspect.source_map import functions_of
from microgpt.inspect.tracing import MOMENTS, Moment, Recording, picture, record
from microgpt.rng import stream
from microgpt.value import Value

PACKAGE = Path(__file__).parents[3] / "microgpt"
NAMES = ["rex", "allosaurus", "stego", "raptor", "iguanodon", "tyrannus", "diplo", "trice", "ptero", "bronto"]
TINY = Settings(n_layer=1, n_embd=4, n_head=2, steps=50, seed=3)
FEATURE = pytest.mark.feature("X1", "S3-4")


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return Experiment(NAMES, TINY)


def scalar(experiment: Experiment) -> tuple[scalar_gpt.ScalarGPT, scalar_gpt.ScalarAdam]:
    gpt = scalar_gpt.ScalarGPT(experiment.config, experiment.trainer().model.params)
    return gpt, scalar_gpt.ScalarAdam(list(gpt.parameters()), steps=50)


def at(recording: Recording, text: str, function: str | None = None) -> list[Moment]:
    """The moments at lines that hold this text."""
    found = []
    for moment in recording.moments:
        frame = recording.frames[moment.frame]
        line = recording.sources[frame.file].text.splitlines()[moment.line - 1]
        if text in line and function in (None, frame.function):
            found.append(moment)
    return found


@FEATURE
@pytest.mark.parametrize("module", [scalar_gpt, value, ops, model], ids=lambda module: module.__name__)
def test_the_source_is_the_file_of_the_package_byte_for_byte(module):
    source = record(lambda: None, [module]).sources[f"{module.__name__.replace('.', '/')}.py"]
    data = (PACKAGE / f"{module.__name__.split('.')[-1]}.py").read_bytes()
    assert source.text.encode() == data
    assert source.sha256 == hashlib.sha256(data).hexdigest()


@FEATURE
@given(st.lists(st.floats(-20, 20), min_size=1, max_size=8))
def test_softmax_line_by_line(logits):
    recording = record(lambda: scalar_gpt.softmax([Value(x) for x in logits]), [scalar_gpt])
    plain = scalar_gpt.softmax([Value(x) for x in logits])
    assert [p.data for p in recording.result] == [p.data for p in plain]
    [total] = at(recording, "total = sum")
    exps = [(Value(x) - max(logits)).exp().data for x in logits]
    assert total.names["largest"].data == max(logits)
    assert total.names["exps"].data.tolist() == exps
    last = recording.moments[-1]
    assert last.names["total"].data == sum(exps, 0.0)
    assert last.returned.data.tolist() == [p.data for p in plain]


@FEATURE
def test_a_training_step_of_the_scalar_model_is_the_same_to_the_last_bit(experiment):
    document = experiment.train_documents[0]
    (gpt, adam), (watched, watched_adam) = scalar(experiment), scalar(experiment)
    losses = [scalar_gpt.train_step(gpt, adam, document) for _ in range(2)]
    recordings = [
        record(lambda: scalar_gpt.train_step(watched, watched_adam, document), [scalar_gpt, value]) for _ in range(2)
    ]
    assert [recording.result for recording in recordings] == losses
    assert [p.data for p in watched.parameters()] == [p.data for p in gpt.parameters()]
    assert [p.grad for p in watched.parameters()] == [0.0] * experiment.config.n_params


@FEATURE
def test_what_the_lines_of_a_training_step_show(experiment):
    gpt, adam = scalar(experiment)
    document = experiment.train_documents[0]
    first = [p.data for p in gpt.parameters()]
    recording = record(lambda: scalar_gpt.train_step(gpt, adam, document), [scalar_gpt], lines=10**6)
    before, after = at(recording, "loss.backward()", "train_step")[0], at(recording, "optimizer.step()")[0]
    assert before.names["loss"].data == recording.result
    assert (before.names["loss"].grad, after.names["loss"].grad) == (0.0, 1.0)
    again, _ = scalar(experiment)
    again.loss(document).backward()
    nudges = at(recording, "p.data -= ", "ScalarAdam.step")
    assert [moment.names["p"].grad for moment in nudges] == [p.grad for p in again.parameters()]
    assert [moment.names["p"].data for moment in nudges] == first
    assert [moment.turns[-1][1] for moment in nudges] == list(range(1, len(first) + 1))


@FEATURE
def test_a_training_step_of_the_fast_model_is_the_same_to_the_last_bit(experiment):
    plain, watched = experiment.trainer(), experiment.trainer()
    modules = [trainer, model, ops, optim]
    for _ in range(3):
        result = plain.step()
        recording = record(watched.step, modules)
        assert recording.result == result
        assert watched.model.flat.tobytes() == plain.model.flat.tobytes()
    # no call of what a dataclass has written for itself: it has no lines to show
    assert all(frame.first_line in functions_of(recording.sources[frame.file].text) for frame in recording.frames)
    shown = at(recording, "self.optimizer.step(", "Trainer.stages")[0]
    np.testing.assert_allclose(shown.names["learning_rate"].data, result.learning_rate)


@FEATURE
def test_a_letter_drawn_is_the_one_that_is_drawn_unwatched(experiment):
    gpt = experiment.trainer().model
    bos = experiment.tokenizer.bos

    def one_letter():
        return next(sampling.sample_steps(gpt, stream(5, "sampling"), [bos], 1.0))

    recording, plain = record(one_letter, [sampling, model, ops]), one_letter()
    assert recording.result.token == plain.token
    assert recording.result.draw == plain.draw
    [moment] = at(recording, "yield SampleStep")[:1]
    assert moment.names["probabilities"].data.tolist() == plain.probabilities.tolist()


@FEATURE
def test_what_is_kept_and_what_is_left_out_is_all_there_is(experiment):
    gpt, adam = scalar(experiment)
    document = experiment.train_documents[0]
    everything = record(
        lambda: scalar_gpt.train_step(gpt, adam, document), [scalar_gpt], calls=10**6, lines=10**6, moments=10**6
    )
    assert not everything.left_out
    count: dict[str, int] = {}
    for moment in everything.moments:
        function = everything.frames[moment.frame].function
        count[function] = count.get(function, 0) + (moment.returned is None)
    gpt, adam = scalar(experiment)
    bounded = record(lambda: scalar_gpt.train_step(gpt, adam, document), [scalar_gpt], calls=2, lines=30, moments=300)
    assert len(bounded.moments) <= 300
    assert bounded.calls == everything.calls
    for function in ("ScalarAdam.step", "ScalarGPT.loss"):  # whose lines are all statements of their own
        kept = sum(bounded.frames[m.frame].function == function and m.returned is None for m in bounded.moments)
        assert kept + bounded.left_out[function] == count[function]
    for frame in bounded.frames:
        assert frame.call <= 2


@FEATURE
def test_any_call_can_be_asked_for(experiment):
    gpt, _ = scalar(experiment)
    bos = experiment.tokenizer.bos
    seen = record(lambda: gpt.forward(bos, 0), [scalar_gpt], calls=10**6, lines=10**6, moments=10**6)
    gpt.forget()
    one = record(lambda: gpt.forward(bos, 0), [scalar_gpt], first_calls={"dot": 40}, calls=1)
    wanted = next(i for i, frame in enumerate(seen.frames) if (frame.function, frame.call) == ("dot", 40))
    found = next(i for i, frame in enumerate(one.frames) if frame.function == "dot")
    assert one.frames[found].call == 40
    for here, there in zip(
        [m for m in one.moments if m.frame == found], [m for m in seen.moments if m.frame == wanted], strict=True
    ):
        assert here.line == there.line and here.names.keys() == there.names.keys()
        assert all(here.names[name].same(there.names[name]) for name in here.names)


@FEATURE
def test_calls_know_who_called_them(experiment):
    gpt, _ = scalar(experiment)
    recording = record(lambda: gpt.forward(0, 0), [scalar_gpt])
    chains = set()
    for frame in recording.frames:
        chain, depth = [frame.function], frame.depth
        while frame.parent is not None:
            frame = recording.frames[frame.parent]
            chain.append(frame.function)
        assert len(chain) == depth + 1
        chains.add(" < ".join(chain))
    assert "softmax < ScalarGPT.attention < ScalarGPT.forward" in chains
    assert "dot < linear < ScalarGPT.attention < ScalarGPT.forward" in chains


def counted(rows: int, columns: int) -> int:
    total = 0
    for i in range(rows):
        for j in range(columns):
            total += i * j
    for _ in range(2):
        total += 1
    return total


@FEATURE
def test_turns_of_loops_are_counted_each_from_one():
    recording = record(lambda: counted(2, 3), [sys.modules[__name__]])
    inner = [(m.names["i"].data.item(), m.names["j"].data.item(), m.turns) for m in at(recording, "total += i * j")]
    first = inner[0][2][0][0]
    assert [(i + 1, j + 1) for i, j, _ in inner] == [(turns[0][1], turns[1][1]) for _, _, turns in inner]
    assert len(inner) == 6 and all(turns[0][0] == first and len(turns) == 2 for *_, turns in inner)
    assert [m.turns[0][1] for m in at(recording, "total += 1")] == [1, 2]
    assert at(recording, "return total")[0].turns == ()


@FEATURE
def test_loops_are_found_where_they_stand():
    found = source_map.loops_of("x = 1\nfor a in b:\n    while a:\n        a -= 1\n\n    x += a\nprint(x)\n")
    assert [(loop.lines, loop.head) for loop in found] == [(range(2, 7), "for a in b:"), (range(3, 5), "while a:")]


@FEATURE
def test_the_head_of_a_loop_ends_at_its_colon():
    source = "for é in d[1:2]:  # a: comment\n    pass\nwhile (é > 0):\n    pass\nfor a in (\n    1, 2):\n    pass\n"
    assert [loop.head for loop in source_map.loops_of(source)] == ["for é in d[1:2]:", "while (é > 0):", "for a in ("]


@FEATURE
def test_an_error_ends_the_record_and_is_part_of_it():
    recording = record(lambda: Value(0.0).log(), [value])
    assert isinstance(recording.error, ValueError) and recording.result is None
    assert recording.frames[-1].function == "Value.log"


@FEATURE
def test_whoever_traced_before_goes_on_tracing():
    seen = []

    def other(frame, event, arg):
        seen.append(event)

    before = sys.gettrace()
    sys.settrace(other)
    try:
        record(lambda: scalar_gpt.rmsnorm([Value(1.0)]), [scalar_gpt])
        assert sys.gettrace() is other
    finally:
        sys.settrace(before)
    assert seen


@FEATURE
def test_a_picture_stays_as_it_was():
    array, numbers, node = np.arange(3.0), [1.0, 2.0], Value(4.0)
    pictures = picture(array), picture(numbers), picture([node, node]), picture(node)
    array[:] = 9
    numbers[0] = 9.0
    node.data, node.grad = 9.0, 9.0
    assert [p.data.tolist() for p in pictures] == [[0, 1, 2], [1, 2], [4, 4], 4]
    assert pictures[3].grad == 0


@FEATURE
@pytest.mark.parametrize(
    ("thing", "kind", "text"),
    [
        (3, "number", "int"),
        (np.float32(0.5), "number", "float32"),
        (True, "other", "True"),
        (None, "other", "None"),
        ("rex", "other", "'rex'"),
        ([], "other", "empty list"),
        ([[1, 2], [3]], "other", "list of 2"),
        ([[Value(1.0)], [Value(2.0)]], "array", "list 2 × 1 of Value"),
        (np.zeros((2, 3, 4)), "array", "array 2 × 3 × 4"),
        (np.zeros(100_000), "other", "array 100,000"),
        ([0.0] * 100_000, "other", "list of 100,000"),
        ({"wte": 1, "wpe": 2}, "other", "dict of 2: wte, wpe"),
        (iter([]), "other", "list_iterator"),
        (2 + 1j, "other", "complex"),
    ],
)
def test_what_a_thing_looks_like(thing, kind, text):
    assert picture(thing)[:2] == (kind, text)


@FEATURE
def test_a_record_takes_a_bounded_room(experiment):
    gpt, adam = scalar(experiment)
    recording = record(lambda: scalar_gpt.train_step(gpt, adam, experiment.train_documents[0]), [scalar_gpt, value])
    different = {id(p): p for m in recording.moments for p in m.names.values() if p.data is not None}
    assert len(recording.moments) <= MOMENTS
    assert sum(p.data.nbytes for p in different.values()) < 5e6


@FEATURE
@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: file.stem)
def test_functions_are_found_by_the_line_the_interpreter_gives_them(file):
    source = file.read_text("utf-8")
    found = source_map.functions_of(source)

    def walk(code):
        for one in code.co_consts:
            if hasattr(one, "co_firstlineno"):
                if not one.co_name.startswith("<") and one.co_flags & 2:  # a function, not a class body
                    lines = found[one.co_firstlineno]
                    assert max(line or 0 for *_, line in one.co_lines()) in lines
                walk(one)

    walk(compile(source, str(file), "exec"))
