"""Wide to long: columns whose headers hold a number (TRx_Wk01 ...) become one row a number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.layout import Source
from data.tables import literal, quoted, select


def unpivoted(source: Source, wide: Sequence[str]) -> list[str]:
    """The columns that unpivoting gives: one a measure, then the numbers and other named parts of the headers."""
    if not source.unpivot:
        return []
    pattern = re.compile(source.unpivot.pattern)
    parts = [name for name in pattern.groupindex if name != "measure"]
    found = [match for name in wide if (match := pattern.search(name))]
    return [*dict.fromkeys(_measure(match) for match in found), *parts]


def _measure(match: re.Match[str]) -> str:
    return match.groupdict().get("measure", "value").lower()


def _number(text: str) -> str:
    """Wk1 and Wk01 are the same week."""
    return str(int(text)) if text.isdigit() else text


def lengthened(source: Source, rows: str, stay: Sequence[str], wide: Sequence[str], blank: bool = False) -> str:
    """The query of one long row for each row and number, from lists that the engine unnests side by side.

    A long row all of whose measures are blank is dropped, unless `blank` is asked for: blank is not zero.
    """
    assert source.unpivot is not None
    pattern = re.compile(source.unpivot.pattern)
    cells: dict[tuple[str, ...], dict[str, str]] = {}
    parts = [name for name in pattern.groupindex if name != "measure"]
    for name in wide:
        match = pattern.search(name)
        if match:
            cells.setdefault(tuple(_number(match[part]) for part in parts), {})[_measure(match)] = name
    measures = list(dict.fromkeys(measure for found in cells.values() for measure in found))
    spread = []
    for measure in measures:
        values = [quoted(found[measure]) if measure in found else "NULL" for found in cells.values()]
        spread.append(f"unnest([{', '.join(values)}]) AS {quoted(measure)}")
    for place, part in enumerate(parts):
        texts = [key[place] for key in cells]
        whole = all(text.isdigit() for text in texts)
        values = texts if whole else [literal(text) for text in texts]
        spread.append(f"unnest([{', '.join(values)}]) AS {quoted(part)}")
    filled = None if blank else " OR ".join(f"{quoted(measure)} IS NOT NULL" for measure in measures)
    return select(["*"], f"({select([*map(quoted, stay), *spread], rows)})", where=filled)


def is_wide(source: Source, column: str) -> bool:
    """Whether a column is one of those that the source's unpivot turns into rows."""
    return bool(source.unpivot and re.search(source.unpivot.pattern, column))
