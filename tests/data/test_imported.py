"""What the finished imports told is read back as it was written, file by file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.conform import import_paths
from data.errors import BadInput
from data.imported import imported, noticed
from data.stage import stages
from data.workspace import Workspace
from tests import yearland
from tests.data import handmade

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


def test_files_that_say_what_they_said_are_not_read_again(tmp_path: Path) -> None:
    workspace = handmade.imported(tmp_path, handmade.ITEMS, {"items.csv": handmade.months("A,2024-01-01,5")})
    before = handmade.staged(workspace, "outcome", "subject, quantity")
    (stage,) = stages(workspace)
    moment = stage.stat().st_mtime_ns
    layout = handmade.mapping(tmp_path, handmade.ITEMS)
    report = import_paths(workspace, [tmp_path / "exports"], layout)
    assert (report.unchanged, report.stages) == (("items",), ())
    assert [(each.read, each.kept) for each in report.accounts] == [(1, 1)], "the account stands as well"
    assert (stages(workspace), stage.stat().st_mtime_ns) == ((stage,), moment)
    assert handmade.staged(workspace, "outcome", "subject, quantity") == before


@pytest.mark.parametrize("changed", ["file", "more", "layout", "earlier"])
def test_whatever_changed_is_read_again(tmp_path: Path, changed: str) -> None:
    files: dict[str, str | bytes] = {"items.csv": handmade.months("A,2024-01-01,5")}
    workspace = handmade.imported(tmp_path, handmade.ITEMS, files)
    toml = handmade.ITEMS
    if changed == "file":
        handmade.write(tmp_path / "exports", {"items.csv": handmade.months("A,2024-01-01,6")})
    elif changed == "more":
        handmade.write(tmp_path / "exports", {"items2.csv": handmade.months("B,2024-01-01,7")})
    elif changed == "layout":
        toml = toml.replace('quantity = "items"', 'quantity = "10 * CAST(items AS INTEGER)"')
    else:  # an older delivery is imported once more, so that it counts again
        handmade.write(tmp_path / "later", {"items.csv": handmade.months("A,2024-01-01,9")})
        import_paths(workspace, [tmp_path / "later"], handmade.mapping(tmp_path, toml))
    report = import_paths(workspace, [tmp_path / "exports"], handmade.mapping(tmp_path, toml))
    assert report.unchanged == ()
    assert len(report.stages) == 1


def test_a_file_that_could_not_be_read_is_kept_as_a_finding_until_it_is_read(tmp_path: Path) -> None:
    folder = yearland.files(tmp_path / "exports")
    stray = folder / "strange.csv"
    stray.write_text("a,b\n1,2\n", encoding="utf-8")
    workspace = Workspace.create(tmp_path / "home")
    import_paths(workspace, [folder])
    [found] = [each for each in noticed(workspace) if each.code == "file_not_read"]
    assert (found.where, found.severity) == ("strange.csv", "warning")
    assert found.todo
    _stage(workspace, "000009-us_partd-zz", layout="us_partd", files=[FILE | {"file": "strange.csv"}])
    assert not [each for each in noticed(workspace) if each.code == "file_not_read"]
