"""Whether a mapping agrees with itself and can be followed: asked of it before any file is opened."""

from __future__ import annotations

import re

from data.contract import Column
from data.contract.table import AMOUNT, COUNT, DAY, FLAG
from data.errors import BadMapping, guess_or_list
from data.layout import Layout, Source

_SHAPES = {FLAG: r"(?i)true|false", DAY: r"\d{4}-\d\d-\d\d", COUNT: r"-?\d+", AMOUNT: r"-?\d+(\.\d+)?"}


def check_value(column: Column, value: str, where: str) -> None:
    """A value that the mapping itself holds must be one that its column can hold."""
    if column.allowed and value not in column.allowed:
        todo = f"Use one of {', '.join(column.allowed)}."
    elif not re.fullmatch(_SHAPES.get(column.type, ".*"), value, re.DOTALL):
        todo = f"The column holds {column.type}."
    else:
        return
    raise BadMapping(f'{column.name} "{value}" cannot be', where=where, todo=todo)


def check_source(source: Source, where: str) -> None:
    """A source can be told, read and settled. Raises BadMapping."""
    if not source.files and (source.positional or not source.headers):
        raise BadMapping("nothing tells its files", where=where, todo="Add headers, or file globs.")
    if not source.header and not source.names and not source.positions:
        raise BadMapping("it has no header row and no names", where=where, todo="Add names or columns_by_position.")
    _check_reading(source, where)
    if source.version and not source.key:
        raise BadMapping("version needs key", where=where, todo='Add key = ["..."].')


def _check_reading(source: Source, where: str) -> None:
    """How a file is read must be possible: an encoding there is, a delimiter of one character, each column once."""
    both = sorted({name.casefold() for name in source.headers} & {name.casefold() for name in source.optional})
    twice = [name for name in source.names if source.names.count(name) > 1]
    odd = [letters for letters in source.positions if not re.fullmatch("[A-Za-z]{1,3}", letters)]
    wrong = (
        (source.skip_rows < 0, "skip_rows is below zero", "Say how many lines stand above the header."),
        (source.delimiter is not None and len(source.delimiter) != 1, "delimiter is not one character", "Write one."),
        (not _is_encoding(source.encoding), f'there is no encoding "{source.encoding}"', "Use utf-8, cp1252, utf-16."),
        (bool(both), f"{', '.join(both)} is needed and optional at once", "Take it out of headers or of optional."),
        (bool(twice), f"names has {', '.join(twice[:1])} twice", "Name each column once."),
        (bool(source.names and source.positions), "it has names and columns_by_position", "Keep one of them."),
        (bool(odd), f'"{", ".join(odd)}" is not a column letter', "Use A, B, ... AA."),
    )
    for holds, what, todo in wrong:
        if holds:
            raise BadMapping(what, where=where, todo=todo)


def _is_encoding(name: str | None) -> bool:
    try:
        "".encode(name or "utf-8")
    except LookupError:
        return False
    return True


def check_joins(layout: Layout, where: str) -> None:
    """Joins name sources that exist, and lead nowhere in a circle (a source may join itself)."""
    ids = [source.id for source in layout.sources]
    for id in ids:
        if ids.count(id) > 1:
            raise BadMapping(f'two sources are called "{id}"', where=where, todo="Rename one.")
    for source in layout.sources:
        for join in source.joins:
            if join.source not in ids:
                here = f"{where}, source {source.id}, join {join.name}"
                raise BadMapping(f'no source "{join.source}"', where=here, todo=guess_or_list(join.source, ids))
    for source in layout.sources:
        _walk_joins(layout, source, (), where)


def _walk_joins(layout: Layout, source: Source, trail: tuple[str, ...], where: str) -> None:
    if source.id in trail:
        circle = " > ".join((*trail, source.id))
        raise BadMapping(f"joins lead in a circle: {circle}", where=where, todo="Break the circle.")
    for join in source.joins:
        if join.source != source.id:
            _walk_joins(layout, layout.source(join.source), (*trail, source.id), where)
