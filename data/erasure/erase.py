"""Erase a person, in an order that may be cut anywhere: what is remembered of them goes last.

First the marks are written, so that no import can bring the person back while the work goes on. Then every
file is rewritten, each put in place whole. Only then does the people store forget, because until then it is
what tells which files are still to do. A run that was killed is run again and ends whole.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from data import shelf
from data.erasure import exported_files, proof, staged_rows
from data.erasure.names_elsewhere import rewrite_names
from data.erasure.person import Person, check_reason, known_person
from data.erasure.proof import Proof
from data.erasure.register import Register, only_change
from data.people import People
from data.stage import ACCOUNT, stages
from data.tables import literal

if TYPE_CHECKING:
    from data.workspace import Workspace

_DAMAGED = (OSError, EOFError, duckdb.Error, zipfile.BadZipFile, zlib.error, ValueError)


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What an erasure did: rows by what became of them, and the proof that nothing is left.

    `outside` are the files that were imported from elsewhere, relative to the workspace: they are not ours.
    """

    party: str
    anonymous: str
    reason: str
    counts: dict[str, int]
    proof: Proof
    outside: tuple[str, ...] = ()


def erase(workspace: Workspace, word: str, reason: str) -> Erasure:
    """Erase the person that an opaque or outside id names. Raises BadInput for nobody or an unknown reason."""
    reason = check_reason(reason)
    people, register = People(workspace.people_path), Register(workspace)
    with only_change(workspace.home), shelf.only_build(workspace.snapshots):
        _sweep(workspace.home)
        if people.party_of(word) is None and (anonymous := register.found(word)):
            return _finish_again(workspace, people, register, word, anonymous)
        person = known_person(people, word, register)
        register.begin(person.party, person.anonymous, reason, person.identifiers)
        person = person.with_mails(_mails(workspace, person))
        register.begin(person.party, person.anonymous, reason, person.identifiers)
        counts = _rewrite(workspace, person)
        counts["people"] = people.forget(person.party, person.claims)
        found = proof.looked_through(
            workspace.home,
            proof.by_pattern(person.pattern),
            identifiers=len(person.searched),
            shared=len(person.shared),
        )
        if found.nothing:
            register.finish(person.anonymous)
    return Erasure(
        party=person.party,
        anonymous=person.anonymous,
        reason=reason,
        counts={name: number for name, number in sorted(counts.items()) if number},
        proof=found,
        outside=_outside(workspace),
    )


def prove(workspace: Workspace, word: str) -> Proof:
    """Search every file for a person who was erased, by the keyed hashes; or for one who was not, by what is known."""
    people, register = People(workspace.people_path), Register(workspace)
    anonymous = register.found(word)
    if anonymous is None:
        person = known_person(people, word)
        search, number = proof.by_pattern(person.pattern), len(person.searched)
        return proof.looked_through(workspace.home, search, identifiers=number, shared=len(person.shared))
    return _by_marks(workspace, register, anonymous)


def _by_marks(workspace: Workspace, register: Register, anonymous: str) -> Proof:
    marks = frozenset(mark for mark, of in register.known().items() if of == anonymous)
    search = proof.by_marks(register, marks)
    return proof.looked_through(workspace.home, search, identifiers=len(marks))


def _finish_again(workspace: Workspace, people: People, register: Register, word: str, anonymous: str) -> Erasure:
    """The store has forgotten already: a run cut after that has every file rewritten, and needs its last steps."""
    people.tidy()
    found = _by_marks(workspace, register, anonymous)
    if found.nothing:
        register.finish(anonymous)
    reason = register.reason(anonymous) or ""
    return Erasure(
        party=word if word.startswith(("H", "U")) and len(word) == 11 else "",
        anonymous=anonymous,
        reason=reason,
        counts={},
        proof=found,
        outside=_outside(workspace),
    )


def _sweep(home: Path) -> None:
    """What a killed erasure or import left half written is in nobody's use."""
    for left in home.rglob(".erasing-*"):
        left.unlink(missing_ok=True)


def _mails(workspace: Workspace, person: Person) -> Iterable[str]:
    theirs = proof.by_pattern(person.pattern)
    named = proof.by_pattern(replace(person, refs=frozenset(), mails=frozenset()).pattern)
    found: set[str] = set()
    for path in _exported(workspace) if person.names else ():
        try:
            found |= exported_files.mails_beside(path, lambda text: theirs([text]) > 0, lambda text: named([text]) > 0)
        except _DAMAGED:
            continue  # told by the proof
    return found


def _exported(workspace: Workspace) -> list[Path]:
    return sorted(path for path in workspace.exports.rglob("*") if path.is_file() and not path.is_symlink())


def _rewrite(workspace: Workspace, person: Person) -> Counter[str]:
    """Every file that the workspace keeps, one after the other; what cannot be read is left to the proof to say."""
    search = proof.by_pattern(person.pattern)
    counts: Counter[str] = Counter()

    def _theirs(text: object) -> bool:
        return search([str(text)]) > 0

    for directory in stages(workspace):
        counts += rewrite_import(directory, workspace.quarantine / directory.name, person, _theirs)
    for path in _exported(workspace):
        try:
            counts["exported"] += exported_files.rewrite_exported(path, _theirs)
        except _DAMAGED:
            continue
    counts["names"] += rewrite_names(workspace, _theirs)
    return counts


def rewrite_import(staged: Path, set_aside: Path, person: Person, theirs: exported_files.Theirs) -> Counter[str]:
    """One import's staged tables, account and quarantine."""
    counts: Counter[str] = Counter()
    anonymous = dict.fromkeys(person.refs | {person.party}, person.anonymous)
    for path in sorted(staged.glob("*.parquet")):
        counts += staged_rows.rewrite_staged(path, anonymous, person.pattern)
    if _holds(staged, person.anonymous):
        staged_rows.describe(staged, person.anonymous)
    if (staged / ACCOUNT).is_file():
        counts["sentences"] += staged_rows.rewrite_account(staged / ACCOUNT, theirs)
    for path in sorted(set_aside.glob("*.parquet")) if set_aside.is_dir() else ():
        counts["quarantined"] += staged_rows.rewrite_quarantined(path, theirs)
    return counts


def _holds(staged: Path, anonymous: str) -> bool:
    """Whether an import has rows of an anonymous party."""
    with duckdb.connect(config={"threads": 1}) as con:
        for path in sorted(staged.glob("*.parquet")):
            source = f"read_parquet({literal(str(path))})"
            names = {name for name, *_ in con.execute(f"SELECT * FROM {source} LIMIT 0").description or []}
            for name in sorted(names & {"party", "subject"}):
                if con.execute(f"SELECT 1 FROM {source} WHERE {name} = ? LIMIT 1", [anonymous]).fetchone():
                    return True
    return False


def _outside(workspace: Workspace) -> tuple[str, ...]:
    """Where the imported files lie, as far as they lie elsewhere."""
    found: set[str] = set()
    for directory in stages(workspace):
        account = directory / ACCOUNT
        told = json.loads(account.read_text("utf-8")) if account.is_file() else {}
        found |= {str(source) for source in told.get("sources", ()) if str(source).startswith("..")}
    return tuple(sorted(found))
