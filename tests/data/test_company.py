"""The demo company: its bytes, its shapes, its planted problems and its causal truth, each checked from outside.

Everything here is read back from the exports with pandas, or from the simulated world, never through the
code that wrote it.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.company import VISITORS, demo_visitors, generate
from data.company.geography import draw_map, msl_of, nodes, parent
from data.company.market import DECAY, TRUTH, adstock
from data.company.world import World, simulate
from data.conform import import_paths
from data.errors import BadInput
from data.people import People
from data.snapshot import assemble, open_snapshot
from data.workspace import Workspace

Made = tuple[Path, World, dict[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The exports on disk, the world they came from, and the answer key."""
    out = tmp_path_factory.mktemp("company")
    world = generate(out)
    return out, world, json.loads((out / "answer_key.json").read_text())


@pytest.fixture(scope="module")
def rx(made: Made) -> pd.DataFrame:
    """The current delivery of prescriptions as a vendor's customer would read it."""
    return pd.read_csv(
        made[0] / "rx_weekly" / "Rx_Weekly_2026-11-13.csv", dtype={"NPI": str, "ME_Number": str, "ZIP": str}
    )


@pytest.fixture(scope="module")
def calls(made: Made) -> pd.DataFrame:
    """Every row of the CRM's call object, as text."""
    return pd.read_csv(made[0] / "veeva_crm" / "Call2_vod__c.csv", dtype=str)


def _weeks(frame: pd.DataFrame, measure: str, first: int, last: int) -> pd.Series:
    """A row's sum of a measure over the weeks numbered first (newer) to last (older)."""
    return frame[[f"{measure}_Wk{number}" for number in range(first, last + 1)]].fillna(0).sum(axis=1)


def _territory(made: Made) -> dict[str, str]:
    """NPI -> territory of today, from the alignment history and the accounts."""
    aligned = pd.read_csv(made[0] / "company_master" / "Alignment_History.csv", dtype=str)
    now = aligned[(aligned.kind == "hcp") & aligned.valid_to.isna()].set_index("subject").territory
    accounts = pd.read_csv(made[0] / "veeva_crm" / "Account.csv", dtype=str)
    accounts = accounts[(accounts.IsDeleted == "0") & (accounts.IsPersonAccount == "1")].drop_duplicates("NPI_vod__c")
    return dict(zip(accounts.NPI_vod__c, accounts.Id.map(now), strict=True))


def _submitted(calls: pd.DataFrame) -> pd.DataFrame:
    """Submitted promotional rows that are people: no header, no MSL territory."""
    headers = set(calls.Parent_Call_vod__c.dropna())
    kept = calls[(calls.Status_vod__c == "Submitted_vod") & ~calls.Id.isin(headers)]
    return kept[~kept.Territory_vod__c.str.startswith(("MSL", "Cardiology"))]


def test_the_same_seed_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    generate(tmp_path)

    def digests(folder: Path) -> dict[str, str]:
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    assert digests(tmp_path) == digests(made[0])
    assert len(digests(tmp_path)) == 41


def test_another_seed_gives_another_company(made: Made) -> None:
    other = simulate(made[1].people.count, seed=8)
    assert set(other.people.crm) != set(made[1].people.crm)
    assert other.market.trx.sum() != made[1].market.trx.sum()


def test_an_unknown_size_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match='size "XXL" is unknown'):
        generate(tmp_path, size="XXL")


def test_sizes(made: Made, rx: pd.DataFrame, calls: pd.DataFrame) -> None:
    out, world, _ = made
    assert world.people.count == 2000
    assert world.geography.territories.size == 48
    assert rx.NPI.nunique() > 1900 and rx.Product.nunique() == 9
    assert sum(column.startswith("TRx_Wk") for column in rx.columns) == 104
    assert set(rx.Week_Ending) == {"2026-11-13"}
    assert calls.Call_Date_vod__c.max() <= "2026-11-22"
    assert len(pd.read_csv(out / "ctms" / "Study_Sites.csv")) == 40


def test_identifiers_are_valid_and_were_never_issued(made: Made) -> None:
    accounts = pd.read_csv(made[0] / "veeva_crm" / "Account.csv", dtype=str)
    late = {one["crm"] for one in made[2]["accounts_without_ids"]}
    people = accounts[(accounts.IsPersonAccount == "1") & (accounts.IsDeleted == "0") & ~accounts.Id.isin(late)]
    twins = {one["second_crm"] for one in made[2]["second_accounts"]}
    once = people[~people.Id.isin(twins)]
    assert once.NPI_vod__c.is_unique and people.Id.is_unique and once.ME__c.is_unique and len(twins) == 6
    assert people.NPI_vod__c.str.fullmatch(r"29\d{8}").all()
    assert all(_luhn("80840" + npi) for npi in people.NPI_vod__c)
    assert people.ME__c.str.fullmatch(r"0\d{10}").all()
    assert all(_case_suffix(one[:15]) == one[15:] for one in accounts.Id)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _case_suffix(fifteen: str) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = [fifteen[start : start + 5] for start in (0, 5, 10)]
    return "".join(letters[sum(1 << place for place, letter in enumerate(part) if letter.isupper())] for part in parts)


def test_levels_are_plausible(made: Made, rx: pd.DataFrame) -> None:
    _, world, _ = made
    volume = _weeks(rx, "TRx", 1, 13)
    heart = rx.Market == "Heart failure"
    share = volume[rx.Product == "Cardiva"].sum() / volume[heart].sum()
    assert 0.14 < share < 0.20
    goal = world.market.goal[:, 0, 91:104].sum() / 100
    assert 0.75 < volume[rx.Product == "Cardiva"].sum() / goal < 0.92
    assert _weeks(rx, "NRx", 1, 13).sum() < volume.sum() and _weeks(rx, "NBRx", 1, 13).sum() < 0.15 * volume.sum()
    shown = world.exposures
    recent = shown.week >= 91
    reached = np.unique(shown.hcp[recent & (shown.hcp >= 0)]).size / world.people.count
    assert 0.52 < reached < 0.68
    assert 0.66 < (shown.hcp[recent] >= 0).mean() < 0.75
    asked = world.inquiries
    answered = ~np.isnat(asked.responded) & (asked.received >= np.datetime64("2026-08-15"))
    assert 0.85 < (asked.responded[answered] <= asked.due[answered]).mean() < 0.97
    optouts = (~np.isnat(world.people.pdrp_from)).mean()
    assert 0.01 < optouts < 0.035


def test_call_plans_are_mostly_met(made: Made) -> None:
    _, world, _ = made
    calls = world.calls
    recent = (
        (calls.date >= np.datetime64("2026-07-01"))
        & (calls.date <= np.datetime64("2026-09-30"))
        & (calls.territory >= 0)
    )
    made_calls = np.zeros((world.people.count, 3))
    np.add.at(made_calls, (calls.hcp[recent], calls.product[recent]), 1)
    planned = world.planned[:, :, 7]
    capped = np.minimum(made_calls, planned).sum() / planned.sum()
    assert 0.70 < capped < 0.90


def test_group_calls_and_mixed_record_types(made: Made, calls: pd.DataFrame) -> None:
    out, world, _ = made
    headers = calls[calls.Id.isin(set(calls.Parent_Call_vod__c.dropna()))]
    assert len(headers) > 300
    members = calls[calls.Parent_Call_vod__c.notna()]
    assert members.groupby("Parent_Call_vod__c").size().min() >= 2
    assert (headers.set_index("Id").Attendees_vod__c.astype(int) == members.groupby("Parent_Call_vod__c").size()).all()
    assert set(headers.Account_vod__c) <= set(world.organisations.crm.tolist()) | {
        one[:15] for one in world.organisations.crm.tolist()
    }
    kinds = pd.read_csv(out / "veeva_crm" / "RecordType.csv").set_index("Id").DeveloperName
    users = pd.read_csv(out / "veeva_crm" / "User.csv").set_index("Id").User_Type_vod__c
    seen = set(zip(calls.User_vod__c.map(users), calls.RecordTypeId.map(kinds), strict=True))
    assert seen == {
        ("Sales", "CallReport_vod"),
        ("MSL", "MSL_Interaction_vod"),
        ("MSL", "CallReport_vod"),
        ("Home Office", "CallReport_vod"),
    }
    mails = pd.read_csv(out / "veeva_crm" / "Sent_Email_vod__c.csv", dtype=str)
    assert (mails.RecordTypeId.map(kinds) == "Medical_Inquiry_vod").sum() > 300
    assert calls.Account_vod__c.str.len().value_counts().min() > 1000


def test_no_call_on_a_day_off(made: Made) -> None:
    out, world, _ = made
    off = pd.read_csv(out / "company_master" / "Working_Calendar.csv")
    free = set(off[~off.working].day)
    days = pd.Series(world.calls.date.astype(str))
    assert not days.isin(free).any()


def test_collapsing_territories_really_fall(made: Made, rx: pd.DataFrame) -> None:
    node = rx.NPI.map(_territory(made))
    cardiva = rx.Product == "Cardiva"
    now, before = _weeks(rx, "TRx", 1, 8), _weeks(rx, "TRx", 9, 34) * 8 / 26
    nation = now[cardiva].sum() / before[cardiva].sum()
    planted = made[2]["problems"]["collapsing_territory"]
    assert len(planted) >= 2
    for one in planted:
        here = cardiva & (node == one["node"])
        assert -0.38 < now[here].sum() / before[here].sum() / nation - 1 < -0.12, one
    rising = cardiva & (node == made[2]["problems"]["rising_territory"][0]["node"])
    assert now[rising].sum() / before[rising].sum() / nation > 1.05


def test_decliners_and_sample_sinks(made: Made, rx: pd.DataFrame) -> None:
    out, _, key = made
    cardiva = rx[(rx.Product == "Cardiva") & rx.NPI.notna()]
    fall = pd.DataFrame({"now": _weeks(cardiva, "TRx", 1, 13), "before": _weeks(cardiva, "TRx", 14, 26)}).set_index(
        cardiva.NPI
    )
    named = [one["npi"] for one in key["problems"]["decliners"]["hcps"]]
    lost = fall.reindex(named).dropna()
    assert len(lost) >= 15
    assert (lost.before - lost.now >= np.maximum(0.2 * lost.before, 3)).mean() > 0.8
    assert any(one["territory"] == "US_SO_FLA_3" for one in key["problems"]["decliners"]["hcps"])
    sinks = {one["crm"]: one["npi"] for one in key["problems"]["sample_sinks"]["hcps"]}
    samples = pd.read_csv(out / "veeva_crm" / "Call2_Sample_vod__c.csv")
    units = samples[samples.Call_Date_vod__c >= "2026-05-16"].groupby("Account_vod__c").Quantity_vod__c.sum()
    assert (units.reindex(list(sinks)) > units.quantile(0.9)).mean() >= 0.9
    assert fall.reindex(list(sinks.values())).fillna(0).now.sum() == 0


def test_overdue_and_unseen_tier_a(made: Made, calls: pd.DataFrame) -> None:
    _, _, key = made
    people = _submitted(calls)
    last = people.assign(short=people.Account_vod__c.str[:15]).groupby("short").Call_Date_vod__c.max()
    overdue = key["problems"]["overdue_tier_a"]["hcps"]
    assert len(overdue) >= 12
    assert last.reindex([one["crm"][:15] for one in overdue]).dropna().max() < "2026-09-18"
    vacant = key["problems"]["vacant_territory"]
    unseen = last.reindex([one["crm"][:15] for one in vacant["unseen_tier_a"]])
    assert len(unseen) >= 3 and unseen.dropna().max() < vacant["from"]


def test_over_called_territory_and_late_logging(made: Made, calls: pd.DataFrame) -> None:
    _, world, key = made
    people = _submitted(calls)
    people = people[people.Call_Date_vod__c >= "2026-05-01"]
    tier = pd.Series(world.people.tier.max(axis=1), index=[one[:15] for one in world.people.crm.tolist()])
    low = people.Account_vod__c.str[:15].map(tier) == 1
    share = low.groupby(people.Territory_vod__c).mean()
    node = dict(zip(world.geography.territories.tolist(), world.geography.names.tolist(), strict=True))
    assert share.idxmax() == node[key["problems"]["over_called_tier_c"]["node"]]
    delay = pd.to_datetime(people.Submit_Timestamp_vod__c.str[:10]) - pd.to_datetime(people.Call_Date_vod__c)
    late = (delay.dt.days > 3).groupby(people.Territory_vod__c).mean()
    assert late.idxmax() == node[key["problems"]["late_logging"]["node"]] and late.max() > 0.25


def test_the_map_is_unbalanced_where_it_says(made: Made) -> None:
    out, _, key = made
    said = key["problems"]["unbalanced_map"]
    target = pd.read_csv(out / "veeva_crm" / "MC_Cycle_Plan_Target_vod__c.csv")
    plan = pd.read_csv(out / "veeva_crm" / "MC_Cycle_Plan_vod__c.csv").set_index("Id")
    channel = pd.read_csv(out / "veeva_crm" / "MC_Cycle_Plan_Channel_vod__c.csv")
    channel = channel[channel.Channel_vod__c == "Call2_vod"].merge(
        target, left_on="Cycle_Plan_Target_vod__c", right_on="Id"
    )
    channel = channel.merge(plan, left_on="Cycle_Plan_vod__c", right_index=True)
    for name, beyond in (("Plan 2026Q4", True), ("Plan 2026Q2", False)):
        load = channel[channel.Name == name].groupby("Territory_vod__c").Channel_Activity_Goal_vod__c.sum()
        index = load / load.mean()
        assert (index["Charlotte"] > 1.3) == beyond and (index["Raleigh"] < 0.75) == beyond
    assert {"US_SO_ATL_2", "US_SO_ATL_3"} <= set(said["beyond_15_percent"])
    assert len(said["beyond_15_percent"]) < 12


def test_media_fatigue_and_the_stale_feed(made: Made) -> None:
    out, _, key = made
    shown = pd.read_csv(out / "media" / "Clinicast_PLD.csv", dtype={"npi": str})
    recent = (
        shown[(shown.event_date >= "2026-10-03") & (shown.campaign_id == "CC-101")]
        .groupby("npi")[["impressions", "clicks"]]
        .sum()
    )
    tired = recent.reindex([one["npi"] for one in key["problems"]["media_fatigue"]["hcps"]])
    assert len(tired) >= 20 and tired.impressions.min() > 100 and tired.clicks.sum() == 0
    assert (recent.impressions > 100).sum() <= 1.3 * len(tired)
    stale = key["problems"]["stale_feed"]
    assert pd.read_csv(out / "media" / stale["file"]).Date.max() <= stale["last_day"]
    assert shown.event_date.max() >= "2026-11-19"
    assert 0.15 < shown.npi.isna().mean() < 0.4


def test_the_restated_week(made: Made, rx: pd.DataFrame) -> None:
    said = made[2]["problems"]["restated_week"]
    old = pd.read_csv(made[0] / "rx_weekly" / "Rx_Weekly_2026-11-06.csv", dtype={"NPI": str})
    back = (pd.Timestamp("2026-11-13") - pd.Timestamp(said["week_ending"])).days // 7 + 1
    assert rx[f"TRx_Wk{back}"].sum() == pytest.approx(said["trx_now"])
    assert old[f"TRx_Wk{back - 1}"].sum() == pytest.approx(said["trx_before"], abs=0.5)
    assert said["trx_now"] / said["trx_before"] > 1.03
    assert old["TRx_Wk1"].sum() == pytest.approx(rx["TRx_Wk2"].sum())


def test_sites_flag_where_they_should(made: Made) -> None:
    out, _, key = made
    metrics = pd.read_csv(out / "ctms" / "Site_Metrics.csv", dtype={"Site Number": str})
    metrics["site"] = metrics.Study + "-" + metrics["Site Number"]
    total = metrics.pivot_table(index="site", columns=["Metric", "Basis"], values="Value", aggfunc="sum").fillna(0)
    ratio = total["Enrolled", "Actual"] / total["Enrolled", "Planned"].where(total["Enrolled", "Planned"] >= 4)
    flagging = {one["site"] for one in key["problems"]["flagging_sites"]}
    assert len(flagging) >= 3 and ratio[sorted(flagging)].max() < 0.25
    others = ratio.drop(sorted(flagging)).dropna()
    assert (others > 0.6).mean() > 0.8
    assert 0.7 < total["Enrolled", "Actual"].sum() / total["Enrolled", "Planned"].sum() < 0.95
    stalled = metrics[(metrics.site == key["problems"]["stalled_site"]["site"]) & (metrics.Basis == "Actual")]
    assert stalled[stalled.Metric == "Enrolled"]["Period End"].max() < "2026-05-16"
    failing = total.loc[key["problems"]["high_screen_failure_site"]["site"]]
    assert (
        failing["Screen Failed", "Actual"] / failing["Screened", "Actual"] > 0.5 and failing["Screened", "Actual"] >= 8
    )
    assert any(one["msl_territory"] == "MED_S_2" for one in key["problems"]["flagging_sites"])


def test_medical_problems(made: Made, calls: pd.DataFrame) -> None:
    out, _, key = made
    silent = {one["crm"] for one in key["problems"]["plan_experts_not_engaged"]}
    met = calls[calls.Territory_vod__c.str.startswith("MSL") & (calls.Call_Date_vod__c >= "2026-07-01")]
    plan = pd.read_csv(out / "company_master" / "Expert_Plan.csv")
    assert len(silent) >= 12 and silent <= set(plan[plan.cycle == "2026Q4"].account_id)
    assert not silent & set(met.Account_vod__c)
    fulfilment = pd.read_csv(out / "veeva_crm" / "Medical_Inquiry_Fulfillment_vod__c.csv")
    waiting = fulfilment[fulfilment.Responded_At__c.isna()]
    near = key["problems"]["inquiries_past_80_percent_of_sla"]
    assert 6 <= len(near) <= len(waiting)
    assert {one["received"] + ":00Z" for one in near} <= set(waiting.Received_At__c)
    assert any(one["node"] == "MED_S_2" for one in near)


def test_expiring_consents_have_engagement_and_unaligned_have_no_territory(made: Made) -> None:
    out, _, key = made
    mails = pd.read_csv(out / "veeva_crm" / "Sent_Email_vod__c.csv", dtype=str)
    clicked = mails[(mails.Clicked_vod__c == "1") & (mails.Email_Sent_Date_vod__c >= "2026-09-01")].Account_vod__c
    planted = key["problems"]["consents_expiring_with_engagement"]
    assert len(planted) >= 12
    assert all("2026-11-22" < one["expires"] <= "2026-12-22" for one in planted)
    assert np.mean([one["crm"] in set(clicked) for one in planted]) > 0.6
    consents = pd.read_csv(out / "veeva_crm" / "Multichannel_Consent_vod__c.csv")
    latest = consents.groupby("Account_vod__c").Opt_Expiration_Date_vod__c.max()
    assert set(latest[(latest > "2026-11-22") & (latest <= "2026-12-22")].index) == {one["crm"] for one in planted}
    territory = _territory(made)
    unaligned = key["problems"]["unaligned_hcps"]
    assert len(unaligned) >= 10 and all(pd.isna(territory[one["npi"]]) for one in unaligned)


def _panel(world: World, brand: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Prescriptions and the three promotion terms of one brand, with HCP and territory-week groups."""
    name = list(TRUTH)[brand]
    called, mailed, shown = (series[:, brand, :104] for series in world.weekly)
    terms = [
        adstock(called, DECAY["call"]),
        adstock(mailed, DECAY["email"]),
        np.log1p(adstock(shown, DECAY["display"])),
    ]
    keep = world.people.before >= 0
    x = np.stack([term[keep].ravel() for term in terms], axis=1)
    y = (world.market.trx[keep, brand] / 10).ravel()
    territory = np.where(
        np.arange(104)[None] >= 84, world.people.after[keep][:, None], world.people.before[keep][:, None]
    )
    assert name in TRUTH
    return y, x, np.arange(int(keep.sum())).repeat(104), (territory * 104 + np.arange(104)).ravel()


def test_truth_is_there_and_naive_answers_are_wrong(made: Made) -> None:
    """Fixed effects by HCP and territory-week find the effects of Cardiva; a plain regression overstates them."""
    y, x, person, place = _panel(made[1], 0)
    naive = np.linalg.lstsq(np.column_stack([np.ones(y.size), x]), y, rcond=None)[0][1:]
    both = np.column_stack([y, x])
    for _ in range(6):
        for group in (person, place):
            size = np.maximum(np.bincount(group), 1)
            for column in range(both.shape[1]):
                both[:, column] -= (np.bincount(group, both[:, column]) / size)[group]
    within = np.linalg.lstsq(both[:, 1:], both[:, 0], rcond=None)[0]
    truth = TRUTH["cardiva"]
    assert within[0] == pytest.approx(truth["call"], abs=0.04)
    assert within[1] > 0.01
    assert within[2] == pytest.approx(truth["display"], abs=0.04)
    assert naive[0] > 4 * truth["call"] and naive[1] > 4 * truth["email"] and naive[2] > 1.3 * truth["display"]


def test_visitors_stand_where_there_is_a_story(made: Made) -> None:
    parsed = tomllib.loads(demo_visitors())["visitor"]
    assert {one["id"] for one in parsed} == {
        "leader",
        "brand",
        "region",
        "district",
        "rep",
        "msl",
        "meddir",
        "site",
        "steward",
    }
    nodes = set(pd.read_csv(made[0] / "veeva_crm" / "Territory2.csv").DeveloperName) | {"CARD-301", "REN-204"}
    assert {one.node for one in VISITORS} <= nodes
    assert next(one for one in parsed if one["id"] == "site")["studies"] == ["CARD-301"]


@pytest.fixture(scope="module")
def imported(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The exports read by the importer into a workspace of their own."""
    workspace = Workspace.create(tmp_path_factory.mktemp("home") / "home", "demo")
    return workspace, import_paths(workspace, [made[0]])


def test_every_row_of_every_file_is_accounted_for(made: Made, imported: Any) -> None:
    _, report = imported
    files = sorted(path for path in made[0].rglob("*.csv"))
    assert len(report.accounts) == len(files) == 40
    rows = {path.name: sum(1 for _ in path.open(encoding="utf-8")) - 1 for path in files}
    for account in report.accounts:
        assert account.read == rows[Path(account.file).name], account.file
        assert account.read == account.kept + sum(account.left_out.values()) + account.superseded + account.quarantined


def test_only_the_planted_bad_rows_are_quarantined(made: Made, imported: Any) -> None:
    workspace, report = imported
    bad = made[2]["bad_rows"]
    quarantined = {Path(one.file).name: one.quarantined for one in report.accounts if one.quarantined}
    assert quarantined == {"Call2_vod__c.csv": len(bad["unknown_channel_calls"]) + len(bad["calls_by_home_office"])}
    assert any("Fax_vod" in finding.what for finding in report.findings)
    assert not [finding for finding in report.findings if finding.severity == "error"]
    kept = pd.concat([pd.read_parquet(path) for path in sorted(Path(workspace.quarantine).rglob("*.parquet"))])
    text = " ".join(kept["text"].astype(str))
    assert all(one in text for one in (*bad["unknown_channel_calls"], *bad["calls_by_home_office"]))


def test_trx_per_product_equals_the_wide_file(rx: pd.DataFrame, imported: Any) -> None:
    workspace, _ = imported
    staged = pd.concat([pd.read_parquet(path) for path in sorted(Path(workspace.staged).rglob("outcome.parquet"))])
    sums = staged.groupby("product")[["quantity", "nrx", "nbrx"]].sum().astype(float)
    for name, product in (("Cardiva", "cardiva"), ("Renavia", "renavia"), ("All other diabetes", "other_t2d")):
        rows = rx[rx.Product == name]
        for measure, column in (("TRx", "quantity"), ("NRx", "nrx"), ("NBRx", "nbrx")):
            assert sums.loc[product, column] == pytest.approx(_weeks(rows, measure, 1, 104).sum(), abs=1e-6)
    assert len(sums) == 9
    assert str(staged.period_end.max())[:10] == "2026-11-13" and str(staged.period_end.min())[:10] == "2024-11-22"


def test_a_person_with_two_accounts_is_one_person(made: Made, imported: Any) -> None:
    workspace, _ = imported
    assemble(workspace)
    snapshot = open_snapshot(workspace)
    kinds = dict(snapshot.rows("SELECT kind, count(*) FROM party GROUP BY kind"))
    joined = sum(each.fate == "joined" for each in People(workspace.people_path).links())
    met = snapshot.rows("SELECT count(DISTINCT party) FROM interaction")[0]
    _, world, key = made
    assert kinds == {
        "hcp": 2000 + len(key["accounts_without_ids"]) - joined,
        "hco": world.organisations.code.size,
        "site": 40,
    }
    assert met == (np.unique(world.calls.hcp).size,)


def test_calls_are_split_from_scientific_exchange(calls: pd.DataFrame, imported: Any) -> None:
    _, report = imported
    account = next(one for one in report.accounts if Path(one.file).name == "Call2_vod__c.csv")
    msl = calls.Territory_vod__c.str.startswith("MSL").sum()
    assert report.tables["exchange"] == msl
    assert report.tables["interaction"] == account.kept - msl
    assert report.tables["interaction"] > 50_000 and report.tables["inquiry"] > 1000


@pytest.mark.parametrize("copies", [1, 3, 8])
def test_a_larger_country_is_the_same_one_again_beside_itself(copies: int) -> None:
    one, many = draw_map(), draw_map(copies)
    known = dict(nodes(many))
    assert len(many.territories) == copies * len(one.territories) == len(set(many.names))
    assert len(set(known.values())) == len(known) == len(nodes(many))
    assert {parent(each) for each in many.territories} == set(many.districts)
    assert {parent(each) for each in many.districts} == set(many.regions)
    assert len(many.regions) == len(one.regions) * -(-copies // 4)
    assert all(msl_of(each) for each in many.districts)
    first = len(one.territories)
    assert (many.territories[:first] == one.territories).all()
    moved = many.before != many.after
    assert moved.sum() == (one.before != one.after).sum() > 0
    assert (many.before[moved] < first).all()
