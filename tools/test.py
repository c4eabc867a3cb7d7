"""Everything that `make test` runs, quickest first, and a summary at the end.

Lint and units come first. Then every notebook is compared with its lesson and re-executed by nbval,
the checks are handed right and wrong answers, figures are drawn, widgets are driven in a browser,
and every lesson is built with its solutions, whose checks must all say "right".
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
WORKERS = 2
PARALLEL = ("-n", str(WORKERS), "--dist=loadfile")
CELL_SECONDS = 120
ANSWERS = ("tests/test_exercises.py", "tests/checks", "tests/test_build.py")
"""Tests that execute lessons, or hand every check right and wrong answers: a step of their own."""
SLOW = (
    "tests/plots", "tests/widgets", "tests/render",
    "tests/test_pretrain_backbone.py", "tests/test_search.py", "tests/test_trials.py",
    "tests/test_volume_accuracies.py", "tests/test_bias_accuracies.py",
    "tests/test_project_accuracies.py",
)  # fmt: skip
"""Tests that draw, train, start a browser or workers, or build many objects: a step apart."""

PHOTOGRAPHS = ROOT.parent / "shared" / "data" / "natural-images"
PROJECT = ("11", "12", "13", "14")
"""The lessons that also run on photographs, where these lie beside the course."""


def run(title: str, *command: str, **environment: str) -> tuple[str, bool, float]:
    """Run a step from the root of the course: its title, whether it passed, its seconds."""
    print(f"\n=== {title}", flush=True)
    started = time.perf_counter()
    line, variables = [sys.executable, *command], os.environ | environment
    passed = subprocess.run(line, cwd=ROOT, env=variables, check=False).returncode == 0
    return title, passed, time.perf_counter() - started


def pytest(report: str, *arguments: str) -> list[str]:
    """The command line of a pytest run that leaves a report for the summary."""
    return ["-m", "pytest", "-q", f"--junitxml={REPORTS / report}.xml", *arguments]


def nbval(report: str, how: str, *notebooks: str) -> list[str]:
    """The command line of an nbval run, one kernel a notebook.

    Strict with --nbval; with --nbval-lax outputs may differ, but every claim is asserted.
    """
    limits = [f"--nbval-cell-timeout={CELL_SECONDS}", "-p", "no:cacheprovider"]
    return pytest(report, how, *limits, *PARALLEL, *notebooks)


def on_photographs() -> list[tuple[str, bool, float]]:
    """Run the lessons of the project on photographs, where there are any."""
    title = "nbval on photographs"
    if not PHOTOGRAPHS.is_dir():
        return [(f"{title}: skipped, {PHOTOGRAPHS} is not there", True, 0.0)]
    notebooks = [str(*(ROOT / "notebooks").glob(f"{number}_*.ipynb")) for number in PROJECT]
    command = nbval("photographs", "--nbval-lax", *notebooks)
    return [run(title, *command, COURSE_IMAGES=str(PHOTOGRAPHS))]


def build_solved(lesson: Path) -> tuple[str, bool, float]:
    """Build one lesson with its solutions."""
    return run(f"solution of {lesson.stem}", "tools/build.py", "--solved", lesson.stem)


def summary(steps: list[tuple[str, bool, float]]) -> Iterator[str]:
    """What ran and how long it took, what was skipped and why, the seconds of each notebook."""
    for report in sorted(REPORTS.glob("*.xml")):
        cases = list(ET.parse(report).iter("testcase"))
        skipped = Counter(s.get("message") for case in cases for s in case.iter("skipped"))
        yield f"{report.stem}: {len(cases) - skipped.total()} ran, {skipped.total()} skipped"
        yield from (f"    skipped {count}: {reason}" for reason, count in skipped.items())
        if report.stem in ("nbval", "photographs"):
            seconds = defaultdict(float)
            for case in cases:
                name = case.get("classname").removeprefix("notebooks.")
                seconds[name] += float(case.get("time"))
            yield from (f"    {name}: {took:.0f} s" for name, took in sorted(seconds.items()))
    for title, passed, seconds in steps:
        yield f"{'passed' if passed else 'FAILED'} {seconds:5.0f} s  {title}"


def main() -> int:
    """Run all steps; 0 if all passed."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    for old in REPORTS.glob("*.xml"):
        old.unlink()
    ignored = [f"--ignore={path}" for path in (*ANSWERS, *SLOW)]
    steps = [
        run("lint", "-m", "ruff", "check", "."),
        run("format", "-m", "ruff", "format", "--check", "."),
        run("units", *pytest("units", *PARALLEL, "tests", *ignored)),
        run("notebooks match lessons", "tools/build.py", "--check"),
        run("nbval", *nbval("nbval", "--nbval", "notebooks")),
        *on_photographs(),
        run("right and wrong answers", *pytest("answers", *PARALLEL, *ANSWERS)),
        run("figures, widgets, renderer", *pytest("slow", *PARALLEL, *SLOW)),
    ]
    with ThreadPoolExecutor(WORKERS) as pool:
        steps += pool.map(build_solved, sorted((ROOT / "lessons").glob("[0-9]*.py")))
    print("\n=== summary", *summary(steps), sep="\n")
    return int(not all(passed for _, passed, _ in steps))


if __name__ == "__main__":
    sys.exit(main())
