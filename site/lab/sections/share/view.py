"""What the section shows of a link."""

from collections.abc import Mapping, Sequence
from html import escape


def choices(titles: Mapping[str, str]) -> str:
    """The sections to choose from, as options of a select."""
    return '<option value="">at the beginning</option>' + "".join(
        f'<option value="{slug}">{escape(title)}</option>' for slug, title in titles.items()
    )


def hidden(titles: Mapping[str, str]) -> str:
    """A box for each section that a teacher may leave out."""
    return "".join(
        f'<label><input type="checkbox" value="{slug}" autocomplete="off"> <span>{escape(title)}</span></label>'
        for slug, title in titles.items()
    )


def preview(lines: Sequence[str]) -> str:
    """In words, what somebody gets who opens the link."""
    return "".join(f"<li>{escape(line)}</li>" for line in lines)
