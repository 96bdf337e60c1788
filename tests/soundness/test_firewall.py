"""A failure here is a leaked number. Nobody receives a row, a column or a total outside the grant."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard import asking
from dashboard.printout import Form
from data.errors import Denied, WrongQuestion
from data.people import names
from data.snapshot import Snapshot, open_snapshot
from data.workspace import Workspace
from metrics.access import authorise, hierarchy_of, refusal
from metrics.catalog import METRICS
from metrics.catalog.roles import ROLES
from metrics.query import MetricQuery, Visitor
from metrics.result import ask
from tests.soundness import canaries
from tests.soundness.witness import Witness

VISITORS = (
    Visitor(id="leader", role="national_leader", hierarchy="field", node="SM"),
    Visitor(id="brand", role="brand_lead", hierarchy="field", node="SM"),
    Visitor(id="region", role="regional_director", hierarchy="field", node="SM_N"),
    Visitor(id="district", role="district_manager", hierarchy="field", node="SM_N1"),
    Visitor(id="rep", role="rep", hierarchy="field", node="SM_N1a"),
    Visitor(id="msl", role="msl", hierarchy="medical", node="ME_R1"),
    Visitor(id="meddir", role="medical_director", hierarchy="medical", node="ME"),
    Visitor(id="site", role="site_manager", hierarchy="study", node="S1", studies=("S1",)),
    Visitor(id="steward", role="steward", hierarchy="field", node=None),
)
KNOWN = tuple(
    Visitor(
        node=told.get("node"),
        studies=tuple(told.get("studies", ())),
        id=id,
        **{k: told[k] for k in ("role", "hierarchy")},
    )
    for id, told in canaries.VISITORS.items()
)
HIERARCHIES = ("field", "medical", "study")
# The grid's refusals as the field writes them, typed here a second time on purpose: role -> what it may never read.
NEVER = {
    "national_leader": {"scientific_content", "privacy"},
    "brand_lead": {"scientific_content", "site", "privacy"},
    "regional_director": {"scientific_content", "site", "privacy"},
    "district_manager": {"media_spend", "medical_exchange", "scientific_content", "site", "privacy"},
    "rep": {"media_spend", "medical_exchange", "scientific_content", "inquiry", "site", "privacy"},
    "msl": {"rx", "targeting", "field_activity", "media_exposure", "media_spend", "privacy"},
    "medical_director": {"rx", "targeting", "media_spend", "privacy"},
    "site_manager": {
        "rx",
        "targeting",
        "field_activity",
        "media_exposure",
        "media_spend",
        "medical_exchange",
        "scientific_content",
        "inquiry",
        "privacy",
    },
    "steward": {"medical_exchange", "scientific_content"},
}


def _subtree(snapshot: Any, visitor: Visitor, hierarchy: str) -> set[str] | None:
    """The nodes and subjects a visitor may be told of, worked out apart from the door; None = all."""
    if visitor.node is None or visitor.hierarchy != hierarchy:
        return None
    nodes = {row[0]: row[1] for row in snapshot.rows("SELECT node, parent FROM node WHERE hierarchy = ?", [hierarchy])}
    inside = set()
    for node in nodes:
        here: str | None = node
        while here is not None and here != visitor.node:
            here = nodes[here]
        if here == visitor.node:
            inside.add(node)
    subjects = {
        row[0]
        for row in snapshot.rows("SELECT subject, leaf FROM place WHERE hierarchy = ?", [hierarchy])
        if row[1] in inside
    }
    return inside | subjects


@pytest.fixture(scope="module")
def canary(canary_company: Path) -> Snapshot:
    """The company in which no two numbers, names or words are alike."""
    return open_snapshot(Workspace.open(canary_company))


@pytest.mark.parametrize("visitor", KNOWN, ids=lambda visitor: visitor.id)
@pytest.mark.parametrize("hierarchy", HIERARCHIES)
def test_every_question_of_every_role_stays_inside_its_grant(
    canary: Snapshot, visitor: Visitor, hierarchy: str
) -> None:
    """Every metric at every level within every node, as `ask` prints it, held against what the visitor may know."""
    shape, witness = hierarchy_of(canary, hierarchy), Witness()
    allowed, called = _subtree(canary, visitor, hierarchy), partial(names, Workspace.open(canary.home).people_path)
    withins = [None, *canary.nodes(hierarchy)] if visitor.node is None else [*canary.nodes(hierarchy)]
    answered = 0
    for by, within in itertools.product((*shape.levels, shape.subject), withins):
        question = MetricQuery(
            metrics=tuple(METRICS), hierarchy=hierarchy, within=within, by=by, product="alfa", compare="previous"
        )
        try:
            granted = authorise(question, visitor, canary)
        except (Denied, WrongQuestion) as refused:
            witness.hears(visitor.id, "refused", str(refused), typed=within or "")
            continue
        answered += 1
        never = NEVER[visitor.role]
        assert not [name for name in granted.metrics if METRICS[name].sensitivities & never], (by, within)
        result = ask(granted, canary, called)
        told = [asking.numbers(result, question.metrics, Form.csv), *asking.beside(result), *map(str, result.withheld)]
        witness.hears(visitor.id, f"by {by} within {within}", told)
        rows = result.rows
        assert not (set(METRICS) - set(granted.metrics)) & {column.split("__")[0] for column in rows}
        if allowed is not None:
            assert set(rows.node_id) <= allowed, (by, within)
    assert not witness.leaks, witness.leaks[:10]
    role = ROLES[visitor.role]
    if hierarchy == visitor.hierarchy:
        assert answered, "a visitor who may ask nothing proves nothing"
    if shape.kind not in role.hierarchy_kinds:
        assert answered == 0


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda visitor: visitor.role)
def test_no_rx_of_an_opted_out_physician_reaches_a_role_that_may_not_see_it(
    smallland_snapshot: Any, visitor: Visitor
) -> None:
    """H03 has opted out: its row is empty, and nobody whose totals leave it out can find it by subtraction."""
    role = ROLES[visitor.role]
    if visitor.hierarchy != "field" or role.pdrp == "shown" or role.grant("rx").how != "Y":
        with_rows = role.pdrp == "shown" or visitor.hierarchy != "field" or role.grant("rx").how == "A"
        assert with_rows
        return
    names = tuple(name for name, metric in METRICS.items() if "rx" in metric.sensitivities)
    question = MetricQuery(metrics=names, hierarchy="field", within=None, by="HCP", product="alfa", compare="previous")
    rows = ask(authorise(question, visitor, smallland_snapshot), smallland_snapshot).rows.set_index("node_id")
    hidden = rows.loc["H03", [column for column in rows if column.split("__")[0] in names]]
    assert pd.isna(hidden).all()
    territory = ask(
        authorise(
            MetricQuery(metrics=("trx",), hierarchy="field", within="SM_N1a", by="territory", product="alfa"),
            visitor,
            smallland_snapshot,
        ),
        smallland_snapshot,
    ).rows.trx.iloc[0]
    shown = rows[rows.parent == "SM_N1a"].trx
    if role.masks_pdrp:
        assert territory == shown.sum(), "totals leave the physician out too"
    else:
        assert shown.isna().sum() >= 2, "one more row is hidden, so that the total does not give the first away"


def test_a_small_cell_is_hidden_whatever_is_asked_of_it(smallland_snapshot: Any) -> None:
    """Smallland's territories hold fewer than eleven HCPs: the leader never sees one, alone, together or in time."""
    leader = VISITORS[0]
    for within, by in (("SM", "territory"), ("SM_N1a", "territory"), ("SM_N", "region"), ("SM_N", "district")):
        for extra in ({}, {"series": 5}, {"window": "2026-08-15..2026-11-13"}, {"window": "all"}):
            question = MetricQuery(
                metrics=("trx", "share", "calls"), hierarchy="field", within=within, by=by, product="alfa", **extra
            )
            rows = ask(authorise(question, leader, smallland_snapshot), smallland_snapshot).rows
            people = rows[~rows.node_id.str.endswith("~unaligned")]
            assert people.trx.isna().all(), (within, by, extra)


def test_the_refusal_is_derived_from_the_columns_a_metric_reads() -> None:
    from data.levels import Hierarchy

    field = Hierarchy(
        id="f", kind="field", name="Field", levels=("nation", "region"), subject="HCP", subject_kinds=("hcp",)
    )
    for role in ROLES.values():
        for metric in METRICS.values():
            closed = any(role.grant(each).how in ("N", "E") for each in metric.sensitivities)
            assert bool(refusal(role, metric, field, "nation")) == closed, (role.name, metric.name)
