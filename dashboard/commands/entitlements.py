"""`onepicture entitle`: who of the people that a provider vouches for may look in, as what, from where, until when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from dashboard.options import FormOption, HomeOption, home_of, write
from dashboard.printout import Form

app = typer.Typer(no_args_is_help=True, help="Let in, turn away and list the people that a provider vouches for.")
IssuerOption = Annotated[
    str | None, typer.Option("--issuer", metavar="URL", help="Who vouches. Default: the provider that is configured.")
]
Subject = Annotated[
    str,
    typer.Argument(
        metavar="PERSON", help="The provider's own id of the person (sub), or the number that a refusal shows (p-...)."
    ),
]
GroupOption = Annotated[
    bool, typer.Option("--group", help="PERSON is a group that the provider names; it holds for everybody in it.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; written into the audit.")]


@app.command()
def grant(
    context: typer.Context,
    person: Subject,
    role: Annotated[str, typer.Option("--role", help="As what: rep, msl, steward ...")],
    reason: ReasonOption,
    node: Annotated[str | None, typer.Option("--node", help="Where the person stands: a node's id or name.")] = None,
    hierarchy: Annotated[str | None, typer.Option("--hierarchy", help="Default: the first of the role.")] = None,
    team: Annotated[str | None, typer.Option("--team", help="The team, where several share a place.")] = None,
    study: Annotated[list[str] | None, typer.Option("--study", help="A study; may be given again.")] = None,
    from_date: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day. Default: at once.")
    ] = None,
    to_date: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day. Default: until revoked.")
    ] = None,
    label: Annotated[str, typer.Option("--label", help="A note for whoever keeps the list.")] = "",
    group: GroupOption = False,
    issuer: IssuerOption = None,
    home: HomeOption = None,
) -> None:  # fmt: skip
    """Let a person in, instead of whatever the person had from its first day on; who moves has one line a place."""
    from dashboard.entitling import Wish, granted

    wish = Wish(
        person=person, issuer=issuer, role=role, hierarchy=hierarchy, node=node, team=team, studies=tuple(study or ()),
        from_date=from_date.date() if from_date else None, to_date=to_date.date() if to_date else None,
        label=label, reason=reason, group=group,
    )  # fmt: skip
    granted(home_of(context, home), wish)


@app.command()
def revoke(
    context: typer.Context, person: Subject, reason: ReasonOption, group: GroupOption = False,
    issuer: IssuerOption = None, home: HomeOption = None,
) -> None:  # fmt: skip
    """Take everything from a person, whatever a group would give; an open page ends within a minute."""
    from dashboard.entitling import revoked

    revoked(home_of(context, home), person, issuer, reason, group=group)


@app.command("list")
def list_(context: typer.Context, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """List who may look in and who was turned away, with the number of each person."""
    from dashboard.entitling import listed

    write(listed(home_of(context, home), form))
