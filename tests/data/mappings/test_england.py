"""England, real and complete: every total equals an independent sum over the raw file, every row is accounted for."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.conform import ImportReport, import_paths
from data.workspace import Workspace

pytestmark = pytest.mark.real_data
FACTS, ORGS = "uk_england_practice_month_bnf745", "uk_england_orgs"


@pytest.fixture(scope="module")
def england(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, ImportReport, float]:
    workspace = Workspace.create(tmp_path_factory.mktemp("england") / "home")
    start = time.process_time()
    report = import_paths(workspace, [real_data / ORGS, real_data / FACTS])
    return workspace, report, time.process_time() - start


@pytest.fixture(scope="module")
def raw(real_data: Path) -> pd.DataFrame:
    """The raw file as pandas reads it, apart from everything of ours."""
    return pd.read_parquet(real_data / FACTS / "practice_month.parquet")


def _staged(england: tuple[Workspace, ImportReport, float], table: str) -> pd.DataFrame:
    (path,) = england[0].staged.glob(f"*/{table}.parquet")
    return duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()


def test_every_row_is_kept_and_every_file_accounted_for(england: tuple[Workspace, ImportReport, float]) -> None:
    _, report, _ = england
    told = {(a.file, a.source): (a.read, a.kept, a.left_out) for a in report.accounts}
    looked_up = "only looked up by other files"
    assert told == {
        ("practice_month.parquet", "practice_month"): (464_603, 464_603, {}),
        ("ccg_names.csv", "ccg_names"): (425, 0, {looked_up: 425}),
        ("epraccur_2016_02.csv", "epraccur"): (12_922, 0, {looked_up: 12_922}),
        ("eccg_2016_02.csv", "eccg"): (249, 249, {}),
        ("stps_2017_08.xlsx", "stp"): (213, 210, {"the line names no CCG": 3}),
        ("stps_2017_08.xlsx", "stp_names"): (213, 0, {"the line names no STP": 169, looked_up: 44}),
    }
    assert all(a.quarantined == a.superseded == 0 for a in report.accounts)
    assert len(report.not_used) == 8
    assert not [finding for finding in report.findings if finding.severity == "error"]


def test_the_sums_are_those_of_the_raw_file(england: tuple[Workspace, ImportReport, float], raw: pd.DataFrame) -> None:
    outcome = _staged(england, "outcome")
    assert len(outcome) == len(raw) == 464_603
    assert outcome["quantity"].sum() == raw["items"].sum() == 17_277_559
    assert outcome["units"].sum() == raw["quantity"].sum()
    assert float(outcome["cost"].sum()) == pytest.approx(raw["actual_cost"].sum(), abs=0.01)
    by_practice = outcome.groupby(outcome["subject"].str.removeprefix("code:"))["quantity"].sum().astype("int64")
    expected = raw.groupby("practice")["items"].sum().astype("int64")
    pd.testing.assert_series_equal(by_practice, expected, check_names=False, check_index_type=False)
    by_month = outcome.groupby("period_start")["quantity"].sum().astype("int64")
    months = raw.groupby("date")["items"].sum().astype("int64")
    assert by_month.tolist() == months.tolist()
    assert len(by_month) == 60


def test_each_practice_stands_in_its_own_ccg(england: tuple[Workspace, ImportReport, float], raw: pd.DataFrame) -> None:
    outcome, alignment = _staged(england, "outcome"), _staged(england, "alignment")
    assert len(alignment) == raw["practice"].nunique() == 8_704
    placed = outcome.merge(alignment[["subject", "node"]], on="subject", validate="many_to_one")
    by_ccg = placed.groupby("node")["quantity"].sum().astype("int64")
    expected = raw.groupby("ccg")["items"].sum().astype("int64")
    pd.testing.assert_series_equal(by_ccg, expected, check_names=False, check_index_type=False)


def test_the_hierarchy_is_the_one_of_the_workbook(england: tuple[Workspace, ImportReport, float]) -> None:
    node = _staged(england, "node").set_index("node")
    assert node["level"].value_counts().to_dict() == {"CCG": 207, "STP": 44, "region": 4, "nation": 1}
    assert node.loc["ENG", "name"] == "England"
    assert node[node["level"] == "region"]["name"].to_dict() == {
        "Y54": "North of England",
        "Y55": "Midlands and East of England",
        "Y56": "London",
        "Y57": "South of England",
    }
    assert set(node[node["level"] == "region"]["parent"]) == {"ENG"}
    assert set(node[node["level"] == "STP"]["parent"]) == {"Y54", "Y55", "Y56", "Y57"}
    # The first five CCGs of the sheet belong to its first STP; 01H is listed under two, 14L under none.
    assert node.loc[["00L", "00N", "00P", "13T", "99C"], "parent"].tolist() == ["E54000001"] * 5
    assert node.loc["E54000001", "name"] == "Northumberland, Tyne and Wear"
    assert node.loc["01H", "parent"] == "E54000002"
    assert node[node["parent"].isna()].index.tolist() in (["ENG", "14L"], ["14L", "ENG"])
    assert not node["name"].isna().any()
    assert not node["name"].str.contains(r"^\s|\s$", regex=True).any()


def test_what_is_doubtful_is_a_finding(england: tuple[Workspace, ImportReport, float]) -> None:
    findings = {finding.code: finding.what for finding in england[1].findings if "join stp" in finding.where}
    assert findings == {
        "lookup_twice": "stp has more than one row for 01H; the first one counts",
        "lookup_unmatched": "stp does not know 14L; stp stay blank",
    }


def test_names_addresses_and_coverage(england: tuple[Workspace, ImportReport, float], raw: pd.DataFrame) -> None:
    party = _staged(england, "party").set_index("party")
    assert set(party["kind"]) == {"practice"}
    names = raw.drop_duplicates("practice").set_index("practice")["practice_name"]
    assert (
        party["label"].rename(lambda id: id.removeprefix("code:")).sort_index().tolist() == names.sort_index().tolist()
    )
    assert party.loc["code:A81001", "postcode"] == "TS18 1HU"
    assert party["postcode"].isna().sum() == 92
    (covered,) = _staged(england, "coverage").to_dict("records")
    assert (covered["feed"], covered["fact"], covered["grain"]) == ("england.practice_month", "outcome", "month")
    assert (str(covered["first"])[:10], str(covered["last"])[:10]) == ("2013-02-01", "2018-01-31")
    assert (covered["absent"], covered["published"]) == ("zero", True)


def test_it_takes_seconds(england: tuple[Workspace, ImportReport, float]) -> None:
    assert england[2] < 30, "processor seconds, far above the few it takes"
