"""Every pair of colours that meets on the page, held to WCAG AA, in both themes."""

import itertools
import re
from pathlib import Path

import pytest

from assemble import styles
from assemble.paths import LAB, SITE

STYLES = SITE / "styles"
SHEETS = sorted({*STYLES.glob("*.css"), *LAB.rglob("style.css")} - {STYLES / "tokens.css"})
THEMES = ("light", "dark")
TEXT, GRAPHIC = 4.5, 3.0


def blocks() -> dict[str, dict[str, str]]:
    """The hex colours of each theme as shipped, and of the dark theme as the media query has it."""
    css = styles.themed((STYLES / "tokens.css").read_text(encoding="utf-8"))
    selectors = {
        "light": r"^:root \{",
        "system": r"^:root:not\(\[data-theme=\"light\"\]\) \{",
        "dark": r"^:root\[data-theme=\"dark\"\] \{",
    }
    found = {}
    for name, selector in selectors.items():
        start = re.search(selector, css, re.MULTILINE).end()
        body = css[start : css.index("}", start)]
        found[name] = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))
    return found


COLOURS = blocks()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_both_dark_blocks_are_the_same_and_nothing_is_missing_from_them() -> None:
    assert COLOURS["system"] == COLOURS["dark"]
    assert COLOURS["dark"].keys() == COLOURS["light"].keys()


@pytest.mark.feature("Q1", "U10")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "paper-raised", "paper-sunk"])
@pytest.mark.parametrize("ink", ["ink", "ink-soft", "accent", "ok", "warn", "bad"])
def test_text(theme: str, ground: str, ink: str) -> None:
    assert contrast(COLOURS[theme][ink], COLOURS[theme][ground]) >= TEXT


@pytest.mark.feature("Q1", "U10")
@pytest.mark.parametrize("theme", THEMES)
def test_text_on_the_accent(theme: str) -> None:
    assert contrast(COLOURS[theme]["accent-ink"], COLOURS[theme]["accent"]) >= TEXT


@pytest.mark.feature("Q1", "U10")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "paper-raised", "paper-sunk"])
@pytest.mark.parametrize("ink", ["edge", "focus", "pos-8", "neg-8", "seq-15", *(f"series-{i}" for i in range(1, 8))])
def test_graphics(theme: str, ground: str, ink: str) -> None:
    assert contrast(COLOURS[theme][ink], COLOURS[theme][ground]) >= GRAPHIC


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ramp, steps", [("seq", range(16)), ("pos", range(1, 9)), ("neg", range(1, 9))])
def test_ramps_go_one_way_from_near_the_paper(theme: str, ramp: str, steps: range) -> None:
    """Lightness alone must order the steps: hue helps, but not everyone."""
    paper = COLOURS[theme]["paper"]
    strength = [contrast(COLOURS[theme][f"{ramp}-{i}"], paper) for i in steps]
    assert strength == sorted(strength)
    assert all(after / before > 1.05 for before, after in itertools.pairwise(strength))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: f"{sheet.parent.name}/{sheet.name}")
def test_no_colour_is_named_outside_the_tokens(sheet: Path) -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?!.*\{)|\brgba?\(|\bhsla?\(|\boklch\(", sheet.read_text("utf-8"))


def test_every_token_used_is_defined() -> None:
    css = "\n".join(sheet.read_text("utf-8") for sheet in SHEETS)
    tokens = (STYLES / "tokens.css").read_text(encoding="utf-8")
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) <= set(re.findall(r"(--[\w-]+):", tokens + css)) | {"--c"}
