"""Sites one by one, for those who may see them so: the model's verdict, the curve against plan, the way to opening.

Everything here is read with a GrantedQuery over sites, so that the access door has decided who sees which
site. What speaks of a whole study (its forecast, its end) is given only where the grant holds all of its sites.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from data.errors import Denied, WrongQuestion
from metrics.areas import inside
from metrics.models import site_records
from metrics.models.site_records import Record
from metrics.query import GrantedQuery

ASKED = ("flagging_sites", "sites_on_track", "sites_open", "enrolled_to_date", "enrolled_planned")
CURVE = ("day", "enrolled", "planned", "low", "middle", "high")
MILESTONES = ("selected", "contract_executed", "approved", "activated", "first_enrolled")

_OF_ALL = ("early", "middle", "late", "chance", "target", "planned_finish")


@dataclass(frozen=True)
class SiteBook:
    """The sites that a visitor may see one by one, and their studies, each a row of plain values."""

    sites: list[Record]
    studies: list[Record]


@dataclass(frozen=True)
class SiteStory:
    """One site's or one study's curve against plan, and how far the study's sites have come."""

    curve: list[Record]
    steps: list[Record]


def book(granted: GrantedQuery, snapshot: Any) -> SiteBook:
    """The sites of a grant and their studies."""
    held = sites(granted, snapshot)
    return SiteBook(held, studies(held, snapshot))


def story(granted: GrantedQuery, snapshot: Any, study: str, site: str | None, of_all: bool) -> SiteStory:
    """The curve of a site, or of a study when no site is named; `of_all` counts the steps of every study."""
    held = sites(granted, snapshot)
    steps = activation(held, snapshot, None if of_all else study)
    return SiteStory(curve(held, snapshot, study=study, site=site), steps)


def own(granted: GrantedQuery, snapshot: Any) -> list[str]:
    """The sites that a grant holds. Raises Denied where the flags may not be seen, WrongQuestion above the site."""
    if not isinstance(granted, GrantedQuery):
        raise TypeError("Sites are read with a GrantedQuery; metrics.access.authorise makes one.")
    if "flagging_sites" not in granted.metrics:
        reason = next((item.reason for item in granted.withheld if item.metric == "flagging_sites"), "")
        raise Denied(reason or "Flagging sites were not asked for.", where="sites")
    hierarchy = next(each for each in snapshot.hierarchies() if each.id == granted.hierarchy)
    if not hierarchy.is_subject(granted.by):
        raise WrongQuestion(f'sites are not read by "{granted.by}"', where="sites", todo='Ask by "site".')
    lying, leaves = inside(granted, snapshot), site_records.leaves(snapshot, hierarchy.id)
    return [
        each["site"] for each in site_records.sites(snapshot)
        if leaves.get(each["site"]) in lying and (not granted.studies or each["study"] in granted.studies)
    ]  # fmt: skip


def sites(granted: GrantedQuery, snapshot: Any) -> list[Record]:
    """Every site of the grant on the anchor, those that flag first, then the furthest behind plan.

    `state` is flag, slow (slower than plan, not surely), early (too early to say), on_track, planned (not open
    yet) or closed; rates are subjects a week, `rate_low` and `rate_high` its 90 % interval.
    """
    held = set(own(granted, snapshot))
    return [each for each in site_records.sites(snapshot) if each["site"] in held]


def studies(held: Sequence[Record], snapshot: Any) -> list[Record]:
    """The studies of the sites of a grant (`held`), with their open sites, subjects so far and planned, and their end.

    `whole` says that the grant holds all sites of a study. Only then are `target`, `planned_finish`, `early`,
    `middle` and `late` (the days by which it is full with 10, 50 and 90 % probability) and `chance` (of being
    full by `planned_finish`) known.
    """
    by_study: dict[str, list[Record]] = {}
    for each in held:
        by_study.setdefault(each["study"], []).append(each)
    found = []
    for study in site_records.studies(snapshot):
        mine = by_study.get(study["study"])
        if mine is None:
            continue
        row, whole = dict(study), len(mine) == study["all_sites"]
        planned = [each["planned_so_far"] for each in mine if each["planned_so_far"] is not None]
        row |= {"sites": len(mine), "whole": whole, "planned": math.fsum(planned) if planned else None}
        row["enrolled"] = math.fsum(each["enrolled_so_far"] for each in mine)
        row["open"] = sum(each["open"] for each in mine)
        row["flagging"] = sum(each["state"] == "flag" for each in mine)
        row["on_track"] = sum(each["on_track"] for each in mine)
        found.append(row if whole else row | dict.fromkeys(_OF_ALL))
    return found


def curve(held: Sequence[Record], snapshot: Any, *, study: str, site: str | None = None) -> list[Record]:
    """Subjects so far, week by week, against plan, and the range ahead, of a site or of a study of a grant.

    Each row has day, enrolled and planned (cumulative; so far), low, middle and high (ahead: 10, 50 and 90 %).
    The plan goes on ahead at its own rate up to its target. Empty where the site is not in the grant.
    """
    chosen = [each for each in held if each["study"] == study and (site is None or each["site"] == site)]
    weeks = site_records.weeks(snapshot, study)
    added: dict[date, list[float]] = {}
    for each in chosen:
        for day, *both in weeks.get(each["site"], ()):
            sums = added.setdefault(day, [0.0, 0.0])
            sums[0] += both[0]
            sums[1] += both[1]
    rows: list[Record] = []
    enrolled = planned = 0.0
    for day in sorted(added):
        enrolled, planned = enrolled + added[day][0], planned + added[day][1]
        rows.append({**dict.fromkeys(CURVE), "day": day, "enrolled": enrolled, "planned": planned})
    if not chosen or (site is None and not _whole(chosen, snapshot, study)):
        return rows
    ahead = site_records.ahead(snapshot, study, site)
    on = _planned_ahead(chosen, rows[-1]["day"] if rows else None, [each["day"] for each in ahead])
    return rows + [{"enrolled": None, **each, "planned": plan} for each, plan in zip(ahead, on, strict=True)]


def _whole(chosen: Sequence[Record], snapshot: Any, study: str) -> bool:
    return any(each["all_sites"] == len(chosen) for each in site_records.studies(snapshot) if each["study"] == study)


def _planned_ahead(chosen: Sequence[Record], known: date | None, days: Sequence[date]) -> list[float]:
    """The plan beyond the data: each open site goes on at its planned rate until it has what it promised."""
    if known is None:
        return [0.0] * len(days)
    weeks = np.array([max((day - known).days, 0) for day in days]) / 7.0
    planned, rate = (np.array([each[name] or 0.0 for each in chosen]) for name in ("planned", "plan_rate"))
    target = np.array([np.inf if each["target"] is None else each["target"] for each in chosen])
    lines = np.minimum(planned[:, None] + rate[:, None] * weeks, np.maximum(target, planned)[:, None])
    return [float(total) for total in lines.sum(axis=0)]


def activation(held: Sequence[Record], snapshot: Any, study: str | None = None) -> list[Record]:
    """How far a grant's sites have come: milestone, sites that reached it, median days since they were selected."""
    every = site_records.steps(snapshot)
    chosen = [each["site"] for each in held if study is None or each["study"] == study]
    told = [step for site in chosen for step in every.get(site, ())]
    rows = []
    for milestone in MILESTONES:
        here = [(days, reached) for name, days, reached in told if name == milestone]
        days = [float(each) for each, _ in here if each is not None]
        if here:
            reached = sum(done for _, done in here)
            rows.append({"milestone": milestone, "sites": reached, "days": statistics.median(days) if days else None})
    return rows
