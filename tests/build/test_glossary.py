"""Words that the prose explains where they stand."""

import re
from pathlib import Path

import pytest

from assemble import glossary
from assemble.paths import LAB, SITE

NOTES = SITE / "glossary.html"
FEATURE = pytest.mark.feature("S3-9")


@FEATURE
def test_each_note_has_a_button_of_its_word():
    terms = glossary.terms(NOTES)
    assert len(terms) == NOTES.read_text("utf-8").count("<div") > 15
    assert terms["term.logits"] == '<button type="button" class="term" popovertarget="term-logits">logits</button>'


@FEATURE
def test_every_word_is_explained_somewhere_and_none_twice_in_a_section():
    asked = {}
    for file in sorted(Path(LAB / "sections").rglob("prose.html")):
        found = re.findall(r"\{\{(term\.[\w-]+)\}\}", file.read_text("utf-8"))
        assert len(found) == len(set(found)), file.name
        asked |= dict.fromkeys(found)
    assert asked.keys() == glossary.terms(NOTES).keys()
