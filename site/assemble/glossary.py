"""Words explained where they stand: `{{term.logits}}` in the prose becomes a button that opens the note on
them. The notes are in site/glossary.html; the browser opens, closes and dismisses them by itself."""

import re
from pathlib import Path

_NOTE = re.compile(r'<div popover class="term-note" id="term-([\w-]+)"><p><b>(.*?)</b>')


def terms(file: Path) -> dict[str, str]:
    """Placeholder → button, for every note there is."""
    return {
        f"term.{name}": f'<button type="button" class="term" popovertarget="term-{name}">{word}</button>'
        for name, word in _NOTE.findall(file.read_text("utf-8"))
    }
