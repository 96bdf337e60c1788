"""`onepicture link`: records that no id ties to anybody, and what a data steward says about them."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.options import FormOption, HomeOption, home_of, write
from dashboard.printout import Form

app = typer.Typer(no_args_is_help=True, help="See who may be whom where no id says so, and decide it.")
Pair = Annotated[str, typer.Argument(metavar="PAIR", help="A pair that `link review` or `link list` names.")]
Who = Annotated[str, typer.Option("--who", metavar="ID", help="Who decides; written into the audit.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; written into the audit.")]


@app.command()
def review(context: typer.Context, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """List the pairs that wait for a decision, the likeliest first, with what they agree and differ in."""
    from dashboard.linking import waiting

    write(waiting(home_of(context, home), form))


@app.command("list")
def list_(context: typer.Context, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """List every pair that the last build found and what became of it, with who decided and why."""
    from dashboard.linking import listed

    write(listed(home_of(context, home), form))


@app.command()
def accept(context: typer.Context, pair: Pair, who: Who, reason: Reason, home: HomeOption = None) -> None:
    """Say that both are one person; the next build joins them."""
    from dashboard.linking import decided

    write(decided(home_of(context, home), pair, "accepted", who, reason))


@app.command()
def refuse(context: typer.Context, pair: Pair, who: Who, reason: Reason, home: HomeOption = None) -> None:
    """Say that they are two persons; the next build takes them apart and never joins them again."""
    from dashboard.linking import decided

    write(decided(home_of(context, home), pair, "refused", who, reason))
