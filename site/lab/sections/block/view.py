"""What `block` shows at each station, as markup and as data for the charts; all of it pure."""

import textwrap
from collections.abc import Mapping, Sequence
from itertools import groupby

from numpy import ndarray

from microgpt.graph import LOGITS
from microgpt.inspect.attention_head import rms
from microgpt.inspect.where import Place

from ...charts import code
from ...charts.format import number
from ...charts.vectors import Vector, Vectors
from . import model
from .model import Station


def track(stations: Sequence[Station]) -> str:
    """The stations as radio buttons: one tab stop, the arrows go along. Those of a layer stand together."""
    groups = []
    places = enumerate(stations)
    for layer, members in groupby(places, key=lambda place: place[1].layer):
        stops = "".join(_stop(i, station) for i, station in members)
        name = "" if layer is None else f'<span class="track-name">layer {layer + 1}</span>'
        groups.append(f'<div class="track-group{" track-layer" if name else ""}">{name}{stops}</div>')
    return '<fieldset><legend class="visually-hidden">station</legend>' + "".join(groups) + "</fieldset>"


def _stop(i: int, station: Station) -> str:
    kind = station.kind
    place = "fork" if kind.aside and kind.name == "norm" else "aside" if kind.aside else "line"
    if kind.name == "add":
        place = "join"
    sign = "+" if place == "join" else kind.name
    return (
        f'<label class="track-stop track-{place}"><input type="radio" name="station" value="{i}" autocomplete="off" '
        f'aria-label="{station.title}"><span class="track-sign" aria-hidden="true">{sign}</span></label>'
    )


def shown(station: Station, found: Mapping[str, ndarray], answers: Sequence[str]) -> Vectors:
    """The vectors that come in and go out, each with how many numbers it has and how large they are."""
    takes, gives, rows = station.takes, station.gives, []
    *_, last = gives
    for name, what in {**takes, **gives}.items():
        values = found[name]
        way = "in" if name in takes else "out" if name == last else "inside"
        remark = f"{len(values)} numbers, size {number(rms(values), 2)}"
        rows.append(Vector(f"{way}: {what}", values, remark, answers if name == LOGITS else ()))
    return Vectors(tuple(rows), station.kind.one_scale)


def shapes(station: Station, found: Mapping[str, ndarray], token: str, at: int) -> tuple[str, str]:
    """What comes in and what goes out, as shapes."""
    sizes = [len(found[name]) for name in station.takes]
    came = " and ".join(f"({size},)" for size in sizes)
    if station.note == "embed":
        came = f"token {token}, position {at}"
    elif station.note == "attend":
        came += f", and keys and values of {at + 1} position{'s' if at else ''}"
    *between, last = (len(found[name]) for name in station.gives)
    inner = "".join(f"({size},) → " for size in between) if station.note == "mlp" else ""
    return came, f"{inner}({last},)"


def scale_words(station: Station) -> str:
    if station.kind.one_scale:
        return "All bars have the same scale, so you can compare them. “Size” is the root of the mean square."
    return "Each strip is drawn to its own largest number. “Size” is the root of the mean square."


def way(station: Station) -> str:
    """The whole way in Python, with the line under way."""
    return _listing(model.way(), model.line(station.kind))


def inside(station: Station) -> str:
    """The function that does it."""
    return _listing(model.inside(station.kind))


def _listing(place: Place, now: int | None = None) -> str:
    text = textwrap.dedent("\n".join(line for _, line in place.code))
    name = f"{place.function}, lines {place.line} to {place.code[-1][0]} of {place.file}"
    return code.listing(text, place.line, now, name=name)
