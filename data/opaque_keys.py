"""No column but a reference may hold an outside id of a person: references alone become opaque in a snapshot."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from data.contract import CONTRACT, Table
from data.contract.table import TEXT
from data.errors import BadMapping
from data.expressions import Expression
from data.staging import PREFIXES, is_reference

_KINDS = ("kind", "subject_kind")  # whether it is a person is no id


def check_no_person_in_texts(table: Table, columns: Mapping[str, Expression], where: str) -> None:
    """Raise BadMapping where a text of a row is made of the column that says who the row's person is."""
    if table.name not in CONTRACT:
        return
    named = [name for name in columns if is_reference(table, table.column(name))]
    persons = {used: name for name in named if _outside(columns[name]) for used in columns[name].columns}
    for name, expression in columns.items():
        told = [used for used in expression.columns if used in persons]
        if told and name not in (*named, *_KINDS) and table.column(name).type == TEXT:
            raise BadMapping(
                f"{name} is made of {told[0]}, which says who {persons[told[0]]} is",
                where=where,
                todo="Make it of the row's own id or number: a snapshot holds opaque ids of persons alone.",
            )


def _outside(expression: Expression) -> bool:
    """Whether an expression makes a person's outside id (npi:, me:, crm:, user:)."""
    return any(str(each.this).startswith(PREFIXES) for each in expression.tree.find_all(exp.Literal))
