"""How a team stands: each territory's reach, frequency, attainment and evolution, against its peers and its own noise.

It reads answers that were granted, and nothing else: what a visitor may not know of a territory is not judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from scipy.stats import t as student

from metrics.reading import Reading
from metrics.signals import noise, peers
from metrics.signals.fdr import benjamini_hochberg

ASKED = (
    "reach", "frequency", "call_plan_attainment", "evolution_index", "calls_per_day", "targets", "planned_calls",
    "capped_calls", "field_days", "market_trx",
)  # fmt: skip
LINED = ("share",)
# What a place of the quadrant asks of whoever coaches: effort against the middle, then result against the middle.
QUADRANTS = {(True, True): "share", (True, False): "content", (False, True): "plan", (False, False): "effort"}
GAINING, LOSING, LEVEL, UNKNOWN = "gaining", "losing", "level", "unknown"
AWAY = "away"
_NONE = ("unknown",)  # nothing was recorded, as against something that is withheld
_PRESENT = 0.5  # the part of the usual days in the field below which effort says nothing of the person
_FREEDOM = 0.62  # degrees of freedom of a moving range, for each of its ranges (Wheeler 1995, Advanced Topics in SPC)


@dataclass(frozen=True, kw_only=True)
class Member:
    """One territory of the team.

    `effort` says how its calls within plan stand to its peers' (above, below, within, too few, unknown, or away where
    nobody was in the field for half of the usual days), `result` how its share moved (gaining, losing, level or
    unknown), `peers` what attainment its peers make likely, `quadrant` where it lies, "" where one of both is unknown.
    `reasons` says why a number is not known, in the rule's own words.
    """

    node: str
    name: str
    numbers: Mapping[str, float | None]
    reasons: Mapping[str, str]
    effort: str
    result: str
    peers: float | None
    quadrant: str

    @property
    def stands_out(self) -> bool:
        """Whether anything about it is beyond chance."""
        return self.effort in (peers.ABOVE, peers.BELOW) or self.result in (GAINING, LOSING)

    @property
    def concern(self) -> bool:
        """Whether something about it is worse, beyond chance."""
        return self.effort == peers.BELOW or self.result == LOSING


@dataclass(frozen=True, kw_only=True)
class Team:
    """The members, those that ask for most first, and the middle of attainment and evolution."""

    members: tuple[Member, ...]
    attainment: float | None
    evolution: float | None

    def of(self, quadrant: str) -> tuple[Member, ...]:
        """The members in a place of the quadrant, those that stand out first."""
        return tuple(each for each in self.members if each.quadrant == quadrant)


def team(now: Reading, lines: Reading, length: int) -> Team:
    """The team of an answer by territory; `lines` has the share's last periods, `length` of them make a window."""
    nodes = [node for node in now.nodes if not node.endswith("~unaligned")]
    numbers = {node: {metric: now.now(metric, node) for metric in ASKED} for node in nodes}
    empty = {node for node in nodes if now.reason("field_days", node) in _NONE}
    effort, expected = _effort(numbers, empty)
    result = _result(nodes, lines, length)
    both = [
        node for node in nodes
        if effort[node] not in (AWAY, UNKNOWN) and numbers[node]["evolution_index"] is not None
    ]  # fmt: skip
    attained, evolved = (_middle(metric, both, numbers) for metric in ("call_plan_attainment", "evolution_index"))
    members = [
        Member(
            node=node,
            name=now.name(node),
            numbers=numbers[node],
            reasons=_reasons(now, lines, node),
            effort=effort[node],
            result=result[node],
            peers=expected.get(node),
            quadrant=_quadrant(numbers[node], attained, evolved) if node in both else "",
        )
        for node in nodes
    ]
    return Team(members=tuple(sorted(members, key=_order)), attainment=attained, evolution=evolved)


def _reasons(now: Reading, lines: Reading, node: str) -> dict[str, str]:
    """Why the numbers of a territory that are not known are not."""
    said = {metric: now.reason(metric, node) for metric in ASKED if now.now(metric, node) is None}
    return said | {metric: lines.reason(metric, node) for metric in LINED if None in lines.line(metric, node)}


def _middle(metric: str, nodes: Sequence[str], numbers: Mapping[str, Mapping[str, float | None]]) -> float | None:
    known = [value for node in nodes if (value := numbers[node][metric]) is not None]
    return float(median(known)) if known else None


def _quadrant(own: Mapping[str, float | None], attained: float | None, evolved: float | None) -> str:
    if attained is None or evolved is None:
        return ""
    return QUADRANTS[(own["call_plan_attainment"] or 0.0) >= attained, (own["evolution_index"] or 0.0) >= evolved]


def _effort(
    numbers: Mapping[str, Mapping[str, float | None]], empty: Collection[str]
) -> tuple[dict[str, str], dict[str, float]]:
    """Each territory's verdict, and the attainment in percent that its peers make likely. `empty` had no day at all."""
    usual = [own["field_days"] for own in numbers.values() if own["field_days"]]
    least = _PRESENT * median(usual) if usual else 0.0
    said, compared = {}, []
    for node, own in numbers.items():
        days = 0.0 if node in empty else own["field_days"]
        if usual and days is not None and days < least:
            said[node] = AWAY
        elif own["call_plan_attainment"] is None or own["capped_calls"] is None or not own["planned_calls"]:
            said[node] = UNKNOWN
        else:
            compared.append(node)
    found = peers.judged(
        [numbers[node]["capped_calls"] or 0.0 for node in compared],
        [numbers[node]["planned_calls"] or 0.0 for node in compared],
        [numbers[node]["market_trx"] for node in compared],
    )
    expected = {}
    for node, peer in zip(compared, found, strict=True):
        said[node] = peer.verdict
        if peer.verdict != peers.TOO_FEW:
            expected[node] = 100.0 * peer.expected / (numbers[node]["planned_calls"] or 1.0)
    return said, expected


def _result(nodes: Sequence[str], lines: Reading, length: int) -> dict[str, str]:
    """Whether each territory's share moved beyond its own noise; unknown where the window has no fixed length."""
    known = set(lines.nodes)
    steps = [noise.step(lines.line("share", node), length) if node in known else None for node in nodes]
    p = [
        np.nan if found is None or found[1] <= 0
        else 2.0 * float(student.sf(abs(found[0]) / found[1], _FREEDOM * 2 * (length - 1)))
        for found in steps
    ]  # fmt: skip
    believed = benjamini_hochberg(p)
    words = {}
    for node, found, chance, sure in zip(nodes, steps, p, believed, strict=True):
        if found is None or np.isnan(chance):
            words[node] = UNKNOWN
        else:
            words[node] = (GAINING if found[0] > 0 else LOSING) if sure else LEVEL
    return words


def _order(member: Member) -> tuple[bool, bool, float, str]:
    """Who asks for coaching first: worse beyond chance, then whoever stands out, then by attainment."""
    attained = member.numbers["call_plan_attainment"]
    return not member.concern, not member.stands_out, attained if attained is not None else 1e9, member.name
