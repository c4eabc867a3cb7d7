"""Boards that run as `make board` runs them."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[3]


class Running:
    """A board in a process of its own; it can be killed and started again at the same port."""

    def __init__(self, data: Path, *options: str):
        self.data, self.options, self.port = data, options, "0"

    def start(self) -> None:
        command = ["-m", "tools.board", "--port", self.port, "--data", str(self.data)]
        self.process = subprocess.Popen(
            [sys.executable, *command, *self.options], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self.port = re.search(r"localhost:(\d+)", self.process.stdout.readline())[1]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def state(self) -> dict:
        with urlopen(f"{self.address}/state", timeout=10) as answer:
            return json.load(answer)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def interrupt(self) -> int:
        if sys.platform == "win32":
            pytest.skip("Windows sends no interrupt to a process without a window of its own")
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)


@pytest.fixture
def run_board(tmp_path):
    """Starts boards, and ends them."""
    boards = []

    def run(*options: str) -> Running:
        boards.append(Running(tmp_path / "board.sqlite", *options))
        boards[-1].start()
        return boards[-1]

    yield run
    for board in boards:
        board.kill()
