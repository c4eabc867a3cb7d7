"""Autograde what a class handed in, one student on each core, and write the feedback pages.

    python -m tools.editions.grade convolution                     in build/graded
    python -m tools.editions.grade --course ~/class convolution    in a course folder of your own

`nbgrader autograde` gives the same scores, one student after the other, and starts Python anew for
each command.
"""

import argparse
import glob
import multiprocessing
import os
import re
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from tools import build
from tools.editions.graded import CONFIG


def grade(course: Path, lesson: str) -> Iterator[tuple[str, float | None, str]]:
    """Grade each student in turn: the name, the score, and why there is none.

    Args:
        course: an nbgrader course folder that `make graded` has made.
        lesson: the name of its assignment.

    Raises:
        SystemExit: there is no such folder, or nobody has handed in anything.
    """
    if not (course / CONFIG.name).is_file():
        raise SystemExit(f"{course} is no course folder: make one, make graded LESSON={lesson}")
    students = sorted(path.parent.name for path in course.glob(f"submitted/*/{lesson}"))
    if not students:
        wanted = course / "submitted" / "<student>" / lesson / f"{lesson}.ipynb"
        raise SystemExit(
            f"nobody has handed in {lesson}: the work of a student belongs at {wanted}"
        )
    pool = ProcessPoolExecutor(
        max_workers=min(len(students), os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("spawn"),
    )
    with pool:
        yield from pool.map(partial(_grade_one, course, lesson), students)


def _grade_one(course: Path, lesson: str, student: str) -> tuple[str, float | None, str]:
    """Autograde one student and write the feedback page."""
    if glob.escape(student) != student:
        return student, None, "nbgrader cannot read *, ? and [ in a name: rename the folder"
    warnings.simplefilter("ignore")  # nbgrader's own, of its database
    for kind in ("OMP_NUM", "TF_NUM_INTRAOP", "TF_NUM_INTEROP"):
        os.environ.setdefault(f"{kind}_THREADS", "1")
    os.chdir(course)
    api = NbGraderAPI(config=PyFileConfigLoader(CONFIG.name, str(course)).load_config())
    for step in (api.autograde, api.generate_feedback):
        result = step(lesson, student)
        if not result["success"]:
            faults = re.findall(r"^ +([\w.]+(?:Error|Exception)\b.*)", result["log"], flags=re.M)
            return student, None, faults[-1] if faults else result["log"].strip()
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        return student, gradebook.find_submission(lesson, student).score, ""


def main() -> int:
    """Grade what the command line asks for; 1 where a student has no score."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="names or numbers: convolution, 07")
    parser.add_argument("--course", type=Path, default=build.ROOT / "build" / "graded")
    options = parser.parse_args()
    if not options.lessons:
        raise SystemExit("name a lesson, as in make grade LESSON=convolution")
    course, failed = options.course.expanduser().resolve(), False
    for path in build.find_lessons(options.lessons).values():
        lesson = path.parent.name
        for student, score, reason in grade(course, lesson):
            failed |= score is None
            told = f"no score: {reason}" if score is None else score
            print(f"{lesson}, {student}: {told}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
