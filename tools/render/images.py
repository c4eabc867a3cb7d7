"""Render the image set data/rendered8: eight classes, seven splits, and a brick wall.

    python -m tools.render.images                           what is missing, in half an hour
    python -m tools.render.images --split test --limit 8    eight pictures a class of one split

Needs Blender's module and Python 3.11; `make images` sees to both. It may be stopped at any time
and goes on where it was. At the end it writes labels.csv and SHA256SUMS of all that is there and,
under build/rendered8, a contact sheet a split.
"""

import argparse
import csv
import functools
import hashlib
import io
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .classes import CLASSES
from .plan import SIDE, SPLITS, Development, draw, file_name

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "data" / "rendered8"
SHEETS = ROOT / "build" / "rendered8"
BRICKS = "bricks.jpg"
QUALITY = 87
GAMMA = 2.2
LUMA = np.array([0.299, 0.587, 0.114])
"""Shares of red, green and blue in a gray, as in ITU-R BT.601."""
COLUMNS = 40
"""Pictures side by side on a contact sheet."""


@dataclass(frozen=True)
class Job:
    """One picture to render: number `number` of a class in a split."""

    split: str
    class_name: str
    number: int

    @property
    def file(self) -> str:
        """Where the picture belongs in the folder of the set."""
        return file_name(self.split, self.class_name, self.number)


def jobs(splits: Iterable[str], classes: Sequence[str], limit: int | None = None) -> list[Job]:
    """The pictures of some splits and classes, at most `limit` of each class in each split."""
    numbers = {split: range(SPLITS[split])[:limit] for split in splits}
    return [Job(s, c, n) for s, some in numbers.items() for c in classes for n in some]


def developed(pixels: NDArray[np.uint8], development: Development) -> NDArray[np.uint8]:
    """A rendered picture, shape (H, W, 3), as a camera hands it out: see `Development`."""
    gains = np.array([1 + development.warmth, 1 + development.tint, 1 - development.warmth])
    light = (pixels / 255) ** GAMMA * gains * 2**development.exposure
    colors = np.clip(light, 0, 1) ** (1 / GAMMA)
    gray = (colors @ LUMA)[..., np.newaxis]
    colors = np.clip(gray + (colors - gray) * development.saturation, 0, 1)
    hazy = development.haze + (1 - development.haze) * colors
    return np.round(255 * hazy).astype(np.uint8)


def jpeg(png: Path, development: Development | None = None) -> bytes:
    """A PNG as a JPEG without metadata, developed where it is told how."""
    with Image.open(png) as image:
        pixels = np.asarray(image.convert("RGB"))
    if development:
        pixels = developed(pixels, development)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def render_missing(out: Path, wanted: Sequence[Job], workers: int) -> None:
    """Render what is not there yet, in some processes, each with Blender on one thread."""
    for stray in out.rglob("*.unfinished"):
        stray.unlink()
    missing = [job for job in wanted if not (out / job.file).exists()]
    tasks = [(out, job) for job in missing]
    tasks += [] if (out / BRICKS).exists() else [(out, None)]
    if not tasks:
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers) as pool:
        for line in progress(pool.imap_unordered(_render, tasks), len(tasks)):
            print(line, end="", flush=True)


@functools.cache
def _blender() -> ModuleType:
    """The module `scene`, started once a process, silently: Blender tells every step it takes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from . import scene

    scene.start()
    return scene


def _render(task: tuple[Path, Job | None]) -> None:
    """Render one picture; the brick wall where there is no job."""
    out, job = task
    with tempfile.TemporaryDirectory() as folder:
        png = Path(folder) / "picture.png"
        if job is None:
            _blender().render_bricks(png)
            write_whole(out / BRICKS, jpeg(png))
            return
        plan = draw(job.split, job.class_name, job.number)
        _blender().render(plan, png)
        write_whole(out / job.file, jpeg(png, plan.scene.development))


def progress(done: Iterable[object], total: int) -> Iterator[str]:
    """One line that is written again after each piece of work: a bar, and the time left."""
    started = time.monotonic()
    for count, _ in enumerate(done, 1):
        each = (time.monotonic() - started) / count
        bar = "#" * (20 * count // total)
        left = each * (total - count) / 60
        end = "\n" if count == total else ""
        yield f"\r[{bar:<20}] {count}/{total}  {each:.2f} s each, {left:.0f} min left   {end}"


def write_labels(out: Path, present: Sequence[Job]) -> None:
    """Write labels.csv: every picture and every factor of variation."""
    rows = [draw(job.split, job.class_name, job.number).row() for job in present]
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(out / "labels.csv", table.getvalue().encode())


def write_checksums(out: Path, files: Sequence[str]) -> None:
    """Write SHA256SUMS, as `sha256sum --check` reads it."""
    digests = (hashlib.sha256((out / file).read_bytes()).hexdigest() for file in files)
    lines = [f"{digest}  {file}\n" for digest, file in zip(digests, files, strict=True)]
    write_whole(out / "SHA256SUMS", "".join(lines).encode())


def contact_sheet(out: Path, present: Sequence[Job]) -> Image.Image:
    """All given pictures, every class on rows of its own."""
    by_class = {name: [j for j in present if j.class_name == name] for name in CLASSES}
    rows = [row for members in by_class.values() for row in _rows(members)]
    wide = max(map(len, rows))
    sheet = Image.new("RGB", (wide * SIDE, len(rows) * SIDE), "white")
    for y, row in enumerate(rows):
        for x, job in enumerate(row):
            with Image.open(out / job.file) as picture:
                sheet.paste(picture, (x * SIDE, y * SIDE))
    return sheet


def _rows(members: Sequence[Job]) -> Iterator[Sequence[Job]]:
    for start in range(0, len(members), COLUMNS):
        yield members[start : start + COLUMNS]


def finish(out: Path, sheets: Path) -> None:
    """Write labels, checksums and contact sheets of all that has been rendered."""
    present = [job for job in jobs(SPLITS, CLASSES) if (out / job.file).exists()]
    write_labels(out, present)
    write_checksums(out, [BRICKS, "labels.csv", *(job.file for job in present)])
    sheets.mkdir(parents=True, exist_ok=True)
    for split in dict.fromkeys(job.split for job in present):
        members = [job for job in present if job.split == split]
        name = split.replace("/", "_")
        contact_sheet(out, members).save(sheets / f"{name}.jpg", quality=QUALITY)


def main() -> None:
    """Render what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the set")
    parser.add_argument("--sheets", type=Path, default=SHEETS, help="folder of the contact sheets")
    parser.add_argument("--split", choices=SPLITS, help="only this split")
    parser.add_argument("--class", dest="class_name", choices=CLASSES, help="only this class")
    parser.add_argument("--limit", type=int, help="at most so many of each class in each split")
    parser.add_argument("--workers", type=int, default=2, help="processes; 2 by default")
    options = parser.parse_args()
    if find_spec("bpy") is None:
        raise SystemExit("Blender's module is not installed here: run `make images`")
    splits = [options.split] if options.split else list(SPLITS)
    classes = [options.class_name] if options.class_name else CLASSES
    render_missing(options.out, jobs(splits, classes, options.limit), options.workers)
    print("Labels, checksums and contact sheets ...")
    finish(options.out, options.sheets)


if __name__ == "__main__":
    main()
