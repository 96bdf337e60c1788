"""From likely pairs to who is joined, who waits for a data steward, and who never is.

A pair is joined without asking only where it is very likely, nothing known speaks against it, and no third person
fits as well. What a steward decided stands above all of it, but for one rule: two NPIs, or two Medical Education
numbers, are two persons, whatever anybody says.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.linkage.model import Scored
from data.linkage.record import Record

JOIN = 0.99
JOINED, ACCEPTED, REVIEW, REFUSED, APART = "joined", "accepted", "review", "refused", "apart"
TOGETHER = frozenset({JOINED, ACCEPTED})


@dataclass(frozen=True, kw_only=True)
class Link:
    """Two persons who may be one. `one` is the less known; `fate` is what became of it, `because` why, in words."""

    one: str
    other: str
    probability: float
    fate: str
    because: str

    @property
    def id(self) -> str:
        """What a steward calls it by."""
        return pair_id(self.one, self.other)


def pair_id(one: str, other: str) -> str:
    """The id of a pair of opaque ids, whichever comes first."""
    return "L-" + hashlib.sha256("|".join(sorted((one, other))).encode()).hexdigest()[:8]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Every pair with its fate, and for each record that was joined the one that it is joined to."""

    links: tuple[Link, ...]
    belongs: Mapping[str, str]


def judged(records: Sequence[Record], pairs: Sequence[Scored], decided: Mapping[str, str]) -> Verdict:
    """What becomes of each pair, the likeliest first. `decided` has a steward's word by the pair's id.

    The order of records and pairs changes nothing.
    """
    known = {record.key: record for record in records}
    likely: dict[str, dict[str, float]] = defaultdict(dict)
    for pair in pairs:
        likely[pair.one][pair.other] = likely[pair.other][pair.one] = pair.probability
    ordered = sorted(pairs, key=lambda pair: (decided.get(_id(pair)) != ACCEPTED, -pair.probability, _id(pair)))
    joins = _Joins(known, {_id(pair): (pair.one, pair.other) for pair in pairs if decided.get(_id(pair)) == REFUSED})
    links = []
    for pair in ordered:
        fate, why = _fate(pair, known, likely, decided.get(_id(pair)))
        if fate in TOGETHER and not joins.join(pair.one, pair.other):
            fate, why = APART, "they would tie two persons together whose ids differ, or whom a steward told apart"
        one, other = sorted((pair.one, pair.other), key=lambda key: (known[key].fullest, key))
        because = f"{pair.because}; {why}" if why else pair.because
        links.append(Link(one=one, other=other, probability=pair.probability, fate=fate, because=because))
    return Verdict(links=tuple(links), belongs=joins.belongs())


def _id(pair: Scored) -> str:
    return pair_id(pair.one, pair.other)


def _fate(
    pair: Scored, known: Mapping[str, Record], likely: Mapping[str, Mapping[str, float]], decision: str | None
) -> tuple[str, str]:
    """What becomes of a pair on its own, and a reason beyond how it agrees."""
    if _two_ids(known[pair.one], known[pair.other]):
        return APART, "two Medical Education numbers are two persons"
    if decision:
        return decision, "decided by a data steward"
    if pair.probability < JOIN or pair.against:
        return REVIEW, ""
    if _third(pair.one, pair.other, likely) or _third(pair.other, pair.one, likely):
        return REVIEW, "more than one person fits"
    return JOINED, ""


def _two_ids(one: Record, other: Record) -> bool:
    """Whether an exact id says that these are two persons."""
    return any(a and b and a != b for a, b in ((one.npi, other.npi), (one.me, other.me)))


def _third(one: str, other: str, likely: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether somebody fits `one` who is not surely `other` too."""
    return any(likely[other].get(third, 0) < JOIN for third in likely[one] if third != other)


class _Joins:
    """Records joined step by step; never two NPIs, two ME numbers, or two whom a steward told apart."""

    def __init__(self, known: Mapping[str, Record], refused: Mapping[str, tuple[str, str]]) -> None:
        self._known = known
        self._of: dict[str, frozenset[str]] = {}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for one, other in refused.values():
            self._apart[one].add(other)
            self._apart[other].add(one)

    def join(self, one: str, other: str) -> bool:
        """Join two records and all that is joined to them already; False, and nothing done, where that may not be."""
        mine, theirs = (self._of.get(key, frozenset({key})) for key in (one, other))
        both = mine | theirs
        ids = ({getattr(self._known[key], name) for key in both} - {None} for name in ("npi", "me"))
        if any(len(each) > 1 for each in ids) or any(self._apart[key] & both for key in both):
            return False
        for key in both:
            self._of[key] = both
        return True

    def belongs(self) -> dict[str, str]:
        """For every joined record the best known of its group, itself left out."""
        found = {}
        for key, group in self._of.items():
            head = min(group, key=lambda each: (-self._known[each].fullest, each))
            if head != key:
                found[key] = head
        return found
