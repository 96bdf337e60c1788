"""The shelf of finished snapshots: the pointer to the one that serves, the lock, the names under work."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from data.errors import OnepictureError

POINTER = "CURRENT"
_UNDER_WORK = ".building-"


def path_of(directory: Path, id: str) -> Path:
    """Where the snapshot of that id stands."""
    return directory / f"{id}.duckdb"


def pointed(directory: Path) -> str:
    """The id of the snapshot that serves, or an empty string."""
    try:
        return (directory / POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def point_to(directory: Path, id: str) -> None:
    """Let a snapshot serve; a reader sees the old one or the new one, never neither."""
    rough = directory / f".{POINTER}.{uuid.uuid4().hex[:8]}"
    with open(rough, "w", encoding="utf-8") as file:
        file.write(id + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(rough, directory / POINTER)


def history(directory: Path) -> tuple[str, ...]:
    """The ids of every finished snapshot, by the day they speak of."""
    return tuple(sorted(path.stem for path in directory.glob("s*.duckdb")))


def put(rough: Path, directory: Path, id: str) -> None:
    """Set a finished file on the shelf, for reading only. A file is never replaced in place: an open
    reader would go on seeing the old one under the new name."""
    with open(rough, "rb") as file:
        os.fsync(file.fileno())
    os.chmod(rough, 0o444)
    os.replace(rough, path_of(directory, id))


@contextlib.contextmanager
def only_build(directory: Path) -> Iterator[None]:
    """One build at a time; the lock ends with the process that holds it, killed or not."""
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / ".lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise OnepictureError(
                "another build of this workspace is running",
                where=str(directory.parent),
                todo="Wait for it to end, then build again.",
            ) from problem
        yield


@contextlib.contextmanager
def under_work(directory: Path) -> Iterator[Path]:
    """A temporary name to build under; what this build, or an earlier one that was killed, left is swept away."""
    try:
        yield directory / f"{_UNDER_WORK}{uuid.uuid4().hex[:8]}.duckdb"
    finally:
        for left in directory.glob(f"{_UNDER_WORK}*"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
