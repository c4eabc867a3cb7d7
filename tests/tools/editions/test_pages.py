"""A lesson is read with its stored outputs, and its parts become HTML."""

import re

import nbformat
import pytest
from nbformat.v4 import new_output

from tools import build
from tools.editions import pages

SOURCE = '''# %% [markdown]
# # Sums
#
# **What is a sum?** Nobody knows.
#
# **20 minutes** · **You need:** nothing.
#
# **When you are done, you can**
#
# - **add** two
#   numbers
# - **say** why
#
# **Sources:** none.

# %% [markdown]
# ## Setup

# %%
from lessons.sums import check

# %% [markdown]
# ## 1. Two numbers
#
# Take two numbers.

# %% [markdown] tags=["notes"]
# **3 minutes.** Ask.

# %%
total = 1 + 2
assert total == 3
total

# %% [markdown]
# ### Predict: three numbers
#
# How many?

# %%
total + 3

# %% [markdown]
# It is 6.

# %% [markdown]
# After it.
#
# ### Your turn 1: add
#
# Write it.

# %% tags=["exercise"]
def add(a, b):
    """The sum."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION


# %%
check.add(add)

# %% [markdown]
# And on.
#
# ### Question 1
#
# Why?
#
# <details><summary>Answer</summary>
#
# Because.
#
# </details>
#
# The section goes on.
'''


def result(text: str) -> nbformat.NotebookNode:
    return new_output("execute_result", {"text/plain": text})


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A house with one lesson; gives the folder of its notebooks, where 1 + 2 is stored."""
    folder = tmp_path / "lessons" / "sums"
    folder.mkdir(parents=True)
    (tmp_path / "lessons" / "__init__.py").write_text('ORDER = ("sums",)\n', encoding="utf-8")
    (folder / "lesson.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    notebook = build.student_notebook(build.read_lesson(folder / "lesson.py"))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[1].outputs = [result("3")]
    code[2].metadata.hidden.outputs = [result("6")]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "00_sums.ipynb")
    return tmp_path / "notebooks"


@pytest.fixture
def lesson(house):
    return pages.read("00_sums", house)


def topic(lesson, title):
    return next(topic for topic in lesson.topics if topic.title == title)


def test_the_opening_says_what_the_lesson_is(lesson):
    assert (lesson.number, lesson.name, lesson.title) == (0, "sums", "Sums")
    assert (lesson.question, lesson.minutes) == ("What is a sum?", 20)
    assert lesson.outcomes == ["**add** two numbers", "**say** why"]


def test_topics_end_where_a_prediction_an_exercise_or_a_question_is_done(lesson):
    assert [topic.kind for topic in lesson.topics] == [
        "title", "setup", "section", "predict", "continued", "turn", "continued", "question",
        "continued",
    ]  # fmt: skip
    assert {topic.section for topic in lesson.topics[2:]} == {"1. Two numbers"}
    assert lesson.topics[-1].texts("prose") == ["The section goes on."]
    assert lesson.section_minutes("1. Two numbers") == 3


def test_blocks_hold_what_a_student_sees_and_what_was_shown(lesson):
    prose, note, code = topic(lesson, "1. Two numbers").blocks
    assert (prose.kind, note.kind, code.kind) == ("prose", "note", "code")
    assert code.text == "total = 1 + 2\ntotal"
    assert code.outputs[0].data["text/plain"] == "3"


def test_a_prediction_has_the_output_that_its_page_hides(lesson):
    _, code, reading = topic(lesson, "Predict: three numbers").blocks
    assert code.outputs[0].data["text/plain"] == "6"
    assert reading.reads


def test_an_exercise_has_its_stub_and_its_solution(lesson):
    _, exercise, check = topic(lesson, "Your turn 1: add").blocks
    assert exercise.text.endswith(build.STUB)
    assert exercise.solution.endswith("    return a + b")
    assert check.kind == "check"


def test_a_lesson_without_stored_outputs_says_what_to_run(house):
    (house / "00_sums.ipynb").unlink()
    with pytest.raises(pages.EditionError, match=r"sums: there are no stored outputs: run `python"):
        pages.read("00_sums", house)


def test_outputs_of_older_code_are_refused_and_prose_may_change(house):
    source = house.parent / "lessons" / "sums" / "lesson.py"
    source.write_text(SOURCE.replace("Take two", "Choose two"), encoding="utf-8")
    assert topic(pages.read("00_sums", house), "1. Two numbers").texts("prose") == [
        "Choose two numbers."
    ]
    source.write_text(SOURCE.replace("1 + 2", "2 + 1"), encoding="utf-8")
    with pytest.raises(pages.EditionError, match="the stored outputs are those of older code"):
        pages.read("00_sums", house)


def test_an_unknown_lesson_is_named_with_those_there_are():
    with pytest.raises(pages.EditionError, match=r"no lesson 'sums' .*07_convolution"):
        pages.find(["sums"])
    assert pages.find(["07", "pooling"]) == ["07_convolution", "09_pooling"]


def test_sentences_end_neither_in_a_name_nor_in_bold_nor_in_code():
    text = "One of E. Rantsiou, e.g. here. **So. Both.** It is `a. B`: 3. And\nso on."
    assert pages.sentences(text) == [
        "One of E. Rantsiou, e.g. here.", "**So. Both.**", "It is `a. B`: 3.", "And so on."
    ]  # fmt: skip


def test_formulas_become_mathml_and_links_lead_to_the_pages():
    link = pages.links(".html", "../../")
    shown = pages.inline(
        "$x^2$ [a](09_pooling.ipynb#b) [c](../data/README.md) [d](https://e.f)", link
    )
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in shown
    assert re.findall('href="(.*?)"', shown) == [
        "09_pooling.html#b", "../../data/README.md", "https://e.f"
    ]  # fmt: skip


def contrast(one: str, other: str) -> float:
    """The ratio that the Web Content Accessibility Guidelines define, 1 to 21."""

    def luminance(color):
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_all_colors_of_texts_can_be_read():
    css = pages.BASE_CSS.read_text(encoding="utf-8")
    texts = re.findall(r"--(?:ink|soft|blue|vermillion|green): (#\w+)", css)
    texts += [f"#{style['color']}" for _, style in pages.Colors if style["color"]]
    assert len(texts) > 10
    assert min(contrast(text, pages.Colors.background_color) for text in texts) >= 4.5


def model(name: str, **state) -> dict:
    return {"model_name": name, "state": state}


def test_a_widget_needs_a_kernel_if_a_control_of_it_is_not_linked():
    state = {
        "box": model("VBoxModel", children=["IPY_MODEL_slider", "IPY_MODEL_stack"]),
        "slider": model("IntSliderModel"),
        "stack": model("StackModel", children=[]),
    }
    assert pages.needs_kernel("box", state)
    ends = (["IPY_MODEL_slider", "value"], ["IPY_MODEL_stack", "selected_index"])
    state["link"] = model("LinkModel", source=ends[0], target=ends[1])
    assert not pages.needs_kernel("box", state)


def test_widgets_of_our_own_script_need_a_kernel_where_we_say_so():
    state = {
        "pad": model("AnyModel", _anywidget_id="lessons.project.ConfusionBrowser"),
        "stepper": model("AnyModel", _anywidget_id="lessons.steps.Stepper"),
    }
    assert pages.needs_kernel("pad", state)
    assert not pages.needs_kernel("stepper", state)


def test_a_stored_state_cannot_end_its_script():
    lesson = pages.Lesson("00_sums", [], {"a": model("HTMLModel", value="</script><!--")})
    assert "</script><!--" not in pages.widgets(lesson).partition("</script>\n")[0]


def test_what_pages_load_lies_beside_them_with_its_license(tmp_path):
    pages.vendor(tmp_path)
    scripts = sorted(path.name for path in tmp_path.glob("vendor/**/*.js"))
    assert scripts == ["embed-amd.js", "index.js", "notes.js", "require.js", "reveal.js"]
    for script in tmp_path.glob("vendor/**/*.js"):
        around = [script.parent, script.parent.parent]
        assert any((folder / "LICENSE").exists() for folder in around), script
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 4_500_000
