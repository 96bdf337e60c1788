"""policy.toml is read whole or refused in words: what, where, what to do."""

from __future__ import annotations

from datetime import date

import pytest

from data.errors import BadInput
from metrics.policy import DECLARED, Change
from metrics.policy_file import read, written
from metrics.policy_limits import LIMITS, limits_of

WIDER = {"role": "regional_director", "sensitivity": "media_exposure", "from": "A", "to": "Y", "who": "W"}
REASON = {"reason": "a pilot"}


def _text(*blocks: dict[str, object]) -> str:
    lines = []
    for block in blocks:
        lines.append("[[change]]")
        lines += [f"{name} = {value if isinstance(value, int) else repr(value)}" for name, value in block.items()]
        lines += [] if "day" in block else ["day = 2026-11-22"]
    return "\n".join(lines)


def test_a_file_with_no_change_is_the_declared_grid() -> None:
    assert read("").digest == DECLARED.digest


def test_a_change_with_its_reason_is_made() -> None:
    policy = read(_text(WIDER | REASON), number=4)
    assert policy.told(("regional_director", "media_exposure")) == "Y"
    assert policy.version.startswith("4-") and policy.changes[0].reason == "a pilot"


def test_narrowing_needs_no_reason() -> None:
    policy = read(_text({**WIDER, "to": "A from second"}, {**WIDER, "sensitivity": "rx", "from": "Y", "to": "N"}))
    assert policy.roles["regional_director"].grant("rx").how == "N"


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (WIDER, "opens something and gives no reason"),
        (WIDER | {"reason": "   "}, "opens something and gives no reason"),
        (WIDER | REASON | {"role": "director"}, 'no role "director"'),
        (WIDER | REASON | {"sensitivity": "media"}, "no sensitivity"),
        (WIDER | REASON | {"from": "N"}, 'declared as "A", not "N"'),
        (WIDER | REASON | {"to": "A"}, "stays what it is"),
        (WIDER | REASON | {"to": "X"}, 'grant "X" is unknown'),
        (WIDER | REASON | {"to": "A from fifth"}, 'no floor "fifth"'),
        (WIDER | REASON | {"to": "Y from second"}, "no floor"),
        (WIDER | REASON | {"who": ""}, "it has no who"),
        (WIDER | REASON | {"day": "yesterday"}, "day is no date"),
        (WIDER | REASON | {"why": "x"}, '"why" is unknown'),
        ({**WIDER, **REASON, "role": "everybody", "sensitivity": "small_cell", "from": 11, "to": 5}, "cannot become"),
        ({**WIDER, **REASON, "role": "everybody", "sensitivity": "small_cell", "from": 11, "to": "20"}, "no number"),
        ({**WIDER, **REASON, "role": "everybody", "sensitivity": "rx", "from": "A", "to": "Y"}, "no sensitivity"),
    ],
)
def test_a_change_that_is_none_is_refused_in_words(block: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        read(_text(block))
    assert "policy.toml" in str(refused.value) and refused.value.todo


def test_no_cell_is_changed_twice() -> None:
    with pytest.raises(BadInput, match="as change 1 does"):
        read(_text(WIDER | REASON, WIDER | {"to": "N"}))


@pytest.mark.parametrize("text", ["[[change", "change = 3", "x = 1", "[[change]]\nrole = 1", "a" * 300_000])
def test_a_text_that_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read(text)


def test_no_hard_limit_can_be_moved_whatever_the_reason() -> None:
    """Every limit, for every role it names: one step beyond is refused with the public source in the words."""
    tried = 0
    for limit in LIMITS:
        for role in limit.roles:
            cell = (role, limit.sensitivity)
            beyond = {"pdrp": ("totals", "shown"), "small_cell": (10, 1)}.get(limit.sensitivity, ("Y", "A", "E"))
            for to in beyond:
                if limit.kept(cell, str(to)) or str(to) == DECLARED.told(cell):
                    continue
                declared = DECLARED.told(cell)
                block = {
                    "role": role, "sensitivity": limit.sensitivity, "to": to, "who": "W", "reason": "because",
                    "from": int(declared) if limit.sensitivity == "small_cell" else declared,
                }  # fmt: skip
                with pytest.raises(BadInput, match="cannot become") as refused:
                    read(_text(block))
                assert any(each.source in str(refused.value) for each in limits_of(cell))
                tried += 1
    assert tried > 40


def test_what_is_written_reads_as_it_was() -> None:
    change = Change(
        role="regional_director", sensitivity="media_exposure", was="A", to="Y", who='A "B" \\ C', day=date(2026, 1, 2),
        reason="ünï\u2028code",
    )  # fmt: skip
    k = Change(role="everybody", sensitivity="small_cell", was="11", to="20", who="P", day=date(2026, 1, 2))
    policy = read(written((change, k)))
    assert policy.least == 20 and policy.changes[0].who == 'A "B" \\ C'
