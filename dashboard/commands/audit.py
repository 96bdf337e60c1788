"""`onepicture audit`: who looked at what, anchored elsewhere, checked, and handed to those who review it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.options import FormOption, HomeOption, home_of, write
from dashboard.printout import Form

app = typer.Typer(no_args_is_help=True, help="Anchor, verify and export the audit: who looked at what, and why.")
_DAY = ["%Y-%m-%d"]


@app.command()
def anchor(
    context: typer.Context,
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help="A file kept where the ledger's writers cannot write.")
    ],
    home: HomeOption = None,
) -> None:
    """Write where every chain ends to a second place, so that what was cut or rewritten is seen."""
    from dashboard.auditing import anchored

    anchored(home_of(context, home), to.expanduser().resolve())


@app.command()
def verify(
    context: typer.Context,
    anchors: Annotated[
        Path | None, typer.Option("--anchors", metavar="FILE", help="The file that `audit anchor` writes.")
    ] = None,
    form: FormOption = Form.table,
    home: HomeOption = None,
) -> None:
    """Check every line against the one before it; exit code 5 where one is edited, gone, moved or forged."""
    from dashboard.auditing import verified

    written, error = verified(home_of(context, home), anchors and anchors.expanduser().resolve(), form)
    write(written)
    if error:
        raise error


@app.command()
def export(
    context: typer.Context,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="ID", help="Who looked, or was looked at: an opaque id, an NPI, a CRM id."),
    ] = None,
    product: Annotated[str | None, typer.Option("--product", metavar="NAME", help="One product.")] = None,
    region: Annotated[
        str | None,
        typer.Option("--region", metavar="NODE", help="A node and everything below it, as it stood that day."),
    ] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="The first day, UTC.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="The last day, UTC.")] = None,
    form: Annotated[str, typer.Option("--format", help="csv, json or xlsx.")] = "csv",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Into a file, instead of standard output.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Hand over the lines about a person, a product, a region, a time; that too is a line of the audit."""
    from dashboard.auditing import Exported, exported

    if form not in list(Exported):
        raise typer.BadParameter(f"{form} is no form; use {', '.join(Exported)}.")
    write(
        exported(
            home_of(context, home),
            person=person,
            product=product,
            region=region,
            first=first.date() if first else None,
            last=last.date() if last else None,
            form=Exported(form),
            out=out.expanduser().resolve() if out else None,
        )
    )
