"""Make the course run on Colab or Kaggle, in the kernel that is already there.

The cell that `python tools/links.py` prints fetches the course and calls `prepare`. It installs
what is missing, and leaves TensorFlow and what the service itself runs on as they are.
"""

import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TENSORFLOW = ("tensorflow", "tensorflow-cpu")
LEFT_ALONE = ("ipykernel", "ipython", "jupyter-client", "notebook", "numpy", "pyzmq", "tornado")
"""What the session has loaded: another version of it ends the session, or waits for the next."""
NOT_NEEDED = ("jupyterlab", "tornado")
"""The service shows the notebooks, and holds no board."""


def installed(name: str) -> str | None:
    """The version of a package that is here."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def missing() -> list[str]:
    """What the course needs and is not here in a version that will do."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = []
    for need in map(Requirement, tomllib.loads(text)["project"]["dependencies"]):
        if need.name in NOT_NEEDED or (need.marker and not need.marker.evaluate()):
            continue
        names = TENSORFLOW if need.name in TENSORFLOW else (need.name,)
        if not any(
            need.specifier.contains(found, True) for found in map(installed, names) if found
        ):
            wanted.append(f"{need.name}{need.specifier}")
    return wanted


def kept() -> str:
    """Constraints for pip: TensorFlow and what the session runs on stay."""
    names = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions()}
    return "\n".join(f"{n}=={names[n]}" for n in (*TENSORFLOW, *LEFT_ALONE) if n in names)


def pip(*arguments: str) -> None:
    """Install into the environment of this kernel, or say what pip says."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The course could not be installed here: {done.stderr.strip()}")


def prepare() -> None:
    """Install what is missing, and show widgets as JupyterLab does.

    Raises:
        RuntimeError: pip cannot install it; the message ends with what it says.
    """
    wanted = missing()
    loaded = [need for need in wanted if Requirement(need).name in sys.modules]
    if wanted:
        constraints = ROOT / "build" / "constraints.txt"
        constraints.parent.mkdir(exist_ok=True)
        constraints.write_text(kept(), encoding="utf-8")
        pip("--constraint", str(constraints), *wanted)
    if installed("convnet-course") is None:
        pip("--no-deps", "--editable", str(ROOT))
    sys.path.insert(0, str(ROOT))
    if "google.colab" in sys.modules:
        from google.colab import output

        output.enable_custom_widget_manager()
    if loaded:
        print("Restart the session once (menu Runtime or Run), then run this cell again.")
