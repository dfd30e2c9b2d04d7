"""What `block` shows at each station, as markup and as data for the charts; all of it pure."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from numpy import ndarray

from microgpt.inspect.attention_head import rms

from ...charts import code
from ...charts.format import number
from ...charts.vectors import Vector, Vectors
from ...core import block
from ...core.block import Station


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
    kind, rows = station.kind, []
    *_, last = kind.gives
    for name, what in {**kind.takes, **kind.gives}.items():
        values = found[station.vector(name)]
        way = "in" if name in kind.takes else "out" if name == last else "inside"
        remark = f"{len(values)} numbers, size {number(rms(values), 2)}"
        rows.append(Vector(f"{way}: {what}", values, remark, answers if name == "logits" else ()))
    return Vectors(tuple(rows), kind.one_scale)


def shapes(station: Station, found: Mapping[str, ndarray], token: str, at: int) -> tuple[str, str]:
    """What comes in and what goes out, as shapes."""
    sizes = [len(found[station.vector(name)]) for name in station.kind.takes]
    came = " and ".join(f"({size},)" for size in sizes)
    if station.note == "embed":
        came = f"token {token}, position {at}"
    elif station.note == "attend":
        came += f", and keys and values of {at + 1} position{'s' if at else ''}"
    *between, last = (len(found[station.vector(name)]) for name in station.kind.gives)
    inner = "".join(f"({size},) → " for size in between) if station.note == "mlp" else ""
    return came, f"{inner}({last},)"


def scale_words(station: Station) -> str:
    if station.kind.one_scale:
        return "All bars have the same scale, so you can compare them. “Size” is the root of the mean square."
    return "Each strip is drawn to its own largest number. “Size” is the root of the mean square."


def way(station: Station) -> str:
    """The whole way in Python, with the line under way."""
    text = block.source()
    found = block.function(block.WAY, text)
    return code.listing(found.source, found.first, block.line(station.kind, text), name=_name(found))


def inside(station: Station) -> str:
    """The function that does it."""
    found = block.function(station.kind.inside, block.source())
    return code.listing(found.source, found.first, name=_name(found))


def _name(found: block.Code) -> str:
    return f"{found.name}, lines {found.first} to {found.last} of microgpt/{block.FILE}"
