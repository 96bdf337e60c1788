"""The outline of what is imported: its hierarchies and, at each level, the node with most below it. No build needed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import duckdb

from data import hierarchies, staging
from data.contract import CONTRACT
from data.engine.duckdb import building
from data.levels import Hierarchy
from data.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A hierarchy and, for each of its levels that has a node, the node with the most subjects below it."""

    hierarchy: Hierarchy
    fullest: dict[str, str]


def outlines(workspace: Workspace) -> tuple[Outline, ...]:
    """The outline of each hierarchy imported so far, by its id."""
    files = staging.Staged.of(workspace).files
    with building(":memory:") as con:
        con.execute("CREATE TEMP TABLE identity_ref (ref VARCHAR, party VARCHAR, linked BOOLEAN)")
        for name in ("hierarchy", "node"):
            staging.load(con, CONTRACT[name], files.get(name, ()), "main")
        known = con.execute(
            "SELECT hierarchy, kind, name, levels, subject, subject_kinds FROM hierarchy ORDER BY hierarchy"
        ).fetchall()
        nodes = con.execute("SELECT hierarchy, node, level, parent FROM node ORDER BY hierarchy, node").fetchall()
        aligned = _aligned(con, [str(path) for path in files.get("alignment", ())])
    found = []
    for hierarchy in hierarchies.hierarchies(known):
        own = {node: (level, parent) for of, node, level, parent in nodes if of == hierarchy.id}
        found.append(Outline(hierarchy=hierarchy, fullest=_fullest(hierarchy, own, aligned.get(hierarchy.id, {}))))
    return tuple(found)


def _aligned(con: duckdb.DuckDBPyConnection, paths: list[str]) -> dict[str, dict[str, int]]:
    """Subjects aligned to each node of each hierarchy."""
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    if paths:
        for hierarchy, node, subjects in con.execute(
            "SELECT hierarchy, node, count(DISTINCT subject) FROM read_parquet(?, union_by_name=true) GROUP BY ALL",
            [paths],
        ).fetchall():
            counted[hierarchy][node] = subjects
    return counted


def _fullest(hierarchy: Hierarchy, nodes: dict[str, tuple[str, str | None]], aligned: dict[str, int]) -> dict[str, str]:
    """At each level the node with the most subjects below it; of equal ones the first by id."""
    below: dict[str, int] = defaultdict(int)
    for node, subjects in aligned.items():
        seen: set[str] = set()
        here: str | None = node
        while here in nodes and here not in seen:
            seen.add(here)
            below[here] += subjects
            here = nodes[here][1]
    fullest: dict[str, str] = {}
    for level in hierarchy.levels:
        own = [node for node, (at, _) in nodes.items() if at.casefold() == level.casefold()]
        if own:
            fullest[level] = min(own, key=lambda node: (-below[node], node))
    return fullest
