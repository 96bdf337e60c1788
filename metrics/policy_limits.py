"""What no deployment may open, each with its public source in words: the wall, opt-outs, small cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from metrics.catalog.roles import ROLES
from metrics.policy import EVERYBODY, LEAST, Cell, Policy, within

MEDICAL = tuple(name for name, role in ROLES.items() if role.medical)
COMMERCIAL = tuple(name for name, role in ROLES.items() if not role.medical and not role.inspects)
STEWARDS = tuple(name for name, role in ROLES.items() if role.inspects)
AGGREGATE_FROM_REGION = "A from second"

UNSOLICITED = (
    "FDA draft guidance on responding to unsolicited requests (December 2011): sales and marketing take no part in "
    "what medical answers; the PhRMA Code on Interactions with Health Care Professionals keeps science and promotion "
    "apart"
)
NO_PRESCRIBING = (
    "corporate integrity agreements with the US Office of Inspector General separate medical affairs from sales; "
    "medical activity directed by prescribing data is named there as promotion"
)
PDRP_RULES = (
    "AMA Physician Data Restriction Program: the prescribing of a physician who opted out is kept from "
    "representatives and their direct supervisors"
)
SMALL_CELLS = "CMS cell size suppression policy: no cell of 1 to 10 persons is shown, nor derivable"
TRIALS = "21 CFR 312.7: an investigational drug is not promoted; recruitment at sites is no business of promotion"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The most that some roles may ever see of something, and the public source that says so."""

    roles: tuple[str, ...]
    sensitivity: str
    most: tuple[str, ...]
    why: str
    source: str

    def kept(self, cell: Cell, told: str) -> bool:
        """Whether what a cell says stays inside the limit."""
        return any(within(cell, told, most) for most in self.most)


LIMITS = (
    Limit(
        roles=COMMERCIAL,
        sensitivity="scientific_content",
        most=("N",),
        why="the content of a scientific exchange never crosses to those who promote",
        source=UNSOLICITED,
    ),
    Limit(
        roles=STEWARDS,
        sensitivity="scientific_content",
        most=("N",),
        why="the content of a scientific exchange stays with those who held it; keeping the data needs none of it",
        source=UNSOLICITED,
    ),
    Limit(
        roles=COMMERCIAL,
        sensitivity="medical_exchange",
        most=(AGGREGATE_FROM_REGION,),
        why="scientific exchange is shown to those who promote only summed up, from the region up",
        source=UNSOLICITED,
    ),
    Limit(
        roles=STEWARDS,
        sensitivity="medical_exchange",
        most=(AGGREGATE_FROM_REGION,),
        why="scientific exchange is shown to whoever keeps the data only summed up, from the region up, if at all",
        source=UNSOLICITED,
    ),
    Limit(
        roles=COMMERCIAL,
        sensitivity="inquiry",
        most=("A",),
        why="who asked medical information what is never shown to those who promote",
        source=UNSOLICITED,
    ),
    Limit(
        roles=STEWARDS,
        sensitivity="inquiry",
        most=("A",),
        why="who asked medical information what stays with those who answer; keeping the data needs counts alone",
        source=UNSOLICITED,
    ),
    Limit(
        roles=("msl", "medical_director"),
        sensitivity="rx",
        most=(AGGREGATE_FROM_REGION,),
        why="a medical role never sees the prescribing of a named HCP",
        source=NO_PRESCRIBING,
    ),
    Limit(
        roles=("site_manager",),
        sensitivity="rx",
        most=("N",),
        why="investigators are not chosen by what they prescribe",
        source=NO_PRESCRIBING,
    ),
    Limit(
        roles=MEDICAL,
        sensitivity="targeting",
        most=("N",),
        why="experts are chosen by science, never by decile, tier or target list",
        source=NO_PRESCRIBING,
    ),
    Limit(
        roles=MEDICAL,
        sensitivity="field_activity",
        most=("A", "E"),
        why="a medical role sees of promotion only that it was, or sums",
        source=NO_PRESCRIBING,
    ),
    Limit(
        roles=MEDICAL,
        sensitivity="media_exposure",
        most=("A", "E"),
        why="a medical role sees of promotion only that it was, or sums",
        source=NO_PRESCRIBING,
    ),
    Limit(
        roles=COMMERCIAL,
        sensitivity="site",
        most=(AGGREGATE_FROM_REGION,),
        why="sites and investigators are not shown one by one to those who promote",
        source=TRIALS,
    ),
    Limit(
        roles=("rep", "district_manager"),
        sensitivity="pdrp",
        most=("hidden",),
        why="opted-out physicians are hidden from the representative and the direct supervisor",
        source=PDRP_RULES,
    ),
    Limit(
        roles=tuple(name for name in ROLES if name not in STEWARDS),
        sensitivity="pdrp",
        most=("totals",),
        why="only the one who answers for the data sees an opted-out physician's row",
        source=PDRP_RULES,
    ),
    Limit(
        roles=tuple(name for name in ROLES if name not in STEWARDS),
        sensitivity="privacy",
        most=("N",),
        why="the list of those who opted out is for keeping to it, not for reading",
        source=PDRP_RULES,
    ),
    Limit(
        roles=(EVERYBODY,),
        sensitivity="small_cell",
        most=(str(LEAST),),
        why=f"a count of fewer than {LEAST} persons is never shown",
        source=SMALL_CELLS,
    ),
)


def limits_of(cell: Cell) -> tuple[Limit, ...]:
    """The limits that hold for a cell."""
    role, name = cell
    return tuple(each for each in LIMITS if role in each.roles and each.sensitivity == name)


def broken(policy: Policy) -> Iterator[tuple[Cell, Limit]]:
    """Every cell that says more than a limit allows."""
    for cell, told in policy.cells.items():
        for limit in limits_of(cell):
            if not limit.kept(cell, told):
                yield cell, limit
