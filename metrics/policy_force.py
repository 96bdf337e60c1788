"""The policy in force for a workspace: looked at on every call, read again only when its file has changed.

A file is in force once it was applied through `onepicture policy apply`, which writes it into the ledger. Until
then it narrows and never opens: what was applied last and what the file says are both kept, whichever denies
wins. A file that cannot be read opens nothing either: what is declared and what was applied last are both
kept, so that a narrowing outlives a slip of the pen, and a widening that may have been meant to end does not.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import OnepictureError
from data.findings import Finding
from data.policies import Applied, applied, fingerprint
from data.workspace import Workspace
from metrics import policy_file
from metrics.policy import DECLARED, Cell, Policy, both, narrowed, of_cells, opened, shut
from metrics.policy_limits import broken

STATES = ("declared", "applied", "held", "unreadable")
_QUIET, _TROUBLED = 60.0, 5.0  # seconds after which the ledger is asked again although the file has not changed


@dataclass(frozen=True, kw_only=True)
class InForce:
    """The policy in force, how it came to be, and what there is to say of it.

    `state` is declared (nobody changed anything), applied, held (the file says something else than
    what was applied) or unreadable. `file` is what the file says, where it can be read.
    """

    policy: Policy
    state: str
    said: str = ""
    todo: str = ""
    file: Policy | None = None
    last: Applied | None = None

    @property
    def finding(self) -> Finding | None:
        """What the steward is told, where the file is not what was applied."""
        if not self.said:
            return None
        return Finding(
            code=f"policy_{self.state}", severity="error", what=self.said, where=policy_file.NAME, todo=self.todo
        )


@dataclass(frozen=True)
class _Kept:
    seen: tuple[int, ...]
    until: float
    found: InForce


class Simulated:
    """A snapshot looked at under another policy: everything else is the snapshot's own."""

    def __init__(self, snapshot: Any, policy: Policy) -> None:
        self._snapshot, self.policy = snapshot, policy

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)


_KEPT: dict[str, _Kept] = {}
_LOCK = threading.Lock()
_HELD = threading.local()


def policy_of(place: Any) -> Policy:
    """The policy in force for a snapshot or a workspace."""
    return place.policy if isinstance(place, Simulated) else in_force(place).policy


def policy_version(place: Any) -> str:
    """The version of the policy in force for a snapshot or a workspace: number and fingerprint."""
    return policy_of(place).version


@contextmanager
def one_policy() -> Iterator[None]:
    """What is asked in here, by this thread, stands on one policy: its file is looked at once."""
    _HELD.found = {}
    try:
        yield
    finally:
        _HELD.found = None


def in_force(place: Any) -> InForce:
    """The policy in force for whatever has a `home`, with its state. Costs a look at the file's dates."""
    home, held = str(place.home), getattr(_HELD, "found", None)
    if held is None:
        return _looked_up(home)
    if home not in held:
        held[home] = _looked_up(home)
    known: InForce = held[home]
    return known


def _looked_up(home: str) -> InForce:
    seen, kept = _seen(home), _KEPT.get(home)
    if kept is not None and kept.seen == seen and time.monotonic() < kept.until:
        return kept.found
    with _LOCK:
        kept = _KEPT.get(home)
        if kept is None or kept.seen != seen or time.monotonic() >= kept.until:
            found = _found(Path(home))
            wait = _QUIET if found.state in ("declared", "applied") else _TROUBLED
            kept = _KEPT[home] = _Kept(seen, time.monotonic() + wait, found)
        return kept.found


def _seen(home: str) -> tuple[int, ...]:
    """What tells one state of the file from another."""
    try:
        told = os.stat(f"{home}/{policy_file.NAME}")
    except OSError as problem:
        return (problem.errno or -1,)
    return (told.st_mtime_ns, told.st_ctime_ns, told.st_size, told.st_ino)


def _found(home: Path) -> InForce:
    """The policy in force, from the file and from what the ledger says was applied last."""
    try:
        last = next(reversed(applied(Workspace(home))), None)
    except OnepictureError as problem:
        return _without_ledger(home, problem)
    number, good = (last.number, good_of(last)) if last else (0, DECLARED)
    try:
        text = text_of(home)
        file = policy_file.read(text, number=number) if text is not None else DECLARED
    except OnepictureError as problem:
        safe = both(good, DECLARED)
        said = f"{problem} Until then what is declared and what was applied last are both kept, whichever denies."
        return InForce(policy=safe, state="unreadable", said=said, todo="`onepicture policy apply FILE`.", last=last)
    if text is None and last is None:
        return InForce(policy=DECLARED, state="declared", file=DECLARED)
    if text is not None and last is not None and fingerprint(text) == last.fingerprint:
        return InForce(policy=file, state="applied", file=file, last=last)
    if not opened(good, file) and not narrowed(good, file):
        return InForce(policy=good, state="applied" if last else "declared", file=file, last=last)
    wider = [" ".join(cell) for cell in opened(good, file)]
    said = "It was removed" if text is None else "It was changed by hand"
    said += ", not through `onepicture policy apply`: what it opens is held back"
    said += f" ({', '.join(wider)})" if wider else " (it opens nothing; what it narrows holds)"
    todo = "`onepicture policy simulate FILE` says what it would open, `onepicture policy apply FILE` lets it."
    return InForce(policy=both(good, file), state="held", said=f"{said}.", todo=todo, file=file, last=last)


def _without_ledger(home: Path, problem: OnepictureError) -> InForce:
    """What holds when nothing can say what was applied: what the file narrows, or nothing at all."""
    todo = "See that the ledger can be read."
    try:
        text = text_of(home)
        if text is None:
            raise problem
        file = policy_file.read(text)
    except OnepictureError:
        why = "Nobody can say which access policy is in force, so nobody is shown anything."
        return InForce(policy=shut(why), state="unreadable", said=f"{why} {problem}", todo=todo)
    said = f"Nobody can say whether it was applied: what it opens is held back. {problem}"
    return InForce(policy=both(DECLARED, file), state="held", said=said, todo=todo, file=file)


def text_of(home: Path) -> str | None:
    """The text of the workspace's policy file; None where there is none. Raises OnepictureError where unreadable."""
    try:
        return (home / policy_file.NAME).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise OnepictureError(
            f"it cannot be read: {problem}", where=policy_file.NAME, todo="Restore the file, or apply another."
        ) from problem


def good_of(last: Applied) -> Policy:
    """What was applied last, from the ledger; a cell that it did not know yet says what is declared."""
    cells = {cell: last.cells.get(" ".join(cell), told) for cell, told in DECLARED.cells.items()}
    for cell, _ in broken(of_cells(cells)):  # a limit holds whatever the ledger says
        cells[cell] = DECLARED.told(cell)
    return of_cells(cells, last.number)


def named(policy: Policy) -> dict[str, str]:
    """Every cell of a policy, as the ledger keeps it."""

    def _text(cell: Cell) -> str:
        return " ".join(cell)

    return {_text(cell): told for cell, told in policy.cells.items()}
