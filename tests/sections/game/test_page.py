"""You are the model: the game is played on the page and, guess by guess, in this Python, and they agree."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lab.charts.format import percent
from lab.sections.game.model import Game, Guess, start_and_end, tally
from microgpt.experiment import Experiment, Settings
from microgpt.ops import softmax_and_cross_entropy
from microgpt.tokenizer import pairs
from tests.browser import in_the_tab
from tests.browser.lab_state import button, drawn, loss, press_step, root, start_anew, step, table_of, type_name


@pytest.fixture
def lab_page(lab_page: Page) -> Page:
    """The shared page, untrained again, with the game in sight."""
    start_anew(lab_page)
    show(lab_page)
    return lab_page


def show(page: Page) -> None:
    page.locator("#game").scroll_into_view_if_needed()
    expect(keys(page).first).to_be_attached()


def keys(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Answers").get_by_role("button", include_hidden=True)


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="your guess")


def said(page: Page) -> Locator:
    return page.locator("#game").get_by_role("status")


def board(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile("^The (whole )?name"))


class Player:
    """Plays the page's game and the same game here, with the model that the page has at this step."""

    def __init__(self, page: Page, experiment: Experiment, at_step: int = 0) -> None:
        self.page, self.experiment = page, experiment
        self.game = Game(experiment)
        trainer = experiment.trainer()
        for _ in range(at_step):
            trainer.step()
        self.model, self.step = trainer.model, at_step
        for _ in range(page.evaluate("window.anothers ?? 0")):  # as often as the page has been asked
            self.game.another()

    @property
    def right(self) -> str:
        return "END" if self.game.read == self.game.name else self.game.name[len(self.game.read)]

    def label(self, token: int) -> str:
        return [*self.experiment.tokenizer.alphabet, "END"][token]

    def guess(self, letter: str) -> Guess:
        """Count it here too."""
        token = self.experiment.tokenizer.bos if letter == "END" else self.experiment.tokenizer.encode(letter)[0]
        chances = self.model.forward(self.game.context).probabilities[-1]
        return self.game.guess(token, chances, self.step)

    def verdict(self, letter: str) -> re.Pattern:
        """What the page must say to this guess: right or wrong, and the model's chances of both."""
        made = self.guess(letter)
        truth, mine = percent(made.chance), percent(made.chance_of_said)
        start = f"✓ Right: {letter}." if made.right else f"✗ Not {letter}: it is {self.label(made.truth)}."
        gave = f"gave {self.label(made.truth)} {truth}" + ("" if made.right else f" and your {letter} {mine}")
        top = f"would have said {self.label(made.top)}"
        return re.compile(".*".join(map(re.escape, (start, gave, top))))


def new_name(page: Page, experiment: Experiment) -> Player:
    """On to a name of which nothing has been guessed."""
    button(page, "Another name").click()
    page.evaluate("window.anothers = (window.anothers ?? 0) + 1")
    return Player(page, experiment, step(page))


@pytest.mark.feature("S0-2", "R1")
def test_a_name_is_played_by_keyboard_alone_and_every_number_is_the_models(
    lab_page: Page, experiment: Experiment
) -> None:
    player = new_name(lab_page, experiment)
    box(lab_page).focus()
    for i in range(player.game.length):
        letter = player.right if i % 2 else ("q" if player.right != "q" else "a")
        lab_page.keyboard.press("Space" if letter == "END" else letter)
        expect(box(lab_page)).to_have_value(letter)  # and can still be changed
        lab_page.keyboard.press("Enter")
        expect(said(lab_page)).to_have_text(player.verdict(letter))
        shown = "The whole name: " if player.game.over else "The name so far: START "
        expect(board(lab_page)).to_have_attribute("aria-label", re.compile(f"^{shown}{' '.join(player.game.read)}"))
        expect(box(lab_page)).to_have_value("")
        expect(box(lab_page)).to_be_focused()
        made = player.game.guesses[-1]
        mark = f"{player.label(made.truth)} ({'you, ' * made.right}right)"
        expect(lab_page.get_by_role("figure", name=re.compile("^What the model thought"))).to_contain_text(mark)
    score = player.game.score
    hits = f"This name: you {score.right} of {score.guesses}, the model {score.model} of {score.guesses}."
    expect(lab_page.locator("#game")).to_contain_text(hits)
    # the reflection is counted from these very guesses
    first, last = map(tally, start_and_end(player.game.guesses))
    quote = (
        f"You had {first.right} of the first {first.guesses} and {last.right} of the last {last.guesses}; "
        f"the model had {first.model} and {last.model}."
    )
    expect(lab_page.locator("#game")).to_contain_text(quote)
    lab_page.keyboard.press("Enter")  # and on
    lab_page.evaluate("window.anothers += 1")
    expect(said(lab_page)).to_have_text("A new name. What comes first?")
    expect(lab_page.get_by_role("heading", name="How it went")).to_be_hidden()


@pytest.mark.feature("S0-2", "Q1")
def test_the_letters_are_one_tab_stop_and_the_arrows_go_over_them(lab_page: Page, experiment: Experiment) -> None:
    player = new_name(lab_page, experiment)
    assert keys(lab_page).count() == experiment.config.vocab_size
    letter = keys(lab_page).filter(has_text=re.compile("^a$"))
    letter.focus()
    for key in ("ArrowRight", "ArrowDown"):
        lab_page.keyboard.press(key)
    expect(keys(lab_page).filter(has_text=re.compile("^k$"))).to_be_focused()
    assert keys(lab_page).evaluate_all("(all) => all.filter((one) => one.tabIndex === 0).length") == 1
    lab_page.keyboard.press("Enter")
    expect(said(lab_page)).to_have_text(player.verdict("k"))
    lab_page.keyboard.press(player.right)  # typed from a button, the game goes on in the box
    expect(box(lab_page)).to_be_focused()
    lab_page.keyboard.press("Enter")
    expect(said(lab_page)).to_have_text(player.verdict(player.right))
    for size in keys(lab_page).evaluate_all("(all) => all.map((one) => Math.min(one.offsetWidth, one.offsetHeight))"):
        assert size >= 24


@pytest.mark.feature("S0-2")
def test_what_is_no_answer_is_explained_and_counts_for_nothing(lab_page: Page, experiment: Experiment) -> None:
    new_name(lab_page, experiment)
    before = board(lab_page).get_attribute("aria-label")
    box(lab_page).press("3")
    box(lab_page).press("Enter")
    expect(said(lab_page)).to_contain_text("“3” is not one of the answers")
    box(lab_page).press("Enter")  # the box is empty again, which is no END
    expect(said(lab_page)).to_contain_text("Type a letter first")
    assert board(lab_page).get_attribute("aria-label") == before


@pytest.mark.feature("S0-2")
def test_the_untrained_model_says_so_and_can_be_trained_from_here(lab_page: Page, experiment: Experiment) -> None:
    player = new_name(lab_page, experiment)
    chances = player.model.forward(player.game.context).probabilities[-1]
    spread = f"from {percent(float(chances.min()))} to {percent(float(chances.max()))}"
    expect(lab_page.get_by_text(spread)).to_be_visible()
    button(lab_page, "Train 300 steps").click()
    expect(root(lab_page)).to_have_attribute("data-step", "300")
    expect(root(lab_page)).to_have_attribute("data-lab", "paused")
    expect(button(lab_page, "Train 300 steps")).to_be_hidden()
    expect(box(lab_page)).to_be_focused()
    player = new_name(lab_page, experiment)
    assert player.step == 300
    lab_page.keyboard.press("s")
    lab_page.keyboard.press("Enter")
    expect(said(lab_page)).to_have_text(player.verdict("s"))
    expect(said(lab_page)).to_contain_text("after 300 steps of training")


@pytest.mark.feature("S0-2", "U1")
def test_playing_does_not_disturb_training(lab_page: Page) -> None:
    alone = press_step(lab_page, 12)
    button(lab_page, "Reset").click()
    show(lab_page)
    played = []
    for letter in "saurusrexkgo":
        box(lab_page).press(letter)
        box(lab_page).press("Enter")
        played += press_step(lab_page, 1)
    assert played == alone
    assert loss(lab_page) == alone[-1]


@pytest.mark.feature("S0-2", "X2")
def test_the_game_follows_other_names_and_their_letters(page: Page, site_url: str) -> None:
    in_the_tab.run(
        page,
        site_url,
        """
import asyncio, time
from lab.core.lab import Lab
from lab.core.runner import Runner
from lab.sections.game.section import Guessing
from lab.ui.frame import Breath, Frame
from lab.ui.tasks import spawn
from microgpt.experiment import PRESETS

js.boot.ready()  # as the page does before it mounts its sections
frame = Frame()
lab = Lab(names, PRESETS["lab"], Runner(time.perf_counter, Breath(frame), asyncio.sleep), spawn)
Guessing(lab, frame)
js.document.getElementById("game").scrollIntoView()
while not js.document.querySelector("[data-part=keys] button"):
    await asyncio.sleep(0.01)
lab.configure(["rëx", "xer", "erxë", "reë"], PRESETS["lab"])
result = 0
""",
    )
    expect(keys(page)).to_have_text(["e", "r", "x", "ë", "END"])
    expect(board(page)).to_have_attribute("aria-label", "The name so far: START; what comes next?")
    game = Game(Experiment(["rëx", "xer", "erxë", "reë"], Settings()))
    for letter in game.name:
        box(page).press_sequentially(letter)
        box(page).press("Enter")
        expect(said(page)).to_contain_text(f"✓ Right: {letter}.")
    box(page).press("Space")
    box(page).press("Enter")
    expect(board(page)).to_have_attribute("aria-label", f"The whole name: {' '.join(game.name)}")


@pytest.mark.feature("S3-1")
def test_a_name_of_n_letters_is_stepped_through_as_n_plus_1_pairs(lab_page: Page, experiment: Experiment) -> None:
    type_name(lab_page, "rex")
    press_step(lab_page, 5)
    show(lab_page)
    trainer = experiment.trainer()
    for _ in range(5):
        trainer.step()
    document = experiment.tokenizer.document("rex")
    probabilities, losses = softmax_and_cross_entropy(
        trainer.model.forward(document[:-1]).logits, np.array(document[1:])
    )
    labels = ["START", "r", "e", "x", "END"]
    steps = list(pairs(document))
    assert len(steps) == 4
    figure = lab_page.locator("#game")
    for at, (context, target) in enumerate(steps):
        expect(figure).to_contain_text(f"{at + 1} of {len(steps)}")
        name = f"Read: {' '.join(labels[: len(context)])}. To guess: {labels[at + 1]}."
        expect(lab_page.get_by_role("img", name=name)).to_be_visible()
        expect(figure).to_contain_text(f"costs {losses[at]:.2f}")
        assert probabilities[at][target] == pytest.approx(np.exp(-losses[at]))
        if at < 3:
            lab_page.get_by_role("button", name="Next: pairs of the name").click()
    expect(figure).to_contain_text(f"The mean of all 4 pairs is {losses.mean():.2f}: that is the loss of this name.")
    drawn(lab_page)
    expected = [[label, f"{value:.2f}"] for label, value in zip(labels[1:], losses, strict=True)]
    assert table_of(lab_page, "Loss of each pair") == expected
