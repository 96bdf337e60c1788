"""Names that a workspace holds beside imports: of visitors in visitors.toml, and in the list of who may look.

A colleague who is erased has one there as well, and may sign in under one: such an account is ended and goes on under
its opaque id. What was looked at stays: those lines hold ids.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from data.entitlements import Entitlements
from data.erasure.staged_rows import replace_file, rough_name
from data.ledger import Ledger
from data.store import URL_VARIABLE

if TYPE_CHECKING:
    from data.workspace import Workspace

_NAMED = re.compile(r"^\s*name\s*=")


def rewrite_names(workspace: Workspace, theirs: Any) -> int:
    """Take a person's name off the visitors and out of the list of who may look; how many lines."""
    return _visitors(workspace, theirs) + _accounts(workspace, theirs)


def _visitors(workspace: Workspace, theirs: Any) -> int:
    path = workspace.visitors_path
    if not path.is_file():
        return 0
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not (_NAMED.match(line) and theirs(line))]
    if len(kept) < len(lines):
        rough = rough_name(path)
        rough.write_text("".join(kept), "utf-8")
        replace_file(path, rough)
    return len(lines) - len(kept)


def _accounts(workspace: Workspace, theirs: Any) -> int:
    if not (workspace.ledger_path.is_file() or os.environ.get(URL_VARIABLE)):
        return 0
    ledger = Ledger(workspace)
    changed = Entitlements(ledger).forget(theirs, "operator")
    if changed:
        ledger.store.tidy()
    return changed
