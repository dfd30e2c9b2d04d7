"""A link that sets the lab up: list, settings, how far to train, what to look at, what is hidden, a note.

Only what differs from the lab as it opens stands in the address. Reading never fails: what can't be is left out or
brought into its range, and said. Nothing in an address is ever run, or shown as markup.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from unicodedata import category
from urllib.parse import parse_qsl, urlencode

from microgpt.config import ConfigError
from microgpt.settings import FIELDS, Field, Settings

MOST = 2_000  # characters of an address
NOTE = 600  # characters of a teacher's note
NAME = 80  # letters of a name, before anybody has asked the model
PLACES = ("position", "layer", "head")
OTHERS = ("list", "to", "name", *PLACES, "hide", "note")
PAGE = ("mode", "theme", "page", "keep", "embed")  # what the page itself reads in an address
# A full stop or a bracket behind an address in a sentence is taken for a part of it by many programs
_TAIL = re.compile(r"[\s.,;:!?)\]}>»”’\"']+$")


@dataclass(frozen=True)
class Link:
    """What a link asks for. `list`: the file of a ready list. `to`: the step to train to at once. `name` and the
    places are what is looked at; None: as the lab opens. `hide`: the sections that are not shown."""

    list: str = "dinosaurs"
    settings: Settings = field(default_factory=Settings)
    to: int = 0
    name: str = ""
    position: int | None = None
    layer: int | None = None
    head: int | None = None
    hide: tuple[str, ...] = ()
    note: str = ""


class Asked(NamedTuple):
    """A link as it was read, and what in it could not be done, a sentence each."""

    link: Link
    remarks: list[str]


def write(link: Link, page: Mapping[str, str] | None = None) -> str:
    """The part of an address behind its question mark; "" for the lab as it opens. `page`: what the page itself reads
    there, such as its mode. Raises ValueError, saying what to shorten, if it becomes too long."""
    values: dict[str, object] = {}
    plain = Link()
    if link.list != plain.list:
        values["list"] = link.list
    for setting in FIELDS:
        value = getattr(link.settings, setting.name)
        if value != setting.default:
            values[setting.name] = _written(value)
    for name in ("to", "name", *PLACES):
        if getattr(link, name) != getattr(plain, name):
            values[name] = getattr(link, name)
    if link.hide:
        values["hide"] = ",".join(link.hide)
    if link.note:
        values["note"] = link.note
    query = re.sub(r"\.$", "%2E", urlencode(values | dict(page or {}), safe=","))  # see _TAIL
    if len(query) > MOST:
        raise ValueError(
            f"This link would have {len(query):,} characters, and many programs cut an address after {MOST:,}: "
            "shorten the note, or hide fewer parts."
        )
    return query


def read(query: str, lists: Iterable[str], sections: Sequence[str]) -> Asked:
    """What an address asks for behind its question mark. `lists` are the ready ones, `sections` those that can be
    hidden. Survives chat programs: `&amp;`, `+`, doubled parts, a bracket or full stop at its end."""
    remarks: list[str] = []
    given = _given(query, remarks)
    settings = _settings(given, remarks)
    link = Link(settings=settings, note=given.get("note", "")[:NOTE].strip(), name=given.get("name", "")[:NAME].strip())
    wanted = given.get("list", link.list)
    if wanted in lists:
        link = replace(link, list=wanted)
    else:
        remarks.append(f"There is no list “{wanted:.40}” here, so the names are dinosaurs.")
    if "to" in given:
        to = _number(given["to"], int, 0, settings.steps, "train to step", remarks)
        link = replace(link, to=to or 0)
    for place in PLACES:
        if place in given:
            link = replace(link, **{place: _number(given[place], int, 0, 999, place, remarks)})
    asked = [slug for slug in given.get("hide", "").split(",") if slug]
    unknown = [slug for slug in asked if slug not in sections]
    if unknown:
        remarks.append(f"There is no part “{unknown[0]:.40}” to hide.")
    return Asked(replace(link, hide=tuple(slug for slug in sections if slug in asked)), remarks)


def words(link: Link, title: str) -> list[str]:
    """What the link sets up, a line each. `title` is what its list is called."""
    lines = [f"learns {title}"]
    different = [
        f"{setting.row.label} {_spoken(getattr(link.settings, setting.name))}"
        for setting in FIELDS
        if getattr(link.settings, setting.name) != setting.default
    ]
    lines.append(f"settings: {', '.join(different)}" if different else "the lab’s own settings")
    lines.append(f"trains to step {link.to:,} at once" if link.to else "waits for Train")
    if link.name:
        lines.append(f"looks at “{link.name}”")
    places = [f"{place} {getattr(link, place)}" for place in PLACES if getattr(link, place) is not None]
    if places:
        lines.append(f"opens at {', '.join(places)}")
    if link.hide:
        lines.append(f"hides {len(link.hide)} {'part' if len(link.hide) == 1 else 'parts'}")
    if link.note:
        lines.append("shows your note first")
    return lines


def _given(query: str, remarks: list[str]) -> dict[str, str]:
    text = _TAIL.sub("", query.removeprefix("?").replace("&amp;", "&")[: 4 * MOST])
    given: dict[str, str] = {}
    known = {setting.name for setting in FIELDS} | set(OTHERS)
    for key, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        name = key.strip().removeprefix("amp;")
        if name in known and name not in given:
            given[name] = "".join(one for one in value if one == "\n" or category(one) not in ("Cc", "Cs")).strip()
        elif name in given and given[name] != value.strip():
            remarks.append(f"The link says “{name}” twice; the first one holds.")
        elif name not in known and name not in PAGE:
            remarks.append(f"Nothing here is called “{name:.40}”, so that part of the link does nothing.")
    return given


def _settings(given: Mapping[str, str], remarks: list[str]) -> Settings:
    changes: dict[str, Any] = {}
    for setting in FIELDS:
        if setting.name in given:
            value = _setting(setting, given[setting.name], remarks)
            if value is not None:
                changes[setting.name] = value
    try:
        settings = Settings(**changes)
        settings.config(27, 20)  # whether they go together at all; the list's own letters come later
    except ConfigError as error:
        remarks.append(f"These settings can’t work together: {error}. The lab’s own hold.")
        return Settings()
    return settings


def _setting(setting: Field, text: str, remarks: list[str]) -> Any:
    if setting.kind is bool:
        if text.lower() in ("yes", "true", "on", "1"):
            return True
        if text.lower() in ("no", "false", "off", "0"):
            return False
    elif setting.kind is str:
        if text in setting.row.choices:
            return text
    else:
        low, high, _step = setting.row.form
        return _number(text, setting.kind, low, high, setting.row.label, remarks)
    remarks.append(f"“{text:.40}” is no value for {setting.row.label}, so it stays as it is.")
    return None


def _number(text: str, kind: Callable[[Any], Any], low: float, high: float, label: str, remarks: list[str]) -> Any:
    try:
        value = float(text)
        if value != value:
            raise ValueError
    except ValueError:
        remarks.append(f"“{text:.40}” is no number for {label}, so it stays as it is.")
        return None
    near = kind(min(max(value, low), high))
    if near != value:
        remarks.append(f"The link asks for {label} {text:.40}; it is {near:,.10g} here.")
    return near


def _written(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _spoken(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:,.10g}" if isinstance(value, (int, float)) else str(value)
