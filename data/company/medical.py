"""Medical: experts planned and met, inquiries with their promised time, a congress, coded insights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.company.dates import AS_OF, CYCLES, HOLIDAYS, WEEKS, stream, week_days, week_ends, working
from data.company.geography import Geography, msl_of
from data.company.people import People
from data.company.problems import Problems
from data.company.staff import Staff

TOPICS = np.array(["DOSING", "RENAL", "SAFETY", "COMBINATION", "OUTCOMES", "PREGNANCY", "SWITCHING"])
CONGRESS, CONGRESS_FIRST = "Continental Heart Forum 2026", np.datetime64("2026-09-24")
_PLANNED = np.array([0, 1, 2, 2])
HOURS = {"standard": 24, "urgent": 8}  # working hours, 09:00 to 17:00
URGENCIES = np.array(["standard", "urgent"])


@dataclass(frozen=True)
class Exchanges:
    """One position a scientific exchange of an MSL with an HCP; `inquiry` >= 0 when the HCP had asked."""

    hcp: np.ndarray
    node: np.ndarray
    date: np.ndarray
    channel: np.ndarray
    asked: np.ndarray


@dataclass(frozen=True)
class Inquiries:
    """One position a question; moments in minutes; `responded` is NaT while open."""

    hcp: np.ndarray
    node: np.ndarray
    product: np.ndarray
    topic: np.ndarray
    on_label: np.ndarray
    urgent: np.ndarray
    received: np.ndarray
    due: np.ndarray
    responded: np.ndarray
    late_share: np.ndarray  # share of the promised working time that had run out by as_of, for open ones


def msl_node(people: People, geography: Geography) -> np.ndarray:
    """The MSL territory of each HCP by today's map; empty without one."""
    district = np.array([node.rpartition("_")[0] for node in geography.territories.tolist()])
    of = np.array([msl_of(one) for one in district.tolist()])
    return np.where(people.after >= 0, of[people.after], "")


def plan(people: People) -> list[tuple[int, int, int]]:
    """The expert plan: (HCP, cycle, exchanges planned), by scientific tier."""
    experts = np.flatnonzero((people.expert > 0) & (people.after >= 0))
    return [(int(hcp), cycle, int(_PLANNED[people.expert[hcp]])) for cycle in range(CYCLES) for hcp in experts]


def meet(people: People, geography: Geography, found: Problems, seed: int) -> Exchanges:
    """Exchanges follow the expert plan, more or less, with others who asked."""
    rng = stream(seed, "exchanges")
    rate = np.zeros((people.count, WEEKS))
    rate += (_PLANNED[people.expert] / 13 * 1.25)[:, None] * (people.after >= 0)[:, None]
    rate += 0.0012 * (people.after >= 0)[:, None]
    rate[found.silent_experts, WEEKS - 24 :] = 0
    steady = np.floor(np.cumsum(rate * 0.8, axis=1) + rng.random(people.count)[:, None])
    number = np.diff(steady, axis=1, prepend=0).astype(int) + rng.poisson(rate * 0.2)
    hcp, week = (axis.repeat(number[number > 0]) for axis in np.nonzero(number))
    free = working(week_days(week_ends()))[week]
    date = week_days(week_ends())[week, np.argmax(rng.random(free.shape) * free, axis=1)]
    order = np.lexsort((hcp, date))
    order = order[date[order] <= AS_OF]
    channel = rng.choice(3, order.size, p=[0.6, 0.3, 0.1])
    return Exchanges(
        hcp[order], msl_node(people, geography)[hcp[order]], date[order], channel, rng.random(order.size) < 0.22
    )


def add_working(received: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """A moment so many working hours later; a working day runs from 09:00 to 17:00."""
    day = received.astype("datetime64[D]")
    total = (received - day).astype(int) / 60 - 9 + hours
    later = np.busday_offset(day, np.floor(total / 8).astype(int), roll="forward", holidays=HOLIDAYS)
    return later.astype("datetime64[m]") + np.rint((9 + total % 8) * 60).astype("timedelta64[m]")


def ask(people: People, geography: Geography, seed: int) -> Inquiries:
    """About fourteen questions a week; nine in ten answered in time; a few open ones near or past their time."""
    rng = stream(seed, "inquiries")
    days = np.arange(week_days(week_ends())[0, 0], np.datetime64("2026-11-21"))
    days = days[working(days)]
    waiting = np.repeat(np.array(["2026-11-16", "2026-11-18"], "datetime64[D]"), (2, 6))
    days = np.sort(np.concatenate([rng.choice(days, int(days.size * 2.8)), waiting]))
    likely = (people.volume.sum(axis=1) + 4) * (people.after >= 0)
    hcp = rng.choice(people.count, days.size, p=likely / likely.sum())
    urgent = rng.random(days.size) < 0.12
    minute = 9 * 60 + rng.integers(0, 8 * 60, days.size)
    florida = np.flatnonzero(np.char.startswith(geography.territories[people.after], "US_SO_FLA") & (people.after >= 0))
    planted = np.concatenate(
        [
            np.flatnonzero(days == np.datetime64("2026-11-18"))[:6],
            np.flatnonzero(days == np.datetime64("2026-11-16"))[:2],
        ]
    )
    hcp[planted[[0, 3]]] = rng.choice(florida, 2, replace=False)
    urgent[planted] = False
    minute[planted[:6]] = 9 * 60 + rng.integers(0, 4 * 60, 6)
    received = days.astype("datetime64[m]") + minute.astype("timedelta64[m]")
    hours = np.where(urgent, HOURS["urgent"], HOURS["standard"])
    used = np.where(rng.random(days.size) < 0.915, rng.beta(2, 2, days.size) * 0.97, rng.uniform(1.05, 2.2, days.size))
    due, responded = add_working(received, hours), add_working(received, hours * used)
    settled = days <= np.datetime64("2026-11-18")
    used = np.where(settled & (responded > AS_OF), 0.5, used)
    responded = add_working(received, hours * used)
    responded[planted] = np.datetime64("NaT")
    responded = np.where(responded > AS_OF.astype("datetime64[m]"), np.datetime64("NaT"), responded)
    ran = np.busday_count(days, AS_OF, holidays=HOLIDAYS) * 8 - (minute / 60 - 9)
    share = np.where(np.isnat(responded), np.round(ran / hours, 3), np.nan)
    product = np.where(people.volume[hcp, 0] > people.volume[hcp, 1], 0, np.where(rng.random(days.size) < 0.5, 1, 2))
    label = np.array(["yes", "no", "unknown"])[rng.choice(3, days.size, p=[0.72, 0.2, 0.08])]
    topic = rng.choice(TOPICS, days.size, p=[0.24, 0.16, 0.18, 0.14, 0.12, 0.06, 0.10])
    return Inquiries(
        hcp, msl_node(people, geography)[hcp], product, topic, label, urgent, received, due, responded, share
    )


def congress(people: People, staff: Staff, geography: Geography, seed: int) -> list[tuple[int, str, int, str, bool]]:
    """Meetings planned at the congress: (HCP, MSL node, person, day, held)."""
    rng = stream(seed, "congress")
    top = rng.permutation(np.flatnonzero((people.expert >= 2) & (people.after >= 0)))[:36]
    node = msl_node(people, geography)
    return [
        (
            int(hcp),
            str(node[hcp]),
            staff.msl[str(node[hcp])],
            str(CONGRESS_FIRST + int(rng.integers(0, 4))),
            bool(rng.random() < 0.8),
        )
        for hcp in np.sort(top)
    ]


def insights(met: Exchanges, seed: int) -> list[tuple[int, str, bool, str]]:
    """Coded insights from one exchange in six: (exchange, topic, actionable, decision reference)."""
    rng = stream(seed, "insights")
    chosen = np.flatnonzero(rng.random(met.hcp.size) < 0.16)
    rows = []
    for number, exchange in enumerate(chosen.tolist()):
        actionable = bool(rng.random() < 0.38)
        decision = f"DEC-{number:03d}" if actionable and rng.random() < 0.4 else ""
        rows.append((exchange, str(rng.choice(TOPICS)), actionable, decision))
    return rows
