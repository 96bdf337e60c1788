"""`onepicture backup` and `onepicture restore`: a workspace copied while people work, and put back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.options import HomeOption, home_of
from dashboard.progress import say, short


def register(app: typer.Typer) -> None:
    """Adds both commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder that backups are put into.")],
    home: HomeOption = None,
) -> None:
    """Copy what cannot be had again into a new folder, while people work; its files are sealed one by one."""
    from dashboard.auditing import by_operator
    from data.backup import back_up
    from data.store import Store
    from data.workspace import Workspace

    workspace = Workspace.open(home_of(context, home))
    folder = back_up(workspace, to.expanduser().resolve())
    by_operator(workspace, "export", "backup")
    say(f"Backed up to {short(folder)}. It holds names and keys: keep it as safe as the workspace.")
    if not Store(workspace).is_sqlite:
        say("The ledger is at a server of its own: back it up there as well.")


def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `backup` wrote.")],
    home: HomeOption = None,
) -> None:
    """Put a backup back as a new workspace, after every file was held against its seal."""
    from data.backup import restore as put_back

    workspace = put_back(folder.expanduser().resolve(), home_of(context, home))
    say(f"Restored to {short(workspace.home)}. Whoever was erased since this backup is in it again: erase them again.")
