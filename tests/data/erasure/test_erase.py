"""A person leaves every file, totals and older snapshots stay, and a run cut anywhere ends whole when run again."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data import erasure
from data.entitlements import Entitlement, Entitlements
from data.erasure import staged_rows
from data.erasure.register import Register
from data.errors import BadInput
from data.ledger import Ledger
from data.people import People
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics.build import build
from tests import smallco
from tests.data.erasure import forgetland
from tests.data.erasure.forgetland import MAIL, NAME, NODE, NPI

TOTALS = """
SELECT l.leaf, o.product, o.period_end, sum(o.quantity) FROM outcome o
JOIN place l ON l.subject = o.subject GROUP BY ALL ORDER BY ALL
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forgetland, built once; every test works on a copy."""
    folder = tmp_path_factory.mktemp("forgetland")
    return forgetland.workspace(folder / "home", folder / "src", inside=True).home


@pytest.fixture
def made(built: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(shutil.copytree(built, tmp_path / "home"))


def hashes(workspace: Workspace) -> dict[str, str]:
    files = sorted(workspace.snapshots.glob("s*"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_no_file_of_the_workspace_names_the_person_afterwards(made: Workspace) -> None:
    before = erasure.prove(made, NPI)
    assert {name.partition("/")[0] for name in before.found} >= {"exports", "staged", "quarantine", "people.sqlite"}
    done = erasure.erase(made, NPI, "erasure_request")
    assert done.proof.nothing and done.proof.files >= before.files
    for path in (path for path in made.home.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for word in (NPI, NAME, MAIL, NAME.split()[1]):
            assert word.encode() not in content, path
    for path in made.home.rglob("*.parquet"):
        cells = str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
        assert NPI not in cells and NAME not in cells, path


def test_totals_stay_at_every_node_and_nobody_sees_the_row(made: Workspace) -> None:
    before = open_snapshot(made).rows(TOTALS)
    done = erasure.erase(made, NPI, "objection")
    build(made)
    after = open_snapshot(made)
    assert after.rows(TOTALS) == before
    asked = "SELECT leaf, subject_kind FROM place WHERE subject = $who"
    assert after.rows(asked, {"who": done.anonymous}) == [(NODE, "erased")]
    party = after.rows("SELECT kind, city FROM party WHERE party = $who", {"who": done.anonymous})
    assert party == [("erased", None)]
    assert after.rows("SELECT count(*) FROM outcome WHERE subject = $who", {"who": done.party}) == [(0,)]


def test_older_snapshots_stay_byte_for_byte_and_hold_nothing_but_opaque_ids(made: Workspace) -> None:
    first = hashes(made)
    build(made, as_of=smallco.WEEKS[-2])
    older = hashes(made)
    assert len(older) > len(first)
    words = [*smallco.NPIS, *forgetland.NAMES, MAIL]
    search = erasure.proof.by_pattern("|".join(words))
    for path in made.snapshots.glob("*.duckdb"):
        assert search(erasure.proof.pieces(path)) == 0
    erasure.erase(made, NPI, "erasure_request")
    assert hashes(made) == older
    build(made)
    assert {name: digest for name, digest in hashes(made).items() if name in older} == older


def test_no_snapshot_ever_held_where_a_person_works(made: Workspace) -> None:
    """An opaque id beside a ZIP would name a lone physician for good: sealed snapshots are not rewritten."""
    (path,) = made.snapshots.glob("*.duckdb")
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute(f"ATTACH '{path}' AS looked (READ_ONLY)")
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'looked'").fetchall():
            cells = str(con.execute(f"SELECT * FROM looked.{table}").fetchall())
            for word in (forgetland.NORTH, forgetland.EAST, *(() if table == "party" else (forgetland.ZIP,))):
                assert word not in cells, table
        placed = con.execute("SELECT party, postcode FROM looked.party WHERE postcode IS NOT NULL").fetchall()
    assert placed == [("ST-1-101", forgetland.ZIP)]  # a site's address is a place of work and nobody's own
    staged = duckdb.sql(f"SELECT postcode FROM '{made.staged}/*/party.parquet' WHERE latitude IS NOT NULL").fetchall()
    assert staged == [(forgetland.ZIP,)]
    erasure.erase(made, NPI, "erasure_request")
    assert not duckdb.sql(f"SELECT 1 FROM '{made.staged}/*/party.parquet' WHERE latitude IS NOT NULL").fetchall()


CALLS = "SELECT node, period_end, count(DISTINCT call_id), sum(quantity) FROM interaction GROUP BY ALL ORDER BY ALL"


def test_a_colleague_leaves_every_file_and_the_calls_stay(made: Workspace) -> None:
    made.visitors_path.write_text(
        f'[[visitor]]\nid = "rep"\nname = "{forgetland.REP}"\nrole = "rep"\nhierarchy = "field"\nnode = "{NODE}"\n'
    )
    allowed = Entitlements(Ledger(made))
    mine = {"issuer": "https://id.example", "role": "rep", "hierarchy": "field", "node": NODE, "reason": "joined"}
    allowed.grant(Entitlement(subject="s1", label=f"{forgetland.REP}, Hills", **mine), "operator")
    allowed.grant(Entitlement(subject="s2", label="Di Eastley", **mine), "operator")
    allowed.grant(Entitlement(subject=forgetland.STAFF, label="covers Hills", **mine), "operator")
    allowed.turned_away("https://other.example", forgetland.STAFF)
    told = {each.person for each in allowed.all()}
    snapshot = open_snapshot(made)
    before, away = snapshot.rows(CALLS), snapshot.rows("SELECT count(*) FROM time_off")
    assert sum(row[2] for row in before) == 4 and away == [(1,)]
    ((party,),) = snapshot.rows("SELECT actor FROM roster")
    sums = hashes(made)
    found = set(erasure.prove(made, forgetland.STAFF).found)
    assert {"visitors.toml", "people.sqlite", "exports/staff.csv"} <= found
    done = erasure.erase(made, forgetland.STAFF, "no_purpose")
    assert done.party == party and done.proof.nothing and hashes(made) == sums
    for path in (path for path in made.home.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert forgetland.STAFF.encode() not in content and forgetland.REP.encode() not in content, path
    now = {each.subject: (each.label, each.role) for each in allowed.all() if each.role}
    assert now["s1"] == ("", "rep") and now["s2"] == ("Di Eastley", "rep")
    assert not allowed.of("https://id.example", forgetland.STAFF).spans, "nobody signs in under the erased id any more"
    assert {each.person for each in allowed.all()} == told, "who looked at what stays provable, by the same opaque id"
    assert not allowed.knocks()
    assert "name" not in made.visitors_path.read_text() and 'id = "rep"' in made.visitors_path.read_text()
    build(made)
    after = open_snapshot(made)
    assert after.rows(CALLS) == before and after.rows("SELECT count(*) FROM time_off") == away
    for table in ("roster", "interaction", "time_off"):
        assert after.rows(f"SELECT DISTINCT actor FROM {table}") == [(done.anonymous,)]
    assert erasure.prove(made, forgetland.STAFF).nothing
    assert People(made.people_path).party_of(NPI) is not None  # whom the colleague saw is somebody else


def test_an_investigator_known_by_a_site_alone_leaves_it(made: Workspace) -> None:
    assert open_snapshot(made).rows("SELECT investigator IS NULL FROM site") == [(False,)]
    assert erasure.prove(made, forgetland.PI).found
    done = erasure.erase(made, forgetland.PI, "objection")
    assert done.proof.nothing
    for path in (path for path in made.home.rglob("*") if path.is_file()):
        assert forgetland.INVESTIGATOR.encode() not in path.read_bytes(), path
    build(made)
    assert open_snapshot(made).rows("SELECT site, investigator FROM site") == [("ST-1-101", None)]


def test_others_stay_whole_and_a_shared_name_proves_nothing(made: Workspace) -> None:
    first, second = smallco.NPIS[1], smallco.NPIS[5]
    done = erasure.erase(made, first, "erasure_request")
    assert done.proof.nothing and done.proof.shared == 1
    people = People(made.people_path)
    left = people.party_of(second)
    assert left and people.names([left]) == {left: "Bo Carrick"}
    assert "Bo Carrick" in (made.exports / "hcp.csv").read_text()
    assert second in (made.exports / "people.json").read_text()


def test_the_register_holds_keyed_hashes_that_its_owner_alone_may_read(made: Workspace) -> None:
    erasure.erase(made, NPI, "erasure_request")
    path, key = Register(made).files
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in (path, key))
    with sqlite3.connect(path) as con:
        marks = [bytes(row[0]) for row in con.execute("SELECT hash FROM mark")]
    assert all(len(mark) == 32 for mark in marks)
    unkeyed = {hashlib.sha256(word.encode()).digest() for word in (NPI, f"npi:{NPI}", NAME, NAME.casefold())}
    assert not unkeyed & set(marks)
    key.unlink()
    with pytest.raises(BadInput, match="key of the register"):
        erasure.prove(made, NPI)


def test_the_proof_can_be_asked_for_again_by_any_id(made: Workspace) -> None:
    done = erasure.erase(made, NPI, "erasure_request")
    for word in (NPI, f"npi:{NPI}", done.party):
        assert erasure.prove(made, word).nothing
    (made.home / "left.txt").write_text(f"call Dr {NAME} back\n")
    assert erasure.prove(made, done.party).found == {"left.txt": 1}


@pytest.mark.parametrize(("who", "reason", "said"), [("H00000000", "objection", "nobody"), (NPI, "why", "reason")])
def test_a_wrong_word_changes_nothing(made: Workspace, who: str, reason: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        erasure.erase(made, who, reason)
    assert not (made.home / "erased.sqlite").exists() and erasure.prove(made, NPI).found


def _killed(body: Callable[[], Any]) -> int:
    """Run in a child process; its exit code, 9 where it was cut."""
    child = os.fork()
    if not child:
        try:
            body()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _cut_at(step: int, made: Workspace) -> Callable[[], Any]:
    """An erasure that dies at its n-th step: before or after a file is put in place, or around the stores."""
    seen = iter(range(1, 10_000))

    def _dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def _step(*args: Any, **named: Any) -> Any:
            if next(seen) == step:
                os._exit(9)
            said = real(*args, **named)
            if next(seen) == step:
                os._exit(9)
            return said

        return _step

    def _run() -> None:
        os.replace = _dying(os.replace)
        for owner, name in ((Register, "begin"), (Register, "finish"), (People, "forget"), (People, "tidy")):
            setattr(owner, name, _dying(getattr(owner, name)))
        staged_rows.rough_name = _dying(staged_rows.rough_name)
        erasure.erase(made, NPI, "erasure_request")

    return _run


@pytest.mark.parametrize("every", [1, 2])
def test_a_run_cut_at_any_instant_is_run_again_and_ends_whole(made: Workspace, every: int) -> None:
    """Each run dies some steps later than the last, on what the last one left; none brings anything back."""
    before, sums = open_snapshot(made).rows(TOTALS), hashes(made)
    step, code = 1, 9
    while code == 9:
        code = _killed(_cut_at(step, made))
        step += every
    assert code == 0 and step > 8
    assert erasure.prove(made, NPI).nothing and hashes(made) == sums
    done = erasure.erase(made, NPI, "erasure_request")
    assert done.proof.nothing and not list(made.home.rglob(".erasing-*"))
    build(made)
    assert open_snapshot(made).rows(TOTALS) == before
