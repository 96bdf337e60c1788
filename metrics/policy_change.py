"""Applying a policy: checked, written into the ledger with who and why, and only then laid into the workspace."""

from __future__ import annotations

import os
from pathlib import Path

from data import policies
from data.errors import BadInput
from data.policies import Applied, applied
from data.workspace import Workspace
from metrics import policy_file
from metrics.policy import DECLARED, Cell, Policy, opened
from metrics.policy_force import good_of, named


def candidate(workspace: Workspace, text: str, where: str) -> Policy:
    """The policy that a text would make here, with the number it would get. Raises BadInput where it is refused."""
    return policy_file.read(text, where, number=len(applied(workspace)) + 1)


def in_the_ledger(workspace: Workspace) -> Policy:
    """What was applied last; what is declared where nothing was."""
    last = next(reversed(applied(workspace)), None)
    return good_of(last) if last else DECLARED


def unexplained(before: Policy, after: Policy) -> tuple[Cell, ...]:
    """The cells by which the change opens something that the file gives no reason for.

    A change that is taken back opens, or closes, what it had closed or opened; the file no longer speaks of it.
    """
    explained = {change.cell for change in after.changes if change.reason}
    return tuple(cell for cell in opened(before, after) if cell not in explained)


def apply(workspace: Workspace, text: str, *, who: str, reason: str = "", where: str = policy_file.NAME) -> Applied:
    """Make a text the policy of the workspace, by whom and why. Raises BadInput where it is refused.

    The ledger has it first: a file laid down without its line would be held back as an edit by hand.
    """
    after, before = candidate(workspace, text, where), in_the_ledger(workspace)
    if not who.strip():
        raise BadInput("nobody is named who applies it", where=where, todo="Name yourself: --who NAME.")
    silent = unexplained(before, after)
    if silent and not reason.strip():
        cells = ", ".join(" ".join(cell) for cell in silent)
        raise BadInput(
            f"it opens {cells} again, which was closed, and gives no reason",
            where=where,
            todo="Say why: --reason TEXT.",
        )
    reasons = [reason.strip(), *(f"{' '.join(each.cell)}: {each.reason}" for each in after.changes if each.reason)]
    line = policies.apply(
        workspace,
        number=after.number,
        who=" ".join(who.split()),
        reason="; ".join(filter(None, reasons)) or "It opens nothing.",
        before=before.version,
        after=after.version,
        text=text,
        cells=named(after),
    )
    _lay(workspace.home / policy_file.NAME, text)
    return line


def _lay(path: Path, text: str) -> None:
    """Write the file whole, or not at all, for its owner only."""
    rough = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(rough, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    os.replace(rough, path)
