"""`onepicture import` and `onepicture check`: export files come in, or are only looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.options import FormOption, HomeOption, MappingOption, Paths, home_of, write
from dashboard.printout import Form


def register(app: typer.Typer) -> None:
    """Add both to the command line."""
    app.command("import")(import_)
    app.command()(check)


def import_(
    context: typer.Context,
    paths: Paths,
    mapping: MappingOption = None,
    form: FormOption = Form.table,
    home: HomeOption = None,
) -> None:
    """Read export files into the workspace; every row not kept is counted and explained."""
    from dashboard.work import import_exports

    write(import_exports(home_of(context, home), paths, mapping, form))


def check(
    context: typer.Context,
    paths: Paths,
    mapping: MappingOption = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write a page (.html) for whoever sent the files.")
    ] = None,
    form: FormOption = Form.table,
    home: HomeOption = None,
) -> None:
    """Say what `import` would do with the files, and write nothing into the workspace."""
    from dashboard.work import check_exports, report_on

    if report is not None:
        return write(report_on(home_of(context, home), paths, mapping, report))
    return write(check_exports(home_of(context, home), paths, mapping, form))
