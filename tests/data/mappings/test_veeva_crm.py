"""Veeva CRM, and Vault CRM after its renaming: one company, the same numbers, and nothing medical is the field's."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.data.exported import ANN, BOB, CID, MSL, REP, long_id, veeva
from tests.data.mappings.taking import Taken, frame, number

FILES = veeva()


@pytest.fixture(scope="module", params=["veeva_crm", "vault_crm"])
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    return Taken(request.param, tmp_path_factory.mktemp(request.param))


def _short(ids: pd.Series) -> pd.Series:
    """Ids of 15 and of 18 characters as one: the first 15 tell."""
    return ids.str[:15]


def _true(column: pd.Series) -> pd.Series:
    return column.str.lower().isin(["1", "true"])


def _counted(side: str) -> pd.DataFrame:
    """The calls that count, worked out apart from everything of ours."""
    calls, users = frame(FILES, "Call2_vod__c.csv"), frame(FILES, "User.csv")
    types = dict(zip(_short(users["Id"]), users["User_Type_vod__c"], strict=True))
    calls = calls[calls["Status_vod__c"].eq("Submitted_vod") & ~_true(calls["IsDeleted"])]
    calls = calls[~_short(calls["Id"]).isin(_short(calls["Parent_Call_vod__c"]))]
    calls = calls[_short(calls["User_vod__c"]).map(types).eq(side)]
    fine = pd.to_datetime(calls["Call_Date_vod__c"], errors="coerce").notna()
    return calls[fine & calls["Call_Channel_vod__c"].isin(["In_Person_vod", "Video_vod"])]


def test_a_group_call_is_one_call_of_its_persons_and_an_msls_is_none(taken: Taken) -> None:
    expected = _counted("Sales")
    met = taken.staged("interaction")
    assert len(met) == len(expected) == 3
    parents = expected["Parent_Call_vod__c"].where(expected["Parent_Call_vod__c"] != "", expected["Id"])
    assert met["call_id"].nunique() == parents.nunique() == 2
    assert sorted(met["party"].str[4:19]) == sorted(_short(expected["Account_vod__c"]))
    assert set(met["node"]) == {"T4"} and set(met["hierarchy"]) == {"field"} and set(met["product"]) == {"Alfa"}
    exchange = taken.staged("exchange")
    assert exchange["party"].str[4:19].tolist() == [CID] == _counted("MSL")["Account_vod__c"].tolist()
    calls = next(
        fate for name, fate in taken.fates.items() if name.lower().startswith("call2_v") or name == "call2__v.csv"
    )
    assert calls == (10, 4, 3, 0, 3)


@pytest.mark.parametrize(
    ("table", "name", "of"),
    [
        ("detail", "Call2_Detail_vod__c.csv", None),
        ("message", "Call2_Key_Message_vod__c.csv", "Odd"),
        ("sample", "Call2_Sample_vod__c.csv", None),
    ],
)
def test_what_hangs_on_a_call_counts_with_it(taken: Taken, table: str, name: str, of: str | None) -> None:
    raw = frame(FILES, name)
    raw = raw[raw["Call2_vod__c"].isin(_counted("Sales")["Id"])]
    raw = raw[raw["Reaction_vod__c"] != of] if of else raw
    expected = number(raw["Quantity_vod__c"]).sum() if table == "sample" else len(raw)
    assert taken.total(table) == expected > 0
    assert set(taken.staged(table)["product"]) == {"Alfa"}


def test_messages_bear_their_name_and_reaction(taken: Taken) -> None:
    told = taken.staged("message")
    assert set(told["message"]) == {"Fewer stays"}
    assert sorted(told["reaction"].dropna()) == ["neutral", "positive"]


def test_medical_mail_is_no_promotion_and_mail_of_an_unknown_kind_is_set_aside(taken: Taken) -> None:
    raw = frame(FILES, "Sent_Email_vod__c.csv").sort_values("SystemModstamp").groupby("Id").last()
    kinds = frame(FILES, "RecordType.csv").set_index("Id")["DeveloperName"]
    raw = raw[
        raw["User_vod__c"].eq(REP)
        & raw["RecordTypeId"].map(kinds).eq("Call_vod")
        & raw["Status_vod__c"].ne("Saved_vod")
    ]
    expected = {
        "sent": len(raw),
        "delivered": raw["Status_vod__c"].isin(["Delivered_vod", "Marked_Spam_vod"]).sum(),
        "opened": raw["Opened_vod__c"].eq("1").sum(),
        "clicked": raw["Clicked_vod__c"].eq("1").sum(),
    }
    assert {event: taken.total("exposure", event=event) for event in expected} == expected
    assert expected == {"sent": 3, "delivered": 2, "opened": 1, "clicked": 1}
    fate = next(fate for name, fate in taken.fates.items() if name.lower().startswith("sent_email"))
    assert fate == (8, 3, 3, 1, 1)


def test_people_organisations_and_opt_outs(taken: Taken) -> None:
    party = taken.staged("party").set_index("party")
    assert party["kind"].value_counts().to_dict() == {"hcp": 3, "hco": 1}
    assert party.loc["code:HCO-7", "label"] == "The Clinic"
    pdrp = taken.staged("pdrp")
    assert pdrp["party"].str[4:19].tolist() == [ANN] and pdrp["opted_out"].tolist() == [True]
    affiliation = taken.staged("affiliation")
    assert affiliation["parent"].tolist() == ["code:HCO-7"], "a parent is found by its id of 15 or 18 characters"


def test_the_tree_is_walked_to_its_root_and_tells_who_is_what(taken: Taken) -> None:
    node = taken.staged("node").set_index("node")
    assert node.loc[["T1", "T2", "T3", "T4"], "level"].tolist() == ["nation", "region", "district", "territory"]
    assert node.loc[["MED", "M2", "M3"], "level"].tolist() == ["nation", "medical region", "MSL territory"]
    assert node.loc[["MED", "M2", "M3"], "hierarchy"].eq("medical").all()
    roster = taken.staged("roster")
    assert dict(zip(roster["actor"].str[5:20], roster["role"], strict=True)) == {REP: "rep", MSL: "msl"}
    alignment = taken.staged("alignment")
    assert alignment.groupby("node")["subject_kind"].apply(sorted).to_dict() == {
        "M3": ["hcp"],
        "T4": ["hco", "hcp", "hcp"],
    }


def test_plans_of_both_kinds_add_up_and_mail_goals_are_no_calls(taken: Taken) -> None:
    classic, multi = frame(FILES, "Cycle_Plan_Target_vod__c.csv"), frame(FILES, "MC_Cycle_Plan_Product_vod__c.csv")
    active = frame(FILES, "Cycle_Plan_vod__c.csv").query("Active_vod__c == '1'")["Id"]
    by_call = frame(FILES, "MC_Cycle_Plan_Channel_vod__c.csv").query("Channel_vod__c == 'Call2_vod'")["Id"]
    planned = number(classic[classic["Cycle_Plan_vod__c"].isin(active)]["Planned_Calls_vod__c"]).sum()
    assert taken.total("plan", cycle="Plan 2024Q1") == planned == 9
    goal = number(multi[multi["Cycle_Plan_Channel_vod__c"].isin(by_call)]["Product_Activity_Goal_vod__c"]).sum()
    assert taken.total("plan", cycle="2024Q2") == goal == 5


def test_inquiries_insights_events_absences_and_consents(taken: Taken) -> None:
    inquiry = taken.staged("inquiry").set_index("inquiry")
    assert inquiry["urgency"].to_dict() == {"MI-1": "standard", "MI-2": "urgent"}
    assert str(inquiry.loc["MI-1", "received_at"]) == "2024-03-05 09:52:00" and set(inquiry["product"]) == {"Alfa"}
    assert taken.total("insight") == 1
    attended = taken.staged("attendance")
    assert sorted(attended["party"].str[4:19]) == [ANN, BOB] and set(attended["product"]) == {"Alfa"}
    assert taken.staged("time_off")["period_start"].astype(str).tolist() == ["2024-03-18"]
    consent = taken.staged("consent")
    assert sorted(zip(consent["party"].str[4:19], consent["channel"], consent["opt"], strict=True)) == [
        (ANN, "email", "in"), (ANN, "tracking", "in"), (BOB, "email", "out"),
    ]  # fmt: skip


def test_no_word_of_free_text_is_kept(taken: Taken) -> None:
    kept = "".join(
        taken.staged(path.stem).to_csv()
        for path in taken.workspace.staged.glob("*/*.parquet")
        if path.stem != "coverage"
    )
    assert "Is it, ever?" not in kept and "words" not in kept


def test_both_forms_of_an_id_are_one(taken: Taken) -> None:
    assert long_id("001D000000IqhSL") == "001D000000IqhSLIAZ"  # a pair known from public examples
    whole = long_id if taken.layout == "veeva_crm" else str  # Vault's ids have one form
    assert set(taken.staged("interaction")["party"]) == {f"crm:{whole(who)}" for who in (ANN, BOB)}
