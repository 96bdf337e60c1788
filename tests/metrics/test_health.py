"""Whether the numbers can be trusted, said to the steward only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.errors import Denied
from data.workspace import Workspace
from metrics.catalog.roles import ROLES
from metrics.health import Health, health
from metrics.query import Visitor
from tests.dashboard.test_navigation import of

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
