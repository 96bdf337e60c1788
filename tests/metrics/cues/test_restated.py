"""week_restated: what the import noticed, from two per cent on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from metrics.cues.restated import week_restated
from metrics.cues.scene import Scene

Put = Callable[..., None]
COLUMNS = ["position", "code", "severity", "what", "where", "todo", "rows"]


def noticed(put: Put, change: str, code: str = "period_restated") -> None:
    what = f"the period ending 2026-09-18 was restated by {change} % against the delivery before"
    put("finding", COLUMNS, [[1, code, "warning", what, "mapping rx", "Ask why.", 8733]])


def test_said_to_the_steward_and_the_brand_lead(land: Scene, put: Put) -> None:
    noticed(put, "+6.7")
    steward, brand = week_restated(land)
    assert (steward.role, steward.node, steward.subject, steward.thing) == ("steward", "", "mapping rx", "2026-09-18")
    assert (brand.role, brand.hierarchy, brand.node) == ("brand_lead", "f", "N")
    assert steward.headline == "The period to 18 Sep 2026 was restated by +6.7 %"
    assert steward.reasons == (
        "8,733 rows of it say something else than the delivery before",
        "It ends 8 weeks before the last period, so it stands in trends and comparisons",
        "1 period of mapping rx changed by 2 % or more",
    )
    assert steward.worth == (6.7, 6.7)


def test_less_is_less(land: Scene, put: Put) -> None:
    noticed(put, "-6.0")
    assert next(week_restated(land)).headline == "The period to 18 Sep 2026 was restated by \u22126.0 %"


@pytest.mark.parametrize(("change", "code"), [("+1.9", "period_restated"), ("+6.7", "restated")])
def test_otherwise_nothing(land: Scene, put: Put, change: str, code: str) -> None:
    noticed(put, change, code)
    assert list(week_restated(land)) == []
