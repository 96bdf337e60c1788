"""An error has three parts, and a guess where a name is nearly right."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from data.errors import Denied, NoSnapshot, OnepictureError, WrongQuestion, did_you_mean
from data.findings import Finding

ROOT = Path(__file__).parents[2]


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


def test_a_word_of_megabytes_is_not_said_back_whole() -> None:
    assert len(str(OnepictureError("x" * 1_000_000, where="y" * 5_000, todo="Correct it."))) < 400
    assert len(str(OnepictureError("word " * 100_000, where="here", todo="Correct it."))) < 5_000


def test_every_error_but_a_denial_says_what_to_do() -> None:
    """A guess at a misspelt name alone is none: it may find nothing. What is declared in code is its author's."""
    kinds = {each.__name__ for each in (OnepictureError, *OnepictureError.__subclasses__())}
    kinds -= {"Denied", "BadDeclaration"}
    silent = []
    for path in (path for room in ("data", "metrics", "dashboard") for path in (ROOT / room).rglob("*.py")):
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(part, ast.Call) and getattr(part.func, "id", "") in kinds:
                todo = next((each.value for each in part.keywords if each.arg == "todo"), None)
                guess = isinstance(todo, ast.Call) and getattr(todo.func, "id", "") == "did_you_mean"
                silent += [f"{path.name}:{part.lineno}"] if todo is None or guess else []
    assert not silent
