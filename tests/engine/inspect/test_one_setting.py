"""What a setting changes in the code, found in the code."""

import difflib

import pytest

from microgpt.config import ACTIVATIONS
from microgpt.inspect.one_setting import reading
from microgpt.settings import FIELDS
from microgpt.tensor_gpt import TensorGPT

FEATURE = pytest.mark.feature("E2", "V7")


def changed(name: str, before: object, after: object) -> tuple[list[str], list[str]]:
    """The lines that go, and those that come."""
    readings = [reading(name, value).text.splitlines() for value in (before, after)]
    lines = list(difflib.ndiff(*readings))
    return tuple([line[2:].strip() for line in lines if line.startswith(sign)] for sign in "-+")


@FEATURE
@pytest.mark.parametrize(
    ("name", "values", "gone", "come"),
    [
        ("attention", (True, False), ["x = self.join(x, self.attend(layer, x))"], []),
        ("mlp", (True, False), ["x = self.join(x, self.mlp(layer, x))"], []),
        ("positions", (True, False), ['x = x + w["wpe"][: len(tokens)]'], []),
        ("rmsnorm", (True, False), ["x = x.rmsnorm()"], []),
        ("residual", (True, False), ["return x + block"], ["return block"]),
        ("gain", (False, True), ["return x"], ["return x * self.weights[gain]"]),
        ("bias", (False, True), ["return x"], ["return x + self.weights[bias]"]),
        ("tied", (False, True), ['return x.linear(w["lm_head"])'], ['return x.linear(w["wte"])']),
        (
            "activation",
            ("relu", "gelu"),
            ['activation = getattr(Tensor, "relu")'],
            ['activation = getattr(Tensor, "gelu")'],
        ),
        (
            "optimizer",
            ("adam", "sgd"),
            ["return Adam(flat, settings.beta1, settings.beta2)"],
            ["return SGD(flat)"],
        ),
        ("n_layer", (2, 4), ["for i in range(2):"], ["for i in range(4):"]),
        ("n_embd", (32, 64), ["c = 32"], ["c = 64"]),
    ],
)
def test_the_lines_that_differ_are_those_that_the_setting_decides(name, values, gone, come):
    assert changed(name, *values) == (gone, come)


@FEATURE
def test_what_is_no_longer_reached_is_left_out():
    gone, come = changed("decay", "linear", "none")
    assert gone == ["decay = linear_decay", "return decay(settings.learning_rate, step, settings.steps)"]
    assert come == ["return settings.learning_rate"]


@FEATURE
def test_every_setting_has_its_place():
    for field in FIELDS:
        values = field.row.choices or ((True, False) if field.kind is bool else (3, 5))
        found = [reading(field.name, value) for value in values]
        assert len({each.text for each in found}) == len(values), field.name
        assert found[0].file.startswith("microgpt/") and "." in found[0].file


@FEATURE
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_reading_is_python_and_names_where_it_is_from(activation):
    found = reading("activation", activation)
    assert (found.file, found.function) == ("microgpt/tensor_gpt.py", TensorGPT.mlp.__qualname__)
    assert compile("class Model:\n" + found.text, found.file, "exec")


@FEATURE
def test_what_is_no_setting_is_refused():
    with pytest.raises(KeyError):
        reading("luck", 1)
