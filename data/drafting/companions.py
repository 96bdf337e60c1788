"""The files that one file's source looks things up in: without them a preview would lack what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from data.drafting.draft import Draft
from data.drafting.looking import Looked, look
from data.errors import BadInput
from data.layout import Layout
from data.sources import find_files, recognise


def look_at(path: Path, layouts: Sequence[Layout], drafts: Mapping[str, Draft] | None = None) -> Looked:
    """What one file seems to be, read beside those in its folder that it looks things up in. Raises BadInput."""
    (alone,) = look([path], layouts, drafts)
    beside = _companions(path, layouts, alone) if alone.source else []
    if not beside:
        return alone
    return next(each for each in look([path, *beside], layouts, drafts) if each.file == path.name)


def _companions(path: Path, layouts: Sequence[Layout], alone: Looked) -> list[Path]:
    layout = next(each for each in layouts if each.name == alone.layout)
    wanted, waiting = set[str](), [alone.source]
    while waiting:
        source = layout.source(waiting.pop())
        new = {join.source for join in source.joins} - wanted - {alone.source}
        wanted |= new
        waiting += sorted(new)
    if not wanted:
        return []
    siblings = [file for file in find_files([path.parent]) if file.path != path.resolve()]
    try:
        found = recognise(siblings, [layout])
    except BadInput:
        return []
    return [each.file.path for each in found.read if each.source.id in wanted]
