"""consent_ending: within thirty days, and only of those who read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from data.errors import BadDeclaration
from metrics.cues.consent import Consents, consent_ending
from metrics.cues.declare import Cue, Lever
from metrics.cues.run import Rule, may_be_done
from metrics.cues.scene import Found, Scene
from metrics.derive.consent import STATEMENTS

Put = Callable[..., None]


@pytest.fixture
def reader(land: Scene, put: Put) -> Scene:
    """H03's e-mail consent ends on 10 December; two of three e-mails were opened."""
    put("consent", ["party", "channel", "opt", "captured", "expires"], [["H03", "email", "in", date(2025, 12, 10), date(2026, 12, 10)]])  # fmt: skip  # noqa: E501
    events = [("sent", 3), ("opened", 2), ("impression", 1)]
    columns = ["exposure", "party", "vendor", "channel", "event", "period_start", "period_end", "quantity", "tracking"]
    put("exposure", columns, [[e, "H03", "crm", "rep_email", e, date(2026, 10, 1), date(2026, 10, 1), n, True] for e, n in events])  # fmt: skip  # noqa: E501
    return land


def found(scene: Scene) -> list[Found]:
    derived(scene)
    return list(consent_ending(scene))


def derived(scene: Scene) -> None:
    """What the build makes of the consents on the day of the data."""
    scene.con.execute("DROP TABLE IF EXISTS consent_now")
    scene.con.execute("DELETE FROM build_info")
    scene.con.execute("INSERT INTO build_info VALUES (?, ?)", [scene.as_of, scene.anchor])
    for statement in STATEMENTS:
        scene.con.execute(statement)


def test_said_with_its_days(reader: Scene) -> None:
    (cue,) = found(reader)
    assert cue.headline == "{subject}: e-mail consent ends in 18 days"
    assert cue.reasons[0] == "Consent of 10 Dec 2025 ends 10 Dec, in 18 days"
    assert cue.reasons[1] == "All products: opened 2 of 3 e-mails and was shown 1 advertisement in 13 weeks"
    assert (cue.node, cue.worth, cue.due) == ("T3", (2.0, 3.0), date(2026, 12, 4))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE consent SET expires = DATE '2026-12-30'",
        "UPDATE consent SET expires = NULL",
        "UPDATE consent SET expires = DATE '2026-11-01'",
        "UPDATE consent SET opt = 'out'",
        "INSERT INTO consent (party, channel, opt, captured) VALUES ('H03', 'email', 'out', DATE '2026-11-01')",
        "INSERT INTO consent VALUES ('H03', 'email', NULL, 'in', DATE '2026-11-01', DATE '2027-11-01')",
        "UPDATE exposure SET quantity = 0 WHERE event = 'opened'",
        "UPDATE exposure SET tracking = FALSE",
        "INSERT INTO consent_rule VALUES ('H03', 'email', 'never')",
    ],
    ids=["far off", "never ends", "over", "out", "withdrawn", "renewed", "reads nothing", "not to be tracked", "never"],
)
def test_otherwise_nothing(reader: Scene, change: str) -> None:
    assert len(found(reader)) == 1
    reader.con.execute(change)
    assert found(reader) == []


IN, OUT = "in", "out"


@pytest.mark.parametrize(
    ("said", "rule", "allowed"),
    [
        ([], None, False),
        ([], "opt_in_not_required", True),
        ([], "opt_in_required", False),
        ([("2026-01-01", IN, None, None)], None, True),
        ([("2026-01-01", IN, None, None)], "never", False),
        ([("2026-01-01", IN, "ours", None)], None, True),
        ([("2026-01-01", IN, "also", None)], None, False),
        ([("2026-01-01", IN, None, None), ("2026-02-01", OUT, "ours", None)], None, False),
        ([("2026-01-01", IN, None, None), ("2026-02-01", OUT, "also", None)], None, True),
        ([("2026-02-01", OUT, None, None), ("2026-03-01", IN, "ours", None)], None, True),
        ([("2026-02-01", IN, None, None), ("2026-02-01", OUT, None, None)], None, False),
        ([("2026-02-01", OUT, None, None)], "opt_in_not_required", False),
        ([("2025-01-01", IN, None, "2026-11-26")], None, True),
        ([("2025-01-01", IN, None, "2026-11-25")], None, False),
        ([("2025-01-01", IN, None, "2026-11-21")], "opt_in_not_required", False),
        ([("2025-01-01", IN, None, "2027-01-01"), ("2026-01-01", IN, None, "2026-11-23")], None, False),
        ([("2026-02-01", IN, None, "2027-01-01"), ("2026-02-01", IN, None, "2026-11-23")], None, False),
        ([("2026-11-23", OUT, None, None), ("2026-01-01", IN, None, None)], None, True),
    ],
    ids=[
        "nothing on record", "not required", "required", "given", "given, but never", "for the product",
        "for another product", "taken back for the product", "taken back for another", "given anew", "both on one day",
        "taken back where none is required", "last day is the due day", "ends the day before", "over",
        "a later capture ends sooner", "twice on one day, one ends sooner", "captured after the day of the data",
    ],
)  # fmt: skip
def test_an_email_may_be_sent_only_where_consent_holds_on_its_day(
    land: Scene, put: Put, said: list[tuple[str, str, str | None, str | None]], rule: str | None, allowed: bool
) -> None:
    """On 26 November, about Ours: by channel and product, on the day that it is due."""
    put(
        "consent",
        ["party", "channel", "captured", "opt", "product", "expires"],
        [["H03", "email", *one] for one in said],
    )
    put("product", ["product", "name", "own"], [["also", "Also", True]])
    put("consent_rule", ["party", "channel", "rule"], [["H03", "email", rule]] if rule else [])
    derived(land)
    consents = Consents.of(land)
    assert consents.allow("H03", "email", "ours", date(2026, 11, 26)) is allowed
    assert not consents.allow("H03", "phone", "ours", date(2026, 11, 26))


def test_a_lever_that_writes_is_withheld_without_consent_on_the_due_day(land: Scene, put: Put) -> None:
    put("consent", ["party", "channel", "captured", "opt", "expires"], [["H03", "email", date(2026, 1, 1), "in", date(2026, 11, 25)]])  # fmt: skip  # noqa: E501
    derived(land)
    cue = Cue(
        name="write", title="Write", rule="A rule.", evidence="Some.", about="person", due=3, unit="mails", points=1.0,
        control=0.5, levers=(Lever(role="rep", lever="send an approved e-mail", action="Send an approved e-mail"),),
    )  # fmt: skip
    rule = Rule(cue, (), lambda scene: iter(()))
    assert "consent" in rule.classes
    consents = Consents.of(land)
    for due, may in ((date(2026, 11, 25), True), (date(2026, 11, 26), False)):
        one = Found(
            role="rep", hierarchy="field", node="T3", subject="H03", headline="", reasons=("", "", ""), comparator="",
            confidence=1, data_as_of=land.as_of, worth=(1, 1), product="ours", due=due,
        )  # fmt: skip
        assert may_be_done(land, rule, one, consents) is may


def test_an_action_that_offers_an_email_must_use_the_lever_that_asks_for_consent() -> None:
    with pytest.raises(BadDeclaration, match="offer an e-mail"):
        Lever(role="rep", lever="plan a call", action="Plan a call or an e-mail")
