"""The files that loaders read: where they are, and whether they are the right ones."""

import hashlib
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

_SHIPPED = Path(str(files("utils"))) / "shipped"
DATA = _SHIPPED if _SHIPPED.is_dir() else _SHIPPED.parents[1] / "data"
"""The files that ship with the course, in a wheel or beside `utils`; README.md is their card."""

PYTHON = f'"{sys.executable}"' if " " in sys.executable else sys.executable
PIP = f"{PYTHON} -m pip install"
"""How to install something for the Python that runs this, in a terminal."""

GET_BACK = "Get it back: " + (
    f"{PIP} --force-reinstall --no-deps convnet-course, from the same file as before"
    if DATA == _SHIPPED
    else "git checkout -- data, or unpack the course again where you have it from a zip"
)


def course_file(name: str, sha256: str) -> Path:
    """The path of a file that ships with the course, once its checksum is right.

    Args:
        name: inside the folder `data`.
        sha256: of the file, in hexadecimal.

    Raises:
        ValueError: the file is not the one the course was written for.
        FileNotFoundError: the file is missing.
    """
    return verified(DATA / name, sha256, GET_BACK)


def package_file(distribution: str, package: str, name: str, sha256: str) -> Path:
    """The path of a data file inside an installed package, once its checksum is right.

    Args:
        distribution: what pip installs, such as "scikit-image".
        package: what Python imports, such as "skimage".
        name: of the file, inside the package.
        sha256: of the file, in hexadecimal.

    Raises:
        ValueError: the file is not the one the course was written for.
        FileNotFoundError: the package, or the file in it, is missing.
    """
    remedy = f"Install it again: {PIP} --force-reinstall {distribution}"
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{distribution} is not installed. {remedy}")
    return verified(Path(spec.origin).parent / name, sha256, remedy)


def verified(path: Path, sha256: str, remedy: str) -> Path:
    """`path` itself, once its checksum is right; or an error that ends with the remedy.

    Raises:
        ValueError: another checksum.
        FileNotFoundError: no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. {remedy}")
    found = sha256_of(path)
    if found != sha256:
        raise ValueError(
            f"{path} is damaged or another version: "
            f"its SHA-256 begins {found[:12]}, expected {sha256[:12]}. {remedy}"
        )
    return path


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
