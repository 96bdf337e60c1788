"""The command line: make a demo, import exports, build a snapshot, serve it, ask it.

Answers go to standard output, everything said about them to standard error. Exit codes: 0 answered,
1 a fault of the program, 2 a wrong question or input, 3 denied, 4 no snapshot, 5 an audit that does not hold.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from dashboard.commands import audit, backup, entitlements, erase, exports, link, policy, quarantine, snapshots
from dashboard.options import FormOption, HomeOption, MappingOption, VisitorOption, home_of, write
from dashboard.printout import Form
from dashboard.progress import say
from data.errors import OnepictureError, WrongQuestion

app = typer.Typer(
    name="onepicture",
    help="One integrated picture of outcome, field, media, medical and sites, from the nation to the territory.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

GROUPS = {
    "snapshots": snapshots.app,
    "audit": audit.app,
    "entitle": entitlements.app,
    "policy": policy.app,
    "link": link.app,
    "quarantine": quarantine.app,
}
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)
exports.register(app)
backup.register(app)
app.command()(erase.erase)


@app.callback()
def _everywhere(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home", metavar="DIR", envvar="ONEPICTURE_HOME", help="The workspace. Default: .onepicture here."
        ),
    ] = None,
) -> None:
    context.obj = home


@app.command()
def demo(
    context: typer.Context,
    home: HomeOption = None,
    size: Annotated[str, typer.Option("--size", help="S is about 2,000 HCPs, M 50,000 (more than 16 GB).")] = "S",
    seed: Annotated[int, typer.Option("--seed", help="The same seed writes the same company, byte for byte.")] = 7,
    anew: Annotated[bool, typer.Option("--anew", help="Make it again although it stands.")] = False,
) -> None:
    """Make the demo company: write its exports, import them, build. Harmless where it stands already."""
    from dashboard.demo import make_demo

    make_demo(home_of(context, home), size=size, seed=seed, anew=anew)


@app.command()
def build(
    context: typer.Context,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], help="The day that replaces today. Default: the latest that happened."
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Build a snapshot from what was imported, and make it the current one."""
    from dashboard.work import build_snapshot

    build_snapshot(home_of(context, home), as_of.date() if as_of else None)


@app.command()
def refresh(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH...]", help="Folders of exports. Default: `sources` in workspace.toml."),
    ] = None,
    mapping: MappingOption = None,
    home: HomeOption = None,
) -> None:
    """Import what is new, build, find the cues: the whole nightly run, one at a time. Harmless where nothing is new."""
    from dashboard.work import refresh

    refresh(home_of(context, home), paths or [], mapping)


@app.command()
def serve(
    context: typer.Context,
    visitor: Annotated[
        str | None, typer.Option("--as", metavar="VISITOR", help="Show the pages as this visitor sees them.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port on this machine.")] = 8501,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="The address to answer at; another needs a provider.")
    ] = "127.0.0.1",
    home: HomeOption = None,
) -> None:
    """Serve the pages until Ctrl-C: on this machine, or to whomever an identity provider vouches for."""
    from dashboard.server import serve_workspace

    serve_workspace(home_of(context, home), visitor=visitor, port=port, host=host)


@app.command()
def visitors(context: typer.Context, form: FormOption = Form.table, home: HomeOption = None) -> None:
    """List who may look: role, place and dates of each visitor."""
    from dashboard.asking import list_visitors

    write(list_visitors(home_of(context, home), form))


@app.command()
def metrics(context: typer.Context, form: FormOption = Form.table) -> None:
    """List every metric that can be asked for, with its sentence."""
    from dashboard.asking import list_metrics

    write(list_metrics(form))


@app.command()
def ask(
    context: typer.Context,
    visitor: VisitorOption,
    names: Annotated[str, typer.Option("--metrics", metavar="NAMES", help="Metrics by name: trx,share.")],
    by: Annotated[
        str, typer.Option("--by", metavar="LEVEL", help="One row for each of these: region, territory, HCP.")
    ],
    within: Annotated[
        str | None,
        typer.Option("--within", metavar="NODE", help="Inside this node: its id or name. Default: the visitor's."),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="WINDOW", help="C13W, YTD, R52, 2026-01..2026-06, all.")
    ] = None,
    product: Annotated[
        str | None, typer.Option("--product", metavar="NAME", help="One product. Default: every product loaded.")
    ] = None,
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="WITH", help="previous or year: the window to compare with.")
    ] = None,
    alignment: Annotated[
        str, typer.Option("--alignment", metavar="WHICH", help="current: today's over all history; as-was: of the day.")
    ] = "current",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write .xlsx, .csv or .json instead of printing.")
    ] = None,
    snapshot: Annotated[
        str | None, typer.Option("--snapshot", metavar="ID", help="What was known then: `snapshots list`.")
    ] = None,
    form: FormOption = Form.table,
    home: HomeOption = None,
) -> None:
    """Ask for numbers as a visitor; what that visitor may not know is withheld, with the reason."""
    from dashboard.asking import answer

    write(
        answer(
            home_of(context, home),
            visitor=visitor,
            metrics=names,
            by=by,
            within=within,
            period=period,
            product=product,
            compare=compare,
            alignment=alignment,
            form=form,
            earlier=snapshot,
            out=out,
        )
    )


@app.command()
def cues(
    context: typer.Context, visitor: VisitorOption, form: FormOption = Form.table, home: HomeOption = None
) -> None:
    """List what a visitor should do next, with the reasons; at most five."""
    from dashboard.asking import list_cues

    write(list_cues(home_of(context, home), visitor, form))


def run(arguments: list[str] | None = None) -> int:
    """Runs one command and gives its exit code. An error is said in three parts, never as a traceback."""
    try:
        return app(arguments, prog_name="onepicture", standalone_mode=False) or 0
    except OnepictureError as error:
        say(" ".join(str(error).splitlines()))
        return error.exit_code
    except TyperException as error:
        wrong = " ".join(error.format_message().splitlines()).rstrip(".")
        say(f"onepicture: {wrong}. See: onepicture --help")
        return WrongQuestion.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as fault:
        if os.environ.get("ONEPICTURE_TRACE"):
            raise
        told = " ".join(str(fault).split())[:300]
        say(
            f"onepicture: this is a fault of the program, not of your question: {type(fault).__name__}: {told}. "
            "Run it again with ONEPICTURE_TRACE=1 and report what it prints."
        )
        return 1


def main() -> None:
    """The entry point of the `onepicture` script."""
    sys.exit(run())
