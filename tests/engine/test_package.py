"""The package as strangers get it: built from the checkout, installed somewhere else, with nothing of this folder."""

import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import numpy as np
import pytest

from assemble import archive, wheels
from microgpt import __version__, dataset
from tests.engine.conftest import DINOSAURS, ROOT

WHEEL = f"microgpt-{__version__}-py3-none-any.whl"
SDIST = f"microgpt-{__version__}.tar.gz"


def run(*command: object, cwd: Path) -> str:
    """What a program prints that knows of nothing but its own folder."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={"HOME": str(cwd), "SYSTEMROOT": "C:\\Windows"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "hatchling", "build", "--directory", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def programs(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment that has the wheel installed, and NumPy lent by this one."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=sys.platform != "win32")
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    python = programs / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", built / WHEEL, cwd=home)
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip())
    (packages / "numpy.pth").write_text(str(Path(np.__file__).parents[1]), "utf-8")
    return programs


def members(path: Path) -> dict[str, bytes]:
    """The files of a wheel, or of an sdist without the folder they stand in."""
    if path.suffix == ".whl":
        return archive.unpack(path.read_bytes())
    with tarfile.open(path) as tar:
        files = [member for member in tar.getmembers() if member.isfile()]
        return {file.name.partition("/")[2]: tar.extractfile(file).read() for file in files}


@pytest.mark.feature("H9")
def test_wheel_and_sdist_carry_the_licence_the_notice_the_type_marker_and_the_list(built: Path) -> None:
    wheel, sdist = members(built / WHEEL), members(built / SDIST)
    info = f"microgpt-{__version__}.dist-info"
    for name in "LICENSE", "NOTICE":
        assert wheel[f"{info}/licenses/{name}"] == sdist[name] == (ROOT / name).read_bytes()
    assert wheel["microgpt/py.typed"] == sdist["microgpt/py.typed"] == b""
    assert wheel["microgpt/data/dinosaurs.txt"] == sdist["data/dinosaurs.txt"] == DINOSAURS.read_bytes()
    assert "License-Expression: MIT" in wheel[f"{info}/METADATA"].decode().splitlines()


def test_the_wheel_holds_the_modules_that_the_page_runs_byte_for_byte(built: Path) -> None:
    def modules(files: dict[str, bytes]) -> dict[str, bytes]:
        return {name: data for name, data in files.items() if name.endswith(".py")}

    assert modules(members(built / WHEEL)) == modules(archive.unpack(wheels.engine()[1]))


def test_the_sdist_makes_the_same_wheel_to_the_last_byte(built: Path, tmp_path: Path) -> None:
    with tarfile.open(built / SDIST) as tar:
        tar.extractall(tmp_path, filter="data")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", cwd=tmp_path / f"microgpt-{__version__}")
    again = tmp_path / f"microgpt-{__version__}" / "dist" / WHEEL
    assert again.read_bytes() == (built / WHEEL).read_bytes()


@pytest.mark.feature("H9")
def test_an_installed_package_trains_on_its_own_list_from_any_folder(programs: Path, tmp_path: Path) -> None:
    printed = run(programs / "microgpt", "train", "--steps", 20, "--out", "run.npz", cwd=tmp_path)
    assert "1,829 of 1,829 names kept" in printed
    made = run(programs / "python", "-m", "microgpt", "sample", "run.npz", "-n", 3, "--prefix", "rex", cwd=tmp_path)
    assert [name[:3] for name in made.split()] == ["rex"] * 3
    assert "this model" in run(programs / "microgpt", "eval", "run.npz", cwd=tmp_path)
    found = run(programs / "python", "-c", "import microgpt; print(microgpt.__file__)", cwd=tmp_path)
    assert not Path(found).is_relative_to(ROOT)


def test_in_a_checkout_the_list_is_the_repositorys() -> None:
    assert dataset.default_list() == DINOSAURS
