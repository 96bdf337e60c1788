"""The answer key: what is true in the demo company, so that cues and models can be measured against it."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.company import medical, problems, sites
from data.company.dates import AS_OF, LAST_RX, RX_WEEKS, WEEKS, week_ends
from data.company.geography import msl_of
from data.company.market import DECAY, TRUTH
from data.company.people import SPECIALTIES
from data.company.world import World


def answer_key(world: World, size: str, bad: dict[str, Any]) -> dict[str, Any]:
    """Causal truth, planted problems and planted bad rows, with the ids that exports and contract use."""
    return {
        "made": {
            "size": size,
            "seed": world.seed,
            "as_of": str(AS_OF),
            "last_rx_week": str(LAST_RX),
            "hcps": world.people.count,
        },
        "truth": {
            "effects": TRUTH,
            "decay": DECAY,
            "shape": "TRx added = call * adstock(calls) + email * adstock(e-mails)"
            " + display * ln(1 + adstock(impressions))"
            " + synergy * (call adstock - its HCP mean) * (display term - its HCP mean);"
            " calls count primary and second product",
            "note": "plans, e-mails and media lists follow market volume, so naive comparisons overstate;"
            " no HCP is called because its own prescriptions just moved; renavia's launch lifts those most who are"
            " planned most, so that its effects need the weeks after the launch",
        },
        "problems": {**_territories(world), **_people(world), **_medical(world), **_data(world)},
        "second_accounts": [
            {"npi": str(world.people.npi[one]), "crm": str(world.people.crm[one]), "second_crm": second}
            for one, second in sorted(bad["twins"].items())
        ],
        "accounts_without_ids": [
            {"crm": crm, "case": case, "npi": str(world.people.npi[one]) if one >= 0 else ""}
            for crm, case, one in zip(*(each.tolist() for each in _taken_over(world)), strict=True)
        ],
        "bad_rows": {
            "unknown_channel_calls": bad["fax"].tolist(),
            "calls_by_home_office": bad["office"].tolist(),
        },
    }


def _taken_over(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Accounts without an NPI, what is odd about each, and whose each really is (-1: nobody the CRM knows)."""
    return world.taken_over.crm, world.taken_over.case, world.taken_over.person


def hcp(world: World, which: np.ndarray) -> list[dict[str, Any]]:
    """HCPs as exports know them (NPI, CRM id), with their territory of today."""
    people = world.people
    nodes = np.where(people.after >= 0, world.geography.territories[people.after], "")
    return [
        {
            "npi": str(people.npi[one]),
            "crm": str(people.crm[one]),
            "territory": str(nodes[one]),
            "specialty": str(SPECIALTIES[people.specialty[one]]),
        }
        for one in which.tolist()
    ]


def _territories(world: World) -> dict[str, Any]:
    people, place = world.people, world.geography
    vacant = people.after == place.index(problems.VACANT)
    top = people.tier.max(axis=1)
    load = np.bincount(
        people.after[people.after >= 0], world.planned[:, :, -1].sum(axis=1)[people.after >= 0], place.territories.size
    )
    index = {str(node): round(float(one), 3) for node, one in zip(place.territories, load / load.mean(), strict=True)}
    since = str(week_ends()[problems.COLLAPSE_FROM])
    return {
        "collapsing_territory": [
            {"node": node, "hierarchy": "field", "product": "cardiva", "factor": factor, "from_week": since}
            for node, factor in problems.COLLAPSING.items()
        ],
        "also_falling": [
            {"node": "US_NE", "product": "cardiva", "because": "Corvane's new indication, from May 2026 on"},
            {"node": problems.VACANT, "product": "cardiva", "because": "its vacancy"},
        ],
        "also_rising": [
            {"node": "US_WE", "product": "cardiva", "because": "preferred by two health plans, June 2026"},
            *({"node": node, "product": "cardiva", "because": "a heart center opened"} for node in problems.GAINING),
        ],
        "rising_territory": [{"node": problems.RISING, "hierarchy": "field", "product": "cardiva"}],
        "vacant_territory": {
            "node": problems.VACANT,
            "from": str(problems.VACANT_FROM),
            "unseen_tier_a": hcp(world, np.flatnonzero(vacant & (top == 3) & ~people.no_access)),
        },
        "rep_on_leave": {"node": problems.ON_LEAVE, "from": str(problems.LEAVE_FROM)},
        "over_called_tier_c": {"node": problems.OVER_CALLED, "from_week": str(week_ends()[WEEKS - 30])},
        "late_logging": {"node": problems.LATE_LOGGING, "share_later_than_3_days": 0.45},
        "unbalanced_map": {
            "heavy": [problems.HEAVY],
            "light": [problems.LIGHT],
            "planned_calls_index": index,
            "since": "2026-07-01",
            "beyond_15_percent": sorted(node for node, one in index.items() if abs(one - 1) > 0.15),
        },
    }


def _people(world: World) -> dict[str, Any]:
    people, found = world.people, world.found
    expiring = []
    for one in hcp(world, found.expiring):
        at = int(np.flatnonzero(people.crm == one["crm"])[0])
        held = world.consents.hcp == at
        expiring.append({**one, "expires": str(world.consents.expires[held].max())})
    return {
        "decliners": {
            "product": "cardiva",
            "factor": problems.DECLINE_TO,
            "from_week": str(week_ends()[problems.DECLINE_FROM]),
            "hcps": hcp(world, found.decliners),
        },
        "overdue_tier_a": {
            "no_call_from_week": str(week_ends()[problems.OVERDUE_FROM]),
            "hcps": hcp(world, found.overdue),
        },
        "sample_sinks": {
            "product": "cardiva",
            "no_prescription_from_week": str(week_ends()[RX_WEEKS - 39]),
            "hcps": hcp(world, found.sinks),
        },
        "media_fatigue": {
            "campaign": "CC-101",
            "from_week": str(week_ends()[problems.FATIGUE_FROM]),
            "impressions_a_week": [23, 33],
            "hcps": hcp(world, found.fatigued),
        },
        "consents_expiring_with_engagement": expiring,
        "unaligned_hcps": hcp(world, np.flatnonzero(people.after < 0)),
        "pdrp_opt_outs": [
            {**one, "from": str(people.pdrp_from[at])}
            for at, one in zip(
                np.flatnonzero(~np.isnat(people.pdrp_from)),
                hcp(world, np.flatnonzero(~np.isnat(people.pdrp_from))),
                strict=True,
            )
        ],
    }


def _medical(world: World) -> dict[str, Any]:
    asked, found = world.inquiries, world.found
    near = np.flatnonzero(asked.late_share >= 0.8)
    nodes = medical.msl_node(world.people, world.geography)
    return {
        "inquiries_past_80_percent_of_sla": [
            {
                "inquiry": f"MI-{one + 1:07d}",
                "node": str(asked.node[one]),
                "received": str(asked.received[one]),
                "due": str(asked.due[one]),
                "share_of_time_used": float(asked.late_share[one]),
            }
            for one in near.tolist()
        ],
        "plan_experts_not_engaged": [
            {**one, "msl_territory": str(nodes[at])}
            for at, one in zip(found.silent_experts, hcp(world, found.silent_experts), strict=True)
        ],
        "flagging_sites": [_site(world, site) for site in sites.FLAGGING],
        "stalled_site": _site(world, sites.STALLED),
        "high_screen_failure_site": _site(world, sites.FAILING_SCREEN),
        "stuck_in_contract": [_site(world, site) for site in sites.STUCK],
    }


def _site(world: World, site: str) -> dict[str, Any]:
    where = world.sites
    at = int(np.flatnonzero(where.id == site)[0])
    territory = int(where.territory[at])
    node = str(world.geography.territories[territory]) if territory >= 0 else ""
    opened = where.actual[at, 5]
    return {
        "site": site,
        "study": str(where.study[at]),
        "territory": node,
        "msl_territory": msl_of(node.rpartition("_")[0]),
        "activated": "" if np.isnat(opened) else str(opened),
        "enrolled": int(where.enrolled[at].sum()),
        "screened": int(where.screened[at].sum()),
        "plan_rate_a_week": float(where.plan_rate[at]),
    }


def _data(world: World) -> dict[str, Any]:
    week = int(np.searchsorted(week_ends(), problems.RESTATED_WEEK))
    now = world.market.trx[:, :, week]
    before = np.rint(now * problems.RESTATED_BY)
    return {
        "stale_feed": {
            "vendor": "PracticeLens",
            "file": "PracticeLens_Provider_Report.csv",
            "last_day": str(problems.STALE_VENDOR_LAST),
        },
        "restated_week": {
            "week_ending": str(problems.RESTATED_WEEK),
            "trx_before": round(float(before.sum()) / 10, 1),
            "trx_now": round(float(now.sum()) / 10, 1),
        },
    }
