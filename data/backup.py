"""Back up a workspace while people work, and put it back: whole, checked, readable by its owner only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from data import shelf
from data.errors import BadInput, OnepictureError
from data.stage import stages
from data.store import moment
from data.workspace import Workspace

MANIFEST = "SHA256SUMS"
_LONGEST = 1_000
_NAME = "onepicture-%Y%m%dT%H%M%S"


def back_up(workspace: Workspace, into: Path, at: datetime | None = None) -> Path:
    """Copy what cannot be had again into a new folder inside `into`, and give that folder back.

    Settings, policy, visitors, keys, the people store, the ledger where it is a file, every finished
    import with its quarantine, and the snapshot that serves. The company's own exports are its to keep.
    The stores are copied by SQLite itself, so that people may go on writing. A copy that is cut short
    bears no manifest and is never restored. Raises BadInput where nothing can be written.
    """
    folder = into / moment(at).strftime(_NAME)
    try:
        into.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        for path in sorted(entry for entry in workspace.home.iterdir() if entry.is_file()):
            if path.suffix == ".sqlite":
                _copy_store(path, folder / path.name)
            elif ".sqlite-" not in path.name and path.stat().st_size:
                _copy(path, folder / path.name)
        for stage in stages(workspace):
            _copy_folder(stage, folder / "staged" / stage.name)
            _copy_folder(workspace.quarantine / stage.name, folder / "quarantine" / stage.name)
        serving = shelf.pointed(workspace.snapshots)
        for path in sorted(workspace.snapshots.glob(f"{serving}.*")) if serving else ():
            _copy(path, folder / "snapshots" / path.name)
        if serving:
            _copy(workspace.snapshots / shelf.POINTER, folder / "snapshots" / shelf.POINTER)
        lines = [f"{_seal(path)}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder)]
        (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
    except (OSError, sqlite3.Error) as problem:
        shutil.rmtree(folder, ignore_errors=True)
        raise BadInput(
            f"the backup cannot be written: {getattr(problem, 'strerror', None) or problem}",
            where=into.name,
            todo="Name a folder that you may write, with room enough.",
        ) from problem
    return folder


def restore(folder: Path, home: Path) -> Workspace:
    """Put a backup back as the workspace at `home`, which must not be there yet; every file is checked first.

    A person erased since the backup was made is in it again: erase them again. Raises BadInput for a
    backup that is not whole or a home that is taken; then nothing is written.
    """
    told = _manifest(folder)
    if home.exists() and any(home.iterdir()):
        raise BadInput("there is something already", where=home.name, todo="Name a folder that is not there yet.")
    for name, seal in told.items():
        path = folder / name
        if not path.is_file() or _seal(path) != seal:
            raise BadInput(f"{name} is not as it was backed up", where=folder.name, todo="Take another backup.")
    home.parent.mkdir(parents=True, exist_ok=True)
    rough = home.with_name(f".{home.name}.restoring")
    shutil.rmtree(rough, ignore_errors=True)
    try:
        for name in told:
            _copy(folder / name, rough / name)
        for directory in Workspace(rough).directories:
            _private(directory)
        for path in (rough / "snapshots").glob("*.duckdb"):
            path.chmod(0o444)
        if home.exists():
            home.rmdir()
        os.replace(rough, home)
    except OSError as problem:
        shutil.rmtree(rough, ignore_errors=True)
        todo = "Make sure that there is room and that you may write there."
        raise OnepictureError(f"it cannot be restored: {problem.strerror}", where=home.name, todo=todo) from problem
    return Workspace.open(home)


def _manifest(folder: Path) -> dict[str, str]:
    """Each file of a backup with its seal, none outside the folder."""
    path, told = folder / MANIFEST, {}
    try:
        top = folder.resolve()
        if not path.is_file():
            raise BadInput(
                "it is no whole backup: its manifest is missing", where=folder.name[:80], todo="Name another folder."
            )
        for line in path.read_text("utf-8").splitlines():
            seal, _, name = line.partition("  ")
            # A file of ours is where its name says: no link stands for it, and nothing climbs.
            ours = len(seal) == 64 and 0 < len(name) < _LONGEST and (top / name).resolve() == top / name != top
            if not ours:
                raise BadInput("its manifest cannot be read", where=folder.name, todo="Take another backup.")
            told[name] = seal
    except (OSError, ValueError, RuntimeError) as problem:  # too long, no text, a link that leads to itself
        raise BadInput("its manifest cannot be read", where=folder.name[:80], todo="Name another folder.") from problem
    return told


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _seal(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(path: Path, to: Path) -> None:
    _private(to.parent)
    shutil.copy2(path, to)
    to.chmod(0o600)


def _private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, readable by its owner only."""
    if not folder.is_dir():
        _private(folder.parent)
        folder.mkdir(mode=0o700)


def _copy_folder(folder: Path, to: Path) -> None:
    for path in _files(folder) if folder.is_dir() else ():
        _copy(path, to / path.relative_to(folder))


def _copy_store(path: Path, to: Path) -> None:
    """A consistent copy of a store that others may be writing into."""
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT, 0o600))
    with contextlib.closing(sqlite3.connect(path)) as old, contextlib.closing(sqlite3.connect(to)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
