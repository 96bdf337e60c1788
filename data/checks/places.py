"""Whether everybody stands somewhere: nodes, alignments, and how much is left under Unaligned.

Reads what placement leaves behind: `node_said`, `ladder`, `standing`, `aligned_now`, `activity_leaf`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from data.checks.check import Check
from data.engine.duckdb import quoted
from data.findings import Finding
from data.levels import UNALIGNED
from data.placement import ACTIVITY

_UNTIL = "until then it stands under Unaligned."
_NODES = (
    (
        "hierarchy_of_node_unknown",
        "error",
        "{examples} belongs to a hierarchy that is not declared",
        "Declare the hierarchy; until then the node is left out.",
        "SELECT node, 1 FROM node_said WHERE hierarchy NOT IN (SELECT hierarchy FROM ladder)",
    ),
    (
        "node_level",
        "error",
        "{examples} stands at a level that its hierarchy does not have",
        "Correct the level; until then the node is left out.",
        """SELECT node, 1 FROM node_said n WHERE hierarchy IN (SELECT hierarchy FROM ladder)
           AND NOT EXISTS (FROM standing s WHERE s.hierarchy = n.hierarchy AND s.node = n.node)""",
    ),
    (
        "node_parent_unknown",
        "warning",
        "{examples} names a parent that does not exist",
        f"Correct the parent; {_UNTIL}",
        """SELECT node, 1 FROM standing s WHERE parent IS NOT NULL
           AND NOT EXISTS (FROM standing p WHERE p.hierarchy = s.hierarchy AND p.node = s.parent)""",
    ),
    (
        "node_parent_not_above",
        "error",
        "{examples} names a parent that is not above it: a cycle, or a wrong level",
        f"Correct the parent; {_UNTIL}",
        """SELECT s.node, 1 FROM standing s JOIN standing p ON p.hierarchy = s.hierarchy AND p.node = s.parent
           WHERE p.depth >= s.depth""",
    ),
    (
        "node_without_parent",
        "warning",
        "{examples} has no parent",
        f"Give it one; {_UNTIL}",
        "SELECT node, 1 FROM standing WHERE parent IS NULL AND depth > 0",
    ),
    (
        "node_in_two_hierarchies",
        "error",
        "{examples} is a node of more than one hierarchy",
        "Give each hierarchy node ids of its own.",
        "SELECT node, 1 FROM node_said GROUP BY node HAVING count(DISTINCT hierarchy) > 1",
    ),
)
_ALIGNMENT = (
    (
        "alignment_node_unknown",
        "error",
        "{examples} is a node that does not exist",
        "Import the node; until then those aligned to it stand under Unaligned.",
        """SELECT a.node, count(*) FROM alignment a WHERE NOT EXISTS
           (FROM standing s WHERE s.hierarchy = a.hierarchy AND s.node = a.node) GROUP BY 1""",
    ),
    (
        "aligned_twice",
        "error",
        "{examples} is aligned to more than one place on the same day",
        "Close the older alignment, or give splits; the largest split counts, then the latest.",
        "SELECT subject, 1 FROM aligned_now WHERE places > 1",
    ),
    (
        "split_sum",
        "warning",
        "splits of {examples} do not sum to 1",
        "Correct the splits, so that nothing counts twice or not at all.",
        """SELECT subject, count(*) FROM alignment WHERE split IS NOT NULL AND to_date IS NULL
           GROUP BY subject, hierarchy, team HAVING sum(split) <> 1""",
    ),
)


def checks() -> Iterator[Check]:
    """Nodes that cannot stand where their file says, alignments that lead nowhere or twice."""
    for code, severity, what, todo, sql in _NODES:
        yield Check(code=code, severity=severity, where="node", what=what, todo=todo, sql=sql)
    for code, severity, what, todo, sql in _ALIGNMENT:
        yield Check(code=code, severity=severity, where="alignment", what=what, todo=todo, sql=sql)
    yield Check(
        code="node_of_roster_unknown",
        severity="warning",
        where="roster",
        what="{examples} is a node that does not exist",
        todo="Import the node, or correct the roster.",
        sql="""SELECT r.node, count(*) FROM roster r WHERE NOT EXISTS
               (FROM standing s WHERE s.hierarchy = r.hierarchy AND s.node = r.node) GROUP BY 1""",
    )
    yield Check(
        code="activity_node_unknown",
        severity="warning",
        where="activity",
        what="{examples} is a node that does not exist, yet facts name it",
        todo="Import the node; until then what was done there counts under Unaligned.",
        sql="SELECT node_said, 1 FROM activity_leaf WHERE unknown",
    )
    for name in ACTIVITY:
        yield Check(
            code="activity_without_node",
            severity="note",
            where=name,
            what="rows of an actor name no node",
            todo="They count where their subject is aligned; give the actor a node to count them as the actor's.",
            sql=f"SELECT '', count(*) FROM {quoted(name)} WHERE node IS NULL AND actor IS NOT NULL"
            if name not in ("plan", "expert_plan")
            else f"SELECT '', count(*) FROM {quoted(name)} WHERE false",
        )


def unaligned(con: duckdb.DuckDBPyConnection, anchor: date) -> Iterator[Finding]:
    """For each hierarchy, who stands under Unaligned on the anchor; an overlay is not meant to hold everybody.

    A commercial hierarchy also says their share of the last year's prescriptions; a medical one is
    never told in prescriptions.
    """
    for hierarchy, kind, subjects, share in con.execute(
        f"""
        WITH volume AS (
            SELECT subject, sum(quantity) AS quantity FROM outcome
            WHERE period_end > $anchor::DATE - 365 AND period_end <= $anchor GROUP BY subject),
        placed AS (
            SELECT p.hierarchy, h.kind, p.subject_kind, ends_with(p.leaf, '{UNALIGNED}') AS astray,
                   CASE WHEN h.kind IN ('field', 'geography') THEN v.quantity END AS quantity
            FROM place p JOIN hierarchy h USING (hierarchy) LEFT JOIN volume v ON v.subject = p.subject
            WHERE p.subject <> '' AND h.kind <> 'overlay')
        SELECT hierarchy, subject_kind, count(*) FILTER (WHERE astray),
               100.0 * sum(quantity) FILTER (WHERE astray) / nullif(sum(quantity), 0)
        FROM placed GROUP BY ALL HAVING count(*) FILTER (WHERE astray) > 0 ORDER BY ALL
        """,
        {"anchor": anchor},
    ).fetchall():
        part = "under 0.1" if share and share < 0.05 else f"{share or 0:.1f}"
        carried = f", with {part} % of their kind's prescriptions of the last year" if share else ""
        yield Finding(
            code="unaligned",
            severity="warning",
            what=f"{subjects:,} of kind {kind} stand under Unaligned{carried}",
            where=f"hierarchy {hierarchy}",
            todo="Align them; until then they count in the totals and in nobody's territory.",
            rows=subjects,
        )
