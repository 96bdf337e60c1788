"""`onepicture policy`: who may know what here, what a change would open, and making the change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.options import FormOption, HomeOption, home_of, write
from dashboard.printout import Form

app = typer.Typer(no_args_is_help=True, help="Show who may know what, simulate a change of it, or apply one.")
File = Annotated[Path, typer.Argument(metavar="FILE", help="A policy.toml: every change of the declared grid.")]


@app.command()
def show(
    context: typer.Context,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="One role: its grants, changes and limits.")
    ] = None,
    form: FormOption = Form.table,
    home: HomeOption = None,
) -> None:
    """Show the policy in force: every role and sensitivity, and what this deployment changed."""
    from dashboard.governing import shown

    write(shown(home_of(context, home), role, form))


@app.command()
def simulate(context: typer.Context, file: File, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """Say what a policy file would open and close, for which visitors; change nothing."""
    from dashboard.governing import simulated

    write(simulated(home_of(context, home), file, form))


@app.command()
def apply(
    context: typer.Context,
    file: File,
    who: Annotated[str, typer.Option("--who", metavar="NAME", help="Who applies it.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; needed where a change taken back opens something.")
    ] = "",
    home: HomeOption = None,
) -> None:
    """Make a policy file the policy in force; what it was, what it is, who and why go into the audit."""
    from dashboard.governing import applied

    write(applied(home_of(context, home), file, who, reason))
