"""Conversions that cannot fail, each beside the check that finds the rows it could not convert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from data.locales import PLAIN, Locale

DIALECT = "duckdb"

_WORDS = {
    "DATE": "a date (YYYY-MM-DD)",
    "TIMESTAMP": "a moment in time (YYYY-MM-DD HH:MM)",
    "BIGINT": "a whole number",
    "INT": "a whole number",
    "BOOLEAN": "true or false",
}
_WHOLE = {exp.DataType.Type.BIGINT, exp.DataType.Type.INT, exp.DataType.Type.SMALLINT, exp.DataType.Type.TINYINT}

_DAYS = {exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP}


@dataclass(frozen=True, kw_only=True)
class Recode:
    """A source's codes and our words for them; codes to ignore; a word for every other code only if declared.

    With the default `*` every other code stands for itself.
    """

    name: str
    words: Mapping[str, str]
    ignore: tuple[str, ...] = ()
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """Rows for which `condition` holds are not taken: `finding` groups them, `reason` says why for one row."""

    condition: exp.Expr
    finding: exp.Expr
    reason: exp.Expr
    todo: str = "Put the value right in the source, or convert it in the mapping."
    ignored: bool = False


def present(tree: exp.Expr) -> exp.Expr:
    """The condition that a value is there."""
    return exp.not_(absent(tree))


def absent(tree: exp.Expr) -> exp.Expr:
    """The condition that a value is blank."""
    return exp.Is(this=exp.paren(tree.copy()), expression=exp.null())


def quote_value(before: str, value: exp.Expr, after: str = "") -> exp.Expr:
    """The text `before "value" after` for a row."""
    parts = [exp.Literal.string(f'{before} "'), exp.cast(value.copy(), "VARCHAR")]
    parts.append(exp.Literal.string(f'" {after}' if after else '"'))
    return exp.Concat(expressions=parts, safe=True, coalesce=True)


def failed(inner: exp.Expr, safe: exp.Expr, label: str, words: str) -> Check:
    """The check that a value which is there came through its cast; `words` say what it is not."""
    return Check(
        condition=exp.and_(present(inner), absent(safe)),
        finding=exp.Literal.string(f"{label}: a value {words}"),
        reason=quote_value(f"{label}:", inner, words),
    )


def typed(
    inner: exp.Expr, kind: exp.DataType | str, label: str, locale: Locale = PLAIN
) -> tuple[exp.Expr, list[Check]]:
    """A conversion to a type that cannot fail, with the check that finds what it could not convert."""
    kind = exp.DataType.build(kind, dialect=DIALECT) if isinstance(kind, str) else kind
    value = locale.moment(inner) if kind.this in _DAYS else inner
    value = locale.number(inner) if kind.this in exp.DataType.NUMERIC_TYPES else value
    safe: exp.Expr = exp.TryCast(this=value.copy(), to=kind.copy())
    if kind.this in _DAYS:
        safe = exp.Case(ifs=[exp.If(this=_of_four_digits(value), true=safe)])
    words = _WORDS.get(kind.this.value, "a number")
    found = [] if kind.this in exp.DataType.TEXT_TYPES else [failed(inner, safe, label, f"is not {words}")]
    if kind.this in _WHOLE:
        fraction = exp.TryCast(this=value.copy(), to=exp.DataType.build("DECIMAL(38,9)", dialect=DIALECT))
        lossy = exp.NEQ(this=fraction, expression=exp.TryCast(this=value.copy(), to=kind.copy()))
        found.append(
            Check(
                condition=lossy,
                finding=exp.Literal.string(f"{label}: a value is not {words}"),
                reason=quote_value(f"{label}:", inner, f"is not {words}"),
            )
        )
    return safe, found


def _of_four_digits(value: exp.Expr) -> exp.Expr:
    """The condition that a day's year has four digits, as nothing else tells 01/02/03 or `infinity` from a day."""
    text = exp.cast(value.copy(), "VARCHAR")
    fifth = exp.Substring(this=text, start=exp.Literal.number(5), length=exp.Literal.number(1))
    return exp.In(this=fifth, expressions=[exp.Literal.string("-"), exp.Literal.string("/")])


def recoded(code: exp.Expr, table: Recode) -> tuple[exp.Expr, list[Check]]:
    """Our word for a code. A code without a word is a reason to quarantine, an ignored one to leave out."""
    code = exp.cast(code, "VARCHAR")
    branches = [
        exp.If(this=exp.EQ(this=code.copy(), expression=exp.Literal.string(c)), true=exp.Literal.string(word))
        for c, word in table.words.items()
    ]
    other = None
    if table.default is not None:
        word = code.copy() if table.default == "*" else exp.Literal.string(table.default)
        other = exp.Case(ifs=[exp.If(this=present(code), true=word)])
    tree = exp.Case(ifs=branches, default=other) if branches else other or exp.null()
    found = []
    if table.ignore:
        ignored = exp.In(this=code.copy(), expressions=[exp.Literal.string(c) for c in table.ignore])
        words = quote_value(f"recode.{table.name} ignores", code)
        found.append(Check(condition=ignored, finding=words, reason=words.copy(), ignored=True))
    if table.default is None:
        known = [exp.Literal.string(c) for c in (*table.words, *table.ignore)]
        unknown = exp.not_(exp.In(this=code.copy(), expressions=known)) if known else exp.true()
        words = quote_value(f"recode.{table.name} has no word for", code)
        found.append(
            Check(
                condition=exp.and_(present(code), unknown),
                finding=words,
                reason=words.copy(),
                todo=f"Add it under [recode.{table.name}], or list it in its ignore.",
            )
        )
    return tree, found


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce_id(code: exp.Expr, label: str) -> tuple[exp.Expr, list[Check]]:
    """The 18-character form of a Salesforce id: three check characters tell which of the 15 letters are capitals."""
    code = exp.cast(code, "VARCHAR")
    tree = exp.Anonymous(this=_LONG_ID, expressions=[code.copy()])
    lengths = [exp.Literal.number(15), exp.Literal.number(18)]
    odd = exp.not_(exp.In(this=exp.Length(this=code.copy()), expressions=lengths))
    words = "is not a Salesforce id of 15 or 18 characters"
    return tree, [
        Check(
            condition=exp.and_(present(code), odd),
            finding=exp.Literal.string(f"{label}: a value {words}"),
            reason=quote_value(f"{label}:", code, words),
        )
    ]


_LONG_ID = "onepicture_long_id"


def own_functions() -> str:
    """The statement that makes the engine know what it lacks: the 18-character form of a Salesforce id.

    Public rule: each of three characters stands for five letters, least significant first, over A-Z and 0-5.
    """

    def capital(position: int, weight: int) -> str:
        return f"CASE WHEN SUBSTRING(x, {position}, 1) BETWEEN 'A' AND 'Z' THEN {weight} ELSE 0 END"

    def letter(start: int) -> str:
        total = " + ".join(capital(start + offset, 2**offset) for offset in range(5))
        return f"SUBSTRING('{_ALPHABET}', 1 + {total}, 1)"

    text = f"CASE WHEN LENGTH(x) = 15 THEN x || {letter(1)} || {letter(6)} || {letter(11)} ELSE x END"
    return f"CREATE OR REPLACE TEMP MACRO {_LONG_ID}(x) AS {text}"
