"""The tree as the room rules see it: tracked files, and the modules of the three rooms, parsed."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("dashboard", "metrics", "data")


@dataclass(frozen=True)
class Module:
    """One Python file of a room: where it lies, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its path from the root, as it is said in a failure."""
        return self.path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def modules() -> tuple[Module, ...]:
    """Every module of the three rooms."""
    paths = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    texts = [(path, path.read_text(encoding="utf-8")) for path in paths]
    found = tuple(Module(path, text, ast.parse(text)) for path, text in texts)
    assert len(found) > 20, "the rooms are empty: the rules below would hold of nothing"
    return found


@pytest.fixture(scope="session")
def tracked() -> tuple[Path, ...]:
    """Every text file that git tracks or would track, the lock included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("This is no git checkout, so nothing says which files are tracked.")
    paths = (ROOT / line for line in listed.stdout.splitlines())
    return tuple(path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096])
