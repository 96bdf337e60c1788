"""Who is who: exact ids only, the NPI first; two NPIs are two persons, whatever else they share."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import duckdb

from data.identity import Person, latest, merge, opaque
from data.outside_ids import is_npi
from data.people import Claim, People
from data.resolving import resolve
from data.workspace import Workspace

# Made-up NPIs with a right check digit.
ONE, TWO = "1234567893", "1000000012"


def _who(claims: list[Claim]) -> list[set[str]]:
    persons, _ = merge(claims)
    return sorted((person.refs for person in persons), key=sorted)


def test_the_check_digit_of_an_npi() -> None:
    assert is_npi(ONE)
    assert not is_npi("1234567890")
    assert not is_npi("123456789")
    assert not is_npi("12345678AB")


def test_one_person_under_npi_me_and_crm_id() -> None:
    claims: list[Claim] = [
        (f"npi:{ONE}", "hcp", ONE, None, None, "A. Doe"),
        ("crm:X1", "hcp", ONE, "0042", "X1", "Ann Doe"),
        ("me:0042", "hcp", None, "0042", None, None),
    ]
    for order in permutations(claims):
        assert _who(list(order)) == [{f"npi:{ONE}", "crm:X1", "me:0042"}]
    (person,), findings = merge(claims)
    assert person.winning == f"npi:{ONE}"
    assert person.name == "Ann Doe"
    assert findings == ()


def test_never_across_two_npis_and_the_shared_id_is_nobody() -> None:
    claims: list[Claim] = [
        ("crm:A", "hcp", ONE, "0042", None, None),
        ("crm:B", "hcp", TWO, "0042", None, None),
        ("me:0042", "hcp", None, "0042", None, None),
    ]
    for order in permutations(claims):
        persons, findings = merge(list(order))
        assert sorted(person.ids.get("npi", "") for person in persons) == ["", TWO, ONE]
        assert [(f.code, f.rows) for f in findings] == [("identity_conflict", 1)]
        assert findings[0].what == "one ME belongs to two different NPIs; the persons are kept apart"


def test_a_user_and_a_clinician_of_one_id_are_two() -> None:
    claims: list[Claim] = [("crm:A", "hcp", None, None, "A", None), ("crm:A", "user", None, None, "A", None)]
    assert len(merge(claims)[0]) == 2


def test_an_npi_with_a_wrong_check_digit_is_reported() -> None:
    findings = merge([("crm:A", "hcp", "1234567890", None, "A", None)])[1]
    assert [(f.code, f.rows) for f in findings] == [("npi_check", 1)]


def test_a_later_import_corrects_an_earlier_one_and_its_blanks_correct_nothing() -> None:
    early: list[Claim] = [("crm:A", "hcp", ONE, None, "A", "Old Name"), ("crm:B", "hcp", None, None, "B", "B")]
    late: list[Claim] = [("crm:A", "hcp", TWO, None, "A", None)]
    assert latest([early, late]) == [("crm:A", "hcp", TWO, None, "A", "Old Name"), early[1]]


def test_an_opaque_id_tells_nothing_and_depends_on_the_secret() -> None:
    person = Person(kind="hcp", ids={"npi": ONE, "crm": "A"}, refs={f"npi:{ONE}", "crm:A"})
    id = opaque(person, "secret")
    assert id == opaque(Person(kind="hcp", ids={"npi": ONE}, refs={"me:1"}), "secret")
    assert id != opaque(person, "another")
    assert (id[0], len(id)) == ("H", 11)
    assert ONE not in id
    assert opaque(Person(kind="user", refs={"user:A"}), "secret")[0] == "U"


def test_resolve_settles_who_each_reference_is(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    (workspace.staged / "000001-crm-a").mkdir()
    people = People(workspace.people_path)
    people.claim(
        "000001-crm-a",
        [
            (f"npi:{ONE}", "hcp", ONE, None, None, "Ann Doe"),
            ("crm:A", "hcp", ONE, None, "A", None),
            ("user:U1", "user", None, None, None, "Bea Rep"),
            ("crm:B", "hcp", TWO, "7", "B", None),
            ("crm:C", "hcp", ONE, "7", "C", None),
        ],
    )
    people.claim("000009-forgotten", [("crm:Z", "hcp", None, None, "Z", "Nobody")])
    with duckdb.connect() as connection:
        findings = resolve(workspace, connection)
        known = dict(connection.execute("SELECT ref, party FROM identity_ref").fetchall())
    assert [finding.code for finding in findings] == ["identity_conflict"]
    assert known["crm:A"] == known[f"npi:{ONE}"] == known["crm:C"]
    assert known["crm:B"] == known[f"npi:{TWO}"]
    assert known["crm:A"] != known["crm:B"]
    # ME 7 is claimed by both NPIs, and no import of the stage speaks of Z.
    assert sorted(known) == ["crm:A", "crm:B", "crm:C", f"npi:{TWO}", f"npi:{ONE}", "user:U1"]
    assert people.names(known.values()) == {known["crm:A"]: "Ann Doe", known["user:U1"]: "Bea Rep"}
