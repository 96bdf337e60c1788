"""Life Sciences Cloud: visits by the tree of their territory, groups once, off-label detailing never promotion."""

from __future__ import annotations

from pathlib import Path

from tests.data.exported import CID, life_sciences_cloud
from tests.data.mappings.taking import Taken, frame, number

FILES = life_sciences_cloud()


def test_visits_details_insights_and_sites_add_up(tmp_path: Path) -> None:
    taken = Taken("salesforce_lsc", tmp_path)
    visits = frame(FILES, "Visit.csv")
    trees = dict(zip(frame(FILES, "Territory2.csv")["Id"].str[:15], ["field"] * 4 + ["medical"] * 3, strict=True))
    done = visits[
        visits["Status"].isin(["Completed", "Submitted", "Signed"]) & ~visits["Id"].isin(visits["ParentVisitId"])
    ]
    field = done[done["TerritoryId"].map(trees).eq("field")]
    met = taken.staged("interaction")
    assert len(met) == len(field) == 3
    assert met["call_id"].nunique() == field["ParentVisitId"].where(field["ParentVisitId"] != "", field["Id"]).nunique()
    assert sorted(met["period_start"].astype(str)) == ["2024-03-05", "2024-03-05", "2024-03-06"]
    assert taken.staged("exchange")["party"].str[4:19].tolist() == [CID]
    detail = frame(FILES, "ProviderVisitProdDetailing.csv")
    of = frame(FILES, "ProviderVisit.csv").set_index("Id")["VisitId"]
    counted = detail[detail["ProviderVisitId"].map(of).isin(field["Id"]) & detail["IsOffLabel"].str.lower().eq("false")]
    assert taken.total("detail") == len(counted) == 2
    assert taken.total("insight") == 1
    sites = frame(FILES, "CareProgramSite.csv")
    assert taken.total("enrolment") == number(sites["ActualPtcpEnrollmentCount"]).sum() == 17
    assert taken.fates["Visit.csv"] == (7, 4, 2, 0, 1), "a visit without a territory is set aside"
    assert taken.fates["ProviderVisitProdDetailing.csv"] == (5, 2, 3, 0, 0)
