"""What pyproject.toml cannot say: a wheel holds `data/` too, inside `utils`, and no solutions."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FOR_TEACHERS = ("lesson", "exam")
"""Modules of a lesson that hold solutions and notes."""


class BuildWithData(build_py):
    """Copies `data/`, which a checkout has beside `utils/`, to where `utils.data.files` looks."""

    def run(self) -> None:
        """Build as ever, and copy."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "utils", "shipped")
            shutil.rmtree(target, ignore_errors=True)  # of an earlier build
            shutil.copytree("data", target)

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        """All modules of a package but those for teachers."""
        found = super().find_package_modules(package, package_dir)
        return [module for module in found if module[1] not in FOR_TEACHERS]


setup(cmdclass={"build_py": BuildWithData})
