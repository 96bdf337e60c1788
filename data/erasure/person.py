"""A person to be erased: every identifier that the workspace knows of them, and which words are theirs alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from data.erasure.register import Register, folded
from data.errors import BadInput, did_you_mean
from data.people import Claim, People

REASONS = {
    "erasure_request": "the person asked to be erased",
    "objection": "the person objected to being profiled",
    "consent_withdrawn": "the consent that it rested on was withdrawn",
    "no_purpose": "there is no purpose left to keep it for",
    "unlawful": "it should not have been kept",
}
CRM_SHORT, CRM_LONG = 15, 18  # a Salesforce id in its two lengths; the shorter is the longer's beginning
_LEAST = 4  # letters and digits: a shorter word is in every file and nobody's


@dataclass(frozen=True)
class Person:
    """Who is erased: the opaque id, the references and bare ids that rows carry, names, and e-mail addresses found.

    `claims` are what imports said of them. `shared` are names that others bear too: a file that holds one names
    somebody else as well, so they are no proof of anything. `anonymous` is the party that keeps the quantities.
    """

    party: str
    anonymous: str
    refs: frozenset[str]
    names: frozenset[str]
    claims: tuple[Claim, ...] = ()
    shared: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()

    @cached_property
    def ids(self) -> frozenset[str]:
        """NPI, ME, CRM and staff ids without their prefix, a CRM id in both its lengths."""
        bare = {ref.partition(":")[2] for ref in self.refs}
        return frozenset(bare | {each[:CRM_SHORT] for each in bare if len(each) == CRM_LONG})

    @property
    def identifiers(self) -> frozenset[str]:
        """All of it: what marks are made of."""
        return self.ids | self.refs | self.names | self.mails

    @property
    def searched(self) -> tuple[str, ...]:
        """What no file may hold afterwards; the opaque id stays, in older snapshots."""
        own = self.ids | self.names | self.mails
        return tuple(sorted(each for each in own if len(re.sub(r"\W", "", each)) >= _LEAST))

    @cached_property
    def pattern(self) -> str:
        """A regular expression that finds any of them as a word of its own, for the engine and for Python alike."""
        spoken = self.names | self.mails
        words = [r"\s+".join(re.escape(part) for part in each.split()) for each in self.searched if each in spoken]
        exact = [re.escape(each) for each in self.searched if each not in spoken]
        either = "|".join([*exact, *([f"(?i:{'|'.join(words)})"] if words else [])])
        return rf"(^|[^0-9A-Za-z])({either})($|[^0-9A-Za-z])"

    def with_mails(self, mails: Iterable[str]) -> Person:
        """The same person, with e-mail addresses that stood beside the name."""
        return replace(self, mails=self.mails | frozenset(mails))


def known_person(people: People, word: str, register: Register | None = None) -> Person:
    """The person that an opaque or outside id names. Raises BadInput where nobody is known by it."""
    party = people.party_of(word)
    settled = people.person(party) if party else None
    if party is None or settled is None:
        raise BadInput(
            "nobody is known by that id",
            where="erase",
            todo="Give the opaque id that a page shows, or an NPI, ME, CRM or staff id, after a build.",
        )
    claims = people.every_claim()
    mine = of_one_person(claims, people.refs_of(party), settled[3], settled[1])
    told = {ref for claim in mine for ref in refs_in(claim)}
    rest = [claim for claim in claims if told & refs_in(claim) and claim not in mine]
    disputed = {ref for claim in rest for ref in refs_in(claim)}  # an id that two persons claim is nobody's
    names = {name for claim in mine for name in _names(claim)} | ({settled[2]} if settled[2] else set())
    own = set(mine)
    others = {folded(name) for claim in claims if claim not in own for name in _names(claim)}
    return Person(
        party=party,
        anonymous=register.anonymous_of(party) if register else "",
        refs=(people.refs_of(party) | told) - disputed,
        names=frozenset(name for name in names if folded(name) not in others),
        claims=tuple(mine),
        shared=frozenset(name for name in names if folded(name) in others),
    )


def _names(claim: Claim) -> set[str]:
    """The names that a claim gives: the one to show, and first and last name either way round."""
    first, last = (claim[6], claim[7]) if len(claim) > 7 else (None, None)
    both = {f"{first} {last}", f"{last}, {first}"} if first and last else set()
    return both | ({claim[5]} if claim[5] else set())


def refs_in(claim: Claim) -> frozenset[str]:
    """The references that a claim ties together."""
    ref, _, npi, me, crm = claim[:5]
    held = zip(("npi", "me", "crm"), (npi, me, crm), strict=True)
    return frozenset({ref} | {f"{system}:{text}" for system, text in held if text})


def of_one_person(claims: Sequence[Claim], refs: Iterable[str], npi: str | None, kind: str) -> list[Claim]:
    """The claims of one kind that hang together with these references; never across two different NPIs."""
    mine: list[Claim] = []
    known, waiting = set(refs), True
    while waiting:
        waiting = False
        for claim in claims:
            fits = claim[1] == kind and known & refs_in(claim) and (npi is None or claim[2] in (None, "", npi))
            if fits and claim not in mine:
                mine.append(claim)
                known |= refs_in(claim)
                npi = npi or claim[2]
                waiting = True
    return mine


def check_reason(reason: str) -> str:
    """The reason, a code of the list. Raises BadInput otherwise."""
    if reason not in REASONS:
        listed = "; ".join(f"{code}: {words}" for code, words in REASONS.items())
        todo = f"{did_you_mean(reason, REASONS)} Use one of: {listed}.".strip()
        raise BadInput(f'no reason "{reason}"', where="erase", todo=todo)
    return reason
