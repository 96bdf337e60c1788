"""Links that fail at import, however they are written: by alias, filter, join, order, subquery, plan or cue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from data.contract import CONTRACT
from data.contract.table import COUNT, TEXT, Column, Table, period
from data.errors import BadDeclaration
from metrics.catalog import METRICS
from metrics.catalog.facts import DETAIL, ENGAGED, EXCHANGE, EXPERT_PLAN, FACTS, INQUIRY, INTERACTION, OUTCOME, PLAN
from metrics.catalog.roles import ROLES
from metrics.catalog.scorecards import SCORECARDS
from metrics.cues.declare import Cue, Lever
from metrics.cues.run import RULES, Rule
from metrics.cues.scene import Found, Scene
from metrics.declare import Measure, Metric, SubjectMeasure
from metrics.fact import Fact
from metrics.grid import Grant, Role
from metrics.links import MEDICAL
from metrics.scorecard import Scorecard

WALL = "joins medical activity to prescribing"
SOURCE = "corporate integrity agreements"


def _measure(name: str, fact: Fact, expr: str = "sum(quantity)") -> Measure:
    return Measure(name=name, fact=fact, expr=expr, doc="d")


def _metric(*measures: Any, formula: str, better: str | None = None, band: str = "medical") -> Metric:
    return Metric(
        name="m", title="M", band=band, unit="ratio", definition="d", formula=formula, measures=measures, better=better
    )


TRX, MET, ASKED = _measure("trx_x", OUTCOME), _measure("met_x", EXCHANGE), _measure("asked_x", INQUIRY)


@pytest.mark.parametrize("medical", [MET, ASKED], ids=lambda each: each.name)
@pytest.mark.parametrize("other", [TRX, _measure("planned_x", PLAN)], ids=lambda each: each.name)
@pytest.mark.parametrize("formula", ["{0} / {1}", "{1} / {0}", "{0} + 0 * {1}", "base({0}) / {1}"])
def test_a_metric_of_both_sides_fails_whatever_it_is_called(medical: Measure, other: Measure, formula: str) -> None:
    for band in ("medical", "outcome", "field"):
        with pytest.raises(BadDeclaration, match=WALL) as refused:
            _metric(medical, other, formula=formula.format(medical.name, other.name), band=band)
        assert SOURCE in str(refused.value)


def test_subjects_judged_by_both_sides_fail_before_any_metric() -> None:
    for expr in ("count(*) FILTER (WHERE trx_x > 0 AND met_x > 0)", "count(*) FILTER (WHERE met_x > 0)"):
        with pytest.raises(BadDeclaration, match=WALL):
            SubjectMeasure(name="s", inputs=(TRX, MET), expr=expr, doc="d")


def test_a_table_that_holds_both_sides_is_no_fact() -> None:
    both = Table(
        name="sneaked",
        domain="medical",
        grain="one row a person",
        key=("party",),
        columns=(
            Column(name="party", type=TEXT, doc="Who."),
            Column(name="weight", type=COUNT, doc="Renamed prescriptions.", sensitivity="rx"),
            *period("medical_exchange"),
        ),
    )
    with pytest.raises(BadDeclaration, match=WALL):
        Fact(name="sneaked", table=both, subject="party", doc="d")


def test_a_fact_derived_from_the_other_side_fails() -> None:
    with pytest.raises(BadDeclaration, match=WALL):
        Fact(
            name="x", table=CONTRACT["exchange"], subject="party", derived_from=("outcome.quantity",), doc="d",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("measures", "formula", "better"),
    [
        ((MET,), "met_x", "up"),
        ((MET, _measure("planned_m", EXPERT_PLAN)), "100 * met_x / planned_m", None),
        ((_measure("engaged_x", ENGAGED), _measure("planned_m", EXPERT_PLAN)), "engaged_x / planned_m", "up"),
        ((_measure("calls_x", EXCHANGE, "count(distinct exchange)"),), "calls_x", "up"),
        ((_measure("asked_for", EXCHANGE, "sum(quantity) FILTER (WHERE reactive)"),), "asked_for", "down"),
    ],
)
def test_a_target_on_interaction_counts_fails(measures: tuple[Measure, ...], formula: str, better: str | None) -> None:
    with pytest.raises(BadDeclaration, match="target on a count of interactions") as refused:
        _metric(*measures, formula=formula, better=better)
    assert "no share of voice" in str(refused.value)


def test_a_count_that_is_nobodys_target_and_covered_experts_stand() -> None:
    assert _metric(MET, formula="met_x").better is None
    assert METRICS["expert_coverage"].better == "up" and METRICS["exchanges"].better is None


@pytest.mark.parametrize("name", [n for n, m in METRICS.items() if m.sensitivities & {"rx", "targeting"}])
def test_no_prescribing_and_no_target_list_stands_on_a_medical_scorecard(name: str) -> None:
    for put in ({"judged": (name,)}, {"judged": ("inquiries",), "context": (name,)}):
        with pytest.raises(BadDeclaration, match="to medical people"):
            Scorecard(roles=("medical_director",), **put)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["calls", "details", "pde", "samples_per_call"])
def test_no_count_of_interactions_and_no_share_of_voice_judges_medical_people(name: str) -> None:
    metric = METRICS[name]
    if metric.better is None and metric.ratio is None:
        assert Scorecard(roles=("msl",), judged=("inquiries",), context=(name,))
        return
    with pytest.raises(BadDeclaration, match=r"share of voice|count of interactions"):
        Scorecard(roles=("msl",), judged=(name,))
    assert Scorecard(roles=("rep",), judged=(name,)), "promotion is judged by it"


def test_share_of_voice_is_known_by_what_it_divides(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = _measure("ours", DETAIL, "sum(quantity) FILTER (WHERE product = 'alfa')")
    voice = _metric(ours, _measure("all_of_them", DETAIL), formula="100 * ours / all_of_them", band="field")
    monkeypatch.setitem(METRICS, "renamed_effort", voice)
    with pytest.raises(BadDeclaration, match="share of voice"):
        Scorecard(roles=("medical_director",), judged=("renamed_effort",))


def test_a_medical_role_is_granted_no_prescriber() -> None:
    for sensitivity in ("rx", "targeting"):
        with pytest.raises(BadDeclaration, match="medical role"):
            Role(
                name="x", title="X", rung="leaf", hierarchy_kinds=("medical",), first_page="cues", question="?",
                levers=(), grants={sensitivity: Grant(how="Y")}, medical=True,
            )  # fmt: skip


def _cue(role: str, *, name: str = "x") -> Cue:
    lever = ROLES[role].levers[0]
    return Cue(
        name=name, title="T", rule="r", evidence="e", about="person", due=1,
        levers=(Lever(role=role, lever=lever, action="A"),), unit="u", points=1.0, control=0.5,
    )  # fmt: skip


def _none(_: Scene) -> Iterator[Found]:
    yield from ()


BOTH = (
    "SELECT o.subject FROM outcome o JOIN exchange e ON e.party = o.subject",
    "SELECT subject FROM outcome WHERE subject IN (SELECT party FROM exchange)",
    "SELECT subject FROM outcome WHERE EXISTS (SELECT 1 FROM inquiry)",
    "WITH met AS (SELECT party AS p FROM exchange) SELECT p FROM met JOIN outcome ON subject = p",
    "SELECT party FROM exchange ORDER BY (SELECT max(quantity) FROM outcome)",
    "SELECT count(*) FROM EXCHANGE x, OUTCOME y",
    'SELECT x FROM "exchange" AS x, plan',
    "SELECT 1 FROM exchange NATURAL JOIN hcp_decile",
    "SELECT 1 FROM outcome JOIN expert_plan USING (product)",
    "SELECT 1 FROM bridge, inquiry_state",
    "SELECT sum(quantity) FILTER (WHERE (SELECT count(*) FROM insight) > 0) FROM outcome",
    "SELECT 1 FROM outcome UNION ALL SELECT 1 FROM congress",
    "FROM outcome SELECT 1 WHERE 1 IN (FROM exchange SELECT 1)",
)


@pytest.mark.parametrize("sql", BOTH)
@pytest.mark.parametrize("role", ["rep", "msl", "steward"])
def test_a_cue_that_reads_both_sides_fails_at_import(sql: str, role: str) -> None:
    with pytest.raises(BadDeclaration, match=r"medical") as refused:
        Rule(_cue(role), (sql,), _none)
    assert refused.value.todo


def test_two_statements_of_one_cue_are_read_together() -> None:
    with pytest.raises(BadDeclaration, match=WALL):
        Rule(_cue("rep"), ("SELECT party FROM exchange", "SELECT subject FROM outcome"), _none)


@pytest.mark.parametrize("sql", ["SELECT 1 FROM outcome", "SELECT 1 FROM plan", "FROM bridge", "FROM goal"])
def test_a_medical_cue_reads_no_prescribing_and_no_target_list(sql: str) -> None:
    for role in ("msl", "medical_director", "site_manager"):
        with pytest.raises(BadDeclaration, match="to medical people"):
            Rule(_cue(role), (sql,), _none)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM query('SELECT * FROM exchange')",
        "SELECT * FROM read_parquet('exchange.parquet')",
        "SELECT * FROM 'exchange.parquet'",
        "SELECT * FROM query_table('exchange')",
        "SELECT * FROM my_own_table",
    ],
)
def test_what_nobody_declared_cannot_be_read(sql: str) -> None:
    with pytest.raises(BadDeclaration):
        Rule(_cue("rep"), (sql,), _none)


def test_everything_declared_today_keeps_to_it() -> None:
    for metric in METRICS.values():
        assert not (metric.sensitivities & MEDICAL and metric.sensitivities & {"rx", "targeting"})
    for fact in FACTS.values():
        every = fact.sensitivities(frozenset(fact.table.names))
        assert not (every & MEDICAL and every & {"rx", "targeting"}), fact.name
    assert len(RULES) > 20 and SCORECARDS
    assert INTERACTION.table.domain == "field"
