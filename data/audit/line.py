"""One line of the audit: what it may say, how it is written down for its hash, and how filters lose what is personal.

Nothing here is a name: who, object and place are opaque ids, and a filter is readable only where it is a
code. The whole of the filters is there as a keyed hash, so that the same question can be found again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from data.errors import BadInput, guess_or_list

# What can be done, each with its sentence.
DOINGS: dict[str, str] = {
    "view": "Opened a page.",
    "view_hcp": "Opened one HCP.",
    "view_site": "Opened one site.",
    "ask": "Asked for numbers or cues.",
    "export": "Took rows out of the product.",
    "cue": "Answered a cue.",
    "policy": "Changed who may know what.",
    "entitlement": "Changed who may enter, as what and where.",
    "link": "Decided whether two records are one person.",
    "mapping": "Changed how files are read.",
    "erase": "Erased a person.",
    "import": "Brought files in.",
    "build": "Built a snapshot.",
    "snapshot": "Let another snapshot serve, or retired one.",
    "sign_in": "Signed in.",
    "sign_out": "Signed out, or was signed out.",
    "refused": "Was refused.",
    "view_as": "Began to look as somebody else.",
    "view_as_end": "Stopped looking as somebody else.",
    "anchor": "Wrote the heads of the chains to a second place.",
    "verify": "Checked the chains.",
    "digest": "Was sent a digest.",
    "other": "Something written before there were chains.",
}
NEEDS_REASON = ("view_as",)
# Filters that are codes and may be read; everything else is in the hash alone.
READABLE = frozenset(
    (
        "period", "window", "compare", "product", "hierarchy", "node", "within", "place", "level", "by", "team",
        "metric", "metrics", "study", "site", "person", "action", "format", "first", "last", "anchor", "hash", "lines",
        "chains", "broken", "before", "after",
    )
)  # fmt: skip
_CODE = re.compile(r"[\w.,:~|+/-]{0,300}")
_LONGEST = {"who": 200, "role": 100, "acting_as": 200, "acting_role": 100, "scope": 500, "object": 500,
            "hierarchy": 100, "place": 2000, "product": 200, "reason": 500, "policy": 100, "snapshot": 100}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """Who did what to what, how far they may look, under which policy, on which snapshot, when (UTC), and why.

    `acting_as` is the one whose eyes were looked through. `place` is the path of nodes from the top
    of `hierarchy` to where one was, as it was that day. `rows` were handed out. `writer` and `seq`
    are the line's place in its chain; `id` its place in the ledger.
    """

    at: datetime
    who: str
    role: str
    did: str
    object: str = ""
    acting_as: str = ""
    acting_role: str = ""
    scope: str = ""
    hierarchy: str = ""
    place: tuple[str, ...] = ()
    product: str = ""
    rows: int = 0
    filters: Mapping[str, Any] = field(default_factory=dict)
    filters_hash: str = ""
    policy: str = ""
    snapshot: str = ""
    reason: str = ""
    writer: int = 0
    seq: int = 0
    id: int = 0
    hash: str = ""

    @property
    def what(self) -> str:
        """What was done to what, in one breath."""
        return f"{self.did} {self.object}".strip()


PLACED = ("id", "writer", "seq", "hash")  # where a line stands in the ledger: not part of its text
CHAINED = tuple(each.name for each in fields(AuditLine) if each.name not in PLACED)


def checked(line: AuditLine) -> AuditLine:
    """The line, if it may be written. Raises BadInput for an unknown doing, a missing reason, a text too long."""
    if line.did not in DOINGS:
        raise BadInput(f'the audit has no word "{line.did}"', where="audit", todo=guess_or_list(line.did, DOINGS, 30))
    if line.did in NEEDS_REASON and not line.reason.strip():
        raise BadInput(f'"{line.did}" has no reason', where="audit", todo="Say why it is done.")
    for name, most in _LONGEST.items():
        value = getattr(line, name)
        size = len(place_text(value)) if name == "place" else len(value)
        if size > most:
            raise BadInput(f"{name} is longer than {most} characters", where="audit", todo="Write an id, not a text.")
    return line


def place_text(path: Sequence[str]) -> str:
    """A path of nodes as it is stored, so that one node of it can be looked for: |SM|SM_N|."""
    return "|".join(("", *(each.replace("%", "%25").replace("|", "%7C") for each in path), "")) if path else ""


def place_path(text: str) -> tuple[str, ...]:
    """The path of nodes that was stored."""
    return tuple(each.replace("%7C", "|").replace("%25", "%") for each in text.split("|") if each)


def readable(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The filters that may be read: counts, and known words with codes as values. What somebody typed is left out."""
    told = json.loads(json.dumps(dict(filters), default=str))
    return {name: value for name, value in told.items() if _counted(value) or (name in READABLE and _coded(value))}


def _counted(value: object) -> bool:
    """Whether it is a count: shorter than the numbers by which people are known."""
    return isinstance(value, int) and abs(value) < 10**9


def _coded(value: object) -> bool:
    if isinstance(value, list):
        return all(_coded(each) for each in value)
    return value is None or (isinstance(value, str) and bool(_CODE.fullmatch(value)))


def keyed(filters: Mapping[str, Any], secret: str) -> str:
    """A keyed hash of all the filters, so that equal questions are known as equal and none can be guessed."""
    if not filters:
        return ""
    return hmac.new(secret.encode(), _json(dict(filters)).encode(), hashlib.sha256).hexdigest()[:32]


def stored(line: AuditLine) -> dict[str, str | int]:
    """The line as the columns it is kept in: texts and one number, exactly as they are hashed."""
    kept: dict[str, str | int] = {name: getattr(line, name) for name in CHAINED}
    written = {"at": moment_text(line.at), "place": place_text(line.place), "filters": _json(dict(line.filters))}
    return kept | written


def told(row: Mapping[Any, Any]) -> AuditLine:
    """The line that was kept in such columns."""
    return AuditLine(
        **{name: row[name] for name in (*CHAINED, *PLACED) if name not in ("at", "place", "filters")},
        at=datetime.fromisoformat(row["at"]),
        place=place_path(row["place"]),
        filters=json.loads(row["filters"]),
    )


def moment_text(at: datetime) -> str:
    """A moment as it is kept: to the microsecond, so that texts sort as moments do."""
    return at.isoformat(timespec="microseconds")


def canonical(row: Mapping[str, Any]) -> str:
    """The text that is hashed: every column but the line's place in the ledger, by name in order."""
    return _json({name: row[name] for name in CHAINED})


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def linked(before: str, writer: int, seq: int, text: str) -> str:
    """The hash of a link: SHA-256 over the hash before it, its place, and its text."""
    return hashlib.sha256(f"onepicture audit 1\n{before}\n{writer}\n{seq}\n{text}".encode()).hexdigest()


def plainly(line: AuditLine) -> dict[str, Any]:
    """The line as plain values by name."""
    return asdict(line) | {"filters": dict(line.filters), "place": list(line.place)}
