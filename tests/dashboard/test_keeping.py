"""`onepicture snapshots`, and an answer from an earlier one, on two builds of Smallland."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.cli import run
from data import shelf
from data.ledger import Ledger
from data.snapshot import open_snapshot
from data.workspace import Workspace
from tests import smallland


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace built twice: the second time every TRx of one product stood twice as high."""
    from metrics.build import build

    workspace = smallland.workspace(tmp_path_factory.mktemp("twice") / "home")
    build(workspace, smallland.AS_OF)
    alfa = [row for row in smallland.smallland()["outcome"] if row["product"] == "alfa"]
    doubled = [{**row, "quantity": 2 * row["quantity"]} for row in alfa]
    smallland.stage(workspace, {"outcome": doubled}, name="000002-restated")
    build(workspace, smallland.AS_OF)
    workspace.visitors_path.write_text(
        '[[visitor]]\nid = "north"\nrole = "regional_director"\nhierarchy = "field"\nnode = "SM_N"\n', "utf-8"
    )
    return workspace.home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(built, tmp_path / "own"))


@pytest.fixture
def tell(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command on it and gives what it wrote."""

    def _tell(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run([*words, "--home", str(home)]) == code, capsys.readouterr().err
        said = capsys.readouterr()
        return said.out if code == 0 else said.err

    return _tell


def ids(home: Path) -> tuple[str, str]:
    """The earlier and the later snapshot."""
    later, earlier = shelf.by_age(home / "snapshots")
    return earlier, later


def test_the_list_names_both_and_which_serves(home: Path, tell: Callable[..., str]) -> None:
    listed = json.loads(tell("snapshots", "list", "--format", "json"))
    earlier, later = ids(home)
    assert [(each["snapshot"], each["serves"]) for each in listed] == [(later, "yes"), (earlier, "")]
    assert all(each["engine"].startswith("duckdb ") for each in listed)


def test_the_difference_names_the_restated_product_by_week(home: Path, tell: Callable[..., str]) -> None:
    rows = list(csv.DictReader(io.StringIO(tell("snapshots", "diff", ids(home)[0], "--format", "csv"))))
    periods = [row for row in rows if row["kind"] == "period"]
    assert {row["what"].partition(",")[0] for row in periods} == {"alfa"}
    assert {row["change_percent"] for row in periods} == {"100"}


def test_an_earlier_snapshot_answers_and_serves_again(home: Path, tell: Callable[..., str]) -> None:
    earlier, _ = ids(home)
    asked = ("ask", "--as", "north", "--metrics", "trx", "--by", "region", "--product", "alfa", "--format", "json")
    now = json.loads(tell(*asked))["rows"][0]["trx"]
    then = json.loads(tell(*asked, "--snapshot", earlier))["rows"][0]["trx"]
    assert now == 2 * then > 0
    tell("snapshots", "use", earlier, "--reason", "the delivery was wrong")
    assert json.loads(tell(*asked))["rows"][0]["trx"] == then
    workspace = Workspace.open(home)
    assert open_snapshot(workspace).id == earlier
    lines = [line for line in Ledger(workspace).audit_lines() if line.did == "snapshot"]
    assert [(line.object, line.reason) for line in lines] == [(earlier, "the delivery was wrong")]


def test_going_back_needs_a_reason_and_a_whole_file(home: Path, tell: Callable[..., str]) -> None:
    earlier, later = ids(home)
    assert "no reason is given" in tell("snapshots", "use", earlier, "--reason", " ", code=2)
    path = shelf.path_of(home / "snapshots", earlier)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-4096])
    assert "has changed since it was finished" in tell("snapshots", "use", earlier, "--reason", "x", code=4)
    assert "cannot be read as built" in tell("snapshots", "verify", code=4)
    assert shelf.pointed(home / "snapshots") == later
    assert "no snapshot" in tell(
        "ask", "--as", "north", "--metrics", "trx", "--by", "region", "--snapshot", "s1", code=4
    )


def test_a_build_keeps_as_many_as_the_workspace_says(home: Path, tell: Callable[..., str]) -> None:
    settings = home / "workspace.toml"
    settings.write_text(settings.read_text() + "keep = 1\n")
    tell("build")
    assert len(shelf.history(home / "snapshots")) == 1
    settings.write_text(settings.read_text().replace("keep = 1", "keep = 0"))
    assert "no number of snapshots" in tell("build", code=2)
    settings.write_text(settings.read_text().replace("keep = 0\n", ""))
    tell("snapshots", "prune", "--keep", "1")
