"""Expressions of measures: parsed once, held to what every engine understands alike."""

from __future__ import annotations

from collections.abc import Callable

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


def judged(tree: exp.Expr, known: Callable[[], exp.Expr]) -> exp.Expr:
    """An aggregate over subjects as it reads for one of them: a count is 1 or 0 where anything is `known`, else empty.

    Raises BadDeclaration for an aggregate that has no such reading.
    """
    if isinstance(tree, exp.Filter):
        inner = tree.this
        when = exp.Case(ifs=[exp.If(this=tree.expression.this.copy(), true=_alone(inner))])
        if not isinstance(inner, exp.Count):
            return when
        when.set("default", exp.Literal.number(0))
        return exp.Case(ifs=[exp.If(this=known(), true=when)])
    return exp.Case(ifs=[exp.If(this=known(), true=_alone(tree))]) if isinstance(tree, exp.Count) else _alone(tree)


def _alone(tree: exp.Expr) -> exp.Expr:
    """What an aggregate makes of a single row."""
    if isinstance(tree, (exp.Sum, exp.Min, exp.Max)):
        return tree.this.copy()
    if isinstance(tree, exp.Count) and isinstance(tree.this, exp.Star):
        return exp.Literal.number(1)
    raise BadDeclaration(f'"{tree.sql()}" has no meaning for one subject', todo="Use sum, min, max or count(*).")
