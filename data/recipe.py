"""What a build is made of, as two hashes: the code that builds, and everything that it builds from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from data.linkage.decisions import in_force
from data.stage import stages as finished_imports
from data.workspace import Workspace


def recipe_of(stages: Sequence[Callable[..., object]]) -> str:
    """A hash of the code that builds: the same rows built by other code are another snapshot."""
    roots = {Path(__file__).parent}
    for stage in stages:
        package = sys.modules.get(stage.__module__.partition(".")[0])
        roots.update(Path(place) for place in getattr(package, "__path__", ()))
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted(path for root in roots for path in root.rglob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def inputs_of(workspace: Workspace, as_of: date | None, recipe: str) -> str:
    """A hash of all that a build depends on, read without loading a row."""
    digest = hashlib.sha256(f"{recipe} {as_of} {workspace.secret} {workspace.people_path.is_file()}".encode())
    digest.update(repr(sorted(in_force(workspace).items())).encode())
    for stage in finished_imports(workspace):
        for path in sorted(stage.iterdir()):
            digest.update(f"{stage.name[7:]}/{path.name}".encode() + b"\0")
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
