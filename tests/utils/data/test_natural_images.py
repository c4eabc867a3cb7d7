"""The download from Kaggle, with a stand-in for kagglehub that does what it is told."""

import ast
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from utils.data import natural_images as kaggle

COUNTS = {"cat": 3, "dog": 2}


class Kaggle:
    """In place of kagglehub: it "downloads" files into a folder, unless they are there already."""

    def __init__(self, cache):
        self.cache = cache
        self.place = "natural_images"
        self.calls = []
        self.cut = 0  # how many of the next downloads lose a file

    def dataset_download(self, handle, force_download=False):
        self.calls.append((handle, force_download))
        if self.cache.exists() and not force_download:
            return str(self.cache)
        for name, count in COUNTS.items():
            (self.cache / self.place / name).mkdir(parents=True, exist_ok=True)
            for number in range(count - (self.cut > 0)):
                (self.cache / self.place / name / f"{number}.jpg").touch()
        self.cut -= 1
        return str(self.cache)


@pytest.fixture
def hub(tmp_path, monkeypatch):
    monkeypatch.setattr(kaggle, "COUNTS", COUNTS)
    monkeypatch.setattr(kaggle, "gettempdir", lambda: tmp_path)
    hub = Kaggle(tmp_path / "cache")
    monkeypatch.setitem(sys.modules, "kagglehub", hub)
    return hub


@pytest.mark.parametrize("place", kaggle.PLACES)
def test_the_set_is_found_wherever_it_lies(hub, place):
    hub.place = place
    assert kaggle.natural_images() == hub.cache / place
    assert hub.calls == [("prasunroy/natural-images/versions/1", False)]


def test_a_set_that_is_not_whole_is_downloaded_again(hub):
    hub.cut = 1
    folder = kaggle.natural_images()
    assert [again for _, again in hub.calls] == [False, True]
    assert len(list((folder / "cat").iterdir())) == 3


def test_a_set_that_was_damaged_later_is_downloaded_again(hub):
    folder = kaggle.natural_images()
    (folder / "dog" / "1.jpg").unlink()
    assert kaggle.natural_images() == folder
    assert (folder / "dog" / "1.jpg").exists()
    kaggle.natural_images()
    assert [again for _, again in hub.calls] == [False, False, True, False]


def test_another_set(hub):
    hub.cut = 99
    with pytest.raises(ValueError, match=r"not the set expected here: 3 cat, 2 dog.*COURSE_IMAGES"):
        kaggle.natural_images()
    assert len(hub.calls) == 2


def test_no_network(hub):
    def fail(*args, **kwargs):
        raise ConnectionError("Failed to resolve 'api.kaggle.com'")

    hub.dataset_download = fail
    with pytest.raises(
        FileNotFoundError, match=r"Failed to resolve.*Connect to the network.*COURSE_IMAGES to"
    ):
        kaggle.natural_images()


def test_one_download_at_a_time(hub):
    inside, go_on = threading.Event(), threading.Event()
    download = hub.dataset_download

    def slow(*args, **kwargs):
        inside.set()
        go_on.wait(10)
        return download(*args, **kwargs)

    hub.dataset_download = slow
    first, second = (threading.Thread(target=kaggle.natural_images) for _ in range(2))
    first.start()
    assert inside.wait(10)
    inside.clear()
    second.start()
    assert not inside.wait(0.3)
    go_on.set()
    for thread in (first, second):
        thread.join(10)
    assert inside.is_set()
    assert len(hub.calls) == 2


def test_a_killed_process_lets_go(hub, tmp_path):
    code = (
        "import time; from pathlib import Path; from utils.data import natural_images as kaggle\n"
        f"kaggle.gettempdir = lambda: Path({str(tmp_path)!r})\n"
        "with kaggle._one_at_a_time():\n    print('inside', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "inside\n"
        waiting = threading.Thread(target=kaggle.natural_images)
        waiting.start()
        waiting.join(0.3)
        assert not hub.calls
        process.kill()
    waiting.join(10)
    assert len(hub.calls) == 1


def test_the_stand_in_is_called_like_the_real_one():
    """Read, not imported: that takes a second."""
    spec = find_spec("kagglehub")
    if spec is None:
        pytest.skip("kagglehub is not installed")
    code = ast.parse(Path(spec.origin).with_name("datasets.py").read_text(encoding="utf-8"))
    (function,) = [node for node in code.body if getattr(node, "name", "") == "dataset_download"]
    assert function.args.args[0].arg == "handle"
    assert "force_download" in [argument.arg for argument in function.args.kwonlyargs]


def test_the_counts_are_those_of_the_set():
    assert sum(kaggle.COUNTS.values()) == 6899
