"""Where everything stands: balanced hierarchies, each node's ancestors, each subject's leaf on the anchor."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from data.contract import CONTRACT
from data.engine.duckdb import quoted
from data.errors import OnepictureError
from data.findings import Finding
from data.levels import UNALIGNED, Hierarchy

# Fact tables and how a row names its subject; a blank party is "nobody known" in media and medical.
SUBJECTS = {
    "outcome": ("subject", "subject_kind"),
    "goal": ("subject", "subject_kind"),
    "enrolment": ("site", "'site'"),
    "milestone": ("site", "'site'"),
    "site": ("site", "'site'"),
    **{name: ("party", "'hcp'") for name, table in CONTRACT.items() if table.is_fact and "party" in table.names},
}
NOBODY = {
    "exposure": ("field", "overlay", "geography"),
    "inquiry": ("field", "overlay", "geography", "medical"),
    "insight": ("medical",),
}
# Facts that name a node: they count where they were done.
ACTIVITY = tuple(name for name, table in CONTRACT.items() if table.is_fact and "node" in table.names)


def hierarchies(rows: list[tuple[str, ...]]) -> tuple[Hierarchy, ...]:
    """Hierarchies out of rows of the hierarchy table: id, kind, name, levels, subject, subject kinds."""
    return tuple(
        Hierarchy(
            id=id,
            kind=kind,
            name=name,
            levels=tuple(level.strip() for level in levels.split(">") if level.strip()),
            subject=subject,
            subject_kinds=tuple(kind.strip() for kind in kinds.split(",") if kind.strip()),
        )
        for id, kind, name, levels, subject, kinds in rows
    )


def place(con: duckdb.DuckDBPyConnection, facts: str, as_of: date, anchor: date) -> list[Finding]:
    """Complete `node` and write `node_tree`, `place`, `pdrp_now` and `working_day`.

    `facts` is the schema that holds the loaded fact tables; reference tables lie in the main one.
    Every hierarchy comes out balanced: whatever is known only to a higher level stands under that
    level's Unaligned chain, so that each level's total is the sum of the next one's. A link upward
    that does not lead up (a cycle, a wrong level) is cut and reported, so nothing here can hang.
    """
    findings = _read_hierarchies(con)
    _standings(con)
    findings += _node_findings(con)
    _place_subjects(con, facts, anchor)
    _place_activity(con, facts)
    _grow_tree(con)
    _write_pdrp(con, as_of)
    _write_working_days(con, facts, as_of)
    return findings


def _read_hierarchies(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """`ladder(hierarchy, kind, level, depth, last)` and `covers(hierarchy, subject_kind)`."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE ladder (hierarchy VARCHAR, kind VARCHAR, level VARCHAR, depth BIGINT, last BIGINT)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE covers (hierarchy VARCHAR, subject_kind VARCHAR)")
    findings = []
    for row in con.execute(
        f"SELECT {', '.join(CONTRACT['hierarchy'].names)} FROM hierarchy ORDER BY hierarchy"
    ).fetchall():
        try:
            (known,) = hierarchies([row])
        except OnepictureError as problem:
            findings.append(
                Finding(
                    code="hierarchy_broken",
                    severity="error",
                    what=problem.what,
                    where=f"hierarchy {row[0]}",
                    todo=problem.todo,
                    rows=1,
                )
            )
            con.execute("DELETE FROM hierarchy WHERE hierarchy = ?", [row[0]])
            continue
        last = len(known.levels) - 1
        con.executemany(
            "INSERT INTO ladder VALUES (?, ?, ?, ?, ?)",
            [(known.id, known.kind, level, depth, last) for depth, level in enumerate(known.levels)],
        )
        if known.subject_kinds:
            con.executemany("INSERT INTO covers VALUES (?, ?)", [(known.id, kind) for kind in known.subject_kinds])
    return findings


def _standings(con: duckdb.DuckDBPyConnection) -> None:
    """`standing`: each node with the nearest sound link above it and the leaf that its own rows count at.

    `catch` holds the node that catches what is known to no level: the only top node, or else a
    top-level Unaligned node of the hierarchy's own.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE known AS
        SELECT n.hierarchy, n.node, l.level, l.depth, l.last, NULLIF(n.parent, '') AS parent, coalesce(n.name, n.node) AS name
        FROM node n JOIN ladder l ON l.hierarchy = n.hierarchy AND lower(l.level) = lower(n.level)
        WHERE NOT ends_with(n.node, '{UNALIGNED}')
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE catch AS
        SELECT l.hierarchy, l.level, l.last,
               CASE WHEN count(k.node) = 1 THEN any_value(k.node) ELSE l.hierarchy || '{UNALIGNED}' END AS node,
               count(k.node) <> 1 AS made
        FROM ladder l LEFT JOIN known k ON k.hierarchy = l.hierarchy AND k.depth = 0
        WHERE l.depth = 0 GROUP BY l.hierarchy, l.level, l.last
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE standing AS
        SELECT k.hierarchy, k.node, k.level, k.depth, k.last, k.name, k.parent,
               CASE WHEN k.depth = 0 THEN NULL ELSE coalesce(p.node, c.node) END AS above,
               coalesce(p.depth, 0) AS above_depth,
               k.node || repeat('{UNALIGNED}', k.last - k.depth) AS leaf
        FROM known k JOIN catch c USING (hierarchy)
        LEFT JOIN known p ON p.hierarchy = k.hierarchy AND p.node = k.parent AND p.depth < k.depth
        UNION ALL
        SELECT hierarchy, node, level, 0, last, 'Unaligned', NULL, NULL, 0, node || repeat('{UNALIGNED}', last)
        FROM catch WHERE made
        """
    )


def _node_findings(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Nodes that cannot stand where their file says."""
    told = con.execute(
        """
        SELECT 'hierarchy_unknown', n.hierarchy, n.node, 'belongs to a hierarchy that is not declared', 'Declare the hierarchy, or correct the id.'
        FROM node n WHERE n.hierarchy NOT IN (SELECT hierarchy FROM ladder)
        UNION ALL
        SELECT 'node_level', n.hierarchy, n.node, 'stands at level "' || n.level || '", which its hierarchy does not have', 'Correct the level; until then the node is left out.'
        FROM node n WHERE n.hierarchy IN (SELECT hierarchy FROM ladder) AND NOT EXISTS (SELECT 1 FROM known k WHERE k.hierarchy = n.hierarchy AND k.node = n.node)
        UNION ALL
        SELECT CASE WHEN p.node IS NULL THEN 'node_parent_unknown' ELSE 'node_parent_not_above' END, s.hierarchy, s.node,
               CASE WHEN p.node IS NULL THEN 'names a parent that does not exist: "' || s.parent || '"'
                    ELSE 'stands under "' || s.parent || '", which is not above it: a cycle or a wrong level' END,
               'Correct the parent; until then the node stands under Unaligned.'
        FROM standing s LEFT JOIN known p ON p.hierarchy = s.hierarchy AND p.node = s.parent
        WHERE s.parent IS NOT NULL AND (s.above IS DISTINCT FROM s.parent)
        UNION ALL
        SELECT 'node_no_parent', s.hierarchy, s.node, 'has no parent', 'Give it one; until then it stands under Unaligned.'
        FROM standing s JOIN catch c USING (hierarchy) WHERE s.parent IS NULL AND s.depth > 0
        UNION ALL
        SELECT 'node_in_two_hierarchies', string_agg(DISTINCT hierarchy, ', ' ORDER BY hierarchy), node, 'is a node of more than one hierarchy', 'Give each hierarchy its own node ids.'
        FROM node GROUP BY node HAVING count(DISTINCT hierarchy) > 1
        ORDER BY ALL
        """
    ).fetchall()
    grave = {"hierarchy_unknown", "node_level", "node_parent_not_above", "node_in_two_hierarchies"}
    return [
        Finding(
            code=code,
            severity="error" if code in grave else "warning",
            what=f'"{node}" {what}',
            where=f"hierarchy {hierarchy}",
            todo=todo,
            rows=1,
        )
        for code, hierarchy, node, what, todo in told
    ]


def _place_subjects(con: duckdb.DuckDBPyConnection, facts: str, anchor: date) -> None:
    """`place(hierarchy, subject, leaf, subject_kind)` as things stood on the anchor, and `aligned_now`.

    A subject with a row somewhere and no alignment stands at its hierarchy's Unaligned leaf; one with
    neither is not placed. '' is "nobody known".
    """
    seen = " UNION ALL ".join(
        f"SELECT DISTINCT {subject} AS subject, {kind} AS kind FROM {facts if CONTRACT[name].is_fact else 'main'}.{quoted(name)} WHERE {subject} IS NOT NULL"
        for name, (subject, kind) in SUBJECTS.items()
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE seen AS
        SELECT s.subject, coalesce(any_value(p.kind), min(s.kind)) AS kind
        FROM ({seen}) s LEFT JOIN party p ON p.party = s.subject GROUP BY s.subject
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE aligned_now AS
        SELECT a.hierarchy, a.subject, coalesce(p.kind, a.subject_kind) AS subject_kind, s.leaf, a.node,
               count(*) OVER (PARTITION BY a.hierarchy, a.subject) AS places
        FROM alignment a
        JOIN (SELECT DISTINCT hierarchy, kind FROM ladder) h USING (hierarchy)
        LEFT JOIN standing s ON s.hierarchy = a.hierarchy AND s.node = a.node
        LEFT JOIN party p ON p.party = a.subject
        WHERE (a.split IS NULL OR a.split > 0) AND (lower(a.team) = 'core' OR h.kind = 'overlay')
          AND coalesce(a.from_date, DATE '0001-01-01') <= $anchor AND coalesce(a.to_date, DATE '9999-12-31') >= $anchor
        QUALIFY row_number() OVER (
            PARTITION BY a.hierarchy, a.subject
            ORDER BY s.depth DESC NULLS LAST, a.split DESC NULLS FIRST, a.from_date DESC NULLS LAST, a.node) = 1
        """,
        {"anchor": anchor},
    )
    nobody = " UNION ALL ".join(
        f"SELECT l.hierarchy FROM ladder l WHERE l.kind IN ({', '.join(repr(kind) for kind in kinds)}) "
        f"AND EXISTS (SELECT 1 FROM {facts}.{quoted(name)} WHERE party IS NULL)"
        for name, kinds in NOBODY.items()
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE place AS
        SELECT w.hierarchy, w.subject, coalesce(a.leaf, c.node || repeat('{UNALIGNED}', c.last)) AS leaf, w.subject_kind
        FROM (
            SELECT v.hierarchy, s.subject, s.kind AS subject_kind FROM seen s JOIN covers v ON v.subject_kind = s.kind
            UNION SELECT hierarchy, subject, subject_kind FROM aligned_now
            UNION SELECT hierarchy, '', 'nobody' FROM ({nobody})
        ) w JOIN catch c USING (hierarchy)
        LEFT JOIN aligned_now a ON a.hierarchy = w.hierarchy AND a.subject = w.subject
        ORDER BY ALL
        """
    )


def _place_activity(con: duckdb.DuckDBPyConnection, facts: str) -> None:
    """`activity_leaf(hierarchy_said, node_said, hierarchy, leaf)`: the leaf that each node named by a fact counts at."""
    named = " UNION ".join(
        f"SELECT hierarchy, node FROM {facts}.{quoted(name)} WHERE node IS NOT NULL" for name in ACTIVITY
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE activity_leaf AS
        SELECT f.hierarchy AS hierarchy_said, f.node AS node_said,
               coalesce(s.hierarchy, c.hierarchy) AS hierarchy,
               coalesce(s.leaf, c.node || repeat('{UNALIGNED}', c.last)) AS leaf,
               s.node IS NULL AS unknown
        FROM ({named}) f
        LEFT JOIN standing s ON s.node = f.node AND (f.hierarchy IS NULL OR s.hierarchy = f.hierarchy)
        LEFT JOIN catch c ON c.hierarchy = f.hierarchy
        QUALIFY row_number() OVER (PARTITION BY f.hierarchy, f.node ORDER BY s.hierarchy) = 1
        """
    )


def _grow_tree(con: duckdb.DuckDBPyConnection) -> None:
    """Complete `node` with the Unaligned chains, keep what has a subject or an activity below, write `node_tree`."""
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE grown AS
        SELECT hierarchy, node, level, depth, name,
               above || repeat('{UNALIGNED}', depth - above_depth - 1) AS parent
        FROM standing
        UNION ALL
        SELECT s.hierarchy, s.node || repeat('{UNALIGNED}', k.step), l.level, l.depth, 'Unaligned',
               s.node || repeat('{UNALIGNED}', k.step - 1)
        FROM standing s, (SELECT unnest(range(1, 1 + (SELECT coalesce(max(last), 0) FROM ladder))) AS step) k
        JOIN ladder l ON l.hierarchy = s.hierarchy AND l.depth = s.depth + k.step
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE lineage AS
        WITH RECURSIVE up(hierarchy, leaf, node) AS (
            SELECT DISTINCT hierarchy, leaf, leaf FROM (SELECT hierarchy, leaf FROM place UNION SELECT hierarchy, leaf FROM activity_leaf WHERE leaf IS NOT NULL)
            UNION ALL
            SELECT u.hierarchy, u.leaf, g.parent FROM up u JOIN grown g ON g.hierarchy = u.hierarchy AND g.node = u.node WHERE g.parent IS NOT NULL
        )
        SELECT DISTINCT hierarchy, node FROM up
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TABLE node AS
        SELECT g.hierarchy, g.node, g.level, g.parent, g.name FROM grown g
        SEMI JOIN lineage l ON l.hierarchy = g.hierarchy AND l.node = g.node ORDER BY g.hierarchy, g.depth, g.node
        """
    )
    con.execute(
        """
        CREATE OR REPLACE TABLE node_tree AS
        WITH RECURSIVE up(hierarchy, ancestor, node) AS (
            SELECT hierarchy, node, node FROM node
            UNION ALL
            SELECT u.hierarchy, n.parent, u.node FROM up u JOIN node n ON n.hierarchy = u.hierarchy AND n.node = u.ancestor WHERE n.parent IS NOT NULL
        )
        SELECT u.hierarchy, u.ancestor, u.node, g.level, g.depth
        FROM up u JOIN grown g ON g.hierarchy = u.hierarchy AND g.node = u.node ORDER BY ALL
        """
    )


def _write_pdrp(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """`pdrp_now(party)`: physicians whose latest choice on as_of is to be left out of the field's sight."""
    con.execute(
        """
        CREATE OR REPLACE TABLE pdrp_now AS
        SELECT party FROM pdrp WHERE from_date <= $as_of AND coalesce(to_date, DATE '9999-12-31') >= $as_of
        GROUP BY party HAVING max(from_date) FILTER (WHERE opted_out) >= coalesce(max(from_date) FILTER (WHERE NOT opted_out), DATE '0001-01-01')
        ORDER BY party
        """,
        {"as_of": as_of},
    )


def _write_working_days(con: duckdb.DuckDBPyConnection, facts: str, as_of: date) -> None:
    """`working_day(date, n)`: working days up to and with each date. The calendar decides; where it
    is silent, Monday to Friday. Runs from the first fact to a year after the last, or after as_of."""
    spans = " UNION ALL ".join(
        f"SELECT min(period_start) AS first, max(period_end) AS last FROM {facts}.{quoted(name)}"
        for name, table in CONTRACT.items()
        if table.is_fact
    )
    first, last = con.execute(f"SELECT min(first), max(last) FROM ({spans})").fetchone() or (None, None)
    first, last = (
        min(first or as_of, as_of),
        min(max(last or as_of, as_of), as_of + timedelta(days=3660)) + timedelta(days=366),
    )
    con.execute(
        """
        CREATE OR REPLACE TABLE working_day AS
        SELECT d.date, CAST(sum(CASE WHEN coalesce(c.working, isodow(d.date) < 6) THEN 1 ELSE 0 END) OVER (ORDER BY d.date) AS BIGINT) AS n
        FROM (SELECT CAST(unnest(generate_series($first::DATE, $last::DATE, INTERVAL 1 DAY)) AS DATE) AS date) d
        LEFT JOIN (SELECT date, bool_or(working) AS working FROM calendar GROUP BY date) c ON c.date = d.date
        ORDER BY d.date
        """,
        {"first": first, "last": last},
    )
