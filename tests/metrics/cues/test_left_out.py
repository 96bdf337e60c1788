"""rows_left_out: what the findings count, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from metrics.cues.left_out import rows_left_out
from metrics.cues.scene import Scene

Put = Callable[..., None]
COLUMNS = ["position", "code", "severity", "what", "where", "todo", "rows"]


def test_said_with_its_reason_and_its_remedy(land: Scene, put: Put) -> None:
    put("finding", COLUMNS, [[1, "quarantined", "warning", 'no word for "Fax"', "mapping crm", "Add it.", 3], [2, "quarantined", "warning", "no place", "mapping crm", "See why.", 2]])  # fmt: skip  # noqa: E501
    first, second = rows_left_out(land)
    assert (first.role, first.node, first.subject) == ("steward", "", "mapping crm")
    assert first.headline == '3 rows: no word for "Fax"'
    assert first.reasons == ("Found in mapping crm: 3 rows", "Add it.", "2 findings of this kind, 5 rows together")
    assert second.worth == (2.0, 2.0)
    assert first.thing != second.thing


@pytest.mark.parametrize(("unknown", "said"), [(2, 0), (3, 1)])
def test_unknown_persons_count_beyond_two_in_a_hundred(land: Scene, put: Put, unknown: int, said: int) -> None:
    columns = ["exposure", "vendor", "channel", "event", "period_start", "period_end", "quantity"]
    put("exposure", columns, [[str(k), "v", "display", "impression", land.anchor, land.anchor, 1] for k in range(100)])
    put("finding", COLUMNS, [[1, "reference_unknown", "note", "nobody known", "exposure", "Import.", unknown]])
    assert len(list(rows_left_out(land))) == said


def test_notes_and_other_findings_are_no_cue(land: Scene, put: Put) -> None:
    put("finding", COLUMNS, [[1, "lookup_unmatched", "note", "w", "x", "t", 9], [2, "unaligned", "warning", "w", "x", "t", 9], [3, "file_not_read", "error", "w", "x", "t", 0]])  # fmt: skip  # noqa: E501
    assert list(rows_left_out(land)) == []
