"""An older snapshot opens, or says in one sentence that it must be built again; the last fitting one serves."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data import shelf
from data.contract import CONTRACT
from data.errors import NoSnapshot
from data.fitting import CONTRACT_VERSION, unfit
from data.snapshot import Snapshots, assemble
from tests import smallland
from tests.data.tinyland import outcome, tinyland

WHOLE = {name: frozenset(table.names) for name, table in CONTRACT.items()}
ENGINE = f"duckdb {duckdb.__version__}"


def test_what_this_program_built_fits() -> None:
    assert unfit(WHOLE, ENGINE, CONTRACT_VERSION) == ""


def test_what_does_not_fit_is_named() -> None:
    assert "version 0 of the contract" in unfit(WHOLE, ENGINE, 0)
    assert "duckdb 99.1" in unfit(WHOLE, "duckdb 99.1", CONTRACT_VERSION)
    assert unfit(WHOLE, "duckdb 1.4.0", CONTRACT_VERSION) == ""
    assert "no table party" in unfit({n: c for n, c in WHOLE.items() if n != "party"}, ENGINE, CONTRACT_VERSION)
    short = {**WHOLE, "party": WHOLE["party"] - {"access"}}
    assert "its table party lacks access" in unfit(short, ENGINE, CONTRACT_VERSION)


def test_what_a_completed_build_holds_is_asked_of_completed_builds_alone() -> None:
    pytest.importorskip("metrics.groups")
    assert unfit(WHOLE, ENGINE, CONTRACT_VERSION) == ""
    assert "no table concealed" in unfit({**WHOLE, "cue": frozenset()}, ENGINE, CONTRACT_VERSION)
    half = {**WHOLE, "cue": frozenset(), "concealed": frozenset({"hierarchy", "subject", "opted_out"})}
    assert "roll_" in unfit(half, ENGINE, CONTRACT_VERSION)


def _aged(directory: Path, id: str, *statements: str) -> None:
    """Change a finished snapshot as if an earlier program had built it; its seal goes, as it never had one."""
    path = shelf.path_of(directory, id)
    os.chmod(path, 0o644)
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)
    (directory / f"{id}.sha256").unlink()


def test_the_last_one_that_fits_serves_instead(tmp_path: Path) -> None:
    workspace = smallland.workspace(tmp_path / "home", rows=tinyland())
    first = assemble(workspace, date(2026, 11, 22)).id
    smallland.stage(workspace, {"outcome": [outcome("A", 100)]}, name="000002-more")
    second = assemble(workspace, date(2026, 11, 23)).id
    _aged(workspace.snapshots, second, "ALTER TABLE party DROP COLUMN access")
    shelved = Snapshots(workspace.snapshots)
    assert shelved.current().id == first and shelved.passed_over == second
    with pytest.raises(NoSnapshot) as caught:
        shelved.open(second)
    said = str(caught.value)
    assert "its table party lacks access" in said and "onepicture build" in said and "\n" not in said
