"""Whatever is wrong with a file, reading it ends in a CheckpointError that says so, and in nothing else."""

import gzip
import io
import json
import pickle
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from microgpt import checkpoint
from microgpt.checkpoint import MAX_BYTES, Checkpoint, CheckpointError
from microgpt.experiment import Experiment
from tests.engine.test_checkpoint import after, assert_same

pytestmark = [
    pytest.mark.feature("X8"),
    pytest.mark.filterwarnings("ignore:Duplicate name", "ignore:Reading `.npy`"),
]


@pytest.fixture(scope="module")
def sound(tiny: Experiment) -> Checkpoint:
    return after(tiny, 6)


@pytest.fixture(scope="module")
def packed(sound: Checkpoint) -> bytes:
    file = io.BytesIO()
    checkpoint.save(sound, file)
    return file.getvalue()


@pytest.fixture(scope="module")
def arrays(packed: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(packed), allow_pickle=False) as loaded:
        return dict(loaded)


def repacked(arrays: dict[str, np.ndarray]) -> io.BytesIO:
    file = io.BytesIO()
    np.savez(file, **arrays)
    file.seek(0)
    return file


def refused(file: io.BytesIO | Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        checkpoint.load(file)
    message = str(caught.value)
    assert message and not message.endswith("()")
    return message


def test_unpacked_and_packed_again_it_is_still_sound(arrays: dict[str, np.ndarray], sound: Checkpoint) -> None:
    assert_same(checkpoint.load(repacked(arrays)), sound)


# the file


def test_cut_short_anywhere(packed: bytes) -> None:
    for length in {*range(0, len(packed), 97), 1, 4, 30, len(packed) - 1}:
        refused(io.BytesIO(packed[:length]))


def test_a_flipped_bit_is_refused_or_changes_nothing(packed: bytes, sound: Checkpoint) -> None:
    rng, caught = np.random.RandomState(0), 0
    for _ in range(400):
        damaged = bytearray(packed)
        damaged[rng.randint(len(packed))] ^= 1 << rng.randint(8)
        try:
            loaded = checkpoint.load(io.BytesIO(bytes(damaged)))
        except CheckpointError as error:
            assert str(error)
            caught += 1
        else:
            assert_same(loaded, sound)  # a time stamp, say, which is not ours to judge
    assert caught > 200


def test_random_bytes_in_place_of_a_stretch(packed: bytes, sound: Checkpoint) -> None:
    rng = np.random.RandomState(1)
    for _ in range(100):
        start, length = rng.randint(len(packed)), rng.randint(2, 60)
        damaged = packed[:start] + rng.bytes(length) + packed[start + length :]
        try:
            assert_same(checkpoint.load(io.BytesIO(damaged)), sound)
        except CheckpointError as error:
            assert str(error)


@pytest.mark.parametrize("content", [b"", b"PK", b"\x00" * 1000, b"tyrannosaurus\n", b"PK\x05\x06" + bytes(18)])
def test_something_else_altogether(content: bytes) -> None:
    refused(io.BytesIO(content))


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935\nsize 12345\n"
EXPLAINED = {
    "lfs": (LFS, "Git LFS pointer"),
    "page": (b"\n<!DOCTYPE html>\n<html lang=en><title>Not found</title>", r"web page \(HTML\)"),
    "old page": (b"\xef\xbb\xbf<HTML><HEAD>", r"web page \(HTML\)"),
    "gzip": (gzip.compress(b"weights"), "gzip file"),
    "empty": (b"", "is empty"),
    "text": ("tyrannosaurus\nÉo".encode() * 60, "text file"),
    "text cut in a letter": (b"x" * 255 + "é".encode(), "text file"),
    "array": (b"\x93NUMPY\x01\x00v", "single NumPy array"),
    "pickle": (pickle.dumps({"weights": [1.0]}), "pickle"),
    "document": (zipped(mimetype=b"application/epub+zip", content=b"<p>"), "zip file, but not a checkpoint.*mimetype"),
    "empty zip": (zipped(), "zip file, but not a checkpoint.*it is empty"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a checkpoint file: a checkpoint is a zip of arrays"),
}


@pytest.mark.parametrize("kind", EXPLAINED)
def test_what_it_is_instead_is_said(kind: str, tmp_path: Path) -> None:
    content, message = EXPLAINED[kind]
    (tmp_path / "run.npz").write_bytes(content)
    assert re.search(message, refused(tmp_path / "run.npz"))
    assert re.search(message, refused(io.BytesIO(content)))


def test_a_path_where_nothing_is(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.npz").startswith("can't read the file: No such file")
    assert refused(tmp_path).endswith(f": {tmp_path}")


def test_a_file_that_would_unpack_to_fill_the_memory(arrays: dict[str, np.ndarray]) -> None:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays, bomb=np.zeros(MAX_BYTES + 2**20, np.int8))
    assert len(file.getvalue()) < MAX_BYTES / 500
    assert "unpacks to 257 MB, far more than its model takes" in refused(file)
    about = io.BytesIO()
    np.savez_compressed(about, **arrays | {"about": np.zeros(MAX_BYTES, np.int8)})
    assert "unpacks to 256 MB" in refused(about)


def test_a_large_model_is_read_as_it_was_saved(
    packed: bytes, sound: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "MAX_BYTES", 10_000)  # less than the file holds, as 256 MB are less than others
    assert 3 * sound.flat.nbytes > 10_000
    assert_same(checkpoint.load(io.BytesIO(packed)), sound)


# pickles


sprung: list[str] = []


def spring() -> None:
    sprung.append("unpickled")


class Trap:
    """Unpickled, it would leave a mark."""

    def __reduce__(self) -> tuple[Callable, tuple]:
        return spring, ()


def test_the_trap_works() -> None:
    pickle.loads(pickle.dumps(Trap()))
    assert sprung.pop() == "unpickled"


@pytest.mark.parametrize("name", ["wte", "lm_head", "adam.m", "adam.v", "losses", "about"])
def test_a_pickle_in_place_of_an_array_is_never_opened(arrays: dict[str, np.ndarray], name: str) -> None:
    trap = np.empty(1, object)
    trap[0] = Trap()
    refused(repacked(arrays | {name: trap}))
    assert sprung == []


def test_a_pickle_in_place_of_the_file_is_never_opened() -> None:
    refused(io.BytesIO(pickle.dumps(Trap())))
    assert sprung == []


# the arrays


@pytest.mark.parametrize("name", ["about", "losses", "adam.m", "adam.v", "wte", "layer0.attn_wo", "lm_head"])
def test_a_missing_array(arrays: dict[str, np.ndarray], name: str) -> None:
    message = refused(repacked({key: value for key, value in arrays.items() if key != name}))
    assert name in message


@pytest.mark.parametrize("name", ["losses", "adam.m", "adam.v", "wte", "wpe", "layer0.mlp_fc1", "lm_head"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda array: array[:-1],
        lambda array: array[None],
        lambda array: array.reshape(-1, 1),
        lambda array: np.float32(1),
        lambda array: array.astype(np.int32),
        lambda array: array.astype(np.complex64),
        lambda array: array.astype(str),
        lambda array: array * np.float32(np.nan),
        lambda array: array + np.float32(np.inf),
    ],
    ids=["short", "deep", "column", "scalar", "whole", "complex", "text", "nan", "infinite"],
)
def test_a_wrong_array(arrays: dict[str, np.ndarray], name: str, damage: Callable) -> None:
    assert name in refused(repacked(arrays | {name: damage(arrays[name])}))


def test_a_mean_of_squares_below_zero(arrays: dict[str, np.ndarray]) -> None:
    assert "adam.v" in refused(repacked(arrays | {"adam.v": -arrays["adam.v"] - 1}))


def test_arrays_of_two_precisions(arrays: dict[str, np.ndarray]) -> None:
    assert "precision" in refused(repacked(arrays | {"adam.m": arrays["adam.m"].astype(np.float64)}))


NUMBERS = {  # what stores a weight in another way, and the precision it is read in
    "big-endian": (lambda array: array.astype(">f4"), np.float32),
    "Fortran order": (np.asfortranarray, np.float32),
    "half precision": (lambda array: array.astype(np.float16), np.float32),
    "big-endian half": (lambda array: array.astype(">f2"), np.float32),
    "double precision": (lambda array: array.astype(np.float64), np.float64),
    "big-endian double in Fortran order": (lambda array: np.asfortranarray(array.astype(">f8")), np.float64),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_weights_stored_in_another_way_are_read(
    arrays: dict[str, np.ndarray], sound: Checkpoint, tiny: Experiment, kind: str
) -> None:
    change, dtype = NUMBERS[kind]
    stored = {name: array if name == "about" else change(array) for name, array in arrays.items()}
    loaded = checkpoint.load(repacked(stored))
    for array in (loaded.flat, *loaded.state.values()):
        assert array.dtype == dtype and array.dtype.isnative and array.flags.c_contiguous
    np.testing.assert_allclose(loaded.flat, sound.flat, rtol=1e-3 if "half" in kind else 0)
    loaded.resume(tiny).step()  # and can be trained on


def test_weights_that_do_not_fit_into_single_precision(arrays: dict[str, np.ndarray]) -> None:
    stored = {name: array if name == "about" else array.astype(np.float64) for name, array in arrays.items()}
    stored["lm_head"][2, 3] = -1e39
    assert "lm_head holds numbers that are too large for single precision" in refused(repacked(stored))


def test_bytes_in_place_of_an_array(packed: bytes) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, b"no array" if entry == "wte.npy" else old.read(entry))
    assert "wte is not an array" in refused(file)


# what it says about itself


def saying(arrays: dict[str, np.ndarray], text: str) -> io.BytesIO:
    return repacked(arrays | {"about": np.array(text)})


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "7", "[]", '"format"', "{}", "[" * 100_000, '{"format": 1}', "\x00", "1" * 5000],
    ids=["empty", "half", "null", "number", "list", "text", "nothing", "deep", "only", "control", "digits"],
)
def test_no_table_at_all(arrays: dict[str, np.ndarray], text: str) -> None:
    refused(saying(arrays, text))


@pytest.mark.parametrize("name", ["format", "settings", "config", "alphabet", "digest", "step", "held_out"])
def test_an_entry_missing_or_of_another_kind(arrays: dict[str, np.ndarray], name: str) -> None:
    about = json.loads(str(arrays["about"]))
    refused(saying(arrays, json.dumps({key: value for key, value in about.items() if key != name})))
    for wrong in (None, "x", [], [1], {"x": 1}, -1, 1.5, 10**30, float("nan")):
        if (name, wrong) != ("digest", "x"):  # of digests, only resuming can tell the right one
            refused(saying(arrays, json.dumps(about | {name: wrong})))


def test_a_format_of_the_future(arrays: dict[str, np.ndarray]) -> None:
    about = json.loads(str(arrays["about"]))
    message = refused(saying(arrays, json.dumps(about | {"format": 2})))
    assert "has format 2; this version reads 1" in message


@pytest.mark.parametrize("step", [-1, 5, 7, 41, "6", 6.0, None])
def test_a_step_that_is_not_the_one_of_its_losses(arrays: dict[str, np.ndarray], step: object) -> None:
    about = json.loads(str(arrays["about"]))
    refused(saying(arrays, json.dumps(about | {"step": step})))


@pytest.mark.parametrize("part", ["settings", "config"])
@pytest.mark.parametrize("wrong", [0, -1, 2.0, 3, 10**9, 10**30, "1", [], float("inf")], ids=repr)
@pytest.mark.parametrize("name", ["n_layer", "n_embd", "n_head", "block_size"])
def test_sizes_that_are_not_those_of_the_arrays(
    arrays: dict[str, np.ndarray], part: str, name: str, wrong: object
) -> None:
    about = json.loads(str(arrays["about"]))
    about[part][name] = wrong
    refused(saying(arrays, json.dumps(about)))


def test_more_layers_than_a_list_of_them_could_hold(arrays: dict[str, np.ndarray]) -> None:
    about = json.loads(str(arrays["about"]))
    about["settings"]["n_layer"] = about["config"]["n_layer"] = 300_000
    assert "300000 layers are not all there" in refused(saying(arrays, json.dumps(about)))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("steps", 0),
        ("steps", 5),  # it stands at step 6
        ("steps", "40"),
        ("learning_rate", 0),
        ("learning_rate", "fast"),
        ("learning_rate", float("nan")),
        ("seed", "7"),
        ("seed", 1.5),
        ("seed", -1),
        ("steps", -1),
        ("colour", "red"),
    ],
)
def test_settings_that_can_not_work(arrays: dict[str, np.ndarray], name: str, wrong: object) -> None:
    about = json.loads(str(arrays["about"]))
    about["settings"][name] = wrong
    refused(saying(arrays, json.dumps(about)))


@pytest.mark.parametrize("alphabet", ["", "abc", "aa", ["a", "b"], 5])
def test_an_alphabet_that_is_not_the_models(arrays: dict[str, np.ndarray], alphabet: object) -> None:
    about = json.loads(str(arrays["about"]))
    refused(saying(arrays, json.dumps(about | {"alphabet": alphabet})))


@pytest.mark.parametrize("code", [0x00, 0x07, 0x0A, 0x1B, 0x7F, 0x85, 0x9B, 0x202E, 0x2066, 0x2028, 0x2029, 0xD800])
def test_an_alphabet_with_what_a_terminal_would_obey(arrays: dict[str, np.ndarray], code: int) -> None:
    about = json.loads(str(arrays["about"]))
    alphabet = chr(code) + about["alphabet"][1:]
    assert f"control character U+{code:04X}" in refused(saying(arrays, json.dumps(about | {"alphabet": alphabet})))


def test_joiners_are_spelling(arrays: dict[str, np.ndarray]) -> None:
    about = json.loads(str(arrays["about"]))
    alphabet = "\u200c\u200d" + about["alphabet"][2:]
    assert checkpoint.load(saying(arrays, json.dumps(about | {"alphabet": alphabet}))).alphabet == alphabet


def test_an_alphabet_in_a_list(arrays: dict[str, np.ndarray]) -> None:
    about = json.loads(str(arrays["about"]))
    assert "not a text" in refused(saying(arrays, json.dumps(about | {"alphabet": list(about["alphabet"])})))


@pytest.mark.parametrize(
    "held_out", [{"6": "low"}, {"7": 2.0}, {"-1": 2.0}, {"6": float("nan")}, {"six": 2.0}, {"6": [2.0]}, [6, 2.0]]
)
def test_held_out_losses_that_are_none(arrays: dict[str, np.ndarray], held_out: object) -> None:
    about = json.loads(str(arrays["about"]))
    refused(saying(arrays, json.dumps(about | {"held_out": held_out})))
