"""What `names` shows of a list before it is learnt, as text and markup; all of it pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from unicodedata import category

from microgpt.dataset import ENCODINGS, ReadOptions
from microgpt.dataset.report import DELIMITERS, Example, Table
from microgpt.experiment import Experiment

from ...charts.format import count
from .model import Found
from .shelf import Ready

LETTERS = 96  # shown of an alphabet
EXAMPLES = 3  # of what was done to lines
BY_ITSELF = "auto"  # the value of a choice that is left to the reading
CHOICES = ("encoding", "delimiter", "header", "column", "long", "repeats")
COUNTS = "counts:"  # before the number of a column, in the choice of repeats


def headline(found: Found) -> str:
    """One sentence: how many names of how many lines."""
    title, report = found.source.title, found.report
    if report is None:
        return f"{title} can’t be read"
    names = f"{count(len(found.names) or report.kept)} {'name' if (found.names or report.kept) == 1 else 'names'}"
    return f"{title}: {names} from {count(report.read)} {'line' if report.read == 1 else 'lines'}"


def problem(found: Found) -> str:
    """Why it can't be learnt, as a sentence; "" if it can."""
    text = found.problem.strip()
    return (
        f"{found.source.title} can’t be learnt: {text}{'' if text.endswith(('.', '?', '!')) else '.'}" if text else ""
    )


def reasons(found: Found) -> str:
    """Rows of a table: what was done to how many lines, with examples."""
    if found.report is None:
        return ""
    rows = [
        f'<tr><td>{count(kind.count)}</td><th scope="row">{escape(kind.says)}</th>'
        f"<td>{', '.join(_example(example) for example in kind.examples[:EXAMPLES])}</td></tr>"
        for kind in found.report.kinds
    ]
    return "".join(rows) or '<tr><td>0</td><th scope="row">lines had to be changed or left out</th><td></td></tr>'


def _example(example: Example) -> str:
    after = "" if example.after is None else f" → <bdi>{escape(_short(example.after))}</bdi>"
    before = f"line {count(example.line)} <bdi>{escape(_short(example.before))}</bdi>"
    return f'<span class="names-example">{before}{after}</span>'


def _short(text: str) -> str:
    """What a glance takes in, without a character that can't be seen."""
    plain = "".join(character if character.isprintable() else "·" for character in text[:30]) or "(nothing)"
    return plain if len(text) <= 30 else plain + "…"


def read_as(found: Found) -> str:
    """How the bytes became text."""
    encoding = found.report.encoding if found.report else None
    if encoding is None:
        return "The first lines, as they would be read:" if found.first else ""
    how = {
        "certain": f"It is {encoding.name}, for certain.",
        "guess": f"It looks like {encoding.name}, which is a guess.",
        "given": f"Read as {encoding.name}, as chosen.",
    }[encoding.sure]
    return f"{how} The first lines, as they would be read:"


def first(found: Found) -> str:
    """List items of the first lines; beyond those, one that tells a right guess from a wrong one."""
    encoding = found.report.encoding if found.report else None
    lines = list(found.first)
    if encoding and encoding.sample and not any(encoding.sample[:40] in line for line in lines):
        lines.append(encoding.sample)
    return "".join(f'<li><bdi dir="auto">{escape(_visible(line))}</bdi></li>' for line in lines)


def _visible(line: str) -> str:
    return "".join(character if character.isprintable() or character == "\t" else "·" for character in line)


def alphabet(found: Found) -> str:
    """The characters, the most frequent first, each by itself so that none joins its neighbour."""
    shown = "".join(
        f'<bdi class="names-letter">{escape(letter_shown(letter))}</bdi>' for letter in found.letters[:LETTERS]
    )
    more = len(found.letters) - LETTERS
    return shown + (f'<span class="note">and {count(more)} more</span>' if more > 0 else "")


def letter_shown(letter: str) -> str:
    """A letter that can be seen by itself: a blank gets a sign, a mark gets a circle to stand on."""
    if letter.isspace():
        return "␣"
    if letter in "\u200c\u200d":
        return "ZWNJ" if letter == "\u200c" else "ZWJ"
    return f"◌{letter}" if category(letter).startswith("M") else letter


def summary(found: Found) -> str:
    """Alphabet, lengths and the model, in words."""
    if not found.lengths:
        return ""
    shortest, middle, longest = found.lengths
    text = (
        f"{count(len(found.letters))} different characters. A name has {shortest} to {longest}; half of them have "
        f"{middle} or fewer."
    )
    if found.config:
        text += (
            f" The model gets {count(found.config.vocab_size)} tokens (one for each character, and [BOS]) and "
            f"{count(found.config.n_params)} parameters."
        )
    if found.too_long:
        text += (
            f" {count(found.too_long)} names are longer than the {found.config.max_letters} letters that fit the "
            "settings in force: the model reads only their beginning."
        )
    return text


def folding(found: Found) -> str:
    """What making capitals small does to this list."""
    if found.report is None:
        return ""
    same, changed = found.report.folded, found.report.count("case")
    if not found.options.fold_case:
        return "Capitals stay: right where they mean something, as in chemical formulas."
    if not changed and not same:
        return "There are no capitals to make small."
    lines = f"{count(changed)} {'name' if changed == 1 else 'names'} written small"
    return f"{lines}; {count(same)} {'line becomes' if same == 1 else 'lines become'} the same as another by that."


def encodings() -> str:
    options = [f'<option value="{BY_ITSELF}">as it looks</option>']
    return "".join([*options, *(f'<option value="{name}">{name}</option>' for name in ENCODINGS)])


def columns(table: Table | None) -> str:
    """The columns to choose from, each with its first cells."""
    if table is None:
        return f'<option value="{BY_ITSELF}">there is no table</option>'
    return "".join(
        f'<option value="{i}">{escape(_column(table, i))}</option>' for i in range(1, len(table.columns) + 1)
    )


def _column(table: Table, i: int) -> str:
    cells = ", ".join(cell[:12] for cell in table.columns[i - 1][:3] if cell)
    return f"{table.name(i)}: {cells}"[:60]


def repeats(table: Table | None) -> str:
    """What becomes of names that stand there twice."""
    options = ['<option value="once">count once</option>', '<option value="keep">count each time</option>']
    if table is not None:
        options += [
            f'<option value="{COUNTS}{i}">as often as {escape(table.name(i))} says</option>'
            for i, cells in enumerate(table.columns, start=1)
            if i != table.column and any(map(str.isdigit, "".join(cells)))
        ]
    return "".join(options)


def chosen(found: Found) -> dict[str, str]:
    """The value of each choice, for what was found."""
    options, table = found.options, found.report.table if found.report else None
    counts = f"{COUNTS}{found.options.weights}" if options.weights else "keep" if options.keep_repeats else "once"
    return {
        "encoding": options.encoding if options.encoding in ENCODINGS else BY_ITSELF,
        "delimiter": BY_ITSELF if options.delimiter is None else options.delimiter or "none",
        "header": BY_ITSELF if options.header is None else "yes" if options.header else "no",
        "column": str(table.column) if table else BY_ITSELF,
        "long": options.long,
        "repeats": counts,
    }


def options(values: Mapping[str, str], fold_case: bool, before: Found) -> ReadOptions:
    """What was chosen, as options. A column is kept only while the table it was chosen in stands."""
    table = before.report.table if before.report else None
    same_table = values["delimiter"] == chosen(before)["delimiter"]
    column = values["column"] if same_table else BY_ITSELF
    moved = table is not None and column != BY_ITSELF and (before.options.column or int(column) != table.column)
    repeats = values["repeats"]
    return replace(
        before.options,
        encoding=None if values["encoding"] == BY_ITSELF else values["encoding"],
        delimiter={BY_ITSELF: None, "none": ""}.get(values["delimiter"], values["delimiter"]),
        header={BY_ITSELF: None, "yes": True, "no": False}[values["header"]],
        column=int(column) if moved else None,
        fold_case=fold_case,
        long=values["long"],
        keep_repeats=repeats == "keep",
        weights=int(repeats.removeprefix(COUNTS)) if repeats.startswith(COUNTS) and same_table else False,
    )


def delimiters() -> str:
    named = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
    assert all(DELIMITERS[sign] == name for sign, name in named.items())
    choices = {BY_ITSELF: "as it looks", "none": "no table: a line is a name", **named}
    return "".join(f'<option value="{escape(value)}">{text}</option>' for value, text in choices.items())


def between(found: Found) -> str:
    """How lines were taken apart."""
    table = found.report.table if found.report else None
    if table is None:
        return "Each line is a name."
    heads = "the first line holds the headings" if table.header else "there are no headings"
    return f"{len(table.columns)} columns, between {DELIMITERS.get(table.delimiter, table.delimiter)}; {heads}."


def shelf(lists: Sequence[tuple[Ready, Sequence[str]]]) -> str:
    """Buttons in a list, one for each ready list with its names; the build puts them into the page."""
    return "".join(
        f'<li><button type="button" value="{ready.file}" disabled><b>{escape(ready.title)}</b> '
        f'<span class="names-few">{_few(names)}</span> <span>{count(len(names))} names. {escape(ready.note)}</span>'
        "</button></li>"
        for ready, names in lists
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(f"<bdi>{escape(names[len(names) * part // 7])}</bdi>" for part in (1, 3, 5))


def kept(lists: Mapping[str, str]) -> str:
    """List items of the lists kept in this browser: each can be looked at, renamed and deleted."""
    items = []
    for place, (title, names) in enumerate(lists.items()):
        called = escape(title)
        n = names.count("\n") + 1
        items.append(
            f'<li><input type="text" value="{called}" aria-label="name of the list {called}" autocomplete="off"> '
            f'<span class="note">{count(n)} {"name" if n == 1 else "names"}</span> '
            f'<button type="button" value="open {place}" aria-label="Open {called}">Open</button> '
            f'<button type="button" value="rename {place}" aria-label="Rename {called}">Rename</button> '
            f'<button type="button" value="delete {place}" aria-label="Delete {called}">Delete</button></li>'
        )
    return "".join(items)


def too_large(name: str, size: int, most: int) -> str:
    return (
        f"{name} has {size / 1e6:,.0f} MB, and this page reads lists of up to {most / 1e6:.0f} MB. Take a part of it."
    )


def now(experiment: Experiment, title: str | None) -> str:
    """Which list is in force, as markup."""
    called = f": {escape(title)}" if title else ""
    names = experiment.names
    return f"The list in force{called}, <b>{count(len(names))}</b> names, such as {_few(names)}."
