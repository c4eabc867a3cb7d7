"""The memory of the lessons: as the table says, and within what the hub allows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from traitlets.config import PyFileConfigLoader

from tools import house, memory

ROOT = Path(__file__).resolve().parents[2]
SERVER = 180
"""MB that a student's own Jupyter server takes beside the kernels."""
GIGABYTE = 1000
BELOW_A_GIGABYTE = "transfer_learning", "looking_inside"
"""Lessons with a borrowed network: with a browser they fit the 2 GB that README.md asks for."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.mark.weekly
def test_every_lesson_is_in_the_table():
    missing = [stem for stem in house.lessons(ROOT) if stem[3:] not in memory.table()]
    assert not missing, "run python -m tools.memory"


def test_the_hub_allows_the_largest_lesson():
    config = PyFileConfigLoader("jupyterhub_config.py", str(ROOT / "tools" / "hub")).load_config()
    limit = int(re.fullmatch(r"(\d+)M", config.Spawner.mem_limit)[1]) * 1024**2 / 1e6
    most = max(peak for peak, _ in memory.table().values())
    assert limit >= 1.2 * most + SERVER


@pytest.mark.parametrize("name", BELOW_A_GIGABYTE)
def test_a_borrowed_network_takes_less_than_a_gigabyte(name):
    assert memory.table()[name][0] < GIGABYTE


@pytest.mark.slow
def test_an_unknown_lesson_is_one_sentence():
    command = [sys.executable, "-m", "tools.memory", "colvolution"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("no lesson 'colvolution'; there are: welcome, ")


@linux
def test_memory_is_read_as_linux_writes_it(tmp_path):
    text = (
        "VmHWM:\t    3000 kB\nRss:  900 kB\nPrivate_Clean:     1000 kB\nPrivate_Dirty:   20000 kB\n"
    )
    (tmp_path / "smaps_rollup").write_text(text, encoding="utf-8")
    assert memory._megabytes(tmp_path / "smaps_rollup", r"Private_\w+") == 22
    assert memory._megabytes(tmp_path / "smaps_rollup", "VmHWM") == 3
    with pytest.raises(ValueError, match="no entry"):
        memory._megabytes(tmp_path / "smaps_rollup", "Peak")


@linux
@pytest.mark.weekly
@pytest.mark.parametrize("stem", house.lessons(ROOT))
def test_a_lesson_takes_what_the_table_says(stem):
    found = memory.measure(ROOT / "notebooks" / f"{stem}.ipynb")
    assert found == pytest.approx(memory.table()[stem[3:]], rel=0.2)
    assert found[0] < GIGABYTE or stem[3:] not in BELOW_A_GIGABYTE
