"""The policy: the grid of who may know what, as data with a version, and the changes a deployment makes to it.

The declared grid (metrics/catalog/roles.py) is the default. A deployment names each change: role,
sensitivity, from, to, who, day and, where it opens anything, the reason. Deny wins; no rule means no.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from data.contract.table import SENSITIVITIES
from data.errors import BadInput, did_you_mean
from metrics.catalog.roles import ROLES
from metrics.grid import NEVER, PDRP, Role, grant_of

LEAST = 11
# What holds for everybody: the smallest count of persons shown, and whether sites are shown one by one.
EVERYBODY = "everybody"
SETTINGS = ("small_cell", "site_counts")
SITE_COUNTS = ("summed", "rows")
GUARDED = tuple(name for name in SENSITIVITIES if name != "open")
Cell = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one cell, from what is declared to something else: why, by whom, on which day."""

    role: str
    sensitivity: str
    was: str
    to: str
    who: str
    day: date
    reason: str = ""

    @property
    def cell(self) -> Cell:
        """Which cell of the grid it changes."""
        return self.role, self.sensitivity

    @property
    def opens(self) -> bool:
        """Whether anybody could see more by it."""
        return not within(self.cell, self.to, self.was)


@dataclass(frozen=True, kw_only=True, eq=False)
class Policy:
    """Who may know what, in one version: every role with its grants, the small-cell minimum, the site counts.

    `number` counts the changes of policy that were applied before it; `changes` are those it makes
    to the declared grid. With `closed` set nobody sees anything, for the reason it gives.
    """

    roles: Mapping[str, Role] = field(default_factory=lambda: ROLES)
    least: int = LEAST
    site_counts: str = "rows"
    number: int = 0
    changes: tuple[Change, ...] = ()
    closed: str = ""

    @cached_property
    def cells(self) -> dict[Cell, str]:
        """Every cell of the grid as text."""
        found = {(role.name, name): str(role.grant(name)) for role in self.roles.values() for name in GUARDED}
        found |= {(role.name, "pdrp"): role.pdrp for role in self.roles.values()}
        return found | {(EVERYBODY, "small_cell"): str(self.least), (EVERYBODY, "site_counts"): self.site_counts}

    @cached_property
    def digest(self) -> str:
        """The fingerprint of what it says, the same wherever it says the same."""
        text = "\n".join(f"{role} {name} {self.cells[role, name]}" for role, name in sorted(self.cells))
        return hashlib.sha256((text + self.closed).encode()).hexdigest()

    @cached_property
    def version(self) -> str:
        """The number that a person reads, and the fingerprint that a machine compares."""
        return f"{self.number}-{self.digest[:12]}"

    @cached_property
    def effective(self) -> dict[str, Role]:
        """The roles as the access door reads them: sites summed up where the deployment shows none one by one."""
        if self.site_counts == "rows":
            return dict(self.roles)
        summed = grant_of("A")
        return {
            name: replace(role, grants=role.grants | {"site": role.grant("site").narrowed(summed)})
            if role.grant("site").how == "Y"
            else role
            for name, role in self.roles.items()
        }

    def told(self, cell: Cell) -> str:
        """What a cell says."""
        return self.cells[cell]


DECLARED = Policy()


def within(cell: Cell, one: str, other: str) -> bool:
    """Whether a cell that says `one` shows nothing that it would not show saying `other`."""
    name = cell[1]
    if name == "pdrp":
        return PDRP.index(one) <= PDRP.index(other)
    if name == "small_cell":
        return int(one) >= int(other)
    if name == "site_counts":
        return SITE_COUNTS.index(one) <= SITE_COUNTS.index(other)
    return grant_of(one).within(grant_of(other))


def _lower(cell: Cell, one: str, other: str) -> str:
    """What both sayings of a cell show."""
    if within(cell, one, other):
        return one
    return other if within(cell, other, one) else str(NEVER)


def of_cells(cells: Mapping[Cell, str], number: int = 0, changes: Iterable[Change] = ()) -> Policy:
    """The policy that says this, cell by cell. What is not named is never."""
    roles = {
        role.name: replace(
            role,
            grants={name: grant_of(cells.get((role.name, name), "N")) for name in GUARDED},
            pdrp=cells.get((role.name, "pdrp"), "hidden"),
        )
        for role in ROLES.values()
    }
    return Policy(
        roles=roles,
        least=int(cells[EVERYBODY, "small_cell"]),
        site_counts=cells[EVERYBODY, "site_counts"],
        number=number,
        changes=tuple(changes),
    )


def changed(changes: Iterable[Change], number: int = 0) -> Policy:
    """The declared grid with these changes made."""
    made = tuple(changes)
    return of_cells(DECLARED.cells | {each.cell: each.to for each in made}, number, made)


def both(one: Policy, other: Policy) -> Policy:
    """What both policies show: whichever denies wins, cell by cell."""
    if one.closed or other.closed:
        return one if one.closed else other
    cells = {cell: _lower(cell, told, other.cells[cell]) for cell, told in one.cells.items()}
    return of_cells(cells, max(one.number, other.number), one.changes)


def opened(before: Policy, after: Policy) -> tuple[Cell, ...]:
    """The cells by which somebody could see more under `after` than under `before`."""
    return tuple(cell for cell, told in after.cells.items() if not within(cell, told, before.cells[cell]))


def narrowed(before: Policy, after: Policy) -> tuple[Cell, ...]:
    """The cells by which somebody could see less."""
    return tuple(cell for cell, told in before.cells.items() if not within(cell, told, after.cells[cell]))


def shut(why: str) -> Policy:
    """A policy under which nobody sees anything, and why."""
    return replace(of_cells({cell: _bottom(cell) for cell in DECLARED.cells}), closed=why)


def _bottom(cell: Cell) -> str:
    return {"pdrp": "hidden", "small_cell": str(10**6), "site_counts": "summed"}.get(cell[1], "N")


def cell_of(role: str, name: str, where: str) -> Cell:
    """The cell that these words name. Raises BadInput, with a near name, for one that there is not."""
    if role == EVERYBODY:
        known: Iterable[str] = SETTINGS
    elif role in ROLES:
        known = (*GUARDED, "pdrp")
    else:
        names = (*ROLES, EVERYBODY)
        raise BadInput(f'no role "{role}"', where=where, todo=did_you_mean(role, names) or f"Use {', '.join(names)}.")
    if name not in known:
        todo = did_you_mean(name, known) or f"Use one of {', '.join(known)}."
        raise BadInput(f'no sensitivity "{name}" for {role}', where=where, todo=todo)
    return role, name
