"""The shelf of finished snapshots: the pointer to the one that serves, the lock, the names under work."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from data.errors import OnepictureError

POINTER = "CURRENT"
_UNDER_WORK = ".building-"
# A seal is checked whenever a file of this size or less is opened; a larger one when somebody asks.
QUICK = 256 << 20


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
    _write_whole(directory / POINTER, id + "\n")


def _write_whole(path: Path, text: str) -> None:
    rough = path.with_name(f"{_UNDER_WORK}{uuid.uuid4().hex[:8]}.{path.name}")
    with open(rough, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(rough, path)


def history(directory: Path) -> tuple[str, ...]:
    """The ids of every finished snapshot, by the day they speak of."""
    return tuple(sorted(path.stem for path in directory.glob("s*.duckdb")))


def by_age(directory: Path) -> tuple[str, ...]:
    """The ids of every finished snapshot, the one finished last first."""
    finished = {path.stem: path.stat().st_mtime_ns for path in directory.glob("s*.duckdb")}
    return tuple(sorted(finished, key=lambda id: (finished[id], id), reverse=True))


def put(rough: Path, directory: Path, id: str) -> None:
    """Set a finished file on the shelf, sealed and for reading only. A file is never replaced in place: an
    open reader would go on seeing the old one under the new name."""
    with open(rough, "rb") as file:
        seal = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    os.chmod(rough, 0o444)
    _write_whole(_seal_of(directory, id), f"{seal}  {id}.duckdb\n")
    os.replace(rough, path_of(directory, id))


def _seal_of(directory: Path, id: str) -> Path:
    return directory / f"{id}.sha256"


def broken(directory: Path, id: str, quick: bool = True) -> str:
    """Why a snapshot's file is not the one that was finished, in words; nothing where it is, or was never sealed.

    `quick` leaves the seal of a very large file to whoever asks for it: reading it would keep a reader waiting.
    """
    path, seal = path_of(directory, id), _seal_of(directory, id)
    if not seal.is_file() or (quick and path.stat().st_size > QUICK):
        return ""
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return "" if seal.read_text("utf-8").split()[:1] == [found] else "its file has changed since it was finished"


def retire(directory: Path, keep: int) -> tuple[str, ...]:
    """Take all but the last `keep` finished snapshots off the shelf, never the one that serves; says which.

    A reader that has one open goes on reading it.
    """
    serving = pointed(directory)
    others = [id for id in by_age(directory) if id != serving]
    gone = others[max(0, keep - (1 if serving else 0)) :]
    for id in gone:
        path_of(directory, id).unlink(missing_ok=True)
        _seal_of(directory, id).unlink(missing_ok=True)
    for left in directory.glob(".worked-out-*"):
        if not path_of(directory, left.name.removeprefix(".worked-out-")).exists():
            shutil.rmtree(left, ignore_errors=True)
    return tuple(gone)


def seal_of(path: Path) -> str:
    """The seal that a snapshot's file was finished with; empty where it was never sealed."""
    try:
        return path.with_suffix(".sha256").read_text("utf-8").split()[0]
    except (OSError, IndexError):
        return ""


def worked_out(path: Path, name: str) -> bytes | None:
    """What was worked out of a snapshot and kept under a name; nothing where none is whole.

    It is kept beside the snapshot, with a sum over what it holds, and leaves with it.
    """
    try:
        told, _, kept = (_beside(path) / name).read_bytes().partition(b"\n")
    except OSError:
        return None
    return kept if told == hashlib.sha256(kept).hexdigest().encode() else None


def keep_worked_out(path: Path, name: str, kept: bytes) -> None:
    """Keep something worked out of a snapshot; where it may not be written, it is worked out again next time."""
    rough = _beside(path) / f"{uuid.uuid4().hex[:8]}.rough"
    with contextlib.suppress(OSError):
        rough.parent.mkdir(mode=0o700, exist_ok=True)
        rough.write_bytes(hashlib.sha256(kept).hexdigest().encode() + b"\n" + kept)
        os.replace(rough, rough.with_name(name))


def _beside(path: Path) -> Path:
    return path.with_name(f".worked-out-{path.stem}")


def only_build(directory: Path) -> contextlib.AbstractContextManager[None]:
    """One build at a time; the lock ends with the process that holds it, killed or not."""
    return only_one(directory / ".lock", "another build of this workspace is running", "build again")


@contextlib.contextmanager
def only_one(path: Path, running: str, again: str) -> Iterator[None]:
    """One process at a time; raises OnepictureError with these words where another one is at it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            where = str(path.parent.parent if path.parent.name == "snapshots" else path.parent)
            raise OnepictureError(running, where=where, todo=f"Wait for it to end, then {again}.") from problem
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
