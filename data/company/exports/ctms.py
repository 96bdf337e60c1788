"""Clinical trial management: studies, sites, milestones, and site metrics planned and actual by week."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from data.company.dates import RX_WEEKS, stream, week_ends
from data.company.exports.delimited import write, write_rows
from data.company.sites import DROP_REASONS, MILESTONES, REASONS, STUDIES
from data.company.world import World


def export(world: World, out: Path) -> None:
    """Four files of the clinical side."""
    sites, people = world.sites, world.people
    write_rows(
        out / "Studies.csv",
        ("Study", "Study Title", "Phase", "Status", "Enrollment Target", "Start Date", "Planned End of Enrollment"),
        [
            (s.id, s.title, s.phase, "Recruiting", int(sites.target[sites.study == s.id].sum()), s.start, s.finish)
            for s in STUDIES
        ],
    )
    doctor = sites.investigator
    write(
        out / "Study_Sites.csv",
        {
            "Study": sites.study,
            "Site Number": np.array([one.rpartition("-")[2] for one in sites.id.tolist()]),
            "Site Name": sites.label,
            "Country": sites.country,
            "City": sites.city,
            "State": sites.state,
            "Postal Code": sites.postcode,
            "Latitude": sites.latitude,
            "Longitude": sites.longitude,
            "Status": np.where(np.isnat(sites.actual[:, 5]), "In Start-up", "Recruiting"),
            "Activated": sites.actual[:, 5],
            "Target Subjects": sites.target,
            "Planned Rate per Week": sites.plan_rate,
            "PI NPI": np.where(doctor >= 0, people.npi[doctor], ""),
        },
    )
    write_rows(
        out / "Site_Milestones.csv", ("Study", "Site Number", "Milestone", "Planned", "Actual"), _milestones(world)
    )
    write_rows(
        out / "Site_Metrics.csv",
        ("Study", "Site Number", "Metric", "Basis", "Reason", "Period Start", "Period End", "Value"),
        _metrics(world),
    )


def _milestones(world: World) -> list[tuple[Any, ...]]:
    sites = world.sites
    return [
        (
            sites.study[site],
            _number(sites.id[site]),
            name.replace("_", " ").title(),
            sites.planned[site, step],
            sites.actual[site, step],
        )
        for site in range(sites.id.size)
        for step, name in enumerate(MILESTONES)
    ]


def _metrics(world: World) -> list[tuple[Any, ...]]:
    """Actual subjects where there were any, planned ones for every week a site was to be open."""
    sites, rng = world.sites, stream(world.seed, "reasons")
    ends = week_ends(RX_WEEKS)
    rows: list[tuple[Any, ...]] = []
    for site in range(sites.id.size):
        key = (str(sites.study[site]), _number(sites.id[site]))
        for week, end in enumerate(ends):
            span = (str(end - np.timedelta64(6, "D")), str(end))
            enrolled, screened = int(sites.enrolled[site, week]), int(sites.screened[site, week])
            failed, dropped = screened - enrolled, int(sites.dropped[site, week])
            for metric, count, reasons in (
                ("Screened", screened, None), ("Enrolled", enrolled, None),
                ("Screen Failed", failed, REASONS), ("Withdrawn", dropped, DROP_REASONS),
            ):  # fmt: skip
                rows += _counted(key, metric, count, reasons, span, rng)
            if end - np.timedelta64(6, "D") >= sites.planned[site, 5]:
                rows.append((*key, "Enrolled", "Planned", "", *span, f"{sites.plan_rate[site]:.2f}"))
    return rows


def _counted(
    key: tuple[str, str],
    metric: str,
    count: int,
    reasons: np.ndarray | None,
    span: tuple[str, str],
    rng: np.random.Generator,
) -> list[tuple[Any, ...]]:
    """The actual rows of one site, metric and week: one a reason where there are reasons."""
    if not count:
        return []
    if reasons is None:
        return [(*key, metric, "Actual", "", *span, count)]
    drawn = rng.integers(0, reasons.size, count)
    return [(*key, metric, "Actual", str(reasons[one]), *span, int((drawn == one).sum())) for one in np.unique(drawn)]


def _number(site: str) -> str:
    return str(site).rpartition("-")[2]
