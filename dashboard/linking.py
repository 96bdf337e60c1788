"""What the command line shows and writes down about records that may be one person."""

from __future__ import annotations

from pathlib import Path

from dashboard.printout import Form, Printout
from data.linkage import decisions
from data.people import Linked, People
from data.workspace import Workspace

PAIRS = ("pair", "likely", "one", "other", "because")
FATES = ("pair", "fate", "likely", "one", "other", "because", "who", "reason")
_WAITS = "review"
_SAID = {
    "accepted": "They are one person from the next build on: `onepicture build`.",
    "refused": "They are two persons from the next build on, and stay so: `onepicture build`.",
}


def waiting(home: Path, form: Form) -> str:
    """The pairs that wait for a decision."""
    workspace = Workspace.open(home)
    decided = decisions.in_force(workspace)
    pairs = [each for each in _links(workspace) if each.fate == _WAITS and each.link not in decided]
    rows = [(each.link, _share(each), each.one_told, each.other_told, each.because) for each in pairs]
    notes = (f"{len(rows):,} pairs wait. Decide with `onepicture link accept PAIR` or `link refuse PAIR`.",)
    return Printout(columns=PAIRS, rows=rows, notes=notes).written(form)


def listed(home: Path, form: Form) -> str:
    """Every pair with its fate, and the last decision about it."""
    workspace = Workspace.open(home)
    last = {each.link: each for each in decisions.decisions(workspace)}
    rows = []
    for each in _links(workspace):
        said = last.get(each.link)
        why = (said.who, said.reason) if said else (None, None)
        fate = said.decision if said else each.fate
        rows.append((each.link, fate, _share(each), each.one_told, each.other_told, each.because, *why))
    return Printout(columns=FATES, rows=rows).written(form)


def decided(home: Path, pair: str, decision: str, who: str, reason: str) -> str:
    """Write a decision down; says who it was about."""
    link = decisions.decide(Workspace.open(home), pair, decision, who=who, reason=reason)
    return f"{link.link}: {link.one_told} | {link.other_told}\n{_SAID[decision]}\n"


def _links(workspace: Workspace) -> tuple[Linked, ...]:
    return People(workspace.people_path).links()


def _share(link: Linked) -> str:
    """How likely, never rounded up to certainty."""
    return f"{min(link.probability, 0.9999):.2%}"
