"""Anchors: the heads of the chains written to a second place, so that nobody can cut or rewrite the first unseen.

An anchor file is only added to, one JSON line an anchor; each anchor is linked to the one before it. It names
the heads that moved since. Keep it where those who can write the ledger cannot write.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from data.audit.chain import NO_HASH
from data.audit.line import moment_text
from data.audit.tables import LINE, WRITER
from data.errors import BadInput, ChainBroken
from data.store import Store, moment

_FIELDS = ("number", "at", "writers", "writers_hash", "heads", "before")
BOOK = 12


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What was true at a moment: how many chains there were, and the heads (chain, line, hash) that had moved.

    `book` names the file that it stands in, by its first anchor.
    """

    number: int
    at: str
    writers: int
    writers_hash: str
    heads: tuple[tuple[int, int, str], ...]
    before: str
    hash: str
    book: str


def read(path: Path) -> tuple[Anchor, ...]:
    """The anchors of a file, none where there is no such file. Raises ChainBroken, saying which line."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(
            "the anchors cannot be read", where=path.name, todo="Name a file that you may read."
        ) from problem
    return _parsed(text, path.name)


def _parsed(text: str, name: str) -> tuple[Anchor, ...]:
    found: list[Anchor] = []
    before = NO_HASH
    if text and not text.endswith("\n"):
        raise _broken("its last line is not whole", name, text.count("\n") + 1)
    for number, line in enumerate(text.splitlines(), 1):
        try:
            told = json.loads(line)
            kept = {field: told[field] for field in _FIELDS}
            heads = tuple((int(writer), int(seq), str(hash)) for writer, seq, hash in told["heads"])
        except (ValueError, KeyError, TypeError) as problem:
            raise _broken("it is no anchor", name, number) from problem
        if told["number"] != number or told["before"] != before or told.get("hash") != _hash(kept):
            raise _broken("it is not what was written", name, number)
        before = told["hash"]
        book = found[0].book if found else before[:BOOK]
        found.append(Anchor(**(kept | {"heads": heads}), hash=before, book=book))
    return tuple(found)


def _broken(what: str, name: str, number: int) -> ChainBroken:
    return ChainBroken(what, where=f"{name}, line {number}", todo="Restore the anchors from a copy.")


def anchor(store: Store, path: Path) -> Anchor:
    """Add the heads of the chains to a file. Raises ChainBroken where the ledger no longer has what it had.

    One after the other, whoever asks; the line is on the disk when this returns.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as problem:
        todo = "Name a file in a folder that exists and that you may write."
        raise BadInput(f"the anchors cannot be written: {problem.strerror}", where=path.name, todo=todo) from problem
    with os.fdopen(handle, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        earlier = _parsed(file.read(), path.name)
        line = _next(store, earlier, path.name)
        file.write(json.dumps(line, separators=(",", ":")) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return read(path)[-1]


def _next(store: Store, earlier: Sequence[Anchor], name: str) -> dict[str, Any]:
    """The anchor that follows these; every head that they remember must still be there."""
    last = select(LINE.c.writer, func.max(LINE.c.seq).label("seq")).group_by(LINE.c.writer).subquery()
    joined = select(LINE.c.writer, LINE.c.seq, LINE.c.hash).join(
        last, (LINE.c.writer == last.c.writer) & (LINE.c.seq == last.c.seq)
    )
    known = {writer: (seq, hash, each) for each in earlier for writer, seq, hash in each.heads}
    with store.reading() as connection:
        heads = sorted((row.writer, row.seq, row.hash) for row in connection.execute(joined))
        newest = connection.execute(select(WRITER.c.number, WRITER.c.hash).order_by(WRITER.c.number.desc())).first()
        at = {(writer, seq): hash for writer, seq, hash in heads}
        for writer, (seq, hash, each) in known.items():
            asked = select(LINE.c.hash).where(LINE.c.writer == writer, LINE.c.seq == seq)
            if (at.get((writer, seq)) or connection.execute(asked).scalar()) != hash:
                todo = "Run `onepicture audit verify --anchors` on this file, and keep it as it is."
                what = f"the ledger has another line than anchor {each.number} of {each.at} remembers, or none"
                raise ChainBroken(what, where=f"chain {writer}, line {seq}", todo=todo)
    line: dict[str, Any] = {
        "number": len(earlier) + 1,
        "at": moment_text(moment()),
        "writers": newest.number if newest else 0,
        "writers_hash": newest.hash if newest else NO_HASH,
        "heads": [list(head) for head in heads if head[0] not in known or known[head[0]][0] != head[1]],
        "before": earlier[-1].hash if earlier else NO_HASH,
    }
    return line | {"hash": _hash(line)}


def _hash(line: Mapping[str, Any]) -> str:
    kept = {name: line[name] for name in _FIELDS}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"onepicture anchor 1\n{text}".encode()).hexdigest()
