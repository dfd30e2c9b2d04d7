"""A list of one's own in the browser: it comes in by any way, is looked at, learnt, and undone."""

import base64

import pytest
from playwright.sync_api import Locator, Page, expect

from microgpt.experiment import Experiment
from tests.browser.lab_state import button, press_step, root, start_anew

DROP = """([name, data]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name));
    for (const kind of ["dragover", "drop"])
        document.querySelector("h1").dispatchEvent(
            new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, name: str, data: bytes) -> None:
    """Drop a file on the first screen, far from the section."""
    page.evaluate(DROP, [name, base64.b64encode(data).decode()])


def part(page: Page, name: str) -> Locator:
    return page.locator(f"#names [data-part={name}]")


@pytest.fixture(autouse=True)
def still(lab_page: Page) -> None:
    lab_page.emulate_media(reduced_motion="reduce")
    start_anew(lab_page)


GREEK = "αθηνά γιώργος δημήτρης ελένη ζωή ηλίας θάλεια ιάσων κώστας λυδία μαρία νίκος".split()


@pytest.mark.feature("X2", "D1", "U3")
def test_a_dropped_list_is_looked_at_learnt_and_undone(lab_page: Page, experiment: Experiment) -> None:
    before = press_step(lab_page, 2)
    drop(lab_page, "greek.txt", "\n".join(GREEK).upper().encode("utf-16"))
    expect(part(lab_page, "headline")).to_have_text("greek.txt: 12 names from 12 lines")
    expect(part(lab_page, "headline")).to_be_focused()
    expect(part(lab_page, "headline")).to_be_in_viewport()
    expect(root(lab_page)).to_have_attribute("data-step", "2")  # nothing has been changed
    button(lab_page, "Learn these").click()
    expect(part(lab_page, "now")).to_contain_text("greek.txt, 12 names")
    expect(part(lab_page, "now")).to_be_focused()
    expect(root(lab_page)).to_have_attribute("data-step", "0")
    folded = [name.upper().lower() for name in GREEK]
    loss = Experiment(folded).trainer().step().loss
    assert press_step(lab_page, 1) == pytest.approx([loss], rel=1e-4)
    button(lab_page, "Undo").click()
    expect(root(lab_page)).to_have_attribute("data-step", "2")
    assert float(root(lab_page).get_attribute("data-loss")) == before[-1]
    expect(part(lab_page, "now")).to_contain_text(f"{len(experiment.names):,} names")


@pytest.mark.feature("D2", "D4")
def test_a_picked_file_is_read_as_chosen(lab_page: Page) -> None:
    polish = "Łukasz\nPaweł\nŻaneta\nŚwit".encode("cp1250")
    field = lab_page.get_by_label("a file of names")
    assert field.get_attribute("accept") is None
    field.set_input_files({"name": "polish.txt", "mimeType": "image/png", "buffer": polish})
    expect(part(lab_page, "problem")).to_contain_text("its encoding can't be told")
    expect(button(lab_page, "Learn these")).to_have_attribute("aria-disabled", "true")
    lab_page.get_by_label("encoding").select_option("windows-1250")
    expect(part(lab_page, "first")).to_have_text("ŁukaszPawełŻanetaŚwit")
    expect(part(lab_page, "problem")).to_be_hidden()
    lab_page.get_by_label("make capitals small").uncheck()
    expect(part(lab_page, "folding")).to_contain_text("Capitals stay")
    expect(lab_page.get_by_label("make capitals small")).to_be_focused()
    button(lab_page, "Never mind").click()
    expect(part(lab_page, "found")).to_be_hidden()


@pytest.mark.feature("D1")
def test_what_cant_be_read_says_why_and_the_lab_goes_on(lab_page: Page) -> None:
    drop(lab_page, "photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(1000))
    expect(part(lab_page, "problem")).to_contain_text("photo.txt can’t be learnt: it is a PNG picture")
    drop(lab_page, "empty.txt", b"")
    expect(part(lab_page, "problem")).to_contain_text("it is empty")
    lab_page.get_by_label("or paste a list").fill("ann\nbob\ncleo")
    button(lab_page, "Look at these").click()
    expect(part(lab_page, "problem")).to_contain_text("at least 4 different names are needed")
    button(lab_page, "Never mind").click()
    press_step(lab_page, 1)


@pytest.mark.feature("D6")
def test_a_large_list_is_read_while_the_page_answers_and_can_be_stopped(lab_page: Page) -> None:
    large = "\n".join(f"{i:x}" for i in range(300_000)).encode()
    drop(lab_page, "large.txt", large)
    expect(part(lab_page, "busy")).to_be_visible()
    button(lab_page, "Step").click()
    expect(root(lab_page)).to_have_attribute("data-step", "1")
    expect(part(lab_page, "busy")).to_be_visible()
    lab_page.locator("#names").get_by_role("button", name="Stop").click()
    expect(part(lab_page, "busy")).to_be_hidden()
    expect(part(lab_page, "found")).to_be_hidden()


@pytest.mark.feature("D7", "D4")
def test_a_ready_list_is_fetched_when_it_is_chosen(lab_page: Page) -> None:
    lab_page.locator("#names").get_by_role("button", name="Molecules").click()
    expect(part(lab_page, "headline")).to_contain_text("Molecules: ")
    expect(part(lab_page, "folding")).to_contain_text("Capitals stay")
    button(lab_page, "Learn these").click()
    expect(part(lab_page, "now")).to_contain_text("The list in force: Molecules")
    lab_page.locator("#names").get_by_role("button", name="Dinosaurs").click()
    button(lab_page, "Learn these").click()
    expect(part(lab_page, "now")).to_contain_text("The list in force: Dinosaurs")


@pytest.mark.feature("D9")
def test_a_list_is_kept_renamed_and_deleted(lab_page: Page) -> None:
    drop(lab_page, "class.txt", "\n".join(GREEK).encode())
    button(lab_page, "Learn these").click()
    lab_page.get_by_label("this list is called").fill("my class")
    button(lab_page, "Keep it in this browser").click()
    expect(part(lab_page, "kept-said")).to_have_text("“my class” is kept.")
    part(lab_page, "kept").get_by_label("name of the list my class").fill("5b")
    button(lab_page, "Rename my class").click()
    expect(part(lab_page, "kept-said")).to_have_text("It is called “5b” now.")
    button(lab_page, "Undo").click()
    button(lab_page, "Open 5b").click()
    expect(part(lab_page, "headline")).to_have_text("5b: 12 names from 12 lines")
    button(lab_page, "Never mind").click()
    button(lab_page, "Delete 5b").click()
    expect(part(lab_page, "own")).to_be_hidden()
