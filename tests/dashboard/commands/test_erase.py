"""`onepicture erase` says what it did and where it looked; its line of the audit has none of the person's ids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.cli import run
from data.ledger import Ledger
from data.workspace import Workspace
from tests.data.erasure import forgetland
from tests.data.erasure.forgetland import NAME, NPI


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("erase")
    return forgetland.workspace(folder / "home", folder / "src").home


def test_a_person_is_erased_and_the_proof_is_printed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["erase", NPI, "--home", str(home)]) == 2
    assert "Give --reason CODE" in capsys.readouterr().err
    assert run(["erase", NPI, "--reason", "because", "--home", str(home)]) == 2
    assert "erasure_request: the person asked" in capsys.readouterr().err
    assert run(["erase", NPI, "--prove", "--home", str(home)]) == 0
    assert "Found in" in capsys.readouterr().out
    assert run(["erase", NPI, "--reason", "erasure_request", "--home", str(home)]) == 0
    said = capsys.readouterr().out
    assert "nothing is left" in said and "Not ours, and not touched: ../src/exports/" in said
    assert str(home) not in said and NAME not in said and NPI not in said
    assert run(["erase", NPI, "--prove", "--format", "json", "--home", str(home)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["nothing_left"] and told["found"] == {} and told["looked"]["snapshots/"] >= 2


def test_the_audit_names_the_opaque_id_the_reason_and_the_counts(home: Path) -> None:
    (line,) = (line for line in Ledger(Workspace.open(home)).audit_lines() if "erase" in repr(line))
    told = repr(line)
    assert "erasure_request" in told and "anonymous" in told
    assert NPI not in told and NAME not in told
