"""The rooms ask in one direction, and only the access door grants."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

DOOR = "metrics/access.py"
DECLARED = "metrics/query.py"


def test_every_import_contract_is_kept(root: Path) -> None:
    """In a process of its own, because the checker takes over the logging of the one it runs in."""
    check = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    ran = subprocess.run([sys.executable, "-c", check], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 broken" in ran.stdout


def test_contract_names_are_sentences(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    names = [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]
    assert len(names) >= 5
    for name in names:
        assert name[0].isupper(), name
        assert len(name.split()) >= 5, name


def _makes_a_grant(tree: ast.Module) -> bool:
    """Whether the module calls GrantedQuery or holds its seal."""
    for part in ast.walk(tree):
        called = part.func if isinstance(part, ast.Call) else None
        if getattr(called, "id", getattr(called, "attr", "")) == "GrantedQuery":
            return True
        if isinstance(part, ast.Name) and part.id == "_SEAL":
            return True
        if isinstance(part, ast.Attribute) and part.attr == "_SEAL":
            return True
        if isinstance(part, ast.ImportFrom) and any(alias.name == "_SEAL" for alias in part.names):
            return True
    return False


def test_only_the_access_door_makes_a_granted_query(modules) -> None:
    makers = {module.name for module in modules if _makes_a_grant(module.tree)}
    assert makers == {DOOR, DECLARED}


def test_nobody_else_can_make_one() -> None:
    from metrics.query import GrantedQuery

    anything = {"metrics": ("trx",), "hierarchy": "field", "within": "US", "by": "region", "window": "C13W"}
    rest = {"product": None, "compare": None, "series": None, "visitor": "me", "role": "rep", "scope": ""}
    with pytest.raises(TypeError, match="access"):
        GrantedQuery(**anything, **rest, masked=False, small=frozenset(), aggregates=frozenset(), pdrp="shown")
