"""One question, one SQL tree: bound values only, shapes made once, divisions guarded."""

from __future__ import annotations

import re

import pytest
import sqlglot

from metrics.catalog import METRICS
from metrics.climbing import group_select
from metrics.compiler import Shape, compile_shape, denominator, formula
from metrics.groups import ALL_GROUPS

PLAIN = {"subjects": False, "rolled": True, "series": False, "compare": False, "masked": False, "within": True,
         "scope": True, "studies": False}  # fmt: skip


def _shape(*metrics: str, **changed: bool) -> Shape:
    return Shape(metrics=metrics, **{**PLAIN, **changed})


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    "changed", [{}, {"compare": True}, {"series": True}, {"subjects": True, "rolled": False}, {"rolled": False}]
)
def test_every_shape_is_one_statement_that_reads_only(metric: str, changed: dict[str, bool]) -> None:
    statements = sqlglot.parse(compile_shape(_shape(metric, **changed)), read="duckdb")
    assert len(statements) == 1
    assert statements[0] is not None
    assert statements[0].key == "select"


def test_a_page_question_reads_rollups_and_no_fact() -> None:
    text = compile_shape(_shape(*METRICS, compare=True))
    read = {table.name for table in sqlglot.parse_one(text, read="duckdb").find_all(sqlglot.exp.Table)}
    facts = {fact.table.name for metric in METRICS.values() for fact in metric.facts}
    assert not read & facts
    assert {name for name in read if name.startswith("roll_")}


def test_values_are_bound_never_written_into_the_text() -> None:
    text = compile_shape(_shape("trx", "reach", compare=True, masked=True))
    literals = set(re.findall(r"'([^']*)'", text))
    assert literals <= {"current", "previous", "window", "period", "self", "own", "basket", "basket_own"}
    assert {"$within", "$scope", "$product", "$hierarchy"} <= set(re.findall(r"\$\w+", text))


def test_the_mask_is_in_the_query_of_prescriptions_and_of_nothing_else() -> None:
    text = compile_shape(_shape("trx", "calls", masked=True))
    assert text.count("NOT g.opted_out") == 1


def test_the_text_of_a_known_shape_is_not_made_again() -> None:
    shape = _shape("trx", "share", "reach", compare=True)
    compile_shape(shape)
    made = compile_shape.cache_info()
    assert compile_shape(_shape("trx", "share", "reach", compare=True)) is compile_shape(shape)
    assert compile_shape.cache_info().misses == made.misses


def test_nothing_over_nothing_is_unknown_not_an_error() -> None:
    text = formula(METRICS["share"]).sql(dialect="duckdb")
    assert "NULLIF(CAST(basket_trx AS DOUBLE), 0)" in text


def test_the_denominator_is_found_for_the_evidence() -> None:
    found = denominator(METRICS["share"])
    assert found is not None
    assert "basket_trx" in found.sql()
    assert denominator(METRICS["trx"]) is None


def test_every_measure_is_in_exactly_one_group() -> None:
    names = [measure.name for group in ALL_GROUPS for measure in group.measures]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("group", ALL_GROUPS, ids=lambda group: group.name)
def test_a_group_tells_hierarchy_node_product_opt_out_and_span(group: object) -> None:
    columns = group_select(group).named_selects  # type: ignore[arg-type]
    assert columns[:5] == ["hierarchy", "node", "product", "opted_out", "span"]
