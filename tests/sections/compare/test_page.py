"""Two moments side by side: the names each makes up, and what each expects next."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assemble.paths import DIST
from lab.core import compare
from lab.core.compare import Capture, Recipe
from microgpt import checkpoint
from microgpt.experiment import Experiment
from tests.browser.driving import open_lab
from tests.browser.lab_state import button, in_sight, press_step, start_anew, table_of

TEN = compare.COUNT
EMPTY = "(nothing: END came first)"  # what stands for a name without a letter


@pytest.fixture(scope="module")
def untrained(experiment: Experiment) -> Capture:
    return compare.untrained(experiment)


@pytest.fixture(scope="module")
def trained(experiment: Experiment) -> Capture:
    last = max((DIST / "checkpoints").glob("*.npz"))
    return compare.saved(checkpoint.load(last), experiment)


@pytest.fixture
def lab_page(lab_page: Page, trained: Capture) -> Page:
    """Untrained on side A, trained on side B, and the run at its beginning."""
    start_anew(lab_page)
    lab_page.locator("#compare").scroll_into_view_if_needed()
    expect(moment(lab_page, "B").locator(f"option[value={trained.key}]")).to_be_attached()
    put(lab_page, "A", "step-0")
    put(lab_page, "B", trained.key)
    lab_page.get_by_role("radio", name="0.8", exact=True).check()
    seed(lab_page).fill("42")
    lab_page.get_by_label("after the letters").fill("")
    return lab_page


def moment(page: Page, side: str) -> Locator:
    return page.get_by_label(f"moment on side {side}")


def put(page: Page, side: str, key: str) -> None:
    moment(page, side).select_option(key)
    expect(moment(page, side)).to_have_value(key)


def group(page: Page, side: str) -> Locator:
    return page.get_by_role("group", name=re.compile(f"^Side {side}"))


def seed(page: Page) -> Locator:
    return page.locator("#compare").get_by_label("seed", exact=True)


def capture(page: Page, side: str) -> None:
    button(page, f"Capture my run, for side {side}").click()


def names(page: Page, side: str) -> list[str]:
    """The ten names, once they are all there and judged."""
    made_list = page.get_by_role("list", name=f"Names made up by side {side}")
    expect(made_list).not_to_have_attribute("aria-busy", "true")
    expect(group(page, side)).to_contain_text(re.compile(r"\d+ new, \d+ near cop(y|ies), \d+ cop(y|ies)"))
    made = made_list.evaluate("(list) => [...list.children].map((li) => (li.querySelector('b') ?? li).textContent)")
    assert len(made) == TEN
    return made


def generate(page: Page) -> tuple[list[str], list[str]]:
    button(page, "Generate names").click()
    return names(page, "A"), names(page, "B")


def made_by(model: Capture, recipe: Recipe) -> list[str]:
    """What this Python makes of the same weights."""
    samples = [sample for sample in compare.naming(model, recipe) if sample]
    return [(sample.name or EMPTY) + ("" if sample.finished else "…") for sample in samples]


@pytest.mark.feature("S1-16", "R1")
def test_each_side_makes_the_names_of_its_own_weights(lab_page: Page, untrained: Capture, trained: Capture) -> None:
    a, b = generate(lab_page)
    assert a == made_by(untrained, Recipe(0.8, 42))
    assert b == made_by(trained, Recipe(0.8, 42))


@pytest.mark.feature("S1-16", "X3")
def test_every_name_is_judged_and_the_verdicts_are_counted(lab_page: Page, trained: Capture) -> None:
    _, b = generate(lab_page)
    verdicts = [trained.experiment.novelty.judge(name.rstrip("…")) for name in b]
    marks = lab_page.get_by_role("list", name="Names made up by side B").locator(".mark").all_inner_texts()
    for verdict, mark in zip(verdicts, marks, strict=True):
        letters = "letter" if verdict.distance == 1 else "letters"
        near = f"{verdict.distance} {letters} from {verdict.nearest}"
        assert mark == {"new": "new", "near": near, "copy": "a copy"}[verdict.kind]
    kinds = [verdict.kind for verdict in verdicts]
    expect(group(lab_page, "B")).to_contain_text(f"{kinds.count('new')} new, {kinds.count('near')} near cop")


@pytest.mark.feature("S1-16")
def test_the_same_seed_and_temperature_give_the_same_names(lab_page: Page, trained: Capture) -> None:
    first = generate(lab_page)
    assert generate(lab_page) == first
    button(lab_page, "Next seed").click()
    expect(seed(lab_page)).to_have_value("43")
    assert names(lab_page, "B") == made_by(trained, Recipe(0.8, 43)) != first[1]
    lab_page.get_by_role("radio", name="0.8", exact=True).focus()
    lab_page.keyboard.press("ArrowRight")  # the names follow at once
    assert names(lab_page, "B") == made_by(trained, Recipe(1.0, 43))
    seed(lab_page).fill("42")
    lab_page.keyboard.press("Tab")
    lab_page.get_by_role("radio", name="0.8", exact=True).check()
    assert (names(lab_page, "A"), names(lab_page, "B")) == first


@pytest.mark.feature("S1-16")
def test_a_capture_stays_as_it_is_while_training_goes_on(lab_page: Page, trained: Capture) -> None:
    press_step(lab_page, 30)
    capture(lab_page, "A")
    expect(group(lab_page, "A")).to_contain_text("step 30 of 5,000")
    expect(group(lab_page, "A").locator(".tag")).to_have_text("live")
    expect(group(lab_page, "B").locator(".tag")).to_have_text("precomputed")
    at_30, _ = generate(lab_page)
    press_step(lab_page, 20)
    assert generate(lab_page)[0] == at_30
    capture(lab_page, "B")
    expect(group(lab_page, "B")).to_contain_text("step 50 of 5,000")
    at_50 = generate(lab_page)[1]
    assert at_50 != at_30
    button(lab_page, "Reset").click()
    assert generate(lab_page) == (at_30, at_50)
    # history: the earlier capture can be picked again, on the other side too
    earlier = moment(lab_page, "B").locator("option", has_text="step 30").get_attribute("value")
    put(lab_page, "B", "step-0")
    put(lab_page, "B", earlier)
    assert names(lab_page, "B") == at_30
    assert "same moment" in lab_page.locator("#compare").get_by_role("status").inner_text()


@pytest.mark.feature("S1-16")
def test_only_so_many_captures_are_kept_and_the_page_says_which_went(lab_page: Page) -> None:
    for _ in range(compare.KEPT + 1):
        press_step(lab_page, 1)
        capture(lab_page, "A")
    expect(moment(lab_page, "A").locator("optgroup").last.locator("option")).to_have_count(compare.KEPT)
    expect(lab_page.locator("#compare").get_by_role("status")).to_contain_text(
        re.compile(rf"Capture \d+: step \d+ is gone: only {compare.KEPT} captures are kept")
    )


@pytest.mark.feature("X3")
def test_the_held_out_loss_stands_beside_the_bigram_line(
    lab_page: Page, experiment: Experiment, trained: Capture
) -> None:
    line = experiment.baselines["bigram"]
    for side, loss, where in (("B", trained.held_out, "better"), ("A", None, "worse")):
        expect(group(lab_page, side)).to_contain_text(re.compile(rf"bigram line {line:.2f}: [\d.]+ {where}"))
        if loss:
            expect(group(lab_page, side)).to_contain_text(f"held-out loss {loss:.2f}")


@pytest.mark.feature("S0-3", "R1")
def test_both_guesses_are_those_of_the_real_weights(
    lab_page: Page, experiment: Experiment, untrained: Capture, trained: Capture
) -> None:
    lab_page.get_by_label("after the letters").fill("TYRANN")
    expect(lab_page.locator("#compare")).to_contain_text("After “tyrann”, A’s top guess is")
    tokenizer = experiment.tokenizer
    tops = []
    for side, model in (("A", untrained), ("B", trained)):
        tokens = [tokenizer.bos, *tokenizer.encode("tyrann")]
        chances = model.model.forward(tokens).probabilities[-1]
        rows = table_of(lab_page, f"Side {side}: chance of each next letter")
        assert [label for label, _ in rows] == [*tokenizer.alphabet, "END"]
        shown = [float(re.sub(r"[^\d.]", "", text)) for _, text in rows]
        assert shown == pytest.approx([100 * float(chance) for chance in chances], abs=0.51)
        tops.append(max(shown))
    assert tops[1] > 3 * tops[0]


def test_letters_it_can_not_read_are_explained(lab_page: Page) -> None:
    field = lab_page.get_by_label("after the letters")
    field.fill("t-rex")
    alert = lab_page.locator("#compare").get_by_role("alert").filter(has_text="never seen “-”")
    expect(alert).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("trex")
    expect(alert).to_be_hidden()
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_what_is_no_seed_is_explained(lab_page: Page) -> None:
    seed(lab_page).fill("-3")
    button(lab_page, "Generate names").click()
    alert = lab_page.locator("#compare").get_by_role("alert").filter(has_text="whole number from 0")
    expect(alert).to_be_visible()
    seed(lab_page).fill("7")
    generate(lab_page)
    expect(alert).to_be_hidden()


@pytest.mark.feature("S1-16")
def test_moments_of_another_run_can_not_be_chosen_and_the_page_says_why(lab_page: Page, trained: Capture) -> None:
    press_step(lab_page, 1)
    a, b = generate(lab_page)
    button(lab_page, "New seed").click()
    button(lab_page, "Start over").click()
    option = moment(lab_page, "A").locator(f"option[value={trained.key}]")
    in_sight(moment(lab_page, "A"))
    expect(option).to_be_disabled()
    expect(lab_page.locator("#compare")).to_contain_text(
        "The moments saved at build are of another run (other settings)"
    )
    assert names(lab_page, "A") != a  # what is untrained follows the page,
    assert names(lab_page, "B") == b  # a copy stays what it was, and says so
    expect(group(lab_page, "B")).to_contain_text("not the run on this page: other settings")
    button(lab_page, "Undo").click()
    expect(option).to_be_enabled()
    assert names(lab_page, "A") == a


@pytest.mark.feature("Q4")
@pytest.mark.expects_errors("Failed to load resource")
def test_without_the_saved_moments_there_are_still_ones_own(page: Page, site_url: str) -> None:
    page.route("**/checkpoints/index.json", lambda route: route.fulfill(status=404, body="not here"))
    open_lab(page, site_url)
    page.locator("#compare").scroll_into_view_if_needed()
    expect(page.locator("#compare").get_by_role("alert").filter(has_text="Capture your own")).to_be_visible()
    press_step(page, 5)
    capture(page, "B")
    a, b = generate(page)
    assert a != b
