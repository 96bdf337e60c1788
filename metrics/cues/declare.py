"""What a cue is: a signal with evidence, and a lever that its reader controls. Self-checking at import."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.errors import BadDeclaration, did_you_mean
from metrics.catalog.roles import ROLES

ABOUT = ("person", "site", "node", "study", "campaign", "data")


# Levers that write to a person: only where consent holds for the channel and product on the day it is due.
_WRITES = {"send an approved e-mail": "email"}
_MAIL = re.compile(r"\be-?mail|\bwrite to\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Lever:
    """Who can do something about it, with which of that role's own levers, and the button's words."""

    role: str
    lever: str
    action: str

    def __post_init__(self) -> None:
        where = f"cue lever {self.action!r}"
        if self.role not in ROLES:
            raise BadDeclaration(f'role "{self.role}" is unknown', where=where, todo=did_you_mean(self.role, ROLES))
        known = ROLES[self.role].levers
        if self.lever not in known:
            raise BadDeclaration(
                f'"{self.lever}" is not a lever of the {self.role} role',
                where=where,
                todo=did_you_mean(self.lever, known) or f"It has: {', '.join(known)}.",
            )
        if self.channel is None and _MAIL.search(self.action):
            raise BadDeclaration(
                "its words offer an e-mail and its lever sends none",
                where=where,
                todo='Use the lever "send an approved e-mail", which asks for consent.',
            )

    @property
    def channel(self) -> str | None:
        """The channel through which it writes to a person, who must have consented; None where it writes nothing."""
        return _WRITES.get(self.lever)


@dataclass(frozen=True, kw_only=True)
class Cue:
    """One kind of cue: what it says, on what evidence, to whom, and how it is weighed.

    `rule` and `evidence` are sentences. `about` says what it points at. `due` is in working days
    after the day of the data. `unit` is what it is worth in; `points` makes one such unit
    comparable with others' when cues are ranked, and `control` is how much of it its reader's
    lever can move (0 to 1): judgements, declared here and nowhere else.
    """

    name: str
    title: str
    rule: str
    evidence: str
    about: str
    levers: tuple[Lever, ...]
    due: int
    unit: str
    points: float
    control: float

    def __post_init__(self) -> None:
        where = f"cue {self.name}"
        if self.about not in ABOUT:
            raise BadDeclaration(f'"{self.about}" is unknown', where=where, todo=f"Use one of {', '.join(ABOUT)}.")
        if not self.levers:
            raise BadDeclaration("it has no lever", where=where, todo="A cue that its reader cannot act on is no cue.")
        if not 0 < self.control <= 1 or self.points <= 0 or self.due < 0:
            raise BadDeclaration("control, points or due is out of range", where=where, todo="See the Cue docstring.")

    @property
    def role(self) -> str:
        """The first role it goes to."""
        return self.levers[0].role

    @property
    def lever(self) -> str:
        """The lever of that role."""
        return self.levers[0].lever

    def lever_of(self, role: str) -> Lever:
        """The lever of a role. Raises BadDeclaration for a role that the cue does not go to."""
        for lever in self.levers:
            if lever.role == role:
                return lever
        raise BadDeclaration(f"it has no lever for the {role} role", where=f"cue {self.name}")
