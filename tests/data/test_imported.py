"""What the finished imports told is read back as it was written, file by file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import BadInput
from data.imported import imported
from data.workspace import Workspace

FILE = {"file": "a.csv", "layout": "rx", "source": "weekly", "read": 10, "kept": 6, "left_out": {"deleted": 2},
        "superseded": 1, "quarantined": 1}  # fmt: skip


def _stage(workspace: Workspace, name: str, **told: object) -> None:
    directory = workspace.staged / name
    directory.mkdir(parents=True)
    (directory / "account.json").write_text(json.dumps(told), encoding="utf-8")


def test_imports_come_in_order_with_every_file(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    _stage(workspace, "000002-crm-bb", layout="crm", files=[])
    _stage(workspace, "000001-rx-aa", layout="rx", files=[FILE])
    (workspace.staged / ".000003-half").mkdir()
    first, second = imported(workspace)
    assert (first.layout, second.layout) == ("rx", "crm")
    [account] = first.files
    assert account.read == account.kept + sum(account.left_out.values()) + account.superseded + account.quarantined


def test_an_account_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    _stage(workspace, "000001-rx-aa", layout="rx", files=[FILE | {"kept": 5}])
    with pytest.raises(BadInput, match="accounted for"):
        imported(workspace)


def test_without_an_import_nothing_is_told(tmp_path: Path) -> None:
    assert imported(Workspace.create(tmp_path / "home")) == ()
