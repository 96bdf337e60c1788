"""The one door: a question and its visitor go in, a GrantedQuery or a denial with a reason in words comes out.

Deny wins, and no rule means no. Everything that shows a number (pages, command line, exports,
digests) asks through `authorise`; nothing else can make a GrantedQuery.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from data.errors import Denied, WrongQuestion, did_you_mean
from data.levels import RUNGS, Hierarchy, path
from metrics import periods
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES, WORDS
from metrics.declare import Metric
from metrics.derive import grain_of
from metrics.grid import Role
from metrics.query import _SEAL, GrantedQuery, MetricQuery, Visitor, Withheld

_STRICT = ("Y", "A", "E", "N")


def role_of(visitor: Visitor) -> Role:
    """The visitor's role. Raises Denied for a role that nobody declared."""
    role = ROLES.get(visitor.role)
    if role is None:
        raise Denied(
            f'role "{visitor.role}" is unknown', where=f"visitor {visitor.id}", todo=did_you_mean(visitor.role, ROLES)
        )
    return role


def hierarchy_of(snapshot: Any, hierarchy_id: str) -> Hierarchy:
    """The hierarchy of that id. Raises WrongQuestion for one that is not loaded."""
    found: dict[str, Hierarchy] = {each.id: each for each in snapshot.hierarchies()}
    if hierarchy_id not in found:
        raise WrongQuestion(
            f'no hierarchy "{hierarchy_id}"',
            todo=" ".join(filter(None, (did_you_mean(hierarchy_id, found), f"Loaded: {', '.join(found) or 'none'}."))),
        )
    return found[hierarchy_id]


def may_enter(visitor: Visitor, snapshot: Any, hierarchy_id: str) -> str:
    """The node of that hierarchy the visitor may look below ("" for everywhere). Raises Denied otherwise."""
    role, hierarchy = role_of(visitor), hierarchy_of(snapshot, hierarchy_id)
    if (visitor.from_date and visitor.from_date > snapshot.as_of) or (
        visitor.to_date and visitor.to_date < snapshot.as_of
    ):
        raise Denied("Your access is not in force on the day of this data.", todo="Ask the steward to renew it.")
    if hierarchy.kind not in role.hierarchy_kinds:
        what = f"The {role.word} role does not look at the {hierarchy.name} hierarchy."
        raise Denied(what, todo="Ask within your own.")
    if visitor.node is None:
        if role.rung is None:
            return ""
        raise Denied("You stand nowhere in the company yet.", todo="Ask the steward to give you a node.")
    if visitor.hierarchy == hierarchy.id:
        if visitor.node not in snapshot.nodes(hierarchy.id):
            raise Denied(
                f'You stand at "{visitor.node}", which this data does not know.', todo="Ask the steward to move you."
            )
        return visitor.node
    if role.rung == "top" and _over_all(visitor, snapshot):
        return ""
    raise Denied(f"You stand in another hierarchy than {hierarchy.name}.", todo="Ask within your own.")


def _over_all(visitor: Visitor, snapshot: Any) -> bool:
    """Whether the visitor's node has the whole of its own hierarchy below it, so that elsewhere nothing is outside."""
    known = {each.id for each in snapshot.hierarchies()}
    nodes = snapshot.nodes(visitor.hierarchy).values() if visitor.hierarchy in known else ()
    return [node.id for node in nodes if node.parent is None] == [visitor.node]


def may_look_at(visitor: Visitor, snapshot: Any, hierarchy_id: str, node: str) -> None:
    """Raise Denied unless the node is the visitor's own or below it; a node that nobody knows is denied alike."""
    scope = may_enter(visitor, snapshot, hierarchy_id)
    if not _inside(snapshot, hierarchy_of(snapshot, hierarchy_id), node, scope):
        raise Denied(f'"{node}" is outside what you look after.', todo="Ask within your own.")


def _inside(snapshot: Any, hierarchy: Hierarchy, node: str, scope: str) -> bool:
    return node in _all_inside(snapshot, hierarchy, [node], scope)


def _all_inside(snapshot: Any, hierarchy: Hierarchy, nodes: Iterable[str], scope: str) -> list[str]:
    parents = {each.id: each.parent for each in snapshot.nodes(hierarchy.id).values()}
    return [node for node in nodes if not scope or scope in path(node, parents)]


def _strictest(role: Role, metric: Metric) -> str:
    return max((role.grant(each).how for each in metric.sensitivities), key=_STRICT.index, default="Y")


def refusal(role: Role, metric: Metric, hierarchy: Hierarchy, by: str) -> str | None:
    """Why a role may not see a metric at a level, in words; None when it may."""
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
    within = query.within or scope
    if within and within not in nodes:
        near = did_you_mean(within, _all_inside(snapshot, hierarchy, nodes, scope))
        raise WrongQuestion(f'no node "{within}"', where=f"hierarchy {hierarchy.name}", todo=near)
    if within and not _inside(snapshot, hierarchy, within, scope):
        raise Denied(f'"{within}" is outside what you look after.', todo=f"Ask within {nodes[scope].name}.")
    if scope and hierarchy.depth(by) < hierarchy.depth(nodes[scope].level):
        raise Denied(f"A {by} is more than you look after.", todo=f"Ask by {nodes[scope].level} or below.")
    if within and hierarchy.depth(by) < hierarchy.depth(nodes[within].level):
        raise WrongQuestion(
            f"{by} is above {nodes[within].name}, which is a {nodes[within].level}", todo="Ask by a level below it."
        )
    return within, by


def authorise(query: MetricQuery, visitor: Visitor, snapshot: Any) -> GrantedQuery:
    """Grant what the visitor may know of the question, and say why the rest is withheld.

    Raises Denied when nothing of it may be known, WrongQuestion when it names something unknown.
    """
    role, hierarchy = role_of(visitor), hierarchy_of(snapshot, query.hierarchy)
    scope = may_enter(visitor, snapshot, hierarchy.id)
    within, by = _place(query, hierarchy, snapshot, scope)
    if hierarchy.is_subject(by) and by.casefold() == "site" and role.grant("site").how != "Y":
        raise Denied(f"{WORDS['site']}: sites are not shown one by one to the {role.word} role.")
    if query.series is not None and query.series < 1:
        raise WrongQuestion(f"no series of {query.series} periods", todo="Ask for one or more.")
    periods.check(grain_of(snapshot.grain), query.window)
    if query.compare not in (None, "previous", "year"):
        raise WrongQuestion(f'no comparison "{query.compare}"', todo="Use previous or year.")
    granted: list[str] = []
    withheld: list[Withheld] = []
    for metric in _metrics(query.metrics):
        reason = refusal(role, metric, hierarchy, by)
        if reason:
            withheld.append(Withheld(metric=metric.name, node_id="*", reason=reason))
        else:
            granted.append(metric.name)
    if not granted:
        raise Denied(" ".join(dict.fromkeys(each.reason for each in withheld)))
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
        small=frozenset(name for name in granted if _strictest(role, METRICS[name]) == "A"),
        aggregates=role.aggregates,
        pdrp=role.pdrp,
        withheld=tuple(withheld),
        studies=visitor.studies if hierarchy.kind == "study" else (),
        seal=_SEAL,
    )


def may_see_band(visitor: Visitor, band: str, snapshot: Any) -> str | None:
    """None when the visitor may see at least one metric of a band at its own node, else the reason in words."""
    role = role_of(visitor)
    hierarchy = hierarchy_of(snapshot, visitor.hierarchy)
    scope = may_enter(visitor, snapshot, hierarchy.id)
    level = snapshot.nodes(hierarchy.id)[scope].level if scope else hierarchy.levels[0]
    reasons = [refusal(role, metric, hierarchy, level) for metric in METRICS.values() if metric.band == band]
    return None if None in reasons else next(filter(None, reasons), None)


def may_know(visitor: Visitor, sensitivities: frozenset[str], hierarchy: Hierarchy, level: str) -> bool:
    """Whether a role may read rows of these sensitivities at a level: the door for cues."""
    role = role_of(visitor)
    rows = hierarchy.is_subject(level)
    for sensitivity in sensitivities - {"open"}:
        grant = role.grant(sensitivity)
        if grant.how in ("N", "E") or (grant.how == "A" and rows):
            return False
        if grant.how == "A" and RUNGS.index(hierarchy.rung(level)) > RUNGS.index(grant.floor):
            return False
    return True
