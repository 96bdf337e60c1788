"""`onepicture quarantine`: rows that could not be read or placed, and reading them again after a fix."""

from __future__ import annotations

import typer

from dashboard.options import FormOption, HomeOption, home_of, write
from dashboard.printout import Form

app = typer.Typer(no_args_is_help=True, help="See rows that were set aside and why, and read them again after a fix.")


@app.command("list")
def list_(context: typer.Context, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """List what is held, by file and reason, with the first lines of each."""
    from dashboard.setting_aside import listed

    write(listed(home_of(context, home), form))


@app.command()
def replay(context: typer.Context, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """Read the files that hold such rows again, by the mappings as they are now; every row is accounted for anew."""
    from dashboard.setting_aside import replayed

    write(replayed(home_of(context, home), form))
