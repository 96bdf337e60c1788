"""Can these numbers be trusted: the age of every feed, findings, rows accounted for, what stands unaligned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.errors import Denied, OnepictureError
from data.findings import SEVERITIES, Finding
from data.imported import Imported, imported
from data.snapshot import history, open_snapshot
from data.workspace import Workspace
from metrics.access import may_enter, role_of
from metrics.policy_force import in_force
from metrics.provenance import Recognised, Restated, Tied, recognised, restated, tied, totals_open
from metrics.query import Visitor

SHELF = 12
_OWNERS = {
    "whoever sends the file": (
        "file_not_read", "file_empty", "column_twice", "nothing_kept", "required_missing", "key_twice", "feed_stale",
        "outcome_gap", "period_restated", "restated", "week_off_beat", "outcome_grain",
    ),
    "whoever keeps the mappings": ("layout_not_read", "lookup_unmatched", "lookup_twice", "value_unknown", "date_odd"),
    "whoever keeps the customer master": ("identity_conflict", "npi_check", "party_twice", "reference_unknown"),
    "whoever keeps the alignment": (
        "unaligned", "node_twice", "hierarchy_broken", "activity_node_unknown", "activity_without_node",
        "node_of_roster_unknown",
    ),
}  # fmt: skip
_OWNER = {code: owner for owner, codes in _OWNERS.items() for code in codes}
NOT_YOURS = "Findings, files and snapshots are shown to the data steward."


def owner(finding: Finding) -> str:
    """Who can do something about a finding; the data steward where nobody else is named."""
    return _OWNER.get(finding.code, "the data steward")


@dataclass(frozen=True)
class Feed:
    """One feed of the snapshot: what it fills, by which grain, from when to when, and how late it is."""

    feed: str
    facts: tuple[str, ...]
    grain: str
    first: date | None
    last: date | None
    lag_days: int | None
    late: bool
    published: bool


@dataclass(frozen=True)
class Standing:
    """How many of a kind stand in a hierarchy, and how many of them under Unaligned."""

    hierarchy: str
    kind: str
    subjects: int
    unaligned: int

    @property
    def share(self) -> float:
        """The unaligned part, 0 to 1."""
        return self.unaligned / self.subjects if self.subjects else 0.0


@dataclass(frozen=True)
class Shelved:
    """A finished snapshot: its id, the day it speaks of, when it was built, and whether it serves."""

    id: str
    as_of: date
    built_at: datetime
    serves: bool


@dataclass(frozen=True)
class Health:
    """Everything that a steward needs to trust a snapshot, or not.

    `totals` names the facts of which the steward may read the control totals, too; `fed` are feeds with their tables.
    """

    feeds: tuple[Feed, ...]
    findings: tuple[Finding, ...]
    standings: tuple[Standing, ...]
    imports: tuple[Imported, ...]
    shelf: tuple[Shelved, ...]
    restated: tuple[Restated, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    tied: tuple[Tied, ...] = ()
    totals: frozenset[str] = frozenset()
    fed: tuple[tuple[str, str], ...] = ()


def health(visitor: Visitor, snapshot: Any, workspace: Workspace) -> Health:
    """The health of a snapshot and of the imports behind it. Raises Denied for everybody but the steward."""
    if not role_of(visitor, snapshot).inspects:
        raise Denied(NOT_YOURS, todo="Ask the steward where a number looks wrong.")
    may_enter(visitor, snapshot, visitor.hierarchy)
    policy = in_force(snapshot).finding
    every = (*snapshot.findings(), *((policy,) if policy else ()))
    found = tuple(sorted(every, key=lambda each: SEVERITIES.index(each.severity)))
    shelf, role = _shelf(workspace, snapshot.id), role_of(visitor, snapshot)
    reconciled = tied(snapshot, workspace)
    return Health(
        feeds=_feeds(snapshot, found),
        findings=found,
        standings=_standings(snapshot),
        imports=imported(workspace),
        shelf=shelf,
        restated=restated(snapshot, found, workspace, _before(shelf)),
        recognised=recognised(snapshot, role),
        tied=reconciled,
        fed=tuple(snapshot.rows("SELECT DISTINCT feed, fact FROM coverage ORDER BY ALL")),
        totals=frozenset(each.table for each in reconciled if totals_open(each.table, role)),
    )


def _before(shelf: tuple[Shelved, ...]) -> str | None:
    """The snapshot built before the serving one, the latest of them."""
    at = next((place for place, each in enumerate(shelf) if each.serves), len(shelf))
    return shelf[at + 1].id if at + 1 < len(shelf) else None


_COVERAGE = """
SELECT feed, list(DISTINCT fact ORDER BY fact) AS facts, any_value(grain ORDER BY grain) AS grain, min(first) AS first,
       max(last) AS last, bool_or(coalesce(published, FALSE)) AS published
FROM coverage GROUP BY feed ORDER BY feed
"""


def _feeds(snapshot: Any, findings: tuple[Finding, ...]) -> tuple[Feed, ...]:
    late = " ".join(each.what for each in findings if each.code == "feed_stale")
    found = []
    for feed, facts, grain, first, last, published in snapshot.rows(_COVERAGE):
        lag = max((snapshot.as_of - last).days, 0) if last else None
        found.append(Feed(feed, tuple(facts), grain, first, last, lag, f'"{feed}"' in late, published))
    return tuple(sorted(found, key=lambda each: (not each.late, -(each.lag_days or 0), each.feed)))


_PLACES = """
SELECT hierarchy, subject_kind, leaf, count(DISTINCT subject) FROM place
WHERE subject <> '' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def _standings(snapshot: Any) -> tuple[Standing, ...]:
    """Each kind in each hierarchy, with the part that nobody is responsible for."""
    counted: dict[tuple[str, str], list[int]] = {}
    names = {each.id: each.name for each in snapshot.hierarchies()}
    nodes = {each: snapshot.nodes(each) for each in names}
    for hierarchy, kind, leaf, subjects in snapshot.rows(_PLACES):
        both = counted.setdefault((hierarchy, kind), [0, 0])
        both[0] += subjects
        node = nodes.get(hierarchy, {}).get(leaf)
        both[1] += subjects if node is not None and node.unaligned else 0
    return tuple(Standing(names.get(place, place), kind, *both) for (place, kind), both in sorted(counted.items()))


def _shelf(workspace: Workspace, serving: str) -> tuple[Shelved, ...]:
    """The finished snapshots, the latest built first; one that cannot be opened is left out."""
    found = []
    for id in history(workspace.snapshots)[-SHELF:]:
        try:
            rows = open_snapshot(workspace, id).rows("SELECT as_of, built_at FROM build_info")
        except OnepictureError:
            continue
        found += [Shelved(id, as_of, built_at, id == serving) for as_of, built_at in rows]
    return tuple(sorted(found, key=lambda each: (each.built_at, each.id), reverse=True))
