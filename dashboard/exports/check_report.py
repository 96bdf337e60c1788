"""A check of export files as one HTML page for whoever sent them: no script, nothing loaded, nobody's name in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dashboard.parts.markup import Markup, bar, join, tag
from dashboard.printout import text
from dashboard.words import plain
from data.drafting.looking import Looked, Preview
from data.store import moment

STYLE = Path(__file__).with_name("check_report.css")
_FOOT = (
    "Row numbers and column names are told, values of persons are not. "
    "Ids stand as their kind alone (npi:…), other texts as “…”."
)
_ACCOUNT = ("Read", "Kept", "Left out by rule", "Superseded", "Quarantined")


def check_report(files: Sequence[Looked], day: date) -> str:
    """The page: what was recognised, missing or guessed, codes nobody knows, rows kept and set aside, a preview.

    Values stand there only where they are no person's: dates, numbers, our words, and codes that several rows share.
    """
    good, told = [each for each in files if _is_good(each)], [each for each in files if not _is_good(each)]
    head = tag("header", tag("p", f"Data check · {day.isoformat()}", class_="small"), tag("h1", _headline(files)),
               tag("p", _summary(files), class_="lead"))  # fmt: skip
    fine = tag("section", tag("h2", "Files that can be read as they are"), *map(_file, good)) if good else ""
    parts = [head, _contents(files), *map(_file, told), fine]
    body = tag("main", *parts, tag("footer", tag("p", _FOOT, class_="small")))
    page = tag("html", tag("head", Markup('<meta charset="utf-8">'), Markup(
               '<meta name="viewport" content="width=device-width, initial-scale=1">'), tag("title", "Data check"),
               tag("style", Markup(STYLE.read_text("utf-8")))), tag("body", body), lang="en")  # fmt: skip
    return f"<!doctype html>\n{page}\n"


def _is_good(file: Looked) -> bool:
    lost = file.account.quarantined if file.account else 0
    return not file.problem and not lost and file.known


def _headline(files: Sequence[Looked]) -> str:
    rest = sum(not _is_good(each) for each in files)
    if not rest:
        return "Every file can be read as it is"
    return f"{plain(rest)} of {_count(len(files), 'file')} {'needs' if rest == 1 else 'need'} a look"


def _summary(files: Sequence[Looked]) -> str:
    accounts = [each.account for each in files if each.account]
    read, held = (sum(getattr(each, part) for each in accounts) for part in ("read", "quarantined"))
    share = f" ({held / read:.2%})" if read and held else ""
    return f"{_count(read, 'row')} read, {_count(held, 'row')} could not be used{share}."


def _contents(files: Sequence[Looked]) -> Markup:
    rows = [
        tag("tr", tag("th", tag("a", each.file, href=f"#{_anchor(each)}"), scope="row"), tag("td", each.title or "–"),
            *[tag("td", _number(value), class_="n") for value in _amounts(each)],
            tag("td", "✓ fine" if _is_good(each) else "▲ see below", class_="good" if _is_good(each) else "bad"))
        for each in files
    ]  # fmt: skip
    heads = ("File", "Recognised as", *_ACCOUNT, "State")
    return tag("section", tag("h2", "Every row is accounted for"), _table(heads, rows))


def _amounts(file: Looked) -> tuple[int | None, ...]:
    account = file.account
    if account is None:
        return (None,) * len(_ACCOUNT)
    return account.read, account.kept, sum(account.left_out.values()), account.superseded, account.quarantined


def _file(file: Looked) -> Markup:
    """One file: what is wrong first, then its columns and a preview folded away; all of one that is fine."""
    good, parts = _is_good(file), []
    if file.title:
        parts.append(tag("p", f"Recognised as {file.title}, {file.source.replace('_', ' ')}.", class_="small"))
    if file.problem:
        parts.append(tag("p", f"{file.problem[:1].upper()}{file.problem[1:]}. {file.todo}", class_="problem"))
    if file.codes or file.other_codes:
        parts.append(_codes(file))
    if file.reasons:
        rows = [tag("tr", tag("td", words), tag("td", _number(rows), class_="n")) for words, rows in file.reasons]
        parts += [tag("h3", "Rows set aside for other reasons"), _table(("Why", "Rows"), rows)]
    if file.guesses:
        parts.append(_columns(file))
    if file.previews:
        shown = [piece for preview in file.previews for piece in _preview(preview)]
        parts.append(tag("details", tag("summary", "The first rows as they will be used"), *shown))
    if good:
        return tag("details", tag("summary", file.file, id=_anchor(file)), *parts)
    return tag("section", tag("h2", file.file, id=_anchor(file)), *parts)


def _codes(file: Looked) -> Markup:
    rows = [
        tag("tr", tag("td", each.recode.replace("_", " ")), tag("th", each.code, scope="row"),
            tag("td", _number(each.rows), class_="n"), tag("td", ", ".join(each.words) or "–"))
        for each in file.codes
    ]  # fmt: skip
    more = f"{_count(file.other_codes, 'more value')} in single rows." if file.other_codes else ""
    return join([tag("h3", "Codes that nobody told us"), _table(("For", "Code", "Rows", "What it may mean"), rows),
                 tag("p", more, class_="small") if more else ""])  # fmt: skip


def _columns(file: Looked) -> Markup:
    rows = [
        tag("tr", tag("th", each.needed, scope="row"), tag("td", each.found or "–"), tag("td",
            bar(each.confidence, "outcome", f"{each.confidence:.0%} sure"), " ", f"{each.confidence:.0%}"
            if each.found else "optional" if each.optional else "missing", class_="bar"))
        for each in sorted(file.guesses, key=lambda guess: (guess.confidence, guess.needed))
    ]  # fmt: skip
    heading = "All columns are there" if file.known else "Columns"
    table = _table(("We look for", "In your file", "Sure"), rows)
    return tag("details", tag("summary", heading), table, open=None if file.known else "open")


def _preview(preview: Preview) -> tuple[Markup, Markup]:
    rows = [tag("tr", *[tag("td", text(value)) for value in row]) for row in preview.rows]
    heads = [each.replace("_", " ") for each in preview.columns]
    return tag("h3", preview.table.replace("_", " ")), _table(heads, rows)


def _table(heads: Sequence[str], rows: Sequence[Markup]) -> Markup:
    numbers = {*_ACCOUNT, "Rows"}
    head = tag("thead", tag("tr", *[tag("th", each, scope="col", class_="n" if each in numbers else None)
                                    for each in heads]))  # fmt: skip
    return tag("div", tag("table", head, tag("tbody", *rows)), class_="wide", tabindex="0", role="region",
               aria_label=f"Table: {heads[0]}")  # fmt: skip


def _count(number: int, noun: str) -> str:
    return f"{plain(number)} {noun}{'' if number == 1 else 's'}"


def _number(value: int | None) -> str:
    return "–" if value is None else plain(value)


def _anchor(file: Looked) -> str:
    return "f-" + "".join(letter if letter.isalnum() else "-" for letter in file.file)


def write_check_report(files: Sequence[Looked], path: Path) -> None:
    """Write the page to a file."""
    path.write_text(check_report(files, moment().date()), encoding="utf-8")
