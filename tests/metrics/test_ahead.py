"""Found before anybody asks: afterwards no question of any role finds a hidden cell anew."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from data.errors import Denied, WrongQuestion
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics import ahead, result
from metrics.access import authorise
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.cells import hidden
from metrics.query import MetricQuery, Visitor

TOGETHER = 12


def test_no_question_finds_anew_what_was_found_ahead(
    smallland_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(smallland_home, tmp_path / "home")
    assert ahead.find_ahead(open_snapshot(Workspace.open(tmp_path / "home"))) > 0
    shutil.copytree(tmp_path / "home", tmp_path / "again")
    snapshot = open_snapshot(Workspace.open(tmp_path / "again"))
    found: list[str] = []
    monkeypatch.setattr(hidden, "ground", _told(hidden.ground, found))
    asked = 0
    for role in (each for each in ROLES.values() if each.aggregates):
        for hierarchy in snapshot.hierarchies():
            top = next(iter(snapshot.nodes(hierarchy.id)))
            visitor = Visitor(id=role.name, role=role.name, hierarchy=hierarchy.id, node=top, studies=("*",))
            for first in range(0, len(METRICS), TOGETHER):
                asked += _ask(tuple(METRICS)[first : first + TOGETHER], visitor, hierarchy, snapshot)
    assert asked > 10
    assert not found


def _told(find: Any, found: list[str]) -> Any:
    def _find(snapshot: Any, *asked: Any) -> Any:
        found.append(repr(asked))
        return find(snapshot, *asked)

    return _find


def _ask(metrics: tuple[str, ...], visitor: Visitor, hierarchy: Any, snapshot: Any) -> bool:
    query = MetricQuery(metrics=metrics, hierarchy=hierarchy.id, within=None, by=hierarchy.levels[0])
    try:
        result.ask(authorise(query, visitor, snapshot), snapshot)
    except (Denied, WrongQuestion):
        return False
    return True
