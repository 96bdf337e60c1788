"""Who is who: what several sources say about one person, joined by exact ids first, conflicts reported.

Persons are joined by National Provider Identifier first, then by Medical Education number, then by CRM id. What no
NPI ties to anybody is weighed afterwards (data/resolving.py). Each person gets an opaque id, a keyed hash, so that
a snapshot names nobody; names and outside ids stay in the people store.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from data.findings import Finding
from data.linkage.record import Told, told
from data.outside_ids import is_npi
from data.people import Claim

# The ids that join, the strongest first.
SYSTEMS = ("npi", "me", "crm")
_LETTER = {"hcp": "H", "user": "U"}
_LENGTH = 10


@dataclass
class Person:
    """One person as the sources together tell it: outside ids, names told, and references to it.

    `linked` are the references that no id ties to the person, but name, place and specialty do.
    """

    kind: str
    ids: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    told: set[Told] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)

    @property
    def name(self) -> str | None:
        """The fullest of the names told."""
        return max(self.names, key=lambda name: (len(name), name), default=None)

    @property
    def winning(self) -> str:
        """The outside id that the opaque id is made of: NPI, else ME, else CRM id, else the reference itself."""
        for system in SYSTEMS:
            if system in self.ids:
                return f"{system}:{self.ids[system]}"
        return min(self.refs)


def opaque(person: Person, secret: str) -> str:
    """The person's id in snapshots: H (a clinician) or U (a user) and ten characters of a keyed hash (HMAC-SHA-256)."""
    made = hmac.new(secret.encode(), f"{person.kind}|{person.winning}".encode(), hashlib.sha256).digest()
    return _LETTER[person.kind] + base64.b32encode(made).decode()[:_LENGTH]


def merge(claims: Iterable[Claim]) -> tuple[list[Person], tuple[Finding, ...]]:
    """The persons that the claims speak of, and what contradicts itself; the order of claims changes nothing."""
    groups = _Groups()
    conflicts: dict[str, list[str]] = defaultdict(list)
    claimed = [_Claimed.of(claim) for claim in claims]
    for system in ("ref", *SYSTEMS):
        holders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, claim in enumerate(claimed):
            for text in claim.held(system):
                holders[claim.kind, text].append(place)
        for (_, text), places in sorted(holders.items()):
            if not groups.join_all(places, claimed):
                conflicts[text.partition(":")[0]].append(text)
    return _persons(claimed, groups), tuple(_findings(conflicts, claimed))


@dataclass(frozen=True)
class _Claimed:
    """One claim with its ids by system; a reference npi:, me: or crm: counts as that id too."""

    kind: str
    ids: dict[str, str]
    ref: str
    name: str | None
    told: Told | None

    def held(self, system: str) -> tuple[str, ...]:
        """The reference, or the id of one system, as prefixed text."""
        if system == "ref":
            return (self.ref,)
        return (f"{system}:{self.ids[system]}",) if system in self.ids else ()

    @classmethod
    def of(cls, claim: Claim) -> _Claimed:
        ref, kind, npi, me, crm, name, *more = Claim(*claim)
        ids = {system: text for system, text in zip(SYSTEMS, (npi, me, crm), strict=True) if text}
        prefix, _, rest = ref.partition(":")
        if prefix in SYSTEMS and rest:
            ids.setdefault(prefix, rest)
        return cls(kind=kind, ids=ids, ref=ref, name=name, told=told(name, *more) if kind == "hcp" else None)


class _Groups:
    """Claims that speak of one person, joined step by step (a disjoint-set forest), with the NPIs each holds."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}
        self._npis: dict[int, set[str]] = {}

    def top(self, place: int) -> int:
        """The claim that stands for the person this one speaks of."""
        while (above := self._above.get(place, place)) != place:
            self._above[place] = self._above.get(above, above)
            place = above
        return place

    def join_all(self, places: Sequence[int], claims: Sequence[_Claimed]) -> bool:
        """Join the claims that share one id. If they hold different NPIs nobody is joined, and the answer is False."""
        tops = {self.top(place) for place in places}
        for top in tops:
            self._npis.setdefault(top, set(claims[top].held("npi")))
        npis = set().union(*(self._npis[top] for top in tops))
        if len(npis) > 1:
            return False
        first = min(tops)
        for top in tops:
            self._above[top] = first
        self._npis[first] = npis
        return True


def _persons(claims: Sequence[_Claimed], groups: _Groups) -> list[Person]:
    found: dict[int, Person] = {}
    for place, claim in enumerate(claims):
        person = found.setdefault(groups.top(place), Person(kind=claim.kind))
        for system, text in claim.ids.items():
            person.ids[system] = min(person.ids.get(system, text), text)
            person.refs.add(f"{system}:{text}")
        person.refs.add(claim.ref)
        if claim.name:
            person.names.add(claim.name)
        if claim.told:
            person.told.add(claim.told)
    return list(found.values())


def _findings(conflicts: dict[str, list[str]], claims: Sequence[_Claimed]) -> list[Finding]:
    found = []
    for system, texts in sorted(conflicts.items()):
        found.append(
            Finding(
                code="identity_conflict",
                severity="warning",
                what=f"one {system.upper()} belongs to two different NPIs; the persons are kept apart",
                where="people",
                todo="See in the sources whose it is; what names only this id counts as nobody known.",
                rows=len(texts),
            )
        )
    odd = len({claim.ids["npi"] for claim in claims if "npi" in claim.ids and not is_npi(claim.ids["npi"])})
    if odd:
        found.append(
            Finding(
                code="npi_check",
                severity="warning",
                what="NPIs fail their own check digit",
                where="people",
                todo="Correct them in the source; until then they join only what repeats them letter by letter.",
                rows=odd,
            )
        )
    return found


def latest(by_stage: Iterable[Iterable[Claim]]) -> list[Claim]:
    """What is said last about each reference: a later import corrects an earlier one, its blanks nothing."""
    said: dict[str, list[Claim]] = {}
    for stage in by_stage:
        here: dict[str, list[Claim]] = defaultdict(list)
        for claim in stage:
            here[claim[0]].append(claim)
        for ref, claims in here.items():
            before = said.get(ref, [])
            if len(claims) == 1 and len(before) == 1:
                claims = [tuple(new or old for new, old in zip(claims[0], before[0], strict=True))]  # type: ignore[list-item]
            said[ref] = claims
    return [claim for ref in sorted(said) for claim in said[ref]]
