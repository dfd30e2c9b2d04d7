"""What would become of a list: read with all that real files bring, and measured, before anything changes."""

import pytest

from lab.sections.names import model
from lab.sections.names.model import Found, Source, looking, preparing, suited
from microgpt.dataset import ReadOptions
from microgpt.experiment import Experiment, Settings


def drain(steps):
    """The shares that a job has told, and its result."""
    shares = []
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            return shares, end.value


def look(data: bytes | str, options: ReadOptions | None = None, title: str = "a.txt", **given) -> Found:
    source = Source(title, data.encode() if isinstance(data, str) else data, **given)
    return drain(looking(source, options or suited(source), Settings()))[1]


GREEK = "Αθηνά\nΓιώργος\nΔημήτρης\nΕλένη\nΖωή"
FRENCH = "Zoé\nRené\nFrançois\nMarie\nJosé"
AWKWARD = {
    "mark, line ends, credits": (
        b"\xef\xbb\xbf# Names of a school\r\n# Source: a list on paper\r\n" + b"Ann\r\nBob\r\nCleo\r\nDora\r\n" * 2,
        ["ann", "bob", "cleo", "dora"],
    ),
    "windows-1252": (FRENCH.encode("cp1252"), ["zoé", "rené", "françois", "marie", "josé"]),
    "Shift_JIS, quoted, no header": (
        '"1","さくら"\r\n"2","ひなた"\r\n"3","あおい"\r\n"4","みつき"\r\n'.encode("cp932"),
        ["さくら", "ひなた", "あおい", "みつき"],
    ),
    "UTF-16 without a mark": ("Ann\r\nBob\r\nCleo\r\nDora".encode("utf-16-le"), ["ann", "bob", "cleo", "dora"]),
    "CR CR LF": (b"ann\r\r\nbob\r\r\ncleo\r\r\ndora\r\r\n", ["ann", "bob", "cleo", "dora"]),
    "header, percentage, Arabic": (
        "الاسم,share\nمريم,3 %\nيوسف,2 %\nزينب,1 %\nعمر,1 %\n",
        ["مريم", "يوسف", "زينب", "عمر"],
    ),
    "a joiner that is spelling": ("علی‌رضا\nمریم\nرضا\nزهرا", ["علی‌رضا", "مریم", "رضا", "زهرا"]),
    "formulas": ("CC(=O)O\nC1CC1\nCCO\nc1ccccc1\nClCCl", ["CC(=O)O", "C1CC1", "CCO", "c1ccccc1", "ClCCl"]),
    "emoji with joiners": ("👩‍🚀\n👨‍👩‍👧\n🏳️‍🌈\n🐙", ["👩‍🚀", "👨‍👩‍👧", "🏳️‍🌈", "🐙"]),
    "a count on top": ("4\nann\nbob\ncleo\ndora", ["ann", "bob", "cleo", "dora"]),
}


@pytest.mark.feature("D1", "D2", "D3", "X2")
@pytest.mark.parametrize("case", AWKWARD)
def test_awkward_files_come_out_right(case: str) -> None:
    data, names = AWKWARD[case]
    found = look(data)
    assert (found.problem, list(found.names)) == ("", names)
    assert Experiment(found.names).config == found.config


REFUSED = {
    "empty": (b"", "it is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 20, "it is a PNG picture"),
    "three names": (b"ann\nbob\ncleo", "at least 4 different names are needed, one a line; found 3"),
    "unclear": ("Łukasz\nPaweł\nŻaneta\nŚwit".encode("cp1250"), "name it, by how a line of it reads: "),
    "too many letters for a tab": ("".join(f"{chr(0x4E00 + i)}\n" for i in range(20_000)), "with fewer"),
}


@pytest.mark.feature("D1", "D2", "D6")
@pytest.mark.parametrize("case", REFUSED)
def test_what_cant_be_learnt_says_why(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microgpt.memory.limit", lambda: 2**30)
    data, said = REFUSED[case]
    found = look(data)
    assert said in found.problem and "--" not in found.problem


@pytest.mark.feature("D1")
def test_too_large_a_file_and_too_long_a_list_are_refused_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "20" in look(b"name\n" * 4_100_000).problem
    monkeypatch.setattr(model, "MAX_NAMES", 5)
    assert "6 names, and the lab has room for 5" in look("a\nb\nc\nd\ne\nf").problem


@pytest.mark.feature("D5")
def test_prose_is_split_unless_something_else_is_chosen() -> None:
    line = " ".join(f"Sentence number {n} of a long book." for n in range(70_000))
    assert len(line) > 2_000_000
    found = look(line)
    assert found.options.long == "split" and len(found.names) == 70_000 and not found.problem
    dropped = look(line, ReadOptions())
    assert "1 dropped as longer than 63 letters" in dropped.problem and dropped.first


@pytest.mark.feature("D4")
@pytest.mark.parametrize(
    ("lines", "matter"),
    [
        ("CC(=O)O C1CC1 c1ccccc1", True),
        ("ClCCl BrCBr CCl", True),
        ("Ann Bob O'Neil", False),
        ("ANN BOB SMITH", False),
        ("Αθηνά Ζωή", False),
        ("", False),
    ],
)
def test_capitals_stay_where_they_carry_something(lines: str, matter: bool) -> None:
    assert model.capitals_matter(lines.split()) is matter


@pytest.mark.feature("D4")
def test_what_the_source_knows_of_its_capitals_counts() -> None:
    assert look("Ann\nBob\nCleo\nDora", fold_case=False).names == ["Ann", "Bob", "Cleo", "Dora"]


@pytest.mark.feature("D1")
def test_alphabet_lengths_and_model_are_those_of_the_list() -> None:
    found = look(GREEK)
    assert sorted(found.letters) == sorted(set("".join(found.names)))
    assert found.lengths == (3, 5, 8)
    assert found.config and found.config.vocab_size == len(found.letters) + 1
    assert found.first[0] == "Αθηνά"  # as it stands there


@pytest.mark.feature("D1")
def test_names_that_the_settings_in_force_would_cut_are_counted() -> None:
    source = Source("a", b"ann\nbob\ncleopatra\ndora")
    found = drain(looking(source, suited(source), Settings(block_size=6)))[1]
    assert found.too_long == 1


@pytest.mark.feature("D6")
def test_a_quarter_of_a_million_names_are_read_and_prepared_in_small_pieces() -> None:
    data = "\n".join(f"n{i:x}" for i in range(255_000)).encode()
    source = Source("big", data)

    shares, found = drain(looking(source, suited(source), Settings()))
    assert shares == sorted(shares) and len(shares) > 100 and 0 <= shares[0] < shares[-1] <= 1
    assert len(found.names) == 255_000
    shares, experiment = drain(preparing(found.names, Settings()))
    assert shares == sorted(shares) and len(shares) > 100
    assert len(experiment.split.held_out) == 3_000


@pytest.mark.feature("X2")
def test_an_experiment_in_pieces_is_the_same_as_one_at_once(names: list[str]) -> None:
    settings = Settings(seed=5)
    _, pieced = drain(preparing(names, settings))
    at_once = Experiment(names, settings)
    for what in ("names", "settings", "config", "split", "train_documents", "held_out_documents", "digest"):
        assert getattr(pieced, what) == getattr(at_once, what)
    assert pieced.trainer().step().loss == at_once.trainer().step().loss


@pytest.mark.feature("D9")
def test_a_list_that_was_kept_is_read_as_it_stands() -> None:
    lines = ["Name, first", "b;c", "# d", "Name, first", "e"]
    assert look("\n".join(lines), plain=True).names == lines
