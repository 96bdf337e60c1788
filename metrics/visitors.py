"""Who may look: visitors.toml read, checked and, after the first import, proposed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from data import toml_text
from data.errors import BadInput, WrongQuestion, did_you_mean, guess_or_list
from data.outline import Outline, outlines
from data.workspace import Workspace
from metrics.catalog.roles import ROLES
from metrics.query import Standing, Visitor

_HEAD = """# Who may look, as what, and from where. One [[visitor]] block a person:
#   id, role, hierarchy, node; and, where they apply, name, team, studies, from_date, to_date.
# A visitor sees what the role may know, at the node and below it, and nothing else. studies = ["*"] is every study.
# Who moved has [[visitor.span]] blocks: node, hierarchy, team, studies, from_date, to_date; the one in force on the
# day of the data counts.
# Proposed from what was imported: change it to whoever may look.

"""
_TEXTS = ("id", "role", "hierarchy", "node", "team", "name")
_DATES = ("from_date", "to_date")
_KNOWN = (*_TEXTS, "studies", *_DATES, "span")
_IN_A_SPAN = ("hierarchy", "node", "team", "studies", *_DATES)
_COMMERCIAL = (
    ("leader", "national_leader", "top"), ("brand", "brand_lead", "top"), ("region", "regional_director", "second"),
    ("district", "district_manager", "third"), ("rep", "rep", "leaf"),
)  # fmt: skip
_PROPOSED = {
    "field": _COMMERCIAL,
    "geography": _COMMERCIAL,
    "medical": (("meddir", "medical_director", "top"), ("msl", "msl", "leaf")),
    "study": (("site", "site_manager", "top"),),
}


def visitors(workspace: Workspace) -> tuple[Visitor, ...]:
    """Everybody who may look, in the order of visitors.toml; nobody where there is no such file.

    Raises BadInput, saying which visitor and what to do, when the file contradicts itself.
    """
    path = workspace.visitors_path
    if not path.is_file():
        return ()
    told = toml_text.read(path, path.name)
    odd = sorted(set(told) - {"visitor"})
    blocks = told.get("visitor", [])
    if odd or not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        named = f'"{odd[0]}" is no part of it' if odd else "visitor is no list of blocks"
        raise BadInput(named, where=path.name, todo="Write one [[visitor]] block a person.")
    found = tuple(_visitor(block, number, path) for number, block in enumerate(blocks, 1))
    for place, each in enumerate(found):
        if each.id in {earlier.id for earlier in found[:place]}:
            raise BadInput(f'two visitors are called "{each.id}"', where=path.name, todo="Give each an id of its own.")
    return found


def visitor(workspace: Workspace, id: str) -> Visitor:
    """The visitor of that id. Raises WrongQuestion when visitors.toml names none such."""
    known = {each.id: each for each in visitors(workspace)}
    if id in known:
        return known[id]
    todo = did_you_mean(id, known) or (
        f"It names {', '.join(known)}."
        if known
        else "Write one [[visitor]] block a person, or import to have them proposed."
    )
    raise WrongQuestion(f'no visitor "{id}"', where=workspace.visitors_path.name, todo=todo)


def propose(workspace: Workspace) -> bool:
    """Write a visitors.toml with one visitor a rung of each hierarchy imported, unless there is one.

    Says whether it wrote. Each stands at the node of its rung with the most below it. Nobody is ever
    added to a file that exists: who may look is not for an import to decide.
    """
    if workspace.visitors_path.exists():
        return False
    proposed = _proposed(outlines(workspace))
    if not proposed:
        return False
    _write(workspace.visitors_path, _HEAD + written(proposed))
    return True


def written(known: Sequence[Visitor]) -> str:
    """Visitors as the text of a visitors.toml."""
    blocks = []
    for each in known:
        lines = ["[[visitor]]"]
        lines += [
            f"{name} = {json.dumps(getattr(each, name), ensure_ascii=False)}" for name in _TEXTS if getattr(each, name)
        ]
        if each.studies:
            lines.append(f"studies = {json.dumps(list(each.studies), ensure_ascii=False)}")
        lines += [f"{name} = {getattr(each, name).isoformat()}" for name in _DATES if getattr(each, name)]
        for span in each.spans:
            lines.append("[[visitor.span]]")
            texts = ((name, getattr(span, name)) for name in ("hierarchy", "node", "team") if getattr(span, name))
            lines += [f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in texts]
            lines += [f"studies = {json.dumps(list(span.studies), ensure_ascii=False)}"] if span.studies else []
            lines += [f"{name} = {getattr(span, name).isoformat()}" for name in _DATES if getattr(span, name)]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _visitor(block: Mapping[str, Any], number: int, path: Path) -> Visitor:
    """One block as a visitor, every value checked."""
    id = block.get("id")
    where = f'{path.name}, visitor "{id}"' if isinstance(id, str) and id else f"{path.name}, visitor number {number}"
    for name, value in block.items():
        if name not in _KNOWN:
            raise BadInput(f'"{name}" is unknown', where=where, todo=guess_or_list(name, _KNOWN))
        _check(name, value, where)
    for name in ("id", "role", "hierarchy"):
        if not block.get(name):
            raise BadInput(f"it has no {name}", where=where, todo=f'Add {name} = "...".')
    if block["role"] not in ROLES:
        todo = did_you_mean(block["role"], ROLES) or f"Use one of {', '.join(ROLES)}."
        raise BadInput(f'no role "{block["role"]}"', where=where, todo=todo)
    role, spans = ROLES[block["role"]], _spans(block, where)
    for place in spans or (block,):
        node = place.node if isinstance(place, Standing) else place.get("node")
        if role.rung is not None and not node:
            raise BadInput("it stands at no node", where=where, todo=f"Name the node of this {role.title.lower()}.")
    first, last = block.get("from_date"), block.get("to_date")
    _ordered(first, last, where)
    texts = {name: block.get(name) or None for name in ("node", "team")}
    return Visitor(
        id=block["id"],
        role=block["role"],
        hierarchy=block["hierarchy"],
        studies=tuple(block.get("studies", ())),
        from_date=first,
        to_date=last,
        name=block.get("name", ""),
        spans=spans,
        **texts,
    )


def _spans(block: Mapping[str, Any], where: str) -> tuple[Standing, ...]:
    """Where somebody stood and stands, by time; never at two places on one day."""
    told = block.get("span", [])
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise BadInput("span is no list of blocks", where=where, todo="Write one [[visitor.span]] block a place.")
    found: list[Standing] = []
    for number, each in enumerate(told, 1):
        here = f"{where}, span {number}"
        for name, value in each.items():
            if name not in _IN_A_SPAN:
                raise BadInput(f'"{name}" is unknown', where=here, todo=guess_or_list(name, _IN_A_SPAN))
            _check(name, value, here)
        _ordered(each.get("from_date"), each.get("to_date"), here)
        values = {name: each.get(name) for name in ("team", *_DATES)}
        studies = tuple(each.get("studies", ()))
        hierarchy = each.get("hierarchy") or block.get("hierarchy") or ""
        found.append(Standing(hierarchy=hierarchy, node=each.get("node"), studies=studies, **values))
        for earlier in found[:-1]:
            if _days(earlier)[0] <= _days(found[-1])[1] and _days(found[-1])[0] <= _days(earlier)[1]:
                raise BadInput("it overlaps another span", where=here, todo="End one on the day before the other.")
    return tuple(found)


def _days(span: Standing) -> tuple[date, date]:
    return span.from_date or date.min, span.to_date or date.max


def _ordered(first: date | None, last: date | None, where: str) -> None:
    if first and last and last < first:
        raise BadInput("to_date lies before from_date", where=where, todo="Correct one of them.")


def _check(name: str, value: Any, where: str) -> None:
    """Refuse a value of the wrong kind."""
    if name in _TEXTS and not isinstance(value, str):
        raise BadInput(f"{name} is no text", where=where, todo=f'Write {name} = "...".')
    if name in _DATES and (not isinstance(value, date) or hasattr(value, "hour")):
        raise BadInput(f"{name} is no date", where=where, todo=f"Write {name} = 2026-01-31, without quotes.")
    if name == "studies" and not (isinstance(value, list) and all(isinstance(study, str) for study in value)):
        raise BadInput("studies is no list of texts", where=where, todo='Write studies = ["..."].')


def _proposed(known: Sequence[Outline]) -> list[Visitor]:
    """One visitor a rung; the first hierarchy of a kind gives the short ids, the next ones add their own."""
    found: list[Visitor] = []
    for each in sorted(known, key=lambda outline: (outline.hierarchy.kind != "field", outline.hierarchy.id)):
        hierarchy = each.hierarchy
        at = {hierarchy.rung(level): node for level, node in reversed(each.fullest.items())}
        for short, role, rung in _PROPOSED.get(hierarchy.kind, ()):
            if rung in at:
                taken = short in {other.id for other in found}
                found.append(
                    Visitor(
                        id=f"{short}-{hierarchy.id}" if taken else short,
                        name=ROLES[role].title,
                        role=role,
                        hierarchy=hierarchy.id,
                        node=at[rung],
                        studies=(at[rung],) if role == "site_manager" else (),
                    )
                )
    if found:
        found.append(
            Visitor(id="steward", name=ROLES["steward"].title, role="steward", hierarchy=found[0].hierarchy, node=None)
        )
    return found


def _write(path: Path, text: str) -> None:
    """Write the file whole, or not at all."""
    rough = path.with_name(f".{path.name}.{os.getpid()}")
    rough.write_text(text, encoding="utf-8")
    os.replace(rough, path)
