"""The contract keeps its own promises: one domain a table, additive measures exact, every fact dated."""

from __future__ import annotations

import pytest

from data.contract import CONTRACT, Column, Table
from data.contract.table import AMOUNT, COUNT
from data.errors import BadDeclaration

FACTS = [table for table in CONTRACT.values() if table.is_fact]


def test_every_table_that_the_field_needs_is_there() -> None:
    assert set(CONTRACT) >= {
        "party", "affiliation", "hierarchy", "node", "alignment", "roster", "product", "basket", "calendar",
        "annotation", "coverage", "outcome", "goal", "interaction", "sample", "time_off", "plan", "exposure", "spend",
        "exchange", "expert_plan", "congress", "inquiry", "insight", "study", "site", "milestone", "enrolment",
        "consent", "pdrp",
    }  # fmt: skip


@pytest.mark.parametrize("table", FACTS, ids=lambda table: table.name)
def test_a_fact_counts_exactly_and_is_dated(table: Table) -> None:
    assert table.column("quantity").type in (AMOUNT, COUNT), "a DOUBLE adds up differently on two threads"
    assert table.column("period_start").required
    assert table.column("period_end").required


@pytest.mark.parametrize("table", CONTRACT.values(), ids=lambda table: table.name)
def test_every_column_has_a_sentence_and_every_table_its_grain(table: Table) -> None:
    assert table.grain.startswith("one row")
    for column in table.columns:
        assert column.doc.endswith("."), f"{table.name}.{column.name}"


def test_what_lies_behind_the_wall_is_tagged_by_domain() -> None:
    commercial = {"rx", "targeting", "field_activity", "media_exposure", "media_spend"}
    medical = {"medical_exchange", "scientific_content", "inquiry"}
    for table in CONTRACT.values():
        tags = {column.sensitivity for column in table.columns} - {"open"}
        if table.domain == "medical":
            assert tags <= medical, table.name
        if table.domain in ("outcome", "field", "media"):
            assert tags <= commercial, table.name
        if table.domain == "site":
            assert tags <= {"site"}, table.name


def test_names_of_persons_have_no_column() -> None:
    """Names live in the people store: the only name columns are those of organisations and things."""
    named = {f"{table.name}.{column.name}" for table in CONTRACT.values() for column in table.columns
             if "name" in column.name}  # fmt: skip
    assert named == {"hierarchy.name", "node.name", "product.name", "basket.name", "study.name"}


def test_a_wrong_declaration_says_what_it_might_have_meant() -> None:
    with pytest.raises(BadDeclaration, match="Did you mean"):
        Column(name="x", type=COUNT, doc="x", sensitivity="field_activty")
    with pytest.raises(BadDeclaration, match="Did you mean"):
        CONTRACT["outcome"].column("quantty")
