"""Who may look in, by the identity that a provider vouches for: granted and revoked, line by line, nothing erased."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Date, DateTime, Integer, MetaData, String, Table, func, select
from sqlalchemy.schema import CreateIndex, CreateTable, Index

from data.entitled_days import Days
from data.errors import BadInput
from data.ledger import Ledger
from data.store import moment

_GROUP = "groups of "
_SCHEMA = MetaData()
_ENTITLEMENT = Table(
    "entitlement",
    _SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("issuer", String(300), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("role", String(100)),
    Column("hierarchy", String(200)),
    Column("node", String(200)),
    Column("team", String(200)),
    Column("studies", String(2000), nullable=False),
    Column("from_date", Date),
    Column("to_date", Date),
    Column("label", String(200), nullable=False),
    Column("reason", String(500), nullable=False),
)
_KNOCK = Table(
    "knock",
    _SCHEMA,
    Column("person", String(100), primary_key=True),
    Column("issuer", String(300), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("at", DateTime, nullable=False),
)
_BY_PERSON = Index("entitlement_person", _ENTITLEMENT.c.issuer, _ENTITLEMENT.c.subject)


# Before the opaque id of an account that was named after somebody who was erased.
ERASED = "erased:"


def same_issuer(issuer: str) -> str:
    """An issuer as it is compared: providers disagree about the last slash."""
    return issuer.strip().rstrip("/")


def group_issuer(issuer: str) -> str:
    """Under which name the lines about a provider's groups stand: no person has it, whatever their provider says."""
    return f"{_GROUP}{same_issuer(issuer)}"


def person_id(issuer: str, subject: str) -> str:
    """The opaque id of a person whom a provider vouches for; the same in every entitlement, line and page."""
    told = f"{same_issuer(issuer)}\n{subject}".encode()
    return f"p-{hashlib.sha256(told).hexdigest()[:16]}"


@dataclass(frozen=True, kw_only=True)
class Knock:
    """Somebody who signed in and had no place: under which number they were told to ask, and when last."""

    person: str
    issuer: str
    subject: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Entitlement:
    """What one person, or everybody in a group, may look in as: a role, standing at a node, for a span of days.

    `role` is None where everything was taken away. The dates are days of the calendar,
    the last one included. `label` is a note for whoever keeps the list.
    """

    issuer: str
    subject: str
    role: str | None
    hierarchy: str | None = None
    node: str | None = None
    team: str | None = None
    studies: tuple[str, ...] = ()
    from_date: date | None = None
    to_date: date | None = None
    label: str = ""
    reason: str = ""
    at: datetime | None = None

    @property
    def person(self) -> str:
        """The opaque id of the person; of an account that was named after an erased person, the one it had."""
        if self.subject.startswith(ERASED):
            return self.subject.removeprefix(ERASED)
        return person_id(self.issuer, self.subject)

    @property
    def of_a_group(self) -> bool:
        """Whether it speaks of a group of the provider: then `subject` is the group's name."""
        return self.issuer.startswith(_GROUP)

    def in_force(self, day: date) -> bool:
        """Whether it lets its person in on that day."""
        begun = self.from_date is None or self.from_date <= day
        return self.role is not None and begun and (self.to_date is None or day <= self.to_date)


class Entitlements:
    """The entitlements of a workspace, in the ledger's store. Of each day the latest line is what holds."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._store = ledger, ledger.store
        self._store.set_up(_make)

    def grant(self, entitlement: Entitlement, by: str) -> None:
        """Let a person in on its days, and end from the first on what held before, with its line of the audit.

        Raises BadInput without a person, a role or a reason.
        """
        if not entitlement.role:
            raise BadInput("an entitlement needs a role", where=entitlement.subject, todo="Name one with --role.")
        self._write(entitlement, by, "grant")

    def revoke(self, issuer: str, subject: str, reason: str, by: str) -> None:
        """Take everything from a person, whatever a group would give. Raises BadInput without a reason."""
        self._write(Entitlement(issuer=issuer, subject=subject, role=None, reason=reason), by, "revoke")

    def of(self, issuer: str, subject: str) -> Days:
        """What holds for a person, day by day; no span at all where nobody has ever said anything about them."""
        asked = (
            select(_ENTITLEMENT)
            .where(_ENTITLEMENT.c.issuer == same_issuer(issuer), _ENTITLEMENT.c.subject == subject)
            .order_by(_ENTITLEMENT.c.id)
        )
        return Days.of(self._read(asked))

    def everybody(self, issuer: str | None = None) -> dict[tuple[str, str], Days]:
        """What holds for everybody of whom something was said, or for those of one issuer, by issuer and subject."""
        asked = select(_ENTITLEMENT).order_by(_ENTITLEMENT.c.id)
        lines: dict[tuple[str, str], list[Entitlement]] = {}
        for line in self._read(asked if issuer is None else asked.where(_ENTITLEMENT.c.issuer == same_issuer(issuer))):
            lines.setdefault((line.issuer, line.subject), []).append(line)
        return {who: Days.of(told) for who, told in lines.items()}

    def all(self) -> tuple[Entitlement, ...]:
        """Every span of everybody of whom something was said, person by person."""
        return tuple(span for days in self.everybody().values() for span in days.spans)

    def version(self) -> int:
        """A number that grows with every line: what was read under it still holds while it stands."""
        with self._store.reading() as connection:
            return int(connection.execute(select(func.max(_ENTITLEMENT.c.id))).scalar() or 0)

    def forget(self, theirs: Callable[[str], bool], by: str) -> int:
        """Take out what names somebody who is erased, and end each account that is named after them; how many lines.

        Labels and reasons are emptied. An account under a name or an address of theirs goes on under its opaque id, so
        that who looked at what stays provable, and lets nobody in. An account under an id of the provider stays.
        """
        with self._store.reading() as connection:
            known = connection.execute(select(_ENTITLEMENT.c.issuer, _ENTITLEMENT.c.subject).distinct()).all()
        for issuer, subject in sorted((each.issuer, each.subject) for each in known if theirs(each.subject)):
            self.revoke(issuer, subject, "erased", by)
        with self._store.writing() as connection:
            found = [
                (line["id"], _unnamed(line, theirs)) for line in connection.execute(select(_ENTITLEMENT)).mappings()
            ]
            named = [(id, change) for id, change in found if change]
            for id, change in named:
                connection.execute(_ENTITLEMENT.update().where(_ENTITLEMENT.c.id == id).values(**change))
            knocks = [each.person for each in connection.execute(select(_KNOCK)).all() if theirs(each.subject)]
            for person in knocks:
                connection.execute(_KNOCK.delete().where(_KNOCK.c.person == person))
        return len(named) + len(knocks)

    def turned_away(self, issuer: str, subject: str) -> None:
        """Note that a person without a place knocked, so that the number they were told finds them."""
        person, now = person_id(issuer, subject), moment()
        with self._store.writing() as connection:
            connection.execute(_KNOCK.delete().where(_KNOCK.c.person == person))
            told = {"person": person, "issuer": same_issuer(issuer), "subject": subject}
            connection.execute(_KNOCK.insert().values(**told, at=now))

    def knocks(self) -> tuple[Knock, ...]:
        """Everybody who knocked and had no place, the last one first."""
        with self._store.reading() as connection:
            rows = connection.execute(select(_KNOCK).order_by(_KNOCK.c.at.desc())).mappings().all()
        return tuple(Knock(**row) for row in rows)

    def _write(self, entitlement: Entitlement, by: str, action: str) -> None:
        if not (entitlement.issuer.strip() and entitlement.subject.strip()):
            raise BadInput("a person is an issuer and a subject", todo="Name both with --issuer and --subject.")
        if not entitlement.reason.strip():
            raise BadInput("a reason is missing", where=entitlement.subject, todo="Say why with --reason.")
        line = {name: getattr(entitlement, name) for name in _COPIED}
        line |= {"issuer": same_issuer(entitlement.issuer), "studies": json.dumps(entitlement.studies), "at": moment()}
        self._ledger.write_audit(
            who=by, role=by, did="entitlement", object=entitlement.person, scope=entitlement.node or "",
            hierarchy=entitlement.hierarchy or "", rows=1, filters={"action": action}, reason=entitlement.reason,
            acting_role=entitlement.role or "",
            also=lambda connection: connection.execute(_ENTITLEMENT.insert(), line),
        )  # fmt: skip

    def _read(self, asked: Any) -> list[Entitlement]:
        with self._store.reading() as connection:
            rows = connection.execute(asked).mappings().all()
        return [
            Entitlement(**{name: row[name] for name in (*_COPIED, "issuer", "at")}, studies=tuple(_studies(row)))
            for row in rows
        ]


def _make(connection: Connection) -> None:
    for table in _SCHEMA.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
    connection.execute(CreateIndex(_BY_PERSON, if_not_exists=True))


def _unnamed(line: Any, theirs: Callable[[str], bool]) -> dict[str, str]:
    """What a line says instead of what named an erased person."""
    found = {"label": ""} if theirs(line["label"]) else {}
    found |= {"reason": "erased"} if theirs(line["reason"]) else {}
    own = {"subject": f"{ERASED}{person_id(line['issuer'], line['subject'])}"} if theirs(line["subject"]) else {}
    return found | own


_COPIED = ("subject", "role", "hierarchy", "node", "team", "from_date", "to_date", "label", "reason")


def _studies(row: Any) -> list[str]:
    return [str(each) for each in json.loads(row["studies"])]
