"""What ids that others give to persons look like, so that no sentence that is read by many says one."""

from __future__ import annotations

import re

# Ten digits; an e-mail address; the id of a record in a CRM of the Salesforce family (15 letters and digits, or 18).
_LIKELY = re.compile(
    r"(?<![\w.+-])(?:\d{10}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|00[0-9A-Za-z]{13}(?:[0-9A-Za-z]{3})?)(?![\w@-])"
)
UNSAID = "(somebody's id)"


def is_npi(text: str) -> bool:
    """Whether the text is a National Provider Identifier: ten digits, the last a Luhn check over 80840 and the rest.

    Public rule of the US Centers for Medicare & Medicaid Services.
    """
    if len(text) != 10 or not text.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + text)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def unnamed(said: str) -> str:
    """A sentence without ids of persons: a cell in the wrong column may hold one, and findings quote cells."""

    def unsaid(found: re.Match[str]) -> str:
        text = found[0]
        return text if text.isdigit() and len(text) == 10 and not is_npi(text) else UNSAID

    return _LIKELY.sub(unsaid, said)
