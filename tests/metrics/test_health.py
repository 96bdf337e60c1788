"""Whether the numbers can be trusted, said to the steward only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.accounts import FileAccount
from data.contract import CONTRACT
from data.errors import Denied
from data.findings import Finding
from data.imported import Imported
from data.reconciling import reconciled
from data.restatements import _finding, told_by
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics.build import build
from metrics.catalog.roles import ROLES
from metrics.health import Health, health
from metrics.provenance import Origin, origins
from metrics.query import Visitor
from tests import smallland
from tests.dashboard.test_navigation import of
from tests.data.tinyland import tinyland

STEWARD = Visitor(id="steward", role="steward", hierarchy="field", node=None)


@pytest.fixture
def found(smallland_home: Path, smallland_snapshot: Any) -> Health:
    return health(STEWARD, smallland_snapshot, Workspace.open(smallland_home))


@pytest.mark.parametrize("role", [role for role in ROLES if role != "steward"])
def test_nobody_else_is_told(smallland_home: Path, smallland_snapshot: Any, role: str) -> None:
    with pytest.raises(Denied, match="data steward"):
        health(of(role), smallland_snapshot, Workspace.open(smallland_home))


def test_every_feed_has_its_age(found: Health, smallland_snapshot: Any) -> None:
    fed = {row[0] for row in smallland_snapshot.rows("SELECT DISTINCT feed FROM coverage")}
    assert {each.feed for each in found.feeds} == fed
    for each in found.feeds:
        assert each.facts
        assert each.lag_days is None or each.lag_days >= 0
    assert [each.late for each in found.feeds] == sorted((each.late for each in found.feeds), reverse=True)


def test_the_standings_count_everybody_once(found: Health, smallland_snapshot: Any) -> None:
    counted = sum(each.subjects for each in found.standings)
    sql = "SELECT count(*) FROM (SELECT DISTINCT hierarchy, subject_kind, subject FROM place WHERE subject <> '')"
    assert counted == smallland_snapshot.rows(sql)[0][0]
    assert all(0 <= each.unaligned <= each.subjects for each in found.standings)
    assert any(each.unaligned for each in found.standings)


def test_findings_come_gravest_first(found: Health, smallland_snapshot: Any) -> None:
    assert len(found.findings) == len(smallland_snapshot.findings())
    order = ("error", "warning", "note")
    ranks = [order.index(each.severity) for each in found.findings]
    assert ranks == sorted(ranks)


def test_one_snapshot_serves(found: Health, smallland_snapshot: Any) -> None:
    assert [each.id for each in found.shelf if each.serves] == [smallland_snapshot.id]


def test_every_fact_ties_to_what_was_brought(found: Health, smallland_snapshot: Any) -> None:
    staged = {name: rows for name, rows in smallland.smallland().items() if CONTRACT[name].is_fact and rows}
    assert {each.table: each.brought for each in found.tied} == {name: len(rows) for name, rows in staged.items()}
    assert all(each.ties and each.anew == 0 for each in found.tied)
    volume = next(each for each in found.tied if each.table == "outcome")
    assert float(volume.served_total) == sum(row["quantity"] for row in staged["outcome"])
    assert "outcome" in found.totals and "exchange" not in found.totals  # a steward reads no scientific exchange


def test_a_later_import_says_rows_anew_and_one_behind_the_back_of_the_build_differs(tmp_path: Path) -> None:
    rows = tinyland()
    workspace = smallland.workspace(tmp_path / "home", rows=rows)
    again = {**rows["outcome"][0], "quantity": 7}
    smallland.stage(workspace, {"outcome": [again]}, name="000002-again")
    build(workspace, smallland.AS_OF)
    snapshot = open_snapshot(workspace)
    (volume,) = [each for each in reconciled(workspace, snapshot) if each.table == "outcome"]
    assert (volume.brought, volume.anew, volume.served, volume.missing) == (7, 1, 6, 0) and volume.ties
    assert float(volume.served_total) == 14 - 1 + 7
    smallland.stage(workspace, {"outcome": [{**again, "subject": "B", "quantity": 9}]}, name="000003-unbuilt")
    (volume,) = [each for each in reconciled(workspace, snapshot) if each.table == "outcome"]
    assert volume.missing == 0 and not volume.ties  # the same rows, another total: it was not built yet
    spoilt = workspace.staged / "000003-unbuilt" / "outcome.parquet"
    spoilt.write_bytes(spoilt.read_bytes()[:40])
    (volume,) = [each for each in reconciled(workspace, snapshot) if each.table == "outcome"]
    assert (volume.brought, volume.served) == (0, 6) and not volume.ties


def test_media_says_how_much_went_to_somebody_known(found: Health) -> None:
    assert {(each.source, each.what): (each.all, each.known) for each in found.recognised}["adnet", "impressions"] == (
        25,
        18,
    )


def test_a_number_goes_back_to_its_files() -> None:
    account = {"layout": "crm", "source": "call", "read": 9, "left_out": {}, "superseded": 0}
    files = tuple(
        FileAccount(file=name, kept=kept, quarantined=9 - kept, **account)  # type: ignore[arg-type]
        for name, kept in (("a.csv", 8), ("b.csv", 0))
    )
    imports = (Imported(name="000004-crm", layout="crm", files=files),)
    fed = (("crm.call", "interaction"), ("crm.email", "exposure"))
    assert origins("calls", fed, imports) == (Origin("interaction", "crm.call", "a.csv", "000004-crm", 9, 8, 1),)
    assert origins("trx", fed, imports) == ()


def test_a_restated_week_is_read_back_from_its_finding() -> None:
    said = "the period ending 2026-10-02 was restated by +2.4 % against the delivery before"
    finding = Finding(code="period_restated", severity="warning", what=said, where="mapping rx, source weekly",
                      todo="", rows=3)  # fmt: skip
    assert told_by(finding) == (date(2026, 10, 2), pytest.approx(0.024))
    assert told_by(replace(finding, code="restated")) is None
    assert _finding("mapping rx, source weekly", "2026-10-02", 100.0, 102.4, 3).what == said


def test_what_differs_from_the_snapshot_before_is_said_in_its_share(tmp_path: Path) -> None:
    rows = tinyland()
    workspace = smallland.workspace(tmp_path / "home", rows=rows)
    build(workspace, smallland.AS_OF)
    smallland.stage(workspace, {"outcome": [{**rows["outcome"][0], "quantity": 2.4}]}, name="000002-again")
    build(workspace, smallland.AS_OF)
    (told,) = health(replace(STEWARD, node=None), open_snapshot(workspace), workspace).restated
    assert (told.ending, told.what, told.against) == (date(2026, 11, 6), "P", "the snapshot before")
    assert told.share == pytest.approx(1.4 / 7)
