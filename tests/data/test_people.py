"""The people store: names by opaque id, what each import said, and no trace of it in the stage."""

from __future__ import annotations

import stat
from pathlib import Path

from data.people import Claim, People, names
from tests.data.handmade import imported

ACCOUNTS = """
name = "crm"
[[source]]
id = "account"
file = ["account*"]
headers = ["Id", "Name", "NPI"]
[[source.target]]
table = "party"
[source.target.columns]
party = "'crm:' || Id"
kind = "'hcp'"
[[source.target]]
table = "people"
[source.target.columns]
ref = "'crm:' || Id"
kind = "'hcp'"
npi = "NPI"
crm = "Id"
name = "Name"
"""


def test_names_by_opaque_id(tmp_path: Path) -> None:
    people = People(tmp_path / "people.sqlite")
    people.settle([("H1", "hcp", "Ann", "1", None, None), ("H2", "hcp", None, None, None, None)], [("npi:1", "H1")])
    assert people.names(["H1", "H2", "H3"]) == {"H1": "Ann"}
    assert people.parties(["npi:1", "npi:2"]) == {"npi:1": "H1"}
    assert names(tmp_path / "people.sqlite", ["H1"]) == {"H1": "Ann"}


def test_many_ids_are_asked_in_batches(tmp_path: Path) -> None:
    people = People(tmp_path / "people.sqlite")
    people.settle(((f"H{i}", "hcp", f"N{i}", None, None, None) for i in range(2_000)), ())
    assert len(people.names(f"H{i}" for i in range(2_000))) == 2_000


def test_without_a_store_nobody_has_a_name(tmp_path: Path) -> None:
    assert names(tmp_path / "none.sqlite", ["H1"]) == {}
    assert not (tmp_path / "none.sqlite").exists()


def test_an_import_replaces_only_what_it_said_itself(tmp_path: Path) -> None:
    people = People(tmp_path / "people.sqlite")
    people.claim("a", [("crm:1", "hcp", None, None, "1", "Ann")])
    people.claim("b", [("crm:2", "hcp", None, None, "2", "Bob")])
    people.claim("a", [("crm:1", "hcp", None, None, "1", "Anna")])
    assert people.claims("a") == [Claim("crm:1", "hcp", None, None, "1", "Anna")]
    people.forget_stage("a")
    assert (people.claims("a"), len(people.claims("b"))) == ([], 1)


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    People(tmp_path / "people.sqlite").settle((), ())
    assert stat.S_IMODE((tmp_path / "people.sqlite").stat().st_mode) == 0o600


def test_names_go_to_the_store_and_nowhere_else(tmp_path: Path) -> None:
    workspace = imported(tmp_path, ACCOUNTS, {"account.csv": "Id,Name,NPI\nX1,Annabella Doe,1234567893\n"})
    (stage,) = workspace.staged.iterdir()
    assert sorted(path.name for path in stage.iterdir()) == ["account.json", "party.parquet"]
    assert not any(b"Annabella" in path.read_bytes() for path in stage.iterdir())
    assert People(workspace.people_path).claims(stage.name) == [
        Claim("crm:X1", "hcp", "1234567893", None, "X1", "Annabella Doe")
    ]
