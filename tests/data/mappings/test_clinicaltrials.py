"""Registered studies and their sites: every row is a site of its own, in its study and country."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.conform import ImportReport, import_paths
from data.workspace import Workspace
from tests.data.handmade import staged, write

FOLDER = "trial_ctgov_hfpef_sites"
STUDIES = """NCTId,BriefTitle,Acronym,OverallStatus,BriefSummary,Phase,EnrollmentCount,StartDate
NCT1,A trial of rest,REST,Recruiting,"Long words, and more",Phase3,120,2024-08-15
NCT2,A trial of walking,,Completed,,Na,,2014-09-01
"""
LOCATIONS = """NCTId,facility,city,state,country,zip,status,recruitment_status
NCT1,Heart Centre,Orlando,Florida,United States,32801,Recruiting,
NCT1,Heart Centre,Orlando,Florida,United States,32801,Recruiting,
NCT1,,Oslo,,Norway,,Not Yet Recruiting,
NCT2,Clinic,Rome,,Italy,00100,,
NCT2,Clinic,Atlantis,,Atlantis,1,,
"""


def test_each_row_is_a_site_and_an_unknown_country_is_set_aside(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    folder = write(tmp_path / "exports", {"studies.csv": STUDIES, "locations.csv": LOCATIONS})
    report = import_paths(workspace, [folder])
    assert {(a.file, a.read, a.kept, a.quarantined) for a in report.accounts} == {
        ("studies.csv", 2, 2, 0),
        ("locations.csv", 5, 4, 1),
    }
    assert staged(workspace, "site", "site, study, country, status, activated") == [
        ("code:NCT1-1", "NCT1", "US", "open", None),
        ("code:NCT1-2", "NCT1", "US", "open", None),
        ("code:NCT1-3", "NCT1", "NO", "planned", None),
        ("code:NCT2-1", "NCT2", "IT", None, None),
    ]
    assert staged(workspace, "party", "party, label, postcode") == [
        ("code:NCT1-1", "Heart Centre", "32801"),
        ("code:NCT1-2", "Heart Centre", "32801"),
        ("code:NCT1-3", "Facility in Oslo", None),
        ("code:NCT2-1", "Clinic", "00100"),
    ]
    assert staged(workspace, "node", "node, level, parent, name") == [
        ("NCT1", "study", None, "NCT1 REST"),
        ("NCT1-NO", "country", "NCT1", "NCT1 Norway"),
        ("NCT1-US", "country", "NCT1", "NCT1 United States"),
        ("NCT2", "study", None, "NCT2 A trial of walking"),
        ("NCT2-IT", "country", "NCT2", "NCT2 Italy"),
    ]
    assert staged(workspace, "study", "study, phase, target, CAST(start AS VARCHAR)") == [
        ("NCT1", "3", 120, "2024-08-15"),
        ("NCT2", "not applicable", None, "2014-09-01"),
    ]


@pytest.fixture(scope="module")
def registry(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, ImportReport]:
    workspace = Workspace.create(tmp_path_factory.mktemp("registry") / "home")
    return workspace, import_paths(workspace, [real_data / FOLDER])


@pytest.mark.real_data
def test_the_heart_failure_studies_are_there_with_every_site(
    registry: tuple[Workspace, ImportReport], real_data: Path
) -> None:
    workspace, report = registry
    assert {(a.file, a.read, a.kept) for a in report.accounts} == {
        ("studies.csv", 572, 572),
        ("locations.csv", 9_309, 9_309),
    }
    assert not report.findings
    raw = pd.read_csv(real_data / FOLDER / "locations.csv", dtype=str, keep_default_na=False)
    with duckdb.connect() as connection:
        (path,) = workspace.staged.glob("*/site.parquet")
        site = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
    assert site["site"].is_unique
    assert site["study"].value_counts().to_dict() == raw["NCTId"].value_counts().to_dict()
    assert (site["country"] == "US").sum() == (raw["country"] == "United States").sum() == 2_681
    assert (site["status"] == "open").sum() == (raw["status"] == "Recruiting").sum()
    assert site["status"].isna().sum() == (raw["status"] == "").sum()
