"""`onepicture snapshots`: every finished build stays a picture of its day, to be compared and gone back to."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.options import FormOption, HomeOption, home_of, write
from dashboard.printout import Form

app = typer.Typer(no_args_is_help=True, help="List, compare, verify and retire finished builds, or go back to one.")
Id = Annotated[str, typer.Argument(metavar="ID", help="A snapshot that `snapshots list` names.")]


@app.command("list")
def list_(context: typer.Context, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """List every finished snapshot, the last one first."""
    from dashboard.keeping import listed

    write(listed(home_of(context, home), form))


@app.command()
def verify(context: typer.Context, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """Read every snapshot whole and hold it against the seal it got when it was finished."""
    from dashboard.keeping import listed

    write(listed(home_of(context, home), form, verify=True))


@app.command()
def diff(
    context: typer.Context,
    before: Id,
    after: Annotated[str | None, typer.Argument(metavar="[ID]", help="The later one. Default: what serves.")] = None,
    form: FormOption = Form.table,
    home: HomeOption = None,
) -> None:
    """Say what differs between two: rows, totals, restated periods, units, who stands where, findings."""
    from dashboard.keeping import compared

    write(compared(home_of(context, home), before, after, form))


@app.command()
def use(
    context: typer.Context,
    id: Id,
    reason: Annotated[str, typer.Option("--reason", help="Why; written into the audit.")],
    home: HomeOption = None,
) -> None:
    """Let an earlier snapshot serve. Readers change over at their next click; the next build serves again."""
    from dashboard.keeping import used

    used(home_of(context, home), id, reason)


@app.command()
def prune(
    context: typer.Context,
    keep: Annotated[int, typer.Option("--keep", min=1, help="How many to keep, the one that serves included.")],
    home: HomeOption = None,
) -> None:
    """Take all but the last few off the shelf; never the one that serves."""
    from dashboard.keeping import pruned

    pruned(home_of(context, home), keep)
