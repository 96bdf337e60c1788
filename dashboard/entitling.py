"""What the command line does with entitlements: grant and revoke with a reason, and list who stands where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.printout import Form, Printout
from dashboard.progress import say
from dashboard.provider import provider
from dashboard.question import find_node
from data.entitlements import Entitlement, Entitlements, group_issuer, person_id, same_issuer
from data.errors import WrongQuestion, did_you_mean
from data.ledger import Ledger
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics.access import may_enter
from metrics.catalog.roles import ROLES
from metrics.grid import Role
from metrics.query import Visitor

WHERE = "onepicture entitle"
OPERATOR = "operator"
LISTED = (
    "person", "issuer", "subject", "role", "hierarchy", "node", "team", "studies", "from_date", "to_date", "label",
    "since", "state",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the operator asks for a person, in the operator's own words."""

    person: str
    issuer: str | None
    role: str
    hierarchy: str | None
    node: str | None
    team: str | None
    studies: tuple[str, ...]
    from_date: date | None
    to_date: date | None
    label: str
    reason: str
    group: bool = False


def granted(home: Path, wish: Wish) -> None:
    """Let a person in. Raises WrongQuestion for a role or a place that is not, Denied for one that does not fit."""
    workspace = Workspace.open(home)
    snapshot = open_snapshot(workspace)
    entitlements = Entitlements(Ledger(workspace))
    issuer, subject = _whom(entitlements, wish.person, wish.issuer, wish.group)
    if wish.role not in ROLES:
        todo = did_you_mean(wish.role, ROLES) or f"Use one of {', '.join(ROLES)}."
        raise WrongQuestion(f'no role "{wish.role}"', where=WHERE, todo=todo)
    if wish.from_date and wish.to_date and wish.to_date < wish.from_date:
        raise WrongQuestion("the last day lies before the first", where=WHERE, todo="Correct --from or --to.")
    hierarchy, node = _place(wish, ROLES[wish.role], snapshot)
    entitlement = Entitlement(
        issuer=issuer, subject=subject, role=wish.role, hierarchy=hierarchy, node=node, team=wish.team,
        studies=wish.studies, from_date=wish.from_date, to_date=wish.to_date, label=wish.label, reason=wish.reason,
    )  # fmt: skip
    stands = Visitor(
        id=entitlement.person, role=wish.role, hierarchy=hierarchy, node=node, team=wish.team, studies=wish.studies
    )
    may_enter(stands, snapshot, hierarchy)
    entitlements.grant(entitlement, OPERATOR)
    say(f"{entitlement.person} looks as {ROLES[wish.role].title}{f' at {node}' if node else ''}{_days(wish)}.")


def revoked(home: Path, person: str, issuer: str | None, reason: str, *, group: bool = False) -> None:
    """Take everything from a person, or from a group."""
    workspace = Workspace.open(home)
    entitlements = Entitlements(Ledger(workspace))
    named, subject = _whom(entitlements, person, issuer, group)
    entitlements.revoke(named, subject, reason, OPERATOR)
    say(f"{person_id(named, subject)} looks at nothing any more; what is open ends within a minute.")


def listed(home: Path, form: Form) -> str:
    """Everybody of whom something was said, then those who knocked and are not on the list."""
    entitlements = Entitlements(Ledger(Workspace.open(home)))
    rows: list[tuple[object, ...]] = [
        (each.person, each.issuer, each.subject, each.role, each.hierarchy, each.node, each.team,
         ", ".join(each.studies), each.from_date, each.to_date, each.label, each.at,
         "granted" if each.role else "revoked")
        for each in entitlements.all()
    ]  # fmt: skip
    known = {row[0] for row in rows}
    rows += [
        (each.person, each.issuer, each.subject, *[None] * 8, each.at, "turned away")
        for each in entitlements.knocks()
        if each.person not in known
    ]
    return Printout(columns=LISTED, rows=rows).written(form)


def _whom(entitlements: Entitlements, person: str, issuer: str | None, group: bool) -> tuple[str, str]:
    """The issuer and the subject that the operator means: by the number of somebody known, or by the subject."""
    if group:
        return group_issuer(issuer or _configured()), person
    known = {each.person: (each.issuer, each.subject) for each in entitlements.knocks()}
    known |= {each.person: (each.issuer, each.subject) for each in entitlements.all()}
    if person in known:
        return known[person]
    if person.startswith("p-") and not issuer:
        todo = "`onepicture entitle list` names everybody who is known or was turned away."
        raise WrongQuestion(f'nobody has the number "{person}"', where=WHERE, todo=todo)
    if issuer:
        return same_issuer(issuer), person
    return _configured(), person


def _configured() -> str:
    """The issuer of the provider that is configured, where there is one alone."""
    configured = provider()
    if configured and len(configured.clients) == 1:
        return next(iter(configured.clients.values())).issuer
    raise WrongQuestion("it is not said who vouches for the person", where=WHERE, todo="Name the issuer with --issuer.")


def _place(wish: Wish, role: Role, snapshot: Any) -> tuple[str, str | None]:
    """The hierarchy and the node that the operator's words mean."""
    known = [each for each in snapshot.hierarchies() if each.kind in role.hierarchy_kinds]
    fitting = [each for each in known if wish.hierarchy in (None, each.id)]
    if not fitting:
        names = ", ".join(each.id for each in known) or "none that this role looks at"
        raise WrongQuestion(
            f'no hierarchy "{wish.hierarchy or ""}" for this role', where=WHERE, todo=f"Loaded: {names}."
        )
    if wish.node is None:
        return fitting[0].id, None
    try:
        node = find_node(wish.node, fitting, snapshot)
    except WrongQuestion as problem:
        raise WrongQuestion(problem.what, where=WHERE, todo=problem.todo) from None
    return node.hierarchy, node.id


def _days(wish: Wish) -> str:
    first = f" from {wish.from_date}" if wish.from_date else ""
    return f"{first}{f' to {wish.to_date}' if wish.to_date else ''}"
