"""Files that are missing, cut off or altered; and the card of all that ship with the course."""

import hashlib
import shutil
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
import skimage

from utils import data
from utils.data import files, samples


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of scikit-image's photographs that a test may damage."""
    (tmp_path / "data").mkdir()
    original = Path(skimage.__file__).parent / "data" / "brick.png"
    copy = Path(shutil.copy(original, tmp_path / "data" / "brick.png"))
    spec = ModuleSpec("skimage", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(files, "find_spec", lambda name: spec)
    return copy


def test_missing_file(package):
    package.unlink()
    with pytest.raises(
        FileNotFoundError, match=r"brick\.png is missing.*--force-reinstall scikit-image"
    ):
        data.photograph("brick")


def test_truncated_file(package):
    package.write_bytes(package.read_bytes()[:1000])
    with pytest.raises(ValueError, match=r"brick\.png is damaged or another version.*7966caf324f6"):
        data.photograph("brick")


def test_altered_file(package):
    altered = bytearray(package.read_bytes())
    altered[5000] ^= 1
    package.write_bytes(altered)
    with pytest.raises(ValueError, match="Install it again"):
        data.photograph("brick")


@pytest.mark.parametrize("spec", [None, ModuleSpec("sklearn", None)])
def test_missing_package(monkeypatch, spec):
    monkeypatch.setattr(files, "find_spec", lambda name: spec)
    with pytest.raises(FileNotFoundError, match="scikit-learn is not installed"):
        data.digits()


def test_files_of_the_course(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "DATA", tmp_path)
    with pytest.raises(
        FileNotFoundError, match=r"project_accuracies\.csv is missing.*git checkout"
    ):
        data.project_accuracies("regularization")
    (tmp_path / "project_accuracies.csv").write_text("cat,dog\n1,2\n3,4\n", encoding="utf-8")
    with pytest.raises(ValueError, match="damaged or another version"):
        data.project_accuracies("regularization")


def test_the_loaders_start_neither_tensorflow_nor_a_plot_library():
    code = "import sys, utils.data; print({'tensorflow', 'keras', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


CARD = (data.DATA / "README.md").read_text(encoding="utf-8")
SHIPPED = [path for path in sorted(data.DATA.iterdir()) if path.name != "README.md"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_card_names_every_file_with_its_checksum(path):
    """A folder is named with the checksum of its list of checksums."""
    (row,) = [line for line in CARD.splitlines() if line.startswith(f"| `{path.name}` |")]
    listed = path / "SHA256SUMS" if path.is_dir() else path
    assert hashlib.sha256(listed.read_bytes()).hexdigest() in row


def test_the_card_names_what_comes_from_other_packages():
    for sha256 in (*data.PHOTOGRAPHS.values(), samples.DIGITS_SHA256):
        assert sha256 in CARD
