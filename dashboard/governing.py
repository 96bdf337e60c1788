"""What the command line does with the policy: show it, say what a change would open, apply it."""

from __future__ import annotations

from pathlib import Path

from dashboard import policy_sentences as say
from dashboard.offered import pages_between
from dashboard.printout import Form, Printout
from data.errors import BadInput, guess_or_list
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics import visitors
from metrics.catalog.roles import ROLES
from metrics.policy import EVERYBODY, GUARDED, SETTINGS, Cell, Policy
from metrics.policy_change import apply, candidate, in_the_ledger
from metrics.policy_force import in_force
from metrics.policy_simulation import Simulation, simulate

GRID = ("sensitivity", *ROLES)
ONE = ("sensitivity", "grant", "words", "declared", "changed", "reason", "who", "day", "limit")
EFFECT = ("visitor", "role", "what")
_LARGEST = 1 << 20


def shown(home: Path, role: str | None, form: Form) -> str:
    """The policy in force: the whole grid, or one role's cells with their changes and limits."""
    found = in_force(Workspace.open(home))
    notes = [f"Policy {found.policy.version}, {found.state}."]
    notes += [f"{found.said} {found.todo}".strip()] if found.said else []
    if role is None:
        for cell in ((EVERYBODY, name) for name in SETTINGS):
            notes.append(f"{say.about(cell)}: {say.told(cell, found.policy.told(cell))}.")
        notes += [say.change(each) for each in found.policy.changes]
        rows = [(name, *(found.policy.told((each, name)) for each in ROLES)) for name in (*GUARDED, "pdrp")]
        return Printout(columns=GRID, rows=rows, notes=tuple(notes)).written(form)
    if role not in ROLES:
        raise BadInput(f'no role "{role}"', where="onepicture policy show", todo=guess_or_list(role, ROLES))
    cells = [_line((role, name), found.policy) for name in (*GUARDED, "pdrp")]
    return Printout(columns=ONE, rows=cells, notes=tuple(notes)).written(form)


def _line(cell: Cell, policy: Policy) -> tuple[object, ...]:
    """One cell of a role: what it says, what was changed and why, and what no deployment may change."""
    now = policy.told(cell)
    made = next((each for each in policy.changes if each.cell == cell), None)
    declared = made.was if made else now
    why = (made.reason, made.who, made.day) if made else (None, None, None)
    return (cell[1], now, say.told(cell, now), declared, say.mark(cell, policy) or None, *why, say.limit(cell) or None)


def simulated(home: Path, file: Path, form: Form) -> str:
    """What the policy in a file would open and close, for whom; nothing is changed."""
    workspace = Workspace.open(home)
    after = candidate(workspace, text_of(file), file.name)
    found = simulate(in_force(workspace).policy, after, open_snapshot(workspace), visitors.visitors(workspace))
    rows = [
        (each.visitor.id, each.visitor.role, sentence)
        for each in found.touched
        for sentence in say.effect(each, pages_between(each.before.role, each.after.role))
    ]
    return Printout(columns=EFFECT, rows=rows, notes=_beside(found)).written(form)


def _beside(found: Simulation) -> tuple[str, ...]:
    moved = [f"Opened. {each}" for each in say.cells(found.opened, found.before, found.after)]
    moved += [f"Narrowed. {each}" for each in say.cells(found.narrowed, found.before, found.after)]
    return (say.headline(found), *moved, *say.everybody(found), "Nothing was changed.")


def applied(home: Path, file: Path, who: str, reason: str) -> str:
    """Make the policy in a file the one in force; it is written into the ledger and its audit first."""
    workspace = Workspace.open(home)
    before = in_the_ledger(workspace)
    line = apply(workspace, text_of(file), who=who, reason=reason, where=file.name)
    after = in_force(workspace).policy
    found = simulate(before, after, None, ())
    said = [f"Policy {line.before} → {line.after}, applied by {line.who}."]
    said += [f"Opened. {each}" for each in say.cells(found.opened, before, after)]
    said += [f"Narrowed. {each}" for each in say.cells(found.narrowed, before, after)]
    return "\n".join(said) + "\n"


def text_of(file: Path) -> str:
    """The text of a policy file. Raises BadInput for one that cannot be read."""
    try:
        if file.stat().st_size > _LARGEST:
            raise BadInput("it is too large for a policy", where=file.name, todo="Keep one block a change.")
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        told = problem.strerror if isinstance(problem, OSError) else "it is no UTF-8 text"
        raise BadInput(f"it cannot be read: {told}", where=file.name, todo="Name a policy file.") from problem
