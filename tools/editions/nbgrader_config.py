"""How nbgrader releases and grades the exercises of this course; docs/grading.md explains it."""

import os

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat import from_dict
from nbgrader import utils
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    IgnorePattern,
    LimitOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)


class RestoreCells(OverwriteCells):
    """Put back what a student deleted: Setup in front, checks at the end.

    nbgrader's own way fails for a student who deleted an exercise together with its check.
    """

    def add_missing_grade_cells(self, notebook, resources):
        """Add the locked cells that are not in a notebook that was handed in."""
        released = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        points = {cell.name: cell.max_score for cell in released.grade_cells}
        present = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
        for cell in released.source_cells:
            if not cell.locked or cell.name in present:
                continue
            back = from_dict(self.missing_cell_transform(cell, points.get(cell.name, 0)))
            if notebook.nbformat_minor >= 5:
                back.id = cell.name
            if cell.name in points:
                notebook.cells.append(back)
            else:
                back.metadata.nbgrader.grade = False
                del back.metadata.nbgrader["points"]
                notebook.cells.insert(0, back)
        return notebook, resources


class ForgiveStderr(NbGraderPreprocessor):
    """Drop what checks wrote to stderr: nbgrader takes all points for it.

    A student may have left a print in a right answer, and TensorFlow writes there as well.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Keep the other outputs of a check."""
        if utils.is_grade(cell):
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        return cell, resources


os.environ["COURSE_PASSPORT"] = "off"  # what is graded here is nobody's own progress

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "convnet-course"
c.ClearSolutions.code_stub = {"python": "...  # your code here"}
c.Autograde.sanitize_preprocessors = [
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    RestoreCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    Execute,
    ForgiveStderr,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]
c.RestoreCells.add_missing_cells = True

# nbgrader allows 30 s a cell and 4 s for its output; the first cell waits for TensorFlow.
c.Execute.timeout = 120
c.Execute.startup_timeout = 120
c.Execute.iopub_timeout = 30
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
