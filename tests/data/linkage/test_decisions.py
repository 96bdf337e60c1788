"""A steward's decisions: in the ledger with who and why, the last one counts, and the next build goes by it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from data.errors import BadInput
from data.ledger import Ledger
from data.linkage.decisions import decide, decisions, in_force
from data.people import Claim, People
from data.recipe import inputs_of
from data.resolving import resolve
from data.workspace import Workspace

NPI = "1234567893"
ANN = Claim("crm:A", "hcp", NPI, None, "A", "Ann Doe", "Ann", "Doe", "Cardiology", "Boston", "MA", "02114")
ALSO = Claim("crm:B", "hcp", None, None, "B", "Ann Doe", "Ann", "Doe", "Cardiology", "Boston", "MA", "02114")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Ann with her NPI, an account that may be hers, and nine other people."""
    made = Workspace.create(tmp_path / "home")
    (made.staged / "000001-crm-a").mkdir()
    names = ("Bea", "Cid", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon")
    others = [
        Claim(f"crm:{name}", "hcp", f"10000000{n}2", None, name, f"{name} {name}son", name, f"{name}son", "Surgery",
              "Troy", "NY", f"1{n}180")
        for n, name in enumerate(names)
    ]  # fmt: skip
    People(made.people_path).claim("000001-crm-a", [ANN, ALSO, *others])
    return made


def _known(workspace: Workspace) -> tuple[dict[str, str], list[str]]:
    with duckdb.connect() as con:
        findings = resolve(workspace, con)
        rows = dict(con.execute("SELECT ref, party FROM identity_ref").fetchall())
    return rows, [finding.code for finding in findings]


def test_a_steward_joins_and_takes_apart_again(workspace: Workspace) -> None:
    known, codes = _known(workspace)
    assert known["crm:A"] != known["crm:B"]  # in so small a company a name proves little
    assert "identity_doubt" in codes
    (link,) = People(workspace.people_path).links()
    assert (link.fate, link.one_told.split(" · ")[0]) == ("review", "Ann Doe")
    before = inputs_of(workspace, None, "")
    decide(workspace, link.link, "accepted", who="stew", reason="one address, seen on the site")
    assert inputs_of(workspace, None, "") != before  # so that a build does not take itself for done
    known, codes = _known(workspace)
    assert known["crm:A"] == known["crm:B"] == known[f"npi:{NPI}"]
    assert "identity_linked" in codes
    decide(workspace, link.link, "refused", who="stew", reason="mother and daughter")
    known, _ = _known(workspace)
    assert known["crm:A"] != known["crm:B"]
    assert [(each.decision, each.who) for each in decisions(workspace)] == [("accepted", "stew"), ("refused", "stew")]
    assert in_force(workspace) == {link.link: "refused"}
    lines = Ledger(workspace).audit_lines("stew")
    assert [(line.did, line.object, line.reason) for line in lines][-1] == ("link", link.link, "mother and daughter")
    assert "Doe" not in repr(lines)


def test_what_cannot_be_decided_is_said(workspace: Workspace) -> None:
    _known(workspace)
    (link,) = People(workspace.people_path).links()
    with pytest.raises(BadInput, match='there is no pair "L-0"'):
        decide(workspace, "L-0", "accepted", who="stew", reason="so")
    with pytest.raises(BadInput, match="somebody who makes it and a reason"):
        decide(workspace, link.link, "accepted", who="stew", reason=" ")
    assert decisions(workspace) == ()


def test_an_erased_person_leaves_no_pair(workspace: Workspace) -> None:
    known, _ = _known(workspace)
    people = People(workspace.people_path)
    people.forget(known["crm:A"], [ANN])
    assert people.links() == ()
