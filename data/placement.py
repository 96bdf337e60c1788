"""Where everything stands: balanced hierarchies, each node's ancestors, each subject's leaf on the anchor."""

from __future__ import annotations

from datetime import date

import duckdb

from data import moves
from data.contract import CONTRACT
from data.engine.duckdb import literal, quoted
from data.findings import Finding
from data.hierarchies import ladder
from data.levels import UNALIGNED

# Tables and how a row names its subject, with the kind of a subject that no party row describes.
SUBJECTS = {
    "outcome": ("subject", "subject_kind"),
    "goal": ("subject", "subject_kind"),
    "enrolment": ("site", "'site'"),
    "milestone": ("site", "'site'"),
    "site": ("site", "'site'"),
    **{name: ("party", "'hcp'") for name, table in CONTRACT.items() if table.is_fact and "party" in table.names},
}
# Facts whose subject may be nobody known, and the kinds of hierarchy whose total must hold them.
NOBODY = {
    "exposure": ("field", "overlay", "geography"),
    "spend": ("field", "overlay", "geography"),
    "inquiry": ("field", "overlay", "geography", "medical"),
    "insight": ("medical",),
}
# Facts that name a node: they count where they were done.
ACTIVITY = tuple(name for name, table in CONTRACT.items() if table.is_fact and "node" in table.names)


def place(con: duckdb.DuckDBPyConnection, facts: str, anchor: date) -> list[Finding]:
    """Complete `node`, and write `node_tree`, `place` and `place_shift` (data/moves.py).

    `facts` is the schema that holds the loaded fact tables; reference tables lie in the main one.
    Every hierarchy comes out balanced: whatever is known only to a higher level stands under that
    level's Unaligned chain, so that each level's total is the sum of the next one's. A link upward
    that does not lead up (a cycle, a wrong level) is cut and reported, so nothing here can hang.
    Leaves the temporary tables `ladder`, `standing`, `aligned_now` and `activity_leaf` behind for
    the checks.
    """
    findings = ladder(con)
    _find_standings(con)
    _align(con, anchor)
    _place_subjects(con, facts)
    moves.write(con, facts, anchor, SUBJECTS)
    _place_activity(con, facts)
    con.execute("CREATE OR REPLACE TEMP TABLE node_said AS SELECT * FROM node")
    _grow_tree(con)
    return findings


def _find_standings(con: duckdb.DuckDBPyConnection) -> None:
    """`standing`: each node with the nearest sound link above it and the leaf that its own rows count at.

    `catch` holds the node that catches what is known to no level: the only top node, or else a
    top-level Unaligned node of the hierarchy's own.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE known AS
        SELECT n.hierarchy, n.node, l.level, l.depth, l.last,
               NULLIF(n.parent, '') AS parent, coalesce(n.name, n.node) AS name
        FROM node n JOIN ladder l ON l.hierarchy = n.hierarchy AND lower(l.level) = lower(n.level)
        WHERE NOT ends_with(n.node, '{UNALIGNED}');

        CREATE OR REPLACE TEMP TABLE catch AS
        SELECT l.hierarchy, l.level, l.last, count(k.node) <> 1 AS made,
               CASE WHEN count(k.node) = 1 THEN any_value(k.node) ELSE l.hierarchy || '{UNALIGNED}' END AS node
        FROM ladder l LEFT JOIN known k ON k.hierarchy = l.hierarchy AND k.depth = 0
        WHERE l.depth = 0 GROUP BY l.hierarchy, l.level, l.last;

        CREATE OR REPLACE TEMP TABLE standing AS
        SELECT k.hierarchy, k.node, k.level, k.depth, k.name, k.parent,
               CASE WHEN k.depth > 0 THEN coalesce(p.node, c.node) END AS above,
               coalesce(p.depth, 0) AS above_depth,
               k.node || repeat('{UNALIGNED}', k.last - k.depth) AS leaf
        FROM known k JOIN catch c USING (hierarchy)
        LEFT JOIN known p ON p.hierarchy = k.hierarchy AND p.node = k.parent AND p.depth < k.depth
        UNION ALL
        SELECT hierarchy, node, level, 0, 'Unaligned', NULL, NULL, 0, node || repeat('{UNALIGNED}', last)
        FROM catch WHERE made;
        """
    )


def _align(con: duckdb.DuckDBPyConnection, anchor: date) -> None:
    """`aligned_now`: the one place of each subject in each hierarchy that it is aligned in on the anchor.

    Of several alignments on one day the largest split holds, then the latest, then the deepest.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE aligned_now AS
        SELECT a.hierarchy, a.subject, coalesce(p.kind, a.subject_kind) AS subject_kind, s.leaf,
               count(*) OVER (PARTITION BY a.hierarchy, a.subject) AS places
        FROM alignment a
        JOIN (SELECT DISTINCT hierarchy, kind FROM ladder) h USING (hierarchy)
        LEFT JOIN standing s ON s.hierarchy = a.hierarchy AND s.node = a.node
        LEFT JOIN party p ON p.party = a.subject
        WHERE (a.split IS NULL OR a.split > 0) AND (lower(a.team) = 'core' OR h.kind = 'overlay')
          AND coalesce(a.from_date, DATE '0001-01-01') <= $anchor
          AND coalesce(a.to_date, DATE '9999-12-31') >= $anchor
        QUALIFY row_number() OVER (
            PARTITION BY a.hierarchy, a.subject
            ORDER BY a.split DESC NULLS FIRST, a.from_date DESC NULLS LAST, s.depth DESC NULLS LAST, a.node) = 1
        """,
        {"anchor": anchor},
    )


def _place_subjects(con: duckdb.DuckDBPyConnection, facts: str) -> None:
    """`place(hierarchy, subject, leaf, subject_kind)` as things stood on the anchor; '' is "nobody known".

    A subject with a row somewhere and no alignment stands at its hierarchy's Unaligned leaf; one with
    neither is not placed. An erased person stands where a clinician would, so that every total keeps it.
    """
    seen = " UNION ALL ".join(
        f"SELECT DISTINCT {subject} AS subject, {kind} AS kind "
        f"FROM {facts if CONTRACT[name].is_fact else 'main'}.{quoted(name)} WHERE {subject} IS NOT NULL"
        for name, (subject, kind) in SUBJECTS.items()
    )
    nobody = " UNION ALL ".join(
        f"SELECT DISTINCT hierarchy FROM ladder WHERE kind IN ({', '.join(map(literal, kinds))}) AND EXISTS "
        f"(SELECT 1 FROM {facts}.{quoted(name)}{' WHERE party IS NULL' if 'party' in CONTRACT[name].names else ''})"
        for name, kinds in NOBODY.items()
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE place AS
        WITH seen AS (
            SELECT s.subject, coalesce(any_value(p.kind), min(s.kind)) AS kind
            FROM ({seen}) s LEFT JOIN party p ON p.party = s.subject GROUP BY s.subject),
        wanted AS (
            SELECT v.hierarchy, s.subject, s.kind AS subject_kind
            FROM seen s JOIN covers v ON v.subject_kind = CASE s.kind WHEN 'erased' THEN 'hcp' ELSE s.kind END
            UNION SELECT hierarchy, subject, subject_kind FROM aligned_now
            UNION SELECT hierarchy, '', 'nobody' FROM ({nobody}))
        SELECT w.hierarchy, w.subject,
               coalesce(a.leaf, c.node || repeat('{UNALIGNED}', c.last)) AS leaf, w.subject_kind
        FROM wanted w JOIN catch c USING (hierarchy)
        LEFT JOIN aligned_now a ON a.hierarchy = w.hierarchy AND a.subject = w.subject
        ORDER BY w.hierarchy, w.subject
        """
    )


def _place_activity(con: duckdb.DuckDBPyConnection, facts: str) -> None:
    """`activity_leaf`: for each node that a fact names, the leaf that its rows count at."""
    named = " UNION ".join(
        f"SELECT hierarchy, node FROM {facts}.{quoted(name)} WHERE node IS NOT NULL" for name in ACTIVITY
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE activity_leaf AS
        SELECT f.hierarchy AS hierarchy_said, f.node AS node_said, s.node IS NULL AS unknown,
               coalesce(s.hierarchy, c.hierarchy) AS hierarchy,
               coalesce(s.leaf, c.node || repeat('{UNALIGNED}', c.last)) AS leaf
        FROM ({named}) f
        LEFT JOIN standing s ON s.node = f.node AND (f.hierarchy IS NULL OR s.hierarchy = f.hierarchy)
        LEFT JOIN catch c ON c.hierarchy = f.hierarchy
        QUALIFY row_number() OVER (PARTITION BY f.hierarchy, f.node ORDER BY s.hierarchy) = 1
        """
    )


def _grow_tree(con: duckdb.DuckDBPyConnection) -> None:
    """Complete `node` with the Unaligned chains, keep what has a subject or activity below, write `node_tree`.

    Each link goes exactly one level up, so following it ends at the top.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE grown AS
        SELECT hierarchy, node, level, depth, above || repeat('{UNALIGNED}', depth - above_depth - 1) AS parent, name
        FROM standing
        UNION ALL
        SELECT s.hierarchy, s.node || repeat('{UNALIGNED}', l.depth - s.depth), l.level, l.depth,
               s.node || repeat('{UNALIGNED}', l.depth - s.depth - 1), 'Unaligned'
        FROM standing s JOIN ladder l ON l.hierarchy = s.hierarchy AND l.depth > s.depth;

        CREATE OR REPLACE TEMP TABLE lived AS
        WITH RECURSIVE up(hierarchy, node) AS (
            (SELECT hierarchy, leaf FROM place UNION SELECT hierarchy, leaf FROM place_shift
             UNION SELECT hierarchy, leaf FROM activity_leaf WHERE leaf IS NOT NULL)
            UNION
            SELECT u.hierarchy, g.parent
            FROM up u JOIN grown g ON g.hierarchy = u.hierarchy AND g.node = u.node WHERE g.parent IS NOT NULL)
        SELECT hierarchy, node FROM up;

        CREATE OR REPLACE TABLE node AS
        SELECT g.hierarchy, g.node, g.level, g.parent, g.name
        FROM grown g SEMI JOIN lived l ON l.hierarchy = g.hierarchy AND l.node = g.node
        ORDER BY g.hierarchy, g.depth, g.node;

        CREATE OR REPLACE TABLE node_tree AS
        WITH RECURSIVE up(hierarchy, ancestor, node) AS (
            SELECT hierarchy, node, node FROM node
            UNION ALL
            SELECT u.hierarchy, n.parent, u.node
            FROM up u JOIN node n ON n.hierarchy = u.hierarchy AND n.node = u.ancestor WHERE n.parent IS NOT NULL)
        SELECT u.hierarchy, u.ancestor, u.node, g.level, g.depth
        FROM up u JOIN grown g ON g.hierarchy = u.hierarchy AND g.node = u.node
        ORDER BY u.hierarchy, u.ancestor, g.depth, u.node;
        """
    )
