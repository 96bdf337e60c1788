"""Run every declared cue over the half-built snapshot and write what was found.

No evidence, no cue; no lever, no cue. A post that stands empty receives none: its manager has the
vacancy instead. Names of persons stay outside: headlines hold {subject}.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import pandas as pd

from metrics import links, own_rows
from metrics.catalog.cues import CUES
from metrics.catalog.roles import ROLES
from metrics.cues import (
    activation,
    answers,
    balance,
    consent,
    coverage,
    effort,
    experts,
    feeds,
    inquiries,
    late_logging,
    left_out,
    little_back,
    media,
    moving,
    over_calling,
    prescribing,
    restated,
    rising,
    sampling,
    screening,
    sites,
    stalled,
    studies,
    territory,
    topics,
    unaligned,
    vacancy,
)
from metrics.cues.declare import Cue
from metrics.cues.posts import Posts, posts
from metrics.cues.scene import SAID, Alike, Found, Scene
from metrics.lineage import sensitivities
from metrics.models.declare import Watched

LONGEST_HEADLINE = 90


@dataclass(frozen=True)
class Rule:
    """A cue's declaration, the statements it reads by, and the function that finds it."""

    cue: Cue
    statements: tuple[str, ...]
    find: Callable[[Scene], Iterator[Found]]

    def __post_init__(self) -> None:
        where = f"cue {self.cue.name}"
        links.refuse(self.classes, where)
        if any(ROLES[lever.role].medical for lever in self.cue.levers):
            links.refuse_medical(self.classes, where)

    @cached_property
    def classes(self) -> frozenset[str]:
        """What it gives away, from the statements themselves; a lever that writes reads consents too."""
        writes = any(lever.channel for lever in self.cue.levers)
        return sensitivities((*self.statements, *([consent.HELD] if writes else [])))

    def found(self, scene: Scene, watched: Watched) -> list[Found]:
        """What it finds, reading nothing but what its statements told at import.

        Where it has read nothing that depends on the team, what it found holds for every team.
        """
        kept = {} if scene.alike.found is None else scene.alike.found
        if self.cue.name in kept:
            return list(kept[self.cue.name])
        with watched.within(self.classes, f"cue {self.cue.name}"):
            found, by_team = scene.watched(lambda: list(self.find(scene)))
        if not by_team:
            kept[self.cue.name] = found
        return found


RULES: dict[str, Rule] = {
    name: Rule(CUES[name], statements, find)
    for name, statements, find in (
        ("writing_less", prescribing.STATEMENTS, prescribing.writing_less),
        ("writing_more", moving.STATEMENTS, moving.writing_more),
        ("met_often_writes_little", little_back.STATEMENTS, little_back.met_often_writes_little),
        ("effort_without_scripts", effort.STATEMENTS, effort.effort_without_scripts),
        ("overdue_target", coverage.STATEMENTS, coverage.overdue_target),
        ("sample_sink", sampling.STATEMENTS, sampling.sample_sink),
        ("consent_ending", consent.STATEMENTS, consent.consent_ending),
        ("territory_falling", territory.STATEMENTS, territory.territory_falling),
        ("territory_rising", rising.STATEMENTS, rising.territory_rising),
        ("vacant_territory", vacancy.STATEMENTS, vacancy.vacant_territory),
        ("over_calling", over_calling.STATEMENTS, over_calling.over_calling),
        ("late_logging", late_logging.STATEMENTS, late_logging.late_logging),
        ("unbalanced_map", balance.STATEMENTS, balance.unbalanced_map),
        ("media_fatigue", media.STATEMENTS, media.media_fatigue),
        ("flagging_site", sites.STATEMENTS, sites.flagging_site),
        ("site_stalled", stalled.STATEMENTS, stalled.site_stalled),
        ("screen_failure", screening.STATEMENTS, screening.screen_failure),
        ("activation_stuck", activation.STATEMENTS, activation.activation_stuck),
        ("study_late", studies.STATEMENTS, studies.study_late),
        ("inquiry_due", inquiries.STATEMENTS, inquiries.inquiry_due),
        ("answers_at_risk", answers.STATEMENTS, answers.answers_at_risk),
        ("topic_surge", topics.STATEMENTS, topics.topic_surge),
        ("expert_waiting", experts.STATEMENTS, experts.expert_waiting),
        ("feed_silent", feeds.STATEMENTS, feeds.feed_silent),
        ("week_restated", restated.STATEMENTS, restated.week_restated),
        ("rows_left_out", left_out.STATEMENTS, left_out.rows_left_out),
        ("unaligned_share", unaligned.STATEMENTS, unaligned.unaligned_share),
    )
}

_DDL = """
CREATE OR REPLACE TABLE cue (
    cue VARCHAR, kind VARCHAR, role VARCHAR, hierarchy VARCHAR, node VARCHAR, subject VARCHAR, product VARCHAR,
    headline VARCHAR, reasons VARCHAR, comparator VARCHAR, confidence DOUBLE, data_as_of DATE, data_age_days INTEGER,
    lever VARCHAR, action VARCHAR, owner VARCHAR, due DATE, worth_low DOUBLE, worth_high DOUBLE, worth_unit VARCHAR,
    rank_value DOUBLE, classes VARCHAR, evidence VARCHAR
)"""

_DDL_OF_TEAM = "CREATE OR REPLACE TABLE cue_of_team AS SELECT *, CAST(NULL AS VARCHAR) AS team FROM cue"
_KEEP = {
    "cue": "INSERT INTO cue BY NAME SELECT * FROM cue_rows ORDER BY rank_value DESC, cue",
    "cue_of_team": "INSERT INTO cue_of_team BY NAME SELECT * FROM cue_rows ORDER BY rank_value DESC, cue",
}


def find_cues(con: duckdb.DuckDBPyConnection, info: Any) -> None:
    """Write every cue found, with its evidence, its owner and what it gives away.

    `cue` holds what everybody together did, `cue_of_team` what each team alone did, where there are several: who
    looks with one team's eyes is told of no call that another made, and of none that another should have made.
    """
    con.execute(_DDL)
    con.execute(_DDL_OF_TEAM)
    watched = Watched(con)
    scene = Scene(watched, info.as_of, info.anchor, info.grain, alike=Alike({}))
    with watched.within(frozenset({"consent"}), "what may be sent to whom"):
        consents = consent.Consents.of(scene)
    _write(con, "cue", _rows(scene, watched, consents))
    for team in own_rows.teams(lambda sql: watched.execute(sql).fetchall()):
        rows = _rows(replace(scene, team=team), watched, consents)
        _write(con, "cue_of_team", [{**each, "team": team} for each in rows])


def _rows(scene: Scene, watched: Watched, consents: consent.Consents) -> list[dict[str, Any]]:
    """Every cue of a scene that has somebody to do it."""
    sitting = posts(scene)
    return [
        row(scene, rule, found, sitting)
        for rule in RULES.values()
        for found in rule.found(scene, watched)
        if (found.hierarchy, found.node, found.role) not in sitting.empty
        and found.worth[1] > 0
        and found.subject not in scene.erased
        and may_be_done(scene, rule, found, consents)
    ]


def _write(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        con.register("cue_rows", pd.DataFrame(rows))
        con.execute(_KEEP[table])
        con.unregister("cue_rows")


def may_be_done(scene: Scene, rule: Rule, found: Found, consents: consent.Consents) -> bool:
    """Whether the lever may be used on the day it is due: writing to a person needs consent for channel and product."""
    channel = rule.cue.lever_of(found.role).channel
    return channel is None or consents.allow(found.subject, channel, found.product, _due(scene, rule.cue, found))


def _due(scene: Scene, cue: Cue, found: Found) -> date:
    return found.due or scene.working_day_after(cue.due)


def row(scene: Scene, rule: Rule, found: Found, sitting: Posts) -> dict[str, Any]:
    """One row of the cue table."""
    cue, lever = rule.cue, rule.cue.lever_of(found.role)
    low, high = found.worth
    return {
        "cue": identity(cue.name, found, scene.team), "kind": cue.name, "role": found.role,
        "hierarchy": found.hierarchy, "node": found.node, "subject": found.subject, "product": found.product,
        "headline": found.headline[:LONGEST_HEADLINE], "reasons": json.dumps(list(found.reasons), ensure_ascii=False),
        "comparator": found.comparator, "confidence": found.confidence, "data_as_of": found.data_as_of,
        "data_age_days": (scene.as_of - found.data_as_of).days, "lever": lever.lever, "action": lever.action,
        "owner": sitting.owner(found.hierarchy, found.node, found.role),
        "due": _due(scene, cue, found), "worth_low": round(low, 2), "worth_high": round(high, 2),
        "worth_unit": found.unit or cue.unit,
        "rank_value": (low + high) / 2 * cue.points * cue.control * found.confidence * found.urgency,
        "classes": json.dumps(sorted(rule.classes)), "evidence": json.dumps(_evidence(found), default=float),
    }  # fmt: skip


def _evidence(found: Found) -> dict[str, Any]:
    """The numbers, and the sentences with their typed values; a headline too long for a card is cut as English."""
    long = {"headline": found.headline[:LONGEST_HEADLINE]} if len(found.headline) > LONGEST_HEADLINE else {}
    return {**found.evidence, SAID: found.said | long}


def identity(kind: str, found: Found, team: str | None = None) -> str:
    """The cue's id: the same from build to build for the same thing, owner's post and product."""
    told = (kind, found.role, found.hierarchy, found.node, found.subject, found.product or "", found.thing or "")
    text = "|".join((*told, *([team] if team is not None else [])))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
