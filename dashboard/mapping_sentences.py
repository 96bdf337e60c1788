"""The sentences of the Mapping page: what a file seems to be, what is missing, what a choice does."""

from __future__ import annotations

from dashboard.mapping_desk import Looked
from dashboard.words import count_words, plain, sentence

NO_FILE = "Choose a file"
LATER = "decide later"
ABSENT = "not in the file"


def headline(found: Looked | None, files: int) -> str:
    """What the page is about, in one sentence."""
    if found is None:
        return "Tell the program how to read a file" if files else "There is no file to read yet"
    if not found.title:
        return "No mapping knows this file"
    unsure, codes = len(open_columns(found)), len(found.codes)
    if not unsure and not codes and not found.problem:
        return f"This is {found.title}, and every column and code is known"
    parts = [count_words(unsure, "column")] if unsure else []
    parts += [count_words(codes, "code")] if codes else []
    asks = f": {' and '.join(parts)} to confirm" if parts else ""
    return f"This looks like {found.title}{asks}"


def under(found: Looked | None) -> str:
    """What becomes of the file's rows as things stand."""
    if found is None:
        return "Files lie in the workspace's exports and in the folders that a refresh looks into. Nothing is uploaded."
    if found.account is None:
        return f"{sentence(found.problem)}. {found.todo}" if found.problem else ""
    a = found.account
    left = sum(a.left_out.values())
    return (
        f"{plain(a.read)} rows read: {plain(a.kept)} kept, {plain(left)} left out by rule, "
        f"{plain(a.superseded)} superseded, {plain(a.quarantined)} set aside."
    )


def open_columns(found: Looked) -> list[str]:
    """The columns that somebody has to confirm: needed, and not there by their own name."""
    return [each.needed for each in found.guesses if not each.sure and not each.optional]


def after(before: Looked, now: Looked) -> str:
    """What the choice would change."""
    if before.account is None or now.account is None:
        return "With this choice the file can be read" if now.account else "The file cannot be read yet"
    freed = before.account.quarantined - now.account.quarantined
    if freed > 0:
        return f"With this choice {count_words(freed, 'more row')} {'is' if freed == 1 else 'are'} read"
    return "The first rows as they will be read"


def saved(name: str) -> str:
    """What happens next."""
    return (
        f"Saved as mappings/{name}. The next import reads by it; rows set aside before come in with "
        "`onepicture quarantine replay`."
    )
