"""What the company keeps itself: products, baskets, goals, calendar, roster, alignments, medical plans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from data.company import medical
from data.company.dates import FIRST_DAY, LAST_DAY, RX_WEEKS, cycle_name, cycle_span, week_ends, working
from data.company.exports.delimited import fixed, write, write_rows
from data.company.field import LAUNCH, OWN
from data.company.geography import REALIGNED, msl_of
from data.company.market import BASKETS, NAMES, PRODUCTS
from data.company.problems import RESTATED_WEEK
from data.company.world import World

_BASKET_NAMES = {"heart_failure": "Heart failure", "type_2_diabetes": "Type 2 diabetes"}
SCIENTIFIC_TIERS = ("", "regional", "national", "international")

ANNOTATIONS = (
    (str(LAUNCH), "", "", "renavia", "Renavia launched"),
    ("2026-05-11", "field", "US_NE", "cardiva", "Corvane's new indication promoted in the Northeast"),
    ("2026-06-15", "field", "US_WE", "cardiva", "Cardiva preferred by two western health plans"),
    (str(REALIGNED), "field", "US", "", "Territories realigned"),
    ("2026-08-03", "field", "US_CE_MSP_4", "", "Omaha vacant"),
    ("2026-09-24", "", "", "", "Continental Heart Forum"),
    (str(RESTATED_WEEK), "field", "", "", "Vendor restated this week"),
)


def export(world: World, out: Path) -> None:
    """All files of the company's own master data."""
    _reference(world, out)
    _goals(world, out / "Goals_Weekly.csv")
    write_rows(
        out / "Position_History.csv",
        ("user_id", "role", "hierarchy", "node", "team", "status", "valid_from", "valid_to"),
        [
            (
                world.staff.crm[s.person] if s.person >= 0 else "",
                s.role,
                s.hierarchy,
                s.node,
                s.team,
                s.status,
                s.first,
                s.last,
            )
            for s in world.staff.stints
        ],
    )
    write_rows(
        out / "Alignment_History.csv",
        ("kind", "subject", "territory", "team", "split", "valid_from", "valid_to"),
        _alignment(world),
    )
    write_rows(out / "Medical_Alignment.csv", ("kind", "subject", "msl_territory"), _medical_alignment(world))
    _medical(world, out)


def _reference(world: World, out: Path) -> None:
    write_rows(
        out / "Products.csv",
        ("product_id", "product_name", "owner"),
        [
            (product, name, "own" if product in OWN else "competitor")
            for product, name in zip(PRODUCTS, NAMES, strict=True)
        ],
    )
    write_rows(
        out / "Market_Baskets.csv",
        ("basket", "basket_name", "product_id"),
        [(b, _BASKET_NAMES[b], p) for b, p in BASKETS],
    )
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    write(out / "Working_Calendar.csv", {"country": np.full(days.size, "US"), "day": days, "working": working(days)})
    write_rows(out / "Annotations.csv", ("day", "hierarchy", "node", "product_id", "text"), ANNOTATIONS)


def _goals(world: World, path: Path) -> None:
    """Goals a week, HCP and own brand; wide, oldest week first, in a file that names its first week."""
    goal = world.market.goal
    hcp, product = np.nonzero(goal.sum(axis=2) >= 300)
    texts = fixed(goal[hcp, product], 2)
    texts[goal[hcp, product] == 0] = ""
    columns: dict[str, Any] = {
        "account_id": world.people.crm[hcp],
        "product_id": np.array(OWN)[product],
        "first_week_ending": np.full(hcp.size, str(week_ends(RX_WEEKS)[0])),
    }
    columns |= {f"Goal_Wk{week + 1}": texts[:, week] for week in range(goal.shape[2])}
    write(path, columns)


def _alignment(world: World) -> list[tuple[Any, ...]]:
    """Dated core alignments of HCPs and US sites; the realignment closes one row and opens another."""
    people, territories = world.people, world.geography.territories
    eve = REALIGNED - np.timedelta64(1, "D")
    rows: list[tuple[Any, ...]] = []
    for hcp in np.flatnonzero(people.before >= 0):
        crm, old, new = people.crm[hcp], territories[people.before[hcp]], territories[people.after[hcp]]
        if old == new:
            rows.append(("hcp", crm, old, "core", 1, "2023-01-02", ""))
        else:
            rows += [("hcp", crm, old, "core", 1, "2023-01-02", eve), ("hcp", crm, new, "core", 1, REALIGNED, "")]
    sites = world.sites
    rows += [
        ("site", sites.id[site], territories[sites.territory[site]], "core", 1, "2023-01-02", "")
        for site in np.flatnonzero(sites.territory >= 0)
    ]
    return rows


def _medical_alignment(world: World) -> list[tuple[Any, ...]]:
    node = medical.msl_node(world.people, world.geography)
    rows: list[tuple[Any, ...]] = [("hcp", world.people.crm[hcp], node[hcp]) for hcp in np.flatnonzero(node != "")]
    sites, territories = world.sites, world.geography.territories
    for site in np.flatnonzero(sites.territory >= 0):
        district = str(territories[sites.territory[site]]).rpartition("_")[0]
        rows.append(("site", sites.id[site], msl_of(district)))
    return rows


def _medical(world: World, out: Path) -> None:
    people, node = world.people, medical.msl_node(world.people, world.geography)
    write_rows(
        out / "Expert_Plan.csv",
        ("account_id", "msl_territory", "cycle", "scientific_tier", "planned_exchanges", "cycle_start", "cycle_end"),
        [
            (
                people.crm[hcp],
                node[hcp],
                cycle_name(cycle),
                SCIENTIFIC_TIERS[people.expert[hcp]],
                planned,
                *cycle_span(cycle),
            )
            for hcp, cycle, planned in medical.plan(people)
        ],
    )
    write_rows(
        out / "Congress_Meetings.csv",
        ("congress", "account_id", "user_id", "msl_territory", "day", "held"),
        [
            (medical.CONGRESS, people.crm[hcp], world.staff.crm[person], where, day, held)
            for hcp, where, person, day, held in medical.congress(people, world.staff, world.geography, world.seed)
        ],
    )
    met = world.exchanges
    write_rows(
        out / "Medical_Insights.csv",
        ("insight_id", "account_id", "user_id", "msl_territory", "day", "topic_code", "actionable", "decision"),
        [
            (
                f"INS-{number:04d}",
                people.crm[met.hcp[at]],
                world.staff.crm[world.staff.msl[str(met.node[at])]],
                met.node[at],
                met.date[at],
                *rest,
            )
            for number, (at, *rest) in enumerate(medical.insights(met, world.seed), 1)
        ],
    )
