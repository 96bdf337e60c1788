"""What a build writes: whole rows, stable ids, no names, and nothing for a post where nobody sits."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from metrics.cues import run
from metrics.cues.scene import Scene
from metrics.lineage import sensitivities

Put = Callable[..., None]


class Info:
    as_of, anchor, grain = date(2026, 11, 22), date(2026, 11, 13), "week"


@pytest.fixture
def ready(land: Scene) -> Scene:
    """Cueland with H09 (in T1) falling, and nothing else to say."""
    land.con.execute("CREATE TABLE site_state (site VARCHAR, study VARCHAR, rate DOUBLE, flag BOOLEAN, is_open BOOLEAN, period_end DATE)")  # fmt: skip  # noqa: E501
    land.con.execute("UPDATE outcome SET quantity = 1 WHERE subject = 'H09' AND product = 'ours' AND period_start >= DATE '2026-08-15'")  # fmt: skip  # noqa: E501
    return land


def rows(scene: Scene) -> list[dict[str, object]]:
    run.find_cues(scene.con, Info)
    return scene.con.execute("SELECT * FROM cue").df().to_dict("records")


def test_a_row_is_whole(ready: Scene, put: Put) -> None:
    put("roster", ["actor", "role", "hierarchy", "node", "status"], [["U1", "rep", "f", "T1", "active"]])
    (row,) = rows(ready)
    assert (row["kind"], row["role"], row["node"], row["owner"]) == ("writing_less", "rep", "T1", "U1")
    assert row["headline"] == "{subject} is writing less Ours"
    assert len(json.loads(str(row["reasons"]))) == 3
    assert row["data_age_days"] == 9
    assert str(row["due"])[:10] == "2026-11-25"
    assert json.loads(str(row["classes"])) == sorted(run.RULES["writing_less"].classes)
    assert json.loads(str(row["evidence"]))["before"] == 39
    assert float(row["rank_value"]) > 0  # type: ignore[arg-type]


def test_ids_are_the_same_from_build_to_build_and_in_any_row_order(ready: Scene) -> None:
    once = rows(ready)
    ready.con.execute("CREATE TABLE turned AS SELECT * FROM outcome ORDER BY hash(subject || product || period_end)")
    ready.con.execute("DROP TABLE outcome; ALTER TABLE turned RENAME TO outcome")
    assert rows(ready) == once


@pytest.mark.parametrize("status", ["vacant", "leave"])
def test_a_post_where_nobody_sits_receives_nothing(ready: Scene, put: Put, status: str) -> None:
    put("roster", ["actor", "role", "hierarchy", "node", "status"], [[None, "rep", "f", "T1", status]])
    assert rows(ready) == []


def test_nothing_found_leaves_an_empty_table(land: Scene) -> None:
    land.con.execute("CREATE TABLE site_state (site VARCHAR, study VARCHAR, rate DOUBLE, flag BOOLEAN, is_open BOOLEAN, period_end DATE)")  # fmt: skip  # noqa: E501
    assert rows(land) == []


@pytest.mark.parametrize("name", run.RULES)
def test_a_rule_reads_only_by_the_statements_that_it_declares(ready: Scene, name: str) -> None:
    """What a cue gives away is derived from its statements, so it must not run any other on sensitive tables."""
    rule, ran = run.RULES[name], []
    frame = ready.frame

    class Watched(Scene):
        def frame(self, sql: str, **values: object):  # type: ignore[no-untyped-def]
            ran.append(sql)
            return frame(sql, **values)

    list(rule.find(Watched(ready.con, ready.as_of, ready.anchor, ready.grain)))
    if not ran:  # a rule of yearly data alone
        ready.con.execute("UPDATE span SET win = 'Y' WHERE kind = 'window'")
        list(rule.find(Watched(ready.con, ready.as_of, ready.anchor, "year")))
    assert ran
    assert set(ran) <= set(rule.statements)
    assert sensitivities(ran) <= rule.classes
