"""The demo company at a workspace: made where it is missing, made again only where its making has changed."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from dashboard.progress import ProgressLine, say, short
from data import shelf
from data.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
RECIPE = ".demo"


def make_demo(home: Path, *, size: str, seed: int, anew: bool) -> None:
    """Exports, visitors, import and build of the demo company at `home`.

    What stands is kept: the exports while the code that writes and reads them is the same, the
    snapshot while the code that builds it is. Raises BadInput where a company's own workspace stands.
    """
    workspace = Workspace.create(home, "demo")
    read, built = _fingerprint(size, seed, "data"), _fingerprint(size, seed, "data", "metrics")
    stands = [] if anew else _recipe(workspace)
    if stands == [read, built] and _serves(workspace):
        say(f"The demo company stands in {short(workspace.home)}.")
        return
    from dashboard.work import build_snapshot

    if stands[:1] != [read]:
        _write(workspace, size, seed)
    build_snapshot(home, None, ahead=True)
    shelf.retire(workspace.snapshots, 1)
    (workspace.home / RECIPE).write_text(f"{read}\n{built}\n", encoding="utf-8")


def _write(workspace: Workspace, size: str, seed: int) -> None:
    """Writes the exports and reads them in; nothing of an earlier demo supersedes or is superseded."""
    from dashboard.work import bring_in, kept
    from data import company

    (workspace.home / RECIPE).unlink(missing_ok=True)
    for directory in (workspace.exports, workspace.staged, workspace.quarantine):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(mode=0o700)
    workspace.people_path.unlink(missing_ok=True)
    wait = ProgressLine("Writing export")
    company.generate(workspace.exports, size=size, seed=seed, progress=wait)
    workspace.visitors_path.write_text(company.demo_visitors(), encoding="utf-8")
    wait.finish(f"Wrote the demo company's exports to {short(workspace.exports)}")
    say(kept(bring_in(workspace, [workspace.exports], None)))


def _recipe(workspace: Workspace) -> list[str]:
    """What the demo that stands was made by; nothing where none does."""
    path = workspace.home / RECIPE
    return path.read_text(encoding="utf-8").split() if path.is_file() else []


def _serves(workspace: Workspace) -> bool:
    """Whether the pointer leads to a snapshot."""
    pointer = workspace.snapshots / "CURRENT"
    return pointer.is_file() and (workspace.snapshots / f"{pointer.read_text('utf-8').strip()}.duckdb").is_file()


def _fingerprint(size: str, seed: int, *rooms: str) -> str:
    """What a demo depends on: its size and seed, and every line of code and layout of these rooms."""
    digest = hashlib.sha256(f"{size} {seed}".encode())
    for room in rooms:
        for path in sorted(path for path in (ROOT / room).rglob("*") if path.suffix in (".py", ".toml")):
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
