"""`onepicture erase`: a person leaves every file of the workspace, and the proof of it is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.options import FormOption, HomeOption, home_of, write
from dashboard.printout import Form, Printout
from data.errors import NoSnapshot, WrongQuestion

PARTY = Annotated[str, typer.Argument(metavar="PARTY", help="The opaque id, or an NPI, ME, CRM or staff id.")]
BECAME = {
    "anonymous": "rows count on under an anonymous party, so that every total stays",
    "left_out": "rows that only described the person are left out",
    "people": "claims about who it is are deleted",
    "quarantined": "quarantined rows are emptied",
    "sentences": "sentences about imports are emptied",
    "names": "names are taken off visitors and out of the list of who may look; accounts under one are ended",
    "exported": "records are taken out of export files that the workspace keeps",
}


def erase(
    context: typer.Context,
    party: PARTY,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="CODE", help="Why: a code; a wrong one lists them all.")
    ] = None,
    prove: Annotated[bool, typer.Option("--prove", help="Erase nothing: search every file for the person.")] = False,
    form: FormOption = Form.table,
    home: HomeOption = None,
) -> None:
    """Erase a person from every file of the workspace, and prove it; totals and older snapshots stay as they are."""
    if prove:
        write(proven(home_of(context, home), party, form))
    elif reason is None:
        raise WrongQuestion("a reason is missing", where="erase", todo="Give --reason CODE, or --prove to search only.")
    else:
        write(erased(home_of(context, home), party, reason, form))


def erased(home: Path, party: str, reason: str, form: Form) -> str:
    """Erase, write the audit line, and say what was done and what was found afterwards."""
    from data import erasure
    from data.ledger import Ledger
    from data.snapshot import open_snapshot
    from data.workspace import Workspace

    workspace = Workspace.open(home)
    done = erasure.erase(workspace, party, reason)
    try:
        serving = open_snapshot(workspace).id
    except NoSnapshot:
        serving = ""
    counts = {**done.counts, "files_searched": done.proof.files, "files_with_a_hit": len(done.proof.found)}
    Ledger(workspace).write_audit(
        who="operator",
        role="operator",
        did="erase",
        object=done.party or done.anonymous,
        scope="workspace",
        reason=done.reason,
        rows=done.counts.get("anonymous", 0),
        filters=counts,
        snapshot=serving,
    )
    notes = [f"{BECAME[name][:1].upper()}{BECAME[name][1:]}: {number:,}." for name, number in done.counts.items()]
    notes.append(
        "Older snapshots are as they were, byte for byte: they hold the opaque id alone, which names nobody now."
    )
    notes.append("The next `onepicture build` counts the person anonymously; until then the pages show an opaque id.")
    notes.append("Backups and copies made before still hold the person: make new ones and destroy those.")
    notes.append(
        "Kept: the audit, and the opaque ids of accounts in the list of who may look, because who looked at what must "
        "stay provable (Regulation (EU) 2016/679, Art. 17(3)(b) and (e)). An account under an id of the provider's own "
        "names nobody here and stays in force: revoke it."
    )
    if done.outside:
        notes.append(f"Not ours, and not touched: {', '.join(done.outside)}. Take the person out there too.")
    return _said(done.proof, notes, form, {"party": done.party, "anonymous": done.anonymous, "counts": done.counts})


def proven(home: Path, party: str, form: Form) -> str:
    """Where was looked for a person, and what was found."""
    from data import erasure
    from data.workspace import Workspace

    return _said(erasure.prove(Workspace.open(home), party), [], form, {})


def _said(proof: object, notes: list[str], form: Form, more: dict[str, object]) -> str:
    from data.erasure import Proof

    assert isinstance(proof, Proof)
    rows = [(folder, files, _hits(proof, folder)) for folder, files in sorted(proof.looked.items())]
    if proof.nothing:
        verdict = f"Searched {proof.files:,} files for {proof.identifiers} identifiers: nothing is left."
    elif proof.found:
        verdict = f"Found in {len(proof.found):,} of {proof.files:,} files: {', '.join(sorted(proof.found))}."
    else:
        verdict = f"Found in none of {proof.files:,} files, but some could not be read."
    said = [*notes, verdict]
    said += [f"Could not be read, so nothing is known of it: {name}." for name in proof.unread]
    if proof.shared:
        said.append("A name that other persons bear as well was not searched for: it is theirs too.")
    document = {
        **more,
        "looked": proof.looked,
        "found": proof.found,
        "unread": list(proof.unread),
        "identifiers": proof.identifiers,
        "nothing_left": proof.nothing,
    }
    return Printout(columns=("where", "files", "found"), rows=rows, notes=tuple(said)).written(form, document)


def _hits(proof: object, folder: str) -> int:
    found: dict[str, int] = proof.found  # type: ignore[attr-defined]
    return sum(hits for name, hits in found.items() if name == folder or name.startswith(folder))
