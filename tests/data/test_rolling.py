"""Rolling weekly deliveries imported together: each restates the weeks that it has a column for, and no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.imported import imported as imports
from tests.data.handmade import imported, quarantined, staged
from tests.data.test_restatements import HEAD, WEEKLY

FIRST = HEAD + "A,2026-01-16,20260120,40,50,60\nB,2026-01-16,20260120,10,,40\nC,2026-01-16,20260120,x,,\n"
SECOND = HEAD + "A,2026-01-23,20260127,70,41,\nB,2026-01-23,20260127,,,5\nC,2026-01-23,20260127,1,,\n"
THIRD = HEAD + "A,2026-01-30,20260203,80,,42\n"
# Of A the second says nothing for the 9th, the third nothing for the 23rd; the 2nd has rolled out of both.
DUE = [
    ("code:A", date(2026, 1, 2), 60), ("code:A", date(2026, 1, 16), 42), ("code:A", date(2026, 1, 30), 80),
    ("code:B", date(2026, 1, 2), 40), ("code:B", date(2026, 1, 9), 5), ("code:C", date(2026, 1, 23), 1),
]  # fmt: skip


@pytest.mark.parametrize("names", [("1", "2", "3"), ("3", "1", "2")])
def test_each_week_counts_as_the_latest_delivery_that_holds_it_says(tmp_path: Path, names: tuple[str, ...]) -> None:
    files = {f"weekly_{name}.csv": text for name, text in zip(names, (FIRST, SECOND, THIRD), strict=True)}
    workspace = imported(tmp_path, WEEKLY, files)
    assert staged(workspace, "outcome", "subject, period_end, CAST(quantity AS INTEGER)") == DUE
    told = [each for part in imports(workspace) for each in part.files]
    assert {each.file: (each.read, each.kept, each.superseded) for each in told} == {
        f"weekly_{names[0]}.csv": (3, 2, 1), f"weekly_{names[1]}.csv": (3, 2, 1), f"weekly_{names[2]}.csv": (1, 1, 0),
    }  # fmt: skip
    assert quarantined(workspace) == []  # what the first had wrong of C, the second put right
