"""What several commands of the command line share: their options, the workspace they mean, where answers go."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dashboard.printout import Form, visible

DEFAULT_HOME = Path(".onepicture")

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="The workspace. Default: ONEPICTURE_HOME, or .onepicture here."),
]
MappingOption = Annotated[
    str | None,
    typer.Option("--mapping", metavar="NAME", help="The layout to read the files by, instead of finding it."),
]
FormOption = Annotated[Form, typer.Option("--format", help="table for a person, csv or json for a program.")]
VisitorOption = Annotated[str, typer.Option("--as", metavar="VISITOR", help="Who asks: an id that `visitors` lists.")]
Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Export files, or folders of them.")]


def home_of(context: typer.Context, named: Path | None) -> Path:
    """The workspace folder: named after the command, before it, in ONEPICTURE_HOME, or the default."""
    return (named or context.obj or DEFAULT_HOME).expanduser().resolve()


def write(written: str) -> None:
    """Put an answer on standard output; whatever is said about it goes to standard error."""
    sys.stdout.write(visible(written))
