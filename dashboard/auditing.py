"""What the command line does with the audit: writes what an operator did, anchors, checks and exports it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import openpyxl

from dashboard.printout import Form, Printout, formula_safe, plain
from dashboard.progress import say, short
from data.audit import anchors, search, verify
from data.audit.chain import BEFORE
from data.audit.line import AuditLine
from data.audit.search import Sought
from data.errors import BadInput, ChainBroken, NoSnapshot, WrongQuestion, guess_or_list
from data.ledger import Ledger
from data.people import People
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics.policy_force import policy_version

OPERATOR = "operator"
BROKEN = ("where", "what", "todo")
EXPORT = (
    "line", "at_utc", "who", "role", "acting_as", "acting_role", "did", "object", "scope", "hierarchy", "place", "path",
    "product", "rows", "filters", "filters_hash", "policy", "snapshot", "reason", "chain", "number", "before_chains",
    "hash",
)  # fmt: skip
REFS = ("npi", "me", "crm", "user")
MOST_OF_A_SHEET = 1_000_000


class Exported(StrEnum):
    """How the export is written: for a spreadsheet, for a program, as an Excel file."""

    csv = "csv"
    json = "json"
    xlsx = "xlsx"


def by_operator(workspace: Workspace, did: str, object: str, **told: Any) -> None:
    """One line of the audit about what whoever runs the commands of a workspace did."""
    line = {"policy": policy_version(workspace), **told}
    Ledger(workspace).write_audit(who=OPERATOR, role=OPERATOR, did=did, object=object, **line)


def anchored(home: Path, to: Path) -> None:
    """Write the heads of every chain to a file of anchors. Raises ChainBroken where lines are gone."""
    workspace = Workspace.open(home)
    ledger = Ledger(workspace)
    made = anchors.anchor(ledger.store, to)
    ledger.write_audit(
        who=OPERATOR, role=OPERATOR, did="anchor", object=made.book, rows=len(made.heads),
        filters={"anchor": made.number, "hash": made.hash},
    )  # fmt: skip
    say(f"Anchor {made.number} of {made.at} UTC: {len(made.heads):,} heads that moved, of {made.writers:,} chains.")
    if to.is_relative_to(workspace.home):
        say("It lies inside the workspace: whoever can rewrite the ledger can rewrite it too. Keep it elsewhere.")


def verified(home: Path, known: Path | None, form: Form) -> tuple[str, ChainBroken | None]:
    """Every chain checked from its first line, and against the anchors: what is broken, and the error to end with."""
    ledger = Ledger(Workspace.open(home))
    remembered = anchors.read(known) if known else ()
    if known and not remembered:
        raise BadInput("there is no anchor", where=short(known), todo="Name the file that `audit anchor --to` writes.")
    found = verify.check(ledger.store, remembered)
    ledger.write_audit(
        who=OPERATOR, role=OPERATOR, did="verify", object="whole" if found.whole else "broken", rows=found.lines,
        filters={"lines": found.lines, "chains": found.chains, "broken": len(found.broken), "through": found.through,
                 "anchor": remembered[-1].number if remembered else 0},
    )  # fmt: skip
    against = f" and against {len(remembered):,} anchors" if remembered else ""
    note = f"{found.lines:,} lines in {found.chains:,} chains checked from the first line{against}."
    if not remembered:
        note += " Without anchors a tail that was cut off the last chain cannot be seen."
    rows = [(each.where, each.what, each.todo) for each in found.broken]
    printout = Printout(columns=BROKEN, rows=rows, notes=(note, *(("Every link holds.",) if found.whole else ())))
    document = {"whole": found.whole, "lines": found.lines, "chains": found.chains, "through": found.through,
                "anchors": len(remembered), "broken": printout.records()}  # fmt: skip
    error = None
    if not found.whole:
        todo = "Keep the ledger and the anchors as they are, and compare them with a copy."
        error = ChainBroken(f"{len(rows)} places do not say what was written", where="the audit", todo=todo)
    if found.whole and form is Form.table:
        return "\n".join(printout.notes) + "\n", None
    return printout.written(form, document), error


def exported(
    home: Path, *, person: str | None, product: str | None, region: str | None, first: date | None, last: date | None,
    form: Exported, out: Path | None,
) -> str:  # fmt: skip
    """The lines of the audit by person, product, region and time; itself a line of the audit, written first.

    Gives the text for standard output; nothing where it went into the file named.
    """
    if form is Exported.xlsx and out is None:
        raise WrongQuestion(
            "an Excel file goes into a file", where="audit export", todo="Name one with --out FILE.xlsx."
        )
    workspace = Workspace.open(home)
    ledger = Ledger(workspace)
    sought = _sought(workspace, person, product, region, first, last)
    lines = list(search.stream(ledger.store, sought))
    found = sought if lines else replace(sought, persons=())  # a word that leads nowhere may be somebody's name
    ledger.write_audit(
        who=OPERATOR, role=OPERATOR, did="export", object="audit", rows=len(lines), hierarchy=sought.hierarchy,
        place=(sought.place,) if sought.place else (), product=sought.product if lines else "",
        filters={"person": list(found.persons), "first": first, "last": last, "format": form.value},
    )  # fmt: skip
    before = {number for number, (program, _) in search.writers(ledger.store).items() if program == BEFORE}
    printout = Printout(columns=EXPORT, rows=[_row(line, before) for line in lines])
    if out is None:
        return printout.written(Form(form.value))
    written = _sheet(printout) if form is Exported.xlsx else printout.written(Form(form.value)).encode()
    _put(out, written)
    say(f"{len(lines):,} lines written to {short(out)}.")
    return ""


def _row(line: AuditLine, before: Iterable[int]) -> tuple[object, ...]:
    place = line.place[-1] if line.place else ""
    return (
        line.id, line.at.isoformat(timespec="microseconds"), line.who, line.role, line.acting_as, line.acting_role,
        line.did, line.object, line.scope, line.hierarchy, place, "/".join(line.place), line.product, line.rows,
        dict(line.filters), line.filters_hash, line.policy, line.snapshot, line.reason, line.writer, line.seq,
        "yes" if line.writer in before else "", line.hash,
    )  # fmt: skip


def _sought(
    workspace: Workspace, person: str | None, product: str | None, region: str | None, first: date | None,
    last: date | None,
) -> Sought:  # fmt: skip
    """What is asked for in the ids of the lines. Outside ids become opaque ones, names of places and products ids."""
    if first and last and last < first:
        raise WrongQuestion("--to lies before --from", where="audit export", todo="Turn them round.")
    hierarchy, place = _place(workspace, region) if region else ("", "")
    return Sought(
        persons=_persons(workspace, person) if person else (), product=_product(workspace, product) if product else "",
        hierarchy=hierarchy, place=place, first=first, last=last,
    )  # fmt: skip


def _persons(workspace: Workspace, person: str) -> tuple[str, ...]:
    parties = People(workspace.people_path).parties([person, *(f"{kind}:{person}" for kind in REFS)])
    return tuple(dict.fromkeys(parties.values())) or (person,)


def _product(workspace: Workspace, named: str) -> str:
    try:
        products = open_snapshot(workspace).products()
    except NoSnapshot:
        return named
    found = [str(each.id) for each in products if named.casefold() in (str(each.id).casefold(), each.name.casefold())]
    return found[0] if found else named


def _place(workspace: Workspace, named: str) -> tuple[str, str]:
    """The hierarchy and id of a node named by its id or its name; an id that is no more is looked for as it is."""
    try:
        snapshot = open_snapshot(workspace)
    except NoSnapshot:
        return "", named
    nodes = [node for each in snapshot.hierarchies() for node in snapshot.nodes(each.id).values()]
    by_id = [node for node in nodes if node.id == named]
    if by_id:
        return (by_id[0].hierarchy if len(by_id) == 1 else ""), named
    found = [node for node in nodes if node.name.casefold() == named.casefold()]
    if len(found) > 1:
        told = ", ".join(f"{node.id} ({node.hierarchy} {node.level})" for node in found[:8])
        raise WrongQuestion(f'"{named}" is the name of several nodes', where="audit export", todo=f"Name one: {told}.")
    if not found and not search.count(Ledger(workspace).store, Sought(place=named)):
        near = guess_or_list(named, [*(node.name for node in nodes), *(node.id for node in nodes)])
        raise WrongQuestion(f'no node "{named}"', where="audit export", todo=near)
    return (found[0].hierarchy, found[0].id) if found else ("", named)


def _sheet(printout: Printout) -> bytes:
    """The lines as an Excel file: every text as text, nothing that computes."""
    if len(printout.rows) > MOST_OF_A_SHEET:
        raise WrongQuestion("these are more lines than a sheet holds", where="audit export", todo="Take --format csv.")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Audit")
    sheet.append(printout.columns)
    for row in printout.rows:
        sheet.append([value if isinstance(value := plain(each), int) else formula_safe(each) for each in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _put(out: Path, written: bytes) -> None:
    """Write the file whole, readable by its owner only."""
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(written)
    except OSError as problem:
        todo = "Name a file that you may write."
        raise BadInput(f"it cannot be written: {problem.strerror}", where=short(out), todo=todo) from problem
