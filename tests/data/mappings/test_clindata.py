"""A sponsor's trial: sites, and subjects counted by site and day; no row of a subject is kept."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.conform import import_paths
from data.workspace import Workspace
from tests.data.handmade import staged, write

FOLDER = "trial_sites_clindata"
STUDY = (
    "protocol_number,nickname,phase,num_plan_site,num_plan_subj,est_lpfv,act_fpfv,status\n"
    "S1,Calm,P3,2,10,2020-06-01,2019-01-01,Active\n"
)
SITES = (
    "site_num,protocol,pi_number,site_status,account,site_active_dt,country\n"
    "1,S1,P1,Active,Clinic,2019-01-05,US\n2,S1,P2,Mothballed,Clinic,2019-02-05,US\n"
)
SCREENED = (
    "studyid,siteid,subjectid,enroll_dt,enrollyn,sfreas\n"
    "S1,1,A,2019-03-01,Y,\nS1,1,B,2019-03-01,Y,\nS1,1,C,2019-03-01,N,Medical Issue\nS1,1,D,2019-03-02,N,Medical Issue\n"
)


def test_subjects_become_counts_and_an_unknown_status_is_set_aside(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    files = {"ctms_study.csv": STUDY, "ctms_site.csv": SITES, "rawplus_enroll.csv": SCREENED}
    report = import_paths(workspace, [write(tmp_path / "exports", dict(files))])
    assert {(a.file, a.read, a.kept, a.superseded, a.quarantined) for a in report.accounts} == {
        ("ctms_study.csv", 1, 1, 0, 0),
        ("ctms_site.csv", 2, 1, 0, 1),
        ("rawplus_enroll.csv", 4, 4, 0, 0),
    }
    asked = "event, reason, CAST(period_start AS VARCHAR), CAST(quantity AS INTEGER)"
    assert staged(workspace, "enrolment", asked) == [
        ("enrolled", None, "2019-03-01", 2),
        ("screen_failed", "medical issue", "2019-03-01", 1),
        ("screen_failed", "medical issue", "2019-03-02", 1),
        ("screened", None, "2019-03-01", 3),
        ("screened", None, "2019-03-02", 1),
    ]
    kept = [name for path in workspace.staged.rglob("*.parquet") for name in pd.read_parquet(path).columns]
    assert "subjectid" not in kept


@pytest.mark.real_data
def test_the_trial_adds_up_to_the_raw_rows_by_site_and_event(real_data: Path, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    report = import_paths(workspace, [real_data / FOLDER])
    assert {(a.file, a.read, a.kept) for a in report.accounts} == {
        ("ctms_study.parquet", 1, 1),
        ("ctms_site.parquet", 176, 176),
        ("rawplus_enroll.parquet", 2_387, 2_387),
    }
    raw = pd.read_parquet(real_data / FOLDER / "rawplus_enroll.parquet")
    site = "code:" + raw["studyid"] + "-" + raw["siteid"].astype(str)
    expected = {
        "screened": site.value_counts().to_dict(),
        "enrolled": site[raw["enrollyn"] == "Y"].value_counts().to_dict(),
        "screen_failed": site[raw["enrollyn"] == "N"].value_counts().to_dict(),
    }
    with duckdb.connect() as connection:
        (path,) = workspace.staged.glob("*/enrolment.parquet")
        rows = connection.execute(
            "SELECT event, site, CAST(sum(quantity) AS INTEGER) FROM read_parquet(?) GROUP BY ALL", [str(path)]
        ).fetchall()
    found: dict[str, dict[str, int]] = {}
    for event, place, subjects in rows:
        found.setdefault(event, {})[place] = subjects
    assert found == expected
    assert {event: sum(sites.values()) for event, sites in found.items()} == {
        "screened": 2_387, "enrolled": 1_301, "screen_failed": 1_086,
    }  # fmt: skip
    assert staged(workspace, "study", "target") == [(1_300,)]
