"""The company's own people: who sits where and since when, who is away, and which seats are empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from data.company import ids, names, problems
from data.company.dates import WEEKS, stream, week_days, week_ends, working
from data.company.geography import MEDICAL_NAMES, OVERLAY_NAMES, Geography

_OPEN = np.datetime64("NaT")
_HIRED = np.datetime64("2023-01-02")


@dataclass(frozen=True)
class Stint:
    """One row of the position history: a person (-1 = nobody) in a role at a node."""

    person: int
    role: str
    hierarchy: str
    node: str
    team: str
    status: str
    first: np.datetime64
    last: np.datetime64


@dataclass(frozen=True)
class Staff:
    """People by position; `stints` is their history; `seat` gives the person at a territory each week."""

    first: np.ndarray
    last: np.ndarray
    crm: np.ndarray
    type: np.ndarray  # Sales, MSL, Medical, Clinical, Home Office: Veeva's User Type
    active: np.ndarray
    stints: tuple[Stint, ...]
    seat: np.ndarray  # [territory, week] -> person, -1 = nobody works it
    away: np.ndarray  # [territory, week, weekday] -> the seat's holder is away
    overlay: dict[str, int]
    msl: dict[str, int]


def hire(geography: Geography, seed: int) -> Staff:
    """Fills the seats, with turnover, one vacancy, one leave and days off."""
    rng = stream(seed, "staff")
    stints: list[Stint] = []
    types: list[str] = []

    def seat(role: str, hierarchy: str, node: str, kind: str, team: str = "core",
             since: np.datetime64 = _HIRED, until: np.datetime64 = _OPEN, status: str = "active") -> None:  # fmt: skip
        types.append(kind)
        stints.append(Stint(len(types) - 1, role, hierarchy, node, team, status, since, until))

    moved = set(rng.permutation(geography.territories)[:5].tolist())
    for node in geography.territories.tolist():
        _territory_seats(node, seat, stints, moved, rng)
    for node in geography.districts:
        seat("district_manager", "field", node, "Sales")
    for node in geography.regions:
        seat("regional_director", "field", node, "Sales")
    seat("national_leader", "field", "US", "Home Office")
    seat("brand_lead", "field", "US", "Home Office", team="brand")
    for node in OVERLAY_NAMES:
        if node != "OVL":
            seat("rep", "overlay", node, "Sales", team="cardiology")
    for node in MEDICAL_NAMES:
        leaf = node.count("_") == 2
        seat("msl" if leaf else "medical_director", "medical", node, "MSL" if leaf else "Medical", team="medical")
    seat("site_manager", "study", "CARD-301", "Clinical", team="clinical")
    seat("site_manager", "study", "REN-204", "Clinical", team="clinical")
    first, last = names.people(len(types), stream(seed, "staff names"))
    left = {stint.person for stint in stints if stint.person >= 0 and not np.isnat(stint.last)}
    stays = {stint.person for stint in stints if np.isnat(stint.last)}
    return Staff(
        first, last, ids.salesforce("005", len(types), rng), np.array(types),
        np.array([person not in left or person in stays for person in range(len(types))]), tuple(stints),
        _seats(geography, stints), _days_off(len(geography.territories), rng),
        {stint.node: stint.person for stint in stints if stint.hierarchy == "overlay"},
        {stint.node: stint.person for stint in stints if stint.role == "msl"},
    )  # fmt: skip


def _territory_seats(
    node: str, seat: Callable[..., None], stints: list[Stint], moved: set[str], rng: np.random.Generator
) -> None:
    """One territory's reps over time."""
    one = np.timedelta64(1, "D")

    def empty(since: np.datetime64, until: np.datetime64) -> None:
        stints.append(Stint(-1, "rep", "field", node, "core", "vacant", since, until))

    if node == problems.VACANT:
        seat("rep", "field", node, "Sales", until=problems.VACANT_FROM - one)
        empty(problems.VACANT_FROM, _OPEN)
    elif node == problems.FORMER_VACANCY[0]:
        _, gone, back = problems.FORMER_VACANCY
        seat("rep", "field", node, "Sales", until=gone - one)
        empty(gone, back)
        seat("rep", "field", node, "Sales", since=back + one)
    elif node == problems.ON_LEAVE:
        seat("rep", "field", node, "Sales", until=problems.LEAVE_FROM - one)
        stints.append(Stint(stints[-1].person, "rep", "field", node, "core", "leave", problems.LEAVE_FROM, _OPEN))
    elif node in moved and node != problems.REP_TERRITORY:
        change = np.datetime64("2025-02-03") + int(rng.integers(0, 60)) * np.timedelta64(7, "D")
        seat("rep", "field", node, "Sales", until=change - one)
        seat("rep", "field", node, "Sales", since=change)
    else:
        seat("rep", "field", node, "Sales")


def _seats(geography: Geography, stints: list[Stint]) -> np.ndarray:
    """Who works each territory in each week; a stint counts from the Monday it holds."""
    monday = week_ends() - np.timedelta64(4, "D")
    seat = np.full((len(geography.territories), WEEKS), -1)
    for stint in stints:
        if stint.hierarchy == "field" and stint.role == "rep" and stint.status == "active":
            inside = (monday >= stint.first) & (np.isnat(stint.last) | (monday <= stint.last))
            seat[geography.index(stint.node), inside] = stint.person
    return seat


def _days_off(territories: int, rng: np.random.Generator) -> np.ndarray:
    """Holidays of a week, taken two to three times a year, and single days here and there."""
    away = rng.random((territories, WEEKS, 5)) < 0.012
    whole = rng.random((territories, WEEKS)) < 0.045
    return (away | whole[:, :, None]) & working(week_days(week_ends()))[None]
