"""Rooms stay small and say what they hold."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 250
FUNCTION_LINES = 40

# Larger than the cap, each with the reason why cutting it would hide more than it shows.
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}

DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc", "base", "tools"}
NOT_OUR_WORDS = re.compile(
    r"(^|_)(persona|personas|kpi|kpis|alert|alerts|recommendation|recommendations|connector|connectors|etl|dirty)(_|$)"
)
CLOCKS, CALENDARS = {"today", "now", "utcnow"}, {"date", "datetime", "Timestamp"}
# What is written while people work carries the clock's moment; numbers never do.
MAY_READ_THE_CLOCK = {"data/store.py", "data/assembly.py", "dashboard/asking.py", "dashboard/session.py"}


def _name(part: ast.expr) -> str:
    """The last word of a name: datetime of both datetime.now and dt.datetime.now."""
    return str(getattr(part, "id", getattr(part, "attr", "")))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (part for part in ast.walk(tree) if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)))


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_module_is_too_long_to_hold_in_the_head(modules) -> None:
    long = {module.name: module.text.count("\n") for module in modules if module.text.count("\n") > MODULE_LINES}
    assert set(long) == set(LONG_MODULES), f"longer than {MODULE_LINES} lines: {long}"


def test_no_function_is_too_long(modules) -> None:
    long = {
        f"{module.name}:{function.name}": _body_lines(function)
        for module in modules
        for function in _functions(module.tree)
        if _body_lines(function) > FUNCTION_LINES
    }
    assert set(long) == set(LONG_FUNCTIONS), f"longer than {FUNCTION_LINES} lines: {long}"


def test_no_drawer_for_odds_and_ends(modules) -> None:
    drawers = [module.name for module in modules if DRAWERS & set(Path(module.name).with_suffix("").parts)]
    assert drawers == []


def test_names_are_the_fields_own(modules) -> None:
    strange = [
        f"{module.name}:{part.name}"
        for module in modules
        for part in ast.walk(module.tree)
        if isinstance(part, (ast.FunctionDef, ast.ClassDef)) and NOT_OUR_WORDS.search(part.name.lower())
    ]
    strange += [module.name for module in modules if NOT_OUR_WORDS.search(module.path.stem)]
    assert strange == []


def test_a_door_only_opens(modules) -> None:
    """An __init__.py imports and names things; it defines no function and no class."""
    busy = [
        module.name
        for module in modules
        if module.path.name == "__init__.py"
        for part in module.tree.body
        if not isinstance(part, (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr))
    ]
    assert busy == []


def test_meaning_never_reads_the_clock(modules) -> None:
    readers = {
        module.name
        for module in modules
        for part in ast.walk(module.tree)
        if isinstance(part, ast.Attribute) and part.attr in CLOCKS and _name(part.value) in CALENDARS
    }
    assert readers <= MAY_READ_THE_CLOCK


def test_nothing_inside_dashboard_hides_a_library(root: Path) -> None:
    """`streamlit run dashboard/app.py` puts the folder first on the path."""
    libraries = set(importlib.metadata.packages_distributions()) | set(sys.stdlib_module_names)
    ours = {path.stem for path in (root / "dashboard").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert ours & (libraries | {"data", "metrics"}) - {"__init__", "__pycache__"} == set()


def test_every_mirror_test_has_its_module(root: Path) -> None:
    """tests/<room>/test_<module>.py stands across from <room>/<module>.py, <room>/<module>.toml or <room>/<module>/."""
    lonely = []
    for room in ("data", "metrics", "dashboard"):
        for test in (root / "tests" / room).rglob("test_*.py"):
            inside = test.parent.relative_to(root / "tests") / test.stem.removeprefix("test_")
            across = ((root / inside).with_suffix(suffix) for suffix in (".py", ".toml"))
            if not (any(path.is_file() for path in across) or (root / inside).is_dir()):
                lonely.append(test.relative_to(root).as_posix())
    assert lonely == []


def test_style_is_kept(root: Path) -> None:
    for command in (["check", "."], ["format", "--check", "."]):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]
