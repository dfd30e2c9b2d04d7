"""Small pictures of what names stand for."""

import numpy as np
import pytest

from lab.sections.source import view as views
from microgpt.inspect.tracing import Picture, picture
from microgpt.value import Value

FEATURE = pytest.mark.feature("X1", "S3-4")


@FEATURE
def test_numbers_are_numbers_and_a_value_has_its_gradient():
    assert "<b>12</b>" in views.shown("t", picture(12))
    assert "<b>0.2500</b>" in views.shown("x", picture(0.25))
    node = Value(8.0)
    node.grad = -2.0
    assert "<b>8.000</b> <span>gradient −2.000</span>" in views.shown("L", picture(node))


@FEATURE
@pytest.mark.parametrize("shape", [(1,), (27,), (300,), (2, 3), (27, 32), (4, 8, 8), (12, 2, 2), (1, 1), (128, 32)])
def test_an_array_of_any_shape_is_drawn_and_said_in_words(shape):
    data = np.linspace(-1, 1, int(np.prod(shape))).reshape(shape)
    html = views.shown("w", picture(data))
    assert html.count("<svg") == (min(shape[0], views.SLICES) if len(shape) == 3 else 1)
    assert f"{' × '.join(map(str, shape))} numbers from −1.00 to" in html
    matrix = views.closer(picture(data))
    assert matrix.values.size == data.size and matrix.values.shape[1] == shape[-1]
    assert matrix.values.ravel().tolist() == data.ravel().tolist()


@FEATURE
def test_zeros_and_things_without_numbers_do_no_harm():
    assert "<svg" in views.shown("g", picture(np.zeros((3, 3))))
    assert "<svg" in views.shown("g", picture(np.zeros(3)))
    assert "&lt;b&gt;" in views.shown("s", Picture("other", "'<b>'"))
    assert views.closer(picture(3.0)) is None and views.closer(picture("x")) is None


@FEATURE
def test_tokens_are_spelt_out():
    assert "<span>26, 17, 4, 23</span>" in views.shown("tokens", picture(np.array([26, 17, 4, 23])))


@FEATURE
def test_gradients_are_drawn_once_there_are_any():
    nodes = [Value(1.0), Value(2.0)]
    assert views.shown("x", picture(nodes)).count("<svg") == 1
    nodes[0].grad = 1.0
    assert views.shown("x", picture(nodes)).count("<svg") == 2
