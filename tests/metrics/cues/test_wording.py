"""Numbers and days in words."""

from __future__ import annotations

from datetime import date, datetime

from metrics.cues import wording


def test_words() -> None:
    assert wording.day(date(2026, 9, 8)) == "8 Sep"
    assert wording.moment(datetime(2026, 11, 23, 14, 5)) == "Mon 23 Nov 14:05"
    assert [wording.count(n, "call") for n in (0, 1, 4, 1240)] == ["0 calls", "1 call", "4 calls", "1,240 calls"]
    assert [wording.ago(n) for n in (1, 13, 14, 45)] == ["1 day", "13 days", "2 weeks", "6 weeks"]
    assert [wording.change(r) for r in (1.0, 1.041, 0.85)] == ["level", "+4 %", "\u221215 %"]
    assert wording.signed(-1200) == "\u22121,200"
    assert wording.share(0.711) == "71 %"
    assert [wording.every_weeks(d) for d in (5, 20)] == ["every week", "every 3 weeks"]
    assert [wording.cut("Erectile dysfunction", n) for n in (20, 16, 5)] == [
        "Erectile dysfunction",
        "Erectile",
        "Erect",
    ]
