"""Lists of names are read in the tab as in a terminal: every encoding that is offered, and large alphabets."""

import base64
import json

import pytest
from playwright.sync_api import Page

from microgpt import dataset, memory
from microgpt.experiment import Experiment
from tests.browser import in_the_tab

# what each encoding can write; Latin letters for those not named here
TEXTS = {
    "windows-1251": "Иван\nПётр\nАнна\nОльга",
    "gb18030": "王伟\n李娜\n张敏\n刘洋",
    "big5": "陳美\n林志\n黃明\n張華",
    "euc-kr": "민준\n서연\n지훈\n하은",
    "euc-jp": "山田\n佐藤\n鈴木\n高橋",
    "shift_jis": "山田\n佐藤\n鈴木\n高橋",
}
GUESSED = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1", "shift_jis"}


@pytest.mark.feature("D2", "D6", "R1")
def test_lists_are_read_and_counted_in_the_tab_as_in_a_terminal(page: Page, site_url: str) -> None:
    files = {}
    for encoding in dataset.ENCODINGS:
        text = TEXTS.get(
            encoding, "renée\nfrançois\nmarie\njosef" if encoding != "windows-1250" else "Łukasz\nPaweł\nJan\nEwa"
        )
        files[encoding] = text.encode("cp932" if encoding == "shift_jis" else encoding)
    table = 'id,name,count\n1,"Ana",3\n2,Ben,1\n3,Cleo,2\n4,Dora,5'.encode("utf-16")
    packed = json.dumps({name: base64.b64encode(data).decode() for name, data in {**files, "table": table}.items()})
    program = f"""
import base64
from microgpt import memory
from microgpt.experiment import Experiment
found = {{}}
for encoding, data in json.loads({packed!r}).items():
    data = base64.b64decode(data)
    options = dataset.ReadOptions(weights=True) if encoding == "table" else dataset.ReadOptions(encoding=encoding)
    found[encoding] = [dataset.read(data, options)[0]]
    if encoding in {sorted(GUESSED)!r}:
        found[encoding].append(dataset.read(data)[0])
many = ["".join(chr(0x4E00 + (7 * n + i) % 5500) for i in range(1 + n % 7)) for n in range(8000)]
result = {{"found": found, "limit": memory.limit(), "baselines": Experiment(many).baselines}}
"""
    told = in_the_tab.run(page, site_url, program)
    for encoding, data in files.items():
        names, _ = dataset.read(data, dataset.ReadOptions(encoding=encoding))
        assert all(read == names for read in told["found"][encoding]), encoding
    assert told["found"]["table"] == [["ana"] * 3 + ["ben"] + ["cleo"] * 2 + ["dora"] * 5]
    assert told["limit"] == memory.IN_A_TAB
    many = ["".join(chr(0x4E00 + (7 * n + i) % 5500) for i in range(1 + n % 7)) for n in range(8000)]
    assert told["baselines"] == pytest.approx(Experiment(many).baselines, rel=1e-12)
