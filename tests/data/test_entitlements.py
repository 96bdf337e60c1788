"""Entitlements: the latest line about a person holds, nothing is erased, and days are days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.entitlements import Entitlement, Entitlements, person_id
from data.errors import BadInput
from data.ledger import Ledger
from data.workspace import Workspace

ISSUER = "https://id.example.com/"
ADA = Entitlement(
    issuer=ISSUER, subject="ada", role="rep", hierarchy="field", node="N1", team="core", studies=("S1", "S2"),
    from_date=date(2026, 3, 1), to_date=date(2026, 3, 31), label="West", reason="joined",
)  # fmt: skip


@pytest.fixture
def entitlements(tmp_path: Path) -> Entitlements:
    return Entitlements(Ledger(Workspace.create(tmp_path / "home")))


def test_what_was_granted_is_read_back_whichever_way_the_issuer_is_written(entitlements: Entitlements) -> None:
    entitlements.grant(ADA, "operator")
    for issuer in (ISSUER, ISSUER.rstrip("/")):
        (found,) = entitlements.of(issuer, "ada").spans
        assert (found.role, found.node, found.team, found.studies) == ("rep", "N1", "core", ("S1", "S2"))
        assert (found.from_date, found.to_date) == (ADA.from_date, ADA.to_date)
        assert found.person == person_id(ISSUER, "ada")


@pytest.mark.parametrize("subject", ["Ada", "ada ", "bob", ""])
def test_nobody_is_taken_for_somebody_else(entitlements: Entitlements, subject: str) -> None:
    entitlements.grant(ADA, "operator")
    assert entitlements.of(ISSUER, subject).spans == ()
    assert entitlements.of("https://other.example.com", "ada").spans == ()


def test_the_latest_line_holds_and_every_line_moves_the_version(entitlements: Entitlements) -> None:
    versions = [entitlements.version()]
    entitlements.grant(ADA, "operator")
    versions.append(entitlements.version())
    entitlements.revoke(ISSUER, "ada", "left", "operator")
    versions.append(entitlements.version())
    (revoked,) = entitlements.of(ISSUER, "ada").spans
    assert revoked.role is None
    assert not revoked.in_force(date(2026, 3, 15))
    assert versions == sorted(set(versions))
    assert [each.role for each in entitlements.all()] == [None]


@pytest.mark.parametrize(
    ("day", "inside"),
    [(date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False)],
)
def test_the_first_and_the_last_day_count(day: date, inside: bool) -> None:
    assert ADA.in_force(day) is inside


def test_nothing_is_written_without_a_role_a_person_and_a_reason(entitlements: Entitlements) -> None:
    for wrong in ({"role": None}, {"reason": " "}, {"subject": ""}):
        with pytest.raises(BadInput):
            entitlements.grant(Entitlement(**{**ADA.__dict__, **wrong}), "operator")
    with pytest.raises(BadInput, match="reason"):
        entitlements.revoke(ISSUER, "ada", "", "operator")
    assert entitlements.version() == 0


def test_whoever_was_turned_away_is_found_by_number_once(entitlements: Entitlements) -> None:
    for _ in range(2):
        entitlements.turned_away(ISSUER, "bob")
    (knock,) = entitlements.knocks()
    assert (knock.person, knock.subject) == (person_id(ISSUER, "bob"), "bob")
