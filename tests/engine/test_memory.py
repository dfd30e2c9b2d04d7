"""Large lists, large alphabets, large models: what they take, and what is refused before it is taken."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from microgpt import memory
from microgpt.config import ConfigError, GPTConfig
from microgpt.evaluate.held_out import held_out_loss
from microgpt.evaluate.ngrams import NGram
from microgpt.experiment import Experiment, Settings
from microgpt.model import GPT
from tests.engine.conftest import ROOT

# A list as large as the largest that are learnt from: 255,000 lines in 5,500 different letters. Letters are
# drawn as in a language, the first often and the last seldom. Says what it cost beyond the imports.
LARGE = """
import json, re, time
from pathlib import Path
import numpy as np
from microgpt import dataset
from microgpt.experiment import Experiment, Settings

def used():  # the peak, in MB; getrusage would count the process that started this one
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024

rng = np.random.RandomState(1)
lengths = rng.randint(2, 9, 255_000)
letters = np.minimum(rng.zipf(1.3, lengths.sum()) - 1, 5_499)
letters[:5_500] = np.arange(5_500)
text = "".join(map(chr, 0x4E00 + letters))
ends = np.cumsum(lengths)
data = "\\n".join(text[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist())).encode()
del text, letters, ends, lengths
before, began = used(), time.perf_counter()
names, report = dataset.read(data, dataset.ReadOptions(keep_repeats=True))
read = time.perf_counter() - began
experiment = Experiment(names, Settings(steps=20))
trainer = experiment.trainer()
for _ in range(20):
    trainer.step()
counted = time.perf_counter()
baselines = experiment.baselines
print(json.dumps({
    "lines": report.read,
    "letters": experiment.tokenizer.vocab_size - 1,
    "model": 5 * trainer.model.flat.nbytes / 2**20,
    "took": used() - before,
    "read": read,
    "counting": time.perf_counter() - counted,
    "baselines": baselines,
}))
"""


@pytest.mark.feature("D6")
def test_a_list_of_255_000_lines_and_5_500_letters_trains_within_300_mb_beyond_its_model() -> None:
    done = subprocess.run([sys.executable, "-c", LARGE], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["lines"], told["letters"]) == (255_000, 5_500)
    assert told["took"] - told["model"] < 300, told
    losses = told["baselines"]
    assert losses["uniform"] > losses["unigram"] > 0 and all(map(np.isfinite, losses.values()))


@pytest.mark.feature("D6")
def test_a_whole_table_of_thousands_of_letters_is_refused() -> None:
    counted = NGram(3, 5_501, [[5_500, 1, 2, 5_500]])
    assert held_out_loss(counted, [[5_500, 1, 2, 5_500]]) == pytest.approx(np.log(5_502 / 2))
    with pytest.raises(ValueError, match="a table of 5,501 letters has 166,465,766,501 cells for order 3: too many"):
        _ = counted.probabilities


@pytest.mark.parametrize("order", [0, 6])
def test_an_order_that_can_not_be_counted_is_refused(order: int) -> None:
    with pytest.raises(ValueError, match=f"can't count {order} letters"):
        NGram(order, 5_501, [])


@pytest.mark.feature("D6")
@pytest.mark.parametrize("n_layer", [1, 2, 5])
@pytest.mark.parametrize("parts", [{}, {"bias": True, "gain": True}, {"tied": True, "mlp": False}])
def test_the_number_of_parameters_is_known_without_listing_the_layers(n_layer: int, parts: dict) -> None:
    config = GPTConfig(n_layer=n_layer, **parts)
    assert memory.n_params(config) == config.n_params


@pytest.mark.feature("D6")
@pytest.mark.parametrize(
    ("settings", "field", "size"),
    [
        ({"n_embd": 2**20}, "n_embd", r"26,\d{3},\d{3},\d{3},\d{3} parameters takes 4\d\d,\d{3}\.\d GB"),
        ({"n_layer": 10**9}, "n_layer", r"12,\d{3},\d{3},\d{3},\d{3} parameters"),
        ({"block_size": 10**10}, "block_size", r"320,\d{3},\d{3},\d{3} parameters"),
    ],
)
def test_a_model_too_large_is_refused_with_its_size_before_any_of_it_is_made(
    few: list[str], settings: dict, field: str, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GPT, "initial", None)
    with pytest.raises(ConfigError, match=f"{size}.*this machine has .* GB. Make {field} = .* smaller") as caught:
        Experiment(few, Settings(**settings))
    assert caught.value.field == field


@pytest.mark.feature("D6")
def test_a_browser_tab_has_less_room_and_double_precision_takes_more(
    few: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert memory.limit() == 2 * 2**30
    settings = Settings(n_embd=1536, n_head=4)  # 57 million parameters: 1.1 GB and 2.1 GB
    experiment = Experiment(few, settings)
    with pytest.raises(ConfigError, match=r"takes 2\.1 GB, and a browser tab has 2\.0 GB\. Make n_embd"):
        experiment.trainer(np.float64)


@pytest.mark.feature("D6")
def test_too_many_letters_are_refused_by_what_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "limit", lambda: 2**30)
    with pytest.raises(ConfigError, match="20,001 different letters: train on a list with fewer"):
        memory.require_room(GPTConfig(vocab_size=20_001), longest=8)  # one-hot rows alone are 1.5 GB


def test_copies_of_a_model_share_what_does_not_change() -> None:
    model = GPT.initial(GPTConfig(), 1)
    assert model.copy()._onehot is model._onehot


@pytest.mark.feature("D6")
def test_where_the_system_does_not_tell_there_is_a_stated_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sysconf")
    assert memory.limit() == 8 * 2**30


@pytest.mark.feature("D6")
def test_the_estimate_holds_what_training_takes() -> None:
    config = GPTConfig(n_embd=64)
    model = GPT.initial(config, 1)
    kept = model.flat.nbytes * 5
    assert kept < memory.training_bytes(config, longest=10) < 2 * kept
    assert memory.training_bytes(replace(config, block_size=5), 10) < memory.training_bytes(config, 10)
