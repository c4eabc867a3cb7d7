"""Print what opens the course elsewhere: badges, links for Colab, the cell to begin with there.

    python tools/links.py [ADDRESS]      such as https://github.com/somebody/convnet-course

Without an address it asks git, the one place that knows it: `git remote get-url origin`.
"""

import subprocess
import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import house

ROOT = Path(__file__).resolve().parent.parent
CELL = """\
# On Colab and Kaggle, run this first. Kaggle: switch the internet on, in the notebook's settings.
import os, sys
if not os.path.isdir("/tmp/convnet-course"):
    !git clone --quiet --depth 1 {address} /tmp/convnet-course
sys.path.insert(0, "/tmp/convnet-course")
from tools import hosted
hosted.prepare()"""


def origin() -> str:
    """The address of the repository, without `.git`."""
    done = subprocess.run(
        ["git", "remote", "get-url", "origin"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    address = sys.argv[1] if len(sys.argv) > 1 else done.stdout.strip()
    if not address.startswith("https://github.com/"):
        sys.exit(
            f"The address of the repository is {address!r}: expected https://github.com/NAME/COURSE."
            " Give it as an argument."
        )
    return address.removesuffix(".git").rstrip("/")


def main() -> None:
    """Print everything, in Markdown."""
    address = origin()
    name = address.removeprefix("https://github.com/")
    first = "notebooks%2F00_welcome.ipynb"
    print(f"[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{name}"
          f"/HEAD?urlpath=lab%2Ftree%2F{first})")  # fmt: skip
    print(
        f"[![Codespaces](https://github.com/codespaces/badge.svg)](https://codespaces.new/{name})"
    )
    print("\nOn Colab:\n")
    for stem in house.lessons(ROOT):
        page = f"https://colab.research.google.com/github/{name}/blob/HEAD/notebooks/{stem}.ipynb"
        print(f"- [{stem}]({page})")
    print(f"\nand in a new first cell:\n\n{CELL.format(address=address)}")


if __name__ == "__main__":
    main()
