"""A class on one JupyterHub: four students, two lessons each, and a course that stays as it was."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from uuid import uuid4

import nbformat
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[3]
HUB = ROOT / "tools" / "hub"
CLASS = {
    "ada": ("welcome", "convolution"),
    "bob": ("welcome", "pooling"),
    "eve": ("linear_regression", "perceptron"),
    "zoe": ("learning_from_data", "padding_and_stride"),
}
MINUTE = 60
TOKEN = "of-the-test"
CONFIG = """
load_subconfig({config!r})
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.SimpleLocalProcessSpawner.home_dir_template = {home!r} + "/{{username}}"
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_port = {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.services = [{{"name": "test", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{"name": "test", "services": ["test"], "scopes": [
    "admin:users", "admin:servers", "access:servers"]}}]
"""

pytestmark = pytest.mark.weekly


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """A folder with JupyterHub, and the command of its proxy."""
    if not shutil.which("npm"):
        pytest.skip("needs npm, for the proxy of JupyterHub")
    folder = tmp_path_factory.mktemp("hub")
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(folder / "lib")]
    wanted = ["--requirement", "tools/hub/requirements.txt", "--constraint", "requirements-dev.txt"]
    subprocess.run([*uv, *wanted], cwd=ROOT, check=True)
    npm = ["npm", "install", "--silent", "--prefix", str(folder), "configurable-http-proxy@5"]
    subprocess.run(npm, check=True)
    return folder / "lib", [str(folder / "node_modules" / ".bin" / "configurable-http-proxy")]


@pytest.fixture
def hub(packages, tmp_path):
    """The address of a running hub."""
    library, proxy = packages
    ports, home = free_ports(3), tmp_path / "home"
    home.mkdir()
    config = tmp_path / "jupyterhub_config.py"
    base = str(HUB / "jupyterhub_config.py")
    config.write_text(
        CONFIG.format(config=base, home=str(home), ports=ports, proxy=proxy, token=TOKEN)
        + f"c.Spawner.environment['PYTHONPATH'] = {os.pathsep.join((str(library), str(ROOT)))!r}\n"
        f"c.Spawner.cmd[0] = {sys.executable!r}\n"
        f"c.Spawner.args += {['--allow-root'] if is_root() else []!r}\n",
        encoding="utf-8",
    )
    variables = os.environ | {"COURSE": str(ROOT), "PYTHONPATH": str(library)}
    variables["COURSE_PASSPORT"] = str(tmp_path / "nobody.jsonl")
    command = [sys.executable, "-m", "jupyterhub", "--config", str(config)]
    with open(tmp_path / "hub.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=variables, stdout=log, stderr=log)
    yield f"http://127.0.0.1:{ports[0]}"
    process.terminate()
    process.wait(30)
    print((tmp_path / "hub.log").read_text(encoding="utf-8")[-4000:])


async def ask(address, method="GET", body=None):
    request = HTTPRequest(
        address,
        method,
        {"Authorization": f"token {TOKEN}"},
        body=None if body is None else json.dumps(body),
        request_timeout=MINUTE,
        allow_nonstandard_methods=True,
    )
    answer = await AsyncHTTPClient().fetch(request)
    return json.loads(answer.body or b"null")


async def until(condition, seconds=2 * MINUTE):
    """Ask twice a second until the answer is a yes; a hub that starts refuses."""
    for _ in range(2 * seconds):
        try:
            if answer := await condition():
                return answer
        except (OSError, HTTPClientError):
            pass
        await asyncio.sleep(0.5)
    raise TimeoutError


async def server_of(hub, name):
    """The path of a student's server, as soon as it is ready."""
    return (await ask(f"{hub}/hub/api/users/{name}"))["server"]


async def attend(hub, name):
    """Log in, and run two lessons as the server has them; returns what failed."""
    await ask(f"{hub}/hub/api/users/{name}", "POST", {})
    await ask(f"{hub}/hub/api/users/{name}/server", "POST", {})
    server = hub + (await until(partial(server_of, hub, name))).rstrip("/")
    there = {file["name"] for file in (await ask(f"{server}/api/contents/course"))["content"]}
    assert {path.name for path in ROOT.glob("notebooks/*.ipynb")} <= there
    errors = []
    for lesson in CLASS[name]:
        (file,) = (file for file in there if file[3:] == f"{lesson}.ipynb")
        notebook = (await ask(f"{server}/api/contents/course/{file}"))["content"]
        errors += [
            (name, lesson, error) async for error in run(server, nbformat.from_dict(notebook))
        ]
    return errors


async def run(server, notebook):
    """Run all cells in a kernel of this server; yields every error."""
    kernel = await ask(f"{server}/api/kernels", "POST", {"path": "course"})
    address = f"{server.replace('http', 'ws', 1)}/api/kernels/{kernel['id']}/channels"
    request = HTTPRequest(address, headers={"Authorization": f"token {TOKEN}"})
    socket = await websocket_connect(request)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            error = await execute(socket, cell.source)
            if error:
                yield error
    socket.close()
    await ask(f"{server}/api/kernels/{kernel['id']}", "DELETE")


async def execute(socket, code):
    """The error of a cell, or None."""
    header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
    header |= {"username": "", "session": "test", "date": ""}
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
    content |= {"allow_stdin": False, "stop_on_error": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    await socket.write_message(json.dumps(message | {"channel": "shell", "buffers": []}))
    while True:
        text = await asyncio.wait_for(socket.read_message(), 5 * MINUTE)
        if text is None:
            return "the kernel was lost"
        answer = json.loads(text) if isinstance(text, str) else {}
        mine = answer.get("parent_header", {}).get("msg_id") == header["msg_id"]
        if mine and answer["msg_type"] == "execute_reply":
            return answer["content"].get("evalue")


def course():
    """All that a student might write into, and when it was written."""
    folders = ("data", "lessons", "notebooks", "tools", "utils")
    files = [*ROOT.iterdir(), *(file for name in folders for file in (ROOT / name).rglob("*"))]
    return {file: file.stat().st_mtime_ns for file in files if file.is_file()}


def test_four_students_run_two_lessons_each(hub, tmp_path):
    async def everybody():
        await until(partial(ask, f"{hub}/hub/api"))
        return await asyncio.gather(*(attend(hub, name) for name in CLASS))

    before = course()
    errors = asyncio.run(everybody())
    assert [error for of_one in errors for error in of_one] == []
    assert course() == before
    assert all((tmp_path / "home" / name / "course").is_dir() for name in CLASS)
