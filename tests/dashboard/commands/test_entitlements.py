"""`onepicture entitle`: who is let in, by number or by subject, with a reason that stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dashboard.cli import run
from data.entitlements import Entitlements, group_issuer, person_id
from data.ledger import Ledger
from data.workspace import Workspace

ISSUER = "https://id.example.com"


@pytest.fixture
def home(smallland_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(smallland_home, tmp_path / "own"))


@pytest.fixture
def entitle(home: Path) -> Callable[..., int]:
    return lambda *words: run(["entitle", *words, "--home", str(home)])


@pytest.fixture
def known(home: Path) -> Entitlements:
    return Entitlements(Ledger(Workspace.open(home)))


def test_a_person_is_let_in_and_turned_away_again(
    entitle: Callable, known: Entitlements, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ("--from", "2026-03-01", "--to", "2026-06-30")
    assert (
        entitle("grant", "ada", "--issuer", f"{ISSUER}/", "--role", "rep", "--node", "SM_N1a", *days, "--reason", "new")
        == 0
    )
    (found,) = known.of(ISSUER, "ada").spans
    assert (found.role, found.hierarchy, found.node) == ("rep", "field", "SM_N1a")
    assert (found.from_date, found.to_date) == (date(2026, 3, 1), date(2026, 6, 30))
    assert entitle("revoke", found.person, "--reason", "left") == 0
    assert [each.role for each in known.of(ISSUER, "ada").spans] == [None]
    lines = [line for line in Ledger(Workspace.open(home)).audit_lines() if line.did == "entitlement"]
    assert [(line.object, line.reason) for line in lines] == [(found.person, "new"), (found.person, "left")]
    capsys.readouterr()


def test_whoever_knocked_is_let_in_by_number(
    entitle: Callable, known: Entitlements, capsys: pytest.CaptureFixture[str]
) -> None:
    known.turned_away(ISSUER, "bob")
    assert entitle("list", "--format", "json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["person"], row["state"]) == (person_id(ISSUER, "bob"), "turned away")
    assert entitle("grant", row["person"], "--role", "steward", "--reason", "answers for the data") == 0
    (found,) = known.of(ISSUER, "bob").spans
    assert found.role == "steward"
    capsys.readouterr()
    assert entitle("list", "--format", "json") == 0
    assert [each["state"] for each in json.loads(capsys.readouterr().out)] == ["granted"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ada", "--role", "repp", "--node", "SM_N1a"), 2, 'Did you mean "rep"'),
        (("ada", "--role", "rep", "--node", "nowhere"), 2, "nowhere"),
        (("ada", "--role", "rep"), 3, "nowhere in the company"),
        (("ada", "--role", "msl", "--node", "SM_N1a", "--hierarchy", "field"), 2, "hierarchy"),
        (("ada", "--role", "rep", "--node", "SM_N1a", "--from", "2026-03-02", "--to", "2026-03-01"), 2, "--to"),
        (("p-0000000000000000", "--role", "rep", "--node", "SM_N1a"), 2, "number"),
    ],
)
def test_a_place_that_is_not_is_refused_and_nothing_written(
    entitle: Callable,
    known: Entitlements,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    issuer = () if words[0].startswith("p-") else ("--issuer", ISSUER)
    assert entitle("grant", *words, *issuer, "--reason", "new") == code
    assert said in capsys.readouterr().err
    assert known.version() == 0


def test_without_an_issuer_somebody_must_be_configured(entitle: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    assert entitle("grant", "ada", "--role", "rep", "--node", "SM_N1a", "--reason", "new") == 2
    assert "--issuer" in capsys.readouterr().err
    assert entitle("grant", "ada", "--issuer", ISSUER, "--role", "rep", "--node", "SM_N1a", "--reason", " ") == 2
    assert "reason" in capsys.readouterr().err


def test_who_moves_has_a_line_for_each_place(
    entitle: Callable, known: Entitlements, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ("ada", "--issuer", ISSUER, "--role", "rep", "--reason", "moves")
    assert entitle("grant", *told, "--node", "SM_N1a") == 0
    assert entitle("grant", *told, "--node", "SM_S1a", "--from", "2026-07-01") == 0
    capsys.readouterr()
    assert entitle("list", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["node"], row["from_date"], row["to_date"], row["state"]) for row in rows] == [
        ("SM_N1a", None, "2026-06-30", "granted"),
        ("SM_S1a", "2026-07-01", None, "granted"),
    ]


def test_a_group_is_let_in_and_turned_away(
    entitle: Callable, known: Entitlements, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ("West", "--group", "--issuer", ISSUER)
    assert entitle("grant", *told, "--role", "rep", "--node", "SM_N1a", "--reason", "new") == 0
    (span,) = known.of(group_issuer(ISSUER), "West").spans
    assert (span.of_a_group, span.node) == (True, "SM_N1a")
    assert known.of(ISSUER, "West").spans == ()
    assert entitle("revoke", *told, "--reason", "left") == 0
    assert [each.role for each in known.of(group_issuer(ISSUER), "West").spans] == [None]
