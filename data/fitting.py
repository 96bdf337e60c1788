"""Whether a snapshot is one that the running code can read: its engine, its contract, its tables and columns.

A snapshot outlives the code that built it. One that lacks what is read today would answer wrongly, or fail in the
middle of a page; so it is looked at once, when it is opened, and refused in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from data.contract import CONTRACT

# What the contract's rows look like; goes up whenever a table or column changes what it means.
CONTRACT_VERSION = 1
# A build that got this far was completed by those who add tables of their own: then all of theirs are there.
_COMPLETED = "cue"
_EXPECTED: dict[str, frozenset[str]] = {}


def expect(tables: Mapping[str, Iterable[str]]) -> None:
    """Say what tables with which columns a completed build holds beside the contract's."""
    _EXPECTED.update({name: frozenset(columns) for name, columns in tables.items()})


def unfit(present: Mapping[str, frozenset[str]], engine: str, contract: int) -> str:
    """Why a snapshot with these tables and columns does not fit the running code; nothing where it does."""
    if contract != CONTRACT_VERSION:
        return f"it holds version {contract} of the contract, and this program reads version {CONTRACT_VERSION}"
    theirs, ours = (text.rpartition(" ")[2].partition(".")[0] for text in (engine, duckdb.__version__))
    if theirs.isdecimal() and int(theirs) > int(ours):
        return f"it was built by {engine}, and this program runs duckdb {duckdb.__version__}"
    needed = {name: frozenset(table.names) for name, table in CONTRACT.items()}
    needed |= _EXPECTED if _COMPLETED in present else {}
    for name, columns in sorted(needed.items()):
        if name not in present:
            return f"it has no table {name}, which this program reads"
        if lacks := sorted(columns - present[name]):
            return f"its table {name} lacks {', '.join(lacks[:3])}, which this program reads"
    return ""
