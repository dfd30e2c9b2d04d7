"""The engine's source as the prose quotes it: as it stands in the file, or not at all."""

import html
import re
import textwrap
import tomllib
from pathlib import Path

import pytest

from assemble import sources
from assemble.console import BuildError
from assemble.paths import LAB, SITE

FEATURE = pytest.mark.feature("S2-5")
PACKAGE = Path(__file__).parents[2] / "microgpt"


def quote(tmp_path: Path, *names: str, remarks=None) -> dict[str, str]:
    prose = " ".join(f"{{{{source.{name}}}}}" for name in names)
    (tmp_path / "prose.html").write_text(f"<p>{prose}</p>", "utf-8")
    return sources.quotations(tmp_path, PACKAGE, remarks or {})


@FEATURE
@pytest.mark.parametrize(
    ("name", "head", "last"),
    [
        ("scalar_gpt.softmax", "def softmax(", "return [e / total for e in exps]"),
        ("value.Value.backward_steps", "def backward_steps(", "yield node"),
        ("trainer.Trainer.step", "def step(", ""),
    ],
)
def test_a_quotation_is_what_stands_in_the_file(tmp_path, name, head, last):
    listing = quote(tmp_path, name)[f"source.{name}"]
    text = html.unescape("\n".join(re.sub("<[^>]*>", "", row) for row in re.findall(r"<li.*?</li>", listing)))
    assert text.startswith(head) and text.endswith(last)
    source = textwrap.indent(text, "    ") if "." in name.partition(".")[2] else text
    file = PACKAGE / f"{name.split('.')[0]}.py"
    trim = lambda text: [line.rstrip() for line in text.splitlines()]  # noqa: E731
    whole = trim(file.read_text("utf-8"))
    first = int(re.search(r'start="(\d+)"', listing)[1])
    assert trim(source) == whole[first - 1 : first - 1 + len(trim(source))]


@FEATURE
@pytest.mark.parametrize("name", ["scalar_gpt.softmacks", "nowhere.softmax", "value.Value.nothing", "value"])
def test_what_is_not_there_is_not_made_up(tmp_path, name):
    assert quote(tmp_path, name) == {}


@FEATURE
def test_a_remark_stands_below_its_line(tmp_path):
    remarks = {"scalar_gpt.softmax": {"total = sum(": "at least <1>"}}
    listing = quote(tmp_path, "scalar_gpt.softmax", remarks=remarks)["source.scalar_gpt.softmax"]
    [row] = [row for row in re.findall(r"<li.*?</li>", listing) if "code-note" in row]
    assert "total = " in re.sub("<[^>]*>", "", row) and '<p class="code-note">at least &lt;1&gt;</p>' in row


@FEATURE
@pytest.mark.parametrize("anchor", ["total = summ(", "logits"])
def test_a_remark_on_a_line_that_is_not_there_or_not_the_only_one_fails_the_build(tmp_path, anchor):
    with pytest.raises(BuildError, match="must be in one"):
        quote(tmp_path, "scalar_gpt.softmax", remarks={"scalar_gpt.softmax": {anchor: "?"}})


@FEATURE
def test_a_remark_that_nobody_would_see_fails_the_build(tmp_path):
    with pytest.raises(BuildError, match="nothing quotes"):
        quote(tmp_path, "scalar_gpt.softmax", remarks={"scalar_gpt.linear": {"return": "?"}})


@FEATURE
def test_the_page_has_remarks_on_linear_softmax_rmsnorm_and_the_training_step():
    remarks = tomllib.loads((SITE / "annotations.toml").read_text("utf-8"))
    found = sources.quotations(LAB / "sections", PACKAGE, remarks)
    for function in ("linear", "softmax", "rmsnorm", "train_step"):
        assert found[f"source.scalar_gpt.{function}"].count("code-note") == len(remarks[f"scalar_gpt.{function}"]) > 0


@FEATURE
@pytest.mark.parametrize(
    ("name", "head", "last"),
    [
        ("products.dot", "/** The sum of the products of two rows of k numbers. */", "}"),
        ("products.fourRows", "// Four rows of a, two of b at a time: eight sums of four lanes each.", "}"),
        ("index.linear", "export function linear(x: usize, w: usize, out: usize): bool {", "}"),
    ],
)
def test_a_kernel_is_quoted_as_it_stands_in_its_file(tmp_path, name, head, last):
    (tmp_path / "prose.html").write_text(f"{{{{kernel.{name}}}}}", "utf-8")
    folder = SITE / "kernels"
    [listing] = sources.kernels(tmp_path, folder).values()
    rows = [html.unescape(re.sub("<[^>]*>", "", row)) for row in re.findall(r"<li.*?</li>", listing)]
    assert (rows[0], rows[-1]) == (head, last)
    first = int(re.search(r'start="(\d+)"', listing)[1])
    lines = (folder / f"{name.split('.')[0]}.ts").read_text("utf-8").splitlines()
    assert [row.rstrip() for row in rows] == [line.rstrip() for line in lines[first - 1 : first - 1 + len(rows)]]


@FEATURE
def test_a_kernel_that_is_not_there_is_not_made_up(tmp_path):
    (tmp_path / "prose.html").write_text("{{kernel.products.dots}} {{kernel.nowhere.dot}}", "utf-8")
    assert sources.kernels(tmp_path, SITE / "kernels") == {}
