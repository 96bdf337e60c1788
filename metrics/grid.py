"""Who may know what: Role and Grant, the words of the access grid, and which of two grants opens more. Default deny."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.contract.table import SENSITIVITIES
from data.errors import BadDeclaration, did_you_mean
from data.levels import RUNGS

GRANTS = ("Y", "A", "E", "N")
PDRP = ("hidden", "totals", "shown")
# What a role is judged by when it is medical: exchange, content and questions, never prescribing.
PRESCRIBING = frozenset({"rx", "targeting"})


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
        if self.floor not in RUNGS or (self.floor != "leaf" and self.how != "A"):
            raise BadDeclaration(
                f'no floor "{self.floor}" for {self.how}', todo=f"Only A has a floor: one of {', '.join(RUNGS)}."
            )

    def __str__(self) -> str:
        return self.how if self.floor == "leaf" else f"{self.how} from {self.floor}"

    def within(self, other: Grant) -> bool:
        """Whether this grant shows nothing that the other does not. Existence and aggregates show different things."""
        if self.how == other.how == "A":
            return RUNGS.index(self.floor) <= RUNGS.index(other.floor)
        return self.how == "N" or other.how == "Y" or self.how == other.how

    def narrowed(self, other: Grant) -> Grant:
        """What both grants show."""
        if self.within(other):
            return self
        return other if other.within(self) else Grant(how="N")


def grant_of(text: str) -> Grant:
    """The grant written as Y, E, N, A, or "A from second"."""
    how, _, floor = text.partition(" from ")
    return Grant(how=how.strip(), floor=floor.strip() or "leaf")


@dataclass(frozen=True, kw_only=True)
class Role:
    """Who somebody is at work: where they stand, what they ask, what they can change, what they may know.

    `pdrp` says how opted-out physicians' prescriptions are treated: hidden everywhere (hidden),
    counted in totals but never a row (totals), or shown (shown). `inspects` opens findings, files and
    snapshots: the work of the one who answers for the data. `by_study` is a role that sees the studies
    named for it, and none where none is named. `views_as` may look through somebody else's eyes, with a reason.
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
    by_study: bool = False
    views_as: bool = False

    def __post_init__(self) -> None:
        where = f"role {self.name}"
        for sensitivity, grant in self.grants.items():
            if sensitivity not in SENSITIVITIES:
                raise BadDeclaration(
                    f'sensitivity "{sensitivity}" is unknown',
                    where=where,
                    todo=did_you_mean(sensitivity, SENSITIVITIES),
                )
            if self.medical and sensitivity in PRESCRIBING and grant.how in ("Y", "E"):
                raise BadDeclaration(
                    f"a medical role would see {sensitivity} of named HCPs",
                    where=where,
                    todo="Medical activity is never directed by, or measured against, prescribing.",
                )
        if self.pdrp not in PDRP:
            raise BadDeclaration(f'PDRP treatment "{self.pdrp}" is unknown', where=where, todo=f"Use one of {PDRP}.")

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
        return self.grants.get(sensitivity, NEVER)

    def met(self, own: Role) -> Role:
        """What this role and the role of whoever looks through its eyes both may know: of every right the narrower.

        The place, the pages and the cues are this role's. A sum of both rights would carry scientific
        content to somebody who may not know it, and so would this role's rights alone: whoever looks after
        access would read through others what the wall keeps from them.
        """
        return replace(
            self,
            title=f"{self.title} + {own.word}",
            hierarchy_kinds=tuple(each for each in self.hierarchy_kinds if each in own.hierarchy_kinds),
            grants={each: grant.narrowed(own.grant(each)) for each, grant in self.grants.items()},
            pdrp=min(self.pdrp, own.pdrp, key=PDRP.index),
            inspects=self.inspects and own.inspects,
            by_study=self.by_study or own.by_study,
            views_as=False,
            levers=(),
        )

    def __hash__(self) -> int:
        return hash(self.name)


NEVER = Grant(how="N")
