"""Who is who where no id says so, against the truth: the demo company's answer key, which no build reads.

What is joined without asking must be right in 99 of 100; what a steward is shown must hold the rest.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from data.company import geography, people, taken_over
from data.identity import Person, merge, opaque
from data.people import Claim, People
from data.resolving import likened
from data.snapshot import open_snapshot
from data.workspace import Workspace

PRECISION, FOUND = 0.99, 0.6


def _claims(who: people.People, place: geography.Geography, more: taken_over.TakenOver) -> list[Claim]:
    """What the CRM's accounts say, those taken over without an NPI."""

    def account(crm: str, npi: str, first: str, last: str, specialty: str, city: int) -> Claim:
        where = (str(place.cities[city]), str(place.states[city]), str(place.zips[city]))
        return Claim(f"crm:{crm}", "hcp", npi or None, None, crm, f"{first} {last}", first, last, specialty, *where)

    known = zip(
        who.crm, who.npi, who.first, who.last, people.SPECIALTIES[who.specialty], who.city.tolist(), strict=True
    )
    late = zip(more.crm, [""] * more.crm.size, more.first, more.last, more.specialty, more.city.tolist(), strict=True)
    return [account(*map(str, each[:5]), each[5]) for each in (*known, *late)]


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_who_is_joined_without_asking_is_the_same_person(seed: int, tmp_path: Path) -> None:
    place = geography.draw_map()
    who, _ = people.populate(place, 2000, seed)
    more = taken_over.take_over(who, place, seed, np.array([], int))
    workspace = Workspace.create(tmp_path / "home", "demo")
    persons, links = likened(merge(_claims(who, place, more))[0], workspace)
    owner = {ref: person for person in persons for ref in person.refs | person.linked}
    told, shown = Counter(), {frozenset((each.one, each.other)) for each in links if each.fate == "review"}
    for crm, one in zip(more.crm.tolist(), more.person.tolist(), strict=True):
        npi = owner[f"crm:{crm}"].ids.get("npi")
        right = str(who.npi[one]) if one >= 0 else None
        if npi:
            told["joined rightly" if npi == right else "joined wrongly"] += 1
        elif right:
            pair = frozenset(opaque(_alone(ref), workspace.secret) for ref in (f"crm:{crm}", f"npi:{right}"))
            told["shown" if pair in shown else "missed"] += 1
    same = int((more.person >= 0).sum())
    assert told["joined rightly"] >= PRECISION * (told["joined rightly"] + told["joined wrongly"]), told
    assert told["joined rightly"] >= FOUND * same, told
    assert told["missed"] <= 0.02 * same, told


def _alone(ref: str) -> Person:
    """A person known by one id alone."""
    system, _, text = ref.partition(":")
    return Person(kind="hcp", ids={system: text}, refs={ref})


def test_the_demo_company_is_put_together_as_its_answer_key_says(demo_home: Path) -> None:
    workspace = Workspace.open(demo_home)
    key = json.loads((workspace.exports / "answer_key.json").read_text("utf-8"))["accounts_without_ids"]
    store = People(workspace.people_path)
    party = store.parties([f"crm:{each['crm']}" for each in key] + [f"npi:{each['npi']}" for each in key])
    joined = [each for each in key if (store.person(party[f"crm:{each['crm']}"]) or ())[3]]
    right = [each for each in joined if party[f"crm:{each['crm']}"] == party.get(f"npi:{each['npi']}")]
    assert len(right) >= PRECISION * len(joined)
    assert len(right) >= FOUND * sum(bool(each["npi"]) for each in key)
    traps = {"same_name_elsewhere", "same_name_other_specialty", "sibling", "stranger"}
    assert not [each for each in joined if each["case"] in traps]
    parties = dict(open_snapshot(workspace).rows("SELECT kind, count(*) FROM party GROUP BY kind"))
    assert parties["hcp"] == 2000 + len(key) - len(joined)


def test_no_snapshot_and_no_ledger_holds_what_was_compared(demo_home: Path) -> None:
    workspace = Workspace.open(demo_home)
    link = next(each for each in People(workspace.people_path).links() if each.fate == "joined")
    name = link.one_told.split(" · ")[0].encode()
    for path in (workspace.ledger_path, *workspace.snapshots.glob("*.duckdb"), *workspace.staged.rglob("*.parquet")):
        assert name not in path.read_bytes(), path.name
