"""Probabilities laid end to end from 0 to 1, and a draw that falls on one of them.

Some stretches are very thin, so a lens below the strip magnifies the one that was hit, with its ends and its
neighbours.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, log10

from . import svg as draw
from .axes import Tick, above
from .format import fixed, percent
from .scale import Linear
from .table import table as table_markup

_TOP, _TALL = 20, 30  # of the whole strip
_LENS, _LENS_TALL = 76, 30
_LETTER = 9  # the narrowest stretch that shows its letter
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Geometry:
    width: float
    height: float
    whole: Linear  # 0 … 1 → x
    lens: Linear | None  # what the lens sees → x


@dataclass(frozen=True)
class Strip:
    """`ends` are the running sums of the probabilities of `labels`; the last one is 1. `draw` is the random number,
    and `chosen` the index of the stretch on which it falls. A greedy choice has no draw. `others` are the indices
    of stretches that are shown as one. Raises ValueError for values that do not fit each other."""

    labels: Sequence[str]
    ends: Sequence[float]
    draw: float | None = None
    chosen: int | None = None
    others: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        object.__setattr__(self, "ends", tuple(float(end) for end in self.ends))
        if len(self.labels) != len(self.ends) or not self.labels:
            raise ValueError(f"{len(self.labels)} labels, {len(self.ends)} ends")
        if not all(isfinite(end) for end in self.ends) or sorted(self.ends) != list(self.ends):
            raise ValueError(f"running sums never fall, unlike {self.ends!r}")
        if self.ends[0] < 0 or abs(self.ends[-1] - 1) > 1e-6:
            raise ValueError(f"running sums go up to 1, not from {self.ends[0]!r} to {self.ends[-1]!r}")
        if self.chosen is not None and not 0 <= self.chosen < len(self.labels):
            raise ValueError(f"chosen must be an index below {len(self.labels)}, got {self.chosen!r}")
        if self.draw is not None:
            start, end = self.stretch(-1 if self.chosen is None else self.chosen)
            if self.chosen is None or not start - 1e-9 <= self.draw <= end + 1e-9:
                raise ValueError(f"a draw of {self.draw!r} does not fall on {self.chosen!r}, {start!r} to {end!r}")

    def stretch(self, i: int) -> tuple[float, float]:
        """Where stretch `i` begins and ends."""
        return (self.ends[i - 1] if i > 0 else 0.0), self.ends[i]

    def share(self, i: int) -> float:
        start, end = self.stretch(i)
        return end - start

    @property
    def lens(self) -> tuple[float, float] | None:
        """The ends of what the lens shows: the stretch that was hit, and half its length on each side."""
        if self.draw is None:
            return None
        start, end = self.stretch(self.chosen)
        margin = (end - start) / 2
        return max(0.0, start - margin), min(1.0, end + margin)

    @property
    def stops(self) -> range:
        """The stretches, by index, that a cursor can stand on."""
        return range(len(self.labels))

    @property
    def start(self) -> int:
        return self.chosen or 0

    def geometry(self, width: float) -> Geometry:
        """Where everything goes. `width` in drawing units, at least 120."""
        draw.check_width(width)
        lens = None if self.lens is None else Linear(*self.lens, 1, width - 1)
        return Geometry(
            width, _TOP + _TALL + 2 if lens is None else _LENS + _LENS_TALL + 17, Linear(0, 1, 1, width - 1), lens
        )

    def svg(self, width: float, label: str | None = None) -> str:
        """The whole chart as markup."""
        geo = self.geometry(width)
        parts = [_ticks(self, geo), *_row(self, geo.whole, _TOP, _TALL)]
        if self.draw is not None:
            x = geo.whole(self.draw)
            text = fixed(self.draw, self.decimals())
            half = draw.text_width(text) / 2
            parts += [
                draw.path(f"M{draw.num(x)} {_TOP}l5 -6h-10zM{draw.num(x)} {_TOP}v{_TALL}", "strip-marker"),
                draw.text(min(max(x, half), width - half), 11, text, "axis mid lit"),
                *_lens(self, geo),
            ]
        return draw.document(geo.width, geo.height, parts, label)

    def hit(self, geo: Geometry, x: float, y: float) -> int | None:
        """The stretch at (x, y), of the strip or of the lens."""
        place = geo.lens if geo.lens is not None and y > (_TOP + _TALL + _LENS) / 2 else geo.whole
        if not place.start <= x < place.end:
            return None
        return min(bisect_right(self.ends, place.invert(x)), len(self.ends) - 1)

    def cursor(self, geo: Geometry, i: int) -> str:
        """What the cursor draws over the chart: a frame around stretch `i`, at least 2 wide."""
        start, end = self.stretch(i)
        x, right = geo.whole(start), geo.whole(end)
        return draw.rect(x - 1, _TOP - 2, right - x + 2, _TALL + 4, "cursor")

    def describe(self, i: int) -> str:
        """A stretch in words, with a note if the draw fell on it."""
        start, end = self.stretch(i)
        places = self.decimals() if i == self.chosen else 3
        text = f"{self.labels[i]}: from {fixed(start, places)} to {fixed(end, places)}, {percent(end - start)}"
        if i in self.others:
            text += ", one of the others"
        return f"{text}; the draw fell here" if self.draw is not None and i == self.chosen else text

    def summary(self) -> str:
        """What the draw hit; without a draw, what was chosen or what is longest."""
        if self.draw is not None:
            start, end = self.stretch(self.chosen)
            places = self.decimals()
            where = "in “other”, on" if self.chosen in self.others else "on"
            return (
                f"the draw {fixed(self.draw, places)} falls {where} {self.labels[self.chosen]}, "
                f"which goes from {fixed(start, places)} to {fixed(end, places)}"
            )
        if self.chosen is not None:
            return f"no draw: {self.labels[self.chosen]} is taken"
        longest = max(range(len(self.labels)), key=self.share)
        share = percent(self.share(longest))
        return f"{len(self.labels)} answers from 0 to 1; the longest stretch is {self.labels[longest]}, {share}"

    def table(self) -> str:
        rows = [
            [label, *(fixed(edge, 4) for edge in self.stretch(i)), percent(self.share(i))]
            for i, label in enumerate(self.labels)
        ]
        return table_markup("Cumulative probabilities", ["letter", "from", "to", "chance"], rows)

    def decimals(self) -> int:
        """The number of decimals that tells the ends of the chosen stretch from the draw."""
        if self.draw is None:
            return 3
        gaps = [abs(self.draw - edge) for edge in self.stretch(self.chosen)]
        smallest = min((gap for gap in gaps if gap > 0), default=1.0)
        return min(max(3, ceil(-log10(smallest))), 12)


def _row(data: Strip, place: Linear, top: float, tall: float) -> list[str]:
    """The visible part of each stretch, with one path for each kind. Letters stand where there is room, and never
    under the marker."""
    boxes: dict[str, list[str]] = {"strip-part": [], "strip-part other": [], "strip-part lit": []}
    cuts, texts = [], []
    for i, label in enumerate(data.labels):
        start, end = (min(max(edge, place.lo), place.hi) for edge in data.stretch(i))
        if end <= start:
            continue
        x, wide = place(start), place(end) - place(start)
        kind = "lit" if i == data.chosen else "other" if i in data.others else ""
        boxes[f"strip-part {kind}".strip()].append(draw.box(x, top, wide, tall))
        if start > place.lo and wide > 1.5:
            cuts.append(f"M{draw.num(x)} {draw.num(top)}v{draw.num(tall)}")
        # the lens shows the letters of the others too
        named = kind != "other" or top == _LENS
        room = draw.text_width(label, code=True) + 2
        if kind == "lit" and data.draw is not None:
            x, wide = _beside_marker(x, wide, place(data.draw), room)
        if named and wide >= max(room, _LETTER):
            texts.append(draw.text(x + wide / 2, top + tall / 2 + 4, label, f"code mid strip-letter {kind}".strip()))
    drawn = [draw.path("".join(found), css) for css, found in boxes.items()]
    frame = draw.rect(place.start, top, place.end - place.start, tall, "strip-frame")
    return [*drawn, draw.path("".join(cuts), "strip-cut"), frame, *texts]


def _beside_marker(x: float, wide: float, marker: float, room: float) -> tuple[float, float]:
    """x and width for a letter: the stretch itself, or its longer side if the marker would cross the letter."""
    if abs(x + wide / 2 - marker) > room / 2 + 1:
        return x, wide
    return (x, marker - x) if marker - x > x + wide - marker else (marker, x + wide - marker)


def _ticks(data: Strip, geo: Geometry) -> str:
    """The numbers above the strip, without those too close to the number of the marker."""
    numbers = _TICKS if geo.width >= 320 else _TICKS[::2]
    anchors = {0: "start", 1: "end"}  # at the ends they stay in the drawing
    ticks = [Tick(geo.whole(value), f"{value:g}", anchors.get(value, "mid")) for value in numbers]
    if data.draw is not None:
        ticks = [tick for tick in ticks if abs(geo.whole(data.draw) - tick.x) > 34]
    return "".join(above(ticks, _TOP))


def _lens(data: Strip, geo: Geometry) -> list[str]:
    """The magnified stretch, with lines from its ends to its true ends in the strip above."""
    start, end = data.stretch(data.chosen)
    low, high = geo.lens(start), geo.lens(end)
    bottom = _TOP + _TALL
    n = draw.num
    beams = f"M{n(geo.whole(start))} {bottom}L{n(low)} {_LENS}M{n(geo.whole(end))} {bottom}L{n(high)} {_LENS}"
    x, places = geo.lens(data.draw), data.decimals()
    return [
        draw.path(beams, "strip-beam"),
        *_row(data, geo.lens, _LENS, _LENS_TALL),
        draw.path(f"M{n(x)} {_LENS}l5 -6h-10zM{n(x)} {_LENS}v{_LENS_TALL}", "strip-marker"),
        draw.text(low, _LENS + _LENS_TALL + 14, fixed(start, places), _beside(low, geo.width)),
        draw.text(high, _LENS + _LENS_TALL + 14, fixed(end, places), _beside(high, geo.width)),
    ]


def _beside(x: float, width: float) -> str:
    """The class of a number. Numbers at the edges of the drawing extend inwards."""
    return "label" if x < 20 else "label end" if x > width - 20 else "label mid"
