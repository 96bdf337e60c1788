"""Who may know what: Role and Grant, the words of the access grid. Default deny."""

from __future__ import annotations

from dataclasses import dataclass

from data.contract.table import SENSITIVITIES
from data.errors import BadDeclaration, did_you_mean

GRANTS = ("Y", "A", "E", "N")
PDRP = ("hidden", "totals", "shown")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """How far a role may see one sensitivity: Y rows in its own scope, A aggregates, E existence, N never.

    `floor` is the lowest rung at which an aggregate is shown (for A).
    """

    how: str
    floor: str = "leaf"

    def __post_init__(self) -> None:
        if self.how not in GRANTS:
            raise BadDeclaration(f'grant "{self.how}" is unknown', todo=f"Use one of {', '.join(GRANTS)}.")


@dataclass(frozen=True, kw_only=True)
class Role:
    """Who somebody is at work: where they stand, what they ask, what they can change, what they may know.

    `pdrp` says how opted-out physicians' prescriptions are treated: hidden everywhere (hidden),
    counted in totals but never a row (totals), or shown (shown). `inspects` opens findings, files and
    snapshots: the work of the one who answers for the data.
    """

    name: str
    title: str
    rung: str | None
    hierarchy_kinds: tuple[str, ...]
    first_page: str
    question: str
    levers: tuple[str, ...]
    grants: dict[str, Grant]
    medical: bool = False
    pdrp: str = "totals"
    inspects: bool = False

    def __post_init__(self) -> None:
        for sensitivity in self.grants:
            if sensitivity not in SENSITIVITIES:
                raise BadDeclaration(
                    f'sensitivity "{sensitivity}" is unknown',
                    where=f"role {self.name}",
                    todo=did_you_mean(sensitivity, SENSITIVITIES),
                )

    @property
    def word(self) -> str:
        """The title inside a sentence: lower case, but for an abbreviation."""
        return self.title if self.title[1:2].isupper() else self.title[0].lower() + self.title[1:]

    @property
    def masks_pdrp(self) -> bool:
        """Whether opted-out physicians are outside every prescription number this role sees."""
        return self.pdrp == "hidden"

    @property
    def aggregates(self) -> frozenset[str]:
        """The sensitivities of which this role sees aggregates only."""
        return frozenset(each for each, grant in self.grants.items() if grant.how == "A")

    def grant(self, sensitivity: str) -> Grant:
        """The grant for a sensitivity; no rule means no."""
        return self.grants.get(sensitivity, Grant(how="N"))

    def __hash__(self) -> int:
        return hash(self.name)
