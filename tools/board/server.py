"""Takes lines by HTTP and from a folder, keeps them, and shows the page of the board."""

import asyncio
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler

from tools.board.store import Store

HERE = Path(__file__).resolve().parent
LOOPBACK = ("127.0.0.1", "::1")
MEGABYTE = 1 << 20
POLL = 1.0  # seconds


class Folder:
    """Files of lines, one of each student and process, which grow while the class works."""

    def __init__(self, path: Path):
        self.path = path
        self.ends: dict[Path, int] = {}

    def read(self) -> tuple[list[Any], dict[Path, int]]:
        """What is new, and where each file ends now; a line still being written waits."""
        lines, ends = [], dict(self.ends)
        for path in sorted(self.path.glob("*.jsonl")):
            start = ends.get(path, 0)
            if path.stat().st_size <= start:
                continue
            with open(path, "rb") as file:
                file.seek(start)
                text = file.read(MEGABYTE)
            whole = text[: text.rfind(b"\n") + 1]
            ends[path] = start + len(whole)
            lines += filter(None, map(_parsed, whole.splitlines()))
        return lines, ends


class Board:
    """The store, the folder if there is one, and what went wrong last."""

    def __init__(self, store: Store, folder: Folder | None = None):
        self.store, self.folder, self.problem = store, folder, ""
        self._summary, self._until = {}, 0.0

    def summary(self) -> dict[str, Any]:
        """What the store shows, made anew once a second at most, however many look."""
        if time.monotonic() > self._until:
            self._summary, self._until = self.store.summary(), time.monotonic() + POLL / 2
        return self._summary

    async def follow(self) -> None:
        """Read the folder again and again; a slow or broken disk stops nothing else."""
        while self.folder:
            try:
                lines, ends = await asyncio.to_thread(self.folder.read)
                self.store.add(lines)
                self.folder.ends, self.problem = ends, ""
            except (OSError, sqlite3.Error) as error:
                self.problem = f"The folder of the class cannot be read or kept: {error}"
            await asyncio.sleep(POLL)

    def application(self) -> Application:
        """What the server answers."""
        own = {"board": self}
        page = {"path": HERE / "page", "default_filename": "board.html"}
        return Application(
            [
                ("/lines", Lines, own),
                ("/state", State, own),
                ("/session", Session, own),
                ("/(.*)", StaticFileHandler, page),
            ]
        )


class Handler(RequestHandler):
    """A request to the board."""

    def initialize(self, board: Board) -> None:
        """Remember the board."""
        self.board = board

    @property
    def at_home(self) -> bool:
        """Whether it comes from the machine of the board."""
        return self.request.remote_ip in LOOPBACK


class Lines(Handler):
    """Takes lines from the notebooks of the class."""

    def post(self) -> None:
        """Answer with the ids of the lines that are safe on the disk; the others come again."""
        lines = _parsed(self.request.body)
        if not isinstance(lines, list):
            raise HTTPError(400, reason="Send a list of lines as JSON")
        try:
            taken = self.board.store.add(lines)
        except sqlite3.Error as error:
            self.board.problem = f"No line can be kept: {error}"
            raise HTTPError(503, reason="No line can be kept") from None
        if not self.board.folder:
            self.board.problem = ""
        self.write({"taken": taken})


class State(Handler):
    """Tells the page what to show."""

    def get(self) -> None:
        """The summary of the store, as JSON."""
        try:
            shown = self.board.summary()
        except sqlite3.Error as error:
            shown = {"problem": f"The lines cannot be read: {error}"}
        self.set_header("Cache-Control", "no-cache")
        self.write({"problem": self.board.problem, "home": self.at_home} | shown)


class Session(Handler):
    """Begins anew; only from the machine of the board, and only from its own page."""

    def post(self) -> None:
        """Hide what came so far."""
        if not self.at_home or "X-Board" not in self.request.headers:
            raise HTTPError(403, reason="Begin a session on the machine of the board")
        try:
            self.board.store.begin_session()
        except sqlite3.Error as error:
            raise HTTPError(503, reason=f"No session can begin: {error}") from None
        self.write({})


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
