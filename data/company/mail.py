"""Approved e-mail: consents that begin and end, and the e-mails that reps send while they hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company.dates import AS_OF, RX_WEEKS, WEEKS, stream, week_days, week_ends, working
from data.company.field import LAUNCH, MARKET_OF, OWN, realigned_week
from data.company.people import People
from data.company.problems import Problems
from data.company.staff import Staff

STATUSES = np.array(["Delivered_vod", "Bounced_vod", "Marked_Spam_vod", "Scheduled_vod", "Saved_vod"])
_STATUS_SHARE = np.array([0.945, 0.02, 0.005, 0.015, 0.015])


@dataclass(frozen=True)
class Consents:
    """One position a consent captured; `given` False is an opt-out; `expires` may be NaT."""

    hcp: np.ndarray
    given: np.ndarray
    captured: np.ndarray
    expires: np.ndarray
    valid: np.ndarray  # [HCP, week]


@dataclass(frozen=True)
class Mails:
    """One position an e-mail a rep sent about a product."""

    hcp: np.ndarray
    product: np.ndarray
    actor: np.ndarray
    territory: np.ndarray
    week: np.ndarray
    date: np.ndarray
    status: np.ndarray
    opens: np.ndarray
    clicks: np.ndarray
    tracked: np.ndarray


def consents(people: People, found: Problems, seed: int) -> Consents:
    """A first consent each, renewed when it ends, unless the HCP is one whose end is near."""
    rng = stream(seed, "consents")
    who = np.flatnonzero(people.email)
    first = np.datetime64("2024-03-01") + rng.integers(0, 420, who.size).astype("timedelta64[D]")
    ends = first + rng.choice([365, 730], who.size).astype("timedelta64[D]")
    again = ends < AS_OF - np.timedelta64(14, "D")
    renewed = ends[again] - rng.integers(0, 20, int(again.sum())).astype("timedelta64[D]")
    second = renewed + np.timedelta64(730, "D")
    hcp, captured = np.concatenate([who, who[again]]), np.concatenate([first, renewed])
    expires = np.concatenate([ends, second])
    near = AS_OF + rng.integers(4, 29, hcp.size).astype("timedelta64[D]")
    latest = captured == np.array([captured[hcp == one].max() for one in hcp])
    soon = (expires > AS_OF) & (expires <= AS_OF + np.timedelta64(35, "D"))
    expires = np.where(
        latest & np.isin(hcp, found.expiring), near, np.where(soon, expires + np.timedelta64(60, "D"), expires)
    )
    out = np.flatnonzero(~people.email)[::9]
    hcp, given = np.concatenate([hcp, out]), np.concatenate([np.ones(hcp.size, bool), np.zeros(out.size, bool)])
    gone = np.datetime64("2025-01-06") + rng.integers(0, 600, out.size).astype("timedelta64[D]")
    captured, expires = (
        np.concatenate([captured, gone]),
        np.concatenate([expires, np.full(out.size, np.datetime64("NaT"))]),
    )
    valid = np.zeros((people.count, WEEKS), bool)
    monday = week_ends() - np.timedelta64(4, "D")
    for one in np.flatnonzero(given):
        valid[hcp[one]] |= (monday >= captured[one]) & (week_ends() <= expires[one])
    return Consents(hcp, given, captured, expires, valid)


def send(people: People, staff: Staff, calls: np.ndarray, held: Consents, found: Problems, seed: int) -> Mails:
    """E-mails follow tier and calls: reps write to those they already favour."""
    rng = stream(seed, "mail")
    tier = people.tier[:, MARKET_OF]
    chance = np.array([0.006, 0.035, 0.06, 0.085])[tier][:, :, None] * (1 + 1.1 * (calls > 0))
    chance[:, 2, week_ends() < LAUNCH] = 0
    chance[found.expiring, :, RX_WEEKS - 10 :] = 0.22
    row, product, week = np.nonzero((rng.random(chance.shape) < chance) & held.valid[:, None, :])
    territory = np.where(week >= realigned_week(), people.after[row], people.before[row])
    actor = staff.seat[territory, week]
    keep = (territory >= 0) & (actor >= 0)
    row, product, week, territory, actor = (column[keep] for column in (row, product, week, territory, actor))
    free = working(week_days(week_ends()))[week]
    date = week_days(week_ends())[week, np.argmax(rng.random(free.shape) * free, axis=1)]
    status = rng.choice(STATUSES.size, row.size, p=_STATUS_SHARE)
    engaged = np.isin(row, found.expiring) & (week >= RX_WEEKS - 10)
    opened = (status == 0) & (rng.random(row.size) < np.where(engaged, 0.8, 0.40))
    clicked = opened & (rng.random(row.size) < np.where(engaged, 0.6, 0.16))
    opens = np.where(opened, 1 + rng.poisson(0.4, row.size), 0)
    mails = Mails(
        row, product, actor, territory, week, date, status, opens, np.where(clicked, 1 + rng.poisson(0.2, row.size), 0),
        rng.random(people.count)[row] < 0.9,
    )  # fmt: skip
    return Mails(**{name: column[mails.date <= AS_OF] for name, column in vars(mails).items()})


def weekly(mails: Mails, people: People) -> np.ndarray:
    """E-mails that arrived, [HCP, product, week]."""
    total = np.zeros((people.count, len(OWN), WEEKS))
    arrived = (mails.status == 0) | (mails.status == 2)
    np.add.at(total, (mails.hcp[arrived], mails.product[arrived], mails.week[arrived]), 1)
    return total
