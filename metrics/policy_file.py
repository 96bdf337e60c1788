"""policy.toml: what a deployment changes of the declared grid, read whole and checked, or refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from data import toml_text
from data.errors import BadDeclaration, BadInput, did_you_mean
from metrics.grid import PDRP, grant_of
from metrics.policy import DECLARED, SITE_COUNTS, Cell, Change, Policy, cell_of, changed
from metrics.policy_limits import limits_of

NAME = "policy.toml"
_KNOWN = ("role", "sensitivity", "from", "to", "reason", "who", "day")
_NEEDED = ("role", "sensitivity", "from", "to", "who", "day")
_LARGEST = 256 * 1024
HEAD = """# What this deployment changes of the declared access grid. One [[change]] block a cell:
#   role, sensitivity, from (what is declared), to, who, day; and the reason wherever it opens anything.
# Grants: Y rows in the own scope, A aggregates ("A from second": from the second level up), E existence, N never.
# pdrp of a role: hidden, totals or shown. Role "everybody": small_cell (11 or more), site_counts (rows, summed).
# It takes effect through `onepicture policy apply FILE` alone: an edit by hand opens nothing.
"""


def read(text: str, where: str = NAME, number: int = 0) -> Policy:
    """The policy that the text of a file makes of the declared grid.

    Raises BadInput, saying which change and what to do: for a text that cannot be read, a change that contradicts
    what is declared or another one, one that opens something without a reason, one beyond a hard limit.
    """
    if len(text) > _LARGEST:
        raise BadInput("it is too large for a policy", where=where, todo="Keep one block a change.")
    told = toml_text.parsed(text, where)
    odd = sorted(set(told) - {"change"})
    blocks = told.get("change", [])
    if odd or not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        named = f'"{odd[0]}" is no part of it' if odd else "change is no list of blocks"
        raise BadInput(named, where=where, todo="Write one [[change]] block a cell.")
    changes = [_change(block, f"{where}, change {place}") for place, block in enumerate(blocks, 1)]
    seen: dict[Cell, int] = {}
    for place, change in enumerate(changes, 1):
        if change.cell in seen:
            raise BadInput(
                f"it changes {' '.join(change.cell)}, as change {seen[change.cell]} does",
                where=f"{where}, change {place}",
                todo="Keep one of them.",
            )
        seen[change.cell] = place
        _allowed(change, f"{where}, change {place}")
    return changed(changes, number)


def _change(block: Mapping[str, Any], where: str) -> Change:
    """One block as a change, every value checked."""
    for name in block:
        if name not in _KNOWN:
            raise BadInput(f'"{name}" is unknown', where=where, todo=did_you_mean(name, _KNOWN) or "Leave it out.")
    for name in _NEEDED:
        if block.get(name) in (None, ""):
            raise BadInput(f"it has no {name}", where=where, todo=f"Add {name} = ...")
    day = block["day"]
    if not isinstance(day, date) or hasattr(day, "hour"):
        raise BadInput("day is no date", where=where, todo="Write day = 2026-01-31, without quotes.")
    for name in ("role", "sensitivity", "who", "reason"):
        if not isinstance(block.get(name, ""), str):
            raise BadInput(f"{name} is no text", where=where, todo=f'Write {name} = "...".')
    cell = cell_of(block["role"], block["sensitivity"], where)
    was, to = (_value(cell, block[name], f"{where}, {name}") for name in ("from", "to"))
    return Change(
        role=cell[0],
        sensitivity=cell[1],
        was=was,
        to=to,
        who=" ".join(block["who"].split()),
        day=day,
        reason=" ".join(block.get("reason", "").split()),
    )


def _value(cell: Cell, told: Any, where: str) -> str:
    """What a cell may say, in its one spelling. Raises BadInput for anything else."""
    name = cell[1]
    if name == "small_cell":
        if isinstance(told, bool) or not isinstance(told, int) or not 0 < told < 10**6:
            raise BadInput(f"{told!r} is no number of persons", where=where, todo="Write a whole number, 11 or more.")
        return str(told)
    if not isinstance(told, str):
        raise BadInput(f"{told!r} is no text", where=where, todo='Write it in quotes: "A".')
    if name in ("pdrp", "site_counts"):
        known = PDRP if name == "pdrp" else SITE_COUNTS
        if told not in known:
            todo = did_you_mean(told, known) or f"Use one of {', '.join(known)}."
            raise BadInput(f'"{told}" is no treatment', where=where, todo=todo)
        return told
    try:
        return str(grant_of(told))
    except BadDeclaration as problem:
        raise BadInput(problem.what, where=where, todo=problem.todo) from problem


def _allowed(change: Change, where: str) -> None:
    """Refuse a change that is not what it says, opens without a reason, or opens what no deployment may."""
    declared, words = DECLARED.told(change.cell), " ".join(change.cell)
    if change.was != declared:
        raise BadInput(
            f'{words} is declared as "{declared}", not "{change.was}"', where=where, todo=f'Write from = "{declared}".'
        )
    if change.to == change.was:
        raise BadInput(f"{words} stays what it is", where=where, todo="Leave the change out.")
    for limit in limits_of(change.cell):
        if not limit.kept(change.cell, change.to):
            most = " or ".join(f'"{each}"' for each in limit.most)
            raise BadInput(
                f'{words} cannot become "{change.to}": {limit.why} ({limit.source})',
                where=where,
                todo=f"The most that a deployment may set is {most}.",
            )
    if change.opens and not change.reason:
        raise BadInput(
            f'{words} from "{change.was}" to "{change.to}" opens something and gives no reason',
            where=where,
            todo='Say why: reason = "...".',
        )


def written(changes: tuple[Change, ...]) -> str:
    """Changes as the text of a policy.toml."""
    blocks = []
    for each in changes:
        number = each.sensitivity == "small_cell"
        lines = [f"role = {_quoted(each.role)}", f"sensitivity = {_quoted(each.sensitivity)}"]
        lines += [
            f"{name} = {value if number else _quoted(value)}" for name, value in (("from", each.was), ("to", each.to))
        ]
        lines += [f"reason = {_quoted(each.reason)}"] if each.reason else []
        lines += [f"who = {_quoted(each.who)}", f"day = {each.day.isoformat()}"]
        blocks.append("\n".join(("[[change]]", *lines)) + "\n")
    return HEAD + "\n" + "\n".join(blocks)


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else " " for each in plain) + '"'
