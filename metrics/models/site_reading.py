"""Sites one by one, for those who may see them so: the model's verdict, the curve against plan, the way to opening.

Everything here is read with a GrantedQuery over sites, so that the access door has decided who sees which
site. What speaks of a whole study (its forecast, its end) is given only where the grant holds all of its sites.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.errors import Denied, WrongQuestion
from metrics.areas import inside
from metrics.models import site_records
from metrics.query import GrantedQuery

ASKED = ("flagging_sites", "sites_on_track", "sites_open", "enrolled_to_date", "enrolled_planned")
CURVE = ["day", "enrolled", "planned", "low", "middle", "high"]
MILESTONES = ("selected", "contract_executed", "approved", "activated", "first_enrolled")

_OF_ALL = ["early", "middle", "late", "chance", "target", "planned_finish"]


@dataclass(frozen=True)
class SiteBook:
    """The sites that a visitor may see one by one, and their studies."""

    sites: pd.DataFrame
    studies: pd.DataFrame


@dataclass(frozen=True)
class SiteStory:
    """One site's or one study's curve against plan, and how far the study's sites have come."""

    curve: pd.DataFrame
    steps: pd.DataFrame


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
    every, lying = site_records.sites(snapshot), inside(granted, snapshot)
    studies = dict(zip(every["site"].tolist(), every["study"].tolist(), strict=True))
    return sorted(
        site
        for site, leaf in site_records.leaves(snapshot, hierarchy.id).items()
        if leaf in lying and site in studies and (not granted.studies or studies[site] in granted.studies)
    )


def sites(granted: GrantedQuery, snapshot: Any) -> pd.DataFrame:
    """Every site of the grant on the anchor, those that flag first, then the furthest behind plan.

    `state` is flag, slow (slower than plan, not surely), early (too early to say), on_track, planned (not open
    yet) or closed; rates are subjects a week, `rate_low` and `rate_high` its 90 % interval.
    """
    every = site_records.sites(snapshot)
    return every[every["site"].isin(own(granted, snapshot))].reset_index(drop=True)


def studies(held: pd.DataFrame, snapshot: Any) -> pd.DataFrame:
    """The studies of the sites of a grant (`held`), with their open sites, subjects so far and planned, and their end.

    `whole` says that the grant holds all sites of a study. Only then are `target`, `planned_finish`, `early`,
    `middle` and `late` (the days by which it is full with 10, 50 and 90 % probability) and `chance` (of being
    full by `planned_finish`) known.
    """
    every = site_records.studies(snapshot)
    found = every[every["study"].isin(set(held["study"]))].reset_index(drop=True)
    place = pd.Index(found["study"]).get_indexer(held["study"])

    def _added(values: Any) -> Any:
        return np.bincount(place, weights=np.asarray(values, dtype=float), minlength=len(found))

    found["sites"] = _added(np.ones(len(held))).astype(int)
    found["whole"] = found["sites"] == found.pop("all_sites")
    for name, flags in (("open", held["open"]), ("flagging", held["state"] == "flag"), ("on_track", held["on_track"])):
        found[name] = _added(flags).astype(int)
    planned = held["planned_so_far"]
    found["enrolled"] = _added(held["enrolled_so_far"])
    found["planned"] = np.where(_added(planned.notna()) > 0, _added(planned.fillna(0.0)), np.nan)
    found[_OF_ALL] = found[_OF_ALL].where(found["whole"], None)
    return found


def curve(held: pd.DataFrame, snapshot: Any, *, study: str, site: str | None = None) -> pd.DataFrame:
    """Subjects so far, week by week, against plan, and the range ahead, of a site or of a study of a grant.

    Columns day, enrolled and planned (cumulative; so far), low, middle and high (ahead: 10, 50 and 90 %).
    The plan goes on ahead at its own rate up to its target. Empty where the site is not in the grant.
    """
    chosen = held[(held["study"] == study) & ((held["site"] == site) if site else True)]
    if chosen.empty:
        return pd.DataFrame(columns=CURVE)
    weeks = site_records.weeks(snapshot, study)
    held_weeks = weeks["site"].isin(chosen["site"]).to_numpy()
    at, days = pd.factorize(weeks["day"].to_numpy()[held_weeks], sort=True)
    so_far = pd.DataFrame({"day": days})
    for name in ("enrolled", "planned"):
        each = np.nan_to_num(weeks[name].to_numpy(dtype=float)[held_weeks])
        so_far[name] = np.bincount(at, weights=each, minlength=len(days)).cumsum()
    every = site_records.studies(snapshot)
    whole = site is not None or len(chosen) == int(every.loc[every["study"] == study, "all_sites"].iloc[0])
    ahead = site_records.ahead(snapshot, study, site).copy() if whole else pd.DataFrame({"day": []})
    ahead["planned"] = _planned_ahead(chosen, so_far, ahead)
    every_day = pd.concat([so_far, ahead], ignore_index=True) if len(ahead) else so_far
    return every_day.reindex(columns=CURVE)


def _planned_ahead(chosen: pd.DataFrame, so_far: pd.DataFrame, ahead: pd.DataFrame) -> pd.Series:
    """The plan beyond the data: each open site goes on at its planned rate until it has what it promised."""
    if so_far.empty or ahead.empty:
        return pd.Series(0.0, index=ahead.index)
    days = pd.to_datetime(ahead["day"]) - pd.to_datetime(so_far["day"]).max()
    weeks = np.clip(days.dt.days.to_numpy(dtype=float), 0, None) / 7.0
    planned, rate = (np.nan_to_num(chosen[name].to_numpy(dtype=float)) for name in ("planned", "plan_rate"))
    most = np.fmax(chosen["target"].to_numpy(dtype=float), planned)
    most[chosen["target"].isna().to_numpy()] = np.inf
    lines = np.minimum(planned[:, None] + rate[:, None] * weeks, most[:, None])
    return pd.Series(lines.sum(axis=0), index=ahead.index)


def activation(held: pd.DataFrame, snapshot: Any, study: str | None = None) -> pd.DataFrame:
    """How far a grant's sites have come: milestone, sites that reached it, median days since they were selected."""
    chosen = held["site"] if study is None else held.loc[held["study"] == study, "site"]
    every = site_records.steps(snapshot)
    own = every["site"].isin(chosen).to_numpy()
    names, reached, days = (every[name].to_numpy()[own] for name in ("milestone", "reached", "days"))
    rows = []
    for step in MILESTONES:
        here = names == step
        if here.any():
            rows.append((step, int(reached[here].sum()), _median(days[here])))
    return pd.DataFrame(rows, columns=["milestone", "sites", "days"])


def _median(days: Any) -> float | None:
    known = [float(day) for day in days if not pd.isna(day)]
    return float(np.median(known)) if known else None
