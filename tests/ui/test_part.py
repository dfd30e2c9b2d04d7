"""Parts of the page as sections use them, over elements that only count what is done to them."""

import pytest

from lab.ui.part import Event, Part, Parts


class Element:
    """As much of a DOM element as a part touches; `done` lists every write."""

    def __init__(self, **state) -> None:
        self.__dict__.update({"done": [], "attributes": {}, "found": {}, "isConnected": True, **state})

    def __setattr__(self, name: str, value) -> None:
        self.done.append((name, value))
        self.__dict__[name] = value

    def setAttribute(self, name: str, value: str) -> None:
        self.done.append((name, value))
        self.attributes[name] = value

    def removeAttribute(self, name: str) -> None:
        self.done.append((name, None))
        self.attributes.pop(name, None)

    def getAttribute(self, name: str) -> str | None:
        return self.attributes.get(name)

    def querySelector(self, selector: str):
        self.__dict__.setdefault("asked", []).append(selector)
        return self.found.get(selector)


@pytest.mark.parametrize(
    ("name", "first", "second", "written"),
    [
        ("text", "a", "b", "textContent"),
        ("html", "<i>a</i>", "<i>b</i>", "innerHTML"),
        ("hidden", True, False, "hidden"),
    ],
)
def test_only_what_is_new_is_written(name: str, first, second, written: str) -> None:
    element = Element()
    part = Part(element)
    for value in (first, first, second, second, first):
        setattr(part, name, value)
    assert element.done == [(written, first), (written, second), (written, first)]


def test_text_and_markup_take_each_other_s_place() -> None:
    element = Element()
    part = Part(element)
    part.text = "a"
    part.html = "a"
    part.text = "a"
    assert [name for name, _ in element.done] == ["textContent", "innerHTML", "textContent"]


def test_a_part_that_is_renewed_is_written_even_if_it_is_the_same() -> None:
    element = Element()
    part = Part(element)
    part.html = "<option>1</option>"
    part.renew("<option>1</option>")
    assert len(element.done) == 2


def test_attributes_are_set_and_removed_once() -> None:
    element = Element()
    part = Part(element)
    for idle in (True, True, False, False):
        part.idle = idle
    part.invalid = False
    assert element.done == [("aria-disabled", "true"), ("aria-disabled", None), ("aria-invalid", None)]
    assert not part.idle


def test_enabled_is_the_opposite_of_disabled() -> None:
    element = Element(disabled=True)
    part = Part(element)
    assert not part.enabled
    part.enabled = True
    part.enabled = True
    assert element.done == [("disabled", False)]


def test_what_a_reader_can_change_is_held_against_the_page() -> None:
    element = Element(value="1", checked=False)
    part = Part(element)
    part.value = "1"
    part.checked = False
    assert element.done == []
    element.__dict__["value"] = "typed"
    part.value = "1"
    assert element.done == [("value", "1")]


def test_one_radio_button_is_chosen_and_none() -> None:
    one, two = Element(value="1", checked=True), Element(value="2", checked=False)
    group = Element(found={"input:checked": one, 'input[value="2"]': two})
    part = Part(group)
    part.choose("1")
    assert one.done == two.done == []
    part.choose("2")
    assert one.done == [("checked", False)] and two.done == [("checked", True)]
    group.found["input:checked"] = two
    assert part.chosen() == "2"
    part.choose(None)
    assert two.done[-1] == ("checked", False)


def test_each_part_is_looked_up_once_under_either_name() -> None:
    root = Element(found={'[data-part="two-words"]': Element()}, id="s")
    parts = Parts(root)
    assert parts.two_words is parts["two-words"] is parts.two_words
    assert root.asked == ['[data-part="two-words"]']


def test_a_part_that_is_missing_is_named() -> None:
    parts = Parts(Element(id="loss"))
    with pytest.raises(LookupError, match="no data-part='reading' inside #loss"):
        parts["reading"]
    assert parts.get("reading") is None


def test_parts_that_stood_in_replaced_markup_are_looked_up_anew() -> None:
    form, old, new = Element(), Element(), Element()
    root = Element(found={'[data-part="form"]': form, '[data-part="seed"]': old}, id="s")
    parts = Parts(root)
    parts.form.html = '<input data-part="seed">'
    assert parts.seed.element is old
    form_before = parts.form
    root.found['[data-part="seed"]'] = new
    old.__dict__["isConnected"] = False
    parts.form.html = "<p>nothing to enter</p>"
    assert parts.seed.element is new
    assert parts.form is form_before


def test_an_idle_button_is_not_pressed() -> None:
    button = Element()
    target = Element(closest=lambda selector: button if selector == "button" else None)
    event = Event(Element(target=target))
    assert event.button.element is button
    button.attributes["aria-disabled"] = "true"
    assert event.button is None
