"""The instructor's guide: what its pages hold, and that all of it comes from the lessons."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from lessons import ORDER
from tools import build, mistakes
from tools.editions import exam, guide, pages, plans
from tools.editions.pages import EditionError, Lesson

ROOT = Path(__file__).resolve().parents[3]
MADE = """
import sys, time
from pathlib import Path
from tools.editions import guide
guide.build(0, Path(sys.argv[1]))
print(time.process_time(), *{"tensorflow", "nbgrader", "rfc3987_syntax.syntax_helpers"} & {*sys.modules})
"""
SECONDS = 7
"""Of computing: two where nothing else runs."""
NEW = """
from utils.checks.networks import fitted, is_network

FLIPPED = "You turned the kernel."
RULES = {"Add them up.": lambda a: a}

def _test(answer):
    if answer > 3:
        raise NotYet(f"Found {answer} of them.")
    raise NotYet("short")

def _network(answer):
    is_network(answer, (8, 8, 1), "Pictures have 8 rows.")
    words = "Compile it"
    require(answer.compiled, f"{words} first.", "No sentence of its own.")
    words = "Return one model."
    require(answer, words)

one = Exercise(
    title="One", outcome="compute", nudge="Look" " again.", hint="Use +.",
    cases=[(1,)], test=_test, misconceptions={FLIPPED: lambda a: -a, **RULES},
)
two = Exercise(title="Two", oracle=lambda: {"red is first": 1})
three = Exercise(title="Three", test=_network)
"""


@pytest.fixture(scope="module")
def lesson():
    return pages.outline(pages.find(["convolution"])[0])


@pytest.fixture
def checks(tmp_path):
    (tmp_path / "check.py").write_text(NEW, encoding="utf-8")
    return mistakes.known(tmp_path / "check.py")


def test_a_check_that_is_data_says_what_it_knows(checks):
    one = checks["one"]
    assert (one.title, one.outcome, one.nudge, one.hint) == (
        "One",
        "compute",
        "Look again.",
        "Use +.",
    )
    assert set(one.wrong) == {"You turned the kernel.", "Add them up.", "Found … of them."}
    assert checks["two"] == mistakes.Known("Two", "", "", "", ())
    assert set(checks) == {"one", "two", "three"}


def test_what_is_required_is_told_with_what_the_shared_checks_require(checks):
    told = checks["three"].wrong
    assert {"Pictures have 8 rows.", "Compile it first.", "Return one model."} < set(told)
    assert "The network does not know its input: begin it with `keras.Input`." in told
    assert not any("of its own" in words or "number of epochs" in words for words in told)


@pytest.mark.parametrize("name", ORDER)
def test_every_exercise_of_every_lesson_has_wrong_answers(name):
    folder = ROOT / "lessons" / name
    known = mistakes.known(folder / "check.py")
    called = re.findall(
        r"^check\.(\w+)\(", (folder / "lesson.py").read_text(encoding="utf-8"), re.M
    )
    exercises = {one for one in called if one in known}
    assert len(exercises) >= 3
    assert all(known[one].wrong for one in exercises)


def test_a_lesson_page_holds_outcomes_notes_solutions_and_answers(lesson):
    page = guide.lesson_page(lesson)
    text = unescape(re.sub(r"<[^>]+>", "", page))
    assert "compute a convolution: one number with a pencil" in text
    assert "Ten minutes short? Leave out the kernel bank" in text
    assert "return np.stack(maps, axis=-1)" in text
    assert "You turned the kernel by 180°" in text
    assert page.count("<details open>") == 3
    assert "BEGIN SOLUTION" not in text
    assert "# your code here" not in text
    assert re.search(r"compute.*?1: the whole output.*?one number", text, re.S)


def test_what_can_go_and_what_is_for_the_early_comes_from_notes_and_guide_md(lesson):
    short, early = guide.advice(lesson)
    assert short[0].startswith("Ten minutes short?")
    assert any("ten times as fast" in words for words in early)
    assert any(words.startswith("**Challenge.** Design a kernel") for words in early)


@pytest.mark.parametrize("name", ORDER)
def test_every_lesson_says_something_for_the_early(name):
    sections = guide._sections(ROOT / "lessons" / name / "guide.md")
    assert len(sections["Early"][0].split()) > 15


def test_a_lesson_without_guide_md_has_no_sections(tmp_path):
    assert guide._sections(tmp_path / "guide.md") == {}


def opening(name):
    text = (ROOT / "lessons" / name / "lesson.py").read_text(encoding="utf-8")
    cell = re.sub(r"^# ?", "", text.partition("\n# %%")[0], flags=re.M)
    return re.sub(r"\((\w+)\.ipynb", r"(00_\1.ipynb", cell)


@pytest.fixture(scope="module")
def graph():
    return {name: plans.needs(opening(name)) for name in ORDER}


def test_prerequisites_are_read_from_the_openings(graph):
    assert graph["perceptron"] == ["linear_regression", "logistic_regression"]
    assert plans.direct(graph)["perceptron"] == ["logistic_regression"]
    assert plans.depth(graph)["welcome"] == 0
    assert plans.depth(graph)["perceptron"] == 4


def test_twelve_weeks_teach_every_lesson_after_what_it_needs(graph):
    order = [name for names, _ in plans.WEEKS for name in names]
    assert len(plans.WEEKS) == 12
    assert sorted(order) == sorted(ORDER)
    for place, name in enumerate(order):
        assert set(graph[name]) <= set(order[:place])


def test_two_days_bridge_whatever_they_leave_out(graph):
    order = [name for day in plans.DAYS for name in plans.taught(day)]
    assert {name[1:] for day in plans.DAYS for name in day if name.startswith("*")} == set(
        plans.BRIDGES
    )
    for place, name in enumerate(order):
        assert set(graph[name]) <= set(order[:place]), name


@pytest.mark.parametrize("name", plans.LEFT_OUT)
def test_the_two_days_leave_out_sections_that_are_there(name):
    text = (ROOT / "lessons" / name / "lesson.py").read_text(encoding="utf-8")
    sections = re.findall(r"^# ## \d+\. (.+)$", text, flags=re.M)
    assert set(plans.LEFT_OUT[name]) <= set(sections)


def test_a_plan_with_a_section_that_is_not_there_is_refused(monkeypatch, lesson):
    monkeypatch.setitem(plans.LEFT_OUT, "convolution", ("Nothing",))
    with pytest.raises(EditionError, match="convolution has no section 'Nothing': mend LEFT_OUT"):
        guide.left_out(lesson)


def test_the_map_links_every_lesson_and_says_its_arrows():
    small = [
        Lesson("00_welcome", [pages.Topic("title", "Welcome", "")], {}),
        Lesson("01_next", [pages.Topic("title", "Next", "", [pages.Block("prose", "**You need:** [W](00_welcome.ipynb)")])], {}),
    ]  # fmt: skip
    drawn = guide.prerequisites(small)
    assert 'aria-label="Next needs Welcome"' in drawn
    assert drawn.count("marker-end") == 1
    assert 'href="01_next.html"' in drawn


@pytest.fixture
def drawn():
    @exam.item("choose", "compute", 2)
    def one_and_one(rng):
        return exam.Drawn("1 + 1?", "two", "Count.", {"three": "Too many.", "one": "Too few."})

    @exam.item("compute", "compute", 2)
    def two_and_two(rng):
        return exam.Drawn("2 + 2?", 4, "Count on.", {5: "Counted from 1."})

    asked = [exam.draw("welcome", item, 1) for item in (one_and_one, two_and_two)]
    return [(Lesson("00_welcome", [pages.Topic("title", "Welcome", "")], {}), asked)]


def test_the_sheet_gives_nothing_away(drawn):
    sheet = guide.exam_page(drawn, 1)
    assert "1 + 1?" in sheet
    assert "<li>three</li>" in sheet
    assert not re.search("Count|and one|and two", sheet)


def test_the_key_names_the_right_letter_and_each_wrong_one(drawn):
    keys = guide.keys_page(drawn, 1)
    right = drawn[0][1][0].right
    assert f"<strong>{right}</strong> two" in keys
    assert set(re.findall(r"<strong>(\w)</strong>:", keys)) == set("abc") - {right}
    assert "<strong>4</strong>" in keys
    assert "5: Counted from 1." in keys


@pytest.mark.parametrize("seed", ["-1", "seven", "1.5"])
def test_a_seed_that_is_none_is_refused_in_one_sentence(monkeypatch, capsys, seed):
    monkeypatch.setattr("sys.argv", ["guide", f"--seed={seed}"])
    assert guide.main() == 1
    assert capsys.readouterr().err == f"no seed: {seed!r}; give a whole number from 0 on.\n"


def test_an_outline_needs_no_notebook_and_refuses_a_broken_lesson(monkeypatch, lesson):
    assert lesson.minutes == 22
    assert all(not block.outputs for topic in lesson.topics for block in topic.blocks)

    def broken(path, names):
        raise build.BuildError(path, 3, "is broken")

    monkeypatch.setattr(build, "read_lesson", broken)
    with pytest.raises(EditionError, match="is broken"):
        pages.outline("07_convolution")


def test_a_computed_hint_is_refused_in_one_sentence(monkeypatch):
    def computed(path):
        raise build.BuildError(path, 3, "write a nudge and a hint as plain text")

    monkeypatch.setattr(pages, "known", computed)
    with pytest.raises(EditionError, match="plain text"):
        _ = pages.outline("07_convolution").checks


def test_a_guide_is_made_again_only_where_something_changed(tmp_path, monkeypatch):
    made, source = [], tmp_path / "tools" / "editions" / "guide.css"
    source.parent.mkdir(parents=True)
    source.touch()
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    first = tmp_path / "guide" / "index.html"

    def build(seed, target):
        made.append(seed)
        target.mkdir(exist_ok=True)
        first.write_text("the guide", encoding="utf-8")

    monkeypatch.setattr(guide, "build", build)
    for seed in (0, 0, 1, 1):
        assert guide.update(seed, first.parent) == first
    assert made == [0, 1]
    for changed in (source, first):
        changed.write_text("changed", encoding="utf-8")
        guide.update(1, first.parent)
        guide.update(1, first.parent)
    first.unlink()
    guide.update(1, first.parent)
    assert made == [0, 1, 1, 1, 1]


@pytest.mark.slow
def test_the_whole_guide_is_whole(tmp_path):
    guide.build(3, tmp_path)
    files = {path.name for path in tmp_path.iterdir()}
    assert len(files) == len(ORDER) + 4
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\{[a-z_]+\} [A-Z]|href=\"[^\"]*ipynb|src=", text)
        for link in re.findall(r'href="([^"#:]+)', text):
            target = (ROOT / "build" / "guide" / link).resolve()
            known = link in files or link.startswith("../slides/") or target.exists()
            assert known, f"{path.name} links to {link}"
        assert "<h1>" in text
    first = (tmp_path / "exam.html").read_bytes()
    guide.build(3, tmp_path)
    assert (tmp_path / "exam.html").read_bytes() == first


@pytest.mark.slow
def test_making_the_guide_loads_nothing_heavy_and_takes_seconds(tmp_path):
    command = [sys.executable, "-c", MADE, str(tmp_path)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, *heavy = made.stdout.split()
    assert heavy == []
    assert float(seconds) < SECONDS


@pytest.mark.slow
def test_pages_fit_and_ask_the_network_for_nothing(tmp_path, launch):
    guide.build(0, tmp_path)
    page = launch().new_page(viewport={"width": 900, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(tmp_path.iterdir()):
        page.goto(path.as_uri())
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, path.name
    assert all(url.startswith("file:") for url in asked)
