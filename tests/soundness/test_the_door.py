"""Whoever asks the door all that a role may ask, and adds and subtracts it all, learns no hidden number.

Every metric that a role sees summed up only, over every window, comparison, period, level, hierarchy and product. What
is really so is read from the facts by statements of its own, row by row.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pandas as pd
import pytest

from data.errors import Denied, WrongQuestion
from metrics.access import authorise
from metrics.catalog.roles import ROLES
from metrics.periods import span
from metrics.query import MetricQuery, Visitor
from metrics.result import ask
from metrics.suppress import is_few
from tests import smallland
from tests.soundness.auditor import Auditor, known

Key = tuple[str, str, pd.Timestamp, pd.Timestamp, str | None]
Told = dict[Key, tuple[float | None, bool]]

# What a row adds, whose it is, where it counts: at its subject, or (for calls and samples) where its actor stands.
_AT_SUBJECT = (
    "SELECT l.hierarchy, l.leaf, f.{who} AS subject, f.product, f.period_start, f.period_end, "
    "CAST({adds} AS DOUBLE) AS quantity FROM {table} f JOIN place l ON l.subject = f.{who} AND l.subject_kind = 'hcp' "
    "WHERE {such}"
)
_AT_ACTOR = _AT_SUBJECT.replace("l.leaf", "CASE WHEN l.hierarchy = f.hierarchy THEN f.node ELSE l.leaf END AS leaf", 1)
FACTS: dict[str, str] = {
    "trx": _AT_SUBJECT.format(who="subject", adds="f.quantity", table="outcome", such="f.quantity <> 0"),
    "writers": _AT_SUBJECT.format(who="subject", adds="1", table="outcome", such="f.quantity >= 1"),
    "calls": _AT_ACTOR.format(who="party", adds="1", table="interaction", such="f.period_end <= DATE '2026-11-13'"),
    "hcps_met": _AT_SUBJECT.format(who="party", adds="1", table="interaction", such="TRUE"),
    "impressions": _AT_SUBJECT.format(who="party", adds="f.quantity", table="exposure", such="event = 'impression'"),
    "reached_hcps": _AT_SUBJECT.format(who="party", adds="1", table="exposure", such="event = 'impression'"),
    "media_spend": _AT_SUBJECT.format(who="party", adds="f.quantity", table="spend_share", such="f.quantity <> 0"),
    "exchanges": _AT_ACTOR.format(who="party", adds="f.quantity", table="exchange", such="TRUE").replace(
        "f.product", "NULL AS product"
    ),
    "inquiries": _AT_SUBJECT.format(who="party", adds="f.quantity", table="inquiry_state", such="TRUE"),
}
COUNTS = ("writers", "hcps_met", "reached_hcps")  # of distinct persons
VISITORS = {
    role: Visitor(id=role, role=role, hierarchy=home, node=node)
    for role, home, node in (
        ("national_leader", "field", "SM"), ("brand_lead", "field", "SM"), ("regional_director", "field", "SM_N"),
        ("district_manager", "field", "SM_N1"), ("medical_director", "medical", "ME"), ("steward", "field", None),
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Smallland with 28 physicians more in each territory, who are called on, shown advertisements and ask now
    and then, by dice: some weeks and windows are of a handful, most of many."""
    from data.snapshot import open_snapshot
    from metrics.build import build

    rows, dice = smallland.smallland(), random.Random(11)
    rows["interaction"] = [row for row in rows["interaction"] if row["interaction"] not in ("C4-H04", "C6-H06")]
    rows["exposure"] = [row for row in rows["exposure"] if row["party"] and row["channel"] == "display"]
    rows["inquiry"] = [row for row in rows["inquiry"] if row.get("party")]
    rows["outcome"] = [row for row in rows["outcome"] if row["product"] == "alfa" and row["subject"] < "H11"]
    homes = {"SM_N1a": ("U01", "ME_R1", 0.7), "SM_N1b": ("U02", "ME_R2", 0.5), "SM_S1a": ("U01", "ME_R2", 0.12)}
    for node, (actor, medical, often) in homes.items():
        for k in range(28):
            hcp = f"{node[-3:]}_{k:02d}"
            rows["party"].append({"party": hcp, "kind": "hcp", "specialty": "family", "access": "open"})
            rows["alignment"] += [
                {"subject_kind": "hcp", "subject": hcp, "hierarchy": hierarchy, "node": at, "team": "core",
                 "from_date": date(2025, 1, 1)} for hierarchy, at in (("field", node), ("medical", medical))
            ]  # fmt: skip
            for week in smallland.WEEKS[-30:]:
                _happens(rows, dice, often, hcp, (actor, node, medical), week)
    made = smallland.workspace(tmp_path_factory.mktemp("busy") / "home", rows=rows)
    build(made, smallland.AS_OF)
    return open_snapshot(made)


def _happens(
    rows: smallland.Rows, dice: random.Random, often: float, hcp: str, at: tuple[str, str, str], week: date
) -> None:
    """What one physician does and is told in one week."""
    actor, node, medical = at
    day = week - timedelta(days=dice.randrange(4))
    on = {"period_start": day, "period_end": day, "quantity": 1}
    id, where = f"{hcp}-{week:%m%d}", {"party": hcp, "product": "alfa", **on}
    seen = {**where, "actor": actor, "hierarchy": "field", "node": node}
    if dice.random() < 2 * often:
        rows["outcome"].append({"subject_kind": "hcp", "subject": hcp, "product": "alfa", "nrx": 0,
                                **smallland._week(week, dice.randint(1, 4))})  # fmt: skip
    if dice.random() < often:
        rows["interaction"].append({**seen, "interaction": id, "call_id": id, "channel": "in_person", "submitted": day})
    if dice.random() < often:
        rows["sample"].append({**seen, "sample": id, "quantity": dice.randint(1, 4)})
    if dice.random() < often:
        rows["exposure"].append({**where, "exposure": id, "channel": "display", "event": "impression",
                                 "vendor": "adnet", "campaign": "autumn", "quantity": dice.randint(1, 9)})  # fmt: skip
    if dice.random() < often:
        rows["exchange"].append({**on, "exchange": id, "party": hcp, "actor": "U07", "hierarchy": "medical",
                                 "node": medical, "channel": "video", "reactive": True, "topic": "T1"})  # fmt: skip
    if dice.random() < often:
        asked = pd.Timestamp(day).to_pydatetime()
        rows["inquiry"].append(
            {"inquiry": id, "party": hcp, "actor": "U07", "hierarchy": "medical", "node": medical, "product": "alfa",
             "topic": "T1", "on_label": "yes", "urgency": "standard", "received_at": asked,
             "due_at": asked + timedelta(days=5), "responded_at": asked + timedelta(days=2)}
        )  # fmt: skip


def _questions(
    snapshot: Any, visitor: Visitor, metric: str, products: tuple[str | None, ...], every: int
) -> Iterator[MetricQuery]:
    how: list[dict[str, Any]] = [{"series": 60}]
    how += [{"window": each, "compare": "previous"} for each in ("C4W", "C13W", "QTD", "YTD", "R52")]
    how += [{"window": each, "compare": "year"} for each in ("C4W", "C13W", "R52")]
    for hierarchy in snapshot.hierarchies():
        if hierarchy.kind in ROLES[visitor.role].hierarchy_kinds:
            for within in (None, *list(snapshot.nodes(hierarchy.id))[::every]):
                for by in hierarchy.levels:
                    for product in products:
                        for each in how:
                            yield MetricQuery(
                                metrics=(metric,), hierarchy=hierarchy.id, within=within, by=by, product=product, **each
                            )


def _answers(snapshot: Any, visitor: Visitor, metric: str, products: tuple[str | None, ...], every: int) -> Told:
    """Every number that a visitor is answered, and whether it is hidden for its few."""
    told: Told = {}
    for question in _questions(snapshot, visitor, metric, products, every):
        try:
            granted = authorise(question, visitor, snapshot)
        except (Denied, WrongQuestion):
            continue
        result = ask(granted, snapshot)
        for column in (metric, *([f"{metric}__{granted.compare}"] if granted.compare else [])):
            few = {each.node_id for each in result.withheld if each.metric == column and is_few(each.reason)}
            for row in result.rows.to_dict("records"):
                days = (row["period_start"], row["period_end"])
                if column != metric:
                    before = span(snapshot.grain, snapshot.anchor, granted.window, str(granted.compare))
                    days = (before.first, before.last)
                first, last = (pd.Timestamp(day) for day in days)
                value = None if pd.isna(row[column]) else float(row[column])
                key = (granted.hierarchy, row["node_id"], first, last, granted.product)
                now = (value, value is None and row["node_id"] in few)
                assert told.setdefault(key, now) == now, "the same number, however it is asked for"
    return told


def _below(snapshot: Any, hierarchy: str) -> dict[str, set[str]]:
    """The nodes at or below each node."""
    nodes, found = snapshot.nodes(hierarchy), {}
    for each in nodes:
        node: str | None = each
        while node:
            found.setdefault(node, set()).add(each)
            node = nodes[node].parent
    return found


def _heard(snapshot: Any, metric: str, told: Told) -> tuple[Auditor, list[list[Any]]]:
    """Somebody who adds up what was told, and the small numbers that were hidden. A sum is of rows, each at a leaf on a
    day; a count of persons is of what each leaf counts over the days asked about."""
    rows, auditor, small, counts = snapshot.frame(FACTS[metric]), Auditor(), [], set()
    rows["atom"] = list(zip(rows.hierarchy, rows.leaf, rows["product"], rows.period_end, strict=True))
    below = {each.id: _below(snapshot, each.id) for each in snapshot.hierarchies()}
    for (hierarchy, node, first, last, product), (value, few) in told.items():
        leaves = below[hierarchy][node]
        inside = rows[
            (rows.hierarchy == hierarchy) & rows.leaf.isin(leaves) & (rows.period_start >= first)
            & (rows.period_end <= last) & (rows["product"].eq(product) if product else True)
        ]  # fmt: skip
        truth, atoms = float(inside.quantity.sum()), set(inside.atom)
        if metric in COUNTS:
            truth = float(inside.subject.nunique())
            atoms = {(hierarchy, leaf, first, last, product) for leaf in set(inside.leaf)}
            counts |= atoms
        if value is not None:
            assert value == pytest.approx(truth), (node, first, last, product)
            auditor.sees(atoms, value)
        elif few and 0 < inside.subject.nunique() < 11:
            small.append(sorted(atoms, key=str))
    for one, other in permutations(counts, 2):
        wider = one[:2] == other[:2] and other[2] <= one[2] and one[3] <= other[3]
        if wider and other[4] in (one[4], None):
            auditor.knows_order(one, [other])
    return auditor, small


def _is_told_no_more(
    snapshot: Any, role: str, metric: str, products: tuple[str | None, ...], every: int, most: int
) -> None:
    """`every` so-many-th node is asked about by itself, and so many of the small numbers are tried."""
    auditor, small = _heard(snapshot, metric, _answers(snapshot, VISITORS[role], metric, products, every))
    assert auditor.seen and small, "something is shown and something is hidden"
    tried = random.Random(7).sample(small, min(most, len(small)))
    assert not [each for each in auditor.bounds(tried) if known(each)]


# Which metrics each role is told summed up only.
SUMMED = {
    "national_leader": ("trx", "writers", "calls", "hcps_met", "impressions", "reached_hcps", "inquiries"),
    "brand_lead": ("trx", "calls", "inquiries"),
    "regional_director": ("impressions", "reached_hcps", "inquiries"),
    "district_manager": ("inquiries",),
    "medical_director": ("impressions", "reached_hcps"),
    "steward": ("inquiries",),
}
CHEAP = (
    ("national_leader", "calls"),
    ("regional_director", "reached_hcps"),
    ("medical_director", "impressions"),
)


@pytest.mark.parametrize(("role", "metric"), CHEAP)
def test_nobody_learns_a_hidden_number_from_all_that_is_answered(busy: Any, role: str, metric: str) -> None:
    """Asked through the door that pages, exports and the command line use: levels, parents, windows, periods."""
    _is_told_no_more(busy, role, metric, ("alfa",), 4, 10)


@pytest.mark.slow
@pytest.mark.parametrize(("role", "metric"), [(role, each) for role, names in SUMMED.items() for each in names])
def test_nobody_learns_a_hidden_number_from_all_that_is_answered_of_everything(
    busy: Any, role: str, metric: str
) -> None:
    _is_told_no_more(busy, role, metric, ("alfa", None), 1, 100)
