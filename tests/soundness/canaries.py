"""A company in which everything is unmistakable: no two numbers, names or words of it are alike.

Smallland with more physicians in Shore and in Valley, so that some cells are large enough to be shown; every person
has a name that nobody else has, every physician writes a quantity a week that tells who it was, every unit, topic,
site and study has a word of its own. What a visitor may know of it is worked out here from the raw rows by the policy's
sentences, and by none of the product's code.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.people import People
from data.workspace import Workspace
from metrics.build import build
from tests import smallland
from tests.smallland import ANCHOR, AS_OF, WEEKS

PATHS = {
    "SM_N1a": ("SM", "SM_N", "SM_N1"), "SM_N1b": ("SM", "SM_N", "SM_N1"), "SM_S1a": ("SM", "SM_S", "SM_S1"),
    "SM_S": ("SM", "SM_S"), "": ("SM",),
}  # fmt: skip
WORDS = {
    "SM_N": "Nordquill", "SM_S": "Sudquill", "SM_N1": "Lakequill", "SM_S1": "Hillquill",
    "SM_N1a": "Shorequill", "SM_N1b": "Islequill", "SM_S1a": "Valequill",
    "S1": "Studyquill One", "S2": "Studyquill Two",
}  # fmt: skip
OPTED_OUT = "H03"
WINDOWS = {"C4W": 4, "C13W": 13, "R52": 52}
VISITORS: dict[str, dict[str, Any]] = {
    "leader": {"role": "national_leader", "hierarchy": "field", "node": "SM"},
    "brand": {"role": "brand_lead", "hierarchy": "field", "node": "SM"},
    "region": {"role": "regional_director", "hierarchy": "field", "node": "SM_N"},
    "district": {"role": "district_manager", "hierarchy": "field", "node": "SM_N1"},
    "rep": {"role": "rep", "hierarchy": "field", "node": "SM_N1a"},
    "other_rep": {"role": "rep", "hierarchy": "field", "node": "SM_S1a"},
    "msl": {"role": "msl", "hierarchy": "medical", "node": "ME_R1"},
    "meddir": {"role": "medical_director", "hierarchy": "medical", "node": "ME"},
    "site": {"role": "site_manager", "hierarchy": "study", "node": "S1", "studies": ["S1"]},
    "steward": {"role": "steward", "hierarchy": "field"},
}


@dataclass
class Company:
    """The raw truth: where each physician stands, what each writes a week of alfa, and what each is called."""

    territory: dict[str, str] = field(default_factory=dict)
    weekly: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def below(self, node: str) -> set[str]:
        """The physicians who stand at a node or below it."""
        return {hcp for hcp, at in self.territory.items() if node in (at, *PATHS[at])}


@dataclass(frozen=True)
class Secrets:
    """What must not reach one visitor: words as they are, numbers as they would be written."""

    words: frozenset[str]
    numbers: frozenset[int]


@lru_cache(maxsize=1)
def company() -> Company:
    """The same company every time."""
    dice, made = random.Random(20261113), Company()
    for hcp in smallland.HCPS:
        made.territory[hcp] = smallland.TERRITORY.get(hcp, "")
    for node, many in (("SM_N1a", 22), ("SM_S1a", 18)):
        made.territory |= {f"{node[-2]}{node[-1]}{k:02d}": node for k in range(many)}
    amounts = dice.sample(range(3011, 9973), len(made.territory))
    for hcp, amount in zip(made.territory, amounts, strict=True):
        made.weekly[hcp] = amount
        made.names[hcp] = f"Dr {dice.choice('ABCDE')}. Canary{hcp}"
    made.names |= {f"U{k:02d}": f"Worker CanaryU{k:02d}" for k in range(1, 9)}
    return made


def rows(made: Company) -> smallland.Rows:
    """The staged rows: Smallland's, with this company's words and quantities."""
    found = smallland.smallland()
    for hcp, node in made.territory.items():
        if hcp not in smallland.HCPS:
            found["party"].append({"party": hcp, "kind": "hcp", "specialty": "family", "access": "open"})
            found["alignment"].append(
                {"subject_kind": "hcp", "subject": hcp, "hierarchy": "field", "node": node, "team": "core",
                 "from_date": date(2025, 1, 1)}
            )  # fmt: skip
    for node in found["node"]:
        node["name"] = WORDS.get(node["node"], node["name"])
    found["outcome"] = [
        {"subject_kind": "hcp", "subject": hcp, "product": product, "nrx": 0, "period_start": end - timedelta(days=6),
         "period_end": end, "quantity": amount if product == "alfa" else 50000}
        for hcp, amount in made.weekly.items() for product in ("alfa", "rival") for end in WEEKS
    ]  # fmt: skip
    for table in ("exchange", "insight", "inquiry"):
        for row in found[table]:
            row["topic"] = f"Topicquill{row['topic']}"
    for party in found["party"]:
        if party["kind"] == "site":
            party["label"] = f"Sitequill {party['party']}"
    for study in found["study"]:
        study["name"] = WORDS[study["study"]]
    return found


def home(path: Path) -> Workspace:
    """The company's workspace, built, with its visitors; a demo, so that an address may name one."""
    made = company()
    workspace = Workspace.create(path, kind="demo")
    smallland.stage(workspace, rows(made))
    build(workspace, AS_OF)
    persons = [(id, "user" if id[0] == "U" else "hcp", name, None, None, None) for id, name in made.names.items()]
    People(workspace.people_path).settle(persons, [])
    blocks = []
    for id, told in VISITORS.items():
        values = {"id": id, "name": f"Visitor {id}", **told}
        blocks.append("[[visitor]]\n" + "\n".join(f"{key} = {value!r}" for key, value in values.items()))
    workspace.visitors_path.write_text("\n\n".join(blocks).replace("'", '"'), encoding="utf-8")
    return workspace


def _sums(made: Company, people: set[str]) -> Iterator[int]:
    """What a group writes of alfa over each window: every week is alike, so that only the number of weeks counts."""
    for weeks in (1, *WINDOWS.values(), 7, 46):  # QTD has 7 weeks, YTD 46
        yield weeks * sum(made.weekly[hcp] for hcp in people)


@lru_cache(maxsize=32)
def secrets(visitor: str) -> Secrets:
    """What must not reach a visitor, from the raw company and the sentences of the policy."""
    made, told = company(), VISITORS[visitor]
    role, node = told["role"], told.get("node", "SM")
    everybody, units = set(made.territory), {"SM_N", "SM_S", "SM_N1", "SM_S1", "SM_N1a", "SM_N1b", "SM_S1a"}
    rows_of = _rows_of(made, role, node)
    words = {made.names[hcp] for hcp in everybody - _persons_of(made, role, node)}
    numbers = {each for hcp in everybody - rows_of for each in _sums(made, {hcp})}
    if role in ("district_manager", "rep"):  # opt-outs are outside every number, totals too
        within = [made.below(unit) for unit in units | {"SM"} if OPTED_OUT in made.below(unit)]
        numbers |= {each for group in within for each in _sums(made, group)}
    if role in ("national_leader", "brand_lead"):  # a cell of one to ten physicians
        small = [made.below(unit) for unit in units if 0 < len(made.below(unit)) < 11]
        numbers |= {each for group in small for each in _sums(made, group)}
    if role in ("msl", "medical_director", "site_manager"):  # no prescription of anybody
        groups = [made.below(unit) for unit in units | {"SM"}]
        numbers |= {each for group in groups for each in _sums(made, group)}
    if role in ("regional_director", "district_manager", "rep"):
        outside = {unit for unit in units if node not in (unit, *_path(unit)) and unit not in _path(node)}
        words |= {WORDS[unit] for unit in outside} | outside
        numbers |= {
            each for unit in units - {node} if node not in _path(unit) for each in _sums(made, made.below(unit))
        }
    return Secrets(frozenset(words | _other_words(role)), frozenset(numbers - _allowed(made, role, node)))


def of_both(one: str, other: str) -> Secrets:
    """What must not reach somebody who looks through another's eyes: what either may not know."""
    mine, theirs = secrets(one), secrets(other)
    return Secrets(mine.words | theirs.words, mine.numbers | theirs.numbers)


@lru_cache(maxsize=1)
def of_everybody() -> Secrets:
    """What must not reach a stranger, a log, or a command that has no business with the company's rows: all of it."""
    made = company()
    groups = [*({hcp} for hcp in made.territory), *(made.below(unit) for unit in (*WORDS, "SM"))]
    words = frozenset((*made.names.values(), *WORDS.values(), "Topicquill", "Sitequill"))
    return Secrets(words, frozenset(each for group in groups for each in _sums(made, group)) - {0})


@lru_cache(maxsize=1)
def of_persons() -> Secrets:
    """What no list, report or finding may say of anybody: who it is."""
    return Secrets(frozenset(company().names.values()), frozenset())


def _rows_of(made: Company, role: str, node: str) -> set[str]:
    """Whose prescriptions the role sees one by one."""
    if role == "steward":
        return set(made.territory)
    own = role in ("regional_director", "district_manager", "rep")
    return made.below(node) - {OPTED_OUT} if own else set()


def _persons_of(made: Company, role: str, node: str) -> set[str]:
    """Whom the role sees by name: the own ones; targets everybody whose role may see targets row by row."""
    if role in ("regional_director", "district_manager", "rep"):
        return made.below(node)
    if role == "msl":
        return {hcp for hcp, at in smallland.MSL_TERRITORY.items() if at == node}
    return set() if role == "site_manager" else set(made.territory)


def _other_words(role: str) -> set[str]:
    """Words of the other side of the wall, and of sites that the role sees none of, or not one by one."""
    medical = role in ("msl", "medical_director")
    found = set() if medical else {"TopicquillT1", "TopicquillT2"}
    sites = {f"Sitequill {site}" for site in smallland.SITES}
    if role in ("national_leader", "brand_lead", "regional_director", "district_manager", "rep"):
        found |= sites
    if role == "site_manager":
        found |= {"Sitequill S2-01", "Studyquill Two"}
    if role == "msl":
        found |= {"Sitequill S1-03", "Sitequill S2-01"}
    return found


def _allowed(made: Company, role: str, node: str) -> set[int]:
    """Numbers that the visitor sees by right, should one of them happen to be a secret's too."""
    if role in ("msl", "medical_director", "site_manager"):
        return set()
    units = [unit for unit in (*WORDS, "SM") if unit.startswith("SM") and (unit == node or node in _path(unit))]
    masked = {OPTED_OUT} if role in ("district_manager", "rep") else set()
    large = [made.below(unit) - masked for unit in units]
    least = 11 if role in ("national_leader", "brand_lead") else 1
    return {each for group in large if len(group) >= least for each in _sums(made, group)}


def _path(unit: str) -> tuple[str, ...]:
    return {"SM_N": ("SM",), "SM_S": ("SM",), "SM_N1": ("SM", "SM_N"), "SM_S1": ("SM", "SM_S"), "SM": ()}.get(
        unit, PATHS.get(unit, ())
    )


__all__ = [
    "ANCHOR", "VISITORS", "Company", "Secrets", "company", "home", "of_both", "of_everybody", "of_persons", "secrets",
]  # fmt: skip
