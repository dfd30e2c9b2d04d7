"""One weight under Adam, in formulas and words."""

from dataclasses import replace

import numpy as np
import pytest

from lab.sections.weight import view as views
from lab.sections.weight.model import Place, index_of, locate, steepest_now
from microgpt.inspect.one_weight import AdamStep

STEP = AdamStep(
    count=3,
    learning_rate=0.002,
    gradient=-0.5,
    m_before=0.2,
    m=0.095,
    v_before=0.04,
    v=0.0421,
    before=1.5,
    after=1.49822,
    beta1=0.85,
    beta2=0.99,
    eps=1e-8,
)
PLACE = Place("wte", 2, 5)


@pytest.mark.feature("S2-9")
def test_each_formula_is_filled_with_the_numbers_of_the_step():
    terms = views.terms(STEP, 0.003, 5000)
    assert terms["g"][1] == "−0.5000"
    assert terms["m"] == ("0.85 × 0.2000 + 0.15 × (−0.5000)", "+0.09500")
    assert terms["v"] == ("0.99 × 0.04000 + 0.01 × (−0.5000)²", "0.04210")
    assert terms["m-hat"][0] == "0.09500 ÷ (1 − 0.85³) = 0.09500 ÷ 0.3859"
    assert terms["v-hat"][1] == "1.417"
    assert terms["rate"][0] == "0.003 × (1 − 2 ÷ 5,000)"
    assert terms["change"][0] == "−0.002000 × 0.2462 ÷ (1.191 + 1e−8)"
    assert terms["new"] == ("1.500000 − 0.001780", "1.498220")


@pytest.mark.feature("S2-9")
def test_the_filled_formulas_are_true(desk):
    """Python reads what the page says, and gets what the page says."""
    desk.lab.watch_weight(steepest_now(desk.lab))
    for _ in range(4):
        desk.lab.step()
    settings = desk.lab.experiment.get().settings
    terms = views.terms(desk.lab.snapshot.get().watched.steps[-1], settings.learning_rate, settings.steps)
    signs = str.maketrans({"−": "-", "×": "*", "÷": "/", ",": None, "²": "**2", "⁴": "**4"})
    for term in ("m", "v", "m-hat", "v-hat", "rate", "change", "new"):
        formula, value = (text.translate(signs) for text in terms[term])
        assert eval(formula.partition(" = ")[0]) == pytest.approx(float(value), rel=2e-3), term


def test_the_sentence_says_which_way_and_why():
    assert "moved wte, row 2, column 5 down by 0.00178." in views.sentence(STEP, PLACE)
    assert "m remembers the steps before better" not in views.sentence(replace(STEP, gradient=0.5), PLACE)
    assert "m remembers the steps before better" in views.sentence(STEP, PLACE)
    assert "no gradient at all" in views.sentence(replace(STEP, gradient=0.0), PLACE)
    still = replace(STEP, gradient=0.0, m=0.0, m_before=0.0, after=1.5)
    assert "left wte, row 2, column 5 alone" in views.sentence(still, PLACE)


@pytest.mark.feature("S2-9")
def test_the_curve_holds_the_gradient_and_its_two_averages():
    steps = [replace(STEP, count=count, gradient=count / 10, m=count / 20) for count in range(401, 405)]
    data = views.averages(steps)
    assert (data.x_start, data.first, data.last) == (400, 401, 404)
    np.testing.assert_allclose(data.series[0].raw, [40.1, 40.2, 40.3, 40.4])
    np.testing.assert_allclose(data.series[0].smooth, [20.05, 20.1, 20.15, 20.2])
    np.testing.assert_allclose(data.series[1].smooth, [step.v_hat**0.5 for step in steps])
    np.testing.assert_allclose(data.series[2].smooth, -data.series[1].smooth)
    assert views.reading(steps, 402).startswith("step 402: gradient +40.2")
    assert views.averages([]) is None


def test_a_place_and_its_index_are_one(small_experiment):
    config = small_experiment.config
    for index in (0, 216, 1000, config.n_params - 1):
        assert index_of(locate(index, config), config) == index
    for index in (-1, config.n_params):
        with pytest.raises(IndexError):
            locate(index, config)


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (Place("wte", 99, 0), "wte has no row 99: they go from 0 to"),
        (Place("wpe", 0, -1), "no column -1"),
        (Place("wxe", 0, 0), "no matrix wxe: they are wte, "),
    ],
)
def test_a_cell_that_is_not_there_is_explained(small_experiment, place, says):
    with pytest.raises(ValueError, match=says):
        index_of(place, small_experiment.config)


def test_every_matrix_is_offered_and_drawn_small_enough_to_be_seen_whole(small_experiment):
    config = small_experiment.config
    html = views.options(config, "wpe")
    assert html.count("<option") == len(config.shapes())
    assert '<option value="wpe" selected>' in html
    drawn = views.matrix({"x": np.zeros((128, 32))}, Place("x", 3, 4))
    assert drawn.max_cell * 128 <= 400


@pytest.mark.feature("S2-9")
def test_the_weight_offered_first_has_the_largest_gradient_of_the_next_step(desk):
    index = steepest_now(desk.lab)
    run = desk.lab.run
    assert run.under_way is None
    assert not run.trainer.model.flat_grad.any()  # looking has left the run's own gradient alone
    desk.lab.step()
    assert abs(run.trainer.model.flat_grad).argmax() == index
