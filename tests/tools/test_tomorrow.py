"""What a student ran and saved yesterday shows its widgets today, before anything runs."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "utils" / "convnet-course.json"
SLIDER = "import ipywidgets\nipywidgets.IntSlider(description='pages')"
pytestmark = pytest.mark.weekly


@contextmanager
def lab(folder: Path):
    """JupyterLab on a folder, with the settings of the course and nobody else's."""
    settings = folder / "lab" / "settings" / "overrides.d"
    settings.mkdir(parents=True, exist_ok=True)
    shutil.copy(SETTINGS, settings)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"]
    options += ["--IdentityProvider.token=", f"--LabApp.app_settings_dir={settings.parent}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield f"{address}/lab/tree/lesson.ipynb?reset"
    finally:
        process.terminate()
        process.wait()


def test_a_widget_of_yesterday(browser, tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SLIDER)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    path = tmp_path / "lesson.ipynb"
    nbformat.write(notebook, path)
    with lab(tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
        page.locator(".jp-Cell").first.click(timeout=120_000)
        page.keyboard.press("Shift+Enter")
        page.locator(".jp-OutputArea-output .widget-slider").wait_for(timeout=120_000)
        page.keyboard.press("Control+s")
        for _ in range(60):
            if "widgets" in json.loads(path.read_text(encoding="utf-8"))["metadata"]:
                break
            page.wait_for_timeout(500)
        page.close()
    stored = json.loads(path.read_text(encoding="utf-8"))
    (output,) = stored["cells"][0]["outputs"]
    model = output["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert (
        model in stored["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    )
    with lab(tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
        page.locator(".jp-OutputArea-output .widget-slider").wait_for(timeout=120_000)
        assert not page.get_by_text("model not found").count()
        page.close()
