"""The parts of the build that need no network and no browser."""

import base64
import codecs
import functools
import gzip
import hashlib
import http.client
import io
import json
import os
import random
import re
import socket
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import esprima
import pytest

from assemble import (
    archive,
    cache,
    chapters,
    checks,
    commands,
    environment,
    inline,
    offline,
    onefile,
    page,
    pins,
    run,
    runtime,
    server,
    styles,
    trim,
)
from assemble.console import BuildError
from assemble.output import MARKER, Output
from assemble.paths import ROOT, SITE
from microgpt import dataset

# --- archives


def test_archives_depend_on_content_alone() -> None:
    files = {"b.py": b"two", "a.py": b"one"}
    assert archive.pack(files) == archive.pack(dict(reversed(files.items())))
    assert archive.unpack(archive.pack(files)) == files


def test_a_solid_archive_is_one_gzip_over_members_stored_as_they_are() -> None:
    files = {"a.py": b"x = 1\n" * 50, "b/c.py": b"y = 2\n" * 50}
    loose = gzip.decompress(archive.solid(archive.pack(files)))
    assert archive.unpack(loose) == files
    with zipfile.ZipFile(io.BytesIO(loose)) as found:
        assert {member.compress_type for member in found.infolist()} == {zipfile.ZIP_STORED}


def test_wheel_holds_its_files_and_vouches_for_them() -> None:
    with zipfile.ZipFile(io.BytesIO(archive.wheel("lab", "1.2", {"lab/__init__.py": b"x = 1\n"}))) as wheel:
        assert wheel.read("lab/__init__.py") == b"x = 1\n"
        assert b"lab/__init__.py,sha256=" in wheel.read("lab-1.2.dist-info/RECORD")


# --- composing the page


def section(slug: str, title: str = "A title", level: str = "minimal", inside: str = "") -> chapters.Fragment:
    head = f'<section id="{slug}" data-title="{title}" data-level="{level}">'
    return chapters.Fragment(slug, title, f"{head}{inside}</section>", level)


def chapter(title: str, *leaves: list[chapters.Fragment]) -> chapters.Chapter:
    return chapters.Chapter(title, [chapters.Leaf(parts) for parts in leaves])


FIRST = chapter("First", [section("two", "Two & more", "advanced"), section("one", level="focused")])
LAST = chapter("Very last", [section("end", inside='<p data-level="advanced"><br><i id="deep"></i></p><b id="flat">')])


def test_sections_and_navigation_follow_the_order() -> None:
    shell = "<!-- chapters -->|<!-- contents -->|<!-- sections -->"
    bar, contents, sections = page.compose(shell, [FIRST, LAST], {}).split("|")
    assert bar.splitlines() == [
        '<li data-level="focused"><a href="#chapter-first">First</a></li>',
        '<li><a href="#chapter-very-last">Very last</a></li>',
    ]
    marks = (
        "First</a>",
        '<li data-level="advanced"><a href="#two">Two &amp; more',
        'href="#one"',
        "Very last</a>",
        'href="#end"',
    )
    places = [contents.index(text) for text in marks]
    assert places == sorted(places)
    marks = ("Chapter 1 of 2", 'id="chapter-first"', 'id="two"', 'id="one"', 'id="chapter-very-last"', 'id="end"')
    places = [sections.index(text) for text in marks]
    assert places == sorted(places)


def test_a_section_with_the_pages_own_heading_is_the_head_of_its_chapter() -> None:
    whole = chapters.body([chapter("First", [section("one", inside="<h1>Welcome</h1>")])])
    assert whole.count("<h1") == 1
    assert '<h1 id="chapter-first" tabindex="-1">Welcome</h1>' in whole


def test_what_a_link_opens_is_known_before_the_page_is_read() -> None:
    long = chapter("Long", [section("a", "A")], [section("b", "B", "advanced")])
    first, last, *leaves = json.loads(chapters.index([FIRST, LAST, long]))
    assert first["ids"] == {"chapter-first": "focused", "two": "advanced", "one": "focused"}
    assert last["ids"] == {"chapter-very-last": "minimal", "end": "minimal", "deep": "advanced", "flat": "minimal"}
    assert [(one["leaf"], one["title"], one["part"], one["level"]) for one in leaves] == [
        ("a", "Long", "A", "minimal"),
        ("b", "Long", "B", "advanced"),
    ]
    assert "chapter-long" in leaves[0]["ids"] and "chapter-long" not in leaves[1]["ids"]
    assert len(chapters.rules([FIRST, LAST, long]).splitlines()) == 4


def test_the_tour_links_its_stops_and_stops_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "chapters.py").write_text('TOUR = {"one": "Look & see.", "end": "Done."}', "utf-8")
    stops = chapters.tour(tmp_path, [FIRST, LAST])
    assert "Stop 1 of 2" in stops and 'href="#one"' in stops and "Look &amp; see." in stops
    with pytest.raises(BuildError, match="TOUR stops at one, which"):
        chapters.tour(tmp_path, [LAST])


def test_order_is_read_without_running_the_package(tmp_path: Path) -> None:
    file = tmp_path / "chapters.py"
    file.write_text('import nothing_there\nCHAPTERS: dict = {"A": ["a", "b"], "B": [["c"], ["d"]]}\n', "utf-8")
    assert chapters.outline(file) == {"A": [["a", "b"]], "B": [["c"], ["d"]]}


@pytest.mark.parametrize(
    ("fragment", "complaint"),
    [("<p>no section</p>", "no <section>"), ('\n<section id="a">', ":2: the <section> needs both")],
)
def test_fragment_without_its_head_is_refused(tmp_path: Path, fragment: str, complaint: str) -> None:
    (tmp_path / "chapters.py").write_text('CHAPTERS = {"A": ["family.a"]}', "utf-8")
    room = tmp_path / "sections" / "family" / "a"
    room.mkdir(parents=True)
    (room / "prose.html").write_text(fragment, "utf-8")
    with pytest.raises(BuildError, match=complaint):
        chapters.chapters(tmp_path)


def test_listed_section_without_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "chapters.py").write_text('CHAPTERS = {"A": ["gone"]}', "utf-8")
    with pytest.raises(BuildError, match=r"gone.prose\.html: missing"):
        chapters.chapters(tmp_path)


@pytest.mark.feature("R2")
@pytest.mark.parametrize("text", ["{{unknown}}", "{{ open", "{{two words}}"])
def test_placeholder_that_nothing_fills_fails_the_build(text: str) -> None:
    with pytest.raises(BuildError):
        page.fill(text, {"names": "1,829"})


def test_placeholders_are_filled() -> None:
    assert page.fill("{{names}} names, {{ names }}", {"names": "1,829"}) == "1,829 names, 1,829"


# --- checks


def site_with(folder: Path, body: str, **files: str) -> Path:
    (folder / "index.html").write_text(f"<!doctype html>\n{body}", "utf-8")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


def check_site(folder: Path) -> None:
    checks.site(folder, [file.relative_to(folder).as_posix() for file in folder.rglob("*")], folder)


@pytest.mark.feature("Q5")
@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="#nowhere">x</a>', "index.html:2: no element has the id 'nowhere'"),
        ('<a href="./gone.html">x</a>', "./gone.html is not in the site"),
        ('<img src="/logo.svg">', "/logo.svg is absolute"),
        ('<script src="https://example.org/x.js"></script>', "loads https://example.org/x.js from another"),
        ('<script src="//example.org/x.js"></script>', "from another origin"),
        ('<p id="a"></p><p id="a"></p>', "id 'a' is used twice"),
        (2 * '<div role="region" aria-label="softmax"></div>', "the region name 'softmax' is used twice"),
        ("broken \ufffd text", "index.html:2: U+FFFD"),
    ],
)
def test_faults_of_the_page_are_found(tmp_path: Path, body: str, fault: str) -> None:
    with pytest.raises(BuildError, match="faults") as caught:
        check_site(site_with(tmp_path, body))
    assert fault in str(caught.value)


@pytest.mark.feature("Q5")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a_css", "p { background: url(https://example.org/x.png) }"),
        ("a_css", '@import "//example.org/x.css";'),
        ("a_js", 'import x from "https://example.org/x.js";'),
        ("a_js", "fetch('https://example.org/data')"),
        ("a_py", 'await pyfetch("https://example.org/data")'),
    ],
)
def test_foreign_loads_are_found_in_every_kind_of_file(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(BuildError, match="another origin"):
        check_site(site_with(tmp_path, "", **{name: text}))


def test_a_good_site_passes(tmp_path: Path) -> None:
    body = '<p id="a"></p><a href="#a">a</a><a href="https://example.org">b</a><script src="./b.js"></script>'
    check_site(site_with(tmp_path, body, b_js='import "./b.js";'))


def test_text_that_is_not_utf8_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"one\ntw\xf6")
    assert checks.encoding(file) == [f"{file}:2: not UTF-8"]


# --- writing dist


def build_into(folder: Path, *names: str) -> Output:
    out = Output(folder)
    for name in names:
        out.write(name, name.encode())
    out.finish()
    return out


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_unchanged_files_are_left_alone_and_what_an_earlier_build_wrote_goes(tmp_path: Path) -> None:
    build_into(tmp_path, "a/kept.txt", "b/c/old.txt")
    stamp = (tmp_path / "a/kept.txt").stat().st_mtime_ns
    build_into(tmp_path, "a/kept.txt")
    assert (tmp_path / "a/kept.txt").stat().st_mtime_ns == stamp
    assert not (tmp_path / "b").exists()


def test_what_no_build_wrote_stays_whatever_is_built(tmp_path: Path) -> None:
    build_into(tmp_path, "a/one.txt", "two.txt")
    (tmp_path / "CNAME").write_text("lab.example.org")
    (tmp_path / "a" / "thesis.txt").write_text("three years")
    (tmp_path / "empty").mkdir()
    build_into(tmp_path, "two.txt")
    assert (tmp_path / "CNAME").read_text() == "lab.example.org"
    assert (tmp_path / "a" / "thesis.txt").read_text() == "three years"
    assert (tmp_path / "empty").is_dir()
    assert not (tmp_path / "a" / "one.txt").exists()


def test_a_folder_with_somebodys_files_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("three years")
    before = contents(tmp_path)
    with pytest.raises(BuildError, match="no build made it"):
        Output(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("folder", [ROOT, *ROOT.parents, ROOT / "site", ROOT / "tests" / ".."])
def test_the_project_all_it_lies_in_and_all_its_own_folders_are_refused(folder: Path) -> None:
    with pytest.raises(BuildError):
        Output(folder)
    assert not (folder / MARKER).exists()


def test_a_link_to_somebodys_folder_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("three years")
    (tmp_path / "link").symlink_to(tmp_path / "home")
    for place in ("link", "home/thesis.txt"):
        with pytest.raises(BuildError):
            Output(tmp_path / place)
    assert list(contents(tmp_path)) == ["home/thesis.txt"]


def test_a_file_in_the_way_that_no_build_made_is_not_replaced(tmp_path: Path) -> None:
    build_into(tmp_path, "one.txt")
    (tmp_path / "two.txt").write_text("mine")
    with pytest.raises(BuildError, match="no build made it"):
        Output(tmp_path).write("two.txt", b"ours")
    assert (tmp_path / "two.txt").read_text() == "mine"


def test_what_a_build_cut_short_has_written_is_removed_by_the_next(tmp_path: Path) -> None:
    Output(tmp_path).write("half.txt", b"1")
    build_into(tmp_path, "whole.txt")
    assert sorted(contents(tmp_path)) == [MARKER, "whole.txt"]


def test_two_builds_at_once_into_one_folder_take_each_others_files_for_ours(tmp_path: Path) -> None:
    first, second = Output(tmp_path), Output(tmp_path)
    first.write("a.txt", b"1")
    second.write("a.txt", b"2")
    assert contents(tmp_path)["a.txt"] == b"2"


@pytest.mark.parametrize("name", ["../thesis.txt", "link/thesis.txt", "/thesis.txt"])
def test_a_list_that_leads_out_of_the_folder_deletes_nothing_there(tmp_path: Path, name: str) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("three years")
    dist = tmp_path / "dist"
    build_into(dist, "a.txt")
    (dist / "link").symlink_to(tmp_path)
    with (dist / MARKER).open("a") as marker:
        marker.write(name.replace("/thesis", f"{tmp_path}/thesis") if name[0] == "/" else name)
    with pytest.raises(BuildError, match="leads out"):
        Output(dist).finish()
    assert thesis.read_text() == "three years"


def test_the_command_refuses_before_it_does_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("three years")
    assert commands.main(["build", "--out", str(tmp_path)]) == 1
    assert "holds files" in capsys.readouterr().err
    assert list(contents(tmp_path)) == ["thesis.txt"]


def test_an_environment_that_the_build_did_not_make_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "bin" / "python")
    (tmp_path / "pyvenv.cfg").write_text("somebody's")
    with pytest.raises(BuildError, match="not made by this build"):
        environment.ensure("build")
    assert list(contents(tmp_path)) == ["pyvenv.cfg"]


# --- the style sheet


def test_both_themes_are_written_out_from_one_list_of_colours() -> None:
    css = styles.themed(
        ":root {\n  color-scheme: light dark;\n  --ink: light-dark(#000, #fff);\n  --gap: 1px;\n}\np {}\n"
    )
    day, system, chosen = css.split(":root")[1:]
    assert "--ink: #000;" in day and "--gap: 1px;" in day and "color-scheme: light;" in day
    for night in (system, chosen):
        assert "--ink: #fff;" in night and "color-scheme: dark;" in night and "--gap" not in night
    assert system.startswith(':not([data-theme="light"])') and chosen.startswith('[data-theme="dark"]')
    assert css.endswith("p {}\n") and "light-dark" not in css


# --- the cache


def test_of_each_kind_of_cached_thing_the_newest_stay(tmp_path: Path) -> None:
    for i in range(9):
        for folder in (tmp_path / f"checkpoints-{i}", tmp_path / f"engine-{i}"):
            folder.mkdir()
            (folder / "file").write_text(str(i))
            os.utime(folder, (i, i))
    (tmp_path / "numpy.whl").write_text("kept")
    cache.prune(tmp_path)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted([*(f"{kind}-{i}" for kind in ("checkpoints", "engine") for i in range(3, 9)), "numpy.whl"])


# --- offline.js


def test_modules_come_after_those_they_import() -> None:
    modules = {
        "p/core.js": 'export{a}from"./x.js"',
        "p/error.js": 'import{b}from"./x.js"',
        "p/x.js": 'import("./error.js")',
    }
    assert offline.import_order(modules) == ["p/x.js", "p/core.js", "p/error.js"]
    assert offline.rewrite(modules["p/x.js"]) == 'boot.import(import.meta.url,"./error.js")'


def test_a_circle_of_imports_is_refused() -> None:
    with pytest.raises(BuildError, match="cannot carry"):
        offline.import_order({"a.js": 'from "./b.js"', "b.js": 'from "./a.js"'})


@pytest.mark.feature("Q4")
def test_style_sheets_become_one_in_their_order() -> None:
    sheets = "".join(f'<link rel="stylesheet" href="./styles/{name}.css">\n' for name in "ba")
    shell, names = page.join_styles(f'<link rel="icon">\n{sheets}<body>')
    assert shell == '<link rel="icon">\n<link rel="stylesheet" href="./styles.css">\n<body>'
    assert names == ["b.css", "a.css"]


def test_a_style_sheet_out_of_the_row_fails_the_build() -> None:
    with pytest.raises(BuildError, match="one run"):
        page.join_styles(
            '<link rel="stylesheet" href="./styles/b.css">\n<p>\n<link rel="stylesheet" href="./styles/a.css">\n'
        )


def test_every_style_sheet_is_linked() -> None:
    _, names = page.join_styles((SITE / "index.html").read_text("utf-8"))
    assert sorted(names) == sorted(file.name for file in (SITE / "styles").glob("*.css"))


@pytest.mark.feature("X11")
@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 1000])
def test_bytes_as_text_hold_nothing_that_html_or_javascript_would_read(length: int) -> None:
    data = bytes(range(256)) * 4
    size, text = offline.as_text(data[:length])
    assert size == length and len(text) == 5 * -(-length // 4)
    assert not set("<>&\"'\\") & set(text)


@pytest.mark.feature("X11")
def test_every_byte_comes_back_through_the_page_s_own_alphabet() -> None:
    digits = re.search(r'DIGITS = "([^"]+)"', (SITE / "offline.js").read_text("utf-8"))[1]
    assert len(set(digits)) == 85
    data = random.Random(1).randbytes(4000)
    _, text = offline.as_text(data)
    values = [digits.index(character) for character in text]
    numbers = [functools.reduce(lambda n, digit: 85 * n + digit, values[i : i + 5], 0) for i in range(0, 5000, 5)]
    assert b"".join(number.to_bytes(4, "big") for number in numbers) == data


ONE_FILE = """<meta http-equiv="Content-Security-Policy" content="old">
<link rel="icon" href="./favicon.svg" type="image/svg+xml">
<script>early()</script>
<link rel="stylesheet" href="./styles/a.css">
<link rel="stylesheet" href="./styles/b.css">
<script>boot('\\n')</script>
<body><!-- hosted -->get it<!-- /hosted --><footer><a href="./NOTICE.txt">Licences</a></footer></body>"""


@pytest.mark.feature("X11")
def test_the_one_file_loads_nothing_and_allows_only_what_is_in_it() -> None:
    files = {"styles/a.css": b"a{}", "styles/b.css": b'b::after{content:"\\25be"}', "favicon.svg": b"<svg/>"}
    made = onefile.combine(ONE_FILE, files, "packed()", "who & what")
    assert "./" not in made and "get it" not in made and 'href="#licences"' in made and "who &amp; what" in made
    scripts = re.findall(r"<script>(.*?)</script>", made, re.DOTALL)
    assert scripts == ["early()", r"boot('\n')", "packed()"]
    [style] = re.findall(r"<style>(.*?)</style>", made, re.DOTALL)
    assert style == 'a{}\nb::after{content:"\\25be"}'
    for text in (*scripts, style):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in made
    assert "unsafe-inline" not in made


@pytest.mark.feature("X11")
@pytest.mark.parametrize("script", ["x = '</script>'", "x = '<!--'"])
def test_a_script_that_would_end_its_element_is_refused(script: str) -> None:
    files = {"styles/a.css": b"", "styles/b.css": b"", "favicon.svg": b""}
    with pytest.raises(BuildError, match="too early"):
        onefile.combine(ONE_FILE, files, script, "")


@pytest.mark.feature("Q5")
def test_a_script_stands_in_the_page_itself_and_its_policy_allows_it_by_its_hash(tmp_path: Path) -> None:
    tmp_path.joinpath("first.js").write_text("first()", "utf-8")
    made = inline.scripts("""<meta content="script-src 'self' blob:"><script src="./first.js"></script>""", tmp_path)
    digest = base64.b64encode(hashlib.sha256(b"first()").digest()).decode()
    assert made == f"""<meta content="script-src 'self' 'sha256-{digest}' blob:"><script>first()</script>"""


@pytest.mark.feature("H4")
@pytest.mark.parametrize("name", ["early", "files", "boot", "chapters", "tour"])
def test_what_runs_before_python_can_be_read_by_the_browsers_of_2017(name: str) -> None:
    """Else they say nothing at all, and not that they are too old."""
    esprima.parseScript((SITE / f"{name}.js").read_text("utf-8"))


# --- what is shipped


@pytest.mark.feature("D2")
@pytest.mark.parametrize("encoding", dataset.ENCODINGS)
def test_trimming_keeps_the_encodings_of_lists(encoding: str) -> None:
    codec = codecs.lookup("cp932" if encoding == "shift_jis" else encoding).name
    module = {"iso8859-1": "latin_1"}.get(codec, codec.replace("-", "_"))
    assert trim.keeps_stdlib(f"encodings/{module}.py")


def test_trimming_keeps_what_runs_and_drops_what_cannot() -> None:
    assert trim.keeps_stdlib("asyncio/base_events.py") and trim.keeps_stdlib("encodings/utf_8.py")
    assert not trim.keeps_stdlib("tkinter/__init__.py") and not trim.keeps_stdlib("encodings/cp037.py")
    assert trim.keeps_numpy("numpy/random/mtrand.cpython-313-wasm32-emscripten.so")
    assert trim.keeps_numpy("numpy-2.2.5.dist-info/LICENSE.txt")
    assert not trim.keeps_numpy("numpy/_core/tests/test_umath.py")
    assert not trim.keeps_numpy("numpy/__init__.pyi")


def test_the_lock_file_names_no_host_and_the_pinned_versions() -> None:
    text = (SITE / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    locked = json.loads(text)["packages"]
    for package in ("pyodide", "@pyscript/core"):
        assert locked[f"node_modules/{package}"]["version"] == pins.npm_version(package)
        assert locked[f"node_modules/{package}"]["integrity"].startswith("sha512-")


# --- messages


def test_a_program_that_is_missing_or_fails_is_explained() -> None:
    with pytest.raises(BuildError, match=r"It broke: no-such-program was not found\.\n  → Install it"):
        run.quietly(["no-such-program"], problem="It broke", fix="Install it.")
    with pytest.raises(BuildError, match=r"(?s)It broke.*its last words"):
        run.quietly([sys.executable, "-c", "import sys; sys.exit('its last words')"], problem="It broke")
    with pytest.raises(BuildError, match=r"<string>:1: ZeroDivisionError: division by zero"):
        run.quietly([sys.executable, "-c", "1 / 0"], problem="It broke")


def test_a_wheel_with_other_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "CACHE", tmp_path)
    monkeypatch.setattr(runtime, "_from_release", lambda _wheel: b"something else")
    with pytest.raises(BuildError, match="is not the file it should be"):
        runtime.numpy_wheel()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [BuildError("no network", "Check."), FileNotFoundError(2, "gone", "x.txt")])
def test_errors_end_in_a_message_and_exit_code_1(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(commands.pipeline, "build", broken)
    assert commands.main(["build"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("✗ ") and "→" in said and "Traceback" not in said


# --- the server


@pytest.mark.feature("Q5")
def test_the_server_answers_as_a_static_host_does(tmp_path: Path) -> None:
    site_with(tmp_path, "hello")
    (tmp_path / "x.wasm").write_bytes(b"\0asm")
    with server.serve(tmp_path, base="/any-repo/") as url:
        where = urlsplit(url)

        def get(path: str, **headers: str) -> http.client.HTTPResponse:
            connection = http.client.HTTPConnection(where.netloc, timeout=10)
            connection.request("GET", path, headers=headers)
            return connection.getresponse()

        assert b"hello" in get("/any-repo/").read()
        wasm = get("/any-repo/x.wasm")
        assert (wasm.status, wasm.headers["Content-Type"]) == (200, "application/wasm")
        assert get("/any-repo/x.wasm", **{"If-None-Match": wasm.headers["ETag"]}).status == 304
        assert get("/any-repo").status == 301
        for outside in ("/", "/x.wasm", "/any-repo/gone", "/any-repo/../../etc/passwd"):
            assert get(outside).status == 404


def test_a_port_in_use_leads_to_the_next_or_to_a_message(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BuildError, match="in use"):
            server.make(tmp_path, port=port)
        found, address = server.make(tmp_path, port=port, tries=10)
        found.server_close()
        assert str(port) not in address


def test_no_file_names_a_package_registry() -> None:
    hosts = [".".join(parts) for parts in (("npmjs", "org"), ("pypi", "org"), ("pythonhosted", "org"))]
    for file in [ROOT / "build.py", ROOT / "pyproject.toml", *SITE.rglob("*.py"), *SITE.glob("*.*")]:
        if file.is_file():
            text = file.read_text("utf-8")
            assert not [host for host in hosts if host in text], file
