"""Snapshots, from both sides: `assemble` builds one, `open_snapshot` reads the one that serves."""

from __future__ import annotations

import threading
from pathlib import Path

from data.assembly import SnapshotInfo, assemble
from data.serving import Product, Snapshot, Snapshots
from data.shelf import history
from data.workspace import Workspace

__all__ = ["Product", "Snapshot", "SnapshotInfo", "Snapshots", "assemble", "history", "open_snapshot"]

_SERVING: dict[Path, Snapshots] = {}
_LOCK = threading.Lock()


def open_snapshot(workspace: Workspace, id: str | None = None) -> Snapshot:
    """The snapshot that serves, or the one of that id. Raises NoSnapshot when there is none.

    One serving root a process and workspace; asking again costs a look at the pointer.
    """
    directory = workspace.snapshots.resolve()
    with _LOCK:
        if directory not in _SERVING:
            _SERVING[directory] = Snapshots(directory)
        serving = _SERVING[directory]
    return serving.open(id) if id else serving.current()
