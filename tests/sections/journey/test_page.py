"""The way through the page: the map, the data, the tokens and their tables, the sizes, what to take away."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from microgpt import dataset
from tests.browser.lab_state import arrived, in_sight

NAMES, _ = dataset.load(Path(__file__).resolve().parents[3] / "data" / "dinosaurs.txt")
MINUS = "\N{MINUS SIGN}"
STEP = "() => +document.documentElement.dataset.step"


def section(page: Page, slug: str) -> Locator:
    """The section, in sight: what is off screen is not drawn."""
    found = page.locator(f"#{slug}")
    found.scroll_into_view_if_needed()
    return found


def look_at(page: Page, name: str) -> None:
    """Pick a name; from then on it stays."""
    field = section(page, "patterns").get_by_role("combobox", name="look at a name")
    field.fill(name)
    field.press("Enter")
    expect(page.locator("#patterns")).to_contain_text(re.compile(rf"{name} is (one of|held out|on neither)"))


def train_to(page: Page, step: int) -> None:
    if page.evaluate(STEP) < step:
        page.get_by_role("button", name="Train", exact=True).click()
        page.wait_for_function(f"() => ({STEP})() >= {step}")
        page.get_by_role("button", name="Pause", exact=True).click()


def chart(inside: Locator, label: str) -> Locator:
    return inside.get_by_role("figure", name=re.compile(f"^{label}"))


def tiles(group: Locator) -> list[tuple[str, str]]:
    return [tuple(text.split()) for text in group.locator(".tile").all_inner_texts()]


@pytest.mark.feature("S1-5")
def test_the_counts_of_the_first_letters_sum_to_the_names(lab_page: Page) -> None:
    bars = chart(section(lab_page, "patterns"), "Names by their first letter")
    bars.get_by_text("Table").click()
    expect(bars.locator("tbody tr").first).to_be_visible()  # the table is made when it opens
    rows = [row.inner_text().split() for row in bars.locator("tbody tr").all()]
    bars.get_by_text("Table").click()
    assert [letter for letter, _ in rows] == list("abcdefghijklmnopqrstuvwxyz")
    assert sum(int(n) for _, n in rows) == len(NAMES)


@pytest.mark.feature("S1-5", "S1-7")
def test_a_name_picked_from_all_drives_bars_strip_and_map(lab_page: Page) -> None:
    look_at(lab_page, "velociraptor")
    data = lab_page.locator("#patterns")
    firsts, lengths = sum(name[0] == "v" for name in NAMES), sum(len(name) == 12 for name in NAMES)
    letters = chart(data, "Names by their first letter")
    expect(letters).to_have_attribute("aria-label", re.compile(f"current v: {firsts}$"))
    expect(chart(data, "Names by their length")).to_have_attribute("aria-label", re.compile(f"current 12: {lengths}$"))
    expect(lab_page.locator("#namebar .chip")).to_have_text(["START", *"velociraptor"])
    expect(section(lab_page, "journey").get_by_role("navigation", name="The journey")).to_contain_text("velociraptor")


@pytest.mark.feature("S1-7")
def test_the_list_offers_a_few_names_that_match(lab_page: Page) -> None:
    field = section(lab_page, "patterns").get_by_role("combobox", name="look at a name")
    field.fill("")
    field.press_sequentially("tric")
    options = lab_page.locator("#names-found option")
    expect(options.first).to_have_attribute("value", re.compile("^tric"))
    assert 0 < options.count() <= 12
    field.fill("t-rex")
    field.press("Enter")
    expect(lab_page.locator("#patterns").get_by_role("alert")).to_contain_text("never seen “-”")
    field.fill("")
    expect(lab_page.locator("#patterns").get_by_role("alert")).to_be_hidden()


@pytest.mark.feature("S1-7")
def test_choosing_a_bar_looks_at_a_name_of_its_kind(lab_page: Page) -> None:
    look_at(lab_page, "abelisaurus")
    letters = lab_page.locator("#patterns").get_by_role("slider", name="Names by their first letter")
    letters.focus()
    letters.press("End")
    letters.press("Enter")
    expect(lab_page.locator("#namebar .chip").nth(1)).to_have_text("z")


@pytest.mark.feature("S1-6")
def test_the_share_of_usual_lengths_is_the_computed_one(lab_page: Page) -> None:
    share = sum(8 <= len(name) <= 14 for name in NAMES) / len(NAMES)
    expect(section(lab_page, "patterns")).to_contain_text(
        re.compile(rf"{100 * share:.0f}\s%\s+of them have 8 to 14 letters")
    )


@pytest.mark.feature("S1-8")
@pytest.mark.parametrize("name", ["yi", "zuniceratops", "qqqq"])
def test_the_strip_shows_the_ids_of_any_name(lab_page: Page, name: str) -> None:
    look_at(lab_page, name)
    tokens = section(lab_page, "tokens")
    strip = tokens.get_by_role("radiogroup", name="The current name as tokens")
    expect(strip.locator(".tile")).to_have_count(len(name) + 2)
    letters = [(letter, str(ord(letter) - ord("a"))) for letter in name]
    assert tiles(strip) == [("[BOS]", "26"), *letters, ("END", "26")]
    tile_map = tokens.get_by_role("radiogroup", name="All tokens")
    assert tiles(tile_map) == [(chr(97 + i), str(i)) for i in range(26)] + [("[BOS]", "26")]
    lit = tile_map.locator(".tile[data-lit] .tile-letter").all_inner_texts()
    assert sorted(lit) == sorted({*name, "[BOS]"})


@pytest.mark.feature("S1-9")
def test_the_rows_of_a_letter_sum_exactly_by_pointer_and_by_key(lab_page: Page) -> None:
    train_to(lab_page, 20)
    look_at(lab_page, "allosaurus")
    tokens = section(lab_page, "tokens")
    strip = tokens.get_by_role("radiogroup", name="The current name as tokens")
    expect(strip.locator(".tile-letter")).to_have_text(["[BOS]", *"allosaurus", "END"])  # drawn: it stays now
    strip.get_by_role("radio", name="[BOS], token 26").focus()
    strip.get_by_role("radio", name="[BOS], token 26").press("ArrowRight")
    expect(lab_page.locator("#namebar").get_by_role("radio", name="a, position 1")).to_be_checked()
    looked = chart(tokens, "Letter row plus position row")
    expect(tokens).to_contain_text(re.compile(r"Token 0, letter a, .* position 1 fetches", re.DOTALL))
    strip.locator(".tile").nth(4).hover()
    expect(tokens).to_contain_text(re.compile(r"Token 14, letter o, .* position 4 fetches", re.DOTALL))
    grid = looked.get_by_role("grid")
    grid.focus()  # the pointer has not left the letter
    for column in range(3):
        text = looked.locator(".chart-readout").inner_text()
        assert text.startswith(f"number {column}: ")
        a, b, total = (np.float32(part.replace(MINUS, "-")) for part in re.findall(rf"[+{MINUS}][\d.]+", text))
        assert a + b == total
        grid.press("ArrowRight")
    lab_page.mouse.move(0, 0)
    expect(tokens).to_contain_text(re.compile(r"Token 0, letter a, .* position 1 fetches", re.DOTALL))


@pytest.mark.feature("S1-9")
def test_a_letter_of_the_map_can_be_tried_in_the_same_place(lab_page: Page) -> None:
    look_at(lab_page, "allosaurus")
    tokens = section(lab_page, "tokens")
    in_sight(tokens.get_by_role("radio", name="x, token 23")).check(force=True)
    expect(tokens).to_contain_text("It does not stand there in the name")
    expect(chart(tokens, "Letter table, wte").locator("text.lit")).to_have_text("x")


@pytest.mark.feature("S1-10")
def test_the_tables_change_at_least_twice_a_second(lab_page: Page) -> None:
    look_at(lab_page, "allosaurus")
    section(lab_page, "tokens").locator("[data-part=wte]").scroll_into_view_if_needed()
    lab_page.evaluate("""() => {
        window.drawn = { wte: [], wpe: [] };
        for (const name of ["wte", "wpe"]) {
            const drawing = document.querySelector(`#tokens [data-part=${name}] [data-part=drawing]`);
            let last = drawing.innerHTML;
            new MutationObserver(() => {
                if (drawing.innerHTML !== last) drawn[name].push(performance.now());
                last = drawing.innerHTML;
            }).observe(drawing, { childList: true });
        }
    }""")
    lab_page.get_by_label("Speed").select_option("fast")  # flat out it could be over before it is looked at
    lab_page.get_by_role("button", name="Train", exact=True).click()
    lab_page.wait_for_function("() => drawn.wte.length > 6 && drawn.wpe.length > 6")
    lab_page.get_by_role("button", name="Pause", exact=True).click()
    lab_page.get_by_label("Speed").select_option("max")
    for times in lab_page.evaluate("drawn").values():
        gaps = sorted(after - before for before, after in pairwise(times[:7]))
        assert gaps[3] <= 500, times  # milliseconds; a busy machine may hiccup once


@pytest.mark.feature("S1-10")
def test_a_weight_is_read_by_pointer_and_by_key(lab_page: Page) -> None:
    look_at(lab_page, "allosaurus")
    tokens = section(lab_page, "tokens")
    wte = chart(tokens, "Letter table, wte")
    grid = wte.get_by_role("grid")
    grid.focus()
    grid.press("ArrowDown")
    grid.press("ArrowRight")
    expect(wte.locator(".chart-readout")).to_have_text(re.compile(rf"^letter b, row 1, number 1: [+{MINUS}]\d\.\d+$"))
    grid.press("Enter")
    expect(tokens).to_contain_text("Token 1, letter b")
    wpe = chart(tokens, "Position table, wpe")
    assert wpe.get_by_role("grid").get_attribute("aria-rowcount") == "24"
    wpe.get_by_role("grid").hover()
    expect(wpe.locator(".chart-readout")).to_have_text(re.compile(r"^position \d+, number \d+: .\d\.\d+$"))


@pytest.mark.feature("S1-4")
def test_the_journey_leads_through_the_page_to_a_name_not_in_the_data(lab_page: Page) -> None:
    train_to(lab_page, 110)
    journey = section(lab_page, "journey").get_by_role("navigation", name="The journey")
    output = journey.locator("[data-part=output]")
    expect(output).to_have_text(re.compile(r"^[a-z]+ \(step \d+\)$"))
    assert output.text_content().split()[0] not in NAMES
    links = journey.get_by_role("link").all()
    assert len(links) == 7
    for link in links:
        target = link.get_attribute("href") or ""
        expect(lab_page.locator(f"main section{target}")).to_be_visible()
    journey.get_by_role("link", name="Letters become tokens").click()
    arrived(lab_page.locator("#tokens"))


@pytest.mark.feature("S1-25")
def test_the_sizes_are_those_of_the_model_and_unconfirmed_ones_are_marked(lab_page: Page) -> None:
    size = section(lab_page, "size")
    parts = chart(size, "Parameters by part")
    parts.get_by_text("Table").click()
    expect(parts.locator("tbody tr").first).to_be_visible()
    counts = [int(row.inner_text().split()[-1].replace(",", "")) for row in parts.locator("tbody tr").all()]
    parts.get_by_text("Table").click()
    assert sum(counts) == 27072
    expect(size.locator("[data-part=n-params]")).to_have_text("27,072")
    ladder = size.locator("[data-part=ladder] li")
    expect(ladder.filter(has_text="GPT-2 small")).to_contain_text("about 4,600 times this one")
    expect(ladder.filter(has_text="GPT-3")).to_contain_text("175 billion")
    expect(ladder.filter(has_text="unconfirmed")).to_have_count(1)
    lines = [int(cell.replace(",", "")) for cell in size.locator(".lines td").all_inner_texts()]
    expect(size).to_contain_text(f"Together {sum(lines):,} lines")


@pytest.mark.feature("S1-26")
def test_three_ideas_each_lead_back_to_where_they_are_seen(lab_page: Page) -> None:
    ideas = section(lab_page, "takeaways").get_by_role("listitem")
    expect(ideas).to_have_count(3)
    for idea in ideas.all():
        target = idea.get_by_role("link").first.get_attribute("href")
        expect(lab_page.locator(f"main section{target}")).to_be_visible()
    expect(ideas.nth(1)).to_contain_text(re.compile(r"After [\d,]+ steps, the loss is \d\.\d\d"))


@pytest.mark.feature("S1-4", "S1-8", "S1-25", "Q1")
def test_nothing_scrolls_sideways_on_a_narrow_screen(lab_page: Page) -> None:
    lab_page.set_viewport_size({"width": 320, "height": 640})
    for slug in ("journey", "patterns", "tokens", "size", "takeaways"):
        section(lab_page, slug)
        widths = "() => [document.scrollingElement.scrollWidth, innerWidth]"
        shown, room = lab_page.evaluate(widths)
        assert shown <= room, slug
    lab_page.set_viewport_size({"width": 1280, "height": 720})
