"""Show the board of a class: `make board`, or `python -m tools.board --help`."""

import argparse
import asyncio
import os
import socket
import sqlite3
import sys
from pathlib import Path

from platformdirs import user_data_path
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from tools.board.server import MEGABYTE, Board, Folder
from tools.board.store import Store

DATA = user_data_path("convnet-course") / "board.sqlite"
WELCOME = """The board:       http://localhost:{port}
For students:    COURSE_CLASS={place}
The lines are in {data}. Stop with Ctrl-C."""


def main() -> int:
    """Serve until interrupted; 1 and a sentence where that cannot be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8770)
    parser.add_argument("--data", type=Path, default=DATA, help="the file of the lines")
    parser.add_argument("--folder", help="read lines from this folder as well")
    options = parser.parse_args()
    try:
        asyncio.run(serve(options))
    except KeyboardInterrupt:
        return 0
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


class Refusal(Exception):
    """Why there is no board, and what to do."""


async def serve(options: argparse.Namespace) -> None:
    """Serve the board until cancelled; raises Refusal where a port or a place cannot be used."""
    board = Board(_store(options.data), _folder(options.folder))
    server = HTTPServer(board.application(), max_body_size=MEGABYTE)
    port = options.port
    try:
        if not 0 <= port < 2**16:  # some systems open another one then
            raise OverflowError("there are ports from 0 to 65535")
        sockets = bind_sockets(port)
    except (OSError, OverflowError) as error:
        raise Refusal(
            f"Port {port} cannot be used ({error}): end the program that uses it, or take another, "
            "make board BOARD_PORT=8771."
        ) from None
    server.add_sockets(sockets)
    port = sockets[0].getsockname()[1]
    place = options.folder or f"http://{_address()}:{port}"
    print(WELCOME.format(port=port, place=place, data=options.data), flush=True)
    await asyncio.gather(board.follow(), asyncio.Event().wait())


def _store(path: Path) -> Store:
    try:
        return Store(path)
    except (OSError, sqlite3.Error) as error:
        raise Refusal(
            f"The lines cannot be kept in {path} ({error}): free some space, or name another file "
            "with --data."
        ) from None


def _folder(name: str | None) -> Folder | None:
    if not name:
        return None
    path = Path(name).expanduser()
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f"probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refusal(
            f"The folder {path} cannot be written ({error}): name one that the class may write."
        ) from None
    return Folder(path)


def _address() -> str:
    """The address of this machine in its network; asks nobody and sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "localhost"
        return probe.getsockname()[0]


if __name__ == "__main__":
    sys.exit(main())
