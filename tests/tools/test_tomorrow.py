"""What a student ran and saved yesterday shows its widgets today, before anything runs."""

import json

import nbformat
import pytest

from tests.kit.lab import lab

SLIDER = "import ipywidgets\nipywidgets.IntSlider(description='pages')"
pytestmark = pytest.mark.weekly


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
