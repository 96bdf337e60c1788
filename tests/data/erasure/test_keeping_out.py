"""A later import cannot bring an erased person back, by whichever id, and its numbers count all the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data import erasure
from data.conform import import_paths
from data.people import People
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics.build import build
from tests import smallco
from tests.data.erasure import forgetland
from tests.data.erasure.forgetland import NAME, NODE, NPI

VOLUME = "SELECT sum(o.quantity) FROM outcome o JOIN place l ON l.subject = o.subject WHERE l.leaf = $node"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Forgetland in `home`, where the person is erased, and its exports in `src`."""
    folder = tmp_path_factory.mktemp("kept_out")
    made = forgetland.workspace(folder / "home", folder / "src")
    erasure.erase(made, NPI, "erasure_request")
    return folder


@pytest.fixture
def erased(done: Path, tmp_path: Path) -> tuple[Workspace, Path, Path]:
    made = Workspace.open(shutil.copytree(done / "home", tmp_path / "home"))
    return made, done / "src" / "exports", done / "src" / "smallco.toml"


def test_importing_everything_anew_brings_nobody_back(erased: tuple[Workspace, Path, Path], tmp_path: Path) -> None:
    made, exports, mapping = erased
    anew = shutil.copytree(exports, tmp_path / "anew")
    with (anew / "city.csv").open("a") as file:
        file.write("C2,Easttown\n")
    report = import_paths(made, [anew], mapping=mapping)
    (told,) = (finding for finding in report.findings if finding.code == "erased")
    assert told.rows > 16 and NAME not in str(told) and NPI not in str(told)
    assert erasure.prove(made, NPI).nothing
    build(made)
    assert open_snapshot(made).rows(VOLUME, {"node": NODE}) == [(2 * 8 * (2 + 10),)]
    assert People(made.people_path).party_of(NPI) is None


def test_newer_weeks_of_the_person_count_for_nobody_named(erased: tuple[Workspace, Path, Path], tmp_path: Path) -> None:
    made, _, mapping = erased
    later = smallco.written(
        tmp_path / "more", {"rx_more.csv": f"npi,product,week_ending,trx\n{NPI},Alfa,2026-11-20,5\n"}
    )
    import_paths(made, [later], mapping=mapping)
    build(made)
    assert open_snapshot(made).rows(VOLUME, {"node": NODE}) == [(2 * 8 * (2 + 10) + 5,)]
    assert erasure.prove(made, NPI).nothing


def test_an_id_tied_to_the_person_by_a_later_import_is_known_from_then_on(
    erased: tuple[Workspace, Path, Path], tmp_path: Path
) -> None:
    made, _, _ = erased
    claims = [("crm:001A", "hcp", NPI, None, "001A", NAME), ("crm:001B", "hcp", None, None, "001B", "Somebody Else")]
    kept, told = erasure.keep_out(made, *_empty(tmp_path), claims)
    assert kept == [claims[1]] and told[0].rows == 1
    kept, _ = erasure.keep_out(made, *_empty(tmp_path), [("crm:001A", "hcp", None, None, None, NAME)])
    assert kept == []


def test_a_namesake_with_other_ids_may_come_in(erased: tuple[Workspace, Path, Path], tmp_path: Path) -> None:
    made, _, _ = erased
    claim = ("npi:1000000061", "hcp", "1000000061", None, None, NAME)
    assert erasure.keep_out(made, *_empty(tmp_path), [claim]) == ([claim], [])


def test_files_dropped_into_the_workspace_again_lose_the_person(erased: tuple[Workspace, Path, Path]) -> None:
    made, exports, mapping = erased
    for path in exports.iterdir():
        (made.exports / path.name).write_bytes(path.read_bytes())
    import_paths(made, [made.exports], mapping=mapping)
    assert erasure.prove(made, NPI).nothing
    assert len((made.exports / "hcp.csv").read_text().splitlines()) == 6


def test_a_colleague_who_was_erased_stays_out_and_new_calls_count(
    erased: tuple[Workspace, Path, Path], tmp_path: Path
) -> None:
    made, exports, mapping = erased
    done = erasure.erase(made, forgetland.STAFF, "no_purpose")
    later = smallco.written(tmp_path / "later", {
        "staff.csv": (exports / "staff.csv").read_text(),
        "visit_2.csv": f"visit,staff_id,npi,day\nV9,{forgetland.STAFF},{smallco.NPIS[0]},2026-11-19\n",
    })  # fmt: skip
    import_paths(made, [later], mapping=mapping)
    build(made)
    assert erasure.prove(made, forgetland.STAFF).nothing
    assert open_snapshot(made).rows("SELECT actor, count(*) FROM interaction GROUP BY ALL") == [(done.anonymous, 5)]


def _empty(folder: Path) -> tuple[Path, Path]:
    places = folder / "staged", folder / "aside"
    for place in places:
        place.mkdir(exist_ok=True)
    return places
