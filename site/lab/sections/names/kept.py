"""Lists that a reader keeps in this browser: a few texts by title, in one value of its storage."""

import json
from collections.abc import Mapping, Sequence

MOST = 1_000_000  # characters of all kept lists together: browsers give a page about five million
KEY = "lists"  # in the browser's storage


class NoRoom(ValueError):
    """A list can't be kept; the message says why."""


def read(stored: str | None) -> dict[str, str]:
    """What is stored → title → names, one a line. What can't be read counts as nothing."""
    try:
        found = json.loads(stored or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(title): names for title, names in found.items() if isinstance(names, str) and names}


def written(lists: Mapping[str, str]) -> str | None:
    """As it is stored; None for no list."""
    return json.dumps(dict(lists), ensure_ascii=False) if lists else None


def with_list(lists: Mapping[str, str], title: str, names: Sequence[str]) -> dict[str, str]:
    """One list more, or another one of the same title. Raises NoRoom."""
    title, text = title.strip(), "\n".join(names)
    if not title:
        raise NoRoom("Give the list a name first.")
    kept = {**lists, title: text}
    if sum(map(len, kept.values())) > MOST:
        raise NoRoom(
            f"All kept lists together may have {MOST:,} letters, and with this one it would be more. Delete one, or "
            "save this list as a file under “Take it home”."
        )
    return kept


def renamed(lists: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """The same with another title, at its place. Raises NoRoom for an empty title or one that another list has."""
    new = new.strip()
    if not new:
        raise NoRoom("Give the list a name first.")
    if new != old and new in lists:
        raise NoRoom(f"There is a list called “{new}” already.")
    return {new if title == old else title: names for title, names in lists.items()}


def without(lists: Mapping[str, str], title: str) -> dict[str, str]:
    return {one: names for one, names in lists.items() if one != title}
