"""How a source writes its dates and decimals where it is not as 2024-01-31 and 1234.5: declared, never guessed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

# The order of day, month and year as a pattern, and how it is written anew. Years have four digits, or nothing would
# tell 1924 from 2024.
DATE_ORDERS = {
    "DMY": (r"^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", r"\3-\2-\1"),
    "MDY": (r"^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", r"\3-\1-\2"),
    "YMD": (r"^([0-9]{4})[-/. ]?([0-9]{2})[-/. ]?([0-9]{2})", r"\1-\2-\3"),
}
DECIMALS = (",", ".")
_GROUPED = {
    ",": r"[+-]?([0-9]{1,3}([. \x{a0}\x{202f}'][0-9]{3})+|[0-9]+)(,[0-9]+)?",
    ".": r"[+-]?([0-9]{1,3}([, \x{a0}\x{202f}'][0-9]{3})+|[0-9]+)?(\.[0-9]+)?",
}


@dataclass(frozen=True, kw_only=True)
class Locale:
    """A source's order of dates (DMY, MDY, YMD) and its decimal sign; None where it writes as the engine reads."""

    dates: str | None = None
    decimal: str | None = None

    def moment(self, value: exp.Expr) -> exp.Expr:
        """The text of a date or moment as the engine reads it; what does not have the declared shape stays."""
        if self.dates is None:
            return value
        text = exp.cast(value.copy(), "VARCHAR")
        pattern, anew = DATE_ORDERS[self.dates]
        bare = _call("REGEXP_REPLACE", text, "[- ]", "", "g")
        # 31-JAN-2024 is told in any order of dates.
        named = exp.cast(exp.cast(_call("TRY_STRPTIME", bare, "%d%b%Y"), "DATE"), "VARCHAR")
        return exp.Coalesce(this=named, expressions=[_call("REGEXP_REPLACE", text, pattern, anew)])

    def number(self, value: exp.Expr) -> exp.Expr:
        """The text of a number with a point and no groups; a text that is no number of this sign becomes one that
        is none at all, since 1.234 would otherwise be read as another number than was meant."""
        if self.decimal is None:
            return value
        text = exp.cast(value.copy(), "VARCHAR")
        bare = _call("REGEXP_REPLACE", text, "[^0-9,+-]" if self.decimal == "," else "[^0-9.+-]", "", "g")
        is_text = exp.EQ(this=_call("TYPEOF", value), expression=exp.Literal.string("VARCHAR"))
        return exp.Case(
            ifs=[
                exp.If(this=exp.or_(exp.not_(is_text), exp.Is(this=text.copy(), expression=exp.null())), true=text),
                exp.If(
                    this=_call("REGEXP_FULL_MATCH", text, _GROUPED[self.decimal]), true=_call("REPLACE", bare, ",", ".")
                ),
            ],
            default=exp.Literal.string("no number"),
        )


def _call(name: str, value: exp.Expr, *texts: str) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[value.copy(), *map(exp.Literal.string, texts)])


PLAIN = Locale()
