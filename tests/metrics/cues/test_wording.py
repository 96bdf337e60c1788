"""Numbers and days in words."""

from __future__ import annotations

from datetime import date, datetime

from metrics.cues import wording
from metrics.cues.wording import english


def test_words() -> None:
    assert english(wording.day(date(2026, 9, 8))) == "8 Sep"
    assert english(wording.moment(datetime(2026, 11, 23, 14, 5))) == "Mon 23 Nov 14:05"
    assert [english(wording.count(n, "call")) for n in (0, 1, 4, 1240)] == [
        "0 calls",
        "1 call",
        "4 calls",
        "1,240 calls",
    ]
    assert [english(wording.ago(n)) for n in (1, 13, 14, 45)] == ["1 day", "13 days", "2 weeks", "6 weeks"]
    assert [english(wording.change(r)) for r in (1.0, 1.041, 0.85)] == ["level", "+4 %", "\u221215 %"]
    assert english(wording.signed(-1200)) == "\u22121,200"
    assert english(wording.share(0.711)) == "71 %"
    assert [wording.every_weeks(d) for d in (5, 20)] == ["every week", "every 3 weeks"]
    assert [wording.cut("Erectile dysfunction", n) for n in (20, 16, 5)] == [
        "Erectile dysfunction",
        "Erectile",
        "Erect",
    ]


def test_a_value_keeps_its_type_until_it_is_read() -> None:
    said = f"{{subject}}: {wording.number(1240.5, 1)} of {wording.share(0.5)}, {wording.dated(date(2026, 9, 8))}"
    assert said == "{subject}: {number:1240.5:1} of {percent:50:0}, {date:2026-09-08}"
    assert english(said) == "{subject}: 1,240.5 of 50 %, 8 Sep 2026"
    assert wording.fill(said, lambda kind, value, digits: f"<{kind} {value} {digits}>") == (
        "{subject}: <number 1240.5 1> of <percent 50 0>, <date 2026-09-08 0>"
    )
    assert english("{number:evil} {day:} {x:1}") == "{number:evil} {day:} {x:1}", "what is no value stays as it is"
