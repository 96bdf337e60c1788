"""Expressions of measures: parsed once, held to what every engine understands alike."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from data.errors import BadDeclaration

# What an expression may be made of: portable to every engine without a change of meaning.
_PORTABLE = (
    exp.Sum, exp.Count, exp.Distinct, exp.Min, exp.Max, exp.Case, exp.If, exp.Filter, exp.Where, exp.Column,
    exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Star, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or,
    exp.Is, exp.In, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Add, exp.Sub, exp.Mul, exp.Div,
    exp.Coalesce, exp.Least, exp.Greatest,
)  # fmt: skip


def parse(text: str, where: str) -> exp.Expr:
    """The expression tree of `text`, held to the portable subset."""
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except sqlglot.ParseError as error:
        raise BadDeclaration(f'"{text}" does not parse: {error}', where=where) from None
    for part in tree.walk():
        if not isinstance(part, _PORTABLE):
            raise BadDeclaration(
                f"{type(part).__name__} is outside the portable subset",
                where=where,
                todo="Use sum, count, count distinct, min, max, case, filter and arithmetic.",
            )
    return tree


def columns_read(tree: exp.Expr) -> frozenset[str]:
    """The names of the columns an expression reads."""
    return frozenset(column.name for column in tree.find_all(exp.Column))
