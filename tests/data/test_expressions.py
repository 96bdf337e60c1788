"""Scalar expressions: the safe list, quoted names, conversions that never fail, Salesforce ids."""

from __future__ import annotations

import duckdb
import pytest

from data.conversions import DIALECT, Recode, own_functions
from data.errors import BadInput
from data.expressions import Binder, parse

COLUMNS = {"Id": "'0015g00000XyZaB'", "when": "'03/04/2024'", "day": "DATE '2024-02-10'", "a b": "'x'", "n": "3"}


def _value(text: str, recodes: dict[str, Recode] | None = None) -> tuple[object, list[str]]:
    """The value of an expression over one row of COLUMNS, and the reasons against it."""
    recodes = recodes or {}
    bound = Binder(COLUMNS, recodes).bind(parse(text, "test", recodes), "t.c")
    row = ", ".join(f'{value} AS "{name}"' for name, value in COLUMNS.items())
    shown = [bound.tree.sql(DIALECT)]
    shown += [f"CASE WHEN {c.condition.sql(DIALECT)} THEN {c.reason.sql(DIALECT)} END" for c in bound.checks]
    with duckdb.connect() as connection:
        connection.execute(own_functions())
        found = connection.execute(f"SELECT {', '.join(shown)} FROM (SELECT {row})").fetchall()[0]
    return found[0], [reason for reason in found[1:] if reason]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'code:' || \"a b\"", "code:x"),
        ('upper("A B")', "X"),
        ("CAST(STRPTIME(\"when\", '%m/%d/%Y') AS DATE)", "2024-03-04"),
        ("CAST(STRPTIME(\"when\", '%d/%m/%Y') AS DATE)", "2024-04-03"),
        ("LAST_DAY(day)", "2024-02-29"),
        ("day - 7 * (n - 1)", "2024-01-27"),
        ("CAST(day + INTERVAL 1 MONTH AS DATE)", "2024-03-10"),
        ("make_date(2024, n, 1)", "2024-03-01"),
        ("LPAD(CAST(n AS VARCHAR), 3, '0')", "003"),
        ("CASE n WHEN 3 THEN 'three' ELSE 'other' END", "three"),
        ("COALESCE(NULLIF(\"a b\", 'x'), 'blank')", "blank"),
        ("SPLIT_PART(\"when\", '/', 2)", "04"),
        ("n IN (1, 3) AND NOT \"a b\" LIKE 'y%'", "True"),
        ("'it''s'", "it's"),
        ('TRY_CAST("when" AS DATE)', "None"),
    ],
)
def test_values(text: str, value: str) -> None:
    found, reasons = _value(text)
    assert (str(found), reasons) == (value, [])


@pytest.mark.parametrize(
    ("short", "long"),
    [
        # Each of the last three characters stands for five letters: A = none is a capital, 5 (or f) = all are.
        ("000000000000000", "000000000000000AAA"),
        ("AAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAA555"),
        ("Aaaaaaaaaaaaaaa", "AaaaaaaaaaaaaaaBAA"),
        ("aaaaAaaaaaaaaaa", "aaaaAaaaaaaaaaaQAA"),
        ("0015g00000XyZaB", "0015g00000XyZaBAAV"),
        ("0015g00000XyZaBAAV", "0015g00000XyZaBAAV"),
    ],
)
def test_salesforce_ids_take_their_long_form(short: str, long: str) -> None:
    assert _value(f"sf18('{short}')") == (long, [])


def test_what_is_no_salesforce_id_is_said() -> None:
    assert _value("sf18('12')")[1] == ['t.c: "12" is not a Salesforce id of 15 or 18 characters']


def test_a_failing_cast_is_a_reason_and_not_a_crash() -> None:
    assert _value('CAST("a b" AS DATE)') == (None, ['t.c: "x" is not a date (YYYY-MM-DD)'])
    assert _value("STRPTIME(\"when\", '%Y')") == (None, ['t.c: "03/04/2024" is not a date of the shape %Y'])
    assert _value("COALESCE('7', CAST(\"a b\" AS VARCHAR))") == ("7", [])
    assert _value('COALESCE(n, CAST("a b" AS BIGINT))') == (3, [])


def test_recode_tells_unknown_codes_from_ignored_ones() -> None:
    table = {"c": Recode(name="c", words={"x": "word"}, ignore=("03/04/2024",))}
    assert _value('recode(c, "a b")', table) == ("word", [])
    assert _value('recode(c, "when")', table) == (None, ['recode.c ignores "03/04/2024"'])
    assert _value("recode(c, 'y')", table) == (None, ['recode.c has no word for "y"'])
    assert _value("recode(c, NULL)", table) == (None, [])


def test_an_unknown_column_is_named_with_a_guess() -> None:
    with pytest.raises(BadInput, match=r'no column "dayy"\. Did you mean "day"'):
        _value("dayy")


def test_a_name_can_hold_anything_and_breaks_nothing() -> None:
    name = 'x" FROM (SELECT 1); DROP TABLE t; --'
    bound = Binder([name], {}).bind(parse('"x"" FROM (SELECT 1); DROP TABLE t; --"', "test", {}), "t.c")
    quoted = '"' + name.replace('"', '""') + '"'
    assert bound.tree.sql(DIALECT) == quoted
    assert duckdb.execute(f"SELECT {bound.tree.sql(DIALECT)} FROM (SELECT 5 AS {quoted})").fetchall() == [(5,)]
