"""Source as the page shows it: every character of it, in numbered lines, nothing taken for markup."""

import html
import re
from pathlib import Path

import pytest

from lab.charts import code

FEATURE = pytest.mark.feature("S2-5", "X1")
KERNELS = Path(__file__).parents[2] / "site" / "kernels"
FILES = sorted((Path(__file__).parents[2] / "microgpt").glob("**/*.py"))


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@FEATURE
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_character_of_the_real_files_is_lost_or_changed(file):
    source = file.read_text("utf-8")
    assert [plain(line) for line in code.lines(source)] == source.splitlines()


@FEATURE
@pytest.mark.parametrize(
    "source", ["def f(x:\n  'abc", "if x:\n  y\n z", "a = '''never ends\n\nat all", "((", "é = 1 # ü", ""]
)
def test_what_is_no_python_is_shown_all_the_same(source):
    assert [plain(line) for line in code.lines(source)] == source.splitlines()


@FEATURE
def test_words_have_the_kind_the_language_gives_them():
    [line] = code.lines("def mean(x): return sum(x) / 2  # of 'x' & <y>")
    assert line == (
        '<span class="c-keyword">def</span> <span class="c-def">mean</span>(x): '
        '<span class="c-keyword">return</span> <span class="c-builtin">sum</span>(x) / '
        '<span class="c-number">2</span>  <span class="c-comment"># of &#x27;x&#x27; &amp; &lt;y&gt;</span>'
    )


@FEATURE
def test_a_string_over_several_lines_is_one_in_each_of_them():
    first, empty, last, after = code.lines('x = """a\n\nb""" + y\nz')
    assert first == 'x = <span class="c-string">&quot;&quot;&quot;a</span>'
    assert empty == ""
    assert last == '<span class="c-string">b&quot;&quot;&quot;</span> + y'
    assert after == "z"


@FEATURE
def test_the_listing_numbers_its_lines_and_marks_the_current_and_the_new_ones():
    listing = code.listing("a = 1\nb = 2\nc = 3", first=40, current=41, marked={42}, name="three <lines>")
    assert 'aria-label="three &lt;lines&gt;"' in listing and '<ol start="40">' in listing
    heads = re.findall(r"<li[^>]*>", listing)
    assert heads == [
        '<li data-line="40">',
        '<li data-line="41" class="now" aria-current="step">',
        '<li data-line="42" class="new">',
    ]


@FEATURE
@pytest.mark.parametrize("file", sorted(KERNELS.glob("*.ts")), ids=lambda file: file.stem)
def test_no_character_of_the_kernels_is_lost_or_changed(file):
    source = file.read_text("utf-8")
    assert [plain(line) for line in code.script_lines(source)] == source.splitlines()


@FEATURE
def test_words_of_a_kernel_have_their_kinds():
    [line] = code.script_lines("export function sum(s: v128): f32 { return 1.5; } // of 'x'")
    assert line == (
        '<span class="c-keyword">export</span> <span class="c-keyword">function</span> <span class="c-def">sum</span>'
        '(s: v128): f32 { <span class="c-keyword">return</span> <span class="c-number">1.5</span>; } '
        '<span class="c-comment">// of &#x27;x&#x27;</span>'
    )
