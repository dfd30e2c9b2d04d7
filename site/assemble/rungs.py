"""The ladder's parts of the page that follow from its source: the table of the rungs, and for each its
bench, and its code with what differs from the rung below marked."""

import ast
from html import escape
from math import isfinite
from pathlib import Path

from lab.charts import diff
from microgpt import ladder
from microgpt.experiment import Experiment
from microgpt.ladder import rates

NUMBERS = {"value": "single numbers (<code>Value</code>)", "tensor": "NumPy arrays (<code>Tensor</code>)"}
AMOUNTS = {"one": "One step", "hundred": "Train 100 steps", "thousand": "Train 1,000 steps"}
ENDS = {"stop": "Stop training", "again": "Start over"}


LIVE = ("pairs", "pairs", "pairs", "rung3_params", *("n_params",) * 3)  # the figure that a rung's parameters are


def blocks(package: Path, experiment: Experiment) -> dict[str, str]:
    """Placeholder → markup: `rung.table`, and for each rung `rung.3.bench` and `rung.3.code`."""
    files = sorted((package / "ladder").glob("rung[0-9]*.py"))
    sources = [file.read_text("utf-8") for file in files]
    rungs = [ladder.climb(number, experiment) for number in range(len(files))]
    found = {"rung.table": _table(rungs, sources)}
    for number, (rung, file, source) in enumerate(zip(rungs, files, sources, strict=True)):
        below = sources[number - 1] if number else None
        known = " ".join(vars(rungs[number - 1] if number else rung))
        shown = f"{package.name}/ladder/{file.name}"
        found |= {
            f"rung.{number}.bench": _bench(number, getattr(rung, "learning_rate", None)),
            f"rung.{number}.code": _code(number, shown, below, source, known),
        }
        if number:
            found |= {
                f"rung.{number}.rate": f"{rung.learning_rate:g}",
                f"rung.{number}.tuned_loss": f"{rates.SEARCHED[number][rung.learning_rate]:.2f}",
            }
    return {name: markup.replace("{{", "{&#123;") for name, markup in found.items()}


def written_with(source: str) -> str:
    """What a rung does its sums with, by what it imports."""
    modules = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.level}
    return next((text for module, text in NUMBERS.items() if module in modules), "NumPy arrays")


def _table(rungs: list, sources: list[str]) -> str:
    rows = []
    for number, (rung, source) in enumerate(zip(rungs, sources, strict=True)):
        lines = diff.counts(diff.compare(sources[number - 1] if number else "", source))
        cells = [
            escape(rung.idea),
            written_with(source),
            f'<span data-live="{LIVE[number]}">{rung.n_params:,}</span>',
            sum(lines.values()) - lines["gone"],
            lines["new"] + lines["changed"] if number else "–",
        ]
        rows.append(
            f'<tr><th scope="row"><a href="#rung{number}">{number} {escape(rung.title)}</a></th>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>"
        )
    heads = ("rung", "the one idea it adds", "written with", "parameters", "lines", "new or changed")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return (
        '<div class="scroll" role="region" tabindex="0" aria-label="The seven rungs"><table class="rung-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def tuned(number: int, rate: float) -> str:
    """How the learning rate of a rung was chosen."""
    tried = ", ".join(
        f"{'<b>' if tried == rate else ''}{tried:g} ({f'{loss:.3f}' if isfinite(loss) else 'fell apart'})"
        f"{'</b>' if tried == rate else ''}"
        for tried, loss in rates.SEARCHED[number].items()
    )
    own = "the lab’s own" if number == max(rates.SEARCHED) else "the best of five"
    return (
        f'<p class="note">Learning rate: {rate:g}, {own}. Tried, with the loss after 5,000 steps: {tried}. Each is a '
        "mean over three seeds, on names set aside from those to learn from, of the list that the page opens with; the "
        "held-out names had no part in it.</p>"
    )


def _bench(number: int, rate: float | None) -> str:
    """Where a rung is trained: buttons, its loss, and the place of the next name in the list."""
    amounts = {value: text for value, text in AMOUNTS.items() if number or value != "one"}
    buttons = "".join(
        f'<button type="button" value="{value}" aria-disabled="true" aria-label="{text}: rung {number}">{text}</button>'
        for value, text in (amounts | ENDS).items()
    )
    return (
        f'<figure class="figure wide"><figcaption><span class="figure-title">Train rung {number} '
        '<span class="tag">live</span></span>It learns beside the lab’s own model and never touches it. The dots are '
        "the losses of single names, the line their mean over a hundred.</figcaption>"
        f'<p class="controls" data-part="bench">{buttons}</p>'
        '<progress class="rung-done" data-part="done" max="1" value="0" aria-label="Part of these steps done">'
        "</progress>"
        '<p class="rung-where"><b data-part="where">not started</b></p>'
        '<div class="chart chart-line rung-loss" data-part="loss"></div>'
        '<svg class="rung-turn" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        '<rect data-part="turn" width="0" height="1"/></svg>'
        '<p class="rung-place">Place in the list: <span data-part="place">the name of each step is number '
        "<code>step % names</code>.</span></p>"
        f'{tuned(number, rate) if rate else ""}<p class="visually-hidden" role="status" data-part="said"></p></figure>'
    )


def _code(number: int, file: str, below: str | None, source: str, known: str) -> str:
    """The file beside what the running rung holds. Folded: the rungs are to be climbed, not scrolled past."""
    lines = diff.counts(diff.compare(below, source))
    here = sum(lines.values()) - lines["gone"]
    said = f"The file itself, <code>{file}</code>: {here} lines, written with {written_with(source)}."
    summary = "Open it, with its variables"
    listing = diff.listing(below, source, f"Source of rung {number}")
    choice = ""
    if number:
        said += (
            f" Of these, {lines['new']} are new and {lines['changed']} changed since rung {number - 1}; "
            f"{lines['gone']} of its lines are gone."
        )
        summary = "Open what is new, with its variables"
        choice = (
            f'<div class="controls diff-choice"><fieldset class="tabs"><legend>show</legend>'
            f'<label><input type="radio" name="rung{number}-lines" value="news" checked autocomplete="off">'
            "<span>only what is new</span></label>"
            f'<label><input type="radio" name="rung{number}-lines" value="whole" autocomplete="off">'
            "<span>the whole file</span></label></fieldset>"
            f'<label><input type="checkbox" value="gone" autocomplete="off"> and the lines that are gone</label></div>'
            '<ul class="diff-key" aria-label="Signs in the margin"><li class="new">new</li>'
            f'<li class="changed">changed</li><li class="gone">gone, was in rung {number - 1}</li></ul>'
        )
    return (
        f'<figure class="figure wide"><figcaption><span class="figure-title">The code of rung {number} '
        f'<span class="tag">live</span></span>{said}</figcaption>'
        f'<details class="listing" data-part="file"><summary>{summary}</summary>'
        f'<div class="rung-code"><div class="diff">{choice}{listing}</div>'
        f'<div class="sofar" role="region" tabindex="0" aria-label="So far: the variables of rung {number}">'
        '<table><caption>So far</caption><thead><tr><th scope="col">variable, and what it is</th>'
        f'<th scope="col">now</th></tr></thead><tbody data-part="sofar" data-known="{known}">'
        '<tr><td colspan="2">The list fills when Python is up.</td></tr></tbody></table></div></div></details></figure>'
    )
