"""An error has three parts, and a guess where a name is nearly right."""

from __future__ import annotations

import pytest

from data.errors import Denied, NoSnapshot, OnepictureError, WrongQuestion, did_you_mean
from data.findings import Finding


def test_an_error_says_what_where_and_what_to_do() -> None:
    text = str(OnepictureError("no column", where="a.csv", todo="Rename it."))
    assert text.startswith("a.csv: no column")
    assert text.endswith("Rename it.")


def test_exit_codes_follow_the_kind_of_error() -> None:
    assert (WrongQuestion("x").exit_code, Denied("x").exit_code, NoSnapshot("x").exit_code) == (2, 3, 4)


def test_a_near_name_is_guessed_and_a_far_one_is_not() -> None:
    assert did_you_mean("call_atainment", ["call_plan_attainment", "trx"]) == 'Did you mean "call_plan_attainment"?'
    assert did_you_mean("zzz", ["call_plan_attainment", "trx"]) == ""


def test_a_finding_needs_a_known_severity() -> None:
    with pytest.raises(ValueError, match="severity"):
        Finding(code="x", severity="bad", what="x", where="x", todo="x")
    assert "1,200 rows" in str(Finding(code="x", severity="note", what="w", where="f", todo="t.", rows=1200))
