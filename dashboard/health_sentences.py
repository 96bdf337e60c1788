"""The sentences of Data health: what is late, what was found, where the rows went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard import words
from dashboard.words import NARROW, count_words, plain

KINDS = {"hcp": "HCPs", "site": "Sites", "hco": "Organisations", "practice": "Practices"}


def headline(found: Any) -> str:
    """Whether the numbers can be trusted, in one sentence."""
    late, feeds = sum(each.late for each in found.feeds), len(found.feeds)
    errors = sum(each.severity == "error" for each in found.findings)
    aside = _sum(found.imports, "quarantined")
    if errors:
        text = f"{count_words(errors, 'error')} to look at first"
    elif late:
        many = words.COUNTS[late] if late < len(words.COUNTS) else str(late)
        text = f"{many} of {feeds} feeds {'is' if late == 1 else 'are'} late"
    else:
        every = "the one feed is on time" if feeds == 1 else f"all {feeds} feeds are on time"
        text = every if feeds else "no feed is loaded"
    rest = f"; {count_words(aside, 'row')} in quarantine, none lost" if aside else "; no row is in quarantine"
    return words.sentence(f"{text}{rest}")


def tiles(found: Any, match_rate: str) -> list[tuple[str, str, str]]:
    """The counts below the headline: title, value, note."""
    late = sum(each.late for each in found.feeds)
    read, aside = _sum(found.imports, "read"), _sum(found.imports, "quarantined")
    files = sum(len(each.files) for each in found.imports)
    weight = sum(each.severity != "note" for each in found.findings)
    return [
        ("Feeds late", plain(late), f"of {len(found.feeds)}"),
        ("Findings", plain(len(found.findings)), f"{weight} to act on"),
        ("Rows read", words.compact(read), f"from {files} files"),
        ("In quarantine", plain(aside), "kept with their reason"),
        ("Media match rate", match_rate, "of impressions belong to a known HCP"),
    ]


def _sum(imports: Sequence[Any], part: str) -> int:
    return sum(getattr(file, part) for each in imports for file in each.files)


def ages_headline(ages: Mapping[str, tuple[date, int]]) -> str:
    """How old a visitor's numbers are."""
    if not ages:
        return "Nothing is loaded that you may see."
    days = [age for _, age in ages.values()]
    if min(days) == max(days):
        return words.sentence(f"your numbers are {words.age(max(days))}")
    return words.sentence(f"your numbers are {min(days)} to {max(days)} days old")


def ages_title(ages: Mapping[str, tuple[date, int]], locale: words.Locale = words.ENGLISH) -> str:
    """The oldest of a visitor's data."""
    if not ages:
        return "No data"
    band, (last, _) = max(ages.items(), key=lambda item: item[1][1])
    return f"The oldest is {band}, known to {words.day(last, locale)}"


def feeds_title(feeds: Sequence[Any]) -> str:
    """Which feeds are late."""
    late = [each for each in feeds if each.late]
    if not late:
        return "The one feed came as usual" if len(feeds) == 1 else f"All {len(feeds)} feeds came as usual"
    if len(late) == 1:
        return f"{late[0].feed} has brought nothing for {late[0].lag_days} days"
    text = f"{count_words(len(late), 'feed')} are late, {late[0].feed} by {late[0].lag_days} days"
    return f"{text[:1].upper()}{text[1:]}"


def lag(days: int | None) -> str:
    """A lag in days."""
    return words.DASH if days is None else f"{plain(days)} {'day' if days == 1 else 'days'}"


def findings_title(severities: Sequence[str]) -> str:
    """How many findings of which severity."""
    counted = Counter(severities)
    parts = [count_words(counted[each], each) for each in ("error", "warning", "note") if counted[each]]
    text = ", ".join(parts) or "nothing to do"
    return f"{text[:1].upper()}{text[1:]}"


def accounts_title(imports: Sequence[Any]) -> str:
    """That every row is accounted for."""
    read, aside = _sum(imports, "read"), _sum(imports, "quarantined")
    if not read:
        return "No import has left an account"
    rest = count_words(aside, "row") if aside else "none"
    return f"{plain(read)} rows read, every one accounted for, {rest} set aside"


def kind(name: str) -> str:
    """A kind of subject in words."""
    return KINDS.get(name, words.plural(name).capitalize())


def share(part: float) -> str:
    """A share in percent, with its decimal where it is small."""
    return f"{plain(100 * part, 1 if 0 < part < 0.1 else 0)}{NARROW}%"


def standings_title(found: Sequence[Any]) -> str:
    """Where most stands unaligned."""
    if not any(each.unaligned for each in found):
        return "Everybody is aligned"
    worst = max(found, key=lambda each: each.share)
    return f"{share(worst.share)} of {kind(worst.kind)} stand unaligned in {worst.hierarchy}"


def shelf_title(count: int) -> str:
    """How many snapshots can be opened again."""
    text = count_words(count, "snapshot")
    return f"{text[:1].upper()}{text[1:]} on the shelf, each as it was"


def period(ending: date, grain: str, locale: words.Locale = words.ENGLISH) -> str:
    """A period by its last day."""
    return f"{grain[:1].upper()}{grain[1:]} to {words.day(ending, locale, year=True)}"


def moved(share: float, locale: words.Locale = words.ENGLISH) -> str:
    """How much a total was changed, with its sign."""
    return f"{words.signed(100 * share, 1, locale)}{NARROW}%"


def restated_title(found: Sequence[Any], grain: str, locale: words.Locale = words.ENGLISH) -> str:
    """Which past period a source changed most."""
    if not found:
        return "No past period was restated"
    most = max(found, key=lambda each: abs(each.share))
    more = f", and {count_words(len(found) - 1, 'more')}" if len(found) > 1 else ""
    when = f"{grain[:1].upper()}{grain[1:]} to {words.day(most.ending, locale)}"
    return f"{when}: {moved(most.share, locale)} in {most.what}{more}"


def recognised_title(found: Sequence[Any]) -> str:
    """Which source of media knows fewest of whom it reached."""
    worst = min(found, key=lambda each: each.share)
    if worst.share == 1:
        return "Everybody whom media reached is known"
    return f"{worst.source} matches {share(worst.share)} of its {worst.what} to somebody known"


def tied_title(found: Sequence[Any]) -> str:
    """Whether the snapshot holds what the files brought."""
    odd = [each for each in found if not each.ties]
    if not odd:
        return f"All {count_words(len(found), 'fact')} tie: what serves is what the files brought"
    names = " and ".join(each.table.replace("_", " ") for each in odd[:2])
    more = f" and {len(odd) - 2} more" if len(odd) > 2 else ""
    differ = "differs" if len(odd) == 1 else "differ"
    return f"{names[:1].upper()}{names[1:]}{more} {differ} from what the files brought"


def origins_title(metric: str, value: str, files: int) -> str:
    """On how many files a number rests."""
    if not files:
        return f"No file is loaded for {metric}"
    return f"{metric}, {value}, rests on {count_words(files, 'file')}"
