"""Who is counted in totals and listed in no row: erased persons, and opted-out physicians where totals count them.

One such person alone at a unit would be told by its total less the rows beside it. So one person more is left out of
the rows there: somebody who stands at the same unit of every hierarchy if there is one, so that no second total helps.
"""

from __future__ import annotations

from typing import Any

from metrics.catalog import METRICS
from metrics.catalog.people import crowd_of
from metrics.declare import Measure, Metric, QuantileMeasure, SubjectMeasure
from metrics.loaded import remembered

Standing = dict[str, tuple[str, ...]]

_ERASED = "SELECT DISTINCT subject FROM place WHERE subject_kind = 'erased'"
_ACTING = "SELECT DISTINCT {subject} FROM {table} WHERE {acts}"
_CONCEALED = "SELECT DISTINCT subject FROM concealed WHERE NOT opted_out"
_STANDING = """
SELECT subject, list(hierarchy || chr(31) || leaf ORDER BY hierarchy, leaf) FROM place
WHERE subject_kind IN ('hcp', 'erased') GROUP BY subject ORDER BY subject
"""


def companions(snapshot: Any, metric: Metric, pdrp: str) -> frozenset[str]:
    """Who is left out of the rows of a metric beside somebody who is counted and not listed.

    `pdrp` says what becomes of opted-out physicians. The same whatever was asked: any window, any product.
    """
    treated = pdrp if "rx" in metric.sensitivities else "shown"
    if treated != "totals" and not _erased(snapshot):
        return frozenset()
    sums = [each for measure in metric.measures
            for each in (measure.inputs if isinstance(measure, SubjectMeasure) else (measure,))]  # fmt: skip
    return frozenset().union(*(_beside(snapshot, each, treated) for each in sums))


def guarded(snapshot: Any, sensitivity: str, pdrp: str) -> frozenset[str]:
    """The companions of every metric that tells of a sensitivity: what else is said of one of them is a row too."""
    told = [metric for metric in METRICS.values() if sensitivity in metric.sensitivities]
    found = (companions(snapshot, each, pdrp) for each in told)
    return remembered(snapshot, ("guarded", sensitivity, pdrp), lambda: frozenset().union(*found))


def _erased(snapshot: Any) -> set[str]:
    return remembered(snapshot, "erased persons", lambda: {row[0] for row in snapshot.rows(_ERASED)})


def _beside(snapshot: Any, measure: Measure | QuantileMeasure, pdrp: str) -> frozenset[str]:
    fact, crowd = measure.fact, crowd_of(measure)

    def _find() -> frozenset[str]:
        acts = crowd.adds if crowd else "TRUE"
        acting = {
            row[0] for row in snapshot.rows(_ACTING.format(subject=fact.subject, table=fact.table.name, acts=acts))
        }
        opted = {row[0] for row in snapshot.rows("SELECT party FROM pdrp_now")} if pdrp != "shown" else set()
        all_of = remembered(snapshot, "standing of all", lambda: dict(snapshot.rows(_STANDING)))
        standing = {who: tuple(leaves) for who, leaves in all_of.items() if pdrp != "hidden" or who not in opted}
        unlisted = (_erased(snapshot) | opted) & standing.keys()
        known = {row[0] for row in snapshot.rows(_CONCEALED)} if pdrp == "totals" else set()
        if not _erased(snapshot):
            return frozenset(known)
        return frozenset(_chosen(standing, unlisted & acting, acting - unlisted, standing.keys() - unlisted, known))

    return remembered(snapshot, ("beside the unlisted", measure.name, pdrp), _find)


def _chosen(
    standing: Standing, unlisted: set[str], acting: set[str], all_listed: set[str], known: set[str]
) -> set[str]:
    """The next in the order of ids who has something of the kind: first among those who stand at all the same leaves,
    then at each leaf; where nobody has, one who has nothing, since that is not known of a row that is not shown."""
    chosen = set(known)
    by_leaf: dict[Any, list[str]] = {}
    by_group: dict[Any, list[str]] = {}
    for who in sorted(standing):
        by_group.setdefault(standing[who], []).append(who)
        for leaf in standing[who]:
            by_leaf.setdefault(leaf, []).append(who)
    for together, able in ((by_group, acting), (by_leaf, acting), (by_leaf, all_listed)):
        added: set[str] | None = None
        while added is None or added:
            hidden = unlisted | chosen
            lone = (each for each in together.values() if len(hidden.intersection(each)) == 1)
            added = set(filter(None, (next((w for w in each if w in able and w not in hidden), None) for each in lone)))
            chosen |= added
    return chosen
