"""Field activity: call plans by quarter, calls that follow them more or less, samples and submission."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company import problems
from data.company.dates import AS_OF, CYCLES, WEEKS, cycle_of, stream, week_days, week_ends, working
from data.company.geography import REALIGNED, Geography
from data.company.people import People
from data.company.problems import Problems
from data.company.staff import Staff

OWN = ("cardiva", "glynova", "renavia")
MARKET_OF = np.array([0, 1, 1])
LAUNCH = np.datetime64("2025-09-08")  # renavia
LAUNCH_CYCLE = 4
# Calls planned a quarter by tier (none, C, B, A), before and after the launch of renavia.
_GOALS = np.array([[0, 3, 5, 8], [0, 2, 3, 5], [0, 0, 0, 0]]), np.array([[0, 3, 5, 8], [0, 1, 2, 3], [0, 2, 3, 4]])
CHANNELS = np.array(["In_Person_vod", "Video_vod", "Phone_vod", "Chat_or_Text_vod", "Email_vod", "Other_vod"])
_CHANNEL_SHARE = np.array([0.70, 0.14, 0.12, 0.02, 0.015, 0.005])


@dataclass(frozen=True)
class Calls:
    """One position a person met. `second` is a second product discussed, -1 for none; `units` samples left."""

    hcp: np.ndarray
    product: np.ndarray
    second: np.ndarray
    territory: np.ndarray  # index; -1 for an overlay call
    actor: np.ndarray
    week: np.ndarray
    date: np.ndarray
    submitted: np.ndarray
    channel: np.ndarray
    minutes: np.ndarray
    units: np.ndarray
    group: np.ndarray  # >= 0: the group call it belongs to


def realigned_week() -> int:
    """The first week that is worked under the new map."""
    return int(np.searchsorted(week_ends(), REALIGNED))


def plans(people: People) -> np.ndarray:
    """Calls planned, [HCP, product, cycle]; nobody without a territory is planned."""
    tier = people.tier[:, MARKET_OF]
    rows = np.arange(len(OWN))
    by_cycle = [_GOALS[cycle >= LAUNCH_CYCLE][rows, tier] for cycle in range(CYCLES)]
    return np.stack(by_cycle, axis=2) * (people.before >= 0)[:, None, None]


def expected(
    people: People, staff: Staff, planned: np.ndarray, found: Problems, geography: Geography, seed: int
) -> np.ndarray:
    """Calls to expect, [HCP, product, week], from plan, rep, working days, access and the planted problems."""
    rng = stream(seed, "field pace")
    ends, start = week_ends(), realigned_week()
    rep = np.clip(rng.normal(1.05, 0.09, staff.seat.shape[0]), 0.75, 1.2)
    shock = np.exp(rng.normal(0, 0.22, staff.seat.shape))
    days = (working(week_days(ends))[None] & ~staff.away).sum(axis=2) / 5
    pace = rep[:, None] * shock * days * (staff.seat >= 0)
    liking = np.exp(rng.normal(-0.02, 0.22, people.count)) * np.where(people.no_access, 0.0, 1.0)
    index = np.where(np.arange(WEEKS)[None] >= start, people.after[:, None], people.before[:, None])
    weekly = pace[index, np.arange(WEEKS)[None]] * liking[:, None]
    weekly[people.before < 0] = 0
    rate = planned[:, :, cycle_of(ends)] / 12.4 * weekly[:, None, :]
    rate += 0.004 * weekly[:, None, :] * (planned[:, :, -1:] == 0) * (people.volume[:, MARKET_OF] > 0)[:, :, None]
    rate[:, 2, ends < LAUNCH] = 0
    rate[found.overdue, :, problems.OVERDUE_FROM :] = 0
    rate[found.sinks, 0] *= 1.4
    top = people.tier.max(axis=1)
    crowd = people.after == geography.index(problems.OVER_CALLED)
    rate[crowd & (top == 1), :, WEEKS - 30 :] *= 2.6
    rate[crowd & (top == 3), :, WEEKS - 30 :] *= 0.4
    heavy = people.after == geography.index(problems.HEAVY)
    rate[heavy, :, start:] *= 0.72
    return rate


def work(people: People, staff: Staff, rate: np.ndarray, found: Problems, geography: Geography, seed: int) -> Calls:
    """Draws the calls, core and overlay, with their days, channels, samples and submission."""
    rng = stream(seed, "calls")
    steady = np.floor(np.cumsum(rate * 0.7, axis=2) + rng.random(rate.shape[:2])[:, :, None])
    number = np.diff(steady, axis=2, prepend=0).astype(int) + rng.poisson(rate * 0.3)
    hcp, product, week = (axis.repeat(number[number > 0]) for axis in np.nonzero(number))
    index = np.where(week >= realigned_week(), people.after[hcp], people.before[hcp])
    actor = staff.seat[index, week]
    date = _pick_day(week, (working(week_days(week_ends()))[None] & ~staff.away)[index, week], rng)
    core = Calls(hcp, product, _second(product, week, people, hcp, rng), index, actor, week, date, *_rest(date, rng))
    calls = _join(core, _overlay(people, staff, geography, rng))
    calls = _take(calls, calls.date <= AS_OF)
    calls = _take(calls, np.lexsort((calls.hcp, calls.actor, calls.date)))
    calls.group[:] = _groups(calls, rng)
    calls.units[:] = _samples(calls, people, found, rng)
    late = (calls.territory == geography.index(problems.LATE_LOGGING)) & (calls.week >= WEEKS - 20)
    lag = np.where(
        rng.random(late.size) < np.where(late, 0.45, 0.05),
        rng.integers(4, 11, late.size),
        rng.integers(0, 2, late.size),
    )
    calls.submitted[:] = np.minimum(calls.date + lag.astype("timedelta64[D]"), AS_OF)
    return calls


def _pick_day(week: np.ndarray, free: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One of the days that the rep works in that week."""
    day = np.argmax(rng.random(free.shape) * free, axis=1)
    return week_days(week_ends())[week, day]


def _second(
    product: np.ndarray, week: np.ndarray, people: People, hcp: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    other = np.where(product == 0, 1, np.where(product == 1, 2, 1))
    other = np.where((other == 2) & (week_ends()[week] < LAUNCH), 0, other)
    writes = people.volume[hcp, MARKET_OF[other]] > 0
    return np.where((rng.random(product.size) < 0.34) & writes, other, -1)


def _rest(date: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Submitted, channel, minutes, units, group: drawn or still to be set."""
    channel = rng.choice(CHANNELS.size, date.size, p=_CHANNEL_SHARE)
    return date.copy(), channel, rng.integers(3, 22, date.size), np.zeros(date.size, int), np.full(date.size, -1)


def _overlay(people: People, staff: Staff, geography: Geography, rng: np.random.Generator) -> Calls:
    """The cardiology overlay: the same HCPs again, another team's calls."""
    target = overlay_targets(people)
    number = rng.poisson(0.055, (target.size, WEEKS))
    row, week = (axis.repeat(number[number > 0]) for axis in np.nonzero(number))
    hcp = target[row]
    area = np.char.add("OVL_", np.array([node[3:5] for node in geography.territories.tolist()])[people.after[hcp]])
    actor = np.array([staff.overlay[node] for node in area.tolist()])
    free = np.broadcast_to(working(week_days(week_ends())), (1, WEEKS, 5))[0][week]
    date = _pick_day(week, free, rng)
    none = np.full(hcp.size, -1)
    return Calls(hcp, np.zeros(hcp.size, int), none, none.copy(), actor, week, date, *_rest(date, rng))


def overlay_targets(people: People) -> np.ndarray:
    """The cardiologists that the overlay team works: tiers A and B of the heart failure market."""
    return np.flatnonzero((people.specialty == 0) & (people.tier[:, 0] >= 2) & (people.after >= 0))


def _groups(calls: Calls, rng: np.random.Generator) -> np.ndarray:
    """Some days on which a rep met three or more people become one call on a practice."""
    key = np.where(calls.territory >= 0, calls.actor * 100_000 + calls.date.astype(int), -1)
    _, at, size = np.unique(key, return_inverse=True, return_counts=True)
    chosen = (rng.random(size.size) < 0.10) & (size >= 3) & (size <= 6)
    member = chosen[at] & (key >= 0) & (calls.channel == 0)
    together = np.bincount(at[member], minlength=size.size) >= 2
    member &= together[at]
    number = np.full(calls.hcp.size, -1)
    number[member] = np.unique(at[member], return_inverse=True)[1]
    return number


def _samples(calls: Calls, people: People, found: Problems, rng: np.random.Generator) -> np.ndarray:
    sink = np.isin(calls.hcp, found.sinks) & (calls.product == 0)
    gives = (rng.random(calls.hcp.size) < np.where(sink, 0.85, 0.24)) & (calls.channel == 0) & (calls.territory >= 0)
    return np.where(gives, np.where(sink, rng.integers(10, 19, sink.size), rng.integers(2, 7, sink.size)), 0)


def _take(calls: Calls, which: np.ndarray) -> Calls:
    return Calls(**{name: column[which] for name, column in vars(calls).items()})


def _join(one: Calls, other: Calls) -> Calls:
    return Calls(**{name: np.concatenate([column, getattr(other, name)]) for name, column in vars(one).items()})


def weekly(calls: Calls, people: People) -> np.ndarray:
    """Calls that HCPs received, [HCP, product, week]: a second product counts as a call on it too."""
    total = np.zeros((people.count, len(OWN), WEEKS))
    np.add.at(total, (calls.hcp, calls.product, calls.week), 1)
    also = calls.second >= 0
    np.add.at(total, (calls.hcp[also], calls.second[also], calls.week[also]), 1)
    return total
