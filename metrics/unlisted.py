"""Who is counted in totals and listed in no row: erased persons, and opted-out physicians where totals count them.

One such person alone at a unit would be told by its total less the rows beside it. So one person more is left out of
the rows there: somebody who stands at the same unit of every hierarchy if there is one, so that no second total helps.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from metrics.catalog import METRICS
from metrics.declare import Metric
from metrics.fact import Fact
from metrics.loaded import remembered

Standing = dict[str, tuple[str, ...]]

_ERASED = "SELECT DISTINCT subject FROM place WHERE subject_kind = 'erased'"
_STANDING = """
SELECT l.subject, list(l.hierarchy || chr(31) || l.leaf ORDER BY l.hierarchy, l.leaf) AS leaves
FROM place l WHERE l.subject_kind IN ('hcp', 'erased') AND l.subject IN (SELECT {subject} FROM {table} WHERE {acts})
GROUP BY l.subject
"""


def companions(snapshot: Any, metric: Metric, pdrp: str) -> frozenset[str]:
    """Who is left out of the rows of a metric beside somebody who is counted and not listed.

    `pdrp` says what becomes of opted-out physicians. The same whatever was asked: any window, any product. Who has
    nothing of the kind stands for nobody: a total less the rows shown would still tell.
    """
    treated = pdrp if "rx" in metric.sensitivities else "shown"
    return frozenset().union(*(_beside(snapshot, fact, treated) for fact in metric.facts))


def guarded(snapshot: Any, sensitivity: str, pdrp: str) -> frozenset[str]:
    """The companions of every metric that tells of a sensitivity: what else is said of one of them is a row too."""
    told = [metric for metric in METRICS.values() if sensitivity in metric.sensitivities]
    return frozenset().union(*(companions(snapshot, each, pdrp) for each in told))


def _beside(snapshot: Any, fact: Fact, pdrp: str) -> frozenset[str]:
    erased = remembered(snapshot, "erased persons", lambda: {row[0] for row in snapshot.rows(_ERASED)})
    if not erased and pdrp != "totals":
        return frozenset()

    def _find() -> frozenset[str]:
        acts = "quantity <> 0" if any(column.name == "quantity" for column in fact.table.columns) else "TRUE"
        rows = snapshot.rows(_STANDING.format(subject=fact.subject, table=fact.table.name, acts=acts))
        opted = {row[0] for row in snapshot.rows("SELECT party FROM pdrp_now")} if pdrp != "shown" else set()
        standing = {who: tuple(leaves) for who, leaves in rows if pdrp != "hidden" or who not in opted}
        return frozenset(_chosen(standing, (erased | opted) & standing.keys()))

    return remembered(snapshot, ("beside the unlisted", fact.name, pdrp), _find)


def _chosen(standing: Standing, unlisted: Iterable[str]) -> set[str]:
    """The next in the order of ids, first among those who stand at all the same leaves, then at each leaf alone."""
    hidden, chosen = set(unlisted), set()
    groups: dict[Any, list[str]] = {}
    for who in sorted(standing):
        groups.setdefault(standing[who], []).append(who)
    leaves: dict[Any, list[str]] = {}
    for who in sorted(standing):
        for leaf in standing[who]:
            leaves.setdefault(leaf, []).append(who)
    for together in (groups, leaves):
        waiting = True
        while waiting:
            waiting = False
            for members in together.values():
                lone = [who for who in members if who in hidden]
                others = [who for who in members if who not in hidden]
                if len(lone) == 1 and others:
                    hidden.add(others[0])
                    chosen.add(others[0])
                    waiting = True
    return chosen
