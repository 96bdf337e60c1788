"""Keep erased persons out of what is imported later: their rows come in under the anonymous party, without them.

A row that names an erased person by any id they were ever known by keeps its day, product and number, so that
the import adds up; the claim that would bring back the name is dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from data.erasure import exported_files, proof, staged_rows
from data.erasure.person import of_one_person, refs_in
from data.erasure.register import Register
from data.findings import Finding
from data.people import Claim
from data.tables import literal, quoted

if TYPE_CHECKING:
    from data.workspace import Workspace

_PREFIX = re.compile(r"^(npi|me|crm|user):")


def keep_out(
    workspace: Workspace, staged: Path, set_aside: Path, claims: Sequence[Claim]
) -> tuple[list[Claim], list[Finding]]:
    """Rewrite an import that is not in place yet: the claims that may stay, and what to tell of the others."""
    register = Register(workspace)
    if register.empty:
        return list(claims), []
    known = register.known()
    kept, dropped = _claims(register, known, claims)
    counts: Counter[str] = Counter(claims=dropped)
    known = register.known() if dropped else known
    search = proof.by_marks(register, frozenset(known))
    for path in sorted(staged.glob("*.parquet")):
        refs = {ref: known[mark] for ref in _refs(path) if (mark := register.mark(ref)) in known}
        if refs:
            counts += staged_rows.rewrite_staged(path, refs)
            for anonymous in sorted(set(refs.values())):
                staged_rows.describe(staged, anonymous)
    for path in sorted(set_aside.glob("*.parquet")):
        counts["quarantined"] += staged_rows.rewrite_quarantined(path, lambda text: search([str(text)]) > 0)
    return kept, _told(counts)


def keep_out_of_exports(workspace: Workspace) -> int:
    """Take erased persons out of export files that were dropped into the workspace again; how many records."""
    register = Register(workspace)
    known = frozenset(register.known())
    if not known:
        return 0
    search = proof.by_marks(register, known)
    gone = 0
    for path in sorted(path for path in workspace.exports.rglob("*") if path.is_file() and not path.is_symlink()):
        if search(proof.pieces(path)):
            gone += exported_files.rewrite_exported(path, lambda text: search([text]) > 0)
    return gone


def _claims(register: Register, known: dict[bytes, str], claims: Sequence[Claim]) -> tuple[list[Claim], int]:
    """Claims about nobody erased. An id that a claim ties to an erased person's is marked with it."""
    kept: list[Claim] = []
    by_person: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        marked = {known[mark] for ref in refs_in(claim) if (mark := register.mark(ref)) in known}
        if marked:
            by_person.setdefault((min(marked), claim[1]), []).append(claim)
        else:
            kept.append(claim)
    for (anonymous, kind), own in by_person.items():
        seeds = {ref for claim in own for ref in refs_in(claim)}
        also = of_one_person(kept, seeds, next((claim[2] for claim in own if claim[2]), None), kind)
        told = {ref for claim in (*own, *also) for ref in refs_in(claim)}
        register.add(anonymous, told | {_PREFIX.sub("", ref) for ref in told})
        kept = [claim for claim in kept if claim not in also]
    return kept, len(claims) - len(kept)


def _refs(path: Path) -> list[str]:
    """Every distinct text of a staged table that looks like a reference."""
    with duckdb.connect(config={"threads": 1, "python_enable_replacements": False}) as con:
        source = f"read_parquet({literal(str(path))})"
        columns = con.execute(f"SELECT * FROM {source} LIMIT 0").description or []
        asked = " UNION ".join(
            f"SELECT {quoted(name)} AS ref FROM {source} WHERE regexp_matches({quoted(name)}, '^(npi|me|crm|user):')"
            for name, kind, *_ in columns
            if str(kind) in ("VARCHAR", "STRING")
        )
        return [ref for (ref,) in con.execute(asked).fetchall()] if asked else []


def _told(counts: Counter[str]) -> list[Finding]:
    rows = counts["anonymous"] + counts["left_out"] + counts["claims"]
    if not rows and not counts["quarantined"]:
        return []
    what = f"rows speak of persons who were erased: {counts['anonymous']:,} count under an anonymous party"
    what += f", {counts['left_out'] + counts['claims']:,} that only describe the person are left out"
    todo = "Nothing to do here; take the persons out of the source."
    return [Finding(code="erased", severity="note", what=what, where="import", todo=todo, rows=rows)]
