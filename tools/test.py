"""What `make test` runs, quickest first, and a summary at the end.

Lint and units come first. Then every notebook is compared with its lesson and re-executed by nbval,
with the claims behind its pages.

With --all, before a change lands, the tests marked `slow` come last: they draw figures, hand every
check right and wrong answers, train, build, and drive widgets in a browser. With --weekly, the
tests that take minutes, the notebooks as other machines round, and the lessons of the project on
photographs, where these lie beside the course.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
PARALLEL = ("-n", "2", "--dist=loadfile", "-p", "tools.editions")
"""Two processes; the module that each loads first says what nbformat need not import for 3 s."""
CELL_SECONDS = 300
"""A cell takes 120 s at most when it is built; here two notebooks share the cores."""
FILES = 25
"""The summary gives the seconds of so many files, and so of every notebook."""
PHOTOGRAPHS = ROOT.parent / "shared" / "data" / "natural-images"
Step = tuple[str, bool, float]
PROJECT = ("image_classification", "regularization", "data_augmentation", "transfer_learning")
"""The lessons that also run on photographs, where these lie beside the course."""

MACHINES = {
    "one core": {"TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"},
    "eight cores": {"TF_NUM_INTRAOP_THREADS": "8", "OMP_NUM_THREADS": "8"},
    "an older processor": {"TF_ENABLE_ONEDNN_OPTS": "0", "OPENBLAS_CORETYPE": "Nehalem"},
}
"""What has Keras and NumPy add up numbers as they do there: in another order."""


def run(title: str, *command: str, **environment: str) -> Step:
    """Run a step from the root of the course: its title, whether it passed, its seconds."""
    print(f"\n=== {title}", flush=True)
    started = time.perf_counter()
    line, variables = [sys.executable, *command], os.environ | environment
    passed = subprocess.run(line, cwd=ROOT, env=variables, check=False).returncode == 0
    return title, passed, time.perf_counter() - started


def pytest(report: str, *arguments: str) -> list[str]:
    """The command line of a pytest run that leaves a report for the summary."""
    return ["-m", "pytest", "-q", f"--junitxml={REPORTS / report}.xml", *PARALLEL, *arguments]


def nbval(report: str, how: str, *lessons: str) -> list[str]:
    """The command line of an nbval run, one kernel a notebook, the long ones of the end first.

    Strict with --nbval; with --nbval-lax outputs may differ, but every claim is asserted.
    """
    notebooks = [path for name in lessons for path in (ROOT / "notebooks").glob(f"*_{name}.ipynb")]
    limits = [f"--nbval-cell-timeout={CELL_SECONDS}", "-p", "no:cacheprovider"]
    return pytest(report, how, *limits, *map(str, sorted(notebooks, reverse=True)))


def on_photographs() -> Step:
    """Run the lessons of the project on photographs, where there are any."""
    title = "nbval on photographs"
    if not PHOTOGRAPHS.is_dir():
        return f"{title}: skipped, {PHOTOGRAPHS} is not there", True, 0.0
    command = nbval("photographs", "--nbval-lax", *PROJECT)
    return run(title, *command, COURSE_IMAGES=str(PHOTOGRAPHS))


def summary(steps: list[Step]) -> Iterator[str]:
    """What ran and how long it took, what was skipped and why, the seconds of the longest files."""
    for report in sorted(REPORTS.glob("*.xml")):
        cases = list(ET.parse(report).iter("testcase"))
        skipped = Counter(s.get("message") for case in cases for s in case.iter("skipped"))
        yield f"{report.stem}: {len(cases) - skipped.total()} ran, {skipped.total()} skipped"
        yield from (f"    skipped {count}: {reason}" for reason, count in skipped.items())
        seconds = Counter()
        for case in cases:
            seconds[case.get("classname").removeprefix("notebooks.")] += float(case.get("time"))
        longest = sorted(seconds.most_common(FILES))
        yield from (f"    {name}: {took:.0f} s" for name, took in longest)
    for title, passed, seconds in steps:
        yield f"{'passed' if passed else 'FAILED'} {seconds:5.0f} s  {title}"


def main() -> int:
    """Run all steps; 0 if all passed."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    for old in REPORTS.glob("*.xml"):
        old.unlink()
    if "--weekly" in sys.argv:
        steps = weekly()
    else:
        steps = [*quick(), *([slow()] if "--all" in sys.argv else [])]
    print("\n=== summary", *summary(steps), sep="\n")
    return int(not all(passed for _, passed, _ in steps))


def weekly() -> list[Step]:
    """What takes minutes and serves no student."""
    return [
        run("weekly", *pytest("weekly", "-m", "weekly", "tests")),
        *(
            run(f"nbval as on {machine}", *nbval(machine.replace(" ", "_"), "--nbval", "*"), **its)
            for machine, its in MACHINES.items()
        ),
        on_photographs(),
    ]


def quick() -> list[Step]:
    """What an author runs after every change: units and notebooks."""
    return [
        run("lint", "-m", "ruff", "check", "."),
        run("format", "-m", "ruff", "format", "--check", "."),
        run("units", *pytest("units", "-m", "not slow and not weekly", "tests")),
        run("notebooks match lessons", "tools/build.py", "--check"),
        run("nbval", *nbval("nbval", "--nbval", "*")),
    ]


def slow() -> Step:
    """What else decides whether a change lands."""
    return run("slow", *pytest("slow", "-m", "slow and not weekly", "tests"))


if __name__ == "__main__":
    sys.exit(main())
