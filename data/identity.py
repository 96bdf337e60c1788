"""Who is who: what several sources say about one person, joined by exact ids only, conflicts reported.

Persons are joined by National Provider Identifier first, then by Medical Education number, then by CRM id.
Nobody is ever joined by name, and never across two different NPIs. Each person gets an opaque id, a keyed
hash, so that a snapshot names nobody; names and outside ids stay in the people store.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from data.findings import Finding
from data.people import Claim, People
from data.stage import stages

if TYPE_CHECKING:
    from data.workspace import Workspace

# The ids that join, the strongest first.
SYSTEMS = ("npi", "me", "crm")
_LETTER = {"hcp": "H", "user": "U"}
_LENGTH = 10
_SHOWN = 5


@dataclass
class Person:
    """One person as the sources together tell it: outside ids, names in the order told, and references to it."""

    kind: str
    ids: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    refs: set[str] = field(default_factory=set)

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


def is_npi(text: str) -> bool:
    """Whether the text is a National Provider Identifier: ten digits, the last a Luhn check over 80840 and the rest.

    Public rule of the US Centers for Medicare & Medicaid Services.
    """
    if len(text) != 10 or not text.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + text)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def merge(claims: Iterable[Claim]) -> tuple[list[Person], tuple[Finding, ...]]:
    """The persons that the claims speak of, and what contradicts itself. The order of claims joins nobody differently."""
    groups = _Groups()
    conflicts: dict[str, list[str]] = defaultdict(list)
    claims = [_Claimed.of(claim) for claim in claims]
    for system in ("ref", *SYSTEMS):
        holders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, claim in enumerate(claims):
            held = claim.refs if system == "ref" else [f"{system}:{claim.ids[system]}"] if system in claim.ids else []
            for text in held:
                holders[claim.kind, text].append(place)
        for (_, text), places in sorted(holders.items()):
            _join(groups, claims, places, text, conflicts)
    persons = _persons(claims, groups)
    return persons, tuple(_findings(conflicts, claims))


@dataclass(frozen=True)
class _Claimed:
    """One claim with its ids by system; a reference npi:, me: or crm: counts as that id too."""

    kind: str
    ids: dict[str, str]
    refs: list[str]
    name: str | None

    @classmethod
    def of(cls, claim: Claim) -> _Claimed:
        ref, kind, npi, me, crm, name = claim
        ids = {system: text for system, text in zip(SYSTEMS, (npi, me, crm), strict=True) if text}
        prefix, _, rest = ref.partition(":")
        if prefix in SYSTEMS and rest:
            ids.setdefault(prefix, rest)
        return cls(kind=kind, ids=ids, refs=[ref], name=name)


class _Groups:
    """Claims that speak of one person, joined step by step (a disjoint-set forest), with the NPIs each holds."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}
        self.npis: dict[int, set[str]] = {}

    def top(self, place: int) -> int:
        while (above := self._above.get(place, place)) != place:
            self._above[place] = self._above.get(above, above)
            place = above
        return place

    def held(self, place: int, claim: _Claimed) -> set[str]:
        return self.npis.setdefault(self.top(place), {claim.ids["npi"]} if "npi" in claim.ids else set())

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.top(one), self.top(other)))
        if one != other:
            self._above[other] = one
            self.npis[one] = self.npis.get(one, set()) | self.npis.pop(other, set())


def _join(
    groups: _Groups, claims: Sequence[_Claimed], places: list[int], text: str, conflicts: dict[str, list[str]]
) -> None:
    """Join the claims that share one id, unless they hold different NPIs: then nobody is joined by it."""
    npis: set[str] = set()
    for place in places:
        npis |= groups.held(place, claims[place])
    if len(npis) > 1:
        conflicts[text.partition(":")[0]].append(text)
        return
    for place in places[1:]:
        groups.join(places[0], place)


def _persons(claims: Sequence[_Claimed], groups: _Groups) -> list[Person]:
    found: dict[int, Person] = {}
    for place, claim in enumerate(claims):
        person = found.setdefault(groups.top(place), Person(kind=claim.kind))
        for system, text in claim.ids.items():
            person.ids[system] = min(person.ids.get(system, text), text)
            person.refs.add(f"{system}:{text}")
        person.refs.update(claim.refs)
        if claim.name:
            person.names.append(claim.name)
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


def resolve(workspace: Workspace, con: duckdb.DuckDBPyConnection) -> tuple[Finding, ...]:
    """Settle who is who over all imports: fills the people store, and `identity_ref(ref, party)` in `con`.

    A reference that belongs to two persons (one CRM id, two NPIs) has no row: it is nobody known.
    """
    people = People(workspace.people_path)
    claims = people.claims(path.name for path in stages(workspace))
    persons, findings = merge(claims)
    owners: dict[str, set[str]] = defaultdict(set)
    rows = {}
    for person in persons:
        party = opaque(person, workspace.secret)
        name = person.names[-1] if person.names else None
        rows[party] = (party, person.kind, name, *(person.ids.get(system) for system in SYSTEMS))
        for ref in person.refs:
            owners[ref].add(party)
    identities = sorted((ref, next(iter(parties))) for ref, parties in owners.items() if len(parties) == 1)
    people.settle(rows.values(), identities)
    con.execute("CREATE OR REPLACE TEMP TABLE identity_ref (ref VARCHAR, party VARCHAR)")
    if identities:
        refs, parties = zip(*identities, strict=True)
        con.execute("INSERT INTO identity_ref SELECT unnest(?), unnest(?)", [list(refs), list(parties)])
    return findings
