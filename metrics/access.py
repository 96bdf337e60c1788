"""The one door: a question and its visitor go in, a GrantedQuery or a denial with a reason in words comes out.

Deny wins, and no rule means no. Everything that shows a number (pages, command line, exports,
digests) asks through `authorise`; nothing else can make a GrantedQuery.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from data.errors import Denied, WrongQuestion, did_you_mean
from data.levels import RUNGS, Hierarchy
from metrics import alignment, days_there, own_rows, periods
from metrics.areas import area
from metrics.catalog import METRICS
from metrics.catalog.roles import WORDS
from metrics.declare import Metric
from metrics.derive import grain_of
from metrics.grid import Role
from metrics.policy_force import policy_of
from metrics.query import _SEAL, GrantedQuery, MetricQuery, Visitor, Withheld
from metrics.standing import hierarchy_of, inside, may_enter, may_look_at, role_of, sees_all, standing, studies_of

__all__ = [
    "authorise", "hierarchy_of", "may_enter", "may_know", "may_look_at", "may_see_band", "refusal", "role_of",
    "shared", "standing",
]  # fmt: skip

_STRICT = ("Y", "A", "E", "N")


def _strictest(role: Role, metric: Metric) -> str:
    return max((role.grant(each).how for each in metric.sensitivities), key=_STRICT.index, default="Y")


def _aggregate_only(role: Role, granted: list[str]) -> frozenset[str]:
    """Those of the metrics granted that are told in aggregate only, so that small cells are hidden."""
    return frozenset(name for name in granted if _strictest(role, METRICS[name]) == "A" or METRICS[name].totals_only)


def refusal(role: Role, metric: Metric, hierarchy: Hierarchy, by: str) -> str | None:
    """Why a role may not see a metric at a level, in words; None when it may."""
    if metric.totals_only and hierarchy.is_subject(by):
        return "Opens and clicks of people who did not agree to be tracked: counted in totals, never row by row."
    for sensitivity in sorted(metric.sensitivities):
        grant = role.grant(sensitivity)
        word = WORDS[sensitivity]
        if grant.how == "N":
            return f"{word}: not shown to the {role.word} role."
        if grant.how == "E":
            return f"{word}: the {role.word} role sees only that there was contact, and when."
        if grant.how == "A":
            people = "hcp" in hierarchy.subject_kinds or "site" in hierarchy.subject_kinds
            if hierarchy.is_subject(by) and people:
                return f"{word}: shown to the {role.word} role only in aggregate, never row by row."
            if RUNGS.index(hierarchy.rung(by)) > RUNGS.index(grant.floor):
                return f"{word}: shown to the {role.word} role only from {_floor(hierarchy, grant.floor)} up."
    return None


def _floor(hierarchy: Hierarchy, floor: str) -> str:
    deepest = [level for level in hierarchy.levels if RUNGS.index(hierarchy.rung(level)) <= RUNGS.index(floor)]
    return deepest[-1]


def _metrics(names: tuple[str, ...]) -> list[Metric]:
    for name in names:
        if name not in METRICS:
            raise WrongQuestion(
                f'no metric "{name}"',
                todo=" ".join(filter(None, (did_you_mean(name, METRICS), "`onepicture metrics` lists them all."))),
            )
    if not names:
        raise WrongQuestion("no metric is asked for", todo="Name at least one.")
    return [METRICS[name] for name in dict.fromkeys(names)]


def _product(snapshot: Any, word: str | None) -> str | None:
    if word is None:
        return None
    known = {each.id: each.name for each in sorted(snapshot.products(), key=lambda each: str(each.id))}
    for product, name in known.items():
        if word.casefold() in (product.casefold(), name.casefold()):
            return product
    words = [*known, *known.values()]
    raise WrongQuestion(
        f'no product "{word}"', todo=did_you_mean(word, words) or f"Loaded: {', '.join(known.values()) or 'none'}."
    )


def _place(query: MetricQuery, hierarchy: Hierarchy, snapshot: Any, scope: str) -> tuple[str, str]:
    """The node and level asked for, both checked. Raises Denied outside the scope, naming nothing that lies there."""
    nodes, by = snapshot.nodes(hierarchy.id), hierarchy.level(query.by)
    if query.alignment != alignment.CURRENT and hierarchy.is_subject(by):
        where = f"Ask by {hierarchy.levels[-1]} or above, or with today's alignment."
        raise WrongQuestion("row by row everybody stands at one place, today's", todo=where)
    within = query.within or scope
    if within and within not in inside(snapshot, hierarchy.id, [within], scope):
        near = did_you_mean(within, inside(snapshot, hierarchy.id, nodes, scope))
        if sees_all(snapshot, hierarchy.id, scope):
            raise WrongQuestion(f'no node "{within}"', where=f"hierarchy {hierarchy.name}", todo=near)
        # A node that there is and one that there is not: the same words, so that nobody learns which.
        todo = f"Ask within {nodes[scope].name}. {near}".strip()
        raise Denied(f'"{within}" is outside what you look after.', todo=todo)
    if scope and hierarchy.depth(by) < hierarchy.depth(nodes[scope].level):
        raise Denied(f"A {by} is more than you look after.", todo=f"Ask by {nodes[scope].level} or below.")
    if within and hierarchy.depth(by) < hierarchy.depth(nodes[within].level):
        raise WrongQuestion(
            f"{by} is above {nodes[within].name}, which is a {nodes[within].level}", todo="Ask by a level below it."
        )
    return within, by


def _alone(visitor: Visitor, role: Role, metric: Metric, hierarchy: Hierarchy) -> str | None:
    """Why sums that hide small cells are not shown for one team or some studies alone; None where they are.

    Which cells are small is known of everybody together: a part of them could be smaller unseen.
    """
    if not metric.sensitivities & role.aggregates:
        return None
    if visitor.team is not None and own_rows.by_team(metric):
        return f"{metric.title}: shown to the {role.word} role summed up over every team only."
    if studies_of(visitor) and hierarchy.kind != "study" and own_rows.at_sites(metric):
        return f"{metric.title}: shown to the {role.word} role summed up over every study only."
    return None


def _reasons(query: MetricQuery, visitor: Visitor, role: Role, hierarchy: Hierarchy, by: str) -> dict[str, str | None]:
    """Each metric asked for, with why it is refused, or None."""
    metrics = _metrics(query.metrics)
    return {each.name: refusal(role, each, hierarchy, by) or _alone(visitor, role, each, hierarchy) for each in metrics}


def _check(query: MetricQuery, snapshot: Any) -> None:
    """Raise WrongQuestion for numbers that there are not, and for days that cannot be asked for."""
    _metrics(query.metrics)
    if query.series is not None and query.series < 1:
        raise WrongQuestion(f"no series of {query.series} periods", todo="Ask for one or more.")
    periods.check(grain_of(snapshot.grain), query.window)
    alignment.check(query.alignment)
    if query.compare not in (None, "previous", "year"):
        raise WrongQuestion(f'no comparison "{query.compare}"', todo="Use previous or year.")


def authorise(query: MetricQuery, visitor: Visitor, snapshot: Any) -> GrantedQuery:
    """Grant what the visitor may know of the question, and say why the rest is withheld.

    Raises Denied when nothing of it may be known, WrongQuestion when it names something unknown.
    """
    now, hierarchy = standing(visitor, snapshot), hierarchy_of(snapshot, query.hierarchy)
    _check(query, snapshot)
    then = days_there.as_stood(visitor, now, query, snapshot)
    visitor = then or now
    policy, role = policy_of(snapshot), role_of(visitor, snapshot)
    scope = may_enter(visitor, snapshot, hierarchy.id)
    within, by = _place(query, hierarchy, snapshot, scope)
    if hierarchy.is_subject(by) and by.casefold() == "site" and role.grant("site").how != "Y":
        raise Denied(f"{WORDS['site']}: sites are not shown one by one to the {role.word} role.")
    reasons = _reasons(query, visitor, role, hierarchy, by) | (days_there.refused(query.metrics) if then else {})
    granted = [name for name, reason in reasons.items() if reason is None]
    if not granted:
        raise Denied(" ".join(dict.fromkeys(filter(None, reasons.values()))))
    return GrantedQuery(
        metrics=tuple(granted),
        hierarchy=hierarchy.id,
        within=within,
        by=by,
        window=query.window,
        product=_product(snapshot, query.product),
        compare=query.compare,
        series=query.series,
        visitor=visitor.id,
        role=role.name,
        scope=scope,
        masked=role.masks_pdrp,
        small=_aggregate_only(role, granted),
        aggregates=role.aggregates,
        pdrp=role.pdrp,
        withheld=tuple(Withheld(metric=name, node_id="*", reason=why) for name, why in reasons.items() if why),
        studies=studies_of(visitor),
        team=visitor.team,
        least=policy.least,
        patients=policy.site_counts == "summed",
        policy=policy.version,
        alignment=query.alignment,
        kinds=role.hierarchy_kinds,
        seal=_SEAL,
    )


def shared(granted: GrantedQuery, snapshot: Any) -> GrantedQuery:
    """The question that is answered once for everybody who has these rights, wherever they stand.

    Units are asked for over their whole hierarchy, single subjects over the largest area of not too many of
    them; team and studies stay bound. What is answered to it is read only through a grant of one visitor
    (metrics/reading): nobody reads it whole. In a hierarchy of studies the grant's own are read of it too.
    """
    hierarchy = hierarchy_of(snapshot, granted.hierarchy)
    within = ""
    if hierarchy.is_subject(granted.by):
        within = area(snapshot, hierarchy.id, granted.within or granted.scope)
    studies = () if hierarchy.kind == "study" else granted.studies
    return replace(granted, visitor="", within=within, scope="", studies=studies)


def may_see_band(visitor: Visitor, band: str, snapshot: Any) -> str | None:
    """None when the visitor may see at least one metric of a band at its own node, else the reason in words."""
    visitor = standing(visitor, snapshot)
    role = role_of(visitor, snapshot)
    hierarchy = hierarchy_of(snapshot, visitor.hierarchy)
    scope = may_enter(visitor, snapshot, hierarchy.id)
    level = snapshot.nodes(hierarchy.id)[scope].level if scope else hierarchy.levels[0]
    reasons = [refusal(role, metric, hierarchy, level) for metric in METRICS.values() if metric.band == band]
    return None if None in reasons else next(filter(None, reasons), None)


def may_know(role: Role, sensitivities: frozenset[str], hierarchy: Hierarchy, level: str) -> bool:
    """Whether a role may read rows of these sensitivities at a level: the door for cues."""
    rows = hierarchy.is_subject(level)
    for sensitivity in sensitivities - {"open"}:
        grant = role.grant(sensitivity)
        if grant.how in ("N", "E") or (grant.how == "A" and rows):
            return False
        if grant.how == "A" and RUNGS.index(hierarchy.rung(level)) > RUNGS.index(grant.floor):
            return False
    return True
