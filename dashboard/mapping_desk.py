"""What the Mapping page asks: the files there are, what one of them seems to be, and the mapping as it is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from dashboard import cache, trail
from data.conform import layouts_of
from data.drafting import draft as drafting
from data.drafting.companions import look_at
from data.drafting.draft import LEAVE_OUT, Draft
from data.drafting.looking import Code, Looked, Preview
from data.errors import BadInput, did_you_mean
from data.reading import KINDS
from data.sources import find_files
from metrics.auditing import may_map
from metrics.query import Visitor

__all__ = ["LEAVE_OUT", "Code", "Draft", "Looked", "Preview", "begun", "files", "looked", "save"]

LARGEST = 200 << 20
MOST = 500


def files(visitor: Visitor) -> tuple[str, ...]:
    """The export files of the workspace and of its sources, by the name they go by. Raises Denied."""
    may_map(visitor, cache.snapshot())
    return tuple(_files())[:MOST]


def looked(visitor: Visitor, name: str, chosen: Draft | None = None) -> Looked:
    """What a file seems to be by the mappings in force, or by what is chosen. Raises Denied or BadInput."""
    sees = may_map(visitor, cache.snapshot())
    known = _files()
    if name not in known:
        raise BadInput(f'there is no file "{name}"', where="exports", todo=did_you_mean(name, known) or "Choose one.")
    path = known[name]
    told = path.stat()
    if told.st_size > LARGEST:
        todo = "Look at it with `onepicture check` on the server."
        raise BadInput("it is too large to be looked at here", where=name, todo=todo)
    own = cache.workspace().mappings
    ours = tuple((each.name, each.stat().st_mtime_ns) for each in sorted(own.glob("*.toml")))
    found = _looked(path, own, (told.st_mtime_ns, told.st_size, ours), chosen)
    return replace(found, previews=tuple(_granted(each, sees) for each in found.previews))


def begun(base: str) -> Draft:
    """What was saved for that mapping before. Raises BadInput where somebody wrote it by hand."""
    return drafting.begun(cache.workspace(), base)


def save(visitor: Visitor, chosen: Draft) -> str:
    """Let the next import read by what is chosen, and write down who did so. Raises Denied, BadInput or BadMapping."""
    may_map(visitor, cache.snapshot())
    path = drafting.save(cache.workspace(), chosen)
    size = len(chosen.columns) + len(chosen.words)
    cache.ledger().write_audit(**trail.whose(visitor), did="mapping", object=chosen.base, rows=size)
    return path.name


def _files() -> dict[str, Path]:
    workspace = cache.workspace()
    folders = [workspace.exports, *(workspace.home / each for each in workspace.sources)]
    there = [folder for folder in folders if folder.is_dir()]
    return {file.name: file.path for file in find_files(there) if file.kind in KINDS}


@lru_cache(maxsize=8)
def _looked(path: Path, own: Path, stamp: object, chosen: Draft | None) -> Looked:
    """A file's content, the mappings and the choice decide it: asked again it is the same."""
    return look_at(path, layouts_of(None, own), {chosen.base: chosen} if chosen else None)


def _granted(preview: Preview, sees: Callable[[str], bool]) -> Preview:
    """A preview without the values that the visitor's role may not see row by row."""
    shown = [sees(each) for each in preview.sensitivities]
    rows = tuple(tuple(value if may else "…" for value, may in zip(row, shown, strict=True)) for row in preview.rows)
    return replace(preview, rows=rows)
