"""Settle who is who over all imports: by exact ids, then by likeness, with a data steward's word above it.

What no NPI ties to anybody is weighed by name, place and specialty: joined where nothing is left to doubt, else
shown to a data steward; never across two different NPIs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb

from data.findings import Finding
from data.identity import SYSTEMS, Person, latest, merge, opaque
from data.linkage import model, verdict
from data.linkage.decisions import in_force
from data.linkage.record import Record
from data.people import Linked, People, Row
from data.stage import stages

if TYPE_CHECKING:
    from data.workspace import Workspace


def resolve(workspace: Workspace, con: duckdb.DuckDBPyConnection) -> tuple[Finding, ...]:
    """Settle who is who over all imports: fills the people store, and `identity_ref(ref, party, linked)` in `con`.

    A reference that belongs to two persons (one CRM id, two NPIs) has no row: it is nobody known.
    """
    people = People(workspace.people_path)
    persons, findings = merge(latest(people.claims(path.name) for path in stages(workspace)))
    persons, links = likened(persons, workspace)
    owners: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, Row] = {}
    linked: set[str] = set()
    for person in persons:
        party = opaque(person, workspace.secret)
        npi, me, crm = (person.ids.get(system) for system in SYSTEMS)
        rows[party] = (party, person.kind, person.name, npi, me, crm)
        linked |= person.linked
        for ref in person.refs | person.linked:
            owners[ref].add(party)
    identities = sorted((ref, min(parties)) for ref, parties in owners.items() if len(parties) == 1)
    people.settle(rows.values(), identities)
    people.keep_links(links)
    con.execute("CREATE OR REPLACE TEMP TABLE identity_ref (ref VARCHAR, party VARCHAR, linked BOOLEAN)")
    if identities:
        refs, parties = zip(*identities, strict=True)
        told = [list(refs), list(parties), [ref in linked for ref in refs]]
        con.execute("INSERT INTO identity_ref SELECT unnest(?), unnest(?), unnest(?)", told)
    return (*findings, *_found(links))


def likened(persons: Sequence[Person], workspace: Workspace) -> tuple[list[Person], list[Linked]]:
    """The persons once more, those joined that are one in all likelihood; and every pair with what became of it."""
    known = {opaque(person, workspace.secret): person for person in persons}
    records = [
        Record(key=key, npi=person.ids.get("npi"), me=person.ids.get("me"), told=frozenset(person.told))
        for key, person in known.items()
        if person.told
    ]
    found = verdict.judged(records, model.scored(records), in_force(workspace))
    links = [
        Linked(each.id, each.one, each.other, each.probability, each.fate, each.because,
               _in_words(known[each.one]), _in_words(known[each.other]))
        for each in found.links
    ]  # fmt: skip
    for key, head in found.belongs.items():
        joined, person = known.pop(key), known[head]
        person.linked |= joined.refs
        for system, text in joined.ids.items():
            person.ids.setdefault(system, text)
    return list(known.values()), links


def _in_words(person: Person) -> str:
    """A person as a data steward recognises it: name, ids, and what sources tell."""
    ids = [f"{system.upper()} {text}" for system, text in person.ids.items()]
    rest = sorted({", ".join(part for part in told[2:] if part) for told in person.told})
    return " · ".join(part for part in (person.name or "", *ids, *rest) if part)


def _found(links: Sequence[Linked]) -> list[Finding]:
    """What is to be told about records that no NPI ties to anybody."""
    joined, waiting = (sum(each.fate in fates for each in links) for fates in (verdict.TOGETHER, (verdict.REVIEW,)))
    found = []
    if joined:
        what = "records without an NPI were joined to a person by name, place and specialty"
        todo = "Nothing to do; `onepicture link list` shows each, `onepicture link refuse` takes one apart."
        found.append(
            Finding(code="identity_linked", severity="note", what=what, where="people", todo=todo, rows=joined)
        )
    if waiting:
        what = "records may be one person, and a person has to say so"
        todo = "See `onepicture link review`, then accept or refuse each; until then they are kept apart."
        found.append(
            Finding(code="identity_doubt", severity="warning", what=what, where="people", todo=todo, rows=waiting)
        )
    return found
