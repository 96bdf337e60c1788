"""Scalar expressions of a mapping: parsed, held to a safe list, and bound to a source's columns with their checks.

A mapping says how one of our columns comes from theirs in a small part of SQL. Nothing is pasted: an
expression is parsed to a tree, every node must be on the list below, and every name becomes a quoted
identifier spelled as the source spells it. A conversion that can fail becomes one that cannot, beside a
check that tells which rows would have failed, so that a bad value ends in quarantine and never in a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from data.conversions import (
    DIALECT,
    Check,
    Recode,
    absent,
    failed,
    present,
    quote_value,
    recoded,
    salesforce_id,
    typed,
)
from data.errors import BadInput, BadMapping, did_you_mean, guess_or_list
from data.locales import PLAIN, Locale

_ALLOWED: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.DataType, exp.DataTypeParam,
    exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.TryCast,
    exp.DPipe, exp.Concat, exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Replace,
    exp.Pad, exp.SplitPart, exp.Length, exp.StartsWith, exp.Greatest, exp.Least, exp.Abs, exp.Round,
    exp.LastDay, exp.Interval, exp.Var, exp.StrToTime, exp.DateFromParts, exp.Year, exp.Month,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Like, exp.ILike, exp.Is,
    exp.And, exp.Or, exp.Not, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg,
)  # fmt: skip
Visit = Callable[..., exp.Expr]
FUNCTIONS = (
    "case", "coalesce", "nullif", "cast", "try_cast", "concat", "upper", "lower", "trim", "substr", "left", "right",
    "replace", "lpad", "rpad", "split_part", "length", "starts_with", "greatest", "least", "abs", "round", "last_day",
    "strptime", "make_date", "year", "month", "recode", "sf18",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Expression:
    """One parsed expression: its text, where it stands, its tree, and the columns and recode tables it names."""

    text: str
    where: str
    tree: exp.Expr
    columns: tuple[str, ...]
    recodes: tuple[str, ...]


def parse(text: str, where: str, recodes: Mapping[str, Recode]) -> Expression:
    """Read one expression of a mapping. Raises BadMapping for anything outside the scalar subset."""
    try:
        statements = sqlglot.parse(text, dialect=DIALECT)
    except SqlglotError as problem:
        words = f'"{text}" cannot be read: {str(problem).splitlines()[0].rstrip(".")}'
        raise BadMapping(words, where=where, todo="Write it as one SQL expression.") from problem
    if len(statements) != 1 or statements[0] is None:
        raise BadMapping(f'"{text}" is not one expression', where=where, todo="Write a single expression.")
    tree = statements[0]
    used: list[str] = []
    for node in tree.walk():
        if isinstance(node, exp.Anonymous):
            _check_own_function(node, text, where, recodes, used)
        elif type(node) not in _ALLOWED:
            raise _refused(node, text, where)
        elif isinstance(node, exp.Column) and node.table:
            raise BadMapping(
                f'"{node.sql(DIALECT)}" names a table', where=where, todo="Name a column, or join it under a name."
            )
    names = dict.fromkeys(c.name for c in tree.find_all(exp.Column) if not _is_recode_name(c))
    return Expression(text=text, where=where, tree=tree, columns=tuple(names), recodes=tuple(used))


def _is_recode_name(column: exp.Column) -> bool:
    call = column.parent
    return isinstance(call, exp.Anonymous) and call.name.lower() == "recode" and call.expressions[0] is column


def _check_own_function(
    node: exp.Anonymous, text: str, where: str, recodes: Mapping[str, Recode], used: list[str]
) -> None:
    name = node.name.lower()
    arguments = node.expressions
    if name == "recode" and len(arguments) == 2 and isinstance(arguments[0], exp.Column):
        table = arguments[0].name
        if table not in recodes:
            raise BadMapping(
                f'no recode table "{table}"', where=where, todo=did_you_mean(table, recodes) or f"Add [recode.{table}]."
            )
        used.append(table)
    elif name != "sf18" or len(arguments) != 1:
        raise _refused(node, text, where)


def _refused(node: exp.Expr, text: str, where: str) -> BadMapping:
    word = (
        node.name.lower()
        if isinstance(node, exp.Anonymous)
        else node.sql_name().lower()
        if isinstance(node, exp.Func)
        else type(node).__name__.lower()
    )
    hint = did_you_mean(word, FUNCTIONS) or f"A mapping may use {', '.join(FUNCTIONS)}, comparison and arithmetic."
    return BadMapping(f'"{word}" in "{text}" is not allowed', where=where, todo=hint)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """An expression ready for the engine: its tree over quoted columns, and what must not hold for a row."""

    tree: exp.Expr
    checks: tuple[Check, ...]


class Binder:
    """Binds expressions to the columns a source really has, in the source's own spelling."""

    def __init__(self, columns: Iterable[str], recodes: Mapping[str, Recode], locale: Locale = PLAIN) -> None:
        self._columns = {name.casefold(): name for name in columns}
        self._recodes, self.locale = recodes, locale

    def bind(self, expression: Expression, label: str) -> Bound:
        """The tree and its checks; `label` names our column in reasons. Raises BadInput for an unknown column."""
        checks: list[Check] = []
        tree = self._visit(expression.tree, (), expression, label, checks)
        return Bound(tree=tree, checks=tuple(checks))

    def spelled(self, name: str, where: str) -> str:
        """The column as a quoted identifier in the source's own spelling. Raises BadInput for an unknown one."""
        return self._column(name, where).sql(DIALECT)

    def _column(self, name: str, where: str) -> exp.Expr:
        own = self._columns.get(name.casefold())
        if own is None:
            raise BadInput(f'no column "{name}"', where=where, todo=guess_or_list(name, self._columns.values()))
        return exp.column(own, quoted=True)

    def _visit(
        self,
        node: exp.Expr,
        guards: tuple[exp.Expr, ...],
        expression: Expression,
        label: str,
        checks: list[Check],
    ) -> exp.Expr:
        def visit(child: exp.Expr, more: tuple[exp.Expr, ...] = ()) -> exp.Expr:
            return self._visit(child, guards + more, expression, label, checks)

        if isinstance(node, exp.Column):
            return self._column(node.name, expression.where)
        if isinstance(node, exp.Case):
            return _case(node, visit)
        if isinstance(node, exp.Coalesce):
            return _coalesce(node, visit)
        if isinstance(node, exp.Anonymous) and node.name.lower() == "recode":
            table = self._recodes[node.expressions[0].name]
            tree, found = recoded(visit(node.expressions[1]), table)
        elif isinstance(node, exp.Anonymous):
            tree, found = salesforce_id(visit(node.expressions[0]), label)
        else:
            tree = node.copy()
            for key, value in node.args.items():
                if isinstance(value, exp.Expr):
                    tree.set(key, visit(value))
                elif isinstance(value, list):
                    tree.set(key, [visit(v) if isinstance(v, exp.Expr) else v for v in value])
            tree, found = _made_safe(tree, label, self.locale)
        checks.extend(_guarded(check, guards) for check in found)
        return tree


def _guarded(check: Check, guards: tuple[exp.Expr, ...]) -> Check:
    condition = exp.and_(*guards, check.condition, copy=True) if guards else check.condition
    return replace(check, condition=condition)


def _holds(condition: exp.Expr) -> exp.Expr:
    return exp.Is(this=exp.paren(condition.copy()), expression=exp.true())


def _case(node: exp.Case, visit: Visit) -> exp.Expr:
    operand = visit(node.this) if node.this else None
    before: list[exp.Expr] = []
    branches = []
    for branch in node.args["ifs"]:
        condition = visit(branch.this, tuple(before))
        test = exp.EQ(this=exp.paren(operand.copy()), expression=exp.paren(condition.copy())) if operand else condition
        result = visit(branch.args["true"], (*before, _holds(test)))
        branches.append(exp.If(this=test, true=result))
        before.append(exp.not_(_holds(test)))
    default = node.args.get("default")
    return exp.Case(ifs=branches, default=visit(default, tuple(before)) if default else None)


def _coalesce(node: exp.Coalesce, visit: Visit) -> exp.Expr:
    parts: list[exp.Expr] = []
    before: list[exp.Expr] = []
    for part in (node.this, *node.expressions):
        bound = visit(part, tuple(before))
        parts.append(bound)
        before.append(absent(bound))
    return exp.Coalesce(this=parts[0], expressions=parts[1:])


def _made_safe(tree: exp.Expr, label: str, locale: Locale) -> tuple[exp.Expr, list[Check]]:
    if type(tree) is exp.Cast:
        return typed(tree.this, tree.args["to"], label, locale)
    if type(tree) is exp.TryCast:
        return typed(tree.this, tree.args["to"], label, locale)[0], []
    if isinstance(tree, exp.StrToTime):
        safe = exp.Anonymous(this="TRY_STRPTIME", expressions=[tree.this, tree.args["format"]])
        shape = tree.args["format"].name
        return safe, [failed(tree.this, safe, label, f"is not a date of the shape {shape}")]
    if isinstance(tree, exp.DateFromParts):
        safe = exp.Anonymous(this="TRY", expressions=[tree])
        parts = [tree.args[part] for part in ("year", "month", "day")]
        told = exp.Concat(expressions=[exp.cast(part.copy(), "VARCHAR") for part in parts], safe=True, coalesce=True)
        given = exp.and_(*(present(part) for part in parts))
        words = f"{label}: its year, month and day make no date"
        reason = quote_value(f"{label}: year, month and day", told, "make no date")
        return safe, [Check(condition=exp.and_(given, absent(safe)), finding=exp.Literal.string(words), reason=reason)]
    return tree, []
