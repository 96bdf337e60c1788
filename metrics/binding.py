"""What a granted question binds: its days, its place and its products, as values beside the text of its shape."""

from __future__ import annotations

from datetime import date
from typing import Any

from data.levels import path
from metrics import own_rows, periods
from metrics.alignment import AS_WAS, moved
from metrics.catalog import METRICS
from metrics.compiler import bound_names, compile_shape
from metrics.declare import SCOPES
from metrics.derive import grain_of
from metrics.loaded import remembered
from metrics.periods import Span
from metrics.query import GrantedQuery, MetricQuery
from metrics.shape import Shape
from metrics.subjects import rows_at

# Of how many leaves the subjects are looked up leaf by leaf, and how many other seats may lie between theirs.
FEW_LEAVES, BETWEEN = 60, 200


def spans(granted: GrantedQuery | MetricQuery, snapshot: Any) -> tuple[Span, Span | None]:
    """The days asked for and those compared with."""
    grain, shift = grain_of(snapshot.grain), _base(granted)
    if granted.window in periods.WINDOWS[grain]:
        asked = periods.span(grain, snapshot.anchor, granted.window)
        return asked, periods.span(grain, snapshot.anchor, granted.window, shift) if shift else None
    for other, windows in periods.WINDOWS.items():
        if granted.window in windows:  # only a yearly snapshot lets one through: its cells say "yearly"
            return periods.span(other, snapshot.anchor, granted.window), None
    ends = "SELECT min(first), max(last) FROM span WHERE kind = 'period'"
    first, last = remembered(snapshot, "ends", lambda: snapshot.rows(ends))[0]
    asked = periods.custom_span(granted.window, first, last)
    return asked, periods.shifted(grain, asked, shift) if shift else None


def drawn(series: int, snapshot: Any) -> Span:
    """All the days of a series: a line is a comparison of its periods."""
    sql = "SELECT min(first), max(last) FROM (SELECT first, last FROM span WHERE kind = 'period' "
    asked = f"{sql} ORDER BY last DESC LIMIT ?)"
    first, last = remembered(snapshot, ("drawn", series), lambda: snapshot.rows(asked, (series,)))[0]
    return Span("", "current", first, last)


def shape_of(granted: GrantedQuery, snapshot: Any) -> Shape:
    """The shape of a granted question."""
    subjects = granted.by not in levels(snapshot, granted.hierarchy)
    standard = granted.window in periods.WINDOWS[grain_of(snapshot.grain)]
    metrics, study = [METRICS[name] for name in granted.metrics], _kind(snapshot, granted.hierarchy) == "study"
    team = granted.team is not None and any(map(own_rows.by_team, metrics))
    sites = bool(granted.studies) and not study and any(map(own_rows.at_sites, metrics))
    kept = standard and granted.series is None if subjects else standard or granted.series is not None
    near = subjects and bool(_within(granted)) and len(_leaves(granted, snapshot)) <= FEW_LEAVES
    first, last, seated = rows_at(snapshot, granted.hierarchy, _within(granted), "seat") if near else (0, 0, 0)
    return Shape(
        metrics=granted.metrics,
        subjects=subjects,
        rolled=kept and not team and not sites,
        series=granted.series is not None,
        compare=_base(granted) is not None,
        masked=granted.masked,
        within=bool(granted.within) and not near,
        scope=bool(granted.scope) and granted.scope != granted.within and not near,
        studies=bool(granted.studies) and study and not near,
        team=team,
        sites=sites,
        near=near,
        tight=near and last - first < 2 * seated + BETWEEN,
        was=granted.alignment == AS_WAS and moved(snapshot, granted.hierarchy),
    )


def _within(granted: GrantedQuery) -> str:
    return granted.within or granted.scope


def _leaves(granted: GrantedQuery, snapshot: Any) -> list[str]:
    """The leaves below the node asked about that lie inside the visitor's scope and studies."""

    def _find() -> dict[str, frozenset[str]]:
        nodes = snapshot.nodes(granted.hierarchy)
        found: dict[str, set[str]] = {}
        parents = {node.id: node.parent for node in nodes.values()}
        leaf = levels(snapshot, granted.hierarchy)[-1]
        for node in nodes.values():
            for above in path(node.id, parents) if node.level == leaf else ():
                found.setdefault(above, set()).add(node.id)
        return {node: frozenset(leaves) for node, leaves in found.items()}

    below = remembered(snapshot, ("leaves", granted.hierarchy), _find)
    found = below.get(_within(granted), frozenset())
    if granted.scope:
        found &= below.get(granted.scope, frozenset())
    if granted.studies and _kind(snapshot, granted.hierarchy) == "study":
        found &= frozenset().union(*(below.get(study, frozenset()) for study in granted.studies))
    return sorted(found)


def admitted(snapshot: Any) -> dict[str, dict[str, list[str]]]:
    """The products whose rows count when a product is asked for, by scope."""

    def _find() -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for asked, scope, product in snapshot.rows("SELECT asked, scope, product FROM product_scope ORDER BY ALL"):
            found.setdefault(asked, {}).setdefault(scope, []).append(product)
        return found

    return remembered(snapshot, "admitted", _find)


def _kind(snapshot: Any, hierarchy: str) -> str:
    return next(str(each.kind) for each in snapshot.hierarchies() if each.id == hierarchy)


def _base(granted: GrantedQuery | MetricQuery) -> str | None:
    """What is compared with: what was asked for, or the window before where a formula itself needs one."""
    if granted.series is not None:
        return None
    needed = any(METRICS[name].compares for name in granted.metrics)
    return granted.compare or ("previous" if needed else None)


def levels(snapshot: Any, hierarchy: str) -> tuple[str, ...]:
    """The level names of a hierarchy, from the top down."""
    return next(each.levels for each in snapshot.hierarchies() if each.id == hierarchy)


def bound(
    granted: GrantedQuery, shape: Shape, snapshot: Any, days: tuple[Span, Span | None], product: str
) -> dict[str, Any]:
    """The values of a question, only those that its text names. `product` is "*" where none is asked for."""
    asked, base = days
    grain, text = grain_of(snapshot.grain), compile_shape(shape)
    before, back = periods.reach_back(grain, asked)
    base_before, base_back = periods.reach_back(grain, base) if base else (None, None)
    values: dict[str, Any] = {
        "hierarchy": granted.hierarchy,
        "by": granted.by,
        "kind": granted.by.casefold(),
        "within": granted.within,
        "scope": granted.scope,
        "studies": list(granted.studies),
        "team": granted.team,
        "product": product,
        "win": granted.window,
        "compare": _base(granted) or "none",
        "series": granted.series,
        "span": f"{granted.window}:current",
        "base_span": f"{granted.window}:{_base(granted)}",
        "first": asked.first,
        "last": asked.last,
        "before": before,
        "back": back,
        "base_before": base_before,
        "base_back": base_back,
        "base_first": base.first if base else None,
        "base_last": base.last if base else None,
    }
    if shape.subjects:
        values |= _seated(granted, shape, snapshot, product)
        values |= {} if shape.rolled else _reach(granted, snapshot, values)
    return {name: values[name] for name in bound_names(text)}


def _seated(granted: GrantedQuery, shape: Shape, snapshot: Any, product: str) -> dict[str, Any]:
    """Where single subjects stand, and which products' rows count for them."""
    scopes = admitted(snapshot).get(product, {})
    found: dict[str, Any] = {f"by_{scope}": scopes.get(scope, []) for scope in SCOPES}
    found["products"] = sorted({"", *(each for own in scopes.values() for each in own)})
    if shape.near:
        first, last, _ = rows_at(snapshot, granted.hierarchy, _within(granted), "seat")
        found |= {"leaves": _leaves(granted, snapshot), "seat_row": first, "seat_end": last}
    return found


def _reach(granted: GrantedQuery, snapshot: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Where the facts are read for single subjects: which days can matter, and which rows."""
    ends = "SELECT first, last FROM span WHERE kind = 'period' ORDER BY last DESC"
    found: dict[str, Any] = {}
    if granted.series is not None:
        shown: list[tuple[date, date]] = remembered(snapshot, "periods", lambda: snapshot.rows(ends))[: granted.series]
        found = dict.fromkeys(("since_first", "since_before", "since_back"), shown[-1][0])
        found["until"] = shown[0][1]
    else:
        for name in ("first", "before", "back"):
            found[f"since_{name}"] = min(filter(None, (values[name], values[f"base_{name}"])))
        found["until"] = max(filter(None, (values["last"], values["base_last"])))
    for table in {fact.table.name for name in granted.metrics for fact in METRICS[name].facts}:
        first, last, _ = rows_at(snapshot, granted.hierarchy, _within(granted), table)
        found |= {f"{table}_row": first, f"{table}_end": last}
    return found
